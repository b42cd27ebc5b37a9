package paper

import (
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongjian/internal/task"
)

// measureWords are the words that count results (量词). Longer ones are tried first.
var measureWords = longestFirst(strings.Fields(`
	% ‰ 个百分点 百分点 个 家 户 家次 户次 次 场 场次 期 批 批次 项 项次 件 件次 起 宗 例 台 台套 台(件) 台件 台次 套 辆 艘 架 处 座 所 间 栋 幢 条 部 本 册 份 篇 张 块 幅 枚
	名 人 人次 位 户数 对 组 支 队 亩 公顷 平方米 平方公里 立方米 ㎡ ㎥ km kg kW KW MW 公里 千米 米 吨 公斤 斤 千克 克 吨标准煤 千瓦 兆瓦 千瓦时 度 升 立方 株 轮 轮次 趟 头 只 羽 尾 匹 班次 课时 学时 车次 航次
	元 美元 欧元 港元 人民币 单 票 笔 片 点 点位 盏 根 桶 箱 包 瓶 眼 口 道 标段 村 乡镇 县 社区 学校 企业 品牌 标准 产品 专利 参数 款 门 类 种 层 级 分 天 小时 个工作日 工作日 日 分钟 周 个月 微克/立方米 毫克/升`))

func longestFirst(words []string) []string {
	sort.SliceStable(words, func(i, j int) bool { return len(words[i]) > len(words[j]) })
	return words
}

// timeUnits count time: in a sentence they are mostly no result.
var timeUnits = map[string]bool{"天": true, "小时": true, "个工作日": true, "工作日": true, "日": true, "分钟": true, "周": true, "个月": true}

// vagueUnits are too common as parts of other words to count results in a sentence.
var vagueUnits = map[string]bool{"级": true, "类": true, "点": true, "度": true, "分": true, "口": true, "眼": true, "道": true, "层": true, "种": true, "门": true, "包": true, "村": true, "县": true, "对": true, "队": true, "班次": true, "企业": true, "学校": true, "社区": true, "标准": true, "产品": true, "品牌": true}

var (
	chineseCount = regexp.MustCompile(`(?:不少于|不低于|至少|不超过|不多于|约|力争|完成|[-至到])([一二两三四五六七八九十百]+)(?:个|家|次|项|所|处|座|场|期|批|件|名|户|台|条|起|人|份|部|[-至到])`)
	chineseTail  = regexp.MustCompile(`(?:^|[^第〇一二两三四五六七八九十百千])([一二两三四五六七八九十百]+)(?:个|家|次|项|所|处|座|场|期|批次|件|名|户|台|条|起)(?:以上|左右|以内|[-至到])`)
	chineseWhole = regexp.MustCompile(`^([一二两三四五六七八九十百]+)(?:个|家|次|项|所|处|座|场|期|批次|件|名|户|台|条|起|批|人|份|部)$`)
	chinesePair  = regexp.MustCompile(`([一二两三四五六七八九十]+)[-至到][一二两三四五六七八九十]+(?:个|家|次|项|所|处|座|场|期|批|件|名|户|台|条|起|人|份|部)`)
	percentWords = regexp.MustCompile(`百分之[一二两三四五六七八九十百\d.]+`)

	goalNumber = regexp.MustCompile(`(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)`)
	zeroWords  = regexp.MustCompile(`(?:实现)?"?零"?的?突破|零(?:发生|事故|死亡|投诉|伤亡|差错|积压|违规|新增|火灾|案件|上访|感染)|全覆盖`)
	quotedPart = regexp.MustCompile(`"[^"]{0,60}"`)

	// The words of comparison; 不 turns their direction round.
	compareBefore = regexp.MustCompile(`(不(?:得|能|可)?)?(?:(少于|低于|小于)|(超过|高于|多于|大于|突破|超))$`)
	atLeastBefore = regexp.MustCompile(`(?:至少|最少|≥|>=|>|达到|达)$`)
	atMostBefore  = regexp.MustCompile(`(?:≤|<=|<|控制在|压缩(?:到|至)|缩短(?:到|至)|最多|至多)$`)
	aboutBefore   = regexp.MustCompile(`(?:大约|大概|约)$`)
	aboutAfter    = regexp.MustCompile(`^(?:左右|上下)`)
	atLeastAfter  = regexp.MustCompile(`^(?:及?以上|或以上|\+)`)
	atMostAfter   = regexp.MustCompile(`^(?:以内|之内|及?以下)`)
	nounAfter     = regexp.MustCompile(`^(?:的|[\p{Han}A-Za-z])`)
	// 5000吨标准煤以上企业: the limit stands a few characters after the unit.
	limitLater  = regexp.MustCompile(`^[\p{Han}]{0,5}?以[上下](?:的|[\p{Han}])`)
	givenBefore = regexp.MustCompile(`(?:给予|补助|补贴|奖励|奖|处|罚款|罚|标准)[^,;。、]{0,4}$`)
	neverBefore = regexp.MustCompile(`(?:不发生|不出现|杜绝|防止|避免)$`)
	badBefore   = regexp.MustCompile(`(?:[A-Za-z第前近连续]|[A-Za-z]-|连续|国道|省道|县道|\d[./:])$`)
)

// foldGoal folds a text and writes the Chinese numbers that count in figures.
func foldGoal(text string) folded {
	f := fold(text)
	if !strings.ContainsAny(text, "一二两三四五六七八九十百") {
		return f
	}
	f = f.replace(percentWords, func(s string) string {
		return chineseToArabic(strings.TrimPrefix(s, "百分之")) + "%"
	})
	for _, p := range []*regexp.Regexp{chinesePair, chineseCount, chineseCount, chineseTail, chineseWhole} {
		f = f.replace(p, chineseToArabic)
	}
	return f
}

// scanGoals lists the numbers of a text that can be goals, in order. Whole is
// true for a target cell, where the measure word may be unknown or missing.
func scanGoals(s string, whole bool) []goal {
	var out []goal
	masked := s
	if !whole { // what is quoted is a name: “三个100%”, “500强”
		masked = quotedPart.ReplaceAllStringFunc(s, func(q string) string { return strings.Repeat("\x00", len(q)) })
	}
	zero := zeroWords.FindAllStringIndex(masked, -1)
	numbers := goalNumber.FindAllStringIndex(masked, -1)
	end := 0
	for len(zero)+len(numbers) > 0 {
		if len(zero) > 0 && (len(numbers) == 0 || zero[0][0] < numbers[0][0]) {
			g := zeroGoal(s, zero[0])
			out, end, zero = append(out, g), g.end, zero[1:]
			continue
		}
		n := numbers[0]
		numbers = numbers[1:]
		if n[0] < end {
			continue
		}
		if g, ok := numberGoal(masked, n, whole); ok {
			out, end = append(out, g), g.end
		}
	}
	return out
}

// zeroGoal: Rule I-23, goals that are counted without a figure.
func zeroGoal(s string, at []int) goal {
	g := goal{begin: at[0], end: at[1], times: 1, soft: softBefore(s[:at[0]])}
	switch word := s[at[0]:at[1]]; {
	case strings.HasSuffix(word, "突破"):
		g.op = task.OpFirst
	case word == "全覆盖":
		g.op, g.low, g.unit = task.OpEqual, "100", "%"
	default:
		g.op, g.low = task.OpEqual, "0"
	}
	return g
}

// softBefore looks for 力争 in the clause that ends here.
func softBefore(head string) bool {
	if i := strings.LastIndexAny(head, ",;。、"); i >= 0 {
		_, size := utf8.DecodeRuneInString(head[i:])
		head = head[i+size:]
	}
	return softWords.MatchString(head)
}

// maxHead is how far before a number its words are looked for, in bytes.
const maxHead = 120

// numberGoal reads the number at n[0]..n[1] with what stands around it.
func numberGoal(s string, n []int, whole bool) (goal, bool) {
	start := max(0, n[0]-maxHead)
	for start > 0 && !utf8.RuneStart(s[start]) {
		start++
	}
	head := s[start:n[0]]
	if badBefore.MatchString(head) || neverBefore.MatchString(head) {
		return goal{}, false
	}
	g := goal{begin: n[0], op: task.OpEqual, low: s[n[0]:n[1]], times: 1, timesHigh: 1}
	at := g.readNumber(s, n[1])
	more := moreThan.FindString(s[at:])
	if more != "" && !whole {
		return goal{}, false
	}
	at += len(more)
	unit := measureAt(s[at:], whole)
	if unit == "" && (!whole || timeOrName(s[at:])) {
		return goal{}, false
	}
	g.unitAt = [2]int{at, at + len(unit)}
	at += len(unit)
	if m := alsoMeasure.FindStringSubmatch(s[at:]); m != nil && unit != "" && measureAt(m[1], false) == m[1] { // 500个（家）
		at += len(m[0])
		g.unitAt[1] = at
	}
	tail := s[at:]
	switch {
	case more != "":
		g.op, g.vague = task.OpAbout, true
	case whole && timeUnits[unit] && strings.HasPrefix(tail, "内") && g.op != task.OpRange: // 5个工作日内
		g.op = task.OpAtMost
	case g.op != task.OpRange:
		g.op = comparator(head, tail)
	}
	for _, p := range []*regexp.Regexp{aboutAfter, atLeastAfter, atMostAfter} {
		if m := p.FindString(tail); m != "" {
			at += len(m)
			break
		}
	}
	g.end = at
	g.soft = softBefore(head)
	if m := strength.FindStringIndex(head); m != nil {
		g.begin = start + m[0]
	}
	return g, whole && g.judge(head, tail, s[at:], unit, true) || !whole && countsInSentence(&g, head, tail, s[at:], unit)
}

// alsoMeasure is a second measure word in brackets.
var alsoMeasure = regexp.MustCompile(`^\(([\p{Han}]{1,3})\)`)

// 200余批次, 30多家: somewhat more than the figure.
var moreThan = regexp.MustCompile(`^(?:余|多)`)

// strength is the run of words before a number that belong to its phrase.
var strength = regexp.MustCompile(`(?:力争|争取|努力|实现|达到|达|突破|超过|完成|不(?:得|能)?[少低高多大小]于|不得?超过|至少|约|大约|≥|≤|>=|<=|控制在|每[\p{Han}]{1,3})+$`)

// readNumber reads multipliers and the second half of a range; it returns the
// place of the measure word.
func (g *goal) readNumber(s string, at int) int {
	times, size := multiplierAt(s[at:])
	g.times = times
	at += size
	m := rangeTail.FindStringSubmatchIndex(s[at:])
	if m == nil {
		return at
	}
	first := ""
	if m[2] >= 0 {
		first = s[at+m[2] : at+m[3]]
	}
	next := at + m[5]
	timesHigh, size := multiplierAt(s[next:])
	if after := s[next+size:]; first != "" && !strings.HasPrefix(after, first) {
		return at // 3个到5户 is no range
	}
	g.op, g.high, g.timesHigh = task.OpRange, s[at+m[4]:next], timesHigh
	if g.times == 1 { // 3-5万元: the multiplier holds for both
		g.times = timesHigh
	}
	return next + size
}

var rangeTail = regexp.MustCompile(`^(个|家|项|次|件|%|户|名|台)?(?:-+|至|到)(\d+(?:\.\d+)?)`)

func multiplierAt(s string) (int64, int) {
	for _, m := range []struct {
		word  string
		times int64
	}{{"万亿", 1e12}, {"千亿", 1e11}, {"百亿", 1e10}, {"亿", 1e8}, {"千万", 1e7}, {"百万", 1e6}, {"万", 1e4}} {
		if strings.HasPrefix(s, m.word) {
			return m.times, len(m.word)
		}
	}
	return 1, 0
}

// measureAt returns the measure word at the beginning of s. In a target cell an
// unknown word of up to four characters that ends the cell is one as well.
func measureAt(s string, whole bool) string {
	for _, w := range measureWords {
		if rest, ok := strings.CutPrefix(s, w); ok {
			if strings.HasPrefix(rest, "次") { // 趟次, 辆次
				w += "次"
			}
			return w
		}
	}
	if !whole {
		return ""
	}
	run := unknownMeasure.FindString(s)
	for _, suffix := range []string{"及以上", "以上", "左右", "以内", "以下", "上下"} {
		run = strings.TrimSuffix(run, suffix)
	}
	rest := s[len(run):]
	ended := rest == "" || !unicode.Is(unicode.Han, firstRune(rest)) || aboutAfter.MatchString(rest) ||
		atLeastAfter.MatchString(rest) || atMostAfter.MatchString(rest)
	if n := utf8.RuneCountInString(run); n == 0 || n > 4 || !ended || timeOrName(s) {
		return ""
	}
	return run
}

var unknownMeasure = regexp.MustCompile(`^[\p{Han}/]{1,8}`)

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// timeOrName reports that a number is a date, an age, a number of a list or part of a name.
var timeOrNameWord = regexp.MustCompile(`^(?:年|月|号|岁|周岁|时|季度|[A-Za-z]|[./:]\d|热线|线|型|届|以[上下]的?[\p{Han}])`)

func timeOrName(s string) bool { return timeOrNameWord.MatchString(s) }

// comparator: Rules I-20 and I-21.
func comparator(head, tail string) task.Op {
	before := directionBefore(head)
	switch {
	case aboutAfter.MatchString(tail) || aboutBefore.MatchString(head):
		return task.OpAbout
	case before != task.OpEqual:
		return before
	case atMostAfter.MatchString(tail):
		return task.OpAtMost
	case atLeastAfter.MatchString(tail):
		return task.OpAtLeast
	}
	return task.OpEqual
}

// directionBefore reads the comparison that ends right before the number.
func directionBefore(head string) task.Op {
	if m := compareBefore.FindStringSubmatch(head); m != nil {
		if (m[1] != "") == (m[2] != "") { // 不少于, 超过
			return task.OpAtLeast
		}
		return task.OpAtMost
	}
	switch {
	case atLeastBefore.MatchString(head):
		return task.OpAtLeast
	case atMostBefore.MatchString(head):
		return task.OpAtMost
	}
	return task.OpEqual
}

// sizeUnit and sizedThing tell the size of a thing from a number of things.
var (
	sizeUnit   = regexp.MustCompile(`(?:元|吨|标准煤|亩|平方米|平方公里|千瓦|兆瓦|米|公里|千瓦时)$`)
	sizedThing = regexp.MustCompile(`^(?:的\p{Han}|企业|单位|项目|工程|农户|家庭|用户|场所|机构|公司|商户|市场|建筑|锅炉)`)
)

// judge marks a goal of a target cell that only says which objects are meant.
func (g *goal) judge(head, tail, rest, unit string, whole bool) bool {
	bounded := atLeastAfter.MatchString(tail) || atMostAfter.MatchString(tail)
	percent := unit == "%" || strings.Contains(unit, "百分点")
	named := directionBefore(head) != task.OpEqual
	switch {
	case g.op == task.OpEqual && strings.HasSuffix(unit, "元") && strings.HasPrefix(rest, "的"):
		g.qualifies = true
	case bounded && !named && strings.HasPrefix(rest, "的"):
		g.qualifies = true
	case bounded && !named && !percent && nounAfter.MatchString(rest):
		g.qualifies = true
	case !bounded && !named && limitLater.MatchString(tail):
		g.qualifies = true
	case !whole && sizeUnit.MatchString(unit) && sizedThing.MatchString(rest): // 产值超过1亿元企业, 占地200亩的园区
		g.qualifies = true
	}
	return whole || !g.qualifies
}

// countsInSentence: Rule I-24, figures in a sentence that set no goal.
func countsInSentence(g *goal, head, tail, rest, unit string) bool {
	if unit == "" || vagueUnits[unit] {
		return false
	}
	if timeUnits[unit] && g.op != task.OpAtMost {
		return false
	}
	if strings.HasSuffix(unit, "元") && givenBefore.MatchString(head) && g.op == task.OpEqual {
		return false
	}
	return g.judge(head, tail, rest, unit, false)
}
