package org

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
)

// Outcome says what a printed name led to.
type Outcome string

// The outcomes.
const (
	Found     Outcome = "found"     // one unit
	Ambiguous Outcome = "ambiguous" // Candidates may be meant; a person chooses, even when it is one
	Unknown   Outcome = "unknown"   // Candidates are similar names, for the form only
	Grouped   Outcome = "group"     // Group says which
)

// Match is what a printed name leads to.
type Match struct {
	Outcome    Outcome
	Unit       UnitID     // when found
	Successor  UnitID     // of the unit found, when it has been merged since: offered, not put in its place
	Candidates []UnitID   // when ambiguous: all; when unknown: up to five similar ones
	Group      GroupQuery // when a group
}

// Index finds units by the names that documents print.
type Index struct {
	units  map[UnitID]Unit
	places map[RegionCode]place
	keys   map[string][]entry
	date   calendar.Date
}

// place is how a territory is called.
type place struct {
	name  string // 江阳区
	full  string // 泸州市江阳区
	city  string // 泸州市, for counties
	short string // 江阳
	word  string // 区
}

// entry is one way to call one unit.
type entry struct {
	unit  UnitID
	local bool // by the word of the level (市质监局): means the unit inside its territory only
	bare  bool // a district without its city (东区)
	stale bool // a name that it did not bear on the index's date
}

// NewIndex builds the index for documents of a date; the zero date is today.
// Units that begin later are left out; merged ones stay, for documents name them on.
func NewIndex(units []Unit, names []Name, date calendar.Date) *Index {
	x := &Index{
		units: make(map[UnitID]Unit, len(units)), places: placesOf(units),
		keys: map[string][]entry{}, date: date,
	}
	for _, u := range units {
		if !date.IsZero() && u.From.After(date) {
			continue
		}
		x.units[u.ID] = u
		x.call(u, u.Name, false)
		for _, alias := range u.Aliases {
			x.call(u, alias, false)
		}
		if u.Short != "" {
			x.key(u.Short, entry{unit: u.ID, local: true})
		}
		if p, ok := x.places[u.Region]; ok && u.Kind == Government {
			x.call(u, p.name, false) // a territory named alone means its government
		}
	}
	for _, n := range names {
		if u, ok := x.units[n.Unit]; ok {
			stale := !holds(n.From, n.To, date)
			x.call(u, n.Name, stale)
			if u.Kind == Government {
				x.call(u, strings.TrimSuffix(n.Name, "人民政府"), stale)
			}
		}
	}
	return x
}

func placesOf(units []Unit) map[RegionCode]place {
	out := map[RegionCode]place{}
	for _, u := range units {
		if u.Kind == Government {
			out[u.Region] = place{name: placeOf(u), full: placeOf(u)}
		}
	}
	for code, p := range out {
		if lineage := code.Lineage(); len(lineage) == 3 {
			p.city = out[lineage[1]].full
			p.name = strings.TrimPrefix(p.name, p.city)
		}
		p.short, p.word = shortPlace(p.name), levelWord(p.name)
		out[code] = p
	}
	return out
}

// call enters a name of a unit with its customary variants: with the city in
// front, with the territory's short name, and with the word of its level.
func (x *Index) call(u Unit, name string, stale bool) {
	p, ok := x.places[u.Region]
	if ok {
		name = strings.Replace(name, p.full, p.name, 1)
	}
	if !ok || !strings.Contains(name, p.name) {
		x.key(name, entry{unit: u.ID, stale: stale})
		return
	}
	variant := func(place string) string { return strings.Replace(name, p.name, place, 1) }
	x.key(name, entry{unit: u.ID, stale: stale, bare: p.word == "区" && p.city != ""})
	if p.city != "" {
		x.key(variant(p.city+p.name), entry{unit: u.ID, stale: stale})
	}
	if name == p.name {
		if p.short+p.word != p.name && p.short != p.name {
			x.key(p.short+p.word, entry{unit: u.ID, stale: stale})
		}
		return
	}
	if p.short != p.name {
		x.key(variant(p.short+p.word), entry{unit: u.ID, stale: stale})
		x.key(variant(p.short), entry{unit: u.ID, stale: stale, bare: p.word == "区"})
	}
	x.key(variant(p.word), entry{unit: u.ID, stale: stale, local: true})
}

func (x *Index) key(name string, e entry) {
	k := canonical(name)
	if k != "" && !slices.Contains(x.keys[k], e) {
		x.keys[k] = append(x.keys[k], e)
	}
}

// Match finds what a name printed in a document of the territory means. It
// prefers units of the territory, then those around and in it; what fits two
// units equally well is ambiguous, and a name that only resembles one is
// unknown. Nothing is guessed.
//
// Rule O-20 (practice of task tables): inside a territory's own papers the word
// of the level stands for its name (市质监局), and a territory named alone for its
// government.
func (x *Index) Match(printed string, territory RegionCode) Match {
	if m, ok := x.exact(printed, territory); ok {
		return m
	}
	if q, ok := ParseGroup(printed); ok {
		return Match{Outcome: Grouped, Group: q}
	}
	if m, ok := x.bracketed(printed, territory); ok {
		return m
	}
	return Match{Outcome: Unknown, Candidates: x.similar(printed, territory)}
}

func (x *Index) exact(printed string, territory RegionCode) (Match, bool) {
	best, sure := 0, false
	var units []UnitID
	for _, e := range x.keys[canonical(printed)] {
		cost, certain, ok := x.fit(e, territory)
		switch {
		case !ok, len(units) > 0 && cost > best:
			continue
		case len(units) == 0 || cost < best:
			best, sure, units = cost, certain, nil
		}
		sure = sure && certain
		if !slices.Contains(units, e.unit) {
			units = append(units, e.unit)
		}
	}
	if len(units) == 0 {
		return Match{}, false
	}
	if len(units) > 1 || !sure {
		x.sort(units)
		return Match{Outcome: Ambiguous, Candidates: units}, true
	}
	return x.found(units[0]), true
}

func (x *Index) found(u UnitID) Match {
	m := Match{Outcome: Found, Unit: u}
	// A ring of successors is a broken record; the unit is found all the same.
	if next, err := Successors(x.units, u); err == nil && len(next) > 0 {
		m.Successor = next[len(next)-1]
	}
	return m
}

// fit says how well an entry fits a territory: the less the better, and whether
// a single best one is certain. Names that mean something only in another
// territory do not fit.
func (x *Index) fit(e entry, territory RegionCode) (cost int, certain, ok bool) {
	u := x.units[e.unit]
	lineage := territory.Lineage()
	around := slices.Index(lineage, u.Region)
	inside := u.Region.Within(territory)
	certain = true
	switch {
	case around >= 0:
		cost = around
	case inside:
		cost, certain = 5, !e.local
	case e.local:
		if territory != "" {
			return 0, false, false
		}
		cost, certain = 9, false
	case len(lineage) == 3 && u.Region.Within(lineage[1]):
		cost = 6 // a neighbour in the same city
	default:
		cost, certain = 9, !e.bare || territory == ""
	}
	if e.stale {
		cost += 20
	}
	if !u.Exists(x.date) {
		cost += 40
	}
	return cost, certain, true
}

// bracketed reads 市科技局（市知识产权局）: the name before the bracket, unless the
// one inside is another unit.
func (x *Index) bracketed(printed string, territory RegionCode) (Match, bool) {
	s := canonical(printed)
	open := strings.IndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") {
		return Match{}, false
	}
	outer, ok := x.exact(s[:open], territory)
	if !ok || outer.Outcome != Found {
		return outer, ok
	}
	inner, ok := x.exact(s[open+1:len(s)-1], territory)
	switch {
	case !ok:
		return outer, true
	case inner.Outcome == Found && inner.Unit == outer.Unit:
		return outer, true
	}
	units := append([]UnitID{outer.Unit}, inner.Candidates...)
	if inner.Unit != "" {
		units = append(units, inner.Unit)
	}
	x.sort(units)
	return Match{Outcome: Ambiguous, Candidates: slices.Compact(units)}, true
}

func (x *Index) sort(units []UnitID) {
	slices.SortStableFunc(units, func(a, b UnitID) int {
		if d := x.units[a].Position - x.units[b].Position; d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
}
