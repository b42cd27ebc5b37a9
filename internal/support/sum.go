package support

import (
	"cmp"
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Cell is what deliveries come to at one place, in one budget year, of one kind.
type Cell struct {
	Region   org.RegionCode
	Year     int
	Kind     memo.SupportKind
	Entered  Amount // not yet verified, beside it
	Verified Amount
	Count    int // entries
}

// CellOf is what one delivery adds to its cell: nothing when it was cancelled or
// returned.
func CellOf(d Delivery) (Cell, bool) {
	c := Cell{Region: d.Region, Year: d.Year, Kind: d.Kind, Count: 1}
	switch d.State {
	case Verified:
		c.Verified = d.Amount
	case Entered:
		c.Entered = d.Amount
	default:
		return Cell{}, false
	}
	return c, true
}

type cellKey struct {
	region org.RegionCode
	year   int
	kind   memo.SupportKind
}

// Sum puts cells of the same place, year and kind together, in the order of place,
// year and kind. It may be given cells that were summed before.
func Sum(cells []Cell) []Cell {
	return gather(cells, func(c Cell) []org.RegionCode { return []org.RegionCode{c.Region} })
}

// Up sums cells up the tree of places: every place with all that lies in it, itself
// included (县 → 市 → 省).
//
// Rule SL-06 (the issue: summed without double counting): a delivery has one place,
// and counts once in that place and once in each that holds it. The sum of a
// territory is therefore what a recount of all entries in it gives.
func Up(cells []Cell) []Cell {
	return gather(cells, func(c Cell) []org.RegionCode { return c.Region.Lineage() })
}

// Below sums cells to the places directly below a territory, and the territory's own
// apart from those under its own code; cells elsewhere are left out.
func Below(cells []Cell, territory org.RegionCode) []Cell {
	return gather(cells, func(c Cell) []org.RegionCode {
		if c.Region == territory {
			return []org.RegionCode{territory}
		}
		line := c.Region.Lineage()
		for i := 1; i < len(line); i++ {
			if line[i] == territory {
				return []org.RegionCode{line[i-1]}
			}
		}
		return nil
	})
}

// Within sums all cells of a territory by year and kind; Region is the territory.
func Within(cells []Cell, territory org.RegionCode) []Cell {
	return gather(cells, func(c Cell) []org.RegionCode {
		if !c.Region.Within(territory) {
			return nil
		}
		return []org.RegionCode{territory}
	})
}

// ByKind sums cells over places and years.
func ByKind(cells []Cell) []Cell {
	var out []Cell
	for _, k := range memo.SupportKinds() {
		t := Cell{Kind: k}
		for _, c := range cells {
			if c.Kind == k {
				t.Entered, t.Verified, t.Count = t.Entered+c.Entered, t.Verified+c.Verified, t.Count+c.Count
			}
		}
		if t.Count > 0 {
			out = append(out, t)
		}
	}
	return out
}

func gather(cells []Cell, places func(Cell) []org.RegionCode) []Cell {
	at := map[cellKey]*Cell{}
	for _, c := range cells {
		for _, r := range places(c) {
			key := cellKey{r, c.Year, c.Kind}
			t := at[key]
			if t == nil {
				t = &Cell{Region: r, Year: c.Year, Kind: c.Kind}
				at[key] = t
			}
			t.Entered, t.Verified, t.Count = t.Entered+c.Entered, t.Verified+c.Verified, t.Count+c.Count
		}
	}
	out := make([]Cell, 0, len(at))
	for _, c := range at {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(b.Year, a.Year), cmp.Compare(place(a.Kind), place(b.Kind)))
	})
	return out
}

// place is where a kind stands in the order of pages.
func place(k memo.SupportKind) int { return slices.Index(memo.SupportKinds(), k) }

// Promise is what one commitment promises, with what was delivered under it.
type Promise struct {
	Commitment memo.CommitmentID
	Kind       memo.SupportKind
	Year       int // budget year; 0: once and for all
	Promised   Amount
	Entered    Amount
	Verified   Amount
}

// Missing is how much is still owed; never less than nothing.
func (p Promise) Missing() Amount { return max(0, p.Promised-p.Verified) }
