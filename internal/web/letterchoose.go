package web

import (
	"net/http"
	"slices"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// choosing reports whether the page of signing is asked for without a letter or a
// batch: it then shows whatever waits for the reader.
func (q *request) choosing() bool { return q.FormValue("id") == "" && q.FormValue("batch") == "" }

// chosenMost is how many letters stand on the page to choose from, for each post.
const chosenMost = 200

// awaiting are letters that one of the reader's posts may sign, by the side that it is.
type awaiting struct {
	post store.PostOf
	side letter.Side
	all  []store.LetterEntry
}

// awaiting are the letters that wait for the reader: in all posts that they hold, for
// each may sign for its own unit only (Rule O-30), as giver and as taker.
func (q *request) awaiting() (out []awaiting, err error) {
	posts, err := q.server.store.PostsOf(q.Context(), q.caller.Person().ID, q.view.Today())
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		c, err := q.server.store.Caller(q.Context(), q.caller.Person().ID, p.Post, q.view.Today())
		if err != nil {
			return nil, err
		}
		v := q.server.store.View(c)
		all, err := v.Letters(q.Context(), store.LetterFilter{Wait: "ours"}, store.LetterKey{}, chosenMost)
		if err != nil {
			return nil, err
		}
		sides := map[letter.Side]*awaiting{letter.TheGiver: {post: p, side: letter.TheGiver}, letter.TheTaker: {post: p, side: letter.TheTaker}}
		for _, l := range all {
			if v.May(org.SignLetter, org.LetterFacts{Office: l.Office, Giver: l.Giver, Taker: l.Taker}) {
				of := sides[letter.TheTaker]
				if l.Giver == p.Unit {
					of = sides[letter.TheGiver]
				}
				of.all = append(of.all, l)
			}
		}
		for _, side := range []letter.Side{letter.TheTaker, letter.TheGiver} {
			if len(sides[side].all) > 0 {
				out = append(out, *sides[side])
			}
		}
	}
	return out, nil
}

// choice writes a letter to be signed in a post as the value of a box, with the digest
// that is shown; ofChoice reads it.
func choice(p org.PostID, l store.LetterEntry) string {
	return string(l.ID) + " " + l.Digest + " " + string(p)
}

func ofChoice(s string) (store.ErrandItem, bool) {
	id, rest, _ := strings.Cut(s, " ")
	digest, post, ok := strings.Cut(rest, " ")
	return store.ErrandItem{Subject: id, Mark: digest, Post: org.PostID(post)}, ok
}

// showChoice is the page of signing chosen letters at once (集中签订), for both sides.
func (s *Server) showChoice(q *request, code int, cause error) error {
	groups, err := q.awaiting()
	if err != nil {
		return err
	}
	title := q.p.T("letter.choose-title")
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	d := page.LetterSignView{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters"}, {Text: title}}, Title: page.Say(title), Meta: page.Say(q.p.T("letter.choose-about"))},
		Key:  formKey(q), Faults: page.Faults(q.p, cause, q.signLabels()), Action: "/letters/sign", Back: "/letters?wait=ours",
		Place: q.entered("place", ""), Day: q.entered("day", q.view.Today().String()), Do: q.p.T("letter.choose-do"),
	}
	if err := q.letterMethods(&d, false); err != nil {
		return err
	}
	chosen := q.Form["letter"]
	for _, g := range groups {
		one := page.LetterGroup{Title: g.post.UnitName, Meta: q.p.Dots(q.p.T("letter.choose-"+string(g.side)), g.post.Title), Count: q.p.T("letter.count-letters", "n", len(g.all))}
		if len(g.all) == chosenMost {
			one.More = q.p.T("letter.choose-more", "n", chosenMost)
		}
		for _, l := range g.all {
			r := q.letterRow(l, false)
			r.Value = choice(g.post.Post, l)
			r.Chosen = q.Method != http.MethodPost || slices.Contains(chosen, r.Value)
			one.Rows = append(one.Rows, r)
		}
		d.Groups = append(d.Groups, one)
	}
	if len(d.Groups) == 0 {
		d.Closed = q.p.T("letter.choose-none")
	}
	return q.render(code, page.LetterChoose(v, d))
}

// signChosen signs the letters that were ticked, each for itself: one that cannot be
// signed is left out with its reason.
func (s *Server) signChosen(q *request) error {
	how, err := q.signing()
	var items []store.ErrandItem
	for _, value := range q.PostForm["letter"] {
		if x, ok := ofChoice(value); ok && !slices.ContainsFunc(items, func(y store.ErrandItem) bool { return y.Subject == x.Subject }) {
			items = append(items, x)
		}
	}
	slices.SortStableFunc(items, func(a, b store.ErrandItem) int { return strings.Compare(string(a.Post), string(b.Post)) })
	if err == nil && len(items) == 0 {
		err = fault.New(fault.Invalid, "letter.none-chosen").On("letter")
	}
	if err == nil {
		err = s.reenter(q)
	}
	var e store.Errand
	if err == nil {
		const back = "/letters"
		if e, err = s.errands.Begin(q.Context(), q.caller, q.key(), act.OrderChosen(items, how, back)); err == nil {
			err = s.begun(q, e, back, "letter.done-sign")
		}
	}
	if mendable(err) {
		return s.showChoice(q, status(fault.KindOf(err)), err)
	}
	return err
}
