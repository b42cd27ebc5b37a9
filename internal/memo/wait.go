package memo

import (
	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// WaitKind says what a memorandum waits for.
type WaitKind string

// What a memorandum can wait for, the most pressing first.
const (
	WaitSign     WaitKind = "sign"
	WaitAnswer   WaitKind = "answer"
	WaitSettle   WaitKind = "settle"   // a decision on tasks whose commitment is gone
	WaitApproval WaitKind = "approval" // of a plan that lies before the other parties
	WaitExpiry   WaitKind = "expiry"   // to be renewed, or let run out
	WaitPlan     WaitKind = "plan"     // this year's
	WaitDraft    WaitKind = "draft"    // a first version
)

// Wait is what a memorandum waits for, from whom and since when.
type Wait struct {
	Kind    WaitKind // "": for nothing
	Parties []org.UnitID
	Since   calendar.Date // zero: not known
	Days    int           // of expiry: left, fewer than nought once it has run out
	Count   int           // of settle: tasks
	Plan    PlanID        // of approval
}

// Standing is all that Waits looks at.
type Standing struct {
	Negotiation Negotiation
	Signed      []Signed      // under the newest version, when it is agreed on
	Agreed      calendar.Date // the last acceptance
	Unsettled   int
	Since       calendar.Date  // the oldest unsettled task
	Renewed     bool           // a renewal is on its way
	Planned     bool           // there is a plan of this year
	Plans       []PlanApproval // of plans that are not issued and were put before the parties
}

// Waits returns what a memorandum waits for (轮到谁). It names one thing, the most
// pressing: a list of everything would hide it.
func (s Standing) Waits(today calendar.Date) Wait {
	m := s.Negotiation.Memorandum
	if v := s.Negotiation.Newest; v != nil && m.Stage != Ended {
		if v.State == AgreedOn {
			w := Wait{Kind: WaitSign, Since: s.Agreed}
			for _, p := range MaySign(v.Text, s.Signed) {
				w.Parties = append(w.Parties, p.Unit)
			}
			return w
		}
		if t := s.Negotiation.Turn(); len(t.Parties) > 0 {
			return Wait{Kind: WaitAnswer, Parties: t.Parties, Since: t.Since}
		}
	}
	office := []org.UnitID{m.Office}
	if s.Unsettled > 0 {
		return Wait{Kind: WaitSettle, Parties: office, Since: s.Since, Count: s.Unsettled}
	}
	for _, a := range s.Plans {
		if silent := a.Unanswered(); a.Open() && len(silent) > 0 && m.Stage != Ended {
			return Wait{Kind: WaitApproval, Parties: silent, Since: a.AskedOn, Plan: a.Plan}
		}
	}
	if left, soon := m.Expiring(today); soon && !s.Renewed {
		return Wait{Kind: WaitExpiry, Parties: office, Since: m.Until.AddDays(-WarnDays), Days: left}
	}
	switch {
	case m.Stage == InForce && m.Form != Alliance && !s.Planned:
		return Wait{Kind: WaitPlan, Parties: office}
	case m.Stage == Preparing, m.Stage == Negotiating:
		return Wait{Kind: WaitDraft, Parties: office}
	}
	return Wait{}
}
