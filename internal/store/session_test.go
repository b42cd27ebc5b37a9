package store_test

import (
	"testing"
	"time"

	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestLookingAtAPageWritesNothingAndStillPutsOffTheEndOfASession(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		x := testkit.NewTown(t, db).Store.Sessions()
		until := func() int64 {
			t.Helper()
			var at int64
			if err := db.Read().QueryRowContext(t.Context(), `select expiry from session where token = 'a'`).Scan(&at); err != nil {
				t.Fatal(err)
			}
			return at
		}
		commit := func(data string, at time.Time) { // as the request does that found it
			t.Helper()
			ctx := store.OneSession(t.Context())
			if _, _, err := x.FindCtx(ctx, "a"); err != nil {
				t.Fatal(err)
			}
			if err := x.CommitCtx(ctx, "a", []byte(data), at); err != nil {
				t.Fatal(err)
			}
		}
		end := time.Now().Add(time.Hour).Truncate(time.Microsecond)
		commit("signed in", end)
		commit("signed in", end.Add(59*time.Second))
		if until() != end.UnixMicro() {
			t.Error("a look within a minute was written")
		}
		commit("signed in", end.Add(time.Minute))
		if until() != end.Add(time.Minute).UnixMicro() {
			t.Error("a look after a minute did not put off the end")
		}
		commit("in another post", end.Add(time.Minute+time.Second))
		if got, ok, err := x.FindCtx(t.Context(), "a"); err != nil || !ok || string(got) != "in another post" {
			t.Errorf("what changed was not written: %q %v %v", got, ok, err)
		}
		if err := x.DeleteCtx(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		commit("in another post", end.Add(time.Minute+time.Second))
		if _, ok, err := x.FindCtx(t.Context(), "a"); err != nil || ok {
			t.Errorf("a session that was ended came back: %v", err)
		}
	})
}
