package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Lights counts tasks by the colour of their light.
type Lights map[task.Colour]int

// Total is the number of tasks counted.
func (l Lights) Total() int {
	n := 0
	for _, k := range l {
		n += k
	}
	return n
}

// PlanView is a plan with its memorandum, as one caller sees it.
type PlanView struct {
	memo.Plan
	Memorandum memo.Memorandum
	Facts      org.PlanFacts
}

// Plan returns a plan, if the caller may see it.
func (v *View) Plan(ctx context.Context, id memo.PlanID) (PlanView, error) {
	p, m, err := loadPlan(ctx, v.q, id)
	if err != nil {
		return PlanView{}, err
	}
	facts := planFacts(p, m)
	return PlanView{Plan: p, Memorandum: m, Facts: facts}, v.see(org.SeePlan, facts)
}

// PlanEntry is a plan in a list.
type PlanEntry struct {
	memo.Plan
	Memorandum string // its title
	Lights     Lights // of the rows of the plan
}

// PlanKey is where a page of the list of plans begins: after this plan.
type PlanKey struct {
	Year   int
	Region org.RegionCode
	ID     memo.PlanID
}

// Plans lists the plans in scope, the newest year first, by region within a year.
func (v *View) Plans(ctx context.Context, after PlanKey, limit int) ([]PlanEntry, error) {
	where, args := plansInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	if after.ID != "" {
		year, region, id := c.arg(after.Year), c.arg(string(after.Region)), c.arg(string(after.ID))
		where += ` and (l.year < ` + year + ` or l.year = ` + year + ` and (l.region > ` + region + ` or l.region = ` + region + ` and l.id > ` + id + `))`
	}
	rows, err := v.q.QueryContext(ctx, `select `+planColumns+`, m.title from plan l join memorandum m on m.id = l.memorandum
		where `+where+` order by l.year desc, l.region, l.id limit `+c.arg(limit), c.args...)
	all, err := collect(rows, err, func(r *sql.Rows) (e PlanEntry, err error) {
		return e, r.Scan(&e.ID, &e.Plan.Memorandum, &e.Year, &e.Title, &e.Region, &e.Office, &e.Issued, &e.Version, &e.Memorandum)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]memo.PlanID, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	lights, err := v.planLights(ctx, ids)
	for i := range all {
		all[i].Lights = lights[all[i].ID]
	}
	return all, err
}

// planLights counts the rows of plans by light.
func (v *View) planLights(ctx context.Context, ids []memo.PlanID) (map[memo.PlanID]Lights, error) {
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select plan, light, given + drafts from tally where plan in (`+marks+`)`, args...)
	type count struct {
		plan  memo.PlanID
		light task.Colour
		n     int
	}
	all, err := collect(rows, err, func(r *sql.Rows) (c count, err error) { return c, r.Scan(&c.plan, &c.light, &c.n) })
	out := map[memo.PlanID]Lights{}
	for _, c := range all {
		if out[c.plan] == nil {
			out[c.plan] = Lights{}
		}
		out[c.plan][c.light] += c.n
	}
	return out, err
}

// RowFilter narrows the rows of a plan. Zero fields do not.
type RowFilter struct {
	Behind bool   // yellow and red ones only (偏慢和滞后)
	Short  bool   // those whose number is not wholly given out (未分足)
	Words  string // in the task, its units' names or its clause
}

// IsZero reports whether the filter lets every row through.
func (f RowFilter) IsZero() bool { return f == RowFilter{} }

// notShared is true of a task that was split and has a rest that nobody below has
// been given. It equals TaskRow.Unassigned.
const notShared = `(t.parts > 0 and ` + givenOut + ` and
	(t.rollup = 'sum' and t.goal > t.assigned or t.rollup = 'count' and t.goal > t.parts * 10000))`

// Unassigned is what the parts of a split task have not been given of its
// number; 0 when it was not split or nothing is left.
func (t TaskRow) Unassigned() task.Quantity {
	goal, ok := t.Target.Goal()
	running := t.State == task.Issued || t.State == task.InForce || t.State == task.Refused
	if !ok || t.Parts == 0 || !running {
		return 0
	}
	switch t.Rollup {
	case task.RollupSum:
		return max(goal-t.Assigned, 0)
	case task.RollupCount:
		return max(goal-task.Count(t.Parts), 0)
	}
	return 0
}

// where is the filter as a condition on task t; c numbers its placeholders.
func (f RowFilter) where(c *clause) string {
	var all []string
	if f.Behind {
		all = append(all, `(t.light = 'yellow' or t.light = 'red')`)
	}
	if f.Short {
		all = append(all, notShared)
	}
	if f.Words != "" {
		// Not "exists" of parts: PostgreSQL may look up the parts of all tasks at once for it.
		w := c.arg("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Words) + "%")
		all = append(all, `(t.title like `+w+` escape '\' or t.lead_words like `+w+` escape '\'
			or (select 1 from part x join unit u on u.id = x.unit where x.task = t.id
				and (u.name like `+w+` escape '\' or u.short like `+w+` escape '\' or u.aliases like `+w+` escape '\') limit 1) is not null
			or exists (select 1 from commitment k join clause s on s.id = k.clause where k.id = t.commitment
				and (s.text like `+w+` escape '\' or s.no like `+w+` escape '\' or k.text like `+w+` escape '\')))`)
	}
	if len(all) == 0 {
		return "1 = 1"
	}
	return strings.Join(all, " and ")
}

// shown is the condition on the rows of a plan that its readers are shown:
// whoever sees the plan reads its table as a whole, but drafts only who sees the draft.
func (v *View) shown(c *clause) string {
	scope, args := tasksInScope(v.scope, c.n)
	c.n, c.args = c.n+len(args), append(c.args, args...)
	return `t.state <> 'withdrawn' and (t.state <> 'draft' or ` + scope + `)`
}

// ChapterCount is one chapter of a plan with its rows counted.
type ChapterCount struct {
	Key    string // the headings as they are kept; names the chapter in PlanRows
	Titles []string
	Lights Lights
}

// Chapters counts the rows of a plan that pass a filter, by chapter and light, in
// the order of the plan. The plan must have been asked for before (View.Plan).
func (v *View) Chapters(ctx context.Context, p PlanView, f RowFilter) ([]ChapterCount, error) {
	c := clause{n: 1}
	where := `t.plan = ` + c.arg(string(p.ID)) + ` and t.depth = 0 and ` + v.shown(&c) + ` and ` + f.where(&c)
	rows, err := v.q.QueryContext(ctx, `select t.chapter, t.light, count(*), min(t.position) from task t where `+where+`
		group by t.chapter, t.light order by t.chapter, t.light`, c.args...)
	type count struct {
		ChapterCount
		light task.Colour
		n     int
		first int
	}
	all, err := collect(rows, err, func(r *sql.Rows) (k count, err error) {
		if err = r.Scan(&k.Key, &k.light, &k.n, &k.first); err == nil {
			err = from(k.Key, &k.Titles)
		}
		return k, err
	})
	at, first := map[string]int{}, map[string]int{}
	var out []ChapterCount
	for _, k := range all {
		i, ok := at[k.Key]
		if !ok {
			i = len(out)
			at[k.Key], first[k.Key] = i, k.first
			out = append(out, ChapterCount{Key: k.Key, Titles: k.Titles, Lights: Lights{}})
		}
		out[i].Lights[k.light] += k.n
		first[k.Key] = min(first[k.Key], k.first)
	}
	slices.SortStableFunc(out, func(a, b ChapterCount) int { return first[a.Key] - first[b.Key] })
	return out, err
}

// RowKey is where a page of rows begins: after this row.
type RowKey struct {
	Position int
	ID       task.ID
}

// PlanRow is a task in a plan's table.
type PlanRow struct {
	TaskRow
	Parts []task.Part // receipts of its units
	Seen  bool        // the caller may open it
}

// PlanRows returns rows of one chapter of a plan that pass a filter.
func (v *View) PlanRows(ctx context.Context, p PlanView, chapter string, f RowFilter, after RowKey, limit int) ([]PlanRow, error) {
	c := clause{n: 1}
	where := `t.plan = ` + c.arg(string(p.ID)) + ` and t.depth = 0 and t.chapter = ` + c.arg(chapter) + ` and ` + v.shown(&c) + ` and ` + f.where(&c)
	if after.ID != "" {
		pos, id := c.arg(after.Position), c.arg(string(after.ID))
		where += ` and (t.position > ` + pos + ` or t.position = ` + pos + ` and t.id > ` + id + `)`
	}
	return v.planRows(ctx, where+` order by t.position, t.id limit `+c.arg(limit), c.args)
}

// Level returns the parts directly below tasks of a plan, in their order, at most limit.
func (v *View) Level(ctx context.Context, p PlanView, parents []task.ID, limit int) ([]PlanRow, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	c := clause{n: 1}
	// The parents lead to the rows; without the joined '' SQLite would rather walk the
	// whole plan, whose index has the order that is asked for.
	where := `t.plan || '' = ` + c.arg(string(p.ID)) + ` and ` + v.shown(&c)
	marks, ids := list(c.n, parents)
	c.n, c.args = c.n+len(ids), append(c.args, ids...)
	return v.planRows(ctx, where+` and t.parent in (`+marks+`) order by t.depth, t.position, t.id limit `+c.arg(limit), c.args)
}

// planRows reads tasks by a condition with its order and limit, and says which
// the caller may open.
func (v *View) planRows(ctx context.Context, where string, args []any) ([]PlanRow, error) {
	ids, err := rowsOf[task.ID](v.q.QueryContext(ctx, `select t.id from task t where `+where, args...))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	marks, marked := list(1, ids)
	tasks, parts, err := loadTasksParts(ctx, v.q, `where t.id in (`+marks+`)`, marked...)
	if err != nil {
		return nil, err
	}
	seen, err := v.tasksSeen(ctx, ids)
	out := make([]PlanRow, len(tasks))
	for i, t := range tasks {
		v.asOfToday(&t)
		out[i] = PlanRow{TaskRow: t, Parts: parts[t.ID], Seen: seen[t.ID]}
	}
	return out, err
}

// tasksSeen says which of the tasks the caller may open.
func (v *View) tasksSeen(ctx context.Context, ids []task.ID) (map[task.ID]bool, error) {
	out := map[task.ID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	scope, args := namedTasksInScope(v.scope, 1)
	marks, marked := list(len(args)+1, ids)
	seen, err := rowsOf[task.ID](v.q.QueryContext(ctx, `select t.id from task t where `+scope+` and t.id in (`+marks+`)`, append(args, marked...)...))
	for _, id := range seen {
		out[id] = true
	}
	return out, err
}

// PlanOpen is what waits in a plan: what its Next box chooses from.
type PlanOpen struct {
	Drafts     int     // tasks not yet issued
	DraftUnits int     // units that would be asked to sign for them
	Refusals   int     // parts refused (退签) and not answered
	Refused    task.ID // the first of them
	RefusedAs  string  // its title
	RefusedBy  string  // name of the unit
	Gaps       int     // tasks led by the caller's unit that are not wholly given out
	Gap        TaskRow // the first of them
}

// PlanOpen counts what waits in a plan.
func (v *View) PlanOpen(ctx context.Context, p PlanView) (o PlanOpen, err error) {
	err = v.q.QueryRowContext(ctx, `select
		(select count(*) from task where plan = $1 and state = 'draft'),
		(select count(distinct x.unit) from part x join task t on t.id = x.task where t.plan = $1 and t.state = 'draft'),
		(select count(*) from part x cross join task t where t.id = x.task and t.plan = $1 and x.state = 'refused' and t.state <> 'withdrawn')`, p.ID). // cross: from the few refusals
		Scan(&o.Drafts, &o.DraftUnits, &o.Refusals)
	if err != nil {
		return o, fmt.Errorf("store: counting what waits in plan %s: %w", p.ID, err)
	}
	if o.Refusals > 0 {
		err = v.q.QueryRowContext(ctx, `select t.id, t.title, u.name from part x join task t on t.id = x.task join unit u on u.id = x.unit
			where t.plan = $1 and x.state = 'refused' and t.state <> 'withdrawn' order by t.depth, t.position, t.id, x.position limit 1`, p.ID).
			Scan(&o.Refused, &o.RefusedAs, &o.RefusedBy)
		if err != nil {
			return o, fmt.Errorf("store: looking for a refusal in plan %s: %w", p.ID, err)
		}
	}
	const mine = ` and t.id in (select x.task from part x where x.unit = $2 and x.role = 'lead')` // in: from the unit's parts, not the plan's tasks
	gaps, err := rowsOf[task.ID](v.q.QueryContext(ctx, `select t.id from task t where t.plan = $1 and `+notShared+mine+` order by t.depth, t.position, t.id`, p.ID, v.caller.Unit().ID))
	if err != nil || len(gaps) == 0 {
		return o, err
	}
	first, err := v.tasks(ctx, `where t.id = $1`, gaps[0])
	if err != nil || len(first) == 0 { // gone meanwhile
		return o, err
	}
	o.Gaps, o.Gap = len(gaps), first[0]
	return o, nil
}

// UnitLoad is how many drafts of a plan a unit will be asked to sign for.
type UnitLoad struct {
	Unit        org.UnitID
	Name        string
	Leads       int
	Cooperating int
}

// DraftLoad says what issuing a plan asks of which unit, the most asked first.
func (v *View) DraftLoad(ctx context.Context, p PlanView, limit int) ([]UnitLoad, error) {
	rows, err := v.q.QueryContext(ctx, `select u.id, u.name, sum(case when x.role = 'lead' then 1 else 0 end),
		sum(case when x.role = 'lead' then 0 else 1 end) from part x join task t on t.id = x.task join unit u on u.id = x.unit
		where t.plan = $1 and t.state = 'draft' group by u.id, u.name order by count(*) desc, u.name, u.id limit $2`, p.ID, limit)
	return collect(rows, err, func(r *sql.Rows) (u UnitLoad, err error) {
		return u, r.Scan(&u.Unit, &u.Name, &u.Leads, &u.Cooperating)
	})
}

// DraftsWithoutDay counts the drafts that no light can be given, for want of a
// last day: not read, or none.
func (v *View) DraftsWithoutDay(ctx context.Context, p PlanView) (n int, err error) {
	err = v.q.QueryRowContext(ctx, `select count(*) from task where plan = $1 and state = 'draft' and due_day is null
		and deadline not like '%"kind":"standing"%'`, p.ID).Scan(&n)
	return n, err
}

// lightOn judges a task on a day by what had happened until then.
func (v *View) lightOn(f task.Facts, on calendar.Date) task.Light {
	return task.LightAt(f, v.store.rules.On(on).Light, v.store.workdays, on)
}
