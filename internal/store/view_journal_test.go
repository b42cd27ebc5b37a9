package store_test

import (
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func TestAnEntryIsReadByItsDoerTheAuditorAndWhoeverSeesItsRecords(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		m := w.Memorandum()
		plan := w.Plan(m, testkit.Brands())
		k := w.Tasks(plan)[0]
		if _, err := w.Desk.Sign(t.Context(), w.Caller(testkit.LuzhouBureau, org.Clerk), "", k.ID); err != nil {
			t.Fatal(err)
		}
		w.On(2010, 6, 2)
		clerk := w.Caller(testkit.LuzhouBureau, org.Clerk)
		file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("%PDF-1.4"), "推荐文件.pdf")
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.Desk.Report(t.Context(), clerk, "", k.ID, task.ReportInput{
			Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: 9 * task.One,
		}, []task.Evidence{file})
		if err != nil {
			t.Fatal(err)
		}
		_, unit, err := w.Desk.AddUnit(t.Context(), w.Caller(testkit.LuzhouBureau, org.Admin), "", org.Unit{Name: "泸州市质检所", Kind: org.Institution, Level: org.City, Region: "510500"})
		if err != nil {
			t.Fatal(err)
		}
		log := journal.New(db, nil, w.Clock.Now)
		report, err := log.ByID(t.Context(), r.Entry)
		if err != nil {
			t.Fatal(err)
		}
		added, err := log.History(t.Context(), "unit", string(unit), 1)
		if err != nil || len(added) != 1 {
			t.Fatalf("%d entries about the new unit, %v", len(added), err)
		}
		for _, c := range []struct {
			unit          org.UnitID
			role          org.Role
			report, added bool
		}{
			{testkit.LuzhouBureau, org.Clerk, true, false},
			{testkit.LuzhouFarm, org.Clerk, true, false},
			{testkit.ProvinceBureau, org.Office, true, false},
			{testkit.LuzhouGov, org.Leader, true, false},
			{testkit.LiangshanBureau, org.Auditor, true, true},
			{testkit.LuzhouBureau, org.Admin, false, true},
			{testkit.LiangshanBureau, org.Office, false, false},
			{testkit.MianningBureau, org.Clerk, false, false},
		} {
			v := w.Store.View(w.Caller(c.unit, c.role))
			for _, e := range []struct {
				record journal.Record
				want   bool
			}{{report, c.report}, {added[0], c.added}} {
				if may, err := v.MayReadEntry(t.Context(), e.record.Entry); err != nil || may != e.want {
					t.Errorf("%s %s may read %s: %v, want %v (%v)", c.unit, c.role, e.record.Entry.Action, may, e.want, err)
				}
			}
		}
		if may, err := w.Store.View(org.Public()).MayReadEntry(t.Context(), report.Entry); err != nil || may {
			t.Errorf("the public may read it: %v, %v", may, err)
		}
	})
}

func TestRecordsOutOfScopeHaveNoName(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		m := w.Memorandum()
		plan := w.Plan(m, testkit.Brands())
		subjects := []journal.Subject{
			{Kind: "memorandum", ID: string(m.ID)}, {Kind: "plan", ID: string(plan)}, {Kind: "task", ID: string(w.Tasks(plan)[0].ID)}, {Kind: "strange", ID: "x"},
		}
		for _, c := range []struct {
			view *store.View
			want int
		}{
			{w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)), 3},
			{w.Store.View(w.Caller(testkit.LuzhouFarm, org.Clerk)), 1},
			{w.Store.View(w.Caller(testkit.LiangshanBureau, org.Office)), 0},
			{w.Store.View(org.Public()), 0},
		} {
			names, err := c.view.SubjectNames(t.Context(), subjects)
			if err != nil || len(names) != c.want {
				t.Errorf("%s is told %d names, want %d: %v", c.view.Caller().Post().ID, len(names), c.want, err)
			}
		}
	})
}
