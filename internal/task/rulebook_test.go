package task

import (
	"testing"

	"gongjian/internal/calendar"
)

func TestAPastDayIsJudgedByTheRulesOfThatDay(t *testing.T) {
	strict := DefaultRuleset()
	strict.Light.Version, strict.Light.From, strict.Light.GreenShare = 2, calendar.NewDate(2010, 7, 1), 95
	book := Rulebook{DefaultRuleset(), strict}
	if err := book.Check(); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[calendar.Date]int{
		calendar.NewDate(2008, 1, 1): 1, calendar.NewDate(2010, 6, 30): 1, calendar.NewDate(2010, 7, 1): 2, calendar.NewDate(2011, 1, 1): 2,
	} {
		if got := book.On(day).Light.Version; got != want {
			t.Errorf("on %s version %d holds, want %d", day, got, want)
		}
	}
}

func TestARulebookThatCannotBeIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Ruleset){
		"green not above yellow": func(r *Ruleset) { r.Light.GreenShare = r.Light.YellowShare },
		"more than all":          func(r *Ruleset) { r.Light.GreenShare = 101 },
		"red after none":         func(r *Ruleset) { r.Light.RedMissed = 0 },
		"no such day":            func(r *Ruleset) { r.Reporting.DayOfMonth = 32 },
		"no time to sign":        func(r *Ruleset) { r.SignDays = 0 },
		"a place always red":     func(r *Ruleset) { r.Place.Red = 0 },
	} {
		r := DefaultRuleset()
		spoil(&r)
		if err := (Rulebook{r}).Check(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := (Rulebook{DefaultRuleset(), DefaultRuleset()}).Check(); err == nil {
		t.Error("two rulesets of one day: accepted")
	}
	if err := (Rulebook{}).Check(); err == nil {
		t.Error("an empty book: accepted")
	}
}
