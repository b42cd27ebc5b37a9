package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAPeriodReadsItsOwnTextAndKnowsItsDays(t *testing.T) {
	for _, c := range []struct{ text, first, last, next, prev string }{
		{"2010-05", "2010-05-01", "2010-05-31", "2010-06", "2010-04"},
		{"2010-12", "2010-12-01", "2010-12-31", "2011-01", "2010-11"},
		{"2008-02", "2008-02-01", "2008-02-29", "2008-03", "2008-01"},
		{"2010-Q1", "2010-01-01", "2010-03-31", "2010-Q2", "2009-Q4"},
		{"2010-H2", "2010-07-01", "2010-12-31", "2011-H1", "2010-H1"},
		{"2010", "2010-01-01", "2010-12-31", "2011", "2009"},
	} {
		p, err := ParsePeriod(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if p.String() != c.text || p.First().String() != c.first || p.Last().String() != c.last ||
			p.Next().String() != c.next || p.Prev().String() != c.prev {
			t.Errorf("%s: %s to %s, next %s, before %s", p, p.First(), p.Last(), p.Next(), p.Prev())
		}
	}
}

func TestWhatIsNoPeriodIsRefused(t *testing.T) {
	for _, s := range []string{"2010-13", "2010-00", "2010-5", "2010-Q5", "2010-Q0", "2010-Q", "2010-H3", "210", "2010-", "x", "20100", "2010-Q11", "2010-1a", "+010", "0000"} {
		if p, err := ParsePeriod(s); err == nil {
			t.Errorf("%q was read as %v", s, p)
		}
	}
}

func TestNoPeriodIsEmptyEverywhere(t *testing.T) {
	var p Period
	v, err := p.Value()
	if v != nil || err != nil || p.String() != "" || !p.First().IsZero() || !p.Last().IsZero() || p.Next() != p || p.Contains(NewDate(2010, 5, 1)) {
		t.Error("the zero period is not empty")
	}
	if err := p.Scan(nil); err != nil || !p.IsZero() {
		t.Error("NULL is no period")
	}
	if Of("decade", NewDate(2010, 5, 1)) != p || Of(Month, Date{}) != p {
		t.Error("an unknown kind and no date give no period")
	}
}

func TestAPeriodSurvivesStorageAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]PeriodKind{Month, Quarter, HalfYear, Year}).Draw(t, "kind")
		d := NewDate(rapid.IntRange(1, 9998).Draw(t, "year"), time.January, rapid.IntRange(1, 366).Draw(t, "day"))
		p := Of(kind, d)
		v, _ := p.Value()
		var stored, sent Period
		if err := stored.Scan(v); err != nil || stored != p {
			t.Fatalf("stored %v, read %v: %v", p, stored, err)
		}
		b, _ := json.Marshal(p)
		if err := json.Unmarshal(b, &sent); err != nil || sent != p {
			t.Fatalf("sent %v, read %v: %v", p, sent, err)
		}
		if !p.Valid() || !p.Contains(d) || !p.Contains(p.First()) || !p.Contains(p.Last()) || p.Contains(p.Last().AddDays(1)) {
			t.Fatalf("%v does not hold its days", p)
		}
		if p.Next().Prev() != p || p.Next().First() != p.Last().AddDays(1) || !p.Before(p.Next()) {
			t.Fatalf("%v and its next do not join", p)
		}
	})
}

func TestPeriodsBetweenTwoDays(t *testing.T) {
	got := Periods(Month, day(t, "2010-03-15"), day(t, "2010-05-01"))
	if len(got) != 3 || got[0].String() != "2010-03" || got[2].String() != "2010-05" {
		t.Errorf("got %v", got)
	}
	if Periods(Month, day(t, "2010-05-02"), day(t, "2010-05-01")) != nil || Periods("", day(t, "2010-05-01"), day(t, "2010-05-01")) != nil ||
		Periods(Month, Date{}, day(t, "2010-05-01")) != nil {
		t.Error("there are no periods from a day back, without a kind or without a day")
	}
}

func TestAQuarterComesBeforeItsLastMonth(t *testing.T) {
	q, _ := ParsePeriod("2010-Q2")
	m, _ := ParsePeriod("2010-06")
	if !q.Before(m) || m.Before(q) || q.Compare(q) != 0 {
		t.Error("order of periods")
	}
}
