package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"

	"gongjian/internal/fault"
	"gongjian/internal/store"
)

// keyForm is what an Idempotency-Key looks like: long enough to be nobody else's,
// short enough to be kept.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]{8,64}$`)

// keptHeaders are the headers that belong to an answer.
var keptHeaders = []string{"Content-Type", "ETag", "Location", "Content-Language"}

// Replayed marks an answer that was given before.
const Replayed = "Idempotency-Replayed"

// once answers a POST: the first time by the operation, again by what was answered
// then. The key of the act is made from token and key, so that the act is done once
// even where its answer was lost with its server.
func (s *Server) once(q *asking, w *recorder, r *http.Request, answer http.HandlerFunc) {
	name := r.Header.Get("Idempotency-Key")
	if !keyForm.MatchString(name) {
		p := s.problem(q.p, fault.New(fault.Invalid, "request.key-missing"))
		p.Status = http.StatusBadRequest
		p.Errors = []FieldError{{Field: "header.Idempotency-Key", Code: p.Code, Detail: p.Detail}}
		s.refuse(w, p)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.refuse(w, s.problem(q.p, unreadable(err)))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	before, err := s.store.BeginAnswer(r.Context(), q.token.ID, name, requestDigest(r, body))
	if err != nil {
		s.refuse(w, s.problem(q.p, err))
		return
	}
	if before.Status != 0 {
		for k, v := range before.Header {
			w.Header().Set(k, v)
		}
		w.Header().Set(Replayed, "true")
		w.WriteHeader(before.Status)
		if _, err := io.WriteString(w, before.Body); err != nil {
			s.logger.Debug("sending an answer again", "error", err)
		}
		return
	}
	q.key = "api:" + string(q.token.ID) + ":" + name
	w.keep = true
	var kept store.Answer
	defer func() { // also when the operation failed: a claim must not wait for its lease
		if err := s.store.EndAnswer(contextAfter(r), q.token.ID, name, kept); err != nil {
			s.logger.Error("keeping an answer", "error", err)
		}
	}()
	answer(w, r)
	if w.status < 500 && !q.noStore {
		kept = store.Answer{Status: w.status, Body: w.body.String(), Header: map[string]string{}}
		for _, k := range keptHeaders {
			if v := w.Header().Get(k); v != "" {
				kept.Header[k] = v
			}
		}
	}
}

// requestDigest tells one request from another: its address, what its body is and
// says, and the version that it was made on.
func requestDigest(r *http.Request, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%d\n", r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("If-Match"), len(body))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// unreadable is the fault of a body that did not come whole; one that is too large
// keeps its cause.
func unreadable(err error) error {
	if _, large := err.(*http.MaxBytesError); large {
		return err
	}
	return fault.New(fault.Invalid, "form.unreadable").Because(err)
}
