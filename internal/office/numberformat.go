package office

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
)

// builtInFormats are the number formats that a file names only by number, as a
// Chinese spreadsheet shows them. The others of the list show the bare number.
var builtInFormats = map[int]string{
	9: "0%", 10: "0.00%",
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m/d/yy", 31: `yyyy"年"m"月"d"日"`,
	36: `yyyy"年"m"月"`, 50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`,
	54: `m"月"d"日"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// numberFormat is what is kept of a format code.
type numberFormat struct {
	date           []string // the pieces of a date format, empty for numbers
	percent        bool
	decimals       int
	prefix, suffix string // literal text around a number, as in 0"个"
}

var (
	formatBrackets = regexp.MustCompile(`\[[^\]]*\]`)
	formatLiterals = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.`)
	formatPieces   = regexp.MustCompile(`(?i)"[^"]*"|\\.|y+|m+|d+|h+|s+|AM/PM|.`)
	americanDate   = regexp.MustCompile(`^mm?[/-]dd?[/-]yy(yy)?$`)
	digitPlaces    = regexp.MustCompile(`[#0?][#0?,]*(\.[0#?]+)?`)
)

// parseFormat reads the first section of a format code, the one for positive numbers.
func parseFormat(code string) numberFormat {
	code = strings.SplitN(formatBrackets.ReplaceAllString(code, ""), ";", 2)[0]
	bare := strings.ToLower(formatLiterals.ReplaceAllString(code, ""))
	switch {
	case code == "" || bare == "general" || bare == "@":
		return numberFormat{}
	case americanDate.MatchString(bare):
		// Rule I-74 (ours): the system's short date is stored in American order, and so
		// is what programs set up in English write. A Chinese reader sees the year first.
		return numberFormat{date: formatPieces.FindAllString("yyyy/m/d", -1)}
	case strings.ContainsAny(bare, "yd") || strings.Contains(bare, "m") && !strings.ContainsAny(bare, "hs0#"):
		return numberFormat{date: formatPieces.FindAllString(code, -1)}
	}
	f := numberFormat{percent: strings.Contains(bare, "%")}
	place := digitPlaces.FindStringIndex(code)
	if place == nil {
		return f
	}
	if _, after, found := strings.Cut(code[place[0]:place[1]], "."); found {
		f.decimals = len(after)
	}
	f.prefix, f.suffix = literal(code[:place[0]]), literal(code[place[1]:])
	return f
}

// literal keeps the quoted text of a format code.
func literal(code string) string {
	var b strings.Builder
	for _, piece := range formatLiterals.FindAllString(code, -1) {
		switch {
		case strings.HasPrefix(piece, `"`):
			b.WriteString(strings.Trim(piece, `"`))
		case strings.HasPrefix(piece, `\`):
			b.WriteString(piece[1:])
		}
	}
	return b.String()
}

// show writes the value into the cell.
func (f numberFormat) show(c Cell, value float64, from1904 bool) Cell {
	if len(f.date) == 0 {
		c.Text = f.number(value)
		return c
	}
	// Serials count days from the last day of 1899, with a 29 February 1900 that
	// never was, or from 1904. Those outside of these years are numbers that
	// somebody formatted as a date.
	if from1904 {
		value += 1462
	}
	if value < 17_899 || value >= 109_939 { // 1949 to 2200
		c.Text = plain(value)
		return c
	}
	t := time.Date(1899, 12, 30+int(math.Floor(value+0.5/86400)), 0, 0, 0, 0, time.UTC)
	c.Date = calendar.NewDate(t.Year(), t.Month(), t.Day())
	c.Text = showDate(f.date, c.Date)
	return c
}

func (f numberFormat) number(value float64) string {
	if f.percent {
		return f.prefix + trimZeros(strconv.FormatFloat(value*100, 'f', max(f.decimals, 2), 64)) + "%"
	}
	return f.prefix + plain(value) + f.suffix
}

// plain writes a number in the 15 digits that a spreadsheet keeps, without exponent.
func plain(value float64) string {
	text := strconv.FormatFloat(value, 'g', 15, 64)
	if rounded, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	return text
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// showDate writes a date by the pieces of its format. Times of day and the
// names of weekdays are left out: a deadline is a day.
func showDate(pieces []string, d calendar.Date) string {
	var b strings.Builder
	for _, piece := range pieces {
		low := strings.ToLower(piece)
		switch {
		case strings.HasPrefix(piece, `"`):
			b.WriteString(strings.Trim(piece, `"`))
		case strings.HasPrefix(piece, `\`):
			b.WriteString(piece[1:])
		case low == "yy":
			b.WriteString(pad2(d.Year % 100))
		case low[0] == 'y':
			b.WriteString(strconv.Itoa(d.Year))
		case low == "mm":
			b.WriteString(pad2(int(d.Month)))
		case low == "m":
			b.WriteString(strconv.Itoa(int(d.Month)))
		case low[0] == 'm': // English month names
			b.WriteString(d.Month.String()[:3])
		case low == "dd":
			b.WriteString(pad2(d.Day))
		case low == "d":
			b.WriteString(strconv.Itoa(d.Day))
		case low[0] == 'h' || low[0] == 's' || low[0] == 'd' || piece == "AM/PM":
			return strings.TrimSpace(b.String())
		case piece != "@":
			b.WriteString(piece)
		}
	}
	return strings.TrimSpace(b.String())
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
