package paper

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongjian/internal/task"
)

// A measure of running text ends in one bracket or several that say who does it
// and by when: （牵头单位：甲；配合单位：乙；完成时限：年底前）, （甲牵头，乙配合），
// 〔责任领导：丙〕. Rules I-35, I-53, I-54.

const (
	openBrackets  = "（(〔【［["
	closeBrackets = "）)〕】］]"
)

var (
	bracketRole = regexp.MustCompile(`牵头|负责|配合|责任单位|责任部门|责任主体|主办|承办|协办|协助|落实单位|实施单位|实施主体`)
	peopleLabel = regexp.MustCompile(`(?:牵头|责任|分管|包抓|包保|联系|主管|负责|市|县)(?:市|县|区)?(?:领导|人|负责人)[:：]`)
	// labelLine is a paragraph that only names units, deadline or persons.
	labelLine = regexp.MustCompile(`^\s*(?:(?:第一)?(?:牵头|主办|主责|承办|责任|负责|落实|实施|承担|配合|协办|协助|协同|参与)(?:责任)?(?:单位|部门|主体|领导|人)|分管领导|(?:完成|办结|整改)?(?:时限|时间|期限)|(?:时间|进度)(?:节点|要求|安排))[:：]`)
)

// trailingLabel begins the units behind the last sentence of a measure.
var trailingLabel = regexp.MustCompile(`[。；;][\s—–-]*((?:牵头|主办|主责|责任|承办|落实|实施)(?:责任)?(?:单位|部门|主体)[:：][^。]{2,300}。?\s*)$`)

// closing is what the brackets at the end of a measure say.
type closing struct {
	units    string
	deadline string
	dated    bool
	people   []string
	count    int // brackets
}

func (c closing) none() bool { return c.count == 0 }

// splitClosing parts a measure from its closing brackets. Its full stop may
// stand before or behind them.
func splitClosing(text string) (body string, c closing) {
	if len(text) > 4*maxPhrase {
		return text, c
	}
	body = text
	var inner []string
	for {
		rest, bracket, ok := lastBracket(body)
		if !ok || !namesUnits(bracket) && !timeOnly(bracket) && !peopleLabel.MatchString(bracket) {
			break
		}
		body, inner = rest, append([]string{bracket}, inner...)
	}
	roles := false
	for _, b := range inner {
		roles = roles || namesUnits(b)
	}
	if m := trailingLabel.FindStringSubmatchIndex(text); !roles && m != nil { // …。责任单位：甲、乙。
		c.read(strings.TrimRight(text[m[2]:], " \t\r\n　。"))
		c.count = 1
		return strings.TrimRight(text[:m[2]], "—– -"), c
	}
	if !roles { // a year or a person in brackets alone is part of the sentence
		return text, c
	}
	c.read(strings.Join(inner, "；"))
	c.count = len(inner)
	return body, c
}

// lastBracket cuts off a bracket that ends the text, and the stop behind it.
func lastBracket(text string) (body, inner string, ok bool) {
	s := strings.TrimRight(text, " \t\r\n　。；;．.，,")
	last, size := utf8.DecodeLastRuneInString(s)
	if size == 0 || !strings.ContainsRune(closeBrackets, last) {
		return text, "", false
	}
	end, depth := len(s)-size, 1
	for at := end; at > 0; {
		r, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
		switch {
		case strings.ContainsRune(closeBrackets, r):
			depth++
		case strings.ContainsRune(openBrackets, r):
			depth--
		}
		if depth == 0 {
			return s[:at], s[at+size : end], true
		}
	}
	return text, "", false
}

// namesUnits reports whether a bracket says who does it: 含配合比设计 does not.
func namesUnits(bracket string) bool {
	return roleLabel.MatchString(bracket) || roleVerb.MatchString(bracket) || roleMark.MatchString(bracket) ||
		strings.Contains(bracket, "会同") && startsLikeUnit(bracket) || onlyUnits(bracket)
}

// timeOnly reports whether a bracket holds nothing but a deadline.
func timeOnly(bracket string) bool {
	if deadlineLabel.MatchString(Tidy(bracket)) {
		return true
	}
	part := plainText(bracket)
	return timeWords.MatchString(part) && len([]rune(part)) < 24 && !bracketRole.MatchString(part) && !endsLikeUnit(part) && limitWord.MatchString(part)
}

// onlyUnits reports whether a bracket lists nothing but names of units.
func onlyUnits(bracket string) bool {
	var c closing
	c.read(bracket)
	names := SplitUnits(c.units)
	for _, name := range names {
		if !endsLikeUnit(name) || !startsLikeUnit(name) || len([]rune(name)) < 3 {
			return false
		}
	}
	return len(names) > 0
}

// read sorts the parts of a bracket: units, persons, a deadline. A label holds
// for the parts behind it, up to the next one.
func (c *closing) read(bracket string) {
	const units, deadline, people = 0, 1, 2
	kind := units
	for _, p := range cutParts(bracket) {
		text := Tidy(p.text)
		switch {
		case deadlineLabel.MatchString(text):
			kind = deadline
			text = deadlineLabel.ReplaceAllString(text, "")
		case peopleLabel.MatchString(text):
			kind = people
			text = text[peopleLabel.FindStringIndex(text)[1]:]
		case bracketRole.MatchString(text) || kind == deadline && endsLikeUnit(text) && !timeWords.MatchString(plainText(text)):
			kind = units
		case kind != deadline && timeWords.MatchString(plainText(text)) && !endsLikeUnit(text):
			kind = deadline
		case kind == deadline && !timeWords.MatchString(plainText(text)) && text != "":
			kind = units
		}
		switch kind {
		case deadline:
			if c.deadline != "" && text != "" {
				c.deadline += "，"
			}
			c.deadline, c.dated = c.deadline+text, true
		case people:
			c.people = append(c.people, splitPeople(text)...)
		default:
			if c.units != "" {
				c.units += string(p.separator)
			}
			c.units += p.text
		}
	}
	if !standingWords.MatchString(c.deadline) {
		c.deadline = doneWords.ReplaceAllString(c.deadline, "")
	}
}

// cutParts cuts a bracket at its commas and semicolons, and at a space before a
// label, outside of inner brackets.
func cutParts(text string) []piece {
	text = spacedLabel.ReplaceAllString(text, "；$1")
	var out []piece
	depth, start, separator := 0, 0, '；'
	for i, r := range text {
		switch {
		case strings.ContainsRune(openBrackets, r):
			depth++
		case strings.ContainsRune(closeBrackets, r):
			depth = max(0, depth-1)
		case depth == 0 && strings.ContainsRune("，,；;。\n", r):
			if strings.TrimSpace(text[start:i]) != "" {
				out = append(out, piece{separator, text[start:i]})
			}
			start, separator = i+utf8.RuneLen(r), r
		}
	}
	if strings.TrimSpace(text[start:]) != "" {
		out = append(out, piece{separator, text[start:]})
	}
	return out
}

var (
	spacedLabel   = regexp.MustCompile(`[\s\x{3000}、]+((?:牵头|主办|承办|责任|配合|协办|协助|参与|分管|完成|办结)?(?:单位|部门|领导|责任人|人|时限|时间|期限)[:：])`)
	deadlineLabel = regexp.MustCompile(`^(?:完成|办结|整改|落实)?(?:时限|时间|期限|日期|时间要求|时限要求|时间节点|进度要求|进度安排|时间安排)[:：]`)
	doneWords     = regexp.MustCompile(`(?:完成|落实到位|推进|实施|办结)[。]?$`)
	standingWords = regexp.MustCompile(`(?:持续|长期|常态化|分期|逐步)(?:推进|实施)。?$`)
	timeWords     = regexp.MustCompile(`\d+年|\d+月|[一二三四五六七八九十]+月|年底|年内|月底|季度|每年|每月|每半年|全年|长期|持续|适时|常态化|立行立改|上半年|下半年|工作日|三年|五年|\d日内|根据需要|视情`)
)

// deadlineOf reads the deadline of a closing bracket.
func (c closing) deadlineOf(year int) (task.Deadline, bool) {
	return readDeadline(c.deadline, year)
}
