package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// year is all that scorecards of one year are worked out from.
type year struct {
	tasks   []TaskRow // of issued plans, parents before parts
	reports []task.Report
	names   map[task.ReportID][]assess.Proof // evidence files by report
}

// loadYear reads the plans of a year, as far as their trees reach into a
// territory. A province's year is some thousands of tasks; scoring reads it once
// for all regions.
//
// A task counts on a day when it had been given by then and was not yet withdrawn.
// Targets, deadlines and leads are not dated: one that was changed later is
// counted as it stands now; a published card keeps what was counted then.
func loadYear(ctx context.Context, q queryer, of int, asOf calendar.Date, within org.RegionCode) (y year, err error) {
	where := `where t.given <= $2 and (t.withdrawn is null or t.withdrawn > $2) and t.plan in (select id from plan where year = $1)
		and t.root in (select x.root from task x where x.region like $3)`
	args := []any{of, asOf, within.Prefix() + "%"}
	if y.tasks, err = loadTasks(ctx, q, where, args...); err != nil {
		return y, err
	}
	y.reports, err = loadReports(ctx, q, `where r.task in (select t.id from task t `+where+`)`, args...)
	if err != nil {
		return y, err
	}
	type row struct {
		report task.ReportID
		proof  assess.Proof
	}
	rows, err := q.QueryContext(ctx, `select e.report, e.evidence, e.name from report_evidence e join report r on r.id = e.report
		where r.task in (select t.id from task t `+where+`) order by e.report, e.position`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (v row, err error) {
		return v, r.Scan(&v.report, &v.proof.ID, &v.proof.Name)
	})
	y.names = map[task.ReportID][]assess.Proof{}
	for _, v := range all {
		y.names[v.report] = append(y.names[v.report], v.proof)
	}
	return y, err
}

// nodes are the tasks as they stood on a day: one that was withdrawn later was not.
func (y year) nodes(asOf calendar.Date) []task.Node {
	out := nodes(y.tasks, y.reports)
	for i := range out {
		if t := &out[i].Task; t.State == task.Withdrawn && t.Withdrawn.After(asOf) {
			t.State = task.InForce
		}
	}
	return out
}

// inputs gathers the inputs of every region of a level on a day. A city answers
// for the rows of its plans, a county for what its units lead.
func (y year) inputs(level org.Level, asOf calendar.Date, rules task.Ruleset, w calendar.Workdays) []assess.Inputs {
	return y.inputsOf([]org.Level{level}, asOf, rules, w)[level]
}

// inputsOf is inputs for several levels, from one working out of the facts.
func (y year) inputsOf(levels []org.Level, asOf calendar.Date, rules task.Ruleset, w calendar.Workdays) map[org.Level][]assess.Inputs {
	facts := task.TreeFacts(y.nodes(asOf), rules.Reporting, asOf)
	of := map[task.ID][]task.Report{}
	for _, r := range y.reports {
		of[r.Task] = append(of[r.Task], r)
	}
	split := map[task.ID]bool{}
	for _, t := range y.tasks {
		split[t.Parent] = true
	}
	out := map[org.Level][]assess.Inputs{}
	for _, level := range levels {
		byRegion := map[org.RegionCode]*assess.Inputs{}
		for _, t := range y.tasks {
			region, ok := subject(level, t)
			if !ok {
				continue
			}
			in := byRegion[region]
			if in == nil {
				in = &assess.Inputs{Subject: region, AsOf: asOf}
				byRegion[region] = in
			}
			reports := task.AsOf(of[t.ID], asOf)
			in.Tasks = append(in.Tasks, y.figure(t, facts[t.ID], reports, rules, w, asOf))
			if !split[t.ID] {
				record(&in.Reporting, t, facts[t.ID], asOf)
			}
			judged(&in.Reporting, t, reports)
		}
		for _, code := range slices.Sorted(maps.Keys(byRegion)) {
			out[level] = append(out[level], *byRegion[code])
		}
	}
	return out
}

// subject says for which region of a level a task counts.
func subject(level org.Level, t TaskRow) (org.RegionCode, bool) {
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
func (y year) figure(t TaskRow, f task.Facts, reports []task.Report, rules task.Ruleset, w calendar.Workdays, asOf calendar.Date) assess.TaskFigure {
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
func record(rec *assess.ReportingRecord, t TaskRow, f task.Facts, asOf calendar.Date) {
	for _, p := range f.Periods {
		if p.Due.After(asOf) {
			continue
		}
		rec.Due++
		label := t.Title + " " + p.Period.String()
		switch {
		case p.Reported.IsZero() || p.Reported.After(asOf):
			rec.Missed++
			rec.Refs = append(rec.Refs, assess.ReportRef{What: assess.Missed, ID: string(t.ID), Label: label})
		case p.Reported.After(p.Due):
			rec.Late++
			rec.Refs = append(rec.Refs, assess.ReportRef{What: assess.Late, ID: string(t.ID), Label: label})
		default:
			rec.OnTime++
		}
	}
}

// judged counts the verdicts on a task's reports. A report that had to be
// returned did not agree with what was found.
func judged(rec *assess.ReportingRecord, t TaskRow, reports []task.Report) {
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
