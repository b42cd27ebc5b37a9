package act

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// readCommitments reads deadlines and targets of commitments as tables print them.
var readCommitments = task.Reading{
	Deadline: paper.ReadDeadline,
	Target:   func(words string) *task.Target { return paper.ReadTarget(words, "") },
}

// Offers returns which commitments of a plan's memorandum are offered as its rows.
func (d *Desk) Offers(p store.PlanView, served map[memo.CommitmentID]task.Served) []task.Offer {
	return task.Offers(p.Memorandum, p.Year, served, readCommitments, d.store.Workdays())
}

// onPlan is the frame of every act on one plan.
func (d *Desk) onPlan(ctx context.Context, c org.Caller, action org.Action, key string, id memo.PlanID,
	f func(*store.Tx, memo.Plan, memo.Memorandum) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("plan", string(id))
		p, m, err := tx.Plan(id)
		if err != nil {
			return err
		}
		if err := tx.Require(action, tx.PlanFacts(p, m)); err != nil {
			return err
		}
		return f(tx, p, m)
	})
}

// TakeOffers enters commitments that were offered as drafts of a plan. One that is
// not offered any more (somebody took it meanwhile) is refused.
func (d *Desk) TakeOffers(ctx context.Context, c org.Caller, key string, id memo.PlanID, taken []memo.CommitmentID) (store.Receipt, int, error) {
	n := 0
	r, err := d.onPlan(ctx, c, org.EnterPlan, key, id, func(tx *store.Tx, p memo.Plan, m memo.Memorandum) error {
		if len(taken) == 0 {
			return fault.New(fault.Invalid, "offer.none").On("take")
		}
		served, err := tx.Served(p)
		if err != nil {
			return err
		}
		var rows []Row
		for _, o := range task.Offers(m, p.Year, served, readCommitments, d.store.Workdays()) {
			if slices.Contains(taken, o.Commitment) {
				rows = append(rows, offeredRow(o))
			}
		}
		if len(rows) != len(taken) {
			return fault.New(fault.Conflict, "offer.taken-meanwhile")
		}
		ids, err := enterRows(tx, p, m, rows, d.store.Workdays())
		if err != nil {
			return err
		}
		n = len(ids)
		return tx.Record(map[string]any{"plan": id, "commitments": taken, "tasks": ids})
	})
	return r, n, err
}

// offeredRow is a commitment as a row of a plan.
func offeredRow(o task.Offer) Row {
	row := Row{Title: o.Title, Leads: o.Leads, Commitment: o.Commitment, Deadline: o.Deadline, Target: o.Target, Supervising: o.Supervising}
	if o.Clause != "" {
		row.Note = o.Clause
	}
	return row
}

// PutPlan puts a plan before the other parties of its memorandum (提请审定).
func (d *Desk) PutPlan(ctx context.Context, c org.Caller, key string, id memo.PlanID) (store.Receipt, error) {
	return d.onPlan(ctx, c, org.PutPlan, key, id, func(tx *store.Tx, p memo.Plan, m memo.Memorandum) error {
		a, rows, err := tx.Approval(p, m)
		if err != nil {
			return err
		}
		if err := a.CheckAsk(rows); err != nil {
			return err
		}
		if err := tx.PutPlan(id, a.Now, rows); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "changed-meanwhile"))
		}
		return tx.Record(map[string]any{"plan": id, "digest": a.Now, "rows": rows, "parties": a.Parties})
	})
}

// ApprovePlan is what the caller's party says to a plan that lies before it: it
// approves the content that it was shown, or returns it with words. A plan that was
// not put before the parties answers like a missing one.
func (d *Desk) ApprovePlan(ctx context.Context, c org.Caller, key string, id memo.PlanID, digest string, accepts bool, words string) (store.Receipt, error) {
	return d.onPlan(ctx, c, org.ApprovePlan, key, id, func(tx *store.Tx, p memo.Plan, m memo.Memorandum) error {
		a, _, err := tx.Approval(p, m)
		if err != nil {
			return err
		}
		if a.Asked == "" {
			return fault.New(fault.NotFound, "absent")
		}
		g := memo.PlanAnswer{Party: c.Unit().ID, Digest: digest, Accepts: accepts, Words: strings.TrimSpace(words), On: tx.Today()}
		if err := a.CheckAnswer(g); err != nil {
			return err
		}
		if err := tx.AddPlanAnswer(id, g); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "changed-meanwhile"))
		}
		return tx.Record(map[string]any{"plan": id, "digest": digest, "accepts": accepts, "words": g.Words})
	})
}

// SaveImplementation writes the next version of a plan's implementation plan (实施方案),
// if the last one is still x.Version.
func (d *Desk) SaveImplementation(ctx context.Context, c org.Caller, key string, x memo.Implementation) (store.Receipt, error) {
	return d.onPlan(ctx, c, org.SaveImplementation, key, x.Plan, func(tx *store.Tx, p memo.Plan, _ memo.Memorandum) error {
		last, err := tx.Implementation(x.Plan)
		if err != nil {
			return err
		}
		if last.Version != x.Version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if err := x.Check(p); err != nil {
			return err
		}
		x.Version++
		if err := tx.AddImplementation(x); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "changed-meanwhile"))
		}
		return tx.Record(map[string]any{"plan": x.Plan, "version": x.Version, "implementation": x})
	})
}

// Confirm is what the other side says to what was verified of a task that serves a
// commitment: it confirms or disputes. shown is the verified figure that it was shown.
func (d *Desk) Confirm(ctx context.Context, c org.Caller, key string, id task.ID, kind task.ConfirmationKind, shown task.Quantity, words string) (store.Receipt, error) {
	action := org.ConfirmDelivery
	if kind == task.Answers {
		action = org.AnswerDispute
	}
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("task", string(id))
		o, err := tx.Delivered(id)
		if err != nil {
			return err
		}
		tx.About("memorandum", string(o.Memorandum.ID))
		if err := tx.Require(action, o.Facts()); err != nil {
			return err
		}
		if shown != o.Standing.Verified {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		say := task.Confirmation{
			Task: id, Party: c.Unit().ID, Kind: kind, Verified: o.Standing.Verified, Finished: o.Standing.State == task.Finished,
			Words: strings.TrimSpace(words), On: tx.Today(),
		}
		f := o.Facts()
		if err := task.CheckConfirmation(o.Standing, f.Obligors, f.Confirmers, o.Said, say); err != nil {
			return err
		}
		if err := tx.AddConfirmation(say); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "changed-meanwhile"))
		}
		return tx.Record(map[string]any{"task": id, "commitment": o.Commitment.ID, "kind": kind, "verified": say.Verified, "finished": say.Finished, "words": say.Words})
	})
}

// mayIssue refuses to issue a plan that the other parties have not approved.
func mayIssue(tx *store.Tx, p memo.Plan, m memo.Memorandum) error {
	a, _, err := tx.Approval(p, m)
	if err != nil {
		return fmt.Errorf("act: reading the approval of plan %s: %w", p.ID, err)
	}
	return a.CheckIssue()
}
