package sheet

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"gongjian/internal/calendar"
)

// What the xlsx format holds, by ECMA-376 and Excel's published limits.
const (
	MaxRows      = 1_048_576
	MaxColumns   = 16_384
	MaxCell      = 32_767 // UTF-16 units of text in a cell
	exactDigits  = 15     // significant digits of a number
	maxSheetName = 31     // UTF-16 units
)

// value is a cell made ready: what is written of it, and as what.
type value struct {
	kind   Kind // Text with "" is an empty cell
	text   string
	number decimal.Decimal
	places int // decimals shown, of Number and Percent
	day    calendar.Date
	at     time.Time
}

// value is a cell of the column: as the column's kind where the cell has such a
// value and the format can hold it, else as text.
func (c Column) value(cell Cell) value {
	switch {
	case cell.None:
		return value{kind: Text}
	case c.Kind == Day && !cell.Day.IsZero() && countable(cell.Day):
		return value{kind: Day, day: cell.Day}
	case c.Kind == Instant && !cell.Instant.IsZero() && countable(calendar.DateOf(cell.Instant)):
		return value{kind: Instant, at: cell.Instant}
	case (c.Kind == Number || c.Kind == Percent) && exact(cell.Number):
		n := decimal.RequireFromString(cell.Number) // exact has read it
		v := value{kind: c.Kind, number: n, places: c.Places}
		own := max(int(-n.Exponent()), 0)
		if c.Kind == Percent {
			own -= 2
		}
		v.places = max(v.places, own)
		return v
	}
	return value{kind: Text, text: clean(cell.words())}
}

// words is what a cell says as text.
func (c Cell) words() string {
	switch {
	case c.Text != "":
		return c.Text
	case c.Number != "":
		return c.Number
	case !c.Day.IsZero():
		return c.Day.String()
	case !c.Instant.IsZero():
		return minute(c.Instant)
	}
	return ""
}

// minute writes an instant to the minute, in China's time.
func minute(t time.Time) string { return t.In(calendar.China).Format("2006-01-02 15:04") }

// countable reports whether a spreadsheet counts the day as everybody does: from
// 1 March 1900, since Excel has a 29 February 1900, to the end of the year 9999.
func countable(d calendar.Date) bool { return d.Compare(firstDay) >= 0 && d.Year <= 9999 }

var (
	firstDay = calendar.Date{Year: 1900, Month: 3, Day: 1}
	dayZero  = calendar.Date{Year: 1899, Month: 12, Day: 30}
)

// serial is the number that a spreadsheet keeps for a day.
func serial(d calendar.Date) int { return d.Sub(dayZero) }

// serialAt is the number for an instant, to the second.
func serialAt(t time.Time) float64 {
	t = t.In(calendar.China)
	return float64(serial(calendar.DateOf(t))) + float64(t.Hour()*3600+t.Minute()*60+t.Second())/(24*60*60)
}

var decimalText = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`)

// exact reports whether a text is a number that a spreadsheet keeps as it is:
// no leading zeros, at most 15 significant digits.
func exact(s string) bool {
	if len(s) > 2*exactDigits || !decimalText.MatchString(s) {
		return false
	}
	digits := strings.TrimLeft(s, "-0.")
	if strings.Contains(s, ".") {
		digits = strings.TrimRight(digits, "0")
	}
	return len(strings.Replace(digits, ".", "", 1)) <= exactDigits
}

// clean makes a text fit for a file: line ends are one character, and what XML
// forbids, broken UTF-8 included, is shown as U+FFFD.
func clean(s string) string {
	fine := func(r rune) bool {
		return r == '\t' || r == '\n' || r >= 0x20 && r != utf8.RuneError && r != 0xfffe && r != 0xffff
	}
	if strings.IndexFunc(s, func(r rune) bool { return !fine(r) }) < 0 {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if fine(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

// units counts the UTF-16 units of a text, as Excel does.
func units(s string) int {
	if len(s) <= maxSheetName { // no text has more units than bytes
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// sheetName is a name that Excel takes for a worksheet: without \ / ? * [ ] : and
// apostrophes, at most 31 units, never empty.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/?*[]:'`, r) || r < 0x20 || r == utf8.RuneError {
			return -1
		}
		return r
	}, clean(s))
	out, n := strings.Builder{}, 0
	for _, r := range strings.TrimSpace(s) {
		if n += utf16.RuneLen(r); n > maxSheetName {
			break
		}
		out.WriteRune(r)
	}
	if name := strings.TrimSpace(out.String()); name != "" && !strings.EqualFold(name, "history") {
		return name
	}
	return "Sheet1"
}
