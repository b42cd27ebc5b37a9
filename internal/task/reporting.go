package task

import (
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// ReportInput is what a unit hands in.
type ReportInput struct {
	ID        ReportID
	Period    calendar.Period
	Kind      ReportKind
	Value     Quantity // cumulative; read for ReportValue only
	Words     string
	Evidence  []EvidenceID
	Completes bool
	Why       string
	By        org.PersonID
	Post      org.PostID
	Due       calendar.Date // last day in time: Ruleset.LastDay
	// For a report that completes only:
	Parts []Part  // all parts of the task
	Below *Figure // roll-up of the parts below without own reports; nil: the task is not split
}

// Live reports whether the report stands: handed in, noted or verified, and
// neither returned nor taken back.
func (r Report) Live() bool {
	return r.State == ReportSubmitted || r.State == ReportVerified || r.State == ReportNoted
}

// NewReport checks what a unit hands in and makes the report. prior holds the
// reports of the task so far, of all units, in any order. The faults of the form
// come together, each at its field; a state that forbids the act comes alone.
//
// Rules T-10 to T-14 are enforced here; docs/sources/task.md has their sources.
func NewReport(t Task, part Part, prior []Report, in ReportInput, now time.Time, today calendar.Date) (Report, error) {
	if err := mayReport(t, part, in.Period, today); err != nil {
		return Report{}, err
	}
	r := Report{
		ID: in.ID, Task: t.ID, Unit: part.Unit, Role: part.Role, Period: in.Period, Round: 1,
		Kind: in.Kind, Words: strings.TrimSpace(in.Words), Evidence: slices.Clone(in.Evidence),
		Completes: in.Completes, Why: strings.TrimSpace(in.Why),
		State: ReportSubmitted, Late: !in.Due.IsZero() && today.After(in.Due),
		By: in.By, Post: in.Post, At: now, Version: 1,
	}
	last := claimBefore(prior, part.Unit, in.Period)
	r.Value = last
	if in.Kind == ReportValue {
		r.Value = in.Value
	}
	if before, ok := lastRound(prior, part.Unit, in.Period); ok {
		if err := before.blocks(r); err != nil {
			return Report{}, err
		}
		r.Round = before.Round + 1
	}
	if in.Kind == ReportNoChange {
		r.State = ReportNoted
	}
	l := checkForm(t, r, last)
	if in.Completes {
		l = append(l, checkCompletion(t, r, prior, in)...)
	}
	if err := l.Err(); err != nil {
		return Report{}, err
	}
	return r, nil
}

// mayReport: Rule T-10 (ours): a unit reports on a task that it has signed for
// and that is neither a draft nor closed, for a period that belongs to the task
// and has begun. Another lead's open receipt or refusal does not hold it up.
func mayReport(t Task, part Part, p calendar.Period, today calendar.Date) error {
	switch {
	case part.Task != t.ID || part.Unit == "":
		return fault.New(fault.Denied, "report.no-part")
	case t.State == Draft || t.State == Finished || t.State == Withdrawn:
		return fault.New(fault.Conflict, "report.task-closed")
	case part.State != PartSigned:
		return fault.New(fault.Conflict, "report.not-signed")
	case p.IsZero() || !p.Valid() || p.Kind != t.PeriodKind() || (!t.Start.IsZero() && p.Last().Before(t.Start)):
		return fault.New(fault.Invalid, "report.no-such-period", "Period", p.String()).On("period")
	case p.First().After(today):
		return fault.New(fault.Invalid, "report.period-not-begun", "Period", p.String(), "First", p.First()).On("period")
	}
	return nil
}

// PeriodKind is the length of the task's periods. A task without a cadence asks
// for no regular report and is reported by the month when there is something to say.
func (t Task) PeriodKind() calendar.PeriodKind {
	if t.Cadence == "" {
		return calendar.Month
	}
	return t.Cadence
}

// blocks: Rule T-11 (field.md S61: two feedbacks for one matter; double clicks):
// there is one live report for a task, unit and period. Handing in the same again
// is report.already, something else report.live; after a return or a taking back
// the next round is open.
func (r Report) blocks(next Report) error {
	switch {
	case !r.Live():
		return nil
	case r.Kind == next.Kind && r.Value == next.Value && r.Words == next.Words &&
		r.Completes == next.Completes && slices.Equal(r.Evidence, next.Evidence):
		return fault.New(fault.Conflict, "report.already")
	}
	return fault.New(fault.Conflict, "report.live", "Period", r.Period.String())
}

// checkForm: Rule T-12 (ours; the field's hint 累计不会变少): values are cumulative;
// one that is less than the unit's claim for earlier periods says why. Words are
// words, evidence comes where the task asks for it, and "no change" completes
// nothing and needs no evidence.
func checkForm(t Task, r Report, last Quantity) (l fault.List) {
	switch r.Kind {
	case ReportValue:
		if r.Value < 0 {
			l = append(l, fault.New(fault.Invalid, "quantity.negative").On("value"))
		} else if r.Value > Largest {
			l = append(l, fault.New(fault.Invalid, "quantity.too-large", "Text", r.Value.String()).On("value"))
		} else if r.Value < last && r.Why == "" {
			l = append(l, fault.New(fault.Invalid, "report.less-than-before", "Last", last, "Unit", t.measure()).On("value"))
		}
	case ReportWords:
		if r.Words == "" {
			l = append(l, fault.New(fault.Invalid, "report.words-missing").On("words"))
		}
	case ReportNoChange:
		if r.Completes {
			l = append(l, fault.New(fault.Invalid, "report.no-change-completes").On("completes"))
		}
	default:
		l = append(l, fault.New(fault.Invalid, "report.kind-missing").On("kind"))
	}
	asks := r.Kind == ReportValue || (r.Completes && r.Kind == ReportWords)
	if asks && strings.TrimSpace(t.EvidenceWanted) != "" && len(r.Evidence) == 0 {
		l = append(l, fault.New(fault.Invalid, "report.evidence-missing", "Wanted", t.EvidenceWanted).On("evidence"))
	}
	return l
}

func (t Task) measure() string {
	if t.Target == nil {
		return ""
	}
	return t.Target.Unit
}

// checkCompletion: Rule T-13 (ours; lead and cooperating units of field.md §1.2):
// only a lead claims completion, when every cooperating unit has reported at
// least once or is excused, and, with a number to reach or to keep, when the
// claim of all leads and parts together meets the target.
func checkCompletion(t Task, r Report, prior []Report, in ReportInput) (l fault.List) {
	if r.Role != Lead {
		return fault.List{fault.New(fault.Invalid, "report.completes-no-lead").On("completes")}
	}
	open := 0
	for _, p := range in.Parts {
		if p.Role == Cooperating && !p.Excused && !slices.ContainsFunc(prior, func(r Report) bool { return r.Unit == p.Unit && r.Live() }) {
			open++
		}
	}
	if open > 0 {
		l = append(l, fault.New(fault.Conflict, "report.cooperating-open", "n", open).On("completes"))
	}
	if t.Target.Numeric() {
		claim := claimOfTask(t, r, prior, in.Below)
		if !t.Target.Met(claim) {
			n, _ := t.Target.number()
			l = append(l, fault.New(fault.Invalid, "report.target-not-met", "Claimed", claim, "Target", n, "Unit", t.measure()).On("completes"))
		}
	}
	return l
}

func claimOfTask(t Task, r Report, prior []Report, below *Figure) Quantity {
	if below != nil && (t.Rollup == RollupCount || t.Rollup == RollupShare) {
		return below.Claimed
	}
	own := LeadFigure(append(slices.Clone(prior), r)).Claimed
	if below != nil {
		own = Sum(own, below.Claimed)
	}
	return own
}

// Verifier is who verifies or returns a report.
type Verifier struct {
	Person org.PersonID
	Unit   org.UnitID
}

// Verify accepts a report (核实); note may be empty.
//
// Rule T-14 (expected.md lead 3, field.md §6 OGP self-report versus review S91):
// whoever reports does not verify: neither the person nor the unit.
func Verify(t Task, r Report, by Verifier, note string, now time.Time) (Report, error) {
	return verdict(t, r, by, ReportVerified, strings.TrimSpace(note), now)
}

// Return sends a report back with a reason (退回). The report keeps its author
// and its content; the unit hands in the next round.
func Return(t Task, r Report, by Verifier, why string, now time.Time) (Report, error) {
	text, err := reason(why)
	if err != nil {
		return r, err
	}
	return verdict(t, r, by, ReportReturned, text, now)
}

func verdict(t Task, r Report, by Verifier, state ReportState, text string, now time.Time) (Report, error) {
	switch {
	case r.Task != t.ID:
		return r, fault.New(fault.NotFound, "report.other-task")
	case by.Unit == r.Unit || by.Person == r.By:
		return r, fault.New(fault.Denied, "report.own-report")
	case r.State != ReportSubmitted:
		return r, fault.New(fault.Conflict, "report.not-submitted")
	case t.State == Withdrawn:
		return r, fault.New(fault.Conflict, "report.task-closed")
	}
	r.State, r.Verdict, r.VerdictBy, r.VerdictAt = state, text, by.Person, now
	return r, nil
}

// TakeBack withdraws a report that nobody has verified or returned (撤回). Only
// the reporting unit may. What is noted, and thus never verified, stands once its
// period's last day, due, is over: lights and scores rest on it from then on.
func TakeBack(r Report, unit org.UnitID, due, today calendar.Date) (Report, error) {
	if r.Unit != unit {
		return r, fault.New(fault.Denied, "report.not-yours")
	}
	if r.State != ReportSubmitted && r.State != ReportNoted {
		return r, fault.New(fault.Conflict, "report.judged")
	}
	if r.State == ReportNoted && today.After(due) {
		return r, fault.New(fault.Conflict, "report.period-over", "Due", due)
	}
	r.State = ReportTakenBack
	return r, nil
}

// VerifierOf returns the unit that verifies what reportingUnit reports: the
// setter. Where the setter itself reports, it cannot check itself (Rule T-14):
// the supervising unit does, if it is another one, or else above, the unit above
// the setter in line or block, which the caller names. "" means that nobody can;
// the caller refuses the report.
func VerifierOf(t Task, reportingUnit, above org.UnitID) org.UnitID {
	for _, u := range []org.UnitID{t.Setter, t.Supervising, above} {
		if u != "" && u != reportingUnit {
			return u
		}
	}
	return ""
}

// Finishes reports whether a report ends the task (办结).
//
// Rule T-15 (ours): a verified report that completes ends it. With a number the
// verified figure of the task, own and parts together, meets the target; whole
// is that figure. A task that only lacks verification of a part stays open.
func Finishes(t Task, r Report, whole Figure) bool {
	if r.Task != t.ID || r.State != ReportVerified || !r.Completes || r.Role != Lead {
		return false
	}
	if t.State == Draft || t.State == Withdrawn || t.State == Finished { // the day of finishing does not move
		return false
	}
	return !t.Target.Numeric() || t.Target.Met(whole.Verified)
}
