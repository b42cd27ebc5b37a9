package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/act"
	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
	"gongjian/internal/web"
	"gongjian/internal/web/text"
	"gongjian/testkit"
)

// The walk asks for every address as every kind of post and compares what is
// answered with testdata/walk.txt, which was read through by a person. A new route
// without a row there fails. To see rows as they are now:
//
//	go test ./internal/web -run Walk -update
//
// prints the whole table; read what changed before copying it into the file.

var update = flag.Bool("update", false, "print the table of the walk as it is now")

// walkers are the posts that walk; "public" has not signed in. The town's task is
// led by 泸州's bureau (luzhou) with its farm bureau, was refused by the city's
// government and is set by the province bureau (bureau). It is not split: the
// county of Jiangyang (jiangyang), 凉山 and 冕宁 have no part in it.
var walkers = []string{
	"public",
	"bureau/office", "bureau/leader", "bureau/verifier", "bureau/scorer", "bureau/auditor", "bureau/admin",
	"luzhou/office", "luzhou/leader", "luzhou/clerk", "luzhou/verifier",
	"luzhou-farm/clerk", "luzhou-gov/leader", "jiangyang/clerk",
	"liangshan/office", "liangshan/leader", "liangshan/scorer", "liangshan/auditor", "mianning/clerk",
}

// walk is a town with one of everything, kept as a file to begin from again.
type walk struct {
	t        *testing.T
	town     *testkit.Town
	template string // the database at rest
	signer   note.Signer
	text     *text.Bundle
	values   map[string]string // what stands in an address, by pattern beginning and name
	cookies  map[string]*http.Cookie

	errands act.ErrandConfig    // how the pages see to errands
	asked   func(string, []any) // of the database, when somebody listens
	db      *sqldb.DB
	desk    *act.Desk
	handler http.Handler
	errors  bytes.Buffer // what the server logged as an error
}

// must returns a value of something that cannot fail here.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{t: t, template: filepath.Join(t.TempDir(), "template.db"), cookies: map[string]*http.Cookie{}}
	db, err := sqldb.Open(t.Context(), "sqlite:"+w.template, sqldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	private, public, err := journal.GenerateKey(rand.Reader, "town.example")
	if err != nil {
		t.Fatal(err)
	}
	w.signer = must[note.Signer](t)(journal.LoadSigner(private))
	w.text = must[*text.Bundle](t)(text.Load())
	w.town = testkit.NewTown(t, db)
	w.furnish(db)
	w.values["key"] = public
	web.RegisterSessionTypes()
	w.open(db)
	for _, post := range walkers[1:] {
		answer := w.ask("POST", "/sign-in/sample", "public", url.Values{"post": {post}})
		for _, c := range answer.Result().Cookies() {
			if c.Name == "gongjian" {
				w.cookies[post] = c
			}
		}
		if w.cookies[post] == nil {
			t.Fatalf("stepping into %s: %d", post, answer.Code)
		}
	}
	if _, err := journal.New(db, w.signer, w.town.Clock.Now).Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	w.again()
	return w
}

// furnish makes one of everything by real acts.
func (w *walk) furnish(db *sqldb.DB) {
	t, town := w.t, w.town
	ctx, receipt := t.Context(), must[store.Receipt](t)
	office, lead := town.Caller(testkit.ProvinceBureau, org.Office), town.Caller(testkit.LuzhouBureau, org.Clerk)
	m := town.Memorandum()
	brands := testkit.Brands()
	brands.Cooperating = append(brands.Cooperating, testkit.LuzhouGov)
	brands.Commitment = m.Clauses[0].Commitments[0].ID
	plan := town.Plan(m, brands)
	k := town.Tasks(plan)[0]
	receipt(town.Desk.Refuse(ctx, town.Caller(testkit.LuzhouGov, org.Clerk), "", k.ID, "本项由市农业局配合，请改派"))
	receipt(town.Desk.Sign(ctx, lead, "", k.ID))
	town.On(2010, 6, 2)
	file := must[task.Evidence](t)(town.Desk.KeepEvidence(lead, strings.NewReader("%PDF-1.4"), "推荐文件.pdf"))
	reported := receipt(town.Desk.Report(ctx, lead, "", k.ID, task.ReportInput{
		Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: 9 * task.One,
	}, []task.Evidence{file}))
	_, given, err := town.Desk.EnterSupport(ctx, lead, "", support.Delivery{
		Kind: memo.Money, Value: 70 * task.One, Unit: "万元", Year: 2010, On: calendar.NewDate(2010, 6, 1), Region: "510500", Giver: testkit.LuzhouBureau, Taker: testkit.ProvinceBureau,
	}, []task.Evidence{file})
	if err != nil {
		t.Fatal(err)
	}
	scorer := town.Caller(testkit.ProvinceBureau, org.Scorer)
	scheme := assess.SampleScheme()
	receipt(town.Desk.EnterScheme(ctx, scorer, "", scheme))
	_, run, err := town.Desk.Compute(ctx, scorer, "", scheme.ID, scheme.Groups[0].Key, 0, town.Store.Today())
	if err != nil {
		t.Fatal(err)
	}
	table := []byte("序号,任务,牵头单位,完成时限\n1,新增地理标志,泸州市质量技术监督局,10月底前\n")
	_, imported, err := town.Desk.Upload(ctx, office, "", plan, "表.csv", bytes.NewReader(table), int64(len(table)))
	if err != nil {
		t.Fatal(err)
	}
	_, document, err := town.Desk.IssueDocument(ctx, office, "", act.Issuing{Kind: "plan", Subject: string(plan)})
	if err != nil {
		t.Fatal(err)
	}
	issued := must[store.DocumentView](t)(town.Store.View(office).Document(ctx, document))
	offline, roster := offlineAndRoster(t, town, lead, town.Caller(testkit.ProvinceBureau, org.Admin))
	grading := []byte("考核项目,分值,评分办法,考核单位\n制度,5,无制度不得分,省局\n")
	_, rubric, err := town.Desk.UploadRubric(ctx, scorer, "", "细则.csv", bytes.NewReader(grading), int64(len(grading)))
	if err != nil {
		t.Fatal(err)
	}
	letters, one := walkLetter(t, town, office, plan)
	errand := cutErrand(t, town, office, one)
	studied, finding, catalogued := surveyAndMeasure(t, town, office, lead)
	token := must[string](t)(town.Store.NewLink(ctx, "luzhou/leader", 3600e9))
	var posts []org.PostID
	for _, post := range walkers[1:] {
		posts = append(posts, org.PostID(post))
	}
	if err := town.Store.SetSamplePosts(ctx, posts); err != nil {
		t.Fatal(err)
	}
	version, remark, opinion := negotiatedTown(t, town)
	w.values = map[string]string{
		"/versions/{id}": version, "GET /versions/{id}/redline": "?old=1&new=1", "/remarks/{id}": remark, "/opinions/{id}": opinion,
		"/tasks/{id}": string(k.ID), "/plans/{id}": string(plan), "/memorandums/{id}": string(m.ID), "/imports/{id}": imported, "/scores/rubrics/{id}": rubric, "{row}": "0", "{signature}": "none",
		"/reports/{id}": string(town.Reports(k.ID)[0].ID), "/verify/{id}": string(town.Reports(k.ID)[0].ID), "{hash}": string(file.ID),
		"{run}": string(run), "{list}": "plan-tasks", "{region}": "510500", "/journal/entries/{id}": reported.Entry, "{token}": token,
		"/support/{id}": string(given),
		"/units/{id}":   "luzhou", "/posts/{id}": "luzhou/clerk", "{period}": "2010-05",
		"/surveys/{id}": studied, "{section}": "1", "{finding}": finding, "/measures/{id}": catalogued,
		"/offline/{id}": offline, "/rosters/{id}": roster,
		"/documents/{id}": string(document), "{code}": issued.Code, "{format}": "docx",
		"/errands/{id}": errand, "POST /letters/files": "?format=docx",
		"/letters/{id}": one, "GET /letters/new": "?plan=" + string(plan), "GET /letters/sign": "?batch=" + letters, "GET /letters/paper": "?batch=" + letters,
		"POST /letters": "?plan=" + string(plan), "POST /letters/give": "?batch=" + letters, "POST /letters/sign": "?batch=" + letters, "POST /letters/paper": "?batch=" + letters,
		// Addresses that say nothing without a question.
		"GET /documents/new": "?kind=plan&subject=" + string(plan), "GET /documents/draft": "?kind=plan&subject=" + string(plan),
		"GET /tasks/{id}/answer": "?unit=luzhou-gov", "GET /tasks/{id}/excuse": "?unit=luzhou-farm",
		"GET /evidence/{hash}": "?report=" + string(town.Reports(k.ID)[0].ID), "GET /plans/{id}/level": "?task=" + string(k.ID),
		"GET /access.xlsx": "?task=" + string(k.ID), "GET /access.csv": "?task=" + string(k.ID),
		"GET /access": "?task=" + string(k.ID), "GET /receipts": "?number=" + reported.Number, "GET /posts/{id}/end": "?person=luzhou/clerk",
	}
}

// open binds the pages to a database.
func (w *walk) open(db *sqldb.DB) {
	policies := must[*org.Policies](w.t)(org.StandardPolicies())
	s := store.New(db, store.Config{Policies: policies, Clock: w.town.Clock.Now, Random: rand.Reader, Workdays: calendar.Default(), Rules: task.DefaultRulebook()})
	key := must[note.Verifier](w.t)(journal.LoadVerifier(w.values["key"]))
	w.desk = w.town.Desk.With(s)
	w.handler = web.New(web.Config{
		Desk: w.desk, Journal: journal.New(db, w.signer, w.town.Clock.Now), Text: w.text,
		Logger: slog.New(slog.NewTextHandler(&w.errors, &slog.HandlerOptions{Level: slog.LevelError})), Sample: true, Errands: w.errands,
		Check: &web.JournalCheck{PublicKey: w.values["key"], Run: func(ctx context.Context) (journal.Report, error) { return journal.VerifyDatabase(ctx, db, key) }},
	}).Handler()
}

// again begins with the town as it was furnished.
func (w *walk) again() {
	w.t.Helper()
	w.close()
	b := must[[]byte](w.t)(os.ReadFile(w.template))
	path := filepath.Join(w.t.TempDir(), "town.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.db = must[*sqldb.DB](w.t)(sqldb.Open(context.Background(), "sqlite:"+path, sqldb.Options{Asked: w.asked}))
	w.open(w.db)
}

func (w *walk) close() {
	if w.db != nil {
		if err := w.db.Close(); err != nil {
			w.t.Error(err)
		}
		w.db = nil
	}
}

// ask sends one request as a post.
func (w *walk) ask(method, path, post string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	// Sample posts are for this machine; one address each, so that none is slowed down for another.
	r.RemoteAddr = fmt.Sprintf("127.0.0.%d:1", 1+slices.Index(walkers, post))
	if c := w.cookies[post]; c != nil {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// address fills in what stands in braces; "" when the walk does not know it.
func (w *walk) address(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	for prefix, value := range w.values {
		if before, rest, ok := strings.Cut(prefix, "{"); ok && before != "" && strings.HasPrefix(path, prefix) && strings.HasPrefix(prefix, "/") {
			path = before + url.PathEscape(value) + path[len(before)+len(rest)+1:]
		}
	}
	path = parameter.ReplaceAllStringFunc(path, func(name string) string { return w.values[name] })
	if strings.Contains(path, "//") || strings.HasSuffix(path, "/") && path != "/" {
		return ""
	}
	return path + w.values[pattern]
}

// class is what the table says of an answer.
func class(answer *httptest.ResponseRecorder) string {
	to := answer.Header().Get("Location")
	switch {
	case answer.Code < 300:
		return "ok"
	case answer.Code < 400 && strings.HasPrefix(to, "/sign-in"):
		return "sign-in"
	case answer.Code < 400:
		return "redirect"
	}
	return fmt.Sprint(answer.Code)
}

// see walks one route as everybody and returns what each is answered.
func (w *walk) see(pattern, address string) map[string]string {
	method, _, _ := strings.Cut(pattern, " ")
	out := map[string]string{}
	for _, post := range walkers {
		form := url.Values{}
		if method == http.MethodPost {
			form.Set("key", rand.Text())
			form.Set("version", "1")
		}
		if pattern == "POST /sign-in" {
			form.Set("login", post)
		}
		answer := w.ask(method, address, post, form)
		out[post] = class(answer)
		if answer.Code >= 500 {
			w.t.Errorf("%s as %s is answered with %d: %s", pattern, post, answer.Code, w.errors.String())
		}
		w.errors.Reset()
		if method == http.MethodPost && answer.Code < 400 {
			w.again() // the next one finds things as they were
		}
	}
	return out
}

// row is one row of the table as text.
func row(pattern string, seen map[string]string) string {
	of := map[string][]string{}
	for _, post := range walkers {
		of[seen[post]] = append(of[seen[post]], post)
	}
	var b strings.Builder
	fmt.Fprintln(&b, pattern)
	for _, class := range slices.Sorted(maps.Keys(of)) {
		fmt.Fprintf(&b, "  %s: %s\n", class, strings.Join(of[class], " "))
	}
	return b.String()
}

// readTable reads testdata/walk.txt: a pattern, and below it class: posts.
func readTable(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	var now map[string]string
	for _, line := range strings.Split(string(must[[]byte](t)(os.ReadFile(filepath.Join("testdata", "walk.txt")))), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, " "):
			class, posts, _ := strings.Cut(strings.TrimSpace(line), ":")
			for _, post := range strings.Fields(posts) {
				now[post] = class
			}
		default:
			now = map[string]string{}
			out[line] = now
		}
	}
	return out
}

func TestWalkEveryAddressAsEveryKindOfPost(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	var patterns []string
	for _, route := range web.New(web.Config{Desk: w.town.Desk, Text: w.text, Logger: slog.New(slog.DiscardHandler)}).Routes() {
		patterns = append(patterns, route.Pattern)
	}
	slices.SortFunc(patterns, func(a, b string) int {
		_, pathA, _ := strings.Cut(a, " ")
		_, pathB, _ := strings.Cut(b, " ")
		return strings.Compare(pathA+a, pathB+b)
	})
	table := map[string]map[string]string{}
	if !*update {
		table = readTable(t)
	}
	for _, pattern := range patterns {
		address := w.address(pattern)
		if address == "" {
			t.Errorf("%s: the walk does not know what stands in the braces: add it to furnish", pattern)
			continue
		}
		seen := w.see(pattern, address)
		if *update {
			fmt.Print(row(pattern, seen))
			continue
		}
		if table[pattern] == nil {
			t.Errorf("%s has no row in testdata/walk.txt. Read this one and copy it there if it is right:\n%s", pattern, row(pattern, seen))
			continue
		}
		for _, post := range walkers {
			if seen[post] != table[pattern][post] {
				t.Errorf("%s as %s is answered %q, the table says %q", pattern, post, seen[post], table[pattern][post])
			}
		}
		delete(table, pattern)
	}
	for pattern := range table {
		t.Errorf("testdata/walk.txt has a row for %s, which is no route any more", pattern)
	}
}
