package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// LetterPlan is a plan whose letters the caller sees or may draw.
type LetterPlan struct {
	ID     memo.PlanID
	Year   int
	Title  string
	Office org.UnitID
	Draws  bool // the caller's unit may draw some of its letters
}

// LetterPlans lists the plans that letters in scope are drawn from, and the issued
// plans whose letters its unit may draw, the newest year first.
func (v *View) LetterPlans(ctx context.Context, limit int) ([]LetterPlan, error) {
	where, args := lettersInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	// Few plans have letters, and few are drawn from by one unit: the others are not looked at.
	drawn := `select x.id from plan x where 1 = 0`
	if v.caller.Has(org.Office) { // PostgreSQL refuses a value that stands nowhere
		own := c.arg(string(v.caller.Unit().ID))
		drawn = `select x.id from plan x where x.office = ` + own + ` and x.issued is not null union
			select x.id from (select distinct ` + plansOfParts + own + `) o join plan x on x.id = o.plan where x.office <> ` + own + ` and x.issued is not null and ` + partBelow("o.plan", own)
	}
	rows, err := v.q.QueryContext(ctx, `with drawn (plan) as materialized (`+drawn+`), lettered (plan) as (select b.plan from letter_batch b
			where exists (select 1 from letter e where e.plan = b.plan and `+where+` limit 1 offset 0))
		select l.id, l.year, l.title, l.office, case when l.id in (select plan from drawn) then 1 else 0 end from plan l
		where l.id in (select plan from drawn union all select plan from lettered)
		order by l.year desc, l.region, l.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (p LetterPlan, err error) {
		var draws int
		err = r.Scan(&p.ID, &p.Year, &p.Title, &p.Office, &draws)
		p.Draws = draws == 1
		return p, err
	})
}

// drawsBelow is the condition that a unit takes part in a plan and has units below it
// that do, too (Rule L-06).
func drawsBelow(plan, unit string) string {
	return plan + ` in (select ` + plansOfParts + unit + `) and ` + partBelow(plan, unit)
}

// plansOfParts are the plans in which a unit, whose placeholder comes last, takes part: a
// unit's own parts are few.
const plansOfParts = `t.plan from part p join task t on t.id = p.task where ` + inLetters + ` and p.unit = `

// partBelow is the condition that a unit below another takes part in a plan. One is
// enough: the offset keeps PostgreSQL from finding all of all plans first.
func partBelow(plan, unit string) string {
	return `exists (select 1 from task t join part p on p.task = t.id join unit_above a on a.unit = p.unit and a.distance > 0 and a.above = ` + unit + `
		where t.plan = ` + plan + ` and ` + inLetters + ` limit 1 offset 0)`
}

// inLetters is the condition that a part p of a task t is one that letters speak of.
const inLetters = `t.state not in ('draft', 'withdrawn') and p.state <> 'refused'`

// LetterOutlook is what drawing the letters of a plan would do now.
type LetterOutlook struct {
	LetterCounts
	Units   int // that lead or help
	Regions []org.RegionCode
	Givers  []org.Unit   // who may give: the office, and governments that are parties
	Fresh   []org.UnitID // that would get their first letter
	Changed []org.UnitID // whose letters are not so any longer
}

func (o *LetterOutlook) count(u org.UnitID, s letter.Step) {
	o.Count(s)
	switch s {
	case letter.Nothing:
	case letter.First:
		o.Fresh = append(o.Fresh, u)
	default:
		o.Changed = append(o.Changed, u)
	}
}

// Due are the units for which drawing would do something, with changed also those
// that have a letter which is not so any longer.
func (o LetterOutlook) Due(changed bool) []org.UnitID {
	if changed {
		return slices.Concat(o.Fresh, o.Changed)
	}
	return o.Fresh
}

// LetterOutlook looks ahead, for whoever may draw the letters of the plan.
func (v *View) LetterOutlook(ctx context.Context, id memo.PlanID, giver org.UnitID, within org.RegionCode) (PlanView, LetterOutlook, error) {
	var out LetterOutlook
	p, err := v.Plan(ctx, id)
	if err != nil {
		return p, out, err
	}
	by, err := letterDrawer(ctx, v.q, v.caller, p.Plan, p.Memorandum)
	if err != nil {
		return p, out, err
	}
	if !v.May(org.MakeLetter, org.LetterFacts{Office: by.Office, Giver: by.Office, Draft: true}) {
		return p, out, fault.New(fault.Denied, "denied", "Action", string(org.MakeLetter))
	}
	out.Givers = by.Givers
	reach := LetterReach{Within: within, Below: by.Below}
	units, err := letterUnits(ctx, v.q, id, p.Memorandum, reach)
	if err != nil {
		return p, out, err
	}
	chains, err := letterChains(ctx, v.q, id, reach)
	if err != nil {
		return p, out, err
	}
	gives := map[org.UnitID]bool{} // few givers give to many
	for unit, chain := range chains {
		giver := chain[0].Body.Giver.Unit
		if _, known := gives[giver]; !known {
			now, err := successorOf(ctx, v.q, giver)
			if err != nil {
				return p, out, err
			}
			gives[giver] = by.Gives(now.ID)
		}
		if !gives[giver] {
			delete(chains, unit)
			units = slices.DeleteFunc(units, func(u LetterUnit) bool { return u.Unit == unit })
		}
	}
	for _, u := range units {
		if u.Unit == giver || giver == "" && u.Unit == by.Office {
			continue
		}
		out.Units++
		out.count(u.Unit, letter.Draw(chains[u.Unit], letter.Facts{Tasks: u.Tasks}).Step)
		delete(chains, u.Unit)
	}
	for _, unit := range slices.Sorted(maps.Keys(chains)) { // units with letters and without tasks
		out.count(unit, letter.Draw(chains[unit], letter.Facts{}).Step)
	}
	c := clause{n: 1}
	where := `t.plan = ` + c.arg(string(id)) + ` and t.state not in ('draft', 'withdrawn')` + LetterReach{Below: by.Below}.where(&c, "u.region", "p.unit")
	rows, err := v.q.QueryContext(ctx, `select distinct u.region from part p join task t on t.id = p.task join unit u on u.id = p.unit
		where `+where+` order by u.region`, c.args...)
	out.Regions, err = rowsOf[org.RegionCode](rows, err)
	return p, out, err
}

// Count adds what drawing does for one unit.
func (c *LetterCounts) Count(s letter.Step) {
	switch s {
	case letter.First:
		c.First++
	case letter.Further:
		c.Further++
	case letter.Anew:
		c.Anew++
	case letter.Drop:
		c.Dropped++
	default:
		c.Unchanged++
	}
}

// LetterDrawer is who draws letters of a plan, in whose names and for whom.
type LetterDrawer struct {
	Office org.UnitID // that runs the letters drawn
	Givers []org.Unit // in whose name they may be
	Below  org.UnitID // only for units below this one; "" for all
}

// Gives reports whether a unit may be the giver of this drawer's letters.
func (d LetterDrawer) Gives(u org.UnitID) bool {
	return slices.ContainsFunc(d.Givers, func(g org.Unit) bool { return g.ID == u })
}

// LetterDrawer returns as whom the caller draws the letters of a plan.
func (t *Tx) LetterDrawer(p memo.Plan, m memo.Memorandum) (LetterDrawer, error) {
	return letterDrawer(t.ctx, t.tx, t.caller, p, m)
}

// letterDrawer is the plan's office, for everybody, in its name or that of a government
// that is a party or governs the plan's region.
//
// Rule L-06 (practice of 目标责任书 level by level, 层层签订): a unit that takes part in the
// plan draws, for units below it that take part too, in its own name or that of its
// place's government; who has a letter from another giver gets none from it.
func letterDrawer(ctx context.Context, q queryer, c org.Caller, p memo.Plan, m memo.Memorandum) (d LetterDrawer, err error) {
	d.Office = p.Office
	region, parties := p.Region, m.Parties
	if u := c.Unit(); u.ID != p.Office {
		n := 0
		if err := q.QueryRowContext(ctx, `select count(*) from plan l where l.id = $1 and `+drawsBelow("l.id", "$2"), p.ID, u.ID).Scan(&n); err != nil {
			return d, fmt.Errorf("store: asking who draws letters of plan %s: %w", p.ID, err)
		}
		if n > 0 {
			d.Office, d.Below, region, parties = u.ID, u.ID, u.Region, nil
		}
	}
	marks, args := list(3, append([]org.UnitID{d.Office}, parties...))
	rows, err := q.QueryContext(ctx, `select `+unitColumns+` from unit u where u.id = $1
		or u.kind = 'government' and u.to_day is null and (u.region = $2 or u.id in (`+marks+`))
		order by case when u.id = $1 then 0 else 1 end, u.region, u.id`, append([]any{d.Office, region}, args...)...)
	d.Givers, err = collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
	return d, err
}
