package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// year is what scorecards of one year are worked out from: trees of its plans, each
// of them whole.
type year struct {
	tasks   []TaskRow // of issued plans, parents before parts
	reports map[task.ID][]task.Report
	names   map[task.ReportID][]assess.Proof // evidence files by report
}

// yearTrees is how many trees of a year are read at once. What is read of them is let
// go before the next; the figures that cards keep stay.
const yearTrees = 64

// Gathered are the inputs of the regions of some levels, without what happened there
// and what was judged.
type Gathered map[org.Level]map[org.RegionCode]*assess.Inputs

// sorted are the inputs of a level's regions within a territory, by region.
func (g Gathered) sorted(level org.Level, within org.RegionCode) (out []assess.Inputs) {
	for _, code := range slices.Sorted(maps.Keys(g[level])) {
		if code.Within(within) {
			out = append(out, *g[level][code])
		}
	}
	return out
}

// gather reads the plans of a year, as far as their trees reach into a territory, and
// gathers the figures of a level's regions on a day. While some trees are read those
// before them are worked out.
func (s *Store) gather(ctx context.Context, q queryer, level org.Level, within org.RegionCode, of int, asOf calendar.Date) (Gathered, error) {
	c := clause{n: 2, args: []any{of}}
	// The territory leads to the trees; without the joined '' SQLite would rather walk
	// the plans of all provinces.
	roots, err := rowsOf[task.ID](q.QueryContext(ctx, `select distinct x.root from task x
		where x.plan || '' in (select id from plan where year = $1) and `+c.within("x.region", within.Prefix()), c.args...))
	if err != nil {
		return nil, err
	}
	slices.Sort(roots)
	all, rules, w := Gathered{level: {}}, s.rules.On(asOf), s.workdays
	var working sync.WaitGroup
	defer working.Wait()
	for some := range slices.Chunk(roots, yearTrees) {
		y, err := loadYear(ctx, q, some, asOf)
		if err != nil {
			return nil, err
		}
		working.Wait()
		working.Go(func() { y.gather(all, asOf, rules, w) })
	}
	working.Wait()
	return all, nil
}

// loadYear reads trees as far as they had been given by a day and were not yet
// withdrawn.
//
// Targets, deadlines and leads are not dated: one that was changed later is
// counted as it stands now; a published card keeps what was counted then.
func loadYear(ctx context.Context, q queryer, roots []task.ID, asOf calendar.Date) (y year, err error) {
	marks, args := list(2, roots)
	args = append([]any{asOf}, args...)
	y.tasks, err = loadScored(ctx, q, `where t.given <= $1 and (t.withdrawn is null or t.withdrawn > $1) and t.root in (`+marks+`)`, args...)
	if err != nil {
		return y, err
	}
	marks, args = list(1, roots)
	rows, err := q.QueryContext(ctx, `select r.id, r.task, r.unit, r.role, r.period, r.round, r.kind, r.value, r.state, r.at, r.verdict_at,
		coalesce(e.evidence, ''), coalesce(e.name, '') from task t join report r on r.task = t.id
		left join report_evidence e on e.report = r.id and r.state = 'verified' where t.root in (`+marks+`)`, args...)
	y.reports, y.names = map[task.ID][]task.Report{}, map[task.ReportID][]assess.Proof{}
	_, err = collect(rows, err, func(s *sql.Rows) (_ struct{}, err error) {
		var r task.Report
		var file assess.Proof
		err = s.Scan(&r.ID, &r.Task, &r.Unit, &r.Role, &r.Period, &r.Round, &r.Kind, &r.Value, &r.State, instant{&r.At}, instant{&r.VerdictAt}, &file.ID, &file.Name)
		files := y.names[r.ID]
		if files == nil { // its first row
			y.reports[r.Task] = append(y.reports[r.Task], r)
		}
		if file.ID != "" {
			y.names[r.ID] = append(files, file)
		}
		return struct{}{}, err
	})
	return y, err
}

// loadScored reads what scorecards count of tasks, parents before parts. SQLite would
// sort the long rows more slowly than they are sorted here.
func loadScored(ctx context.Context, q queryer, where string, args ...any) ([]TaskRow, error) {
	same := newTaskRows()
	rows, err := q.QueryContext(ctx, `select t.id, t.parent, t.depth, t.title, t.field, t.region, t.deadline, t.start_day, t.due_day,
		t.target, t.weight, t.cadence, t.rollup, t.state, t.given, t.withdrawn, t.finished, coalesce(p.unit, '')
		from task t left join part p on p.task = t.id and p.role = 'lead' `+where, args...)
	at := map[task.ID]int{}
	var out []TaskRow
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var t TaskRow
		var lead org.UnitID
		err = r.Scan(&t.ID, optional[task.ID]{&t.Parent}, &t.Depth, &t.Title, &t.Field, &t.Region, known[task.Deadline]{&t.Deadline, same.deadlines},
			&t.Start, &t.Due, known[*task.Target]{&t.Target, same.targets}, &t.Weight, &t.Cadence, &t.Rollup, &t.State, &t.Given, &t.Withdrawn, &t.Finished, &lead)
		i, ok := at[t.ID]
		if !ok {
			i = len(out)
			at[t.ID], out = i, append(out, t)
		}
		if lead != "" {
			out[i].Leads = append(out[i].Leads, lead)
		}
		return struct{}{}, err
	})
	slices.SortStableFunc(out, func(a, b TaskRow) int { return a.Depth - b.Depth })
	return out, err
}

// nodes are the tasks as they stood on a day: one that was withdrawn later was not.
func (y year) nodes(asOf calendar.Date) []task.Node {
	out := make([]task.Node, len(y.tasks))
	for i := range y.tasks {
		t := &y.tasks[i]
		out[i] = task.Node{Task: t.Task, Reports: y.reports[t.ID], Finished: t.Finished}
		if t.State == task.Withdrawn && t.Withdrawn.After(asOf) {
			out[i].Task.State = task.InForce
		}
	}
	return out
}

// gather adds to the inputs of every region of the levels what the trees say on a
// day. A city answers for the rows of its plans, a county for what its units lead.
func (y year) gather(into Gathered, asOf calendar.Date, rules task.Ruleset, w calendar.Workdays) {
	facts := task.TreeFacts(y.nodes(asOf), rules.Reporting, asOf)
	split := map[task.ID]bool{}
	for i := range y.tasks {
		split[y.tasks[i].Parent] = true
	}
	for level, regions := range into {
		for i := range y.tasks {
			t := &y.tasks[i]
			region, ok := subject(level, t)
			if !ok {
				continue
			}
			in := regions[region]
			if in == nil {
				in = &assess.Inputs{Subject: region, AsOf: asOf}
				regions[region] = in
			}
			reports := task.AsOf(y.reports[t.ID], asOf)
			in.Tasks = append(in.Tasks, y.figure(t, facts[t.ID], reports, rules, w, asOf))
			if !split[t.ID] {
				record(&in.Reporting, t, facts[t.ID], asOf)
			}
			judged(&in.Reporting, t, reports)
		}
	}
}

// subject says for which region of a level a task counts.
func subject(level org.Level, t *TaskRow) (org.RegionCode, bool) {
	county := len(t.Region) == 6 && t.Region[4:] != "00"
	switch level {
	case org.City:
		if t.Depth > 0 || len(t.Region) != 6 || t.Region[2:] == "0000" {
			return "", false
		}
		return t.Region[:4] + "00", true
	case org.County:
		return t.Region, county
	}
	return "", false
}

// figure is one task as a scorecard sees it on a day.
func (y year) figure(t *TaskRow, f task.Facts, reports []task.Report, rules task.Ruleset, w calendar.Workdays, asOf calendar.Date) assess.TaskFigure {
	now := f.On(asOf)
	light := task.LightAt(f, rules.Light, w, asOf)
	out := assess.TaskFigure{
		Task: t.ID, Title: t.Title, Field: t.Field, Claimed: now.Claimed, Verified: now.Verified,
		Finished: !f.Finished.IsZero() && !f.Finished.After(asOf), Weight: t.Weight, Light: light.Colour,
	}
	if f.Target.Numeric() {
		out.HasGoal, out.Op, out.Unit = true, f.Target.Op, f.Target.Unit
		out.Goal, _ = f.Target.Goal()
		if limit, ok := f.Target.Limit(); ok {
			out.Goal = limit
		}
	}
	switch {
	case light.Course:
		out.Expected = light.Expected
	case out.Finished || !f.Due.IsZero() && !f.Due.After(asOf):
		// Without a course all of it is due on the last day. What is finished has no
		// course any more and must not drop out of the reckoning by that.
		out.Expected = out.Goal
	}
	for _, r := range reports {
		if r.State == task.ReportVerified {
			out.HasVerified = true
			out.Evidence = append(out.Evidence, y.names[r.ID]...)
		}
	}
	return out
}

// record counts what reports were due by a day and how they came.
func record(rec *assess.ReportingRecord, t *TaskRow, f task.Facts, asOf calendar.Date) {
	for _, p := range f.Periods {
		if p.Due.After(asOf) {
			continue
		}
		rec.Due++
		switch {
		case p.Reported.IsZero() || p.Reported.After(asOf):
			rec.Missed++
			rec.Refs = append(rec.Refs, assess.ReportRef{What: assess.Missed, ID: string(t.ID), Label: t.Title + " " + p.Period.String()})
		case p.Reported.After(p.Due):
			rec.Late++
			rec.Refs = append(rec.Refs, assess.ReportRef{What: assess.Late, ID: string(t.ID), Label: t.Title + " " + p.Period.String()})
		default:
			rec.OnTime++
		}
	}
}

// judged counts the verdicts on a task's reports. A report that had to be
// returned did not agree with what was found.
func judged(rec *assess.ReportingRecord, t *TaskRow, reports []task.Report) {
	for _, r := range reports {
		switch r.State {
		case task.ReportVerified:
			rec.Verified++
		case task.ReportReturned:
			rec.Verified++
			rec.Returned++
			rec.Disagree++
			label := t.Title + " " + r.Period.String()
			rec.Refs = append(rec.Refs,
				assess.ReportRef{What: assess.Returned, ID: string(r.ID), Label: label},
				assess.ReportRef{What: assess.Disagree, ID: string(r.ID), Label: label})
		}
	}
}
