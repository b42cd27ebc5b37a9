package assess

import (
	"slices"

	"gongjian/internal/task"
)

// Prospect is what becomes of an item and the total when what is claimed for the
// item's tasks is verified as claimed.
type Prospect struct {
	No          string
	Title       string
	Tasks       []TaskFigure // those with a claim above the verified figure, in order of identity
	Before      Points       // of the item
	After       Points
	TotalBefore Points // as published
	TotalAfter  Points
	GradeBefore string
	GradeAfter  string
}

// IfVerified works out the prospect of one item of a card (核实通过后，这一项由10.50变为
// 13.50，总分由86.5变为89.5). It answers false when the item is not scored from tasks or
// when none of them has a claim that waits, and fails else as Score does. Other items
// that use the same tasks change too, so the total may rise by more than the item.
func IfVerified(now Payload, no string) (Prospect, bool, error) {
	s, in, before := now.Scheme, now.Inputs, now.Card
	it, ok := s.Item(no)
	waits := func(t TaskFigure) bool { return t.HasGoal && t.Claimed > t.Verified }
	if !ok || it.Source.Kind != FromTasks || !slices.ContainsFunc(in.Tasks, waits) {
		return Prospect{}, false, nil
	}
	in = in.ordered() // a copy: the caller's figures stay
	p := Prospect{No: it.No, Title: it.Title}
	selected := map[task.ID]bool{}
	for _, t := range newScoring(s, in).selected(it.Source) {
		selected[t.Task] = true
	}
	for i, t := range in.Tasks {
		if selected[t.Task] && waits(t) {
			p.Tasks = append(p.Tasks, t)
			in.Tasks[i].Verified, in.Tasks[i].HasVerified = t.Claimed, true
		}
	}
	if len(p.Tasks) == 0 {
		return Prospect{}, false, nil
	}
	after, err := Score(s, in)
	if err != nil {
		return Prospect{}, false, err
	}
	lineBefore, _ := before.Line(no)
	lineAfter, _ := after.Line(no)
	p.Before, p.After = lineBefore.Got, lineAfter.Got
	p.TotalBefore, p.TotalAfter = before.Total, after.Total
	p.GradeBefore, p.GradeAfter = before.Grade, after.Grade
	return p, true, nil
}
