package memo

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// WarnDays is how many days before the last day of a term the parties are told.
//
// Rule M-20 (ours: a quarter, so that the next regular meeting of the parties still
// lies before the end; docs/sources/memo.md).
const WarnDays = 90

// Expiring reports whether the term of a memorandum in force ends within WarnDays of
// a day, or has ended, and how many days are left; fewer than nought once it has.
func (m Memorandum) Expiring(today calendar.Date) (left int, soon bool) {
	if m.Stage != InForce || m.Until.IsZero() {
		return 0, false
	}
	left = m.Until.Sub(today)
	return left, left <= WarnDays
}

// Decision is what becomes of an open task when what it served is gone.
type Decision string

// The decisions.
const (
	Withdraw Decision = "withdraw" // 撤销, with a reason
	RunOn    Decision = "run-on"   // to its deadline (办到期满)
	Carry    Decision = "carry"    // over to the plan of the renewal (转入续签)
)

// Settlement is the decision on one open task.
type Settlement struct {
	Task   string // its id; package task stands above this one
	Do     Decision
	Reason string // needed to withdraw
}

// CheckEnding reports why a memorandum cannot be ended (终止) on a day for a reason,
// with these decisions on its open tasks.
//
// Rule M-21 (民法典 arts. 557, 558 and 562 by analogy: what ends leaves open duties to
// be settled): it is in force, a reason is given, and every open task has a decision.
func (m Memorandum) CheckEnding(day, today calendar.Date, why string, open []string, decided []Settlement) error {
	if m.Stage != InForce {
		return fault.New(fault.Conflict, "memo.not-in-force")
	}
	var l fault.List
	if strings.TrimSpace(why) == "" {
		l = append(l, fault.New(fault.Invalid, "memo.why-missing").On("why"))
	}
	switch {
	case day.IsZero():
		l = append(l, fault.New(fault.Invalid, "memo.day-missing").On("day"))
	case day.After(today), day.Before(m.Signed):
		l = append(l, fault.New(fault.Invalid, "memo.day-outside", "Signed", m.Signed, "Today", today).On("day"))
	}
	l = append(l, CheckSettling(open, decided, false)...)
	for _, id := range open {
		if !slices.ContainsFunc(decided, func(s Settlement) bool { return s.Task == id }) {
			l = append(l, fault.New(fault.Invalid, "memo.task-undecided").On("task."+id))
		}
	}
	return l.Err()
}

// CheckSettling reports what is wrong with decisions on open tasks. carry says
// whether there is a renewal that they can be carried to.
func CheckSettling(open []string, decided []Settlement, carry bool) (l fault.List) {
	for _, s := range decided {
		field := "task." + s.Task
		switch {
		case !slices.Contains(open, s.Task):
			l = append(l, fault.New(fault.Conflict, "memo.task-not-open").On(field))
		case s.Do != Withdraw && s.Do != RunOn && (s.Do != Carry || !carry):
			l = append(l, fault.New(fault.Invalid, "memo.task-undecided").On(field))
		case s.Do == Withdraw && strings.TrimSpace(s.Reason) == "":
			l = append(l, fault.New(fault.Invalid, "memo.task-reason-missing").On(field))
		}
	}
	return l
}

// CheckRenewal reports why a memorandum cannot be renewed (续签); renewed is the one
// that follows it already, or "".
//
// Rule M-22 (practice of 续签): what is in force, also past its last day, is followed
// by one memorandum of its own; two renewals of one would carry the same commitment twice.
func (m Memorandum) CheckRenewal(renewed ID) error {
	switch {
	case m.Stage != InForce:
		return fault.New(fault.Conflict, "memo.not-in-force")
	case renewed != "":
		return fault.New(fault.Conflict, "memo.renewed-already")
	}
	return nil
}

// Renewed returns the text that a renewal begins from: the words of t with new ids,
// and of what is owed only what done does not report as finished, each carrying the
// id of the one that it goes on with (Rule M-22).
func (t Text) Renewed(done func(CommitmentID) bool, newID func() string) Text {
	t.Parties = slices.Clone(t.Parties)
	t.Term.Until = calendar.Date{} // the old last day cannot be the new one; years count again
	clauses := make([]Clause, len(t.Clauses))
	for i, c := range t.Clauses {
		owed := c.Commitments
		c.ID, c.Commitments = ClauseID(newID()), nil
		for _, k := range owed {
			if done(k.ID) {
				continue
			}
			k.Carried, k.ID, k.Clause = k.ID, CommitmentID(newID()), c.ID
			c.Commitments = append(c.Commitments, k)
		}
		clauses[i] = c
	}
	t.Clauses = clauses
	return t
}

// Gone returns the commitments of old that m no longer says.
func (m Memorandum) Gone(old Memorandum) (out []Commitment) {
	for _, c := range old.Clauses {
		for _, k := range c.Commitments {
			if !slices.ContainsFunc(m.Clauses, func(c Clause) bool {
				return slices.ContainsFunc(c.Commitments, func(x Commitment) bool { return x.ID == k.ID })
			}) {
				out = append(out, k)
			}
		}
	}
	return out
}

// Succession is that one unit took another's place in a memorandum (承继).
type Succession struct {
	Was, Now org.UnitID
	Name     string // of Was, on the last day that it was
	NowName  string
	Day      calendar.Date
}

// Succeeded returns the text with one unit in another's place, named as it is called
// now: for what is still to be proposed. A version that was proposed is never
// changed (民法典 art. 67: the successor has the rights and duties, the document its
// old name).
//
// Rule M-23 (民法典 art. 67, 国务院组织法 practice of 职责划入).
func (t Text) Succeeded(s Succession) Text {
	t.Parties = slices.Clone(t.Parties)
	if slices.ContainsFunc(t.Parties, func(p Party) bool { return p.Unit == s.Now }) {
		return t // it is a party already: nobody can take both sides
	}
	for i, p := range t.Parties {
		if p.Unit == s.Was {
			t.Parties[i].Unit, t.Parties[i].Name = s.Now, s.NowName
		}
	}
	t.Clauses = slices.Clone(t.Clauses)
	for i := range t.Clauses {
		t.Clauses[i].Commitments = slices.Clone(t.Clauses[i].Commitments)
		for j, k := range t.Clauses[i].Commitments {
			t.Clauses[i].Commitments[j] = k.succeeded(s.Was, s.Now)
		}
	}
	return t
}

func (k Commitment) succeeded(was, now org.UnitID) Commitment {
	swap := func(u org.UnitID) org.UnitID {
		if u == was {
			return now
		}
		return u
	}
	k.Obligor, k.Confirms, k.Joint = swap(k.Obligor), swap(k.Confirms), slices.Clone(k.Joint)
	for i := range k.Joint {
		k.Joint[i] = swap(k.Joint[i])
	}
	return k
}

// Inherit returns the memorandum with one unit in another's place, and whether that
// changed anything. Where the successor is the other side already, nothing is
// changed: nobody owes himself, and the parties have to amend or end it.
func (m Memorandum) Inherit(was, now org.UnitID) (Memorandum, bool) {
	at := slices.Index(m.Parties, was)
	both := at >= 0 && slices.Contains(m.Parties, now)
	if both || at < 0 && m.Office != was {
		return m, false
	}
	if m.Office == was {
		m.Office = now
	}
	m.Parties = slices.Clone(m.Parties)
	if at >= 0 {
		m.Parties[at] = now
	}
	m.Clauses = slices.Clone(m.Clauses)
	for i := range m.Clauses {
		m.Clauses[i].Commitments = slices.Clone(m.Clauses[i].Commitments)
		for j, k := range m.Clauses[i].Commitments {
			m.Clauses[i].Commitments[j] = k.succeeded(was, now)
		}
	}
	return m, true
}

// Keeping returns the memorandum as a form changed it, with all that the form does
// not ask for as it was: where it stands in its life, what its text says beside the
// clauses, and what its commitments promise beside their words.
func (m Memorandum) Keeping(old Memorandum) Memorandum {
	if old.Stage != Preparing || m.Stage == Ended { // a day of signing puts only a prepared one in force; ending is an act of its own
		m.Stage = old.Stage
	}
	m.Form, m.Under, m.Renews, m.Ended, m.Why, m.Open = old.Form, old.Under, old.Renews, old.Ended, old.Why, old.Open
	m.Preamble, m.Closing, m.Term = old.Preamble, old.Closing, old.Term
	before, level := map[CommitmentID]Commitment{}, map[ClauseID]int{}
	for _, c := range old.Clauses {
		level[c.ID] = c.Level
		for _, k := range c.Commitments {
			before[k.ID] = k
		}
	}
	m.Clauses = slices.Clone(m.Clauses)
	for i, c := range m.Clauses {
		m.Clauses[i].Level = max(level[c.ID], c.Level)
		m.Clauses[i].Commitments = slices.Clone(c.Commitments)
		for j, k := range c.Commitments {
			if was, ok := before[k.ID]; ok && k.ID != "" {
				was.Obligor, was.Confirms, was.Text, was.Clause = k.Obligor, k.Confirms, k.Text, k.Clause
				m.Clauses[i].Commitments[j] = was
			}
		}
	}
	return m
}
