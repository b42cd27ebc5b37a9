package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
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
	for _, a := range append([]string{"sign-in", "founding"}, changing()...) {
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

// entry returns an entry that the reader may read.
func (s *Server) entry(q *request) (journal.Record, error) {
	r, err := s.log.ByID(q.Context(), q.PathValue("id"))
	if err != nil {
		return r, err
	}
	may, err := q.view.MayReadEntry(q.Context(), r.Entry)
	if err == nil && !may {
		err = fault.New(fault.NotFound, "journal.absent")
	}
	return r, err
}

func (s *Server) journalEntry(q *request) error {
	r, err := s.entry(q)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("journal.entry-title", "receipt", r.Receipt), "journal")
	if err != nil {
		return err
	}
	f := page.JournalEntryPage{
		Bytes: string(r.Bytes), Damaged: r.Damaged, Leaf: r.Leaf.String(), LeafHex: hex.EncodeToString(r.Leaf[:]),
		Bundle: "/journal/entries/" + r.Entry.ID + "/bundle", BundleName: bundleName(r),
	}
	if s.check != nil {
		f.PublicKey = s.check.PublicKey
	}
	if err := q.describeEntry(&f, r); err != nil {
		return err
	}
	if err := s.proveEntry(q, &f, r); err != nil {
		return err
	}
	return q.render(http.StatusOK, page.JournalEntry(v, f))
}

// describeEntry says in words what was done, by whom and by which right.
func (q *request) describeEntry(f *page.JournalEntryPage, r journal.Record) error {
	e := r.Entry
	var posts []org.PostID
	if e.Post != "" {
		posts = append(posts, org.PostID(e.Post))
	}
	postNames, err := q.view.PostNames(q.Context(), posts)
	if err != nil {
		return err
	}
	names, err := q.view.SubjectNames(q.Context(), e.Subjects)
	if err != nil {
		return err
	}
	who := plainWords(q.doer(postNames, e))
	for _, subject := range e.Subjects {
		f.About = append(f.About, q.subjectWords(names, subject))
	}
	f.Head = page.HeadView{Title: page.Say(q.p.T("journal.entry-title", "receipt", r.Receipt))}
	if q.view.May(org.SeeJournal, org.JournalFacts{}) {
		f.Head.Crumbs = []page.Crumb{{Text: q.p.T("journal.title"), Href: "/journal"}, {Text: r.Receipt}}
	}
	if r.Damaged {
		return nil
	}
	said := "journal.said-done"
	if e.Outcome == journal.Refused {
		said, f.Refusal = "journal.said-refused", q.refusal(e)
	}
	f.Said = page.Rich(q.p.Rich(said, "who", who, "action", q.actionName(e.Action), "at", q.p.Instant(e.At)))
	if q.p.Has("policy." + e.Policy) {
		f.Policy = q.p.T("policy." + e.Policy)
	}
	f.Facts = []page.Fact{
		{Name: q.p.T("journal.receipt"), Text: page.Say(r.Receipt)},
		{Name: q.p.T("journal.col-sequence"), Text: page.Say(q.p.T("journal.waiting"))},
		{Name: q.p.T("journal.col-at"), Text: page.Say(q.p.Instant(e.At))},
		{Name: q.p.T("journal.col-who"), Text: page.Say(who)},
		{Name: q.p.T("journal.col-outcome"), Text: page.Say(q.p.T("journal.outcome." + string(e.Outcome)))},
	}
	if r.Folded() {
		f.Facts[1].Text = page.Say(q.p.Number(r.Sequence))
	}
	f.Facts = append(f.Facts, page.Fact{Name: q.p.T("journal.receipt-is"), Text: page.Say(q.p.T("journal.receipt-why", "start", f.LeafHex[:10], "end", lastPart(r.Receipt)))})
	return nil
}

// lastPart is what stands after the date of a receipt number.
func lastPart(receipt string) string {
	_, end, _ := strings.Cut(receipt, "-")
	return end
}

// refusal says in the reader's language why an attempt was refused.
func (q *request) refusal(e journal.Entry) string {
	var d struct {
		Refused string         `json:"refused"`
		Args    map[string]any `json:"args"`
	}
	if json.Unmarshal(e.Detail, &d) != nil || d.Refused == "" || !q.p.Has("fault."+d.Refused) {
		return d.Refused
	}
	return q.p.Fault(&fault.Fault{Key: d.Refused, Args: d.Args})
}

// proveEntry adds the way from the entry's hash up to the newest signed root.
func (s *Server) proveEntry(q *request, f *page.JournalEntryPage, r journal.Record) error {
	if !r.Folded() {
		return nil
	}
	proof, c, err := s.log.InclusionProof(q.Context(), r.Sequence)
	if fault.KindOf(err) == fault.NotFound { // folded, its checkpoint not there
		return nil
	}
	if err != nil {
		return err
	}
	f.Proven = tlog.CheckRecord(proof, c.Size, c.Root, r.Sequence, r.Leaf) == nil
	f.Sequence, f.Size = q.p.Number(r.Sequence), q.p.Number(c.Size)
	f.Note, f.Root = c.Note, c.Root.String()
	for _, hash := range proof {
		f.Proof = append(f.Proof, hash.String())
	}
	return nil
}

// bundleName is the name of the file: the receipt number has nothing that a file
// name could not hold, unless somebody changed it.
func bundleName(r journal.Record) string {
	if _, err := journal.ParseReceipt(r.Receipt); err != nil {
		return "gongjian.json"
	}
	return "gongjian-" + r.Receipt + ".json"
}

// journalBundle hands out the entry with its proof as a file. One that waits is
// folded first: whoever asks for the proof of their act should not have to wait.
func (s *Server) journalBundle(q *request) error {
	r, err := s.entry(q)
	if err != nil {
		return err
	}
	if !r.Folded() {
		if _, err := s.log.Fold(q.Context()); err != nil {
			return err
		}
	}
	var file bytes.Buffer
	if err := s.log.Bundle(q.Context(), &file, []string{r.Entry.ID}, nil); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+bundleName(r)+`"`)
	h.Set("Cache-Control", "no-store")
	_, err = file.WriteTo(q.w)
	return err
}

// receipts leads from a receipt number to its entry.
func (s *Server) receipts(q *request) error {
	f := page.ReceiptsPage{Number: strings.TrimSpace(q.FormValue("number"))}
	code := http.StatusOK
	var readable []journal.Record
	if f.Number != "" {
		found, err := s.log.ByReceipt(q.Context(), f.Number)
		if err != nil && fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.NotFound {
			return err
		}
		for _, r := range found {
			may, err := q.view.MayReadEntry(q.Context(), r.Entry)
			if err != nil {
				return err
			}
			if may {
				readable = append(readable, r)
			}
		}
		if err == nil && len(readable) == 0 {
			err = fault.New(fault.NotFound, "journal.absent")
		}
		if err != nil {
			code = status(fault.KindOf(err))
			f.Faults = onField(page.Faults(q.p, err, nil), "number")
		}
	}
	if len(readable) == 1 {
		return q.redirect("/journal/entries/" + readable[0].Entry.ID)
	}
	v, err := q.frame(q.p.T("journal.receipts"), "journal")
	if err != nil {
		return err
	}
	if f.Found, err = q.journalRows(readable); err != nil {
		return err
	}
	return q.render(code, page.Receipts(v, f))
}

// onField puts faults of no field to one.
func onField(faults []page.FieldFault, field string) []page.FieldFault {
	for i := range faults {
		if faults[i].Field == "" {
			faults[i].Field = field
		}
	}
	return faults
}

// checkpoints shows the signed heads to anybody: they name no record, and every
// copy kept elsewhere makes a later change visible.
func (s *Server) checkpoints(q *request) error {
	const limit = 20
	before := int64(-1)
	if n, err := strconv.ParseInt(q.FormValue("before"), 10, 64); err == nil {
		before = n
	}
	all, err := s.log.Checkpoints(q.Context(), before, limit+1)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("journal.checkpoints"), "journal")
	if err != nil {
		return err
	}
	f := page.CheckpointsPage{Head: page.HeadView{Title: page.Say(q.p.T("journal.checkpoints")), Meta: page.Say(q.p.T("journal.checkpoints-about"))}}
	if s.check != nil {
		f.PublicKey = s.check.PublicKey
	}
	if len(all) >= 2 {
		if err := s.consistency(q, &f, all[1], all[0]); err != nil {
			return err
		}
	}
	if len(all) > limit {
		all = all[:limit]
		f.Pager.Next = "/journal/checkpoints?before=" + strconv.FormatInt(all[limit-1].Size, 10)
	}
	if before >= 0 {
		f.Pager.First = "/journal/checkpoints"
	}
	for _, c := range all {
		f.Rows = append(f.Rows, page.CheckpointRow{Size: q.p.Number(c.Size), At: q.p.Instant(c.At), Root: c.Root.String(), Note: c.Note})
	}
	return q.render(http.StatusOK, page.Checkpoints(v, f))
}

// consistency says whether the newer tree continues the older one, with the proof.
func (s *Server) consistency(q *request, f *page.CheckpointsPage, older, newer journal.Checkpoint) error {
	proof, err := s.log.ConsistencyProof(q.Context(), older.Size, newer.Size)
	if err != nil {
		return err
	}
	key := "journal.consistent"
	if tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root) != nil {
		key = "journal.inconsistent"
	}
	f.Said = page.Rich(q.p.Rich(key, "newer", newer.Size, "older", older.Size))
	for _, hash := range proof {
		f.Proof = append(f.Proof, hash.String())
	}
	return nil
}
