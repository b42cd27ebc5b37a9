package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Answer is what a request with a key was answered. A structure for programs: pages
// show the receipt of the first act instead.
type Answer struct {
	Status int // 0: not answered yet
	Header map[string]string
	Body   string
}

// leased is how long a request may take before another one with the same key goes
// on in its place: its server may have died. The act's own key keeps it one act.
const leased = time.Minute

// BeginAnswer claims the key of a token for one request, told by the digest of all
// that it asks. It returns the answer that the request was given before, if any;
// the caller answers it when Status is 0, and then calls EndAnswer.
//
// Faults: request.other-body (Invalid) when the key was used for another request,
// request.under-way (Conflict) when the same one is being answered now.
func (s *Store) BeginAnswer(ctx context.Context, token org.TokenID, name, digest string) (Answer, error) {
	var a Answer
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now := s.clock()
		a = Answer{}
		res, err := tx.ExecContext(ctx, `insert into request_answer (token, name, digest, at, lease) values ($1, $2, $3, $4, $5)
			on conflict (token, name) do nothing`, token, name, digest, now.UnixMicro(), now.Add(leased).UnixMicro())
		if err != nil {
			return fmt.Errorf("store: claiming a request: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return err
		}
		var was string
		var lease int64
		err = tx.QueryRowContext(ctx, `select digest, lease, status, header, body from request_answer where token = $1 and name = $2`, token, name).
			Scan(&was, &lease, &a.Status, kept{&a.Header}, &a.Body)
		if errors.Is(err, sql.ErrNoRows) { // given up between the two statements
			return fault.New(fault.Conflict, "request.under-way")
		}
		if err != nil {
			return fmt.Errorf("store: reading a request's answer: %w", err)
		}
		switch {
		case was != digest:
			return fault.New(fault.Invalid, "request.other-body")
		case a.Status != 0:
			return nil
		case lease > now.UnixMicro():
			return fault.New(fault.Conflict, "request.under-way")
		}
		res, err = tx.ExecContext(ctx, `update request_answer set lease = $3 where token = $1 and name = $2 and lease = $4 and status = 0`,
			token, name, now.Add(leased).UnixMicro(), lease)
		if err != nil {
			return fmt.Errorf("store: taking a request over: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.New(fault.Conflict, "request.under-way").Because(err)
		}
		return nil
	})
	return a, err
}

// EndAnswer keeps what a claimed request was answered. An answer without a status
// gives the claim up: the request may be tried again under its key.
func (s *Store) EndAnswer(ctx context.Context, token org.TokenID, name string, a Answer) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if a.Status == 0 {
			// The digest stays, so that the key cannot be used for another request.
			_, err := tx.ExecContext(ctx, `update request_answer set lease = 0 where token = $1 and name = $2 and status = 0`, token, name)
			return err
		}
		_, err := tx.ExecContext(ctx, `update request_answer set status = $3, header = $4, body = $5 where token = $1 and name = $2`,
			token, name, a.Status, text(a.Header), a.Body)
		return err
	})
}
