package task

import "gongjian/internal/calendar"

// byFigure judges a running task by its number, or, where it has none to judge
// by, by the nearness of the deadline.
func (f Facts) byFigure(c course, r Rule, w calendar.Workdays, on calendar.Date) judgement {
	if limit, ok := f.Target.Limit(); ok {
		return f.byLimit(limit)
	}
	if goal, ok := f.Target.Goal(); ok && f.Target.Met(f.verified()) {
		return f.byReached(goal)
	}
	if e, ok := c.at(on); ok {
		return f.byCourse(c, e, r, on)
	}
	return f.byNearness(r, w, on)
}

// byReached: Rule T-23, second half: a verified number only lacks the closing.
func (f Facts) byReached(goal Quantity) judgement {
	v := judgement{colour: Green, why: []Say{f.saying("light.target-met", "Goal", goal)}}
	if !f.Standing {
		v.changes = []Say{{Key: "light.close"}}
	} else {
		v.changes = []Say{{Key: "light.keep"}}
	}
	return v
}

// byLimit: Rule T-27 (ours): a number not to be exceeded (不超过, 零发生) has no
// course: green up to it, red above, nothing between.
func (f Facts) byLimit(limit Quantity) judgement {
	number := "Limit"
	if f.verified() > limit {
		return judgement{Red, []Say{f.saying("light.over-limit", number, limit)}, []Say{{Key: "light.correct-limit"}}}
	}
	v := judgement{colour: Green, why: []Say{f.saying("light.within-limit", number, limit)}}
	if f.claimed() > limit {
		v.changes = append(v.changes, f.saying("light.claimed-over-limit", "Claimed", f.claimed(), number, limit))
	}
	v.changes = append(v.changes, f.saying("light.limit-turns-red", number, limit))
	return v
}

// byCourse judges the verified figure against the expected one (T-24 to T-26).
func (f Facts) byCourse(c course, e expectation, r Rule, on calendar.Date) judgement {
	v := judgement{colour: c.colour(r, f.verified(), e.expected)}
	key := "light.course-even"
	switch {
	case e.expected <= 0:
		key = "light.course-nothing-yet"
	case v.colour == Green && c.held:
		key = "light.level-kept"
	case v.colour != Green && c.held:
		key = "light.level-behind"
	case v.colour != Green:
		key = "light.course-behind"
	}
	why := f.saying(key, "Expected", e.expected, "Goal", c.goal)
	why.Date = map[string]calendar.Date{"By": e.by}
	v.why = []Say{why}
	if v.colour != Green {
		v.changes = append(v.changes, f.needs("light.verify-to-green", c.enough(e.expected, r.GreenShare)))
	}
	if v.colour == Red {
		v.changes = append(v.changes, f.needs("light.verify-to-yellow", c.enoughForYellow(r, e.expected)))
	}
	v.changes = append(v.changes, f.claimedTurns(c, r, v.colour, e.expected)...)
	v.changes = append(v.changes, f.turnsWorse(c, r, v.colour, on)...)
	return v
}

// needs says how much more must be verified, and what figure that reaches.
func (f Facts) needs(key string, to Quantity) Say {
	return f.saying(key, "More", to-f.verified(), "To", to)
}

// claimedTurns mentions what is claimed and not verified, when it would help.
func (f Facts) claimedTurns(c course, r Rule, now Colour, expected Quantity) []Say {
	then := c.colour(r, f.claimed(), expected)
	open := f.claimed() - f.verified()
	switch {
	case now == Green || open <= 0:
		return nil
	case severity(then) >= severity(now):
		return f.claimedOpen()
	case then == Green:
		return []Say{f.saying("light.claimed-to-green", "Open", open)}
	}
	return []Say{f.saying("light.claimed-to-yellow", "Open", open)}
}

// turnsWorse says when and why the light gets worse if nothing moves.
func (f Facts) turnsWorse(c course, r Rule, now Colour, on calendar.Date) []Say {
	if e, then, ok := c.worse(r, f.verified(), on); ok {
		key := "light.turns-yellow"
		if then == Red {
			key = "light.turns-red"
		}
		s := f.saying(key, "Expected", e.expected)
		s.Date = map[string]calendar.Date{"On": e.by}
		return []Say{s}
	}
	if now == Green && c.held {
		return []Say{f.saying("light.below-turns-yellow", "Least", c.enough(c.goal, r.GreenShare))}
	}
	if now != Red && !c.held && !f.Due.IsZero() {
		return []Say{{Key: "light.turns-red-after", Date: map[string]calendar.Date{"Due": f.Due}}}
	}
	return nil
}

// byNearness: Rule T-28 (宿迁 S35: near the deadline is told; ours: as yellow): a
// task without a figure is green until NearDays working days before its last day.
func (f Facts) byNearness(r Rule, w calendar.Workdays, on calendar.Date) judgement {
	if !f.hasLastDay() || on.After(f.Due) {
		return judgement{colour: Green, why: []Say{{Key: "light.no-last-day"}}, changes: []Say{{Key: "light.turns-unreported"}}}
	}
	left := w.Between(on, f.Due)
	due := map[string]calendar.Date{"Due": f.Due}
	say := Say{Key: "light.in-time", Date: due, Count: map[string]int{"n": left}}
	if left > r.NearDays {
		return judgement{Green, []Say{say}, []Say{{Key: "light.turns-red-after", Date: due}}}
	}
	say.Key = "light.near"
	return judgement{Yellow, []Say{say}, []Say{{Key: "light.finish"}, {Key: "light.turns-red-after", Date: due}}}
}

// byReports judges by the periods that are closed on the day.
//
// Rule T-29 (expected.md lead 7 and row 26, the Ouhai practice; no published text
// of it was found): from one missed period on the light is yellow, from RedMissed
// in a row red. A missed period that was made up is yellow, not green, until the
// next period is reported in time; a report in time clears what was before it,
// since figures are cumulative. An open period counts once its report is there.
func (f Facts) byReports(r Rule, on calendar.Date) judgement {
	missed, _, lastFact := f.missed(on)
	late := missed == 0 && lastFact.Reported.After(lastFact.Due)
	next := Say{Key: "light.report-next", Word: map[string]string{"Period": lastFact.Period.Next().String()}}
	period := map[string]string{"Period": lastFact.Period.String()}
	switch {
	case missed == 0 && !late:
		return judgement{}
	case late:
		made := map[string]calendar.Date{"Due": lastFact.Due, "Reported": lastFact.Reported}
		return judgement{Yellow, []Say{{Key: "light.made-up", Word: period, Date: made}}, []Say{next}}
	case r.RedMissed > 0 && missed >= r.RedMissed:
		why := Say{Key: "light.missed-several", Word: period, Count: map[string]int{"n": missed}}
		return judgement{Red, []Say{why}, []Say{{Key: "light.make-up", Word: period}, next}}
	}
	why := Say{Key: "light.missed", Word: period, Date: map[string]calendar.Date{"Due": lastFact.Due}}
	v := judgement{Yellow, []Say{why}, []Say{next}}
	if missed+1 == r.RedMissed {
		v.changes = append(v.changes, Say{Key: "light.missed-again", Word: next.Word})
	}
	return v
}

// missed counts the reports that did not come and were not made up for on a day, and
// returns the first of their periods and the last period that was judged.
func (f Facts) missed(on calendar.Date) (n int, first, last PeriodFact) {
	for _, p := range f.Periods {
		switch {
		case !p.Reported.IsZero():
			n, last = 0, p
		case on.After(p.Due):
			if n++; n == 1 {
				first = p
			}
			last = p
		}
	}
	return n, first, last
}

// MissingSince returns the day by which the oldest report was due that is missing on
// a day; zero when none is, or the task is finished. A later report makes up for the
// ones before it (Rule T-29).
func (f Facts) MissingSince(on calendar.Date) calendar.Date {
	f = f.upTo(on)
	if n, first, _ := f.missed(on); n > 0 && f.Finished.IsZero() {
		return first.Due
	}
	return calendar.Date{}
}

// PlaceRule makes one light of a place (总体) from the lights of its tasks.
type PlaceRule struct {
	Red           int `json:"red"`            // red tasks from which the place is red
	YellowPercent int `json:"yellow_percent"` // yellow and red tasks per hundred running ones from which it is yellow
}

// DefaultPlaceRule is the rule of the ranking among the reference pages.
func DefaultPlaceRule() PlaceRule { return PlaceRule{Red: 2, YellowPercent: 20} }

// Overall returns the light of a place.
//
// Rule T-30 (reference pages: 滞后任务2件以上为滞后；偏慢和滞后合计占20%以上为偏慢；
// 其余为正常): per cents are of the running tasks, green, yellow and red; finished
// and grey ones are left out. A place whose tasks are all finished is blue, one
// without any light grey.
func (r PlaceRule) Overall(counts map[Colour]int) Colour {
	running := counts[Green] + counts[Yellow] + counts[Red]
	switch {
	case running == 0 && counts[Blue] > 0:
		return Blue
	case running == 0:
		return Grey
	case r.Red > 0 && counts[Red] >= r.Red:
		return Red
	case (counts[Yellow]+counts[Red])*100 >= r.YellowPercent*running && counts[Yellow]+counts[Red] > 0:
		return Yellow
	}
	return Green
}
