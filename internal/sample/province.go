package sample

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

const sichuan org.RegionCode = "510000"

// begun is the first day of the system in the sample.
var begun = calendar.NewDate(2009, 1, 5)

// place names a unit by its territory and what it is for, as org.ProvinceUnits does.
type place struct {
	region   org.RegionCode
	function string // government for a people's government
}

// government stands for a people's government among functions.
const government = "人民政府"

// province is the sample's units with the posts in them.
type province struct {
	regions *org.Regions
	units   map[place]org.Unit
	all     []org.Unit
	at      map[org.UnitID]int // place in all
	posts   map[org.UnitID][]seat
	list    []seat // in order of their making
	random  io.Reader
}

// seat is a post with the person who holds it.
type seat struct {
	post   org.Post
	person org.Person
}

func newProvince(random io.Reader) (*province, error) {
	regions, err := org.StandardRegions()
	if err != nil {
		return nil, err
	}
	p := &province{regions: regions, units: map[place]org.Unit{}, at: map[org.UnitID]int{}, posts: map[org.UnitID][]seat{}, random: random}
	p.all = org.ProvinceUnits(regions, sichuan, begun)
	names, err := org.FormerNames(regions, p.all)
	if err != nil {
		return nil, err
	}
	backdate(p.all, names)
	for i := range p.all {
		shorten(&p.all[i])
	}
	for i, u := range p.all {
		p.at[u.ID] = i
		function := u.Function
		if u.Kind == org.Government {
			function = government
		}
		p.units[place{u.Region, function}] = u
	}
	return p, nil
}

// backdate gives units the names that they bore in the sample's present, where
// the table of regions knows only those of a later year (会理市, then 会理县).
func backdate(units []org.Unit, names []org.Name) {
	then := map[org.UnitID]string{}
	for _, n := range names {
		if n.To.After(calendar.DateOf(present)) {
			then[n.Unit] = n.Name
		}
	}
	type change struct{ now, was string }
	changes := map[org.RegionCode]change{}
	for _, u := range units {
		if was, ok := then[u.ID]; ok && u.Kind == org.Government {
			changes[u.Region] = change{strings.TrimSuffix(u.Name, government), strings.TrimSuffix(was, government)}
		}
	}
	for i := range units {
		u := &units[i]
		c, ok := changes[u.Region]
		if !ok {
			continue
		}
		u.Name = strings.Replace(u.Name, c.now, c.was, 1)
		for j := range u.Aliases {
			u.Aliases[j] = strings.Replace(u.Aliases[j], c.now, c.was, 1)
		}
		last := func(s string) string { r := []rune(s); return string(r[len(r)-1]) }
		u.Short = strings.Replace(u.Short, last(c.now), last(c.was), 1)
	}
}

// shorten gives a department whose usual short name is that of a later year, or of
// another place (农牧局 for 农业局), one that is cut from its own name.
func shorten(u *org.Unit) {
	i := strings.LastIndexAny(u.Name, "省市州县区")
	if u.Kind != org.Department || i < 0 || u.Function == "" {
		return
	}
	own := u.Name[i+len("省"):]
	if utf8.RuneCountInString(u.Short) > utf8.RuneCountInString(own)+1 || u.Function == "农业" {
		u.Short = string([]rune(u.Short)[:1]) + own
	}
}

// unit returns a unit that the sample is about; asking for one that is not there
// is a mistake in the sample's tables.
func (p *province) unit(region org.RegionCode, function string) org.Unit {
	u, ok := p.units[place{region, function}]
	if !ok {
		panic("sample: no unit for " + function + " in " + string(region))
	}
	return u
}

// call is what a unit is called in a person's name: 冕宁县质监局.
func (p *province) call(u org.Unit) string {
	r, ok := p.regions.By(u.Region)
	if !ok || u.Level == org.Province {
		return u.Short
	}
	name := []rune(u.Short)
	if len(name) > 0 && strings.ContainsRune("市州县区", name[0]) {
		place := strings.TrimSuffix(p.unit(u.Region, government).Name, government)
		if u.Level == org.City {
			place = r.Short + string([]rune(place)[len([]rune(place))-1:])
			if strings.HasSuffix(r.Name, "自治州") {
				place = r.Short + "州"
			}
		} else if city, ok := p.regions.By(r.Parent); ok {
			place = strings.TrimPrefix(place, city.Name)
		}
		return place + string(name[1:])
	}
	return u.Short
}

// id makes an identifier of the sample's own.
func (p *province) id() (string, error) {
	u, err := uuid.NewRandomFromReader(p.random)
	if err != nil {
		return "", fmt.Errorf("sample: making an id: %w", err)
	}
	return u.String(), nil
}

// add makes a post with its person, who is named after it.
func (p *province) add(u org.Unit, login, title string, roles ...org.Role) error {
	post, err := p.id()
	if err != nil {
		return err
	}
	person, err := p.id()
	if err != nil {
		return err
	}
	s := seat{
		post:   org.Post{ID: org.PostID(post), Unit: u.ID, Title: title, Roles: roles},
		person: org.Person{ID: org.PersonID(person), Name: p.call(u) + title, Login: login},
	}
	p.posts[u.ID] = append(p.posts[u.ID], s)
	p.list = append(p.list, s)
	return nil
}

// clerk gives a unit its liaison (联络员), if it has none yet.
func (p *province) clerk(u org.Unit) error {
	if slices.ContainsFunc(p.posts[u.ID], func(s seat) bool { return slices.Contains(s.post.Roles, org.Clerk) }) {
		return nil
	}
	return p.add(u, fmt.Sprintf("lianluo-%s-%d", u.Region, u.Position), "联络员", org.Clerk)
}

// staff makes the posts of the province, the cities and the counties. units are
// those that take part in plans besides the bureaus.
func (p *province) staff(units []org.Unit) error {
	if err := p.staffProvince(); err != nil {
		return err
	}
	for _, city := range p.regions.Children(sichuan) {
		if err := p.staffCity(city.Code); err != nil {
			return err
		}
		for _, county := range p.regions.Children(city.Code) {
			if err := p.clerk(p.unit(county.Code, org.FunctionQuality)); err != nil {
				return err
			}
		}
	}
	for _, u := range units {
		if err := p.clerk(u); err != nil {
			return err
		}
	}
	return nil
}

func (p *province) staffProvince() error {
	bureau := p.unit(sichuan, org.FunctionQuality)
	for _, s := range []struct {
		unit         org.Unit
		login, title string
		roles        []org.Role
	}{
		{bureau, "heshi", "合作办核实岗", []org.Role{org.Verifier}},
		{bureau, "hezuoban", "合作办主任岗", []org.Role{org.Office, org.Verifier}},
		{bureau, "lingdao", "分管领导", []org.Role{org.Leader}},
		{bureau, "kaohe", "考核岗", []org.Role{org.Scorer}},
		{bureau, "admin", "系统管理员", []org.Role{org.Admin}},
		{p.unit(sichuan, org.FunctionSupervision), "shenji", "审计岗", []org.Role{org.Auditor}},
		{p.unit(sichuan, government), "shengzhengfu", "分管领导", []org.Role{org.Leader}},
	} {
		if err := p.add(s.unit, s.login, s.title, s.roles...); err != nil {
			return err
		}
	}
	return nil
}

func (p *province) staffCity(code org.RegionCode) error {
	bureau, gov := p.unit(code, org.FunctionQuality), p.unit(code, government)
	for _, s := range []struct {
		unit         org.Unit
		login, title string
		roles        []org.Role
	}{
		{bureau, "heshi", "核实岗", []org.Role{org.Verifier}},
		{bureau, "hezuoban", "合作办主任岗", []org.Role{org.Office, org.Verifier}},
		{bureau, "lianluo", "联络员", []org.Role{org.Clerk}},
		{bureau, "lingdao", "分管领导", []org.Role{org.Leader}},
		{gov, "zhengfu", "分管领导", []org.Role{org.Leader}},
		{gov, "duban", "督办岗", []org.Role{org.Office}},
	} {
		if err := p.add(s.unit, s.login+"-"+string(code), s.title, s.roles...); err != nil {
			return err
		}
	}
	return nil
}

// find returns the holder of the first post of a unit that has one of the roles.
func (p *province) find(u org.UnitID, roles ...org.Role) (seat, bool) {
	for _, r := range roles {
		for _, s := range p.posts[u] {
			if slices.Contains(s.post.Roles, r) {
				return s, true
			}
		}
	}
	return seat{}, false
}

// found fills the empty database. One person holds a second post: whoever runs
// the office of 凉山's bureau also reports for the prefecture's quality office.
func (p *province) found(ctx context.Context, s *store.Store) error {
	f := store.Founding{Units: p.all}
	two := p.unit(liangshan, "质量兴市")
	double, _ := p.find(p.unit(liangshan, org.FunctionQuality).ID, org.Office)
	for i, s := range p.list {
		if s.post.Unit == two.ID {
			s.person = double.person
			p.list[i], p.posts[two.ID] = s, []seat{s}
		} else {
			f.Persons = append(f.Persons, s.person)
		}
		f.Posts = append(f.Posts, s.post)
		from := begun
		if s.post.Unit == two.ID {
			from = calendar.NewDate(2010, 3, 1)
		}
		f.Holdings = append(f.Holdings, org.Holding{Person: s.person.ID, Post: s.post.ID, From: from})
	}
	return s.Found(ctx, f)
}
