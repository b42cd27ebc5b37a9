package org

import "slices"

// Caller is somebody acting in a post: the person, the post and the unit that
// every permission is judged by. Its fields are closed, so that no other
// package can make one up; the zero Caller is nobody and is denied everything.
//
// A person with several posts acts in one of them at a time and so is several
// callers. Roles of different posts never add up.
type Caller struct {
	standing   standing
	person     Person
	post       Post
	unit       Unit
	lineAbove  []UnitID
	blockAbove []UnitID
	token      TokenID // by which a program acts for the person; "" when none does
}

// standing says which sort of caller it is. Zero is nobody.
type standing int

const (
	nobody standing = iota
	visitor
	holder
	machine
)

// Admit makes the caller for a person acting in a post of a unit. lineAbove and
// blockAbove are the unit's ancestors in line (条) and block (块), nearest first.
// The zero Caller comes back when an identity is empty or the post is not one
// of the unit's. Whether the person holds the post today, and has not retired,
// is checked before, by HolderOn: Admit knows no date.
func Admit(person Person, post Post, unit Unit, lineAbove, blockAbove []UnitID) Caller {
	if person.ID == "" || post.ID == "" || unit.ID == "" || post.Unit != unit.ID {
		return Caller{}
	}
	post.Roles = slices.Clone(post.Roles)
	unit.Aliases = slices.Clone(unit.Aliases)
	return Caller{
		standing: holder, person: person, post: post, unit: unit,
		lineAbove: slices.Clone(lineAbove), blockAbove: slices.Clone(blockAbove),
	}
}

// Public is the caller of somebody who has not signed in: it sees what is
// published and may do nothing.
func Public() Caller { return Caller{standing: visitor} }

// System is the caller of the worker and the timetable. It computes, closes
// periods and signs checkpoints; it holds no post and sees no page. Only
// wiring and jobs may use it.
func System() Caller { return Caller{standing: machine} }

// IsZero reports whether c is nobody.
func (c Caller) IsZero() bool { return c.standing == nobody }

// IsPublic reports whether c has not signed in.
func (c Caller) IsPublic() bool { return c.standing == visitor }

// IsSystem reports whether c is the worker or the timetable.
func (c Caller) IsSystem() bool { return c.standing == machine }

// SignedIn reports whether c is a person in a post.
func (c Caller) SignedIn() bool { return c.standing == holder }

// Person returns who acts; empty for nobody, the public and the system.
func (c Caller) Person() Person { return c.person }

// Post returns the post acted in.
func (c Caller) Post() Post {
	p := c.post
	p.Roles = slices.Clone(p.Roles)
	return p
}

// Unit returns the unit acted for.
func (c Caller) Unit() Unit {
	u := c.unit
	u.Aliases = slices.Clone(u.Aliases)
	return u
}

// Roles returns the roles of the post acted in.
func (c Caller) Roles() []Role { return slices.Clone(c.post.Roles) }

// Has reports whether the post acted in has the role.
func (c Caller) Has(r Role) bool { return slices.Contains(c.post.Roles, r) }

// LineAbove returns the unit's ancestors in the line, nearest first.
func (c Caller) LineAbove() []UnitID { return slices.Clone(c.lineAbove) }

// BlockAbove returns the unit's ancestors in the block, nearest first.
func (c Caller) BlockAbove() []UnitID { return slices.Clone(c.blockAbove) }

// provincial reports whether the unit works for the whole province: the
// province's government, the head of the agency's line and its offices, or a
// provincial committee's office. A provincial department (省财政厅) does not:
// it sees the tasks that it takes part in.
func (c Caller) provincial() bool {
	if c.standing != holder || c.unit.Level != Province {
		return false
	}
	switch c.unit.Kind {
	case Government, Agency, Committee:
		return true
	}
	return actsForGovernment(c.unit)
}

// government is the government that the unit is or acts for; "" for all others.
func (c Caller) government() UnitID {
	switch {
	case c.standing != holder:
		return ""
	case c.unit.Kind == Government:
		return c.unit.ID
	case actsForGovernment(c.unit):
		return c.unit.Block
	}
	return ""
}

// The functions of departments that act for their government as a whole: its
// office and its supervision offices. Supervision looks at every unit of the
// territory (政府督查工作条例, art. 4), so it sees what its government sees.
const (
	FunctionGovernmentOffice = "政府办公"
	FunctionSupervision      = "政府督查"
	FunctionTargets          = "目标督查"
)

func actsForGovernment(u Unit) bool {
	switch u.Function {
	case FunctionGovernmentOffice, FunctionSupervision, FunctionTargets:
		return u.Kind == Department
	}
	return false
}

// By is the same caller, acting through a program by a token. It changes nothing that
// a permission is judged by; the journal names it.
func (c Caller) By(t TokenID) Caller {
	c.token = t
	return c
}

// Token is the token by which a program acts for the caller, "" when none does.
func (c Caller) Token() TokenID { return c.token }
