package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/blob"
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
	results *blob.Store   // files that errands made
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
	held, err := w.lights(ctx)
	tidying, tidied := w.once(ctx, "tidy", today.String(), w.tidy)
	switch err = cmp.Or(err, tidied); {
	case held || tidying:
		w.asked = time.Now()
	case err == nil:
		w.day = today
	}
	return err
}

// tidy clears what has ended, and then the files that belonged to it.
func (w *worker) tidy(ctx context.Context) error {
	return errors.Join(w.store.Tidy(ctx), act.TidyResults(ctx, w.store, w.results))
}

// lights counts the day's lights. It is the one job that pages wait for at a start.
func (w *worker) lights(ctx context.Context) (held bool, err error) {
	return w.once(ctx, "lights", w.store.Morning(), func(ctx context.Context) error { _, err := w.store.Relight(ctx); return err })
}

// once does one of the day's jobs unless it was done for what is due, and says whether
// another server holds it.
func (w *worker) once(ctx context.Context, name, due string, run func(context.Context) error) (held bool, err error) {
	today, start := w.store.Today(), time.Now()
	turn, err := w.store.Once(ctx, name, due, w.name, run)
	if turn == store.TurnRun || err != nil {
		w.figures.Job(name, time.Since(start), time.Now(), err)
	}
	switch {
	case err != nil:
		w.logger.Error("job", "job", name, "day", today, "error", err)
	case turn == store.TurnRun:
		w.logger.Info("job", "job", name, "day", today, "took", time.Since(start))
	}
	return err == nil && turn == store.TurnHeld, err
}
