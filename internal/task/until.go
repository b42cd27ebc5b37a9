package task

import (
	"maps"
	"sort"
	"time"

	"gongjian/internal/calendar"
)

// Always is the last day up to which nothing changes that no event changes.
var Always = calendar.Date{Year: 9999, Month: time.December, Day: 31}

// LightUntil returns the last day, on or after a day, up to which LightAt of the same
// facts says the same but for the day itself and for the working days that a sentence
// counts from it or to it (Light.Kept), and up to which MissingSince is the same. It
// may be earlier than it need be, and never later; it does not end before a later day
// of the same stretch.
//
// Rule T-31 (ours): a light that is kept stays true until the rule or the calendar has
// something new to say: a course begins, a step of it ends, the last day is over or
// comes near, a report falls due, a year begins or ends whose holidays are not known.
// So a morning need look at few tasks. A change of the rules or of the calendar makes
// all that is kept worthless: LightUntil knows only those that it is given.
func LightUntil(f Facts, r Rule, w calendar.Workdays, on calendar.Date) calendar.Date {
	h := horizon{on: on, until: Always}
	h.events(f)
	f = f.upTo(on)
	if !f.Finished.IsZero() {
		return h.until
	}
	if f.Coming.Period != (calendar.Period{}) {
		h.period(f.Coming, len(f.Periods) == 0)
	}
	h.through(f.Start.AddDays(-1)) // not begun
	if c := f.course(); c.ok {
		end := c.end(c.step(on))
		if !on.Before(end) {
			end = c.end(c.step(on) + 1)
		}
		h.through(end.AddDays(-1))
	}
	if f.Due.IsZero() {
		return h.until
	}
	h.through(f.Due)
	if on.After(f.Due) {
		h.overdue(f, w)
	} else {
		h.running(f, r, w)
	}
	return h.until
}

// horizon is how far a day sees.
type horizon struct{ on, until calendar.Date }

// through says that something may change after a day. What lies behind is over.
func (h *horizon) through(d calendar.Date) {
	if !d.Before(h.on) && d.Before(h.until) {
		h.until = d
	}
}

// events looks at what is known to happen after the day, and at what falls due.
func (h *horizon) events(f Facts) {
	for _, steps := range [][]Step{f.Claimed, f.Verified} {
		for i := len(steps) - 1; i >= 0 && steps[i].On.After(h.on); i-- {
			h.through(steps[i].On.AddDays(-1))
		}
	}
	h.through(f.Finished.AddDays(-1))
	for _, p := range f.Periods {
		if p.Reported.After(h.on) {
			h.through(p.Reported.AddDays(-1))
		}
		if p.Period.First().After(h.on) || p.Reported.IsZero() || p.Reported.After(h.on) {
			h.period(p, true)
		}
	}
}

// period: a report that is not there is missing after its last day. A first period
// that begins gives a task without a deadline a light.
func (h *horizon) period(p PeriodFact, first bool) {
	h.through(p.Due)
	if first {
		h.through(p.Period.First().AddDays(-1))
	}
}

// running: the last day comes near, if nothing changes before, and years end whose
// holidays are not known.
func (h *horizon) running(f Facts, r Rule, w calendar.Workdays) {
	if w.Between(h.on, f.Due) > r.NearDays && (h.until.After(f.Due) || w.Between(h.until, f.Due) <= r.NearDays) {
		days := sort.Search(f.Due.Sub(h.on), func(n int) bool { return w.Between(h.on.AddDays(n), f.Due) <= r.NearDays })
		h.through(h.on.AddDays(days - 1))
	}
	if unknown := w.Unknown(h.on, f.Due); len(unknown) > 0 {
		h.through(f.Due.AddDays(-1))
		h.through(calendar.NewDate(unknown[0], time.December, 31))
	}
}

// overdue: the first working day after the last day, and the first year whose
// holidays are not known.
func (h *horizon) overdue(f Facts, w calendar.Workdays) {
	if w.Between(f.Due, h.on) == 0 {
		h.through(w.Add(h.on, 1).AddDays(-1))
	}
	if len(w.Unknown(f.Due, h.on)) > 0 {
		return
	}
	for y := h.on.Year; y < h.until.Year; y++ {
		if !w.Known(y + 1) {
			h.through(calendar.NewDate(y, time.December, 31))
			return
		}
	}
}

// daily says from which day to which a sentence counts working days, if it does.
func (s Say) daily(on calendar.Date) (from, to calendar.Date, ok bool) {
	switch s.Key {
	case "light.overdue", "light.overdue-unreported":
		return s.Date["Due"], on, true
	case "light.in-time", "light.near":
		return on, s.Date["Due"], true
	}
	return from, to, false
}

// Kept returns the light without what each day says anew: the day, and working days
// that a sentence counts from it or to it. That is what can be kept until LightUntil.
func (l Light) Kept() Light {
	return l.counting(calendar.Date{}, func(calendar.Date, calendar.Date) map[string]int { return nil })
}

// Seen returns a light that was kept as it is on a day: the inverse of Kept.
func (l Light) Seen(w calendar.Workdays, on calendar.Date) Light {
	return l.counting(on, func(from, to calendar.Date) map[string]int { return map[string]int{"n": w.Between(from, to)} })
}

// counting sets the day and, in sentences that count from it or to it, the count.
func (l Light) counting(on calendar.Date, count func(from, to calendar.Date) map[string]int) Light {
	l.On = on
	for i, s := range l.Why {
		from, to, ok := s.daily(on)
		if !ok {
			continue
		}
		if n := count(from, to); !maps.Equal(n, s.Count) {
			l.Why = append([]Say(nil), l.Why...)
			l.Why[i].Count = n
		}
	}
	return l
}
