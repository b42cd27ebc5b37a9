package org

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
)

// Rename gives the unit another name from the day on and returns it with its
// names, the old one among them until the day before.
//
// Faults: org.unit-name-missing, org.day-missing, org.day-to-come, org.name-same,
// org.day-before-last.
func Rename(u Unit, names []Name, name, short string, day, today calendar.Date) (Unit, []Name, error) {
	// Rule O-02: a document keeps the name that its unit bore then, so no name is lost.
	name, short = strings.TrimSpace(name), strings.TrimSpace(short)
	if name == "" {
		return u, nil, fault.New(fault.Invalid, "org.unit-name-missing").On("name")
	}
	if name == u.Name && short == u.Short {
		return u, nil, fault.New(fault.Invalid, "org.name-same").On("name")
	}
	if name == u.Name { // another short form is no change of name
		u.Short = short
		return u, names, nil
	}
	since := u.From
	for _, n := range names {
		if n.To.AddDays(1).After(since) {
			since = n.To.AddDays(1)
		}
	}
	if err := checkDay(day, since, today); err != nil {
		return u, nil, err
	}
	names = append(slices.Clone(names), Name{Unit: u.ID, Name: u.Name, From: since, To: day.AddDays(-1)})
	u.Name, u.Short = name, short
	return u, names, nil
}

// Move gives the unit another place in line (条) and block (块) from the day on and
// returns it with its places, the old ones until the day before. Units are all
// units, to see that nothing comes to stand above itself.
//
// A place that was the top is not recorded: ParentAt then answers with the place
// of today. That is imperfect; it happens to units that are put under another late.
//
// Faults: org.day-missing, org.day-to-come, org.place-same, org.day-before-last,
// org.above-itself.
func Move(u Unit, parents []Parent, line, block UnitID, units map[UnitID]Unit, day, today calendar.Date) (Unit, []Parent, error) {
	// Rule O-02: places are dated as names are.
	if line == u.Line && block == u.Block {
		return u, nil, fault.New(fault.Invalid, "org.place-same").On("line")
	}
	parents = slices.Clone(parents)
	for _, axis := range []struct {
		axis    Axis
		was, is UnitID
	}{{Line, u.Line, line}, {Block, u.Block, block}} {
		if axis.was == axis.is {
			continue
		}
		if axis.is != "" && (axis.is == u.ID || slices.Contains(Ancestors(units, axis.is, axis.axis), u.ID)) {
			return u, nil, fault.New(fault.Invalid, "org.above-itself", "Name", units[axis.is].Name).On(string(axis.axis))
		}
		since := u.From
		for _, p := range parents {
			if p.Axis == axis.axis && p.To.AddDays(1).After(since) {
				since = p.To.AddDays(1)
			}
		}
		if err := checkDay(day, since, today); err != nil {
			return u, nil, err
		}
		if axis.was != "" {
			parents = append(parents, Parent{Unit: u.ID, Axis: axis.axis, Above: axis.was, From: since, To: day.AddDays(-1)})
		}
	}
	u.Line, u.Block = line, block
	return u, parents, nil
}

// checkDay wants a day after what holds now began, and no later than today: the
// unit's own record says what holds today.
func checkDay(day, since, today calendar.Date) error {
	switch {
	case day.IsZero():
		return fault.New(fault.Invalid, "org.day-missing").On("day")
	case day.After(today):
		return fault.New(fault.Invalid, "org.day-to-come", "Today", today).On("day")
	case !since.IsZero() && !day.After(since):
		return fault.New(fault.Invalid, "org.day-before-last", "Since", since).On("day")
	}
	return nil
}

// CheckUnit reports what a new unit lacks.
func CheckUnit(u Unit) error {
	var l fault.List
	if strings.TrimSpace(u.Name) == "" {
		l = append(l, fault.New(fault.Invalid, "org.unit-name-missing").On("name"))
	}
	if !slices.Contains(Kinds(), u.Kind) {
		l = append(l, fault.New(fault.Invalid, "org.unit-kind-unknown").On("kind"))
	}
	if !slices.Contains(Levels(), u.Level) {
		l = append(l, fault.New(fault.Invalid, "org.unit-level-unknown").On("level"))
	}
	if len(u.Region) != 6 || strings.Trim(string(u.Region), "0123456789") != "" {
		l = append(l, fault.New(fault.Invalid, "org.unit-region-form").On("region"))
	}
	return l.Err()
}

// Kinds returns the kinds of unit in the order of forms.
func Kinds() []Kind {
	return []Kind{Government, Department, Agency, Institution, Enterprise, Committee}
}

// Levels returns the levels from the top down.
func Levels() []Level { return []Level{Province, City, County} }

// Roles returns what a post can be for, in the order of forms.
func Roles() []Role { return []Role{Office, Leader, Clerk, Verifier, Scorer, Auditor, Admin} }

// CheckHolding reports why a person cannot take a post for a time that begins on
// a day, given who has held it. By is the person who enters it.
//
// Faults: person.own-holding, org.day-missing, person.holds-already.
func CheckHolding(h Holding, held []Holding, by PersonID) error {
	// Rule O-12 (GB/T 22239-2019 §8.1.4.2): whoever administers gives no rights to themselves.
	if h.Person == by {
		return fault.New(fault.Denied, "person.own-holding")
	}
	if h.From.IsZero() {
		return fault.New(fault.Invalid, "org.day-missing").On("day")
	}
	for _, o := range held {
		if o.Person == h.Person && o.Post == h.Post && (o.To.IsZero() || !o.To.Before(h.From)) {
			return fault.New(fault.Conflict, "person.holds-already", "Since", o.From).On("login")
		}
	}
	return nil
}

// EndHolding ends the person's time in the post with the last day, and returns it.
//
// Faults: person.own-holding, org.day-missing, person.holds-not, person.end-before-start.
func EndHolding(person PersonID, post PostID, last calendar.Date, held []Holding, by PersonID) (Holding, error) {
	if person == by { // Rule O-12, as above
		return Holding{}, fault.New(fault.Denied, "person.own-holding")
	}
	if last.IsZero() {
		return Holding{}, fault.New(fault.Invalid, "org.day-missing").On("day")
	}
	for _, h := range held {
		if h.Person != person || h.Post != post || !h.To.IsZero() {
			continue
		}
		if last.Before(h.From) {
			return Holding{}, fault.New(fault.Invalid, "person.end-before-start", "Since", h.From).On("day")
		}
		h.To = last
		return h, nil
	}
	return Holding{}, fault.New(fault.Conflict, "person.holds-not")
}

// CheckPerson reports what somebody who is to sign in lacks.
func CheckPerson(p Person) error {
	var l fault.List
	if strings.TrimSpace(p.Name) == "" {
		l = append(l, fault.New(fault.Invalid, "person.name-missing").On("name"))
	}
	if p.Login == "" || len(p.Login) > 64 || strings.ContainsAny(p.Login, " \t　") {
		l = append(l, fault.New(fault.Invalid, "person.login-form").On("login"))
	}
	return l.Err()
}
