package store_test

import (
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// clerkToken makes a token of 泸州's clerk.
func clerkToken(t *testing.T, w *testkit.Town) (string, org.Token) {
	t.Helper()
	secret, made, err := w.Store.NewToken(t.Context(), org.Token{
		Name: "预算系统", Person: "luzhou/clerk", Post: "luzhou/clerk", Scopes: []org.TokenScope{org.TokenReads}, Until: w.Clock.Now().AddDate(0, 3, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret, made
}

func TestATokensLastUseIsWrittenOnlyNowAndThen(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		secret, _ := clerkToken(t, w)
		use := func() time.Time {
			if _, _, err := w.Store.TokenCaller(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			all, err := w.Store.Tokens(t.Context())
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			return all[0].Used
		}
		first := use()
		w.Clock.Advance(time.Minute)
		if again := use(); first.IsZero() || !again.Equal(first) {
			t.Errorf("used %s, a minute later %s", first, again)
		}
		w.Clock.Advance(time.Hour)
		if later := use(); !later.After(first) {
			t.Errorf("used %s, an hour later %s", first, later)
		}
		for _, no := range []org.Token{{Person: "luzhou/clerk", Post: "mianning/clerk"}, {Person: "nobody", Post: "luzhou/clerk"}} {
			no.Name, no.Scopes, no.Until = "x", []org.TokenScope{org.TokenReads}, w.Clock.Now().AddDate(0, 1, 0)
			if _, _, err := w.Store.NewToken(t.Context(), no); fault.KindOf(err) != fault.NotFound {
				t.Errorf("a token for %s in %s: %v", no.Person, no.Post, err)
			}
		}
	})
}

func TestARequestThatItsServerLeftIsTakenOverAfterItsLeaseAndForgottenAfterAMonth(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		_, token := clerkToken(t, w)
		begin := func(digest string) (store.Answer, error) {
			return w.Store.BeginAnswer(t.Context(), token.ID, "a-request", digest)
		}
		if a, err := begin("one"); err != nil || a.Status != 0 {
			t.Fatal(a, err)
		}
		if _, err := begin("one"); !fault.Is(err, "request.under-way") {
			t.Errorf("under way: %v", err)
		}
		w.Clock.Advance(2 * time.Minute)
		if _, err := begin("other"); !fault.Is(err, "request.other-body") {
			t.Errorf("another request: %v", err)
		}
		if a, err := begin("one"); err != nil || a.Status != 0 {
			t.Errorf("after the lease: %+v %v", a, err)
		}
		kept := store.Answer{Status: 201, Header: map[string]string{"Content-Type": "application/json"}, Body: `{}`}
		if err := w.Store.EndAnswer(t.Context(), token.ID, "a-request", kept); err != nil {
			t.Fatal(err)
		}
		if a, err := begin("one"); err != nil || a.Status != 201 || a.Body != "{}" || a.Header["Content-Type"] != "application/json" {
			t.Errorf("answered: %+v %v", a, err)
		}
		w.Clock.Advance(40 * 24 * time.Hour)
		if err := w.Store.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a, err := begin("other"); err != nil || a.Status != 0 {
			t.Errorf("after a month: %+v %v", a, err)
		}
	})
}
