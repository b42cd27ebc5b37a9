package act

import (
	"context"
	"encoding/json"
	"fmt"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Reimport is an upload held against the rows that its plan has (再次导入).
type Reimport struct {
	Import
	paper.Comparison
	Now []store.PlanTask
}

// Against holds an upload against the rows of its plan.
func (im Import) Against(now []store.PlanTask) Reimport {
	rows := make([]paper.Existing, len(now))
	for i, k := range now {
		rows[i] = paper.Existing{
			ID: k.ID, Version: k.Version, No: k.No, Chapter: k.Chapter, Title: k.Title, Measures: k.Measures, Note: k.Note, Leads: k.Leads,
			Cooperating: k.Cooperating, LeadWords: k.LeadWords, People: k.People, Deadline: k.Deadline, Target: k.Target,
		}
	}
	return Reimport{Import: im, Now: now, Comparison: paper.Comparison{
		Changes: paper.Diff(rows, im.Rows, func(u org.UnitID) string { return im.Units[u].Name }), Draft: im.Rows,
	}}
}

// Refusal says why a change cannot be taken over, as far as that can be seen
// before it is tried.
func (re Reimport) Refusal(c paper.Change) error {
	if c.Kind != paper.Changed {
		return nil
	}
	k := re.Now[c.Now]
	if err := task.CheckOpen(k.Task); err != nil {
		return err
	}
	return c.Beside(re.Draft[c.Draft], k.LeadWords != "" && len(k.Setters) > 0)
}

// Ticks is what somebody accepted on a page of a difference.
type Ticks struct {
	Version int64 // of the upload
	Shown   []string
	Ticked  []paper.Tick
	All     paper.ChangeKind // accepts every change of this kind; "" none
	None    bool             // accepts nothing any more
}

// take lays ticks over the mends of an upload and says how many changes they
// accept that were not accepted before.
func (re *Reimport) take(t Ticks) (err error) {
	if re.Version != t.Version {
		return fault.New(fault.Conflict, "changed-meanwhile")
	}
	if re.Mends, err = re.Mends.Tick(re.Comparison, t.Shown, t.Ticked); err != nil {
		return err
	}
	if t.All != "" {
		open := re.Comparison
		open.Changes = nil
		for _, c := range re.Changes {
			if re.Refusal(c) == nil {
				open.Changes = append(open.Changes, c)
			}
		}
		re.Mends, _ = re.Mends.TickAll(open, t.All)
	}
	if t.None {
		re.Mends.Accepted = nil
	}
	return nil
}

// TickChanges keeps which changes of a later version of a table are accepted.
// Nothing reaches the plan before ApplyChanges.
func (d *Desk) TickChanges(ctx context.Context, c org.Caller, key, id string, ticks Ticks) (store.Receipt, int, error) {
	n := 0
	r, err := d.onReimport(ctx, c, org.MendImport, key, id, func(tx *store.Tx, re Reimport) error {
		if err := re.take(ticks); err != nil {
			return err
		}
		n = len(re.Mends.Accepted)
		if err := saveMends(tx, re.Import); err != nil {
			return err
		}
		return tx.Record(map[string]any{"upload": id, "accepted": re.Mends.Accepted})
	})
	return r, n, err
}

// onReimport is onUpload for an upload whose plan has rows.
func (d *Desk) onReimport(ctx context.Context, c org.Caller, action org.Action, key, id string, f func(*store.Tx, Reimport) error) (store.Receipt, error) {
	return d.onUpload(ctx, c, action, key, id, func(tx *store.Tx, im Import) error {
		now, err := tx.TasksAgainst(im.Plan.ID)
		if err != nil {
			return err
		}
		return f(tx, im.Against(now))
	})
}

// Reapplied says what a later version of a table did to its plan.
type Reapplied struct {
	Plan                             memo.PlanID
	Added, Changed, Moved, Withdrawn int
}

// ApplyChanges takes the accepted changes over into the plan, all or none. reason
// is that of every change and withdrawal. What somebody changed meanwhile, and
// what a rule refuses, is named row by row: a fault.List whose fields are the
// rows' Change.Key.
func (d *Desk) ApplyChanges(ctx context.Context, c org.Caller, key, id string, ticks Ticks, reason string) (store.Receipt, Reapplied, error) {
	var done Reapplied
	r, err := d.onReimport(ctx, c, org.ApplyImport, key, id, func(tx *store.Tx, re Reimport) error {
		if err := re.take(ticks); err != nil {
			return err
		}
		taken, stale := re.Mends.Taken(re.Comparison)
		var l fault.List
		for _, key := range stale {
			l = append(l, fault.New(fault.Conflict, "reimport.stale").On(key))
		}
		if len(l) > 0 {
			return l
		}
		if len(taken) == 0 {
			return fault.New(fault.Conflict, "reimport.nothing-accepted")
		}
		a := applying{desk: d, tx: tx, re: re, reason: reason, seats: map[int]task.ID{}}
		if err := a.all(taken); err != nil {
			return err
		}
		done = a.done
		done.Plan = re.Plan.ID
		if err := saveMends(tx, re.Import); err != nil {
			return err
		}
		re.Upload.Version++
		if err := tx.ApplyUpload(re.Upload); err != nil {
			return err
		}
		tx.About("plan", string(re.Plan.ID))
		return tx.Record(map[string]any{
			"upload": id, "plan": re.Plan.ID, "sha256": re.File, "reason": reason, "added": a.added, "changed": a.changed,
			"withdrawn": a.withdrawn, "left": len(re.Changes) - paper.CountChanges(re.Changes)[paper.Same] - len(taken),
		})
	})
	return r, done, err
}

// carried are the answers of the last document that became tasks of a plan.
//
// Rule I-67 (ours; docs/sources/reimport.md): one name means the same in the next
// version of a table.
func carried(tx *store.Tx, plan memo.PlanID) (m paper.Mends, err error) {
	last, err := tx.LastAnswers(plan)
	if err != nil || last == "" {
		return m, err
	}
	if err := json.Unmarshal([]byte(last), &m); err != nil {
		return m, fmt.Errorf("act: reading the mends of an earlier upload: %w", err)
	}
	return m.Carry(), nil
}
