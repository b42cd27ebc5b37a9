package act_test

import (
	"slices"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// owing enters a memorandum in force with commitments of both sides and a plan of 2010.
func owing(t *testing.T, w *testkit.Town) (memo.Memorandum, memo.PlanID) {
	t.Helper()
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	m := memo.Memorandum{
		Title: "四川省质监局 泸州市人民政府合作备忘录", Kind: "合作备忘录", Region: "510500", Stage: memo.InForce,
		Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov}, Signed: calendar.NewDate(2010, 1, 4), Until: calendar.NewDate(2012, 12, 31),
		Clauses: []memo.Clause{{No: "第三条", Level: 1, Text: "双方支持检验检测能力建设。", Commitments: []memo.Commitment{
			{Obligor: testkit.LuzhouGov, Confirms: testkit.ProvinceBureau, Text: "建成酒类检验中心", Deadline: "2010年10月底前", Target: "1个"},
			{Obligor: testkit.ProvinceBureau, Confirms: testkit.LuzhouGov, Text: "指导检验中心通过计量认证", Deadline: "签署后三十日内"},
			{Obligor: testkit.LuzhouGov, Confirms: testkit.ProvinceBureau, Text: "推进品牌建设"},
			{Obligor: testkit.LuzhouGov, Joint: []org.UnitID{testkit.ProvinceBureau}, Text: "共同开展质量月活动", Deadline: "长期坚持"},
		}}},
	}
	_, id, err := w.Desk.EnterMemorandum(t.Context(), office, "", m)
	if err != nil {
		t.Fatal(err)
	}
	_, plan, err := w.Desk.EnterPlan(t.Context(), office, "", id, 2010, "泸州市2010年度工作计划")
	if err != nil {
		t.Fatal(err)
	}
	view, err := w.Store.View(office).Memorandum(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return view.Memorandum, plan
}

// offered reads what a plan is offered now.
func offered(t *testing.T, w *testkit.Town, plan memo.PlanID) []task.Offer {
	t.Helper()
	v := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
	p, err := v.Plan(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	served, err := v.Served(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return w.Desk.Offers(p, served)
}

func TestAPlanIsMadeOfItsCommitmentsAndNoneIsTakenTwice(t *testing.T) { // Rule IF-01
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		_, plan := owing(t, w)
		all := offered(t, w, plan)
		var why []task.OfferKind
		var taken []memo.CommitmentID
		for _, o := range all {
			if why = append(why, o.Why); o.Why.Ticked() {
				taken = append(taken, o.Commitment)
			}
		}
		if !slices.Equal(why, []task.OfferKind{task.OfferDue, task.OfferDue, task.OfferUndated, task.OfferStanding}) {
			t.Fatalf("offered: %v", why)
		}
		if all[1].Due != calendar.NewDate(2010, 2, 3) {
			t.Errorf("thirty days after signing are %v", all[1].Due)
		}
		if _, n, err := w.Desk.TakeOffers(ctx, office, "", plan, taken); err != nil || n != 3 {
			t.Fatal(n, err)
		}
		if rest := offered(t, w, plan); len(rest) != 1 || rest[0].Why != task.OfferUndated {
			t.Errorf("offered again: %+v", rest)
		}
		if _, _, err := w.Desk.TakeOffers(ctx, office, "", plan, taken[:1]); !fault.Is(err, "offer.taken-meanwhile") {
			t.Errorf("taken twice: %v", err)
		}
		if _, _, err := w.Desk.TakeOffers(ctx, office, "", plan, nil); !fault.Is(err, "offer.none") {
			t.Errorf("nothing ticked: %v", err)
		}
		rows := w.Tasks(plan)
		if len(rows) != 3 || rows[0].Commitment != all[0].Commitment || rows[0].Supervising != testkit.ProvinceBureau || rows[0].Target == nil || rows[0].Target.Value != task.One {
			t.Fatalf("%+v", rows)
		}
		if !slices.Equal(rows[2].Leads, []org.UnitID{testkit.LuzhouGov, testkit.ProvinceBureau}) {
			t.Errorf("a joint one is led by %v", rows[2].Leads)
		}
		if _, err := w.Desk.IssuePlan(ctx, office, "", plan); err != nil {
			t.Errorf("a plan that nobody asked about is not issued: %v", err)
		}
	})
}

func TestAPlanThatLiesBeforeItsPartiesIsIssuedWhenTheyApprove(t *testing.T) { // Rules IF-03, IF-04
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office, city := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.LuzhouGov, org.Office)
		m, plan := owing(t, w)
		if _, err := w.Desk.PutPlan(ctx, office, "", plan); !fault.Is(err, "approval.empty") {
			t.Errorf("an empty plan was put: %v", err)
		}
		offers := offered(t, w, plan)
		if _, _, err := w.Desk.TakeOffers(ctx, office, "", plan, []memo.CommitmentID{offers[0].Commitment}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Store.View(city).Approval(ctx, plan); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the city sees the draft: %v", err)
		}
		if _, err := w.Desk.ApprovePlan(ctx, city, "", plan, "", true, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the city answers what it was not asked: %v", err)
		}
		if _, err := w.Desk.PutPlan(ctx, city, "", plan); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the city puts the draft: %v", err)
		}
		if _, err := w.Desk.PutPlan(ctx, office, "", plan); err != nil {
			t.Fatal(err)
		}
		a, err := w.Store.View(city).Approval(ctx, plan)
		if err != nil || len(a.Rows) != 1 || !a.Approval.Open() {
			t.Fatalf("%+v %v", a.Approval, err)
		}
		if plans, err := w.Store.View(city).PlansToApprove(ctx, m); err != nil || len(plans) != 1 {
			t.Errorf("before the city lie %v, %v", plans, err)
		}
		before := func(c org.Caller) int {
			all, err := w.Store.View(c).PlansBeforeUs(ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if n := []int{before(city), before(office), before(w.Caller(testkit.LiangshanGov, org.Office))}; !slices.Equal(n, []int{1, 0, 0}) {
			t.Errorf("on the desks of city, office and stranger lie %v plans", n)
		}
		waits := func() (memo.Wait, []string) {
			mv, err := w.Store.View(office).Memorandum(ctx, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			wait, names, err := w.Store.View(office).Wait(ctx, mv)
			if err != nil {
				t.Fatal(err)
			}
			return wait, names
		}
		if wait, names := waits(); wait.Kind != memo.WaitApproval || wait.Plan != plan || len(names) != 1 {
			t.Errorf("it waits for %+v %v", wait, names)
		}
		if _, err := w.Store.View(w.Caller(testkit.LiangshanGov, org.Office)).Approval(ctx, plan); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger sees it: %v", err)
		}
		if _, err := w.Desk.IssuePlan(ctx, office, "", plan); !fault.Is(err, "approval.waiting") {
			t.Errorf("issued without approval: %v", err)
		}
		if _, err := w.Desk.ApprovePlan(ctx, city, "", plan, a.Approval.Now, true, ""); err != nil {
			t.Fatal(err)
		}
		// A change voids it, and an approval of what was shown before is refused.
		if _, _, err := w.Desk.TakeOffers(ctx, office, "", plan, []memo.CommitmentID{offers[2].Commitment}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.IssuePlan(ctx, office, "", plan); !fault.Is(err, "approval.changed-since") {
			t.Errorf("issued after a change: %v", err)
		}
		if _, err := w.Desk.PutPlan(ctx, office, "", plan); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.ApprovePlan(ctx, city, "", plan, a.Approval.Now, true, ""); !fault.Is(err, "approval.changed-meanwhile") {
			t.Errorf("approved the old content: %v", err)
		}
		b, err := w.Store.View(office).Approval(ctx, plan)
		if err != nil || len(b.Approval.Void()) != 1 {
			t.Fatalf("%+v %v", b.Approval, err)
		}
		if _, err := w.Desk.ApprovePlan(ctx, city, "", plan, b.Approval.Now, false, "第二项请明确时限"); err != nil {
			t.Fatal(err)
		}
		if wait, _ := waits(); wait.Kind == memo.WaitApproval || before(city) != 0 {
			t.Errorf("a returned plan still waits for the city: %+v", wait)
		}
		if _, err := w.Desk.ApprovePlan(ctx, city, "", plan, b.Approval.Now, true, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.IssuePlan(ctx, office, "", plan); err != nil {
			t.Error(err)
		}
	})
}

func TestImplementationPlansKeepTheirVersions(t *testing.T) { // Rule IF-02
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		_, plan := owing(t, w)
		x := memo.Implementation{Plan: plan, Office: "泸州市质监局", Group: []memo.GroupSeat{{Duty: memo.GroupHead, Unit: "泸州市人民政府", Post: "分管副市长"}}}
		if _, err := w.Desk.SaveImplementation(ctx, office, "", x); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SaveImplementation(ctx, office, "", x); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("written over: %v", err)
		}
		x.Version, x.Safeguards = 1, []string{"落实经费"}
		if _, err := w.Desk.SaveImplementation(ctx, office, "", x); err != nil {
			t.Fatal(err)
		}
		v := w.Store.View(office)
		p, err := v.Plan(ctx, plan)
		if err != nil {
			t.Fatal(err)
		}
		last, _, err := v.Implementation(ctx, p, 0)
		first, _, err1 := v.Implementation(ctx, p, 1)
		if err != nil || err1 != nil || last.Version != 2 || len(last.Safeguards) != 1 || first.Version != 1 || len(first.Safeguards) != 0 {
			t.Errorf("%+v %+v %v %v", first, last, err, err1)
		}
		if _, err := w.Desk.SaveImplementation(ctx, w.Caller(testkit.LuzhouGov, org.Office), "", last); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a party writes it: %v", err)
		}
	})
}

// delivered brings the first commitment's task to a verified end.
func delivered(t *testing.T, w *testkit.Town, plan memo.PlanID) task.ID {
	t.Helper()
	ctx, office, city := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.LuzhouGov, org.Clerk)
	offers := offered(t, w, plan)
	if _, _, err := w.Desk.TakeOffers(ctx, office, "", plan, []memo.CommitmentID{offers[0].Commitment}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.IssuePlan(ctx, office, "", plan); err != nil {
		t.Fatal(err)
	}
	id := w.Tasks(plan)[0].ID
	if _, err := w.Desk.Sign(ctx, city, "", id); err != nil {
		t.Fatal(err)
	}
	w.On(2010, 2, 2)
	in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 1}, Kind: task.ReportValue, Value: task.One, Completes: true}
	if _, err := w.Desk.Report(ctx, city, "", id, in, nil); err != nil {
		t.Fatal(err)
	}
	return id
}

func sideOf(t *testing.T, w *testkit.Town, c org.Caller, m memo.Memorandum, k memo.CommitmentID) store.BalanceLine {
	t.Helper()
	v := w.Store.View(c)
	view, err := v.Memorandum(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := v.Balance(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Lines {
		if l.Commitment.ID == k {
			return l
		}
	}
	t.Fatal("no such line")
	return store.BalanceLine{}
}

func TestTheOtherSideDisputesAndIsAnswered(t *testing.T) { // Rules IF-05, IF-06
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, bureau, city := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.LuzhouGov, org.Office)
		m, plan := owing(t, w)
		k := m.Clauses[0].Commitments[0].ID
		if l := sideOf(t, w, city, m, k); l.Side.Kind != task.SidePlan {
			t.Errorf("before the plan: %+v", l.Side)
		}
		id := delivered(t, w, plan)
		if l := sideOf(t, w, city, m, k); l.Side.Kind != task.SideVerify || !slices.Equal(l.Side.Units, []org.UnitID{testkit.ProvinceBureau}) {
			t.Errorf("reported: %+v", l.Side)
		}
		if _, err := w.Desk.Confirm(ctx, bureau, "", id, task.Confirms, 0, ""); !fault.Is(err, "confirm.nothing-verified") {
			t.Errorf("confirmed unverified: %v", err)
		}
		if _, err := w.Desk.Verify(ctx, bureau, "", w.Reports(id)[0].ID, ""); err != nil {
			t.Fatal(err)
		}
		light := w.Tasks(plan)[0].Light
		if l := sideOf(t, w, city, m, k); l.Side.Kind != task.SideConfirm {
			t.Errorf("verified: %+v", l.Side)
		}
		if _, err := w.Desk.Confirm(ctx, city, "", id, task.Confirms, task.One, ""); fault.KindOf(err) != fault.Denied {
			t.Errorf("the city confirms its own: %v", err)
		}
		if _, err := w.Desk.Confirm(ctx, w.Caller(testkit.LiangshanGov, org.Office), "", id, task.Confirms, task.One, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger confirms: %v", err)
		}
		if _, err := w.Desk.Confirm(ctx, bureau, "", id, task.Disputes, 0, "与现场核查情况不符"); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("of an old figure: %v", err)
		}
		if _, err := w.Desk.Confirm(ctx, bureau, "", id, task.Disputes, task.One, "与现场核查情况不符"); err != nil {
			t.Fatal(err)
		}
		if l := sideOf(t, w, bureau, m, k); l.Side.Kind != task.SideAnswer || !l.Disputed || !slices.Equal(l.Side.Units, []org.UnitID{testkit.LuzhouGov}) {
			t.Errorf("disputed: %+v", l)
		}
		if _, err := w.Desk.Confirm(ctx, city, "", id, task.Answers, task.One, "证书已于一月补发"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Confirm(ctx, bureau, "", id, task.Confirms, task.One, ""); err != nil {
			t.Fatal(err)
		}
		l := sideOf(t, w, bureau, m, k)
		if l.Side.Kind != task.SideSettled || l.Disputed || len(l.Tasks) != 1 || len(l.Tasks[0].Said) != 3 || !l.Tasks[0].Shown {
			t.Errorf("settled: %+v", l)
		}
		after := w.Tasks(plan)[0]
		if after.Light.Colour != light.Colour || after.Verified != task.One {
			t.Errorf("the light moved from %v to %v", light.Colour, after.Light.Colour)
		}
		// Who sees the memorandum and not the plan's drafts sees no words of theirs.
		d, seen, err := w.Store.View(city).Delivered(ctx, id)
		if err != nil || !seen || d.Commitment.ID != k {
			t.Errorf("%v %v %v", d.Commitment.ID, seen, err)
		}
		if _, _, err := w.Store.View(w.Caller(testkit.LiangshanGov, org.Office)).Delivered(ctx, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger looks: %v", err)
		}
	})
}
