package sheet

import "github.com/xuri/excelize/v2"

// widths are the widths of columns that name none.
var widths = map[Kind]float64{"": 20, Text: 20, Number: 11, Percent: 9, Day: 12, Instant: 17}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	return widths[c.Kind]
}

// linesOf reckons how many lines a text takes in a column: a Chinese character is
// as wide as two digits. Programs differ by a hair in what fits; a line too many
// shows as white space, a line too few would hide words, so half a character is
// kept free.
func linesOf(s string, width float64) int {
	most := max(width-1, 2)
	lines, at := 1, 0.0
	for _, r := range s {
		if r == '\n' {
			lines, at = lines+1, 0
			continue
		}
		w := 1.0
		if r >= 0x1100 {
			w = 2
		}
		if at += w; at > most {
			lines, at = lines+1, w
		}
	}
	return lines
}

// height is that of a row of so many lines, in points. Not every program fits rows
// to their text when it opens a file, so each row brings its own.
func height(lines int) float64 { return min(float64(lines)*14+6, excelize.MaxRowHeight) }
