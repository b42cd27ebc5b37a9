package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gongjian/internal/journal"
	"gongjian/internal/meter"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/web"
	"gongjian/internal/web/text"
	"gongjian/testkit"
)

// Whatever secret a request brings, it stands in no event.
func TestEachRequestIsOneEventWithoutSecrets(t *testing.T) {
	db := testkit.Open(t, testkit.Engines(t)[0].Address, sqldb.Options{})
	town := testkit.NewTown(t, db)
	bundle, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := serve{LogFormat: "json", LogLevel: "debug"}
	logger := s.logger(&out)
	web.RegisterSessionTypes()
	pages := web.New(web.Config{Desk: town.Desk, Journal: journal.New(db, nil, town.Clock.Now), Text: bundle, Logger: logger}).Handler()
	h, err := s.observed(withAPI(pages, town.Desk, journal.New(db, nil, town.Clock.Now), bundle, logger), logger, meter.New(), db)
	if err != nil {
		t.Fatal(err)
	}
	const secret = "GEHEIM42"
	requests := 0
	for _, target := range []string{"GET /link/" + secret, "POST /link/" + secret, "GET /sign-in?next=/" + secret, "POST /sign-in", "GET /" + secret,
		"GET /tasks/" + secret, "GET /api/v1/tasks?q=" + secret, "GET /healthz", "GET /readyz", "GET /assets/" + secret} {
		method, address, _ := strings.Cut(target, " ")
		r := httptest.NewRequest(method, address, strings.NewReader("login="+secret+"&password="+secret))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Cookie", "gongjian="+secret)
		r.RemoteAddr = "127.0.0.1:1"
		h.ServeHTTP(httptest.NewRecorder(), r)
		requests++
	}
	if strings.Contains(out.String(), secret) {
		t.Errorf("a secret was logged:\n%s", out.String())
	}
	events := 0
	for line := range strings.Lines(out.String()) {
		var e struct{ Msg, Route, Request string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Msg == "request" {
			events++
			if e.Request == "" {
				t.Errorf("no id: %s", line)
			}
		}
	}
	if events != requests {
		t.Errorf("%d events for %d requests", events, requests)
	}
}

func TestReadinessAsksTheDatabaseAndItsTables(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		db := testkit.Open(t, engine.Address, sqldb.Options{})
		mux := http.NewServeMux()
		answers(mux, db, serve{}.logger(&bytes.Buffer{}))
		ask := func(path string) int {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			return w.Code
		}
		if ask("/readyz") != 503 || ask("/healthz") != 200 {
			t.Errorf("%s: without tables", engine.Name)
		}
		if err := store.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if ask("/readyz") != 200 {
			t.Errorf("%s: with tables", engine.Name)
		}
		db.Close()
		if ask("/readyz") != 503 || ask("/healthz") != 200 {
			t.Errorf("%s: without database", engine.Name)
		}
	}
}

func TestTheServerDoesNotGoOnWithAnotherKeyThanItSignedWith(t *testing.T) {
	d := database{DB: testkit.Engines(t)[0].Address, Data: t.TempDir()}
	db := testkit.Open(t, d.DB, sqldb.Options{})
	town := testkit.NewTown(t, db)
	if err := d.checkKey(t.Context(), db); err != nil {
		t.Fatalf("a new journal needs no key yet: %v", err)
	}
	private, _, err := journal.GenerateKey(strings.NewReader(strings.Repeat("k", 64)), "town.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.LoadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.New(db, signer, town.Clock.Now).Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.checkKey(t.Context(), db); err == nil {
		t.Error("a signed journal without its key was taken up")
	}
}

func TestOfTwoServersThatMakeAKeyAtOnceBothHaveTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "journal.key")
	var kept [8]string
	var mine atomic.Int64
	var group sync.WaitGroup
	for i := range kept {
		group.Go(func() {
			b, first, err := keepKey(path, bytes.Repeat([]byte{byte('a' + i)}, 64))
			if err != nil {
				t.Error(err)
			}
			if first {
				mine.Add(1)
			}
			kept[i] = string(b)
		})
	}
	group.Wait()
	for _, k := range kept {
		if k != kept[0] || len(k) != 64 {
			t.Errorf("%q and %q", k, kept[0])
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 || mine.Load() != 1 {
		t.Errorf("%v, %v, %d", left, err, mine.Load())
	}
}
