package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/measure"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// surveyed gives a survey of 凉山 that the province bureau's office has sent: the
// bureau of the prefecture answers all sections.
func surveyed(t *testing.T, f func(t *testing.T, w *testkit.Town, id survey.ID, m memo.ID, office, clerk org.Caller)) {
	negotiated(t, func(t *testing.T, w *testkit.Town, m memo.ID, office, _ org.Caller) {
		ctx, sections := t.Context(), survey.Standard()
		for i := range sections {
			sections[i].Unit = testkit.LiangshanBureau
		}
		s := survey.Survey{Title: "凉山州质量状况调研", Region: "513400", Year: 2010, Memorandum: string(m), Due: calendar.NewDate(2010, 2, 1), Sections: sections}
		_, id, err := w.Desk.EnterSurvey(ctx, office, "", s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SendSurvey(ctx, office, "", id, 1); err != nil {
			t.Fatal(err)
		}
		f(t, w, id, m, office, w.Caller(testkit.LiangshanBureau, org.Clerk))
	})
}

func figure(key string, now, before int) survey.Answer {
	v, b := task.Count(now), task.Count(before)
	return survey.Answer{Question: key, Value: &v, Before: &b, Source: "2009年统计公报"}
}

// advantage is the third section of the standard questionnaire, answered.
func advantage() []survey.Answer {
	return []survey.Answer{
		{Question: "advantage", Codes: []string{"B09", "13"}}, figure("brands", 12, 15), figure("local-standards", 3, 3), figure("zones", 4, 2), figure("geographic", 0, 0),
	}
}

func TestASectionIsAnsweredBySeveralPeopleReturnedAndHandedIn(t *testing.T) {
	surveyed(t, func(t *testing.T, w *testkit.Town, id survey.ID, _ memo.ID, office, clerk org.Caller) {
		ctx := t.Context()
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 3, 1, advantage()[:2], false); err != nil {
			t.Fatal(err)
		}
		colleague := w.Caller(testkit.LiangshanBureau, org.Office)
		if _, err := w.Desk.AnswerSection(ctx, colleague, "", id, 3, 1, advantage(), false); !fault.Is(err, "changed-meanwhile") {
			t.Fatalf("an update would have been lost: %v", err)
		}
		if _, err := w.Desk.AnswerSection(ctx, colleague, "", id, 3, 2, advantage()[:3], true); !fault.Is(err, "survey.answer-missing") {
			t.Fatalf("handed in with gaps: %v", err)
		}
		if _, err := w.Desk.AnswerSection(ctx, colleague, "", id, 3, 2, advantage(), true); err != nil {
			t.Fatal(err)
		}
		full, view, err := w.Store.View(office).SurveyInFull(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if full.Answers["brands"].Person != clerk.Person().ID || full.Answers["zones"].Person != colleague.Person().ID || full.Answers["advantage"].Codes[0] != "09" {
			t.Errorf("%+v", full.Answers)
		}
		x, _ := view.Of(3)
		if x.State != survey.HandedIn || x.Version != 3 || x.Answered(full.Answers) != 5 {
			t.Errorf("%+v", x)
		}
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 3, 3, advantage(), false); !fault.Is(err, "survey.handed-in-already") {
			t.Errorf("%v", err)
		}
		if _, err := w.Desk.ReturnSection(ctx, office, "", id, 3, 3, "名牌数出处不清"); err != nil {
			t.Fatal(err)
		}
		view, err = w.Store.View(clerk).Survey(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if x, _ = view.Of(3); x.State != survey.Returned || x.Reason == "" {
			t.Errorf("%+v", x)
		}
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 3, 4, advantage(), true); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.CloseSurvey(ctx, office, "", id, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 1, 1, nil, false); !fault.Is(err, "survey.not-open") {
			t.Errorf("%v", err)
		}
	})
}

// Rule O-27.
func TestOnlyTheOfficeThePartiesAndWhoWasAskedSeeASurvey(t *testing.T) {
	surveyed(t, func(t *testing.T, w *testkit.Town, id survey.ID, _ memo.ID, office, clerk org.Caller) {
		ctx := t.Context()
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 3, 1, advantage(), true); err != nil {
			t.Fatal(err)
		}
		party := w.Caller(testkit.LiangshanGov, org.Office)
		for who, c := range map[string]org.Caller{"office": office, "party": party, "asked": clerk} {
			v := w.Store.View(c)
			s, err := v.Survey(ctx, id)
			if err != nil {
				t.Fatalf("%s: %v", who, err)
			}
			list, err := v.Surveys(ctx, store.SurveyFilter{}, store.SurveyKey{}, 10)
			if err != nil || len(list) != 1 || list[0].In != 1 || list[0].Parts != 6 {
				t.Errorf("%s: %+v %v", who, list, err)
			}
			_, err = v.Findings(ctx, s)
			if (err == nil) != (who != "asked") {
				t.Errorf("%s reads the findings: %v", who, err)
			}
		}
		for who, c := range map[string]org.Caller{
			"a county": w.Caller(testkit.MianningBureau, org.Clerk), "another city": w.Caller(testkit.LuzhouBureau, org.Office), "nobody": org.Public(),
		} {
			v := w.Store.View(c)
			if _, err := v.Survey(ctx, id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", who, err)
			}
			if list, err := v.Surveys(ctx, store.SurveyFilter{}, store.SurveyKey{}, 10); err != nil || len(list) != 0 {
				t.Errorf("%s: %+v %v", who, list, err)
			}
		}
		if _, err := w.Desk.AnswerSection(ctx, party, "", id, 2, 1, nil, false); fault.KindOf(err) != fault.Denied {
			t.Errorf("a party answers for a unit: %v", err)
		}
		if _, err := w.Desk.CloseSurvey(ctx, w.Caller(testkit.LuzhouBureau, org.Office), "", id, 2); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger closes a survey: %v", err)
		}
	})
}

func TestASurveyIsComposedUntilItIsSent(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.LuzhouBureau, org.Office)
		_, id, err := w.Desk.EnterSurvey(ctx, office, "k", survey.Survey{Title: "泸州调研", Region: "510500", Year: 2010, Sections: survey.Standard()})
		if err != nil {
			t.Fatal(err)
		}
		again, same, err := w.Desk.EnterSurvey(ctx, office, "k", survey.Survey{Title: "泸州调研", Region: "510500", Year: 2010, Sections: survey.Standard()})
		if err != nil || !again.Again || same != id {
			t.Fatalf("%v %s %v", again, same, err)
		}
		if _, err := w.Store.View(w.Caller(testkit.JiangyangBureau, org.Clerk)).Survey(ctx, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a draft is seen: %v", err)
		}
		if _, err := w.Desk.SendSurvey(ctx, office, "", id, 1); !fault.Is(err, "survey.section-unasked") {
			t.Errorf("%v", err)
		}
		s, err := w.Store.View(office).Survey(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		s.Sections = s.Sections[:1]
		s.Sections[0].Unit, s.Due = testkit.JiangyangBureau, calendar.NewDate(2010, 3, 1)
		if _, err := w.Desk.ComposeSurvey(ctx, office, "", s.Survey); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.ComposeSurvey(ctx, office, "", s.Survey); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("%v", err)
		}
		s.Memorandum, s.Version = "other", 2
		if _, err := w.Desk.ComposeSurvey(ctx, office, "", s.Survey); !fault.Is(err, "survey.memorandum-strange") {
			t.Errorf("%v", err)
		}
		if _, err := w.Desk.SendSurvey(ctx, office, "", id, 2); err != nil {
			t.Fatal(err)
		}
		s.Memorandum, s.Version = "", 3
		if _, err := w.Desk.ComposeSurvey(ctx, office, "", s.Survey); !fault.Is(err, "survey.sent-already") {
			t.Errorf("%v", err)
		}
		if _, err := w.Desk.AnswerSection(ctx, w.Caller(testkit.JiangyangBureau, org.Clerk), "", id, 2, 1, nil, false); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a section that is not there: %v", err)
		}
	})
}

func TestAMeasureLeadsFromAFindingToACommitmentInTheDraft(t *testing.T) {
	surveyed(t, func(t *testing.T, w *testkit.Town, id survey.ID, mid memo.ID, office, clerk org.Caller) {
		ctx := t.Context()
		if _, err := w.Desk.AnswerSection(ctx, clerk, "", id, 3, 1, advantage(), true); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.DrawFinding(ctx, office, "", survey.Finding{Survey: id, Kind: survey.Gap, Field: survey.Brands, Sentence: "名牌少"}, []string{"unknown"}, ""); !fault.Is(err, "survey.finding-rests") {
			t.Errorf("%v", err)
		}
		_, finding, err := w.Desk.DrawFinding(ctx, office, "", survey.Finding{Survey: id, Kind: survey.Gap, Field: survey.Brands, Sentence: "省名牌由15个减到12个"}, []string{"brands"}, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, n, err := w.Desk.LoadMeasures(ctx, office, ""); err != nil || n != len(measure.Standards()) {
			t.Fatalf("%d %v", n, err)
		}
		if _, n, err := w.Desk.LoadMeasures(ctx, office, ""); err != nil || n != 0 {
			t.Fatalf("taken over twice: %d %v", n, err)
		}
		v := w.Store.View(office)
		m, err := v.Memorandum(ctx, mid)
		if err != nil {
			t.Fatal(err)
		}
		found, err := v.FindingsFor(ctx, m)
		if err != nil || len(found) != 1 || found[0].ID != finding || found[0].Rests[0].Source != "2009年统计公报" {
			t.Fatalf("%+v %v", found, err)
		}
		catalogue, err := v.Measures(ctx, store.MeasureFilter{Field: survey.Brands}, store.MeasureKey{}, 100)
		if err != nil || len(catalogue) < 3 {
			t.Fatalf("%d %v", len(catalogue), err)
		}
		var entries []measure.Entry
		for _, e := range catalogue {
			entries = append(entries, e.Entry)
		}
		proposals := measure.Propose(entries, []survey.Finding{found[0].Finding})
		if len(proposals) != 2 {
			t.Fatalf("%+v", proposals)
		}
		c := measure.Chosen{ID: "0", Measure: proposals[0].Entry.ID, Finding: finding, Obligor: testkit.ProvinceBureau, Confirms: testkit.LiangshanGov, Wording: "培育名牌，新增{目标}个"}
		if _, err := w.Desk.TakeMeasures(ctx, office, "", mid, 0, []measure.Chosen{c}); !fault.Is(err, "measure.blank-open") {
			t.Errorf("%v", err)
		}
		c.Wording, c.Target = "培育名牌", "新增不少于20个"
		if _, err := w.Desk.TakeMeasures(ctx, office, "", mid, 0, []measure.Chosen{c}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.TakeMeasures(ctx, office, "", mid, 0, []measure.Chosen{c}); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("%v", err)
		}
		draft, err := v.Draft(ctx, m.Memorandum)
		if err != nil || len(draft.Text.Clauses) != 1 || draft.Text.Parties[1].Name == "" {
			t.Fatalf("%+v %v", draft, err)
		}
		k := draft.Text.Clauses[0].Commitments[0]
		threads, err := v.MeasureThreads(ctx, m, store.MeasuresOf(draft.Text.Clauses))
		if err != nil || k.Measure == "" || threads[k.Measure].Found == nil || threads[k.Measure].Found.ID != finding || threads[k.Measure].Title == "" {
			t.Fatalf("%+v %v", threads, err)
		}
		if k.ID == "" || !strings.HasPrefix(draft.Text.Clauses[0].No, "第一") {
			t.Errorf("%+v", draft.Text.Clauses[0])
		}
		stranger := w.Caller(testkit.LuzhouBureau, org.Office)
		if _, err := w.Desk.TakeMeasures(ctx, stranger, "", mid, 0, []measure.Chosen{c}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
	})
}

// Rule MS-03.
func TestAMeasureChangesByDatedVersions(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		m := measure.Measure{Field: survey.Food, Side: measure.Asks, Title: "食品检验经费", Wording: "列入预算", Answers: []measure.Pattern{{Kind: survey.Gap}}}
		_, id, err := w.Desk.EnterMeasure(ctx, office, "", m, calendar.Date{})
		if err != nil {
			t.Fatal(err)
		}
		m.Wording = "列入本级财政预算"
		if _, err := w.Desk.ChangeMeasure(ctx, office, "", id, 1, m, calendar.NewDate(2009, 1, 1), true); !fault.Is(err, "measure.from-before") {
			t.Errorf("%v", err)
		}
		if _, err := w.Desk.ChangeMeasure(ctx, office, "", id, 1, m, calendar.NewDate(2010, 3, 1), true); err != nil {
			t.Fatal(err)
		}
		v, err := w.Store.View(office).Measure(ctx, id)
		if err != nil || v.Wording != "列入预算" || len(v.Versions) != 2 {
			t.Fatalf("the change holds too early: %+v %v", v, err)
		}
		w.On(2010, 3, 1)
		if v, err = w.Store.View(office).Measure(ctx, id); err != nil || v.Wording != "列入本级财政预算" || v.Number != 2 {
			t.Fatalf("%+v %v", v, err)
		}
		if _, err := w.Desk.ChangeMeasure(ctx, office, "", id, 2, v.Entry.Measure, calendar.Date{}, false); err != nil {
			t.Fatal(err)
		}
		for off, want := range map[bool]int{true: 1, false: 0} {
			list, err := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Clerk)).Measures(ctx, store.MeasureFilter{Off: off, Words: "预算", Side: measure.Asks}, store.MeasureKey{}, 9)
			if err != nil || len(list) != want {
				t.Errorf("%v: %d %v", off, len(list), err)
			}
		}
		if list, err := w.Store.View(org.Public()).Measures(ctx, store.MeasureFilter{Off: true}, store.MeasureKey{}, 9); err != nil || len(list) != 0 {
			t.Errorf("the public reads the catalogue: %v", err)
		}
		other := w.Caller(testkit.LuzhouBureau, org.Office)
		if _, err := w.Desk.ChangeMeasure(ctx, other, "", id, 3, v.Entry.Measure, calendar.Date{}, true); fault.KindOf(err) != fault.Denied {
			t.Errorf("%v", err)
		}
	})
}
