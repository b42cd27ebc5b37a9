package store

import (
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/org"
)

// Register is what stands in the books of some units and logins.
type Register struct {
	Posts    []org.Post
	Persons  []org.Person
	Holdings []org.Holding // of the posts
}

// registerAtOnce bounds the marks of one question.
const registerAtOnce = 500

func loadRegister(ctx context.Context, q queryer, units []org.UnitID, logins []string) (r Register, err error) {
	for chunk := range slices.Chunk(units, registerAtOnce) {
		marks, args := list(1, chunk)
		rows, err := q.QueryContext(ctx, `select id, unit, title, roles from post where unit in (`+marks+`) order by unit, id`, args...)
		posts, err := collect(rows, err, func(r *sql.Rows) (p org.Post, err error) { return p, r.Scan(&p.ID, &p.Unit, &p.Title, kept{&p.Roles}) })
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, posts...)
		rows, err = q.QueryContext(ctx, `select h.person, h.post, h.from_day, h.to_day from holding h join post o on o.id = h.post
			where o.unit in (`+marks+`) order by h.post, h.from_day`, args...)
		held, err := collect(rows, err, func(r *sql.Rows) (h org.Holding, err error) {
			return h, r.Scan(&h.Person, &h.Post, &h.From, &h.To)
		})
		if err != nil {
			return r, err
		}
		r.Holdings = append(r.Holdings, held...)
	}
	for chunk := range slices.Chunk(logins, registerAtOnce) {
		marks, args := list(1, chunk)
		rows, err := q.QueryContext(ctx, `select id, name, login, retired from person where login in (`+marks+`)`, args...)
		persons, err := collect(rows, err, func(r *sql.Rows) (p org.Person, err error) { return p, r.Scan(&p.ID, &p.Name, &p.Login, &p.Retired) })
		if err != nil {
			return r, err
		}
		r.Persons = append(r.Persons, persons...)
	}
	return r, nil
}

// Register reads the posts of units with who holds them, and the persons of logins.
func (t *Tx) Register(units []org.UnitID, logins []string) (Register, error) {
	return loadRegister(t.ctx, t.tx, units, logins)
}

// AddUnits writes new units with their places and counts the closure once; a
// parent may come after its unit.
func (t *Tx) AddUnits(units []org.Unit) error {
	for _, u := range units {
		if err := t.AddUnit(u); err != nil {
			return err
		}
	}
	for _, u := range units {
		if err := t.exec(`update unit set line = $2, block = $3 where id = $1`, u.ID, null(u.Line), null(u.Block)); err != nil {
			return err
		}
	}
	return t.closeUnits()
}

// RosterBooks are the books as a roster of the caller's is held against them.
type RosterBooks struct {
	ctx context.Context
	v   *View
}

// RosterBooks returns the books for whoever may take in a roster.
func (v *View) RosterBooks(ctx context.Context) (RosterBooks, error) {
	return RosterBooks{ctx, v}, v.see(org.UploadRoster, org.UnitFacts{Unit: v.caller.Unit().ID})
}

// Units reads all units, for matching names.
func (b RosterBooks) Units() ([]org.Unit, []org.Name, error) { return loadUnits(b.ctx, b.v.q) }

// Register reads the posts of units with who holds them, and the persons of logins.
func (b RosterBooks) Register(units []org.UnitID, logins []string) (Register, error) {
	return loadRegister(b.ctx, b.v.q, units, logins)
}
