package assess

import (
	"math/big"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/task"
)

func points(t testing.TB, s string) Points {
	t.Helper()
	p, err := ParsePoints(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// schemeOf is a scheme of the given items with two decimals an item.
func schemeOf(items ...Item) Scheme {
	full := Points{}
	for _, it := range items {
		if it.Kind == Plain {
			full = full.Plus(it.Points)
		}
	}
	return Scheme{
		ID: "s", Name: "试行办法", Version: 1, From: calendar.NewDate(2010, 1, 1), Points: full, Items: items,
		Bands: sampleBands(), Rounding: Rounding{2, 1, HalfUp}, Ties: Ties{Rule: TiesShared}, Occurrences: sampleOccurrences(),
	}
}

func item(kind Kind, m Method, full int64, src Source) Item {
	return Item{No: "1", Title: "项目", Kind: kind, Method: m, Points: Whole(full), Source: src}
}

func brandTasks(m Measure, of Of) Source {
	s := Source{Kind: FromTasks, Fields: []task.Field{task.FieldBrand}, Measure: m, Of: of}
	if m == Completion {
		s.Bare = BareLight
	}
	return s
}

func inputs(tasks ...TaskFigure) Inputs {
	return Inputs{Subject: "513400", AsOf: may31, Tasks: tasks}
}

func brand(id string, goal, expected, verified int64) TaskFigure {
	return figure(id, "名牌", task.FieldBrand, goal, expected, verified, verified)
}

func bare(id string, light task.Colour, finished bool) TaskFigure {
	t := brand(id, 0, 0, 0)
	t.HasGoal, t.Light, t.Finished = false, light, finished
	return t
}

func with(t TaskFigure, change func(*TaskFigure)) TaskFigure {
	change(&t)
	return t
}

// Rules, each worked by hand.
func TestEveryMethodGivesThePointsWorkedByHand(t *testing.T) {
	share := item(Plain, Share, 10, brandTasks(Completion, OfCourse))
	ofTarget := item(Plain, Share, 10, brandTasks(Completion, OfTarget))
	finished := item(Plain, Share, 10, brandTasks(FinishedOf, ""))
	value := item(Plain, Value, 10, brandTasks(Figures, OfTarget))
	missing := item(Plain, Missing, 5, brandTasks(Figures, OfCourse))
	missing.Each = Whole(2)
	unfinished := item(Plain, Missing, 5, brandTasks(FinishedOf, ""))
	unfinished.Each = Whole(2)
	stepped := item(Plain, Stepped, 10, brandTasks(Figures, ""))
	stepped.Base, stepped.Each = Whole(8), Whole(1)
	ladder := item(Plain, Rungs, 4, brandTasks(Figures, ""))
	ladder.Ladder = []Rung{{3 * task.One, Whole(4)}, {2 * task.One, Whole(2)}}
	bonus := item(Bonus, PerBonus, 5, brandTasks(FinishedOf, ""))
	bonus.Each = Whole(2)
	given := item(Plain, GivenToAll, 3, Source{})

	ceiling := with(brand("a", 4, 4, 5), func(f *TaskFigure) { f.Op = task.OpAtMost })
	first := with(brand("a", 0, 0, 1), func(f *TaskFigure) { f.Op = task.OpFirst })
	cases := []struct {
		name string
		item Item
		in   Inputs
		want string
	}{
		{"share of one", share, inputs(brand("a", 20, 10, 7)), "7"},
		{"share is at most one", share, inputs(brand("a", 20, 3, 4)), "10"},
		{"mean of two shares", share, inputs(brand("a", 9, 3, 1), brand("b", 9, 3, 3)), "6.67"},
		{"too much of one does not make up for another", share, inputs(brand("a", 9, 3, 0), brand("b", 9, 3, 9)), "5"},
		{"weights count", share, inputs(brand("a", 9, 3, 0), with(brand("b", 9, 3, 3), func(f *TaskFigure) { f.Weight = 3 * task.One })), "7.5"},
		{"nothing due yet is left out", share, inputs(brand("a", 9, 0, 0), brand("b", 10, 10, 3)), "3"},
		{"share of the target", ofTarget, inputs(brand("a", 20, 10, 7)), "3.5"},
		{"first of its kind", ofTarget, inputs(first), "10"},
		{"words by light", share, inputs(bare("a", task.Green, false), bare("b", task.Yellow, false), bare("c", task.Red, false), bare("d", task.Grey, false)), "5"},
		{"words finished", share, inputs(bare("a", task.Red, true)), "10"},
		{"overstepped ceiling", share, inputs(ceiling), "8"},
		{"kept ceiling", share, inputs(with(ceiling, func(f *TaskFigure) { f.Verified = 4 * task.One })), "10"},
		{"silence does not keep a ceiling", share, inputs(with(ceiling, func(f *TaskFigure) { f.Verified, f.HasVerified = 0, false })), "0"},
		{"zero events", share, inputs(with(ceiling, func(f *TaskFigure) { f.Op, f.Goal, f.Verified = task.OpEqual, 0, task.One })), "0"},
		{"finished of all", finished, inputs(brand("a", 1, 1, 1), with(brand("b", 1, 1, 1), func(f *TaskFigure) { f.Finished = true }), brand("c", 1, 1, 1)), "3.33"},
		{"sum of the figures", value, inputs(brand("a", 10, 5, 2), brand("b", 10, 5, 9)), "5.5"},
		{"sum is at most one", value, inputs(brand("a", 10, 5, 30)), "10"},
		{"one missing", missing, inputs(brand("a", 6, 2, 1)), "3"},
		{"three missing: to zero, not below", missing, inputs(brand("a", 6, 3, 0)), "0"},
		{"half a thing is not missing yet", missing, inputs(with(brand("a", 6, 2, 1), func(f *TaskFigure) { f.Expected = task.One * 3 / 2 })), "5"},
		{"two unfinished", unfinished, inputs(brand("a", 1, 1, 1), brand("b", 1, 1, 1)), "1"},
		{"none", stepped, inputs(brand("a", 3, 2, 0)), "0"},
		{"the first", stepped, inputs(brand("a", 3, 2, 1)), "8"},
		{"the second", stepped, inputs(brand("a", 3, 2, 2)), "9"},
		{"the tenth is not above full marks", stepped, inputs(brand("a", 3, 2, 10)), "10"},
		{"top rung", ladder, inputs(brand("a", 3, 3, 3)), "4"},
		{"middle rung", ladder, inputs(brand("a", 3, 3, 2)), "2"},
		{"below the ladder", ladder, inputs(brand("a", 3, 3, 1)), "0"},
		{"bonus", bonus, inputs(with(brand("a", 1, 1, 1), func(f *TaskFigure) { f.Finished = true })), "2"},
		{"given", given, inputs(), "3"},
		{"no such business: full marks", share, inputs(), "10"},
	}
	for _, c := range cases {
		card := mustScore(t, schemeOf(c.item), c.in)
		if got := card.Lines[0].Got.String(); got != c.want {
			t.Errorf("%s: %s points, want %s (%+v)", c.name, got, c.want, card.Lines[0].Calc)
		}
		if card.IsOpen() {
			t.Errorf("%s: open", c.name)
		}
	}
}

// Rules: floors, limits, and none.
func TestHappeningsCountByTheirNumberToTheLimit(t *testing.T) {
	event := func(kind Kind, m Method, full, each int64) Item {
		it := item(kind, m, full, Source{Kind: FromOccurrences, Occurrence: SampleLateSlip})
		it.Each = Whole(each)
		return it
	}
	for _, c := range []struct {
		name  string
		item  Item
		count int
		want  string
	}{
		{"score item less each", event(Plain, PerEvent, 5, 2), 2, "1"},
		{"score item not below zero", event(Plain, PerEvent, 5, 2), 3, "0"},
		{"deduction without floor", event(Deduction, PerEvent, 0, 2), 60, "-120"},
		{"deduction to its limit", event(Deduction, PerEvent, 5, 2), 3, "-5"},
		{"bonus", event(Bonus, PerBonus, 5, 1), 2, "2"},
		{"bonus to its limit", event(Bonus, PerBonus, 5, 1), 9, "5"},
		{"bonus without limit", event(Bonus, PerBonus, 0, 1), 90, "90"},
	} {
		in := inputs()
		in.Occurrences = []Occurrence{{ID: "o", Kind: SampleLateSlip, On: may31, Words: "督办单", Count: c.count}}
		card := mustScore(t, schemeOf(c.item), in)
		if got := card.Exact.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Rule A-15: a limit for all bonus items of a heading goes by printed order.
func TestBonusItemsShareTheLimitOfTheirHeading(t *testing.T) {
	one := item(Bonus, PerBonus, 4, Source{Kind: FromOccurrences, Occurrence: SampleAward})
	one.No, one.Each = "9.1", Whole(1)
	two := one
	two.No = "9.2"
	two.Source.Occurrence = SampleLateSlip
	s := schemeOf(part("9", "加分", 5, one, two))
	in := inputs()
	in.Occurrences = []Occurrence{{"a", SampleAward, may31, "", 9}, {"b", SampleLateSlip, may31, "", 3}}
	card := mustScore(t, s, in)
	got := card.Lines[0].Got.String() + " " + card.Lines[1].Got.String() + " " + card.Lines[2].Got.String()
	if got != "5 4 1" {
		t.Errorf("heading and items give %s, want 5 4 1", got)
	}
}

func TestReportsAreCountedAsTheSchemeSays(t *testing.T) {
	rec := ReportingRecord{Due: 8, OnTime: 5, Late: 2, Missed: 1, Returned: 1, Verified: 4, Disagree: 1}
	for _, c := range []struct {
		method Method
		what   Reporting
		want   string
	}{
		{Share, OnTime, "6.25"}, {Share, Agree, "7.5"}, {Missing, Late, "6"}, {Missing, Missed, "8"},
		{Missing, Returned, "8"}, {Missing, Disagree, "8"}, {PerEvent, Late, "6"},
	} {
		it := item(Plain, c.method, 10, Source{Kind: FromReporting, Reporting: c.what})
		if c.method != Share {
			it.Each = Whole(2)
		}
		in := inputs()
		in.Reporting = rec
		if got := mustScore(t, schemeOf(it), in).Exact.String(); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.method, c.what, got, c.want)
		}
		in.Reporting = ReportingRecord{}
		if l := mustScore(t, schemeOf(it), in).Lines[0]; l.State != Exempt {
			t.Errorf("%s of nothing is %s", c.what, l.State)
		}
	}
}

// Rules: an item nobody has scored is open and gives no grade.
func TestAnItemWithoutJudgementIsOpenAndNotZero(t *testing.T) {
	it := item(Plain, Judged, 10, Source{Kind: FromJudgement})
	s := schemeOf(it)
	card := mustScore(t, s, inputs())
	if !card.IsOpen() || card.Lines[0].State != StillOpen || card.Grade != "" || card.Lines[0].Lost.IsPositive() {
		t.Errorf("card is %+v", card)
	}
	in := inputs()
	in.Judged = map[string]Judgement{"1": {Points: points(t, "7.5"), Reason: "资料缺1份"}}
	card = mustScore(t, s, in)
	if card.IsOpen() || card.Exact.String() != "7.5" || card.Lines[0].Why.Word["reason"] != "资料缺1份" {
		t.Errorf("card is %+v", card)
	}
	in.Judged["1"] = Judgement{Absent: true, Reason: "无此项业务"}
	if l := mustScore(t, s, in).Lines[0]; l.State != Exempt || l.Got.String() != "10" {
		t.Errorf("line is %+v", l)
	}
	for _, c := range []struct {
		j    Judgement
		want string
	}{
		{Judgement{Points: Whole(11), Reason: "好"}, "assess.judgement.range"},
		{Judgement{Points: Whole(-1), Reason: "差"}, "assess.judgement.range"},
		{Judgement{Points: Whole(5)}, "assess.judgement.no-reason"},
		{Judgement{Points: points(t, "5.555"), Reason: "好"}, "assess.judgement.finer"},
	} {
		in.Judged["1"] = c.j
		if _, err := Score(s, in); !fault.Is(err, c.want) {
			t.Errorf("%v: %v, want %s", c.j, err, c.want)
		}
	}
}

// Rules: 10 of 40 points are taken out, so every loss counts 40/30.
func TestWhatIsTakenOutIsMadeUpForByTheRest(t *testing.T) {
	a := item(Plain, Share, 10, brandTasks(Completion, OfCourse))
	a.Absent = AbsentScale
	b := item(Plain, GivenToAll, 24, Source{})
	b.No = "2"
	c := item(Plain, Missing, 6, Source{Kind: FromReporting, Reporting: Late})
	c.No, c.Each = "3", Whole(1)
	in := inputs()
	in.Reporting = ReportingRecord{Due: 9, OnTime: 7, Late: 2}
	card := mustScore(t, schemeOf(a, b, c), in)
	if l := card.Lines[0]; l.State != Exempt || !l.Points.IsZero() || !l.Got.IsZero() || l.Why.Key != "assess.exempt.scale" {
		t.Errorf("exempt line is %+v", l)
	}
	if got := card.Lines[1].Got.String() + " " + card.Lines[2].Got.String() + " " + card.Exact.String(); got != "32 5.33 37.33" {
		t.Errorf("lines and sum %s, want 32 5.33 37.33", got)
	}
	if l := mustScore(t, schemeOf(a), in).Lines[0]; l.State != StillOpen {
		t.Errorf("a card of which everything is taken out is %s, want open", l.State)
	}
}

// Rule A-07.
func TestFiguresOfDifferentUnitsAreNotAdded(t *testing.T) {
	value := item(Plain, Value, 10, brandTasks(Figures, OfTarget))
	yuan := with(brand("b", 10, 10, 10), func(f *TaskFigure) { f.Unit = "万元" })
	l := mustScore(t, schemeOf(value), inputs(brand("a", 1, 1, 1), yuan)).Lines[0]
	if l.State != StillOpen || l.Why.Key != "assess.open.units" {
		t.Errorf("line is %+v", l)
	}
	ceiling := with(brand("b", 10, 10, 10), func(f *TaskFigure) { f.Op = task.OpAtMost })
	l = mustScore(t, schemeOf(value), inputs(brand("a", 1, 1, 1), ceiling)).Lines[0]
	if l.State != StillOpen || l.Why.Key != "assess.open.ceiling" {
		t.Errorf("line is %+v", l)
	}
}

func TestTheRestTakesEveryTaskThatNoItemNames(t *testing.T) {
	named := item(Plain, Share, 10, brandTasks(Completion, OfCourse))
	rest := item(Plain, Share, 10, Source{Kind: FromTasks, Rest: true, Measure: Completion, Of: OfCourse, Bare: BareLight})
	rest.No = "2"
	other := with(brand("b", 4, 4, 1), func(f *TaskFigure) { f.Field = "没有列出的领域" })
	card := mustScore(t, schemeOf(named, rest), inputs(brand("a", 2, 2, 2), other))
	if got := card.Lines[0].Got.String() + " " + card.Lines[1].Got.String(); got != "10 2.5" {
		t.Errorf("named and rest %s, want 10 2.5", got)
	}
}

// Rule A-01.
func TestRoundingFollowsItsMode(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		want     map[Mode]string
	}{
		{86_46, 100, map[Mode]string{HalfUp: "86.5", HalfEven: "86.5", Down: "86.4"}},
		{86_45, 100, map[Mode]string{HalfUp: "86.5", HalfEven: "86.4", Down: "86.4"}},
		{86_35, 100, map[Mode]string{HalfUp: "86.4", HalfEven: "86.4", Down: "86.3"}},
		{-86_45, 100, map[Mode]string{HalfUp: "-86.5", HalfEven: "-86.4", Down: "-86.4"}},
		{-1, 1000, map[Mode]string{HalfUp: "0", HalfEven: "0", Down: "0"}},
		{2, 3, map[Mode]string{HalfUp: "0.7", HalfEven: "0.7", Down: "0.6"}},
		{5, 1, map[Mode]string{HalfUp: "5", HalfEven: "5", Down: "5"}},
	} {
		for mode, want := range c.want {
			if got := (Rounding{Mode: mode}).round(big.NewRat(c.num, c.den), 1).String(); got != want {
				t.Errorf("%d/%d %s is %s, want %s", c.num, c.den, mode, got, want)
			}
		}
	}
}

// Rule A-02: what the printed bands leave out.
func TestGradesAreReadFromTheRoundedTotal(t *testing.T) {
	s := SampleScheme()
	for exact, want := range map[string]string{
		"100": "A", "90": "A", "89.95": "A", "89.94": "B", "89.5": "B", "80": "B", "79.94": "C", "60": "C", "59.9": "D", "0": "D", "-3": "D",
	} {
		if got := s.GradeFor(s.Rounding.Total(points(t, exact))); got != want {
			t.Errorf("%s is %s, want %s", exact, got, want)
		}
	}
}

func TestPointsAreReadWithinBounds(t *testing.T) {
	for _, bad := range []string{"", "1e9", "1e999999999", "NaN", "+1", "1.", ".5", "1.1234567", "12345678901", "０.５"} {
		if p, err := ParsePoints(bad); err == nil {
			t.Errorf("%q was read as %s", bad, p)
		}
	}
	var p Points
	if err := p.UnmarshalJSON([]byte(`1.5`)); err == nil {
		t.Error("a JSON number was read as points")
	}
	if err := p.UnmarshalJSON([]byte(`"1.50"`)); err != nil || p.String() != "1.5" {
		t.Errorf("%s, %v", p, err)
	}
}
