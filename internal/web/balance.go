package web

import (
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// balance is what the parties of a memorandum promised, delivered and still owe.
func (s *Server) balance(q *request) error {
	m, b, units, err := q.readBalance()
	if err != nil {
		return err
	}
	base := "/memorandums/" + string(m.ID)
	f := page.BalancePage{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: m.Title, Href: base}, {Text: q.p.T("force.balance")}},
			Title: page.Say(q.p.T("force.balance-title")), Meta: page.Say(q.p.T("force.balance-meta", "title", m.Title))},
		Count: q.p.Number(int64(len(b.Lines))),
	}
	plans, err := q.view.PlansToApprove(q.Context(), m.Memorandum)
	if err != nil {
		return err
	}
	for _, p := range plans {
		f.Plans = append(f.Plans, page.PlanLink{Text: q.p.T("force.lies-before-you", "title", p.Title), Href: "/plans/" + string(p.ID) + "/approval"})
	}
	for _, x := range b.Parties {
		n := func(n int) string { return q.p.Number(int64(n)) }
		f.Parties = append(f.Parties, page.BalanceParty{Name: units[x.Party].Name, Promised: n(x.Promised), Settled: n(x.Settled), Owed: n(x.Owed()),
			Disputed: n(x.Disputed), Unplanned: n(x.Unplanned), Here: n(x.Here)})
	}
	for _, l := range b.Lines {
		f.Lines = append(f.Lines, q.balanceLine(m, l, units))
	}
	if len(b.Lines) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("force.balance-none"))}
	}
	return s.showForce(q, nil, q.p.T("force.balance"), func(v page.View) error { return q.render(200, page.BalanceOf(v, f)) })
}

// readBalance reads a memorandum's balance with the units that it names.
func (q *request) readBalance() (m store.MemorandumView, b store.BalanceView, units map[org.UnitID]org.Unit, err error) {
	if m, err = q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id"))); err != nil {
		return m, b, nil, err
	}
	if b, err = q.view.Balance(q.Context(), m); err != nil {
		return m, b, nil, err
	}
	ids := slices.Clone(m.Parties)
	for _, l := range b.Lines {
		ids = append(append(append(ids, l.Commitment.Obligors()...), l.Commitment.Confirms), l.Side.Units...)
	}
	units, err = q.named(ids)
	return m, b, units, err
}

func (q *request) balanceLine(m store.MemorandumView, l store.BalanceLine, units map[org.UnitID]org.Unit) page.BalanceLine {
	out := page.BalanceLine{
		ID: string(l.Commitment.ID), Clause: l.Clause.No, Href: "/memorandums/" + string(m.ID) + "#" + string(l.Clause.ID), Text: l.Commitment.Text,
		Who: unitList(q, units, l.Commitment.Obligors()), Deadline: l.Commitment.Deadline, Side: q.p.T("force.side-" + string(l.Side.Kind)),
		Units: unitList(q, units, l.Side.Units), Open: len(l.Side.Units) > 0, Bad: l.Disputed,
	}
	if out.Clause == "" {
		out.Clause = q.p.T("force.clause")
	}
	f := org.CommitmentFacts{Memorandum: m.Facts, Obligors: l.Commitment.Obligors(), Confirmers: task.Confirmers(m.Memorandum, l.Commitment)}
	switch l.Side.Kind {
	case task.SideConfirm:
		if slices.Contains(l.Side.Units, q.caller.Unit().ID) && q.view.May(org.ConfirmDelivery, f) {
			out.Do = append(out.Do, page.PlanLink{Text: q.p.T("force.say-your-word"), Href: "/tasks/" + string(l.Side.Task) + "/confirm"})
		}
	case task.SideAnswer:
		if q.view.May(org.AnswerDispute, f) {
			out.Do = append(out.Do, page.PlanLink{Text: q.p.T("force.answer-dispute"), Href: "/tasks/" + string(l.Side.Task) + "/confirm"})
		}
	}
	for _, t := range l.Tasks {
		one := page.BalanceTask{Title: q.p.T("force.task-hidden"), Year: q.p.T("plan.year", "year", t.Year)}
		if t.Shown {
			pair := pairOf(t.TaskRow)
			one.Title, one.Pair = q.rowName(t.TaskRow), &pair
		}
		if t.State == task.Draft {
			one.Pair, one.Word = nil, q.p.T("plan.not-issued")
		} else {
			one.Word, one.Said = q.p.T(wordKey(t.Word, len(t.Said))), "/tasks/"+string(t.ID)+"/confirm"
		}
		if t.Open {
			one.Href = "/tasks/" + string(t.ID)
		}
		out.Tasks = append(out.Tasks, one)
	}
	return out
}

// wordKey is the text of where the other side's word stands.
func wordKey(w task.Word, said int) string {
	switch {
	case len(w.Disputed) > 0:
		return "force.word-disputed"
	case len(w.Answered) > 0:
		return "force.word-answered"
	case w.Settled():
		return "force.word-confirmed"
	case said > 0:
		return "force.word-partly"
	}
	return "force.word-none"
}

func (s *Server) confirmForm(q *request) error { return s.showConfirm(q, nil) }

// showConfirm is the page of the other side's word on one task.
func (s *Server) showConfirm(q *request, cause error) error {
	d, seen, err := q.view.Delivered(q.Context(), task.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	facts := d.Facts()
	ids := slices.Concat(facts.Obligors, facts.Confirmers)
	for _, c := range d.Said {
		ids = append(ids, c.Party)
	}
	units, err := q.named(ids)
	if err != nil {
		return err
	}
	base := "/memorandums/" + string(d.Memorandum.ID)
	title := q.p.T("force.confirm-page")
	f := page.ConfirmPage{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: d.Memorandum.Title, Href: base}, {Text: q.p.T("force.balance"), Href: base + "/balance#" + string(d.Commitment.ID)}, {Text: title}},
			Title: page.Say(title), Meta: page.Say(q.p.T("force.confirm-about"))},
		Faults: page.Faults(q.p, cause, map[string]string{"reason": q.p.T("force.words")}),
	}
	f.Facts = []page.Fact{
		{Name: q.p.T("force.col-commitment"), Text: page.Say(d.Commitment.Text)},
		{Name: q.p.T("force.col-owes"), Text: page.Say(unitList(q, units, facts.Obligors))},
		{Name: q.p.T("force.confirms"), Text: page.Say(unitList(q, units, facts.Confirmers))},
		{Name: q.p.T("force.figure"), Text: page.Say(q.figureOf(d))},
	}
	if seen {
		f.Facts = append(f.Facts, page.Fact{Name: q.p.T("plan.col-task"), Text: page.Linked(q.rowName(d.Task), "/tasks/"+string(d.Task.ID))})
	}
	f.TheWord = q.theWord(d)
	for _, c := range slices.Backward(d.Said) {
		f.Said = append(f.Said, page.ConfirmSaid{Who: called(units[c.Party]), What: q.p.T("force.said-" + string(c.Kind)), Words: c.Words, On: q.p.Date(c.On),
			Figure: q.p.T("force.of-figure", "figure", c.Verified, "unit", targetUnit(d.Task))})
	}
	return s.showForce(q, cause, title, func(v page.View) error { return q.render(codeOf(cause), page.Confirm(v, f)) })
}

// theWord is where the other side's word on a task stands, with the form of the
// reader's party when there is something for it to say.
func (q *request) theWord(d store.Delivered) page.TheWord {
	facts := d.Facts()
	w := task.WordOf(d.Standing, facts.Confirmers, d.Said)
	f := page.TheWord{State: page.Say(q.p.T(wordKey(w, len(d.Said)))), Bad: len(w.Disputed) > 0}
	if !d.Standing.Reported {
		f.State = page.Say(q.p.T("force.nothing-verified"))
	}
	form := func(hint string) *page.ConfirmForm {
		return &page.ConfirmForm{Action: "/tasks/" + string(d.Task.ID) + "/confirm", Key: formKey(q), Shown: d.Standing.Verified.String(),
			Words: q.PostFormValue("reason"), Hint: q.p.T(hint, "n", task.MinReason), Next: q.PostFormValue("next")}
	}
	if q.view.May(org.ConfirmDelivery, facts) && d.Standing.Reported && !slices.Contains(w.Disputed, q.caller.Unit().ID) {
		f.Confirm = form("force.dispute-hint")
	}
	if q.view.May(org.AnswerDispute, facts) && len(w.Disputed) > 0 {
		f.Answer = form("force.answer-hint")
	}
	return f
}

// taskWord puts the other side's word on the page of a task that serves a commitment,
// for those who see its memorandum; its form stands in place.
func (q *request) taskWord(f *page.TaskPage, k taskPage) error {
	if !q.wordOn(k) {
		return nil
	}
	d, err := q.view.DeliveredOf(q.Context(), k.TaskView, k.thread)
	if err != nil {
		return err
	}
	w, here := q.theWord(d), "/tasks/"+string(k.ID)
	w.Figure, w.All = q.figureOf(d), here+"/confirm"
	for _, form := range []*page.ConfirmForm{w.Confirm, w.Answer} {
		if form != nil {
			form.Next = here
		}
	}
	f.Word = &w
	return nil
}

// wordOn reports whether a party has a word to say on the task that is shown.
func (q *request) wordOn(k taskPage) bool {
	return !k.past(q) && k.thread.MemoSeen && k.TaskRow.Commitment != "" && k.Depth == 0 && k.State != task.Draft && k.State != task.Withdrawn
}

// figureOf is what was verified, against the target.
func (q *request) figureOf(d store.Delivered) string {
	return q.p.T("force.verified-of", "verified", d.Standing.Verified, "target", targetWords(q, d.Task))
}

func (s *Server) confirm(q *request) error {
	id := task.ID(q.PathValue("id"))
	kind, key := task.Confirms, "force.done-confirm"
	switch q.PostFormValue("do") {
	case "dispute":
		kind, key = task.Disputes, "force.done-dispute"
	case "answer":
		kind, key = task.Answers, "force.done-answer"
	}
	shown, err := task.ParseQuantity(q.PostFormValue("shown"))
	if err != nil {
		shown = -1 // no figure: the act refuses it after the right was asked for
	}
	r, err := s.desk.Confirm(q.Context(), q.caller, q.key(), id, kind, shown, q.PostFormValue("reason"))
	if mendable(err) {
		return s.showConfirm(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, local(q.PostFormValue("next"), "/tasks/"+string(id)+"/confirm"), key)
}
