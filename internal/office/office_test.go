package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongjian/internal/fault"
)

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

// pack zips named parts.
func pack(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			panic(err) // writing into memory
		}
		if _, err := w.Write([]byte(content)); err != nil {
			panic(err) // writing into memory
		}
	}
	if err := z.Close(); err != nil {
		panic(err) // writing into memory
	}
	return b.Bytes()
}

func wordFile(body string, more ...string) []byte {
	parts := map[string]string{"word/document.xml": "<w:document " + wordSpace + "><w:body>" + body + "</w:body></w:document>"}
	for i := 0; i+1 < len(more); i += 2 {
		parts[more[i]] = more[i+1]
	}
	return pack(parts)
}

func mustOpen(t *testing.T, name string, data []byte) Document {
	t.Helper()
	doc, err := Open(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return doc
}

// dump writes a document in lines: paragraphs, then rows with their spans.
func dump(d Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		if block.Paragraph != nil {
			fmt.Fprintf(&b, "P %q\n", block.Paragraph.Text)
			continue
		}
		for _, row := range block.Table.Rows {
			if row.Hidden {
				b.WriteString("hidden ")
			}
			for _, c := range row.Cells {
				mark := ""
				if c.FromLeft {
					mark += "<"
				}
				if c.FromAbove {
					mark += "^"
				}
				if c.ColSpan > 1 || c.RowSpan > 1 {
					mark += fmt.Sprintf("%dx%d", c.ColSpan, c.RowSpan)
				}
				fmt.Fprintf(&b, "[%s%s]", mark, c.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWordTextIsWhatAReaderSees(t *testing.T) {
	data := wordFile(`
<w:p><w:r><w:t>分</w:t></w:r><w:r><w:t>成</w:t></w:r><w:r><w:t>几段</w:t><w:br/><w:t>换行</w:t></w:r></w:p>
<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>
<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p><w:p><w:r><w:t>后半</w:t></w:r></w:p>
<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>控件</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>
<w:moveFrom><w:p><w:r><w:t>移走</w:t></w:r></w:p></w:moveFrom>`)
	same(t, dump(mustOpen(t, "a.docx", data)), `
P "分成几段\n换行"
P "新"
P "前半后半"
P "控件"`)
}

func TestWordMergesBecomeAGrid(t *testing.T) {
	cell := func(properties, text string) string {
		return "<w:tc><w:tcPr>" + properties + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>"
	}
	data := wordFile("<w:tbl>" +
		"<w:tr>" + cell(`<w:gridSpan w:val="3"/>`, "全") + "</w:tr>" +
		"<w:tr>" + cell(`<w:vMerge w:val="restart"/>`, "甲") + cell("", "乙") + cell("", "丙") + "</w:tr>" +
		"<w:tr>" + cell(`<w:vMerge/>`, "") + cell("", "丁") + cell("", "戊") + "</w:tr>" +
		"<w:tr><w:trPr><w:del/></w:trPr>" + cell("", "删") + "</w:tr>" +
		`<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>` + cell(`<w:gridSpan w:val="2"/>`, "右") + "</w:tr>" +
		"<w:tr>" + cell("", "己") + cell("", "庚") + cell(`<w:vMerge/>`, "半") + "</w:tr></w:tbl>")
	same(t, dump(mustOpen(t, "a.docx", data)), `
[3x1全][<全][<全]
[1x2甲][乙][丙]
[^甲][丁][戊]
[][2x1右][<右]
[己][庚][半]`)
}

func TestWordListNumbersAreCounted(t *testing.T) {
	level := func(i int, format, text string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, i, format, text)
	}
	item := func(list string, l int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%s"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, l, list, text)
	}
	numbering := "<w:numbering " + wordSpace + `><w:abstractNum w:abstractNumId="0">` +
		level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.") + level(3, "bullet", "●") +
		`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>` +
		`<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>`
	styles := "<w:styles " + wordSpace + `><w:style w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`
	data := wordFile(item("1", 0, "甲")+item("1", 1, "乙")+item("1", 1, "丙")+item("1", 2, "丁")+item("1", 3, "点")+
		`<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>戊</w:t></w:r></w:p>`+item("1", 1, "己")+item("0", 0, "庚")+item("2", 0, "辛"),
		"word/numbering.xml", numbering, "word/styles.xml", styles)
	doc := mustOpen(t, "a.docx", data)
	same(t, dump(doc), `
P "一、甲"
P "（一）乙"
P "（二）丙"
P "1.丁"
P "点"
P "二、戊"
P "（一）己"
P "庚"
P "七、辛"`)
	if got := doc.Blocks[5].Paragraph.Style; got != "heading 1" {
		t.Errorf("style %q", got)
	}
}

func TestListNumbersInWords(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 101: "一百零一", 110: "一百一十", 1234: "一千二百三十四", 0: "0"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
	for format, want := range map[string]string{"upperRoman": "XIV", "lowerLetter": "n", "ideographTraditional": "14", "decimalEnclosedCircle": "⑭", "decimalZero": "14", "none": ""} {
		if got := countAs(format, 14); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}

func TestASpreadsheetIsReadAsItShows(t *testing.T) {
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	styled := func(format string) int {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		must(err)
		return style
	}
	put := func(cell string, value any, style int) {
		must(f.SetCellValue("Sheet1", cell, value))
		if style >= 0 {
			must(f.SetCellStyle("Sheet1", cell, cell, style))
		}
	}
	builtIn, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	put("A1", 42551, styled(`yyyy"年"m"月"d"日"`))
	put("B1", 42551, styled(`yyyy\-mm\-dd`))
	put("C1", 42522, styled(`yyyy"年"m"月"`))
	put("D1", 42551, builtIn)
	put("A2", 0.955, styled("0.0%"))
	put("B2", 20, styled(`0"个"`))
	put("C2", 0.1+0.2, -1)
	put("D2", 2016, -1)
	put("A3", "合并", -1)
	must(f.MergeCell("Sheet1", "A3", "B4"))
	put("C4", "下", -1)
	must(f.SetCellRichText("Sheet1", "D4", []excelize.RichTextRun{{Text: "富"}, {Text: "文本"}}))
	must(f.SetRowVisible("Sheet1", 2, false))
	must(f.SetColVisible("Sheet1", "C", false))
	_, err = f.NewSheet("藏")
	must(err)
	must(f.SetSheetVisible("藏", false))
	var b bytes.Buffer
	must(f.Write(&b))
	doc := mustOpen(t, "really.docx", b.Bytes())
	same(t, dump(doc), `
[2016年6月30日][2016-06-30][2016年6月][2016/6/30]
hidden [95.5%][20个][0.3][2016]
[2x2合并][<合并][][]
[^合并][<^合并][下][富文本]`)
	first := doc.Blocks[0].Table
	if doc.Format != XLSX || !first.HiddenColumns[2] || first.HiddenColumns[1] || !doc.Blocks[1].Table.Hidden {
		t.Errorf("format %s, hidden columns %v", doc.Format, first.HiddenColumns)
	}
	if got := first.Rows[0].Cells[0].Date.String(); got != "2016-06-30" {
		t.Errorf("date %s", got)
	}
	if got := first.Rows[3].Origin; got.Sheet != "Sheet1" || got.Row != 4 {
		t.Errorf("origin %+v", got)
	}
}

func TestDelimitedTextInEveryEncoding(t *testing.T) {
	text := "序号,任务\r\n1,\"建设,平台\r\n二期\"\r\n2,“质量月”活动\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"utf-8": text, "mark": "\xEF\xBB\xBF" + text, "gb18030": gb, "utf-16": wide} {
		doc := mustOpen(t, name+".csv", []byte(data))
		same(t, dump(doc), "[序号][任务]\n[1][建设,平台\n二期]\n[2][“质量月”活动]")
		if got := doc.Blocks[0].Table.Rows[2].Origin.Row; got != 4 {
			t.Errorf("%s: the third record begins in line %d, want 4", name, got)
		}
	}
}

func TestAQuotationMarkThatIsNotClosedSwallowsNothing(t *testing.T) {
	doc := mustOpen(t, "a.tsv", []byte("1\t\"十二五\"规划\t甲\n2\t\"未闭合\t乙\n3\t\"引\"\"号\"\t丙"))
	same(t, dump(doc), "[1][\"十二五\"规划][甲]\n[2][\"未闭合][乙]\n[3][引\"号][丙]")
}

func TestRefusals(t *testing.T) {
	deep := wordFile(strings.Repeat("<w:p>", MaxDepth+1) + strings.Repeat("</w:p>", MaxDepth+1))
	span := wordFile(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr></w:tbl>`)
	before := wordFile(`<w:tbl><w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr><w:tc/></w:tr></w:tbl>`)
	entity := pack(map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document ` + wordSpace + `><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>`})
	for _, c := range []struct {
		name string
		data []byte
		kind fault.Kind
		key  string
	}{
		{"empty", []byte(" \n"), fault.Invalid, "import.empty"},
		{"pdf", []byte("%PDF-1.4"), fault.Unsupported, "import.pdf"},
		{"rtf", []byte(`{\rtf1\ansi 1,2}`), fault.Unsupported, "import.unknown-format"},
		{"web page", []byte("\xEF\xBB\xBF\n<HTML><table>"), fault.Unsupported, "import.unknown-format"},
		{"zip", pack(map[string]string{"a.txt": "x"}), fault.Unsupported, "import.unknown-format"},
		{"torn", wordFile("<w:p/>")[:60], fault.Unsupported, "import.broken"},
		{"deep", deep, fault.Unsupported, "import.broken"},
		{"span", span, fault.TooLarge, "import.too-many-columns"},
		{"before", before, fault.TooLarge, "import.too-many-columns"},
		{"entity", entity, fault.Unsupported, "import.broken"},
		{"binary", []byte("a\x00b\nc"), fault.Unsupported, "import.unknown-format"},
		{"noise", bytes.Repeat([]byte{0xFF}, 300), fault.Unsupported, "import.encoding"},
		{"rows", []byte(strings.Repeat("a,b\n", MaxRows+1)), fault.TooLarge, "import.too-many-rows"},
		{"columns", []byte(strings.Repeat(strings.Repeat("a,", MaxColumns+1)+"\n", 2)), fault.TooLarge, "import.too-many-columns"},
	} {
		_, err := Open(c.name, bytes.NewReader(c.data), int64(len(c.data)))
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != c.kind || f.Key != c.key {
			t.Errorf("%s: got %v, want %s", c.name, err, c.key)
		}
	}
	if _, err := Open("big", bytes.NewReader(nil), MaxFile+1); !fault.Is(err, "import.too-large") {
		t.Errorf("a file over the limit: %v", err)
	}
}
