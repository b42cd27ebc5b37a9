package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/task"
)

// reading is the work on one document.
type reading struct {
	doc      office.Document
	result   Result
	sections map[*office.Table]section // the task tables
	reasons  map[*office.Table]Reason  // why another table is none
	about    map[office.Origin]Reason  // paragraphs and rows that title or issuer were taken from
	stack    chapterStack              // headings of the running text
	units    unitRule
}

// section is a task table with its first header. Continued is set where the
// table has none of its own and goes on under the header of the one before it.
type section struct {
	headerAt  int
	header    header
	continued bool
}

func newReading(doc office.Document) *reading {
	return &reading{
		doc: doc, result: Result{File: doc.Name},
		sections: map[*office.Table]section{}, reasons: map[*office.Table]Reason{},
		about: map[office.Origin]Reason{},
	}
}

// maxHeaderRow is how far down a table the header is looked for: titles,
// issuers and notes stand above it.
const maxHeaderRow = 30

// findTables decides which tables are task tables.
func (r *reading) findTables() {
	var found []*office.Table
	for _, b := range r.doc.Blocks {
		if b.Table == nil {
			continue
		}
		r.reasons[b.Table] = ReasonOtherTable
		if b.Table.Hidden {
			r.reasons[b.Table] = ReasonHiddenSheet
			continue
		}
		for i := 0; i < len(b.Table.Rows) && i < maxHeaderRow; i++ {
			if h, ok := readHeader(b.Table, i, 0); ok && h.isTaskTable() {
				r.sections[b.Table] = section{headerAt: i, header: h}
				found = append(found, b.Table)
				break
			}
		}
	}
	r.dropSamples(found)
	r.dropEarlierYears(found)
	for t, s := range r.sections { // now that the year is known, columns of other years fall away
		if h, ok := readHeader(t, s.headerAt, r.result.Year); ok && h.isTaskTable() {
			s.header = h
			r.sections[t] = s
		}
	}
	r.continueTables()
}

// otherUse are names of sheets and tables that look like a task table and are none.
var otherUse = regexp.MustCompile(`示例|样表|样例|模板|填写说明|填报说明|统计|汇总|月报|季报|周报|通讯录|联络员|联系表|考核|评分|完成情况|进展情况`)

// dropSamples leaves out tables whose name says that they serve another use, and
// rubrics (Rule I-56), as long as another task table remains.
func (r *reading) dropSamples(found []*office.Table) {
	names := r.namesOf()
	for _, t := range found {
		if len(r.sections) > 1 && (otherUse.MatchString(t.Sheet) || otherUse.MatchString(names[t]) || r.sections[t].header.scores()) {
			delete(r.sections, t)
		}
	}
}

// namesOf finds the line right above each table, or above its header, that reads
// like the name of a table.
func (r *reading) namesOf() map[*office.Table]string {
	out, last := map[*office.Table]string{}, ""
	name := func(text string) bool {
		return tableTitle.MatchString(text) && headingStyle(text) == "" && len([]rune(text)) <= 60
	}
	for _, b := range r.doc.Blocks {
		if b.Table == nil {
			if text := Tidy(b.Paragraph.Text); text != "" {
				last = text
			}
			continue
		}
		if s, ok := r.sections[b.Table]; ok {
			if name(last) {
				out[b.Table] = last
			}
			for _, row := range b.Table.Rows[:s.headerAt] {
				if text := rowText(row); name(text) {
					out[b.Table] = text
				}
			}
		}
		last = ""
	}
	return out
}

// scores reports whether a header is that of a rubric (考核评分细则).
func (h header) scores() bool {
	if h.has(fieldDeadline) {
		return false
	}
	for _, c := range h.columns {
		if scoreHeader.MatchString(plainText(c.header)) {
			return true
		}
	}
	return false
}

var scoreHeader = regexp.MustCompile(`分值|得分|扣分|计分|评分|标准分|考核标准|考评`)

// dropEarlierYears: Rule I-05, a task table whose own title or sheet name is of
// an earlier year than another's is a memory of that year.
func (r *reading) dropEarlierYears(found []*office.Table) {
	years, latest := map[*office.Table]int{}, 0
	for _, t := range found {
		s, ok := r.sections[t]
		if !ok {
			continue
		}
		text := t.Sheet
		for _, row := range t.Rows[:s.headerAt] {
			text += "\n" + rowText(row)
		}
		years[t] = yearIn(text)
		latest = max(latest, years[t])
	}
	for t, y := range years {
		if y != 0 && y < latest || len(years) > 1 && earlierWords.MatchString(t.Sheet) {
			delete(r.sections, t)
			r.reasons[t] = ReasonOtherYear
		}
	}
	r.result.Year = latest
}

// continueTables: Rule I-08, in a text document a table of the same width that
// follows a task table and has no header goes on where that one stopped.
func (r *reading) continueTables() {
	var last *office.Table
	for _, b := range r.doc.Blocks {
		t := b.Table
		if t == nil || r.doc.Format != office.DOCX && r.doc.Format != office.DOC {
			continue
		}
		if r.isTaskTable(t) {
			last = t
			continue
		}
		if last == nil || t.Columns != last.Columns || len(t.Rows) == 0 || r.reasons[t] != ReasonOtherTable {
			continue
		}
		if h := r.sections[last].header; h.fits(t) {
			r.sections[t] = section{header: h, continued: true}
		}
	}
}

// fits reports whether the first row that is no heading reads as a task row.
func (h header) fits(t *office.Table) bool {
	for _, row := range t.Rows {
		filled := 0
		for c, cell := range row.Cells {
			text := plainText(cell.Text)
			if text == "" || cell.FromLeft {
				continue
			}
			filled++
			if h.columns[c].field == fieldNo && figuresOnly.MatchString(text) {
				return true
			}
			if h.columns[c].field == fieldDeadline && ReadDeadline(text, 2000).Kind != task.DeadlineUnparsed {
				return true
			}
		}
		if filled > 1 {
			return false
		}
	}
	return false
}

var earlierWords = regexp.MustCompile(`上年|去年|往年|历史|上一年`)

// readBlocks goes through the document in order.
func (r *reading) readBlocks() {
	for i, b := range r.doc.Blocks {
		switch {
		case b.Paragraph != nil:
			r.paragraphAround(i, *b.Paragraph)
		case r.isTaskTable(b.Table):
			r.taskTable(b.Table)
		default:
			r.otherTable(b.Table)
		}
	}
}

func (r *reading) isTaskTable(t *office.Table) bool {
	_, ok := r.sections[t]
	return ok
}

func (r *reading) otherTable(t *office.Table) {
	for _, row := range t.Rows {
		reason := r.reasons[t]
		if reason == "" {
			reason = ReasonOtherTable
		}
		if rowText(row) == "" {
			reason = ReasonBlank
		}
		if known, ok := r.about[row.Origin]; ok {
			reason = known
		}
		r.leave(reason, rowText(row), row.Origin)
	}
}

func (r *reading) leave(reason Reason, text string, origin office.Origin) {
	r.result.LeftOut = append(r.result.LeftOut, LeftOut{Reason: reason, Text: text, Origin: origin})
}

func (r *reading) heading(text string, origin office.Origin) {
	r.result.Headings = append(r.result.Headings, Heading{Text: text, Origin: origin})
}

// rowText joins the words of a row, each merge once.
func rowText(row office.Row) string {
	var parts []string
	for _, c := range row.Cells {
		if text := Tidy(c.Text); text != "" && !c.Covered() {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// doubt adds a warning, once per field and code.
func (row *Row) doubt(field, code string) {
	for _, w := range row.Warnings {
		if w.Field == field && w.Code == code {
			return
		}
	}
	row.Warnings = append(row.Warnings, Doubt{Field: field, Code: code})
}

// deadlineFrom sets the deadline of a row from a cell, or from its sentences.
func (row *Row) deadlineFrom(sentences []string, year int) {
	row.Deadline = task.Deadline{Kind: task.DeadlineNone}
	for _, s := range sentences {
		d, doubtful := findDeadline(s, year)
		if d.Kind == task.DeadlineNone && !doubtful {
			continue
		}
		if row.Deadline = d; doubtful {
			row.doubt("deadline", DoubtSeveral)
		}
		return
	}
}
