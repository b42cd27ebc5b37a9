package folio

import "strings"

// table writes a table whose head is repeated on every page. Rows may break
// across pages, so that no text of a cell can be lost.
//
// Rule F-12 (our choice; the standard says nothing of tables that run on): the
// head stands on every page of a table.
func (x *docx) table(b *xmlBuffer, it item, width float64) {
	t := it.table
	widths := t.widths(width)
	b.putf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`, twips(width))
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.put(`<w:`, side, ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
	}
	b.putf(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="%[1]d" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`,
		twips(cellMargin))
	for _, w := range widths {
		b.putf(`<w:gridCol w:w="%d"/>`, twips(w))
	}
	b.put(`</w:tblGrid>`)
	if t.headed() {
		b.put(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
		for i, c := range t.Columns {
			x.cell(b, c.Head, twips(widths[i]), 1, cellLook{style: styleCellHeadID, align: Center, keep: true, page: it.page && i == 0})
		}
		b.put(`</w:tr>`)
	}
	for n, r := range t.Rows {
		page := it.page && n == 0 && !t.headed()
		keep := it.keep && n == len(t.Rows)-1
		b.put(`<w:tr>`)
		if r.low(widths, x.l) {
			b.put(`<w:trPr><w:cantSplit/></w:trPr>`)
		}
		if r.Chapter {
			x.cell(b, r.Cells[0], twips(width), len(widths), cellLook{style: styleCellID, bold: true, keep: true, page: page})
		} else {
			for i, s := range r.Cells {
				x.cell(b, s, twips(widths[i]), 1, cellLook{style: styleCellID, align: t.Columns[i].Align, bold: r.Bold, keep: keep, page: page && i == 0})
			}
		}
		b.put(`</w:tr>`)
	}
	b.put(`</w:tbl>`)
}

// cellMargin is left free at both sides of a cell, in points; our choice.
const cellMargin = 3.5

type cellLook struct {
	style            string
	align            Align
	bold, keep, page bool
}

func (x *docx) cell(b *xmlBuffer, text string, width, span int, k cellLook) {
	b.putf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if span > 1 {
		b.putf(`<w:gridSpan w:val="%d"/>`, span)
	}
	b.put(`<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="`, k.style, `"/>`)
	if k.keep {
		b.put(`<w:keepNext/>`)
	}
	if k.page {
		b.put(`<w:pageBreakBefore/>`)
	}
	if k.style != styleCellHeadID {
		switch k.align {
		case Center:
			b.put(`<w:jc w:val="center"/>`)
		case Right:
			b.put(`<w:jc w:val="right"/>`)
		}
	}
	b.put(`</w:pPr>`)
	format := ""
	if k.bold {
		format = `<w:b/>`
	}
	x.run(b, text, format)
	b.put(`</w:p></w:tc>`)
}

// low reports whether a row surely fits half a page and need not be broken. A
// cantSplit row that is higher than its page would be cut by Word.
func (r Row) low(widths []float64, l Layout) bool {
	const lines = 8 // of a table, far below half of a page laid across
	for i, s := range r.Cells {
		room := widths[i]
		if r.Chapter {
			room = l.paper(false).textWidth()
		}
		if columns(s)*l.TableSize > (lines-1)*(room-2*cellMargin-l.TableSize) || strings.Count(s, "\n") > 2 {
			return false
		}
	}
	return true
}

// headed reports whether any column has a head.
func (t *Table) headed() bool {
	for _, c := range t.Columns {
		if c.Head != "" {
			return true
		}
	}
	return false
}

// widths shares the width among the columns.
func (t *Table) widths(width float64) []float64 {
	out, total := make([]float64, len(t.Columns)), 0.0
	for i, c := range t.Columns {
		out[i] = float64(max(c.Width, 1))
		total += out[i]
	}
	for i := range out {
		out[i] *= width / total
	}
	return out
}

// whole returns the table with a column for every cell and a cell for every
// column, so that nothing is lost and no writer looks beyond a row's end.
func (t *Table) whole() *Table {
	w := &Table{Caption: t.Caption, Columns: append([]Column(nil), t.Columns...), Rows: append([]Row(nil), t.Rows...)}
	n := max(len(t.Columns), 1)
	for _, r := range t.Rows {
		if !r.Chapter {
			n = max(n, len(r.Cells))
		}
	}
	for len(w.Columns) < n {
		w.Columns = append(w.Columns, Column{})
	}
	for i, r := range w.Rows {
		switch {
		case r.Chapter:
			w.Rows[i].Cells = []string{strings.Join(r.Cells, "　")}
		case len(r.Cells) < n:
			w.Rows[i].Cells = append(append(make([]string, 0, n), r.Cells...), make([]string, n-len(r.Cells))...)
		}
	}
	return w
}
