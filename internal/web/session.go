package web

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"gongjian/internal/store"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
)

// oneSession lets the store know which session a request found and writes.
func oneSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(store.OneSession(r.Context())))
	})
}

// sessionCodec writes the same text for a session that holds the same, so that the
// store can tell that nothing has changed: the library's own codec writes values in
// any order.
type sessionCodec struct{}

// orderedSession is what is written.
type orderedSession struct {
	Deadline time.Time
	Names    []string
	Held     []any
}

// Encode writes a session.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s := orderedSession{Deadline: deadline, Names: slices.Sorted(maps.Keys(values))}
	for _, name := range s.Names {
		s.Held = append(s.Held, values[name])
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(s)
	return b.Bytes(), err
}

// Decode reads a session. One that the library's codec wrote, before this one was
// there, is read too.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var s orderedSession
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&s); err != nil {
		return time.Time{}, nil, err
	}
	if len(s.Names) != len(s.Held) {
		return time.Time{}, nil, fmt.Errorf("web: a session names %d values and holds %d", len(s.Names), len(s.Held))
	}
	values := make(map[string]any, len(s.Names))
	if len(s.Names) == 0 {
		until, others, err := scs.GobCodec{}.Decode(b)
		maps.Copy(values, others)
		return until, values, err
	}
	for i, name := range s.Names {
		values[name] = s.Held[i]
	}
	return s.Deadline, values, nil
}
