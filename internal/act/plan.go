package act

import (
	"context"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Row is one row of a plan's task table as it is to be entered.
type Row struct {
	No          string
	Chapter     []string
	Title       string
	Measures    string
	Note        string
	Leads       []org.UnitID
	Cooperating []org.UnitID
	Supervising org.UnitID
	People      []string
	LeadWords   string // as printed
	Commitment  memo.CommitmentID
	Deadline    task.Deadline
	Target      *task.Target
	Field       task.Field // "" is found by the words
	Weight      task.Quantity
	Evidence    string
	Cadence     calendar.PeriodKind
	Rollup      task.Rollup
	Each        []org.UnitID // members of a group, each with a part of its own below the row; Leads gathers
	EachTarget  *task.Target // of each of those parts
}

// EnterTasks adds rows to a plan as drafts. They reach their units when the plan is issued.
func (d *Desk) EnterTasks(ctx context.Context, c org.Caller, key string, id memo.PlanID, rows []Row) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.EnterPlan, key, func(tx *store.Tx) error {
		tx.About("plan", string(id))
		p, m, err := tx.Plan(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.EnterPlan, tx.PlanFacts(p, m)); err != nil {
			return err
		}
		ids, err := enterRows(tx, p, m, rows, d.store.Workdays())
		if err != nil {
			return err
		}
		return tx.Record(map[string]any{"plan": id, "tasks": ids})
	})
}

// enterRows writes rows as drafts after those that the plan has. A row that
// cannot stand is named by its place in the list.
func enterRows(tx *store.Tx, p memo.Plan, m memo.Memorandum, rows []Row, w calendar.Workdays) ([]task.ID, error) {
	last, err := tx.LastPosition(p.ID)
	if err != nil {
		return nil, err
	}
	var l fault.List
	var ids []task.ID
	for i, row := range rows {
		k := row.task(p, m, w)
		k.ID, k.Position = task.ID(tx.NewID()), last+i+1
		k.Root = k.ID
		if err := task.Check(k); err != nil {
			l = append(l, fault.New(fault.Invalid, "plan.row", "Row", i+1, "Title", k.Title).On(fmt.Sprintf("rows.%d", i)).Because(err))
			continue
		}
		if err := tx.AddTask(k, calendar.Date{}); err != nil {
			return nil, err
		}
		if err := enterEach(tx, k, row); err != nil {
			return nil, err
		}
		ids = append(ids, k.ID)
	}
	return ids, l.Err()
}

// enterEach gives each member of a group a part of the row, set and verified by
// the unit that gathers. They are drafts as long as the row is.
func enterEach(tx *store.Tx, k task.Task, row Row) error {
	for i, member := range row.Each {
		unit, err := tx.Unit(member)
		if err != nil {
			return err
		}
		part := task.PartFor(k, row.EachTarget, calendar.Date{})
		part.ID, part.Position = task.ID(tx.NewID()), i+1
		part.Setter, part.Leads, part.Region = k.Leads[0], []org.UnitID{member}, unit.Region
		if err := tx.AddTask(part, calendar.Date{}); err != nil {
			return err
		}
	}
	return nil
}

// task is the row as a draft of a plan.
func (r Row) task(p memo.Plan, m memo.Memorandum, w calendar.Workdays) task.Task {
	k := task.Task{
		Plan: p.ID, Commitment: r.Commitment, No: r.No, Chapter: r.Chapter, Title: r.Title, Measures: r.Measures, Note: r.Note,
		Field: r.Field, Region: p.Region, Setter: p.Office, Leads: r.Leads, Cooperating: r.Cooperating, Supervising: r.Supervising,
		People: r.People, LeadWords: r.LeadWords, Deadline: r.Deadline, Start: startOf(p, m), Target: r.Target, Weight: r.Weight,
		EvidenceWanted: r.Evidence, Cadence: r.Cadence, Rollup: r.Rollup, State: task.Draft,
	}
	if !r.Deadline.From.IsZero() && r.Deadline.From.After(k.Start) {
		k.Start = r.Deadline.From
	}
	k = task.Reckoned(k, events(p, m), w)
	if k.Field == "" {
		k.Field = task.FieldOf(r.Chapter, r.Title)
	}
	if k.Weight == 0 {
		k.Weight = task.One
	}
	if k.Cadence == "" {
		k.Cadence = defaultCadence
	}
	if k.Rollup == "" {
		k.Rollup = task.RollupSum
	}
	return k
}
