package act

import (
	"context"
	"fmt"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Sign takes a task over for the caller's unit (签收).
func (d *Desk) Sign(ctx context.Context, c org.Caller, key string, id task.ID) (store.Receipt, error) {
	return d.onTask(ctx, c, org.SignTask, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		return d.answer(tx, k, parts, c.Unit().ID, func(p task.Part) (task.Part, error) { return task.Sign(p, tx.Today()) })
	})
}

// Refuse sends a task back to whoever set it, with the reason (退签).
func (d *Desk) Refuse(ctx context.Context, c org.Caller, key string, id task.ID, reason string) (store.Receipt, error) {
	return d.onTask(ctx, c, org.RefuseTask, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		return d.answer(tx, k, parts, c.Unit().ID, func(p task.Part) (task.Part, error) { return task.Refuse(p, reason, tx.Today()) })
	})
}

// Insist gives a refused task to the same unit again, with the reason (维持).
func (d *Desk) Insist(ctx context.Context, c org.Caller, key string, id task.ID, unit org.UnitID, reason string) (store.Receipt, error) {
	return d.onTask(ctx, c, org.AnswerRefusal, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		by := d.signBy(tx)
		return d.answer(tx, k, parts, unit, func(p task.Part) (task.Part, error) { return task.Reissue(p, reason, by) })
	})
}

// Excuse lets a task finish without a cooperating unit's report.
func (d *Desk) Excuse(ctx context.Context, c org.Caller, key string, id task.ID, unit org.UnitID, reason string) (store.Receipt, error) {
	return d.onTask(ctx, c, org.ExcuseUnit, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		return d.answer(tx, k, parts, unit, func(p task.Part) (task.Part, error) { return task.Excuse(p, reason) })
	})
}

// answer changes one unit's part by a rule and settles the task after it.
func (d *Desk) answer(tx *store.Tx, k store.TaskRow, parts []task.Part, unit org.UnitID, rule func(task.Part) (task.Part, error)) error {
	if err := task.CheckOpen(k.Task); err != nil {
		return err
	}
	i := slices.IndexFunc(parts, func(p task.Part) bool { return p.Unit == unit })
	if i < 0 {
		return fault.New(fault.NotFound, "absent")
	}
	p, err := rule(parts[i])
	if err != nil {
		return err
	}
	parts[i] = p
	if err := tx.SavePart(p, k.Root); err != nil {
		return err
	}
	return d.settle(tx, k, parts, map[string]any{"task": k.ID, "unit": unit, "state": p.State, "reason": p.Reason, "excused": p.Excused})
}

// settle writes what the parts make of the task and records the act.
// A deadline that counts from the receipt begins when the task comes into force.
func (d *Desk) settle(tx *store.Tx, k store.TaskRow, parts []task.Part, detail map[string]any) error {
	s := task.Settle(k.Task, parts)
	if s != k.State {
		if err := tx.SetTaskState(k.Task, s, k.Finished); err != nil {
			return err
		}
	}
	if s == task.InForce && s != k.State && k.Due.IsZero() && k.Deadline.CountsFrom("receipt") {
		k.Task = task.Reckoned(k.Task, task.Events{Received: tx.Today()}, d.store.Workdays())
		if err := tx.SetDue(k.Task); err != nil {
			return err
		}
		detail["due"] = k.Due
	}
	return tx.Record(detail)
}

// GiveTo gives a refused or unsigned part to another unit.
func (d *Desk) GiveTo(ctx context.Context, c org.Caller, key string, id task.ID, old, unit org.UnitID) (store.Receipt, error) {
	return d.onTask(ctx, c, org.AnswerRefusal, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		by := d.signBy(tx)
		next, all, err := task.GiveTo(k.Task, parts, old, unit, by)
		if err != nil {
			return err
		}
		to, err := d.mayTake(tx, k, unit)
		if err != nil {
			return err
		}
		if err := tx.DropPart(task.Part{Task: id, Unit: old}, k.Root); err != nil {
			return err
		}
		for _, p := range all {
			if p.Unit == unit {
				if err := tx.AddPart(p, k.Root); err != nil {
					return err
				}
			}
		}
		if next.Leads[0] == unit {
			if err := tx.SetRegion(next, to.Region); err != nil {
				return err
			}
		}
		k.Task = next
		return d.settle(tx, k, all, map[string]any{"task": id, "from": old, "to": unit})
	})
}

// mayTake refuses to give a part of a split task to a unit that the split itself
// could not have given it to.
func (d *Desk) mayTake(tx *store.Tx, k store.TaskRow, unit org.UnitID) (org.Unit, error) {
	if err := task.CheckOpen(k.Task); err != nil {
		return org.Unit{}, err
	}
	u, err := tx.Unit(unit)
	if err != nil || k.Parent == "" {
		return u, err
	}
	below, err := tx.Below(k.Setter, []org.UnitID{unit})
	if err == nil && !below {
		err = fault.New(fault.Invalid, "split.not-below").On("to")
	}
	return u, err
}

// Release accepts a refusal: the unit takes no part any longer.
func (d *Desk) Release(ctx context.Context, c org.Caller, key string, id task.ID, unit org.UnitID) (store.Receipt, error) {
	return d.onTask(ctx, c, org.AnswerRefusal, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		next, rest, err := task.WithdrawPart(k.Task, parts, unit)
		if err != nil {
			return err
		}
		if err := tx.DropPart(task.Part{Task: id, Unit: unit}, k.Root); err != nil {
			return err
		}
		k.Task = next
		return d.settle(tx, k, rest, map[string]any{"task": id, "released": unit})
	})
}

// Piece is what one unit below gets in a split.
type Piece struct {
	Unit   org.UnitID    `json:"unit"`
	Target *task.Target  `json:"target,omitempty"`
	Due    calendar.Date `json:"due"` // zero: the parent's
}

// Split gives parts of a task to units below the caller's. It may be called
// again: pieces of units that have a part already change its target, new ones
// are added, and parts of units that are no longer named stay as they are.
func (d *Desk) Split(ctx context.Context, c org.Caller, key string, id task.ID, version int64, pieces []Piece) (store.Receipt, error) {
	return d.onTask(ctx, c, org.SplitTask, key, id, func(tx *store.Tx, k store.TaskRow, _ []task.Part) error {
		if k.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		there, err := tx.Children(id)
		if err != nil {
			return err
		}
		if _, err := task.CheckSplit(k.Task, wholeSplit(there, pieces)); err != nil {
			return err
		}
		units := make([]org.UnitID, len(pieces))
		for i, p := range pieces {
			units[i] = p.Unit
		}
		below, err := tx.Below(c.Unit().ID, units)
		if err != nil {
			return err
		}
		if !below {
			return fault.New(fault.Invalid, "split.not-below").On("children")
		}
		if err := d.placePieces(tx, k, there, pieces, c.Unit().ID); err != nil {
			return err
		}
		if err := tx.SaveTask(k.Task, ""); err != nil { // lifts the version: two splits at once conflict
			return err
		}
		return tx.Record(map[string]any{"task": id, "pieces": pieces})
	})
}

// wholeSplit is the split as it will stand: the parts that are there with the
// pieces laid over them.
func wholeSplit(there []store.TaskRow, pieces []Piece) []task.Child {
	var out []task.Child
	for _, p := range pieces {
		out = append(out, task.Child{Unit: p.Unit, Target: p.Target, Due: p.Due})
	}
	for _, t := range there {
		named := slices.ContainsFunc(pieces, func(p Piece) bool { return slices.Contains(t.Leads, p.Unit) || p.Unit == t.FirstLead() })
		if !named && t.State != task.Withdrawn {
			out = append(out, task.Child{Unit: t.FirstLead(), Target: t.Target, Due: t.Due})
		}
	}
	return out
}

// placePieces writes the pieces: changed parts get their new target, new ones a
// task. Parts that are finished or that another lead gave out do not change.
func (d *Desk) placePieces(tx *store.Tx, k store.TaskRow, there []store.TaskRow, pieces []Piece, setter org.UnitID) error {
	signBy := d.signBy(tx)
	next := 0
	for _, t := range there {
		next = max(next, t.Position)
	}
	var closed fault.List
	for at, p := range pieces {
		i := slices.IndexFunc(there, func(t store.TaskRow) bool { return t.FirstLead() == p.Unit && t.State != task.Withdrawn })
		if i >= 0 {
			t := there[i].Task
			if task.SameTarget(t.Target, p.Target) && (p.Due.IsZero() || p.Due == t.Due) {
				continue
			}
			if t.State == task.Finished || t.Setter != setter {
				closed = append(closed, fault.New(fault.Conflict, "split.part-closed").On(fmt.Sprintf("children.%d.target", at)))
				continue
			}
			t.Target = p.Target
			if !p.Due.IsZero() {
				t.Due = p.Due
			}
			if err := tx.SaveTask(t, ""); err != nil {
				return err
			}
			continue
		}
		unit, err := tx.Unit(p.Unit)
		if err != nil {
			return err
		}
		next++
		child := task.PartFor(k.Task, p.Target, p.Due)
		child.ID, child.Position = task.ID(tx.NewID()), next
		child.Setter, child.Leads, child.Region = setter, []org.UnitID{p.Unit}, unit.Region
		if err := tx.AddTask(child, signBy); err != nil {
			return err
		}
		tx.About("task", string(child.ID))
	}
	return closed.Err()
}

// Change is what the setter may change of a task, always with a reason.
type Change struct {
	Version  int64
	Title    string
	Measures string
	Deadline task.Deadline
	Due      calendar.Date
	Target   *task.Target
	Evidence string
	Cadence  calendar.PeriodKind
	Field    task.Field
	Rollup   task.Rollup // "" keeps the one that is there
	Charge   *Charge     // nil keeps what is there
	Reason   string
}

// Charge is who answers for a task beside its leads, and how much it weighs.
type Charge struct {
	Supervising org.UnitID // 督办单位, or ""
	Post        org.PostID // 责任岗位 in a unit that takes part, or ""
	Weight      task.Quantity
}

// Change writes new words, deadline or target; the old values stay in the journal.
func (d *Desk) Change(ctx context.Context, c org.Caller, key string, id task.ID, ch Change) (store.Receipt, error) {
	return d.onTask(ctx, c, org.ChangeTask, key, id, func(tx *store.Tx, k store.TaskRow, parts []task.Part) error {
		before := changeable(k.Task)
		if err := task.CheckOpen(k.Task); err != nil {
			return err
		}
		if err := task.CheckReason(ch.Reason); err != nil {
			return err
		}
		if k.Version != ch.Version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		k.Title, k.Measures, k.Deadline, k.Due, k.Target = ch.Title, ch.Measures, ch.Deadline, ch.Due, ch.Target
		k.EvidenceWanted, k.Cadence, k.Field = ch.Evidence, ch.Cadence, ch.Field
		if c := ch.Charge; c != nil {
			if err := mayCharge(tx, k.Task, *c); err != nil {
				return err
			}
			k.Supervising, k.Post, k.Weight = c.Supervising, c.Post, c.Weight
		}
		if ch.Rollup != "" {
			k.Rollup = ch.Rollup
		}
		if k.Due.IsZero() && k.Deadline.CountsFrom("receipt") {
			k.Task = task.Reckoned(k.Task, task.Events{Received: task.ReceivedOn(parts)}, d.store.Workdays())
		}
		if err := task.Check(k.Task); err != nil {
			return err
		}
		if err := d.stillSplits(tx, k); err != nil {
			return err
		}
		if err := tx.SaveTask(k.Task, ch.Reason); err != nil {
			return err
		}
		return tx.Record(map[string]any{"task": id, "reason": ch.Reason, "before": before, "after": changeable(k.Task)})
	})
}

// stillSplits refuses a change after which the parts of a task, or those of the
// task above it, would promise something else than the whole.
func (d *Desk) stillSplits(tx *store.Tx, k store.TaskRow) error {
	below, err := tx.Children(k.ID)
	if err != nil {
		return err
	}
	if len(below) > 0 {
		if _, err := task.CheckSplit(k.Task, wholeSplit(below, nil)); err != nil {
			return err
		}
	}
	if k.Parent == "" {
		return nil
	}
	parent, _, err := tx.Task(k.Parent)
	if err != nil {
		return err
	}
	beside, err := tx.Children(k.Parent)
	if err != nil {
		return err
	}
	_, err = task.CheckSplit(parent.Task, wholeSplit(beside, []Piece{{Unit: k.FirstLead(), Target: k.Target, Due: k.Due}}))
	return err
}

// mayCharge refuses a unit that is not there, a post of a unit that takes no part,
// and a weight of nothing.
func mayCharge(tx *store.Tx, k task.Task, c Charge) error {
	if c.Weight <= 0 {
		return fault.New(fault.Invalid, "task.weight").On("weight")
	}
	if c.Supervising != "" {
		if _, err := tx.Unit(c.Supervising); err != nil {
			return err
		}
	}
	if c.Post == "" {
		return nil
	}
	post, err := tx.Post(c.Post)
	if err == nil && !k.TakesPart(post.Unit) {
		err = fault.New(fault.Invalid, "task.post-elsewhere").On("post")
	}
	return err
}

func changeable(k task.Task) map[string]any {
	return map[string]any{
		"title": k.Title, "measures": k.Measures, "deadline": k.Deadline, "due": k.Due, "target": k.Target,
		"evidence": k.EvidenceWanted, "cadence": k.Cadence, "field": k.Field, "rollup": k.Rollup,
		"supervising": k.Supervising, "post": k.Post, "weight": k.Weight,
	}
}

// Withdraw takes a task and its parts back, with the reason (撤销). Its reports stay.
func (d *Desk) Withdraw(ctx context.Context, c org.Caller, key string, id task.ID, reason string) (store.Receipt, error) {
	return d.onTask(ctx, c, org.WithdrawTask, key, id, func(tx *store.Tx, k store.TaskRow, _ []task.Part) error {
		n, err := withdraw(tx, k, reason)
		if err != nil {
			return err
		}
		return tx.Record(map[string]any{"task": id, "reason": reason, "tasks": n})
	})
}

// withdraw takes a task and all below it back, and says how many those were.
func withdraw(tx *store.Tx, k store.TaskRow, reason string) (n int, err error) {
	if err := task.CheckReason(reason); err != nil {
		return 0, err
	}
	if k.State == task.Withdrawn {
		return 0, fault.New(fault.Conflict, "task.withdrawn")
	}
	tree, err := tx.Tree(k.Root)
	if err != nil {
		return 0, err
	}
	under := map[task.ID]bool{k.ID: true}
	for _, t := range tree { // parents come before parts
		if under[t.Parent] || t.ID == k.ID {
			under[t.ID] = true
			if t.State == task.Withdrawn { // keeps the day and the reason that it has
				continue
			}
			tx.About("task", string(t.ID))
			if err := tx.WithdrawTask(t.Task, reason); err != nil {
				return 0, err
			}
			n++
		}
	}
	return n, nil
}
