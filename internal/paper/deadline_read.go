package paper

import (
	"strings"
)

// readRecurring reads 每月28日前, 每两月, 每季度末, 每年12月底前.
func readRecurring(m []string, _ clock) span {
	s := span{kind: spanRecurring}
	if strings.HasPrefix(m[0], "按") && !strings.HasPrefix(m[1], "月") && !strings.HasPrefix(m[1], "季") {
		return span{kind: spanBad} // 按年度…: mostly 按年度计划
	}
	if strings.HasPrefix(m[0], "逐") && strings.Contains(m[1], "年") {
		return span{kind: spanBad} // 逐年推进 is no yearly date
	}
	switch {
	case m[3] != "":
		return span{kind: spanBad} // a week or a school term has no word in task.Deadline
	case m[1] == "双月":
		s.every = "two-months"
	case strings.Contains(m[1], "季"):
		s.every = "quarter"
	case strings.Contains(m[1], "半"):
		s.every = "half-year"
	case strings.Contains(m[1], "年"):
		s.every = "year"
	case m[1] != "":
		s.every = "month"
	default:
		s.every = map[int]string{1: "month", 2: "two-months", 3: "quarter", 6: "half-year", 12: "year"}[atoi(m[2])]
	}
	if s.every == "" {
		s.kind = spanBad
	}
	return s
}

// readOnceIn reads 一季度一次, which is no first quarter.
func readOnceIn(m []string, _ clock) span {
	return span{kind: spanRecurring, every: map[string]string{"月": "month", "季度": "quarter", "年": "year"}[m[1]]}
}

// readFiveYears: Rule I-12, the five-year plans (五年规划) end in years divisible by five.
func readFiveYears(m []string, _ clock) span {
	end := map[string]int{"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030}[m[1]]
	to, ok := dayOf(end, 12, 31)
	if m[2] == "期间" || m[2] == "时期" {
		from, _ := dayOf(end-4, 1, 1)
		return rangeSpan(from, true, to, ok)
	}
	return dateSpan(to, ok)
}

func readDayRange(m []string, c clock) span {
	y := c.year(m[1:4])
	from, ok := dayOf(y, atoi(m[4]), atoi(m[5]))
	month := atoi(m[9])
	if m[9] == "" {
		month = atoi(m[4])
	}
	to, ok2 := dayOf(endYear(m[6:9], y), month, atoi(m[10]))
	return rangeSpan(from, ok, to, ok2)
}

// endYear is the year of the second half of a range: its own, or the first's.
func endYear(m []string, first int) int {
	switch {
	case m[0] != "":
		return atoi(m[0])
	case m[2] != "" && first != 0:
		return first + 1
	}
	return first
}

func readDottedRange(m []string, _ clock) span {
	day := 1
	if m[3] != "" {
		day = atoi(m[3])
	}
	from, ok := dayOf(atoi(m[1]), atoi(m[2]), day)
	to, ok2 := monthEnd(atoi(m[4]), atoi(m[5]))
	if m[6] != "" {
		to, ok2 = dayOf(atoi(m[4]), atoi(m[5]), atoi(m[6]))
	}
	return rangeSpan(from, ok, to, ok2)
}

func readMonthRange(m []string, c clock) span {
	y := c.year(m[1:4])
	from, ok := dayOf(y, atoi(m[4]), 1)
	month := atoi(m[8])
	if m[9] != "" {
		month = 12
	}
	to, ok2 := monthEnd(endYear(m[5:8], y), month)
	return rangeSpan(from, ok, to, ok2)
}

func readYearRange(m []string, _ clock) span {
	from, ok := dayOf(atoi(m[1]), 1, 1)
	to, ok2 := dayOf(atoi(m[2]), 12, 31)
	return rangeSpan(from, ok, to, ok2)
}

func readQuarterRange(m []string, c clock) span {
	y := c.year(m[1:4])
	from, ok := dayOf(y, atoi(m[4])*3-2, 1)
	to, ok2 := monthEnd(y, atoi(m[5])*3)
	return rangeSpan(from, ok, to, ok2)
}

func readFullDate(m []string, _ clock) span {
	return dateSpan(dayOf(atoi(m[1]), atoi(m[2]), atoi(m[3])))
}

func readMonthDay(m []string, c clock) span {
	return dateSpan(dayOf(c.year(m[1:4]), atoi(m[4]), atoi(m[5])))
}

// readMonth: Rule I-11, a month is over on its last day; the three parts of a
// month (旬) end on the 10th, the 20th and the last day. 6月前 and 6月初 are left
// to the office: people mean different days by them.
func readMonth(m []string, c clock) span {
	y, month := c.year(m[1:4]), atoi(m[4])
	switch {
	case m[5] == "初" || m[6] == "起" || m[5] == "" && m[6] != "":
		return span{kind: spanBad}
	case m[5] == "上旬":
		return dateSpan(dayOf(y, month, 10))
	case m[5] == "中旬":
		return dateSpan(dayOf(y, month, 20))
	}
	return dateSpan(monthEnd(y, month))
}

func readYearMonth(m []string, _ clock) span {
	if m[4] == "起" || m[3] == "" && m[4] != "" {
		return span{kind: spanBad}
	}
	return dateSpan(monthEnd(atoi(m[1]), atoi(m[2])))
}

func readQuarter(m []string, c clock) span {
	if m[5] == "初" || m[6] == "起" || m[5] == "" && m[6] != "" {
		return span{kind: spanBad}
	}
	return dateSpan(monthEnd(c.year(m[1:4]), atoi(m[4])*3))
}

func readHalf(m []string, c clock) span {
	if m[6] == "起" || m[5] == "" && m[6] != "" {
		return span{kind: spanBad}
	}
	month := 12
	if m[4] == "上半年" {
		month = 6
	}
	return dateSpan(monthEnd(c.year(m[1:4]), month))
}

func readWholeYear(m []string, c clock) span {
	y := c.year(m[1:4])
	from, ok := dayOf(y, 1, 1)
	to, ok2 := dayOf(y, 12, 31)
	return rangeSpan(from, ok, to, ok2)
}

func readYear(m []string, c clock) span {
	if m[4] == "初" || m[4] == "中" || m[5] == "起" || m[4] == "" && m[5] != "" {
		return span{kind: spanBad}
	}
	s := dateSpan(dayOf(c.year(m[1:4]), 12, 31))
	s.exact = m[4] != ""
	return s
}

func readYearEnd(m []string, c clock) span {
	// 年度 alone may mean every year.
	if m[1] == "初" || m[1] == "中" || m[1] == "度" || m[2] == "起" {
		return span{kind: spanBad}
	}
	return dateSpan(dayOf(c.year([]string{"", "", ""}), 12, 31))
}
