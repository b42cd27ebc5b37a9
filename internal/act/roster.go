package act

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/store"
)

// TakeRoster takes in a roster of units and people. It enters nothing yet.
func (d *Desk) TakeRoster(ctx context.Context, c org.Caller, key, name string, file io.ReaderAt, size int64) (store.Receipt, string, error) {
	roster, err := bulk.ReadRoster(name, file, size)
	if err != nil {
		return store.Receipt{}, "", err
	}
	return d.takeBulk(ctx, c, org.UploadRoster, key, store.BulkUpload{Kind: store.BulkRoster, Name: name}, roster, len(roster.Rows), file, size)
}

// books is what a roster is held against: a view's or a transaction's.
type books interface {
	Units() ([]org.Unit, []org.Name, error)
	Register(units []org.UnitID, logins []string) (store.Register, error)
}

// Roster works out what a roster would do, by the books as they are.
func (d *Desk) Roster(u store.BulkUpload, b books, territory org.RegionCode, by org.PersonID, today calendar.Date) (bulk.Plan, error) {
	var roster bulk.Roster
	choices := bulk.Choices{}
	if err := json.Unmarshal(u.Reading, &roster); err != nil {
		return bulk.Plan{}, fmt.Errorf("act: reading roster %s: %w", u.ID, err)
	}
	if err := json.Unmarshal(u.Mends, &choices); err != nil {
		return bulk.Plan{}, fmt.Errorf("act: reading choices of roster %s: %w", u.ID, err)
	}
	units, names, err := b.Units()
	if err != nil {
		return bulk.Plan{}, err
	}
	regions, err := org.StandardRegions()
	if err != nil {
		return bulk.Plan{}, err
	}
	f := bulk.RosterFacts{Units: make(map[org.UnitID]org.Unit, len(units)), Regions: regions, Find: d.names.at(units, names, today), Territory: territory, By: by, Today: today}
	for _, unit := range units {
		f.Units[unit.ID] = unit
	}
	f.Register = func(units []org.UnitID, logins []string) (bulk.Register, error) {
		r, err := b.Register(units, logins)
		return bulk.Register(r), err
	}
	return roster.Plan(choices, f)
}

// onRoster is the frame of every act on one roster that is not yet entered.
func (d *Desk) onRoster(ctx context.Context, c org.Caller, action org.Action, key, id string, version int64, f func(*store.Tx, store.BulkUpload, bulk.Plan) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("upload", id)
		u, err := tx.BulkUpload(store.BulkRoster, id)
		if err != nil {
			return err
		}
		if u.Unit != c.Unit().ID {
			return fault.New(fault.NotFound, "absent")
		}
		if err := tx.Require(action, org.UnitFacts{Unit: u.Unit}); err != nil {
			return err
		}
		switch {
		case !u.Applied.IsZero():
			return fault.New(fault.Conflict, "roster.applied", "At", u.Applied)
		case u.Version != version:
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		p, err := d.Roster(u, tx, c.Unit().Region, c.Person().ID, tx.Today())
		if err != nil {
			return err
		}
		return f(tx, u, p)
	})
}

// MendRoster answers a doubt of a roster.
func (d *Desk) MendRoster(ctx context.Context, c org.Caller, key, id string, version int64, doubt, answer string) (store.Receipt, error) {
	return d.onRoster(ctx, c, org.MendRoster, key, id, version, func(tx *store.Tx, u store.BulkUpload, p bulk.Plan) error {
		if !p.Answers(doubt, answer) {
			return fault.New(fault.Invalid, "roster.no-such-answer").On("choice")
		}
		choices := bulk.Choices{}
		if err := json.Unmarshal(u.Mends, &choices); err != nil {
			return fmt.Errorf("act: reading choices of roster %s: %w", id, err)
		}
		choices[doubt] = answer
		raw, err := json.Marshal(choices)
		if err != nil {
			return fmt.Errorf("act: writing choices: %w", err)
		}
		u.Mends = raw
		if err := tx.SaveBulk(u); err != nil {
			return err
		}
		return tx.Record(map[string]any{"upload": id, "doubt": doubt, "answer": answer})
	})
}

// Access is how a person who was just entered signs in for the first time.
type Access struct {
	Person org.Person
	Unit   string // name of the unit of the first post
	Post   string
	Token  string // of a one-time link, shown once
}

// ApplyRoster enters what a roster brings, all or nothing, and returns a one-time
// link for each new person. Sent twice, the second answer has none.
func (d *Desk) ApplyRoster(ctx context.Context, c org.Caller, key, id string, version int64) (store.Receipt, []Access, error) {
	var access []Access
	r, err := d.onRoster(ctx, c, org.ApplyRoster, key, id, version, func(tx *store.Tx, u store.BulkUpload, p bulk.Plan) error {
		switch {
		case len(p.Faults) > 0:
			return fault.New(fault.Conflict, "roster.still-wrong", "N", len(p.Faults))
		case p.Open() > 0:
			return fault.New(fault.Conflict, "roster.still-open", "N", p.Open())
		case p.Nothing():
			return fault.New(fault.Conflict, "roster.nothing-new")
		}
		e := entering{desk: d, tx: tx, plan: p, units: map[org.UnitID]org.UnitID{}, posts: map[org.PostID]org.Post{}, persons: map[org.PersonID]org.PersonID{}}
		for _, step := range []func() error{e.enterUnits, e.changeUnits, e.enterPosts, e.enterPersons, e.enterHoldings} {
			if err := step(); err != nil {
				return err
			}
		}
		var err error
		if access, err = e.links(); err != nil {
			return err
		}
		if err := tx.ApplyBulk(u); err != nil {
			return err
		}
		// Ids only: the journal keeps no names of persons (see org.go).
		return tx.Record(map[string]any{
			"upload": id, "sha256": u.SHA256, "units": e.madeUnits, "changed": p.Changed, "posts": e.madePosts,
			"persons": e.madePersons, "holds": e.madeHoldings, "hours": int(linkValid.Hours()),
		})
	})
	if store.IsDuplicate(err) { // somebody entered the same login between the look and the act
		err = fault.New(fault.Conflict, "changed-meanwhile").Because(err)
	}
	return r, access, err
}

// entering puts real ids in the place of a plan's and writes what it makes.
type entering struct {
	desk    *Desk
	tx      *store.Tx
	plan    bulk.Plan
	units   map[org.UnitID]org.UnitID
	posts   map[org.PostID]org.Post // as written, by the plan's id
	persons map[org.PersonID]org.PersonID

	madeUnits    []org.Unit
	madePosts    []org.Post
	madePersons  []org.PersonID
	madeHoldings []org.Holding
}

func (e *entering) unit(id org.UnitID) org.UnitID { return swap(e.units, id) }

func swap[T ~string](of map[T]T, id T) T {
	if to, ok := of[id]; ok {
		return to
	}
	return id
}

func (e *entering) enterUnits() error {
	for _, u := range e.plan.Units {
		e.units[u.ID] = org.UnitID(e.tx.NewID())
	}
	for _, u := range e.plan.Units {
		u.ID, u.Line, u.Block = e.unit(u.ID), e.unit(u.Line), e.unit(u.Block)
		if err := e.tx.Require(org.ChangeUnit, org.UnitFacts{Unit: u.ID}); err != nil {
			return err
		}
		if err := org.CheckUnit(u); err != nil {
			return err
		}
		e.tx.About("unit", string(u.ID))
		e.madeUnits = append(e.madeUnits, u)
	}
	if len(e.madeUnits) == 0 {
		return nil
	}
	return e.tx.AddUnits(e.madeUnits)
}

func (e *entering) changeUnits() error {
	for _, change := range e.plan.Changed {
		u, err := e.tx.Unit(change.Unit)
		if err != nil {
			return err
		}
		if err := e.tx.Require(org.ChangeUnit, org.UnitFacts{Unit: u.ID}); err != nil {
			return err
		}
		names, parents, err := e.tx.UnitHistory(u.ID)
		if err != nil {
			return err
		}
		if change.Alias != "" {
			u.Aliases = append(u.Aliases, change.Alias)
		} else if u, names, err = org.Rename(u, names, change.Name, change.Short, e.tx.Today(), e.tx.Today()); err != nil {
			return err
		}
		e.tx.About("unit", string(u.ID))
		if err := e.tx.SaveUnit(u, names, parents); err != nil {
			return err
		}
	}
	return nil
}

func (e *entering) enterPosts() error {
	for _, p := range e.plan.Posts {
		old := p.ID
		p.ID, p.Unit = org.PostID(e.tx.NewID()), e.unit(p.Unit)
		if err := e.tx.Require(org.ChangePost, org.UnitFacts{Unit: p.Unit}); err != nil {
			return err
		}
		if err := org.CheckPost(p); err != nil {
			return err
		}
		e.tx.About("post", string(p.ID))
		if err := e.tx.AddPost(p); err != nil {
			return err
		}
		e.posts[old], e.madePosts = p, append(e.madePosts, p)
	}
	return nil
}

func (e *entering) enterPersons() error {
	for _, n := range e.plan.Persons {
		old := n.ID
		n.ID = org.PersonID(e.tx.NewID())
		if err := org.CheckPerson(n); err != nil {
			return err
		}
		e.tx.About("person", string(n.ID))
		if err := e.tx.AddPerson(n); err != nil {
			return err
		}
		e.persons[old], e.madePersons = n.ID, append(e.madePersons, n.ID)
	}
	return nil
}

func (e *entering) enterHoldings() error {
	for _, h := range e.plan.Holdings {
		h.Person = swap(e.persons, h.Person)
		if p, ok := e.posts[h.Post]; ok {
			h.Post = p.ID
		}
		post, err := e.tx.Post(h.Post)
		if err != nil {
			return err
		}
		if err := e.tx.Require(org.ChangePerson, org.UnitFacts{Unit: post.Unit}); err != nil {
			return err
		}
		held, err := e.tx.Holdings(h.Post)
		if err != nil {
			return err
		}
		if err := org.CheckHolding(h, held, e.tx.Caller().Person().ID); err != nil { // Rule O-12
			return err
		}
		if err := e.tx.AddHolding(h); err != nil {
			return err
		}
		e.madeHoldings = append(e.madeHoldings, h)
	}
	return nil
}

// links makes a one-time link for each new person, with the post that they got first.
func (e *entering) links() (out []Access, err error) {
	for _, n := range e.plan.Persons {
		a := Access{Person: n}
		a.Person.ID = e.persons[n.ID]
		for _, row := range e.plan.Rows {
			if row.PersonID == n.ID && row.NewPerson {
				a.Unit, a.Post = row.Unit, strings.TrimSpace(row.Post)
				break
			}
		}
		if a.Token, err = e.tx.AddLink(a.Person.ID, linkValid); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
