package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// post shows one post: what it is for and who has held it.
func (s *Server) post(q *request) error {
	o, err := q.view.PostByID(q.Context(), org.PostID(q.PathValue("id")), heldLimit)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.Dots(o.UnitName, o.Title), "")
	if err != nil {
		return err
	}
	base, facts := "/posts/"+string(o.ID), org.UnitFacts{Unit: o.Unit}
	f := page.PostPage{Head: q.postHead(o, "")}
	own := false
	manages := q.view.May(org.ChangePerson, facts)
	for _, h := range o.Held {
		line := page.PostHeld{Name: h.Name, Time: q.span(h.From, h.To), Now: h.To.IsZero() || !h.To.Before(q.view.Today()), ID: string(h.Person)}
		mine := h.Person == q.caller.Person().ID
		own = own || mine && line.Now
		if manages {
			line.Login = q.p.T("unit.login-is", "login", h.Login)
			if h.To.IsZero() && !mine {
				line.End, line.Link, line.Key = base+"/end?person="+url.QueryEscape(string(h.Person)), base+"/link", newKey()
			}
		}
		f.Held = append(f.Held, line)
	}
	f.Facts = []page.Fact{
		{Name: q.p.T("unit.unit"), Text: page.Linked(o.UnitName, "/units/"+string(o.Unit))},
		{Name: q.p.T("unit.col-roles"), Text: page.Say(q.roles(o.Roles))},
	}
	if manages {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("unit.hold"), Href: base + "/hold", Class: "btn-go"})
	}
	if q.view.May(org.ChangePost, facts) && !own {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("unit.change-post"), Href: base + "/change"})
	}
	if manages && own {
		f.Note = q.p.T("unit.own-post")
	}
	return q.render(http.StatusOK, page.Post(v, f))
}

// postHead is the head of a page about a post; title "" is the post itself.
func (q *request) postHead(o store.PostView, title string) page.HeadView {
	h := page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("unit.title"), Href: "/units"}, {Text: o.UnitName, Href: "/units/" + string(o.Unit)}},
		Title:  page.Say(q.p.Dots(o.UnitName, o.Title)),
	}
	if title == "" {
		h.Crumbs = append(h.Crumbs, page.Crumb{Text: o.Title})
		return h
	}
	h.Crumbs = append(h.Crumbs, page.Crumb{Text: o.Title, Href: "/posts/" + string(o.ID)}, page.Crumb{Text: title})
	h.Title, h.Meta = page.Say(title), page.Say(q.p.Dots(o.UnitName, o.Title))
	return h
}

// postForm begins a form about one post, for whoever may do the action.
func (q *request) postForm(action org.Action, title, to string) (store.PostView, page.UnitForm, error) {
	o, err := q.view.PostByID(q.Context(), org.PostID(q.PathValue("id")), heldLimit)
	if err != nil {
		return o, page.UnitForm{}, err
	}
	if !q.view.May(action, org.UnitFacts{Unit: o.Unit}) {
		return o, page.UnitForm{}, fault.New(fault.Denied, "denied")
	}
	back := "/posts/" + string(o.ID)
	return o, page.UnitForm{Head: q.postHead(o, q.p.T(title)), Action: back + to, Submit: q.p.T(title), Back: back}, nil
}

// roleChecks are the boxes of what a post is for.
func (q *request) roleChecks(now []org.Role) page.UnitFormField {
	if q.Method == http.MethodPost {
		now = rolesTyped(q, "roles")
	}
	f := page.UnitFormField{ID: "roles", Label: q.p.T("unit.col-roles"), Hint: q.p.T("unit.roles-hint")}
	for _, r := range org.Roles() {
		f.Checks = append(f.Checks, page.Option{Value: string(r), Text: q.p.T(r.TextKey()), Current: slices.Contains(now, r)})
	}
	return f
}

// rolesTyped reads the boxes that were ticked.
func rolesTyped(q *request, name string) (out []org.Role) {
	if err := q.ParseForm(); err != nil {
		return nil
	}
	for _, r := range q.PostForm[name] {
		out = append(out, org.Role(r))
	}
	return out
}

func (s *Server) addPostForm(q *request) error { return s.showAddPost(q, nil) }

func (s *Server) showAddPost(q *request, problem error) error {
	_, f, err := q.unitForm(org.ChangePost, "unit.new-post", "/posts")
	if err != nil {
		return err
	}
	title := q.textField("title", "unit.post-title", "")
	title.Hint = q.p.T("unit.post-hint")
	f.Fields = []page.UnitFormField{title, q.roleChecks(nil)}
	return q.mend(f, problem)
}

func (s *Server) addPost(q *request) error {
	title := strings.TrimSpace(q.PostFormValue("title"))
	if title == "" {
		return s.showAddPost(q, fault.New(fault.Invalid, "unit.post-title-missing").On("title"))
	}
	r, id, err := s.desk.AddPost(q.Context(), q.caller, q.key(), org.Post{Unit: org.UnitID(q.PathValue("id")), Title: title, Roles: rolesTyped(q, "roles")})
	if err != nil {
		return s.showAddPost(q, err)
	}
	return q.done(r, "/posts/"+string(id), "unit.post-added", "title", title)
}

func (s *Server) changePostForm(q *request) error { return s.showChangePost(q, nil) }

func (s *Server) showChangePost(q *request, problem error) error {
	o, f, err := q.postForm(org.ChangePost, "unit.change-post", "/change")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.change-post-about")}
	for _, r := range o.Roles {
		f.Hidden = append(f.Hidden, page.JournalHidden{Name: "was", Value: string(r)})
	}
	if fault.Is(problem, "changed-meanwhile") {
		f.Now = q.p.T("unit.post-now", "title", o.Title, "roles", q.roles(o.Roles))
	}
	f.Fields = []page.UnitFormField{q.textField("title", "unit.post-title", o.Title), q.roleChecks(o.Roles)}
	return q.mend(f, problem)
}

func (s *Server) changePost(q *request) error {
	title := strings.TrimSpace(q.PostFormValue("title"))
	if title == "" {
		return s.showChangePost(q, fault.New(fault.Invalid, "unit.post-title-missing").On("title"))
	}
	id := org.PostID(q.PathValue("id"))
	r, err := s.desk.ChangePost(q.Context(), q.caller, q.key(), org.Post{ID: id, Title: title, Roles: rolesTyped(q, "roles")}, rolesTyped(q, "was"))
	if err != nil {
		return s.showChangePost(q, err)
	}
	return q.done(r, "/posts/"+string(id), "unit.post-changed", "title", title)
}

func (s *Server) addPersonForm(q *request) error { return s.showAddPerson(q, nil) }

func (s *Server) showAddPerson(q *request, problem error) error {
	_, f, err := q.unitForm(org.ChangePerson, "unit.new-person", "/persons")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.new-person-about")}
	login := q.textField("login", "unit.login", "")
	login.Hint = q.p.T("unit.login-hint")
	f.Fields = []page.UnitFormField{q.textField("name", "unit.person-name", ""), login}
	return q.mend(f, problem)
}

func (s *Server) addPerson(q *request) error {
	unit := org.UnitID(q.PathValue("id"))
	p := org.Person{Name: q.PostFormValue("name"), Login: q.PostFormValue("login")}
	r, _, err := s.desk.AddPerson(q.Context(), q.caller, q.key(), unit, p)
	if err != nil {
		return s.showAddPerson(q, err)
	}
	return q.done(r, "/units/"+string(unit), "unit.person-added", "login", strings.ToLower(strings.TrimSpace(p.Login)))
}

func (s *Server) holdForm(q *request) error { return s.showHold(q, nil) }

func (s *Server) showHold(q *request, problem error) error {
	o, f, err := q.postForm(org.ChangePerson, "unit.hold", "/hold")
	if err != nil {
		return err
	}
	f.About = []string{q.p.T("unit.hold-about", "post", q.p.Dots(o.UnitName, o.Title))}
	login := q.textField("login", "unit.login", "")
	login.Hint = q.p.T("unit.hold-hint")
	f.Fields = []page.UnitFormField{login, q.dayField("unit.from-day", "unit.day-hint")}
	return q.mend(f, problem)
}

func (s *Server) hold(q *request) error {
	day, err := q.dayTyped()
	if err != nil {
		return s.showHold(q, err)
	}
	id := org.PostID(q.PathValue("id"))
	r, err := s.desk.Hold(q.Context(), q.caller, q.key(), id, q.PostFormValue("login"), day)
	if err != nil {
		return s.showHold(q, err)
	}
	return q.done(r, "/posts/"+string(id), "unit.held-done", "login", q.PostFormValue("login"), "day", day)
}

func (s *Server) endForm(q *request) error { return s.showEnd(q, nil) }

func (s *Server) showEnd(q *request, problem error) error {
	o, f, err := q.postForm(org.ChangePerson, "unit.end", "/end")
	if err != nil {
		return err
	}
	person := org.PersonID(q.FormValue("person"))
	at := slices.IndexFunc(o.Held, func(h store.Held) bool { return h.Person == person && h.To.IsZero() })
	if at < 0 {
		return errAbsent
	}
	f.About = []string{q.p.T("unit.end-about", "name", o.Held[at].Name, "post", q.p.Dots(o.UnitName, o.Title))}
	f.Hidden = []page.JournalHidden{{Name: "person", Value: string(person)}}
	f.Fields = []page.UnitFormField{q.dayField("unit.last-day", "unit.day-hint")}
	return q.mend(f, problem)
}

func (s *Server) end(q *request) error {
	day, err := q.dayTyped()
	if err != nil {
		return s.showEnd(q, err)
	}
	id := org.PostID(q.PathValue("id"))
	r, err := s.desk.EndHolding(q.Context(), q.caller, q.key(), id, org.PersonID(q.PostFormValue("person")), day)
	if err != nil {
		return s.showEnd(q, err)
	}
	return q.done(r, "/posts/"+string(id), "unit.ended-done", "day", day)
}

// newLink shows a one-time link in the answer itself, not after a redirect: it is
// kept nowhere, so only this answer can show it.
func (s *Server) newLink(q *request) error {
	o, _, err := q.postForm(org.ChangePerson, "unit.new-link", "/link")
	if err != nil {
		return err
	}
	person := org.PersonID(q.PostFormValue("person"))
	r, token, err := s.desk.NewLink(q.Context(), q.caller, q.key(), o.ID, person)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("unit.link"), "")
	if err != nil {
		return err
	}
	f := page.NewLinkPage{Head: q.postHead(o, q.p.T("unit.link")), Back: "/posts/" + string(o.ID), About: q.p.T("unit.link-again", "receipt", r.Number)}
	if token != "" && !r.Again {
		scheme := "http"
		if s.sessions.Cookie.Secure {
			scheme = "https"
		}
		f.Link = fmt.Sprintf("%s://%s/link/%s", scheme, q.Host, token)
		f.About = q.p.T("unit.link-about", "receipt", r.Number)
	}
	return q.render(http.StatusOK, page.NewLink(v, f))
}
