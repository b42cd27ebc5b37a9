package act

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// The acts of administrators. What the journal keeps of persons is their id: a
// name once entered there could never be taken out again, and a person has the
// right to that (个人信息保护法 art. 47).

// onUnit is the frame of every act on one unit, its posts and persons.
func (d *Desk) onUnit(ctx context.Context, c org.Caller, action org.Action, key string, id org.UnitID, f func(*store.Tx, org.Unit) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("unit", string(id))
		u, err := tx.Unit(id)
		if err != nil {
			return err
		}
		if err := tx.Require(action, org.UnitFacts{Unit: id}); err != nil {
			return err
		}
		return f(tx, u)
	})
}

// onPost is the frame of every act on one post and who holds it.
func (d *Desk) onPost(ctx context.Context, c org.Caller, action org.Action, key string, id org.PostID, f func(*store.Tx, org.Post) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("post", string(id))
		p, err := tx.Post(id)
		if err != nil {
			return err
		}
		tx.About("unit", string(p.Unit))
		if err := tx.Require(action, org.UnitFacts{Unit: p.Unit}); err != nil {
			return err
		}
		return f(tx, p)
	})
}

// AddUnit enters a new unit below the units that it names.
func (d *Desk) AddUnit(ctx context.Context, c org.Caller, key string, u org.Unit) (store.Receipt, org.UnitID, error) {
	r, err := d.store.Act(ctx, c, org.ChangeUnit, key, func(tx *store.Tx) error {
		u.ID, u.Version = org.UnitID(tx.NewID()), 1
		tx.About("unit", string(u.ID))
		if err := tx.Require(org.ChangeUnit, org.UnitFacts{Unit: u.ID}); err != nil {
			return err
		}
		if err := org.CheckUnit(u); err != nil {
			return err
		}
		if err := tx.AddUnit(u); err != nil {
			return err
		}
		if err := tx.SaveUnit(u, nil, nil); err != nil { // its places
			return err
		}
		return tx.Record(u)
	})
	return made(ctx, d, r, err, "unit", u.ID)
}

// UnitChange is what is to become of a unit from a day on.
type UnitChange struct {
	Version     int64 // that was shown
	Rename      bool
	Name, Short string
	Move        bool
	Line, Block org.UnitID
	Day         calendar.Date
}

// ChangeUnit renames a unit or moves it, if it is still at the version that was
// shown. Old names and places are kept.
func (d *Desk) ChangeUnit(ctx context.Context, c org.Caller, key string, id org.UnitID, change UnitChange) (store.Receipt, error) {
	return d.onUnit(ctx, c, org.ChangeUnit, key, id, func(tx *store.Tx, u org.Unit) error {
		if u.Version != change.Version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		names, parents, err := tx.UnitHistory(id)
		if err != nil {
			return err
		}
		before := u
		if change.Rename {
			if u, names, err = org.Rename(u, names, change.Name, change.Short, change.Day, tx.Today()); err != nil {
				return err
			}
		}
		if change.Move {
			units, err := unitsByID(tx)
			if err != nil {
				return err
			}
			if u, parents, err = org.Move(u, parents, change.Line, change.Block, units, change.Day, tx.Today()); err != nil {
				return err
			}
		}
		if err := tx.SaveUnit(u, names, parents); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": before, "after": u, "day": change.Day})
	})
}

func unitsByID(tx *store.Tx) (map[org.UnitID]org.Unit, error) {
	all, _, err := tx.Units()
	out := make(map[org.UnitID]org.Unit, len(all))
	for _, u := range all {
		out[u.ID] = u
	}
	return out, err
}

// Merge ends a unit the day before and lets another succeed it, if it is still at
// the version that was shown. What it has open goes on under the successor at once.
func (d *Desk) Merge(ctx context.Context, c org.Caller, key string, id org.UnitID, version int64, successor org.UnitID, day calendar.Date) (store.Receipt, error) {
	return d.onUnit(ctx, c, org.ChangeUnit, key, id, func(tx *store.Tx, u org.Unit) error {
		if successor != id && successor != "" {
			tx.About("unit", string(successor))
		}
		if u.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		if day.IsZero() {
			return fault.New(fault.Invalid, "org.day-missing").On("day")
		}
		next, err := tx.Unit(successor)
		if err != nil {
			return err
		}
		changed, err := org.Merge([]org.Unit{u}, next, day)
		if err != nil {
			return err
		}
		names, parents, err := tx.UnitHistory(id)
		if err != nil {
			return err
		}
		// The successor's record stays as it is: it existed before.
		if err := tx.SaveUnit(changed[0], names, parents); err != nil {
			return err
		}
		went, err := inherit(tx, u, next, day)
		if err != nil {
			return err
		}
		return tx.Record(map[string]any{"merged": id, "successor": successor, "day": day, "memorandums": went.memorandums, "left": went.left,
			"tasks": went.tasks, "letters": went.letters, "went": went.count})
	})
}

// AddPost makes a post in a unit.
func (d *Desk) AddPost(ctx context.Context, c org.Caller, key string, p org.Post) (store.Receipt, org.PostID, error) {
	r, err := d.onUnit(ctx, c, org.ChangePost, key, p.Unit, func(tx *store.Tx, _ org.Unit) error {
		p.ID, p.Title = org.PostID(tx.NewID()), strings.TrimSpace(p.Title)
		tx.About("post", string(p.ID))
		if err := org.CheckPost(p); err != nil {
			return err
		}
		if err := tx.AddPost(p); err != nil {
			return err
		}
		return tx.Record(p)
	})
	return made(ctx, d, r, err, "post", p.ID)
}

// ChangePost gives a post another title or other roles. Was are the roles that
// were shown. Nobody changes a post that they hold themselves.
func (d *Desk) ChangePost(ctx context.Context, c org.Caller, key string, p org.Post, was []org.Role) (store.Receipt, error) {
	return d.onPost(ctx, c, org.ChangePost, key, p.ID, func(tx *store.Tx, old org.Post) error {
		if !slices.Equal(old.Roles, was) {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		held, err := tx.Holdings(p.ID)
		if err != nil {
			return err
		}
		// Rule O-12 (GB/T 22239-2019 §8.1.4.2): whoever administers gives no rights to themselves.
		if slices.Contains(org.HolderOn(held, p.ID, tx.Today()), c.Person().ID) {
			return fault.New(fault.Denied, "person.own-holding")
		}
		p.Unit, p.Title = old.Unit, strings.TrimSpace(p.Title)
		if err := org.CheckPost(p); err != nil {
			return err
		}
		if err := tx.SavePost(p); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": old, "after": p})
	})
}

// AddPerson enters somebody who will sign in, for a unit. They hold no post yet.
func (d *Desk) AddPerson(ctx context.Context, c org.Caller, key string, unit org.UnitID, p org.Person) (store.Receipt, org.PersonID, error) {
	p.Login, p.Name = strings.ToLower(strings.TrimSpace(p.Login)), strings.TrimSpace(p.Name)
	r, err := d.onUnit(ctx, c, org.ChangePerson, key, unit, func(tx *store.Tx, _ org.Unit) error {
		p.ID = org.PersonID(tx.NewID())
		tx.About("person", string(p.ID))
		if err := org.CheckPerson(p); err != nil {
			return err
		}
		if err := tx.AddPerson(p); err != nil {
			return err
		}
		return tx.Record(map[string]any{"added": p.ID})
	})
	if store.IsDuplicate(err) {
		err = fault.New(fault.Invalid, "person.login-taken").On("login").Because(err)
	}
	return made(ctx, d, r, err, "person", p.ID)
}

// Hold gives a post to the person with a login from a day on.
func (d *Desk) Hold(ctx context.Context, c org.Caller, key string, post org.PostID, login string, from calendar.Date) (store.Receipt, error) {
	return d.onPost(ctx, c, org.ChangePerson, key, post, func(tx *store.Tx, _ org.Post) error {
		p, err := tx.PersonByLogin(login)
		if err != nil {
			return err
		}
		tx.About("person", string(p.ID))
		held, err := tx.Holdings(post)
		if err != nil {
			return err
		}
		h := org.Holding{Person: p.ID, Post: post, From: from}
		if err := org.CheckHolding(h, held, c.Person().ID); err != nil {
			return err
		}
		if err := tx.AddHolding(h); err != nil {
			return err
		}
		return tx.Record(map[string]any{"holds": h})
	})
}

// EndHolding ends a person's time in a post; last is the last day.
func (d *Desk) EndHolding(ctx context.Context, c org.Caller, key string, post org.PostID, person org.PersonID, last calendar.Date) (store.Receipt, error) {
	return d.onPost(ctx, c, org.ChangePerson, key, post, func(tx *store.Tx, _ org.Post) error {
		aboutPerson(tx, person)
		held, err := tx.Holdings(post)
		if err != nil {
			return err
		}
		h, err := org.EndHolding(person, post, last, held, c.Person().ID)
		if err != nil {
			return err
		}
		if err := tx.EndHolding(h); err != nil {
			return err
		}
		return tx.Record(map[string]any{"ends": h})
	})
}

// aboutPerson names the person that a form named, if it named one: the journal
// takes no empty subject, and a form without one is refused, not broken.
func aboutPerson(tx *store.Tx, person org.PersonID) {
	if person != "" {
		tx.About("person", string(person))
	}
}

// linkValid is how long a one-time link can be used.
const linkValid = 3 * 24 * time.Hour

// NewLink makes a one-time link for whoever holds a post, to choose a password by.
// The token is returned once; sent twice, the second answer has none.
func (d *Desk) NewLink(ctx context.Context, c org.Caller, key string, post org.PostID, person org.PersonID) (store.Receipt, string, error) {
	var token string
	r, err := d.onPost(ctx, c, org.ChangePerson, key, post, func(tx *store.Tx, _ org.Post) error {
		aboutPerson(tx, person)
		held, err := tx.Holdings(post)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(held, func(h org.Holding) bool { return h.Person == person && h.To.IsZero() }) {
			return fault.New(fault.Conflict, "person.holds-not")
		}
		if token, err = tx.AddLink(person, linkValid); err != nil {
			return err
		}
		return tx.Record(map[string]any{"link": person, "hours": int(linkValid.Hours())})
	})
	return r, token, err
}
