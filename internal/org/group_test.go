package org

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/calendar"
)

func TestWordsOfGroups(t *testing.T) { // Rule O-19
	for words, want := range map[string]GroupQuery{
		"各县（市、区）政府":   {Types: []string{"县", "市", "区"}, Kind: Government},
		"各县(市、区)人民政府": {Types: []string{"县", "市", "区"}, Kind: Government},
		"各区县人民政府":     {Types: []string{"县", "区"}, Kind: Government},
		"各县市":         {Types: []string{"县", "市"}, Kind: Government},
		"各区、县级市":      {Types: []string{"市", "区"}, Kind: Government},
		"各市（州）人民政府":   {Types: []string{"市", "州"}, Kind: Government},
		"各县市质监局":      {Types: []string{"县", "市"}, Kind: Agency, Function: "质监"},
		"各区县质量技术监督局":  {Types: []string{"县", "区"}, Kind: Agency, Function: "质监"},
		"各县（区）农业局":    {Types: []string{"县", "区"}, Kind: Department, Function: "农业"},
		"有关区县人民政府":    {Types: []string{"县", "区"}, Kind: Government, Open: true},
		"沿江县（市、区）政府":  {Types: []string{"县", "市", "区"}, Kind: Government, Open: true},
		"各县市区、园区":     {Types: []string{"县", "市", "区"}, Kind: Government, Open: true},
		"各有关单位":       {Open: true},
		"各成员单位":       {Open: true},
		"各承担单位":       {Open: true},
		"市级有关部门":      {Open: true},
		"市级各部门":       {Open: true},
		"各县电力公司":      {Types: []string{"县"}, Open: true},
	} {
		want.Words = words
		got, ok := ParseGroup(words)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", words, ok, diff)
		}
	}
	for _, words := range []string{"市质监局", "泸县人民政府", "市政府办公室", "", "市有关"} {
		if q, ok := ParseGroup(words); ok {
			t.Errorf("%q is no group, but %+v", words, q)
		}
	}
}

func TestGroupsResolvedInTheirTerritory(t *testing.T) { // Rule O-19
	units := sichuan()
	for _, c := range []struct {
		words     string
		territory RegionCode
		count     int
	}{
		{"各区县人民政府", "510500", 7},
		{"各县人民政府", "510500", 4},
		{"各区政府", "510500", 3},
		{"各县市人民政府", "513400", 17},
		{"各县（市、区）政府", "511100", 11},
		{"各区县政府", "511100", 11},
		{"各区、县级市政府", "511100", 5},
		{"各县（市）政府", "511100", 7},
		{"各县（市、区）政府", "510000", 183},
		{"各市（州）人民政府", "510000", 21},
		{"各县市质监局", "513400", 17},
		{"各市州质监局", "510000", 21},
		{"各县（区）农业局", "510500", 7},
		{"有关县（市、区）政府", "511100", 0},
		{"各有关单位", "511100", 0},
	} {
		q, ok := ParseGroup(c.words)
		if got := ResolveGroup(q, c.territory, calendar.NewDate(2010, 1, 1), units); !ok || len(got) != c.count {
			t.Errorf("%s in %s: %d units", c.words, c.territory, len(got))
		}
	}
	open, _ := ParseGroup("有关县（市、区）政府")
	if got := ResolveGroup(open.Choices(), "511100", calendar.Date{}, units); len(got) != 11 {
		t.Errorf("the office may choose from %d", len(got))
	}
	unnamed, _ := ParseGroup("各有关单位")
	if !unnamed.Choices().Open {
		t.Error("a group without a sort cannot be offered")
	}
}

func TestAGroupHasTheUnitsOfItsDay(t *testing.T) { // Rule O-19
	units := []Unit{
		{ID: "a", Kind: Government, Level: County, Region: "510521", Name: "泸县人民政府", Position: 2},
		{ID: "b", Kind: Government, Level: County, Region: "510522", Name: "合江县人民政府", Position: 1},
		{ID: "c", Kind: Government, Level: County, Region: "510523", Name: "新县人民政府", Position: 3, From: calendar.NewDate(2013, 1, 1)},
	}
	q, _ := ParseGroup("各县政府")
	if diff := cmp.Diff([]UnitID{"b", "a"}, ResolveGroup(q, "510500", calendar.NewDate(2010, 1, 1), units)); diff != "" {
		t.Error(diff)
	}
	if got := ResolveGroup(q, "510500", calendar.NewDate(2014, 1, 1), units); len(got) != 3 {
		t.Errorf("in 2014: %v", got)
	}
}
