package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// taskColumns are those of a task table. The first ones are the importer's, by name
// and order: the file is read again by package paper to the same tasks.
func taskColumns() []exportColumn {
	usual := []exportColumn{
		words("no", 7), words("chapter", 16), words("task", 30), words("measures", 32), words("lead", 20), words("cooperating", 20),
		words("target", 12), words("deadline", 14), words("people", 10), words("post", 10), words("note", 10),
	}
	more := extra(day("due"), figure("goal"), figure("claimed"), figure("verified"), words("light", 8), words("why", 30), day("next-report"), words("state", 10), day("finished"))
	return slices.Concat(usual, more, []exportColumn{{key: "id", width: 10, hidden: true}})
}

func planExports() []exportable {
	return []exportable{
		{key: "plans", page: "/plans", address: "/plans", table: planList, columns: []exportColumn{
			figure("year"), words("region", 12), words("plan", 40), words("memorandum", 40), day("issued"), figure("rows"), figure("green"), figure("yellow"), figure("red"),
		}},
		{key: "plan-tasks", page: "/plans/{id}", address: "/plans/{id}/tasks", wide: true, table: planTasks, columns: taskColumns()},
		{key: "periods", page: "/periods", address: "/periods", table: periodList, columns: []exportColumn{
			words("period", 14), day("last-day"), figure("reports"), figure("late"), figure("waiting"), day("closed"),
		}},
	}
}

func planList(q *request) (exportTable, error) {
	rows := paged(func(after store.PlanKey, limit int) ([]store.PlanEntry, error) {
		return q.view.Plans(q.Context(), after, limit)
	},
		func(e store.PlanEntry) store.PlanKey { return store.PlanKey{Year: e.Year, Region: e.Region, ID: e.ID} },
		rowsOf(func(e store.PlanEntry) exportRow {
			return lightsCells(exportRow{
				"year": counted(e.Year), "region": said(q.regionName(e.Region)), "plan": said(e.Title), "memorandum": said(e.Memorandum),
				"issued": onDate(e.Issued), "rows": counted(e.Lights.Total()),
			}, e.Lights)
		}))
	return exportTable{title: q.p.T("plan.list-title"), rows: rows}, nil
}

// planTasks is the task table of a plan (任务分解表).
func planTasks(q *request) (exportTable, error) {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	filter := q.planQuery().filter
	chapters, err := q.view.Chapters(q.Context(), p, filter)
	if err != nil {
		return exportTable{}, err
	}
	levels := 0
	for _, c := range chapters {
		levels = max(levels, len(c.Titles))
	}
	rows := paged(func(after store.RowKey, limit int) ([]store.PlanRow, error) {
		return q.view.TableRows(q.Context(), p, filter, after, limit)
	}, func(r store.PlanRow) store.RowKey { return store.RowKey{Position: r.Position, ID: r.ID} },
		func(all []store.PlanRow) ([]exportRow, error) {
			tasks := make([]store.TaskRow, len(all))
			for i, r := range all {
				tasks[i] = r.TaskRow
			}
			out, err := q.taskRows(tasks)
			for _, row := range out {
				dashed(row, levels)
			}
			return out, err
		})
	title := p.Title // whoever reads the file must find the year: months stand without one
	if !strings.Contains(title, strconv.Itoa(p.Year)) {
		title = q.p.T("export.title-tasks", "title", p.Title, "year", p.Year)
	}
	return exportTable{title: title, office: p.Office, times: map[string]int{"chapter": levels}, rows: rows}, nil
}

// dashed marks the chapter columns that a row does not use: a reader takes an empty
// one for a merged cell that was taken apart, and repeats the cell above.
func dashed(row exportRow, levels int) {
	for i := range levels {
		key := fmt.Sprintf("chapter.%d", i+1)
		if row[key].Text == "" {
			row[key] = said("—")
		}
	}
}

// taskRows words tasks, asking once for the names of their units and posts.
func (q *request) taskRows(tasks []store.TaskRow) ([]exportRow, error) {
	var ids []org.UnitID
	var posts []org.PostID
	for _, t := range tasks {
		ids = append(append(ids, t.Leads...), t.Cooperating...)
		if t.Post != "" {
			posts = append(posts, t.Post)
		}
	}
	slices.Sort(ids)
	units, err := q.view.Names(q.Context(), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	names, err := q.view.PostNames(q.Context(), posts)
	if err != nil {
		return nil, err
	}
	out := make([]exportRow, len(tasks))
	for i, t := range tasks {
		out[i] = q.taskCells(t, units)
		if p, ok := names[t.Post]; ok {
			out[i]["post"] = said(q.p.Dots(p.UnitName, p.Title))
		}
	}
	return out, nil
}

// taskCells are the cells of one task. The document's own words are written where
// there are any: whoever reads the file again understands them as they were.
func (q *request) taskCells(t store.TaskRow, units map[org.UnitID]org.Unit) exportRow {
	names := func(ids []org.UnitID) string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = units[id].Name
		}
		return q.p.List(out)
	}
	lead := t.LeadWords
	if lead == "" {
		lead = names(t.Leads)
	}
	row := exportRow{
		"id": said(string(t.ID)), "no": said(t.No), "task": said(t.Title), "measures": said(t.Measures), "lead": said(lead), "cooperating": said(names(t.Cooperating)),
		"target": said(q.targetCell(t.Target)), "deadline": said(q.deadlineCell(t)), "people": said(q.p.List(t.People)), "note": said(t.Note),
		"due": onDate(t.Due), "state": said(q.p.T("export.state-" + string(t.State))), "finished": onDate(t.Finished), "next-report": onDate(q.nextReport(t)),
	}
	for i, heading := range t.Chapter {
		row[fmt.Sprintf("chapter.%d", i+1)] = said(heading)
	}
	if goal, ok := t.Target.Goal(); ok {
		row["goal"] = amount(goal)
	}
	if t.State != task.Draft {
		light := q.rowLight(t)
		row["claimed"], row["verified"], row["light"], row["why"] = amount(t.Claimed), amount(t.Verified), said(light.Word), said(light.Reason)
	}
	return row
}

// targetCell is the document's words of a target, or words that are read as the
// same target.
func (q *request) targetCell(t *task.Target) string {
	if t == nil {
		return ""
	}
	key := map[task.Op]string{task.OpAtLeast: "at-least", task.OpAtMost: "at-most", task.OpAbout: "about", task.OpRange: "range", task.OpFirst: "first", task.OpEqual: "equal"}[t.Op]
	if t.Text != "" || key == "" {
		return t.Text
	}
	words := q.p.T("export.target-"+key, "value", t.Value.String(), "high", t.High.String(), "unit", t.Unit)
	if t.Soft {
		return q.p.T("export.target-soft", "target", words)
	}
	return words
}

// deadlineCell is the document's words of a deadline, or its last day.
func (q *request) deadlineCell(t store.TaskRow) string {
	switch {
	case t.Deadline.Text != "":
		return t.Deadline.Text
	case t.Deadline.Kind == task.DeadlineByDate && !t.Deadline.Date.IsZero():
		return t.Deadline.Date.String()
	}
	return t.Due.String()
}

// nextReport is the last day in time of the period that is to be reported next.
func (q *request) nextReport(t store.TaskRow) (none calendar.Date) {
	if t.State != task.Issued && t.State != task.InForce || t.Cadence == "" {
		return none
	}
	today, rules := q.view.Today(), q.server.store.Rules().Reporting
	p := calendar.Of(t.Cadence, today).Prev()
	for range 3 {
		if due := rules.DueOf(p); !due.Before(today) {
			return due
		}
		p = p.Next()
	}
	return none
}

func periodList(q *request) (exportTable, error) {
	if !q.view.May(org.ClosePeriod, org.PlanFacts{Office: q.caller.Unit().ID}) {
		return exportTable{}, errAbsent
	}
	all, err := q.view.Periods(q.Context(), monthsShown)
	return exportTable{title: q.p.T("period.title"), rows: each(all.Rows, func(r store.PeriodRow) exportRow {
		return exportRow{"period": said(q.p.Period(r.Period)), "last-day": onDate(r.Due), "reports": counted(r.Reports), "late": counted(r.Late),
			"waiting": counted(r.Open), "closed": onDate(r.Closed)}
	})}, err
}
