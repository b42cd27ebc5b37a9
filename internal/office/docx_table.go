package office

// table reads a Word table into a grid. Word writes a merge down as a cell that
// restarts and cells below it that continue; a merge across as a grid span.
func (d *docx) table(tbl *node) error {
	d.tables++
	t := &Table{Origin: Origin{Table: d.tables}}
	g := &grid{table: t, count: &d.count}
	err := flatten(tbl, func(tr *node) error {
		if tr.name != "tr" || tr.child("trPr").child("del") != nil {
			return nil
		}
		return d.row(tr, g)
	})
	if err != nil {
		return err
	}
	if err := t.finish(&d.count); err != nil {
		return err
	}
	d.doc.Blocks = append(d.doc.Blocks, Block{Table: t})
	return nil
}

func (d *docx) row(tr *node, g *grid) error {
	properties := tr.child("trPr")
	if err := g.begin(properties.child("hidden").on(), number(properties.child("gridBefore").attr("val"), 0)); err != nil {
		return err
	}
	err := flatten(tr, func(tc *node) error {
		if tc.name != "tc" {
			return nil
		}
		return d.cell(tc, g)
	})
	if err != nil {
		return err
	}
	if err := g.blank(number(properties.child("gridAfter").attr("val"), 0)); err != nil {
		return err
	}
	return g.end()
}

func (d *docx) cell(tc *node, g *grid) error {
	properties := tc.child("tcPr")
	text := d.cellText(tc)
	if properties.child("cellDel") != nil {
		text = ""
	}
	merge := properties.child("vMerge")
	return g.cell(text, max(1, number(properties.child("gridSpan").attr("val"), 1)),
		merge != nil && merge.attr("val") != "restart")
}
