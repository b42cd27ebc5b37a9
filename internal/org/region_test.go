package org

import (
	"strings"
	"testing"
)

func regions(t testing.TB) *Regions {
	t.Helper()
	r, err := StandardRegions()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSichuanHas21CitiesAnd183Counties(t *testing.T) { // Rule O-01
	r := regions(t)
	if n := len(r.Children("510000")); n != 21 {
		t.Errorf("%d cities", n)
	}
	if n := len(r.Below("510000", County)); n != 183 {
		t.Errorf("%d counties", n)
	}
}

func TestRowsThatOnlyGatherAreLeftOut(t *testing.T) { // Rule O-01
	r := regions(t)
	for _, x := range r.All() {
		if x.Name == "市辖区" || x.Name == "县" || strings.Contains(x.Name, "直辖县级") {
			t.Errorf("%s %s is no division", x.Code, x.Name)
		}
		if _, ok := r.By(x.Parent); !ok && x.Parent != "" {
			t.Errorf("%s %s lies below %s, which is missing", x.Code, x.Name, x.Parent)
		}
	}
	if dongcheng, _ := r.By("110101"); dongcheng.Parent != "110000" {
		t.Errorf("东城区 lies below %s", dongcheng.Parent)
	}
}

func TestNamesOfPlaces(t *testing.T) {
	r := regions(t)
	for code, want := range map[RegionCode][2]string{
		"510000": {"四川", "Sichuan"}, "500000": {"重庆", "Chongqing"}, "610000": {"陕西", "Shaanxi"},
		"510100": {"成都", "Chengdu"}, "510500": {"泸州", "Luzhou"}, "511600": {"广安", "Guang'an"},
		"511800": {"雅安", "Ya'an"}, "513400": {"凉山", "Liangshan Prefecture"}, "513200": {"阿坝", "Aba Prefecture"},
		"513433": {"冕宁", "Mianning County"}, "510521": {"泸县", "Lu County"}, "510402": {"东区", "Dong District"},
		"511002": {"市中区", "Shizhong District"}, "510181": {"都江堰", "Dujiangyan"}, "511123": {"犍为", "Qianwei County"},
		"510682": {"什邡", "Shifang"}, "511527": {"筠连", "Junlian County"}, "511822": {"荥经", "Yingjing County"},
		"511524": {"长宁", "Changning County"}, "510726": {"北川", "Beichuan County"}, "150000": {"内蒙古", "Inner Mongolia"},
		"220100": {"长春", "Changchun"}, "360000": {"江西", "Jiangxi"}, "141100": {"吕梁", "Lüliang"},
	} {
		got, ok := r.By(code)
		if !ok || got.Short != want[0] || got.English != want[1] {
			t.Errorf("%s: %q %q, want %q", code, got.Short, got.English, want)
		}
	}
}

func TestLineageAndPrefix(t *testing.T) {
	for code, want := range map[RegionCode]string{
		"510521": "510521 510500 510000|510521", "510500": "510500 510000|5105", "510000": "510000|51", "": "|", "x": "x|x",
	} {
		var parts []string
		for _, x := range code.Lineage() {
			parts = append(parts, string(x))
		}
		if got := strings.Join(parts, " ") + "|" + code.Prefix(); got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
	if RegionCode("510521").Within("511500") || RegionCode("510521").Within("") || !RegionCode("510521").Within("510500") {
		t.Error("泸县 lies in 泸州 alone")
	}
}

func TestABrokenTableOfRegionsIsRefused(t *testing.T) {
	for _, text := range []string{
		"code,name,parent,level\n51,四川省,,province\n",
		"code,name,parent,level\n510000,四川省,,province\n510000,四川省,,province\n",
		"code,name,parent,level\n510000,四川省\n",
	} {
		if _, err := ReadRegions(strings.NewReader(text)); err == nil {
			t.Errorf("accepted: %q", text)
		}
	}
}
