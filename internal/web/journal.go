package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) journalRoutes() []Route {
	return []Route{
		{"GET /journal", false, s.journalPage},
		{"POST /journal/verify", false, s.verifyJournal},
		{"GET /journal/entries/{id}", false, s.journalEntry},
		{"GET /journal/entries/{id}/bundle", false, s.journalBundle},
		{"GET /journal/checkpoints", true, s.checkpoints},
		{"GET /journal.pub", true, s.publicKey},
		{"GET /receipts", false, s.receipts},
		{"GET /access", false, s.access},
		{"GET /policies", false, s.policies},
	}
}

// JournalCheck is how the auditor's check is done: by a function that knows the
// database and the public key, which pages do not. The zero value offers none.
type JournalCheck struct {
	Run       func(context.Context) (journal.Report, error)
	PublicKey string // one line, shown for whoever checks without the server

	running sync.Mutex // one check at a time: each reads the whole journal
}

const (
	journalLimit = 50 // entries a page
	waitingLimit = 20
)

// journalPage lists the whole journal; for everybody else than who may read it
// whole, it is not there.
func (s *Server) journalPage(q *request) error {
	if !q.view.May(org.SeeJournal, org.JournalFacts{}) {
		return errAbsent
	}
	v, err := q.frame(q.p.T("journal.title"), "journal")
	if err != nil {
		return err
	}
	f := page.JournalPage{Head: page.HeadView{Title: page.Say(q.p.T("journal.title")), Meta: page.Say(q.p.T("journal.about"))}, Unit: q.FormValue("unit")}
	if s.check != nil && s.check.Run != nil {
		f.Check = newKey()
	}
	filter, err := q.journalFilter(&f)
	if err != nil {
		return err
	}
	before := int64(-1)
	if n, err := strconv.ParseInt(q.FormValue("before"), 10, 64); err == nil {
		before = n
	}
	if len(f.Faults) > 0 { // nothing is shown for a unit that is not known
		return q.render(http.StatusUnprocessableEntity, page.Journal(v, f))
	}
	rows, err := s.log.List(q.Context(), before, journalLimit+1, filter)
	if err != nil {
		return err
	}
	var waiting []journal.Record
	if before < 0 {
		if waiting, err = s.log.ListWaiting(q.Context(), waitingLimit, filter); err != nil {
			return err
		}
	} else {
		f.Pager.First = journalAddress(q.URL.Query(), "before", "")
	}
	if len(rows) > journalLimit {
		rows = rows[:journalLimit]
		f.Pager.Next = journalAddress(q.URL.Query(), "before", strconv.FormatInt(rows[journalLimit-1].Sequence, 10))
	}
	all, err := q.journalRows(append(waiting, rows...))
	if err != nil {
		return err
	}
	f.Waiting, f.Rows = all[:len(waiting)], all[len(waiting):]
	return q.render(http.StatusOK, page.Journal(v, f))
}

// journalAddress is the list's address with one filter changed; another filter
// begins at the newest entry again.
func journalAddress(now url.Values, name, value string) string {
	query := url.Values{}
	for k, v := range now {
		if len(v) > 0 && v[0] != "" && k != "before" && k != name {
			query.Set(k, v[0])
		}
	}
	if value != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/journal"
	}
	return "/journal?" + query.Encode()
}

// journalFilter reads the filters from the address and fills in the form.
func (q *request) journalFilter(f *page.JournalPage) (journal.Filter, error) {
	filter := journal.Filter{
		Post: q.FormValue("post"), Action: q.FormValue("action"), Outcome: journal.Outcome(q.FormValue("outcome")),
		Subject: journal.Subject{Kind: q.FormValue("kind"), ID: q.FormValue("id")},
	}
	if filter.Subject.Kind == "" || filter.Subject.ID == "" {
		filter.Subject = journal.Subject{}
	}
	if f.Unit != "" {
		u, faulty, err := q.unitTyped(f.Unit, "unit")
		if err != nil {
			return filter, err
		}
		if faulty != nil {
			f.Faults = page.Faults(q.p, faulty, map[string]string{"unit": q.p.T("journal.filter-unit")})
		}
		filter.Unit, f.Unit = string(u.ID), cmp.Or(u.Name, f.Unit)
	}
	f.Actions = []page.Option{{Text: q.p.T("journal.any-action")}}
	for _, a := range append([]string{"sign-in", "founding", store.SecretSet, store.LinkMade, store.TokenMade, store.TokenRevoked}, changing()...) {
		f.Actions = append(f.Actions, page.Option{Value: a, Text: q.actionName(a), Current: a == filter.Action})
	}
	f.Outcome = []page.Option{
		{Text: q.p.T("journal.any-outcome")},
		{Value: string(journal.Done), Text: q.p.T("journal.outcome.done"), Current: filter.Outcome == journal.Done},
		{Value: string(journal.Refused), Text: q.p.T("journal.outcome.refused"), Current: filter.Outcome == journal.Refused},
	}
	return filter, q.journalChips(f, filter)
}

// journalChips names the filters that the form itself does not show.
func (q *request) journalChips(f *page.JournalPage, filter journal.Filter) error {
	if filter.Post != "" {
		names, err := q.view.PostNames(q.Context(), []org.PostID{org.PostID(filter.Post)})
		if err != nil {
			return err
		}
		f.Kept = append(f.Kept, page.JournalHidden{Name: "post", Value: filter.Post})
		f.Active = append(f.Active, page.JournalChip{Text: q.postText(names, filter.Post), Href: journalAddress(q.URL.Query(), "post", "")})
	}
	if filter.Subject != (journal.Subject{}) {
		names, err := q.view.SubjectNames(q.Context(), []journal.Subject{filter.Subject})
		if err != nil {
			return err
		}
		f.Kept = append(f.Kept, page.JournalHidden{Name: "kind", Value: filter.Subject.Kind}, page.JournalHidden{Name: "id", Value: filter.Subject.ID})
		without := q.URL.Query()
		without.Del("id")
		f.Active = append(f.Active, page.JournalChip{Text: plainWords(q.subjectWords(names, filter.Subject)), Href: journalAddress(without, "kind", "")})
	}
	return nil
}

// changing are the actions that the journal can hold.
func changing() (out []string) {
	for _, a := range org.Actions() {
		if !a.Sees() {
			out = append(out, string(a))
		}
	}
	return out
}

// actionName is an action in words.
func (q *request) actionName(action string) string {
	if q.p.Has("org.action." + action) {
		return q.p.T("org.action." + action)
	}
	if q.p.Has("journal.action." + action) {
		return q.p.T("journal.action." + action)
	}
	return action
}

// journalRows describes entries for a list, asking once for all names.
func (q *request) journalRows(records []journal.Record) ([]page.JournalRow, error) {
	var posts []org.PostID
	var subjects []journal.Subject
	for _, r := range records {
		if r.Entry.Post != "" {
			posts = append(posts, org.PostID(r.Entry.Post))
		}
		subjects = append(subjects, shownSubjects(r.Entry)...)
	}
	postNames, err := q.view.PostNames(q.Context(), posts)
	if err != nil {
		return nil, err
	}
	names, err := q.view.SubjectNames(q.Context(), subjects)
	if err != nil {
		return nil, err
	}
	out := make([]page.JournalRow, 0, len(records))
	for _, r := range records {
		row := page.JournalRow{
			At: q.p.Recent(r.Entry.At), Who: q.doer(postNames, r.Entry), Action: q.actionName(r.Entry.Action), Receipt: r.Receipt,
			Href: "/journal/entries/" + r.Entry.ID, Refused: r.Entry.Outcome == journal.Refused,
		}
		if r.Damaged {
			row.At, row.Action = "", q.p.T("journal.damaged-short")
		} else {
			row.Outcome = q.p.T("journal.outcome." + string(r.Entry.Outcome))
		}
		if r.Folded() {
			row.Sequence = q.p.Number(r.Sequence)
		}
		for _, subject := range shownSubjects(r.Entry) {
			row.About = append(row.About, q.subjectWords(names, subject))
		}
		if more := len(r.Entry.Subjects) - len(row.About); more > 0 {
			row.About = append(row.About, page.Say(q.p.T("journal.more-subjects", "n", more)))
		}
		out = append(out, row)
	}
	return out, nil
}

// shownSubjects are the records that a list names: some entries are about hundreds.
func shownSubjects(e journal.Entry) []journal.Subject {
	const most = 3
	return e.Subjects[:min(most, len(e.Subjects))]
}

// doer is who did it, as a post; persons are not named in the journal's pages.
func (q *request) doer(names map[org.PostID]store.PostOf, e journal.Entry) page.Words {
	switch {
	case e.Post != "":
		words := q.postText(names, e.Post)
		if q.view.May(org.SeeJournal, org.JournalFacts{}) {
			return page.Linked(words, "/journal?post="+url.QueryEscape(e.Post))
		}
		return page.Say(words)
	case e.Action == "sign-in":
		return page.Say(q.p.T("journal.who-nobody"))
	}
	if e.Person != "" { // chose a password before stepping into a post
		return page.Say(q.p.T("journal.who-person"))
	}
	return page.Say(q.p.T("journal.who-system"))
}

func (q *request) postText(names map[org.PostID]store.PostOf, id string) string {
	if o, ok := names[org.PostID(id)]; ok {
		return q.p.Dots(o.UnitName, o.Title)
	}
	return id
}

// subjectHref is where records of a kind are shown.
var subjectHref = map[string]string{
	"task": "/tasks/", "report": "/reports/", "plan": "/plans/", "memorandum": "/memorandums/", "unit": "/units/", "post": "/posts/",
}

// subjectWords names a record with its kind, and leads to it when the reader sees it.
func (q *request) subjectWords(names map[journal.Subject]store.SubjectName, subject journal.Subject) page.Words {
	kind := subject.Kind
	if q.p.Has("journal.kind." + kind) {
		kind = q.p.T("journal.kind." + kind)
	}
	n, seen := names[subject]
	if subject.Kind == "period" {
		if p, err := calendar.ParsePeriod(subject.ID); err == nil {
			n.Title = q.p.Period(p)
		}
	}
	if subject.Kind == "region" {
		n.Title = q.regionName(org.RegionCode(subject.ID))
	}
	if subject.Kind == "assessment" && seen {
		return q.runWords(kind, subject.ID, n)
	}
	title := n.Title
	if p, err := calendar.ParsePeriod(n.Period); err == nil && n.Period != "" {
		title = q.p.T("journal.report-of", "unit", n.Unit, "period", p, "title", n.Title)
	} else if n.Unit != "" {
		title = q.p.Dots(n.Unit, n.Title)
	}
	if title == "" {
		return page.Say(kind + " " + shortID(subject.ID))
	}
	words := page.Say(kind + " ")
	if href := subjectHref[subject.Kind]; href != "" && seen {
		link := page.Linked(title, href+subject.ID)
		return page.Words{Pieces: append(words.Pieces, link.Pieces...), To: link.To}
	}
	return page.Say(kind + " " + title)
}

// runWords names a published run and leads to its ranking.
func (q *request) runWords(kind, id string, n store.SubjectName) page.Words {
	name := q.groupName(n.Title)
	if p, err := calendar.ParsePeriod(n.Period); err == nil {
		name = q.p.T("scorecard.run", "period", p, "group", name)
	}
	link := page.Linked(name, rankQuery{group: n.Title, run: id}.href())
	return page.Words{Pieces: append(page.Say(kind+" ").Pieces, link.Pieces...), To: link.To}
}

// shortID is enough of an id to tell it from others by eye.
func shortID(id string) string {
	const most = 13
	if len(id) > most && strings.Count(id, "-") == 4 {
		return id[:most] + "…"
	}
	return id
}

func plainWords(w page.Words) string {
	var b strings.Builder
	for _, piece := range w.Pieces {
		b.WriteString(piece.Text)
	}
	return b.String()
}
