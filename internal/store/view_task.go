package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// TaskAbove is a task that another one is a part of.
type TaskAbove struct {
	ID    task.ID
	No    string
	Title string
	Seen  bool
}

// TaskThread is what a task hangs on: clause, commitment, plan, the tasks above.
// What the caller may not see is left out: a unit that only helps in a task sees
// the name of its plan and nothing more of it.
type TaskThread struct {
	Plan       memo.Plan
	PlanSeen   bool
	PlanRows   int // rows of the plan, when it is seen
	Memorandum memo.Memorandum
	MemoSeen   bool
	Clause     *memo.Clause     // nil: none, or not seen
	Commitment *memo.Commitment // nil: none, or not seen
	Above      []TaskAbove      // from the row of the plan down
}

// TaskThread returns what a task hangs on.
func (v *View) TaskThread(ctx context.Context, k TaskView) (t TaskThread, err error) {
	if t.Plan, t.Memorandum, err = loadPlan(ctx, v.q, k.Plan); err != nil {
		return t, err
	}
	m := t.Memorandum
	t.PlanSeen = v.May(org.SeePlan, planFacts(t.Plan, m))
	t.MemoSeen = v.May(org.SeeMemorandum, memorandumFacts(m))
	if t.PlanSeen {
		if err = v.q.QueryRowContext(ctx, `select count(*) from task where plan = $1 and depth = 0 and state <> 'withdrawn'`, k.Plan).Scan(&t.PlanRows); err != nil {
			return t, fmt.Errorf("store: counting the rows of plan %s: %w", k.Plan, err)
		}
	}
	if t.MemoSeen {
		t.Clause, t.Commitment = servedBy(m, k.Commitment)
	} else {
		t.Memorandum = memo.Memorandum{ID: m.ID, Signed: m.Signed}
	}
	if k.Depth > 0 {
		t.Above, err = v.tasksAbove(ctx, k.Parent)
	}
	return t, err
}

// servedBy finds a commitment and its clause in a memorandum.
func servedBy(m memo.Memorandum, id memo.CommitmentID) (*memo.Clause, *memo.Commitment) {
	for i, c := range m.Clauses {
		for j, k := range c.Commitments {
			if k.ID == id {
				return &m.Clauses[i], &m.Clauses[i].Commitments[j]
			}
		}
	}
	return nil, nil
}

// tasksAbove returns a task and those it is a part of, from the top down.
func (v *View) tasksAbove(ctx context.Context, id task.ID) ([]TaskAbove, error) {
	rows, err := v.q.QueryContext(ctx, `with recursive up (id, parent, no, title, depth) as (
			select id, parent, no, title, depth from task where id = $1
			union all
			select t.id, t.parent, t.no, t.title, t.depth from up join task t on t.id = up.parent
		) select id, no, title from up order by depth`, id)
	out, err := collect(rows, err, func(r *sql.Rows) (a TaskAbove, err error) { return a, r.Scan(&a.ID, &a.No, &a.Title) })
	if err != nil {
		return nil, err
	}
	ids := make([]task.ID, len(out))
	for i, a := range out {
		ids[i] = a.ID
	}
	seen, err := v.tasksSeen(ctx, ids)
	for i := range out {
		out[i].Seen = seen[out[i].ID]
	}
	return out, err
}

// TaskCourse is how the figures of a task and its parts went.
type TaskCourse struct {
	Facts   map[task.ID]task.Facts // of the task and of all below it
	Reports []task.Report          // of the task itself, oldest first
	view    *View
}

// LightOn is the light that a task showed, or will show if nothing happens, on a day.
func (c TaskCourse) LightOn(id task.ID, on calendar.Date) task.Light {
	return c.view.lightOn(c.Facts[id], on)
}

// TaskCourse reads the course of a task with all its parts: of the task itself its
// reports whole, of those below it only what is counted.
func (v *View) TaskCourse(ctx context.Context, k TaskView) (TaskCourse, error) {
	out := TaskCourse{view: v}
	var err error
	if out.Reports, err = loadReports(ctx, v.q, `where r.task = $1`, k.ID); err != nil {
		return out, err
	}
	tree, reports := []keptTask{{Task: k.TaskRow.Task, Finished: k.Finished}}, out.Reports
	if k.TaskRow.Parts > 0 {
		of, args := `t.root = $1 and t.depth > $2`, []any{k.Root, k.Depth}
		all, below, err := loadTrees(ctx, v.q, `where `+of, args...)
		if err != nil {
			return out, err
		}
		under := map[task.ID]bool{k.ID: true}
		for _, t := range all { // parents come before parts
			if under[t.Parent] {
				under[t.ID] = true
				tree = append(tree, t)
			}
		}
		reports = slices.Concat(reports, below)
	}
	out.Facts = task.TreeFacts(nodesBeside(tree, nil, reports), v.store.rules.On(v.today).Reporting, v.today)
	return out, nil
}

// PartRow is a part of a task with what waits in it.
type PartRow struct {
	PlanRow
	Waiting    int           // reports handed in and not verified
	WaitingDue calendar.Date // the first day by which one is to be verified
	Returned   int           // reports sent back and not handed in again
}

// TaskParts returns the parts directly below a task that the caller sees.
func (v *View) TaskParts(ctx context.Context, id task.ID, after RowKey, limit int) ([]PartRow, error) {
	c := clause{n: 1}
	where := `t.parent = ` + c.arg(string(id)) + ` and t.state <> 'withdrawn'`
	scope, args := namedTasksInScope(v.scope, c.n)
	c.n, c.args = c.n+len(args), append(c.args, args...)
	where += ` and ` + scope
	if after.ID != "" {
		pos, id := c.arg(after.Position), c.arg(string(after.ID))
		where += ` and (t.position > ` + pos + ` or t.position = ` + pos + ` and t.id > ` + id + `)`
	}
	rows, err := v.planRows(ctx, where+` order by t.position, t.id limit `+c.arg(limit), c.args)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids, at, out := make([]task.ID, len(rows)), map[task.ID]int{}, make([]PartRow, len(rows))
	for i, r := range rows {
		ids[i], at[r.ID], out[i] = r.ID, i, PartRow{PlanRow: r}
	}
	marks, marked := list(1, ids)
	waiting, err := v.q.QueryContext(ctx, `select r.task, sum(case when r.state = 'submitted' then 1 else 0 end),
			min(case when r.state = 'submitted' then r.due end),
			sum(case when r.state = 'returned' and not exists (select 1 from report x where x.task = r.task and x.unit = r.unit
				and x.period = r.period and x.round > r.round) then 1 else 0 end)
		from report r where r.task in (`+marks+`) group by r.task`, marked...)
	_, err = collect(waiting, err, func(r *sql.Rows) (struct{}, error) {
		var id task.ID
		var p PartRow
		err := r.Scan(&id, &p.Waiting, &p.WaitingDue, &p.Returned)
		if i, ok := at[id]; err == nil && ok {
			out[i].Waiting, out[i].WaitingDue, out[i].Returned = p.Waiting, p.WaitingDue, p.Returned
		}
		return struct{}{}, err
	})
	return out, err
}

// ReportWaiting is a report that the caller's unit is to verify.
type ReportWaiting struct {
	ID    task.ReportID
	Task  task.ID
	Unit  org.UnitID
	Name  string // of the unit
	Value task.Quantity
	Due   calendar.Date
}

// ToVerify returns the reports of a task and its parts that wait for the caller's
// unit, the most urgent first.
func (v *View) ToVerify(ctx context.Context, id task.ID, limit int) ([]ReportWaiting, error) {
	rows, err := v.q.QueryContext(ctx, `select r.id, r.task, r.unit, u.name, r.value, r.due from report r
		join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit)
		where (t.id = $1 or t.parent = $1) and r.state = 'submitted' and r.verifier = $2 order by r.due, r.id limit $3`,
		id, v.caller.Unit().ID, limit)
	return collect(rows, err, func(r *sql.Rows) (w ReportWaiting, err error) {
		return w, r.Scan(&w.ID, &w.Task, &w.Unit, &w.Name, &w.Value, &w.Due)
	})
}

// EvidenceRow is a file that a report of a task or of its parts rests on.
type EvidenceRow struct {
	ID        task.EvidenceID
	Name      string
	Type      string
	Size      int64
	At        time.Time
	Report    task.ReportID
	State     task.ReportState
	Verdict   string
	Unit      org.UnitID
	UnitName  string
	Elsewhere []EvidenceElsewhere // other tasks that it was used for, those that the caller sees
	Hidden    int                 // and how many that are out of sight
}

// EvidenceElsewhere is another task that a file was used for.
type EvidenceElsewhere struct {
	Task  task.ID
	Title string
	Unit  string // name of the reporting unit
}

// TaskEvidence returns the evidence of a task and of the parts that the caller
// sees, the newest first, and says where else each file was used.
func (v *View) TaskEvidence(ctx context.Context, id task.ID, limit int) ([]EvidenceRow, error) {
	c := clause{n: 1}
	of := c.arg(string(id))
	scope, args := namedTasksInScope(v.scope, c.n)
	c.n, c.args = c.n+len(args), append(c.args, args...)
	rows, err := v.q.QueryContext(ctx, `select e.evidence, e.name, f.type, f.size, e.at, r.id, r.state, r.verdict, r.unit, u.name
		from report_evidence e join evidence f on f.id = e.evidence join report r on r.id = e.report
		join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit)
		where (t.id = `+of+` or t.parent = `+of+` and `+scope+`) and r.state <> 'taken-back'
		order by e.at desc, e.report, e.position limit `+c.arg(limit), c.args...)
	out, err := collect(rows, err, func(r *sql.Rows) (e EvidenceRow, err error) {
		return e, r.Scan(&e.ID, &e.Name, &e.Type, &e.Size, instant{&e.At}, &e.Report, &e.State, &e.Verdict, &e.Unit, &e.UnitName)
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, v.elsewhere(ctx, id, out)
}

// elsewhere fills in where else files were used: not in the same task or its parts.
func (v *View) elsewhere(ctx context.Context, id task.ID, files []EvidenceRow) error {
	ids := make([]task.EvidenceID, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	scope, args := namedTasksInScope(v.scope, 2)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	uses, marked := usesOf(2+len(args), ids)
	rows, err := v.q.QueryContext(ctx, `select distinct e.evidence, t.id, t.title, u.name, case when `+scope+` then 1 else 0 end
		from (`+uses+`) e join report r on r.id = e.report join task t on t.id = r.task join unit u on u.id = coalesce(r.filed_by, r.unit)
		where t.id <> $1 and (t.parent is null or t.parent <> $1) and r.state <> 'taken-back'
		order by e.evidence, t.id limit 200`, append(append([]any{string(id)}, args...), marked...)...)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var file task.EvidenceID
		var use EvidenceElsewhere
		var seen int
		err := r.Scan(&file, &use.Task, &use.Title, &use.Unit, &seen)
		for i := range files {
			if files[i].ID != file {
				continue
			}
			if seen == 1 {
				files[i].Elsewhere = append(files[i].Elsewhere, use)
			} else {
				files[i].Hidden++
			}
		}
		return struct{}{}, err
	})
	return err
}

// PostNames returns posts by id, with their units' names, for pages that show who did what.
func (v *View) PostNames(ctx context.Context, ids []org.PostID) (map[org.PostID]PostOf, error) {
	out := map[org.PostID]PostOf{}
	if len(ids) == 0 {
		return out, nil
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select o.id, o.title, u.id, u.name, o.roles, u.region
		from post o join unit u on u.id = o.unit where o.id in (`+marks+`)`, args...)
	found, err := collect(rows, err, scanPostOf)
	for _, p := range found {
		out[p.Post] = p
	}
	return out, err
}

// UnitsBelow returns units that a unit may give parts to: those directly below
// it in its line, the governments directly below it in its block, and the
// departments that it guides (Rule O-21); with words, any unit below it that is called so.
func (v *View) UnitsBelow(ctx context.Context, unit org.UnitID, words string, limit int) ([]org.Unit, error) {
	c := clause{n: 1}
	above := c.arg(string(unit))
	below := `select a.unit from unit_above a where a.above = ` + above + ` and a.distance > 0`
	if words == "" {
		below = `select a.unit from unit_above a join unit w on w.id = a.unit where a.above = ` + above + ` and a.distance = 1
			and (a.axis = 'line' and w.level <> (select x.level from unit x where x.id = a.above) or a.axis = 'block' and w.kind = 'government')`
	}
	// A list of ids and not conditions on u: a nation has sixteen thousand units.
	where := `u.to_day is null and u.id in (` + below + ` union all ` + guidedUnits(above) + `)`
	if words != "" {
		w := c.arg("%" + words + "%")
		where += ` and (u.name like ` + w + ` or u.short like ` + w + ` or u.aliases like ` + w + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit u where `+where+` order by u.region, u.position, u.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
}

// Under counts the tasks below one, withdrawn ones left out.
func (v *View) Under(ctx context.Context, id task.ID) (n int, err error) {
	err = v.q.QueryRowContext(ctx, `with recursive down (id) as (
			select id from task where parent = $1 and state <> 'withdrawn'
			union all
			select t.id from down join task t on t.parent = down.id and t.state <> 'withdrawn'
		) select count(*) from down`, id).Scan(&n)
	return n, err
}
