package web

import (
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func publicExports() []exportable {
	return []exportable{
		{key: "promises", page: "/public", address: "/public/tasks", open: true, wide: true, table: promiseList, columns: []exportColumn{
			words("region-code", 10), words("region", 12), figure("year"), words("no", 6), words("promise", 40), words("lead", 30), words("target", 14), figure("goal"), words("measure", 8),
			figure("verified"), words("deadline", 16), day("due"), day("finished"), words("light", 8),
		}},
		{key: "in-force", page: "/public", address: "/public/memorandums", open: true, table: inForceList, columns: []exportColumn{words("region", 12), words("memorandum", 44), words("parties", 40), day("signed"), day("until")}},
		{key: "regions", page: "/public", address: "/public/regions", open: true, table: regionList, columns: []exportColumn{
			words("region-code", 10), words("region", 14), figure("rows"), figure("rows-verified"), figure("rows-finished"), figure("green"), figure("yellow"), figure("red"),
		}},
	}
}

// promiseList is the rows of the year's issued plans.
func promiseList(q *request) (exportTable, error) {
	year := q.view.Today().Year
	f := store.PublicFilter{Region: org.RegionCode(q.FormValue("region")), Behind: q.FormValue("show") == "behind", Done: q.FormValue("show") == "done"}
	rows := paged(func(after store.PublicKey, limit int) ([]store.PublicTask, error) {
		return q.view.PublicTasks(q.Context(), year, f, after, limit)
	}, func(t store.PublicTask) store.PublicKey {
		return store.PublicKey{Region: t.Region, Plan: t.Plan, Position: t.Position, ID: t.ID}
	}, rowsOf(func(t store.PublicTask) exportRow {
		row := exportRow{"region-code": said(string(t.Region)), "region": said(q.regionName(t.Region)), "year": counted(t.Year), "no": said(t.No), "promise": said(t.Title), "lead": said(q.p.List(t.Leads)),
			"deadline": said(t.Deadline.Text), "due": onDate(t.Due), "finished": onDate(t.Finished), "light": said(page.LightWord(q.p, string(t.Light.Colour)))}
		if t.Target != nil {
			row["target"], row["measure"] = said(t.Target.Text), said(t.Target.Unit)
			if goal, ok := t.Target.Goal(); ok {
				row["goal"], row["verified"] = amount(goal), amount(t.Verified)
			}
		}
		return row
	}))
	return exportTable{title: q.p.T("export.title-promises", "year", year), rows: rows}, nil
}

func inForceList(q *request) (exportTable, error) {
	type key struct {
		region org.RegionCode
		id     memo.ID
	}
	rows := paged(func(after key, limit int) ([]store.PublicMemorandum, error) {
		return q.view.MemorandumsInForce(q.Context(), after.region, after.id, limit)
	}, func(m store.PublicMemorandum) key { return key{m.Region, m.ID} }, rowsOf(func(m store.PublicMemorandum) exportRow {
		return exportRow{"region": said(q.regionName(m.Region)), "memorandum": said(m.Title), "parties": said(q.p.List(m.Parties)), "signed": onDate(m.Signed), "until": onDate(m.Until)}
	}))
	return exportTable{title: q.p.T("export.list-in-force"), rows: rows}, nil
}

func regionList(q *request) (exportTable, error) {
	counts, err := q.view.PublicCounts(q.Context(), q.view.Today().Year)
	return exportTable{title: q.p.T("public.title"), rows: each(counts.Regions, func(r store.RegionCount) exportRow {
		return lightsCells(exportRow{"region-code": said(string(r.Region)), "region": said(q.regionName(r.Region)), "rows": counted(r.Lights.Total()),
			"rows-verified": counted(r.Verified), "rows-finished": counted(r.Finished)}, r.Lights)
	})}, err
}
