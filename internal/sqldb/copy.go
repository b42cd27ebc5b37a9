package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Table is a table with its columns, in the order in which they were made.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is a column with one of the four types that this project uses: "text",
// "bigint", "boolean" and "bytea".
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Snapshot is the whole database as it was at one moment, while others go on
// writing.
type Snapshot struct{ catalogue }

// Snapshot hands f the database as it is now. On SQLite the file of the log
// grows for as long as f runs; nobody waits for it.
func (db *DB) Snapshot(ctx context.Context, f func(*Snapshot) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("sqldb: beginning a snapshot: %w", err)
	}
	defer tx.Rollback() // nothing is written
	return f(&Snapshot{catalogue{db.engine, tx}})
}

// Rows calls each with every row of a table: string, int64, bool, []byte or nil,
// as the columns say. The slice is used again for the next row.
func (s *Snapshot) Rows(ctx context.Context, t Table, each func([]any) error) error {
	rows, err := s.tx.QueryContext(ctx, `select `+columnsOf(t)+` from `+quoted(t.Name))
	if err != nil {
		return fmt.Errorf("sqldb: reading %s: %w", t.Name, err)
	}
	defer rows.Close()
	row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("sqldb: reading a row of %s: %w", t.Name, err)
		}
		for i, c := range t.Columns {
			if row[i], err = typed(row[i], c.Type); err != nil {
				return fmt.Errorf("sqldb: %s.%s: %w", t.Name, c.Name, err)
			}
		}
		if err := each(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("sqldb: reading %s: %w", t.Name, err)
	}
	return nil
}

// typed makes one engine's value that of both: SQLite gives what was stored,
// whatever the column says.
func typed(v any, kind string) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if kind == "text" {
			return x, nil
		}
	case []byte:
		switch kind {
		case "bytea":
			return slices.Clone(x), nil
		case "text":
			return string(x), nil
		}
	case bool:
		if kind == "boolean" {
			return x, nil
		}
	case int64:
		switch kind {
		case "bigint":
			return x, nil
		case "boolean":
			return x != 0, nil
		}
	}
	return nil, fmt.Errorf("a %T stands in a column of type %s", v, kind)
}

// Pouring is a transaction that fills a database with rows from elsewhere.
type Pouring struct {
	catalogue
	conn *sql.Conn
}

// ErrNotEmpty says that a database that was to be filled holds rows already.
var ErrNotEmpty = errors.New("sqldb: the database is not empty")

// Pour fills a database whose tables are made in one transaction: f pours table
// after table. Rows that migrations left are removed first; a table named in
// kept with rows in it means that somebody works here, and gives ErrNotEmpty.
func (db *DB) Pour(ctx context.Context, kept []string, f func(*Pouring) error) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqldb: waiting for a connection to pour: %w", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sqldb: beginning to pour: %w", err)
	}
	defer tx.Rollback() // after an error; does nothing after a commit
	p := &Pouring{catalogue{db.engine, tx}, conn}
	if err := p.empty(ctx, kept); err != nil {
		return err
	}
	if err := f(p); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("sqldb: committing what was poured: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `analyze`); err != nil { // both planners know nothing of new rows
		return fmt.Errorf("sqldb: counting the new rows: %w", err)
	}
	return nil
}

func (p *Pouring) empty(ctx context.Context, kept []string) error {
	for _, name := range kept {
		var some bool
		if err := p.tx.QueryRowContext(ctx, `select exists (select 1 from `+quoted(name)+`)`).Scan(&some); err != nil {
			return fmt.Errorf("sqldb: looking into %s: %w", name, err)
		}
		if some {
			return fmt.Errorf("%w: %s has rows", ErrNotEmpty, name)
		}
	}
	tables, err := p.Tables(ctx)
	if err != nil {
		return err
	}
	if p.engine == SQLite {
		// Until the commit: rows may come before those that they refer to.
		if _, err := p.tx.ExecContext(ctx, `pragma defer_foreign_keys = on`); err != nil {
			return fmt.Errorf("sqldb: %w", err)
		}
	}
	for _, t := range slices.Backward(tables) {
		if _, err := p.tx.ExecContext(ctx, `delete from `+quoted(t.Name)); err != nil {
			return fmt.Errorf("sqldb: clearing %s: %w", t.Name, err)
		}
	}
	return nil
}

// Table pours rows into a table until next returns io.EOF. Tables must come in
// the order of Tables: PostgreSQL checks references at the end of each.
func (p *Pouring) Table(ctx context.Context, t Table, next func() ([]any, error)) error {
	var err error
	if p.engine == Postgres {
		err = p.copyRows(ctx, t, next)
	} else {
		err = p.insertRows(ctx, t, next)
	}
	if err != nil {
		return fmt.Errorf("sqldb: pouring %s: %w", t.Name, err)
	}
	return nil
}

func (p *Pouring) copyRows(ctx context.Context, t Table, next func() ([]any, error)) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return p.conn.Raw(func(driverConn any) error {
		source := pgx.CopyFromFunc(func() ([]any, error) {
			row, err := next()
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			return row, err
		})
		_, err := driverConn.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.Name}, names, source)
		return err
	})
}

func (p *Pouring) insertRows(ctx context.Context, t Table, next func() ([]any, error)) error {
	marks := strings.TrimSuffix(strings.Repeat("?,", len(t.Columns)), ",")
	insert, err := p.tx.PrepareContext(ctx, `insert into `+quoted(t.Name)+` (`+columnsOf(t)+`) values (`+marks+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func columnsOf(t Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoted(c.Name)
	}
	return strings.Join(names, ", ")
}
