package task

import (
	"math"
	"time"

	"gongjian/internal/calendar"
)

// course is the even way (匀速) from nothing at the start to the goal on the last
// day: the figure moves at the ends of steps.
//
// Rule T-24 (ours, from the reference pages: 目标20，1月至10月，5月底应有10个): the
// expected figure is goal × ended steps ÷ all steps. A step is a month; for a
// recurring deadline it is that interval (每两月, 6次: by 7 June two of six).
// Steps are those of the calendar; the first and the last count whole, even where
// the course begins or ends within them. Between two ends the figure stays; on
// the last day it is the goal. It is rounded to a tenth, halves up, where the
// goal is at least 1, and to a ten-thousandth below.
//
// Imperfect: a recurring target is taken as the whole of the course. 每月1次 with
// the target 1次 asks for one in all; whoever enters the plan writes 12次.
type course struct {
	start, due calendar.Date
	goal       Quantity
	months     int  // length of a step
	held       bool // level: the goal is expected from the end of the first step
	recurring  bool // a step missed is one occurrence missed
	ok         bool
}

// expectation is where the figure should be, and the day by which it should.
type expectation struct {
	expected Quantity
	by       calendar.Date
}

func (f Facts) course() course {
	goal, ok := f.Target.Goal()
	c := course{start: f.Start, due: f.Due, goal: goal, months: stepMonths(f.Every), held: f.level(),
		recurring: f.Deadline == DeadlineRecurring}
	c.ok = ok && !c.start.IsZero() && (c.held || (!c.due.IsZero() && !c.due.Before(c.start)))
	return c
}

// level: Rule T-26 (ours, from the reference pages: 85%要15个县，核实13个;
// 全年，并长期坚持): a figure that is to be held all the time has no course; the
// goal is expected from the end of the first step on. So are targets of standing
// tasks, of 全年 with 长期坚持, and per cents asked for at every interval.
func (f Facts) level() bool {
	switch f.Deadline {
	case DeadlineStanding:
		return true
	case DeadlineRange:
		return f.Standing
	case DeadlineRecurring:
		return f.Target.Percent()
	}
	return false
}

func stepMonths(every string) int {
	switch every {
	case "two-months":
		return 2
	case "quarter":
		return 3
	case "half-year":
		return 6
	case "year":
		return 12
	}
	return 1
}

// step numbers the step that a day lies in.
func (c course) step(d calendar.Date) int { return (d.Year*12 + int(d.Month) - 1) / c.months }

// end returns the last day of a step, but no day after the last of the course.
func (c course) end(step int) calendar.Date {
	next := (step + 1) * c.months // the month after it, counted from year 0
	e := calendar.NewDate(next/12, time.Month(next%12+1), 1).AddDays(-1)
	if !c.held && e.After(c.due) {
		return c.due
	}
	return e
}

// at returns what is expected on a day. Before the end of the first step nothing
// is, and by is zero.
func (c course) at(on calendar.Date) (expectation, bool) {
	if !c.ok {
		return expectation{}, false
	}
	ended := c.step(on)
	if on.Before(c.end(ended)) {
		ended--
	}
	first := c.step(c.start)
	if c.held {
		if ended < first {
			return expectation{}, true
		}
		return expectation{c.goal, c.end(ended)}, true
	}
	all := c.step(c.due) - first + 1
	n := min(ended-first+1, all)
	if n <= 0 {
		return expectation{}, true
	}
	round := int64(1)
	if c.goal >= One {
		round = int64(One / 10)
	}
	expected, _ := scale(c.goal, int64(n), int64(all), round)
	if n == all {
		expected = c.goal // not rounded: the last day asks for the goal itself
	}
	return expectation{expected, c.end(first + n - 1)}, true
}

// colour: Rule T-25 (reference pages: 核实 ÷ 应有，90%以上正常，60%至90%偏慢，不足
// 60%滞后): only verified figures count. Where nothing is expected it is green.
//
// A recurring duty is not red while fewer than RedMissed of its occurrences are
// missing (reference pages: 应开2次，核实1次 is 偏慢, though it is only 50 %): early in
// the year shares of small numbers are too harsh, and a missed report is judged
// in the same way (T-29).
func (c course) colour(r Rule, verified, expected Quantity) Colour {
	switch {
	case expected <= 0 || AtLeastShare(verified, expected, r.GreenShare):
		return Green
	case AtLeastShare(verified, expected, r.YellowShare) || verified > c.redUpTo(r, expected):
		return Yellow
	}
	return Red
}

// redUpTo returns the figure up to which RedMissed occurrences of a recurring
// duty are missing; one that nothing exceeds for any other.
func (c course) redUpTo(r Rule, expected Quantity) Quantity {
	if !c.recurring || c.held || r.RedMissed < 1 {
		return math.MaxInt64
	}
	missing, ok := c.goal.Scale(int64(r.RedMissed), int64(c.step(c.due)-c.step(c.start)+1))
	if !ok {
		return math.MaxInt64
	}
	return expected - missing
}

// unit is the least by which the figure moves: 1 where the goal is whole, since
// there are no half brands.
func (c course) unit() Quantity {
	if c.goal.Whole() {
		return One
	}
	return 1
}

// enough returns the least figure that reaches percent of expected, in units.
func (c course) enough(expected Quantity, percent int) Quantity {
	need, ok := scale(expected, int64(percent), 100, int64(c.unit()))
	if !ok {
		return c.goal
	}
	if !AtLeastShare(need, expected, percent) { // rounded down
		need += c.unit()
	}
	return need
}

// enoughForYellow returns the least figure at which the light is not red.
func (c course) enoughForYellow(r Rule, expected Quantity) Quantity {
	need := c.enough(expected, r.YellowShare)
	if red := c.redUpTo(r, expected); red < need {
		need = min(need, red-red%c.unit()+c.unit())
	}
	return need
}

// worse walks the ends of steps after the day and returns the first at which the
// colour is worse than now if nothing more is verified.
func (c course) worse(r Rule, verified Quantity, on calendar.Date) (expectation, Colour, bool) {
	e, ok := c.at(on)
	if !ok || c.held {
		return expectation{}, "", false
	}
	now := c.colour(r, verified, e.expected)
	for step := max(c.step(on), c.step(c.start)); step <= c.step(c.due); step++ {
		e, _ := c.at(c.end(step))
		if then := c.colour(r, verified, e.expected); e.by.After(on) && severity(then) > severity(now) {
			return e, then, true
		}
	}
	return expectation{}, "", false
}
