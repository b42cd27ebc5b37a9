package memo

import (
	"cmp"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"slices"
	"strings"
)

// AdoptOwed is Adopt for a text that came with its table of commitments: what was
// changed in the table is carried over too. base is the version that it was printed from.
//
// Rule M-08: only a cell that is not as it was printed changes anything. A row that is
// gone strikes the commitment, a row that nobody printed is a new one under the clause
// whose number it bears. What cannot be read is said row by row and nothing is adopted:
// an amount or an obligor must not be lost in silence.
func AdoptOwed(base, read Text, rows []OwedRow, w Wording) (Text, error) {
	next, clauses := adopt(base, read)
	r := owedReading{base: base, next: &next, w: w, clause: map[int]int{}, told: map[int]bool{}}
	for i, j := range clauses {
		if j >= 0 { // of an old clause nothing was guessed
			r.clause[j], r.told[i] = i, true
		}
	}
	printed := base.owedRows(w)
	pair := pairOwed(printed, rows)
	kept := map[int]bool{}
	for i, row := range rows {
		if pair[i] >= 0 {
			kept[pair[i]] = true
			r.change(printed[pair[i]], row, i+1)
		}
	}
	r.strike(printed, kept)
	for i, row := range rows {
		if pair[i] < 0 {
			r.add(row, i+1)
		}
	}
	return next, r.faults.Err()
}

// pairOwed says for each row read which printed one it is, or -1: the same one, else
// the likest wording, first under the same number.
func pairOwed(printed []owedAt, rows []OwedRow) []int {
	type candidate struct {
		like float64
		i, j int
	}
	var all []candidate
	for i, row := range rows {
		for j, p := range printed {
			like := likeness(p.row[OwedText], row[OwedText])
			if like < likeEnough {
				continue
			}
			if sameNumber(p.row, row) {
				like++
			}
			for c, cell := range row {
				if sameBlanks(cell, p.row[c]) {
					like += 0.01 // between two of the same words the one with more cells in common
				}
			}
			all = append(all, candidate{like, i, j})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(abs(a.i-a.j), abs(b.i-b.j)))
	})
	pair, taken := slices.Repeat([]int{-1}, len(rows)), map[int]bool{}
	for _, c := range all {
		if pair[c.i] < 0 && !taken[c.j] {
			pair[c.i], taken[c.j] = c.j, true
		}
	}
	return pair
}

func sameNumber(a, b OwedRow) bool { return plainNumber(a[OwedClause]) == plainNumber(b[OwedClause]) }

// plainNumber is a full number without marks and blanks: 第一条二 of 第一条（二）.
func plainNumber(no string) string {
	return strings.NewReplacer("、", "", ".", "", "．", "", "（", "", "）", "", "(", "", ")", "", "　", "").Replace(unspaced(no))
}

// owedReading carries rows of a table into a text.
type owedReading struct {
	base   Text
	next   *Text
	w      Wording
	clause map[int]int  // clauses of base in next
	told   map[int]bool // clauses of next whose commitments are not Adopt's guess
	faults fault.List
}

// change carries the cells of a printed row that are not as they were printed.
func (r *owedReading) change(p owedAt, row OwedRow, n int) {
	i, ok := r.clause[p.clause]
	if !ok { // the clause is gone, and what was owed under it
		return
	}
	k := &r.next.Clauses[i].Commitments[p.owed]
	for _, c := range OwedColumns() {
		if cell, ok := row[c]; ok && c != OwedClause && !sameBlanks(cell, p.row[c]) {
			r.set(k, c, cell, n)
		}
	}
}

// set reads one cell into a commitment.
func (r *owedReading) set(k *Commitment, c OwedColumn, cell string, n int) {
	cell = strings.TrimSpace(cell)
	switch c {
	case OwedText:
		k.Text = cell
	case OwedTarget:
		k.Target = cell
	case OwedDeadline:
		k.Deadline = cell
	case OwedSupport:
		s, err := r.w.Read(cell)
		if err != nil {
			r.refuse("version.owed-support-unread", cell, n)
			return
		}
		k.Support = s
	case OwedObligor, OwedConfirms:
		units, ok := r.units(cell)
		switch {
		case !ok || c == OwedConfirms && len(units) > 1:
			r.refuse("version.owed-unit-unread", cell, n)
		case c == OwedConfirms:
			k.Confirms = ""
			if len(units) == 1 {
				k.Confirms = units[0]
			}
		case len(units) == 0:
			k.Obligor, k.Joint = "", nil
		default:
			k.Obligor, k.Joint = units[0], slices.Clip(units[1:])
			if len(k.Joint) == 0 {
				k.Joint = nil
			}
		}
	}
}

// units reads the names of a cell: parties by their names or as they are called, and
// units that the table named before.
func (r *owedReading) units(cell string) (out []org.UnitID, ok bool) {
	for _, name := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune("、，,；;\n", c) }) {
		name = unspaced(name)
		unit := org.UnitID("")
		for _, p := range r.base.Parties {
			if name != "" && (name == p.Called || name == unspaced(p.Name)) {
				unit = p.Unit
			}
		}
		if unit == "" {
			unit = r.named(name)
		}
		if unit == "" {
			return nil, false
		}
		if !slices.Contains(out, unit) {
			out = append(out, unit)
		}
	}
	return out, true
}

// named finds a unit that owes or confirms something in the version before.
func (r *owedReading) named(name string) org.UnitID {
	for _, c := range r.base.Clauses {
		for _, k := range c.Commitments {
			for _, u := range append(k.Obligors(), k.Confirms) {
				if u != "" && r.w.Name(u) == name {
					return u
				}
			}
		}
	}
	return ""
}

// strike takes away what is owed by rows that are gone.
func (r *owedReading) strike(printed []owedAt, kept map[int]bool) {
	for n := len(printed) - 1; n >= 0; n-- { // from behind, so that places before it hold
		p := printed[n]
		if i, ok := r.clause[p.clause]; ok && !kept[n] {
			list := &r.next.Clauses[i].Commitments
			*list = slices.Delete(*list, p.owed, p.owed+1)
		}
	}
}

// add makes a commitment of a row that nobody printed.
func (r *owedReading) add(row OwedRow, n int) {
	at := -1
	for i := range r.next.Clauses {
		if plainNumber(r.next.fullNumber(i)) == plainNumber(row[OwedClause]) {
			at = i
		}
	}
	if at < 0 {
		r.refuse("version.owed-clause-unread", row[OwedClause], n)
		return
	}
	list := &r.next.Clauses[at].Commitments
	if !r.told[at] { // the table says what Adopt guessed
		*list, r.told[at] = nil, true
	}
	k := Commitment{}
	for _, c := range OwedColumns() {
		if cell, ok := row[c]; ok {
			r.set(&k, c, cell, n)
		}
	}
	*list = append(*list, k)
}

func (r *owedReading) refuse(key, cell string, n int) {
	r.faults = append(r.faults, fault.New(fault.Invalid, key, "Row", n, "Text", cell).On("file"))
}
