package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) scorecardRoutes() []Route {
	return append([]Route{
		{"GET /scorecards", false, s.scorecards},
		{"GET /scorecards/{run}/{region}", true, s.scorecard},
		{"POST /scorecards/{run}/{region}/recompute", true, s.recompute},
		{"GET /scorecards/{run}/{region}/bundle", true, s.scoreBundle},
	}, s.scoreRoutes()...)
}

const cardsAPage = 60

// scorecards lists the cards of the reader's territory by period.
func (s *Server) scorecards(q *request) error {
	territory := q.caller.Unit().Region
	after := store.CardKey{Run: store.AssessmentID(q.FormValue("run")), Region: org.RegionCode(q.FormValue("region"))}
	if day, err := calendar.ParseDate(q.FormValue("day")); err == nil {
		after.AsOf = day
	}
	all, err := q.view.Scorecards(q.Context(), territory, after, cardsAPage+1)
	if err != nil {
		return err
	}
	c := page.ScorecardsView{Head: page.HeadView{Title: page.Say(q.p.T("scorecard.list")), Meta: page.Say(q.p.T("scorecard.list-about", "region", q.regionName(territory)))}}
	if len(all) > cardsAPage {
		all = all[:cardsAPage]
		last := all[cardsAPage-1]
		c.Pager.Next = "/scorecards?" + url.Values{"run": {string(last.Run)}, "region": {string(last.Region)}, "day": {last.AsOf.String()}}.Encode()
	}
	if after.Run != "" {
		c.Pager.First = "/scorecards"
	}
	if len(all) == 0 {
		c.Empty = &page.EmptyView{Text: page.Say(q.p.T("scorecard.none")), Note: page.Say(q.p.T("scorecard.none-note"))}
	}
	if q.scores() {
		c.Desk = "/scores"
	}
	run := store.AssessmentID("")
	for _, e := range all {
		if e.Run != run {
			run = e.Run
			c.Runs = append(c.Runs, q.cardsOfRun(e))
		}
		of := &c.Runs[len(c.Runs)-1]
		total := e.Total
		if p, err := assess.ParsePoints(e.Total); err == nil {
			total = page.FixedPoints(p, max(1, -p.Exponent())) // stored without closing zeros: a column of figures wants one decimal at least
		}
		of.Rows = append(of.Rows, page.CardRow{Name: q.regionName(e.Region), City: q.cityAround(e.Region), Href: cardHref(e.Run, e.Region), Total: total, Grade: e.Grade, Place: q.rankOf(e.Place, e.Of)})
	}
	v, err := q.frame(q.p.T("scorecard.list"), "assess")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Scorecards(v, c))
}

func (q *request) cardsOfRun(e store.CardEntry) page.CardsOfRun {
	out := page.CardsOfRun{Title: q.p.T("scorecard.run", "period", q.p.Period(e.Period), "group", q.groupName(e.Group)), Meta: q.p.T("ranking.as-of", "on", e.AsOf)}
	if !e.Published {
		out.Meta = q.p.Dots(out.Meta, q.p.T("score.draft"))
	}
	return out
}

// groupName is what a group is called; one that the pages do not know goes by its key.
func (q *request) groupName(key string) string {
	if q.p.Has("ranking.group-" + key) {
		return q.p.T("ranking.group-" + key)
	}
	return key
}

func (q *request) card() (store.CardView, error) {
	return q.view.Scorecard(q.Context(), store.AssessmentID(q.PathValue("run")), org.RegionCode(q.PathValue("region")))
}

func (s *Server) scorecard(q *request) error {
	c, err := q.card()
	if err != nil {
		return err
	}
	return s.showCard(q, http.StatusOK, c, nil, nil)
}

func (s *Server) showCard(q *request, code int, c store.CardView, again *page.RecountView, bad []page.FieldFault) error {
	f, err := s.cardPage(q, c)
	if err != nil {
		return err
	}
	f.Recount, f.Bad = again, bad
	f.Issue = q.issueLink(c.Run.Office, official.Scorecard, string(c.Run.ID)+"/"+string(c.Region))
	v, err := q.frame(q.p.T("scorecard.title"), "assess")
	if err != nil {
		return err
	}
	if !q.caller.SignedIn() {
		v.Current = "ranking"
	}
	return q.render(code, page.Scorecard(v, f))
}

// recompute works the card out again, from what was published and from the
// tables. It changes nothing, so it is no act.
func (s *Server) recompute(q *request) error {
	c, err := q.card()
	if err != nil {
		return err
	}
	stored, err := q.compared(c.Read.Verify(), "scorecard.stored.", c)
	if err != nil {
		return err
	}
	view := &page.RecountView{Parts: []page.RecountPart{stored}}
	fresh, err := q.view.Again(q.Context(), c)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		view.Parts = append(view.Parts, page.RecountPart{Text: q.p.T("scorecard.fresh-gone")})
	case err != nil:
		return err
	default:
		// The stored card against the inputs of today's tables.
		part, err := q.compared(assess.Payload{Scheme: fresh.Scheme, Inputs: fresh.Inputs, Card: c.Read.Card}.Verify(), "scorecard.fresh.", c)
		if err != nil {
			return err
		}
		view.Parts = append(view.Parts, part)
	}
	return s.showCard(q, http.StatusOK, c, view, nil)
}

// compared words what a new calculation gave. Key is the beginning of its texts:
// equal and differs stand after it.
func (q *request) compared(err error, key string, c store.CardView) (page.RecountPart, error) {
	exact := page.FixedPoints(c.Read.Card.Exact, c.Read.Scheme.Rounding.ItemPlaces)
	at := q.p.Recent(q.server.store.Now())
	var m *assess.Mismatch
	switch {
	case err == nil:
		return page.RecountPart{Text: q.p.T(key+"equal", "at", at, "exact", exact), OK: true}, nil
	case !errors.As(err, &m):
		return page.RecountPart{}, err
	}
	part := page.RecountPart{Text: q.p.T(key+"differs", "at", at, "n", len(m.Differences)), OK: m.OnlyWords()}
	for _, d := range m.Differences {
		if row, ok := q.difference(d); ok {
			part.Table = append(part.Table, row)
		}
	}
	return part, nil
}

// difference words one value that differs. Digests and lists of sources are long
// and say nothing to a reader: that they differ is said by the figures beside them.
func (q *request) difference(d assess.Difference) (page.RecountRow, bool) {
	no, what, ok := strings.Cut(d.What, " ")
	if !ok {
		no, what = "", d.What
	}
	switch what {
	case "digest", "explanation":
		return page.RecountRow{}, false
	case "item and sources":
		return page.RecountRow{What: q.p.T("scorecard.part", "no", no, "part", q.p.T("scorecard.part-sources")), Stored: "—", Again: q.p.T("scorecard.part-otherwise")}, true
	case "points", "got", "lost", "state":
		return page.RecountRow{What: q.p.T("scorecard.part", "no", no, "part", q.p.T("scorecard.part-"+what)), Stored: d.Stored, Again: d.Recomputed}, true
	case "total", "sum", "grade":
		return page.RecountRow{What: q.p.T("scorecard.part-" + what), Stored: d.Stored, Again: d.Recomputed}, true
	}
	return page.RecountRow{What: d.What, Stored: d.Stored, Again: d.Recomputed}, true
}

// scoreBundle hands out the card with all that proves it without this server.
func (s *Server) scoreBundle(q *request) error {
	c, err := q.card()
	if err != nil {
		return err
	}
	// The entry may be some seconds old: fold now rather than turn the reader away.
	if _, err := s.log.Fold(q.Context()); err != nil {
		s.logger.Error("folding the journal for a bundle", "error", err)
	}
	name := q.bundleName(c)
	var file bytes.Buffer
	err = s.log.Bundle(q.Context(), &file, []string{c.Run.Entry}, []journal.Attachment{{Name: name, Document: c.Payload}})
	if mendable(err) {
		return s.showCard(q, status(fault.KindOf(err)), c, nil, page.Faults(q.p, fault.New(fault.Conflict, "score.not-yet-folded").Because(err), nil))
	}
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", attachment(name))
	h.Set("Cache-Control", "no-store")
	_, err = file.WriteTo(q.w)
	return err
}

func (q *request) bundleName(c store.CardView) string {
	return q.p.T("scorecard.bundle-file", "name", q.regionName(c.Region), "period", c.Run.Period.String())
}

// attachment is the header that names a file to keep, for any browser.
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return "attachment; filename=" + strconv.Quote(plain) + "; filename*=UTF-8''" + url.PathEscape(name)
}
