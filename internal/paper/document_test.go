package paper

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/office"
)

// openBytes reads a made-up file.
func openBytes(t *testing.T, name string, data []byte) Result {
	t.Helper()
	res, err := Open(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return res
}

// sheet is a worksheet of a made-up workbook.
type sheet struct {
	name     string
	hidden   bool
	rows     []string // cells parted by |
	merges   []string // A1:C1
	hideRows []int
	hideCols []string
}

func workbook(t *testing.T, sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range sheets {
		if i == 0 {
			check(f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			check(err)
		}
		for r, row := range s.rows {
			for c, text := range strings.Split(row, "|") {
				if text == "" {
					continue
				}
				name, err := excelize.CoordinatesToCellName(c+1, r+1)
				check(err)
				check(f.SetCellStr(s.name, name, text))
			}
		}
		for _, m := range s.merges {
			from, to, _ := strings.Cut(m, ":")
			check(f.MergeCell(s.name, from, to))
		}
		for _, r := range s.hideRows {
			check(f.SetRowVisible(s.name, r, false))
		}
		for _, c := range s.hideCols {
			check(f.SetColVisible(s.name, c, false))
		}
	}
	for _, s := range sheets {
		if s.hidden {
			check(f.SetSheetVisible(s.name, false))
		}
	}
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

// word makes a docx of the given body.
func word(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>`, body)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func par(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// grid makes a Word table; ^ continues the cell above, a text ending in * begins
// a merge down, and >n before a text spans n columns.
func grid(rows ...string) string {
	var b strings.Builder
	b.WriteString("<w:tbl>")
	for _, row := range rows {
		b.WriteString("<w:tr>")
		for _, text := range strings.Split(row, "|") {
			properties := ""
			if strings.HasPrefix(text, ">") {
				properties, text = fmt.Sprintf(`<w:gridSpan w:val="%c"/>`, text[1]), text[2:]
			}
			if strings.HasSuffix(text, "*") {
				properties, text = properties+`<w:vMerge w:val="restart"/>`, strings.TrimSuffix(text, "*")
			} else if text == "^" {
				properties, text = properties+`<w:vMerge/>`, ""
			}
			b.WriteString("<w:tc><w:tcPr>" + properties + "</w:tcPr>" + par(text) + "</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	return b.String()
}

// lines writes the rows of a result for comparison.
func lines(r Result) string {
	var b strings.Builder
	for _, row := range r.Rows {
		hidden := ""
		if row.Hidden {
			hidden = " HIDDEN"
		}
		fmt.Fprintf(&b, "%s [%s] %s / %s <%s> (%s) {%s} %s; %s; %s%s", row.No, strings.Join(row.Chapter, ">"), row.Task, row.Measures,
			strings.Join(row.Lead, "、"), strings.Join(row.Cooperating, "、"), strings.Join(row.People, "、"), show(row.Deadline), goalLine(row.Target), row.Note, hidden)
		for _, w := range row.Warnings {
			fmt.Fprintf(&b, " !%s:%s", w.Field, w.Code)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func about(r Result) string {
	return fmt.Sprintf("%s | %d | %s | %s", r.Title, r.Year, r.Issuer, r.Convention)
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// everythingIsAccountedFor checks the first law of the package.
func everythingIsAccountedFor(t *testing.T, name string, data []byte, r Result) {
	t.Helper()
	doc, err := office.Open(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	places := map[office.Origin]int{}
	for _, b := range doc.Blocks {
		if b.Paragraph != nil {
			places[b.Paragraph.Origin]++
			continue
		}
		for _, row := range b.Table.Rows {
			places[row.Origin]++
		}
	}
	for _, row := range r.Rows {
		if !row.Hidden { // a hidden row is on LeftOut as well
			places[row.Origin]--
		}
	}
	for _, h := range r.Headings {
		places[h.Origin]--
	}
	for _, l := range r.LeftOut {
		if l.Reason == "" {
			t.Errorf("%s: %+v has no reason", name, l)
		}
		places[l.Origin]--
	}
	for place, n := range places {
		if n != 0 {
			t.Errorf("%s: %+v is accounted for %d times", name, place, 1-n)
		}
	}
}

func TestAFormulaThatWasNeverCalculatedIsDoubted(t *testing.T) {
	doc := office.Document{Format: office.XLSX, Blocks: []office.Block{{Table: &office.Table{Columns: 3, HiddenColumns: make([]bool, 3), Rows: []office.Row{
		{Cells: []office.Cell{{Text: "序号"}, {Text: "工作任务"}, {Text: "牵头单位"}}},
		{Cells: []office.Cell{{Text: "1"}, {Text: "培育名牌"}, {Uncomputed: true}}},
		{Cells: []office.Cell{{Text: "2"}, {Text: "开展抽查"}, {Text: "市质监局"}}},
	}}}}}
	rows := ReadTaskTable(doc).Rows
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	if w := rows[0].Warnings; len(w) == 0 || w[0].Field != "row" || w[0].Code != DoubtFormula {
		t.Errorf("warnings %+v", w)
	}
}
