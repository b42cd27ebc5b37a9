package paper

import (
	"regexp"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// vague are words that name no day and no event: to set no deadline is what they
// say. 汛期前 and 春节前 name one, which somebody has to look up.
var vague = regexp.MustCompile(`适时|视.{0,6}(?:进度|情况|需要)|按(?:照)?.{0,6}(?:要求|安排|部署|规定|计划)|条件成熟|根据.{0,8}(?:情况|需要|安排|要求)|待定|另行|随时|及时`)

// deadline settles the last day.
func (d *drafting) deadline(out *DraftRow) {
	dl := out.Row.Deadline
	q := Question{Key: "deadline", Field: "deadline", Words: dl.Text}
	doubt, doubted := out.Row.warned("deadline")
	switch {
	case dl.Kind == task.DeadlineUnparsed:
		q.Code, q.Choices = QuestionDeadline, []Choice{ChooseDate, ChooseNone}
		if vague.MatchString(plainText(dl.Text)) {
			q.Suggest = &Answer{Choice: ChooseNone}
		}
	case !dl.Date.IsZero() && dl.Date.Year < d.Year:
		q.Code, q.Choices = QuestionEarly, []Choice{ChooseDate, ChooseKeep, ChooseNone}
		q.Suggest = &Answer{Choice: ChooseDate, Date: sameDayIn(dl.Date, d.Year)}
	case doubted:
		q.Code, q.Choices, q.Suggest = doubt.Code, []Choice{ChooseKeep, ChooseDate, ChooseNone}, &Answer{Choice: ChooseKeep}
	}
	if q.Code != "" {
		switch a := d.ask(out, q); a.Choice {
		case ChooseDate:
			dl = task.Deadline{Text: dl.Text, Kind: task.DeadlineByDate, Date: a.Date, StandingAfter: dl.StandingAfter}
		case ChooseNone:
			dl = task.Deadline{Text: dl.Text, Kind: task.DeadlineNone}
		}
	}
	out.Deadline, out.Due = dl, task.DueDate(dl, d.Events, d.Workdays)
}

// sameDayIn is the same day of another year; 29 February becomes the 28th.
func sameDayIn(day calendar.Date, year int) calendar.Date {
	last := calendar.NewDate(year, day.Month+1, 0)
	return calendar.Date{Year: year, Month: day.Month, Day: min(day.Day, last.Day)}
}

// target settles what is to be reached.
func (d *drafting) target(out *DraftRow) {
	doubt, doubted := out.Row.warned("target")
	if !doubted {
		return
	}
	q := Question{
		Key: "target", Code: doubt.Code, Field: "target", Words: out.Row.words("target"),
		Choices: []Choice{ChooseKeep, ChooseText, ChooseNone}, Suggest: &Answer{Choice: ChooseKeep},
	}
	switch a := d.ask(out, q); a.Choice {
	case ChooseText:
		out.Target = ReadTarget(a.Text, "")
	case ChooseNone:
		out.Target = nil
		if q.Words != "" {
			out.Target = &task.Target{Text: q.Words}
		}
	}
}

var monthAndDay = regexp.MustCompile(`^(\d{1,2})[-./](\d{1,2})$`)

// ReadDay reads a day as somebody types it: 6-30, 6月30日, 2010-06-30, 6月底. A day
// without a year is in the given one. False when it is no day.
func ReadDay(text string, year int) (calendar.Date, bool) {
	s := plainText(text)
	if m := monthAndDay.FindStringSubmatch(s); m != nil {
		month, day := atoi(m[1]), atoi(m[2])
		d := calendar.NewDate(year, time.Month(month), day)
		return d, month >= 1 && month <= 12 && d.Day == day
	}
	d := ReadDeadline(s, year)
	return d.Date, d.Kind == task.DeadlineByDate && !d.Date.IsZero()
}
