package web

import (
	"io"
	"net/http"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// What somebody who has not signed in may bring to be compared, and how often an
// address may ask in vain or bring a copy.
const (
	maxCopy     = 20 << 20
	copiesSpent = 30
)

// bringsCopy reports whether a request hands in a copy to be compared.
func bringsCopy(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/d/")
}

// openLimit is the most that a request of somebody who has not signed in may bring.
func (s *Server) openLimit(r *http.Request) (int64, error) {
	if !bringsCopy(r) {
		return maxOpen, nil
	}
	return maxCopy, s.spend(r)
}

// spend lets an address compare or guess only so often.
func (s *Server) spend(r *http.Request) error {
	s.guesses.mu.Lock()
	defer s.guesses.mu.Unlock()
	if !s.guesses.of("copy "+host(r.RemoteAddr), copiesSpent).Allow() {
		return fault.New(fault.Busy, "document.slow-down")
	}
	return nil
}

// checked finds the document of the code in the address.
func (s *Server) checked(q *request) (store.Issued, error) {
	code, ok := official.ParseCode(q.PathValue("code"))
	if !ok {
		return store.Issued{}, fault.New(fault.NotFound, "document.code-unknown")
	}
	d, err := s.store.ByCode(q.Context(), code)
	if fault.KindOf(err) == fault.NotFound {
		if slow := s.spend(q.Request); slow != nil {
			return d, slow
		}
		return d, fault.New(fault.NotFound, "document.code-unknown")
	}
	return d, err
}

func (s *Server) checkDocument(q *request) error {
	d, err := s.checked(q)
	if err != nil {
		return err
	}
	return s.showDocumentCheck(q, http.StatusOK, d, nil, nil)
}

// showDocumentCheck says what a document is, and what became of a copy that was brought.
func (s *Server) showDocumentCheck(q *request, code int, d store.Issued, verdict *page.DocumentVerdict, cause error) error {
	v, err := q.frame(q.p.T("document.check-title"), "")
	if err != nil {
		return err
	}
	f := page.DocumentCheckView{
		Head: page.HeadView{Title: page.Say(q.p.T("document.check-title")), Meta: page.Say(q.p.T("document.check-about", "code", d.Code))},
		Facts: []page.Fact{
			{Name: q.p.T("document.kind"), Text: page.Say(q.kindOfDocument(d.Kind))},
			{Name: q.p.T("document.number"), Text: page.Say(d.Number)},
			{Name: q.p.T("document.title"), Text: page.Say(d.Title)},
			{Name: q.p.T("document.office"), Text: page.Say(d.UnitName)},
			{Name: q.p.T("document.day"), Text: page.Say(q.p.Date(d.Document.Issued))},
			{Name: q.p.T("document.receipt"), Text: page.Say(d.Receipt)},
		},
		Action: "/d/" + d.Code, Verdict: verdict, Faults: page.Faults(q.p, cause, map[string]string{"file": q.p.T("document.copy")}),
		State: q.p.T("document.in-force"), InForce: d.Withdrawn.IsZero(),
	}
	if !f.InForce {
		f.State = q.p.T("document.withdrawn-on", "day", d.Withdrawn)
		if d.Later != "" {
			f.Later = q.p.T("document.later", "number", d.Later)
		}
	}
	if q.caller.SignedIn() && q.view.May(org.SeeDocument, d.Access()) {
		f.Record = "/documents/" + string(d.ID)
	}
	return q.render(code, page.DocumentCheck(v, f))
}

// checkCopy compares a copy with what was issued. Nothing of it is kept.
func (s *Server) checkCopy(q *request) error {
	if q.caller.SignedIn() { // for others it was spent before the copy was read
		if err := s.spend(q.Request); err != nil {
			return err
		}
	}
	d, err := s.checked(q)
	if err != nil {
		return err
	}
	file, _, _, err := q.uploaded("file", "document.copy-missing")
	if mendable(err) {
		return s.showDocumentCheck(q, status(fault.Invalid), d, nil, err)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxCopy+1))
	if err != nil {
		return err
	}
	if official.FormatOf(b) == "" {
		return s.showDocumentCheck(q, status(fault.Unsupported), d, nil, fault.New(fault.Unsupported, "document.copy-format").On("file"))
	}
	return s.showDocumentCheck(q, http.StatusOK, d, s.verdict(q, d, b), nil)
}

// verdict says whether a copy is the issued file, says the same, or neither.
func (s *Server) verdict(q *request, d store.Issued, file []byte) *page.DocumentVerdict {
	bare, signed := official.Strip(file)
	if signed != "" && !s.signedFor(d, signed) {
		bare = file // its trailer is not ours or not this document's
	}
	digest := official.Digest(bare)
	if digest == d.DOCX || digest == d.PDF {
		return &page.DocumentVerdict{Class: "ok", Text: q.p.T("document.unchanged"), Note: q.p.T("document.unchanged-note")}
	}
	if words, err := official.Words(file); err == nil && words == d.Words {
		return &page.DocumentVerdict{Text: q.p.T("document.same-words"), Note: q.p.T("document.same-words-note")}
	}
	return &page.DocumentVerdict{Class: "bad", Text: q.p.T("document.differs"), Note: q.p.T("document.differs-note")}
}

// signedFor reports whether a statement is signed by our key and about this
// document. Without a key at hand the digest alone decides.
func (s *Server) signedFor(d store.Issued, signed string) bool {
	key, err := journal.LoadVerifier(s.check.PublicKey)
	if err != nil {
		return true
	}
	body, err := journal.OpenStatement(signed, official.StatementKind, key)
	if err != nil {
		return false
	}
	statement, err := official.ReadStatement(body)
	return err == nil && statement.Code == d.Code
}
