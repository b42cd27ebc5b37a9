package office

import (
	"strings"

	"gongjian/internal/fault"
)

// span is a stretch of characters from first to last, not included.
type span struct{ first, last int }

// fieldCodes finds what of a field (域) is not shown: everything from its begin
// (0x13) to the separator (0x14), or to its end (0x15) if it has no result. A
// field that is never closed hides nothing. Spans come in order of their begin.
func (l *legacy) fieldCodes() ([]span, error) {
	type open struct{ begin, separator int }
	var stack []open
	hidden := map[int]int{} // first → last
	err := l.each(func(at int, r rune, _ int, _ *piece) error {
		switch {
		case r == 0x13:
			stack = append(stack, open{at, -1})
		case r == 0x14 && len(stack) > 0:
			stack[len(stack)-1].separator = at
		case r == 0x15 && len(stack) > 0:
			f := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if f.separator < 0 {
				f.separator = at
			}
			hidden[f.begin] = f.separator
		}
		if len(hidden) > maxFields || len(stack) > maxFields {
			return errDoc
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]span, 0, len(hidden))
	for first, last := range hidden {
		out = append(out, span{first, last})
	}
	sortSpans(out)
	return out, nil
}

// maxFields bounds the fields of a document.
const maxFields = 1_000_000

// legacyBody walks the characters and gathers paragraphs, cells, rows.
type legacyBody struct {
	*legacy
	doc        Document
	paragraphs int
	tables     int
	count      counter // positions of finished tables
	gathered   int     // cells met so far

	units                 []rune // of the paragraph so far; where its mark is deleted it runs on
	hasHidden, hasDeleted bool   // such text was left out of the row
	lines                 []string
	row                   []string // cells so far
	rows                  []legacyRow

	characterHint, paragraphHint int
	lastCharacter                formatRange
	lastMarks                    marks
	lastPiece                    *piece
}

func (l *legacy) body() (Document, error) {
	codes, err := l.fieldCodes()
	if err != nil {
		return Document{}, err
	}
	b := &legacyBody{legacy: l, doc: Document{Format: DOC}}
	until, next := 0, 0 // characters before until are hidden by a field
	err = l.each(func(at int, r rune, place int, p *piece) error {
		for next < len(codes) && codes[next].first <= at {
			until = max(until, codes[next].last)
			next++
		}
		switch r {
		case '\r', 0x07:
			return b.mark(r, place, p)
		case 0x0C: // a section ends here with its paragraph, or only a page
			if f, _ := formatAt(b.legacy.paragraphs, place, &b.paragraphHint); int(f.last) == place+p.width {
				return b.mark(r, place, p)
			}
			r = 0x0B
		}
		if at >= until {
			b.take(r, place, p)
		}
		return nil
	})
	if err != nil {
		return Document{}, err
	}
	if len(b.units) > 0 || len(b.lines) > 0 { // text behind the last mark
		if err := b.end('\r', paragraphFormat{}, marks{}); err != nil {
			return Document{}, err
		}
	}
	return b.doc, b.endTable()
}

// marksAt returns the marks of the character at a place.
func (b *legacyBody) marksAt(place int, p *piece) marks {
	f, _ := formatAt(b.characters, place, &b.characterHint)
	if p == b.lastPiece && f.last != 0 && f.first == b.lastCharacter.first && f.last == b.lastCharacter.last {
		return b.lastMarks
	}
	var m marks
	m.apply(changes(f.list))
	m.apply(b.pieceChanges(*p))
	b.lastPiece, b.lastCharacter, b.lastMarks = p, f, m
	return m
}

// take adds a character as a reader sees it.
func (b *legacyBody) take(r rune, place int, p *piece) {
	switch r {
	case '\t':
	case 0x0B:
		r = '\n'
	case 0x1E: // a hyphen that does not break
		r = '-'
	default:
		if r < ' ' { // pictures, note marks, optional hyphens, ends of fields
			return
		}
	}
	switch m := b.marksAt(place, p); {
	case m.deleted:
		b.hasDeleted = true
	case m.hidden:
		b.hasHidden = true
	default:
		b.units = append(b.units, r)
	}
}

// paragraphFormat is what matters of a paragraph's properties.
type paragraphFormat struct {
	style           int
	inTable, rowEnd bool
	inner           bool // the end of a row of a table inside a cell
	depth           int
	list            listRef
	hasList         bool
	definition      rowDefinition
}

// formatOf returns the format of the paragraph that ends at a place.
func (b *legacyBody) formatOf(place int, p *piece) paragraphFormat {
	r, _ := formatAt(b.legacy.paragraphs, place, &b.paragraphHint)
	f := paragraphFormat{style: int(r.style)}
	list := changes(r.list)
	for i := 0; i < len(list) && i < 1000; i++ {
		if c := list[i]; c.code == propElsewhere || c.code == propElsewhereOld {
			at := c.value()
			if size := number16(b.data, at); at >= 0 && at+2+size <= len(b.data) {
				list = append(list, changes(b.data[at+2:at+2+size])...)
			}
			break
		}
	}
	list = append(list, b.pieceChanges(*p)...)
	ref, level, direct := 0, 0, false
	for _, c := range list {
		switch c.code {
		case propStyle:
			f.style = c.value()
		case propInTable:
			f.inTable = on(c)
		case propRowEnd:
			f.rowEnd = on(c)
		case propInnerRowEnd:
			f.inner = on(c)
		case propDepth:
			f.depth = c.value()
		case propListLevel:
			level = c.value()
		case propList:
			ref, direct = c.value(), true
		}
	}
	if f.rowEnd {
		f.definition = readRowDefinition(list)
	}
	if !direct {
		ref, level = b.styleList(f.style, level)
	}
	f.list, f.hasList = legacyListRef(ref, level)
	return f
}

// mark ends a paragraph, a cell or a row.
func (b *legacyBody) mark(r rune, place int, p *piece) error {
	return b.end(r, b.formatOf(place, p), b.marksAt(place, p))
}

func (b *legacyBody) end(r rune, f paragraphFormat, m marks) error {
	inTable := f.inTable || f.depth > 0
	if inTable && f.rowEnd && f.depth <= 1 {
		b.units = b.units[:0]
		return b.endRow(f.definition, m)
	}
	if inTable && f.inner { // the inner row's end is no line of the cell
		b.units = b.units[:0]
		return nil
	}
	if m.deleted && r == '\r' {
		return nil
	}
	text := textOf(b.units)
	b.units = b.units[:0]
	if f.hasList {
		text = b.lists.next(f.list) + text
	}
	switch {
	case !inTable:
		b.hasHidden, b.hasDeleted = false, false
		if err := b.endTable(); err != nil {
			return err
		}
		return b.paragraph(text, f.style)
	case r == 0x07:
		b.lines = append(b.lines, text)
		return b.endCell()
	}
	b.lines = append(b.lines, text)
	return nil
}

func (b *legacyBody) paragraph(text string, style int) error {
	b.paragraphs++
	if b.paragraphs > MaxRows {
		return fault.New(fault.TooLarge, "import.too-many-rows", "Limit", MaxRows)
	}
	name := ""
	if style < len(b.styles) {
		name = b.styles[style].name
	}
	b.doc.Blocks = append(b.doc.Blocks, Block{Paragraph: &Paragraph{
		Text: text, Style: name, Origin: Origin{Paragraph: b.paragraphs},
	}})
	return nil
}

func (b *legacyBody) endCell() error {
	if len(b.row) >= MaxColumns {
		return fault.New(fault.TooLarge, "import.too-many-columns", "Limit", MaxColumns)
	}
	b.row = append(b.row, strings.TrimSpace(strings.Join(b.lines, "\n")))
	b.lines = b.lines[:0]
	return nil
}
