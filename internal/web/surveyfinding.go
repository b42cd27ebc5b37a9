package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/web/page"
)

func (s *Server) findings(q *request) error {
	return s.showFindings(q, findingTyped{}, http.StatusOK, nil)
}

// findingTyped is a form of a finding that came back.
type findingTyped struct {
	at       string // which form of the page
	finding  survey.Finding
	rests    []string
	with     survey.ID
	rule     string
	returned bool
}

func (s *Server) showFindings(q *request, typed findingTyped, code int, cause error) error {
	full, v, err := q.view.SurveyInFull(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	found, err := q.view.Findings(q.Context(), v)
	if err != nil {
		return err
	}
	base := "/surveys/" + string(v.ID)
	f := page.FindingsView{Head: q.surveyHead(v, q.p.T("survey.findings")), Action: base + "/findings"}
	f.Acts = []page.PlanLink{{Text: q.p.T("survey.compare"), Href: base + "/compare"}}
	if v.Memorandum != "" {
		f.Acts = append(f.Acts, page.PlanLink{Text: q.p.T("measure.propose-link"), Href: "/memorandums/" + v.Memorandum + "/measures"})
	}
	f.May = v.Stage != survey.Composing && q.view.May(org.DrawFinding, v.Facts)
	if len(found) == 0 {
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("survey.findings-none")), Note: page.Say(q.p.T("survey.findings-none-note"))}
	}
	f.Groups = q.findingGroups(v, found, f.May, typed, cause)
	if f.May {
		with, err := s.proposeFindings(q, full, found, &f, typed, cause)
		if err != nil {
			return err
		}
		f.Own = q.ownFinding(full, with, typed, cause)
	}
	if cause != nil {
		f.Faults = findingFaults(q, typed.at, cause)
	}
	frame, err := q.frame(v.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.Findings(frame, f))
}

// findingFaults gives what is wrong in one form of the page the ids of its fields.
func findingFaults(q *request, at string, cause error) []page.FieldFault {
	out := page.Faults(q.p, cause, nil)
	for i := range out {
		if out[i].Field != "" {
			out[i].Field = at + "." + out[i].Field
		}
	}
	return out
}

func (q *request) findingGroups(v store.SurveyView, found []survey.Finding, may bool, typed findingTyped, cause error) (out []page.FindingGroup) {
	for _, x := range found {
		kind := q.p.T("survey.finding-" + string(x.Kind))
		if n := len(out); n == 0 || out[n-1].Kind != kind {
			out = append(out, page.FindingGroup{Kind: kind})
		}
		row := page.FindingRow{ID: string(x.ID), Field: q.p.T("survey.field-" + string(x.Field)), Sentence: x.Sentence, Rests: q.grounds(x.Rests), Meta: q.p.T("survey.drawn-at", "time", q.p.Recent(x.At))}
		if may {
			action := "/surveys/" + string(v.ID) + "/findings/" + string(x.ID)
			at := "f" + string(x.ID)
			show := x
			form := q.findingForm(at, action, q.p.T("survey.save"))
			if typed.at == at && typed.returned {
				show, form.Faults = typed.finding, findingFaults(q, at, cause)
			}
			form.Version, form.Sentence = strconv.FormatInt(x.Version, 10), show.Sentence
			form.Kinds, form.Fields = q.findingKinds(show.Kind), q.fieldOptions(show.Field, "")
			row.Form = &form
			row.Drop = &page.SurveyPost{Action: action + "/drop", Key: newKey(), Version: form.Version, Button: q.p.T("survey.finding-drop")}
		}
		out[len(out)-1].Rows = append(out[len(out)-1].Rows, row)
	}
	return out
}

func (q *request) findingForm(at, action, button string) page.FindingForm {
	return page.FindingForm{ID: at, Action: action, Key: newKey(), Button: button}
}

func (q *request) findingKinds(chosen survey.FindingKind) (out []page.Option) {
	for _, k := range survey.FindingKinds() {
		out = append(out, page.Option{Value: string(k), Text: q.p.T("survey.finding-" + string(k)), Current: k == chosen})
	}
	return out
}

// grounds words what a finding rests on: figure, year and source.
func (q *request) grounds(rests []survey.Ground) (out []string) {
	industries := survey.StandardIndustries()
	for _, g := range rests {
		line := g.Words
		switch {
		case g.Value != nil:
			line = q.p.T("survey.figure", "year", g.Year, "value", q.p.Quantity(*g.Value), "unit", g.Unit)
		case len(g.Codes) > 0:
			line = q.codeNames(g.Codes, industries)
		}
		line = q.p.T("survey.ground", "text", g.Text, "value", line)
		if g.Source != "" {
			line = q.p.T("survey.ground-source", "ground", line, "source", g.Source)
		}
		out = append(out, line)
	}
	return out
}

func (q *request) codeNames(codes []string, industries survey.Industries) string {
	var names []string
	for _, c := range codes {
		i, _ := industries.Of(c)
		names = append(names, i.Name)
	}
	return q.p.List(names)
}

// comparable are the surveys that this one may be compared with, the same place and
// the same year first.
func (q *request) comparable(v store.SurveyView) ([]page.Option, error) {
	all, err := q.view.Surveys(q.Context(), store.SurveyFilter{InFull: true}, store.SurveyKey{}, 200)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b store.SurveyEntry) int {
		near := func(e store.SurveyEntry) int {
			switch {
			case e.Region == v.Region:
				return 0
			case e.Year == v.Year:
				return 1
			}
			return 2
		}
		return near(a) - near(b)
	})
	chosen := q.FormValue("with")
	out := []page.Option{{Text: q.p.T("survey.compare-none")}}
	for _, e := range all {
		if e.ID == v.ID || e.Stage == survey.Composing {
			continue
		}
		out = append(out, page.Option{Value: string(e.ID), Text: q.p.Dots(q.regionShort(e.Region), q.p.T("survey.year-of", "year", e.Year), e.Title), Current: string(e.ID) == chosen})
	}
	return out, nil
}

// proposeFindings adds what the figures suggest and is not a finding yet.
func (s *Server) proposeFindings(q *request, full survey.Full, found []survey.Finding, f *page.FindingsView, typed findingTyped, cause error) (*survey.Full, error) {
	v, err := q.view.Survey(q.Context(), full.ID)
	if err != nil {
		return nil, err
	}
	if f.With, err = q.comparable(v); err != nil {
		return nil, err
	}
	var with *survey.Full
	if id := survey.ID(q.FormValue("with")); id != "" {
		other, _, err := q.view.SurveyInFull(q.Context(), id)
		if err != nil {
			return nil, err
		}
		with = &other
	}
	for i, x := range survey.Propose(full, with) {
		if slices.ContainsFunc(found, func(y survey.Finding) bool {
			return y.Rule == x.Rule && len(y.Rests) > 0 && y.Rests[0].Question == x.Question.Key
		}) {
			continue
		}
		at := "p" + strconv.Itoa(i)
		form := q.findingForm(at, f.Action, q.p.T("survey.finding-take"))
		form.Rule, form.Questions, form.Why = x.Rule, []string{x.Question.Key}, q.p.T("survey.why-"+x.Rule)
		if with != nil && (x.Rule == "above" || x.Rule == "below") {
			form.With = string(with.ID)
		}
		form.Sentence, form.Kinds, form.Fields = q.proposedSentence(x, with), q.findingKinds(x.Kind), q.fieldOptions(x.Field, "")
		if typed.at == at && typed.returned {
			form.Sentence, form.Kinds, form.Fields = typed.finding.Sentence, q.findingKinds(typed.finding.Kind), q.fieldOptions(typed.finding.Field, "")
			form.Faults = findingFaults(q, at, cause)
		}
		f.Proposals = append(f.Proposals, form)
	}
	return with, nil
}

// proposedSentence words a proposal, in the language of documents; the office edits it.
func (q *request) proposedSentence(x survey.Proposal, with *survey.Full) string {
	p := q.server.printer("zh-CN", q.view.Today())
	names := p.List(x.Names)
	if x.Rule == "industry" {
		names = q.codeNames(x.Names, survey.StandardIndustries())
	}
	args := []any{"text", x.Question.Text, "year", x.Year, "unit", x.Question.Unit, "names", names}
	if x.Now != nil {
		args = append(args, "now", *x.Now)
	}
	if x.Then != nil {
		args = append(args, "then", *x.Then, "thenYear", strconv.Itoa(x.ThenYear))
	}
	if with != nil {
		args = append(args, "place", page.RegionShort(p, division(with.Region)))
	}
	return p.T("survey.says-"+x.Rule, args...)
}

// ownFinding is the form for a finding in the office's own words.
func (q *request) ownFinding(full survey.Full, with *survey.Full, typed findingTyped, cause error) *page.FindingForm {
	const at = "own"
	form := q.findingForm("own-form", "/surveys/"+string(full.ID)+"/findings", q.p.T("survey.finding-draw"))
	form.ID = at + "finding"
	show := typed.at == form.ID && typed.returned
	if with != nil {
		form.With = string(with.ID)
	}
	form.Kinds, form.Fields = q.findingKinds(survey.Gap), q.fieldOptions(survey.QualityCity, "")
	if show {
		form.Sentence, form.Kinds, form.Fields = typed.finding.Sentence, q.findingKinds(typed.finding.Kind), q.fieldOptions(typed.finding.Field, "")
		form.Faults = findingFaults(q, form.ID, cause)
	}
	for _, x := range full.Sections {
		for _, y := range x.Questions {
			g, ok := full.GroundOf(y.Key)
			if !ok {
				continue
			}
			form.Rests = append(form.Rests, page.TaskChoice{Value: y.Key, Text: q.grounds([]survey.Ground{g})[0], Current: show && slices.Contains(typed.rests, y.Key)})
		}
	}
	return &form
}

// readFinding reads the form of a finding.
func (q *request) readFinding() findingTyped {
	return findingTyped{
		at: q.PostFormValue("at"), rests: q.PostForm["rests"], with: survey.ID(q.PostFormValue("with")), rule: q.PostFormValue("rule"), returned: true,
		finding: survey.Finding{Survey: survey.ID(q.PathValue("id")), ID: survey.FindingID(q.PathValue("finding")), Version: q.version(),
			Sentence: strings.TrimSpace(unix(q.PostFormValue("sentence"))), Kind: survey.FindingKind(q.PostFormValue("kind")), Field: survey.Field(q.PostFormValue("field"))},
	}
}

func (s *Server) findingDraw(q *request) error {
	t := q.readFinding()
	t.finding.Rule = t.rule
	r, _, err := s.desk.DrawFinding(q.Context(), q.caller, q.key(), t.finding, t.rests, t.with)
	if mendable(err) {
		return s.showFindings(q, t, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	to := "/surveys/" + q.PathValue("id") + "/findings"
	if t.with != "" {
		to += "?with=" + string(t.with)
	}
	return q.done(r, to, "survey.done-finding")
}

func (s *Server) findingChange(q *request) error {
	t := q.readFinding()
	r, err := s.desk.ChangeFinding(q.Context(), q.caller, q.key(), t.finding.Survey, t.finding)
	return s.findingDone(q, t, r, err, "survey.done-finding-change")
}

func (s *Server) findingDrop(q *request) error {
	t := q.readFinding()
	r, err := s.desk.DropFinding(q.Context(), q.caller, q.key(), t.finding.Survey, t.finding.ID, t.finding.Version)
	return s.findingDone(q, findingTyped{}, r, err, "survey.done-finding-drop")
}

func (s *Server) findingDone(q *request, t findingTyped, r store.Receipt, err error, done string) error {
	if mendable(err) {
		return s.showFindings(q, t, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/surveys/"+q.PathValue("id")+"/findings", done)
}

func (s *Server) surveyCompare(q *request) error {
	full, v, err := q.view.SurveyInFull(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	f := page.CompareView{Head: q.surveyHead(v, q.p.T("survey.compare")), Path: "/surveys/" + string(v.ID) + "/compare", Here: q.placeAndYear(v.Survey)}
	if f.With, err = q.comparable(v); err != nil {
		return err
	}
	rows, other, err := q.comparedWith(full)
	if err != nil {
		return err
	}
	switch {
	case other != nil:
		f.There = q.placeAndYear(other.Survey)
	case len(f.With) == 1:
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("survey.compare-nothing")), Note: page.Say(q.p.T("survey.compare-nothing-note"))}
	default:
		f.Empty = &page.EmptyView{Text: page.Say(q.p.T("survey.compare-choose"))}
	}
	for _, c := range rows {
		f.Rows = append(f.Rows, q.compareRow(c))
	}
	frame, err := q.frame(v.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, page.SurveyCompare(frame, f))
}

func (q *request) placeAndYear(s survey.Survey) string {
	return q.p.Dots(q.regionShort(s.Region), q.p.T("survey.year-of", "year", s.Year))
}

// comparedWith sets a survey beside the one that the address names; nil when it names none.
func (q *request) comparedWith(full survey.Full) ([]survey.Compared, *survey.Full, error) {
	id := survey.ID(q.FormValue("with"))
	if id == "" {
		return nil, nil, nil
	}
	other, _, err := q.view.SurveyInFull(q.Context(), id)
	if err != nil {
		return nil, nil, err
	}
	return survey.Compare(full, other), &other, nil
}

func (q *request) compareRow(c survey.Compared) page.CompareRow {
	r := page.CompareRow{Text: c.Question.Text, Unit: c.Question.Unit, A: q.p.T("survey.no-figure"), B: q.p.T("survey.no-figure")}
	if c.A != nil {
		r.A = q.p.Quantity(*c.A)
	}
	if c.B != nil {
		r.B = q.p.Quantity(*c.B)
	}
	if c.YearA != 0 {
		r.YearA = q.p.T("survey.year-of", "year", c.YearA)
	}
	if c.YearB != 0 {
		r.YearB = q.p.T("survey.year-of", "year", c.YearB)
	}
	if c.Difference != nil {
		r.Difference = q.p.Quantity(*c.Difference)
		if *c.Difference > 0 {
			r.Difference = "+" + r.Difference
		}
	}
	if c.OtherUnit != "" {
		r.Note = q.p.T("survey.other-unit", "unit", c.OtherUnit)
	}
	return r
}
