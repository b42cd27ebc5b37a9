package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) memorandumRoutes() []Route {
	return []Route{
		{"GET /memorandums", false, s.memorandums},
		{"GET /memorandums/new", false, s.memorandumNew},
		{"POST /memorandums", false, s.memorandumEnter},
		{"GET /memorandums/{id}", false, s.memorandum},
		{"GET /memorandums/{id}/edit", false, s.memorandumEditForm},
		{"POST /memorandums/{id}/edit", false, s.memorandumEdit},
		{"POST /memorandums/{id}/plans", false, s.memorandumPlan},
	}
}

// How much of memorandums stands on a page.
const (
	memorandumsAPage = 50
	servingShown     = 200
)

// mayEnterMemorandum reports whether the caller's unit may enter memorandums of its own.
func (q *request) mayEnterMemorandum() bool {
	u := q.caller.Unit()
	return q.view.May(org.EnterMemorandum, org.MemorandumFacts{Office: u.ID, Parties: []org.UnitID{u.ID}, Region: u.Region})
}

func (s *Server) memorandums(q *request) error {
	filter := q.memorandumFilter()
	words := filter.Words
	after := store.MemorandumKey{Region: org.RegionCode(q.FormValue("region")), ID: memo.ID(q.FormValue("after"))}
	all, err := q.view.Overview(q.Context(), filter, after, memorandumsAPage+1)
	if err != nil {
		return err
	}
	f := page.MemorandumsPage{Head: page.HeadView{Title: page.Say(q.p.T("memorandum.list-title")), Meta: page.Say(q.p.T("memorandum.list-about"))}}
	if err := q.overviewTools(filter, &f); err != nil {
		return err
	}
	address := filterQuery(filter)
	if len(all) > memorandumsAPage {
		last := all[memorandumsAPage-1]
		next := filterQuery(filter)
		next.Set("region", string(last.Region))
		next.Set("after", string(last.ID))
		f.Pager.Next = "/memorandums?" + next.Encode()
		all = all[:memorandumsAPage]
	}
	if after.ID != "" {
		f.Pager.First = "/memorandums?" + address.Encode()
	}
	for _, m := range all {
		region := q.regionName(m.Region)
		if n := len(f.Regions); n == 0 || f.Regions[n-1].Region != region {
			f.Regions = append(f.Regions, page.MemorandumsOf{Region: region})
		}
		group := &f.Regions[len(f.Regions)-1]
		line := page.MemorandumLine{
			Title: m.Title, Href: "/memorandums/" + string(m.ID), Parties: q.p.List(m.PartyNames),
			Stage: q.p.T("memorandum.stage-" + string(m.Stage)), Term: q.term(m.Memorandum), Plans: q.memorandumPlans(m.Plans),
			Wait: q.waitWords(m.Wait, m.Names),
		}
		group.Rows = append(group.Rows, line)
	}
	enter := page.PlanLink{Text: q.p.T("memorandum.enter"), Href: "/memorandums/new"}
	begin := page.PlanLink{Text: q.p.T("negotiation.begin"), Href: "/memorandums/begin"}
	if q.mayEnterMemorandum() {
		f.Acts = []page.PlanLink{enter, begin}
	}
	if len(all) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("memorandum.none"))}
		if len(address) > 0 {
			f.Empty = &page.EmptyView{Text: page.Say(q.p.T("lapse.none-fit"))}
			if words != "" {
				f.Empty = &page.EmptyView{Text: page.Say(q.p.T("memorandum.none-found", "words", words))}
			}
			f.EmptyDo = []page.PlanLink{{Text: q.p.T("plan.show-all"), Href: "/memorandums"}}
		} else if q.mayEnterMemorandum() {
			begin.Class = "btn-primary"
			f.Empty.Note = page.Say(q.p.T("memorandum.none-note"))
			f.Acts, f.EmptyDo = nil, []page.PlanLink{begin, enter}
		}
	}
	v, err := q.frame(q.p.T("memorandum.list-title"), "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Memorandums(v, f))
}

// term is when a memorandum was signed and how long it holds.
func (q *request) term(m memo.Memorandum) string {
	switch {
	case m.Signed.IsZero():
		return q.p.T("memorandum.unsigned")
	case m.Until.IsZero():
		return q.p.T("memorandum.open-ended", "signed", m.Signed.String())
	}
	return q.p.T("memorandum.from-to", "signed", m.Signed.String(), "until", m.Until.String())
}

// memorandumPlans is the years of a memorandum.
func (q *request) memorandumPlans(plans []store.PlanEntry) []page.MemorandumPlan {
	var out []page.MemorandumPlan
	for _, e := range plans {
		p := page.MemorandumPlan{Text: q.p.T("plan.year", "year", e.Year), Href: "/plans/" + string(e.ID),
			Count: q.p.T("plan.rows", "n", e.Lights.Total()), Lights: q.counts(e.Lights, false)}
		if e.Issued.IsZero() {
			p.Note = q.p.T("plan.not-issued")
		}
		out = append(out, p)
	}
	return out
}

func (s *Server) memorandum(q *request) error { return s.showMemorandum(q, http.StatusOK, nil) }

// showMemorandum shows a memorandum; cause is what is to mend in the form that
// begins a plan.
func (s *Server) showMemorandum(q *request, code int, cause error) error {
	ctx := q.Context()
	m, err := q.view.Memorandum(ctx, memo.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	tasks, err := q.view.ServingTasks(ctx, m, servingShown)
	if err != nil {
		return err
	}
	plans, err := q.view.PlansOf(ctx, m.ID)
	if err != nil {
		return err
	}
	units, err := q.memorandumUnits(m)
	if err != nil {
		return err
	}
	f := page.MemorandumPage{Head: q.memorandumHead(m), Plans: q.memorandumPlans(plans), WhoMay: "/access?memorandum=" + string(m.ID)}
	f.Facts = q.memorandumFacts(m, units)
	f.Clauses = q.memorandumClauses(m, units, tasks)
	if err := q.fromMeasures(m, f.Clauses); err != nil {
		return err
	}
	if m.Signed.IsZero() && q.view.May(org.TakeMeasures, m.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("measure.propose-link"), Href: "/memorandums/" + string(m.ID) + "/measures"})
	}
	if f.Negotiation, err = q.negotiationCard(m); err != nil {
		return err
	}
	f.None = page.Say(q.p.T("memorandum.no-clause"))
	if c := f.Negotiation; c != nil && !c.Text.Empty() { // what is proposed binds nobody yet
		f.None = c.Text
	}
	if q.view.May(org.ChangeMemorandum, m.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("memorandum.edit"), Href: "/memorandums/" + string(m.ID) + "/edit"})
	}
	if err := q.lapseLinks(m, &f, cause); err != nil {
		return err
	}
	if f.Life, err = q.timeline(m); err != nil {
		return err
	}
	wait, names, err := q.view.Wait(ctx, m)
	if err != nil {
		return err
	}
	f.Next, f.NextDo = q.waitNext(m, wait, names)
	f.Acts = append(f.Acts, q.issueLink(m.Office, official.Memorandum, string(m.ID))...)
	if m.Stage == memo.InForce || m.Stage == memo.Ended {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("force.balance"), Href: "/memorandums/" + string(m.ID) + "/balance"})
	}
	facts := org.PlanFacts{Office: m.Office, Parties: m.Parties, Region: m.Region, Draft: true}
	if !m.Signed.IsZero() && q.view.May(org.EnterPlan, facts) {
		f.NewPlan = q.newPlanForm(m, plans, cause)
	}
	records, err := s.log.History(ctx, "memorandum", string(m.ID), historyShown)
	if err != nil {
		return err
	}
	records = slices.DeleteFunc(records, func(r journal.Record) bool { return r.Damaged || r.Entry.Outcome != journal.Done })
	f.History, err = s.history(q, records, func(e journal.Entry) string { return q.p.T(org.Action(e.Action).TextKey()) })
	if err != nil {
		return err
	}
	v, err := q.frame(m.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Memorandum(v, f))
}

// memorandumUnits reads the units that a memorandum names.
func (q *request) memorandumUnits(m store.MemorandumView) (map[org.UnitID]org.Unit, error) {
	ids := append([]org.UnitID{m.Office}, m.Parties...)
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			ids = append(append(ids, k.Obligors()...), k.Confirms)
		}
	}
	slices.Sort(ids)
	return q.view.Names(q.Context(), slices.DeleteFunc(slices.Compact(ids), func(u org.UnitID) bool { return u == "" }))
}

func (q *request) memorandumHead(m store.MemorandumView) page.HeadView {
	return page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: q.regionName(m.Region)}},
		Title:  page.Say(m.Title), Meta: page.Say(q.p.Dots(q.p.T("memorandum.stage-"+string(m.Stage)), q.term(m.Memorandum))),
	}
}

func (q *request) memorandumFacts(m store.MemorandumView, units map[org.UnitID]org.Unit) []page.Fact {
	var parties []string
	for _, p := range m.Parties {
		parties = append(parties, units[p].Name)
	}
	facts := []page.Fact{
		{Name: q.p.T("memorandum.field-kind"), Text: page.Say(m.Kind)},
		{Name: q.p.T("memorandum.parties"), Text: page.Say(q.p.List(parties))},
		{Name: q.p.T("memorandum.office"), Text: page.Say(units[m.Office].Name)},
		{Name: q.p.T("memorandum.field-place"), Text: page.Say(m.Place)},
	}
	return slices.DeleteFunc(facts, func(f page.Fact) bool { return f.Text.Empty() })
}

// memorandumClauses is the thread from each clause over what is owed to the tasks
// that serve it.
func (q *request) memorandumClauses(m store.MemorandumView, units map[org.UnitID]org.Unit, tasks map[memo.CommitmentID][]store.Serving) []page.MemorandumClause {
	var out []page.MemorandumClause
	for _, c := range m.Clauses {
		clause := page.MemorandumClause{ID: string(c.ID), No: c.No, Text: c.Text}
		for _, k := range c.Commitments {
			by := ""
			if k.Confirms != "" {
				by = called(units[k.Confirms])
			}
			owed := page.MemorandumOwed{Who: q.p.T("task.step-owed", "unit", unitList(q, units, k.Obligors()), "by", by), Text: k.Text}
			for _, t := range tasks[k.ID] {
				owed.Tasks = append(owed.Tasks, page.MemorandumTask{
					Year: q.p.T("plan.year", "year", t.Year), Title: q.rowName(t.TaskRow), Href: "/tasks/" + string(t.ID),
					Target: targetWords(q, t.TaskRow), Pair: pairOf(t.TaskRow), Light: q.rowLight(t.TaskRow),
				})
			}
			clause.Owed = append(clause.Owed, owed)
		}
		out = append(out, clause)
	}
	return out
}

// newPlanForm proposes the year that has no plan yet.
func (q *request) newPlanForm(m store.MemorandumView, plans []store.PlanEntry, cause error) *page.MemorandumNewPlan {
	year := q.view.Today().Year
	for slices.ContainsFunc(plans, func(e store.PlanEntry) bool { return e.Year == year }) {
		year++
	}
	f := &page.MemorandumNewPlan{Action: "/memorandums/" + string(m.ID) + "/plans", Key: formKey(q), Year: strconv.Itoa(year),
		Title: q.p.T("memorandum.plan-proposed", "region", q.regionName(m.Region), "year", year), First: len(plans) == 0}
	if cause != nil {
		f.Year, f.Title = q.PostFormValue("year"), q.PostFormValue("title")
		f.Faults = page.Faults(q.p, cause, map[string]string{"year": q.p.T("memorandum.plan-year"), "title": q.p.T("memorandum.plan-title")})
	}
	return f
}

func (s *Server) memorandumPlan(q *request) error {
	id := memo.ID(q.PathValue("id"))
	if _, err := q.view.Memorandum(q.Context(), id); err != nil {
		return err
	}
	year, err := strconv.Atoi(strings.TrimSpace(q.PostFormValue("year")))
	title := strings.TrimSpace(q.PostFormValue("title"))
	var l fault.List
	if err != nil || year < 1949 || year > 2999 {
		l = append(l, fault.New(fault.Invalid, "memorandum.year-unread", "Text", q.PostFormValue("year")).On("year"))
	}
	if title == "" {
		l = append(l, fault.New(fault.Invalid, "memorandum.plan-untitled").On("title"))
	}
	if len(l) > 0 {
		return s.showMemorandum(q, http.StatusUnprocessableEntity, l)
	}
	r, plan, err := s.desk.EnterPlan(q.Context(), q.caller, q.key(), id, year, title)
	if mendable(err) {
		return s.showMemorandum(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/plans/"+string(plan), "memorandum.done-plan", "year", year)
}
