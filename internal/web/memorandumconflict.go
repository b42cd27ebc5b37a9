package web

import (
	"maps"
	"net/http"
	"strings"

	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// memorandumConflict shows what was saved meanwhile and what was typed: the plain
// fields each, parties and clauses together.
func (s *Server) memorandumConflict(q *request, d, now *memorandumDraft, old store.MemorandumView) error {
	who, err := s.lastDoneTo(q, "memorandum", string(old.ID))
	if err != nil {
		return err
	}
	c := &page.ConflictView{Who: who.post, When: who.at, Action: "/memorandums/" + string(old.ID) + "/edit", Drop: "/memorandums/" + string(old.ID),
		Hidden: now.base(old.Version)}
	c.Hidden["key"], c.Hidden["do"] = newKey(), "save"
	maps.Copy(c.Hidden, typedTerms(q))
	for _, name := range memorandumText {
		f := page.ConflictField{Name: name, Label: q.p.T("memorandum.field-" + name), Value: d.Values[name]}
		was := q.PostFormValue("was." + name)
		if now.Values[name] != was {
			f.Theirs = orEmpty(q, now.Values[name])
		}
		if d.Values[name] != was {
			f.Yours = orEmpty(q, d.Values[name])
		}
		if f.Theirs == "" && f.Yours == "" {
			c.Hidden[name] = now.Values[name]
			continue
		}
		c.Fields = append(c.Fields, f)
	}
	terms := page.ConflictField{Name: "terms", Label: q.p.T("memorandum.terms")}
	if now.terms() != q.PostFormValue("was.terms") {
		terms.Theirs = orEmpty(q, now.terms())
	}
	if d.terms() != q.PostFormValue("was.terms") {
		terms.Yours = orEmpty(q, d.terms())
	}
	if terms.Theirs != "" || terms.Yours != "" {
		c.Fields = append(c.Fields, terms)
	}
	d.Conflict = c
	return s.showMemorandumForm(q, d, &old, http.StatusConflict, nil)
}

// typedTerms are the fields of parties and clauses as they came, to go along.
func typedTerms(q *request) map[string]string {
	out := map[string]string{}
	for name, values := range q.PostForm {
		if (strings.HasPrefix(name, "party.") || strings.HasPrefix(name, "clause.")) && len(values) > 0 {
			out[name] = values[0]
		}
	}
	return out
}

func orEmpty(q *request, s string) string {
	if s == "" {
		return q.p.T("task.emptied")
	}
	return s
}
