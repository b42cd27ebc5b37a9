package task

import (
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Reseat gives a task to the units of a changed table: those that stay in their
// role keep their parts with the receipts, those that come wait to sign by due,
// the others lose theirs. reported are the units that have reported on it, setters
// those that gave out its parts. The caller settles the task after it.
//
// Rule I-65 (ours; docs/sources/reimport.md): who has reported, or has given parts to
// others, is not taken off a task by a table: Conflict (reimport.unit-reported,
// reimport.unit-split). A new lead has to sign, and the task waits for it (Rule T-06).
func Reseat(t Task, parts []Part, leads, cooperating, reported, setters []org.UnitID, due calendar.Date) (Task, []Part, error) {
	var next []Part
	place := func(units []org.UnitID, role Role) {
		for _, u := range units {
			i := partOf(parts, u)
			if i >= 0 && parts[i].Role == role {
				next = append(next, parts[i])
			} else {
				next = append(next, Part{Task: t.ID, Unit: u, Role: role, State: PartWaiting, Due: due})
			}
		}
	}
	place(leads, Lead)
	place(cooperating, Cooperating)
	for _, p := range parts {
		stays := slices.ContainsFunc(next, func(n Part) bool { return n.Unit == p.Unit && n.Role == p.Role })
		field := "lead"
		if p.Role == Cooperating {
			field = "cooperating"
		}
		switch {
		case stays:
		case slices.Contains(reported, p.Unit):
			return t, parts, fault.New(fault.Conflict, "reimport.unit-reported").On(field)
		case slices.Contains(setters, p.Unit) && !slices.Contains(leads, p.Unit):
			return t, parts, fault.New(fault.Conflict, "reimport.unit-split").On(field)
		}
	}
	t.Leads, t.Cooperating = slices.Clone(leads), slices.Clone(cooperating)
	return t, next, nil
}
