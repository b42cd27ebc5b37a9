package measure

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/survey"
	"gongjian/internal/task"
)

func TestTheStandardMeasuresAreWhole(t *testing.T) {
	all, keys, fields := Standards(), map[string]bool{}, map[survey.Field]bool{}
	if len(all) < 30 {
		t.Errorf("only %d measures", len(all))
	}
	for _, m := range all {
		if err := m.Check(); err != nil || keys[m.Key] {
			t.Errorf("%s: %v", m.Key, err)
		}
		keys[m.Key], fields[m.Field] = true, true
	}
	for _, f := range survey.Fields() {
		if !fields[f] || ClauseTitles()[f] == "" {
			t.Errorf("%s has no measure or no clause", f)
		}
	}
}

func TestPlaceholdersAreFilledFromAFinding(t *testing.T) {
	v := 12 * task.One
	f := survey.Finding{Kind: survey.Gap, Rests: []survey.Ground{{Value: &v, Unit: "个", Year: 2009, Codes: []string{"15"}}}}
	got := Fill("帮助{地方}{产业}（{年份}年{数值}）新增{目标}个", Values("泸州市", f, survey.StandardIndustries()))
	if want := "帮助泸州市酒、饮料和精制茶制造业（2009年12个）新增{目标}个"; got != want {
		t.Errorf("%s", got)
	}
	if b := Blanks(got + "{目标}{"); !slices.Equal(b, []string{"目标"}) {
		t.Errorf("%v", b)
	}
}

// Rule MS-02.
func TestNoBlankAndNoStrangerComesIntoAText(t *testing.T) {
	parties := []org.UnitID{"bureau", "gov"}
	good := Chosen{ID: "1", Obligor: "bureau", Confirms: "gov", Wording: "培育名牌"}
	if err := good.Check(parties); err != nil {
		t.Error(err)
	}
	for key, spoil := range map[string]func(*Chosen){
		"measure.blank-open":       func(c *Chosen) { c.Target = "不少于{目标}个" },
		"measure.wording-missing":  func(c *Chosen) { c.Wording = " " },
		"measure.obligor-no-party": func(c *Chosen) { c.Obligor = "other" },
		"measure.confirms-wrong":   func(c *Chosen) { c.Confirms = c.Obligor },
	} {
		c := good
		spoil(&c)
		if err := c.Check(parties); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// Rule MS-01.
func TestMeasuresAreProposedForFindingsWithTheReason(t *testing.T) {
	var all []Entry
	for i, m := range Standards() {
		all = append(all, Entry{ID: ID(m.Key), Position: i, On: m.Key != "quality-city", Measure: m.Measure})
	}
	meeting := survey.Finding{ID: "f1", Kind: survey.Gap, Field: survey.QualityCity, Sentence: "质量工作例会未建立"}
	liquor := survey.Finding{ID: "f2", Kind: survey.Advantage, Field: survey.Traditional, Sentence: "优势产业", Rests: []survey.Ground{{Codes: []string{"1512"}}}}
	out := Propose(all, []survey.Finding{meeting, liquor})
	var keys []string
	for _, p := range out {
		keys = append(keys, string(p.Entry.ID))
	}
	want := "traditional-liquor quality-meeting traditional-diagnosis traditional-fund quality-analysis"
	if strings.Join(keys, " ") != want {
		t.Fatalf("%v", keys)
	}
	if r := out[0].Because[0]; r.Finding.ID != "f2" || r.Word != "1512" {
		t.Errorf("%+v", r)
	}
	if r := out[1].Because[0]; r.Word != "例会" {
		t.Errorf("%+v", r)
	}
	if len(Propose(all, nil)) != 0 {
		t.Error("measures are proposed for nothing")
	}
}

func TestChosenMeasuresStandInTheTextByField(t *testing.T) {
	titles := ClauseTitles()
	old := memo.Text{Clauses: []memo.Clause{{ID: "c1", No: "第一条", Level: 1, Text: "总则"}, {ID: "c2", No: "第二条", Level: 1, Text: titles[survey.Brands], Commitments: []memo.Commitment{{ID: "k", Text: "旧"}}}}}
	chosen := []Chosen{
		{ID: "x", Field: survey.Food, Obligor: "gov", Confirms: "bureau", Wording: "经费列入预算", Deadline: "每年"},
		{ID: "y", Field: survey.Brands, Obligor: "bureau", Wording: "培育名牌", Target: "20个"}, {ID: "z", Field: survey.Food, Obligor: "bureau", Wording: "整治"},
	}
	got := Into(old, chosen, titles)
	if len(old.Clauses[1].Commitments) != 1 || len(got.Clauses) != 3 {
		t.Fatalf("%+v", got.Clauses)
	}
	if c := got.Clauses[2]; c.No != "第三条" || len(c.Commitments) != 2 || c.Commitments[0].Measure != "x" {
		t.Errorf("%+v", c)
	}
	if c := got.Clauses[1]; len(c.Commitments) != 2 || c.Commitments[1].Measure != "y" || c.Commitments[1].Target != "20个" {
		t.Errorf("%+v", c)
	}
}

func TestNothingThatStoodInATextIsLostByTakingMeasures(t *testing.T) {
	titles := ClauseTitles()
	rapid.Check(t, func(t *rapid.T) {
		var chosen []Chosen
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			chosen = append(chosen, Chosen{ID: ChosenID(rune('a' + i)), Field: rapid.SampledFrom(survey.Fields()).Draw(t, "field")})
		}
		k := rapid.IntRange(0, len(chosen)).Draw(t, "cut")
		text := Into(Into(memo.Text{}, chosen[:k], titles), chosen[k:], titles)
		count, numbers := 0, map[string]bool{}
		for _, c := range text.Clauses {
			count += len(c.Commitments)
			if numbers[c.No] {
				t.Fatalf("%s stands twice", c.No)
			}
			numbers[c.No] = true
		}
		if count != len(chosen) {
			t.Fatalf("%d of %d", count, len(chosen))
		}
	})
}

func TestTheSidesAreGuessedFromTheParties(t *testing.T) {
	a, g := SidesOf([]org.Unit{{ID: "gov", Kind: org.Government}, {ID: "bureau", Kind: org.Agency}})
	if a != "bureau" || g != "gov" {
		t.Errorf("%s %s", a, g)
	}
	if a, g = SidesOf([]org.Unit{{ID: "x"}, {ID: "y"}}); a != "x" || g != "y" {
		t.Errorf("%s %s", a, g)
	}
}

// Rule MS-03.
func TestAVersionDoesNotBeginBeforeTheLast(t *testing.T) {
	e := Entry{From: calendar.NewDate(2010, 1, 1)}
	if e.CheckFrom(calendar.NewDate(2010, 1, 1)) != nil || !fault.Is(e.CheckFrom(calendar.NewDate(2009, 12, 31)), "measure.from-before") {
		t.Error("versions out of order")
	}
}
