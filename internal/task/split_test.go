package task

import (
	"errors"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"

	"pgregory.net/rapid"
)

func brands(op Op, n int) *Target { return &Target{Op: op, Value: Count(n), Unit: "个"} }

func children(numbers ...int) []Child {
	var out []Child
	for i, n := range numbers {
		out = append(out, Child{Unit: org.UnitID(Count(i).String()), Target: brands(OpAtLeast, n)})
	}
	return out
}

// Rule T-03: the example of the reference pages.
func TestASplitShowsWhatNobodyHasBeenGiven(t *testing.T) {
	s, err := CheckSplit(Task{Target: brands(OpAtLeast, 20)}, children(6, 4, 3, 3, 2))
	if err != nil || s.Assigned != Count(18) || s.Gap() != Count(2) || s.Excess() != 0 {
		t.Errorf("split %+v: %v", s, err)
	}
}

// Rule T-03.
func TestMoreThanTheGoalMayOnlyBeGivenOutWhereTheWordsLeaveItOpen(t *testing.T) {
	for _, c := range []struct {
		target  *Target
		numbers []int
		key     string
	}{
		{brands(OpAtLeast, 20), []int{30, 30}, ""},
		{brands(OpFirst, 1), []int{1, 1}, ""},
		{brands(OpAbout, 20), []int{11, 11}, ""},
		{brands(OpAbout, 20), []int{11, 12}, "split.too-much"},
		{&Target{Op: OpRange, Value: One, High: Count(3), Unit: "个"}, []int{1, 2}, ""},
		{&Target{Op: OpRange, Value: One, High: Count(3), Unit: "个"}, []int{2, 2}, "split.too-much"},
		{brands(OpEqual, 17), []int{9, 9}, "split.too-much"},
		{brands(OpAtMost, 10), []int{5, 6}, "split.too-much"},
		{brands(OpAtMost, 10), []int{5, 5}, ""},
	} {
		s, err := CheckSplit(Task{Target: c.target}, children(c.numbers...))
		if (c.key == "") != (err == nil) || (c.key != "" && !fault.Is(err, c.key)) {
			t.Errorf("%v among %v: %v, want %q", c.target, c.numbers, err, c.key)
		}
		if s.Assigned+s.Rest != s.Goal {
			t.Errorf("%v among %v: %+v does not add up", c.target, c.numbers, s)
		}
	}
}

// Rule T-03: all mistakes come at once, each at its field.
func TestASplitThatCannotStandSaysEverythingAtOnce(t *testing.T) {
	june := calendar.NewDate(2010, 6, 30)
	_, err := CheckSplit(Task{Target: brands(OpAtLeast, 20), Due: june}, []Child{
		{Unit: "a", Target: brands(OpAtLeast, 1)},
		{Unit: "a", Target: &Target{Op: OpAtLeast, Value: One, Unit: "家"}},
		{Unit: "", Target: nil, Due: june.AddDays(1)},
		{Unit: "b", Target: &Target{Op: OpAtLeast, Value: -One, Unit: "个"}},
	})
	var l fault.List
	if !errors.As(err, &l) {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range l {
		got[f.Field] = f.Key
	}
	for field, key := range map[string]string{
		"children.1.unit": "split.unit-twice", "children.1.target": "split.unit-of-measure", "children.2.unit": "split.unit-missing",
		"children.2.due": "split.due-after-parent", "children.2.target": "split.target-missing", "children.3.target": "quantity.negative",
	} {
		if got[field] != key {
			t.Errorf("%s: %q, want %q", field, got[field], key)
		}
	}
	if _, err := CheckSplit(Task{State: Finished}, nil); !fault.Is(err, "split.closed") {
		t.Errorf("a finished task: %v", err)
	}
	if _, err := CheckSplit(Task{Target: &Target{Op: OpAtLeast, Value: Count(85), Unit: "%"}}, children(1)); !fault.Is(err, "split.percent") {
		t.Errorf("per cents: %v", err)
	}
}

// Rule T-03: by count and by share.
func TestASplitByCountOrShareCountsUnits(t *testing.T) {
	s, err := CheckSplit(Task{Rollup: RollupCount, Target: brands(OpEqual, 17)}, children(1, 1, 1))
	if err != nil || s.Rest != Count(14) {
		t.Errorf("count: %+v %v", s, err)
	}
	s, err = CheckSplit(Task{Rollup: RollupShare, Target: &Target{Op: OpAtLeast, Value: Count(85), Unit: "%"}}, children(make([]int, 17)...))
	if err != nil || s.Needed != 15 { // 85%要15个县
		t.Errorf("share: %+v %v", s, err)
	}
}

// Rule T-03: what is given out and what is left is the goal, whatever is given out.
func TestRestAndPartsAreTheGoal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent := Task{Target: &Target{Op: rapid.SampledFrom([]Op{OpAtLeast, OpAtMost, OpAbout, OpEqual, OpRange, OpFirst}).Draw(t, "op"),
			Value: Quantity(rapid.Int64Range(0, int64(Largest)).Draw(t, "goal")), Unit: "个"},
			Rollup: rapid.SampledFrom([]Rollup{RollupSum, RollupCount, RollupShare}).Draw(t, "rollup")}
		var cs []Child
		var sum Quantity
		for i, v := range rapid.SliceOfN(rapid.Int64Range(0, int64(Largest)/50), 0, 20).Draw(t, "children") {
			cs = append(cs, Child{Unit: org.UnitID(Count(i).String()), Target: &Target{Op: OpAtLeast, Value: Quantity(v), Unit: "个"}})
			sum += Quantity(v)
		}
		s, _ := CheckSplit(parent, cs)
		if s.Assigned+s.Rest != s.Goal || s.Gap()-s.Excess() != s.Rest {
			t.Fatalf("%+v does not add up", s)
		}
		if parent.Rollup == RollupSum && s.HasGoal && s.Assigned != sum {
			t.Fatalf("given out %s, the sum is %s", s.Assigned, sum)
		}
	})
}

// Rule T-04: a roll-up equals a recount.
func TestARollUpEqualsARecount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own := Figure{Claimed: Quantity(rapid.Int64Range(0, 1e9).Draw(t, "claimed")), Verified: Quantity(rapid.Int64Range(0, 1e9).Draw(t, "verified"))}
		parts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) PartFigure {
			return PartFigure{Figure: Figure{Claimed: Quantity(rapid.Int64Range(0, 1e9).Draw(t, "c")), Verified: Quantity(rapid.Int64Range(0, 1e9).Draw(t, "v"))},
				Claims: rapid.Bool().Draw(t, "claims"), Done: rapid.Bool().Draw(t, "done")}
		}), 1, 20).Draw(t, "parts")
		claimed, verified, claims, done := int64(own.Claimed), int64(own.Verified), 0, 0
		for _, p := range parts {
			claimed, verified = claimed+int64(p.Claimed), verified+int64(p.Verified)
			if p.Done {
				done++
			}
			if p.Done || p.Claims {
				claims++
			}
		}
		if got := RollUp(RollupSum, own, parts); int64(got.Claimed) != claimed || int64(got.Verified) != verified {
			t.Fatalf("sum %+v, recount %d %d", got, claimed, verified)
		}
		if got := RollUp(RollupCount, own, parts); got.Claimed != Count(claims) || got.Verified != Count(done) {
			t.Fatalf("count %+v, recount %d %d", got, claims, done)
		}
		got := RollUp(RollupShare, own, parts)
		if d := int64(got.Verified)*int64(len(parts)) - int64(done)*int64(Hundred); d*2 > int64(len(parts)) || d*2 < -int64(len(parts)) {
			t.Fatalf("share %s of %d in %d", got.Verified, done, len(parts))
		}
		if RollUp(RollupCount, own, nil) != own {
			t.Fatal("a task without parts shows its own figure")
		}
	})
}
