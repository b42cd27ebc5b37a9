package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
)

// WriteCSV writes the head and the rows as csv: UTF-8 with byte-order mark, by
// which Excel knows it, and lines that end as in RFC 4180. Title, notes and hidden
// columns are left out: csv is for programs. Percent is written as 12.5%, a number
// with all its digits, dates as 2010-06-30.
//
// A text that a spreadsheet would take for a formula gets an apostrophe before it.
// A number written as text (-5, +86) does not, nor does a lone dash.
//
// Errors: those that the rows bring; w's.
func WriteCSV(w io.Writer, t Table, rows iter.Seq2[Row, error]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("sheet: writing csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var record []string
	for _, c := range t.Columns {
		if !c.Hidden {
			record = append(record, unformulated(clean(c.Head)))
		}
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("sheet: writing csv: %w", err)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if len(row) != len(t.Columns) {
			return fmt.Errorf("sheet: a row has %d cells, the table %d columns", len(row), len(t.Columns))
		}
		record = record[:0]
		for i, c := range t.Columns {
			if !c.Hidden {
				record = append(record, c.plain(row[i]))
			}
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("sheet: writing csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("sheet: writing csv: %w", err)
	}
	return nil
}

// plain is a cell as csv says it.
func (c Column) plain(cell Cell) string {
	// csv keeps all digits, so a number here may be longer than a cell of xlsx holds.
	if !cell.None && c.Kind == Number && decimalText.MatchString(cell.Number) {
		return cell.Number
	}
	switch v := c.value(cell); v.kind {
	case Day:
		return v.day.String()
	case Instant:
		return minute(v.at)
	case Percent:
		return v.number.Shift(2).StringFixed(int32(v.places)) + "%"
	default:
		return unformulated(v.text)
	}
}

// harmless is a number, or a dash.
var harmless = regexp.MustCompile(`^[+-]?\d+(\.\d+)?%?$|^-+$`)

// unformulated puts an apostrophe before a text that a spreadsheet would compute.
// Full-width signs are taken for the plain ones by some, and white space or quotes
// before the sign are skipped by some.
func unformulated(s string) string {
	begins := strings.TrimLeft(s, " \t\n\u3000\"")
	if begins == "" || !strings.ContainsAny(begins[:min(len(begins), 3)], "=+-@＝＋－＠") || harmless.MatchString(s) {
		return s
	}
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(begins, sign) {
			return "'" + s
		}
	}
	return s
}
