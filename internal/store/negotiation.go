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

const versionColumns = `x.id, x.memorandum, x.number, x.base, x.purpose, x.proposer, x.words, x.body, x.digest, x.state, x.source, x.at`

func scanVersion(r interface{ Scan(...any) error }) (v memo.Version, err error) {
	var body string
	var at time.Time
	err = r.Scan(&v.ID, &v.Memorandum, &v.Number, &v.Base, &v.Purpose, &v.Proposer, &v.Words, &body, &v.Digest, &v.State, &v.Source, instant{&at})
	if err != nil {
		return v, err
	}
	v.On = calendar.DateOf(at)
	v.Text, err = memo.ReadText([]byte(body))
	return v, err
}

// loadNegotiation reads where a memorandum's negotiation stands: its newest
// version that was not taken back, with the answers to it.
func loadNegotiation(ctx context.Context, q queryer, m memo.Memorandum) (memo.Negotiation, error) {
	n := memo.Negotiation{Memorandum: m, Purpose: m.Negotiates()}
	v, err := scanVersion(q.QueryRowContext(ctx, `select `+versionColumns+` from text_version x
		where x.memorandum = $1 and x.purpose = $2 and x.state not in ('withdrawn', 'signed') order by x.number desc limit 1`, m.ID, n.Purpose))
	if errors.Is(err, sql.ErrNoRows) && n.Purpose == memo.Amendment {
		signed, err := signedText(ctx, q, m.ID)
		if signed != nil {
			n.Signed = &signed.Text
		}
		return n, err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return n, nil
	}
	if err != nil {
		return n, fmt.Errorf("store: reading the newest version of %s: %w", m.ID, err)
	}
	n.Newest = &v
	rows, err := q.QueryContext(ctx, `select version, party, accepts, words, on_day from answer where version = $1 order by at`, v.ID)
	n.Answers, err = collect(rows, err, scanAnswer)
	return n, err
}

// Negotiation reads where a memorandum's negotiation stands, to move it on.
func (t *Tx) Negotiation(m memo.Memorandum) (memo.Negotiation, error) {
	return loadNegotiation(t.ctx, t.tx, m)
}

// TextVersion reads a version with its memorandum.
func (t *Tx) TextVersion(id memo.VersionID) (memo.Version, memo.Memorandum, error) {
	return loadVersion(t.ctx, t.tx, id)
}

func loadVersion(ctx context.Context, q queryer, id memo.VersionID) (memo.Version, memo.Memorandum, error) {
	v, err := scanVersion(q.QueryRowContext(ctx, `select `+versionColumns+` from text_version x where x.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return v, memo.Memorandum{}, fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return v, memo.Memorandum{}, fmt.Errorf("store: reading version %s: %w", id, err)
	}
	m, err := loadMemorandum(ctx, q, v.Memorandum)
	return v, m, err
}

// LastVersion returns the number of a memorandum's last version, 0 when it has none.
func (t *Tx) LastVersion(m memo.ID) (n int, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select coalesce(max(number), 0) from text_version where memorandum = $1`, m).Scan(&n)
	return n, err
}

// AddTextVersion writes a version; two of the same number are a conflict.
func (t *Tx) AddTextVersion(v memo.Version) error {
	return t.exec(`insert into text_version (id, memorandum, number, base, purpose, proposer, words, body, digest, state, source, person, post, at, entry)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		v.ID, v.Memorandum, v.Number, v.Base, v.Purpose, v.Proposer, v.Words, string(v.Text.Canonical()), v.Digest, v.State, v.Source,
		t.caller.Person().ID, t.caller.Post().ID, t.now.UnixMicro(), t.entry)
}

// SetTextVersion moves a version from one state to the next; somebody else may
// have been faster.
func (t *Tx) SetTextVersion(id memo.VersionID, from, to memo.VersionState) error {
	return t.execOne(`update text_version set state = $3 where id = $1 and state = $2`, id, from, to)
}

// AddAnswer writes what a party says to a version.
func (t *Tx) AddAnswer(a memo.Answer) error {
	return t.exec(`insert into answer (version, party, accepts, words, person, post, on_day, at, entry, despite) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.Version, a.Party, a.Accepts, a.Words, t.caller.Person().ID, t.caller.Post().ID, a.On, t.now.UnixMicro(), t.entry, a.Despite)
}

// SetStage moves a memorandum to a stage. It does not count as a change of what
// the memorandum says.
func (t *Tx) SetStage(m memo.ID, s memo.Stage) error {
	return t.exec(`update memorandum set stage = $2 where id = $1`, m, s)
}

// ToNegotiation shows the others what lies before them: title and parties are those
// of the version, and the memorandum is negotiated. One in force stays in force
// while its amendment is negotiated.
func (t *Tx) ToNegotiation(m memo.Memorandum, says memo.Text) error {
	if m.Stage == memo.InForce {
		return nil
	}
	err := t.execOne(`update memorandum set title = $3, kind = $4, stage = $5, version = version + 1 where id = $1 and version = $2`,
		m.ID, m.Version, says.Title, says.Kind, memo.Negotiating)
	if err != nil {
		return err
	}
	if err := t.exec(`delete from party where memorandum = $1`, m.ID); err != nil {
		return err
	}
	return t.addParties(m.ID, says.Units())
}

// VoidSignatures makes the signatures under a record void, with the reason, and
// says how many there were.
func (t *Tx) VoidSignatures(kind, subject, why string) (n int, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select count(*) from signature where kind = $1 and subject = $2 and void_at is null`, kind, subject).Scan(&n)
	if err != nil || n == 0 {
		return n, err
	}
	return n, t.exec(`update signature set void_at = $3, void_why = $4 where kind = $1 and subject = $2 and void_at is null`,
		kind, subject, t.now.UnixMicro(), why)
}

// Draft is a party's own paper.
type Draft struct {
	Memorandum memo.ID
	Unit       org.UnitID
	Base       int
	Text       memo.Text
	Source     string
	At         time.Time
	Version    int64 // 0: there is none
}

func loadDraft(ctx context.Context, q queryer, m memo.ID, unit org.UnitID) (Draft, error) {
	d := Draft{Memorandum: m, Unit: unit}
	err := q.QueryRowContext(ctx, `select base, body, source, at, version from draft where memorandum = $1 and unit = $2`, m, unit).
		Scan(&d.Base, kept{&d.Text}, &d.Source, instant{&d.At}, &d.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("store: reading a draft of %s: %w", m, err)
	}
	return d, nil
}

// Draft reads the caller's unit's draft of a memorandum; its Version is 0 when there is none.
func (t *Tx) Draft(m memo.ID) (Draft, error) {
	return loadDraft(t.ctx, t.tx, m, t.caller.Unit().ID)
}

// SaveDraft writes the caller's unit's draft, if it is still at the version that was read.
func (t *Tx) SaveDraft(d Draft) error {
	if d.Version == 0 {
		err := t.exec(`insert into draft (memorandum, unit, base, body, source, person, at) values ($1, $2, $3, $4, $5, $6, $7)`,
			d.Memorandum, t.caller.Unit().ID, d.Base, text(d.Text), d.Source, t.caller.Person().ID, t.now.UnixMicro())
		if IsDuplicate(err) {
			return fault.New(fault.Conflict, "changed-meanwhile").Because(err)
		}
		return err
	}
	return t.execOne(`update draft set base = $4, body = $5, source = $6, person = $7, at = $8, version = version + 1
		where memorandum = $1 and unit = $2 and version = $3`,
		d.Memorandum, t.caller.Unit().ID, d.Version, d.Base, text(d.Text), d.Source, t.caller.Person().ID, t.now.UnixMicro())
}

// DropDraft removes the caller's unit's draft: it was proposed, or thrown away.
func (t *Tx) DropDraft(m memo.ID) error {
	return t.exec(`delete from draft where memorandum = $1 and unit = $2`, m, t.caller.Unit().ID)
}

// memorandumFacts is what permissions are judged by for a memorandum.
func memorandumFacts(m memo.Memorandum) org.MemorandumFacts {
	return org.MemorandumFacts{Office: m.Office, Parties: m.Parties, Region: m.Region, Members: m.Members, Open: m.TakesMembers()}
}

// Negotiation returns where a memorandum's negotiation stands, for those who see it.
func (v *View) Negotiation(ctx context.Context, m memo.Memorandum) (memo.Negotiation, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return memo.Negotiation{}, err
	}
	return loadNegotiation(ctx, v.q, m)
}

// TextVersion returns a version with its memorandum.
func (v *View) TextVersion(ctx context.Context, id memo.VersionID) (memo.Version, memo.Memorandum, error) {
	x, m, err := loadVersion(ctx, v.q, id)
	if err == nil {
		err = v.see(org.SeeMemorandum, memorandumFacts(m))
	}
	if err != nil {
		return memo.Version{}, memo.Memorandum{}, err
	}
	return x, m, nil
}

// TextVersions returns a memorandum's versions, the newest first.
func (v *View) TextVersions(ctx context.Context, m memo.Memorandum) ([]memo.Version, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select `+versionColumns+` from text_version x where x.memorandum = $1 order by x.number desc`, m.ID)
	return collect(rows, err, func(r *sql.Rows) (memo.Version, error) { return scanVersion(r) })
}

// Draft returns the reader's unit's own draft of a memorandum; nobody else's.
func (v *View) Draft(ctx context.Context, m memo.Memorandum) (Draft, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return Draft{}, err
	}
	return loadDraft(ctx, v.q, m.ID, v.caller.Unit().ID)
}
