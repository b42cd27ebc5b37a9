package folio

// pdfTable is a table whose cells are broken into lines.
type pdfTable struct {
	widths []float64
	head   *pdfRow // nil when no column has one
	pitch  float64
}

type pdfRow struct {
	cells [][]textLine
	looks []inkStyle
	align []Align
	wide  bool // one cell across
	head  bool
	lines int
}

const cellPad = 2.0 // points above and below a cell's text

func (r *pdfRow) height(pitch float64) float64 {
	if r == nil {
		return 0
	}
	return float64(r.lines)*pitch + 2*cellPad
}

// whole reports whether a row is moved to the next page when it does not fit:
// one that no page can hold begins where it stands and is broken.
func (r *pdfRow) whole(paper paper, t *pdfTable) bool {
	return r == nil || r.height(t.pitch)+t.head.height(t.pitch) <= paper.textHeight()
}

// headFits reports whether there is a head that leaves its page room for rows;
// one that does not is not repeated.
func (t *pdfTable) headFits(paper paper) bool {
	return t.head != nil && t.head.height(t.pitch)+4*cellPad+t.pitch <= paper.textHeight()
}

func (p *pdf) tableSlabs(it item, across bool) []slab {
	width := p.l.paper(across).textWidth()
	t := &pdfTable{widths: it.table.widths(width), pitch: p.l.TablePitch}
	set := func(r Row, role face, head bool) *pdfRow {
		row := &pdfRow{wide: r.Chapter, head: head, lines: 1}
		for i, s := range r.Cells {
			room := t.widths[min(i, len(t.widths)-1)]
			align := it.table.Columns[min(i, len(it.table.Columns)-1)].Align
			if r.Chapter {
				room, align = width, Left
			}
			if head {
				align = Center
			}
			lines := p.fonts.setText(role, s, p.l.TableSize, p.l.TableSize, room-2*cellMargin, 0, false)
			row.cells, row.align = append(row.cells, lines), append(row.align, align)
			row.looks = append(row.looks, inkStyle{size: p.l.TableSize, bold: r.Bold || r.Chapter})
			row.lines = max(row.lines, len(lines))
		}
		return row
	}
	var out []slab
	if it.table.headed() {
		heads := Row{}
		for _, c := range it.table.Columns {
			heads.Cells = append(heads.Cells, c.Head)
		}
		t.head = set(heads, faceHei, true)
		out = append(out, slab{height: t.head.height(t.pitch), table: t, row: t.head, keep: len(it.table.Rows) > 0})
	}
	for n, r := range it.table.Rows {
		row := set(r, faceBody, false)
		out = append(out, slab{height: row.height(t.pitch), table: t, row: row, keep: r.Chapter && n+1 < len(it.table.Rows) || it.keep && n == len(it.table.Rows)-1})
	}
	if len(out) > 0 {
		out[0].page = it.page
	}
	return out
}

// placeRow draws a row, over as many pages as it needs, and returns where it ends.
func (p *pdf) placeRow(pg **page, s slab, y, floor float64, turn func(slab)) float64 {
	row, t, turned := s.row, s.table, false
	for {
		room := int((floor - y - 2*cellPad) / t.pitch)
		if turned {
			room = max(room, 1) // a page too low for one line still takes one
		}
		if row.lines <= room || y+row.height(t.pitch) <= floor {
			return y + p.drawRow(*pg, (*pg).paper.left, y, t, row)
		}
		part := &pdfRow{looks: row.looks, align: row.align, wide: row.wide, head: row.head, lines: max(room, 1)}
		rest := &pdfRow{looks: row.looks, align: row.align, wide: row.wide, head: row.head, lines: row.lines - part.lines}
		if room >= 1 {
			for _, c := range row.cells {
				n := min(len(c), part.lines)
				part.cells, rest.cells = append(part.cells, c[:n]), append(rest.cells, c[n:])
			}
			p.drawRow(*pg, (*pg).paper.left, y, t, part)
			row = rest
		}
		turn(s)
		turned = true
		*pg = p.pages[len(p.pages)-1]
		y = (*pg).paper.top
		if !s.row.head && t.headFits((*pg).paper) {
			y += t.head.height(t.pitch)
		}
	}
}

func (p *pdf) drawRow(pg *page, x, y float64, t *pdfTable, row *pdfRow) float64 {
	const thin = 0.5
	height := row.height(t.pitch)
	left, total := x, 0.0
	for _, w := range t.widths {
		total += w
	}
	pg.rule(x, y-thin/2, total, thin, "0 g")
	pg.rule(x, y+height-thin/2, total, thin, "0 g")
	pg.rule(x-thin/2, y, thin, height, "0 g")
	for i, lines := range row.cells {
		w := t.widths[min(i, len(t.widths)-1)]
		if row.wide {
			w = total
		}
		top := y + cellPad + (float64(row.lines-len(lines)))*t.pitch/2
		for n, line := range lines {
			at := left + cellMargin
			switch row.align[i] {
			case Center:
				at = left + (w-line.width())/2
			case Right:
				at = left + w - cellMargin - line.width()
			}
			p.draw(pg, line, at, top+float64(n)*t.pitch+baseline(row.looks[i].size, t.pitch), row.looks[i])
		}
		left += w
		pg.rule(left-thin/2, y, thin, height, "0 g")
	}
	return height
}
