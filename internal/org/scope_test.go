package org

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The properties draw from few units, so that units meet often.
var (
	someUnits   = []UnitID{"a", "b", "c", "d", "e"}
	someRegions = []RegionCode{"510000", "510500", "510521", "510522", "511500", "511521"}
	allRoles    = []Role{Office, Leader, Clerk, Verifier, Scorer, Auditor, Admin}
)

func anyUnits(t *rapid.T, label string) []UnitID {
	return rapid.SliceOfN(rapid.SampledFrom(someUnits), 0, 3).Draw(t, label)
}

func anyUnit(t *rapid.T, label string) UnitID {
	return rapid.SampledFrom(append([]UnitID{""}, someUnits...)).Draw(t, label)
}

func anyCaller(t *rapid.T) Caller {
	switch rapid.SampledFrom([]string{"h", "h", "h", "h", "h", "h", "visitor", "system", "nobody"}).Draw(t, "standing") {
	case "nobody":
		return Caller{}
	case "visitor":
		return Public()
	case "system":
		return System()
	}
	u := Unit{
		ID:       rapid.SampledFrom(someUnits).Draw(t, "unit"),
		Kind:     rapid.SampledFrom([]Kind{Government, Department, Agency, Institution, Enterprise, Committee}).Draw(t, "kind"),
		Level:    rapid.SampledFrom([]Level{Province, City, County}).Draw(t, "level"),
		Region:   rapid.SampledFrom(someRegions).Draw(t, "region"),
		Function: rapid.SampledFrom([]string{"", FunctionGovernmentOffice, FunctionQuality}).Draw(t, "function"),
		Block:    anyUnit(t, "block"),
	}
	roles := rapid.SliceOfNDistinct(rapid.SampledFrom(allRoles), 0, 2, rapid.ID).Draw(t, "roles")
	return Admit(Person{ID: "x"}, Post{ID: "p", Unit: u.ID, Roles: roles}, u, nil, nil)
}

func anyTask(t *rapid.T) TaskFacts {
	return TaskFacts{
		Office: anyUnit(t, "office"), Setter: anyUnit(t, "setter"), Verifier: anyUnit(t, "verifier"),
		Verifiers: anyUnits(t, "verifiers"),
		Leads:     anyUnits(t, "leads"), Cooperating: anyUnits(t, "cooperating"), Supervising: anyUnit(t, "supervising"),
		LineAbove: anyUnits(t, "lineAbove"), BlockAbove: anyUnits(t, "blockAbove"), Draft: rapid.Bool().Draw(t, "draft"),
	}
}

func anyResource(t *rapid.T) Resource {
	region := rapid.SampledFrom(someRegions).Draw(t, "resource region")
	switch rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "resource") {
	case 0:
		return PlanFacts{Office: anyUnit(t, "office"), Parties: anyUnits(t, "parties"), Region: region, Draft: rapid.Bool().Draw(t, "draft")}
	case 1:
		return MemorandumFacts{Office: anyUnit(t, "office"), Parties: anyUnits(t, "parties"), Region: region, Members: anyUnits(t, "members"), Open: rapid.Bool().Draw(t, "open")}
	case 2:
		return ReportFacts{Task: anyTask(t), Unit: anyUnit(t, "reporter"), By: "y", Above: anyUnits(t, "above")}
	case 3:
		return ScoreFacts{Office: anyUnit(t, "office"), Unit: anyUnit(t, "assessed"), Published: rapid.Bool().Draw(t, "published")}
	case 4:
		return ImportFacts{Office: anyUnit(t, "office")}
	case 5:
		return UnitFacts{Unit: anyUnit(t, "unit of resource")}
	case 6:
		return JournalFacts{}
	}
	return anyTask(t)
}

// Rules O-03, O-04, O-05, O-06, O-07, O-08, O-10, O-11, O-12: what a list shows
// and what may be opened are one and the same. Each kind is drawn by itself and
// must have been both seen and not seen, or the draw says nothing.
func TestScopeAndPolicyAgree(t *testing.T) {
	p := standard(t)
	region := rapid.SampledFrom(someRegions)
	for name, draw := range map[string]func(*rapid.T, Scope) (Action, Resource, bool){
		"tasks": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := anyTask(t)
			return SeeTask, f, s.SeesTask(f)
		},
		"plans": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := PlanFacts{anyUnit(t, "office"), anyUnits(t, "parties"), region.Draw(t, "where"), rapid.Bool().Draw(t, "draft")}
			return SeePlan, f, s.SeesPlan(f)
		},
		"memorandums": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := MemorandumFacts{anyUnit(t, "office"), anyUnits(t, "parties"), region.Draw(t, "where"), anyUnits(t, "members"), rapid.IntRange(0, 4).Draw(t, "open") == 0}
			return SeeMemorandum, f, s.SeesMemorandum(f)
		},
		"scores": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := ScoreFacts{anyUnit(t, "office"), anyUnit(t, "assessed"), rapid.Bool().Draw(t, "published")}
			return SeeScores, f, s.SeesScores(f)
		},
		"letters": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := LetterFacts{anyUnit(t, "office"), anyUnit(t, "giver"), anyUnit(t, "taker"), anyUnits(t, "lineAbove"), anyUnits(t, "blockAbove"), rapid.Bool().Draw(t, "draft")}
			return SeeLetter, f, s.SeesLetter(f)
		},
		"support": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := SupportFacts{anyUnit(t, "giver"), anyUnit(t, "taker"), anyUnit(t, "office"), region.Draw(t, "where")}
			return SeeSupport, f, s.SeesSupport(f)
		},
		"documents": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := DocumentFacts{anyUnit(t, "office"), anyUnit(t, "about"), region.Draw(t, "where")}
			return SeeDocument, f, s.SeesDocument(f)
		},
		"surveys": func(t *rapid.T, s Scope) (Action, Resource, bool) {
			f := SurveyFacts{Office: anyUnit(t, "office"), Asked: []UnitID{anyUnit(t, "asked")}, Parties: []UnitID{anyUnit(t, "party")}, Draft: rapid.Bool().Draw(t, "draft")}
			return SeeSurvey, f, s.SeesSurvey(f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen, hidden := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				for range 50 { // a short run draws enough too
					c := anyCaller(t)
					action, r, sees := draw(t, c.Scope())
					if d := p.Decide(c, action, r); d.Allowed != sees {
						t.Fatalf("the scope says %v, the policies %+v, for %+v on %+v", sees, d, c, r)
					}
					if sees && !c.Scope().All() {
						seen++
					} else if !sees {
						hidden++
					}
				}
			})
			if seen < 20 || hidden < 20 {
				t.Errorf("seen %d times, hidden %d times: the draw is too poor", seen, hidden)
			}
		})
	}
}

func TestNobodySeesAndDoesNothing(t *testing.T) {
	p := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		r := anyResource(t)
		for _, a := range Actions() {
			if p.Decide(Caller{}, a, r).Allowed {
				t.Fatalf("nobody may %s", a)
			}
		}
		var s Scope
		task, plan := anyTask(t), PlanFacts{Office: anyUnit(t, "office"), Region: ""}
		if s.SeesTask(task) || s.SeesPlan(plan) || s.SeesMemorandum(MemorandumFacts{}) || s.SeesScores(ScoreFacts{Published: true}) {
			t.Fatal("the zero scope sees something")
		}
	})
}

// Rule O-11.
func TestAnAuditorNeverChangesAnything(t *testing.T) {
	p := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		c, r := anyCaller(t), anyResource(t)
		c.post.Roles = append(c.post.Roles, Auditor)
		for _, a := range Actions() {
			if c.SignedIn() && !a.Sees() && p.Decide(c, a, r).Allowed {
				t.Fatalf("an auditor may %s on %+v", a, r)
			}
		}
	})
}

// Rule O-12.
func TestAnAdministratorSeesNoFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCaller(t)
		c.post.Roles = append(c.post.Roles, Admin)
		if !c.Scope().Nothing() || c.Scope().SeesTask(anyTask(t)) {
			t.Fatalf("%+v sees %+v", c, c.Scope())
		}
	})
}

// Whatever somebody may do with a task, they may see it.
func TestWhoMayActOnATaskMaySeeIt(t *testing.T) {
	p := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		c, task := anyCaller(t), anyTask(t)
		for _, a := range ActionsOn(task) {
			if p.Decide(c, a, task).Allowed && !p.Decide(c, SeeTask, task).Allowed {
				t.Fatalf("%+v may %s but not see", c, a)
			}
		}
	})
}

// Rules O-05, O-06: position gives access to the units above and to nobody else.
func TestMoreAncestorsGiveAnUnrelatedUnitNothing(t *testing.T) {
	p := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		c, task := anyCaller(t), anyTask(t)
		added := rapid.SampledFrom([]UnitID{"x", "y"}).Draw(t, "added")
		wider := task
		wider.LineAbove = append(slices.Clone(task.LineAbove), added)
		wider.BlockAbove = append(slices.Clone(task.BlockAbove), added)
		for _, a := range ActionsOn(task) {
			if p.Decide(c, a, task).Allowed != p.Decide(c, a, wider).Allowed {
				t.Fatalf("%s changed for %+v", a, c)
			}
		}
	})
}

func TestScopeOfEachPosition(t *testing.T) {
	for _, c := range []struct {
		name                   string
		caller                 Caller
		all                    bool
		unit, line, block      UnitID
		prefix                 string
		nothing, seesPublished bool
	}{
		{name: "nobody", caller: Caller{}, nothing: true},
		{name: "the public", caller: Public(), nothing: true, seesPublished: true},
		{name: "O-12 an administrator", caller: post(provinceBureau, Admin), nothing: true, seesPublished: true},
		{name: "O-11 an auditor", caller: post(cityFinance, Auditor), all: true, seesPublished: true},
		{name: "O-08 the provincial office", caller: post(provinceBureau, Office), all: true, seesPublished: true},
		{name: "O-04 a clerk", caller: post(countyBureau, Clerk), unit: "y-bureau", seesPublished: true},
		{name: "O-05 a city bureau's office", caller: post(cityBureau, Office), unit: "c-bureau", line: "c-bureau", prefix: "5105", seesPublished: true},
		{name: "O-06 a city's government", caller: post(cityGov, Leader), unit: "c-gov", line: "c-gov", block: "c-gov", prefix: "5105", seesPublished: true},
		{name: "O-06 its office", caller: post(cityGovOffice, Office), unit: "c-gov-office", line: "c-gov-office", block: "c-gov", prefix: "5105", seesPublished: true},
		{name: "a department", caller: post(cityFinance, Office), unit: "c-finance", line: "c-finance", seesPublished: true},
	} {
		s := c.caller.Scope()
		if s.All() != c.all || s.Unit() != c.unit || s.Line() != c.line || s.Block() != c.block ||
			s.TerritoryPrefix() != c.prefix || s.Nothing() != c.nothing || s.Published() != c.seesPublished {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}
