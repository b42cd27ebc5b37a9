package web

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) errandRoutes() []Route {
	return []Route{
		{"GET /errands/{id}", false, s.errand},
		{"POST /errands/{id}/again", false, s.errandAgain},
		{"POST /errands/{id}/drop", false, s.dropErrand},
		{"GET /errands/{id}/file", false, s.errandFile},
		{"POST /letters/files", false, s.letterFiles},
	}
}

func errandHref(id store.ErrandID) string { return "/errands/" + url.PathEscape(string(id)) }

// begun leads on from the form that began an errand: to where the work is seen, with
// the receipt, when all of it is done already, and to the errand's page otherwise.
// What nothing could be done about is returned for the form to show.
func (s *Server) begun(q *request, e store.Errand, back, key string) error {
	switch state := e.State(); {
	case state == store.ErrandFailed && e.Done == 0:
		return e.Failed
	case state == store.ErrandEnded && e.LeftOut == 0 && e.Result == "":
		r, err := q.view.ErrandEntry(q.Context(), e.ID)
		if err != nil {
			return err
		}
		return q.done(r, back, key)
	}
	return q.redirect(errandHref(e.ID))
}

// errandOf reads an own errand.
func (q *request) errandOf() (store.Errand, error) {
	return q.view.Errand(q.Context(), store.ErrandID(q.PathValue("id")))
}

func (s *Server) errand(q *request) error { return s.showErrand(q, http.StatusOK, nil) }

// refreshing is after how many seconds a page of work under way is asked for anew.
const refreshing = 2

// leftShown is how many refused records stand on the page.
const leftShown = 200

// showErrand is the page of an errand: how far it is, how it ended, what was left out.
func (s *Server) showErrand(q *request, code int, cause error) error {
	e, err := q.errandOf()
	if err != nil {
		return err
	}
	in, err := act.ErrandInputOf(e)
	if err != nil {
		return err
	}
	title := q.errandName(e)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	state, n := e.State(), q.p.Number
	d := page.ErrandView{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters"}, {Text: title}}, Title: page.Say(title),
			Meta: page.Say(q.p.T("errand.began", "at", q.p.Instant(e.Began)))},
		Key: newKey(), Here: errandHref(e.ID), State: q.p.T("errand.state-" + string(state)), Class: errandClass(e),
		Done: e.Done + e.LeftOut, Items: e.Items, Count: q.p.T("errand.count", "done", n(int64(e.Done)), "all", n(int64(e.Items))),
		Back: s.errandBack(e, in), Faults: page.Faults(q.p, cause, map[string]string{"password": q.p.T("sign.password")}),
		Runs: state == store.ErrandRuns,
	}
	if e.LeftOut > 0 {
		d.LeftOut = q.p.T("errand.left-out", "n", e.LeftOut)
	}
	if e.Failed != nil {
		d.Why = q.p.Fault(e.Failed)
	}
	d.Note = q.p.T("errand.note-" + string(state))
	switch state {
	case store.ErrandRuns:
		v.Refresh = refreshing
	case store.ErrandCut:
		d.Again, d.Drop = errandHref(e.ID)+"/again", errandHref(e.ID)+"/drop"
		switch act.ErrandKind(e.Kind) {
		case act.ErrandDOCX, act.ErrandPDF:
			d.Note = q.p.T("errand.note-cut-file")
		case act.ErrandSign:
			secret, err := q.ownSecret()
			if err != nil {
				return err
			}
			d.Ask = secret != ""
		}
	case store.ErrandEnded:
		if d.Note = q.p.T("errand.note-ended"); e.LeftOut > 0 {
			d.Note = q.p.T("errand.note-left")
		}
		if e.Result != "" {
			d.File = errandHref(e.ID) + "/file"
		}
	}
	if e.Done > 0 && e.Result == "" {
		r, err := q.view.ErrandEntry(q.Context(), e.ID)
		if err != nil {
			return err
		}
		if r.Number != "" {
			d.Receipt = page.Linked(r.Number, "/journal/entries/"+r.Entry)
		}
	}
	if e.LeftOut > 0 {
		if d.Left, err = q.errandLeft(e); err != nil {
			return err
		}
	}
	return q.render(code, page.Errand(v, d))
}

// errandName says what an errand does.
func (q *request) errandName(e store.Errand) string {
	return q.p.T("errand.kind-"+strings.ReplaceAll(e.Kind, ".", "-"), "n", e.Items)
}

func errandClass(e store.Errand) string {
	switch e.State() {
	case store.ErrandCut, store.ErrandFailed:
		return "bad"
	case store.ErrandEnded:
		return "ok"
	}
	return ""
}

// errandBack is where the work of an errand is seen.
func (s *Server) errandBack(e store.Errand, in act.ErrandInput) string {
	if act.ErrandKind(e.Kind) == act.ErrandDraw {
		if e.Done == 0 {
			return "/letters"
		}
		return lettersBack(act.Letters{Batch: letter.BatchID(e.ID)})
	}
	return local(in.Back, "/letters")
}

// errandLeft are the records that were refused, each with its reason.
func (q *request) errandLeft(e store.Errand) ([]page.ErrandLeft, error) {
	all, err := q.view.ItemsLeft(q.Context(), e.ID, -1, leftShown)
	if err != nil {
		return nil, err
	}
	out := make([]page.ErrandLeft, len(all))
	names := map[string]page.Words{}
	if act.ErrandKind(e.Kind) == act.ErrandDraw {
		ids := make([]org.UnitID, len(all))
		for i, x := range all {
			ids[i] = org.UnitID(x.Subject)
		}
		units, err := q.view.Names(q.Context(), ids)
		if err != nil {
			return nil, err
		}
		for id, u := range units {
			names[string(id)] = page.Linked(u.Name, "/units/"+string(id))
		}
	} else {
		ids := make([]letter.ID, len(all))
		for i, x := range all {
			ids[i] = letter.ID(x.Subject)
		}
		letters, err := q.view.Letters(q.Context(), store.LetterFilter{IDs: ids, All: true}, store.LetterKey{}, len(ids))
		if err != nil {
			return nil, err
		}
		for _, l := range letters {
			names[string(l.ID)] = page.Linked(q.p.Dots(l.TakerName, q.letterName(l.Number)), "/letters/"+string(l.ID))
		}
	}
	for i, x := range all {
		out[i].Name = names[x.Subject]
		if out[i].Name.Empty() {
			out[i].Name = page.Say(q.p.T("errand.out-of-sight"))
		}
		if x.Why != nil {
			out[i].Why = q.p.Fault(x.Why)
		}
	}
	return out, nil
}

// errandAgain goes on with an errand that was cut. One that signs asks for the password
// again.
func (s *Server) errandAgain(q *request) error {
	e, err := q.errandOf()
	if err != nil {
		return err
	}
	if act.ErrandKind(e.Kind) == act.ErrandSign {
		err = s.reenter(q)
	}
	if err == nil {
		e, err = s.errands.Again(q.Context(), q.caller, e.ID)
	}
	if mendable(err) {
		return s.showErrand(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.redirect(errandHref(e.ID))
}

// dropErrand ends an errand that was cut: what is done stays, the rest is not done.
func (s *Server) dropErrand(q *request) error {
	e, err := q.errandOf()
	if err == nil {
		err = s.errands.Drop(q.Context(), q.caller, e.ID)
	}
	if err != nil {
		return err
	}
	return q.redirect(errandHref(e.ID))
}

// letterFiles begins an archive of the letters that the list shows.
func (s *Server) letterFiles(q *request) error {
	kind := map[official.Format]act.ErrandKind{official.DOCX: act.ErrandDOCX, official.PDF: act.ErrandPDF}[official.Format(q.FormValue("format"))]
	if kind == "" {
		return errAbsent
	}
	f := q.letterFilter()
	items, err := q.letterItems(f)
	if err != nil {
		return err
	}
	back := letterAddress("/letters", f, nil)
	e, err := s.errands.Begin(q.Context(), q.caller, q.key(), act.Order{Kind: kind, About: back, Items: items, Input: act.ErrandInput{Back: back}})
	if err != nil {
		return err
	}
	return s.begun(q, e, back, "")
}

// letterItems are the letters that a filter leaves, in the order of lists, as items of
// an errand; one more than an errand takes says that there are too many.
func (q *request) letterItems(f store.LetterFilter) (out []store.ErrandItem, err error) {
	all, err := q.view.Letters(q.Context(), f, store.LetterKey{}, act.MostLetters+1)
	for _, l := range all {
		out = append(out, store.ErrandItem{Subject: string(l.ID), Mark: l.Digest})
	}
	return out, err
}

// errandFile hands out the file that an errand has made.
func (s *Server) errandFile(q *request) error {
	e, f, err := s.errands.OpenResult(q.Context(), q.caller, store.ErrandID(q.PathValue("id")))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	q.attach("application/zip", q.p.T("letter.zip-name", "day", q.p.Column(calendar.DateOf(e.Began)))+".zip")
	q.w.Header().Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	q.w.Header().Set("Accept-Ranges", "none")
	_, err = io.Copy(q.w, f)
	return err
}

// errandNotes are the reader's latest errands, for the page that they were begun on.
func (q *request) errandNotes() ([]page.ErrandNote, error) {
	all, err := q.view.Errands(q.Context(), 5)
	if err != nil {
		return nil, err
	}
	var out []page.ErrandNote
	for _, e := range all {
		state := e.State()
		if state != store.ErrandRuns && state != store.ErrandCut && calendar.DateOf(e.Began) != q.view.Today() {
			continue
		}
		out = append(out, page.ErrandNote{Text: q.errandName(e), Href: errandHref(e.ID), State: q.p.T("errand.state-" + string(state)), Class: errandClass(e),
			Count: q.p.T("errand.count", "done", q.p.Number(int64(e.Done)), "all", q.p.Number(int64(e.Items)))})
	}
	return out, nil
}
