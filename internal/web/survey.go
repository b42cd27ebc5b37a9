package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/web/page"
)

func (s *Server) surveyRoutes() []Route {
	return []Route{
		{"GET /surveys", false, s.surveys},
		{"GET /surveys/new", false, s.surveyNew},
		{"POST /surveys", false, s.surveyEnter},
		{"GET /surveys/{id}", false, s.survey},
		{"POST /surveys/{id}/send", false, s.surveySend},
		{"POST /surveys/{id}/close", false, s.surveyClose},
		{"GET /surveys/{id}/compose", false, s.surveyCompose},
		{"POST /surveys/{id}/compose", false, s.surveyComposed},
		{"GET /surveys/{id}/sections/{section}", false, s.surveySection},
		{"POST /surveys/{id}/sections/{section}", false, s.surveyAnswer},
		{"POST /surveys/{id}/sections/{section}/return", false, s.surveyReturn},
		{"GET /surveys/{id}/files/{hash}", false, s.surveyFile},
		{"GET /surveys/{id}/findings", false, s.findings},
		{"POST /surveys/{id}/findings", false, s.findingDraw},
		{"POST /surveys/{id}/findings/{finding}", false, s.findingChange},
		{"POST /surveys/{id}/findings/{finding}/drop", false, s.findingDrop},
		{"GET /surveys/{id}/compare", false, s.surveyCompare},
	}
}

// surveysAPage is how many surveys stand on a page.
const surveysAPage = 50

// mayEnterSurvey reports whether the caller's unit may compose surveys.
func (q *request) mayEnterSurvey() bool {
	return q.view.May(org.EnterSurvey, org.SurveyFacts{Office: q.caller.Unit().ID, Draft: true})
}

// surveyFilter is what the list of surveys is narrowed by.
func (q *request) surveyFilter() store.SurveyFilter {
	f := store.SurveyFilter{Stage: survey.Stage(q.FormValue("stage")), Region: org.RegionCode(q.FormValue("region"))}
	f.Year, _ = strconv.Atoi(q.FormValue("year"))
	return f
}

func (s *Server) surveys(q *request) error {
	filter := q.surveyFilter()
	after := store.SurveyKey{ID: survey.ID(q.FormValue("after"))}
	after.Year, _ = strconv.Atoi(q.FormValue("from"))
	all, err := q.view.Surveys(q.Context(), filter, after, surveysAPage+1)
	if err != nil {
		return err
	}
	title := q.p.T("survey.list-title")
	f := page.SurveysView{Head: page.HeadView{Title: page.Say(title), Meta: page.Say(q.p.T("survey.list-about"))}, Stage: string(filter.Stage)}
	keep := url.Values{"stage": {string(filter.Stage)}, "region": {string(filter.Region)}, "year": {q.FormValue("year")}}
	if len(all) > surveysAPage {
		all = all[:surveysAPage]
		last := all[surveysAPage-1]
		next := url.Values{"from": {strconv.Itoa(last.Year)}, "after": {string(last.ID)}}
		for k, v := range keep {
			next[k] = v
		}
		f.Pager.Next = "/surveys?" + next.Encode()
	}
	if after.ID != "" {
		f.Pager.First = "/surveys?" + keep.Encode()
	}
	for _, e := range all {
		f.Rows = append(f.Rows, q.surveyRow(e))
	}
	f.Tabs = append(f.Tabs, page.Choice{Text: q.p.T("survey.all"), Href: "/surveys", Current: filter.Stage == ""})
	for _, x := range survey.Stages() {
		f.Tabs = append(f.Tabs, page.Choice{Text: q.p.T("survey.stage-" + string(x)), Href: "/surveys?stage=" + string(x), Current: filter.Stage == x})
	}
	f.Regions = q.regionOptions(filter.Region, q.p.T("survey.every-place"))
	f.Years = []page.Option{{Text: q.p.T("survey.every-year")}}
	for y := q.view.Today().Year + 1; y > q.view.Today().Year-8; y-- {
		f.Years = append(f.Years, page.Option{Value: strconv.Itoa(y), Text: q.p.T("survey.year-of", "year", y), Current: y == filter.Year})
	}
	enter := page.PlanLink{Text: q.p.T("survey.enter"), Href: "/surveys/new"}
	may := q.mayEnterSurvey()
	if may {
		f.Acts = []page.PlanLink{enter}
	}
	if len(all) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("survey.list-none"))}
		switch {
		case filter != store.SurveyFilter{}:
			f.Empty = &page.EmptyView{Text: page.Say(q.p.T("survey.list-none-found"))}
			f.EmptyDo = []page.PlanLink{{Text: q.p.T("plan.show-all"), Href: "/surveys"}}
		case may:
			enter.Class = "btn-primary"
			f.Acts, f.EmptyDo = nil, []page.PlanLink{enter}
		}
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Surveys(v, f))
}

func (q *request) surveyRow(e store.SurveyEntry) page.SurveyRow {
	r := page.SurveyRow{
		Title: e.Title, Href: "/surveys/" + string(e.ID), Unit: e.UnitName, Region: q.regionName(e.Region), Year: strconv.Itoa(e.Year),
		Stage: q.p.T("survey.stage-" + string(e.Stage)), Due: e.Due.String(), Findings: q.p.Number(int64(e.Findings)),
	}
	if e.Stage != survey.Composing {
		r.Progress = q.p.T("survey.progress-of", "in", e.In, "all", e.Parts)
	}
	if e.Mine > 0 {
		r.Mine = q.p.T("survey.mine", "n", e.Mine)
	}
	return r
}

// regionOptions are the places that the reader's office may have surveys of: the
// own territory with those in it. first is the choice of none.
func (q *request) regionOptions(chosen org.RegionCode, first string) []page.Option {
	out := []page.Option{}
	if first != "" {
		out = append(out, page.Option{Text: first})
	}
	found := false
	for _, o := range q.territories() {
		o.Current = o.Value == string(chosen)
		found = found || o.Current
		out = append(out, o)
	}
	if chosen != "" && !found {
		out = append(out, page.Option{Value: string(chosen), Text: q.regionName(chosen), Current: true})
	}
	return out
}

func (s *Server) survey(q *request) error { return s.showSurvey(q, http.StatusOK, nil) }

// showSurvey shows a survey; cause is what keeps it from being sent.
func (s *Server) showSurvey(q *request, code int, cause error) error {
	v, err := q.view.Survey(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	answers, err := q.view.SurveyAnswers(q.Context(), v)
	if err != nil {
		return err
	}
	units, err := q.view.Names(q.Context(), append(v.Asked(), v.Unit))
	if err != nil {
		return err
	}
	f := page.SurveyOverview{Head: q.surveyHead(v, ""), Faults: page.Faults(q.p, cause, nil)}
	f.Facts = q.surveyFacts(v, units)
	mine := 0
	for _, x := range v.Sections {
		r := q.sectionRow(v, x, answers, units)
		if r.DoMine {
			mine++
		}
		f.Rows = append(f.Rows, r)
	}
	q.surveyActs(v, &f)
	switch {
	case v.Stage == survey.Composing && f.Send != nil:
		f.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("survey.next-send", "n", len(v.Asked()))),
			Lines: []page.Words{page.Say(q.p.T("survey.next-send-why"))}}
		if len(v.Asked()) == 0 || v.Due.IsZero() {
			f.Next.Title = page.Say(q.p.T("survey.next-compose"))
			f.Send, f.NextDo = nil, []page.PlanLink{{Text: q.p.T("survey.compose"), Href: "/surveys/" + string(v.ID) + "/compose", Class: "btn-primary"}}
			f.Acts = slices.DeleteFunc(f.Acts, func(l page.PlanLink) bool { return l.Href == f.NextDo[0].Href })
		}
	case mine > 0:
		i := slices.IndexFunc(f.Rows, func(r page.SurveySectionRow) bool { return r.DoMine })
		f.Next = &page.NextView{Label: page.DoFirst(q.p), Title: page.Say(q.p.T("survey.next-answer", "n", mine, "section", f.Rows[i].Title)),
			Meta: page.Say(q.p.T("survey.due-on", "due", v.Due))}
		f.NextDo = []page.PlanLink{{Text: q.p.T("survey.fill-in"), Href: f.Rows[i].Href, Class: "btn-primary"}}
	}
	frame, err := q.frame(v.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.SurveyPage(frame, f))
}

// surveyHead is the head of a survey's pages; part names one below the overview.
func (q *request) surveyHead(v store.SurveyView, part string) page.HeadView {
	h := page.HeadView{
		Crumbs: []page.Crumb{{Text: q.p.T("survey.list-title"), Href: "/surveys"}, {Text: q.regionName(v.Region)}},
		Title:  page.Say(v.Title), Meta: page.Say(q.p.Dots(q.p.T("survey.stage-"+string(v.Stage)), q.p.T("survey.year-of", "year", v.Year))),
	}
	if part != "" {
		h.Crumbs = append(h.Crumbs[:1], page.Crumb{Text: v.Title, Href: "/surveys/" + string(v.ID)}, page.Crumb{Text: part})
		h.Title = page.Say(part)
	}
	return h
}

func (q *request) surveyFacts(v store.SurveyView, units map[org.UnitID]org.Unit) []page.Fact {
	facts := []page.Fact{
		{Name: q.p.T("survey.office"), Text: page.Say(units[v.Unit].Name)}, {Name: q.p.T("survey.place"), Text: page.Say(q.regionName(v.Region))},
		{Name: q.p.T("survey.about"), Text: page.Say(v.About)},
	}
	for _, d := range []struct {
		key string
		day calendar.Date
	}{{"due", v.Due}, {"sent", v.Sent}, {"closed", v.Closed}} {
		facts = append(facts, page.Fact{Name: q.p.T("survey." + d.key), Text: page.Say(d.day.String())})
	}
	if v.Memorandum != "" {
		if m, err := q.view.Memorandum(q.Context(), memo.ID(v.Memorandum)); err == nil {
			facts = append(facts, page.Fact{Name: q.p.T("survey.memorandum"), Text: page.Linked(m.Title, "/memorandums/"+v.Memorandum)})
		}
	}
	return slices.DeleteFunc(facts, func(f page.Fact) bool { return f.Text.Empty() })
}

// sectionRow is one section of the overview.
func (q *request) sectionRow(v store.SurveyView, x survey.Section, answers survey.Answers, units map[org.UnitID]org.Unit) page.SurveySectionRow {
	r := page.SurveySectionRow{No: strconv.Itoa(x.Number), Title: x.Title, Unit: units[x.Unit].Name, Reason: x.Reason}
	if v.Stage == survey.Composing {
		r.State = q.p.T("survey.questions-n", "n", len(x.Questions))
		return r
	}
	r.State = q.p.T("survey.state-" + string(x.State))
	if !q.view.MaySection(v, x) {
		return r
	}
	r.Href = "/surveys/" + string(v.ID) + "/sections/" + r.No
	r.Count = q.p.T("survey.count-of", "n", x.Answered(answers), "all", len(x.Questions))
	if !x.Handed.IsZero() {
		r.Last = q.p.Recent(x.Handed)
	}
	r.Do = q.p.T("survey.look")
	if v.CheckAnswer(x) == nil && q.view.May(org.AnswerSurvey, v.SectionFacts(x)) {
		r.Do, r.DoMine = q.p.T("survey.fill-in"), true
	}
	return r
}

// surveyActs are the buttons of a survey for this reader.
func (q *request) surveyActs(v store.SurveyView, f *page.SurveyOverview) {
	base, version := "/surveys/"+string(v.ID), strconv.FormatInt(v.Version, 10)
	if v.Stage == survey.Composing && q.view.May(org.EnterSurvey, v.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("survey.compose"), Href: base + "/compose"})
	}
	if v.Stage == survey.Composing && q.view.May(org.SendSurvey, v.Facts) {
		f.Send = &page.SurveyPost{Action: base + "/send", Key: newKey(), Version: version, Button: q.p.T("survey.send"), Class: "btn-primary"}
	}
	if v.Stage != survey.Composing && q.view.May(org.SeeFindings, v.Facts) {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("survey.findings"), Href: base + "/findings"}, page.PlanLink{Text: q.p.T("survey.compare"), Href: base + "/compare"})
	}
	if v.Stage == survey.Sent && q.view.May(org.CloseSurvey, v.Facts) {
		f.Close = &page.SurveyPost{Action: base + "/close", Key: newKey(), Version: version, Button: q.p.T("survey.close")}
	}
}

func (s *Server) surveySend(q *request) error {
	return s.moveSurvey(q, "survey.done-send", func(id survey.ID, version int64) (store.Receipt, error) {
		return s.desk.SendSurvey(q.Context(), q.caller, q.key(), id, version)
	})
}

func (s *Server) surveyClose(q *request) error {
	return s.moveSurvey(q, "survey.done-close", func(id survey.ID, version int64) (store.Receipt, error) {
		return s.desk.CloseSurvey(q.Context(), q.caller, q.key(), id, version)
	})
}

func (s *Server) moveSurvey(q *request, done string, move func(survey.ID, int64) (store.Receipt, error)) error {
	id := survey.ID(q.PathValue("id"))
	r, err := move(id, q.version())
	if mendable(err) {
		return s.showSurvey(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/surveys/"+string(id), done)
}

// surveyFile hands out a file of an answer.
func (s *Server) surveyFile(q *request) error {
	e, err := s.desk.OpenSurveyFile(q.Context(), q.caller, survey.ID(q.PathValue("id")), q.PathValue("hash"))
	if err != nil {
		return err
	}
	defer e.File.Close()
	return serveFile(q, e)
}
