package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// supportRoutes are the pages of the ledger of support.
func (s *Server) supportRoutes() []Route {
	return []Route{
		{"GET /support", false, s.support},
		{"GET /support/new", false, s.supportNew},
		{"POST /support", false, s.supportEnter},
		{"GET /support/{id}", false, s.supportOne},
		{"POST /support/{id}/verify", false, s.supportVerify},
		{"GET /support/{id}/correct", false, s.supportCorrectForm},
		{"POST /support/{id}/correct", false, s.supportCorrect},
		{"GET /support/{id}/files/{hash}", false, s.supportFile},
	}
}

// How much of the ledger stands on a page.
const (
	supportsAPage  = 50
	promisesListed = 50
)

// supportFilter is what the reader asks of the ledger.
func (q *request) supportFilter() store.SupportFilter {
	f := store.SupportFilter{Place: org.RegionCode(q.FormValue("region")), Kind: memo.SupportKind(q.FormValue("kind"))}
	f.Year, _ = strconv.Atoi(q.FormValue("year"))
	if _, ok := regions().By(f.Place); !ok {
		f.Place = ""
	}
	if !slices.Contains(memo.SupportKinds(), f.Kind) {
		f.Kind = ""
	}
	return f
}

// supportQuery writes a filter as a question again, with some answers changed.
func supportQuery(f store.SupportFilter, more ...string) string {
	v := url.Values{}
	if f.Place != "" {
		v.Set("region", string(f.Place))
	}
	if f.Year != 0 {
		v.Set("year", strconv.Itoa(f.Year))
	}
	if f.Kind != "" {
		v.Set("kind", string(f.Kind))
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if e := v.Encode(); e != "" {
		return "/support?" + e
	}
	return "/support"
}

// mayEnterSupport reports whether the caller's unit enters what it gave.
func (q *request) mayEnterSupport() bool {
	return q.view.May(org.EnterSupport, org.SupportFacts{Giver: q.caller.Unit().ID})
}

func (s *Server) support(q *request) error {
	f := q.supportFilter()
	p := page.SupportPage{
		Head: page.HeadView{Title: page.Say(q.p.T("support.title")), Meta: page.Say(q.p.T("support.about"))}, Action: "/support", Place: string(f.Place),
	}
	for _, c := range slices.Backward(f.Place.Lineage()) { // from the province down to here
		p.Head.Crumbs = append(p.Head.Crumbs, page.Crumb{Text: q.regionName(c), Href: supportQuery(store.SupportFilter{Place: c, Year: f.Year, Kind: f.Kind})})
	}
	if n := len(p.Head.Crumbs); n > 0 {
		p.Head.Crumbs = append([]page.Crumb{{Text: q.p.T("support.title"), Href: supportQuery(store.SupportFilter{Year: f.Year, Kind: f.Kind})}}, p.Head.Crumbs...)
		p.Head.Crumbs[n].Href = ""
	}
	if q.mayEnterSupport() {
		p.Acts = []page.PlanLink{{Text: q.p.T("support.enter"), Href: "/support/new"}}
	}
	for _, step := range []func(*page.SupportPage, store.SupportFilter) error{q.supportSums, q.supportPromises, q.supportRows, q.supportChoices} {
		if err := step(&p, f); err != nil {
			return err
		}
	}
	if len(p.Sums)+len(p.Promises)+len(p.Rows) == 0 {
		p.Empty = &page.EmptyView{Text: page.Say(q.p.T("support.none")), Note: page.Say(q.p.T("support.none-note"))}
	}
	return s.showForce(q, nil, q.p.T("support.title"), func(v page.View) error { return q.render(http.StatusOK, page.Support(v, p)) })
}

// amountWords is an amount with its unit.
func (q *request) amountWords(k memo.SupportKind, a support.Amount) string {
	_, unit := a.Usual(k)
	return q.amountIn(k, a, unit)
}

// amountIn is an amount in one of the units of its kind.
func (q *request) amountIn(k memo.SupportKind, a support.Amount, unit string) string {
	number := a.In(k, unit)
	if v, err := task.ParseQuantity(number); err == nil {
		return q.p.T("support.number", "n", v, "unit", unit)
	}
	return q.p.T("support.number", "n", number, "unit", unit) // beyond what a quantity holds
}

// supportSums are the totals by kind and the table by place, one level down.
func (q *request) supportSums(p *page.SupportPage, f store.SupportFilter) error {
	cells, err := q.view.SupportSums(q.Context(), f)
	if err != nil {
		return err
	}
	for _, t := range support.ByKind(cells) {
		fig := page.Fig{Label: q.p.T("support.kind-" + string(t.Kind)), Big: q.amountWords(t.Kind, t.Verified)}
		if t.Entered > 0 {
			fig.Note = page.Say(q.p.T("support.fig-entered", "amount", q.amountWords(t.Kind, t.Entered)))
		}
		p.Figs = append(p.Figs, fig)
	}
	top := f.Place
	if top == "" {
		top = topPlace(cells)
	}
	for _, c := range support.Below(cells, top) {
		row := page.SupportSum{Place: q.regionName(c.Region), Year: strconv.Itoa(c.Year), Kind: q.p.T("support.kind-" + string(c.Kind)),
			Verified: q.amountWords(c.Kind, c.Verified), Entered: q.amountWords(c.Kind, c.Entered), Count: q.p.Number(int64(c.Count))}
		if c.Region == top {
			row.Place = q.p.T("support.itself", "place", q.regionName(top))
		} else {
			row.Href = supportQuery(store.SupportFilter{Place: c.Region, Year: f.Year, Kind: f.Kind})
		}
		p.Sums = append(p.Sums, row)
	}
	return nil
}

// topPlace is the smallest territory that holds all cells.
func topPlace(cells []support.Cell) org.RegionCode {
	var common []org.RegionCode
	for i, c := range cells {
		line := c.Region.Lineage()
		if i == 0 {
			common = line
			continue
		}
		common = slices.DeleteFunc(slices.Clone(common), func(r org.RegionCode) bool { return !slices.Contains(line, r) })
	}
	if len(common) == 0 {
		return ""
	}
	return common[0]
}

func (q *request) supportPromises(p *page.SupportPage, f store.SupportFilter) error {
	after := store.PromiseKey{Region: org.RegionCode(q.FormValue("from")), Commitment: memo.CommitmentID(q.FormValue("promise"))}
	all, err := q.view.Promises(q.Context(), f, after, promisesListed+1)
	if err != nil {
		return err
	}
	if len(all) > promisesListed {
		all = all[:promisesListed]
		last := all[promisesListed-1]
		p.MorePromises = supportQuery(f, "from", string(last.Region), "promise", string(last.Commitment)) + "#promises"
	}
	var ids []org.UnitID
	for _, e := range all {
		ids = append(append(ids, e.Obligor), e.Joint...)
	}
	units, err := q.named(ids)
	if err != nil {
		return err
	}
	mine := q.mayEnterSupport()
	for _, e := range all {
		if f.Year != 0 && e.Year != 0 && e.Year != f.Year {
			continue
		}
		who := append([]org.UnitID{e.Obligor}, e.Joint...)
		row := page.SupportPromise{
			Text: e.Text, Clause: q.p.Dots(e.Title, e.Clause), Href: "/memorandums/" + string(e.Memorandum), Who: unitList(q, units, who),
			Kind: q.p.T("support.kind-" + string(e.Kind)), Promised: q.amountIn(e.Kind, e.Promised, e.Unit), Verified: q.amountIn(e.Kind, e.Verified, e.Unit),
			Entered: q.amountIn(e.Kind, e.Entered, e.Unit), Missing: q.amountIn(e.Kind, e.Missing(), e.Unit),
		}
		if mine && slices.Contains(who, q.caller.Unit().ID) {
			row.Enter = "/support/new?commitment=" + url.QueryEscape(string(e.Commitment))
		}
		p.Promises = append(p.Promises, row)
	}
	return nil
}

func (q *request) supportRows(p *page.SupportPage, f store.SupportFilter) error {
	after := store.SupportKey{On: q.FormValue("on"), ID: support.ID(q.FormValue("after"))}
	all, err := q.view.Supports(q.Context(), f, after, supportsAPage+1)
	if err != nil {
		return err
	}
	if len(all) > supportsAPage {
		all = all[:supportsAPage]
		last := all[supportsAPage-1]
		p.Pager.Next = supportQuery(f, "on", last.On.String(), "after", string(last.ID)) + "#entries"
	}
	if after.ID != "" {
		p.Pager.First = supportQuery(f) + "#entries"
	}
	for _, e := range all {
		p.Rows = append(p.Rows, page.SupportRow{
			What: q.p.T("support.entry", "kind", q.p.T("support.kind-"+string(e.Kind)), "n", e.Value, "unit", e.Unit), Href: "/support/" + string(e.ID), Words: e.Words,
			Place: q.regionName(e.Region), Year: strconv.Itoa(e.Year), On: q.p.Column(e.On), Giver: e.GiverName, Taker: e.TakerName, State: q.p.T("support.state-" + string(e.State)),
		})
	}
	return nil
}

// supportChoices fills the selects of the filter.
func (q *request) supportChoices(p *page.SupportPage, f store.SupportFilter) error {
	p.Places = append([]page.TaskChoice{{Text: q.p.T("support.all-places")}}, q.placeChoices(f.Place)...)
	years, err := q.view.SupportYears(q.Context())
	if err != nil {
		return err
	}
	p.Years = []page.TaskChoice{{Text: q.p.T("support.all-years")}}
	for _, y := range years {
		p.Years = append(p.Years, page.TaskChoice{Value: strconv.Itoa(y), Text: strconv.Itoa(y), Current: y == f.Year})
	}
	p.Kinds = append([]page.TaskChoice{{Text: q.p.T("support.all-kinds")}}, q.kindChoices(f.Kind)...)
	return nil
}

func (q *request) kindChoices(chosen memo.SupportKind) (out []page.TaskChoice) {
	for _, k := range memo.SupportKinds() {
		out = append(out, page.TaskChoice{Value: string(k), Text: q.p.T("support.kind-" + string(k)), Current: k == chosen})
	}
	return out
}

// placeChoices are the places of the caller's territory, or of the whole province
// for a provincial unit: the cities, and the counties of the caller's own city or of
// the chosen one.
func (q *request) placeChoices(chosen org.RegionCode) (out []page.TaskChoice) {
	own := q.caller.Unit().Region.Lineage()
	if len(own) == 0 {
		return nil
	}
	top := own[len(own)-1]
	open := append(own, chosen.Lineage()...)
	var add func(code org.RegionCode, depth int)
	add = func(code org.RegionCode, depth int) {
		name := q.regionName(code)
		for range depth {
			name = "　" + name
		}
		out = append(out, page.TaskChoice{Value: string(code), Text: name, Current: code == chosen})
		if !slices.Contains(open, code) {
			return
		}
		for _, r := range regions().Children(code) {
			add(r.Code, depth+1)
		}
	}
	add(top, 0)
	return out
}

func (s *Server) supportOne(q *request) error { return s.showSupport(q, nil) }

func (s *Server) showSupport(q *request, cause error) error {
	e, err := q.view.Support(q.Context(), support.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	base := "/support/" + string(e.ID)
	title := q.p.T("support.entry", "kind", q.p.T("support.kind-"+string(e.Kind)), "n", e.Value, "unit", e.Unit)
	f := page.SupportOne{
		Head:  page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("support.title"), Href: "/support"}, {Text: title}}, Title: page.Say(title), Meta: page.Say(q.p.T("support.from-to", "giver", e.GiverName, "taker", e.TakerName))},
		State: q.p.T("support.state-" + string(e.State) + "-long"), StateBad: e.State == support.Returned, Faults: page.Faults(q.p, cause, map[string]string{"reason": q.p.T("support.verdict")}),
	}
	fact := func(key string, w page.Words) {
		if !w.Empty() {
			f.Facts = append(f.Facts, page.Fact{Name: q.p.T(key), Text: w})
		}
	}
	fact("support.on", page.Say(q.p.Date(e.On)))
	fact("support.year", page.Say(strconv.Itoa(e.Year)))
	fact("support.place", page.Say(q.regionName(e.Region)))
	if usual := q.amountWords(e.Kind, e.Amount); usual != q.p.T("support.number", "n", e.Value, "unit", e.Unit) {
		fact("support.as", page.Say(usual))
	}
	switch {
	case e.Owed != "":
		fact("support.commitment", page.Linked(q.p.Dots(e.Title, e.Clause), "/memorandums/"+string(e.Memorandum)+"/balance#"+string(e.Commitment)))
		fact("support.promise", page.Say(e.Owed))
	case e.Commitment == "":
		fact("support.commitment", page.Say(q.p.T("support.under-none")))
	}
	fact("support.words", page.Say(e.Words))
	fact("support.verdict", page.Say(e.Verdict))
	if e.Cancels != "" {
		fact("support.cancels", page.Linked(q.p.T("support.older"), "/support/"+string(e.Cancels)))
		fact("support.why", page.Say(e.Why))
	}
	if e.CorrectedBy != "" {
		fact("support.corrected-by", page.Linked(q.p.T("support.newer"), "/support/"+string(e.CorrectedBy)))
	}
	fact("support.by", page.Linked(q.p.Dots(e.GiverName, e.By, q.p.Instant(e.At)), "/journal/entries/"+e.Entry))
	for _, x := range e.Files {
		f.Files = append(f.Files, page.Download{Text: x.Name, Href: base + "/files/" + string(x.ID), About: q.p.Size(x.Size)})
	}
	if e.State != support.Cancelled && q.view.May(org.CorrectSupport, e.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("support.correct"), Href: base + "/correct"})
	}
	if e.State == support.Entered && q.view.May(org.VerifySupport, e.Facts) {
		f.Verify = &page.SupportVerify{Action: base + "/verify", Key: formKey(q), Version: strconv.FormatInt(e.Version, 10), Words: q.PostFormValue("reason")}
	}
	return s.showForce(q, cause, title, func(v page.View) error { return q.render(codeOf(cause), page.SupportEntry(v, f)) })
}

func (s *Server) supportVerify(q *request) error {
	id := support.ID(q.PathValue("id"))
	version, _ := strconv.ParseInt(q.PostFormValue("version"), 10, 64)
	accepts := q.PostFormValue("do") != "return"
	r, err := s.desk.VerifySupport(q.Context(), q.caller, q.key(), id, version, accepts, q.PostFormValue("reason"))
	if mendable(err) {
		return s.showSupport(q, err)
	}
	if err != nil {
		return err
	}
	key := "support.done-verify"
	if !accepts {
		key = "support.done-return"
	}
	return q.done(r, "/support/"+string(id), key)
}

// supportFile hands out a file of an entry to somebody who may see the entry.
func (s *Server) supportFile(q *request) error {
	e, err := s.desk.OpenSupportFile(q.Context(), q.caller, support.ID(q.PathValue("id")), task.EvidenceID(q.PathValue("hash")))
	if err != nil {
		return err
	}
	defer e.File.Close()
	return serveFile(q, e)
}

// publicSupport is what was given and verified, by year and kind, for everybody.
func (s *Server) publicSupport(q *request, c *page.PublicView) error {
	cells, err := q.view.PublicSupport(q.Context())
	for _, x := range cells {
		c.Support = append(c.Support, page.SupportSum{Year: strconv.Itoa(x.Year), Kind: q.p.T("support.kind-" + string(x.Kind)), Verified: q.amountWords(x.Kind, x.Verified)})
	}
	return err
}
