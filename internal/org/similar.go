package org

import (
	"slices"
	"strings"
)

// similar returns up to five units around or in the territory whose names share
// most characters with the printed one. They are shown to choose from; no
// program takes one.
func (x *Index) similar(printed string, territory RegionCode) []UnitID {
	words := []string{"省", "", "市", "", "州", "", "县", "", "区", "", "局", "", "委", "", "办", "", "厅", "", "处", ""}
	for _, code := range territory.Lineage() {
		if p, ok := x.places[code]; ok {
			words = append(words, p.full, "", p.name, "", p.short, "")
		}
	}
	// The words that nearly all names have say nothing about likeness.
	bare := strings.NewReplacer(words...)
	wanted := []rune(bare.Replace(canonical(printed)))
	score := map[UnitID]int{}
	for key, entries := range x.keys {
		like := -1
		for _, e := range entries {
			u := x.units[e.unit]
			near := territory == "" || u.Region.Within(territory) || territory.Within(u.Region)
			if !near || !u.Exists(x.date) {
				continue
			}
			if like < 0 {
				like = likeness(wanted, []rune(bare.Replace(key)))
			}
			if like >= 50 {
				score[e.unit] = max(score[e.unit], like)
			}
		}
	}
	units := make([]UnitID, 0, len(score))
	for u := range score {
		units = append(units, u)
	}
	x.sort(units)
	slices.SortStableFunc(units, func(a, b UnitID) int {
		if d := score[b] - score[a]; d != 0 {
			return d
		}
		return x.steps(a, territory) - x.steps(b, territory)
	})
	return units[:min(len(units), 5)]
}

// steps is how far a unit's territory is from the document's: 0 is the same.
func (x *Index) steps(u UnitID, territory RegionCode) int {
	region := x.units[u].Region
	if up := slices.Index(territory.Lineage(), region); up >= 0 {
		return up
	}
	return 3 + max(slices.Index(region.Lineage(), territory), 0)
}

// likeness is the share of characters that two names have in common, in per cent.
func likeness(a, b []rune) int {
	if len(a)+len(b) == 0 {
		return 0
	}
	shared, total := 0, len(a)+len(b)
	rest := slices.Clone(b)
	for _, r := range a {
		if i := slices.Index(rest, r); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			shared++
		}
	}
	return 200 * shared / total
}
