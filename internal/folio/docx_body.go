package folio

import (
	"bytes"
	"fmt"
	"strings"
)

// xmlBuffer collects a part's text.
type xmlBuffer struct{ bytes.Buffer }

func (b *xmlBuffer) put(parts ...string) {
	for _, s := range parts {
		b.WriteString(s)
	}
}

func (b *xmlBuffer) putf(format string, args ...any) { fmt.Fprintf(&b.Buffer, format, args...) }

// document is document.xml.
func (x *docx) document() []byte {
	b := &xmlBuffer{}
	b.put(xmlHead, `<w:document`, spaces, `><w:body>`)
	styles := looks(x.l)
	for i, p := range x.parts {
		last := i == len(x.parts)-1
		lines := []imprintLine(nil)
		if last {
			lines = imprint(x.d)
		}
		for _, it := range p.items {
			if it.table != nil {
				x.table(b, it, x.l.paper(p.across).textWidth())
				continue
			}
			x.paragraph(b, it, styles[it.style], p.across)
		}
		// Word wants a paragraph behind a table at the end of a section.
		needed := len(p.items) == 0 || p.items[len(p.items)-1].table != nil
		switch {
		case lines != nil:
			x.imprint(b, lines)
		case needed || !last:
			b.put(`<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>`)
			if !last {
				x.section(b, p.across, i == 0)
			}
			b.put(`</w:pPr></w:p>`)
		}
		if last {
			x.section(b, p.across, i == 0)
		}
	}
	b.put(`</w:body></w:document>`)
	return b.Bytes()
}

// paragraph writes one item. Its look comes from the style; only what differs
// from one paragraph to the next stands at the paragraph.
func (x *docx) paragraph(b *xmlBuffer, it item, k look, across bool) {
	b.put(`<w:p><w:pPr><w:pStyle w:val="`, k.id, `"/>`)
	if it.keep {
		b.put(`<w:keepNext/>`)
	}
	if it.page {
		b.put(`<w:pageBreakBefore/>`)
	}
	if it.keep && it.style == styleBody {
		b.put(`<w:widowControl/>`) // at least two lines go with the signature
	}
	width := x.l.paper(across).textWidth()
	if it.style == styleSigns {
		b.put(`<w:tabs>`)
		for i := range it.columns {
			b.putf(`<w:tab w:val="center" w:pos="%d"/>`, twips(width*(float64(i)+0.5)/float64(len(it.columns))))
		}
		b.put(`</w:tabs>`)
	}
	adv := x.l.advance()
	switch {
	case it.style == styleNote:
		if it.first == 2 {
			b.putf(`<w:spacing w:before="%d"/>`, twips(x.l.pitch()))
		}
		b.putf(`<w:ind w:left="%d" w:hanging="%d"/>`, twips(it.left*adv), twips((it.left-it.first)*adv))
	case it.right > 0:
		b.putf(`<w:ind w:rightChars="%d" w:right="%d"/>`, int(it.right*100+0.5), twips(it.right*adv))
	case it.narrow > 0:
		b.putf(`<w:ind w:left="%d" w:right="%d"/>`, twips(it.narrow), twips(it.narrow))
	case it.end != "":
		b.putf(`<w:ind w:firstLine="%d"/><w:jc w:val="left"/>`, twips(adv)) // an indent would draw in the red line, too
	}
	b.put(`</w:pPr>`)
	if it.columns != nil {
		for _, s := range it.columns {
			b.put(`<w:r><w:tab/></w:r>`)
			x.run(b, s, "")
		}
		b.put(`</w:p>`)
		return
	}
	format := ""
	if it.style == styleHead {
		if size := headSize(it.text, x.l); size < k.size {
			format = sizes(size)
		}
	}
	x.run(b, it.text, format)
	if it.end != "" {
		b.put(`<w:r><w:tab/></w:r>`)
		label, name, _ := strings.Cut(it.end, "：")
		x.run(b, label+"：", "")
		x.run(b, name, runFont(x.l.KaiFont))
	}
	b.put(`</w:p>`)
}

// headSize is the size in which the red head stands in one line.
func headSize(text string, l Layout) float64 {
	width := columns(text) * l.HeadSize
	if room := l.paper(false).textWidth(); width > room {
		return max(float64(int(l.HeadSize*room/width)), l.BodySize)
	}
	return l.HeadSize
}

// run writes text; a line break stays one.
func (x *docx) run(b *xmlBuffer, text, format string) {
	if text == "" {
		return
	}
	b.put(`<w:r>`)
	if format != "" {
		b.put(`<w:rPr>`, format, `</w:rPr>`)
	}
	for i, line := range strings.Split(printable(text), "\n") {
		if i > 0 {
			b.put(`<w:br/>`)
		}
		if line != "" {
			b.put(`<w:t xml:space="preserve">`, escaped(line), `</w:t>`)
		}
	}
	b.put(`</w:r>`)
}

// section closes a run of pages of one orientation.
func (x *docx) section(b *xmlBuffer, across, first bool) {
	l, p := x.l, x.l.paper(across)
	b.put(`<w:sectPr>`)
	if x.d.Draft {
		for _, kind := range []string{"default", "even", "first"} {
			b.put(`<w:headerReference w:type="`, kind, `" r:id="header1"/>`)
		}
	}
	odd, even := "footer1", "footer2"
	if across {
		odd, even = "footer4", "footer5"
	}
	b.put(`<w:footerReference w:type="default" r:id="`, odd, `"/><w:footerReference w:type="even" r:id="`, even, `"/>`)
	verified := first && (x.d.Code != "" || x.picture != nil)
	if verified {
		b.put(`<w:footerReference w:type="first" r:id="footer3"/>`)
	}
	b.put(`<w:type w:val="nextPage"/>`)
	orient := ""
	if across {
		orient = ` w:orient="landscape"`
	}
	b.putf(`<w:pgSz w:w="%d" w:h="%d"%s/>`, twips(p.width), twips(p.height), orient)
	b.putf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		twips(p.top), twips(p.right), twips(p.bottom), twips(p.left), twips(p.top*0.6), twips(max(0, p.bottom-numberTop(l)-l.NumberSize)))
	if verified {
		b.put(`<w:titlePg/>`)
	}
	// Word counts what a character is wider than the body's size in 4096ths of a point.
	space := int((l.advance()-l.BodySize)*4096 - 0.999)
	if l.advance() >= l.BodySize {
		space = int((l.advance() - l.BodySize) * 4096)
	}
	b.putf(`<w:docGrid w:type="linesAndChars" w:linePitch="%d" w:charSpace="%d"/></w:sectPr>`, twips(l.pitch()), space)
}

// numberTop is the distance in points from the text area's foot to the upper edge
// of the page number, whose dashes stand in the middle of its height.
func numberTop(l Layout) float64 { return points(l.PageNumber) - l.NumberSize/2 }
