package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongjian/internal/journal"
	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/note"
)

// Archive is an archive whose every byte was checked.
type Archive struct {
	Manifest
	Key    note.Verifier // that the manifest is signed with
	Public []byte        // the key's file
	files  map[string]*zip.File
	kept   []string // hashes of evidence
}

// largest is the most that a manifest or a key may have: these are read whole.
const largest = 64 << 20

// Open reads an archive and checks all of it: the manifest's signature by key, or
// by the public key in the archive when key is nil; every digest and size; and
// that nothing is missing, doubled or added. ErrAltered says what does not fit.
func Open(ctx context.Context, from io.ReaderAt, size int64, key note.Verifier) (*Archive, error) {
	z, err := zip.NewReader(from, size)
	if err != nil {
		return nil, altered("it is no archive, or was cut short: %v", err)
	}
	a := &Archive{Key: key, files: map[string]*zip.File{}}
	for _, f := range z.File {
		if a.files[f.Name] != nil {
			return nil, altered("%s is there twice", f.Name)
		}
		a.files[f.Name] = f
	}
	if err := a.readManifest(); err != nil {
		return nil, err
	}
	expected := map[string]bool{manifestName: true, signatureName: true}
	for _, m := range a.Members {
		expected[m.Name] = true
		if err := a.check(ctx, m.Name, m.SHA256, m.Size); err != nil {
			return nil, err
		}
	}
	if err := a.readEvidenceList(); err != nil {
		return nil, err
	}
	for _, id := range a.kept {
		expected[evidenceFiles+id] = true
		if err := a.check(ctx, evidenceFiles+id, id, -1); err != nil {
			return nil, err
		}
	}
	for name := range a.files {
		if !expected[name] {
			return nil, altered("%s was added", name)
		}
	}
	for _, t := range a.Tables {
		if !expected[tableFolder+t.Name+".jsonl"] {
			return nil, altered("the rows of %s are missing", t.Name)
		}
	}
	return a, nil
}

// readManifest believes the manifest after its signature was checked.
func (a *Archive) readManifest() error {
	b, err := a.bytes(manifestName)
	if err != nil {
		return err
	}
	signed, err := a.bytes(signatureName)
	if err != nil {
		return err
	}
	if a.Public, err = a.bytes(publicName); err != nil {
		return err
	}
	if a.Key == nil {
		if a.Key, err = journal.LoadVerifier(string(a.Public)); err != nil {
			return altered("its public key cannot be read: %v", err)
		}
	}
	opened, err := note.Open(signed, note.VerifierList(a.Key))
	if err != nil {
		return altered("the manifest is not signed with the key %s: %v", a.Key.Name(), err)
	}
	sum := sha256.Sum256(b)
	if opened.Text != vouched(hex.EncodeToString(sum[:])) {
		return altered("the manifest is not the one that was signed")
	}
	if err := json.Unmarshal(b, &a.Manifest); err != nil {
		return altered("the manifest cannot be read: %v", err)
	}
	if a.Format != Format {
		return fmt.Errorf("backup: the archive has the format %q, this program reads %s", a.Format, Format)
	}
	return nil
}

func (a *Archive) open(name string) (io.ReadCloser, error) {
	f := a.files[name]
	if f == nil {
		return nil, altered("%s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, altered("%s cannot be opened: %v", name, err)
	}
	return r, nil
}

func (a *Archive) bytes(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, largest+1))
	if err != nil {
		return nil, altered("%s cannot be read: %v", name, err)
	}
	if len(b) > largest {
		return nil, altered("%s is too large", name)
	}
	return b, nil
}

// check compares a member with its digest and, unless it is negative, its size.
func (a *Archive) check(ctx context.Context, name, digest string, size int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := a.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	from := io.Reader(r)
	if size >= 0 {
		from = io.LimitReader(r, size+1) // no more is unpacked than was promised
	}
	n, err := io.Copy(sum, from)
	if err != nil {
		return altered("%s cannot be read: %v", name, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != digest || size >= 0 && n != size {
		return altered("%s has other content than was written", name)
	}
	return nil
}

func (a *Archive) readEvidenceList() error {
	if _, there := a.files[evidenceList]; !there {
		return altered("%s is missing", evidenceList)
	}
	r, err := a.open(evidenceList)
	if err != nil {
		return err
	}
	defer r.Close()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		a.kept = append(a.kept, lines.Text())
	}
	if err := lines.Err(); err != nil {
		return altered("%s cannot be read: %v", evidenceList, err)
	}
	if int64(len(a.kept)) != a.Evidence {
		return altered("%d evidence files are listed, there were %d", len(a.kept), a.Evidence)
	}
	return nil
}

// Keys returns the private keys that the archive holds, by the names of their files.
func (a *Archive) Keys() (map[string][]byte, error) {
	keys := map[string][]byte{}
	for _, m := range a.Members {
		name, is := strings.CutPrefix(m.Name, keyFolder)
		if !is {
			continue
		}
		b, err := a.bytes(m.Name)
		if err != nil {
			return nil, err
		}
		keys[name] = b
	}
	return keys, nil
}

// rows returns a function that gives the table's rows one after the other, then io.EOF.
func (a *Archive) rows(t Rows) (next func() ([]any, error), stop func(), err error) {
	r, err := a.open(tableFolder + t.Name + ".jsonl")
	if err != nil {
		return nil, nil, err
	}
	decode := json.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	decode.UseNumber()
	count := int64(0)
	next = func() ([]any, error) {
		var row []any
		if err := decode.Decode(&row); errors.Is(err, io.EOF) {
			if count != t.Count {
				return nil, altered("%s has %d rows, there were %d", t.Name, count, t.Count)
			}
			return nil, io.EOF
		} else if err != nil {
			return nil, altered("row %d of %s cannot be read: %v", count+1, t.Name, err)
		}
		count++
		if len(row) != len(t.Columns) {
			return nil, altered("row %d of %s has %d values", count, t.Name, len(row))
		}
		for i, c := range t.Columns {
			if row[i], err = value(row[i], c); err != nil {
				return nil, altered("row %d of %s, %s: %v", count, t.Name, c.Name, err)
			}
		}
		return row, nil
	}
	return next, func() { r.Close() }, nil
}

// value is what JSON says of a column's value.
func value(v any, c sqldb.Column) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		switch c.Type {
		case "text":
			return x, nil
		case "bytea":
			return base64.StdEncoding.DecodeString(x)
		}
	case json.Number:
		if c.Type == "bigint" {
			return x.Int64()
		}
	case bool:
		if c.Type == "boolean" {
			return x, nil
		}
	}
	return nil, fmt.Errorf("a %T does not fit the type %s", v, c.Type)
}
