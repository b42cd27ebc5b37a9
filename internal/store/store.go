// Package store holds all SQL of the domain. Questions are asked through a View,
// which is bound to what its caller may see; changes are made through a Tx,
// which only Act makes.
//
// Words. An act is one thing that somebody did: it happens in one transaction
// together with its journal entry. A receipt is what the doer is given for it.
//
// Laws.
//   - No entry, no act: Act commits only after the act was permitted (Tx.Require)
//     and described (Tx.Record), and the entry is in the same transaction.
//   - Attempts that were refused by permission or by state are entered too.
//   - The same key by the same person is the same act: it is answered with the
//     first receipt and done once.
//   - A view of the zero scope sees nothing. What lies out of scope answers as
//     if it did not exist.
//   - What is derived (figures, lights, closure of units) is written by one
//     function each and can be recounted from the tables.
package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
)

//go:embed migration/*.sql
var migrations embed.FS

// Store is the database with its rules of access.
type Store struct {
	db        *sqldb.DB
	policies  *org.Policies
	clock     func() time.Time
	random    io.Reader
	workdays  calendar.Workdays
	rules     task.Rulebook
	ids       *idMaker
	bulk      *sql.Tx // set while a rehearsal runs: acts join this transaction
	watch     func(org.Action, string, time.Duration)
	held      counts
	read      readings
	directory *directory
	counts    func(*Tx) error // what an act of an errand's portion counts: see During
}

// Config is what a store needs from outside.
type Config struct {
	Policies *org.Policies
	Clock    func() time.Time
	Random   io.Reader // for identifiers; crypto/rand.Reader in earnest
	Workdays calendar.Workdays
	Rules    task.Rulebook
	// Watch is told of every act after it ended: what, with which outcome (done,
	// again, refused, mend, failed), and how long it took. Nil tells nobody.
	Watch func(action org.Action, outcome string, took time.Duration)
}

// New binds a database to its rules. Migrate must have been run.
func New(db *sqldb.DB, c Config) *Store {
	return &Store{db: db, policies: c.Policies, clock: c.Clock, random: c.Random, workdays: c.Workdays, rules: c.Rules, ids: &idMaker{}, watch: c.Watch,
		held: newCounts(), read: newReadings(), directory: &directory{}}
}

// Migrate brings the tables of the domain and of the journal up to date; with
// versions, runs those migrations only.
func Migrate(ctx context.Context, db *sqldb.DB, versions ...int64) error {
	all, err := allMigrations()
	if err != nil {
		return err
	}
	return db.Migrate(ctx, all, "migration", versions...)
}

// Versions returns the numbers of all migrations that this program knows, in order.
func Versions() ([]int64, error) {
	all, err := allMigrations()
	if err != nil {
		return nil, err
	}
	var out []int64
	for name := range all {
		number, _, _ := strings.Cut(path.Base(name), "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("store: the migration %s has no number", name)
		}
		out = append(out, v)
	}
	slices.Sort(out)
	return out, nil
}

// Pending returns the numbers of the migrations that the database lacks, and of
// those in it that this program does not know: a newer program has been here.
func Pending(ctx context.Context, db *sqldb.DB) (lacks, unknown []int64, err error) {
	own, err := Versions()
	if err != nil {
		return nil, nil, err
	}
	there, err := db.Applied(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("store: %w", err)
	}
	return without(own, there), without(there, own), nil
}

func without(all, some []int64) (out []int64) {
	for _, v := range all {
		if !slices.Contains(some, v) {
			out = append(out, v)
		}
	}
	return out
}

func allMigrations() (fstest.MapFS, error) {
	all := fstest.MapFS{}
	for _, from := range []fs.FS{journal.Migrations, migrations} {
		names, err := fs.Glob(from, "migration/*.sql")
		if err != nil {
			return nil, fmt.Errorf("store: listing migrations: %w", err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, fmt.Errorf("store: reading migration %s: %w", name, err)
			}
			all[name] = &fstest.MapFile{Data: b, Mode: 0o444}
		}
	}
	return all, nil
}

// Explain returns the fault for an error of a database that is away or full; front
// ends ask for it before they answer with an error.
func Explain(err error) (*fault.Fault, bool) { return sqldb.Explain(err) }

// Now returns the store's clock.
func (s *Store) Now() time.Time { return s.clock() }

// Today returns the civil day in China by the store's clock.
func (s *Store) Today() calendar.Date { return calendar.DateOf(s.clock()) }

// Workdays returns the calendar of working days.
func (s *Store) Workdays() calendar.Workdays { return s.workdays }

// Rules returns the province's rules in force today.
func (s *Store) Rules() task.Ruleset { return s.rules.On(s.Today()) }

// Rulebook returns all rules that the province has had.
func (s *Store) Rulebook() task.Rulebook { return s.rules }

// Policies returns the policies that decide.
func (s *Store) Policies() *org.Policies { return s.policies }

// newID returns a version 7 UUID made from the store's clock and random source.
func (s *Store) newID() string { return s.ids.next(s.clock(), s.random) }

// idMaker makes identifiers that sort by the time they were made, those of one
// process and millisecond by a counter (RFC 9562 §6.2, method 1). A clock that
// goes back does not make them go back.
type idMaker struct {
	mu    sync.Mutex
	at    int64
	count uint16
}

func (m *idMaker) next(now time.Time, random io.Reader) string {
	var u uuid.UUID
	if _, err := io.ReadFull(random, u[:]); err != nil {
		panic("store: the random source failed: " + err.Error()) // nothing can go on without it
	}
	m.mu.Lock()
	if at := now.UnixMilli(); at > m.at {
		m.at, m.count = at, 0
	} else if m.count++; m.count > 0xfff {
		m.at, m.count = m.at+1, 0 // 4,096 in a millisecond: borrow from the next
	}
	at, count := m.at, m.count
	m.mu.Unlock()
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at))
	copy(u[:6], ms[2:])
	u[6], u[7] = 0x70|byte(count>>8), byte(count)
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// write runs f in one transaction: its own, or the rehearsal's.
func (s *Store) write(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	if s.bulk != nil {
		return f(ctx, s.bulk)
	}
	return s.db.Write(ctx, f)
}

// asking returns where questions go: to the rehearsal, while one runs, so that
// they see what it has done.
func (s *Store) asking() queryer {
	if s.bulk != nil {
		return s.bulk
	}
	return s.db.Read()
}

// Rehearse runs many acts as one transaction, by a clock of their own: that is
// how sample data is made by real acts, with permissions, rules and journal.
// The store given to f must not be used after f returns.
func (s *Store) Rehearse(ctx context.Context, clock func() time.Time, f func(*Store) error) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		c := *s
		c.clock, c.bulk = clock, tx
		if err := f(&c); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from tally`); err != nil {
			return fmt.Errorf("store: counting rows of plans: %w", err)
		}
		if _, err := tx.ExecContext(ctx, tallyAll); err != nil {
			return fmt.Errorf("store: counting rows of plans: %w", err)
		}
		_, err := tx.ExecContext(ctx, `delete from setting where name = $1`, countedSetting) // it has counted nothing
		return err
	})
}

// Setting returns a named setting, or "" when it is not set.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var v string
	err := s.db.Read().QueryRowContext(ctx, `select value from setting where name = $1`, name).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// SetSetting stores a named setting of the operator's (not an act of a user).
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into setting (name, value) values ($1, $2)
			on conflict (name) do update set value = excluded.value`, name, value)
		return err
	})
}

// queryer is what both a transaction and a pool can do; questions that acts and
// pages share take it.
type queryer interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// collect reads all rows by scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("store: asking: %w", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("store: reading a row: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: reading rows: %w", err)
	}
	return out, nil
}
