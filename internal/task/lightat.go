package task

import (
	"slices"

	"gongjian/internal/calendar"
)

// DefaultRule is the rule 匀速进度 of the reference pages, version 1: from 90 %
// of the expected figure green, from 60 % yellow; ten working days before the
// deadline an unfinished task without a figure is yellow; two missed periods are
// red.
func DefaultRule() Rule {
	return Rule{ID: "even-course", Name: "匀速进度", Version: 1, GreenShare: 90, YellowShare: 60, NearDays: 10, RedMissed: 2}
}

// LightAt returns the light of a task on a day (亮灯).
//
// Rule T-20 (expected.md lead 7; docs/sources/task.md): the light follows from the
// rule, the calendar and what had happened by that day, and from nothing else, so
// that any past day can be worked out again. The order of judging:
//
//	finished                                   blue   T-21
//	deadline not read, or none; not begun      grey   T-22
//	the last day is over, target not met       red    T-23
//	else the worse of
//	  the figure against course, level, limit         T-24 to T-27
//	  or the nearness of the deadline                 T-28
//	  and the reports that did not come               T-29
func LightAt(f Facts, r Rule, w calendar.Workdays, on calendar.Date) Light {
	f = f.upTo(on)
	l := Light{On: on, Rule: r.ID, Version: r.Version}
	if v, ok := f.closedOrGrey(on); ok {
		l.Colour, l.Why, l.Changes = v.colour, v.why, v.changes
		return l
	}
	c := f.course()
	if e, ok := c.at(on); ok {
		l.Course, l.Expected, l.By = true, e.expected, e.by
	}
	if v, ok := f.overdue(w, on); ok {
		l.Colour, l.Why, l.Changes = v.colour, v.why, v.changes
		return l
	}
	v := f.byFigure(c, r, w, on).worst(f.byReports(r, on))
	if on.Before(f.Due) {
		v.why = append(v.why, unknownYears(w, on, f.Due)...)
	}
	l.Colour, l.Why, l.Changes = v.colour, v.why, v.changes
	return l
}

// upTo drops everything that happened after the day: what follows cannot look at it.
func (f Facts) upTo(on calendar.Date) Facts {
	past := func(steps []Step) []Step {
		n := len(steps)
		for n > 0 && steps[n-1].On.After(on) {
			n--
		}
		return steps[:n:n]
	}
	f.Claimed, f.Verified = past(f.Claimed), past(f.Verified)
	if f.Finished.After(on) {
		f.Finished = calendar.Date{}
	}
	later := func(p PeriodFact) bool { return p.Period.First().After(on) || p.Reported.After(on) }
	if !slices.ContainsFunc(f.Periods, later) {
		return f
	}
	f.Periods = slices.DeleteFunc(slices.Clone(f.Periods), func(p PeriodFact) bool { return p.Period.First().After(on) })
	for i := range f.Periods {
		if f.Periods[i].Reported.After(on) {
			f.Periods[i].Reported = calendar.Date{}
		}
	}
	return f
}

func (f Facts) claimed() Quantity { return last(f.Claimed) }

func (f Facts) verified() Quantity { return last(f.Verified) }

func last(steps []Step) Quantity {
	if len(steps) == 0 {
		return 0
	}
	return steps[len(steps)-1].Value
}

// reported says whether anything at all was handed in. Of a split task it is what
// its parts claim now: that can be told without reading all that they ever reported.
func (f Facts) reported() bool {
	if f.split {
		return f.claimed() != 0
	}
	return len(f.Claimed) > 0 || slices.ContainsFunc(f.Periods, func(p PeriodFact) bool { return !p.Reported.IsZero() })
}

// judgement is a colour with its reasons and what would change it.
type judgement struct {
	colour  Colour
	why     []Say
	changes []Say
}

// severity orders the colours of a running task.
func severity(c Colour) int { return slices.Index([]Colour{Green, Yellow, Red}, c) }

// worst joins two judgements: the worse one decides and comes first; a green one
// has nothing to add to a worse one but its figure.
func (a judgement) worst(b judgement) judgement {
	if b.colour == "" {
		return a
	}
	if severity(b.colour) > severity(a.colour) {
		a, b = b, a
	}
	return judgement{a.colour, append(a.why, b.why...), append(a.changes, b.changes...)}
}

// closedOrGrey: Rule T-21 (大足 S36: blue is finished): a finished task is blue.
// Rule T-22 (reference pages; field.md §1.2: rows that did not parse are reported,
// not guessed): no light can be given without a deadline that is read and a
// course that has begun: grey, with the reason. A task without a deadline that is
// reported regularly has a light all the same.
func (f Facts) closedOrGrey(on calendar.Date) (judgement, bool) {
	grey := func(why, change Say) (judgement, bool) {
		return judgement{Grey, []Say{why}, []Say{change}}, true
	}
	switch {
	case !f.Finished.IsZero():
		return judgement{Blue, f.finishedWhy(), nil}, true
	case f.Deadline == DeadlineUnparsed:
		return grey(Say{Key: "light.unparsed"}, Say{Key: "light.fill-deadline"})
	case f.Deadline == DeadlineRelative && f.Due.IsZero():
		return grey(Say{Key: "light.event-open"}, Say{Key: "light.fill-event"})
	case f.Due.IsZero() && !f.Standing && f.Deadline != DeadlineRecurring && len(f.Periods) == 0:
		return grey(Say{Key: "light.no-deadline"}, Say{Key: "light.fill-deadline"})
	case !f.Start.IsZero() && on.Before(f.Start):
		start := map[string]calendar.Date{"Start": f.Start}
		return grey(Say{Key: "light.not-begun", Date: start}, Say{Key: "light.begins", Date: start})
	}
	return judgement{}, false
}

func (f Facts) finishedWhy() []Say {
	on := map[string]calendar.Date{"On": f.Finished}
	if goal, ok := f.Target.Goal(); ok {
		key := "light.finished-figure"
		if f.Target.Op == OpRange {
			key = "light.finished-range"
		}
		return []Say{{
			Key: key, Date: on, Word: f.unit(),
			Number: map[string]Quantity{"Verified": f.verified(), "Goal": goal},
		}}
	}
	return []Say{{Key: "light.finished", Date: on}}
}

// overdue: Rule T-23 (宿迁 S35: red is overdue; reference pages 过期7个工作日): the
// last day is over and the task is neither finished nor its number verified. A
// number that is verified, or a limit that is kept, only lacks the closing and is
// not called late. What is held all the time (T-26) has no last day; nor has a
// recurring duty without a number, whose last report comes after the year.
func (f Facts) overdue(w calendar.Workdays, on calendar.Date) (judgement, bool) {
	if !f.hasLastDay() || !on.After(f.Due) || f.Target.Met(f.verified()) {
		return judgement{}, false
	}
	n := w.Between(f.Due, on)
	key := "light.overdue"
	switch {
	case n == 0: // the days since were off
		key = "light.overdue-days-off"
	case !f.reported():
		key = "light.overdue-unreported"
	}
	v := judgement{colour: Red, changes: []Say{{Key: "light.finish"}}}
	v.why = []Say{{Key: key, Count: map[string]int{"n": n}, Date: map[string]calendar.Date{"Due": f.Due}}}
	if goal, ok := f.Target.Goal(); ok {
		v.why = append(v.why, f.saying("light.figure", "Goal", goal))
		v.changes = append(f.claimedOpen(), v.changes...)
	}
	v.why = append(v.why, unknownYears(w, f.Due, on)...)
	return v, true
}

// hasLastDay reports whether the task can be late as a whole.
func (f Facts) hasLastDay() bool {
	duty := f.Deadline == DeadlineRecurring && !f.Target.Numeric()
	return !f.Due.IsZero() && !f.level() && !duty
}

// claimedOpen names what is claimed and not yet verified.
func (f Facts) claimedOpen() []Say {
	if open := f.claimed() - f.verified(); open > 0 {
		return []Say{f.saying("light.claimed-open", "Open", open)}
	}
	return nil
}

// saying makes a sentence with the verified figure, its unit and more numbers.
func (f Facts) saying(key string, more ...any) Say {
	s := Say{Key: key, Number: map[string]Quantity{"Verified": f.verified()}, Word: f.unit()}
	for i := 0; i+1 < len(more); i += 2 {
		s.Number[more[i].(string)] = more[i+1].(Quantity)
	}
	return s
}

func (f Facts) unit() map[string]string {
	if f.Target == nil {
		return nil
	}
	return map[string]string{"Unit": f.Target.Unit}
}

// unknownYears admits that working days were counted without a year's notice.
func unknownYears(w calendar.Workdays, from, to calendar.Date) []Say {
	if len(w.Unknown(from, to)) == 0 {
		return nil
	}
	return []Say{{Key: "light.no-holidays", Count: map[string]int{"year": w.Unknown(from, to)[0]}}}
}
