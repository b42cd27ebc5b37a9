package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper/bulk"
	"gongjian/internal/sheet"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) rosterRoutes() []Route {
	return []Route{
		{"GET /rosters", false, s.rosters},
		{"POST /rosters", false, s.takeRoster},
		{"GET /rosters/template.xlsx", false, s.rosterTemplate},
		{"GET /rosters/{id}", false, s.roster},
		{"POST /rosters/{id}/answers", false, s.mendRoster},
		{"POST /rosters/{id}/apply", false, s.applyRoster},
	}
}

const (
	rostersListed = 20
	rosterPage    = 200 // rows at a time
)

// mayRoster reports whether the reader works on rosters; for others they are not there.
func (q *request) mayRoster() error {
	if !q.view.May(org.UploadRoster, org.UnitFacts{Unit: q.caller.Unit().ID}) {
		return errAbsent
	}
	return nil
}

func (s *Server) rosters(q *request) error { return s.showRosters(q, http.StatusOK, nil) }

func (s *Server) showRosters(q *request, code int, cause error) error {
	earlier, err := q.view.BulkUploads(q.Context(), store.BulkRoster, rostersListed)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("roster.title"), "")
	if err != nil {
		return err
	}
	f := page.RostersView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: q.p.T("roster.title")}},
			Title:  page.Say(q.p.T("roster.title")), Meta: page.Say(q.p.T("roster.about")),
		},
		Key: newKey(), Faults: atField(q, cause, "file", q.p.T("roster.file")),
	}
	for _, key := range []string{"roster.about-heads", "roster.about-units", "roster.about-twice", "roster.about-links"} {
		f.About = append(f.About, page.Say(q.p.T(key)))
	}
	for _, u := range earlier {
		state := q.p.T("roster.state-open")
		if !u.Applied.IsZero() {
			state = q.p.T("roster.state-applied", "at", q.p.Recent(u.Applied))
		}
		f.Earlier = append(f.Earlier, page.ImportEntry{Name: u.Name, Href: "/rosters/" + u.ID, At: q.p.Recent(u.At), State: state})
	}
	return q.render(code, page.Rosters(v, f))
}

func (s *Server) rosterTemplate(q *request) error {
	if err := q.mayRoster(); err != nil {
		return err
	}
	notes := []string{q.p.T("roster.template-fill"), q.p.T("roster.template-roles")}
	t, rows := bulk.Template(q.p.T("roster.template-name"), q.p.T("roster.template-title"), notes, q.p.Lang() == "en")
	q.attach(mediaXLSX, q.p.T("roster.template-file")+".xlsx")
	return sheet.WriteXLSX(q.w, t, func(yield func(sheet.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
}

func (s *Server) takeRoster(q *request) error {
	if err := q.mayRoster(); err != nil { // asked before the file is read
		return err
	}
	file, name, size, err := q.uploaded("file", "bulk.file-missing")
	if err == nil {
		defer file.Close()
		var id string
		var receipt store.Receipt
		if receipt, id, err = s.desk.TakeRoster(q.Context(), q.caller, q.key(), name, file, size); err == nil {
			return q.done(receipt, "/rosters/"+id, "roster.taken", "name", name)
		}
	}
	if mendable(err) {
		return s.showRosters(q, status(fault.KindOf(err)), err)
	}
	return err
}

func (s *Server) roster(q *request) error { return s.showRoster(q, http.StatusOK, nil) }

// showRoster shows what a roster would do. cause is why an act was refused.
func (s *Server) showRoster(q *request, code int, cause error) error {
	u, err := q.view.BulkUpload(q.Context(), store.BulkRoster, q.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("roster.page-title", "name", u.Name), "")
	if err != nil {
		return err
	}
	f := page.RosterView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: q.p.T("roster.title"), Href: "/rosters"}, {Text: u.Name}},
			Title:  page.Say(u.Name), Meta: page.Say(q.p.T("roster.sent-at", "time", q.p.Recent(u.At))),
		},
		Version: strconv.FormatInt(u.Version, 10), Answers: "/rosters/" + u.ID + "/answers", Apply: "/rosters/" + u.ID + "/apply",
		Keys: [2]string{newKey(), newKey()}, Faults: page.Faults(q.p, cause, nil),
	}
	if !u.Applied.IsZero() {
		f.Applied = q.p.T("roster.applied", "at", q.p.Recent(u.Applied))
		return q.render(code, page.Roster(v, f))
	}
	b, err := q.view.RosterBooks(q.Context())
	if err != nil {
		return err
	}
	p, err := s.desk.Roster(u, b, q.caller.Unit().Region, q.caller.Person().ID, q.view.Today())
	if err != nil {
		return err
	}
	if err := q.fillRoster(&f, u, p); err != nil {
		return err
	}
	return q.render(code, page.Roster(v, f))
}

// fillRoster words a roster's plan.
func (q *request) fillRoster(f *page.RosterView, u store.BulkUpload, p bulk.Plan) error {
	for _, x := range []struct {
		key string
		n   int
	}{{"roster.fig-units", len(p.Units)}, {"roster.fig-posts", len(p.Posts)}, {"roster.fig-persons", len(p.Persons)}, {"roster.fig-holds", len(p.Holdings)}} {
		f.Figs = append(f.Figs, page.Fig{Label: q.p.T(x.key), Big: q.p.Number(int64(x.n))})
	}
	var ids []org.UnitID
	for _, d := range p.Doubts {
		ids = append(ids, d.Units...)
	}
	for _, c := range p.Changed {
		ids = append(ids, c.Unit)
	}
	slices.Sort(ids)
	names, err := q.view.Names(q.Context(), slices.Compact(ids))
	if err != nil {
		return err
	}
	for i, d := range p.Doubts {
		f.Doubts = append(f.Doubts, q.rosterDoubt(i, d, names))
	}
	for _, w := range p.Faults {
		f.Wrong = append(f.Wrong, page.RosterFault{Row: strconv.Itoa(w.Row), Column: q.rosterColumn(w.Column), Text: q.p.Fault(w.Fault)})
	}
	for _, n := range p.Notes {
		f.Notes = append(f.Notes, page.RosterFault{Row: strconv.Itoa(n.Row), Column: q.p.T(n.Text), Text: q.p.T("roster.noted", "was", orNone(q, n.Was), "said", n.Said)})
	}
	for _, c := range p.Changed {
		f.Changed = append(f.Changed, page.RosterFault{Row: strconv.Itoa(c.Row), Column: names[c.Unit].Name, Text: q.rosterChange(c, names[c.Unit])})
	}
	q.rosterRows(f, u, p)
	f.Submit = q.p.T("roster.apply")
	switch {
	case len(p.Faults) > 0:
		f.Why = q.p.T("roster.why-wrong", "n", len(p.Faults))
	case p.Open() > 0:
		f.Why = q.p.T("roster.why-open", "n", p.Open())
	case p.Nothing():
		f.Why = q.p.T("roster.why-nothing")
	default:
		f.Ready = q.p.T("roster.ready", "units", len(p.Units), "posts", len(p.Posts), "persons", len(p.Persons))
	}
	return nil
}

func orNone(q *request, s string) string {
	if s == "" {
		return q.p.T("unit.no-above")
	}
	return s
}

// rosterChange says what becomes of a unit that exists.
func (q *request) rosterChange(c bulk.UnitChange, u org.Unit) string {
	switch {
	case c.Alias != "":
		return q.p.T("roster.change-alias", "name", c.Alias)
	case c.Name != u.Name:
		return q.p.T("roster.change-name", "name", c.Name)
	}
	return q.p.T("roster.change-short", "was", orNone(q, u.Short), "short", c.Short)
}

// rosterColumn names a column of a roster.
func (q *request) rosterColumn(c string) string {
	if key := "roster.column." + c; q.p.Has(key) {
		return q.p.T(key)
	}
	return c
}

// rosterDoubt words a doubt with its choices.
func (q *request) rosterDoubt(i int, d bulk.Doubt, names map[org.UnitID]org.Unit) page.RosterDoubt {
	out := page.RosterDoubt{ID: "doubt-" + strconv.Itoa(i), Name: d.Key, Row: strconv.Itoa(d.Row), Text: q.p.T(d.Text, "name", d.Printed)}
	add := func(value, text string) {
		out.Choices = append(out.Choices, page.Option{Value: value, Text: text, Current: value == d.Chosen})
		if value == d.Chosen {
			out.Chosen = q.p.T("roster.chosen", "answer", text)
		}
	}
	for _, id := range d.Units {
		add(bulk.ChooseUnit+string(id), q.p.T("roster.choose-unit", "name", names[id].Name))
		if d.New && d.Text == "roster.doubt.similar" {
			add(bulk.ChooseRename+string(id), q.p.T("roster.choose-rename", "name", names[id].Name))
		}
	}
	if d.New {
		add(bulk.ChooseNew, q.p.T("roster.choose-new"))
	}
	if d.None {
		add(bulk.ChooseNone, q.p.T("roster.choose-none"))
	}
	return out
}

// rosterRows is a page of the rows with what each brings.
func (q *request) rosterRows(f *page.RosterView, u store.BulkUpload, p bulk.Plan) {
	after, err := strconv.Atoi(q.FormValue("after"))
	if err != nil {
		after = 0
	}
	for _, r := range p.Rows {
		if r.Row <= after {
			continue
		}
		if len(f.Rows) == rosterPage {
			f.Pager.Next = "/rosters/" + u.ID + "?after=" + f.Rows[rosterPage-1].Row + "#rows"
			break
		}
		var brings []string
		for _, x := range []struct {
			is  bool
			key string
		}{{r.NewUnit, "roster.new-unit"}, {r.NewPost, "roster.new-post"}, {r.NewPerson, "roster.new-person"}, {r.NewHold, "roster.new-hold"}} {
			if x.is {
				brings = append(brings, q.p.T(x.key))
			}
		}
		line := page.RosterLine{Row: strconv.Itoa(r.Row), Unit: r.Unit, Post: r.Post, Person: strings.TrimSpace(r.Person + " " + r.Login), Brings: q.p.List(brings), New: len(brings) > 0}
		switch {
		case r.UnitID == "":
			line.Brings = q.p.T("roster.in-doubt")
		case !line.New:
			line.Brings = q.p.T("roster.as-is")
		}
		f.Rows = append(f.Rows, line)
	}
	if after > 0 {
		f.Pager.First = "/rosters/" + u.ID + "#rows"
	}
	f.Pager.Count = q.p.T("roster.rows-count", "n", len(p.Rows))
}

func (s *Server) mendRoster(q *request) error {
	id := q.PathValue("id")
	r, err := s.desk.MendRoster(q.Context(), q.caller, q.key(), id, q.version(), q.PostFormValue("doubt"), q.PostFormValue("choice"))
	if mendable(err) {
		return s.showRoster(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/rosters/"+id+"#doubts", "roster.mended")
}

// applyRoster enters a roster and shows the links of new persons in the answer
// itself: they are kept nowhere, so only this answer can show them.
func (s *Server) applyRoster(q *request) error {
	id := q.PathValue("id")
	r, access, err := s.desk.ApplyRoster(q.Context(), q.caller, q.key(), id, q.version())
	if mendable(err) {
		return s.showRoster(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	if len(access) == 0 && !r.Again {
		return q.done(r, "/rosters/"+id, "roster.done")
	}
	v, err := q.frame(q.p.T("roster.links"), "")
	if err != nil {
		return err
	}
	f := page.AccessList{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: q.p.T("roster.title"), Href: "/rosters"}, {Text: q.p.T("roster.links")}},
			Title:  page.Say(q.p.T("roster.entered")), Meta: page.Say(q.p.T("roster.receipt", "receipt", r.Number)),
		},
		Back: "/rosters/" + id, About: q.p.T("roster.links-again", "receipt", r.Number),
	}
	if !r.Again {
		f.About = q.p.T("roster.links-about")
		f.Rows = s.accessLines(q, access)
	}
	return q.render(http.StatusOK, page.AccessLinks(v, f))
}

func (s *Server) accessLines(q *request, access []act.Access) (out []page.AccessLine) {
	scheme := "http"
	if s.sessions.Cookie.Secure {
		scheme = "https"
	}
	for _, a := range access {
		out = append(out, page.AccessLine{Unit: a.Unit, Post: a.Post, Name: a.Person.Name, Login: a.Person.Login, Link: fmt.Sprintf("%s://%s/link/%s", scheme, q.Host, a.Token)})
	}
	return out
}
