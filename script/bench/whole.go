package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// once measures a thing that is done as a whole.
func once(f func() error) (times, error) {
	start := time.Now()
	err := f()
	took := time.Since(start)
	return times{[]time.Duration{took}, took}, err
}

// whole measures a thing that is done as a whole, under its name among the profiles.
func (s *served) whole(name string, f func() error) (t times, err error) {
	err = profiled(s.db.Engine()+" "+name, func() (err error) { t, err = once(f); return err })
	return t, err
}

// scanned is how often a second the database reads through the same bytes.
func (s *served) scanned(query string) (float64, error) {
	t, err := once(func() error { _, err := s.texts(1, query); return err })
	return t.rate(), err
}

const taskBytes = `select cast(sum(length(title) + length(light_body) + length(deadline)) as text) from task`

// wholes measures what is done to everything at once.
func (s *served) wholes() (rows []row, err error) {
	if _, err := s.store.Relight(s.ctx); err != nil { // an earlier bench may have been cut on another day
		return nil, err
	}
	scan, err := s.scanned(taskBytes)
	if err != nil {
		return nil, err
	}
	check, err := s.whole("recount of all lights, compared", func() error {
		d, err := s.store.Recheck(s.ctx)
		if err == nil && len(d) > 0 {
			err = errors.New(d[0])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	rows = append(rows, s.against("recount of all lights, compared", check, scan))
	mornings, err := s.mornings(scan)
	if err != nil {
		return nil, err
	}
	rows = append(rows, mornings...)
	cards, err := s.cards()
	if err != nil {
		return nil, err
	}
	log, err := s.journal()
	return append(append(rows, cards), log...), err
}

// provinces is up to how many tasks everything is written anew: a nation's takes many
// minutes, twice over, and each task as long as a province's.
const provinces = 200_000

// mornings measures what a day begins with: one on which little changes, the first of
// a month, on which every course has moved on, and one with other rules, on which all
// that is kept is written anew.
func (s *served) mornings(scan float64) (rows []row, err error) {
	day := s.clock
	other := s.config
	other.Rules = slices.Clone(other.Rules)
	other.Rules[0].Light.Version++
	for _, m := range []struct {
		name  string
		on    time.Time
		store *store.Store
	}{
		{"morning of the next day", day.AddDate(0, 0, 1), s.store},
		{"morning of the first of a month", time.Date(day.Year(), day.Month()+1, 1, 9, 0, 0, 0, day.Location()), s.store},
		{"recount of all lights, written", day, store.New(s.db, other)},
		{"", day, s.store}, // back to the day
	} {
		if m.name == "recount of all lights, written" && s.tasks > provinces {
			continue
		}
		s.clock = m.on
		took, err := s.whole(m.name, func() error { _, err := m.store.Relight(s.ctx); return err })
		if err != nil {
			return nil, err
		}
		if m.name != "" {
			rows = append(rows, s.against(m.name, took, scan))
		}
	}
	return rows, nil
}

// cards scores the counties of all provinces.
func (s *served) cards() (row, error) {
	found, err := s.texts(3, `select s.id, h.person, h.post from scheme s join post o on o.unit = s.office and o.roles like '%scorer%'
		join holding h on h.post = o.id where s.id like 'memorandum-county%' order by s.id`)
	if err != nil {
		return row{}, err
	}
	scan, err := s.scanned(`select cast(sum(length(words) + value) as text) from report`)
	if err != nil {
		return row{}, err
	}
	t, err := s.whole("scorecards of all counties", func() error {
		for _, f := range found {
			c, err := s.store.Caller(s.ctx, org.PersonID(f[1]), org.PostID(f[2]), s.store.Today())
			if err != nil {
				return err
			}
			group := "counties" + f[0][len("memorandum-county"):]
			if _, _, err := s.desk.Compute(s.ctx, c, "", assess.SchemeID(f[0]), group, 0, calendar.NewDate(2010, 5, 31)); err != nil {
				return err
			}
		}
		return nil
	})
	return s.against("scorecards of all counties", t, scan), err
}

// journal folds what the acts have left and verifies all; rates are entries a second.
func (s *served) journal() ([]row, error) {
	folded := 0
	t, err := s.whole("journal fold", func() (err error) { folded, err = s.log.Fold(s.ctx); return err })
	if err != nil {
		return nil, err
	}
	scan, err := once(func() error {
		_, err := s.texts(1, `select cast(sum(length(bytes)) as text) from journal_entry`)
		return err
	})
	if err != nil {
		return nil, err
	}
	var report journal.Report
	v, err := s.whole("journal verify", func() (err error) { report, err = journal.VerifyDatabase(s.ctx, s.db, s.key); return err })
	if err != nil || !report.OK() {
		return nil, fmt.Errorf("the journal does not verify: %w %v", err, report.Problems)
	}
	perMillion := func(name string, t times, n int64, ceiling float64) row {
		r := s.against(name, t, 0)
		each := float64(t.whole.Milliseconds()) / float64(max(n, 1)) * 1e6
		r.P50, r.P99, r.Rate, r.Ceiling = each, each, float64(n)/t.whole.Seconds(), ceiling
		if r.Ceiling > 0 {
			r.Ratio = r.Ceiling / r.Rate
		}
		return r
	}
	return []row{
		perMillion("journal fold, a million entries", t, int64(folded), 0),
		perMillion("journal verify, a million entries", v, report.Entries, float64(report.Entries)/scan.whole.Seconds()),
	}, nil
}
