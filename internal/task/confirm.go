package task

import (
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Confirmation is what a party says to the verified figures of a task that serves
// a commitment (确认、异议、答复). It is the other side's word on what was delivered
// and no second verification: it moves no light and no score.
type Confirmation struct {
	Task     ID
	Party    org.UnitID
	Kind     ConfirmationKind
	Verified Quantity // the verified figure that it speaks of
	Finished bool     // whether the task was finished then
	Words    string
	On       calendar.Date
}

// ConfirmationKind is what a party says.
type ConfirmationKind string

// The kinds.
const (
	Confirms ConfirmationKind = "confirm" // 确认
	Disputes ConfirmationKind = "dispute" // 异议, with a reason
	Answers  ConfirmationKind = "answer"  // 答复, by the side that owes
)

// Confirmers returns the parties that confirm what is delivered under a commitment:
// the named one; each other's where several owe jointly; else all other parties.
func Confirmers(m memo.Memorandum, k memo.Commitment) []org.UnitID {
	switch {
	case k.Confirms != "":
		return []org.UnitID{k.Confirms}
	case len(k.Joint) > 0:
		return k.Obligors()
	}
	return slices.DeleteFunc(slices.Clone(m.Parties), func(u org.UnitID) bool { return u == k.Obligor })
}

// Word is where the other side's confirmation of a task stands.
type Word struct {
	Missing  []org.UnitID // have not confirmed the present figure
	Disputed []org.UnitID // dispute it and nobody has answered
	Answered []org.UnitID // disputed it and were answered: theirs to confirm now
}

// Settled reports whether all who confirm have confirmed the present figure.
func (w Word) Settled() bool { return len(w.Missing)+len(w.Disputed)+len(w.Answered) == 0 }

// WordOf works out where the confirmation of a task stands. all is what was said,
// oldest first.
//
// Rule IF-05 (ours; the issue: both sides owe): a confirmation is of the figure that
// was verified then; a new figure asks for a new word. A dispute stays until the
// party that raised it confirms.
func WordOf(t TaskStanding, confirmers []org.UnitID, all []Confirmation) (w Word) {
	for _, u := range confirmers {
		var last *Confirmation
		answered := false
		for i, c := range all {
			switch {
			case c.Kind == Answers:
				answered = true
			case c.Party == u:
				last, answered = &all[i], false
			}
		}
		switch {
		case last == nil:
			w.Missing = append(w.Missing, u)
		case last.Kind == Disputes && (answered || !last.speaksOf(t)):
			w.Answered = append(w.Answered, u)
		case last.Kind == Disputes:
			w.Disputed = append(w.Disputed, u)
		case !last.speaksOf(t):
			w.Missing = append(w.Missing, u)
		}
	}
	return w
}

// speaksOf reports whether the word was said of the task as it stands.
func (c Confirmation) speaksOf(t TaskStanding) bool {
	return c.Verified == t.Verified && c.Finished == (t.State == Finished)
}

// CheckConfirmation reports why a party may not say its word.
//
// Rule IF-05 (ours): the party that confirms says it, of something that was verified,
// once for a figure; a dispute gives its reason and is answered by the side that
// owes; it ends with a confirmation after the answer or after a new figure.
func CheckConfirmation(t TaskStanding, obligors, confirmers []org.UnitID, all []Confirmation, c Confirmation) error {
	w := WordOf(t, confirmers, all)
	if c.Kind == Answers {
		switch {
		case !slices.Contains(obligors, c.Party):
			return fault.New(fault.Denied, "confirm.not-yours-to-answer")
		case len(w.Disputed) == 0:
			return fault.New(fault.Conflict, "confirm.nothing-to-answer")
		}
		return CheckReason(c.Words)
	}
	switch {
	case c.Kind != Confirms && c.Kind != Disputes:
		return fault.New(fault.Invalid, "confirm.unknown").On("kind")
	case !slices.Contains(confirmers, c.Party):
		return fault.New(fault.Denied, "confirm.not-yours")
	case !t.Reported:
		return fault.New(fault.Conflict, "confirm.nothing-verified")
	case slices.Contains(w.Disputed, c.Party):
		return fault.New(fault.Conflict, "confirm.wait-for-answer")
	}
	if c.Kind == Disputes {
		return CheckReason(c.Words)
	}
	if !slices.Contains(w.Missing, c.Party) && !slices.Contains(w.Answered, c.Party) {
		return fault.New(fault.Conflict, "confirm.already")
	}
	return nil
}
