package store

import (
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// MemorandumView is a memorandum as one caller sees it.
type MemorandumView struct {
	memo.Memorandum
	Facts org.MemorandumFacts
}

// Memorandum returns a memorandum, if the caller may see it.
func (v *View) Memorandum(ctx context.Context, id memo.ID) (MemorandumView, error) {
	m, err := loadMemorandum(ctx, v.q, id)
	if err != nil {
		return MemorandumView{}, err
	}
	facts := memorandumFacts(m)
	return MemorandumView{Memorandum: m, Facts: facts}, v.see(org.SeeMemorandum, facts)
}

// MemorandumEntry is a memorandum in a list.
type MemorandumEntry struct {
	memo.Memorandum
	PartyNames []string
	Plans      []PlanEntry // those that the caller sees, the newest first
}

// MemorandumKey is where a page of the list begins: after this memorandum.
type MemorandumKey struct {
	Region org.RegionCode
	ID     memo.ID
}

// Memorandums lists the memorandums in scope by region, those whose title, place or
// parties hold the words.
func (v *View) Memorandums(ctx context.Context, words string, after MemorandumKey, limit int) ([]MemorandumEntry, error) {
	where, args := memorandumsInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	where += MemorandumFilter{Words: words}.where(&c, v.today)
	return v.memorandumEntries(ctx, where, c, after, limit)
}

// memorandumEntries reads a page of the memorandums that fit a condition, by region.
func (v *View) memorandumEntries(ctx context.Context, where string, c clause, after MemorandumKey, limit int) ([]MemorandumEntry, error) {
	if after.ID != "" {
		region, id := c.arg(string(after.Region)), c.arg(string(after.ID))
		where += ` and (m.region > ` + region + ` or m.region = ` + region + ` and m.id > ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select `+memorandumColumns+` from memorandum m where `+where+` order by m.region, m.id limit `+c.arg(limit), c.args...)
	out, err := collect(rows, err, func(r *sql.Rows) (e MemorandumEntry, err error) {
		e.Memorandum, err = scanMemorandum(r)
		return e, err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	ids, at := make([]memo.ID, len(out)), map[memo.ID]int{}
	for i, e := range out {
		ids[i], at[e.ID] = e.ID, i
	}
	if err := v.partyNames(ctx, ids, func(id memo.ID, name string) {
		out[at[id]].PartyNames = append(out[at[id]].PartyNames, name)
	}); err != nil {
		return nil, err
	}
	plans, err := v.plansOf(ctx, ids)
	for _, p := range plans {
		i := at[p.Plan.Memorandum]
		out[i].Plans = append(out[i].Plans, p)
	}
	return out, err
}

func (v *View) partyNames(ctx context.Context, ids []memo.ID, add func(memo.ID, string)) error {
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select y.memorandum, u.name from party y join unit u on u.id = y.unit
		where y.memorandum in (`+marks+`) order by y.memorandum, y.position`, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id memo.ID
		var name string
		err := r.Scan(&id, &name)
		if err == nil {
			add(id, name)
		}
		return struct{}{}, err
	})
	return err
}

// plansOf returns the plans of memorandums that the caller sees, the newest first.
func (v *View) plansOf(ctx context.Context, of []memo.ID) ([]PlanEntry, error) {
	where, args := plansInScope(v.scope, 1)
	marks, marked := list(len(args)+1, of)
	rows, err := v.q.QueryContext(ctx, `select `+planColumns+` from plan l where `+where+` and l.memorandum in (`+marks+`)
		order by l.year desc, l.id`, append(args, marked...)...)
	out, err := collect(rows, err, func(r *sql.Rows) (e PlanEntry, err error) {
		e.Plan, err = scanPlan(r)
		return e, err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	ids := make([]memo.PlanID, len(out))
	for i, e := range out {
		ids[i] = e.ID
	}
	lights, err := v.planLights(ctx, ids)
	for i := range out {
		out[i].Lights = lights[out[i].ID]
	}
	return out, err
}

// PlansOf returns the plans of a memorandum that the caller sees, the newest first.
func (v *View) PlansOf(ctx context.Context, id memo.ID) ([]PlanEntry, error) {
	return v.plansOf(ctx, []memo.ID{id})
}

// Serving is a row of a plan that serves a commitment.
type Serving struct {
	TaskRow
	Year int
}

// ServingTasks returns the rows of plans that serve a memorandum's commitments and
// that the caller sees, by commitment, the newest year first, at most limit in all.
func (v *View) ServingTasks(ctx context.Context, m MemorandumView, limit int) (map[memo.CommitmentID][]Serving, error) {
	c := clause{n: 1}
	of := c.arg(string(m.ID))
	scope, args := namedTasksInScope(v.scope, c.n)
	c.n, c.args = c.n+len(args), append(c.args, args...)
	rows, err := v.planRows(ctx, `t.plan in (select l.id from plan l where l.memorandum = `+of+`) and t.depth = 0
		and t.commitment is not null and t.state <> 'withdrawn' and `+scope+` order by t.position, t.id limit `+c.arg(limit), c.args)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	type dated struct {
		plan memo.PlanID
		year int
	}
	found, err := v.q.QueryContext(ctx, `select id, year from plan where memorandum = $1`, m.ID)
	years, err := collect(found, err, func(r *sql.Rows) (d dated, err error) { return d, r.Scan(&d.plan, &d.year) })
	if err != nil {
		return nil, err
	}
	yearOf := map[memo.PlanID]int{}
	for _, d := range years {
		yearOf[d.plan] = d.year
	}
	out := map[memo.CommitmentID][]Serving{}
	for _, r := range rows {
		out[r.Commitment] = append(out[r.Commitment], Serving{TaskRow: r.TaskRow, Year: yearOf[r.Plan]})
	}
	for _, s := range out {
		slices.SortStableFunc(s, func(a, b Serving) int { return b.Year - a.Year })
	}
	return out, nil
}
