package folio

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// look is what a style looks like, for docx and pdf alike.
type look struct {
	id, name string // in Word
	face     face
	size     float64 // pt
	red      bool
	align    Align
	justify  bool
	outline  int     // level of a heading, 0 for none
	indent   float64 // characters, first line
	before   float64 // lines
	after    float64 // lines
}

// face is a role that a typeface plays.
type face int

const (
	faceHead face = iota // 小标宋
	faceBody             // 仿宋
	faceKai              // 楷体
	faceHei              // 黑体
	faceSong             // 宋体
	faceCount
)

func (l Layout) fontName(f face) string {
	return [...]string{l.HeadFont, l.BodyFont, l.KaiFont, l.HeiFont, l.SongFont}[f]
}

// looks returns the look of each style.
//
// Rule F-04 (GB/T 9704-2012, 5.2.2, 7.2 and 7.3): typefaces and sizes of the
// parts; the body's first line is indented two characters.
func looks(l Layout) [styleCount]look {
	return [styleCount]look{
		styleBody:       {id: "Body", name: "公文正文", face: faceBody, size: l.BodySize, justify: true, indent: 2},
		styleLevel1:     {id: "Level1", name: "公文一级标题", face: faceHei, size: l.BodySize, justify: true, indent: 2, outline: 1},
		styleLevel2:     {id: "Level2", name: "公文二级标题", face: faceKai, size: l.BodySize, justify: true, indent: 2, outline: 2},
		styleLevel3:     {id: "Level3", name: "公文三级标题", face: faceBody, size: l.BodySize, justify: true, indent: 2, outline: 3},
		styleLevel4:     {id: "Level4", name: "公文四级标题", face: faceBody, size: l.BodySize, justify: true, indent: 2, outline: 4},
		styleHead:       {id: "RedHead", name: "发文机关标志", face: faceHead, size: l.HeadSize, align: Center, red: true},
		styleNumber:     {id: "IssueNumber", name: "发文字号", face: faceBody, size: l.BodySize, align: Center, before: float64(l.HeadNumber)},
		styleTitle:      {id: "DocumentTitle", name: "公文标题", face: faceHead, size: l.TitleSize, align: Center, before: float64(l.TitleAbove), after: float64(l.AddressAbove)},
		styleTo:         {id: "Addressee", name: "主送机关", face: faceBody, size: l.BodySize},
		styleNote:       {id: "AnnexNote", name: "附件说明", face: faceBody, size: l.BodySize},
		styleSign:       {id: "Signature", name: "发文机关署名", face: faceBody, size: l.BodySize, align: Right},
		styleDate:       {id: "DateOfMaking", name: "成文日期", face: faceBody, size: l.BodySize, align: Right},
		styleSigns:      {id: "Signatures", name: "联合署名", face: faceBody, size: l.BodySize},
		styleAnnexMark:  {id: "AnnexMark", name: "附件标识", face: faceHei, size: l.BodySize, after: 1},
		styleAnnexTitle: {id: "AnnexTitle", name: "附件标题", face: faceHead, size: l.TitleSize, align: Center, after: 1, outline: 1},
		styleCaption:    {id: "TableCaption", name: "表题", face: faceHei, size: l.TableSize + 2, align: Center},
		styleBlank:      {id: "SealRoom", name: "印章空行", face: faceBody, size: l.BodySize},
	}
}

const (
	styleCellID     = "TableText"
	styleCellHeadID = "TableHead"
	styleFootID     = "PageNumber"
	styleImprintID  = "Imprint"
)

func twips(pt float64) int { return int(pt*20 + 0.5) }

// stylesXML is styles.xml. Line pitches are exact, so that a page has its lines
// whatever typeface stands in for a lacking one. Characters are set closer by
// their own spacing and do not snap to the section's grid, which states the same
// figures for Word's dialog: LibreOffice gives a character two cells of a grid
// that is narrower than its type, as 28 characters of 16 points in 156 mm are.
func stylesXML(l Layout) string {
	var b strings.Builder
	b.WriteString(`<w:styles xmlns:w="` + nsMain + `"><w:docDefaults><w:rPrDefault><w:rPr>` + runFont(l.BodyFont) +
		sizes(l.BodySize) + `<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>`+
		`<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>`+
		`<w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/></w:pPr><w:rPr>%s%s</w:rPr></w:style>`,
		twips(l.pitch()), runFont(l.BodyFont), sizes(l.BodySize))
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>` +
		`<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>` +
		`<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for s, look := range looks(l) {
		b.WriteString(styleXML(l, style(s), look))
	}
	cell := func(id, name, font, align string, size, pitch float64) {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/>`+
			`<w:pPr><w:spacing w:line="%d" w:lineRule="exact"/>%s</w:pPr><w:rPr>%s%s</w:rPr></w:style>`,
			id, name, twips(pitch), align, runFont(font), sizes(size))
	}
	cell(styleCellID, "公文表格", l.BodyFont, "", l.TableSize, l.TablePitch)
	cell(styleCellHeadID, "公文表头", l.HeiFont, `<w:jc w:val="center"/>`, l.TableSize, l.TablePitch)
	cell(styleImprintID, "版记", l.BodyFont, "", l.ImprintSize, l.pitch())
	cell(styleFootID, "公文页码", l.SongFont, "", l.NumberSize, l.NumberSize)
	b.WriteString(`</w:styles>`)
	return b.String()
}

func styleXML(l Layout, s style, k look) string {
	var b strings.Builder
	next := "Body"
	if s == styleBody {
		next = k.id
	}
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:next w:val="%s"/><w:qFormat/><w:pPr>`,
		k.id, k.name, next)
	if s == styleNumber {
		// The rule is drawn this far below the line, whose lower edge is not the characters'.
		gap := int(points(l.LineBelow) - (l.pitch()-l.BodySize)/2 + 0.5)
		fmt.Fprintf(&b, `<w:pBdr><w:bottom w:val="single" w:sz="%d" w:space="%d" w:color="FF0000"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`,
			eighths(l.RedRule), min(max(gap, 0), 31), twips(l.paper(false).textWidth()-l.advance()))
	}
	pitch := l.pitch()
	if s == styleHead {
		pitch = k.size * 1.25
	}
	b.WriteString(`<w:spacing`)
	switch {
	case s == styleHead:
		fmt.Fprintf(&b, ` w:before="%d"`, twips(points(l.HeadTop)-(pitch-k.size)/2))
	case k.before > 0:
		fmt.Fprintf(&b, ` w:before="%d"`, twips(k.before*l.pitch()))
	}
	if k.after > 0 {
		fmt.Fprintf(&b, ` w:after="%d"`, twips(k.after*l.pitch()))
	}
	fmt.Fprintf(&b, ` w:line="%d" w:lineRule="exact"/>`, twips(pitch))
	if k.indent > 0 {
		fmt.Fprintf(&b, `<w:ind w:firstLineChars="%d" w:firstLine="%d"/>`, int(k.indent*100), twips(k.indent*l.advance()))
	}
	switch {
	case k.justify:
		b.WriteString(`<w:jc w:val="both"/>`)
	case k.align == Center:
		b.WriteString(`<w:jc w:val="center"/>`)
	case k.align == Right:
		b.WriteString(`<w:jc w:val="right"/>`)
	}
	if k.outline > 0 {
		b.WriteString(`<w:outlineLvl w:val="` + strconv.Itoa(k.outline-1) + `"/>`)
	}
	b.WriteString(`</w:pPr><w:rPr>` + runFont(l.fontName(k.face)))
	if k.red {
		b.WriteString(`<w:color w:val="FF0000"/>`)
	}
	if k.size == l.BodySize {
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, closer(l))
	}
	b.WriteString(sizes(k.size) + `</w:rPr></w:style>`)
	return b.String()
}

// closer is what is added to the width of a character of the body, in twentieths
// of a point, so that a line has its number of them. Rounded down, and one more,
// since LibreOffice cuts the line to whole cells of the grid: justified lines
// fill the rest, while a twentieth too much loses a character.
func closer(l Layout) int {
	return int(math.Floor((l.advance()-l.BodySize)*20)) - 1
}

func runFont(name string) string {
	n := escaped(name)
	return `<w:rFonts w:ascii="` + n + `" w:eastAsia="` + n + `" w:hAnsi="` + n + `" w:cs="` + n + `" w:hint="eastAsia"/>`
}

func sizes(pt float64) string {
	half := strconv.Itoa(int(pt*2 + 0.5))
	return `<w:sz w:val="` + half + `"/><w:szCs w:val="` + half + `"/>`
}

// eighths is the thickness of a rule in eighths of a point, as Word counts.
func eighths(mm float64) int { return max(2, int(points(mm)*8+0.5)) }

// fontTableXML names what stands in where the office's typefaces are not installed.
func fontTableXML(l Layout) string {
	standIns := [faceCount]string{
		faceHead: "小标宋,方正小标宋_GBK,华文中宋,STZhongsong,Noto Serif SC,Noto Serif CJK SC,Source Han Serif SC,宋体",
		faceBody: "仿宋,FangSong,FangSong_GB2312,华文仿宋,STFangsong,Noto Serif SC,Noto Serif CJK SC",
		faceKai:  "楷体,KaiTi,KaiTi_GB2312,华文楷体,STKaiti,Noto Serif SC,Noto Serif CJK SC",
		faceHei:  "SimHei,华文黑体,STHeiti,Noto Sans SC,Noto Sans CJK SC",
		faceSong: "SimSun,华文宋体,STSong,Noto Serif SC,Noto Serif CJK SC",
	}
	families := [faceCount]string{"roman", "modern", "modern", "modern", "roman"}
	var b strings.Builder
	b.WriteString(`<w:fonts xmlns:w="` + nsMain + `">`)
	said := map[string]bool{}
	for f := range faceCount {
		name := l.fontName(f)
		if said[name] {
			continue
		}
		said[name] = true
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="%s"/><w:pitch w:val="variable"/></w:font>`,
			escaped(name), standIns[f], families[f])
	}
	b.WriteString(`</w:fonts>`)
	return b.String()
}
