package official

import (
	"strconv"

	"gongjian/internal/calendar"
	"gongjian/internal/letter"
	"gongjian/internal/task"
)

// Letter is the kind of responsibility letters (目标责任书). They are drawn and signed
// by acts of their own, so Kinds leaves them out.
const Letter Kind = "letter"

// LetterSide is one of the two that sign a letter.
type LetterSide struct {
	Word   Text          `json:"word"` // 下达方, 承担方
	Name   Text          `json:"name"`
	Signer Text          `json:"signer,omitempty"` // "" while nobody has signed: a line to write on
	On     calendar.Date `json:"on,omitzero"`
	How    Text          `json:"how,omitempty"`
}

// LetterTask is a row of a letter's table.
type LetterTask struct {
	No, Title, Measures, Role, Target, Deadline, Weight, Clause Text
}

// LetterChange is a task before and after.
type LetterChange struct{ Old, New LetterTask }

// LetterData is a responsibility letter, or a supplement to one.
type LetterData struct {
	Frame
	Body   letter.Body `json:"body"`
	Digest Text        `json:"digest"`
	Issue  Text        `json:"issue,omitempty"` // issue number, once it was given out
	Giver  LetterSide  `json:"giver"`
	Taker  LetterSide  `json:"taker"`
}

// LetterOf is the data of a letter that nobody has signed.
func LetterOf(b letter.Body) *LetterData {
	return &LetterData{
		Frame: Frame{Date: b.Made}, Body: b, Digest: Text(b.Digest()),
		Giver: LetterSide{Word: "下达方", Name: Text(b.Giver.Name)}, Taker: LetterSide{Word: "承担方", Name: Text(b.Taker.Name)},
	}
}

// Sides are both, the giver first.
func (d *LetterData) Sides() []*LetterSide { return []*LetterSide{&d.Giver, &d.Taker} }

// Kind is Letter.
func (*LetterData) Kind() Kind { return Letter }

// About is the frame.
func (d *LetterData) About() *Frame { return &d.Frame }

// LetterTitle is what a letter is called, in its text and in what is signed.
func LetterTitle(b letter.Body) string {
	name := b.Taker.Name + strconv.Itoa(b.Year) + "年度目标责任书"
	if b.Number > 0 {
		name += "补充（第" + strconv.Itoa(b.Number) + "号）"
	}
	return name
}

func (d *LetterData) prepare() any {
	out := struct {
		*LetterData
		Title, Named, Under     Text
		Year, Number            int
		Count, Leads, Helps     int
		Tasks, Added, Withdrawn []LetterTask
		Changed                 []LetterChange
	}{
		LetterData: d, Title: Text(LetterTitle(d.Body)), Named: named(Text(d.Body.PlanTitle)), Under: named(Text(d.Body.Memorandum)),
		Year: d.Body.Year, Number: d.Body.Number, Count: len(d.Body.Tasks), Tasks: letterTasks(d.Body.Tasks),
	}
	for _, t := range d.Body.Tasks {
		if t.Role == task.Lead {
			out.Leads++
		}
	}
	out.Helps = out.Count - out.Leads
	if c := d.Body.Changes; c != nil {
		out.Added, out.Withdrawn = letterTasks(c.Added), letterTasks(c.Withdrawn)
		for _, x := range c.Changed {
			out.Changed = append(out.Changed, LetterChange{letterTask(x.Old, x.Old.No), letterTask(x.New, x.New.No)})
		}
	}
	return out
}

// letterTasks numbers the rows anew where the plan prints no numbers.
func letterTasks(all []letter.Task) []LetterTask {
	out := make([]LetterTask, len(all))
	for i, t := range all {
		no := t.No
		if no == "" {
			no = strconv.Itoa(i + 1)
		}
		out[i] = letterTask(t, no)
	}
	return out
}

func letterTask(t letter.Task, no string) LetterTask {
	deadline := t.Deadline
	if deadline == "" {
		deadline = Day(t.Due)
	}
	return LetterTask{
		No: Text(no), Title: Text(t.Title), Measures: Text(t.Measures), Role: RoleWord(t.Role == task.Lead), Target: Text(t.Target),
		Deadline: Text(deadline), Weight: Text(t.Weight.String()), Clause: Text(t.Clause),
	}
}
