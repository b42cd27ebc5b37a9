package api

import (
	"context"
	"net/http"
	"strconv"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/webhook"
)

// Events is a piece of the feed of what happened.
type Events struct {
	Link string `header:"Link" doc:"rel=next: the address of the next piece."`
	Body struct {
		Items []webhook.Event `json:"items" nullable:"false"`
		Next  int64           `json:"next" doc:"Ask after this index next time, today or in a year."`
		More  bool            `json:"more" doc:"There is more to be asked for now."`
	}
}

// Webhook is an address that is told of events.
type Webhook struct {
	ID     string   `json:"id"`
	URL    string   `json:"url"`
	Kinds  []string `json:"kinds" nullable:"false" doc:"The actions that it is told of; none: all."`
	Post   string   `json:"post" doc:"It is told of what this post may read."`
	After  int64    `json:"after" doc:"The index of the last event that was looked at for it."`
	Made   string   `json:"made" format:"date-time"`
	Ended  string   `json:"ended,omitempty" format:"date-time"`
	Why    string   `json:"why,omitempty" doc:"It ended: deleted, post-ended"`
	Secret string   `json:"secret,omitempty" doc:"What its events are signed with. Shown when it is registered and never again."`
}

// Delivery is one event for one webhook.
type Delivery struct {
	Index    int64  `json:"index" doc:"Of the event."`
	State    string `json:"state" doc:"waiting, sent, given-up"`
	Attempts int    `json:"attempts"`
	Next     string `json:"next,omitempty" format:"date-time" doc:"When it is tried next, while it waits."`
	Status   int    `json:"status,omitempty" doc:"Of the last answer; absent: none came."`
	Said     string `json:"said,omitempty" doc:"What went wrong the last time."`
}

func showWebhook(w org.Webhook) Webhook {
	return Webhook{
		ID: string(w.ID), URL: w.URL, Kinds: texts(w.Kinds), Post: string(w.Post), After: w.After, Made: instant(w.Made), Ended: instant(w.Ended), Why: w.Why,
	}
}

func showDelivery(d store.Delivery) Delivery {
	out := Delivery{Index: d.Sequence, State: string(d.State), Attempts: d.Attempts, Status: d.Status, Said: d.Said}
	if d.State == store.DeliveryWaiting {
		out.Next = instant(d.Due)
	}
	return out
}

// WebhookAsked names a webhook in an address.
type WebhookAsked struct {
	Webhook string `path:"webhook" maxLength:"128"`
}

func (s *Server) eventOperations() {
	handle(s, describe(http.MethodGet, "/events", "list-events", "events", "What happened since an index, as far as the token's post may read it, the oldest first", org.TokenReads), s.events)
	handle(s, describe(http.MethodGet, "/webhooks", "list-webhooks", "events", "The webhooks of the token's post", org.TokenListens),
		func(ctx context.Context, q *asking, _ *struct{}) (*Plain[[]Webhook], error) {
			all, err := q.view.Webhooks(ctx)
			out := &Plain[[]Webhook]{Body: []Webhook{}}
			for _, w := range all {
				out.Body = append(out.Body, showWebhook(w))
			}
			return out, err
		})
	handle(s, describe(http.MethodGet, "/webhooks/{webhook}", "get-webhook", "events", "One webhook of the token's post", org.TokenListens),
		func(ctx context.Context, q *asking, in *WebhookAsked) (*Plain[Webhook], error) {
			w, err := q.view.Webhook(ctx, org.WebhookID(in.Webhook))
			return &Plain[Webhook]{Body: showWebhook(w)}, err
		})
	handle(s, describe(http.MethodGet, "/webhooks/{webhook}/deliveries", "list-deliveries", "events", "What a webhook was told and is to be told, the newest first", org.TokenListens), listDeliveries)
	register := post("/webhooks", "register-webhook", "events", "Have an address told of events from now on", org.TokenListens)
	register.DefaultStatus = http.StatusCreated
	handle(s, register, s.register)
	do(s, describe(http.MethodDelete, "/webhooks/{webhook}", "delete-webhook", "events", "Stop telling an address", org.TokenListens),
		func(ctx context.Context, q *asking, in *WebhookAsked) (store.Receipt, error) {
			if w, err := q.view.Webhook(ctx, org.WebhookID(in.Webhook)); err != nil {
				return store.Receipt{}, err
			} else if !w.Ended.IsZero() {
				return store.Receipt{}, absent()
			}
			return s.desk.DropWebhook(ctx, q.caller, q.key, org.WebhookID(in.Webhook))
		})
}

// readAtOnce is how many entries one request looks at: a post that sees little is
// answered with an empty piece and a cursor that has moved on.
const readAtOnce = 1000

func (s *Server) events(ctx context.Context, q *asking, in *struct {
	After int64 `query:"after" default:"-1" minimum:"-1" doc:"The index after which to begin; -1 is the beginning."`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
}) (*Events, error) {
	out := &Events{}
	out.Body.Items, out.Body.Next = []webhook.Event{}, in.After
	for looked := 0; looked < readAtOnce; {
		records, err := s.log.Since(ctx, out.Body.Next, 200)
		if err != nil {
			return nil, err
		}
		looked += 200
		seen, err := q.view.Readable(ctx, records)
		if err != nil {
			return nil, err
		}
		for _, r := range seen {
			if len(out.Body.Items) == in.Limit {
				out.Body.More = true
				break
			}
			out.Body.Items = append(out.Body.Items, webhook.Show(r))
			out.Body.Next = r.Sequence
		}
		if out.Body.More || len(records) == 0 {
			break
		}
		out.Body.Next = records[len(records)-1].Sequence
		if out.Body.More = len(records) == 200; !out.Body.More {
			break
		}
	}
	if out.Body.More {
		v := q.address.Query()
		v.Set("after", strconv.FormatInt(out.Body.Next, 10))
		out.Link = "<" + q.address.EscapedPath() + "?" + v.Encode() + `>; rel="next"`
	}
	return out, nil
}

// register answers with the secret. The answer is not kept: the same request again
// finds the same webhook by the act's key, and its secret is worked out again.
func (s *Server) register(ctx context.Context, q *asking, in *struct {
	Body struct {
		URL   string   `json:"url" minLength:"1" maxLength:"500"`
		Kinds []string `json:"kinds,omitempty" maxItems:"40" doc:"Actions, like report.submit; none: all."`
	}
}) (*Plain[Webhook], error) {
	w := org.Webhook{URL: in.Body.URL}
	for _, k := range in.Body.Kinds {
		w.Kinds = append(w.Kinds, org.Action(k))
	}
	_, id, err := s.desk.RegisterWebhook(ctx, q.caller, q.key, w)
	if err != nil {
		return nil, err
	}
	if w, err = q.view.Webhook(ctx, id); err != nil {
		return nil, err
	}
	out := showWebhook(w)
	out.Secret, err = webhook.Secret(ctx, s.store, id)
	q.noStore = true
	return &Plain[Webhook]{Body: out}, err
}

func listDeliveries(ctx context.Context, q *asking, in *struct {
	Page
	WebhookAsked
}) (*List[Delivery], error) {
	before := int64(-1)
	if err := cursor(in.After, &before); err != nil {
		return nil, err
	}
	rows, err := q.view.Deliveries(ctx, org.WebhookID(in.Webhook), before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return page(q, in.Page, rows, func(d store.Delivery) int64 { return d.Sequence }, showDelivery), nil
}
