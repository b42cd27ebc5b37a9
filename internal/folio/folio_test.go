package folio

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gongjian/internal/office"
	"gongjian/testkit/soffice"
)

func partOf(t *testing.T, docx []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEqualDocumentsGiveEqualBytes(t *testing.T) {
	if !bytes.Equal(docxOf(t, notice()), docxOf(t, notice())) {
		t.Error("two docx of one document differ")
	}
	if !bytes.Equal(pdfOf(t, notice()), pdfOf(t, notice())) {
		t.Error("two pdf of one document differ")
	}
}

// Rules F-02, F-04, F-05, F-06, F-09, F-10, F-12 and F-13: what Word is told.
func TestTheDocxSaysInWordsTermsWhatTheStandardAsks(t *testing.T) {
	b := docxOf(t, notice())
	document := partOf(t, b, "word/document.xml")
	for _, want := range []string{
		`<w:pStyle w:val="RedHead"/>`, `签发人：`, `<w:pStyle w:val="Level1"/><w:keepNext/></w:pPr><w:r><w:t xml:space="preserve">一、提高认识`,
		`附件：1.考核办法</w:t>`, `<w:pStyle w:val="AnnexMark"/><w:keepNext/></w:pPr><w:r><w:t xml:space="preserve">附件2</w:t>`,
		`<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1587" w:right="2098" w:bottom="1474" w:left="1984"`,
		`<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`, `<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-848"/>`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("document.xml lacks %s", want)
		}
	}
	if s := partOf(t, b, "word/footer1.xml"); !strings.Contains(s, `<w:jc w:val="right"/>`) || !strings.Contains(s, "PAGE") {
		t.Errorf("the footer of odd pages is %s", s)
	}
	if s := partOf(t, b, "docProps/custom.xml"); !strings.Contains(s, "7K3M-Q9TX-2F6D") {
		t.Error("the code is not among the custom properties")
	}
	if s := partOf(t, b, "word/styles.xml"); !strings.Contains(s, `w:eastAsia="方正小标宋简体"`) || !strings.Contains(s, `w:firstLineChars="200"`) {
		t.Error("styles lack a typeface or the indent of two characters")
	}
}

func TestEveryTextAndRowOfTheDocxReadsBack(t *testing.T) {
	for _, d := range []Document{notice(), bulletin()} {
		b := docxOf(t, d)
		read, err := office.Open("a.docx", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		inside, err := json.Marshal(read) // follows the pointers
		if err != nil {
			t.Fatal(err)
		}
		all := string(inside)
		blocks := d.Body
		for _, a := range d.Annexes {
			blocks = append(blocks, a.Body...)
		}
		for _, block := range blocks {
			for _, s := range texts(block) {
				if !strings.Contains(all, s) {
					t.Errorf("%q does not read back", s)
				}
			}
		}
	}
}

func texts(b Block) (out []string) {
	if b.Table == nil {
		return []string{b.Text}
	}
	for _, r := range b.Table.Rows {
		out = append(out, r.Cells...)
	}
	return out
}

// tool runs a program of LibreOffice or poppler.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// inWord turns a docx into pdf with LibreOffice and returns the path.
func inWord(t *testing.T, d Document) string {
	path := saved(t, "lo.docx", docxOf(t, d))
	folder := t.TempDir()
	tool(t, "soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", folder, path)
	return folder + "/lo.pdf"
}

var lineBox = regexp.MustCompile(`<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">`)

// Rule F-01: 22 lines of 28 characters in 156 by 225 mm, measured in both formats.
func TestAPageHas22LinesOf28CharactersInItsTextArea(t *testing.T) {
	soffice.Needed(t)
	for name, path := range map[string]string{"LibreOffice": inWord(t, grid()), "pdf": saved(t, "grid.pdf", pdfOf(t, grid()))} {
		t.Run(name, func(t *testing.T) {
			var boxes [][4]float64
			for _, m := range lineBox.FindAllStringSubmatch(tool(t, "pdftotext", "-f", "1", "-l", "1", "-bbox-layout", path, "-"), -1) {
				var box [4]float64
				for i := range box {
					box[i], _ = strconv.ParseFloat(m[i+1], 64)
				}
				boxes = append(boxes, box)
			}
			if len(boxes) != 23 { // and the page number
				t.Fatalf("%d lines on the page, want 22 and the page number", len(boxes))
			}
			near := func(what string, got, want float64) {
				t.Helper()
				if got, want := got/pointsPerMM, want/pointsPerMM; got < want-1 || got > want+1 {
					t.Errorf("%s: %.2f mm, want %.2f", what, got, want)
				}
			}
			p := Standard().paper(false)
			middle := (boxes[0][1] + boxes[0][3]) / 2
			near("left edge", boxes[1][0], p.left)
			near("right edge", boxes[1][2], p.width-p.right)
			near("21 pitches", boxes[21][1]-boxes[0][1], 21*225*pointsPerMM/22)
			// LibreOffice sets a line of exact pitch lower, by what the typeface that
			// stands in has of descent; its box is then not about the middle.
			if name == "pdf" {
				near("middle of the first line", middle, p.top+225*pointsPerMM/44)
				near("middle of the last line", (boxes[21][1]+boxes[21][3])/2, p.height-p.bottom-225*pointsPerMM/44)
			}
			near("page number's right edge", boxes[22][2], p.width-p.right-14)
			lines := strings.Split(tool(t, "pdftotext", "-f", "1", "-l", "1", "-layout", path, "-"), "\n")
			for _, i := range []int{1, 2, 20} {
				if n := len([]rune(strings.ReplaceAll(strings.TrimSpace(lines[i]), " ", ""))); n != 28 {
					t.Errorf("line %d has %d characters, want 28: %s", i, n, lines[i])
				}
			}
		})
	}
}

func pdfText(t *testing.T, d Document) string {
	return tool(t, "pdftotext", "-raw", saved(t, "text.pdf", pdfOf(t, d)), "-")
}

// Rules F-07, F-08 and F-11: date, signature and imprint; and no row is lost.
func TestThePDFHoldsEveryRowAndSpellsWhatNoFontHas(t *testing.T) {
	soffice.Needed(t)
	s := strings.Join(strings.Fields(pdfText(t, notice())), "")
	for i := range 60 {
		if want := fmt.Sprintf("任务%d：建成", i+1); !strings.Contains(s, want) {
			t.Errorf("the pdf lacks %s", want)
		}
	}
	for _, want := range []string{"2010年6月5日", "2010年6月7日印发", "检验检测机构。", "核验码7K3M-Q9TX-2F6D"} {
		if !strings.Contains(s, want) {
			t.Errorf("the pdf lacks %s", want)
		}
	}
	s = regexp.MustCompile(`\s|—\d+—|草稿未签发|名次单位得分说明`).ReplaceAllString(strings.Join(strings.Fields(pdfText(t, bulletin())), ""), "")
	if !strings.Contains(s, longCell()) {
		t.Error("the pdf lacks a part of the long cell")
	}
	if !strings.Contains(s, "〔U+E0FFF〕") {
		t.Error("a character that no font has is not spelt")
	}
}

// Rule F-03 and F-14.
func TestLinesBreakWhereTheyMay(t *testing.T) {
	f, err := LoadFonts("")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range f.setText(faceBody, strings.Repeat(sentence+"（见《办法》）“ISO9001”2010年，", 9), 16, 15.8, 442.2, 31.6, true) {
		first, last := line.chars[0].r, line.chars[len(line.chars)-1].r
		if strings.ContainsRune(notFirst, first) || !line.last && strings.ContainsRune(notLast, last) {
			t.Errorf("a line goes from %c to %c", first, last)
		}
		if w := line.width(); w > 442.3 {
			t.Errorf("a line is %.1f points wide", w)
		}
	}
	if evenly(strings.Repeat("质", 21), 22, 442) == 0 {
		t.Error("a title's last line holds a single character")
	}
}

func TestNumbersReadAsTheyAreSpoken(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 105: "一百零五", 110: "一百一十", 1001: "一千零一"} {
		if got := chinese(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestTheMarkupIsReadAndUsersTextIsNeverMarkup(t *testing.T) {
	hostile := "annex: x\n# y|z\\ [landscape]\r\n\ttitle: q "
	d, err := Parse("title: " + Escape(hostile) + "\n# 总则\n## 一\n## 二\n# 附则\n\n" + Escape(hostile) +
		"\n\ntable: 表\ncol: 甲 | 2 | right\ncol: 乙\nchapter: 章\n" + Escape(hostile) + " | " + Escape("") + "\nbold: 合计\t3\n\nannex: 分解表 [landscape]\n正文\n")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(hostile, "\r\n", "\n")
	table := d.Body[len(d.Body)-1].Table
	if d.Title != want || d.Body[4].Text != want || table.Rows[1].Cells[0] != want || len(d.Annexes) != 1 || !d.Annexes[0].Landscape {
		t.Errorf("read as %+v", d)
	}
	if d.Body[2].Text != "（二）二" || d.Body[3].Text != "二、附则" {
		t.Errorf("levels are numbered %q, %q", d.Body[2].Text, d.Body[3].Text)
	}
	for _, bad := range []string{"date: 1.2.2010", "table:\ncol: a | x\n", "table:\ncol: a\n1|2\n", "col: a"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzEscapedTextIsOnlyText(f *testing.F) {
	f.Add("annex: x\n# y|z\\")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse("table:\ncol: a\n" + Escape(s) + "\n\ntext: " + Escape(s) + "\n")
		want := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		if err != nil || len(d.Annexes) > 0 || d.Title != "" || d.Body[0].Table.Rows[0].Cells[0] != string([]rune(want)) { // broken bytes are replaced, one by one
			t.Errorf("%q is read as %+v, %v", s, d, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("head: a\n# b\ntable: c\ncol: d | 1 | right\n1\n\nannex: e [landscape]\n")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			return
		}
		if err := WriteDOCX(io.Discard, d, Standard()); err != nil && d.CheckURL == "" {
			t.Error(err)
		}
	})
}

func TestABrokenFontIsRefused(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(folder+"/simfang.ttf", []byte("no font at all, but long enough"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadFonts(folder); err == nil {
		t.Error("a broken font is taken")
	}
}

func BenchmarkDOCX3000(b *testing.B) {
	d := letter()
	d.Annexes[0].Body = []Block{{Table: tasks(12)}}
	for b.Loop() {
		for range 3000 {
			if err := WriteDOCX(io.Discard, d, Standard()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	d := letter()
	for b.Loop() {
		if err := WritePDF(io.Discard, d, Standard(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
