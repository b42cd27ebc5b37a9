package web

import (
	"context"
	"crypto/rand"
	"encoding/gob"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gongjian/internal/fault"
	"gongjian/internal/meter"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

// The errors that the frame itself raises.
var (
	errAbsent    = fault.New(fault.NotFound, "absent")
	errSignedOut = fault.New(fault.SignedOut, "signed-out")
)

// request is one request with who asks, in which language, and what they see.
type request struct {
	*http.Request
	w      http.ResponseWriter
	server *Server
	p      *text.Printer
	caller org.Caller
	view   *store.View
}

// readable refuses what no form of ours sends: more than somebody who has not
// signed in may bring, and text that is not text (a database would refuse it with
// an error that helps nobody).
func (q *request) readable(r *http.Request) error {
	if !q.caller.SignedIn() {
		limit, err := q.server.openLimit(r)
		if err != nil {
			return err
		}
		r.Body = http.MaxBytesReader(q.w, r.Body, limit)
	}
	if len(r.URL.RawQuery) > maxQuery || !text.Clean(r.URL.Path) || !text.Clean(r.URL.RawQuery) {
		return errAbsent
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return clean(r.URL.Query())
	}
	if isUpload(r) {
		if err := r.ParseMultipartForm(4 << 20); err != nil {
			return unread(err)
		}
	} else if err := r.ParseForm(); err != nil {
		return unread(err)
	}
	return clean(r.Form)
}

// unread is the fault of a form that could not be read; one that is too large
// keeps its cause.
func unread(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if disk := (*fs.PathError)(nil); errors.As(err, &disk) { // large files are laid aside on disk first
		return fault.New(fault.Busy, "evidence.not-kept").Because(err)
	}
	return fault.New(fault.Invalid, "form.unreadable").Because(err)
}

func clean(values url.Values) error {
	count := 0
	for name, all := range values {
		if count += len(all); count > maxValues {
			return fault.New(fault.Invalid, "form.unreadable")
		}
		for _, v := range append(all, name) {
			if !text.Clean(v) {
				return fault.New(fault.Invalid, "form.unreadable")
			}
		}
	}
	return nil
}

// frame returns the frame of a page for this reader. current is the entry of the
// main menu that the page belongs to.
func (q *request) frame(title, current string) (page.View, error) {
	v := page.View{P: q.p, Path: q.URL.RequestURI(), Title: title, Current: current, Today: q.view.Today()}
	if q.server.style != "" {
		v.Style = stylePath
	}
	if q.server.sample {
		v.Sample = q.p.T("common.sample-note", "year", v.Today.Year, "today", q.p.DateWeekday(v.Today))
	}
	var err error
	if v.Exports, err = q.exports(); err != nil {
		return v, err
	}
	if !q.caller.SignedIn() {
		v.Nav = publicNav(q.p)
		return v, nil
	}
	v.Nav, v.More = page.StaffNav(q.p), q.more()
	unit, post := q.caller.Unit(), q.caller.Post()
	v.Who = page.Who{Unit: unit.Name, Post: post.Title, Switch: "/post", SignOut: "/sign-out"}
	posts, err := q.server.store.PostsOf(q.Context(), q.caller.Person().ID, v.Today)
	if err != nil {
		return v, err
	}
	for _, o := range posts {
		v.Who.Posts = append(v.Who.Posts, page.PostChoice{ID: string(o.Post), Text: q.p.Dots(o.UnitName, o.Title), Current: o.Post == post.ID})
	}
	if f, ok := q.server.sessions.Pop(q.Context(), sessionReceipt).(flash); ok {
		v.Receipt = f.receipt(q.p)
	}
	return v, nil
}

// more are the places that the main menu does not lead to, as far as this post
// may go there.
func (q *request) more() []page.NavEntry {
	may := func(a org.Action, r org.Resource) bool { return q.view.May(a, r) }
	unit := q.caller.Unit().ID
	var out []page.NavEntry
	for _, e := range []struct {
		key, to string
		shown   bool
	}{
		{"memorandums", "/memorandums", !q.caller.Has(org.Admin)},
		{"support", "/support", !q.caller.Has(org.Admin)},
		{"surveys", "/surveys", !q.caller.Has(org.Admin)},
		{"measures", "/measures", may(org.SeeMeasures, org.MeasureFacts{})},
		{"scores", "/scores", may(org.JudgeScore, org.ScoreFacts{Office: unit}) || may(org.PublishScores, org.ScoreFacts{Office: unit})},
		{"letters", "/letters", !q.caller.Has(org.Admin)},
		{"opinions", "/opinions", may(org.GiveOpinion, org.OpinionFacts{Asked: unit})},
		{"documents", "/documents", !q.caller.Has(org.Admin)},
		{"periods", "/periods", may(org.ClosePeriod, org.PlanFacts{Office: unit})},
		{"units", "/units", true},
		{"journal", "/journal", may(org.SeeJournal, org.JournalFacts{})},
		{"receipts", "/receipts", true},
		{"checkpoints", "/journal/checkpoints", true},
		{"policies", "/policies", true},
	} {
		if e.shown {
			out = append(out, page.NavEntry{Key: e.key, Text: q.p.T("more." + e.key), Href: e.to})
		}
	}
	return out
}

// publicNav is the menu of somebody who has not signed in.
func publicNav(p *text.Printer) []page.NavEntry {
	return []page.NavEntry{
		{Key: "public", Text: p.T("nav.public"), Href: "/public"},
		{Key: "ranking", Text: p.T("nav.ranking"), Href: "/ranking"},
		{Key: "sign-in", Text: p.T("nav.sign-in"), Href: "/sign-in"},
	}
}

// render answers with a page. A form that came back to be mended is 422. The page is
// made whole before the first byte goes out: what breaks in the middle is answered
// with an error and not with half a page.
func (q *request) render(status int, c templ.Component) error {
	b := templ.GetBuffer()
	defer templ.ReleaseBuffer(b)
	// Whoever was too slow is told so, though their request counts as given up.
	if err := c.Render(context.WithoutCancel(q.Context()), b); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Cookie")
	q.w.WriteHeader(status)
	_, _ = q.w.Write(b.Bytes()) // whoever has gone gets nothing
	return nil
}

// redirect leads on after a POST.
func (q *request) redirect(to string) error {
	http.Redirect(q.w, q.Request, to, http.StatusSeeOther)
	return nil
}

// flash is what the next page says of the act just done; it lives in the session.
type flash struct {
	Number  string
	Entry   string
	Key     string // text key of what was done and what follows
	Args    []any  // plain values only
	At      time.Time
	Again   bool
	NextJob string
	NextTo  string
}

func (f flash) receipt(p *text.Printer) *page.Receipt {
	return &page.Receipt{
		Number: f.Number, At: f.At, Again: f.Again, NextJob: f.NextJob, NextTo: f.NextTo,
		Text: page.Rich(p.Rich(f.Key, f.Args...), "/journal/entries/"+f.Entry),
	}
}

// RegisterSessionTypes names the types that sessions hold. Wiring calls it once.
func RegisterSessionTypes() {
	gob.Register(flash{})
	gob.Register(time.Time{})
}

// done ends an act: the next page shows its receipt with the text of key.
func (q *request) done(r store.Receipt, to, key string, args ...any) error {
	for i := range args { // the session keeps plain values
		if i%2 == 1 {
			args[i] = plain(q.p, args[i])
		}
	}
	q.server.sessions.Put(q.Context(), sessionReceipt, flash{Number: r.Number, Entry: r.Entry, Key: key, Args: args, At: r.At, Again: r.Again})
	return q.redirect(to)
}

// plain writes a value as the page would.
func plain(p *text.Printer, v any) any {
	switch v := v.(type) {
	case string, int:
		return v
	}
	return p.Value(v)
}

// newKey makes the key of a form: sent twice, the form is one act.
func newKey() string { return rand.Text() }

// key is the key that came with the form.
func (q *request) key() string { return q.PostFormValue("key") }

// local returns an address of ours, or the fallback: no form may lead elsewhere.
func local(to, fallback string) string {
	odd := func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\\' } // browsers drop tabs and line ends, and read \ as /
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, odd) {
		return fallback
	}
	return to
}

// mendable reports whether an error is to be shown in its form, beside the fields.
func mendable(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooLarge, fault.Unsupported, fault.Conflict:
		return true
	}
	return false
}

// status is the HTTP status of a kind of fault.
func status(k fault.Kind) int { return k.Status() }

// fail turns an error into a page that says what happened and what to do.
func (s *Server) fail(q *request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fault.New(fault.TooLarge, "form.too-large", "Limit", q.p.Size(tooLarge.Limit)).Because(err)
	}
	if away, is := store.Explain(err); is {
		s.logger.ErrorContext(q.Context(), "the database is away or full", "request", meter.ID(q.Context()), "error", err)
		err = away
	}
	kind := fault.KindOf(err)
	if kind == fault.Busy {
		q.w.Header().Set("Retry-After", "10")
	}
	if kind == fault.SignedOut && (q.Method == http.MethodGet || q.Method == http.MethodHead) {
		http.Redirect(q.w, q.Request, "/sign-in?next="+url.QueryEscape(q.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if kind == fault.Internal {
		// By its id, never by its address: that may be a one-time link.
		s.logger.ErrorContext(q.Context(), "request failed", "request", meter.ID(q.Context()), "error", err)
		err = fault.New(fault.Internal, "internal").Because(err)
	}
	title := q.p.T(kind.TitleKey())
	v, frameErr := q.frame(title, "")
	if frameErr != nil {
		s.logger.Error("frame of an error page", "request", meter.ID(q.Context()), "error", frameErr)
	}
	v.Exports = nil // there is no list here
	var f *fault.Fault
	errors.As(err, &f)
	if err := q.render(status(kind), page.ErrorPage(v, q.p.Fault(f))); err != nil {
		s.logger.Error("writing an error page", "request", meter.ID(q.Context()), "error", err)
	}
}
