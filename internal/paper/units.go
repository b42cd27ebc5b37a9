package paper

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SplitUnits lists the names in a unit cell, as printed. Separators are
// 、 ， ； line breaks and spaces, but not inside brackets; a closing 等 or
// 等有关单位 is dropped; a group such as 各区、县级市 stays one name.
// Rules I-30, I-31, I-32 (docs/sources/import.md).
func SplitUnits(text string) []string {
	names, _ := splitUnits(text)
	return names
}

// splitUnits also reports whether a line break may have cut a name in two.
func splitUnits(text string) (names []string, doubtful bool) {
	if len(text) > maxPhrase || blankCell.MatchString(plainText(text)) {
		return nil, len(text) > maxPhrase
	}
	for _, p := range cutNames(listNumber.ReplaceAllString(text, "$1、$2")) {
		name := cleanName(p.text)
		if short := dropAndOthers(name); short != "" { // 市发改委等市级有关部门、各区县政府
			name = short
		}
		if name == "" {
			continue
		}
		if n := len(names); n > 0 {
			switch {
			case p.separator == '、' && belongsTogether(names[n-1], name):
				names[n-1] += "、" + name
				continue
			case p.separator == '\n' && !endsLikeUnit(names[n-1]) && !startsLikeUnit(name):
				names[n-1] += name
				doubtful = true
				continue
			}
		}
		names = append(names, name)
	}
	if n := len(names); n > 0 {
		names[n-1] = dropAndOthers(names[n-1])
		if names[n-1] == "" {
			names = names[:n-1]
		}
	}
	return names, doubtful
}

// listNumber is a number before a name: 1.甲局 2.乙局.
var listNumber = regexp.MustCompile(`(^|[\s，,；;、])[（(]?\d{1,2}[.．、）)]\s*(\p{Han})`)

// piece is a part of a unit cell with the separator before it.
type piece struct {
	separator rune
	text      string
}

// cutNames cuts at separators outside of brackets. A bracket that is never
// closed does not hide the separators behind it.
func cutNames(text string) []piece {
	var out []piece
	depth, separator, start := 0, rune(0), 0
	cut := func(end, next int, r rune) {
		if strings.TrimSpace(text[start:end]) != "" {
			out = append(out, piece{separator, text[start:end]})
			separator = r
		} else if separator == 0 || !unicode.IsSpace(r) || r == '\n' {
			separator = r
		}
		start = next
	}
	closed := strings.Count(text, "）") + strings.Count(text, ")")
	for i, r := range text {
		switch r {
		case '（', '(':
			if closed > 0 {
				depth++
			}
		case '）', ')':
			closed--
			depth = max(0, depth-1)
		}
		if depth > 0 {
			continue
		}
		switch {
		case strings.ContainsRune("、，,；;。", r):
			cut(i, i+utf8.RuneLen(r), r)
		case r == '\n' || r == '\r' || r == '\t':
			cut(i, i+1, '\n')
		case unicode.IsSpace(r) && wordBreak(text, i, r):
			cut(i, i+utf8.RuneLen(r), ' ')
		}
	}
	cut(len(text), len(text), 0)
	return out
}

// wordBreak reports whether a space stands between two Chinese characters.
func wordBreak(text string, at int, space rune) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text[:at], unicode.IsSpace))
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text[at+utf8.RuneLen(space):], unicode.IsSpace))
	return wide(last) && wide(next) && next != '（' && last != '（'
}

var (
	andOthers = regexp.MustCompile(`等(?:[市县区省州级各]{0,4}(?:有关|相关|成员|职能|责任|配合|参与|主管|所属)*(?:责任|职能|成员)?(?:部门|单位|地区|企业|机构|部门和单位|单位和部门|部门（单位）)?|\d+个(?:部门|单位))?$`)
	// generic nouns that 各 before the first of them governs
	levelNoun  = regexp.MustCompile(`^(?:区|县|市|州|旗|镇|乡|县级市|乡镇|街道|园区|区县|县区|县市|市县|县市区|市区|开发区|工业园区|产业园区|街道办事处|街道办|省|部门|单位|企业|科室|处室)(?:[（(][市县区州、]{1,5}[）)])?(?:人民政府|政府|管委会)?$`)
	everyLevel = regexp.MustCompile(`^(?:各|全市各|市级各|有关|各有关|各相关|相关|沿线|沿江|市、)*(?:、?(?:区|县|市|州|旗|镇|乡|区县|县区|县市|市县|县市区|县级市|街道|乡镇)(?:[（(][市县区州、]{1,5}[）)])?)+$`)
	unitEnding = regexp.MustCompile(`(?:局|委|办|厅|部|府|处|室|院|校|站|所|中心|公司|集团|银行|支行|分行|会|队|社|园区|区|县|市|州|镇|乡|街道|大学|学院|海关|单位|部门|企业|组|科|股|馆|台|庭|署|团|联|）|\)|厂|司|办公室|牵头|配合|负责|落实|协助|[:：])$`)
	unitStart  = regexp.MustCompile(`^(?:市|省|州|县|区|各|国|中|人行|团|有关|相关|牵头|配合|协|责任|主办|\p{Han}{2,3}[市县区州])`)
)

func startsLikeUnit(name string) bool { return unitStart.MatchString(name) }

func endsLikeUnit(name string) bool {
	return unitEnding.MatchString(name) && !strings.HasSuffix(name, "城乡") && !strings.HasSuffix(name, "社会")
}

// belongsTogether: Rule I-32, 各 governs both nouns of 各区、县级市.
func belongsTogether(left, right string) bool {
	return everyLevel.MatchString(left) && levelNoun.MatchString(right)
}

// cleanName takes off marks around a name.
func cleanName(s string) string {
	return strings.Trim(Tidy(s), "*＊★☆▲△●○•·-—:：.。 ")
}

func dropAndOthers(name string) string {
	if cut := andOthers.FindStringIndex(name); cut != nil {
		return strings.TrimSpace(name[:cut[0]])
	}
	return name
}

// roles are the units of a cell by what the words in it say that they do.
type roles struct {
	lead, cooperating []string
	marked            bool // the text itself says who leads
	labelled          bool // … by 牵头单位：
	people            []string
	responsible       bool // … by 负责落实 or 分工负责 only, which makes all of them equal
	rest              string
	doubtful          bool
}

const (
	leadVerbs  = `牵头(?:负责|组织实施|组织|抓好|落实|实施)?|主办|承办|主抓`
	equalVerbs = `(?:共同|联合|具体|分别|按职责|按照职责分工|按职责分工)*负责(?:落实|组织实施|抓好|牵头|实施|组织)?|按照?(?:各自)?职责分工(?:落实)?|抓好落实|组织实施|分工落实`
	helpVerbs  = `(?:积极|密切|共同|予以)*(?:配合|协助|协办|参与|参加|协同|支持)(?:落实|实施|做好|抓好)?|指导`
)

var (
	roleLabel = regexp.MustCompile(`(?:(?:第一)?(牵头|主办|主责|承办)|(责任|负责|落实|实施|承担)|(配合|协办|协助|协同|参与|参加|会办|支持|指导))(?:责任)?(?:单位|部门|科室|处室|机构)?[:：]`)
	roleVerb  = regexp.MustCompile(`(?:(` + leadVerbs + `)|(` + equalVerbs + `)|(` + helpVerbs + `))(?:[、，,；;。\s]+|$|(市|省|州|县|区|各))`)
	roleMark  = regexp.MustCompile(`[（(](?:(牵头|主办|主责|牵头单位|主办单位|牵头负责)|(?:配合|协助|协办|参与)(?:单位|部门)?)[）)]`)
)

// readRoles reads a cell or a bracket that may say itself who leads: labels
// (牵头单位：…), verbs (…牵头，…配合) or marks behind a name (…（牵头）).
func readRoles(text string) roles {
	if len(text) > maxPhrase {
		return roles{rest: Tidy(text[:maxPhrase]), doubtful: true}
	}
	if peopleLabel.MatchString(text) { // 责任单位：甲局；责任人：王X
		var c closing
		c.read(text)
		if rest := c.units; rest != "" && !peopleLabel.MatchString(rest) {
			r := readRoles(rest)
			r.people = c.people
			return r
		}
	}
	if roleLabel.MatchString(text) {
		return labelledRoles(text)
	}
	if roleMark.MatchString(text) {
		return markedRoles(text)
	}
	if roleVerb.MatchString(text) {
		return verbRoles(text)
	}
	r := roles{}
	r.lead, r.doubtful = splitUnits(text)
	r.together()
	return r
}

// add puts the names of a text on one side.
func (r *roles) add(text string, helps bool) {
	names, doubtful := splitUnits(text)
	r.doubtful = r.doubtful || doubtful
	if helps {
		r.cooperating = append(r.cooperating, names...)
		return
	}
	r.lead = append(r.lead, names...)
}

// together: Rule I-33, in A会同B、C the first leads and the others cooperate.
func (r *roles) together() {
	for i, name := range r.lead {
		before, after, found := strings.Cut(name, "会同")
		if !found || before == "" || after == "" {
			continue
		}
		before = strings.TrimSuffix(strings.TrimSuffix(before, "负责"), "牵头")
		rest := append([]string{after}, r.lead[i+1:]...)
		rest[len(rest)-1] = doneBehind.ReplaceAllString(rest[len(rest)-1], "")
		r.cooperating = append(rest, r.cooperating...)
		r.lead = append(r.lead[:i:i], strings.TrimPrefix(before, "由"))
		r.marked = true
		return
	}
}

// doneBehind closes 甲会同乙办理.
var doneBehind = regexp.MustCompile(`(?:共同)?(?:办理|落实|实施|负责|完成|抓好落实)$`)

func labelledRoles(text string) roles {
	r := roles{marked: true, labelled: true}
	labels := roleLabel.FindAllStringSubmatchIndex(text, -1)
	front := text[:labels[0][0]] // with its line breaks, which part names
	r.rest = strings.Trim(Tidy(front), "，,；;、。")
	equal := true
	for i, m := range labels {
		end := len(text)
		if i+1 < len(labels) {
			end = labels[i+1][0]
		}
		equal = equal && m[2] < 0
		// 牵头单位：A 责任单位：B puts B beside A; without a leader B is responsible.
		helps := m[6] >= 0 || m[4] >= 0 && len(r.lead) > 0 && !equal
		part := text[m[1]:end]
		if inner := verbRoles(part); helps || !inner.marked {
			r.add(part, helps)
		} else {
			r.lead, r.cooperating = append(r.lead, inner.lead...), append(r.cooperating, inner.cooperating...)
		}
	}
	r.responsible = equal
	if r.rest != "" && len(r.lead) == 0 { // 市质监局负责落实；配合单位：…
		first := verbRoles(front)
		if !first.marked {
			first.add(front, false)
			first.rest = ""
		}
		r.lead, r.cooperating = first.lead, append(first.cooperating, r.cooperating...)
		r.rest, r.responsible = first.rest, first.responsible
	}
	r.together()
	return r
}

// markedRoles: 市质监局（牵头）、市公安局 has one leader, the others cooperate; in
// 市质监局、市公安局（配合） only the marked one does.
func markedRoles(text string) roles {
	r := roles{marked: true}
	names, doubtful := splitUnits(text)
	r.doubtful = doubtful
	leader := false
	for _, m := range roleMark.FindAllStringSubmatch(text, -1) {
		leader = leader || m[1] != ""
	}
	for _, name := range names {
		m := roleMark.FindStringSubmatch(name)
		bare := cleanName(roleMark.ReplaceAllString(name, ""))
		if m != nil && m[1] != "" || m == nil && !leader {
			r.lead = append(r.lead, bare)
		} else {
			r.cooperating = append(r.cooperating, bare)
		}
	}
	return r
}

func verbRoles(text string) roles {
	r := roles{responsible: true}
	at := 0
	for at < len(text) {
		m := roleVerb.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		part := text[at : at+m[0]]
		r.marked = true
		if m[2] >= 0 {
			r.responsible = false
		}
		part = strings.TrimPrefix(strings.TrimLeft(part, "，,；;、 \n\t"), "由")
		r.add(part, m[6] >= 0)
		next := m[1]
		if m[8] >= 0 { // the first character of the next name
			next = m[8]
		}
		if next <= 0 {
			break
		}
		at += next
	}
	r.rest = strings.Trim(Tidy(text[at:]), "，,；;、。")
	if len(r.lead) == 0 && r.rest != "" && r.marked {
		r.doubtful = true
	}
	if len(r.lead) == 0 && len(r.cooperating) > 1 { // 甲局，乙局配合: somebody has to lead
		r.lead, r.cooperating, r.doubtful = r.cooperating[:1:1], r.cooperating[1:], true
	}
	r.together()
	return r
}
