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
	d.doubtedTarget(out)
	if len(out.Each) > 0 {
		d.sharedTarget(out)
	}
}

func (d *drafting) doubtedTarget(out *DraftRow) {
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

var (
	forEach = regexp.MustCompile(`各|每`)
	inAll   = regexp.MustCompile(`共|合计|总数|总量|全[省市州县区]`)
)

// sharedTarget settles what the members of a group are to reach.
//
// Rule I-44 (ours): a number beside a group (各县（市、区）政府，2个) is either each
// member's or the sum of all; the words say so or somebody is asked. Where it is
// each member's the task counts the members that are done. Of a share in all,
// that share of the members must be done; any other sum waits to be split.
func (d *drafting) sharedTarget(out *DraftRow) {
	if !out.Target.Numeric() {
		return
	}
	q := Question{
		Key: "group-target", Code: QuestionShared, Field: "target", Words: out.Target.Text, Choices: []Choice{ChooseEach, ChooseTogether},
	}
	each, all := forEach.MatchString(out.Target.Text+out.Title), inAll.MatchString(out.Target.Text+out.Title)
	switch {
	case each && !all:
		q.Suggest = &Answer{Choice: ChooseEach}
	case all && !each:
		q.Suggest = &Answer{Choice: ChooseTogether}
	}
	switch a := d.ask(out, q); {
	case a.Choice == ChooseTogether && out.Target.Percent():
		out.Rollup = task.RollupShare
	case a.Choice == ChooseTogether:
		out.Rollup = task.RollupSum
	default:
		out.EachTarget = out.Target
		out.Target = &task.Target{Text: out.Target.Text, Soft: out.Target.Soft}
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
