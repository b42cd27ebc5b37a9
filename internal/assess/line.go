package assess

import (
	"math/big"
	"slices"

	"gongjian/internal/task"
)

// line turns the reading of one item into its row.
func (c *scoring) line(it Item, depth int, caps []*commonCap) Line {
	r := c.readings[it.No]
	l := Line{
		No: it.No, Title: it.Title, Words: it.Words, Depth: depth, Kind: it.Kind,
		Points: it.Points, State: Scored, Calc: slices.Clip(r.calc), Refs: r.refs,
	}
	if r.open != nil {
		l.State, l.Why = StillOpen, r.open
		return l
	}
	switch it.Kind {
	case Plain:
		c.scoreLine(it, r, &l)
	case Bonus:
		c.bonusLine(it, r, caps, &l)
	case Deduction:
		c.deductionLine(it, r, &l)
	}
	if l.State == Scored && l.Lost.IsPositive() && r.why.Key != "" {
		l.Why = losing(r.why, c.text(l.Lost))
	}
	return l
}

// losing is the sentence with the points it costs; the reading's maps are left alone.
func losing(say task.Say, lost string) *task.Say {
	words := map[string]string{"lost": lost}
	for k, v := range say.Word {
		words[k] = v
	}
	say.Word = words
	return &say
}

// scoreLine works out a score item: an exact fraction of its full marks, scaled
// where other items were taken out, held between zero and full, rounded once.
func (c *scoring) scoreLine(it Item, r reading, l *Line) {
	places := c.scheme.Rounding.ItemPlaces
	if c.factor == nil {
		// Rule A-08 (our choice, against a fault of a neighbouring system): when every
		// item was taken out there is nothing to score, which is not zero points.
		l.State, l.Points, l.Why = StillOpen, Points{}, &task.Say{Key: "assess.open.nothing"}
		return
	}
	full := new(big.Rat).Mul(it.Points.Rat(), c.factor)
	l.Points = c.scheme.Rounding.round(full, places)
	if r.absent {
		c.exemptLine(it, l)
		return
	}
	raw, calc, why := c.raw(it, r)
	if why != nil {
		r.why = *why
	}
	if raw.Cmp(it.Points.Rat()) > 0 {
		raw = it.Points.Rat()
	}
	if raw.Sign() < 0 {
		raw = new(big.Rat)
	}
	l.Got = c.scheme.Rounding.round(new(big.Rat).Mul(raw, c.factor), places)
	l.Lost = l.Points.Minus(l.Got)
	l.Calc = append(l.Calc, calc...)
	if c.factor.Cmp(big.NewRat(1, 1)) != 0 {
		l.Calc = append(l.Calc, task.Say{Key: "assess.calc.scaled", Word: map[string]string{
			"factor": ratio(c.factor), "got": c.text(l.Got),
		}})
	}
	if l.Lost.IsPositive() && r.why.Key != "" {
		l.Why = losing(r.why, c.text(l.Lost))
	}
}

// exemptLine is the row of an item that the subject has no business for.
//
// Rule A-09 (practice: 量化指标不均衡的均得基础分): full marks unless the
// scheme says that the item is taken out; never a silent zero.
func (c *scoring) exemptLine(it Item, l *Line) {
	l.State = Exempt
	if it.Absent == AbsentScale {
		l.Points, l.Got = Points{}, Points{}
		l.Why = &task.Say{Key: "assess.exempt.scale"}
		return
	}
	l.Got = l.Points
	l.Why = &task.Say{Key: "assess.exempt.full"}
}

// raw is a score item's points before scaling, floor and rounding, with the
// steps; why is set where the method knows better than the source what is lost.
func (c *scoring) raw(it Item, r reading) (raw *big.Rat, calc []task.Say, why *task.Say) {
	full, each := it.Points.Rat(), it.Each.Rat()
	show := func(x *big.Rat) string { return c.text(c.scheme.Rounding.round(x, c.scheme.Rounding.ItemPlaces)) }
	switch it.Method {
	case Share, Value: // Rule A-10 (按进度比例，最高1)
		raw = new(big.Rat).Mul(full, r.x)
		calc = []task.Say{{Key: "assess.calc.share-of", Word: map[string]string{
			"share": ratio(r.x), "points": it.Points.String(), "got": show(raw)}}}
	case Missing, PerEvent: // Rule A-11 (每缺1次扣1分，扣完为止)
		raw = new(big.Rat).Sub(full, new(big.Rat).Mul(each, r.x))
		key := "assess.calc.less"
		if raw.Sign() < 0 {
			key, raw = "assess.calc.less-floor", new(big.Rat)
		}
		calc = []task.Say{{Key: key, Number: map[string]task.Quantity{"times": asQuantity(r.x)}, Word: map[string]string{
			"points": it.Points.String(), "each": it.Each.String(), "got": show(raw)}}}
	case Stepped: // Rule A-12 (受理1个得8分，每多1个加1分)
		raw, calc, why = c.stepped(it, r)
	case Rungs: // Rule A-13 (full, half, zero; 纳入总体规划得2分，仅纳入部门规划得1分)
		raw = new(big.Rat)
		for _, rung := range it.Ladder {
			if r.x.Cmp(quantity(rung.AtLeast)) >= 0 {
				raw = rung.Points.Rat()
				break
			}
		}
		calc = []task.Say{{Key: "assess.calc.rung", Word: map[string]string{"got": show(raw)}}}
		why = &task.Say{Key: "assess.loss.rung"}
	case GivenToAll:
		raw = full
		calc = []task.Say{{Key: "assess.calc.given", Word: map[string]string{"got": show(raw)}}}
	default: // Judged: Rule A-14, points by hand with a reason
		raw = r.x
	}
	return raw, calc, why
}

func (c *scoring) stepped(it Item, r reading) (raw *big.Rat, calc []task.Say, why *task.Say) {
	n := wholePart(r.x)
	raw = new(big.Rat)
	if n.Sign() > 0 {
		more := new(big.Int).Sub(n, big.NewInt(1))
		raw.Mul(it.Each.Rat(), new(big.Rat).SetInt(more))
		raw.Add(raw, it.Base.Rat())
		if raw.Cmp(it.Points.Rat()) > 0 {
			raw = it.Points.Rat()
		}
	}
	got := c.text(c.scheme.Rounding.round(raw, c.scheme.Rounding.ItemPlaces))
	calc = []task.Say{{Key: "assess.calc.stepped",
		Number: map[string]task.Quantity{"number": asQuantity(new(big.Rat).SetInt(n))},
		Word:   map[string]string{"base": it.Base.String(), "each": it.Each.String(), "got": got}}}
	enough := new(big.Rat).SetInt64(1)
	if gap := it.Points.Minus(it.Base); gap.IsPositive() && it.Each.IsPositive() {
		steps := new(big.Rat).Quo(gap.Rat(), it.Each.Rat())
		up := wholePart(steps)
		if !steps.IsInt() {
			up.Add(up, big.NewInt(1))
		}
		enough.Add(enough, new(big.Rat).SetInt(up))
	}
	return raw, calc, &task.Say{Key: "assess.loss.stepped", Number: map[string]task.Quantity{"enough": asQuantity(enough)}}
}

// bonusLine gives what the item gives, to its own limit and to what is left of
// the limits of the headings above, in printed order.
func (c *scoring) bonusLine(it Item, r reading, caps []*commonCap, l *Line) {
	raw := r.x
	if it.Method == PerBonus { // Rule A-15 (practice: 每个加1分，最高5分; a cap of 15, or none)
		n := new(big.Rat).SetInt(wholePart(r.x))
		raw = new(big.Rat).Mul(it.Each.Rat(), n)
		l.Calc = append(l.Calc, task.Say{Key: "assess.calc.plus",
			Number: map[string]task.Quantity{"times": asQuantity(n)}, Word: map[string]string{"each": it.Each.String()}})
	}
	got := c.scheme.Rounding.round(raw, c.scheme.Rounding.ItemPlaces)
	if it.Points.IsPositive() && it.Points.Less(got) {
		got = it.Points
		l.Calc = append(l.Calc, task.Say{Key: "assess.calc.limit", Word: map[string]string{"limit": it.Points.String()}})
	}
	for _, shared := range caps {
		if shared.left.Less(got) {
			got = shared.left
			l.Calc = append(l.Calc, task.Say{Key: "assess.calc.common-limit", Word: map[string]string{"limit": shared.limit.String()}})
		}
	}
	for _, shared := range caps {
		shared.left = shared.left.Minus(got)
	}
	l.Got = got
}

// deductionLine takes points off, to the item's limit if it has one.
//
// Rule A-16 (practice: 每次扣2分, 不限): a deduction outside the score items has no
// floor unless the scheme gives one; the total may fall below zero.
func (c *scoring) deductionLine(it Item, r reading, l *Line) {
	raw := r.x
	if it.Method == PerEvent {
		raw = new(big.Rat).Mul(it.Each.Rat(), r.x)
		l.Calc = append(l.Calc, task.Say{Key: "assess.calc.minus",
			Number: map[string]task.Quantity{"times": asQuantity(r.x)}, Word: map[string]string{"each": it.Each.String()}})
	}
	lost := c.scheme.Rounding.round(raw, c.scheme.Rounding.ItemPlaces)
	if it.Points.IsPositive() && it.Points.Less(lost) {
		lost = it.Points
		l.Calc = append(l.Calc, task.Say{Key: "assess.calc.limit", Word: map[string]string{"limit": it.Points.String()}})
	}
	l.Lost, l.Got = lost, Points{}.Minus(lost)
}

// wholePart is the number of whole things in x, which is not negative.
func wholePart(x *big.Rat) *big.Int { return new(big.Int).Quo(x.Num(), x.Denom()) }
