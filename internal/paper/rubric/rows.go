package rubric

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/paper"
)

// tableReader reads the rows of one table.
type tableReader struct {
	*reader
	t       *office.Table
	h       header
	levels  []*node // in force, per level column
	base    *node   // heading row above them
	groups  map[int]int
	printed map[*node]string
	notes   bool // a note has been seen since the last item
	last    *item
}

var (
	totalWords = regexp.MustCompile(`^(?:合计|总计|小计|共计|累计|总分|总分值|满分)(?:$|[:：（(\d分共得])`)
	grandWords = regexp.MustCompile(`^(?:合计|总计|共计|总分|总分值|满分)`)
	noteWords  = regexp.MustCompile(`^[\[(]?(?:注|备注|说明|附注|附|填表说明|评分说明|考核说明|注释|注意事项|有关说明|计分说明)[\])]?\d?[:.、]|^(?:填表人|填报人|制表人|经办人|联系人|联系电话|审核人?|负责人|分管领导|填报单位|填表单位|制表单位|编制单位|被考核单位|考核单位|考核组|填报日期|制表日期|考核时间|评分人|考核人|打分人|总得分|最后得分|签字|签名)(?:\([^()]*\))?[:_]`)
	sameWords  = regexp.MustCompile(`^(?:同上|〃|″|"|''|同前)$`)
	chineseNo  = regexp.MustCompile(`^\(?[一二三四五六七八九十]+\)?[、.]?$`)
)

func (r *tableReader) read() {
	r.groups, r.printed = map[int]int{}, map[*node]string{}
	for i := range r.t.Rows[:r.h.at] {
		row := r.t.Rows[i]
		if text := rowText(row); text != "" {
			reason, known := r.about[row.Origin]
			if !known {
				reason = paper.ReasonNote
			}
			r.leave(reason, row)
		}
	}
	for i := range r.h.rows {
		r.leave(paper.ReasonHeader, r.t.Rows[r.h.at+i])
	}
	r.levels = make([]*node, len(r.h.levels))
	for i := r.h.at + r.h.rows; i < len(r.t.Rows); i++ {
		r.row(i)
	}
}

// row sorts one row below the header.
func (r *tableReader) row(i int) {
	row := r.t.Rows[i]
	cells := r.filled(row)
	switch {
	case row.Hidden:
		if rowText(row) != "" {
			r.leave(paper.ReasonHiddenRow, row)
		}
	case len(cells) == 0:
	case r.again(i):
		r.leave(paper.ReasonHeader, row)
	case r.isTotal(cells):
		r.total(row, cells)
	case r.isNote(cells):
		r.notes = true
		r.leave(paper.ReasonNote, row)
	case r.isHeading(i, cells):
		r.heading(row, cells)
	default:
		r.item(i)
	}
}

// part is a filled cell that is shown, merges across counted once.
type part struct {
	column, span int
	text         string
	above        bool
}

func (r *tableReader) filled(row office.Row) (out []part) {
	for c, cell := range row.Cells {
		text := paper.Tidy(cell.Text)
		if text == "" || r.t.HiddenColumns[c] {
			continue
		}
		if cell.FromLeft && len(out) > 0 {
			out[len(out)-1].span++
			continue
		}
		out = append(out, part{c, 1, text, cell.FromAbove})
	}
	return out
}

// again reports whether the header is printed once more.
func (r *tableReader) again(i int) bool {
	same, filled := 0, 0
	for c, cell := range r.t.Rows[i].Cells {
		if paper.Plain(cell.Text) == "" || cell.FromLeft {
			continue
		}
		filled++
		if paper.Plain(cell.Text) == paper.Plain(r.h.texts[c]) {
			same++
		}
	}
	return same >= 2 && same*2 > filled
}

func (r *tableReader) isTotal(cells []part) bool {
	for i, c := range cells {
		if i < 2 && !c.above && totalWords.MatchString(paper.Plain(c.text)) && len([]rune(c.text)) < 20 {
			return true
		}
	}
	return false
}

func (r *tableReader) total(row office.Row, cells []part) {
	t := total{at: len(r.items), origin: row.Origin}
	for _, c := range cells {
		if s := paper.Plain(c.text); totalWords.MatchString(s) {
			t.text, t.all = c.text, grandWords.MatchString(s)
			t.points = readWords(c.text).label
		}
	}
	if c := r.h.column(rolePoints); c >= 0 && t.points == nil {
		t.points = readCell(row.Cells[c].Text).points
	}
	r.totals = append(r.totals, t)
	r.leave(paper.ReasonTotal, row)
}

func (r *tableReader) isNote(cells []part) bool {
	first := cells[0]
	if first.above {
		return false
	}
	if noteWords.MatchString(paper.Plain(first.text)) {
		return true
	}
	if len(cells) > 1 || r.inVeto(first.text) {
		return false
	}
	return sentence(first.text) && styleOf(first.text) == "" || r.notes
}

// inVeto reports whether a text alone in its row is an item all the same: a list
// of happenings below 一票否决 has neither points nor a rule.
func (r *tableReader) inVeto(text string) bool {
	if bracketMark(paper.Plain(text)) == Veto {
		return true
	}
	n := r.top()
	return sectionKind(text) == "" && n.section == Veto && !r.notes
}

// isHeading: Rule R-04. A text alone in its row is a heading; in an outline down
// one column also one with points when the next row stands deeper.
func (r *tableReader) isHeading(i int, cells []part) bool {
	texts, points, other := 0, false, 0
	for _, c := range cells {
		switch role := r.h.roles[c.column]; {
		case c.above:
		case role == roleNo && (chineseNo.MatchString(paper.Plain(c.text)) || c.span == 1):
		case role == rolePoints && c.span == 1:
			points = readCell(c.text).points != nil
		case role == roleLevel || c.span > 1 || role == roleNo:
			texts++
		case noPoints.MatchString(paper.Plain(c.text)):
		default:
			other++
		}
	}
	text, at := r.headingText(cells)
	if other > 0 || texts != 1 || text == "" {
		return false
	}
	if r.inVeto(text) && (styleOf(text) == "" || !r.deeper(i, text)) {
		return false
	}
	if len(r.h.levels) > 1 {
		wide := at.span > 1 || len(cells) == 1
		first := at.column == r.h.levels[0] || r.h.roles[at.column] == roleNo
		return wide && (!points || r.deeper(i, text)) || first && !at.above && len(cells) <= 3 && sectionKind(text) != "" && !points
	}
	return !points || r.deeper(i, text)
}

// headingText is the words of a heading row, with the cell they stand in.
func (r *tableReader) headingText(cells []part) (string, part) {
	for _, c := range cells {
		if role := r.h.roles[c.column]; !c.above && role != rolePoints && !(role == roleNo && c.span == 1 && len(cells) > 1) && !noPoints.MatchString(paper.Plain(c.text)) {
			return c.text, c
		}
	}
	return "", part{}
}

// deeper reports whether the row after i belongs below the text of row i.
func (r *tableReader) deeper(i int, text string) bool {
	style := styleOf(text)
	for _, row := range r.t.Rows[i+1:] {
		cells := r.filled(row)
		if row.Hidden || len(cells) == 0 {
			continue
		}
		if r.isTotal(cells) || noteWords.MatchString(paper.Plain(cells[0].text)) {
			return false
		}
		next, _ := r.headingText(cells)
		below := styleOf(next)
		if below == style {
			return false
		}
		for _, s := range r.stack {
			if s.style == style {
				break
			}
			if s.style == below && below != "" {
				return false
			}
		}
		return below != "" || style != "" && sectionKind(next) == ""
	}
	return false
}

func (r *tableReader) heading(row office.Row, cells []part) {
	text, at := r.headingText(cells)
	var points Points
	if c := r.h.column(rolePoints); c >= 0 && at.column != c && !row.Cells[c].FromLeft && !row.Cells[c].FromAbove {
		points = readCell(row.Cells[c].Text).points
	}
	r.push(text, row.Origin, points)
	clear(r.levels)
	r.base, r.notes = nil, false
}

// text is the cell of a role, "" where it is covered from the left or a dash.
func (r *tableReader) text(row office.Row, as role) string {
	c := r.h.column(as)
	if c < 0 || row.Cells[c].FromLeft {
		return ""
	}
	text := paper.Tidy(row.Cells[c].Text)
	if as != roleFormula && noPoints.MatchString(paper.Plain(text)) {
		return ""
	}
	return text
}

func (r *tableReader) item(i int) {
	row := r.t.Rows[i]
	at, same := r.place(row)
	if at == nil || at.parent == nil {
		r.leave(paper.ReasonNote, row)
		return
	}
	it := item{at: at, table: r.t, kindWords: r.text(row, roleKind)}
	it.Method, it.Formula, it.Evidence = r.text(row, roleMethod), r.text(row, roleFormula), r.text(row, roleEvidence)
	it.No = strings.TrimRight(r.text(row, roleNo), "、.．。")
	it.Scorer = r.text(row, roleScorer)
	it.Origin = row.Origin
	if r.last != nil {
		r.carry(&it, same)
	}
	if it.Formula == "" {
		if f := strings.TrimPrefix(paper.Plain(it.Evidence), "="); f != paper.Plain(it.Evidence) {
			it.Formula, it.Evidence = it.Evidence, ""
		}
	}
	r.points(i, &it)
	at.items = append(at.items, len(r.items))
	r.items = append(r.items, it)
	r.last, r.notes = &r.items[len(r.items)-1], false
}

// carry repeats what the row above says: for 同上, and where the format has no
// merged cells for a blank number or scorer below the same heading. Rule R-10.
func (r *tableReader) carry(it *item, same bool) {
	above := *r.last
	blank := func(s string) bool { return s == "" && same && !r.doc.CanMerge() }
	for _, f := range []struct {
		to    *string
		from  string
		blank bool
	}{
		{&it.Method, above.Method, false}, {&it.Evidence, above.Evidence, false},
		{&it.Scorer, above.Scorer, true}, {&it.No, above.No, it.at == above.at},
	} {
		if sameWords.MatchString(paper.Plain(*f.to)) || f.blank && blank(*f.to) {
			*f.to = f.from
		}
	}
}

// points reads the score cell. One merged downwards belongs to a group of items.
func (r *tableReader) points(i int, it *item) {
	c := r.h.column(rolePoints)
	if c < 0 {
		it.cell.blank = true
		return
	}
	cell := r.t.Rows[i].Cells[c]
	if cell.FromLeft && r.h.roles[c-1] != rolePoints {
		it.cell.blank = true
		return
	}
	it.cell = readCell(cell.Text)
	if cell.RowSpan > 1 || cell.FromAbove {
		top := i
		for top > 0 && r.t.Rows[top].Cells[c].FromAbove {
			top--
		}
		if r.groups[top] == 0 {
			r.groups[top] = len(r.items) + 1
		}
		it.group = r.groups[top]
	}
}

// place finds or makes the node of an item and reports whether it stands below
// the same first heading as the item above.
func (r *tableReader) place(row office.Row) (*node, bool) {
	if len(r.h.levels) == 1 {
		return r.outline(row, row.Cells[r.h.levels[0]])
	}
	base := r.top()
	if base != r.base {
		clear(r.levels)
		r.base = base
	}
	parent, fresh, same := base, false, true
	for i, c := range r.h.levels {
		cell := row.Cells[c]
		text := paper.Tidy(cell.Text)
		now := r.levels[i]
		switch {
		case noPoints.MatchString(paper.Plain(text)), cell.FromLeft && i > 0 && c > 0 && row.Cells[c-1].Text == cell.Text:
			fresh = fresh || now != nil
			r.levels[i] = nil
			continue
		case now != nil && !fresh && (cell.FromAbove || text == "" || sameWords.MatchString(paper.Plain(text)) || text == r.printed[now]):
			parent = now
			continue
		case text == "":
			continue
		}
		now = r.child(parent, text, row.Origin)
		r.printed[now] = text
		r.levels[i], parent, fresh = now, now, true
		same = same && i > 0
		clear(r.levels[i+1:])
	}
	return parent, same
}

// outline places an item of a table whose headings run down one column.
func (r *tableReader) outline(row office.Row, cell office.Cell) (*node, bool) {
	text := paper.Tidy(cell.Text)
	if r.last != nil && r.last.table == r.t && (cell.FromAbove || text == "" || sameWords.MatchString(paper.Plain(text))) {
		return r.last.at, true
	}
	if text == "" {
		return r.top(), false
	}
	r.pop(styleOf(text))
	if sectionKind(text) != "" && wholeMark.MatchString(paper.Plain(leadingNumber.ReplaceAllString(text, ""))) && styleOf(text) == "" {
		r.stack = nil
	}
	parent := r.top()
	same := r.last != nil && r.last.at.parent == parent
	return r.child(parent, text, row.Origin), same
}
