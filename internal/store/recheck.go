package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
)

// derived is what is counted of one task.
type derived struct {
	figure   task.Figure
	assigned task.Quantity
	parts    int
	light    task.Light
}

// derive counts figures and lights of whole trees on a day.
func (s *Store) derive(tasks []TaskRow, reports []task.Report, on calendar.Date) map[task.ID]derived {
	return s.deriveBeside(tasks, nil, reports, on)
}

// deriveBeside counts figures and lights of chains of tasks, each up to its root,
// where the parts beside them are taken as they were last counted.
func (s *Store) deriveBeside(chain, beside []TaskRow, reports []task.Report, on calendar.Date) map[task.ID]derived {
	rules := s.rules.On(on)
	known := nodes(chain, reports)
	for _, t := range beside {
		known = append(known, task.Node{Task: t.Task, Finished: t.Finished, Counted: &task.Figure{Claimed: t.Claimed, Verified: t.Verified}})
	}
	facts := task.TreeFacts(known, rules.Reporting, on)
	out := make(map[task.ID]derived, len(known))
	for _, t := range slices.Concat(chain, beside) {
		f := facts[t.ID]
		d := out[t.ID] // its parts may have been there before: parents need not come first
		d.figure = f.On(on)
		if d.light = task.LightAt(f, rules.Light, s.workdays, on); t.State == task.Withdrawn || t.State == task.Draft {
			d.light = task.Light{Colour: task.Grey, On: on}
		}
		out[t.ID] = d
		if t.Parent == "" || t.State == task.Withdrawn {
			continue
		}
		p := out[t.Parent]
		p.parts++
		if g, ok := t.Target.Goal(); ok {
			p.assigned = task.Sum(p.assigned, g)
		}
		out[t.Parent] = p
	}
	return out
}

// equals reports whether the task is stored with what is counted.
func (d derived) equals(t TaskRow) bool {
	return d.figure == task.Figure{Claimed: t.Claimed, Verified: t.Verified} &&
		d.assigned == t.Assigned && d.parts == t.Parts && text(d.light) == text(t.Light)
}

// maxDifferences is how many differences Recheck lists; more say no more.
const maxDifferences = 100

// Recheck counts all figures and lights again, each on the day on which it was
// last counted, and says what is stored otherwise: no difference means that the
// derived columns are what the reports make of them. It reads plan by plan and
// changes nothing; acts that happen meanwhile are no differences, since a plan is
// read in one transaction.
func (s *Store) Recheck(ctx context.Context) (differences []string, err error) {
	last := ""
	for {
		plans, err := rowsOf[string](s.db.Read().QueryContext(ctx, `select id from plan where id > $1 order by id limit 100`, last))
		if err != nil {
			return nil, fmt.Errorf("store: listing plans: %w", err)
		}
		for _, plan := range plans {
			found, err := s.recheckPlan(ctx, plan)
			if err != nil {
				return nil, err
			}
			if differences = append(differences, found...); len(differences) >= maxDifferences {
				return differences[:maxDifferences], nil
			}
			last = plan
		}
		if len(plans) == 0 {
			return differences, nil
		}
	}
}

// RecheckNewest is Recheck for the newest plans alone, so many of them: enough to
// see in a second whether something is wrong with the counting. It returns how
// many there were.
func (s *Store) RecheckNewest(ctx context.Context, plans int) (checked int, differences []string, err error) {
	newest, err := rowsOf[string](s.db.Read().QueryContext(ctx, `select id from plan order by id desc limit $1`, plans))
	if err != nil {
		return 0, nil, fmt.Errorf("store: listing plans: %w", err)
	}
	for _, plan := range newest {
		found, err := s.recheckPlan(ctx, plan)
		if err != nil {
			return 0, nil, err
		}
		differences = append(differences, found...)
	}
	return len(newest), differences, nil
}

// EachEvidence calls f with the id of every evidence file that a record names.
func (s *Store) EachEvidence(ctx context.Context, f func(task.EvidenceID) error) error {
	last := task.EvidenceID("")
	for {
		ids, err := rowsOf[task.EvidenceID](s.db.Read().QueryContext(ctx, `select id from evidence where id > $1 order by id limit 1000`, last))
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := f(id); err != nil {
				return err
			}
			last = id
		}
	}
}

func (s *Store) recheckPlan(ctx context.Context, plan string) (differences []string, err error) {
	tx, err := s.db.Read().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("store: rechecking plan %s: %w", plan, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	tasks, reports, err := loadPlanTasks(ctx, tx, plan)
	if err != nil {
		return nil, fmt.Errorf("store: rechecking plan %s: %w", plan, err)
	}
	// A task is counted when something happens to it or below it, so a plan may be of several days.
	byDay := map[calendar.Date][]TaskRow{}
	for _, t := range tasks {
		switch {
		case !t.Light.On.IsZero():
			byDay[t.Light.On] = append(byDay[t.Light.On], t)
		case t.State != task.Draft:
			differences = append(differences, fmt.Sprintf("task %s (%s): its light was never counted", t.ID, t.Title))
		}
	}
	for day, some := range byDay {
		counted := s.derive(tasks, reports, day) // of all: parts may have been counted on other days than their whole
		for _, t := range some {
			if d := counted[t.ID]; !d.equals(t) {
				differences = append(differences, d.differs(t))
			}
		}
	}
	slices.Sort(differences)
	return differences, nil
}

// differs says what is stored and what is counted.
func (d derived) differs(t TaskRow) string {
	return fmt.Sprintf("task %s (%s) on %s: stored claimed %s, verified %s, assigned %s, parts %d, %s; counted %s, %s, %s, %d, %s",
		t.ID, t.Title, t.Light.On, t.Claimed, t.Verified, t.Assigned, t.Parts, t.Light.Colour,
		d.figure.Claimed, d.figure.Verified, d.assigned, d.parts, d.light.Colour)
}
