package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// longest is how long one measurement goes on at most.
const longest = 4 * time.Second

// times are the durations of one thing done again and again.
type times struct {
	each  []time.Duration
	whole time.Duration
}

// again does a thing up to n times, by so many at once, for a while at most. f is
// given the number of the turn.
func again(n, atOnce int, f func(i int) error) (times, error) {
	var t times
	var mu sync.Mutex
	var first error
	next := 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1, next <= n && first == nil
	}
	var all sync.WaitGroup
	start := time.Now()
	for range atOnce {
		all.Go(func() {
			for time.Since(start) < longest || len(t.each) < 3*atOnce {
				i, ok := take()
				if !ok {
					return
				}
				began := time.Now()
				err := f(i)
				took := time.Since(began)
				mu.Lock()
				t.each = append(t.each, took)
				if err != nil && first == nil {
					first = err
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	t.whole = time.Since(start)
	slices.Sort(t.each)
	if first == nil && len(t.each) == 0 {
		first = fmt.Errorf("there was nothing to do")
	}
	return t, first
}

// profiled does a thing, and leaves where its processor time went in a file of that
// name in the folder BENCH_PROFILES, for go tool pprof.
func profiled(name string, f func() error) (err error) {
	folder := os.Getenv("BENCH_PROFILES")
	if folder == "" {
		return f()
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(folder, regexp.MustCompile(`\W+`).ReplaceAllString(name, "-")+".pprof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}

// at is the time that so many of a hundred did not pass, in milliseconds.
func (t times) at(percent int) float64 {
	return ms(t.each[min(len(t.each)-1, len(t.each)*percent/100)])
}

func (t times) rate() float64 { return float64(len(t.each)) / t.whole.Seconds() }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// against is a row of what was measured beside its ceiling.
func (s *served) against(name string, t times, ceiling float64) row {
	r := row{Name: name, Engine: s.db.Engine(), Tasks: s.tasks, P50: t.at(50), P99: t.at(99), Rate: t.rate(), Ceiling: ceiling}
	if ceiling > 0 && r.Rate > 0 {
		r.Ratio = ceiling / r.Rate
	}
	fmt.Fprintf(os.Stderr, "bench: %s, %s, %d tasks: %.1f ms\n", r.Name, r.Engine, r.Tasks, r.P50) // a nation takes a while
	return r
}
