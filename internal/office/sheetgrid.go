package office

import "gongjian/internal/fault"

// sheetGrid builds the table of a worksheet from cells at their places. What is
// blank at the right and at the bottom never becomes part of it.
type sheetGrid struct {
	table  *Table
	count  *counter
	hidden []bool // by column
	merges [][4]int
	row    Row
	number int // of the row, 1 is the first
	widest int // row so far
}

// set puts a cell into the current row; column 1 is A.
func (g *sheetGrid) set(column int, c Cell) error {
	if c.Text == "" && !c.Uncomputed || column < 1 || g.number < 1 {
		return nil
	}
	switch {
	case column > MaxColumns:
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	case g.number > MaxRows:
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	for len(g.row.Cells) < column {
		g.row.Cells = append(g.row.Cells, Cell{ColSpan: 1, RowSpan: 1})
	}
	g.row.Cells[column-1] = c
	return nil
}

// endRow puts the current row into the table. Rows may come in any order, and twice.
func (g *sheetGrid) endRow() error {
	cells, t := g.row.Cells, g.table
	if len(cells) == 0 {
		return nil
	}
	for len(t.Rows) < g.number {
		t.Rows = append(t.Rows, Row{Origin: Origin{Sheet: t.Sheet, Row: len(t.Rows) + 1}})
	}
	row := &t.Rows[g.number-1]
	if g.count.cells += max(len(cells)-len(row.Cells), 0); g.count.cells > MaxCells {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	if len(row.Cells) == 0 {
		// Room for as many as the widest row has, since it will be filled up to that.
		g.widest = max(g.widest, len(cells))
		row.Cells = append(make([]Cell, 0, g.widest), cells...)
	} else {
		for c, cell := range cells {
			if c >= len(row.Cells) {
				row.Cells = append(row.Cells, cell)
			} else if cell.Text != "" || cell.Uncomputed {
				row.Cells[c] = cell
			}
		}
	}
	row.Hidden = g.row.Hidden
	t.Columns = max(t.Columns, len(row.Cells))
	return nil
}

// hideColumns takes the first and the last column, 1 is A.
func (g *sheetGrid) hideColumns(first, last int) {
	for c := max(first, 1); c <= min(last, MaxColumns); c++ {
		for len(g.hidden) < c {
			g.hidden = append(g.hidden, false)
		}
		g.hidden[c-1] = true
	}
}

// merged keeps a merge: left, top, right and bottom, from 1.
func (g *sheetGrid) merged(m [4]int) error {
	if len(g.merges) > MaxCells/10 {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	g.merges = append(g.merges, m)
	return nil
}

// finish makes all rows as wide as the widest, marks the positions that merged
// cells cover, and repeats their text.
func (g *sheetGrid) finish() error {
	t := g.table
	if err := t.finish(g.count); err != nil {
		return err
	}
	copy(t.HiddenColumns, g.hidden)
	budget := MaxCells // overlapping merges must not multiply the work
	for _, m := range g.merges {
		left, top, right, bottom := m[0], m[1], min(m[2], t.Columns), min(m[3], len(t.Rows))
		if left < 1 || top < 1 || left > right || top > bottom {
			continue
		}
		if budget -= (right - left + 1) * (bottom - top + 1); budget < 0 {
			return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
		}
		t.merge(left-1, top-1, right-1, bottom-1)
	}
	return nil
}

// merge makes one cell of the positions from (left, top) to (right, bottom).
func (t *Table) merge(left, top, right, bottom int) {
	first := t.Rows[top].Cells[left]
	for r := top; r <= bottom; r++ {
		for c := left; c <= right; c++ {
			cell := first
			cell.ColSpan, cell.RowSpan = 1, 1
			cell.FromLeft, cell.FromAbove = c > left, r > top
			t.Rows[r].Cells[c] = cell
		}
	}
	t.Rows[top].Cells[left].ColSpan = right - left + 1
	t.Rows[top].Cells[left].RowSpan = bottom - top + 1
}
