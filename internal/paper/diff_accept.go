package paper

import (
	"maps"
	"slices"

	"gongjian/internal/fault"
)

// Tick is one change that somebody accepted, as it was shown.
type Tick struct{ Key, Seal string }

// Comparison is a difference with the draft that it was made from, for accepting.
type Comparison struct {
	Changes []Change
	Draft   []DraftRow
}

// row is the draft row of a change; the zero row for a removal.
func (x Comparison) row(c Change) DraftRow {
	if c.Draft < 0 {
		return DraftRow{}
	}
	return x.Draft[c.Draft]
}

// Waits are the open questions of a change.
func (x Comparison) Waits(c Change) []Question { return c.Waits(x.row(c)) }

// Tick returns the mends with the changes that were shown accepted or not. A tick
// on something that is no longer what was shown is a Conflict (reimport.stale)
// that names its row; one on a row with open questions is one, too
// (reimport.waits).
//
// Rule I-64 (ours; docs/sources/reimport.md): nothing is accepted but what was seen.
func (m Mends) Tick(x Comparison, shown []string, ticks []Tick) (Mends, error) {
	m.Accepted = maps.Clone(m.Accepted)
	if m.Accepted == nil {
		m.Accepted = map[string]string{}
	}
	for _, key := range shown {
		delete(m.Accepted, key)
	}
	var l fault.List
	for _, t := range ticks {
		i := slices.IndexFunc(x.Changes, func(c Change) bool { return c.key == t.Key })
		switch {
		case i < 0 || x.Changes[i].Kind == Same || x.Changes[i].seal != t.Seal:
			l = append(l, fault.New(fault.Conflict, "reimport.stale").On(t.Key))
		case len(x.Waits(x.Changes[i])) > 0:
			l = append(l, fault.New(fault.Conflict, "reimport.waits").On(t.Key))
		default:
			m.Accepted[t.Key] = t.Seal
		}
	}
	return m, l.Err()
}

// TickAll returns the mends with every change of a kind accepted that has no open
// question, and how many those were that were not accepted before. Removals are
// accepted one by one only.
func (m Mends) TickAll(x Comparison, kind ChangeKind) (Mends, int) {
	m.Accepted = maps.Clone(m.Accepted)
	if m.Accepted == nil {
		m.Accepted = map[string]string{}
	}
	n := 0
	for _, c := range x.Changes {
		if c.Kind == kind && kind != Removed && kind != Same && m.Accepted[c.key] != c.seal && len(x.Waits(c)) == 0 {
			m.Accepted[c.key] = c.seal
			n++
		}
	}
	return m, n
}

// Taken are the changes that were accepted and still are what was accepted; stale
// are the keys of the others, in order.
func (m Mends) Taken(x Comparison) (taken []Change, stale []string) {
	there := map[string]bool{}
	for _, c := range x.Changes {
		seal, ok := m.Accepted[c.key]
		switch {
		case !ok:
		case seal == c.seal && len(x.Waits(c)) == 0:
			taken = append(taken, c)
			there[c.key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Accepted)) {
		if !there[key] {
			stale = append(stale, key)
		}
	}
	return taken, stale
}

// Beside says why a change cannot be taken over whatever its words are: nil when it
// can. grouped tells that the row was entered for a group whose members each have
// a part.
//
// Rule I-66 (ours; docs/sources/reimport.md): a table changes a row, not the parts
// that a group got of it.
func (c Change) Beside(row DraftRow, grouped bool) error {
	if c.Kind != Changed {
		return nil
	}
	if c.Has("lead") && (grouped || len(row.Each) > 0) {
		return fault.New(fault.Conflict, "reimport.group-lead").On("lead")
	}
	if c.Has("target") && (grouped || row.EachTarget != nil) {
		return fault.New(fault.Conflict, "reimport.group-target").On("target")
	}
	return nil
}

// Carry returns what can be taken over from the mends of an earlier version of the
// table: answers that held for the whole table. Answers about rows cannot: the
// rows are others.
func (m Mends) Carry() Mends { return Mends{Whole: m.Whole} }
