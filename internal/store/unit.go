package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
)

// Founding is what an empty database starts from: units, and the posts and
// persons that can sign in.
type Founding struct {
	Units    []org.Unit // parents may come after their units
	Names    []org.Name
	Posts    []org.Post
	Persons  []org.Person
	Holdings []org.Holding
}

// Found fills an empty database. It is entered in the journal as the founding,
// done by nobody's permission, and can happen only once.
func (s *Store) Found(ctx context.Context, f Founding) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from unit`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return errors.New("store: the database already has units")
		}
		t := &Tx{ctx: ctx, tx: tx, store: s, caller: org.System(), policy: "founding", entry: s.newID(), now: s.clock().UTC()}
		if err := t.found(f); err != nil {
			return err
		}
		if err := t.Record(map[string]int{"units": len(f.Units), "posts": len(f.Posts), "persons": len(f.Persons)}); err != nil {
			return err
		}
		_, err := journal.Append(ctx, tx, t.journalEntry("founding", "done", t.detail))
		return err
	})
}

func (t *Tx) found(f Founding) error {
	for _, u := range f.Units {
		if err := t.AddUnit(u); err != nil {
			return err
		}
	}
	for _, u := range f.Units { // second, because a parent may stand after its unit
		if err := t.exec(`update unit set line = $2, block = $3, successor = $4 where id = $1`, u.ID, null(u.Line), null(u.Block), null(u.Successor)); err != nil {
			return err
		}
	}
	for _, n := range f.Names {
		if err := t.exec(`insert into unit_name (unit, name, from_day, to_day) values ($1, $2, $3, $4)`, n.Unit, n.Name, n.From, n.To); err != nil {
			return err
		}
	}
	if err := t.closeUnits(); err != nil {
		return err
	}
	for _, p := range f.Posts {
		if err := t.AddPost(p); err != nil {
			return err
		}
	}
	for _, p := range f.Persons {
		if err := t.AddPerson(p); err != nil {
			return err
		}
	}
	for _, h := range f.Holdings {
		if err := t.AddHolding(h); err != nil {
			return err
		}
	}
	return nil
}

// AddUnit writes a unit without its parents: they are set by PlaceUnit.
func (t *Tx) AddUnit(u org.Unit) error {
	return t.exec(`insert into unit (id, name, short, aliases, kind, level, region, function, from_day, to_day, position)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		u.ID, u.Name, u.Short, text(u.Aliases), u.Kind, u.Level, u.Region, u.Function, u.From, u.To, u.Position)
}

// SaveUnit writes a unit's present state, keeps the name it bore before in its
// history, and counts the closure again when it has moved.
func (t *Tx) SaveUnit(u org.Unit, names []org.Name, parents []org.Parent) error {
	err := t.execOne(`update unit set name = $3, short = $4, aliases = $5, line = $6, block = $7, to_day = $8, successor = $9,
		version = version + 1 where id = $1 and version = $2`,
		u.ID, u.Version, u.Name, u.Short, text(u.Aliases), null(u.Line), null(u.Block), u.To, null(u.Successor))
	if err != nil {
		return err
	}
	if err := t.exec(`delete from unit_name where unit = $1`, u.ID); err != nil {
		return err
	}
	for _, n := range names {
		if err := t.exec(`insert into unit_name (unit, name, from_day, to_day) values ($1, $2, $3, $4)`, n.Unit, n.Name, n.From, n.To); err != nil {
			return err
		}
	}
	if err := t.exec(`delete from unit_parent where unit = $1`, u.ID); err != nil {
		return err
	}
	for _, p := range parents {
		if err := t.exec(`insert into unit_parent (unit, axis, above, from_day, to_day) values ($1, $2, $3, $4, $5)`, p.Unit, p.Axis, p.Above, p.From, p.To); err != nil {
			return err
		}
	}
	return t.closeUnits()
}

// closeUnits rebuilds who stands above whom. It is one statement per axis and
// runs only when units change, which is rare.
func (t *Tx) closeUnits() error {
	if err := t.exec(`delete from unit_above`); err != nil {
		return err
	}
	for _, axis := range []org.Axis{org.Line, org.Block} {
		if err := t.exec(closure(axis)); err != nil {
			return err
		}
	}
	return nil
}

// closure is the statement that writes who stands above whom on an axis.
func closure(axis org.Axis) string {
	return `insert into unit_above (unit, axis, above, distance)
		with recursive up (unit, above, distance) as (
			select id, id, 0 from unit
			union all
			select up.unit, u.` + string(axis) + `, up.distance + 1 from up join unit u on u.id = up.above
				where u.` + string(axis) + ` is not null and up.distance < 16
		) select unit, '` + string(axis) + `', above, min(distance) from up group by unit, above`
}

// AddPost writes a post.
func (t *Tx) AddPost(p org.Post) error {
	return t.exec(`insert into post (id, unit, title, roles) values ($1, $2, $3, $4)`, p.ID, p.Unit, p.Title, text(p.Roles))
}

// AddPerson writes a person without a secret: a sign-in link lets them choose one.
func (t *Tx) AddPerson(p org.Person) error {
	return t.exec(`insert into person (id, name, login, retired) values ($1, $2, $3, $4)`, p.ID, p.Name, strings.ToLower(p.Login), p.Retired)
}

// AddHolding gives a person a post for a time.
func (t *Tx) AddHolding(h org.Holding) error {
	return t.exec(`insert into holding (person, post, from_day, to_day) values ($1, $2, $3, $4)`, h.Person, h.Post, h.From, h.To)
}

// EndHolding ends a person's time in a post.
func (t *Tx) EndHolding(h org.Holding) error {
	return t.exec(`update holding set to_day = $3 where person = $1 and post = $2 and to_day is null`, h.Person, h.Post, h.To)
}

// Unit reads a unit with the ids above it in line and block, nearest first.
func (t *Tx) Unit(id org.UnitID) (org.Unit, error) { return loadUnit(t.ctx, t.tx, id) }

// Units reads all units, for matching names; a province has a few thousand.
func (t *Tx) Units() ([]org.Unit, []org.Name, error) { return loadUnits(t.ctx, t.tx) }

func loadUnit(ctx context.Context, q queryer, id org.UnitID) (org.Unit, error) {
	u, err := scanUnit(q.QueryRowContext(ctx, `select `+unitColumns+` from unit u where u.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.New(fault.NotFound, "absent")
	}
	return u, err
}

func loadUnits(ctx context.Context, q queryer) ([]org.Unit, []org.Name, error) {
	rows, err := q.QueryContext(ctx, `select `+unitColumns+` from unit u order by u.level, u.region, u.position, u.id`)
	units, err := collect(rows, err, func(r *sql.Rows) (org.Unit, error) { return scanUnit(r) })
	if err != nil {
		return nil, nil, err
	}
	rows, err = q.QueryContext(ctx, `select unit, name, from_day, to_day from unit_name`)
	names, err := collect(rows, err, func(r *sql.Rows) (n org.Name, err error) {
		return n, r.Scan(&n.Unit, &n.Name, &n.From, &n.To)
	})
	return units, names, err
}

// above returns the units above the given ones on an axis, without themselves.
func above(ctx context.Context, q queryer, axis org.Axis, units []org.UnitID) ([]org.UnitID, error) {
	if len(units) == 0 {
		return nil, nil
	}
	marks, args := list(2, units)
	rows, err := q.QueryContext(ctx, `select above from unit_above where axis = $1 and distance > 0 and unit in (`+marks+`)
		group by above order by min(distance), above`, append([]any{axis}, args...)...)
	return collect(rows, err, func(r *sql.Rows) (u org.UnitID, err error) { return u, r.Scan(&u) })
}

// list writes $n, $n+1, … for an IN of the given values.
func list[T ~string](from int, values []T) (string, []any) {
	marks, args := make([]string, len(values)), make([]any, len(values))
	for i, v := range values {
		marks[i], args[i] = fmt.Sprintf("$%d", from+i), string(v)
	}
	return strings.Join(marks, ", "), args
}

// Caller returns the person as the holder of a post on a day: only so can
// anybody act. It is NotFound when the person does not hold the post then.
func (s *Store) Caller(ctx context.Context, person org.PersonID, post org.PostID, on calendar.Date) (org.Caller, error) {
	c, _, err := s.CallerMarked(ctx, person, post, on)
	return c, err
}

// CallerMarked is Caller with the mark of the person's secret (MarkOf), which sessions are
// bound to. Every request asks for it: one question for the holder and one for the
// units above.
func (s *Store) CallerMarked(ctx context.Context, person org.PersonID, post org.PostID, on calendar.Date) (c org.Caller, mark string, err error) {
	var p org.Person
	var o org.Post
	var secret string
	q := s.asking()
	unit, err := scanUnit(beside{q.QueryRowContext(ctx, `select `+unitColumns+`, n.id, n.name, n.login, n.retired, n.secret, o.id, o.unit, o.title, o.roles
		from holding h join person n on n.id = h.person join post o on o.id = h.post join unit u on u.id = o.unit
		where h.person = $1 and h.post = $2 and h.from_day <= $3 and (h.to_day is null or h.to_day >= $3)
			and (n.retired is null or n.retired > $3)`, person, post, on.String()),
		[]any{&p.ID, &p.Name, &p.Login, &p.Retired, &secret, &o.ID, &o.Unit, &o.Title, kept{&o.Roles}}})
	if errors.Is(err, sql.ErrNoRows) {
		return org.Caller{}, "", fault.New(fault.NotFound, "post.not-held")
	}
	if err != nil {
		return org.Caller{}, "", fmt.Errorf("store: looking for a holder: %w", err)
	}
	rows, err := q.QueryContext(ctx, `select axis, above from unit_above where unit = $1 and distance > 0 order by distance, above`, unit.ID)
	type higher struct {
		axis org.Axis
		unit org.UnitID
	}
	all, err := collect(rows, err, func(r *sql.Rows) (h higher, err error) { return h, r.Scan(&h.axis, &h.unit) })
	if err != nil {
		return org.Caller{}, "", fmt.Errorf("store: looking for the units above a holder's: %w", err)
	}
	of := map[org.Axis][]org.UnitID{}
	for _, h := range all {
		of[h.axis] = append(of[h.axis], h.unit)
	}
	return org.Admit(p, o, unit, of[org.Line], of[org.Block]), Mark(secret), nil
}
