package store

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// What administrators' acts read and write beside unit.go: the history of units,
// posts, persons and the links that they sign in by.

// UnitHistory returns the former names and places of a unit, the oldest first.
func (t *Tx) UnitHistory(id org.UnitID) ([]org.Name, []org.Parent, error) {
	return unitHistory(t.ctx, t.tx, id)
}

// Post returns a post.
func (t *Tx) Post(id org.PostID) (org.Post, error) { return loadPost(t.ctx, t.tx, id) }

// SavePost writes what a post is called and what it is for. Both hold from now on:
// what was done in it before stands in the journal with the right that it had then.
func (t *Tx) SavePost(p org.Post) error {
	return t.execOne(`update post set title = $2, roles = $3 where id = $1`, p.ID, p.Title, text(p.Roles))
}

// PersonByLogin returns who signs in by a name.
func (t *Tx) PersonByLogin(login string) (p org.Person, err error) {
	err = t.tx.QueryRowContext(t.ctx, `select id, name, login, retired from person where login = $1`, strings.ToLower(strings.TrimSpace(login))).
		Scan(&p.ID, &p.Name, &p.Login, &p.Retired)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.Invalid, "person.login-unknown").On("login")
	}
	return p, err
}

// Holdings returns who has held a post and when, the earliest first.
func (t *Tx) Holdings(post org.PostID) ([]org.Holding, error) {
	rows, err := t.tx.QueryContext(t.ctx, `select person, post, from_day, to_day from holding where post = $1 order by from_day, person`, post)
	return collect(rows, err, func(r *sql.Rows) (h org.Holding, err error) {
		return h, r.Scan(&h.Person, &h.Post, &h.From, &h.To)
	})
}

// AddLink makes a one-time link for a person to choose a password by, within an
// act. Only its digest is kept, so it can be shown once and never again.
func (t *Tx) AddLink(person org.PersonID, valid time.Duration) (token string, err error) {
	b := make([]byte, 24)
	if _, err := io.ReadFull(t.store.random, b); err != nil {
		return "", fmt.Errorf("store: making a link: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, t.exec(`insert into sign_in_link (digest, person, until) values ($1, $2, $3)`, digest(token), person, t.now.Add(valid).UnixMicro())
}
