package org

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongjian/internal/calendar"
)

// sichuan is built once: five thousand units.
var sichuan = sync.OnceValue(func() []Unit {
	r, err := StandardRegions()
	if err != nil {
		panic(err)
	}
	return ProvinceUnits(r, "510000", calendar.Date{})
})

func nameOf(units []Unit) map[UnitID]string {
	out := map[UnitID]string{}
	for _, u := range units {
		out[u.ID] = u.Name
	}
	return out
}

func TestPrintedNamesFindTheirUnits(t *testing.T) { // Rule O-20
	units := sichuan()
	former, err := FormerNames(regions(t), units)
	if err != nil {
		t.Fatal(err)
	}
	x := NewIndex(units, former, calendar.NewDate(2010, 6, 1))
	names := nameOf(units)
	for _, c := range []struct {
		printed   string
		territory RegionCode
		want      string
	}{
		{"市质监局", "510500", "泸州市质量技术监督局"},
		{"市质监局", "511500", "宜宾市质量技术监督局"},
		{"市质监局", "510521", "泸州市质量技术监督局"},
		{"县质监局", "510521", "泸县质量技术监督局"},
		{"市质监局", "511181", "峨眉山市质量技术监督局"},
		{"州质监局", "513400", "凉山彝族自治州质量技术监督局"},
		{"凉山州质监局", "510500", "凉山彝族自治州质量技术监督局"},
		{"凉山州质监局", "", "凉山彝族自治州质量技术监督局"},
		{"泸州质监局", "", "泸州市质量技术监督局"},
		{"省质监局", "513433", "四川省质量技术监督局"},
		{"四川省质监局", "", "四川省质量技术监督局"},
		{"省局", "510000", "四川省质量技术监督局"},
		{"省质监局计量处", "510000", "四川省质量技术监督局计量处"},
		{"省质检院", "510500", "四川省产品质量监督检验检测院"},
		{"泸县", "510500", "泸县人民政府"},
		{"泸县政府", "510500", "泸县人民政府"},
		{"泸县人民政府", "510500", "泸县人民政府"},
		{"泸州市泸县人民政府", "", "泸县人民政府"},
		{"江阳区", "510500", "泸州市江阳区人民政府"},
		{"市中区", "511100", "乐山市市中区人民政府"},
		{"市中区", "511000", "内江市市中区人民政府"},
		{"乐山市市中区政府", "", "乐山市市中区人民政府"},
		{"西昌市", "513400", "西昌市人民政府"},
		{"峨边县", "511100", "峨边彝族自治县人民政府"},
		{"东区", "510400", "攀枝花市东区人民政府"},
		{"市人民政府", "510500", "泸州市人民政府"},
		{"资阳市发改委", "512000", "资阳市发展和改革委员会"},
		{"市发展改革委", "512000", "资阳市发展和改革委员会"},
		{"市发展和改革委员会", "512000", "资阳市发展和改革委员会"},
		{"市发展与改革委员会", "512000", "资阳市发展和改革委员会"},
		{"县发改局", "513433", "冕宁县发展和改革局"},
		{"市经委", "510500", "泸州市经济和信息化委员会"},
		{"市委宣传部", "510700", "中共绵阳市委宣传部"},
		{"团州委", "513400", "共青团凉山彝族自治州委员会"},
		{"市人力资源社会保障局", "510700", "绵阳市人力资源和社会保障局"},
		{" 市 卫生\u3000局、", "510500", "泸州市卫生局"},
		{"市科技局（市知识产权局）", "511300", "南充市科学技术局"},
		{"市科技局(科技大厦)", "511300", "南充市科学技术局"},
		{"会理县", "513400", "会理市人民政府"},
		{"会理县财政局", "513400", "会理市财政局"},
	} {
		m := x.Match(c.printed, c.territory)
		if m.Outcome != Found || names[m.Unit] != c.want {
			t.Errorf("%q in %q: %s %q, want %q", c.printed, c.territory, m.Outcome, names[m.Unit], c.want)
		}
	}
}

func TestWhatFitsSeveralIsAmbiguousAndNeverChosen(t *testing.T) { // Rule O-20
	units := sichuan()
	x := NewIndex(units, nil, calendar.Date{})
	names := nameOf(units)
	for _, c := range []struct {
		printed   string
		territory RegionCode
		some      string // one of the candidates
		count     int
	}{
		{"市中区", "510000", "内江市市中区人民政府", 2},
		{"市中区", "", "乐山市市中区人民政府", 2},
		{"县质监局", "510500", "泸县质量技术监督局", 4},
		{"市质监局", "513200", "马尔康市质量技术监督局", 1}, // the only 市 there, but a prefecture's paper says 州
		{"市质监局", "", "泸州市质量技术监督局", 37},
		{"东区", "510500", "攀枝花市东区人民政府", 1}, // another city's district
		{"市财政局（市审计局）", "510500", "泸州市审计局", 2},
		{"广安质监局", "510000", "广安市质量技术监督局", 2},
	} {
		m := x.Match(c.printed, c.territory)
		var got []string
		for _, u := range m.Candidates {
			got = append(got, names[u])
		}
		if m.Outcome != Ambiguous || m.Unit != "" || len(got) != c.count || !slices.Contains(got, c.some) {
			t.Errorf("%q in %q: %s %q", c.printed, c.territory, m.Outcome, got)
		}
	}
}

func TestAnUnknownNameBringsSimilarOnesForTheForm(t *testing.T) {
	units := sichuan()
	x := NewIndex(units, nil, calendar.Date{})
	names := nameOf(units)
	m := x.Match("市食品药监管理局", "510500")
	if m.Outcome != Unknown || m.Unit != "" || len(m.Candidates) == 0 || len(m.Candidates) > 5 {
		t.Fatalf("%+v", m)
	}
	if names[m.Candidates[0]] != "泸州市食品药品监督管理局" {
		t.Errorf("the most similar is %s", names[m.Candidates[0]])
	}
	for _, printed := range []string{"州质监局", "西华师范大学", "", "、"} {
		if m := x.Match(printed, "510500"); m.Outcome != Unknown || m.Unit != "" {
			t.Errorf("%q: %+v", printed, m)
		}
	}
}

func TestNoTwoUnitsOfATerritoryShareAName(t *testing.T) { // Rule O-20
	x := NewIndex(sichuan(), nil, calendar.Date{})
	for key, entries := range x.keys {
		first := map[RegionCode]UnitID{}
		for _, e := range entries {
			u := x.units[e.unit]
			if other, ok := first[u.Region]; ok && other != u.ID {
				t.Errorf("%s is %s and %s", key, x.units[other].Name, u.Name)
			}
			first[u.Region] = u.ID
		}
	}
}

func TestAnOldNameFindsTheOldUnitAndOffersItsSuccessor(t *testing.T) { // Rules O-02, O-20
	gov := Unit{ID: "gov", Kind: Government, Level: City, Region: "510500", Name: "泸州市人民政府"}
	old := Unit{ID: "old", Kind: Agency, Level: City, Region: "510500", Name: "泸州市质量技术监督局", Aliases: []string{"泸州市质监局"}}
	changed, err := Merge([]Unit{old}, Unit{ID: "new", Kind: Department, Level: City, Region: "510500", Name: "泸州市市场监督管理局"}, calendar.NewDate(2018, 12, 20))
	if err != nil {
		t.Fatal(err)
	}
	units := append([]Unit{gov}, changed...)
	names := []Name{{Unit: "old", Name: "泸州市技术监督局", To: calendar.NewDate(2000, 1, 1)}}
	at2010 := NewIndex(units, names, calendar.NewDate(2010, 6, 1))
	for _, printed := range []string{"市质监局", "泸州市质量技术监督局", "市技术监督局"} {
		want := Match{Outcome: Found, Unit: "old", Successor: "new"}
		if diff := cmp.Diff(want, at2010.Match(printed, "510500")); diff != "" {
			t.Errorf("%s in 2010:\n%s", printed, diff)
		}
	}
	if m := at2010.Match("市市场监督管理局", "510500"); m.Outcome != Unknown {
		t.Errorf("a unit of 2018 found in a document of 2010: %+v", m)
	}
	today := NewIndex(units, names, calendar.Date{})
	if m := today.Match("市质监局", "510500"); m.Unit != "old" || m.Successor != "new" {
		t.Errorf("today: %+v", m)
	}
	if m := today.Match("市市场监管局", "510500"); m.Unit != "new" || m.Successor != "" {
		t.Errorf("the successor itself: %+v", m)
	}
}

func TestALivingUnitWinsOverAMergedOneOfTheSameName(t *testing.T) {
	units := []Unit{
		{ID: "old", Region: "510500", Name: "泸州市农业局", To: calendar.NewDate(2012, 1, 1), Successor: "new"},
		{ID: "new", Region: "510500", Name: "泸州市农业局", From: calendar.NewDate(2012, 1, 2)},
	}
	for day, want := range map[calendar.Date]UnitID{
		calendar.NewDate(2011, 1, 1): "old", calendar.NewDate(2013, 1, 1): "new", {}: "new",
	} {
		if m := NewIndex(units, nil, day).Match("泸州市农业局", "510500"); m.Unit != want {
			t.Errorf("%s: %+v", day, m)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"市质监局", "各县（市、区）政府", "市科技局（市知识产权局）", "（", "各", "有关", "\xff", "市中区等"} {
		f.Add(s, "510500")
	}
	x := NewIndex(sichuan()[:200], nil, calendar.Date{})
	f.Fuzz(func(t *testing.T, printed, territory string) {
		m := x.Match(printed, RegionCode(territory))
		if (m.Outcome == Found) != (m.Unit != "") {
			t.Errorf("%+v", m)
		}
		if m.Outcome == Unknown && len(m.Candidates) > 5 {
			t.Errorf("%d suggestions", len(m.Candidates))
		}
		if diff := cmp.Diff(m, x.Match(printed, RegionCode(territory))); diff != "" {
			t.Errorf("two answers to one question:\n%s", diff)
		}
	})
}
