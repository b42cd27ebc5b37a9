package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
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

// recount writes figures and lights of every task that the act touched and of those
// above it. A rehearsal counts its trees whole: its other acts have counted nothing.
func (t *Tx) recount() error {
	if t.store.bulk != nil {
		return t.recountTrees()
	}
	ids := slices.Sorted(maps.Keys(t.stale))
	for group := range slices.Chunk(ids, 200) {
		if err := t.store.recountChains(t.ctx, t.raw, group, t.Today()); err != nil {
			return err
		}
	}
	clear(t.stale)
	return nil
}

func (t *Tx) recountTrees() error {
	done := map[task.ID]bool{}
	for _, root := range t.stale {
		if done[root] {
			continue
		}
		done[root] = true
		tasks, err := loadTree(t.ctx, t.raw, root)
		if err != nil {
			return err
		}
		reports, err := loadReports(t.ctx, t.raw, `where r.task in (select id from task where root = $1)`, root)
		if err != nil {
			return err
		}
		if err := t.store.writeFigures(t.ctx, t.raw, tasks, t.store.derive(tasks, reports, t.Today()), t.Today()); err != nil {
			return err
		}
	}
	clear(t.stale)
	return nil
}

// recountChains counts tasks and those above them, up to their roots. Parts beside
// them come in with the figures that they were last counted with: no event of
// theirs has happened since, or they would have been counted by it. So the cost
// grows with depth and with the number of direct parts, and not with the tree.
func (s *Store) recountChains(ctx context.Context, tx *sql.Tx, ids []task.ID, on calendar.Date) error {
	chain, err := loadChains(ctx, tx, ids)
	if err != nil {
		return err
	}
	all := make([]task.ID, len(chain))
	for i, t := range chain {
		all[i] = t.ID
	}
	marks, args := list(1, all)
	rows, err := tx.QueryContext(ctx, `select `+reportColumns+` from report r where r.task in (`+marks+`) order by r.task, r.at, r.unit, r.period, r.round`, args...)
	reports, err := collect(rows, err, func(r *sql.Rows) (task.Report, error) { return scanReport(r) })
	if err != nil {
		return err
	}
	beside, err := loadBeside(ctx, tx, chain)
	if err != nil {
		return err
	}
	return s.writeFigures(ctx, tx, chain, s.deriveBeside(chain, beside, reports, on), on)
}

// loadChains reads tasks and all above them, parents before parts, with their leads.
func loadChains(ctx context.Context, q queryer, ids []task.ID) ([]TaskRow, error) {
	marks, args := list(1, ids)
	rows, err := q.QueryContext(ctx, `with recursive up (id, parent) as (
			select id, parent from task where id in (`+marks+`)
			union
			select a.id, a.parent from up join task a on a.id = up.parent
		) select `+taskColumns+`, coalesce(p.unit, '') from up join task t on t.id = up.id
		left join part p on p.task = t.id and p.role = 'lead' order by t.depth, t.position, t.id, p.position`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (TaskRow, error) {
		var lead org.UnitID
		t, err := scanTask(beside{r, []any{&lead}})
		if lead != "" {
			t.Leads = []org.UnitID{lead}
		}
		return t, err
	})
	var out []TaskRow
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].ID == t.ID {
			out[n-1].Leads = append(out[n-1].Leads, t.Leads...)
		} else {
			out = append(out, t)
		}
	}
	return out, err
}

// loadBeside reads what is counted of the direct parts of the tasks of a chain that
// are not in it themselves.
func loadBeside(ctx context.Context, q queryer, chain []TaskRow) ([]TaskRow, error) {
	in, parents := map[task.ID]bool{}, map[task.ID]bool{}
	for _, t := range chain {
		in[t.ID] = true
		if t.Parts > 0 {
			parents[t.ID] = true
		}
		if t.Parent != "" {
			parents[t.Parent] = true
		}
	}
	if len(parents) == 0 {
		return nil, nil
	}
	marks, args := list(1, slices.Sorted(maps.Keys(parents)))
	rows, err := q.QueryContext(ctx, `select id, parent, state, claimed, verified, goal, finished from task where parent in (`+marks+`)`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (t TaskRow, err error) {
		var goal sql.NullInt64
		err = r.Scan(&t.ID, &t.Parent, &t.State, &t.Claimed, &t.Verified, &goal, &t.Finished)
		if goal.Valid {
			t.Target = &task.Target{Op: task.OpAtLeast, Value: task.Quantity(goal.Int64)}
		}
		return t, err
	})
	return slices.DeleteFunc(all, func(t TaskRow) bool { return in[t.ID] }), err
}

// figureRows is how many tasks one statement writes the figures of.
const figureRows = 50

// writeFigures is the one place where figures and lights are written. It writes
// what changed.
func (s *Store) writeFigures(ctx context.Context, tx *sql.Tx, tasks []TaskRow, counted map[task.ID]derived, on calendar.Date) error {
	changed := slices.DeleteFunc(slices.Clone(tasks), func(t TaskRow) bool { return counted[t.ID].equals(t) })
	for some := range slices.Chunk(changed, figureRows) {
		rows := rowsOfMany{casts: map[int]bool{1: true, 2: true, 3: true, 4: true}}
		for _, t := range some {
			d := counted[t.ID]
			rows.add(t.ID, int64(d.figure.Claimed), int64(d.figure.Verified), int64(d.assigned), d.parts, d.light.Colour, on, text(d.light))
		}
		_, err := tx.ExecContext(ctx, `update task set claimed = v.column2, verified = v.column3, assigned = v.column4, parts = v.column5,
			light = v.column6, light_on = v.column7, light_body = v.column8 from (values `+rows.marks()+`) as v where task.id = v.column1`, rows.args...)
		if err != nil {
			return fmt.Errorf("store: writing lights: %w", err)
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
			return s.writeFigures(ctx, tx, tasks, s.derive(tasks, reports, today), today)
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
