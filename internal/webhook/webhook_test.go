package webhook_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/webhook"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

// receiver is somebody's program that is told.
type receiver struct {
	mu     sync.Mutex
	status int
	told   []webhook.Event
	signed []string
	bodies [][]byte
}

func (r *receiver) send(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var e webhook.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	if r.status/100 == 2 {
		r.told = append(r.told, e)
		r.signed, r.bodies = append(r.signed, q.Header.Get("Gongjian-Signature")), append(r.bodies, body)
	}
	return &http.Response{StatusCode: r.status, Body: io.NopCloser(bytes.NewReader(nil))}, nil
}

type stage struct {
	town *testkit.Town
	log  *journal.Log
	to   *receiver
	work func() *webhook.Worker
	hook org.WebhookID
	by   org.Caller
}

// each runs f on both engines, with a webhook of 泸州's office and a task of its own.
func each(t *testing.T, kinds []org.Action, f func(t *testing.T, s *stage)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		private, _, err := journal.GenerateKey(bytes.NewReader(make([]byte, 64)), "town.example")
		if err != nil {
			t.Fatal(err)
		}
		signer, err := journal.LoadSigner(private)
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{town: w, log: journal.New(db, signer, w.Clock.Now), to: &receiver{status: 204}, by: w.Caller(testkit.LuzhouBureau, org.Office)}
		s.fold(t)
		if _, s.hook, err = w.Desk.RegisterWebhook(t.Context(), s.by, "", org.Webhook{URL: "https://program.example/hook", Kinds: kinds}); err != nil {
			t.Fatal(err)
		}
		s.work = func() *webhook.Worker {
			return &webhook.Worker{Store: w.Store, Log: s.log, Send: s.to.send, Logger: slog.New(slog.DiscardHandler)}
		}
		f(t, s)
	})
}

func (s *stage) fold(t *testing.T) {
	t.Helper()
	if _, err := s.log.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// step folds the journal and has one worker step as often as there is something due.
func (s *stage) step(t *testing.T) {
	t.Helper()
	s.fold(t)
	for {
		n, err := s.work().Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (s *stage) deliveries(t *testing.T) []store.Delivery {
	t.Helper()
	all, err := s.town.Store.View(s.by).Deliveries(t.Context(), s.hook, -1, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAWebhookIsToldWhatItsPostMayReadSignedAndInOrder(t *testing.T) {
	each(t, nil, func(t *testing.T, s *stage) {
		w := s.town
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id := w.Tasks(plan)[0].ID
		if _, err := w.Desk.Sign(t.Context(), s.by, "", id); err != nil {
			t.Fatal(err)
		}
		s.step(t)
		var actions []string
		last := map[webhook.Subject]int64{}
		for _, e := range s.to.told {
			actions = append(actions, e.Action)
			if lane := e.Subjects[0]; e.Index <= last[lane] {
				t.Errorf("%d was told after %d", e.Index, last[lane])
			} else {
				last[lane] = e.Index
			}
		}
		if !slices.Contains(actions, "task.sign") {
			t.Errorf("told of %v", actions)
		}
		secret, err := webhook.Secret(t.Context(), w.Store, s.hook)
		if err != nil {
			t.Fatal(err)
		}
		if want := webhook.Sign(secret, w.Clock.Now(), s.to.bodies[0]); s.to.signed[0] != want {
			t.Errorf("signed %q, want %q", s.to.signed[0], want)
		}
		n := len(s.to.told)
		s.step(t)
		if len(s.to.told) != n {
			t.Error("an event was told again")
		}
	})
}

func TestAWebhookIsNotToldOfWhatItsPostMayNotRead(t *testing.T) {
	each(t, nil, func(t *testing.T, s *stage) {
		w := s.town
		other := w.Caller(testkit.MianningBureau, org.Office)
		if _, err := w.Desk.DropWebhook(t.Context(), s.by, "", s.hook); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.RegisterWebhook(t.Context(), other, "", org.Webhook{URL: "https://other.example/"}); err != nil {
			t.Fatal(err)
		}
		w.Plan(w.Memorandum(), testkit.Brands())
		s.step(t)
		if len(s.to.told) != 1 || s.to.told[0].Action != "webhook.keep" || s.to.told[0].Person != "mianning/office" {
			t.Errorf("told %+v", s.to.told)
		}
	})
}

func TestAReceiverThatFailsIsTriedAgainWithGrowingPausesAndGivenUpInTheEnd(t *testing.T) {
	each(t, []org.Action{org.SignTask}, func(t *testing.T, s *stage) {
		w := s.town
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		if _, err := w.Desk.Sign(t.Context(), s.by, "", w.Tasks(plan)[0].ID); err != nil {
			t.Fatal(err)
		}
		s.to.status = 500
		var last time.Duration
		for try := 1; ; try++ {
			s.step(t)
			all := s.deliveries(t)
			if len(all) != 1 || all[0].Attempts != try || all[0].Status != 500 || all[0].Said == "" {
				t.Fatalf("after %d tries: %+v", try, all)
			}
			if all[0].State == store.DeliveryGivenUp {
				if try != webhook.MaxAttempts {
					t.Errorf("given up after %d tries", try)
				}
				break
			}
			wait := all[0].Due.Sub(w.Clock.Now())
			if wait < last {
				t.Errorf("pause %s after one of %s", wait, last)
			}
			last = wait
			w.Clock.Advance(wait)
		}
		s.to.status = 200
		s.step(t)
		if len(s.to.told) != 0 {
			t.Error("what was given up was told")
		}
	})
}

func TestOfATaskTheLaterEventWaitsForTheEarlier(t *testing.T) {
	each(t, []org.Action{org.SignTask, org.ChangeTask}, func(t *testing.T, s *stage) {
		w := s.town
		plan := w.Plan(w.Memorandum(), testkit.Brands(), testkit.Brands())
		first, second := w.Tasks(plan)[0], w.Tasks(plan)[1]
		sign := func(k store.TaskRow) {
			if _, err := w.Desk.Sign(t.Context(), s.by, "", k.ID); err != nil {
				t.Fatal(err)
			}
		}
		farm := w.Caller(testkit.LuzhouFarm, org.Clerk)
		s.to.status = 503
		sign(first)
		s.step(t)
		s.to.status = 200
		if _, err := w.Desk.Sign(t.Context(), farm, "", first.ID); err != nil { // of the same task, later
			t.Fatal(err)
		}
		sign(second)
		s.step(t)
		if len(s.to.told) != 1 || s.to.told[0].Subjects[0].ID != string(second.ID) {
			t.Fatalf("told %+v", s.to.told)
		}
		w.Clock.Advance(time.Hour)
		s.step(t)
		if len(s.to.told) != 3 || s.to.told[1].Index > s.to.told[2].Index || s.to.told[2].Unit != string(testkit.LuzhouFarm) {
			t.Errorf("told %+v", s.to.told)
		}
	})
}

func TestTwoServersTellEachEventOnce(t *testing.T) {
	each(t, []org.Action{org.SignTask}, func(t *testing.T, s *stage) {
		w := s.town
		plan := w.Plan(w.Memorandum(), testkit.Brands(), testkit.Brands(), testkit.Brands())
		for _, k := range w.Tasks(plan) {
			if _, err := w.Desk.Sign(t.Context(), s.by, "", k.ID); err != nil {
				t.Fatal(err)
			}
		}
		s.fold(t)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				for range 3 {
					if _, err := s.work().Step(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		s.step(t)
		seen := map[int64]int{}
		for _, e := range s.to.told {
			seen[e.Index]++
		}
		if len(seen) != 3 || len(s.to.told) != 3 {
			t.Errorf("told %v", seen)
		}
	})
}

// Rule O-44.
func TestAWebhookEndsWithItsPost(t *testing.T) {
	each(t, nil, func(t *testing.T, s *stage) {
		w := s.town
		if _, err := w.Desk.EndHolding(t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin), "", "luzhou/office", "luzhou/office", w.Store.Today().AddDays(-1)); err != nil {
			t.Fatal(err)
		}
		s.step(t)
		hook, err := w.Store.View(s.by).Webhook(t.Context(), s.hook)
		if err != nil || hook.Why != "post-ended" || len(s.to.told) != 0 {
			t.Errorf("%+v %v, told %v", hook, err, s.to.told)
		}
	})
}

func TestPrivateAddressesAreNotReachedUnlessTheOperatorAllowsThem(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/", http.StatusFound)
		}
	}))
	defer inside.Close()
	for _, allowed := range []bool{false, true} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, inside.URL+"/away", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := webhook.Client(allowed).Do(r)
		if (err == nil) != allowed {
			t.Errorf("allowed %v: %v", allowed, err)
		}
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != http.StatusFound {
				t.Errorf("a redirect was followed: %d", answer.StatusCode)
			}
		}
	}
}

func TestAWebhookKeepsToItsKinds(t *testing.T) {
	w := org.Webhook{Kinds: []org.Action{org.SignTask}}
	if !w.Wants("task.sign") || w.Wants("task.change") || !(org.Webhook{}).Wants("sign-in") {
		t.Error("a webhook wants its kinds, and all when it names none")
	}
}
