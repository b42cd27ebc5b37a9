package assess

import (
	"math/big"

	"gongjian/internal/task"
)

// completion is how far one task has come: 0 to 1, or nil when it does not
// count on the day.
//
// Rule A-06 (practice: 按进度比例，最高1): verified ÷ expected, at most 1.
// A task of which nothing is due yet is left out, not counted as done or as late.
// A ceiling (不超过) is kept or overstepped whatever the course; silence does not
// keep it. A task without a number goes by its light or by being finished; the
// half for yellow is ours.
func completion(t TaskFigure, src Source) *big.Rat {
	if !t.HasGoal {
		return bareCompletion(t, src.Bare)
	}
	if isCeiling(t) {
		switch {
		case !t.HasVerified:
			return new(big.Rat)
		case t.Verified <= t.Goal:
			return big.NewRat(1, 1)
		case t.Goal <= 0:
			return new(big.Rat)
		}
		return big.NewRat(int64(t.Goal), int64(t.Verified))
	}
	need := wanted(t, src.Of)
	if need <= 0 {
		return nil
	}
	return capOne(big.NewRat(int64(t.Verified), int64(need)))
}

func bareCompletion(t TaskFigure, by Bare) *big.Rat {
	if t.Finished || t.Light == task.Blue {
		return big.NewRat(1, 1)
	}
	if by == BareFinished {
		return new(big.Rat)
	}
	switch t.Light {
	case task.Green:
		return big.NewRat(1, 1)
	case task.Yellow:
		return big.NewRat(1, 2)
	case task.Red:
		return new(big.Rat)
	}
	return nil
}

// isCeiling reports whether less is better: 不超过, 零发生.
func isCeiling(t TaskFigure) bool {
	return t.Op == task.OpAtMost || t.Op == task.OpEqual && t.Goal == 0
}

// wanted is the figure that a task is held against.
func wanted(t TaskFigure, of Of) task.Quantity {
	need := t.Expected
	if of == OfTarget {
		need = t.Goal
		if t.Op == task.OpFirst && need <= 0 {
			need = task.One // 零的突破: one is enough
		}
	}
	return need
}

// meanCompletion is the weighted mean of the completion of the tasks that count.
func meanCompletion(tasks []TaskFigure, src Source) reading {
	sum, weights := new(big.Rat), new(big.Rat)
	counted, behind, weighed := 0, 0, false
	var only TaskFigure
	for _, t := range tasks {
		done := completion(t, src)
		if done == nil {
			continue
		}
		w := quantity(t.Weight)
		sum.Add(sum, new(big.Rat).Mul(done, w))
		weights.Add(weights, w)
		weighed = weighed || counted > 0 && t.Weight != only.Weight
		counted++
		only = t
		if done.Cmp(big.NewRat(1, 1)) < 0 {
			behind++
		}
	}
	left := leftOut(len(tasks) - counted)
	if counted == 0 {
		return reading{absent: true, calc: left}
	}
	r := reading{x: sum.Quo(sum, weights)}
	if counted == 1 && only.HasGoal && !isCeiling(only) {
		need := wanted(only, src.Of)
		r.calc = append([]task.Say{quotient(quantity(only.Verified), quantity(need), r.x)}, left...)
		r.why = behindBy(quantity(need-only.Verified), only.Unit, src.Of)
		return r
	}
	key := "assess.calc.mean"
	if weighed {
		key = "assess.calc.mean-weighted"
	}
	say := task.Say{Key: key, Count: map[string]int{"n": counted}, Word: map[string]string{"share": ratio(r.x)}}
	r.calc = append([]task.Say{say}, left...)
	r.why = task.Say{Key: "assess.loss.behind-tasks", Count: map[string]int{"n": behind}}
	return r
}

// quotient says "7 ÷ 10 = 0.70", or "4 ÷ 3，取1" when the share was held at 1.
func quotient(part, whole, share *big.Rat) task.Say {
	say := task.Say{
		Key:    "assess.calc.quotient",
		Number: map[string]task.Quantity{"part": asQuantity(part), "whole": asQuantity(whole)},
		Word:   map[string]string{"share": ratio(share)},
	}
	if part.Cmp(whole) > 0 {
		say.Key = "assess.calc.quotient-capped"
	}
	return say
}

func behindBy(gap *big.Rat, unit string, of Of) task.Say {
	key := "assess.loss.behind-course"
	if of == OfTarget {
		key = "assess.loss.behind-target"
	}
	return task.Say{Key: key, Number: map[string]task.Quantity{"gap": asQuantity(gap)}, Word: map[string]string{"unit": unit}}
}

func leftOut(n int) []task.Say {
	if n == 0 {
		return nil
	}
	return []task.Say{{Key: "assess.calc.left-out", Count: map[string]int{"n": n}}}
}

func finishedShare(tasks []TaskFigure) reading {
	done, all := new(big.Rat), new(big.Rat)
	n := 0
	for _, t := range tasks {
		w := quantity(t.Weight)
		all.Add(all, w)
		if t.Finished {
			done.Add(done, w)
			n++
		}
	}
	x := new(big.Rat).Quo(done, all)
	counts := map[string]int{"finished": n, "n": len(tasks)}
	return reading{
		x:    x,
		calc: []task.Say{{Key: "assess.calc.finished-share", Count: counts, Word: map[string]string{"share": ratio(x)}}},
		why:  task.Say{Key: "assess.loss.unfinished", Count: map[string]int{"n": len(tasks) - n}},
	}
}

// finishedCount counts the finished tasks, or for the method missing the others.
func finishedCount(tasks []TaskFigure, m Method) reading {
	n := 0
	for _, t := range tasks {
		if t.Finished {
			n++
		}
	}
	r := reading{
		x:    big.NewRat(int64(n), 1),
		calc: []task.Say{{Key: "assess.calc.finished", Count: map[string]int{"finished": n, "n": len(tasks)}}},
		why:  task.Say{Key: "assess.loss.unfinished", Count: map[string]int{"n": len(tasks) - n}},
	}
	if m == Missing {
		r.x = big.NewRat(int64(len(tasks)-n), 1)
	}
	return r
}

// figures adds up the figures of the tasks: a share for the method value, the
// whole things that are short for missing, the verified sum for the others.
//
// Rule A-07 (ours, against a fault of real tables): figures of different units
// and ceilings cannot be added; the item stays open until the scheme is mended
// or the tasks are sorted into fields. Tasks without a number are left out.
func figures(tasks []TaskFigure, it Item) reading {
	verified, need, short := new(big.Rat), new(big.Rat), int64(0)
	unit, counted := "", 0
	for _, t := range tasks {
		if !t.HasGoal {
			continue
		}
		if isCeiling(t) {
			return reading{open: &task.Say{Key: "assess.open.ceiling", Word: map[string]string{"title": t.Title}}}
		}
		if counted > 0 && t.Unit != unit {
			return reading{open: &task.Say{Key: "assess.open.units", Word: map[string]string{"one": unit, "other": t.Unit}}}
		}
		unit = t.Unit
		counted++
		w := wanted(t, it.Source.Of)
		verified.Add(verified, quantity(t.Verified))
		need.Add(need, quantity(w))
		if t.Verified < w {
			// Only whole ones are missing: half a meeting by the course is not due yet.
			short += (int64(w) - int64(t.Verified)) / int64(task.One)
		}
	}
	left := leftOut(len(tasks) - counted)
	if counted == 0 || it.Method != Stepped && it.Method != Rungs && it.Method != PerBonus && need.Sign() <= 0 {
		return reading{absent: true, calc: leftOut(len(tasks))}
	}
	r := reading{}
	switch it.Method {
	case Value:
		r.x = capOne(new(big.Rat).Quo(verified, need))
		r.calc = []task.Say{quotient(verified, need, r.x)}
		r.why = behindBy(new(big.Rat).Sub(need, verified), unit, it.Source.Of)
	case Missing:
		r.x = big.NewRat(short, 1)
		numbers := map[string]task.Quantity{"need": asQuantity(need), "verified": asQuantity(verified)}
		r.calc = []task.Say{{Key: "assess.calc.need", Number: numbers, Word: map[string]string{"unit": unit}}}
		r.why = task.Say{Key: "assess.loss.missing", Count: map[string]int{"n": int(short)}, Word: map[string]string{"unit": unit}}
	default:
		r.x = verified
		if r.x.Sign() < 0 {
			r.x = new(big.Rat)
		}
		r.calc = []task.Say{{Key: "assess.calc.verified", Number: map[string]task.Quantity{"verified": asQuantity(verified)}, Word: map[string]string{"unit": unit}}}
	}
	r.calc = append(r.calc, left...)
	return r
}
