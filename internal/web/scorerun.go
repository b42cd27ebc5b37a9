package web

import (
	"net/http"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) run(q *request) error { return s.showRun(q, http.StatusOK, nil) }

// showRun shows a run as it would be published, with the cards that are not complete.
func (s *Server) showRun(q *request, code int, bad []page.FieldFault) error {
	if !q.scores() {
		return errAbsent
	}
	run, err := q.view.Run(q.Context(), store.AssessmentID(q.PathValue("run")))
	if err != nil {
		return err
	}
	st := standing{run: run}
	if st.scheme, err = q.view.Scheme(q.Context(), run.Scheme, run.Version); err != nil {
		return err
	}
	if st.lights, err = q.view.LightsOf(q.Context(), run); err != nil {
		return err
	}
	st.overall = s.overall(st.lights, run.AsOf)
	st.earlier, err = q.view.PublishedRuns(q.Context(), run.Group, run.AsOf, runsShown)
	if err != nil {
		return err
	}
	for i, a := range st.earlier {
		if run.Ranking.Before != "" && a.Ranking.Digest == run.Ranking.Before {
			st.before = &st.earlier[i]
		}
	}
	title := q.p.T("scorecard.run", "period", q.p.Period(run.Period), "group", q.groupName(run.Group))
	out := page.RunView{Faults: bad, Table: q.rankTable(rankQuery{group: run.Group}, st)}
	out.Table.Trend = ""
	out.Head = page.HeadView{Title: page.Say(title), Meta: page.Say(q.runMeta(st)), Crumbs: []page.Crumb{
		{Text: q.p.T("scorecard.list"), Href: "/scorecards"}, {Text: q.p.T("score.desk"), Href: "/scores"}, {Text: title},
	}}
	for _, e := range run.Ranking.Entries {
		if e.Rank == 0 {
			out.Open = append(out.Open, page.Rich(q.p.Rich("score.open-card", "name", q.regionName(e.Subject), "items", e.Open), cardHref(run.ID, e.Subject)))
		}
	}
	switch {
	case !run.Published.IsZero():
		out.Said = q.p.T("score.is-published", "at", q.p.Instant(run.Published))
	case len(out.Open) > 0:
		out.Said = q.p.T("score.cannot-publish", "n", len(out.Open))
	case len(run.Ranking.Entries) == 0:
		out.Said = q.p.T("score.nobody")
	case q.view.May(org.PublishScores, run.Facts()):
		out.Publish = &page.PublishForm{Action: "/scores/runs/" + string(run.ID) + "/publish", Key: newKey(), Faults: bad,
			Title: q.p.T("score.publish-title", "title", title), About: q.p.T("score.publish-about")}
	default:
		out.Said = q.p.T("score.office-publishes")
	}
	v, err := q.frame(title, "assess")
	if err != nil {
		return err
	}
	return q.render(code, page.Run(v, out))
}

func (q *request) runMeta(st standing) string {
	state := "score.draft-at"
	if !st.run.Published.IsZero() {
		state = "ranking.waiting-since" // when it was worked out; that it is published is said below
	}
	return q.p.Dots(q.p.T("ranking.as-of", "on", st.run.AsOf),
		q.p.T("ranking.scheme", "name", st.scheme.Name, "version", st.run.Version), q.p.T(state, "at", q.p.Recent(st.run.Computed)))
}

// publish makes a run public, once the office has said that it is meant.
func (s *Server) publish(q *request) error {
	id := store.AssessmentID(q.PathValue("run"))
	if q.PostFormValue("confirm") == "" {
		err := fault.New(fault.Invalid, "score.not-confirmed").On("confirm")
		return s.showRun(q, status(fault.Invalid), page.Faults(q.p, err, map[string]string{"confirm": q.p.T("score.confirm")}))
	}
	run, err := q.view.Run(q.Context(), id)
	if err != nil {
		return err
	}
	r, err := s.desk.Publish(q.Context(), q.caller, q.key(), id)
	if mendable(err) {
		return s.showRun(q, status(fault.KindOf(err)), page.Faults(q.p, err, nil))
	}
	if err != nil {
		return err
	}
	to := rankQuery{group: run.Group}.href()
	return q.done(r, to, "score.publish-done", "period", q.p.Period(run.Period))
}
