package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// maxDifferences is how many differences Recheck lists; more say no more.
const maxDifferences = 100

// Recheck counts all figures and lights again, each on the last day for which it is
// kept, and says what is kept otherwise: no difference means that the derived columns
// are what the reports make of them, and that nothing is kept for longer than it stays
// true. It changes nothing; acts that happen meanwhile are no differences, since a
// tree is read in one transaction.
func (s *Store) Recheck(ctx context.Context) (differences []string, err error) {
	on, err := s.countedOn(ctx)
	if err != nil {
		return nil, err
	}
	var one sync.Mutex
	err = s.eachTrees(ctx, func(x trees) error {
		some := s.recheckTrees(x, on)
		one.Lock()
		defer one.Unlock()
		if len(differences) < maxDifferences {
			differences = append(differences, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	plans, err := rowsOf[string](s.db.Read().QueryContext(ctx, `select id from plan order by id`))
	if err != nil {
		return nil, fmt.Errorf("store: listing plans: %w", err)
	}
	for _, plan := range plans {
		some, err := s.recheckTally(ctx, plan)
		if err != nil {
			return nil, err
		}
		differences = append(differences, some...)
	}
	slices.Sort(differences)
	return differences[:min(len(differences), maxDifferences)], nil
}

// RecheckNewest is Recheck for the newest plans alone, so many of them: enough to
// see in a second whether something is wrong with the counting. It returns how
// many there were.
func (s *Store) RecheckNewest(ctx context.Context, plans int) (checked int, differences []string, err error) {
	on, err := s.countedOn(ctx)
	if err != nil {
		return 0, nil, err
	}
	newest, err := rowsOf[string](s.db.Read().QueryContext(ctx, `select id from plan order by id desc limit $1`, plans))
	if err != nil {
		return 0, nil, fmt.Errorf("store: listing plans: %w", err)
	}
	for _, plan := range newest {
		x, err := s.readTrees(ctx, `where t.plan = $1`, plan)
		if err != nil {
			return 0, nil, err
		}
		some, err := s.recheckTally(ctx, plan)
		if err != nil {
			return 0, nil, err
		}
		differences = append(append(differences, s.recheckTrees(x, on)...), some...)
	}
	return len(newest), differences, nil
}

// EachEvidence calls f with the id of every evidence file that a record names.
func (s *Store) EachEvidence(ctx context.Context, f func(task.EvidenceID) error) error {
	last := task.EvidenceID("")
	for {
		ids, err := rowsOf[task.EvidenceID](s.db.Read().QueryContext(ctx, `select id from evidence where id > $1 order by id limit 1000`, last))
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := f(id); err != nil {
				return err
			}
			last = id
		}
	}
}

// recheckTrees compares what is kept of whole trees with what is counted.
func (s *Store) recheckTrees(x trees, on calendar.Date) (differences []string) {
	days := map[calendar.Date]map[task.ID]derived{}
	for _, t := range x.tasks {
		day := on
		if t.Kept.until.Before(on) { // its morning has not been
			day = t.Kept.until
		}
		if day.IsZero() {
			if t.State != task.Draft {
				differences = append(differences, fmt.Sprintf("task %s: its light was never counted", t.ID))
			}
			continue
		}
		if days[day] == nil {
			days[day] = s.derive(x.tasks, nil, x.reports, day)
		}
		if d := days[day][t.ID]; !d.holds(t.Kept) {
			differences = append(differences, d.differs(t, day))
		}
	}
	return differences
}

// trees are some whole trees: tasks, parents before parts, and their reports.
type trees struct {
	tasks   []keptTask
	reports []task.Report
}

// treesAtOnce is how many tasks are read at once, but for the last tree of them: so few
// that PostgreSQL looks up their units and does not read all of them.
const treesAtOnce = 200

// eachTrees reads all trees, some at a time and by several readers, each of which
// hands what it read to f.
func (s *Store) eachTrees(ctx context.Context, f func(trees) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ranges := make(chan [2]string)
	failed := make(chan error, 1) // the first
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for r := range ranges {
				where, args := `where t.root > $1 and t.root <= $2`, []any{r[0], r[1]}
				if r[1] == "" {
					where, args = `where t.root > $1`, args[:1]
				}
				x, err := s.readTrees(ctx, where, args...)
				if err == nil {
					err = f(x)
				}
				if err != nil {
					select {
					case failed <- err:
					default:
					}
					cancel()
				}
			}
		})
	}
	err := s.treeRanges(ctx, ranges)
	close(ranges)
	all.Wait()
	select {
	case err = <-failed:
	default:
	}
	return err
}

// treeRanges sends the bounds of ranges of roots, each with some hundred tasks: behind
// the first and up to the second, or "" for all that are left.
func (s *Store) treeRanges(ctx context.Context, to chan<- [2]string) error {
	last := ""
	for {
		var next string
		err := s.db.Read().QueryRowContext(ctx, `select root from task where root > $1 order by root limit 1 offset $2`, last, treesAtOnce).Scan(&next)
		end := errors.Is(err, sql.ErrNoRows)
		if err != nil && !end {
			return fmt.Errorf("store: listing trees: %w", err)
		}
		select {
		case to <- [2]string{last, next}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if last = next; end {
			return nil
		}
	}
}

// readTrees reads trees as they stand at one moment.
func (s *Store) readTrees(ctx context.Context, where string, args ...any) (x trees, err error) {
	err = s.momently(ctx, func(q queryer) (err error) {
		x.tasks, x.reports, err = loadTrees(ctx, q, where, args...)
		return err
	})
	return x, err
}

// momently lets f ask several questions of one moment.
func (s *Store) momently(ctx context.Context, f func(queryer) error) error {
	tx, err := s.db.Read().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("store: asking for one moment: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return f(tx)
}
