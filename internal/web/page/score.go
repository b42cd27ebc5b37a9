package page

import (
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

// FixedPoints writes points with so many decimals and a true minus sign: 10.50, −2.00.
func FixedPoints(v assess.Points, places int32) string {
	return strings.Replace(v.StringFixed(places), "-", "−", 1)
}

// SignedPoints is FixedPoints with a plus before what is given on top: +1.00.
func SignedPoints(v assess.Points, places int32) string {
	if v.IsPositive() {
		return "+" + FixedPoints(v, places)
	}
	return FixedPoints(v, places)
}

// PlainPoints writes points as short as they can be: 15, 7.5.
func PlainPoints(v assess.Points) string { return strings.Replace(v.String(), "-", "−", 1) }

// PointsQuantity is points as a quantity, for drawing only.
func PointsQuantity(v assess.Points) task.Quantity {
	return task.Quantity(v.Shift(4).Round(0).IntPart())
}

// RegionName is a region's name in a table: 成都市, 凉山州, 冕宁县; Chengdu, Mianning County.
func RegionName(p *text.Printer, r org.Region) string {
	switch {
	case p.Lang() == text.English:
		return r.English
	case r.Level == org.City && !strings.HasPrefix(r.Name, r.Short+"市") && r.Short != r.Name:
		return p.T("score.prefecture", "name", r.Short)
	}
	return r.Name
}

// RegionShort is a region's name within a sentence: 成都, 凉山.
func RegionShort(p *text.Printer, r org.Region) string {
	if p.Lang() == text.English {
		return r.English
	}
	return r.Short
}

// ScoreBar is the points of one line as a bar with the median as a tick.
type ScoreBar struct {
	Full, Got task.Quantity
	Median    *task.Quantity
	Says      string // the same in words
}

func (b ScoreBar) geometry() bar {
	return PairView{Claimed: b.Got, Verified: b.Got, Target: b.Full, Expected: b.Median}.geometry()
}
