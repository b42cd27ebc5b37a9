package act

import (
	"context"
	"net/url"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// RegisterWebhook begins to tell an address of what happens in the caller's post's
// sight. The journal keeps the address's host: the rest may hold a secret.
//
// Rule O-44 (practice of programs that follow others by webhooks): a unit's office
// registers, for its own post and as long as that is held.
func (d *Desk) RegisterWebhook(ctx context.Context, c org.Caller, key string, w org.Webhook) (store.Receipt, org.WebhookID, error) {
	w.Person, w.Post = c.Person().ID, c.Post().ID
	r, err := d.store.Act(ctx, c, org.KeepWebhook, key, func(tx *store.Tx) error {
		w.ID = org.WebhookID(tx.NewID())
		tx.About("webhook", string(w.ID))
		if err := tx.Require(org.KeepWebhook, org.UnitFacts{Unit: c.Unit().ID}); err != nil {
			return err
		}
		if err := w.Check(); err != nil {
			return err
		}
		address, err := url.Parse(w.URL)
		if err != nil {
			return fault.New(fault.Invalid, "webhook.url").On("url").Because(err)
		}
		if err := tx.AddWebhook(w); err != nil {
			return err
		}
		return tx.Record(map[string]any{"webhook": w.ID, "host": address.Host, "kinds": w.Kinds})
	})
	return made(ctx, d, r, err, "webhook", w.ID)
}

// DropWebhook stops telling a webhook of the caller's post.
func (d *Desk) DropWebhook(ctx context.Context, c org.Caller, key string, id org.WebhookID) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.KeepWebhook, key, func(tx *store.Tx) error {
		tx.About("webhook", string(id))
		if err := tx.Require(org.KeepWebhook, org.UnitFacts{Unit: c.Unit().ID}); err != nil {
			return err
		}
		if err := tx.EndWebhook(id); err != nil {
			return err
		}
		return tx.Record(map[string]any{"webhook": id, "ended": true})
	})
}
