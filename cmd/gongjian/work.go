package main

import (
	"context"
	"log/slog"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/meter"
	"gongjian/internal/store"
)

// worker does what the server does by itself. Several servers of one database
// each have one: folding takes turns by itself, a day's jobs are done by one.
type worker struct {
	logger  *slog.Logger
	figures *meter.Figures
	store   *store.Store
	log     *journal.Log
	name    string        // of this server among the others
	day     calendar.Date // whose jobs are done, here or elsewhere
	asked   time.Time     // when another server was found at them
}

// work folds the journal every second and does the day's jobs when a day begins.
func (w *worker) work(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		start := time.Now()
		n, err := w.log.Fold(ctx)
		w.figures.Job("fold", time.Since(start), time.Now(), err)
		if err != nil && ctx.Err() == nil {
			w.logger.Error("job", "job", "fold", "error", err)
		} else if n > 0 {
			w.logger.Debug("job", "job", "fold", "entries", n, "took", time.Since(start))
		}
		if w.store.Today() != w.day && time.Since(w.asked) > 30*time.Second {
			if err := w.daily(ctx); err != nil && ctx.Err() == nil {
				w.asked = time.Now() // not every second
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// daily counts lights anew and clears what has ended, unless that was done today;
// errors are logged and the first is returned.
func (w *worker) daily(ctx context.Context) error {
	today := w.store.Today()
	var first error
	held := false
	for _, job := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"lights", func(ctx context.Context) error { _, err := w.store.Relight(ctx); return err }},
		{"tidy", w.store.Tidy},
	} {
		start := time.Now()
		turn, err := w.store.Once(ctx, job.name, today.String(), w.name, job.run)
		if turn == store.TurnRun || err != nil {
			w.figures.Job(job.name, time.Since(start), time.Now(), err)
		}
		switch {
		case err != nil:
			w.logger.Error("job", "job", job.name, "day", today, "error", err)
			if first == nil {
				first = err
			}
		case turn == store.TurnRun:
			w.logger.Info("job", "job", job.name, "day", today, "took", time.Since(start))
		case turn == store.TurnHeld:
			held = true
		}
	}
	switch {
	case held:
		w.asked = time.Now()
	case first == nil:
		w.day = today
	}
	return first
}
