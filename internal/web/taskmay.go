package web

import (
	"slices"

	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// taskMay fills what the reader may do: one filled button for the one next thing,
// and the list of the rest. Who may not do a thing does not see it.
func (q *request) taskMay(f *page.TaskPage, k taskPage) {
	if k.past(q) {
		return // a past day is to look at
	}
	base := "/tasks/" + string(k.ID)
	may := func(a org.Action) bool { return q.view.May(a, k.Facts) }
	own := k.own(q)
	open := k.State == task.Issued || k.State == task.InForce || k.State == task.Refused
	var do []page.PlanLink
	add := func(yes bool, key, href string) {
		if yes {
			do = append(do, page.PlanLink{Text: q.p.T(key), Href: href})
		}
	}
	if own != nil && own.State == task.PartWaiting && open && may(org.SignTask) {
		f.Sign = &page.TaskSign{Action: base + "/sign", Key: newKey(), Refuse: base + "/refuse"}
	}
	q.refusals(f, k, may(org.AnswerRefusal) && open)
	if len(k.toVerify) > 0 {
		first := k.toVerify[0]
		name := first.Name
		if u, ok := k.units[first.Unit]; ok {
			name = called(u)
		}
		text := q.p.T("task.verify-next", "unit", name)
		do = append(do, page.PlanLink{Text: text, Href: verifyHref(first.ID)})
	}
	if rest := k.Unassigned(); rest > 0 && may(org.SplitTask) {
		do = append(do, page.PlanLink{Text: q.p.T("plan.share-rest", "rest", rest, "unit", targetUnit(k.TaskRow)), Href: base + "/split"})
	}
	add(own != nil && own.State == task.PartSigned && open && may(org.SubmitReport), "task.report", base+"/report")
	if f.Sign == nil && len(do) > 0 && len(f.Refused) == 0 {
		first := do[0]
		first.Class = "btn-primary"
		f.NextDo, do = []page.PlanLink{first}, do[1:]
	}
	add(open && may(org.SplitTask) && k.Unassigned() == 0, "task.split", base+"/split")
	change := k.State != task.Withdrawn && k.State != task.Finished && may(org.ChangeTask)
	add(change, "task.change", base+"/change")
	add(k.State != task.Withdrawn && may(org.WithdrawTask), "task.withdraw", base+"/withdraw")
	add(true, "task.who-may", "/access?task="+string(k.ID))
	if change {
		f.DoHint = q.p.T("task.change-hint")
	}
	f.Do = do
}

// refusals lists refusals that wait for an answer, the first as the next thing.
func (q *request) refusals(f *page.TaskPage, k taskPage, may bool) {
	for _, p := range k.TaskView.Parts {
		if p.State != task.PartRefused || k.State == task.Withdrawn {
			continue
		}
		r := page.TaskRefusal{Unit: called(k.units[p.Unit]), When: q.p.Date(p.Signed), Reason: p.Reason}
		if may {
			r.Do = &page.PlanLink{Text: q.p.T("plan.answer"), Href: "/tasks/" + string(k.ID) + "/answer?unit=" + string(p.Unit)}
			if f.Sign == nil && len(f.Refused) == 0 {
				r.Do.Class = "btn-primary"
			}
		}
		f.Refused = append(f.Refused, r)
	}
}

// taskUnitsCards says of every unit where it stands: leads with their receipts,
// cooperating units with what they reported.
func (q *request) taskUnitsCards(f *page.TaskPage, k taskPage) {
	for _, p := range k.TaskView.Parts {
		u := page.TaskUnit{Name: called(k.units[p.Unit]), Text: q.partState(p)}
		if p.Role == task.Lead {
			f.Takers = append(f.Takers, u)
			continue
		}
		reports := slices.DeleteFunc(task.AsOf(k.course.Reports, k.on), func(r task.Report) bool { return r.Unit != p.Unit })
		if n := len(reports); n > 0 {
			last := reports[n-1]
			u.Text = q.p.Dots(q.p.T("task.helper-said", "date", last.At, "said", q.reportWords(last.Kind, last.Value, last.Words, "")), q.reportState(last.State))
		}
		open := k.State != task.Finished && k.State != task.Withdrawn && k.State != task.Draft
		if open && !p.Excused && !k.past(q) && q.view.May(org.ExcuseUnit, k.Facts) {
			u.Do = &page.PlanLink{Text: q.p.T("task.excuse"), Href: "/tasks/" + string(k.ID) + "/excuse?unit=" + string(p.Unit)}
		}
		f.Helpers = append(f.Helpers, u)
	}
}

// partState words where a unit's receipt stands.
func (q *request) partState(p task.Part) string {
	switch {
	case p.Excused:
		return q.p.T("task.part-excused", "reason", p.Reason)
	case p.State == task.PartSigned:
		return q.p.T("task.part-signed", "date", p.Signed)
	case p.State == task.PartRefused:
		return q.p.T("task.part-refused", "date", p.Signed, "reason", p.Reason)
	case p.Due.IsZero():
		return q.p.T("plan.not-issued")
	}
	return q.p.T("task.part-waiting", "date", p.Due)
}

// verifyHref is where a report is verified.
func verifyHref(id task.ReportID) string { return "/reports/" + string(id) + "/verify" }
