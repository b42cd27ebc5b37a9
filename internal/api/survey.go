package api

import (
	"context"
	"net/http"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
)

// Survey is a survey in a list (调研).
type Survey struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Region     string `json:"region"`
	Year       int    `json:"year" doc:"That figures are of."`
	Unit       string `json:"unit" doc:"Whose office surveys."`
	Memorandum string `json:"memorandum,omitempty" doc:"That it prepares."`
	About      string `json:"about,omitempty"`
	Stage      string `json:"stage" doc:"composing, sent, closed"`
	Due        string `json:"due,omitempty" format:"date"`
	Sent       string `json:"sent,omitempty" format:"date"`
	Closed     string `json:"closed,omitempty" format:"date"`
	Version    int64  `json:"version"`
}

// SurveyWhole is a survey with its sections.
type SurveyWhole struct {
	Survey
	Sections []Section `json:"sections" nullable:"false"`
}

// Section is a part of a survey that one unit answers.
type Section struct {
	Number    int               `json:"number"`
	Title     string            `json:"title"`
	About     string            `json:"about,omitempty"`
	Unit      string            `json:"unit,omitempty" doc:"That answers."`
	State     string            `json:"state" doc:"asked, begun, handed-in, returned"`
	Reason    string            `json:"reason,omitempty" doc:"Why it was returned."`
	Handed    string            `json:"handed,omitempty" format:"date-time"`
	Questions []survey.Question `json:"questions" nullable:"false"`
	Answers   []Answer          `json:"answers" nullable:"false" doc:"Those that the post may read."`
	Version   int64             `json:"version"`
}

// Answer is what a unit says to one question. Which fields count follows from the
// question's kind.
type Answer struct {
	Question string        `json:"question" maxLength:"128" doc:"Its key."`
	Value    string        `json:"value,omitempty" maxLength:"30" doc:"A decimal."`
	Before   string        `json:"before,omitempty" maxLength:"30" doc:"Of the year before, a decimal."`
	Source   string        `json:"source,omitempty" maxLength:"2000" doc:"Where the figure is from, or why there is none."`
	None     bool          `json:"none,omitempty" doc:"There is nothing to give; source says why."`
	Words    string        `json:"words,omitempty" maxLength:"20000"`
	Choices  []string      `json:"choices,omitempty" maxItems:"100"`
	Codes    []string      `json:"codes,omitempty" maxItems:"200" doc:"Of industries (GB/T 4754)."`
	Firms    []survey.Firm `json:"firms,omitempty" maxItems:"200"`
	Files    []Kept        `json:"files,omitempty" maxItems:"20" doc:"Uploaded before as evidence."`
}

// Finding is a sentence that the office draws from a survey (发现).
type Finding struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Field    string   `json:"field"`
	Sentence string   `json:"sentence"`
	Rests    []Ground `json:"rests" nullable:"false" doc:"What it rests on."`
	Version  int64    `json:"version"`
}

// Ground is an answer that a finding rests on, as it was when the finding was drawn.
type Ground struct {
	Survey   string   `json:"survey"`
	Question string   `json:"question" doc:"Its key."`
	Text     string   `json:"text" doc:"Of the question."`
	Value    string   `json:"value,omitempty" doc:"A decimal, in unit."`
	Unit     string   `json:"unit,omitempty"`
	Year     int      `json:"year,omitempty"`
	Source   string   `json:"source,omitempty"`
	Words    string   `json:"words,omitempty"`
	Codes    []string `json:"codes,omitempty"`
}

func showSurvey(s survey.Survey) Survey {
	return Survey{
		ID: string(s.ID), Title: s.Title, Region: string(s.Region), Year: s.Year, Unit: string(s.Unit), Memorandum: s.Memorandum, About: s.About,
		Stage: string(s.Stage), Due: s.Due.String(), Sent: s.Sent.String(), Closed: s.Closed.String(), Version: s.Version,
	}
}

func showAnswer(a survey.Answer) Answer {
	out := Answer{Question: a.Question, Source: a.Source, None: a.None, Words: a.Words, Choices: a.Choices, Codes: a.Codes, Firms: a.Firms}
	if a.Value != nil {
		out.Value = a.Value.String()
	}
	if a.Before != nil {
		out.Before = a.Before.String()
	}
	for _, f := range a.Files {
		out.Files = append(out.Files, Kept{ID: f.ID, Name: f.Name})
	}
	return out
}

func showSection(x survey.Section, answers survey.Answers) Section {
	out := Section{
		Number: x.Number, Title: x.Title, About: x.About, Unit: string(x.Unit), State: string(x.State), Reason: x.Reason, Handed: instant(x.Handed),
		Questions: append([]survey.Question{}, x.Questions...), Answers: []Answer{}, Version: x.Version,
	}
	for _, q := range x.Questions {
		if a, ok := answers[q.Key]; ok {
			out.Answers = append(out.Answers, showAnswer(a))
		}
	}
	return out
}

func showFinding(f survey.Finding) Finding {
	out := Finding{ID: string(f.ID), Kind: string(f.Kind), Field: string(f.Field), Sentence: f.Sentence, Rests: []Ground{}, Version: f.Version}
	for _, g := range f.Rests {
		x := Ground{Survey: string(g.Survey), Question: g.Question, Text: g.Text, Unit: g.Unit, Year: g.Year, Source: g.Source, Words: g.Words, Codes: g.Codes}
		if g.Value != nil {
			x.Value = g.Value.String()
		}
		out.Rests = append(out.Rests, x)
	}
	return out
}

// SurveyAsked names a survey in an address.
type SurveyAsked struct {
	Survey string `path:"survey" maxLength:"128"`
}

func (a *SurveyAsked) id() survey.ID { return survey.ID(a.Survey) }

func (a *SurveyAsked) version(ctx context.Context, q *asking) (int64, error) {
	s, err := q.view.Survey(ctx, a.id())
	return s.Version, err
}

// SectionAsked names a section of a survey in an address.
type SectionAsked struct {
	SurveyAsked
	Section int `path:"section" minimum:"1" maximum:"1000"`
}

func (a *SectionAsked) read(ctx context.Context, q *asking) (Section, error) {
	s, err := q.view.Survey(ctx, a.id())
	if err != nil {
		return Section{}, err
	}
	x, ok := s.Of(a.Section)
	if !ok {
		return Section{}, absent()
	}
	answers, err := q.view.SurveyAnswers(ctx, s)
	return showSection(x, answers), err
}

func (a *SectionAsked) version(ctx context.Context, q *asking) (int64, error) {
	x, err := a.read(ctx, q)
	return x.Version, err
}

func (s *Server) surveyOperations() {
	handle(s, describe(http.MethodGet, "/surveys", "list-surveys", "surveys", "The surveys in sight, the newest year first", org.TokenReads), listSurveys)
	handle(s, describe(http.MethodGet, "/surveys/{survey}", "get-survey", "surveys", "One survey with its sections and the answers that the post may read", org.TokenReads),
		func(ctx context.Context, q *asking, in *SurveyAsked) (*One[SurveyWhole], error) {
			x, err := q.view.Survey(ctx, in.id())
			if err != nil {
				return nil, err
			}
			answers, err := q.view.SurveyAnswers(ctx, x)
			out := SurveyWhole{Survey: showSurvey(x.Survey), Sections: []Section{}}
			for _, y := range x.Sections {
				out.Sections = append(out.Sections, showSection(y, answers))
			}
			return one(x.Version, out), err
		})
	handle(s, describe(http.MethodGet, "/surveys/{survey}/sections/{section}", "get-section", "surveys", "One section, with its version for answering it", org.TokenReads),
		func(ctx context.Context, q *asking, in *SectionAsked) (*One[Section], error) {
			x, err := in.read(ctx, q)
			return one(x.Version, x), err
		})
	handle(s, describe(http.MethodGet, "/surveys/{survey}/findings", "list-findings", "surveys", "The findings of a survey, by kind", org.TokenReads),
		func(ctx context.Context, q *asking, in *SurveyAsked) (*Plain[[]Finding], error) {
			x, err := q.view.Survey(ctx, in.id())
			if err != nil {
				return nil, err
			}
			all, err := q.view.Findings(ctx, x)
			out := &Plain[[]Finding]{Body: []Finding{}}
			for _, f := range all {
				out.Body = append(out.Body, showFinding(f))
			}
			return out, err
		})
	s.surveyActs()
	s.findingActs()
}

func listSurveys(ctx context.Context, q *asking, in *struct {
	Page
	Stage  string `query:"stage" enum:"composing,sent,closed"`
	Region string `query:"region" maxLength:"6"`
	Year   int    `query:"year" minimum:"0" maximum:"2200"`
}) (*List[Survey], error) {
	var after store.SurveyKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	rows, err := q.view.Surveys(ctx, store.SurveyFilter{Stage: survey.Stage(in.Stage), Region: org.RegionCode(in.Region), Year: in.Year}, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(e store.SurveyEntry) store.SurveyKey { return store.SurveyKey{Year: e.Year, ID: e.ID} }
	return page(q, in.Page, rows, key, func(e store.SurveyEntry) Survey { return showSurvey(e.Survey) }), nil
}
