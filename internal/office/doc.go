package office

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"gongjian/internal/fault"
)

// Word 97 to 2003 files (.doc, [MS-DOC]) keep their text in pieces and what is
// known about it beside it: the properties of characters (CHPX) and paragraphs
// (PAPX) by the place in the file where the text lies, the numbers of lists by
// index. A table is nothing but paragraphs that say that they are in one: each
// cell ends with a cell mark, each row with one more mark that carries the
// row's definition.

// Places in the file information block (FIB). Of each table part it holds the
// offset and, four bytes on, the length.
const (
	fibStyles     = 0x0A2
	fibCharacters = 0x0FA // where the pages with character properties are
	fibParagraphs = 0x102
	fibPieces     = 0x1A2
	fibLists      = 0x2E2
	fibListUses   = 0x2EA
)

var errDoc = errors.New("the Word 97 structures are damaged")

// legacy is an opened .doc.
type legacy struct {
	main, table []byte // the WordDocument and the 0Table or 1Table stream
	text        []piece
	extra       [][]byte // property changes that pieces refer to
	data        []byte   // the Data stream, where long property changes lie
	characters  []formatRange
	paragraphs  []formatRange
	styles      []legacyStyle
	lists       numbering
}

// readDoc reads a Word 97-2003 document. What is no such document, or damaged
// beyond reading, is refused with import.legacy-doc, which tells its user to
// save it as docx; Word often mends what we cannot.
func readDoc(c *compound) (Document, error) {
	doc, err := readLegacy(c)
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return doc, err
	}
	return Document{}, fault.New(fault.Unsupported, "import.legacy-doc").Because(err)
}

func readLegacy(c *compound) (Document, error) {
	main, err := c.stream("WordDocument")
	if err != nil {
		return Document{}, err
	}
	flags := number16(main, 0x0A)
	switch version := number16(main, 2); {
	case number16(main, 0) != 0xA5EC:
		return Document{}, fmt.Errorf("mark %x: no Word 97 document", number16(main, 0))
	case flags&0x0100 != 0:
		return Document{}, fault.New(fault.Unsupported, "import.encrypted")
	case version < 0xC1:
		return Document{}, fmt.Errorf("version %d: Word 6 or 95", version)
	}
	name := "0Table"
	if flags&0x0200 != 0 {
		name = "1Table"
	}
	table, err := c.stream(name)
	if err != nil {
		return Document{}, err
	}
	l := &legacy{main: main, table: table}
	if c.has("Data") {
		if l.data, err = c.stream("Data"); err != nil {
			return Document{}, err
		}
	}
	if err := l.readPieces(); err != nil {
		return Document{}, err
	}
	if l.characters, err = l.formats(fibCharacters); err != nil {
		return Document{}, fmt.Errorf("character properties: %w", err)
	}
	if l.paragraphs, err = l.formats(fibParagraphs); err != nil {
		return Document{}, fmt.Errorf("paragraph properties: %w", err)
	}
	l.readStyles()
	l.readLists()
	return l.body()
}

// part returns a part of the table stream by its place in the FIB; an absent
// part is empty.
func (l *legacy) part(fib int) ([]byte, error) {
	at, okAt := little(l.main, fib, 4)
	size, okSize := little(l.main, fib+4, 4)
	if !okAt || !okSize || int64(at)+int64(size) > int64(len(l.table)) {
		return nil, errDoc
	}
	return l.table[at : at+size], nil
}

// piece is a stretch of text: characters first to last (not included) lie in the
// WordDocument stream from offset on, one byte each in cp1252 or two in UTF-16.
type piece struct {
	first, last, offset, width int
	change                     int // prm: what was changed since the last full save
}

// readPieces reads the piece table. The bytes of all pieces together may not be
// more than the file has: nothing else makes the text longer than the file.
func (l *legacy) readPieces() error {
	clx, err := l.part(fibPieces)
	if err != nil {
		return err
	}
	for len(clx) > 0 && clx[0] == 1 {
		size := number16(clx, 1)
		if 3+size > len(clx) {
			return errDoc
		}
		l.extra = append(l.extra, clx[3:3+size])
		clx = clx[3+size:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return errDoc
	}
	plc := clx[5:]
	if size := number32(clx, 1); size < len(plc) {
		plc = plc[:size]
	}
	count := (len(plc) - 4) / 12
	left := len(l.main)
	for i := range count {
		descriptor := 4*(count+1) + 8*i
		p := piece{
			first: number32(plc, 4*i), last: number32(plc, 4*i+4),
			offset: number32(plc, descriptor+2), width: 2, change: number16(plc, descriptor+6),
		}
		if p.offset&(1<<30) != 0 {
			p.offset, p.width = p.offset&^(1<<30)/2, 1
		}
		size := (p.last - p.first) * p.width
		if p.last < p.first || p.offset < 0 || p.offset+size > len(l.main) || size > left {
			return errDoc
		}
		left -= size
		l.text = append(l.text, p)
	}
	return nil
}

// maxLegacyText is the longest body in characters; ten times the longest book of rules.
const maxLegacyText = 10_000_000

// each calls visit for every character of the body, in order, with the place in
// the file where it lies: not for those of footnotes, headers, comments and text
// boxes, which follow the body.
func (l *legacy) each(visit func(at int, r rune, place int, p *piece) error) error {
	length := number32(l.main, 0x4C)
	if length > maxLegacyText {
		return fault.New(fault.TooLarge, "import.too-large", "Limit", MaxFile>>20)
	}
	at := 0
	for i := range l.text {
		p := &l.text[i]
		if p.first >= length {
			break
		}
		if p.first != at {
			return errDoc
		}
		for ; at < min(p.last, length); at++ {
			place := p.offset + (at-p.first)*p.width
			r := rune(number16(l.main, place))
			if p.width == 1 {
				r = charmap.Windows1252.DecodeByte(l.main[place])
			}
			if err := visit(at, r, place, p); err != nil {
				return err
			}
		}
	}
	if at < length {
		return errDoc
	}
	return nil
}

// textOf joins UTF-16 code units to text.
func textOf(units []rune) string {
	var b strings.Builder
	for i := 0; i < len(units); i++ {
		r := units[i]
		if r >= 0xD800 && r < 0xDC00 && i+1 < len(units) && units[i+1] >= 0xDC00 && units[i+1] < 0xE000 {
			r = (r-0xD800)<<10 + units[i+1] - 0xDC00 + 0x10000
			i++
		}
		if !utf8.ValidRune(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
