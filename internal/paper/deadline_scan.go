package paper

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"time"
	"unicode/utf8"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// span is one time expression in a folded text.
type span struct {
	kind       spanKind
	begin, end int
	start, to  calendar.Date
	exact      bool // names a month, a quarter or the end of the year
	every      string
	relative   *task.Relative
	year       int // the year it names, for months after it that name none
}

type spanKind int

const (
	spanBad spanKind = iota // a time, but not one that can be worked out
	spanFiller
	spanDate
	spanRange
	spanRecurring
	spanStanding
	spanRelative
)

const (
	yearWord = `(?:(\d{4})年度?|(今年|本年度?|当年|同年)|(次年|明年|来年|翌年|下一?年度?))`
	before   = `(?:之前|以前|前|止)?`
	upTo     = `(?:-+|至|到)`
)

// numberInTime finds Chinese numbers before the words that count time.
var numberInTime = regexp.MustCompile(`([〇○零一二两三四五六七八九十]+)(?:个?月|[日号天]|年|季度|个?季|个?工作日|周|-|至|到)`)

// firstMonth finds 元月, which is January.
var firstMonth = regexp.MustCompile(`(?:^|[年,、至到;-])(元月)`)

// foldNumbers folds a text and writes its Chinese numbers of time in figures.
func foldNumbers(text string) folded {
	f := fold(text).replace(firstMonth, func(string) string { return "1月" })
	for range 3 { // 二〇一一年十二月三十一日: the contexts overlap
		f = f.replace(numberInTime, chineseToArabic)
	}
	return f
}

// scanner tries patterns at a place of the text, most telling first.
type pattern struct {
	at   *regexp.Regexp
	read func(m []string, c clock) span
}

// clock is what a phrase may refer to: the year of the plan, and the year that
// the text named last.
type clock struct{ plan, last int }

// year resolves a year word from its three groups; none of them is the running year.
func (c clock) year(m []string) int {
	switch {
	case m[0] != "":
		return atoi(m[0])
	case m[2] != "" && c.plan != 0:
		return c.plan + 1
	case m[2] != "":
		return 0
	case m[1] != "":
		return c.plan
	}
	if c.last != 0 {
		return c.last
	}
	return c.plan
}

// scanDeadline lists the time expressions of a text in order. Whole is true for
// a deadline cell, where short forms are unmistakable.
func scanDeadline(s string, year int, whole bool) []span {
	var out []span
	c := clock{plan: year}
	for at := 0; at < len(s); {
		found := scanAt(s, at, c, whole)
		if found == nil {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			continue
		}
		if found.year != 0 {
			c.last = found.year
		}
		out = append(out, *found)
		at = found.end
	}
	return out
}

func scanAt(s string, at int, c clock, whole bool) *span {
	if at > 0 && isDigit(s[at]) && (isDigit(s[at-1]) || s[at-1] == '.') {
		return nil // in the middle of a number
	}
	first, _ := utf8.DecodeRuneInString(s[at:])
	for _, p := range timeBegins[first] {
		m := p.at.FindStringSubmatch(s[at:])
		if m == nil {
			continue
		}
		found := p.read(m, c)
		found.begin, found.end = at, at+len(m[0])
		if found.kind == spanBad && !whole {
			return nil
		}
		return &found
	}
	return nil
}

// timePatterns are tried in this order at every place; the first match wins.
// Rules I-10, I-11, I-12, I-13, I-14.
var timePatterns = []pattern{
	{anchored(`(?:每个?|逐|按)(?:(1?个?月|季度?|半年度?|年度?|双月)|(\d{1,2})个?月|(周|日|天|旬|学期|\d年))份?` +
		`年?(?:底|末)?(?:(?:第\d)?(?:首|末|最后一)?个?月)?(?:的)?(?:\d{1,2}月)?(?:底|末|上旬|中旬|下旬|初|\d{1,2}[日号])?` + before), readRecurring},
	{anchored(`(?:[一1]个?)?(月|季度|年)度?[一1]次`), readOnceIn},
	{anchored(`半年[一1]次`), func([]string, clock) span { return span{kind: spanRecurring, every: "half-year"} }},
	{anchored(`隔月`), func([]string, clock) span { return span{kind: spanRecurring, every: "two-months"} }},
	{anchored(`连续\d{1,2}年,?`), func([]string, clock) span { return span{kind: spanFiller} }},
	{anchored(`"?(十[一二三四五]五)"?(?:规划)?(末|期末|期间|时期|结束)(?:` + before + `)`), readFiveYears},
	{relativePattern, readRelative},
	{anchored(`(?:用|利用)?(\d{1,3}|半)(?:(个工作日|工作日)|(日|天)|(周|个星期)|个(月)|(年))(?:时间)?(?:以内|之内|内)`), readLength},
	{anchored(yearWord + `?(\d{1,2})月(\d{1,2})[日号]?起?` + upTo + yearWord + `?(?:(\d{1,2})月)?(\d{1,2})[日号]` + before), readDayRange},
	{anchored(`(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?` + upTo + `(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?` + before), readDottedRange},
	{anchored(yearWord + `?(\d{1,2})月?份?起?` + upTo + yearWord + `?(?:(\d{1,2})月份?(?:底|末)?|(年底|年末))` + before), readMonthRange},
	{anchored(`(\d{4})年?` + upTo + `(\d{4})年度?(?:底|末)?` + before), readYearRange},
	{anchored(yearWord + `?第?([1-4])季?度?` + upTo + `第?([1-4])季度`), readQuarterRange},
	{anchored(`(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})[日号]?` + before), readFullDate},
	{anchored(yearWord + `?(\d{1,2})月(\d{1,2})[日号]` + before), readMonthDay},
	{anchored(yearWord + `?(\d{1,2})月(\d{1,2})(?:前|之前|以前|$)`), readMonthDay}, // 10月15前: the 日 forgotten
	{anchored(yearWord + `?\d{1,2}月\d`), func([]string, clock) span { return span{kind: spanBad} }},
	{anchored(yearWord + `?(\d{1,2})月份?(底|末|上旬|中旬|下旬|内|初|月底)?(之前|以前|前|起)?`), readMonth},
	{anchored(`(\d{4})[./-](\d{1,2})(底|末)?(之前|以前|前|起)?`), readYearMonth},
	{anchored(yearWord + `?第?([1-4])季度?(末|底|内|初)?(之前|以前|前|起)?`), readQuarter},
	{anchored(yearWord + `?(上半年|下半年)(底|末|内|结束)?(之前|以前|前|起)?`), readHalf},
	{anchored(`(?:贯穿)?` + yearWord + `?全年(?:度)?(?:推进|坚持|开展|持续)?`), readWholeYear},
	{anchored(`(?:到|至|截至)?` + yearWord + `(底|末|终|内|初|中)?(之前|以前|前|起)?`), readYear},
	{anchored(`(?:到|至|截至)?年(底|末|终|内|度内|度|初|中)(之前|以前|前|起)?`), readYearEnd},
	{anchored(`长期(?:坚持|推进|落实|开展|任务|实施|执行)?|持续(?:推进|坚持|开展|实施|深化|用力|落实|进行)?|常态化(?:推进|开展|坚持|落实|实施|运行|管理|工作)?|常年(?:坚持|开展)?|常抓不懈|坚持不懈`),
		func([]string, clock) span { return span{kind: spanStanding} }},
	{anchored(`立行立改|立查立改|即知即改|立即整改`), func([]string, clock) span { return span{kind: spanFiller} }},
}

// timeBegins lists the patterns that can begin with a character, in their order,
// so that most places of a sentence are passed at a glance.
var timeBegins = byFirstRune(timePatterns)

func byFirstRune(patterns []pattern) map[rune][]pattern {
	out := map[rune][]pattern{}
	for _, p := range patterns {
		for r := range firstRunes(p.at.String()) {
			out[r] = append(out[r], p)
		}
	}
	return out
}

// firstRunes lists the characters with which a match can begin. The expression
// must not begin with a class of thousands.
func firstRunes(expression string) map[rune]bool {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		panic(err) // of a constant that regexp.MustCompile has compiled
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		panic(err)
	}
	out, seen := map[rune]bool{}, map[uint32]bool{}
	var walk func(uint32)
	walk = func(at uint32) {
		if seen[at] {
			return
		}
		seen[at] = true
		switch in := program.Inst[at]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(in.Out)
			walk(in.Arg)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			walk(in.Out)
		case syntax.InstRune1:
			out[in.Rune[0]] = true
		case syntax.InstRune:
			for i := 0; i+1 < len(in.Rune); i += 2 {
				for r := in.Rune[i]; r <= in.Rune[i+1]; r++ {
					out[r] = true
				}
			}
		}
	}
	walk(uint32(program.Start))
	return out
}

func anchored(p string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + p + `)`) }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// atoi reads figures that a pattern has already checked.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func calendarMonth(m int) time.Month { return time.Month(m) }

// dayOf builds a date and refuses one that does not exist or has no year.
func dayOf(year, month, day int) (calendar.Date, bool) {
	if year < 1949 || year > 2199 || month < 1 || month > 12 || day < 1 {
		return calendar.Date{}, false
	}
	d := calendar.NewDate(year, calendarMonth(month), day)
	return d, d.Day == day
}

func monthEnd(year, month int) (calendar.Date, bool) {
	if _, ok := dayOf(year, month, 1); !ok {
		return calendar.Date{}, false
	}
	return lastDay(year, month), true
}

// dateSpan is a deadline by that day, or bad when the day does not exist.
func dateSpan(d calendar.Date, ok bool) span {
	if !ok {
		return span{kind: spanBad}
	}
	return span{kind: spanDate, to: d, exact: true, year: d.Year}
}

func rangeSpan(from calendar.Date, ok bool, to calendar.Date, ok2 bool) span {
	if !ok || !ok2 || to.Before(from) {
		return span{kind: spanBad}
	}
	return span{kind: spanRange, start: from, to: to, exact: true, year: from.Year}
}
