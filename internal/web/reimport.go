package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) reimportRoutes() []Route {
	return []Route{
		{"GET /imports/{id}/changes", false, s.changes},
		{"POST /imports/{id}/changes", false, s.takeChanges},
	}
}

// against is an upload held against the rows of its plan.
func (s *Server) against(q *request, id string) (act.Reimport, error) {
	u, err := q.view.Upload(q.Context(), id)
	if err != nil {
		return act.Reimport{}, err
	}
	now, err := q.view.TasksAgainst(q.Context(), u)
	if err != nil {
		return act.Reimport{}, err
	}
	im, err := s.desk.Import(u.Upload, u.Plan, u.Memorandum, u.Units, u.Names, q.view.Today())
	if err != nil {
		return act.Reimport{}, err
	}
	return im.Against(now), nil
}

// previewOf is where an upload is looked at first: held against its plan when that
// has rows.
func (s *Server) previewOf(q *request, id string) (string, error) {
	u, err := q.view.Upload(q.Context(), id)
	if err != nil {
		return "", err
	}
	now, err := q.view.TasksAgainst(q.Context(), u)
	if err != nil || len(now) == 0 {
		return "/imports/" + id, err
	}
	return "/imports/" + id + "/changes", nil
}

func (s *Server) changes(q *request) error { return s.showChanges(q, http.StatusOK, nil) }

// showChanges answers with the difference. cause is why an act was refused.
func (s *Server) showChanges(q *request, code int, cause error) error {
	re, err := s.against(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	if !re.Applied.IsZero() || len(re.Now) == 0 { // done with, or nothing to compare with
		return q.redirect("/imports/" + re.ID)
	}
	v, err := q.frame(q.p.T("reimport.title", "name", re.Name), "plan")
	if err != nil {
		return err
	}
	v.Wide = true
	w := reimportView{
		importView: importView{request: q, im: re.Import, tally: paper.Count(re.Rows), show: q.FormValue("show"), after: -1},
		re:         re, from: q.FormValue("after"), cause: cause,
	}
	return q.render(code, page.Reimport(v, w.page()))
}

// allOf are the values of the buttons that accept all changes of a kind.
var allOf = map[string]paper.ChangeKind{"all-added": paper.Added, "all-changed": paper.Changed, "all-moved": paper.Moved}

// ticked reads what the form accepts.
func (q *request) ticked() (act.Ticks, error) {
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return act.Ticks{}, errAbsent
	}
	t := act.Ticks{Version: version, Shown: q.PostForm["shown"], All: allOf[q.PostForm.Get("do")], None: q.PostForm.Get("do") == "none"}
	for _, value := range q.PostForm["tick"] {
		key, seal, _ := strings.Cut(value, " ")
		t.Ticked = append(t.Ticked, paper.Tick{Key: key, Seal: seal})
	}
	return t, nil
}

// takeChanges keeps what was accepted, or takes it over into the plan.
func (s *Server) takeChanges(q *request) error {
	t, err := q.ticked()
	if err != nil {
		return err
	}
	id := q.PathValue("id")
	if q.PostForm.Get("do") == "apply" {
		return s.applyChanges(q, id, t)
	}
	receipt, n, err := s.desk.TickChanges(q.Context(), q.caller, q.key(), id, t)
	if err != nil {
		return s.changesRefused(q, err)
	}
	return q.done(receipt, changesAddress(id, q.PostForm.Get("show"), q.PostForm.Get("after")), "reimport.done-save", "n", n)
}

func (s *Server) applyChanges(q *request, id string, t act.Ticks) error {
	receipt, done, err := s.desk.ApplyChanges(q.Context(), q.caller, q.key(), id, t, strings.TrimSpace(q.PostForm.Get("reason")))
	if err != nil {
		return s.changesRefused(q, err)
	}
	if receipt.Again { // the first click said how many; the entry still does
		u, err := q.view.Upload(q.Context(), id)
		if err != nil {
			return err
		}
		return q.done(receipt, "/plans/"+string(u.Upload.Plan), "reimport.done-again")
	}
	return q.done(receipt, "/plans/"+string(done.Plan), "reimport.done-apply",
		"added", done.Added, "changed", done.Changed, "moved", done.Moved, "withdrawn", done.Withdrawn)
}

// changesRefused shows the difference again with what is to be mended.
func (s *Server) changesRefused(q *request, err error) error {
	if mendable(err) && !fault.Is(err, "import.applied") {
		return s.showChanges(q, status(fault.KindOf(err)), err)
	}
	return err
}

// changesAddress is the difference on a tab, from a row on.
func changesAddress(id, show, after string) string {
	v := url.Values{}
	if show != "" {
		v.Set("show", show)
	}
	if after != "" {
		v.Set("after", after)
	}
	if len(v) == 0 {
		return "/imports/" + id + "/changes"
	}
	return "/imports/" + id + "/changes?" + v.Encode()
}

// standing says what has come of a task, for whoever thinks of changing it.
func (q *request) standing(k store.PlanTask) string {
	facts := []string{q.p.T("reimport.state-" + string(k.State))}
	if k.Reports > 0 {
		facts = append(facts, q.p.T("reimport.reports", "n", k.Reports))
	}
	if k.Parts > 0 {
		facts = append(facts, q.p.T("reimport.parts", "n", k.Parts))
	}
	return q.p.Dots(facts...)
}
