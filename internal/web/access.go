package web

import (
	"net/http"
	"slices"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// How much of the province the page of rights looks at.
const (
	accessUnits = 40
	accessPosts = 400
)

// accessSubject is the record that the page of rights is about.
type accessSubject struct {
	crumb  page.Crumb
	things []accessThing
	units  []org.UnitID            // taking part first, those above after
	part   map[org.UnitID][]string // how each takes part: text keys
}

// accessThing is one resource with what it is called on the page.
type accessThing struct {
	title string
	facts org.Resource
}

func (a *accessSubject) add(part string, units ...org.UnitID) {
	for _, u := range units {
		if u == "" {
			continue
		}
		if a.part[u] == nil {
			a.units = append(a.units, u)
		}
		if !slices.Contains(a.part[u], part) {
			a.part[u] = append(a.part[u], part)
		}
	}
}

// access says who can see and do what with a record, and by which policy. Whoever
// may not see the record is answered as if it were not there.
func (s *Server) access(q *request) error {
	a, err := q.accessSubject()
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("access.title"), "")
	if err != nil {
		return err
	}
	texts := q.policyTexts()
	f := page.AccessPage{
		Head: page.HeadView{Crumbs: []page.Crumb{a.crumb, {Text: q.p.T("access.title")}}, Title: page.Say(q.p.T("access.title")), Meta: page.Say(q.p.T("access.about"))},
		Who:  v.Who.Text(q.p), Note: q.p.T("access.note", "units", accessUnits),
	}
	for _, thing := range a.things {
		f.Own = append(f.Own, q.ownRights(thing, texts))
	}
	if f.Units, err = q.accessUnits(a, texts); err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Access(v, f))
}

// accessSubject reads the record that the address names.
func (q *request) accessSubject() (accessSubject, error) {
	a := accessSubject{part: map[org.UnitID][]string{}}
	ctx := q.Context()
	switch {
	case q.FormValue("task") != "":
		k, err := q.view.Task(ctx, task.ID(q.FormValue("task")))
		if err != nil {
			return a, err
		}
		return a, q.accessTask(&a, k)
	case q.FormValue("plan") != "":
		p, err := q.view.Plan(ctx, memo.PlanID(q.FormValue("plan")))
		if err != nil {
			return a, err
		}
		a.crumb = page.Crumb{Text: p.Title, Href: "/plans/" + string(p.ID)}
		a.things = []accessThing{{q.p.T("access.own-plan"), p.Facts}}
		a.add("access.part-office", p.Facts.Office)
		a.add("access.part-party", p.Facts.Parties...)
	case q.FormValue("memorandum") != "":
		m, err := q.view.Memorandum(ctx, memo.ID(q.FormValue("memorandum")))
		if err != nil {
			return a, err
		}
		a.crumb = page.Crumb{Text: m.Title, Href: "/memorandums/" + string(m.ID)}
		a.things = []accessThing{{q.p.T("access.own-memorandum"), m.Facts}}
		a.add("access.part-office", m.Facts.Office)
		a.add("access.part-party", m.Facts.Parties...)
	case q.FormValue("unit") != "":
		u, err := q.view.Unit(ctx, org.UnitID(q.FormValue("unit")))
		if err != nil {
			return a, err
		}
		a.crumb = page.Crumb{Text: u.Name, Href: "/units/" + string(u.ID)}
		a.things = []accessThing{{q.p.T("access.own-unit"), u.Facts}}
		a.add("access.part-itself", u.ID)
	default:
		return a, errAbsent
	}
	above, err := q.view.Above(ctx, a.units)
	a.add("access.part-above", above...)
	return a, err
}

// accessTask adds a task, and the newest report on it: verifying is done to reports.
func (q *request) accessTask(a *accessSubject, k store.TaskView) error {
	a.crumb = page.Crumb{Text: k.Title, Href: "/tasks/" + string(k.ID)}
	a.things = []accessThing{{q.p.T("access.own-task"), k.Facts}}
	a.add("access.part-lead", k.Facts.Leads...)
	a.add("access.part-cooperating", k.Facts.Cooperating...)
	a.add("access.part-setter", k.Facts.Setter)
	a.add("access.part-office", k.Facts.Office)
	a.add("access.part-supervising", k.Facts.Supervising)
	a.add("access.part-verifier", k.Facts.Verifiers...)
	a.add("access.part-line", k.Facts.LineAbove...)
	a.add("access.part-block", k.Facts.BlockAbove...)
	reports, err := q.view.Reports(q.Context(), k.ID)
	if err != nil || len(reports) == 0 {
		return err
	}
	r, err := q.view.ReportView(q.Context(), reports[len(reports)-1].ID)
	if err != nil {
		return err
	}
	a.things = append(a.things, accessThing{q.p.T("access.own-report", "unit", r.Unit.Name, "period", r.Period), r.Facts})
	return nil
}

// policyTexts are all policies by id, worded.
func (q *request) policyTexts() map[string]page.PolicyText {
	out := map[string]page.PolicyText{}
	for _, p := range q.server.store.Policies().All() {
		out[p.ID] = page.PolicyText{ID: p.ID, Sentence: q.p.T("policy." + p.ID), Forbids: p.Forbids, Text: p.Text}
	}
	return out
}

// ownRights is every action on a thing with the reader's answer and its reason.
func (q *request) ownRights(thing accessThing, texts map[string]page.PolicyText) page.AccessSection {
	out := page.AccessSection{Title: thing.title}
	for _, right := range q.server.store.Policies().Explain(q.caller, thing.facts) {
		row := page.AccessRow{Action: q.actionName(string(right.Action)), Allowed: right.Allowed, Word: q.p.T("access.no")}
		if right.Allowed {
			row.Word = q.p.T("access.yes")
		}
		ids := []string{right.Policy}
		if right.Policy == "" {
			ids = right.Missing
		}
		for _, id := range ids {
			t, ok := texts[id]
			if !ok {
				continue
			}
			why := t.Sentence
			if !right.Allowed && !t.Forbids {
				why = q.p.T("access.needs", "policy", t.Sentence)
			}
			row.Why, row.Text = append(row.Why, why), append(row.Text, t)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// accessUnits are the units concerned with those of their posts that may see or do
// something.
func (q *request) accessUnits(a accessSubject, texts map[string]page.PolicyText) ([]page.AccessUnit, error) {
	units := a.units[:min(len(a.units), accessUnits)]
	posts, err := q.view.CallersIn(q.Context(), units, accessPosts)
	if err != nil {
		return nil, err
	}
	names, err := q.view.Names(q.Context(), units)
	if err != nil {
		return nil, err
	}
	var out []page.AccessUnit
	for _, id := range units {
		u := page.AccessUnit{Name: names[id].Name, Href: "/units/" + string(id)}
		var parts []string
		for _, key := range a.part[id] {
			parts = append(parts, q.p.T(key))
		}
		u.Part = q.p.List(parts)
		rest := 0
		for _, p := range posts {
			if p.Unit != id {
				continue
			}
			line := q.accessPost(p, a.things, texts)
			if len(line.Sees)+len(line.Does) == 0 {
				rest++
				continue
			}
			u.Posts = append(u.Posts, line)
		}
		if rest > 0 {
			u.Rest = q.p.T("access.rest", "n", rest)
		}
		if len(u.Posts) > 0 || rest > 0 {
			out = append(out, u)
		}
	}
	return out, nil
}

// accessPost is what one post may see and do, by policy.
func (q *request) accessPost(p store.PostCaller, things []accessThing, texts map[string]page.PolicyText) page.AccessPost {
	out := page.AccessPost{Title: p.Title, Vacant: len(p.Holders) == 0, Holder: q.p.T("access.vacant")}
	var holders []string
	for _, h := range p.Holders {
		holders = append(holders, h.Name)
	}
	if len(holders) > 0 {
		out.Holder = q.p.List(holders)
	}
	var sees, does grants
	for _, thing := range things {
		for _, right := range q.server.store.Policies().Explain(p.Caller, thing.facts) {
			switch {
			case !right.Allowed:
			case right.Action.Sees():
				sees.add(right.Policy, q.actionName(string(right.Action)))
			default:
				does.add(right.Policy, q.actionName(string(right.Action)))
			}
		}
	}
	out.Sees, out.Does = sees.words(q, texts), does.words(q, texts)
	return out
}

// grants gathers actions by the policy that allows them, in order.
type grants struct {
	order   []string
	actions map[string][]string
}

func (g *grants) add(policy, action string) {
	if g.actions == nil {
		g.actions = map[string][]string{}
	}
	if g.actions[policy] == nil {
		g.order = append(g.order, policy)
	}
	g.actions[policy] = append(g.actions[policy], action)
}

func (g grants) words(q *request, texts map[string]page.PolicyText) (out []page.AccessGrant) {
	for _, policy := range g.order {
		out = append(out, page.AccessGrant{Actions: q.p.List(g.actions[policy]), Policy: texts[policy].Sentence, Href: "/policies#" + policy})
	}
	return out
}

// policies shows the rules of access whole, to everybody signed in.
func (s *Server) policies(q *request) error {
	v, err := q.frame(q.p.T("access.policies"), "")
	if err != nil {
		return err
	}
	f := page.AccessPage{Head: page.HeadView{Title: page.Say(q.p.T("access.policies")), Meta: page.Say(q.p.T("access.policies-about"))}}
	texts := q.policyTexts()
	for _, p := range s.store.Policies().All() {
		f.Policy = append(f.Policy, texts[p.ID])
	}
	return q.render(http.StatusOK, page.Policies(v, f))
}
