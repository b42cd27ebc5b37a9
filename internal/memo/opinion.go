package memo

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// OpinionID names an opinion.
type OpinionID string

// OpinionKind is whose opinion a party asks for.
type OpinionKind string

// The kinds of opinion.
const (
	DepartmentOpinion OpinionKind = "department" // 会签
	LegalOpinion      OpinionKind = "legal"      // 法制审核
)

// OpinionKinds returns the kinds in the order of pages.
func OpinionKinds() []OpinionKind { return []OpinionKind{DepartmentOpinion, LegalOpinion} }

// OpinionResult is what an opinion comes to.
type OpinionResult string

// The results. The empty one is an opinion that is still asked for.
const (
	Agrees  OpinionResult = "agree"
	Amends  OpinionResult = "amend"  // agrees if something is changed
	Objects OpinionResult = "object" // 不同意
)

// OpinionResults returns the results in the order of pages.
func OpinionResults() []OpinionResult { return []OpinionResult{Agrees, Amends, Objects} }

// Opinion is what one unit of a party says to a version before the party answers
// it. Nobody but that party and the unit that was asked reads it.
type Opinion struct {
	ID      OpinionID
	Version VersionID
	Party   org.UnitID // that asks
	Asked   org.UnitID // the party itself (its legal office), or a unit below it
	Kind    OpinionKind
	Due     calendar.Date
	AskedBy org.PersonID
	AskedOn calendar.Date
	Result  OpinionResult
	Words   string
	By      org.PersonID
	On      calendar.Date
}

// Open reports whether the unit has not answered.
func (o Opinion) Open() bool { return o.Result == "" }

// CheckAsk reports why an opinion may not be asked for. below says that the unit is
// the party's own or stands below it; asked are those asked for already.
//
// Rule M-06 (党政机关公文处理工作条例 art. 20, 重大行政决策程序暂行条例 art. 25): a party asks
// its own units, with a day, about a version that lies before it or is agreed on and
// not yet signed; the one who asks does not answer.
func CheckAsk(v Version, o Opinion, below bool, asked []Opinion, today calendar.Date) error {
	switch {
	case !slices.Contains(v.Text.Units(), o.Party):
		return fault.New(fault.Denied, "version.not-a-party")
	case v.State != Open && v.State != AgreedOn:
		return fault.New(fault.Conflict, "opinion.version-settled", "Number", v.Number)
	}
	var l fault.List
	if !slices.Contains(OpinionKinds(), o.Kind) {
		l = append(l, fault.New(fault.Invalid, "opinion.kind-missing").On("kind"))
	}
	switch {
	case o.Asked == "":
		l = append(l, fault.New(fault.Invalid, "opinion.unit-missing").On("asked"))
	case !below:
		l = append(l, fault.New(fault.Invalid, "opinion.unit-not-yours").On("asked"))
	case slices.ContainsFunc(asked, func(x Opinion) bool {
		return x.Party == o.Party && x.Asked == o.Asked && x.Kind == o.Kind && x.Open()
	}):
		l = append(l, fault.New(fault.Conflict, "opinion.asked-already").On("asked"))
	}
	switch {
	case o.Due.IsZero():
		l = append(l, fault.New(fault.Invalid, "opinion.due-missing").On("due"))
	case o.Due.Before(today):
		l = append(l, fault.New(fault.Invalid, "opinion.due-past").On("due"))
	}
	return l.Err()
}

// CheckGive reports why a person may not give the opinion.
func (o Opinion) CheckGive(by org.PersonID, result OpinionResult, words string) error {
	switch {
	case !o.Open():
		return fault.New(fault.Conflict, "opinion.given")
	case by == o.AskedBy:
		return fault.New(fault.Denied, "opinion.asked-yourself")
	case !slices.Contains(OpinionResults(), result):
		return fault.New(fault.Invalid, "opinion.result-missing").On("result")
	case result != Agrees && strings.TrimSpace(words) == "":
		return fault.New(fault.Invalid, "opinion.words-missing").On("words")
	}
	return nil
}

// Misgivings returns the opinions that stand against accepting a version now: those
// still open, and a legal check that objects and was not followed by a later one of
// the same unit that does not.
func Misgivings(all []Opinion) (out []Opinion) {
	for i, o := range all {
		later := slices.ContainsFunc(all[i+1:], func(x Opinion) bool { return x.Kind == o.Kind && x.Asked == o.Asked && !x.Open() })
		if o.Open() || o.Kind == LegalOpinion && o.Result == Objects && !later {
			out = append(out, o)
		}
	}
	return out
}

// CheckAcceptance reports why a party may not accept a version in the face of its own
// opinions, in the order in which they were asked for. despite is why it does all the same.
//
// Rule M-07 (重大行政决策程序暂行条例 art. 25: no decision without the legal check; ours, that
// the leader may still decide): what the party's own legal check objects to, or what its
// units have not answered, is accepted only with an explicit reason, which is kept.
func CheckAcceptance(own []Opinion, despite string) error {
	open := Misgivings(own)
	if len(open) == 0 || strings.TrimSpace(despite) != "" {
		return nil
	}
	if slices.ContainsFunc(open, func(o Opinion) bool { return o.Result == Objects }) {
		return fault.New(fault.Conflict, "opinion.legal-objects").On("despite")
	}
	return fault.New(fault.Conflict, "opinion.open", "Count", len(open)).On("despite")
}
