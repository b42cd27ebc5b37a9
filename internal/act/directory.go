package act

import (
	"fmt"
	"hash/fnv"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// directory finds units by printed names. To make an index of a province takes a
// tenth of a second and to look for names like an unknown one as long, and a
// preview asks for the same ones at every click; so both are kept until a unit
// changes. What is kept decides nothing: it is a memory of a pure function.
type directory struct {
	mu    sync.Mutex
	stamp string
	index *org.Index
	found map[lookup]org.Match
}

// lookup is a printed name in a territory's papers.
type lookup struct {
	printed   string
	territory org.RegionCode
}

// mostFound is how many names are kept before they are forgotten: those of some
// dozens of tables.
const mostFound = 20_000

// at returns a finder of names for the units as they are, for papers of a day.
func (d *directory) at(units []org.Unit, names []org.Name, day calendar.Date) func(printed string, territory org.RegionCode) org.Match {
	stamp := stampOf(units, names, day)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stamp != stamp {
		d.stamp, d.index, d.found = stamp, org.NewIndex(units, names, day), map[lookup]org.Match{}
	}
	index, found := d.index, d.found
	return func(printed string, territory org.RegionCode) org.Match {
		k := lookup{printed, territory}
		d.mu.Lock()
		m, ok := found[k]
		d.mu.Unlock()
		if ok {
			return m
		}
		m = index.Match(printed, territory)
		d.mu.Lock()
		defer d.mu.Unlock()
		if len(found) >= mostFound {
			clear(found)
		}
		found[k] = m
		return m
	}
}

// stampOf changes when any unit or name does.
func stampOf(units []org.Unit, names []org.Name, day calendar.Date) string {
	h := fnv.New128a()
	for _, u := range units {
		fmt.Fprintln(h, u.ID, u.Version)
	}
	for _, n := range names {
		fmt.Fprintln(h, n.Unit, n.Name, n.From, n.To)
	}
	return fmt.Sprintf("%s %x", day, h.Sum(nil))
}
