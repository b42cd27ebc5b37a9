package bulk

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
)

// units finds or makes the unit of every row. Rows of one name are one unit.
func (p *planner) units() {
	said := map[string]*RosterRow{} // what all rows of a unit say of it together
	var order []string
	for i := range p.plan.Rows {
		row := &p.plan.Rows[i]
		if row.Unit == "" {
			p.invalid(row.Row, colUnit, "roster.unit-missing")
			continue
		}
		key := fold(row.Unit)
		if said[key] == nil {
			whole := row.RosterRow
			said[key], order = &whole, append(order, key)
			continue
		}
		p.gather(said[key], row.RosterRow)
	}
	for _, key := range order {
		if id, ok := p.unit(*said[key]); ok {
			p.byName[key] = id
		}
	}
	for i := range p.plan.Rows {
		row := &p.plan.Rows[i]
		row.UnitID = p.byName[fold(row.Unit)]
		row.NewUnit = strings.HasPrefix(string(row.UnitID), NewPrefix)
	}
}

// gather adds what another row says of the same unit; it must not differ.
func (p *planner) gather(whole *RosterRow, row RosterRow) {
	for _, c := range []struct {
		column column
		to     *string
		said   string
	}{
		{colShort, &whole.Short, row.Short}, {colKind, &whole.Kind, row.Kind}, {colLevel, &whole.Level, row.Level},
		{colLine, &whole.Line, row.Line}, {colBlock, &whole.Block, row.Block}, {colRegion, &whole.Region, row.Region},
	} {
		switch {
		case *c.to == "":
			*c.to = c.said
		case c.said != "" && fold(c.said) != fold(*c.to):
			p.invalid(row.Row, c.column, "roster.unit-differs", "Row", whole.Row, "Text", *c.to)
		}
	}
}

// unit finds the unit that a name means.
//
// Rule OS-05 (ours; O-20 does so for task tables): what a name could mean is asked with every candidate.
func (p *planner) unit(said RosterRow) (org.UnitID, bool) {
	region, regionOK := p.region(said)
	if said.Region != "" && !regionOK {
		p.invalid(said.Row, colRegion, "roster.region-unknown", "Code", said.Region)
		return "", false
	}
	territory := region
	if territory == "" {
		territory = p.Territory
	}
	d := Doubt{Key: "unit|" + fold(said.Unit), Row: said.Row, Column: string(colUnit), Printed: said.Unit, New: true}
	switch m := p.Find(said.Unit, territory); m.Outcome {
	case org.Found:
		u := p.Units[m.Unit]
		switch {
		case !u.Exists(p.Today) && m.Successor != "":
			d.Text, d.Units = "roster.doubt.merged", []org.UnitID{m.Successor}
		case !u.Exists(p.Today):
			d.Text = "roster.doubt.ended"
		case region != "" && u.Region != region:
			d.Text, d.Units = "roster.doubt.region", []org.UnitID{u.ID}
		default:
			return p.known(u, said), true
		}
	case org.Ambiguous:
		d.Text, d.Units = "roster.doubt.ambiguous", m.Candidates
	case org.Grouped:
		p.invalid(said.Row, colUnit, "roster.unit-group", "Name", said.Unit)
		return "", false
	default:
		if d.Units = p.close(said, region, m.Candidates); len(d.Units) == 0 {
			return p.fresh(said, region)
		}
		d.Text = "roster.doubt.similar"
	}
	return p.decided(d, said, region)
}

// decided does what was chosen about a doubt, and keeps the doubt either way.
func (p *planner) decided(d Doubt, said RosterRow, region org.RegionCode) (org.UnitID, bool) {
	answer := p.choices[d.Key]
	id, rename := strings.CutPrefix(answer, ChooseRename)
	if !rename {
		id = strings.TrimPrefix(answer, ChooseUnit)
	}
	u, known := p.Units[org.UnitID(id)]
	known = known && u.Exists(p.Today)
	if answer == ChooseNew || known {
		d.Chosen = answer
	}
	p.plan.Doubts = append(p.plan.Doubts, d)
	switch {
	case answer == ChooseNew:
		return p.fresh(said, region)
	case known && rename:
		p.plan.Changed = append(p.plan.Changed, UnitChange{Unit: u.ID, Name: said.Unit, Short: or(said.Short, u.Short), Row: said.Row})
		return u.ID, true
	case known:
		if d.Text == "roster.doubt.similar" { // so that nobody is asked again
			p.plan.Changed = append(p.plan.Changed, UnitChange{Unit: u.ID, Name: u.Name, Short: u.Short, Alias: said.Unit, Row: said.Row})
		}
		return p.known(u, said), true
	}
	return "", false
}

// known compares a unit with what the roster says of it. Another short form is
// taken over; other places and sorts are said, and changed on the unit's own page.
func (p *planner) known(u org.Unit, said RosterRow) org.UnitID {
	if said.Short != "" && fold(said.Short) != fold(u.Short) {
		p.plan.Changed = append(p.plan.Changed, UnitChange{Unit: u.ID, Name: u.Name, Short: said.Short, Row: said.Row})
	}
	if k, ok := meaning(kinds, said.Kind); said.Kind != "" && (!ok || k != u.Kind) {
		p.note(said.Row, "roster.note.kind", kindWord(u.Kind), said.Kind)
	}
	for _, x := range []struct {
		text, said string
		is         org.UnitID
	}{{"roster.note.line", said.Line, u.Line}, {"roster.note.block", said.Block, u.Block}} {
		if x.said == "" {
			continue
		}
		if m := p.Find(x.said, or(u.Region, p.Territory)); m.Outcome != org.Found || m.Unit != x.is {
			p.note(said.Row, x.text, p.Units[x.is].Name, x.said)
		}
	}
	return u.ID
}

// fresh makes a new unit of what the roster says.
func (p *planner) fresh(said RosterRow, region org.RegionCode) (org.UnitID, bool) {
	u := org.Unit{ID: org.UnitID(NewPrefix + itoa(len(p.plan.Units))), Name: said.Unit, Short: said.Short, Region: region, Version: 1}
	ok := true
	bad := func(c column, key string, args ...any) {
		p.invalid(said.Row, c, key, args...)
		ok = false
	}
	if u.Kind, _ = meaning(kinds, said.Kind); u.Kind == "" {
		bad(colKind, "roster.kind-unknown", "Text", said.Kind)
	}
	if region == "" {
		bad(colRegion, "roster.region-missing")
	} else {
		r, _ := p.Regions.By(region)
		u.Level = r.Level
		if l, known := meaning(levels, said.Level); said.Level != "" && (!known || l != r.Level) {
			bad(colLevel, "roster.level-differs", "Text", said.Level, "Region", r.Name)
		}
	}
	if !ok {
		return "", false
	}
	p.plan.Units = append(p.plan.Units, u)
	return u.ID, true
}

// region reads a region code of the table of divisions; ok is false for another.
func (p *planner) region(said RosterRow) (org.RegionCode, bool) {
	code := org.RegionCode(fold(said.Region))
	if r, ok := p.Regions.By(code); ok {
		return r.Code, true
	}
	return "", false
}

// close returns the units so like a name that it may be theirs, misspelt or
// changed: of the same territory, and one or two characters apart, or of the
// same short form.
func (p *planner) close(said RosterRow, region org.RegionCode, candidates []org.UnitID) (out []org.UnitID) {
	for _, id := range candidates {
		u := p.Units[id]
		if region != "" && u.Region != region || !u.Exists(p.Today) {
			continue
		}
		if apart(fold(said.Unit), fold(u.Name)) <= 2 || said.Short != "" && fold(said.Short) == fold(u.Short) {
			out = append(out, id)
		}
	}
	return out
}

// parents finds what stands above each new unit, also among the new ones.
func (p *planner) parents() {
	if len(p.plan.Units) == 0 {
		return
	}
	first := map[org.UnitID]RosterRow{}
	for _, row := range p.plan.Rows {
		whole, ok := first[row.UnitID]
		if !ok {
			whole = row.RosterRow
		}
		whole.Line, whole.Block = or(whole.Line, row.Line), or(whole.Block, row.Block)
		first[row.UnitID] = whole
	}
	all := map[org.UnitID]org.Unit{}
	for id, u := range p.Units {
		all[id] = u
	}
	for i := range p.plan.Units {
		u := &p.plan.Units[i]
		said := first[u.ID]
		u.Line = p.parent(*u, said.Row, colLine, said.Line)
		u.Block = p.parent(*u, said.Row, colBlock, said.Block)
		all[u.ID] = *u
	}
	for i := range p.plan.Units {
		u := &p.plan.Units[i]
		for _, axis := range []org.Axis{org.Line, org.Block} {
			if slices.Contains(org.Ancestors(all, u.ID, axis), u.ID) {
				p.wrong(first[u.ID].Row, column(axis), fault.New(fault.Invalid, "org.above-itself", "Name", u.Name))
			}
		}
		if above := all[u.Line]; u.Kind == org.Agency && above.Kind == org.Agency {
			u.Function = above.Function // a vertically managed line has one function from top to bottom
		}
	}
}

// parent finds one unit above.
func (p *planner) parent(u org.Unit, row int, c column, said string) org.UnitID {
	if said == "" {
		return ""
	}
	if id, ok := p.byName[fold(said)]; ok {
		return id
	}
	m := p.Find(said, u.Region)
	if m.Outcome == org.Found && p.Units[m.Unit].Exists(p.Today) {
		return m.Unit
	}
	d := Doubt{Key: string(c) + "|" + fold(said) + "|" + string(u.Region), Row: row, Column: string(c), Text: "roster.doubt.above", Printed: said, Units: m.Candidates, None: true}
	answer := p.choices[d.Key]
	id := org.UnitID(strings.TrimPrefix(answer, ChooseUnit))
	if _, known := p.Units[id]; known || answer == ChooseNone {
		d.Chosen = answer
	} else {
		id = ""
	}
	if !slices.ContainsFunc(p.plan.Doubts, func(o Doubt) bool { return o.Key == d.Key }) {
		p.plan.Doubts = append(p.plan.Doubts, d)
	}
	if answer == ChooseNone {
		return ""
	}
	return id
}

// apart is how many characters two names differ by (Levenshtein's distance).
func apart(a, b string) int {
	x, y := []rune(a), []rune(b)
	before := make([]int, len(y)+1)
	for j := range before {
		before[j] = j
	}
	for i := range x {
		now := make([]int, len(y)+1)
		now[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			now[j+1] = min(before[j]+cost, before[j+1]+1, now[j]+1)
		}
		before = now
	}
	return before[len(y)]
}

// readDay reads a day of appointment. It must name its year: a roster is kept for longer.
func readDay(s string) (calendar.Date, bool) {
	s = fold(s)
	if d, err := calendar.ParseDate(strings.NewReplacer("/", "-", ".", "-").Replace(s)); err == nil && !d.IsZero() {
		return d, true
	}
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		if d, err := calendar.ParseDate(s[:4] + "-" + s[4:6] + "-" + s[6:]); err == nil {
			return d, true
		}
	}
	if len(s) < 8 || strings.Trim(s[:4], "0123456789") != "" {
		return calendar.Date{}, false
	}
	year, err := strconv.Atoi(s[:4])
	if err != nil || !strings.ContainsAny(s[4:], "日-/.") {
		return calendar.Date{}, false
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) != 3 {
		return calendar.Date{}, false
	}
	d, ok := paper.ReadDay(parts[1]+"-"+parts[2], year)
	return d, ok
}

func asFault(err error) *fault.Fault {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f
	}
	return fault.New(fault.Internal, "internal").Because(err)
}

func sameSet(a, b []org.Role) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(r org.Role) bool { return !slices.Contains(b, r) })
}

func roleWords(rs []org.Role) string { return strings.Join(first(roles, rs, false), "、") }

func kindWord(k org.Kind) string { return strings.Join(first(kinds, []org.Kind{k}, false), "") }

func or[T ~string](a, b T) T {
	if a != "" {
		return a
	}
	return b
}

func itoa(n int) string { return strconv.Itoa(n) }
