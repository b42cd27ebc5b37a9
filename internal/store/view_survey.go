package store

import (
	"context"
	"database/sql"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/survey"
)

// surveysInScope is the WHERE clause that equals org.Scope.SeesSurvey, for survey s.
// asked leaves out those that only ask the reader's unit, when it is false: the
// findings of those are not the reader's to see.
func surveysInScope(s org.Scope, from int, asked bool) (string, []any) {
	if w, ok := unbounded(s); ok {
		return w, nil
	}
	b := clause{n: from}
	unit := b.arg(string(s.Unit()))
	w := `exists (select 1 from party x where x.memorandum = s.memorandum and x.unit = ` + unit + `)`
	if asked {
		w += ` or exists (select 1 from survey_section x where x.survey = s.id and x.unit = ` + unit + `)`
	}
	return `(s.unit = ` + unit + ` or s.stage <> 'composing' and (` + w + `))`, b.args
}

// SurveyView is a survey as one caller sees it.
type SurveyView struct {
	survey.Survey
	Facts org.SurveyFacts
}

// SectionFacts is what permissions are judged by for a section of it.
func (s SurveyView) SectionFacts(x survey.Section) org.SurveyFacts {
	f := s.Facts
	f.Section = x.Unit
	return f
}

// Survey returns a survey, if the caller may see it.
func (v *View) Survey(ctx context.Context, id survey.ID) (SurveyView, error) {
	s, parties, err := loadSurvey(ctx, v.q, id)
	if err != nil {
		return SurveyView{}, err
	}
	out := SurveyView{Survey: s, Facts: s.Facts(parties)}
	if err := v.see(org.SeeSurvey, out.Facts); err != nil {
		return SurveyView{}, err
	}
	return out, nil
}

// MaySection reports whether the reader may read what a section was answered with:
// who sees the findings, and the unit that answers it.
func (v *View) MaySection(s SurveyView, x survey.Section) bool {
	return v.May(org.SeeFindings, s.Facts) || x.Unit != "" && x.Unit == v.scope.Unit()
}

// SurveyAnswers returns the answers of the sections that the caller may read.
func (v *View) SurveyAnswers(ctx context.Context, s SurveyView) (survey.Answers, error) {
	all, err := loadAnswers(ctx, v.q, s.ID, 0)
	if err != nil {
		return nil, err
	}
	for _, x := range s.Sections {
		if v.MaySection(s, x) {
			continue
		}
		for _, q := range x.Questions {
			delete(all, q.Key)
		}
	}
	return all, nil
}

// SurveyInFull returns a survey with all its answers, for those who see its findings.
func (v *View) SurveyInFull(ctx context.Context, id survey.ID) (survey.Full, SurveyView, error) {
	s, err := v.Survey(ctx, id)
	if err == nil {
		err = v.see(org.SeeFindings, s.Facts)
	}
	if err != nil {
		return survey.Full{}, SurveyView{}, err
	}
	answers, err := loadAnswers(ctx, v.q, id, 0)
	return survey.Full{Survey: s.Survey, Answers: answers}, s, err
}

// SurveyFilter narrows the list of surveys; what is empty does not.
type SurveyFilter struct {
	Stage      survey.Stage
	Region     org.RegionCode // this place itself
	Year       int
	Memorandum memo.ID
	InFull     bool // only those whose findings the reader sees
}

// SurveyKey is where a page of the list begins: after this survey.
type SurveyKey struct {
	Year int
	ID   survey.ID
}

// SurveyEntry is a survey in a list, without its sections.
type SurveyEntry struct {
	survey.Survey
	UnitName string
	Parts    int // sections
	In       int // of them handed in
	Mine     int // waiting for the reader's unit
	Findings int
}

// Surveys lists the surveys in scope, the newest year first.
func (v *View) Surveys(ctx context.Context, f SurveyFilter, after SurveyKey, limit int) ([]SurveyEntry, error) {
	where, args := surveysInScope(v.scope, 1, !f.InFull)
	c := clause{n: len(args) + 1, args: args}
	if f.Stage != "" {
		where += ` and s.stage = ` + c.arg(string(f.Stage))
	}
	if f.Region != "" {
		where += ` and s.region = ` + c.arg(string(f.Region))
	}
	if f.Year != 0 {
		where += ` and s.year = ` + c.arg(f.Year)
	}
	if f.Memorandum != "" {
		where += ` and s.memorandum = ` + c.arg(string(f.Memorandum))
	}
	if after.ID != "" {
		year, id := c.arg(after.Year), c.arg(string(after.ID))
		where += ` and (s.year < ` + year + ` or s.year = ` + year + ` and s.id < ` + id + `)`
	}
	mine := c.arg(string(v.scope.Unit()))
	rows, err := v.q.QueryContext(ctx, `select `+surveyColumns+`, u.name,
			(select count(*) from survey_section x where x.survey = s.id),
			(select count(*) from survey_section x where x.survey = s.id and x.state = 'handed-in'),
			(select count(*) from survey_section x where x.survey = s.id and x.unit = `+mine+` and x.state <> 'handed-in' and s.stage = 'sent'),
			(select count(*) from finding x where x.survey = s.id and x.dropped is null)
		from survey s join unit u on u.id = s.unit where `+where+` order by s.year desc, s.id desc limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (e SurveyEntry, err error) {
		e.Survey, err = scanSurvey(r, &e.UnitName, &e.Parts, &e.In, &e.Mine, &e.Findings)
		return e, err
	})
}

// Findings returns the findings of a survey, by kind.
func (v *View) Findings(ctx context.Context, s SurveyView) ([]survey.Finding, error) {
	if err := v.see(org.SeeFindings, s.Facts); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+findingColumns+` from finding f where f.survey = $1 and f.dropped is null order by f.at, f.id`, s.ID)
	out, err := collect(rows, err, func(r *sql.Rows) (survey.Finding, error) { return scanFinding(r) })
	order := survey.FindingKinds()
	slices.SortStableFunc(out, func(a, b survey.Finding) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	return out, err
}

// FindingOf is a finding with the survey that it is of.
type FindingOf struct {
	survey.Finding
	Title string // of the survey
}

// mostFindings bounds what proposals are made from.
const mostFindings = 300

// FindingsFor returns the findings that speak for a memorandum: those of the
// surveys that prepare it, and those of surveys of its place that the caller sees;
// the newest survey first.
func (v *View) FindingsFor(ctx context.Context, m MemorandumView) ([]FindingOf, error) {
	if err := v.see(org.SeeMemorandum, m.Facts); err != nil {
		return nil, err
	}
	where, args := surveysInScope(v.scope, 1, false)
	c := clause{n: len(args) + 1, args: args}
	id, region := c.arg(string(m.ID)), c.arg(string(m.Region))
	rows, err := v.q.QueryContext(ctx, `select `+findingColumns+`, s.title from finding f join survey s on s.id = f.survey
		where f.dropped is null and (s.memorandum = `+id+` or s.memorandum is null and s.region = `+region+`) and `+where+`
		order by s.year desc, f.at, f.id limit `+c.arg(mostFindings), c.args...)
	return collect(rows, err, func(r *sql.Rows) (f FindingOf, err error) {
		f.Finding, err = scanFinding(r, &f.Title)
		return f, err
	})
}

// SurveyFile finds a file that an answer of a survey names, if the caller may read
// that answer.
func (v *View) SurveyFile(ctx context.Context, id survey.ID, hash string) (survey.File, error) {
	s, err := v.Survey(ctx, id)
	if err != nil {
		return survey.File{}, err
	}
	answers, err := v.SurveyAnswers(ctx, s)
	if err != nil {
		return survey.File{}, err
	}
	for _, a := range answers {
		for _, f := range a.Files {
			if f.ID == hash {
				return f, nil
			}
		}
	}
	return survey.File{}, fault.New(fault.NotFound, "absent")
}
