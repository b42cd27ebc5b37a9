package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) negotiationRoutes() []Route {
	return []Route{
		{"GET /memorandums/begin", false, s.memorandumBegin},
		{"POST /memorandums/begin", false, s.memorandumBegun},
		{"GET /memorandums/{id}/versions", false, s.versions},
		{"GET /memorandums/{id}/draft", false, s.draft},
		{"POST /memorandums/{id}/draft", false, s.draftSave},
		{"POST /memorandums/{id}/draft/drop", false, s.draftDrop},
		{"POST /memorandums/{id}/draft/file", false, s.draftTake},
		{"GET /memorandums/{id}/propose", false, s.proposalForm},
		{"POST /memorandums/{id}/propose", false, s.proposeVersion},
		{"GET /versions/{id}", false, s.textVersion},
		{"GET /versions/{id}/redline", false, s.redline},
		{"GET /versions/{id}/file/{format}", false, s.versionFile},
		{"POST /versions/{id}/answer", false, s.answerVersion},
		{"POST /versions/{id}/take-back", false, s.takeVersionBack},
		{"POST /versions/{id}/remarks", false, s.remark},
		{"POST /versions/{id}/opinions", false, s.askOpinion},
		{"POST /remarks/{id}/answer", false, s.answerRemark},
		{"POST /remarks/{id}/close", false, s.closeRemark},
		{"GET /opinions", false, s.opinions},
		{"GET /opinions/{id}", false, s.opinion},
		{"POST /opinions/{id}", false, s.giveOpinion},
	}
}

func versionHref(v memo.VersionID) string { return "/versions/" + string(v) }

// partyNamed is what a text calls a party; a unit that is none goes by its name today.
func partyNamed(t memo.Text, units map[org.UnitID]org.Unit, u org.UnitID) string {
	for _, p := range t.Parties {
		if p.Unit == u {
			return p.Name
		}
	}
	return units[u].Name
}

// turnWords says whose turn it is and for how many working days.
func (q *request) turnWords(n memo.Negotiation) page.Words {
	if n.Newest == nil {
		return page.Say(q.p.T("negotiation.not-begun"))
	}
	turn := n.Turn()
	if len(turn.Parties) == 0 {
		return page.Say(q.p.T("negotiation.state-" + string(n.Newest.State)))
	}
	days := q.server.store.Workdays().Between(turn.Since, q.view.Today())
	today := ""
	if days == 0 {
		today = "-today"
	}
	var others []string
	for _, u := range turn.Parties {
		if u == q.caller.Unit().ID {
			return page.Say(q.p.T("negotiation.our-turn"+today, "n", days))
		}
		others = append(others, partyNamed(n.Newest.Text, nil, u))
	}
	return page.Say(q.p.T("negotiation.turn"+today, "who", others, "n", days))
}

// negotiationCard is the card on the memorandum's page, or nil where nothing is negotiated.
func (q *request) negotiationCard(m store.MemorandumView) (*page.NegotiationCard, error) {
	n, err := q.view.Negotiation(q.Context(), m.Memorandum)
	if err != nil {
		return nil, err
	}
	id := "/memorandums/" + string(m.ID)
	mayDraft := q.view.May(org.DraftMemorandum, m.Facts) && m.Stage != memo.Ended
	if n.Newest == nil && (m.Stage == memo.Ended || m.Stage == memo.InForce && !mayDraft) {
		return nil, nil
	}
	c := &page.NegotiationCard{Turn: q.turnWords(n)}
	if v := n.Newest; v != nil {
		c.Text = page.Rich(q.p.Rich("memorandum.clauses-proposed", "no", v.Number), versionHref(v.ID))
		c.Facts = []page.Fact{
			{Name: q.p.T("negotiation.newest"), Text: page.Linked(q.p.T("negotiation.version-no", "no", v.Number), versionHref(v.ID))},
			{Name: q.p.T("negotiation.state"), Text: page.Say(q.p.T("negotiation.state-" + string(v.State)))},
			{Name: q.p.T("negotiation.proposer"), Text: page.Say(q.p.Dots(partyNamed(v.Text, nil, v.Proposer), q.p.Date(v.On)))},
		}
		c.Links = append(c.Links, page.PlanLink{Text: q.p.T("negotiation.versions"), Href: id + "/versions"})
	}
	if mayDraft {
		key := "negotiation.our-draft"
		if m.Stage == memo.InForce {
			key = "negotiation.amend"
		}
		c.Links = append(c.Links, page.PlanLink{Text: q.p.T(key), Href: id + "/draft"})
	}
	return c, nil
}

func (s *Server) versions(q *request) error {
	ctx := q.Context()
	m, err := q.view.Memorandum(ctx, memo.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	all, err := q.view.TextVersions(ctx, m.Memorandum)
	if err != nil {
		return err
	}
	n, err := q.view.Negotiation(ctx, m.Memorandum)
	if err != nil {
		return err
	}
	id := "/memorandums/" + string(m.ID)
	title := q.p.T("negotiation.title")
	f := page.VersionsPage{Head: page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: m.Title, Href: id}, {Text: title}},
		Title:  page.Say(title), Meta: page.Say(q.p.Dots(m.Title, q.p.T("memorandum.stage-"+string(m.Stage)))),
	}}
	mayDraft := q.view.May(org.DraftMemorandum, m.Facts) && m.Stage != memo.Ended
	own := page.PlanLink{Text: q.p.T("negotiation.our-draft"), Href: id + "/draft"}
	switch {
	case len(all) == 0:
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("negotiation.no-version")), Note: page.Say(q.p.T("negotiation.no-version-note"))}
		if mayDraft {
			own.Class = "btn-primary"
			f.EmptyDo = []page.PlanLink{own}
		}
	case mayDraft:
		f.Acts = []page.PlanLink{own}
	}
	if v := n.Newest; v != nil {
		f.Next = &page.NextView{Label: q.p.T("negotiation.now"), Title: q.turnWords(n), Meta: page.Say(q.p.T("negotiation.newest-no", "no", v.Number))}
		link := page.PlanLink{Text: q.p.T("negotiation.look"), Href: versionHref(v.ID)}
		if slices.Contains(n.Turn().Parties, q.caller.Unit().ID) && q.view.May(org.AnswerVersion, m.Facts) {
			link = page.PlanLink{Text: q.p.T("negotiation.answer"), Href: versionHref(v.ID) + "#answer", Class: "btn-primary"}
		}
		f.NextDo = []page.PlanLink{link}
	}
	for i, v := range all {
		r := page.VersionRow{Number: q.p.T("negotiation.version-no", "no", v.Number), Href: versionHref(v.ID), Proposer: partyNamed(v.Text, nil, v.Proposer),
			Day: q.p.Column(v.On), State: q.p.T("negotiation.state-" + string(v.State)), Words: v.Words}
		if v.Purpose != memo.First {
			r.State = q.p.Dots(r.State, q.p.T("negotiation.purpose-"+string(v.Purpose)))
		}
		if i+1 < len(all) {
			r.Redline = versionHref(v.ID) + "/redline"
		}
		if n.Newest != nil && v.ID == n.Newest.ID {
			for _, a := range n.Answers {
				said := q.p.T("negotiation.said-accept")
				if !a.Accepts {
					said = a.Words
				}
				r.Answers = append(r.Answers, page.AnswerLine{Who: q.p.Dots(partyNamed(v.Text, nil, a.Party), q.p.Date(a.On)), Words: said})
			}
		}
		f.Rows = append(f.Rows, r)
	}
	if len(all) > 1 {
		f.Compare = q.compareForm(all, all[1].Number, all[0].Number, versionHref(all[0].ID)+"/redline")
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Versions(v, f))
}

func (q *request) compareForm(all []memo.Version, old, new int, action string) *page.CompareForm {
	f := &page.CompareForm{Action: action, Old: strconv.Itoa(old), New: strconv.Itoa(new)}
	for _, v := range all {
		f.Choices = append(f.Choices, page.TaskChoice{Value: strconv.Itoa(v.Number), Text: q.p.T("negotiation.version-no", "no", v.Number)})
	}
	return f
}

// opinionsHref leads on in the list of opinions.
func opinionsHref(all bool, after store.OpinionKey) string {
	v := url.Values{}
	if all {
		v.Set("show", "all")
	}
	if after.ID != "" {
		v.Set("at", strconv.FormatInt(after.At, 10))
		v.Set("after", string(after.ID))
	}
	if len(v) == 0 {
		return "/opinions"
	}
	return "/opinions?" + v.Encode()
}

// denied answers somebody who sees a record and may not do this to it.
func denied(a org.Action) error { return fault.New(fault.Denied, "denied", "Action", string(a)) }
