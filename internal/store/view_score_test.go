package store_test

import (
	"strings"
	"testing"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// judgedScheme is the sample scheme with an item that a scorer judges.
func judgedScheme() assess.Scheme {
	s := assess.SampleScheme()
	s.Points = assess.Whole(105)
	s.Items = append(s.Items, assess.Item{No: "7", Title: "工作创新", Kind: assess.Plain, Points: assess.Whole(5), Method: assess.Judged,
		Source: assess.Source{Kind: assess.FromJudgement}, Absent: assess.AbsentScale})
	return s
}

// scoreTown runs f on a town with 泸州's plan in force and a scheme, in June 2010.
func scoreTown(t *testing.T, f func(t *testing.T, w *testkit.Town, plan memo.PlanID)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		brands := testkit.Brands()
		brands.Cooperating = nil
		plan := w.Plan(w.Memorandum(), brands)
		if _, err := w.Desk.EnterScheme(t.Context(), w.Caller(testkit.ProvinceBureau, org.Scorer), "", judgedScheme()); err != nil {
			t.Fatal(err)
		}
		w.On(2010, 6, 7)
		f(t, w, plan)
	})
}

var endOfMay = calendar.NewDate(2010, 5, 31)

func computed(t *testing.T, w *testkit.Town, asOf calendar.Date) store.AssessmentID {
	t.Helper()
	_, id, err := w.Desk.Compute(t.Context(), w.Caller(testkit.ProvinceBureau, org.Scorer), "", "memorandum", "cities", 0, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func giveScore(t *testing.T, w *testkit.Town) {
	t.Helper()
	five := assess.Whole(5)
	if _, err := w.Desk.Judge(t.Context(), w.Caller(testkit.ProvinceBureau, org.Scorer), "", "memorandum", "7", "510500", 0, five, "三项新做法"); err != nil {
		t.Fatal(err)
	}
}

// wants fails unless the error is of the kind; 0 wants none.
func wants(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if kind == 0 && err != nil || kind != 0 && fault.KindOf(err) != kind {
		t.Errorf("%s: got %v, want kind %d", what, err, kind)
	}
}

// Rule O-10: what is not published is for the office that scores and the assessed government.
func TestADraftRunIsSeenByItsOfficeAndTheAssessedGovernmentOnly(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, _ memo.PlanID) {
		giveScore(t, w)
		w.On(2010, 6, 8)
		id := computed(t, w, calendar.NewDate(2010, 6, 7))
		readers := []struct {
			name      string
			caller    org.Caller
			run, card fault.Kind
			listed    int
		}{
			{"the scorer", w.Caller(testkit.ProvinceBureau, org.Scorer), 0, 0, 1},
			{"the auditor", w.Caller(testkit.LiangshanBureau, org.Auditor), 0, 0, 1},
			{"the assessed government", w.Caller(testkit.LuzhouGov, org.Leader), fault.NotFound, 0, 1},
			{"a bureau below it", w.Caller(testkit.LuzhouBureau, org.Office), fault.NotFound, fault.NotFound, 0},
			{"another government", w.Caller(testkit.LiangshanGov, org.Leader), fault.NotFound, fault.NotFound, 0},
			{"the administrator", w.Caller(testkit.ProvinceBureau, org.Admin), fault.NotFound, fault.NotFound, 0},
			{"the public", org.Public(), fault.NotFound, fault.NotFound, 0},
			{"nobody", org.Caller{}, fault.NotFound, fault.NotFound, 0},
		}
		for _, r := range readers {
			v := w.Store.View(r.caller)
			_, err := v.Run(t.Context(), id)
			wants(t, r.name+" and the run", err, r.run)
			_, err = v.Scorecard(t.Context(), id, "510500")
			wants(t, r.name+" and the card", err, r.card)
			list, err := v.Scorecards(t.Context(), "510000", store.CardKey{}, 10)
			if err != nil || len(list) != r.listed {
				t.Errorf("%s: %d cards in the list, %v; want %d", r.name, len(list), err, r.listed)
			}
			if runs, err := v.PublishedRuns(t.Context(), "cities", w.Store.Today(), 10); err != nil || len(runs) != 0 {
				t.Errorf("%s: %d runs pass for published, %v", r.name, len(runs), err)
			}
		}
		if _, err := w.Desk.Publish(t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), "", id); err != nil {
			t.Fatal(err)
		}
		for _, r := range readers[:len(readers)-1] {
			v := w.Store.View(r.caller)
			_, err := v.Scorecard(t.Context(), id, "510500")
			wants(t, r.name+" and the published card", err, 0)
		}
		if _, err := w.Store.View(org.Caller{}).Run(t.Context(), id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the zero scope sees a published run: %v", err)
		}
		runs, err := w.Store.View(org.Public()).PublishedRuns(t.Context(), "cities", w.Store.Today(), 10)
		if err != nil || len(runs) != 1 || runs[0].ID != id || len(runs[0].Ranking.Entries) != 1 {
			t.Errorf("published: %+v, %v", runs, err)
		}
	})
}

func TestACardIsEqualWhenWorkedOutAgainUntilTheTablesChange(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, _ memo.PlanID) {
		id := computed(t, w, endOfMay)
		v := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Scorer))
		card, err := v.Scorecard(t.Context(), id, "510500")
		if err != nil {
			t.Fatal(err)
		}
		if err := card.Read.Verify(); err != nil {
			t.Errorf("the stored payload: %v", err)
		}
		again, err := v.Again(t.Context(), card)
		if err != nil || again.Card.Digest != card.Read.Card.Digest {
			t.Errorf("from the tables: digest %s, %v; want %s", again.Card.Digest, err, card.Read.Card.Digest)
		}
		total := 0
		for _, n := range card.Lights {
			total += n
		}
		if total != len(card.Read.Inputs.Tasks) || total != 1 {
			t.Errorf("%d lights for %d tasks", total, len(card.Read.Inputs.Tasks))
		}
		late := assess.Occurrence{Kind: assess.SampleLateSlip, On: calendar.NewDate(2010, 5, 20), Words: "督办单〔2010〕14号", Count: 1}
		if _, err := w.Desk.EnterOccurrence(t.Context(), w.Caller(testkit.ProvinceBureau, org.Scorer), "", "510500", late); err != nil {
			t.Fatal(err)
		}
		again, err = v.Again(t.Context(), card)
		if err != nil || !again.Card.Exact.Equal(card.Read.Card.Exact.Minus(assess.Whole(2)).Decimal) {
			t.Errorf("after a late slip: %s, %v; want two points less than %s", again.Card.Exact, err, card.Read.Card.Exact)
		}
	})
}

// Rule A-03: business that a scorer says is absent is taken out, not scored zero.
func TestAbsentBusinessIsKeptWithTheJudgement(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, _ memo.PlanID) {
		c := w.Caller(testkit.ProvinceBureau, org.Scorer)
		if _, err := w.Desk.JudgeAbsent(t.Context(), c, "", "memorandum", "7", "510500", 0, "没有此项业务"); err != nil {
			t.Fatal(err)
		}
		w.On(2010, 6, 8)
		card, err := w.Store.View(c).Scorecard(t.Context(), computed(t, w, calendar.NewDate(2010, 6, 7)), "510500")
		if err != nil {
			t.Fatal(err)
		}
		if l, _ := card.Read.Card.Line("7"); l.State != assess.Exempt || len(card.Read.Card.Open) != 0 {
			t.Errorf("the line is %s, open %v; want exempt", l.State, card.Read.Card.Open)
		}
		schemes, err := w.Store.View(c).Schemes(t.Context(), "", 1)
		if err != nil || len(schemes) != 1 {
			t.Fatalf("schemes: %d, %v", len(schemes), err)
		}
		given, err := w.Store.View(c).Judgements(t.Context(), schemes[0], 2010)
		if err != nil || !given["7"]["510500"].Absent {
			t.Errorf("judgements: %+v, %v", given, err)
		}
	})
}

// Rule A-06: what is finished has no course any more, and still counts as due.
func TestAFinishedTaskStaysInTheReckoning(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID) {
		id := w.Tasks(plan)[0].ID
		clerk := w.Caller(testkit.LuzhouBureau, org.Clerk)
		if _, err := w.Desk.Sign(t.Context(), clerk, "", id); err != nil {
			t.Fatal(err)
		}
		file, err := w.Desk.KeepEvidence(clerk, strings.NewReader("二十个"), "推荐文件.txt")
		if err != nil {
			t.Fatal(err)
		}
		in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: task.Count(20), Completes: true}
		if _, err := w.Desk.Report(t.Context(), clerk, "", id, in, []task.Evidence{file}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Verify(t.Context(), w.Caller(testkit.ProvinceBureau, org.Verifier), "", w.Reports(id)[0].ID, ""); err != nil {
			t.Fatal(err)
		}
		w.On(2010, 6, 8)
		card, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Scorer)).Scorecard(t.Context(), computed(t, w, calendar.NewDate(2010, 6, 7)), "510500")
		if err != nil {
			t.Fatal(err)
		}
		f := card.Read.Inputs.Tasks[0]
		if !f.Finished || f.Expected != task.Count(20) {
			t.Errorf("finished %t, expected %s; want 20", f.Finished, f.Expected)
		}
		if l, _ := card.Read.Card.Line("2.1"); l.State != assess.Scored || !l.Lost.IsZero() {
			t.Errorf("brands are %s and lose %s", l.State, l.Lost)
		}
	})
}

// Rule O-17: only the office that a scheme belongs to scores by it, and within its own territory.
func TestAnotherUnitsScorerCannotUseTheProvincesScheme(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, _ memo.PlanID) {
		ctx, c := t.Context(), w.Caller(testkit.LiangshanBureau, org.Scorer)
		_, err := w.Desk.Judge(ctx, c, "", "memorandum", "7", "510500", 0, assess.Whole(0), "另一单位")
		wants(t, "judging", err, fault.NotFound)
		_, _, err = w.Desk.Compute(ctx, c, "", "memorandum", "cities", 0, endOfMay)
		wants(t, "computing", err, fault.NotFound)
		award := assess.Occurrence{Kind: assess.SampleAward, On: endOfMay, Words: "示范区通过验收", Count: 1}
		_, err = w.Desk.EnterOccurrence(ctx, c, "", "513400", award)
		wants(t, "recording", err, fault.NotFound)
		s := judgedScheme()
		s.Version = 3
		_, err = w.Desk.EnterScheme(ctx, c, "", s)
		wants(t, "changing the scheme", err, fault.NotFound)

		own := assess.SampleScheme()
		own.ID = "liangshan"
		if _, err := w.Desk.EnterScheme(ctx, c, "", own); err != nil {
			t.Fatal(err)
		}
		_, id, err := w.Desk.Compute(ctx, c, "", "liangshan", "cities", 0, endOfMay)
		if err != nil {
			t.Fatal(err)
		}
		run, err := w.Store.View(c).Run(ctx, id)
		if err != nil || len(run.Ranking.Entries) != 0 {
			t.Errorf("凉山's run has %d places of other territories, %v", len(run.Ranking.Entries), err)
		}
	})
}

func TestThePublicSeesRowsOfIssuedPlansOnly(t *testing.T) {
	scoreTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID) {
		ctx, v := t.Context(), w.Store.View(org.Public())
		id := w.Tasks(plan)[0].ID
		rows, err := v.PublicTasks(ctx, 2010, store.PublicFilter{}, store.PublicKey{}, 10)
		if err != nil || len(rows) != 1 || rows[0].ID != id || len(rows[0].Leads) != 1 || rows[0].Leads[0] != "泸州市质量技术监督局" {
			t.Fatalf("rows: %+v, %v", rows, err)
		}
		after := store.PublicKey{Region: rows[0].Region, Plan: rows[0].Plan, Position: rows[0].Position, ID: rows[0].ID}
		if next, err := v.PublicTasks(ctx, 2010, store.PublicFilter{}, after, 10); err != nil || len(next) != 0 {
			t.Errorf("after the last row: %d more, %v", len(next), err)
		}
		if other, err := v.PublicTasks(ctx, 2010, store.PublicFilter{Region: "513400"}, store.PublicKey{}, 10); err != nil || len(other) != 0 {
			t.Errorf("of 凉山: %d, %v", len(other), err)
		}
		if done, err := v.PublicTasks(ctx, 2010, store.PublicFilter{Done: true}, store.PublicKey{}, 10); err != nil || len(done) != 0 {
			t.Errorf("finished: %d, %v", len(done), err)
		}
		counts, err := v.PublicCounts(ctx, 2010)
		if err != nil || len(counts.Regions) != 1 || counts.Regions[0].Region != "510500" || counts.Regions[0].Lights.Total() != 1 || counts.Regions[0].Verified != 0 || counts.Commitments != 1 || !counts.Counted.IsZero() {
			t.Errorf("counts: %+v, %v", counts, err)
		}
		memos, err := v.MemorandumsInForce(ctx, "", "", 10)
		if err != nil || len(memos) != 1 || len(memos[0].Parties) != 2 {
			t.Errorf("memorandums: %+v, %v", memos, err)
		}
		if _, _, err := w.Desk.EnterPlan(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", memos[0].ID, 2011, "泸州市2011年度工作计划"); err != nil {
			t.Fatal(err)
		}
		if draft, err := v.PublicCounts(ctx, 2011); err != nil || len(draft.Regions) != 0 {
			t.Errorf("a draft is counted: %+v, %v", draft, err)
		}
		w.On(2013, 1, 1)
		if old, err := w.Store.View(org.Public()).MemorandumsInForce(ctx, "", "", 10); err != nil || len(old) != 0 {
			t.Errorf("after its term: %d, %v", len(old), err)
		}
	})
}
