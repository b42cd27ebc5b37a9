package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Turn is what became of a call of Once.
type Turn int

// What can become of it.
const (
	TurnRun  Turn = iota // it was done here
	TurnDone             // it had been done
	TurnHeld             // another server is at it; ask again later in case that one dies
)

// turnLength is how long a server may be at a job before another one takes it
// over: longer than any of them takes, short enough for a server that died.
const turnLength = 10 * time.Minute

// Once runs f for one due of a named job, the day for instance, on one of all the
// servers of this database. holder names this server and no other. When f fails
// the next call may try again. A turn goes by real time, so the servers' clocks
// should agree within minutes; a job that outlives its turn can run twice, which
// every job here must bear.
func (s *Store) Once(ctx context.Context, name, due, holder string, f func(context.Context) error) (Turn, error) {
	turn, err := s.takeTurn(ctx, name, due, holder)
	if err != nil || turn != TurnRun {
		return turn, err
	}
	failed := f(ctx)
	done := due
	if failed != nil {
		done = "" // what was done before does not matter: dues do not come back
	}
	// Even when the server is being stopped: the next one need not wait then.
	ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = s.db.Write(ended, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update turn set done = $3, until = 0 where name = $1 and holder = $2`, name, holder, done)
		return err
	})
	if failed != nil {
		return TurnRun, failed
	}
	if err != nil {
		return TurnRun, fmt.Errorf("store: ending the turn of %s: %w", name, err)
	}
	return TurnRun, nil
}

func (s *Store) takeTurn(ctx context.Context, name, due, holder string) (turn Turn, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now := time.Now()
		if _, err := tx.ExecContext(ctx, `insert into turn (name, done, holder, until) values ($1, '', '', 0) on conflict (name) do nothing`, name); err != nil {
			return err
		}
		var done string
		var until int64
		if err := tx.QueryRowContext(ctx, `select done, until from turn where name = $1`, name).Scan(&done, &until); err != nil {
			return err
		}
		switch {
		case until > now.UnixMicro():
			turn = TurnHeld
			return nil
		case done == due:
			turn = TurnDone
			return nil
		}
		turn = TurnRun
		_, err := tx.ExecContext(ctx, `update turn set holder = $2, until = $3 where name = $1`, name, holder, now.Add(turnLength).UnixMicro())
		return err
	})
	if err != nil {
		return turn, fmt.Errorf("store: taking the turn of %s: %w", name, err)
	}
	return turn, nil
}
