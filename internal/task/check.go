package task

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Check reports what is wrong with a task as it is entered or changed, all at
// once, each at its field. What a document leaves open (no deadline, no target,
// no weight) is not wrong.
func Check(t Task) error {
	var l fault.List
	bad := func(wrong bool, key, field string, args ...any) {
		if wrong {
			l = append(l, fault.New(fault.Invalid, key, args...).On(field))
		}
	}
	bad(strings.TrimSpace(t.Title) == "", "task.title-missing", "title")
	bad(len(t.Leads) == 0, "task.lead-missing", "leads")
	units := append(slices.Clone(t.Leads), t.Cooperating...)
	slices.Sort(units)
	bad(len(slices.Compact(slices.Clone(units))) < len(units), "task.unit-twice", "leads")
	bad(!t.Start.IsZero() && !t.Due.IsZero() && t.Due.Before(t.Start), "task.due-before-start", "due", "Start", t.Start)
	bad(t.Cadence != "" && t.Cadence.Months() == 0, "task.cadence-unknown", "cadence")
	bad(!slices.Contains([]Rollup{"", RollupSum, RollupCount, RollupShare}, t.Rollup), "task.rollup-unknown", "rollup")
	bad(!t.Deadline.valid(), "task.deadline-incomplete", "deadline")
	bad(t.Weight < 0 || t.Weight > Largest, "quantity.negative", "weight")
	if t.Target != nil {
		bad(t.Target.Value < 0 || t.Target.High < 0, "quantity.negative", "target")
		bad(t.Target.Value > Largest || t.Target.High > Largest, "quantity.too-large", "target", "Text", t.Target.Text)
		bad(t.Target.Op == OpRange && t.Target.High < t.Target.Value, "task.range-reversed", "target")
		bad(!slices.Contains([]Op{OpNone, OpAtLeast, OpAtMost, OpAbout, OpRange, OpFirst, OpEqual}, t.Target.Op), "task.op-unknown", "target")
	}
	return l.Err()
}

// CheckOpen refuses acts on a task that is finished or withdrawn.
func CheckOpen(t Task) error {
	if t.State == Finished || t.State == Withdrawn {
		return fault.New(fault.Conflict, "task.closed")
	}
	return nil
}

// valid reports whether the deadline has what its kind needs.
func (d Deadline) valid() bool {
	switch d.Kind {
	case DeadlineByDate:
		return !d.Date.IsZero()
	case DeadlineRange:
		return !d.Date.IsZero() && !d.From.IsZero() && !d.Date.Before(d.From)
	case DeadlineRecurring:
		return slices.Contains([]string{"month", "two-months", "quarter", "half-year", "year"}, d.Every)
	case DeadlineRelative:
		return d.Relative != nil && slices.Contains([]string{"signing", "receipt", "approval", "issue"}, d.Relative.To) &&
			d.Relative.Days+d.Relative.Workdays+d.Relative.Months+d.Relative.Years > 0
	case DeadlineNone, DeadlineStanding, DeadlineUnparsed:
		return true
	}
	return false
}

// PartFor returns the task that one unit below gets when a parent is split; the
// caller sets ID, Position, Setter, Leads and Region. It keeps the parent's
// words, course, cadence and evidence; its weight is One. Without a day of its
// own it has the parent's deadline (同上级). It is issued with the parent.
func PartFor(parent Task, target *Target, due calendar.Date) Task {
	t := Task{
		Plan: parent.Plan, Commitment: parent.Commitment, Parent: parent.ID, Root: parent.Root, Depth: parent.Depth + 1,
		Chapter: slices.Clone(parent.Chapter), Title: parent.Title, Measures: parent.Measures, Field: parent.Field,
		Deadline: parent.Deadline, Start: parent.Start, Due: parent.Due, Target: target, Weight: One,
		EvidenceWanted: parent.EvidenceWanted, Cadence: parent.Cadence, Rollup: RollupSum, State: Issued,
	}
	if parent.State == Draft {
		t.State = Draft
	}
	if !due.IsZero() && due != parent.Due {
		t.Due = due
		t.Deadline = Deadline{Text: parent.Deadline.Text, Kind: DeadlineByDate, Date: due, StandingAfter: parent.Deadline.StandingAfter}
	}
	return t
}

// TakesPart reports whether the unit leads the task or cooperates in it.
func (t Task) TakesPart(unit org.UnitID) bool {
	return slices.Contains(t.Leads, unit) || slices.Contains(t.Cooperating, unit)
}
