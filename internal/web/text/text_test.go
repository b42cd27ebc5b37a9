package text

import (
	"testing"
	"testing/fstest"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/task"

	"github.com/google/go-cmp/cmp"
)

func load2(t *testing.T) (zh, en *Printer) {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.NewDate(2010, time.June, 7)
	return b.For(Chinese).On(today), b.For(English).On(today)
}

func TestDatesNumbersAndListsAreWrittenAsEachLanguageDoes(t *testing.T) {
	zh, en := load2(t)
	june := calendar.NewDate(2010, time.June, 10)
	next := calendar.NewDate(2011, time.January, 2)
	at := time.Date(2010, time.June, 4, 2, 22, 0, 0, time.UTC)
	morning := time.Date(2010, time.June, 7, 1, 14, 0, 0, time.UTC)
	for _, c := range []struct{ name, got, want string }{
		{"date", zh.Date(june), "6月10日"},
		{"date", en.Date(june), "10 June"},
		{"date of another year", zh.Date(next), "2011年1月2日"},
		{"date of another year", en.Date(next), "2 January 2011"},
		{"no date", zh.Date(calendar.Date{}), ""},
		{"column", zh.Column(june), "2010-06-10"},
		{"weekday", zh.DateWeekday(zh.Today()), "6月7日 星期一"},
		{"weekday", en.DateWeekday(en.Today()), "Monday 7 June"},
		{"instant in China", zh.Instant(at), "6月4日 10:22"},
		{"instant in China", en.Instant(at), "4 June 10:22"},
		{"today", zh.Recent(morning), "今天 09:14"},
		{"today", en.Recent(morning), "Today 09:14"},
		{"month", zh.Month(2010, time.May), "2010年5月"},
		{"month", en.Month(2010, time.May), "May 2010"},
		{"period", zh.Period(calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}), "2010年5月"},
		{"period", zh.Period(calendar.Period{Kind: calendar.Quarter, Year: 2010, Index: 2}), "2010年第2季度"},
		{"period", en.Period(calendar.Period{Kind: calendar.HalfYear, Year: 2010, Index: 1}), "first half of 2010"},
		{"period", zh.Period(calendar.Period{Kind: calendar.Year, Year: 2010, Index: 1}), "2010年"},
		{"quantity", zh.Quantity(12005000), "1,200.5"},
		{"quantity", zh.Quantity(task.One * 20), "20"},
		{"quantity below one", en.Quantity(-50), "-0.005"},
		{"negative quantity", en.Quantity(-12_345_0001), "-12,345.0001"},
		{"smallest quantity", en.Quantity(-1 << 63), "-922,337,203,685,477.5808"},
		{"number", zh.Number(9214), "9,214"},
		{"number", zh.Number(-1000000), "-1,000,000"},
		{"percent", zh.Percent(8549), "85.5%"},
		{"percent", zh.Percent(task.One), "100%"},
		{"size", zh.Size(86 << 10), "86 KB"},
		{"size", zh.Size(1153434), "1.1 MB"},
		{"size", zh.Size(12), "12 B"},
		{"list", zh.List([]string{"州经委", "州农业局"}), "州经委、州农业局"},
		{"list", en.List([]string{"a", "b"}), "a, b"},
		{"dots", zh.Dots("牵头", "", "1件"), "牵头·1件"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestEnglishCountsHavePluralForms(t *testing.T) {
	zh, en := load2(t)
	for _, c := range []struct {
		n    any
		p    *Printer
		want string
	}{
		{1, en, "1 thing to mend; the rest is kept:"},
		{2, en, "2 things to mend; the rest is kept:"},
		{task.One, en, "1 thing to mend; the rest is kept:"},
		{task.One * 3 / 2, en, "1.5 things to mend; the rest is kept:"},
		{1200, zh, "还有1,200处要改，其余已保留："},
	} {
		if got := c.p.T("state.to-mend", "n", c.n); got != c.want {
			t.Errorf("%v: got %q, want %q", c.n, got, c.want)
		}
	}
}

func TestAMissingKeyShowsItselfInBrackets(t *testing.T) {
	zh, _ := load2(t)
	if got := zh.T("nowhere." + "at-all"); got != "[nowhere.at-all]" {
		t.Errorf("got %q", got)
	}
	f := fault.New(fault.Invalid, "nowhere."+"either", "n", 1)
	if got := zh.Fault(f); got != "[fault.nowhere.either]" {
		t.Errorf("got %q", got)
	}
}

func TestMarksAreReadInTheTextAndNeverInArguments(t *testing.T) {
	zh, _ := load2(t)
	got := zh.Rich("state.mend-entry", "field", "<b>名称</b>", "text", "<a>必填</a>")
	want := []Piece{{Link, "<b>名称</b>"}, {Plain, "：<a>必填</a>"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Piece{{Plain, "1 <b> 2"}}, pieces("1 <b> 2")); d != "" {
		t.Errorf("an open mark is plain text: %s", d)
	}
	if d := cmp.Diff([]Piece{{Bold, "x"}, {Original, "年底前"}}, pieces("<b>x</b><orig>年底前</orig>")); d != "" {
		t.Error(d)
	}
}

func TestAKeyInTwoFilesIsRefused(t *testing.T) {
	from := fstest.MapFS{
		"zh/a.json": {Data: []byte(`{"a.x": "甲"}`)},
		"zh/b.json": {Data: []byte(`{"a.x": "乙"}`)},
	}
	if _, err := load(from); err == nil {
		t.Error("the second a.x was taken")
	}
	if _, err := load(fstest.MapFS{"en/a.json": {Data: []byte(`{`)}}); err == nil {
		t.Error("a broken file was taken")
	}
}

func TestAnUnknownLanguageGetsChinese(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := b.For("fr").Lang(); got != Chinese {
		t.Errorf("got %s", got)
	}
}
