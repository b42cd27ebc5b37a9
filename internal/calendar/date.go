// Package calendar holds the days that Gongjian counts in: civil dates without
// a time zone, the periods that units report for, and working days with public
// holidays and make-up days (调休).
//
// Words. A Date is one civil day in China. A Period is a month, quarter, half
// year or year. A working day is a day on which offices are open: weekdays less
// public holidays, plus the weekend days that the State Council's yearly notice
// turns into working days.
//
// Laws. Everything here is a value; nothing reads a clock. Counting working
// days says so when a year has no published holidays, instead of guessing.
package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a civil day. The zero Date is "no date" and is stored as NULL.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate returns the day, normalising overflow as time.Date does (31 April is 1 May).
func NewDate(year int, month time.Month, day int) Date {
	return dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// China is the zone in which an instant is turned into a Date. China has kept
// one zone without summer time since 1992.
var China = time.FixedZone("CST", 8*60*60)

// DateOf returns the civil day in China at the instant t.
func DateOf(t time.Time) Date { return dateOf(t.In(China)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads the stored form 2006-01-02; the empty text is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	// Every row of a table has several: looking at the digits takes a fifth of time.Parse.
	if len(s) == len(time.DateOnly) && s[4] == '-' && s[7] == '-' {
		d := Date{digits(s[:4], 4), time.Month(digits(s[5:7], 2)), digits(s[8:], 2)}
		if d.Year > 0 && d.Month > 0 && d.Month <= time.December && d.Day > 0 && d.Day <= 28 {
			return d, nil
		}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: %q is not a date of the form 2006-01-02: %w", s, err)
	}
	return dateOf(t), nil
}

// IsZero reports whether d is "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Time returns midnight UTC of the day, for arithmetic only.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays returns the day n days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return dateOf(d.Time().AddDate(0, 0, n)) }

// AddYears returns the same day n years later; 29 February becomes 1 March where
// the year has none.
func (d Date) AddYears(n int) Date { return dateOf(d.Time().AddDate(n, 0, 0)) }

// Sub returns the number of days from e to d. It counts in seconds, since a
// time.Duration ends at 292 years.
func (d Date) Sub(e Date) int { return int((d.Time().Unix() - e.Time().Unix()) / (24 * 60 * 60)) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare orders dates by time.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String is the stored form 2006-01-02, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText and UnmarshalText use the stored form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the stored form.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Value stores the date as text, the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*d = Date{}
	case string:
		*d, err = ParseDate(v)
	case []byte:
		*d, err = ParseDate(string(v))
	case time.Time:
		*d = dateOf(v.UTC())
	default:
		err = fmt.Errorf("calendar: cannot read a date from %T", v)
	}
	return err
}
