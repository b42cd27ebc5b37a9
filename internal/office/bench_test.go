package office

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// bigWorkbook is a task table of 100,000 rows and ten columns as a spreadsheet
// program stores it: shared strings, numbers, date cells, cells with a format only.
var bigWorkbook = sync.OnceValue(func() []byte {
	const rows = 100_000
	var shared, sheet strings.Builder
	count := 0
	text := func(s string) string {
		fmt.Fprintf(&shared, "<si><t>%s</t></si>", s)
		count++
		return fmt.Sprint(count - 1)
	}
	leads := []string{text("市质监局"), text("市农业局"), text("市经信委"), text("各县（市、区）政府")}
	sheet.WriteString(`<worksheet xmlns="` + sheetSpace + `"><sheetData><row r="1" spans="1:10" ht="20" customHeight="1">`)
	for c, head := range []string{"序号", "工作任务", "推进措施", "牵头单位", "配合单位", "监管单位", "协办单位", "完成时限", "目标值", "备注"} {
		fmt.Fprintf(&sheet, `<c r="%c1" s="1" t="s"><v>%s</v></c>`, 'A'+c, text(head))
	}
	sheet.WriteString("</row>")
	for r := 2; r <= rows; r++ {
		fmt.Fprintf(&sheet, `<row r="%d" spans="1:10"><c r="A%d" s="1"><v>%d</v></c>`, r, r, r-1)
		fmt.Fprintf(&sheet, `<c r="B%d" s="1" t="s"><v>%s</v></c>`, r, text(fmt.Sprintf("建立质量工作联席会议制度，第%d项", r)))
		fmt.Fprintf(&sheet, `<c r="C%d" s="1" t="s"><v>%s</v></c>`, r, text(fmt.Sprintf("每季度召开一次会议，全年不少于%d次；编发简报、通报进展", r%9)))
		for c := range 4 {
			fmt.Fprintf(&sheet, `<c r="%c%d" s="1" t="s"><v>%s</v></c>`, 'D'+c, r, leads[(r+c)%4])
		}
		fmt.Fprintf(&sheet, `<c r="H%d" s="2"><v>%d</v></c><c r="I%d" s="1"><v>%d.5</v></c><c r="J%d" s="1"/></row>`, r, 40_000+r%3000, r, r%100, r)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	return sheetFile(sheet.String(), "xl/sharedStrings.xml", `<sst xmlns="`+sheetSpace+`">`+shared.String()+`</sst>`)
})

// The two belong together: reading a large workbook may take at most one and a
// half times what the library takes to hand over its raw values. Run both with
// -benchtime=1x or more.

func BenchmarkReadXLSX100k(b *testing.B) {
	data := bigWorkbook()
	b.ReportAllocs()
	for b.Loop() {
		doc, err := Open("a.xlsx", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		if t := doc.Blocks[0].Table; len(t.Rows) != 100_000 || t.Rows[99_999].Cells[0].Text != "99999" || t.Rows[99_999].Cells[7].Date.IsZero() {
			b.Fatal("read something else")
		}
	}
}

func BenchmarkExcelizeRaw100k(b *testing.B) {
	data := bigWorkbook()
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		read := 0
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
			read++
		}
		if err := rows.Close(); err != nil || read != 100_000 {
			b.Fatal(read, err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
