// Package memo holds memorandums (合作备忘录): their parties, clauses and
// commitments, and the yearly plans (年度工作计划) that work them off.
//
// Words. A memorandum has two or more parties and may hang under another. Its
// text (文本) is what the parties agree on; a clause (条款) is a numbered piece of
// it. A commitment (承诺事项) is what one obligor party owes under a clause, alone
// or jointly, and which party confirms it; it may promise support (支持): land,
// money, posts. A version (文稿) is a text as one party proposed it, unchangeable.
// A plan is one year of one memorandum; the task table belongs to the plan.
//
// Laws. A commitment has an obligor that is a party, and is not confirmed by
// its own obligor. Equal texts have equal bytes, and those are what is signed.
// A plan's year lies within the memorandum's term.
package memo

import (
	"slices"
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

// The stages, in the order of a life.
const (
	Preparing   Stage = "preparing"   // 筹备: surveyed, drafted; nothing proposed yet
	Negotiating Stage = "negotiating" // 磋商: a version lies before the parties
	Agreed      Stage = "agreed"      // 待签: all parties accepted one version
	InForce     Stage = "in-force"    // 在办: signed by all
	Ended       Stage = "ended"       // 已终止, or followed by a renewal
)

// Stages returns the stages in the order of a life.
func Stages() []Stage { return []Stage{Preparing, Negotiating, Agreed, InForce, Ended} }

// Form is what kind of bond a memorandum is.
type Form string

// The forms.
const (
	Agreement Form = "agreement" // between its parties, who owe each other
	Alliance  Form = "alliance"  // 倡议、联盟: a pledge with an open list of members
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

	Form     Form
	Under    ID // the framework that it hangs under, or ""
	Renews   ID // the memorandum that it follows, or ""
	Ended    calendar.Date
	Why      string // it ended
	Preamble string
	Closing  string
	Term     Term // as the text says it; Until is what it comes to

	Members []org.UnitID // of an alliance: those asked and those in
	Open    bool         // of an alliance: units may join that nobody asked (名单开放)
}

// TakesMembers reports whether any unit may join now without being asked (Rule M-24).
func (m Memorandum) TakesMembers() bool {
	return m.Open && m.Form == Alliance && m.Stage == InForce
}

// Clause is a numbered piece of the text with what is owed under it.
type Clause struct {
	ID          ClauseID     `json:"id"`
	No          string       `json:"no"`    // 第三条（二）, as printed
	Level       int          `json:"level"` // 1 for 条, 2 for （一）, 3 for 1.: the clause above is the last of a lower level
	Text        string       `json:"text"`
	Position    int          `json:"position"`
	Commitments []Commitment `json:"commitments,omitempty"`
}

// Commitment is what one party owes under a clause.
type Commitment struct {
	ID       CommitmentID `json:"id"`
	Clause   ClauseID     `json:"clause"`
	Obligor  org.UnitID   `json:"obligor"`
	Joint    []org.UnitID `json:"joint,omitempty"`    // further obligors of a joint commitment (共同承诺)
	Confirms org.UnitID   `json:"confirms,omitempty"` // "": each other's, for a joint one
	Text     string       `json:"text"`
	Deadline string       `json:"deadline,omitempty"` // as printed
	Target   string       `json:"target,omitempty"`   // as printed
	Support  *Support     `json:"support,omitempty"`  // land, money …; nil for deeds
	Measure  string       `json:"measure,omitempty"`  // the chosen measure (措施) that it was made from
	Carried  CommitmentID `json:"carried,omitempty"`  // the one of the earlier memorandum that it goes on with
}

// Obligors returns everybody who owes it, the named obligor first.
func (k Commitment) Obligors() []org.UnitID { return append([]org.UnitID{k.Obligor}, k.Joint...) }

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
		case slices.ContainsFunc(k.Joint, func(u org.UnitID) bool { return !party[u] || u == k.Obligor }):
			l = append(l, fault.New(fault.Invalid, "memo.joint-no-party", "No", c.No).On("clauses"))
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
