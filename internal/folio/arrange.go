package folio

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// style is what a paragraph is; both writers know how each looks.
type style int

const (
	styleBody style = iota
	styleLevel1
	styleLevel2
	styleLevel3
	styleLevel4
	styleHead
	styleNumber // the red line stands under it
	styleTitle
	styleTo
	styleNote // 附件说明
	styleSign
	styleDate
	styleSigns     // several signatures in one row
	styleAnnexMark // 附件1
	styleAnnexTitle
	styleCaption
	styleBlank // room for the seal
	styleCount
)

// item is a paragraph or a table in the order of the page. Both writers print
// items, so that docx and pdf cannot say different things.
type item struct {
	style style
	text  string
	table *Table
	keep  bool // on one page with what follows
	page  bool // begins a page

	right   float64  // characters: a signature's distance from the right edge
	left    float64  // characters: left edge of the lines after the first
	first   float64  // characters: where the first line begins
	narrow  float64  // points on each side: a title is broken evenly
	columns []string // styleSigns: what stands in the equal columns of the row
	end     string   // styleNumber: 签发人, at the right
}

// part is a run of pages of one orientation.
type part struct {
	across bool
	items  []item
}

// arrange turns the document into parts. The imprint is not among them.
func arrange(d Document, l Layout) []part {
	var parts []part
	front := append(heading1(d, l), blocks(d.Body)...)
	front = append(front, notes(d.Annexes)...)
	front = signature(front, d, l)
	if len(front) > 0 {
		parts = append(parts, part{items: front})
	}
	for i, a := range d.Annexes {
		items := annex(a, i+1, len(d.Annexes), l)
		if n := len(parts); n > 0 && parts[n-1].across == a.Landscape {
			items[0].page = true
			parts[n-1].items = append(parts[n-1].items, items...)
			continue
		}
		parts = append(parts, part{across: a.Landscape, items: items})
	}
	// The imprint stands on an upright page, the last one.
	if n := len(parts); n == 0 || parts[n-1].across && imprint(d) != nil {
		parts = append(parts, part{})
	}
	return parts
}

// heading1 is what stands above the body on the first page.
//
// Rule F-02 (GB/T 9704-2012, 7.2): red head, issue number, signer and red line.
func heading1(d Document, l Layout) []item {
	var items []item
	if d.Head != "" {
		items = append(items, item{style: styleHead, text: oneLine(d.Head)})
	}
	if d.Head != "" || d.Number != "" {
		number := item{style: styleNumber, text: oneLine(d.Number)}
		if d.Signer != "" {
			number.end = "签发人：" + oneLine(d.Signer)
		}
		items = append(items, number)
	}
	if d.Title != "" {
		items = append(items, item{style: styleTitle, text: d.Title, narrow: evenly(d.Title, l.TitleSize, l.paper(false).textWidth())})
	}
	if d.To != "" {
		items = append(items, item{style: styleTo, text: strings.TrimRight(d.To, "：:") + "："})
	}
	return items
}

// evenly returns how far a title is drawn in on both sides, so that its lines are
// about equally long and the last one never holds a single character. A title
// with line breaks of its own is left as it is.
//
// Rule F-03 (GB/T 9704-2012, 7.3.1): a title's lines are arranged fairly (长短适宜).
func evenly(title string, size, width float64) float64 {
	total := columns(title) * size
	if strings.Contains(title, "\n") || total <= width {
		return 0
	}
	lines := math.Ceil(total / (math.Floor(width/size) * size))
	each := (math.Ceil(columns(title)/lines) + 1) * size
	if each >= width {
		return 0
	}
	return (width - each) / 2
}

// blocks turns blocks of the body into items.
func blocks(body []Block) []item {
	var items []item
	for _, b := range body {
		if b.Table == nil && b.Text == "" {
			continue
		}
		if b.Table != nil {
			if b.Table.Caption != "" {
				items = append(items, item{style: styleCaption, text: b.Table.Caption, keep: true, page: b.Break})
				b.Break = false
			}
			items = append(items, item{table: b.Table.whole(), page: b.Break})
			continue
		}
		it := item{style: styleBody, text: b.Text, page: b.Break}
		if b.Level >= 1 && b.Level <= 4 {
			it.style = styleBody + style(b.Level)
			it.keep = b.Level <= 2
		}
		items = append(items, it)
	}
	return items
}

// notes lists the annexes under the body.
//
// Rule F-06 (GB/T 9704-2012, 7.3.4): indented two characters, Arabic figures when
// there are several, no punctuation behind a title, turned lines under its first character.
func notes(annexes []Annex) []item {
	var items []item
	for i, a := range annexes {
		it := item{style: styleNote, first: 5, text: annexName(a)}
		mark := ""
		if len(annexes) > 1 {
			mark = strconv.Itoa(i+1) + "."
		}
		it.left = 5 + columns(mark)
		it.text = mark + it.text
		if i == 0 {
			it.first, it.text = 2, "附件："+it.text
		}
		items = append(items, it)
	}
	return items
}

func annexName(a Annex) string { return strings.TrimRight(oneLine(a.Title), "。.；;，,") }

// signature puts signatures and date under the items, with room for the seal.
//
// Rule F-08 (GB/T 9704-2012, 7.3.5): the seal stands over signature and date, its
// top within a line of the text, never on a page without text; so the block keeps
// with the last lines above it.
func signature(items []item, d Document, l Layout) []item {
	if len(d.Sign) == 0 && d.Date.IsZero() {
		return items
	}
	if n := len(items); n > 0 {
		items[n-1].keep = true
	}
	blank := func() {
		for range l.SealLines {
			items = append(items, item{style: styleBlank, keep: true})
		}
	}
	date := longDate(d.Date)
	widest := 0.0
	for _, s := range d.Sign {
		widest = max(widest, columns(s))
	}
	perRow := min(len(d.Sign), 3, int(float64(l.Characters)/(widest+1)))
	if perRow <= 1 {
		right, dateRight := l.DateIndent, l.DateIndent
		if len(d.Sign) > 0 {
			right, dateRight = overDate(widest, columns(date), l.DateIndent)
		}
		for _, s := range d.Sign {
			blank()
			own := max(0, right+(widest-columns(s))/2)
			items = append(items, item{style: styleSign, text: oneLine(s), right: own, keep: date != ""})
		}
		if len(d.Sign) == 0 {
			blank()
		}
		if date != "" {
			items = append(items, item{style: styleDate, text: date, right: dateRight})
		}
		return items
	}
	return joint(items, d.Sign, date, perRow, l.SealLines)
}

// overDate centres the wider of signature and date over the other: it returns
// their distances from the right edge, in characters.
func overDate(sign, date, indent float64) (right, dateRight float64) {
	right = indent + date/2 - sign/2
	if right >= 2 {
		return right, indent
	}
	return 2, max(0, 2+sign/2-date/2)
}

// joint arranges the signatures of several offices in rows of up to three, from
// the one in charge on; the last one stands over the date.
func joint(items []item, signs []string, date string, perRow, sealLines int) []item {
	for from := 0; from < len(signs); from += perRow {
		row := make([]string, perRow)
		some := signs[from:min(from+perRow, len(signs))]
		for i, s := range some {
			row[perRow-len(some)+i] = oneLine(s)
		}
		for range sealLines {
			items = append(items, item{style: styleBlank, keep: true})
		}
		items = append(items, item{style: styleSigns, columns: row, keep: true})
	}
	last := make([]string, perRow)
	last[perRow-1] = date
	if date == "" {
		items[len(items)-1].keep = false
		return items
	}
	return append(items, item{style: styleSigns, columns: last})
}

// annex begins with its mark and its title.
//
// Rule F-10 (GB/T 9704-2012, 7.3.7): a page of its own, 附件 and its number in
// 黑体 in the first line, the title centred in the third.
func annex(a Annex, n, of int, l Layout) []item {
	mark := "附件"
	if of > 1 {
		mark += strconv.Itoa(n)
	}
	items := []item{{style: styleAnnexMark, text: mark, keep: true}}
	if a.Title != "" {
		items = append(items, item{style: styleAnnexTitle, text: a.Title, keep: true,
			narrow: evenly(a.Title, l.TitleSize, l.paper(a.Landscape).textWidth())})
	}
	return append(items, blocks(a.Body)...)
}

// imprintLine is one line of the imprint (版记); end stands at the right.
type imprintLine struct{ text, end string }

// imprint returns the lines of the imprint, or nil.
//
// Rule F-11 (GB/T 9704-2012, 7.4): copies to, with a full stop; printed by and
// on, in one line; rules above, between and below, the outer ones thick.
func imprint(d Document) []imprintLine {
	var lines []imprintLine
	if d.CopyTo != "" {
		lines = append(lines, imprintLine{text: "抄送：" + strings.TrimRight(oneLine(d.CopyTo), "。.") + "。"})
	}
	if d.Printer != "" || !d.Printed.IsZero() {
		end := longDate(d.Printed)
		if end != "" {
			end += "印发"
		}
		lines = append(lines, imprintLine{text: oneLine(d.Printer), end: end})
	}
	return lines
}

// columns is the width of a text in characters of the grid: Latin letters and
// figures count half. It is what the layout of a signature needs, no measure.
func columns(s string) float64 {
	n := 0.0
	for _, r := range s {
		if r < 0x2000 {
			n += 0.5
		} else {
			n++
		}
	}
	return n
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// printable drops what neither format can hold: control characters and broken
// bytes. Line breaks stay, a tab becomes a blank.
func printable(s string) string {
	clean := func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\u2028' || r == '\u0085':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == 0xfeff:
			return -1
		}
		return r
	}
	for _, r := range s { // most texts are clean, and mapping would copy them
		if clean(r) != r || r == utf8.RuneError {
			return strings.Map(clean, strings.ToValidUTF8(s, "\uFFFD"))
		}
	}
	return s
}
