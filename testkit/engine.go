// Package testkit is what tests share; only tests import it.
//
// EachEngine runs a test on a fresh database of both engines; Clock is a clock
// that stands still until told. PostgreSQL comes from the environment variable
// GONGJIAN_TEST_POSTGRES (the postgres:// address of a server where tests may make
// schemas) or is started for the test process from the programs installed here
// and ends with it. SKIP_POSTGRES=1 leaves it out, which one line on stderr says;
// without it a missing PostgreSQL fails the test.
package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongjian/internal/sqldb"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", to make schemas
)

// Engine is one fresh, empty database.
type Engine struct {
	Name    string // sqldb.SQLite or sqldb.Postgres
	Address string // for sqldb.Open
}

// Engines returns a fresh database of each engine. They go away with the test.
func Engines(t testing.TB) []Engine {
	t.Helper()
	engines := []Engine{{sqldb.SQLite, "sqlite:" + filepath.Join(t.TempDir(), "test.db")}}
	if os.Getenv("SKIP_POSTGRES") == "1" {
		sayOnce.Do(func() {
			fmt.Fprintln(os.Stderr, "testkit: SKIP_POSTGRES=1, so these tests ran on SQLite only")
		})
		return engines
	}
	return append(engines, Engine{sqldb.Postgres, freshSchema(t)})
}

// EachEngine runs f as a subtest on a fresh, empty database of each engine.
// Migrations are f's affair.
func EachEngine(t *testing.T, f func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	for _, engine := range Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { f(t, Open(t, engine.Address, sqldb.Options{})) })
	}
}

// Open opens a database and closes it with the test.
func Open(t testing.TB, address string, o sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

var (
	sayOnce sync.Once
	schemas atomic.Int64
)

// freshSchema makes a schema and returns an address whose search_path is only it:
// some milliseconds, where a database of its own takes a tenth of a second.
func freshSchema(t testing.TB) string {
	t.Helper()
	server, err := startPostgres()
	if err != nil {
		t.Fatalf("testkit: no PostgreSQL to test on: %v. Install the Debian package postgresql, "+
			"or set GONGJIAN_TEST_POSTGRES to the postgres:// address of a server where tests may make schemas, "+
			"or set SKIP_POSTGRES=1 to test on SQLite only", err)
	}
	name := fmt.Sprintf("test_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), schemas.Add(1))
	execute(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { execute(t, server, "DROP SCHEMA "+name+" CASCADE") })
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", name)
	address.RawQuery = query.Encode()
	return address.String()
}

func execute(t testing.TB, address, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("testkit: %s: %v", statement, err)
	}
}

// Clock is a clock for tests. It stands still until Set or Advance; many
// goroutines may use it. Its zero value shows the zero time.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that shows now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set makes the clock show now.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Advance moves the clock on by d, or back when d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
