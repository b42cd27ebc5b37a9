package org

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/calendar"
)

func TestAProvinceHasBothLinesOfAuthority(t *testing.T) {
	units := sichuan()
	byID := map[UnitID]Unit{}
	count := map[string]int{}
	for i, u := range units {
		if _, twice := byID[u.ID]; twice {
			t.Fatalf("%s stands twice", u.Name)
		}
		byID[u.ID] = u
		count[string(u.Kind)+"/"+u.Function+"/"+string(u.Level)]++
		if u.Position != i+1 || u.Name == "" || u.Short == "" || u.Level == "" {
			t.Errorf("%+v", u)
		}
	}
	for key, want := range map[string]int{
		"government//province": 1, "government//city": 21, "government//county": 183,
		"agency/质监/province": 1, "agency/质监/city": 21, "agency/质监/county": 183,
		"department/财政/city": 21, "department/财政/county": 183,
	} {
		if count[key] != want {
			t.Errorf("%s: %d, want %d", key, count[key], want)
		}
	}
	bureau := unitID("510521", FunctionQuality)
	names := func(ids []UnitID) (out []string) {
		for _, id := range ids {
			out = append(out, byID[id].Name)
		}
		return out
	}
	if diff := cmp.Diff([]string{"泸州市质量技术监督局", "四川省质量技术监督局"}, names(Ancestors(byID, bureau, Line))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"泸县人民政府", "泸州市人民政府", "四川省人民政府"}, names(Ancestors(byID, bureau, Block))); diff != "" {
		t.Error(diff)
	}
	office := byID[unitID("510000", "合作办")]
	if !post(office, Office).Scope().All() {
		t.Error("the office of the memorandums sees the province")
	}
}

func TestUnitsAreTheSameEachTime(t *testing.T) {
	r := regions(t)
	since := calendar.NewDate(2008, 1, 1)
	if diff := cmp.Diff(ProvinceUnits(r, "510000", since), ProvinceUnits(r, "510000", since)); diff != "" {
		t.Error(diff)
	}
	if got := ProvinceUnits(r, "999999", since); got != nil {
		t.Errorf("%d units of no province", len(got))
	}
	// Documents and stored rows name ids: a change of the scheme must be seen here.
	if got := unitID("510500", FunctionQuality); got != "278dc1b0-a2de-5c34-8014-dff7901d6651" {
		t.Errorf("the id of 泸州市质监局 is %s", got)
	}
}

func TestTheShortNameIsTheOneUsedAtHome(t *testing.T) {
	byID := map[UnitID]Unit{}
	for _, u := range sichuan() {
		byID[u.ID] = u
	}
	for _, c := range []struct {
		region          RegionCode
		function, short string
	}{
		{"510500", FunctionQuality, "市质监局"}, {"513400", FunctionQuality, "州质监局"}, {"510521", FunctionQuality, "县质监局"},
		{"510502", FunctionQuality, "区质监局"}, {"510000", FunctionQuality, "省质监局"}, {"510500", "人民政府", "市政府"},
		{"510500", "教育", "市教育局"}, {"510500", "发展改革", "市发展改革委"}, {"510500", "共青团", "团市委"},
		{"510500", "检验检疫", "泸州检验检疫局"},
	} {
		if got := byID[unitID(c.region, c.function)].Short; got != c.short {
			t.Errorf("%s in %s is %q, want %q", c.function, c.region, got, c.short)
		}
	}
}

func TestEveryFunctionHasNamesAndAKind(t *testing.T) {
	functions, err := readFunctions()
	if err != nil || len(functions) < 60 {
		t.Fatal(len(functions), err)
	}
	seen := map[string]bool{}
	for _, f := range functions {
		if seen[f.name] || len(f.names) == 0 {
			t.Errorf("%s stands twice or has no name", f.name)
		}
		seen[f.name] = true
		switch f.kind {
		case Department, Agency, Institution, Committee:
		default:
			t.Errorf("%s is of kind %q", f.name, f.kind)
		}
	}
}
