package act

import (
	"context"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

// EnterSupport writes what the caller's unit gave into the ledger of support. Files
// must have been kept before (KeepEvidence).
func (d *Desk) EnterSupport(ctx context.Context, c org.Caller, key string, in support.Delivery, files []task.Evidence) (store.Receipt, support.ID, error) {
	r, err := d.store.Act(ctx, c, org.EnterSupport, key, func(tx *store.Tx) error {
		in.ID, in.State, in.Cancels = support.ID(tx.NewID()), support.Entered, ""
		tx.About("support", string(in.ID))
		if err := tx.Require(org.EnterSupport, org.SupportFacts{Giver: in.Giver, Taker: in.Taker, Region: in.Region}); err != nil {
			return err
		}
		if err := placeSupport(tx, &in); err != nil {
			return err
		}
		if err := tx.AddSupport(in, "", files); err != nil {
			return err
		}
		return tx.Record(map[string]any{"support": in, "evidence": evidenceIDs(files)})
	})
	return made(ctx, d, r, err, "support", in.ID)
}

// placeSupport checks an entry and puts it under its commitment, which the caller
// must see.
func placeSupport(tx *store.Tx, in *support.Delivery) error {
	in.Words, in.Memorandum = strings.TrimSpace(in.Words), ""
	if a, wrong := support.AmountOf(in.Kind, in.Value, in.Unit); wrong == nil {
		in.Amount = a
	}
	if err := in.Check(tx.Today()); err != nil {
		return err
	}
	if _, err := tx.Unit(in.Taker); err != nil {
		return fault.New(fault.Invalid, "support.taker").On("taker").Because(err)
	}
	if in.Commitment == "" {
		return nil
	}
	k, m, err := tx.Commitment(in.Commitment)
	if err != nil || !tx.SeesMemorandum(m) {
		return fault.New(fault.Invalid, "support.commitment").On("commitment").Because(err)
	}
	tx.About("memorandum", string(m.ID))
	in.Memorandum = m.ID
	below := false
	for _, u := range k.Obligors() {
		one, err := tx.Below(u, []org.UnitID{in.Giver})
		if err != nil {
			return err
		}
		below = below || one
	}
	return in.CheckUnder(k, below)
}

// CorrectSupport cancels an entry by a new one with the reason (更正). Of nothing, it
// takes the entry out.
func (d *Desk) CorrectSupport(ctx context.Context, c org.Caller, key string, old support.ID, version int64, next support.Delivery, why string, files []task.Evidence) (store.Receipt, support.ID, error) {
	r, err := d.store.Act(ctx, c, org.CorrectSupport, key, func(tx *store.Tx) error {
		tx.About("support", string(old))
		before, facts, err := tx.Support(old)
		if err != nil {
			return err
		}
		if err := tx.Require(org.CorrectSupport, facts); err != nil {
			return err
		}
		if before.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		was := before
		next.ID = support.ID(tx.NewID())
		before, next, err = support.Correct(before, next, why)
		if err != nil {
			return err
		}
		if err := placeSupport(tx, &next); err != nil {
			return err
		}
		if err := tx.SaveSupport(before); err != nil {
			return err
		}
		if err := tx.AddSupport(next, strings.TrimSpace(why), files); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "support.cancelled-already"))
		}
		tx.About("support", string(next.ID))
		return tx.Record(map[string]any{"cancelled": was, "support": next, "why": why, "evidence": evidenceIDs(files)})
	})
	if err != nil || r.Again {
		return r, "", err
	}
	return r, next.ID, nil
}

// VerifySupport accepts an entry for the receiving side, or returns it with words.
func (d *Desk) VerifySupport(ctx context.Context, c org.Caller, key string, id support.ID, version int64, accepts bool, words string) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.VerifySupport, key, func(tx *store.Tx) error {
		tx.About("support", string(id))
		s, facts, err := tx.Support(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.VerifySupport, facts); err != nil {
			return err
		}
		if s.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if accepts {
			s, err = s.Verify(c.Unit().ID, words)
		} else {
			s, err = s.Return(c.Unit().ID, words)
		}
		if err != nil {
			return err
		}
		if err := tx.SaveSupport(s); err != nil {
			return err
		}
		return tx.Record(map[string]any{"support": s})
	})
}

// OpenSupportFile opens a file of an entry for somebody who may see the entry; for
// everybody else it is NotFound (evidence.absent).
func (d *Desk) OpenSupportFile(ctx context.Context, c org.Caller, id support.ID, file task.EvidenceID) (Evidence, error) {
	e, err := d.store.View(c).SupportFile(ctx, id, file)
	if err != nil {
		return Evidence{}, err
	}
	return d.handOut(e)
}
