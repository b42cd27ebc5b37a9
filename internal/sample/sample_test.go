package sample_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sample"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

type chance struct{ r *rand.ChaCha8 }

func (c chance) Read(p []byte) (int, error) { return c.r.Read(p) }

func load(t *testing.T) (*sqldb.DB, *act.Desk) {
	t.Helper()
	ctx := context.Background()
	db := testkit.Open(t, "sqlite:"+t.TempDir()+"/sample.db", sqldb.Options{})
	if err := store.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		t.Fatal(err)
	}
	random := chance{rand.NewChaCha8([32]byte{1})}
	now := func() time.Time { return time.Date(2010, 6, 7, 9, 30, 0, 0, calendar.China) }
	s := store.New(db, store.Config{Policies: policies, Clock: now, Random: random, Workdays: calendar.Default(), Rules: task.DefaultRulebook()})
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk := act.New(s, files)
	start := time.Now()
	if err := sample.Load(ctx, desk, random); err != nil {
		t.Fatal(err)
	}
	t.Log("loaded in", time.Since(start))
	start = time.Now()
	if _, err := s.Relight(ctx); err != nil {
		t.Fatal(err)
	}
	t.Log("lights in", time.Since(start))
	return db, desk
}

func TestLoad(t *testing.T) { load(t) }
