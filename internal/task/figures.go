package task

import (
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// before orders reports by period, then by round.
func before(a, b *Report) int {
	if c := a.Period.Compare(b.Period); c != 0 {
		return c
	}
	return a.Round - b.Round
}

// lastRound returns the newest report of a unit for a period.
func lastRound(reports []Report, unit org.UnitID, p calendar.Period) (Report, bool) {
	var last Report
	for _, r := range reports {
		if r.Unit == unit && r.Period == p && r.Round > last.Round {
			last = r
		}
	}
	return last, last.Round > 0
}

// claimBefore returns what a unit claims for the periods before p and has not been
// sent back; 0 at the start.
func claimBefore(reports []Report, unit org.UnitID, p calendar.Period) Quantity {
	var last Report
	for _, r := range reports {
		if r.Unit == unit && r.Live() && r.Period.Before(p) && (last.Round == 0 || before(&r, &last) > 0) {
			last = r
		}
	}
	return last.Value
}

// Figures returns what one unit's own reports amount to: the value of the last
// one (claimed) and of the last verified one. Last is by period, then round.
//
// Rule T-16 (from the reference pages: 1个已报未核，等补附件): a returned report
// still claims its value until the next round replaces it; one that was taken
// back claims nothing. A noted "no change" repeats a claim and verifies nothing.
func Figures(reports []Report) Figure { return figuresAt(datedOf(reports), calendar.Date{}) }

// dated is a report with the day of its claim and, if it was verified, of the verdict.
type dated struct {
	*Report
	claimed, verified calendar.Date
}

// datedOf works the days of reports out once. A report taken back counts for no day:
// the day of the taking back is not kept.
func datedOf(reports []Report) []dated {
	out := make([]dated, 0, len(reports))
	for i := range reports {
		r := &reports[i]
		if r.State == ReportTakenBack {
			continue
		}
		d := dated{Report: r, claimed: calendar.DateOf(r.At)}
		if r.State == ReportVerified {
			d.verified = calendar.DateOf(r.VerdictAt)
		}
		out = append(out, d)
	}
	return out
}

// figuresAt is Figures at the end of a day; the zero Date means now.
func figuresAt(reports []dated, on calendar.Date) Figure {
	by := func(d calendar.Date) bool { return on.IsZero() || !d.After(on) }
	var f Figure
	var claim, verified *Report
	for _, r := range reports {
		if by(r.claimed) && (claim == nil || before(r.Report, claim) > 0) {
			claim, f.Claimed = r.Report, r.Value
		}
		if by(r.claimed) && r.State == ReportVerified && by(r.verified) && (verified == nil || before(r.Report, verified) > 0) {
			verified, f.Verified = r.Report, r.Value
		}
	}
	return f
}

// LeadFigure returns the own figure of a task from the reports of all its units:
// what its leads report adds up, each reporting what it did itself. Cooperating
// units help; what they count (推荐, 初审) is not the target's number.
func LeadFigure(reports []Report) Figure { return leadFigureAt(byLead(reports), calendar.Date{}) }

func leadFigureAt(byLead map[org.UnitID][]dated, on calendar.Date) Figure {
	var f Figure
	for _, own := range byLead {
		g := figuresAt(own, on)
		f.Claimed, f.Verified = Sum(f.Claimed, g.Claimed), Sum(f.Verified, g.Verified)
	}
	return f
}

func byLead(reports []Report) map[org.UnitID][]dated {
	out := map[org.UnitID][]dated{}
	for _, r := range datedOf(reports) {
		if r.Role == Lead {
			out[r.Unit] = append(out[r.Unit], r)
		}
	}
	return out
}

// Steps returns the own figures of a task day by day, ascending, as LightAt reads
// them: a step on each day on which a figure changed.
func Steps(reports []Report) (claimed, verified []Step) {
	own := byLead(reports)
	var days []calendar.Date
	for _, unit := range own {
		for _, r := range unit {
			days = append(days, r.claimed)
			if r.State == ReportVerified {
				days = append(days, r.verified)
			}
		}
	}
	slices.SortFunc(days, calendar.Date.Compare)
	for _, d := range slices.Compact(days) {
		f := leadFigureAt(own, d)
		claimed = addStep(claimed, d, f.Claimed)
		verified = addStep(verified, d, f.Verified)
	}
	return claimed, verified
}

func addStep(steps []Step, on calendar.Date, v Quantity) []Step {
	if last(steps) == v { // steps are added in order; before the first it is 0
		return steps
	}
	return append(steps, Step{On: on, Value: v})
}

// valueAt returns the value of the last step on or before the day; 0 before the first.
func valueAt(steps []Step, on calendar.Date) Quantity {
	var v Quantity
	for _, s := range steps {
		if !s.On.After(on) {
			v = s.Value
		}
	}
	return v
}

// SumSteps adds series of steps: the figure of a task whose parts add up.
func SumSteps(series ...[]Step) []Step {
	// What each step adds, by day: one pass over all of them, where the value of every
	// series on every day would grow with their product.
	var added []Step
	for _, steps := range series {
		var before Quantity
		for _, s := range steps {
			added = append(added, Step{s.On, s.Value - before})
			before = s.Value
		}
	}
	slices.SortStableFunc(added, func(a, b Step) int { return a.On.Compare(b.On) })
	var out []Step
	var total Quantity
	for i, s := range added {
		total = Sum(total, s.Value)
		if i+1 == len(added) || added[i+1].On != s.On {
			out = addStep(out, s.On, total)
		}
	}
	return out
}

// DoneSteps turns the days on which parts were done (zero: not done) into the
// figure of a task that counts its parts or their share.
func DoneSteps(r Rollup, done []calendar.Date) []Step {
	days := slices.Clone(done)
	slices.SortFunc(days, calendar.Date.Compare)
	var out []Step
	n := 0
	for _, d := range days {
		if d.IsZero() {
			continue
		}
		n++
		v := Count(n)
		if r == RollupShare {
			v = ShareOf(v, Count(len(done)))
		}
		if len(out) > 0 && out[len(out)-1].On == d {
			out[len(out)-1].Value = v
		} else {
			out = append(out, Step{On: d, Value: v})
		}
	}
	return out
}

// PeriodFacts says of each period whether its reports came. With several leads
// the period is reported on the day on which the last of them reported. Returned
// reports count on the day they were handed in: the unit did report.
func PeriodFacts(periods []calendar.Period, leads []org.UnitID, reports []Report, rule ReportingRule) []PeriodFact {
	first := map[org.UnitID]map[calendar.Period]calendar.Date{}
	for _, r := range reports {
		if r.Role != Lead || r.State == ReportTakenBack {
			continue
		}
		if first[r.Unit] == nil {
			first[r.Unit] = map[calendar.Period]calendar.Date{}
		}
		if d, at := first[r.Unit][r.Period], calendar.DateOf(r.At); d.IsZero() || at.Before(d) {
			first[r.Unit][r.Period] = at
		}
	}
	out := make([]PeriodFact, 0, len(periods))
	for _, p := range periods {
		f := PeriodFact{Period: p, Due: rule.DueOf(p)}
		for _, u := range leads {
			d := first[u][p]
			if d.IsZero() {
				f.Reported = calendar.Date{}
				break
			}
			if d.After(f.Reported) {
				f.Reported = d
			}
		}
		out = append(out, f)
	}
	return out
}

// FactsOf gathers what the light of a task without parts rests on. finished is
// the day on which completion was verified, or no date; through is the last day
// that matters. A split task sets Claimed and Verified from SumSteps or DoneSteps.
func FactsOf(t Task, reports []Report, finished, through calendar.Date, rule ReportingRule) Facts {
	periods := PeriodsOf(t, through)
	coming := calendar.Of(t.Cadence, t.Start)
	if n := len(periods); n > 0 {
		coming = periods[n-1].Next()
	}
	f := Facts{
		Deadline: t.Deadline.Kind, Every: t.Deadline.Every, Standing: t.Deadline.Standing(),
		Start: t.Start, Due: t.Due, Target: t.Target, Finished: finished,
		Periods: owed(t, finished, PeriodFacts(periods, t.Leads, reports, rule)),
		Coming:  PeriodFact{Period: coming, Due: rule.DueOf(coming)},
	}
	f.Claimed, f.Verified = Steps(reports)
	return f
}
