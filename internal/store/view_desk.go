package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// maxOwn is how many tasks of one unit a desk looks through. The busiest unit
// of a province has some hundred.
const maxOwn = 400

// ownWhole is how many of each list of a desk are read with all that they say. A unit
// has hundreds, of which some are listed; the others have what sorts and counts them:
// id, part, days and colour.
const ownWhole = 40

// OwnDesk is what waits for a unit that takes part in tasks: the first ownWhole of each
// list whole.
type OwnDesk struct {
	Asked    []Asked      // reports to hand in: returned ones first, then by their last day
	Reported []Asked      // handed in for the newest period and not judged yet
	ToSign   []OwnTask    // by the day to sign by
	Tasks    []OwnTask    // signed for and open, the worst light first
	Receipts []OwnReceipt // the newest first
	More     bool         // there are more tasks than a desk looks through
}

// OwnTask is a task with the part that the caller's unit takes in it, without the others
// that take part.
type OwnTask struct {
	TaskRow
	Part   task.Part
	Setter org.Unit
}

// Asked is one report that the caller's unit owes for one task.
type Asked struct {
	OwnTask
	Period calendar.Period
	Due    calendar.Date // last day in time
	Before task.Report   // what the unit says of the periods before; zero: nothing yet
	Last   task.Report   // last round of this period; zero: none
	Missed int           // closed periods before this one without a report
}

// Returned reports whether the report came back to be handed in again.
func (a Asked) Returned() bool { return a.Last.State == task.ReportReturned }

// OwnReceipt is a report of the caller's unit with the receipt that it was given.
type OwnReceipt struct {
	task.Report
	Title   string
	Measure string // unit of the target's number
	Number  string // of the receipt
	Entry   string // its journal entry
}

// reports says whether the caller hands in reports for a unit; otherwise there is
// no desk of that sort.
func (v *View) reports() bool {
	return !v.scope.IsZero() && (v.caller.Has(org.Clerk) || v.caller.Has(org.Office)) && !v.caller.Has(org.Admin) && !v.caller.Has(org.Auditor)
}

// OwnDesk gathers what the caller's unit has to do. It reads the unit's open
// tasks by the unit's index, never those of others.
func (v *View) OwnDesk(ctx context.Context) (d OwnDesk, err error) {
	if !v.reports() {
		return d, nil
	}
	if d.ToSign, _, err = v.ownTasks(ctx, task.PartWaiting); err != nil {
		return d, err
	}
	slices.SortStableFunc(d.ToSign, func(a, b OwnTask) int { return a.Part.Due.Compare(b.Part.Due) })
	if d.Tasks, d.More, err = v.ownTasks(ctx, task.PartSigned); err != nil {
		return d, err
	}
	of, err := v.ownRounds(ctx, d.Tasks)
	if err != nil {
		return d, err
	}
	for _, k := range d.Tasks {
		a, ok := v.asked(k, of[k.ID])
		switch {
		case !ok:
		case !a.Last.Live():
			d.Asked = append(d.Asked, a)
		case a.Last.State != task.ReportVerified:
			d.Reported = append(d.Reported, a)
		}
	}
	slices.SortStableFunc(d.Asked, func(a, b Asked) int {
		if a.Returned() != b.Returned() {
			return map[bool]int{true: -1, false: 1}[a.Returned()]
		}
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(d.Tasks, func(a, b OwnTask) int { return worse(a.Light.Colour) - worse(b.Light.Colour) })
	if err := v.complete(ctx, &d); err != nil {
		return d, err
	}
	d.Receipts, err = v.ownReceipts(ctx, 5)
	return d, err
}

// complete reads whole what a desk shows: the first of each list, and a task that is
// alone in its colour.
func (v *View) complete(ctx context.Context, d *OwnDesk) error {
	tasks, reports := map[task.ID][]*OwnTask{}, map[task.ReportID][]*task.Report{}
	show := func(k *OwnTask) { tasks[k.ID] = append(tasks[k.ID], k) }
	for _, list := range [][]Asked{d.Asked, d.Reported} {
		for i := range list[:min(len(list), ownWhole)] {
			a := &list[i]
			show(&a.OwnTask)
			for _, r := range []*task.Report{&a.Before, &a.Last} {
				if r.ID != "" {
					reports[r.ID] = append(reports[r.ID], r)
				}
			}
		}
	}
	for i := range d.ToSign[:min(len(d.ToSign), ownWhole)] {
		show(&d.ToSign[i])
	}
	of := map[task.Colour]int{}
	for _, k := range d.Tasks {
		of[k.Light.Colour]++
	}
	for i := range d.Tasks {
		if k := &d.Tasks[i]; i < ownWhole || of[k.Light.Colour] == 1 {
			show(k)
		}
	}
	if err := v.completeTasks(ctx, tasks); err != nil {
		return err
	}
	return v.completeReports(ctx, reports)
}

func (v *View) completeTasks(ctx context.Context, shown map[task.ID][]*OwnTask) error {
	if len(shown) == 0 {
		return nil
	}
	marks, args := list(2, slices.Sorted(maps.Keys(shown)))
	rows, err := v.q.QueryContext(ctx, `select `+taskColumns+`, `+partColumns+` from part p join task t on t.id = p.task
		where p.unit = $1 and p.task in (`+marks+`)`, append([]any{v.caller.Unit().ID}, args...)...)
	all, err := v.collectOwn(rows, err)
	if err != nil {
		return err
	}
	var setters []org.UnitID
	for _, k := range all {
		if !slices.Contains(setters, k.Task.Setter) {
			setters = append(setters, k.Task.Setter)
		}
	}
	names, err := v.Names(ctx, setters)
	for _, k := range all {
		k.Setter = names[k.Task.Setter]
		for _, at := range shown[k.ID] {
			*at = k
		}
	}
	return err
}

func (v *View) completeReports(ctx context.Context, shown map[task.ReportID][]*task.Report) error {
	if len(shown) == 0 {
		return nil
	}
	marks, args := list(1, slices.Sorted(maps.Keys(shown)))
	rows, err := v.q.QueryContext(ctx, `select `+reportColumns+` from report r where r.id in (`+marks+`)`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (task.Report, error) { return scanReport(r) })
	for _, r := range all {
		for _, at := range shown[r.ID] {
			*at = r
		}
	}
	return err
}

// worse orders colours for a list: red first.
func worse(c task.Colour) int {
	return slices.Index([]task.Colour{task.Red, task.Yellow, task.Green, task.Grey, "", task.Blue}, c)
}

// asked works out which report of a task is open for its unit: one that came
// back, or that of the newest period that is over. A later report makes up for
// the periods before it, since figures are cumulative (Rule T-29). A task that
// was split owes none of its own (Rule T-18).
func (v *View) asked(k OwnTask, reports []task.Report) (Asked, bool) {
	rules := v.store.rules.On(v.today)
	a := Asked{OwnTask: k}
	last := map[calendar.Period]task.Report{}
	for _, r := range reports { // by period, then round
		last[r.Period] = r
	}
	if n := len(reports); n > 0 && reports[n-1].State == task.ReportReturned {
		a.Period, a.Last = reports[n-1].Period, reports[n-1]
	} else if k.Parts == 0 {
		for _, p := range task.PeriodsOf(k.Task, v.today) {
			if !p.Last().Before(v.today) {
				break
			}
			if !a.Period.IsZero() && !a.Last.Live() {
				a.Missed++
			} else {
				a.Missed = 0
			}
			a.Period, a.Last = p, last[p]
		}
		if n > 0 && !a.Period.IsZero() && a.Period.Before(reports[n-1].Period) {
			a.Period, a.Last, a.Missed = reports[n-1].Period, reports[n-1], 0 // reported ahead
		}
	}
	if a.Period.IsZero() {
		return a, false
	}
	for _, r := range reports {
		if r.Live() && r.Period.Before(a.Period) {
			a.Before = r
		}
	}
	a.Due = rules.LastDay(k.Part, a.Period, reports, v.store.workdays)
	return a, true
}

// ownTasks finds the open tasks in which the caller's unit has a part of a state, with
// what says whether a report is asked for and by when.
func (v *View) ownTasks(ctx context.Context, state task.PartState) (out []OwnTask, more bool, err error) {
	unit := v.caller.Unit().ID
	rows, err := v.q.QueryContext(ctx, `select t.id, t.cadence, t.start_day, t.parts, t.light, p.role, p.due from part p join task t on t.id = p.task
		where p.unit = $1 and p.state = $2 and `+givenOut+` order by p.task limit $3`, unit, state, maxOwn+1)
	out, err = collect(rows, err, func(r *sql.Rows) (k OwnTask, err error) {
		err = r.Scan(&k.ID, &k.Cadence, &k.Start, &k.Parts, &k.Light.Colour, &k.Part.Role, &k.Part.Due)
		k.Part.Task, k.Part.Unit, k.Part.State = k.ID, unit, state
		return k, err
	})
	if more = len(out) > maxOwn; more {
		out = out[:maxOwn]
	}
	return out, more, err
}

// collectOwn reads rows of a task and one of its parts.
func (v *View) collectOwn(rows *sql.Rows, err error) ([]OwnTask, error) {
	tasks := newTaskRows()
	return collect(rows, err, func(r *sql.Rows) (k OwnTask, err error) {
		p := &k.Part
		k.TaskRow, err = tasks.scan(beside{r, []any{&p.Task, &p.Unit, &p.Role, &p.State, &p.Reason, &p.Due, &p.Signed, &p.Excused}})
		v.asOfToday(&k.TaskRow)
		return k, err
	})
}

// ownRounds reads when the caller's unit reported of tasks and what became of it, by
// task, then by period and round, without what was taken back.
func (v *View) ownRounds(ctx context.Context, tasks []OwnTask) (map[task.ID][]task.Report, error) {
	out := map[task.ID][]task.Report{}
	if len(tasks) == 0 {
		return out, nil
	}
	ids := make([]task.ID, len(tasks))
	for i, k := range tasks {
		ids[i] = k.ID
	}
	unit := v.caller.Unit().ID
	marks, args := list(2, ids)
	rows, err := v.q.QueryContext(ctx, `select r.id, r.task, r.period, r.round, r.state, r.late, r.verdict_at from report r where r.unit = $1 and r.task in (`+marks+`)
		and r.state <> 'taken-back' order by r.task, r.period, r.round`, append([]any{unit}, args...)...)
	_, err = collect(rows, err, func(s *sql.Rows) (_ struct{}, err error) {
		r := task.Report{Unit: unit}
		err = s.Scan(&r.ID, &r.Task, &r.Period, &r.Round, &r.State, &r.Late, instant{&r.VerdictAt})
		out[r.Task] = append(out[r.Task], r)
		return struct{}{}, err
	})
	return out, err
}

// ownReceipts reads the newest reports of the caller's unit.
func (v *View) ownReceipts(ctx context.Context, limit int) ([]OwnReceipt, error) {
	scope, args := tasksInScope(v.scope, 3)
	rows, err := v.q.QueryContext(ctx, `select `+reportColumns+`, t.title, t.target, coalesce(e.receipt, ''), r.entry
		from report r join task t on t.id = r.task left join journal_entry e on e.id = r.entry
		where r.unit = $1 and `+scope+` order by r.at desc limit $2`, append([]any{v.caller.Unit().ID, limit}, args...)...)
	return collect(rows, err, func(r *sql.Rows) (o OwnReceipt, err error) {
		var target task.Target
		o.Report, err = scanReport(beside{r, []any{&o.Title, kept{&target}, &o.Number, &o.Entry}})
		o.Measure = target.Unit
		return o, err
	})
}

// startOf is the first instant of a day in China.
func startOf(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, calendar.China)
}
