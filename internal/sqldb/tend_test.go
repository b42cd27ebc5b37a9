package sqldb_test

import (
	"testing"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

func TestATendedFileKnowsHowItsTablesAreFilled(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Migrate(t.Context(), tables, "sql"); err != nil {
			t.Fatal(err)
		}
		if err := db.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if db.Engine() != sqldb.SQLite {
			return
		}
		var n int
		if err := db.Read().QueryRowContext(t.Context(), `select count(*) from sqlite_schema where name = 'sqlite_stat1'`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d tables of numbers, %v", n, err)
		}
	})
}
