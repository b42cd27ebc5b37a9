package paper

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// maxPhrase bounds the phrase readers: longer texts are no cells of a table.
const maxPhrase = 6000 // bytes

var (
	// blankCell are the ways to write that there is nothing.
	blankCell = regexp.MustCompile(`^(?:-+|/+|\\|无|暂无|空|\.+|…+|_+)?$`)

	// Words that tie a deadline to an event whose date nobody here knows.
	eventWords = regexp.MustCompile(`前|后|起|开学|汛期|来临|或|期间`)
	// Words that make a deadline depend on something; beside an exact day they do not.
	dependingWords = regexp.MustCompile(`视|适时|按|根据|如|待|结合|另行|为准|要求|条件|节`)
	// Words that say that the date is a beginning.
	beginningWords = regexp.MustCompile(`启动|开工|开始|动工|起步|着手`)
)

// isBlank reports whether a cell says that there is nothing.
func isBlank(text string) bool { return len(text) < 60 && blankCell.MatchString(plainText(text)) }

// ReadDeadline reads the text of a deadline cell (完成时限). Year is the year of
// the plan, 0 when none is printed; a month without a year is in it. What is not
// understood, or depends on an event, is task.DeadlineUnparsed: no date is guessed.
// Rules I-10, I-11, I-12, I-13, I-14, I-16 (docs/sources/import.md).
func ReadDeadline(text string, year int) task.Deadline {
	d, _ := readDeadline(text, year)
	return d
}

// readDeadline also reports whether the reading deserves a second look.
func readDeadline(text string, year int) (d task.Deadline, doubtful bool) {
	d = task.Deadline{Text: Tidy(text), Kind: task.DeadlineUnparsed}
	if blankCell.MatchString(plainText(text)) {
		d.Kind = task.DeadlineNone
		if plainText(text) == "" {
			d.Text = ""
		}
		return d, false
	}
	if len(text) > maxPhrase {
		return d, true
	}
	f := foldNumbers(text)
	if wholeLength(f.text, &d) || wholeDay(f.text, year, &d) {
		return d, false
	}
	spans := scanDeadline(f.text, year, true)
	rest := residue(f.text, spans)
	if refuses(spans, rest) {
		return d, false
	}
	return combine(d, spans, strings.Contains(rest, "各"))
}

// refuses reports whether something in the cell forbids reading a date from it.
func refuses(spans []span, rest string) bool {
	if len(spans) == 0 || eventWords.MatchString(rest) {
		return true
	}
	exact, dates := false, 0
	for _, s := range spans {
		switch s.kind {
		case spanBad:
			return true
		case spanDate:
			dates++
			exact = exact || s.exact
		case spanRange:
			exact = true
		case spanRelative:
			// 项目签约后6个月内 names a signing of its own.
			own, _, _ := strings.Cut(stripHarmless(rest), "|")
			if (s.relative.To == "signing" || s.relative.To == "issue") && own != "" {
				return true
			}
		}
	}
	if beginningWords.MatchString(rest) && dates == 1 && len(spans) == 1 {
		return true
	}
	if exact {
		return false
	}
	// A bare year with words that are not known may mean a part of it: 2012年春季.
	return dependingWords.MatchString(rest) || dates > 0 && strings.Trim(stripHarmless(rest), "|") != ""
}

// summary is what kinds of spans a cell holds.
type summary struct {
	first    *span // the first that is neither filler nor standing
	latest   span  // the latest date
	kinds    map[spanKind]int
	rhythms  int // different intervals that recur
	standing bool
}

func summarise(spans []span) summary {
	sum := summary{kinds: map[spanKind]int{}}
	for i, s := range spans {
		switch s.kind {
		case spanFiller:
			continue
		case spanStanding:
			sum.standing = true
			continue
		}
		sum.kinds[s.kind]++
		if s.kind == spanRecurring && (sum.rhythms == 0 || s.every != sum.first.every) {
			sum.rhythms++
		}
		if sum.first == nil {
			sum.first = &spans[i]
		}
		if s.kind == spanDate && (sum.latest.to.IsZero() || s.to.After(sum.latest.to)) {
			sum.latest = s
		}
	}
	return sum
}

var (
	harmlessWords = regexp.MustCompile(`力争|争取|确保|务必|计划|预计|全面|全部|基本|完成|建成|实现|启动|完工|竣工|开工|投产|出台|验收|推进|实施|落实|达标|组织|开展|报送|上报|初步|见效|并|于|在|[,;。、:()"]`)
)

// stripHarmless takes out the words that change nothing about a date.
func stripHarmless(rest string) string { return harmlessWords.ReplaceAllString(rest, "") }

// summary one deadline of what was found in a cell. It gives up, and
// leaves d as it is, where two pieces of time are no one deadline.
func combine(d task.Deadline, spans []span, doubtful bool) (task.Deadline, bool) {
	sum := summarise(spans)
	if sum.first == nil {
		if sum.standing {
			d.Kind = task.DeadlineStanding
		}
		return d, false
	}
	switch first := sum.first; first.kind {
	case spanDate:
		d.Kind, d.Date, d.StandingAfter = task.DeadlineByDate, sum.latest.to, sum.standing
	case spanRange:
		if sum.kinds[spanRange] > 1 { // 3-5月、9-11月
			return d, false
		}
		d.Kind, d.From, d.Date, d.StandingAfter = task.DeadlineRange, first.start, first.to, sum.standing
	case spanRecurring:
		d.Kind, d.Every = task.DeadlineRecurring, first.every
		doubtful = doubtful || sum.standing || sum.rhythms > 1 // 按月调度、按季通报
	case spanRelative:
		if sum.kinds[spanRelative] > 1 {
			return d, false
		}
		d.Kind, d.Relative = task.DeadlineRelative, first.relative
	}
	return d, doubtful || len(sum.kinds) > 1
}

// residue is the text that no span covers, without words that change nothing.
func residue(s string, spans []span) string {
	var b strings.Builder
	at := 0
	for _, p := range spans {
		b.WriteString(s[at:p.begin])
		b.WriteByte('|')
		at = p.end
	}
	b.WriteString(s[at:])
	return b.String()
}

// findDeadline looks for a deadline inside a sentence. It takes only phrases
// that set a limit: a bare year or month in a sentence is mostly a mention. Rule I-15.
func findDeadline(text string, year int) (d task.Deadline, doubtful bool) {
	d.Kind = task.DeadlineNone
	if len(text) > maxPhrase {
		text = text[:maxPhrase]
		for !utf8.ValidString(text) && len(text) > maxPhrase-4 {
			text = text[:len(text)-1]
		}
	}
	f := foldNumbers(text)
	var taken []span
	for _, s := range scanDeadline(f.text, year, false) {
		if s.kind != spanBad && s.kind != spanFiller && limits(f.text, s, len(taken) > 0) &&
			(s.kind != spanDate || s.to.Year >= year) {
			taken = append(taken, s)
		}
	}
	if len(taken) == 0 {
		// Rule I-55: an event is kept in its words, as in a cell.
		if at := eventPhrase.FindStringIndex(f.text); at != nil {
			d.Kind, d.Text = task.DeadlineUnparsed, Tidy(f.source(at[0], at[1]))
		}
		return d, false
	}
	d, doubtful = combine(d, taken, false)
	if d.Kind == task.DeadlineNone { // combine gave up
		return d, true
	}
	last := taken[0]
	for _, s := range taken {
		if s.kind == taken[0].kind || s.kind == spanStanding {
			last = s
		}
	}
	d.Text = Tidy(f.source(taken[0].begin, last.end))
	return d, doubtful
}

var (
	eventPhrase = regexp.MustCompile(`(?:(?:\d{4}年)?(?:春节|国庆节?|元旦|五一|劳动节|中秋节?|端午节?|黄金周|汛期(?:来临|到来)?|主汛期|雨季|[春秋]季(?:学期)?开学|开学|高考|中考|入冬|供暖季|冬季来临)(?:之|以)?前|条件成熟时|视(?:工作)?(?:进度|进展|情况)|适时)`)
	planAfter   = regexp.MustCompile(`^[^,;。、]{0,12}(?:规划|计划|纲要|方案)`)
	limitBefore = regexp.MustCompile(`(?:压缩|缩短|控制|减少)(?:到|至|在|为)?$|不(?:得|能)?(?:超过|多于|高于)$|由$|从$`)
	answering   = regexp.MustCompile(`^(?:办结|答复|回复|反馈|受理|审结|到达|响应|处置|出具|送达|完成(?:审批|审核|办理|备案))`)

	completing   = regexp.MustCompile(`^[,，]?(?:全面|基本|全部|力争|确保|之内)?(?:完成|建成|竣工|投入使用|投产|实现|达到|完工|出台|办结|到位)`)
	limitWord    = regexp.MustCompile(`前|底|末|内|旬|^到|^至|^截至|季度|半年|全年`)
	pastWords    = regexp.MustCompile(`(?:近|过去|连续|最近|前|后|起|每隔|以来)$`)
	standingEnds = regexp.MustCompile(`^(?:$|[,;。、)])`)
)

// limits reports whether a phrase found in a sentence sets a deadline.
func limits(s string, p span, after bool) bool {
	before, phrase, behind := s[:p.begin], s[p.begin:p.end], s[p.end:]
	switch p.kind {
	case spanRange: // 编制2016—2020年发展规划 names a plan
		return !planAfter.MatchString(behind)
	case spanRecurring:
		return true
	case spanStanding:
		return standingEnds.MatchString(behind) || after && strings.HasSuffix(before, "并")
	case spanRelative:
		// 30日内办结 is how fast one answers, 压缩至3天以内 how long one may take.
		if p.relative.To == "issue" && answering.MatchString(behind) && p.relative.Years == 0 && p.relative.Months == 0 {
			return false
		}
		return !pastWords.MatchString(before) && !limitBefore.MatchString(before)
	}
	return limitWord.MatchString(phrase) || completing.MatchString(behind)
}

// lastDay returns the last day of a month.
func lastDay(year, month int) calendar.Date {
	return calendar.NewDate(year, calendarMonth(month)+1, 0)
}
