package org

import (
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
	if !w.addressed() {
		all = append(all, fault.New(fault.Invalid, "webhook.url").On("url"))
	}
	if len(w.Kinds) > maxWebhookKinds || slices.ContainsFunc(w.Kinds, func(a Action) bool { return !a.Known() || a.Sees() }) {
		all = append(all, fault.New(fault.Invalid, "webhook.kind").On("kinds"))
	}
	return all.Err()
}

// addressed reports whether the address has the form scheme, host and the rest, with
// no user, no fragment and nothing that breaks a line.
func (w Webhook) addressed() bool {
	rest, web := strings.CutPrefix(w.URL, "https://")
	if !web {
		rest, web = strings.CutPrefix(w.URL, "http://")
	}
	host := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host = rest[:i]
	}
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' || r == '\\' }
	return web && host != "" && !strings.HasPrefix(host, ":") && !strings.Contains(host, "@") && len(w.URL) <= maxWebhookURL && !strings.ContainsFunc(w.URL, odd)
}

// Wants reports whether the webhook is told of a kind of act.
func (w Webhook) Wants(action string) bool {
	return len(w.Kinds) == 0 || slices.Contains(w.Kinds, Action(action))
}
