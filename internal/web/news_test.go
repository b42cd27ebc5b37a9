package web

import (
	"testing"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/task"

	"github.com/google/go-cmp/cmp"
)

// entry is a ranked place that changed by so many points since the run before.
func entry(code org.RegionCode, rank int, rise string) assess.Entry {
	e := assess.Entry{Subject: code, Rank: rank}
	if p, err := assess.ParsePoints(rise); err == nil {
		e.Previous = &assess.Previous{Rank: 1, Rise: p}
	}
	return e
}

func lights(pairs ...any) map[org.RegionCode]task.Colour {
	out := map[org.RegionCode]task.Colour{}
	for i := 0; i < len(pairs); i += 2 {
		out[org.RegionCode(pairs[i].(string))] = pairs[i+1].(task.Colour)
	}
	return out
}

func TestTheNewsCountsLightsAndNamesTheGreatestRiseAndFall(t *testing.T) {
	now := lights("510100", task.Green, "510500", task.Yellow, "513400", task.Yellow, "510800", task.Red)
	then := lights("510100", task.Green, "510500", task.Yellow, "513400", task.Green)
	for _, c := range []struct {
		name    string
		entries []assess.Entry
		up      *move
		down    *move
		before  bool
		turned  []turn
	}{
		{"no run before", []assess.Entry{entry("510100", 1, ""), entry("510500", 2, "")}, nil, nil, false, nil},
		{"nobody moved", []assess.Entry{entry("510100", 1, "0"), entry("510500", 2, "0")}, nil, nil, true, nil},
		{
			"one up, one down", []assess.Entry{entry("510100", 1, "0.6"), entry("510500", 2, "1.9"), entry("513400", 3, "-2.3"), entry("510800", 4, "-3.1")},
			&move{[]org.RegionCode{"510500"}, points("1.9")}, &move{[]org.RegionCode{"510800"}, points("3.1")}, true, []turn{{"513400", task.Green, task.Yellow}},
		},
		{
			"a tie names both", []assess.Entry{entry("510100", 1, "1.9"), entry("510500", 2, "1.90"), entry("513400", 3, "0.1")},
			&move{[]org.RegionCode{"510100", "510500"}, points("1.9")}, nil, true, []turn{{"513400", task.Green, task.Yellow}},
		},
		{"an open card has no way", []assess.Entry{entry("510100", 1, "0.2"), entry("510800", 0, "9")}, &move{[]org.RegionCode{"510100"}, points("0.2")}, nil, true, nil},
	} {
		n := newsOf(assess.Ranking{Entries: c.entries}, now, then)
		if d := cmp.Diff(c.up, n.Up); d != "" {
			t.Errorf("%s: rise (-want +got):\n%s", c.name, d)
		}
		if d := cmp.Diff(c.down, n.Down); d != "" {
			t.Errorf("%s: fall (-want +got):\n%s", c.name, d)
		}
		if d := cmp.Diff(c.turned, n.Turned); d != "" || n.Before != c.before {
			t.Errorf("%s: before %t, turned (-want +got):\n%s", c.name, n.Before, d)
		}
		sum := 0
		for _, k := range n.Counts {
			sum += k
		}
		if sum != len(c.entries) {
			t.Errorf("%s: %d lights for %d places", c.name, sum, len(c.entries))
		}
	}
}

func points(s string) assess.Points {
	p, err := assess.ParsePoints(s)
	if err != nil {
		panic(err)
	}
	return p
}

func line(no string, got string, kind assess.Kind, state assess.State) assess.Line {
	return assess.Line{No: no, Title: no, Kind: kind, Got: points(got), State: state}
}

func TestTheExplainingItemMovedMostInTheDirectionOfTheTotal(t *testing.T) {
	then := assess.Scorecard{Total: points("88.8"), Lines: []assess.Line{
		line("2", "40", assess.Heading, assess.Scored), line("2.1", "13.5", assess.Plain, assess.Scored), line("2.2", "5", assess.Plain, assess.Scored),
		line("2.3", "1", assess.Plain, assess.StillOpen), line("5.1", "0", assess.Bonus, assess.Scored),
	}}
	now := assess.Scorecard{Total: points("86.5"), Lines: []assess.Line{
		line("2", "30", assess.Heading, assess.Scored), line("2.1", "10.5", assess.Plain, assess.Scored), line("2.2", "4", assess.Plain, assess.Scored),
		line("2.3", "9", assess.Plain, assess.Scored), line("5.1", "5", assess.Bonus, assess.Scored), line("5.2", "9", assess.Bonus, assess.Scored),
	}}
	m, ok := explaining(now, then)
	if !ok || m.Line.No != "2.1" || m.By.String() != "-3" {
		t.Errorf("the fall is explained by %+v, %t; want 2.1 by -3: headings, open lines and what rose explain nothing", m, ok)
	}
	if m, ok := explaining(then, now); !ok || m.Line.No != "2.1" || m.By.String() != "3" {
		t.Errorf("the way back is explained by %+v, %t; want 2.1 by 3", m, ok)
	}
	same := assess.Scorecard{Total: points("90"), Lines: then.Lines}
	if m, ok := explaining(same, then); ok {
		t.Errorf("no item moved, and %+v is said to explain it", m)
	}
}

func TestScoresFallIntoFiveBandsForTheMap(t *testing.T) {
	full := assess.Whole(100)
	for score, want := range map[string]int{"0": 1, "79.9": 1, "80": 2, "84.99": 2, "85": 3, "90": 4, "94.9": 4, "95": 5, "104": 5} {
		if got := scoreBand(points(score), full); got != want {
			t.Errorf("%s of 100 is in band %d, want %d", score, got, want)
		}
	}
	if got := scoreBand(points("45"), assess.Whole(50)); got != 4 {
		t.Errorf("45 of 50 is in band %d, want 4 like 90 of 100", got)
	}
}
