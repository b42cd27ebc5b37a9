package journal

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// row is a stored entry with the columns that repeat its bytes.
type row struct {
	id, unit, post, action, outcome, receipt string
	at, sequence                             int64
	bytes                                    []byte
	entry                                    Entry
	isEntry                                  bool
}

// page reads entries.
func (v *verifier) page(condition string, args ...any) ([]row, error) {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT id, at, unit, post, action, outcome, receipt, sequence, bytes FROM journal_entry `+condition, args...)
	if err != nil {
		return nil, fmt.Errorf("reading entries: %w", err)
	}
	defer rows.Close()
	var page []row
	for rows.Next() {
		var r row
		var sequence sql.NullInt64
		if err := rows.Scan(&r.id, &r.at, &r.unit, &r.post, &r.action, &r.outcome, &r.receipt, &sequence, &r.bytes); err != nil {
			return nil, fmt.Errorf("reading entries: %w", err)
		}
		r.sequence = Waiting
		if sequence.Valid {
			r.sequence = sequence.Int64
		}
		r.entry, err = ParseEntry(r.bytes)
		r.isEntry = err == nil
		page = append(page, r)
	}
	return page, rows.Err()
}

// checkColumns compares the columns with the bytes that they repeat.
func (v *verifier) checkColumns(r row) {
	if !r.isEntry {
		v.found(EntryUnreadable, r.sequence, r.id)
		return
	}
	e := r.entry
	for _, column := range []struct {
		name string
		same bool
	}{
		{"id", r.id == e.ID},
		{"at", r.at == e.At.UnixMicro()},
		{"unit", r.unit == e.Unit},
		{"post", r.post == e.Post},
		{"action", r.action == e.Action},
		{"outcome", r.outcome == string(e.Outcome)},
		{"receipt", r.receipt == receipt(e.At, tlog.RecordHash(r.bytes))},
	} {
		if !column.same {
			v.found(IndexDiffers, r.sequence, r.id, "Column", column.name)
		}
	}
}

// checkSubjects compares the subject rows of a page with its bytes; condition
// chooses the page's entries.
func (v *verifier) checkSubjects(page []row, condition string, args ...any) error {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT s.entry, s.kind, s.subject FROM journal_subject s
		JOIN journal_entry e ON e.id = s.entry WHERE `+condition, args...)
	if err != nil {
		return fmt.Errorf("reading subjects: %w", err)
	}
	defer rows.Close()
	kept := map[string][]Subject{}
	for rows.Next() {
		var entry string
		var s Subject
		if err := rows.Scan(&entry, &s.Kind, &s.ID); err != nil {
			return fmt.Errorf("reading subjects: %w", err)
		}
		kept[entry] = append(kept[entry], s)
		v.subjectRows++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading subjects: %w", err)
	}
	for _, r := range page {
		if r.isEntry && !slices.Equal(sorted(kept[r.id]), sorted(r.entry.Subjects)) {
			v.found(SubjectDiffers, r.sequence, r.id)
		}
	}
	return nil
}

func sorted(subjects []Subject) []Subject {
	return slices.SortedFunc(slices.Values(subjects), func(a, b Subject) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
}

// leftovers checks the head and counts rows that belong to nothing.
func (v *verifier) leftovers() error {
	var size int64
	var root string
	err := v.tx.QueryRowContext(v.ctx, `SELECT size, root FROM journal_head WHERE one = 1`).Scan(&size, &root)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading the head: %w", err)
	}
	if err != nil || size != v.next || (!v.lost && root != v.content.root().String()) {
		v.found(HeadChanged, Waiting, "", "Size", size)
	}
	var hashes, subjects int64
	err = v.tx.QueryRowContext(v.ctx, `SELECT count(*) FROM journal_hash WHERE position < 0 OR position >= $1`, tlog.StoredHashCount(v.next)).Scan(&hashes)
	if err != nil {
		return fmt.Errorf("counting hashes: %w", err)
	}
	if hashes > 0 {
		v.found(HashExtra, Waiting, "", "Count", hashes)
	}
	if err := v.tx.QueryRowContext(v.ctx, `SELECT count(*) FROM journal_subject`).Scan(&subjects); err != nil {
		return fmt.Errorf("counting subjects: %w", err)
	}
	if subjects != v.subjectRows {
		v.found(SubjectExtra, Waiting, "", "Count", subjects-v.subjectRows)
	}
	return nil
}
