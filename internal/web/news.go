package web

import (
	"slices"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// news is what stands and what changed since the run before: the sentence above
// a ranking. It says only what the two runs show.
type news struct {
	Ranked int
	Counts map[task.Colour]int // places by their overall light
	Before bool                // there is a run to compare with
	Up     *move               // the greatest rise; nil when nobody rose
	Down   *move
	Turned []turn // places whose overall light is another one now
}

// move is the greatest change of a total, and who made it: several when they tie.
type move struct {
	Subjects []org.RegionCode
	By       assess.Points // more than zero
}

// turn is a place whose overall light changed.
type turn struct {
	Subject  org.RegionCode
	From, To task.Colour
}

// newsOf compares a ranking with the run before. lights are the overall lights
// of the places now and then; then may be empty.
func newsOf(r assess.Ranking, now, then map[org.RegionCode]task.Colour) news {
	n := news{Counts: map[task.Colour]int{}}
	for _, e := range r.Entries {
		n.Counts[now[e.Subject]]++
		if e.Rank > 0 {
			n.Ranked++
		}
		if e.Previous == nil || e.Rank == 0 {
			continue
		}
		n.Before = true
		switch rise := e.Previous.Rise; {
		case rise.IsPositive():
			n.Up = n.Up.with(e.Subject, rise)
		case rise.IsNegative():
			n.Down = n.Down.with(e.Subject, assess.Points{}.Minus(rise))
		}
		if was, ok := then[e.Subject]; ok && was != now[e.Subject] {
			n.Turned = append(n.Turned, turn{e.Subject, was, now[e.Subject]})
		}
	}
	return n
}

// with takes a change in: a greater one replaces, an equal one joins.
func (m *move) with(subject org.RegionCode, by assess.Points) *move {
	switch {
	case m == nil || m.By.Less(by):
		return &move{[]org.RegionCode{subject}, by}
	case m.By.Equal(by.Decimal):
		m.Subjects = append(m.Subjects, subject)
	}
	return m
}

// moved is one line of a card that changed.
type moved struct {
	Line     assess.Line
	From, To assess.Points
	By       assess.Points // To − From
}

// movedLines are the items whose points changed between two cards, the greatest
// change first. Lines that one of the cards does not have, or has not scored, are
// left out: nothing can be said of their way.
func movedLines(now, then assess.Scorecard) []moved {
	var out []moved
	for _, l := range now.Lines {
		was, ok := then.Line(l.No)
		if !ok || l.Kind == assess.Heading || l.State == assess.StillOpen || was.State == assess.StillOpen || l.Got.Equal(was.Got.Decimal) {
			continue
		}
		out = append(out, moved{l, was.Got, l.Got, l.Got.Minus(was.Got)})
	}
	slices.SortStableFunc(out, func(a, b moved) int { return b.By.Abs().Cmp(a.By.Abs()) })
	return out
}

// explaining is the item that changed most in the direction of the total; false
// when none did.
func explaining(now, then assess.Scorecard) (moved, bool) {
	rises := then.Total.Less(now.Total)
	for _, m := range movedLines(now, then) {
		if m.By.IsPositive() == rises {
			return m, true
		}
	}
	return moved{}, false
}
