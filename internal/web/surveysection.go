package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
	"gongjian/internal/web/page"
)

// answerPrefix stands before a question's key in the names of fields.
const answerPrefix = "a."

// spareFirms are the empty rows for enterprises beyond those that are there.
const spareFirms = 3

// openSection reads a section that the caller may look at.
func (q *request) openSection() (store.SurveyView, survey.Section, error) {
	v, err := q.view.Survey(q.Context(), survey.ID(q.PathValue("id")))
	if err != nil {
		return v, survey.Section{}, err
	}
	n, _ := strconv.Atoi(q.PathValue("section"))
	x, ok := v.Of(n)
	if !ok || v.Stage == survey.Composing || !q.view.MaySection(v, x) {
		return v, x, errAbsent
	}
	return v, x, nil
}

func (s *Server) surveySection(q *request) error {
	v, x, err := q.openSection()
	if err != nil {
		return err
	}
	answers, err := q.view.SurveyAnswers(q.Context(), v)
	if err != nil {
		return err
	}
	return s.showSection(q, v, x, sectionForm{answers: answers}, http.StatusOK)
}

// sectionForm is what a page of a section shows beside the section itself.
type sectionForm struct {
	answers  survey.Answers // in the fields
	now      survey.Answers // kept meanwhile, after a conflict
	values   map[string]string
	cause    error
	more     string // the question that gets more rows for enterprises
	reason   string
	returned error
}

func (s *Server) showSection(q *request, v store.SurveyView, x survey.Section, form sectionForm, code int) error {
	base := "/surveys/" + string(v.ID)
	f := page.SurveySection{
		Head: q.surveyHead(v, strconv.Itoa(x.Number)+" "+x.Title), Action: base + "/sections/" + strconv.Itoa(x.Number), Key: newKey(), Back: base,
		Version: strconv.FormatInt(x.Version, 10), About: x.About, Reason: x.Reason, Conflict: form.now != nil,
	}
	if q.Method == http.MethodPost && form.cause != nil && form.now == nil {
		f.Version = q.PostFormValue("version")
	}
	f.Head.Meta = page.Say(q.p.Dots(q.p.T("survey.state-"+string(x.State)), q.p.T("survey.due-on", "due", v.Due)))
	f.Open = v.CheckAnswer(x) == nil && q.view.May(org.AnswerSurvey, v.SectionFacts(x))
	labels := map[string]string{}
	industries := survey.StandardIndustries()
	for i, y := range x.Questions {
		a := form.answers[y.Key]
		one := q.surveyQuestion(v, y, a, strconv.Itoa(i+1), industries)
		one.Optional = !y.Required
		if f.Open {
			q.fillForm(&one, y, a, form)
		}
		if y.Kind == survey.IndustryCodes && f.Open && len(f.Codes) == 0 {
			for _, c := range industries.All() {
				f.Codes = append(f.Codes, page.Option{Value: c.Code, Text: c.Name})
			}
		}
		labels[one.ID], labels[one.ID+".before"], labels[one.ID+".source"] = one.No, one.No, one.No
		f.Questions = append(f.Questions, one)
	}
	f.Faults = page.Faults(q.p, relabelled(form.cause), labels)
	if !f.Open && v.CheckReturn(x, "-") == nil && q.view.May(org.ReturnSection, v.Facts) {
		f.Return = &page.SurveyReturn{Action: f.Action + "/return", Key: newKey(), Version: f.Version, Reason: form.reason,
			Faults: page.Faults(q.p, form.returned, map[string]string{"reason": q.p.T("survey.reason")})}
	}
	q.neighbours(v, x, &f)
	frame, err := q.frame(x.Title, "plan")
	if err != nil {
		return err
	}
	return q.render(code, page.SurveySectionPage(frame, f))
}

// relabelled gives the faults of answers the names that fields have in the form.
func relabelled(err error) error {
	var l fault.List
	if !errors.As(err, &l) {
		var one *fault.Fault
		if !errors.As(err, &one) {
			return err
		}
		l = fault.List{one}
	}
	var out fault.List
	for _, f := range l {
		g := *f
		if g.Field != "" && !strings.HasPrefix(g.Field, answerPrefix) {
			g.Field = answerPrefix + g.Field
		}
		if g.Key == "survey.source-missing" || g.Key == "survey.none-unexplained" {
			g.Field += ".source"
		}
		out = append(out, &g)
	}
	return out
}

// neighbours links the sections before and after, as far as the reader may open them.
func (q *request) neighbours(v store.SurveyView, x survey.Section, f *page.SurveySection) {
	for _, other := range v.Sections {
		if !q.view.MaySection(v, other) {
			continue
		}
		href := "/surveys/" + string(v.ID) + "/sections/" + strconv.Itoa(other.Number)
		if other.Number < x.Number {
			f.Earlier = page.PlanLink{Text: q.p.T("survey.earlier-section", "title", other.Title), Href: href}
		}
		if other.Number > x.Number && f.Later.Href == "" {
			f.Later = page.PlanLink{Text: q.p.T("survey.later-section", "title", other.Title), Href: href}
		}
	}
}

// surveyQuestion is a question with its answer to be read.
func (q *request) surveyQuestion(v store.SurveyView, y survey.Question, a survey.Answer, no string, industries survey.Industries) page.SurveyQuestion {
	one := page.SurveyQuestion{ID: answerPrefix + y.Key, No: no, Text: y.Text, Hint: y.Hint, Kind: string(y.Kind), Unit: y.Unit, Several: y.Several, Source: a.Source, None: a.None}
	one.Label = q.p.T("survey.year-of", "year", y.YearIn(v.Year))
	if y.Before {
		one.Earlier = q.p.T("survey.year-of", "year", y.YearIn(v.Year)-1)
	}
	one.Said = q.said(v.Survey, y, a, industries)
	for _, f := range a.Files {
		one.Files = append(one.Files, page.SurveyFile{Name: f.Name, Href: "/surveys/" + string(v.ID) + "/files/" + f.ID, Kept: f.ID + " " + f.Name})
	}
	if !a.At.IsZero() {
		one.Meta = q.p.T("survey.saved-at", "time", q.p.Recent(a.At))
	}
	return one
}

// said is an answer in lines, without source and files.
func (q *request) said(s survey.Survey, y survey.Question, a survey.Answer, industries survey.Industries) (out []string) {
	if a.None {
		return []string{q.p.T("survey.none")}
	}
	switch y.Kind {
	case survey.Figure:
		for i, value := range []*task.Quantity{a.Value, a.Before} {
			if value != nil {
				out = append(out, q.p.T("survey.figure", "year", y.YearIn(s.Year)-i, "value", q.p.Quantity(*value), "unit", y.Unit))
			}
		}
	case survey.Choice:
		out = a.Choices
	case survey.IndustryCodes:
		for _, c := range a.Codes {
			i, _ := industries.Of(c)
			out = append(out, c+" "+i.Name)
		}
	case survey.Firms:
		for _, x := range a.Firms {
			out = append(out, strings.TrimSpace(q.p.Dots(slices.DeleteFunc([]string{x.Name, x.Code, x.Old}, func(s string) bool { return s == "" })...)))
		}
	default:
		out = textLines(a.Words)
	}
	return out
}

// fillForm puts an answer into the fields of its question.
func (q *request) fillForm(one *page.SurveyQuestion, y survey.Question, a survey.Answer, form sectionForm) {
	if a.Value != nil {
		one.Value = a.Value.String()
	}
	if a.Before != nil {
		one.Before = a.Before.String()
	}
	if typed, ok := form.values[one.ID]; ok && y.Kind == survey.Figure {
		one.Value, one.Before = typed, form.values[one.ID+".before"]
	}
	one.Words, one.Codes = a.Words, strings.Join(a.Codes, "\n")
	for _, c := range y.Choices {
		one.Options = append(one.Options, page.TaskChoice{Value: c, Text: c, Current: slices.Contains(a.Choices, c)})
	}
	if y.Kind == survey.Firms {
		n := len(a.Firms) + spareFirms
		if form.more == one.ID {
			n += spareFirms
		}
		for i := range n {
			firm := page.SurveyFirm{ID: one.ID + "." + strconv.Itoa(i)}
			if i < len(a.Firms) {
				firm.Name, firm.Code, firm.Old = a.Firms[i].Name, a.Firms[i].Code, a.Firms[i].Old
			}
			one.Firms = append(one.Firms, firm)
		}
	}
	if form.now != nil {
		if now := form.now[y.Key]; !now.Same(a) {
			one.Now = append(q.said(survey.Survey{Year: q.view.Today().Year}, y, now, survey.StandardIndustries()), now.Source)
			if now.Empty() {
				one.Now = []string{q.p.T("survey.not-answered")}
			}
		}
	}
}

// readAnswers reads the form of a section. Files that came with it are kept.
func (s *Server) readAnswers(q *request, x survey.Section, old survey.Answers) (out []survey.Answer, values map[string]string, l fault.List, err error) {
	values = map[string]string{}
	for _, y := range x.Questions {
		id := answerPrefix + y.Key
		value := func(name string) string { return strings.TrimSpace(unix(q.PostFormValue(id + name))) }
		a := survey.Answer{Question: y.Key, Source: value(".source"), None: value(".none") == "yes"}
		switch y.Kind {
		case survey.Figure:
			values[id], values[id+".before"] = value(""), value(".before")
			a.Value = figureIn(value(""), y.Unit, id, &l)
			a.Before = figureIn(value(".before"), y.Unit, id+".before", &l)
		case survey.Text:
			a.Words = value("")
		case survey.Choice:
			a.Choices = q.PostForm[id]
		case survey.IndustryCodes:
			a.Codes = strings.FieldsFunc(value(""), func(r rune) bool { return strings.ContainsRune("\n,，、;； ", r) })
		case survey.Firms:
			for i := range 100 {
				p := "." + strconv.Itoa(i)
				if !q.PostForm.Has(id + p + ".name") {
					break
				}
				if f := (survey.Firm{Name: value(p + ".name"), Code: value(p + ".code"), Old: value(p + ".old")}); f != (survey.Firm{}) {
					a.Firms = append(a.Firms, f)
				}
			}
		case survey.Files:
			if err := s.readSurveyFiles(q, &a, id, old[y.Key], &l); err != nil {
				return nil, nil, nil, err
			}
		}
		out = append(out, a)
	}
	return out, values, l, nil
}

// figureIn reads a figure; an empty field is none.
func figureIn(typed, unit, field string, l *fault.List) *task.Quantity {
	if typed == "" {
		return nil
	}
	v, err := task.ParseQuantityIn(typed, unit)
	var wrong *fault.Fault
	if errors.As(err, &wrong) {
		*l = append(*l, wrong.On(field))
		return nil
	}
	return &v
}

// readSurveyFiles gathers the files that stay and keeps those that came.
func (s *Server) readSurveyFiles(q *request, a *survey.Answer, id string, old survey.Answer, l *fault.List) error {
	for _, kept := range q.PostForm[id+".kept"] {
		hash, name, _ := strings.Cut(kept, " ")
		i := slices.IndexFunc(old.Files, func(f survey.File) bool { return f.ID == hash })
		switch {
		case i >= 0:
			a.Files = append(a.Files, old.Files[i])
		case slices.Contains(q.keptFiles(), hash): // uploaded by this session, in a form that came back
			a.Files = append(a.Files, survey.File{ID: hash, Name: name})
		default:
			*l = append(*l, fault.New(fault.Invalid, "report.file-gone", "Name", name).On(id))
		}
	}
	if q.MultipartForm == nil {
		return nil
	}
	for _, header := range q.MultipartForm.File[id] {
		if header.Filename == "" && header.Size == 0 {
			continue
		}
		e, err := s.keepUpload(q, header)
		var wrong *fault.Fault
		if errors.As(err, &wrong) && mendable(err) {
			*l = append(*l, wrong.On(id))
			continue
		}
		if err != nil {
			return err
		}
		q.rememberKept(e.ID)
		a.Files = append(a.Files, survey.File{ID: string(e.ID), Name: e.Name})
	}
	return nil
}

func (s *Server) surveyAnswer(q *request) error {
	v, x, err := q.openSection()
	if err != nil {
		return err
	}
	kept, err := q.view.SurveyAnswers(q.Context(), v)
	if err != nil {
		return err
	}
	answers, values, l, err := s.readAnswers(q, x, kept)
	if err != nil {
		return err
	}
	form := sectionForm{answers: survey.Answers{}, values: values}
	for _, a := range answers {
		form.answers[a.Question] = a
	}
	do := q.PostFormValue("do")
	if more, ok := strings.CutPrefix(do, "firm."); ok {
		form.more = more
		x.Version = q.version()
		return s.showSection(q, v, x, form, http.StatusOK)
	}
	if len(l) > 0 {
		form.cause = l
		return s.showSection(q, v, x, form, http.StatusUnprocessableEntity)
	}
	r, err := s.desk.AnswerSection(q.Context(), q.caller, q.key(), v.ID, x.Number, q.version(), answers, do == "hand-in")
	if fault.Is(err, "changed-meanwhile") {
		form.cause, form.now = err, kept
		return s.showSection(q, v, x, form, http.StatusConflict)
	}
	if mendable(err) {
		form.cause = err
		return s.showSection(q, v, x, form, status(fault.KindOf(err)))
	}
	if err != nil {
		return err
	}
	if do == "hand-in" {
		return q.done(r, "/surveys/"+string(v.ID), "survey.done-hand-in", "section", x.Title)
	}
	return q.done(r, "/surveys/"+string(v.ID)+"/sections/"+strconv.Itoa(x.Number), "survey.done-save", "section", x.Title)
}

func (s *Server) surveyReturn(q *request) error {
	v, x, err := q.openSection()
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(unix(q.PostFormValue("reason")))
	r, err := s.desk.ReturnSection(q.Context(), q.caller, q.key(), v.ID, x.Number, q.version(), reason)
	if mendable(err) {
		answers, wrong := q.view.SurveyAnswers(q.Context(), v)
		if wrong != nil {
			return wrong
		}
		return s.showSection(q, v, x, sectionForm{answers: answers, reason: reason, returned: err}, status(fault.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return q.done(r, "/surveys/"+string(v.ID), "survey.done-return", "section", x.Title)
}
