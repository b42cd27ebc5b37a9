package act

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// EnterScheme writes a new version of a scheme.
func (d *Desk) EnterScheme(ctx context.Context, c org.Caller, key string, s assess.Scheme) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.EnterScheme, key, func(tx *store.Tx) error {
		tx.About("scheme", string(s.ID))
		office, err := tx.SchemeOffice(s.ID)
		if err != nil {
			return err
		}
		if office == "" {
			office = c.Unit().ID
		}
		if err := tx.Require(org.EnterScheme, org.ScoreFacts{Office: office}); err != nil {
			return err
		}
		if err := s.Check(); err != nil {
			return err
		}
		if err := fromRubric(tx, s, office); err != nil {
			return err
		}
		if err := tx.AddScheme(s, office); err != nil {
			return duplicate(err, fault.New(fault.Conflict, "scheme.exists", "Version", s.Version).On("version"))
		}
		return tx.Record(s)
	})
}

// EnterOccurrence writes something that happened in a region and costs or brings points.
func (d *Desk) EnterOccurrence(ctx context.Context, c org.Caller, key string, region org.RegionCode, o assess.Occurrence) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.EnterOccurrence, key, func(tx *store.Tx) error {
		tx.About("region", string(region))
		s, err := tx.SchemeRecording(o.Kind, tx.Today())
		if err != nil {
			return err
		}
		assessed, err := tx.GovernmentOf(region)
		if err != nil {
			return err
		}
		if err := tx.Require(org.EnterOccurrence, org.ScoreFacts{Office: s.Office, Unit: assessed}); err != nil {
			return err
		}
		if err := task.CheckReason(o.Words); err != nil {
			return err
		}
		if _, ok := s.GroupOf(region); !ok {
			return fault.New(fault.Invalid, "score.region-not-assessed").On("region")
		}
		if o.Count < 1 || o.On.IsZero() || o.On.After(tx.Today()) {
			return fault.New(fault.Invalid, "occurrence.count-or-day").On("on")
		}
		o.ID = tx.NewID()
		if err := tx.AddOccurrence(region, o); err != nil {
			return err
		}
		return tx.Record(map[string]any{"region": region, "occurrence": o})
	})
}

// Judge gives the points of an item that is scored by hand for a year (0: this
// year), with the reason.
func (d *Desk) Judge(ctx context.Context, c org.Caller, key string, scheme assess.SchemeID, item string, region org.RegionCode, year int, points assess.Points, reason string) (store.Receipt, error) {
	return d.judge(ctx, c, key, scheme, item, region, year, assess.Judgement{Points: points, Reason: reason})
}

// JudgeAbsent says that a region has no business for an item that is scored by
// hand, with the reason: the item's rule for absent business then holds.
func (d *Desk) JudgeAbsent(ctx context.Context, c org.Caller, key string, scheme assess.SchemeID, item string, region org.RegionCode, year int, reason string) (store.Receipt, error) {
	return d.judge(ctx, c, key, scheme, item, region, year, assess.Judgement{Reason: reason, Absent: true})
}

func (d *Desk) judge(ctx context.Context, c org.Caller, key string, scheme assess.SchemeID, item string, region org.RegionCode, year int, j assess.Judgement) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.JudgeScore, key, func(tx *store.Tx) error {
		tx.About("region", string(region))
		year, err := scoredYear(year, tx.Today())
		if err != nil {
			return err
		}
		s, err := tx.SchemeFor(scheme, dayOf(year, tx.Today()))
		if err != nil {
			return err
		}
		assessed, err := tx.GovernmentOf(region)
		if err != nil {
			return err
		}
		if err := tx.Require(org.JudgeScore, org.ScoreFacts{Office: s.Office, Unit: assessed}); err != nil {
			return err
		}
		if _, ok := s.GroupOf(region); !ok {
			return fault.New(fault.Invalid, "score.region-not-assessed").On("region")
		}
		j.By, j.At = c.Post().ID, tx.Now()
		if f := s.CheckJudgement(item, j); f != nil {
			return f
		}
		if err := tx.SaveJudgement(scheme, item, region, yearPeriod(year), j); err != nil {
			return err
		}
		return tx.Record(map[string]any{"scheme": scheme, "item": item, "region": region, "year": year, "judgement": j})
	})
}

// scoredYear is the year that is scored on a day; 0 stands for the day's own.
// The year before may still be judged and computed: a year's assessment (年度考核)
// is closed when the reports of December have been verified.
func scoredYear(year int, on calendar.Date) (int, error) {
	switch year {
	case 0, on.Year:
		return on.Year, nil
	case on.Year - 1:
		return year, nil
	}
	return 0, fault.New(fault.Invalid, "assess.year-closed", "Year", on.Year, "Before", on.Year-1).On("year")
}

// dayOf is the day whose scheme holds for a year: the last one of the year once
// it is over.
func dayOf(year int, on calendar.Date) calendar.Date {
	if year < on.Year {
		return calendar.NewDate(year, 12, 31)
	}
	return on
}

func yearPeriod(year int) calendar.Period {
	return calendar.Period{Kind: calendar.Year, Year: year, Index: 1}
}

// Compute scores every region of a group for a year (0: that of the day) from
// what was verified by a day, and ranks them. Nothing is published by it.
func (d *Desk) Compute(ctx context.Context, c org.Caller, key string, scheme assess.SchemeID, group string, year int, asOf calendar.Date) (store.Receipt, store.AssessmentID, error) {
	var id store.AssessmentID
	r, err := d.store.Act(ctx, c, org.ComputeScores, key, func(tx *store.Tx) error {
		tx.About("scheme", string(scheme))
		if asOf.IsZero() || asOf.After(tx.Today()) {
			return fault.New(fault.Invalid, "assess.day-to-come").On("as_of")
		}
		year, err := scoredYear(year, asOf)
		if err != nil {
			return err
		}
		s, err := tx.SchemeFor(scheme, dayOf(year, asOf))
		if err != nil {
			return err
		}
		if err := tx.Require(org.ComputeScores, org.ScoreFacts{Office: s.Office}); err != nil {
			return err
		}
		a, cards, err := tx.Score(s, group, year, asOf)
		if err != nil {
			return err
		}
		id = a.ID
		tx.About("assessment", string(id))
		if err := tx.AddAssessment(a, cards); err != nil {
			return err
		}
		return tx.Record(RunRecord(a, cards))
	})
	return made(ctx, d, r, err, "assessment", id)
}

// Publish makes a run visible to everybody: from then on it can be cited and checked.
func (d *Desk) Publish(ctx context.Context, c org.Caller, key string, id store.AssessmentID) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.PublishScores, key, func(tx *store.Tx) error {
		tx.About("assessment", string(id))
		a, err := tx.Assessment(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.PublishScores, org.ScoreFacts{Office: a.Office, Published: !a.Published.IsZero()}); err != nil {
			return err
		}
		for _, e := range a.Ranking.Entries {
			if e.Rank == 0 {
				return fault.New(fault.Conflict, "assess.cards-open", "Region", e.Subject)
			}
		}
		cards, err := tx.CardsOf(id)
		if err != nil {
			return err
		}
		if err := tx.PublishAssessment(id); err != nil {
			return err
		}
		return tx.Record(RunRecord(a, cards))
	})
}

// RunRecord is what the journal keeps of a run: the digest of every card,
// so that an exported card proves itself.
func RunRecord(a store.Assessment, cards []store.Card) any {
	type line struct {
		Region org.RegionCode `json:"region"`
		Place  int            `json:"place"`
		Total  string         `json:"total"`
		Grade  string         `json:"grade"`
	}
	lines, digests := []line{}, []string{}
	for _, c := range cards {
		lines = append(lines, line{c.Region, c.Place, c.Total, c.Grade})
		digests = append(digests, c.Digest)
	}
	return map[string]any{
		"assessment": a.ID, "scheme": a.Scheme, "version": a.Version, "period": a.Period, "as_of": a.AsOf, "group": a.Group,
		"cards": lines, "digests": digests,
	}
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// duplicate turns "there is already such a row" into the fault that says so.
func duplicate(err error, f *fault.Fault) error {
	if store.IsDuplicate(err) {
		return f.Because(err)
	}
	return err
}
