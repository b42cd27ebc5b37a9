package web

import (
	"net/http"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// forceRoutes are the pages of a memorandum in force: its plans made and approved,
// and what the parties owe each other.
func (s *Server) forceRoutes() []Route {
	return []Route{
		{"GET /plans/{id}/propose", false, s.planPropose},
		{"POST /plans/{id}/propose", false, s.planTake},
		{"GET /plans/{id}/approval", false, s.planApproval},
		{"POST /plans/{id}/approval", false, s.planPut},
		{"POST /plans/{id}/approval/answer", false, s.planAnswer},
		{"GET /plans/{id}/implementation", false, s.implementation},
		{"POST /plans/{id}/implementation", false, s.implementationSave},
		{"GET /memorandums/{id}/balance", false, s.balance},
		{"GET /tasks/{id}/confirm", false, s.confirmForm},
		{"POST /tasks/{id}/confirm", false, s.confirm},
	}
}

// forceActs are the links of a plan to the pages of this area.
func (q *request) forceActs(p store.PlanView) (out []page.PlanLink) {
	base := "/plans/" + string(p.ID)
	add := func(key, path string) { out = append(out, page.PlanLink{Text: q.p.T(key), Href: base + path}) }
	if q.view.May(org.EnterPlan, p.Facts) {
		add("force.propose", "/propose")
	}
	add("force.implementation", "/implementation")
	add("force.approval", "/approval")
	return out
}

// approvalFirst puts the approval before the issue, as the next thing of a plan with
// drafts that the other parties have not approved.
func (q *request) approvalFirst(f *page.PlanPage, p store.PlanView, o store.PlanOpen) error {
	if o.Drafts == 0 || !q.view.May(org.IssuePlan, p.Facts) {
		return nil
	}
	a, err := q.view.Approval(q.Context(), p.ID)
	if err != nil || a.Approval.CheckIssue() == nil {
		return err
	}
	state, _ := q.approvalState(a)
	f.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("force.next-approval", "n", o.Drafts)), Lines: []page.Words{state}}
	f.NextDo = []page.PlanLink{{Text: q.p.T("force.approval"), Href: "/plans/" + string(p.ID) + "/approval", Class: "btn-primary"}}
	return nil
}

// planCrumbs lead back to a plan.
func (q *request) planCrumbs(p store.PlanView, here string) []page.Crumb {
	return []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: p.Title, Href: "/plans/" + string(p.ID)}, {Text: here}}
}

func (s *Server) planPropose(q *request) error { return s.showPropose(q, nil) }

func (s *Server) showPropose(q *request, cause error) error {
	p, err := q.view.Plan(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if !q.view.May(org.EnterPlan, p.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterPlan))
	}
	served, err := q.view.Served(q.Context(), p)
	if err != nil {
		return err
	}
	offers := s.desk.Offers(p, served)
	units, err := q.offerUnits(offers)
	if err != nil {
		return err
	}
	base := "/plans/" + string(p.ID)
	f := page.ProposePage{
		Head: page.HeadView{Crumbs: q.planCrumbs(p, q.p.T("force.propose")), Title: page.Say(q.p.T("force.propose-title", "year", p.Year)),
			Meta: page.Say(q.p.T("force.propose-about", "title", p.Memorandum.Title))},
		Action: base + "/propose", Key: formKey(q), Back: base, Faults: page.Faults(q.p, cause, nil),
	}
	again := q.Method == http.MethodPost
	for _, kind := range task.OfferKinds() {
		g := page.ProposeGroup{Title: q.p.T("force.offer-" + string(kind)), Note: q.p.T("force.offer-" + string(kind) + "-why")}
		for _, o := range offers {
			if o.Why != kind {
				continue
			}
			row := page.ProposeRow{
				ID: string(o.Commitment), Clause: o.Clause, Title: o.Title, Leads: unitList(q, units, o.Leads), Words: o.Deadline.Text,
				Reading: page.DeadlineReading(q.p, o.Deadline, o.Due), Ticked: kind.Ticked(),
			}
			if again {
				row.Ticked = slices.Contains(q.PostForm["take"], row.ID)
			}
			row.Supervising = "—"
			if o.Supervising != "" {
				row.Supervising = called(units[o.Supervising])
			}
			if o.Target != nil {
				row.Target = o.Target.Text
			}
			if row.Target == "" {
				row.Target = q.p.T("plan.no-target")
			}
			g.Rows = append(g.Rows, row)
		}
		if len(g.Rows) > 0 {
			g.Count = q.p.Number(int64(len(g.Rows)))
			f.Groups = append(f.Groups, g)
		}
	}
	if len(offers) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("force.offer-none")), Note: page.Say(q.p.T("force.offer-none-note"))}
	}
	return s.showForce(q, cause, q.p.T("force.propose"), func(v page.View) error { return q.render(codeOf(cause), page.Propose(v, f)) })
}

// codeOf is the status of a page that shows what is to mend, or is well.
func codeOf(cause error) int {
	if cause == nil {
		return http.StatusOK
	}
	return status(fault.KindOf(cause))
}

// showForce makes the frame of a page of this area.
func (s *Server) showForce(q *request, _ error, title string, render func(page.View) error) error {
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return render(v)
}

func (q *request) offerUnits(offers []task.Offer) (map[org.UnitID]org.Unit, error) {
	var ids []org.UnitID
	for _, o := range offers {
		ids = append(append(ids, o.Leads...), o.Supervising)
	}
	return q.named(ids)
}

// named reads units by id; "" is left out.
func (q *request) named(ids []org.UnitID) (map[org.UnitID]org.Unit, error) {
	slices.Sort(ids)
	return q.view.Names(q.Context(), slices.DeleteFunc(slices.Compact(ids), func(u org.UnitID) bool { return u == "" }))
}

func (s *Server) planTake(q *request) error {
	id := memo.PlanID(q.PathValue("id"))
	var taken []memo.CommitmentID
	for _, k := range q.PostForm["take"] {
		taken = append(taken, memo.CommitmentID(k))
	}
	r, n, err := s.desk.TakeOffers(q.Context(), q.caller, q.key(), id, taken)
	if mendable(err) {
		return s.showPropose(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/plans/"+string(id), "force.done-take", "n", n)
}

func (s *Server) planApproval(q *request) error { return s.showApproval(q, nil) }

func (s *Server) showApproval(q *request, cause error) error {
	a, err := q.view.Approval(q.Context(), memo.PlanID(q.PathValue("id")))
	if err != nil {
		return err
	}
	ids := slices.Clone(a.Approval.Parties)
	for _, r := range a.Rows {
		ids = append(ids, r.Leads...)
	}
	units, err := q.named(ids)
	if err != nil {
		return err
	}
	base := "/plans/" + string(a.ID)
	crumbs := q.planCrumbs(a.PlanView, q.p.T("force.approval"))
	if !q.view.May(org.SeePlan, a.Facts) { // its party, before the issue
		crumbs = []page.Crumb{{Text: a.Memorandum.Title, Href: "/memorandums/" + string(a.Memorandum.ID)}, {Text: q.p.T("force.approval")}}
	}
	f := page.ApprovalPage{
		Head:   page.HeadView{Crumbs: crumbs, Title: page.Say(q.p.T("force.approval-title", "title", a.Title)), Meta: page.Say(a.Memorandum.Title)},
		Faults: page.Faults(q.p, cause, map[string]string{"words": q.p.T("force.words")}), Count: q.p.Number(int64(len(a.Rows))), PlanHref: base,
	}
	f.State, f.Bad = q.approvalState(a)
	if q.view.May(org.PutPlan, a.Facts) && a.Approval.CheckAsk(len(a.Rows)) == nil {
		text := "force.put"
		if a.Approval.Asked != "" {
			text = "force.put-again"
		}
		f.Put = &page.ApprovalPut{Action: base + "/approval", Key: formKey(q), Text: q.p.T(text), Note: q.p.T("force.put-note", "n", len(a.Approval.Parties))}
	}
	mine := a.Approval.Says(q.caller.Unit().ID)
	if q.view.May(org.ApprovePlan, a.Facts) && a.Approval.Open() && (mine == nil || !mine.Accepts) {
		f.Answer = &page.ApprovalAnswer{Action: base + "/approval/answer", Key: formKey(q), Digest: a.Approval.Now, Words: q.PostFormValue("words")}
	}
	void := a.Approval.Void()
	for _, p := range a.Approval.Parties {
		party := page.ApprovalParty{Name: units[p].Name, State: q.p.T("force.party-not-asked")}
		g := a.Approval.Says(p)
		switch {
		case g != nil && g.Accepts:
			party.State = q.p.T("force.party-approved")
		case g != nil:
			party.State = q.p.T("force.party-returned")
		case a.Approval.Open():
			party.State = q.p.T("force.party-waiting")
		}
		if g != nil {
			party.On, party.Words = q.p.Date(g.On), g.Words
		} else if i := slices.IndexFunc(void, func(g memo.PlanAnswer) bool { return g.Party == p }); i >= 0 {
			party.State, party.On = q.p.T("force.party-void"), q.p.Date(void[i].On)
		}
		if party.On == "" {
			party.On = "—"
		}
		if party.Words == "" {
			party.Words = "—"
		}
		f.Parties = append(f.Parties, party)
	}
	for _, r := range a.Rows {
		f.Rows = append(f.Rows, page.ApprovalRow{No: q.printedNo(r.No), Title: r.Title, Leads: unitList(q, units, r.Leads),
			Deadline: page.DeadlineReading(q.p, r.Deadline, r.Due), Target: targetWords(q, r)})
	}
	if len(a.Rows) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("plan.empty"))}
	}
	return s.showForce(q, cause, q.p.T("force.approval"), func(v page.View) error { return q.render(codeOf(cause), page.Approval(v, f)) })
}

// approvalState is where the approval of a plan stands, in a sentence.
func (q *request) approvalState(a store.ApprovalView) (page.Words, bool) {
	say := func(key string, args ...any) page.Words { return page.Say(q.p.T(key, args...)) }
	switch {
	case len(a.Approval.Parties) == 0:
		return say("force.state-nobody"), false
	case a.Approval.Asked != "" && !a.Approval.Open():
		return say("force.state-changed", "date", a.Approval.AskedOn), true
	case len(a.Approval.Waiting()) == 0:
		return say("force.state-approved"), false
	case a.Approval.Open():
		return say("force.state-waiting", "n", len(a.Approval.Waiting()), "date", a.Approval.AskedOn), false
	case a.Approval.Needed:
		return say("force.state-needed"), false
	}
	return say("force.state-free"), false
}

func (s *Server) planPut(q *request) error {
	id := memo.PlanID(q.PathValue("id"))
	r, err := s.desk.PutPlan(q.Context(), q.caller, q.key(), id)
	if mendable(err) {
		return s.showApproval(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/plans/"+string(id)+"/approval", "force.done-put")
}

func (s *Server) planAnswer(q *request) error {
	id := memo.PlanID(q.PathValue("id"))
	accepts := q.PostFormValue("do") != "return"
	r, err := s.desk.ApprovePlan(q.Context(), q.caller, q.key(), id, q.PostFormValue("digest"), accepts, q.PostFormValue("words"))
	if mendable(err) {
		return s.showApproval(q, err)
	}
	if err != nil {
		return err
	}
	key := "force.done-approve"
	if !accepts {
		key = "force.done-return"
	}
	return q.done(r, "/plans/"+string(id)+"/approval", key)
}
