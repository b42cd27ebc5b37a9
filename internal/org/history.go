package org

import (
	"fmt"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
)

// Dates. From is the first day and To the last day that something holds; a zero
// From means always, a zero To means still.

// holds reports whether day lies in from…to. The zero day is today and later:
// only what has no end holds on it.
func holds(from, to, day calendar.Date) bool {
	if day.IsZero() {
		return to.IsZero()
	}
	return !day.Before(from) && (to.IsZero() || !day.After(to))
}

// Exists reports whether the unit exists on the day.
func (u Unit) Exists(day calendar.Date) bool { return holds(u.From, u.To, day) }

// NameAt returns the name that the unit bore on the day: the record that holds
// on it, the latest begun when several do, or else the unit's name of today.
//
// Rule O-02 (units merge and are renamed; a document keeps the name it was
// issued with).
func NameAt(names []Name, unit Unit, day calendar.Date) string {
	best := Name{Name: unit.Name}
	for _, n := range names {
		if n.Unit == unit.ID && holds(n.From, n.To, day) && !n.From.Before(best.From) {
			best = n
		}
	}
	return best.Name
}

// ParentAt returns the unit above on the axis on the day: the record that
// holds, the latest begun when several do, or else the unit's place of today.
// "" is the top.
func ParentAt(parents []Parent, unit Unit, axis Axis, day calendar.Date) UnitID {
	best := Parent{Above: unit.Line}
	if axis == Block {
		best.Above = unit.Block
	}
	for _, p := range parents {
		if p.Unit == unit.ID && p.Axis == axis && holds(p.From, p.To, day) && !p.From.Before(best.From) {
			best = p
		}
	}
	return best.Above
}

// Ancestors returns the units above on the axis as they stand today, nearest
// first. A ring in the data ends the walk at its first repetition.
func Ancestors(units map[UnitID]Unit, unit UnitID, axis Axis) (out []UnitID) {
	for {
		u, ok := units[unit]
		if !ok {
			return out
		}
		above := u.Line
		if axis == Block {
			above = u.Block
		}
		if above == "" || above == unit || slices.Contains(out, above) {
			return out
		}
		out = append(out, above)
		unit = above
	}
}

// Merge ends the merged units the day before and starts the successor on the
// day (2018: 质监局, 工商局 and 食品药品监管局 become 市场监督管理局). It returns every
// changed record, the successor last; the merged keep their names and places.
// Units below a merged one are not moved: where they belong is decided by the
// office, unit by unit.
//
// Faults: org.merge-nothing, org.merge-itself, org.merge-ended.
func Merge(merged []Unit, successor Unit, day calendar.Date) ([]Unit, error) {
	if len(merged) == 0 {
		return nil, fault.New(fault.Invalid, "org.merge-nothing").On("merged")
	}
	out := make([]Unit, 0, len(merged)+1)
	for _, u := range merged {
		switch {
		case u.ID == successor.ID:
			return nil, fault.New(fault.Invalid, "org.merge-itself", "Name", u.Name).On("merged")
		case u.Successor != "" || !u.Exists(day.AddDays(-1)):
			return nil, fault.New(fault.Conflict, "org.merge-ended", "Name", u.Name).On("merged")
		}
		u.To, u.Successor = day.AddDays(-1), successor.ID
		out = append(out, u)
	}
	if successor.From.IsZero() || successor.From.After(day) {
		successor.From = day
	}
	return append(out, successor), nil
}

// Successors follows the successors of a unit and returns them nearest first;
// none when the unit has not been merged. A ring is an error: the record is broken.
func Successors(units map[UnitID]Unit, unit UnitID) (out []UnitID, err error) {
	for next := units[unit].Successor; next != ""; next = units[next].Successor {
		if next == unit || slices.Contains(out, next) {
			return nil, fmt.Errorf("org: following successors: unit %s succeeds itself", next)
		}
		out = append(out, next)
	}
	return out, nil
}

// HolderOn returns who holds the post on the day, in the order of the records.
// Responsibility belongs to the post; who answers for it is found by date.
func HolderOn(holdings []Holding, post PostID, day calendar.Date) (out []PersonID) {
	for _, h := range holdings {
		if h.Post == post && holds(h.From, h.To, day) {
			out = append(out, h.Person)
		}
	}
	return out
}

// PostsOn returns the posts that the person holds on the day. Somebody retired
// by then holds none.
func PostsOn(holdings []Holding, person Person, day calendar.Date) (out []PostID) {
	if !person.Retired.IsZero() && !day.Before(person.Retired) {
		return nil
	}
	for _, h := range holdings {
		if h.Person == person.ID && holds(h.From, h.To, day) {
			out = append(out, h.Post)
		}
	}
	return out
}

// CheckPost reports roles that must not meet in one post, or no role at all.
//
// Rule O-12 (GB/T 22239-2019 §8.1.4.2 and §8.1.5): system administration,
// security and audit are separate from each other and from the work itself.
func CheckPost(p Post) error {
	if len(p.Roles) == 0 {
		return fault.New(fault.Invalid, "org.post-without-role").On("roles")
	}
	for _, r := range p.Roles {
		if !slices.Contains([]Role{Office, Leader, Clerk, Verifier, Scorer, Auditor, Admin}, r) {
			return fault.New(fault.Invalid, "org.role-unknown", "Role", r).On("roles")
		}
		if (r == Admin || r == Auditor) && len(p.Roles) > 1 {
			return fault.New(fault.Invalid, "org.post-roles-separate").On("roles")
		}
	}
	return nil
}
