package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) lapseRoutes() []Route {
	return []Route{
		{"POST /memorandums/{id}/renew", false, s.renew},
		{"GET /memorandums/{id}/end", false, s.endingForm},
		{"POST /memorandums/{id}/end", false, s.endMemorandum},
		{"GET /memorandums/{id}/settle", false, s.settleForm},
		{"POST /memorandums/{id}/settle", false, s.settle},
		{"POST /memorandums/{id}/under", false, s.hangUnder},
		{"GET /memorandums/{id}/members", false, s.members},
		{"POST /memorandums/{id}/members", false, s.invite},
		{"POST /memorandums/{id}/members/open", false, s.openMembers},
		{"POST /memorandums/{id}/members/join", false, s.join},
		{"POST /memorandums/{id}/members/leave", false, s.leave},
	}
}

// allowed reads a memorandum that the caller may do something to.
func (q *request) allowed(a org.Action) (store.MemorandumView, error) {
	m, err := q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id")))
	if err == nil && !q.view.May(a, m.Facts) {
		err = fault.New(fault.Denied, "denied", "Action", string(a))
	}
	return m, err
}

func memorandumHref(id memo.ID) string { return "/memorandums/" + string(id) }

// lapseHead is the head of a page under a memorandum.
func (q *request) lapseHead(m store.MemorandumView, title string) page.HeadView {
	return page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: m.Title, Href: memorandumHref(m.ID)}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.Dots(q.p.T("memorandum.stage-"+string(m.Stage)), q.term(m.Memorandum))),
	}
}

func (s *Server) renew(q *request) error {
	id := memo.ID(q.PathValue("id"))
	r, next, err := s.desk.RenewMemorandum(q.Context(), q.caller, q.key(), id)
	if mendable(err) {
		return s.showMemorandum(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, memorandumHref(next), "lapse.done-renew")
}

func (s *Server) endingForm(q *request) error {
	m, err := q.allowed(org.EndMemorandum)
	if err != nil {
		return err
	}
	return s.showEnding(q, m, http.StatusOK, nil)
}

func (s *Server) showEnding(q *request, m store.MemorandumView, code int, cause error) error {
	open, err := q.view.OpenTasks(q.Context(), m)
	if err != nil {
		return err
	}
	title := q.p.T("lapse.end-title")
	f := page.SettlePage{Head: q.lapseHead(m, title), Action: memorandumHref(m.ID) + "/end", Ends: true, About: page.Say(q.p.T("lapse.end-about")),
		Hidden: map[string]string{"key": formKey(q), "version": strconv.FormatInt(m.Version, 10)}, Button: q.p.T("lapse.end-do"), Back: memorandumHref(m.ID),
		Values: map[string]string{"why": q.PostFormValue("why"), "day": q.view.Today().String()}}
	if q.Method == http.MethodPost {
		f.Values["day"] = q.PostFormValue("day")
		if v := q.PostFormValue("version"); !fault.Is(cause, "changed-meanwhile") && v != "" {
			f.Hidden["version"] = v
		}
	}
	if m.Stage != memo.InForce {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("lapse.not-in-force"))}
	}
	f.Tasks = q.settleTasks(open, false)
	f.Faults = q.settleFaults(f.Tasks, cause)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Settle(v, f))
}

// settleTasks are the rows of open tasks with what may be decided, and what was.
func (q *request) settleTasks(open []store.OpenTask, carry bool) (out []page.SettleTask) {
	choices := []page.TaskChoice{{Value: string(memo.RunOn), Text: q.p.T("lapse.do-run-on")}, {Value: string(memo.Withdraw), Text: q.p.T("lapse.do-withdraw")}}
	if carry {
		choices = append([]page.TaskChoice{{Value: string(memo.Carry), Text: q.p.T("lapse.do-carry")}}, choices...)
	}
	for _, t := range open {
		id := "task." + string(t.ID)
		row := page.SettleTask{ID: id, Title: page.Linked(q.rowName(t.TaskRow), "/tasks/"+string(t.ID)), Meta: t.Deadline.Text,
			Served: t.Words, Choices: choices, Chosen: q.PostFormValue(id), Reason: strings.TrimSpace(q.PostFormValue(id + ".reason"))}
		out = append(out, row)
	}
	return out
}

func (q *request) settleFaults(tasks []page.SettleTask, cause error) []page.FieldFault {
	labels := map[string]string{"why": q.p.T("lapse.why"), "day": q.p.T("lapse.day")}
	for _, t := range tasks {
		labels[t.ID] = t.Title.Pieces[0].Text
	}
	return page.Faults(q.p, cause, labels)
}

// decided reads the decisions of the form.
func (q *request) decided() (out []memo.Settlement) {
	for name := range q.PostForm {
		id, ok := strings.CutPrefix(name, "task.")
		if !ok || strings.HasSuffix(id, ".reason") || q.PostFormValue(name) == "" {
			continue
		}
		out = append(out, memo.Settlement{Task: id, Do: memo.Decision(q.PostFormValue(name)), Reason: strings.TrimSpace(q.PostFormValue(name + ".reason"))})
	}
	slices.SortFunc(out, func(a, b memo.Settlement) int { return strings.Compare(a.Task, b.Task) })
	return out
}

func (s *Server) endMemorandum(q *request) error {
	m, err := q.allowed(org.EndMemorandum)
	if err != nil {
		return err
	}
	day, ok := readDay(q.PostFormValue("day"), q.view.Today().Year)
	if !ok {
		return s.showEnding(q, m, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "task.day-unread", "Text", q.PostFormValue("day")).On("day"))
	}
	version := q.version()
	if version == 0 {
		version = -1 // the form carries it: without it nothing is known of what was shown
	}
	r, err := s.desk.EndMemorandum(q.Context(), q.caller, q.key(), m.ID, version, day, strings.TrimSpace(q.PostFormValue("why")), q.decided())
	if mendable(err) {
		return s.showEnding(q, m, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, memorandumHref(m.ID), "lapse.done-end", "day", day)
}

func (s *Server) settleForm(q *request) error {
	m, err := q.allowed(org.SettleMemorandum)
	if err != nil {
		return err
	}
	return s.showSettle(q, m, http.StatusOK, nil)
}

func (s *Server) showSettle(q *request, m store.MemorandumView, code int, cause error) error {
	open, err := q.view.Unsettled(q.Context(), m)
	if err != nil {
		return err
	}
	title, about := q.p.T("lapse.settle-title"), "lapse.settle-about"
	if m.Renews != "" {
		about = "lapse.settle-renewed"
	}
	f := page.SettlePage{Head: q.lapseHead(m, title), Action: memorandumHref(m.ID) + "/settle", About: page.Say(q.p.T(about)),
		Hidden: map[string]string{"key": formKey(q)}, Button: q.p.T("lapse.settle-do"), Back: memorandumHref(m.ID), Tasks: q.settleTasks(open, m.Renews != "")}
	if len(open) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("lapse.all-settled"))}
	}
	f.Faults = q.settleFaults(f.Tasks, cause)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Settle(v, f))
}

func (s *Server) settle(q *request) error {
	m, err := q.allowed(org.SettleMemorandum)
	if err != nil {
		return err
	}
	r, err := s.desk.SettleTasks(q.Context(), q.caller, q.key(), m.ID, q.decided())
	if mendable(err) {
		return s.showSettle(q, m, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, memorandumHref(m.ID), "lapse.done-settle")
}

func (s *Server) hangUnder(q *request) error {
	m, err := q.allowed(org.ChangeMemorandum)
	if err != nil {
		return err
	}
	version := q.version()
	if version == 0 {
		version = -1
	}
	r, err := s.desk.HangUnder(q.Context(), q.caller, q.key(), m.ID, version, memo.ID(q.PostFormValue("under")))
	if mendable(err) {
		return s.showMemorandum(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, memorandumHref(m.ID), "lapse.done-under")
}
