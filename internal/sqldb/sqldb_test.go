package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

var tables = fstest.MapFS{
	"sql/0001_first.sql": {Data: []byte(`-- +goose Up
CREATE TABLE account (name TEXT PRIMARY KEY, money BIGINT NOT NULL, open BOOLEAN NOT NULL, seal BYTEA);
`)},
}

func migrated(t *testing.T, db *sqldb.DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), tables, "sql"); err != nil {
		t.Fatal(err)
	}
}

func insert(name string, money int64) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO account (name, money, open) VALUES ($1, $2, $3)`, name, money, true)
		return err
	}
}

func count(t *testing.T, db *sqldb.DB) (n int) {
	t.Helper()
	if err := db.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM account`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStoredValuesComeBackExactly(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		seal := []byte("123")
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO account VALUES ($1, $2, $3, $4)`, "甲县", int64(1)<<60, true, seal)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var name string
		var money int64
		var open bool
		var back []byte
		row := db.Read().QueryRowContext(t.Context(), `SELECT name, money, open, seal FROM account WHERE open = TRUE`)
		if err := row.Scan(&name, &money, &open, &back); err != nil {
			t.Fatal(err)
		}
		if name != "甲县" || money != 1<<60 || !open || string(back) != "123" {
			t.Errorf("got %q %d %v %q", name, money, open, back)
		}
	})
}

// A pooler that shares connections between transactions cannot keep prepared
// statements; these two query modes do without.
func TestTheQueryModeIsConfigurable(t *testing.T) {
	for _, mode := range []string{"exec", "simple_protocol"} {
		for _, engine := range testkit.Engines(t) {
			if engine.Name != sqldb.Postgres {
				continue
			}
			db := testkit.Open(t, engine.Address+"&default_query_exec_mode="+mode, sqldb.Options{})
			migrated(t, db)
			err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO account VALUES ($1, $2, $3, $4)`, "甲'县", int64(1)<<60, true, []byte{0, 255})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var seal []byte
			row := db.Read().QueryRowContext(t.Context(), `SELECT seal FROM account WHERE name = $1 AND money > $2 AND open = $3`, "甲'县", 5, true)
			if err := row.Scan(&seal); err != nil || !slices.Equal(seal, []byte{0, 255}) {
				t.Errorf("%s: %v (%v)", mode, seal, err)
			}
		}
	}
}

func TestReadRefusesAWrite(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		if _, err := db.Read().ExecContext(t.Context(), `DELETE FROM account`); err == nil {
			t.Error("a question could delete")
		}
	})
}

// So a failover is followed: of several hosts the one is taken that takes writes.
func TestAHostThatTakesWritesIsAskedAndReadStillRefusesAWrite(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name != sqldb.Postgres {
			continue
		}
		u, err := url.Parse(engine.Address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("target_session_attrs", "read-write")
		u.RawQuery = q.Encode()
		db := testkit.Open(t, u.String(), sqldb.Options{})
		migrated(t, db)
		if n := count(t, db); n != 0 {
			t.Errorf("%d rows", n)
		}
		if _, err := db.Read().ExecContext(t.Context(), `INSERT INTO account (name, money, open) VALUES ('a', 1, true)`); err == nil {
			t.Error("Read wrote")
		}
	}
}

func TestAnErrorRollsBackAndIsReturnedAsItIs(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		refusal := fault.New(fault.Conflict, "task.closed")
		calls := 0
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			calls++
			if err := insert("a", 1)(ctx, tx); err != nil {
				return err
			}
			return refusal
		})
		if err != error(refusal) || calls != 1 || count(t, db) != 0 {
			t.Errorf("error %v after %d calls, %d rows", err, calls, count(t, db))
		}
	})
}

func TestAPanicRollsBackAndTheWriterIsFreeAgain(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				insert("a", 1)(ctx, tx)
				panic("a bug")
			})
		}()
		if err := db.Write(t.Context(), insert("b", 1)); err != nil || count(t, db) != 1 {
			t.Errorf("next write: %v, %d rows", err, count(t, db))
		}
	})
}

func TestACancelledWriteIsNotCommitted(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			err := insert("a", 1)(ctx, tx)
			cancel()
			return err
		})
		if !errors.Is(err, context.Canceled) || errors.Is(err, sqldb.ErrOutcomeUnknown) || count(t, db) != 0 {
			t.Errorf("error %v, %d rows", err, count(t, db))
		}
	})
}

func TestADuplicateKeyIsRecognised(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrated(t, db)
		if err := db.Write(t.Context(), insert("a", 1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), insert("a", 2)); !sqldb.IsDuplicate(err) {
			t.Errorf("got %v", err)
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO account (name, money, open) VALUES ('b', NULL, TRUE)`)
			return err
		})
		if err == nil || sqldb.IsDuplicate(err) {
			t.Errorf("a missing value is no duplicate: %v", err)
		}
	})
}

// Two transactions read the same sum and each add to it: without SERIALIZABLE
// one addition would be lost.
func TestConcurrentWritersLoseNoUpdate(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			none := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
			db := testkit.Open(t, engine.Address, sqldb.Options{Attempts: 1000, Pause: none})
			migrated(t, db)
			if err := db.Write(t.Context(), insert("sum", 0)); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					for range 10 {
						if err := db.Write(t.Context(), addOne); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			var money int64
			if err := db.Read().QueryRowContext(t.Context(), `SELECT money FROM account`).Scan(&money); err != nil || money != 40 {
				t.Errorf("the sum is %d (%v), want 40", money, err)
			}
		})
	}
}

func addOne(ctx context.Context, tx *sql.Tx) error {
	var money int64
	if err := tx.QueryRowContext(ctx, `SELECT money FROM account WHERE name = 'sum'`).Scan(&money); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE account SET money = $1 WHERE name = 'sum'`, money+1)
	return err
}

func TestTwoServersMigrateAtOnce(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name == sqldb.SQLite {
			continue // one process per file; see Migrate
		}
		first, second := testkit.Open(t, engine.Address, sqldb.Options{}), testkit.Open(t, engine.Address, sqldb.Options{})
		var all sync.WaitGroup
		for _, db := range []*sqldb.DB{first, second} {
			all.Go(func() {
				if err := db.Migrate(context.Background(), tables, "sql"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := first.Write(t.Context(), insert("a", 1)); err != nil {
			t.Error(err)
		}
	}
}

func TestMigratingAgainRunsOnlyWhatIsNewInWhateverOrder(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		late := fstest.MapFS{"sql/0100_late.sql": {Data: []byte("-- +goose Up\nCREATE TABLE late (id TEXT);\n")}}
		if err := db.Migrate(t.Context(), late, "sql"); err != nil {
			t.Fatal(err)
		}
		late["sql/0001_first.sql"] = tables["sql/0001_first.sql"]
		for range 2 {
			if err := db.Migrate(t.Context(), late, "sql"); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d rows", n)
		}
		broken := fstest.MapFS{"sql/0200_broken.sql": {Data: []byte("-- +goose Up\nCREATE TABEL x (id TEXT);\n")}}
		if err := db.Migrate(t.Context(), broken, "sql"); err == nil || !strings.Contains(err.Error(), "version:200") {
			t.Errorf("the number of a broken file must be named: %v", err)
		}
	})
}

func TestTheFileIsSafeAgainstACrash(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "名字 with %41 ? & #.db")
	db := testkit.Open(t, address, sqldb.Options{})
	err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
			var got string
			if err := tx.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimPrefix(address, "sqlite:")); err != nil {
		t.Error("the file has another name:", err)
	}
}

func TestAnAddressOfNoEngineIsRefused(t *testing.T) {
	for _, address := range []string{"", "mysql://x", "sqlite:", "sqlite::memory:", "test.db", "postgres://%zz"} {
		if db, err := sqldb.Open(t.Context(), address, sqldb.Options{}); err == nil {
			db.Close()
			t.Errorf("%q was opened", address)
		}
	}
}

// modernc.org/sqlite is a translation of C that only fits the libc it was made
// with; another tool's requirement may lift libc alone without a word.
func TestSQLiteAndItsLibcAreThePairThatWasTried(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for module, version := range map[string]string{"modernc.org/sqlite": "v1.60.1", "modernc.org/libc": "v1.77.1"} {
		if !strings.Contains(string(text), fmt.Sprintf("%s %s\n", module, version)) &&
			!strings.Contains(string(text), fmt.Sprintf("%s %s //", module, version)) {
			t.Errorf("go.mod does not take %s %s", module, version)
		}
	}
}
