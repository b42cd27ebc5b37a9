package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongjian/internal/api"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/web/text"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

// program is the interface over a town, with tokens for its posts.
type program struct {
	t       *testing.T
	town    *testkit.Town
	log     *journal.Log
	handler http.Handler
	server  *api.Server
	tokens  map[string]string
	plan    memo.PlanID
	logged  bytes.Buffer
	mu      sync.Mutex // of keys
	keys    int
}

// each runs f on both engines, with 泸州's plan of one task in force.
func each(t *testing.T, f func(t *testing.T, p *program)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) { f(t, begin(t, db)) })
}

// single runs f on SQLite alone: for what no engine has a part in.
func single(t *testing.T, f func(p *program)) {
	t.Helper()
	f(begin(t, testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})))
}

func begin(t *testing.T, db *sqldb.DB) *program {
	t.Helper()
	p := &program{t: t, town: testkit.NewTown(t, db), tokens: map[string]string{}}
	p.town.KeepKeys()
	p.plan = p.town.Plan(p.town.Memorandum(), testkit.Brands())
	private, _, err := journal.GenerateKey(zeros{}, "town.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.LoadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	p.log = journal.New(db, signer, p.town.Clock.Now)
	p.server = api.New(api.Config{Desk: p.town.Desk, Journal: p.log, Text: bundle, Logger: slog.New(slog.NewTextHandler(&p.logged, nil))})
	p.handler = p.server.Handler()
	return p
}

// zeros is a random source for a key that signs nothing but this test's journal.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i)
	}
	return len(b), nil
}

// token returns a token of a post with all scopes.
func (p *program) token(unit org.UnitID, role org.Role) string {
	p.t.Helper()
	id := string(unit) + "/" + string(role)
	if p.tokens[id] == "" {
		p.tokens[id], _ = p.newToken(id, org.TokenScopes()...)
	}
	return p.tokens[id]
}

func (p *program) newToken(post string, scopes ...org.TokenScope) (string, org.Token) {
	p.t.Helper()
	secret, t, err := p.town.Store.NewToken(p.t.Context(), org.Token{
		Name: "测试", Person: org.PersonID(post), Post: org.PostID(post), Scopes: scopes, Until: p.town.Clock.Now().Add(30 * 24 * time.Hour),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return secret, t
}

// answer is what the interface answered.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Body   []byte
}

// ask sends a request. headers come in pairs; a POST gets a key of its own unless
// one is named.
func (p *program) ask(method, path, token string, body any, headers ...string) answer {
	p.t.Helper()
	var b []byte
	switch body := body.(type) {
	case nil:
	case string:
		b = []byte(body)
	default:
		var err error
		if b, err = json.Marshal(body); err != nil {
			p.t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(p.t.Context(), method, api.Prefix+path, bytes.NewReader(b))
	if b != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if method == http.MethodPost {
		p.mu.Lock()
		p.keys++
		r.Header.Set("Idempotency-Key", fmt.Sprintf("test-key-%d", p.keys))
		p.mu.Unlock()
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return answer{p.t, w.Code, w.Result().Header, w.Body.Bytes()}
}

// want fails unless the answer has the status; into reads its body.
func (a answer) want(status int, into ...any) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("answered %d, want %d: %s", a.Status, status, a.Body)
	}
	for _, v := range into {
		if err := json.Unmarshal(a.Body, v); err != nil {
			a.t.Fatalf("%v: %s", err, a.Body)
		}
	}
	return a
}

// refused fails unless the answer is a problem with a status and a code.
func (a answer) refused(status int, code string) api.Problem {
	a.t.Helper()
	var p api.Problem
	a.want(status, &p)
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("a problem came as %q: %s", got, a.Body)
	}
	if p.Code != code || p.Status != status || p.Detail == "" || p.Title == "" || strings.Contains(p.Detail, "[") {
		a.t.Errorf("problem %+v, want %d %s", p, status, code)
	}
	return p
}

// made does an act that makes a record, at an address that can be read, and returns
// its id.
func (p *program) made(path, token string, body any, headers ...string) string {
	p.t.Helper()
	var r api.Receipt
	a := p.ask("POST", path, token, body, headers...).want(201, &r)
	if r.ID == "" || a.Header.Get("Location") == "" {
		p.t.Errorf("%s: receipt %+v, location %q", path, r, a.Header.Get("Location"))
	}
	p.ask("GET", strings.TrimPrefix(a.Header.Get("Location"), api.Prefix), token, nil).want(200)
	return r.ID
}

// etag is the ETag of a record as it is.
func (p *program) etag(path, token string) string {
	p.t.Helper()
	tag := p.ask("GET", path, token, nil).want(200).Header.Get("ETag")
	if tag == "" {
		p.t.Errorf("%s has no ETag", path)
	}
	return tag
}

func (p *program) task() store.TaskRow { return p.town.Tasks(p.plan)[0] }

type items[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// storePlanKey is where the list of plans begins.
var storePlanKey store.PlanKey

func decimal(n int64) string { return fmt.Sprint(n) }

func (p *program) memorandum() memo.ID {
	p.t.Helper()
	plan, err := p.town.Store.View(p.town.Caller(testkit.ProvinceBureau, org.Office)).Plan(p.t.Context(), p.plan)
	if err != nil {
		p.t.Fatal(err)
	}
	return plan.Memorandum.ID
}
