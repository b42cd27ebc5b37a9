package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// SessionStore keeps sessions of signed-in persons in the database, so that
// several servers share them. It has the shape that the session library asks for.
type SessionStore struct{ s *Store }

// Sessions returns the store's sessions.
func (s *Store) Sessions() SessionStore { return SessionStore{s} }

// FindCtx returns the data of a session that has not expired.
func (x SessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data string
	var until int64
	err := x.s.db.Read().QueryRowContext(ctx, `select data, expiry from session where token = $1 and expiry > $2`, token, time.Now().UnixMicro()).Scan(&data, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("store: reading a session: %w", err)
	}
	if f, ok := ctx.Value(foundKey{}).(*foundSession); ok {
		*f = foundSession{token, data, until}
	}
	b, err := base64.RawStdEncoding.DecodeString(data)
	return b, err == nil, err
}

// sessionSlack is by how much the end of an idle session may be put off without being
// written: looking at a page writes nothing, and an idle session ends up to so much
// sooner.
const sessionSlack = time.Minute

// foundSession is the session that a request found, as it was kept.
type foundSession struct {
	token, data string
	until       int64
}

type foundKey struct{}

// OneSession is the context of a request that remembers the session it found, so that
// one that is as it was is not written. Without it each request writes.
func OneSession(ctx context.Context) context.Context {
	return context.WithValue(ctx, foundKey{}, &foundSession{})
}

// CommitCtx writes a session that holds something else than the request found, or ends later.
func (x SessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	data := base64.RawStdEncoding.EncodeToString(b)
	f, ok := ctx.Value(foundKey{}).(*foundSession)
	if ok && f.token == token && f.data == data && expiry.Sub(time.UnixMicro(f.until)) < sessionSlack {
		return nil
	}
	return x.s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into session (token, data, expiry) values ($1, $2, $3)
			on conflict (token) do update set data = excluded.data, expiry = excluded.expiry where session.expiry > 0`,
			token, data, expiry.UnixMicro())
		return err
	})
}

// DeleteCtx ends a session. Its row stays for a while, marked, so that a request
// that is still under way cannot write the session back.
func (x SessionStore) DeleteCtx(ctx context.Context, token string) error {
	return x.s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update session set data = '', expiry = $2 where token = $1`, token, -time.Now().UnixMicro())
		return err
	})
}

// Find, Commit and Delete are there for the library's older interface.
func (x SessionStore) Find(token string) ([]byte, bool, error) {
	return x.FindCtx(context.Background(), token)
}

// Commit writes a session.
func (x SessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return x.CommitCtx(context.Background(), token, b, expiry)
}

// Delete ends a session.
func (x SessionStore) Delete(token string) error { return x.DeleteCtx(context.Background(), token) }
