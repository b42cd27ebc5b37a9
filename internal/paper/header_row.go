package paper

import (
	"regexp"

	"gongjian/internal/office"
)

// readHeader reads the row as a header, together with the next one where the
// two make a header of two rows (责任分工 over 牵头单位, 配合单位).
func readHeader(t *office.Table, at, year int) (header, bool) {
	row := t.Rows[at]
	h := header{columns: make([]column, t.Columns), rows: 1}
	fields, cells := map[field]bool{}, 0
	for c, cell := range row.Cells {
		text := Tidy(cell.Text)
		h.columns[c] = column{header: text}
		if t.HiddenColumns[c] || text == "" {
			continue
		}
		f := classify(text, year)
		h.columns[c].field = f
		if !cell.FromLeft {
			cells++
			if f != fieldNone {
				fields[f] = true
			} else {
				h.unknown++
			}
			if figuresOnly.MatchString(plainText(text)) {
				return header{}, false // a header has no row number
			}
		}
		if cell.FromLeft { // of a merge across, only the first column has the field
			h.columns[c].field = fieldNone
		}
	}
	if cells < 3 || len(fields) < 3 {
		return header{}, false
	}
	h.joinSecondRow(t, at, year)
	for c := range h.columns {
		if h.columns[c].field == fieldNone && h.columns[c].header != "" {
			h.columns[c].field = fieldOther
		}
	}
	h.settleUnitColumn(t, at+h.rows)
	h.settleNumbers(t, at+h.rows)
	h.settle()
	return h, true
}

var figuresOnly = regexp.MustCompile(`^[\d.\-]+[、]?$`)

// joinSecondRow takes the next row in as the second row of the header.
func (h *header) joinSecondRow(t *office.Table, at, year int) {
	if at+1 >= len(t.Rows) {
		return
	}
	next := t.Rows[at+1]
	var fresh []int // columns in which the next row has a text of its own
	for c, cell := range next.Cells {
		text := Tidy(cell.Text)
		if text == "" || cell.FromAbove || t.HiddenColumns[c] {
			continue
		}
		top := t.Rows[at].Cells[c]
		// Without merges, a group is a text with blanks to its right.
		group := top.FromLeft || top.ColSpan > 1 || plainText(top.Text) == "" && c > 0 ||
			c+1 < len(t.Rows[at].Cells) && plainText(t.Rows[at].Cells[c+1].Text) == ""
		if len([]rune(text)) > 14 || classify(text, year) == fieldNone || !group {
			return
		}
		fresh = append(fresh, c)
	}
	if len(fresh) < 2 {
		return
	}
	h.rows = 2
	for _, c := range fresh {
		parent := t.Rows[at].Cells[c].Text
		for i := c; plainText(parent) == "" && i > 0; i-- {
			parent = t.Rows[at].Cells[i-1].Text
		}
		text := Tidy(next.Cells[c].Text)
		h.columns[c] = column{field: classify(text, year), header: text, parent: Tidy(parent)}
	}
}

// settleUnitColumn tells a column of measure words that is headed 单位 from one
// of units, by what stands in it.
func (h *header) settleUnitColumn(t *office.Table, from int) {
	for c, col := range h.columns {
		if plainText(col.header) != "单位" {
			continue
		}
		measures, filled := 0, 0
		for _, row := range t.Rows[min(from, len(t.Rows)):] {
			if text := plainText(row.Cells[c].Text); text != "" && !row.Cells[c].FromLeft {
				filled++
				_, rest := multiplier(text)
				if measureAt(rest, false) == rest || len([]rune(text)) == 1 {
					measures++
				}
			}
		}
		if filled > 0 && measures*2 > filled {
			h.columns[c].field = fieldUnit
		}
	}
}

// settleNumbers takes a first column for the numbers when it holds figures,
// whatever its header says.
func (h *header) settleNumbers(t *office.Table, from int) {
	if h.has(fieldNo) || len(h.columns) == 0 || t.HiddenColumns[0] {
		return
	}
	figures, filled := 0, 0
	for _, row := range t.Rows[min(from, len(t.Rows)):] {
		if text := plainText(row.Cells[0].Text); text != "" && row.Cells[0].ColSpan == 1 {
			filled++
			if figuresOnly.MatchString(text) {
				figures++
			}
		}
	}
	if figures*2 > filled {
		h.columns[0].field = fieldNo
	}
}
