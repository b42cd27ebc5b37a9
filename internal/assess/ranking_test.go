package assess

import (
	"fmt"
	"strings"
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// cardOf is a card with a total, as far as Rank looks at it.
func cardOf(t testing.TB, s Scheme, subject org.RegionCode, total string) Scorecard {
	exact := points(t, total)
	c := Scorecard{Subject: subject, Scheme: s.ID, Version: s.Version, AsOf: may31, Exact: exact, Total: s.Rounding.Total(exact)}
	c.Grade = s.GradeFor(c.Total)
	c.Lines = []Line{
		{No: "1", Kind: Heading, Got: exact, State: Scored},
		{No: "1.1", Kind: Plain, Got: exact, State: Scored},
	}
	return c
}

func places(r Ranking) string {
	var out []string
	for _, e := range r.Entries {
		out = append(out, fmt.Sprintf("%s:%d", e.Subject, e.Rank))
	}
	return strings.Join(out, " ")
}

func mustRank(t testing.TB, s Scheme, group string, cards []Scorecard, earlier *Ranking) Ranking {
	t.Helper()
	r, err := Rank(s, group, cards, earlier)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Rule A-18.
func TestEqualTotalsShareARankAndTheNextIsLeftOut(t *testing.T) {
	s := SampleScheme()
	cards := []Scorecard{
		cardOf(t, s, "510300", "87.60"), cardOf(t, s, "510100", "94.21"), cardOf(t, s, "510600", "94.19"),
		cardOf(t, s, "510521", "99"), // a county: another group
	}
	if got := places(mustRank(t, s, "cities", cards, nil)); got != "510100:1 510600:1 510300:3" {
		t.Errorf("places %s", got)
	}
}

// Rule A-18: a veto outweighs points; an open card has no rank.
func TestACappedCardStandsBehindAndAnOpenOneLast(t *testing.T) {
	s := SampleScheme()
	vetoed := cardOf(t, s, "510100", "95")
	vetoed.Grade, vetoed.Capped = "D", []string{"6.1"}
	open := cardOf(t, s, "510300", "97")
	open.Grade, open.Open = "", []string{"1.1"}
	r := mustRank(t, s, "cities", []Scorecard{vetoed, open, cardOf(t, s, "510600", "61"), cardOf(t, s, "510700", "50")}, nil)
	if got := places(r); got != "510600:1 510100:2 510700:3 510300:0" {
		t.Errorf("places %s", got)
	}
	if fmt.Sprint(r.Entries[3].Open) != "[1.1]" {
		t.Error("the open items are not named")
	}
	if r.Median.String() != "61" {
		t.Errorf("median %s: the open card counts", r.Median)
	}
}

// Rule A-18.
func TestTiesAreBrokenByTheNamedItems(t *testing.T) {
	s := SampleScheme()
	s.Ties = Ties{Rule: TiesByItems, Items: []string{"1", "1.1"}}
	a, b, c := cardOf(t, s, "510100", "90"), cardOf(t, s, "510300", "90"), cardOf(t, s, "510600", "90")
	b.Lines[1].Got = points(t, "90.5")
	if got := places(mustRank(t, s, "cities", []Scorecard{a, b, c}, nil)); got != "510300:1 510100:2 510600:2" {
		t.Errorf("places %s", got)
	}
}

func TestChangeIsHeldAgainstTheEarlierRankingBySubject(t *testing.T) {
	s := SampleScheme()
	april := mustRank(t, s, "cities", []Scorecard{cardOf(t, s, "513400", "88.8"), cardOf(t, s, "510300", "87.6")}, nil)
	may := mustRank(t, s, "cities", []Scorecard{cardOf(t, s, "513400", "86.46"), cardOf(t, s, "510300", "87.6"), cardOf(t, s, "510100", "94")}, &april)
	if may.Before != april.Digest || may.Digest == april.Digest {
		t.Error("the earlier ranking is not named by its digest")
	}
	liangshan := may.Entries[2]
	if p := liangshan.Previous; p == nil || p.Rise.String() != "-2.3" || p.Climb != -2 || p.Rank != 1 {
		t.Errorf("change of Liangshan is %+v", liangshan.Previous)
	}
	if may.Entries[0].Previous != nil {
		t.Error("a newcomer has a change")
	}
}

// Rule A-19.
func TestMediansAreTakenLineByLine(t *testing.T) {
	s := SampleScheme()
	a, b, c, d := cardOf(t, s, "510100", "94.2"), cardOf(t, s, "510300", "87.6"), cardOf(t, s, "510600", "92.8"), cardOf(t, s, "510700", "91.9")
	a.Lines[1].State = Exempt
	r := mustRank(t, s, "cities", []Scorecard{a, b, c, d}, nil)
	if r.Median.String() != "92.4" { // of 91.9 and 92.8, 92.35 rounded half up
		t.Errorf("median of the totals %s", r.Median)
	}
	if got := fmt.Sprint(r.Medians); got != "[{1 92.35} {1.1 91.9}]" {
		t.Errorf("medians %s", got)
	}
	if r := mustRank(t, s, "cities", nil, nil); r.Median != nil || len(r.Entries) != 0 {
		t.Error("a ranking of nobody has a median")
	}
}

func TestUnlikeCardsAreNotRanked(t *testing.T) {
	s := SampleScheme()
	a, b := cardOf(t, s, "510100", "94"), cardOf(t, s, "510300", "90")
	other, later := b, b
	other.Version, later.AsOf = 1, may31.AddDays(1)
	for name, c := range map[string]struct {
		group string
		cards []Scorecard
		want  string
	}{
		"group":   {"towns", []Scorecard{a, b}, "assess.ranking.group"},
		"version": {"cities", []Scorecard{a, other}, "assess.ranking.scheme"},
		"day":     {"cities", []Scorecard{a, later}, "assess.ranking.day"},
		"twice":   {"cities", []Scorecard{a, b, a}, "assess.ranking.subject-twice"},
	} {
		if _, err := Rank(s, c.group, c.cards, nil); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestACountyWithoutABusinessIsScoredOnTheRest(t *testing.T) {
	s := SampleCountyScheme()
	in := Inputs{Subject: "513401", AsOf: may31, Tasks: []TaskFigure{
		figure("a", "抽查经费", task.FieldFood, 1, 1, 1, 1), figure("b", "检定", task.FieldMetrology, 4, 4, 4, 2),
	}}
	in.Reporting = ReportingRecord{Due: 10, OnTime: 10, Verified: 5}
	card := mustScore(t, s, in)
	// 35 of 100 points are taken out: 15, 20 × ½, 20 and 10, each × 100 ÷ 65.
	if card.Exact.String() != "84.61" || card.Total.String() != "84.6" {
		t.Errorf("sum %s, total %s", card.Exact, card.Total)
	}
	if g, ok := s.GroupOf("513401"); !ok || g.Key != "counties" {
		t.Errorf("group %v", g)
	}
	if _, ok := s.GroupOf("510000"); ok {
		t.Error("the province is ranked among the counties")
	}
}
