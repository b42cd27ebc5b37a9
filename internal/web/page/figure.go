package page

import (
	"strings"

	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

// PairView is 填报 and 核实 side by side, with their bar.
type PairView struct {
	Claimed  task.Quantity
	Verified task.Quantity
	Target   task.Quantity  // 0: no bar, for a target without a number
	Expected *task.Quantity // where it should be by now; nil: no tick
}

// The bar is drawn on a sheet of 120 × 10 and stretched to its column.
const barWidth = 120

// bar is the geometry of a bar: lengths on the sheet.
type bar struct {
	claimed, verified float64
	tick              float64 // left edge of the tick, two wide
	ticked            bool
}

// geometry lays a pair on the sheet. What goes beyond the target ends at the edge.
func (v PairView) geometry() bar {
	b := bar{
		claimed:  barWidth * share(v.Claimed, v.Target),
		verified: barWidth * share(v.Verified, v.Target),
	}
	if v.Expected != nil {
		b.ticked = true
		b.tick = min(max(barWidth*share(*v.Expected, v.Target)-1, 0), barWidth-2)
	}
	return b
}

// share is part of whole between 0 and 1. It is for drawing only, so a float will do.
func share(part, whole task.Quantity) float64 {
	if whole <= 0 {
		return 0
	}
	return min(max(float64(part)/float64(whole), 0), 1)
}

// sentence is what the bar shows, for those who do not see it.
func (v PairView) sentence(p *text.Printer) string {
	if v.Expected == nil {
		return p.T("figure.bar", "target", v.Target, "claimed", v.Claimed, "verified", v.Verified)
	}
	return p.T("figure.bar-expected", "target", v.Target, "claimed", v.Claimed, "verified", v.Verified, "expected", *v.Expected)
}

// TrendView is a line of a few values in a table: a sparkline.
type TrendView struct {
	Name   string // what it is the course of: 凉山州1月至5月得分
	Values []task.Quantity
	Low    task.Quantity // the scale, the same for all lines of a table
	High   task.Quantity
}

const trendWidth, trendHeight = 84.0, 20.0

type spot struct{ x, y float64 }

// spots lays the values on the sheet, the last one at the right.
func (v TrendView) spots() []spot {
	out := make([]spot, len(v.Values))
	step := 0.0
	if len(v.Values) > 1 {
		step = (trendWidth - 12) / float64(len(v.Values)-1)
	}
	for i, value := range v.Values {
		y := trendHeight / 2
		if v.High > v.Low {
			y = trendHeight - 3 - (trendHeight-6)*share(value-v.Low, v.High-v.Low)
		}
		out[i] = spot{4 + step*float64(i), y}
	}
	return out
}

func polyline(spots []spot) string {
	parts := make([]string, len(spots))
	for i, s := range spots {
		parts[i] = coordinate(s.x) + "," + coordinate(s.y)
	}
	return strings.Join(parts, " ")
}

func (v TrendView) sentence(p *text.Printer) string {
	values := make([]string, len(v.Values))
	for i, q := range v.Values {
		values[i] = p.Quantity(q)
	}
	return p.T("figure.trend", "name", v.Name, "values", p.List(values))
}

// TrendScale returns the least and greatest of all lines of a table.
func TrendScale(lines ...[]task.Quantity) (low, high task.Quantity) {
	first := true
	for _, line := range lines {
		for _, q := range line {
			if first || q < low {
				low = q
			}
			if first || q > high {
				high = q
			}
			first = false
		}
	}
	return low, high
}
