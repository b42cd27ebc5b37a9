package store

import (
	"context"
	"database/sql"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// TableRows returns rows of a plan that pass a filter, in the order of the
// document and over all chapters: the rows that View.PlanRows shows by chapter.
func (v *View) TableRows(ctx context.Context, p PlanView, f RowFilter, after RowKey, limit int) ([]PlanRow, error) {
	c := clause{n: 1}
	where := `t.plan = ` + c.arg(string(p.ID)) + ` and t.depth = 0 and ` + v.shown(&c) + ` and ` + f.where(&c)
	if after.ID != "" {
		pos, id := c.arg(after.Position), c.arg(string(after.ID))
		where += ` and (t.position > ` + pos + ` or t.position = ` + pos + ` and t.id > ` + id + `)`
	}
	return v.planRows(ctx, where+` order by t.position, t.id limit `+c.arg(limit), c.args)
}

// UnitTask is a task that a unit takes part in, whole.
type UnitTask struct {
	TaskRow
	Plan string    // title of the plan
	Year int       // of the plan
	Part task.Part // the unit's
}

// UnitTasks returns the tasks of a unit that the caller sees, by id: those that
// View.TasksOf names, with all that a file says of them.
func (v *View) UnitTasks(ctx context.Context, unit org.UnitID, after task.ID, limit int) ([]UnitTask, error) {
	named, err := v.TasksOf(ctx, unit, after, limit)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	at, ids := map[task.ID][]int{}, make([]task.ID, len(named))
	out := make([]UnitTask, len(named))
	for i, t := range named {
		ids[i], at[t.ID] = t.ID, append(at[t.ID], i)
		out[i].Part = task.Part{Unit: unit, Role: t.Role}
	}
	marks, args := list(1, ids)
	tasks, err := v.tasks(ctx, `where t.id in (`+marks+`)`, args...)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		for _, i := range at[t.ID] {
			out[i].TaskRow = t
		}
	}
	type plan struct {
		of    task.ID
		title string
		year  int
	}
	rows, err := v.q.QueryContext(ctx, `select t.id, l.title, l.year from task t join plan l on l.id = t.plan where t.id in (`+marks+`)`, args...)
	plans, err := collect(rows, err, func(r *sql.Rows) (p plan, err error) { return p, r.Scan(&p.of, &p.title, &p.year) })
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		for _, i := range at[p.of] {
			out[i].Plan, out[i].Year = p.title, p.year
		}
	}
	marks, args = list(2, ids)
	rows, err = v.q.QueryContext(ctx, `select `+partColumns+` from part p where p.unit = $1 and p.task in (`+marks+`)`, append([]any{unit}, args...)...)
	parts, err := collect(rows, err, func(r *sql.Rows) (task.Part, error) { return scanPart(r) })
	for _, p := range parts {
		for _, i := range at[p.Task] {
			if out[i].Part.Role == p.Role {
				out[i].Part = p
			}
		}
	}
	return out, err
}
