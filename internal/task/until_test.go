package task

import (
	"reflect"
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"

	"pgregory.net/rapid"
)

// someCalendar draws a calendar that knows all of the years, none, or one of them.
func someCalendar() *rapid.Generator[calendar.Workdays] {
	one := calendar.Workdays{}.With([]calendar.DayChange{{Date: day("2010-10-01")}, {Date: day("2010-06-12"), Work: true}, {Date: day("2010-06-14")}})
	return rapid.SampledFrom([]calendar.Workdays{calendar.Default(), calendar.Default(), one, {}})
}

// someRule draws a rule with other terms than the standard one.
func someRule() *rapid.Generator[Rule] {
	return rapid.Custom(func(t *rapid.T) Rule {
		r := DefaultRule()
		r.NearDays = rapid.SampledFrom([]int{0, 1, 5, 10, 40}).Draw(t, "near")
		r.RedMissed = rapid.IntRange(1, 3).Draw(t, "red missed")
		return r
	})
}

// stays fails unless a light that was kept on a day is that of every day up to the
// one that LightUntil names. at returns the facts as they are known on a day.
func stays(t *rapid.T, at func(calendar.Date) Facts, r Rule, w calendar.Workdays, on calendar.Date) {
	f := at(on)
	light, missing, until := LightAt(f, r, w, on), f.MissingSince(on), LightUntil(f, r, w, on)
	if until.Before(on) {
		t.Fatalf("a light of %s until %s", on, until)
	}
	kept := light.Kept()
	if !kept.On.IsZero() || !reflect.DeepEqual(kept.Seen(w, on), light) {
		t.Fatalf("kept and seen again:\n%+v\n%+v", light, kept.Seen(w, on))
	}
	for d := on; !d.After(until) && d.Sub(on) < 130; d = d.AddDays(1) {
		g := at(d)
		if want, got := LightAt(g, r, w, d), kept.Seen(w, d); !reflect.DeepEqual(want, got) {
			t.Fatalf("kept on %s until %s, on %s\n%+v\nwant\n%+v\n%+v", on, until, d, got, want, f)
		}
		if got := g.MissingSince(d); got != missing {
			t.Fatalf("missing since %s on %s until %s, and since %s on %s", missing, on, until, got, d)
		}
		if later := LightUntil(g, r, w, d); later.Before(until) {
			t.Fatalf("on %s until %s, on %s only until %s", on, until, d, later)
		}
	}
}

// Rule T-31: with events before and after the day.
func TestALightThatIsKeptStaysTrueUntilItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts().Draw(t, "facts")
		switch rapid.IntRange(0, 3).Draw(t, "less") {
		case 0:
			f.Periods = nil
		case 1:
			f.Due = calendar.Date{}
		case 2: // long before the end
			f.Claimed, f.Verified, f.Periods, f.Due = f.Claimed[:min(1, len(f.Claimed))], f.Verified[:min(1, len(f.Verified))], nil, f.Due.AddDays(400)
		}
		at := func(calendar.Date) Facts { return f }
		stays(t, at, someRule().Draw(t, "rule"), someCalendar().Draw(t, "calendar"), anyDay(0, 600).Draw(t, "on"))
	})
}

// Rule T-31: facts are known up to the day only; periods go on to begin.
func TestALightThatIsKeptForeseesThePeriodsThatWillBegin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Task{ID: "t", Cadence: rapid.SampledFrom([]calendar.PeriodKind{"", calendar.Month, calendar.Quarter, calendar.HalfYear, calendar.Year}).Draw(t, "cadence"),
			Start: anyDay(0, 150).Draw(t, "start"), Given: anyDay(0, 200).Draw(t, "given"), Leads: []org.UnitID{"a", "b"}[:rapid.IntRange(1, 2).Draw(t, "leads")],
			Deadline: Deadline{Kind: rapid.SampledFrom([]DeadlineKind{DeadlineNone, DeadlineByDate, DeadlineRecurring, DeadlineStanding, DeadlineUnparsed}).Draw(t, "deadline")}}
		if rapid.Bool().Draw(t, "ends") {
			k.Due = anyDay(100, 500).Draw(t, "due")
		}
		on := anyDay(0, 500).Draw(t, "on")
		var reports []Report
		for _, p := range PeriodsOf(k, on) {
			for _, u := range k.Leads {
				if at := p.First().AddDays(rapid.IntRange(0, 60).Draw(t, "at")); !at.After(on) && rapid.Bool().Draw(t, "reported") {
					reports = append(reports, Report{Task: k.ID, Unit: u, Role: Lead, Period: p, Round: 1, Kind: ReportWords, State: ReportSubmitted, At: at.Time().Add(4 * time.Hour)})
				}
			}
		}
		rule := ReportingRule{DayOfMonth: rapid.SampledFrom([]int{0, 5, 10, 31}).Draw(t, "day of month")}
		at := func(d calendar.Date) Facts { return FactsOf(k, reports, calendar.Date{}, d, rule) }
		stays(t, at, someRule().Draw(t, "rule"), someCalendar().Draw(t, "calendar"), on)
	})
}

// Rule T-31: the days on which the lights of usual tasks are counted next.
func TestTheDayOfTheNextCount(t *testing.T) {
	w, r := calendar.Default(), DefaultRule()
	behind := course2010(brands(OpAtLeast, 20), "2010-10-31", 9, 7)
	behind.Periods = []PeriodFact{{Period: period("2010-05"), Due: day("2010-06-10")}}
	words := Facts{Deadline: DeadlineByDate, Start: day("2010-01-01"), Due: day("2010-08-31")}
	over := Facts{Deadline: DeadlineByDate, Start: day("2010-01-01"), Due: day("2010-05-31")}
	done := over
	done.Finished = day("2010-05-20")
	for name, c := range map[string]struct {
		f    Facts
		want string
	}{
		"a step of the course ends": {course2010(brands(OpAtLeast, 20), "2010-10-31", 9, 7), "2010-06-29"},
		"a report falls due":        {behind, "2010-06-10"},
		"the last day comes near":   {words, "2010-08-16"}, // ten working days before it
		"overdue":                   {over, "2026-12-31"},  // no notice of 2027 is known
		"finished":                  {done, Always.String()},
	} {
		if got := LightUntil(c.f, r, w, today); got.String() != c.want {
			t.Errorf("%s: until %s, want %s", name, got, c.want)
		}
	}
}
