package act_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"

	"github.com/google/uuid"
)

// The rows of the plan that the benchmarks report on; each is split between two counties.
const benchRows = 400

// BenchmarkReport measures the act that happens most: a county hands in the
// figure of a month of a task that is part of a city's row, through the desk, with
// permission, record, journal entry, figures and lights.
//
// Beside each stands the engine's ceiling in the same run: a transaction that adds
// one row and nothing else, through the same pool (bare), and on SQLite also one
// that shares its commit with others as acts do (shared). PostgreSQL's figures are
// worth what its server promises: run it on one that syncs.
func BenchmarkReport(b *testing.B) {
	for _, engine := range testkit.Engines(b) {
		db := testkit.Open(b, engine.Address, sqldb.Options{Attempts: 100})
		w := testkit.NewTown(b, db)
		next := reportsToHandIn(b, w)
		table := benchTable(b, db)
		for _, writers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/writers=%d/act", engine.Name, writers), func(b *testing.B) {
				spread(b, writers, func() error {
					r := next()
					_, err := w.Desk.Report(context.Background(), r.by, r.key, r.task, r.in, nil)
					return err
				})
			})
			b.Run(fmt.Sprintf("%s/writers=%d/bare", engine.Name, writers), func(b *testing.B) {
				spread(b, writers, func() error { return table.alone(context.Background()) })
			})
			b.Run(fmt.Sprintf("%s/writers=%d/shared", engine.Name, writers), func(b *testing.B) {
				spread(b, writers, func() error { return db.Write(context.Background(), table.insert) })
			})
		}
	}
}

// reportToHandIn is one call of Desk.Report.
type reportToHandIn struct {
	by   org.Caller
	key  string
	task task.ID
	in   task.ReportInput
}

// reportsToHandIn makes a plan of rows split between counties, all signed for, at
// the end of the year, and returns a source of reports on them: month by month, a
// task after the other.
func reportsToHandIn(b *testing.B, w *testkit.Town) func() reportToHandIn {
	b.Helper()
	counties := []org.UnitID{testkit.JiangyangBureau, testkit.NaxiBureau}
	var rows []act.Row
	for i := range benchRows {
		r := testkit.Brands()
		r.No, r.Title, r.Cooperating, r.Evidence = fmt.Sprint(i+1), fmt.Sprintf("新增四川名牌产品，第%d项", i+1), nil, ""
		rows = append(rows, r)
	}
	plan := w.Plan(w.Memorandum(), rows...)
	var pieces []act.Piece
	for _, u := range counties {
		pieces = append(pieces, act.Piece{Unit: u, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(10), Unit: "个"}})
	}
	rehearse := func(f func(d *act.Desk) error) {
		if err := w.Store.Rehearse(b.Context(), w.Clock.Now, func(s *store.Store) error { return f(w.Desk.With(s)) }); err != nil {
			b.Fatal(err)
		}
	}
	office := w.Caller(testkit.LuzhouBureau, org.Office)
	tops := w.Tasks(plan)
	rehearse(func(d *act.Desk) error {
		for _, t := range tops {
			if _, err := d.Sign(b.Context(), office, "", t.ID); err != nil {
				return err
			}
			if _, err := d.Split(b.Context(), office, "", t.ID, t.Version, pieces); err != nil {
				return err
			}
		}
		return nil
	})
	clerks := map[org.UnitID]org.Caller{}
	for _, u := range counties {
		clerks[u] = w.Caller(u, org.Clerk)
	}
	leaves := slices.DeleteFunc(w.Tasks(plan), func(t store.TaskRow) bool { return t.Depth == 0 })
	rehearse(func(d *act.Desk) error {
		for _, t := range leaves {
			if _, err := d.Sign(b.Context(), clerks[t.FirstLead()], "", t.ID); err != nil {
				return err
			}
		}
		return nil
	})
	w.On(2010, 12, 28)
	if _, err := w.Store.Relight(b.Context()); err != nil {
		b.Fatal(err)
	}
	// In the order of nobody's list, with keys as forms make them: otherwise all
	// writers would meet in the same corner of every index.
	dice := rand.New(rand.NewPCG(1, 2))
	dice.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	var n atomic.Int64
	return func() reportToHandIn {
		i := int(n.Add(1)) - 1
		t := leaves[i%len(leaves)]
		month := i/len(leaves) + 1
		return reportToHandIn{
			by: clerks[t.FirstLead()], key: uuid.NewString(), task: t.ID,
			in: value(calendar.Period{Kind: calendar.Month, Year: 2010, Index: month}, month),
		}
	}
}

// bareTable is a table for the ceilings.
type bareTable struct {
	alone  func(context.Context) error          // one transaction for one row
	insert func(context.Context, *sql.Tx) error // the row alone
}

func benchTable(b *testing.B, db *sqldb.DB) bareTable {
	b.Helper()
	var n atomic.Int64
	var t bareTable
	t.insert = func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into setting (name, value) values ($1, $2)`, fmt.Sprintf("bench-%d", n.Add(1)), "x")
		return err
	}
	var turn sync.Mutex
	t.alone = func(ctx context.Context) error {
		if db.Engine() == sqldb.SQLite { // one at a time, or they would share their commits
			turn.Lock()
			defer turn.Unlock()
		}
		return db.Write(ctx, t.insert)
	}
	return t
}

// spread shares b.N calls between writers and reports how long a call took in the
// middle and at the far end, beside the rate.
func spread(b *testing.B, writers int, f func() error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, writers)
	var all sync.WaitGroup
	b.ResetTimer()
	for i := range writers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				begun := time.Now()
				if err := f(); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	sorted := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(sorted) == 0 {
		return
	}
	b.ReportMetric(float64(len(sorted))/b.Elapsed().Seconds(), "acts/s")
	b.ReportMetric(float64(sorted[len(sorted)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(sorted[len(sorted)*99/100].Microseconds())/1000, "p99-ms")
}
