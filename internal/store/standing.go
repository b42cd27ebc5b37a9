package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Score works out the cards and the ranking of one group for a year, as far as the
// territory of whoever computes reaches: a city ranks its own counties only. It
// writes nothing.
func (t *Tx) Score(s OfficeScheme, group string, year int, asOf calendar.Date) (Assessment, []Card, error) {
	a, cards, err := t.store.score(t.ctx, t.tx, s, group, t.caller.Unit().Region, year, asOf)
	a.ID = AssessmentID(t.NewID())
	return a, cards, err
}

// Standing is the ranking of a group as it would be if it were computed now, from
// what stands in the tables in this instant: a report that was verified before the
// question is in it. It is no run: it has no id, nobody published it, and nothing
// keeps it. Those see it who may see a run of the scheme that is not published.
//
// Imperfect: it reads the year's tasks and reports of the caller's territory anew
// each time, so its cost grows with these.
func (v *View) Standing(ctx context.Context, id assess.SchemeID, group string) (Assessment, []Card, error) {
	s, err := oneScheme(v.q.QueryRowContext(ctx, `select body, office from scheme where id = $1 and from_day <= $2 order by version desc limit 1`, id, v.today))
	if err != nil {
		return Assessment{}, nil, err
	}
	if err := v.see(org.SeeScores, org.ScoreFacts{Office: s.Office}); err != nil {
		return Assessment{}, nil, err
	}
	a, cards, err := v.store.score(ctx, v.q, s, group, v.caller.Unit().Region, v.today.Year, v.today)
	a.Computed = v.store.Now()
	return a, cards, err
}

// score is what Score and Standing share.
func (s *Store) score(ctx context.Context, q queryer, scheme OfficeScheme, group string, within org.RegionCode, year int, asOf calendar.Date) (Assessment, []Card, error) {
	a := Assessment{
		Scheme: scheme.ID, Version: scheme.Version, Period: calendar.Of(calendar.Month, asOf), AsOf: asOf, Group: group, Office: scheme.Office,
	}
	if year < asOf.Year {
		a.Period = calendar.Period{Kind: calendar.Year, Year: year, Index: 1}
	}
	i := slices.IndexFunc(scheme.Groups, func(g assess.Group) bool { return g.Key == group })
	if i < 0 {
		return a, nil, fault.New(fault.Invalid, "assess.group-unknown").On("group")
	}
	inputs, err := s.inputs(ctx, q, scheme.Groups[i].Level, within, scheme.ID, year, asOf)
	if err != nil {
		return a, nil, err
	}
	before, err := s.read.runBefore(ctx, q, group, scheme.ID, year, asOf)
	if err != nil {
		return a, nil, err
	}
	var cards []Card
	a.Ranking, cards, err = Cards(scheme.Scheme, group, inputs, before)
	return a, cards, err
}

// Cards scores what was gathered of each region and ranks them; before is the
// ranking that the places are compared with, or nil. Every processor works on cards
// of its own.
func Cards(s assess.Scheme, group string, inputs []assess.Inputs, before *assess.Ranking) (assess.Ranking, []Card, error) {
	scorer, err := assess.NewScorer(s)
	if err != nil {
		return assess.Ranking{}, nil, err
	}
	all, cards := make([]assess.Scorecard, len(inputs)), make([]Card, len(inputs))
	faults := make([]error, len(inputs))
	var working sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(inputs); i = int(next.Add(1)) - 1 {
				all[i], cards[i], faults[i] = cardOf(scorer, inputs[i])
			}
		})
	}
	working.Wait()
	for _, err := range faults {
		if err != nil {
			return assess.Ranking{}, nil, err // of the first region: the same one every time
		}
	}
	ranking, err := assess.Rank(s, group, all, before)
	if err != nil {
		return ranking, nil, err
	}
	place := map[org.RegionCode]int{}
	for _, e := range ranking.Entries {
		place[e.Subject] = e.Rank
	}
	for i := range cards {
		cards[i].Place = place[cards[i].Region]
	}
	return ranking, cards, nil
}

func cardOf(scorer *assess.Scorer, in assess.Inputs) (assess.Scorecard, Card, error) {
	p, b, err := scorer.Payload(in)
	if err != nil {
		return assess.Scorecard{}, Card{}, err
	}
	digest := sha256.Sum256(b)
	lights := Lights{}
	for _, t := range in.Tasks {
		lights[t.Light]++
	}
	return p.Card, Card{
		Region: in.Subject, Total: p.Card.Total.String(), Grade: p.Card.Grade, Digest: hex.EncodeToString(digest[:]), Lights: lights, Payload: b,
	}, nil
}

// runBefore reads the newest published run of the same scheme and group before a
// day, if any. A run of a later year is none: a year is closed when the next has begun.
func (x readings) runBefore(ctx context.Context, q queryer, group string, scheme assess.SchemeID, year int, asOf calendar.Date) (*assess.Ranking, error) {
	a, err := x.scanAssessment(q.QueryRowContext(ctx, `select `+assessmentColumns+` from assessment a
		where a.grouping = $1 and a.scheme = $2 and a.as_of < $3 and substr(a.period, 1, 4) <= $4 and a.published is not null
		order by a.as_of desc, a.computed desc limit 1`, group, scheme, asOf, fmt.Sprintf("%04d", year)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &a.Ranking, err
}
