package web

import (
	"net/http"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

func (s *Server) planIssueForm(q *request) error { return s.showIssue(q, http.StatusOK, nil) }

func (s *Server) showIssue(q *request, code int, cause error) error {
	ctx := q.Context()
	p, err := q.view.Plan(ctx, memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if !q.view.May(org.IssuePlan, p.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(org.IssuePlan))
	}
	o, err := q.view.PlanOpen(ctx, p)
	if err != nil {
		return err
	}
	load, err := q.view.DraftLoad(ctx, p, unitsToIssue)
	if err != nil {
		return err
	}
	undated, err := q.view.DraftsWithoutDay(ctx, p)
	if err != nil {
		return err
	}
	back := "/plans/" + string(p.ID)
	f := page.PlanIssuePage{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: p.Title, Href: back}, {Text: q.p.T("plan.issue")}},
			Title:  page.Say(q.p.T("plan.issue-title", "title", p.Title)),
		},
		Action: back + "/issue", Key: formKey(q), Back: back, Ready: o.Drafts > 0, Faults: page.Faults(q.p, cause, nil),
		Facts: []page.Fact{
			{Name: q.p.T("plan.issue-tasks"), Text: page.Say(q.p.T("plan.rows", "n", o.Drafts))},
			{Name: q.p.T("plan.issue-to"), Text: page.Say(q.p.T("plan.issue-unit-count", "n", o.DraftUnits))},
			{Name: q.p.T("plan.issue-sign-by"), Text: page.Say(q.p.DateWeekday(s.store.Rules().SignBy(q.view.Today(), s.store.Workdays())))},
		},
	}
	if undated > 0 {
		f.Warning = q.p.T("plan.issue-undated", "n", undated)
	}
	for _, u := range load {
		f.Units = append(f.Units, page.PlanUnitLoad{Name: u.Name, Leads: q.p.Number(int64(u.Leads)), Helps: q.p.Number(int64(u.Cooperating))})
	}
	if o.DraftUnits > len(load) {
		f.More = q.p.T("plan.issue-more", "n", o.DraftUnits-len(load))
	}
	v, err := q.frame(q.p.T("plan.issue"), "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.PlanIssue(v, f))
}

func (s *Server) planIssue(q *request) error {
	id := memo.PlanID(q.PathValue("id"))
	p, err := q.view.Plan(q.Context(), id)
	if err != nil {
		return err
	}
	o, err := q.view.PlanOpen(q.Context(), p)
	if err != nil {
		return err
	}
	r, err := s.desk.IssuePlan(q.Context(), q.caller, q.key(), id)
	if mendable(err) {
		return s.showIssue(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	signBy := s.store.Rules().SignBy(q.view.Today(), s.store.Workdays())
	return q.done(r, "/plans/"+string(id), "plan.issue-done", "n", o.Drafts, "units", o.DraftUnits, "date", signBy)
}
