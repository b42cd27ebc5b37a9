package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
)

// The entries of what the program did with tokens. Like a one-time link they are
// made on the command line, so there is no permission to ask for.
const (
	TokenMade    = "token.create"
	TokenRevoked = "token.revoke"
)

// tokenStart tells readers and scanners of leaked secrets what the text is.
const tokenStart = "gongjian_"

// usedEvery is how often at most the last use of a token is written.
const usedEvery = 10 * time.Minute

// NewToken makes a token for a person in a post that they hold today, and returns
// its text, which is kept nowhere. ID and Made are given here.
//
// Faults: those of Token.Check; absent when the person does not hold the post.
func (s *Store) NewToken(ctx context.Context, t org.Token) (secret string, _ org.Token, err error) {
	t.ID, t.Made = org.TokenID(s.newID()), s.clock().UTC().Truncate(time.Microsecond)
	if err := t.Check(); err != nil {
		return "", t, err
	}
	if _, err := s.Caller(ctx, t.Person, t.Post, s.Today()); err != nil {
		return "", t, err
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", t, fmt.Errorf("store: making a token: %w", err)
	}
	secret = tokenStart + base64.RawURLEncoding.EncodeToString(b)
	return secret, t, s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `insert into access_token (id, digest, name, person, post, scopes, made, until)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, t.ID, digest(secret), t.Name, t.Person, t.Post, text(t.Scopes),
			t.Made.UnixMicro(), t.Until.UnixMicro()); err != nil {
			return fmt.Errorf("store: keeping a token: %w", err)
		}
		return s.enterToken(ctx, tx, TokenMade, t)
	})
}

// enterToken enters what was done with a token, without anything secret.
func (s *Store) enterToken(ctx context.Context, tx *sql.Tx, action string, t org.Token) error {
	detail, err := json.Marshal(map[string]any{"token": t.ID, "name": t.Name, "scopes": t.Scopes, "until": t.Until.UTC()})
	if err != nil {
		return err
	}
	_, err = journal.Append(ctx, tx, journal.Entry{
		ID: s.newID(), At: s.clock().UTC().Truncate(time.Microsecond), Action: action, Outcome: journal.Done, Policy: "sign-in",
		Subjects: []journal.Subject{{Kind: "token", ID: string(t.ID)}, {Kind: "person", ID: string(t.Person)}, {Kind: "post", ID: string(t.Post)}},
		Detail:   detail,
	})
	return err
}

const tokenColumns = `t.id, t.name, t.person, t.post, t.scopes, t.made, t.until, t.revoked, t.used`

func scanToken(r interface{ Scan(...any) error }) (t org.Token, err error) {
	return t, r.Scan(&t.ID, &t.Name, &t.Person, &t.Post, kept{&t.Scopes}, instant{&t.Made}, instant{&t.Until}, instant{&t.Revoked}, instant{&t.Used})
}

// Tokens lists all tokens, the oldest first. An operator has some dozens.
func (s *Store) Tokens(ctx context.Context) ([]org.Token, error) {
	rows, err := s.db.Read().QueryContext(ctx, `select `+tokenColumns+` from access_token t order by t.made, t.id`)
	return collect(rows, err, func(r *sql.Rows) (org.Token, error) { return scanToken(r) })
}

// RevokeToken ends a token. NotFound when there is none that still holds.
func (s *Store) RevokeToken(ctx context.Context, id org.TokenID) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `update access_token set revoked = $2 where id = $1 and revoked is null`, id, s.clock().UnixMicro())
		if err != nil {
			return fmt.Errorf("store: revoking a token: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.New(fault.NotFound, "token.absent").Because(err)
		}
		t, err := scanToken(tx.QueryRowContext(ctx, `select `+tokenColumns+` from access_token t where t.id = $1`, id))
		if err != nil {
			return fmt.Errorf("store: reading a token: %w", err)
		}
		return s.enterToken(ctx, tx, TokenRevoked, t)
	})
}

// TokenCaller returns who acts by a token's text. A token that is unknown, over or
// revoked, or whose person does not hold its post today, is SignedOut alike.
func (s *Store) TokenCaller(ctx context.Context, secret string) (org.Token, org.Caller, error) {
	refused := fault.New(fault.SignedOut, "token.refused")
	t, err := scanToken(s.db.Read().QueryRowContext(ctx, `select `+tokenColumns+` from access_token t where t.digest = $1`, digest(secret)))
	if errors.Is(err, sql.ErrNoRows) {
		return t, org.Caller{}, refused
	}
	if err != nil {
		return t, org.Caller{}, fmt.Errorf("store: looking for a token: %w", err)
	}
	now := s.clock()
	if !t.Usable(now) {
		return t, org.Caller{}, refused
	}
	c, err := s.Caller(ctx, t.Person, t.Post, s.Today())
	if fault.KindOf(err) == fault.NotFound {
		return t, org.Caller{}, refused.Because(err)
	}
	if err == nil && now.Sub(t.Used) > usedEvery {
		err = s.tokenUsed(ctx, t.ID, now)
	}
	return t, c.By(t.ID), err
}

// tokenUsed writes that a token is in use, unless another request just did.
func (s *Store) tokenUsed(ctx context.Context, id org.TokenID, now time.Time) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update access_token set used = $2 where id = $1 and (used is null or used < $3)`,
			id, now.UnixMicro(), now.Add(-usedEvery).UnixMicro())
		return err
	})
}
