package sample

import (
	"strconv"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// reach is the figure that is verified by the end of April, and so on the last
// day: the one that gives the row the light that its story wants.
//
// The thresholds stand in the province's rule for lights; they are asked for, not
// repeated here, by trying figures from the course upwards or downwards.
func (w *world) reach(k task.Task, s story) task.Quantity {
	if s.reached != "" {
		q, err := strconv.ParseFloat(s.reached, 64)
		if err != nil {
			panic("sample: " + s.reached + " is no figure")
		}
		return task.Quantity(q * float64(stepOf(k.Target)))
	}
	goal, ok := k.Target.Goal()
	if !ok {
		return 0
	}
	if s.want == task.Blue {
		return goal
	}
	light := func(v task.Quantity) task.Light {
		r := w.desk.Store().Rules()
		f := task.FactsOf(k, nil, calendar.Date{}, lastDay, r.Reporting)
		f.Periods = nil
		f.Verified = []task.Step{{On: begun, Value: v}}
		return task.LightAt(f, r.Light, w.desk.Store().Workdays(), lastDay)
	}
	expected := light(0).Expected
	step := stepOf(k.Target)
	v := (expected + step - 1) / step * step
	less := max(step, expected/40/step*step)
	switch {
	case s.want == task.Yellow && s.silent == 0:
		for v > 0 && light(v).Colour == task.Green {
			v = max(0, v-less)
		}
		return v
	case s.want == task.Red && s.silent == 0:
		for v > 0 && light(v).Colour != task.Red {
			v = max(0, v-less)
		}
		return v
	case s.want == task.Red:
		return 0
	}
	if k.Target.Percent() {
		return v
	}
	return min(v+expected*task.Quantity(pick(9, string(k.Region), k.Title))/100/step*step, max(goal, v))
}

// stepOf is by how much a figure moves: one, or ten thousand yuan (万元), since
// money is read as yuan.
func stepOf(t *task.Target) task.Quantity {
	if t != nil && t.Unit == "元" {
		return 10_000 * task.One
	}
	return task.One
}

// along is the figure that is claimed for a month on the way to that of April. What
// is to be held all the time is there from the beginning.
func (w *world) along(s script, figure task.Quantity, first, m int) task.Quantity {
	held := s.task.Deadline.Kind == task.DeadlineRange && s.task.Deadline.StandingAfter || s.task.Target.Percent()
	last := 4
	if s.story.silent > 0 {
		last = s.story.silent - 1
	}
	if s.story.want == task.Blue {
		last = 3
	}
	if held || m >= last {
		return figure
	}
	step, months := stepOf(s.task.Target), task.Quantity(last-first+1)
	return (figure/step*task.Quantity(m-first+1) + months - 1) / months * step
}
