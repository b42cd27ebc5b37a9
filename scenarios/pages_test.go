package scenarios

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongjian/internal/calendar"
	"gongjian/testkit"
)

// sampleMoment is the present of the sample province.
var sampleMoment = time.Date(2010, 6, 7, 9, 30, 0, 0, calendar.China)

// posts returns the values of the sample posts on the sign-in page, in order.
func posts(v *visitor) (ids []string) {
	v.open("/sign-in").see()
	for _, b := range findAll(v.page, func(n *html.Node) bool { return n.Data == "button" && attr(n, "name") == "post" }) {
		ids = append(ids, attr(b, "value"))
	}
	return ids
}

// stepIn signs a new visitor in as the holder of a sample post.
func (w *world) stepIn(post string) *visitor {
	v := w.visitor()
	v.open("/sign-in").submit("/sign-in/sample", post, nil)
	v.see()
	return v
}

var identifier = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\b\d{6}\b|\d{8}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// kinds are the address with what differs from record to record taken out: alone,
// and once for each of its parameters. Pages of one kind are built by one handler,
// and a page that combines parameters seen before shows nothing new.
func kinds(path string) []string {
	u, err := url.Parse(path)
	if err != nil {
		return []string{path}
	}
	bare := identifier.ReplaceAllString(u.Path, "*")
	if list, ok := strings.CutPrefix(bare, "/exports/"); ok && list != "plan-tasks" {
		bare = "/exports/*" // one form for every list; the task table's shows most
	}
	out := []string{bare}
	for name, values := range u.Query() {
		if name == "lang" {
			continue
		}
		value := ""
		if v := values[0]; len(v) < 12 && !identifier.MatchString(v) && !strings.ContainsAny(v, "0123456789") {
			value = v
		}
		out = append(out, bare+"?"+name+"="+value)
	}
	sort.Strings(out)
	return out
}

// unseen reports whether one of the kinds is new, and remembers all of them.
func unseen(seen map[string]bool, path string) (found bool) {
	for _, k := range kinds(path) {
		found = found || !seen[k]
		seen[k] = true
	}
	return found
}

// crawl follows links from the desk, one of every kind of page that the post can
// reach, and returns those of kinds that no post before it has reached: a kind
// that is known already may lead this post, and only it, to others. No page may
// answer anything but 200.
func crawl(v *visitor, seen map[string]bool, limit int) (found []string) {
	type link struct{ to, from string }
	todo := []link{{to: "/desk"}}
	mine := map[string]bool{}
	for len(todo) > 0 && limit > 0 {
		path, from := todo[0].to, todo[0].from
		todo = todo[1:]
		if !unseen(mine, path) {
			continue
		}
		limit--
		v.open(path)
		if v.status != http.StatusOK {
			v.t.Errorf("%s, linked from %s, answers %d", path, from, v.status)
			continue
		}
		if !strings.Contains(string(v.body[:min(len(v.body), 200)]), "<!doctype html>") && !strings.Contains(string(v.body[:min(len(v.body), 200)]), "<!DOCTYPE html>") {
			continue // a download
		}
		if unseen(seen, path) {
			found = append(found, path)
		}
		for _, a := range findAll(v.page, func(n *html.Node) bool { return n.Data == "a" && has(n, "href") }) {
			to := v.resolve(attr(a, "href"))
			if u, err := url.Parse(to); err == nil && !strings.HasPrefix(attr(a, "href"), "http") && !strings.HasPrefix(attr(a, "href"), "#") {
				u.Fragment = ""
				todo = append(todo, link{u.RequestURI(), path})
			}
		}
	}
	return found
}

// Issue 2, point 10: every page, in both languages and at both widths, in a real
// browser: axe finds nothing, nothing scrolls sideways, nothing complains.
// PICTURES=folder keeps a screenshot of each.
func TestEveryPageOfTheSampleProvinceIsSound(t *testing.T) {
	browser := testkit.Browser(t)
	w := start(t, "sqlite:"+filepath.Join(t.TempDir(), "g.db"), sampleMoment, "--sample")
	seen := map[string]bool{}
	pictures := os.Getenv("PICTURES")
	for i, post := range posts(w.visitor()) {
		v := w.stepIn(post)
		delete(seen, "/desk") // every post has a desk of its own
		paths := crawl(v, seen, 200)
		browser.Open(w.base+"/sign-in", 1440)
		browser.Submit(fmt.Sprintf(`button[name=post][value="%s"]`, post))
		for _, path := range paths {
			for _, lang := range []string{"zh-CN", "en"} {
				for _, width := range []int{1440, 375} {
					to := path + "?lang=" + lang
					if strings.Contains(path, "?") {
						to = path + "&lang=" + lang
					}
					browser.Open(w.base+to, width)
					last := kinds(path)[len(kinds(path))-1]
					name := fmt.Sprintf("%d-%s-%s-%d", i, strings.Trim(strings.NewReplacer("/", "_", "?", "-", "=", "-", "*", "x").Replace(last), "_-"), lang, width)
					// axe reads the page, not the picture: once in each language and
					// once at each width finds what it can find.
					if (lang == "en") == (width == 375) {
						browser.CheckPage(name + " " + path)
					} else {
						browser.CheckLayout(name + " " + path)
					}
					if pictures != "" {
						browser.Screenshot(filepath.Join(pictures, name+".png"))
					}
				}
			}
		}
		browser.Open(w.base+"/desk?lang=zh-CN", 1440)
		browser.Submit(`form[action="/sign-out"] button`)
	}
	if len(seen) < 25 {
		t.Errorf("only %d kinds of page were reached", len(seen))
	}
}
