package journal

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// asker is what *sql.DB and *sql.Tx have in common.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// storedHashes reads the tree's hashes for package tlog and remembers them.
type storedHashes struct {
	ctx   context.Context // of one call, for tlog.HashReader has no place for it
	from  asker
	known map[int64]tlog.Hash
}

func newStoredHashes(ctx context.Context, from asker) *storedHashes {
	return &storedHashes{ctx: ctx, from: from, known: map[int64]tlog.Hash{}}
}

// ReadHashes is tlog.HashReader.
func (h *storedHashes) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	var missing []any
	var marks []string
	for _, p := range positions {
		if _, ok := h.known[p]; !ok {
			missing = append(missing, p)
			marks = append(marks, "$"+strconv.Itoa(len(missing)))
		}
	}
	if len(missing) > 0 {
		if err := h.load(`SELECT position, hash FROM journal_hash WHERE position IN (`+strings.Join(marks, ",")+`)`, missing...); err != nil {
			return nil, err
		}
	}
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		hash, ok := h.known[p]
		if !ok {
			return nil, fmt.Errorf("journal: the stored hash %d is missing", p)
		}
		out[i] = hash
	}
	return out, nil
}

func (h *storedHashes) load(query string, args ...any) error {
	rows, err := h.from.QueryContext(h.ctx, query, args...)
	if err != nil {
		return fmt.Errorf("journal: reading hashes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var position int64
		var stored []byte
		if err := rows.Scan(&position, &stored); err != nil {
			return fmt.Errorf("journal: reading hashes: %w", err)
		}
		if hash, ok := asHash(stored); ok { // one of another length counts as missing
			h.known[position] = hash
		}
	}
	return rows.Err()
}

func asHash(stored []byte) (tlog.Hash, bool) {
	var hash tlog.Hash
	copy(hash[:], stored)
	return hash, len(stored) == len(hash)
}
