package task

import (
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// TaskStanding is where a task that serves a commitment stands, as the balance
// between the parties reads it.
type TaskStanding struct {
	ID        ID
	State     State
	Office    org.UnitID // of its plan
	Verified  Quantity
	Reported  bool       // a report of it, or of a part, was verified
	Waiting   org.UnitID // the unit that has a report of it to verify; "" when none waits
	Reporters []org.UnitID
}

// Side says on whose side a commitment lies now (在谁一方), and for what.
type Side struct {
	Kind  SideKind
	Units []org.UnitID // empty when nothing is open
	Task  ID           // that it hangs on; "" when there is none
}

// SideKind is what a commitment waits for.
type SideKind string

// What a commitment waits for, the most pressing first: of several tasks the first
// kind decides.
const (
	SideAnswer  SideKind = "answer"  // a dispute without an answer: the side that owes
	SideRefused SideKind = "refused" // a unit refused to take it over: the plan's office
	SideVerify  SideKind = "verify"  // a report: who verifies
	SideConfirm SideKind = "confirm" // done or answered: the other side's word
	SideReport  SideKind = "report"  // work, and a report of it: who owes it
	SideIssue   SideKind = "issue"   // a draft: the plan's office
	SidePlan    SideKind = "plan"    // no row in any plan: the memorandum's office
	SideSettled SideKind = "settled" // delivered and confirmed
)

// SideKinds returns the kinds, the most pressing first.
func SideKinds() []SideKind {
	return []SideKind{SideAnswer, SideRefused, SideVerify, SideConfirm, SideReport, SideIssue, SidePlan, SideSettled}
}

// SideOf returns on whose side a commitment lies: exactly one, whatever its tasks.
// said is what the parties said of its tasks, oldest first, by task.
//
// Rule IF-06 (ours; the issue: on whose side each item lies): the most pressing of
// its tasks decides. A task that is not finished waits for its report even when the
// other side has already confirmed what was verified so far.
func SideOf(m memo.Memorandum, k memo.Commitment, tasks []TaskStanding, said map[ID][]Confirmation) Side {
	out := Side{Kind: SidePlan, Units: []org.UnitID{m.Office}}
	kinds := SideKinds()
	first := true
	for _, t := range tasks {
		if t.State == Withdrawn {
			continue
		}
		s := sideOfTask(m, k, t, said[t.ID])
		if first || slices.Index(kinds, s.Kind) < slices.Index(kinds, out.Kind) {
			out, first = s, false
		}
	}
	return out
}

func sideOfTask(m memo.Memorandum, k memo.Commitment, t TaskStanding, said []Confirmation) Side {
	w := WordOf(t, Confirmers(m, k), said)
	if len(w.Disputed) > 0 {
		return Side{SideAnswer, k.Obligors(), t.ID}
	}
	switch t.State {
	case Draft:
		return Side{SideIssue, []org.UnitID{t.Office}, t.ID}
	case Refused:
		return Side{SideRefused, []org.UnitID{t.Office}, t.ID}
	}
	if t.Waiting != "" {
		return Side{SideVerify, []org.UnitID{t.Waiting}, t.ID}
	}
	if len(w.Answered) > 0 {
		return Side{SideConfirm, w.Answered, t.ID}
	}
	if t.State != Finished {
		return Side{SideReport, reporters(k, t), t.ID}
	}
	if len(w.Missing) > 0 {
		return Side{SideConfirm, w.Missing, t.ID}
	}
	return Side{Kind: SideSettled, Task: t.ID}
}

// reporters are the units that lead the task; the obligors where nobody is named.
func reporters(k memo.Commitment, t TaskStanding) []org.UnitID {
	if len(t.Reporters) > 0 {
		return t.Reporters
	}
	return k.Obligors()
}

// Balance is one party's account under a memorandum (往来账): how many commitments
// it promised, alone or jointly, and what became of them.
type Balance struct {
	Party     org.UnitID
	Promised  int
	Settled   int
	Disputed  int // with a dispute that is not settled
	Unplanned int
	Here      int // lie on this party's side now, whoever promised them
}

// Owed is how many commitments the party still owes.
func (b Balance) Owed() int { return b.Promised - b.Settled }

// Balances counts up the commitments of a memorandum for its parties, in the order
// of the text. sides and disputed are by commitment. What lies with a unit that is
// no party (a bureau that leads for its government) lies with the party that owes.
func Balances(m memo.Memorandum, sides map[memo.CommitmentID]Side, disputed map[memo.CommitmentID]bool) []Balance {
	out := make([]Balance, len(m.Parties))
	for i, p := range m.Parties {
		out[i].Party = p
	}
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			side := sides[k.ID]
			here := PartyOf(m, k, side)
			for i := range out {
				b := &out[i]
				if b.Party == here {
					b.Here++
				}
				if !slices.Contains(k.Obligors(), b.Party) {
					continue
				}
				b.Promised++
				switch side.Kind {
				case SideSettled:
					b.Settled++
				case SidePlan:
					b.Unplanned++
				}
				if disputed[k.ID] {
					b.Disputed++
				}
			}
		}
	}
	return out
}

// PartyOf returns the one party on whose side a commitment lies: the first of the
// side's units that is a party, else the one that owes it; "" when it is settled.
// The office that plans and issues counts as its own party where it is one.
func PartyOf(m memo.Memorandum, k memo.Commitment, s Side) org.UnitID {
	if s.Kind == SideSettled {
		return ""
	}
	for _, u := range s.Units {
		if slices.Contains(m.Parties, u) {
			return u
		}
	}
	return k.Obligor
}
