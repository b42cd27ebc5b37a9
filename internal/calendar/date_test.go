package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongjian/internal/calendar"
)

func TestADateReadsWhatTheStandardLibraryReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9]`), rapid.StringMatching(`[-0-9a/]{9,11}`)).Draw(t, "text")
		got, err := calendar.ParseDate(s)
		want, wrong := time.Parse(time.DateOnly, s)
		if (err == nil) != (wrong == nil) {
			t.Fatalf("%q: %v, want %v", s, err, wrong)
		}
		if err == nil && (got != calendar.NewDate(want.Year(), want.Month(), want.Day()) || got.String() != s) {
			t.Fatalf("%q was read as %v", s, got)
		}
	})
}

func TestDatesAreInTheOrderOfTheirDays(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) calendar.Date {
		return calendar.NewDate(rapid.IntRange(1999, 2001).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		if got, want := a.Compare(b), a.Time().Compare(b.Time()); got != want {
			t.Fatalf("%v and %v compare as %d, want %d", a, b, got, want)
		}
	})
}
