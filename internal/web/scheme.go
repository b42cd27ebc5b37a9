package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

func (s *Server) schemeRoutes() []Route {
	return []Route{
		{"GET /scores/schemes", false, s.schemeForm},
		{"POST /scores/schemes", false, s.enterScheme},
	}
}

func (s *Server) schemeForm(q *request) error { return s.showScheme(q, http.StatusOK, "", nil) }

func (s *Server) showScheme(q *request, code int, words string, faults []page.FieldFault) error {
	if !q.view.May(org.EnterScheme, org.ScoreFacts{Office: q.caller.Unit().ID}) {
		return errAbsent
	}
	v, err := q.frame(q.p.T("scheme.title"), "assess")
	if err != nil {
		return err
	}
	return q.render(code, page.SchemeEntry(v, page.SchemeEntryView{Words: words, Faults: faults, Key: newKey()}))
}

// enterScheme takes a scheme as JSON, typed or as a file. Reading rubrics from
// Word and Excel is a matter of the documents.
func (s *Server) enterScheme(q *request) error {
	words, err := schemeWords(q)
	if err != nil {
		return err
	}
	scheme, err := readScheme(words)
	if err == nil {
		r, done := s.desk.EnterScheme(q.Context(), q.caller, q.key(), scheme)
		if done == nil {
			return q.done(r, "/scores", "scheme.entered", "name", scheme.Name, "version", scheme.Version)
		}
		err = done
	}
	if mendable(err) {
		return s.showScheme(q, status(fault.KindOf(err)), words, page.Faults(q.p, err, nil))
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

func readScheme(words string) (assess.Scheme, error) {
	var scheme assess.Scheme
	d := json.NewDecoder(strings.NewReader(words))
	d.DisallowUnknownFields()
	if err := d.Decode(&scheme); err != nil {
		return scheme, fault.New(fault.Invalid, "scheme.unreadable", "Reason", err.Error()).On("words").Because(err)
	}
	return scheme, nil
}
