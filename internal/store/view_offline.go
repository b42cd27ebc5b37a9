package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Owed is a report that a unit owes, with its newest verified figure.
type Owed struct {
	Asked
	Verified task.Report // zero: nothing verified yet
}

// maxOwing is how many units one bundle of sheets is made for: a province has
// some thousand that take part.
const maxOwing = 3_000

// Owed returns the reports that the caller's unit owes, for a sheet to be filled
// in without a line. With ahead they are those of the running period, which is
// not over yet. More says that there are more tasks than a sheet takes.
func (v *View) Owed(ctx context.Context, ahead bool) (out []Owed, more bool, err error) {
	unit := v.caller.Unit().ID
	if err := v.see(org.UploadSheet, org.UnitFacts{Unit: unit}); err != nil {
		return nil, false, err
	}
	return v.owedBy(ctx, unit, "", ahead)
}

// UnitsOwing returns the units of a territory that take part in the plans which
// the caller's unit runs: those that a bundle of sheets is made for. Whoever may
// not close a period of these plans has none.
func (v *View) UnitsOwing(ctx context.Context, territory org.RegionCode) ([]org.Unit, error) {
	office := v.caller.Unit().ID
	if err := v.see(org.ClosePeriod, org.PlanFacts{Office: office}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit u where u.region like $2 and exists (
			select 1 from part p join task t on t.id = p.task join plan l on l.id = t.plan
			where p.unit = u.id and p.state = 'signed' and l.office = $1 and `+givenOut+`)
		order by u.region, u.position, u.id limit $3`, office, territory.Prefix()+"%", maxOwing+1)
	units, err := collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
	if err == nil && len(units) > maxOwing {
		err = fault.New(fault.TooLarge, "offline.too-many-units", "Limit", maxOwing)
	}
	return units, err
}

// OwedBy returns the reports that a unit owes in the plans which the caller's unit runs.
func (v *View) OwedBy(ctx context.Context, unit org.UnitID, ahead bool) ([]Owed, bool, error) {
	office := v.caller.Unit().ID
	if err := v.see(org.ClosePeriod, org.PlanFacts{Office: office}); err != nil {
		return nil, false, err
	}
	return v.owedBy(ctx, unit, office, ahead)
}

// owedBy works out what a unit owes; office "" asks for all plans.
func (v *View) owedBy(ctx context.Context, unit, office org.UnitID, ahead bool) (out []Owed, more bool, err error) {
	scope, args := tasksInScope(v.scope, 4)
	rows, err := v.q.QueryContext(ctx, `select `+taskColumns+`, `+partColumns+` from part p join task t on t.id = p.task join plan l on l.id = t.plan
		where p.unit = $1 and p.state = 'signed' and `+givenOut+` and ($2 = '' or l.office = $2)
		and `+scope+` order by p.task limit $3`, append([]any{unit, office, maxOwn + 1}, args...)...)
	tasks, err := v.collectOwn(rows, err)
	if err != nil || len(tasks) == 0 {
		return nil, false, err
	}
	if more = len(tasks) > maxOwn; more {
		tasks = tasks[:maxOwn]
	}
	reports, err := v.reportsBy(ctx, unit, tasks)
	if err != nil {
		return nil, false, err
	}
	for _, k := range tasks {
		a, ok := v.asked(k, reports[k.ID])
		if ahead {
			a, ok = v.askedAhead(k, reports[k.ID])
		}
		if !ok || a.Last.Live() {
			continue
		}
		o := Owed{Asked: a}
		for _, r := range reports[k.ID] {
			if r.State == task.ReportVerified && !r.Period.Before(o.Verified.Period) {
				o.Verified = r
			}
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b Owed) int { return cmp.Or(a.Task.Due.Compare(b.Task.Due), cmp.Compare(a.ID, b.ID)) })
	return out, more, nil
}

// askedAhead is the report of the running period: a county that has no line at
// its end fills it in before.
func (v *View) askedAhead(k OwnTask, reports []task.Report) (Asked, bool) {
	a := Asked{OwnTask: k}
	running := calendar.Of(k.PeriodKind(), v.today)
	if k.Cadence == "" || k.Parts > 0 || !k.Start.IsZero() && running.Last().Before(k.Start) {
		return a, false
	}
	a.Period = running
	for _, r := range reports {
		switch {
		case r.Period == running:
			a.Last = r
		case r.Live() && r.Period.Before(running):
			a.Before = r
		}
	}
	a.Due = v.store.rules.On(v.today).LastDay(k.Part, running, reports, v.store.workdays)
	return a, true
}

// reportsBy reads what a unit reported of tasks, by task, then by period and round.
func (v *View) reportsBy(ctx context.Context, unit org.UnitID, tasks []OwnTask) (map[task.ID][]task.Report, error) {
	ids := make([]task.ID, len(tasks))
	for i, k := range tasks {
		ids[i] = k.ID
	}
	marks, args := list(2, ids)
	rows, err := v.q.QueryContext(ctx, `select `+reportColumns+` from report r where r.unit = $1 and r.task in (`+marks+`)
		and r.state <> 'taken-back' order by r.task, r.period, r.round`, append([]any{unit}, args...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (task.Report, error) { return scanReport(r) })
	out := map[task.ID][]task.Report{}
	for _, r := range all {
		out[r.Task] = append(out[r.Task], r)
	}
	return out, err
}

// Reportable is a task with all that decides whether the caller's unit may report
// it, and what it has reported.
type Reportable struct {
	TaskRow
	Part     task.Part // of the caller's unit
	Parts    []task.Part
	Reports  []task.Report // of all units, oldest first
	Below    *task.Figure  // roll-up of the parts below; nil: not split
	Receipts map[task.ReportID]ReceiptOf
}

// ReceiptOf is the receipt that a report was given.
type ReceiptOf struct{ Number, Entry string }

// reportableAtOnce bounds the marks of one question.
const reportableAtOnce = 200

// Reportable returns, of the given tasks, those that the caller's unit has a part
// in and the caller may see.
func (v *View) Reportable(ctx context.Context, ids []task.ID) (map[task.ID]Reportable, error) {
	out := map[task.ID]Reportable{}
	for chunk := range slices.Chunk(ids, reportableAtOnce) {
		if err := v.reportable(ctx, chunk, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v *View) reportable(ctx context.Context, ids []task.ID, out map[task.ID]Reportable) error {
	unit := v.caller.Unit().ID
	marks, args := list(2, ids)
	scope, more := namedTasksInScope(v.scope, 2+len(ids))
	tasks, err := v.tasks(ctx, `where exists (select 1 from part y where y.task = t.id and y.unit = $1) and t.id in (`+marks+`) and `+scope,
		append(append([]any{unit}, args...), more...)...)
	if err != nil || len(tasks) == 0 {
		return err
	}
	found := make([]task.ID, len(tasks))
	for i, k := range tasks {
		found[i] = k.ID
		out[k.ID] = Reportable{TaskRow: k, Receipts: map[task.ReportID]ReceiptOf{}}
	}
	marks, args = list(1, found)
	rows, err := v.q.QueryContext(ctx, `select `+partColumns+` from part p where p.task in (`+marks+`) order by p.task, p.role desc, p.position`, args...)
	parts, err := collect(rows, err, func(r *sql.Rows) (p task.Part, err error) {
		return p, r.Scan(&p.Task, &p.Unit, &p.Role, &p.State, &p.Reason, &p.Due, &p.Signed, &p.Excused)
	})
	if err != nil {
		return err
	}
	reports, err := loadReports(ctx, v.q, `where r.task in (`+marks+`)`, args...)
	if err != nil {
		return err
	}
	children, err := v.tasks(ctx, `where t.parent in (`+marks+`)`, args...)
	if err != nil {
		return err
	}
	below := map[task.ID][]task.PartFigure{}
	for _, c := range children {
		if c.State != task.Withdrawn {
			below[c.Parent] = append(below[c.Parent], c.PartFigure())
		}
	}
	for _, p := range parts {
		k := out[p.Task]
		k.Parts = append(k.Parts, p)
		if p.Unit == unit {
			k.Part = p
		}
		out[p.Task] = k
	}
	for _, r := range reports {
		k := out[r.Task]
		k.Reports = append(k.Reports, r)
		out[r.Task] = k
	}
	for _, id := range found {
		if k := out[id]; len(below[id]) > 0 {
			f := task.RollUp(k.Rollup, task.Figure{}, below[id])
			k.Below = &f
			out[id] = k
		}
	}
	return v.receiptsOf(ctx, found, out)
}

// receiptsOf adds the receipts of the own reports.
func (v *View) receiptsOf(ctx context.Context, ids []task.ID, out map[task.ID]Reportable) error {
	type row struct {
		task   task.ID
		report task.ReportID
		of     ReceiptOf
	}
	marks, args := list(2, ids)
	rows, err := v.q.QueryContext(ctx, `select r.task, r.id, coalesce(e.receipt, ''), r.entry from report r left join journal_entry e on e.id = r.entry
		where r.unit = $1 and r.task in (`+marks+`)`, append([]any{v.caller.Unit().ID}, args...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) {
		return x, r.Scan(&x.task, &x.report, &x.of.Number, &x.of.Entry)
	})
	for _, x := range all {
		out[x.task].Receipts[x.report] = x.of
	}
	return err
}
