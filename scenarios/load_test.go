package scenarios

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongjian/testkit"
)

// Many at once, of all kinds, on loaded data: nobody gets an error and memory does
// not grow. The soak holds 200 users on a nation for ten minutes, each of whom looks at
// a page for some seconds before the next, as people do, and compares the
// slowest of a hundred requests with three times the aim of a page; the ordinary
// round lets 20 users do a few rounds each on a small province, without a pause.
//
// Loading a nation takes longer than holding it: with NATION (the address of a loaded
// one) and NATION_DATA (its folder) the soak runs on that, whose acts stay in it.
func TestManyAtOnceAreServedWithoutErrorAndInEvenMemory(t *testing.T) {
	users, tasks, lasts := 20, 400, time.Duration(0)
	if testkit.Soak() {
		users, tasks, lasts = 200, 1_000_000, 10*time.Minute
	}
	engines := testkit.Engines(t)
	loaded := os.Getenv("NATION")
	switch {
	case !testkit.Soak():
		engines = engines[:1]
	case loaded != "":
		engines = []testkit.Engine{{Name: "nation", Address: loaded}}
	}
	for _, engine := range engines {
		t.Run(engine.Name, func(t *testing.T) {
			w := &world{t: t, data: t.TempDir(), db: engine.Address}
			w.clock = w.data + "/clock"
			w.set(sampleMoment)
			if testkit.Soak() && loaded != "" {
				w.data = os.Getenv("NATION_DATA")
			} else if out, ok := w.run("sample", "--tasks", fmt.Sprint(tasks), "--db", w.db, "--data", w.data); !ok {
				t.Fatal(out)
			}
			w.up("--sample")
			t.Cleanup(w.stop)
			all := posts(w.visitor())
			l := &load{world: w, kinds: map[string]int{}, took: map[string][]time.Duration{}, memory: newMemory(w.cmd.Process.Pid)}
			until := time.Now().Add(lasts)
			var group sync.WaitGroup
			for n := range users {
				group.Go(func() {
					if testkit.Soak() { // they come within the first minute, not at one stroke
						time.Sleep(time.Duration(n) * 300 * time.Millisecond)
					}
					u := &user{visitor: w.visitor(), load: l, n: n}
					if n%10 != 9 { // every tenth is of the public
						u.enter(all[n%len(all)])
					}
					for round := 0; round < 4 || time.Now().Before(until); round++ {
						u.round(round)
					}
				})
			}
			group.Wait()
			l.judge(t)
		})
	}
}

// load is what all users together met.
type load struct {
	*world
	memory *memory
	mu     sync.Mutex
	took   map[string][]time.Duration // by kind
	kinds  map[string]int
	wrong  []string
}

func (l *load) answered(what string, status int, took time.Duration) {
	l.count(what)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took[what] = append(l.took[what], took)
	if status == 0 || status >= 500 {
		l.wrong = append(l.wrong, fmt.Sprintf("%s: %d", what, status))
	}
	if len(l.took[what])%10 == 0 {
		l.memory.look()
	}
}

func (l *load) count(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kinds[what]++
}

func (l *load) judge(t *testing.T) {
	t.Helper()
	all := slices.Concat(slices.Collect(maps.Values(l.took))...)
	if len(l.wrong) > 0 {
		t.Errorf("%d of %d requests failed: %s", len(l.wrong), len(all), strings.Join(l.wrong[:min(10, len(l.wrong))], ", "))
	}
	for _, what := range []string{"desk", "tasks", "task", "report", "reported", "ranking", "public"} {
		if l.kinds[what] == 0 {
			t.Errorf("nobody asked for %s: %v", what, l.kinds)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(l.took)) {
		p50, p99 := spread(l.took[what])
		t.Logf("%s: %d, p50 %s, p99 %s", what, len(l.took[what]), p50, p99)
	}
	p50, p99 := spread(all)
	middle, last := l.memory.thirds()
	t.Logf("%d requests %v, p50 %s, p99 %s, resident %d MB in the middle third, %d MB in the last", len(all), l.kinds, p50, p99, middle>>20, last>>20)
	if !testkit.Soak() {
		return // so short a run says nothing of time and of memory
	}
	const aim = 20 * time.Millisecond
	if p99 > 3*aim {
		t.Errorf("p99 %s, the aim under this load is %s", p99, 3*aim)
	}
	if last > middle*12/10 {
		t.Errorf("resident memory grew from %d to %d MB", middle>>20, last>>20)
	}
}

// spread is what half of the times and 99 of a hundred do not pass.
func spread(took []time.Duration) (p50, p99 time.Duration) {
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*99/100]
}

// user is one of them: a visitor whose pages are timed.
type user struct {
	*visitor
	load *load
	n    int
}

func (u *user) enter(post string) {
	u.ask("sign-in", http.MethodPost, "/sign-in/sample", strings.NewReader("post="+post), "application/x-www-form-urlencoded")
}

var (
	taskLink = regexp.MustCompile(`^/tasks/[0-9a-f-]{36}`)
	formLink = regexp.MustCompile(`^/tasks/[0-9a-f-]{36}/report`)
	planLink = regexp.MustCompile(`^/plans/[0-9a-f-]{36}$`)
)

// round is what somebody does in a minute of work.
func (u *user) round(round int) {
	u.see("public", "/public")
	u.see("ranking", "/ranking")
	if u.n%10 == 9 {
		return
	}
	u.see("desk", "/desk")
	own, form := u.link(taskLink, round), u.link(formLink, round)
	u.see("plans", "/plans")
	if plan := u.link(planLink, round); plan != "" {
		u.see("tasks", plan)
	}
	if own != "" {
		u.see("task", taskLink.FindString(own))
	}
	if form != "" {
		u.see("form", form)
		u.report(round)
	}
}

// link is one of the links of the page, another one each time.
func (u *user) link(like *regexp.Regexp, round int) string {
	links := findAll(u.page, func(n *html.Node) bool { return n.Data == "a" && like.MatchString(attr(n, "href")) })
	if len(links) == 0 {
		return ""
	}
	return attr(links[(u.n+round)%len(links)], "href")
}

// report sends the form of a report with a file.
func (u *user) report(round int) {
	form := find(u.page, func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(u.resolveAction(n), "/report") && attr(n, "method") == "post"
	})
	if form == nil {
		return // somebody else has reported meanwhile
	}
	values := formValues(form)
	values.Set("kind", "words")
	values.Set("words", fmt.Sprintf("第%d位第%d次", u.n, round))
	if b := find(form, func(n *html.Node) bool { return n.Data == "button" && attr(n, "name") != "" }); b != nil {
		values.Set(attr(b, "name"), attr(b, "value"))
	}
	body, kind := encode(u.t, values, map[string][]upload{"evidence": {{"a.txt", fmt.Sprintf("凭据%d-%d", u.n, round)}}}, true)
	u.ask("report", http.MethodPost, u.resolveAction(form), body, kind)
	if u.status == http.StatusSeeOther {
		u.load.count("reported")
	}
}

func (u *user) see(what, path string) {
	u.ask(what, http.MethodGet, path, nil, "")
	if testkit.Soak() {
		time.Sleep(4*time.Second + time.Duration(u.n%20)*100*time.Millisecond) // they do not read in step
	}
}

// ask sends one request and notes what became of it; it follows no redirect.
func (u *user) ask(what, method, path string, body io.Reader, kind string) {
	req, err := http.NewRequest(method, u.load.base+path, body)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Accept-Language", "zh-CN")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", u.load.base)
	}
	start := time.Now()
	a := answered(u.client, req)
	u.load.answered(what, a.status, time.Since(start))
	u.path, u.status, u.body = path, a.status, a.body
	if u.page, err = html.Parse(strings.NewReader(string(a.body))); err != nil {
		panic(err) // of memory only: every text is some page
	}
}

// memory is the resident memory of a process, looked at again and again.
type memory struct {
	path  string
	sizes []int64
}

func newMemory(pid int) *memory { return &memory{path: fmt.Sprintf("/proc/%d/status", pid)} }

func (m *memory) look() {
	b, err := os.ReadFile(m.path)
	if err != nil {
		return // not this system's way
	}
	if _, rest, ok := strings.Cut(string(b), "VmRSS:"); ok {
		if kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64); err == nil {
			m.sizes = append(m.sizes, kb<<10)
		}
	}
}

// thirds are the means of the middle and of the last third.
func (m *memory) thirds() (middle, last int64) {
	n := len(m.sizes) / 3
	if n == 0 {
		return 0, 0
	}
	for i := range n {
		middle += m.sizes[n+i]
		last += m.sizes[2*n+i]
	}
	return middle / int64(n), last / int64(n)
}
