package calendar

import (
	_ "embed" // the table of holidays
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed holidays.csv
var holidays string

// Workdays is a table of public holidays and make-up days (调休). It is a value
// that nobody changes: With makes another one. The zero Workdays knows no year
// and counts every weekday.
//
// Rule C-01 (国务院办公厅 yearly notices on public holidays, docs/sources/calendar.md):
// a day is a working day when it is Monday to Friday and not a public holiday,
// or when a notice turns it into one.
type Workdays struct {
	days []DayChange // ascending by date, one a day
	// sum[i] is by how much days[0..i] together change the count of weekdays.
	sum []int
}

// DayChange says of one day that it is off or worked, against or in line with
// its weekday.
type DayChange struct {
	Date Date
	Work bool   // true: offices are open
	Name string // 端午, or an administrator's note
}

// Default returns the table that comes with the program, 2004 to 2026. Each call
// reads the embedded file: keep the value.
func Default() Workdays {
	w, err := ReadWorkdays(holidays)
	if err != nil {
		panic(fmt.Sprintf("calendar: the embedded table of holidays does not read: %v", err))
	}
	return w
}

// ReadWorkdays reads a table of the form of holidays.csv: lines of day, off or
// work, name, below a heading; # begins a comment.
func ReadWorkdays(text string) (Workdays, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.FieldsPerRecord = '#', 3
	rows, err := r.ReadAll()
	if err != nil {
		return Workdays{}, fmt.Errorf("calendar: reading the table of holidays: %w", err)
	}
	var changes []DayChange
	for i, row := range rows {
		if i == 0 && row[0] == "day" {
			continue
		}
		d, err := ParseDate(row[0])
		if err != nil || d.IsZero() || (row[1] != "off" && row[1] != "work") {
			return Workdays{}, fmt.Errorf("calendar: row %d of the table of holidays is not day, off or work, name: %q", i+1, row)
		}
		changes = append(changes, DayChange{Date: d, Work: row[1] == "work", Name: row[2]})
	}
	return Workdays{}.With(changes), nil
}

// With returns the table with an administrator's changes: a later change of the
// same day replaces an earlier one. w stays as it is.
func (w Workdays) With(changes []DayChange) Workdays {
	byDay := make(map[Date]DayChange, len(w.days)+len(changes))
	for _, c := range w.days {
		byDay[c.Date] = c
	}
	for _, c := range changes {
		if !c.Date.IsZero() {
			byDay[c.Date] = c
		}
	}
	out := Workdays{days: make([]DayChange, 0, len(byDay))}
	for _, c := range byDay {
		out.days = append(out.days, c)
	}
	slices.SortFunc(out.days, func(a, b DayChange) int { return a.Date.Compare(b.Date) })
	out.sum = make([]int, len(out.days))
	total := 0
	for i, c := range out.days {
		switch weekday := isWeekday(c.Date); {
		case c.Work && !weekday:
			total++
		case !c.Work && weekday:
			total--
		}
		out.sum[i] = total
	}
	return out
}

// Changes returns the days of the table, ascending.
func (w Workdays) Changes() []DayChange { return slices.Clone(w.days) }

func (w Workdays) find(d Date) (int, bool) {
	return slices.BinarySearchFunc(w.days, d, func(c DayChange, d Date) int { return c.Date.Compare(d) })
}

// IsWorkday reports whether offices are open on the day.
func (w Workdays) IsWorkday(d Date) bool {
	if i, ok := w.find(d); ok {
		return w.days[i].Work
	}
	return isWeekday(d)
}

// Name returns the name of the holiday that the table gives to a day, or "".
func (w Workdays) Name(d Date) string {
	if i, ok := w.find(d); ok {
		return w.days[i].Name
	}
	return ""
}

// Known reports whether the table holds the notice of a year.
//
// Rule C-03 (ours): a year is known when its 1 October is in the table. That day
// is a holiday of every year's notice and of no other year's, so that a single
// corrected day does not pass for a whole notice.
func (w Workdays) Known(year int) bool {
	_, ok := w.find(NewDate(year, time.October, 1))
	return ok
}

// Unknown returns, ascending, the years from from to to whose notice the table
// does not hold: counts over them are of weekdays only, and a page says so. The
// order of the two days does not matter. It returns at most 100 years.
func (w Workdays) Unknown(from, to Date) []int {
	if to.Before(from) {
		from, to = to, from
	}
	var out []int
	for y := from.Year; y <= to.Year && len(out) < 100; y++ {
		if !w.Known(y) {
			out = append(out, y)
		}
	}
	return out
}

// Between counts the working days after a up to and including b.
//
// Rule C-02 (ours, from the reference pages): the first day does not count, the
// last does. Said of a term: on Monday 7 June 2010 a term that closes on 10 June
// has 3 working days left. Said of a delay: what was due on 27 May is 7 working
// days over on 7 June.
//
// Laws: Between(a, a) is 0; Between(b, a) is −Between(a, b);
// Between(a, b) + Between(b, c) is Between(a, c).
func (w Workdays) Between(a, b Date) int { return w.upTo(b) - w.upTo(a) }

// upTo counts working days from Monday 1 January 1 up to and including d.
func (w Workdays) upTo(d Date) int {
	n := d.Sub(Date{Year: 1, Month: time.January, Day: 1}) + 1 // days, the first being a Monday
	weeks := floorDiv(n, 7)
	count := weeks*5 + min(n-weeks*7, 5)
	i, found := w.find(d)
	if found {
		i++
	}
	if i > 0 {
		count += w.sum[i-1]
	}
	return count
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Add returns the n-th working day after d, or before d when n is negative; for
// 0 d itself, be it a working day or not. Between(d, Add(d, n)) is n for n ≥ 0.
func (w Workdays) Add(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if w.IsWorkday(d) {
			n--
		}
	}
	return d
}

func isWeekday(d Date) bool {
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}
