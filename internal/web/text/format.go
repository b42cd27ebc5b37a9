package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// Date writes a day as it stands in a sentence: 6月10日, 10 June. The year joins
// when it is not this year's, or when the printer was not given today.
// No date gives "".
func (p *Printer) Date(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	if d.Year == p.today.Year {
		return p.T("format.date", "month", p.monthName(d.Month), "day", strconv.Itoa(d.Day))
	}
	return p.T("format.date-year", "year", d.Year, "month", p.monthName(d.Month), "day", strconv.Itoa(d.Day))
}

// Column writes a day as it stands in a column: 2010-06-10.
func (p *Printer) Column(d calendar.Date) string { return d.String() }

// DateWeekday writes a day with its weekday: 6月7日 星期一, Monday 7 June.
func (p *Printer) DateWeekday(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	weekday := p.T("format.weekday." + strconv.Itoa(int(d.Weekday())))
	return p.T("format.date-weekday", "date", p.Date(d), "weekday", weekday)
}

// Instant writes a moment by the clock of China: 6月4日 10:22, 4 June 10:22.
func (p *Printer) Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.T("format.instant", "date", p.Date(calendar.DateOf(t)), "time", p.Clock(t))
}

// Recent is Instant, but says 今天 for a moment of today: 今天 09:14.
func (p *Printer) Recent(t time.Time) string {
	if calendar.DateOf(t) != p.today {
		return p.Instant(t)
	}
	return p.T("format.instant", "date", p.T("format.today"), "time", p.Clock(t))
}

// Clock writes the time of day in China: 09:14.
func (p *Printer) Clock(t time.Time) string { return t.In(calendar.China).Format("15:04") }

// Month writes a month of a year: 2010年5月, May 2010.
func (p *Printer) Month(year int, m time.Month) string {
	return p.T("format.month-year", "year", year, "month", p.monthName(m))
}

// Period writes a reporting period (报告期): 2010年5月, 2010年第2季度, 2010年上半年, 2010年.
func (p *Printer) Period(r calendar.Period) string {
	switch r.Kind {
	case calendar.Month:
		return p.Month(r.Year, time.Month(r.Index))
	case calendar.Quarter:
		return p.T("format.quarter", "year", r.Year, "index", r.Index)
	case calendar.HalfYear:
		return p.T("format.half-year."+strconv.Itoa(r.Index), "year", r.Year)
	}
	return p.T("format.year", "year", r.Year)
}

// MonthName writes a month alone: 5月, May.
func (p *Printer) MonthName(m time.Month) string { return p.monthName(m) }

// MonthShort writes a month for an axis or a narrow column: 5月, Sep.
func (p *Printer) MonthShort(m time.Month) string {
	return p.T("format.month-short." + strconv.Itoa(int(m)))
}

func (p *Printer) monthName(m time.Month) string {
	return p.T("format.month." + strconv.Itoa(int(m)))
}

// Number writes a whole number with thousands separated: 9,214.
func (p *Printer) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, digit := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}

// Quantity writes ten-thousandths as a decimal without trailing zeros: 1,200.5.
func (p *Printer) Quantity(q task.Quantity) string { return quantity(q) }

func quantity(q task.Quantity) string {
	sign := ""
	if q < 0 {
		sign = "-"
	}
	// The remainder is taken before the sign goes: the smallest int64 has no positive twin.
	whole, part := q/task.One, q%task.One
	if part < 0 {
		part = -part
	}
	s := strings.TrimPrefix((*Printer)(nil).Number(int64(whole)), "-")
	if part != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%04d", part), "0")
	}
	return sign + s
}

// Percent writes a share, where task.One is the whole, to one decimal at most:
// 85.5%. It rounds half up.
func (p *Printer) Percent(share task.Quantity) string {
	tenths := (int64(share) + 5) / 10 // tenths of a percent
	if share < 0 {
		tenths = (int64(share) - 5) / 10
	}
	return quantity(task.Quantity(tenths*int64(task.One)/10)) + "%"
}

// Size writes a number of bytes as offices read it, 1 MB being 1,048,576 bytes:
// 86 KB, 1.1 MB.
func (p *Printer) Size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return p.Number(bytes) + " B"
	case bytes < 1<<20:
		return p.Number((bytes+1<<9)>>10) + " KB"
	case bytes < 1<<30:
		return tenths(bytes, 20) + " MB"
	}
	return tenths(bytes, 30) + " GB"
}

func tenths(bytes int64, shift uint) string {
	n := (bytes*10 + 1<<(shift-1)) >> shift
	return fmt.Sprintf("%d.%d", n/10, n%10)
}

// List joins names: 、 in Chinese, comma in English.
func (p *Printer) List(names []string) string { return strings.Join(names, p.T("format.list")) }

// Dots joins the facts of one line of small print: · in Chinese, a comma in English.
func (p *Printer) Dots(facts ...string) string {
	var kept []string
	for _, f := range facts {
		if f != "" {
			kept = append(kept, f)
		}
	}
	return strings.Join(kept, p.T("format.dots"))
}
