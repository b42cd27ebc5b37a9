package web

import (
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

func memorandumExports() []exportable {
	return []exportable{
		{key: "memorandums", page: "/memorandums", address: "/memorandums", wide: true, table: memorandumList, columns: []exportColumn{
			words("region", 12), words("memorandum", 44), words("kind", 14), words("parties", 40), words("stage", 12), day("signed"), day("until"), words("place", 12), figure("plans"), words("waits", 36),
		}},
		{key: "commitments", page: "/memorandums/{id}", address: "/memorandums/{id}/commitments", wide: true, table: commitmentList, columns: []exportColumn{
			words("clause-no", 12), words("clause", 44), words("obligor", 24), words("commitment", 44), words("target", 14), words("deadline", 16), words("confirms", 24), figure("tasks"),
		}},
		{key: "members", page: "/memorandums/{id}/members", address: "/memorandums/{id}/members", table: memberList, columns: []exportColumn{
			words("unit", 34), words("stage", 12), day("asked"), day("joined"), day("left"), words("reason", 30), words("pledge", 40), words("signer", 24), words("signature", 40),
		}},
	}
}

func memorandumList(q *request) (exportTable, error) {
	filter := q.memorandumFilter()
	rows := paged(func(after store.MemorandumKey, limit int) ([]store.OverviewEntry, error) {
		return q.view.Overview(q.Context(), filter, after, limit)
	}, func(m store.OverviewEntry) store.MemorandumKey {
		return store.MemorandumKey{Region: m.Region, ID: m.ID}
	},
		rowsOf(func(m store.OverviewEntry) exportRow {
			return exportRow{"region": said(q.regionName(m.Region)), "memorandum": said(m.Title), "kind": said(m.Kind), "parties": said(q.p.List(m.PartyNames)),
				"stage": said(q.p.T("memorandum.stage-" + string(m.Stage))), "signed": onDate(m.Signed), "until": onDate(m.Until), "place": said(m.Place), "plans": counted(len(m.Plans)), "waits": said(q.waitWords(m.Wait, m.Names))}
		}))
	return exportTable{title: q.p.T("memorandum.list-title"), rows: rows}, nil
}

// commitmentList is what a memorandum's parties owe, clause by clause; a clause
// under which nothing is owed stands alone.
func commitmentList(q *request) (exportTable, error) {
	m, err := q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	tasks, err := q.view.ServingTasks(q.Context(), m, servingShown)
	if err != nil {
		return exportTable{}, err
	}
	var ids []org.UnitID
	var rows []exportRow
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			ids = append(append(ids, k.Obligors()...), k.Confirms)
		}
	}
	slices.Sort(ids)
	units, err := q.view.Names(q.Context(), slices.DeleteFunc(slices.Compact(ids), func(u org.UnitID) bool { return u == "" }))
	if err != nil {
		return exportTable{}, err
	}
	for _, c := range m.Clauses {
		clause := exportRow{"clause-no": said(c.No), "clause": said(c.Text)}
		if len(c.Commitments) == 0 {
			rows = append(rows, clause)
		}
		for _, k := range c.Commitments {
			var names []string
			for _, u := range k.Obligors() {
				names = append(names, units[u].Name)
			}
			rows = append(rows, exportRow{"clause-no": clause["clause-no"], "clause": clause["clause"], "obligor": said(q.p.List(names)), "commitment": said(k.Text),
				"target": said(k.Target), "deadline": said(k.Deadline), "confirms": said(units[k.Confirms].Name), "tasks": counted(len(tasks[k.ID]))})
		}
	}
	return exportTable{title: m.Title, rows: each(rows, func(r exportRow) exportRow { return r })}, nil
}

// memberList is an alliance's members, those who left too.
func memberList(q *request) (exportTable, error) {
	m, err := q.alliance()
	if err != nil {
		return exportTable{}, err
	}
	all, err := q.view.Members(q.Context(), m)
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: m.Title, rows: each(all, func(x store.AllianceMember) exportRow {
		asked := onDate(x.Asked)
		if x.Unasked {
			asked = said(q.memberAsked(x.Member))
		}
		return exportRow{"unit": said(x.Name), "stage": said(q.memberState(x.Member)), "asked": asked, "joined": onDate(x.Joined), "left": onDate(x.Left), "reason": said(x.Why),
			"pledge": said(x.Digest), "signer": said(signerOf(x.Signed.Statement)), "signature": said(x.Signed.Value)}
	})}, nil
}
