package nation

import (
	"fmt"
	"slices"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// functions are the units of every land that lead tasks, the bureau first, by
// what they are for.
var functions = [...]string{org.FunctionQuality, "农业", "财政", "环境保护"}

// land is a division with its units.
type land struct {
	org.Region
	above       *land
	below       []*land
	size        int // with all below
	government  org.Unit
	units       map[string]org.Unit // by function
	memorandums []memo.Memorandum
}

// seat is a post with who holds it.
type seat struct {
	unit   org.UnitID
	post   org.PostID
	person org.PersonID
}

// desk is the seats of a unit by role.
type desk map[org.Role]seat

// people are the posts of all units.
type people struct {
	store.Founding
	desks map[org.UnitID]desk
}

// settle builds the lands with their units; one leaves it at the home province.
func (m *maker) settle(one bool) error {
	regions, err := org.StandardRegions()
	if err != nil {
		return err
	}
	for _, p := range regions.Children("") {
		if one && p.Code != home {
			continue
		}
		units := org.ProvinceUnits(regions, p.Code, calendar.NewDate(m.today.Year-1, 1, 5))
		if len(units) == 0 {
			continue // a division without a table
		}
		l := newLand(regions, p, nil)
		byCode := map[org.RegionCode]*land{}
		l.index(byCode)
		for _, u := range units {
			byCode[u.Region].take(u)
		}
		m.lands = append(m.lands, l)
	}
	return nil
}

func newLand(regions *org.Regions, r org.Region, above *land) *land {
	l := &land{Region: r, above: above, size: 1, units: map[string]org.Unit{}}
	for _, below := range regions.Children(r.Code) {
		b := newLand(regions, below, l)
		l.below = append(l.below, b)
		l.size += b.size
	}
	return l
}

func (l *land) index(by map[org.RegionCode]*land) {
	by[l.Code] = l
	for _, b := range l.below {
		b.index(by)
	}
}

// take keeps the units that take part here; there are many more kinds of them.
func (l *land) take(u org.Unit) {
	switch {
	case u.Kind == org.Government:
		l.government = u
	case slices.Contains(functions[:], u.Function), u.Function == org.FunctionSupervision && l.Level == org.Province:
		l.units[u.Function] = u
	}
}

// bureau is the bureau of quality of the land.
func (l *land) bureau() org.Unit { return l.units[org.FunctionQuality] }

// province is the land at the top.
func (l *land) province() *land {
	for l.above != nil {
		l = l.above
	}
	return l
}

// all are the land and those below it, from the top down.
func (l *land) all() []*land {
	out := []*land{l}
	for _, b := range l.below {
		out = append(out, b.all()...)
	}
	return out
}

// planning are the lands that have plans: the province and its cities.
func (l *land) planning() []*land {
	return slices.DeleteFunc(l.all(), func(x *land) bool { return x.Level == org.County })
}

// found writes units, posts and persons with the founding's entry.
func (m *maker) found() {
	m.people.desks = map[org.UnitID]desk{}
	for _, p := range m.lands {
		for _, l := range p.all() {
			m.staff(l)
		}
	}
	f := m.people.Founding
	m.try(m.load.Found(f))
	m.enter(moment(calendar.NewDate(m.today.Year-1, 1, 5), 8, 30), seat{}, "founding", "founding",
		map[string]int{"units": len(f.Units), "posts": len(f.Posts), "persons": len(f.Persons)})
	m.people.Founding = store.Founding{} // a nation's is some megabytes that nobody needs again
}

// staff adds a land's units and the posts in them.
func (m *maker) staff(l *land) {
	units := []org.Unit{l.government}
	for _, f := range append(functions[:], org.FunctionSupervision) {
		if u, ok := l.units[f]; ok {
			units = append(units, u)
		}
	}
	m.people.Units = append(m.people.Units, units...)
	for _, u := range units[1:] {
		if u.Function == org.FunctionSupervision {
			m.seat(l, u, "审计岗", org.Auditor)
			continue
		}
		m.seat(l, u, "联络员", org.Clerk)
		if l.Level != org.County {
			m.seat(l, u, "主任岗", org.Office, org.Verifier)
		}
	}
	if l.Level == org.County {
		return
	}
	m.seat(l, l.government, "分管领导", org.Leader)
	m.seat(l, l.bureau(), "分管领导", org.Leader)
	if l.Level == org.Province {
		m.seat(l, l.bureau(), "考核岗", org.Scorer)
		m.seat(l, l.bureau(), "系统管理员", org.Admin)
	}
}

// seat makes a post with its person, who is named after it.
func (m *maker) seat(l *land, u org.Unit, title string, roles ...org.Role) {
	s := seat{u.ID, org.PostID(m.next()), org.PersonID(m.next())}
	p := &m.people
	p.Posts = append(p.Posts, org.Post{ID: s.post, Unit: u.ID, Title: title, Roles: roles})
	p.Persons = append(p.Persons, org.Person{ID: s.person, Name: u.Name + title, Login: fmt.Sprintf("%s-%d-%s", l.Code, u.Position, roles[0])})
	p.Holdings = append(p.Holdings, org.Holding{Person: s.person, Post: s.post, From: calendar.NewDate(m.today.Year-1, 1, 5)})
	if p.desks[u.ID] == nil {
		p.desks[u.ID] = desk{}
	}
	for _, r := range roles {
		p.desks[u.ID][r] = s
	}
}

// shown are the posts that anybody may step into: one of each kind, those of a
// province with a city and a county.
func (m *maker) shown() (out []org.PostID) {
	p := m.lands[0]
	for _, x := range m.lands {
		if x.Code == home {
			p = x
		}
	}
	i := slices.IndexFunc(p.below, func(l *land) bool { return len(l.below) > 0 })
	if i < 0 {
		return nil
	}
	city := p.below[i]
	for _, x := range []struct {
		unit org.Unit
		role org.Role
	}{
		{p.bureau(), org.Office}, {p.bureau(), org.Leader}, {p.bureau(), org.Scorer}, {p.units[org.FunctionSupervision], org.Auditor}, {p.bureau(), org.Admin},
		{city.bureau(), org.Office}, {city.below[0].bureau(), org.Clerk}, {city.units["农业"], org.Office}, {city.government, org.Leader}, {city.units["农业"], org.Clerk},
	} {
		if s, ok := m.people.desks[x.unit.ID][x.role]; ok {
			out = append(out, s.post)
		}
	}
	return out
}
