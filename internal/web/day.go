package web

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"gongjian/internal/calendar"
	"gongjian/internal/paper"
	"gongjian/internal/task"
)

// monthAndDay is 6-30, 6/30, 6.30: the ways to write a day without a year that no
// document uses but people type.
var monthAndDay = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})$`)

// readDay reads a day as people type it into a form: 6-30, 6月30日, 2010-06-30. A
// day without a year is in the given one. The empty text is no date.
func readDay(text string, year int) (d calendar.Date, ok bool) {
	text = strings.TrimSpace(width.Narrow.String(text))
	if text == "" {
		return d, true
	}
	if m := monthAndDay.FindStringSubmatch(text); m != nil {
		month, _ := strconv.Atoi(m[1])
		day, _ := strconv.Atoi(m[2])
		d = calendar.NewDate(year, time.Month(month), day)
		return d, int(d.Month) == month && d.Day == day && month > 0
	}
	read := paper.ReadDeadline(text, year)
	return read.Date, read.Kind == task.DeadlineByDate
}
