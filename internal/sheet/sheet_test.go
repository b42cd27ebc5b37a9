package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/sheet"
)

func each(rows ...sheet.Row) iter.Seq2[sheet.Row, error] {
	return func(yield func(sheet.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func text(s string) sheet.Cell   { return sheet.Cell{Text: s} }
func number(s string) sheet.Cell { return sheet.Cell{Number: s} }

// written writes a table as xlsx and opens it again.
func written(t testing.TB, table sheet.Table, rows ...sheet.Row) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, table, each(rows...)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func cell(t testing.TB, f *excelize.File, at string, raw bool) (string, excelize.CellType) {
	t.Helper()
	name := f.GetSheetName(0)
	v, err := f.GetCellValue(name, at, excelize.Options{RawCellValue: raw})
	if err != nil {
		t.Fatal(err)
	}
	kind, err := f.GetCellType(name, at)
	if err != nil {
		t.Fatal(err)
	}
	return v, kind
}

func TestACellIsWrittenAsWhatItIs(t *testing.T) {
	at := time.Date(2010, 6, 7, 1, 30, 0, 0, time.UTC) // 9:30 in China
	for _, c := range []struct {
		name   string
		column sheet.Column
		cell   sheet.Cell
		raw    string
		shown  string
		text   bool
		csv    string
	}{
		{"number", sheet.Column{Kind: sheet.Number}, number("-12.5"), "-12.5", "-12.5", false, "-12.5"},
		{"number with places", sheet.Column{Kind: sheet.Number, Places: 2}, number("3"), "3", "3.00", false, "3"},
		{"more decimals than places are shown", sheet.Column{Kind: sheet.Number, Places: 1}, number("0.125"), "0.125", "0.125", false, "0.125"},
		{"fifteen digits are a number", sheet.Column{Kind: sheet.Number}, number("123456789012.345"), "123456789012.345", "123456789012.345", false, "123456789012.345"},
		{"sixteen digits are text", sheet.Column{Kind: sheet.Number}, number("1234567890123456"), "1234567890123456", "1234567890123456", true, "1234567890123456"},
		{"a code with leading zeros is text", sheet.Column{Kind: sheet.Number}, number("007"), "007", "007", true, "007"},
		{"a number in a text column is text", sheet.Column{}, number("510500"), "510500", "510500", true, "510500"},
		{"percent", sheet.Column{Kind: sheet.Percent}, number("0.125"), "0.125", "12.5%", false, "12.5%"},
		{"day", sheet.Column{Kind: sheet.Day}, sheet.Cell{Day: calendar.NewDate(2010, 6, 30)}, "40359", "2010-06-30", false, "2010-06-30"},
		{"the first day that all count alike", sheet.Column{Kind: sheet.Day}, sheet.Cell{Day: calendar.NewDate(1900, 3, 1)}, "61", "1900-03-01", false, "1900-03-01"},
		{"a day before that is text", sheet.Column{Kind: sheet.Day}, sheet.Cell{Day: calendar.NewDate(1900, 2, 28)}, "1900-02-28", "1900-02-28", true, "1900-02-28"},
		{"instant in China's time", sheet.Column{Kind: sheet.Instant}, sheet.Cell{Instant: at}, "40336.3958333333", "2010-06-07 09:30", false, "2010-06-07 09:30"},
		{"words in a column of days", sheet.Column{Kind: sheet.Day}, text("适时"), "适时", "适时", true, "适时"},
		{"none", sheet.Column{Kind: sheet.Number}, sheet.Cell{None: true, Number: "3"}, "", "", false, ""},
		{"formula", sheet.Column{}, text("=1+1"), "=1+1", "=1+1", true, "'=1+1"},
		{"formula after white space", sheet.Column{}, text(" \t@SUM(A1)"), " \t@SUM(A1)", " \t@SUM(A1)", true, "' \t@SUM(A1)"},
		{"full-width formula", sheet.Column{}, text("＝1"), "＝1", "＝1", true, "'＝1"},
		{"plus", sheet.Column{}, text("+cmd|' /C calc'!A0"), "+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", true, "'+cmd|' /C calc'!A0"},
		{"a negative number as text", sheet.Column{}, text("-5%"), "-5%", "-5%", true, "-5%"},
		{"a dash", sheet.Column{}, text("-"), "-", "-", true, "-"},
		{"control characters are seen", sheet.Column{}, text("a\x00b\x1fc\xffd"), "a\ufffdb\ufffdc\ufffdd", "a\ufffdb\ufffdc\ufffdd", true, "a\ufffdb\ufffdc\ufffdd"},
		{"line ends are one character", sheet.Column{}, text("一\r\n二\r三"), "一\n二\n三", "一\n二\n三", true, "一\n二\n三"},
		{"what looks like an escape", sheet.Column{}, text("_x000D_<&>"), "_x000D_<&>", "_x000D_<&>", true, "_x000D_<&>"},
		{"spaces at the ends", sheet.Column{}, text(" 甲 "), " 甲 ", " 甲 ", true, " 甲 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.column.Head = "列"
			table := sheet.Table{Name: "表", Columns: []sheet.Column{c.column}}
			f := written(t, table, sheet.Row{c.cell})
			raw, kind := cell(t, f, "A2", true)
			shown, _ := cell(t, f, "A2", false)
			if raw != c.raw || shown != c.shown || (kind == excelize.CellTypeInlineString) != c.text {
				t.Errorf("the cell holds %q (type %v) and shows %q; want %q, %q, text %v", raw, kind, shown, c.raw, c.shown, c.text)
			}
			if formula, err := f.GetCellFormula("表", "A2"); err != nil || formula != "" {
				t.Errorf("the cell has a formula %q (%v)", formula, err)
			}
			var b bytes.Buffer
			if err := sheet.WriteCSV(&b, table, each(sheet.Row{c.cell})); err != nil {
				t.Fatal(err)
			}
			rest, marked := strings.CutPrefix(b.String(), "\ufeff")
			records, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
			if err != nil || !marked {
				t.Fatalf("csv %q: mark %v, %v", b.String(), marked, err)
			}
			if got := strings.Join(records[len(records)-1], ""); c.csv == "" && len(records) > 1 && got != "" || c.csv != "" && got != c.csv {
				t.Errorf("csv says %q, want %q", got, c.csv)
			}
		})
	}
}

// Any number that the package takes for exact comes back from the file as it was.
func TestANumberThatIsWrittenAsOneIsExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		digits := rapid.StringMatching(`-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?`).Draw(r, "digits")
		var b bytes.Buffer
		if err := sheet.WriteXLSX(&b, sheet.Table{Columns: []sheet.Column{{Kind: sheet.Number}}}, each(sheet.Row{number(digits)})); err != nil {
			r.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		shown, err := f.GetCellValue("Sheet1", "A2")
		kind, _ := f.GetCellType("Sheet1", "A2")
		if err != nil || shown != digits && !(kind != excelize.CellTypeInlineString && strings.Trim(digits, "-0.") == "") {
			r.Errorf("%q came back as %q (type %v, %v)", digits, shown, kind, err)
		}
	})
}

func TestNothingIsCut(t *testing.T) {
	one := sheet.Table{Columns: []sheet.Column{{Head: "措施"}}}
	fits := strings.Repeat("字", sheet.MaxCell)
	f := written(t, one, sheet.Row{text(fits)})
	if got, _ := cell(t, f, "A2", true); got != fits {
		t.Errorf("a text of %d characters came back with %d", sheet.MaxCell, len([]rune(got)))
	}
	var b bytes.Buffer
	// A character beyond the basic plane counts twice.
	err := sheet.WriteXLSX(&b, one, each(sheet.Row{text(fits[3:] + "𠀀")}))
	if !fault.Is(err, "sheet.too-long") || fault.KindOf(err) != fault.TooLarge || b.Len() != 0 {
		t.Errorf("a text that is too long: %v, %d bytes written", err, b.Len())
	}
	if err := sheet.WriteCSV(&b, one, each(sheet.Row{text(fits + "字")})); err != nil || !strings.Contains(b.String(), fits+"字") {
		t.Errorf("csv takes a text of any length: %v", err)
	}
	wide := sheet.Table{Columns: make([]sheet.Column, sheet.MaxColumns+1)}
	if err := sheet.WriteXLSX(io.Discard, wide, each()); !fault.Is(err, "sheet.too-many-columns") {
		t.Errorf("too many columns: %v", err)
	}
	if err := sheet.WriteXLSX(io.Discard, one, each(sheet.Row{})); err == nil {
		t.Error("a row with fewer cells than columns was written")
	}
}

func TestAFailureOfTheRowsLeavesNothingWritten(t *testing.T) {
	broken := errors.New("the database went away")
	rows := func(yield func(sheet.Row, error) bool) {
		if yield(sheet.Row{text("一")}, nil) {
			yield(nil, broken)
		}
	}
	var b bytes.Buffer
	table := sheet.Table{Columns: []sheet.Column{{Head: "列"}}}
	if err := sheet.WriteXLSX(&b, table, rows); !errors.Is(err, broken) || b.Len() != 0 {
		t.Errorf("%v, %d bytes written", err, b.Len())
	}
	if err := sheet.WriteCSV(&b, table, rows); !errors.Is(err, broken) {
		t.Errorf("csv: %v", err)
	}
}

func TestThePageHasItsHeadFiltersAndPrintArea(t *testing.T) {
	table := sheet.Table{
		Name: "任务[2010]:'一'/二", Title: "任务分解表", Notes: []string{"注：一", "二"}, Landscape: true,
		Columns: []sheet.Column{{Head: "键", Hidden: true}, {Head: "任务", Width: 30}, {Head: "时限", Kind: sheet.Day}},
	}
	row := sheet.Row{text("1"), text("一"), {Day: calendar.NewDate(2010, 6, 30)}}
	f := written(t, table, row, row)
	name := f.GetSheetName(0)
	if name != "任务2010一二" {
		t.Errorf("the sheet is called %q", name)
	}
	for at, want := range map[string]string{"A1": "任务分解表", "B2": "任务", "A5": "注：一", "A6": "二"} {
		if got, _ := cell(t, f, at, false); got != want {
			t.Errorf("%s says %q, want %q", at, got, want)
		}
	}
	names := map[string]string{}
	for _, d := range f.GetDefinedName() {
		names[d.Name] = d.RefersTo
	}
	for key, want := range map[string]string{"_xlnm.Print_Titles": "'" + name + "'!$2:$2", "_xlnm.Print_Area": "'" + name + "'!$A$1:$C$6", "_xlnm._FilterDatabase": "'" + name + "'!$A$2:$C$4"} {
		if names[key] != want {
			t.Errorf("%s is %q, want %q", key, names[key], want)
		}
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("the head does not stand still: %+v, %v", panes, err)
	}
	layout, err := f.GetPageLayout(name)
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 {
		t.Errorf("the page is %+v, %v", layout, err)
	}
	props, err := f.GetSheetProps(name)
	if err != nil || props.FitToPage == nil || !*props.FitToPage {
		t.Errorf("the page is not fitted: %v", err)
	}
	if shown, err := f.GetColVisible(name, "A"); err != nil || shown {
		t.Errorf("the hidden column is shown (%v)", err)
	}
	if width, err := f.GetColWidth(name, "B"); err != nil || width != 30 {
		t.Errorf("a width of 30 became %v (%v)", width, err)
	}
}

func TestAProtectedTableOpensItsEditableCells(t *testing.T) {
	var long []string
	for i := range 300 {
		long = append(long, fmt.Sprintf("单位，%d, \"甲\"", i)) // beyond 255 characters, and with commas
	}
	table := sheet.Table{Name: "填报", Protected: true, Columns: []sheet.Column{
		{Head: "任务"}, {Head: "单位", Editable: true, Choices: long}, {Head: "数", Kind: sheet.Number, Editable: true},
	}}
	empty := sheet.Cell{None: true}
	f := written(t, table, sheet.Row{text("一"), text(long[0]), empty}, sheet.Row{text("二"), empty, empty})
	if p, err := f.GetSheetProtection("填报"); err != nil || !p.SelectUnlockedCells || !p.AutoFilter || p.FormatCells || p.InsertRows {
		t.Errorf("protection is %+v, %v", p, err)
	}
	for at, open := range map[string]bool{"A2": false, "B2": true, "C3": true, "B1": false} {
		id, err := f.GetCellStyle("填报", at)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Protection != nil && !s.Protection.Locked; got != open {
			t.Errorf("%s is open %v, want %v", at, got, open)
		}
	}
	rules, err := f.GetDataValidations("填报")
	if err != nil || len(rules) != 1 || rules[0].Sqref != "B2:B3" || rules[0].Formula1 != "choices!$B$1:$B$300" {
		t.Errorf("rules %+v, %v", rules, err)
	}
	if shown, err := f.GetSheetVisible("choices"); err != nil || shown {
		t.Errorf("the lists are shown (%v)", err)
	}
	if got, err := f.GetCellValue("choices", "B300"); err != nil || got != long[299] {
		t.Errorf("the last choice is %q (%v)", got, err)
	}
}

func TestTheSameTableGivesTheSameBytes(t *testing.T) {
	table := sheet.Table{Name: "表", Title: "题", Protected: true, Columns: []sheet.Column{{Head: "甲", Editable: true, Choices: []string{"一", "二"}}, {Head: "乙", Kind: sheet.Number}}}
	var first bytes.Buffer
	for range 5 {
		var b bytes.Buffer
		if err := sheet.WriteXLSX(&b, table, each(sheet.Row{text("一"), number("2.5")}, sheet.Row{text("二"), number("3")})); err != nil {
			t.Fatal(err)
		}
		if first.Len() == 0 {
			first = b
		} else if !bytes.Equal(first.Bytes(), b.Bytes()) {
			t.Fatal("two files of one table differ")
		}
	}
}

func TestATableWithoutRowsIsAFile(t *testing.T) {
	f := written(t, sheet.Table{Title: "题", Notes: []string{"注"}, Columns: []sheet.Column{{Head: "甲", Choices: []string{"一"}}}})
	if got, _ := cell(t, f, "A3", false); got != "注" {
		t.Errorf("the note says %q", got)
	}
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, sheet.Table{Columns: []sheet.Column{{Head: "键", Hidden: true}, {Head: "甲"}}}, each()); err != nil || b.String() != "\ufeff甲\r\n" {
		t.Errorf("csv %q, %v", b.String(), err)
	}
}

// many is a table as wide as a plan's, row by row.
func many(n int) (sheet.Table, iter.Seq2[sheet.Row, error]) {
	table := sheet.Table{Name: "任务", Title: "任务分解表", Landscape: true}
	for i, k := range []sheet.Kind{"", "", "", "", "", sheet.Number, sheet.Number, sheet.Percent, sheet.Day, sheet.Instant} {
		table.Columns = append(table.Columns, sheet.Column{Head: fmt.Sprint("列", i), Kind: k})
	}
	day, at := calendar.NewDate(2010, 1, 1), time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	return table, func(yield func(sheet.Row, error) bool) {
		for i := range n {
			row := sheet.Row{text(fmt.Sprint(i + 1)), text("标准化"), text("新增地理标志保护产品"), text("在旅游、物业、政务服务领域选点试行"), text("泸州市质量技术监督局"),
				number(fmt.Sprint(i)), number(fmt.Sprint(i, ".25")), number("0.5"), {Day: day.AddDays(i % 1000)}, {Instant: at.Add(time.Duration(i) * time.Minute)}}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// heap counts what is alive and what it grew to while rows were written.
func TestMemoryDoesNotGrowWithTheRows(t *testing.T) {
	peak := func(n int) (most uint64) {
		table, rows := many(n)
		watched := func(yield func(sheet.Row, error) bool) {
			i := 0
			for row, err := range rows {
				if i++; i%(n/8) == 0 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
				if !yield(row, err) {
					return
				}
			}
		}
		if err := sheet.WriteXLSX(io.Discard, table, watched); err != nil {
			t.Fatal(err)
		}
		return most
	}
	// Sixteen megabytes of rows are kept before they go to disk, twice that while the buffer grows.
	if few, lots := peak(1000), peak(60_000); lots > few+64<<20 {
		t.Errorf("1,000 rows need %d MB, 60,000 rows %d MB", few>>20, lots>>20)
	}
}

func BenchmarkWriteXLSX100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		table, rows := many(100_000)
		if err := sheet.WriteXLSX(io.Discard, table, rows); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteCSV100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		table, rows := many(100_000)
		if err := sheet.WriteCSV(io.Discard, table, rows); err != nil {
			b.Fatal(err)
		}
	}
}

func TestARowIsAsHighAsItsLongestText(t *testing.T) {
	table := sheet.Table{Columns: []sheet.Column{{Head: "任务", Width: 11}, {Head: "键", Hidden: true}}}
	f := written(t, table, sheet.Row{text("五个中文字"), text(strings.Repeat("k", 99))}, sheet.Row{text("这里有六个字"), {}}, sheet.Row{text("一\n二\nthree words"), {}}, sheet.Row{text(strings.Repeat("长", 9999)), {}})
	for row, want := range map[int]float64{2: 20, 3: 34, 4: 62, 5: 409} {
		if got, err := f.GetRowHeight("Sheet1", row); err != nil || got != want {
			t.Errorf("row %d is %v points high (%v), want %v", row, got, err, want)
		}
	}
}
