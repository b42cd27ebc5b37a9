package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gongjian/internal/sqldb"
)

var oneThing = fstest.MapFS{
	"sql/0001_thing.sql": {Data: []byte("-- +goose Up\nCREATE TABLE thing (name TEXT);\nINSERT INTO thing VALUES ('first');\n")},
}

func TestMain(m *testing.M) { RunMain(m) }

func TestEveryEngineStartsEmptyAndApart(t *testing.T) {
	for range 2 {
		EachEngine(t, func(t *testing.T, db *sqldb.DB) {
			if err := db.Migrate(t.Context(), oneThing, "sql"); err != nil {
				t.Fatal(err)
			}
			// A database met again has one more than the migration made.
			err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO thing VALUES ('second')`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := db.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM thing`).Scan(&n); err != nil || n != 2 {
				t.Errorf("%d things (%v), want 2", n, err)
			}
		})
	}
}

func TestSkippingPostgreSQLLeavesSQLite(t *testing.T) {
	t.Setenv("SKIP_POSTGRES", "1")
	if engines := Engines(t); len(engines) != 1 || engines[0].Name != sqldb.SQLite {
		t.Errorf("%v", engines)
	}
}

// failing is a test that remembers why it failed.
type failing struct {
	testing.TB
	reason string
}

func (f *failing) Helper() {}
func (f *failing) Fatalf(format string, args ...any) {
	f.reason = fmt.Sprintf(format, args...)
	panic(f)
}

func TestAMissingPostgreSQLFailsAndSaysWhatToInstall(t *testing.T) {
	t.Setenv("SKIP_POSTGRES", "")
	server.Lock()
	address, err := server.address, server.err
	server.address, server.err = "", errors.New("initdb is nowhere")
	server.Unlock()
	defer func() {
		server.Lock()
		server.address, server.err = address, err
		server.Unlock()
	}()
	f := &failing{TB: t}
	func() {
		defer func() { recover() }()
		Engines(f)
	}()
	for _, part := range []string{"initdb is nowhere", "Install the Debian package postgresql", "GONGJIAN_TEST_POSTGRES", "SKIP_POSTGRES=1"} {
		if !strings.Contains(f.reason, part) {
			t.Errorf("%q does not say %q", f.reason, part)
		}
	}
}

func TestTheClockStandsUntilTold(t *testing.T) {
	start := time.Date(2010, 6, 7, 0, 0, 0, 0, time.UTC)
	clock := NewClock(start)
	for range 2 {
		if !clock.Now().Equal(start) {
			t.Error("it moves by itself")
		}
	}
	clock.Advance(time.Hour)
	if !clock.Now().Equal(start.Add(time.Hour)) {
		t.Error(clock.Now())
	}
	clock.Set(start)
	if !clock.Now().Equal(start) {
		t.Error(clock.Now())
	}
}
