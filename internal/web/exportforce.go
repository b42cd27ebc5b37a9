package web

import (
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/support"
)

func forceExports() []exportable {
	return []exportable{
		{key: "balance", page: "/memorandums/{id}/balance", address: "/memorandums/{id}/balance", wide: true, table: balanceList, columns: []exportColumn{
			words("clause-no", 12), words("commitment", 44), words("obligor", 24), words("deadline", 16), figure("tasks"), figure("finished-tasks"), words("side", 24), words("waits-for", 20), words("disputed", 10),
		}},
		{key: "support", page: "/support", address: "/support", wide: true, table: supportList, columns: []exportColumn{
			words("support-kind", 10), figure("amount"), words("measure", 10), words("region", 14), figure("budget-year"), day("delivered-on"), words("giver", 28), words("taker", 28), words("state", 10), words("said-words", 40),
			{key: "smallest", kind: sheet.Number, extra: true},
		}},
		{key: "support-sums", page: "/support", address: "/support/sums", table: supportSumList, columns: []exportColumn{
			words("region", 16), figure("budget-year"), words("support-kind", 10), figure("verified-amount"), figure("entered-amount"), words("measure", 10), figure("deliveries"),
		}},
		{key: "support-promises", page: "/support", address: "/support/promises", wide: true, table: supportPromiseList, columns: []exportColumn{
			words("memorandum", 40), words("clause-no", 12), words("commitment", 44), words("obligor", 24), words("support-kind", 10), figure("promised-amount"), figure("verified-amount"), figure("entered-amount"), figure("missing-amount"), words("measure", 10),
		}},
	}
}

func balanceList(q *request) (exportTable, error) {
	m, b, units, err := q.readBalance()
	if err != nil {
		return exportTable{}, err
	}
	rows := each(b.Lines, func(l store.BalanceLine) exportRow {
		finished := 0
		for _, t := range l.Tasks {
			if !t.Finished.IsZero() {
				finished++
			}
		}
		row := exportRow{"clause-no": said(l.Clause.No), "commitment": said(l.Commitment.Text), "obligor": said(unitList(q, units, l.Commitment.Obligors())),
			"deadline": said(l.Commitment.Deadline), "tasks": counted(len(l.Tasks)), "finished-tasks": counted(finished),
			"side": said(unitList(q, units, l.Side.Units)), "waits-for": said(q.p.T("force.side-" + string(l.Side.Kind)))}
		if l.Disputed {
			row["disputed"] = said(q.p.T("force.disputed"))
		}
		return row
	})
	return exportTable{title: q.p.T("force.balance-of", "title", m.Title), rows: rows}, nil
}

func supportList(q *request) (exportTable, error) {
	f := q.supportFilter()
	rows := paged(func(after store.SupportKey, limit int) ([]store.SupportEntry, error) {
		return q.view.Supports(q.Context(), f, after, limit)
	}, func(e store.SupportEntry) store.SupportKey {
		return store.SupportKey{On: e.On.String(), ID: e.ID}
	}, rowsOf(func(e store.SupportEntry) exportRow {
		return exportRow{"support-kind": said(q.p.T("support.kind-" + string(e.Kind))), "amount": amount(e.Value), "measure": said(e.Unit), "region": said(q.regionName(e.Region)),
			"budget-year": counted(e.Year), "delivered-on": onDate(e.On), "giver": said(e.GiverName), "taker": said(e.TakerName), "state": said(q.p.T("support.state-" + string(e.State))),
			"said-words": said(e.Words), "smallest": number(int64(e.Amount))}
	}))
	return exportTable{title: q.p.T("support.title"), rows: rows}, nil
}

func supportSumList(q *request) (exportTable, error) {
	cells, err := q.view.SupportSums(q.Context(), q.supportFilter())
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: q.p.T("support.sums"), rows: each(support.Up(cells), func(c support.Cell) exportRow {
		verified, unit := c.Verified.Usual(c.Kind)
		entered, _ := c.Entered.Usual(c.Kind)
		return exportRow{"region": said(q.regionName(c.Region)), "budget-year": counted(c.Year), "support-kind": said(q.p.T("support.kind-" + string(c.Kind))),
			"verified-amount": {Number: verified}, "entered-amount": {Number: entered}, "measure": said(unit), "deliveries": counted(c.Count)}
	})}, nil
}

func supportPromiseList(q *request) (exportTable, error) {
	f := q.supportFilter()
	rows := paged(func(after store.PromiseKey, limit int) ([]store.PromiseEntry, error) {
		return q.view.Promises(q.Context(), f, after, limit)
	}, func(e store.PromiseEntry) store.PromiseKey {
		return store.PromiseKey{Region: e.Region, Commitment: e.Commitment}
	}, func(all []store.PromiseEntry) ([]exportRow, error) {
		var out []exportRow
		for _, e := range all {
			units, err := q.named(append(e.Joint[:len(e.Joint):len(e.Joint)], e.Obligor))
			if err != nil {
				return nil, err
			}
			cell := func(a support.Amount) sheet.Cell {
				return sheet.Cell{Number: a.In(e.Kind, e.Unit)}
			}
			out = append(out, exportRow{"memorandum": said(e.Title), "clause-no": said(e.Clause), "commitment": said(e.Text), "obligor": said(units[e.Obligor].Name),
				"support-kind": said(q.p.T("support.kind-" + string(e.Kind))), "promised-amount": cell(e.Promised), "verified-amount": cell(e.Verified),
				"entered-amount": cell(e.Entered), "missing-amount": cell(e.Missing()), "measure": said(e.Unit)})
		}
		return out, nil
	})
	return exportTable{title: q.p.T("support.promises"), rows: rows}, nil
}
