package rubric

import (
	"fmt"
	"strings"
	"testing"

	"gongjian/internal/office"
)

// sheet makes a document of one table out of lines whose cells are parted by |. A
// cell ^ belongs to the one above, < to the one on its left. Lines above the
// first with two bars stand alone in their row.
func sheet(format office.Format, text string) office.Document {
	t := &office.Table{Sheet: "表1", Origin: office.Origin{Sheet: "表1"}}
	if format == office.DOCX {
		t.Sheet, t.Origin = "", office.Origin{Table: 1}
	}
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for _, l := range lines {
		t.Columns = max(t.Columns, strings.Count(l, "|")+1)
	}
	t.HiddenColumns = make([]bool, t.Columns)
	for i, l := range lines {
		o := t.Origin
		o.Row = i + 1
		row := office.Row{Origin: o}
		hidden := strings.HasPrefix(l, "#")
		row.Hidden, l = hidden, strings.TrimPrefix(l, "#")
		parts := strings.Split(l, "|")
		for c := range t.Columns {
			cell := office.Cell{ColSpan: 1, RowSpan: 1}
			if c < len(parts) {
				cell.Text = strings.TrimSpace(parts[c])
			}
			switch {
			case cell.Text == "^":
				cell.Text, cell.FromAbove = t.Rows[i-1].Cells[c].Text, true
				for k := i - 1; ; k-- {
					if above := &t.Rows[k].Cells[c]; !above.FromAbove {
						above.RowSpan++
						break
					}
				}
			case cell.Text == "<" || len(parts) == 1 && c > 0 && format != office.CSV:
				cell.Text, cell.FromLeft = row.Cells[c-1].Text, true
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return office.Document{Name: "own." + string(format), Format: format, Blocks: []office.Block{{Table: t}}}
}

func shown(p Points) string {
	if p == nil {
		return "-"
	}
	return p.String()
}

// told writes a rubric in short lines: what is about the whole, the items, the faults.
func told(r Rubric) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%d|%s|%s|%s\n", r.Title, r.Year, r.Issuer, shown(r.Total), shown(r.BonusCap))
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "%s|%s|%s|%s|%s|%s|%s\n", row.Kind, row.No, strings.Join(row.Path, "/"), shown(row.Points), row.Method, row.Scorer, row.Evidence)
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "!%s|%s|%s|%s|%s|%s|%s\n", f.Type, f.Where, shown(f.Label), shown(f.Cell), shown(f.Stated), shown(f.Added), f.Index+f.Formula)
	}
	return b.String()
}

var variants = []struct {
	name   string
	format office.Format
	text   string
	want   string
}{
	{"Rule R-03: merged levels, the cell of the third level merged over its items", office.XLSX, `
广元市2013年质量工作考核细则
一级指标|二级指标|三级指标|评分标准|分值|计分办法|资料来源|考评单位
保障（10分）|组织|1.机构|1.成立领导小组（2分）|5|未成立不得分|文件|市质监局
^|^|^|2.落实人员（3分）|^|每缺1人扣1分|名册|市编办
^|^|2.经费|1.列入预算（5分）|5|未列入不得分|预算|市财政局
加分项|—|—|获国家级奖励|3|每项加3分|证书|市质监局
一票否决|—|—|发生重大事故|—|取消评优资格|通报|市安监局
注：满分10分，加分项合计最高加5分。`, `
广元市2013年质量工作考核细则|2013||10|5
score||保障/组织/1.机构/1.成立领导小组|2|未成立不得分|市质监局|文件
score||保障/组织/1.机构/2.落实人员|3|每缺1人扣1分|市编办|名册
score||保障/组织/2.经费/1.列入预算|5|未列入不得分|市财政局|预算
bonus||加分项/获国家级奖励|3|每项加3分|市质监局|证书
veto||一票否决/发生重大事故|-|取消评优资格|市安监局|通报
`},
	{"Rule R-03: the same as csv, merges lost: blanks below", office.CSV, `
广元市2013年质量工作考核细则|||||||
一级指标|二级指标|三级指标|评分标准|分值|计分办法|资料来源|考评单位
保障（10分）|组织|1.机构|1.成立领导小组（2分）|5|未成立不得分|文件|市质监局
|||2.落实人员（3分）||每缺1人扣1分||市编办
||2.经费|1.列入预算（5分）|5|未列入不得分|预算|市财政局
一票否决|—|—|发生重大事故|—|取消评优资格|通报|市安监局
注：满分10分。|||||||`, `
广元市2013年质量工作考核细则|2013||10|-
score||保障/组织/1.机构/1.成立领导小组|2|未成立不得分|市质监局|文件
score||保障/组织/1.机构/2.落实人员|3|每缺1人扣1分|市编办|
score||保障/组织/2.经费/1.列入预算|5|未列入不得分|市财政局|预算
veto||一票否决/发生重大事故|-|取消评优资格|市安监局|通报
`},
	{"Rule R-03: the same with merged cells repeated in each row", office.CSV, `
一级指标|二级指标|评分标准|分值|计分办法|考评单位
保障|机构（5分）|1.成立领导小组（2分）|5|未成立不得分|市质监局
保障|机构（5分）|2.落实人员（3分）|5|每缺1人扣1分|市编办
保障|经费（6分）|列入预算（4分）|6|未列入不得分|市财政局
保障|经费（6分）|拨付到位（2分）|6|未到位不得分|市财政局`, `
|0||-|-
score||保障/机构/1.成立领导小组|2|未成立不得分|市质监局|
score||保障/机构/2.落实人员|3|每缺1人扣1分|市编办|
score||保障/经费/列入预算|4|未列入不得分|市财政局|
score||保障/经费/拨付到位|2|未到位不得分|市财政局|
`},
	{"Rules R-04, R-07, R-08: headings down one column with points in the text", office.XLSX, `
达州市安全生产委员会办公室
达州市2016年安全生产考核评分表（满分30分）
考核项目|分值|评分办法|计算公式|资料来源|考评单位
一、基础工作（20分）|20||||
（一）制度建设（12分）|||||
1.责任制（6分）|6|每少签1份扣0.5分|N*(-0.5)|责任书|市安监局
2.例会（5分）|6|少于4次的，每少1次扣1分|(N-4)*1|纪要|市安监局
（二）宣传（8分）|||||
1.培训（4分）|4|每缺1期扣2分|N*(-2)|签到册|市安监局
1.专栏（4分）|4|少于6期的，每少1期扣0.5分|(N-6)*(-0.5)|照片|市委宣传部
二、执法（10分）
1.检查（4分）|4|完成计划得满分||台账|市安监局
2.处罚（5分）|5|按比例得分||案卷|市安监局
三、加分
创新做法（加分项，2分）|2|每项加1分||文件|市安监局
四、扣分
瞒报事故（扣分项，-3分）|-3|每起扣3分||通报|市安监局`, `
达州市2016年安全生产考核评分表（满分30分）|2016|达州市安全生产委员会办公室|30|-
score||一、基础工作/（一）制度建设/1.责任制|6|每少签1份扣0.5分|市安监局|责任书
score||一、基础工作/（一）制度建设/2.例会|6|少于4次的，每少1次扣1分|市安监局|纪要
score||一、基础工作/（二）宣传/1.培训|4|每缺1期扣2分|市安监局|签到册
score||一、基础工作/（二）宣传/1.专栏|4|少于6期的，每少1期扣0.5分|市委宣传部|照片
score||二、执法/1.检查|4|完成计划得满分|市安监局|台账
score||二、执法/2.处罚|5|按比例得分|市安监局|案卷
bonus||三、加分/创新做法|2|每项加1分|市安监局|文件
deduction||四、扣分/瞒报事故|3|每起扣3分|市安监局|通报
!label-cell-mismatch|2.例会|5|6|-|-|
!sum-mismatch|二、执法|-|-|10|9|
!duplicate-index|（二）宣传|-|-|-|-|1.
!formula-sign|1.专栏|-|-|-|-|(N-6)*(-0.5)
`},
	{"Rule R-04: the outline as csv", office.CSV, `
雅安市2015年考核评分表|||
考核内容|标准分|评分方法|考核单位
一、目标（15分）|||
1.计划（10分）|10分|未制定不得分|市目督办
2.总结（5分）|5分|每迟报1天扣0.5分|市目督办
二、一票否决|||
1.发生群体性事件||取消评优|市信访局
2.重大违纪||取消评优|市纪委
合计|15||`, `
雅安市2015年考核评分表|2015||15|-
score||一、目标/1.计划|10|未制定不得分|市目督办|
score||一、目标/2.总结|5|每迟报1天扣0.5分|市目督办|
veto||二、一票否决/1.发生群体性事件|-|取消评优|市信访局|
veto||二、一票否决/2.重大违纪|-|取消评优|市纪委|
`},
	{"Rule R-05: starting marks, only deductions, a kind by each rule", office.XLSX, `
青神县督查考核评分细则
本细则起评分为100分，逐项扣减，加分累计不超过10分。
类别|序号|考核内容|扣（加）分标准|分值|评分单位
重点工作|1|未报方案|未报扣5分，迟报扣2分|5|县督查室
^|2|未参会|每次扣1分，扣完为止|3|^
^|3|领导评价|由领导打分，占20分|20|县领导
加分|4|经验推广|每次加2分|2|县府办
否决|5|受到通报|不得评优|—|县委组织部`, `
青神县督查考核评分细则|0||100|10
deduction|1|重点工作/未报方案|5|未报扣5分，迟报扣2分|县督查室|
deduction|2|重点工作/未参会|3|每次扣1分，扣完为止|县督查室|
score|3|重点工作/领导评价|20|由领导打分，占20分|县领导|
bonus|4|加分/经验推广|2|每次加2分|县府办|
veto|5|否决/受到通报|-|不得评优|县委组织部|
`},
	{"Rule R-05: without a score column the amount is in the rule", office.DOCX, `
类别|序号|扣分事项|扣分标准|评分单位
日常|1|迟报信息|每次扣0.5分|办公室
^|2|不到会|每次扣2分|办公室
^|3|弄虚作假|发现1次扣10分|督查室`, `
|0||-|-
deduction|1|日常/迟报信息|0.5|每次扣0.5分|办公室|
deduction|2|日常/不到会|2|每次扣2分|办公室|
deduction|3|日常/弄虚作假|10|发现1次扣10分|督查室|
`},
	{"Rule R-03: the rule is itself the item, the path ends at its heading", office.XLSX, `
2014年考核评分细则
考核项目|考核内容|评分标准|分值|考核部门
组织领导（10分）|机构健全（4分）|成立机构得2分，明确专人得2分|4|市政府办
^|经费保障（6分）|1.列入预算（4分）|6|市财政局
^|^|2.足额拨付（2分）|^|市财政局
总计|||10|`, `
2014年考核评分细则|2014||10|-
score||组织领导/机构健全|4|成立机构得2分，明确专人得2分|市政府办|
score||组织领导/经费保障|4|1.列入预算（4分）|市财政局|
score||组织领导/经费保障|2|2.足额拨付（2分）|市财政局|
`},
	{"Rule R-02: two header rows, other columns, any order, a hidden row", office.XLSX, `
某市2012年食品安全考核评分标准
制表单位：某市食品安全委员会办公室
序号|考核单位|考核指标|<|分值|评分细则|评分依据|得分|<
^|^|一级指标|二级指标|^|^|^|自评|考评
1|市食安办|监管|巡查|6|每少1次扣1分|记录||
2|市农业局|^|检测|4|达到95%得满分|报告||
#3|市商务局|^|去年的项目|9|不用|无||
备注：总分10分||||||||`, `
某市2012年食品安全考核评分标准|2012|某市食品安全委员会办公室|10|-
score|1|监管/巡查|6|每少1次扣1分|市食安办|记录
score|2|监管/检测|4|达到95%得满分|市农业局|报告
`},
	{"Rule R-07: an index column with a number twice under one heading", office.XLSX, `
考核类别|序号|考核内容|分值|评分办法|评分单位
管理|1|制度|5|无制度不得分|甲局
^|2|人员|5|无人员不得分|甲局
^|2|设备|5|无设备不得分|甲局
^|4|经费|5|无经费不得分|甲局
效果|1|满意度|5|按比例得分|乙局
^|2|投诉|5|每起扣1分|乙局`, `
|0||-|-
score|1|管理/制度|5|无制度不得分|甲局|
score|2|管理/人员|5|无人员不得分|甲局|
score|2|管理/设备|5|无设备不得分|甲局|
score|4|管理/经费|5|无经费不得分|甲局|
score|1|效果/满意度|5|按比例得分|乙局|
score|2|效果/投诉|5|每起扣1分|乙局|
!duplicate-index|设备|-|-|-|-|2
`},
	{"Rule R-04: chapter rows over columns, and parts after them", office.DOCX, `
考核内容|考核要点|分值|评分细则|考核单位
一、党建（20分）
班子建设|民主生活会|10|未召开不得分|组织部
^|理论学习|10|每少1次扣1分|宣传部
二、加分项（最高5分）
表彰奖励|获省级表彰|3|每次加3分|人社局
三、否决事项
廉政|班子成员违法|/|取消资格|纪委`, `
|0||-|5
score||一、党建/班子建设/民主生活会|10|未召开不得分|组织部|
score||一、党建/班子建设/理论学习|10|每少1次扣1分|宣传部|
bonus||二、加分项/表彰奖励/获省级表彰|3|每次加3分|人社局|
veto||三、否决事项/廉政/班子成员违法|-|取消资格|纪委|
`},
	{"Rule R-08: formulas that count what is taken off as a positive number", office.XLSX, `
考核项目|分值|评分办法|扣分公式|考核单位
1.报表|5|每迟报1次扣0.5分|N*0.5|甲局
2.会议|5|少于4次，每少1次扣1分|(4-N)*1|甲局
3.检查|5|少于2次，每少1次扣1分|(N-2)*1|甲局
4.评分|5|每错1处扣0.1分|5-N*0.1|甲局`, `
|0||-|-
score||1.报表|5|每迟报1次扣0.5分|甲局|
score||2.会议|5|少于4次，每少1次扣1分|甲局|
score||3.检查|5|少于2次，每少1次扣1分|甲局|
score||4.评分|5|每错1处扣0.1分|甲局|
!formula-sign|3.检查|-|-|-|-|(N-2)*1
`},
}

func TestARubricIsReadAsACarefulReaderWould(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			doc := sheet(v.format, v.text)
			if !Is(doc) {
				t.Error("not recognised as a rubric")
			}
			if got, want := told(Read(doc)), strings.TrimLeft(v.want, "\n"); got != want {
				t.Errorf("read\n%s\nwant\n%s", got, want)
			}
		})
	}
}
