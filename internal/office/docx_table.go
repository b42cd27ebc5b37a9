package office

import "gongjian/internal/fault"

// table reads a Word table into a grid. Word writes a merge down as a cell that
// restarts and cells below it that continue; a merge across as a grid span.
func (d *docx) table(tbl *node) error {
	d.tables++
	t := &Table{Origin: Origin{Table: d.tables}}
	err := flatten(tbl, func(tr *node) error {
		properties := tr.child("trPr")
		if tr.name != "tr" || properties.child("del") != nil {
			return nil
		}
		row, err := d.row(tr, t)
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, row)
		t.Columns = max(t.Columns, len(row.Cells))
		return d.count.row(len(t.Rows), len(row.Cells))
	})
	if err != nil {
		return err
	}
	t.HiddenColumns = make([]bool, t.Columns)
	for i := range t.Rows {
		for len(t.Rows[i].Cells) < t.Columns {
			t.Rows[i].Cells = append(t.Rows[i].Cells, Cell{ColSpan: 1, RowSpan: 1})
		}
	}
	if d.count.cells = max(d.count.cells, len(t.Rows)*t.Columns); d.count.cells > MaxCells {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	d.doc.Blocks = append(d.doc.Blocks, Block{Table: t})
	return nil
}

// row reads one row of t, whose earlier rows are already there.
func (d *docx) row(tr *node, t *Table) (Row, error) {
	properties := tr.child("trPr")
	row := Row{
		Hidden: properties.child("hidden").on(),
		Origin: Origin{Table: t.Origin.Table, Row: len(t.Rows) + 1},
	}
	if err := row.pad(number(properties.child("gridBefore").attr("val"), 0)); err != nil {
		return row, err
	}
	err := flatten(tr, func(tc *node) error {
		if tc.name != "tc" {
			return nil
		}
		return d.cell(tc, t, &row)
	})
	if err != nil {
		return row, err
	}
	return row, row.pad(number(properties.child("gridAfter").attr("val"), 0))
}

// cell appends one cell and the positions that it spans.
func (d *docx) cell(tc *node, t *Table, row *Row) error {
	properties := tc.child("tcPr")
	span := max(1, number(properties.child("gridSpan").attr("val"), 1))
	at := len(row.Cells)
	if at+span > MaxColumns {
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	}
	first := Cell{Text: d.cellText(tc), ColSpan: span, RowSpan: 1}
	if properties.child("cellDel") != nil {
		first.Text = ""
	}
	if merge := properties.child("vMerge"); merge != nil && merge.attr("val") != "restart" {
		if top := t.mergeAbove(at); top != nil {
			top.RowSpan++
			first.Text, first.FromAbove, first.ColSpan = top.Text, true, 1
		}
	}
	row.Cells = append(row.Cells, first)
	for i := 1; i < span; i++ {
		row.Cells = append(row.Cells, Cell{
			Text: first.Text, ColSpan: 1, RowSpan: 1, FromLeft: true, FromAbove: first.FromAbove,
		})
	}
	return nil
}

// mergeAbove returns the first cell of the merge that reaches down to the last
// row in this column, or nil when there is no row above.
func (t *Table) mergeAbove(column int) *Cell {
	for i := len(t.Rows) - 1; i >= 0; i-- {
		if column >= len(t.Rows[i].Cells) {
			return nil
		}
		if c := &t.Rows[i].Cells[column]; !c.FromAbove {
			return c
		}
	}
	return nil
}

// pad appends n empty cells.
func (r *Row) pad(n int) error {
	if n < 0 || len(r.Cells)+n > MaxColumns {
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	}
	for range n {
		r.Cells = append(r.Cells, Cell{ColSpan: 1, RowSpan: 1})
	}
	return nil
}
