package journal

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// batchSize is how many entries one transaction folds at most: some tenths of a
// second, so that on SQLite no writer waits long.
const batchSize = 500

// Log is the journal of one database.
type Log struct {
	db     *sqldb.DB
	signer note.Signer
	now    func() time.Time
}

// New returns the journal of the database. The signer signs checkpoints; now is
// the clock for their times.
func New(db *sqldb.DB, signer note.Signer, now func() time.Time) *Log {
	return &Log{db: db, signer: signer, now: now}
}

// Fold gives every waiting entry its place in the tree, in the order of (at,
// id), and signs a checkpoint for each batch in the batch's own transaction. It
// returns how many it folded. Any number of servers may call it at any time: they
// take turns by the row journal_head. An entry that is committed late may have
// an earlier instant than one already folded; its sequence is then later.
//
// Fold refuses to sign when the stored hashes no longer give the root of the
// last head: then the tables have been changed and VerifyDatabase will say where.
func (l *Log) Fold(ctx context.Context) (int, error) {
	total := 0
	for {
		waits, err := l.isAnyWaiting(ctx)
		if err != nil || !waits {
			return total, err
		}
		folded := 0
		err = l.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			var err error
			folded, err = l.foldBatch(ctx, tx)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("journal: folding: %w", err)
		}
		total += folded
		if folded < batchSize {
			return total, nil
		}
	}
}

// isAnyWaiting keeps a folder without work from writing.
func (l *Log) isAnyWaiting(ctx context.Context) (bool, error) {
	var waits bool
	err := l.db.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM journal_entry WHERE sequence IS NULL)`).Scan(&waits)
	if err != nil {
		return false, fmt.Errorf("journal: looking for waiting entries: %w", err)
	}
	return waits, nil
}

// waiting is an entry about to be folded.
type waiting struct {
	id   string
	leaf tlog.Hash
}

// foldBatch is one transaction of Fold.
func (l *Log) foldBatch(ctx context.Context, tx *sql.Tx) (int, error) {
	// Writing first is the lock: it holds the row on PostgreSQL, and on SQLite the
	// transaction has had the only writer's place since it began.
	var size int64
	var root string
	err := tx.QueryRowContext(ctx, `UPDATE journal_head SET folds = folds + 1 WHERE one = 1 RETURNING size, root`).Scan(&size, &root)
	if err != nil {
		return 0, fmt.Errorf("taking the head: %w", err)
	}
	entries, err := l.nextWaiting(ctx, tx)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	hashes := newStoredHashes(ctx, tx)
	if err := checkHead(hashes, size, root); err != nil {
		return 0, err
	}
	numbers, completed := rowsOf{}, rowsOf{}
	for _, e := range entries {
		if err := addLeaf(hashes, e, size, &completed); err != nil {
			return 0, err
		}
		numbers.add(size, e.id)
		size++
	}
	if err := completed.write(ctx, tx, "($%d, $%d)", `INSERT INTO journal_hash (position, hash) VALUES %s`); err != nil {
		return 0, fmt.Errorf("storing hashes: %w", err)
	}
	err = numbers.write(ctx, tx, "(CAST($%d AS BIGINT), $%d)",
		`UPDATE journal_entry SET sequence = v.column1 FROM (VALUES %s) AS v WHERE id = v.column2`)
	if err != nil {
		return 0, fmt.Errorf("giving entries their sequences: %w", err)
	}
	after, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return 0, err
	}
	return len(entries), l.advance(ctx, tx, Checkpoint{Size: size, Root: after, At: l.now()})
}

// checkHead refuses a tree that is not the one of the last head.
func checkHead(hashes *storedHashes, size int64, root string) error {
	before, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	// Rule J-03 (our choice): nothing is signed over a tree that was changed.
	if before.String() != root {
		return fmt.Errorf("the stored hashes of the first %d entries do not give the root of the last head; nothing is signed until the journal has been verified", size)
	}
	return nil
}

func oldestWaiting(db *sqldb.DB) string {
	return `SELECT id, bytes FROM journal_entry ` + unfolded(db) + ` ORDER BY at, id LIMIT $1`
}

// nextWaiting: Rule J-08 (our choice): by instant among those that wait; what was
// folded before stays before, whatever the clock says now.
func (l *Log) nextWaiting(ctx context.Context, tx *sql.Tx) ([]waiting, error) {
	rows, err := tx.QueryContext(ctx, oldestWaiting(l.db), batchSize)
	if err != nil {
		return nil, fmt.Errorf("reading waiting entries: %w", err)
	}
	defer rows.Close()
	var entries []waiting
	for rows.Next() {
		var id string
		var text []byte
		if err := rows.Scan(&id, &text); err != nil {
			return nil, fmt.Errorf("reading waiting entries: %w", err)
		}
		entries = append(entries, waiting{id, tlog.RecordHash(text)})
	}
	return entries, rows.Err()
}

// addLeaf notes the hashes that the entry completes at its place.
func addLeaf(hashes *storedHashes, e waiting, sequence int64, rows *rowsOf) error {
	completed, err := tlog.StoredHashesForRecordHash(sequence, e.leaf, hashes)
	if err != nil {
		return err
	}
	for i, hash := range completed {
		position := tlog.StoredHashIndex(0, sequence) + int64(i)
		hashes.known[position] = hash
		rows.add(position, hash[:])
	}
	return nil
}

// rowsOf are rows of two values, written many at a time: a statement for each
// would make folding on a distant server slower than the acts.
type rowsOf []any

func (r *rowsOf) add(first, second any) { *r = append(*r, first, second) }

// write runs the statement on the rows in groups, with "%s" replaced by their
// placeholders.
func (r rowsOf) write(ctx context.Context, tx *sql.Tx, row, statement string) error {
	for group := range slices.Chunk(r, 2*100) {
		var marks []string
		for i := 1; i < len(group); i += 2 {
			marks = append(marks, fmt.Sprintf(row, i, i+1))
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(statement, strings.Join(marks, ", ")), group...); err != nil {
			return err
		}
	}
	return nil
}

// advance moves the head and keeps the signed checkpoint.
func (l *Log) advance(ctx context.Context, tx *sql.Tx, c Checkpoint) error {
	c, err := signCheckpoint(c, l.signer)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE journal_head SET size = $1, root = $2 WHERE one = 1`, c.Size, c.Root.String()); err != nil {
		return fmt.Errorf("advancing the head: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal_checkpoint (size, at, root, note) VALUES ($1, $2, $3, $4)`,
		c.Size, c.At.UnixMicro(), c.Root.String(), c.Note)
	if err != nil {
		return fmt.Errorf("keeping the checkpoint: %w", err)
	}
	return nil
}
