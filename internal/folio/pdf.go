package folio

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"io"
	"sort"
	"strings"
	"unicode/utf16"

	"rsc.io/qr"
)

// WritePDF writes the document as pdf with embedded parts of the typefaces.
// Equal documents, layouts and typefaces give equal bytes.
func WritePDF(w io.Writer, d Document, l Layout, f *Fonts) error {
	d, l = clean(d), l.orStandard()
	if f == nil {
		var err error
		if f, err = LoadFonts(""); err != nil {
			return err
		}
	}
	p := &pdf{d: d, l: l, fonts: f, used: map[*typeface]*usedFont{}}
	if d.CheckURL != "" {
		code, err := qr.Encode(d.CheckURL, qr.M)
		if err != nil {
			return fmt.Errorf("folio: the address of the QR code: %w", err)
		}
		p.code = code
	}
	p.flow(arrange(d, l))
	if _, err := w.Write(p.assemble()); err != nil {
		return fmt.Errorf("folio: writing the pdf: %w", err)
	}
	return nil
}

// pdf is one file in the making.
type pdf struct {
	d     Document
	l     Layout
	fonts *Fonts
	code  *qr.Code
	pages []*page
	used  map[*typeface]*usedFont
	order []*usedFont
}

// usedFont collects the glyphs that the document draws with a typeface.
type usedFont struct {
	face   *typeface
	number int
	place  map[int]int // glyph → its number in the subset
	glyphs []int
	runes  []rune
}

type page struct {
	paper paper
	bytes.Buffer
}

func (p *pdf) use(t *typeface) *usedFont {
	u := p.used[t]
	if u == nil {
		u = &usedFont{face: t, number: len(p.order) + 1, place: map[int]int{0: 0}, glyphs: []int{0}, runes: []rune{0}}
		p.used[t] = u
		p.order = append(p.order, u)
	}
	return u
}

func (u *usedFont) code(c char) int {
	n, ok := u.place[c.glyph]
	if !ok {
		n = len(u.glyphs)
		u.place[c.glyph] = n
		u.glyphs, u.runes = append(u.glyphs, c.glyph), append(u.runes, c.r)
	}
	return n
}

// inkStyle is how text is drawn.
type inkStyle struct {
	size      float64
	red, bold bool
	turned    bool // downwards
}

// draw puts a line of text; x, y is the left end of its base line, from the
// page's upper left corner.
func (p *pdf) draw(pg *page, line textLine, x, y float64, k inkStyle) {
	colour := "0 g 0 G"
	if k.red {
		colour = "1 0 0 rg 1 0 0 RG"
	}
	mode := "0 Tr"
	if k.bold { // there is no bold cut: the outline is drawn, too
		mode = fmt.Sprintf("2 Tr %.2f w", k.size*0.03)
	}
	fmt.Fprintf(pg, "BT %s %s\n", colour, mode)
	if k.turned {
		fmt.Fprintf(pg, "0 -1 1 0 %.3f %.3f Tm\n", x, pg.paper.height-y)
	} else {
		fmt.Fprintf(pg, "1 0 0 1 %.3f %.3f Tm\n", x, pg.paper.height-y)
	}
	var font *usedFont
	open := false
	for _, c := range line.chars {
		if u := p.use(c.font); u != font {
			if open {
				pg.WriteString("] TJ\n")
			}
			fmt.Fprintf(pg, "/F%d %.2f Tf [", u.number, k.size)
			font, open = u, true
		}
		fmt.Fprintf(pg, "<%04X>", font.code(c))
		if adjust := (c.font.advance(c.glyph)*k.size - c.width - line.extra) / k.size * 1000; adjust > 0.05 || adjust < -0.05 {
			fmt.Fprintf(pg, "%.1f", adjust)
		}
	}
	if open {
		pg.WriteString("] TJ\n")
	}
	pg.WriteString("ET\n")
}

// rule draws a filled box.
func (pg *page) rule(x, y, width, height float64, colour string) {
	fmt.Fprintf(pg, "%s %.3f %.3f %.3f %.3f re f\n", colour, x, pg.paper.height-y-height, width, height)
}

// assemble writes the objects: catalogue, pages, information, fonts, contents.
func (p *pdf) assemble() []byte {
	var out bytes.Buffer
	var at []int
	object := func(body string, stream []byte) int {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(at))
		if stream != nil {
			packed := zlib(stream)
			fmt.Fprintf(&out, "<<%s /Filter /FlateDecode /Length %d>>\nstream\n", body, len(packed))
			out.Write(packed)
			out.WriteString("\nendstream")
		} else {
			out.WriteString(body)
		}
		out.WriteString("\nendobj\n")
		return len(at)
	}
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	const catalogue, tree = 1, 2
	object("<</Type /Catalog /Pages 2 0 R /Lang (zh-CN)>>", nil)
	treeAt := len(at)
	at = append(at, 0) // the page tree is written last
	var fonts strings.Builder
	for _, u := range p.order {
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", u.number, u.write(object))
	}
	var kids strings.Builder
	for _, pg := range p.pages {
		content := object("", pg.Bytes())
		fmt.Fprintf(&kids, "%d 0 R ", object(fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Resources <</Font <<%s>>>> /Contents %d 0 R>>",
			tree, pg.paper.width, pg.paper.height, fonts.String(), content), nil))
	}
	information := object(p.information(), nil)
	at[treeAt] = out.Len()
	fmt.Fprintf(&out, "%d 0 obj\n<</Type /Pages /Count %d /Kids [%s]>>\nendobj\n", tree, len(p.pages), kids.String())
	sum := sha256.Sum256(out.Bytes())
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(at)+1, catalogue, information, sum[:16], sum[:16], start)
	return out.Bytes()
}

func (p *pdf) information() string {
	s := "<</Producer (Gongjian) /Title " + hexText(oneLine(p.d.Title)) + " /Author " + hexText(strings.Join(p.d.Sign, "、"))
	if p.d.Code != "" {
		s += " /Keywords " + hexText(p.d.Code)
	}
	if !p.d.Date.IsZero() {
		s += " /CreationDate (D:" + p.d.Date.Time().Format("20060102") + "000000Z)"
	}
	return s + ">>"
}

func hexText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

// write puts the font's objects and returns the number of the first.
func (u *usedFont) write(object func(string, []byte) int) int {
	name := "GJFONT+F" + fmt.Sprint(u.number)
	var widths strings.Builder
	for _, g := range u.glyphs {
		fmt.Fprintf(&widths, "%.1f ", u.face.advance(g)*1000)
	}
	body := u.face.subset(u.glyphs)
	data := object(fmt.Sprintf("/Length1 %d", len(body)), body)
	descriptor := object(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-1000 -300 2000 1200] /ItalicAngle 0 "+
		"/Ascent 880 /Descent -120 /CapHeight 730 /StemV 80 /FontFile2 %d 0 R>>", name, data), nil)
	under := object(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "+
		"/FontDescriptor %d 0 R /DW 1000 /W [0 [%s]] /CIDToGIDMap /Identity>>", name, descriptor, widths.String()), nil)
	unicode := object("", u.toUnicode())
	return object(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
		name, under, unicode), nil)
}

// zlib packs a stream as RFC 1950 asks, by a compressor that is kept: compress/zlib
// makes a new one of 600 kB for each of the six or so streams of a document.
func zlib(stream []byte) []byte {
	out := bytes.NewBuffer(append(make([]byte, 0, len(stream)/2+64), 0x78, 0x01)) // deflate, fastest
	z := reuse(out)
	_, _ = z.Write(stream) // a buffer takes everything
	_ = z.Close()
	return binary.BigEndian.AppendUint32(out.Bytes(), adler32.Checksum(stream))
}

// toUnicode lets readers search and copy the text.
func (u *usedFont) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	codes := make([]int, 0, len(u.runes))
	for c := range u.runes[1:] {
		codes = append(codes, c+1)
	}
	sort.Ints(codes)
	for len(codes) > 0 {
		n := min(len(codes), 100) // a block holds no more
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, c := range codes[:n] {
			fmt.Fprintf(&b, "<%04X> <", c)
			for _, v := range utf16.Encode([]rune{u.runes[c]}) {
				fmt.Fprintf(&b, "%04X", v)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		codes = codes[n:]
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.Bytes()
}
