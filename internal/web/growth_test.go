package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
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
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/net/html"

	"gongjian/internal/act"
	"gongjian/internal/api"
	"gongjian/internal/blob"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sample/nation"
	"gongjian/internal/sqldb"
	"gongjian/internal/web"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
	"gongjian/testkit"
)

// Nothing that a page or a list of the interface asks may cost more because a table
// has grown. The questions are overheard while the real handlers answer: every
// address as several posts in the town, which has one of everything, and in a loaded
// province every kind of address that links and forms lead to, as the posts of the
// sign-in page. So a new page is looked at without anybody thinking of it. Then both
// engines say how they answer each of them in the province (growthplan_test.go).

// question is statements of one shape with what they were asked with.
type question struct {
	asked  []instance
	routes []string // that asked it first with each of these
}

type instance struct {
	query string
	args  []any
}

// overheard are the questions by shape: numbers of placeholders left out, so that a
// list of three names is the same as one of two.
type overheard struct {
	sync.Mutex
	route   string
	excuses map[string]bool // that were needed
	by      map[string]*question
	weights []weight // of the province's pages
}

// weight is what a page weighs on its way.
type weight struct {
	bytes   int // compressed
	address string
}

// weigh says that 95 of a hundred pages weigh less than 150 KB compressed. Pages carry
// no pictures and share their styles and scripts, which browsers keep.
func (o *overheard) weigh(t *testing.T) {
	t.Helper()
	slices.SortFunc(o.weights, func(a, b weight) int { return a.bytes - b.bytes })
	n := len(o.weights)
	if n < 100 {
		t.Fatalf("only %d pages were weighed", n)
	}
	heaviest := o.weights[n-1]
	t.Logf("%d pages: half of them weigh up to %d bytes, 95 of a hundred up to %d, the heaviest %d (%s)", n, o.weights[n/2].bytes, o.weights[n*95/100].bytes, heaviest.bytes, heaviest.address)
	if o.weights[n*95/100].bytes > 150_000 {
		t.Errorf("95 of a hundred pages weigh up to %d bytes", o.weights[n*95/100].bytes)
	}
}

// examples is how often at most a question of one shape is kept for each post.
const examples = 2

var (
	marksList = regexp.MustCompile(`\$\d+(, \$\d+)+`)
	mark      = regexp.MustCompile(`\$\d+`)
)

func (o *overheard) note(query string, args []any) {
	o.Lock()
	defer o.Unlock()
	if o.route == "" {
		return // the test itself asks
	}
	shape := mark.ReplaceAllString(marksList.ReplaceAllString(query, "$$"), "$$")
	q := o.by[shape]
	if q == nil {
		q = &question{}
		o.by[shape] = q
	}
	_, post, _ := strings.Cut(o.route, " as ")
	same := 0
	for _, r := range q.routes {
		if r == o.route {
			return
		}
		if strings.HasSuffix(r, " as "+post) {
			same++
		}
	}
	if same < examples {
		q.asked, q.routes = append(q.asked, instance{query, args}), append(q.routes, o.route)
	}
}

// inTown walks the town.
func (o *overheard) inTown(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	w.asked = o.note
	w.again()
	for _, route := range web.New(web.Config{Desk: w.town.Desk, Text: w.text, Logger: slog.New(slog.DiscardHandler)}).Routes() {
		address := w.address(route.Pattern)
		if !strings.HasPrefix(route.Pattern, "GET ") || address == "" {
			continue
		}
		for _, post := range []string{"public", "bureau/office", "bureau/scorer", "luzhou/office", "luzhou/clerk", "luzhou-gov/leader", "bureau/auditor", "bureau/admin"} {
			o.route = route.Pattern + " as " + post + " of the town"
			w.ask("GET", address, post, nil)
		}
	}
	o.interfaces(t, w.db, w.desk, w.signer, []org.PostID{"luzhou/office"})
}

// visitor goes through the pages of loaded data as one post.
type visitor struct {
	*overheard
	pages   http.Handler
	kinds   *http.ServeMux // says which route an address belongs to
	cookie  *http.Cookie
	address string // of whoever asks
	post    string
	seen    map[string]int
	wait    []string
}

// visits is how many addresses of one kind are asked for.
func visits() int {
	if testkit.Soak() {
		return 2
	}
	return 1
}

// inProvince goes where links and forms lead, as every post of the sign-in page.
func (o *overheard) inProvince(t *testing.T, db *sqldb.DB, p *testkit.Nation) {
	files := must[*blob.Store](t)(blob.Open(t.TempDir()))
	desk := act.New(p.Store, files)
	pages := web.New(web.Config{
		Desk: desk, Journal: journal.New(db, p.Signer, p.Store.Now), Text: must[*text.Bundle](t)(text.Load()), PublicKey: p.Public,
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Sample: true, Outline: page.SichuanOutline(),
	})
	kinds := http.NewServeMux()
	for _, r := range pages.Routes() {
		kinds.Handle(r.Pattern, http.NotFoundHandler())
	}
	handler := pages.Handler()
	for i, post := range append([]org.PostID{""}, p.Posts...) {
		v := visitor{overheard: o, pages: handler, kinds: kinds, address: fmt.Sprintf("127.0.1.%d:1", i+1), post: fmt.Sprintf("post %d", i), seen: map[string]int{}, wait: []string{"/"}}
		if post != "" {
			answer := v.ask("POST", "/sign-in/sample", url.Values{"post": {string(post)}})
			for _, c := range answer.Result().Cookies() {
				if c.Name == "gongjian" {
					v.cookie = c
				}
			}
			v.wait = append(v.wait, "/desk", "/desk/tasks", "/plans", "/journal")
		}
		for len(v.wait) > 0 {
			next := v.wait[0]
			v.wait = v.wait[1:]
			v.visit(t, next)
		}
	}
	o.interfaces(t, db, desk, p.Signer, []org.PostID{p.Posts[0], p.Posts[3], p.Posts[5], p.Posts[6]})
}

// visit asks for an address, if few of its kind were asked for, and notes where it leads.
func (v *visitor) visit(t *testing.T, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return
	}
	_, kind := v.kinds.Handler(httptest.NewRequest("GET", u.Path, nil))
	whole := kind + " " + strings.Join(slices.Sorted(maps.Keys(u.Query())), " ")
	if kind == "" || v.seen[address] > 0 || v.seen[whole] >= visits() || u.Query().Has("lang") {
		return
	}
	v.seen[whole]++
	v.seen[address]++
	v.route = kind + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&") + " as " + v.post
	answer := v.ask("GET", u.RequestURI(), nil)
	if answer.Code >= 500 {
		t.Errorf("%s as %s is answered with %d", address, v.post, answer.Code)
	}
	if !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
		return
	}
	v.weights = append(v.weights, weight{packed(t, answer.Body.Bytes()), address + " as " + v.post})
	for _, to := range leadsTo(answer.Body) {
		if at, err := u.Parse(to); err == nil {
			at.Fragment = ""
			v.wait = append(v.wait, at.String())
		}
	}
}

// packed is how many bytes a page has when it is compressed as the server does.
func packed(t *testing.T, page []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func (v *visitor) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = v.address
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	answer := httptest.NewRecorder()
	v.pages.ServeHTTP(answer, r)
	return answer
}

// leadsTo returns the addresses of a page's links and of its forms that only ask,
// filled in.
func leadsTo(body io.Reader) (out []string) {
	var action string // of the form being read
	var asks url.Values
	z := html.NewTokenizer(body)
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "form" && asks != nil {
				out = append(out, action+"?"+asks.Encode())
				asks = nil
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			of := map[string]string{}
			for _, a := range token.Attr {
				of[a.Key] = a.Val
			}
			switch {
			case token.Data == "form" && !strings.EqualFold(of["method"], "post"):
				action, asks = of["action"], url.Values{}
			case token.Data == "form":
				asks = nil
			case token.Data == "input" && asks != nil && of["name"] != "":
				value := of["value"]
				if of["type"] == "search" || of["type"] == "text" || of["type"] == "" && value == "" {
					value = "局"
				}
				asks.Set(of["name"], value)
			default:
				for _, key := range []string{"href", "hx-get"} {
					if to := of[key]; to != "" && !strings.HasPrefix(to, "#") {
						out = append(out, to)
					}
				}
			}
		}
	}
}

// found are questions whose answers stand in addresses of the interface, by the
// name in the braces or of the query.
var found = map[string]string{
	"task": `select id from task where depth = 1 or depth = 0 order by depth desc, id limit 1`, "plan": `select id from plan order by id desc limit 1`, "memorandum": `select id from memorandum limit 1`,
	"report": `select report from report_evidence limit 1`, "file": `select evidence from report_evidence limit 1`, "unit": `select unit from part limit 1`, "letter": `select id from letter limit 1`, "support": `select id from support limit 1`,
	"ranking": `select id from assessment limit 1`, "region": `select region from scorecard limit 1`, "group": `select grouping from assessment limit 1`, "territory": `select '510000'`,
	"survey": `select id from survey limit 1`, "section": `select '1'`, "version": `select id from text_version limit 1`, "batch": `select id from letter_batch limit 1`, "measure": `select id from measure limit 1`,
	"entry": `select id from journal_entry limit 1`, "number": `select receipt from journal_entry limit 1`, "words": `select '局'`,
}

// interfaces asks for everything that the interface can be asked, as some posts.
func (o *overheard) interfaces(t *testing.T, db *sqldb.DB, desk *act.Desk, signer note.Signer, posts []org.PostID) {
	st := desk.Store()
	server := api.New(api.Config{Desk: desk, Journal: journal.New(db, signer, st.Now), Text: must[*text.Bundle](t)(text.Load()), Logger: slog.New(slog.DiscardHandler)})
	value := func(name string) (v string) {
		o.route = ""
		if query := found[name]; query != "" {
			_ = db.Read().QueryRowContext(t.Context(), query).Scan(&v) // none: the operation is asked for what is not there
		}
		return v
	}
	for _, post := range posts {
		person, _, err := st.SampleHolder(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		secret, _, err := st.NewToken(t.Context(), org.Token{Name: "growth", Person: person, Post: post, Scopes: org.TokenScopes(), Until: st.Now().Add(24 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		for path, item := range server.Document().Paths {
			if item.Get == nil {
				continue
			}
			path = parameter.ReplaceAllStringFunc(path, func(name string) string { return url.PathEscape(value(strings.Trim(name, "{}"))) })
			addresses := []string{path}
			required := url.Values{}
			for _, p := range item.Get.Parameters {
				if p.In == "query" && p.Required {
					required.Set(p.Name, value(p.Name))
				}
			}
			for _, p := range item.Get.Parameters {
				if p.In != "query" || p.Name == "limit" || p.Name == "after" {
					continue
				}
				v := value(p.Name)
				if p.Schema.Type == "boolean" {
					v = "true"
				}
				with := maps.Clone(required)
				with.Set(p.Name, v)
				addresses = append(addresses, path+"?"+with.Encode())
			}
			for _, address := range addresses {
				o.route = "GET " + api.Prefix + path + " as " + string(post)
				r := httptest.NewRequest("GET", api.Prefix+address, nil)
				r.Header.Set("Authorization", "Bearer "+secret)
				server.Handler().ServeHTTP(httptest.NewRecorder(), r)
			}
		}
	}
}

func TestNothingThatAPageAsksGrowsWithAWholeTable(t *testing.T) {
	tasks := 6000
	if testkit.Soak() {
		tasks = 60_000
	}
	o := &overheard{by: map[string]*question{}, excuses: map[string]bool{}}
	province := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "province.db"), sqldb.Options{Asked: o.note})
	o.inProvince(t, province, testkit.NewNation(t, province, nation.Plan{Tasks: tasks, Seed: 1}))
	o.weigh(t)
	o.inTown(t)
	for _, e := range testkit.Engines(t) {
		db := province
		if e.Name == sqldb.Postgres {
			db = testkit.Open(t, e.Address, sqldb.Options{})
			testkit.NewNation(t, db, nation.Plan{Tasks: tasks, Seed: 1}) // the same rows with the same ids
		}
		o.explain(t, db)
	}
	for words := range excused { // some are needed at the full size only
		if testkit.Soak() && os.Getenv("SKIP_POSTGRES") != "1" && !o.excuses[words] {
			t.Errorf("nothing needs the excuse for %q any more", words)
		}
	}
}
