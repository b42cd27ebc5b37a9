package web

import (
	"net/http"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// changeFields are the fields of the form that changes a task, in their order.
var changeFields = []string{"title", "measures", "deadline", "due", "target", "evidence", "cadence", "field", "rollup", "supervising", "post", "weight"}

// changeValues are a task's fields as the form shows them.
func (q *request) changeValues(k store.TaskRow) (map[string]string, error) {
	names, err := q.view.Names(q.Context(), []org.UnitID{k.Supervising})
	if err != nil {
		return nil, err
	}
	v := map[string]string{
		"title": k.Title, "measures": k.Measures, "deadline": k.Deadline.Text, "due": k.Due.String(),
		"evidence": k.EvidenceWanted, "cadence": string(k.Cadence), "field": string(k.Field), "rollup": string(k.Rollup),
		"supervising": names[k.Supervising].Name, "post": string(k.Post), "weight": k.Weight.String(),
	}
	if k.Target != nil {
		v["target"] = k.Target.Text
		if k.Target.Text == "" {
			v["target"] = k.Target.Value.String() + k.Target.Unit
		}
	}
	return v, nil
}

func (s *Server) taskChangeForm(q *request) error {
	k, _, err := q.actOn(org.ChangeTask, "task.change")
	if err != nil {
		return err
	}
	values, err := q.changeValues(k.TaskRow)
	if err != nil {
		return err
	}
	return s.showChange(q, k, values, values, k.Version, nil)
}

// showChange shows the form with values; was are those that it began from.
func (s *Server) showChange(q *request, k store.TaskView, values, was map[string]string, version int64, cause error) error {
	base := "/tasks/" + string(k.ID)
	f := page.TaskChangePage{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("plan.list-title"), Href: "/plans"}, {Text: q.rowName(k.TaskRow), Href: base}, {Text: q.p.T("task.change")}},
			Title:  page.Say(q.p.T("task.change")), Meta: page.Say(q.p.T("task.change-hint")),
		},
		Action: base + "/change", Values: values, Back: base, Unit: targetUnit(k.TaskRow),
		Hidden: map[string]string{"key": formKey(q), "version": strconv.FormatInt(version, 10)},
		Read:   q.p.T("task.deadline-read", "reading", page.DeadlineReading(q.p, k.Deadline, k.Due)),
	}
	if k.Deadline.Kind == task.DeadlineUnparsed {
		f.Read = q.p.T("task.deadline-unread")
	}
	labels := map[string]string{"reason": q.p.T("task.reason")}
	for _, name := range changeFields {
		f.Hidden["was."+name] = was[name]
		labels[name] = q.p.T("task.field-" + name)
	}
	for _, c := range []calendar.PeriodKind{calendar.Month, calendar.Quarter, calendar.HalfYear, calendar.Year} {
		f.Cadences = append(f.Cadences, page.TaskChoice{Value: string(c), Text: q.p.T("task.cadence-" + string(c))})
	}
	for _, c := range task.Fields() {
		f.Fields = append(f.Fields, page.TaskChoice{Value: string(c), Text: q.p.T(c.TextKey())})
	}
	for _, c := range []task.Rollup{task.RollupSum, task.RollupCount, task.RollupShare} {
		f.Rollups = append(f.Rollups, page.TaskChoice{Value: string(c), Text: q.p.T("task.rollup-" + string(c))})
	}
	posts, err := q.postChoices(k)
	if err != nil {
		return err
	}
	f.Posts = posts
	f.Faults = page.Faults(q.p, cause, labels)
	code := http.StatusOK
	if cause != nil {
		code = status(fault.KindOf(cause))
	}
	if k.Version != version {
		conflict, err := s.changeConflict(q, k, values, was, labels)
		if err != nil {
			return err
		}
		f.Conflict, code = conflict, http.StatusConflict
	}
	v, err := q.frame(q.p.T("task.change"), "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.TaskChange(v, f))
}

// changeConflict shows field by field what was saved meanwhile and what was typed.
func (s *Server) changeConflict(q *request, k store.TaskView, values, was, labels map[string]string) (*page.ConflictView, error) {
	now, err := q.changeValues(k.TaskRow)
	if err != nil {
		return nil, err
	}
	posts, err := q.postChoices(k)
	if err != nil {
		return nil, err
	}
	c := &page.ConflictView{
		Action: "/tasks/" + string(k.ID) + "/change", Drop: "/tasks/" + string(k.ID),
		Hidden: map[string]string{"key": newKey(), "version": strconv.FormatInt(k.Version, 10), "reason": values["reason"]},
	}
	for _, name := range changeFields {
		c.Hidden["was."+name] = now[name]
		field := page.ConflictField{Name: name, Label: labels[name], Value: values[name]}
		if now[name] != was[name] {
			field.Theirs = q.changeWords(name, now[name], posts)
		}
		if values[name] != was[name] {
			field.Yours = q.changeWords(name, values[name], posts)
		}
		if field.Theirs == "" && field.Yours == "" {
			c.Hidden[name] = now[name]
			continue
		}
		c.Fields = append(c.Fields, field)
	}
	who, err := s.lastDoneTo(q, "task", string(k.ID))
	c.Who, c.When = who.post, who.at
	return c, err
}

// changeWords is a value as a reader sees it; an empty one says so.
func (q *request) changeWords(field, value string, posts []page.TaskChoice) string {
	if field == "post" && value != "" {
		for _, p := range posts {
			if p.Value == value {
				return p.Text
			}
		}
	}
	switch {
	case value == "":
		return q.p.T("task.emptied")
	case field == "cadence":
		return q.p.T("task.cadence-" + value)
	case field == "rollup":
		return q.p.T("task.rollup-" + value)
	case field == "field":
		return q.p.T(task.Field(value).TextKey())
	}
	return value
}

// taskChange reads the form. What came from the choice between two versions says
// for each field whose value is kept.
func (s *Server) taskChange(q *request) error {
	k, _, err := q.actOn(org.ChangeTask, "task.change")
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	now, err := q.changeValues(k.TaskRow)
	if err != nil {
		return err
	}
	values, was := map[string]string{"reason": q.PostFormValue("reason")}, map[string]string{}
	for _, name := range changeFields {
		values[name], was[name] = strings.TrimSpace(q.PostFormValue(name)), q.PostFormValue("was."+name)
		if q.PostFormValue("keep."+name) == "theirs" {
			values[name] = now[name]
		}
	}
	if version != k.Version {
		return s.showChange(q, k, values, was, version, fault.New(fault.Conflict, "changed-meanwhile"))
	}
	ch, err := s.readChange(q, k, values)
	if err == nil {
		var r store.Receipt
		if r, err = s.desk.Change(q.Context(), q.caller, q.key(), k.ID, ch); err == nil {
			return q.done(r, "/tasks/"+string(k.ID), "task.done-change")
		}
		if fault.Is(err, "changed-meanwhile") { // between our look and the act
			if k, err = q.view.Task(q.Context(), k.ID); err != nil {
				return err
			}
			return s.showChange(q, k, values, was, version, fault.New(fault.Conflict, "changed-meanwhile"))
		}
	}
	if mendable(err) {
		return s.showChange(q, k, values, was, version, err)
	}
	return err
}

// readChange turns what was typed into a change. Words that stayed keep their
// reading; new ones are read as a document's would be.
func (s *Server) readChange(q *request, k store.TaskView, values map[string]string) (act.Change, error) {
	now, err := q.changeValues(k.TaskRow)
	if err != nil {
		return act.Change{}, err
	}
	thread, err := q.view.TaskThread(q.Context(), k)
	if err != nil {
		return act.Change{}, err
	}
	ch := act.Change{
		Version: k.Version, Title: values["title"], Measures: values["measures"], Deadline: k.Deadline, Due: k.Due, Target: k.Target,
		Evidence: values["evidence"], Cadence: calendar.PeriodKind(values["cadence"]), Field: task.Field(values["field"]), Rollup: task.Rollup(values["rollup"]), Reason: values["reason"],
	}
	if values["target"] != now["target"] {
		ch.Target = paper.ReadTarget(values["target"], targetUnit(k.TaskRow))
	}
	if values["deadline"] != now["deadline"] {
		ch.Deadline = paper.ReadDeadline(values["deadline"], thread.Plan.Year)
		ch.Due = task.DueDate(ch.Deadline, planEvents(thread), s.store.Workdays())
	}
	var l fault.List
	if due, ok := readDay(values["due"], thread.Plan.Year); !ok {
		l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", values["due"]).On("due"))
	} else if values["due"] != now["due"] {
		ch.Due = due
		if !due.IsZero() {
			ch.Deadline = task.Deadline{Text: values["deadline"], Kind: task.DeadlineByDate, Date: due, StandingAfter: ch.Deadline.StandingAfter}
		}
	}
	if ch.Deadline.Kind == task.DeadlineUnparsed && ch.Due.IsZero() && values["deadline"] != now["deadline"] {
		l = append(l, fault.New(fault.Invalid, "task.deadline-unread", "Text", values["deadline"]).On("due"))
	}
	if !ch.Field.Known() {
		l = append(l, fault.New(fault.Invalid, "task.field-missing").On("field"))
	}
	charge, faults, err := q.readCharge(k, values, now)
	if err != nil {
		return act.Change{}, err
	}
	ch.Charge, l = &charge, append(l, faults...)
	return ch, l.Err()
}

// readCharge reads supervising unit, post and weight. A name that may mean several
// units, or none, is asked back.
func (q *request) readCharge(k store.TaskView, values, now map[string]string) (c act.Charge, l fault.List, err error) {
	c = act.Charge{Supervising: k.Supervising, Post: org.PostID(values["post"]), Weight: k.Weight}
	if values["supervising"] != now["supervising"] {
		names, err := q.unitNames(k.Region)
		if err != nil {
			return c, nil, err
		}
		_, unit, f := names.read(q, "supervising")
		if f != nil {
			l = append(l, f)
		}
		c.Supervising = unit
	}
	if values["weight"] != now["weight"] {
		w, err := task.ParseQuantity(values["weight"])
		if err != nil || w <= 0 {
			l = append(l, fault.New(fault.Invalid, "task.weight").On("weight").Because(err))
		}
		c.Weight = w
	}
	return c, l, nil
}

// mostPosts is how many posts a task's units are offered with.
const mostPosts = 60

// postChoices are the posts of the units that take part, and none.
func (q *request) postChoices(k store.TaskView) ([]page.TaskChoice, error) {
	posts, err := q.view.PostsIn(q.Context(), append(append([]org.UnitID{}, k.Leads...), k.Cooperating...), mostPosts)
	out := []page.TaskChoice{{Value: "", Text: q.p.T("task.no-post")}}
	for _, p := range posts {
		out = append(out, page.TaskChoice{Value: string(p.ID), Text: q.p.Dots(p.UnitName, p.Title)})
	}
	return out, err
}

// planEvents are the days that relative deadlines of a plan count from.
func planEvents(t store.TaskThread) task.Events {
	return task.Events{Signed: t.Memorandum.Signed, Issued: t.Plan.Issued, Year: t.Plan.Year}
}
