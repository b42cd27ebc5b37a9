// Package support is the ledger of support (支持台账): land, money, posts, equipment
// and policy that parties of a memorandum promised and that were delivered.
//
// Words. A promise (承诺支持) stands in a commitment of the memorandum and is read from
// there, never typed twice. A delivery (到位) is one entry of the ledger: what, how
// much, when, where, from whom to whom, under which commitment. A correction (更正) is
// a new entry that cancels an old one (冲销); nothing is written over. An amount is
// counted in the smallest piece of its kind, so that every sum is exact.
//
// Laws. A delivery counts once, at the place where it was given; the sum of a
// territory is the sum of its places. Who gives does not verify. Only what the
// receiving side has verified counts as delivered; what is entered stands beside it.
package support

import (
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ID names a delivery.
type ID string

// Delivery is one entry of the ledger (到位记录).
type Delivery struct {
	ID         ID                `json:"id"`
	Kind       memo.SupportKind  `json:"kind"`
	Value      task.Quantity     `json:"value"` // as entered, in Unit
	Unit       string            `json:"unit"`
	Amount     Amount            `json:"amount"` // the same in the smallest pieces of the kind
	Year       int               `json:"year"`   // budget year (预算年度)
	On         calendar.Date     `json:"on"`     // day of delivery
	Region     org.RegionCode    `json:"region"` // the place where it was given
	Giver      org.UnitID        `json:"giver"`
	Taker      org.UnitID        `json:"taker"`
	Memorandum memo.ID           `json:"memorandum,omitempty"`
	Commitment memo.CommitmentID `json:"commitment,omitempty"` // "" is support that nobody promised
	Words      string            `json:"words,omitempty"`
	Cancels    ID                `json:"cancels,omitempty"` // the entry that this one corrects
	State      State             `json:"state"`
	Verdict    string            `json:"verdict,omitempty"` // words of the receiving side
	Version    int64             `json:"-"`
}

// State is where a delivery stands.
type State string

// The states.
const (
	Entered   State = "entered"   // 待核实: the giving side says so
	Verified  State = "verified"  // 已核实 by the receiving side
	Returned  State = "returned"  // 退回: the receiving side says why; a correction answers it
	Cancelled State = "cancelled" // 已冲销 by a correction
)

// Check reports what is wrong with a delivery as it is entered, all at once.
//
// Rule SL-01 (mission rows S11 and S12; 预算法 art. 18: a budget year is a calendar
// year): every entry names kind, exact amount, budget year, day, place, who gave and
// who received. Nothing is received from oneself. Only a correction may be of
// nothing: it takes an entry out that should not be there.
func (d Delivery) Check(today calendar.Date) error {
	var l fault.List
	wrong := func(field, key string, args ...any) { l = append(l, fault.New(fault.Invalid, key, args...).On(field)) }
	if !known(d.Kind) {
		wrong("kind", "support.kind")
	}
	if d.Value < 0 || d.Value == 0 && d.Cancels == "" {
		wrong("value", "support.amount")
	}
	if known(d.Kind) {
		if a, err := AmountOf(d.Kind, d.Value, d.Unit); err != nil {
			l = append(l, err)
		} else if a != d.Amount {
			wrong("value", "support.amount")
		}
	}
	if d.On.IsZero() || d.On.After(today) {
		wrong("on", "support.day")
	}
	if d.Year < 1949 || d.Year > today.Year+1 {
		wrong("year", "support.year")
	}
	if d.Region == "" {
		wrong("region", "support.place")
	}
	if d.Giver == "" {
		wrong("giver", "support.giver")
	}
	if d.Taker == "" || d.Taker == d.Giver {
		wrong("taker", "support.taker")
	}
	if len([]rune(d.Words)) > 2000 {
		wrong("words", "support.words")
	}
	return l.Err()
}

// CheckUnder reports why a delivery may not stand under a commitment.
//
// Rule SL-02 (ours): what is delivered under a commitment is of its kind, comes from
// a side that owes it, or from a unit below one, and is counted once: under one
// commitment or none. below says whether the giver stands below an obligor.
func (d Delivery) CheckUnder(k memo.Commitment, below bool) error {
	if k.Support == nil || k.Support.Kind != d.Kind {
		return fault.New(fault.Invalid, "support.other-kind").On("commitment")
	}
	for _, u := range k.Obligors() {
		if u == d.Giver {
			return nil
		}
	}
	if !below {
		return fault.New(fault.Invalid, "support.not-obligor").On("commitment")
	}
	return nil
}

// Verify accepts a delivery for the receiving side.
//
// Rule SL-03 (ours, as with reports): the receiving side verifies or returns what
// the giving side entered; a return says why.
func (d Delivery) Verify(by org.UnitID, words string) (Delivery, error) {
	return d.judge(by, Verified, words)
}

// Return sends a delivery back with the reason.
func (d Delivery) Return(by org.UnitID, why string) (Delivery, error) {
	if err := task.CheckReason(why); err != nil {
		return d, err
	}
	return d.judge(by, Returned, why)
}

func (d Delivery) judge(by org.UnitID, s State, words string) (Delivery, error) {
	if by != d.Taker || by == d.Giver {
		return d, fault.New(fault.Denied, "support.not-yours")
	}
	if d.State != Entered {
		return d, fault.New(fault.Conflict, "support.judged-already")
	}
	d.State, d.Verdict = s, strings.TrimSpace(words)
	return d, nil
}

// Correct returns the old entry as cancelled and the new one that takes its place.
//
// Rule SL-04 (会计基础工作规范 art. 62, by analogy: an entry is corrected by another
// that cancels it, never written over): an entry is cancelled once, by its giving
// side, with a reason; a correction waits for the receiving side like any entry.
func Correct(old, next Delivery, why string) (Delivery, Delivery, error) {
	if old.State == Cancelled {
		return old, next, fault.New(fault.Conflict, "support.cancelled-already")
	}
	if err := task.CheckReason(why); err != nil {
		return old, next, err
	}
	next.Cancels, next.Giver, next.State = old.ID, old.Giver, Entered
	old.State = Cancelled
	return old, next, nil
}

func known(k memo.SupportKind) bool {
	for _, x := range memo.SupportKinds() {
		if x == k {
			return true
		}
	}
	return false
}
