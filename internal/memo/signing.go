package memo

import (
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Signed is a party that has signed a version, and on which day.
type Signed struct {
	Party org.UnitID
	On    calendar.Date
}

// CheckSigning reports why a party may not sign a version now.
//
// Rule M-04 (practice of signing, 签署仪式 and 会签): only the version that all have
// agreed on is signed, by each party once, in the agreed order where there is one;
// the day is not before the agreement's proposal and not in the future.
func CheckSigning(v Version, digest string, signed []Signed, by Signed, today calendar.Date) error {
	at := slices.IndexFunc(v.Text.Parties, func(p Party) bool { return p.Unit == by.Party })
	switch {
	case at < 0:
		return fault.New(fault.Denied, "version.not-a-party")
	case v.State != AgreedOn:
		return fault.New(fault.Conflict, "sign.not-agreed", "Number", v.Number)
	case digest != v.Digest || digest != Digest(v.Text):
		return fault.New(fault.Conflict, "sign.other-text", "Number", v.Number)
	case slices.ContainsFunc(signed, func(s Signed) bool { return s.Party == by.Party }):
		return fault.New(fault.Conflict, "sign.already")
	case by.On.IsZero():
		return fault.New(fault.Invalid, "sign.day-missing").On("day")
	case by.On.After(today):
		return fault.New(fault.Invalid, "sign.day-ahead").On("day")
	case by.On.Before(v.On):
		return fault.New(fault.Invalid, "sign.day-before-version", "On", v.On).On("day")
	}
	if waits := before(v.Text, signed, v.Text.Parties[at].Order); waits != nil {
		return fault.New(fault.Conflict, "sign.not-your-turn", "Party", waits[0].Name)
	}
	return nil
}

// before returns the parties that sign before those of an order and have not yet.
// Order 0 waits for nobody and nobody waits for it.
func before(t Text, signed []Signed, order int) (waits []Party) {
	for _, p := range t.Parties {
		done := slices.ContainsFunc(signed, func(s Signed) bool { return s.Party == p.Unit })
		if p.Order > 0 && p.Order < order && !done {
			waits = append(waits, p)
		}
	}
	return waits
}

// MaySign returns the parties whose turn it is to sign.
func MaySign(t Text, signed []Signed) (out []Party) {
	for _, p := range t.Parties {
		done := slices.ContainsFunc(signed, func(s Signed) bool { return s.Party == p.Unit })
		if !done && before(t, signed, p.Order) == nil {
			out = append(out, p)
		}
	}
	return out
}

// Complete reports whether all parties have signed, and the day on which the last
// did: the day of signing, from which the term counts.
func Complete(t Text, signed []Signed) (calendar.Date, bool) {
	var last calendar.Date
	for _, p := range t.Parties {
		i := slices.IndexFunc(signed, func(s Signed) bool { return s.Party == p.Unit })
		if i < 0 {
			return calendar.Date{}, false
		}
		if signed[i].On.After(last) {
			last = signed[i].On
		}
	}
	return last, len(t.Parties) > 0
}

// SignedName is how the text of a digest is called in an exported file.
func SignedName(digest string) string { return "memorandum-" + digest + ".json" }
