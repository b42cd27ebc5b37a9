package paper

import (
	"maps"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Question is one thing in doubt (疑问), with the ways to answer it.
type Question struct {
	Key     string // names it within its row, or within the table when Whole
	Code    string // text key below "import.doubt.": a Doubt's, or one of those below
	Field   string // task, lead, cooperating, deadline, target …
	Name    string // the printed name of a unit that it is about
	Words   string // the words in doubt, as printed
	Units   []org.UnitID
	Choices []Choice // the ways to answer; none: only corrected words mend it
	Suggest *Answer  // what the document or the plan speaks for
	Whole   bool     // one answer holds for the whole table
	Rows    int      // in how many rows it stands, when Whole
	Answer  *Answer  // given
	Fault   *fault.Fault
}

// The codes of questions beside those of doubts.
const (
	QuestionUnknown   = "unit-unknown"      // no unit of this name
	QuestionAmbiguous = "unit-ambiguous"    // several units may be meant
	QuestionMerged    = "unit-merged"       // the unit no longer existed at the plan's date
	QuestionGroup     = "group"             // a group that has members: who leads
	QuestionGroupOpen = "group-open"        // 各有关单位: nobody is named
	QuestionShared    = "group-target"      // the number of a group: each member's, or of all
	QuestionDeadline  = "deadline-unparsed" // no day was found in the words
	QuestionEarly     = "deadline-early"    // the day lies before the plan's year
	QuestionUnfit     = "unfit"             // what a task must not be; Fault says what
)

// Choice is a way to answer a question.
type Choice string

// The choices.
const (
	ChooseUnits    Choice = "units"    // these units
	ChooseOpen     Choice = "open"     // left open: the office names them later
	ChooseEach     Choice = "each"     // each member for itself, gathered by the unit in Units
	ChooseTogether Choice = "together" // all members lead jointly
	ChooseFirst    Choice = "first"    // the first-named leads, the others help
	ChooseAll      Choice = "all"      // all of them lead
	ChooseDate     Choice = "date"     // this day
	ChooseNone     Choice = "none"     // no deadline; no number
	ChooseKeep     Choice = "keep"     // as read
	ChooseText     Choice = "text"     // these words
)

// Answer is what somebody decided.
type Answer struct {
	Choice Choice        `json:"choice"`
	Units  []org.UnitID  `json:"units,omitempty"`
	Date   calendar.Date `json:"date,omitzero"`
	Text   string        `json:"text,omitempty"`
}

// Words are corrected words of a row (更正); they are read anew. nil leaves a field as printed.
type Words struct {
	Task        *string `json:"task,omitempty"`
	Lead        *string `json:"lead,omitempty"`
	Cooperating *string `json:"cooperating,omitempty"`
	Deadline    *string `json:"deadline,omitempty"`
	Target      *string `json:"target,omitempty"`
}

// RowMend is what was decided about one row.
type RowMend struct {
	Answers map[string]Answer `json:"answers,omitempty"` // by Question.Key
	Words   *Words            `json:"words,omitempty"`
	Skip    string            `json:"skip,omitempty"` // why the row is left out; "" takes it in
}

// Mends is everything that was decided about one upload. It is a value: methods
// return a changed copy.
type Mends struct {
	Whole map[string]Answer `json:"whole,omitempty"` // answers that hold for the table
	Rows  map[int]RowMend   `json:"rows,omitempty"`  // by index in Result.Rows
	// Accepted are the changes taken over from a later version of a plan's table, by
	// Change.Key: their seals.
	Accepted map[string]string `json:"accepted,omitempty"`
}

// With returns the mends with a question of a row answered. rows is the draft by
// the mends so far. Faults: import.question-gone (Conflict); import.choice,
// import.units-missing, import.date-missing, import.words-missing (Invalid).
func (m Mends) With(rows []DraftRow, index int, key string, a Answer) (Mends, error) {
	q, ok := find(rows, index, key)
	if !ok {
		return m, fault.New(fault.Conflict, "import.question-gone")
	}
	if err := q.takes(a); err != nil {
		return m, err
	}
	return m.set(q, index, a), nil
}

func find(rows []DraftRow, index int, key string) (Question, bool) {
	for _, r := range rows {
		if r.Index != index {
			continue
		}
		for _, q := range r.Questions {
			if q.Key == key {
				return q, true
			}
		}
	}
	return Question{}, false
}

// takes reports what an answer lacks.
func (q Question) takes(a Answer) error {
	switch {
	case !slices.Contains(q.Choices, a.Choice):
		return fault.New(fault.Invalid, "import.choice").On("choice")
	case (a.Choice == ChooseUnits || q.Code == QuestionGroup && a.Choice == ChooseEach) && len(a.Units) == 0:
		return fault.New(fault.Invalid, "import.units-missing").On("unit")
	case a.Choice == ChooseDate && a.Date.IsZero():
		return fault.New(fault.Invalid, "import.date-missing").On("date")
	case a.Choice == ChooseText && Tidy(a.Text) == "":
		return fault.New(fault.Invalid, "import.words-missing").On("text")
	}
	return nil
}

func (m Mends) set(q Question, index int, a Answer) Mends {
	if q.Whole {
		m.Whole = maps.Clone(m.Whole)
		if m.Whole == nil {
			m.Whole = map[string]Answer{}
		}
		m.Whole[q.Key] = a
		return m
	}
	return m.row(index, func(r *RowMend) {
		r.Answers = maps.Clone(r.Answers)
		if r.Answers == nil {
			r.Answers = map[string]Answer{}
		}
		r.Answers[q.Key] = a
	})
}

func (m Mends) row(index int, change func(*RowMend)) Mends {
	r := m.Rows[index]
	change(&r)
	m.Rows = maps.Clone(m.Rows)
	if m.Rows == nil {
		m.Rows = map[int]RowMend{}
	}
	m.Rows[index] = r
	return m
}

// Accept returns the mends with every open question that has a suggestion
// answered by it, and how many those were.
func (m Mends) Accept(rows []DraftRow) (Mends, int) {
	n := 0
	done := map[string]bool{}
	for _, r := range rows {
		for _, q := range r.Questions {
			if q.Answer != nil || q.Suggest == nil || q.Whole && done[q.Key] {
				continue
			}
			done[q.Key] = q.Whole
			m = m.set(q, r.Index, *q.Suggest)
			n++
		}
	}
	return m, n
}

// Correct returns the mends with the words of a row corrected. Answers about the
// fields that change are dropped: they were about other words. Fields that read
// as printed are not corrections.
func (m Mends) Correct(rows []DraftRow, index int, w Words) Mends {
	for _, r := range rows {
		if r.Index != index {
			continue
		}
		return m.row(index, func(mend *RowMend) {
			mend.Words = w.beside(r.Row, mend.Words)
			mend.Answers = maps.Clone(mend.Answers)
			for _, key := range []string{"task", "no-leader", "deadline", "target", "group-target"} {
				delete(mend.Answers, key)
			}
		})
	}
	return m
}

// beside keeps of w what differs from the row as it reads now, over what was
// corrected before.
func (w Words) beside(row Row, before *Words) *Words {
	out := Words{}
	if before != nil {
		out = *before
	}
	take := func(to **string, typed *string, now string) {
		if typed != nil && Tidy(*typed) != now {
			s := Tidy(*typed)
			*to = &s
		}
	}
	take(&out.Task, w.Task, row.Task)
	take(&out.Lead, w.Lead, joinNames(row.Lead))
	take(&out.Cooperating, w.Cooperating, joinNames(row.Cooperating))
	take(&out.Deadline, w.Deadline, row.Deadline.Text)
	take(&out.Target, w.Target, row.words("target"))
	if out == (Words{}) {
		return nil
	}
	return &out
}

// LeaveOut returns the mends with a row left out for a reason; "" takes it in again.
func (m Mends) LeaveOut(index int, reason string) Mends {
	return m.row(index, func(r *RowMend) { r.Skip = Tidy(reason) })
}

// over puts corrected words into a row and drops the reader's doubts about them.
func (w *Words) over(row Row, year int) Row {
	if w == nil {
		return row
	}
	settled := map[string]bool{}
	if w.Task != nil {
		row.Task, settled["task"], settled["row"] = *w.Task, true, true
	}
	if w.Lead != nil {
		row.Lead, settled["lead"], settled["units"] = SplitUnits(*w.Lead), true, true
	}
	if w.Cooperating != nil {
		row.Cooperating, settled["cooperating"] = SplitUnits(*w.Cooperating), true
	}
	if w.Deadline != nil {
		row.Deadline, settled["deadline"] = ReadDeadline(*w.Deadline, year), true
		if day, ok := ReadDay(*w.Deadline, year); ok && row.Deadline.Kind == task.DeadlineUnparsed {
			row.Deadline = task.Deadline{Text: *w.Deadline, Kind: task.DeadlineByDate, Date: day}
		}
	}
	if w.Target != nil {
		row.Target, settled["target"] = ReadTarget(*w.Target, ""), true
	}
	row.Warnings = slices.DeleteFunc(slices.Clone(row.Warnings), func(d Doubt) bool { return settled[d.Field] })
	return row
}

// Tally counts a draft for its figures and tabs.
type Tally struct {
	Rows      int // not skipped
	Clear     int // nothing was in doubt and nobody changed anything
	Asked     int // something is or was in doubt, or was changed
	Mended    int // of Asked: all decided
	Open      int // of Asked: something is open
	Skipped   int
	Suggested int // open questions that have a suggestion, those of the whole table once
}

// Count counts a draft.
//
// Law: Rows is Clear + Mended + Open.
func Count(rows []DraftRow) (t Tally) {
	_, t.Suggested = Mends{}.Accept(rows)
	for _, r := range rows {
		switch {
		case r.Skipped != "":
			t.Skipped++
			continue
		case r.Open() > 0:
			t.Open++
		case r.Mended():
			t.Mended++
		default:
			t.Clear++
		}
		t.Rows++
	}
	t.Asked = t.Mended + t.Open
	return t
}
