package sample

import (
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// mianningTimes are the moments that the desk of 冕宁's clerk shows on the
// reference page.
func mianningTimes(s script, at, judged time.Time) (time.Time, time.Time) {
	switch s.task.Title {
	case "新增四川名牌产品":
		return moment(date("2010-06-02"), 16, 40), moment(date("2010-06-04"), 10, 20)
	case "县级质量例会":
		return moment(lastDay, 9, 14), judged
	}
	return at, judged
}

// noteHelp notes what cooperating units report. A report that completes needs one
// of each of them; 冕宁's bureau reports what its county put into the budget.
func (w *world) noteHelp(d *deal, l *plan, r row, k store.TaskRow, last calendar.Date) {
	for _, u := range k.Cooperating {
		s := script{deal: d, plan: l, row: r, task: k.Task, unit: u, after: last}
		s.task.EvidenceWanted = ""
		switch {
		case r.want == task.Blue && l.year == 2010:
			first := calendar.Of(calendar.Month, k.Start)
			e := entry{period: first, kind: task.ReportWords, words: "已按分工配合，材料送牵头单位", handed: workday(last.AddDays(3), 0)}
			e.judged = workday(e.handed.AddDays(1), 0)
			w.noteEntry(s, e)
		case u == w.unit(mianning, org.FunctionQuality).ID:
			for m, v := range []int{0, 0, 18, 32} {
				e := entry{period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: m + 1}, kind: task.ReportValue, value: task.Quantity(v) * stepOf(k.Target)}
				e.handed, e.judged = s.days(m+1, e.kind)
				w.noteEntry(s, e)
			}
		}
	}
}
