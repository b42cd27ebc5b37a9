package office

import (
	"slices"

	"gongjian/internal/fault"
)

// rowDefinition is the layout of one table row: where its cells begin and end,
// and how they are merged.
type rowDefinition struct {
	edges  []int  // one more than cells, in twentieths of a point
	across []byte // 0 alone, else part of cells merged in the row: see acrossBegins
	down   []byte // 0 alone, 1 goes on from above, 3 begins
	header bool   // repeated on every page
}

// readRowDefinition reads the changes that stand at the end of a row.
func readRowDefinition(list []change) (d rowDefinition) {
	for _, c := range list {
		switch c.code {
		case propRowCells:
			d.readCells(c.operand)
		case propHeaderRow:
			d.header = on(c)
		case propMergeDown: // one cell: its number and its flags
			if len(c.operand) >= 2 && int(c.operand[0]) < len(d.down) {
				d.down[c.operand[0]] = c.operand[1] & 3
			}
		case propMergeAcross, propSplitAcross: // cells from the first number up to the second
			if len(c.operand) < 2 {
				continue
			}
			first := int(c.operand[0])
			for i := first; i < min(int(c.operand[1]), len(d.across)); i++ {
				switch {
				case c.code == propSplitAcross:
					d.across[i] = 0
				case i == first:
					d.across[i] = 1
				default:
					d.across[i] = 2
				}
			}
		}
	}
	return d
}

// readCells reads the number of cells, their edges and, of 20 bytes each, their
// flags; cells at the end may lack them.
func (d *rowDefinition) readCells(operand []byte) {
	if len(operand) < 1 || len(operand) < 1+2*(int(operand[0])+1) {
		return
	}
	count := int(operand[0])
	d.edges, d.across, d.down = nil, make([]byte, count), make([]byte, count)
	for i := range count + 1 {
		d.edges = append(d.edges, int(int16(number16(operand, 1+2*i))))
	}
	flags := operand[1+2*(count+1):]
	for i := range min(count, len(flags)/20) {
		bits := number16(flags, 20*i)
		d.across[i] = byte(bits & 3)
		d.down[i] = byte(bits >> 5 & 3)
	}
}

// merged reports whether cell i is merged with the one before it. The first of
// a merge has one of the values 1 and 2 and the others have the other one; the
// published descriptions differ in which, so the run itself decides.
func (d *rowDefinition) merged(i int) bool {
	if i == 0 || i >= len(d.across) || d.across[i] == 0 || d.across[i-1] == 0 {
		return false
	}
	begins := i
	for begins > 0 && d.across[begins-1] != 0 {
		begins--
	}
	return d.across[i] != d.across[begins]
}

// legacyRow is a row as it was gathered.
type legacyRow struct {
	cells      []string
	definition rowDefinition
	hidden     bool
}

func (b *legacyBody) endRow(d rowDefinition, m marks) error {
	cells, hidden, deleted := b.row, b.hasHidden, b.hasDeleted || m.deleted
	b.row, b.lines, b.hasHidden, b.hasDeleted = nil, b.lines[:0], false, false
	blank := !slices.ContainsFunc(cells, func(s string) bool { return s != "" })
	// The mark of a row that is not deleted may carry the deletion of the next
	// one, so a row is deleted only when nothing of its text is left.
	if len(cells) == 0 || blank && deleted {
		return nil
	}
	// A header row below a row that is none begins another table: Word repeats
	// header rows only at a table's beginning, and tables without a paragraph
	// between them cannot be told apart otherwise.
	if n := len(b.rows); d.header && n > 0 && !b.rows[n-1].definition.header {
		if err := b.endTable(); err != nil {
			return err
		}
	}
	if b.gathered += len(cells); b.gathered > MaxCells || len(b.rows) >= MaxRows {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	b.rows = append(b.rows, legacyRow{cells: cells, definition: d, hidden: m.hidden && blank && hidden})
	return nil
}

// endTable makes a grid of the rows gathered so far.
func (b *legacyBody) endTable() error {
	if len(b.lines) > 0 { // a cell without its mark
		if err := b.endCell(); err != nil {
			return err
		}
	}
	if len(b.row) > 0 { // a row without its mark
		b.rows = append(b.rows, legacyRow{cells: b.row})
		b.row = nil
	}
	rows := b.rows
	if b.rows = nil; len(rows) == 0 {
		return nil
	}
	b.tables++
	t := &Table{Origin: Origin{Table: b.tables}}
	columns := newColumnMap(rows)
	g := &grid{table: t, count: &b.count}
	for _, r := range rows {
		if err := g.legacyRow(r, columns); err != nil {
			return err
		}
	}
	if err := t.finish(&b.count); err != nil {
		return err
	}
	b.doc.Blocks = append(b.doc.Blocks, Block{Table: t})
	return nil
}

func (g *grid) legacyRow(r legacyRow, columns columnMap) error {
	d := &r.definition
	if columns == nil { // no layout: the cells one after the other
		if err := g.begin(r.hidden, 0); err != nil {
			return err
		}
		for _, text := range r.cells {
			if err := g.cell(text, 1, false); err != nil {
				return err
			}
		}
		return g.end()
	}
	if err := g.begin(r.hidden, columns[d.edges[0]]); err != nil {
		return err
	}
	for i := 0; i < len(r.cells); {
		last := i + 1
		for last < len(r.cells) && d.merged(last) {
			last++
		}
		wide := columns[d.edges[last]] - columns[d.edges[i]]
		if err := g.cell(r.cells[i], wide, d.down[i] == 1); err != nil {
			return err
		}
		i = last
	}
	return g.end()
}

// columnMap tells the grid column that begins at an edge.
type columnMap map[int]int

// A cell's edges that are nearer than this are one: rows that were drawn by hand
// miss each other by less than a millimetre.
const nearEdges = 50

// newColumnMap lays the edges of all rows over each other. It is nil when a row
// has no layout or one whose edges do not rise.
//
// Rule I-70 (published description of Word 97 files, row definitions): such files
// know no columns; cells of two rows share a column when they begin at the same
// edge.
func newColumnMap(rows []legacyRow) columnMap {
	seen := map[int]bool{}
	for i := range rows {
		d := &rows[i].definition
		if len(d.edges) != len(rows[i].cells)+1 {
			return nil
		}
		for _, e := range d.edges {
			seen[e] = true
		}
	}
	edges := make([]int, 0, len(seen))
	for e := range seen {
		edges = append(edges, e)
	}
	slices.Sort(edges)
	for _, near := range []int{nearEdges, 15, 0} {
		if m := joinEdges(edges, near); m.fits(rows) {
			return m
		}
	}
	return nil
}

// joinEdges numbers the edges; those near the first of a group share its number.
func joinEdges(edges []int, near int) columnMap {
	m := columnMap{}
	number, from := -1, 0
	for _, e := range edges {
		if number < 0 || e-from > near {
			number, from = number+1, e
		}
		m[e] = number
	}
	return m
}

// fits reports whether every cell takes at least one column.
func (m columnMap) fits(rows []legacyRow) bool {
	for i := range rows {
		d := &rows[i].definition
		for from := 0; from < len(rows[i].cells); {
			last := from + 1
			for last < len(rows[i].cells) && d.merged(last) {
				last++
			}
			if m[d.edges[last]] <= m[d.edges[from]] {
				return false
			}
			from = last
		}
	}
	return true
}

func sortSpans(spans []span) {
	slices.SortFunc(spans, func(a, b span) int { return a.first - b.first })
}
