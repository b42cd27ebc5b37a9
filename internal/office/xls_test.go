package office

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"gongjian/internal/fault"
)

// TestAWorkbookOf97ReadsLikeTheSameXlsx: its second date is in American order, Rule I-74.
func TestAWorkbookOf97ReadsLikeTheSameXlsx(t *testing.T) {
	old, now := mustOpen(t, "a.xls", fixture(t, "workbook.xls")), mustOpen(t, "a.xlsx", fixture(t, "workbook.xlsx"))
	if old.Format != XLS || !old.CanMerge() || len(old.Blocks) != 2 || !old.Blocks[1].Table.Hidden || !old.Blocks[0].Table.HiddenColumns[4] {
		t.Errorf("format %s, %d sheets", old.Format, len(old.Blocks))
	}
	same(t, dump(old), dump(now))
	if d := old.Blocks[0].Table.Rows[2].Cells[3].Date; d.String() != "2012-06-30" {
		t.Errorf("the date cell is %s", d)
	}
}

// biff joins records: id, data, id, data …
func biff(parts ...any) (out []byte) {
	for i := 0; i+1 < len(parts); i += 2 {
		data := parts[i+1].([]byte)
		out = append(append(out, le16(parts[i].(int), len(data))...), data...)
	}
	return out
}

// legacyBookFile is a workbook of one sheet with these records.
func legacyBookFile(globals, sheet []byte) []byte {
	begin := biff(recordBegin, append(le16(0x0600, 5), make([]byte, 12)...))
	at := len(begin) + len(globals) + 4 + 9 + 4
	globals = slices.Concat(begin, globals, biff(recordSheet, slices.Concat(le32(at), []byte{0, 0, 1, 0, 'S'}), recordEnd, []byte{}))
	return compoundFile(map[string][]byte{"Workbook": slices.Concat(globals, begin, sheet, biff(recordEnd, []byte{}))})
}

func TestLegacyCellsOfEveryKind(t *testing.T) {
	number := binary.LittleEndian.AppendUint64(nil, math.Float64bits(2.5))
	at := func(row, column int) []byte { return le16(row, column, 0) }
	text := func(result byte) []byte { return []byte{result, 0, 1, 0, 0, 0, 0xFF, 0xFF} }
	// A shared string that passes into the next record and changes its width there.
	globals := biff(recordStrings, slices.Concat(le32(2, 2), le16(1), []byte{0, 'a'}, le16(4), []byte{8, 1, 0, 'b', 'c'}),
		recordMore, slices.Concat([]byte{1}, le16(0x4E2D, 0x6587), []byte{0, 0, 0, 0}))
	sheet := biff(
		recordSharedRef, append(at(0, 0), le32(1)...),
		recordNumber, append(at(0, 1), number...),
		recordSmall, append(at(0, 2), le32(int(uint32(1234<<2|3)))...),
		recordText, slices.Concat(at(0, 3), le16(2), []byte{0, 'x', 'y'}),
		recordTruth, append(at(0, 4), 1, 0), recordTruth, append(at(0, 5), 0x2A, 1),
		recordFormula, slices.Concat(at(1, 0), number, make([]byte, 8)),
		recordFormula, slices.Concat(at(1, 1), text(0), make([]byte, 8)), recordResult, slices.Concat(le16(1), []byte{0, 'r'}),
		recordFormula, slices.Concat(at(1, 2), text(1), make([]byte, 8)),
		recordNumbers, slices.Concat(le16(1, 3, 0), le32(5<<2|2), le16(0), le32(6<<2|2), le16(4)),
		// A chart lies in the sheet; its cells are none of the sheet's.
		recordBegin, le16(0x0600, 0x20), recordNumber, append(at(9, 9), number...), recordEnd, []byte{},
	)
	same(t, dump(mustOpen(t, "a.xls", legacyBookFile(globals, sheet))), "[bc中文][2.5][12.34][xy][TRUE][#N/A]\n[2.5][r][TRUE][5][6][]")
}

func TestLegacyWorkbooksThatCannotBeRead(t *testing.T) {
	cell := func(column int) []byte { return biff(recordSmall, append(le16(0, column, 0), le32(2)...)) }
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"locked":           {legacyBookFile(biff(recordLocked, le16(1, 1)), nil), "import.encrypted"},
		"Excel 95":         {compoundFile(map[string][]byte{"Book": nil}), "import.legacy-xls"},
		"older inside":     {compoundFile(map[string][]byte{"Workbook": biff(recordBegin, le16(0x0500, 5))}), "import.legacy-xls"},
		"empty":            {compoundFile(map[string][]byte{"Workbook": nil}), "import.legacy-xls"},
		"a torn string":    {legacyBookFile(biff(recordStrings, slices.Concat(le32(1, 1), le16(900), []byte{0, 'a'})), nil), "import.legacy-xls"},
		"too many columns": {legacyBookFile(nil, cell(MaxColumns)), "import.too-many-columns"},
		"a torn cell":      {legacyBookFile(nil, biff(recordNumber, le16(1))), "import.legacy-xls"},
		"sheets in sheets": {legacyBookFile(slices.Concat(slices.Repeat(biff(recordSheet, slices.Concat(le32(0), []byte{0, 0, 0, 0})), 50)), nil), "import.legacy-xls"},
	} {
		_, err := Open(name, bytes.NewReader(c.data), int64(len(c.data)))
		if !fault.Is(err, c.key) {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
	data := fixture(t, "workbook.xls")
	for size := 1; size < len(data); size += 211 {
		if doc, err := Open("a.xls", bytes.NewReader(data), int64(size)); err == nil {
			checkGrid(t, doc)
		}
	}
}
