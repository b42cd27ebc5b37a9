package store

import (
	"errors"
	"fmt"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// LoadedTree is a tree of tasks as acts have left it.
type LoadedTree struct {
	Tasks   []LoadedTask // parents before parts
	Reports []LoadedReport
}

// LoadedTask is a task with its units' answers.
type LoadedTask struct {
	task.Task
	Finished calendar.Date
	Parts    []task.Part
}

// LoadedReport is a report with where it went.
type LoadedReport struct {
	task.Report
	Verifier org.UnitID
	VerifyBy calendar.Date
	Entry    string
	Files    []task.Evidence
}

// rows are the tree's tasks and reports as they are read.
func (t LoadedTree) rows() ([]TaskRow, []task.Report) {
	tasks, reports := make([]TaskRow, len(t.Tasks)), make([]task.Report, len(t.Reports))
	for i, k := range t.Tasks {
		tasks[i] = TaskRow{Task: k.Task, Finished: k.Finished}
	}
	for i, r := range t.Reports {
		reports[i] = r.Report
	}
	return tasks, reports
}

// Tree writes a tree with the figures and lights that its reports give it.
func (l *Loader) Tree(t LoadedTree) error {
	tasks := make([]keptTask, len(t.Tasks))
	for i, k := range t.Tasks {
		tasks[i] = keptTask{Task: k.Task, Finished: k.Finished}
		for _, p := range k.Parts {
			if p.Role == task.Lead && p.State == task.PartSigned {
				tasks[i].Signed = append(tasks[i].Signed, p.Unit)
			}
		}
	}
	_, reports := t.rows()
	counted := l.store.derive(tasks, nil, reports, l.on)
	for _, k := range t.Tasks {
		if err := l.addTask(k, counted[k.ID]); err != nil {
			return err
		}
	}
	for _, r := range t.Reports {
		if err := l.addReport(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loader) addTask(k LoadedTask, d derived) error {
	var target, goal any
	if k.Target != nil {
		target = text(k.Target)
		if g, ok := k.Target.Goal(); ok {
			goal = int64(g)
		}
	}
	all := []error{l.task.Add(string(k.ID), string(k.Plan), null(k.Commitment), null(k.Parent), string(k.Root), int64(k.Depth), int64(k.Position), k.No,
		text(k.Chapter), k.Title, k.Measures, k.Note, string(k.Field), string(k.Region), string(k.Setter), null(k.Supervising), null(k.Post),
		text(k.People), k.LeadWords, text(k.Deadline), day(k.Start), day(k.Due), target, goal, int64(k.Weight), k.EvidenceWanted,
		string(k.Cadence), string(k.Rollup), string(k.State), day(k.Given), day(k.Finished), k.Version,
		int64(d.figure.Claimed), int64(d.figure.Verified), int64(d.assigned), int64(d.parts), string(d.colour), d.light, day(d.missing), d.owing, day(d.until))}
	position := map[task.Role]int64{}
	for _, p := range k.Parts {
		position[p.Role]++
		all = append(all, l.part.Add(string(p.Task), string(p.Unit), string(p.Role), position[p.Role], string(p.State), day(p.Due), day(p.Signed)))
	}
	return errors.Join(all...)
}

func (l *Loader) addReport(r LoadedReport) error {
	if r.Verifier == "" { // PostgreSQL would find out at the end, SQLite never
		return fmt.Errorf("store: loading report %s of unit %s: nobody verifies it", r.ID, r.Unit)
	}
	var verdictAt any
	if !r.VerdictAt.IsZero() {
		verdictAt = r.VerdictAt.UnixMicro()
	}
	all := []error{l.report.Add(string(r.ID), string(r.Task), string(r.Unit), string(r.Role), r.Period.String(), int64(r.Round), string(r.Kind), int64(r.Value),
		r.Words, r.Completes, r.Why, string(r.State), r.Late, string(r.By), string(r.Post), r.At.UnixMicro(), string(r.Verifier), day(r.VerifyBy),
		r.Verdict, string(r.VerdictBy), verdictAt, r.Entry, r.Version)}
	for i, f := range r.Files {
		all = append(all, l.proof.Add(string(r.ID), string(f.ID), f.Name, int64(i+1), r.At.UnixMicro()))
	}
	return errors.Join(all...)
}

// Gather adds what the tree says to the inputs of cities and counties on a day. All
// trees of a year together say what Tx.Score gathers.
func (l *Loader) Gather(t LoadedTree, asOf calendar.Date, into Gathered) {
	tasks, reports := t.rows()
	y := year{tasks: tasks, reports: map[task.ID][]task.Report{}, names: map[task.ReportID][]assess.Proof{}}
	for _, r := range reports {
		y.reports[r.Task] = append(y.reports[r.Task], r)
	}
	for _, r := range t.Reports {
		for _, f := range r.Files {
			y.names[r.ID] = append(y.names[r.ID], assess.Proof{ID: f.ID, Name: f.Name})
		}
	}
	y.gather(into, asOf, l.store.rules.On(asOf), l.store.workdays)
}
