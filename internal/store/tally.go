package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/task"
)

// A tally (合计) is how many rows of a plan have which light, kept beside the rows so
// that nobody has to count a country's to show it. It is counted from the plan's rows
// whenever something that it counts has changed of one of them: by an act that gives
// out, withdraws or finishes a row, and where figures and lights are written. Most
// acts change nothing of it, so two on one plan seldom meet there.

// tallied is the question that counts the rows of plans.
const tallied = `select t.plan, t.light, sum(case when t.state <> 'draft' then 1 else 0 end),
	sum(case when t.state <> 'draft' and (t.verified > 0 or t.finished is not null) then 1 else 0 end),
	sum(case when t.state <> 'draft' and t.finished is not null then 1 else 0 end),
	sum(case when t.state = 'draft' then 1 else 0 end)
	from task t where t.depth = 0 and t.state <> 'withdrawn'`

const writeTally = `insert into tally (plan, light, given, verified, finished, drafts) ` + tallied

// tallyAll fills an empty table.
const tallyAll = writeTally + ` group by t.plan, t.light`

// tally counts the rows of plans again.
func tally(ctx context.Context, tx *sql.Tx, plans map[memo.PlanID]bool) error {
	for _, plan := range slices.Sorted(maps.Keys(plans)) { // in one order, so that two never wait for each other
		if _, err := tx.ExecContext(ctx, `delete from tally where plan = $1`, plan); err != nil {
			return fmt.Errorf("store: counting the rows of plan %s: %w", plan, err)
		}
		if _, err := tx.ExecContext(ctx, writeTally+` and t.plan = $1 group by t.plan, t.light`, plan); err != nil {
			return fmt.Errorf("store: counting the rows of plan %s: %w", plan, err)
		}
	}
	return nil
}

// retallied are the plans of which new figures change what is counted.
func retallied(changed []keptTask, counted map[task.ID]derived) map[memo.PlanID]bool {
	plans := map[memo.PlanID]bool{}
	for _, t := range changed {
		d := counted[t.ID]
		if t.Depth == 0 && (d.colour != t.Kept.colour || (d.figure.Verified > 0) != (t.Kept.figure.Verified > 0)) {
			plans[t.Plan] = true
		}
	}
	return plans
}

// restate marks a task of which an act changes more than reports do: it is to be
// counted again, and its plan's tally with it.
func (t *Tx) restate(k task.Task) {
	t.stale[k.ID] = k.Root
	if k.Depth == 0 {
		t.restated[k.Plan] = true
	}
}

// recheckTally says how a plan's tally differs from its rows.
func (s *Store) recheckTally(ctx context.Context, plan string) (differences []string, err error) {
	type line struct{ of, light, counts string }
	read := func(q queryer, query string) (map[string]string, error) {
		rows, err := q.QueryContext(ctx, query, plan)
		all, err := collect(rows, err, func(r *sql.Rows) (l line, err error) {
			var given, verified, finished, drafts int
			err = r.Scan(&l.of, &l.light, &given, &verified, &finished, &drafts)
			l.counts = fmt.Sprintf("given %d, verified %d, finished %d, drafts %d", given, verified, finished, drafts)
			return l, err
		})
		out := map[string]string{}
		for _, l := range all {
			out[l.light] = l.counts
		}
		return out, err
	}
	var stored, counted map[string]string
	err = s.momently(ctx, func(q queryer) (err error) {
		if stored, err = read(q, `select plan, light, given, verified, finished, drafts from tally where plan = $1`); err != nil {
			return err
		}
		counted, err = read(q, tallied+` and t.plan = $1 group by t.plan, t.light`)
		return err
	})
	if err != nil {
		return nil, err
	}
	for light := range stored {
		counted[light] += "" // a light that no row has any more
	}
	for light, counts := range counted {
		if stored[light] != counts {
			differences = append(differences, fmt.Sprintf("plan %s, its rows that are %s: stored %q, counted %q", plan, light, stored[light], counts))
		}
	}
	return differences, nil
}
