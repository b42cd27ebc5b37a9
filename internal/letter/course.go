package letter

import (
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// State is where a letter stands.
type State string

// The states.
const (
	Drafted  State = "drafted"  // drawn; its office alone sees it (未下发)
	Given    State = "given"    // 已下发, waits for one signature or two
	Signed   State = "signed"   // by both
	Refused  State = "refused"  // sent back by the taker, with a reason (退回)
	Replaced State = "replaced" // another was drawn before both had signed
	Void     State = "void"     // 作废, with a reason
)

// States returns the states in the order of pages.
func States() []State { return []State{Drafted, Given, Signed, Refused, Replaced, Void} }

// Holds reports whether a letter in the state is part of its chain.
func (s State) Holds() bool { return s != Replaced && s != Void }

// Side is one of the two that sign.
type Side string

// The sides.
const (
	TheGiver Side = "giver"
	TheTaker Side = "taker"
)

// Letter is a letter with what became of it.
type Letter struct {
	ID       ID
	Batch    BatchID
	Body     Body
	Digest   string
	Standing []Task
	State    State
	Reason   string        // of a refusal or of being void
	Given    calendar.Date // 下发
	GiverOn  calendar.Date // signed by the giver; zero: not yet
	TakerOn  calendar.Date
	Version  int64
}

// SideOf tells which side a unit is; "" for neither.
func (l Letter) SideOf(u org.UnitID) Side {
	switch u {
	case "":
	case l.Body.Giver.Unit:
		return TheGiver
	case l.Body.Taker.Unit:
		return TheTaker
	}
	return ""
}

// SignedOn is when a side signed; zero: not yet.
func (l Letter) SignedOn(s Side) calendar.Date {
	if s == TheGiver {
		return l.GiverOn
	}
	return l.TakerOn
}

// Waits reports whether a side can sign now.
func (l Letter) Waits(s Side) bool { return l.State == Given && l.SignedOn(s).IsZero() }

// Records reports whether a unit records a side's signature on paper; office is the
// unit that runs the letter.
//
// Rule L-08 (as O-23: each party records what it signed on paper): the office of the
// letter records both sides, the taker its own and never the giver's.
func (l Letter) Records(office, by org.UnitID, s Side) bool {
	return by == office || s == TheTaker && l.SideOf(by) == TheTaker
}

// Facts are what a unit's letter is drawn from: the plan, the sides, the day, and
// the unit's tasks as they are.
type Facts struct {
	Plan       memo.Plan
	Memorandum string
	Giver      Party
	Taker      Party
	Today      calendar.Date
	Tasks      []Task // in the order of the plan
}

// Step is what drawing does for one unit.
type Step string

// The steps.
const (
	Nothing Step = ""        // the unit has no tasks, or its letters say what it owes
	First   Step = "first"   // the unit's letter
	Further Step = "further" // a supplement to what both have signed
	Anew    Step = "anew"    // instead of one that was not signed by both
	Drop    Step = "drop"    // one that was not signed by both has nothing to say any more
)

// Drawn is what drawing came to.
type Drawn struct {
	Step     Step
	Body     Body   // of First, Further, Anew
	Standing []Task // with it
	Instead  ID     // of Anew and Drop: the one that does not hold any longer
}

// Draw draws a unit's letter or its next supplement. chain is the unit's letters of
// the plan that hold, by number.
//
// Rule L-01 (practice of 目标责任书: 责任书 and assessment must not differ, 衢州): a
// letter says what the plan says and nothing else, for each unit that leads or
// helps in it; nobody types one.
// Rule L-03 (ours): what both have signed stands and is supplemented; what they
// have not is replaced by one that says what is so now.
func Draw(chain []Letter, f Facts) Drawn {
	d := Drawn{Standing: f.Tasks, Body: Body{
		Form: form, Plan: f.Plan.ID, PlanTitle: f.Plan.Title, Memorandum: f.Memorandum, Year: f.Plan.Year,
		Giver: f.Giver, Taker: f.Taker, Made: f.Today,
	}}
	if len(chain) == 0 {
		if len(f.Tasks) == 0 {
			return Drawn{}
		}
		d.Step, d.Body.Tasks = First, f.Tasks
		return d
	}
	last := chain[len(chain)-1]
	if Supplement(last.Standing, f.Tasks).Empty() {
		return Drawn{}
	}
	if last.State == Signed {
		d.Step = Further
		return d.supplements(last)
	}
	d.Instead = last.ID
	if len(chain) == 1 {
		d.Step, d.Body.Tasks = Anew, f.Tasks
		if len(f.Tasks) == 0 {
			d.Step = Drop
		}
		return d
	}
	if base := chain[len(chain)-2]; !Supplement(base.Standing, f.Tasks).Empty() {
		d.Step = Anew
		return d.supplements(base)
	}
	d.Step = Drop // changed and changed back
	return d
}

func (d Drawn) supplements(base Letter) Drawn {
	c := Supplement(base.Standing, d.Standing)
	d.Body.Number, d.Body.After, d.Body.Changes = base.Body.Number+1, base.Digest, &c
	return d
}

// Give hands a letter out (下发), or a second time after a refusal (维持).
func Give(l Letter, today calendar.Date) (Letter, error) {
	if l.State != Drafted && l.State != Refused {
		return l, l.closed("letter.given-already")
	}
	l.State, l.Given, l.Reason = Given, today, ""
	return l, nil
}

// Refuse sends a letter back, with the reason.
//
// Rule L-05 (ours, like the receipt of a task): who has signed does not refuse.
func Refuse(l Letter, by org.UnitID, reason string) (Letter, error) {
	switch {
	case l.SideOf(by) != TheTaker:
		return l, fault.New(fault.Denied, "letter.not-a-side")
	case l.State != Given:
		return l, l.closed("letter.not-given")
	case !l.TakerOn.IsZero():
		return l, fault.New(fault.Conflict, "letter.signed-already")
	case strings.TrimSpace(reason) == "":
		return l, fault.New(fault.Invalid, "letter.reason-missing").On("reason")
	}
	l.State, l.Reason = Refused, strings.TrimSpace(reason)
	return l, nil
}

// Annul makes a letter void that not both have signed, with the reason.
func Annul(l Letter, reason string) (Letter, error) {
	switch {
	case l.State == Signed || !l.State.Holds():
		return l, l.closed("letter.signed-stands")
	case strings.TrimSpace(reason) == "":
		return l, fault.New(fault.Invalid, "letter.reason-missing").On("reason")
	}
	l.State, l.Reason = Void, strings.TrimSpace(reason)
	return l, nil
}

// Sign puts a side's signature of a day under a letter. digest is that of the text
// that the signer was shown.
//
// Rule L-04 (practice of signing at a conference): either side may be first, each
// signs once; not before the letter was given, not when another took its place, not
// under another text than was shown, and not on a day to come.
func Sign(l Letter, digest string, by org.UnitID, on, today calendar.Date) (Letter, error) {
	side := l.SideOf(by)
	switch {
	case side == "":
		return l, fault.New(fault.Denied, "letter.not-a-side")
	case digest != l.Digest || digest != l.Body.Digest():
		return l, fault.New(fault.Conflict, "letter.other-text")
	case l.State != Given && l.State != Signed:
		return l, l.closed("letter.not-given")
	case !l.SignedOn(side).IsZero():
		return l, fault.New(fault.Conflict, "letter.signed-already")
	case on.IsZero():
		return l, fault.New(fault.Invalid, "letter.day-missing").On("day")
	case on.After(today):
		return l, fault.New(fault.Invalid, "letter.day-ahead").On("day")
	case on.Before(l.Body.Made):
		return l, fault.New(fault.Invalid, "letter.day-before", "Made", l.Body.Made).On("day")
	}
	if side == TheGiver {
		l.GiverOn = on
	} else {
		l.TakerOn = on
	}
	if !l.GiverOn.IsZero() && !l.TakerOn.IsZero() {
		l.State = Signed
	}
	return l, nil
}

// closed says why nothing can be done in the letter's state; otherwise is the key
// where the state itself is not the reason.
func (l Letter) closed(otherwise string) error {
	switch l.State {
	case Replaced:
		return fault.New(fault.Conflict, "letter.replaced")
	case Void:
		return fault.New(fault.Conflict, "letter.void")
	}
	return fault.New(fault.Conflict, otherwise)
}
