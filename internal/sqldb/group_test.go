package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gongjian/internal/sqldb"
	"gongjian/testkit"

	"pgregory.net/rapid"
)

type write = func(context.Context, *sql.Tx) error

// grouping is a fresh file whose groups end only when nobody waits.
func grouping(t testing.TB) *sqldb.DB {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "group.db"), sqldb.Options{})
	if err := db.Migrate(context.Background(), tables, "sql"); err != nil {
		t.Fatal(err)
	}
	db.Groups(1000, time.Hour)
	return db
}

// inOneGroup runs the writes in their order, each begun while the first one has the
// place, and returns what Write said to each; "panicked" stands for a panic.
func inOneGroup(db *sqldb.DB, writes ...write) []error {
	out := make([]error, len(writes))
	runs := 0
	first := func(ctx context.Context, tx *sql.Tx) error {
		if runs++; runs == 1 {
			awaits(db, len(writes)-1)
		}
		return writes[0](ctx, tx)
	}
	var all sync.WaitGroup
	begun := make(chan struct{})
	all.Go(func() {
		out[0] = caught(func() error {
			return db.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
				if runs == 0 {
					close(begun)
				}
				return first(ctx, tx)
			})
		})
	})
	<-begun
	for i := 1; i < len(writes); i++ {
		all.Go(func() {
			out[i] = caught(func() error { return db.Write(context.Background(), writes[i]) })
		})
		if i < len(writes)-1 { // the last one sets the first going
			awaits(db, i)
		}
	}
	all.Wait()
	return out
}

// awaits returns when so many writers wait.
func awaits(db *sqldb.DB, n int) {
	for db.Waiting() < n {
		runtime.Gosched()
	}
}

var errPanicked = errors.New("panicked")

func caught(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	return f()
}

func names(t interface{ Fatal(...any) }, db *sqldb.DB) (out []string) {
	rows, err := db.Read().QueryContext(context.Background(), `SELECT name FROM account ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWritersThatWaitShareACommit(t *testing.T) {
	db := grouping(t)
	inside, outside := 0, 0
	last := func(ctx context.Context, tx *sql.Tx) error {
		outside = len(names(t, db))
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM account`).Scan(&inside)
	}
	for i, err := range inOneGroup(db, insert("a", 1), insert("b", 1), last) {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if inside != 2 || outside != 0 {
		t.Errorf("the last of the group saw %d rows and everybody else %d; want 2 and 0", inside, outside)
	}
	if got := names(t, db); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("committed: %v", got)
	}
}

func TestAMembersMishapIsItsOwn(t *testing.T) {
	refusal := errors.New("refused")
	after := func(do func() error) write {
		return func(ctx context.Context, tx *sql.Tx) error {
			if err := insert("mishap", 1)(ctx, tx); err != nil {
				return err
			}
			return do()
		}
	}
	mishaps := map[string]struct {
		do   write
		want error
	}{
		"error": {after(func() error { return refusal }), refusal},
		"panic": {after(func() error { panic("a bug") }), errPanicked},
		"duplicate": {func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(insert("mishap", 1)(ctx, tx), insert("mishap", 2)(ctx, tx))
		}, nil},
		"left open": {func(ctx context.Context, tx *sql.Tx) error {
			if err := insert("mishap", 1)(ctx, tx); err != nil {
				return err
			}
			rows, err := tx.QueryContext(ctx, `SELECT name FROM account`)
			if err != nil {
				return err
			}
			rows.Next() // and is not closed
			return refusal
		}, refusal},
	}
	for name, m := range mishaps {
		for place, order := range [][]write{{m.do, insert("a", 1), insert("b", 1)}, {insert("a", 1), m.do, insert("b", 1)}, {insert("a", 1), insert("b", 1), m.do}} {
			t.Run(fmt.Sprintf("%s/%d", name, place), func(t *testing.T) {
				db := grouping(t)
				for i, err := range inOneGroup(db, order...) {
					switch {
					case i != place && err != nil:
						t.Errorf("writer %d failed for another's mishap: %v", i, err)
					case i == place && m.want != nil && !errors.Is(err, m.want), i == place && err == nil:
						t.Errorf("the mishap ended with %v, want %v", err, m.want)
					}
				}
				if got := names(t, db); !slices.Equal(got, []string{"a", "b"}) {
					t.Errorf("committed: %v", got)
				}
			})
		}
	}
}

// OR ROLLBACK gives up the whole transaction, as a full disk does.
func TestATransactionThatTheEngineGivesUpCostsTheOthersNothing(t *testing.T) {
	givingUp := func(noticed bool) write {
		return func(ctx context.Context, tx *sql.Tx) error {
			if err := insert("mishap", 1)(ctx, tx); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT OR ROLLBACK INTO account VALUES ('mishap', 1, TRUE, NULL)`)
			if noticed {
				return err
			}
			return nil
		}
	}
	for _, noticed := range []bool{true, false} {
		for place := range 3 {
			t.Run(fmt.Sprintf("noticed %t, place %d", noticed, place), func(t *testing.T) {
				db := grouping(t)
				writes := slices.Insert([]write{insert("a", 1), insert("b", 1)}, place, givingUp(noticed))
				for i, err := range inOneGroup(db, writes...) {
					if (i == place) != (err != nil) {
						t.Errorf("writer %d: %v", i, err)
					}
				}
				if got := names(t, db); !slices.Equal(got, []string{"a", "b"}) {
					t.Errorf("committed: %v", got)
				}
			})
		}
	}
}

func TestACommitThatFailsBlamesTheOneWhoIsToBlame(t *testing.T) {
	db := grouping(t)
	later := fstest.MapFS{"sql/0002_child.sql": {Data: []byte(`-- +goose Up
CREATE TABLE child (of TEXT REFERENCES account(name) DEFERRABLE INITIALLY DEFERRED);
`)}, "sql/0001_first.sql": tables["sql/0001_first.sql"]}
	if err := db.Migrate(t.Context(), later, "sql"); err != nil {
		t.Fatal(err)
	}
	orphan := func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO child VALUES ('nobody')`)
		return err
	}
	got := inOneGroup(db, insert("a", 1), orphan, insert("b", 1))
	if got[0] != nil || got[1] == nil || got[2] != nil || errors.Is(got[1], sqldb.ErrOutcomeUnknown) {
		t.Errorf("outcomes: %v", got)
	}
	if got := names(t, db); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("committed: %v", got)
	}
}

func TestAWriterWhoseContextEndsHoldsNobodyUp(t *testing.T) {
	db := grouping(t)
	ended, end := context.WithCancel(t.Context())
	var gone error
	err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		var all sync.WaitGroup
		all.Go(func() { gone = db.Write(ended, insert("gone", 1)) })
		awaits(db, 1)
		end()
		all.Wait() // it goes while the place is still taken
		return insert("a", 1)(ctx, tx)
	})
	if err != nil || !errors.Is(gone, context.Canceled) || db.Waiting() != 0 {
		t.Errorf("%v, and the one whose context ended: %v", err, gone)
	}
	if got := names(t, db); !slices.Equal(got, []string{"a"}) {
		t.Errorf("committed: %v", got)
	}
}

func TestAGroupIsBounded(t *testing.T) {
	db := grouping(t)
	db.Groups(2, time.Hour)
	seen := 0
	third := func(context.Context, *sql.Tx) error { seen = len(names(t, db)); return nil }
	inOneGroup(db, insert("a", 1), insert("b", 1), third)
	if seen != 2 {
		t.Errorf("the third saw %d committed rows, want the two of the full group", seen)
	}
}

// Whoever is told of success is in the database, and nobody else is.
func TestTheDatabaseHoldsExactlyTheSuccessfulWriters(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		db.Groups(5, time.Hour)
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			kinds := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "good", "error", "panic", "ended", "duplicate"}), 1, 12).Draw(t, "writers")
			run++
			want := []string{}
			told := make([]error, len(kinds))
			var all sync.WaitGroup
			for i, kind := range kinds {
				name := fmt.Sprintf("%d-%02d", run, i)
				all.Go(func() {
					told[i] = caught(func() error { return oneOf(db, kind, name) })
				})
			}
			all.Wait()
			for i, kind := range kinds {
				if (kind == "good") != (told[i] == nil) {
					t.Fatalf("%s was told %v", kind, told[i])
				}
				if told[i] == nil {
					want = append(want, fmt.Sprintf("%d-%02d", run, i))
				}
			}
			got := []string{}
			for _, name := range names(t, db) {
				if len(name) > 3 && name[:len(name)-3] == fmt.Sprint(run) {
					got = append(got, name)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("the database holds %v, told of success were %v", got, want)
			}
		})
	})
}

// oneOf writes a row and then does what its kind says.
func oneOf(db *sqldb.DB, kind, name string) error {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	return db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := insert(name, 1)(ctx, tx); err != nil {
			return err
		}
		switch kind {
		case "error":
			return errors.New("refused")
		case "panic":
			panic("a bug")
		case "ended":
			end()
		case "duplicate":
			return insert(name, 2)(ctx, tx)
		}
		return nil
	})
}
