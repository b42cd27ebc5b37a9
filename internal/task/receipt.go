package task

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// MinReason is how many characters a reason has at least: 不属我单位 is enough,
// 不行 is not.
const MinReason = 4

// CheckReason refuses a reason that says nothing: Invalid, reason.too-short, at
// the field reason.
func CheckReason(text string) error {
	_, err := reason(text)
	return err
}

// reason trims a reason and refuses one that says nothing.
func reason(text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) < MinReason {
		return "", fault.New(fault.Invalid, "reason.too-short", "Least", MinReason).On("reason")
	}
	return text, nil
}

// Sign takes a part over (签收). It is a Conflict (receipt.answered) when the
// part has been signed or refused.
func Sign(p Part, on calendar.Date) (Part, error) {
	if p.State != PartWaiting {
		return p, fault.New(fault.Conflict, "receipt.answered")
	}
	p.State, p.Signed, p.Reason = PartSigned, on, ""
	return p, nil
}

// Refuse sends a part back to the setter (退签).
//
// Rule T-05 (ours, expected.md lead 2): a refusal says why.
func Refuse(p Part, why string, on calendar.Date) (Part, error) {
	if p.State != PartWaiting {
		return p, fault.New(fault.Conflict, "receipt.answered")
	}
	text, err := reason(why)
	if err != nil {
		return p, err
	}
	p.State, p.Signed, p.Reason = PartRefused, on, text
	return p, nil
}

// Settle returns the state of a task from its parts.
//
// Rule T-06 (ours): one lead's refusal brings the task back to the setter,
// whatever the others say; when every lead has signed the task is in force. The
// answers of cooperating units change nothing: the setter hears of a refusal but
// the lead begins. A draft, a finished and a withdrawn task stay what they are.
func Settle(t Task, parts []Part) State {
	if t.State == Draft || t.State == Finished || t.State == Withdrawn {
		return t.State
	}
	leads, signed := 0, 0
	for _, p := range parts {
		if p.Role != Lead {
			continue
		}
		leads++
		switch p.State {
		case PartRefused:
			return Refused
		case PartSigned:
			signed++
		}
	}
	if leads > 0 && signed == leads {
		return InForce
	}
	return Issued
}

// ReceivedOn is the day on which the last lead signed for a task; zero while one
// has not.
func ReceivedOn(parts []Part) calendar.Date {
	var last calendar.Date
	for _, p := range parts {
		switch {
		case p.Role != Lead:
		case p.State != PartSigned:
			return calendar.Date{}
		case p.Signed.After(last):
			last = p.Signed
		}
	}
	return last
}

// WithdrawPart takes a part back from a unit: the setter's answer to a refusal
// that is right. The last lead's part cannot be taken back (receipt.last-lead):
// give it to another unit or withdraw the whole task. It is NotFound
// (receipt.no-part) when the unit has none. The caller settles the task after it.
func WithdrawPart(t Task, parts []Part, unit org.UnitID) (Task, []Part, error) {
	i := partOf(parts, unit)
	if i < 0 {
		return t, parts, fault.New(fault.NotFound, "receipt.no-part")
	}
	if parts[i].Role == Lead && len(t.Leads) < 2 {
		return t, parts, fault.New(fault.Conflict, "receipt.last-lead")
	}
	t.Leads = without(t.Leads, unit)
	t.Cooperating = without(t.Cooperating, unit)
	return t, slices.Delete(slices.Clone(parts), i, i+1), nil
}

// Reissue gives a refused part to the same unit again (维持), to be signed by
// due, with the setter's reason for it.
func Reissue(p Part, why string, due calendar.Date) (Part, error) {
	if p.State != PartRefused {
		return p, fault.New(fault.Conflict, "receipt.not-refused")
	}
	text, err := reason(why)
	if err != nil {
		return p, err
	}
	p.State, p.Signed, p.Reason, p.Due = PartWaiting, calendar.Date{}, text, due
	return p, nil
}

// GiveTo gives a part that is not signed to another unit in the same role, to be
// signed by due. A unit has one part in a task (receipt.takes-part).
func GiveTo(t Task, parts []Part, from, to org.UnitID, due calendar.Date) (Task, []Part, error) {
	i := partOf(parts, from)
	switch {
	case i < 0:
		return t, parts, fault.New(fault.NotFound, "receipt.no-part")
	case parts[i].State == PartSigned:
		return t, parts, fault.New(fault.Conflict, "receipt.answered")
	case to == "":
		return t, parts, fault.New(fault.Invalid, "receipt.unit-missing").On("unit")
	case partOf(parts, to) >= 0:
		return t, parts, fault.New(fault.Conflict, "receipt.takes-part").On("unit")
	}
	t.Leads = replaced(t.Leads, from, to)
	t.Cooperating = replaced(t.Cooperating, from, to)
	parts = slices.Clone(parts)
	parts[i] = Part{Task: t.ID, Unit: to, Role: parts[i].Role, State: PartWaiting, Due: due}
	return t, parts, nil
}

// Excuse lets the task finish without a cooperating unit's report.
func Excuse(p Part, why string) (Part, error) {
	if p.Role != Cooperating {
		return p, fault.New(fault.Conflict, "receipt.lead-not-excused")
	}
	text, err := reason(why)
	if err != nil {
		return p, err
	}
	p.Excused, p.Reason = true, text
	return p, nil
}

func partOf(parts []Part, unit org.UnitID) int {
	return slices.IndexFunc(parts, func(p Part) bool { return p.Unit == unit })
}

func without(units []org.UnitID, unit org.UnitID) []org.UnitID {
	return slices.DeleteFunc(slices.Clone(units), func(u org.UnitID) bool { return u == unit })
}

func replaced(units []org.UnitID, from, to org.UnitID) []org.UnitID {
	units = slices.Clone(units)
	for i := range units {
		if units[i] == from {
			units[i] = to
		}
	}
	return units
}
