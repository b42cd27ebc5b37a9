package rubric

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"gongjian/internal/assess"
	"gongjian/internal/paper"
)

const figure = `(\d{1,6}(?:\.\d{1,20})?)`

var (
	cellPoints   = regexp.MustCompile(`^\(?(?:最高|最多|不超过|上限|满分|共|计|每[次项个件起]|加|扣|减|≤|<=|±)?(?:加|扣|减)?([+-]?)` + figure + `(?:分|\(分\)|%)?\)?$`)
	cellSpan     = regexp.MustCompile(`^[+-]?\d{1,6}(?:\.\d{1,6})?分?[-至到]` + figure + `(?:分)?$`)
	noPoints     = regexp.MustCompile(`^(?:-+|/|\\|无|不限|无上限|×|不设分值?|不计分)$`)
	closing      = regexp.MustCompile(`[（(【\[〔]([^（）()【】\[\]〔〕]*分)[）)】\]〕]\s*$`)
	anyBracket   = regexp.MustCompile(`\(([^()]*分)\)`)
	labelWords   = regexp.MustCompile(`^(?:[^,，:]{0,8}[,，:])?(?:本项|小计|共|计|共计|合计|满分|总分|分值|标准分|基础分|权重|占|最高|最多|最高加|最多加|最高得|加|扣|减|上限|不超过|累计不超过|合计不超过|累计最高|合计最高|总计不超过|最高不超过)?(?:为)?[+-]?` + figure + `分$`)
	chineseLabel = regexp.MustCompile(`^(?:共|计|满分)?([一二三四五六七八九十百]+)分$`)
	bareLabel    = regexp.MustCompile(`(?:^|[^\d.,得扣加减每占满至到\-])` + figure + `分$`)
	capWords     = regexp.MustCompile(`最高|最多|上限|不超过`)
)

// parse reads a decimal number of points.
func parse(s string) Points {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return nil
	}
	// A spreadsheet keeps 0.3 as 0.30000000000000004.
	return &assess.Points{Decimal: d.Round(6)}
}

// cell is a score cell as read.
type scoreCell struct {
	points   Points
	negative bool
	none     bool // says that there are none: —, 不限
	blank    bool
	span     bool // 5-10: the upper end
}

// readCell reads a score cell: 10, 10分, -0.5, 最高5分, 5-10.
func readCell(text string) scoreCell {
	s := paper.Plain(text)
	switch m := cellPoints.FindStringSubmatch(s); {
	case s == "":
		return scoreCell{blank: true}
	case noPoints.MatchString(s):
		return scoreCell{none: true}
	case m != nil:
		return scoreCell{points: parse(m[2]), negative: m[1] == "-" || strings.ContainsAny(s, "扣减")}
	}
	if m := cellSpan.FindStringSubmatch(s); m != nil {
		return scoreCell{points: parse(m[1]), span: true, negative: strings.HasPrefix(s, "-")}
	}
	return scoreCell{}
}

// words are the words of a heading or item with what is printed in them.
type words struct {
	text  string // without the closing bracket of points
	label Points
	cap   bool // the label is a most (最高5分)
	mark  Kind // 加分项, 扣分项 in the bracket; "" when nothing is said
}

// readWords takes the points out of a text. Rule R-03: a closing bracket that ends
// in 分 is no part of the name.
func readWords(text string) words {
	w := words{text: paper.Tidy(text)}
	inside := ""
	if m := closing.FindStringSubmatchIndex(w.text); m != nil && m[0] > 0 {
		inside = paper.Plain(w.text[m[2]:m[3]])
		w.text = strings.TrimSpace(w.text[:m[0]])
	}
	plain := paper.Plain(text)
	if inside == "" {
		if m := anyBracket.FindStringSubmatch(plain); m != nil && labelWords.MatchString(m[1]) && !capWords.MatchString(m[1]) {
			inside = m[1]
		} else if m := bareLabel.FindStringSubmatch(plain); m != nil && len([]rune(plain)) <= 30 && !strings.ContainsAny(plain, "每扣") {
			inside = m[1] + "分"
		}
	}
	w.label, w.cap = readLabel(inside), capWords.MatchString(inside)
	w.mark = bracketMark(plain)
	return w
}

// readLabel reads what stands in a bracket: 10分, 共10分, 扣分项，-0.5分. Amounts
// for each one (每次2分) and spans are no label.
func readLabel(inside string) Points {
	if inside == "" || strings.Contains(inside, "每") {
		return nil
	}
	if m := labelWords.FindStringSubmatch(inside); m != nil {
		return parse(m[1])
	}
	if m := chineseLabel.FindStringSubmatch(inside); m != nil {
		return parse(paper.ChineseNumber(m[1]))
	}
	return nil
}

var markBracket = regexp.MustCompile(`[(\[]([^()\[\]]{0,20})[)\]]$|^[(\[]([^()\[\]]{0,8})[)\]]`)

// bracketMark reads 加分项, 扣分项, 一票否决 in a bracket at either end.
func bracketMark(plain string) Kind {
	m := markBracket.FindStringSubmatch(plain)
	if m == nil {
		return ""
	}
	switch inside := m[1] + m[2]; {
	case strings.Contains(inside, "否决"):
		return Veto
	case strings.Contains(inside, "加分") && strings.ContainsAny(inside, "扣减"):
		return mixed
	case strings.Contains(inside, "加分") || strings.Contains(inside, "附加"):
		return Bonus
	case strings.Contains(inside, "扣分") || strings.Contains(inside, "减分"):
		return Deduction
	}
	return ""
}

var (
	leadingNumber = regexp.MustCompile(`^(?:第?[一二三四五六七八九十百]+(?:部分|[、.．])|\([一二三四五六七八九十百\d]+\)|\d+(?:\.\d+)*[、.)]?)`)
	innerBracket  = regexp.MustCompile(`\([^()]*\)`)
	mixedWords    = regexp.MustCompile(`加减分|加扣分|加\(减\)分|加\(扣\)分|扣\(加\)分|减\(加\)分|加、减分|加、扣分|奖惩分?|奖扣分?|加分.{0,4}[扣减]分|[扣减]分.{0,4}加分`)
	bonusWords    = regexp.MustCompile(`加分|附加分|奖励分|奖分|激励分|附加项|奖励项|激励项|附加指标`)
	minusWords    = regexp.MustCompile(`扣分|减分|倒扣|负面清单|惩戒项|惩罚项|罚分|负向指标`)
	wholeMark     = regexp.MustCompile(`^(?:加分|扣分|减分|附加分|奖励加分|一票否决|否决)(?:项|项目|事项|指标|类|内容|因素|情形)?$`)
)

// sectionKind is the kind that the words of a heading give to what stands under
// it; "" when they say nothing. Rule R-05.
func sectionKind(text string) Kind {
	s := leadingNumber.ReplaceAllString(paper.Plain(text), "")
	if m := mixedWords.FindString(s); m != "" && len([]rune(s)) <= 16 {
		return mixed
	}
	s = innerBracket.ReplaceAllString(s, "")
	if len([]rune(s)) > 14 {
		return ""
	}
	switch {
	case strings.Contains(s, "否决"):
		return Veto
	case bonusWords.MatchString(s):
		return Bonus
	case minusWords.MatchString(s):
		return Deduction
	}
	return ""
}
