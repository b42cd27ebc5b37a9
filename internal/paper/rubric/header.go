package rubric

import (
	"regexp"
	"slices"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/paper"
)

// role is what a column holds.
type role string

const (
	roleNone     role = ""
	roleNo       role = "no"
	roleLevel    role = "level"
	roleStandard role = "standard" // 评分标准: the rule, or a level beside a column that is more clearly the rule
	roleMethod   role = "method"
	rolePoints   role = "points"
	roleFormula  role = "formula"
	roleScorer   role = "scorer"
	roleDoer     role = "doer" // 责任单位: scores where nobody else is named
	roleEvidence role = "evidence"
	roleKind     role = "kind"
	roleOther    role = "other" // a column that has no field here
	roleTask     role = "task"  // a column that speaks for a task table
)

// headerRules name a role by the words of a header; the first that matches wins.
// Rule R-02.
var headerRules = []struct {
	role  role
	words *regexp.Regexp
}{
	{roleNo, regexp.MustCompile(`^(?:序号|编号|项次|序|号|no\.?|№|指标序号|指标编号|项目编号|代码|项号)$`)},
	{roleFormula, regexp.MustCompile(`公式`)},
	{roleOther, regexp.MustCompile(`被考|被评|自评|自查|复核|复评|实得|实际得|考核得分|考评得分|评估得分|最终得分|本次得分|得分情况|扣分情况|扣分原因|扣分理由|加分情况|扣分事由|扣分说明|^扣分$|^加分$|^减分$|^得分$|得分小计|备注|完成情况|完成值|实际值|考核结果|考评结果|评分结果|联系人|电话|签字|签名|审核意见|考核对象|适用|考核时间|考核周期|频次|计分周期`)},
	{rolePoints, regexp.MustCompile(`分值|标准分|应得分|满分|权重|基本分|基准分|基础分|赋分$|^分数|配分|总分|规定分|^分$|标准得分|最高分|考核分$|分数$|计分值|单项分|项目分`)},
	{roleKind, regexp.MustCompile(`计分类型|评分类型|计分性质|指标性质|加扣分类型|^性质$`)},
	{roleStandard, regexp.MustCompile(`^(?:评分|考核|考评|评价|评定|考核评分|考核评价|评估|测评|检查|验收|督查|计分|打分)(?:标准|要求|要点|内容及标准|内容和标准)$|^(?:标准|标准要求|内容及标准)$`)},
	{roleMethod, regexp.MustCompile(`(?:[评打计记赋给扣加减得]|扣\(加\)|加\(扣\)|加\(减\)|加、扣|加减|加扣)分(?:的)?(?:办法|方法|方式|细则|规则|说明|情形|标准|依据和标准|标准及办法|要求|口径|与说明)|(?:考核|考评|评价|评定|评估|计算)(?:评分)?(?:办法|细则|规则)|^(?:细则|办法|评分|计分|打分|评分项)$|处理(?:办法|结果|方式)?$|结果运用|计算方法|否决后果|后果`)},
	{roleEvidence, regexp.MustCompile(`材料|资料|依据|佐证|数据来源|信息来源|来源|台账|支撑|印证|凭证|证明|备查`)},
	{roleScorer, regexp.MustCompile(`(?:考核|考评|评分|打分|计分|评价|评定|评估|赋分|测评|核分|认定|审核|督查|评议)(?:责任|牵头|主管|实施|负责)?(?:单位|部门|主体|机构|科室|处室|股室|人员|人$|者|小组|组$|机关|领导)|考核牵头|牵头考核|考核责任|评分责任|考核方$|考评方$`)},
	{roleTask, regexp.MustCompile(`完成时限|时限|完成时间|配合单位|协办|截止|主办单位|具体措施|工作措施`)},
	{roleDoer, regexp.MustCompile(`责任(?:单位|部门|科室|处室|主体)|牵头(?:单位|部门)|负责(?:单位|部门)|主管(?:单位|部门)|数据提供|提供(?:单位|部门)|^单位$|^部门$`)},
	{roleOther, regexp.MustCompile(`(?:考核|考评|检查|评价|核查|评分|评估)(?:方式|方法|形式|途径)|目标值|指标值|完成目标|年度目标|解释|口径|责任人|负责人|领导`)},
	{roleLevel, regexp.MustCompile(`[一二三四五]级|类别|类型|分类|领域|方面|大项|小项|子项|板块|模块|维度|考核|考评|评价|指标|项目|内容|事项|任务|要素|工作|要求|要点|加分项|扣分项|减分项|否决|情形|行为|标准|名称|项$`)},
}

// classify names the role of a header text.
func classify(header string) role {
	s := strings.ToLower(paper.Plain(header))
	if s == "" || len([]rune(s)) > 24 || strings.ContainsAny(s, "。;") {
		return roleNone
	}
	bare := bracketedWords.ReplaceAllString(s, "")
	for _, text := range []string{bare, s} {
		for _, r := range headerRules {
			if text != "" && r.words.MatchString(text) {
				return r.role
			}
		}
	}
	return roleNone
}

// bracketedWords are the brackets of a header that only explain: 分值（分）, but
// not the one of 扣（加）分标准.
var bracketedWords = regexp.MustCompile(`\([^()]{2,}\)|\(分\)$|\(%\)$`)

// header is the reading of a header row, or of two of them.
type header struct {
	at, rows int
	roles    []role
	texts    []string
	levels   []int // columns of the path, from the top down
	standard bool  // a column of 标准 is part of the path
	kind     Kind  // what the header says of all rows: 加分标准
	inherit  bool  // a table without a header that goes on from the one before
}

func (h header) column(r role) int { return slices.Index(h.roles, r) }

// readHeader reads the row as a header of a rubric.
func readHeader(t *office.Table, at int) (header, bool) {
	row := t.Rows[at]
	if row.Hidden {
		return header{}, false
	}
	h := header{at: at, rows: 1, roles: make([]role, t.Columns), texts: make([]string, t.Columns)}
	known, cells := 0, 0
	for c, cell := range row.Cells {
		h.texts[c] = paper.Tidy(cell.Text)
		if t.HiddenColumns[c] || h.texts[c] == "" || cell.FromLeft && cell.Text == row.Cells[c-1].Text {
			continue
		}
		cells++
		if h.roles[c] = classify(h.texts[c]); h.roles[c] != roleNone {
			known++
		}
	}
	if cells < 2 || known < 2 || known*3 < cells*2 {
		return header{}, false
	}
	h.joinSecondRow(t)
	h.spread(t)
	h.settle()
	return h, len(h.levels) > 0 || h.column(roleMethod) >= 0 && h.column(rolePoints) >= 0
}

// joinSecondRow takes in a second header row: 考核指标 over 一级指标, 二级指标.
func (h *header) joinSecondRow(t *office.Table) {
	if h.at+1 >= len(t.Rows) {
		return
	}
	above, next := t.Rows[h.at], t.Rows[h.at+1]
	var fresh []int
	for c, cell := range next.Cells {
		text := paper.Tidy(cell.Text)
		if text == "" || cell.FromAbove || cell.FromLeft {
			continue
		}
		group := above.Cells[c].FromLeft || above.Cells[c].ColSpan > 1 || h.texts[c] == "" ||
			c+1 < len(h.texts) && h.texts[c+1] == ""
		if len([]rune(text)) > 12 || classify(text) == roleNone || !group {
			return
		}
		fresh = append(fresh, c)
	}
	if len(fresh) < 2 {
		return
	}
	h.rows = 2
	for _, c := range fresh {
		h.texts[c] = paper.Tidy(next.Cells[c].Text)
		h.roles[c] = classify(h.texts[c])
	}
}

// spread gives the columns below one wide header cell its role: 考核内容 over three
// columns of levels.
func (h *header) spread(t *office.Table) {
	row := t.Rows[h.at]
	for c := 1; c < len(h.roles); c++ {
		left := h.roles[c-1]
		if h.roles[c] == roleNone && !t.HiddenColumns[c] && row.Cells[c].FromLeft && (left == roleLevel || left == roleStandard) && h.texts[c] == h.texts[c-1] {
			h.roles[c] = left
		}
	}
}

var levelRank = regexp.MustCompile(`([一二三四五])级`)

// settle gives every field one column and orders the levels.
func (h *header) settle() {
	h.one(roleNo, roleMethod, rolePoints, roleFormula, roleScorer, roleEvidence, roleKind)
	if h.column(roleScorer) < 0 {
		if c := h.column(roleDoer); c >= 0 {
			h.roles[c] = roleScorer
		}
	}
	method := h.column(roleMethod) >= 0
	for c, r := range h.roles {
		if r != roleStandard {
			continue
		}
		if method {
			h.roles[c], h.standard = roleLevel, true
		} else {
			h.roles[c], method = roleMethod, true
		}
	}
	ranked := true
	for c, r := range h.roles {
		if r == roleLevel {
			h.levels = append(h.levels, c)
			ranked = ranked && levelRank.MatchString(h.texts[c])
		}
	}
	if ranked {
		rank := func(c int) int {
			return strings.Index("一二三四五", levelRank.FindStringSubmatch(h.texts[c])[1])
		}
		slices.SortStableFunc(h.levels, func(a, b int) int { return rank(a) - rank(b) })
	}
	for c, r := range h.roles {
		if r == roleMethod || r == roleLevel {
			if k := sectionKind(h.texts[c]); k != "" && h.kind == "" {
				h.kind = k
			} else if k != "" && k != h.kind {
				h.kind = mixed
			}
		}
	}
}

// one leaves each of the roles to the first column that claims it; a second rule
// column (评分标准 beside 评分办法) is a level only when it is a standard.
func (h *header) one(roles ...role) {
	for _, r := range roles {
		first := h.column(r)
		for c := first + 1; first >= 0 && c < len(h.roles); c++ {
			if h.roles[c] == r {
				h.roles[c] = roleOther
			}
		}
	}
}

var rubricTitle = regexp.MustCompile(`评分细则|考核细则|评分表|评分标准|考核评分|评分办法|考评细则|计分办法|打分表|考核标准|考核评价|考评标准|评价指标|考核指标|评价细则|计分细则|考核办法|考核评定|评分方案|督查考核|考核表|考评表`)

// weight says how much a header with the words above it looks like a rubric: Rule
// R-01, three and more do. What a task table says of time and of who does the
// work counts against it.
func (h header) weight(above string) int {
	w := 0
	for r, n := range map[role]int{rolePoints: 2, roleMethod: 2, roleFormula: 1, roleTask: -2} {
		if h.column(r) >= 0 {
			w += n
		}
	}
	for c, r := range h.roles {
		if r == roleScorer && !strings.Contains(h.texts[c], "责任单位") && !strings.Contains(h.texts[c], "牵头单位") {
			w++
		}
		if r == roleLevel && levelRank.MatchString(h.texts[c]) {
			w++
			break
		}
	}
	if h.kind != "" {
		w++
	}
	if rubricTitle.MatchString(paper.Plain(above)) {
		w++
	}
	if h.column(rolePoints) < 0 && h.column(roleMethod) < 0 {
		return 0
	}
	return w
}
