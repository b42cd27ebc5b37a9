package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// Two pools on one database are two servers.
func servers(t *testing.T, address string) [2]*store.Store {
	var out [2]*store.Store
	for i := range out {
		db := testkit.Open(t, address, sqldb.Options{})
		if err := store.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		out[i] = store.New(db, store.Config{})
	}
	return out
}

func TestOfManyServersOneDoesTheDaysJob(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		all := servers(t, engine.Address)
		for _, day := range []string{"2010-06-07", "2010-06-08", "2010-06-07"} { // a clock that is set back makes it due again
			var ran atomic.Int64
			var group sync.WaitGroup
			for i := range 8 {
				group.Go(func() {
					turn, err := all[i%2].Once(t.Context(), "lights", day, fmt.Sprint(i), func(context.Context) error { ran.Add(1); return nil })
					if err != nil || (turn == store.TurnRun) && ran.Load() == 0 {
						t.Errorf("%s: %v, %v", engine.Name, turn, err)
					}
				})
			}
			group.Wait()
			if ran.Load() != 1 {
				t.Errorf("%s: on %s it was done %d times", engine.Name, day, ran.Load())
			}
		}
	}
}

func TestAJobThatFailedOrWhoseServerDiedIsTakenOver(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		all := servers(t, engine.Address)
		broken := errors.New("broken")
		if _, err := all[0].Once(t.Context(), "tidy", "a", "first", func(context.Context) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("%s: %v", engine.Name, err)
		}
		turn, err := all[1].Once(t.Context(), "tidy", "a", "second", func(ctx context.Context) error {
			// While the second is at it, the first is not.
			if turn, err := all[0].Once(ctx, "tidy", "a", "first", func(context.Context) error { t.Error("both run"); return nil }); turn != store.TurnHeld || err != nil {
				t.Errorf("%s: %v, %v", engine.Name, turn, err)
			}
			return nil
		})
		if turn != store.TurnRun || err != nil {
			t.Errorf("%s: %v, %v", engine.Name, turn, err)
		}
		if turn, err := all[0].Once(t.Context(), "tidy", "a", "first", nil); turn != store.TurnDone || err != nil {
			t.Errorf("%s: %v, %v", engine.Name, turn, err)
		}
		// A server that died left its name; when its turn has ended another takes it.
		db := testkit.Open(t, engine.Address, sqldb.Options{})
		err = db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `update turn set holder = 'dead', until = 1, done = 'before'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if turn, err := all[0].Once(t.Context(), "tidy", "a", "first", func(context.Context) error { return nil }); turn != store.TurnRun || err != nil {
			t.Errorf("%s: %v, %v", engine.Name, turn, err)
		}
	}
}

func TestTwoServersThatMakeOneNewDatabaseAtOnceBothStart(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		var group sync.WaitGroup
		for range 3 {
			db := testkit.Open(t, engine.Address, sqldb.Options{})
			group.Go(func() {
				if err := store.Migrate(t.Context(), db); err != nil {
					t.Errorf("%s: %v", engine.Name, err)
				}
				if lacks, unknown, err := store.Pending(t.Context(), db); err != nil || len(lacks)+len(unknown) > 0 {
					t.Errorf("%s: %v, %v, %v", engine.Name, lacks, unknown, err)
				}
			})
		}
		group.Wait()
	}
}
