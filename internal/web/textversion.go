package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// typed is what was typed in one of the forms of a version's page, with what is to
// mend in it.
type typed struct {
	form  string // answer, remark, ask
	cause error
}

func (s *Server) textVersion(q *request) error { return s.showVersion(q, http.StatusOK, typed{}) }

// showVersion shows a version as a document, with remarks at their clauses.
func (s *Server) showVersion(q *request, code int, back typed) error {
	ctx := q.Context()
	x, m, err := q.view.TextVersion(ctx, memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	units, err := q.textUnits(x.Text)
	if err != nil {
		return err
	}
	n, err := q.view.Negotiation(ctx, m)
	if err != nil {
		return err
	}
	facts := org.MemorandumFacts{Office: m.Office, Parties: m.Parties, Region: m.Region}
	title := q.p.T("negotiation.version-no", "no", x.Number)
	id := "/memorandums/" + string(m.ID)
	f := page.VersionPage{Key: formKey(q), Text: q.textView(x.Text, units)}
	f.Head = page.HeadView{
		Crumbs: []page.Crumb{{Text: m.Title, Href: id}, {Text: q.p.T("negotiation.title"), Href: id + "/versions"}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.Dots(x.Text.Title, q.p.T("negotiation.state-"+string(x.State)))),
	}
	newest := n.Newest != nil && n.Newest.ID == x.ID
	if newest {
		f.Next = &page.NextView{Label: q.p.T("negotiation.now"), Title: q.turnWords(n)}
	} else if n.Newest != nil {
		f.Next = &page.NextView{Title: page.Linked(q.p.T("negotiation.newer", "no", n.Newest.Number), versionHref(n.Newest.ID))}
	}
	f.Facts = q.versionFacts(x, n, newest)
	named := make([]store.Called, len(x.Text.Parties))
	for i, p := range x.Text.Parties {
		named[i] = store.Called{Unit: p.Unit, Name: p.Name}
	}
	was, err := q.renamed(named)
	if err != nil {
		return err
	}
	f.Facts = append(f.Facts, was...)
	f.Acts = q.versionLinks(x, m, facts)
	own := q.caller.Unit().ID
	if newest && q.view.May(org.ProposeVersion, facts) && n.CheckTakeBack(own, x.ID) == nil {
		f.TakeBack = versionHref(x.ID) + "/take-back"
	}
	if err := q.versionRemarks(x, m, &f, back); err != nil {
		return err
	}
	if err := q.versionOpinions(x, facts, &f, back); err != nil {
		return err
	}
	if newest && q.view.May(org.AnswerVersion, facts) && n.CheckAnswer(memo.Answer{Version: x.ID, Party: own, Accepts: true}) == nil {
		if f.Answer, err = q.answerForm(x, back); err != nil {
			return err
		}
	}
	if back.cause != nil {
		f.Faults = page.Faults(q.p, back.cause, map[string]string{"words": q.p.T("negotiation.answer-words"), "despite": q.p.T("negotiation.despite"),
			"asked": q.p.T("negotiation.asked"), "due": q.p.T("negotiation.opinion-due"), "kind": q.p.T("negotiation.opinion-kind")})
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Version(v, f))
}

func (q *request) versionFacts(x memo.Version, n memo.Negotiation, newest bool) []page.Fact {
	facts := []page.Fact{
		{Name: q.p.T("negotiation.proposer"), Text: page.Say(q.p.Dots(partyNamed(x.Text, nil, x.Proposer), q.p.Date(x.On)))},
		{Name: q.p.T("negotiation.purpose"), Text: page.Say(q.p.T("negotiation.purpose-" + string(x.Purpose)))},
	}
	if x.Words != "" {
		facts = append(facts, page.Fact{Name: q.p.T("negotiation.said"), Text: page.Say(x.Words)})
	}
	if newest {
		for _, a := range n.Answers {
			said := q.p.T("negotiation.said-accept")
			if !a.Accepts {
				said = a.Words
			}
			facts = append(facts, page.Fact{Name: partyNamed(x.Text, nil, a.Party), Text: page.Say(q.p.Dots(said, q.p.Date(a.On)))})
		}
	}
	if x.Source != "" {
		facts = append(facts, page.Fact{Name: q.p.T("negotiation.source"), Text: page.Linked(q.p.T("negotiation.source-file"), versionHref(x.ID)+"/file/source")})
	}
	return append(facts, page.Fact{Name: q.p.T("negotiation.digest"), Text: page.Say(x.Digest[:16] + "…")})
}

func (q *request) versionLinks(x memo.Version, m memo.Memorandum, facts org.MemorandumFacts) []page.PlanLink {
	var out []page.PlanLink
	if x.Number > 1 {
		out = append(out, page.PlanLink{Text: q.p.T("negotiation.redline-before"), Href: versionHref(x.ID) + "/redline"})
	}
	out = append(out, page.PlanLink{Text: q.p.T("document.draft-docx"), Href: versionHref(x.ID) + "/file/docx"}, page.PlanLink{Text: q.p.T("document.draft-pdf"), Href: versionHref(x.ID) + "/file/pdf"})
	if q.view.May(org.DraftMemorandum, facts) && m.Stage != memo.Ended {
		out = append(out, page.PlanLink{Text: q.p.T("negotiation.counter"), Href: "/memorandums/" + string(m.ID) + "/draft"})
	}
	return out
}

// textView is a text as a document.
func (q *request) textView(t memo.Text, units map[org.UnitID]org.Unit) page.TextView {
	v := page.TextView{Title: t.Title, Preamble: t.Preamble, Closing: t.Closing, Term: q.termLine(t.Term)}
	for i, p := range t.Parties {
		called := p.Called
		if called == "" {
			called = q.p.T("memorandum.party-no", "no", i+1)
		}
		v.Parties = append(v.Parties, page.Fact{Name: called, Text: page.Say(p.Name)})
	}
	for _, c := range t.Clauses {
		clause := page.TextClause{ID: string(c.ID), No: c.No, Level: fmt.Sprint(min(max(c.Level, 1), 3)), Text: c.Text}
		for _, k := range c.Commitments {
			clause.Owed = append(clause.Owed, page.TextOwed{Who: q.owedWho(t, k, units), Text: k.Text, More: q.owedMore(k)})
		}
		v.Clauses = append(v.Clauses, clause)
	}
	return v
}

// versionRemarks puts remarks at their clauses. One whose clause this version no longer
// has stands apart, with the clause's words of its own version.
func (q *request) versionRemarks(x memo.Version, m memo.Memorandum, f *page.VersionPage, back typed) error {
	all, err := q.view.Remarks(q.Context(), x, m)
	if err != nil {
		return err
	}
	mine := q.caller.Unit().ID
	may := q.view.May(org.RemarkVersion, org.MemorandumFacts{Office: m.Office, Parties: m.Parties, Region: m.Region})
	var before []memo.Version // loaded when a clause is gone
	for i, r := range all {
		line := page.RemarkLine{ID: string(r.ID), Words: r.Words, Answer: r.Answer, Key: fmt.Sprint(f.Key, i)}
		line.Who = q.p.T("negotiation.remark-by", "who", partyNamed(x.Text, nil, r.Party), "date", r.On, "number", r.Number)
		if r.Answer != "" {
			line.Answerer = q.p.T("negotiation.answer-by", "who", partyNamed(x.Text, nil, r.AnswerBy), "date", r.Answered)
		}
		if !r.Closed.IsZero() {
			line.Closed = q.p.T("negotiation.remark-closed", "date", r.Closed)
		}
		if may && r.CheckAnswer(x, mine, "·") == nil {
			line.AnswerTo = "/remarks/" + string(r.ID) + "/answer"
		}
		if may && r.CheckClose(mine) == nil {
			line.CloseTo = "/remarks/" + string(r.ID) + "/close"
		}
		at := slices.IndexFunc(f.Text.Clauses, func(c page.TextClause) bool { return c.ID == string(r.Clause) })
		switch {
		case r.Clause == "":
			f.Text.Whole = append(f.Text.Whole, line)
		case at >= 0:
			f.Text.Clauses[at].Remarks = append(f.Text.Clauses[at].Remarks, line)
		default:
			if before == nil {
				if before, err = q.view.TextVersions(q.Context(), m); err != nil {
					return err
				}
			}
			line.Clause = clauseIn(before, r.Number, r.Clause)
			f.Gone = append(f.Gone, line)
		}
	}
	if may && x.State != memo.SignedByAll && x.State != memo.TakenBack {
		f.Remark = versionHref(x.ID) + "/remarks"
		if back.form == "remark" {
			f.Remarked = page.RemarkForm{Clause: q.PostFormValue("clause"), Words: q.PostFormValue("words"), Faults: page.Faults(q.p, back.cause, nil)}
		}
	}
	return nil
}

// clauseIn is a clause as a version said it.
func clauseIn(all []memo.Version, number int, id memo.ClauseID) string {
	for _, v := range all {
		if v.Number != number {
			continue
		}
		for _, c := range v.Text.Clauses {
			if c.ID == id {
				return c.No + " " + c.Text
			}
		}
	}
	return ""
}

func (q *request) answerForm(x memo.Version, back typed) (*page.AnswerForm, error) {
	own, err := q.view.Opinions(q.Context(), x.ID)
	if err != nil {
		return nil, err
	}
	f := &page.AnswerForm{Action: versionHref(x.ID) + "/answer", Key: formKey(q)}
	open := memo.Misgivings(own)
	units, err := q.askedUnits(open)
	if err != nil {
		return nil, err
	}
	for _, o := range open {
		key := "negotiation.misgiving-open"
		if o.Result == memo.Objects {
			key = "negotiation.misgiving-legal"
		}
		f.Misgivings = append(f.Misgivings, q.p.T(key, "unit", units[o.Asked].Name))
	}
	if back.form == "answer" {
		f.Words, f.Despite, f.Ticked, f.Faults = q.PostFormValue("words"), q.PostFormValue("despite"), q.PostFormValue("tick") != "", page.Faults(q.p, back.cause, nil)
		for i := range f.Faults {
			if f.Faults[i].Field == "words" {
				f.Faults[i].Field = "answer-words"
			}
		}
	}
	return f, nil
}

func (q *request) askedUnits(all []memo.Opinion) (map[org.UnitID]org.Unit, error) {
	var ids []org.UnitID
	for _, o := range all {
		ids = append(ids, o.Asked)
	}
	slices.Sort(ids)
	return q.view.Names(q.Context(), slices.Compact(ids))
}

// posted ends a form of a version's page: on to the page, or the page again with what
// is to mend.
func (s *Server) posted(q *request, form string, r store.Receipt, err error, to, key string, args ...any) error {
	if mendable(err) && form != "" {
		return s.showVersion(q, status(fault.KindOf(err)), typed{form, err})
	}
	if err != nil {
		return err
	}
	return q.done(r, to, key, args...)
}

func (s *Server) answerVersion(q *request) error {
	x, m, err := q.view.TextVersion(q.Context(), memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	a := memo.Answer{Version: x.ID, Accepts: q.PostFormValue("choice") == "accept", Words: strings.TrimSpace(q.PostFormValue("words"))}
	if q.PostFormValue("tick") != "" { // the reason counts with the tick alone
		a.Despite = strings.TrimSpace(q.PostFormValue("despite"))
	}
	r, err := s.desk.Answer(q.Context(), q.caller, q.key(), m.ID, a)
	key := "negotiation.done-changes"
	if a.Accepts {
		key = "negotiation.done-accept"
	}
	return s.posted(q, "answer", r, err, versionHref(x.ID), key, "no", x.Number)
}

func (s *Server) takeVersionBack(q *request) error {
	x, m, err := q.view.TextVersion(q.Context(), memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	r, err := s.desk.TakeVersionBack(q.Context(), q.caller, q.key(), m.ID, x.ID)
	return s.posted(q, "back", r, err, "/memorandums/"+string(m.ID)+"/versions", "negotiation.done-back", "no", x.Number)
}

func (s *Server) remark(q *request) error {
	id := memo.VersionID(q.PathValue("id"))
	words := strings.TrimSpace(q.PostFormValue("words"))
	r, err := s.desk.Remark(q.Context(), q.caller, q.key(), memo.Remark{Version: id, Clause: memo.ClauseID(q.PostFormValue("clause")), Words: words})
	return s.posted(q, "remark", r, err, versionHref(id), "negotiation.done-remark")
}

func (s *Server) answerRemark(q *request) error {
	r, err := s.desk.AnswerRemark(q.Context(), q.caller, q.key(), memo.RemarkID(q.PathValue("id")), strings.TrimSpace(q.PostFormValue("words")))
	return s.remarkDone(q, r, err, "negotiation.done-answer-remark")
}

func (s *Server) closeRemark(q *request) error {
	r, err := s.desk.CloseRemark(q.Context(), q.caller, q.key(), memo.RemarkID(q.PathValue("id")))
	return s.remarkDone(q, r, err, "negotiation.done-close-remark")
}

// remarkDone leads back to the version that the remark stands on.
func (s *Server) remarkDone(q *request, r store.Receipt, err error, key string) error {
	if err != nil {
		return err
	}
	v, err := q.view.RemarkVersion(q.Context(), memo.RemarkID(q.PathValue("id")))
	if err != nil {
		return err
	}
	return q.done(r, versionHref(v)+"#remark-"+q.PathValue("id"), key)
}

// versionFile hands out a version as docx or pdf, or the file that it was read from.
func (s *Server) versionFile(q *request) error {
	x, _, err := q.view.TextVersion(q.Context(), memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	format := official.Format(q.PathValue("format"))
	if format == "source" {
		return s.sourceFile(q, x)
	}
	if format != official.DOCX && format != official.PDF {
		return errAbsent
	}
	units, err := q.textUnits(x.Text)
	if err != nil {
		return err
	}
	file, err := s.desk.VersionFile(x.Text, func(u org.UnitID) string { return units[u].Name }, format)
	if err != nil {
		return err
	}
	return q.sendFile(file, format, x.Text.Title+" "+q.p.T("negotiation.version-no", "no", x.Number))
}

func (s *Server) sourceFile(q *request, x memo.Version) error {
	f, err := s.desk.OpenSource(x)
	if err != nil {
		return err
	}
	defer f.Close()
	h := q.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Security-Policy", evidencePolicy)
	h.Set("Content-Disposition", attachment(q.p.T("negotiation.source-name", "no", x.Number)))
	http.ServeContent(q.w, q.Request, "", time.Time{}, f)
	return nil
}
