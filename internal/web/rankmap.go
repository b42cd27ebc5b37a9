package web

import (
	"strconv"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

// rankMap colours the cities by their overall light or by their score.
func (q *request) rankMap(ask rankQuery, st standing) *page.MapView {
	m := &page.MapView{Regions: map[string]page.MapRegion{}, Score: ask.score}
	m.Label = q.p.T("ranking.map-light")
	if ask.score {
		m.Label = q.p.T("ranking.map-score")
	}
	bands := map[int]int{}
	for _, e := range st.run.Ranking.Entries {
		to := ask
		to.city = e.Subject
		colour := string(st.overall[e.Subject])
		band := scoreBand(e.Total, st.scheme.Points)
		bands[band]++
		m.Regions[string(e.Subject)[:4]] = page.MapRegion{
			Colour: colour, Word: page.LightWord(q.p, colour), Score: page.FixedPoints(e.Total, st.places()), Band: band, Href: to.href() + "#place",
		}
	}
	none := 0
	for _, r := range regions().Children(provinceOf(st.run.Ranking.Entries[0].Subject)) {
		if _, ok := m.Regions[r.Code.Prefix()]; !ok {
			m.Regions[r.Code.Prefix()] = page.MapRegion{Word: q.p.T("ranking.not-ranked")}
			none++
		}
	}
	if ask.score {
		for band := 5; band >= 1; band-- {
			m.Keys = append(m.Keys, page.MapKey{Band: band, Word: q.bandWord(band, st.scheme.Points), Count: strconv.Itoa(bands[band])})
		}
	} else {
		n := newsOf(st.run.Ranking, st.overall, nil)
		for _, c := range lightOrder {
			if n.Counts[c] > 0 {
				m.Keys = append(m.Keys, page.MapKey{Colour: string(c), Word: page.LightWord(q.p, string(c)), Count: strconv.Itoa(n.Counts[c])})
			}
		}
	}
	if none > 0 {
		m.Keys = append(m.Keys, page.MapKey{Word: q.p.T("ranking.not-ranked"), Count: strconv.Itoa(none)})
	}
	return m
}

// bandEdges are the lower edges of the upper four bands of scores, in per cent of
// full marks. They are for colouring only; grades are the scheme's.
var bandEdges = [4]int64{80, 85, 90, 95}

// scoreBand is 1 for the lowest fifth band of scores up to 5 for the highest.
func scoreBand(total, full assess.Points) int {
	band := 1
	for _, edge := range bandEdges {
		if !total.Shift(2).LessThan(full.Mul(assess.Whole(edge).Decimal)) {
			band++
		}
	}
	return band
}

// bandWord names a band by its edges in points.
func (q *request) bandWord(band int, full assess.Points) string {
	edge := func(i int) string {
		return page.PlainPoints(assess.Points{Decimal: full.Mul(assess.Whole(bandEdges[i]).Decimal).Shift(-2)})
	}
	switch band {
	case 5:
		return q.p.T("ranking.band-top", "from", edge(3))
	case 1:
		return q.p.T("ranking.band-low", "below", edge(0))
	}
	return q.p.T("ranking.band", "from", edge(band-2), "below", edge(band-1))
}

// rankFocus tells about the city that was chosen on the map.
func (q *request) rankFocus(ask rankQuery, st standing) *page.FocusView {
	e, ok := entryOf(st.run.Ranking, ask.city)
	if !ok {
		return nil
	}
	colour := string(st.overall[ask.city])
	l := st.lights[ask.city]
	facts := []page.Fact{
		{Name: q.p.T("ranking.rank"), Text: page.Say(q.rankOf(e.Rank, ranked(st.run.Ranking)))},
		{Name: q.p.T("ranking.total"), Text: page.Say(page.FixedPoints(e.Total, st.places()))},
		{Name: q.p.T("ranking.overall"), Text: page.Say(page.LightWord(q.p, colour))},
		{Name: q.p.T("ranking.tasks"), Text: page.Say(q.p.T("ranking.tasks-count", "n", l.Total()))},
	}
	if e.Previous != nil && e.Rank > 0 && st.before != nil {
		facts = append(facts, page.Fact{Name: q.p.T("ranking.change", "period", q.since(st.run, *st.before)), Text: page.Say(q.change(e.Previous.Rise, st.places()))})
	}
	links := []page.Choice{
		{Text: q.p.T("ranking.to-card"), Href: cardHref(st.run.ID, ask.city)},
		{Text: q.p.T("ranking.to-counties"), Href: rankQuery{group: groupCounties, city: ask.city}.href()},
	}
	if q.caller.SignedIn() && !q.caller.Has(org.Admin) {
		links = append(links, page.Choice{Text: q.p.T("ranking.to-plans"), Href: "/plans"})
	} else {
		links = append(links, page.Choice{Text: q.p.T("ranking.to-public"), Href: "/public?region=" + string(ask.city)})
	}
	return &page.FocusView{Title: q.regionName(ask.city), Facts: facts, Links: links}
}
