package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

func (s *Server) documentRoutes() []Route {
	return []Route{
		{"GET /documents", false, s.documents},
		{"POST /documents", false, s.issueDocument},
		{"GET /documents/new", false, s.documentForm},
		{"GET /documents/draft", false, s.documentDraft},
		{"GET /documents/style", false, s.documentStyle},
		{"POST /documents/style", false, s.saveDocumentStyle},
		{"GET /documents/{id}", false, s.document},
		{"GET /documents/{id}/file/{format}", false, s.documentFile},
		{"POST /documents/{id}/withdraw", false, s.withdrawDocument},
		{"GET /d/{code}", true, s.checkDocument},
		{"POST /d/{code}", true, s.checkCopy},
	}
}

const documentsAPage = 50

// wording is how official documents word values of the domain: in Chinese,
// whoever reads the pages.
func (s *Server) wording() act.Wording {
	zh := s.printer(text.Chinese, s.store.Today())
	return act.Wording{
		Say:    func(w task.Say) string { return zh.Say(w) },
		Region: func(c org.RegionCode) string { return page.RegionName(zh, division(c)) },
	}
}

// address is where these pages are reached from outside: as the operator says, or
// as this request came.
func (q *request) pagesAddress() string {
	if q.server.address != "" {
		return q.server.address
	}
	scheme := "http"
	if q.TLS != nil || q.server.sessions.Cookie.Secure {
		scheme = "https"
	}
	return scheme + "://" + q.Host
}

// documents lists the issued documents that the reader may see.
func (s *Server) documents(q *request) error {
	f := store.DocumentFilter{Kind: q.FormValue("kind"), Unit: org.UnitID(q.FormValue("unit"))}
	var after store.DocumentKey
	if at, err := strconv.ParseInt(q.FormValue("at"), 10, 64); err == nil {
		after = store.DocumentKey{At: time.UnixMicro(at), ID: store.DocumentID(q.FormValue("after"))}
	}
	all, err := q.view.Documents(q.Context(), f, after, documentsAPage+1)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("document.list-title"), "")
	if err != nil {
		return err
	}
	link := func(kind string, more url.Values) string {
		if more == nil {
			more = url.Values{}
		}
		if kind != "" {
			more.Set("kind", kind)
		}
		if f.Unit != "" {
			more.Set("unit", string(f.Unit))
		}
		if e := more.Encode(); e != "" {
			return "/documents?" + e
		}
		return "/documents"
	}
	d := page.DocumentsView{Head: page.HeadView{Title: page.Say(q.p.T("document.list-title")), Meta: page.Say(q.p.T("document.list-about"))}}
	if q.view.May(org.StyleDocuments, org.DocumentFacts{Office: q.caller.Unit().ID}) {
		d.Style = "/documents/style"
	}
	d.Kinds = append(d.Kinds, page.Choice{Text: q.p.T("document.all-kinds"), Href: link("", nil), Current: f.Kind == ""})
	for _, k := range official.Kinds() {
		d.Kinds = append(d.Kinds, page.Choice{Text: q.kindOfDocument(string(k)), Href: link(string(k), nil), Current: f.Kind == string(k)})
	}
	if len(all) > documentsAPage {
		all = all[:documentsAPage]
		last := all[documentsAPage-1]
		d.Pager.Next = link(f.Kind, url.Values{"at": {strconv.FormatInt(last.At.UnixMicro(), 10)}, "after": {string(last.ID)}})
	}
	if after.ID != "" {
		d.Pager.First = link(f.Kind, nil)
	}
	for _, e := range all {
		d.Rows = append(d.Rows, q.documentRow(e))
	}
	if len(all) == 0 {
		d.Empty = &page.EmptyView{Text: page.Say(q.p.T("document.none")), Note: page.Say(q.p.T("document.none-note"))}
	}
	return q.render(http.StatusOK, page.Documents(v, d))
}

func (q *request) documentRow(e store.DocumentEntry) page.DocumentRow {
	r := page.DocumentRow{
		Number: e.Number, Title: e.Title, Href: "/documents/" + string(e.ID), Unit: e.UnitName,
		UnitHref: "/documents?" + url.Values{"unit": {string(e.Unit)}}.Encode(), Kind: q.kindOfDocument(e.Kind), Issued: q.p.Column(e.Issued),
	}
	if !e.Withdrawn.IsZero() {
		r.State = q.p.T("document.withdrawn-on", "day", e.Withdrawn)
	}
	return r
}

// kindOfDocument is what a kind is called; one that is not known has no name.
func (q *request) kindOfDocument(kind string) string {
	if key := "document.kind-" + kind; q.p.Has(key) {
		return q.p.T(key)
	}
	return ""
}

// document is the page of one issued document.
func (s *Server) document(q *request) error { return s.showDocument(q, http.StatusOK, nil) }

func (s *Server) showDocument(q *request, code int, cause error) error {
	d, err := q.view.Document(q.Context(), store.DocumentID(q.PathValue("id")))
	if err != nil {
		return err
	}
	v, err := q.frame(d.Number, "")
	if err != nil {
		return err
	}
	base := "/documents/" + string(d.ID)
	f := page.DocumentView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("document.list-title"), Href: "/documents"}, {Text: d.Number}},
			Title:  page.Say(d.Title), Meta: page.Say(q.p.Dots(d.UnitName, d.Number, q.p.T("document.issued-on", "day", d.Document.Issued))),
		},
		DOCX: base + "/file/docx", PDF: base + "/file/pdf", Code: d.Code, Check: "/d/" + d.Code,
		Faults: page.Faults(q.p, cause, map[string]string{"reason": q.p.T("document.reason")}), Key: formKey(q), Version: strconv.FormatInt(d.Version, 10),
		Reason: q.entered("reason", ""),
	}
	record := page.Say(q.kindOfDocument(d.Kind))
	if to := recordHref(d.SubjectKind, d.Subject); to != "" {
		record = page.Linked(q.kindOfDocument(d.Kind), to)
	}
	f.Facts = []page.Fact{
		{Name: q.p.T("document.record"), Text: record},
		{Name: q.p.T("document.receipt"), Text: page.Linked(d.Receipt, "/journal/entries/"+d.Entry)},
		{Name: q.p.T("document.by"), Text: page.Say(q.p.Dots(d.PostTitle, q.p.Instant(d.At)))},
		{Name: q.p.T("document.digest-docx"), Text: page.Say(shortDigest(d.DOCX))},
		{Name: q.p.T("document.digest-pdf"), Text: page.Say(shortDigest(d.PDF))},
	}
	var units []org.UnitID
	for _, u := range []org.UnitID{d.Unit, d.About} {
		if u != "" {
			units = append(units, u)
		}
	}
	named, err := q.view.CalledOn(q.Context(), units, d.Document.Issued)
	if err != nil {
		return err
	}
	was, err := q.renamed(named)
	if err != nil {
		return err
	}
	f.Facts = append(f.Facts, was...)
	switch {
	case !d.Withdrawn.IsZero():
		f.Withdrawn = q.p.T("document.withdrawn-note", "day", d.Withdrawn, "reason", d.Reason)
		if d.Later != "" {
			f.Later = q.p.T("document.later", "number", d.Later)
		}
	case q.view.May(org.WithdrawDocument, d.Access()):
		f.Withdraw = base + "/withdraw"
	}
	return q.render(code, page.Document(v, f))
}

// recordHref is where the record stands that a document was made from.
func recordHref(kind, id string) string {
	switch kind {
	case "plan":
		return "/plans/" + url.PathEscape(id)
	case "memorandum":
		return "/memorandums/" + url.PathEscape(id)
	case "scorecard":
		return "/scorecards/" + id
	case "unit":
		unit, _, _ := cutLast(id)
		return "/units/" + url.PathEscape(unit)
	case "assessment":
		return "/ranking"
	}
	return ""
}

// cutLast cuts the year off the subject of a unit's tasks.
func cutLast(id string) (before, after string, ok bool) {
	for i := len(id) - 1; i >= 0; i-- {
		if id[i] == '/' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

// documentFile hands out a file of a document with the signed statement at its end.
func (s *Server) documentFile(q *request) error {
	d, err := q.view.Document(q.Context(), store.DocumentID(q.PathValue("id")))
	if err != nil {
		return err
	}
	format := official.Format(q.PathValue("format"))
	if format != official.DOCX && format != official.PDF {
		return errAbsent
	}
	file, err := s.desk.DocumentFile(d, format)
	if err != nil {
		return err
	}
	sealed, err := s.seal(d.Issued, file)
	if err != nil {
		return err
	}
	return q.sendFile(sealed, format, d.Number+" "+d.Title)
}

// seal hangs the signed statement at a file of an issued document.
func (s *Server) seal(d store.Issued, file []byte) ([]byte, error) {
	statement, err := official.Statement{
		Code: d.Code, Kind: official.Kind(d.Kind), Number: d.Number, Title: d.Title, Unit: d.UnitName, Issued: d.Document.Issued,
		Receipt: d.Receipt, Entry: d.Entry, Digest: official.Digest(file),
	}.Bytes()
	if err != nil {
		return nil, err
	}
	signed, err := s.log.SignStatement(official.StatementKind, statement)
	if err != nil {
		return nil, err
	}
	return official.Seal(file, signed)
}

// fileTypes are the media types of documents.
var fileTypes = map[official.Format]string{
	official.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	official.PDF:  "application/pdf",
}

// sendFile answers with a file to keep. Long titles are cut: file systems take
// 255 bytes.
func (q *request) sendFile(file []byte, format official.Format, name string) error {
	const most = 70
	if r := []rune(name); len(r) > most {
		name = string(r[:most])
	}
	h := q.w.Header()
	h.Set("Content-Type", fileTypes[format])
	h.Set("Content-Disposition", attachment(name+"."+string(format)))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Cache-Control", "no-store")
	_, err := q.w.Write(file)
	return err
}

func (s *Server) withdrawDocument(q *request) error {
	id := store.DocumentID(q.PathValue("id"))
	version, err := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	if err != nil {
		return errAbsent
	}
	r, err := s.desk.WithdrawDocument(q.Context(), q.caller, q.key(), id, version, q.PostFormValue("reason"))
	if mendable(err) {
		return s.showDocument(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/documents/"+string(id), "document.done-withdraw")
}
