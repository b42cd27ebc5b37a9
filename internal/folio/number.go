package folio

import (
	"strconv"
	"strings"

	"gongjian/internal/calendar"
)

// Number returns the blocks with the numbers of their levels put before their
// texts: 一、 （一） 1. （1）. A higher level starts its lower ones again. Blocks
// of the body and tables stay as they are.
//
// Rule F-05 (GB/T 9704-2012, 7.3.3): the four levels and their numbers.
func Number(blocks []Block) []Block {
	out := make([]Block, len(blocks))
	var count [5]int
	for i, b := range blocks {
		out[i] = b
		if b.Table != nil || b.Level < 1 || b.Level > 4 {
			continue
		}
		count[b.Level]++
		for lower := b.Level + 1; lower < len(count); lower++ {
			count[lower] = 0
		}
		out[i].Text = levelNumber(b.Level, count[b.Level]) + b.Text
	}
	return out
}

func levelNumber(level, n int) string {
	switch level {
	case 1:
		return chinese(n) + "、"
	case 2:
		return "（" + chinese(n) + "）"
	case 3:
		return strconv.Itoa(n) + "."
	}
	return "（" + strconv.Itoa(n) + "）"
}

// chinese writes 1 to 9999 in Chinese figures as they are read: 十一, 二十, 一百零五.
func chinese(n int) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	begun, zero := false, false
	for _, place := range []struct {
		worth int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / place.worth % 10
		if d == 0 {
			zero = begun
			continue
		}
		if zero {
			b.WriteRune('零')
		}
		if d != 1 || place.worth != 10 || begun {
			b.WriteRune(digits[d])
		}
		b.WriteString(place.name)
		begun, zero = true, false
	}
	return b.String()
}

// longDate writes 2010年6月5日: Arabic figures, no leading zeros.
//
// Rule F-07 (GB/T 9704-2012, 7.3.5.4): how a date is written.
func longDate(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Year) + "年" + strconv.Itoa(int(d.Month)) + "月" + strconv.Itoa(d.Day) + "日"
}
