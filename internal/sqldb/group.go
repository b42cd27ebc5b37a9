package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A group takes in writers until one of these is reached; then it commits and the
// next begins another. So the first of a group waits a bounded time for the rest:
// this one, and the one function that was running when it was over.
const (
	largestGroup = 64
	longestGroup = 20 * time.Millisecond
)

// errGroupLost is what the members of a group get whose transaction the engine
// gave up while somebody else's statement ran: nothing of it has happened.
var errGroupLost = errors.New("sqldb: the transaction was given up because of another writer in its group")

// place is the one writer's place of a file. Whoever has it may work on the
// group's transaction; it is handed on in the order of asking.
type place struct {
	mu      sync.Mutex
	taken   bool
	waiting []chan struct{}
	group   *group // of whoever has the place; nil when no transaction is open
	largest int
	longest time.Duration
}

// group is one transaction with the writers that ran in it.
type group struct {
	conn    *sql.Conn
	tx      *sql.Tx
	members int
	alone   bool // takes in nobody else
	begun   time.Time
	ended   chan struct{} // closed when outcome is known
	outcome error
}

// tryShared is one attempt on SQLite, where each commit is one sync of the disk
// and one writer works at a time. A writer that others are waiting for does not
// commit: it leaves its transaction open to the next and waits. The last, or the
// one with whom the group is full, commits for all.
//
//   - A writer alone commits at once, as if there were no groups.
//   - Each runs its own function in its own goroutine and, but for the first,
//     behind a savepoint: what an error, a panic or an ended context undoes is its
//     own and nobody else's.
//   - Nobody is told of success before the commit. Where that fails, or the engine
//     gives the transaction up, nothing of the group has happened and each of its
//     members runs once more by itself, so that only the one to blame fails.
//   - A commit without an answer (a failed disk) leaves all of its group without one.
func (db *DB) tryShared(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	err := db.place.write(ctx, db.write, f, false)
	if errors.Is(err, errGroupLost) {
		err = db.place.write(ctx, db.write, f, true)
	}
	return err
}

func (p *place) write(ctx context.Context, db *sql.DB, f func(context.Context, *sql.Tx) error, alone bool) error {
	if err := p.take(ctx); err != nil {
		return fmt.Errorf("sqldb: waiting to write: %w", err)
	}
	g, err := p.run(ctx, db, f, alone)
	if err != nil {
		return err
	}
	<-g.ended // its members are running, or the disk is: either ends
	return g.outcome
}

// take waits for the place.
func (p *place) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.Lock()
	if !p.taken {
		p.taken = true
		p.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	p.waiting = append(p.waiting, mine)
	p.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	i := slices.Index(p.waiting, mine)
	if i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	if i < 0 { // it was handed over in the same instant
		p.leave()
	}
	return ctx.Err()
}

// run runs f in the open group, or in one of its own, and leaves the place. The
// returned group is the one whose commit decides; with an error there is none.
func (p *place) run(ctx context.Context, db *sql.DB, f func(context.Context, *sql.Tx) error, alone bool) (*group, error) {
	defer p.leave() // also when f panics or ends its goroutine
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("sqldb: waiting to write: %w", err)
	}
	if p.group != nil && alone {
		p.commit()
	}
	if p.group == nil {
		g, err := beginGroup(ctx, db)
		if err != nil {
			return nil, err
		}
		p.group, g.alone = g, alone
	}
	g := p.group
	whole := false
	defer func() {
		if !whole && !g.undo() {
			p.group = nil
		}
	}()
	if g.members > 0 {
		if err := g.do(`SAVEPOINT member`); err != nil {
			return nil, err
		}
	}
	if err := f(ctx, g.tx); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("sqldb: before committing: %w", err)
	}
	if g.members > 0 {
		if err := g.do(`RELEASE member`); err != nil {
			return nil, err
		}
	}
	whole = true
	g.members++
	return g, nil
}

func beginGroup(ctx context.Context, db *sql.DB) (*group, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqldb: waiting for a connection to write: %w", err)
	}
	// Not cancelled with ctx: the transaction is not this writer's alone.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqldb: beginning a write: %w", err), conn.Close())
	}
	return &group{conn: conn, tx: tx, begun: time.Now(), ended: make(chan struct{})}, nil
}

func (g *group) do(statement string) error {
	if _, err := g.tx.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("sqldb: %s: %w", statement, err)
	}
	return nil
}

// undo takes back what a writer did who failed and reports whether the group goes
// on. It does not when the writer was the first, or when the engine has given the
// whole transaction up, as SQLite does where the disk is full.
func (g *group) undo() bool {
	if g.members > 0 && g.do(`ROLLBACK TO member`) == nil && g.do(`RELEASE member`) == nil {
		return true
	}
	g.lose()
	return false
}

// lose ends the group with nothing of it done.
func (g *group) lose() {
	_ = g.tx.Rollback() // it may be gone already
	g.end(errGroupLost)
}

// alive reports whether the transaction is still open. SQLite can give it up
// without the writer noticing, and whatever came after would be committed by itself.
func (g *group) alive() bool {
	_, err := g.tx.ExecContext(context.Background(), `BEGIN`)
	if err == nil {
		_ = g.do(`ROLLBACK`)
	}
	return err != nil
}

func (g *group) end(outcome error) {
	_ = g.conn.Close() // gives it back to the pool
	g.outcome = outcome
	close(g.ended)
}

// leave hands the place to the next who waits. The group's commit comes first
// when there is none or the group takes no more.
func (p *place) leave() {
	if g := p.group; g != nil && g.members == 1 && !g.alone && p.isAwaited() && !g.alive() {
		g.lose()
		p.group = nil
	}
	for !p.handOver() {
		p.commit()
	}
}

// commit ends the open group.
func (p *place) commit() {
	g := p.group
	p.group = nil
	err := commit(g.tx)
	if err != nil && g.members > 1 && !errors.Is(err, ErrOutcomeUnknown) {
		err = fmt.Errorf("%w: %w", errGroupLost, err)
	}
	g.end(err)
}

func (p *place) isAwaited() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting) > 0
}

// handOver gives the place away, or up; false when the open group must end first.
func (p *place) handOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g := p.group; g != nil && (len(p.waiting) == 0 || g.alone || g.members >= p.largest || time.Since(g.begun) > p.longest) {
		return false
	}
	if len(p.waiting) == 0 {
		p.taken = false
		return true
	}
	close(p.waiting[0])
	p.waiting = p.waiting[1:]
	return true
}
