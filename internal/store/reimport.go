package store

import (
	"context"
	"database/sql"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// PlanTask is a row of a plan with what ties it down.
type PlanTask struct {
	TaskRow
	Reported []org.UnitID // units that have reported on the row itself
	Setters  []org.UnitID // units that gave out its parts
	Reports  int          // on the row and its parts, those taken back left out
}

// loadTasksAgainst reads the rows of a plan, withdrawn ones left out, in their order.
func loadTasksAgainst(ctx context.Context, q queryer, plan memo.PlanID) ([]PlanTask, error) {
	tasks, err := loadTasks(ctx, q, `where t.plan = $1 and t.depth = 0 and t.state <> 'withdrawn'`, plan)
	if err != nil {
		return nil, err
	}
	out, at := make([]PlanTask, len(tasks)), map[task.ID]int{}
	for i, t := range tasks {
		out[i], at[t.ID] = PlanTask{TaskRow: t}, i
	}
	type tie struct {
		root, task task.ID
		unit       org.UnitID
		n          int
	}
	rows, err := q.QueryContext(ctx, `select t.root, r.task, r.unit, count(*) from report r join task t on t.id = r.task
		where t.plan = $1 and r.state <> 'taken-back' group by t.root, r.task, r.unit order by t.root, r.task, r.unit`, plan)
	reports, err := collect(rows, err, func(r *sql.Rows) (t tie, err error) { return t, r.Scan(&t.root, &t.task, &t.unit, &t.n) })
	if err != nil {
		return nil, err
	}
	for _, t := range reports {
		i, ok := at[t.root]
		if !ok {
			continue
		}
		out[i].Reports += t.n
		if t.task == t.root {
			out[i].Reported = append(out[i].Reported, t.unit)
		}
	}
	rows, err = q.QueryContext(ctx, `select distinct t.root, t.setter from task t
		where t.plan = $1 and t.depth = 1 and t.state <> 'withdrawn' order by t.root, t.setter`, plan)
	setters, err := collect(rows, err, func(r *sql.Rows) (t tie, err error) { return t, r.Scan(&t.root, &t.unit) })
	for _, t := range setters {
		if i, ok := at[t.root]; ok {
			out[i].Setters = append(out[i].Setters, t.unit)
		}
	}
	return out, err
}

// TasksAgainst reads the rows of a plan to change them by a later version of its table.
func (t *Tx) TasksAgainst(plan memo.PlanID) ([]PlanTask, error) {
	return loadTasksAgainst(t.ctx, t.tx, plan)
}

// LastAnswers returns what was decided about the newest document that became tasks
// of a plan, "" when there is none.
func (t *Tx) LastAnswers(plan memo.PlanID) (mends string, err error) {
	rows, err := t.tx.QueryContext(t.ctx, `select mends from upload where plan = $1 and applied is not null order by applied desc, id desc limit 1`, plan)
	all, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// Reprint writes what a plan's table prints of a row and no other act changes:
// number, chapter, persons and the words of the leads.
func (t *Tx) Reprint(k task.Task) error {
	return t.exec(`update task set no = $2, chapter = $3, people = $4, lead_words = $5 where id = $1`,
		k.ID, k.No, text(k.Chapter), text(k.People), k.LeadWords)
}

// Place writes where a row stands among those of its plan.
func (t *Tx) Place(id task.ID, position int) error {
	return t.exec(`update task set position = $2 where id = $1`, id, position)
}
