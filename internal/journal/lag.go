package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gongjian/internal/sqldb"
)

// Lag returns how many entries wait to be folded and the instant of the oldest of
// them; the zero time when none waits. It reads the index of those alone.
func Lag(ctx context.Context, db *sqldb.DB) (waiting int64, oldest time.Time, err error) {
	var at sql.NullInt64
	err = db.Read().QueryRowContext(ctx, `SELECT count(*), min(at) FROM journal_entry `+unfolded(db)).Scan(&waiting, &at)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("journal: counting waiting entries: %w", err)
	}
	if at.Valid {
		oldest = time.UnixMicro(at.Int64).UTC()
	}
	return waiting, oldest, nil
}

// IsSigned reports whether a checkpoint was ever signed: then there is a key that
// must not be replaced by another.
func IsSigned(ctx context.Context, db *sqldb.DB) (bool, error) {
	var is bool
	if err := db.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM journal_checkpoint)`).Scan(&is); err != nil {
		return false, fmt.Errorf("journal: looking for checkpoints: %w", err)
	}
	return is, nil
}
