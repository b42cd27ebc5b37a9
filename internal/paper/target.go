package paper

import (
	"regexp"
	"strconv"
	"strings"

	"gongjian/internal/task"
)

// ReadTarget reads a cell of a target column (目标值), with the text of the unit
// column beside it, or "". It is nil for a blank or a dash. A text without a
// number that sets a goal has task.OpNone and keeps its words.
// Rules I-20, I-21, I-22, I-23, I-24, I-25 (docs/sources/import.md).
func ReadTarget(text, unitColumn string) *task.Target {
	t, _ := readTarget(text, unitColumn)
	return t
}

// readTarget also reports whether the reading deserves a second look.
func readTarget(text, unitColumn string) (t *task.Target, doubtful bool) {
	if blankCell.MatchString(plainText(text)) {
		return nil, false
	}
	t = &task.Target{Text: Tidy(text)}
	if len(text) > maxPhrase {
		return t, true
	}
	unitColumn = Tidy(unitColumn)
	f := foldGoal(text)
	goals := scanGoals(f.text, true)
	if len(goals) == 0 {
		t.Soft = softWords.MatchString(f.text)
		return t, strings.ContainsAny(f.text, "0123456789") && !rankWords.MatchString(f.text)
	}
	g := goals[0]
	for _, other := range goals { // a qualifier is a goal only where nothing else is one
		if !other.qualifies {
			g = other
			break
		}
	}
	if blankCell.MatchString(plainText(unitColumn)) {
		unitColumn = ""
	}
	if !g.into(t, f, unitColumn) {
		return &task.Target{Text: Tidy(text)}, true
	}
	if unitColumn != "" && !strings.HasSuffix(plainText(t.Text), plainText(unitColumn)) {
		t.Text += unitColumn
	}
	return t, g.qualifies || g.vague
}

// findTarget looks for the first counted result inside a sentence, or nil.
func findTarget(text string) *task.Target {
	if len(text) > maxPhrase {
		return nil
	}
	f := foldGoal(text)
	for _, g := range scanGoals(f.text, false) {
		if g.qualifies {
			continue
		}
		t := &task.Target{Text: Tidy(f.source(g.begin, g.end))}
		if g.into(t, f, "") {
			return t
		}
	}
	return nil
}

// goal is one number with what stands around it.
type goal struct {
	begin, end int // of the whole phrase in the folded text
	op         task.Op
	low, high  string // figures
	times      int64  // 万, 亿
	timesHigh  int64
	unitAt     [2]int // of the measure word
	unit       string // where it is not quoted from the text
	soft       bool
	vague      bool // 余, 多
	qualifies  bool // says which objects are meant, not how many are to be reached
}

// into writes the goal into a target. It fails on numbers that do not fit.
func (g goal) into(t *task.Target, f folded, unitColumn string) bool {
	t.Op, t.Soft, t.Unit = g.op, g.soft, g.unit
	switch word := f.text[g.unitAt[0]:g.unitAt[1]]; {
	case word == "%": // may be 百分之九十 in print
		t.Unit = word
	case t.Unit == "":
		t.Unit = Tidy(f.source(g.unitAt[0], g.unitAt[1]))
	}
	if g.op == task.OpFirst {
		return true
	}
	times, timesHigh := g.times, g.timesHigh
	if t.Unit == "" && unitColumn != "" {
		columnTimes, rest := multiplier(unitColumn)
		times, timesHigh, t.Unit = times*columnTimes, timesHigh*columnTimes, rest
	}
	var ok bool
	if t.Value, ok = quantity(g.low, times); !ok {
		return false
	}
	if g.op == task.OpRange {
		if t.High, ok = quantity(g.high, timesHigh); !ok || t.High < t.Value {
			return false
		}
	}
	return true
}

// quantity multiplies figures out exactly: ten-thousandths in an int64.
func quantity(figures string, times int64) (task.Quantity, bool) {
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(figures, ",", ""), ".")
	if len(whole) > 15 || len(fraction) > 12 {
		return 0, false
	}
	scale := int64(task.One)
	digits, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return 0, false
	}
	if times > 1 && digits > (1<<62)/times {
		return 0, false
	}
	digits *= times
	for range fraction {
		if digits%10 == 0 {
			digits /= 10
			continue
		}
		if scale%10 != 0 || scale == 1 {
			return 0, false
		}
		scale /= 10
	}
	if digits > (1<<62)/scale {
		return 0, false
	}
	return task.Quantity(digits * scale), true
}

// multiplier splits 万元 into 10,000 and 元.
func multiplier(s string) (int64, string) {
	f := plainText(s)
	for _, m := range []struct {
		word  string
		times int64
	}{{"万亿", 1e12}, {"亿", 1e8}, {"千万", 1e7}, {"百万", 1e6}, {"万", 1e4}} {
		if rest, ok := strings.CutPrefix(f, m.word); ok {
			return m.times, rest
		}
	}
	return 1, f
}

var (
	softWords = regexp.MustCompile(`力争|争取|努力`)
	rankWords = regexp.MustCompile(`前\d+(?:名|位|列|强)?|第\d+`)
)
