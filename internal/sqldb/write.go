package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
)

// ErrOutcomeUnknown says that the connection was lost while a commit was under
// way: the write may have happened or not. Whoever sent it must look, or send it
// again under the same idempotency key.
var ErrOutcomeUnknown = errors.New("sqldb: it is not known whether the write was committed")

// pauses between attempts: the first is at most firstPause, each later one twice
// as long, none above longestPause.
const (
	firstPause   = 5 * time.Millisecond
	longestPause = 500 * time.Millisecond
)

// Write runs f in one write transaction and commits when f returns nil. Any
// error or panic of f rolls back; the error is returned as it is.
//
// When the database refuses the transaction because it clashed with another
// one, f runs again in a new transaction, so f must leave nothing behind outside
// the transaction but what it overwrites. After the last attempt the error is the
// fault "database.busy". After a commit without an answer it is the fault
// "database.outcome-unknown", for which errors.Is(err, ErrOutcomeUnknown) holds.
//
// f must hand its own context to the statements and must not end the transaction.
// A context that ends stops f; it does not cut a commit that has begun.
//
// On SQLite writers that wait for each other share a commit (see tryShared).
func (db *DB) Write(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	longest := firstPause
	for attempt := 1; ; attempt++ {
		err := db.try(ctx, f)
		if err == nil || !isClash(err) || errors.Is(err, ErrOutcomeUnknown) {
			return err
		}
		if attempt >= db.attempts {
			return fault.New(fault.Busy, "database.busy", "Attempts", attempt).Because(err)
		}
		if err := db.pause(ctx, time.Duration((0.5+db.jitter()/2)*float64(longest))); err != nil {
			return fmt.Errorf("sqldb: waiting to try a write again: %w", err)
		}
		longest = min(2*longest, longestPause)
	}
}

// try is one attempt.
func (db *DB) try(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	if db.engine == SQLite {
		return db.tryShared(ctx, f)
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqldb: waiting for a connection to write: %w", err)
	}
	defer conn.Close()
	// Not cancelled with ctx, so that nothing but a lost connection can leave the
	// outcome of a commit open.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return fmt.Errorf("sqldb: beginning a write: %w", err)
	}
	defer tx.Rollback() // after an error or a panic of f; does nothing after a commit
	if err := f(ctx, tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("sqldb: before committing: %w", err)
	}
	if err := checkConnected(conn); err != nil {
		return fmt.Errorf("sqldb: before committing: %w", err)
	}
	return commit(tx)
}

// commit ends a transaction and says whether it is known what became of it.
func commit(tx *sql.Tx) error {
	err := tx.Commit()
	switch {
	case err == nil:
		return nil
	case isRolledBack(err):
		return fmt.Errorf("sqldb: committing: %w", err)
	}
	return fault.New(fault.Busy, "database.outcome-unknown").Because(fmt.Errorf("%w: %w", ErrOutcomeUnknown, err))
}

// checkConnected returns an error when the connection is known to be gone, in
// which case a commit would not be sent and its outcome is no riddle.
func checkConnected(conn *sql.Conn) error {
	return conn.Raw(func(driverConn any) error {
		if pg, ok := driverConn.(*stdlib.Conn); ok && pg.Conn().IsClosed() {
			return pgconn.ErrConnClosed
		}
		return nil
	})
}

// The result codes of SQLite that matter here (https://www.sqlite.org/rescode.html).
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteIOError    = 10
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteRowID      = 2579
)

// isClash reports whether another transaction is to blame and a new attempt may
// succeed: 40001 serialization failure and 40P01 deadlock on PostgreSQL, a busy
// or locked file on SQLite.
func isClash(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		primary := lite.Code() & 0xff
		return primary == sqliteBusy || primary == sqliteLocked
	}
	return false
}

// isRolledBack reports whether a failed commit certainly did not happen. A
// server that answers with a plain error has rolled back; a fatal error, a lost
// connection or a failed disk leaves it open. pgconn.SafeToRetry is no help here:
// pgx 5.12.0 says yes of a connection that broke after the commit was sent.
func isRolledBack(err error) bool {
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, pgx.ErrTxCommitRollback) {
		return true
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		plain := pg.SeverityUnlocalized == "ERROR" || (pg.SeverityUnlocalized == "" && pg.Severity == "ERROR")
		return plain && pg.Code != "40003" && (len(pg.Code) < 2 || pg.Code[:2] != "08")
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return lite.Code()&0xff != sqliteIOError
	}
	return false
}

// IsDuplicate reports whether err says that a row with this unique key exists.
// On PostgreSQL the transaction is then spent; where a duplicate is expected,
// write ON CONFLICT instead.
func IsDuplicate(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		code := lite.Code()
		return code == sqliteUnique || code == sqlitePrimaryKey || code == sqliteRowID
	}
	return false
}
