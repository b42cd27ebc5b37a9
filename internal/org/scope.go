package org

import "slices"

// Scope is what a caller sees in lists. It is derived from the caller and is
// what queries are filtered by; the policies of see.* decide the same for one
// thing, and a property test keeps the two equal. The zero Scope sees nothing.
//
// A scope is a sum of reaches: a task is seen when any of them holds it. A clerk
// (联络员) reaches what the unit itself takes part in; the other roles also what
// lies below the unit.
type Scope struct {
	all       bool
	published bool
	unit      UnitID
	line      UnitID
	block     UnitID
	territory RegionCode
}

// ScopeOf derives the scope of a caller.
//
// Rule O-12 (GB/T 22239-2019 §8.1.4.2, separation of administrators): a post
// with the role admin sees no business figures, whatever other roles it has.
func ScopeOf(c Caller) Scope {
	switch c.standing {
	case visitor, machine:
		return Scope{published: true}
	case holder:
	default:
		return Scope{}
	}
	s := Scope{published: true}
	if c.Has(Admin) {
		return s
	}
	over := c.Has(Office) || c.Has(Leader) || c.Has(Verifier) || c.Has(Scorer)
	if c.Has(Auditor) || (over && c.provincial()) {
		s.all = true
		return s
	}
	if !over && !c.Has(Clerk) {
		return s
	}
	s.unit = c.unit.ID
	if !over {
		return s
	}
	s.line = c.unit.ID
	s.block = c.government()
	if s.block != "" || c.unit.Kind == Agency {
		s.territory = c.unit.Region
	}
	return s
}

// Scope is ScopeOf(c).
func (c Caller) Scope() Scope { return ScopeOf(c) }

// IsZero reports whether s is the zero Scope, which sees nothing at all.
func (s Scope) IsZero() bool { return s == Scope{} }

// Nothing reports whether s sees no business record; published things may
// still be seen.
func (s Scope) Nothing() bool { return !s.all && s.unit == "" }

// All reports whether s sees every record.
func (s Scope) All() bool { return s.all }

// Published reports whether s sees what is published. Only the zero Scope does not.
func (s Scope) Published() bool { return s.published }

// Unit returns the unit whose own tasks are seen: those that it leads, helps,
// supervises, has set, verifies or runs the plan of. "" is none.
func (s Scope) Unit() UnitID { return s.unit }

// Line returns the unit below which, in the line (条), all is seen; "" is none.
func (s Scope) Line() UnitID { return s.line }

// Block returns the government below which, in the block (块), all is seen; "" is none.
func (s Scope) Block() UnitID { return s.block }

// Territory returns the region whose memorandums and plans are seen; "" is none.
func (s Scope) Territory() RegionCode { return s.territory }

// TerritoryPrefix returns the first digits that the region codes of the
// territory share (51, 5105, 510521); "" when there is no territory, which must
// not be read as "all".
func (s Scope) TerritoryPrefix() string {
	if s.territory == "" {
		return ""
	}
	return s.territory.Prefix()
}

// SeesTask is the meaning that a query for tasks must equal:
//
//	all
//	or unit is the plan's office, the setter, the verifier or one of a report's verifiers
//	or the task is no draft, and
//	     unit is a lead, a cooperating or the supervising unit
//	     or line is above a unit taking part
//	     or block is a unit taking part or above one
//
// Rule O-05 (垂直管理, the line answers for the units below): a unit sees the tasks below it in its line.
// Rule O-06 (属地管理, 政府督查工作条例 art. 4): a government sees the tasks of its block.
func (s Scope) SeesTask(t TaskFacts) bool {
	if s.all {
		return true
	}
	if s.unit == "" {
		return false
	}
	if s.unit == t.Office || s.unit == t.Setter || s.unit == t.Verifies() || slices.Contains(t.Verifiers, s.unit) {
		return true
	}
	if t.Draft {
		return false
	}
	return s.unit == t.Supervising ||
		slices.Contains(t.Leads, s.unit) || slices.Contains(t.Cooperating, s.unit) ||
		(s.line != "" && slices.Contains(t.LineAbove, s.line)) ||
		(s.block != "" && (slices.Contains(t.BlockAbove, s.block) || t.has(s.block)))
}

// SeesPlan is the meaning that a query for plans must equal: all; or unit is
// the office or a party; or the plan's region lies in the territory. A plan
// that is not yet issued is seen by all and by its office alone.
func (s Scope) SeesPlan(p PlanFacts) bool {
	switch {
	case s.all:
		return true
	case s.unit == "":
		return false
	case s.unit == p.Office:
		return true
	case p.Draft:
		return false
	}
	return slices.Contains(p.Parties, s.unit) || s.holds(p.Region)
}

// SeesMemorandum is the meaning that a query for memorandums must equal: all;
// or unit is the office, a party, or a member of the alliance, or any unit where the
// alliance takes in whoever comes; or the region lies in the territory.
func (s Scope) SeesMemorandum(m MemorandumFacts) bool {
	if s.all {
		return true
	}
	return s.unit != "" && (s.unit == m.Office || slices.Contains(m.Parties, s.unit) || slices.Contains(m.Members, s.unit) || m.Open || s.holds(m.Region))
}

// SeesScores is the meaning that a query for scores must equal: what is
// published, for everybody; all; or unit is the office that scores or the unit
// assessed.
func (s Scope) SeesScores(f ScoreFacts) bool {
	if s.all || (f.Published && s.published) {
		return true
	}
	return s.unit != "" && (s.unit == f.Office || s.unit == f.Unit)
}

// SeesDocument is the meaning that a query for issued documents must equal: all;
// or unit is the one that issued it or that it speaks of; or its region lies in
// the territory.
func (s Scope) SeesDocument(f DocumentFacts) bool {
	if s.all {
		return true
	}
	return s.unit != "" && (s.unit == f.Office || s.unit == f.About || s.holds(f.Region))
}

// SeesLetter is the meaning that a query for letters must equal: all; or unit is
// the plan's office or the giver; or the letter was given out, and unit is the
// taker, or line or block is above it, or block is the taker.
func (s Scope) SeesLetter(l LetterFacts) bool {
	switch {
	case s.all:
		return true
	case s.unit == "":
		return false
	case s.unit == l.Office || s.unit == l.Giver:
		return true
	case l.Draft:
		return false
	}
	return s.unit == l.Taker ||
		(s.line != "" && slices.Contains(l.LineAbove, s.line)) ||
		(s.block != "" && (s.block == l.Taker || slices.Contains(l.BlockAbove, s.block)))
}

// SeesSurvey is the meaning that a query for surveys must equal: all; or unit is
// the office; or the survey was sent, and unit is asked or a party of the
// memorandum that it prepares.
func (s Scope) SeesSurvey(f SurveyFacts) bool {
	if s.all {
		return true
	}
	return s.unit != "" && (s.unit == f.Office || !f.Draft && (slices.Contains(f.Asked, s.unit) || slices.Contains(f.Parties, s.unit)))
}

func (s Scope) holds(r RegionCode) bool {
	return r.Within(s.territory)
}
