package scenarios

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"gongjian/testkit"
)

// One server, on SQLite: what follows is about requests, not about the engine.
func TestARealServerStandsWhatStrangersSend(t *testing.T) {
	s := found(t, testkit.Engines(t)[0], 1).serve(t, "--log-level", "debug")
	t.Run("hundreds of half requests do not keep others waiting", s.halfRequests)
	t.Run("two readings of one request are refused", s.ambiguousRequests)
	t.Run("a huge head is refused", s.hugeHead)
	t.Run("thousands of parts and deep nesting are refused", s.oddBodies)
	t.Run("guessing is slowed and recorded", s.guessing)
	t.Run("no secret stands in the log", s.secrets)
	if v := s.visitor().open("/public"); v.status != http.StatusOK {
		t.Errorf("after all that a page is answered with %d", v.status)
	}
	if strings.Contains(s.logged(), "panic=true") {
		t.Error("something panicked")
	}
}

func (s *site) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func (s *site) halfRequests(t *testing.T) {
	for i := range 200 {
		conn := s.dial(t)
		if i%2 == 0 {
			fmt.Fprint(conn, "GET /public HTTP/1.1\r\nHost: a\r\nX-")
		} else {
			fmt.Fprint(conn, "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin=")
		}
	}
	client := &http.Client{Timeout: 30 * time.Second}
	for range 10 {
		res, err := client.Get(s.base + "/public")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("a page beside half requests: %d", res.StatusCode)
		}
	}
}

// A proxy before the server and the server must not read different requests out of
// the same bytes (RFC 9112, sections 6.1 and 6.3).
func (s *site) ambiguousRequests(t *testing.T) {
	for _, head := range []string{
		"Content-Length: 3\r\nContent-Length: 30\r\n",
		"Transfer-Encoding: xchunked\r\n",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
		"Content-Length : 3\r\n",
		"Content-Length: +3\r\n",
		"Host: b\r\n",
		"X: a\rGET /public HTTP/1.1\r\n",
	} {
		conn := s.dial(t)
		fmt.Fprintf(conn, "POST /sign-in HTTP/1.1\r\nHost: a\r\n%s\r\na=b", head)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%q: %v", head, err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusNotImplemented {
			t.Errorf("%q is answered with %d", head, res.StatusCode)
		}
	}
	// With both lengths the chunks count. That the library keeps the connection open
	// afterwards is against section 6.1; a proxy that reads such a request otherwise
	// has to refuse it.
	conn := s.dial(t)
	fmt.Fprint(conn, "POST /sign-out HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
	answers := bufio.NewReader(conn)
	for i, want := range []int{http.StatusSeeOther, http.StatusOK} {
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != want {
			t.Errorf("answer %d after a request of two lengths: %d, want %d (%v)", i, res.StatusCode, want, err)
		}
		res.Body.Close()
	}
}

func (s *site) hugeHead(t *testing.T) {
	req, err := http.NewRequest(http.MethodGet, s.base+"/public", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Long", strings.Repeat("a", 200<<10))
	if a := answered(&http.Client{}, req); a.status != http.StatusRequestHeaderFieldsTooLarge && a.status != 0 {
		t.Errorf("a head of 200 KB: %d", a.status)
	}
}

func (s *site) oddBodies(t *testing.T) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := range 5000 {
		if err := m.WriteField(fmt.Sprint("f", i), "1"); err != nil {
			t.Fatal(err)
		}
	}
	m.Close()
	post := func(path, kind, body string, headers ...string) answer {
		req, err := http.NewRequest(http.MethodPost, s.base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", s.base)
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		return answered(&http.Client{}, req)
	}
	if a := post("/sign-in", m.FormDataContentType(), b.String()); a.status < 400 || a.status >= 500 {
		t.Errorf("a form of 5,000 parts: %d", a.status)
	}
	path := "/api/v1/tasks/" + s.tasks[0] + "/reports"
	for i, body := range []string{
		strings.Repeat("[", 400_000),
		strings.Repeat(`{"words":`, 100_000) + "1" + strings.Repeat("}", 100_000),
		`{"period":"2010-05","kind":"words","words":` + strings.Repeat(`["`, 50_000) + `}`,
	} {
		a := post(path, "application/json", body, "Authorization", "Bearer "+s.token, "Idempotency-Key", fmt.Sprint("deep-json-", i))
		if a.status < 400 || a.status >= 500 {
			t.Errorf("deep JSON %d: %d %.200s", i, a.status, a.body)
		}
	}
}

func (s *site) guessing(t *testing.T) {
	guess := func() int {
		req, err := http.NewRequest(http.MethodPost, s.base+"/sign-in", strings.NewReader(url.Values{"login": {"luzhou/leader"}, "password": {"falsch-geraten"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", s.base)
		return answered(&http.Client{}, req).status
	}
	tried := 0
	for tried < 60 && guess() != http.StatusTooManyRequests { // time forgives one now and then
		tried++
	}
	if tried < 5 || tried == 60 {
		t.Errorf("%d wrong passwords were looked at", tried)
	}
	if n := s.number(t, `select count(*) from journal_entry where action = 'sign-in' and outcome = 'refused'`); n != tried {
		t.Errorf("the journal holds %d of %d wrong passwords", n, tried)
	}
}

func (s *site) secrets(t *testing.T) {
	const password = "correct-horse-2010"
	out, ok := s.run("link", "--db", s.engine.Address, "--data", s.data, "luzhou/clerk")
	if !ok {
		t.Fatal(out)
	}
	link := strings.Fields(out)[0]
	v := s.visitor()
	v.open(link).see()
	v.submit("", "", fields{"password": password, "again": password})
	v.see().open("/desk").see()
	v.open(link) // used up
	if a, err := newWriter(s, 0).step(); err != nil || !a.done() {
		t.Fatal(a.status, err)
	}
	home, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	hidden := map[string]string{"the password": password, "a guessed password": "falsch-geraten", "the link": strings.TrimPrefix(link, "/link/"), "the token": s.token}
	for _, c := range v.client.Jar.Cookies(home) {
		if c.Name == "gongjian" {
			hidden["the session"] = c.Value
		}
	}
	for name, file := range map[string]string{"the journal's key": "journal.key", "the key of keys": "seal.key"} {
		b, err := os.ReadFile(s.data + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		hidden[name], hidden[name+" in base 64"] = strings.TrimSpace(string(b)), base64.StdEncoding.EncodeToString(b)
	}
	log := s.logged()
	if !strings.Contains(log, "/link/{token}") {
		t.Error("the log does not say what was asked")
	}
	for what, secret := range hidden {
		if len(secret) < 8 || strings.Contains(log, secret) {
			t.Errorf("%s stands in the log, or is none: %d characters", what, len(secret))
		}
	}
	if hidden["the session"] == "" {
		t.Error("there is no session")
	}
}
