package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func TestAFigureChangedBehindTheJournalsBackIsFound(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx := t.Context()
		row := testkit.Brands()
		row.Evidence = ""
		plan := w.Plan(w.Memorandum(), row)
		id, clerk := w.Tasks(plan)[0].ID, w.Caller(testkit.LuzhouBureau, org.Clerk)
		if _, err := w.Desk.Sign(ctx, clerk, "", id); err != nil {
			t.Fatal(err)
		}
		w.On(2010, 2, 3)
		in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 1}, Kind: task.ReportValue, Value: task.One}
		if _, err := w.Desk.Report(ctx, clerk, "", id, in, nil); err != nil {
			t.Fatal(err)
		}
		var found []string
		look := func() int {
			found = nil
			n, err := w.Store.Witness(ctx, func(r task.ReportID, what string) { found = append(found, what) })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := look(); n != 1 || len(found) != 0 {
			t.Fatalf("of %d untouched reports %v differ", n, found)
		}
		err := db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `update report set value = 90000`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if look(); len(found) != 1 || !strings.Contains(found[0], "90000") {
			t.Fatalf("a changed figure gives %v", found)
		}
	})
}
