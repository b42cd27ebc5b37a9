package paper

import (
	"regexp"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/office"
	"gongjian/internal/task"
)

var dittoMark = regexp.MustCompile(`^(?:同上|同前|上同|〃|″|"|""|,,)$`)

// raw are the texts of a row that need more than tidying.
type raw struct {
	lead, cooperating string
	deadline          office.Cell
	target, unit      string
}

// taskRow reads a row of the table.
func (r *tableReader) taskRow(row office.Row) {
	texts, guessed := r.resolve(row)
	out := Row{Hidden: row.Hidden, Origin: row.Origin, Chapter: r.stack.path()}
	for _, f := range guessed {
		out.doubt(f, DoubtSeveral)
	}
	var rest raw
	for c, col := range r.header.columns {
		out.Cells = append(out.Cells, Cell{
			Header: headerText(col), Text: strings.TrimSpace(row.Cells[c].Text), Hidden: r.t.HiddenColumns[c],
		})
		if row.Cells[c].Uncomputed {
			out.doubt("row", DoubtFormula)
		}
		out.take(col, texts[c], &rest, r.cache)
		if col.field == fieldDeadline {
			rest.deadline = row.Cells[c]
			rest.deadline.Text = texts[c]
		}
	}
	if !r.header.has(fieldNo) {
		out.No, out.Task = leadingNumber(out.Task)
	}
	if out.Task == "" && out.Measures == "" {
		out.doubt("row", DoubtNoTask)
	}
	r.units.note(r.header, out.readUnits(r.header, rest.lead, rest.cooperating, r.cache))
	r.readDeadlineOf(&out, rest.deadline)
	r.readTargetOf(&out, rest.target, rest.unit)
	r.result.Rows = append(r.result.Rows, out)
	if row.Hidden {
		r.leave(ReasonHiddenRow, rowText(row), row.Origin)
		return
	}
	r.above = texts
}

// take puts the text of one column where it belongs.
func (row *Row) take(col column, text string, rest *raw, known cache) {
	blank := isBlank(text)
	switch col.field {
	case fieldNo:
		row.No = strings.TrimRight(Tidy(text), ".．、。")
	case fieldChapter:
		if !blank {
			row.Chapter = append(row.Chapter, Tidy(text))
		}
	case fieldTask:
		row.Task = Tidy(text)
	case fieldMeasures:
		row.Measures = Tidy(text)
	case fieldLead:
		rest.lead = text
		if mixedHeader.MatchString(plainText(col.header)) {
			var persons []string
			rest.lead, persons = partPersons(text)
			row.People = append(row.People, persons...)
			row.doubt("units", DoubtMixed)
		}
	case fieldCooperating:
		rest.cooperating += "\n" + text
	case fieldPeople:
		row.People = append(row.People, known.peopleOf(text)...)
	case fieldTarget:
		rest.target = text
	case fieldUnit:
		rest.unit = text
	case fieldNote:
		if !blank {
			row.Note = Tidy(text)
		}
	}
}

// partPersons parts the units of a mixed cell from the persons: what ends like
// a unit's name is one.
func partPersons(text string) (units string, persons []string) {
	var names []string
	for _, name := range splitPeople(text) {
		if endsLikeUnit(name) && (startsLikeUnit(name) || !personName.MatchString(name)) {
			names = append(names, name)
		} else {
			persons = append(persons, name)
		}
	}
	return strings.Join(names, "、"), persons
}

func headerText(c column) string {
	if c.parent != "" && c.parent != c.header {
		return c.parent + " " + c.header
	}
	return c.header
}

// leadingNumber takes the printed number off a text: 3．建立… is 3 and 建立….
var startsWithNumber = regexp.MustCompile(`^(?:(\d{1,3}(?:-\d{1,3})?)[.．、）)]|([①-⑳])|([（(][\d一二三四五六七八九十]{1,3}[）)])|([一二三四五六七八九十]{1,3})、)\s*([^\d].*)$`)

func leadingNumber(text string) (string, string) {
	if m := startsWithNumber.FindStringSubmatch(text); m != nil {
		return m[1] + m[2] + m[3] + m[4], m[5]
	}
	return "", text
}

// resolve returns the text of every column: cells covered from the left are
// blank, ditto marks and, by Rule I-04, some blanks repeat the cell above. It
// names the fields for which that is a guess (Rule I-52).
func (r *tableReader) resolve(row office.Row) (out, guessed []string) {
	out = make([]string, len(r.header.columns))
	for c := range out {
		cell := row.Cells[c]
		if !cell.FromLeft && !r.t.HiddenColumns[c] {
			out[c] = cell.Text
		}
		if len(out[c]) < 24 && dittoMark.MatchString(plainText(out[c])) {
			out[c] = r.above[c]
		}
	}
	blank := func(f field) bool {
		for c, col := range r.header.columns {
			if col.field == f && strings.TrimSpace(out[c]) != "" {
				return false
			}
		}
		return true
	}
	// A line of measures below the first line of its task.
	further := blank(fieldNo) && blank(fieldTask) && !blank(fieldMeasures)
	for c, col := range r.header.columns {
		if strings.TrimSpace(out[c]) != "" || row.Cells[c].Covered() {
			continue
		}
		switch col.field {
		case fieldChapter:
			out[c] = r.above[c]
		case fieldNo, fieldTask:
			if r.carry || further {
				out[c] = r.above[c]
			} else if r.undone && col.field == fieldNo && r.above[c] != "" {
				out[c], guessed = r.above[c], append(guessed, "no")
			}
		case fieldLead:
			if r.carry || further && !r.merged {
				out[c] = r.above[c]
			} else if r.undone && r.above[c] != "" {
				out[c], guessed = r.above[c], append(guessed, "lead")
			}
		}
	}
	return out, guessed
}

// readUnits sets both sides of the units and returns the reading of the lead cell.
func (row *Row) readUnits(h header, lead, coop string, known cache) roles {
	side := known.rolesOf(lead)
	row.Lead, row.Cooperating = side.lead, side.cooperating
	row.People = append(row.People, side.people...)
	if side.rest != "" || side.doubtful {
		row.doubt("units", DoubtBrokenOff)
	}
	help := known.rolesOf(coop)
	row.Cooperating = append(row.Cooperating, append(help.lead, help.cooperating...)...)
	if help.doubtful {
		row.doubt("cooperating", DoubtBrokenOff)
	}
	if len(row.Lead) == 0 && h.has(fieldLead) {
		row.doubt("lead", DoubtNoLeader)
	}
	return side
}

// readDeadlineOf: from the column if there is one, else from the sentences.
func (r *tableReader) readDeadlineOf(row *Row, cell office.Cell) {
	if !r.header.has(fieldDeadline) {
		row.deadlineFrom([]string{row.Measures, row.Task}, r.result.Year)
		return
	}
	d, doubtful := r.cache.deadlineOf(cell, r.result.Year)
	// A date cell that shows month and day knows its year better than the title does.
	if !cell.Date.IsZero() && d.Kind == task.DeadlineByDate && sameDay(d.Date, cell.Date) && d.Date != cell.Date {
		d.Date = cell.Date
		row.doubt("deadline", DoubtYear)
	}
	if d.Kind == task.DeadlineNone {
		d.Text = ""
	}
	if row.Deadline = d; doubtful {
		row.doubt("deadline", DoubtSeveral)
	}
}

func sameDay(a, b calendar.Date) bool { return a.Month == b.Month && a.Day == b.Day }

// readTargetOf: from the column if there is one, else from the task, then the measures.
func (r *tableReader) readTargetOf(row *Row, text, unit string) {
	if r.header.has(fieldTarget) {
		t, doubtful := r.cache.targetOf(text, unit)
		if row.Target = t; doubtful {
			row.doubt("target", DoubtFigure)
		}
		return
	}
	if row.Target = findTarget(row.Task); row.Target == nil {
		row.Target = findTarget(row.Measures)
	}
}

var (
	postBefore = regexp.MustCompile(`(?:常委|党组书记|党组成员|党委书记|党委委员|党工委书记|工委书记|副书记|书记|委员|党组副书记)$`)
	postAfter  = regexp.MustCompile(`^(?:常务)?副?(?:省|市|县|区|州|局|厅|处|科|部|秘书|院|校|镇|乡|主)(?:长|任|席)|^\p{Han}{0,6}(?:部部长|部长|书记|主任|局长|总工会主席|委主任)`)
	postWord   = regexp.MustCompile(`(?:长|主任|书记|主席|主委|经理|秘书长|部长|常委|总工程师|调研员|处长|校长)$`)
	personName = regexp.MustCompile(`^(?:\p{Han}[XxＸ×某\*]{1,2}|\p{Han}{2,3})$`)
)

// phoneNumber is taken off the names of a column of persons and telephones.
var phoneNumber = regexp.MustCompile(`[（(]?(?:\d{3,4}[-—－])?\d{7,11}[）)]?`)

// splitPeople lists persons and posts; 县委常委、副县长 is one post.
func splitPeople(text string) []string {
	if len(text) > maxPhrase || blankCell.MatchString(plainText(text)) {
		return nil
	}
	var out []string
	for _, p := range cutNames(text) {
		name := cleanName(phoneNumber.ReplaceAllString(p.text, ""))
		if name == "" {
			continue
		}
		if n := len(out); n > 0 {
			last := out[n-1]
			switch {
			case p.separator == '、' && postBefore.MatchString(last) && postAfter.MatchString(name):
				out[n-1] = last + "、" + name
				continue
			case p.separator == ' ' && (postWord.MatchString(last) && personName.MatchString(name) && !postWord.MatchString(name) ||
				personName.MatchString(last) && !postWord.MatchString(last) && postWord.MatchString(name)):
				out[n-1] = last + name
				continue
			}
		}
		out = append(out, name)
	}
	return out
}
