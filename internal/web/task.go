package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) taskRoutes() []Route {
	return []Route{
		{"GET /tasks/{id}", false, s.task},
		{"POST /tasks/{id}/sign", false, s.taskSign},
		{"GET /tasks/{id}/refuse", false, s.taskRefuseForm},
		{"POST /tasks/{id}/refuse", false, s.taskRefuse},
		{"GET /tasks/{id}/answer", false, s.taskAnswerForm},
		{"POST /tasks/{id}/answer", false, s.taskAnswer},
		{"GET /tasks/{id}/excuse", false, s.taskExcuseForm},
		{"POST /tasks/{id}/excuse", false, s.taskExcuse},
		{"GET /tasks/{id}/withdraw", false, s.taskWithdrawForm},
		{"POST /tasks/{id}/withdraw", false, s.taskWithdraw},
		{"GET /tasks/{id}/change", false, s.taskChangeForm},
		{"POST /tasks/{id}/change", false, s.taskChange},
		{"GET /tasks/{id}/split", false, s.taskSplitForm},
		{"POST /tasks/{id}/split", false, s.taskSplit},
	}
}

// How much of a task stands on its page.
const (
	partsAPage    = 60
	historyShown  = 40
	evidenceShown = 30
	reportsShown  = 12
	chartMonths   = 24
)

// taskPage is all that the page of a task is made of, as it was read.
type taskPage struct {
	store.TaskView
	on       calendar.Date // the day that is shown
	unread   string        // a day that was asked for and could not be shown
	course   store.TaskCourse
	light    task.Light
	thread   store.TaskThread
	parts    []store.PartRow
	units    map[org.UnitID]org.Unit
	toVerify []store.ReportWaiting
	post     store.PostOf // the responsible post, if one is named
}

// past reports whether the page shows another day than today.
func (k taskPage) past(q *request) bool { return k.on != q.view.Today() }

// own is the caller's unit's part in the task, nil when it has none.
func (k taskPage) own(q *request) *task.Part {
	for i := range k.TaskView.Parts {
		if k.TaskView.Parts[i].Unit == q.caller.Unit().ID {
			return &k.TaskView.Parts[i]
		}
	}
	return nil
}

func (s *Server) task(q *request) error {
	k, err := q.readTask(task.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	f := page.TaskPage{Head: q.taskHead(k), Steps: q.taskSteps(k), Post: q.p.Dots(called(q.caller.Unit()), q.caller.Post().Title),
		OnAction: "/tasks/" + string(k.ID)}
	q.taskLight(&f, k)
	f.Chart, f.ChartKey = q.taskChart(k), page.ChartKey(q.p)
	f.Parts = q.taskPartsCard(k)
	f.Reports = q.taskReportLines(k)
	q.taskUnitsCards(&f, k)
	q.taskMay(&f, k)
	if err := q.taskWord(&f, k); err != nil {
		return err
	}
	if err := s.taskHistory(q, &f, k); err != nil {
		return err
	}
	if err := q.taskEvidenceCard(&f, k); err != nil {
		return err
	}
	v, err := q.frame(k.Title, "plan")
	if err != nil {
		return err
	}
	if k.unread != "" {
		v.Said = q.p.T("task.on-unread", "text", k.unread)
	}
	return q.render(http.StatusOK, page.Task(v, f))
}

// readTask reads what the page of a task shows; on=2010-03-31 asks for a past day.
func (q *request) readTask(id task.ID) (k taskPage, err error) {
	ctx := q.Context()
	if k.TaskView, err = q.view.Task(ctx, id); err != nil {
		return k, err
	}
	k.on = q.view.Today()
	if d, ok := readDay(q.FormValue("on"), k.on.Year); ok && d.Before(k.on) && !d.IsZero() {
		k.on = d
	} else if !ok || d.After(k.on) {
		k.unread = q.FormValue("on")
	}
	if k.course, err = q.view.TaskCourse(ctx, k.TaskView); err != nil {
		return k, err
	}
	k.light = k.course.LightOn(k.ID, k.on)
	if k.thread, err = q.view.TaskThread(ctx, k.TaskView); err != nil {
		return k, err
	}
	after := store.RowKey{ID: task.ID(q.FormValue("after"))}
	after.Position, _ = strconv.Atoi(q.FormValue("position"))
	if k.TaskRow.Parts > 0 {
		if k.parts, err = q.view.TaskParts(ctx, k.ID, after, partsAPage+1); err != nil {
			return k, err
		}
	}
	if k.toVerify, err = q.view.ToVerify(ctx, k.ID, 20); err != nil {
		return k, err
	}
	ids := append([]org.UnitID{k.Setter, k.Supervising, k.thread.Memorandum.Office}, k.Leads...)
	ids = append(ids, k.Cooperating...)
	if c := k.thread.Commitment; c != nil {
		ids = append(append(ids, c.Obligors()...), c.Confirms)
	}
	for _, p := range k.parts {
		ids = append(ids, p.Leads...)
	}
	for _, r := range k.course.Reports {
		ids = append(ids, r.Author())
	}
	if k.Post != "" {
		posts, err := q.view.PostNames(ctx, []org.PostID{k.Post})
		if err != nil {
			return k, err
		}
		k.post = posts[k.Post]
	}
	slices.Sort(ids)
	k.units, err = q.view.Names(ctx, slices.DeleteFunc(slices.Compact(ids), func(u org.UnitID) bool { return u == "" }))
	return k, err
}

// taskName is what a task is called: with its number in the plan, or with its
// place where it is a part.
func (q *request) taskName(k taskPage) string {
	if k.Depth > 0 {
		return q.p.T("task.part-name", "title", k.Title, "place", partTitle(q, k.units, k.TaskRow))
	}
	return q.rowName(k.TaskRow)
}

func (q *request) taskHead(k taskPage) page.HeadView {
	crumbs := []page.Crumb{}
	if k.thread.PlanSeen {
		crumbs = append(crumbs, page.Crumb{Text: q.p.T("plan.list-title"), Href: "/plans"},
			page.Crumb{Text: q.p.T("plan.crumb", "year", k.thread.Plan.Year), Href: "/plans/" + string(k.Plan)})
	}
	for _, a := range k.thread.Above {
		if a.Seen {
			crumbs = append(crumbs, page.Crumb{Text: a.No + a.Title, Href: "/tasks/" + string(a.ID)})
		}
	}
	crumbs = append(crumbs, page.Crumb{Text: q.taskName(k)})
	title := k.Title
	if k.Depth > 0 {
		title = q.taskName(k)
	}
	if k.Target != nil {
		title = q.p.T("task.title", "title", title, "target", targetWords(q, k.TaskRow))
	}
	lead := unitList(q, k.units, k.Leads)
	if lead == "" {
		lead = k.LeadWords
	}
	facts := []string{q.p.T("task.lead", "units", lead)}
	if len(k.Cooperating) > 0 {
		facts = append(facts, q.p.T("task.help", "units", unitList(q, k.units, k.Cooperating)))
	}
	if k.Supervising != "" {
		facts = append(facts, q.p.T("task.supervise", "unit", called(k.units[k.Supervising])))
	}
	if k.post.Post != "" {
		facts = append(facts, q.p.T("task.answers", "post", k.post.UnitName+k.post.Title))
	}
	if k.Weight != task.One {
		facts = append(facts, q.p.T("task.weighs", "weight", k.Weight))
	}
	reading := page.DeadlineReading(q.p, k.Deadline, k.Due)
	meta := page.Rich(q.p.Rich("task.about", "facts", q.p.Dots(facts...), "deadline", k.Deadline.Text, "reading", reading))
	return page.HeadView{Crumbs: crumbs, Title: page.Say(title), Meta: meta}
}

// taskSteps is the thread from the clause to the parts.
func (q *request) taskSteps(k taskPage) []page.Step {
	var steps []page.Step
	t := k.thread
	if t.Clause != nil {
		to := "/memorandums/" + string(t.Memorandum.ID) + "#" + string(t.Clause.ID)
		steps = append(steps,
			page.Step{Label: q.p.T("task.step-clause", "no", t.Clause.No), Original: t.Clause.Text, Note: page.Linked(q.p.T("task.step-clause-see"), to)},
			page.Step{Label: q.p.T("task.step-commitment"), Text: page.Say(q.p.T("task.step-owed", "unit", unitList(q, k.units, t.Commitment.Obligors()),
				"by", called(k.units[t.Commitment.Confirms]))), Note: page.Say(t.Commitment.Text)})
	} else if t.MemoSeen {
		steps = append(steps, page.Step{Label: q.p.T("task.step-commitment"), Text: page.Say(q.p.T("task.step-no-clause"))})
	}
	plan := page.Step{Label: q.p.T("task.step-plan"), Text: page.Say(t.Plan.Title)}
	if t.PlanSeen {
		plan.Text = page.Linked(t.Plan.Title, "/plans/"+string(t.Plan.ID))
		plan.Note = page.Say(q.p.T("task.step-plan-rows", "n", t.PlanRows))
	}
	steps = append(steps, plan)
	if n := len(t.Above); n > 0 {
		above := t.Above[n-1]
		step := page.Step{Label: q.p.T("task.step-above"), Text: page.Say(q.numbered(above.No, above.Title))}
		if above.Seen {
			step.Text = page.Linked(q.numbered(above.No, above.Title), "/tasks/"+string(above.ID))
		}
		steps = append(steps, step)
	}
	steps = append(steps, page.Step{Label: q.p.T("task.step-task", "no", k.No), Text: page.Say(targetWords(q, k.TaskRow)), Note: page.Say(targetNote(q, k.TaskRow)), Current: true})
	split := page.Step{Label: q.p.T("task.step-parts"), Text: page.Say(q.p.T("task.step-unsplit"))}
	if k.TaskRow.Parts > 0 {
		split.Text = page.Linked(q.partsSummary(k), "#parts")
		if rest := k.Unassigned(); rest > 0 {
			split.Note = page.Rich(q.p.Rich("task.step-rest", "rest", rest, "unit", targetUnit(k.TaskRow)))
		}
	}
	return append(steps, split)
}

// partsSummary says how many parts there are and what they amount to.
func (q *request) partsSummary(k taskPage) string {
	if k.Rollup == task.RollupSum && k.Assigned > 0 {
		return q.p.T("task.parts-sum", "n", k.TaskRow.Parts, "given", k.Assigned, "unit", targetUnit(k.TaskRow))
	}
	return q.p.T("task.parts-count", "n", k.TaskRow.Parts)
}

// taskLight fills the framed box: the light, why, and what would change it.
func (q *request) taskLight(f *page.TaskPage, k taskPage) {
	light := q.lightOf(k.TaskRow, k.light)
	f.Next = page.NextView{Light: &light, Title: page.Say(light.Reason)}
	shown := k.State != task.Draft && k.State != task.Withdrawn
	if shown {
		if len(k.light.Why) > 0 {
			f.Next.Title = page.Say(q.p.Say(k.light.Why[0]))
			for _, w := range k.light.Why[1:] {
				f.Next.Lines = append(f.Next.Lines, page.Say(q.p.Say(w)))
			}
		}
		for _, c := range k.light.Changes {
			f.Next.Lines = append(f.Next.Lines, page.Say(q.p.Say(c)))
		}
		rule := q.server.store.Rulebook().On(k.on).Light
		f.Next.Meta = page.Say(q.p.T("task.rule", "name", rule.Name, "version", rule.Version, "green", rule.GreenShare, "yellow", rule.YellowShare))
	}
	if k.past(q) {
		f.On = k.on.String()
		f.Past = &page.TaskPast{Text: q.p.T("task.past", "date", q.p.DateWeekday(k.on)), Now: "/tasks/" + string(k.ID)}
		return
	}
	switch k.State {
	case task.Draft:
		f.State = q.p.T("task.state-draft")
	case task.Issued:
		f.State = q.p.T("task.state-issued")
	case task.Refused:
		f.State, f.StateBad = q.p.T("task.state-refused"), true
	case task.Withdrawn:
		f.State = q.p.T("task.state-withdrawn")
	}
}

// taskChart is the course by months, nil for a task without a number.
func (q *request) taskChart(k taskPage) *page.ChartView {
	goal, ok := k.Target.Goal()
	facts := k.course.Facts[k.ID]
	if !ok || k.State == task.Draft || k.Start.IsZero() {
		return nil
	}
	end := k.Due
	if end.IsZero() || end.Before(k.on) && k.State != task.Finished {
		end = k.on
	}
	months := calendar.Periods(calendar.Month, k.Start, end)
	if len(months) > chartMonths {
		months = months[len(months)-chartMonths:]
	}
	c := page.ChartView{ID: "course", Unit: targetUnit(k.TaskRow), Target: goal}
	if !k.Due.IsZero() {
		c.Goal = q.p.T("task.chart-goal", "date", k.Due, "goal", goal)
	}
	var claimed, verified, names []string
	for _, m := range months {
		last := m.Last()
		if end == k.Due && last.After(end) {
			last = end
		}
		point := page.ChartPoint{Label: q.p.MonthShort(time.Month(m.Index)), Known: !last.After(k.on)}
		at := facts.On(last)
		if m.Contains(k.on) && !point.Known { // the month that runs shows what has come in so far
			before := facts.On(m.First().AddDays(-1))
			at = facts.On(k.on)
			point.Known = at != before
		}
		if point.Known {
			point.Claimed, point.Verified = at.Claimed, at.Verified
			names, claimed, verified = append(names, point.Label), append(claimed, q.p.Quantity(at.Claimed)), append(verified, q.p.Quantity(at.Verified))
		}
		if l := k.course.LightOn(k.ID, last); l.Course {
			expected := l.Expected
			point.Expected = &expected
		}
		c.Points = append(c.Points, point)
	}
	c.Title = q.p.T("task.chart-title", "months", names, "claimed", claimed, "verified", verified, "goal", goal, "unit", c.Unit)
	return &c
}

func (q *request) taskPartsCard(k taskPage) *page.TaskParts {
	if len(k.parts) == 0 {
		return nil
	}
	parts := k.parts
	f := &page.TaskParts{Title: q.p.T("task.parts"), Meta: page.Say(q.partsSummary(k)), Unit: targetUnit(k.TaskRow)}
	if len(parts) > partsAPage {
		parts = parts[:partsAPage]
		last := parts[len(parts)-1]
		f.More = q.URL.Path + "?" + url.Values{"position": {strconv.Itoa(last.Position)}, "after": {string(last.ID)}}.Encode() + "#parts"
	}
	if q.FormValue("after") != "" {
		f.First = q.URL.Path + "#parts"
	}
	for _, p := range parts {
		f.Rows = append(f.Rows, q.taskPart(k, p))
	}
	if !k.past(q) {
		f.Gap = q.gapRow(store.PlanRow{TaskRow: k.TaskRow})
	}
	return f
}

func (q *request) taskPart(k taskPage, p store.PartRow) page.TaskPart {
	figure, light := task.Figure{Claimed: p.Claimed, Verified: p.Verified}, p.Light
	if k.past(q) {
		figure, light = k.course.Facts[p.ID].On(k.on), k.course.LightOn(p.ID, k.on)
	}
	out := page.TaskPart{
		Name: partTitle(q, k.units, p.TaskRow), Unit: unitList(q, k.units, p.Leads), Href: "/tasks/" + string(p.ID),
		Claimed: q.p.Quantity(figure.Claimed), Verified: q.p.Quantity(figure.Verified), Light: q.lightOf(p.TaskRow, light),
	}
	if out.Name == out.Unit {
		out.Unit = ""
	}
	if goal, ok := p.Target.Goal(); ok {
		out.Target = q.p.Quantity(goal)
	} else if p.Target != nil {
		out.Target = p.Target.Text
	}
	if k.past(q) {
		return out
	}
	var waits []string
	switch {
	case p.State == task.Refused:
		waits = append(waits, q.p.T("task.waits-refused"))
	case p.State == task.Issued:
		waits = append(waits, q.p.T("task.waits-sign"))
	}
	if p.Waiting > 0 {
		waits = append(waits, q.p.T("task.waits-verify", "n", p.Waiting, "date", p.WaitingDue))
	}
	if p.Returned > 0 {
		waits = append(waits, q.p.T("task.waits-again", "n", p.Returned))
	}
	out.Waits = q.p.Dots(waits...)
	return out
}

// reportState words where a report stands.
func (q *request) reportState(s task.ReportState) string {
	return q.p.T("task.report-" + string(s))
}

// reportWords says what a report brought.
func (q *request) reportWords(kind task.ReportKind, value task.Quantity, words, unit string) string {
	switch kind {
	case task.ReportNoChange:
		return q.p.T("task.said-no-change")
	case task.ReportWords:
		return words
	}
	said := q.p.T("task.said-value", "value", value, "unit", unit)
	if words != "" {
		said = q.p.T("task.said-more", "said", said, "words", words)
	}
	return said
}

func (q *request) taskReportLines(k taskPage) []page.TaskReportLine {
	reports := task.AsOf(k.course.Reports, k.on)
	slices.Reverse(reports)
	if len(reports) > reportsShown {
		reports = reports[:reportsShown]
	}
	var out []page.TaskReportLine
	for i, r := range reports {
		unit := targetUnit(k.TaskRow)
		line := page.TaskReportLine{
			Period: q.p.Period(r.Period), Unit: called(k.units[r.Author()]), What: q.reportWords(r.Kind, r.Value, r.Words, unit),
			State: q.reportState(r.State), Verdict: r.Verdict,
		}
		if r.Round > 1 {
			line.Period = q.p.T("task.round", "period", line.Period, "round", r.Round)
		}
		later := slices.ContainsFunc(reports[:i], func(x task.Report) bool { return x.Unit == r.Unit && x.Period == r.Period })
		line.Bad = r.State == task.ReportReturned && !later
		out = append(out, line)
	}
	return out
}

// taskEvidenceCard lists files, and says where else each one was used.
func (q *request) taskEvidenceCard(f *page.TaskPage, k taskPage) error {
	files, err := q.view.TaskEvidence(q.Context(), k.ID, evidenceShown)
	if err != nil {
		return err
	}
	for _, e := range files {
		if calendar.DateOf(e.At).After(k.on) {
			continue
		}
		row := page.TaskEvidence{Name: e.Name, Href: evidenceHref(e),
			About: q.p.Dots(e.UnitName, q.p.Size(e.Size), q.p.T("task.uploaded", "date", calendar.DateOf(e.At)), q.reportState(e.State))}
		for _, use := range e.Elsewhere {
			row.Elsewhere = append(row.Elsewhere, page.Rich(q.p.Rich("task.used-elsewhere", "title", use.Title, "unit", use.Unit), "/tasks/"+string(use.Task)))
		}
		if e.Hidden > 0 {
			row.Elsewhere = append(row.Elsewhere, page.Say(q.p.T("task.used-hidden", "n", e.Hidden)))
		}
		f.Evidence = append(f.Evidence, row)
	}
	return nil
}

// evidenceHref is where a file of a report can be fetched.
func evidenceHref(e store.EvidenceRow) string {
	return "/reports/" + string(e.Report) + "/evidence/" + string(e.ID)
}
