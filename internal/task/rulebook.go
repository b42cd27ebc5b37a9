package task

import (
	"errors"
	"fmt"

	"gongjian/internal/calendar"
)

// Rulebook is all rulesets that a province has had, by the day from which each
// holds (Ruleset.Light.From), ascending. A past day is judged by the rules of
// that day.
type Rulebook []Ruleset

// DefaultRulebook holds the default ruleset for all days.
func DefaultRulebook() Rulebook { return Rulebook{DefaultRuleset()} }

// On returns the rules in force on a day: the last ones that had begun, or the
// first one for days before any.
func (b Rulebook) On(day calendar.Date) Ruleset {
	found := DefaultRuleset()
	for i, r := range b {
		if i == 0 || !r.Light.From.After(day) {
			found = r
		}
	}
	return found
}

// Until returns the last day on which the rules of a day are in force.
func (b Rulebook) Until(day calendar.Date) calendar.Date {
	for i, r := range b {
		if i > 0 && r.Light.From.After(day) {
			return r.Light.From.AddDays(-1)
		}
	}
	return Always
}

// Check says what is wrong with a rulebook: it has a ruleset, they follow each
// other by day, and their thresholds can be told apart. It is for an operator, so
// it is a plain error.
func (b Rulebook) Check() error {
	if len(b) == 0 {
		return errors.New("task: a rulebook has at least one ruleset")
	}
	for i, r := range b {
		switch {
		case i > 0 && !r.Light.From.After(b[i-1].Light.From):
			return fmt.Errorf("task: ruleset %d begins on %s, not after the one before", i+1, r.Light.From)
		case r.Light.YellowShare < 0 || r.Light.GreenShare <= r.Light.YellowShare || r.Light.GreenShare > 100:
			return fmt.Errorf("task: ruleset %d: green from %d and yellow from %d per hundred cannot be", i+1, r.Light.GreenShare, r.Light.YellowShare)
		case r.Light.RedMissed < 1 || r.Light.NearDays < 0:
			return fmt.Errorf("task: ruleset %d: red after %d missed reports, near within %d days cannot be", i+1, r.Light.RedMissed, r.Light.NearDays)
		case r.Reporting.DayOfMonth < 0 || r.Reporting.DayOfMonth > 31:
			return fmt.Errorf("task: ruleset %d: day %d of the month cannot be", i+1, r.Reporting.DayOfMonth)
		case r.SignDays < 1 || r.VerifyDays < 1 || r.ResubmitDays < 1:
			return fmt.Errorf("task: ruleset %d: terms are at least one working day", i+1)
		case r.Place.Red < 1 || r.Place.YellowPercent < 1 || r.Place.YellowPercent > 100:
			return fmt.Errorf("task: ruleset %d: red from %d tasks and yellow from %d per hundred cannot be", i+1, r.Place.Red, r.Place.YellowPercent)
		}
	}
	return nil
}
