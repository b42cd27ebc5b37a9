package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/tlog"
)

// Waiting is the sequence of an entry that has not been folded yet.
const Waiting int64 = -1

// Record is an entry as it is kept.
type Record struct {
	Entry    Entry     // the zero Entry but for its ID when Damaged
	Bytes    []byte    // what is hashed
	Leaf     tlog.Hash // of Bytes
	Receipt  string    // as stored; it fits Bytes unless somebody changed them
	Sequence int64     // or Waiting
	Damaged  bool      // Bytes are no entry any more; VerifyDatabase tells more
}

// Folded reports whether the entry stands in the tree.
func (r Record) Folded() bool { return r.Sequence != Waiting }

// Filter narrows a list; empty fields do not.
type Filter struct {
	Unit, Post, Action string
	Outcome            Outcome
	Subject            Subject
}

// where returns the condition and its arguments, numbered from first.
func (f Filter) where(first int) (string, []any) {
	var conditions []string
	var args []any
	add := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			conditions = append(conditions, " AND "+condition+" = $"+strconv.Itoa(first+len(args)-1))
		}
	}
	add("e.unit", f.Unit)
	add("e.post", f.Post)
	add("e.action", f.Action)
	add("e.outcome", string(f.Outcome))
	if f.Subject != (Subject{}) {
		args = append(args, f.Subject.Kind, f.Subject.ID)
		n := first + len(args) - 2
		conditions = append(conditions, fmt.Sprintf(
			" AND EXISTS (SELECT 1 FROM journal_subject s WHERE s.kind = $%d AND s.subject = $%d AND s.entry = e.id)", n, n+1))
	}
	return strings.Join(conditions, ""), args
}

// unfolded is the condition of entries that are not folded yet, for a question that
// begins with their table. SQLite is told to find them in the index that has them in
// order: once it has looked at its tables while nothing waited, it takes the index of
// all sequences and sorts what waits, whole, for the few that are asked for.
func unfolded(db *sqldb.DB) string {
	if db.Engine() == sqldb.SQLite {
		return `INDEXED BY journal_entry_waiting WHERE sequence IS NULL`
	}
	return `WHERE sequence IS NULL`
}

const recordColumns = `SELECT e.id, e.bytes, e.receipt, e.sequence FROM journal_entry e `

// records runs a query that begins with recordColumns.
func records(ctx context.Context, from asker, query string, args ...any) ([]Record, error) {
	rows, err := from.QueryContext(ctx, recordColumns+query, args...)
	if err != nil {
		return nil, fmt.Errorf("journal: reading entries: %w", err)
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		var r Record
		var id string
		var sequence sql.NullInt64
		if err := rows.Scan(&id, &r.Bytes, &r.Receipt, &sequence); err != nil {
			return nil, fmt.Errorf("journal: reading entries: %w", err)
		}
		r.Sequence = Waiting
		if sequence.Valid {
			r.Sequence = sequence.Int64
		}
		r.Leaf = tlog.RecordHash(r.Bytes)
		if r.Entry, err = ParseEntry(r.Bytes); err != nil {
			r.Entry, r.Damaged = Entry{ID: id}, true
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("journal: reading entries: %w", err)
	}
	return out, nil
}

// one returns the only record, or the fault "journal.absent".
func one(found []Record, err error) (Record, error) {
	if err != nil {
		return Record{}, err
	}
	if len(found) == 0 {
		return Record{}, fault.New(fault.NotFound, "journal.absent")
	}
	return found[0], nil
}

// ByID returns the entry with the id.
func (l *Log) ByID(ctx context.Context, id string) (Record, error) {
	return one(records(ctx, l.db.Read(), `WHERE e.id = $1`, id))
}

// BySequence returns the entry with the sequence number.
func (l *Log) BySequence(ctx context.Context, sequence int64) (Record, error) {
	return one(records(ctx, l.db.Read(), `WHERE e.sequence = $1`, sequence))
}

// ByReceipt returns the entries with the receipt number, however it was typed:
// nearly always one, none is the fault "journal.absent", and a number that is
// none the fault "journal.receipt-form".
func (l *Log) ByReceipt(ctx context.Context, typed string) ([]Record, error) {
	number, err := ParseReceipt(typed)
	if err != nil {
		return nil, fault.New(fault.Invalid, "journal.receipt-form").Because(err)
	}
	found, err := records(ctx, l.db.Read(), `WHERE e.receipt = $1 ORDER BY e.id`, number)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "journal.absent")
	}
	return found, err
}

// List returns folded entries that fit the filter, the newest first, with
// sequences below before; a negative before begins at the newest. The sequence of
// the last one is the key of the next page.
func (l *Log) List(ctx context.Context, before int64, limit int, f Filter) ([]Record, error) {
	condition, args := f.where(3)
	if before < 0 {
		before = 1<<63 - 1
	}
	return records(ctx, l.db.Read(), `WHERE e.sequence < $1`+condition+` ORDER BY e.sequence DESC LIMIT $2`,
		append([]any{before, limit}, args...)...)
}

// Since returns folded entries with sequences above after, the oldest first: what
// followers of the journal read. -1 begins at the first.
func (l *Log) Since(ctx context.Context, after int64, limit int) ([]Record, error) {
	return records(ctx, l.db.Read(), `WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2`, after, limit)
}

// ListWaiting returns entries not yet folded that fit the filter, the newest
// first. They are the acts of the last seconds, to show above the first page.
func (l *Log) ListWaiting(ctx context.Context, limit int, f Filter) ([]Record, error) {
	condition, args := f.where(2)
	return records(ctx, l.db.Read(), unfolded(l.db)+condition+` ORDER BY e.at DESC, e.id DESC LIMIT $1`,
		append([]any{limit}, args...)...)
}

// History returns what was done to a record, folded or not, the newest first by
// the entries' ids, which grow with time. For pages of a long history use List.
func (l *Log) History(ctx context.Context, kind, id string, limit int) ([]Record, error) {
	return records(ctx, l.db.Read(), `JOIN journal_subject s ON s.entry = e.id
		WHERE s.kind = $1 AND s.subject = $2 ORDER BY s.entry DESC LIMIT $3`, kind, id, limit)
}

// Newest returns the newest checkpoint. Before the first one it returns a
// checkpoint of size 0 without a note.
func (l *Log) Newest(ctx context.Context) (Checkpoint, error) {
	found, err := checkpoints(ctx, l.db.Read(), `ORDER BY size DESC LIMIT 1`)
	if err != nil || len(found) > 0 {
		return first(found), err
	}
	root, err := tlog.TreeHash(0, nil)
	return Checkpoint{Origin: l.signer.Name(), Root: root}, err
}

// Checkpoints returns checkpoints, the newest first, of sizes below before; a
// negative before begins at the newest.
func (l *Log) Checkpoints(ctx context.Context, before int64, limit int) ([]Checkpoint, error) {
	if before < 0 {
		before = 1<<63 - 1
	}
	return checkpoints(ctx, l.db.Read(), `WHERE size < $1 ORDER BY size DESC LIMIT $2`, before, limit)
}

// checkpoints reads the signed texts without checking the signatures; that is
// the reader's affair.
func checkpoints(ctx context.Context, from asker, query string, args ...any) ([]Checkpoint, error) {
	rows, err := from.QueryContext(ctx, `SELECT note FROM journal_checkpoint `+query, args...)
	if err != nil {
		return nil, fmt.Errorf("journal: reading checkpoints: %w", err)
	}
	defer rows.Close()
	var out []Checkpoint
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("journal: reading checkpoints: %w", err)
		}
		body, _, isNote := strings.Cut(text, "\n\n")
		if !isNote {
			return nil, errors.New("journal: a stored checkpoint is no signed note")
		}
		c, err := readCheckpoint(body + "\n")
		if err != nil {
			return nil, err
		}
		c.Note = text
		out = append(out, c)
	}
	return out, rows.Err()
}

func first(found []Checkpoint) Checkpoint {
	if len(found) == 0 {
		return Checkpoint{}
	}
	return found[0]
}

// InclusionProof proves that the entry with the sequence is in the tree of the
// newest checkpoint, which it returns too: tlog.CheckRecord(proof,
// checkpoint.Size, checkpoint.Root, sequence, leaf).
func (l *Log) InclusionProof(ctx context.Context, sequence int64) (tlog.RecordProof, Checkpoint, error) {
	c, err := l.Newest(ctx)
	if err != nil {
		return nil, Checkpoint{}, err
	}
	if sequence < 0 || sequence >= c.Size {
		return nil, Checkpoint{}, fault.New(fault.NotFound, "journal.absent")
	}
	proof, err := tlog.ProveRecord(c.Size, sequence, newStoredHashes(ctx, l.db.Read()))
	if err != nil {
		return nil, Checkpoint{}, fmt.Errorf("journal: proving entry %d: %w", sequence, err)
	}
	return proof, c, nil
}

// ConsistencyProof proves that the tree of size2 entries continues the tree of
// size1 entries unchanged: tlog.CheckTree(proof, size2, root2, size1, root1).
// Sizes out of order or beyond the newest checkpoint are the fault
// "journal.no-such-sizes".
func (l *Log) ConsistencyProof(ctx context.Context, size1, size2 int64) (tlog.TreeProof, error) {
	c, err := l.Newest(ctx)
	if err != nil {
		return nil, err
	}
	if size1 < 1 || size1 > size2 || size2 > c.Size {
		return nil, fault.New(fault.Invalid, "journal.no-such-sizes", "From", size1, "To", size2, "Newest", c.Size)
	}
	proof, err := tlog.ProveTree(size2, size1, newStoredHashes(ctx, l.db.Read()))
	if err != nil {
		return nil, fmt.Errorf("journal: proving that %d continues %d: %w", size2, size1, err)
	}
	return proof, nil
}
