package store

import (
	"context"
	"database/sql"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// nodes pairs tasks with their reports, parents before parts.
func nodes(tasks []TaskRow, reports []task.Report) []task.Node {
	of := map[task.ID][]task.Report{}
	for _, r := range reports {
		of[r.Task] = append(of[r.Task], r)
	}
	out := make([]task.Node, len(tasks))
	for i, t := range tasks {
		out[i] = task.Node{Task: t.Task, Reports: of[t.ID], Finished: t.Finished}
	}
	return out
}

// Recount writes figures and lights of what the act has touched so far, for an
// act that goes on from them.
func (t *Tx) Recount() error { return t.recount() }

// recount writes figures and lights of every tree that the act touched.
func (t *Tx) recount() error {
	for root := range t.stale {
		if err := t.store.recountTree(t.ctx, t.raw, root, t.Today()); err != nil {
			return err
		}
	}
	return nil
}

// recountTree is the one place where figures and lights are written.
func (s *Store) recountTree(ctx context.Context, tx *sql.Tx, root task.ID, on calendar.Date) error {
	tasks, err := loadTree(ctx, tx, root)
	if err != nil {
		return err
	}
	reports, err := loadReports(ctx, tx, `where r.task in (select id from task where root = $1)`, root)
	if err != nil {
		return err
	}
	return s.writeFigures(ctx, tx, tasks, reports, on)
}

// writeFigures writes what is derived of the tasks of whole trees, where it changed.
func (s *Store) writeFigures(ctx context.Context, tx *sql.Tx, tasks []TaskRow, reports []task.Report, on calendar.Date) error {
	counted := s.derive(tasks, reports, on)
	for _, t := range tasks {
		d := counted[t.ID]
		if d.equals(t) {
			continue
		}
		_, err := tx.ExecContext(ctx, `update task set claimed = $2, verified = $3, assigned = $4, parts = $5, light = $6, light_on = $7, light_body = $8
			where id = $1`, t.ID, int64(d.figure.Claimed), int64(d.figure.Verified), int64(d.assigned), d.parts, d.light.Colour, on, text(d.light))
		if err != nil {
			return fmt.Errorf("store: writing a light: %w", err)
		}
	}
	return nil
}

// Relight counts figures and lights of every tree again that was last counted
// before today, plan by plan, each in a transaction of its own. It returns how
// many plans were gone through. It may be run at any time and by two servers at once.
func (s *Store) Relight(ctx context.Context) (int, error) {
	today := s.Today()
	plans, err := rowsOf[string](s.asking().QueryContext(ctx, `select distinct plan from task where state <> 'draft' and (light_on is null or light_on <> $1)`, today))
	if err != nil {
		return 0, err
	}
	for _, plan := range plans {
		err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			tasks, reports, err := loadPlanTasks(ctx, tx, plan)
			if err != nil {
				return err
			}
			return s.writeFigures(ctx, tx, tasks, reports, today)
		})
		if err != nil {
			return 0, fmt.Errorf("store: relighting plan %s: %w", plan, err)
		}
	}
	return len(plans), nil
}

// loadPlanTasks reads all tasks of a plan, parents before parts, and all their reports.
func loadPlanTasks(ctx context.Context, q queryer, plan string) ([]TaskRow, []task.Report, error) {
	tasks, err := loadTasks(ctx, q, `where t.plan = $1`, plan)
	if err != nil {
		return nil, nil, err
	}
	reports, err := loadReports(ctx, q, `where r.task in (select id from task where plan = $1)`, plan)
	return tasks, reports, err
}

// loadTasks reads tasks with their units, parents before parts.
func loadTasks(ctx context.Context, q queryer, where string, args ...any) ([]TaskRow, error) {
	rows, err := q.QueryContext(ctx, `select `+taskColumns+` from task t `+where+` order by t.depth, t.position, t.id`, args...)
	tasks, err := collect(rows, err, func(r *sql.Rows) (TaskRow, error) { return scanTask(r) })
	if err != nil {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, `select `+partColumns+` from part p join task t on t.id = p.task `+where+`
		order by p.task, p.role desc, p.position`, args...)
	parts, err := collect(rows, err, func(r *sql.Rows) (task.Part, error) { return scanPart(r) })
	if err != nil {
		return nil, err
	}
	of := map[task.ID][]task.Part{}
	for _, p := range parts {
		of[p.Task] = append(of[p.Task], p)
	}
	for i := range tasks {
		seat(&tasks[i].Task, of[tasks[i].ID])
	}
	return tasks, nil
}
