package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
)

// Credentials returns a person's id and stored secret by sign-in name. A retired
// person is not found.
func (s *Store) Credentials(ctx context.Context, login string) (id org.PersonID, secret string, err error) {
	err = s.db.Read().QueryRowContext(ctx, `select id, secret from person where login = $1 and (retired is null or retired > $2)`,
		strings.ToLower(strings.TrimSpace(login)), s.Today()).Scan(&id, &secret)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", fault.New(fault.NotFound, "sign-in.wrong")
	}
	return id, secret, err
}

// SignedIn enters a sign-in, or a refused one, in the journal: it is no act on a
// record, so it has no permission to ask for.
func (s *Store) SignedIn(ctx context.Context, c org.Caller, login string, ok bool) error {
	outcome := journal.Done
	if !ok {
		outcome = journal.Refused
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(login))))
		detail := `{"login":"` + hex.EncodeToString(sum[:8]) + `"}` // a mistyped name may hold a password
		_, err := journal.Append(ctx, tx, journal.Entry{
			ID: s.newID(), At: s.clock().UTC().Truncate(time.Microsecond), Action: "sign-in", Outcome: outcome, Policy: "sign-in",
			Person: string(c.Person().ID), Post: string(c.Post().ID), Unit: string(c.Unit().ID), Detail: []byte(detail),
		})
		return err
	})
}

// Mark is a short digest of a stored secret. A session keeps it and ends when the
// person's secret is another: a new password puts out whoever had the old one.
func Mark(secret string) string { return digest(secret)[:16] }

// MarkOf returns the mark of a person's present secret.
func (s *Store) MarkOf(ctx context.Context, id org.PersonID) (string, error) {
	var secret string
	err := s.db.Read().QueryRowContext(ctx, `select secret from person where id = $1`, id).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "absent")
	}
	if err != nil {
		return "", fmt.Errorf("store: looking for a person's secret: %w", err)
	}
	return Mark(secret), nil
}

// The entries of what concerns a person's sign-in. Like a sign-in they are no acts
// on a record, so there is no permission to ask for.
const (
	SecretSet = "person.secret" // a password was chosen
	LinkMade  = "person.link"   // the program made a one-time link
)

// enterPerson enters one of them, with the person as its subject and nothing
// secret. by is who did it; "" is the program.
func (s *Store) enterPerson(ctx context.Context, tx *sql.Tx, action string, by, of org.PersonID) error {
	_, err := journal.Append(ctx, tx, journal.Entry{
		ID: s.newID(), At: s.clock().UTC().Truncate(time.Microsecond), Action: action, Outcome: journal.Done, Policy: "sign-in",
		Person: string(by), Subjects: []journal.Subject{{Kind: "person", ID: string(of)}},
	})
	return err
}

// SetSecret stores what a person's password was turned into.
func (s *Store) SetSecret(ctx context.Context, id org.PersonID, secret string) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update person set secret = $2 where id = $1`, id, secret)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.New(fault.NotFound, "absent").Because(err)
		}
		return s.enterPerson(ctx, tx, SecretSet, "", id)
	})
}

// NewLink makes a one-time link for a person to choose a password by. Only its
// digest is kept.
func (s *Store) NewLink(ctx context.Context, id org.PersonID, valid time.Duration) (token string, err error) {
	b := make([]byte, 24)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("store: making a link: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into sign_in_link (digest, person, until) values ($1, $2, $3)`,
			digest(token), id, s.clock().Add(valid).UnixMicro())
		if err != nil {
			return err
		}
		return s.enterPerson(ctx, tx, LinkMade, "", id)
	})
}

// Link returns whose link it is while it can be used.
func (s *Store) Link(ctx context.Context, token string) (id org.PersonID, err error) {
	err = s.db.Read().QueryRowContext(ctx, `select person from sign_in_link where digest = $1 and used is null and until > $2`,
		digest(token), s.clock().UnixMicro()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "sign-in.link-spent")
	}
	return id, err
}

// UseLink spends a link and stores the new secret, both or neither.
func (s *Store) UseLink(ctx context.Context, token, secret string) (id org.PersonID, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `update sign_in_link set used = $2 where digest = $1 and used is null and until > $2 returning person`,
			digest(token), s.clock().UnixMicro()).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "sign-in.link-spent")
		}
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `update person set secret = $2 where id = $1`, id, secret); err != nil {
			return err
		}
		return s.enterPerson(ctx, tx, SecretSet, id, id)
	})
	return id, err
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// HasPersons reports whether anybody can sign in yet.
func (s *Store) HasPersons(ctx context.Context) (bool, error) {
	var n int
	err := s.db.Read().QueryRowContext(ctx, `select count(*) from person`).Scan(&n)
	return n > 0, err
}

// samplePosts names the setting that lists the posts of the sample province
// which anybody on the machine may step into.
const samplePosts = "sample.posts"

// SetSamplePosts stores which posts may be stepped into.
func (s *Store) SetSamplePosts(ctx context.Context, posts []org.PostID) error {
	return s.SetSetting(ctx, samplePosts, text(posts))
}

// SamplePosts returns the posts that may be stepped into, in their order.
func (s *Store) SamplePosts(ctx context.Context) ([]PostOf, error) {
	v, err := s.Setting(ctx, samplePosts)
	if err != nil {
		return nil, err
	}
	var ids []org.PostID
	if err := from(v, &ids); err != nil || len(ids) == 0 {
		return nil, err
	}
	marks, args := list(1, ids)
	rows, err := s.db.Read().QueryContext(ctx, `select o.id, o.title, u.id, u.name, o.roles, u.region
		from post o join unit u on u.id = o.unit where o.id in (`+marks+`)`, args...)
	found, err := collect(rows, err, scanPostOf)
	slices.SortFunc(found, func(a, b PostOf) int { return slices.Index(ids, a.Post) - slices.Index(ids, b.Post) })
	return found, err
}

// SampleHolder returns who holds a sample post; NotFound for any other post.
func (s *Store) SampleHolder(ctx context.Context, post org.PostID) (org.PersonID, org.PostID, error) {
	posts, err := s.SamplePosts(ctx)
	if err != nil {
		return "", "", err
	}
	if !slices.ContainsFunc(posts, func(p PostOf) bool { return p.Post == post }) {
		return "", "", fault.New(fault.NotFound, "absent")
	}
	var person org.PersonID
	err = s.db.Read().QueryRowContext(ctx, `select person from holding where post = $1 and to_day is null order by from_day limit 1`, post).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", fault.New(fault.NotFound, "absent")
	}
	return person, post, err
}
