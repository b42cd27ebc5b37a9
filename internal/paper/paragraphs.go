package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/task"
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
	for _, b := range r.doc.Blocks[at+1:] {
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

var (
	// the bracket that closes a measure, before or after its full stop
	closingBracket = regexp.MustCompile(`^([\s\S]*?)[（(]((?:[^（）()]|[（(][^（）()]*[）)])*)[）)]\s*([。；;．.]?)\s*$`)
	bracketRole    = regexp.MustCompile(`牵头|负责|配合|责任单位|责任部门|主办|承办|协办|落实单位`)
)

// readParagraphs reads numbered measures of running text that end in their
// units: …（牵头单位：甲，配合单位：乙）. Rule I-35. A document in which fewer
// than two paragraphs do so is no task list, and all of it is left out.
func (r *reading) readParagraphs() {
	brackets := 0
	for _, b := range r.doc.Blocks {
		if b.Paragraph != nil {
			if _, bracket := splitBracket(b.Paragraph.Text); bracket != "" {
				brackets++
			}
		}
	}
	for _, b := range r.doc.Blocks {
		switch {
		case b.Table != nil:
			r.otherTable(b.Table)
		case brackets < 2:
			r.leaveParagraph(*b.Paragraph)
		default:
			r.measure(*b.Paragraph)
		}
	}
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

// splitBracket parts a paragraph from its closing bracket of units.
func splitBracket(text string) (body, bracket string) {
	if len(text) > 4*maxPhrase {
		return text, ""
	}
	m := closingBracket.FindStringSubmatch(text)
	if m == nil || !bracketRole.MatchString(m[2]) && !onlyUnits(m[2]) {
		return text, ""
	}
	return m[1], m[2]
}

// onlyUnits reports whether a bracket lists nothing but names of units.
func onlyUnits(bracket string) bool {
	names := SplitUnits(cutDeadline(bracket))
	for _, name := range names {
		if !endsLikeUnit(name) || !startsLikeUnit(name) || len([]rune(name)) < 3 {
			return false
		}
	}
	return len(names) > 0
}

// measure reads one paragraph of a document with bracketed units.
func (r *reading) measure(p office.Paragraph) {
	text := Tidy(p.Text)
	body, bracket := splitBracket(p.Text)
	number, rest := leadingNumber(Tidy(body))
	switch style := headingStyle(text); {
	case bracket == "" && (style == "1" || style == "2" || style == "part" || style == "section") && !sentence(text):
		r.stack.push(text)
		r.heading(text, p.Origin)
		return
	case bracket == "" && (number == "" || len(r.stack.texts) == 0 || r.about[p.Origin] != ""):
		r.leaveParagraph(p)
		return
	}
	r.units.inParagraphs = true
	row := Row{No: number, Task: rest, Chapter: r.stack.path(), Origin: p.Origin}
	side := readRoles(cutDeadline(bracket))
	row.Lead, row.Cooperating = side.lead, side.cooperating
	if side.doubtful || side.rest != "" && !deadlineOnly(side.rest, r.result.Year) {
		row.doubt("units", DoubtBrokenOff)
	}
	row.Target = findTarget(row.Task)
	row.Cells = []Cell{{Text: strings.TrimSpace(p.Text)}}
	r.units.sides = append(r.units.sides, side)
	if d, ok := bracketDeadline(bracket, r.result.Year); ok {
		row.Deadline = d
	} else {
		row.deadlineFrom([]string{row.Task}, r.result.Year)
	}
	r.result.Rows = append(r.result.Rows, row)
}

// bracketDeadline: a deadline in the closing bracket is its last part that
// names no unit.
func bracketDeadline(bracket string, year int) (task.Deadline, bool) {
	part := lastPart(bracket)
	if part == "" {
		return task.Deadline{}, false
	}
	part = deadlineLabel.ReplaceAllString(part, "")
	part = doneWords.ReplaceAllString(part, "")
	return ReadDeadline(part, year), true
}

var (
	deadlineLabel = regexp.MustCompile(`^(?:完成)?(?:时限|时间|期限|完成时间|完成时限|时间要求)[:：]`)
	doneWords     = regexp.MustCompile(`(?:完成|落实到位|推进|实施|办结)[。]?$`)
	timeWords     = regexp.MustCompile(`\d+年|\d+月|年底|年内|月底|季度|每年|每月|全年|长期|持续|适时|常态化|立行立改|上半年|下半年|工作日`)
	lastComma     = regexp.MustCompile(`[，,；;。\n]|\s(?:完成)?(?:时限|时间|期限)`)
)

// lastPart returns the last part of a bracket when it speaks of time and not of units.
func lastPart(bracket string) string {
	cuts := lastComma.FindAllStringIndex(bracket, -1)
	if len(cuts) == 0 {
		return ""
	}
	part := strings.TrimLeft(Tidy(bracket[cuts[len(cuts)-1][0]:]), "，,；;。")
	if deadlineLabel.MatchString(part) || timeWords.MatchString(plainText(part)) && !bracketRole.MatchString(part) && !endsLikeUnit(part) {
		return part
	}
	return ""
}

// cutDeadline takes that part off the bracket, so that only units remain.
func cutDeadline(bracket string) string {
	if lastPart(bracket) == "" {
		return bracket
	}
	cuts := lastComma.FindAllStringIndex(bracket, -1)
	return bracket[:cuts[len(cuts)-1][0]]
}

func deadlineOnly(text string, year int) bool {
	return ReadDeadline(text, year).Kind != task.DeadlineUnparsed
}
