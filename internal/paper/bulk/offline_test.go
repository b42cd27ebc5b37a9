package bulk

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/sheet"
	"gongjian/internal/task"
)

var secret = Secret("a secret of thirty-two bytes ...")

func one(n int) *task.Quantity { q := task.Count(n); return &q }

// may is a sheet of three reports for May 2010.
func may() Sheet {
	p := calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}
	return Sheet{
		Number: secret.Number("naxi", calendar.NewDate(2010, 6, 2)), Unit: "naxi", Name: "离线填报", Title: "纳溪区质监局离线填报表", Notes: []string{"只填没有锁住的格。"},
		Lines: []Line{
			{Task: "t1", Period: p, Title: "新增四川名牌产品", Target: "不少于20个", Called: "5月", Claimed: one(3), Verified: one(2), Measure: "个"},
			{Task: "t2", Period: p, Title: "开展特种设备检查", Target: "100家", Called: "5月", Measure: "家"},
			{Task: "t3", Period: p, Title: "建设标准化示范区", Called: "5月", Evidence: "照片"},
		},
	}
}

func write(t *testing.T, s Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, s.Table(), s.Rows(secret)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// filled opens a workbook as a clerk does, changes it and saves it.
func filled(t *testing.T, data []byte, change func(f *excelize.File, name string, at func(column) string, head int)) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		at := map[column]string{}
		for c, text := range row {
			if found, ok := sheetHeads.of(text); ok {
				letter, err := excelize.ColumnNumberToName(c + 1)
				if err != nil {
					t.Fatal(err)
				}
				at[found] = letter
			}
		}
		if len(at) > 5 {
			change(f, name, func(c column) string { return at[c] }, i+1)
			break
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func set(t *testing.T, f *excelize.File, name, cell string, value any) {
	t.Helper()
	if err := f.SetCellValue(name, cell, value); err != nil {
		t.Fatal(err)
	}
}

func num(n int) string { return itoa(n) }

func back(t *testing.T, name string, data []byte) []Entry {
	t.Helper()
	read, err := ReadFilled(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return read.Entries(secret)
}

func typical(t *testing.T) []byte {
	return filled(t, write(t, may()), func(f *excelize.File, name string, at func(column) string, head int) {
		set(t, f, name, at(colValue)+num(head+1), 12.5)
		set(t, f, name, at(colWords)+num(head+1), "新申报两个，\n已受理")
		set(t, f, name, at(colNoChange)+num(head+2), "是")
	})
}

func checkTypical(t *testing.T, entries []Entry) {
	t.Helper()
	if len(entries) != 3 {
		t.Fatalf("%d rows: %+v", len(entries), entries)
	}
	for _, e := range entries {
		if e.Fault != nil {
			t.Fatalf("row %d: %v", e.Row, e.Fault)
		}
	}
	first := entries[0]
	in, err := first.Input(task.Task{Target: &task.Target{Unit: "个"}}, task.Count(3), "迟报原因：")
	if err != nil || first.Key.Task != "t1" || in.Kind != task.ReportValue || in.Value.String() != "12.5" || !strings.Contains(in.Words, "新申报两个") {
		t.Errorf("the first row: %+v %+v %v", first, in, err)
	}
	if in, err := entries[1].Input(task.Task{}, 0, ""); err != nil || in.Kind != task.ReportNoChange {
		t.Errorf("no change: %+v %v", in, err)
	}
	if !entries[2].Blank() {
		t.Errorf("the third row was left blank: %+v", entries[2])
	}
}

func TestASheetThatWasFilledInComesBack(t *testing.T) {
	checkTypical(t, back(t, "表.xlsx", typical(t)))
}

// Rule OS-01: what saves the file again, and where rows and columns stand, says nothing.
func TestASheetSavedAgainByLibreOfficeStillReads(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("this test needs LibreOffice (soffice) on the PATH")
	}
	dir := t.TempDir()
	convert := func(from, to string) string {
		t.Helper()
		out := filepath.Join(dir, to)
		filter := to
		if to == "csv" {
			filter = "csv:Text - txt - csv (StarCalc):44,34,76" // in UTF-8, whatever this machine speaks
		}
		c := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", filter, "--outdir", out, from)
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return filepath.Join(out, strings.TrimSuffix(filepath.Base(from), filepath.Ext(from))+"."+to)
	}
	start := filepath.Join(dir, "sheet.xlsx")
	if err := os.WriteFile(start, typical(t), 0o600); err != nil {
		t.Fatal(err)
	}
	ods := convert(start, "ods")
	for _, path := range []string{convert(start, "xlsx"), convert(ods, "xlsx"), convert(start, "csv")} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkTypical(t, back(t, filepath.Base(path), data))
	}
}

func TestColumnsMovedAndRowsSortedOrDeletedAreStillTheirOwn(t *testing.T) {
	data := filled(t, write(t, may()), func(f *excelize.File, name string, at func(column) string, head int) {
		set(t, f, name, at(colWords)+num(head+3), "示范区已挂牌")
		if err := f.RemoveRow(name, head+1); err != nil { // the first task
			t.Fatal(err)
		}
		if err := f.InsertCols(name, "A", 2); err != nil {
			t.Fatal(err)
		}
		if err := f.SetColVisible(name, "D:G", false); err != nil {
			t.Fatal(err)
		}
	})
	entries := back(t, "表.xlsx", data)
	if len(entries) != 2 || entries[1].Key.Task != "t3" || entries[1].Words != "示范区已挂牌" || entries[1].Fault != nil {
		t.Errorf("%+v", entries)
	}
}

// Rules OS-01 and OS-03.
func TestADamagedCopiedOrMixedRowIsRefusedByName(t *testing.T) {
	data := filled(t, write(t, may()), func(f *excelize.File, name string, at func(column) string, head int) {
		for i := 1; i <= 3; i++ {
			set(t, f, name, at(colValue)+num(head+i), i)
		}
		key := func(i int) string {
			k, err := f.GetCellValue(name, at(colKey)+num(head+i))
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		set(t, f, name, at(colKey)+num(head+1), strings.Replace(key(1), "|t1|", "|t9|", 1)) // invented
		set(t, f, name, at(colTask)+num(head+2), "建设标准化示范区")                                // only one column was sorted
		if err := f.InsertRows(name, head+4, 1); err != nil {
			t.Fatal(err)
		}
		set(t, f, name, at(colKey)+num(head+4), key(3)) // copied
		set(t, f, name, at(colTask)+num(head+4), "建设标准化示范区")
		set(t, f, name, at(colValue)+num(head+4), 9)
	})
	var got []string
	for _, e := range back(t, "表.xlsx", data) {
		if e.Fault != nil {
			got = append(got, e.Fault.Key)
		}
	}
	if want := "offline.key-broken offline.row-mixed offline.row-twice offline.row-twice"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if _, ok := Secret("another").Read(secret.Text(Key{Sheet: "s", Task: "t"}, "x")); ok {
		t.Error("another secret opens the key")
	}
}

// Rule OS-02: the same row and round is the same act; another round or row is another.
func TestTheNameOfAHandingInIsOfSheetRowAndRound(t *testing.T) {
	k := Key{Sheet: "s", Task: "t", Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Unit: "u"}
	other := k
	other.Task = "t2"
	names := map[string]bool{k.Once(1): true, k.Once(2): true, other.Once(1): true, k.Once(1) + "": true}
	if len(names) != 3 {
		t.Errorf("%v", names)
	}
}

func TestWhatIsTypedBecomesAReport(t *testing.T) {
	target := task.Task{Target: &task.Target{Unit: "万元"}}
	tests := []struct {
		name string
		row  FilledRow
		kind task.ReportKind
		want string // value, words and why
		bad  string // keys of faults
	}{
		{"a figure with its unit", FilledRow{Value: "１２００万元", Words: "已到位"}, task.ReportValue, "1200|已到位|", ""},
		{"less than before has its reason", FilledRow{Value: "5", Reason: "上期多计"}, task.ReportValue, "5||上期多计", ""},
		{"why it is late joins the words", FilledRow{Value: "30", Words: "好", Reason: "停电"}, task.ReportValue, "30|好\n迟报原因：停电|", ""},
		{"words alone", FilledRow{Words: "已完成初稿", Completes: "是"}, task.ReportWords, "0|已完成初稿|", ""},
		{"no change beside the old figure", FilledRow{NoChange: "√", Value: "10"}, task.ReportNoChange, "0||", ""},
		{"Rule OS-04: no change and a new figure", FilledRow{NoChange: "是", Value: "11"}, "", "", "offline.no-change-and-more"},
		{"Rule OS-04: no change and words", FilledRow{NoChange: "是", Words: "有进展"}, "", "", "offline.no-change-and-more"},
		{"no number", FilledRow{Value: "约30"}, "", "", "quantity.not-a-number"},
		{"too exact", FilledRow{Value: "0.30000000000000004"}, "", "", "quantity.decimals"},
		{"neither yes nor no", FilledRow{Words: "好", Completes: "基本"}, "", "", "offline.not-yes-no"},
	}
	for _, test := range tests {
		in, err := test.row.Input(target, task.Count(10), "迟报原因：")
		if test.bad != "" {
			if !fault.Is(err, test.bad) {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if got := in.Value.String() + "|" + in.Words + "|" + in.Why; err != nil || in.Kind != test.kind || got != test.want {
			t.Errorf("%s: %s %q %v", test.name, in.Kind, got, err)
		}
	}
}

func TestOtherFilesAreRefusedWithTheReason(t *testing.T) {
	read := func(data []byte) error {
		_, err := ReadFilled("表.xlsx", bytes.NewReader(data), int64(len(data)))
		return err
	}
	if err := read([]byte("任务,牵头单位\n甲,乙\n")); !fault.Is(err, "offline.no-sheet") {
		t.Errorf("another table: %v", err)
	}
	if err := read(write(t, may())); !fault.Is(err, "offline.nothing-filled") {
		t.Errorf("an untouched sheet: %v", err)
	}
	if err := read([]byte("%PDF-1.4")); !fault.Is(err, "import.pdf") {
		t.Errorf("a pdf: %v", err)
	}
	lacking := filled(t, write(t, may()), func(f *excelize.File, name string, at func(column) string, head int) {
		if err := f.RemoveCol(name, at(colKey)); err != nil {
			t.Fatal(err)
		}
	})
	if err := read(lacking); !fault.Is(err, "bulk.column-missing") {
		t.Errorf("without its keys: %v", err)
	}
	var long bytes.Buffer
	long.WriteString("行标识,任务,本期完成值,进展说明,无变化,是否完成,原因\n")
	for range 100_000 {
		long.WriteString("k,t,1,,,,\n")
	}
	if err := read(long.Bytes()); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("100,000 rows: %v", err)
	}
	formula := filled(t, write(t, may()), func(f *excelize.File, name string, at func(column) string, head int) {
		if err := f.SetCellFormula(name, at(colValue)+num(head+1), `HYPERLINK("http://example.org","1")`); err != nil {
			t.Fatal(err)
		}
	})
	if err := read(formula); !fault.Is(err, "offline.nothing-filled") {
		t.Errorf("a formula that was never worked out is no figure: %v", err)
	}
}

func FuzzAKeyIsOnlyReadWholeAndUnchanged(f *testing.F) {
	good := secret.Text(Key{Sheet: "20100602-ABCDE", Task: "t1", Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Unit: "naxi"}, "名")
	f.Add(good)
	f.Add("gj1|||||")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := secret.Read(text); ok && strings.TrimSpace(text) != good {
			t.Errorf("%q is taken for a key", text)
		}
	})
}
