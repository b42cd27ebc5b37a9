package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// runs says whether the caller runs tasks for a unit: gives them out, hears
// refusals, is owed reports.
func (v *View) runs() bool {
	return !v.scope.IsZero() && (v.caller.Has(org.Office) || v.caller.Has(org.Verifier)) && !v.caller.Has(org.Admin) && !v.caller.Has(org.Auditor)
}

// givenOut is the condition that a task was given out and is not over. Indexes of
// migration 0350 have these very words.
const givenOut = `t.state in ('issued', 'in-force', 'refused')`

// ourTasks is the WHERE clause of the tasks that a unit ($1) runs: those of its
// plans and those that it gave out itself.
const ourTasks = `(t.plan in ` + ourPlans + ` or t.setter = $1) and ` + givenOut

// ourPlans are the plans whose tasks a unit ($1) runs.
const ourPlans = `(select l.id from plan l where l.office = $1 and l.issued is not null)`

// ourOpen is a table t of those of them that are not split. It asks for the two kinds
// one after the other and in the words of two indexes, which a condition with "or"
// would pass by.
const ourOpen = `(select t.id from task t where t.plan in ` + ourPlans + ` and t.parts = 0 and ` + givenOut +
	` union select t.id from task t where t.setter = $1 and t.parts = 0 and ` + givenOut + `) t`

// RefusedPart is a part that a unit sent back and that waits for an answer (退签待定).
type RefusedPart struct {
	Task     task.ID
	Title    string
	Unit     org.UnitID
	UnitName string
	Reason   string
	On       calendar.Date
}

// RefusedParts lists the refusals that the caller's unit must answer, the oldest first.
func (v *View) RefusedParts(ctx context.Context, limit int) ([]RefusedPart, error) {
	if !v.runs() {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select t.id, t.title, u.id, u.name, p.reason, p.signed from part p
		join task t on t.id = p.task join unit u on u.id = p.unit
		where p.state = 'refused' and `+ourTasks+` order by p.signed, t.id, u.id limit $2`, v.caller.Unit().ID, limit)
	return collect(rows, err, func(r *sql.Rows) (p RefusedPart, err error) {
		return p, r.Scan(&p.Task, &p.Title, &p.Unit, &p.UnitName, &p.Reason, &p.On)
	})
}

// OpenUpload is a document that was brought in and has not become tasks yet.
type OpenUpload struct {
	ID   string
	Name string
	Plan string // title
	At   time.Time
}

// OpenUploads lists the imports of the caller's unit that wait, the newest first.
func (v *View) OpenUploads(ctx context.Context, limit int) ([]OpenUpload, error) {
	if !v.runs() {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select x.id, x.name, l.title, x.at from upload x join plan l on l.id = x.plan
		where l.office = $1 and x.applied is null order by x.at desc limit $2`, v.caller.Unit().ID, limit)
	return collect(rows, err, func(r *sql.Rows) (u OpenUpload, err error) {
		return u, r.Scan(&u.ID, &u.Name, &u.Plan, instant{&u.At})
	})
}

// UnitOverdue says how many reports a unit owes after their last day (逾期未报).
type UnitOverdue struct {
	Unit    org.UnitID
	Name    string
	Tasks   int
	Longest int // working days since the last day of the oldest open period
}

// Overdue (逾期未报) is which units did not report.
type Overdue struct {
	Units   []UnitOverdue // those that owe most first; the first so many have names
	Counted time.Time     // when, where it is not of this moment
}

// overdueFor is a count of what is missing of an office's tasks on a day.
type overdueFor struct {
	office org.UnitID
	on     calendar.Date
	named  int
}

// Overdue counts, by unit, the tasks that the caller's unit runs and whose lead
// did not report the newest closed period, the most first. Cooperating units are
// not counted: no light turns for them (Rule T-29). Of a large office it may be a
// minute old. The first so many have names.
func (v *View) Overdue(ctx context.Context, named int) (Overdue, error) {
	if !v.runs() {
		return Overdue{}, nil
	}
	what := overdueFor{v.caller.Unit().ID, v.today, named}
	units, at, err := v.store.held.overdue.count(what, v.store.Now(), func() (units []UnitOverdue, whole int, err error) {
		units, err = v.overdue(ctx, named)
		for _, u := range units {
			whole += u.Tasks
		}
		return units, whole, err
	})
	return Overdue{units, at}, err
}

// overdue counts what is kept as missing, of the morning and of every act since, in two
// indexes that hold no more; nothing is kept as missing of a task that is over.
func (v *View) overdue(ctx context.Context, named int) ([]UnitOverdue, error) {
	const missing = `select t.missing_of, count(*), min(t.missing_since) from task t where t.missing_since is not null`
	found := map[org.UnitID]*UnitOverdue{}
	for _, which := range []string{` and t.plan in ` + ourPlans, ` and t.setter = $1 and t.plan not in ` + ourPlans} {
		rows, err := v.q.QueryContext(ctx, missing+which+` group by t.missing_of`, v.caller.Unit().ID)
		type some struct {
			of    string
			tasks int
			since calendar.Date
		}
		all, err := collect(rows, err, func(r *sql.Rows) (s some, err error) { return s, r.Scan(&s.of, &s.tasks, &s.since) })
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			for _, f := range strings.Fields(s.of) {
				unit := org.UnitID(f)
				if found[unit] == nil {
					found[unit] = &UnitOverdue{Unit: unit}
				}
				u := found[unit]
				u.Tasks += s.tasks
				u.Longest = max(u.Longest, v.store.workdays.Between(s.since, v.today))
			}
		}
	}
	out := make([]UnitOverdue, 0, len(found))
	for _, u := range found {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b UnitOverdue) int {
		return cmp.Or(b.Tasks-a.Tasks, b.Longest-a.Longest, cmp.Compare(a.Unit, b.Unit))
	})
	first := out[:min(named, len(out))]
	ids := make([]org.UnitID, len(first))
	for i, u := range first {
		ids[i] = u.Unit
	}
	names, err := v.Names(ctx, ids)
	for i := range first {
		first[i].Name = names[first[i].Unit].Name
	}
	return out, err
}

// AskedOfUnit is how much reporting the caller's unit asks of another.
type AskedOfUnit struct {
	Unit     org.UnitID
	Name     string
	Tasks    int // open tasks in which it has a part
	NoChange int // reports "no change" for the month
}

// Burden (填报量) is of which units most is asked.
type Burden struct {
	Units   []AskedOfUnit
	Counted time.Time // when, where it is not of this moment
}

// askedFor is a count of what an office asks. It goes through all that the office has
// given out: a province's takes a tenth of a second and more.
type askedFor struct {
	office org.UnitID
	month  calendar.Period
	limit  int
}

// AskedOfUnits returns the units of which most is asked, and what they answered
// with "no change" for a month; of a large office it may be ten minutes old.
func (v *View) AskedOfUnits(ctx context.Context, month calendar.Period, limit int) (Burden, error) {
	if !v.runs() {
		return Burden{}, nil
	}
	what := askedFor{v.caller.Unit().ID, month, limit}
	units, at, err := v.store.held.asked.count(what, v.store.Now(), func() ([]AskedOfUnit, int, error) { return v.askedOfUnits(ctx, month, limit) })
	return Burden{units, at}, err
}

// askedOfUnits counts; whole is how many parts there are in all.
func (v *View) askedOfUnits(ctx context.Context, month calendar.Period, limit int) (out []AskedOfUnit, whole int, err error) {
	rows, err := v.q.QueryContext(ctx, `select u.id, u.name, x.tasks, x.whole from (select p.unit, count(*) as tasks, cast(sum(count(*)) over () as integer) as whole from `+ourOpen+` join part p on p.task = t.id
		where p.unit <> $1 group by p.unit order by 2 desc, 1 limit $2) x join unit u on u.id = x.unit order by 3 desc, 1`, v.caller.Unit().ID, limit)
	out, err = collect(rows, err, func(r *sql.Rows) (a AskedOfUnit, err error) {
		return a, r.Scan(&a.Unit, &a.Name, &a.Tasks, &whole)
	})
	if err != nil || len(out) == 0 {
		return out, 0, err
	}
	ids := make([]org.UnitID, len(out))
	for i, a := range out {
		ids[i] = a.Unit
	}
	marks, args := list(4, ids)
	rows, err = v.q.QueryContext(ctx, `select r.unit, count(*) from report r join task t on t.id = r.task
		where r.unit in (`+marks+`) and r.at >= $2 and r.period = $3 and r.kind = 'no-change' and r.state = 'noted' and `+ourTasks+`
		group by r.unit`, append([]any{v.caller.Unit().ID, startOf(month.First()).UnixMicro(), month}, args...)...)
	type count struct {
		unit org.UnitID
		n    int
	}
	counts, err := collect(rows, err, func(r *sql.Rows) (c count, err error) { return c, r.Scan(&c.unit, &c.n) })
	for _, c := range counts {
		out[slices.Index(ids, c.unit)].NoChange = c.n
	}
	return out, whole, err
}
