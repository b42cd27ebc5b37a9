// Package webhook tells the addresses that posts have registered of what happens in
// their sight (事件推送).
//
// Words. An event is a folded entry of the journal, in the form that programs read.
// A delivery is one event for one webhook. A lane is the task that an event is about
// first; events of one lane go out in the order of the journal, each after the one
// before was taken or given up.
//
// Laws. The worker follows the journal: an act waits for no network, and what was
// missed while no server ran is told later. What a post may not see it is not told.
// An event may be told twice, when a server dies between telling and writing it
// down, and never out of order; its index tells the receiver which it is. Of two
// servers on one database each event is told by one: the row is claimed first.
//
// It is a package of its own and not part of the interface, which only answers: what
// goes out needs a network with other rules, a clock and a pace.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// How the worker goes about it.
const (
	readAtOnce  = 200              // entries looked at for one webhook at a time
	sendAtOnce  = 100              // deliveries in one step
	claimed     = time.Minute      // a claimed delivery is nobody else's so long
	patience    = 10 * time.Second // with one receiver
	firstPause  = 10 * time.Second // after the first failure; doubled after each
	longestWait = 6 * time.Hour
	// MaxAttempts is how often one event is tried, over about a day.
	MaxAttempts = 15
)

// Worker tells webhooks. Network and clock come in.
type Worker struct {
	Store  *store.Store // its clock is the worker's
	Log    *journal.Log
	Send   func(*http.Request) (*http.Response, error)
	Logger *slog.Logger
}

// Secret is what events for a webhook are signed with. It is worked out from a
// secret of the server's and stands in no table.
func Secret(ctx context.Context, s *store.Store, id org.WebhookID) (string, error) {
	key, err := s.Secret(ctx, "webhook")
	if err != nil {
		return "", err
	}
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(id))
	return "whsec_" + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), nil
}

// Sign returns the value of the header Gongjian-Signature: the moment of sending and
// the HMAC-SHA256, in hex, of the moment, a full stop and the body.
func Sign(secret string, at time.Time, body []byte) string {
	moment := strconv.FormatInt(at.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(moment + "."))
	sum.Write(body)
	return "t=" + moment + ",v1=" + hex.EncodeToString(sum.Sum(nil))
}

// Step follows the journal for every webhook, then tries what is due, and says how
// many it tried. It may run on several servers at once.
func (w *Worker) Step(ctx context.Context) (int, error) {
	if err := w.follow(ctx); err != nil {
		return 0, err
	}
	due, err := w.Store.DueDeliveries(ctx, sendAtOnce)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	byHook := map[org.WebhookID][]store.Delivery{}
	for _, d := range due {
		byHook[d.Webhook] = append(byHook[d.Webhook], d)
	}
	live, err := w.Store.LiveWebhooks(ctx)
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	for _, hook := range live {
		if some := byHook[hook.ID]; len(some) > 0 {
			all.Go(func() { w.tell(ctx, hook, some) })
		}
	}
	all.Wait()
	return len(due), nil
}

// follow enters deliveries for what was folded since each webhook was looked at.
func (w *Worker) follow(ctx context.Context) error {
	live, err := w.Store.LiveWebhooks(ctx)
	if err != nil {
		return err
	}
	for _, hook := range live {
		if err := w.followOne(ctx, hook); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) followOne(ctx context.Context, hook org.Webhook) error {
	caller, err := w.Store.Caller(ctx, hook.Person, hook.Post, w.Store.Today())
	if fault.KindOf(err) == fault.NotFound {
		return w.Store.StopWebhook(ctx, hook.ID)
	}
	if err != nil {
		return err
	}
	for {
		records, err := w.Log.Since(ctx, hook.After, readAtOnce)
		if err != nil || len(records) == 0 {
			return err
		}
		seen, err := w.Store.View(caller).Readable(ctx, records)
		if err != nil {
			return err
		}
		var tell []store.Delivery
		for _, r := range seen {
			if hook.Wants(r.Entry.Action) {
				tell = append(tell, store.Delivery{Sequence: r.Sequence, Lane: lane(r)})
			}
		}
		to := records[len(records)-1].Sequence
		moved, err := w.Store.Follow(ctx, hook, to, tell)
		if err != nil || !moved {
			return err // another server goes on with it
		}
		hook.After = to
	}
}

// lane is the task that an entry is about first, or else its first record.
func lane(r journal.Record) string {
	for _, s := range r.Entry.Subjects {
		if s.Kind == "task" {
			return "task:" + s.ID
		}
	}
	if len(r.Entry.Subjects) > 0 {
		return r.Entry.Subjects[0].Kind + ":" + r.Entry.Subjects[0].ID
	}
	return ""
}

// tell sends deliveries to one webhook, one after the other. After a failure it
// leaves the rest for the next step: a receiver that is down is not hurried.
func (w *Worker) tell(ctx context.Context, hook org.Webhook, due []store.Delivery) {
	for _, d := range due {
		got, err := w.Store.ClaimDelivery(ctx, d, claimed)
		if err != nil {
			w.Logger.Error("claiming a delivery", "webhook", hook.ID, "error", err)
			return
		}
		if !got {
			continue
		}
		d.Attempts++
		d.Status, err = w.send(ctx, hook, d)
		switch {
		case err == nil:
			d.State, d.Said = store.DeliverySent, ""
		case ctx.Err() != nil:
			return // stopping: the claim ends by itself
		case d.Attempts >= MaxAttempts:
			d.State, d.Said = store.DeliveryGivenUp, short(err)
		default:
			d.Said, d.Due = short(err), w.Store.Now().Add(pause(d.Attempts))
		}
		if wrote := w.Store.EndDelivery(ctx, d); wrote != nil {
			w.Logger.Error("writing a delivery", "webhook", hook.ID, "error", wrote)
			return
		}
		if err != nil {
			return
		}
	}
}

// pause is how long to wait after so many failures.
func pause(attempts int) time.Duration {
	wait := firstPause
	for range attempts - 1 {
		wait = min(2*wait, longestWait)
	}
	return wait
}

// short is an error for whoever keeps the webhook, without the address.
func short(err error) string {
	text := []rune(err.Error())
	return string(text[:min(len(text), 200)])
}

// send tells one event. Only an answer of 200 to 299 takes it.
func (w *Worker) send(ctx context.Context, hook org.Webhook, d store.Delivery) (status int, err error) {
	record, err := w.Log.BySequence(ctx, d.Sequence)
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(Show(record))
	if err != nil {
		return 0, err
	}
	secret, err := Secret(ctx, w.Store, hook.ID)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Gongjian")
	r.Header.Set("Gongjian-Webhook", string(hook.ID))
	r.Header.Set("Gongjian-Event", strconv.FormatInt(d.Sequence, 10))
	r.Header.Set("Gongjian-Signature", Sign(secret, w.Store.Now(), body))
	answer, err := w.Send(r)
	if err != nil {
		return 0, reason(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)); err != nil {
		w.Logger.Debug("reading an answer", "webhook", hook.ID, "error", err)
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, fmt.Errorf("answered %d", answer.StatusCode)
	}
	return answer.StatusCode, nil
}
