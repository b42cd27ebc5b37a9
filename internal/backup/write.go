package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"gongjian/internal/blob"
	"gongjian/internal/sqldb"

	"golang.org/x/mod/sumdb/note"
)

// Source is what an archive is made of.
type Source struct {
	DB      *sqldb.DB
	Files   *blob.Store
	Signer  note.Signer       // the journal's
	Public  []byte            // its public key's file
	Keys    map[string][]byte // private keys to be taken along, by the names of their files; nil for none
	Program string            // version
	Now     func() time.Time
}

// Write makes an archive and returns its manifest. It may run while others work.
func Write(ctx context.Context, out io.Writer, s Source) (Manifest, error) {
	w := &writer{zip: zip.NewWriter(out), made: s.Now().UTC().Truncate(time.Second)}
	w.manifest = Manifest{Format: Format, Made: w.made, Program: s.Program, Engine: s.DB.Engine()}
	if err := s.DB.Snapshot(ctx, func(snapshot *sqldb.Snapshot) error { return w.tables(ctx, snapshot) }); err != nil {
		return Manifest{}, err
	}
	if err := w.evidence(ctx, s.Files); err != nil {
		return Manifest{}, err
	}
	if err := w.whole(publicName, s.Public); err != nil {
		return Manifest{}, err
	}
	for name, b := range s.Keys {
		if err := w.whole(keyFolder+name, b); err != nil {
			return Manifest{}, err
		}
	}
	if err := w.end(s.Signer); err != nil {
		return Manifest{}, err
	}
	return w.manifest, nil
}

type writer struct {
	zip      *zip.Writer
	made     time.Time
	manifest Manifest
}

// member begins a file of the archive; finish notes its size and digest.
func (w *writer) member(name string, method uint16) (*member, error) {
	f, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.made})
	if err != nil {
		return nil, fmt.Errorf("backup: beginning %s: %w", name, err)
	}
	return &member{name: name, to: f, sum: sha256.New()}, nil
}

type member struct {
	name string
	to   io.Writer
	sum  hash.Hash
	size int64
}

// Write passes bytes on and counts them.
func (m *member) Write(b []byte) (int, error) {
	n, err := m.to.Write(b)
	m.sum.Write(b[:n])
	m.size += int64(n)
	return n, err
}

func (w *writer) finish(m *member) {
	w.manifest.Members = append(w.manifest.Members, Member{m.name, m.size, hex.EncodeToString(m.sum.Sum(nil))})
}

func (w *writer) whole(name string, b []byte) error {
	m, err := w.member(name, zip.Deflate)
	if err != nil {
		return err
	}
	if _, err := m.Write(b); err != nil {
		return fmt.Errorf("backup: writing %s: %w", name, err)
	}
	w.finish(m)
	return nil
}

func (w *writer) tables(ctx context.Context, s *sqldb.Snapshot) error {
	var err error
	if w.manifest.Migrations, err = s.Applied(ctx); err != nil {
		return err
	}
	tables, err := s.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := w.table(ctx, s, t); err != nil {
			return err
		}
	}
	return nil
}

// table writes one array a line: text and bytes (base64) as strings, the others as
// they are.
func (w *writer) table(ctx context.Context, s *sqldb.Snapshot, t sqldb.Table) error {
	m, err := w.member(tableFolder+t.Name+".jsonl", zip.Deflate)
	if err != nil {
		return err
	}
	lines := bufio.NewWriterSize(m, 64<<10)
	encode := json.NewEncoder(lines)
	encode.SetEscapeHTML(false)
	count := int64(0)
	watch := w.watch(t)
	err = s.Rows(ctx, t, func(row []any) error {
		count++
		watch(row)
		for i, v := range row {
			if words, is := v.(string); is && !utf8.ValidString(words) {
				return fmt.Errorf("backup: row %d of %s: %s is no text", count, t.Name, t.Columns[i].Name)
			}
		}
		return encode.Encode(row)
	})
	if err != nil {
		return err
	}
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("backup: writing %s: %w", t.Name, err)
	}
	w.finish(m)
	w.manifest.Tables = append(w.manifest.Tables, Rows{t, count})
	return nil
}

// watch picks out of the journal's rows what the manifest says of it.
func (w *writer) watch(t sqldb.Table) func([]any) {
	at := func(name string) int {
		return slices.IndexFunc(t.Columns, func(c sqldb.Column) bool { return c.Name == name })
	}
	switch t.Name {
	case "journal_entry":
		return func([]any) { w.manifest.Entries++ }
	case "journal_checkpoint":
		newest, size, text := int64(-1), at("size"), at("note")
		return func(row []any) {
			if n, is := row[size].(int64); is && n > newest {
				newest = n
				w.manifest.Checkpoint, _ = row[text].(string)
			}
		}
	}
	return func([]any) {}
}

// evidence copies every kept file; one whose bytes are not those of its name ends
// the backup, because it would be refused when it is needed.
func (w *writer) evidence(ctx context.Context, files *blob.Store) error {
	var list []string
	err := files.Each(func(id string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := files.Open(id)
		if err != nil {
			return fmt.Errorf("backup: evidence %s: %w", id, err)
		}
		defer f.Close()
		m, err := w.member(evidenceFiles+id, zip.Store) // pictures and office files are compressed already
		if err != nil {
			return err
		}
		if _, err := io.Copy(m, f); err != nil {
			return fmt.Errorf("backup: evidence %s: %w", id, err)
		}
		if got := hex.EncodeToString(m.sum.Sum(nil)); got != id {
			return fmt.Errorf("backup: evidence %s: %w (gongjian doctor --all lists all such files)", id, blob.ErrOther)
		}
		list = append(list, id)
		return nil
	})
	if err != nil {
		return err
	}
	m, err := w.member(evidenceList, zip.Deflate)
	if err != nil {
		return err
	}
	for _, id := range list {
		if _, err := fmt.Fprintln(m, id); err != nil {
			return fmt.Errorf("backup: listing evidence: %w", err)
		}
	}
	w.finish(m)
	w.manifest.Evidence = int64(len(list))
	return nil
}

// end writes the manifest and the signature over it.
func (w *writer) end(signer note.Signer) error {
	b, err := w.manifest.bytes()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	signed, err := note.Sign(&note.Note{Text: vouched(hex.EncodeToString(sum[:]))}, signer)
	if err != nil {
		return fmt.Errorf("backup: signing the manifest: %w", err)
	}
	for name, content := range map[string][]byte{manifestName: b, signatureName: signed} {
		f, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.made})
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		if _, err := f.Write(content); err != nil {
			return fmt.Errorf("backup: writing %s: %w", name, err)
		}
	}
	if err := w.zip.Close(); err != nil {
		return fmt.Errorf("backup: ending the archive: %w", err)
	}
	return nil
}
