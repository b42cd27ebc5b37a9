package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// keptTask is a task as far as counting goes: what its figures and its light are worked
// out from, and what is kept of them.
type keptTask struct {
	task.Task
	Signed   []org.UnitID // leads that have signed for it
	Finished calendar.Date
	Kept     derived
}

// derived is what is counted of one task.
type derived struct {
	figure   task.Figure
	assigned task.Quantity
	parts    int
	colour   task.Colour
	light    string        // task.Light.Kept as JSON
	missing  calendar.Date // task.Facts.MissingSince
	owing    string        // the leads that have signed and whose reports these are, with spaces between
	until    calendar.Date // the last day up to which all this stays true
}

// says reports whether the two say the same, whatever day they are of.
func (d derived) says(other derived) bool {
	d.until = other.until
	return d == other
}

// holds reports whether what is kept may stay beside what is counted: it says the
// same and does not claim to stay true for longer.
func (d derived) holds(kept derived) bool { return d.says(kept) && !kept.until.After(d.until) }

// keptColumns are read by keptTasks.scan. What a task is about is not among them.
const keptColumns = `t.id, t.plan, t.parent, t.root, t.depth, t.deadline, t.start_day, t.due_day, t.target, t.cadence, t.rollup,
	t.state, t.given, t.withdrawn, t.finished, t.claimed, t.verified, t.assigned, t.parts, t.light, t.light_body, t.missing_since, t.missing_of, t.light_until`

// keptTasks reads kept tasks. Deadlines and targets are few among many tasks: each is
// worked out of its JSON once.
type keptTasks struct {
	deadlines map[string]task.Deadline
	targets   map[string]*task.Target
}

func newKeptTasks() keptTasks {
	return keptTasks{deadlines: map[string]task.Deadline{}, targets: map[string]*task.Target{}}
}

// load reads tasks, parents before parts, with their leads.
func (x keptTasks) load(ctx context.Context, q queryer, where string, args ...any) ([]keptTask, error) {
	return x.collect(q.QueryContext(ctx, `select `+keptColumns+`, coalesce(p.unit, ''), coalesce(p.state, '') from task t
		left join part p on p.task = t.id and p.role = 'lead' `+where+` order by t.depth, t.id, p.position`, args...))
}

// collect puts the leads of a task together that came with a row each.
func (x keptTasks) collect(rows *sql.Rows, err error) (out []keptTask, _ error) {
	if err != nil {
		return nil, fmt.Errorf("store: reading tasks to count: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		t, err := x.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("store: reading a task to count: %w", err)
		}
		if n := len(out); n > 0 && out[n-1].ID == t.ID {
			out[n-1].Leads, out[n-1].Signed = append(out[n-1].Leads, t.Leads...), append(out[n-1].Signed, t.Signed...)
		} else {
			out = append(out, t)
		}
	}
	return out, rows.Err()
}

func (x keptTasks) scan(r *sql.Rows) (t keptTask, err error) {
	var deadline string
	var target sql.NullString
	var lead org.UnitID
	var state task.PartState
	k := &t.Kept
	if err := r.Scan(&t.ID, &t.Plan, optional[task.ID]{&t.Parent}, &t.Root, &t.Depth, &deadline, &t.Start, &t.Due, &target, &t.Cadence, &t.Rollup,
		&t.State, &t.Given, &t.Withdrawn, &t.Finished, &k.figure.Claimed, &k.figure.Verified, &k.assigned, &k.parts, &k.colour, &k.light, &k.missing, &k.owing, &k.until, &lead, &state); err != nil {
		return t, err
	}
	if lead != "" {
		t.Leads = []org.UnitID{lead}
	}
	if state == task.PartSigned {
		t.Signed = t.Leads[:1:1]
	}
	known, ok := x.deadlines[deadline]
	if !ok {
		if err := from(deadline, &known); err != nil {
			return t, err
		}
		x.deadlines[strings.Clone(deadline)] = known
	}
	t.Deadline = known
	if target.Valid {
		if t.Target, ok = x.targets[target.String]; !ok {
			t.Target = &task.Target{}
			err = from(target.String, t.Target)
			x.targets[target.String] = t.Target
		}
	}
	return t, err
}

// countedReports reads of reports what figures and lights rest on, in no order.
func countedReports(ctx context.Context, q queryer, of string, args ...any) ([]task.Report, error) {
	rows, err := q.QueryContext(ctx, `select r.task, r.unit, r.role, r.period, r.round, r.value, r.state, r.at, r.verdict_at from `+of, args...)
	return collect(rows, err, func(s *sql.Rows) (r task.Report, err error) {
		return r, s.Scan(&r.Task, &r.Unit, &r.Role, &r.Period, &r.Round, &r.Value, &r.State, instant{&r.At}, instant{&r.VerdictAt})
	})
}

// loadTrees reads whole trees, as tasks and reports: those of the condition on t.
func loadTrees(ctx context.Context, q queryer, where string, args ...any) ([]keptTask, []task.Report, error) {
	tasks, err := newKeptTasks().load(ctx, q, where, args...)
	if err != nil {
		return nil, nil, err
	}
	reports, err := countedReports(ctx, q, `task t join report r on r.task = t.id `+where, args...)
	return tasks, reports, err
}

// loadChains reads tasks and all above them, parents before parts.
func loadChains(ctx context.Context, q queryer, ids []task.ID) ([]keptTask, error) {
	marks, args := list(1, ids)
	return newKeptTasks().collect(q.QueryContext(ctx, `with recursive up (id, parent) as (
			select id, parent from task where id in (`+marks+`)
			union
			select a.id, a.parent from up join task a on a.id = up.parent
		) select `+keptColumns+`, coalesce(p.unit, ''), coalesce(p.state, '') from up join task t on t.id = up.id
		left join part p on p.task = t.id and p.role = 'lead' order by t.depth, t.id, p.position`, args...))
}

// loadBeside reads what is kept of the direct parts of tasks, but for those that are
// to be counted themselves.
func loadBeside(ctx context.Context, q queryer, parents []task.ID, counted []keptTask) ([]keptTask, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	in := map[task.ID]bool{}
	for _, t := range counted {
		in[t.ID] = true
	}
	marks, args := list(1, parents)
	rows, err := q.QueryContext(ctx, `select id, parent, state, claimed, verified, goal, finished from task where parent in (`+marks+`)`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (t keptTask, err error) {
		var goal sql.NullInt64
		err = r.Scan(&t.ID, &t.Parent, &t.State, &t.Kept.figure.Claimed, &t.Kept.figure.Verified, &goal, &t.Finished)
		if goal.Valid {
			t.Target = &task.Target{Op: task.OpAtLeast, Value: task.Quantity(goal.Int64)}
		}
		return t, err
	})
	return slices.DeleteFunc(all, func(t keptTask) bool { return in[t.ID] }), err
}

// parentsAmong are the tasks that have parts, and those whose parts are among them.
func parentsAmong(tasks []keptTask) []task.ID {
	parents := map[task.ID]bool{}
	for _, t := range tasks {
		if t.Kept.parts > 0 {
			parents[t.ID] = true
		}
		if t.Parent != "" {
			parents[t.Parent] = true
		}
	}
	return slices.Sorted(maps.Keys(parents))
}

// derive counts figures and lights of tasks on a day. The parts beside them, direct
// parts of theirs that are not among them, are taken as they were last counted.
func (s *Store) derive(tasks, beside []keptTask, reports []task.Report, on calendar.Date) map[task.ID]derived {
	rules := s.rules.On(on)
	known := nodesBeside(tasks, beside, reports)
	facts := task.TreeFacts(known, rules.Reporting, on)
	out := make(map[task.ID]derived, len(tasks))
	for i, t := range tasks {
		d := s.lightOf(t, facts[t.ID], rules.Light, on)
		d.figure = facts[t.ID].On(on)
		if !d.missing.IsZero() {
			d.owing = owing(t, known[i], rules.Reporting, on)
		}
		out[t.ID] = d
	}
	for _, parts := range [][]keptTask{tasks, beside} {
		for _, t := range parts {
			p, ok := out[t.Parent]
			if !ok || t.State == task.Withdrawn {
				continue
			}
			p.parts++
			if g, ok := t.Target.Goal(); ok {
				p.assigned = task.Sum(p.assigned, g)
			}
			out[t.Parent] = p
		}
	}
	return out
}

// lightOf is a task's light, as it is kept, with what else may change on its own. A
// draft and a task that was taken back are grey for good.
func (s *Store) lightOf(t keptTask, f task.Facts, rule task.Rule, on calendar.Date) derived {
	if t.State == task.Withdrawn || t.State == task.Draft {
		return derived{colour: task.Grey, light: text(task.Light{Colour: task.Grey}), until: task.Always}
	}
	l := task.LightAt(f, rule, s.workdays, on)
	until := task.LightUntil(f, rule, s.workdays, on)
	if last := s.rules.Until(on); last.Before(until) {
		until = last
	}
	return derived{colour: l.Colour, light: text(l.Kept()), missing: f.MissingSince(on), until: until}
}

// owing are the leads of a task that have signed for it and whose report is missing on
// a day: one that has not cannot report (Rule T-10).
func owing(t keptTask, n task.Node, rule task.ReportingRule, on calendar.Date) string {
	var out []string
	for _, u := range t.Signed {
		alone := t.Task
		alone.Leads = []org.UnitID{u}
		if len(t.Leads) == 1 || !task.FactsOf(alone, n.Reports, n.Finished, on, rule).MissingSince(on).IsZero() {
			out = append(out, string(u))
		}
	}
	return strings.Join(out, " ")
}

// nodesBeside pairs tasks with their reports, parents before parts, and adds the parts
// beside them with what is kept of them.
func nodesBeside(tasks, beside []keptTask, reports []task.Report) []task.Node {
	out := make([]task.Node, len(tasks), len(tasks)+len(beside))
	for i, t := range tasks {
		out[i] = task.Node{Task: t.Task, Finished: t.Finished}
	}
	reported(out, reports)
	for i := range beside {
		t := &beside[i]
		out = append(out, task.Node{Task: t.Task, Finished: t.Finished, Counted: &t.Kept.figure})
	}
	return out
}

// differs says what is kept and what is counted.
func (d derived) differs(t keptTask, on calendar.Date) string {
	return fmt.Sprintf("task %s on %s: kept %s; counted %s", t.ID, on, t.Kept, d)
}

// String shows what is counted, to an operator.
func (d derived) String() string {
	return fmt.Sprintf("claimed %s, verified %s, assigned %s, parts %d, %s until %s, missing since %s from %q, %s",
		d.figure.Claimed, d.figure.Verified, d.assigned, d.parts, d.colour, d.until, d.missing, d.owing, d.light)
}
