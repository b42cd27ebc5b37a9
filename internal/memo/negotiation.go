package memo

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// VersionID names a version.
type VersionID string

// Purpose is what a version is negotiated for.
type Purpose string

// The purposes.
const (
	First     Purpose = "agreement" // the memorandum itself
	Amendment Purpose = "amendment" // 补充、变更 of one in force
	Renewal   Purpose = "renewal"   // 续签: the memorandum that follows one
)

// VersionState is where a version stands.
type VersionState string

// The states. Only an open version can be answered, only an agreed one signed.
const (
	Open         VersionState = "open"      // lies before the other parties
	Countered    VersionState = "countered" // another version answers it
	TakenBack    VersionState = "withdrawn" // by its proposer
	AgreedOn     VersionState = "agreed"    // by all parties
	SignedByAll  VersionState = "signed"
	VoidedByNext VersionState = "void" // a later version was proposed after the agreement
)

// Version is a text as one party proposed it (文稿); it is never changed.
type Version struct {
	ID         VersionID
	Memorandum ID
	Number     int // 1, 2, 3 … within the memorandum
	Base       int // the version that it was made from; 0 for the first
	Purpose    Purpose
	Proposer   org.UnitID
	Words      string // what the proposer says to it
	Text       Text
	Digest     string // of Text.Canonical
	State      VersionState
	Source     string        // the file that it was read from, by hash; "" when it was written here
	On         calendar.Date // proposed
}

// Digest is the SHA-256 of a text's canonical bytes, in lower-case hexadecimal.
func Digest(t Text) string {
	sum := sha256.Sum256(t.Canonical())
	return hex.EncodeToString(sum[:])
}

// Answer is what a party says to a version that lies before it.
type Answer struct {
	Version VersionID
	Party   org.UnitID
	Accepts bool   // false: asks for changes in words, without a version of its own
	Words   string // needed when it does not accept
	On      calendar.Date
	Despite string // why it accepts against its own units' misgivings (Rule M-07); for the party alone
}

// Negotiation is a memorandum's versions with the answers to the newest, for one
// purpose: all that its rules look at.
type Negotiation struct {
	Memorandum Memorandum
	Purpose    Purpose
	Newest     *Version // nil: nothing has been proposed
	Answers    []Answer // to the newest
	Signed     *Text    // of an amendment: the text that it changes, as it was signed; nil: signed elsewhere
}

// Begin is the text that a first version is made from: what the memorandum says, its
// parties named as name says, and called and ordered as in the text that was signed.
// That a memorandum does not keep. A successor stands where the party stood that it
// followed (Rule M-23).
func (n Negotiation) Begin(name func(org.UnitID) string) Text {
	t := n.Memorandum.Text(name)
	if n.Signed == nil {
		return t
	}
	old := n.Signed.Parties
	for i, p := range t.Parties {
		at := slices.IndexFunc(old, func(o Party) bool { return o.Unit == p.Unit })
		if at < 0 && i < len(old) && !slices.Contains(t.Units(), old[i].Unit) {
			at = i
		}
		if at >= 0 {
			t.Parties[i].Called, t.Parties[i].Order = old[at].Called, old[at].Order
		}
	}
	return t
}

// CheckProposal reports why a party may not put a text before the others.
//
// Rule M-01 (practice of negotiation between offices, 你来我往; field.md): a version
// answers the newest one and says so. Whoever worked on an older one must look at
// the newest first; nobody changes the other side's version, a new one answers it.
func (n Negotiation) CheckProposal(by org.UnitID, base int, t Text) error {
	if err := n.open(); err != nil {
		return err
	}
	if !slices.Contains(t.Units(), by) {
		return fault.New(fault.Invalid, "version.proposer-no-party").On("parties")
	}
	if n.Newest == nil {
		if base != 0 {
			return fault.New(fault.Conflict, "version.outdated", "Number", 0)
		}
		return t.Check()
	}
	switch v := n.Newest; {
	case base != v.Number:
		return fault.New(fault.Conflict, "version.outdated", "Number", v.Number)
	case !slices.Contains(v.Text.Units(), by) && !slices.Contains(n.Memorandum.Parties, by): // a successor is only in the latter (Rule M-23)
		return fault.New(fault.Denied, "version.not-a-party")
	case v.State == Open && v.Proposer == by:
		return fault.New(fault.Conflict, "version.own-is-open", "Number", v.Number)
	case Digest(t) == v.Digest:
		return fault.New(fault.Invalid, "version.nothing-changed", "Number", v.Number).On("clauses")
	}
	return t.Check()
}

// CheckAnswer reports why a party may not answer a version.
func (n Negotiation) CheckAnswer(a Answer) error {
	v := n.Newest
	if v == nil || v.ID != a.Version {
		number := 0
		if v != nil {
			number = v.Number
		}
		return fault.New(fault.Conflict, "version.outdated", "Number", number)
	}
	switch {
	case v.State != Open:
		return fault.New(fault.Conflict, "version.not-open", "Number", v.Number)
	case !slices.Contains(v.Text.Units(), a.Party):
		return fault.New(fault.Denied, "version.not-a-party")
	case v.Proposer == a.Party:
		return fault.New(fault.Conflict, "version.own", "Number", v.Number)
	case n.accepted(a.Party):
		return fault.New(fault.Conflict, "version.accepted-already", "Number", v.Number)
	case !a.Accepts && strings.TrimSpace(a.Words) == "":
		return fault.New(fault.Invalid, "version.words-missing").On("words")
	}
	return nil
}

// CheckTakeBack reports why a party may not take its version back.
func (n Negotiation) CheckTakeBack(by org.UnitID, id VersionID) error {
	v := n.Newest
	switch {
	case v == nil || v.ID != id || v.State != Open:
		return fault.New(fault.Conflict, "version.not-open", "Number", 0)
	case v.Proposer != by:
		return fault.New(fault.Denied, "version.not-yours", "Number", v.Number)
	}
	return nil
}

// Agreed reports whether the newest version is agreed on once a is given: its
// proposer stands to it, and all others accept it.
//
// Rule M-02 (民法典 arts. 483 and 488, by analogy: an agreement is the acceptance of
// an offer unchanged): silence is no acceptance, and an acceptance with changes is
// a proposal of its own.
func (n Negotiation) Agreed(a Answer) bool {
	if n.Newest == nil || !a.Accepts {
		return false
	}
	for _, p := range n.Newest.Text.Units() {
		if p != n.Newest.Proposer && p != a.Party && !n.accepted(p) {
			return false
		}
	}
	return true
}

// Turn says who has to move, and since when.
type Turn struct {
	Parties []org.UnitID
	Since   calendar.Date
}

// Turn returns whose turn it is: those that have not answered the newest version;
// its proposer, once somebody asked for changes in words. Nobody's before the first
// version and after the agreement.
func (n Negotiation) Turn() Turn {
	v := n.Newest
	if v == nil || v.State != Open {
		return Turn{}
	}
	for _, a := range n.Answers {
		if !a.Accepts {
			return Turn{[]org.UnitID{v.Proposer}, a.On}
		}
	}
	t := Turn{Since: v.On}
	for _, p := range v.Text.Units() {
		if p != v.Proposer && !n.accepted(p) {
			t.Parties = append(t.Parties, p)
		}
	}
	return t
}

// Voids reports whether a new version makes signatures and the agreement on the
// newest one void.
func (n Negotiation) Voids() bool { return n.Newest != nil && n.Newest.State == AgreedOn }

// open reports why nothing more may be proposed.
func (n Negotiation) open() error {
	switch n.Purpose {
	case Amendment:
		if n.Memorandum.Stage != InForce {
			return fault.New(fault.Conflict, "version.not-in-force")
		}
	default:
		if n.Memorandum.Stage == InForce || n.Memorandum.Stage == Ended {
			return fault.New(fault.Conflict, "version.signed-already")
		}
	}
	return nil
}

func (n Negotiation) accepted(p org.UnitID) bool {
	return slices.ContainsFunc(n.Answers, func(a Answer) bool { return a.Party == p && a.Accepts && a.Version == n.Newest.ID })
}

// Negotiates returns what a version of the memorandum would be for now.
func (m Memorandum) Negotiates() Purpose {
	switch {
	case m.Stage == InForce:
		return Amendment
	case m.Renews != "":
		return Renewal
	}
	return First
}
