package act

import (
	"context"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// EnterMemorandum writes a new memorandum; ids of clauses and commitments are given here.
func (d *Desk) EnterMemorandum(ctx context.Context, c org.Caller, key string, m memo.Memorandum) (store.Receipt, memo.ID, error) {
	r, err := d.store.Act(ctx, c, org.EnterMemorandum, key, func(tx *store.Tx) error {
		m.ID, m.Office = memo.ID(tx.NewID()), c.Unit().ID
		forget(&m)
		tx.About("memorandum", string(m.ID))
		if err := tx.Require(org.EnterMemorandum, org.MemorandumFacts{Office: m.Office, Parties: m.Parties, Region: m.Region}); err != nil {
			return err
		}
		if m.Under != "" {
			if err := seesFramework(tx, m.Under); err != nil {
				return err
			}
			tx.About("memorandum", string(m.Under))
		}
		name(tx, &m)
		if err := m.Check(); err != nil {
			return err
		}
		if err := tx.AddMemorandum(m); err != nil {
			return err
		}
		return tx.Record(m)
	})
	return made(ctx, d, r, err, "memorandum", m.ID)
}

// ChangeMemorandum replaces what a memorandum says, if it is still at the version
// that was shown.
func (d *Desk) ChangeMemorandum(ctx context.Context, c org.Caller, key string, m memo.Memorandum) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.ChangeMemorandum, key, func(tx *store.Tx) error {
		tx.About("memorandum", string(m.ID))
		old, err := tx.Memorandum(m.ID)
		if err != nil {
			return err
		}
		if err := tx.Require(org.ChangeMemorandum, tx.MemorandumFacts(old)); err != nil {
			return err
		}
		m.Office, m.Region = old.Office, old.Region
		if !m.Continues(old) {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		name(tx, &m)
		if err := m.Check(); err != nil {
			return err
		}
		if err := tx.SaveMemorandum(m); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": old, "after": m})
	})
}

// forget takes ids away that came from outside: a new memorandum has none.
func forget(m *memo.Memorandum) {
	for i := range m.Clauses {
		m.Clauses[i].ID = ""
		for j := range m.Clauses[i].Commitments {
			m.Clauses[i].Commitments[j].ID = ""
		}
	}
}

// name gives ids to the clauses and commitments that have none yet.
func name(tx *store.Tx, m *memo.Memorandum) {
	for i := range m.Clauses {
		k := &m.Clauses[i]
		if k.ID == "" {
			k.ID = memo.ClauseID(tx.NewID())
		}
		k.Position = i + 1
		for j := range k.Commitments {
			if k.Commitments[j].ID == "" {
				k.Commitments[j].ID = memo.CommitmentID(tx.NewID())
			}
			k.Commitments[j].Clause = k.ID
		}
	}
}

// EnterPlan begins a memorandum's plan for a year. The caller's unit becomes its
// office: it sets the plan's rows and verifies them.
func (d *Desk) EnterPlan(ctx context.Context, c org.Caller, key string, of memo.ID, year int, title string) (store.Receipt, memo.PlanID, error) {
	var id memo.PlanID
	r, err := d.store.Act(ctx, c, org.EnterPlan, key, func(tx *store.Tx) error {
		tx.About("memorandum", string(of))
		m, err := tx.Memorandum(of)
		if err != nil {
			return err
		}
		p := memo.Plan{ID: memo.PlanID(tx.NewID()), Memorandum: of, Year: year, Title: title, Region: m.Region, Office: m.Office}
		if err := tx.Require(org.EnterPlan, tx.PlanFacts(p, m)); err != nil {
			return err
		}
		if err := p.Check(m); err != nil {
			return err
		}
		if err := tx.AddPlan(p); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "plan.exists", "Year", year).On("year"))
		}
		id = p.ID
		tx.About("plan", string(id))
		return tx.Record(p)
	})
	return made(ctx, d, r, err, "plan", id)
}

// IssuePlan gives the plan's drafts to their units, which are asked to sign (下达).
func (d *Desk) IssuePlan(ctx context.Context, c org.Caller, key string, id memo.PlanID) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.IssuePlan, key, func(tx *store.Tx) error {
		tx.About("plan", string(id))
		p, m, err := tx.Plan(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.IssuePlan, tx.PlanFacts(p, m)); err != nil {
			return err
		}
		drafts, err := tx.DraftTasks(id)
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			return fault.New(fault.Conflict, "plan.nothing-to-issue")
		}
		if err := mayIssue(tx, p, m); err != nil {
			return err
		}
		if err := d.dateDrafts(tx, drafts, p, m); err != nil {
			return err
		}
		signBy := d.signBy(tx)
		if err := tx.IssuePlan(p, tx.Today(), signBy); err != nil {
			return err
		}
		return tx.Record(map[string]any{"plan": id, "tasks": len(drafts), "sign_by": signBy})
	})
}

// dateDrafts works out the last days of drafts that count from the issue, which
// is today.
func (d *Desk) dateDrafts(tx *store.Tx, drafts []store.TaskRow, p memo.Plan, m memo.Memorandum) error {
	e := events(p, m)
	e.Issued = tx.Today()
	for _, k := range drafts {
		if !k.Deadline.CountsFrom("issue") {
			continue
		}
		if err := tx.SetDue(task.Reckoned(k.Task, e, d.store.Workdays())); err != nil {
			return err
		}
	}
	return nil
}

// ClosePeriod ends a reporting period for the plans of the caller's unit: lights
// and scores of the period rest on what has been verified by then.
func (d *Desk) ClosePeriod(ctx context.Context, c org.Caller, key string, p calendar.Period) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.ClosePeriod, key, func(tx *store.Tx) error {
		tx.About("period", p.String())
		if err := tx.Require(org.ClosePeriod, org.PlanFacts{Office: c.Unit().ID}); err != nil {
			return err
		}
		if p.IsZero() || !p.Valid() {
			return fault.New(fault.Invalid, "period.unreadable").On("period")
		}
		if due := d.rules().Reporting.DueOf(p); !tx.Today().After(due) {
			return fault.New(fault.Conflict, "period.still-open", "Due", due).On("period")
		}
		count, err := tx.ClosePeriod(p, c.Unit().ID)
		if err != nil {
			return duplicate(err, fault.New(fault.Conflict, "period.closed-already", "Period", p).On("period"))
		}
		return tx.Record(map[string]any{"period": p, "reports": count})
	})
}

// settings of a task that are not in its document come from the field's practice.
const defaultCadence = calendar.Month

// startOf is the first day of the course of a task: the first of the plan's
// year, or the month of signing when that is later.
func startOf(p memo.Plan, m memo.Memorandum) calendar.Date {
	first := calendar.NewDate(p.Year, 1, 1)
	if m.Signed.After(first) && m.Signed.Year == p.Year && m.Signed.Month > 6 {
		return calendar.NewDate(p.Year, m.Signed.Month, 1)
	}
	return first
}

// events are the days from which relative deadlines of a plan's rows count.
func events(p memo.Plan, m memo.Memorandum) task.Events {
	return task.Events{Signed: m.Signed, Issued: p.Issued, Year: p.Year}
}
