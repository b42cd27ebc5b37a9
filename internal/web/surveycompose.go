package web

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/web/page"
)

// How long a questionnaire's form may grow.
const (
	mostSections  = 30
	mostQuestions = 60
)

// surveyKey is the form of a question's key that is kept; another is made anew.
var surveyKey = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (s *Server) surveyNew(q *request) error {
	if !q.mayEnterSurvey() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterSurvey))
	}
	f := page.SurveyForm{New: true, Values: map[string]string{"year": strconv.Itoa(q.view.Today().Year)}}
	return s.showSurveyNew(q, f, survey.Survey{Region: q.caller.Unit().Region, Memorandum: q.FormValue("memorandum")}, http.StatusOK, nil)
}

func (s *Server) showSurveyNew(q *request, f page.SurveyForm, typed survey.Survey, code int, cause error) error {
	title := q.p.T("survey.enter")
	f.Head = page.HeadView{Crumbs: []page.Crumb{{Text: q.p.T("survey.list-title"), Href: "/surveys"}, {Text: title}}, Title: page.Say(title)}
	f.Action, f.Back, f.Key = "/surveys", "/surveys", formKey(q)
	if err := s.surveyChoices(q, &f, typed); err != nil {
		return err
	}
	f.Faults = page.Faults(q.p, cause, q.surveyLabels())
	all, err := q.view.Surveys(q.Context(), store.SurveyFilter{InFull: true}, store.SurveyKey{}, surveysAPage)
	if err != nil {
		return err
	}
	from := q.FormValue("from")
	f.From = []page.Option{{Value: "standard", Text: q.p.T("survey.from-standard"), Current: from == "standard"}, {Value: "empty", Text: q.p.T("survey.from-empty"), Current: from == "empty"}}
	for _, e := range all {
		f.From = append(f.From, page.Option{Value: string(e.ID), Text: q.p.T("survey.from-other", "title", e.Title, "year", e.Year), Current: from == string(e.ID)})
	}
	v, err := q.frame(title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.SurveyNew(v, f))
}

// surveyChoices fills in the places and the memorandums that may be chosen.
func (s *Server) surveyChoices(q *request, f *page.SurveyForm, typed survey.Survey) error {
	f.Regions = q.regionOptions(typed.Region, "")
	all, err := q.view.Memorandums(q.Context(), "", store.MemorandumKey{}, 200)
	if err != nil {
		return err
	}
	f.Memorandums = []page.Option{{Text: q.p.T("survey.no-memorandum")}}
	for _, m := range all {
		if m.Stage == memo.Ended || m.Office != q.caller.Unit().ID && !slices.Contains(m.Parties, q.caller.Unit().ID) {
			continue
		}
		f.Memorandums = append(f.Memorandums, page.Option{Value: string(m.ID), Text: m.Title, Current: string(m.ID) == typed.Memorandum})
	}
	return nil
}

func (q *request) surveyLabels() map[string]string {
	return map[string]string{"title": q.p.T("survey.title"), "region": q.p.T("survey.place"), "year": q.p.T("survey.year"), "due": q.p.T("survey.due"),
		"memorandum": q.p.T("survey.memorandum"), "section-title": q.p.T("survey.section-title"), "section-unit": q.p.T("survey.asked-unit")}
}

// readSurveyHead reads the fields that every form of a survey has.
func (q *request) readSurveyHead(x *survey.Survey) (values map[string]string, l fault.List) {
	values = map[string]string{}
	for _, name := range []string{"title", "year", "due", "about", "section-title", "section-about"} {
		values[name] = strings.TrimSpace(unix(q.PostFormValue(name)))
	}
	x.Title, x.About, x.Region, x.Memorandum = values["title"], values["about"], org.RegionCode(q.PostFormValue("region")), q.PostFormValue("memorandum")
	x.Year, _ = strconv.Atoi(values["year"])
	day, ok := readDay(values["due"], q.view.Today().Year)
	if !ok {
		l = append(l, fault.New(fault.Invalid, "task.day-unread", "Text", values["due"]).On("due"))
	}
	x.Due = day
	return values, l
}

func (s *Server) surveyEnter(q *request) error {
	if !q.mayEnterSurvey() {
		return fault.New(fault.Denied, "denied", "Action", string(org.EnterSurvey))
	}
	var x survey.Survey
	values, l := q.readSurveyHead(&x)
	f := page.SurveyForm{New: true, Values: values}
	switch from := q.PostFormValue("from"); from {
	case "standard", "":
		x.Sections = survey.Standard()
	case "empty":
	default:
		v, err := q.view.Survey(q.Context(), survey.ID(from))
		if err != nil {
			return err
		}
		x.Sections = survey.Copy(v.Sections, v.Region == x.Region)
	}
	if len(l) > 0 {
		return s.showSurveyNew(q, f, x, http.StatusUnprocessableEntity, l)
	}
	r, id, err := s.desk.EnterSurvey(q.Context(), q.caller, q.key(), x)
	if mendable(err) {
		return s.showSurveyNew(q, f, x, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/surveys/"+string(id)+"/compose", "survey.done-enter")
}

// composable reads a survey that the caller may compose.
func (q *request) composable() (store.SurveyView, error) {
	v, err := q.view.Survey(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return v, err
	}
	if !q.view.May(org.EnterSurvey, v.Facts) {
		return v, fault.New(fault.Denied, "denied", "Action", string(org.EnterSurvey))
	}
	return v, v.CheckCompose()
}

func (s *Server) surveyCompose(q *request) error {
	v, err := q.composable()
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(q.FormValue("section"))
	if _, ok := v.Of(n); !ok && len(v.Sections) > 0 {
		n = 1
	}
	unit := page.TaskUnitField{}
	if x, ok := v.Of(n); ok && x.Unit != "" {
		units, err := q.view.Names(q.Context(), []org.UnitID{x.Unit})
		if err != nil {
			return err
		}
		unit.Value, unit.Chosen = units[x.Unit].Name, string(x.Unit)
	}
	return s.showCompose(q, v, v.Survey, n, unit, v.Version, http.StatusOK, nil, nil)
}

// showCompose shows the form of a survey with one section open. typed is what
// stands in it, v what is kept.
func (s *Server) showCompose(q *request, v store.SurveyView, typed survey.Survey, n int, unit page.TaskUnitField, version int64, code int, cause error, now []string) error {
	base := "/surveys/" + string(v.ID)
	f := page.SurveyForm{Head: q.surveyHead(v, q.p.T("survey.compose")), Action: base + "/compose", Back: base, Key: newKey(), Version: strconv.FormatInt(version, 10), Now: now}
	f.Values = map[string]string{"title": typed.Title, "year": strconv.Itoa(typed.Year), "due": typed.Due.String(), "about": typed.About}
	if q.Method == http.MethodPost {
		f.Values["year"], f.Values["due"] = q.PostFormValue("year"), q.PostFormValue("due")
	}
	if err := s.surveyChoices(q, &f, typed); err != nil {
		return err
	}
	for _, x := range typed.Sections {
		no := strconv.Itoa(x.Number)
		f.Tabs = append(f.Tabs, page.Choice{Text: no + " " + x.Title, Href: base + "/compose?section=" + no, Current: x.Number == n})
	}
	if x, ok := typed.Of(n); ok {
		f.No, f.Values["section-title"], f.Values["section-about"] = strconv.Itoa(n), x.Title, x.About
		unit.ID, unit.Label, unit.Hint = "section-unit", q.p.T("survey.asked-unit"), q.p.T("survey.asked-hint")
		f.Unit = unit
		for i, y := range x.Questions {
			f.Questions = append(f.Questions, questionForm(i, y))
		}
	}
	for _, k := range survey.QuestionKinds() {
		f.Kinds = append(f.Kinds, page.Option{Value: string(k), Text: q.p.T("survey.kind-" + string(k))})
	}
	f.Fields = q.fieldOptions("", q.p.T("survey.no-field"))
	f.Faults = page.Faults(q.p, cause, q.surveyLabels())
	frame, err := q.frame(v.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.SurveyCompose(frame, f))
}

// fieldOptions are the fields of the work; first is the choice of none.
func (q *request) fieldOptions(chosen survey.Field, first string) (out []page.Option) {
	if first != "" {
		out = append(out, page.Option{Text: first})
	}
	for _, x := range survey.Fields() {
		out = append(out, page.Option{Value: string(x), Text: q.p.T("survey.field-" + string(x)), Current: x == chosen})
	}
	return out
}

// gapMark stands before a choice that says that something is lacking.
const gapMark = "*"

func questionForm(i int, y survey.Question) page.SurveyQuestionForm {
	f := page.SurveyQuestionForm{
		Prefix: "q." + strconv.Itoa(i), No: strconv.Itoa(i + 1), Key: y.Key, Text: y.Text, Kind: string(y.Kind), Unit: y.Unit, Better: string(y.Better),
		Field: string(y.Field), Hint: y.Hint, Before: y.Before, Several: y.Several, Required: y.Required,
	}
	if y.Ago != 0 {
		f.Ago = strconv.Itoa(y.Ago)
	}
	var lines []string
	for _, c := range y.Choices {
		if slices.Contains(y.Gaps, c) {
			c = gapMark + c
		}
		lines = append(lines, c)
	}
	f.Choices = strings.Join(lines, "\n")
	return f
}

// readQuestions reads the questions of the open section; those marked to be dropped
// are left out.
func (q *request) readQuestions() (out []survey.Question) {
	for i := range mostQuestions {
		p := "q." + strconv.Itoa(i)
		if !q.PostForm.Has(p + ".text") {
			break
		}
		if q.PostFormValue(p+".drop") == "yes" {
			continue
		}
		value := func(name string) string { return strings.TrimSpace(q.PostFormValue(p + "." + name)) }
		y := survey.Question{
			Key: value("key"), Text: value("text"), Kind: survey.QuestionKind(value("kind")), Unit: value("unit"), Better: survey.Better(value("better")),
			Field: survey.Field(value("field")), Hint: value("hint"), Before: value("before") == "yes", Several: value("several") == "yes", Required: value("required") == "yes",
		}
		y.Ago, _ = strconv.Atoi(value("ago"))
		if !surveyKey.MatchString(y.Key) {
			y.Key = newQuestionKey()
		}
		for _, line := range textLines(q.PostFormValue(p + ".choices")) {
			c, gap := strings.CutPrefix(line, gapMark)
			c = strings.TrimSpace(c)
			y.Choices = append(y.Choices, c)
			if gap {
				y.Gaps = append(y.Gaps, c)
			}
		}
		out = append(out, y)
	}
	return out
}

// newQuestionKey is the key of a question that comes from no template.
func newQuestionKey() string { return "own-" + strings.ToLower(rand.Text()[:10]) }

// textLines are the lines of a field that have something in them.
func textLines(s string) (out []string) {
	for line := range strings.Lines(unix(s)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s *Server) surveyComposed(q *request) error {
	v, err := q.composable()
	if mendable(err) {
		return s.showSurvey(q, status(fault.KindOf(err)), err)
	}
	if err != nil {
		return err
	}
	typed := v.Survey
	typed.Sections = slices.Clone(v.Sections)
	_, l := q.readSurveyHead(&typed)
	n, _ := strconv.Atoi(q.PostFormValue("section"))
	unit, wrong, err := q.readSection(&typed, n)
	if err != nil {
		return err
	}
	if wrong != nil {
		l = append(l, wrong)
	}
	typed.Version = q.version()
	switch do := q.PostFormValue("do"); {
	case do == "question":
		if i := n - 1; i >= 0 && i < len(typed.Sections) && len(typed.Sections[i].Questions) < mostQuestions {
			x := &typed.Sections[i]
			x.Questions = append(x.Questions, survey.Question{Key: newQuestionKey(), Kind: survey.Figure})
		}
		return s.showCompose(q, v, typed, n, unit, typed.Version, http.StatusOK, nil, nil)
	case do == "section" && len(typed.Sections) < mostSections:
		typed.Sections = append(typed.Sections, survey.Section{Number: len(typed.Sections) + 1, Title: q.p.T("survey.new-section")})
		n = len(typed.Sections)
	case do == "drop" && n >= 1 && n <= len(typed.Sections):
		typed.Sections = slices.Delete(typed.Sections, n-1, n)
		n = 1
	}
	if len(l) > 0 {
		return s.showCompose(q, v, typed, n, unit, typed.Version, http.StatusUnprocessableEntity, l, nil)
	}
	r, err := s.desk.ComposeSurvey(q.Context(), q.caller, q.key(), typed)
	if fault.Is(err, "changed-meanwhile") {
		return s.showCompose(q, v, typed, n, unit, v.Version, http.StatusConflict, err, composedNow(v, n))
	}
	if mendable(err) {
		return s.showCompose(q, v, typed, n, unit, typed.Version, status(fault.KindOf(err)), err, nil)
	}
	if err != nil {
		return err
	}
	return q.done(r, "/surveys/"+string(v.ID)+"/compose?section="+strconv.Itoa(n), "survey.done-compose")
}

// readSection reads the open section into the survey that is typed.
func (q *request) readSection(typed *survey.Survey, n int) (page.TaskUnitField, *fault.Fault, error) {
	if n < 1 || n > len(typed.Sections) {
		return page.TaskUnitField{}, nil, nil
	}
	names, err := q.unitNames(typed.Region)
	if err != nil {
		return page.TaskUnitField{}, nil, err
	}
	unit, id, wrong := names.read(q, "section-unit")
	x := &typed.Sections[n-1]
	x.Title, x.About, x.Unit = strings.TrimSpace(q.PostFormValue("section-title")), strings.TrimSpace(q.PostFormValue("section-about")), id
	x.Questions = q.readQuestions()
	return unit, wrong, nil
}

// composedNow is what somebody else saved meanwhile: the head and the section that
// the form has open.
func composedNow(v store.SurveyView, n int) []string {
	out := []string{v.Title}
	if x, ok := v.Of(n); ok {
		out = append(out, x.Title)
		for i, y := range x.Questions {
			out = append(out, strconv.Itoa(i+1)+" "+y.Text)
		}
	}
	return out
}
