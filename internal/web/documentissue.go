package web

import (
	"net/http"
	"net/url"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/web/page"
)

// newDocument is where a document of a record is previewed and issued.
func newDocument(kind official.Kind, subject string) string {
	return "/documents/new?" + url.Values{"kind": {string(kind)}, "subject": {subject}}.Encode()
}

// issueLink leads to where a document of a record is made, for those who may issue it.
func (q *request) issueLink(office org.UnitID, kind official.Kind, subject string) []page.PlanLink {
	if !q.view.May(org.IssueDocument, org.DocumentFacts{Office: office}) {
		return nil
	}
	return []page.PlanLink{{Text: q.p.T("document.make"), Href: newDocument(kind, subject)}}
}

// issuing reads which document is asked for, and what was filled in.
func (q *request) issuing() act.Issuing {
	typed := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(q.FormValue(name), "\r\n", "\n"))
	}
	return act.Issuing{
		Kind: official.Kind(q.FormValue("kind")), Subject: q.FormValue("subject"), To: typed("to"), CopyTo: typed("copy_to"), Signer: typed("signer"),
		Closing: typed("closing"), Pages: q.pagesAddress(), Words: q.server.wording(),
	}
}

func (s *Server) documentForm(q *request) error { return s.showDocumentForm(q, http.StatusOK, nil) }

// showDocumentForm shows what would be issued. cause is why it was not.
func (s *Server) showDocumentForm(q *request, code int, cause error) error {
	in := q.issuing()
	p, err := s.desk.PreviewDocument(q.Context(), q.caller, in)
	if tooLong(err) && cause == nil { // typed into the address of a preview
		cause, code = err, status(fault.KindOf(err))
	}
	if tooLong(err) {
		short := act.Issuing{Kind: in.Kind, Subject: in.Subject, Pages: in.Pages, Words: in.Words}
		p, err = s.desk.PreviewDocument(q.Context(), q.caller, short)
		p.To, p.CopyTo, p.Signer, p.Closing = in.To, in.CopyTo, in.Signer, in.Closing
	}
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("document.new-title", "kind", q.kindOfDocument(string(p.Kind))), "")
	if err != nil {
		return err
	}
	labels := map[string]string{"to": q.p.T("document.to"), "copy_to": q.p.T("document.copy-to"), "signer": q.p.T("document.signer"), "closing": q.p.T("document.closing")}
	f := page.DocumentFormView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("document.list-title"), Href: "/documents"}, {Text: q.p.T("document.new-title", "kind", q.kindOfDocument(string(p.Kind)))}},
			Title:  page.Say(q.p.T("document.new-title", "kind", q.kindOfDocument(string(p.Kind)))), Meta: page.Say(q.p.T("document.new-about")),
		},
		Kind: string(p.Kind), Subject: p.Subject, To: p.To, CopyTo: p.CopyTo, Signer: p.Signer, Closing: p.Closing, Facts: p.Facts, Key: formKey(q),
		Faults: page.Faults(q.p, cause, labels), Title: p.Title, Number: p.Number, HeadWords: p.Style.Head, Paragraphs: p.Paragraphs, Annexes: p.Annexes,
		Back: recordHref(p.SubjectKind, p.Subject),
	}
	if p.Rows > 0 {
		f.Rows = q.p.T("document.table-rows", "n", p.Rows)
	}
	if p.Open != nil {
		f.Open = q.p.Fault(p.Open)
	}
	if err := p.Style.Check(); err != nil {
		f.StyleWrong = q.p.T("document.style-wrong")
	}
	if q.view.May(org.StyleDocuments, org.DocumentFacts{Office: q.caller.Unit().ID}) {
		f.Style = "/documents/style"
	}
	earlier, err := q.view.DocumentsOf(q.Context(), p.SubjectKind, p.Subject, 20)
	if err != nil {
		return err
	}
	for _, e := range earlier {
		if e.Kind == string(p.Kind) {
			f.Earlier = append(f.Earlier, q.documentRow(e))
		}
	}
	return q.render(code, page.DocumentForm(v, f))
}

// tooLong reports whether a field was refused for its length.
func tooLong(err error) bool { return fault.Is(err, "document.too-long") }

// documentDraft hands out a draft as a file.
func (s *Server) documentDraft(q *request) error {
	p, err := s.desk.PreviewDocument(q.Context(), q.caller, q.issuing())
	if tooLong(err) {
		return s.showDocumentForm(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	format := official.DOCX
	if q.FormValue("format") == string(official.PDF) {
		format = official.PDF
	}
	file, err := s.desk.DraftFile(p, format)
	if err != nil {
		return err
	}
	return q.sendFile(file, format, q.p.T("document.draft-name", "title", p.Title))
}

func (s *Server) issueDocument(q *request) error {
	in := q.issuing()
	in.Facts = q.PostFormValue("facts")
	r, id, err := s.desk.IssueDocument(q.Context(), q.caller, q.key(), in)
	if mendable(err) {
		return s.showDocumentForm(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/documents/"+string(id), "document.done-issue")
}
