package assess

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// drawScheme draws a scheme without faults, with every method.
func drawScheme(t *rapid.T) Scheme {
	fields := task.Fields()
	fieldSource := func(m Measure) Source {
		src := Source{
			Kind: FromTasks, Measure: m, Of: rapid.SampledFrom([]Of{OfCourse, OfTarget}).Draw(t, "of"),
			Fields: []task.Field{rapid.SampledFrom(fields[:5]).Draw(t, "field")},
		}
		if m == Completion {
			src.Bare = rapid.SampledFrom([]Bare{BareLight, BareFinished}).Draw(t, "bare")
		}
		return src
	}
	happening := func() Source {
		return Source{Kind: FromOccurrences, Occurrence: rapid.SampledFrom(sampleOccurrences()).Draw(t, "kind").Key}
	}
	full := func() Points { return Points{decimal.New(rapid.Int64Range(1, 3000).Draw(t, "points"), -2)} }
	var scores, extras []Item
	n := rapid.IntRange(1, 8).Draw(t, "items")
	for i := range n {
		it := Item{Title: "项", Kind: Plain, Points: full(), Each: full(), Absent: rapid.SampledFrom([]Absent{"", AbsentFull, AbsentScale}).Draw(t, "absent")}
		switch it.Method = rapid.SampledFrom(methodsOf[Plain]).Draw(t, "method"); it.Method {
		case Share:
			it.Source = fieldSource(rapid.SampledFrom([]Measure{Completion, FinishedOf}).Draw(t, "measure"))
			if rapid.IntRange(0, 3).Draw(t, "reports") == 0 {
				it.Source = Source{Kind: FromReporting, Reporting: rapid.SampledFrom([]Reporting{OnTime, Agree}).Draw(t, "what")}
			}
		case Value:
			it.Source = fieldSource(Figures)
		case Missing, Stepped, Rungs:
			it.Source = fieldSource(rapid.SampledFrom([]Measure{Figures, FinishedOf}).Draw(t, "measure"))
			it.Base = Points{it.Points.Div(decimal.NewFromInt(2)).Truncate(2).Add(decimal.New(1, -2))}
			if it.Points.Less(it.Base) {
				it.Base = it.Points
			}
			it.Ladder = []Rung{{5 * task.One, it.Points}, {task.One, it.Base}}
		case PerEvent:
			it.Source = happening()
		case Judged:
			it.Source = Source{Kind: FromJudgement}
		}
		it.No = fmt.Sprintf("1.%d", i+1)
		scores = append(scores, it)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "extras") {
		it := Item{No: fmt.Sprintf("2.%d", i+1), Title: "加减", Kind: Bonus, Method: PerBonus, Points: full(), Each: full(), Source: happening()}
		if rapid.Bool().Draw(t, "deduction") {
			it.Kind, it.Method = Deduction, PerEvent
		}
		if rapid.Bool().Draw(t, "unlimited") {
			it.Points = Points{}
		}
		extras = append(extras, it)
	}
	sum := Points{}
	for _, it := range scores {
		sum = sum.Plus(it.Points)
	}
	s := schemeOf()
	s.Points = sum
	s.Items = []Item{{No: "1", Title: "计分", Kind: Heading, Points: sum, Children: scores}}
	if len(extras) > 0 {
		s.Items = append(s.Items, Item{No: "2", Title: "加减分", Kind: Heading, Points: full(), Children: extras})
	}
	s.Items = append(s.Items, sampleVetoes("3"))
	s.Rounding = Rounding{2, rapid.Int32Range(0, 2).Draw(t, "places"), rapid.SampledFrom([]Mode{HalfUp, HalfEven, Down}).Draw(t, "mode")}
	return s
}

// drawInputs draws facts that the scheme can use; judged items have points or not.
func drawInputs(t *rapid.T, s Scheme) Inputs {
	in := Inputs{Subject: "513400", AsOf: may31}
	quantity := rapid.Custom(func(t *rapid.T) task.Quantity {
		if rapid.Bool().Draw(t, "small") {
			return task.Quantity(rapid.Int64Range(0, 20).Draw(t, "whole")) * task.One
		}
		return task.Quantity(rapid.Int64Range(0, 1<<59).Draw(t, "any"))
	})
	for i := range rapid.IntRange(0, 9).Draw(t, "tasks") {
		in.Tasks = append(in.Tasks, TaskFigure{
			Task: task.ID(fmt.Sprintf("t%d", i)), Title: rapid.String().Draw(t, "title"),
			Field: rapid.SampledFrom(task.Fields()[:6]).Draw(t, "field"), Unit: rapid.SampledFrom([]string{"个", "个", "个", "万元"}).Draw(t, "unit"),
			HasGoal: rapid.IntRange(0, 4).Draw(t, "goal?") > 0, Op: rapid.SampledFrom([]task.Op{task.OpAtLeast, task.OpNone, task.OpFirst, task.OpRange}).Draw(t, "op"),
			Goal: quantity.Draw(t, "goal"), Expected: quantity.Draw(t, "expected"), Verified: quantity.Draw(t, "verified"), Claimed: quantity.Draw(t, "claimed"),
			HasVerified: true, Finished: rapid.Bool().Draw(t, "finished"), Weight: task.Quantity(rapid.Int64Range(1, 50_000).Draw(t, "weight")),
			Light:    rapid.SampledFrom([]task.Colour{task.Green, task.Yellow, task.Red, task.Blue, task.Grey}).Draw(t, "light"),
			Evidence: []Proof{{task.EvidenceID(fmt.Sprint("e", i)), "甲"}, {"shared", "乙"}},
		})
	}
	r := &in.Reporting
	r.OnTime, r.Late, r.Missed = rapid.IntRange(0, 90).Draw(t, "ontime"), rapid.IntRange(0, 9).Draw(t, "late"), rapid.IntRange(0, 9).Draw(t, "missed")
	r.Due, r.Disagree = r.OnTime+r.Late+r.Missed, rapid.IntRange(0, 9).Draw(t, "disagree")
	r.Verified = r.Disagree + rapid.IntRange(0, 9).Draw(t, "agree")
	r.Refs = []ReportRef{{Late, "r1", "1月"}, {Missed, "r2", "2月"}, {Disagree, "r3", "3月"}}
	for i := range rapid.IntRange(0, 5).Draw(t, "occurrences") {
		in.Occurrences = append(in.Occurrences, Occurrence{
			ID: fmt.Sprint("o", i), Kind: rapid.SampledFrom(s.Occurrences).Draw(t, "kind").Key, On: may31.AddDays(rapid.IntRange(-90, 1).Draw(t, "day")),
			Words: rapid.String().Draw(t, "words"), Count: rapid.IntRange(1, 5).Draw(t, "count"),
		})
	}
	for _, it := range s.Leaves() {
		if it.Method == Judged && rapid.IntRange(0, 3).Draw(t, "judged") > 0 {
			if in.Judged == nil {
				in.Judged = map[string]Judgement{}
			}
			in.Judged[it.No] = Judgement{Points: Points{it.Points.Div(decimal.NewFromInt(2)).Truncate(2)}, Reason: "核查", By: "post"}
		}
	}
	return in
}

func scoreOf(t *rapid.T, s Scheme, in Inputs) Scorecard {
	card, err := Score(s, in)
	if err != nil {
		t.Fatalf("Score: %v", err)
	}
	return card
}

// Rules: sums, floors and limits.
func TestTheTotalIsTheSumOfItsLinesAndEveryLineKeepsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		card := scoreOf(t, s, drawInputs(t, s))
		sum, top, bonus := Points{}, Points{}, Points{}
		var cap2 Points
		for _, l := range card.Lines {
			if l.No == "2" {
				cap2 = l.Points
			}
			if l.Kind == Heading {
				if l.Depth == 0 {
					top = top.Plus(l.Got)
				}
				continue
			}
			sum = sum.Plus(l.Got)
			zero := Points{}
			switch l.Kind {
			case Plain:
				if l.Got.Less(zero) || l.Points.Less(l.Got) {
					t.Fatalf("%s got %s of %s", l.No, l.Got, l.Points)
				}
				if l.State != StillOpen && !l.Got.Plus(l.Lost).Equal(l.Points.Decimal) {
					t.Fatalf("%s: got %s and lost %s of %s", l.No, l.Got, l.Lost, l.Points)
				}
			case Bonus:
				bonus = bonus.Plus(l.Got)
				if l.Got.Less(zero) || l.Points.IsPositive() && l.Points.Less(l.Got) {
					t.Fatalf("%s got %s of %s", l.No, l.Got, l.Points)
				}
			case Deduction:
				if zero.Less(l.Got) || l.Points.IsPositive() && l.Points.Less(l.Lost) {
					t.Fatalf("%s took %s of %s", l.No, l.Lost, l.Points)
				}
			}
			if finer(l.Got, s.Rounding.ItemPlaces) {
				t.Fatalf("%s got %s, finer than %d places", l.No, l.Got, s.Rounding.ItemPlaces)
			}
			if l.Lost.IsPositive() && l.Why == nil {
				t.Fatalf("%s lost %s without a reason", l.No, l.Lost)
			}
		}
		if !sum.Equal(card.Exact.Decimal) || !top.Equal(card.Exact.Decimal) {
			t.Fatalf("lines %s, headings %s, card %s", sum, top, card.Exact)
		}
		if cap2.Less(bonus) {
			t.Fatalf("bonus %s above the common limit %s", bonus, cap2)
		}
	})
}

// Rule A-05.
func TestTheOrderOfTheInputsDoesNotMatterAndBytesGoRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		in := drawInputs(t, s)
		card := scoreOf(t, s, in)
		mixed := in
		mixed.Tasks = append([]TaskFigure(nil), in.Tasks...)
		mixed.Occurrences = append([]Occurrence(nil), in.Occurrences...)
		mixed.Reporting.Refs = append([]ReportRef(nil), in.Reporting.Refs...)
		r := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		r.Shuffle(len(mixed.Tasks), func(i, j int) { mixed.Tasks[i], mixed.Tasks[j] = mixed.Tasks[j], mixed.Tasks[i] })
		r.Shuffle(len(mixed.Occurrences), func(i, j int) {
			mixed.Occurrences[i], mixed.Occurrences[j] = mixed.Occurrences[j], mixed.Occurrences[i]
		})
		r.Shuffle(3, func(i, j int) {
			mixed.Reporting.Refs[i], mixed.Reporting.Refs[j] = mixed.Reporting.Refs[j], mixed.Reporting.Refs[i]
		})
		if again := scoreOf(t, s, mixed); again.Digest != card.Digest {
			t.Fatalf("another order gives digest %s, not %s", again.Digest, card.Digest)
		}
		p, err := NewPayload(s, mixed)
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.MarshalCanonical()
		if err != nil {
			t.Fatal(err)
		}
		q, err := ReadPayload(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Verify(); err != nil {
			t.Fatal(err)
		}
		if again, err := q.MarshalCanonical(); err != nil || !bytes.Equal(again, b) || q.Card.Digest != card.Digest {
			t.Fatalf("bytes or digest change on the way round: %v", err)
		}
	})
}

// Rule A-06: more verified is never less, at one task or at all that are claimed.
func TestRaisingAVerifiedFigureNeverLowersTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScheme(t)
		in := drawInputs(t, s)
		if len(in.Tasks) == 0 {
			in.Tasks = []TaskFigure{brand("t", 3, 2, 1)}
		}
		before := scoreOf(t, s, in)
		i := rapid.IntRange(0, len(in.Tasks)-1).Draw(t, "which")
		raised := in
		raised.Tasks = append([]TaskFigure(nil), in.Tasks...)
		raised.Tasks[i].Verified += task.Quantity(rapid.Int64Range(0, 1<<59).Draw(t, "more"))
		after := scoreOf(t, s, raised)
		if after.Exact.Less(before.Exact) || after.Total.Less(before.Total) {
			t.Fatalf("total fell from %s to %s", before.Exact, after.Exact)
		}
		now, err := NewPayload(s, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range s.Leaves() {
			p, ok, err := IfVerified(now, it.No)
			if err != nil || ok && p.TotalAfter.Less(p.TotalBefore) {
				t.Fatalf("prospect of %s: %+v, %v", it.No, p, err)
			}
		}
	})
}

// Rule A-18: the ranks are one order, whatever the order of the cards.
func TestRanksAreAConsistentOrder(t *testing.T) {
	s := SampleScheme()
	s.Ties = Ties{Rule: TiesByItems, Items: []string{"1.1"}}
	rapid.Check(t, func(t *rapid.T) {
		var cards []Scorecard
		for i := range rapid.IntRange(0, 12).Draw(t, "cards") {
			total := Points{decimal.New(rapid.Int64Range(800, 810).Draw(t, "total"), -1)}
			c := Scorecard{Subject: org.RegionCode(fmt.Sprintf("51%02d00", i+1)), Scheme: s.ID, Version: s.Version, AsOf: may31, Exact: total, Total: total, Grade: s.GradeFor(total)}
			c.Lines = []Line{{No: "1.1", Got: Whole(rapid.Int64Range(0, 2).Draw(t, "item")), State: Scored}}
			switch rapid.IntRange(0, 5).Draw(t, "state") {
			case 0:
				c.Open, c.Grade = []string{"1.1"}, ""
			case 1:
				c.Grade = "D"
			}
			cards = append(cards, c)
		}
		rank := func(cards []Scorecard) Ranking {
			r, err := Rank(s, "cities", cards, nil)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := rank(cards)
		mixed := append([]Scorecard(nil), cards...)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if rank(mixed).Digest != r.Digest {
			t.Fatal("another order of the cards gives another ranking")
		}
		byPlace := map[org.RegionCode]Scorecard{}
		for _, c := range cards {
			byPlace[c.Subject] = c
		}
		for i, e := range r.Entries {
			a := byPlace[e.Subject]
			if (e.Rank == 0) != a.IsOpen() {
				t.Fatalf("rank %d, open %v", e.Rank, a.IsOpen())
			}
			if e.Rank == 0 {
				continue
			}
			// The rank is one more than the number of cards that stand before it.
			ahead := 0
			for _, c := range cards {
				if s.compare(c, a) < 0 {
					ahead++
				}
			}
			if e.Rank != ahead+1 {
				t.Fatalf("entry %d has rank %d with %d cards ahead", i, e.Rank, ahead)
			}
		}
	})
}
