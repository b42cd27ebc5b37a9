package act_test

import (
	"testing"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// judged is the sample scheme with an item 7 that a scorer judges.
func judged() assess.Scheme {
	s := assess.SampleScheme()
	s.Points = assess.Whole(105)
	s.Items = append(s.Items, assess.Item{No: "7", Title: "工作创新", Kind: assess.Plain, Points: assess.Whole(5), Method: assess.Judged,
		Source: assess.Source{Kind: assess.FromJudgement}, Absent: assess.AbsentScale})
	return s
}

// scored runs f on a town with 泸州's plan of 2010 in force and a scheme.
func scored(t *testing.T, f func(w *testkit.Town, plan memo.PlanID, scorer org.Caller)) {
	each(t, func(t *testing.T, w *testkit.Town) {
		brands := testkit.Brands()
		brands.Cooperating = nil
		plan := w.Plan(w.Memorandum(), brands)
		scorer := w.Caller(testkit.ProvinceBureau, org.Scorer)
		must(t)(w.Desk.EnterScheme(t.Context(), scorer, "", judged()))
		f(w, plan, scorer)
	})
}

// card computes 泸州's card of a year as of a day.
func card(t *testing.T, w *testkit.Town, scorer org.Caller, year int, asOf calendar.Date) store.CardView {
	t.Helper()
	_, id, err := w.Desk.Compute(t.Context(), scorer, "", "memorandum", "cities", year, asOf)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Store.View(scorer).Scorecard(t.Context(), id, "510500")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAYearIsClosedInJanuary(t *testing.T) {
	scored(t, func(w *testkit.Town, plan memo.PlanID, scorer org.Caller) {
		ctx, must := t.Context(), must(t)
		id, clerk := w.Tasks(plan)[0].ID, w.Caller(testkit.LuzhouBureau, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "", id))
		w.On(2010, 12, 30)
		fell := assess.Occurrence{Kind: assess.SampleLateSlip, On: calendar.NewDate(2010, 12, 20), Words: "督办单〔2010〕30号", Count: 1}
		must(w.Desk.EnterOccurrence(ctx, scorer, "", "510500", fell))
		w.On(2011, 1, 10)
		fell.On, fell.Words = calendar.NewDate(2011, 1, 6), "督办单〔2011〕1号"
		must(w.Desk.EnterOccurrence(ctx, scorer, "", "510500", fell))
		december := calendar.Period{Kind: calendar.Month, Year: 2010, Index: 12}
		must(w.Desk.Report(ctx, clerk, "", id, value(december, 20), file(t, w, "二十个")))
		must(w.Desk.Verify(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", w.Reports(id)[0].ID, ""))
		must(w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", 2010, assess.Whole(4), "三项新做法"))
		must(w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", 0, assess.Whole(1), "新年度一项"))
		today := calendar.NewDate(2011, 1, 10)
		c := card(t, w, scorer, 2010, today)
		in := c.Read.Inputs
		if len(in.Tasks) != 1 || in.Tasks[0].Verified.String() != "20" || in.Judged["7"].Points.String() != "4" ||
			len(in.Occurrences) != 1 || in.Occurrences[0].Words != "督办单〔2010〕30号" || c.Run.Period.String() != "2010" || len(c.Read.Card.Open) != 0 {
			t.Fatalf("2010 as of %s: %+v of %s, open %v", today, in, c.Run.Period, c.Read.Card.Open)
		}
		if again, err := w.Store.View(scorer).Again(ctx, c); err != nil || again.Card.Digest != c.Read.Card.Digest {
			t.Fatalf("worked out again: %v, digest %s of %s", err, again.Card.Digest, c.Read.Card.Digest)
		}
		_, id2011, err := w.Desk.Compute(ctx, scorer, "", "memorandum", "cities", 0, today)
		if err != nil {
			t.Fatal(err)
		}
		if run, err := w.Store.View(scorer).Run(ctx, id2011); err != nil || len(run.Ranking.Entries) != 0 || run.Period.String() != "2011-01" {
			t.Fatalf("2011 has no plan yet: %+v, %v", run, err)
		}
		for _, year := range []int{-1, 2009, 2012} {
			_, err := w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", year, assess.Whole(1), "年份不对")
			refused(t, err, fault.Invalid, "assess.year-closed")
			_, _, err = w.Desk.Compute(ctx, scorer, "", "memorandum", "cities", year, today)
			refused(t, err, fault.Invalid, "assess.year-closed")
		}
	})
}

func TestAnOlderDayIsScoredByTheJudgementsOfThatDay(t *testing.T) {
	scored(t, func(w *testkit.Town, _ memo.PlanID, scorer org.Caller) {
		ctx, must := t.Context(), must(t)
		w.On(2010, 6, 1)
		must(w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", 0, assess.Whole(1), "先评一分"))
		w.On(2010, 6, 7)
		must(w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", 0, assess.Whole(5), "三项新做法"))
		then := card(t, w, scorer, 0, calendar.NewDate(2010, 6, 7))
		w.On(2010, 7, 1)
		must(w.Desk.JudgeAbsent(ctx, scorer, "", "memorandum", "7", "510500", 0, "没有此项业务"))
		must(w.Desk.Judge(ctx, scorer, "", "memorandum", "7", "510500", 0, assess.Whole(2), "复核后改为两分"))
		if again, err := w.Store.View(scorer).Again(ctx, then); err != nil || again.Card.Digest != then.Read.Card.Digest {
			t.Fatalf("worked out again: %v, digest %s of %s", err, again.Card.Digest, then.Read.Card.Digest)
		}
		for _, want := range []struct {
			on     calendar.Date
			points string
		}{{calendar.NewDate(2010, 6, 6), "1"}, {calendar.NewDate(2010, 6, 7), "5"}, {calendar.NewDate(2010, 7, 1), "2"}} {
			if j := card(t, w, scorer, 0, want.on).Read.Inputs.Judged["7"]; j.Points.String() != want.points || j.Absent {
				t.Errorf("as of %s: %s points, absent %t; want %s", want.on, j.Points, j.Absent, want.points)
			}
		}
	})
}
