package sqldb

import (
	"context"
	"fmt"
	"time"
)

// Waiting is how many writers wait for the place of a file's one writer.
func (db *DB) Waiting() int {
	db.place.mu.Lock()
	defer db.place.mu.Unlock()
	return len(db.place.waiting)
}

// Groups sets when a group takes nobody in any more.
func (db *DB) Groups(largest int, longest time.Duration) {
	db.place.largest, db.place.longest = largest, longest
}

// Limit sets how many pages the file may have.
func (db *DB) Limit(ctx context.Context, pages int) error {
	var now int
	return db.write.QueryRowContext(ctx, fmt.Sprintf(`pragma max_page_count = %d`, pages)).Scan(&now)
}
