package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/fault"
	"gongjian/internal/store"
	"gongjian/internal/web/text"
)

// Problem is a refusal (RFC 9457).
type Problem struct {
	Type   string       `json:"type" example:"about:blank" doc:"Always about:blank: the code tells problems apart."`
	Title  string       `json:"title" doc:"What sort of refusal it is, in the language asked for."`
	Status int          `json:"status" doc:"The status of the answer."`
	Detail string       `json:"detail" doc:"What happened and what to do, in the language asked for."`
	Code   string       `json:"code" example:"report.less-than-before" doc:"The key of the refusal: stable, the same in every language."`
	Errors []FieldError `json:"errors,omitempty" doc:"What is wrong with which field, when fields are."`
}

// FieldError is what is wrong with one field of a request.
type FieldError struct {
	Field  string `json:"field" example:"body.value" doc:"Where: body.…, query.…, path.… or header.…"`
	Code   string `json:"code" doc:"The key of the refusal."`
	Detail string `json:"detail" doc:"What is wrong, in the language asked for."`
}

// Error is for logs.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the status of the answer.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the form.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem turns an error into a problem, in the language of who asks. What is none
// of their business goes to the log.
func (s *Server) problem(p *text.Printer, err error) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	if away, is := store.Explain(err); is {
		s.logger.Error("the database is away or full", "error", err)
		err = away
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fault.New(fault.TooLarge, "form.too-large", "Limit", p.Size(tooLarge.Limit)).Because(err)
	}
	var all fault.List
	var f *fault.Fault
	if !errors.As(err, &f) {
		s.logger.Error("request failed", "error", err)
		f = fault.New(fault.Internal, "internal")
	}
	if !errors.As(err, &all) && f.Field != "" {
		all = fault.List{f}
	}
	out := &Problem{Type: "about:blank", Title: p.T(f.Kind.TitleKey()), Status: f.Kind.Status(), Detail: p.Fault(f), Code: f.Key}
	if f.Kind == fault.Internal { // an Internal fault's own key is for the log
		out.Code = "internal"
	}
	for _, f := range all {
		field := "body"
		if f.Field != "" {
			field += "." + f.Field
		}
		out.Errors = append(out.Errors, FieldError{Field: field, Code: f.Key, Detail: p.Fault(f)})
	}
	return out
}

// unfit is how the library says that a request does not fit the document.
func unfit(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	q := asked(ctx.Context())
	if q == nil {
		return &Problem{Type: "about:blank", Status: status, Detail: message, Code: "request.unfit"}
	}
	code := "request.unfit"
	switch status {
	case http.StatusRequestEntityTooLarge:
		code = "request.too-large"
	case http.StatusUnsupportedMediaType:
		code = "request.media-type"
	case http.StatusRequestTimeout:
		code = "request.timeout"
	case http.StatusInternalServerError:
		q.server.logger.Error("request failed", "error", errors.Join(errs...), "message", message)
		code = "internal"
	}
	out := &Problem{Type: "about:blank", Title: q.p.T(fault.Invalid.TitleKey()), Status: status, Detail: q.p.Fault(fault.New(fault.Invalid, code)), Code: code}
	if status == http.StatusInternalServerError {
		out.Title = q.p.T(fault.Internal.TitleKey())
		return out
	}
	for _, err := range errs {
		f := FieldError{Code: "request.unfit-field", Field: "body"}
		var detail huma.ErrorDetailer
		said := ""
		if errors.As(err, &detail) {
			d := detail.ErrorDetail()
			said = d.Message
			if d.Location != "" {
				f.Field = d.Location
			}
		} else if err != nil {
			said = err.Error()
		}
		// The library speaks English only; its sentence names the part of the document.
		f.Detail = q.p.T("api.unfit-field", "said", said)
		out.Errors = append(out.Errors, f)
	}
	return out
}

// refuse writes a problem.
func (s *Server) refuse(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="gongjian"`)
	}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "10")
	}
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		s.logger.Debug("sending a problem", "error", err)
	}
}

// nowhere answers addresses and methods that no operation has. The mux tells which
// methods an address has.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	p := s.printer(r)
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		s.refuse(w, s.problem(p, fault.New(fault.NotFound, "request.no-such-address")))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	out := s.problem(p, fault.New(fault.Denied, "request.method"))
	out.Status = http.StatusMethodNotAllowed
	s.refuse(w, out)
}
