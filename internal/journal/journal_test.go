package journal_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

var start = time.Date(2010, 6, 7, 8, 9, 10, 123456000, time.UTC)

// entry returns the i-th entry of a made-up journal, a second after the one before.
func entry(i int) journal.Entry {
	at := start.Add(time.Duration(i) * time.Second)
	e := journal.Entry{
		ID: fmt.Sprintf("%08x-%04x-7000-8000-%012x", at.UnixMilli()>>16, at.UnixMilli()&0xffff, i),
		At: at, Person: "p1", Post: "post-1", Unit: fmt.Sprintf("unit-%d", i%3),
		Action: "task.report", Outcome: journal.Done, Policy: "report-at-lead-unit",
		Subjects: []journal.Subject{{Kind: "task", ID: fmt.Sprintf("task-%d", i%5)}, {Kind: "plan", ID: "plan-1"}},
		Detail:   json.RawMessage(fmt.Sprintf(`{"value":"12.340","words":"完成<%d>"}`, i)),
	}
	if i%7 == 3 {
		e.Outcome = journal.Refused
	}
	return e
}

func appendEntries(t testing.TB, db *sqldb.DB, entries ...journal.Entry) (receipts []string) {
	t.Helper()
	err := db.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		receipts = nil
		for _, e := range entries {
			number, err := journal.Append(ctx, tx, e)
			if err != nil {
				return err
			}
			receipts = append(receipts, number)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

func migrate(t testing.TB, db *sqldb.DB) {
	t.Helper()
	if err := db.Migrate(context.Background(), journal.Migrations, "migration"); err != nil {
		t.Fatal(err)
	}
}

func TestAnEntryIsWrittenWithItsActOrNotAtAll(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		migrate(t, db)
		appendEntries(t, db, entry(0))
		refused := fmt.Errorf("the act failed")
		err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			if _, err := journal.Append(ctx, tx, entry(1)); err != nil {
				return err
			}
			return refused
		})
		if err != refused {
			t.Fatal(err)
		}
		var entries, subjects int
		if err := db.Read().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM journal_subject)`).Scan(&entries, &subjects); err != nil {
			t.Fatal(err)
		}
		if entries != 1 || subjects != 2 {
			t.Errorf("%d entries, %d subjects", entries, subjects)
		}
	})
}
