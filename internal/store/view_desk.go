package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// maxOwn is how many tasks of one unit a desk looks through. The busiest unit
// of a province has some hundred.
const maxOwn = 400

// OwnDesk is what waits for a unit that takes part in tasks.
type OwnDesk struct {
	Asked    []Asked      // reports to hand in: returned ones first, then by their last day
	Reported []Asked      // handed in for the newest period and not judged yet
	ToSign   []OwnTask    // by the day to sign by
	Tasks    []OwnTask    // signed for and open, the worst light first
	Receipts []OwnReceipt // the newest first
	More     bool         // there are more tasks than a desk looks through
}

// OwnTask is a task with the part that the caller's unit takes in it. On a desk it is
// without what it is about in more words than its title, and most lights are without
// their reasons: a unit has hundreds, of which some are listed.
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
	of, err := v.ownReports(ctx, d.Tasks)
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
	if err := v.giveReasons(ctx, d.Tasks); err != nil {
		return d, err
	}
	d.Receipts, err = v.ownReceipts(ctx, 5)
	return d, err
}

// reasonsGiven is for how many of a unit's tasks a desk has the reasons of their lights.
const reasonsGiven = 20

// giveReasons reads the lights of the first tasks whole, and of one that is alone in its
// colour.
func (v *View) giveReasons(ctx context.Context, tasks []OwnTask) error {
	of := map[task.Colour]int{}
	for _, k := range tasks {
		of[k.Light.Colour]++
	}
	at := map[task.ID]int{}
	for i, k := range tasks {
		if i < reasonsGiven || of[k.Light.Colour] == 1 {
			at[k.ID] = i
		}
	}
	if len(at) == 0 {
		return nil
	}
	marks, args := list(1, slices.Collect(maps.Keys(at)))
	rows, err := v.q.QueryContext(ctx, `select t.id, t.light_body from task t where t.id in (`+marks+`)`, args...)
	type lit struct {
		id    task.ID
		light task.Light
	}
	lights, err := collect(rows, err, func(r *sql.Rows) (l lit, err error) { return l, r.Scan(&l.id, kept{&l.light}) })
	for _, l := range lights {
		k := &tasks[at[l.id]]
		k.Light = l.light
		v.asOfToday(&k.TaskRow)
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

// ownColumns are taskColumns as far as a desk shows them.
var ownColumns = strings.NewReplacer("t.chapter", "''", "t.measures", "''", "t.note", "''", "t.people", "''", "t.lead_words", "''", "t.evidence", "''",
	"t.light_body", `'{"colour":"' || t.light || '"}'`).Replace(taskColumns)

// ownTasks reads the open tasks in which the caller's unit has a part of a state.
func (v *View) ownTasks(ctx context.Context, state task.PartState) (out []OwnTask, more bool, err error) {
	unit := v.caller.Unit().ID
	rows, err := v.q.QueryContext(ctx, `select `+ownColumns+`, `+partColumns+` from part p join task t on t.id = p.task
		where p.unit = $1 and p.state = $2 and `+givenOut+` order by p.task limit $3`, unit, state, maxOwn+1)
	out, err = v.collectOwn(rows, err)
	if err != nil {
		return nil, false, err
	}
	if more = len(out) > maxOwn; more {
		out = out[:maxOwn]
	}
	var setters []org.UnitID
	for _, k := range out {
		if !slices.Contains(setters, k.Task.Setter) {
			setters = append(setters, k.Task.Setter)
		}
	}
	names, err := v.Names(ctx, setters)
	for i := range out {
		out[i].Setter = names[out[i].Task.Setter]
	}
	return out, more, err
}

// collectOwn reads rows of a task and one of its parts.
func (v *View) collectOwn(rows *sql.Rows, err error) ([]OwnTask, error) {
	tasks := newTaskRows()
	return collect(rows, err, func(r *sql.Rows) (k OwnTask, err error) {
		p := &k.Part
		k.TaskRow, err = tasks.scan(plus{r, []any{&p.Task, &p.Unit, &p.Role, &p.State, &p.Reason, &p.Due, &p.Signed, &p.Excused}})
		v.asOfToday(&k.TaskRow)
		return k, err
	})
}

// ownReports reads what the caller's unit reported of tasks, by task, then by
// period and round, without what was taken back.
func (v *View) ownReports(ctx context.Context, tasks []OwnTask) (map[task.ID][]task.Report, error) {
	out := map[task.ID][]task.Report{}
	if len(tasks) == 0 {
		return out, nil
	}
	ids := make([]task.ID, len(tasks))
	for i, k := range tasks {
		ids[i] = k.ID
	}
	marks, args := list(2, ids)
	rows, err := v.q.QueryContext(ctx, `select `+reportColumns+` from report r where r.unit = $1 and r.task in (`+marks+`)
		and r.state <> 'taken-back' order by r.task, r.period, r.round`, append([]any{v.caller.Unit().ID}, args...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (task.Report, error) { return scanReport(r) })
	for _, r := range all {
		out[r.Task] = append(out[r.Task], r)
	}
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
		o.Report, err = scanReport(plus{r, []any{&o.Title, kept{&target}, &o.Number, &o.Entry}})
		o.Measure = target.Unit
		return o, err
	})
}

// plus scans a known set of columns and more behind them.
type plus struct {
	r    interface{ Scan(...any) error }
	more []any
}

// Scan reads the columns asked for, then the others.
func (p plus) Scan(to ...any) error { return p.r.Scan(append(slices.Clip(to), p.more...)...) }

// startOf is the first instant of a day in China.
func startOf(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, calendar.China)
}
