package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

func (s *Server) letterRoutes() []Route {
	return []Route{
		{"GET /letters", false, s.letters},
		{"POST /letters", false, s.drawLetters},
		{"GET /letters/new", false, s.letterNew},
		{"POST /letters/give", false, s.giveLetters},
		{"GET /letters/sign", false, s.letterSign},
		{"POST /letters/sign", false, s.signLetters},
		{"GET /letters/paper", false, s.letterPaper},
		{"POST /letters/paper", false, s.enterLetters},
		{"GET /letters/{id}", false, s.letter},
		{"GET /letters/{id}/file/{format}", false, s.letterFile},
		{"GET /letters/{id}/bundle", false, s.letterBundle},
		{"GET /letters/{id}/scans/{signature}", false, s.letterScanFile},
		{"POST /letters/{id}/refuse", false, s.refuseLetter},
		{"POST /letters/{id}/annul", false, s.annulLetter},
	}
}

const lettersAPage = 50

// letterWaits are the choices by whom letters wait for.
var letterWaits = []string{"", "ours", "drafted", "giver", "taker", "signed", "refused", "changed"}

// letterFilter is what the reader asks for.
func (q *request) letterFilter() store.LetterFilter {
	return store.LetterFilter{
		Plan: memo.PlanID(q.FormValue("plan")), Batch: letter.BatchID(q.FormValue("batch")), Within: org.RegionCode(q.FormValue("region")),
		Words: strings.TrimSpace(q.FormValue("words")), Wait: q.FormValue("wait"),
	}
}

// letterAddress is a page of the list by its filter.
func letterAddress(path string, f store.LetterFilter, more url.Values) string {
	v := url.Values{}
	for name, value := range map[string]string{"plan": string(f.Plan), "batch": string(f.Batch), "region": string(f.Within), "words": f.Words, "wait": f.Wait} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, values := range more {
		v[name] = values
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// letters is the overview: who has signed and who has not.
func (s *Server) letters(q *request) error {
	f, ctx := q.letterFilter(), q.Context()
	number, _ := strconv.Atoi(q.FormValue("number"))
	after := store.LetterKey{Region: org.RegionCode(q.FormValue("at")), Taker: org.UnitID(q.FormValue("taker")), Number: number, ID: letter.ID(q.FormValue("after"))}
	plans, err := q.view.LetterPlans(ctx, 200)
	if err != nil {
		return err
	}
	tally, err := q.view.LetterTally(ctx, f)
	if err != nil {
		return err
	}
	all, err := q.view.Letters(ctx, f, after, lettersAPage+1)
	if err != nil {
		return err
	}
	d := page.LettersView{Head: page.HeadView{Title: page.Say(q.p.T("letter.list-title")), Meta: page.Say(q.p.T("letter.list-about"))},
		Batch: string(f.Batch), Words: f.Words, Wait: f.Wait, Key: newKey()}
	if len(all) > lettersAPage {
		all = all[:lettersAPage]
		last := all[lettersAPage-1]
		d.Pager.Next = letterAddress("/letters", f, url.Values{"at": {string(last.Region)}, "taker": {string(last.Taker)}, "number": {strconv.Itoa(last.Number)}, "after": {string(last.ID)}})
	}
	if after.ID != "" {
		d.Pager.First = letterAddress("/letters", f, nil)
	}
	changed, err := q.view.LettersChanged(ctx, all)
	if err != nil {
		return err
	}
	for _, e := range all {
		d.Rows = append(d.Rows, q.letterRow(e, changed[e.ID]))
	}
	q.letterChoices(&d, f, tally, plans)
	if err := q.letterBatch(&d, f, tally); err != nil {
		return err
	}
	if len(all) > 0 {
		d.Files = letterAddress("/letters/files", f, nil)
	}
	if d.Errands, err = q.errandNotes(); err != nil {
		return err
	}
	if len(all) == 0 {
		d.Empty = &page.EmptyView{Text: page.Say(q.p.T("letter.none")), Note: page.Say(q.p.T("letter.none-note"))}
		if letterAddress("/letters", f, nil) != "/letters" {
			d.Empty = &page.EmptyView{Text: page.Say(q.p.T("letter.none-found"))}
			d.EmptyDo = []page.PlanLink{{Text: q.p.T("letter.show-all"), Href: "/letters"}}
		}
	}
	v, err := q.frame(q.p.T("letter.list-title"), "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Letters(v, d))
}

// letterChoices fills in what the list can be narrowed by, and where letters are drawn.
func (q *request) letterChoices(d *page.LettersView, f store.LetterFilter, t store.LetterTally, plans []store.LetterPlan) {
	counts := map[string]int{"": t.All, "drafted": t.Drafted, "giver": t.WaitGiver, "taker": t.WaitTaker, "signed": t.Signed, "refused": t.Refused, "ours": t.Ours}
	for _, w := range letterWaits {
		g := f
		g.Wait = w
		name := w
		if w == "" {
			name = "all"
		}
		if w != f.Wait && counts[w] == 0 && w != "" && (w != "changed" || t.All == 0) {
			continue
		}
		text := q.p.T("letter.tab-"+name, "n", counts[w])
		if w == "changed" { // what is changed is not counted before it is asked for: it takes reading all tasks
			text = q.p.T("letter.tab-changed")
		}
		d.Tabs = append(d.Tabs, page.Choice{Text: text, Href: letterAddress("/letters", g, nil), Current: w == f.Wait})
	}
	if given := t.All - t.Drafted - t.Refused; given > 0 {
		share := func(n int) string {
			return q.p.T("letter.of", "n", q.p.Number(int64(n)), "all", q.p.Number(int64(given)))
		}
		d.Figs = []page.Fig{
			{Label: q.p.T("letter.fig-both"), Big: share(t.Signed)},
			{Label: q.p.T("letter.fig-giver"), Big: share(given - t.WaitGiver)},
			{Label: q.p.T("letter.fig-taker"), Big: share(given - t.WaitTaker)},
			{Label: q.p.T("letter.fig-refused"), Big: q.p.Number(int64(t.Refused))},
		}
	}
	d.Plans = []page.Option{{Text: q.p.T("letter.all-plans")}}
	for _, p := range plans {
		d.Plans = append(d.Plans, page.Option{Value: string(p.ID), Text: p.Title, Current: p.ID == f.Plan})
		unit := q.caller.Unit().ID
		mine := p.Draws && q.view.May(org.MakeLetter, org.LetterFacts{Office: unit, Giver: unit, Draft: true})
		if mine && (p.ID == f.Plan || f.Plan == "" && f.Batch == "" && len(d.Acts) == 0) {
			d.Acts = []page.PlanLink{{Text: q.p.T("letter.draw"), Href: "/letters/new?plan=" + url.QueryEscape(string(p.ID))}}
		}
	}
	if t.Ours > 1 && d.Sign.Href == "" && q.view.May(org.SignLetter, org.LetterFacts{Taker: q.caller.Unit().ID}) {
		d.Acts = append(d.Acts, page.PlanLink{Text: q.p.T("letter.choose-go", "n", t.Ours), Href: "/letters/sign"})
	}
	d.Regions = q.letterRegions(f.Within)
}

// letterRegions are the reader's territory and the places in it.
func (q *request) letterRegions(current org.RegionCode) []page.Option {
	out := []page.Option{{Text: q.p.T("letter.everywhere")}}
	own := division(q.caller.Unit().Region)
	for _, r := range regions().Children(own.Code) {
		out = append(out, page.Option{Value: string(r.Code), Text: page.RegionName(q.p, r), Current: r.Code == current})
	}
	return out
}

// letterBatch says what drawing a batch came to and what is to be done with it next.
func (q *request) letterBatch(d *page.LettersView, f store.LetterFilter, t store.LetterTally) error {
	if f.Batch == "" {
		return nil
	}
	b, err := q.view.LetterBatch(q.Context(), f.Batch)
	if fault.KindOf(err) == fault.NotFound {
		return nil // a taker follows a link to the batch and sees its own
	}
	if err != nil {
		return err
	}
	d.Head.Crumbs = []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters?plan=" + url.QueryEscape(string(b.Plan))}, {Text: q.p.T("letter.batch-of", "day", calendar.DateOf(b.At))}}
	d.Head.Title = page.Say(q.p.T("letter.batch-title", "day", calendar.DateOf(b.At)))
	c := b.Counts
	var came []string
	for _, x := range []struct {
		key string
		n   int
	}{{"letter.result-first", c.First}, {"letter.result-further", c.Further}, {"letter.result-anew", c.Anew}, {"letter.result-dropped", c.Dropped}, {"letter.result-same", c.Unchanged}} {
		if x.n > 0 {
			came = append(came, q.p.T(x.key, "n", x.n))
		}
	}
	d.Result = page.Rich(q.p.Rich("letter.result", "came", q.p.List(came)), "/journal/entries/"+b.Entry)
	facts := org.LetterFacts{Office: b.Office, Giver: b.Giver}
	switch {
	case t.Drafted > 0 && q.view.May(org.MakeLetter, facts):
		d.Give = q.p.T("letter.give-all", "n", t.Drafted)
		d.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("letter.next-give", "n", t.Drafted)), Lines: []page.Words{page.Say(q.p.T("letter.next-give-why"))}}
	case t.WaitGiver > 0 && q.caller.Unit().ID == b.Giver && q.view.May(org.SignLetter, facts):
		d.Sign = page.PlanLink{Text: q.p.T("letter.sign-all", "n", t.WaitGiver), Href: "/letters/sign?batch=" + url.QueryEscape(string(b.ID)), Class: "btn-primary"}
		d.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("letter.next-sign", "n", t.WaitGiver)), Lines: []page.Words{page.Say(q.p.T("letter.next-sign-why"))}}
	}
	if t.WaitGiver+t.WaitTaker > 0 && q.view.May(org.EnterLetter, facts) {
		d.Acts = append(d.Acts, page.PlanLink{Text: q.p.T("letter.paper-many"), Href: "/letters/paper?batch=" + url.QueryEscape(string(b.ID))})
	}
	return nil
}

func (q *request) letterRow(e store.LetterEntry, changed bool) page.LetterRow {
	r := page.LetterRow{
		Taker: e.TakerName, Href: "/letters/" + string(e.ID), Name: q.p.Dots(q.p.T("letter.year", "year", e.Year), q.letterName(e.Number)), Region: q.regionName(e.Region),
		Tasks: q.letterCount(e.Leads, e.Tasks-e.Leads), State: q.letterState(e.State, e.GiverOn, e.TakerOn),
		Giver: orDash(q.p.Column(e.GiverOn)), Taken: orDash(q.p.Column(e.TakerOn)), Changed: changed, Reason: e.Reason, Issue: e.Issue,
	}
	switch e.State {
	case letter.Signed:
		r.Class = "ok"
	case letter.Refused:
		r.Class = "bad"
	}
	if strings.HasPrefix(e.Reason, "letter.") { // made void by drawing
		r.Reason = ""
	}
	return r
}

// orDash is a cell that is not left empty: on the phone its label stands beside it.
func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// letterCount is how many tasks a letter has, by the unit's part in them.
func (q *request) letterCount(leads, helps int) string {
	switch {
	case helps == 0:
		return q.p.T("letter.leads", "n", leads)
	case leads == 0:
		return q.p.T("letter.helps", "n", helps)
	}
	return q.p.T("letter.tasks-of", "leads", leads, "helps", helps)
}

// letterName is what a letter of a chain is called.
func (q *request) letterName(number int) string {
	if number == 0 {
		return q.p.T("letter.the-letter")
	}
	return q.p.T("letter.supplement", "n", number)
}

// letterState is where a letter stands, with whom it waits for.
func (q *request) letterState(s letter.State, giver, taker calendar.Date) string {
	if s == letter.Given {
		switch {
		case giver.IsZero() && taker.IsZero():
			return q.p.T("letter.state-given")
		case giver.IsZero():
			return q.p.T("letter.state-wait-giver")
		default:
			return q.p.T("letter.state-wait-taker")
		}
	}
	return q.p.T("letter.state-" + string(s))
}

// letterNew is the form that letters are drawn by.
func (s *Server) letterNew(q *request) error { return s.showLetterNew(q, http.StatusOK, nil) }

func (s *Server) showLetterNew(q *request, code int, cause error) error {
	plan, giver, within := memo.PlanID(q.FormValue("plan")), org.UnitID(q.FormValue("giver")), org.RegionCode(q.FormValue("within"))
	p, o, err := q.view.LetterOutlook(q.Context(), plan, giver, within)
	if err != nil {
		return err
	}
	v, err := q.frame(q.p.T("letter.draw"), "plan")
	if err != nil {
		return err
	}
	d := page.LetterNewView{
		Head: page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("letter.list-title"), Href: "/letters?plan=" + url.QueryEscape(string(plan))}, {Text: q.p.T("letter.draw")}},
			Title: page.Say(q.p.T("letter.draw")), Meta: page.Say(p.Title)},
		Key: formKey(q), Plan: string(plan), Title: p.Title, Filled: o.First > 0,
		Faults: page.Faults(q.p, cause, map[string]string{"giver": q.p.T("letter.giver"), "within": q.p.T("letter.within")}),
		Counts: []page.Fact{
			{Name: q.p.T("letter.units"), Text: page.Say(q.p.T("letter.count", "n", o.Units))},
			{Name: q.p.T("letter.units-without"), Text: page.Say(q.p.T("letter.count", "n", o.First))},
			{Name: q.p.T("letter.units-changed"), Text: page.Say(q.p.T("letter.count", "n", o.Further+o.Anew+o.Dropped))},
		},
	}
	for i, g := range o.Givers {
		d.Givers = append(d.Givers, page.Option{Value: string(g.ID), Text: g.Name, Current: g.ID == giver || giver == "" && i == 0})
	}
	d.Regions = []page.Option{{Text: q.p.T("letter.everywhere")}}
	cities := map[org.RegionCode]bool{}
	for _, r := range o.Regions {
		if city := cityOf(r); city != "" && city != r && !cities[city] {
			cities[city] = true
			d.Regions = append(d.Regions, page.Option{Value: string(city), Text: q.regionName(city), Current: city == within})
		}
		if !cities[r] {
			cities[r] = true
			d.Regions = append(d.Regions, page.Option{Value: string(r), Text: q.regionName(r), Current: r == within})
		}
	}
	if o.First > 0 {
		d.First = q.p.T("letter.draw-first", "n", o.First)
	}
	if n := o.Further + o.Anew + o.Dropped; n > 0 {
		d.Changed = q.p.T("letter.draw-changed", "n", n)
	}
	return q.render(code, page.LetterNew(v, d))
}

func (s *Server) drawLetters(q *request) error {
	in := act.Drawing{Plan: memo.PlanID(q.FormValue("plan")), Giver: org.UnitID(q.PostFormValue("giver")), Within: org.RegionCode(q.PostFormValue("within")),
		Changed: q.PostFormValue("changed") != ""}
	err := s.draw(q, in)
	if mendable(err) {
		return s.showLetterNew(q, status(fault.KindOf(err)), err)
	}
	return err
}

// draw draws letters in one act, or as an errand when they are many.
func (s *Server) draw(q *request, in act.Drawing) error {
	_, o, err := q.view.LetterOutlook(q.Context(), in.Plan, in.Giver, in.Within)
	if due := o.Due(in.Changed); err == nil && s.errands.Long(len(due)) {
		e, err := s.errands.Begin(q.Context(), q.caller, q.key(), act.OrderDrawing(in, due))
		if err != nil {
			return err
		}
		return s.begun(q, e, lettersBack(act.Letters{Batch: letter.BatchID(e.ID)}), "letter.done-draw")
	}
	// Whoever may not look ahead may not draw either: the act says so, and enters it.
	r, batch, err := s.desk.DrawLetters(q.Context(), q.caller, q.key(), in)
	if err != nil {
		return err
	}
	return q.done(r, lettersBack(act.Letters{Batch: batch}), "letter.done-draw")
}
