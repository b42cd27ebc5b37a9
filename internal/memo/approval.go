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

// PlanApproval is what the other parties of a memorandum say to a plan before it
// is issued (双方审定): who was asked, for which content, and what they said.
type PlanApproval struct {
	Plan    PlanID
	Needed  bool         // nothing is issued without it
	Parties []org.UnitID // that approve: all but the one whose office sets the plan
	Asked   string       // digest of the content that was put before them; "" was not
	AskedOn calendar.Date
	Now     string // digest of the content as it is
	Given   []PlanAnswer
}

// PlanAnswer is what one party says to a plan.
type PlanAnswer struct {
	Party   org.UnitID
	Digest  string // of the content that it speaks of
	Accepts bool
	Words   string // needed when it is returned
	On      calendar.Date
}

// PlanDigest is the SHA-256 of a plan's content: its rows as lines of text in the
// order of the table.
func PlanDigest(rows []string) string {
	sum := sha256.Sum256([]byte(strings.Join(rows, "\x1e")))
	return hex.EncodeToString(sum[:])
}

// Approvers returns the parties that approve a plan: all but its office.
func Approvers(m Memorandum, office org.UnitID) []org.UnitID {
	return slices.DeleteFunc(slices.Clone(m.Parties), func(u org.UnitID) bool { return u == office })
}

// Says returns the last answer of a party to the present content; nil when there is none.
func (a PlanApproval) Says(party org.UnitID) *PlanAnswer {
	for i := len(a.Given) - 1; i >= 0; i-- {
		if g := &a.Given[i]; g.Party == party && g.Digest == a.Now {
			return g
		}
	}
	return nil
}

// Void returns the approvals that a change has made void: those of another content.
func (a PlanApproval) Void() (out []PlanAnswer) {
	for _, p := range a.Parties {
		for i := len(a.Given) - 1; i >= 0; i-- {
			if g := a.Given[i]; g.Party == p {
				if g.Accepts && g.Digest != a.Now {
					out = append(out, g)
				}
				break
			}
		}
	}
	return out
}

// Open reports whether the present content lies before the parties.
func (a PlanApproval) Open() bool { return a.Asked != "" && a.Asked == a.Now }

// Waiting returns the parties that have not approved the present content.
func (a PlanApproval) Waiting() (out []org.UnitID) {
	for _, p := range a.Parties {
		if g := a.Says(p); g == nil || !g.Accepts {
			out = append(out, p)
		}
	}
	return out
}

// Unanswered returns the parties that have said nothing to the present content; a
// party that returned it waits for the office, not the office for it.
func (a PlanApproval) Unanswered() (out []org.UnitID) {
	for _, p := range a.Parties {
		if a.Says(p) == nil {
			out = append(out, p)
		}
	}
	return out
}

// CheckIssue reports why the plan may not be issued yet.
//
// Rule IF-03 (the issue: task table approved by both sides): a plan of a memorandum
// that was negotiated here, or one that the office has put before the parties, is
// issued only when each of them has approved its present content. A change after
// an approval makes it void.
func (a PlanApproval) CheckIssue() error {
	switch {
	case !a.Needed && a.Asked == "" || len(a.Parties) == 0 || len(a.Waiting()) == 0:
		return nil
	case a.Asked == "":
		return fault.New(fault.Conflict, "approval.not-asked")
	case !a.Open():
		return fault.New(fault.Conflict, "approval.changed-since")
	}
	return fault.New(fault.Conflict, "approval.waiting", "N", len(a.Waiting()))
}

// CheckAsk reports why the office may not put the plan before the parties now.
func (a PlanApproval) CheckAsk(rows int) error {
	switch {
	case len(a.Parties) == 0:
		return fault.New(fault.Conflict, "approval.nobody")
	case rows == 0:
		return fault.New(fault.Conflict, "approval.empty")
	case a.Open():
		return fault.New(fault.Conflict, "approval.asked-already")
	}
	return nil
}

// CheckAnswer reports why a party may not answer. What it was shown must be what
// the plan says now.
//
// Rule IF-04 (ours): who returns a plan says why; an approval is of the content
// that was shown and of no other.
func (a PlanApproval) CheckAnswer(g PlanAnswer) error {
	switch {
	case !slices.Contains(a.Parties, g.Party):
		return fault.New(fault.Denied, "approval.not-yours")
	case !a.Open() || g.Digest != a.Now:
		return fault.New(fault.Conflict, "approval.changed-meanwhile")
	}
	if said := a.Says(g.Party); said != nil && said.Accepts && g.Accepts {
		return fault.New(fault.Conflict, "approval.given-already")
	}
	if !g.Accepts && strings.TrimSpace(g.Words) == "" {
		return fault.New(fault.Invalid, "approval.say-why").On("words")
	}
	return nil
}
