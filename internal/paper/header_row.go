package paper

import (
	"regexp"

	"gongjian/internal/office"
)

const (
	maxHeaderRows = 3   // a header takes at most so many rows
	sampleRows    = 400 // how many rows below a header are looked at to tell what a column holds
)

// readHeader reads the row as a header, together with the one or two below it
// where they make one header (责任分工 over 牵头单位, 配合单位). Rules I-01, I-50.
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
	if cells < 3 || len(fields) < 2 {
		return header{}, false
	}
	for h.rows < maxHeaderRows && h.joinNextRow(t, at+h.rows, year) {
		h.rows++
	}
	for _, c := range h.columns {
		if c.field != fieldNone {
			fields[c.field] = true
		}
	}
	if len(fields) < 3 {
		return header{}, false
	}
	h.settleColumns(t, at+h.rows)
	return h, true
}

// settleColumns settles what a header alone does not tell, by what stands below it.
func (h *header) settleColumns(t *office.Table, from int) {
	below := t.Rows[min(from, len(t.Rows)):min(from+sampleRows, len(t.Rows))]
	h.settleCategories(t, below)
	for c := range h.columns {
		if h.columns[c].field == fieldNone && h.columns[c].header != "" {
			h.columns[c].field = fieldOther
		}
	}
	h.settleUnitColumn(below)
	h.settleNumbers(t, below)
	h.settle()
}

var (
	figuresOnly = regexp.MustCompile(`^[\d.\-]+[、]?$`)
	// leafWords are texts below a group that say nothing without it.
	leafWords = regexp.MustCompile(`^(?:数值|数量|值|姓名|名称|单位|部门|计划|内容|\d{4}年(?:度)?)$`)
	// bareOffice is the column of names below 牵头 or 责任单位.
	bareOffice = regexp.MustCompile(`^(?:单位|部门|名称|单位名称|部门名称|单位\(部门\)|机构)$`)
)

// joinNextRow takes the row in as a further row of the header.
func (h *header) joinNextRow(t *office.Table, next, year int) bool {
	if next >= len(t.Rows) {
		return false
	}
	above := t.Rows[next-1]
	var fresh []int // columns in which the next row has a text of its own
	for c, cell := range t.Rows[next].Cells {
		text := Tidy(cell.Text)
		if text == "" || cell.FromAbove || t.HiddenColumns[c] {
			continue
		}
		top := above.Cells[c]
		// Without merges, a group is a text with blanks to its right.
		group := top.FromLeft || top.ColSpan > 1 || plainText(top.Text) == "" && c > 0 ||
			c+1 < len(above.Cells) && plainText(above.Cells[c+1].Text) == "" ||
			bareOffice.MatchString(plainText(text)) && plainText(top.Text) != "" // 单位 below 配合
		known := classify(text, year) != fieldNone || leafWords.MatchString(plainText(text))
		if len([]rune(text)) > 14 || !known || !group {
			return false
		}
		fresh = append(fresh, c)
	}
	if len(fresh) < 2 {
		return false
	}
	old := append([]column(nil), h.columns...)
	for _, c := range fresh {
		group := c
		for old[group].header == "" && group > 0 {
			group--
		}
		cell := t.Rows[next].Cells[c]
		parent := headerText(old[group])
		h.columns[c] = column{header: Tidy(cell.Text), parent: parent}
		if !cell.FromLeft {
			h.columns[c].field = classifyBelow(old[group], Tidy(cell.Text), year)
		}
	}
	return true
}

// classifyBelow names the field of a header text that stands below a group. A
// word that means nothing alone takes the group's field, and an earlier year
// above it makes it a column of that year.
func classifyBelow(group column, text string, year int) field {
	above := classify(group.header, year)
	if m := fourDigits.FindString(plainText(group.header)); m != "" && year != 0 && atoi(m) < year {
		return fieldOther
	}
	own, bare := classify(text, year), plainText(text)
	names := above == fieldLead || above == fieldCooperating
	switch {
	case above == fieldNone && group.parent != "":
		above = classify(group.parent, year)
	case names && bareOffice.MatchString(bare):
		return above
	case above == fieldTarget && bare == "单位":
		return fieldUnit
	case names && bare == "姓名":
		return fieldPeople
	}
	if own == fieldNone || own == fieldTask && bare == "名称" && names || own == fieldTarget && above == fieldDeadline {
		return above
	}
	return own
}

// settleCategories: Rule I-51, a column left of the tasks whose header says
// nothing known is a category when its cells span several tasks.
func (h *header) settleCategories(t *office.Table, below []office.Row) {
	task := -1
	for c, col := range h.columns {
		if col.field == fieldTask || col.field == fieldMeasures {
			task = c
			break
		}
	}
	for c := 0; c < task; c++ {
		if h.columns[c].field != fieldNone || t.HiddenColumns[c] {
			continue
		}
		spans, figures, filled := 0, 0, 0
		last := ""
		for _, row := range below {
			cell := row.Cells[c]
			text := plainText(cell.Text)
			switch {
			case cell.ColSpan > 1 || cell.FromLeft:
				continue
			case text == "" && last != "" || cell.FromAbove && !row.Cells[task].FromAbove || !cell.FromAbove && text == last && text != "":
				spans++
			case figuresOnly.MatchString(text):
				figures++
			}
			if text != "" {
				last = text
				filled++
			}
		}
		if spans > 0 && figures == 0 && filled > 0 {
			h.columns[c].field = fieldChapter
		}
	}
}

// settleUnitColumn tells a column of measure words that is headed 单位 from one
// of units, by what stands in it.
func (h *header) settleUnitColumn(below []office.Row) {
	for c, col := range h.columns {
		if plainText(col.header) != "单位" {
			continue
		}
		measures, filled := 0, 0
		for _, row := range below {
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
func (h *header) settleNumbers(t *office.Table, below []office.Row) {
	if h.has(fieldNo) || len(h.columns) == 0 || t.HiddenColumns[0] {
		return
	}
	figures, filled := 0, 0
	for _, row := range below {
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
