package store_test

import (
	"fmt"
	"slices"
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestColumnSetsAreKeptChangedAndRemoved(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		save := func(c org.Caller, s store.ColumnSet) error {
			_, err := w.Desk.SaveColumns(t.Context(), c, "", s)
			return err
		}
		set := store.ColumnSet{List: "plan-tasks", Name: "上报", Columns: []string{"task", "no"}}
		if err := save(office, set); err != nil {
			t.Fatal(err)
		}
		if err := save(office, set); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("saved twice at version 0: %v", err)
		}
		set.Version, set.Columns = 1, []string{"no"}
		if err := save(office, set); err != nil {
			t.Fatal(err)
		}
		kept, err := w.Store.View(office).ColumnSet(t.Context(), "plan-tasks", "上报")
		if err != nil || kept.Version != 2 || !slices.Equal(kept.Columns, []string{"no"}) {
			t.Fatalf("kept %+v, %v", kept, err)
		}
		// Another unit's reader finds it only where the unit is named.
		clerk := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Clerk))
		if _, err := clerk.ColumnSet(t.Context(), "plan-tasks", "上报"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a set of another unit: %v", err)
		}
		if _, err := clerk.ColumnSet(t.Context(), "plan-tasks", "上报", testkit.ProvinceBureau); err != nil {
			t.Errorf("the plan's office's set: %v", err)
		}
		if err := save(w.Caller(testkit.ProvinceBureau, org.Clerk), store.ColumnSet{List: "plans", Name: "x", Columns: []string{"year"}}); fault.KindOf(err) != fault.Denied {
			t.Errorf("a clerk saves: %v", err)
		}
		kept.Columns = nil
		if err := save(office, kept); err != nil {
			t.Fatal(err)
		}
		for i := range store.MaxColumnSets + 1 {
			err := save(office, store.ColumnSet{List: "plans", Name: fmt.Sprint(i), Columns: []string{"year"}})
			if full := i == store.MaxColumnSets; full != fault.Is(err, "export.too-many-sets") || !full && err != nil {
				t.Errorf("set %d: %v", i, err)
			}
		}
		sets, err := w.Store.View(office).ColumnSets(t.Context(), "plan-tasks", testkit.ProvinceBureau)
		if err != nil || len(sets) != 0 {
			t.Errorf("%d sets are left (%v)", len(sets), err)
		}
	})
}

// The rows for a file are those that the page asks for: no more by another way.
func TestTheRowsOfAFileAreWithinTheScope(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		brands := testkit.Brands()
		plan := w.Plan(w.Memorandum(), brands, brands, brands)
		for post, want := range map[org.UnitID]int{testkit.ProvinceBureau: 3, testkit.LuzhouBureau: 3, testkit.LuzhouFarm: 3, testkit.LiangshanBureau: 0, testkit.JiangyangBureau: 0} {
			v := w.Store.View(w.Caller(post, org.Clerk))
			all, err := v.UnitTasks(t.Context(), testkit.LuzhouBureau, "", 2)
			if err == nil && len(all) == 2 {
				var rest []store.UnitTask
				rest, err = v.UnitTasks(t.Context(), testkit.LuzhouBureau, all[1].ID, 2)
				all = append(all, rest...)
			}
			if err != nil || len(all) != want {
				t.Errorf("%s sees %d tasks of 泸州, want %d (%v)", post, len(all), want, err)
			}
			for _, k := range all {
				if k.Title != brands.Title || k.Year != 2010 || k.Part.Unit != testkit.LuzhouBureau || k.Part.Due.IsZero() || len(k.Leads) != 1 {
					t.Errorf("a task is incomplete: %+v", k)
				}
			}
		}
		v := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		p, err := v.Plan(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		first, err := v.TableRows(t.Context(), p, store.RowFilter{}, store.RowKey{}, 2)
		if err != nil || len(first) != 2 {
			t.Fatalf("%d rows, %v", len(first), err)
		}
		rest, err := v.TableRows(t.Context(), p, store.RowFilter{}, store.RowKey{Position: first[1].Position, ID: first[1].ID}, 2)
		if err != nil || len(rest) != 1 || rest[0].Position != 3 {
			t.Errorf("the next page has %d rows (%v)", len(rest), err)
		}
	})
}
