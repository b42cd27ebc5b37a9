package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Done is the answer to an act.
type Done struct {
	ETag     string `header:"ETag" doc:"The version that the changed record has now, for the next If-Match; absent where it has none or is out of sight now."`
	Location string `header:"Location" doc:"Where the record that was made is read; absent where none was."`
	Body     Receipt
}

// done answers with the receipt of an act.
func done(r store.Receipt, id string) *Done {
	return &Done{Body: Receipt{Number: r.Number, Entry: r.Entry, At: instant(r.At), Again: r.Again, ID: id}}
}

// post describes an act.
func post(path, name, tag, summary string, scopes ...org.TokenScope) huma.Operation {
	return describe(http.MethodPost, path, name, tag, summary, scopes...)
}

// do registers an act that changes no record which has a version.
func do[I any](s *Server, op huma.Operation, act func(context.Context, *asking, *I) (store.Receipt, error)) {
	handle(s, op, func(ctx context.Context, q *asking, in *I) (*Done, error) {
		r, err := act(ctx, q, in)
		if err != nil {
			return nil, err
		}
		return done(r, ""), nil
	})
}

// versioned is a request whose address names a record with a version. Inputs get
// the method from the type that they embed for the address.
type versioned[I any] interface {
	*I
	// version is the record's version now, as the caller sees it.
	version(context.Context, *asking) (int64, error)
}

// matching adds the condition of a change to an operation.
func matching(op huma.Operation) huma.Operation {
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "If-Match", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
		Description: "The ETag of the record as it was read. Without it the change is refused with 428.",
	})
	return op
}

// matched reads the record that a request names and returns the version that the
// change is made on (asking.version).
func matched[I any, P versioned[I]](ctx context.Context, q *asking, in P) (int64, error) {
	now, err := in.version(ctx, q)
	if err != nil {
		return 0, err
	}
	return q.version(ctx, now)
}

// change registers an act on a record that has a version: it is done on the one that
// If-Match names, and answers with the one that came of it.
func change[I any, P versioned[I]](s *Server, op huma.Operation, act func(context.Context, *asking, P, int64) (store.Receipt, error)) {
	handle(s, matching(op), func(ctx context.Context, q *asking, in *I) (*Done, error) {
		version, err := matched(ctx, q, P(in))
		if err != nil {
			return nil, err
		}
		r, err := act(ctx, q, in, version)
		if err != nil {
			return nil, err
		}
		out := done(r, "")
		if now, err := P(in).version(ctx, q); err == nil { // the act may have put it out of sight
			out.ETag = tag(now)
		}
		return out, nil
	})
}

// enter registers an act that makes a record, which is read at the address place
// followed by its id.
func enter[I any, ID ~string](s *Server, op huma.Operation, place string, act func(context.Context, *asking, *I) (store.Receipt, ID, error)) {
	op.DefaultStatus = http.StatusCreated
	handle(s, op, func(ctx context.Context, q *asking, in *I) (*Done, error) {
		r, id, err := act(ctx, q, in)
		if err != nil {
			return nil, err
		}
		out := done(r, string(id))
		if id != "" {
			out.Location = Prefix + place + url.PathEscape(string(id))
		}
		return out, nil
	})
}

// Reasoned is the body of an act that needs nothing but its reason.
type Reasoned struct {
	Reason string `json:"reason" maxLength:"2000"`
}

// fields reads the fields of a request and gathers what is wrong with them.
type fields struct{ wrong fault.List }

// day reads a day; "" is none.
func (f *fields) day(text, field string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil || !d.IsZero() && (d.Year < 1949 || d.Year > 2200) {
		f.wrong = append(f.wrong, fault.New(fault.Invalid, "request.day").On(field))
	}
	return d
}

// decimal reads a plain decimal: no grouping, no 万, as programs write it.
func (f *fields) decimal(text, field string) task.Quantity {
	q, err := task.ParseQuantity(text)
	if err != nil || strings.Trim(text, "-0123456789.") != "" {
		f.wrong = append(f.wrong, fault.New(fault.Invalid, "request.decimal").On(field))
	}
	return q
}

// refuse adds what is wrong with a field.
func (f *fields) refuse(key, field string) {
	f.wrong = append(f.wrong, fault.New(fault.Invalid, key).On(field))
}

// err is what is wrong with the fields, all at once.
func (f *fields) err() error { return f.wrong.Err() }

// day reads a single day of a request; "" is no day.
func day(text, field string) (calendar.Date, error) {
	var f fields
	return f.day(text, field), f.err()
}

// decimal reads a single decimal of a request.
func decimal(text, field string) (task.Quantity, error) {
	var f fields
	return f.decimal(text, field), f.err()
}
