package act

import (
	"context"
	"io"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Report hands in a report of the caller's unit. Files must have been kept by
// the evidence store before.
func (d *Desk) Report(ctx context.Context, c org.Caller, key string, id task.ID, in task.ReportInput, files []task.Evidence) (store.Receipt, error) {
	return d.onTask(ctx, c, org.SubmitReport, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		part, err := partOf(parts, c.Unit().ID)
		if err != nil {
			return err
		}
		prior, err := tx.Reports(id)
		if err != nil {
			return err
		}
		if in.Completes { // nothing else asks for the parts' figure
			if in.Below, err = d.below(tx, k); err != nil {
				return err
			}
		}
		in.ID, in.By, in.Post = task.ReportID(tx.NewID()), c.Person().ID, c.Post().ID
		in.Parts, in.Evidence = parts, evidenceIDs(files)
		in.Due = d.rules().LastDay(part, in.Period, prior, d.store.Workdays())
		r, err := task.NewReport(k.Task, part, prior, in, tx.Now(), tx.Today())
		if err != nil {
			return err
		}
		verifier, err := tx.VerifierOf(k.Task, part.Unit)
		if err != nil {
			return err
		}
		if verifier == "" {
			return fault.New(fault.Conflict, "report.nobody-verifies")
		}
		due := d.rules().VerifyBy(tx.Today(), d.store.Workdays())
		if err := tx.AddReport(r, files, k.Root, verifier, due); err != nil {
			return err
		}
		tx.About("report", string(r.ID))
		return tx.Record(store.RecordOf(r))
	})
}

// KeepEvidence stores a file that a report will name. The file alone proves and
// changes nothing, so it is no act; one that no report names is never shown.
func (d *Desk) KeepEvidence(c org.Caller, r io.Reader, name string) (task.Evidence, error) {
	if !c.SignedIn() {
		return task.Evidence{}, fault.New(fault.SignedOut, "signed-out")
	}
	k, err := d.files.Keep(r, name)
	if err != nil {
		return task.Evidence{}, err
	}
	return task.Evidence{ID: task.EvidenceID(k.ID), Name: name, Type: k.Type, Size: k.Size, By: c.Person().ID, At: d.store.Now()}, nil
}

// TakeBack withdraws a report that nobody has verified yet.
func (d *Desk) TakeBack(ctx context.Context, c org.Caller, key string, id task.ReportID) (store.Receipt, error) {
	return d.onReport(ctx, c, org.TakeBackReport, key, id, func(tx *store.Tx, r task.Report, k store.TaskRow) error {
		r, err := task.TakeBack(r, c.Unit().ID, d.rules().Reporting.DueOf(r.Period), tx.Today())
		if err != nil {
			return err
		}
		if r, err = tx.SaveVerdict(r, k.Root); err != nil {
			return err
		}
		return tx.Record(store.RecordOf(r))
	})
}

// Verify accepts a report. When the report claims that the task is done, the
// task finishes with it.
func (d *Desk) Verify(ctx context.Context, c org.Caller, key string, id task.ReportID, note string) (store.Receipt, error) {
	return d.onReport(ctx, c, org.VerifyReport, key, id, func(tx *store.Tx, r task.Report, k store.TaskRow) error {
		by := task.Verifier{Person: c.Person().ID, Unit: c.Unit().ID}
		r, err := task.Verify(k.Task, r, by, note, tx.Now())
		if err != nil {
			return err
		}
		if r, err = tx.SaveVerdict(r, k.Root); err != nil {
			return err
		}
		whole, err := d.whole(tx, k)
		if err != nil {
			return err
		}
		if task.Finishes(k.Task, r, whole) {
			if err := tx.SetTaskState(k.Task, task.Finished, tx.Today()); err != nil {
				return err
			}
		}
		if err := d.finishAbove(tx, k); err != nil {
			return err
		}
		return tx.Record(store.RecordOf(r))
	})
}

// finishAbove finishes the tasks above one whose figure has just grown, where a
// verified report had claimed them done and only this was missing.
func (d *Desk) finishAbove(tx *store.Tx, k store.TaskRow) error {
	for k.Parent != "" {
		parent, _, err := tx.Task(k.Parent)
		if err != nil {
			return err
		}
		reports, err := tx.Reports(parent.ID)
		if err != nil {
			return err
		}
		claims := func(r task.Report) bool { return r.State == task.ReportVerified && r.Completes }
		if i := slices.IndexFunc(reports, claims); i >= 0 && parent.State != task.Finished {
			if err := d.finishBy(tx, parent, reports[i]); err != nil {
				return err
			}
		}
		k = parent
	}
	return nil
}

// finishBy finishes a task if its verified report and its figure now say so.
func (d *Desk) finishBy(tx *store.Tx, k store.TaskRow, r task.Report) error {
	if err := tx.Recount(); err != nil { // the parts' figures are read next
		return err
	}
	whole, err := d.whole(tx, k)
	if err != nil || !task.Finishes(k.Task, r, whole) {
		return err
	}
	return tx.SetTaskState(k.Task, task.Finished, tx.Today())
}

// Return sends a report back with the reason; the reporter hands in the next round.
func (d *Desk) Return(ctx context.Context, c org.Caller, key string, id task.ReportID, reason string) (store.Receipt, error) {
	return d.onReport(ctx, c, org.ReturnReport, key, id, func(tx *store.Tx, r task.Report, k store.TaskRow) error {
		by := task.Verifier{Person: c.Person().ID, Unit: c.Unit().ID}
		r, err := task.Return(k.Task, r, by, reason, tx.Now())
		if err != nil {
			return err
		}
		if r, err = tx.SaveVerdict(r, k.Root); err != nil {
			return err
		}
		return tx.Record(store.RecordOf(r))
	})
}

// below is the figure of the parts of a split task, nil when it has none.
func (d *Desk) below(tx *store.Tx, k store.TaskRow) (*task.Figure, error) {
	children, err := tx.Children(k.ID)
	if err != nil || len(children) == 0 {
		return nil, err
	}
	var parts []task.PartFigure
	for _, c := range children {
		if c.State != task.Withdrawn {
			parts = append(parts, c.PartFigure())
		}
	}
	f := task.RollUp(k.Rollup, task.Figure{}, parts)
	return &f, nil
}

// whole is the figure of a task, own reports and parts together.
func (d *Desk) whole(tx *store.Tx, k store.TaskRow) (task.Figure, error) {
	reports, err := tx.Reports(k.ID)
	if err != nil {
		return task.Figure{}, err
	}
	own := task.LeadFigure(reports)
	below, err := d.below(tx, k)
	if err != nil || below == nil {
		return own, err
	}
	if k.Rollup == task.RollupCount || k.Rollup == task.RollupShare {
		return *below, nil
	}
	return task.Figure{Claimed: task.Sum(own.Claimed, below.Claimed), Verified: task.Sum(own.Verified, below.Verified)}, nil
}

func evidenceIDs(files []task.Evidence) []task.EvidenceID {
	var out []task.EvidenceID
	for _, f := range files {
		if !slices.Contains(out, f.ID) { // the same file twice is one file
			out = append(out, f.ID)
		}
	}
	return out
}

// partOf finds the caller's unit among the parts of a task.
func partOf(parts []task.Part, unit org.UnitID) (task.Part, error) {
	for _, p := range parts {
		if p.Unit == unit {
			return p, nil
		}
	}
	return task.Part{}, fault.New(fault.NotFound, "absent")
}
