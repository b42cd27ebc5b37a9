package paper

import (
	"errors"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// DraftFacts is what a draft rests on besides the document and its mends.
type DraftFacts struct {
	Year     int        // of the plan
	Office   org.UnitID // of the plan: it leads what nobody is named for
	Gatherer org.UnitID // suggested to lead what each member of a group does for itself
	Events   task.Events
	Workdays calendar.Workdays
	// Match finds a unit by its printed name in the plan's territory at the plan's
	// date. Successor is set only when the unit no longer existed then.
	Match func(printed string) org.Match
	// Members resolves a group in the plan's territory at the plan's date.
	Members func(org.GroupQuery) []org.UnitID
}

// DraftRow is a row of the table as it would be entered, with what is still in doubt.
type DraftRow struct {
	Index       int // in Result.Rows
	Row         Row // as read, with the corrected words in place of the original ones
	Title       string
	Measures    string
	Note        string
	Leads       []org.UnitID
	Cooperating []org.UnitID
	Each        []org.UnitID // members that each get a part of their own; Leads gathers
	LeadWords   string       // as printed, when the units are not simply those names
	Deadline    task.Deadline
	Due         calendar.Date
	Target      *task.Target
	EachTarget  *task.Target // of each member's part; nil: the words of the task are all there is
	Rollup      task.Rollup
	Questions   []Question // open and answered, in the order of the columns
	Corrected   bool       // somebody corrected its words
	Skipped     string     // why the office leaves it out; "" when it does not
}

// Open counts the questions that nobody has answered.
func (r DraftRow) Open() int {
	n := 0
	for _, q := range r.Questions {
		if q.Answer == nil {
			n++
		}
	}
	return n
}

// Ready reports whether the row can be entered.
func (r DraftRow) Ready() bool { return r.Skipped == "" && r.Open() == 0 }

// Mended reports whether somebody has decided something about the row and
// nothing is open.
func (r DraftRow) Mended() bool {
	return r.Skipped == "" && r.Open() == 0 && (r.Corrected || len(r.Questions) > 0)
}

// Draft works out how the rows of a reading would be entered. Rows that the
// original hides are not among them: they are on Result.LeftOut.
//
// Rule I-41 (ours): nothing is guessed. What the reader doubts, what no unit, day
// or number was found for, and what a task must not be (task.Check) becomes a
// question; a suggestion is only what the document itself or the plan says.
func Draft(r Result, m Mends, f DraftFacts) []DraftRow {
	d := drafting{DraftFacts: f, mends: m, undated: r.Year == 0, matches: map[string]org.Match{}, rows: map[string]int{}}
	out := make([]DraftRow, 0, len(r.Rows))
	for i, row := range r.Rows {
		if !row.Hidden {
			out = append(out, d.row(i, row))
		}
	}
	for i := range out {
		for j := range out[i].Questions {
			if q := &out[i].Questions[j]; q.Whole {
				q.Rows = d.rows[q.Key]
			}
		}
	}
	return out
}

// drafting is the work on one document.
type drafting struct {
	DraftFacts
	mends   Mends
	undated bool // the document names no year of its own
	matches map[string]org.Match
	rows    map[string]int // rows in which a question of the whole table stands
	last    []org.UnitID   // leads of the row above, when they are settled
}

func (d *drafting) row(index int, row Row) DraftRow {
	mend := d.mends.Rows[index]
	if d.undated && row.Deadline.Kind == task.DeadlineUnparsed {
		// Rule I-45: 年底前 in a table without a year is that of the plan it is brought in for.
		row.Deadline = ReadDeadline(row.Deadline.Text, d.Year)
	}
	row = mend.Words.over(row, d.Year)
	out := DraftRow{
		Index: index, Row: row, Title: row.Task, Measures: row.Measures, Note: row.Note, Rollup: task.RollupSum,
		Deadline: row.Deadline, Target: row.Target, Corrected: mend.Words != nil, Skipped: mend.Skip,
	}
	if out.Skipped != "" {
		return out
	}
	if out.Title == "" { // a table may keep all its words in the column of measures
		out.Title, out.Measures = row.Measures, ""
	}
	d.doubts(&out)
	d.units(&out)
	d.deadline(&out)
	d.target(&out)
	d.check(&out)
	for _, q := range out.Questions {
		if q.Whole {
			d.rows[q.Key]++
		}
	}
	return out
}

// ask adds a question to the row and returns its answer, or the zero one.
func (d *drafting) ask(out *DraftRow, q Question) Answer {
	given := d.mends.Rows[out.Index].Answers
	if q.Whole {
		given = d.mends.Whole
	}
	if a, ok := given[q.Key]; ok && slices.Contains(q.Choices, a.Choice) {
		q.Answer = &a
	}
	if !slices.ContainsFunc(out.Questions, func(o Question) bool { return o.Key == q.Key }) {
		out.Questions = append(out.Questions, q)
	}
	if q.Answer == nil {
		return Answer{}
	}
	return *q.Answer
}

// doubts asks about what the reader warned of and no other step looks at.
func (d *drafting) doubts(out *DraftRow) {
	for _, w := range out.Row.Warnings {
		switch {
		case w.Field == "deadline" || w.Field == "target" || w.Code == DoubtLeader || w.Code == DoubtNoLeader:
		case w.Code == DoubtNoTask:
			a := d.ask(out, Question{Key: "task", Code: w.Code, Field: "task", Choices: []Choice{ChooseText}})
			out.Title = a.Text
		default:
			d.ask(out, Question{
				Key: w.Field + "." + w.Code, Code: w.Code, Field: w.Field, Words: out.Row.words(w.Field),
				Choices: []Choice{ChooseKeep}, Suggest: &Answer{Choice: ChooseKeep},
			})
		}
	}
}

// words are those of the original that a field was read from.
func (row Row) words(field string) string {
	switch field {
	case "lead":
		return joinNames(row.Lead)
	case "cooperating":
		return joinNames(row.Cooperating)
	case "units":
		return joinNames(append(slices.Clone(row.Lead), row.Cooperating...))
	case "people":
		return joinNames(row.People)
	case "deadline":
		return row.Deadline.Text
	case "measures":
		return row.Measures
	case "target":
		if row.Target != nil {
			return row.Target.Text
		}
	case "note":
		return row.Note
	case "no":
		return row.No
	}
	return row.Task
}

func joinNames(names []string) string { return strings.Join(names, "、") }

// warned reports whether the reader doubted a field.
func (row Row) warned(field string) (Doubt, bool) {
	for _, w := range row.Warnings {
		if w.Field == field {
			return w, true
		}
	}
	return Doubt{}, false
}

// check asks about what a task must not be, once everything else is answered.
func (d *drafting) check(out *DraftRow) {
	if out.Open() > 0 {
		return
	}
	err := task.Check(task.Task{
		Title: out.Title, Leads: out.Leads, Cooperating: out.Cooperating, Due: out.Due,
		Deadline: out.Deadline, Target: out.Target, Weight: task.One,
	})
	var l fault.List
	errors.As(err, &l)
	for _, f := range l {
		field := f.Field
		if field == "leads" {
			field = "lead"
		}
		d.ask(out, Question{Key: "check." + field, Code: QuestionUnfit, Field: field, Words: out.Row.words(field), Fault: f})
	}
}
