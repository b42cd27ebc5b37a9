package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Rule C-01: 国办发明电〔2009〕27号 on the holidays of 2010, written out day by day.
func TestTheYear2010FollowsTheStateCouncilsNotice(t *testing.T) {
	w := Default()
	off := [][2]string{
		{"2010-01-01", "2010-01-03"}, {"2010-02-13", "2010-02-19"}, {"2010-04-03", "2010-04-05"}, {"2010-05-01", "2010-05-03"},
		{"2010-06-14", "2010-06-16"}, {"2010-09-22", "2010-09-24"}, {"2010-10-01", "2010-10-07"},
	}
	work := map[string]bool{
		"2010-02-20": true, "2010-02-21": true, "2010-06-12": true, "2010-06-13": true,
		"2010-09-19": true, "2010-09-25": true, "2010-09-26": true, "2010-10-09": true,
	}
	for d := day(t, "2010-01-01"); d.Year == 2010; d = d.AddDays(1) {
		want := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday || work[d.String()]
		for _, o := range off {
			if d.String() >= o[0] && d.String() <= o[1] {
				want = false
			}
		}
		if w.IsWorkday(d) != want {
			t.Errorf("%s: working day %v, want %v", d, !want, want)
		}
	}
	if got := w.Name(day(t, "2010-06-15")); got != "端午" {
		t.Errorf("15 June 2010 is %q", got)
	}
}

// Rule C-02: the figures of the reference pages.
func TestWorkingDaysLeftAndOverAsOnTheReferencePages(t *testing.T) {
	w, today := Default(), "2010-06-07"
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{today, "2010-06-10", 3},
		{today, "2010-06-08", 1},
		{today, "2010-06-11", 4},
		{today, "2010-06-18", 8}, // 12 and 13 are worked, 14 to 16 are off
		{today, today, 0},
		{"2010-05-27", today, 7},
		{"2010-06-10", today, -3},
		{"2010-06-13", "2010-06-16", 0},
	} {
		if got := w.Between(day(t, c.from), day(t, c.to)); got != c.want {
			t.Errorf("from %s to %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{today, 5, "2010-06-12"}, {"2010-06-04", 2, "2010-06-08"}, {today, 0, today}, {"2010-06-17", -1, "2010-06-13"}, {"2010-06-13", 1, "2010-06-17"},
	} {
		if got := w.Add(day(t, c.from), c.n).String(); got != c.want {
			t.Errorf("%s and %d working days: %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestBetweenAddsUpAndIsWhatAddUndoes(t *testing.T) {
	w := Default()
	date := rapid.Custom(func(t *rapid.T) Date {
		return NewDate(rapid.IntRange(1900, 2100).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := date.Draw(t, "a"), date.Draw(t, "b"), date.Draw(t, "c")
		if w.Between(a, b)+w.Between(b, c) != w.Between(a, c) || w.Between(a, b) != -w.Between(b, a) {
			t.Fatalf("%s %s %s do not add up", a, b, c)
		}
		n := rapid.IntRange(0, 60).Draw(t, "n")
		end := w.Add(a, n)
		if w.Between(a, end) != n || (n > 0 && !w.IsWorkday(end)) {
			t.Fatalf("%s and %d working days is %s, which is %d", a, n, end, w.Between(a, end))
		}
	})
}

// Between works with sums; here it is counted day by day.
func TestBetweenEqualsARecountDayByDay(t *testing.T) {
	w := Default()
	rapid.Check(t, func(t *rapid.T) {
		a := NewDate(rapid.IntRange(2003, 2027).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
		b := a.AddDays(rapid.IntRange(0, 400).Draw(t, "days"))
		n := 0
		for d := a.AddDays(1); !d.After(b); d = d.AddDays(1) {
			if w.IsWorkday(d) {
				n++
			}
		}
		if got := w.Between(a, b); got != n {
			t.Fatalf("from %s to %s: %d, counted %d", a, b, got, n)
		}
	})
}

// Rule C-03: a year without a notice says so; one corrected day is no notice.
func TestAYearWithoutANoticeSaysSo(t *testing.T) {
	w := Default()
	if !w.Known(2004) || !w.Known(2026) || w.Known(2027) || w.Known(2003) {
		t.Error("the table holds 2004 to 2026")
	}
	if got := w.Unknown(day(t, "2028-01-05"), day(t, "2026-12-30")); len(got) != 2 || got[0] != 2027 || got[1] != 2028 {
		t.Errorf("unknown years: %v", got)
	}
	if got := w.Between(day(t, "2027-01-01"), day(t, "2027-01-08")); got != 5 {
		t.Errorf("an unknown year counts weekdays: %d", got)
	}
	one := w.With([]DayChange{{Date: day(t, "2027-01-04"), Name: "临时放假"}})
	if one.Known(2027) || one.IsWorkday(day(t, "2027-01-04")) || !w.IsWorkday(day(t, "2027-01-04")) {
		t.Error("a change makes another table, and is no notice")
	}
	if !one.With([]DayChange{{Date: day(t, "2027-10-01"), Name: "国庆节"}}).Known(2027) {
		t.Error("with 1 October the year is known")
	}
}

func TestALaterChangeOfADayReplacesAnEarlierOne(t *testing.T) {
	d := day(t, "2010-06-12")
	w := Default().With([]DayChange{{Date: d, Name: "更正"}}).With([]DayChange{{Date: d, Work: true, Name: "再更正"}})
	if !w.IsWorkday(d) || w.Name(d) != "再更正" || len(w.Changes()) != len(Default().Changes()) {
		t.Error("the day was not replaced")
	}
}

func TestATableThatDoesNotReadIsRefused(t *testing.T) {
	for _, s := range []string{"2010-13-01,off,x\n", "2010-01-01,holiday,x\n", "2010-01-01,off\n", ",off,x\n"} {
		if _, err := ReadWorkdays(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}

func TestDaysFarApartAreCountedWithoutOverflow(t *testing.T) {
	if got := NewDate(2400, 1, 1).Sub(NewDate(2000, 1, 1)); got != 146097 {
		t.Errorf("400 years are %d days", got)
	}
}
