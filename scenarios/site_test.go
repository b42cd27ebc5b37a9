package scenarios

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// site is a real server on the town of the test kit, whose city bureau has tasks to
// report on, and a token for the bureau's clerk: what the tests of faults work on.
type site struct {
	*world
	engine testkit.Engine
	town   *testkit.Town // of the founding; its database is closed
	tasks  []string      // all signed for, reported by the month
	token  string
	now    time.Time
}

// found makes a town with so many tasks in the engine's empty database; nothing
// serves it yet.
func found(t *testing.T, engine testkit.Engine, tasks int) *site {
	t.Helper()
	s := &site{engine: engine, now: time.Date(2010, 6, 3, 10, 0, 0, 0, calendar.China)}
	db, err := sqldb.Open(t.Context(), engine.Address, sqldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Closed before a server is killed: a file that somebody else holds open too
	// needs no recovery.
	defer db.Close()
	s.town = testkit.NewTown(t, db)
	var rows []act.Row
	for i := range tasks {
		r := testkit.Brands()
		r.No, r.Title, r.Cooperating, r.Evidence = fmt.Sprint(i+1), fmt.Sprintf("新增四川名牌产品，第%d项", i+1), nil, ""
		rows = append(rows, r)
	}
	plan := s.town.Plan(s.town.Memorandum(), rows...)
	for _, k := range s.town.Tasks(plan) {
		if _, err := s.town.Desk.Sign(t.Context(), s.town.Caller(testkit.LuzhouBureau, org.Office), "", k.ID); err != nil {
			t.Fatal(err)
		}
		s.tasks = append(s.tasks, string(k.ID))
	}
	clerk := string(testkit.LuzhouBureau) + "/" + string(org.Clerk)
	s.town.Clock.Set(s.now)
	s.token, _, err = s.town.Store.NewToken(t.Context(), org.Token{
		Name: "填报程序", Person: org.PersonID(clerk), Post: org.PostID(clerk), Scopes: org.TokenScopes(), Until: s.now.AddDate(0, 6, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serve starts the server on it.
func (s *site) serve(t *testing.T, flags ...string) *site {
	t.Helper()
	s.world = start(t, s.engine.Address, s.now, flags...)
	return s
}

// later moves the clock on, beyond the lease of a request whose server died.
func (s *site) later() {
	s.now = s.now.Add(2 * time.Minute)
	s.set(s.now)
}

// answer is what the interface for programs answered; 0 is no answer at all.
type answer struct {
	status int
	body   []byte
}

// receipt is what the interface gives for an act.
type receipt struct {
	Number string `json:"number"`
	ID     string `json:"id"`
}

// ask sends a request to the interface; key is the idempotency key of a POST.
func (s *site) ask(client *http.Client, method, path, key string, body any) answer {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequest(method, s.base+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", key)
		req.Header.Set("If-Match", `"1"`)
	}
	return answered(client, req)
}

func answered(client *http.Client, req *http.Request) answer {
	res, err := client.Do(req)
	if err != nil {
		return answer{}
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}
	}
	return answer{res.StatusCode, got}
}

// sound demands that figures and lights are as counted, that the journal verifies
// and that every report is as the journal tells it.
func (s *site) sound(t *testing.T) {
	t.Helper()
	if out, ok := s.run("verify", "--db", s.engine.Address, "--key", s.data+"/journal.pub"); !ok {
		t.Fatalf("the journal does not verify:\n%s", out)
	}
	s.within(t, func(db *sqldb.DB) {
		st := store.New(db, store.Config{Policies: s.town.Store.Policies(), Clock: func() time.Time { return s.now }, Random: rand.Reader,
			Workdays: s.town.Store.Workdays(), Rules: s.town.Store.Rulebook()})
		differences, err := st.Recheck(t.Context())
		if err != nil || len(differences) > 0 {
			t.Fatalf("stored otherwise than counted: %v, %v", differences, err)
		}
	})
}

// within opens the database for as long as f runs.
func (s *site) within(t *testing.T, f func(*sqldb.DB)) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), s.engine.Address, sqldb.Options{Readers: 1, Writers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	f(db)
}

// number asks the database for one number.
func (s *site) number(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	s.within(t, func(db *sqldb.DB) {
		if err := db.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
	})
	return n
}

// with returns the address of a PostgreSQL with a parameter more.
func with(t *testing.T, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// writer hands in reports on one task and takes them back, over and over. Each step
// has a key of its own and is tried under it until it is answered.
type writer struct {
	site    *site
	client  *http.Client
	task    string
	name    string
	steps   int               // answered
	report  string            // that stands, to be taken back next
	given   map[string]string // receipt number by report or step
	reports map[string]string // receipt number by report
}

func newWriter(s *site, n int) *writer {
	return &writer{site: s, client: &http.Client{Timeout: time.Minute}, task: s.tasks[n], name: fmt.Sprintf("writer-%02d", n), given: map[string]string{}, reports: map[string]string{}}
}

// step does the next act; it tells what was answered, and an error of an answer that
// no fault explains.
func (w *writer) step() (answer, error) {
	key, path, body := fmt.Sprintf("%s-%06d", w.name, w.steps), "/reports/"+w.report+"/withdrawal", any(nil)
	if w.report == "" {
		path, body = "/tasks/"+w.task+"/reports", map[string]any{"period": "2010-05", "kind": "words", "words": fmt.Sprintf("第%d次", w.steps)}
	}
	a := w.site.ask(w.client, http.MethodPost, path, key, body)
	if a.status == 0 || a.status >= 500 || a.status == http.StatusConflict && strings.Contains(string(a.body), "request.under-way") {
		return a, nil
	}
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		return a, fmt.Errorf("%s: %d %s", key, a.status, a.body)
	}
	var r receipt
	if err := json.Unmarshal(a.body, &r); err != nil || r.Number == "" {
		return a, fmt.Errorf("%s: %v in %s", key, err, a.body)
	}
	w.given[key] = r.Number
	if w.report == "" {
		w.report, w.reports[r.ID] = r.ID, r.Number
	} else {
		w.report = ""
	}
	w.steps++
	return a, nil
}

func (a answer) done() bool { return a.status == http.StatusOK || a.status == http.StatusCreated }
