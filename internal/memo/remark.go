package memo

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// RemarkID names a remark.
type RemarkID string

// Remark is what a party says to a clause of a version (意见), for all parties to
// read. Another party answers it; the one that raised it closes it.
type Remark struct {
	ID       RemarkID
	Version  VersionID
	Clause   ClauseID // "" is the text as a whole
	Party    org.UnitID
	Words    string
	On       calendar.Date
	Answer   string
	AnswerBy org.UnitID
	Answered calendar.Date
	Closed   calendar.Date // zero: open
}

// CheckRemark reports why a remark may not be made.
//
// Rule M-05 (征求意见: who raises a point says when it is settled): a party remarks
// on a clause that the version has; another party answers, once; only the party
// that raised it closes it, answered or not.
func CheckRemark(v Version, r Remark) error {
	switch {
	case !slices.Contains(v.Text.Units(), r.Party):
		return fault.New(fault.Denied, "version.not-a-party")
	case v.State == SignedByAll || v.State == TakenBack:
		return fault.New(fault.Conflict, "remark.version-settled", "Number", v.Number)
	case r.Clause != "" && !v.Text.Has(r.Clause):
		return fault.New(fault.Conflict, "remark.no-such-clause", "Number", v.Number)
	case strings.TrimSpace(r.Words) == "":
		return fault.New(fault.Invalid, "remark.words-missing").On("words")
	}
	return nil
}

// CheckAnswer reports why a party may not answer the remark with these words.
func (r Remark) CheckAnswer(v Version, by org.UnitID, words string) error {
	switch {
	case !slices.Contains(v.Text.Units(), by):
		return fault.New(fault.Denied, "version.not-a-party")
	case !r.Closed.IsZero():
		return fault.New(fault.Conflict, "remark.closed")
	case by == r.Party:
		return fault.New(fault.Conflict, "remark.own")
	case !r.Answered.IsZero():
		return fault.New(fault.Conflict, "remark.answered")
	case strings.TrimSpace(words) == "":
		return fault.New(fault.Invalid, "remark.answer-missing").On("words")
	}
	return nil
}

// CheckClose reports why a party may not close the remark.
func (r Remark) CheckClose(by org.UnitID) error {
	switch {
	case by != r.Party:
		return fault.New(fault.Denied, "remark.not-yours")
	case !r.Closed.IsZero():
		return fault.New(fault.Conflict, "remark.closed")
	}
	return nil
}

// Has reports whether a clause of the identity stands in the text.
func (t Text) Has(id ClauseID) bool {
	return slices.ContainsFunc(t.Clauses, func(c Clause) bool { return c.ID == id })
}
