package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// maxWebhooks is how many a post may keep at a time.
const maxWebhooks = 10

// DeliveryState is what became of telling a webhook of one entry.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliverySent    DeliveryState = "sent"
	DeliveryGivenUp DeliveryState = "given-up" // after too many tries; the feed of events still has it
)

// Delivery is one entry that a webhook is to be told of.
type Delivery struct {
	Webhook  org.WebhookID
	Sequence int64  // index of the journal entry
	Lane     string // deliveries of one lane go out in order
	At       time.Time
	Due      time.Time // try then
	Attempts int
	State    DeliveryState
	Status   int    // of the last answer; 0: none came
	Said     string // what went wrong, for whoever keeps the webhook
}

// AddWebhook writes a webhook. It is told of what happens from now on.
//
// Fault: webhook.too-many.
func (t *Tx) AddWebhook(w org.Webhook) error {
	var n int
	if err := t.tx.QueryRowContext(t.ctx, `select count(*) from webhook where post = $1 and ended is null`, w.Post).Scan(&n); err != nil {
		return fmt.Errorf("store: counting webhooks: %w", err)
	}
	if n >= maxWebhooks {
		return fault.New(fault.Invalid, "webhook.too-many", "Limit", maxWebhooks)
	}
	return t.exec(`insert into webhook (id, person, post, url, kinds, seen, made)
		select $1, $2, $3, $4, $5, size - 1, cast($6 as bigint) from journal_head`, w.ID, w.Person, w.Post, w.URL, text(w.Kinds), t.now.UnixMicro())
}

// EndWebhook stops telling one of the caller's post.
func (t *Tx) EndWebhook(id org.WebhookID) error {
	return t.execOne(`update webhook set ended = $3, why = 'deleted' where id = $1 and post = $2 and ended is null`, id, t.caller.Post().ID, t.now.UnixMicro())
}

const webhookColumns = `w.id, w.person, w.post, w.url, w.kinds, w.seen, w.made, w.ended, w.why`

func scanWebhook(r interface{ Scan(...any) error }) (w org.Webhook, err error) {
	return w, r.Scan(&w.ID, &w.Person, &w.Post, &w.URL, kept{&w.Kinds}, &w.After, instant{&w.Made}, instant{&w.Ended}, &w.Why)
}

// Webhooks returns those of the caller's post that are told, the oldest first.
func (v *View) Webhooks(ctx context.Context) ([]org.Webhook, error) {
	rows, err := v.q.QueryContext(ctx, `select `+webhookColumns+` from webhook w where w.post = $1 and w.ended is null order by w.made, w.id`, v.caller.Post().ID)
	return collect(rows, err, func(r *sql.Rows) (org.Webhook, error) { return scanWebhook(r) })
}

// Webhook returns one of the caller's post, also one that has ended.
func (v *View) Webhook(ctx context.Context, id org.WebhookID) (org.Webhook, error) {
	w, err := scanWebhook(v.q.QueryRowContext(ctx, `select `+webhookColumns+` from webhook w where w.id = $1 and w.post = $2`, id, v.caller.Post().ID))
	if errors.Is(err, sql.ErrNoRows) {
		return w, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return w, fmt.Errorf("store: reading a webhook: %w", err)
	}
	return w, nil
}

const deliveryColumns = `d.webhook, d.sequence, d.lane, d.at, d.due, d.attempts, d.state, d.status, d.said`

func scanDelivery(r *sql.Rows) (d Delivery, err error) {
	return d, r.Scan(&d.Webhook, &d.Sequence, &d.Lane, instant{&d.At}, instant{&d.Due}, &d.Attempts, &d.State, &d.Status, &d.Said)
}

// Deliveries returns what a webhook of the caller's post was or is to be told, the
// newest entry first, below a sequence; a negative one begins at the newest.
func (v *View) Deliveries(ctx context.Context, id org.WebhookID, before int64, limit int) ([]Delivery, error) {
	if _, err := v.Webhook(ctx, id); err != nil {
		return nil, err
	}
	if before < 0 {
		before = 1<<63 - 1
	}
	rows, err := v.q.QueryContext(ctx, `select `+deliveryColumns+` from webhook_delivery d where d.webhook = $1 and d.sequence < $2
		order by d.sequence desc limit $3`, id, before, limit)
	return collect(rows, err, scanDelivery)
}

// LiveWebhooks returns all webhooks that are told, for the worker. They are some
// hundreds at most: one post has ten.
func (s *Store) LiveWebhooks(ctx context.Context) ([]org.Webhook, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select `+webhookColumns+` from webhook w where w.ended is null order by w.id`)
	return collect(rows, err, func(r *sql.Rows) (org.Webhook, error) { return scanWebhook(r) })
}

// Follow moves a webhook on to an entry and enters what it is to be told, both or
// neither. Of two servers that follow at once, one does it and the other is told no.
func (s *Store) Follow(ctx context.Context, w org.Webhook, to int64, tell []Delivery) (moved bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		moved = false
		res, err := tx.ExecContext(ctx, `update webhook set seen = $3 where id = $1 and seen = $2 and ended is null`, w.ID, w.After, to)
		if err != nil {
			return fmt.Errorf("store: moving a webhook on: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return err
		}
		now := s.clock().UnixMicro()
		for _, d := range tell {
			if _, err := tx.ExecContext(ctx, `insert into webhook_delivery (webhook, sequence, lane, at, due, state) values ($1, $2, $3, $4, $4, 'waiting')`,
				w.ID, d.Sequence, d.Lane, now); err != nil {
				return fmt.Errorf("store: entering a delivery: %w", err)
			}
		}
		moved = true
		return nil
	})
	return moved, err
}

// StopWebhook ends a webhook whose person does not hold its post any more.
func (s *Store) StopWebhook(ctx context.Context, id org.WebhookID) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update webhook set ended = $2, why = 'post-ended' where id = $1 and ended is null`, id, s.clock().UnixMicro())
		return err
	})
}

// DueDeliveries returns deliveries whose time has come: of each lane of a webhook
// the first that waits, so that a task's entries go out in order.
func (s *Store) DueDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select `+deliveryColumns+` from webhook_delivery d join webhook w on w.id = d.webhook
		where d.state = 'waiting' and d.due <= $1 and w.ended is null
			and not exists (select 1 from webhook_delivery e where e.webhook = d.webhook and e.lane = d.lane and e.state = 'waiting' and e.sequence < d.sequence)
		order by d.due, d.webhook, d.sequence limit $2`, s.clock().UnixMicro(), limit)
	return collect(rows, err, scanDelivery)
}

// ClaimDelivery takes a due delivery for a while: of several servers one gets it.
// Whoever got it and died loses it when the while is over.
func (s *Store) ClaimDelivery(ctx context.Context, d Delivery, while time.Duration) (got bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update webhook_delivery set due = $4 where webhook = $1 and sequence = $2 and due = $3 and state = 'waiting'`,
			d.Webhook, d.Sequence, d.Due.UnixMicro(), s.clock().Add(while).UnixMicro())
		if err != nil {
			return fmt.Errorf("store: claiming a delivery: %w", err)
		}
		n, err := res.RowsAffected()
		got = n == 1
		return err
	})
	return got, err
}

// EndDelivery writes what became of a try.
func (s *Store) EndDelivery(ctx context.Context, d Delivery) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update webhook_delivery set due = $3, attempts = $4, state = $5, status = $6, said = $7 where webhook = $1 and sequence = $2`,
			d.Webhook, d.Sequence, d.Due.UnixMicro(), d.Attempts, d.State, d.Status, d.Said)
		return err
	})
}
