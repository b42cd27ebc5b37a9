package api

import (
	"context"
	"fmt"
	"net/http"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
)

// NewSurvey is what a survey asks.
type NewSurvey struct {
	Title      string       `json:"title" maxLength:"400"`
	Region     string       `json:"region" maxLength:"6"`
	Year       int          `json:"year" minimum:"1949" maximum:"2200" doc:"That figures are of."`
	Memorandum string       `json:"memorandum,omitempty" maxLength:"128" doc:"That it prepares."`
	About      string       `json:"about,omitempty" maxLength:"20000" doc:"What is said to those who answer."`
	Due        string       `json:"due,omitempty" format:"date"`
	Sections   []NewSection `json:"sections,omitempty" maxItems:"100" doc:"Absent on entering: the standard questionnaire."`
}

// NewSection is a part of a survey as it is composed.
type NewSection struct {
	Title     string            `json:"title" maxLength:"400"`
	About     string            `json:"about,omitempty" maxLength:"20000"`
	Unit      string            `json:"unit,omitempty" maxLength:"128" doc:"That answers."`
	Questions []survey.Question `json:"questions" nullable:"false" maxItems:"200"`
}

func (b NewSurvey) read() (survey.Survey, error) {
	due, err := day(b.Due, "due")
	out := survey.Survey{Title: b.Title, Region: org.RegionCode(b.Region), Year: b.Year, Memorandum: b.Memorandum, About: b.About, Due: due}
	for i, x := range b.Sections {
		out.Sections = append(out.Sections, survey.Section{Number: i + 1, Title: x.Title, About: x.About, Unit: org.UnitID(x.Unit), Questions: x.Questions, State: survey.Asked})
	}
	return out, err
}

func (s *Server) surveyActs() {
	enter(s, post("/surveys", "enter-survey", "surveys", "Begin a survey of the token's unit", org.TokenWrites), "/surveys/",
		func(ctx context.Context, q *asking, in *struct{ Body NewSurvey }) (store.Receipt, survey.ID, error) {
			x, err := in.Body.read()
			if err != nil {
				return store.Receipt{}, "", err
			}
			if x.Sections == nil {
				x.Sections = survey.Standard()
			}
			return s.desk.EnterSurvey(ctx, q.caller, q.key, x)
		})
	change(s, describe(http.MethodPut, "/surveys/{survey}", "compose-survey", "surveys", "Replace what a survey asks, as long as it was not sent", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			SurveyAsked
			Body NewSurvey
		}, version int64) (store.Receipt, error) {
			x, err := in.Body.read()
			if err != nil {
				return store.Receipt{}, err
			}
			x.ID, x.Version = in.id(), version
			return s.desk.ComposeSurvey(ctx, q.caller, q.key, x)
		})
	change(s, post("/surveys/{survey}/sending", "send-survey", "surveys", "Give a survey to the units that answer it (下发)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *SurveyAsked, version int64) (store.Receipt, error) {
			return s.desk.SendSurvey(ctx, q.caller, q.key, in.id(), version)
		})
	change(s, post("/surveys/{survey}/closing", "close-survey", "surveys", "End a survey: what was not answered stays open (办结)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *SurveyAsked, version int64) (store.Receipt, error) {
			return s.desk.CloseSurvey(ctx, q.caller, q.key, in.id(), version)
		})
	change(s, describe(http.MethodPut, "/surveys/{survey}/sections/{section}/answers", "answer-section", "surveys", "Save what the token's unit answers to a section, or hand it in (填写, 提交)", org.TokenReports, org.TokenWrites), s.answerSection)
	change(s, post("/surveys/{survey}/sections/{section}/return", "return-section", "surveys", "Give a section back to its unit, with the reason (退回)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			SectionAsked
			Body Reasoned
		}, version int64) (store.Receipt, error) {
			return s.desk.ReturnSection(ctx, q.caller, q.key, in.id(), in.Section, version, in.Body.Reason)
		})
}

func (s *Server) answerSection(ctx context.Context, q *asking, in *struct {
	SectionAsked
	Body struct {
		HandIn  bool     `json:"hand_in,omitempty" doc:"The section is complete: hand it in."`
		Answers []Answer `json:"answers" nullable:"false" maxItems:"200" doc:"All of the section; one that is left out is taken back."`
	}
}, version int64) (store.Receipt, error) {
	var f fields
	var given []survey.Answer
	figure := func(text, field string) *task.Quantity {
		if text == "" {
			return nil
		}
		v := f.decimal(text, field)
		return &v
	}
	for i, a := range in.Body.Answers {
		at := fmt.Sprintf("answers[%d].", i)
		x := survey.Answer{
			Question: a.Question, Value: figure(a.Value, at+"value"), Before: figure(a.Before, at+"before"), Source: a.Source, None: a.None, Words: a.Words,
			Choices: a.Choices, Codes: a.Codes, Firms: a.Firms,
		}
		files, err := s.kept(q, a.Files)
		if err != nil {
			return store.Receipt{}, err
		}
		for _, e := range files {
			x.Files = append(x.Files, survey.File{ID: string(e.ID), Name: e.Name})
		}
		given = append(given, x)
	}
	if err := f.err(); err != nil {
		return store.Receipt{}, err
	}
	return s.desk.AnswerSection(ctx, q.caller, q.key, in.id(), in.Section, version, given, in.Body.HandIn)
}

// FindingAsked names a finding of a survey in an address.
type FindingAsked struct {
	SurveyAsked
	Finding string `path:"finding" maxLength:"128"`
}

func (a *FindingAsked) version(ctx context.Context, q *asking) (int64, error) {
	x, err := q.view.Survey(ctx, a.id())
	if err != nil {
		return 0, err
	}
	all, err := q.view.Findings(ctx, x)
	for _, f := range all {
		if string(f.ID) == a.Finding {
			return f.Version, err
		}
	}
	if err == nil {
		err = absent()
	}
	return 0, err
}

// FindingWords is what a finding says.
type FindingWords struct {
	Kind     string `json:"kind" enum:"situation,advantage,enterprise,strength,gap,need"`
	Field    string `json:"field" maxLength:"40"`
	Sentence string `json:"sentence" maxLength:"2000"`
}

func (b FindingWords) read(of survey.ID) survey.Finding {
	return survey.Finding{Survey: of, Kind: survey.FindingKind(b.Kind), Field: survey.Field(b.Field), Sentence: b.Sentence}
}

func (s *Server) findingActs() {
	const path = "/surveys/{survey}/findings"
	do(s, post(path, "draw-finding", "surveys", "Draw a finding from answers", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			SurveyAsked
			Body struct {
				FindingWords
				Questions []string `json:"questions" nullable:"false" minItems:"1" maxItems:"100" doc:"Keys of the questions whose answers it rests on."`
				With      string   `json:"with,omitempty" maxLength:"128" doc:"The survey that it is compared with."`
			}
		}) (store.Receipt, error) {
			r, _, err := s.desk.DrawFinding(ctx, q.caller, q.key, in.Body.read(in.id()), in.Body.Questions, survey.ID(in.Body.With))
			return r, err
		})
	change(s, describe(http.MethodPut, path+"/{finding}", "change-finding", "surveys", "Change the words of a finding; what it rests on stays", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			FindingAsked
			Body FindingWords
		}, version int64) (store.Receipt, error) {
			f := in.Body.read(in.id())
			f.ID, f.Version = survey.FindingID(in.Finding), version
			return s.desk.ChangeFinding(ctx, q.caller, q.key, in.id(), f)
		})
	change(s, describe(http.MethodDelete, path+"/{finding}", "drop-finding", "surveys", "Take a finding off the list", org.TokenWrites),
		func(ctx context.Context, q *asking, in *FindingAsked, version int64) (store.Receipt, error) {
			return s.desk.DropFinding(ctx, q.caller, q.key, in.id(), survey.FindingID(in.Finding), version)
		})
}
