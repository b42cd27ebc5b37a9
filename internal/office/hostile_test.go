package office

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"gongjian/internal/fault"
)

const (
	sheetSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relSpace   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packSpace  = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// sheetFile is a workbook around the XML of its only worksheet. Style 2 is a date.
func sheetFile(sheet string, more ...string) []byte {
	override := func(part, kind string) string {
		return `<Override PartName="/xl/` + part + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.` + kind + `+xml"/>`
	}
	relation := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + relSpace + "/" + kind + `" Target="` + target + `"/>`
	}
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			override("workbook", "sheet.main") + override("worksheets/sheet1", "worksheet") + override("styles", "styles") + override("sharedStrings", "sharedStrings") + `</Types>`,
		"_rels/.rels":     `<Relationships xmlns="` + packSpace + `">` + relation("rId1", "officeDocument", "xl/workbook.xml") + `</Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="` + sheetSpace + `" xmlns:r="` + relSpace + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + packSpace + `">` + relation("rId1", "worksheet", "worksheets/sheet1.xml") +
			relation("rId2", "styles", "styles.xml") + relation("rId3", "sharedStrings", "/xl/sharedStrings.xml") + `</Relationships>`,
		"xl/styles.xml":            `<styleSheet xmlns="` + sheetSpace + `"><cellXfs><xf numFmtId="0"/><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst xmlns="` + sheetSpace + `"><si><t>甲</t></si></sst>`,
		"xl/worksheets/sheet1.xml": sheet,
	}
	for i := 0; i+1 < len(more); i += 2 {
		parts[more[i]] = more[i+1]
	}
	return pack(parts)
}

func sheetOf(rows string) []byte {
	return sheetFile(`<worksheet xmlns="` + sheetSpace + `">` + rows + `</worksheet>`)
}

func table(rows string) string { return "<w:tbl>" + rows + "</w:tbl>" }

// allocated returns the bytes that reading takes, garbage included.
func allocated(data []byte) (megabytes int, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = Open("a", bytes.NewReader(data), int64(len(data)))
	runtime.ReadMemStats(&after)
	return int((after.TotalAlloc - before.TotalAlloc) >> 20), err
}

// raw packs one part whose directory entry claims what it likes.
func raw(t *testing.T, name, content string, claimed uint64) []byte {
	t.Helper()
	var packed, out bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: claimed, CompressedSize64: uint64(packed.Len())})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileFilesAreRefusedInBoundedMemory(t *testing.T) {
	laughs := `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	nested := func(n int) string {
		return strings.Repeat("<w:tbl><w:tr><w:tc>", n) + "<w:p/>" + strings.Repeat("</w:tc></w:tr></w:tbl>", n)
	}
	document := "<w:document " + wordSpace + "><w:body>"
	for name, c := range map[string]struct {
		data []byte
		key  string
		most int // megabytes
	}{
		"a docx of one endless text":    {wordFile("<w:p><w:r><w:t>" + strings.Repeat("a", 30<<20) + "</w:t></w:r></w:p>"), "import.too-large", 60},
		"a docx of many elements":       {wordFile(strings.Repeat("<p/>", maxNodes+1)), "import.too-large", 600},
		"a part that claims to be tiny": {raw(t, "word/document.xml", document+strings.Repeat("<w:p/>", 5<<20), 10), "import.broken", 20},
		"a part that claims to be huge": {raw(t, "word/document.xml", document+"<w:p/></w:body></w:document>", 1<<40), "import.broken", 20},
		"entities in entities":          {pack(map[string]string{"word/document.xml": laughs + document + "&c;</w:body></w:document>"}), "import.broken", 20},
		"entities in shared strings":    {sheetFile("<worksheet/>", "xl/sharedStrings.xml", laughs+"<sst><si><t>&c;</t></si></sst>"), "import.broken", 20},
		"an archive of many parts":      {pack(manyParts(maxParts + 1)), "import.broken", 20},
		"tables nested too deep":        {wordFile(nested(80)), "import.broken", 20},
		"elements closed in disorder":   {wordFile("<w:p><w:r></w:p></w:r>"), "import.broken", 20},
		"a row far too wide":            {sheetOf(`<sheetData><row r="1"><c r="NTP1"><v>1</v></c></row></sheetData>`), "import.too-many-columns", 20},
		"ten thousand columns":          {sheetOf(`<sheetData><row r="1">` + strings.Repeat("<c><v>1</v></c>", 10_000) + `</row></sheetData>`), "import.too-many-columns", 20},
		"a last row far too low":        {sheetOf(`<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>`), "import.too-many-rows", 20},
		"one cell per row far right":    {sheetOf(`<sheetData>` + strings.Repeat(`<row><c r="GR1"><v>1</v></c></row>`, MaxCells/MaxColumns+1) + `</sheetData>`), "import.too-many-rows", 600},
		"rows as wide as the widest":    {sheetOf(`<sheetData><row><c r="GR1"><v>1</v></c></row>` + strings.Repeat(`<row><c r="A1"><v>1</v></c></row>`, MaxCells/MaxColumns) + `</sheetData>`), "import.too-many-rows", 700},
		"merges over merges": {sheetOf(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1000"><c r="GR1000"><v>1</v></c></row></sheetData><mergeCells>` +
			strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100) + `</mergeCells>`), "import.too-many-rows", 100},
		"a workbook of many sheets": {sheetFile("<worksheet/>", "xl/workbook.xml", "<workbook><sheets>"+strings.Repeat(`<sheet id="rId1"/>`, maxSheets+1)+"</sheets></workbook>"), "import.broken", 20},
		"a row span too wide":       {wordFile(table(`<w:tr><w:tc><w:tcPr><w:gridSpan w:val="201"/></w:tcPr></w:tc></w:tr>`)), "import.too-many-columns", 20},
	} {
		megabytes, err := allocated(c.data)
		if !fault.Is(err, c.key) {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
		if megabytes > c.most {
			t.Errorf("%s: took %d MB, at most %d", name, megabytes, c.most)
		}
	}
}

func manyParts(n int) map[string]string {
	parts := map[string]string{"word/document.xml": "<document><body/></document>"}
	for i := range n {
		parts[fmt.Sprint(i)] = ""
	}
	return parts
}

func TestUnusualFilesAreReadInBoundedMemory(t *testing.T) {
	blank := strings.Repeat(`<row spans="1:3" s="1" customFormat="1"><c s="1"/><c s="1"/></row>`, 100_000)
	merged := `<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr>`
	for name, c := range map[string]struct {
		data []byte
		rows int
		most int // megabytes
	}{
		"blank rows and a formatted last one": {sheetOf(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row>` + blank + `<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>`), 1, 250},
		"columns that only have a format":     {sheetOf(`<sheetData><row r="1"><c r="A1"><v>1</v></c>` + strings.Repeat(`<c s="1"/>`, 16_000) + `</row></sheetData>`), 1, 20},
		"a merge over the whole sheet":        {sheetOf(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`), 1, 20},
		"a column merged all the way down":    {wordFile(table(strings.Repeat(merged, 20_000))), 20_000, 60},
		"paragraphs that run on into the next": {wordFile(strings.Repeat(`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>很长的一段话</w:t></w:r></w:p>`, 50_000) +
			table(`<w:tr><w:tc/></w:tr>`)), 1, 250},
		"a bomb in a part that nobody opens": {wordFile(table(`<w:tr><w:tc/></w:tr>`), "word/media/image1.png", strings.Repeat("\x00", 20<<20)), 1, 20},
	} {
		megabytes, err := allocated(c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if doc := mustOpen(t, name, c.data); len(doc.Blocks[0].Table.Rows) != c.rows {
			t.Errorf("%s: %d rows, want %d", name, len(doc.Blocks[0].Table.Rows), c.rows)
		}
		if megabytes > c.most {
			t.Errorf("%s: took %d MB, at most %d", name, megabytes, c.most)
		}
	}
}

func TestUnpackingStopsAtTheBudget(t *testing.T) {
	p, err := openParts(sheetOf("<sheetData>" + strings.Repeat("<row/>", 1<<20) + "</sheetData>"))
	if err != nil {
		t.Fatal(err)
	}
	*p.left = 1 << 20
	if _, err := readXlsx(p, "xl/workbook.xml"); !fault.Is(err, "import.too-large") || !errors.Is(err, errBudget) {
		t.Errorf("got %v", err)
	}
}

// TestFormulasAreNotRun: Rule I-71, the kept value counts; without one the cell is marked.
func TestFormulasAreNotRun(t *testing.T) {
	doc := mustOpen(t, "a.xlsx", sheetOf(`<sheetData><row r="1">
<c r="A1"><f>1+1</f><v>3</v></c><c r="B1"><f>SUM(A1:A9)</f></c><c r="C1" t="str"><f>""</f><v></v></c>
<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="d" s="2"><v>2012-06-30T00:00:00</v></c>
<c r="G1" t="inlineStr"><is><r><t>富</t></r><rPh><t>fu</t></rPh><r><t>文_x000D__x0041_本_x</t></r></is></c></row></sheetData>`))
	same(t, dump(doc), "[3][][][#DIV/0!][TRUE][2012年6月30日][富文A本_x]")
	for c, cell := range doc.Blocks[0].Table.Rows[0].Cells {
		if cell.Uncomputed != (c == 1) {
			t.Errorf("column %d: uncomputed is %v", c+1, cell.Uncomputed)
		}
	}
}

// TestMacrosAndLinksAreNotLookedAt: Rule I-72, the text is read and nothing else.
func TestMacrosAndLinksAreNotLookedAt(t *testing.T) {
	external := `<Relationships xmlns="` + packSpace + `"><Relationship Id="a" Type="` + relSpace + `/numbering" Target="http://example.test/x.xml" TargetMode="External"/>` +
		`<Relationship Id="b" Type="` + relSpace + `/attachedTemplate" Target="file:///etc/hostname" TargetMode="External"/></Relationships>`
	doc := mustOpen(t, "a.docm", wordFile(`<w:p><w:hyperlink><w:r><w:t>文字</w:t></w:r></w:hyperlink></w:p>`,
		"word/vbaProject.bin", "not even a compound file", "word/_rels/document.xml.rels", external))
	same(t, dump(doc), `P "文字"`)
	doc = mustOpen(t, "a.xlsm", sheetFile(`<worksheet><sheetData><row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>7</v></c></row></sheetData></worksheet>`,
		"xl/vbaProject.bin", "x", "xl/externalLinks/externalLink1.xml", "<broken"))
	same(t, dump(doc), "[7]")
}

// TestTheContentDecidesTheFormat: Rule I-73, whatever a file is called.
func TestTheContentDecidesTheFormat(t *testing.T) {
	for name, c := range map[string]struct {
		data   []byte
		format Format
	}{
		"a.xls":  {wordFile("<w:p/>"), DOCX},
		"a.doc":  {sheetOf("<sheetData/>"), XLSX},
		"a.docx": {legacyFile(legacyRun{text: "a\r"}), DOC},
		"a.xlsx": {[]byte("a,b\nc,d\n"), CSV},
		"a.pdf":  {[]byte("some words\n"), Text},
		"b.docx": {pack(map[string]string{"_rels/.rels": `<Relationships><Relationship Id="1" Type="` + relSpace + `/officeDocument" Target="/word/document2.xml"/></Relationships>`,
			"word/document2.xml": "<document><body/></document>"}), DOCX},
	} {
		if doc := mustOpen(t, name, c.data); doc.Format != c.format {
			t.Errorf("%s: read as %s, want %s", name, doc.Format, c.format)
		}
	}
}

// untouchable fails the test when anybody reads from it.
type untouchable struct{ t *testing.T }

func (u untouchable) ReadAt([]byte, int64) (int, error) {
	u.t.Error("a file over the limit was read")
	return 0, io.EOF
}

func TestAFileOverTheLimitIsNotEvenRead(t *testing.T) {
	if _, err := Open("a.xlsx", untouchable{t}, 200<<20); !fault.Is(err, "import.too-large") {
		t.Errorf("got %v", err)
	}
}

func TestATornOrChangedArchiveIsRefusedNotFatal(t *testing.T) {
	for _, data := range [][]byte{wordFile(table("<w:tr><w:tc/></w:tr>")), sheetOf(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`)} {
		for i := range data {
			changed := bytes.Clone(data)
			changed[i] ^= 0x55
			for _, hostile := range [][]byte{data[:i], changed} {
				if doc, err := Open("a", bytes.NewReader(hostile), int64(len(hostile))); err == nil {
					checkGrid(t, doc)
				}
			}
		}
	}
}
