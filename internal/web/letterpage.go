package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"
)

func (s *Server) letter(q *request) error { return s.showLetter(q, http.StatusOK, nil) }

// showLetter is the page of one letter; cause is what is to mend in its forms.
func (s *Server) showLetter(q *request, code int, cause error) error {
	l, err := q.view.Letter(q.Context(), letter.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	plan := page.Linked(l.Body.PlanTitle, "/plans/"+string(l.Plan))
	if _, err := q.view.Plan(q.Context(), l.Plan); fault.KindOf(err) == fault.NotFound {
		plan = page.Say(l.Body.PlanTitle) // a letter shows its tasks to units that do not see the whole plan
	} else if err != nil {
		return err
	}
	title := q.p.Dots(l.Body.Taker.Name, q.letterName(l.Body.Number))
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	base, me := "/letters/"+string(l.ID), q.caller.Unit().ID
	d := page.LetterView{
		Head: page.HeadView{
			Crumbs: []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters?plan=" + url.QueryEscape(string(l.Plan))}, {Text: l.Body.Taker.Name}},
			Title:  page.Say(official.LetterTitle(l.Body)), Meta: page.Say(q.p.Dots(q.letterState(l.State, l.GiverOn, l.TakerOn), q.p.T("letter.made-on", "day", l.Body.Made))),
		},
		Key: formKey(q), Version: strconv.FormatInt(l.Version, 10), ID: string(l.ID), Reason: q.entered("reason", ""),
		Faults: page.Faults(q.p, cause, map[string]string{"reason": q.p.T("letter.reason")}),
		Facts: []page.Fact{
			{Name: q.p.T("letter.issue"), Text: page.Say(orDash(l.Issue))},
			{Name: q.p.T("letter.plan"), Text: plan},
			{Name: q.p.T("letter.memorandum"), Text: page.Say(l.Body.Memorandum)},
			{Name: q.p.T("letter.batch"), Text: page.Linked(q.p.T("letter.batch-of", "day", l.Body.Made), "/letters?batch="+url.QueryEscape(string(l.Batch)))},
			{Name: q.p.T("letter.receipt"), Text: page.Linked(l.Receipt, "/journal/entries/"+l.Entry)},
			{Name: q.p.T("letter.digest"), Text: page.Say(shortDigest(l.Digest))},
		},
		Files: []page.PlanLink{
			{Text: q.p.T("letter.docx"), Href: base + "/file/docx"}, {Text: q.p.T("letter.pdf"), Href: base + "/file/pdf"}, {Text: q.p.T("letter.bundle"), Href: base + "/bundle"},
		},
	}
	was, err := q.renamed([]store.Called{{Unit: l.Body.Giver.Unit, Name: l.Body.Giver.Name}, {Unit: l.Body.Taker.Unit, Name: l.Body.Taker.Name}})
	if err != nil {
		return err
	}
	d.Facts = append(d.Facts, was...)
	d.Tasks, d.Changes = q.letterTasks(l.Body)
	d.TasksSum = q.p.T("letter.count-tasks", "n", len(d.Tasks))
	if c := l.Body.Changes; c != nil {
		d.TasksSum = q.p.T("letter.count-changes", "added", len(c.Added), "changed", len(c.Changed), "withdrawn", len(c.Withdrawn))
	}
	d.Sides, d.Earlier = q.letterSignatures(l)
	for _, e := range l.Chain {
		r := q.letterRow(e, false)
		if e.ID == l.ID {
			r.Href = ""
		}
		d.Chain = append(d.Chain, r)
	}
	q.letterNote(&d, l)
	side := l.SideOf(me)
	if side != "" && l.Waits(side) && q.view.May(org.SignLetter, l.Access) {
		d.Sign = "/letters/sign?id=" + url.QueryEscape(string(l.ID))
	}
	if q.view.May(org.MakeLetter, l.Access) {
		if l.State == letter.Drafted || l.State == letter.Refused {
			d.Give = "/letters/give"
		}
		if l.State.Holds() && l.State != letter.Signed {
			d.Annul = base + "/annul"
		}
		if l.Changed() {
			d.Redraw = "/letters/new?plan=" + url.QueryEscape(string(l.Plan))
		}
	}
	if q.view.May(org.EnterLetter, l.Access) && len(q.paperSides([]store.LetterRow{l.LetterRow})) > 0 {
		d.Paper = "/letters/paper?id=" + url.QueryEscape(string(l.ID))
	}
	if l.State == letter.Given && l.TakerOn.IsZero() && q.view.May(org.RefuseLetter, l.Access) {
		d.Refuse = base + "/refuse"
	}
	return q.render(code, page.Letter(v, d))
}

// letterNote says what stands in the way of a letter, or what follows it.
func (q *request) letterNote(d *page.LetterView, l store.LetterView) {
	switch l.State {
	case letter.Replaced:
		d.Note, d.NoteBad = q.p.T("letter.note-replaced"), true
	case letter.Void:
		d.Note, d.NoteBad = q.p.T("letter.note-void"), true
		if l.Reason != "" {
			d.Note = q.p.T("letter.note-void-why", "reason", l.Reason)
		}
	case letter.Refused:
		d.Note, d.NoteBad = q.p.T("letter.note-refused", "reason", l.Reason), true
	default:
		if l.Changed() {
			d.Note = q.p.T("letter.note-changed", "n", letter.Supplement(l.Standing, l.Now).Count())
		}
	}
}

// letterTasks are the tasks of a letter, or the changes of a supplement.
func (q *request) letterTasks(b letter.Body) (out []page.LetterTaskRow, changes bool) {
	row := func(t letter.Task, change string) {
		r := page.LetterTaskRow{No: t.No, Title: t.Title, Href: "/tasks/" + string(t.ID), Measures: t.Measures, Role: q.p.T("letter.role-" + string(t.Role)), Target: t.Target,
			Deadline: t.Deadline, Clause: t.Clause}
		if r.Deadline == "" && !t.Due.IsZero() {
			r.Deadline = official.Day(t.Due)
		}
		r.Target, r.Deadline = orDash(r.Target), orDash(r.Deadline)
		if change != "" {
			r.Change = q.p.T("letter.change-" + change)
		}
		out = append(out, r)
	}
	for _, t := range b.Tasks {
		row(t, "")
	}
	if b.Changes == nil {
		return out, false
	}
	for _, t := range b.Changes.Added {
		row(t, "added")
	}
	for _, c := range b.Changes.Changed {
		row(c.Old, "before")
		row(c.New, "after")
	}
	for _, t := range b.Changes.Withdrawn {
		row(t, "withdrawn")
	}
	return out, true
}

// letterSignatures are the two sides with what they have signed, and signatures
// that are void.
func (q *request) letterSignatures(l store.LetterView) (sides, void []page.LetterSignatureView) {
	for _, x := range []struct {
		side  letter.Side
		party letter.Party
	}{{letter.TheGiver, l.Body.Giver}, {letter.TheTaker, l.Body.Taker}} {
		v := page.LetterSignatureView{Side: q.p.T("letter.side-" + string(x.side)), Name: x.party.Name}
		for _, s := range l.Signatures {
			if s.Party != x.party.Unit {
				continue
			}
			one := v
			one.Signed, one.Facts = true, q.letterSigned(l.ID, s)
			if !s.VoidAt.IsZero() {
				one.Void = q.p.T("letter.signature-void")
				void = append(void, one)
				continue
			}
			v = one
		}
		sides = append(sides, v)
	}
	return sides, void
}

func (q *request) letterSigned(id letter.ID, s store.Signature) []page.Fact {
	out := []page.Fact{
		{Name: q.p.T("letter.signer"), Text: page.Say(signerOf(s.Statement))},
		{Name: q.p.T("letter.day"), Text: page.Say(q.p.Date(s.On))},
		{Name: q.p.T("letter.method"), Text: page.Say(q.p.T("letter.method-" + s.Method))},
	}
	if s.Place != "" {
		out = append(out, page.Fact{Name: q.p.T("letter.place"), Text: page.Say(s.Place)})
	}
	if s.Scan != "" {
		out = append(out, page.Fact{Name: q.p.T("letter.scan"), Text: page.Linked(q.p.T("letter.scan-digest", "digest", shortDigest(s.Scan)), "/letters/"+string(id)+"/scans/"+s.ID)})
	}
	return append(out, page.Fact{Name: q.p.T("letter.receipt"), Text: page.Linked(q.p.T("letter.entry"), "/journal/entries/"+s.Entry)})
}

// signerOf is who signed, as the statement says it.
func signerOf(statement string) string {
	var s struct {
		Signer string `json:"signer"`
	}
	if json.Unmarshal([]byte(statement), &s) != nil {
		return ""
	}
	return s.Signer
}

// letterData is a letter as a document, with the signatures that stand. Documents
// are worded in Chinese, whoever reads the pages.
func (s *Server) letterData(l store.LetterRow, signed []store.Signature) *official.LetterData {
	zh := s.printer(text.Chinese, s.store.Today())
	d := official.LetterOf(l.Body)
	d.Issue = official.Text(l.Issue)
	for _, x := range store.Standing(signed) {
		side := &d.Taker
		if x.Party == l.Body.Giver.Unit {
			side = &d.Giver
		}
		side.On, side.How = x.On, official.Text(zh.T("letter.method-"+x.Method))
		if side.Signer = official.Text(signerOf(x.Statement)); x.Method == "paper" {
			side.Signer = official.Text(zh.T("letter.signed-on-paper"))
		}
	}
	return d
}

func (s *Server) letterFile(q *request) error {
	format := official.Format(q.PathValue("format"))
	l, err := q.view.Letter(q.Context(), letter.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if format != official.DOCX && format != official.PDF {
		return errAbsent
	}
	file, err := s.desk.LetterFile(q.Context(), q.caller, l.Office, s.letterData(l.LetterRow, l.Signatures), format)
	if err != nil {
		return err
	}
	return q.sendFile(file, format, official.LetterTitle(l.Body))
}

// letterBundle hands a letter out with its signatures, to be checked offline.
func (s *Server) letterBundle(q *request) error {
	l, err := q.view.Letter(q.Context(), letter.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	b, err := json.Marshal(act.LetterBundle(l.LetterRow, l.Signatures))
	if err != nil {
		return fmt.Errorf("web: writing a letter's bundle: %w", err)
	}
	q.attach("application/json", official.LetterTitle(l.Body)+".json")
	_, err = q.w.Write(append(b, '\n'))
	return err
}
