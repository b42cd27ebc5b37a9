package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/page"
)

// memorandumFilter is what the address asks for; the same for the page and its files.
func (q *request) memorandumFilter() store.MemorandumFilter {
	f := store.MemorandumFilter{Words: strings.TrimSpace(q.FormValue("words")), Region: org.RegionCode(q.FormValue("at")), Soon: q.FormValue("soon") != ""}
	if s := memo.Stage(q.FormValue("stage")); slices.Contains(memo.Stages(), s) {
		f.Stage = s
	}
	return f
}

// filterQuery is a filter as an address carries it.
func filterQuery(f store.MemorandumFilter) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"words": f.Words, "stage": string(f.Stage), "at": string(f.Region)} {
		if value != "" {
			out.Set(name, value)
		}
	}
	if f.Soon {
		out.Set("soon", "1")
	}
	return out
}

// overviewTools fills in the stages with their counts, what soon runs out, and the places.
func (q *request) overviewTools(f store.MemorandumFilter, to *page.MemorandumsPage) error {
	counts, soon, err := q.view.StageCounts(q.Context(), f)
	if err != nil {
		return err
	}
	link := func(text string, n int, g store.MemorandumFilter, current bool) {
		to.Stages = append(to.Stages, page.Choice{Text: q.p.T("lapse.stage-count", "stage", text, "count", n), Href: "/memorandums?" + filterQuery(g).Encode(), Current: current})
	}
	g, all := f, 0
	for _, n := range counts {
		all += n
	}
	g.Stage, g.Soon = "", false
	link(q.p.T("lapse.all-stages"), all, g, f.Stage == "" && !f.Soon)
	for _, stage := range memo.Stages() {
		g.Stage = stage
		link(q.p.T("memorandum.stage-"+string(stage)), counts[stage], g, f.Stage == stage)
	}
	g.Stage, g.Soon = "", true
	link(q.p.T("lapse.soon", "days", memo.WarnDays), soon, g, f.Soon)
	regions, err := q.view.MemorandumRegions(q.Context())
	for _, r := range regions {
		to.Places = append(to.Places, page.TaskChoice{Value: string(r), Text: q.regionName(r)})
	}
	to.Words, to.Place, to.Stage, to.Soon = f.Words, string(f.Region), string(f.Stage), f.Soon
	return err
}

// waitWords says what a memorandum waits for, of whom and for how many working days.
func (q *request) waitWords(w memo.Wait, names []string) string {
	if w.Kind == "" {
		return ""
	}
	what := ""
	switch w.Kind {
	case memo.WaitSettle:
		what = q.p.T("lapse.wait-settle", "n", w.Count)
	case memo.WaitExpiry:
		what = q.p.T("lapse.wait-expiry", "n", w.Days)
		if w.Days < 0 {
			what = q.p.T("lapse.wait-expired", "n", -w.Days)
		}
	default:
		what = q.p.T("lapse.wait-"+string(w.Kind), "who", q.p.List(names))
	}
	if w.Since.IsZero() || w.Kind == memo.WaitExpiry {
		return what
	}
	days := q.server.store.Workdays().Between(w.Since, q.view.Today())
	if days <= 0 {
		return q.p.Dots(what, q.p.T("lapse.since-today"))
	}
	return q.p.Dots(what, q.p.T("lapse.since", "n", days))
}

// waitNext is the framed box of a memorandum: what this reader has to do for it.
func (q *request) waitNext(m store.MemorandumView, w memo.Wait, names []string) (*page.NextView, []page.PlanLink) {
	if w.Kind == "" {
		return nil, nil
	}
	n := &page.NextView{Label: q.p.T("lapse.waits"), Title: page.Say(q.waitWords(w, names))}
	base, mine := memorandumHref(m.ID), slices.Contains(w.Parties, q.caller.Unit().ID)
	do := func(key, to string, may bool) []page.PlanLink {
		if !may {
			return nil
		}
		n.Label = page.DoFirst(q.p)
		return []page.PlanLink{{Text: q.p.T(key), Href: to, Class: "btn-primary"}}
	}
	switch w.Kind {
	case memo.WaitSign:
		signs := q.view.May(org.SignMemorandum, m.Facts) || q.view.May(org.EnterSignature, m.Facts)
		return n, do("lapse.go-sign", base+"/sign", mine && signs)
	case memo.WaitAnswer:
		return n, do("lapse.go-answer", base+"/versions", mine && q.view.May(org.AnswerVersion, m.Facts))
	case memo.WaitSettle:
		return n, do("lapse.go-settle", base+"/settle", q.view.May(org.SettleMemorandum, m.Facts))
	case memo.WaitDraft:
		return n, do("lapse.go-draft", base+"/draft", q.view.May(org.DraftMemorandum, m.Facts))
	case memo.WaitApproval:
		return n, do("lapse.go-approve", "/plans/"+string(w.Plan)+"/approval", mine && q.view.May(org.ApprovePlan, org.PlanFacts{Parties: m.Parties}))
	case memo.WaitPlan, memo.WaitExpiry:
	}
	return n, nil
}

// lapseLinks are what the office may do with a memorandum's life, and where its
// texts, members and neighbours are.
func (q *request) lapseLinks(m store.MemorandumView, f *page.MemorandumPage, cause error) error {
	ctx, base := q.Context(), memorandumHref(m.ID)
	links, err := q.view.LinksOf(ctx, m)
	if err != nil {
		return err
	}
	see := func(key string, x *store.Linked) {
		if x != nil {
			f.Facts = append(f.Facts, page.Fact{Name: q.p.T(key), Text: page.Linked(x.Title, memorandumHref(x.ID))})
		}
	}
	see("lapse.under", links.Under)
	for _, x := range links.Below {
		see("lapse.below", &x)
	}
	see("lapse.renews", links.Renews)
	see("lapse.renewed-by", links.RenewedBy)
	was, err := q.view.Renamed(ctx, m)
	if err != nil {
		return err
	}
	f.Facts = append(f.Facts, q.wasNow(was)...)
	if !m.Ended.IsZero() {
		f.Facts = append(f.Facts, page.Fact{Name: q.p.T("lapse.ended"), Text: page.Say(q.p.T("lapse.ended-why", "day", m.Ended, "why", q.endedWhy(m.Why)))})
	}
	if m.Form == memo.Alliance {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("lapse.members"), Href: base + "/members"})
	}
	if m.Stage != memo.Preparing && m.Stage != memo.Negotiating {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("sign.title"), Href: base + "/sign"}, page.PlanLink{Text: q.p.T("sign.texts"), Href: base + "/texts"})
	}
	if m.Stage == memo.InForce && q.view.May(org.EndMemorandum, m.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("lapse.end"), Href: base + "/end"})
	}
	if m.Stage == memo.InForce && links.RenewedBy == nil && q.view.May(org.RenewMemorandum, m.Facts) {
		_, soon := m.Expiring(q.view.Today())
		f.Renew = &page.RenewForm{Action: base + "/renew", Key: formKey(q), First: soon, About: q.p.T("lapse.renew-about")}
	}
	return q.underForm(m, f, cause)
}

// wasNow says which units of an old text are found under another name today.
func (q *request) wasNow(all []store.Renaming) (out []page.Fact) {
	for _, r := range all {
		words := q.p.T("lapse.was-now", "was", r.Name, "now", r.Now, "day", r.Day)
		if r.Day.IsZero() {
			words = q.p.T("lapse.was-now-undated", "was", r.Name, "now", r.Now)
		}
		out = append(out, page.Fact{Name: q.p.T("lapse.succeeded"), Text: page.Say(words)})
	}
	return out
}

// renamed are the same facts of units as a text names them.
func (q *request) renamed(named []store.Called) ([]page.Fact, error) {
	all, err := q.view.Renamings(q.Context(), named)
	return q.wasNow(all), err
}

func (q *request) endedWhy(why string) string {
	if why == "renewed" {
		return q.p.T("lapse.by-renewal")
	}
	return why
}

// underForm offers the memorandums that this one may hang under, to who may change it.
func (q *request) underForm(m store.MemorandumView, f *page.MemorandumPage, cause error) error {
	if !q.view.May(org.ChangeMemorandum, m.Facts) || m.Stage == memo.Ended {
		return nil
	}
	choices, err := q.frameworks(m.ID)
	if err != nil {
		return err
	}
	u := &page.UnderForm{Action: memorandumHref(m.ID) + "/under", Key: newKey(), Version: strconv.FormatInt(m.Version, 10), Chosen: string(m.Under), Choices: choices}
	if fault.Is(cause, "memo.under-itself") || fault.Is(cause, "memo.under-unknown") || fault.Is(cause, "changed-meanwhile") {
		u.Faults, u.Chosen = page.Faults(q.p, cause, map[string]string{"under": q.p.T("lapse.hang-under")}), q.PostFormValue("under")
	}
	if len(u.Choices) > 0 {
		f.Under = u
	}
	return nil
}

// frameworks are the memorandums that one may hang under: those in sight that have not
// ended, without the one itself.
func (q *request) frameworks(itself memo.ID) (out []page.TaskChoice, err error) {
	all, err := q.view.Memorandums(q.Context(), "", store.MemorandumKey{}, memorandumsAPage)
	for _, x := range all {
		if x.ID != itself && x.Stage != memo.Ended {
			out = append(out, page.TaskChoice{Value: string(x.ID), Text: x.Title})
		}
	}
	return out, err
}

// timeline is a memorandum's life as its page tells it.
func (q *request) timeline(m store.MemorandumView) ([]page.LifeStep, error) {
	steps, err := q.view.Timeline(q.Context(), m)
	if err != nil {
		return nil, err
	}
	var out []page.LifeStep
	for _, x := range steps {
		out = append(out, q.lifeStep(m, x))
	}
	return out, nil
}

func (q *request) lifeStep(m store.MemorandumView, x store.Step) page.LifeStep {
	s := page.LifeStep{Day: q.p.Column(x.Day), Ahead: x.Day.After(q.view.Today())}
	base := memorandumHref(m.ID)
	say := func(to string, args ...any) {
		s.Text = page.Rich(q.p.Rich("lapse.step-"+string(x.Kind), args...), to)
	}
	switch x.Kind {
	case store.StepSurvey:
		say("/surveys/"+x.ID, "who", x.Who, "title", x.Why)
		s.Note = q.p.T("lapse.survey-findings", "n", x.Number)
		if x.Open {
			s.Note = q.p.T("lapse.survey-open")
		}
	case store.StepMeasures:
		say(base+"/measures", "who", x.Who, "n", x.Number)
	case store.StepProposed:
		say(versionHref(memo.VersionID(x.ID)), "number", x.Number, "who", x.Who)
		if x.Purpose != memo.First {
			s.Note = q.p.T("sign.purpose-" + string(x.Purpose))
		}
	case store.StepAgreed:
		say(versionHref(memo.VersionID(x.ID)), "number", x.Number)
	case store.StepSigned:
		say(base+"/sign", "who", x.Who)
		s.Note = q.p.T("sign.by-" + x.Method)
	case store.StepVoid:
		say(base+"/sign#void", "who", x.Who, "number", x.Number)
	case store.StepInForce, store.StepAmended:
		say(base + "/texts")
		s.Strong = true
	case store.StepPlan:
		say("/plans/"+x.ID, "year", x.Number)
	case store.StepSucceeded, store.StepRenamed:
		say("", "was", x.Who, "now", x.Now)
	case store.StepRenewal:
		say("/memorandums/"+x.ID, "title", x.Why)
	case store.StepUntil:
		say("")
	case store.StepEnded:
		say("", "why", q.endedWhy(x.Why))
		s.Strong = true
	}
	return s
}
