package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongjian/internal/org"
	"gongjian/internal/store"
)

// home is the province that an empty database is founded for.
const home org.RegionCode = "510000"

// linkValid is how long a one-time link can be used.
const linkValid = 24 * time.Hour

// found fills an empty database with what work begins from: the province's units,
// an administrator who makes all further posts and persons, and one post of the
// cooperation office. It returns the token of the administrator's one-time link;
// whoever holds the office's post gets one by `gongjian link office`.
func found(ctx context.Context, st *store.Store) (token string, err error) {
	regions, err := org.StandardRegions()
	if err != nil {
		return "", err
	}
	f := store.Founding{Units: org.ProvinceUnits(regions, home, st.Today())}
	if f.Names, err = org.FormerNames(regions, f.Units); err != nil {
		return "", err
	}
	var bureau org.Unit
	for _, u := range f.Units {
		if u.Region == home && u.Function == org.FunctionQuality {
			bureau = u
		}
	}
	admin, err := seat(&f, st, bureau, "admin", "系统管理员", org.Admin)
	if err != nil {
		return "", err
	}
	if _, err := seat(&f, st, bureau, "office", "合作办主任岗", org.Office, org.Verifier); err != nil {
		return "", err
	}
	if err := st.Found(ctx, f); err != nil {
		return "", fmt.Errorf("founding: %w", err)
	}
	return st.NewLink(ctx, admin, linkValid)
}

// seat adds a post of a unit with the person who holds it, named after it.
func seat(f *store.Founding, st *store.Store, u org.Unit, login, title string, roles ...org.Role) (org.PersonID, error) {
	person, err := uuid.NewRandomFromReader(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	post, err := uuid.NewRandomFromReader(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	p := org.Person{ID: org.PersonID(person.String()), Name: u.Short + title, Login: login}
	o := org.Post{ID: org.PostID(post.String()), Unit: u.ID, Title: title, Roles: roles}
	f.Persons, f.Posts = append(f.Persons, p), append(f.Posts, o)
	f.Holdings = append(f.Holdings, org.Holding{Person: p.ID, Post: o.ID, From: st.Today()})
	return p.ID, nil
}
