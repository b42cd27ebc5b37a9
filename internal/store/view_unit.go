package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// UnitView is a unit with its history and the units around it.
type UnitView struct {
	org.Unit
	Facts      org.UnitFacts
	Names      []org.Name            // former ones, the oldest first
	Parents    []org.Parent          // former places, the oldest first
	Around     map[org.UnitID]string // names of the units named above
	Merged     []org.Unit            // units that it succeeds
	Inherited  []Inherited           // what went over from these, or to its own successor
	BelowLine  bool                  // some stand below it in the line
	BelowBlock bool                  // and in the block
}

// Unit returns a unit, if the caller may look units up.
func (v *View) Unit(ctx context.Context, id org.UnitID) (UnitView, error) {
	out := UnitView{Facts: org.UnitFacts{Unit: id}, Around: map[org.UnitID]string{}}
	if err := v.see(org.SeeUnit, out.Facts); err != nil {
		return out, err
	}
	var err error
	if out.Unit, err = loadUnit(ctx, v.q, id); err != nil {
		return out, err
	}
	if out.Names, out.Parents, err = unitHistory(ctx, v.q, id); err != nil {
		return out, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit u where u.successor = $1 order by u.to_day, u.id`, id)
	if out.Merged, err = collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) }); err != nil {
		return out, err
	}
	if out.Inherited, err = loadInherited(ctx, v.q, id); err != nil {
		return out, err
	}
	if err := v.q.QueryRowContext(ctx, `select exists (select 1 from unit where line = $1), exists (select 1 from unit where block = $1)`, id).
		Scan(&out.BelowLine, &out.BelowBlock); err != nil {
		return out, err
	}
	ids := []org.UnitID{}
	for _, near := range append([]org.UnitID{out.Line, out.Block, out.Successor}, aboves(out.Parents)...) {
		if near != "" {
			ids = append(ids, near)
		}
	}
	for _, x := range out.Inherited {
		ids = append(ids, x.Was, x.Now)
	}
	names, err := v.Names(ctx, ids)
	for id, u := range names {
		out.Around[id] = u.Name
	}
	return out, err
}

func aboves(parents []org.Parent) (out []org.UnitID) {
	for _, p := range parents {
		out = append(out, p.Above)
	}
	return out
}

func unitHistory(ctx context.Context, q queryer, id org.UnitID) ([]org.Name, []org.Parent, error) {
	names, err := formerNames(ctx, q, []org.UnitID{id})
	if err != nil {
		return nil, nil, err
	}
	rows, err := q.QueryContext(ctx, `select unit, axis, above, from_day, to_day from unit_parent where unit = $1 order by to_day, axis`, id)
	parents, err := collect(rows, err, func(r *sql.Rows) (p org.Parent, err error) {
		return p, r.Scan(&p.Unit, &p.Axis, &p.Above, &p.From, &p.To)
	})
	return names, parents, err
}

// UnitEntry is a unit in a list or tree.
type UnitEntry struct {
	org.Unit
	Below bool // units stand directly below it on the axis asked for
}

// UnitKey is where a page of units begins: after this unit.
type UnitKey struct {
	Position int
	Region   org.RegionCode
	ID       org.UnitID
}

// Units returns the units directly below one in line or block, in their order; with
// under "" those at the top that have others below them.
func (v *View) Units(ctx context.Context, axis org.Axis, under org.UnitID, after UnitKey, limit int) ([]UnitEntry, error) {
	if err := v.see(org.SeeUnit, org.UnitFacts{}); err != nil {
		return nil, err
	}
	column := "u.line"
	if axis == org.Block {
		column = "u.block"
	}
	below := `exists (select 1 from unit b where b.` + column[2:] + ` = u.id limit 1 offset 0)` // looked up for each, as in namedTasksInScope
	c := clause{n: 1}
	with, where := ``, column+` is null and `+below
	switch {
	case under != "":
		where = column + ` = ` + c.arg(string(under))
	case axis == org.Line:
		// Most units are in no line, and those that head one are stepped through in its
		// index; the joined '' keeps SQLite from beginning with all that are in none.
		with = `with recursive head (id) as (select min(line) from unit
			union all select (select min(x.line) from unit x where x.line > head.id) from head where head.id is not null) `
		where = `u.line || '' is null and u.id in (select id from head)`
	}
	if after.ID != "" {
		p, r, id := c.arg(after.Position), c.arg(string(after.Region)), c.arg(string(after.ID))
		where += ` and (u.position > ` + p + ` or u.position = ` + p + ` and (u.region > ` + r + ` or u.region = ` + r + ` and u.id > ` + id + `))`
	}
	rows, err := v.q.QueryContext(ctx, with+`select `+below+`, `+unitColumns+` from unit u where `+where+`
		order by u.position, u.region, u.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, scanUnitEntry)
}

func scanUnitEntry(r *sql.Rows) (e UnitEntry, err error) {
	e.Unit, err = scanUnit(scanAfter{r, &e.Below})
	return e, err
}

// scanAfter puts one more column before those that a scan function reads.
type scanAfter struct {
	rows  *sql.Rows
	first any
}

func (s scanAfter) Scan(to ...any) error { return s.rows.Scan(append([]any{s.first}, to...)...) }

// FindUnits returns units whose present, short, other or former name begins with
// the words or holds them, by region. A province has a few thousand units; they
// are looked through.
func (v *View) FindUnits(ctx context.Context, words string, after UnitKey, limit int) ([]UnitEntry, error) {
	if err := v.see(org.SeeUnit, org.UnitFacts{}); err != nil {
		return nil, err
	}
	c := clause{n: 1}
	w := c.arg("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words) + "%")
	where := `(u.name like ` + w + ` escape '\' or u.short like ` + w + ` escape '\' or u.aliases like ` + w + ` escape '\'
		or exists (select 1 from unit_name n where n.unit = u.id and n.name like ` + w + ` escape '\'))`
	if after.ID != "" {
		r, id := c.arg(string(after.Region)), c.arg(string(after.ID))
		where += ` and (u.region > ` + r + ` or u.region = ` + r + ` and u.id > ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select 1 = 0, `+unitColumns+` from unit u where `+where+` order by u.region, u.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, scanUnitEntry)
}

// Held is a person's time in a post.
type Held struct {
	org.Holding
	Name  string // the person's
	Login string
}

// PostEntry is a post with who holds it today.
type PostEntry struct {
	org.Post
	UnitName string
	Holders  []Held
}

// PostsIn returns the posts of units with who holds them today, in the order of
// title; at most limit posts.
func (v *View) PostsIn(ctx context.Context, units []org.UnitID, limit int) ([]PostEntry, error) {
	if err := v.see(org.SeeUnit, org.UnitFacts{}); err != nil || len(units) == 0 {
		return nil, err
	}
	marks, args := list(2, units)
	rows, err := v.q.QueryContext(ctx, `select o.id, o.unit, o.title, o.roles, u.name from post o join unit u on u.id = o.unit
		where o.unit in (`+marks+`) order by o.unit, o.title, o.id limit $1`, append([]any{limit}, args...)...)
	out, err := collect(rows, err, func(r *sql.Rows) (p PostEntry, err error) {
		return p, r.Scan(&p.ID, &p.Unit, &p.Title, kept{&p.Roles}, &p.UnitName)
	})
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, v.holders(ctx, out)
}

// holders adds to posts who holds them today.
func (v *View) holders(ctx context.Context, posts []PostEntry) error {
	ids, at := make([]org.PostID, len(posts)), map[org.PostID]int{}
	for i, p := range posts {
		ids[i], at[p.ID] = p.ID, i
	}
	marks, args := list(2, ids)
	rows, err := v.q.QueryContext(ctx, heldColumns+` where h.post in (`+marks+`) and h.from_day <= $1 and (h.to_day is null or h.to_day >= $1)
		and (n.retired is null or n.retired > $1) order by h.from_day, h.person`, append([]any{v.today.String()}, args...)...)
	all, err := collect(rows, err, scanHeld)
	for _, h := range all {
		posts[at[h.Post]].Holders = append(posts[at[h.Post]].Holders, h)
	}
	return err
}

const heldColumns = `select h.person, h.post, h.from_day, h.to_day, n.name, n.login from holding h join person n on n.id = h.person`

func scanHeld(r *sql.Rows) (h Held, err error) {
	return h, r.Scan(&h.Person, &h.Post, &h.From, &h.To, &h.Name, &h.Login)
}

func loadPost(ctx context.Context, q queryer, id org.PostID) (p org.Post, err error) {
	err = q.QueryRowContext(ctx, `select id, unit, title, roles from post where id = $1`, id).Scan(&p.ID, &p.Unit, &p.Title, kept{&p.Roles})
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.NotFound, "absent")
	}
	return p, err
}

// PostView is a post with everybody who has held it, the latest first.
type PostView struct {
	org.Post
	UnitName string
	Held     []Held
}

// PostByID returns a post with its holders over time, at most limit of them.
func (v *View) PostByID(ctx context.Context, id org.PostID, limit int) (PostView, error) {
	p, err := loadPost(ctx, v.q, id)
	if err != nil {
		return PostView{}, err
	}
	if err := v.see(org.SeeUnit, org.UnitFacts{Unit: p.Unit}); err != nil {
		return PostView{}, err
	}
	u, err := loadUnit(ctx, v.q, p.Unit)
	if err != nil {
		return PostView{}, err
	}
	rows, err := v.q.QueryContext(ctx, heldColumns+` where h.post = $1 order by h.from_day desc, h.person limit $2`, id, limit)
	held, err := collect(rows, err, scanHeld)
	return PostView{Post: p, UnitName: u.Name, Held: held}, err
}

// PostCaller is a post as permissions see it, for the page that says who can see
// and do what.
type PostCaller struct {
	PostEntry
	Caller org.Caller
}

// CallersIn returns the posts of units, each as the caller that acts in it today.
// A post that nobody holds is judged as if somebody did. Units stand in the order
// given; at most limit posts in all.
func (v *View) CallersIn(ctx context.Context, units []org.UnitID, limit int) ([]PostCaller, error) {
	posts, err := v.PostsIn(ctx, units, limit)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	of := map[org.UnitID][]PostEntry{}
	for _, p := range posts {
		of[p.Unit] = append(of[p.Unit], p)
	}
	places, err := v.places(ctx, units)
	if err != nil {
		return nil, err
	}
	var out []PostCaller
	for _, id := range units {
		for _, p := range of[id] {
			person := org.Person{ID: "nobody"} // no id of a person looks like this
			if len(p.Holders) > 0 {
				person = org.Person{ID: p.Holders[0].Person, Name: p.Holders[0].Name}
			}
			w := places[id]
			out = append(out, PostCaller{PostEntry: p, Caller: org.Admit(person, p.Post, w.unit, w.line, w.block)})
		}
		delete(of, id) // a unit may be named twice
	}
	return out, nil
}

// place is a unit with who stands above it.
type place struct {
	unit        org.Unit
	line, block []org.UnitID
}

// places reads units with who stands above each, in two questions.
func (v *View) places(ctx context.Context, ids []org.UnitID) (map[org.UnitID]place, error) {
	units, err := v.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[org.UnitID]place{}
	for id, u := range units {
		out[id] = place{unit: u}
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select unit, axis, above from unit_above where distance > 0 and unit in (`+marks+`)
		order by unit, axis, distance, above`, args...)
	type step struct {
		unit, above org.UnitID
		axis        org.Axis
	}
	steps, err := collect(rows, err, func(r *sql.Rows) (s step, err error) { return s, r.Scan(&s.unit, &s.axis, &s.above) })
	for _, s := range steps {
		p := out[s.unit]
		if s.axis == org.Line {
			p.line = append(p.line, s.above)
		} else {
			p.block = append(p.block, s.above)
		}
		out[s.unit] = p
	}
	return out, err
}

// Above returns the units above the given ones in line and block, nearest first in
// each, the line's before the block's.
func (v *View) Above(ctx context.Context, units []org.UnitID) ([]org.UnitID, error) {
	line, err := above(ctx, v.q, org.Line, units)
	if err != nil {
		return nil, err
	}
	block, err := above(ctx, v.q, org.Block, units)
	return append(line, block...), err
}

// TasksOf returns the tasks of a unit that the caller sees, by id; at most limit
// after the given one.
func (v *View) TasksOf(ctx context.Context, unit org.UnitID, after task.ID, limit int) ([]TaskOf, error) {
	c := clause{n: 1}
	of, from := c.arg(string(unit)), c.arg(string(after))
	scope, args := tasksInScope(v.scope, c.n)
	c.n, c.args = c.n+len(args), append(c.args, args...)
	rows, err := v.q.QueryContext(ctx, `select t.id, t.title, p.role, t.due_day, t.light from part p join task t on t.id = p.task
		where p.unit = `+of+` and t.state <> 'withdrawn' and t.id > `+from+` and `+scope+` order by t.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (k TaskOf, err error) {
		return k, r.Scan(&k.ID, &k.Title, &k.Role, &k.Due, &k.Light)
	})
}

// TaskOf is a task that a unit takes part in.
type TaskOf struct {
	ID    task.ID
	Title string
	Role  task.Role
	Due   calendar.Date
	Light task.Colour
}

// AboveOn returns the units above one on an axis, nearest first.
func (v *View) AboveOn(ctx context.Context, axis org.Axis, id org.UnitID) ([]org.Unit, error) {
	if err := v.see(org.SeeUnit, org.UnitFacts{Unit: id}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+unitColumns+` from unit_above a join unit u on u.id = a.above
		where a.unit = $1 and a.axis = $2 and a.distance > 0 order by a.distance, u.id`, id, axis)
	return collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
}
