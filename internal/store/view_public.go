package store

import (
	"context"
	"database/sql"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// What everybody may see: rows of issued plans, memorandums in force, published
// runs. None of these questions asks who looks, and none answers with a person.

// promised is the condition on a task that is a promise made in public: a row of
// an issued plan, for task t and plan l.
const promised = `t.depth = 0 and t.state not in ('draft', 'withdrawn') and l.issued is not null`

// RegionCount is what one region promised and what of it is verified.
type RegionCount struct {
	Region   org.RegionCode
	Lights   Lights // of the rows of its issued plans, today
	Verified int    // rows of which something is verified
	Finished int
}

// PublicCount is what everybody sees counted.
type PublicCount struct {
	Regions     []RegionCount // of the rows of a year's issued plans
	Commitments int           // 承诺事项 of signed memorandums in force
	Counted     time.Time     // when, where it is not of this moment
}

// publicOf is what is counted for everybody of a year on a day.
type publicOf struct {
	year int
	on   calendar.Date
}

// PublicCounts counts the rows of a year's issued plans by region, and what is promised
// in force. Of a country it may be a minute old.
func (v *View) PublicCounts(ctx context.Context, year int) (PublicCount, error) {
	c, at, err := v.store.held.public.count(publicOf{year, v.today}, v.store.Now(), func() (c PublicCount, whole int, err error) {
		if c.Regions, err = v.regionCounts(ctx, year); err != nil {
			return c, 0, err
		}
		for _, r := range c.Regions {
			whole += r.Lights.Total()
		}
		c.Commitments, err = v.commitmentsInForce(ctx)
		return c, whole, err
	})
	c.Counted = at
	return c, err
}

func (v *View) regionCounts(ctx context.Context, year int) ([]RegionCount, error) {
	type row struct {
		region                org.RegionCode
		light                 task.Colour
		all, verified, finish int
	}
	rows, err := v.q.QueryContext(ctx, `select l.region, y.light, cast(sum(y.given) as bigint), cast(sum(y.verified) as bigint), cast(sum(y.finished) as bigint)
		from plan l join tally y on y.plan = l.id where l.year = $1 and l.issued is not null and y.given > 0 group by l.region, y.light order by l.region`, year)
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) {
		return x, r.Scan(&x.region, &x.light, &x.all, &x.verified, &x.finish)
	})
	var out []RegionCount
	for _, x := range all {
		if len(out) == 0 || out[len(out)-1].Region != x.region {
			out = append(out, RegionCount{Region: x.region, Lights: Lights{}})
		}
		last := &out[len(out)-1]
		last.Lights[x.light] += x.all
		last.Verified += x.verified
		last.Finished += x.finish
	}
	return out, err
}

func (v *View) commitmentsInForce(ctx context.Context) (n int, err error) {
	err = v.q.QueryRowContext(ctx, `select count(*) from commitment k join clause c on c.id = k.clause
		join memorandum m on m.id = c.memorandum where `+inForce, v.today).Scan(&n)
	return n, err
}

// inForce is the condition on memorandum m today, which is $1.
const inForce = `m.stage = 'in-force' and m.signed is not null and m.signed <= $1 and (m.until is null or m.until >= $1)`

// PublicMemorandum is a memorandum in force.
type PublicMemorandum struct {
	ID      memo.ID
	Title   string
	Region  org.RegionCode
	Parties []string
	Signed  calendar.Date
	Until   calendar.Date
}

// MemorandumsInForce lists the memorandums in force, by region, after one of them.
func (v *View) MemorandumsInForce(ctx context.Context, afterRegion org.RegionCode, afterID memo.ID, limit int) ([]PublicMemorandum, error) {
	rows, err := v.q.QueryContext(ctx, `select m.id, m.title, m.region, m.signed, m.until from memorandum m where `+inForce+`
		and (m.region > $2 or m.region = $2 and m.id > $3) order by m.region, m.id limit $4`, v.today, afterRegion, afterID, limit)
	out, err := collect(rows, err, func(r *sql.Rows) (m PublicMemorandum, err error) {
		return m, r.Scan(&m.ID, &m.Title, &m.Region, &m.Signed, &m.Until)
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	at, ids := map[memo.ID]int{}, make([]memo.ID, len(out))
	for i, m := range out {
		at[m.ID], ids[i] = i, m.ID
	}
	return out, v.partyNames(ctx, ids, func(id memo.ID, name string) { out[at[id]].Parties = append(out[at[id]].Parties, name) })
}

// PublicTask is one row of an issued plan as everybody sees it.
type PublicTask struct {
	ID       task.ID
	Plan     memo.PlanID
	Title    string
	Region   org.RegionCode // of the plan
	No       string
	Position int
	Year     int
	Leads    []string // names of the units that promised
	Target   *task.Target
	Verified task.Quantity
	Deadline task.Deadline
	Due      calendar.Date
	Finished calendar.Date
	Light    task.Light
}

// PublicFilter narrows the public rows. Zero fields do not.
type PublicFilter struct {
	Region org.RegionCode
	Behind bool // yellow and red ones
	Done   bool // finished ones
}

// PublicKey is where a page of public rows begins: after this row.
type PublicKey struct {
	Region   org.RegionCode
	Plan     memo.PlanID
	Position int
	ID       task.ID
}

// PublicTasks lists the rows of a year's issued plans, by region and plan.
func (v *View) PublicTasks(ctx context.Context, year int, f PublicFilter, after PublicKey, limit int) ([]PublicTask, error) {
	c := clause{n: 1}
	where := `l.year = ` + c.arg(year) + ` and ` + promised
	if f.Region != "" {
		where += ` and l.region = ` + c.arg(string(f.Region))
	}
	if f.Behind {
		where += ` and (t.light = 'yellow' or t.light = 'red')`
	}
	if f.Done {
		where += ` and t.finished is not null`
	}
	if after.ID != "" {
		region, plan, pos, id := c.arg(string(after.Region)), c.arg(string(after.Plan)), c.arg(after.Position), c.arg(string(after.ID))
		where += ` and (l.region > ` + region + ` or l.region = ` + region + ` and (l.id > ` + plan + ` or l.id = ` + plan +
			` and (t.position > ` + pos + ` or t.position = ` + pos + ` and t.id > ` + id + `)))`
	}
	rows, err := v.q.QueryContext(ctx, `select t.id, l.id, t.title, l.region, t.no, t.position, l.year, t.target, t.verified, t.deadline, t.due_day, t.finished, t.light_body
		from plan l join task t on t.plan = l.id where `+where+` order by l.region, l.id, t.position, t.id limit `+c.arg(limit), c.args...)
	out, err := collect(rows, err, func(r *sql.Rows) (t PublicTask, err error) {
		return t, r.Scan(&t.ID, &t.Plan, &t.Title, &t.Region, &t.No, &t.Position, &t.Year, known[*task.Target]{&t.Target, nil}, &t.Verified, kept{&t.Deadline}, &t.Due, &t.Finished, kept{&t.Light})
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, v.leadNames(ctx, out)
}

// leadNames fills in who promised.
func (v *View) leadNames(ctx context.Context, tasks []PublicTask) error {
	at, ids := map[task.ID]int{}, make([]task.ID, len(tasks))
	for i, t := range tasks {
		at[t.ID], ids[i] = i, t.ID
	}
	type lead struct {
		task task.ID
		name string
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select x.task, u.name from part x join unit u on u.id = x.unit
		where x.role = 'lead' and x.task in (`+marks+`) order by x.task, x.position`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (l lead, err error) { return l, r.Scan(&l.task, &l.name) })
	for _, l := range all {
		out := &tasks[at[l.task]]
		out.Leads = append(out.Leads, l.name)
	}
	return err
}

// Unsigned says of the regions of a level-of-city whose memorandum is not signed
// how far it has come, as far as the caller may see the memorandum.
func (v *View) Unsigned(ctx context.Context, province org.RegionCode) (map[org.RegionCode]memo.Stage, error) {
	c := clause{n: 1}
	where := c.within("m.region", province.Prefix())
	scope, args := memorandumsInScope(v.scope, c.n)
	type row struct {
		region org.RegionCode
		stage  memo.Stage
	}
	rows, err := v.q.QueryContext(ctx, `select m.region, m.stage from memorandum m where `+where+` and m.signed is null and `+scope,
		append(c.args, args...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) { return x, r.Scan(&x.region, &x.stage) })
	out := map[org.RegionCode]memo.Stage{}
	for _, x := range all {
		out[x.region] = x.stage
	}
	return out, err
}

// SignedRegions returns the regions that have a signed memorandum in force.
func (v *View) SignedRegions(ctx context.Context) (map[org.RegionCode]bool, error) {
	all, err := rowsOf[org.RegionCode](v.q.QueryContext(ctx, memorandumRegions+withMemorandum(inForce), v.today))
	out := map[org.RegionCode]bool{}
	for _, r := range all {
		out[r] = true
	}
	return out, err
}
