package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/fault"
	"gongjian/internal/meter"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/web/text"
)

// The most that a request may bring: of one that only asks or is not signed in, of
// a change, and of a file.
const (
	maxJSON = 1 << 20
	maxFile = 20 << 20
)

// asking is one request with who asks, in which language, and what they see.
type asking struct {
	server  *Server
	p       *text.Printer
	token   org.Token
	caller  org.Caller
	view    *store.View
	key     string // of the act, from the Idempotency-Key; "" of a request that changes nothing
	ifMatch string // what If-Match says
	address *url.URL
	noStore bool // the answer is not to be kept: it holds a secret
}

type askingKey struct{}

// asked returns the asking of a request, nil outside of one.
func asked(ctx context.Context) *asking {
	q, _ := ctx.Value(askingKey{}).(*asking)
	return q
}

// printer speaks the language that a request prefers; Chinese unless it is English.
func (s *Server) printer(r *http.Request) *text.Printer {
	lang, best := text.Chinese, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		name, weight, weighed := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		q := 1.0
		if weighed {
			q, _ = strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q="), 64) // what cannot be read weighs nothing
		}
		for _, ours := range []string{text.Chinese, text.English} {
			if short := ours[:2]; q > best && (name == short || strings.HasPrefix(name, short+"-")) {
				lang, best = ours, q
			}
		}
	}
	return s.text.For(lang).On(s.store.Today())
}

// scopesOf are the scopes of which an operation needs one; none is open to everybody.
func scopesOf(op *huma.Operation) []org.TokenScope {
	scopes, _ := op.Metadata["scopes"].([]org.TokenScope)
	return scopes
}

// serve is the frame of every operation: who asks, may their token be used for
// this, was this very request answered before; then the operation.
func (s *Server) serve(op *huma.Operation, w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	meter.Route(r.Context(), op.Method+" "+Prefix+op.Path)
	q := &asking{server: s, p: s.printer(r), caller: org.Public(), ifMatch: r.Header.Get("If-Match"), address: r.URL}
	w.Header().Set("Content-Language", q.p.Lang())
	w.Header().Add("Vary", "Accept-Language, Authorization")
	out := &recorder{ResponseWriter: w}
	defer func() {
		if p := recover(); p != nil {
			s.logger.Error("request failed", "request", meter.ID(r.Context()), "panic", p, "stack", string(debug.Stack()))
			if out.status == 0 {
				s.refuse(out, s.problem(q.p, fault.New(fault.Internal, "internal")))
			}
		}
		meter.Post(r.Context(), string(q.caller.Post().ID))
	}()
	if err := q.enter(op, w, r); err != nil {
		s.refuse(out, s.problem(q.p, err))
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), askingKey{}, q))
	if r.Method != http.MethodPost {
		answer(out, r)
		return
	}
	s.once(q, out, r, answer)
}

// enter finds out who asks and refuses what no program of theirs should send.
func (q *asking) enter(op *huma.Operation, w http.ResponseWriter, r *http.Request) error {
	limit := int64(maxJSON)
	if op.MaxBodyBytes > limit {
		limit = op.MaxBodyBytes
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if !text.Clean(r.URL.Path) || !text.Clean(r.URL.RawQuery) || len(r.URL.RawQuery) > 8<<10 {
		return fault.New(fault.NotFound, "request.no-such-address")
	}
	for _, values := range r.URL.Query() {
		for _, v := range values {
			if !text.Clean(v) {
				return fault.New(fault.Invalid, "form.unreadable")
			}
		}
	}
	scopes := scopesOf(op)
	if len(scopes) == 0 {
		return nil
	}
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "bearer") || strings.TrimSpace(secret) == "" {
		return fault.New(fault.SignedOut, "token.missing")
	}
	if !q.server.guesses.allow(r.RemoteAddr) {
		slow := q.server.problem(q.p, fault.New(fault.Busy, "token.slow-down"))
		slow.Status = http.StatusTooManyRequests
		return slow
	}
	var err error
	if q.token, q.caller, err = q.server.store.TokenCaller(r.Context(), strings.TrimSpace(secret)); err != nil {
		if fault.KindOf(err) == fault.SignedOut {
			q.server.guesses.failed(r.RemoteAddr)
		}
		return err
	}
	if !slices.ContainsFunc(scopes, q.token.Allows) {
		return fault.New(fault.Denied, "token.scope-missing", "Scope", string(scopes[0]))
	}
	q.view = q.server.store.View(q.caller)
	return nil
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	keep   bool // the body too
	body   bytes.Buffer
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.keep {
		w.body.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets the library reach the connection's deadlines.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

var _ io.Writer = (*recorder)(nil)
