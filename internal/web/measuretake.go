package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/measure"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/web/page"
)

// measuresShown bounds the catalogue that proposals are made from.
const measuresShown = 500

// takePage is what the page of proposals is made from.
type takePage struct {
	m         store.MemorandumView
	draft     store.Draft
	findings  []store.FindingOf
	proposals []measure.Proposal
	threads   map[string]store.MeasureThread
	parties   []org.Unit
	whole     bool // the whole catalogue is shown
}

func (q *request) takePage() (t takePage, err error) {
	ctx := q.Context()
	if t.m, err = q.view.Memorandum(ctx, memo.ID(q.PathValue("id"))); err != nil {
		return t, err
	}
	if t.draft, err = q.view.Draft(ctx, t.m.Memorandum); err != nil {
		return t, err
	}
	if t.findings, err = q.view.FindingsFor(ctx, t.m); err != nil {
		return t, err
	}
	if t.threads, err = q.view.MeasureThreads(ctx, t.m, nil); err != nil {
		return t, err
	}
	catalogue, err := q.view.Measures(ctx, store.MeasureFilter{}, store.MeasureKey{}, measuresShown)
	if err != nil {
		return t, err
	}
	entries := make([]measure.Entry, len(catalogue))
	for i, e := range catalogue {
		entries[i] = e.Entry
	}
	plain := make([]survey.Finding, len(t.findings))
	for i, f := range t.findings {
		plain[i] = f.Finding
	}
	t.proposals = measure.Propose(entries, plain)
	if t.whole = q.FormValue("show") == "all"; t.whole {
		for _, e := range entries {
			if !slices.ContainsFunc(t.proposals, func(p measure.Proposal) bool { return p.Entry.ID == e.ID }) {
				t.proposals = append(t.proposals, measure.Proposal{Entry: e})
			}
		}
	}
	units, err := q.view.Names(ctx, t.m.Parties)
	for _, id := range t.m.Parties {
		t.parties = append(t.parties, units[id])
	}
	return t, err
}

func (s *Server) takeMeasures(q *request) error { return s.showTake(q, http.StatusOK, nil) }

func (s *Server) showTake(q *request, code int, cause error) error {
	t, err := q.takePage()
	if err != nil {
		return err
	}
	base := "/memorandums/" + string(t.m.ID)
	title := q.p.T("measure.propose")
	f := page.TakeView{
		Head:   page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("memorandum.list-title"), Href: "/memorandums"}, {Text: t.m.Title, Href: base}, {Text: title}}, Title: page.Say(title), Meta: page.Say(q.p.T("measure.propose-about", "n", len(t.findings)))},
		Action: base + "/measures", Key: formKey(q), Draft: strconv.FormatInt(t.draft.Version, 10),
	}
	if t.whole {
		f.Action += "?show=all"
	}
	if f.May = q.view.May(org.TakeMeasures, t.m.Facts); !f.May {
		f.Reason = q.p.T("measure.may-not")
	} else if t.draft.Version > 0 {
		f.DraftHref = base + "/draft"
	}
	f.Tabs = []page.Choice{{Text: q.p.T("measure.proposed"), Href: base + "/measures", Current: !t.whole}, {Text: q.p.T("measure.whole"), Href: base + "/measures?show=all", Current: t.whole}}
	for _, u := range t.parties {
		f.Parties = append(f.Parties, page.Option{Value: string(u.ID), Text: u.Name})
	}
	q.takeGroups(t, &f)
	q.takeTaken(t, &f)
	f.Faults = page.Faults(q.p, cause, nil)
	if len(f.Groups) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("measure.proposed-none")), Note: page.Say(q.p.T("measure.proposed-none-note"))}
		f.EmptyDo = []page.PlanLink{{Text: q.p.T("survey.list-title"), Href: "/surveys"}, {Text: q.p.T("measure.list-title"), Href: "/measures"}}
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.TakeMeasures(v, f))
}

func (q *request) takeGroups(t takePage, f *page.TakeView) {
	agency, government := measure.SidesOf(t.parties)
	industries := survey.StandardIndustries()
	place := q.regionName(t.m.Region)
	for _, p := range t.proposals {
		field := q.p.T("survey.field-" + string(p.Entry.Field))
		i := slices.IndexFunc(f.Groups, func(g page.TakeGroup) bool { return g.Field == field })
		if i < 0 {
			i, f.Groups = len(f.Groups), append(f.Groups, page.TakeGroup{Field: field})
		}
		f.Groups[i].Rows = append(f.Groups[i].Rows, q.takeRow(t, p, agency, government, place, industries))
	}
}

// takeRow is one measure to be picked, with its blanks filled from the first finding.
func (q *request) takeRow(t takePage, p measure.Proposal, agency, government org.UnitID, place string, industries survey.Industries) page.TakeRow {
	e := p.Entry
	r := page.TakeRow{ID: "m" + string(e.ID), Measure: string(e.ID), Title: e.Title, Side: q.p.T("measure.side-" + string(e.Side)), Evidence: e.Evidence}
	values := map[string]string{measure.Place: place}
	for i, b := range p.Because {
		if i == 0 {
			values = measure.Values(place, b.Finding, industries)
		}
		r.Findings = append(r.Findings, page.Option{Value: string(b.Finding.ID), Text: b.Finding.Sentence})
		r.Reasons = append(r.Reasons, q.p.T("measure.because", "finding", b.Finding.Sentence, "grounds", strings.Join(q.grounds(b.Finding.Rests), "；")))
	}
	if len(r.Reasons) > 3 {
		r.Reasons = append(r.Reasons[:3], q.p.T("measure.because-more", "n", len(p.Because)-3))
	}
	r.Wording, r.Target, r.Deadline = measure.Fill(e.Wording, values), measure.Fill(e.Target, values), measure.Fill(e.Deadline, values)
	r.Obligor, r.Confirms = string(agency), string(government)
	if e.Side == measure.Asks {
		r.Obligor, r.Confirms = r.Confirms, r.Obligor
	}
	if q.Method == http.MethodPost {
		q.takeTyped(&r)
	}
	if open := measure.Blanks(r.Wording + r.Target + r.Deadline); len(open) > 0 {
		r.Blanks = q.p.T("measure.blanks", "names", q.p.List(open))
	}
	for _, x := range t.threads {
		if x.Measure == e.ID {
			r.Taken = q.p.T("measure.taken-already")
		}
	}
	return r
}

// takeTyped puts back what was typed in a form that came back.
func (q *request) takeTyped(r *page.TakeRow) {
	r.Picked = slices.Contains(q.PostForm["take"], r.ID)
	if !q.PostForm.Has(r.ID + ".wording") {
		return
	}
	value := func(name string) string { return strings.TrimSpace(unix(q.PostFormValue(r.ID + "." + name))) }
	r.Wording, r.Target, r.Deadline, r.Obligor, r.Confirms = value("wording"), value("target"), value("deadline"), value("obligor"), value("confirms")
	for i := range r.Findings {
		r.Findings[i].Current = r.Findings[i].Value == value("finding")
	}
}

// takeTaken lists what stands in the own draft already, in its order.
func (q *request) takeTaken(t takePage, f *page.TakeView) {
	for _, c := range t.draft.Text.Clauses {
		for _, k := range c.Commitments {
			if x, ok := t.threads[k.Measure]; ok {
				f.Taken = append(f.Taken, page.TakenRow{Title: x.Title, Wording: k.Text, Thread: q.measureThread(x)})
			}
		}
	}
}

// measureThread words where a commitment comes from.
func (q *request) measureThread(x store.MeasureThread) page.MeasureThreadView {
	v := page.MeasureThreadView{Measure: x.Title, Href: "/measures/" + string(x.Chosen.Measure)}
	if x.Found != nil {
		v.Finding, v.To, v.Grounds = x.Found.Sentence, "/surveys/"+string(x.Found.Survey)+"/findings#"+string(x.Found.ID), q.grounds(x.Found.Rests)
	}
	return v
}

// fromMeasures says under each commitment which measure it was made from.
func (q *request) fromMeasures(m store.MemorandumView, clauses []page.MemorandumClause) error {
	threads, err := q.view.MeasureThreads(q.Context(), m, store.MeasuresOf(m.Clauses))
	if err != nil || len(threads) == 0 {
		return err
	}
	for i, c := range m.Clauses {
		for j, k := range c.Commitments {
			if x, ok := threads[k.Measure]; ok {
				from := q.measureThread(x)
				clauses[i].Owed[j].From = &from
			}
		}
	}
	return nil
}

func (s *Server) measuresTaken(q *request) error {
	id := memo.ID(q.PathValue("id"))
	if _, err := q.view.Memorandum(q.Context(), id); err != nil {
		return err
	}
	var chosen []measure.Chosen
	for _, at := range q.PostForm["take"] {
		value := func(name string) string { return strings.TrimSpace(unix(q.PostFormValue(at + "." + name))) }
		chosen = append(chosen, measure.Chosen{
			ID: measure.ChosenID(at), Measure: measure.ID(value("measure")), Finding: survey.FindingID(value("finding")), Obligor: org.UnitID(value("obligor")),
			Confirms: org.UnitID(value("confirms")), Wording: value("wording"), Target: value("target"), Deadline: value("deadline"),
		})
	}
	draft, _ := strconv.ParseInt(q.PostFormValue("draft"), 10, 64)
	r, err := s.desk.TakeMeasures(q.Context(), q.caller, q.key(), id, draft, chosen)
	if mendable(err) {
		return s.showTake(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/memorandums/"+string(id)+"/measures", "measure.done-take", "n", len(chosen))
}
