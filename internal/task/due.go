package task

import (
	"time"

	"gongjian/internal/calendar"
)

// Events are the days that deadlines count from; zero: has not happened.
type Events struct {
	Signed   calendar.Date // the memorandum was signed
	Issued   calendar.Date // the plan was issued
	Received calendar.Date // the lead signed for the task
	Approved calendar.Date // the approval that the words name
	Year     int           // year of the plan: ends the course of a recurring deadline
}

// DueDate returns the last day in time of a deadline, or no date: for none,
// standing and unparsed deadlines, and for relative ones whose event has not
// happened.
//
// Rule T-07 (field.md §1.1, §1.2: 各方签署后三十日内; docs/sources/task.md): the day
// of the event does not count, the last day does (民法典 art. 201 counts a term of
// days so). A term of months or years ends on the day of the same number, or on
// the last day of a month that lacks it (art. 202). Working days are counted
// with make-up days. A term that ends on a day off is not moved: the documents
// name a last day, they do not grant a term of procedure. A recurring deadline
// ends with the plan's year.
func DueDate(d Deadline, e Events, w calendar.Workdays) calendar.Date {
	switch d.Kind {
	case DeadlineByDate, DeadlineRange:
		return d.Date
	case DeadlineRecurring:
		if d.Date.IsZero() && e.Year > 0 {
			return calendar.NewDate(e.Year, time.December, 31)
		}
		return d.Date
	case DeadlineRelative:
		return d.Relative.due(e, w)
	}
	return calendar.Date{}
}

// Reckoned returns the task with its last day worked out from its deadline. A day
// before the course begins makes that day the whole course.
func Reckoned(t Task, e Events, w calendar.Workdays) Task {
	t.Due = DueDate(t.Deadline, e, w)
	if !t.Due.IsZero() && t.Due.Before(t.Start) {
		t.Start = t.Due
	}
	return t
}

// CountsFrom reports whether the deadline is counted from an event: signing,
// receipt, approval or issue.
func (d Deadline) CountsFrom(event string) bool {
	return d.Kind == DeadlineRelative && d.Relative != nil && d.Relative.To == event
}

func (r *Relative) due(e Events, w calendar.Workdays) calendar.Date {
	if r == nil {
		return calendar.Date{}
	}
	from := r.event(e)
	switch {
	case from.IsZero():
		return calendar.Date{}
	case r.Workdays > 0:
		return w.Add(from, r.Workdays)
	case r.Days > 0:
		return from.AddDays(r.Days)
	case r.Months > 0 || r.Years > 0:
		return addMonths(from, r.Months+12*r.Years)
	}
	return calendar.Date{}
}

func (r *Relative) event(e Events) calendar.Date {
	switch r.To {
	case "signing":
		return e.Signed
	case "issue":
		return e.Issued
	case "receipt":
		return e.Received
	case "approval":
		return e.Approved
	}
	return calendar.Date{}
}

// addMonths keeps the day's number, or takes the last day of a shorter month:
// 31 January and one month is 28 or 29 February.
func addMonths(d calendar.Date, n int) calendar.Date {
	last := calendar.NewDate(d.Year, d.Month+time.Month(n)+1, 0)
	return calendar.Date{Year: last.Year, Month: last.Month, Day: min(d.Day, last.Day)}
}

// Standing reports whether the duty has no end: standing, or by a date and
// standing afterwards (并长期坚持).
func (d Deadline) Standing() bool {
	return d.Kind == DeadlineStanding || d.StandingAfter
}

// ReportingRule is a dated rule for the day by which the report of a period is due.
type ReportingRule struct {
	DayOfMonth int `json:"day_of_month"` // of the month after the period
}

// DefaultReporting is the rule of the reference pages: May's reports close on 10 June.
func DefaultReporting() ReportingRule { return ReportingRule{DayOfMonth: 10} }

// DueOf returns the last day in time for the report of a period.
//
// Rule T-08 (practice: monthly report by a fixed day, 盘锦 S24; the 10th from the
// reference pages): day DayOfMonth of the month after the period; in a shorter
// month its last day. A day off does not move it. A rule without a day closes
// with the month after the period.
func (r ReportingRule) DueOf(p calendar.Period) calendar.Date {
	if p.IsZero() {
		return calendar.Date{}
	}
	end := addMonths(p.First(), p.Kind.Months()+1).AddDays(-1) // last day of the month after the period
	if r.DayOfMonth < 1 || r.DayOfMonth > end.Day {
		return end
	}
	end.Day = r.DayOfMonth
	return end
}

// PeriodsOf returns, ascending, the periods that the task is reported for, as far
// as they have begun on the day through. A task without a cadence has none.
//
// Rule T-09 (ours): they run from the start's period on. A standing task goes on;
// so does one that is overdue and not finished, since it could otherwise never be
// reported done. Where its life ended FactsOf cuts them.
func PeriodsOf(t Task, through calendar.Date) []calendar.Period {
	return calendar.Periods(t.Cadence, t.Start, through)
}

// owed leaves out the periods that nobody owed a report for.
//
// Rule T-19 (ours): a report that fell due before the task was given, or after it
// was finished or withdrawn, is not missed.
func owed(t Task, finished calendar.Date, periods []PeriodFact) []PeriodFact {
	var out []PeriodFact
	for _, p := range periods {
		switch {
		case !t.Given.IsZero() && p.Due.Before(t.Given) && p.Reported.IsZero():
		case !finished.IsZero() && p.Due.After(finished) && p.Reported.IsZero():
		case !t.Withdrawn.IsZero() && p.Due.After(t.Withdrawn) && p.Reported.IsZero():
		default:
			out = append(out, p)
		}
	}
	return out
}
