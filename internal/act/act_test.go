package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

func each(t *testing.T, f func(t *testing.T, w *testkit.Town)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) { f(t, testkit.NewTown(t, db)) })
}

func must(t *testing.T) func(store.Receipt, error) store.Receipt {
	return func(r store.Receipt, err error) store.Receipt {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

func refused(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if fault.KindOf(err) != kind || !fault.Is(err, key) {
		t.Fatalf("got %v, want a fault %q of kind %d", err, key, kind)
	}
}

var may2010 = calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}

func value(p calendar.Period, n int) task.ReportInput {
	return task.ReportInput{Period: p, Kind: task.ReportValue, Value: task.Count(n)}
}

// file keeps a small text as evidence.
func file(t *testing.T, w *testkit.Town, words string) []task.Evidence {
	t.Helper()
	e, err := w.Desk.KeepEvidence(w.Caller(testkit.LuzhouBureau, org.Clerk), strings.NewReader(words), "推荐文件.txt")
	if err != nil {
		t.Fatal(err)
	}
	return []task.Evidence{e}
}

func TestATaskGoesFromThePlanToAVerifiedReport(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id := w.Tasks(plan)[0].ID
		clerk, farm := w.Caller(testkit.LuzhouBureau, org.Clerk), w.Caller(testkit.LuzhouFarm, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "k1", id))
		if s := w.Tasks(plan)[0].State; s != task.InForce {
			t.Fatalf("after the lead signed the task is %s", s)
		}
		must(w.Desk.Sign(ctx, farm, "", id))

		w.On(2010, 6, 2)
		_, err := w.Desk.Report(ctx, clerk, "", id, value(may2010, 9), nil)
		refused(t, err, fault.Invalid, "report.evidence-missing")
		first := must(w.Desk.Report(ctx, clerk, "click", id, value(may2010, 9), file(t, w, "九个")))
		again := must(w.Desk.Report(ctx, clerk, "click", id, value(may2010, 9), nil))
		if !again.Again || again.Number != first.Number {
			t.Fatalf("a second click gave %+v after %+v", again, first)
		}
		row := w.Tasks(plan)[0]
		if row.Claimed != task.Count(9) || row.Verified != 0 {
			t.Fatalf("claimed %s, verified %s; want 9 and 0", row.Claimed, row.Verified)
		}

		reports := w.Reports(id)
		_, err = w.Desk.Verify(ctx, w.Caller(testkit.LuzhouBureau, org.Verifier), "", reports[0].ID, "")
		refused(t, err, fault.Denied, "denied")
		must(w.Desk.Verify(ctx, w.Caller(testkit.ProvinceBureau, org.Verifier), "", reports[0].ID, "属实"))
		row = w.Tasks(plan)[0]
		if row.Verified != task.Count(9) || row.Light.Colour != task.Green {
			t.Fatalf("verified %s, light %s %v; want 9 of 10 expected, green", row.Verified, row.Light.Colour, row.Light.Why)
		}
	})
}

func TestAReturnedReportIsHandedInAgainAsTheNextRound(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id := w.Tasks(plan)[0].ID
		clerk := w.Caller(testkit.LuzhouBureau, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "", id))
		w.On(2010, 6, 2)
		must(w.Desk.Report(ctx, clerk, "", id, value(may2010, 9), file(t, w, "印章不清")))
		verifier := w.Caller(testkit.ProvinceBureau, org.Verifier)
		_, err := w.Desk.Return(ctx, verifier, "", w.Reports(id)[0].ID, "")
		refused(t, err, fault.Invalid, "reason.too-short")
		must(w.Desk.Return(ctx, verifier, "", w.Reports(id)[0].ID, "第2页印章看不清，请换一张"))
		must(w.Desk.Report(ctx, clerk, "", id, value(may2010, 9), file(t, w, "重新扫描")))
		if all := w.Reports(id); len(all) != 2 || all[1].Round != 2 || all[1].Late {
			t.Fatalf("reports are %+v", all)
		}
	})
}

func TestALeadFinishesOnlyWhenCooperatingUnitsHaveReportedOrAreExcused(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id := w.Tasks(plan)[0].ID
		clerk, office := w.Caller(testkit.LuzhouBureau, org.Clerk), w.Caller(testkit.ProvinceBureau, org.Office)
		must(w.Desk.Sign(ctx, clerk, "", id))
		w.On(2010, 6, 2)
		done := value(may2010, 20)
		done.Completes = true
		_, err := w.Desk.Report(ctx, clerk, "", id, done, file(t, w, "二十个"))
		refused(t, err, fault.Conflict, "report.cooperating-open")
		must(w.Desk.Excuse(ctx, office, "", id, testkit.LuzhouFarm, "本项没有农产品"))
		must(w.Desk.Report(ctx, clerk, "", id, done, file(t, w, "二十个")))
		must(w.Desk.Verify(ctx, office, "", w.Reports(id)[0].ID, ""))
		row := w.Tasks(plan)[0]
		if row.State != task.Finished || row.Light.Colour != task.Blue {
			t.Fatalf("the task is %s and %s", row.State, row.Light.Colour)
		}
	})
}

func TestASplitLeavesTheRestWithTheLeadAndRollsUp(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		top := w.Tasks(plan)[0]
		office := w.Caller(testkit.LuzhouBureau, org.Office)
		must(w.Desk.Sign(ctx, office, "", top.ID))
		top = w.Tasks(plan)[0]
		piece := func(u org.UnitID, n int) act.Piece {
			return act.Piece{Unit: u, Target: &task.Target{Text: "", Op: task.OpAtLeast, Value: task.Count(n), Unit: "个"}}
		}
		_, err := w.Desk.Split(ctx, office, "", top.ID, top.Version, []act.Piece{piece(testkit.MianningBureau, 3)})
		refused(t, err, fault.Invalid, "split.not-below")
		must(w.Desk.Split(ctx, office, "", top.ID, top.Version, []act.Piece{piece(testkit.JiangyangBureau, 10), piece(testkit.NaxiBureau, 8)}))
		_, err = w.Desk.Split(ctx, office, "", top.ID, top.Version, []act.Piece{piece(testkit.NaxiBureau, 9)})
		refused(t, err, fault.Conflict, "changed-meanwhile")
		rows := w.Tasks(plan)
		if len(rows) != 3 || rows[0].Assigned != task.Count(18) || rows[0].Parts != 2 {
			t.Fatalf("after the split: %d rows, assigned %s of 20, %d parts", len(rows), rows[0].Assigned, rows[0].Parts)
		}
		clerk := w.Caller(testkit.NaxiBureau, org.Clerk)
		must(w.Desk.Refuse(ctx, w.Caller(testkit.JiangyangBureau, org.Clerk), "", rows[1].ID, "不属我单位职责"))
		must(w.Desk.Sign(ctx, clerk, "", rows[2].ID))
		w.On(2010, 6, 2)
		must(w.Desk.Report(ctx, clerk, "", rows[2].ID, value(may2010, 5), file(t, w, "五个")))
		must(w.Desk.Verify(ctx, office, "", w.Reports(rows[2].ID)[0].ID, ""))
		rows = w.Tasks(plan)
		if rows[0].Verified != task.Count(5) || rows[1].State != task.Refused {
			t.Fatalf("the whole has %s verified, the refused part is %s", rows[0].Verified, rows[1].State)
		}
	})
}

func TestOutOfScopeAnswersLikeMissing(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		id := w.Tasks(plan)[0].ID
		stranger := w.Caller(testkit.MianningBureau, org.Clerk)
		_, err := w.Desk.Sign(t.Context(), stranger, "", id)
		refused(t, err, fault.NotFound, "absent")
		_, there := w.Store.View(stranger).Task(t.Context(), id)
		_, missing := w.Store.View(stranger).Task(t.Context(), "no-such-task")
		if fault.KindOf(there) != fault.NotFound || fault.KindOf(missing) != fault.NotFound {
			t.Fatalf("out of scope: %v; missing: %v", there, missing)
		}
		if rows, err := w.Store.View(stranger).PlanTasks(t.Context(), plan); err != nil || len(rows) != 0 {
			t.Fatalf("a stranger lists %d tasks, %v", len(rows), err)
		}
	})
}
