package org

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"gongjian/internal/fault"
)

// WebhookID names a webhook.
type WebhookID string

// Webhook is an address that is told of what happens in a post's sight (事件推送).
type Webhook struct {
	ID     WebhookID
	Person PersonID
	Post   PostID
	URL    string
	Kinds  []Action // it is told of these; none: of all
	After  int64    // index of the last journal entry that was looked at for it
	Made   time.Time
	Ended  time.Time // zero: it is told
	Why    string    // it ended: deleted, or post-ended
}

// The most of a webhook.
const (
	maxWebhookURL   = 500
	maxWebhookKinds = 40
)

// Check reports what is wrong with a webhook that is to be registered. Whether its
// address may be reached at all is for whoever sends to say.
//
// Faults: webhook.url, webhook.kind.
func (w Webhook) Check() error {
	var all fault.List
	u, err := url.Parse(w.URL)
	if err != nil || len(w.URL) > maxWebhookURL || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" ||
		strings.ContainsFunc(w.URL, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		all = append(all, fault.New(fault.Invalid, "webhook.url").On("url").Because(err))
	}
	if len(w.Kinds) > maxWebhookKinds || slices.ContainsFunc(w.Kinds, func(a Action) bool { return !a.Known() || a.Sees() }) {
		all = append(all, fault.New(fault.Invalid, "webhook.kind").On("kinds"))
	}
	return all.Err()
}

// Wants reports whether the webhook is told of a kind of act.
func (w Webhook) Wants(action string) bool {
	return len(w.Kinds) == 0 || slices.Contains(w.Kinds, Action(action))
}
