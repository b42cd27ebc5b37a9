package task

import (
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Child is what one unit below gets when a task is split (分解).
type Child struct {
	Unit   org.UnitID
	Target *Target
	Due    calendar.Date // zero: that of the parent
}

// Split is the arithmetic of a split.
//
// Law: Assigned + Rest is Goal, always. Rest is negative where more has been
// given out than the goal asks for.
type Split struct {
	HasGoal  bool     // false: no number to add up; the rest of the fields is 0
	Goal     Quantity // the parent's number; for RollupCount in parts
	Assigned Quantity // sum of the children's numbers; for RollupCount the number of children
	Rest     Quantity // Goal − Assigned: stays with the parent (未分配)
	Needed   int      // for RollupShare: how many of the parts must be finished
}

// Gap is what nobody below has been given; it stays with the parent's lead.
func (s Split) Gap() Quantity { return max(s.Rest, 0) }

// Excess is by how much the children's numbers exceed the goal.
func (s Split) Excess() Quantity { return max(-s.Rest, 0) }

// CheckSplit works out the split of a task and refuses one that cannot stand,
// with every fault at its field (children.N.…, N from 0).
//
// Rule T-03 (ours, from the reference pages: 分解18 / 目标20，差2未分配):
//   - Each unit gets one part. That the units stand below the splitting lead in
//     line or block is for the caller to check: it needs the tree of units.
//   - RollupSum: every child's number is in the parent's unit and not negative;
//     what is left over stays with the parent. Per cents do not add up: such a
//     task is split by count or share.
//   - More than the goal may be given out where the words leave it open upwards
//     (>=, 零的突破, 左右 up to a tenth more, a range up to its upper number). It
//     is shown as excess. A limit (不超过) and a bare number may not be exceeded:
//     together the parts would then promise something else than the document.
//   - No part is due after the whole.
func CheckSplit(parent Task, children []Child) (Split, error) {
	var l fault.List
	if parent.State == Finished || parent.State == Withdrawn {
		return Split{}, fault.New(fault.Conflict, "split.closed")
	}
	seen := map[org.UnitID]bool{}
	for i, c := range children {
		field := "children." + Count(i).String()
		switch {
		case c.Unit == "":
			l = append(l, fault.New(fault.Invalid, "split.unit-missing").On(field+".unit"))
		case seen[c.Unit]:
			l = append(l, fault.New(fault.Invalid, "split.unit-twice").On(field+".unit"))
		}
		seen[c.Unit] = true
		if !parent.Due.IsZero() && c.Due.After(parent.Due) {
			l = append(l, fault.New(fault.Invalid, "split.due-after-parent", "Due", parent.Due).On(field+".due"))
		}
	}
	var s Split
	switch parent.Rollup {
	case RollupCount:
		s = splitCount(parent, len(children))
	case RollupShare:
		s = splitShare(parent, len(children))
	default:
		var more fault.List
		s, more = splitSum(parent, children)
		l = append(l, more...)
	}
	return s, l.Err()
}

// number returns the number that the parts add up to, goal or limit.
func (t *Target) number() (Quantity, bool) {
	if n, ok := t.Goal(); ok {
		return n, true
	}
	return t.Limit()
}

func splitSum(parent Task, children []Child) (Split, fault.List) {
	goal, ok := parent.Target.number()
	if !ok {
		return Split{}, nil
	}
	var l fault.List
	if parent.Target.Percent() && len(children) > 0 {
		return Split{}, fault.List{fault.New(fault.Invalid, "split.percent").On("rollup")}
	}
	values := make([]Quantity, 0, len(children))
	for i, c := range children {
		field := "children." + Count(i).String() + ".target"
		n, ok := c.Target.number()
		switch {
		case !ok:
			l = append(l, fault.New(fault.Invalid, "split.target-missing").On(field))
		case n < 0:
			l = append(l, fault.New(fault.Invalid, "quantity.negative").On(field))
		case c.Target.Unit != parent.Target.Unit:
			l = append(l, fault.New(fault.Invalid, "split.unit-of-measure", "Unit", parent.Target.Unit).On(field))
		}
		values = append(values, n)
	}
	s := Split{HasGoal: true, Goal: goal, Assigned: Sum(values...)}
	s.Rest = s.Goal - s.Assigned
	if s.Assigned > Largest || s.Assigned < -Largest {
		return Split{}, append(l, fault.New(fault.Invalid, "quantity.too-large", "Text", s.Assigned.String()).On("children"))
	}
	if s.Excess() > parent.Target.room() {
		l = append(l, fault.New(fault.Invalid, "split.too-much",
			"Assigned", s.Assigned, "Goal", s.Goal, "Unit", parent.Target.Unit).On("children"))
	}
	return s, l
}

// room is how much more than the number may be given out to the parts.
func (t *Target) room() Quantity {
	switch t.Op {
	case OpAtLeast, OpFirst:
		return Largest
	case OpAbout:
		tenth, _ := t.Value.Scale(1, 10)
		return tenth
	case OpRange:
		return max(t.High-t.Value, 0)
	}
	return 0
}

// splitCount: the goal is a number of parts (17个县（市）).
func splitCount(parent Task, n int) Split {
	goal, ok := parent.Target.Goal()
	if !ok {
		return Split{}
	}
	return Split{HasGoal: true, Goal: goal, Assigned: Count(n), Rest: goal - Count(n)}
}

// splitShare: the goal is a share of the parts, whatever their number; nothing
// is left over. Of 17 counties 85 % are 14.45, so that 15 must finish.
func splitShare(parent Task, n int) Split {
	goal, ok := parent.Target.Goal()
	if !ok {
		return Split{}
	}
	needed := 0
	for needed < n && ShareOf(Count(needed), Count(n)) < goal {
		needed++
	}
	return Split{Needed: needed}
}

// Figure is a claimed and a verified value (填报数, 核实数), both cumulative.
type Figure struct {
	Claimed, Verified Quantity
}

// PartFigure is what a part of a split task contributes.
type PartFigure struct {
	Figure
	Claims bool // the part's lead claims that it is done, verified or not
	Done   bool // the part is finished (办结)
}

// RollUp returns the figure of a split task from its own reports and its parts.
// Withdrawn parts are left out by the caller.
//
// Rule T-04 (ours): for RollupSum the figure is the task's own plus that of all
// parts; for RollupCount the number of parts claimed done and done, for
// RollupShare that number in per cent of all parts: own reports do not count
// there. A task without parts shows its own figure, whatever its roll-up.
func RollUp(r Rollup, own Figure, parts []PartFigure) Figure {
	if len(parts) == 0 {
		return own
	}
	claims, done := 0, 0
	sum := own
	for _, p := range parts {
		sum.Claimed = Sum(sum.Claimed, p.Claimed)
		sum.Verified = Sum(sum.Verified, p.Verified)
		if p.Claims || p.Done {
			claims++
		}
		if p.Done {
			done++
		}
	}
	switch r {
	case RollupCount:
		return Figure{Claimed: Count(claims), Verified: Count(done)}
	case RollupShare:
		all := Count(len(parts))
		return Figure{Claimed: ShareOf(Count(claims), all), Verified: ShareOf(Count(done), all)}
	}
	return sum
}
