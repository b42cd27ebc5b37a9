package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) rankingRoutes() []Route {
	return []Route{{"GET /ranking", true, s.ranking}}
}

// The groups that the pages know by name; a scheme may have others.
const (
	groupCities   = "cities"
	groupCounties = "counties"
	runsShown     = 24 // two years of months
)

// standing is a published run with all that its page needs.
type standing struct {
	run     store.Assessment
	earlier []store.Assessment // published runs up to its day, the newest first, itself included
	scheme  store.OfficeScheme
	lights  map[org.RegionCode]store.Lights
	overall map[org.RegionCode]task.Colour
	before  *store.Assessment // the run that it was compared with
	then    map[org.RegionCode]task.Colour
	level   org.Level
}

// rankQuery is how the reader wants the ranking.
type rankQuery struct {
	group string
	city  org.RegionCode
	run   string
	score bool // the map by score
}

func (r rankQuery) href() string {
	v := url.Values{}
	if r.group != groupCities {
		v.Set("group", r.group)
	}
	if r.city != "" {
		v.Set("city", string(r.city))
	}
	if r.run != "" {
		v.Set("run", r.run)
	}
	if r.score {
		v.Set("by", "score")
	}
	if len(v) == 0 {
		return "/ranking"
	}
	return "/ranking?" + v.Encode()
}

func (s *Server) ranking(q *request) error {
	ask := rankQuery{group: q.FormValue("group"), run: q.FormValue("run"), score: q.FormValue("by") == "score"}
	if ask.group == "" {
		ask.group = groupCities
	}
	if code := org.RegionCode(q.FormValue("city")); cityOf(code) != "" {
		ask.city = cityOf(code)
	}
	st, ok, err := s.standing(q, ask)
	if err != nil {
		return err
	}
	var r page.RankingView
	if ok {
		r, err = s.rankingPage(q, ask, st)
	} else {
		r = q.noRanking(ask)
	}
	if err != nil {
		return err
	}
	if err := q.waitingRun(&r, ask, st); err != nil {
		return err
	}
	v, err := q.frame(q.p.T("ranking.title"), "ranking")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Ranking(v, r))
}

// standing reads the run that is asked for, else the newest; false when none is published.
func (s *Server) standing(q *request, ask rankQuery) (st standing, ok bool, err error) {
	ctx, upTo := q.Context(), q.view.Today()
	if ask.run != "" {
		run, err := q.view.Run(ctx, store.AssessmentID(ask.run))
		if err != nil {
			return st, false, err
		}
		if run.Published.IsZero() || run.Group != ask.group {
			return st, false, fault.New(fault.NotFound, "absent")
		}
		upTo = run.AsOf
	}
	runs, err := q.view.PublishedRuns(ctx, ask.group, upTo, runsShown)
	if err != nil || len(runs) == 0 {
		return st, false, err
	}
	i := max(slices.IndexFunc(runs, func(a store.Assessment) bool { return string(a.ID) == ask.run }), 0)
	st.run, st.earlier = runs[i], runs[i:]
	if st.scheme, err = q.view.Scheme(ctx, st.run.Scheme, st.run.Version); err != nil {
		return st, false, err
	}
	for _, g := range st.scheme.Groups {
		if g.Key == ask.group {
			st.level = g.Level
		}
	}
	if st.lights, err = q.view.LightsOf(ctx, st.run); err != nil {
		return st, false, err
	}
	st.overall = s.overall(st.lights, st.run.AsOf)
	b := slices.IndexFunc(st.earlier, func(a store.Assessment) bool {
		return st.run.Ranking.Before != "" && a.Ranking.Digest == st.run.Ranking.Before
	})
	if b < 0 {
		return st, true, nil
	}
	st.before = &st.earlier[b]
	lights, err := q.view.LightsOf(ctx, *st.before)
	st.then = s.overall(lights, st.before.AsOf)
	return st, true, err
}

// places are the decimals of a published total.
func (st standing) places() int32 { return st.scheme.Rounding.TotalPlaces }

// noRanking is the page before anything is published.
func (q *request) noRanking(ask rankQuery) page.RankingView {
	return page.RankingView{
		Head:   page.HeadView{Title: page.Say(q.p.T("ranking.title"))},
		Empty:  &page.EmptyView{Text: page.Say(q.p.T("ranking.none")), Note: page.Say(q.p.T("ranking.none-note"))},
		Groups: q.rankGroups(ask),
	}
}

func (q *request) rankGroups(ask rankQuery) []page.Choice {
	out := []page.Choice{
		{Text: q.p.T("ranking.group-cities"), Href: rankQuery{group: groupCities}.href(), Current: ask.group == groupCities},
		{Text: q.p.T("ranking.group-counties"), Href: rankQuery{group: groupCounties}.href(), Current: ask.group == groupCounties},
	}
	if ask.group == groupCities && ask.city != "" {
		out[1].Href = rankQuery{group: groupCounties, city: ask.city}.href()
	}
	return out
}

// rankingPage lays out a published run.
func (s *Server) rankingPage(q *request, ask rankQuery, st standing) (page.RankingView, error) {
	title := q.p.T("ranking.title-period", "period", q.p.Period(st.run.Period))
	r := page.RankingView{
		Head:      page.HeadView{Crumbs: q.rankCrumbs(ask), Title: page.Say(title), Meta: page.Say(q.rankMeta(st))},
		PrintHead: q.p.T("ranking.print-head", "period", q.p.Period(st.run.Period)),
		Groups:    q.rankGroups(ask), Outline: s.outline,
	}
	for _, run := range st.earlier {
		to := ask
		to.run = string(run.ID)
		r.Periods = append(r.Periods, page.Choice{
			Text: q.p.T("ranking.period", "period", q.p.Period(run.Period), "on", run.AsOf), Href: to.href(), Current: run.ID == st.run.ID,
		})
	}
	if ask.run != "" {
		all := ask
		all.run = ""
		r.Periods = append([]page.Choice{{Text: q.p.T("ranking.newest"), Href: all.href()}}, r.Periods...)
	}
	say, err := s.rankNews(q, st)
	if err != nil {
		return r, err
	}
	r.Say = say
	r.Table = q.rankTable(ask, st)
	if st.level != org.City {
		return r, nil
	}
	if r.Table.Missing, err = q.unranked(st); err != nil {
		return r, err
	}
	light, score := ask, ask
	light.score, score.score = false, true
	r.By = []page.Choice{
		{Text: q.p.T("ranking.by-light"), Href: light.href(), Current: !ask.score},
		{Text: q.p.T("ranking.by-score"), Href: score.href(), Current: ask.score},
	}
	r.Map = q.rankMap(ask, st)
	r.MapTitle = q.p.T("ranking.map", "n", len(regions().Children(provinceOf(st.run.Ranking.Entries[0].Subject))))
	r.Focus = q.rankFocus(ask, st)
	return r, nil
}

func (q *request) rankMeta(st standing) string {
	return q.p.Dots(q.p.T("ranking.as-of", "on", st.run.AsOf),
		q.p.T("ranking.scheme", "name", st.scheme.Name, "version", st.run.Version),
		q.p.T("ranking.published", "at", q.p.Instant(st.run.Published)), q.p.T("ranking.verified-only"))
}

func (q *request) rankCrumbs(ask rankQuery) []page.Crumb {
	out := []page.Crumb{{Text: q.p.T("ranking.province"), Href: "/ranking"}}
	switch {
	case ask.group == groupCities && ask.city == "":
		out[0].Href = ""
		return append(out, page.Crumb{Text: q.p.T("ranking.group-cities")}, page.Crumb{Text: q.p.T("ranking.group-counties")}, page.Crumb{Text: q.p.T("ranking.crumb-card")})
	case ask.group == groupCities:
		return append(out, page.Crumb{Text: q.regionName(ask.city)}, page.Crumb{Text: q.p.T("ranking.group-counties")}, page.Crumb{Text: q.p.T("ranking.crumb-card")})
	case ask.city != "":
		out = append(out, page.Crumb{Text: q.regionName(ask.city), Href: rankQuery{group: groupCities, city: ask.city}.href()})
	}
	return append(out, page.Crumb{Text: q.p.T("ranking.group-counties")}, page.Crumb{Text: q.p.T("ranking.crumb-card")})
}

// rankNews words what stands and what changed.
func (s *Server) rankNews(q *request, st standing) ([]page.Words, error) {
	n := newsOf(st.run.Ranking, st.overall, st.then)
	var counts []string
	for _, c := range lightOrder {
		if n.Counts[c] > 0 {
			counts = append(counts, q.p.T("ranking.count", "count", n.Counts[c], "word", page.LightWord(q.p, string(c))))
		}
	}
	stands := "ranking.stands-cities"
	if st.level == org.County {
		stands = "ranking.stands-counties"
	}
	out := []page.Words{page.Rich(q.p.Rich(stands, "n", len(st.run.Ranking.Entries), "counts", q.p.List(counts)))}
	if !n.Before {
		return append(out, page.Say(q.p.T("ranking.first"))), nil
	}
	if n.Up == nil && n.Down == nil {
		out = append(out, page.Say(q.p.T("ranking.unmoved")))
	}
	for _, x := range []struct {
		m               *move
		key, explaining string
	}{{n.Up, "ranking.rise", "ranking.rise-by"}, {n.Down, "ranking.fall", "ranking.fall-by"}} {
		if x.m == nil {
			continue
		}
		w, err := q.moveSentence(st, *x.m, x.key, x.explaining)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	const most = 3
	for i, t := range n.Turned {
		if i == most {
			out = append(out, page.Say(q.p.T("ranking.turned-more", "n", len(n.Turned)-most)))
			break
		}
		out = append(out, page.Say(q.p.T("ranking.turned", "name", q.regionShort(t.Subject),
			"from", page.LightWord(q.p, string(t.From)), "to", page.LightWord(q.p, string(t.To)))))
	}
	return out, nil
}

// moveSentence says who rose or fell most and, of a single one, by which item.
func (q *request) moveSentence(st standing, m move, key, explained string) (page.Words, error) {
	const named = 3
	names := q.shortNames(m.Subjects[:min(named, len(m.Subjects))])
	if len(m.Subjects) > named {
		names = q.p.T("ranking.and-others", "names", names, "n", len(m.Subjects))
	}
	by := page.FixedPoints(m.By, st.places())
	plain := page.Say(q.p.T(key, "names", names, "by", by))
	if len(m.Subjects) > 1 || st.before == nil {
		return plain, nil
	}
	now, err := q.view.Scorecard(q.Context(), st.run.ID, m.Subjects[0])
	if err != nil {
		return plain, err
	}
	then, err := q.view.Scorecard(q.Context(), st.before.ID, m.Subjects[0])
	if err != nil {
		return plain, err
	}
	line, ok := explaining(now.Read.Card, then.Read.Card)
	if !ok {
		return plain, nil
	}
	places := st.scheme.Rounding.ItemPlaces
	return page.Rich(q.p.Rich(explained, "names", names, "by", by, "item", line.Line.Title,
		"from", page.FixedPoints(line.From, places), "to", page.FixedPoints(line.To, places)),
		cardHref(st.run.ID, m.Subjects[0])+"#"+lineID(line.Line.No)), nil
}

// since names the period of the run before: the month alone within one year.
func (q *request) since(now, before store.Assessment) string {
	if before.Period.Kind == calendar.Month && before.AsOf.Year == now.AsOf.Year {
		return q.p.MonthShort(before.AsOf.Month)
	}
	return q.p.Period(before.Period)
}

// rankTable lists the places.
func (q *request) rankTable(ask rankQuery, st standing) page.RankTable {
	t := page.RankTable{Title: q.p.T("ranking.table"), Place: q.p.T("ranking.group-" + ask.group), Meta: q.p.T("ranking.table-about")}
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
	return row
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
			parts = append(parts, page.LightWord(q.p, string(c))+" "+q.p.Number(int64(sum[c])))
		}
	}
	return q.p.T("ranking.all-lights", "n", sum.Total(), "counts", q.p.List(parts))
}

// trends are the totals of the year up to the run, one for each period.
func (q *request) trends(st standing) (map[org.RegionCode]*page.TrendView, string) {
	var runs []store.Assessment // oldest first, the last published of each period
	for _, a := range st.earlier {
		if a.AsOf.Year == st.run.AsOf.Year && (len(runs) == 0 || runs[0].Period != a.Period) {
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
			out[code] = &page.TrendView{Name: q.p.T("ranking.trend", "name", q.regionName(code), "year", st.run.AsOf.Year), Values: line, Low: low, High: high}
		}
	}
	return out, q.p.T("ranking.trend-head")
}

// unranked says why a city is not in the ranking.
func (q *request) unranked(st standing) ([]page.Words, error) {
	province := provinceOf(st.run.Ranking.Entries[0].Subject)
	stages, err := q.view.Unsigned(q.Context(), province)
	if err != nil {
		return nil, err
	}
	signed, err := q.view.SignedRegions(q.Context())
	if err != nil {
		return nil, err
	}
	var without, idle []string
	for _, r := range regions().Children(province) {
		if _, ok := entryOf(st.run.Ranking, r.Code); ok {
			continue
		}
		name := page.RegionShort(q.p, r)
		if _, preparing := stages[r.Code]; preparing {
			name = q.p.T("ranking.to-sign", "name", name)
		}
		if signed[r.Code] {
			idle = append(idle, name)
		} else {
			without = append(without, name)
		}
	}
	var out []page.Words
	if len(without) > 0 {
		out = append(out, page.Say(q.p.T("ranking.unsigned", "names", without)))
	}
	if len(idle) > 0 {
		out = append(out, page.Say(q.p.T("ranking.without-plan", "names", idle, "year", st.run.AsOf.Year)))
	}
	return out, nil
}

// waitingRun puts a finished run that is not yet published before those who may publish it.
func (q *request) waitingRun(r *page.RankingView, ask rankQuery, st standing) error {
	if !q.caller.Has(org.Office) {
		return nil
	}
	runs, err := q.view.Runs(q.Context(), runsShown)
	if err != nil {
		return err
	}
	for _, a := range runs {
		newer := st.run.ID == "" || st.run.AsOf.Before(a.AsOf)
		if a.Group != ask.group || !a.Published.IsZero() || !newer || !q.view.May(org.PublishScores, a.Facts()) {
			continue
		}
		r.Waiting = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("ranking.waiting", "on", a.AsOf)),
			Meta: page.Say(q.p.T("ranking.waiting-since", "at", q.p.Recent(a.Computed)))}
		r.WaitingTo, r.WaitingDo = "/scores/runs/"+string(a.ID), q.p.T("ranking.waiting-do")
		return nil
	}
	return nil
}
