package web

import (
	"net/http"
	"net/url"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) verifyRoutes() []Route {
	return []Route{
		{"GET /verify", false, s.verifyQueue},
		{"GET /verify/next", false, s.verifyNext},
		{"GET /verify/{id}", false, s.verifyShort},
		{"GET /reports/{id}/verify", false, s.checkForm},
		{"POST /reports/{id}/verify", false, s.verify},
		{"POST /reports/{id}/return", false, s.returnReport},
	}
}

// queuePage is how many reports stand on a page of the queue.
const queuePage = 30

// checkHref is where a report is verified.
func checkHref(id task.ReportID) string { return "/reports/" + string(id) + "/verify" }

// verifyShort is the address that other pages link to.
func (s *Server) verifyShort(q *request) error {
	return q.redirect(checkHref(task.ReportID(q.PathValue("id"))))
}

// queueAfter reads the place in the queue after which a page begins.
func queueAfter(text string) store.QueueKey {
	day, id, _ := strings.Cut(text, ".")
	d, err := calendar.ParseDate(day)
	if err != nil {
		return store.QueueKey{}
	}
	return store.QueueKey{Due: d, ID: task.ReportID(id)}
}

func queueText(k store.QueueKey) string { return k.Due.String() + "." + string(k.ID) }

// verifies reports whether the post verifies at all.
func (q *request) verifies() bool { return q.caller.Has(org.Verifier) || q.caller.Has(org.Office) }

func (s *Server) verifyQueue(q *request) error {
	if !q.verifies() {
		return fault.New(fault.Denied, "denied")
	}
	asked := q.URL.Query()
	f := store.QueueFilter{Unit: org.UnitID(asked.Get("unit")), Task: task.ID(asked.Get("task"))}
	after := queueAfter(asked.Get("after"))
	rows, err := q.view.VerifyQueue(q.Context(), f, after, queuePage+1)
	if err != nil {
		return err
	}
	count, err := q.view.QueueCount(q.Context(), f, s.store.Workdays().Add(q.view.Today(), 1))
	if err != nil {
		return err
	}
	units, err := q.view.QueueUnits(q.Context(), 300)
	if err != nil {
		return err
	}
	v := page.VerifyView{
		Head:  page.HeadView{Title: page.Say(q.p.T("verify.title")), Meta: page.Say(q.p.T("verify.meta", "unit", q.caller.Unit().Name, "n", s.store.Rules().VerifyDays))},
		Count: q.p.Number(int64(count.All)), Task: string(f.Task), Filter: f != store.QueueFilter{}, Note: page.Say(q.p.T("verify.by-due")),
	}
	if v.Filter {
		v.All = page.Linked(q.p.T("verify.take-off"), "/verify")
	}
	for _, u := range units {
		v.Units = append(v.Units, page.Option{Value: string(u.ID), Text: u.Name, Current: u.ID == f.Unit})
	}
	if len(rows) > queuePage {
		rows = rows[:queuePage]
		v.Pager.Next = queueHref(f, rows[queuePage-1].Key())
	}
	if after.ID != "" {
		v.Pager.First = queueHref(f, store.QueueKey{})
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, q.verifyRow(r))
	}
	if len(rows) > 0 {
		v.Begin = checkHref(rows[0].ID)
	}
	frame, err := q.frame(q.p.T("verify.title"), "desk")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.VerifyQueue(frame, v))
}

func queueHref(f store.QueueFilter, after store.QueueKey) string {
	values := url.Values{}
	for name, v := range map[string]string{"unit": string(f.Unit), "task": string(f.Task)} {
		if v != "" {
			values.Set(name, v)
		}
	}
	if after.ID != "" {
		values.Set("after", queueText(after))
	}
	if len(values) == 0 {
		return "/verify"
	}
	return "/verify?" + values.Encode()
}

// verifyRow is one report of a queue.
func (q *request) verifyRow(r store.QueueRow) page.VerifyRow {
	unit, numeric := "", r.Target.Numeric()
	if r.Target != nil {
		unit = r.Target.Unit
	}
	due, late := q.dueWords(r.Due)
	row := page.VerifyRow{
		Task: page.Linked(r.Title, "/tasks/"+string(r.Report.Task)), Title: r.Title, Unit: q.p.Dots(r.UnitName, q.shortPeriod(r.Period)),
		Says: q.saidBy(r.Report, unit), Due: page.Say(due), Late: late, Check: checkHref(r.ID), Return: checkHref(r.ID) + "?return=yes#return",
		Urgent: !late && q.server.store.Workdays().Between(q.view.Today(), r.Due) <= 1, Files: page.Say(q.p.T("verify.no-files")),
	}
	if numeric {
		row.Pair = q.p.T("verify.pair", "claimed", r.Value, "verified", r.Verified)
	}
	if r.Files > 0 {
		row.Files = page.Linked(q.p.T("verify.file-count", "n", r.Files), checkHref(r.ID)+"#files")
	}
	return row
}

// verifyNext leads past one report to the next of the queue.
func (s *Server) verifyNext(q *request) error {
	rows, err := q.view.VerifyQueue(q.Context(), store.QueueFilter{}, queueAfter(q.URL.Query().Get("after")), 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return q.redirect("/verify")
	}
	return q.redirect(checkHref(rows[0].ID))
}

func (s *Server) checkForm(q *request) error {
	r, err := q.view.ReportView(q.Context(), task.ReportID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if r.State != task.ReportSubmitted {
		return q.redirect("/reports/" + string(r.ID))
	}
	if !q.view.MayVerify(r) {
		return fault.New(fault.Denied, "denied")
	}
	return s.showCheck(q, http.StatusOK, r, nil)
}

func (s *Server) verify(q *request) error {
	return s.judge(q, "verify.done", func(id task.ReportID) (store.Receipt, error) {
		return s.desk.Verify(q.Context(), q.caller, q.key(), id, unix(q.PostFormValue("note")))
	})
}

func (s *Server) returnReport(q *request) error {
	return s.judge(q, "verify.returned", func(id task.ReportID) (store.Receipt, error) {
		return s.desk.Return(q.Context(), q.caller, q.key(), id, unix(q.PostFormValue("reason")))
	})
}

// judge gives a verdict and leads to the next report of the queue.
func (s *Server) judge(q *request, key string, act func(task.ReportID) (store.Receipt, error)) error {
	r, err := q.view.ReportView(q.Context(), task.ReportID(q.PathValue("id")))
	if err != nil {
		return err
	}
	receipt, err := act(r.ID)
	if err != nil {
		if !mendable(err) {
			return err
		}
		return s.showCheck(q, status(fault.KindOf(err)), r, err)
	}
	to := "/verify"
	rows, err := q.view.VerifyQueue(q.Context(), store.QueueFilter{}, store.QueueKey{}, 1)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		to = checkHref(rows[0].ID)
	}
	return q.done(receipt, to, key, "title", r.Task.Title, "unit", called(r.Unit))
}

func (s *Server) showCheck(q *request, code int, r store.ReportView, cause error) error {
	count, err := q.view.QueueCount(q.Context(), store.QueueFilter{}, q.view.Today())
	if err != nil {
		return err
	}
	due := q.dueSentence(r.VerifyBy, false)
	name := q.p.T("report.page-title", "period", q.shortPeriod(r.Period))
	v := page.CheckView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("report.to-desk"), Href: "/desk"}, {Text: q.p.T("verify.title"), Href: "/verify"},
				{Text: q.p.T("report.fact-task"), Href: "/tasks/" + string(r.Task.ID)}, {Text: name}},
			Title: page.Say(r.Task.Title), Meta: page.Say(q.p.Dots(r.Unit.Name, name, due)),
		},
		Claim: q.claim(r), Files: q.reportFiles(r), NoFiles: page.Say(q.p.T("report.no-files")), Rounds: q.roundRows(r), Facts: q.checkFacts(r),
		Others: q.otherUnits(r), Left: q.p.T("verify.left", "n", count.All), Key: newKey(), Key2: newKey(),
		Open: q.URL.Query().Has("return"),
		Note: q.PostFormValue("note"), Reason: q.PostFormValue("reason"),
		Faults: page.Faults(q.p, cause, map[string]string{"note": q.p.T("verify.note"), "reason": q.p.T("verify.reason")}),
	}
	if count.All > 1 {
		v.Skip = "/verify/next?" + url.Values{"after": {queueText(store.QueueKey{Due: r.VerifyBy, ID: r.ID})}}.Encode()
	}
	if q.view.MayVerify(r) {
		v.Verify, v.Return = checkHref(r.ID), "/reports/"+string(r.ID)+"/return"
	} else {
		v.Gone = page.Rich(q.p.Rich("verify.gone", "state", q.p.T("report.state."+string(r.State))), "/reports/"+string(r.ID))
	}
	frame, err := q.frame(q.p.T("report.page-head", "title", r.Task.Title, "name", name), "desk")
	if err != nil {
		return err
	}
	return q.render(code, page.Check(frame, v))
}

// claim sets what a report claims beside what was verified before it.
func (q *request) claim(r store.ReportView) page.ClaimView {
	unit := targetUnit(r.Task.TaskRow)
	v := page.ClaimView{Kind: q.p.T("report.kind." + string(r.Kind)), Words: r.Words, Why: r.Why}
	if v.Numeric = r.Task.Target.Numeric(); v.Numeric {
		v.Claimed = q.p.T("desk.value", "value", r.Value, "unit", unit)
		v.Verified = q.p.T("desk.value", "value", r.Verified.Value, "unit", unit)
		v.Target = targetWords(q, r.Task.TaskRow)
		v.Pair = page.PairView{Claimed: r.Value, Verified: r.Verified.Value}
		v.Pair.Target, _ = r.Task.Target.Goal()
		v.Change = v.Kind
		if r.Kind == task.ReportValue && r.Before.ID != "" {
			v.Change = q.p.T("report.than-last", "period", q.shortPeriod(r.Before.Period), "value", r.Before.Value, "unit", unit)
		}
	}
	if r.Completes {
		v.Complete = page.Rich(q.p.Rich("report.claims-done"))
	}
	if r.Late {
		v.Late = page.Rich(q.p.Rich("report.was-late", "time", q.p.Recent(r.At)))
	}
	return v
}

// checkFacts is what a verifier needs to know of the task.
func (q *request) checkFacts(r store.ReportView) []page.Fact {
	deadline := r.Task.Deadline.Text
	facts := []page.Fact{
		{Name: q.p.T("verify.fact-target"), Text: page.Say(targetWords(q, r.Task.TaskRow))},
		{Name: q.p.T("verify.fact-figure"), Text: page.Rich(q.p.Rich("figure.pair", "claimed", r.Task.Claimed, "verified", r.Task.Verified))},
	}
	if deadline != "" {
		facts = append(facts, page.Fact{Name: q.p.T("verify.fact-deadline"), Text: page.Say(deadline)})
	}
	if r.Task.EvidenceWanted != "" {
		facts = append(facts, page.Fact{Name: q.p.T("verify.fact-evidence"), Text: page.Say(r.Task.EvidenceWanted)})
	}
	return append(facts, q.reportFacts(r)[1:]...)
}

// otherUnits are the other units of the task and where their receipts stand.
func (q *request) otherUnits(r store.ReportView) (out []page.Fact) {
	for _, p := range r.Task.Parts {
		if p.Unit != r.Report.Unit {
			out = append(out, page.Fact{Name: q.p.T("desk.role." + string(p.Role)), Text: page.Say(q.p.Dots(called(r.Names[p.Unit]), q.partState(p)))})
		}
	}
	return out
}

// roundRows lists what was handed in for the same period and what became of it.
func (q *request) roundRows(r store.ReportView) (out []page.RoundRow) {
	unit := targetUnit(r.Task.TaskRow)
	for _, x := range r.Rounds {
		row := page.RoundRow{State: q.p.T("report.state." + string(x.State)), Verdict: x.Verdict, Current: x.ID == r.ID, Meta: q.p.Recent(x.At)}
		said := q.p.T("report.round", "n", x.Round, "said", q.saidBy(x, unit))
		row.Text = page.Say(said)
		if !row.Current {
			row.Text = page.Linked(said, "/reports/"+string(x.ID))
		}
		out = append(out, row)
	}
	return out
}
