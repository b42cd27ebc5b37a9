package web

import "gongjian/internal/store"

// letterExports are the overview as a file.
func letterExports() []exportable {
	return []exportable{{key: "letters", page: "/letters", address: "/letters", wide: true, table: letterList, columns: []exportColumn{
		words("region", 14), words("unit", 34), words("letter", 16), words("issue", 22), figure("year"), figure("leading"), figure("helping"), words("state", 18), day("given-on"), day("giver-signed"),
		day("taker-signed"), words("changed", 14), words("reason", 24),
	}}}
}

func letterList(q *request) (exportTable, error) {
	f := q.letterFilter()
	rows := paged(func(after store.LetterKey, limit int) ([]store.LetterEntry, error) {
		return q.view.Letters(q.Context(), f, after, limit)
	}, store.LetterEntry.Key, func(all []store.LetterEntry) ([]exportRow, error) {
		changed, err := q.view.LettersChanged(q.Context(), all)
		out := make([]exportRow, len(all))
		for i, e := range all {
			out[i] = exportRow{"region": said(q.regionName(e.Region)), "unit": said(e.TakerName), "letter": said(q.letterName(e.Number)), "issue": said(e.Issue), "year": counted(e.Year),
				"leading": counted(e.Leads), "helping": counted(e.Tasks - e.Leads), "state": said(q.letterState(e.State, e.GiverOn, e.TakerOn)), "given-on": onDate(e.Given),
				"giver-signed": onDate(e.GiverOn), "taker-signed": onDate(e.TakerOn), "reason": said(q.letterRow(e, false).Reason)}
			if changed[e.ID] {
				out[i]["changed"] = said(q.p.T("letter.changed"))
			}
		}
		return out, err
	})
	return exportTable{title: q.p.T("letter.list-title"), rows: rows}, nil
}
