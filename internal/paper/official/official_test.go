package official

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/folio"
	"gongjian/internal/org"
)

var update = flag.Bool("update", false, "write the texts of testdata as they are now; read them before keeping them")

func frame() Frame {
	return Frame{
		Head: "四川省质量技术监督局文件", Number: "川质监合〔2010〕12号", Issuer: "四川省质量技术监督局", To: "各有关单位",
		Date: calendar.NewDate(2010, 6, 7), CopyTo: "省政府办公厅", Printer: "四川省质量技术监督局办公室",
		Code: "7K3M-Q9TX-2F6D", CheckURL: "https://example.org/d/7K3M-Q9TX-2F6D", Closing: "执行中的问题，请及时报告。",
	}
}

func planData() *PlanData {
	return &PlanData{
		Frame: frame(), Title: "泸州市2010年度质量兴市工作计划", Year: 2010, Memorandum: "质量兴市合作备忘录",
		Rows: []TaskRow{
			{No: "1", Chapter: []Text{"一、品牌建设", "（一）名牌"}, Title: "新增四川名牌产品", Measures: "组织推荐\n培育企业", Leads: "泸州市质量技术监督局", Cooperating: "泸州市农业局、泸州市经济委员会", Target: "不少于20个", Deadline: "10月底前"},
			{No: "2", Chapter: []Text{"一、品牌建设", "（一）名牌"}, Title: "建设有机产品示范区", Leads: "泸州市人民政府", Target: "2个", Deadline: "2010年12月31日前", Note: "力争"},
			{No: "3", Chapter: []Text{"一、品牌建设", "（二）标准"}, Title: "制定地方标准", Leads: "泸州市农业局", Target: "3项", Deadline: "9月底前"},
			{No: "4", Chapter: []Text{"二、检测能力"}, Title: "建成国家级检测中心", Leads: "泸州市质量技术监督局", Deadline: "长期坚持"},
		},
	}
}

// examples is one document of each kind.
func examples() []Data {
	tasks := planData().Rows
	tasks[0].Role, tasks[1].Role = RoleWord(true), RoleWord(false)
	return []Data{
		&MemorandumData{
			Frame: frame(), Title: "《质量兴市合作备忘录》", Parties: []Text{"四川省质量技术监督局", "泸州市人民政府"}, Signed: calendar.NewDate(2010, 1, 6),
			Until: calendar.NewDate(2012, 12, 31), Place: "成都", Clauses: []Clause{{"第一条", "双方共同推进质量兴市。"}, {"第二条", "甲方支持乙方建设检测中心。"}},
			Commitments: []Commitment{{"第二条", "四川省质量技术监督局", "支持建设国家级检测中心", "泸州市人民政府"}},
		},
		planData(),
		&ImplementationData{
			Frame: frame(), Title: "泸州市2010年度质量兴市工作计划", Aim: "以质取胜，共建质量强市。", Office: "泸州市质量技术监督局", OfficeHead: "局长",
			Seats: []Seat{{"组长", "泸州市人民政府", "分管副市长"}, {"成员", "泸州市质量技术监督局", "局长"}}, Safeguards: []Text{"落实经费，列入年度预算。", "按季度通报进展。"},
			Stages: []Stage{{"动员部署", calendar.NewDate(2010, 3, 1), calendar.NewDate(2010, 3, 31), "印发方案，分解任务"}},
		},
		&UnitTasksData{Frame: frame(), Unit: "泸州市质量技术监督局", Year: 2010, Rows: tasks[:2]},
		&ScorecardData{
			Frame: frame(), Assessed: "泸州市人民政府", Scheme: "合作备忘录落实情况考核办法", Period: "2010年1至6月", AsOf: calendar.NewDate(2010, 6, 30), Total: "86.5", Grade: "B",
			Place: 3, Of: 21, Median: "84.0", Digest: "0f1e2d",
			Lines: []ScoreLine{{"1", "目标任务", "60.00", "50.50", "", true}, {"1.1", "新增四川名牌产品", "30.00", "20.50", "完成度68%", false}},
		},
		&BulletinData{
			Frame: frame(), Scheme: "合作备忘录落实情况考核办法", Period: "2010年1至6月", Group: "市（州）", AsOf: calendar.NewDate(2010, 6, 30), Median: "84.0",
			Standings: []Standing{
				{Place: 1, Name: "成都市", Total: "95.0", Grade: "A", Before: 1}, {Place: 2, Name: "泸州市", Total: "90.0", Grade: "A", Before: 5},
				{Place: 3, Name: "凉山彝族自治州", Total: "84.0", Grade: "C", Before: 2, Capped: []Text{"4.1"}}, {Name: "巴中市", Total: "40.0"},
			},
		},
	}
}

// written is the text of the docx that the data makes.
func written(t *testing.T, d Data) string {
	t.Helper()
	doc, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	file, err := (&Press{}).DOCX(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	text, err := textOf(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEachKindSaysWhatItSaidBefore(t *testing.T) {
	kinds := map[Kind]bool{}
	for _, d := range examples() {
		kinds[d.Kind()] = true
		name := filepath.Join("testdata", string(d.Kind())+".txt")
		got := written(t, d)
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s says\n%s\nand said\n%s", d.Kind(), got, want)
		}
	}
	for _, k := range Kinds() {
		if !kinds[k] {
			t.Errorf("no example of %s", k)
		}
		d, err := New(k)
		if err != nil || d.Kind() != k {
			t.Errorf("New(%s) is %v, %v", k, d, err)
		}
	}
}

// hostile fills every text of a value with text that would be markup.
func hostile(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		hostile(v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[calendar.Date]() {
			return
		}
		for i := range v.NumField() {
			hostile(v.Field(i), n)
		}
	case reflect.Slice:
		for i := range v.Len() {
			hostile(v.Index(i), n)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[Text]() {
			*n++
			v.SetString(fmt.Sprintf("# 甲%d | 乙\n\ntable:\ncol: x\nannex: y [landscape]\\e {{.Title}} <w:t>&", *n))
		}
	}
}

// Text escapes itself: whatever stands in whatever field comes out as these words
// and makes no table, annex or heading of its own.
func TestTextOfUsersIsNeverMarkup(t *testing.T) {
	for _, d := range examples() {
		plain, err := Make(d)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		hostile(reflect.ValueOf(d), &n)
		if n < 10 {
			t.Fatalf("%s: only %d texts found", d.Kind(), n)
		}
		doc, err := Make(d)
		if err != nil {
			t.Errorf("%s: %v", d.Kind(), err)
			continue
		}
		if len(doc.Annexes) != len(plain.Annexes) {
			t.Errorf("%s has %d annexes, want %d", d.Kind(), len(doc.Annexes), len(plain.Annexes))
		}
		tables := func(d folio.Document) (n int) {
			for _, a := range d.Annexes {
				for _, b := range a.Body {
					if b.Table != nil {
						n++
					}
				}
			}
			return n
		}
		if tables(doc) != tables(plain) {
			t.Errorf("%s has %d tables, want %d", d.Kind(), tables(doc), tables(plain))
		}
		for _, a := range doc.Annexes {
			if !strings.Contains(a.Title, "[landscape]") {
				t.Errorf("%s: the annex is called %q", d.Kind(), a.Title)
			}
		}
	}
}

func TestAPlanWithoutTasksHasNoAnnex(t *testing.T) {
	d := planData()
	d.Rows = nil
	doc, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Annexes) != 0 || !strings.Contains(written(t, d), "尚未列入任务") {
		t.Errorf("%+v", OutlineOf(doc))
	}
}

func TestTwoHundredRowsAndLongNamesAreAllThere(t *testing.T) {
	d := planData()
	d.Rows = nil
	long := Text(strings.Repeat("攀枝花市仁和区大龙潭彝族乡质量强区工作领导小组", 6))
	for i := range 200 {
		d.Rows = append(d.Rows, TaskRow{No: Text(fmt.Sprint(i + 1)), Title: Text(fmt.Sprintf("任务第%d号", i+1)), Measures: Text(strings.Repeat("采取措施。", 30)), Leads: long, Deadline: "年底前"})
	}
	doc, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	if n := OutlineOf(doc).Rows; n != 200 {
		t.Errorf("%d rows", n)
	}
	text := written(t, d)
	for i := range 200 {
		if !strings.Contains(text, fmt.Sprintf("任务第%d号\n", i+1)) {
			t.Fatalf("row %d is lost", i+1)
		}
	}
}

func TestADraftHasNeitherNumberNorCode(t *testing.T) {
	for _, d := range examples() {
		f := d.About()
		f.Draft, f.Code, f.CheckURL, f.Number = true, "", "", Text(Number("川质监合", 2010, 0))
		text := written(t, d)
		if codeForm.MatchString(text) || strings.Contains(text, "12号") || !strings.Contains(text, "〔2010〕") {
			t.Errorf("%s: %s", d.Kind(), text)
		}
	}
}

// Rule D-01.
func TestDatesAreWrittenInArabicFiguresWithoutZerosInFront(t *testing.T) {
	for d, want := range map[calendar.Date]string{calendar.NewDate(2010, time.June, 7): "2010年6月7日", calendar.NewDate(2010, time.December, 31): "2010年12月31日", {}: ""} {
		if got := Day(d); got != want {
			t.Errorf("%v is written %q", d, got)
		}
	}
}

// Rule D-02.
func TestANumberHasMarkYearAndSerial(t *testing.T) {
	if got := Number("川质监合", 2010, 7); got != "川质监合〔2010〕7号" {
		t.Error(got)
	}
	if got := Number("川质监合", 2010, 0); strings.ContainsAny(strings.TrimPrefix(got, "川质监合〔2010〕"), "0123456789") {
		t.Errorf("a draft is numbered %q", got)
	}
}

func TestSpans(t *testing.T) {
	for p, want := range map[calendar.Period]Text{
		{Kind: calendar.Month, Year: 2010, Index: 6}: "2010年1至6月", {Kind: calendar.Month, Year: 2010, Index: 1}: "2010年1月",
		{Kind: calendar.Year, Year: 2010, Index: 1}: "2010年度", {Kind: calendar.Quarter, Year: 2010, Index: 2}: "2010年1至6月",
	} {
		if got := Span(p); got != want {
			t.Errorf("%v is %s, want %s", p, got, want)
		}
	}
}

// The facts that are kept make the same document again.
func TestKeptFactsMakeTheSameDocument(t *testing.T) {
	for _, d := range examples() {
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := New(d.Kind())
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, again); err != nil {
			t.Fatal(err)
		}
		if a, b := written(t, d), written(t, again); a != b {
			t.Errorf("%s: from kept facts\n%s\nnot\n%s", d.Kind(), b, a)
		}
	}
	if _, err := New("letter"); err == nil {
		t.Error("a kind that is none has data")
	}
}

// Rule D-04.
func TestAStyleIsChecked(t *testing.T) {
	good := Style{Head: "四川省质量技术监督局文件", Mark: "川质监合"}
	for _, c := range []struct {
		change func(*Style)
		field  string
	}{
		{func(*Style) {}, ""},
		{func(s *Style) { s.Top, s.Lines, s.BodyFont = 30, 20, "仿宋" }, ""},
		{func(s *Style) { s.Head = " " }, "head"},
		{func(s *Style) { s.Mark = "川质监〔2010〕" }, "mark"},
		{func(s *Style) { s.Mark = "" }, "mark"},
		{func(s *Style) { s.Left = 100 }, "left"},
		{func(s *Style) { s.Bottom = 1 }, "bottom"},
		{func(s *Style) { s.Lines = 100 }, "lines"},
		{func(s *Style) { s.Characters = 2 }, "characters"},
		{func(s *Style) { s.HeiFont = "<x>" }, "hei_font"},
	} {
		s := good
		c.change(&s)
		err := s.Check()
		var l fault.List
		if c.field == "" && err != nil {
			t.Errorf("%+v: %v", s, err)
		} else if c.field != "" {
			if l, _ = err.(fault.List); len(l) != 1 || l[0].Field != c.field {
				t.Errorf("%+v: %v, want a fault at %s", s, err, c.field)
			}
		}
	}
	l := Style{Top: 30, Characters: 27, BodyFont: "仿宋"}.Layout()
	if standard := folio.Standard(); l.Top != 30 || l.Characters != 27 || l.BodyFont != "仿宋" || l.Left != standard.Left || l.Lines != standard.Lines {
		t.Errorf("%+v", l)
	}
}

func TestAProposedStyleCanStand(t *testing.T) {
	for _, c := range []struct {
		unit org.Unit
		city string
		mark string
	}{
		{org.Unit{Name: "四川省质量技术监督局", Short: "省质监局", Level: org.Province, Region: "510000", Kind: org.Agency, Function: org.FunctionQuality}, "", "川质监合"},
		{org.Unit{Name: "泸州市质量技术监督局", Short: "市质监局", Level: org.City, Region: "510500", Kind: org.Agency, Function: org.FunctionQuality}, "泸州市", "泸质监合"},
		{org.Unit{Name: "泸州市人民政府", Level: org.City, Region: "510500", Kind: org.Government}, "泸州市", "泸府合"},
		{org.Unit{Name: "江阳区质量技术监督局", Level: org.County, Region: "510502", Kind: org.Agency, Function: org.FunctionQuality}, "泸州市", "泸江质监合"},
	} {
		s := DefaultStyle(c.unit, c.city)
		if s.Mark != c.mark || s.Check() != nil {
			t.Errorf("%s: %+v: %v", c.unit.Name, s, s.Check())
		}
	}
}

// BenchmarkUnitTasks makes the year's notices of 3,000 units: issue 3 wants them
// in less than ten seconds.
func BenchmarkUnitTasks(b *testing.B) {
	d := &UnitTasksData{Frame: frame(), Unit: "泸州市质量技术监督局", Year: 2010}
	for i := range 15 {
		d.Rows = append(d.Rows, TaskRow{No: Text(fmt.Sprint(i + 1)), Title: "新增四川名牌产品", Measures: "组织推荐、培育企业、加强指导", Role: "牵头", Leads: "泸州市质量技术监督局", Cooperating: "泸州市农业局", Target: "不少于20个", Deadline: "10月底前"})
	}
	p := &Press{}
	for b.Loop() {
		for i := range 3000 {
			d.Unit = Text(fmt.Sprintf("第%d号单位", i))
			doc, err := Make(d)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := p.DOCX(doc, folio.Standard()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
