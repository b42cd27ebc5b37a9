package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// The engines, as Engine returns them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Options bound the pools and the repeats. The zero value is fit for service.
type Options struct {
	Readers  int // connections for questions; 0 means 8
	Writers  int // connections for writes on PostgreSQL; 0 means 8. SQLite always has one
	Attempts int // how often a clashing write is tried in all; 0 means 8
	// QueryMode is how pgx sends statements, one of QueryModes; "" is what the
	// address says, or "cache_statement". Poolers that share connections between
	// transactions need "exec". SQLite does not know it.
	QueryMode string

	// Pause waits before the next attempt and returns early with the error of a
	// context that ends. Nil means a real timer.
	Pause func(context.Context, time.Duration) error
	// Jitter returns a number in [0,1) that spreads the pauses of clashing writers.
	// Nil means math/rand.
	Jitter func() float64
	// Heard is told each statement that a write runs on SQLite, before it runs. It is
	// for counting; nil means nobody listens.
	Heard func(statement string)
	// Asked is told each statement of the pool for questions on SQLite, with its values,
	// before it runs, by several goroutines at once. It is for looking at how the
	// engine answers; nil means nobody listens.
	Asked func(query string, values []any)
}

// QueryModes are the names that pgx has for its ways of sending statements.
var QueryModes = []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"}

// Pool is the state of one of the pools.
type Pool struct {
	Name      string // "read" or "write"
	Open      int    // connections
	InUse     int
	Limit     int
	Waited    int64         // how often a connection had to be waited for
	WaitedFor time.Duration // all waits together
}

// Pools returns the state of both pools.
func (db *DB) Pools() []Pool {
	var out []Pool
	for name, pool := range map[string]*sql.DB{"read": db.read, "write": db.write} {
		s := pool.Stats()
		out = append(out, Pool{name, s.OpenConnections, s.InUse, s.MaxOpenConnections, s.WaitCount, s.WaitDuration})
	}
	return out
}

// DB is an open database of either engine. It is safe for use by many goroutines.
type DB struct {
	engine   string
	read     *sql.DB
	write    *sql.DB
	attempts int
	pause    func(context.Context, time.Duration) error
	jitter   func() float64
	place    place // of the one writer of a file
}

// Open connects to the database that address names and tries one connection.
//
//   - "sqlite:PATH" is a file, made when it is missing (its folder must exist). It
//     runs in WAL mode and every commit is synced (synchronous=FULL).
//   - "postgres://…" is a server, with the parameters of pgx: several hosts with
//     target_session_attrs=read-write follow a failover; behind a pooler that
//     shares connections between transactions add default_query_exec_mode=exec.
//     Such a pooler cannot hold a session read-only, so there the database itself
//     does not refuse a write through Read.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	db := &DB{attempts: o.Attempts, pause: o.Pause, jitter: o.Jitter, place: place{largest: largestGroup, longest: longestGroup}}
	if db.attempts <= 0 {
		db.attempts = 8
	}
	if db.pause == nil {
		db.pause = wait
	}
	if db.jitter == nil {
		db.jitter = rand.Float64
	}
	var err error
	switch path, isFile := strings.CutPrefix(address, "sqlite:"); {
	case isFile:
		err = db.openSQLite(path, o)
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		err = db.openPostgres(address, o)
	default:
		err = errors.New("the address must begin with sqlite: or postgres://")
	}
	if err != nil {
		return nil, fmt.Errorf("sqldb: opening the database: %w", err)
	}
	db.read.SetMaxOpenConns(positive(o.Readers, 8))
	db.read.SetMaxIdleConns(positive(o.Readers, 8))
	// The writer goes first: on a new SQLite file it is what turns WAL mode on.
	if err := db.write.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqldb: connecting: %w", err), db.Close())
	}
	if err := db.read.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqldb: connecting for questions: %w", err), db.Close())
	}
	return db, nil
}

// openSQLite makes one connection for writes, which takes the write lock when
// its transaction begins, and several that can only read.
func (db *DB) openSQLite(path string, o Options) error {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return errors.New("sqlite: needs the path of a file")
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	full = filepath.ToSlash(full)
	if !strings.HasPrefix(full, "/") {
		full = "/" + full // a drive letter
	}
	file := "file://" + (&url.URL{Path: full}).EscapedPath() + "?_busy_timeout=5000&_foreign_keys=on&_dqs=0"
	db.engine = SQLite
	write, err := newKeeping(file+"&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate", true)
	if err != nil {
		return err
	}
	write.heard = o.Heard
	read, err := newKeeping(file+"&_query_only=on", false)
	if err != nil {
		return err
	}
	read.asked = o.Asked
	db.write, db.read = sql.OpenDB(write), sql.OpenDB(read)
	db.write.SetMaxOpenConns(1)
	return nil
}

// openPostgres makes a pool for writes and a pool whose sessions are read-only.
func (db *DB) openPostgres(address string, o Options) error {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return err // pgx leaves the password out of it
	}
	if o.QueryMode != "" {
		mode := slices.Index(QueryModes, o.QueryMode)
		if mode < 0 {
			return fmt.Errorf("postgres: no query mode %q; there are %s", o.QueryMode, strings.Join(QueryModes, ", "))
		}
		config.DefaultQueryExecMode = []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe,
			pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol}[mode]
	}
	if !strings.Contains(address, "connect_timeout=") {
		config.ConnectTimeout = 5 * time.Second // who waits for a page does not wait longer
	}
	db.engine = Postgres
	// A page's question that is dear by estimate would be compiled anew in each session,
	// a tenth of a second for what then takes a hundredth.
	const plain = "set jit = off"
	var writing, reading []stdlib.OptionOpenDB
	if !sharesSessions(config.DefaultQueryExecMode) {
		// Reads go to the leader, too: a follower may be behind what the caller has just
		// written. So a session becomes read-only when it is there; one that asked for it at
		// the door would not pass where target_session_attrs wants a host that takes writes.
		writing, reading = after(plain), after(plain+"; set default_transaction_read_only = on")
	}
	db.write = stdlib.OpenDB(*config, writing...)
	db.write.SetMaxOpenConns(max(positive(o.Writers, 8), 2)) // migrations hold one and lock with another
	db.write.SetMaxIdleConns(positive(o.Writers, 8))
	db.read = stdlib.OpenDB(*config.Copy(), reading...)
	return nil
}

// after are the options of sessions that begin with some settings.
func after(settings string) []stdlib.OptionOpenDB {
	return []stdlib.OptionOpenDB{stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, settings)
		return err
	})}
}

// sharesSessions guesses from the query mode whether a pooler stands between.
func sharesSessions(mode pgx.QueryExecMode) bool {
	return mode == pgx.QueryExecModeExec || mode == pgx.QueryExecModeSimpleProtocol
}

// Engine is SQLite or Postgres.
func (db *DB) Engine() string { return db.engine }

// Read is for questions. Its connections refuse writes. For several questions
// that must see one state use BeginTx with a read-only, repeatable-read
// transaction; single statements each see the newest state.
func (db *DB) Read() *sql.DB { return db.read }

// Close ends all connections.
func (db *DB) Close() error {
	return errors.Join(db.read.Close(), db.write.Close())
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
