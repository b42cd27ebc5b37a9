package sqldb

import (
	"context"
	"fmt"
)

// Tend has SQLite look at how its tables are filled, so that it chooses among
// indexes by numbers and not by guesses: it reads about a thousand rows of each
// index that has changed much. Once a day is enough. PostgreSQL does it by itself.
func (db *DB) Tend(ctx context.Context) error {
	if db.engine != SQLite {
		return nil
	}
	// One statement, so that both parts run on one connection.
	if _, err := db.write.ExecContext(ctx, `PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002`); err != nil {
		return fmt.Errorf("sqldb: looking at how tables are filled: %w", err)
	}
	return nil
}
