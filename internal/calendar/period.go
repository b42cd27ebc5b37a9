package calendar

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// PeriodKind is the length of a reporting period.
type PeriodKind string

// The kinds of period.
const (
	Month    PeriodKind = "month"
	Quarter  PeriodKind = "quarter"
	HalfYear PeriodKind = "half-year"
	Year     PeriodKind = "year"
)

// Months is the length in months: 1, 3, 6 or 12; 0 for an unknown kind.
func (k PeriodKind) Months() int {
	switch k {
	case Month:
		return 1
	case Quarter:
		return 3
	case HalfYear:
		return 6
	case Year:
		return 12
	}
	return 0
}

// Period is one month, quarter, half year or year. Its text is 2010-05,
// 2010-Q2, 2010-H1 or 2010: it sorts by time within a kind and is what is stored.
// The zero Period is "no period"; its text is empty and it is stored as NULL.
type Period struct {
	Kind  PeriodKind
	Year  int
	Index int // from 1: month, quarter or half; 1 for a year
}

// Of returns the period of this kind that contains the day. An unknown kind or
// the zero Date gives the zero Period.
func Of(kind PeriodKind, d Date) Period {
	if kind.Months() == 0 || d.IsZero() {
		return Period{}
	}
	return Period{Kind: kind, Year: d.Year, Index: (int(d.Month)-1)/kind.Months() + 1}
}

// ParsePeriod reads the stored text; the empty text is the zero Period.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return Period{}, nil
	}
	year, rest, _ := strings.Cut(s, "-")
	y := digits(year, 4)
	if y == 0 {
		return Period{}, fmt.Errorf("calendar: %q is not a period of the form 2010-05, 2010-Q2, 2010-H1 or 2010", s)
	}
	p := Period{Year: y}
	switch {
	case len(s) == 4:
		p.Kind, p.Index = Year, 1
	case strings.HasPrefix(rest, "Q"):
		p.Kind, p.Index = Quarter, digits(rest[1:], 1)
	case strings.HasPrefix(rest, "H"):
		p.Kind, p.Index = HalfYear, digits(rest[1:], 1)
	default:
		p.Kind, p.Index = Month, digits(rest, 2)
	}
	if p.Index < 1 || p.Index > 12/p.Kind.Months() {
		return Period{}, fmt.Errorf("calendar: %q is not a period of the form 2010-05, 2010-Q2, 2010-H1 or 2010", s)
	}
	return p, nil
}

// digits reads exactly n decimal digits, or returns 0.
func digits(s string, n int) int {
	if len(s) != n {
		return 0
	}
	v := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0
		}
		v = 10*v + int(c-'0')
	}
	return v
}

// IsZero reports whether p is "no period".
func (p Period) IsZero() bool { return p == Period{} }

// Valid reports whether p is the zero Period or a period that exists.
func (p Period) Valid() bool {
	m := p.Kind.Months()
	return p.IsZero() || (m > 0 && p.Year >= 1 && p.Year <= 9999 && p.Index >= 1 && p.Index <= 12/m)
}

// String is the stored text.
func (p Period) String() string {
	switch p.Kind {
	case Month:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Index)
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", p.Year, p.Index)
	case HalfYear:
		return fmt.Sprintf("%04d-H%d", p.Year, p.Index)
	case Year:
		return fmt.Sprintf("%04d", p.Year)
	}
	return ""
}

// First returns the first day of the period; the zero Date for the zero Period.
func (p Period) First() Date {
	if p.IsZero() {
		return Date{}
	}
	return NewDate(p.Year, time.Month((p.Index-1)*p.Kind.Months()+1), 1)
}

// Last returns the last day of the period; the zero Date for the zero Period.
func (p Period) Last() Date {
	if p.IsZero() {
		return Date{}
	}
	return NewDate(p.Year, time.Month(p.Index*p.Kind.Months()+1), 0)
}

// Next returns the following period of the same kind.
func (p Period) Next() Period { return p.move(1) }

// Prev returns the period of the same kind before.
func (p Period) Prev() Period { return p.move(-1) }

func (p Period) move(by int) Period {
	m := p.Kind.Months()
	if m == 0 {
		return p
	}
	perYear := 12 / m
	n := p.Year*perYear + p.Index - 1 + by
	return Period{Kind: p.Kind, Year: n / perYear, Index: n%perYear + 1}
}

// Contains reports whether the day lies in the period.
func (p Period) Contains(d Date) bool {
	return !p.IsZero() && !d.IsZero() && Of(p.Kind, d) == p
}

// Compare orders periods by their last day, then by their first: of a quarter
// and its last month, the quarter, which began earlier, comes first.
func (p Period) Compare(q Period) int {
	if c := p.Last().Compare(q.Last()); c != 0 {
		return c
	}
	return p.First().Compare(q.First())
}

// Before reports whether p ends before q does, or ends with it and began earlier.
func (p Period) Before(q Period) bool { return p.Compare(q) < 0 }

// Periods returns, ascending, the periods of this kind that have a day in from
// to to, both included: none when to is before from or one of them is no date.
func Periods(kind PeriodKind, from, to Date) []Period {
	if from.IsZero() || to.IsZero() || to.Before(from) || kind.Months() == 0 {
		return nil
	}
	var out []Period
	for p := Of(kind, from); !p.First().After(to); p = p.Next() {
		out = append(out, p)
	}
	return out
}

// MarshalText writes the stored text.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the stored text.
func (p *Period) UnmarshalText(b []byte) (err error) {
	*p, err = ParsePeriod(string(b))
	return err
}

// Value stores the period as text, the zero Period as NULL.
func (p Period) Value() (driver.Value, error) {
	if p.IsZero() {
		return nil, nil
	}
	return p.String(), nil
}

// Scan reads what Value stored.
func (p *Period) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*p = Period{}
	case string:
		*p, err = ParsePeriod(v)
	case []byte:
		*p, err = ParsePeriod(string(v))
	default:
		err = fmt.Errorf("calendar: cannot read a period from %T", v)
	}
	return err
}
