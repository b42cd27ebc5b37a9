package meter

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Request is the event of one answered request.
type Request struct {
	ID     string // made for this request; the answer carries it as X-Request-Id
	Method string
	Route  string // pattern that answered; "" when nothing named one
	Post   string // id of the post that asked; "" for somebody not signed in
	Status int
	Bytes  int64 // of the body as sent, compressed where it was
	Took   time.Duration
	Panic  bool // the handler panicked; the connection was cut
}

type contextKey struct{}

// Route says which pattern answers the request of ctx. Without Watch around the
// handler it does nothing; so do the next two.
func Route(ctx context.Context, pattern string) {
	if e, watched := ctx.Value(contextKey{}).(*Request); watched {
		e.Route = pattern
	}
}

// Post says which post asks.
func Post(ctx context.Context, id string) {
	if e, watched := ctx.Value(contextKey{}).(*Request); watched {
		e.Post = id
	}
}

// ID returns the request's id, for what is logged about it besides its event.
func ID(ctx context.Context) string {
	if e, watched := ctx.Value(contextKey{}).(*Request); watched {
		return e.ID
	}
	return ""
}

// Watch calls each with the event of every request, after it was answered. newID
// makes ids, now is a clock.
func Watch(next http.Handler, newID func() string, now func() time.Time, each func(context.Context, Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := now()
		event := &Request{ID: newID(), Method: method(r.Method)}
		counted := &counter{ResponseWriter: w}
		w.Header().Set("X-Request-Id", event.ID)
		ctx := context.WithValue(r.Context(), contextKey{}, event)
		event.Panic = true
		defer func() {
			event.Status, event.Bytes, event.Took = counted.status, counted.bytes, now().Sub(start)
			if event.Status == 0 && !event.Panic {
				event.Status = http.StatusOK // an empty answer
			}
			each(ctx, *event)
		}()
		next.ServeHTTP(counted, r.WithContext(ctx))
		event.Panic = false
	})
}

// method keeps a stranger's inventions out of logs and labels.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// counter notes the status and counts the bytes of an answer.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the first status that is an answer.
func (c *counter) WriteHeader(status int) {
	if c.status == 0 && status >= 200 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (c *counter) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// ReadFrom counts, and lets a file go out without a copy through here.
func (c *counter) ReadFrom(r io.Reader) (int64, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := io.Copy(c.ResponseWriter, r)
	c.bytes += n
	return n, err
}

// Flush sends what was written so far.
func (c *counter) Flush() {
	if f, can := c.ResponseWriter.(http.Flusher); can {
		f.Flush()
	}
}

// Unwrap is for http.ResponseController.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
