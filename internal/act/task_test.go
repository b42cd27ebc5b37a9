package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func pieceOf(u org.UnitID, n int) act.Piece {
	return act.Piece{Unit: u, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(n), Unit: "个"}}
}

// Rule T-03: per cents do not add up; by the share of finished parts they can be split.
func TestATaskInPerCentIsSplitOnceItsRollUpIsChanged(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		row := testkit.Brands()
		row.Target = &task.Target{Text: "85%以上", Op: task.OpAtLeast, Value: task.Count(85), Unit: "%"}
		plan := w.Plan(w.Memorandum(), row)
		id, bureau := w.Tasks(plan)[0].ID, w.Caller(testkit.LuzhouBureau, org.Office)
		must(w.Desk.Sign(ctx, bureau, "", id))
		parts := []act.Piece{{Unit: testkit.JiangyangBureau}, {Unit: testkit.NaxiBureau}}
		_, err := w.Desk.Split(ctx, bureau, "", id, w.Tasks(plan)[0].Version, parts)
		refused(t, err, fault.Invalid, "split.percent")
		office, change := w.Caller(testkit.ProvinceBureau, org.Office), unchanged(w.Tasks(plan)[0])
		change.Rollup = "average"
		_, err = w.Desk.Change(ctx, office, "", id, change)
		refused(t, err, fault.Invalid, "task.rollup-unknown")
		change.Rollup = task.RollupShare
		must(w.Desk.Change(ctx, office, "", id, change))
		must(w.Desk.Change(ctx, office, "", id, unchanged(w.Tasks(plan)[0])))
		if r := w.Tasks(plan)[0].Rollup; r != task.RollupShare {
			t.Fatalf("a change that names no roll-up leaves %s", r)
		}
		must(w.Desk.Split(ctx, bureau, "", id, w.Tasks(plan)[0].Version, parts))
		if n := w.Tasks(plan)[0].Parts; n != 2 {
			t.Errorf("it was split into %d parts", n)
		}
	})
}

func TestAWithdrawalNamesEveryTaskThatItTakesBack(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		bureau, top := w.Caller(testkit.LuzhouBureau, org.Office), w.Tasks(plan)[0]
		must(w.Desk.Sign(ctx, bureau, "", top.ID))
		must(w.Desk.Split(ctx, bureau, "", top.ID, w.Tasks(plan)[0].Version, []act.Piece{pieceOf(testkit.JiangyangBureau, 10), pieceOf(testkit.NaxiBureau, 8)}))
		parts := w.Tasks(plan)[1:]
		w.On(2010, 3, 1)
		must(w.Desk.Withdraw(ctx, bureau, "", parts[0].ID, "该区没有在册企业"))
		w.On(2010, 3, 9)
		r := must(w.Desk.Withdraw(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", top.ID, "省政府另有安排"))
		rows, err := db.Read().QueryContext(ctx, `select k.id, k.reason, k.withdrawn from task k join journal_subject s on s.subject = k.id
			where s.kind = 'task' and s.entry = $1`, r.Entry)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		named := map[task.ID]string{}
		for rows.Next() {
			var id task.ID
			var reason, day string
			if err := rows.Scan(&id, &reason, &day); err != nil {
				t.Fatal(err)
			}
			named[id] = reason + " " + day
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		const want = "省政府另有安排 2010-03-09"
		if len(named) != 2 || named[top.ID] != want || named[parts[1].ID] != want {
			t.Errorf("the entry names %v", named)
		}
		if k := w.Tasks(plan)[1]; k.Withdrawn != calendar.NewDate(2010, 3, 1) {
			t.Errorf("the part that was taken back before is now withdrawn on %s", k.Withdrawn)
		}
	})
}

func TestASplitDoesNotChangeAPartThatIsFinished(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		bureau, clerk, id := w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.NaxiBureau, org.Clerk), w.Tasks(plan)[0].ID
		must(w.Desk.Sign(ctx, bureau, "", id))
		split := func(pieces ...act.Piece) error {
			_, err := w.Desk.Split(ctx, bureau, "", id, w.Tasks(plan)[0].Version, pieces)
			return err
		}
		if err := split(pieceOf(testkit.NaxiBureau, 2)); err != nil {
			t.Fatal(err)
		}
		part := w.Tasks(plan)[1].ID
		must(w.Desk.Sign(ctx, clerk, "", part))
		done := value(calendar.Period{Kind: calendar.Month, Year: 2010, Index: 1}, 2)
		done.Completes = true
		must(w.Desk.Report(ctx, clerk, "", part, done, file(t, w, "两个")))
		must(w.Desk.Verify(ctx, bureau, "", w.Reports(part)[0].ID, ""))
		err := split(pieceOf(testkit.NaxiBureau, 5), pieceOf(testkit.JiangyangBureau, 3))
		refused(t, err, fault.Conflict, "split.part-closed")
		if rows := w.Tasks(plan); len(rows) != 2 || rows[1].Target.Value != task.Count(2) {
			t.Fatalf("a refused split left %d rows, %s", len(rows), rows[1].Target)
		}
		if err := split(pieceOf(testkit.NaxiBureau, 2), pieceOf(testkit.JiangyangBureau, 3)); err != nil {
			t.Errorf("the finished part stays as it is: %v", err)
		}
	})
}

// Rule T-14: whoever reports does not verify; where nobody else can, the report is refused.
func TestAReportThatNobodyCanVerifyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		office := w.Caller(testkit.ProvinceGov, org.Office)
		m := memo.Memorandum{
			Title: "省政府 泸州市政府合作备忘录", Kind: "合作备忘录", Region: "510000", Stage: memo.InForce,
			Parties: []org.UnitID{testkit.ProvinceGov, testkit.LuzhouGov}, Signed: calendar.NewDate(2010, 1, 6), Until: calendar.NewDate(2012, 12, 31),
		}
		_, of, err := w.Desk.EnterMemorandum(ctx, office, "", m)
		if err != nil {
			t.Fatal(err)
		}
		_, plan, err := w.Desk.EnterPlan(ctx, office, "", of, 2010, "2010年度工作计划")
		if err != nil {
			t.Fatal(err)
		}
		row := testkit.Brands()
		row.Leads, row.Cooperating = []org.UnitID{testkit.ProvinceGov}, nil
		must(w.Desk.EnterTasks(ctx, office, "", plan, []act.Row{row}))
		must(w.Desk.IssuePlan(ctx, office, "", plan))
		rows, err := w.Store.View(office).PlanTasks(ctx, plan)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		clerk := w.Caller(testkit.ProvinceGov, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "", rows[0].ID))
		_, err = w.Desk.Report(ctx, clerk, "", rows[0].ID, value(calendar.Period{Kind: calendar.Month, Year: 2010, Index: 1}, 1), file(t, w, strings.Repeat("一个", 3)))
		refused(t, err, fault.Conflict, "report.nobody-verifies")
	})
}

func TestANotedReportStandsOnceItsPeriodIsOver(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id, clerk := w.Tasks(plan)[0].ID, w.Caller(testkit.LuzhouBureau, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "", id))
		w.On(2010, 6, 10)
		none := task.ReportInput{Period: may2010, Kind: task.ReportNoChange}
		must(w.Desk.Report(ctx, clerk, "", id, none, nil))
		must(w.Desk.TakeBack(ctx, clerk, "", w.Reports(id)[0].ID))
		must(w.Desk.Report(ctx, clerk, "", id, none, nil))
		w.On(2010, 6, 11)
		_, err := w.Desk.TakeBack(ctx, clerk, "", w.Reports(id)[1].ID)
		refused(t, err, fault.Conflict, "report.period-over")
	})
}
