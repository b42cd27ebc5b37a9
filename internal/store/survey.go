package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/survey"
)

const surveyColumns = `s.id, s.title, s.region, s.year, s.unit, s.memorandum, s.about, s.stage, s.due, s.sent, s.closed, s.version`

func scanSurvey(r interface{ Scan(...any) error }, more ...any) (s survey.Survey, err error) {
	err = r.Scan(append([]any{&s.ID, &s.Title, &s.Region, &s.Year, &s.Unit, optional[string]{&s.Memorandum}, &s.About, &s.Stage,
		&s.Due, &s.Sent, &s.Closed, &s.Version}, more...)...)
	return s, err
}

// loadSurvey reads a survey with its sections, and the parties of the memorandum
// that it prepares.
func loadSurvey(ctx context.Context, q queryer, id survey.ID) (s survey.Survey, parties []org.UnitID, err error) {
	s, err = scanSurvey(q.QueryRowContext(ctx, `select `+surveyColumns+` from survey s where s.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return s, nil, fmt.Errorf("store: reading survey %s: %w", id, err)
	}
	rows, err := q.QueryContext(ctx, `select number, body, unit, state, reason, handed, version from survey_section where survey = $1 order by number`, id)
	s.Sections, err = collect(rows, err, func(r *sql.Rows) (x survey.Section, err error) {
		var unit org.UnitID
		var number int
		var state survey.SectionState
		var reason string
		var handed time.Time
		var version int64
		err = r.Scan(&number, kept{&x}, optional[org.UnitID]{&unit}, &state, &reason, instant{&handed}, &version)
		x.Number, x.Unit, x.State, x.Reason, x.Handed, x.Version = number, unit, state, reason, handed, version
		return x, err
	})
	if err != nil || s.Memorandum == "" {
		return s, nil, err
	}
	found, err := q.QueryContext(ctx, `select unit from party where memorandum = $1 order by position`, s.Memorandum)
	parties, err = rowsOf[org.UnitID](found, err)
	return s, parties, err
}

// loadAnswers reads the answers of a survey, those of one section where it is not 0.
func loadAnswers(ctx context.Context, q queryer, id survey.ID, section int) (survey.Answers, error) {
	rows, err := q.QueryContext(ctx, `select question, body, person, at from survey_answer where survey = $1 and ($2 = 0 or section = $2)`, id, int64(section))
	all, err := collect(rows, err, func(r *sql.Rows) (a survey.Answer, err error) {
		return a, r.Scan(&a.Question, kept{&a}, &a.Person, instant{&a.At})
	})
	out := survey.Answers{}
	for _, a := range all {
		out[a.Question] = a
	}
	return out, err
}

// Survey reads a survey to change it, with what permissions are judged by.
func (t *Tx) Survey(id survey.ID) (survey.Survey, org.SurveyFacts, error) {
	s, parties, err := loadSurvey(t.ctx, t.tx, id)
	return s, s.Facts(parties), err
}

// SurveyAnswers reads a survey's answers, those of one section where it is not 0.
func (t *Tx) SurveyAnswers(id survey.ID, section int) (survey.Answers, error) {
	return loadAnswers(t.ctx, t.tx, id, section)
}

// AddSurvey writes a new survey with its sections.
func (t *Tx) AddSurvey(s survey.Survey) error {
	err := t.exec(`insert into survey (id, title, region, year, unit, memorandum, about, stage, due, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, s.Title, s.Region, s.Year, s.Unit, null(s.Memorandum), s.About, survey.Composing, s.Due, t.now.UnixMicro())
	if err != nil {
		return err
	}
	return t.addSections(s)
}

func (t *Tx) addSections(s survey.Survey) error {
	for i, x := range s.Sections {
		if err := t.exec(`insert into survey_section (survey, number, body, unit, state) values ($1, $2, $3, $4, $5)`,
			s.ID, i+1, text(x), null(x.Unit), survey.Asked); err != nil {
			return err
		}
	}
	return nil
}

// SaveSurvey replaces what a survey asks, if it is still composed and at the version
// that was read.
func (t *Tx) SaveSurvey(s survey.Survey) error {
	err := t.execOne(`update survey set title = $3, region = $4, year = $5, memorandum = $6, about = $7, due = $8, version = version + 1
		where id = $1 and version = $2 and stage = 'composing'`, s.ID, s.Version, s.Title, s.Region, s.Year, null(s.Memorandum), s.About, s.Due)
	if err != nil {
		return err
	}
	if err := t.exec(`delete from survey_section where survey = $1`, s.ID); err != nil {
		return err
	}
	return t.addSections(s)
}

// SetSurveyStage moves a survey on; sent and closed are those of s.
func (t *Tx) SetSurveyStage(s survey.Survey, to survey.Stage) error {
	return t.execOne(`update survey set stage = $3, sent = $4, closed = $5, version = version + 1 where id = $1 and version = $2`,
		s.ID, s.Version, to, s.Sent, s.Closed)
}

// SaveSection writes what has become of a section and the answers that changed, if
// the section is still at the version that was read. An empty answer is removed.
func (t *Tx) SaveSection(id survey.ID, x survey.Section, changed []survey.Answer) error {
	var handed any
	if x.State == survey.HandedIn {
		handed = t.now.UnixMicro()
	}
	err := t.execOne(`update survey_section set state = $4, reason = $5, handed = $6, version = version + 1 where survey = $1 and number = $2 and version = $3`,
		id, x.Number, x.Version, x.State, x.Reason, handed)
	if err != nil {
		return err
	}
	for _, a := range changed {
		if a.Empty() {
			if err := t.exec(`delete from survey_answer where survey = $1 and question = $2`, id, a.Question); err != nil {
				return err
			}
			continue
		}
		err := t.exec(`insert into survey_answer (survey, question, section, body, person, post, at) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (survey, question) do update set section = excluded.section, body = excluded.body, person = excluded.person,
			post = excluded.post, at = excluded.at where survey_answer.survey = excluded.survey`,
			id, a.Question, x.Number, text(a), t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

const findingColumns = `f.id, f.survey, f.kind, f.field, f.sentence, f.rests, f.rule, f.person, f.at, f.version`

func scanFinding(r interface{ Scan(...any) error }, more ...any) (f survey.Finding, err error) {
	err = r.Scan(append([]any{&f.ID, &f.Survey, &f.Kind, &f.Field, &f.Sentence, kept{&f.Rests}, &f.Rule, &f.Person, instant{&f.At}, &f.Version}, more...)...)
	return f, err
}

// Finding reads a finding that was not dropped.
func (t *Tx) Finding(id survey.FindingID) (survey.Finding, error) {
	f, err := scanFinding(t.tx.QueryRowContext(t.ctx, `select `+findingColumns+` from finding f where f.id = $1 and f.dropped is null`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, fault.New(fault.NotFound, "absent")
	}
	return f, err
}

// AddFinding writes a finding.
func (t *Tx) AddFinding(f survey.Finding) error {
	return t.exec(`insert into finding (id, survey, kind, field, sentence, rests, rule, person, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		f.ID, f.Survey, f.Kind, f.Field, f.Sentence, text(f.Rests), f.Rule, t.caller.Person().ID, t.now.UnixMicro())
}

// SaveFinding changes a finding, if it is still at the version that was read.
func (t *Tx) SaveFinding(f survey.Finding) error {
	return t.execOne(`update finding set kind = $3, field = $4, sentence = $5, version = version + 1 where id = $1 and version = $2 and dropped is null`,
		f.ID, f.Version, f.Kind, f.Field, f.Sentence)
}

// DropFinding takes a finding off the list. Measures that were chosen for it keep it.
func (t *Tx) DropFinding(f survey.Finding) error {
	return t.execOne(`update finding set dropped = $3, version = version + 1 where id = $1 and version = $2 and dropped is null`,
		f.ID, f.Version, t.now.UnixMicro())
}
