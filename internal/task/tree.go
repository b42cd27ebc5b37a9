package task

import (
	"time"

	"gongjian/internal/calendar"
)

// Node is one task of a tree with what has happened to it.
type Node struct {
	Task     Task
	Reports  []Report
	Finished calendar.Date // day of completion; zero before
	// Counted is the figure of a part on the day, where that was counted before;
	// its own reports and parts are then left out. Nil: it is worked out from them.
	Counted *Figure
}

// AsOf returns the reports as they stood at the end of a day: later ones are
// left out, later verdicts have not been given. A report that was taken back is
// left out on every day, since the day of the taking back is not kept with it.
func AsOf(reports []Report, on calendar.Date) []Report {
	var out []Report
	for _, r := range reports {
		if r.State == ReportTakenBack || calendar.DateOf(r.At).After(on) {
			continue
		}
		if !r.VerdictAt.IsZero() && calendar.DateOf(r.VerdictAt).After(on) {
			r.State, r.Verdict, r.VerdictBy, r.VerdictAt = ReportSubmitted, "", "", time.Time{}
		}
		out = append(out, r)
	}
	return out
}

// TreeFacts works out, for every task of a tree, what its light rests on. Nodes
// stand parents before parts. Events after a day asked for may be in the facts;
// LightAt does not look at them, so one set of facts serves any day up to through.
//
// Rule T-18 (ours): a task that was split is reported by its parts. The lead may
// report what it did itself of the unassigned rest, but owes no regular report
// of its own; a missed report of a part shows at the part.
func TreeFacts(nodes []Node, rule ReportingRule, through calendar.Date) map[ID]Facts {
	below := map[ID][]Node{}
	for _, n := range nodes {
		if n.Task.Parent != "" && n.Task.State != Withdrawn {
			below[n.Task.Parent] = append(below[n.Task.Parent], n)
		}
	}
	out := make(map[ID]Facts, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		if c := n.Counted; c != nil {
			out[n.Task.ID] = Facts{Claimed: []Step{{through, c.Claimed}}, Verified: []Step{{through, c.Verified}}}
			continue
		}
		f := FactsOf(n.Task, n.Reports, n.Finished, through, rule)
		if parts := below[n.Task.ID]; len(parts) > 0 {
			f.Periods, f.Coming, f.split = nil, PeriodFact{}, true
			f = f.overParts(n.Task, parts, out)
		}
		out[n.Task.ID] = f
	}
	return out
}

// overParts puts the figures of a split task in place of its own.
func (f Facts) overParts(t Task, parts []Node, facts map[ID]Facts) Facts {
	if t.Rollup == RollupCount || t.Rollup == RollupShare {
		var done []calendar.Date
		for _, p := range parts {
			done = append(done, p.Finished)
		}
		f.Verified = DoneSteps(t.Rollup, done)
		f.Claimed = f.Verified
		if !f.Target.Numeric() {
			f.Target = &Target{Op: OpEqual, Value: Count(len(parts))}
			if t.Rollup == RollupShare {
				f.Target.Value, f.Target.Unit = Count(100), "%"
			}
		}
		return f
	}
	claimed, verified := [][]Step{f.Claimed}, [][]Step{f.Verified}
	for _, p := range parts {
		claimed = append(claimed, facts[p.Task.ID].Claimed)
		verified = append(verified, facts[p.Task.ID].Verified)
	}
	f.Claimed, f.Verified = SumSteps(claimed...), SumSteps(verified...)
	return f
}

// On returns the claimed and verified figure as they stood at the end of a day.
func (f Facts) On(on calendar.Date) Figure {
	return Figure{Claimed: valueAt(f.Claimed, on), Verified: valueAt(f.Verified, on)}
}
