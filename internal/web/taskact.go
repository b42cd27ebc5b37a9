package web

import (
	"errors"
	"net/http"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) taskSign(q *request) error {
	id := task.ID(q.PathValue("id"))
	r, err := s.desk.Sign(q.Context(), q.caller, q.key(), id)
	if err != nil {
		return err
	}
	return q.done(r, "/tasks/"+string(id), "task.done-sign")
}

// actOn begins the page of one act on a task: the caller must be able to do it.
func (q *request) actOn(action org.Action, key string) (store.TaskView, page.TaskActPage, error) {
	k, err := q.view.Task(q.Context(), task.ID(q.PathValue("id")))
	if err != nil {
		return k, page.TaskActPage{}, err
	}
	if !q.view.May(action, k.Facts) {
		return k, page.TaskActPage{}, fault.New(fault.Denied, "denied", "Action", string(action))
	}
	base := "/tasks/" + string(k.ID)
	title := q.p.T(key)
	return k, page.TaskActPage{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: q.rowName(k.TaskRow), Href: base}, {Text: title}},
			Title:  page.Say(title), Meta: page.Say(q.p.T("task.title", "title", k.Title, "target", targetWords(q, k.TaskRow))),
		},
		Title: title, Button: title, Back: base, Hidden: map[string]string{"key": formKey(q)}, Reason: q.PostFormValue("reason"),
	}, nil
}

// showAct renders the form of an act, with what is to mend.
func (q *request) showAct(f page.TaskActPage, cause error) error {
	labels := map[string]string{"reason": q.p.T("task.reason"), "choice": q.p.T("task.choice"), "to": q.p.T("task.give-to"), "confirm": q.p.T("task.confirm")}
	f.Faults = page.Faults(q.p, cause, labels)
	code := http.StatusOK
	if cause != nil {
		code = status(fault.KindOf(cause))
	}
	v, err := q.frame(f.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.TaskAct(v, f))
}

func (s *Server) taskRefuseForm(q *request) error { return s.showRefuse(q, nil) }

func (s *Server) showRefuse(q *request, cause error) error {
	k, f, err := q.actOn(org.RefuseTask, "task.refuse")
	if err != nil {
		return err
	}
	f.Action, f.Note, f.Hint = "/tasks/"+string(k.ID)+"/refuse", q.p.T("task.refuse-about"), q.p.T("task.refuse-hint", "n", task.MinReason)
	return q.showAct(f, cause)
}

func (s *Server) taskRefuse(q *request) error {
	id := task.ID(q.PathValue("id"))
	r, err := s.desk.Refuse(q.Context(), q.caller, q.key(), id, q.PostFormValue("reason"))
	if mendable(err) {
		return s.showRefuse(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/tasks/"+string(id), "task.done-refuse")
}

// partAsked is the unit's part that an answer or an excuse is about.
func partAsked(q *request, k store.TaskView) (task.Part, org.Unit, error) {
	id := org.UnitID(q.FormValue("unit"))
	for _, p := range k.Parts {
		if p.Unit == id {
			units, err := q.view.Names(q.Context(), []org.UnitID{id})
			return p, units[id], err
		}
	}
	return task.Part{}, org.Unit{}, errAbsent
}

func (s *Server) taskAnswerForm(q *request) error {
	return s.showAnswer(q, page.TaskUnitField{ID: "to"}, nil)
}

func (s *Server) showAnswer(q *request, to page.TaskUnitField, cause error) error {
	k, f, err := q.actOn(org.AnswerRefusal, "plan.answer")
	if err != nil {
		return err
	}
	part, unit, err := partAsked(q, k)
	if err != nil {
		return err
	}
	f.Action, f.Hidden["unit"] = "/tasks/"+string(k.ID)+"/answer", string(part.Unit)
	f.Facts = []page.Fact{{Name: q.p.T("task.refuser"), Text: page.Say(called(unit))}, {Name: q.p.T("task.refused-because"), Text: page.Say(part.Reason)}}
	choice := q.PostFormValue("choice")
	for _, c := range []string{"insist", "give", "release"} {
		if c == "release" && part.Role == task.Lead && len(k.Leads) < 2 {
			continue // somebody must lead: the choice could only be refused
		}
		f.Choices = append(f.Choices, page.TaskChoice{Value: c, Text: q.p.T("task.answer-" + c), Hint: q.p.T("task.answer-hint-" + c), Current: choice == c})
	}
	to.Label, to.Hint = q.p.T("task.give-to"), q.p.T("task.give-to-hint")
	f.ToUnit, f.Hint = &to, q.p.T("task.answer-reason-hint")
	return q.showAct(f, cause)
}

func (s *Server) taskAnswer(q *request) error {
	k, _, err := q.actOn(org.AnswerRefusal, "plan.answer")
	if err != nil {
		return err
	}
	to, back := page.TaskUnitField{ID: "to", Value: q.PostFormValue("to")}, "/tasks/"+string(k.ID)
	unit := org.UnitID(q.PostFormValue("unit"))
	var r store.Receipt
	var said string
	switch q.PostFormValue("choice") {
	case "insist":
		said = "task.done-insist"
		r, err = s.desk.Insist(q.Context(), q.caller, q.key(), k.ID, unit, q.PostFormValue("reason"))
	case "release":
		said = "task.done-release"
		r, err = s.desk.Release(q.Context(), q.caller, q.key(), k.ID, unit)
	case "give":
		said = "task.done-give"
		names, nameErr := q.unitNames(k.Region)
		if nameErr != nil {
			return nameErr
		}
		var next org.UnitID
		var f *fault.Fault
		if to, next, f = names.read(q, "to"); f != nil {
			return s.showAnswer(q, to, f)
		}
		r, err = s.desk.GiveTo(q.Context(), q.caller, q.key(), k.ID, unit, next)
		if fault.Is(err, "receipt.unit-missing") || fault.Is(err, "receipt.takes-part") {
			err = faultAt(err, "to")
		}
	default:
		err = fault.New(fault.Invalid, "task.choice-missing").On("choice")
	}
	if mendable(err) {
		return s.showAnswer(q, to, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, back, said)
}

// faultAt moves a fault to the field of this form that it is about.
func faultAt(err error, field string) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		g := *f
		g.Field = field
		return &g
	}
	return err
}

func (s *Server) taskExcuseForm(q *request) error { return s.showExcuse(q, nil) }

func (s *Server) showExcuse(q *request, cause error) error {
	k, f, err := q.actOn(org.ExcuseUnit, "task.excuse")
	if err != nil {
		return err
	}
	part, unit, err := partAsked(q, k)
	if err != nil {
		return err
	}
	f.Action, f.Hidden["unit"] = "/tasks/"+string(k.ID)+"/excuse", string(part.Unit)
	f.Facts = []page.Fact{{Name: q.p.T("task.col-unit"), Text: page.Say(called(unit))}}
	f.Note = q.p.T("task.excuse-about")
	return q.showAct(f, cause)
}

func (s *Server) taskExcuse(q *request) error {
	id := task.ID(q.PathValue("id"))
	r, err := s.desk.Excuse(q.Context(), q.caller, q.key(), id, org.UnitID(q.PostFormValue("unit")), q.PostFormValue("reason"))
	if mendable(err) {
		return s.showExcuse(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/tasks/"+string(id), "task.done-excuse")
}

func (s *Server) taskWithdrawForm(q *request) error { return s.showWithdraw(q, nil) }

func (s *Server) showWithdraw(q *request, cause error) error {
	k, f, err := q.actOn(org.WithdrawTask, "task.withdraw")
	if err != nil {
		return err
	}
	under, err := q.view.Under(q.Context(), k.ID)
	if err != nil {
		return err
	}
	f.Action, f.Note, f.Confirm = "/tasks/"+string(k.ID)+"/withdraw", q.p.T("task.withdraw-about"), q.p.T("task.withdraw-confirm")
	if under > 0 {
		f.Note = q.p.T("task.withdraw-parts", "n", under)
	}
	return q.showAct(f, cause)
}

func (s *Server) taskWithdraw(q *request) error {
	id := task.ID(q.PathValue("id"))
	reason := q.PostFormValue("reason")
	if q.PostFormValue("confirm") != "yes" {
		l := fault.List{fault.New(fault.Invalid, "task.not-confirmed").On("confirm")}
		var f *fault.Fault
		if errors.As(task.CheckReason(reason), &f) {
			l = append(l, f)
		}
		return s.showWithdraw(q, l)
	}
	r, err := s.desk.Withdraw(q.Context(), q.caller, q.key(), id, reason)
	if mendable(err) {
		return s.showWithdraw(q, err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/tasks/"+string(id), "task.done-withdraw")
}
