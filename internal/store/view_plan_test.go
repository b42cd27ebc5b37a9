package store_test

import (
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// eachTown runs f on a town with 泸州's plan, whose brands row is split to one county.
func eachTown(t *testing.T, f func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		unread := act.Row{No: "2", Chapter: []string{"二、工作机制"}, Title: "汛期食品安全检查", Leads: []org.UnitID{testkit.LuzhouFarm},
			Deadline: task.Deadline{Text: "汛期前", Kind: task.DeadlineUnparsed}}
		m := w.Memorandum()
		brands := testkit.Brands()
		seen, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)).Memorandum(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		brands.Commitment = seen.Clauses[0].Commitments[0].ID
		plan := w.Plan(m, brands, unread)
		row := w.Tasks(plan)[0]
		piece := act.Piece{Unit: testkit.JiangyangBureau, Target: &task.Target{Text: "18个", Op: task.OpAtLeast, Value: task.Count(18), Unit: "个"}}
		if _, err := w.Desk.Split(t.Context(), w.Caller(testkit.LuzhouBureau, org.Office), "", row.ID, row.Version, []act.Piece{piece}); err != nil {
			t.Fatal(err)
		}
		rows := w.Tasks(plan)
		f(t, w, plan, rows[0], rows[2])
	})
}

func TestAPlanShowsChaptersRowsPartsAndTheRest(t *testing.T) {
	eachTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow) {
		ctx, v := t.Context(), w.Store.View(w.Caller(testkit.LuzhouBureau, org.Office))
		p, err := v.Plan(ctx, plan)
		if err != nil {
			t.Fatal(err)
		}
		chapters, err := v.Chapters(ctx, p, store.RowFilter{})
		if err != nil || len(chapters) != 2 || chapters[0].Titles[0] != "一、实施名牌战略" || chapters[1].Lights.Total() != 1 {
			t.Fatalf("chapters %+v, %v", chapters, err)
		}
		rows, err := v.PlanRows(ctx, p, chapters[0].Key, store.RowFilter{}, store.RowKey{}, 10)
		if err != nil || len(rows) != 1 || rows[0].Unassigned() != task.Count(2) || !rows[0].Seen || len(rows[0].Parts) != 2 {
			t.Fatalf("rows %+v, %v", rows, err)
		}
		more, err := v.PlanRows(ctx, p, chapters[0].Key, store.RowFilter{}, store.RowKey{Position: rows[0].Position, ID: rows[0].ID}, 10)
		if err != nil || len(more) != 0 {
			t.Fatalf("after the last row came %+v, %v", more, err)
		}
		below, err := v.Level(ctx, p, []task.ID{row.ID}, 10)
		if err != nil || len(below) != 1 || below[0].ID != part.ID {
			t.Fatalf("parts %+v, %v", below, err)
		}
		for words, want := range map[string]int{"名牌": 1, "农业局": 2, "第三条": 1, "没有": 0, "100%": 0} {
			found, err := v.Chapters(ctx, p, store.RowFilter{Words: words})
			n := 0
			for _, c := range found {
				n += c.Lights.Total()
			}
			if err != nil || n != want {
				t.Errorf("%q finds %d rows, want %d, %v", words, n, want, err)
			}
		}
		short, err := v.Chapters(ctx, p, store.RowFilter{Short: true})
		if err != nil || len(short) != 1 {
			t.Fatalf("not shared out: %+v, %v", short, err)
		}
		open, err := v.PlanOpen(ctx, p)
		if err != nil || open.Gaps != 1 || open.Gap.ID != row.ID || open.Drafts != 0 {
			t.Fatalf("what waits: %+v, %v", open, err)
		}
	})
}

func TestACooperatingUnitSeesItsTaskAndNothingMoreOfThePlan(t *testing.T) {
	eachTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow) {
		ctx, v := t.Context(), w.Store.View(w.Caller(testkit.LuzhouFarm, org.Clerk))
		k, err := v.Task(ctx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		thread, err := v.TaskThread(ctx, k)
		if err != nil || thread.PlanSeen || thread.MemoSeen || thread.Clause != nil || thread.Plan.Title == "" {
			t.Fatalf("thread %+v, %v", thread, err)
		}
		parts, err := v.TaskParts(ctx, row.ID, store.RowKey{}, 10)
		if err != nil || len(parts) != 0 {
			t.Fatalf("it sees the parts %+v, %v", parts, err)
		}
		if _, err := v.Plan(ctx, plan); fault.KindOf(err) != fault.NotFound {
			t.Fatalf("the plan answered %v", err)
		}
		if _, err := v.Task(ctx, part.ID); fault.KindOf(err) != fault.NotFound {
			t.Fatalf("the part answered %v", err)
		}
		plans, err := v.Plans(ctx, store.PlanKey{}, 10)
		if err != nil || len(plans) != 0 {
			t.Fatalf("it lists plans %+v, %v", plans, err)
		}
	})
}

func TestATaskHangsOnItsClauseAndItsPastLightIsWorkedOut(t *testing.T) {
	eachTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow) {
		ctx, v := t.Context(), w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		k, err := v.Task(ctx, part.ID)
		if err != nil {
			t.Fatal(err)
		}
		thread, err := v.TaskThread(ctx, k)
		if err != nil || thread.Clause == nil || thread.Clause.No != "第三条（二）" || len(thread.Above) != 1 || thread.Above[0].ID != row.ID || thread.PlanRows != 2 {
			t.Fatalf("thread %+v, %v", thread, err)
		}
		w.On(2010, 6, 7)
		if k, err = w.Store.View(v.Caller()).Task(ctx, row.ID); err != nil {
			t.Fatal(err)
		}
		course, err := w.Store.View(v.Caller()).TaskCourse(ctx, k)
		if err != nil || len(course.Facts) != 2 {
			t.Fatalf("course of %d tasks, %v", len(course.Facts), err)
		}
		if l := course.LightOn(row.ID, calendar.NewDate(2010, 1, 20)); l.Colour == task.Red {
			t.Errorf("on 20 January the light was %+v", l)
		}
		if l := course.LightOn(row.ID, calendar.NewDate(2010, 6, 7)); l.Colour != task.Red || l.Expected != task.Count(10) {
			t.Errorf("on 7 June the light is %+v", l)
		}
	})
}

func TestMemorandumsAreListedWithTheirYearsOnlyToTheirReaders(t *testing.T) {
	eachTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow) {
		ctx := t.Context()
		v := w.Store.View(w.Caller(testkit.LuzhouGov, org.Leader))
		list, err := v.Memorandums(ctx, "泸州", store.MemorandumKey{}, 10)
		if err != nil || len(list) != 1 || len(list[0].PartyNames) != 2 || len(list[0].Plans) != 1 || list[0].Plans[0].Lights.Total() != 2 {
			t.Fatalf("list %+v, %v", list, err)
		}
		m, err := v.Memorandum(ctx, list[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		serving, err := v.ServingTasks(ctx, m, 10)
		if got := serving[m.Clauses[0].Commitments[0].ID]; err != nil || len(got) != 1 || got[0].ID != row.ID || got[0].Year != 2010 {
			t.Fatalf("serving %+v, %v", serving, err)
		}
		stranger := w.Store.View(w.Caller(testkit.LiangshanBureau, org.Office))
		if list, err := stranger.Memorandums(ctx, "", store.MemorandumKey{}, 10); err != nil || len(list) != 0 {
			t.Fatalf("a stranger lists %+v, %v", list, err)
		}
		if _, err := stranger.Memorandum(ctx, m.ID); fault.KindOf(err) != fault.NotFound {
			t.Fatalf("a stranger was answered %v", err)
		}
	})
}

func TestPartsAreOfferedToTheUnitsBelow(t *testing.T) {
	eachTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, row, part store.TaskRow) {
		ctx, v := t.Context(), w.Store.View(w.Caller(testkit.LuzhouBureau, org.Office))
		below, err := v.UnitsBelow(ctx, testkit.LuzhouBureau, "", 10)
		if err != nil || len(below) != 2 || below[0].ID != testkit.JiangyangBureau {
			t.Fatalf("below stand %+v, %v", below, err)
		}
		found, err := v.UnitsBelow(ctx, testkit.LuzhouBureau, "纳溪", 10)
		if err != nil || len(found) != 1 || found[0].ID != testkit.NaxiBureau {
			t.Fatalf("found %+v, %v", found, err)
		}
		guides(t, w)
		// Rule O-21: the county's department of the same function, and no other.
		if got, err := v.UnitsBelow(ctx, testkit.LuzhouFarm, "", 10); err != nil || len(got) != 1 || got[0].Name != "泸县农业局" {
			t.Fatalf("the department guides %+v, %v", got, err)
		}
		if n, err := v.Under(ctx, row.ID); err != nil || n != 1 {
			t.Fatalf("%d parts under the row, %v", n, err)
		}
	})
}

// guides adds a county government with two departments below 泸州.
func guides(t *testing.T, w *testkit.Town) {
	t.Helper()
	c := w.Caller(testkit.ProvinceBureau, org.Admin)
	_, gov, err := w.Desk.AddUnit(t.Context(), c, "", org.Unit{Name: "泸县人民政府", Kind: org.Government, Level: org.County, Region: "510521", Block: testkit.LuzhouGov})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"农业", "财政"} {
		if _, _, err := w.Desk.AddUnit(t.Context(), c, "", org.Unit{Name: "泸县" + f + "局", Kind: org.Department, Level: org.County, Region: "510521", Function: f, Block: gov}); err != nil {
			t.Fatal(err)
		}
	}
}
