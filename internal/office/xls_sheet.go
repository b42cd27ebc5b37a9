package office

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
)

// readSheet reads the records of one sheet. Charts inside it have a beginning
// and an end of their own.
func (b *legacyBook) readSheet(at int, t *Table) error {
	s := &legacySheetReader{legacyBook: b, sheetGrid: sheetGrid{table: t, count: &b.count}, hiddenRows: map[int]bool{}}
	depth := 0
	for {
		r, ok := recordAt(b.stream, at)
		if !ok {
			return errXls
		}
		if b.left -= r.next - at; b.left < 0 {
			return errXls
		}
		at = r.next
		switch {
		case r.id == recordBegin:
			depth++
			continue
		case r.id == recordEnd:
			depth--
		case depth == 1:
			if err := s.record(r); err != nil {
				return err
			}
		}
		if depth <= 0 {
			break
		}
	}
	if err := s.endRow(); err != nil {
		return err
	}
	for number := range s.hiddenRows {
		if number <= len(t.Rows) {
			t.Rows[number-1].Hidden = true
		}
	}
	return s.finish()
}

// legacySheetReader takes the records of one sheet.
type legacySheetReader struct {
	*legacyBook
	sheetGrid
	hiddenRows map[int]bool
	waiting    func(text string) error // the formula whose text follows
}

func (s *legacySheetReader) record(r record) error {
	d := r.data
	switch r.id {
	case recordRow:
		if number16(d, 12)&0x20 != 0 {
			s.hiddenRows[number16(d, 0)+1] = true
		}
	case recordColumns:
		if number16(d, 8)&1 != 0 {
			s.hideColumns(number16(d, 0)+1, number16(d, 2)+1)
		}
	case recordMerges:
		for i := range min(number16(d, 0), (len(d)-2)/8) {
			m := d[2+8*i:]
			if err := s.merged([4]int{number16(m, 4) + 1, number16(m, 0) + 1, number16(m, 6) + 1, number16(m, 2) + 1}); err != nil {
				return err
			}
		}
	case recordResult:
		if s.waiting != nil {
			text := stringReader{data: d, more: r.more}
			value, err := text.text(2)
			if err != nil {
				return err
			}
			err = s.waiting(value)
			s.waiting = nil
			return err
		}
	case recordNumbers:
		for i := range max((len(d)-6)/6, 0) {
			c := s.value(number16(d, 4+6*i), smallNumber(uint32(number32(d, 6+6*i))))
			if err := s.put(d, number16(d, 2)+i, c); err != nil {
				return err
			}
		}
	case recordSharedRef, recordNumber, recordText, recordRichText, recordTruth, recordSmall, recordFormula:
		if len(d) < 8 {
			return errXls
		}
		return s.cell(r)
	}
	return nil
}

// put puts a cell into the row that the record names; column 0 is A.
func (s *legacySheetReader) put(data []byte, column int, c Cell) error {
	if number := number16(data, 0) + 1; number != s.number {
		if err := s.endRow(); err != nil {
			return err
		}
		s.number, s.row = number, Row{Cells: s.row.Cells[:0]}
	}
	return s.set(column+1, c)
}

func (s *legacySheetReader) cell(r record) error {
	d, column, style := r.data, number16(r.data, 2), number16(r.data, 4)
	c := Cell{ColSpan: 1, RowSpan: 1}
	switch r.id {
	case recordSharedRef:
		if i := number32(d, 6); len(d) >= 10 && i < len(s.strings) {
			c.Text = s.strings[i]
		}
	case recordText, recordRichText:
		text := stringReader{data: d, at: 6, more: r.more}
		var err error
		if c.Text, err = text.text(2); err != nil {
			return err
		}
	case recordNumber:
		c = s.value(style, wholeNumber(d[6:]))
	case recordSmall:
		c = s.value(style, smallNumber(uint32(number32(d, 6))))
	case recordTruth:
		c.Text = truth(d[6], d[7] != 0)
	case recordFormula: // Rule I-71: the kept value
		if len(d) < 14 {
			return errXls
		}
		if number16(d, 12) != 0xFFFF {
			c = s.value(style, wholeNumber(d[6:]))
			break
		}
		switch d[6] {
		case 0:
			row := slices.Clone(d[:2])
			s.waiting = func(text string) error {
				return s.put(row, column, Cell{Text: text, ColSpan: 1, RowSpan: 1})
			}
			return nil
		case 1, 2:
			c.Text = truth(d[8], d[6] == 2)
		}
	}
	return s.put(d, column, c)
}

// value shows a number in the format of its style.
func (s *legacySheetReader) value(style int, n float64) Cell {
	c := Cell{ColSpan: 1, RowSpan: 1}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return c
	}
	id := 0
	if style < len(s.styles) {
		id = s.styles[style]
	}
	format, known := s.formats[id]
	if !known {
		code, own := s.codes[id]
		if !own {
			code = builtInFormats[id]
		}
		format = parseFormat(code)
		s.formats[id] = format
	}
	return format.show(c, n, s.from1904)
}

func wholeNumber(data []byte) float64 {
	if len(data) < 8 {
		return math.NaN()
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(data))
}

// smallNumber reads the packed form (RK): a whole number or the upper half of a
// double, perhaps in hundredths.
func smallNumber(bits uint32) float64 {
	n := math.Float64frombits(uint64(bits&^3) << 32)
	if bits&2 != 0 {
		n = float64(int32(bits) >> 2)
	}
	if bits&1 != 0 {
		n /= 100
	}
	return n
}

// truth writes a truth value or an error as a spreadsheet shows it.
func truth(code byte, isError bool) string {
	if !isError {
		if code == 0 {
			return "FALSE"
		}
		return "TRUE"
	}
	if text, ok := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}[code]; ok {
		return text
	}
	return "#" + strconv.Itoa(int(code))
}
