// Package assess turns verified facts into points, points into grades and ranks,
// and shows for every point where it comes from.
//
// Words. A scheme (考核办法) is a versioned tree of items. Inputs are all facts
// about one subject on one day. A scorecard (考核表) is what the scheme makes of
// them, line by line. A ranking (排名) orders the cards of one group. A veto
// (一票否决) caps the grade, whatever the points. An item without business is
// exempt; an item nobody has scored yet is open, which is not zero. A payload
// (核验包) is scheme, inputs and card together as canonical bytes.
//
// Laws. Everything is a pure function of values. Fractions are exact until each
// item is rounded once; the total is the sum of the rounded lines. The order of
// the inputs does not matter. The same scheme and inputs give the same card and
// digest on every machine. Only verified figures count: raising one never lowers
// a total, except above a ceiling (不超过). Figures of different units of
// measure are never added. Nothing broken is scored: Score refuses it.
package assess

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"gongjian/internal/task"
)

// Score works out the scorecard of one subject. It fails with the faults of
// Scheme.Check or Inputs.Check and in no other way.
func Score(s Scheme, in Inputs) (Scorecard, error) {
	c, err := NewScorer(s)
	if err != nil {
		return Scorecard{}, err
	}
	card, _, _, err := c.score(in)
	return card, err
}

// scoring is one run of Score.
type scoring struct {
	scheme   Scheme
	in       Inputs
	named    map[task.Field]bool // fields that some item names; the rest goes to Source.Rest
	readings map[string]reading  // by number of the item
	factor   *big.Rat            // full marks ÷ full marks of the items that are left
}

func newScoring(s Scheme, in Inputs) *scoring {
	c := &scoring{scheme: s, in: in, named: map[task.Field]bool{}, readings: map[string]reading{}}
	for _, it := range s.Leaves() {
		for _, f := range it.Source.Fields {
			c.named[f] = true
		}
	}
	all, out := new(big.Rat), new(big.Rat)
	for _, it := range s.Leaves() {
		r := c.read(it)
		c.readings[it.No] = r
		if it.Kind != Plain {
			continue
		}
		all.Add(all, it.Points.Rat())
		if r.absent && it.Absent == AbsentScale {
			out.Add(out, it.Points.Rat())
		}
	}
	// Rule A-03 (practice: deductions count double where only part of a rubric
	// applies; not every object takes part in every item): what is taken out
	// is made up for by all the rest in proportion. Nil: nothing is left.
	if rest := new(big.Rat).Sub(all, out); rest.Sign() > 0 {
		c.factor = new(big.Rat).Quo(all, rest)
	} else if all.Sign() == 0 {
		c.factor = big.NewRat(1, 1)
	}
	return c
}

func (c *scoring) card() Scorecard {
	card := Scorecard{
		Subject: c.in.Subject, Scheme: c.scheme.ID, Version: c.scheme.Version, AsOf: c.in.AsOf,
	}
	card.Lines = c.lines(c.scheme.Items, 0, nil)
	worst := 0 // place of the best grade that is left
	for _, l := range card.Lines {
		if l.Kind == Heading {
			continue
		}
		card.Exact = card.Exact.Plus(l.Got)
		if l.State == StillOpen {
			card.Open = append(card.Open, l.No)
		}
		if l.Kind == Veto && c.readings[l.No].x.Sign() > 0 {
			card.Capped = append(card.Capped, l.No)
			it, _ := c.scheme.Item(l.No)
			worst = max(worst, c.gradePlace(it.CapGrade))
		}
	}
	card.Total = c.scheme.Rounding.Total(card.Exact)
	if !card.IsOpen() {
		// Rule A-04 (国办《质量工作考核办法》: an incident means D regardless): a
		// veto caps the grade; the points stay what they are.
		card.Grade = c.scheme.GradeFor(card.Total)
		if c.gradePlace(card.Grade) < worst {
			card.Grade = c.scheme.Bands[worst].Grade
		}
	}
	return card
}

func (c *scoring) gradePlace(grade string) int {
	for i, b := range c.scheme.Bands {
		if b.Grade == grade {
			return i
		}
	}
	return 0
}

// commonCap is what the bonus items below one heading may still give.
type commonCap struct{ left, limit Points }

// lines makes the rows of items and of all below them.
func (c *scoring) lines(items []Item, depth int, caps []*commonCap) []Line {
	var out []Line
	for _, it := range items {
		if len(it.Children) == 0 {
			out = append(out, c.line(it, depth, caps))
			continue
		}
		under := caps
		if it.Points.IsPositive() && !scoresBelow(it) {
			// A slice of its own, so that the next heading does not share the cap.
			under = append(caps[:len(caps):len(caps)], &commonCap{it.Points, it.Points})
		}
		below := c.lines(it.Children, depth+1, under)
		out = append(out, headingLine(it, depth, below))
		out = append(out, below...)
	}
	return out
}

// headingLine adds up what stands directly or indirectly under a heading.
func headingLine(it Item, depth int, below []Line) Line {
	l := Line{No: it.No, Title: it.Title, Words: it.Words, Depth: depth, Kind: Heading, Points: it.Points, State: Exempt}
	full, scores := Points{}, false
	for _, b := range below {
		if b.Kind == Heading {
			continue
		}
		l.Got, l.Lost = l.Got.Plus(b.Got), l.Lost.Plus(b.Lost)
		if b.Kind == Plain {
			full, scores = full.Plus(b.Points), true
		}
		switch {
		case b.State == StillOpen:
			l.State = StillOpen
		case b.State == Scored && l.State == Exempt:
			l.State = Scored
		}
	}
	if scores {
		l.Points = full // as the lines below show it, after scaling
	}
	return l
}

// scoresBelow reports whether any score item stands under a heading.
func scoresBelow(it Item) bool {
	found := false
	walk(it.Children, 0, func(c Item, _ int) { found = found || c.Kind == Plain })
	return found
}

// text writes points as the lines of the card print them.
func (c *scoring) text(p Points) string { return p.StringFixed(c.scheme.Rounding.ItemPlaces) }

// ratio writes a share with two or three decimals, as it is printed beside a
// calculation. It is for the eye; the calculation uses the exact fraction.
func ratio(x *big.Rat) string {
	s := Rounding{Mode: HalfUp}.round(x, 3).StringFixed(3)
	return strings.TrimSuffix(s, "0")
}

// quantity is q as an exact number.
func quantity(q task.Quantity) *big.Rat { return big.NewRat(int64(q), int64(task.One)) }

// asQuantity is x in ten-thousandths, cut off, and held at the largest that fits.
func asQuantity(x *big.Rat) task.Quantity {
	n := new(big.Int).Mul(x.Num(), big.NewInt(int64(task.One)))
	n.Quo(n, x.Denom())
	if !n.IsInt64() {
		return task.Quantity(1<<63 - 1)
	}
	return task.Quantity(n.Int64())
}

// ordered returns the inputs in the order in which they are scored and kept:
// by identity, with instants in UTC to the second.
func (in Inputs) ordered() Inputs {
	out := in
	out.Tasks = sortedBy(in.Tasks, func(t TaskFigure) string { return string(t.Task) })
	for i := range out.Tasks {
		out.Tasks[i].Evidence = sortedBy(out.Tasks[i].Evidence, func(p Proof) string { return string(p.ID) + "\x00" + p.Name })
	}
	out.Occurrences = sortedBy(in.Occurrences, func(o Occurrence) string { return o.ID })
	out.Reporting.Refs = sortedBy(in.Reporting.Refs, func(r ReportRef) string {
		return fmt.Sprintf("%s\x00%s\x00%s", r.What, r.ID, r.Label)
	})
	if in.Judged != nil {
		out.Judged = make(map[string]Judgement, len(in.Judged))
		for no, j := range in.Judged {
			j.At = j.At.UTC().Truncate(time.Second)
			out.Judged[no] = j
		}
	}
	return out
}
