package folio

import (
	"strconv"
)

// drawImprint draws the 版记 at the foot of the last page.
func (p *pdf) drawImprint(lines []imprintLine) {
	pg := p.pages[len(p.pages)-1]
	l, paper := p.l, p.l.paper(false)
	size, pitch, width := l.ImprintSize, l.pitch(), paper.textWidth()
	ink := inkStyle{size: size}
	// From below, so that the last line stands in the last line of the text area.
	y := paper.height - paper.bottom - points(l.ThickRule)
	pg.rule(paper.left, y, width, points(l.ThickRule), "0 g")
	for i := len(lines) - 1; i >= 0; i-- {
		hang := hanging(lines[i]) * size
		set := p.fonts.setText(faceBody, lines[i].text, size, size, width-2*size-hang, -hang, false)
		y -= float64(len(set)) * pitch
		for n, line := range set {
			x := paper.left + size + hang
			if n == 0 {
				x -= hang
			}
			p.draw(pg, line, x, y+float64(n)*pitch+baseline(size, pitch), ink)
		}
		p.drawAligned(pg, lines[i].end, faceBody, ink, size, paper.left, y+baseline(size, pitch), width-size, Right)
		thick := points(l.ThinRule)
		if i == 0 {
			thick = points(l.ThickRule)
		}
		pg.rule(paper.left, y-thick, width, thick, "0 g")
	}
}

// margins draws the page number, the mark of a draft, and on the first page the
// verification code.
func (p *pdf) margins(pg *page, number int) {
	l, paper := p.l, pg.paper
	ink := inkStyle{size: l.NumberSize, turned: paper.across}
	line := p.fonts.setText(faceSong, "— "+strconv.Itoa(number)+" —", l.NumberSize, l.NumberSize, 1e9, 0, false)[0]
	odd := number%2 == 1
	if paper.across {
		x := paper.left - numberTop(l) - ascent*l.NumberSize
		y := paper.top + l.NumberSize
		if odd {
			y = paper.height - paper.bottom - l.NumberSize - line.width()
		}
		p.draw(pg, line, x, y, ink)
	} else {
		x := paper.left + l.NumberSize
		if odd {
			x = paper.width - paper.right - l.NumberSize - line.width()
		}
		p.draw(pg, line, x, paper.height-paper.bottom+numberTop(l)+ascent*l.NumberSize, ink)
	}
	if p.d.Draft {
		p.drawAligned(pg, draftMark, faceHei, inkStyle{size: l.NumberSize, red: true}, l.NumberSize, paper.left, paper.top*0.6, paper.textWidth(), Right)
	}
	if number != 1 {
		return
	}
	x, y := paper.left, paper.height-paper.bottom+sealGap
	if p.code != nil {
		const quiet = 4 // modules left free around, as the code's norm asks
		side := sealSide / float64(p.code.Size+2*quiet)
		for row := range p.code.Size {
			for col := range p.code.Size {
				if p.code.Black(col, row) {
					pg.rule(x+float64(col+quiet)*side, y+float64(row+quiet)*side, side, side, "0 g")
				}
			}
		}
		x += sealSide + 4
	}
	if p.d.Code != "" {
		p.drawAligned(pg, codeLabel+" "+p.d.Code, faceBody, inkStyle{size: sealSize}, sealSize, x, y+sealSide/2, 170, Left)
	}
}
