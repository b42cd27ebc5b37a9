package sqldb

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the tables up to the newest of the goose files NNNN_name.sql in
// the folder dir. Files already run are not run again; one that appears later
// with a lower number is run too, because the folder merges the files of several
// packages, each with its own range of numbers. It returns nil when there is
// nothing to do.
//
// Two servers that start at once on PostgreSQL take turns by a row of the table
// goose_lock (a crashed one's turn ends after 30 seconds). On SQLite each file
// runs in its own transaction; a second process that starts in the same instant
// fails with an error and may be started again.
func (db *DB) Migrate(ctx context.Context, files fs.FS, dir string) error {
	folder, err := fs.Sub(files, dir)
	if err != nil {
		return fmt.Errorf("sqldb: migrating: %w", err)
	}
	// Two servers can also meet while the lock's own table is being made; the one
	// that lost finds it there the next time.
	for attempt := 1; ; attempt++ {
		err := db.migrate(ctx, folder)
		if err == nil {
			return nil
		}
		if attempt >= db.attempts || !(IsDuplicate(err) || isClash(err)) {
			return fmt.Errorf("sqldb: migrating: %w", err)
		}
		if err := db.pause(ctx, longestPause); err != nil {
			return fmt.Errorf("sqldb: waiting to migrate: %w", err)
		}
	}
}

func (db *DB) migrate(ctx context.Context, folder fs.FS) error {
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
	_, err = provider.Up(ctx)
	return err
}
