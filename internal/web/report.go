package web

import (
	"net/http"
	"net/url"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) reportRoutes() []Route {
	return []Route{
		{"GET /tasks/{id}/report", false, s.reportForm},
		{"POST /tasks/{id}/report", false, s.report},
		{"POST /tasks/{id}/no-change", false, s.noChange},
		{"POST /reports/{id}/take-back", false, s.takeBack},
		{"GET /reports/{id}", false, s.reportPage},
		{"GET /evidence/{hash}", false, s.evidence},
		{"GET /reports/{id}/evidence/{hash}", false, s.evidence},
	}
}

// reportHref is where a period of a task is reported.
func reportHref(id task.ID, p calendar.Period) string {
	return "/tasks/" + string(id) + "/report?" + url.Values{"period": {p.String()}}.Encode()
}

func (s *Server) reportForm(q *request) error {
	f, err := q.openForm()
	if err != nil {
		return err
	}
	typed, err := q.startReport(f)
	if err != nil {
		return err
	}
	return s.showReport(q, http.StatusOK, f, typed, nil)
}

// openForm reads what the form needs. A task that cannot be reported now says why.
func (q *request) openForm() (f store.ReportForm, err error) {
	if f, err = q.view.ReportForm(q.Context(), task.ID(q.PathValue("id"))); err != nil {
		return f, err
	}
	switch {
	case f.Part.State != task.PartSigned:
		return f, fault.New(fault.Conflict, "report.not-signed")
	case f.State == task.Draft || f.State == task.Finished || f.State == task.Withdrawn:
		return f, fault.New(fault.Conflict, "report.task-closed")
	}
	return f, nil
}

// startReport is the form as it opens: empty, or with what came back.
func (q *request) startReport(f store.ReportForm) (typedReport, error) {
	t := typedReport{kind: task.ReportWords}
	if f.Target.Numeric() {
		t.kind = task.ReportValue
	}
	own := ownReports(f)
	t.period = openPeriod(periodsOf(f, q.view.Today()), own, q.view.Today())
	if asked := q.URL.Query().Get("period"); asked != "" {
		p, err := calendar.ParsePeriod(asked)
		if err != nil {
			return t, fault.New(fault.Invalid, "report.no-such-period", "Period", asked).Because(err)
		}
		t.period = p
	}
	last := lastOf(own, t.period)
	if last.State == task.ReportReturned {
		t.kind, t.words, t.why, t.completes = last.Kind, last.Words, last.Why, last.Completes
		if last.Kind == task.ReportValue {
			t.value = last.Value.String()
		}
		for _, id := range last.Evidence {
			t.files = append(t.files, f.Files[id])
		}
	}
	return t, nil
}

// ownReports are the reports of the part's unit that were not taken back.
func ownReports(f store.ReportForm) (out []task.Report) {
	for _, r := range f.Reports {
		if r.Unit == f.Part.Unit && r.State != task.ReportTakenBack {
			out = append(out, r)
		}
	}
	return out
}

// lastOf is the newest round of a period; zero when there is none.
func lastOf(own []task.Report, p calendar.Period) (last task.Report) {
	for _, r := range own {
		if r.Period == p && r.Round > last.Round {
			last = r
		}
	}
	return last
}

// periodsOf are the periods that can be reported: those of the task, or months
// where it asks for no regular report.
func periodsOf(f store.ReportForm, today calendar.Date) []calendar.Period {
	if p := task.PeriodsOf(f.Task, today); len(p) > 0 {
		return p
	}
	from := f.Start
	if from.IsZero() {
		from = calendar.NewDate(today.Year, 1, 1)
	}
	return calendar.Periods(f.PeriodKind(), from, today)
}

// openPeriod is the period that a form opens with: one that came back, the newest
// that is over and not reported, or the running one.
func openPeriod(periods []calendar.Period, own []task.Report, today calendar.Date) (open calendar.Period) {
	var newest task.Report
	for _, r := range own {
		if newest.ID == "" || newest.Period.Before(r.Period) || newest.Period == r.Period && newest.Round < r.Round {
			newest = r
		}
	}
	if newest.State == task.ReportReturned {
		return newest.Period
	}
	for _, p := range periods {
		if p.Last().Before(today) || open.IsZero() || lastOf(own, open).Live() {
			open = p
		}
	}
	return open
}

func (s *Server) report(q *request) error {
	f, err := q.openForm()
	if err != nil {
		return err
	}
	typed, err := s.readReport(q, f)
	if err != nil && !mendable(err) {
		return err
	}
	var receipt store.Receipt
	if err == nil {
		receipt, err = s.desk.Report(q.Context(), q.caller, q.key(), f.ID, typed.input(), typed.files)
	}
	if err != nil {
		if !mendable(err) {
			return err
		}
		return s.showReport(q, status(fault.KindOf(err)), f, typed, err)
	}
	q.forgetKept()
	return q.reported(receipt, f.TaskRow, typed.input())
}

// noChange reports "no change" with one click from the desk.
func (s *Server) noChange(q *request) error {
	p, err := calendar.ParsePeriod(q.PostFormValue("period"))
	if err != nil {
		return fault.New(fault.Invalid, "report.no-such-period", "Period", q.PostFormValue("period")).Because(err)
	}
	f, err := q.openForm()
	if err != nil {
		return err
	}
	in := task.ReportInput{Period: p, Kind: task.ReportNoChange}
	receipt, err := s.desk.Report(q.Context(), q.caller, q.key(), f.ID, in, nil)
	if err != nil {
		return err
	}
	return q.reported(receipt, f.TaskRow, in)
}

// reported ends a report at the desk: the receipt, what follows by which day, and
// the next thing to do.
func (q *request) reported(r store.Receipt, k store.TaskRow, in task.ReportInput) error {
	note := flash{Number: r.Number, Entry: r.Entry, At: r.At, Again: r.Again, Key: "report.done",
		Args: []any{"title", k.Title, "period", q.shortPeriod(in.Period), "date", q.p.Date(q.verifyBy(r))}}
	if in.Kind == task.ReportNoChange {
		note.Key, note.Args = "report.done-no-change", note.Args[:4]
	}
	own, err := q.view.OwnDesk(q.Context())
	if err != nil {
		return err
	}
	if len(own.Asked) > 0 {
		note.NextJob, note.NextTo = own.Asked[0].Title, reportHref(own.Asked[0].ID, own.Asked[0].Period)
	}
	q.server.sessions.Put(q.Context(), sessionReceipt, note)
	return q.redirect("/desk")
}

func (q *request) verifyBy(r store.Receipt) calendar.Date {
	return q.server.store.Rules().VerifyBy(calendar.DateOf(r.At), q.server.store.Workdays())
}

func (s *Server) takeBack(q *request) error {
	r, err := q.view.ReportView(q.Context(), task.ReportID(q.PathValue("id")))
	if err != nil {
		return err
	}
	receipt, err := s.desk.TakeBack(q.Context(), q.caller, q.key(), r.ID)
	if err != nil {
		return err
	}
	return q.done(receipt, local(q.PostFormValue("next"), "/desk"), "report.taken-back", "title", r.Task.Title, "period", q.shortPeriod(r.Period))
}

// reportPage shows one report with its evidence, its rounds and what became of it.
func (s *Server) reportPage(q *request) error {
	r, err := q.view.ReportView(q.Context(), task.ReportID(q.PathValue("id")))
	if err != nil {
		return err
	}
	name := q.p.T("report.page-title", "period", q.shortPeriod(r.Period))
	v := page.ReportPageView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("report.to-desk"), Href: "/desk"}, {Text: r.Task.Title, Href: "/tasks/" + string(r.Task.ID)}, {Text: name}},
			Title:  page.Say(q.p.T("report.page-head", "title", r.Task.Title, "name", name)), Meta: page.Say(q.p.Dots(called(r.Unit), q.p.Period(r.Period))),
		},
		State: q.p.T("report.state." + string(r.State)), Claim: q.claim(r), Files: q.reportFiles(r), NoFiles: page.Say(q.p.T("report.no-files")),
		Rounds: q.roundRows(r), Facts: q.reportFacts(r),
	}
	if r.Verdict != "" {
		v.Verdict = page.Rich(q.p.Rich("report.verdict."+string(r.State), "words", r.Verdict))
	}
	newest := len(r.Rounds) > 0 && r.Rounds[len(r.Rounds)-1].ID == r.ID
	switch {
	case q.view.MayVerify(r):
		v.Check = checkHref(r.ID)
	case r.Report.Unit != q.caller.Unit().ID:
	case q.mayTakeBack(r.Report) && q.view.May(org.TakeBackReport, r.Facts):
		v.TakeBack = &page.PostButton{Text: q.p.T("desk.take-back"), Action: "/reports/" + string(r.ID) + "/take-back", Key: newKey(), About: r.Task.Title}
	case newest && r.State == task.ReportReturned && q.view.May(org.SubmitReport, r.Task.Facts):
		v.Again = reportHref(r.Task.ID, r.Period)
	}
	frame, err := q.frame(name, "desk")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.ReportPage(frame, v))
}

// mayTakeBack reports whether the rule lets the reader's unit take a report back today.
func (q *request) mayTakeBack(r task.Report) bool {
	_, err := task.TakeBack(r, q.caller.Unit().ID, q.server.store.Rules().Reporting.DueOf(r.Period), q.view.Today())
	return err == nil
}

// reportFacts are who handed in what when, and who answers by when.
func (q *request) reportFacts(r store.ReportView) []page.Fact {
	fact := func(key string, w page.Words) page.Fact { return page.Fact{Name: q.p.T(key), Text: w} }
	out := []page.Fact{
		fact("report.fact-task", page.Linked(r.Task.Title, "/tasks/"+string(r.Task.ID))),
		fact("report.fact-unit", page.Say(q.p.Dots(r.Unit.Name, r.Post))),
		fact("report.fact-period", page.Say(q.p.Period(r.Period))),
		fact("report.fact-at", page.Say(q.p.Recent(r.At))),
	}
	if r.Number != "" {
		out = append(out, fact("report.fact-receipt", page.Linked(r.Number, "/journal/entries/"+r.Entry)))
	}
	if r.State == task.ReportSubmitted {
		due := q.dueSentence(r.VerifyBy, false)
		out = append(out, fact("report.fact-verifier", page.Say(q.p.Dots(r.Verifier.Name, due))))
	}
	if !r.VerdictAt.IsZero() {
		out = append(out, fact("report.fact-verdict", page.Say(q.p.Dots(r.Verifier.Name, q.p.Recent(r.VerdictAt)))))
	}
	return out
}
