package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
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
	beside  sync.WaitGroup
}

// work folds the journal every second and does the day's jobs when a day begins, side
// by side: on the first of a month a nation's lights take a minute, and receipts do not
// wait for them.
func (w *worker) work(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { everySecond(ctx, w.fold) })
	both.Go(func() { everySecond(ctx, w.newDay) })
	both.Wait()
	w.beside.Wait()
}

// everySecond does something at once and then every second.
func everySecond(ctx context.Context, what func(context.Context)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		what(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *worker) fold(ctx context.Context) {
	start := time.Now()
	n, err := w.log.Fold(ctx)
	w.figures.Job("fold", time.Since(start), time.Now(), err)
	if err != nil && ctx.Err() == nil {
		w.logger.Error("job", "job", "fold", "error", err)
	} else if n > 0 {
		w.logger.Debug("job", "job", "fold", "entries", n, "took", time.Since(start))
	}
}

// newDay does the day's jobs when a day has begun.
func (w *worker) newDay(ctx context.Context) {
	if w.store.Today() == w.day || time.Since(w.asked) <= 30*time.Second {
		return
	}
	if err := w.daily(ctx); err != nil && ctx.Err() == nil {
		w.asked = time.Now() // not every second
	}
}

// startPatience is how long a start waits for the lights of its day.
const startPatience = 10 * time.Second

// firstLights counts the lights of the day before the first page is answered; where that
// takes long it goes on beside, and pages show the lights of the last morning until then,
// as they do when a day begins while the server runs.
func (w *worker) firstLights(ctx context.Context) error {
	counted := make(chan error, 1)
	w.beside.Go(func() {
		_, err := w.lights(ctx)
		counted <- err
	})
	select {
	case err := <-counted:
		return err
	case <-time.After(startPatience):
		w.logger.Info("the day's lights are still being counted; pages show those of the last morning")
		return nil
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

// lights counts the day's lights.
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
