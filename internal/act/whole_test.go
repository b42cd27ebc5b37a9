package act_test

import (
	"sync"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

func TestEqualRequestsAtOnceAreOneActWithOneReceipt(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		m := w.Memorandum()
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		receipts := make([]store.Receipt, 6)
		faults := make([]error, len(receipts))
		var all sync.WaitGroup
		for i := range receipts {
			all.Go(func() {
				receipts[i], _, faults[i] = w.Desk.EnterPlan(t.Context(), office, "one form", m.ID, 2011, "2011年度工作计划")
			})
		}
		all.Wait()
		first := 0
		for i, r := range receipts {
			if faults[i] != nil {
				t.Fatalf("request %d: %v", i, faults[i])
			}
			if !r.Again {
				first++
			}
			if r.Number != receipts[0].Number {
				t.Errorf("request %d has the receipt %s, another %s", i, r.Number, receipts[0].Number)
			}
		}
		if first != 1 {
			t.Errorf("%d of the requests were the first", first)
		}
	})
}

func TestAMemorandumDoesNotReachIntoAnother(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		victim := w.Memorandum()
		theirs, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)).Memorandum(ctx, victim.ID)
		if err != nil {
			t.Fatal(err)
		}
		clause := theirs.Clauses[0]
		liangshan := w.Caller(testkit.LiangshanBureau, org.Office)
		mine := memo.Memorandum{
			Title: "凉山州质监局 凉山州人民政府备忘录", Kind: "合作备忘录", Region: "513400", Stage: memo.Preparing,
			Parties: []org.UnitID{testkit.LiangshanBureau, testkit.LiangshanGov},
			Clauses: []memo.Clause{{ID: clause.ID, No: "一", Text: "被改写"}},
		}
		_, id, err := w.Desk.EnterMemorandum(ctx, liangshan, "", mine)
		if err != nil {
			t.Fatal(err)
		}
		own, err := w.Store.View(liangshan).Memorandum(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		change := own.Memorandum
		change.Clauses = []memo.Clause{{ID: clause.ID, No: "一", Text: "再被改写"}}
		_, err = w.Desk.ChangeMemorandum(ctx, liangshan, "", change)
		refused(t, err, fault.Conflict, "changed-meanwhile")
		after, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)).Memorandum(ctx, victim.ID)
		if err != nil {
			t.Fatal(err)
		}
		if after.Clauses[0].Text != clause.Text {
			t.Fatalf("the other memorandum now says %q", after.Clauses[0].Text)
		}

		change.Clauses = []memo.Clause{{No: "二", Text: "全新的一条"}}
		if _, err := w.Desk.ChangeMemorandum(ctx, liangshan, "", change); err != nil {
			t.Fatal(err)
		}
		own, err = w.Store.View(liangshan).Memorandum(ctx, id)
		if err != nil || len(own.Clauses) != 1 || own.Clauses[0].No != "二" {
			t.Fatalf("after replacing its only clause the memorandum has %+v, %v", own.Clauses, err)
		}
	})
}

func TestASplitTaskFinishesWhenItsLastMissingPartIsVerified(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		row := testkit.Brands()
		row.Cooperating, row.Evidence = nil, ""
		plan := w.Plan(w.Memorandum(), row)
		office, clerk := w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.NaxiBureau, org.Clerk)
		must(w.Desk.Sign(ctx, office, "", w.Tasks(plan)[0].ID))
		top := w.Tasks(plan)[0]
		must(w.Desk.Split(ctx, office, "", top.ID, top.Version, []act.Piece{
			{Unit: testkit.NaxiBureau, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(20), Unit: "个"}},
		}))
		part := w.Tasks(plan)[1]
		must(w.Desk.Sign(ctx, clerk, "", part.ID))
		w.On(2010, 6, 2)
		done := value(may2010, 20)
		done.Completes = true
		must(w.Desk.Report(ctx, clerk, "", part.ID, done, nil))
		whole := task.ReportInput{Period: may2010, Kind: task.ReportWords, Words: "各县都已完成", Completes: true}
		must(w.Desk.Report(ctx, office, "", top.ID, whole, nil))
		must(w.Desk.Verify(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", w.Reports(top.ID)[0].ID, ""))
		if s := w.Tasks(plan)[0].State; s == task.Finished {
			t.Fatal("the whole is finished although its part is not verified")
		}
		w.On(2010, 6, 4)
		must(w.Desk.Verify(ctx, office, "", w.Reports(part.ID)[0].ID, ""))
		top = w.Tasks(plan)[0]
		if top.State != task.Finished || top.Finished != calendar.NewDate(2010, 6, 4) {
			t.Fatalf("the whole is %s, finished %s; want finished on 4 June", top.State, top.Finished)
		}
	})
}

func TestAPartOfASplitMayNotBeGivenToAUnitElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx, must := t.Context(), must(t)
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		office := w.Caller(testkit.LuzhouBureau, org.Office)
		must(w.Desk.Sign(ctx, office, "", w.Tasks(plan)[0].ID))
		top := w.Tasks(plan)[0]
		must(w.Desk.Split(ctx, office, "", top.ID, top.Version, []act.Piece{
			{Unit: testkit.NaxiBureau, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(5), Unit: "个"}},
		}))
		part := w.Tasks(plan)[1]
		must(w.Desk.Refuse(ctx, w.Caller(testkit.NaxiBureau, org.Clerk), "", part.ID, "不属我单位职责"))
		_, err := w.Desk.GiveTo(ctx, office, "", part.ID, testkit.NaxiBureau, testkit.MianningBureau)
		refused(t, err, fault.Invalid, "split.not-below")
		must(w.Desk.GiveTo(ctx, office, "", part.ID, testkit.NaxiBureau, testkit.JiangyangBureau))
		if moved := w.Tasks(plan)[1]; moved.Region != "510502" || moved.FirstLead() != testkit.JiangyangBureau {
			t.Fatalf("the part is led by %s for %s", moved.FirstLead(), moved.Region)
		}
	})
}

func TestASetterNamesSupervisorPostAndWeight(t *testing.T) {
	each(t, func(t *testing.T, w *testkit.Town) {
		ctx := t.Context()
		plan := w.Plan(w.Memorandum(), testkit.Brands())
		k, office := w.Tasks(plan)[0], w.Caller(testkit.ProvinceBureau, org.Office)
		change := act.Change{
			Version: k.Version, Title: k.Title, Deadline: k.Deadline, Due: k.Due, Target: k.Target, Cadence: k.Cadence, Field: k.Field,
			Reason: "按分工补充", Charge: &act.Charge{Supervising: testkit.LuzhouGov, Post: "luzhou/clerk", Weight: 2 * task.One},
		}
		if _, err := w.Desk.Change(ctx, office, "", k.ID, change); err != nil {
			t.Fatal(err)
		}
		k = w.Tasks(plan)[0]
		if k.Supervising != testkit.LuzhouGov || k.Post != "luzhou/clerk" || k.Weight != 2*task.One {
			t.Fatalf("the task has %q, %q, %s", k.Supervising, k.Post, k.Weight)
		}
		change.Version = k.Version
		change.Charge = &act.Charge{Post: "mianning/clerk", Weight: task.One}
		_, err := w.Desk.Change(ctx, office, "", k.ID, change)
		refused(t, err, fault.Invalid, "task.post-elsewhere")
		change.Charge = &act.Charge{}
		_, err = w.Desk.Change(ctx, office, "", k.ID, change)
		refused(t, err, fault.Invalid, "task.weight")
		change.Charge = nil
		if _, err := w.Desk.Change(ctx, office, "", k.ID, change); err != nil || w.Tasks(plan)[0].Supervising != testkit.LuzhouGov {
			t.Fatalf("a change of other things dropped the supervisor, %v", err)
		}
	})
}
