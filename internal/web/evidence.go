package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// evidencePolicy goes with every file: whatever it is, it runs nothing and loads nothing.
const evidencePolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'"

// fileHref is where a file of a report is fetched.
func fileHref(report task.ReportID, id task.EvidenceID) string {
	return "/evidence/" + string(id) + "?" + url.Values{"report": {string(report)}}.Encode()
}

// evidence hands out a file of a report to somebody who may see the report's task.
func (s *Server) evidence(q *request) error {
	report := q.PathValue("id")
	if report == "" {
		report = q.URL.Query().Get("report")
	}
	e, err := s.desk.OpenEvidence(q.Context(), q.caller, task.ReportID(report), task.EvidenceID(q.PathValue("hash")))
	if err != nil {
		return err
	}
	defer e.File.Close()
	return serveFile(q, e)
}

// serveFile hands out a kept file.
func serveFile(q *request, e act.Evidence) error {
	h := q.w.Header()
	h.Set("Content-Type", e.Type)
	h.Set("Content-Security-Policy", evidencePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", disposition(e.Disposition, e.Name))
	h.Set("Cache-Control", "private, no-cache") // kept, but asked for again each time: a right may have ended
	h.Set("ETag", `"`+string(e.ID)+`"`)
	http.ServeContent(q.w, q.Request, "", time.Time{}, e.File)
	return nil
}

// disposition writes a file's name for old browsers in ASCII and for the others
// as RFC 5987 says.
func disposition(kind, name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return kind + `; filename="` + ascii + `"; filename*=UTF-8''` + escape5987(name)
}

// escape5987 leaves what RFC 5987 calls attr-char and escapes all else.
func escape5987(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// reportFiles lists the files of a report, pictures to be shown as such.
func (q *request) reportFiles(r store.ReportView) (out []page.FileRow) {
	for _, e := range r.Files {
		out = append(out, page.FileRow{
			Name: e.Name, Href: fileHref(r.ID, e.ID), Image: strings.HasPrefix(e.Type, "image/"), Uses: q.usesOf(r.Uses, e.ID),
			Meta: q.p.Dots(q.p.Size(e.Size), q.p.T("report.uploaded", "time", q.p.Recent(e.At)), q.p.T("report.file-hash", "hash", string(e.ID[:12]))),
		})
	}
	return out
}

// usesOf says for which other tasks a file was handed in.
func (q *request) usesOf(u store.FileUses, id task.EvidenceID) (out []page.Words) {
	for _, use := range u.Seen[id] {
		out = append(out, page.Rich(q.p.Rich("report.used-elsewhere", "title", use.Title, "unit", u.Names[use.Unit]), "/tasks/"+string(use.Task)))
	}
	if n := u.Hidden[id]; n > 0 {
		out = append(out, page.Say(q.p.T("report.used-hidden", "n", n)))
	}
	return out
}
