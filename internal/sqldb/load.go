package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A batch is handed to the database when it has this many rows of all tables together.
const batchRows = 20_000

// Loader writes very many rows into a new database. Rows of one table are written
// in the order of Add; rows of another may be written before them. It is for one
// goroutine.
type Loader struct {
	ctx     context.Context
	engine  loading
	tables  []*Rows
	waiting int           // rows in the tables' buffers
	full    chan []filled // batches on their way to the database, in order
	done    chan error    // the outcome of all batches, once
	failed  chan struct{} // closed when a batch failed
}

// Rows are the rows to come of one table.
type Rows struct {
	loader  *Loader
	table   string
	columns []string
	rows    [][]any
}

// filled are rows of one table on their way to the database, or a statement.
type filled struct {
	table     string
	columns   []string
	rows      [][]any
	statement string
}

// loading is what the two engines do differently about very many rows.
type loading interface {
	begin(context.Context) error // takes away what would be kept up row by row
	insert(context.Context, filled) error
	exec(context.Context, string) error
	end(context.Context) error // makes it again
}

// Load fills a new database that nobody else uses meanwhile: with COPY on
// PostgreSQL and statements of many rows on SQLite, without indexes and foreign
// keys, which are made again at the end. On PostgreSQL foreign keys are checked
// then; on SQLite they are not.
//
// It is no transaction. After an error the database is of no use and has to be
// made anew.
func (db *DB) Load(ctx context.Context, f func(*Loader) error) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqldb: waiting for a connection to load: %w", err)
	}
	defer conn.Close()
	l := &Loader{ctx: ctx, engine: db.loading(conn), full: make(chan []filled, 1), done: make(chan error, 1), failed: make(chan struct{})}
	if err := l.engine.begin(ctx); err != nil {
		return fmt.Errorf("sqldb: beginning to load: %w", err)
	}
	go l.write()
	err = f(l)
	if err == nil {
		err = l.flush()
	}
	close(l.full)
	if written := <-l.done; written != nil {
		err = written // it is the cause, where f failed by it
	}
	if err == nil {
		err = l.engine.end(ctx)
	}
	if err != nil {
		return fmt.Errorf("sqldb: loading: %w", err)
	}
	return nil
}

func (db *DB) loading(conn *sql.Conn) loading {
	if db.engine == Postgres {
		return &postgresLoading{conn: conn}
	}
	return &sqliteLoading{conn: conn, kept: map[string]*sql.Stmt{}}
}

// write hands batches to the database while the next one is being filled.
func (l *Loader) write() {
	for batch := range l.full {
		for _, t := range batch {
			if err := l.one(t); err != nil {
				close(l.failed)
				l.done <- err
				return
			}
		}
	}
	l.done <- nil
}

func (l *Loader) one(t filled) error {
	if t.statement != "" {
		if err := l.engine.exec(l.ctx, t.statement); err != nil {
			return fmt.Errorf("running %q: %w", t.statement, err)
		}
		return nil
	}
	if err := l.engine.insert(l.ctx, t); err != nil {
		return fmt.Errorf("writing into %s: %w", t.table, err)
	}
	return nil
}

// Table names a table and the columns of which values will be given.
func (l *Loader) Table(name string, columns ...string) *Rows {
	r := &Rows{loader: l, table: name, columns: columns}
	l.tables = append(l.tables, r)
	return r
}

// Add gives one row: nil, string, int64, bool or []byte for each column.
func (r *Rows) Add(values ...any) error {
	r.rows = append(r.rows, values)
	if r.loader.waiting++; r.loader.waiting < batchRows {
		return nil
	}
	return r.loader.flush()
}

var errLoadStopped = errors.New("the rows before could not be written")

func (l *Loader) flush() error {
	var batch []filled
	for _, t := range l.tables {
		if len(t.rows) > 0 {
			batch = append(batch, filled{table: t.table, columns: t.columns, rows: t.rows})
			t.rows = nil
		}
	}
	l.waiting = 0
	return l.send(batch)
}

func (l *Loader) send(batch []filled) error {
	select {
	case l.full <- batch:
		return nil
	case <-l.failed:
		return errLoadStopped
	case <-l.ctx.Done():
		return l.ctx.Err()
	}
}

// Exec runs one statement after all rows that were given before.
func (l *Loader) Exec(statement string) error {
	if err := l.flush(); err != nil {
		return err
	}
	return l.send([]filled{{statement: statement}})
}
