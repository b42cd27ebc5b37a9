package journal

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Migrations holds the journal's tables as goose files in the folder "migration",
// numbers 0001 to 0099.
//
//go:embed migration/*.sql
var Migrations embed.FS

// Append writes the entry in the act's own transaction and returns its receipt
// number. The entry has no sequence yet: Fold gives it one soon after.
func Append(ctx context.Context, tx *sql.Tx, e Entry) (string, error) {
	text, err := e.Bytes()
	if err != nil {
		return "", err
	}
	// Rule J-02 (RFC 6962, section 2.1): the hash of a leaf.
	number := receipt(e.At, tlog.RecordHash(text))
	_, err = tx.ExecContext(ctx, `
		INSERT INTO journal_entry (id, at, unit, post, action, outcome, receipt, bytes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.At.UnixMicro(), e.Unit, e.Post, e.Action, string(e.Outcome), number, text)
	if err != nil {
		return "", fmt.Errorf("journal: appending entry %s: %w", e.ID, err)
	}
	if err := appendSubjects(ctx, tx, e); err != nil {
		return "", fmt.Errorf("journal: appending the subjects of entry %s: %w", e.ID, err)
	}
	return number, nil
}

// appendSubjects writes what the entry is about, many at a time.
func appendSubjects(ctx context.Context, tx *sql.Tx, e Entry) error {
	for group := range slices.Chunk(e.Subjects, 100) {
		marks, args := []string{}, []any{e.ID}
		for _, s := range group {
			marks = append(marks, fmt.Sprintf("($%d, $%d, $1)", len(args)+1, len(args)+2))
			args = append(args, s.Kind, s.ID)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO journal_subject (kind, subject, entry) VALUES `+strings.Join(marks, ", "), args...)
		if err != nil {
			return err
		}
	}
	return nil
}
