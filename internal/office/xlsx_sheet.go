package office

import (
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
)

// sheetReader reads one worksheet from top to bottom.
type sheetReader struct {
	*workbook
	*xmlReader
	sheetGrid
	column int // of the cell, 1 is A
}

// sheet reads one worksheet up to its last row and column that hold something;
// cells that only have a format hold nothing.
func (w *workbook) sheet(name string, t *Table) error {
	r, err := w.parts.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	s := &sheetReader{workbook: w, xmlReader: newXMLReader(r), sheetGrid: sheetGrid{table: t, count: &w.count}}
	for {
		token, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			err = s.element(start)
		} else if end, ok := token.(xml.EndElement); ok && end.Name.Local == "row" {
			err = s.endRow()
		}
		if err != nil {
			return err
		}
	}
	return s.finish()
}

// element handles the elements that matter; it reads cells to their end.
func (s *sheetReader) element(e xml.StartElement) error {
	switch e.Name.Local {
	case "col":
		first, last, hidden := 0, 0, false
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "min":
				first = number(a.Value, 0)
			case "max":
				last = number(a.Value, 0)
			case "hidden":
				hidden = yes(a.Value)
			}
		}
		if hidden {
			s.hideColumns(first, last)
		}
	case "row":
		s.number, s.column = s.number+1, 0
		s.row = Row{Cells: s.row.Cells[:0]}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "r":
				s.number = number(a.Value, s.number)
			case "hidden":
				s.row.Hidden = yes(a.Value)
			}
		}
	case "c":
		return s.cell(e)
	case "mergeCell":
		for _, a := range e.Attr {
			if a.Name.Local == "ref" {
				return s.merged(area(a.Value))
			}
		}
	case "extLst": // extensions have elements of the same names
		return s.skip()
	}
	return nil
}

// cell reads one cell to its end.
func (s *sheetReader) cell(e xml.StartElement) error {
	s.column++
	kind, style := "", 0
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			if column, _ := place(a.Value); column > 0 {
				s.column = column
			}
		case "s":
			style = number(a.Value, 0)
		case "t":
			kind = a.Value
		}
	}
	value, formula, err := s.content()
	if err != nil {
		return err
	}
	c := s.show(kind, style, value)
	// Rule I-71 (ours): a formula is never run; the value that the spreadsheet kept
	// counts. Where it kept none, the cell is marked and stays blank.
	c.Uncomputed = formula && value == "" && kind != "str"
	return s.set(s.column, c)
}

// content returns the value of the cell that was opened last, and whether it
// has a formula.
func (s *sheetReader) content() (value string, formula bool, err error) {
	var text []byte
	for depth := len(s.open); len(s.open) >= depth; {
		token, err := s.next()
		if err != nil {
			return "", false, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				formula = true
			case "is":
				inline, err := s.richText()
				if err != nil {
					return "", false, err
				}
				text = append(text, inline...)
			}
		case xml.CharData:
			if s.open[len(s.open)-1] == "v" {
				text = append(text, t...)
			}
		}
	}
	return string(text), formula, nil
}

// show makes the cell of a stored value: t names its kind.
func (s *sheetReader) show(kind string, style int, value string) Cell {
	c := Cell{Text: value, ColSpan: 1, RowSpan: 1}
	format := numberFormat{}
	if style > 0 && style < len(s.formats) {
		format = s.formats[style]
	} else if style == 0 && len(s.formats) > 0 {
		format = s.formats[0]
	}
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && i >= 0 && i < len(s.strings) {
			c.Text = s.strings[i]
		} else {
			c.Text = ""
		}
	case "str":
		c.Text = unescape(value)
	case "inlineStr", "e": // an error is shown as it stands: #REF!
	case "b":
		if c.Text = "FALSE"; yes(value) {
			c.Text = "TRUE"
		}
		if value == "" {
			c.Text = ""
		}
	case "d":
		if d, err := calendar.ParseDate(value[:min(10, len(value))]); err == nil && !d.IsZero() {
			c.Date, c.Text = d, d.String()
			if len(format.date) > 0 {
				c.Text = showDate(format.date, d)
			}
		}
	default:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return format.show(c, n, s.from1904)
		}
	}
	return c
}

// area reads B2:D5 as left, top, right, bottom; what it cannot read is zero.
func area(ref string) [4]int {
	from, to, found := strings.Cut(ref, ":")
	if !found {
		to = from
	}
	left, top := place(from)
	right, bottom := place(to)
	if left == 0 || right == 0 || top == 0 || bottom == 0 {
		return [4]int{}
	}
	columns, rows := []int{left, right}, []int{top, bottom}
	slices.Sort(columns)
	slices.Sort(rows)
	return [4]int{columns[0], rows[0], columns[1], rows[1]}
}

// place reads B12 as column 2, row 12; 0 where it cannot.
func place(ref string) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		letter := ref[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	if row = number(ref[i:], 0); row < 0 || row > 1<<24 {
		row = 0
	}
	return column, row
}
