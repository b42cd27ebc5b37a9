package assess

import (
	"math/big"

	"gongjian/internal/task"
)

// reading is what the source of one item says, before it is turned into points.
type reading struct {
	x      *big.Rat   // a share, or a number of things; zero when absent or open
	absent bool       // the subject has no such business
	open   *task.Say  // why no number can be given
	calc   []task.Say // how x came about
	refs   []Ref
	why    task.Say // why x is not what it might be; the points lost join as "lost"
}

// read asks the item's source.
func (c *scoring) read(it Item) reading {
	var r reading
	switch it.Source.Kind {
	case FromTasks:
		r = c.readTasks(it)
	case FromReporting:
		r = c.readReporting(it)
	case FromOccurrences:
		r = c.readOccurrences(it)
	case FromJudgement:
		r = c.readJudgement(it)
	}
	if r.x == nil {
		r.x = new(big.Rat)
	}
	return r
}

// selected are the tasks of an item.
func (c *scoring) selected(src Source) []TaskFigure {
	var out []TaskFigure
	for _, t := range c.in.Tasks {
		if src.Rest {
			if !c.named[t.Field] {
				out = append(out, t)
			}
			continue
		}
		for _, f := range src.Fields {
			if t.Field == f {
				out = append(out, t)
				break
			}
		}
	}
	return out
}

func (c *scoring) readTasks(it Item) reading {
	tasks := c.selected(it.Source)
	if len(tasks) == 0 {
		return reading{absent: true}
	}
	var r reading
	switch {
	case it.Method == Share && it.Source.Measure == FinishedOf:
		r = finishedShare(tasks)
	case it.Method == Share:
		r = meanCompletion(tasks, it.Source)
	case it.Source.Measure == FinishedOf:
		r = finishedCount(tasks, it.Method)
	default:
		r = figures(tasks, it)
	}
	r.refs = taskRefs(tasks)
	return r
}

// taskRefs names the tasks and then their evidence.
func taskRefs(tasks []TaskFigure) []Ref {
	var out []Ref
	for _, t := range tasks {
		out = append(out, Ref{RefTask, string(t.Task), t.Title})
	}
	seen := map[Proof]bool{}
	for _, t := range tasks {
		for _, p := range t.Evidence {
			if !seen[p] { // one file may stand behind several tasks
				seen[p] = true
				out = append(out, Ref{RefEvidence, string(p.ID), p.Name})
			}
		}
	}
	return out
}

func (c *scoring) readReporting(it Item) reading {
	rec := c.in.Reporting
	whole := rec.Due
	var n int
	counts := map[string]int{}
	switch what := it.Source.Reporting; what {
	case OnTime:
		n, counts = rec.OnTime, map[string]int{"ontime": rec.OnTime, "due": rec.Due}
	case Agree:
		whole, n = rec.Verified, rec.Verified-rec.Disagree
		counts = map[string]int{"agree": n, "verified": rec.Verified, "n": rec.Disagree}
	case Disagree:
		whole, n = rec.Verified, rec.Disagree
		counts = map[string]int{"verified": rec.Verified, "n": n}
	case Late:
		n, counts = rec.Late, map[string]int{"due": rec.Due, "n": rec.Late}
	case Missed:
		n, counts = rec.Missed, map[string]int{"due": rec.Due, "n": rec.Missed}
	case Returned:
		n, counts = rec.Returned, map[string]int{"due": rec.Due, "n": rec.Returned}
	}
	if whole == 0 && n == 0 {
		return reading{absent: true} // nothing was due or nothing is verified: not a bad record, but none
	}
	r := reading{x: big.NewRat(int64(n), 1), refs: c.reportRefs(it.Source.Reporting)}
	say := task.Say{Key: reportingCalc[it.Source.Reporting], Count: counts}
	if it.Method == Share {
		r.x = capOne(big.NewRat(int64(n), int64(max(whole, 1))))
		say.Word = map[string]string{"share": ratio(r.x)}
	}
	r.calc = []task.Say{say}
	r.why = task.Say{Key: reportingLoss[it.Source.Reporting], Count: counts}
	if it.Source.Reporting == OnTime {
		r.why = notOnTime(rec)
	}
	return r
}

// notOnTime names the late and the missed reports, and only those there are.
func notOnTime(rec ReportingRecord) task.Say {
	switch {
	case rec.Late > 0 && rec.Missed > 0:
		return task.Say{Key: "assess.loss.late-and-missed", Count: map[string]int{"late": rec.Late, "missed": rec.Missed}}
	case rec.Missed > 0:
		return task.Say{Key: "assess.loss.missed", Count: map[string]int{"n": rec.Missed}}
	case rec.Late > 0:
		return task.Say{Key: "assess.loss.late", Count: map[string]int{"n": rec.Late}}
	}
	return task.Say{Key: "assess.loss.not-on-time", Count: map[string]int{"n": rec.Due - rec.OnTime}}
}

// reportingCalc and reportingLoss are the sentences for what is counted of reports.
var (
	reportingCalc = map[Reporting]string{
		OnTime: "assess.calc.on-time", Agree: "assess.calc.agree", Late: "assess.calc.late",
		Missed: "assess.calc.missed", Returned: "assess.calc.returned", Disagree: "assess.calc.disagree",
	}
	reportingLoss = map[Reporting]string{
		Agree: "assess.loss.disagree", Late: "assess.loss.late",
		Missed: "assess.loss.missed", Returned: "assess.loss.returned", Disagree: "assess.loss.disagree",
	}
)

// reportRefs names the reports that a count is about; for a share those that
// keep it below the whole.
func (c *scoring) reportRefs(what Reporting) []Ref {
	want := map[Reporting]bool{what: true}
	switch what {
	case OnTime:
		want = map[Reporting]bool{Late: true, Missed: true}
	case Agree:
		want = map[Reporting]bool{Disagree: true}
	}
	var out []Ref
	for _, r := range c.in.Reporting.Refs {
		if want[r.What] {
			out = append(out, Ref{RefReport, r.ID, r.Label})
		}
	}
	return out
}

func (c *scoring) readOccurrences(it Item) reading {
	r := reading{x: new(big.Rat)}
	n := 0
	words := ""
	for _, o := range c.in.Occurrences {
		// What happens after the day does not count on it.
		if o.Kind != it.Source.Occurrence || o.On.After(c.in.AsOf) {
			continue
		}
		n += o.Count
		words = o.Words
		r.refs = append(r.refs, Ref{RefOccurrence, o.ID, o.Words})
	}
	r.x.SetInt64(int64(n))
	r.calc = []task.Say{{Key: "assess.calc.times-happened", Count: map[string]int{"n": n}}}
	r.why = task.Say{Key: "assess.loss.occurrences", Count: map[string]int{"n": n}}
	if len(r.refs) == 1 && words != "" {
		r.why = task.Say{Key: "assess.loss.occurrence", Word: map[string]string{"words": words}}
	}
	return r
}

func (c *scoring) readJudgement(it Item) reading {
	j, ok := c.in.Judged[it.No]
	if !ok {
		return reading{open: &task.Say{Key: "assess.open.judged", Word: map[string]string{"scorer": it.Scorer}}}
	}
	refs := []Ref{{RefJudgement, it.No, j.Reason}}
	if j.Absent {
		return reading{absent: true, refs: refs}
	}
	words := map[string]string{"got": c.text(j.Points), "reason": j.Reason}
	return reading{
		x: j.Points.Rat(), refs: refs,
		calc: []task.Say{{Key: "assess.calc.judged", Word: words}},
		why:  task.Say{Key: "assess.loss.judged", Word: map[string]string{"reason": j.Reason}},
	}
}

func capOne(x *big.Rat) *big.Rat {
	if one := big.NewRat(1, 1); x.Cmp(one) > 0 {
		return one
	}
	if x.Sign() < 0 {
		return new(big.Rat)
	}
	return x
}
