package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/paper/official"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
)

// errNotOriginal ends the command with a status other than 0; why has been printed.
var errNotOriginal = errors.New("the file is not shown to be the one that was issued")

// documentLimit is the most bytes of a document that are read.
const documentLimit = 64 << 20

// isDocument reports whether a file is a docx or pdf, by its content.
func isDocument(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 8)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, err
	}
	return official.FormatOf(head[:n]) != "", nil
}

// document checks an official document: offline by the statement at its end, and
// with a database also against the record and the journal.
func (v verify) document(ctx context.Context, key note.Verifier) error {
	f, err := os.Open(v.File)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, documentLimit+1))
	if err != nil {
		return err
	}
	if len(file) > documentLimit {
		return fmt.Errorf("%s has more than %d MB: no document of ours", filepath.Base(v.File), documentLimit>>20)
	}
	bare, statement, ok := v.statement(file, key)
	if v.DB == "" {
		if !ok {
			return errNotOriginal
		}
		fmt.Println("unchanged: this is the file that was issued")
		return nil
	}
	db, err := sqldb.Open(ctx, v.DB, sqldb.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	code := v.Code
	if code == "" {
		code = statement.Code
	}
	if code == "" {
		code = official.FindCode(file)
	}
	return v.againstRecord(ctx, db, key, file, bare, code, ok)
}

// statement opens the trailer and compares the digest. ok is true when the file
// is proven to be the one that the statement speaks of.
func (v verify) statement(file []byte, key note.Verifier) (bare []byte, s official.Statement, ok bool) {
	bare, signed := official.Strip(file)
	if signed == "" {
		fmt.Println("no statement: the file was saved again or changed since it was issued; compare it at /d/CODE of the server, or with --db")
		return file, s, false
	}
	body, err := journal.OpenStatement(signed, official.StatementKind, key)
	if err == nil {
		s, err = official.ReadStatement(body)
	}
	if err != nil {
		fmt.Println("DOES NOT FIT the statement at the end is not signed by this key:", err)
		return file, official.Statement{}, false
	}
	fmt.Printf("statement  signed by %s\n", key.Name())
	fmt.Printf("document   %s  %s  %s\n", s.Kind, s.Number, s.Title)
	fmt.Printf("issued     %s  %s\n", s.Issued, s.Unit)
	fmt.Printf("journal    receipt %s  entry %s\n", s.Receipt, s.Entry)
	fmt.Printf("code       %s\n", s.Code)
	if digest := official.Digest(bare); digest != s.Digest {
		fmt.Printf("DOES NOT FIT sha256 is %s, issued was %s: the file was changed\n", digest, s.Digest)
		return bare, s, false
	}
	return bare, s, true
}

// againstRecord compares the file with the database's record, and the record with
// the journal.
func (v verify) againstRecord(ctx context.Context, db *sqldb.DB, key note.Verifier, file, bare []byte, code string, signed bool) error {
	code, ok := official.ParseCode(code)
	if !ok {
		return errors.New("the document shows no verification code that can be read: name it with --code")
	}
	d, err := store.New(db, store.Config{}).ByCode(ctx, code)
	if fault.KindOf(err) == fault.NotFound {
		fmt.Printf("DOES NOT FIT the database has no document with the code %s\n", code)
		return errNotOriginal
	}
	if err != nil {
		return err
	}
	fmt.Printf("record     %s  %s  %s\n", d.Code, d.Number, d.Title)
	if !d.Withdrawn.IsZero() {
		fmt.Printf("WITHDRAWN  on %s: %s\n", d.Withdrawn, d.Reason)
	}
	if err := journalHolds(ctx, db, key, d); err != nil {
		fmt.Println("DOES NOT FIT", err)
		return errNotVerified
	}
	switch digest := official.Digest(bare); {
	case digest == d.DOCX || digest == d.PDF:
		fmt.Println("unchanged: this is the file that was issued")
		return nil
	case signed:
		fmt.Println("DOES NOT FIT the statement is signed, but the record has another digest")
		return errNotOriginal
	}
	if words, err := official.Words(file); err == nil && words == d.Words {
		fmt.Println("the words are the same, the file is not: it was saved again (layout, pictures, headers and footers were not compared)")
		return errNotOriginal
	}
	fmt.Println("DOES NOT FIT neither the file nor its words are those that were issued")
	return errNotOriginal
}

// journalHolds shows that the record's entry stands in the signed journal and says
// what the record says.
func journalHolds(ctx context.Context, db *sqldb.DB, key note.Verifier, d store.Issued) error {
	log := journal.New(db, nil, nil)
	r, err := log.ByID(ctx, d.Entry)
	if err != nil {
		return fmt.Errorf("the journal has no entry %s: %w", d.Entry, err)
	}
	for _, digest := range []string{d.DOCX, d.PDF, d.Words} {
		if !bytes.Contains(r.Bytes, []byte(`"`+digest+`"`)) {
			return fmt.Errorf("the entry %s names other files than the record", r.Receipt)
		}
	}
	if r.Entry.Action != "document.issue" || r.Entry.Outcome != journal.Done || !bytes.Contains(r.Entry.Detail, []byte(`"`+d.Code+`"`)) {
		return fmt.Errorf("the entry %s is about something else", r.Receipt)
	}
	if !r.Folded() {
		fmt.Printf("journal    entry %s waits to be folded: nothing proves it yet\n", r.Receipt)
		return nil
	}
	proof, checkpoint, err := log.InclusionProof(ctx, r.Sequence)
	if err != nil {
		return err
	}
	if _, err := journal.OpenCheckpoint(checkpoint.Note, key); err != nil {
		return fmt.Errorf("the newest checkpoint is not signed by this key: %w", err)
	}
	if err := tlog.CheckRecord(proof, checkpoint.Size, checkpoint.Root, r.Sequence, tlog.RecordHash(r.Bytes)); err != nil {
		return fmt.Errorf("the entry %s is not in the signed journal: %w", r.Receipt, err)
	}
	fmt.Printf("journal    entry %d  %s is in the tree of %d entries signed by %s\n", r.Sequence, r.Receipt, checkpoint.Size, key.Name())
	return nil
}
