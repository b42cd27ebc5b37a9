package office

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"gongjian/internal/fault"
)

// checkGrid holds for every document: rows are as wide as the table.
func checkGrid(t *testing.T, d Document) {
	t.Helper()
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		if len(b.Table.HiddenColumns) != b.Table.Columns || len(b.Table.Rows) > MaxRows || b.Table.Columns > MaxColumns {
			t.Fatalf("%d rows, %d columns, %d marks", len(b.Table.Rows), b.Table.Columns, len(b.Table.HiddenColumns))
		}
		for _, row := range b.Table.Rows {
			if len(row.Cells) != b.Table.Columns {
				t.Fatalf("a row of %d cells in a table of %d", len(row.Cells), b.Table.Columns)
			}
			for _, c := range row.Cells {
				if !utf8.ValidString(c.Text) || c.ColSpan < 1 || c.RowSpan < 1 || c.Covered() && c.ColSpan*c.RowSpan > 1 {
					t.Fatalf("cell %+v", c)
				}
			}
		}
	}
}

func FuzzDelimitedText(f *testing.F) {
	f.Add([]byte("序号,任务\n1,\"建设\n平台\"\n"))
	f.Add([]byte("a\tb\n\"c\td\n"))
	f.Add([]byte("\xEF\xBB\xBFa;b\nc;d"))
	f.Add([]byte("\xFF\xFEa\x00,\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		open(t, data)
	})
}

// FuzzWord changes the text of the body, not the archive around it.
func FuzzWord(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>段落</w:t></w:r></w:p>`, `<w:abstractNum w:abstractNumId="0"/>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`, ``)
	f.Add(`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>`,
		`<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	f.Fuzz(func(t *testing.T, body, lists string) {
		open(t, wordFile(body, "word/numbering.xml", "<w:numbering "+wordSpace+">"+lists+"</w:numbering>"))
	})
}

// FuzzSpreadsheet changes the sheet's XML and the shared strings inside a
// workbook that is whole.
func FuzzSpreadsheet(f *testing.F) {
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1" s="2"><v>42551</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells>`, `<si><t>甲</t></si>`)
	f.Add(`<cols><col min="1" max="300" hidden="1"/></cols><sheetData><row r="300" hidden="1"><c r="GA300" s="1"><f>1</f><v>1</v></c><c t="s"><v>0</v></c></row></sheetData>`, `<si><r><t>富_x000D_</t></r><rPh/></si>`)
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		open(t, sheetFile("<worksheet>"+sheet+"</worksheet>", "xl/sharedStrings.xml", "<sst>"+shared+"</sst>"))
	})
}

// FuzzLegacyWord changes the streams of a .doc, not the sectors around them.
func FuzzLegacyWord(f *testing.F) {
	f.Add(legacyStreams([]legacyRun{{text: "a\r"}, {text: "中\r", wide: true}})["WordDocument"], legacyStreams([]legacyRun{{text: "a\r"}, {text: "中\r", wide: true}})["1Table"], []byte{})
	for _, name := range []string{"task-table", "lists-changes", "nested-grid"} {
		c, err := openCompound(fixture(f, name+".doc"))
		if err != nil {
			f.Fatal(err)
		}
		streams := map[string][]byte{}
		for _, s := range []string{"WordDocument", "1Table", "Data"} {
			if streams[s], err = c.stream(s); err != nil && c.has(s) {
				f.Fatal(err)
			}
		}
		f.Add(streams["WordDocument"], streams["1Table"], streams["Data"])
	}
	f.Fuzz(func(t *testing.T, main, table, data []byte) {
		if len(main)+len(table)+len(data) > 45_000 { // what the sector table of compoundFile can hold
			return
		}
		name := "0Table"
		if number16(main, 0x0A)&0x0200 != 0 {
			name = "1Table"
		}
		open(t, compoundFile(map[string][]byte{"WordDocument": main, name: table, "Data": data}))
	})
}

// FuzzLegacySpreadsheet changes the stream of records of an .xls.
func FuzzLegacySpreadsheet(f *testing.F) {
	for _, data := range [][]byte{fixture(f, "workbook.xls"), legacyBookFile(nil, biff(recordSmall, append(le16(0, 1, 0), le32(2)...)))} {
		c, err := openCompound(data)
		if err != nil {
			f.Fatal(err)
		}
		stream, err := c.stream("Workbook")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		if len(stream) <= 45_000 {
			open(t, compoundFile(map[string][]byte{"Workbook": stream}))
		}
	})
}

// FuzzFile changes whole files of every format.
func FuzzFile(f *testing.F) {
	for _, name := range []string{"task-table.doc", "lists-changes.doc", "nested-grid.doc", "task-table.docx", "lists-changes.docx", "nested-grid.docx"} {
		f.Add(fixture(f, name))
	}
	f.Add(sheetFile(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`))
	f.Add(legacyFile(legacyRun{text: "a\r"}))
	f.Add([]byte("序号,任务\n1,\"建设\n平台\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) { open(t, data) })
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// open reads the file; what is not refused must be a proper document.
func open(t *testing.T, data []byte) {
	t.Helper()
	doc, err := Open("a", bytes.NewReader(data), int64(len(data)))
	if err == nil {
		checkGrid(t, doc)
		return
	}
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Fatalf("refused without a fault: %v", err)
	}
}
