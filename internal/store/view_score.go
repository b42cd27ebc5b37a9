package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// scoresInScope is the WHERE clause for assessment a that equals
// org.Scope.SeesScores for a run as a whole. from is the number of the first placeholder.
func scoresInScope(s org.Scope, from int) (string, []any) {
	switch {
	case s.All():
		return "1 = 1", nil
	case !s.Published():
		return "1 = 0", nil
	case s.Unit() == "":
		return "a.published is not null", nil
	}
	b := clause{n: from}
	return `(a.published is not null or a.office = ` + b.arg(string(s.Unit())) + `)`, b.args
}

// facts is what permissions are judged by for a run, or for one unit's card of it.
func (a Assessment) facts(assessed org.UnitID) org.ScoreFacts {
	return org.ScoreFacts{Office: a.Office, Unit: assessed, Published: !a.Published.IsZero()}
}

// Facts is what permissions are judged by for the run as a whole.
func (a Assessment) Facts() org.ScoreFacts { return a.facts("") }

// Run returns a run with its ranking, if the caller may see it as a whole.
func (v *View) Run(ctx context.Context, id AssessmentID) (Assessment, error) {
	a, err := v.run(ctx, id)
	if err != nil {
		return Assessment{}, err
	}
	return a, v.see(org.SeeScores, a.Facts())
}

func (v *View) run(ctx context.Context, id AssessmentID) (Assessment, error) {
	a, err := v.store.read.scanAssessment(v.q.QueryRowContext(ctx, `select `+assessmentColumns+` from assessment a where a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "absent")
	}
	return a, err
}

// PublishedRuns returns the published runs of a group up to a day, with their
// rankings, the newest first. Of two runs for one day the later published stands first.
func (v *View) PublishedRuns(ctx context.Context, group string, upTo calendar.Date, limit int) ([]Assessment, error) {
	if !v.scope.Published() {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select `+assessmentColumns+` from assessment a
		where a.grouping = $1 and a.as_of <= $2 and a.published is not null order by a.as_of desc, a.published desc limit $3`, group, upTo, limit)
	return collect(rows, err, func(r *sql.Rows) (Assessment, error) { return v.store.read.scanAssessment(r) })
}

// publishedRun returns the newest published run of a group up to a day whose ranking
// has a digest: as a rule the second or third that is read.
func (v *View) publishedRun(ctx context.Context, group string, upTo calendar.Date, digest string) (a Assessment, ok bool, err error) {
	if !v.scope.Published() {
		return a, false, nil
	}
	rows, err := v.q.QueryContext(ctx, `select `+assessmentColumns+` from assessment a
		where a.grouping = $1 and a.as_of <= $2 and a.published is not null order by a.as_of desc, a.published desc limit 24`, group, upTo)
	if err != nil {
		return a, false, fmt.Errorf("store: looking for a run: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if a, err = v.store.read.scanAssessment(rows); err != nil {
			return a, false, err
		}
		if a.Ranking.Digest == digest {
			return a, true, nil
		}
	}
	return a, false, rows.Err()
}

// RunKey is where a page of runs begins: after this one.
type RunKey struct {
	AsOf     calendar.Date
	Computed int64 // microseconds
	ID       AssessmentID
}

// Key is the run's place in lists.
func (a Assessment) Key() RunKey { return RunKey{a.AsOf, a.Computed.UnixMicro(), a.ID} }

// Runs lists the runs that the caller sees as a whole, drafts too, the newest day
// first. Their rankings are left out.
func (v *View) Runs(ctx context.Context, after RunKey, limit int) ([]Assessment, error) {
	where, args := scoresInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	if after.ID != "" {
		day, at, id := c.arg(after.AsOf), c.arg(after.Computed), c.arg(string(after.ID))
		where += ` and (a.as_of < ` + day + ` or a.as_of = ` + day + ` and (a.computed < ` + at + ` or a.computed = ` + at + ` and a.id > ` + id + `))`
	}
	rows, err := v.q.QueryContext(ctx, `select a.id, a.scheme, a.version, a.period, a.as_of, a.grouping, a.office, a.computed, a.published, a.entry, ''
		from assessment a where `+where+` order by a.as_of desc, a.computed desc, a.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (Assessment, error) { return v.store.read.scanAssessment(r) })
}

// LightsOf returns how many tasks of each region of a run had which light on its
// day. The run must have been asked for before.
func (v *View) LightsOf(ctx context.Context, a Assessment) (map[org.RegionCode]Lights, error) {
	type row struct {
		region org.RegionCode
		lights Lights
	}
	rows, err := v.q.QueryContext(ctx, `select region, lights from scorecard where assessment = $1`, a.ID)
	all, err := collect(rows, err, func(r *sql.Rows) (x row, err error) { return x, r.Scan(&x.region, kept{&x.lights}) })
	out := map[org.RegionCode]Lights{}
	for _, x := range all {
		out[x.region] = x.lights
	}
	return out, err
}

// CardView is one region's scorecard with its run, as one caller sees it.
type CardView struct {
	Card
	Run  Assessment
	Read assess.Payload // what Card.Payload says
}

// Scorecard returns one region's card of a run, if the caller may see it. The
// assessed unit is the region's government.
func (v *View) Scorecard(ctx context.Context, id AssessmentID, region org.RegionCode) (CardView, error) {
	run, err := v.run(ctx, id)
	if err != nil {
		return CardView{}, err
	}
	return v.CardIn(ctx, run, region)
}

// CardIn is Scorecard of a run that is at hand.
func (v *View) CardIn(ctx context.Context, run Assessment, region org.RegionCode) (CardView, error) {
	assessed, err := governmentOf(ctx, v.q, region)
	if err != nil {
		return CardView{}, err
	}
	if err := v.see(org.SeeScores, run.facts(assessed)); err != nil {
		return CardView{}, err
	}
	return v.card(ctx, run, region)
}

func (v *View) card(ctx context.Context, run Assessment, region org.RegionCode) (CardView, error) {
	rows, err := v.q.QueryContext(ctx, `select region, place, total, grade, digest, lights, payload from scorecard
		where assessment = $1 and region = $2`, run.ID, region)
	cards, err := collect(rows, err, scanCard)
	if err != nil {
		return CardView{}, err
	}
	if len(cards) == 0 {
		return CardView{}, fault.New(fault.NotFound, "absent")
	}
	out := CardView{Card: cards[0], Run: run}
	out.Read, err = v.store.read.cards.read(string(cards[0].Payload))
	return out, err
}

// CardBefore returns the same region's card of the published run that this one
// was compared with; false when there is none.
func (v *View) CardBefore(ctx context.Context, c CardView) (CardView, bool, error) {
	if c.Run.Ranking.Before == "" {
		return CardView{}, false, nil
	}
	before, ok, err := v.publishedRun(ctx, c.Run.Group, c.Run.AsOf, c.Run.Ranking.Before)
	if err != nil || !ok {
		return CardView{}, false, err
	}
	out, err := v.card(ctx, before, c.Region)
	if fault.KindOf(err) == fault.NotFound {
		return CardView{}, false, nil
	}
	return out, err == nil, err
}

// Again gathers a card's inputs anew from the tables, as of the same day, and
// scores them by the same version of the scheme. It is NotFound when the region
// has no task of an issued plan any more.
func (v *View) Again(ctx context.Context, c CardView) (assess.Payload, error) {
	group, ok := c.Read.Scheme.GroupOf(c.Region)
	if !ok {
		return assess.Payload{}, fault.New(fault.NotFound, "absent")
	}
	all, err := v.store.inputs(ctx, v.q, group.Level, c.Region, c.Run.Scheme, c.Run.Period.Year, c.Run.AsOf)
	if err != nil {
		return assess.Payload{}, err
	}
	for _, in := range all {
		if in.Subject == c.Region {
			return assess.NewPayload(c.Read.Scheme, in)
		}
	}
	return assess.Payload{}, fault.New(fault.NotFound, "absent")
}

// CardEntry is a card in a list.
type CardEntry struct {
	Run       AssessmentID
	Region    org.RegionCode
	Period    calendar.Period
	AsOf      calendar.Date
	Group     string
	Published bool
	Place     int // 0 while the card is open
	Total     string
	Grade     string
	Of        int // cards in the run that have a place
}

// CardKey is where a page of the list of cards begins: after this card.
type CardKey struct {
	AsOf   calendar.Date
	Run    AssessmentID
	Region org.RegionCode
}

// Scorecards lists the cards of a territory that the caller sees, the newest day
// first: what is published, what the caller's office computed, and drafts of the
// governments that the caller's unit is.
func (v *View) Scorecards(ctx context.Context, territory org.RegionCode, after CardKey, limit int) ([]CardEntry, error) {
	where, args := scoresInScope(v.scope, 1)
	c := clause{n: len(args) + 1, args: args}
	if v.scope.Unit() != "" {
		where = `(` + where + ` or exists (select 1 from unit u where u.id = ` + c.arg(string(v.scope.Unit())) + ` and u.region = s.region and u.kind = 'government'))`
	}
	if p := territory.Prefix(); p != "" {
		where += ` and ` + c.within("s.region", p)
	}
	if after.Run != "" {
		day, run, region := c.arg(after.AsOf), c.arg(string(after.Run)), c.arg(string(after.Region))
		where += ` and (a.as_of < ` + day + ` or a.as_of = ` + day + ` and (a.id < ` + run + ` or a.id = ` + run + ` and s.region > ` + region + `))`
	}
	rows, err := v.q.QueryContext(ctx, `select a.id, s.region, a.period, a.as_of, a.grouping, a.published is not null, s.place, s.total, s.grade
		from scorecard s join assessment a on a.id = s.assessment where `+where+`
		order by a.as_of desc, a.id desc, s.region limit `+c.arg(limit), c.args...)
	out, err := collect(rows, err, func(r *sql.Rows) (e CardEntry, err error) {
		return e, r.Scan(&e.Run, &e.Region, &e.Period, &e.AsOf, &e.Group, &e.Published, &e.Place, &e.Total, &e.Grade)
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, v.placed(ctx, out)
}

// placed says of cards how many of their run have a place: counted once for each run.
func (v *View) placed(ctx context.Context, cards []CardEntry) error {
	var runs []AssessmentID
	for _, e := range cards {
		if !slices.Contains(runs, e.Run) {
			runs = append(runs, e.Run)
		}
	}
	type count struct {
		run AssessmentID
		n   int
	}
	marks, args := list(1, runs)
	rows, err := v.q.QueryContext(ctx, `select assessment, count(*) from scorecard where assessment in (`+marks+`) and place > 0 group by assessment`, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (c count, err error) { return c, r.Scan(&c.run, &c.n) })
	for _, c := range all {
		for i := range cards {
			if cards[i].Run == c.run {
				cards[i].Of = c.n
			}
		}
	}
	return err
}

// Scheme returns one version of a scheme. Schemes are public, as rules are.
func (v *View) Scheme(ctx context.Context, id assess.SchemeID, version int) (OfficeScheme, error) {
	return oneScheme(v.q.QueryRowContext(ctx, `select body, office from scheme where id = $1 and version = $2`, id, version))
}

// Schemes returns the newest version in force today of the schemes by which the
// caller's unit assesses, or of all for those who see everything, by id after one.
func (v *View) Schemes(ctx context.Context, after assess.SchemeID, limit int) (out []OfficeScheme, err error) {
	for {
		some, err := loadSchemes(ctx, v.q, v.today, after, limit)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if after = s.ID; len(out) < limit && v.May(org.SeeScores, org.ScoreFacts{Office: s.Office}) {
				out = append(out, s)
			}
		}
		if len(some) < limit || len(out) == limit {
			return out, nil
		}
	}
}

// Assessed returns the regions of a level that take part in issued plans of a
// year, within a territory: those that a run would score.
func (v *View) Assessed(ctx context.Context, level org.Level, within org.RegionCode, year int) ([]org.RegionCode, error) {
	column, of, rows := `substr(t.region, 1, 4) || '00'`, `t.region not like '%0000'`, ` and k.depth = 0`
	if level == org.County {
		column, of, rows = `t.region`, `t.region not like '%00'`, ``
	}
	c := clause{n: 1}
	first := c.within("region", within.Prefix())
	next := c.within("x.region", within.Prefix())
	// It steps from region to region in an index and looks for one task in each; the offsets
	// keep both engines from going through the plans of the year for each region.
	return rowsOf[org.RegionCode](v.q.QueryContext(ctx, `with recursive t (region) as (select min(region) from task where `+first+`
			union all select (select min(x.region) from task x where x.region > t.region and `+next+`) from t where t.region is not null)
		select distinct `+column+` from t where t.region is not null and `+of+` and exists (select 1 from task k where k.region = t.region
			and k.state not in ('draft', 'withdrawn')`+rows+` and exists (select 1 from plan p where p.id = k.plan and p.year = `+c.arg(year)+`
				and p.issued is not null limit 1 offset 0) limit 1 offset 0) order by 1`, c.args...))
}

// Judgements returns what was last given by hand under a scheme for a year, by item and region.
func (v *View) Judgements(ctx context.Context, s OfficeScheme, year int) (map[string]map[org.RegionCode]assess.Judgement, error) {
	if err := v.see(org.SeeScores, org.ScoreFacts{Office: s.Office}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select item, region, points, absent, reason, post, at from judgement where scheme = $1 and period = $2 order by at`,
		s.ID, calendar.Period{Kind: calendar.Year, Year: year, Index: 1})
	out := map[string]map[org.RegionCode]assess.Judgement{}
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var item, points string
		var region org.RegionCode
		var j assess.Judgement
		if err = r.Scan(&item, &region, &points, &j.Absent, &j.Reason, &j.By, instant{&j.At}); err != nil {
			return struct{}{}, err
		}
		if out[item] == nil {
			out[item] = map[org.RegionCode]assess.Judgement{}
		}
		j.Points, err = assess.ParsePoints(points)
		out[item][region] = j
		return struct{}{}, err
	})
	return out, err
}

// OccurrenceEntry is a happening in a list.
type OccurrenceEntry struct {
	assess.Occurrence
	Region org.RegionCode
}

// Occurrences lists what happened since the beginning of a year, the newest day first.
func (v *View) Occurrences(ctx context.Context, s OfficeScheme, year, limit int) ([]OccurrenceEntry, error) {
	if err := v.see(org.SeeScores, org.ScoreFacts{Office: s.Office}); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select id, kind, on_day, words, count, region from occurrence where on_day >= $1
		order by on_day desc, id desc limit $2`, calendar.NewDate(year, 1, 1), limit)
	return collect(rows, err, func(r *sql.Rows) (o OccurrenceEntry, err error) {
		return o, r.Scan(&o.ID, &o.Kind, &o.On, &o.Words, &o.Count, &o.Region)
	})
}

// TasksOfReports says to which task each report belongs.
func (v *View) TasksOfReports(ctx context.Context, ids []task.ReportID) (map[task.ReportID]task.ID, error) {
	out := map[task.ReportID]task.ID{}
	if len(ids) == 0 {
		return out, nil
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select id, task from report where id in (`+marks+`)`, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (_ struct{}, err error) {
		var id task.ReportID
		var of task.ID
		err = r.Scan(&id, &of)
		out[id] = of
		return struct{}{}, err
	})
	return out, err
}
