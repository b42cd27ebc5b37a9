package rubric

import (
	"regexp"
	"slices"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/paper"
)

// reader is one reading of a document.
type reader struct {
	doc    office.Document
	out    Rubric
	tables map[*office.Table]header
	lines  []line // what stands outside items: title, notes, running text
	root   *node
	stack  []styled // headings in force, from rows and paragraphs
	deduct bool     // the whole only takes points off
	about  map[office.Origin]paper.Reason
	items  []item
	totals []total
}

// node is a heading or an item in the tree of the rubric.
type node struct {
	words
	parent   *node
	children []*node
	items    []int // of reader.items, that end here
	cell     Points
	section  Kind
	origin   office.Origin
	heading  bool // came from a row or paragraph of its own
}

type styled struct {
	style string
	node  *node
}

// item is one row that is scored, before its points are settled.
type item struct {
	Row
	at        *node
	cell      scoreCell
	group     int // items with the same merged score cell share a number > 0
	kindWords string
	table     *office.Table
}

// total is a row that sums up.
type total struct {
	text   string
	points Points
	at     int // items before it
	all    bool
	origin office.Origin
}

type line struct {
	text   string
	origin office.Origin
	table  bool // in a rubric's table, or right above it
}

func newReader(doc office.Document) *reader {
	return &reader{doc: doc, out: Rubric{File: doc.Name}, tables: map[*office.Table]header{}, root: &node{}, about: map[office.Origin]paper.Reason{}}
}

// findTables finds the tables that are rubrics, or parts of one.
func (r *reader) findTables() {
	above := ""
	var last *header
	for _, b := range r.doc.Blocks {
		if b.Paragraph != nil {
			above += b.Paragraph.Text + "\n"
			continue
		}
		t := b.Table
		if t.Hidden {
			continue
		}
		h, ok := tableHeader(t, above, last != nil)
		if !ok && last != nil && t.Sheet == "" && t.Columns == len(last.roles) && !anyHeader(t) {
			h, ok = *last, true // goes on on the next page as a table of its own
			h.at, h.rows, h.inherit = 0, 0, true
		}
		if ok {
			r.tables[t] = h
			last = &h
		}
		above = ""
	}
	r.oneYear()
}

// anyHeader reports whether a table has a header of another kind.
func anyHeader(t *office.Table) bool {
	for i := 0; i < min(3, len(t.Rows)); i++ {
		known, cells := 0, 0
		for _, c := range t.Rows[i].Cells {
			if text := paper.Plain(c.Text); text != "" && !c.FromLeft {
				cells++
				if len([]rune(text)) <= 8 && classify(text) != roleNone {
					known++
				}
			}
		}
		if known >= 2 && known*2 > cells {
			return true
		}
	}
	return false
}

const headerWithin = 15 // rows from the top of a sheet

// tableHeader finds the first row that is the header of a rubric. After a first
// table one of its sections may say less (否决情形 | 处理).
func tableHeader(t *office.Table, above string, more bool) (header, bool) {
	words := above + t.Sheet
	for i := 0; i < min(len(t.Rows), headerWithin); i++ {
		if h, ok := readHeader(t, i); ok {
			w := h.weight(words)
			if w >= 3 || more && w >= 2 && h.kind != "" {
				return h, true
			}
		}
		for _, c := range t.Rows[i].Cells {
			if !c.Covered() {
				words += c.Text + "\n"
			}
		}
	}
	return header{}, false
}

// oneYear leaves out a sheet of an earlier year beside this year's.
func (r *reader) oneYear() {
	years := map[*office.Table]int{}
	newest := 0
	for t, h := range r.tables {
		y := paper.YearIn(t.Sheet)
		for i := 0; i < h.at && y == 0; i++ {
			y = paper.YearIn(rowText(t.Rows[i]))
		}
		years[t], newest = y, max(newest, y)
	}
	for t, y := range years {
		if y != 0 && y < newest && t.Sheet != "" {
			delete(r.tables, t)
		}
	}
}

// inRubric reports whether a place lies in a table of the rubric.
func (r *reader) inRubric(o office.Origin) bool {
	for t := range r.tables {
		if o.Paragraph == 0 && t.Origin.Sheet == o.Sheet && t.Origin.Table == o.Table {
			return true
		}
	}
	return false
}

// rowText joins the cells of a row, merges once.
func rowText(row office.Row) string {
	var parts []string
	for _, c := range row.Cells {
		if text := strings.TrimSpace(c.Text); text != "" && !c.FromLeft {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\t")
}

func (r *reader) leave(reason paper.Reason, row office.Row) {
	r.out.LeftOut = append(r.out.LeftOut, paper.LeftOut{Reason: reason, Text: paper.Tidy(rowText(row)), Origin: row.Origin})
}

// readBlocks reads tables and what stands between them, in order.
func (r *reader) readBlocks() {
	begun := false
	for _, b := range r.doc.Blocks {
		if p := b.Paragraph; p != nil {
			text := paper.Tidy(p.Text)
			reason, known := r.about[p.Origin]
			switch {
			case text == "":
				continue
			case known:
			case r.between(p) && styleOf(text) != "" && !sentence(text) || begun && sectionKind(text) != "" && !sentence(text):
				r.push(text, p.Origin, nil)
				continue
			default:
				reason = paper.ReasonBodyText
			}
			r.out.LeftOut = append(r.out.LeftOut, paper.LeftOut{Reason: reason, Text: text, Origin: p.Origin})
			continue
		}
		h, ok := r.tables[b.Table]
		if !ok {
			reason := paper.ReasonOtherTable
			if b.Table.Hidden {
				reason = paper.ReasonHiddenSheet
			}
			for _, row := range b.Table.Rows {
				if rowText(row) != "" {
					r.leave(reason, row)
				}
			}
			continue
		}
		begun = true
		tr := tableReader{reader: r, t: b.Table, h: h}
		tr.read()
	}
}

// between reports whether a paragraph is a heading of a table of the rubric: a
// table of it follows before any running text.
func (r *reader) between(p *office.Paragraph) bool {
	at := slices.IndexFunc(r.doc.Blocks, func(b office.Block) bool { return b.Paragraph == p })
	for _, b := range r.doc.Blocks[at+1:] {
		if b.Table != nil {
			_, ok := r.tables[b.Table]
			return ok
		}
		if text := paper.Tidy(b.Paragraph.Text); text != "" && (styleOf(text) == "" || sentence(text)) {
			return false
		}
	}
	return false
}

// numbering styles of headings. 1. and 1、 are one style, 1） and （1） are two.
var styles = []struct {
	name  string
	words *regexp.Regexp
}{
	{"part", regexp.MustCompile(`^第[一二三四五六七八九十百\d]+(?:部分|篇|编|章|类|项|大项)`)},
	{"section", regexp.MustCompile(`^第[一二三四五六七八九十百\d]+(?:节|条)`)},
	{"一", regexp.MustCompile(`^[一二三四五六七八九十百]+[、.．:：]`)},
	{"(一)", regexp.MustCompile(`^\([一二三四五六七八九十百]+\)`)},
	{"1.1.1", regexp.MustCompile(`^\d+\.\d+\.\d+`)},
	{"1.1", regexp.MustCompile(`^\d+\.\d+[^\d%]`)},
	{"1.", regexp.MustCompile(`^\d+[、.．](?:[^\d]|$)`)},
	{"(1)", regexp.MustCompile(`^\(\d+\)`)},
	{"1)", regexp.MustCompile(`^\d+\)`)},
	{"①", regexp.MustCompile(`^[①-⑳]`)},
	{"A", regexp.MustCompile(`^[A-Za-z][.、)]`)},
}

var indexOf = regexp.MustCompile(`^(?:第[一二三四五六七八九十百\d]+(?:部分|篇|编|章|类|项|大项|节|条)|[一二三四五六七八九十百]+[、.．:：]|\([一二三四五六七八九十百]+\)|\d+\.\d+(?:\.\d+)?[.、]?|\d+[、.．]|\(\d+\)|\d+\)|[①-⑳]|[A-Za-z][.、)])`)

// styleOf names the way a text is numbered; "" when it is not.
func styleOf(text string) string {
	s := paper.Plain(text)
	for _, style := range styles {
		if style.words.MatchString(s) {
			return style.name
		}
	}
	return ""
}

// printedIndex is the number of a text as printed, "2." or （三）.
func printedIndex(text string) string { return indexOf.FindString(paper.Plain(text)) }

// push puts a heading in force. One numbered in the same way replaces its
// predecessor and everything below that; one without a number that names a
// section of its own (加分项) closes all others.
func (r *reader) push(text string, origin office.Origin, cell Points) *node {
	style := styleOf(text)
	r.pop(style)
	if style == "" && (sectionKind(text) != "" || r.unnumbered()) {
		r.stack = nil
	}
	n := r.child(r.top(), text, origin)
	n.heading, n.cell = true, cell
	r.stack = append(r.stack, styled{style, n})
	return n
}

// unnumbered reports whether a heading without a number is in force.
func (r *reader) unnumbered() bool {
	return slices.ContainsFunc(r.stack, func(s styled) bool { return s.style == "" })
}

// pop ends the headings down from one that is numbered in the same way.
func (r *reader) pop(style string) {
	if style == "" {
		return
	}
	for i, s := range r.stack {
		if s.style == style {
			r.stack = r.stack[:i]
			return
		}
	}
}

func (r *reader) top() *node {
	if len(r.stack) == 0 {
		return r.root
	}
	return r.stack[len(r.stack)-1].node
}

// child adds a node below another.
func (r *reader) child(parent *node, text string, origin office.Origin) *node {
	n := &node{words: readWords(text), parent: parent, section: sectionKind(text), origin: origin}
	parent.children = append(parent.children, n)
	return n
}

// path is the words from the top down to the node.
func (n *node) path() []string {
	if n == nil || n.parent == nil {
		return nil
	}
	return append(n.parent.path(), n.text)
}

func sentence(text string) bool {
	return len([]rune(text)) > 60 || strings.HasSuffix(text, "。") || strings.HasSuffix(text, "；") || strings.Contains(text, "。") && len([]rune(text)) > 25
}
