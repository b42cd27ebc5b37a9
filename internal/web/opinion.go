package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// opinionsAPage is how many opinions stand on a page of the list.
const opinionsAPage = 50

// opinionDays is the day that is proposed for an answer: practice gives five working days.
const opinionDays = 5

func (q *request) opinionResult(o memo.Opinion) string {
	if !o.Open() {
		return q.p.Dots(q.p.T("negotiation.result-"+string(o.Result)), q.p.Date(o.On))
	}
	left := q.server.store.Workdays().Between(q.view.Today(), o.Due)
	if left < 0 {
		return q.p.T("negotiation.result-late", "n", -left)
	}
	return q.p.T("negotiation.result-open", "n", left)
}

// versionOpinions is the card of opinions, for the parties that may ask for them.
func (q *request) versionOpinions(x memo.Version, facts org.MemorandumFacts, f *page.VersionPage, back typed) error {
	own := q.caller.Unit().ID
	if !slices.Contains(facts.Parties, own) || !q.view.May(org.SeeOpinion, org.OpinionFacts{Party: own}) {
		return nil
	}
	f.Party = true
	all, err := q.view.Opinions(q.Context(), x.ID)
	if err != nil {
		return err
	}
	units, err := q.askedUnits(all)
	if err != nil {
		return err
	}
	for _, o := range all {
		f.Opinions = append(f.Opinions, page.OpinionLine{Unit: units[o.Asked].Name, Kind: q.p.T("negotiation.kind-" + string(o.Kind)),
			Due: q.p.T("negotiation.until-day", "date", o.Due), Result: q.opinionResult(o), Words: o.Words, Href: "/opinions/" + string(o.ID)})
	}
	if f.Despite, err = q.view.Acceptance(q.Context(), x.ID); err != nil {
		return err
	}
	if !q.view.May(org.AskOpinion, org.OpinionFacts{Party: own}) || x.State != memo.Open && x.State != memo.AgreedOn {
		return nil
	}
	f.Ask = &page.AskForm{Action: versionHref(x.ID) + "/opinions", Key: formKey(q), Unit: page.TaskUnitField{ID: "asked"},
		Due: q.server.store.Workdays().Add(q.view.Today(), opinionDays).String()}
	if back.form == "ask" {
		names, err := q.unitNames(q.caller.Unit().Region)
		if err != nil {
			return err
		}
		f.Ask.Unit, _, _ = names.read(q, "asked")
		f.Ask.Kind, f.Ask.Due, f.Ask.Faults = q.PostFormValue("kind"), q.PostFormValue("due"), page.Faults(q.p, back.cause, nil)
	}
	f.Ask.Unit.Label, f.Ask.Unit.Hint = q.p.T("negotiation.asked"), q.p.T("negotiation.asked-hint")
	for _, k := range memo.OpinionKinds() {
		f.Ask.Kinds = append(f.Ask.Kinds, page.TaskChoice{Value: string(k), Text: q.p.T("negotiation.kind-" + string(k))})
	}
	return nil
}

func (s *Server) askOpinion(q *request) error {
	x, _, err := q.view.TextVersion(q.Context(), memo.VersionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	names, err := q.unitNames(q.caller.Unit().Region)
	if err != nil {
		return err
	}
	field, unit, wrong := names.read(q, "asked")
	due, ok := readDay(q.PostFormValue("due"), q.view.Today().Year)
	var l fault.List
	if wrong != nil {
		l = append(l, wrong)
	}
	if !ok {
		l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", q.PostFormValue("due")).On("due"))
	}
	if len(l) > 0 {
		return s.showVersion(q, http.StatusUnprocessableEntity, typed{"ask", l})
	}
	r, err := s.desk.AskOpinion(q.Context(), q.caller, q.key(), memo.Opinion{Version: x.ID, Asked: unit, Kind: memo.OpinionKind(q.PostFormValue("kind")), Due: due})
	return s.posted(q, "ask", r, err, versionHref(x.ID)+"#opinions", "negotiation.done-ask", "unit", field.Value)
}

func (s *Server) opinions(q *request) error {
	all := q.FormValue("show") == "all"
	at, _ := strconv.ParseInt(q.FormValue("at"), 10, 64) // an address that was written by hand begins at the start
	after := store.OpinionKey{At: at, ID: memo.OpinionID(q.FormValue("after"))}
	rows, err := q.view.AskedOpinions(q.Context(), !all, after, opinionsAPage+1)
	if err != nil {
		return err
	}
	title := q.p.T("negotiation.opinions-title")
	f := page.OpinionsPage{Head: page.HeadView{Title: page.Say(title), Meta: page.Say(q.p.T("negotiation.opinions-meta"))}, Tabs: []page.Choice{
		{Text: q.p.T("negotiation.opinions-open"), Href: "/opinions", Current: !all}, {Text: q.p.T("negotiation.opinions-all"), Href: "/opinions?show=all", Current: all},
	}}
	if len(rows) > opinionsAPage {
		rows = rows[:opinionsAPage]
		f.Pager.Next = opinionsHref(all, rows[opinionsAPage-1].Key())
	}
	if after.ID != "" {
		f.Pager.First = opinionsHref(all, store.OpinionKey{})
	}
	for _, o := range rows {
		f.Rows = append(f.Rows, page.OpinionRow{Title: q.p.Dots(o.Title, q.p.T("negotiation.version-no", "no", o.Number)), Href: "/opinions/" + string(o.ID), Party: o.PartyName,
			Kind: q.p.T("negotiation.kind-" + string(o.Kind)), Due: o.Due.String(), Result: q.opinionResult(o.Opinion)})
	}
	if len(rows) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("negotiation.opinions-none"))}
	}
	v, err := q.frame(title, "desk")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Opinions(v, f))
}

func (s *Server) opinion(q *request) error { return s.showOpinion(q, http.StatusOK, nil) }

func (s *Server) showOpinion(q *request, code int, cause error) error {
	o, x, err := q.view.Opinion(q.Context(), memo.OpinionID(q.PathValue("id")))
	if err != nil {
		return err
	}
	units, err := q.textUnits(x.Text)
	if err != nil {
		return err
	}
	title := q.p.T("negotiation.kind-" + string(o.Kind))
	f := page.OpinionPage{Text: q.textView(x.Text, units), Key: formKey(q), Head: page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("negotiation.opinions-title"), Href: "/opinions"}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.Dots(x.Text.Title, q.p.T("negotiation.version-no", "no", x.Number))),
	}}
	f.Facts = []page.Fact{
		{Name: q.p.T("negotiation.opinion-party"), Text: page.Say(o.PartyName)}, {Name: q.p.T("negotiation.asked"), Text: page.Say(o.AskedName)},
		{Name: q.p.T("negotiation.opinion-due"), Text: page.Say(q.p.Date(o.Due))},
	}
	if !o.Open() {
		f.Given, f.Said = q.opinionResult(o.Opinion), o.Words
	} else if q.view.May(org.GiveOpinion, org.OpinionFacts{Party: o.Party, Asked: o.Asked}) && o.AskedBy != q.caller.Person().ID {
		f.Action = "/opinions/" + string(o.ID)
	}
	if cause != nil {
		f.Choice, f.Words = q.PostFormValue("result"), q.PostFormValue("words")
		f.Faults = page.Faults(q.p, cause, map[string]string{"result": q.p.T("negotiation.opinion-result"), "words": q.p.T("negotiation.opinion-words")})
	}
	v, err := q.frame(title, "desk")
	if err != nil {
		return err
	}
	return q.render(code, page.Opinion(v, f))
}

func (s *Server) giveOpinion(q *request) error {
	id := memo.OpinionID(q.PathValue("id"))
	r, err := s.desk.GiveOpinion(q.Context(), q.caller, q.key(), id, memo.OpinionResult(q.PostFormValue("result")), strings.TrimSpace(q.PostFormValue("words")))
	if mendable(err) {
		return s.showOpinion(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/opinions/"+string(id), "negotiation.done-opinion")
}

func negotiationExports() []exportable {
	return []exportable{
		{key: "versions", page: "/memorandums/{id}/versions", address: "/memorandums/{id}/versions", table: versionList, columns: []exportColumn{
			figure("version-number"), words("proposer", 30), day("proposed"), words("state", 12), words("said", 44), words("digest", 66),
		}},
		{key: "opinions", page: "/opinions", address: "/opinions", wide: true, table: opinionList, columns: []exportColumn{
			words("memorandum", 44), figure("version-number"), words("party", 30), words("kind", 12), day("due"), words("result", 12), words("said", 44),
		}},
	}
}

func versionList(q *request) (exportTable, error) {
	m, err := q.view.Memorandum(q.Context(), memo.ID(q.PathValue("id")))
	if err != nil {
		return exportTable{}, err
	}
	all, err := q.view.TextVersions(q.Context(), m.Memorandum)
	if err != nil {
		return exportTable{}, err
	}
	return exportTable{title: m.Title, rows: each(all, func(v memo.Version) exportRow {
		return exportRow{"version-number": counted(v.Number), "proposer": said(partyNamed(v.Text, nil, v.Proposer)), "proposed": onDate(v.On),
			"state": said(q.p.T("negotiation.state-" + string(v.State))), "said": said(v.Words), "digest": said(v.Digest)}
	})}, nil
}

func opinionList(q *request) (exportTable, error) {
	open := q.FormValue("show") != "all"
	rows := paged(func(after store.OpinionKey, limit int) ([]store.OpinionView, error) {
		return q.view.AskedOpinions(q.Context(), open, after, limit)
	}, store.OpinionView.Key, rowsOf(func(o store.OpinionView) exportRow {
		result := ""
		if !o.Open() {
			result = q.p.T("negotiation.result-" + string(o.Result))
		}
		return exportRow{"memorandum": said(o.Title), "version-number": counted(o.Number), "party": said(o.PartyName), "kind": said(q.p.T("negotiation.kind-" + string(o.Kind))),
			"due": onDate(o.Due), "result": said(result), "said": said(o.Words)}
	}))
	return exportTable{title: q.p.T("negotiation.opinions-title"), rows: rows}, nil
}
