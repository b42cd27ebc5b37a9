package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
)

// database is what every command that needs the database is told.
type database struct {
	DB       string `name:"db" env:"GONGJIAN_DB" default:"sqlite:data/gongjian.db" help:"Database: sqlite:PATH or postgres://…"`
	Province string `type:"existingfile" env:"GONGJIAN_PROVINCE" help:"JSON file with the province's rules, and words and colours of its lights."`
	Data     string `env:"GONGJIAN_DATA" default:"data" help:"Folder of evidence files and of the journal's key."`

	DBReaders   int    `name:"db-readers" env:"GONGJIAN_DB_READERS" default:"8" help:"Connections for questions."`
	DBWriters   int    `name:"db-writers" env:"GONGJIAN_DB_WRITERS" default:"8" help:"Connections for writes on PostgreSQL; SQLite has one."`
	DBQueryMode string `name:"db-query-mode" env:"GONGJIAN_DB_QUERY_MODE" enum:",cache_statement,cache_describe,describe_exec,exec,simple_protocol" default:"" help:"How statements go to PostgreSQL; behind a pooler that shares connections between transactions: exec."`

	// watch is told of every act; nil tells nobody.
	watch func(action org.Action, outcome string, took time.Duration)
}

func (d database) options() sqldb.Options {
	return sqldb.Options{Readers: d.DBReaders, Writers: d.DBWriters, QueryMode: d.DBQueryMode}
}

// open opens the database, brings its tables up to date and binds it to the rules.
func (d database) open(ctx context.Context, clock func() time.Time) (*sqldb.DB, *store.Store, error) {
	db, st, err := d.connect(ctx, clock)
	if err != nil {
		return nil, nil, err
	}
	if err := store.Migrate(ctx, db); err != nil {
		db.Close()
		return nil, nil, err
	}
	return db, st, nil
}

// connect opens the database as it is.
func (d database) connect(ctx context.Context, clock func() time.Time) (*sqldb.DB, *store.Store, error) {
	if path, ok := strings.CutPrefix(d.DB, "sqlite:"); ok {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, nil, fmt.Errorf("making the folder of the database: %w", err)
		}
	}
	own, err := readProvince(d.Province)
	if err != nil {
		return nil, nil, err
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		return nil, nil, err
	}
	db, err := sqldb.Open(ctx, d.DB, d.options())
	if err != nil {
		return nil, nil, err
	}
	return db, store.New(db, store.Config{
		Policies: policies, Clock: clock, Random: rand.Reader, Workdays: calendar.Default(), Rules: own.Rules, Watch: d.watch,
	}), nil
}

// checkKey refuses to go on without the key that signed the journal so far: a new
// one would split it into parts that no single key proves.
func (d database) checkKey(ctx context.Context, db *sqldb.DB) error {
	path := filepath.Join(d.Data, "journal.key")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	signed, err := journal.IsSigned(ctx, db)
	if err == nil && signed {
		err = fmt.Errorf("%s is missing, and the journal has been signed with it; put it back from the copy that you keep apart from the data", path)
	}
	return err
}

// verifier reads the public key beside the private one.
func (d database) verifier() (note.Verifier, []byte, error) {
	b, err := os.ReadFile(d.publicKey())
	if err != nil {
		return nil, nil, fmt.Errorf("reading the journal's public key: %w", err)
	}
	v, err := journal.LoadVerifier(string(b))
	return v, b, err
}

// keyName is the name in the journal's signatures; a deployment that runs several
// journals tells them apart by their keys.
const keyName = "gongjian"

// signer loads the journal's private key, or makes one on the first start. The
// public key is written beside it, to be handed to whoever wants to check.
func (d database) signer() (note.Signer, error) {
	path := filepath.Join(d.Data, "journal.key")
	b, err := os.ReadFile(path)
	if err == nil {
		return journal.LoadSigner(string(b))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the journal's key: %w", err)
	}
	private, public, err := journal.GenerateKey(rand.Reader, keyName)
	if err != nil {
		return nil, err
	}
	kept, mine, err := keepKey(path, []byte(journal.SaveKey(private)))
	if err != nil {
		return nil, fmt.Errorf("keeping the journal's key: %w", err)
	}
	if mine {
		if err := os.WriteFile(d.publicKey(), []byte(journal.SaveKey(public)), 0o644); err != nil {
			return nil, fmt.Errorf("keeping the journal's public key: %w", err)
		}
	}
	return journal.LoadSigner(string(kept))
}

// keepKey writes a new key to its file and returns it; or the one that another
// server put there in the meantime, whole and never written over.
func keepKey(path string, key []byte) (kept []byte, mine bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, fmt.Errorf("making the data folder: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // for its owner alone
	if err != nil {
		return nil, false, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, false, err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		kept, err = os.ReadFile(path)
		return kept, false, err
	} else if err != nil {
		return nil, false, err
	}
	return key, true, nil
}

func (d database) publicKey() string { return filepath.Join(d.Data, "journal.pub") }

// box opens the box of the signing keys that the server keeps, or makes its key on
// the first start. Whoever has this file and the database can sign in the name of
// those whose keys lie in it: it belongs into no backup that others read.
func (d database) box() (*seal.Box, error) {
	path := filepath.Join(d.Data, "seal.key")
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, seal.BoxKey)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("making the key of the signing keys: %w", err)
		}
		key, _, err = keepKey(path, key)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of the signing keys: %w", err)
	}
	return seal.NewBox(key, rand.Reader)
}
