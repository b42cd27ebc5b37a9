package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/time/rate"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) signInRoutes() []Route {
	return []Route{
		{"GET /{$}", true, s.start},
		{"GET /sign-in", true, s.signInForm},
		{"POST /sign-in", true, s.signIn},
		{"POST /sign-in/sample", true, s.stepIn},
		{"GET /link/{token}", true, s.linkForm},
		{"POST /link/{token}", true, s.useLink},
		{"POST /sign-out", true, s.signOut},
		{"POST /post", false, s.switchPost},
	}
}

func (s *Server) start(q *request) error {
	if q.caller.SignedIn() {
		return q.redirect("/desk")
	}
	return q.redirect("/public")
}

func (s *Server) signInForm(q *request) error { return s.showSignIn(q, http.StatusOK, "", nil) }

func (s *Server) showSignIn(q *request, code int, login string, faults []page.FieldFault) error {
	v, err := q.frame(q.p.T("sign-in.title"), "sign-in")
	if err != nil {
		return err
	}
	form := page.SignInView{Login: login, Next: local(q.FormValue("next"), "/desk"), Faults: faults}
	if s.sample && loopback(q.Request) {
		posts, err := s.store.SamplePosts(q.Context())
		if err != nil {
			return err
		}
		for _, o := range posts {
			form.Sample = append(form.Sample, page.PostChoice{ID: string(o.Post), Text: o.UnitName + "·" + o.Title})
		}
	}
	return q.render(code, page.SignIn(v, form))
}

// signIn answers a wrong name and a wrong password alike and in the same time,
// and slows down whoever guesses.
func (s *Server) signIn(q *request) error {
	login, password := strings.ToLower(strings.TrimSpace(q.PostFormValue("login"))), q.PostFormValue("password")
	if !s.guesses.allow(host(q.RemoteAddr), login) {
		return s.showSignIn(q, http.StatusTooManyRequests, login, page.Faults(q.p, fault.New(fault.Busy, "sign-in.slow-down"), nil))
	}
	person, secret, err := s.store.Credentials(q.Context(), login)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if !matches(password, secret) {
		s.guesses.failed(host(q.RemoteAddr), login)
		if err := s.store.SignedIn(q.Context(), org.Public(), login, false); err != nil {
			return err
		}
		return s.showSignIn(q, http.StatusUnprocessableEntity, login, page.Faults(q.p, fault.New(fault.Invalid, "sign-in.wrong").On("password"), nil))
	}
	return s.enter(q, person, "", login, store.Mark(secret))
}

// stepIn lets anybody on this machine act in a post of the sample province.
func (s *Server) stepIn(q *request) error {
	if !s.sample || !loopback(q.Request) {
		return errAbsent
	}
	person, post, err := s.store.SampleHolder(q.Context(), org.PostID(q.PostFormValue("post")))
	if err != nil {
		return err
	}
	mark, err := s.store.MarkOf(q.Context(), person)
	if err != nil {
		return err
	}
	return s.enter(q, person, post, string(person), mark)
}

// enter begins a session in a post, the first one held when none is named. mark is
// that of the secret by which the person came in.
func (s *Server) enter(q *request, person org.PersonID, post org.PostID, login, mark string) error {
	ctx := q.Context()
	if post == "" {
		posts, err := s.store.PostsOf(ctx, person, s.store.Today())
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			return fault.New(fault.Denied, "sign-in.no-post")
		}
		post = posts[0].Post
	}
	c, err := s.store.Caller(ctx, person, post, s.store.Today())
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if err := s.sessions.Clear(ctx); err != nil { // nothing of whoever was here before
		return err
	}
	s.sessions.Put(ctx, sessionPerson, string(person))
	s.sessions.Put(ctx, sessionPost, string(post))
	s.sessions.Put(ctx, sessionMark, mark)
	if err := s.store.SignedIn(ctx, c, login, true); err != nil {
		return err
	}
	return q.redirect(local(q.PostFormValue("next"), "/desk"))
}

func (s *Server) signOut(q *request) error {
	if err := s.sessions.Destroy(q.Context()); err != nil {
		return err
	}
	return q.redirect("/sign-in")
}

// switchPost steps into another post that the person holds, without signing in again.
func (s *Server) switchPost(q *request) error {
	post := org.PostID(q.PostFormValue("post"))
	c, err := s.store.Caller(q.Context(), q.caller.Person().ID, post, s.store.Today())
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(q.Context()); err != nil {
		return err
	}
	s.sessions.Put(q.Context(), sessionPost, string(c.Post().ID))
	return q.redirect("/desk")
}

func (s *Server) linkForm(q *request) error {
	if _, err := s.store.Link(q.Context(), q.PathValue("token")); err != nil {
		return err
	}
	return s.showLink(q, http.StatusOK, nil)
}

func (s *Server) showLink(q *request, code int, faults []page.FieldFault) error {
	v, err := q.frame(q.p.T("sign-in.choose-title"), "sign-in")
	if err != nil {
		return err
	}
	return q.render(code, page.ChoosePassword(v, faults))
}

// minPassword is the least length of a password; 等保三级 asks for complexity, and
// length serves it better than classes of characters.
const minPassword = 10

func (s *Server) useLink(q *request) error {
	password := q.PostFormValue("password")
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return s.showLink(q, http.StatusUnprocessableEntity, page.Faults(q.p, fault.New(fault.Invalid, "sign-in.too-short", "Least", minPassword).On("password"), nil))
	case password != q.PostFormValue("again"):
		return s.showLink(q, http.StatusUnprocessableEntity, page.Faults(q.p, fault.New(fault.Invalid, "sign-in.not-equal").On("again"), nil))
	}
	secret, err := seal(password)
	if err != nil {
		return err
	}
	person, err := s.store.UseLink(q.Context(), q.PathValue("token"), secret)
	if err != nil {
		return err
	}
	return s.enter(q, person, "", string(person), store.Mark(secret))
}

// The cost of a password: argon2id, two passes over 19 MiB (about 30 ms).
const (
	argonTime, argonMemory, argonThreads = 2, 19 * 1024, 1
	saltSize, sumSize                    = 16, 32
)

// seal turns a password into what is stored.
func seal(password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("web: making a salt: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, sumSize)
	return "argon2id$" + base64.RawStdEncoding.EncodeToString(append(salt, sum...)), nil
}

// matches works as long for a person without a secret as for any other.
func matches(password, secret string) bool {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(secret, "argon2id$"))
	ok := err == nil && len(b) == saltSize+sumSize && strings.HasPrefix(secret, "argon2id$")
	if !ok {
		b = make([]byte, saltSize+sumSize)
	}
	sum := argon2.IDKey([]byte(password), b[:saltSize], argonTime, argonMemory, argonThreads, sumSize)
	return subtle.ConstantTimeCompare(sum, b[saltSize:]) == 1 && ok
}

// guesses slows down whoever guesses passwords, per address and per name.
type guesses struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]*rate.Limiter
}

func newGuesses() *guesses { return &guesses{seen: map[[sha256.Size]byte]*rate.Limiter{}} }

// The failures that are forgiven at once and then one in so many seconds. An
// address may be a whole office behind one router.
const (
	forgivenName, forgivenAddress = 10, 100
	perGuess                      = 6 * time.Second
	mostGuessers                  = 100_000
)

// allow reports whether a further try may be looked at. Tries that succeed cost
// nothing; failed counts the others.
func (g *guesses) allow(address, login string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.of("from "+address, forgivenAddress).Tokens() >= 1 && g.of("name "+login, forgivenName).Tokens() >= 1
}

// failed counts a try that did not succeed.
func (g *guesses) failed(address, login string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.of("from "+address, forgivenAddress).Allow()
	g.of("name "+login, forgivenName).Allow()
}

// of finds a limiter. Keys are hashed, so that a long name takes no room; when the
// table is full, those that have nothing against them are dropped.
func (g *guesses) of(who string, forgiven int) *rate.Limiter {
	key := sha256.Sum256([]byte(who))
	if l := g.seen[key]; l != nil {
		return l
	}
	if len(g.seen) >= mostGuessers {
		maps.DeleteFunc(g.seen, func(_ [sha256.Size]byte, l *rate.Limiter) bool { return l.Tokens() >= float64(l.Burst()) })
	}
	l := rate.NewLimiter(rate.Every(perGuess), forgiven)
	if len(g.seen) < mostGuessers {
		g.seen[key] = l
	}
	return l
}

// host is the address without its port.
func host(address string) string {
	h, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return h
}
