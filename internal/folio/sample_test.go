package folio

import (
	"fmt"
	"strings"

	"gongjian/internal/calendar"
)

const sentence = "为认真落实省人民政府与国家质检总局签署的合作备忘录，推进质量强省建设，经研究，决定成立协调小组，现将有关事项通知如下："

// letter is a short document with a red head, a seal's room and an imprint.
func letter() Document {
	return Document{
		Head: "四川省质量技术监督局文件", Number: "川质监函〔2010〕12号",
		Title: "关于印发推进质量强省合作备忘录年度工作计划任务分解表的通知",
		To:    "各市、州人民政府，省级有关部门",
		Body: []Block{
			{Text: sentence},
			{Level: 1, Text: "一、提高认识"},
			{Text: strings.Repeat("各单位要按照“谁主管、谁负责”的原则，于2010年9月底前完成ISO 9001认证、QMS体系建设等12项任务，完成率达到98.5%以上。", 3)},
			{Level: 2, Text: "（一）明确责任"},
			{Level: 3, Text: "1.牵头单位对任务负总责，协办单位积极配合。"},
			{Level: 4, Text: "（1）每月25日前填报进展。"},
		},
		Annexes: []Annex{{Title: "年度工作计划任务分解表"}},
		Sign:    []string{"四川省质量技术监督局"}, Date: calendar.NewDate(2010, 6, 5),
		CopyTo: "省政府办公厅，省发展改革委，省经济和信息化委，国家质检总局办公厅，各直属检验检测机构", Printer: "四川省质量技术监督局办公室",
		Printed: calendar.NewDate(2010, 6, 7), Code: "7K3M-Q9TX-2F6D", CheckURL: "https://example.org/check/7K3M-Q9TX-2F6D",
	}
}

// grid is a document of body text only, to measure.
func grid() Document {
	return Document{Body: []Block{{Text: strings.Repeat("质量强省建设合作备忘录任务分解表督办通报考核办法", 60)}}}
}

// tasks is a table as the annex of a plan has it.
func tasks(rows int) *Table {
	t := &Table{Caption: "任务分解表", Columns: []Column{{Head: "序号", Width: 2, Align: Center}, {Head: "工作任务", Width: 14}, {Head: "目标值", Width: 4, Align: Right},
		{Head: "完成时限", Width: 5}, {Head: "牵头单位", Width: 6}, {Head: "协办单位", Width: 8}}}
	for i := range rows {
		if i%20 == 0 {
			t.Rows = append(t.Rows, Row{Chapter: true, Cells: []string{chinese(i/20+1) + "、第" + chinese(i/20+1) + "方面的任务"}})
		}
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprint(i + 1), fmt.Sprintf("任务%d：建成国家级检验检测中心并通过验收，形成服务能力", i+1), fmt.Sprintf("%d.5", i),
			"2010年12月底前", "省质量技术监督局", "省发展改革委、省财政厅、凉山彝族自治州人民政府"}})
	}
	t.Rows = append(t.Rows, Row{Bold: true, Cells: []string{"", "合计", "1770.0"}})
	return t
}

// notice runs over two pages and has an upright annex and one across.
func notice() Document {
	d := letter()
	d.Head, d.Signer = "四川省质量技术监督局", "张X"
	d.Title = "关于报送合作备忘录落实情况的请示"
	d.Body = append(d.Body, Block{Text: strings.Repeat(sentence, 8)})
	d.Annexes = []Annex{
		{Title: "考核办法。", Body: []Block{{Level: 1, Text: "一、总则"}, {Text: sentence}}},
		{Title: "任务分解表", Landscape: true, Body: []Block{{Table: tasks(60)}}},
	}
	return d
}

// longCell is 3,000 characters that can be told apart.
func longCell() string {
	var b strings.Builder
	for i := 0; b.Len() < 3000*3; i++ {
		fmt.Fprintf(&b, "第%s项情况说明，", chinese(i+1))
	}
	return b.String()
}

// bulletin is a 通报 with a ranking, long names and a cell higher than a page.
func bulletin() Document {
	t := &Table{Caption: "2010年度考核排名", Columns: []Column{{Head: "名次", Width: 1, Align: Center}, {Head: "单位", Width: 4}, {Head: "得分", Width: 1, Align: Right}, {Head: "说明", Width: 4}}}
	for i, name := range []string{"成都市人民政府", "甘孜藏族自治州人民政府", "阿坝藏族羌族自治州人民政府", "凉山彝族自治州木里藏族自治县人民政府", "北川羌族自治县人民政府"} {
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprint(i + 1), name, fmt.Sprintf("%.2f", 98.5-float64(i)), ""}})
	}
	t.Rows[2].Cells[3] = longCell()
	return Document{
		Head: "四川省推进质量强省工作领导小组办公室文件", Number: "川质强办发〔2011〕3号", Title: "关于2010年度合作备忘录落实情况的通报",
		To: "各成员单位", Body: []Block{{Text: sentence}, {Table: t}, {Text: "请各单位认真整改。生僻字：𰻞𫠜镕䶮\U000e0fff。"}},
		Sign: []string{"四川省质量技术监督局", "四川省发展和改革委员会"}, Date: calendar.NewDate(2011, 1, 20), Draft: true,
	}
}
