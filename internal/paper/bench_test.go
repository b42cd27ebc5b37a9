package paper

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// BenchmarkImportXLSX100k reads a task table of 100,000 rows to the end: file,
// units, deadlines, targets. make bench holds it against the library's raw reading
// of as many rows (BenchmarkExcelizeRaw100k in package office).
func BenchmarkImportXLSX100k(b *testing.B) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	leads := []string{"市质监局", "市农业局", "市经信委", "各县（市、区）政府"}
	if err := w.SetRow("A1", []any{"序号", "工作任务", "推进措施", "牵头单位", "配合单位", "监管单位", "协办单位", "完成时限", "目标值", "备注"}); err != nil {
		b.Fatal(err)
	}
	for r := 2; r <= 100_000; r++ {
		err := w.SetRow(fmt.Sprintf("A%d", r), []any{
			r - 1, fmt.Sprintf("建立质量工作联席会议制度，第%d项", r), fmt.Sprintf("每季度召开一次会议，全年不少于%d次；编发简报、通报进展", r%9),
			leads[r%4], leads[(r+1)%4], leads[(r+2)%4], leads[(r+3)%4], fmt.Sprintf("2012年%d月底前", r%12+1), fmt.Sprintf("%d个", r%100), "",
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	file, err := f.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open("a.xlsx", bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			b.Fatal(err)
		}
		if len(r.Rows) != 99_999 {
			b.Fatalf("%d rows", len(r.Rows))
		}
	}
}
