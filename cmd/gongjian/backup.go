package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/backup"
	"gongjian/internal/blob"
	"gongjian/internal/journal"
)

// privateKeys are the files that a backup leaves out unless asked.
var privateKeys = []string{"journal.key", "seal.key"}

type backupCommand struct {
	database
	Archive  string `arg:"" help:"File to write, such as gongjian-2026-11-22.zip. It must not exist."`
	WithKeys bool   `help:"Take the private keys along (journal.key, seal.key). Whoever reads such an archive can sign in the server's name and in that of everybody whose key it keeps: guard it like the keys."`
}

// Run writes the archive, reads it again and checks it.
func (b backupCommand) Run(ctx context.Context) error {
	if _, err := os.Stat(b.Archive); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already", b.Archive)
	}
	db, _, err := b.connect(ctx, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := b.checkKey(ctx, db); err != nil {
		return err
	}
	files, err := blob.Open(filepath.Join(b.Data, "evidence"))
	if err != nil {
		return err
	}
	signer, err := b.signer()
	if err != nil {
		return err
	}
	key, public, err := b.verifier()
	if err != nil {
		return err
	}
	s := backup.Source{DB: db, Files: files, Signer: signer, Public: public, Program: version, Now: time.Now}
	if b.WithKeys {
		if s.Keys, err = b.readKeys(); err != nil {
			return err
		}
	}
	m, err := b.write(ctx, s, key)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, t := range m.Tables {
		rows += t.Count
	}
	fmt.Printf("%s: %d rows of %d tables, %d journal entries, %d evidence files, %d private keys; read again and checked\n",
		b.Archive, rows, len(m.Tables), m.Entries, m.Evidence, len(s.Keys))
	if !b.WithKeys {
		fmt.Println("private keys are not in it; keep data/journal.key and data/seal.key apart, or ask for --with-keys")
	}
	return nil
}

// write makes the archive under another name, so that a file of the right name is
// always whole and was checked.
func (b backupCommand) write(ctx context.Context, s backup.Source, key note.Verifier) (m backup.Manifest, err error) {
	part := b.Archive + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return m, fmt.Errorf("making the archive: %w", err)
	}
	defer os.Remove(part) // does nothing after the renaming
	defer f.Close()
	if m, err = backup.Write(ctx, f, s); err != nil {
		return m, err
	}
	if err := f.Sync(); err != nil {
		return m, fmt.Errorf("syncing the archive: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return m, err
	}
	if _, err := backup.Open(ctx, f, info.Size(), key); err != nil {
		return m, fmt.Errorf("reading the archive again: %w", err)
	}
	return m, os.Rename(part, b.Archive)
}

func (d database) readKeys() (map[string][]byte, error) {
	keys := map[string][]byte{}
	for _, name := range privateKeys {
		b, err := os.ReadFile(filepath.Join(d.Data, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading a private key: %w", err)
		}
		keys[name] = b
	}
	return keys, nil
}

type restore struct {
	database
	Archive string `arg:"" type:"existingfile" help:"Archive of gongjian backup."`
	Key     string `type:"existingfile" help:"File of the public key that the archive must be signed with. Without it the key in the archive is taken, which proves that nothing was damaged, not who wrote it."`
}

// Run fills the database and the data folder, which must be empty, and checks them.
func (r restore) Run(ctx context.Context) error {
	a, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if a.Checkpoint == "" && a.Entries > 0 {
		fmt.Println("the archive is older than its journal's first checkpoint: only digests and the manifest's signature prove it")
	}
	if _, err := os.Stat(r.publicKey()); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: restore into a new data folder", r.publicKey())
	}
	db, st, err := r.connect(ctx, func() time.Time { return a.Made })
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := blob.Open(filepath.Join(r.Data, "evidence"))
	if err != nil {
		return err
	}
	out, err := a.Restore(ctx, backup.Target{DB: db, Store: st, Files: files})
	if err != nil {
		return err
	}
	if err := r.writeKeys(a.Archive); err != nil {
		return err
	}
	fmt.Printf("archive of %s, %s, signed by %s\n", a.Made.Local().Format(time.DateTime), a.Engine, a.Archive.Key.Name())
	fmt.Printf("restored %d rows into %s, %d evidence files\n", out.Rows, db.Engine(), out.Evidence)
	for _, p := range out.Problems {
		fmt.Println("DOES NOT FIT", p)
	}
	if len(out.Problems) > 0 {
		return errors.New("the restored copy is not as its journal tells it; do not work in it")
	}
	fmt.Printf("the journal verifies: %d entries, %d checkpoints, root %s; reports, figures and lights fit\n",
		out.Journal.Entries, out.Journal.Checkpoints, out.Journal.Root)
	return nil
}

// opened is an archive with its file.
type opened struct {
	*backup.Archive
	file *os.File
}

func (o opened) close() { o.file.Close() }

func (r restore) open(ctx context.Context) (o opened, err error) {
	var key note.Verifier
	if r.Key != "" {
		b, err := os.ReadFile(r.Key)
		if err != nil {
			return o, fmt.Errorf("reading the public key: %w", err)
		}
		if key, err = journal.LoadVerifier(string(b)); err != nil {
			return o, err
		}
	}
	if o.file, err = os.Open(r.Archive); err != nil {
		return o, err
	}
	info, err := o.file.Stat()
	if err == nil {
		o.Archive, err = backup.Open(ctx, o.file, info.Size(), key)
	}
	if err != nil {
		o.close()
	}
	return o, err
}

// writeKeys puts the public key, and private ones if the archive has them, in
// their places; private keys that are there are left.
func (r restore) writeKeys(a *backup.Archive) error {
	if err := os.WriteFile(r.publicKey(), a.Public, 0o644); err != nil {
		return fmt.Errorf("keeping the public key: %w", err)
	}
	keys, err := a.Keys()
	if err != nil {
		return err
	}
	for _, name := range privateKeys {
		path := filepath.Join(r.Data, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		b, has := keys[name]
		if !has {
			fmt.Printf("%s is not in the archive: put your copy there before you start the server\n", path)
			continue
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return fmt.Errorf("keeping a private key: %w", err)
		}
	}
	return nil
}
