package act_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// piece gives a county its part of a row.
func piece(u org.UnitID, n int) act.Piece {
	return act.Piece{Unit: u, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(n), Unit: "个"}}
}

// An act counts only the tasks that it touched and those above them. Whatever
// happens in whatever order and on whatever day, a full recount finds the same.
func TestWhatAnActCountsEqualsAFullRecount(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		sum, share := testkit.Brands(), testkit.Brands()
		sum.Evidence, sum.Cooperating, share.Evidence, share.Cooperating = "", nil, "", nil
		share.No, share.Title, share.Rollup = "2", "计量器具检定达标的县", task.RollupShare
		plan := w.Plan(w.Memorandum(), sum, share, testkit.Brands())
		office := w.Caller(testkit.LuzhouBureau, org.Office)
		units := []org.UnitID{testkit.JiangyangBureau, testkit.NaxiBureau, testkit.LuzhouBureau}
		for _, k := range w.Tasks(plan)[:2] {
			must(t)(w.Desk.Sign(ctx, office, "", k.ID))
			must(t)(w.Desk.Split(ctx, office, "", k.ID, k.Version, []act.Piece{piece(units[0], 12), piece(units[1], 8)}))
		}
		dice := rand.New(rand.NewPCG(7, 11))
		day := calendar.NewDate(2010, 2, 1)
		done := 0
		for step := range 160 {
			if dice.IntN(4) == 0 {
				day = day.AddDays(dice.IntN(12))
				w.On(day.Year, day.Month, day.Day)
			}
			if step == 120 { // what the merged bureau has open goes on under the other
				merge(t, w, units[1], units[0])
				units[1] = units[0]
			}
			rows := w.Tasks(plan)
			k := rows[dice.IntN(len(rows))]
			unit := k.FirstLead()
			if dice.IntN(8) == 0 {
				unit = units[dice.IntN(len(units))]
			}
			if _, err := randomAct(t, w, dice, k, unit); err == nil {
				done++
			}
			if differs, err := w.Store.Recheck(ctx); err != nil || len(differs) > 0 {
				t.Fatalf("after step %d: %v\n%s", step, err, strings.Join(differs, "\n"))
			}
		}
		if done < 30 {
			t.Errorf("only %d acts of 160 were allowed: the test tries too little", done)
		}
	})
}

// randomAct tries something with a task; much of it is refused.
func randomAct(t *testing.T, w *testkit.Town, dice *rand.Rand, k store.TaskRow, unit org.UnitID) (store.Receipt, error) {
	ctx, clerk := t.Context(), w.Caller(unit, org.Clerk)
	reports := w.Reports(k.ID)
	if len(reports) > 0 && dice.IntN(2) == 0 {
		r := reports[dice.IntN(len(reports))]
		above := w.Caller([]org.UnitID{testkit.LuzhouBureau, testkit.ProvinceBureau}[dice.IntN(2)], org.Verifier)
		switch dice.IntN(4) {
		case 0:
			return w.Desk.Return(ctx, above, "", r.ID, "请补充说明数据来源")
		case 1:
			return w.Desk.TakeBack(ctx, clerk, "", r.ID)
		}
		return w.Desk.Verify(ctx, above, "", r.ID, "")
	}
	switch dice.IntN(10) {
	case 0, 1:
		return w.Desk.Sign(ctx, clerk, "", k.ID)
	case 2:
		return w.Desk.Refuse(ctx, clerk, "", k.ID, "不属我单位职责")
	case 3, 4:
		if k.Depth > 0 {
			return w.Desk.Withdraw(ctx, w.Caller(k.Setter, org.Office), "", k.ID, "工作安排调整")
		}
		return w.Desk.Split(ctx, w.Caller(k.FirstLead(), org.Office), "", k.ID, k.Version, []act.Piece{piece(testkit.JiangyangBureau, 1+dice.IntN(20))})
	}
	today := w.Store.Today()
	in := value(calendar.Period{Kind: calendar.Month, Year: today.Year, Index: 1 + dice.IntN(int(today.Month))}, dice.IntN(25))
	in.Why, in.Completes = "更正前期数字", dice.IntN(3) == 0
	return w.Desk.Report(ctx, clerk, "", k.ID, in, nil)
}

// A report touches its task and those above it, however many parts stand beside.
func TestAReportTakesAsManyStatementsInALargeTreeAsInASmallOne(t *testing.T) {
	counts := map[int]int{}
	for _, rows := range []int{1, 60} {
		var heard []string
		listening := false
		db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "count.db"), sqldb.Options{Heard: func(statement string) {
			if listening {
				heard = append(heard, statement)
			}
		}})
		w := testkit.NewTown(t, db)
		var all []act.Row
		for i := range rows {
			r := testkit.Brands()
			r.No, r.Title, r.Evidence, r.Cooperating = fmt.Sprint(i+1), fmt.Sprintf("新增四川名牌产品，第%d项", i+1), "", nil
			all = append(all, r)
		}
		plan := w.Plan(w.Memorandum(), all...)
		top, office := w.Tasks(plan)[0], w.Caller(testkit.LuzhouBureau, org.Office)
		must(t)(w.Desk.Sign(t.Context(), office, "", top.ID))
		must(t)(w.Desk.Split(t.Context(), office, "", top.ID, top.Version, []act.Piece{piece(testkit.NaxiBureau, 8), piece(testkit.JiangyangBureau, 8)}))
		var leaf store.TaskRow
		for _, k := range w.Tasks(plan) {
			if k.Parent == top.ID && k.FirstLead() == testkit.NaxiBureau {
				leaf = k
			}
		}
		clerk := w.Caller(testkit.NaxiBureau, org.Clerk)
		must(t)(w.Desk.Sign(t.Context(), clerk, "", leaf.ID))
		w.On(2010, 6, 2)
		if _, err := w.Store.Relight(t.Context()); err != nil { // the morning: a light that changes is two statements more
			t.Fatal(err)
		}
		listening = true
		must(t)(w.Desk.Report(t.Context(), clerk, "k", leaf.ID, value(may2010, 5), nil))
		listening = false
		if counts[rows] = len(heard); len(heard) > 11 {
			t.Errorf("%d statements:\n%s", len(heard), strings.Join(heard, "\n"))
		}
	}
	if counts[1] != counts[60] {
		t.Errorf("%d statements in a plan of one row, %d in one of sixty", counts[1], counts[60])
	}
}
