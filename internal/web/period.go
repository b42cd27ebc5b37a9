package web

import (
	"net/http"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

func (s *Server) periodRoutes() []Route {
	return []Route{
		{"GET /periods", false, s.periods},
		{"POST /periods", false, s.closePeriod},
	}
}

// monthsShown is how far back periods are listed: a year and what is being made up.
const monthsShown = 14

func (s *Server) periods(q *request) error { return s.showPeriods(q, http.StatusOK, nil) }

func (s *Server) showPeriods(q *request, code int, faults []page.FieldFault) error {
	if !q.view.May(org.ClosePeriod, org.PlanFacts{Office: q.caller.Unit().ID}) {
		return errAbsent
	}
	all, err := q.view.Periods(q.Context(), monthsShown)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("period.title"), "plan")
	if err != nil {
		return err
	}
	f := page.PeriodsView{Faults: faults, Key: newKey(), Sheets: page.BundleView{Territories: q.territories()}}
	if at := all.Counted; !at.IsZero() {
		f.Counted = q.p.T("desk.load-counted", "time", q.p.Clock(at))
	}
	for _, r := range all.Rows {
		f.Rows = append(f.Rows, page.PeriodRow{
			Period: r.Period.String(), Name: q.p.Period(r.Period), Due: q.p.Column(r.Due), Quarter: r.Period.Kind == calendar.Quarter,
			Reports: r.Reports, Late: r.Late, Open: r.Open, Closed: q.p.Date(r.Closed), MayClose: r.MayClose,
		})
	}
	return q.render(code, page.Periods(v, f))
}

func (s *Server) closePeriod(q *request) error {
	p, err := calendar.ParsePeriod(q.PostFormValue("period"))
	if err != nil {
		return s.showPeriods(q, http.StatusUnprocessableEntity, page.Faults(q.p, fault.New(fault.Invalid, "period.unreadable").On("period").Because(err), nil))
	}
	r, err := s.desk.ClosePeriod(q.Context(), q.caller, q.key(), p)
	if err != nil && mendable(err) {
		return s.showPeriods(q, status(fault.KindOf(err)), page.Faults(q.p, err, nil))
	}
	if err != nil {
		return err
	}
	return q.done(r, "/periods", "period.closed-done", "period", p)
}
