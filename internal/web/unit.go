package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

func (s *Server) unitRoutes() []Route {
	return []Route{
		{"GET /units", false, s.units},
		{"POST /units", false, s.addUnit},
		{"GET /units/new", false, s.addUnitForm},
		{"GET /units/{id}", false, s.unit},
		{"GET /units/{id}/rename", false, s.renameForm},
		{"POST /units/{id}/rename", false, s.rename},
		{"GET /units/{id}/move", false, s.moveForm},
		{"POST /units/{id}/move", false, s.move},
		{"GET /units/{id}/merge", false, s.mergeForm},
		{"POST /units/{id}/merge", false, s.merge},
		{"GET /units/{id}/posts/new", false, s.addPostForm},
		{"POST /units/{id}/posts", false, s.addPost},
		{"GET /units/{id}/persons/new", false, s.addPersonForm},
		{"POST /units/{id}/persons", false, s.addPerson},
		{"GET /posts/{id}", false, s.post},
		{"GET /posts/{id}/change", false, s.changePostForm},
		{"POST /posts/{id}/change", false, s.changePost},
		{"GET /posts/{id}/hold", false, s.holdForm},
		{"POST /posts/{id}/hold", false, s.hold},
		{"GET /posts/{id}/end", false, s.endForm},
		{"POST /posts/{id}/end", false, s.end},
		{"POST /posts/{id}/link", false, s.newLink},
	}
}

const (
	unitLimit = 50 // units a page
	taskLimit = 20 // tasks a page of one unit
	postLimit = 100
	heldLimit = 100
)

// units shows one level of the tree, or what a search found.
func (s *Server) units(q *request) error {
	v, err := q.frame(q.p.T("unit.title"), "")
	if err != nil {
		return err
	}
	f := page.UnitsPage{
		Head:  page.HeadView{Title: page.Say(q.p.T("unit.title")), Meta: page.Say(q.p.T("unit.about"))},
		Words: strings.TrimSpace(q.FormValue("q")),
	}
	axis := org.Line
	if q.FormValue("axis") == string(org.Block) {
		axis = org.Block
	}
	if q.view.May(org.ChangeUnit, org.UnitFacts{Unit: q.caller.Unit().ID}) {
		f.New = "/units/new?" + url.Values{string(axis): {q.FormValue("under")}}.Encode()
	}
	after := unitKey(q.FormValue("after"))
	var rows []store.UnitEntry
	if f.Words != "" {
		if rows, err = q.view.FindUnits(q.Context(), f.Words, after, unitLimit+1); err != nil {
			return err
		}
		f.Found = q.p.T("unit.found", "words", f.Words)
	} else {
		if err := q.unitTrail(&f, axis, org.UnitID(q.FormValue("under"))); err != nil {
			return err
		}
		if rows, err = q.view.Units(q.Context(), axis, org.UnitID(q.FormValue("under")), after, unitLimit+1); err != nil {
			return err
		}
	}
	q.unitPager(&f.Pager, &rows)
	for _, u := range rows {
		row := page.UnitRow{Name: u.Name, Href: "/units/" + string(u.ID), About: q.unitAbout(u.Unit)}
		if u.Below {
			row.Below = "/units?" + url.Values{"axis": {string(axis)}, "under": {string(u.ID)}}.Encode()
		}
		f.Rows = append(f.Rows, row)
	}
	return q.render(http.StatusOK, page.Units(v, f))
}

// unitKey reads where a page begins: position, region, id.
func unitKey(s string) (k store.UnitKey) {
	parts := strings.SplitN(s, ".", 3)
	if len(parts) != 3 {
		return k
	}
	n, err := strconv.Atoi(parts[0])
	if err != nil {
		return k
	}
	return store.UnitKey{Position: n, Region: org.RegionCode(parts[1]), ID: org.UnitID(parts[2])}
}

// unitPager cuts the one row too many off and leads on from the last.
func (q *request) unitPager(p *page.PagerView, rows *[]store.UnitEntry) {
	query := q.URL.Query()
	if query.Has("after") {
		query.Del("after")
		p.First = "/units?" + query.Encode()
	}
	if len(*rows) > unitLimit {
		*rows = (*rows)[:unitLimit]
		last := (*rows)[unitLimit-1]
		query.Set("after", strconv.Itoa(last.Position)+"."+string(last.Region)+"."+string(last.ID))
		p.Next = "/units?" + query.Encode()
	}
}

// unitTrail is the choice of axis and the way down to the level shown.
func (q *request) unitTrail(f *page.UnitsPage, axis org.Axis, under org.UnitID) error {
	for _, a := range []org.Axis{org.Line, org.Block} {
		f.Axis = append(f.Axis, page.Choice{Text: q.p.T("unit.axis-" + string(a)), Href: "/units?axis=" + string(a), Current: a == axis})
	}
	if under == "" {
		return nil
	}
	u, err := q.view.Unit(q.Context(), under)
	if err != nil {
		return err
	}
	above, err := q.view.AboveOn(q.Context(), axis, under)
	if err != nil {
		return err
	}
	address := func(id org.UnitID) string {
		return "/units?" + url.Values{"axis": {string(axis)}, "under": {string(id)}}.Encode()
	}
	f.Trail = []page.Crumb{{Text: q.p.T("unit.top"), Href: "/units?axis=" + string(axis)}}
	for i := len(above) - 1; i >= 0; i-- {
		f.Trail = append(f.Trail, page.Crumb{Text: above[i].Name, Href: address(above[i].ID)})
	}
	f.Trail = append(f.Trail, page.Crumb{Text: u.Name})
	return nil
}

// unitAbout is level, kind and what became of a unit, in one line.
func (q *request) unitAbout(u org.Unit) string {
	facts := []string{q.p.T("unit.level." + string(u.Level)), q.p.T("unit.kind." + string(u.Kind))}
	if !u.To.IsZero() {
		facts = append(facts, q.p.T("unit.until", "day", u.To))
	}
	return q.p.Dots(facts...)
}

// unit shows one unit: its history, its posts and its tasks.
func (s *Server) unit(q *request) error {
	u, err := q.view.Unit(q.Context(), org.UnitID(q.PathValue("id")))
	if err != nil {
		return err
	}
	v, err := q.frame(u.Name, "")
	if err != nil {
		return err
	}
	f := page.UnitPage{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: u.Name}}, Title: page.Say(u.Name), Meta: page.Say(q.unitAbout(u.Unit))},
		None: q.p.T("unit.no-task"), NoPost: q.p.T("unit.no-post"),
	}
	if u.Successor != "" {
		f.NoPost = q.p.T("unit.posts-went")
	}
	if n := len(u.Names); n > 0 { // a renamed unit is the same unit: nothing went anywhere
		f.Head.Meta = page.Say(q.p.Dots(q.unitAbout(u.Unit), q.p.T("unit.formerly", "name", u.Names[n-1].Name)))
	}
	q.unitActs(&f, u)
	q.unitFacts(&f, u)
	q.unitWent(&f, u)
	posts, err := q.view.PostsIn(q.Context(), []org.UnitID{u.ID}, postLimit)
	if err != nil {
		return err
	}
	for _, o := range posts {
		row := page.UnitPost{Title: o.Title, Href: "/posts/" + string(o.ID), Roles: q.roles(o.Roles), Vacant: len(o.Holders) == 0, Holder: q.p.T("access.vacant")}
		var names []string
		for _, h := range o.Holders {
			names = append(names, h.Name)
		}
		if len(names) > 0 {
			row.Holder = q.p.List(names)
		}
		f.Posts = append(f.Posts, row)
	}
	if err := q.unitTasks(&f, u); err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Unit(v, f))
}

// unitActs are the buttons of whoever may change units.
func (q *request) unitActs(f *page.UnitPage, u store.UnitView) {
	base := "/units/" + string(u.ID)
	add := func(key, href string) { f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T(key), Href: href}) }
	if q.view.May(org.ChangeUnit, u.Facts) && u.Successor == "" {
		add("unit.rename", base+"/rename")
		add("unit.move", base+"/move")
		add("unit.merge", base+"/merge")
	}
	if q.view.May(org.ChangePost, u.Facts) && u.Successor == "" {
		f.NewPost = base + "/posts/new"
	}
	if q.view.May(org.ChangePerson, u.Facts) && u.Successor == "" {
		add("unit.new-person", base+"/persons/new")
	}
	if q.view.May(org.SeeJournal, org.JournalFacts{}) {
		add("unit.journal", "/journal?"+url.Values{"kind": {"unit"}, "id": {string(u.ID)}}.Encode())
	}
	f.Acts = append(f.Acts, q.issueLink(q.caller.Unit().ID, official.UnitTasks, string(u.ID)+"/"+strconv.Itoa(q.view.Today().Year))...)
	add("unit.who-may", "/access?unit="+url.QueryEscape(string(u.ID)))
}

// unitFacts are place, time and history.
func (q *request) unitFacts(f *page.UnitPage, u store.UnitView) {
	add := func(key string, words page.Words) {
		f.Facts = append(f.Facts, page.Fact{Name: q.p.T(key), Text: words})
	}
	place := func(id org.UnitID) page.Words {
		if id == "" {
			return page.Say(q.p.T("unit.no-above"))
		}
		return page.Linked(u.Around[id], "/units/"+string(id))
	}
	if u.Short != "" {
		add("unit.short", page.Say(u.Short))
	}
	add("unit.region", page.Say(q.regionName(u.Region)))
	add("unit.region-code", page.Say(string(u.Region)))
	add("unit.line", place(u.Line))
	add("unit.block", place(u.Block))
	if u.BelowLine {
		add("unit.below-line", page.Linked(q.p.T("unit.below"), "/units?axis=line&under="+url.QueryEscape(string(u.ID))))
	}
	if u.BelowBlock {
		add("unit.below-block", page.Linked(q.p.T("unit.below"), "/units?axis=block&under="+url.QueryEscape(string(u.ID))))
	}
	if !u.From.IsZero() {
		add("unit.since", page.Say(q.p.Date(u.From)))
	}
	if u.Successor != "" {
		f.Ended = page.Rich(q.p.Rich("unit.ended", "day", u.To, "name", u.Around[u.Successor]), "/units/"+string(u.Successor))
	}
	for _, m := range u.Merged {
		add("unit.merged", page.Linked(m.Name, "/units/"+string(m.ID)))
	}
	for _, n := range u.Names {
		f.History = append(f.History, page.UnitPast{Time: q.span(n.From, n.To), What: q.p.T("unit.was-called", "name", n.Name)})
	}
	for _, p := range u.Parents {
		f.History = append(f.History, page.UnitPast{Time: q.span(p.From, p.To), What: q.p.T("unit.was-below-"+string(p.Axis), "name", u.Around[p.Above])})
	}
}

// unitWent says what went over when units merged, from this one or to it.
func (q *request) unitWent(f *page.UnitPage, u store.UnitView) {
	reads, at := q.view.May(org.SeeJournal, org.JournalFacts{}), map[org.UnitID]int{}
	for _, x := range u.Inherited {
		if _, there := at[x.Was]; there {
			continue
		}
		w := page.UnitWent{Title: q.p.T("unit.went-from", "was", u.Around[x.Was], "now", u.Around[x.Now], "day", x.Day)}
		if reads {
			w.Href = "/journal/entries/" + url.PathEscape(x.Entry)
		}
		at[x.Was] = len(f.Went)
		f.Went = append(f.Went, w)
	}
	for _, kind := range store.InheritedKinds() {
		for _, x := range u.Inherited {
			if x.Kind == kind {
				w := &f.Went[at[x.Was]]
				w.What = append(w.What, q.p.T("unit.went."+string(kind), "n", x.Count))
			}
		}
	}
}

// span is a time from one day to another, either of them open.
func (q *request) span(from, to calendar.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return q.p.T("unit.always")
	case from.IsZero():
		return q.p.T("unit.to", "to", to)
	case to.IsZero():
		return q.p.T("unit.from", "from", from)
	}
	return q.p.T("unit.from-to", "from", from, "to", to)
}

func (q *request) roles(roles []org.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, q.p.T(r.TextKey()))
	}
	return q.p.List(names)
}

// unitTasks lists the tasks of the unit that the reader sees.
func (q *request) unitTasks(f *page.UnitPage, u store.UnitView) error {
	after := q.FormValue("after")
	tasks, err := q.view.TasksOf(q.Context(), u.ID, task.ID(after), taskLimit+1)
	if err != nil {
		return err
	}
	base := "/units/" + string(u.ID)
	if after != "" {
		f.Pager.First = base
	}
	if len(tasks) > taskLimit {
		tasks = tasks[:taskLimit]
		f.Pager.Next = base + "?after=" + url.QueryEscape(string(tasks[taskLimit-1].ID))
	}
	for _, t := range tasks {
		line := page.UnitTask{Title: t.Title, Href: "/tasks/" + string(t.ID), Role: q.p.T("access.part-" + string(t.Role))}
		line.Light = page.LightView{Colour: string(t.Light), Word: page.LightWord(q.p, string(t.Light))}
		if !t.Due.IsZero() {
			line.Due = q.p.T("unit.due", "day", t.Due)
		}
		f.Tasks = append(f.Tasks, line)
	}
	return nil
}
