package survey

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/task"
)

func q(n int) *task.Quantity { v := task.Count(n); return &v }

func TestTheStandardQuestionnaireIsWhole(t *testing.T) {
	s := Survey{Title: "调研", Region: "510500", Year: 2010, Sections: Standard()}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	if len(s.Sections) != 6 {
		t.Errorf("%d sections", len(s.Sections))
	}
	for _, x := range s.Sections {
		for _, q := range x.Questions {
			if q.Field == "" {
				t.Errorf("%s belongs to no field", q.Key)
			}
			if n := len(common(q.Gaps, q.Choices)); n != len(q.Gaps) {
				t.Errorf("%s: a gap that is no choice", q.Key)
			}
		}
	}
}

// Rule SV-02.
func TestIndustryCodesAreReadAsOfficesTypeThem(t *testing.T) {
	x := StandardIndustries()
	if n := len(x.All()); n != 20+97 {
		t.Fatalf("%d entries", n)
	}
	for typed, want := range map[string]string{"15": "15", "C15": "15", "ｃ１５": "15", "a": "A", "1512": "1512", " 97 ": "97", "C1512": "1512"} {
		if got, err := x.Read(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "U", "00", "98", "A15", "15123", "1", "C", "十五"} {
		if got, err := x.Read(typed); typed != "C" && err == nil {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
	if i, _ := x.Of("1512"); i.Name != "酒、饮料和精制茶制造业" || i.Section != "C" {
		t.Errorf("%+v", i)
	}
}

// Rule SV-03. The codes are those that enterprises print on their papers.
func TestCreditCodesHaveTheirCheckCharacter(t *testing.T) {
	for _, code := range []string{"91350100M000100Y43", "91110000600037341L", "91440300708461136T", "9144030070846113６t"} {
		if _, err := CheckCreditCode(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "91350100M000100Y44", "91350100M000100O43", "91350100M000100Y4", "9144030070846113TT"} {
		if _, err := CheckCreditCode(code); err == nil {
			t.Errorf("%q was taken", code)
		}
	}
}

// Rule SV-03.
func TestOneWrongCharacterOfACreditCodeIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching("[0-9A-HJ-NPQRTUWXY]{16}").Draw(t, "body")
		body += string(organisationCheck(body[8:16]))
		code := body + string(creditCheck(body))
		if _, err := CheckCreditCode(code); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		i := rapid.IntRange(0, 17).Draw(t, "place")
		c := creditLetters[rapid.IntRange(0, 30).Draw(t, "character")]
		if code[i] == c {
			return
		}
		if _, err := CheckCreditCode(code[:i] + string(c) + code[i+1:]); err == nil {
			t.Fatalf("%s with %c at %d was taken", code, c, i)
		}
	})
}

// Rule SV-04.
func TestOldNumbersAreCheckedByTheirForm(t *testing.T) {
	for _, code := range []string{"110108000000016", "708461136", "70846113-6", "5105001800123"} {
		if _, err := CheckOldCode(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "110108000000017", "708461137", "12345", "51050018001234"} {
		if _, err := CheckOldCode(code); err == nil {
			t.Errorf("%q was taken", code)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching("[0-9]{14}").Draw(t, "body")
		code := body + string(registrationCheck(body))
		i, d := rapid.IntRange(0, 14).Draw(t, "place"), byte('0'+rapid.IntRange(0, 9).Draw(t, "digit"))
		changed := code[:i] + string(d) + code[i+1:]
		if _, err := CheckOldCode(changed); (err == nil) != (changed == code) {
			t.Fatalf("%s from %s: %v", changed, code, err)
		}
	})
}

func sample() Full {
	return Full{Survey: Survey{ID: "s", Year: 2010, Stage: Sent, Sections: []Section{{Number: 1, Title: "一", Questions: []Question{
		{Key: "brands", Text: "名牌", Kind: Figure, Unit: "个", Ago: 1, Before: true, Better: More, Field: Brands, Required: true},
		{Key: "accidents", Text: "事故", Kind: Figure, Unit: "起", Ago: 1, Before: true, Better: Less, Field: Equipment},
		{Key: "meeting", Text: "例会", Kind: Choice, Choices: []string{"有", "无"}, Gaps: []string{"无"}, Field: QualityCity},
		{Key: "pillars", Text: "产业", Kind: IndustryCodes, Field: Traditional},
		{Key: "firms", Text: "企业", Kind: Firms, Field: Enterprises},
	}}}}, Answers: Answers{}}
}

// Rule SV-01.
func TestASectionIsHandedInWithFiguresAndSources(t *testing.T) {
	x := sample().Sections[0]
	for _, c := range []struct {
		name string
		a    Answer
		want string
	}{
		{"a required question is open", Answer{}, "survey.answer-missing"},
		{"a figure without source", Answer{Question: "brands", Value: q(3)}, "survey.source-missing"},
		{"nothing to give without a reason", Answer{Question: "brands", None: true}, "survey.none-unexplained"},
		{"nothing to give, and why", Answer{Question: "brands", None: true, Source: "尚未统计"}, ""},
		{"a figure with source", Answer{Question: "brands", Value: q(0), Source: "名推委公告"}, ""},
	} {
		err := x.CheckComplete([]Answer{c.a})
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestADraftIsReadButNeedNotBeComplete(t *testing.T) {
	x := sample().Sections[0]
	got, err := x.CheckDraft([]Answer{
		{Question: "pillars", Codes: []string{"C15", "15", "13"}}, {Question: "unknown", Words: "?"}, {Question: "brands", Words: "多"},
		{Question: "firms", Firms: []Firm{{Name: "泸州某酒业公司", Code: "91440300708461136t", Old: ""}}},
	}, StandardIndustries())
	if err != nil || len(got) != 3 || len(got[0].Codes) != 2 || got[1].Words != "" || got[2].Firms[0].Code != "91440300708461136T" {
		t.Fatalf("%+v %v", got, err)
	}
	_, err = x.CheckDraft([]Answer{{Question: "firms", Firms: []Firm{{Name: "某", Code: "1"}}}, {Question: "pillars", Codes: []string{"99"}}, {Question: "meeting", Choices: []string{"也许"}}}, StandardIndustries())
	var l fault.List
	if !errors.As(err, &l) || len(l) != 3 || l[0].Field != "firms" {
		t.Fatalf("%v", err)
	}
}

// Rule SV-06.
func TestComparedTheOtherWayRoundEveryDifferenceChangesItsSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := sample(), sample()
		b.Year = 2009
		for _, f := range []Full{a, b} {
			for _, key := range []string{"brands", "accidents"} {
				if rapid.Bool().Draw(t, "answered") {
					v := task.Quantity(rapid.Int64Range(0, int64(task.Largest)).Draw(t, "value"))
					f.Answers[key] = Answer{Question: key, Value: &v}
				}
			}
		}
		there, back := Compare(a, b), Compare(b, a)
		if len(there) != 2 || len(back) != 2 {
			t.Fatalf("%d, %d", len(there), len(back))
		}
		for i, c := range there {
			d := back[i]
			if (c.Difference == nil) != (d.Difference == nil) || c.Difference != nil && *c.Difference != -*d.Difference {
				t.Fatalf("%+v %+v", c, d)
			}
			if c.Difference != nil && *c.B+*c.Difference != *c.A {
				t.Fatal("the difference does not lead from one to the other")
			}
		}
	})
}

// Rule SV-06.
func TestFiguresOfOtherUnitsAreNotCompared(t *testing.T) {
	a, b := sample(), sample()
	a.Answers["brands"], b.Answers["brands"] = Answer{Value: q(3)}, Answer{Value: q(2)}
	b.Sections[0].Questions = append([]Question{}, b.Sections[0].Questions...)
	b.Sections[0].Questions[0].Unit = "批"
	if c := Compare(a, b)[0]; c.Difference != nil || c.OtherUnit != "批" {
		t.Errorf("%+v", c)
	}
}

// Rule SV-08.
func TestFindingsAreProposedFromFiguresByStatedRules(t *testing.T) {
	f, other := sample(), sample()
	f.Answers = Answers{
		"brands": {Value: q(8), Before: q(10), Source: "公告"}, "accidents": {Value: q(1), Before: q(3), Source: "台账"},
		"meeting": {Choices: []string{"无"}}, "pillars": {Codes: []string{"15"}}, "firms": {Firms: []Firm{{Name: "甲"}}},
	}
	other.ID, other.Answers = "o", Answers{"brands": {Value: q(12)}}
	var got []string
	for _, p := range Propose(f, &other) {
		got = append(got, p.Rule+"/"+string(p.Kind))
		if len(p.Rests) == 0 {
			t.Errorf("%s rests on nothing", p.Rule)
		}
	}
	want := "fell/gap below/gap fell/strength lacking/gap industry/advantage firms/enterprise"
	if strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	f.Answers = Answers{"brands": {Value: q(0), Source: "公告"}}
	if p := Propose(f, nil); len(p) != 1 || p[0].Rule != "nought" || p[0].Rests[0].Year != 2009 {
		t.Errorf("%+v", p)
	}
}

// Rule SV-05.
func TestASurveyIsSentOnceAndOnlyWhole(t *testing.T) {
	today := calendar.NewDate(2010, 6, 7)
	s := sample().Survey
	s.Stage = Composing
	err := s.CheckSend(today)
	if !fault.Is(err, "survey.section-unasked") {
		t.Errorf("%v", err)
	}
	s.Sections[0].Unit, s.Due = "luzhou", today.AddDays(10)
	if err := s.CheckSend(today); err != nil {
		t.Errorf("%v", err)
	}
	s.Stage = Sent
	if !fault.Is(s.CheckSend(today), "survey.sent-already") || !fault.Is(s.CheckCompose(), "survey.sent-already") {
		t.Error("sent twice")
	}
}

// Rule SV-07.
func TestAFindingRestsOnAnswers(t *testing.T) {
	f := Finding{Kind: Gap, Field: Brands, Sentence: "名牌减少"}
	if !fault.Is(f.Check(), "survey.finding-rests") {
		t.Error("a finding rests on nothing")
	}
	full := sample()
	full.Answers["brands"] = Answer{Value: q(8), Source: "公告"}
	g, ok := full.GroundOf("brands")
	if _, none := full.GroundOf("accidents"); !ok || none || g.Year != 2009 || g.Source != "公告" {
		t.Errorf("%+v", g)
	}
	f.Rests = []Ground{g}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
}

func TestASectionGoesBackOnlyAfterItWasHandedIn(t *testing.T) {
	s := sample().Survey
	x := s.Sections[0]
	if !fault.Is(s.CheckReturn(x, "重填"), "survey.not-handed-in") || s.CheckAnswer(x) != nil {
		t.Error("a section that is being written")
	}
	x.State = HandedIn
	if !fault.Is(s.CheckReturn(x, " "), "survey.reason-missing") || s.CheckReturn(x, "出处不清") != nil || !fault.Is(s.CheckAnswer(x), "survey.handed-in-already") {
		t.Error("a section that was handed in")
	}
}
