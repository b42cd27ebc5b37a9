package store

import (
	"sync"
	"time"

	"gongjian/internal/calendar"
)

// A large office's counts take long, and tell where to look rather than what to do
// next: from so many things on that they go through, they are kept for a while, by each
// server for itself, and say of when they are.
const many = 1000

// counts are the counts that are kept.
type counts struct {
	asked   *held[askedFor, []AskedOfUnit]       // where to ask for less
	overdue *held[overdueFor, []UnitOverdue]     // whom to press
	periods *held[periodsOf, []periodCount]      // how a year was reported
	public  *held[publicOf, PublicCount]         // what a country promised
	months  *held[monthOf, MonthView]            // how a month goes
	people  *held[calendar.Date, DirectoryCount] // units, posts and persons
}

func newCounts() counts {
	return counts{
		newHeld[askedFor, []AskedOfUnit](10 * time.Minute), newHeld[overdueFor, []UnitOverdue](time.Minute),
		newHeld[periodsOf, []periodCount](time.Minute), newHeld[publicOf, PublicCount](time.Minute),
		newHeld[monthOf, MonthView](time.Minute), newHeld[calendar.Date, DirectoryCount](time.Minute),
	}
}

// held keeps what was counted for a while.
type held[K comparable, V any] struct {
	hold time.Duration
	mu   sync.Mutex
	of   map[K]counted[V]
}

type counted[V any] struct {
	what V
	at   time.Time
}

func newHeld[K comparable, V any](hold time.Duration) *held[K, V] {
	return &held[K, V]{hold: hold, of: map[K]counted[V]{}}
}

// fresh reports whether a count may still be shown. One of a later moment may not: the
// clock went back.
func (h *held[K, V]) fresh(c counted[V], now time.Time) bool {
	age := now.Sub(c.at)
	return age >= 0 && age < h.hold
}

// count returns what is kept of a key and when it was counted, or counts it; whole is how
// many things that went through. The zero time: it is of this moment.
func (h *held[K, V]) count(key K, now time.Time, f func() (what V, whole int, err error)) (V, time.Time, error) {
	if what, at, ok := h.get(key, now); ok {
		return what, at, nil
	}
	what, whole, err := f()
	if err != nil || whole < many {
		return what, time.Time{}, err
	}
	h.keep(key, what, now)
	return what, now, nil
}

// get returns what was counted lately, and when.
func (h *held[K, V]) get(key K, now time.Time) (what V, at time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.of[key]
	if !ok || !h.fresh(c, now) {
		return what, at, false
	}
	return c.what, c.at, true
}

// keep keeps what was counted; what nobody looked at for long is forgotten.
func (h *held[K, V]) keep(key K, what V, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k, c := range h.of {
		if !h.fresh(c, at) {
			delete(h.of, k)
		}
	}
	h.of[key] = counted[V]{what, at}
}
