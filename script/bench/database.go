package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cache keeps loaded databases from run to run. Acts of earlier runs stay in them.
const cache = "tmp/bench"

// sizes are how many tasks are measured: BENCH_TASKS, or a province and a nation.
func sizes() ([]int, error) {
	if one := os.Getenv("BENCH_TASKS"); one != "" {
		n, err := strconv.Atoi(one)
		return []int{n}, err
	}
	return []int{60_000, 1_000_000}, nil
}

// databases measures both engines at every size. program is the built binary.
func databases(ctx context.Context, out io.Writer, program string) (rows []row, err error) {
	all, err := sizes()
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "\nwhat\tengine\ttasks\tp50 ms\tp99 ms\ta second\tceiling\ttimes the ceiling\t")
	for _, tasks := range all {
		folder := filepath.Join(cache, strconv.Itoa(tasks))
		addresses := map[string]string{"sqlite": "sqlite:" + filepath.Join(folder, "sqlite", "g.db")}
		if server := os.Getenv("BENCH_POSTGRES"); server != "" {
			addresses["postgres"] = strings.Replace(server, "/postgres?", "/sample_"+strconv.Itoa(tasks)+"?", 1)
		}
		for _, engine := range []string{"sqlite", "postgres"} {
			if only := os.Getenv("BENCH_ENGINE"); only != "" && only != engine {
				continue
			}
			if addresses[engine] == "" {
				fmt.Fprintf(out, "not measured on %s: BENCH_POSTGRES names no server\t\n", engine)
				continue
			}
			some, err := measure(ctx, addresses[engine], filepath.Join(folder, engine, "data"), tasks, program)
			if err != nil {
				return rows, fmt.Errorf("%s with %d tasks: %w", engine, tasks, err)
			}
			for _, r := range some {
				fmt.Fprintf(out, "%s\t%s\t%d\t%.2f\t%.2f\t%.1f\t%.1f\t%.2f\t\n", r.Name, r.Engine, r.Tasks, r.P50, r.P99, r.Rate, r.Ceiling, r.Ratio)
			}
			rows = append(rows, some...)
		}
	}
	return rows, nil
}

func measure(ctx context.Context, address, folder string, tasks int, program string) ([]row, error) {
	s, err := open(ctx, address, folder, tasks)
	if err != nil {
		return nil, err
	}
	var rows []row
	parts := []func() ([]row, error){s.acts, s.looks, s.wholes}
	if os.Getenv("BENCH_ONLY") == "pages" { // acts and pages; what is done to everything takes most of the time
		parts = parts[:2]
	}
	for _, f := range parts {
		some, err := f()
		if err != nil {
			return nil, errors.Join(err, s.db.Close())
		}
		rows = append(rows, some...)
	}
	if err := s.db.Close(); err != nil {
		return nil, err
	}
	some, err := s.binary(program)
	return append(rows, some...), err
}
