package folio

// slab is what is placed on a page as a whole: a line of text or a row of a table.
type slab struct {
	height float64
	before float64 // room above, not at the head of a page unless fixed
	fixed  bool
	keep   bool // on one page with the next
	page   bool // begins a page
	table  *pdfTable
	row    *pdfRow
	draw   func(pg *page, x, y float64)
}

// flow fills the pages, part after part, then the imprint, then what stands in
// the margins.
func (p *pdf) flow(parts []part) {
	lines := imprint(p.d)
	for i, part := range parts {
		p.begin(part.across)
		var slabs []slab
		styles := looks(p.l)
		for _, it := range part.items {
			if it.table != nil {
				slabs = append(slabs, p.tableSlabs(it, part.across)...)
			} else {
				slabs = append(slabs, p.paragraphSlabs(it, styles[it.style], part.across)...)
			}
		}
		foot := p.place(slabs, part.across)
		if i == len(parts)-1 && lines != nil {
			height := imprintHeight(lines, p.l)
			if paper := p.l.paper(false); foot+height > paper.height-paper.bottom {
				p.begin(false)
			}
			p.drawImprint(lines)
		}
	}
	for i, pg := range p.pages {
		p.margins(pg, i+1)
	}
}

func (p *pdf) begin(across bool) *page {
	pg := &page{paper: p.l.paper(across)}
	p.pages = append(p.pages, pg)
	return pg
}

// place puts slabs on pages and returns where the last one ends. Slabs that keep
// together move together while they fit on one page.
func (p *pdf) place(slabs []slab, across bool) float64 {
	paper := p.l.paper(across)
	pg := p.pages[len(p.pages)-1]
	y, floor, fresh := paper.top, paper.height-paper.bottom+0.01, true
	turn := func(s slab) {
		pg, y, fresh = p.begin(across), paper.top, true
		if s.table != nil && !s.row.head && s.table.headFits(paper) {
			y += p.drawRow(pg, paper.left, y, s.table, s.table.head)
		}
	}
	for i := 0; i < len(slabs); i++ {
		s := slabs[i]
		if s.page && !fresh {
			turn(s)
		}
		group, n := 0.0, i
		for ; n < len(slabs); n++ {
			group += slabs[n].height + slabs[n].before
			if !slabs[n].keep {
				break
			}
		}
		fits := group <= paper.textHeight()
		need := s.height + s.before
		if fits && (i == 0 || !slabs[i-1].keep) {
			need = group
		}
		if y+need > floor && !fresh && s.row.whole(paper, s.table) {
			turn(s)
			s.before = 0
		}
		if !fresh || s.fixed {
			y += s.before
		}
		if s.row != nil {
			y = p.placeRow(&pg, s, y, floor, turn)
		} else {
			s.draw(pg, paper.left, y)
			y += s.height
		}
		fresh = false
	}
	return y
}

const ascent = 0.88 // of the em, where a Chinese character's box begins above the base line

// baseline is where a character of this size stands in a line of this pitch.
func baseline(size, pitch float64) float64 { return (pitch-size)/2 + ascent*size }

// paragraphSlabs turns an item into lines.
func (p *pdf) paragraphSlabs(it item, k look, across bool) []slab {
	l, width := p.l, p.l.paper(across).textWidth()
	adv, pitch := l.advance(), l.pitch()
	if k.size != l.BodySize {
		adv = k.size
	}
	ink := inkStyle{size: k.size, red: k.red, bold: k.face == faceHead}
	left, first, room := 0.0, k.indent*adv, width
	switch {
	case it.style == styleHead:
		ink.size = headSize(it.text, l)
		adv, pitch = ink.size, k.size*1.25
	case it.style == styleNote:
		left, first, room = it.left*adv, (it.first-it.left)*adv, width-it.left*adv
	case it.narrow > 0:
		left, room = it.narrow, width-2*it.narrow
	case it.right > 0:
		room = width - it.right*adv
	}
	if it.style == styleSigns {
		return []slab{{height: pitch, keep: it.keep, draw: func(pg *page, x, y float64) {
			each := width / float64(len(it.columns))
			for i, s := range it.columns {
				p.drawAligned(pg, s, k.face, ink, adv, x+each*float64(i), y+baseline(ink.size, pitch), each, Center)
			}
		}}}
	}
	if it.style == styleNumber {
		return []slab{p.numberSlab(it, k, width)}
	}
	lines := p.fonts.setText(k.face, it.text, ink.size, adv, room, first, k.justify || it.style == styleNote)
	out := make([]slab, 0, len(lines))
	for i, line := range lines {
		x := left
		if i == 0 {
			x += first
		}
		switch k.align {
		case Center:
			x = left + (room-line.width())/2
		case Right:
			x = room - line.width()
		}
		s := slab{height: pitch, keep: it.keep && i >= len(lines)-2 || k.align == Center && i < len(lines)-1, draw: func(pg *page, px, y float64) {
			p.draw(pg, line, px+x, y+baseline(ink.size, pitch), ink)
		}}
		if i == 0 {
			s.page, s.before = it.page, k.before*l.pitch()
			if it.style == styleHead {
				s.before, s.fixed = points(l.HeadTop)-(pitch-k.size)/2, true
			}
			if it.style == styleTitle {
				s.fixed = true
			}
			if it.style == styleNote && it.first == 2 {
				s.before = l.pitch()
			}
		}
		if i == len(lines)-1 {
			s.height += k.after * l.pitch()
		}
		out = append(out, s)
	}
	return out
}

// numberSlab is the issue number with the red line under it.
func (p *pdf) numberSlab(it item, k look, width float64) slab {
	l, ink := p.l, inkStyle{size: k.size}
	pitch := l.pitch()
	under := (pitch+k.size)/2 + points(l.LineBelow)
	return slab{height: max(pitch, under+points(l.RedRule)), before: k.before * pitch, fixed: true, draw: func(pg *page, x, y float64) {
		base := y + baseline(k.size, pitch)
		if it.end == "" {
			p.drawAligned(pg, it.text, k.face, ink, l.advance(), x, base, width, Center)
		} else {
			p.drawAligned(pg, it.text, k.face, ink, l.advance(), x+l.advance(), base, width, Left)
			p.drawAligned(pg, it.end, faceKai, ink, l.advance(), x, base, width-l.advance(), Right)
		}
		pg.rule(x, y+under, width, points(l.RedRule), "1 0 0 rg")
	}}
}

// drawAligned draws text in one line; a longer one is set closer.
func (p *pdf) drawAligned(pg *page, text string, role face, ink inkStyle, adv, x, y, width float64, align Align) {
	if text == "" {
		return
	}
	line := p.fonts.setText(role, oneLine(text), ink.size, adv, 1e9, 0, false)[0]
	if over := line.width() - width; over > 0 && len(line.chars) > 1 {
		line.extra = -over / float64(len(line.chars)-1)
	}
	switch align {
	case Center:
		x += (width - line.width()) / 2
	case Right:
		x += width - line.width()
	}
	p.draw(pg, line, x, y, ink)
}
