package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"gongjian/internal/sample"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
)

// errDifferent ends the command with a status other than 0; the differences have
// been printed.
var errDifferent = errors.New("figures or lights are stored otherwise than counted")

type check struct {
	database
}

// Run counts everything again and prints what differs. It changes nothing.
func (c check) Run(ctx context.Context) error {
	db, st, err := c.openAsServed(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	differences, err := st.Recheck(ctx)
	if err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Println("DIFFERENT", d)
	}
	if len(differences) > 0 {
		return errDifferent
	}
	fmt.Println("all figures and lights are as counted")
	return nil
}

// openAsServed opens the database with the clock that the server would have: a
// sample province has a present of its own.
func (d database) openAsServed(ctx context.Context) (*sqldb.DB, *store.Store, error) {
	clock := &clock{}
	db, st, err := d.open(ctx, clock.now)
	if err != nil {
		return nil, nil, err
	}
	if _, err := sampleClock(ctx, st, clock); err != nil {
		db.Close()
		return nil, nil, err
	}
	return db, st, nil
}

// sampleClock gives the clock a sample province's time and says whether it is one.
func sampleClock(ctx context.Context, st *store.Store, c *clock) (bool, error) {
	loaded, err := st.Setting(ctx, sample.Setting)
	if err != nil || loaded == "" {
		return false, err
	}
	return true, c.sample(loaded)
}

type link struct {
	database
	Login string `arg:"" help:"The person's sign-in name."`
}

// Run makes a link and prints its path. The path is all there is of it: only its
// digest is kept.
func (l link) Run(ctx context.Context) error {
	db, st, err := l.openAsServed(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	person, _, err := st.Credentials(ctx, l.Login)
	if err != nil {
		return fmt.Errorf("looking for %q: %w", l.Login, err)
	}
	token, err := st.NewLink(ctx, person, linkValid)
	if err != nil {
		return err
	}
	fmt.Printf("/link/%s\nworks once, for %s, at the address of the server\n", token, linkValid)
	return nil
}

type key struct {
	database
}

// Run prints the public key, as verify --key reads it.
func (k key) Run() error {
	if _, err := k.signer(); err != nil { // makes the pair when there is none yet
		return err
	}
	b, err := os.ReadFile(k.publicKey())
	if err != nil {
		return fmt.Errorf("reading the public key: %w", err)
	}
	_, err = os.Stdout.Write(b)
	return err
}
