package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// newBureau enters 泸州市市场监督管理局, which 泸州's bureau of quality merges into.
func newBureau(t *testing.T, w *testkit.Town) org.UnitID {
	t.Helper()
	_, id, err := w.Desk.AddUnit(t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin), "", org.Unit{
		Name: "泸州市市场监督管理局", Kind: org.Agency, Level: org.City, Region: "510500", Line: testkit.ProvinceBureau, Block: testkit.LuzhouGov, From: w.Store.Today(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func merge(t *testing.T, w *testkit.Town, was, now org.UnitID) {
	t.Helper()
	ctx, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin)
	u, err := w.Store.View(admin).Unit(ctx, was)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Merge(ctx, admin, "", was, u.Version, now, w.Store.Today()); err != nil {
		t.Fatal(err)
	}
}

// inherited is what the unit's page says went over, by kind.
func inherited(t *testing.T, w *testkit.Town, unit org.UnitID) map[store.InheritedKind]int {
	t.Helper()
	u, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Admin)).Unit(t.Context(), unit)
	if err != nil {
		t.Fatal(err)
	}
	out := map[store.InheritedKind]int{}
	for _, x := range u.Inherited {
		out[x.Kind] = x.Count
	}
	return out
}

// Rule O-43: tasks with their figures, their parts, letters, surveys and posts.
func TestWhatAMergedUnitHasOpenGoesOnUnderItsSuccessor(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx, clerk := t.Context(), w.Caller(testkit.LuzhouBureau, org.Clerk)
		must := func(_ store.Receipt, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("%PDF-1.4"), "推荐文件.pdf")
		if err != nil {
			t.Fatal(err)
		}
		top, files := w.Tasks(plan)[0].ID, []task.Evidence{file}
		month := func(n int) calendar.Period { return calendar.Period{Kind: calendar.Month, Year: 2010, Index: n} }
		must(w.Desk.Sign(ctx, clerk, "", top))
		must(w.Desk.Report(ctx, clerk, "", top, task.ReportInput{Period: month(1), Kind: task.ReportValue, Value: task.Count(7)}, files))
		must(w.Desk.Verify(ctx, office, "", w.Reports(top)[0].ID, ""))
		row := w.Tasks(plan)[0]
		must(w.Desk.Split(ctx, w.Caller(testkit.LuzhouBureau, org.Office), "", top, row.Version, []act.Piece{{Unit: testkit.NaxiBureau, Target: &task.Target{Op: task.OpAtLeast, Value: task.Count(4), Unit: "个"}}}))
		part, naxi := w.Tasks(plan)[1].ID, w.Caller(testkit.NaxiBureau, org.Clerk)
		must(w.Desk.Sign(ctx, naxi, "", part))
		must(w.Desk.Report(ctx, naxi, "", part, task.ReportInput{Period: month(1), Kind: task.ReportValue, Value: task.Count(2)}, files))
		batch, _ := draw(t, w, office, act.Drawing{Plan: plan, Units: []org.UnitID{testkit.LuzhouBureau}})
		must(w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}))
		old := letters(t, w, office, store.LetterFilter{Batch: batch})[0]
		sections := survey.Standard()
		for i := range sections {
			sections[i].Unit = testkit.LuzhouBureau
		}
		_, asked, err := w.Desk.EnterSurvey(ctx, office, "", survey.Survey{Title: "泸州市质量状况调研", Region: "510500", Year: 2010, Due: calendar.NewDate(2010, 3, 20), Sections: sections})
		if err != nil {
			t.Fatal(err)
		}
		must(w.Desk.SendSurvey(ctx, office, "", asked, 1))

		before := w.Tasks(plan)[0]
		next := newBureau(t, w)
		merge(t, w, testkit.LuzhouBureau, next)

		clerk = w.Caller(testkit.LuzhouBureau, org.Clerk) // the same person in the same post
		if clerk.Unit().ID != next {
			t.Fatalf("the post stayed in %s", clerk.Unit().Name)
		}
		if admin := w.Caller(testkit.LuzhouBureau, org.Admin); admin.Unit().ID != testkit.LuzhouBureau {
			t.Error("a right of administration went over with the merger")
		}
		rows := w.Tasks(plan)
		if rows[0].Leads[0] != next || rows[0].State != task.InForce || rows[1].Setter != next {
			t.Fatalf("the tasks are %+v", rows)
		}
		if rows[0].Claimed != before.Claimed || rows[0].Verified != before.Verified || rows[0].Light.Colour != before.Light.Colour {
			t.Errorf("figures were %v, %v, %s and are %v, %v, %s", before.Claimed, before.Verified, before.Light.Colour, rows[0].Claimed, rows[0].Verified, rows[0].Light.Colour)
		}
		first := w.Reports(top)[0]
		if first.Unit != next || first.Author() != testkit.LuzhouBureau {
			t.Errorf("the first report is %+v", first)
		}
		// What the part reported waits for the successor; it verifies, and reports itself.
		must(w.Desk.Verify(ctx, w.Caller(testkit.LuzhouBureau, org.Verifier), "", w.Reports(part)[0].ID, ""))
		must(w.Desk.Report(ctx, clerk, "", top, task.ReportInput{Period: month(2), Kind: task.ReportValue, Value: task.Count(9)}, files))
		if now := w.Tasks(plan)[0]; now.Claimed != task.Count(11) || now.Verified != task.Count(9) {
			t.Errorf("claimed %v, verified %v, want 9 + 2 and 7 + 2", now.Claimed, now.Verified)
		}
		// The letter that named the old unit was drawn anew, and the successor signs it.
		if l, err := w.Store.View(office).Letter(ctx, old.ID); err != nil || l.State != letter.Replaced || l.Body.Taker.Name != "泸州市质量技术监督局" {
			t.Errorf("the old letter: %s to %s, %v", l.State, l.Body.Taker.Name, err)
		}
		leader := w.Caller(testkit.LuzhouBureau, org.Leader)
		mine := letters(t, w, leader, store.LetterFilter{Wait: "taker"})
		if len(mine) != 1 || mine[0].TakerName != "泸州市市场监督管理局" {
			t.Fatalf("letters to sign: %+v", mine)
		}
		must(w.Desk.SignLetters(ctx, leader, "", act.Letters{IDs: []letter.ID{mine[0].ID}}, mine[0].Digest, act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}))
		must(w.Desk.AnswerSection(ctx, clerk, "", asked, 3, 2, advantage(), false))
		want := map[store.InheritedKind]int{store.InheritedTasks: 2, store.InheritedReports: 1, store.InheritedLetters: 1,
			store.InheritedSections: len(sections), store.InheritedPosts: 5}
		for _, unit := range []org.UnitID{testkit.LuzhouBureau, next} {
			got := inherited(t, w, unit)
			for _, kind := range store.InheritedKinds() {
				if got[kind] != want[kind] {
					t.Errorf("of %s the page of %s says %d, want %d", kind, unit, got[kind], want[kind])
				}
			}
		}
		if _, err := w.Store.Witness(ctx, func(id task.ReportID, what string) { t.Errorf("%s: %s", id, what) }); err != nil {
			t.Fatal(err)
		}
		if found, err := w.Store.Recheck(ctx); err != nil || len(found) > 0 {
			t.Errorf("recounted: %v, %v", found, err)
		}
	})
}

// Rule O-43: one that takes part already keeps the stronger part, and what is over
// stays as it was.
func TestASuccessorThatTakesPartAlreadyKeepsTheStrongerPart(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, _ := draw(t, w, office, act.Drawing{Plan: plan})
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		how := act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}
		open, err := w.Store.View(office).LetterTexts(ctx, store.LetterFilter{Batch: batch}, store.LetterKey{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SignLetters(ctx, w.Caller(testkit.ProvinceBureau, org.Leader), "", act.Letters{Batch: batch}, act.ShownLetters(open), how); err != nil {
			t.Fatal(err)
		}
		for _, l := range open {
			leader := w.Caller(l.Body.Taker.Unit, org.Leader)
			if _, err := w.Desk.SignLetters(ctx, leader, "", act.Letters{IDs: []letter.ID{l.ID}}, l.Digest, how); err != nil {
				t.Fatal(err)
			}
		}
		merge(t, w, testkit.LuzhouBureau, testkit.LuzhouFarm)
		row := w.Tasks(plan)[0]
		if len(row.Leads) != 1 || row.Leads[0] != testkit.LuzhouFarm || len(row.Cooperating) != 0 {
			t.Fatalf("led by %v with %v", row.Leads, row.Cooperating)
		}
		for _, l := range open {
			if now, err := w.Store.View(office).Letter(ctx, l.ID); err != nil || now.State != letter.Signed || len(now.Signatures) != 2 {
				t.Errorf("what both had signed: %s, %d signatures, %v", now.State, len(now.Signatures), err)
			}
		}
		// Its next letter says what it has taken over.
		_, further := draw(t, w, office, act.Drawing{Plan: plan, Changed: true, Units: []org.UnitID{testkit.LuzhouFarm}})
		if len(further) != 1 || further[0].Number != 1 || further[0].Taker != testkit.LuzhouFarm {
			t.Errorf("drawn: %+v", further)
		}
	})
}

// Rule O-43: whoever gave a letter and is merged is followed by its successor, in
// letters that wait and in supplements to come; an opinion asked of it goes over.
func TestOpinionsAndGiversGoOnUnderTheSuccessor(t *testing.T) {
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		v := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		if _, err := w.Desk.AskOpinion(ctx, city, "", memo.Opinion{Version: v, Asked: testkit.LiangshanBureau, Kind: memo.DepartmentOpinion, Due: w.Store.Today().AddDays(3)}); err != nil {
			t.Fatal(err)
		}
		merge(t, w, testkit.LiangshanBureau, testkit.XichangBureau)
		mine, err := w.Store.View(w.Caller(testkit.XichangBureau, org.Clerk)).AskedOpinions(ctx, true, store.OpinionKey{}, 10)
		if err != nil || len(mine) != 1 {
			t.Fatalf("asked of the successor: %+v, %v", mine, err)
		}
		if _, err := w.Desk.GiveOpinion(ctx, w.Caller(testkit.XichangBureau, org.Leader), "", mine[0].ID, memo.Agrees, "同意"); err != nil {
			t.Fatal(err)
		}
		if got := inherited(t, w, testkit.XichangBureau); got[store.InheritedOpinions] != 1 {
			t.Errorf("went over: %v", got)
		}
	})
}

// Rules O-02, O-43: a renamed unit is the same unit.
func TestARenamedUnitKeepsItsWorkAndItsFormerName(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin)
		batch, _ := draw(t, w, office, act.Drawing{Plan: plan, Units: []org.UnitID{testkit.LuzhouBureau}})
		change := act.UnitChange{Version: 1, Rename: true, Name: "泸州市质量监督局", Day: w.Store.Today()}
		if _, err := w.Desk.ChangeUnit(ctx, admin, "", testkit.LuzhouBureau, change); err != nil {
			t.Fatal(err)
		}
		if row := w.Tasks(plan)[0]; row.Leads[0] != testkit.LuzhouBureau || len(inherited(t, w, testkit.LuzhouBureau)) != 0 {
			t.Errorf("led by %v", row.Leads)
		}
		l, err := w.Store.View(office).Letter(ctx, letters(t, w, office, store.LetterFilter{Batch: batch})[0].ID)
		if err != nil || l.State != letter.Drafted || !strings.Contains(l.Body.Taker.Name, "质量技术监督局") {
			t.Errorf("the letter: %s to %s, %v", l.State, l.Body.Taker.Name, err)
		}
		if _, err := w.Desk.ChangeUnit(ctx, admin, "", testkit.LuzhouBureau, change); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("renamed at an old version: %v", err)
		}
	})
}
