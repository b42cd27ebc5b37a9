package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"time"

	"gongjian/internal/blob"
	"gongjian/internal/sample"
	"gongjian/internal/sample/nation"
	"gongjian/internal/task"
)

// sampleData fills an empty database for measurements.
type sampleData struct {
	database
	Tasks int    `default:"60000" help:"How many tasks: up to 60,000 are those of one province, more of all, 10,000,000 at most."`
	Seed  uint64 `default:"1" help:"The same seed and number make the same rows."`
}

// Run loads and says how long it took.
func (s sampleData) Run(ctx context.Context) error {
	start := time.Now()
	debug.SetGCPercent(300) // most of what is made is gone with the next batch
	db, st, err := s.open(ctx, sample.Present)
	if err != nil {
		return err
	}
	defer db.Close()
	signer, err := s.signer()
	if err != nil {
		return err
	}
	files, err := blob.Open(filepath.Join(s.Data, "evidence"))
	if err != nil {
		return err
	}
	var kept []task.Evidence
	for _, content := range nation.Files() {
		k, err := files.Keep(bytes.NewReader(content), "sample.txt")
		if err != nil {
			return err
		}
		kept = append(kept, task.Evidence{ID: task.EvidenceID(k.ID), Type: k.Type, Size: k.Size})
	}
	posts, err := nation.Load(ctx, st, signer, nation.Plan{Tasks: s.Tasks, Seed: s.Seed, Files: kept})
	if err != nil {
		return err
	}
	if err := st.Tidy(ctx); err != nil { // or the engine goes by guesses on its first day
		return err
	}
	if err := sample.MarkLoaded(ctx, st, posts, time.Now()); err != nil {
		return err
	}
	fmt.Printf("%d tasks in %s\n", s.Tasks, time.Since(start).Round(100*time.Millisecond))
	return nil
}
