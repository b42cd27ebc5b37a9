package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
)

// Migrate brings the tables up to the newest of the goose files NNNN_name.sql in
// the folder dir. Files already run are not run again; one that appears later
// with a lower number is run too, because the folder merges the files of several
// packages, each with its own range of numbers. It returns nil when there is
// nothing to do.
//
// Two servers that start at once on PostgreSQL take turns by a row of the table
// goose_lock (a crashed one's turn ends after 30 seconds). On SQLite each file
// runs in its own transaction; of two processes that start in the same instant the
// one that lost a file begins again and finds that file done.
//
// Versions named in only are run and no others: a backup is poured into the
// tables that it was taken from.
func (db *DB) Migrate(ctx context.Context, files fs.FS, dir string, only ...int64) error {
	folder, err := fs.Sub(files, dir)
	if err != nil {
		return fmt.Errorf("sqldb: migrating: %w", err)
	}
	// Two servers can also meet while the lock's own table is being made; the one
	// that lost finds it there the next time. On SQLite the one that lost may lose
	// every file, so it goes on for as long as files get done.
	before := -1
	for attempt := 1; ; attempt++ {
		err := db.migrate(ctx, folder, only)
		if err == nil {
			return nil
		}
		if done, asked := db.Applied(ctx); asked == nil && len(done) > before {
			attempt, before = 1, len(done)
		}
		if attempt >= db.attempts || !(IsDuplicate(err) || isClash(err) || isMadeMeanwhile(err)) {
			return fmt.Errorf("sqldb: migrating: %w", err)
		}
		if err := db.pause(ctx, longestPause); err != nil {
			return fmt.Errorf("sqldb: waiting to migrate: %w", err)
		}
	}
}

func (db *DB) migrate(ctx context.Context, folder fs.FS, only []int64) error {
	dialect := goose.DialectSQLite3
	options := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true),
		goose.WithAllowOutofOrder(true),
		goose.WithLogger(goose.NopLogger()),
	}
	if db.engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(200*time.Millisecond, 1500))
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db.write, folder, options...)
	if err != nil {
		return err
	}
	if len(only) == 0 {
		_, err = provider.Up(ctx)
		return err
	}
	for _, version := range only {
		if _, err := provider.ApplyVersion(ctx, version, true); err != nil && !errors.Is(err, goose.ErrAlreadyApplied) {
			return err
		}
	}
	return nil
}

// Applied returns the numbers of the migrations that were run, in order; none
// for a database in which none were.
func (db *DB) Applied(ctx context.Context) ([]int64, error) {
	there := `select exists (select 1 from sqlite_master where name = 'goose_db_version')`
	if db.engine == Postgres {
		there = `select to_regclass('goose_db_version') is not null`
	}
	var is bool
	if err := db.read.QueryRowContext(ctx, there).Scan(&is); err != nil || !is {
		return nil, err
	}
	return applied(ctx, db.read)
}

// Applied returns the numbers of the migrations that the snapshot's tables have seen.
func (s *Snapshot) Applied(ctx context.Context) ([]int64, error) { return applied(ctx, s.tx) }

func applied(ctx context.Context, from interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}) (versions []int64, err error) {
	rows, err := from.QueryContext(ctx, `select distinct version_id from goose_db_version where is_applied and version_id > 0 order by version_id`)
	if err != nil {
		return nil, fmt.Errorf("sqldb: listing migrations: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return nil, fmt.Errorf("sqldb: listing migrations: %w", err)
		}
		versions = append(versions, v)
	}
	return versions, rows.Err()
}

// isMadeMeanwhile reports whether a migration on SQLite found its tables there:
// another process ran it between our look and our turn. SQLite has no code of its
// own for this, so its words have to do.
func isMadeMeanwhile(err error) bool {
	lite := (*sqlite.Error)(nil)
	return errors.As(err, &lite) && (strings.Contains(lite.Error(), "already exists") || strings.Contains(lite.Error(), "duplicate column"))
}
