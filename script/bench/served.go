package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sample"
	"gongjian/internal/sample/nation"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web"
	"gongjian/internal/web/page"
	"gongjian/internal/web/text"

	"golang.org/x/mod/sumdb/note"
)

// served is loaded data with everything that a server has over it, in this process.
type served struct {
	ctx     context.Context
	db      *sqldb.DB
	tasks   int
	folder  string // of keys and files
	address string
	clock   time.Time // stands still
	config  store.Config
	store   *store.Store
	desk    *act.Desk
	log     *journal.Log
	key     note.Verifier
	pages   http.Handler
	posts   []org.PostID
}

// open opens the data of so many tasks, which it loads when it is not there yet.
func open(ctx context.Context, address, folder string, tasks int) (*served, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, address, sqldb.Options{Readers: 16, Writers: 16})
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, db); err != nil {
		return nil, err
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		return nil, err
	}
	s := &served{ctx: ctx, db: db, tasks: tasks, folder: folder, address: address, clock: sample.Present()}
	s.config = store.Config{
		Policies: policies, Clock: func() time.Time { return s.clock }, Random: rand.Reader, Workdays: calendar.Default(), Rules: task.DefaultRulebook(),
	}
	s.store = store.New(db, s.config)
	files, err := blob.Open(filepath.Join(folder, "evidence"))
	if err != nil {
		return nil, err
	}
	signer, err := s.keys()
	if err != nil {
		return nil, err
	}
	s.desk, s.log = act.New(s.store, files), journal.New(db, signer, func() time.Time { return s.clock })
	if err := s.fill(files, signer); err != nil {
		return nil, err
	}
	return s, s.serve()
}

// keys reads the journal's keys, or makes them.
func (s *served) keys() (note.Signer, error) {
	private, public := filepath.Join(s.folder, "journal.key"), filepath.Join(s.folder, "journal.pub")
	b, err := os.ReadFile(private)
	if errors.Is(err, fs.ErrNotExist) {
		one, other, err := journal.GenerateKey(rand.Reader, "gongjian")
		if err != nil {
			return nil, err
		}
		if err := errors.Join(os.WriteFile(private, []byte(journal.SaveKey(one)), 0o600), os.WriteFile(public, []byte(journal.SaveKey(other)), 0o600)); err != nil {
			return nil, err
		}
		b = []byte(one)
	} else if err != nil {
		return nil, err
	}
	p, err := os.ReadFile(public)
	if err != nil {
		return nil, err
	}
	if s.key, err = journal.LoadVerifier(string(p)); err != nil {
		return nil, err
	}
	return journal.LoadSigner(string(b))
}

// fill loads the data once; the setting written at the end says that it is whole.
func (s *served) fill(files *blob.Store, signer note.Signer) error {
	loaded, err := s.store.Setting(s.ctx, sample.Setting)
	if err != nil || loaded != "" {
		return err
	}
	start := time.Now()
	var kept []task.Evidence
	for _, content := range nation.Files() {
		k, err := files.Keep(bytes.NewReader(content), "sample.txt")
		if err != nil {
			return err
		}
		kept = append(kept, task.Evidence{ID: task.EvidenceID(k.ID), Type: k.Type, Size: k.Size})
	}
	posts, err := nation.Load(s.ctx, s.store, signer, nation.Plan{Tasks: s.tasks, Seed: 1, Files: kept})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "bench: loaded %d tasks on %s in %s\n", s.tasks, s.db.Engine(), time.Since(start).Round(time.Second))
	if err := s.store.Tidy(s.ctx); err != nil { // as the program does
		return err
	}
	return sample.MarkLoaded(s.ctx, s.store, posts, time.Now())
}

// serve makes the handler that answers pages.
func (s *served) serve() error {
	bundle, err := text.Load()
	if err != nil {
		return err
	}
	posts, err := s.store.SamplePosts(s.ctx)
	for _, p := range posts {
		s.posts = append(s.posts, p.Post)
	}
	web.RegisterSessionTypes()
	s.pages = web.New(web.Config{
		Desk: s.desk, Journal: s.log, Text: bundle, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Sample: true, Outline: page.SichuanOutline(),
	}).Handler()
	return err
}

// caller is the holder of one of the sample's posts.
func (s *served) caller(post int) (org.Caller, error) {
	person, held, err := s.store.SampleHolder(s.ctx, s.posts[post])
	if err != nil {
		return org.Caller{}, err
	}
	return s.store.Caller(s.ctx, person, held, s.store.Today())
}

// texts asks the database for rows of text columns.
func (s *served) texts(columns int, query string, args ...any) ([][]string, error) {
	rows, err := s.db.Read().QueryContext(s.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", strings.Join(strings.Fields(query), " "), err)
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		row, to := make([]string, columns), make([]any, columns)
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
