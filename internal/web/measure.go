package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/measure"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/web/page"
)

func (s *Server) measureRoutes() []Route {
	return []Route{
		{"GET /measures", false, s.measures},
		{"GET /measures/new", false, s.measureNew},
		{"POST /measures", false, s.measureEnter},
		{"POST /measures/standard", false, s.measureStandard},
		{"GET /measures/{id}", false, s.measure},
		{"POST /measures/{id}", false, s.measureChange},
		{"GET /memorandums/{id}/measures", false, s.takeMeasures},
		{"POST /memorandums/{id}/measures", false, s.measuresTaken},
	}
}

// measuresAPage is how many measures stand on a page.
const measuresAPage = 100

// mayChangeMeasures reports whether the caller's unit keeps measures.
func (q *request) mayChangeMeasures() bool {
	return q.view.May(org.ChangeMeasure, org.MeasureFacts{Office: q.caller.Unit().ID})
}

func (q *request) measureFilter() store.MeasureFilter {
	return store.MeasureFilter{Field: survey.Field(q.FormValue("field")), Side: measure.Side(q.FormValue("side")), Words: strings.TrimSpace(q.FormValue("words")), Off: q.FormValue("off") == "yes"}
}

func (s *Server) measures(q *request) error {
	if !q.view.May(org.SeeMeasures, org.MeasureFacts{}) {
		return errAbsent
	}
	filter := q.measureFilter()
	after := store.MeasureKey{Field: survey.Field(q.FormValue("at")), ID: measure.ID(q.FormValue("after"))}
	after.Position, _ = strconv.Atoi(q.FormValue("position"))
	all, err := q.view.Measures(q.Context(), filter, after, measuresAPage+1)
	if err != nil {
		return err
	}
	title := q.p.T("measure.list-title")
	f := page.MeasuresView{Head: page.HeadView{Title: page.Say(title), Meta: page.Say(q.p.T("measure.list-about"))}, Words: filter.Words, Off: filter.Off}
	f.Fields, f.Sides = q.fieldOptions(filter.Field, q.p.T("measure.every-field")), q.sideOptions(filter.Side, q.p.T("measure.every-side"))
	keep := url.Values{"words": {filter.Words}, "field": {string(filter.Field)}, "side": {string(filter.Side)}, "off": {q.FormValue("off")}}
	if after.ID != "" {
		f.Pager.First = "/measures?" + keep.Encode()
	}
	if len(all) > measuresAPage {
		all = all[:measuresAPage]
		last := all[measuresAPage-1]
		keep.Set("at", string(last.Field))
		keep.Set("position", strconv.Itoa(last.Position))
		keep.Set("after", string(last.ID))
		f.Pager.Next = "/measures?" + keep.Encode()
	}
	// The database orders fields by their keys; pages show them in the order of the work.
	order := survey.Fields()
	slices.SortStableFunc(all, func(a, b store.MeasureEntry) int { return slices.Index(order, a.Field) - slices.Index(order, b.Field) })
	for _, e := range all {
		field := q.p.T("survey.field-" + string(e.Field))
		if n := len(f.Groups); n == 0 || f.Groups[n-1].Field != field {
			f.Groups = append(f.Groups, page.MeasureGroup{Field: field})
		}
		g := &f.Groups[len(f.Groups)-1]
		g.Rows = append(g.Rows, q.measureRow(e))
	}
	s.measuresEmpty(q, &f, filter, len(all))
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.Measures(v, f))
}

// measuresEmpty adds the buttons of the catalogue, and what it says when it is empty.
func (s *Server) measuresEmpty(q *request, f *page.MeasuresView, filter store.MeasureFilter, n int) {
	may := q.mayChangeMeasures()
	if may {
		f.Acts = []page.PlanLink{{Text: q.p.T("measure.enter"), Href: "/measures/new"}}
	}
	if n > 0 {
		return
	}
	f.Empty = &page.EmptyView{Text: page.Say(q.p.T("measure.none"))}
	if filter != (store.MeasureFilter{}) {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("measure.none-found"))}
		f.EmptyDo = []page.PlanLink{{Text: q.p.T("plan.show-all"), Href: "/measures"}}
	} else if may {
		f.Empty.Note = page.Say(q.p.T("measure.standard-note", "n", len(measure.Standards())))
		f.Load = &page.SurveyPost{Action: "/measures/standard", Key: newKey(), Button: q.p.T("measure.standard"), Class: "btn-primary"}
	}
}

func (q *request) sideOptions(chosen measure.Side, first string) (out []page.Option) {
	if first != "" {
		out = append(out, page.Option{Text: first})
	}
	for _, x := range measure.Sides() {
		out = append(out, page.Option{Value: string(x), Text: q.p.T("measure.side-" + string(x)), Current: x == chosen})
	}
	return out
}

func (q *request) measureRow(e store.MeasureEntry) page.MeasureRow {
	r := page.MeasureRow{Title: e.Title, Href: "/measures/" + string(e.ID), Side: q.p.T("measure.side-" + string(e.Side)), Wording: e.Wording, Target: e.Target, Deadline: e.Deadline, Evidence: e.Evidence}
	facts := []string{e.UnitName}
	if e.Used > 0 {
		facts = append(facts, q.p.T("measure.used", "n", e.Used))
	}
	if r.Off = !e.On; r.Off {
		facts = append(facts, q.p.T("measure.off"))
	}
	r.Meta = q.p.Dots(facts...)
	return r
}

func (s *Server) measureStandard(q *request) error {
	r, n, err := s.desk.LoadMeasures(q.Context(), q.caller, q.key())
	if err != nil {
		return err
	}
	return q.done(r, "/measures", "measure.done-standard", "n", n)
}

func (s *Server) measureNew(q *request) error {
	if !q.mayChangeMeasures() {
		return fault.New(fault.Denied, "denied", "Action", string(org.ChangeMeasure))
	}
	return s.showMeasure(q, nil, measure.Measure{Side: measure.Offers}, q.view.Today().String(), true, 0, http.StatusOK, nil, nil)
}

func (s *Server) measure(q *request) error {
	e, err := q.view.Measure(q.Context(), measure.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	return s.showMeasure(q, &e, e.Entry.Measure, q.view.Today().String(), e.On, e.Version, http.StatusOK, nil, nil)
}

// showMeasure shows a measure with its form; e is nil for a new one, m what stands in the form.
func (s *Server) showMeasure(q *request, e *store.MeasureView, m measure.Measure, from string, on bool, version int64, code int, cause error, now []string) error {
	title := q.p.T("measure.enter")
	f := page.MeasureForm{Action: "/measures", Back: "/measures", New: e == nil, May: true, On: on, Key: formKey(q), Version: strconv.FormatInt(version, 10), Now: now}
	if e != nil {
		title, f.Action = e.Title, "/measures/"+string(e.ID)
		f.May = q.view.May(org.ChangeMeasure, e.Facts)
		f.Facts = q.measureFacts(*e)
		for _, x := range e.Versions {
			f.Versions = append(f.Versions, page.MeasureVersionRow{No: q.p.T("measure.version", "no", x.Number), From: q.p.T("measure.since", "day", x.From), Wording: x.Wording, Target: q.p.Dots(x.Target, x.Deadline)})
		}
	}
	f.Head = page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("measure.list-title"), Href: "/measures"}, {Text: title}}, Title: page.Say(title)}
	f.Values = map[string]string{"title": m.Title, "wording": m.Wording, "target": m.Target, "deadline": m.Deadline, "evidence": m.Evidence, "from": from, "answers": q.patternLines(m.Answers)}
	if q.Method == http.MethodPost {
		f.Values["answers"] = q.PostFormValue("answers")
	}
	f.Fields, f.Sides = q.fieldOptions(m.Field, ""), q.sideOptions(m.Side, "")
	labels := map[string]string{"field": q.p.T("survey.field"), "side": q.p.T("measure.side")}
	for name := range f.Values {
		labels[name] = q.p.T("measure." + name)
	}
	f.Faults = page.Faults(q.p, cause, labels)
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Measure(v, f))
}

func (q *request) measureFacts(e store.MeasureView) []page.Fact {
	facts := []page.Fact{
		{Name: q.p.T("survey.field"), Text: page.Say(q.p.T("survey.field-" + string(e.Field)))}, {Name: q.p.T("measure.side"), Text: page.Say(q.p.T("measure.side-" + string(e.Side)))},
		{Name: q.p.T("measure.target"), Text: page.Say(e.Target)}, {Name: q.p.T("measure.deadline"), Text: page.Say(e.Deadline)}, {Name: q.p.T("measure.evidence"), Text: page.Say(e.Evidence)},
		{Name: q.p.T("measure.answers"), Text: page.Say(strings.Join(strings.Split(q.patternLines(e.Answers), "\n"), "；"))},
		{Name: q.p.T("measure.kept-by"), Text: page.Say(e.UnitName)}, {Name: q.p.T("measure.used-label"), Text: page.Say(q.p.T("measure.used", "n", e.Used))},
	}
	if !e.On {
		facts = append(facts, page.Fact{Name: q.p.T("measure.state"), Text: page.Say(q.p.T("measure.off"))})
	}
	return slices.DeleteFunc(facts, func(f page.Fact) bool { return f.Text.Empty() })
}

// patternLines writes patterns as the form has them, one a line: kind, field where it
// is another, words and codes with commas between them.
func (q *request) patternLines(all []measure.Pattern) string {
	var lines []string
	for _, p := range all {
		line := q.p.T("measure.any-kind")
		if p.Kind != "" {
			line = q.p.T("survey.finding-" + string(p.Kind))
		}
		if p.Field != "" {
			line += "@" + q.p.T("survey.field-"+string(p.Field))
		}
		if words := append(slices.Clone(p.Words), p.Industries...); len(words) > 0 {
			line += q.p.T("measure.pattern-colon") + strings.Join(words, "，")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// readPatterns reads the lines again; a code of an industry is told by its form.
func (q *request) readPatterns(typed string) (out []measure.Pattern, err error) {
	industries := survey.StandardIndustries()
	for _, line := range textLines(typed) {
		head, words, _ := strings.Cut(strings.ReplaceAll(line, "：", ":"), ":")
		kind, field, other := strings.Cut(strings.TrimSpace(head), "@")
		var p measure.Pattern
		ok := strings.TrimSpace(kind) == q.p.T("measure.any-kind")
		for _, k := range survey.FindingKinds() {
			if strings.TrimSpace(kind) == q.p.T("survey.finding-"+string(k)) {
				p.Kind, ok = k, true
			}
		}
		for _, x := range survey.Fields() {
			if strings.TrimSpace(field) == q.p.T("survey.field-"+string(x)) {
				p.Field = x
			}
		}
		if !ok || other && p.Field == "" {
			return out, fault.New(fault.Invalid, "measure.pattern-unread", "Line", line).On("answers")
		}
		for _, w := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("，,、;；", r) }) {
			w = strings.TrimSpace(w)
			if code, err := industries.Read(w); err == nil {
				p.Industries = append(p.Industries, code)
			} else if w != "" {
				p.Words = append(p.Words, w)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// readMeasure reads the form of a measure.
func (q *request) readMeasure() (m measure.Measure, from calendar.Date, l fault.List) {
	value := func(name string) string { return strings.TrimSpace(unix(q.PostFormValue(name))) }
	m = measure.Measure{Field: survey.Field(value("field")), Side: measure.Side(value("side")), Title: value("title"), Wording: value("wording"), Target: value("target"), Deadline: value("deadline"), Evidence: value("evidence")}
	var err error
	if m.Answers, err = q.readPatterns(value("answers")); err != nil {
		l = append(l, err.(*fault.Fault))
	}
	day, ok := readDay(value("from"), q.view.Today().Year)
	if !ok || day.IsZero() {
		l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", value("from")).On("from"))
	}
	return m, day, l
}

func (s *Server) measureEnter(q *request) error {
	if !q.mayChangeMeasures() {
		return fault.New(fault.Denied, "denied", "Action", string(org.ChangeMeasure))
	}
	m, from, l := q.readMeasure()
	if len(l) > 0 {
		return s.showMeasure(q, nil, m, q.PostFormValue("from"), true, 0, http.StatusUnprocessableEntity, l, nil)
	}
	r, id, err := s.desk.EnterMeasure(q.Context(), q.caller, q.key(), m, from)
	if mendable(err) {
		return s.showMeasure(q, nil, m, q.PostFormValue("from"), true, 0, status(fault.KindOf(err)), err, nil)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/measures/"+string(id), "measure.done-enter")
}

func (s *Server) measureChange(q *request) error {
	e, err := q.view.Measure(q.Context(), measure.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	if !q.view.May(org.ChangeMeasure, e.Facts) {
		return fault.New(fault.Denied, "denied", "Action", string(org.ChangeMeasure))
	}
	m, from, l := q.readMeasure()
	on, version := q.PostFormValue("on") == "yes", q.version()
	if len(l) > 0 {
		return s.showMeasure(q, &e, m, q.PostFormValue("from"), on, version, http.StatusUnprocessableEntity, l, nil)
	}
	r, err := s.desk.ChangeMeasure(q.Context(), q.caller, q.key(), e.ID, version, m, from, on)
	if fault.Is(err, "changed-meanwhile") {
		now := []string{e.Title, e.Wording, e.Target, e.Deadline, e.Evidence}
		return s.showMeasure(q, &e, m, q.PostFormValue("from"), on, e.Version, http.StatusConflict, err, now)
	}
	if mendable(err) {
		return s.showMeasure(q, &e, m, q.PostFormValue("from"), on, version, status(fault.KindOf(err)), err, nil)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/measures/"+string(e.ID), "measure.done-change")
}
