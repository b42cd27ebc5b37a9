package task

import "testing"

// Rule T-02.
func TestWhenATargetIsMet(t *testing.T) {
	for _, c := range []struct {
		target *Target
		value  Quantity
		want   bool
	}{
		{&Target{Op: OpAtLeast, Value: Count(20)}, Count(20), true},
		{&Target{Op: OpAtLeast, Value: Count(20)}, Count(20) - 1, false},
		{&Target{Op: OpAtMost, Value: Count(10)}, Count(10), true},
		{&Target{Op: OpAtMost, Value: Count(10)}, Count(10) + 1, false},
		{&Target{Op: OpAbout, Value: Count(20)}, Count(18), true},
		{&Target{Op: OpAbout, Value: Count(20)}, Count(18) - 1, false},
		{&Target{Op: OpAbout, Value: Count(20)}, Count(40), true},
		{&Target{Op: OpRange, Value: One, High: Count(3)}, Count(2), true}, // 核实2个，已在目标范围
		{&Target{Op: OpRange, Value: One, High: Count(3)}, Count(4), true},
		{&Target{Op: OpRange, Value: Count(2), High: Count(3)}, One, false},
		{&Target{Op: OpFirst}, One, true},
		{&Target{Op: OpFirst}, 0, false},
		{&Target{Op: OpEqual, Value: Count(17)}, Count(17), true},
		{&Target{Op: OpEqual, Value: Count(17)}, Count(18), true},
		{&Target{Op: OpEqual, Value: Count(17)}, Count(16), false},
		{&Target{Op: OpEqual, Value: 0}, 0, true}, // 零发生
		{&Target{Op: OpEqual, Value: 0}, One, false},
		{&Target{Op: OpNone}, Count(5), false},
		{nil, Count(5), false},
	} {
		if got := c.target.Met(c.value); got != c.want {
			t.Errorf("%v with %s: met %v, want %v", c.target, c.value, got, c.want)
		}
	}
}

// Rule T-02: a limit is not a goal to run to.
func TestALimitHasNoGoal(t *testing.T) {
	for _, target := range []*Target{{Op: OpAtMost, Value: Count(3)}, {Op: OpEqual}} {
		if _, ok := target.Goal(); ok {
			t.Errorf("%v has a goal", target)
		}
		if _, ok := target.Limit(); !ok || !target.Numeric() {
			t.Errorf("%v has no limit", target)
		}
	}
	if (*Target)(nil).Numeric() || (&Target{Op: OpNone}).Numeric() {
		t.Error("words are no number")
	}
}
