package web

import (
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

func taskExports() []exportable {
	own := slices.Concat([]exportColumn{words("plan", 34), words("no", 6), words("task", 34), words("measures", 40), words("role", 8), words("receipt", 14), words("lead", 22), words("cooperating", 22),
		words("target", 14), words("deadline", 16), day("due"), figure("claimed"), figure("verified"), words("light", 8), day("next-report")},
		extra(words("people", 12), words("post", 14), words("note", 14), figure("goal"), words("why", 30), words("state", 10), day("finished")), []exportColumn{{key: "id", width: 10, hidden: true}})
	return []exportable{
		{key: "own-tasks", page: "/desk", address: "/desk/tasks", wide: true, table: ownTasks, columns: own},
		{key: "unit-tasks", page: "/units/{id}", address: "/units/{id}/tasks", wide: true, table: unitTasks, columns: own},
		{key: "reports", page: "/tasks/{id}", address: "/tasks/{id}/reports", wide: true, table: taskReports, columns: []exportColumn{
			words("period", 14), words("unit", 24), words("role", 8), figure("round"), figure("value"), words("measure", 8), words("said", 40), figure("files"), words("state", 10),
			words("late-word", 8), moment("at"), words("verdict", 30), moment("verdict-at"),
		}},
		{key: "parts", page: "/tasks/{id}", address: "/tasks/{id}/parts", wide: true, table: taskParts, columns: taskColumns()},
		{key: "verify", page: "/verify", address: "/verify", wide: true, table: verifyList, columns: []exportColumn{
			words("task", 34), words("unit", 24), words("period", 14), figure("value"), figure("verified"), words("measure", 8), words("said", 40), figure("files"), day("verify-by"), moment("at"),
		}},
	}
}

func ownTasks(q *request) (exportTable, error) { return q.tasksOf(q.caller.Unit()) }

func unitTasks(q *request) (exportTable, error) {
	u, err := q.view.Unit(q.Context(), org.UnitID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	return q.tasksOf(u.Unit)
}

// tasksOf is the tasks of a unit that the reader sees.
func (q *request) tasksOf(u org.Unit) (exportTable, error) {
	rows := paged(func(after task.ID, limit int) ([]store.UnitTask, error) {
		return q.view.UnitTasks(q.Context(), u.ID, after, limit)
	}, func(t store.UnitTask) task.ID { return t.ID }, func(all []store.UnitTask) ([]exportRow, error) {
		tasks := make([]store.TaskRow, len(all))
		for i, t := range all {
			tasks[i] = t.TaskRow
		}
		out, err := q.taskRows(tasks)
		for i := range out {
			out[i]["plan"], out[i]["role"], out[i]["receipt"] = said(all[i].Plan), said(q.p.T("desk.role."+string(all[i].Part.Role))), said(q.partState(all[i].Part))
		}
		return out, err
	})
	return exportTable{title: q.p.T("export.title-unit", "unit", u.Name), rows: rows}, nil
}

// taskReports is every report of a task, oldest first.
func taskReports(q *request) (exportTable, error) {
	k, err := q.view.Task(q.Context(), task.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	reports, err := q.view.Reports(q.Context(), k.ID)
	if err != nil {
		return exportTable{}, err
	}
	var ids []org.UnitID
	for _, r := range reports {
		ids = append(ids, r.Author())
	}
	slices.Sort(ids)
	units, err := q.view.Names(q.Context(), slices.Compact(ids))
	return exportTable{title: q.p.T("export.title-reports", "task", k.Title), rows: each(reports, func(r task.Report) exportRow {
		row := q.reportCells(r, k.Target)
		row["unit"], row["role"], row["state"] = said(units[r.Author()].Name), said(q.p.T("desk.role."+string(r.Role))), said(q.p.T("report.state."+string(r.State)))
		row["round"], row["files"], row["verdict"], row["verdict-at"] = counted(r.Round), counted(len(r.Evidence)), said(r.Verdict), atMoment(r.VerdictAt)
		if r.Late {
			row["late-word"] = said(q.p.T("export.late"))
		}
		return row
	})}, err
}

// reportCells is what a report says.
func (q *request) reportCells(r task.Report, target *task.Target) exportRow {
	row := exportRow{"period": said(q.p.Period(r.Period)), "at": atMoment(r.At), "said": said(r.Words)}
	if r.Kind == task.ReportNoChange && r.Words == "" {
		row["said"] = said(q.p.T("task.said-no-change"))
	}
	if target.Numeric() {
		row["value"], row["measure"] = amount(r.Value), said(target.Unit)
	}
	return row
}

// taskParts is the parts directly below a task that the reader sees.
func taskParts(q *request) (exportTable, error) {
	k, err := q.view.Task(q.Context(), task.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	rows := paged(func(after store.RowKey, limit int) ([]store.PartRow, error) {
		return q.view.TaskParts(q.Context(), k.ID, after, limit)
	}, func(r store.PartRow) store.RowKey { return store.RowKey{Position: r.Position, ID: r.ID} },
		func(all []store.PartRow) ([]exportRow, error) {
			tasks := make([]store.TaskRow, len(all))
			for i, r := range all {
				tasks[i] = r.TaskRow
			}
			return q.taskRows(tasks)
		})
	return exportTable{title: q.p.T("export.title-parts", "task", k.Title), times: map[string]int{"chapter": len(k.Chapter)}, rows: rows}, nil
}

// verifyList is the reader's queue of reports to verify.
func verifyList(q *request) (exportTable, error) {
	if !q.verifies() {
		return exportTable{}, fault.New(fault.Denied, "denied")
	}
	f := store.QueueFilter{Unit: org.UnitID(q.FormValue("unit")), Task: task.ID(q.FormValue("task"))}
	rows := paged(func(after store.QueueKey, limit int) ([]store.QueueRow, error) {
		return q.view.VerifyQueue(q.Context(), f, after, limit)
	}, store.QueueRow.Key, rowsOf(func(r store.QueueRow) exportRow {
		row := q.reportCells(r.Report, r.Target)
		row["task"], row["unit"], row["files"], row["verify-by"] = said(r.Title), said(r.UnitName), counted(r.Files), onDate(r.Due)
		if r.Target.Numeric() {
			row["verified"] = amount(r.Verified)
		}
		return row
	}))
	return exportTable{title: q.p.T("verify.title"), rows: rows}, nil
}
