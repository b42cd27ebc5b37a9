package office

import (
	"encoding/binary"
	"slices"

	"gongjian/internal/fault"
)

// The properties that are read; others are skipped by their length. A property
// change (sprm) is a code of two bytes and an operand.
const (
	propDeleted      = 0x0800 // sprmCFRMarkDel
	propVanish       = 0x083C
	propStyle        = 0x4600
	propListLevel    = 0x260A
	propList         = 0x460B
	propInTable      = 0x2416
	propRowEnd       = 0x2417 // sprmPFTtp
	propInnerCell    = 0x244B
	propInnerRowEnd  = 0x244C
	propDepth        = 0x6649 // sprmPItap
	propHeaderRow    = 0x3404
	propRowCells     = 0xD608 // sprmTDefTable
	propMergeAcross  = 0x5624 // sprmTMerge
	propSplitAcross  = 0x5625
	propMergeDown    = 0xD62B // sprmTVertMerge
	propChangedTabs  = 0xC615
	propElsewhere    = 0x6646 // sprmPHugePapx: the properties lie in the Data stream
	propElsewhereOld = 0x6645
)

// operandSize by the top three bits of a code; 0 is a length of its own.
var operandSize = [8]int{1, 1, 2, 4, 2, 2, 0, 3}

// change is one property change.
type change struct {
	code    int
	operand []byte
}

// value reads the operand as a number.
func (c change) value() int {
	switch len(c.operand) {
	case 0:
		return 0
	case 1:
		return int(c.operand[0])
	case 2, 3:
		return number16(c.operand, 0)
	}
	return number32(c.operand, 0)
}

// changes splits a list of property changes; a torn end is left off.
func changes(list []byte) (out []change) {
	for len(list) >= 2 {
		code := number16(list, 0)
		list = list[2:]
		size, skip := operandSize[code>>13], 0
		if size == 0 {
			switch {
			case len(list) == 0:
				return out
			case code == propRowCells: // two bytes of length, and one is counted that is not there
				size, skip = number16(list, 0)-1, 2
			case code == propChangedTabs && list[0] == 255:
				return out
			default:
				size, skip = int(list[0]), 1
			}
		}
		if size < 0 || skip+size > len(list) {
			return out
		}
		out = append(out, change{code, list[skip : skip+size]})
		list = list[skip+size:]
	}
	return out
}

// formatRange says which property changes hold for the text that lies from
// first to last (not included) in the file.
type formatRange struct {
	first, last uint32
	list        []byte
	style       uint16 // of a paragraph
}

// maxPages bounds the pages of properties: a table of 20,000 rows has some 12,000.
const maxPages = 40_000

// formats reads the pages of character or paragraph properties. Each page is
// read once, however often it is named.
func (l *legacy) formats(fib int) ([]formatRange, error) {
	plc, err := l.part(fib)
	if err != nil {
		return nil, err
	}
	var out []formatRange
	count := max((len(plc)-4)/8, 0)
	if count > maxPages {
		return nil, fault.New(fault.TooLarge, "import.too-large", "Limit", MaxFile>>20)
	}
	seen := map[int]bool{}
	for i := range count {
		n := number32(plc, 4*(count+1)+4*i) & 0x3FFFFF
		if (n+1)*512 > len(l.main) || seen[n] {
			return nil, errDoc
		}
		seen[n] = true
		out = append(out, formatPage(l.main[n*512:(n+1)*512], fib == fibParagraphs)...)
	}
	slices.SortStableFunc(out, func(a, b formatRange) int { return int(int64(a.first) - int64(b.first)) })
	return out, nil
}

// formatPage reads one page of 512 bytes, whose last byte counts its entries.
func formatPage(page []byte, paragraphs bool) (out []formatRange) {
	count, width := int(page[511]), 1
	if paragraphs {
		width = 13
	}
	if 4*(count+1)+width*count > 511 {
		return nil
	}
	for i := range count {
		r := formatRange{
			first: binary.LittleEndian.Uint32(page[4*i:]), last: binary.LittleEndian.Uint32(page[4*i+4:]),
		}
		at := 2 * int(page[4*(count+1)+width*i])
		if at != 0 {
			r.list = pageEntry(page, at, paragraphs)
		}
		if paragraphs {
			r.style = uint16(number16(r.list, 0))
			r.list = r.list[min(2, len(r.list)):]
		}
		out = append(out, r)
	}
	return out
}

// pageEntry returns the entry at an offset of the page. Those of characters are
// counted in bytes, those of paragraphs in words, one byte less, unless the
// first count is 0 and a second one follows.
func pageEntry(page []byte, at int, paragraphs bool) []byte {
	size := int(page[at])
	at++
	if paragraphs {
		if size = 2*size - 1; size < 0 {
			if at >= len(page) {
				return nil
			}
			size = 2 * int(page[at])
			at++
		}
	}
	if at+size > 511 {
		return nil
	}
	return page[at : at+size]
}

// formatAt finds the range that holds a place. Ranges in their order, places
// mostly rising: hint is where the last one was found.
func formatAt(ranges []formatRange, place int, hint *int) (formatRange, bool) {
	holds := func(i int) bool {
		return i >= 0 && i < len(ranges) && int(ranges[i].first) <= place && place < int(ranges[i].last)
	}
	if holds(*hint) {
		return ranges[*hint], true
	}
	i, found := slices.BinarySearchFunc(ranges, place, func(r formatRange, place int) int { return int(r.first) - place })
	if !found {
		i--
	}
	if !holds(i) {
		return formatRange{}, false
	}
	*hint = i
	return ranges[i], true
}

// pieceChanges are the changes that a piece brings itself, from a fast save.
func (l *legacy) pieceChanges(p piece) []change {
	if p.change&1 != 0 {
		if i := p.change >> 1; i < len(l.extra) {
			return changes(l.extra[i])
		}
		return nil
	}
	operand := []byte{byte(p.change >> 8)}
	switch p.change >> 1 & 0x7F { // short codes of some properties
	case 0x0C:
		return []change{{propListLevel, operand}}
	case 0x18:
		return []change{{propInTable, operand}}
	case 0x19:
		return []change{{propRowEnd, operand}}
	case 0x41:
		return []change{{propDeleted, operand}}
	case 0x5C:
		return []change{{propVanish, operand}}
	}
	return nil
}

// marks are what matters of a character's properties.
type marks struct{ deleted, hidden bool }

// on reads a switch: 1 on, 0x80 as the style has it, 0x81 the other way. Styles
// that hide text are not known here, so 0x80 is off and 0x81 is on.
func on(c change) bool { return c.value()&1 != 0 }

func (m *marks) apply(list []change) {
	for _, c := range list {
		switch c.code {
		case propDeleted:
			m.deleted = on(c)
		case propVanish:
			m.hidden = on(c)
		}
	}
}
