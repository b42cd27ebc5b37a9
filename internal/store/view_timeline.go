package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// StepKind says what happened in a memorandum's life.
type StepKind string

// The steps of a life.
const (
	StepSurvey    StepKind = "survey"   // closed, or still being answered
	StepMeasures  StepKind = "measures" // of the catalogue were taken into a draft
	StepProposed  StepKind = "proposed"
	StepAgreed    StepKind = "agreed"
	StepSigned    StepKind = "signed"    // by one party
	StepVoid      StepKind = "void"      // a signature that no longer holds
	StepInForce   StepKind = "in-force"  // by the last signature, or as it was entered
	StepAmended   StepKind = "amended"   // by the last signature under an amendment
	StepPlan      StepKind = "plan"      // issued
	StepSucceeded StepKind = "succeeded" // one unit took another's place
	StepRenamed   StepKind = "renamed"   // a party bears another name
	StepRenewal   StepKind = "renewal"   // the memorandum that follows came into force
	StepUntil     StepKind = "until"     // the last day of the term
	StepEnded     StepKind = "ended"
)

// Step is one thing in a memorandum's life.
type Step struct {
	Kind    StepKind
	Day     calendar.Date
	At      time.Time // of what is known to the moment; orders a day
	Number  int       // of the version; of a plan, its year; how many findings or measures
	ID      string    // of the version, the plan, the survey, the other memorandum
	Who     string    // name of the unit that did it, as it was called on the day
	Now     string    // the successor's name, or the new one
	Purpose memo.Purpose
	Method  string // of a signature
	Why     string // it is void, or ended; of a survey its title
	Open    bool   // of a survey: it is still being answered

	unit org.UnitID // that did it; "" where Who is known
}

// Timeline returns what happened in a memorandum's life, the oldest first, out of
// the tables: nothing is kept for it.
func (v *View) Timeline(ctx context.Context, m MemorandumView) (out []Step, err error) {
	if err := v.see(org.SeeMemorandum, m.Facts); err != nil {
		return nil, err
	}
	for _, part := range []func(context.Context, MemorandumView) ([]Step, error){v.surveySteps, v.measureSteps, v.versionSteps, v.signatureSteps, v.planSteps, v.otherSteps} {
		more, err := part(ctx, m)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if out, err = v.named(ctx, m, out); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Step) int {
		if c := a.Day.Compare(b.Day); c != 0 {
			return c
		}
		if a.At.IsZero() || b.At.IsZero() {
			return 0
		}
		return a.At.Compare(b.At)
	})
	return out, nil
}

// surveySteps are the surveys that prepare the memorandum, and those that its measures
// were drawn from, as far as the caller sees them.
func (v *View) surveySteps(ctx context.Context, m MemorandumView) ([]Step, error) {
	where, args := surveysInScope(v.scope, 1, false)
	c := clause{n: len(args) + 1, args: args}
	id := c.arg(string(m.ID))
	rows, err := v.q.QueryContext(ctx, `select s.id, s.title, s.unit, s.sent, s.closed, (select count(*) from finding f where f.survey = s.id and f.dropped is null)
		from survey s where s.sent is not null and `+where+` and s.id in (
			select x.id from survey x where x.memorandum = `+id+`
			union all select f.survey from chosen_measure x join finding f on f.id = x.finding where x.memorandum = `+id+`) order by s.sent, s.id`, c.args...)
	return collect(rows, err, func(r *sql.Rows) (x Step, err error) {
		var closed calendar.Date
		x.Kind = StepSurvey
		err = r.Scan(&x.ID, &x.Why, &x.unit, &x.Day, &closed, &x.Number)
		if x.Open = closed.IsZero(); !x.Open {
			x.Day = closed
		}
		return x, err
	})
}

// measureSteps are the days on which measures were taken into a draft: those of the
// caller's own unit, and those that stand in the memorandum. What another party only
// thinks of is its own.
func (v *View) measureSteps(ctx context.Context, m MemorandumView) ([]Step, error) {
	c := clause{n: 1}
	where := `x.memorandum = ` + c.arg(string(m.ID)) + ` and (x.unit = ` + c.arg(string(v.caller.Unit().ID))
	if in := MeasuresOf(m.Clauses); len(in) > 0 {
		marks, args := list(c.n, in)
		c.n, c.args = c.n+len(args), append(c.args, args...)
		where += ` or x.id in (` + marks + `)`
	}
	rows, err := v.q.QueryContext(ctx, `select x.unit, x.at from chosen_measure x where `+where+`) order by x.at, x.id`, c.args...)
	taken, err := collect(rows, err, func(r *sql.Rows) (x Step, err error) {
		x.Kind, x.Number = StepMeasures, 1
		err = r.Scan(&x.unit, instant{&x.At})
		x.Day = calendar.DateOf(x.At)
		return x, err
	})
	var out []Step
	for _, x := range taken {
		if n := len(out); n > 0 && out[n-1].Day == x.Day && out[n-1].unit == x.unit {
			out[n-1].Number++
			continue
		}
		out = append(out, x)
	}
	return out, err
}

// versionSteps are the proposals and agreements.
func (v *View) versionSteps(ctx context.Context, m MemorandumView) ([]Step, error) {
	rows, err := v.q.QueryContext(ctx, `select x.id, x.number, x.purpose, x.state, x.proposer, x.at,
			(select max(a.at) from answer a where a.version = x.id and a.accepts = true)
		from text_version x where x.memorandum = $1 order by x.number`, m.ID)
	type version struct {
		Step
		state memo.VersionState
		last  time.Time
	}
	all, err := collect(rows, err, func(r *sql.Rows) (x version, err error) {
		x.Kind = StepProposed
		return x, r.Scan(&x.ID, &x.Number, &x.Purpose, &x.state, &x.unit, instant{&x.At}, instant{&x.last})
	})
	var out []Step
	for _, x := range all {
		x.Day = calendar.DateOf(x.At)
		out = append(out, x.Step)
		agreed := x.state == memo.AgreedOn || x.state == memo.SignedByAll || x.state == memo.VoidedByNext
		if agreed && !x.last.IsZero() {
			out = append(out, Step{Kind: StepAgreed, Day: calendar.DateOf(x.last), At: x.last, Number: x.Number, ID: x.ID, Purpose: x.Purpose})
		}
	}
	return out, err
}

// signatureSteps are the signatures under versions, and with the last of them that
// the text holds.
func (v *View) signatureSteps(ctx context.Context, m MemorandumView) ([]Step, error) {
	rows, err := v.q.QueryContext(ctx, `select x.id, x.number, x.purpose, x.state, s.method, s.on_day, s.at, s.void_at, s.void_why, s.party
		from signature s join text_version x on x.id = s.subject
		where s.kind = 'version' and x.memorandum = $1 order by s.at, s.id`, m.ID)
	type signed struct {
		Step
		state memo.VersionState
		void  time.Time
	}
	all, err := collect(rows, err, func(r *sql.Rows) (x signed, err error) {
		x.Kind = StepSigned
		return x, r.Scan(&x.ID, &x.Number, &x.Purpose, &x.state, &x.Method, &x.Day, instant{&x.At}, instant{&x.void}, &x.Why, &x.unit)
	})
	var out []Step
	last := map[string]Step{}
	for _, x := range all {
		if !x.void.IsZero() {
			x.Kind = StepVoid
		}
		out = append(out, x.Step)
		if x.state == memo.SignedByAll && x.Kind == StepSigned && !x.Day.Before(last[x.ID].Day) {
			last[x.ID] = x.Step
		}
	}
	for _, x := range last {
		kind := StepInForce
		if x.Purpose == memo.Amendment {
			kind = StepAmended
		}
		out = append(out, Step{Kind: kind, Day: x.Day, At: x.At.Add(time.Second), Number: x.Number, ID: x.ID, Purpose: x.Purpose})
	}
	if len(last) == 0 && !m.Signed.IsZero() { // it was entered with its day of signing
		out = append(out, Step{Kind: StepInForce, Day: m.Signed})
	}
	return out, err
}

// planSteps are the plans that were issued and that the caller sees.
func (v *View) planSteps(ctx context.Context, m MemorandumView) ([]Step, error) {
	where, args := plansInScope(v.scope, 2)
	rows, err := v.q.QueryContext(ctx, `select l.id, l.year, l.issued from plan l where l.memorandum = $1 and l.issued is not null and `+where+` order by l.year`,
		append([]any{m.ID}, args...)...)
	return collect(rows, err, func(r *sql.Rows) (x Step, err error) {
		x.Kind = StepPlan
		return x, r.Scan(&x.ID, &x.Number, &x.Day)
	})
}

// otherSteps are successions, the renewal, and the end.
func (v *View) otherSteps(ctx context.Context, m MemorandumView) (out []Step, err error) {
	all, err := loadSuccessions(ctx, v.q, m.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		out = append(out, Step{Kind: StepSucceeded, Day: s.Day, Who: s.Name, Now: s.NowName})
	}
	links, err := v.LinksOf(ctx, m)
	if err != nil {
		return nil, err
	}
	if next := links.RenewedBy; next != nil && !m.Ended.IsZero() && m.Why == "renewed" {
		out = append(out, Step{Kind: StepRenewal, Day: m.Ended, ID: string(next.ID), Why: next.Title})
	}
	switch {
	case !m.Ended.IsZero():
		out = append(out, Step{Kind: StepEnded, Day: m.Ended, Why: m.Why})
	case !m.Until.IsZero() && m.Stage == memo.InForce:
		out = append(out, Step{Kind: StepUntil, Day: m.Until})
	}
	return out, nil
}

// named gives the units of steps the names that they bore on the day, and adds on which
// days parties came to bear another one since the first step (Rule O-02).
func (v *View) named(ctx context.Context, m MemorandumView, steps []Step) ([]Step, error) {
	parties, first := slices.Clone(m.Parties), v.today
	was, err := v.Succession(ctx, m)
	if err != nil {
		return nil, err
	}
	took := map[org.UnitID]calendar.Date{} // a unit is a party until another takes its place
	for _, s := range was {
		parties, took[s.Was] = append(parties, s.Was), s.Day
	}
	ids := slices.Clone(parties)
	for _, x := range steps {
		if x.Day.Before(first) {
			first = x.Day
		}
		if x.unit != "" {
			ids = append(ids, x.unit)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	units, err := v.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	former, err := formerNames(ctx, v.q, ids)
	if err != nil {
		return nil, err
	}
	for i, x := range steps {
		if x.unit != "" {
			steps[i].Who = org.NameAt(former, units[x.unit], x.Day)
		}
	}
	for _, n := range former {
		day := dayAfter(n.To)
		past := day.IsZero() || !day.After(first) || day.After(v.today) || !m.Ended.IsZero() && day.After(m.Ended)
		if until := took[n.Unit]; past || !slices.Contains(parties, n.Unit) || !until.IsZero() && !day.Before(until) {
			continue
		}
		if now := org.NameAt(former, units[n.Unit], day); now != n.Name {
			steps = append(steps, Step{Kind: StepRenamed, Day: day, Who: n.Name, Now: now})
		}
	}
	return steps, nil
}
