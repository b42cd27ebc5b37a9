package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/assess"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// errNotVerified ends the command with a status other than 0; what does not fit
// has been printed.
var errNotVerified = errors.New("the journal does not verify")

type verify struct {
	File string `arg:"" optional:"" type:"existingfile" help:"An exported bundle (核验包), that of a responsibility letter too, or an official document (docx, pdf)."`
	DB   string `name:"db" help:"A database whose whole journal is to be recomputed, or that a document is compared with: sqlite:PATH or postgres://…"`
	Key  string `default:"data/journal.pub" help:"File of the public key that signed the checkpoints."`
	Code string `help:"Verification code of a document that does not show it any more; with --db."`
}

// Run checks a bundle or a database and says what it found.
func (v verify) Run(ctx context.Context) error {
	if v.File != "" { // a letter carries the keys that it was signed with
		if b, is, err := readLetter(v.File); err != nil || is {
			if err == nil {
				err = checkLetter(os.Stdout, b)
			}
			return err
		}
	}
	b, err := os.ReadFile(v.Key)
	if err != nil {
		return fmt.Errorf("reading the public key: %w", err)
	}
	key, err := journal.LoadVerifier(string(b))
	if err != nil {
		return err
	}
	if v.File != "" {
		is, err := isDocument(v.File)
		if err != nil {
			return err
		}
		if is {
			return v.document(ctx, key)
		}
	}
	switch {
	case v.File != "" && v.DB != "":
		return errors.New("name a bundle or --db, not both")
	case v.File != "":
		f, err := os.Open(v.File)
		if err != nil {
			return err
		}
		defer f.Close()
		return v.bundle(f, key)
	case v.DB != "":
		db, err := sqldb.Open(ctx, v.DB, sqldb.Options{})
		if err != nil {
			return err
		}
		defer db.Close()
		return v.database(ctx, db, key)
	}
	return errors.New("name a bundle, or a database with --db")
}

// bundleLimit is the most bytes of a bundle that are read: those of strangers
// may be of any size.
const bundleLimit = 256 << 20

// bundle proves the entries of an exported file and scores its scorecards again.
func (v verify) bundle(r io.Reader, key note.Verifier) error {
	report, err := journal.VerifyBundle(io.LimitReader(r, bundleLimit), key)
	if err != nil {
		return err
	}
	fmt.Printf("checkpoint  %d entries, signed by %s\n", report.Checkpoint.Size, key.Name())
	for _, e := range report.Entries {
		fmt.Printf("entry       %d  %s  %s  %s\n", e.Sequence, e.Receipt, e.Entry.Action, e.Entry.Outcome)
	}
	wrong := len(report.Problems)
	for _, p := range report.Problems {
		fmt.Println("DOES NOT FIT", p)
	}
	for _, a := range report.Attachments {
		fmt.Printf("attachment  %s  sha256 %s\n", a.Name, a.Digest)
		if text, err := memo.ReadText(a.Document); err == nil && len(text.Parties) > 0 {
			wrong += printSigned(os.Stdout, checkSigned(text, a, report))
			continue
		}
		payload, err := assess.ReadPayload(a.Document)
		if err != nil {
			continue // an attachment of another kind: its digest is proven, that is all there is to say
		}
		if err := payload.Verify(); err != nil {
			fmt.Println("DOES NOT FIT", err)
			wrong++
			continue
		}
		fmt.Printf("scorecard   %s  total %s  computed again: equal\n", payload.Card.Subject, payload.Card.Total)
	}
	if wrong > 0 {
		return errNotVerified
	}
	fmt.Println("everything fits")
	return nil
}

// database recomputes the journal of a database and names the first entry that
// does not fit.
func (v verify) database(ctx context.Context, db *sqldb.DB, key note.Verifier) error {
	report, err := journal.VerifyDatabase(ctx, db, key)
	if err != nil {
		return err
	}
	fmt.Printf("entries %d, not yet folded %d, checkpoints %d, root %s\n", report.Entries, report.Waiting, report.Checkpoints, report.Root)
	first, bad := report.First()
	if bad {
		fmt.Println("first that does not fit:", first)
		for _, p := range report.Problems[1:] {
			fmt.Println("also:", p)
		}
		if report.More > 0 {
			fmt.Printf("and %d more\n", report.More)
		}
	}
	wrong := 0
	n, err := store.New(db, store.Config{}).Witness(ctx, func(id task.ReportID, what string) {
		wrong++
		fmt.Printf("report %s is not as the journal tells it: %s\n", id, what)
	})
	if err != nil {
		return err
	}
	fmt.Printf("reports %d compared with the journal, %d differ\n", n, wrong)
	if bad || wrong > 0 {
		return errNotVerified
	}
	fmt.Println("everything fits")
	return nil
}
