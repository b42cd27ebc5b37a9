package assess

import (
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/task"
)

// Check reports every fact that the scheme cannot use, as a fault.List.
func (in Inputs) Check(s Scheme) error {
	c := &checker{scheme: s}
	if !regionForm.MatchString(string(in.Subject)) {
		c.add("subject", "assess.inputs.subject", "Subject", string(in.Subject))
	}
	if in.AsOf.IsZero() || in.AsOf.Before(s.From) {
		c.add("as_of", "assess.inputs.before-scheme", "Day", in.AsOf, "From", s.From)
	}
	c.tasks(in.Tasks)
	c.occurrences(in.Occurrences)
	r := in.Reporting
	for _, n := range []int{r.Due, r.OnTime, r.Late, r.Missed, r.Returned, r.Verified, r.Disagree} {
		if n < 0 || n > maxCount {
			c.add("reporting", "assess.inputs.count", "Count", n)
		}
	}
	if r.OnTime+r.Late+r.Missed > r.Due || r.Disagree > r.Verified {
		c.add("reporting", "assess.inputs.reporting", "Due", r.Due, "Parts", r.OnTime+r.Late+r.Missed)
	}
	c.judged(in.Judged)
	return c.faults.Err()
}

// maxCount is more than any office counts, and small enough that sums fit.
const maxCount = 1 << 30

// maxFigure, 115 million millions, leaves room for the difference of two figures.
const maxFigure task.Quantity = 1 << 60

func (c *checker) tasks(tasks []TaskFigure) {
	seen := map[task.ID]bool{}
	for _, t := range tasks {
		if t.Task == "" || seen[t.Task] {
			c.add("tasks", "assess.inputs.task-twice", "Task", string(t.Task), "Title", t.Title)
		}
		seen[t.Task] = true
		if t.Weight <= 0 {
			c.add("tasks", "assess.inputs.weight", "Task", string(t.Task), "Title", t.Title)
		}
		for _, q := range []task.Quantity{t.Goal, t.Expected, t.Claimed, t.Verified, t.Weight} {
			if q > maxFigure || q < -maxFigure {
				c.add("tasks", "assess.inputs.figure", "Task", string(t.Task), "Title", t.Title)
				break
			}
		}
	}
}

func (c *checker) occurrences(all []Occurrence) {
	seen := map[string]bool{}
	for _, o := range all {
		if o.ID == "" || seen[o.ID] {
			c.add("occurrences", "assess.inputs.occurrence-twice", "ID", o.ID, "Words", o.Words)
		}
		seen[o.ID] = true
		if o.Count < 1 || o.Count > maxCount {
			c.add("occurrences", "assess.inputs.count", "Count", o.Count)
		}
	}
}

func (c *checker) judged(all map[string]Judgement) {
	nos := make([]string, 0, len(all))
	for no := range all {
		nos = append(nos, no)
	}
	slices.Sort(nos)
	for _, no := range nos {
		if it, ok := c.scheme.Item(no); !ok || it.Method != Judged {
			continue
		}
		if f := c.scheme.CheckJudgement(no, all[no]); f != nil {
			c.faults = append(c.faults, f)
		}
	}
}

// CheckOccurrence reports why a happening cannot be recorded under the scheme, or nil.
func (s Scheme) CheckOccurrence(o Occurrence) *fault.Fault {
	known := slices.ContainsFunc(s.Occurrences, func(k OccurrenceKind) bool { return k.Key == o.Kind })
	switch {
	case !known:
		return fault.New(fault.Invalid, "assess.inputs.occurrence-kind", "Kind", o.Kind).On("kind")
	case o.Count < 1 || o.Count > maxCount:
		return fault.New(fault.Invalid, "assess.inputs.count", "Count", o.Count).On("count")
	case o.On.IsZero():
		return fault.New(fault.Invalid, "assess.inputs.occurrence-day").On("on")
	}
	return nil
}

// CheckJudgement reports why points given by hand for an item cannot stand, or nil.
//
// Rule A-14 (practice: a range by judgement, the scorer differs per row): from zero
// to the item's points, no finer than the scheme rounds, always with a reason.
func (s Scheme) CheckJudgement(no string, j Judgement) *fault.Fault {
	it, ok := s.Item(no)
	field := "judged." + no
	switch {
	case !ok || it.Method != Judged:
		return fault.New(fault.Invalid, "assess.judgement.no-item", "No", no).On(field)
	case j.Reason == "":
		return fault.New(fault.Invalid, "assess.judgement.no-reason", "No", it.No, "Title", it.Title).On(field)
	case j.Absent:
		return nil
	case !inBounds(j.Points), j.Points.IsNegative(), it.Points.Less(j.Points):
		return fault.New(fault.Invalid, "assess.judgement.range", "No", it.No, "Title", it.Title, "Points", it.Points.String()).On(field)
	case finer(j.Points, s.Rounding.ItemPlaces):
		return fault.New(fault.Invalid, "assess.judgement.finer", "No", it.No, "Places", s.Rounding.ItemPlaces).On(field)
	}
	return nil
}
