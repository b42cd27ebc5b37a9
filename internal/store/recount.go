package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// reported gives nodes their reports.
func reported(nodes []task.Node, reports []task.Report) {
	at := make(map[task.ID]int, len(nodes))
	for i := range nodes {
		at[nodes[i].Task.ID] = i
	}
	for _, r := range reports {
		if i, ok := at[r.Task]; ok {
			nodes[i].Reports = append(nodes[i].Reports, r)
		}
	}
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
		if err := t.store.recountChains(t.ctx, t.tx, group, t.Today()); err != nil {
			return err
		}
	}
	clear(t.stale)
	defer clear(t.restated)
	return tally(t.ctx, t.tx, t.restated)
}

func (t *Tx) recountTrees() error {
	for _, root := range slices.Compact(slices.Sorted(maps.Values(t.stale))) {
		tasks, reports, err := loadTrees(t.ctx, t.tx, `where t.root = $1`, root)
		if err != nil {
			return err
		}
		if err := t.store.writeFigures(t.ctx, t.tx, tasks, t.store.derive(tasks, nil, reports, t.Today())); err != nil {
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
	return s.recountBeside(ctx, tx, chain, parentsAmong(chain), on)
}

// recountBeside counts tasks, where the direct parts of the parents that are not
// among them are taken as they were last counted.
func (s *Store) recountBeside(ctx context.Context, tx *sql.Tx, tasks []keptTask, parents []task.ID, on calendar.Date) error {
	ids := make([]task.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.ID
	}
	marks, args := list(1, ids)
	reports, err := countedReports(ctx, tx, `report r where r.task in (`+marks+`)`, args...)
	if err != nil {
		return err
	}
	beside, err := loadBeside(ctx, tx, parents, tasks)
	if err != nil {
		return err
	}
	return s.writeFigures(ctx, tx, tasks, s.derive(tasks, beside, reports, on))
}

// figureRows is how many tasks one statement writes the figures of.
const figureRows = 50

// writeFigures is the one place where figures and lights are written. It writes
// what changed.
func (s *Store) writeFigures(ctx context.Context, tx *sql.Tx, tasks []keptTask, counted map[task.ID]derived) error {
	changed := slices.DeleteFunc(slices.Clone(tasks), func(t keptTask) bool { return counted[t.ID] == t.Kept })
	for some := range slices.Chunk(changed, figureRows) {
		rows := rowsOfMany{casts: map[int]bool{1: true, 2: true, 3: true, 4: true}}
		for _, t := range some {
			d := counted[t.ID]
			rows.add(t.ID, int64(d.figure.Claimed), int64(d.figure.Verified), int64(d.assigned), d.parts, d.colour, d.light, d.missing, d.until, d.owing)
		}
		_, err := tx.ExecContext(ctx, `update task set claimed = v.column2, verified = v.column3, assigned = v.column4, parts = v.column5,
			light = v.column6, light_body = v.column7, missing_since = v.column8, light_until = v.column9, missing_of = v.column10
			from (values `+rows.marks()+`) as v where task.id = v.column1`, rows.args...)
		if err != nil {
			return fmt.Errorf("store: writing lights: %w", err)
		}
	}
	return tally(ctx, tx, retallied(changed, counted))
}

// loadTasks reads tasks with their units, parents before parts.
func loadTasks(ctx context.Context, q queryer, where string, args ...any) ([]TaskRow, error) {
	tasks, _, err := loadTasksParts(ctx, q, where, args...)
	return tasks, err
}

// loadTasksParts is loadTasks with the parts of the tasks, leads first.
func loadTasksParts(ctx context.Context, q queryer, where string, args ...any) ([]TaskRow, map[task.ID][]task.Part, error) {
	rows, err := q.QueryContext(ctx, `select `+taskColumns+` from task t `+where+` order by t.depth, t.position, t.id`, args...)
	tasks, err := newTaskRows().collect(rows, err)
	if err != nil {
		return nil, nil, err
	}
	rows, err = q.QueryContext(ctx, `select `+partColumns+` from part p join task t on t.id = p.task `+where+`
		order by p.task, p.role desc, p.position`, args...)
	parts, err := collect(rows, err, func(r *sql.Rows) (task.Part, error) { return scanPart(r) })
	if err != nil {
		return nil, nil, err
	}
	of := map[task.ID][]task.Part{}
	for _, p := range parts {
		of[p.Task] = append(of[p.Task], p)
	}
	for i := range tasks {
		seat(&tasks[i].Task, of[tasks[i].ID])
	}
	return tasks, of, nil
}
