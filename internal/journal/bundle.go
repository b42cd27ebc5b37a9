package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gongjian/internal/fault"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// bundleFormat names the file format; another format gets another name.
const bundleFormat = "gongjian-journal-bundle-1"

// Attachment is a document that travels with a bundle, such as a scorecard with
// all its inputs. It is vouched for by an entry whose detail holds the SHA-256 of
// its exact bytes, in hexadecimal, in a field "digest" or in a list "digests", at
// any depth.
type Attachment struct {
	Name     string
	Document []byte // JSON in UTF-8
}

// Digest is the SHA-256 of a document as entries and bundles write it.
func Digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}

// bundleFile is the file. Entries and documents stand in it as texts, so that
// their exact bytes survive whatever reads and writes the JSON around them.
type bundleFile struct {
	Format      string             `json:"format"`
	Checkpoint  string             `json:"checkpoint"`
	Entries     []bundleEntry      `json:"entries"`
	Attachments []bundleAttachment `json:"attachments"`
}

type bundleEntry struct {
	Sequence int64    `json:"sequence"`
	Entry    string   `json:"entry"`
	Proof    []string `json:"proof"` // hashes in base64, from the leaf upwards
}

type bundleAttachment struct {
	Name     string `json:"name"`
	Document string `json:"document"`
}

// Bundle writes the entries with these ids, the proof of each, the newest
// checkpoint and the attachments as one JSON file. An id without an entry is the
// fault "journal.absent", one not folded yet "journal.not-folded", and an
// attachment that no chosen entry vouches for "journal.attachment-unknown".
func (l *Log) Bundle(ctx context.Context, w io.Writer, ids []string, attachments []Attachment) error {
	c, err := l.Newest(ctx)
	if err != nil {
		return err
	}
	file := bundleFile{Format: bundleFormat, Checkpoint: c.Note, Entries: []bundleEntry{}, Attachments: []bundleAttachment{}}
	hashes := newStoredHashes(ctx, l.db.Read())
	vouched := map[string]bool{}
	for _, id := range ids {
		r, err := l.ByID(ctx, id)
		if err != nil {
			return err
		}
		e, err := proven(r, c, hashes)
		if err != nil {
			return err
		}
		file.Entries = append(file.Entries, e)
		addDigests(vouched, r.Entry)
	}
	for _, a := range attachments {
		if !vouched[Digest(a.Document)] {
			return fault.New(fault.Invalid, "journal.attachment-unknown", "Name", a.Name)
		}
		if !utf8.Valid(a.Document) || !json.Valid(a.Document) {
			return fmt.Errorf("journal: the attachment %q is not JSON in UTF-8", a.Name)
		}
		file.Attachments = append(file.Attachments, bundleAttachment{a.Name, string(a.Document)})
	}
	text, err := plainJSON(file)
	if err != nil {
		return fmt.Errorf("journal: writing a bundle: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("journal: writing a bundle: %w", err)
	}
	return nil
}

// proven returns the entry with its proof against the checkpoint.
func proven(r Record, c Checkpoint, hashes tlog.HashReader) (bundleEntry, error) {
	if !r.Folded() || r.Sequence >= c.Size {
		return bundleEntry{}, fault.New(fault.Conflict, "journal.not-folded", "Receipt", r.Receipt)
	}
	proof, err := tlog.ProveRecord(c.Size, r.Sequence, hashes)
	if err != nil {
		return bundleEntry{}, fmt.Errorf("journal: proving entry %d: %w", r.Sequence, err)
	}
	e := bundleEntry{Sequence: r.Sequence, Entry: string(r.Bytes), Proof: []string{}}
	for _, hash := range proof {
		e.Proof = append(e.Proof, hash.String())
	}
	return e, nil
}

// addDigests collects the digests that an entry vouches for. A refused attempt
// vouches for nothing.
func addDigests(vouched map[string]bool, e Entry) {
	// Rule J-06 (our choice): a done entry vouches for the digests in its detail.
	if e.Outcome != Done {
		return
	}
	var detail any
	if json.Unmarshal(e.Detail, &detail) == nil {
		collectDigests(vouched, "", detail)
	}
}

func collectDigests(vouched map[string]bool, field string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if field == "digests" { // {"digests": {"scorecard": "…"}}
				name = "digests"
			}
			collectDigests(vouched, name, inner)
		}
	case []any:
		for _, inner := range value {
			collectDigests(vouched, field, inner)
		}
	case string:
		if field == "digest" || field == "digests" {
			vouched[strings.ToLower(value)] = true
		}
	}
}

// BundleReport is what VerifyBundle found. Only what it lists as proven is; with
// Problems, nothing should be relied on before they are explained.
type BundleReport struct {
	Checkpoint  Checkpoint         // signed by the key
	Entries     []Record           // proven, in the file's order
	Attachments []ProvenAttachment // vouched for by a proven entry
	Problems    []Problem
}

// ProvenAttachment is an attachment and its digest.
type ProvenAttachment struct {
	Attachment
	Digest string
}

// OK reports whether nothing is wrong.
func (r BundleReport) OK() bool { return len(r.Problems) == 0 }

// ErrNoBundle says that a file is not a bundle of this format.
var ErrNoBundle = errors.New("journal: this is not a proof bundle")

// VerifyBundle checks a bundle with nothing but the file and the public key: the
// checkpoint's signature, each entry's proof up to the signed root, each
// attachment's digest in a proven entry. What the file claims beyond that is not
// in the report. It reads the file whole; whoever takes files from strangers
// limits the reader. The error is for a file that is no bundle (ErrNoBundle) or
// cannot be read.
func VerifyBundle(r io.Reader, key note.Verifier) (BundleReport, error) {
	file, err := readBundle(r)
	if err != nil {
		return BundleReport{}, err
	}
	var report BundleReport
	if report.Checkpoint, err = OpenCheckpoint(file.Checkpoint, key); err != nil {
		report.Problems = append(report.Problems, Problem{Code: CheckpointSignature, Sequence: Waiting})
		return report, nil // without a signed root there is nothing to prove against
	}
	vouched := map[string]bool{}
	for _, e := range file.Entries {
		record, problem := e.prove(report.Checkpoint)
		if problem != nil {
			report.Problems = append(report.Problems, *problem)
			continue
		}
		report.Entries = append(report.Entries, record)
		addDigests(vouched, record.Entry)
	}
	for _, a := range file.Attachments {
		digest := Digest([]byte(a.Document))
		if !vouched[digest] {
			report.Problems = append(report.Problems, Problem{
				Code: AttachmentUnknown, Sequence: Waiting, Args: map[string]any{"Name": a.Name, "Digest": digest}})
			continue
		}
		report.Attachments = append(report.Attachments, ProvenAttachment{Attachment{a.Name, []byte(a.Document)}, digest})
	}
	return report, nil
}

// readBundle reads the file and refuses what Bundle would not have written.
func readBundle(r io.Reader) (file bundleFile, err error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return bundleFile{}, fmt.Errorf("journal: reading a bundle: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil || file.Format != bundleFormat {
		return bundleFile{}, errors.Join(ErrNoBundle, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return bundleFile{}, ErrNoBundle // something stands after it
	}
	return file, nil
}

// prove checks one entry of a bundle.
func (e bundleEntry) prove(c Checkpoint) (Record, *Problem) {
	text := []byte(e.Entry)
	entry, err := ParseEntry(text)
	if err != nil {
		return Record{}, &Problem{Code: EntryUnreadable, Sequence: e.Sequence}
	}
	wrong := &Problem{Code: WrongProof, Sequence: e.Sequence, ID: entry.ID}
	if e.Sequence < 0 || e.Sequence >= c.Size {
		return Record{}, wrong
	}
	var proof tlog.RecordProof
	for _, line := range e.Proof {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return Record{}, wrong
		}
		proof = append(proof, hash)
	}
	leaf := tlog.RecordHash(text)
	if tlog.CheckRecord(proof, c.Size, c.Root, e.Sequence, leaf) != nil {
		return Record{}, wrong
	}
	return Record{Entry: entry, Bytes: text, Leaf: leaf, Receipt: receipt(entry.At, leaf), Sequence: e.Sequence}, nil
}
