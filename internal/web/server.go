// Package web is the pages: it turns requests into questions to a view and acts
// at the desk, and answers with pages that work without scripts.
//
// Words. A route is one address with its handler; all of them stand in one table
// (Routes), which a test walks with every kind of post. A request carries who
// asks, in which language, and the view that is bound to them.
//
// Laws. Handlers return errors; one place turns them into a page and a status.
// A POST answers with a redirect to a page that shows the receipt; the form's
// key makes a second click the same act. No handler decides what somebody may
// see: the view does. No text for users stands in Go or templ sources.
package web

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/klauspost/compress/gzhttp"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/meter"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/asset"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

// Server answers requests for pages.
type Server struct {
	desk     *act.Desk
	store    *store.Store
	log      *journal.Log
	text     *text.Bundle
	sessions *scs.SessionManager
	logger   *slog.Logger
	sample   bool
	outline  *page.Outline
	guesses  *guesses
	check    *JournalCheck
	look     Look
	address  string // of the pages from outside; "": as each request says
	secure   bool
	patience time.Duration
	style    string // the province's colours as a stylesheet
	errands  *act.Errands
}

// Config is what a server is made of.
type Config struct {
	Desk    *act.Desk
	Journal *journal.Log
	Text    *text.Bundle
	Logger  *slog.Logger
	Sample  bool          // the data is a sample: say so, and on loopback let anybody step into a sample post
	Secure  bool          // served over TLS: cookies are marked so
	Outline *page.Outline // the province's map
	// PublicKey is the text of the journal's public key, which anybody may take,
	// where Check does not name it.
	PublicKey string
	Check     *JournalCheck    // how the auditor checks the journal; nil offers no check
	Look      Look             // checked by Look.Check
	Address   string           // https://host under which the pages are reached, for codes on documents; "": as each request says
	Patience  time.Duration    // how long a form without files may take to arrive; 0 is half a minute
	Errands   act.ErrandConfig // where and how errands are done; its desk and words are the pages'
}

// New makes a server.
func New(c Config) *Server {
	m := scs.New()
	m.Store = c.Desk.Store().Sessions()
	m.Codec = sessionCodec{}
	m.Lifetime = 12 * time.Hour
	m.IdleTimeout = time.Hour // 等保: an idle session ends
	m.Cookie.Name = "gongjian"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = c.Secure
	if c.Check == nil {
		c.Check = &JournalCheck{}
	}
	if c.Check.PublicKey == "" {
		c.Check.PublicKey = strings.TrimSpace(c.PublicKey)
	}
	s := &Server{
		desk: c.Desk, store: c.Desk.Store(), log: c.Journal, text: c.Text, sessions: m, logger: c.Logger, sample: c.Sample,
		outline: c.Outline, guesses: newGuesses(), check: c.Check, look: c.Look, address: c.Address, style: c.Look.style(),
		secure: c.Secure, patience: cmp.Or(c.Patience, 30*time.Second),
	}
	c.Errands.Desk, c.Errands.Words, c.Errands.Logger = c.Desk, s.letterData, c.Logger
	s.errands = act.NewErrands(c.Errands)
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		q := &request{w: w, Request: r, server: s, p: s.printer(s.language(w, r), s.store.Today()), caller: org.Public()}
		q.view = s.store.View(q.caller)
		if _, is := store.Explain(err); !is { // whatever it is, without its session no page can be answered
			err = fault.New(fault.Busy, "database.unreachable").Because(err)
		}
		s.fail(q, err)
	}
	return s
}

// Route is one address of the pages.
type Route struct {
	Pattern string // as http.ServeMux reads it: "GET /tasks/{id}"
	Open    bool   // answered to somebody who has not signed in
	handle  func(*request) error
}

// Routes returns all addresses, for the server and for the test that walks them.
func (s *Server) Routes() []Route {
	var all []Route
	for _, part := range [][]Route{
		s.signInRoutes(), s.deskRoutes(), s.reportRoutes(), s.verifyRoutes(), s.planRoutes(), s.taskRoutes(), s.importRoutes(), s.reimportRoutes(),
		s.memorandumRoutes(), s.signRoutes(), s.lapseRoutes(), s.negotiationRoutes(), s.rankingRoutes(), s.scorecardRoutes(), s.journalRoutes(), s.unitRoutes(), s.publicRoutes(), s.periodRoutes(), s.schemeRoutes(), s.offlineRoutes(), s.rosterRoutes(), s.documentRoutes(), s.letterRoutes(), s.errandRoutes(), s.forceRoutes(), s.supportRoutes(), s.surveyRoutes(), s.measureRoutes(), s.exportRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}

// The most that a request may bring: of somebody who has not signed in, of a form,
// and of a form with files.
const (
	maxOpen = 64 << 10
	maxForm = 1 << 20
)

// The longest query of an address, and the most values of a form: our longest lists
// ask and answer with a few thousand.
const (
	maxQuery  = 16 << 10
	maxValues = 20000
)

// maxBody is the most that a form may bring, its files included: five files of
// the largest size taken and the words around them.
const maxBody = 5*20<<20 + 1<<20

// Handler returns the pages as one handler with all that surrounds them.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.Routes() {
		mux.Handle(route.Pattern, s.serve(route))
	}
	mux.Handle("/", s.serve(Route{Open: true, handle: func(*request) error { return errAbsent }}))
	// Files of ours need no session, and a session costs a write.
	outer := http.NewServeMux()
	outer.Handle("GET "+asset.Prefix, named("GET "+asset.Prefix, asset.Handler()))
	outer.Handle("GET "+stylePath, named("GET "+stylePath, http.HandlerFunc(s.serveStyle)))
	outer.Handle("/", oneSession(s.sessions.LoadAndSave(mux)))
	var h http.Handler = outer
	h = http.NewCrossOriginProtection().Handler(h)
	h = s.headers(h)
	return s.hurry(gzhttp.GzipHandler(h))
}

// hurry gives a form without files only so long to arrive: whoever sends a letter a
// minute holds nothing of ours for long. Uploads have the server's own, longer time.
func (s *Server) hurry(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 && !isUpload(r) {
			// Not every writer can; those that cannot are not connections.
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
				s.logger.Debug("a form without deadline", "error", err)
			}
		}
		next.ServeHTTP(w, r)
	})
}

func isUpload(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// named tells the operator's event which route answers.
func named(pattern string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		meter.Route(r.Context(), pattern)
		next.ServeHTTP(w, r)
	})
}

// headers sets what every answer carries. The policy allows nothing but our own
// files: no inline script, no inline style, no framing. Over TLS the browser is told
// to stay there for a year (RFC 6797).
func (s *Server) headers(next http.Handler) http.Handler {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		limit := int64(maxForm)
		if isUpload(r) {
			limit = maxBody
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// serve wraps a handler: it finds out who asks, and turns an error into a page.
func (s *Server) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		meter.Route(r.Context(), route.Pattern)
		q, err := s.request(w, r)
		meter.Post(r.Context(), string(q.caller.Post().ID))
		if err == nil && !route.Open && !q.caller.SignedIn() {
			err = errSignedOut
		}
		if err == nil {
			err = q.readable(r)
		}
		if err == nil {
			err = route.handle(q)
		}
		if err != nil {
			s.fail(q, err)
		}
	})
}

// Names under which a session keeps things.
const (
	sessionPerson  = "person"
	sessionPost    = "post"
	sessionMark    = "mark" // of the secret that the person signed in with
	sessionReceipt = "receipt"
)

// request finds out who asks and in which language.
func (s *Server) request(w http.ResponseWriter, r *http.Request) (*request, error) {
	today := s.store.Today()
	q := &request{w: w, Request: r, server: s, p: s.printer(s.language(w, r), today), caller: org.Public()}
	q.view = s.store.View(q.caller)
	ctx := r.Context()
	person, post := s.sessions.GetString(ctx, sessionPerson), s.sessions.GetString(ctx, sessionPost)
	if person == "" {
		return q, nil
	}
	// Asked anew on every request, so that a post that ends today ends at once.
	c, mark, err := s.store.CallerMarked(ctx, org.PersonID(person), org.PostID(post), today)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return q, err // the session may be good: a database that is away does not end it
	}
	if err != nil || mark != s.sessions.GetString(ctx, sessionMark) { // a new password ends the sessions of the old one
		if err := s.sessions.Destroy(ctx); err != nil {
			return q, err
		}
		return q, errSignedOut
	}
	q.caller, q.view = c, s.store.View(c)
	return q, nil
}

// printer speaks a language with the province's own words.
func (s *Server) printer(lang string, today calendar.Date) *text.Printer {
	return s.text.For(lang).On(today).With(s.look.words(lang))
}

// stylePath is where a province's colours are served.
const stylePath = "/province.css"

func (s *Server) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	if _, err := io.WriteString(w, s.style); err != nil {
		s.logger.Debug("sending a style", "error", err)
	}
}

// language is what the address says (and is then remembered), the cookie, or the
// browser's first choice; Chinese otherwise.
func (s *Server) language(w http.ResponseWriter, r *http.Request) string {
	const name = "lang"
	if l := r.URL.Query().Get(name); l == "en" || l == "zh-CN" {
		http.SetCookie(w, &http.Cookie{Name: name, Value: l, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true})
		return l
	}
	if c, err := r.Cookie(name); err == nil && (c.Value == "en" || c.Value == "zh-CN") {
		return c.Value
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return "en"
	}
	return "zh-CN"
}

// loopback reports whether a request came from this machine. Behind a proxy it
// always does; an operator who puts one before sample data shows it to everybody.
func loopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback()
}
