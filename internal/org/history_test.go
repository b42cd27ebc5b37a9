package org

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
)

var reform = calendar.NewDate(2018, 12, 20)

func TestNamesAndParentsByDate(t *testing.T) { // Rule O-02
	u := Unit{ID: "u", Name: "会理市人民政府", Line: "l2", Block: "b"}
	names := []Name{
		{Unit: "u", Name: "会理县人民政府", To: calendar.NewDate(2021, 1, 19)},
		{Unit: "v", Name: "别的", To: calendar.NewDate(2021, 1, 19)},
	}
	parents := []Parent{{Unit: "u", Axis: Line, Above: "l1", To: calendar.NewDate(2015, 12, 31)}}
	for _, c := range []struct {
		day        calendar.Date
		name       string
		line, bloc UnitID
	}{
		{calendar.NewDate(2010, 1, 1), "会理县人民政府", "l1", "b"},
		{calendar.NewDate(2021, 1, 19), "会理县人民政府", "l2", "b"},
		{calendar.NewDate(2021, 1, 20), "会理市人民政府", "l2", "b"},
		{calendar.Date{}, "会理市人民政府", "l2", "b"},
	} {
		if got := NameAt(names, u, c.day); got != c.name {
			t.Errorf("%s: called %s", c.day, got)
		}
		if l, b := ParentAt(parents, u, Line, c.day), ParentAt(parents, u, Block, c.day); l != c.line || b != c.bloc {
			t.Errorf("%s: below %s and %s", c.day, l, b)
		}
	}
}

func TestAMergerEndsTheOldAndBeginsTheNew(t *testing.T) { // Rule O-02
	merged := []Unit{{ID: "质监", Name: "质监局"}, {ID: "工商", Name: "工商局"}, {ID: "食药", Name: "食药监局"}}
	got, err := Merge(merged, Unit{ID: "市监", Name: "市场监督管理局"}, reform)
	if err != nil || len(got) != 4 {
		t.Fatal(got, err)
	}
	units := map[UnitID]Unit{}
	for _, u := range got {
		units[u.ID] = u
	}
	for _, id := range []UnitID{"质监", "工商", "食药"} {
		if u := units[id]; u.Exists(reform) || !u.Exists(reform.AddDays(-1)) || u.Successor != "市监" {
			t.Errorf("%+v", u)
		}
	}
	if u := units["市监"]; !u.Exists(reform) || u.Exists(reform.AddDays(-1)) {
		t.Errorf("%+v", u)
	}
	if merged[0].Successor != "" {
		t.Error("the argument was changed")
	}
	next, err := Successors(units, "工商")
	if diff := cmp.Diff([]UnitID{"市监"}, next); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestAMergerThatCannotBe(t *testing.T) {
	ended := Unit{ID: "a", To: calendar.NewDate(2010, 1, 1), Successor: "b"}
	for key, merged := range map[string][]Unit{
		"org.merge-nothing": nil, "org.merge-itself": {{ID: "s"}}, "org.merge-ended": {ended},
	} {
		if _, err := Merge(merged, Unit{ID: "s"}, reform); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestARingOfUnitsEndsTheWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := map[UnitID]Unit{}
		for _, id := range someUnits {
			units[id] = Unit{ID: id, Successor: anyUnit(t, "successor"), Line: anyUnit(t, "line"), Block: anyUnit(t, "block")}
		}
		for _, id := range someUnits {
			next, err := Successors(units, id)
			if err == nil && len(next) > 0 && units[next[len(next)-1]].Successor != "" {
				t.Fatal("the walk stopped before its end")
			}
			above := Ancestors(units, id, Line)
			if len(above) > len(someUnits) || len(slices.Compact(slices.Sorted(slices.Values(above)))) != len(above) {
				t.Fatalf("an ancestor stands twice: %v", above)
			}
		}
	})
}

func TestAncestorsAreNearestFirst(t *testing.T) {
	units := map[UnitID]Unit{"c": {ID: "c", Line: "b", Block: "x"}, "b": {ID: "b", Line: "a"}, "a": {ID: "a"}}
	if diff := cmp.Diff([]UnitID{"b", "a"}, Ancestors(units, "c", Line)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]UnitID{"x"}, Ancestors(units, "c", Block)); diff != "" {
		t.Error(diff)
	}
}

func TestThePostIsAnsweredForByWhoHoldsItThatDay(t *testing.T) {
	holdings := []Holding{
		{Person: "first", Post: "p", To: calendar.NewDate(2010, 6, 30)},
		{Person: "second", Post: "p", From: calendar.NewDate(2010, 7, 1)},
		{Person: "second", Post: "q", From: calendar.NewDate(2010, 1, 1)},
	}
	for day, want := range map[calendar.Date]PersonID{
		calendar.NewDate(2010, 6, 30): "first", calendar.NewDate(2010, 7, 1): "second", {}: "second",
	} {
		if diff := cmp.Diff([]PersonID{want}, HolderOn(holdings, "p", day)); diff != "" {
			t.Errorf("%s: %s", day, diff)
		}
	}
	second := Person{ID: "second", Retired: calendar.NewDate(2012, 1, 1)}
	if got := PostsOn(holdings, second, calendar.NewDate(2011, 1, 1)); len(got) != 2 {
		t.Errorf("before retiring: %v", got)
	}
	if got := PostsOn(holdings, second, calendar.NewDate(2012, 1, 1)); len(got) != 0 {
		t.Errorf("after retiring: %v", got)
	}
}

func TestRolesThatMustNotMeetInOnePost(t *testing.T) { // Rule O-12
	for _, c := range []struct {
		roles []Role
		key   string
	}{
		{[]Role{Office, Verifier}, ""}, {[]Role{Admin}, ""}, {[]Role{Auditor}, ""},
		{nil, "org.post-without-role"}, {[]Role{"king"}, "org.role-unknown"},
		{[]Role{Admin, Clerk}, "org.post-roles-separate"}, {[]Role{Leader, Auditor}, "org.post-roles-separate"},
	} {
		err := CheckPost(Post{Roles: c.roles})
		if (c.key == "") != (err == nil) || (err != nil && !fault.Is(err, c.key)) {
			t.Errorf("%v: %v", c.roles, err)
		}
	}
}
