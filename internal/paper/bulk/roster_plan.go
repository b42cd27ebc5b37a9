package bulk

import (
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// RosterFacts is what a roster is compared with.
type RosterFacts struct {
	Units     map[org.UnitID]org.Unit
	Regions   *org.Regions
	Find      func(printed string, territory org.RegionCode) org.Match
	Territory org.RegionCode // that names without a region code are looked for in
	By        org.PersonID   // who enters the roster
	Today     calendar.Date
	// Register reads the posts of units with who holds them, and the persons of logins.
	Register func(units []org.UnitID, logins []string) (Register, error)
}

// Register is what stands in the books of some units and logins.
type Register struct {
	Posts    []org.Post
	Persons  []org.Person
	Holdings []org.Holding // of the posts
}

// Choices are what people decided about doubts, by the doubt's key.
type Choices map[string]string

// The choices besides a unit's id.
const (
	ChooseNew    = "new"     // it is a unit of its own
	ChooseNone   = "none"    // there is no unit above
	ChooseUnit   = "unit:"   // it is this unit, under another name
	ChooseRename = "rename:" // it is this unit, which is now called so
)

// Doubt is a question that a person must answer.
type Doubt struct {
	Key     string // of the answer
	Row     int
	Column  string
	Text    string // text key: roster.doubt.…
	Printed string
	Units   []org.UnitID // that may be meant
	New     bool         // it may be a new unit
	None    bool         // there may be none
	Chosen  string       // the answer, when there is one
}

// RowFault is what is wrong with a cell of a row; only another roster mends it.
type RowFault struct {
	Row    int
	Column string
	Fault  *fault.Fault
}

// RowNote is something that the roster says and that will not be done.
type RowNote struct {
	Row  int
	Text string // text key: roster.note.…
	Was  string // what stands in the books
	Said string // what the roster says
}

// NewPrefix begins the ids of what a roster will make; the act puts real ones in their place.
const NewPrefix = "new:"

// Plan is what a roster would do.
type Plan struct {
	Units    []org.Unit // new ones
	Changed  []UnitChange
	Posts    []org.Post
	Persons  []org.Person
	Holdings []org.Holding
	Doubts   []Doubt
	Faults   []RowFault
	Notes    []RowNote
	Rows     []RowPlan
}

// UnitChange is another name, short form or further name of a unit that exists.
type UnitChange struct {
	Unit        org.UnitID
	Name, Short string
	Alias       string // is added to those that it has; then the rest stays
	Row         int
}

// RowPlan says what a row of the roster brings.
type RowPlan struct {
	RosterRow
	UnitID    org.UnitID // "" while in doubt
	NewUnit   bool
	NewPost   bool
	NewPerson bool
	NewHold   bool
	PostID    org.PostID
	PersonID  org.PersonID
}

// Nothing reports whether the roster brings nothing new.
func (p Plan) Nothing() bool {
	return len(p.Units)+len(p.Changed)+len(p.Posts)+len(p.Persons)+len(p.Holdings) == 0
}

// Open counts the doubts that nobody has answered.
func (p Plan) Open() (n int) {
	for _, d := range p.Doubts {
		if d.Chosen == "" {
			n++
		}
	}
	return n
}

// planner works a roster out.
type planner struct {
	RosterFacts
	choices Choices
	plan    *Plan
	byName  map[string]org.UnitID // units of the roster, by folded name
	posts   map[string]org.Post   // by unit and folded title
	roles   map[string]int        // row that gave a new post its roles
	persons map[string]org.Person
	held    []org.Holding
}

// Plan compares a roster with the books.
//
// Rules OS-05 and OS-06 (ours; docs/sources/offline.md) are enforced here.
func (r Roster) Plan(c Choices, f RosterFacts) (Plan, error) {
	out := Plan{Rows: make([]RowPlan, len(r.Rows))}
	p := &planner{RosterFacts: f, choices: c, plan: &out, byName: map[string]org.UnitID{}, posts: map[string]org.Post{}, roles: map[string]int{}, persons: map[string]org.Person{}}
	for i, row := range r.Rows {
		out.Rows[i] = RowPlan{RosterRow: row}
	}
	p.units()
	p.parents()
	if err := p.books(); err != nil {
		return out, err
	}
	for i := range out.Rows {
		p.people(&out.Rows[i])
	}
	return out, nil
}

func (p *planner) wrong(row int, c column, f *fault.Fault) {
	p.plan.Faults = append(p.plan.Faults, RowFault{Row: row, Column: string(c), Fault: f.On(string(c))})
}

func (p *planner) invalid(row int, c column, key string, args ...any) {
	p.wrong(row, c, fault.New(fault.Invalid, key, args...))
}

func (p *planner) note(row int, text, was, said string) {
	p.plan.Notes = append(p.plan.Notes, RowNote{row, text, was, said})
}

// books reads what is registered of the units and logins that the roster names.
func (p *planner) books() error {
	var units []org.UnitID
	var logins []string
	for _, row := range p.plan.Rows {
		if row.UnitID != "" && !row.NewUnit && !slices.Contains(units, row.UnitID) {
			units = append(units, row.UnitID)
		}
		if row.Login != "" {
			logins = append(logins, row.Login)
		}
	}
	slices.Sort(logins)
	books, err := p.Register(units, slices.Compact(logins))
	if err != nil {
		return err
	}
	for _, o := range books.Posts {
		p.posts[string(o.Unit)+"|"+fold(o.Title)] = o
	}
	for _, n := range books.Persons {
		p.persons[n.Login] = n
	}
	p.held = books.Holdings
	return nil
}

// people works out the post and person of a row.
func (p *planner) people(row *RowPlan) {
	switch {
	case row.UnitID == "":
		return
	case row.Post == "" && (row.Person != "" || row.Login != ""):
		p.invalid(row.Row, colPost, "roster.post-missing")
		return
	case row.Post == "":
		return
	}
	post, ok := p.post(row)
	if !ok || row.Person == "" && row.Login == "" {
		return
	}
	person, ok := p.person(row)
	if !ok {
		return
	}
	from := p.Today
	if row.From != "" {
		if from, ok = readDay(row.From); !ok {
			p.invalid(row.Row, colFrom, "roster.day-unreadable", "Text", row.From)
			return
		}
	}
	h := org.Holding{Person: person.ID, Post: post.ID, From: from}
	same := func(o org.Holding) bool { return o.Person == h.Person && o.Post == h.Post && o.To.IsZero() }
	if slices.ContainsFunc(p.held, same) {
		return // it is so already
	}
	if err := org.CheckHolding(h, p.held, p.By); err != nil {
		p.wrong(row.Row, colPerson, asFault(err))
		return
	}
	p.held = append(p.held, h)
	p.plan.Holdings = append(p.plan.Holdings, h)
	row.NewHold = true
}

// post finds the row's post among the unit's, or makes it. What an existing post
// is for is not changed by a roster: roles are rights, and are given one by one.
func (p *planner) post(row *RowPlan) (org.Post, bool) {
	given, ok := p.rolesOf(row)
	if !ok {
		return org.Post{}, false
	}
	key := string(row.UnitID) + "|" + fold(row.Post)
	if o, known := p.posts[key]; known {
		row.PostID, row.NewPost = o.ID, p.roles[key] == row.Row && p.roles[key] > 0
		if len(given) > 0 && !sameSet(o.Roles, given) {
			if at, fresh := p.roles[key]; fresh {
				p.invalid(row.Row, colRole, "roster.roles-twice", "Row", at)
				return o, false
			}
			p.note(row.Row, "roster.note.roles", roleWords(o.Roles), row.Role)
		}
		return o, true
	}
	if len(given) == 0 {
		if r, ok := meaning(roles, row.Post); ok {
			given = []org.Role{r} // the post is called by its role
		} else {
			p.invalid(row.Row, colRole, "roster.role-missing")
			return org.Post{}, false
		}
	}
	o := org.Post{ID: org.PostID(NewPrefix + itoa(len(p.plan.Posts))), Unit: row.UnitID, Title: row.Post, Roles: given}
	if err := org.CheckPost(o); err != nil {
		p.wrong(row.Row, colRole, asFault(err))
		return o, false
	}
	p.posts[key], p.roles[key] = o, row.Row
	p.plan.Posts = append(p.plan.Posts, o)
	row.PostID, row.NewPost = o.ID, true
	return o, true
}

func (p *planner) rolesOf(row *RowPlan) (out []org.Role, ok bool) {
	for _, w := range strings.FieldsFunc(row.Role, func(r rune) bool { return strings.ContainsRune("、,，;；/ \n", r) }) {
		r, ok := meaning(roles, w)
		if !ok {
			p.invalid(row.Row, colRole, "roster.role-unknown", "Role", w)
			return nil, false
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out, true
}

// person finds who a login belongs to, or makes them.
func (p *planner) person(row *RowPlan) (org.Person, bool) {
	if row.Login == "" {
		p.invalid(row.Row, colLogin, "roster.login-missing")
		return org.Person{}, false
	}
	if n, known := p.persons[row.Login]; known {
		row.PersonID = n.ID
		switch {
		case !n.Retired.IsZero():
			p.invalid(row.Row, colLogin, "roster.login-retired")
			return n, false
		// Rule OS-06: a login is one person; another name beside it is asked back, never overwritten.
		case row.Person != "" && fold(row.Person) != fold(n.Name) && strings.HasPrefix(string(n.ID), NewPrefix):
			p.invalid(row.Row, colLogin, "roster.login-twice", "Login", row.Login)
			return n, false
		case row.Person != "" && fold(row.Person) != fold(n.Name):
			p.invalid(row.Row, colLogin, "roster.login-taken", "Login", row.Login)
			return n, false
		}
		return n, true
	}
	n := org.Person{ID: org.PersonID(NewPrefix + itoa(len(p.plan.Persons))), Name: row.Person, Login: row.Login}
	if err := org.CheckPerson(n); err != nil {
		f := asFault(err)
		p.plan.Faults = append(p.plan.Faults, RowFault{Row: row.Row, Column: f.Field, Fault: f})
		return n, false
	}
	p.persons[row.Login] = n
	p.plan.Persons = append(p.plan.Persons, n)
	row.PersonID, row.NewPerson = n.ID, true
	return n, true
}

// Answers reports whether a doubt of the plan can be answered so.
func (p Plan) Answers(key, answer string) bool {
	for _, d := range p.Doubts {
		if d.Key != key {
			continue
		}
		unit, chosen := strings.CutPrefix(answer, ChooseUnit)
		if !chosen && d.New { // only a unit that is asked about itself can be renamed
			unit, chosen = strings.CutPrefix(answer, ChooseRename)
		}
		return answer == ChooseNew && d.New || answer == ChooseNone && d.None || chosen && slices.Contains(d.Units, org.UnitID(unit))
	}
	return false
}
