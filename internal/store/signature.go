package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// Signature is one party's signature under a record.
type Signature struct {
	ID        string
	Kind      string // of the record: version, letter, pledge
	Subject   string
	Digest    string
	Party     org.UnitID
	Person    org.PersonID
	Post      org.PostID
	Method    string
	Key       string
	Statement string // the exact bytes that were signed
	Value     string // base64; "" on paper
	Scan      string // evidence id of the signed paper
	Place     string
	On        calendar.Date
	At        time.Time
	VoidAt    time.Time
	VoidWhy   string
	Entry     string
}

const signatureColumns = `s.id, s.kind, s.subject, s.digest, s.party, s.person, s.post, s.method, s.key, s.statement, s.value, s.scan,
	s.place, s.on_day, s.at, s.void_at, s.void_why, s.entry`

func scanSignature(r *sql.Rows) (s Signature, err error) {
	return s, r.Scan(&s.ID, &s.Kind, &s.Subject, &s.Digest, &s.Party, &s.Person, &s.Post, &s.Method, &s.Key, &s.Statement, &s.Value, &s.Scan,
		&s.Place, &s.On, instant{&s.At}, instant{&s.VoidAt}, &s.VoidWhy, &s.Entry)
}

func loadSignatures(ctx context.Context, q queryer, kind, subject string) ([]Signature, error) {
	rows, err := q.QueryContext(ctx, `select `+signatureColumns+` from signature s where s.kind = $1 and s.subject = $2 order by s.at, s.id`, kind, subject)
	return collect(rows, err, scanSignature)
}

// Standing returns the signatures that are not void.
func Standing(all []Signature) (out []Signature) {
	for _, s := range all {
		if s.VoidAt.IsZero() {
			out = append(out, s)
		}
	}
	return out
}

// Signatures reads the signatures under a record, void ones too, the oldest first.
func (t *Tx) Signatures(kind, subject string) ([]Signature, error) {
	return loadSignatures(t.ctx, t.tx, kind, subject)
}

// AddSignature writes a signature. A statement is signed once: a second one of the
// same bytes is a duplicate.
func (t *Tx) AddSignature(s Signature) error {
	return t.exec(`insert into signature (id, kind, subject, digest, party, person, post, method, key, statement, value, scan, place, on_day, at, entry)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.ID, s.Kind, s.Subject, s.Digest, s.Party, s.Person, s.Post, s.Method, s.Key, s.Statement, s.Value, s.Scan, s.Place, s.On,
		t.now.UnixMicro(), t.entry)
}

// SigningKey reads the closed key of the caller's person in the caller's post, ""
// when there is none of the method.
func (t *Tx) SigningKey(method string) (closed string, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select closed from signing_key where post = $1 and person = $2 and method = $3 and retired is null
		order by made desc limit 1`, t.caller.Post().ID, t.caller.Person().ID, method).Scan(&closed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: reading a signing key: %w", err)
	}
	return closed, nil
}

// AddSigningKey keeps a closed key for the caller's person in the caller's post.
func (t *Tx) AddSigningKey(method, public, closed string) error {
	return t.exec(`insert into signing_key (id, post, person, method, public, closed, made) values ($1, $2, $3, $4, $5, $6, $7)`,
		t.NewID(), t.caller.Post().ID, t.caller.Person().ID, method, public, closed, t.now.UnixMicro())
}

// UnitName is how a unit is called on the day of the act.
func (t *Tx) UnitName(id org.UnitID) (name string, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select name from unit where id = $1`, id).Scan(&name)
	if err != nil {
		return "", fmt.Errorf("store: reading the name of unit %s: %w", id, err)
	}
	return name, nil
}

// VersionSignatures returns the signatures under a version, void ones too.
func (v *View) VersionSignatures(ctx context.Context, m memo.Memorandum, id memo.VersionID) ([]Signature, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return nil, err
	}
	return loadSignatures(ctx, v.q, "version", string(id))
}

// SigningEntries returns the journal's entries of a version: its proposal, the
// answers and the signatures that stand, in the order of the acts.
func (v *View) SigningEntries(ctx context.Context, m memo.Memorandum, id memo.VersionID) ([]string, error) {
	if err := v.see(org.SeeMemorandum, memorandumFacts(m)); err != nil {
		return nil, err
	}
	rows, err := v.q.QueryContext(ctx, `select entry from (
			select x.entry, x.at from text_version x where x.id = $1
			union all select a.entry, a.at from answer a where a.version = $1
			union all select s.entry, s.at from signature s where s.kind = 'version' and s.subject = $1 and s.void_at is null) e
		where entry <> '' order by at, entry`, id)
	return rowsOf[string](rows, err)
}
