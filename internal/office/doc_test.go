package office

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"gongjian/internal/fault"
)

// legacyRun is a stretch of text that is a piece of its own, with the changes of
// its characters and of the paragraph that ends in it.
type legacyRun struct {
	text                 string
	wide                 bool   // UTF-16, else one byte each
	characters, property []byte // changes
	change               int    // of the piece itself, from a fast save
}

func le16(n ...int) (out []byte) {
	for _, v := range n {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	return out
}

func le32(n ...int) (out []byte) {
	for _, v := range n {
		out = binary.LittleEndian.AppendUint32(out, uint32(v))
	}
	return out
}

// legacyStreams builds the streams of a Word 97 document.
func legacyStreams(runs []legacyRun) map[string][]byte {
	main := make([]byte, 0x600)
	copy(main, le16(0xA5EC, 0xC1))
	binary.LittleEndian.PutUint16(main[0x0A:], 0x0200) // 1Table
	var starts, places, descriptors []byte
	length := 0
	for _, r := range runs {
		offset, count := len(main), 0
		starts, places = append(starts, le32(length)...), append(places, le32(offset)...)
		if r.wide {
			units := utf16.Encode([]rune(r.text))
			for _, u := range units {
				main = append(main, le16(int(u))...)
			}
			count = len(units)
		} else {
			main = append(main, r.text...)
			offset, count = 2*offset|1<<30, len(r.text)
		}
		descriptors = append(append(descriptors, 0, 0), append(le32(offset), le16(r.change)...)...)
		length += count
	}
	places, starts = append(places, le32(len(main))...), append(starts, le32(length)...)
	binary.LittleEndian.PutUint32(main[0x4C:], uint32(length))
	table := append([]byte{2}, append(le32(len(starts)+len(descriptors)), append(starts, descriptors...)...)...)
	put := func(fib int, data []byte) {
		binary.LittleEndian.PutUint32(main[fib:], uint32(len(table)))
		binary.LittleEndian.PutUint32(main[fib+4:], uint32(len(data)))
		table = append(table, data...)
	}
	binary.LittleEndian.PutUint32(main[fibPieces+4:], uint32(len(table)))
	for _, kind := range []struct {
		fib   int
		entry func(legacyRun) []byte
	}{
		{fibCharacters, func(r legacyRun) []byte { return append([]byte{byte(len(r.characters))}, r.characters...) }},
		{fibParagraphs, func(r legacyRun) []byte {
			list := append([]byte{0, 0}, r.property...)
			return append([]byte{0, byte(len(list)+1) / 2}, append(list, make([]byte, len(list)%2)...)...)
		}},
	} {
		// A page of its own for every run.
		main = append(main, make([]byte, (512-len(main)%512)%512)...)
		numbers := []byte{}
		for i, r := range runs {
			page := make([]byte, 512)
			entry := kind.entry(r)
			end := (511 - len(entry)) &^ 1
			copy(page, places[4*i:4*i+8])
			copy(page[end:], entry)
			page[8], page[511] = byte(end/2), 1
			numbers = append(numbers, le32(len(main)/512)...)
			main = append(main, page...)
		}
		put(kind.fib, append(slices.Clone(places), numbers...))
	}
	return map[string][]byte{"WordDocument": main, "1Table": table}
}

// compoundFile lays streams out in sectors of 512 bytes. All of them are made
// long enough for sectors of their own.
func compoundFile(streams map[string][]byte) []byte {
	names := make([]string, 0, len(streams))
	for name := range streams {
		names = append(names, name)
	}
	slices.Sort(names)
	table := []uint32{0xFFFFFFFD, 0xFFFFFFFE} // the table itself, the directory
	entry := func(name string, kind byte, right, child, start, size int) []byte {
		e := make([]byte, 128)
		wide := utf16.Encode([]rune(name))
		for i, u := range wide {
			binary.LittleEndian.PutUint16(e[2*i:], u)
		}
		binary.LittleEndian.PutUint16(e[0x40:], uint16(2*len(wide)+2))
		e[0x42] = kind
		copy(e[0x44:], le32(-1, right, child))
		copy(e[0x74:], le32(start, size))
		return e
	}
	directory := entry("Root Entry", 5, -1, 1, 0xFFFFFFFE, 0)
	var body []byte
	for i, name := range names {
		data := streams[name]
		data = append(slices.Clone(data), make([]byte, max(4096-len(data), (512-len(data)%512)%512))...)
		right := i + 2
		if i == len(names)-1 {
			right = -1
		}
		directory = append(directory, entry(name, 2, right, -1, len(table), len(data))...)
		for n := len(data) / 512; n > 0; n-- {
			next := uint32(len(table) + 1)
			if n == 1 {
				next = 0xFFFFFFFE
			}
			table = append(table, next)
		}
		body = append(body, data...)
	}
	head := make([]byte, 512)
	copy(head, compoundMark)
	copy(head[0x1E:], le16(9, 6))
	copy(head[0x30:], le32(1))
	copy(head[0x3C:], le32(0xFFFFFFFE, 0, 0xFFFFFFFE))
	for i := 0x4C; i < 512; i += 4 {
		copy(head[i:], le32(0xFFFFFFFF))
	}
	copy(head[0x4C:], le32(0))
	sector := bytes.Repeat([]byte{0xFF}, 512)
	for i, n := range table {
		binary.LittleEndian.PutUint32(sector[4*i:], n)
	}
	directory = append(directory, make([]byte, 512-len(directory))...)
	return slices.Concat(head, sector, directory, body)
}

func legacyFile(runs ...legacyRun) []byte { return compoundFile(legacyStreams(runs)) }

var inTable = []byte{propInTable & 0xFF, propInTable >> 8, 1}

func TestAWordFileOf97ReadsLikeTheSameDocx(t *testing.T) {
	for _, name := range []string{"task-table", "lists-changes", "nested-grid"} {
		read := map[string]Document{}
		for _, ending := range []string{".doc", ".docx"} {
			read[ending] = mustOpen(t, name+ending, fixture(t, name+ending))
		}
		if d := read[".doc"]; d.Format != DOC || !d.CanMerge() {
			t.Errorf("%s: format %s, merges %v", name, d.Format, d.CanMerge())
		}
		// The program that wrote the .doc leaves out the empty paragraph that only
		// carries the end of a section.
		blank := func(s string) string { return strings.ReplaceAll(s, "P \"\"\n", "") }
		same(t, blank(dump(read[".doc"])), blank(dump(read[".docx"])))
	}
}

// TestLegacyTablesBecomeAGrid: Rule I-70, cells are placed by where they begin and end.
func TestLegacyTablesBecomeAGrid(t *testing.T) {
	row := func(header byte, cells ...[3]int) []byte { // right edge, across, down
		edges, flags := le16(-108), []byte{}
		for _, c := range cells {
			edges = append(edges, le16(c[0])...)
			flags = append(flags, append(le16(c[1]|c[2]<<5), make([]byte, 18)...)...)
		}
		definition := append([]byte{byte(len(cells))}, append(edges, flags...)...)
		return slices.Concat(inTable, []byte{0x17, 0x24, 1, 0x04, 0x34, header}, le16(propRowCells, len(definition)+1), definition)
	}
	cell := func(text string) legacyRun { return legacyRun{text: text + "\x07", wide: true, property: inTable} }
	end := func(list []byte) legacyRun { return legacyRun{text: "\x07", property: list} }
	data := legacyFile(
		legacyRun{text: "before\r"},
		cell("全"), cell(""), cell(""), end(row(1, [3]int{1000, 1, 0}, [3]int{2000, 2, 0}, [3]int{3000, 2, 0})),
		cell("甲"), cell("乙"), cell("丙"), end(row(0, [3]int{1010, 0, 3}, [3]int{2000, 0, 0}, [3]int{3000, 0, 0})),
		cell(""), cell("宽"), end(row(0, [3]int{990, 0, 1}, [3]int{3000, 0, 0})),
		// A row whose text is deleted is gone, whatever carries the mark of it.
		legacyRun{text: "删", wide: true, characters: append(le16(propDeleted), 1)}, cell(""), cell(""), end(row(0, [3]int{1000, 0, 0}, [3]int{3000, 0, 0})),
		// A header row after others begins another table.
		cell("头"), cell("尾"), end(row(1, [3]int{1500, 0, 0}, [3]int{3000, 0, 0})),
		legacyRun{text: "after\r"},
	)
	doc := mustOpen(t, "a.doc", data)
	same(t, dump(doc), `
P "before"
[3x1全][<全][<全]
[1x2甲][乙][丙]
[^甲][2x1宽][<宽]
[头][尾]
P "after"`)
	if got := doc.Blocks[2].Table.Origin.Table; got != 2 {
		t.Errorf("the second table is number %d", got)
	}
}

func TestLegacyTextIsWhatAReaderSees(t *testing.T) {
	deleted, hidden := append(le16(propDeleted), 1), append(le16(propVanish), 1)
	data := legacyFile(
		legacyRun{text: "\x93quoted\x94 \x80 5\r"}, // cp1252
		legacyRun{text: "中文\U00020000字", wide: true},
		legacyRun{text: "\x0Bline\tend\x1Ex\x1Fy\x01\x02\r"},
		legacyRun{text: "old", characters: deleted}, legacyRun{text: "secret", characters: hidden}, legacyRun{text: "new\r"},
		legacyRun{text: "fast", change: 0x41<<1 | 1<<8}, legacyRun{text: "save\r"},
		legacyRun{text: "first half, "}, legacyRun{text: "\r", characters: deleted}, legacyRun{text: "second\r"},
		legacyRun{text: "see \x13 HYPERLINK \x13 nested \x14 no \x15 \x14this\x13 PAGE \x15 page\x15.\r"},
		legacyRun{text: "never \x13closed\r"},
		legacyRun{text: "page one\x0Cpage two\r"}, legacyRun{text: "section\x0C"},
		legacyRun{text: "no mark at the end"},
	)
	same(t, dump(mustOpen(t, "a.doc", data)), `
P "“quoted” € 5"
P "中文𠀀字\nline\tend-xy"
P "new"
P "save"
P "first half, second"
P "see this page."
P "never closed"
P "page one\npage two"
P "section"
P "no mark at the end"`)
}

// damaged gives the bytes of a document with one number changed.
func damaged(data []byte, at, size, value int) []byte {
	out := slices.Clone(data)
	if size == 2 {
		binary.LittleEndian.PutUint16(out[at:], uint16(value))
	} else {
		binary.LittleEndian.PutUint32(out[at:], uint32(value))
	}
	return out
}

func TestLegacyFilesThatCannotBeRead(t *testing.T) {
	whole := legacyFile(legacyRun{text: "text\r"})
	mustOpen(t, "whole.doc", whole)
	streams := legacyStreams([]legacyRun{{text: "a"}, {text: "b\r"}})
	overlap := slices.Clone(streams["1Table"])
	copy(overlap[5:], le32(0, 0x7000_0000, 0x7000_0001)) // one piece of 1.9 thousand million characters
	// In these files sector 0 is the table, 1 the directory, 2 to 9 the stream
	// 1Table, and WordDocument begins with sector 10.
	const table, directory, main = 512, 1024, 512 + 10*512
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"encrypted":                  {damaged(whole, main+0x0A, 2, 0x0300), "import.encrypted"},
		"Word 95":                    {damaged(whole, main+2, 2, 0x68), "import.legacy-doc"},
		"no Word":                    {damaged(whole, main, 2, 0x1234), "import.legacy-doc"},
		"no table stream":            {damaged(whole, main+0x0A, 2, 0), "import.legacy-doc"},
		"pieces beyond":              {damaged(whole, main+fibPieces, 4, 0x7FFFFFFF), "import.legacy-doc"},
		"pieces too long":            {damaged(whole, main+fibPieces+4, 4, -1), "import.legacy-doc"},
		"text too long":              {damaged(whole, main+0x4C, 4, 5_000_000), "import.legacy-doc"},
		"text far too long":          {damaged(whole, main+0x4C, 4, 0x7FFFFFFF), "import.too-large"},
		"one piece many times":       {compoundFile(map[string][]byte{"WordDocument": streams["WordDocument"], "1Table": overlap}), "import.legacy-doc"},
		"properties beyond":          {damaged(whole, main+fibParagraphs, 4, 1<<20), "import.legacy-doc"},
		"a circle of sectors":        {damaged(whole, table+4*12, 4, 11), "import.legacy-doc"},
		"a sector beyond":            {damaged(whole, table+4*12, 4, 5000), "import.legacy-doc"},
		"a circle of the directory":  {damaged(whole, table+4*1, 4, 1), "import.broken"},
		"a circle of tables":         {damaged(damaged(whole, 0x44, 4, 0), table+508, 4, 0), "import.broken"},
		"a stream larger than all":   {damaged(whole, directory+2*128+0x78, 4, 0x7FFFFFF0), "import.legacy-doc"},
		"a tree in a circle":         {damaged(whole, directory+2*128+0x48, 4, 1), ""},
		"an encrypted docx":          {compoundFile(map[string][]byte{"EncryptedPackage": nil}), "import.encrypted"},
		"some other compound file":   {compoundFile(map[string][]byte{"VisioDocument": nil}), "import.unknown-format"},
		"nothing behind the mark":    {[]byte(compoundMark), "import.broken"},
		"the mark and a wrong shift": {damaged(whole, 0x1E, 2, 31), "import.broken"},
	} {
		_, err := Open(name, bytes.NewReader(c.data), int64(len(c.data)))
		if c.key == "" && err != nil || c.key != "" && !fault.Is(err, c.key) {
			t.Errorf("%s: got %v, want %q", name, err, c.key)
		}
	}
}

func TestATornLegacyFileIsRefusedNotFatal(t *testing.T) {
	data := fixture(t, "task-table.doc")
	for size := 0; size < len(data)-512; size += 97 {
		if doc, err := Open("a.doc", bytes.NewReader(data), int64(size)); err == nil && size > 0 {
			checkGrid(t, doc)
		}
	}
}
