package act

import (
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/store"
)

// comeIntoForce makes the signed version what the memorandum says. What an
// amendment or a renewal settles besides is the matter of afterAmendment and
// afterRenewal.
func (d *Desk) comeIntoForce(tx *store.Tx, m memo.Memorandum, v memo.Version, day calendar.Date, place string) error {
	if err := tx.SetTextVersion(v.ID, memo.AgreedOn, memo.SignedByAll); err != nil {
		return err
	}
	old := m
	if v.Purpose != memo.Amendment {
		m.Signed, m.Place = day, place
	}
	m = m.Says(v.Text)
	m.Stage = memo.InForce
	if err := m.Check(); err != nil {
		return err
	}
	// Asked before the commitments are taken out: their tasks lose them with that.
	gone := m.Gone(old)
	served, err := tx.TasksServing(gone)
	if err != nil {
		return err
	}
	if err := tx.SaveMemorandum(m); err != nil {
		return err
	}
	switch v.Purpose {
	case memo.Amendment:
		return d.afterAmendment(tx, m, gone, served)
	case memo.Renewal:
		return d.afterRenewal(tx, m)
	case memo.First:
		return nil
	}
	return fmt.Errorf("act: a version of unknown purpose %q", v.Purpose)
}

// afterAmendment lists the tasks whose commitment is gone, for the office to decide
// on; nothing is deleted.
func (d *Desk) afterAmendment(tx *store.Tx, m memo.Memorandum, gone []memo.Commitment, served []store.TaskRow) error {
	words := map[memo.CommitmentID]string{}
	for _, k := range gone {
		words[k.ID] = k.Text
	}
	for _, t := range served {
		tx.About("task", string(t.ID))
		if err := tx.AddUnsettled(m.ID, store.Unsettled{Task: t.ID, Cause: "amended", Commitment: t.Commitment, Words: words[t.Commitment]}); err != nil {
			return err
		}
	}
	return nil
}

// afterRenewal ends the memorandum that the new one follows. Its open tasks are
// listed with the new one, whose office decides on each.
func (d *Desk) afterRenewal(tx *store.Tx, m memo.Memorandum) error {
	old, err := tx.Memorandum(m.Renews)
	if err != nil {
		return err
	}
	tx.About("memorandum", string(old.ID))
	open, err := tx.OpenTasks(old.ID)
	if err != nil {
		return err
	}
	words := map[memo.CommitmentID]string{}
	for _, c := range old.Clauses {
		for _, k := range c.Commitments {
			words[k.ID] = k.Text
		}
	}
	for _, t := range open {
		tx.About("task", string(t.ID))
		if err := tx.AddUnsettled(m.ID, store.Unsettled{Task: t.ID, Cause: "renewed", Commitment: t.Commitment, Words: words[t.Commitment]}); err != nil {
			return err
		}
	}
	old.Stage, old.Ended, old.Why = memo.Ended, m.Signed, endedByRenewal
	return tx.SaveMemorandum(old)
}

// endedByRenewal is the reason kept with a memorandum that another follows; pages
// say it in words.
const endedByRenewal = "renewed"

// succeeded is a text that is still to be proposed, with the successors of parties
// in their place.
func succeeded(tx *store.Tx, id memo.ID, t memo.Text) (memo.Text, error) {
	all, err := tx.Successions(id)
	for _, s := range all {
		t = t.Succeeded(s)
	}
	return t, err
}
