package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

const opinionColumns = `o.id, o.version, o.party, o.asked, o.kind, o.due, o.asker, o.asked_at, o.result, o.words, o.person, o.at`

func scanOpinion(r interface{ Scan(...any) error }, more ...any) (o memo.Opinion, asked time.Time, err error) {
	var at time.Time
	err = r.Scan(append([]any{&o.ID, &o.Version, &o.Party, &o.Asked, &o.Kind, &o.Due, &o.AskedBy, instant{&asked}, &o.Result, &o.Words, &o.By, instant{&at}}, more...)...)
	o.AskedOn, o.On = dayOf(asked), dayOf(at)
	return o, asked, err
}

func opinionFacts(o memo.Opinion) org.OpinionFacts {
	return org.OpinionFacts{Party: o.Party, Asked: o.Asked}
}

func loadOpinion(ctx context.Context, q queryer, id memo.OpinionID) (memo.Opinion, error) {
	o, _, err := scanOpinion(q.QueryRowContext(ctx, `select `+opinionColumns+` from opinion o where o.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return o, fmt.Errorf("store: reading opinion %s: %w", id, err)
	}
	return o, nil
}

func opinionsOf(ctx context.Context, q queryer, version memo.VersionID, party org.UnitID) ([]memo.Opinion, error) {
	rows, err := q.QueryContext(ctx, `select `+opinionColumns+` from opinion o where o.version = $1 and o.party = $2 order by o.asked_at, o.id`, version, party)
	return collect(rows, err, func(r *sql.Rows) (memo.Opinion, error) {
		o, _, err := scanOpinion(r)
		return o, err
	})
}

// Opinion reads an opinion, to give it.
func (t *Tx) Opinion(id memo.OpinionID) (memo.Opinion, error) { return loadOpinion(t.ctx, t.tx, id) }

// Opinions reads what the caller's unit asked its own units about a version.
func (t *Tx) Opinions(version memo.VersionID) ([]memo.Opinion, error) {
	return opinionsOf(t.ctx, t.tx, version, t.caller.Unit().ID)
}

// AddOpinion writes that an opinion is asked for.
func (t *Tx) AddOpinion(o memo.Opinion) error {
	return t.exec(`insert into opinion (id, version, party, asked, kind, due, asker, asked_at, entry) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		o.ID, o.Version, o.Party, o.Asked, o.Kind, o.Due, t.caller.Person().ID, t.now.UnixMicro(), t.entry)
}

// GiveOpinion writes the opinion, unless somebody was faster.
func (t *Tx) GiveOpinion(id memo.OpinionID, result memo.OpinionResult, words string) error {
	return t.execOne(`update opinion set result = $2, words = $3, person = $4, post = $5, at = $6 where id = $1 and result = ''`,
		id, result, words, t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro())
}

// Opinions returns what the reader's unit asked its own units about a version; of
// other parties' it sees nothing.
func (v *View) Opinions(ctx context.Context, version memo.VersionID) ([]memo.Opinion, error) {
	unit := v.caller.Unit().ID
	if !v.May(org.SeeOpinion, org.OpinionFacts{Party: unit}) {
		return nil, nil
	}
	return opinionsOf(ctx, v.q, version, unit)
}

// Acceptance returns why the reader's unit accepted a version against its own units'
// misgivings, or "".
func (v *View) Acceptance(ctx context.Context, version memo.VersionID) (despite string, err error) {
	unit := v.caller.Unit().ID
	if !v.May(org.SeeOpinion, org.OpinionFacts{Party: unit}) {
		return "", nil
	}
	err = v.q.QueryRowContext(ctx, `select despite from answer where version = $1 and party = $2 and accepts = true`, version, unit).Scan(&despite)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return despite, err
}

// OpinionView is an opinion with what it is about.
type OpinionView struct {
	memo.Opinion
	Memorandum memo.ID
	Title      string // of the version's text
	Number     int
	PartyName  string
	AskedName  string
	At         time.Time // asked
}

// OpinionKey is where a page of the list begins: after this opinion.
type OpinionKey struct {
	At int64 // microseconds
	ID memo.OpinionID
}

// Key is the opinion's place in lists.
func (o OpinionView) Key() OpinionKey { return OpinionKey{o.At.UnixMicro(), o.ID} }

const opinionViews = `select ` + opinionColumns + `, x.memorandum, m.title, x.number, p.name, a.name from opinion o
	join text_version x on x.id = o.version join memorandum m on m.id = x.memorandum join unit p on p.id = o.party join unit a on a.id = o.asked `

func scanOpinionView(r interface{ Scan(...any) error }) (o OpinionView, err error) {
	o.Opinion, o.At, err = scanOpinion(r, &o.Memorandum, &o.Title, &o.Number, &o.PartyName, &o.AskedName)
	return o, err
}

// AskedOpinions lists the opinions that the reader's unit was asked for, the newest
// first; with open only those that it has not given.
func (v *View) AskedOpinions(ctx context.Context, open bool, after OpinionKey, limit int) ([]OpinionView, error) {
	unit := v.caller.Unit().ID
	if !v.May(org.SeeOpinion, org.OpinionFacts{Asked: unit}) {
		return nil, nil
	}
	c := clause{n: 1}
	where := `where o.asked = ` + c.arg(unit)
	if open {
		where += ` and o.result = ''`
	}
	if after.ID != "" {
		at, id := c.arg(after.At), c.arg(after.ID)
		where += ` and (o.asked_at < ` + at + ` or o.asked_at = ` + at + ` and o.id > ` + id + `)`
	}
	rows, err := v.q.QueryContext(ctx, opinionViews+where+` order by o.asked_at desc, o.id limit `+c.arg(limit), c.args...)
	return collect(rows, err, func(r *sql.Rows) (OpinionView, error) { return scanOpinionView(r) })
}

// Opinion returns an opinion with the version that it is about, for the party that
// asked and the unit that was asked: the latter may see nothing else of the memorandum.
func (v *View) Opinion(ctx context.Context, id memo.OpinionID) (OpinionView, memo.Version, error) {
	o, err := scanOpinionView(v.q.QueryRowContext(ctx, opinionViews+`where o.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return OpinionView{}, memo.Version{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return OpinionView{}, memo.Version{}, fmt.Errorf("store: reading opinion %s: %w", id, err)
	}
	if err := v.see(org.SeeOpinion, opinionFacts(o.Opinion)); err != nil {
		return OpinionView{}, memo.Version{}, err
	}
	x, _, err := loadVersion(ctx, v.q, o.Version)
	return o, x, err
}

// Waiting is a negotiation in which it is the turn of the reader's unit.
type Waiting struct {
	Memorandum memo.ID
	Title      string
	Version    memo.VersionID
	Number     int
	Since      calendar.Date
}

// OurTurns lists the negotiations that wait for the reader's unit, the longest
// waiting first (轮到我方).
func (v *View) OurTurns(ctx context.Context, limit int) ([]Waiting, error) {
	unit := v.caller.Unit().ID
	if v.scope.IsZero() || !v.May(org.AnswerVersion, org.MemorandumFacts{Parties: []org.UnitID{unit}}) {
		return nil, nil
	}
	rows, err := v.q.QueryContext(ctx, `select `+versionColumns+` from text_version x where x.state = 'open'
		and exists (select 1 from party p where p.memorandum = x.memorandum and p.unit = $1) order by x.at, x.id limit $2`, unit, limit)
	open, err := collect(rows, err, func(r *sql.Rows) (memo.Version, error) { return scanVersion(r) })
	if err != nil || len(open) == 0 {
		return nil, err
	}
	ids := make([]memo.VersionID, len(open))
	for i, x := range open {
		ids[i] = x.ID
	}
	marks, args := list(1, ids)
	rows, err = v.q.QueryContext(ctx, `select version, party, accepts, words, on_day from answer where version in (`+marks+`) order by at`, args...)
	answers, err := collect(rows, err, scanAnswer)
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for _, x := range open {
		n := memo.Negotiation{Newest: &x}
		for _, a := range answers {
			if a.Version == x.ID {
				n.Answers = append(n.Answers, a)
			}
		}
		turn := n.Turn()
		for _, p := range turn.Parties {
			if p == unit {
				out = append(out, Waiting{x.Memorandum, x.Text.Title, x.ID, x.Number, turn.Since})
			}
		}
	}
	return out, nil
}

func scanAnswer(r *sql.Rows) (a memo.Answer, err error) {
	return a, r.Scan(&a.Version, &a.Party, &a.Accepts, &a.Words, &a.On)
}
