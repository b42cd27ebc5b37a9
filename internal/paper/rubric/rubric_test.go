package rubric

import (
	"encoding/json"
	"strings"
	"testing"

	"gongjian/internal/office"
)

// Rule R-01: tables that speak of points or of scoring and are no rubrics.
func TestR01ATaskTableIsNoRubric(t *testing.T) {
	for name, text := range map[string]string{
		"a task table with points": `
2013年质量工作目标任务分解表
序号|工作任务|牵头单位|配合单位|完成时限|分值
1|新增四川名牌产品|市质监局|市农业局|10月底前|5
2|签订目标责任书|市质监局|各区县|3月底前|3`,
		"a task table with weights and a target": `
序号|目标任务|目标值|责任单位|完成时限|权重
1|名牌产品|3个|市质监局|年底前|10%`,
		"a task table that is also assessed": `
类别|工作任务|具体措施|责任单位|完成时限|考核单位|备注
质量|抽检|每季度抽检|市质监局|全年|市目标督办|`,
		"a sheet of results": `
单位|得分|排名|备注
甲县|95|1|
乙县|90|2|`,
		"a list of telephone numbers": `
单位|联系人|电话|职务
甲局|张X|1234|科长`,
		"a plan with the funds of each item": `
项目名称|建设内容|责任单位|投资|完成时限
检测中心|设备|市质监局|100万元|2013年底`,
	} {
		if Is(sheet(office.XLSX, text)) || Is(sheet(office.CSV, text)) {
			t.Errorf("%s is taken for a rubric", name)
		}
	}
	if Is(office.Document{}) {
		t.Error("an empty document is taken for a rubric")
	}
}

// Rule R-01: of two tables in one document the larger says what it is.
func TestR01OfTwoKindsTheLargerDecides(t *testing.T) {
	rubric := sheet(office.DOCX, "项目|分值|评分办法|考核单位\n制度|5|无制度不得分|甲局")
	tasks := "序号|工作任务|牵头单位|完成时限\n"
	for range 6 {
		tasks += "1|新增名牌|市质监局|10月底前\n"
	}
	table := sheet(office.DOCX, tasks).Blocks[0].Table
	table.Origin.Table = 2
	for i := range table.Rows {
		table.Rows[i].Origin.Table = 2
	}
	rubric.Blocks = append(rubric.Blocks, office.Block{Table: table})
	if Is(rubric) {
		t.Error("a notice with six tasks and one scored item is taken for a rubric")
	}
}

// Rule R-06: what stands around the table.
func TestR06WhatIsAboutTheWhole(t *testing.T) {
	body := "\n考核项目|分值|评分办法|考核单位\n制度|5|无制度不得分|甲局"
	tests := []struct{ above, below, want string }{
		{"眉山市2014年督查考核评分表（100分）", "", "眉山市2014年督查考核评分表（100分）|2014||100|-"},
		{"甲县质量考核细则", "\n注：实行百分制，加分项最高不超过8分。", "甲县质量考核细则|0||100|8"},
		{"甲县质量考核细则\n甲县人民政府办公室　　二〇一三年三月", "\n说明：总分120分；附加分累计以10分为限。", "甲县质量考核细则|2013|甲县人民政府办公室|120|10"},
		{"2015年考核评分标准", "\n备注：每项加分不超过2分，满分为200分。", "2015年考核评分标准|2015||200|-"},
		{"考核单位：甲县质监局\n2015年考核评分标准", "\n注：加分最高加3分，不计入总分50分。", "2015年考核评分标准|2015|甲县质监局|50|3"},
	}
	for _, test := range tests {
		got, _, _ := strings.Cut(told(Read(sheet(office.XLSX, test.above+body+test.below))), "\n")
		if got != test.want {
			t.Errorf("read %s, want %s", got, test.want)
		}
	}
}

// Rule R-06: a notice in Word names the rubric, its issuer and the year.
func TestR06TheNoticeAroundTheTable(t *testing.T) {
	doc := sheet(office.DOCX, "序号|考核内容|评分标准|分值|评分单位\n1|制度|无制度不得分|5|甲局")
	var blocks []office.Block
	for i, text := range []string{"甲县人民政府办公室", "关于印发《甲县质量考核办法》的通知", "各乡镇人民政府：", "现将《甲县质量考核办法》印发给你们，满分100分。", "2012年5月6日", "附件", "甲县质量考核评分细则"} {
		blocks = append(blocks, office.Block{Paragraph: &office.Paragraph{Text: text, Origin: office.Origin{Paragraph: i + 1}}})
	}
	doc.Blocks = append(blocks, doc.Blocks...)
	if got, _, _ := strings.Cut(told(Read(doc)), "\n"); got != "甲县质量考核评分细则|2012|甲县人民政府办公室|100|-" {
		t.Errorf("read %s", got)
	}
}

// Rule R-09: rules that contradict themselves are doubts, and no faults.
func TestR09WhatContradictsItselfIsADoubt(t *testing.T) {
	tests := []struct{ points, rule, want string }{
		{"5", "每发现1起扣6分", "takes-more"},
		{"5", "每发现1起扣6分，扣完为止", ""},
		{"5", "完成得6分，未完成不得分", "gives-more"},
		{"6", "第1—3名得6分，第3—5名得4分", "overlap"},
		{"6", "第1—3名得6分，第4—5名得4分，其余得2分", ""},
		{"6", "90%—95%得3分，92%—98%得5分", "overlap"},
		{"6", "90%—95%得3分，95%—98%得5分", ""},
		{"1-3", "视情况得分", "range"},
		{"", "视情况得分", "no-points"},
		{"5", "新获保护得5分；通过初审得3分", ""},
	}
	for _, test := range tests {
		r := Read(sheet(office.XLSX, "考核项目|分值|评分办法|考核单位\n一、甲|10|不得分|甲局\n二、乙|"+test.points+"|"+test.rule+"|乙局"))
		var codes []string
		for _, d := range r.Doubts {
			codes = append(codes, d.Code)
		}
		if got := strings.Join(codes, " "); got != test.want || len(r.Faults) > 0 {
			t.Errorf("%s points, %s: doubts %q, faults %d; want %q and none", test.points, test.rule, got, len(r.Faults), test.want)
		}
	}
	r := Read(sheet(office.XLSX, "考核项目|分值|评分办法\n制度|10|无制度不得分\n加分项（最高2分）||\n获奖|3|每次加3分"))
	if len(r.Doubts) != 1 || r.Doubts[0].Code != DoubtCap {
		t.Errorf("a cap of 2 above a bonus of 3: doubts %v", r.Doubts)
	}
}

// Rule R-08: the direction of a formula beside its rule.
func TestR08TheDirectionOfAFormula(t *testing.T) {
	tests := []struct {
		formula, rule string
		want          direction
	}{
		{"(N-3)*(-1)", "少于3家的，每少1家扣1分", reversed},
		{"(3-N)*(-1)", "少于3家的，每少1家扣1分", right},
		{"(N-2)*0.1", "少于2次的，每少1次扣0.1分", right},
		{"N*(-0.4)", "每起扣0.4分", right},
		{"N×(-0.4)", "每起扣0.4分", right},
		{"-0.4*N", "每起扣0.4分", right},
		{"N*0.4", "每起扣0.4分", reversed},
		{"5-N*0.4", "每起扣0.4分", right},
		{"5+N*0.4", "每起扣0.4分", reversed},
		{"=MAX(0,5-F7*0.5)", "每漏1家扣0.5分", right},
		{"=IF(N<3,(3-N)*1,0)", "少于3次，每少1次扣1分", reversed},
		{"(95%-X)*100*(-1)", "低于95%的，每低1个百分点扣1分", right},
		{"(X-95%)*100*(-1)", "低于95%的，每低1个百分点扣1分", reversed},
		{"(N-5)*(-1)", "超过5件的，每超1件扣1分", right},
		{"(N-5)*1", "超过5件的，每超1件扣1分", reversed},
		{"N*1", "每次加1分", unclear},
		{"A*B", "每起扣1分", unclear},
		{"按比例", "每起扣1分", unclear},
		{"((((", "每起扣1分", unclear},
		{"N/0", "每起扣1分", unclear},
		{"", "每起扣1分", unclear},
	}
	for _, test := range tests {
		if got := signOf(test.formula, test.rule).direction; got != test.want {
			t.Errorf("%s beside %q: direction %d, want %d", test.formula, test.rule, got, test.want)
		}
	}
}

func TestPointsAreReadAsTheyArePrinted(t *testing.T) {
	for text, want := range map[string]string{
		"1.质量规划（2分）": "2", "一、组织领导（20 分）": "20", "管理(共10分)": "10", "加分项（最高5分）": "5", "检查不力（扣分项，-0.5分）": "0.5",
		"组织领导（二十分）": "20", "制度【３分】": "3", "组织领导 10分": "10", "制度（半数以上）": "-", "报送（每次2分）": "-", "评价（得分率80分）": "-", "写入得2分": "-",
	} {
		if got := shown(readWords(text).label); got != want {
			t.Errorf("%s prints %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"10": "10", "10分": "10", "-0.5": "0.5", "＋3": "3", "0.30000000000000004": "0.3", "—": "-", "5-10": "10", "最高5分": "5", "不限": "-", "见附表": "-"} {
		if got := shown(readCell(text).points); got != want {
			t.Errorf("cell %s holds %s, want %s", text, got, want)
		}
	}
}

func TestTheJSONHasTheSchemaOfItsTruths(t *testing.T) {
	b, err := Read(sheet(office.XLSX, faulty)).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Total *float64
		Rows  []struct {
			Kind   string
			Path   []string
			Points *float64
			Method string `json:"method_text"`
		}
		Faults []map[string]any
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Rows) != 4 || len(out.Faults) != 4 || *out.Rows[0].Points != 2 || out.Faults[0]["label"] != 0.2 {
		t.Errorf("written: %s", b)
	}
}

// FuzzARubricIsReadWithoutAPanic reads tables made of any text: whatever comes
// out has a path for each row, and can be kept.
func FuzzARubricIsReadWithoutAPanic(f *testing.F) {
	for _, v := range variants {
		f.Add(v.text, v.format == office.CSV)
	}
	f.Add(faulty, true)
	f.Add("分值|评分办法\n（|（（（\n^|<", false)
	f.Fuzz(func(t *testing.T, text string, csv bool) {
		if len(text) > 4000 || strings.HasPrefix(strings.Trim(text, "\n"), "^") || strings.Contains(text, "\n^") && csv {
			return
		}
		format := office.XLSX
		if csv {
			format = office.CSV
		}
		first, _, _ := strings.Cut(strings.Trim(text, "\n"), "\n")
		if strings.Contains(first, "^") || strings.HasPrefix(strings.TrimSpace(first), "<") || strings.Contains(text, "\n<") {
			return // not a table that sheet can make
		}
		doc := sheet(format, text)
		r := Read(doc)
		Is(doc)
		for _, row := range r.Rows {
			if len(row.Path) == 0 || row.Kind == mixed || row.Kind == "" {
				t.Errorf("a row without path or kind: %+v", row)
			}
		}
		raw, err := r.Keep()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(raw); err != nil {
			t.Fatalf("kept and not readable: %v", err)
		}
		if s, err := r.Scheme(answered(r, 0), setting()); err == nil && len(r.Rows) > 0 {
			_, _ = s.Check(), r.Capped(s)
		}
	})
}
