package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
)

// tableReader reads the rows of one task table.
type tableReader struct {
	*reading
	t      *office.Table
	header header
	stack  chapterStack
	above  []string // resolved text of the row above, per column
	carry  bool     // the format cannot merge: a blank may repeat the cell above
	merged bool     // the rows have cells merged down
	undone bool     // … or had, and left blanks when the merges were taken out
	notes  bool     // a note row has been seen since the last task
	begun  bool     // a header has been seen
	cache  cache
}

// taskTable reads a task table with everything that stands above and below it.
func (r *reading) taskTable(t *office.Table) {
	s := r.sections[t]
	for _, row := range t.Rows[:s.headerAt] {
		r.rowAbove(row)
	}
	reader := &tableReader{reading: r, t: t, carry: !r.doc.CanMerge(), stack: chapterStack{r.stack.styles, r.stack.texts}, cache: newCache()}
	reader.lookForMerges(s)
	if s.continued {
		reader.use(s.header)
	}
	for i := s.headerAt; i < len(t.Rows); i++ {
		if h, ok := reader.headerAt(i); ok {
			for k := range h.rows {
				r.leave(ReasonHeader, rowText(t.Rows[i+k]), t.Rows[i+k].Origin)
			}
			reader.use(h)
			i += h.rows - 1
			continue
		}
		reader.row(t.Rows[i])
	}
}

// lookForMerges finds out whether the rows have cells merged down, or blanks in
// the columns of category and task that tell of merges taken out.
func (r *tableReader) lookForMerges(s section) {
	for _, row := range r.t.Rows[min(s.headerAt+s.header.rows, len(r.t.Rows)):] {
		filled, blank := 0, false
		for c, cell := range row.Cells {
			r.merged = r.merged || cell.RowSpan > 1
			f := s.header.columns[c].field
			switch {
			case strings.TrimSpace(cell.Text) != "":
				filled++
			case f == fieldChapter || f == fieldTask && s.header.has(fieldMeasures):
				blank = true
			}
		}
		r.undone = r.undone || blank && filled > 2
	}
	r.undone = r.undone && !r.merged && !r.carry
}

// rowAbove sorts a row between the top of a sheet and its header.
func (r *reading) rowAbove(row office.Row) {
	text := rowText(row)
	reason, known := r.about[row.Origin]
	switch {
	case known && reason == ReasonTitle: // what stood above the title is no chapter below it
		r.stack.clear()
	case known:
	case text == "":
		reason = ReasonBlank
	case row.Hidden:
		reason = ReasonHiddenRow
	case headingStyle(text) != "" && !sentence(text):
		r.stack.push(text)
		r.heading(text, row.Origin)
		return
	default:
		reason = ReasonNote
	}
	r.leave(reason, text, row.Origin)
}

// headerAt reads a header that begins in the row, or one printed again.
func (r *tableReader) headerAt(i int) (header, bool) {
	if r.t.Rows[i].Hidden || r.begun && !r.shortTexts(r.t.Rows[i]) {
		return header{}, false
	}
	h, ok := readHeader(r.t, i, r.result.Year)
	return h, ok && h.isTaskTable() && (!r.begun || looksLikeHeader(h))
}

// shortTexts is the quick look at a row before it is read as a header.
func (r *tableReader) shortTexts(row office.Row) bool {
	for c, cell := range row.Cells {
		if len(cell.Text) > 3*16 && len([]rune(Tidy(cell.Text))) > 16 && !r.t.HiddenColumns[c] {
			return false
		}
		if text := cell.Text; text != "" && !cell.FromLeft && isDigit(text[0]) && !r.t.HiddenColumns[c] && figuresOnly.MatchString(plainText(text)) {
			return false
		}
	}
	return true
}

// looksLikeHeader guards against a task row full of header words: nearly every
// text of a header is known, and all are short.
func looksLikeHeader(h header) bool {
	if h.unknown > 1 {
		return false
	}
	for _, c := range h.columns {
		if len([]rune(c.header)) > 16 || c.header != "" && c.field == fieldOther && len([]rune(c.header)) > 10 {
			return false
		}
	}
	return true
}

func (r *tableReader) use(h header) {
	r.header = h
	r.begun = true
	if len(r.above) != len(h.columns) {
		r.above = make([]string, len(h.columns))
	}
}

// row sorts one row below a header.
func (r *tableReader) row(row office.Row) {
	cells := r.visible(row)
	switch {
	case len(cells) == 0:
		r.leave(ReasonBlank, rowText(row), row.Origin)
	case r.isTotal(cells):
		r.leave(ReasonTotal, rowText(row), row.Origin)
	case r.isNote(cells):
		r.notes = true
		r.leave(ReasonNote, rowText(row), row.Origin)
	case r.isHeading(cells, row):
		r.chapterRow(cells, row)
	default:
		r.notes = r.notes && row.Hidden
		r.taskRow(row)
	}
}

// part is a filled cell of a row, merges counted once.
type part struct {
	column, span int
	text         string
	fromAbove    bool
}

// visible lists the filled cells in the columns that are shown.
func (r *tableReader) visible(row office.Row) []part {
	var out []part
	for c, cell := range row.Cells {
		text := Tidy(cell.Text)
		if text == "" || r.t.HiddenColumns[c] {
			continue
		}
		if cell.FromLeft && len(out) > 0 && out[len(out)-1].text == text {
			out[len(out)-1].span++
			continue
		}
		out = append(out, part{column: c, span: 1, text: text, fromAbove: cell.FromAbove})
	}
	return out
}

var (
	totalWords = regexp.MustCompile(`^(?:合计|总计|小计|共计|累计|总数)(?:$|[:：（(\d共])`)
	noteWords  = regexp.MustCompile(`^(?:[\[【（(]?(?:注|备注|说明|附注|填表说明|填报说明|注释|注意事项)[\]】）)]?\d?[:：.．、]|(?:填表人|填报人|制表人|经办人|联系人|联系电话|审核人?|审签人?|签发人?|负责人|单位负责人|主要负责人|分管领导|主管领导|填报单位|填表单位|制表单位|制表|编制单位|报送单位|填报日期|填表日期|制表日期|填报时间|报送时间|制表时间|打印时间)(?:[（(][^（）()]*[）)])?[:：])`)
	chineseNo  = regexp.MustCompile(`^[（(]?[一二三四五六七八九十百]+[）)]?[、.．]?$`)
)

// isTotal: 合计 in the first or second filled cell.
func (r *tableReader) isTotal(cells []part) bool {
	for i, c := range cells {
		if i < 2 && !c.fromAbove && len(c.text) < 80 && len([]rune(c.text)) < 20 && totalWords.MatchString(plainText(c.text)) {
			return true
		}
	}
	return false
}

// isNote: a note below the table, a line for signatures, or what follows a note.
func (r *tableReader) isNote(cells []part) bool {
	first := cells[0]
	if first.fromAbove || len(cells) > 1 && isDigit(first.text[0]) {
		return false
	}
	if noteWords.MatchString(plainText(first.text)) || noteWords.MatchString(first.text) {
		return true
	}
	if len(cells) > 1 || first.column > 0 && first.span == 1 {
		return false
	}
	return sentence(first.text) || r.notes || dateOnly.MatchString(plainText(first.text))
}

var dateOnly = regexp.MustCompile(`^(?:\d{4}|[〇○零一二三四五六七八九]{4})年.{1,3}月.{1,3}日$`)

// sentence reports whether a text is running text rather than a heading.
func sentence(text string) bool {
	return len([]rune(text)) > 60 || strings.Contains(text, "。") && len([]rune(text)) > 25 ||
		strings.HasSuffix(text, "。") || strings.HasSuffix(text, "；")
}

// isHeading: Rule I-06, one text alone in a row is a chapter, unless it stands
// in a column of its own that says otherwise. A Chinese number in the number
// column with nothing but a text beside it is one as well.
func (r *tableReader) isHeading(cells []part, row office.Row) bool {
	if len(cells) == 2 && r.header.columns[cells[0].column].field == fieldNo && !cells[1].fromAbove &&
		chineseNo.MatchString(cells[0].text) {
		return !sentence(cells[1].text)
	}
	if len(cells) != 1 || cells[0].fromAbove {
		return false
	}
	c := cells[0]
	if headingStyle(c.text) != "" && headingStyle(c.text) < "3" || c.span >= r.shown()-1 && c.span > 1 {
		return true
	}
	switch r.header.columns[c.column].field {
	case fieldTask, fieldMeasures:
		return c.span > 1
	}
	return c.column == 0 || c.span > 1
}

// shown counts the columns that are not hidden.
func (r *tableReader) shown() int {
	n := 0
	for _, hidden := range r.t.HiddenColumns {
		if !hidden {
			n++
		}
	}
	return n
}

func (r *tableReader) chapterRow(cells []part, row office.Row) {
	text := cells[0].text
	if len(cells) == 2 {
		if number := strings.TrimRight(text, "、.．"); strings.HasPrefix(number, "（") || strings.HasPrefix(number, "(") {
			text = number + cells[1].text
		} else {
			text = number + "、" + cells[1].text
		}
	}
	if row.Hidden {
		r.leave(ReasonHiddenRow, text, row.Origin)
		return
	}
	r.stack.push(text)
	r.heading(text, row.Origin)
	r.above = make([]string, len(r.header.columns))
}
