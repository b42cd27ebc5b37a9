package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

// townUnits are the units whose posts look at the lists.
var townUnits = []org.UnitID{
	testkit.ProvinceBureau, testkit.ProvinceGov, testkit.LuzhouBureau, testkit.LuzhouGov, testkit.LuzhouFarm,
	testkit.JiangyangBureau, testkit.NaxiBureau, testkit.LiangshanBureau, testkit.LiangshanGov, testkit.MianningBureau, testkit.XichangBureau,
}

// someRows makes rows with leads, helpers and supervisors drawn from a fixed seed.
func someRows(n int) []act.Row {
	draw := rand.New(rand.NewPCG(20100607, 1))
	var rows []act.Row
	for i := range n {
		pick := draw.Perm(len(townUnits))
		row := act.Row{Title: fmt.Sprintf("任务%d", i+1), Leads: []org.UnitID{townUnits[pick[0]]}, Deadline: task.Deadline{Kind: task.DeadlineStanding}}
		for _, p := range pick[1 : 1+draw.IntN(3)] {
			row.Cooperating = append(row.Cooperating, townUnits[p])
		}
		if draw.IntN(3) == 0 {
			row.Supervising = townUnits[pick[5]]
		}
		rows = append(rows, row)
	}
	return rows
}

// Guarantee 3 of the design: what SQL lists is what the scope means, and what
// the scope means is what the policies decide.
func TestListsShowExactlyWhatScopeAndPoliciesAllow(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		m := w.Memorandum()
		plan := w.Plan(m, someRows(25)...)
		_, draft, err := w.Desk.EnterPlan(ctx, office, "", m.ID, 2011, "泸州市2011年度工作计划")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.EnterTasks(ctx, office, "", draft, someRows(6)); err != nil {
			t.Fatal(err)
		}
		all := append(w.Tasks(plan), w.Tasks(draft)...)
		if len(all) != 31 {
			t.Fatalf("the office lists %d tasks, want 31", len(all))
		}
		seen := 0
		for _, unit := range townUnits {
			for _, role := range []org.Role{org.Office, org.Leader, org.Clerk, org.Verifier, org.Scorer, org.Auditor, org.Admin} {
				seen += compareLists(t, w, w.Caller(unit, role), all)
			}
		}
		compareLists(t, w, org.Public(), all)
		compareLists(t, w, org.Caller{}, all)
		if seen == 0 {
			t.Fatal("nobody sees anything: the comparison says nothing")
		}
	})
}

// compareLists compares one caller's list with the scope and the policies, and
// returns how many tasks the caller sees.
func compareLists(t *testing.T, w *testkit.Town, c org.Caller, all []store.TaskRow) int {
	t.Helper()
	view := w.Store.View(c)
	listed := map[task.ID]bool{}
	for _, p := range slices.Compact([]string{string(all[0].Plan), string(all[len(all)-1].Plan)}) {
		rows, err := view.PlanTasks(t.Context(), memo.PlanID(p))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			listed[r.ID] = true
		}
	}
	judge := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
	for _, row := range all {
		k, err := judge.Task(t.Context(), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		if in := c.Scope().SeesTask(k.Facts); in != listed[row.ID] {
			t.Errorf("%s %v: task %s: scope says %t, the list %t (%+v)", c.Unit().ID, c.Roles(), row.Title, in, listed[row.ID], k.Facts)
		}
		_, err = view.Task(t.Context(), row.ID)
		if got := err == nil; got != listed[row.ID] || (err != nil && fault.KindOf(err) != fault.NotFound) {
			t.Errorf("%s %v: task %s: listed %t, opened with %v", c.Unit().ID, c.Roles(), row.Title, listed[row.ID], err)
		}
	}
	return len(listed)
}
