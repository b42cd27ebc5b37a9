package sample

import (
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// script is what one unit does about one task: month by month, until the task is
// done or the sample ends.
type script struct {
	deal  *deal
	plan  *plan
	row   row
	story story
	task  task.Task
	unit  org.UnitID
	after calendar.Date // the day on which it signed
	part  bool          // of a split row
}

// lastDay is the sample's present day.
var lastDay = calendar.DateOf(present)

// entry is one report with what becomes of it.
type entry struct {
	period    calendar.Period
	handed    calendar.Date
	kind      task.ReportKind
	value     task.Quantity
	words     string
	completes bool
	judged    calendar.Date // zero: nobody has answered
	reason    string        // of a return; "" verifies
}

// noteReports notes all reports of a script.
func (w *world) noteReports(s script) {
	var entries []entry
	if s.plan.year < 2010 {
		entries = w.quarters(s)
	} else {
		entries = w.months(s)
	}
	for _, e := range entries {
		w.noteEntry(s, e)
	}
}

// quarters are the reports of the first year's plan: a quarter of the goal at a
// time, done in December or, for a few, in the next quarter.
func (w *world) quarters(s script) (out []entry) {
	periods := calendar.Periods(calendar.Quarter, s.task.Start, calendar.NewDate(2009, 12, 31))
	goal, _ := s.task.Target.Goal()
	slow := pick(s.deal.care, string(s.deal.region), s.task.Title, "2009") == 0
	if slow {
		periods = append(periods, calendar.Period{Kind: calendar.Quarter, Year: 2010, Index: 1})
	}
	for i, p := range periods {
		if w.desk.Store().Rules().Reporting.DueOf(p).Before(s.after) {
			continue // over before the unit had signed for the task
		}
		e := entry{period: p, kind: task.ReportValue, handed: workday(p.Last().AddDays(1), pick(5, string(s.unit), s.task.Title, p.String()))}
		step := stepOf(s.task.Target)
		e.value = goal / step * task.Quantity(i+1) / task.Quantity(len(periods)) * step
		if i == len(periods)-1 {
			e.value, e.completes = goal, true
			e.handed = workday(p.Last().AddDays(-20), pick(6, string(s.unit), s.task.Title))
		}
		e.handed = later(e.handed, workday(s.after.AddDays(1), pick(2, s.task.Title)))
		e.judged = workday(e.handed.AddDays(1), pick(3, s.task.Title, p.String()))
		out = append(out, e)
	}
	return out
}

func later(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// months are the reports of 2010: January to April all but answered, May as the
// reference pages have it.
func (w *world) months(s script) (out []entry) {
	figure := w.reach(s.task, s.story)
	first := 1
	if s.task.Start.Year == 2010 {
		first = int(s.task.Start.Month)
	}
	if first > 5 {
		return nil // begins in June
	}
	var before task.Quantity
	for m := first; m <= 4; m++ {
		if s.story.silent > 0 && m >= s.story.silent {
			return out
		}
		e := w.monthOf(s, figure, before, first, m)
		if before = e.value; !e.completes {
			e.handed, e.judged = s.days(m, e.kind)
			out = append(out, s.returned(e)...)
			continue
		}
		return append(out, s.finishing(e))
	}
	return append(out, w.mayOf(s, figure, before)...)
}

// monthOf is what is said for one of the months January to April.
func (w *world) monthOf(s script, figure, before task.Quantity, first, m int) entry {
	e := entry{period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: m}, kind: task.ReportNoChange}
	e.completes = s.story.want == task.Blue && (m == 3 || m == 2 && s.after.Month < 3 && pick(2, s.task.Title, string(s.unit)) == 0)
	_, numeric := s.task.Target.Goal()
	_, limited := s.task.Target.Limit()
	switch {
	case numeric:
		if e.value = w.along(s, figure, first, m); e.completes {
			e.value = figure
		}
		if e.value > before || e.completes {
			e.kind = task.ReportValue
		}
	case limited && m == first:
		e.kind = task.ReportValue // none so far: said once, then "no change"
	case len(s.story.said) >= m:
		e.kind, e.words = task.ReportWords, s.story.said[m-1]
	case e.completes:
		e.kind, e.words = task.ReportWords, "活动方案已印发，动员、走访、总结完成"
	}
	return e
}

// finishing dates the report that completes a task: on 24 March, two days before
// the letters of the reference page were all signed, or early in the month.
func (s script) finishing(e entry) entry {
	e.handed = later(date("2010-03-24"), workday(s.after.AddDays(1), 1))
	if e.period.Index == 2 {
		e.handed = later(workday(date("2010-03-01"), pick(4, string(s.unit))), workday(s.after.AddDays(1), 1))
	}
	e.judged = workday(e.handed, 2)
	return e
}

// days are when the report of a month is handed in and when it is answered. Most
// units do not wait for the month to end.
func (s script) days(m int, kind task.ReportKind) (handed, judged calendar.Date) {
	key := []string{string(s.unit), s.task.Title, strconv.Itoa(m)}
	end := calendar.Period{Kind: calendar.Month, Year: 2010, Index: m}.Last()
	if pick(100, append(key, "early")...) < 92 {
		handed = workday(end.AddDays(-7-pick(3, key...)), 0)
	} else {
		handed = workday(end.AddDays(1), pick(4, key...))
	}
	if m < 4 && pick(s.deal.care, append(key, "late")...) == 0 {
		handed = workday(end.AddDays(11), 1+pick(2, key...))
	}
	handed = later(handed, workday(s.after.AddDays(1), min(m, 2)-1))
	if kind == task.ReportNoChange {
		return handed, calendar.Date{} // noted, nothing to answer
	}
	return handed, workday(handed.AddDays(1), pick(2, append(key, "judged")...))
}

// returned sends a few reports back first; the unit hands them in again.
func (s script) returned(e entry) []entry {
	again := e.period.String()
	if e.kind != task.ReportValue || e.completes || pick(2*s.deal.care, string(s.unit), s.task.Title, again, "return") != 0 {
		return []entry{e}
	}
	first := e
	reasons := []string{"附件与填报数不一致，请核对后重报。", "缺少认定文件，请补附件。", "附件不清楚，请换一份扫描件。", "统计口径不是累计数，请改报累计数。"}
	first.reason = reasons[pick(len(reasons), s.task.Title, again)]
	e.handed = workday(first.judged.AddDays(1), 0)
	e.judged = workday(e.handed.AddDays(1), 0)
	return []entry{first, e}
}

// noteEntry notes a report and its answer.
func (w *world) noteEntry(s script, e entry) {
	at := someTime(e.handed, string(s.unit), s.task.Title, e.period.String(), e.reason)
	judged := someTime(e.judged, string(s.unit), s.task.Title, e.period.String(), "judged")
	if e.period.Index == 5 && strings.HasPrefix(string(s.task.Region), string(mianning)) {
		at, judged = mianningTimes(s, at, judged)
	}
	w.note(at, func() error {
		if err := w.report(s, e); err != nil {
			return err
		}
		if e.judged.IsZero() || e.kind == task.ReportNoChange {
			return nil
		}
		if judged.Before(at) {
			judged = at.AddDate(0, 0, 1)
		}
		w.note(judged, func() error { return w.answer(s, e) })
		return nil
	})
}

// answer verifies or returns the unit's last report.
func (w *world) answer(s script, e entry) error {
	c, err := w.as(s.task.Setter, org.Verifier, org.Office)
	if err != nil {
		return err
	}
	id, err := w.desk.Store().View(c).LastReport(w.ctx, s.task.ID, s.unit, e.period)
	if err != nil {
		return w.failed(err, "answering "+s.task.Title)
	}
	if e.reason != "" {
		_, err = w.desk.Return(w.ctx, c, "", id, e.reason)
	} else {
		_, err = w.desk.Verify(w.ctx, c, "", id, "")
	}
	return w.failed(err, "answering "+s.task.Title+" of "+w.all[w.index(s.unit)].Name)
}

// report hands a report in, with evidence where the task asks for it.
func (w *world) report(s script, e entry) error {
	c, err := w.as(s.unit, org.Clerk, org.Office)
	if err != nil {
		return err
	}
	in := task.ReportInput{Period: e.period, Kind: e.kind, Value: e.value, Words: e.words, Completes: e.completes}
	var files []task.Evidence
	if s.task.EvidenceWanted != "" && e.kind == task.ReportValue {
		if files, err = w.evidence(s, e); err != nil {
			return err
		}
	}
	for _, f := range files {
		in.Evidence = append(in.Evidence, f.ID)
	}
	_, err = w.desk.Report(w.ctx, c, "", s.task.ID, in, files)
	if fault.KindOf(err) == fault.Conflict && e.completes {
		return w.failed(err, "finishing "+s.task.Title)
	}
	return w.failed(err, "reporting "+s.task.Title+" of "+w.all[w.index(s.unit)].Name)
}
