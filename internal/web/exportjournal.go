package web

import (
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

func journalExports() []exportable {
	return []exportable{
		{key: "journal", page: "/journal", address: "/journal", wide: true, table: journalList, columns: []exportColumn{
			figure("sequence"), moment("at"), words("who", 30), words("action", 18), words("outcome", 10), words("about", 50), words("receipt-number", 20), words("entry", 38),
		}},
		{key: "checkpoints", page: "/journal/checkpoints", address: "/journal/checkpoints", open: true, table: checkpointList, columns: []exportColumn{
			figure("entries"), moment("at"), words("root", 48), words("origin", 24),
		}},
		{key: "access", page: "/access", address: "/access", wide: true, table: accessList, columns: []exportColumn{
			words("unit", 30), words("part", 16), words("post", 16), words("holder", 14), words("sees-does", 8), words("actions", 40), words("policy", 44),
		}},
		{key: "policies", page: "/policies", address: "/policies", table: policyList, columns: []exportColumn{words("policy-id", 26), words("policy", 60), words("policy-text", 60)}},
	}
}

// journalList is the journal, the newest first; those of the last seconds, which
// have no number yet, stand above.
func journalList(q *request) (exportTable, error) {
	if !q.view.May(org.SeeJournal, org.JournalFacts{}) {
		return exportTable{}, errAbsent
	}
	f := page.JournalPage{Unit: q.FormValue("unit")}
	filter, err := q.journalFilter(&f)
	if err != nil {
		return exportTable{}, err
	}
	if len(f.Faults) > 0 {
		return exportTable{}, fault.New(fault.NotFound, "absent")
	}
	waiting, err := q.server.log.ListWaiting(q.Context(), waitingLimit, filter)
	if err != nil {
		return exportTable{}, err
	}
	first := true
	rows := paged(func(before *journal.Record, limit int) ([]journal.Record, error) {
		at := int64(-1)
		if before != nil {
			at = before.Sequence
		}
		return q.server.log.List(q.Context(), at, limit, filter)
	}, func(r journal.Record) *journal.Record { return &r }, func(all []journal.Record) ([]exportRow, error) {
		if first {
			first = false
			above, err := q.journalCells(waiting)
			if err != nil {
				return nil, err
			}
			rest, err := q.journalCells(all)
			return append(above, rest...), err
		}
		return q.journalCells(all)
	})
	return exportTable{title: q.p.T("journal.title"), rows: rows}, nil
}

// journalCells words entries as the page does, with exact moments and numbers.
func (q *request) journalCells(records []journal.Record) ([]exportRow, error) {
	rows, err := q.journalRows(records)
	if err != nil {
		return nil, err
	}
	out := make([]exportRow, len(rows))
	for i, r := range rows {
		var about []string
		for _, w := range r.About {
			about = append(about, plainWords(w))
		}
		out[i] = exportRow{"at": atMoment(records[i].Entry.At), "who": said(plainWords(r.Who)), "action": said(r.Action), "outcome": said(r.Outcome), "about": said(q.p.List(about)),
			"receipt-number": said(r.Receipt), "entry": said(records[i].Entry.ID)}
		if records[i].Folded() {
			out[i]["sequence"] = number(records[i].Sequence)
		}
	}
	return out, nil
}

func checkpointList(q *request) (exportTable, error) {
	rows := paged(func(before *journal.Checkpoint, limit int) ([]journal.Checkpoint, error) {
		at := int64(-1)
		if before != nil {
			at = before.Size
		}
		return q.server.log.Checkpoints(q.Context(), at, limit)
	}, func(c journal.Checkpoint) *journal.Checkpoint { return &c }, rowsOf(func(c journal.Checkpoint) exportRow {
		return exportRow{"entries": number(c.Size), "at": atMoment(c.At), "root": said(c.Root.String()), "origin": said(c.Origin)}
	}))
	return exportTable{title: q.p.T("export.list-checkpoints"), rows: rows}, nil
}

// accessList is who can see and do what with a record, one right of a post a line.
func accessList(q *request) (exportTable, error) {
	a, err := q.accessSubject()
	if err != nil {
		return exportTable{}, err
	}
	units, err := q.accessUnits(a, q.policyTexts())
	if err != nil {
		return exportTable{}, err
	}
	var rows []exportRow
	for _, u := range units {
		for _, p := range u.Posts {
			add := func(what string, grants []page.AccessGrant) {
				for _, g := range grants {
					rows = append(rows, exportRow{"unit": said(u.Name), "part": said(u.Part), "post": said(p.Title), "holder": said(p.Holder),
						"sees-does": said(what), "actions": said(g.Actions), "policy": said(g.Policy)})
				}
			}
			add(q.p.T("export.sees"), p.Sees)
			add(q.p.T("export.does"), p.Does)
		}
	}
	return exportTable{title: q.p.Dots(q.p.T("access.title"), a.crumb.Text), rows: each(rows, func(r exportRow) exportRow { return r })}, nil
}

func policyList(q *request) (exportTable, error) {
	texts := q.policyTexts()
	var all []page.PolicyText
	for _, p := range q.server.store.Policies().All() {
		all = append(all, texts[p.ID])
	}
	return exportTable{title: q.p.T("access.policies"), rows: each(all, func(t page.PolicyText) exportRow {
		return exportRow{"policy-id": said(t.ID), "policy": said(t.Sentence), "policy-text": said(strings.TrimSpace(t.Text))}
	})}, nil
}
