package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// contextAfter is a context for what must be written even when the program that
// asked has hung up. It ends soon: EndAnswer is one row.
func contextAfter(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }

// What may be refused: of every operation, and besides of those that change.
var (
	refusals       = []int{400, 401, 403, 404, 405, 408, 413, 422, 429, 500, 503}
	changeRefusals = append([]int{409, 412, 415, 428}, refusals...)
)

// describe makes the operation. name is its id, in words joined by hyphens. A token
// needs one of the scopes; without any it is open to everybody.
func describe(method, path, name, tag, summary string, scopes ...org.TokenScope) huma.Operation {
	op := huma.Operation{
		Method: method, Path: path, OperationID: name, Tags: []string{tag}, Summary: summary, Errors: refusals,
		Metadata: map[string]any{"scopes": scopes},
	}
	if len(scopes) > 0 {
		op.Security = []map[string][]string{{"token": {}}}
		op.Description = "Needs the scope `" + strings.Join(texts(scopes), "` or `") + "`."
	}
	if method != http.MethodGet {
		op.Errors = changeRefusals
		op.MaxBodyBytes = maxJSON
	}
	if method == http.MethodPost {
		op.Description += " The same Idempotency-Key with the same request gets the same answer for a month."
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Required: true,
			Description: "Chosen by the program, another one for every request: 8 to 64 letters, digits and _ . : -",
			Schema:      &huma.Schema{Type: huma.TypeString, Pattern: keyForm.String(), PatternDescription: "8 to 64 letters, digits and _ . : -"},
		})
	}
	return op
}

// handle registers an operation.
func handle[I, O any](s *Server, op huma.Operation, f func(context.Context, *asking, *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		q := asked(ctx)
		out, err := f(ctx, q, in)
		if err != nil {
			return nil, q.refusal(err)
		}
		return out, nil
	})
}

// refusal is an error as a problem. Where the version was named that a change was
// made on, a change meanwhile is 412.
func (q *asking) refusal(err error) error {
	p := q.server.problem(q.p, err)
	if q.ifMatch != "" && p.Code == "changed-meanwhile" {
		p.Status = http.StatusPreconditionFailed
	}
	return p
}

// version returns the version that If-Match names, which must be the record's,
// unless this very act has made it another one: then its answer was lost, and the
// desk gives it again.
//
// Faults: request.if-match (428 or 412).
func (q *asking) version(ctx context.Context, now int64) (int64, error) {
	if q.ifMatch == "" {
		p := q.server.problem(q.p, fault.New(fault.Conflict, "request.if-match"))
		p.Status = http.StatusPreconditionRequired
		return 0, p
	}
	if q.ifMatch == tag(now) {
		return now, nil
	}
	done, err := q.server.store.Answered(ctx, q.caller, q.key)
	if err != nil {
		return 0, err
	}
	if !done {
		return 0, fault.New(fault.Conflict, "changed-meanwhile")
	}
	return now, nil
}

// tag is the ETag of a version.
func tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// One is a single record with its version.
type One[T any] struct {
	ETag string `header:"ETag" doc:"The record's version, for If-Match."`
	Body T
}

// one answers with a record.
func one[T any](version int64, body T) *One[T] { return &One[T]{ETag: tag(version), Body: body} }

// Plain is a single record without a version: it does not change.
type Plain[T any] struct{ Body T }

// Page is what a list is asked by.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	After string `query:"after" maxLength:"400" doc:"The cursor next of the page before."`
}

// List is one page of a list.
type List[T any] struct {
	Link string `header:"Link" doc:"rel=next: the address of the next page, if there is one."`
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"The cursor after this page; absent on the last one."`
	}
}

// cursor reads where a page begins; the empty cursor leaves key as it is.
func cursor[K any](after string, key *K) error {
	if after == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(b, key)
	}
	if err != nil {
		return fault.New(fault.Invalid, "request.cursor").Because(err)
	}
	return nil
}

// page cuts off the one record more than was asked for, and says where the next
// page begins: at the same address, with the same filters.
func page[K, R, T any](q *asking, p Page, rows []R, key func(R) K, show func(R) T) *List[T] {
	out := &List[T]{}
	out.Body.Items = []T{}
	if len(rows) > p.Limit {
		rows = rows[:p.Limit]
		b, err := json.Marshal(key(rows[len(rows)-1]))
		if err != nil {
			panic("api: a cursor that cannot be written: " + err.Error()) // a mistake in our types
		}
		out.Body.Next = base64.RawURLEncoding.EncodeToString(b)
		out.Link = nextLink(q.address, p.Limit, out.Body.Next)
	}
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, show(r))
	}
	return out
}

// nextLink is the Link header of a page that is followed by another.
func nextLink(address *url.URL, limit int, next string) string {
	v := address.Query()
	v.Set("limit", strconv.Itoa(limit))
	v.Set("after", next)
	return "<" + address.EscapedPath() + "?" + v.Encode() + `>; rel="next"`
}

// Receipt is what a program is given for an act.
type Receipt struct {
	Number string `json:"number" example:"20100607-7K3M-Q9TX" doc:"The receipt number: the day and the beginning of the entry's hash."`
	Entry  string `json:"entry" doc:"The journal entry."`
	At     string `json:"at" format:"date-time"`
	Again  bool   `json:"again" doc:"The act had been done before under the same key."`
	ID     string `json:"id,omitempty" doc:"The record that the act made."`
}

// instant is a moment as the interface writes it; "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// texts turns a list of ids and the like into plain texts.
func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// ids turns plain texts into ids and the like; none stay nil.
func ids[T ~string](all []string) []T {
	var out []T
	for _, v := range all {
		out = append(out, T(v))
	}
	return out
}
