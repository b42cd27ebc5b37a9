package act

import (
	"context"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// onNegotiation is the frame of every act on the text of a memorandum under
// negotiation: onMemorandum with the negotiation loaded.
func (d *Desk) onNegotiation(ctx context.Context, c org.Caller, action org.Action, key string, id memo.ID,
	f func(*store.Tx, memo.Negotiation) error,
) (store.Receipt, error) {
	return d.onMemorandum(ctx, c, action, key, id, 0, func(tx *store.Tx, m memo.Memorandum) error {
		n, err := tx.Negotiation(m)
		if err != nil {
			return err
		}
		return f(tx, n)
	})
}

// SaveDraft keeps the caller's unit's own draft, which nobody else sees. version
// is the one that was shown, 0 for the first. The journal keeps that it was saved
// and the digest, not the words: they are the party's own until it proposes them.
func (d *Desk) SaveDraft(ctx context.Context, c org.Caller, key string, draft store.Draft) (store.Receipt, error) {
	return d.onNegotiation(ctx, c, org.DraftMemorandum, key, draft.Memorandum, func(tx *store.Tx, n memo.Negotiation) error {
		old, err := tx.Draft(draft.Memorandum)
		if err != nil {
			return err
		}
		draft.Text = known(tx, n, old.Text, draft.Text)
		if draft.Text, err = succeeded(tx, draft.Memorandum, draft.Text); err != nil {
			return err
		}
		if err := tx.SaveDraft(draft); err != nil {
			return err
		}
		return tx.Record(map[string]any{"draft": memo.Digest(draft.Text), "base": draft.Base})
	})
}

// DropDraft throws the caller's unit's own draft away.
func (d *Desk) DropDraft(ctx context.Context, c org.Caller, key string, id memo.ID) (store.Receipt, error) {
	return d.onNegotiation(ctx, c, org.DraftMemorandum, key, id, func(tx *store.Tx, _ memo.Negotiation) error {
		if err := tx.DropDraft(id); err != nil {
			return err
		}
		return tx.Record(map[string]any{"dropped": true})
	})
}

// Propose puts the caller's unit's draft before the other parties, as the next
// version. A version that was agreed on is void from then on, with its signatures.
func (d *Desk) Propose(ctx context.Context, c org.Caller, key string, id memo.ID, draft int64, words string) (store.Receipt, memo.VersionID, error) {
	var v memo.Version
	r, err := d.onNegotiation(ctx, c, org.ProposeVersion, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		own, err := tx.Draft(id)
		if err != nil {
			return err
		}
		if own.Version == 0 || own.Version != draft {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if err := n.CheckProposal(c.Unit().ID, own.Base, own.Text); err != nil {
			return err
		}
		last, err := tx.LastVersion(id)
		if err != nil {
			return err
		}
		v = memo.Version{
			ID: memo.VersionID(tx.NewID()), Memorandum: id, Number: last + 1, Base: own.Base, Purpose: n.Purpose, Proposer: c.Unit().ID,
			Words: words, Text: own.Text, Digest: memo.Digest(own.Text), State: memo.Open, Source: own.Source,
		}
		tx.About("version", string(v.ID))
		void, err := supersede(tx, n)
		if err != nil {
			return err
		}
		if err := tx.AddTextVersion(v); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "changed-meanwhile"))
		}
		if err := tx.DropDraft(id); err != nil {
			return err
		}
		if err := tx.ToNegotiation(n.Memorandum, v.Text); err != nil {
			return err
		}
		return tx.Record(map[string]any{"version": v.Number, "base": v.Base, "digest": v.Digest, "words": words, "purpose": v.Purpose, "void_signatures": void})
	})
	return made(ctx, d, r, err, "version", v.ID)
}

// supersede ends what the newest version was before another answers it.
func supersede(tx *store.Tx, n memo.Negotiation) (void int, err error) {
	v := n.Newest
	switch {
	case v == nil:
		return 0, nil
	case n.Voids():
		if void, err = tx.VoidSignatures("version", string(v.ID), "superseded"); err != nil {
			return 0, err
		}
		return void, tx.SetTextVersion(v.ID, memo.AgreedOn, memo.VoidedByNext)
	case v.State == memo.Open:
		return 0, tx.SetTextVersion(v.ID, memo.Open, memo.Countered)
	}
	return 0, nil
}

// AnswerVersion is what the caller's unit says to the version that lies before it.
// The last acceptance makes the version the agreed one.
func (d *Desk) AnswerVersion(ctx context.Context, c org.Caller, key string, id memo.ID, version memo.VersionID, accepts bool, words string) (store.Receipt, error) {
	return d.Answer(ctx, c, key, id, memo.Answer{Version: version, Accepts: accepts, Words: words})
}

// Answer is AnswerVersion with the reason for accepting against the misgivings of the
// caller's own units. The journal keeps the reason's digest: it is the party's own.
func (d *Desk) Answer(ctx context.Context, c org.Caller, key string, id memo.ID, a memo.Answer) (store.Receipt, error) {
	version, accepts, words := a.Version, a.Accepts, a.Words
	return d.onNegotiation(ctx, c, org.AnswerVersion, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		tx.About("version", string(version))
		a.Party, a.On = c.Unit().ID, tx.Today()
		if err := n.CheckAnswer(a); err != nil {
			return err
		}
		own, err := tx.Opinions(version)
		if err != nil {
			return err
		}
		if accepts {
			if err := memo.CheckAcceptance(own, a.Despite); err != nil {
				return err
			}
		}
		if err := tx.AddAnswer(a); err != nil {
			return err
		}
		agreed := n.Agreed(a)
		if agreed {
			if err := tx.SetTextVersion(version, memo.Open, memo.AgreedOn); err != nil {
				return err
			}
			if n.Purpose != memo.Amendment {
				if err := tx.SetStage(id, memo.Agreed); err != nil {
					return err
				}
			}
		}
		return tx.Record(map[string]any{"version": n.Newest.Number, "digest": n.Newest.Digest, "accepts": accepts, "words": words, "agreed": agreed, "despite": sealed(a.Despite)})
	})
}

// TakeVersionBack withdraws the caller's unit's own open version.
func (d *Desk) TakeVersionBack(ctx context.Context, c org.Caller, key string, id memo.ID, version memo.VersionID) (store.Receipt, error) {
	return d.onNegotiation(ctx, c, org.ProposeVersion, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		tx.About("version", string(version))
		if err := n.CheckTakeBack(c.Unit().ID, version); err != nil {
			return err
		}
		if err := tx.SetTextVersion(version, memo.Open, memo.TakenBack); err != nil {
			return err
		}
		return tx.Record(map[string]any{"version": n.Newest.Number, "digest": n.Newest.Digest})
	})
}

// known gives ids to the clauses and commitments of a draft. An id that neither the
// memorandum, its newest version nor the draft before knows came from elsewhere and
// is replaced: a text must not reach into another memorandum.
func known(tx *store.Tx, n memo.Negotiation, old, t memo.Text) memo.Text {
	ids := map[string]bool{}
	remember := func(clauses []memo.Clause) {
		for _, c := range clauses {
			ids[string(c.ID)] = true
			for _, k := range c.Commitments {
				ids[string(k.ID)] = true
			}
		}
	}
	remember(n.Memorandum.Clauses)
	remember(old.Clauses)
	if n.Newest != nil {
		remember(n.Newest.Text.Clauses)
	}
	delete(ids, "")
	own := func(id string) string {
		if ids[id] {
			delete(ids, id) // a second one of the same id is a copy
			return id
		}
		return tx.NewID()
	}
	for i := range t.Clauses {
		c := &t.Clauses[i]
		c.ID, c.Position = memo.ClauseID(own(string(c.ID))), i+1
		for j := range c.Commitments {
			c.Commitments[j].ID, c.Commitments[j].Clause = memo.CommitmentID(own(string(c.Commitments[j].ID))), c.ID
		}
	}
	return t
}
