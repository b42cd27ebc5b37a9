package office

import (
	"errors"
	"fmt"
	"slices"

	"gongjian/internal/fault"
)

// Excel 97 to 2003 files (.xls, [MS-XLS]) are a stream of records: first those
// of the workbook (shared strings, formats, where the sheets begin), then those
// of each sheet. A record holds at most 8,224 bytes; longer ones go on in
// CONTINUE records.
const (
	recordFormula   = 0x0006
	recordEnd       = 0x000A
	recordDateMode  = 0x0022
	recordLocked    = 0x002F
	recordMore      = 0x003C // CONTINUE
	recordColumns   = 0x007D
	recordSheet     = 0x0085
	recordNumbers   = 0x00BD // MULRK
	recordRichText  = 0x00D6
	recordStyle     = 0x00E0
	recordMerges    = 0x00E5
	recordStrings   = 0x00FC
	recordSharedRef = 0x00FD // LABELSST
	recordNumber    = 0x0203
	recordText      = 0x0204
	recordTruth     = 0x0205
	recordResult    = 0x0207 // the text that a formula came to
	recordRow       = 0x0208
	recordSmall     = 0x027E // RK
	recordBegin     = 0x0809
	recordFormat    = 0x041E
)

var errXls = errors.New("the Excel 97 structures are damaged")

// record is one record; more are the CONTINUE records behind it.
type record struct {
	id   int
	data []byte
	more [][]byte
	next int // where the following record begins
}

// recordAt reads the record at a place; ok is false at the end of the stream.
func recordAt(stream []byte, at int) (r record, ok bool) {
	id, okID := little(stream, at, 2)
	size, okSize := little(stream, at+2, 2)
	if !okID || !okSize || at+4+int(size) > len(stream) {
		return record{}, false
	}
	r = record{id: int(id), data: stream[at+4 : at+4+int(size)], next: at + 4 + int(size)}
	for r.id == recordStrings || r.id == recordText {
		if number16(stream, r.next) != recordMore {
			break
		}
		more := number16(stream, r.next+2)
		if r.next+4+more > len(stream) || r.next+4 > len(stream) {
			break
		}
		r.more = append(r.more, stream[r.next+4:r.next+4+more])
		r.next += 4 + more
	}
	return r, true
}

// legacyBook is what the first part of the stream says.
type legacyBook struct {
	stream   []byte
	strings  []string
	codes    map[int]string // number formats by their number
	styles   []int          // style → number format
	formats  map[int]numberFormat
	from1904 bool
	sheets   []legacySheet
	count    counter
	left     int // bytes that may still be read: sheets that lie in each other must not multiply the work
}

type legacySheet struct {
	name   string
	at     int
	hidden bool
	cells  bool // a worksheet, not a chart
}

// readXls reads an Excel 97-2003 workbook. Older and damaged ones are refused
// with import.legacy-xls.
func readXls(c *compound) (Document, error) {
	doc, err := readLegacyBook(c)
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return doc, err
	}
	return Document{}, fault.New(fault.Unsupported, "import.legacy-xls").Because(err)
}

func readLegacyBook(c *compound) (Document, error) {
	stream, err := c.stream("Workbook")
	if err != nil {
		return Document{}, err
	}
	b := &legacyBook{stream: stream, codes: map[int]string{}, formats: map[int]numberFormat{}, left: 2 * len(stream)}
	if err := b.readGlobals(); err != nil {
		return Document{}, err
	}
	if len(b.sheets) == 0 || len(b.sheets) > maxSheets {
		return Document{}, errXls
	}
	doc := Document{Format: XLS}
	for _, s := range b.sheets {
		t := &Table{Sheet: s.name, Hidden: s.hidden, Origin: Origin{Sheet: s.name}}
		if s.cells {
			if err := b.readSheet(s.at, t); err != nil {
				return Document{}, fmt.Errorf("sheet %q: %w", s.name, err)
			}
		}
		doc.Blocks = append(doc.Blocks, Block{Table: t})
	}
	return doc, nil
}

func (b *legacyBook) readGlobals() error {
	first, ok := recordAt(b.stream, 0)
	if !ok || first.id != recordBegin || number16(first.data, 0) != 0x0600 {
		return errXls // Excel 95 and older
	}
	for at := first.next; ; {
		r, ok := recordAt(b.stream, at)
		if !ok {
			return errXls
		}
		at = r.next
		switch r.id {
		case recordEnd:
			return nil
		case recordLocked:
			return fault.New(fault.Unsupported, "import.encrypted")
		case recordDateMode:
			b.from1904 = number16(r.data, 0) == 1
		case recordStrings:
			if err := b.readStrings(r); err != nil {
				return err
			}
		case recordFormat:
			text := stringReader{data: slices.Clone(r.data[min(2, len(r.data)):])}
			if code, err := text.text(2); err == nil && len(code) <= 1000 {
				b.codes[number16(r.data, 0)] = code
			}
		case recordStyle:
			if len(b.styles) < maxStyles {
				b.styles = append(b.styles, number16(r.data, 2))
			}
		case recordSheet:
			if len(r.data) < 8 {
				return errXls
			}
			text := stringReader{data: r.data[6:]}
			name, err := text.text(1)
			if err != nil {
				return err
			}
			b.sheets = append(b.sheets, legacySheet{
				name: name, at: number32(r.data, 0), hidden: r.data[4]&3 != 0, cells: r.data[5] == 0,
			})
		}
	}
}

// readStrings reads the shared strings.
func (b *legacyBook) readStrings(r record) error {
	count := number32(r.data, 4)
	text := stringReader{data: r.data, at: 8, more: r.more}
	for range count {
		if text.ended() { // the count is a claim
			return nil
		}
		if len(b.strings) >= MaxCells {
			return fault.New(fault.TooLarge, "import.too-large", "Limit", MaxFile>>20)
		}
		s, err := text.text(2)
		if err != nil {
			return err
		}
		b.strings = append(b.strings, s)
	}
	return nil
}

// stringReader reads strings that may go on in the next record.
type stringReader struct {
	data []byte
	at   int
	more [][]byte
}

func (s *stringReader) ended() bool {
	for s.at >= len(s.data) && len(s.more) > 0 {
		s.at -= len(s.data)
		s.data, s.more = s.more[0], s.more[1:]
	}
	return s.at >= len(s.data)
}

// number reads a number that lies in one record.
func (s *stringReader) number(size int) (int, error) {
	if s.ended() {
		return 0, errXls
	}
	n, ok := little(s.data, s.at, size)
	if !ok {
		return 0, errXls
	}
	s.at += size
	return int(n), nil
}

// text reads a string whose length takes lengthSize bytes. Where its characters
// pass into another record, that one begins with a byte that says anew whether
// they take one byte or two.
func (s *stringReader) text(lengthSize int) (string, error) {
	length, err := s.number(lengthSize)
	if err != nil {
		return "", err
	}
	flags, err := s.number(1)
	if err != nil {
		return "", err
	}
	runs, extension := 0, 0
	if flags&8 != 0 {
		if runs, err = s.number(2); err != nil {
			return "", err
		}
	}
	if flags&4 != 0 {
		if extension, err = s.number(4); err != nil {
			return "", err
		}
	}
	units := make([]rune, 0, min(length, len(s.data)))
	for wide := flags & 1; len(units) < length; {
		if s.at >= len(s.data) {
			if wide, err = s.number(1); err != nil {
				return "", err
			}
			wide &= 1
		}
		n, err := s.number(1 + wide)
		if err != nil {
			return "", err
		}
		units = append(units, rune(n))
	}
	// The rest may pass into other records without such a byte.
	s.at += 4*runs + extension
	return textOf(units), nil
}
