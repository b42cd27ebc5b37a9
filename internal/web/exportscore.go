package web

import (
	"slices"

	"gongjian/internal/assess"
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func scoreExports() []exportable {
	rank := []exportColumn{figure("rank"), words("region", 14), words("city", 14), figure("points"), words("grade", 8), figure("change"), words("light", 8), figure("green"), figure("yellow"), figure("red")}
	return []exportable{
		{key: "ranking", page: "/ranking", address: "/ranking", open: true, table: rankingList, columns: rank},
		{key: "run", page: "/scores/runs/{run}", address: "/scores/runs/{run}/ranking", table: runList, columns: append(slices.Clone(rank), words("open-items", 24))},
		{key: "scorecards", page: "/scorecards", address: "/scorecards", table: cardList, columns: []exportColumn{
			words("period", 14), words("group", 14), day("as-of"), words("region", 14), words("city", 14), figure("points"), words("grade", 8), figure("rank"), figure("of"), words("published", 8),
		}},
		{key: "items", page: "/scorecards/{run}/{region}", address: "/scorecards/{run}/{region}/items", open: true, wide: true, table: cardItems, columns: []exportColumn{
			words("no", 8), words("item", 34), words("criterion", 40), words("item-kind", 10), figure("full"), figure("points"), figure("lost"), figure("median"), words("calculation", 44), words("why", 44), words("rests-on", 40),
		}},
		{key: "judgements", page: "/scores", address: "/scores/judgements", wide: true, table: judgementList, columns: []exportColumn{
			words("scheme", 34), words("no", 8), words("item", 30), words("region", 14), figure("full"), figure("points"), words("judged", 10), words("reason", 40), words("post", 24), moment("at"),
		}},
		{key: "occurrences", page: "/scores", address: "/scores/occurrences", table: occurrenceList, columns: []exportColumn{
			words("scheme", 34), day("on"), words("region", 14), words("happening", 20), figure("count"), words("said", 44),
		}},
		{key: "runs", page: "/scores", address: "/scores/runs", table: runsList, columns: []exportColumn{words("period", 14), words("group", 14), day("as-of"), moment("computed"), moment("published-at")}},
		{key: "scheme-items", page: "/scores", address: "/scores/items", wide: true, table: schemeItems, columns: []exportColumn{
			words("scheme", 34), words("no", 8), words("item", 34), words("criterion", 40), words("item-kind", 10), figure("full"), words("method", 14), words("scorer", 20),
		}},
	}
}

// scored is a number of points.
func scored(p assess.Points) sheet.Cell { return sheet.Cell{Number: p.String()} }

// rankingList is a published ranking.
func rankingList(q *request) (exportTable, error) {
	ask := q.rankQuery()
	st, ok, err := q.server.standing(q, ask)
	if err != nil || !ok {
		return exportTable{title: q.p.T("ranking.title"), rows: each([]exportRow(nil), func(r exportRow) exportRow { return r })}, err
	}
	return q.rankingTable(ask, st, q.p.T("ranking.title-period", "period", q.p.Period(st.run.Period))), nil
}

// rankingTable lists the places of a run; within a city, its counties.
func (q *request) rankingTable(ask rankQuery, st standing, title string) exportTable {
	entries := slices.DeleteFunc(slices.Clone(st.run.Ranking.Entries), func(e assess.Entry) bool {
		return ask.group == groupCounties && ask.city != "" && cityOf(e.Subject) != ask.city
	})
	return exportTable{title: title, rows: each(entries, func(e assess.Entry) exportRow {
		row := exportRow{"region": said(q.regionName(e.Subject)), "city": said(q.cityAround(e.Subject)), "points": scored(e.Total), "grade": said(e.Grade), "open-items": said(q.p.List(e.Open))}
		row["light"] = said(page.LightWord(q.p, string(st.overall[e.Subject])))
		if e.Rank > 0 {
			row["rank"] = counted(e.Rank)
			if e.Previous != nil {
				row["change"] = scored(e.Previous.Rise)
			}
		}
		return lightsCells(row, st.lights[e.Subject])
	})}
}

// runList is a run as it would be published.
func runList(q *request) (exportTable, error) {
	if !q.scores() {
		return exportTable{}, errAbsent
	}
	st, err := q.runStanding()
	if err != nil {
		return exportTable{}, err
	}
	return q.rankingTable(rankQuery{group: st.run.Group}, st, q.p.T("scorecard.run", "period", q.p.Period(st.run.Period), "group", q.groupName(st.run.Group))), nil
}

// runStanding reads the run that the address names with its lights.
func (q *request) runStanding() (st standing, err error) {
	if st.run, err = q.view.Run(q.Context(), store.AssessmentID(q.PathValue("run"))); err != nil {
		return st, err
	}
	st.lights, err = q.view.LightsOf(q.Context(), st.run)
	st.overall = q.server.overall(st.lights, st.run.AsOf)
	return st, err
}

// cardList is the scorecards of the reader's territory.
func cardList(q *request) (exportTable, error) {
	territory := q.caller.Unit().Region
	rows := paged(func(after store.CardKey, limit int) ([]store.CardEntry, error) {
		return q.view.Scorecards(q.Context(), territory, after, limit)
	}, func(e store.CardEntry) store.CardKey {
		return store.CardKey{AsOf: e.AsOf, Run: e.Run, Region: e.Region}
	}, rowsOf(func(e store.CardEntry) exportRow {
		row := exportRow{"period": said(q.p.Period(e.Period)), "group": said(q.groupName(e.Group)), "as-of": onDate(e.AsOf), "region": said(q.regionName(e.Region)), "city": said(q.cityAround(e.Region)),
			"points": {Number: e.Total}, "grade": said(e.Grade), "of": counted(e.Of), "published": said(q.p.T("score.draft"))}
		if e.Place > 0 {
			row["rank"] = counted(e.Place)
		}
		if e.Published {
			row["published"] = said(q.p.T("export.published"))
		}
		return row
	}))
	return exportTable{title: q.p.T("scorecard.list"), rows: rows}, nil
}

// cardItems is one scorecard, item by item, with how the points came about.
func cardItems(q *request) (exportTable, error) {
	c, err := q.card()
	if err != nil {
		return exportTable{}, err
	}
	medians := map[string]assess.Points{}
	for _, m := range c.Run.Ranking.Medians {
		medians[m.No] = m.Got
	}
	title := q.p.T("export.title-card", "region", q.regionName(c.Region), "run", q.p.T("scorecard.run", "period", q.p.Period(c.Run.Period), "group", q.groupName(c.Run.Group)))
	return exportTable{title: title, rows: each(c.Read.Card.Lines, func(l assess.Line) exportRow {
		row := exportRow{"no": said(l.No), "item": said(l.Title), "criterion": said(l.Words), "item-kind": said(q.p.T(l.Kind.TextKey())), "full": scored(l.Points), "points": scored(l.Got), "lost": scored(l.Lost)}
		if m, ok := medians[l.No]; ok {
			row["median"] = scored(m)
		}
		if l.State == assess.StillOpen {
			row["points"], row["lost"] = said(q.p.T(l.State.TextKey())), sheet.Cell{None: true}
		}
		if l.Kind == assess.Veto {
			row["full"], row["points"], row["lost"] = sheet.Cell{None: true}, sheet.Cell{None: true}, sheet.Cell{None: true}
		}
		var calc, refs []string
		for _, s := range l.Calc {
			calc = append(calc, q.p.Say(s))
		}
		for _, r := range l.Refs {
			refs = append(refs, r.Label)
		}
		row["calculation"], row["rests-on"] = said(lines(calc)), said(lines(refs))
		if l.Why != nil {
			row["why"] = said(q.p.Say(*l.Why))
		}
		return row
	})}, nil
}
