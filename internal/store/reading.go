package store

import (
	"slices"
	"sync"

	"gongjian/internal/assess"
)

// readings remembers what was last read out of long texts that many look at and that
// never change: rankings and scorecards. It goes by the text itself, so nothing in it
// can be out of date, and a text that was tampered with is another text. What comes out
// is shared and not to be changed.
type readings struct {
	rankings *lately[assess.Ranking] // up to some 36 kB of text each
	cards    *lately[assess.Payload] // up to some 140 kB of text each
}

func newReadings() readings {
	return readings{&lately[assess.Ranking]{most: 64}, &lately[assess.Payload]{most: 16}}
}

// lately holds what the last texts said, the latest asked for first. They are few: going
// through them compares lengths.
type lately[T any] struct {
	most int
	mu   sync.Mutex
	held []said[T]
}

type said[T any] struct {
	text string
	says T
}

// read returns what a text says.
func (l *lately[T]) read(s string) (out T, err error) {
	if was, ok := l.find(s); ok {
		return was, nil
	}
	if err := from(s, &out); err != nil {
		return out, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// Of two who read the same at once both put it here; the older falls out in time.
	l.held = slices.Insert(l.held[:min(len(l.held), l.most-1)], 0, said[T]{s, out})
	return out, nil
}

// find returns what a text said that was read lately, and puts it first.
func (l *lately[T]) find(s string) (out T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.held, func(x said[T]) bool { return x.text == s })
	if i < 0 {
		return out, false
	}
	x := l.held[i]
	copy(l.held[1:], l.held[:i])
	l.held[0] = x
	return x.says, true
}

// remembered is kept for a column whose texts are remembered.
type remembered[T any] struct {
	to *T
	in *lately[T]
}

func (r remembered[T]) Scan(v any) error {
	var s string
	if err := (optional[string]{&s}).Scan(v); err != nil {
		return err
	}
	said, err := r.in.read(s)
	if err == nil {
		*r.to = said
	}
	return err
}
