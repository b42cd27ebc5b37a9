package main

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/act"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

// A document's path from its issue to somebody who has the file and the public
// key; with the database at hand also its record and the journal. Rules D-05, D-06.
func TestADocumentIsVerifiedByItsFileAndByTheRecord(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			db := testkit.Open(t, engine.Address, sqldb.Options{})
			w := testkit.NewTown(t, db)
			w.On(2010, 6, 7)
			office := w.Caller(testkit.ProvinceBureau, org.Office)
			_, id, err := w.Desk.IssueDocument(t.Context(), office, "", act.Issuing{Kind: official.Plan, Subject: string(w.Plan(w.Memorandum(), testkit.Brands())), Pages: "https://example.org"})
			if err != nil {
				t.Fatal(err)
			}
			d, err := w.Store.View(office).Document(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			log, public := w.Journal(db)
			key, err := journal.LoadVerifier(public)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := log.Fold(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, format := range []official.Format{official.DOCX, official.PDF} {
				bare, err := w.Desk.DocumentFile(d, format)
				if err != nil {
					t.Fatal(err)
				}
				statement, err := official.Statement{Code: d.Code, Kind: official.Plan, Number: d.Number, Title: d.Title, Receipt: d.Receipt, Entry: d.Entry, Digest: official.Digest(bare)}.Bytes()
				if err != nil {
					t.Fatal(err)
				}
				signed, err := log.SignStatement(official.StatementKind, statement)
				if err != nil {
					t.Fatal(err)
				}
				sealed, err := official.Seal(bare, signed)
				if err != nil {
					t.Fatal(err)
				}
				changed := append([]byte{}, sealed...)
				changed[len(bare)/2] ^= 1
				check := func(what string, file []byte, key note.Verifier, address, code string, want error) {
					t.Helper()
					path := filepath.Join(t.TempDir(), "file")
					if err := os.WriteFile(path, file, 0o600); err != nil {
						t.Fatal(err)
					}
					if is, err := isDocument(path); !is || err != nil {
						t.Errorf("%s, %s: not taken for a document: %v", format, what, err)
					}
					if err := (verify{File: path, DB: address, Code: code}).document(t.Context(), key); !errors.Is(err, want) {
						t.Errorf("%s, %s: answered %v, want %v", format, what, err, want)
					}
				}
				check("as issued", sealed, key, "", "", nil)
				check("as issued, with the database", sealed, key, engine.Address, "", nil)
				check("without its trailer", bare, key, "", "", errNotOriginal)
				check("without its trailer, with the database", bare, key, engine.Address, d.Code, nil)
				check("one bit changed", changed, key, "", "", errNotOriginal)
				check("one bit changed, with the database", changed, key, engine.Address, d.Code, errNotOriginal)
				check("under a code that is none of ours", bare, key, engine.Address, "0000-0000-0000", errNotOriginal)
				if _, other, err := journal.GenerateKey(rand.Reader, "other.example"); err != nil {
					t.Error(err)
				} else if stranger, err := journal.LoadVerifier(other); err != nil {
					t.Error(err)
				} else {
					check("by another key", sealed, stranger, "", "", errNotOriginal)
				}
			}
		})
	}
}
