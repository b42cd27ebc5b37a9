package paper

import (
	"strings"
	"unicode/utf8"

	"gongjian/internal/office"
)

// paragraphAround sorts a paragraph of a document that has task tables: a
// heading right above such a table is a chapter of it.
func (r *reading) paragraphAround(at int, p office.Paragraph) {
	text := Tidy(p.Text)
	reason, known := r.about[p.Origin]
	switch {
	case text == "":
		r.leave(ReasonBlank, "", p.Origin)
	case known:
		r.stack.clear()
		r.leave(reason, text, p.Origin)
	case r.headsTable(at, text):
		r.stack.push(text)
		r.heading(text, p.Origin)
	case noteWords.MatchString(text):
		r.leave(ReasonNote, text, p.Origin)
	default:
		if headingStyle(text) == "" && titleLike(text) && titleEnd.MatchString(text) || annexWord.MatchString(text) {
			r.stack.clear()
			r.leave(ReasonTitle, text, p.Origin)
			return
		}
		r.leave(ReasonBodyText, text, p.Origin)
	}
}

// headingReach is how many paragraphs above its table a heading may stand.
const headingReach = 20

// headsTable reports whether only headings, blanks and one lead-in paragraph
// stand between this paragraph and the next task table.
func (r *reading) headsTable(at int, text string) bool {
	if sentence(text) || annexWord.MatchString(text) || len([]rune(text)) > 50 || dateAtEnd.MatchString(text) {
		return false
	}
	if headingStyle(text) == "" && (len(r.sections) < 2 || titleEnd.MatchString(text) || strings.ContainsAny(text, "：:（(")) {
		return false
	}
	leadIns := 0
	for _, b := range r.doc.Blocks[at+1 : min(at+1+headingReach, len(r.doc.Blocks))] {
		if b.Table != nil {
			return r.isTaskTable(b.Table) && (leadIns == 0 || headingStyle(text) != "" && leadIns == 1 && len(r.sections) > 1)
		}
		next := Tidy(b.Paragraph.Text)
		if _, about := r.about[b.Paragraph.Origin]; about || annexWord.MatchString(next) {
			return false
		}
		if next != "" && (headingStyle(next) == "" || sentence(next)) {
			leadIns++
		}
	}
	return false
}

// measureText is a paragraph of a document without a task table, together with
// the lines below it that only name its units or deadline.
type measureText struct {
	text   string // as it stands
	body   string // without the closing brackets
	end    closing
	origin office.Origin
	more   []office.Paragraph // the lines joined to it
}

// readParagraphs reads numbered measures of running text that end in their
// units: …（牵头单位：甲，配合单位：乙）. Rule I-35. A document in which fewer
// than two paragraphs do so is no task list, and all of it is left out.
func (r *reading) readParagraphs() {
	texts := r.joinedParagraphs()
	brackets := 0
	for _, m := range texts {
		if !m.end.none() {
			brackets++
		}
	}
	at := 0
	for _, b := range r.doc.Blocks {
		if b.Table != nil {
			r.otherTable(b.Table)
			continue
		}
		if at == len(texts) || texts[at].origin != b.Paragraph.Origin {
			continue // a line joined to the measure before it
		}
		m := texts[at]
		at++
		if brackets < 2 {
			r.leaveParagraph(*b.Paragraph)
		} else {
			r.measure(m, texts[at:])
		}
		for _, p := range m.more {
			if brackets < 2 {
				r.leaveParagraph(p)
			} else {
				r.leave(ReasonNote, Tidy(p.Text), p.Origin)
			}
		}
	}
}

// joinedParagraphs: Rule I-54, a bracket on a line of its own, and a line that
// begins with 牵头单位： or 完成时限：, belong to the measure above.
func (r *reading) joinedParagraphs() []measureText {
	var out []measureText
	for _, b := range r.doc.Blocks {
		if b.Paragraph == nil {
			continue
		}
		p := *b.Paragraph
		m := measureText{text: p.Text, origin: p.Origin}
		m.body, m.end = splitClosing(p.Text)
		alone := !m.end.none() && strings.TrimSpace(m.body) == ""
		if label := labelLine.MatchString(p.Text); label && utf8.RuneCountInString(p.Text) < 300 {
			m.end = closing{count: 1}
			m.end.read(p.Text)
			alone = true
		}
		above := len(out) - 1
		for above >= 0 && strings.TrimSpace(out[above].text) == "" {
			above--
		}
		if alone && above >= 0 && r.about[out[above].origin] == "" && (out[above].end.none() || len(out[above].more) > 0) {
			out[above].join(m, p)
			for _, blank := range out[above+1:] {
				out[above].more = append(out[above].more, office.Paragraph{Text: blank.text, Origin: blank.origin})
			}
			out = out[:above+1]
			continue
		}
		out = append(out, m)
	}
	return out
}

// join adds what a line below a measure says.
func (m *measureText) join(line measureText, p office.Paragraph) {
	if m.end.units != "" && line.end.units != "" {
		m.end.units += "；"
	}
	m.end.units += line.end.units
	if line.end.dated {
		m.end.deadline, m.end.dated = line.end.deadline, true
	}
	m.end.people = append(m.end.people, line.end.people...)
	m.end.count++
	m.more = append(m.more, p)
}

func (r *reading) leaveParagraph(p office.Paragraph) {
	reason, known := r.about[p.Origin]
	switch {
	case strings.TrimSpace(p.Text) == "":
		reason = ReasonBlank
	case !known:
		reason = ReasonBodyText
	}
	r.leave(reason, Tidy(p.Text), p.Origin)
}

// headsMeasures: Rule I-57, it reports whether a paragraph without units is a heading of those
// that follow: a short numbered text above one that is numbered more deeply.
func (r *reading) headsMeasures(text string, following []measureText) bool {
	style := headingStyle(text)
	if style == "" || utf8.RuneCountInString(text) > 40 {
		return false
	}
	short := !sentence(text) || utf8.RuneCountInString(text) <= 30 && strings.Index(text, "。") == len(text)-len("。")
	if style < "3" || style == "part" || style == "section" {
		return short
	}
	for _, next := range following {
		below := headingStyle(Tidy(next.text))
		if strings.TrimSpace(next.text) != "" {
			return short && !next.end.none() && below != "" && below > style
		}
	}
	return false
}

// measure reads one paragraph of a document with bracketed units.
func (r *reading) measure(m measureText, following []measureText) {
	text := Tidy(m.text)
	number, rest := leadingNumber(Tidy(m.body))
	switch {
	case m.end.none() && r.about[m.origin] == "" && r.headsMeasures(text, following):
		r.stack.push(text)
		r.heading(text, m.origin)
		return
	case m.end.none() && (number == "" || len(r.stack.texts) == 0 || r.about[m.origin] != ""):
		r.leaveParagraph(office.Paragraph{Text: m.text, Origin: m.origin})
		return
	}
	r.units.inParagraphs = true
	row := Row{No: number, Task: rest, Chapter: r.stack.above(text), Origin: m.origin, People: m.end.people}
	side := readRoles(m.end.units)
	row.Lead, row.Cooperating = side.lead, side.cooperating
	if side.doubtful || side.rest != "" {
		row.doubt("units", DoubtBrokenOff)
	}
	if inner, _ := innerUnits(m.body); inner { // (一)…（甲负责）；（二）…（乙负责）
		row.doubt("units", DoubtSeveral)
		row.doubt("row", DoubtSeveral)
	}
	row.Target = findTarget(row.Task)
	whole := strings.TrimSpace(m.text)
	for _, p := range m.more {
		whole = strings.TrimSpace(whole + "\n" + strings.TrimSpace(p.Text))
	}
	row.Cells = []Cell{{Text: whole}}
	r.units.sides = append(r.units.sides, side)
	if m.end.dated {
		d, doubtful := m.end.deadlineOf(r.result.Year)
		if row.Deadline = d; doubtful {
			row.doubt("deadline", DoubtSeveral)
		}
	} else {
		row.deadlineFrom([]string{row.Task}, r.result.Year)
	}
	r.result.Rows = append(r.result.Rows, row)
}

// innerUnits: Rule I-58, it reports whether a bracket inside a measure names units as well.
func innerUnits(body string) (bool, string) {
	for at := 0; at < len(body); {
		i := strings.IndexAny(body[at:], closeBrackets)
		if i < 0 {
			return false, ""
		}
		_, size := utf8.DecodeRuneInString(body[at+i:])
		at += i + size
		if _, inner, ok := lastBracket(body[:at]); ok && roleVerb.MatchString(inner) && bracketRole.MatchString(inner) {
			return true, inner
		}
	}
	return false, ""
}
