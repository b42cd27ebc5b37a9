package task

// Rule T-02 (ours, from the words of field.md S15 to S24; docs/sources/task.md):
// when a target counts as met. An overshoot never makes a target unmet, except
// where the words set a limit (不超过, 零发生).

// aboutShare is how many per cent of an 左右 target are enough.
const aboutShare = 90

// Piece is the target of a part: the whole's kind of promise with its own number.
// One number of a range, and a first one, are to be reached.
func (t *Target) Piece(n Quantity) *Target {
	p := &Target{Text: n.String() + t.Unit, Op: t.Op, Value: n, Unit: t.Unit, Soft: t.Soft}
	if t.Op == OpRange || t.Op == OpFirst {
		p.Op = OpAtLeast
	}
	return p
}

// Numeric reports whether the target has a number that figures are compared with.
func (t *Target) Numeric() bool {
	if t == nil {
		return false
	}
	_, goal := t.Goal()
	_, limit := t.Limit()
	return goal || limit
}

// Met reports whether a verified figure fulfils the target. A target without a
// number, or none at all, is never met by a figure: whoever verifies completion
// judges its words.
//
//	>=     the number or more
//	<=     the number or less
//	~      nine tenths of the number or more: 左右 leaves a tenth
//	range  the lower number or more: 核实2个 is within 1-3个, 4 are more than asked
//	first  one (零的突破), or the number if one is given
//	=      the number or more: 17份; with 0 (零发生) nothing at all
func (t *Target) Met(verified Quantity) bool {
	if limit, ok := t.Limit(); ok {
		return verified <= limit
	}
	goal, ok := t.Goal()
	if !ok {
		return false
	}
	if t.Op == OpAbout {
		return AtLeastShare(verified, goal, aboutShare)
	}
	return verified >= goal
}

// Goal returns the number that the course runs to, if the target has one. A
// limit is not a goal.
func (t *Target) Goal() (Quantity, bool) {
	if t == nil {
		return 0, false
	}
	switch t.Op {
	case OpAtLeast, OpAbout, OpRange:
		return t.Value, true
	case OpEqual:
		return t.Value, t.Value > 0
	case OpFirst:
		if t.Value <= 0 {
			return One, true
		}
		return t.Value, true
	}
	return 0, false
}

// Limit returns the number that must not be exceeded, if the target is a limit:
// 不超过, and 零发生, which is a limit of 0.
func (t *Target) Limit() (Quantity, bool) {
	if t == nil {
		return 0, false
	}
	switch {
	case t.Op == OpAtMost:
		return t.Value, true
	case t.Op == OpEqual && t.Value <= 0:
		return t.Value, true
	}
	return 0, false
}

// Percent reports whether the target is counted in per cent.
func (t *Target) Percent() bool { return t != nil && (t.Unit == "%" || t.Unit == "％") }

// SameTarget reports whether two targets ask for the same, whatever their words.
func SameTarget(a, b *Target) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Op == b.Op && a.Value == b.Value && a.High == b.High && a.Unit == b.Unit
}

// String is for logs: >=20个.
func (t *Target) String() string {
	if t == nil || t.Op == OpNone {
		return "no number"
	}
	s := string(t.Op) + t.Value.String()
	if t.Op == OpRange {
		s += "-" + t.High.String()
	}
	return s + t.Unit
}
