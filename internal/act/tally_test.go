package act_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// What everybody sees of a year is kept and not counted: it follows every act.
func TestWhatIsKeptOfAPlansRowsFollowsEveryAct(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		one, two := testkit.Brands(), testkit.Brands()
		two.No = "2"
		promised := func(all, finished int) {
			t.Helper()
			counts, err := w.Store.View(org.Public()).PublicCounts(ctx, 2010)
			if err != nil {
				t.Fatal(err)
			}
			gotAll, gotFinished := 0, 0
			for _, r := range counts.Regions {
				gotAll, gotFinished = gotAll+r.Lights.Total(), gotFinished+r.Finished
			}
			if gotAll != all || gotFinished != finished {
				t.Errorf("%d promised, %d finished, want %d and %d", gotAll, gotFinished, all, finished)
			}
			if differs, err := w.Store.Recheck(ctx); err != nil || len(differs) > 0 {
				t.Errorf("a recount finds %v, %v", differs, err)
			}
		}
		promised(0, 0)
		plan := w.Plan(w.Memorandum(), one, two)
		promised(2, 0)
		rows := w.Tasks(plan)
		office := w.Caller(testkit.LuzhouBureau, org.Office)
		must(t)(w.Desk.Sign(ctx, office, "", rows[0].ID))
		must(t)(w.Desk.Withdraw(ctx, w.Caller(rows[1].Setter, org.Office), "", rows[1].ID, "工作安排调整"))
		promised(1, 0)
		three := testkit.Brands()
		three.No = "3"
		must(t)(w.Desk.EnterTasks(ctx, w.Caller(rows[0].Setter, org.Office), "", plan, []act.Row{three}))
		promised(1, 0) // a draft is no promise
	})
}

func TestACheckTellsWhatIsKeptOfAPlansRowsWrongly(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.Plan(w.Memorandum(), testkit.Brands())
		for _, spoil := range []string{`update tally set given = 7`, `delete from tally`} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, spoil)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			differs, err := w.Store.Recheck(t.Context())
			if err != nil || len(differs) != 1 || !strings.Contains(differs[0], "rows") {
				t.Errorf("after %q a recount finds %v, %v", spoil, differs, err)
			}
		}
	})
}
