package task

import (
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Offer is a commitment offered as a row of a year's plan (拟列入计划的承诺), with why.
type Offer struct {
	Commitment  memo.CommitmentID
	Clause      string // its printed number
	Title       string
	Leads       []org.UnitID // the obligors; several lead equally
	Supervising org.UnitID   // the confirming party; "" when the parties confirm each other
	Deadline    Deadline
	Due         calendar.Date // zero: none
	Target      *Target
	Why         OfferKind
}

// OfferKind is why a commitment is offered for a year.
type OfferKind string

// The reasons, in the order of pages.
const (
	OfferDue       OfferKind = "due"       // falls due this year
	OfferOverdue   OfferKind = "overdue"   // fell due before this year and is not done
	OfferRecurring OfferKind = "recurring" // is owed in every year, or every month
	OfferStanding  OfferKind = "standing"  // never ends
	OfferLater     OfferKind = "later"     // falls due after this year
	OfferUndated   OfferKind = "undated"   // has no deadline, or one that nobody has read yet
)

// OfferKinds returns the reasons in the order of pages.
func OfferKinds() []OfferKind {
	return []OfferKind{OfferDue, OfferOverdue, OfferRecurring, OfferStanding, OfferLater, OfferUndated}
}

// Ticked reports whether an offer is taken unless the office takes the tick away.
func (k OfferKind) Ticked() bool {
	switch k {
	case OfferDue, OfferOverdue, OfferRecurring, OfferStanding:
		return true
	}
	return false
}

// Reading are the words of commitments read by who knows how they are printed:
// a deadline's with the year that a month without one is in, a target's.
type Reading struct {
	Deadline func(words string, year int) Deadline
	Target   func(words string) *Target
}

// Served says of a commitment what plans have made of it.
type Served struct {
	Planned bool // the year's plan has a row for it
	Done    bool // rows of earlier years finished it, and none is open
}

// Offers returns which commitments of a memorandum are offered for a year's plan,
// in the order of the text.
//
// Rule IF-01 (field.md §1.1: the memorandum is for several years, the table for
// one): what falls due in the year, what recurs and what never ends is ticked; so
// is what fell due and is not done. What falls due later or has no day is offered
// and left to the office. What the plan has already, or what is done once and for
// all, is not offered again.
func Offers(m memo.Memorandum, year int, served map[memo.CommitmentID]Served, read Reading, w calendar.Workdays) (out []Offer) {
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			s := served[k.ID]
			if s.Planned {
				continue
			}
			o := offer(m, k, year, read, w)
			if s.Done && o.Why != OfferRecurring && o.Why != OfferStanding {
				continue
			}
			o.Clause = c.No
			out = append(out, o)
		}
	}
	return out
}

// offer reads one commitment for a year. A month without a year is in the year of
// signing: the words were written then.
func offer(m memo.Memorandum, k memo.Commitment, year int, read Reading, w calendar.Workdays) Offer {
	said := m.Signed.Year
	if said == 0 {
		said = year
	}
	o := Offer{Commitment: k.ID, Title: strings.TrimSpace(k.Text), Leads: k.Obligors(), Supervising: k.Confirms, Why: OfferUndated}
	o.Deadline = Deadline{Kind: DeadlineNone}
	if k.Deadline != "" {
		o.Deadline = read.Deadline(k.Deadline, said)
	}
	if k.Target != "" {
		o.Target = read.Target(k.Target)
	}
	o.Due = DueDate(o.Deadline, Events{Signed: m.Signed, Year: year}, w)
	switch {
	case o.Deadline.Kind == DeadlineRecurring:
		o.Why = OfferRecurring
	case o.Due.IsZero() && o.Deadline.Standing():
		o.Why = OfferStanding
	case o.Due.IsZero():
	case o.Due.Year == year:
		o.Why = OfferDue
	case o.Due.Year > year:
		o.Why = OfferLater
	case o.Deadline.Standing():
		o.Why = OfferStanding
	default:
		o.Why = OfferOverdue
	}
	return o
}
