package paper

import (
	"regexp"
	"strings"
)

// field is what a column of a task table holds.
type field string

const (
	fieldNone        field = ""
	fieldNo          field = "no"
	fieldChapter     field = "chapter"
	fieldTask        field = "task"
	fieldMeasures    field = "measures"
	fieldLead        field = "lead"
	fieldCooperating field = "cooperating"
	fieldPeople      field = "people"
	fieldDeadline    field = "deadline"
	fieldTarget      field = "target"
	fieldUnit        field = "unit" // 计量单位
	fieldNote        field = "note"
	fieldOther       field = "other" // a column that has no field here
)

// headerRule names a field by the words of its header. The first rule that
// matches wins, so the telling words stand above the general ones: 牵头领导 is a
// person, 牵头单位 a unit, 目标任务 a task and 目标值 a target. Rule I-02.
var headerRules = []struct {
	field field
	words *regexp.Regexp
}{
	{fieldNo, regexp.MustCompile(`^(?:序号|编号|项次|序|号|no\.?|№|任务编号|任务序号|序列号?|项目编号|项号|(?:项目|任务|条目|细目|事项|顺|总)(?:序号|编号|序|号)|条目)$`)},
	{fieldPeople, regexp.MustCompile(`(?:责任人|负责人|领导).*电话`)},
	{fieldOther, regexp.MustCompile(`电话|手机|联系方式|联系人|联络|经办|职务|邮箱|传真|进展|完成情况|落实情况|推进情况|存在问题|困难|得分|分值|权重|评分|自评|签字|签名|盖章|完成率|上年|去年|往年|上一年|现状|基期|任务数|单位数|开始时间|起始时间|启动时间|开工时间|填报|报送时间|季度目标|形象进度|一季度|二季度|三季度|四季度|资金|投资|经费|预算|佐证|依据|考核方式|评价|频次|来源|出处|销号|督办|督查单位|督导单位|监督单位`)},
	{fieldLead, mixedHeader},
	{fieldPeople, regexp.MustCompile(`领导|责任人|负责人|牵头人|承办人|挂帅|分管|包保|专班长|责任人员|具体责任者|负责同志|人员$`)},
	{fieldNote, regexp.MustCompile(`^(?:备注|备注说明|说明|附注|注|其他|其它|备注事项|情况说明|其他说明|备考)$`)},
	{fieldUnit, regexp.MustCompile(`计量单位|^量词$|^量纲$|指标单位|目标单位|单位名称\(量\)|数量单位`)},
	{fieldCooperating, regexp.MustCompile(`配合|协办|协助|协同|参与|参加|会办|支持单位|支持部门|协作|联办|联系单位|(?:其他|其它|共同)责任|联合(?:单位|部门)|^(?:相关|有关)(?:单位|部门)$`)},
	{fieldLead, regexp.MustCompile(`牵头|主办|主责|承办|责任单位|责任部门|责任主体|承接单位|办理单位|责任(?:股室|地区|县区|区县|县市|市县|乡镇)|责任科室|责任处室|责任分工|责任机构|负责单位|负责部门|落实单位|实施单位|实施主体|承担单位|承担部门|完成单位|主管单位|主管部门|单位分工|任务分工|^分工$|^责任$|工作分工|职责分工|执行单位|落实部门|建设单位`)},
	{fieldDeadline, regexp.MustCompile(`时限|时间|期限|节点|截止|完成日期|办结日期|进度安排|进度要求|工期|完成时|年限|计划进度|实施进度|^进度$`)},
	{fieldTarget, regexp.MustCompile(`(?:指标|任务|目标|计划)值`)},
	{fieldChapter, regexp.MustCompile(`^[一二]级(?:指标|目标)$`)},
	{fieldTask, regexp.MustCompile(`^三级指标$|目标任务|任务目标|任务指标|工作目标任务|目标与任务|目标及任务`)},
	{fieldTarget, regexp.MustCompile(`目标|指标|数量|任务量|计划数|预期值|标准值|量化|完成标准|达到标准|预期成[效果]`)},
	{fieldMeasures, regexp.MustCompile(`措施|举措|做法|步骤|具体|细化|分解|子任务|工作要求|任务要求|实施内容|落实内容|推进内容|推进计划|实施路径|推进方式|路径`)},
	{fieldChapter, regexp.MustCompile(`类别|领域|分类|类型|条款|承诺方|板块|大类|方面|篇章|章节|模块|类$|一级指标|项目类|所属|专题|^专项$|工程名称`)},
	{fieldTask, regexp.MustCompile(`任务|内容|事项|项目|工作|要点|重点|举办|名称|议题`)},
}

// mixedHeader heads a column of units and persons together: 责任单位及责任人.
var mixedHeader = regexp.MustCompile(`(?:单位|部门).*(?:责任人|负责人|领导)|(?:责任人|负责人|领导).*(?:单位|部门)`)

// classify names the field of a header text.
func classify(header string, year int) field {
	s := strings.ToLower(plainText(header))
	if m := fourDigits.FindString(s); m != "" && year != 0 && atoi(m) < year {
		return fieldOther // 2011年责任单位 in a table of 2012
	}
	bare := bracketed.ReplaceAllString(s, "")
	if bare == "" {
		bare = s
	}
	if len(bare) > 60 || strings.ContainsAny(bare, "。;") {
		return fieldNone // a sentence
	}
	for _, r := range headerRules {
		if r.words.MatchString(bare) {
			return r.field
		}
	}
	if bare == "单位" {
		return fieldLead
	}
	return fieldNone
}

var (
	fourDigits = regexp.MustCompile(`\d{4}`)
	bracketed  = regexp.MustCompile(`\([^)]*\)`)
)

// column is one column of a task table.
type column struct {
	field  field
	header string // as printed, the lowest row of the header
	parent string // the groups above it
}

// header is the reading of a header of one row or more.
type header struct {
	columns []column
	rows    int // that the header takes, 1 to 3
	unknown int // texts that no rule of headers knows
}

// has reports whether some column has the field.
func (h header) has(f field) bool {
	for _, c := range h.columns {
		if c.field == f {
			return true
		}
	}
	return false
}

// isTaskTable: Rule I-01, a task table says what is to be done, and by whom or
// by when or how much of it.
func (h header) isTaskTable() bool {
	if !h.has(fieldTask) {
		return false
	}
	return h.has(fieldLead) || h.has(fieldCooperating) || h.has(fieldDeadline) || h.has(fieldTarget) && h.has(fieldNo)
}

// settle gives every field one column where several claim it.
func (h *header) settle() {
	var texts, leads []int
	for i, c := range h.columns {
		switch c.field {
		case fieldTask, fieldMeasures:
			texts = append(texts, i)
		case fieldLead:
			leads = append(leads, i)
		}
	}
	h.settleTexts(texts)
	h.settleLeads(leads)
	seen := map[field]bool{}
	for i, c := range h.columns {
		switch c.field {
		case fieldNo, fieldTask, fieldMeasures, fieldDeadline, fieldTarget, fieldUnit, fieldNote:
			if seen[c.field] {
				h.columns[i].field = fieldOther
			}
			seen[c.field] = true
		}
	}
}

// settleTexts: Rule I-03, of two text columns the left one holds the task and
// the other the measures; of three the first is a category.
func (h *header) settleTexts(texts []int) {
	tasks := 0
	for _, i := range texts {
		if h.columns[i].field == fieldTask {
			tasks++
		}
	}
	switch {
	case len(texts) == 1 || tasks == 0 && len(texts) > 0:
		h.columns[texts[0]].field = fieldTask
	case tasks > 1 && len(texts) == 2:
		h.columns[texts[1]].field = fieldMeasures
	case tasks > 1 && len(texts) > 2:
		h.columns[texts[0]].field = fieldChapter
		h.columns[texts[1]].field = fieldTask
		h.columns[texts[2]].field = fieldMeasures
	}
}

var strongLead = regexp.MustCompile(`牵头|主办|主责`)

// settleLeads: beside a column of leaders (牵头单位) one of 责任单位 cooperates,
// unless there is a column that says 配合 itself.
func (h *header) settleLeads(leads []int) {
	if len(leads) < 2 {
		return
	}
	strong := -1
	for _, i := range leads {
		if strong < 0 && strongLead.MatchString(headerText(h.columns[i])) {
			strong = i
		}
	}
	for _, i := range leads {
		switch {
		case strong < 0 && i != leads[0]:
			if h.columns[i].header == "单位" || plainText(h.columns[i].header) == "单位" {
				h.columns[i].field = fieldUnit
			} else {
				h.columns[i].field = fieldOther
			}
		case strong >= 0 && i != strong && plainText(h.columns[i].header) == "单位":
			h.columns[i].field = fieldUnit
		case strong >= 0 && i != strong && !h.has(fieldCooperating):
			h.columns[i].field = fieldCooperating
		case strong >= 0 && i != strong:
			h.columns[i].field = fieldOther
		}
	}
}
