package web

import (
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
)

// suggestedDay is the end of the month before. In January it is today: the year
// before is closed when the reports of December have been verified.
func suggestedDay(today calendar.Date) calendar.Date {
	if today.Month == time.January {
		return today
	}
	return calendar.Of(calendar.Month, today).Prev().Last()
}

// suggestedYear is this year; in January the one before.
func suggestedYear(today calendar.Date) int {
	if today.Month == time.January {
		return today.Year - 1
	}
	return today.Year
}

// yearTyped is the year that the reader named, else 0. One that cannot be read is
// -1, which no act takes.
func (q *request) yearTyped() int {
	typed := strings.TrimSpace(q.FormValue("year"))
	if typed == "" {
		return 0
	}
	year, err := strconv.Atoi(typed)
	if err != nil || year < 1 || year > 9999 {
		return -1
	}
	return year
}

// scoresOf is the address of the scoring desk of a year; 0 is the suggested one.
func scoresOf(year int) string {
	if year == 0 {
		return "/scores"
	}
	return "/scores?year=" + strconv.Itoa(year)
}
