package store

import (
	"context"
	"database/sql"
)

// runner is what an act's questions and writes go through: its transaction, or
// in a rehearsal the transaction with its statements kept prepared.
type runner interface {
	queryer
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

// statements keeps every statement of a rehearsal prepared. A rehearsal runs the
// same few dozen thousands of times, and SQLite spends more on reading a short
// statement than on doing it. They are closed with the transaction.
type statements struct {
	tx   *sql.Tx
	kept map[string]*sql.Stmt
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if p, ok := s.kept[query]; ok {
		return p, nil
	}
	p, err := s.tx.PrepareContext(ctx, query)
	if err == nil {
		s.kept[query] = p
	}
	return p, err
}

// QueryContext asks by a kept statement.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, args...)
}

// QueryRowContext asks for one row by a kept statement.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return s.tx.QueryRowContext(ctx, query, args...) // a row that carries the mistake
	}
	return p.QueryRowContext(ctx, args...)
}

// ExecContext writes by a kept statement.
func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.ExecContext(ctx, args...)
}

// runner returns what an act in this transaction runs through.
func (s *Store) runner(tx *sql.Tx) runner {
	if s.kept != nil && s.kept.tx == tx {
		return s.kept
	}
	return tx
}

// asking returns where questions go: to the rehearsal, while one runs, so that
// they see what it has done.
func (s *Store) asking() queryer {
	if s.kept != nil {
		return s.kept
	}
	return s.db.Read()
}
