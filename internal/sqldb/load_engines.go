package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// sqliteLoading writes statements of many rows, without waiting for the disk.
type sqliteLoading struct {
	conn    *sql.Conn
	kept    map[string]*sql.Stmt
	indexes []string // statements that make them again
	rows    int      // since the last commit
}

// valuesAtOnce bounds the values of one statement: more is no faster, and SQLite
// takes 32,766 at most.
const valuesAtOnce = 2_000

// rowsPerCommit keeps the write-ahead log from growing to the size of the database.
const rowsPerCommit = 200_000

func (s *sqliteLoading) begin(ctx context.Context) error {
	rows, err := s.conn.QueryContext(ctx, `select name, sql from sqlite_master where type = 'index' and sql is not null order by name`)
	names, err := pairs(rows, err)
	if err != nil {
		return err
	}
	for _, statement := range []string{"pragma foreign_keys = off", "pragma synchronous = off", "pragma cache_size = -65536"} {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	for _, n := range names {
		s.indexes = append(s.indexes, n[1])
		if err := s.exec(ctx, `drop index "`+n[0]+`"`); err != nil {
			return err
		}
	}
	return s.exec(ctx, "begin")
}

func (s *sqliteLoading) exec(ctx context.Context, statement string) error {
	_, err := s.conn.ExecContext(ctx, statement)
	return err
}

func (s *sqliteLoading) insert(ctx context.Context, f filled) error {
	for group := range slices.Chunk(f.rows, max(1, valuesAtOnce/len(f.columns))) {
		p, err := s.prepare(ctx, f, len(group))
		if err != nil {
			return err
		}
		if _, err := p.ExecContext(ctx, slices.Concat(group...)...); err != nil {
			return err
		}
	}
	if s.rows += len(f.rows); s.rows < rowsPerCommit {
		return nil
	}
	s.rows = 0
	return errors.Join(s.exec(ctx, "commit"), s.exec(ctx, "begin"))
}

func (s *sqliteLoading) prepare(ctx context.Context, f filled, rows int) (*sql.Stmt, error) {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(f.columns)), ",") + ")"
	query := `insert into ` + f.table + ` (` + strings.Join(f.columns, ", ") + `) values ` + strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
	if p, ok := s.kept[query]; ok {
		return p, nil
	}
	p, err := s.conn.PrepareContext(ctx, query)
	if err == nil && rows == max(1, valuesAtOnce/len(f.columns)) { // the others are the tails of batches
		s.kept[query] = p
	}
	return p, err
}

func (s *sqliteLoading) end(ctx context.Context) error {
	for _, p := range s.kept {
		_ = p.Close() // nothing is lost by it
	}
	statements := append([]string{"commit"}, s.indexes...)
	for _, statement := range append(statements, "pragma wal_checkpoint(truncate)", "pragma foreign_keys = on", "pragma synchronous = full", "pragma cache_size = -2000") {
		if err := s.exec(ctx, statement); err != nil {
			return fmt.Errorf("running %q: %w", statement, err)
		}
	}
	return nil
}

// postgresLoading copies.
type postgresLoading struct {
	conn  *sql.Conn
	after []string // statements that make indexes and foreign keys again
}

func (p *postgresLoading) begin(ctx context.Context) error {
	rows, err := p.conn.QueryContext(ctx, `select conrelid::regclass::text || ' drop constraint ' || quote_ident(conname),
			conrelid::regclass::text || ' add constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
		from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace order by conname`)
	keys, err := pairs(rows, err)
	if err != nil {
		return err
	}
	rows, err = p.conn.QueryContext(ctx, `select quote_ident(indexname), indexdef from pg_indexes i where schemaname = current_schema()
		and not exists (select 1 from pg_constraint c where c.conname = i.indexname and c.connamespace = current_schema()::regnamespace) order by indexname`)
	indexes, err := pairs(rows, err)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := p.exec(ctx, "alter table "+k[0]); err != nil {
			return err
		}
	}
	for _, i := range indexes {
		p.after = append(p.after, i[1])
		if err := p.exec(ctx, "drop index "+i[0]); err != nil {
			return err
		}
	}
	for _, k := range keys { // after the indexes, which help to check them
		p.after = append(p.after, "alter table "+k[1])
	}
	return nil
}

func (p *postgresLoading) exec(ctx context.Context, statement string) error {
	_, err := p.conn.ExecContext(ctx, statement)
	return err
}

func (p *postgresLoading) insert(ctx context.Context, f filled) error {
	return p.conn.Raw(func(raw any) error {
		_, err := raw.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{f.table}, f.columns, pgx.CopyFromRows(f.rows))
		return err
	})
}

func (p *postgresLoading) end(ctx context.Context) error {
	statements := append([]string{"set maintenance_work_mem = '256MB'"}, p.after...)
	for _, statement := range append(statements, "reset maintenance_work_mem", "analyze") {
		if err := p.exec(ctx, statement); err != nil {
			return fmt.Errorf("running %q: %w", statement, err)
		}
	}
	return nil
}

func pairs(rows *sql.Rows, err error) (out [][2]string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
