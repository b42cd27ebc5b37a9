package web

import (
	"errors"
	"io"
	"net/http"

	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/web/page"
)

func (s *Server) schemeRoutes() []Route {
	return []Route{
		{"GET /scores/schemes", false, s.schemeForm},
		{"POST /scores/schemes", false, s.enterScheme},
		{"POST /scores/rubrics", false, s.uploadRubric},
		{"GET /scores/rubrics/{id}", false, s.rubric},
		{"POST /scores/rubrics/{id}", false, s.makeScheme},
		{"GET /scores/rubrics/{id}/file", false, s.rubricFile},
	}
}

// schemeEntry is what the page of a new scheme holds when it comes back, or from a rubric.
type schemeEntry struct {
	words  string
	faults []page.FieldFault
	notes  []page.Words // what of a draft has to be looked at
	rubric error        // why a rubric was not taken in
}

func (s *Server) schemeForm(q *request) error {
	return s.showScheme(q, http.StatusOK, schemeEntry{})
}

func (s *Server) showScheme(q *request, code int, e schemeEntry) error {
	if !q.view.May(org.EnterScheme, org.ScoreFacts{Office: q.caller.Unit().ID}) {
		return errAbsent
	}
	v, err := q.frame(q.p.T("scheme.title"), "assess")
	if err != nil {
		return err
	}
	earlier, err := q.view.Rubrics(q.Context(), rubricsListed)
	if err != nil {
		return err
	}
	f := page.SchemeEntryView{Words: e.words, Faults: e.faults, Notes: e.notes, Key: newKey(), Rubric: page.RubricForm{
		Key: newKey(), First: e.words == "" && len(e.faults) == 0, Hint: q.p.T("rubric.hint", "size", paper.MaxFile>>20),
		Faults: atField(q, e.rubric, "rubric", q.p.T("rubric.file")),
	}}
	for _, r := range earlier {
		f.Rubric.Earlier = append(f.Rubric.Earlier, page.ImportEntry{Name: r.Name, Href: "/scores/rubrics/" + r.ID, At: q.p.Recent(r.At)})
	}
	return q.render(code, page.SchemeEntry(v, f))
}

// enterScheme takes a scheme as JSON, typed or as a file: written by hand or made
// from a rubric.
func (s *Server) enterScheme(q *request) error {
	words, err := schemeWords(q)
	if err != nil {
		return err
	}
	scheme, err := assess.ReadScheme([]byte(words))
	if err != nil {
		err = faultAt(err, "words")
	} else {
		r, done := s.desk.EnterScheme(q.Context(), q.caller, q.key(), scheme)
		if done == nil {
			return q.done(r, "/scores", "scheme.entered", "name", scheme.Name, "version", scheme.Version)
		}
		err = done
	}
	if mendable(err) {
		return s.showScheme(q, status(fault.KindOf(err)), schemeEntry{words: words, faults: page.Faults(q.p, err, nil)})
	}
	return err
}

// schemeWords is the text of the form: the file if there is one, else what was typed.
func schemeWords(q *request) (string, error) {
	f, _, err := q.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return q.PostFormValue("words"), nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxForm))
	return string(b), err
}
