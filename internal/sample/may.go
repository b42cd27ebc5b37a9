package sample

import (
	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// mayOf is the report for May, as far as there is one on the last day.
func (w *world) mayOf(s script, figure, before task.Quantity) []entry {
	fate := s.story.may
	if fate == "" {
		fate = someMay(s)
	}
	e := entry{period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, kind: task.ReportValue, value: figure}
	_, numeric := s.task.Target.Goal()
	key := []string{string(s.unit), s.task.Title}
	e.value, fate = w.claimOf(s, figure, fate)
	if !numeric {
		e.kind, e.words = task.ReportWords, "按计划推进，本月完成阶段小结"
	}
	switch fate {
	case mayOpen:
		return nil
	case mayNone:
		e.kind, e.value, e.words = task.ReportNoChange, before, ""
		e.handed = workday(date("2010-05-26"), pick(8, key...))
	case mayFirst:
		e.handed = date("2010-06-01")
	case mayWaiting:
		e.handed = workday(date("2010-06-02"), pick(3, key...))
	case mayReturned:
		e.handed, e.judged, e.reason = date("2010-06-02"), date("2010-06-04"), "预算批复只附了15个县（市），请补第16个县的批复。"
		if s.part {
			e.reason, e.words = returnedBrand, "冕宁苦荞茶已列入2010年四川名牌推荐名单。"
		}
	case mayVerified:
		e.handed = workday(date("2010-05-26"), pick(4, key...))
		e.judged = workday(e.handed.AddDays(1), pick(2, key...))
	}
	return []entry{e}
}

// claimOf is what is claimed for May: of what waits for an answer one more than is
// verified. Where there is nothing to add the report is "no change".
func (w *world) claimOf(s script, figure task.Quantity, fate may) (task.Quantity, may) {
	goal, numeric := s.task.Target.Goal()
	_, limited := s.task.Target.Limit()
	switch {
	case s.story.claims != "":
		c := s.story
		c.reached = c.claims
		return w.reach(s.task, c), fate
	case fate == mayOpen || fate == mayNone || !numeric && !limited:
		return figure, fate
	case limited || s.task.Target.Percent() || fate != mayVerified && figure >= goal:
		return figure, mayNone
	case fate == mayVerified:
		return figure, fate
	}
	return figure + stepOf(s.task.Target), fate
}

// someMay picks what becomes of a report for May that no page names.
func someMay(s script) may {
	n := pick(100, string(s.deal.region), string(s.unit), s.task.Title, "may")
	waiting := 13
	if s.part {
		waiting = 20 // in the queues of the cities
	}
	switch {
	case n < waiting:
		return mayWaiting
	case n < 45:
		return mayOpen
	case n < 75:
		return mayNone
	}
	return mayVerified
}
