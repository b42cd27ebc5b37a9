package web

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/web/page"
)

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
	if e.Token != "" {
		f.Facts = append(f.Facts, page.Fact{Name: q.p.T("journal.by-token"), Text: page.Say(e.Token)})
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
