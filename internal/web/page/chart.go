package page

import (
	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

// ChartView is the course of one task over its periods: cumulative claims and
// verifications as bars, the expected course as a dashed line. A table of the
// same numbers stands below it.
type ChartView struct {
	ID     string // unique on the page; names the drawing's parts
	Title  string // what it shows, as a sentence with the numbers
	Unit   string // measure word, for the head of the table
	Points []ChartPoint
	Target task.Quantity
	Goal   string // stands at the target: 10月底 目标20
}

// ChartPoint is one period. Periods to come have Known false.
type ChartPoint struct {
	Label    string // 5月
	Known    bool
	Claimed  task.Quantity
	Verified task.Quantity
	Expected *task.Quantity
}

// The sheet of a chart and the frame within it.
const (
	chartWidth, chartHeight = 760.0, 250.0
	chartLeft, chartRight   = 60.0, 750.0
	chartTop, chartBottom   = 36.0, 212.0
)

// ChartKey says what solid, hatched and dashed mean: for the head of the chart's card.
func ChartKey(p *text.Printer) Words { return Say(p.T("figure.chart-key")) }

// known returns the periods that have numbers.
func (c ChartView) known() []ChartPoint {
	var out []ChartPoint
	for _, p := range c.Points {
		if p.Known {
			out = append(out, p)
		}
	}
	return out
}

// top is the value at the upper edge: the greatest of all, rounded up to whole grid lines.
func (c ChartView) top() task.Quantity {
	highest := max(c.Target, 1)
	for _, p := range c.Points {
		highest = max(highest, p.Claimed, p.Verified)
		if p.Expected != nil {
			highest = max(highest, *p.Expected)
		}
	}
	step := gridStep(highest)
	return (highest + step - 1) / step * step
}

// gridStep chooses grid lines at 1, 2 or 5 times a power of ten, five of them at most.
func gridStep(highest task.Quantity) task.Quantity {
	for step := task.Quantity(1); ; step *= 10 {
		for _, m := range []task.Quantity{1, 2, 5} {
			// Division first: step may come near the greatest number there is.
			if highest/(step*m) < 5 {
				return step * m
			}
		}
	}
}

type gridLine struct {
	y     float64
	value task.Quantity
}

func (c ChartView) grid() []gridLine {
	top := c.top()
	step := gridStep(top)
	var out []gridLine
	for q := task.Quantity(0); q <= top; q += step {
		out = append(out, gridLine{c.y(q), q})
	}
	return out
}

func (c ChartView) y(q task.Quantity) float64 {
	return chartBottom - (chartBottom-chartTop)*share(q, c.top())
}

// x is the middle of a period's slot.
func (c ChartView) x(i int) float64 {
	return chartLeft + (chartRight-chartLeft)*(float64(i)+0.5)/float64(len(c.Points))
}

// column is one bar: the verified part solid, what is only claimed hatched on top.
type column struct {
	left, width         float64
	verified, claimed   float64 // heights
	verifiedY, claimedY float64
}

func (c ChartView) columns() []column {
	width := min(32, (chartRight-chartLeft)/float64(max(len(c.Points), 1))*0.6)
	var out []column
	for i, p := range c.Points {
		if !p.Known {
			continue
		}
		v, total := c.y(p.Verified), c.y(max(p.Claimed, p.Verified))
		out = append(out, column{
			left: c.x(i) - width/2, width: width,
			verified: chartBottom - v, verifiedY: v,
			claimed: v - total, claimedY: total,
		})
	}
	return out
}

// expected is the dashed line, from nothing at the left edge.
func (c ChartView) expected() string {
	var out []spot
	for i, p := range c.Points {
		if p.Expected != nil {
			if len(out) == 0 && i == 0 {
				out = append(out, spot{chartLeft, chartBottom})
			}
			out = append(out, spot{c.x(i), c.y(*p.Expected)})
		}
	}
	return polyline(out)
}

// labelEvery leaves out period names where they would touch.
func (c ChartView) labelEvery() int { return (len(c.Points) + 11) / 12 }
