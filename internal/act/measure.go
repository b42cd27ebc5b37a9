package act

import (
	"context"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/measure"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
)

// LoadMeasures takes the standard measures into the catalogue of the caller's unit.
// Those that it has already, by their keys, stay as the unit has them.
func (d *Desk) LoadMeasures(ctx context.Context, c org.Caller, key string) (store.Receipt, int, error) {
	count := 0
	r, err := d.store.Act(ctx, c, org.ChangeMeasure, key, func(tx *store.Tx) error {
		count = 0
		if err := tx.Require(org.ChangeMeasure, org.MeasureFacts{Office: c.Unit().ID}); err != nil {
			return err
		}
		have, last, err := tx.MeasureKeys()
		if err != nil {
			return err
		}
		var keys []string
		for _, m := range measure.Standards() {
			if have[m.Key] {
				continue
			}
			last[m.Field]++
			e := measure.Entry{ID: measure.ID(tx.NewID()), Unit: c.Unit().ID, Key: m.Key, Position: last[m.Field], On: true, Number: 1,
				From: calendar.NewDate(tx.Today().Year, 1, 1), Measure: m.Measure}
			if err := tx.AddMeasure(e); err != nil {
				return err
			}
			keys, count = append(keys, m.Key), count+1
		}
		return tx.Record(map[string]any{"standard": keys})
	})
	return r, count, err
}

// EnterMeasure writes a new measure of the caller's unit, from a day on.
func (d *Desk) EnterMeasure(ctx context.Context, c org.Caller, key string, m measure.Measure, from calendar.Date) (store.Receipt, measure.ID, error) {
	e := measure.Entry{Unit: c.Unit().ID, On: true, Number: 1, From: from, Measure: m}
	r, err := d.store.Act(ctx, c, org.ChangeMeasure, key, func(tx *store.Tx) error {
		e.ID = measure.ID(tx.NewID())
		tx.About("measure", string(e.ID))
		if err := tx.Require(org.ChangeMeasure, org.MeasureFacts{Office: e.Unit}); err != nil {
			return err
		}
		if err := m.Check(); err != nil {
			return err
		}
		if e.From.IsZero() {
			e.From = tx.Today()
		}
		_, last, err := tx.MeasureKeys()
		if err != nil {
			return err
		}
		e.Position = last[m.Field] + 1
		if err := tx.AddMeasure(e); err != nil {
			return err
		}
		return tx.Record(e)
	})
	return made(ctx, d, r, err, "measure", e.ID)
}

// ChangeMeasure writes the next version of a measure, from a day on, or only
// switches it on or off. version is that of the entry that was shown.
func (d *Desk) ChangeMeasure(ctx context.Context, c org.Caller, key string, id measure.ID, version int64, m measure.Measure, from calendar.Date, on bool) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.ChangeMeasure, key, func(tx *store.Tx) error {
		tx.About("measure", string(id))
		old, err := tx.Measure(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.ChangeMeasure, org.MeasureFacts{Office: old.Unit}); err != nil {
			return err
		}
		if err := m.Check(); err != nil {
			return err
		}
		next, said := old, !old.Measure.Same(m)
		next.Version, next.On, next.Measure = version, on, m
		if said {
			number, last, err := tx.LastMeasureVersion(id)
			if err != nil {
				return err
			}
			next.Number, next.From = number+1, from
			if err := (measure.Entry{From: last}).CheckFrom(from); err != nil {
				return err
			}
		}
		if err := tx.SaveMeasure(next, said); err != nil {
			return err
		}
		return tx.Record(map[string]any{"before": old, "after": next})
	})
}

// TakeMeasures puts measures into the caller's unit's own draft of a memorandum, as
// commitments under a clause of their field, each with the finding that it answers.
// draft is the version of the draft that was shown, 0 for none yet.
func (d *Desk) TakeMeasures(ctx context.Context, c org.Caller, key string, id memo.ID, draft int64, chosen []measure.Chosen) (store.Receipt, error) {
	return d.onNegotiation(ctx, c, org.TakeMeasures, key, id, func(tx *store.Tx, n memo.Negotiation) error {
		if len(chosen) == 0 {
			return fault.New(fault.Invalid, "measure.none-chosen")
		}
		own, err := tx.Draft(id)
		if err != nil {
			return err
		}
		if own.Version != draft {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		old := own.Text
		if own.Version == 0 {
			if own, err = beginDraft(tx, n); err != nil {
				return err
			}
		}
		var l fault.List
		parties := own.Text.Units()
		for i := range chosen {
			if err := d.choose(tx, c, n.Memorandum, &chosen[i]); err != nil {
				return err
			}
			if wrong, ok := chosen[i].Check(parties).(fault.List); ok {
				l = append(l, wrong...)
			}
		}
		if err := l.Err(); err != nil {
			return err
		}
		for i := range chosen {
			chosen[i].ID = measure.ChosenID(tx.NewID()) // until now it named the place in the form
			if err := tx.AddChosen(chosen[i]); err != nil {
				return err
			}
		}
		own.Text = known(tx, n, old, measure.Into(own.Text, chosen, measure.ClauseTitles()))
		if err := tx.SaveDraft(own); err != nil {
			return err
		}
		return tx.Record(map[string]any{"chosen": chosen, "draft": memo.Digest(own.Text), "base": own.Base})
	})
}

// choose completes a chosen measure with what stands in the catalogue, and checks
// that its finding is one that the caller may rest on.
func (d *Desk) choose(tx *store.Tx, c org.Caller, m memo.Memorandum, x *measure.Chosen) error {
	e, err := tx.Measure(x.Measure)
	if err != nil {
		return err
	}
	tx.About("measure", string(e.ID))
	x.Memorandum, x.Unit, x.Number, x.Field, x.Side, x.At = m.ID, c.Unit().ID, e.Number, e.Field, e.Side, tx.Now()
	if x.Finding == "" {
		return nil
	}
	tx.About("finding", string(x.Finding))
	f, err := tx.Finding(x.Finding)
	if err != nil {
		return err
	}
	return d.mayRest(tx, f)
}

// mayRest asks whether the caller sees a finding; the permission of the act itself
// is the one that the journal keeps.
func (d *Desk) mayRest(tx *store.Tx, f survey.Finding) error {
	_, facts, err := tx.Survey(f.Survey)
	if err != nil {
		return err
	}
	return tx.May(org.SeeFindings, facts)
}

// beginDraft is a first draft: the newest version that lies before the parties, or
// what the memorandum says.
func beginDraft(tx *store.Tx, n memo.Negotiation) (store.Draft, error) {
	own := store.Draft{Memorandum: n.Memorandum.ID, Unit: tx.Caller().Unit().ID}
	if n.Newest != nil {
		own.Base, own.Text = n.Newest.Number, n.Newest.Text
		return own, nil
	}
	units, err := tx.PartyUnits(n.Memorandum.Parties)
	own.Text = n.Begin(func(id org.UnitID) string {
		for _, u := range units {
			if u.ID == id {
				return u.Name
			}
		}
		return string(id)
	})
	return own, err
}
