package web_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gongjian/internal/sqldb"
	"gongjian/internal/web"
	"gongjian/testkit"
)

// hostile are values that no form of ours offers and that somebody will send.
var hostile = []string{
	"", " ", "\x00", "\xff\xfe", "\u202e倒", "\r\nSet-Cookie: a=b", "0", "-1", "1e309", "NaN", "99999999999999999999999", "0.00000000000000000000000001",
	"2010-02-30", "9999-12-31", "0000-00-00", "2010-13", "true", "[]", "{}", "null", "'; drop table task; --", "<script>alert(1)</script>", "../../../etc/passwd",
	"00000000-0000-0000-0000-000000000000", "%00", "%s%n", "𠮷", strings.Repeat("长", 5000), strings.Repeat("[", 3000), strings.Repeat("1", 400),
}

// offered is a field of a form as a page offers it.
type offered struct{ name, value string }

// form is a form of a page.
type form struct {
	method, action string
	fields         []offered
}

// name is the form with its values left out: what makes it another form.
func (f form) name() string {
	path, _, _ := strings.Cut(f.action, "?")
	var names []string
	for _, x := range f.fields {
		names = append(names, x.name)
	}
	slices.Sort(names)
	return f.method + " " + path + " " + strings.Join(slices.Compact(names), ",")
}

// formsOf reads the forms of a page.
func formsOf(page, body string) (out []form) {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return nil
	}
	attribute := func(n *html.Node, name string) string {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	for n := range root.Descendants() {
		if n.DataAtom != atom.Form {
			continue
		}
		f := form{method: strings.ToUpper(attribute(n, "method")), action: page}
		if to, err := url.Parse(attribute(n, "action")); err == nil && to.String() != "" {
			base, _ := url.Parse(page)
			f.action = base.ResolveReference(to).String()
		}
		if f.method == "" {
			f.method = http.MethodGet
		}
		for x := range n.Descendants() {
			name := attribute(x, "name")
			if name == "" {
				continue
			}
			value := attribute(x, "value")
			if x.DataAtom == atom.Select {
				for o := range x.Descendants() {
					if o.DataAtom == atom.Option && value == "" {
						value = attribute(o, "value")
					}
				}
			}
			f.fields = append(f.fields, offered{name, value})
		}
		out = append(out, f)
	}
	return out
}

// TestNoFormOfAnyPageBreaksTheServer finds the forms where people find them, on the
// pages, and sends each again and again with one field spoilt: the answer may be
// anything but an error of the server.
func TestNoFormOfAnyPageBreaksTheServer(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	known, turn := map[string]bool{}, 0
	for _, route := range web.New(web.Config{Desk: w.town.Desk, Text: w.text, Logger: slog.New(slog.DiscardHandler)}).Routes() {
		method, _, _ := strings.Cut(route.Pattern, " ")
		address := w.address(route.Pattern)
		if method != http.MethodGet || address == "" {
			continue
		}
		for _, post := range []string{"public", "bureau/office", "bureau/scorer", "bureau/admin", "luzhou/office", "luzhou/leader", "luzhou/clerk", "liangshan/office"} {
			answer := w.ask(method, address, post, nil)
			if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				continue
			}
			for _, f := range formsOf(address, answer.Body.String()) {
				if name := f.name(); !known[name] {
					known[name] = true
					w.spoil(post, f, &turn)
				}
			}
		}
	}
	if len(known) < 90 {
		t.Errorf("%d forms were found on all pages: where are the others?", len(known))
	}
}

// spoil sends a form with each of its fields spoilt in turn; the values go round, so
// that all forms together see each of them often. The soak sends every value.
func (w *walk) spoil(post string, f form, turn *int) {
	rounds := 1
	if testkit.Soak() {
		rounds = len(hostile)
	}
	seen := map[string]bool{}
	for _, x := range f.fields {
		if seen[x.name] || x.name == "key" {
			continue
		}
		seen[x.name] = true
		for range rounds {
			*turn++
			values := url.Values{}
			for _, other := range f.fields {
				values.Add(other.name, other.value)
			}
			values.Set("key", fmt.Sprint("spoilt", *turn))
			bad := hostile[*turn%len(hostile)]
			values.Set(x.name, bad)
			answer := w.send(post, f, values)
			if answer.Code >= 500 || w.errors.Len() > 0 {
				w.t.Errorf("%s %s as %s with %s=%.40q is answered with %d: %s", f.method, f.action, post, x.name, bad, answer.Code, w.errors.String())
			}
			w.errors.Reset()
			if f.method == http.MethodPost && answer.Code < 400 {
				w.again()
			}
		}
	}
}

func (w *walk) send(post string, f form, values url.Values) *httptest.ResponseRecorder {
	if f.method == http.MethodPost {
		return w.ask(f.method, f.action, post, values)
	}
	path, _, _ := strings.Cut(f.action, "?")
	return w.ask(f.method, path+"?"+values.Encode(), post, nil)
}

// What is too long to be ours is refused before anything reads it.
func TestAnEndlessAddressAndAFormOfTooManyFieldsAreRefused(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	if answer := w.ask("GET", "/ranking?"+strings.Repeat("a=1&", 5000), "public", nil); answer.Code != http.StatusRequestURITooLong && answer.Code != http.StatusNotFound {
		t.Errorf("a query of 20,000 characters: %d", answer.Code)
	}
	many := url.Values{}
	for i := range 30000 {
		many.Set(fmt.Sprint(i), "")
	}
	if answer := w.ask("POST", "/tasks/"+w.values["/tasks/{id}"]+"/report", "luzhou/clerk", many); answer.Code != http.StatusUnprocessableEntity {
		t.Errorf("a form of 30,000 fields: %d", answer.Code)
	}
}

func TestOverTLSTheBrowserIsToldToStayThere(t *testing.T) {
	for _, secure := range []bool{true, false} {
		answer := httptest.NewRecorder()
		web.New(web.Config{Desk: testkit.NewTown(t, testkit.Open(t, testkit.Engines(t)[0].Address, sqldb.Options{})).Desk, Text: loaded(t), Logger: slog.New(slog.DiscardHandler), Secure: secure}).
			Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
		if told := answer.Header().Get("Strict-Transport-Security") != ""; told != secure {
			t.Errorf("secure %v: %q", secure, answer.Header().Get("Strict-Transport-Security"))
		}
		if policy := answer.Header().Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("policy %q", policy)
		}
	}
}

// A form that trickles in is given up, and the browser is told.
func TestAFormThatNeverEndsIsGivenUp(t *testing.T) {
	town := testkit.NewTown(t, testkit.Open(t, testkit.Engines(t)[0].Address, sqldb.Options{}))
	web.RegisterSessionTypes()
	server := httptest.NewServer(web.New(web.Config{Desk: town.Desk, Text: loaded(t), Logger: slog.New(slog.DiscardHandler), Patience: time.Millisecond}).Handler())
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin=")
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil) // stands here for ever when nobody gives up
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("answered with %s", answer.Status)
	}
}
