// Package memo holds memorandums (合作备忘录): their parties, clauses and
// commitments, and the yearly plans (年度工作计划) that work them off.
//
// Words. A memorandum has two or more parties and may hang under another. A
// clause (条款) is a numbered piece of its text. A commitment (承诺事项) is what
// one obligor party owes under a clause and which party confirms it. A plan is
// one year of one memorandum; the task table belongs to the plan.
//
// Laws. A commitment has an obligor that is a party, and is not confirmed by
// its own obligor. A plan's year lies within the memorandum's term.
package memo

import (
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// ID names a memorandum.
type ID string

// ClauseID names a clause.
type ClauseID string

// CommitmentID names a commitment.
type CommitmentID string

// PlanID names a yearly plan.
type PlanID string

// Stage is where a memorandum stands.
type Stage string

// The stages. The life between them is a matter of later work on memorandums.
const (
	Preparing Stage = "preparing" // 筹备: not yet signed
	InForce   Stage = "in-force"  // 在办
	Ended     Stage = "ended"     // 已终止
)

// Memorandum is one agreement.
type Memorandum struct {
	ID      ID
	Title   string
	Kind    string // 合作备忘录, 战略合作协议 …, as the document calls itself
	Region  org.RegionCode
	Parties []org.UnitID  // in the order of the document, two or more
	Office  org.UnitID    // the unit whose office runs it (合作办)
	Signed  calendar.Date // zero: not signed
	Until   calendar.Date // last day of the term; zero: open-ended
	Place   string
	Stage   Stage
	Clauses []Clause
	Version int64
}

// Clause is a numbered piece of the text with what is owed under it.
type Clause struct {
	ID          ClauseID
	No          string // 第三条（二）, as printed
	Text        string
	Position    int
	Commitments []Commitment
}

// Commitment is what one party owes under a clause.
type Commitment struct {
	ID       CommitmentID
	Clause   ClauseID
	Obligor  org.UnitID
	Confirms org.UnitID
	Text     string
}

// Plan is one year of a memorandum.
type Plan struct {
	ID         PlanID
	Memorandum ID
	Year       int
	Title      string
	Region     org.RegionCode
	Office     org.UnitID // sets the plan's rows and verifies them
	Issued     calendar.Date
	Version    int64
}

// Check reports what is wrong with a memorandum, all at once, each at its field.
func (m Memorandum) Check() error {
	var l fault.List
	if strings.TrimSpace(m.Title) == "" {
		l = append(l, fault.New(fault.Invalid, "memo.title-missing").On("title"))
	}
	party := map[org.UnitID]bool{}
	for _, p := range m.Parties {
		if party[p] {
			l = append(l, fault.New(fault.Invalid, "memo.party-twice").On("parties"))
		}
		party[p] = true
	}
	if len(party) < 2 {
		l = append(l, fault.New(fault.Invalid, "memo.parties-too-few").On("parties"))
	}
	if m.Stage == InForce && m.Signed.IsZero() {
		l = append(l, fault.New(fault.Invalid, "memo.signed-missing").On("signed"))
	}
	if !m.Until.IsZero() && !m.Signed.IsZero() && m.Until.Before(m.Signed) {
		l = append(l, fault.New(fault.Invalid, "memo.until-before-signed").On("until"))
	}
	for _, c := range m.Clauses {
		l = append(l, c.check(party)...)
	}
	return l.Err()
}

// Continues reports whether every clause and commitment of m that has an id is
// one of old: ids come back from forms, and a memorandum must not reach into another.
func (m Memorandum) Continues(old Memorandum) bool {
	clauses, owed := map[ClauseID]bool{}, map[CommitmentID]bool{}
	for _, c := range old.Clauses {
		clauses[c.ID] = true
		for _, k := range c.Commitments {
			owed[k.ID] = true
		}
	}
	for _, c := range m.Clauses {
		if c.ID != "" && !clauses[c.ID] {
			return false
		}
		for _, k := range c.Commitments {
			if k.ID != "" && !owed[k.ID] {
				return false
			}
		}
	}
	return true
}

func (c Clause) check(party map[org.UnitID]bool) (l fault.List) {
	if strings.TrimSpace(c.Text) == "" {
		l = append(l, fault.New(fault.Invalid, "memo.clause-empty", "No", c.No).On("clauses"))
	}
	for _, k := range c.Commitments {
		switch {
		case !party[k.Obligor]:
			l = append(l, fault.New(fault.Invalid, "memo.obligor-no-party", "No", c.No).On("clauses"))
		case k.Confirms == k.Obligor:
			l = append(l, fault.New(fault.Invalid, "memo.confirms-itself", "No", c.No).On("clauses"))
		}
	}
	return l
}

// Check reports what is wrong with a plan of m.
func (p Plan) Check(m Memorandum) error {
	if m.Signed.IsZero() {
		return fault.New(fault.Conflict, "plan.memorandum-unsigned")
	}
	if p.Year < m.Signed.Year || (!m.Until.IsZero() && p.Year > m.Until.Year) {
		return fault.New(fault.Invalid, "plan.year-outside-term", "Year", p.Year).On("year")
	}
	return nil
}
