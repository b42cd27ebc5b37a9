package office

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
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
		}
	}
}

func FuzzDelimitedText(f *testing.F) {
	f.Add([]byte("序号,任务\n1,\"建设\n平台\"\n"))
	f.Add([]byte("a\tb\n\"c\td\n"))
	f.Add([]byte("\xEF\xBB\xBFa;b\nc;d"))
	f.Add([]byte("\xFF\xFEa\x00,\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := Open("a.csv", bytes.NewReader(data), int64(len(data))); err == nil {
			checkGrid(t, d)
		}
	})
}

// FuzzWord changes the text of the body, not the archive around it.
func FuzzWord(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>段落</w:t></w:r></w:p>`, `<w:abstractNum w:abstractNumId="0"/>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`, ``)
	f.Add(`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>`,
		`<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	f.Fuzz(func(t *testing.T, body, lists string) {
		data := wordFile(t, body, "word/numbering.xml", "<w:numbering "+wordSpace+">"+lists+"</w:numbering>")
		if d, err := Open("a.docx", bytes.NewReader(data), int64(len(data))); err == nil {
			checkGrid(t, d)
		}
	})
}

// FuzzSpreadsheet changes the sheet's XML inside a workbook that is whole.
func FuzzSpreadsheet(f *testing.F) {
	book := excelize.NewFile()
	var whole bytes.Buffer
	if err := book.Write(&whole); err != nil {
		f.Fatal(err)
	}
	p, err := openParts(whole.Bytes())
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string]string{}
	for name, file := range p.byName {
		r, err := file.Open()
		if err != nil {
			f.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			f.Fatal(err)
		}
		parts[name] = b.String()
	}
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>42551</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells>`)
	f.Add(`<cols><col min="1" max="300" hidden="1"/></cols><sheetData><row r="300" hidden="1"><c r="GA300" s="9"><v>1</v></c></row></sheetData>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		parts["xl/worksheets/sheet1.xml"] = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + sheet + `</worksheet>`
		data := pack(t, parts)
		if d, err := Open("a.xlsx", bytes.NewReader(data), int64(len(data))); err == nil {
			checkGrid(t, d)
		}
	})
}
