package web

import (
	"net/http"
	"net/url"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
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

// rankQuery reads how the reader wants the ranking.
func (q *request) rankQuery() rankQuery {
	ask := rankQuery{group: q.FormValue("group"), run: q.FormValue("run"), score: q.FormValue("by") == "score"}
	if ask.group == "" {
		ask.group = groupCities
	}
	if code := org.RegionCode(q.FormValue("city")); cityOf(code) != "" {
		ask.city = cityOf(code)
	}
	return ask
}

func (s *Server) ranking(q *request) error {
	ask := q.rankQuery()
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
	r.Issue = q.issueLink(st.run.Office, official.Bulletin, string(st.run.ID))
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
		switch stages[r.Code] {
		case memo.Preparing, memo.Negotiating:
			name = q.p.T("ranking.in-talks", "name", name)
		case memo.Agreed:
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
		out = append(out, page.Say(q.p.T("ranking.without-plan", "names", idle, "year", st.run.Period.Year)))
	}
	return out, nil
}

// waitingRun puts a finished run that is not yet published before those who may publish it.
func (q *request) waitingRun(r *page.RankingView, ask rankQuery, st standing) error {
	if !q.caller.Has(org.Office) {
		return nil
	}
	runs, err := q.view.Runs(q.Context(), store.RunKey{}, runsShown)
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
