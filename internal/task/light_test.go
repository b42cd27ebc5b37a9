package task

import (
	"reflect"
	"slices"
	"testing"

	"gongjian/internal/calendar"

	"pgregory.net/rapid"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func period(s string) calendar.Period {
	p, err := calendar.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

var today = day("2010-06-07") // the day of the reference pages

// course2010 is a task of January to due with a target and figures from 1 June.
func course2010(target *Target, due string, claimed, verified int) Facts {
	f := Facts{Deadline: DeadlineByDate, Start: day("2010-01-01"), Due: day(due), Target: target}
	if claimed > 0 {
		f.Claimed = []Step{{On: day("2010-06-01"), Value: Count(claimed)}}
	}
	if verified > 0 {
		f.Verified = []Step{{On: day("2010-06-01"), Value: Count(verified)}}
	}
	return f
}

func say(says []Say, key string) (Say, bool) {
	i := slices.IndexFunc(says, func(s Say) bool { return s.Key == key })
	if i < 0 {
		return Say{}, false
	}
	return says[i], true
}

// Rules T-24, T-25 and T-26: the rows of the reference plan on 7 June 2010.
func TestTheLightsOfTheReferencePlan(t *testing.T) {
	w := calendar.Default()
	counties := func(f Facts, share int) Facts {
		f.Target = &Target{Op: OpAtLeast, Value: Count(85), Unit: "%"}
		f.Deadline, f.Every = DeadlineRecurring, "quarter"
		f.Verified = []Step{{On: day("2010-05-20"), Value: ShareOf(Count(share), Count(17))}}
		return f
	}
	meetings := func(f Facts) Facts {
		f.Deadline, f.Every = DeadlineRecurring, "two-months"
		return f
	}
	allYear := course2010(brands(OpEqual, 17), "2010-12-31", 16, 15)
	allYear.Deadline, allYear.Standing = DeadlineRange, true
	for _, c := range []struct {
		name     string
		f        Facts
		colour   Colour
		expected string
		why      string
	}{
		{"名牌", course2010(brands(OpAtLeast, 20), "2010-10-31", 9, 7), Yellow, "10", "light.course-behind"},
		{"西昌", course2010(brands(OpAtLeast, 6), "2010-10-31", 4, 3), Green, "3", "light.course-even"},
		{"会理", course2010(brands(OpAtLeast, 4), "2010-10-31", 2, 2), Green, "2", "light.course-even"},
		{"会东", course2010(brands(OpAtLeast, 3), "2010-10-31", 1, 1), Yellow, "1.5", "light.course-behind"},
		{"冕宁", course2010(brands(OpAtLeast, 3), "2010-10-31", 1, 0), Red, "1.5", "light.course-behind"},
		{"德昌", course2010(brands(OpAtLeast, 2), "2010-10-31", 1, 1), Green, "1", "light.course-even"},
		{"示范区", course2010(brands(OpAtLeast, 6), "2010-12-31", 4, 4), Green, "2.5", "light.course-even"},
		{"覆盖率", counties(course2010(nil, "2010-12-31", 0, 0), 13), Yellow, "85", "light.level-behind"},
		{"抽查经费", allYear, Yellow, "17", "light.level-behind"},
		{"质量例会", meetings(course2010(brands(OpEqual, 6), "2010-12-31", 1, 1)), Yellow, "2", "light.course-behind"},
		{"质量例会 without any", meetings(course2010(brands(OpEqual, 6), "2010-12-31", 1, 0)), Red, "2", "light.course-behind"},
		{"county meetings, 3 expected", meetings(course2010(brands(OpEqual, 9), "2010-12-31", 2, 2)), Yellow, "3", "light.course-behind"},
		{"nothing expected yet", Facts{Deadline: DeadlineByDate, Start: day("2010-06-01"), Due: day("2010-10-31"), Target: brands(OpAtLeast, 3)}, Green, "0", "light.course-nothing-yet"},
	} {
		l := LightAt(c.f, DefaultRule(), w, today)
		if l.Colour != c.colour || l.Expected.String() != c.expected || l.Why[0].Key != c.why || !l.Course {
			t.Errorf("%s: %s, expected %s, %s; want %s, %s, %s", c.name, l.Colour, l.Expected, l.Why[0].Key, c.colour, c.expected, c.why)
		}
		if len(l.Changes) == 0 || l.Rule != "even-course" || l.Version != 1 || l.On != today {
			t.Errorf("%s: %+v says no change, rule or day", c.name, l)
		}
	}
}

// Rule T-24: 再核实2个（达到9个）; 6月30日应有12个，届时仍只有7个.
func TestALightSaysWhatWouldChangeIt(t *testing.T) {
	l := LightAt(course2010(brands(OpAtLeast, 20), "2010-10-31", 9, 7), DefaultRule(), calendar.Default(), today)
	if s, ok := say(l.Changes, "light.verify-to-green"); !ok || s.Number["More"] != Count(2) || s.Number["To"] != Count(9) || s.Word["Unit"] != "个" {
		t.Errorf("to green: %+v", l.Changes)
	}
	if s, ok := say(l.Changes, "light.claimed-to-green"); !ok || s.Number["Open"] != Count(2) {
		t.Errorf("claimed: %+v", l.Changes)
	}
	if s, ok := say(l.Changes, "light.turns-red"); !ok || s.Date["On"] != day("2010-06-30") || s.Number["Expected"] != Count(12) || s.Number["Verified"] != Count(7) {
		t.Errorf("to red: %+v", l.Changes)
	}
	if l.By != day("2010-05-31") {
		t.Errorf("expected by %s", l.By)
	}
	l = LightAt(course2010(brands(OpAtLeast, 3), "2010-10-31", 1, 0), DefaultRule(), calendar.Default(), today)
	if s, ok := say(l.Changes, "light.verify-to-yellow"); !ok || s.Number["More"] != One {
		t.Errorf("to yellow: %+v", l.Changes)
	}
	if _, ok := say(l.Changes, "light.claimed-to-yellow"); !ok { // 重报的1个核实后转为偏慢
		t.Errorf("claimed: %+v", l.Changes)
	}
	l = LightAt(course2010(brands(OpAtLeast, 4), "2010-10-31", 2, 2), DefaultRule(), calendar.Default(), today)
	if s, ok := say(l.Changes, "light.turns-yellow"); !ok || s.Date["On"] != day("2010-06-30") || s.Number["Expected"].String() != "2.4" {
		t.Errorf("green to yellow: %+v", l.Changes)
	}
}

// Rule T-24: the figure moves at month ends, and is the goal on the last day.
func TestTheExpectedFigureMovesAtTheEndsOfSteps(t *testing.T) {
	for _, c := range []struct{ on, due, expected string }{
		{"2010-01-30", "2010-10-31", "0"}, {"2010-01-31", "2010-10-31", "2"}, {"2010-05-31", "2010-10-31", "10"}, {"2010-06-29", "2010-10-31", "10"},
		{"2010-06-30", "2010-10-31", "12"}, {"2010-10-30", "2010-10-31", "18"}, {"2010-10-31", "2010-10-31", "20"},
		{"2010-12-19", "2010-12-20", "18.3"}, {"2010-12-20", "2010-12-20", "20"},
	} {
		l := LightAt(course2010(brands(OpAtLeast, 20), c.due, 0, 0), DefaultRule(), calendar.Default(), day(c.on))
		if l.Expected.String() != c.expected {
			t.Errorf("on %s of a course to %s: %s, want %s", c.on, c.due, l.Expected, c.expected)
		}
	}
}

// Rules T-21, T-22, T-23, T-27 and T-28.
func TestLightsWithoutACourse(t *testing.T) {
	words := func(due string) Facts {
		return Facts{Deadline: DeadlineByDate, Start: day("2010-01-01"), Due: day(due)}
	}
	done := course2010(&Target{Op: OpRange, Value: One, High: Count(3), Unit: "个"}, "2010-12-20", 2, 2)
	done.Finished = day("2010-06-02")
	limit := func(n int) Facts { return course2010(brands(OpAtMost, 2), "2010-12-31", n, n) }
	over := Facts{Deadline: DeadlineRelative, Start: day("2010-02-26"), Due: day("2010-05-27"), Target: brands(OpEqual, 1)}
	reported := over
	reported.Claimed = []Step{{On: day("2010-05-20"), Value: One}}
	for _, c := range []struct {
		name   string
		f      Facts
		on     string
		colour Colour
		why    string
		change string
	}{
		{"finished", done, "2010-06-07", Blue, "light.finished-range", ""},
		{"finished later", done, "2010-06-01", Green, "light.target-met", "light.close"},
		{"finished words", Facts{Deadline: DeadlineByDate, Finished: day("2010-03-26")}, "2010-06-07", Blue, "light.finished", ""},
		{"unparsed", Facts{Deadline: DeadlineUnparsed}, "2010-06-07", Grey, "light.unparsed", "light.fill-deadline"},
		{"none", Facts{Deadline: DeadlineNone}, "2010-06-07", Grey, "light.no-deadline", "light.fill-deadline"},
		{"event open", Facts{Deadline: DeadlineRelative}, "2010-06-07", Grey, "light.event-open", "light.fill-event"},
		{"not begun", Facts{Deadline: DeadlineByDate, Start: day("2010-07-01"), Due: day("2010-12-31")}, "2010-06-07", Grey, "light.not-begun", "light.begins"},
		{"overdue", over, "2010-06-07", Red, "light.overdue-unreported", "light.finish"},
		{"overdue but reported", reported, "2010-06-07", Red, "light.overdue", "light.claimed-open"},
		{"overdue on a day off", words("2010-06-11"), "2010-06-11", Yellow, "light.near", "light.finish"},
		{"overdue words", words("2010-06-13"), "2010-06-16", Red, "light.overdue-days-off", "light.finish"},
		{"number verified, not closed", course2010(brands(OpAtLeast, 2), "2010-06-04", 2, 2), "2010-06-07", Green, "light.target-met", "light.close"},
		{"limit kept", limit(2), "2010-06-07", Green, "light.within-limit", "light.limit-turns-red"},
		{"limit broken", limit(3), "2010-06-07", Red, "light.over-limit", "light.correct-limit"},
		{"limit kept to the end", limit(2), "2011-01-07", Green, "light.within-limit", "light.limit-turns-red"},
		{"near", words("2010-06-18"), "2010-06-07", Yellow, "light.near", "light.finish"},
		{"not near", words("2010-12-31"), "2010-06-07", Green, "light.in-time", "light.turns-red-after"},
		{"recurring words at the year's end", Facts{Deadline: DeadlineRecurring, Every: "month", Start: day("2010-01-01"), Due: day("2010-12-31")}, "2010-12-30", Green, "light.no-last-day", "light.turns-unreported"},
		{"recurring words after the year", Facts{Deadline: DeadlineRecurring, Every: "month", Start: day("2010-01-01"), Due: day("2010-12-31")}, "2011-01-05", Green, "light.no-last-day", "light.turns-unreported"},
		{"standing", Facts{Deadline: DeadlineStanding, Standing: true}, "2010-06-07", Green, "light.no-last-day", "light.turns-unreported"},
	} {
		l := LightAt(c.f, DefaultRule(), calendar.Default(), day(c.on))
		if l.Colour != c.colour || l.Why[0].Key != c.why {
			t.Errorf("%s: %s %s, want %s %s", c.name, l.Colour, l.Why[0].Key, c.colour, c.why)
		}
		if c.change == "" && l.Changes != nil || c.change != "" && (len(l.Changes) == 0 || l.Changes[0].Key != c.change) {
			t.Errorf("%s changes by %+v, want %s", c.name, l.Changes, c.change)
		}
	}
	if s := LightAt(over, DefaultRule(), calendar.Default(), today).Why[0]; s.Count["n"] != 7 { // 过期7个工作日，没有填报
		t.Errorf("overdue by %d", s.Count["n"])
	}
}

// Rule T-29: missed and made-up periods.
func TestAMissedReportMadeUpIsYellowUntilTheNextComesInTime(t *testing.T) {
	rule := DefaultReporting()
	facts := func(reported ...string) Facts {
		f := Facts{Deadline: DeadlineStanding, Standing: true, Start: day("2010-01-01")}
		p := period("2010-01")
		for _, r := range reported {
			f.Periods = append(f.Periods, PeriodFact{Period: p, Due: rule.DueOf(p), Reported: day(r)})
			p = p.Next()
		}
		return f
	}
	for _, c := range []struct {
		name     string
		reported []string
		on       string
		colour   Colour
		why      string
	}{
		{"all in time", []string{"2010-02-08", "2010-03-08", "2010-04-08"}, "2010-04-20", Green, "light.no-last-day"},
		{"the open period may wait", []string{"2010-02-08", "2010-03-08", ""}, "2010-04-10", Green, "light.no-last-day"},
		{"one missed", []string{"2010-02-08", "2010-03-08", ""}, "2010-04-11", Yellow, "light.missed"},
		{"two missed", []string{"2010-02-08", "", ""}, "2010-04-11", Red, "light.missed-several"},
		{"made up", []string{"2010-02-08", "2010-03-20"}, "2010-03-21", Yellow, "light.made-up"},
		{"not yet made up", []string{"2010-02-08", "2010-03-20"}, "2010-03-19", Yellow, "light.missed"},
		{"the next in time clears it", []string{"2010-02-08", "2010-03-20", "2010-04-02"}, "2010-04-02", Green, "light.no-last-day"},
		{"the next one late does not", []string{"2010-02-08", "2010-03-20", "2010-04-12"}, "2010-04-12", Yellow, "light.made-up"},
		{"a report in time clears older gaps", []string{"", "", "2010-04-05"}, "2010-04-11", Green, "light.no-last-day"},
	} {
		l := LightAt(facts(c.reported...), DefaultRule(), calendar.Default(), day(c.on))
		if l.Colour != c.colour || l.Why[0].Key != c.why || len(l.Changes) == 0 {
			t.Errorf("%s: %s %+v %+v, want %s %s", c.name, l.Colour, l.Why, l.Changes, c.colour, c.why)
		}
	}
	// The worse of figure and reports decides, and both are named.
	f := course2010(brands(OpAtLeast, 4), "2010-10-31", 2, 2)
	f.Periods = []PeriodFact{{Period: period("2010-04"), Due: day("2010-05-10")}}
	l := LightAt(f, DefaultRule(), calendar.Default(), today)
	if _, ok := say(l.Why, "light.course-even"); l.Colour != Yellow || l.Why[0].Key != "light.missed" || !ok {
		t.Errorf("missed report of an even course: %s %+v", l.Colour, l.Why)
	}
}

// Rule T-30: rows of the reference ranking.
func TestTheLightOfAPlace(t *testing.T) {
	for _, c := range []struct {
		name               string
		green, yellow, red int
		want               Colour
	}{
		{"成都", 31, 2, 0, Green}, {"宜宾", 23, 3, 1, Green}, {"乐山", 20, 3, 1, Green}, {"自贡", 16, 4, 0, Yellow}, {"凉山", 15, 5, 1, Yellow},
		{"南充", 21, 6, 1, Yellow}, {"遂宁", 12, 4, 3, Red}, {"广元", 11, 5, 4, Red}, {"none", 0, 0, 0, Grey},
	} {
		got := DefaultPlaceRule().Overall(map[Colour]int{Green: c.green, Yellow: c.yellow, Red: c.red, Grey: 6})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if DefaultPlaceRule().Overall(map[Colour]int{Blue: 3, Grey: 1}) != Blue {
		t.Error("all finished is blue")
	}
}

func TestALightAdmitsThatAYearHasNoHolidayNotice(t *testing.T) {
	f := Facts{Deadline: DeadlineByDate, Start: day("2027-01-01"), Due: day("2027-12-31")}
	if s, ok := say(LightAt(f, DefaultRule(), calendar.Default(), day("2027-03-01")).Why, "light.no-holidays"); !ok || s.Count["year"] != 2027 {
		t.Error("nothing is said of 2027")
	}
}

// anyDay draws a day of 2010 or 2011, counted from 1 January 2010. It draws from
// a list, since ranges of numbers lean towards the small ones.
func anyDay(from, to int) *rapid.Generator[calendar.Date] {
	var days []calendar.Date
	for n := from; n <= to; n++ {
		days = append(days, day("2010-01-01").AddDays(n))
	}
	return rapid.SampledFrom(days)
}

// anyFacts draws facts of all kinds, with events before and after today.
func anyFacts() *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		date := func(name string) calendar.Date { return anyDay(0, 500).Draw(t, name) }
		goal := rapid.SampledFrom([]Quantity{0, 12_345, One, Count(3), Count(17), Count(20), Count(85)}).Draw(t, "goal")
		steps := func(name string) (out []Step) { // shares of the goal, so that every colour comes up
			v := Quantity(0)
			on := anyDay(0, 200).Draw(t, name)
			for range rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5}).Draw(t, name+"s") {
				out = append(out, Step{On: on, Value: v})
				v += goal * rapid.SampledFrom([]Quantity{0, 5, 10, 15, 20, 30, 40}).Draw(t, name+" more") / 100
				on = on.AddDays(rapid.IntRange(1, 60).Draw(t, name+" later"))
			}
			return out
		}
		f := Facts{
			Deadline: rapid.SampledFrom([]DeadlineKind{DeadlineNone, DeadlineByDate, DeadlineRecurring, DeadlineStanding, DeadlineRange, DeadlineRelative, DeadlineUnparsed}).Draw(t, "deadline"),
			Every:    rapid.SampledFrom([]string{"", "month", "two-months", "quarter", "half-year", "year"}).Draw(t, "every"),
			Standing: rapid.Bool().Draw(t, "standing"), Start: anyDay(0, 150).Draw(t, "start"), Due: anyDay(100, 500).Draw(t, "due"),
			Claimed: steps("claimed"), Verified: steps("verified"),
		}
		if rapid.Bool().Draw(t, "target") {
			f.Target = &Target{Op: rapid.SampledFrom([]Op{OpNone, OpAtLeast, OpAbout, OpRange, OpFirst, OpEqual, OpAtMost}).Draw(t, "op"),
				Value: goal, Unit: rapid.SampledFrom([]string{"个", "%"}).Draw(t, "unit")}
		}
		if rapid.SampledFrom([]bool{false, false, false, true}).Draw(t, "done") {
			f.Finished = date("finished")
		}
		for _, p := range calendar.Periods(calendar.Month, f.Start, day("2011-05-01")) {
			r := PeriodFact{Period: p, Due: DefaultReporting().DueOf(p)}
			if rapid.Bool().Draw(t, "reported") {
				r.Reported = p.First().AddDays(rapid.IntRange(0, 100).Draw(t, "reported on"))
			}
			f.Periods = append(f.Periods, r)
		}
		return f
	})
}

// Rule T-20: what happens after a day does not change that day's light, and the
// same facts give the same light.
func TestTheLightOfADayIsUntouchedByWhatFollows(t *testing.T) {
	w := calendar.Default()
	rapid.Check(t, func(t *rapid.T) {
		f, later := anyFacts().Draw(t, "facts"), anyFacts().Draw(t, "later")
		on := anyDay(0, 500).Draw(t, "on")
		want := LightAt(f, DefaultRule(), w, on)
		g := f
		g.Claimed, g.Verified = tail(f.Claimed, later.Claimed, on), tail(f.Verified, later.Verified, on)
		if f.Finished.IsZero() || f.Finished.After(on) {
			g.Finished = calendar.Date{}
			if later.Finished.After(on) {
				g.Finished = later.Finished
			}
		}
		g.Periods = nil
		for _, p := range f.Periods {
			if p.Period.First().After(on) {
				continue
			}
			if p.Reported.IsZero() || p.Reported.After(on) {
				p.Reported = on.AddDays(rapid.IntRange(1, 30).Draw(t, "made up"))
			}
			g.Periods = append(g.Periods, p)
		}
		if got := LightAt(g, DefaultRule(), w, on); !reflect.DeepEqual(got, want) {
			t.Fatalf("on %s\n%+v\nwith other later events\n%+v", on, want, got)
		}
		if again := LightAt(f, DefaultRule(), w, on); !reflect.DeepEqual(again, want) {
			t.Fatalf("twice the same facts: %+v and %+v", want, again)
		}
		if len(want.Why) == 0 || (want.Colour != Blue && len(want.Changes) == 0) {
			t.Fatalf("no reason or no change: %+v", want)
		}
	})
}

// tail keeps a's steps up to the day and takes b's after it.
func tail(a, b []Step, on calendar.Date) (out []Step) {
	for _, s := range a {
		if !s.On.After(on) {
			out = append(out, s)
		}
	}
	for _, s := range b {
		if s.On.After(on) {
			out = append(out, s)
		}
	}
	return out
}

// Rule T-25: more verified never makes a light worse, unless the target is a limit.
func TestMoreVerifiedNeverWorsensTheLight(t *testing.T) {
	w := calendar.Default()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts().Draw(t, "facts")
		if _, limit := f.Target.Limit(); limit {
			return
		}
		on := anyDay(0, 500).Draw(t, "on")
		less := LightAt(f, DefaultRule(), w, on)
		more := f
		more.Verified = slices.Clone(f.Verified)
		extra := Quantity(rapid.IntRange(1, 300_000).Draw(t, "extra"))
		for i := range more.Verified {
			more.Verified[i].Value += extra
		}
		l := LightAt(more, DefaultRule(), w, on)
		if severity(l.Colour) > severity(less.Colour) {
			t.Fatalf("%s became %s with %s more verified\n%+v", less.Colour, l.Colour, extra, f)
		}
	})
}

// Rule T-25: the figures that a light names for a better colour do bring it.
func TestVerifyingWhatTheLightAsksForTurnsIt(t *testing.T) {
	w := calendar.Default()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts().Draw(t, "facts")
		f.Periods = nil
		on := anyDay(0, 500).Draw(t, "on")
		l := LightAt(f, DefaultRule(), w, on)
		for key, colour := range map[string]Colour{"light.verify-to-green": Green, "light.verify-to-yellow": Yellow} {
			s, ok := say(l.Changes, key)
			if !ok {
				continue
			}
			g := f
			g.Verified = append(slices.Clone(f.upTo(on).Verified), Step{On: on, Value: s.Number["To"]})
			if got := LightAt(g, DefaultRule(), w, on).Colour; severity(got) > severity(colour) {
				t.Fatalf("%s with %s verified is %s, not %s\n%+v", key, s.Number["To"], got, colour, f)
			}
			if s.Number["More"] <= 0 {
				t.Fatalf("%s asks for %s", key, s.Number["More"])
			}
		}
	})
}
