package task

import "gongjian/internal/calendar"

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
