package folio

import "math"

// Layout holds the figures of a document's form. Lengths are millimetres (mm) or
// points (pt, 1/72 inch); sizes of type are points. A unit whose province uses
// other margins starts from Standard and changes fields.
//
// Rule F-01 (GB/T 9704-2012, 5.1 to 5.2): the page and its text area.
type Layout struct {
	PageWidth, PageHeight    float64 // mm
	Top, Bottom, Left, Right float64 // margins, mm
	Lines, Characters        int     // of the text area: lines of a page, characters of a line

	BodySize    float64 // pt, 三号
	TitleSize   float64 // pt, 二号
	TableSize   float64 // pt; the standard leaves tables open
	TablePitch  float64 // pt, from line to line in a cell
	ImprintSize float64 // pt, 版记, 四号
	NumberSize  float64 // pt, page numbers, 四号

	HeadTop      float64 // mm, from the text area's top to the red head's
	HeadSize     float64 // pt, the largest; a long name is set smaller to stand in one line
	HeadNumber   int     // blank lines between red head and issue number
	LineBelow    float64 // mm, from the issue number to the red line
	TitleAbove   int     // blank lines between red line and title
	AddressAbove int     // blank lines between title and addressee
	SealLines    int     // blank lines above the signature, room for the seal
	DateIndent   float64 // characters to the right of the date
	PageNumber   float64 // mm, from the text area's foot to the dashes of the page number

	RedRule, ThickRule, ThinRule float64 // mm, thickness of the red line and of the imprint's rules

	// Names of typefaces in docx: red head and title, body, level 2, level 1, page numbers.
	HeadFont, BodyFont, KaiFont, HeiFont, SongFont string
}

// Standard returns the figures of GB/T 9704-2012. The standard leaves open the
// size of the red head and of tables, the thickness of the red line and the
// blank lines for the seal; those are our choice, see docs/sources/folio.md.
func Standard() Layout {
	return Layout{
		PageWidth: 210, PageHeight: 297,
		Top: 37, Bottom: 35, Left: 28, Right: 26,
		Lines: 22, Characters: 28,
		BodySize: 16, TitleSize: 22, TableSize: 12, TablePitch: 18, ImprintSize: 14, NumberSize: 14,
		HeadTop: 35, HeadSize: 48, HeadNumber: 2, LineBelow: 4, TitleAbove: 2, AddressAbove: 1,
		SealLines: 2, DateIndent: 4, PageNumber: 7,
		RedRule: 0.7, ThickRule: 0.35, ThinRule: 0.25,
		HeadFont: "方正小标宋简体", BodyFont: "仿宋_GB2312", KaiFont: "楷体_GB2312", HeiFont: "黑体", SongFont: "宋体",
	}
}

// orStandard fills what is zero and would divide by zero or hide the text.
func (l Layout) orStandard() Layout {
	if l == (Layout{}) {
		return Standard()
	}
	s := Standard()
	for _, f := range []struct {
		of *float64
		to float64
	}{{&l.PageWidth, s.PageWidth}, {&l.PageHeight, s.PageHeight}, {&l.BodySize, s.BodySize}, {&l.TitleSize, s.TitleSize},
		{&l.TableSize, s.TableSize}, {&l.TablePitch, s.TablePitch}, {&l.ImprintSize, s.ImprintSize},
		{&l.NumberSize, s.NumberSize}, {&l.HeadSize, s.HeadSize}} {
		if *f.of <= 0 {
			*f.of = f.to
		}
	}
	if l.Lines <= 0 {
		l.Lines = s.Lines
	}
	if l.Characters <= 0 {
		l.Characters = s.Characters
	}
	return l
}

const pointsPerMM = 72 / 25.4

func points(mm float64) float64 { return mm * pointsPerMM }

// paper is one page's measures in points, upright or laid across.
type paper struct {
	width, height            float64
	top, bottom, left, right float64
	across                   bool
}

func (p paper) textWidth() float64  { return p.width - p.left - p.right }
func (p paper) textHeight() float64 { return p.height - p.top - p.bottom }

// paper returns the measures of a page.
//
// Rule F-09 (GB/T 9704-2012, 8): a page laid across is the upright page turned
// clockwise, so that the head of its table lies at the left edge of the upright
// one, and its page number stands where the upright page has it.
func (l Layout) paper(across bool) paper {
	p := paper{points(l.PageWidth), points(l.PageHeight), points(l.Top), points(l.Bottom), points(l.Left), points(l.Right), false}
	if !across {
		return p
	}
	return paper{width: p.height, height: p.width, top: p.left, right: p.top, bottom: p.right, left: p.bottom, across: true}
}

// pitch is the distance from line to line, in whole twentieths of a point as
// Word counts, so that all lines of a page fit its text area.
func (l Layout) pitch() float64 {
	return math.Floor(l.paper(false).textHeight()/float64(l.Lines)*20) / 20
}

// advance is the width of one character of the grid, in points.
func (l Layout) advance() float64 { return l.paper(false).textWidth() / float64(l.Characters) }
