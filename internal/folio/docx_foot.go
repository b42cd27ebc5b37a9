package folio

import (
	"fmt"
	"math"
	"strings"
)

// footer is one footer part.
type footer struct{ name, xml string }

// footers are the page numbers of odd and even pages, upright (1, 2) and across
// (4, 5), and that of the first page with the verification code (3).
func (x *docx) footers() []footer {
	upright, across := false, false
	for _, p := range x.parts {
		upright, across = upright || !p.across, across || p.across
	}
	var out []footer
	if upright {
		out = append(out, footer{"footer1.xml", x.numberFooter(true)}, footer{"footer2.xml", x.numberFooter(false)})
	}
	if x.d.Code != "" || x.picture != nil {
		if x.parts[0].across {
			out = append(out, footer{"footer3.xml", x.acrossFooter(true, x.seal(true)+x.codeRun())})
		} else {
			out = append(out, footer{"footer3.xml", x.firstFooter()})
		}
	}
	if across {
		out = append(out, footer{"footer4.xml", x.acrossFooter(true, "")}, footer{"footer5.xml", x.acrossFooter(false, "")})
	}
	return out
}

const pageField = `<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r>`

// numberFooter is the page number of an upright page.
//
// Rule F-13 (GB/T 9704-2012, 7.5): 14 pt, dashes at both sides, odd pages right
// and even pages left, one character from the text area's edge.
func (x *docx) numberFooter(odd bool) string {
	align, edge := "left", "left"
	if odd {
		align, edge = "right", "right"
	}
	return `<w:ftr` + spaces + `><w:p><w:pPr><w:pStyle w:val="` + styleFootID + `"/>` +
		fmt.Sprintf(`<w:ind w:%s="%d"/>`, edge, twips(x.l.NumberSize)) + `<w:jc w:val="` + align + `"/></w:pPr>` +
		pageField + `</w:p></w:ftr>`
}

// acrossFooter stands, turned, where the upright page has its number: left of
// the text, below on odd pages and above on even ones.
func (x *docx) acrossFooter(odd bool, more string) string {
	l, p := x.l, x.l.paper(true)
	align, edge := "left", "left"
	if odd {
		align, edge = "right", "right"
	}
	field := `<w:p><w:pPr><w:pStyle w:val="` + styleFootID + `"/>` + fmt.Sprintf(`<w:ind w:%s="%d"/>`, edge, twips(l.NumberSize)) +
		`<w:jc w:val="` + align + `"/></w:pPr>` + pageField + `</w:p>`
	s := shape{x: p.left - numberTop(l) - l.NumberSize, y: p.top, width: l.NumberSize, height: p.textHeight(), turned: true}
	return `<w:ftr` + spaces + `><w:p><w:pPr><w:pStyle w:val="` + styleFootID + `"/></w:pPr>` + x.box(s, "页码", field) + more + `</w:p></w:ftr>`
}

func (x *docx) draftHeader() string {
	return `<w:hdr` + spaces + `><w:p><w:pPr><w:pStyle w:val="` + styleFootID + `"/><w:jc w:val="right"/></w:pPr><w:r><w:rPr>` +
		runFont(x.l.HeiFont) + `<w:color w:val="C00000"/></w:rPr><w:t>` + draftMark + `</w:t></w:r></w:p></w:hdr>`
}

// draftMark stands at the head of every page of a draft.
const draftMark = "草稿　未签发"

// The verification code's figures in points: below the text area of the first
// page, at its left, where an odd page has no number. Our choice.
const (
	sealGap  = 8.5 // from the text area's foot
	sealSide = 40  // side of the QR, 14 mm
	sealSize = 9   // type
)

// seal is the QR; the code beside it (核验码) is text of the footer's line.
func (x *docx) seal(across bool) string {
	if x.picture == nil {
		return ""
	}
	p := x.l.paper(across)
	s := shape{x: p.left, y: p.height - p.bottom + sealGap, width: sealSide, height: sealSide}
	return x.anchor(s, "核验二维码", `<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="1" name="qr.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr>`+s.geometry()+`</pic:spPr></pic:pic></a:graphicData>`)
}

// codeRun is the verification code in small type, or nothing.
func (x *docx) codeRun() string {
	if x.d.Code == "" {
		return ""
	}
	return `<w:r><w:rPr>` + sizes(sealSize) + `</w:rPr><w:t xml:space="preserve">` + escaped(codeLabel+" "+oneLine(x.d.Code)) + `</w:t></w:r>`
}

// firstFooter is the footer of a first page with the code; page 1 is odd, so its
// left is free.
func (x *docx) firstFooter() string {
	l, p := x.l, x.l.paper(false)
	return `<w:ftr` + spaces + `><w:p><w:pPr><w:pStyle w:val="` + styleFootID + `"/>` +
		fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:ind w:left="%d"/>`, twips(p.textWidth()-l.NumberSize), twips(sealSide+4)) +
		`</w:pPr>` + x.seal(false) + x.codeRun() + `<w:r><w:tab/></w:r>` + pageField + `</w:p></w:ftr>`
}

const codeLabel = "核验码"

// imprint writes the 版记 into a box at the foot of the text area. The paragraph
// that holds the box is as high as the box, so that no text lies under it.
func (x *docx) imprint(b *xmlBuffer, lines []imprintLine) {
	p, height := x.l.paper(false), imprintHeight(lines, x.l)
	inner := &xmlBuffer{}
	inner.putf(`<w:tbl><w:tblPr><w:tblW w:w="%[1]d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>`+
		`<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="%[1]d"/></w:tblGrid>`, twips(p.textWidth()))
	size := x.l.ImprintSize
	for i, line := range lines {
		above, below := x.l.ThinRule, x.l.ThinRule
		if i == 0 {
			above = x.l.ThickRule
		}
		if i == len(lines)-1 {
			below = x.l.ThickRule
		}
		inner.putf(`<w:tr><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:tcBorders><w:top w:val="single" w:sz="%d" w:space="0" w:color="000000"/>`+
			`<w:bottom w:val="single" w:sz="%d" w:space="0" w:color="000000"/></w:tcBorders></w:tcPr>`, twips(p.textWidth()), eighths(above), eighths(below))
		inner.putf(`<w:p><w:pPr><w:pStyle w:val="%s"/><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:ind w:left="%d" w:right="%d" w:hanging="%d"/></w:pPr>`,
			styleImprintID, twips(p.textWidth()-size), twips(size*(1+hanging(line))), twips(size), twips(size*hanging(line)))
		x.run(inner, line.text, "")
		if line.end != "" {
			inner.put(`<w:r><w:tab/></w:r>`)
			x.run(inner, line.end, "")
		}
		inner.put(`</w:p></w:tc></w:tr>`)
	}
	inner.put(`</w:tbl><w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>`)
	s := shape{x: p.left, y: p.height - p.bottom - height, width: p.textWidth(), height: height}
	b.putf(`<w:p><w:pPr><w:pStyle w:val="%s"/><w:spacing w:line="%d" w:lineRule="exact"/></w:pPr>`, styleImprintID, twips(height))
	b.put(x.box(s, "版记", inner.String()), `</w:p>`)
}

// hanging is where the turned lines of 抄送 begin: under the first name, in characters.
func hanging(line imprintLine) float64 {
	if line.end == "" && strings.HasPrefix(line.text, "抄送：") {
		return 3
	}
	return 0
}

// imprintHeight is the height of the imprint in points. Turned lines are counted
// by columns, one more when it is close: free room above is better than a cut line.
func imprintHeight(lines []imprintLine, l Layout) float64 {
	room := l.paper(false).textWidth()/l.ImprintSize - 2
	n := 0.0
	for _, line := range lines {
		n++
		if wide := columns(line.text); wide > room {
			each := room - hanging(line) - 1
			n += math.Ceil((wide - room + 1) / each)
		}
	}
	return n*l.pitch() + 4
}

// shape is a box on a page, in points from the page's upper left corner.
type shape struct {
	x, y, width, height float64
	turned              bool // its text runs downwards
}

// emu is a length as drawings count it.
func emu(pt float64) int { return int(pt*12700 + 0.5) }

func (s shape) geometry() string {
	return fmt.Sprintf(`<a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>`,
		emu(s.width), emu(s.height))
}

// box is a text box without a line, over which no text is moved.
func (x *docx) box(s shape, name, inner string) string {
	turned, anchor := "", "t"
	if s.turned {
		turned = ` vert="vert"`
	}
	return `<w:r><mc:AlternateContent><mc:Choice Requires="wps">` + x.drawing(s, name,
		`<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>`+
			s.geometry()+`<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>`+inner+
			`</w:txbxContent></wps:txbx><wps:bodyPr`+turned+` wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="`+anchor+`"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData>`) +
		`</mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>`
}

// anchor is a run with a drawing at a place of the page.
func (x *docx) anchor(s shape, name, graphic string) string {
	return `<w:r>` + x.drawing(s, name, graphic) + `</w:r>`
}

func (x *docx) drawing(s shape, name, graphic string) string {
	x.shapes++
	return fmt.Sprintf(`<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="%[1]d" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">`+
		`<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page"><wp:posOffset>%[2]d</wp:posOffset></wp:positionH>`+
		`<wp:positionV relativeFrom="page"><wp:posOffset>%[3]d</wp:posOffset></wp:positionV><wp:extent cx="%[4]d" cy="%[5]d"/>`+
		`<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="%[1]d" name="%[6]s"/><wp:cNvGraphicFramePr/><a:graphic>`,
		x.shapes, emu(s.x), emu(s.y), emu(s.width), emu(s.height), escaped(name)) + graphic + `</a:graphic></wp:anchor></w:drawing>`
}
