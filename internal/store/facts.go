package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// taskFacts gathers what permissions are judged by for a task, by one question.
func taskFacts(ctx context.Context, q queryer, k task.Task) (org.TaskFacts, error) {
	f := org.TaskFacts{Setter: k.Setter, Leads: k.Leads, Cooperating: k.Cooperating, Supervising: k.Supervising, Draft: k.State == task.Draft}
	query := `select 'office' as what, office as unit, 0 as distance from plan where id = $1
		union all select distinct 'verifier', verifier, 0 from report where task = $2`
	args := []any{k.Plan, k.ID}
	if all := slices.Concat(k.Leads, k.Cooperating); len(all) > 0 {
		marks, units := list(3, all)
		query += ` union all select axis, above, min(distance) from unit_above where distance > 0 and unit in (` + marks + `) group by axis, above`
		args = append(args, units...)
	}
	rows, err := q.QueryContext(ctx, query+` order by 3, 2`, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var what string
		var unit org.UnitID
		var distance int
		if err := r.Scan(&what, &unit, &distance); err != nil {
			return struct{}{}, err
		}
		switch what {
		case "office":
			f.Office = unit
		case "verifier":
			f.Verifiers = append(f.Verifiers, unit)
		case string(org.Line):
			f.LineAbove = append(f.LineAbove, unit)
		case string(org.Block):
			f.BlockAbove = append(f.BlockAbove, unit)
		}
		return struct{}{}, nil
	})
	if err == nil && f.Office == "" {
		err = fmt.Errorf("store: task %s: its plan %s is not there", k.ID, k.Plan)
	}
	return f, err
}

// VerifierOf returns the unit that verifies what a unit reports of a task.
func (t *Tx) VerifierOf(k task.Task, reporter org.UnitID) (org.UnitID, error) {
	return verifierOf(t.ctx, t.tx, k, reporter)
}

// TaskFacts gathers what permissions are judged by for a task.
func (t *Tx) TaskFacts(k task.Task) (org.TaskFacts, error) { return taskFacts(t.ctx, t.tx, k) }

// ReportFacts gathers what permissions are judged by for a report.
func (t *Tx) ReportFacts(r task.Report, k task.Task) (org.ReportFacts, error) {
	return reportFacts(t.ctx, t.tx, r, k)
}

func reportFacts(ctx context.Context, q queryer, r task.Report, k task.Task) (org.ReportFacts, error) {
	f := org.ReportFacts{Unit: r.Unit, By: r.By}
	var err error
	if f.Task, err = taskFacts(ctx, q, k); err != nil {
		return f, err
	}
	if err := q.QueryRowContext(ctx, `select verifier from report where id = $1`, r.ID).Scan(&f.Task.Verifier); err != nil {
		return f, err
	}
	line, err := above(ctx, q, org.Line, []org.UnitID{r.Unit})
	if err != nil {
		return f, err
	}
	block, err := above(ctx, q, org.Block, []org.UnitID{r.Unit})
	f.Above = append(line, block...)
	return f, err
}

// planFacts is what permissions are judged by for a plan of a memorandum.
func planFacts(p memo.Plan, m memo.Memorandum) org.PlanFacts {
	return org.PlanFacts{Office: p.Office, Parties: m.Parties, Region: p.Region, Draft: p.Issued.IsZero()}
}

// PlanFacts is what permissions are judged by for a plan of a memorandum.
func (t *Tx) PlanFacts(p memo.Plan, m memo.Memorandum) org.PlanFacts { return planFacts(p, m) }

// Below reports whether every unit stands below one: in line, in block, or guided by it.
func (t *Tx) Below(above org.UnitID, units []org.UnitID) (bool, error) {
	if len(units) == 0 {
		return true, nil
	}
	marks, args := list(2, units)
	var n int
	err := t.tx.QueryRowContext(t.ctx, `select count(*) from unit u where u.id in (`+marks+`) and
		(exists (select 1 from unit_above a where a.unit = u.id and a.above = $1 and a.distance > 0) or `+guided("$1")+`)`,
		append([]any{above}, args...)...).Scan(&n)
	return n == len(units), err
}

// guided is the condition that unit u is among guidedUnits.
func guided(above string) string { return `exists (` + guidedUnits(above) + ` and w.id = u.id)` }

// guidedUnits asks for the departments of the same function as the one in the
// placeholder, in governments below that one's.
//
// Rule O-21 (地方各级人民代表大会和地方各级人民政府组织法, 业务指导): a department guides
// those of its function below, though no line joins them.
func guidedUnits(above string) string {
	return `select w.id from unit d join unit_above g on g.above = d.block and g.axis = 'block' and g.distance > 1 join unit w on w.id = g.unit
		where d.id = ` + above + ` and d.kind = 'department' and d.function <> '' and w.kind = 'department' and w.function = d.function and w.to_day is null`
}

// seeing is the action that looks at a resource, and at what exactly, for
// telling "not yours to do" from "not there".
func seeing(r org.Resource) (org.Resource, org.Action) {
	switch r := r.(type) {
	case org.TaskFacts:
		return r, org.SeeTask
	case org.ReportFacts:
		return r.Task, org.SeeTask
	case org.PlanFacts:
		return r, org.SeePlan
	case org.MemorandumFacts:
		return r, org.SeeMemorandum
	case org.ScoreFacts:
		return r, org.SeeScores
	case org.CommitmentFacts:
		return r.Memorandum, org.SeeMemorandum
	case org.SupportFacts:
		return r, org.SeeSupport
	case org.DocumentFacts:
		return r, org.SeeDocument
	case org.OpinionFacts:
		return r, org.SeeOpinion
	case org.LetterFacts:
		return r, org.SeeLetter
	case org.SurveyFacts:
		return r, org.SeeSurvey
	case org.MeasureFacts:
		return r, org.SeeMeasures
	case org.UnitFacts:
		return r, org.SeeUnit
	case org.JournalFacts:
		return r, org.SeeJournal
	}
	return nil, ""
}

// unbounded is the condition of a scope that sees all or nothing, for whom no list
// asks any further; ok is false for every other one.
func unbounded(s org.Scope) (where string, ok bool) {
	switch {
	case s.All():
		return "1 = 1", true
	case s.Nothing():
		return "1 = 0", true
	}
	return "", false
}

// tasksInScope is the WHERE clause that equals org.Scope.SeesTask, for task t, in a
// question that goes through many. from is the number of the first placeholder.
func tasksInScope(s org.Scope, from int) (string, []any) { return tasksSeenBy(s, from, "") }

// namedTasksInScope is the same for a question that names its tasks by id or by the
// task above them: PostgreSQL is kept from finding the tasks of everybody in the
// caller's line first, and looks up the parts of each task. It hashes what an exists
// asks unless that has an offset.
func namedTasksInScope(s org.Scope, from int) (string, []any) {
	return tasksSeenBy(s, from, " limit 1 offset 0")
}

func tasksSeenBy(s org.Scope, from int, each string) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	exists := func(what string) string { return ` or exists (select 1 from ` + what + each + `)` }
	own := `t.setter = ` + unit + exists(`plan x where x.id = t.plan and x.office = `+unit) +
		exists(`report x where x.task = t.id and x.verifier = `+unit)
	part := `t.supervising = ` + unit + exists(`part x where x.task = t.id and x.unit = `+unit)
	above := func(axis org.Axis, of org.UnitID) string {
		return exists(`part x join unit_above a on a.unit = x.unit and a.axis = '` + string(axis) + `'
			where x.task = t.id and a.above = ` + b.arg(string(of)))
	}
	if l := s.Line(); l != "" {
		part += above(org.Line, l)
	}
	if k := s.Block(); k != "" {
		part += above(org.Block, k)
	}
	return `(` + own + ` or (t.state <> 'draft' and (` + part + `)))`, b.args
}

// plansInScope is the WHERE clause that equals org.Scope.SeesPlan, for plan l.
func plansInScope(s org.Scope, from int) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	// A list of ids and not conditions on l: who sees few plans finds them by indexes.
	all := `select x.id from plan x where x.office = ` + unit + `
		union all select x.id from party y join plan x on x.memorandum = y.memorandum where y.unit = ` + unit + ` and x.issued is not null`
	if p := s.TerritoryPrefix(); p != "" {
		all += ` union all select x.id from plan x where ` + b.within("x.region", p) + ` and x.issued is not null`
	}
	return `l.id in (` + all + `)`, b.args
}

// memorandumsInScope is the WHERE clause that equals org.Scope.SeesMemorandum, for memorandum m.
func memorandumsInScope(s org.Scope, from int) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	all := `select x.id from memorandum x where x.office = ` + unit + `
		union all select x.memorandum from party x where x.unit = ` + unit + `
		union all select x.memorandum from member x where x.unit = ` + unit + ` and x.left_day is null`
	if s.Unit() != "" {
		all += ` union all select x.id from memorandum x where x.open_list and x.form = 'alliance' and x.stage = 'in-force'`
	}
	if p := s.TerritoryPrefix(); p != "" {
		all += ` union all select x.id from memorandum x where ` + b.within("x.region", p)
	}
	return `m.id in (` + all + `)`, b.args
}

// documentsInScope is the WHERE clause that equals org.Scope.SeesDocument, for document d.
func documentsInScope(s org.Scope, from int) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	w := `d.unit = ` + unit + ` or d.about = ` + unit
	if p := s.TerritoryPrefix(); p != "" {
		w += ` or d.region like ` + b.arg(p+"%")
	}
	return `(` + w + `)`, b.args
}

// clause numbers the placeholders of a WHERE clause that is put together.
type clause struct {
	n    int
	args []any
}

func (c *clause) arg(v any) string {
	c.args = append(c.args, v)
	c.n++
	return "$" + strconv.Itoa(c.n-1)
}

// within is the condition that a region's code begins with digits. As a range, and
// not with like, it is answered by an index in any collation.
func (c *clause) within(column, prefix string) string {
	n, err := strconv.Atoi(prefix)
	if err != nil {
		return column + ` like ` + c.arg(prefix+"%")
	}
	return column + ` >= ` + c.arg(prefix) + ` and ` + column + ` < ` + c.arg(fmt.Sprintf("%0*d", len(prefix), n+1))
}

// rowsOf reads a column of ids.
func rowsOf[T ~string](rows *sql.Rows, err error) ([]T, error) {
	return collect(rows, err, func(r *sql.Rows) (v T, err error) { return v, r.Scan(&v) })
}
