package org

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed regions.csv functions.csv renamed.csv
var tables embed.FS

// Region is one administrative division (行政区划) of GB/T 2260.
type Region struct {
	Code    RegionCode
	Name    string // 泸州市
	Short   string // for maps and narrow columns: 泸州; 泸县 stays, for a single character names nothing
	English string // Luzhou, Lu County, Liangshan Prefecture
	Parent  RegionCode
	Level   Level
}

// Regions is a table of divisions in one year's state.
type Regions struct {
	all      []Region
	position map[RegionCode]int
	children map[RegionCode][]Region
}

// StandardRegions returns the table that comes with the software. It is read once, and
// nothing of it can be changed.
func StandardRegions() (*Regions, error) { return standardRegions() }

var standardRegions = sync.OnceValues(func() (*Regions, error) {
	f, err := tables.Open("regions.csv")
	if err != nil {
		return nil, fmt.Errorf("org: opening the regions: %w", err)
	}
	defer f.Close()
	return ReadRegions(f)
})

// ReadRegions reads a table with the columns code, name, parent, level.
//
// Rule O-01 (GB/T 2260): rows that only gather other rows and are no division
// (市辖区, 县, 省直辖县级行政区划, 自治区直辖县级行政区划) are left out; what lay
// below them lies below their parent.
func ReadRegions(r io.Reader) (*Regions, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("org: reading the regions: %w", err)
	}
	t := &Regions{position: map[RegionCode]int{}, children: map[RegionCode][]Region{}}
	gathered := map[RegionCode]RegionCode{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 4 || len(row[0]) != 6 {
			return nil, fmt.Errorf("org: reading the regions: line %d is not code, name, parent, level", i+1)
		}
		code, name, parent := RegionCode(row[0]), row[1], RegionCode(row[2])
		if code == parent {
			continue // a city without counties (东莞市) stands a second time as its own county
		}
		if gathers(name) {
			gathered[code] = parent
			continue
		}
		if above, ok := gathered[parent]; ok {
			parent = above
		}
		short := shortPlace(name)
		region := Region{code, name, short, englishPlace(name, short, Level(row[3])), parent, Level(row[3])}
		if _, twice := t.position[code]; twice {
			return nil, fmt.Errorf("org: reading the regions: %s stands twice", code)
		}
		t.position[code] = len(t.all)
		t.all = append(t.all, region)
		t.children[parent] = append(t.children[parent], region)
	}
	return t, nil
}

func gathers(name string) bool {
	return name == "市辖区" || name == "县" || strings.HasSuffix(name, "直辖县级行政区划")
}

// By returns the region of a code.
func (r *Regions) By(code RegionCode) (Region, bool) {
	i, ok := r.position[code]
	if !ok {
		return Region{}, false
	}
	return r.all[i], true
}

// Children returns the divisions directly below, by code; of "" the provinces.
func (r *Regions) Children(code RegionCode) []Region { return slices.Clone(r.children[code]) }

// Below returns every division below the region at the level, by code.
func (r *Regions) Below(code RegionCode, level Level) (out []Region) {
	for _, child := range r.children[code] {
		if child.Level == level {
			out = append(out, child)
		}
		out = append(out, r.Below(child.Code, level)...)
	}
	return out
}

// All returns every division, by code.
func (r *Regions) All() []Region { return slices.Clone(r.all) }

// Prefix returns the digits of the code that name the territory: 51 for a
// province, 5105 for a city, 510521 for a county.
func (r RegionCode) Prefix() string {
	s := string(r)
	switch {
	case len(s) != 6:
		return s
	case strings.HasSuffix(s, "0000"):
		return s[:2]
	case strings.HasSuffix(s, "00"):
		return s[:4]
	}
	return s
}

// Lineage returns the code and those around it, nearest first: 510521, 510500,
// 510000. A text that is no six-digit code has only itself; "" has nothing.
func (r RegionCode) Lineage() []RegionCode {
	if r == "" {
		return nil
	}
	out := []RegionCode{r}
	p := r.Prefix()
	for len(r) == 6 && len(p) > 2 {
		p = p[:len(p)-2]
		out = append(out, RegionCode(p+"000000"[len(p):]))
	}
	return out
}

// Within reports whether r is the territory or lies in it. Nothing lies in "".
func (r RegionCode) Within(territory RegionCode) bool {
	return territory != "" && slices.Contains(r.Lineage(), territory)
}

// SmallestRegion is where something belongs that several units agree on: the smallest
// territory among theirs, the first named when several are as small.
func SmallestRegion(of []UnitID, units map[UnitID]Unit) (out RegionCode) {
	for _, u := range of {
		if r := units[u].Region; len(r.Prefix()) > len(out.Prefix()) {
			out = r
		}
	}
	return out
}
