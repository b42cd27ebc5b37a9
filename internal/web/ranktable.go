package web

import (
	"strconv"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// since names the period of the run before: the month alone within one year.
func (q *request) since(now, before store.Assessment) string {
	if before.Period.Kind == calendar.Month && before.Period.Year == now.Period.Year {
		return q.p.MonthShort(before.AsOf.Month)
	}
	return q.p.Period(before.Period)
}

// rankTable lists the places.
func (q *request) rankTable(ask rankQuery, st standing) page.RankTable {
	t := page.RankTable{Title: q.p.T("ranking.table"), Place: q.placeHead(ask.group), Meta: q.p.T("ranking.table-about")}
	if st.before != nil {
		t.Change = q.p.T("ranking.change", "period", q.since(st.run, *st.before))
	}
	n := newsOf(st.run.Ranking, st.overall, nil)
	trends, label := q.trends(st)
	t.Trend = label
	within := ask.group == groupCounties && ask.city != ""
	if within {
		t.Within = q.p.T("ranking.rank-within", "city", q.regionShort(ask.city))
	}
	inCity, last := 0, 0
	for _, e := range st.run.Ranking.Entries {
		if ask.group == groupCounties && ask.city != "" && cityOf(e.Subject) != ask.city {
			continue
		}
		row := q.rankRow(ask, st, e)
		if within && e.Rank > 0 {
			if len(t.Rows) == 0 || e.Rank != last {
				inCity = len(t.Rows) + 1
			}
			last = e.Rank
			row.Within = strconv.Itoa(inCity)
		}
		if e.Previous != nil && e.Rank > 0 {
			row.Change = q.change(e.Previous.Rise, st.places())
			row.Strong = n.Up != nil && e.Previous.Rise.Equal(n.Up.By.Decimal) || n.Down != nil && e.Previous.Rise.Neg().Equal(n.Down.By.Decimal)
		}
		row.Trend = trends[e.Subject]
		t.Rows = append(t.Rows, row)
	}
	rule := q.server.store.Rulebook().On(st.run.AsOf).Place
	t.Foot = []page.Words{page.Say(q.p.T("ranking.rule", "red", rule.Red, "percent", rule.YellowPercent) + q.allLights(st))}
	return t
}

func (q *request) rankRow(ask rankQuery, st standing, e assess.Entry) page.RankRow {
	colour, l := st.overall[e.Subject], st.lights[e.Subject]
	row := page.RankRow{
		Name: q.regionName(e.Subject), Href: cardHref(st.run.ID, e.Subject), Total: page.FixedPoints(e.Total, st.places()),
		Light:   page.LightView{Colour: string(colour), Word: page.LightWord(q.p, string(colour))},
		Counts:  [3]string{strconv.Itoa(l[task.Green]), strconv.Itoa(l[task.Yellow]), strconv.Itoa(l[task.Red])},
		Current: ask.city == e.Subject,
	}
	if e.Rank > 0 {
		row.Rank = strconv.Itoa(e.Rank)
	}
	if ask.city == "" {
		row.City = q.cityAround(e.Subject)
	}
	return row
}

// placeHead heads the column of places.
func (q *request) placeHead(group string) string {
	if group == groupCounties {
		return q.p.T("ranking.county")
	}
	return q.p.T("ranking.city")
}

// cityAround names the city that a county lies in, for there are counties of one
// name (市中区); "" for a city itself.
func (q *request) cityAround(code org.RegionCode) string {
	if city := cityOf(code); city != "" && city != code {
		return q.regionShort(city)
	}
	return ""
}

// allLights adds up the lights of all places.
func (q *request) allLights(st standing) string {
	sum := store.Lights{}
	for _, l := range st.lights {
		for c, n := range l {
			sum[c] += n
		}
	}
	var parts []string
	for _, c := range lightOrder {
		if sum[c] > 0 {
			parts = append(parts, q.lightWithin(c)+" "+q.p.Number(int64(sum[c])))
		}
	}
	return q.p.T("ranking.all-lights", "n", sum.Total(), "counts", q.p.List(parts))
}

// trends are the totals of the year up to the run, one for each period.
func (q *request) trends(st standing) (map[org.RegionCode]*page.TrendView, string) {
	var runs []store.Assessment // oldest first, the last published of each period
	for _, a := range st.earlier {
		if a.Period.Year == st.run.Period.Year && (len(runs) == 0 || runs[0].Period != a.Period) {
			runs = append([]store.Assessment{a}, runs...)
		}
	}
	if len(runs) < 2 {
		return nil, ""
	}
	values := map[org.RegionCode][]task.Quantity{}
	for _, a := range runs {
		for _, e := range a.Ranking.Entries {
			if e.Rank > 0 {
				values[e.Subject] = append(values[e.Subject], page.PointsQuantity(e.Total))
			}
		}
	}
	var all [][]task.Quantity
	for _, line := range values {
		all = append(all, line)
	}
	low, high := page.TrendScale(all...)
	out := map[org.RegionCode]*page.TrendView{}
	for code, line := range values {
		if len(line) > 1 {
			out[code] = &page.TrendView{Name: q.p.T("ranking.trend", "name", q.regionName(code), "year", st.run.Period.Year), Values: line, Low: low, High: high}
		}
	}
	return out, q.p.T("ranking.trend-head")
}
