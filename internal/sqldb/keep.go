package sqldb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// keptStatements is how many statements a connection to a file keeps prepared.
// An act or a page runs some dozens, the whole program a few hundred; a kept one
// costs some ten kilobytes.
const keptStatements = 128

// keeping opens connections to an SQLite file that keep the statements they have
// run prepared: SQLite spends more on reading a short statement than on doing it.
type keeping struct {
	driver.Connector
	// A statement of the connection for writes is not cut short when its context
	// ends: SQLite answers that by rolling back the whole transaction, and with it
	// writers who did nothing wrong. The context is asked before each statement.
	whole bool
	heard func(statement string)           // nil: nobody listens
	asked func(query string, values []any) // the same, for questions
}

func newKeeping(address string, whole bool) (*keeping, error) {
	c, err := sqlite.NewConnector(address)
	return &keeping{Connector: c, whole: whole}, err
}

// Connect opens a connection.
func (k *keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keptConn{liteConn: c.(liteConn), keeping: k, by: map[string]*list.Element{}, order: list.New()}, nil
}

// liteConn is what the driver's connections can do.
type liteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// liteStmt is what the driver's statements can do.
type liteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// liteRows is what the driver's rows can do.
type liteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// keptConn is one connection with its statements. database/sql lets one goroutine
// at a time into it.
type keptConn struct {
	liteConn
	keeping *keeping
	by      map[string]*list.Element
	order   *list.List // of *keptStmt, the last used first
}

// keptStmt is a prepared statement. While rows of it are read it cannot run again.
type keptStmt struct {
	liteStmt
	query string
	busy  bool
	gone  bool // dropped while rows of it were read: whoever reads the last closes it
}

// ExecContext runs a statement without rows.
func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx, err := c.prelude(ctx, query)
	if err != nil {
		return nil, err
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext runs a statement with rows.
func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.keeping.asked != nil {
		values := make([]any, len(args))
		for i, a := range args {
			values[i] = a.Value
		}
		c.keeping.asked(query, values)
	}
	ctx, err := c.prelude(ctx, query)
	if err != nil {
		return nil, err
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows.(liteRows), s}, nil
}

// prelude returns the context that a statement runs under.
func (c *keptConn) prelude(ctx context.Context, query string) (context.Context, error) {
	if c.keeping.heard != nil {
		c.keeping.heard(query)
	}
	if !c.keeping.whole {
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

// statement returns the prepared statement, or nil when this one is not to be
// kept or is being read from. Settings and changes of tables take effect, in part,
// when they are prepared; they are not kept.
func (c *keptConn) statement(ctx context.Context, query string) (*keptStmt, error) {
	if e, ok := c.by[query]; ok {
		s := e.Value.(*keptStmt)
		if s.busy {
			return nil, nil
		}
		c.order.MoveToFront(e)
		return s, nil
	}
	if !worthKeeping(query) {
		return nil, nil
	}
	p, err := c.liteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &keptStmt{liteStmt: p.(liteStmt), query: query}
	c.by[query] = c.order.PushFront(s)
	if c.order.Len() > keptStatements {
		return s, c.drop(c.order.Back())
	}
	return s, nil
}

func (c *keptConn) drop(e *list.Element) error {
	s := c.order.Remove(e).(*keptStmt)
	delete(c.by, s.query)
	if s.busy {
		s.gone = true
		return nil
	}
	return s.liteStmt.Close()
}

// Close closes the statements and the connection.
func (c *keptConn) Close() error {
	for c.order.Len() > 0 {
		_ = c.drop(c.order.Back()) // the connection goes, and what it holds with it
	}
	return c.liteConn.Close()
}

func worthKeeping(query string) bool {
	query = strings.TrimLeft(query, " \t\r\n")
	verb := query[:max(strings.IndexAny(query, " \t\r\n"), 0)]
	switch strings.ToLower(verb) {
	case "select", "insert", "update", "delete", "with", "savepoint", "release", "rollback":
		return true
	}
	return false
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	liteRows
	of *keptStmt
}

// Close ends the reading.
func (r *keptRows) Close() error {
	err := r.liteRows.Close()
	if r.of.busy = false; r.of.gone {
		r.of.gone = false
		if e := r.of.liteStmt.Close(); err == nil {
			err = e
		}
	}
	return err
}
