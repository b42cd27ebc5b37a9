package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// AssessmentID names one run of a scheme over one group on one day.
type AssessmentID string

// Assessment is one run: a ranking with the scorecards behind it.
type Assessment struct {
	ID        AssessmentID
	Scheme    assess.SchemeID
	Version   int
	Period    calendar.Period // the month of the day; the whole year when it was closed in the next
	AsOf      calendar.Date
	Group     string
	Office    org.UnitID // whose scheme it is
	Computed  time.Time
	Published time.Time // zero: seen by those who score and by the assessed unit only
	Entry     string    // journal entry of the publication, else of the computation
	Ranking   assess.Ranking
}

// OfficeScheme is a scheme with the unit that assesses by it.
type OfficeScheme struct {
	assess.Scheme
	Office org.UnitID
}

// SchemeFor returns the newest version of a scheme that is in force on a day.
func (t *Tx) SchemeFor(id assess.SchemeID, on calendar.Date) (OfficeScheme, error) {
	return oneScheme(t.tx.QueryRowContext(t.ctx, `select body, office from scheme where id = $1 and from_day <= $2 order by version desc limit 1`, id, on))
}

// SchemeRecording returns the newest scheme in force on a day under which
// happenings of a kind are recorded.
func (t *Tx) SchemeRecording(kind string, on calendar.Date) (OfficeScheme, error) {
	all, err := loadSchemes(t.ctx, t.tx, on, "", mostSchemes)
	if err != nil {
		return OfficeScheme{}, err
	}
	for _, s := range all {
		for _, k := range s.Occurrences {
			if k.Key == kind {
				return s, nil
			}
		}
	}
	return OfficeScheme{}, fault.New(fault.Invalid, "assess.inputs.occurrence-kind", "Kind", kind).On("kind")
}

// SchemeOffice returns the unit that assesses by a scheme; "" when there is no
// version of it yet.
func (t *Tx) SchemeOffice(id assess.SchemeID) (office org.UnitID, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select office from scheme where id = $1 order by version limit 1`, id).Scan(&office)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return office, err
}

func oneScheme(row *sql.Row) (s OfficeScheme, err error) {
	err = row.Scan(kept{&s.Scheme}, &s.Office)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "scheme.absent")
	}
	return s, err
}

// mostSchemes is far more than there are: an office has one or two.
const mostSchemes = 10_000

// loadSchemes reads the newest version in force on a day of every scheme after one,
// by id.
func loadSchemes(ctx context.Context, q queryer, on calendar.Date, after assess.SchemeID, limit int) ([]OfficeScheme, error) {
	rows, err := q.QueryContext(ctx, `select s.body, s.office from scheme s where s.from_day <= $1 and s.id > $2 and not exists
		(select 1 from scheme n where n.id = s.id and n.from_day <= $1 and n.version > s.version) order by s.id limit $3`, on, after, limit)
	return collect(rows, err, func(r *sql.Rows) (s OfficeScheme, err error) {
		return s, r.Scan(kept{&s.Scheme}, &s.Office)
	})
}

// AddScheme writes a new version of a scheme. Versions are never changed.
func (t *Tx) AddScheme(s assess.Scheme, office org.UnitID) error {
	return t.exec(`insert into scheme (id, version, from_day, office, body) values ($1, $2, $3, $4, $5)`, s.ID, s.Version, s.From, office, text(s))
}

// GovernmentOf returns the government of a region, which its scorecard assesses;
// "" when the directory has none.
func (t *Tx) GovernmentOf(region org.RegionCode) (org.UnitID, error) {
	return governmentOf(t.ctx, t.tx, region)
}

func governmentOf(ctx context.Context, q queryer, region org.RegionCode) (id org.UnitID, err error) {
	err = q.QueryRowContext(ctx, `select id from unit where region = $1 and kind = 'government' order by to_day is not null, id limit 1`, region).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// AddOccurrence writes something that costs or brings points.
func (t *Tx) AddOccurrence(region org.RegionCode, o assess.Occurrence) error {
	return t.exec(`insert into occurrence (id, region, kind, on_day, words, count, person, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		o.ID, region, o.Kind, o.On, o.Words, o.Count, t.caller.Person().ID, t.now.UnixMicro())
}

// SaveJudgement writes the points that a scorer gives by hand for a year. Earlier
// ones stay beside it, so that an earlier day can be computed again; of two in the
// same microsecond the later written stands.
func (t *Tx) SaveJudgement(scheme assess.SchemeID, item string, region org.RegionCode, p calendar.Period, j assess.Judgement) error {
	return t.exec(`insert into judgement (scheme, item, region, period, points, absent, reason, post, person, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (scheme, item, region, period, at) do update set
		points = excluded.points, absent = excluded.absent, reason = excluded.reason, post = excluded.post, person = excluded.person`,
		scheme, item, region, p, j.Points.String(), j.Absent, j.Reason, j.By, t.caller.Person().ID, t.now.UnixMicro())
}

// inputs gathers, for every region of a level that takes part in plans of a year
// and lies within a territory, what its scorecard rests on as of a day. The day
// may lie in the next year: the last reports of a year are verified in January.
func (s *Store) inputs(ctx context.Context, q queryer, level org.Level, within org.RegionCode, scheme assess.SchemeID, year int, asOf calendar.Date) ([]assess.Inputs, error) {
	gathered, err := s.gather(ctx, q, level, within, year, asOf)
	if err != nil {
		return nil, err
	}
	happened, err := loadOccurrences(ctx, q, within, year, asOf)
	if err != nil {
		return nil, err
	}
	judged, err := loadJudgements(ctx, q, scheme, within, year, asOf)
	out := gathered.sorted(level, within)
	for i := range out {
		out[i].Occurrences, out[i].Judged = happened[out[i].Subject], judged[out[i].Subject]
	}
	return out, err
}

// loadOccurrences reads what happened in the regions of a territory in a year, up to a day.
func loadOccurrences(ctx context.Context, q queryer, within org.RegionCode, year int, asOf calendar.Date) (map[org.RegionCode][]assess.Occurrence, error) {
	last := calendar.NewDate(year, 12, 31)
	if asOf.Before(last) {
		last = asOf
	}
	c := clause{n: 3, args: []any{calendar.NewDate(year, 1, 1), last}}
	rows, err := q.QueryContext(ctx, `select region, id, kind, on_day, words, count from occurrence
		where on_day >= $1 and on_day <= $2 and `+c.within("region", within.Prefix())+` order by on_day, id`, c.args...)
	out := map[org.RegionCode][]assess.Occurrence{}
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var region org.RegionCode
		var o assess.Occurrence
		err = r.Scan(&region, &o.ID, &o.Kind, &o.On, &o.Words, &o.Count)
		out[region] = append(out[region], o)
		return struct{}{}, err
	})
	return out, err
}

// loadJudgements reads what was given by hand for a year in the regions of a
// territory, as it stood at the end of a day in China: of several judgements of an
// item the newest by then.
func loadJudgements(ctx context.Context, q queryer, scheme assess.SchemeID, within org.RegionCode, year int, asOf calendar.Date) (map[org.RegionCode]map[string]assess.Judgement, error) {
	c := clause{n: 4, args: []any{scheme, calendar.Period{Kind: calendar.Year, Year: year, Index: 1}, asOf.AddDays(1).Time().Add(-8 * time.Hour).UnixMicro()}}
	rows, err := q.QueryContext(ctx, `select region, item, points, absent, reason, post, at from judgement
		where scheme = $1 and period = $2 and at < $3 and `+c.within("region", within.Prefix())+` order by at`, c.args...)
	out := map[org.RegionCode]map[string]assess.Judgement{}
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var region org.RegionCode
		var item, points string
		var j assess.Judgement
		if err := r.Scan(&region, &item, &points, &j.Absent, &j.Reason, &j.By, instant{&j.At}); err != nil {
			return struct{}{}, err
		}
		j.At = j.At.Truncate(time.Second)
		j.Points, err = assess.ParsePoints(points)
		if out[region] == nil {
			out[region] = map[string]assess.Judgement{}
		}
		out[region][item] = j
		return struct{}{}, err
	})
	return out, err
}

// AddAssessment writes a run and its cards.
func (t *Tx) AddAssessment(a Assessment, cards []Card) error {
	err := t.exec(`insert into assessment (id, scheme, version, period, as_of, grouping, office, computed, entry, summary)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.Scheme, a.Version, a.Period, a.AsOf, a.Group, a.Office, t.now.UnixMicro(), t.entry, text(a.Ranking))
	if err != nil {
		return err
	}
	for _, c := range cards {
		err := t.exec(`insert into scorecard (assessment, region, place, total, grade, digest, lights, payload) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			a.ID, c.Region, c.Place, c.Total, c.Grade, c.Digest, text(c.Lights), string(c.Payload))
		if err != nil {
			return err
		}
	}
	return nil
}

// Card is one region's scorecard as stored: the canonical bytes of its payload.
type Card struct {
	Region  org.RegionCode
	Place   int
	Total   string
	Grade   string
	Digest  string // SHA-256 of Payload
	Lights  Lights // of the tasks that the card rests on, on the day
	Payload []byte // of assess.Payload
}

const assessmentColumns = `a.id, a.scheme, a.version, a.period, a.as_of, a.grouping, a.office, a.computed, a.published, a.entry, a.summary`

func (x readings) scanAssessment(r interface{ Scan(...any) error }) (a Assessment, err error) {
	err = r.Scan(&a.ID, &a.Scheme, &a.Version, &a.Period, &a.AsOf, &a.Group, &a.Office, instant{&a.Computed}, instant{&a.Published}, &a.Entry, remembered[assess.Ranking]{&a.Ranking, x.rankings})
	return a, err
}

// Assessment reads a run.
func (t *Tx) Assessment(id AssessmentID) (Assessment, error) {
	a, err := t.store.read.scanAssessment(t.tx.QueryRowContext(t.ctx, `select `+assessmentColumns+` from assessment a where a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "absent")
	}
	return a, err
}

// CardsOf reads the stored cards of a run.
func (t *Tx) CardsOf(id AssessmentID) ([]Card, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select region, place, total, grade, digest, lights, payload from scorecard where assessment = $1 order by region`, id)
	return collect(rows, err, scanCard)
}

func scanCard(r *sql.Rows) (c Card, err error) {
	var payload string
	err = r.Scan(&c.Region, &c.Place, &c.Total, &c.Grade, &c.Digest, kept{&c.Lights}, &payload)
	c.Payload = []byte(payload)
	return c, err
}

// PublishAssessment makes a run visible to everybody; once.
func (t *Tx) PublishAssessment(id AssessmentID) error {
	return t.execOne(`update assessment set published = $2, entry = $3 where id = $1 and published is null`, id, t.now.UnixMicro(), t.entry)
}

// ClosePeriod marks a period as closed and counts the reports it has, of the
// plans that a unit runs.
func (t *Tx) ClosePeriod(p calendar.Period, office org.UnitID) (n int, err error) {
	if err := t.exec(`insert into closed_period (period, office, on_day, person, at) values ($1, $2, $3, $4, $5)`,
		p, office, t.Today(), t.caller.Person().ID, t.now.UnixMicro()); err != nil {
		return 0, err
	}
	err = t.tx.QueryRowContext(t.ctx, `select count(*) from report r join task k on k.id = r.task join plan l on l.id = k.plan
		where r.period = $1 and l.office = $2`, p, office).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("store: counting reports: %w", err)
	}
	return n, nil
}
