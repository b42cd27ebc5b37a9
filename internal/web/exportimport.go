package web

import (
	"gongjian/internal/memo"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func importExports() []exportable {
	return []exportable{
		{key: "uploads", page: "/plans/{id}/import", address: "/plans/{id}/imports", table: uploadList, columns: []exportColumn{words("file", 40), words("unit", 30), moment("at"), moment("applied")}},
		{key: "import-rows", page: "/imports/{id}", address: "/imports/{id}/rows", wide: true, table: importRows, columns: []exportColumn{
			words("place", 12), words("no", 6), words("task", 34), words("measures", 34), words("lead", 22), words("cooperating", 22), words("target", 14), words("deadline", 16), day("due"),
			words("note", 12), figure("doubts"), words("left-out", 16),
		}},
		{key: "doubts", page: "/imports/{id}", address: "/imports/{id}/doubts", wide: true, table: importDoubts, columns: []exportColumn{
			words("place", 12), words("no", 6), words("task", 34), words("field", 10), words("words", 24), words("doubt", 44), figure("rows"), words("suggestion", 30), words("answer", 30),
		}},
		{key: "left-out", page: "/imports/{id}", address: "/imports/{id}/left-out", table: importLeftOut, columns: []exportColumn{words("place", 12), words("reason", 24), words("text", 70)}},
	}
}

// uploadList is the documents brought in for a plan.
func uploadList(q *request) (exportTable, error) {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	all, err := q.view.Uploads(q.Context(), p, importsListed)
	return exportTable{title: q.p.T("export.title-uploads", "plan", p.Title), rows: each(all, func(u store.UploadEntry) exportRow {
		return exportRow{"file": said(u.Name), "unit": said(u.Unit), "at": atMoment(u.At), "applied": atMoment(u.Applied)}
	})}, err
}

// imported is an upload for its exports. show "" names all units of long lists.
func (q *request) imported() (*importView, error) {
	im, err := q.server.working(q)
	if err != nil {
		return nil, err
	}
	return &importView{request: q, im: im, tally: paper.Count(im.Rows)}, nil
}

// importRows is the table as it would be entered; with a tab's name, its rows.
func importRows(q *request) (exportTable, error) {
	w, err := q.imported()
	if err != nil {
		return exportTable{}, err
	}
	tab := &importView{request: q, im: w.im, tally: w.tally, show: q.FormValue("show")}
	var rows []paper.DraftRow
	for _, r := range w.im.Rows {
		if r.Skipped == "" && tab.on(r) {
			rows = append(rows, r)
		}
	}
	return exportTable{title: w.im.Name, rows: each(rows, func(r paper.DraftRow) exportRow {
		return exportRow{"place": said(importPlace(q.p, r.Row.Origin)), "no": said(r.Row.No), "task": said(r.Title), "measures": said(r.Measures), "lead": said(w.units(r.Leads)),
			"cooperating": said(w.units(r.Cooperating)), "target": said(w.target(r.Target)), "deadline": said(r.Deadline.Text), "due": onDate(r.Due), "note": said(r.Note),
			"doubts": counted(r.Open())}
	})}, nil
}

// importDoubts is every question about the table, a line each: to be settled with
// whoever made the table, away from the screen. One that holds for the whole table
// stands once.
func importDoubts(q *request) (exportTable, error) {
	w, err := q.imported()
	if err != nil {
		return exportTable{}, err
	}
	asked := map[string]bool{}
	var rows []exportRow
	for _, r := range w.im.Rows {
		for _, o := range r.Questions {
			if r.Skipped != "" || o.Whole && asked[o.Key] {
				continue
			}
			asked[o.Key] = asked[o.Key] || o.Whole
			row := exportRow{"place": said(importPlace(q.p, r.Row.Origin)), "no": said(r.Row.No), "task": said(r.Title), "field": said(q.p.T("import.field." + o.Field)),
				"words": said(o.Words), "doubt": said(plainWords(w.question(r, o, nil).Text)), "rows": counted(max(o.Rows, 1))}
			if o.Suggest != nil {
				row["suggestion"] = said(w.answer(o, *o.Suggest))
			}
			if o.Answer != nil {
				row["answer"] = said(w.answer(o, *o.Answer))
			}
			rows = append(rows, row)
		}
	}
	return exportTable{title: q.p.T("export.title-doubts", "name", w.im.Name), rows: each(rows, func(r exportRow) exportRow { return r })}, nil
}

// importLeftOut is what became no task.
func importLeftOut(q *request) (exportTable, error) {
	w, err := q.imported()
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: q.p.T("export.title-left-out", "name", w.im.Name), rows: each(w.allOut(), func(o page.ImportOut) exportRow {
		return exportRow{"place": said(o.Place), "reason": said(o.Reason), "text": said(o.Text)}
	})}, nil
}
