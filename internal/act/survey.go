package act

import (
	"context"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
)

// onSurvey is the frame of every act on one survey: it loads the survey, names it
// in the journal, and asks for permission before anything else happens. section is
// the number of the section that the act is about, or 0.
func (d *Desk) onSurvey(ctx context.Context, c org.Caller, action org.Action, key string, id survey.ID, section int,
	f func(*store.Tx, survey.Survey, survey.Section) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("survey", string(id))
		s, facts, err := tx.Survey(id)
		if err != nil {
			return err
		}
		x, found := s.Of(section)
		if section != 0 && !found {
			return fault.New(fault.NotFound, "absent")
		}
		facts.Section = x.Unit
		if err := tx.Require(action, facts); err != nil {
			return err
		}
		return f(tx, s, x)
	})
}

// EnterSurvey begins a survey of the caller's unit: its sections are those given,
// copied from the standard questionnaire or from another survey.
func (d *Desk) EnterSurvey(ctx context.Context, c org.Caller, key string, s survey.Survey) (store.Receipt, survey.ID, error) {
	r, err := d.store.Act(ctx, c, org.EnterSurvey, key, func(tx *store.Tx) error {
		s.ID, s.Unit, s.Stage = survey.ID(tx.NewID()), c.Unit().ID, survey.Composing
		s.Sections = survey.Copy(s.Sections, true)
		tx.About("survey", string(s.ID))
		if err := tx.Require(org.EnterSurvey, s.Facts(nil)); err != nil {
			return err
		}
		if err := s.Check(); err != nil {
			return err
		}
		if err := d.prepares(tx, c, s); err != nil {
			return err
		}
		if err := tx.AddSurvey(s); err != nil {
			return err
		}
		return tx.Record(s)
	})
	return made(ctx, d, r, err, "survey", s.ID)
}

// prepares checks that the memorandum that a survey is to prepare is one of the
// caller's: its parties will read the survey.
func (d *Desk) prepares(tx *store.Tx, c org.Caller, s survey.Survey) error {
	if s.Memorandum == "" {
		return nil
	}
	tx.About("memorandum", s.Memorandum)
	m, err := tx.Memorandum(memo.ID(s.Memorandum))
	if err != nil || !(m.Office == c.Unit().ID || slices.Contains(m.Parties, c.Unit().ID)) {
		return fault.New(fault.Invalid, "survey.memorandum-strange").On("memorandum")
	}
	return nil
}

// ComposeSurvey replaces what a survey asks, as long as it was not sent and is still
// at the version that was shown.
func (d *Desk) ComposeSurvey(ctx context.Context, c org.Caller, key string, s survey.Survey) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.EnterSurvey, key, s.ID, 0, func(tx *store.Tx, old survey.Survey, _ survey.Section) error {
		if err := old.CheckCompose(); err != nil {
			return err
		}
		s.Unit, s.Stage = old.Unit, old.Stage
		if err := s.Check(); err != nil {
			return err
		}
		if err := d.prepares(tx, c, s); err != nil {
			return err
		}
		if err := tx.SaveSurvey(s); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": old, "after": s})
	})
}

// SendSurvey gives a survey to the units that answer it (下发).
func (d *Desk) SendSurvey(ctx context.Context, c org.Caller, key string, id survey.ID, version int64) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.SendSurvey, key, id, 0, func(tx *store.Tx, s survey.Survey, _ survey.Section) error {
		if err := s.CheckSend(tx.Today()); err != nil {
			return err
		}
		s.Version, s.Sent = version, tx.Today()
		for _, u := range s.Asked() {
			tx.About("unit", string(u))
		}
		if err := tx.SetSurveyStage(s, survey.Sent); err != nil {
			return err
		}
		return tx.Record(map[string]any{"units": s.Asked(), "due": s.Due, "sections": len(s.Sections)})
	})
}

// AnswerSection saves what a unit answers to a section; with handIn it is handed in,
// and must be complete. version is the one that was shown.
func (d *Desk) AnswerSection(ctx context.Context, c org.Caller, key string, id survey.ID, number int, version int64, answers []survey.Answer, handIn bool) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.AnswerSurvey, key, id, number, func(tx *store.Tx, s survey.Survey, x survey.Section) error {
		if err := s.CheckAnswer(x); err != nil {
			return err
		}
		given, err := x.CheckDraft(answers, d.industries())
		if err != nil {
			return err
		}
		if handIn {
			if err := x.CheckComplete(given); err != nil {
				return err
			}
		}
		old, err := tx.SurveyAnswers(id, number)
		if err != nil {
			return err
		}
		changed := x.Changed(old, given)
		x.Version = version
		if x.State != survey.Returned {
			x.State = survey.Begun // a returned one keeps its reason until it is handed in again
		}
		if handIn {
			x.State, x.Reason = survey.HandedIn, ""
		}
		if err := tx.SaveSection(id, x, changed); err != nil {
			return err
		}
		return tx.Record(map[string]any{"section": number, "title": x.Title, "state": x.State, "changed": changed})
	})
}

// ReturnSection gives a section back to its unit with a reason (退回).
func (d *Desk) ReturnSection(ctx context.Context, c org.Caller, key string, id survey.ID, number int, version int64, reason string) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.ReturnSection, key, id, number, func(tx *store.Tx, s survey.Survey, x survey.Section) error {
		if err := s.CheckReturn(x, reason); err != nil {
			return err
		}
		tx.About("unit", string(x.Unit))
		x.State, x.Reason, x.Version = survey.Returned, reason, version
		if err := tx.SaveSection(id, x, nil); err != nil {
			return err
		}
		return tx.Record(map[string]any{"section": number, "title": x.Title, "unit": x.Unit, "reason": reason})
	})
}

// CloseSurvey ends a survey: what was not answered by then stays open.
func (d *Desk) CloseSurvey(ctx context.Context, c org.Caller, key string, id survey.ID, version int64) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.CloseSurvey, key, id, 0, func(tx *store.Tx, s survey.Survey, _ survey.Section) error {
		if err := s.CheckClose(); err != nil {
			return err
		}
		s.Version, s.Closed = version, tx.Today()
		if err := tx.SetSurveyStage(s, survey.Closed); err != nil {
			return err
		}
		out := 0
		for _, x := range s.Sections {
			if x.State != survey.HandedIn {
				out++
			}
		}
		return tx.Record(map[string]any{"sections": len(s.Sections), "not_handed_in": out})
	})
}

// DrawFinding writes a finding of a survey. It rests on answers of this survey, and
// on those of the survey compared with, where the caller may read it.
func (d *Desk) DrawFinding(ctx context.Context, c org.Caller, key string, f survey.Finding, questions []string, with survey.ID) (store.Receipt, survey.FindingID, error) {
	r, err := d.onSurvey(ctx, c, org.DrawFinding, key, f.Survey, 0, func(tx *store.Tx, s survey.Survey, _ survey.Section) error {
		f.ID = survey.FindingID(tx.NewID())
		tx.About("finding", string(f.ID))
		answers, err := tx.SurveyAnswers(s.ID, 0)
		if err != nil {
			return err
		}
		f.Rests = nil
		full := survey.Full{Survey: s, Answers: answers}
		for _, q := range questions {
			if g, ok := full.GroundOf(q); ok {
				f.Rests = append(f.Rests, g)
			}
		}
		other, err := d.restsElsewhere(tx, questions, with)
		if err != nil {
			return err
		}
		f.Rests = append(f.Rests, other...)
		if err := f.Check(); err != nil {
			return err
		}
		if err := tx.AddFinding(f); err != nil {
			return err
		}
		return tx.Record(f)
	})
	return made(ctx, d, r, err, "finding", f.ID)
}

// restsElsewhere are the answers of the survey compared with that a finding rests on.
func (d *Desk) restsElsewhere(tx *store.Tx, questions []string, with survey.ID) (out []survey.Ground, err error) {
	if with == "" {
		return nil, nil
	}
	s, facts, err := tx.Survey(with)
	if err != nil {
		return nil, err
	}
	if err := tx.May(org.SeeFindings, facts); err != nil {
		return nil, err
	}
	answers, err := tx.SurveyAnswers(with, 0)
	for _, q := range questions {
		if g, ok := (survey.Full{Survey: s, Answers: answers}).GroundOf(q); ok && g.Value != nil {
			g.Text = s.Title + "·" + g.Text
			out = append(out, g)
		}
	}
	return out, err
}

// ChangeFinding changes the words, kind and field of a finding; what it rests on stays.
func (d *Desk) ChangeFinding(ctx context.Context, c org.Caller, key string, of survey.ID, f survey.Finding) (store.Receipt, error) {
	return d.onFinding(ctx, c, key, of, f.ID, func(tx *store.Tx, old survey.Finding) error {
		f.Rests, f.Survey = old.Rests, old.Survey
		if err := f.Check(); err != nil {
			return err
		}
		if err := tx.SaveFinding(f); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": old, "after": f})
	})
}

// DropFinding takes a finding off the list.
func (d *Desk) DropFinding(ctx context.Context, c org.Caller, key string, of survey.ID, id survey.FindingID, version int64) (store.Receipt, error) {
	return d.onFinding(ctx, c, key, of, id, func(tx *store.Tx, old survey.Finding) error {
		old.Version = version
		if err := tx.DropFinding(old); err != nil {
			return err
		}
		return tx.Record(map[string]any{"dropped": old})
	})
}

// onFinding is the frame of acts on one finding of a survey.
func (d *Desk) onFinding(ctx context.Context, c org.Caller, key string, of survey.ID, id survey.FindingID, f func(*store.Tx, survey.Finding) error) (store.Receipt, error) {
	return d.onSurvey(ctx, c, org.DrawFinding, key, of, 0, func(tx *store.Tx, s survey.Survey, _ survey.Section) error {
		tx.About("finding", string(id))
		old, err := tx.Finding(id)
		if err != nil {
			return err
		}
		if old.Survey != s.ID {
			return fault.New(fault.NotFound, "absent")
		}
		return f(tx, old)
	})
}

// industries is the classification that codes are checked by.
func (d *Desk) industries() survey.Industries { return survey.StandardIndustries() }

// OpenSurveyFile opens a file of an answer for somebody who may read the answer.
func (d *Desk) OpenSurveyFile(ctx context.Context, c org.Caller, id survey.ID, hash string) (Evidence, error) {
	kept, err := d.store.View(c).SurveyFile(ctx, id, hash)
	if err != nil {
		return Evidence{}, err
	}
	found, err := d.KeepAgain(c, task.EvidenceID(hash), kept.Name)
	if err != nil {
		return Evidence{}, err
	}
	return d.handOut(found)
}
