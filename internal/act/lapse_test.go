package act_test

import (
	"slices"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// inForce gives a memorandum that 泸州 and the bureau signed years ago, with a task
// that serves its commitment, at a desk that keeps keys.
func inForce(t *testing.T, f func(t *testing.T, w *testkit.Town, m store.MemorandumView, k task.ID, office org.Caller)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.KeepKeys()
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		m := w.Memorandum()
		v, err := w.Store.View(office).Memorandum(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		row := testkit.Brands()
		row.Commitment = v.Clauses[0].Commitments[0].ID
		plan := w.Plan(m, row)
		w.On(2010, 6, 1)
		f(t, w, v, w.Tasks(plan)[0].ID, office)
	})
}

// concluded proposes a text of a memorandum, lets the other party accept it and both sign.
func concluded(t *testing.T, w *testkit.Town, id memo.ID, proposer, other org.UnitID, base int, draft int64, x memo.Text) {
	t.Helper()
	ctx, office := t.Context(), w.Caller(proposer, org.Office)
	if _, err := w.Desk.SaveDraft(ctx, office, "", store.Draft{Memorandum: id, Base: base, Text: x, Version: draft}); err != nil {
		t.Fatal(err)
	}
	_, v, err := w.Desk.Propose(ctx, office, "", id, draft+1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.AnswerVersion(ctx, w.Caller(other, org.Office), "", id, v, true, ""); err != nil {
		t.Fatal(err)
	}
	is, _, err := w.Store.View(office).TextVersion(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []org.UnitID{proposer, other} {
		if _, err := w.Desk.SignVersion(ctx, w.Caller(u, org.Leader), "", id, v, is.Digest, act.Signing{Method: seal.Ed25519, Place: "泸州", Day: w.Store.Today()}); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, w *testkit.Town, c org.Caller, id memo.ID) store.MemorandumView {
	t.Helper()
	m, err := w.Store.View(c).Memorandum(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func named(w *testkit.Town, m memo.Memorandum) memo.Text {
	x := m.Text(func(u org.UnitID) string { return "名称" + string(u) })
	for i := range x.Clauses {
		x.Clauses[i].Level = 1
	}
	return x
}

func TestAnAmendmentListsTheTasksWhoseCommitmentIsGoneAndTheOfficeDecides(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, k task.ID, office org.Caller) {
		ctx := t.Context()
		x := named(w, m.Memorandum)
		x.Clauses[0].Commitments = nil
		x.Term.Until = m.Until.AddYears(1)
		concluded(t, w, m.ID, testkit.ProvinceBureau, testkit.LuzhouGov, 0, 0, x)
		now := read(t, w, office, m.ID)
		if now.Stage != memo.InForce || now.Signed != m.Signed || now.Until != m.Until.AddYears(1) {
			t.Fatalf("after the amendment: %+v", now.Memorandum)
		}
		open, err := w.Store.View(office).Unsettled(ctx, now)
		if err != nil || len(open) != 1 || open[0].ID != k || open[0].Words != "三年内新增四川名牌产品五十个以上" {
			t.Fatalf("listed: %+v, %v", open, err)
		}
		if seen, err := w.Store.View(w.Caller(testkit.LuzhouGov, org.Office)).Unsettled(ctx, now); err != nil || len(seen) != 0 {
			t.Errorf("the other party decides, too: %v, %v", seen, err)
		}
		wait, names, err := w.Store.View(office).Wait(ctx, now)
		if err != nil || wait.Kind != memo.WaitSettle || len(names) != 1 {
			t.Errorf("waits for %+v of %v, %v", wait, names, err)
		}
		settle := func(c org.Caller, s memo.Settlement) error {
			_, err := w.Desk.SettleTasks(ctx, c, "", m.ID, []memo.Settlement{s})
			return err
		}
		if err := settle(office, memo.Settlement{Task: string(k), Do: memo.Withdraw}); !fault.Is(err, "memo.task-reason-missing") {
			t.Errorf("without a reason: %v", err)
		}
		if err := settle(office, memo.Settlement{Task: string(k), Do: memo.Carry}); !fault.Is(err, "memo.task-undecided") {
			t.Errorf("carried though there is no renewal: %v", err)
		}
		if err := settle(w.Caller(testkit.LuzhouGov, org.Office), memo.Settlement{Task: string(k), Do: memo.RunOn}); fault.KindOf(err) != fault.Denied {
			t.Errorf("by the other party: %v", err)
		}
		if err := settle(office, memo.Settlement{Task: string(k), Do: memo.Withdraw, Reason: "条款已删除"}); err != nil {
			t.Fatal(err)
		}
		if open, err = w.Store.View(office).Unsettled(ctx, now); err != nil || len(open) != 0 {
			t.Errorf("still listed: %v, %v", open, err)
		}
		steps, err := w.Store.View(office).Timeline(ctx, read(t, w, office, m.ID))
		if err != nil {
			t.Fatal(err)
		}
		var kinds []store.StepKind
		for _, s := range steps {
			kinds = append(kinds, s.Kind)
		}
		want := []store.StepKind{store.StepPlan, store.StepProposed, store.StepAgreed, store.StepSigned, store.StepSigned, store.StepAmended, store.StepUntil}
		slices.Sort(kinds)
		slices.Sort(want)
		for _, k := range want {
			if !slices.Contains(kinds, k) {
				t.Errorf("the timeline lacks %s: %v", k, kinds)
			}
		}
	})
}

func TestARenewalEndsTheOldOneAndItsTasksAreCarried(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, k task.ID, office org.Caller) {
		ctx := t.Context()
		r, next, err := w.Desk.RenewMemorandum(ctx, office, "again", m.ID)
		if err != nil {
			t.Fatal(err)
		}
		if same, twice, err := w.Desk.RenewMemorandum(ctx, office, "again", m.ID); err != nil || twice != next || same.Number != r.Number {
			t.Errorf("sent twice: %v, %v", twice, err)
		}
		if _, _, err := w.Desk.RenewMemorandum(ctx, office, "", m.ID); !fault.Is(err, "memo.renewed-already") {
			t.Errorf("renewed twice: %v", err)
		}
		n := read(t, w, office, next)
		d, err := w.Store.View(office).Draft(ctx, n.Memorandum)
		if err != nil || d.Version != 1 || n.Stage != memo.Preparing || n.Renews != m.ID {
			t.Fatalf("prepared %+v with %+v, %v", n.Memorandum, d, err)
		}
		owed := d.Text.Clauses[0].Commitments
		if len(owed) != 1 || owed[0].Carried != m.Clauses[0].Commitments[0].ID || d.Text.Parties[1].Name != "泸州市人民政府" {
			t.Fatalf("carried %+v", d.Text)
		}
		x := d.Text
		x.Term = memo.Term{Years: 3}
		concluded(t, w, next, testkit.ProvinceBureau, testkit.LuzhouGov, 0, 1, x)
		old, n := read(t, w, office, m.ID), read(t, w, office, next)
		if old.Stage != memo.Ended || old.Ended != w.Store.Today() || n.Stage != memo.InForce || n.Clauses[0].Commitments[0].Carried != owed[0].Carried {
			t.Fatalf("the old %+v, the new %+v", old.Memorandum, n.Memorandum)
		}
		open, err := w.Store.View(office).Unsettled(ctx, n)
		if err != nil || len(open) != 1 || open[0].ID != k || open[0].Cause != "renewed" {
			t.Fatalf("listed %+v, %v", open, err)
		}
		carry := []memo.Settlement{{Task: string(k), Do: memo.Carry}}
		if _, err := w.Desk.SettleTasks(ctx, office, "", next, carry); !fault.Is(err, "memo.no-plan-to-carry") {
			t.Errorf("to no plan: %v", err)
		}
		_, plan, err := w.Desk.EnterPlan(ctx, office, "", next, w.Store.Today().Year, "新一轮年度计划")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SettleTasks(ctx, office, "", next, carry); err != nil {
			t.Fatal(err)
		}
		rows, err := w.Store.View(office).PlanTasks(ctx, plan)
		if err != nil || len(rows) != 1 || rows[0].ID != k || rows[0].Commitment != n.Clauses[0].Commitments[0].ID {
			t.Fatalf("the new plan has %+v, %v", rows, err)
		}
		links, err := w.Store.View(office).LinksOf(ctx, old)
		if err != nil || links.RenewedBy == nil || links.RenewedBy.ID != next {
			t.Errorf("the chain: %+v, %v", links, err)
		}
	})
}

func TestEndingDecidesOnEveryOpenTaskInOneAct(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, k task.ID, office org.Caller) {
		ctx, today := t.Context(), w.Store.Today()
		end := func(c org.Caller, version int64, decided ...memo.Settlement) error {
			_, err := w.Desk.EndMemorandum(ctx, c, "", m.ID, version, today, "双方协商一致", decided)
			return err
		}
		if err := end(office, m.Version); !fault.Is(err, "memo.task-undecided") {
			t.Errorf("without a decision: %v", err)
		}
		if err := end(office, m.Version+1, memo.Settlement{Task: string(k), Do: memo.RunOn}); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("of an older page: %v", err)
		}
		if err := end(w.Caller(testkit.LiangshanGov, org.Office), 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("by a stranger: %v", err)
		}
		if err := end(office, m.Version, memo.Settlement{Task: string(k), Do: memo.Withdraw, Reason: "任务不再继续"}); err != nil {
			t.Fatal(err)
		}
		if now := read(t, w, office, m.ID); now.Stage != memo.Ended || now.Ended != today || now.Why != "双方协商一致" {
			t.Errorf("%+v", now.Memorandum)
		}
		if row, err := w.Store.View(office).Task(ctx, k); err != nil || row.State != task.Withdrawn {
			t.Errorf("the task is %s, %v", row.State, err)
		}
	})
}

// Rule M-23.
func TestAMemorandumGoesOnUnderTheSuccessorAndTheOldTextKeepsTheOldName(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin)
		if _, err := w.Desk.SignVersion(ctx, bureau, "", v.Memorandum, v.ID, v.Digest, act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}); err != nil {
			t.Fatal(err)
		}
		successor := w.Caller(testkit.LiangshanBureau, org.Office)
		u, err := w.Store.View(admin).Unit(ctx, testkit.LiangshanGov)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Merge(ctx, admin, "", testkit.LiangshanGov, u.Version, testkit.LiangshanBureau, w.Store.Today()); err != nil {
			t.Fatal(err)
		}
		m := read(t, w, successor, v.Memorandum)
		if !slices.Contains(m.Parties, testkit.LiangshanBureau) || slices.Contains(m.Parties, testkit.LiangshanGov) || m.Stage != memo.Negotiating {
			t.Fatalf("%+v", m.Memorandum)
		}
		old, _, err := w.Store.View(successor).TextVersion(ctx, v.ID)
		if err != nil || old.Digest != v.Digest || memo.Digest(old.Text) != v.Digest || old.State != memo.VoidedByNext {
			t.Fatalf("the version that named the old party: %+v, %v", old, err)
		}
		all, err := w.Store.View(successor).VersionSignatures(ctx, m.Memorandum, v.ID)
		if err != nil || len(all) != 1 || all[0].VoidAt.IsZero() || all[0].VoidWhy != "succeeded" {
			t.Errorf("the signature stands: %+v, %v", all, err)
		}
		// A draft made from the old text speaks of the successor; all can go on with it.
		second := propose(t, w, successor, v.Memorandum, 1, old.Text)
		n, _, err := w.Store.View(successor).TextVersion(ctx, second)
		if err != nil || n.Text.Parties[1].Unit != testkit.LiangshanBureau || n.Text.Clauses[0].Commitments[0].Obligor != testkit.LiangshanBureau {
			t.Fatalf("proposed %+v, %v", n.Text, err)
		}
		was, err := w.Store.View(successor).Succession(ctx, m)
		if err != nil || len(was) != 1 || was[0].Name != "凉山彝族自治州人民政府" {
			t.Errorf("who was it: %+v, %v", was, err)
		}
	})
}

func TestAnAllianceTakesMembersInAndTheyLeaveAndSeeItWhileTheyAreIn(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, _ task.ID, office org.Caller) {
		ctx, today := t.Context(), w.Store.Today()
		_, id, err := w.Desk.EnterMemorandum(ctx, office, "", memo.Memorandum{
			Title: "检验检测诚信联盟倡议书", Kind: "倡议书", Region: "510000", Stage: memo.InForce, Form: memo.Alliance, Signed: today,
			Parties: []org.UnitID{testkit.ProvinceBureau, testkit.ProvinceGov}, Clauses: []memo.Clause{{No: "一", Text: "如实出具数据", Level: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		leader, clerk := w.Caller(testkit.MianningBureau, org.Leader), w.Caller(testkit.MianningBureau, org.Clerk)
		sees := func() bool {
			_, err := w.Store.View(clerk).Memorandum(ctx, id)
			list, _ := w.Store.View(clerk).Overview(ctx, store.MemorandumFilter{}, store.MemorandumKey{}, 10)
			if listed := len(list) == 1; listed != (err == nil) {
				t.Errorf("listed %v, seen %v", listed, err)
			}
			return err == nil
		}
		digest := act.PledgeDigest(read(t, w, office, id).Memorandum)
		join := func(digest string) error {
			_, err := w.Desk.JoinAlliance(ctx, leader, "", id, digest, act.Signing{Method: seal.Ed25519, Day: today})
			return err
		}
		if err := join(digest); fault.KindOf(err) != fault.NotFound || sees() {
			t.Errorf("not asked: %v", err)
		}
		if _, err := w.Desk.InviteMember(ctx, office, "", m.ID, testkit.MianningBureau); !fault.Is(err, "member.no-alliance") {
			t.Errorf("into an agreement: %v", err)
		}
		if _, err := w.Desk.InviteMember(ctx, office, "", id, testkit.MianningBureau); err != nil {
			t.Fatal(err)
		}
		if !sees() {
			t.Error("who is asked does not read the pledge")
		}
		if err := join("00"); !fault.Is(err, "member.other-pledge") {
			t.Errorf("other words: %v", err)
		}
		if err := join(digest); err != nil {
			t.Fatal(err)
		}
		if err := join(digest); !fault.Is(err, "member.already") {
			t.Errorf("twice: %v", err)
		}
		if _, err := w.Desk.LeaveAlliance(ctx, leader, "", id, today, ""); !fault.Is(err, "memo.why-missing") {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := w.Desk.LeaveAlliance(ctx, leader, "", id, today, "机构撤并"); err != nil {
			t.Fatal(err)
		}
		if sees() {
			t.Error("who has left still sees it")
		}
		all, err := w.Store.View(office).Members(ctx, read(t, w, office, id))
		if err != nil || len(all) != 1 || all[0].Joined != today || all[0].Left != today || all[0].Name == "" {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// Rules M-24 and O-26: while the list is open every unit reads the pledge and its
// leader or office signs it unasked; closing it touches nobody who is in.
func TestAnOpenAllianceTakesInWhoeverSigns(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, _ task.ID, office org.Caller) {
		ctx, today := t.Context(), w.Store.Today()
		_, id, err := w.Desk.EnterMemorandum(ctx, office, "", memo.Memorandum{
			Title: "检验检测诚信联盟倡议书", Kind: "倡议书", Region: "510000", Stage: memo.InForce, Form: memo.Alliance, Signed: today,
			Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov}, Clauses: []memo.Clause{{No: "一", Text: "如实出具数据", Level: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		county, clerk := w.Caller(testkit.MianningBureau, org.Office), w.Caller(testkit.MianningBureau, org.Clerk)
		digest, how := act.PledgeDigest(read(t, w, office, id).Memorandum), act.Signing{Method: seal.Ed25519, Day: today}
		join := func(c org.Caller, key string) (store.Receipt, error) {
			return w.Desk.JoinAlliance(ctx, c, key, id, digest, how)
		}
		open := func(c org.Caller, version int64, open bool) error {
			_, err := w.Desk.OpenAlliance(ctx, c, "", id, version, open)
			return err
		}
		sees := func(c org.Caller) bool {
			_, err := w.Store.View(c).Memorandum(ctx, id)
			list, _ := w.Store.View(c).Overview(ctx, store.MemorandumFilter{}, store.MemorandumKey{}, 10)
			if listed := slices.ContainsFunc(list, func(e store.OverviewEntry) bool { return e.ID == id }); listed != (err == nil) {
				t.Errorf("listed %v, opened with %v", listed, err)
			}
			return err == nil
		}
		if _, err := join(county, ""); fault.KindOf(err) != fault.NotFound || sees(clerk) {
			t.Errorf("while it is closed: %v", err)
		}
		if err := open(w.Caller(testkit.LuzhouGov, org.Office), 1, true); fault.KindOf(err) != fault.Denied {
			t.Errorf("a party opens the list: %v", err)
		}
		if err := open(office, 7, true); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("by an old version: %v", err)
		}
		if err := open(office, 1, true); err != nil {
			t.Fatal(err)
		}
		if !sees(clerk) || !sees(w.Caller(testkit.XichangBureau, org.Leader)) || sees(w.Caller(testkit.XichangBureau, org.Admin)) {
			t.Error("an open pledge is read by everybody who might have to do with it, and by them alone")
		}
		if _, err := join(clerk, ""); fault.KindOf(err) != fault.Denied {
			t.Errorf("a clerk signs: %v", err)
		}
		if _, err := join(w.Caller(testkit.LuzhouGov, org.Leader), ""); !fault.Is(err, "member.already") {
			t.Errorf("a party joins: %v", err)
		}
		first, err := join(county, "once")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := join(county, "once"); err != nil || again.Number != first.Number {
			t.Errorf("sent twice: %v, %v", again, err)
		}
		if _, err := join(w.Caller(testkit.MianningBureau, org.Leader), ""); !fault.Is(err, "member.already") {
			t.Errorf("its leader, too: %v", err)
		}
		if err := open(office, 2, false); err != nil || !sees(clerk) || sees(w.Caller(testkit.XichangBureau, org.Leader)) {
			t.Errorf("after closing: %v", err)
		}
		all, err := w.Store.View(office).Members(ctx, read(t, w, office, id))
		if err != nil || len(all) != 1 || !all[0].Unasked || all[0].Joined != today || all[0].Signed.Digest != digest {
			t.Fatalf("%+v, %v", all, err)
		}
		if _, err := w.Desk.LeaveAlliance(ctx, county, "", id, today, "机构撤并"); err != nil || sees(clerk) {
			t.Errorf("leaving: %v", err)
		}
		if _, err := w.Desk.InviteMember(ctx, office, "", id, testkit.MianningBureau); err != nil { // it may come back
			t.Error(err)
		}
	})
}

// Rule M-25.
func TestFrameworksFormNoRing(t *testing.T) {
	inForce(t, func(t *testing.T, w *testkit.Town, m store.MemorandumView, _ task.ID, office org.Caller) {
		ctx := t.Context()
		_, frame, err := w.Desk.EnterMemorandum(ctx, office, "", memo.Memorandum{
			Title: "框架协议", Region: "510000", Stage: memo.Preparing, Parties: []org.UnitID{testkit.ProvinceBureau, testkit.ProvinceGov},
		})
		if err != nil {
			t.Fatal(err)
		}
		hang := func(id, under memo.ID) error {
			_, err := w.Desk.HangUnder(ctx, office, "", id, 0, under)
			return err
		}
		if err := hang(m.ID, m.ID); !fault.Is(err, "memo.under-itself") {
			t.Errorf("under itself: %v", err)
		}
		if err := hang(m.ID, "nothing"); !fault.Is(err, "memo.under-unknown") {
			t.Errorf("under nothing: %v", err)
		}
		if err := hang(m.ID, frame); err != nil {
			t.Fatal(err)
		}
		if err := hang(frame, m.ID); !fault.Is(err, "memo.under-itself") {
			t.Errorf("a ring: %v", err)
		}
		below, err := w.Store.View(office).LinksOf(ctx, read(t, w, office, frame))
		if err != nil || len(below.Below) != 1 || below.Below[0].ID != m.ID {
			t.Errorf("below: %+v, %v", below, err)
		}
		up, err := w.Store.View(w.Caller(testkit.LuzhouGov, org.Leader)).LinksOf(ctx, read(t, w, office, m.ID))
		if err != nil || up.Under != nil {
			t.Errorf("a city sees the province's framework: %+v, %v", up.Under, err)
		}
	})
}

func TestTheOverviewFiltersAndCountsByStage(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx := t.Context()
		w.Memorandum()
		view := w.Store.View(bureau)
		counts, soon, err := view.StageCounts(ctx, store.MemorandumFilter{})
		if err != nil || counts[memo.Agreed] != 1 || counts[memo.InForce] != 1 || soon != 0 {
			t.Errorf("%v, %d, %v", counts, soon, err)
		}
		list, err := view.Overview(ctx, store.MemorandumFilter{Stage: memo.Agreed}, store.MemorandumKey{}, 10)
		if err != nil || len(list) != 1 || list[0].Wait.Kind != memo.WaitSign || len(list[0].Names) != 2 || list[0].Wait.Since.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err = view.Overview(ctx, store.MemorandumFilter{Region: "510500"}, store.MemorandumKey{}, 10); err != nil || len(list) != 1 || list[0].Region != "510500" {
			t.Errorf("by place: %+v, %v", list, err)
		}
		if list, err = view.Overview(ctx, store.MemorandumFilter{Soon: true}, store.MemorandumKey{}, 10); err != nil || len(list) != 0 {
			t.Errorf("running out: %+v, %v", list, err)
		}
		w.On(2012, 11, 1)
		view = w.Store.View(w.Caller(testkit.ProvinceBureau, org.Leader))
		if list, err = view.Overview(ctx, store.MemorandumFilter{Soon: true}, store.MemorandumKey{}, 10); err != nil || len(list) != 1 || list[0].Wait.Kind != memo.WaitExpiry || list[0].Wait.Days != 60 {
			t.Errorf("running out: %+v, %v", list, err)
		}
	})
}
