package office

import "gongjian/internal/fault"

// grid builds a table row by row from cells that span columns and go on from
// the cell above, as both kinds of Word files describe them.
type grid struct {
	table *Table
	count *counter
	top   []int // by column: the row where the merge begins that the last row's cell is in
	next  []int // the same for the row that is being built
}

// begin starts a row with before empty positions.
func (g *grid) begin(hidden bool, before int) error {
	t := g.table
	t.Rows = append(t.Rows, Row{Hidden: hidden, Origin: Origin{Table: t.Origin.Table, Row: len(t.Rows) + 1}})
	g.next = nil
	return g.blank(before)
}

func (g *grid) row() *Row { return &g.table.Rows[len(g.table.Rows)-1] }

// room refuses rows that are too wide before they take memory.
func (g *grid) room(n int) error {
	if n < 0 || n > MaxColumns || len(g.row().Cells)+n > MaxColumns {
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	}
	return nil
}

// blank adds n empty positions.
func (g *grid) blank(n int) error {
	if err := g.room(n); err != nil {
		return err
	}
	for range n {
		g.row().Cells = append(g.row().Cells, Cell{ColSpan: 1, RowSpan: 1})
		g.next = append(g.next, len(g.table.Rows)-1)
	}
	return nil
}

// cell adds a cell that takes span columns; goesOn continues the one above.
func (g *grid) cell(text string, span int, goesOn bool) error {
	if err := g.room(span); err != nil {
		return err
	}
	row, number := g.row(), len(g.table.Rows)-1
	at, begins := len(row.Cells), number
	first := Cell{Text: text, ColSpan: span, RowSpan: 1}
	if goesOn && number > 0 && at < len(g.top) {
		// What would go on from the middle of a wide cell above stands for itself.
		if top := &g.table.Rows[g.top[at]].Cells[at]; !top.FromLeft {
			begins = g.top[at]
			top.RowSpan++
			first.Text, first.FromAbove, first.ColSpan = top.Text, true, 1
		}
	}
	row.Cells = append(row.Cells, first)
	g.next = append(g.next, begins)
	for range span - 1 {
		row.Cells = append(row.Cells, Cell{Text: first.Text, ColSpan: 1, RowSpan: 1, FromLeft: true, FromAbove: first.FromAbove})
		g.next = append(g.next, begins)
	}
	return nil
}

// end closes the row.
func (g *grid) end() error {
	t := g.table
	g.top = g.next
	t.Columns = max(t.Columns, len(g.row().Cells))
	return g.count.row(len(t.Rows), len(g.row().Cells))
}

// finish makes all rows as wide as the widest.
func (t *Table) finish(count *counter) error {
	short := 0
	for i := range t.Rows {
		short += t.Columns - len(t.Rows[i].Cells)
	}
	if err := count.row(len(t.Rows), 0); err != nil {
		return err
	}
	if count.cells += short; count.cells > MaxCells {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	t.HiddenColumns = make([]bool, t.Columns)
	for i := range t.Rows {
		for len(t.Rows[i].Cells) < t.Columns {
			t.Rows[i].Cells = append(t.Rows[i].Cells, Cell{ColSpan: 1, RowSpan: 1})
		}
	}
	return nil
}
