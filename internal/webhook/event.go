package webhook

import (
	"encoding/json"
	"time"

	"gongjian/internal/journal"
)

// Event is one act, or one refused attempt, as the journal keeps it: what the feed
// of events lists and what webhooks are told.
type Event struct {
	ID       string          `json:"id" doc:"The journal entry."`
	Index    int64           `json:"index" doc:"Its place in the journal; -1 until it is folded, a second or so."`
	Receipt  string          `json:"receipt"`
	At       string          `json:"at" format:"date-time"`
	Person   string          `json:"person,omitempty" doc:"Absent: the program itself."`
	Post     string          `json:"post,omitempty"`
	Unit     string          `json:"unit,omitempty"`
	Action   string          `json:"action" example:"report.submit"`
	Outcome  string          `json:"outcome" doc:"done, refused"`
	Policy   string          `json:"policy,omitempty" doc:"Which policy allowed or refused it."`
	Subjects []Subject       `json:"subjects" nullable:"false"`
	Detail   json.RawMessage `json:"detail" doc:"What was done, with exact values."`
	Token    string          `json:"token,omitempty" doc:"The token by which a program acted; absent: none did."`
}

// Subject names a record that an event is about.
type Subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Show is a record of the journal as an event.
func Show(r journal.Record) Event {
	e := r.Entry
	out := Event{
		ID: e.ID, Index: r.Sequence, Receipt: r.Receipt, At: e.At.UTC().Format(time.RFC3339Nano), Person: e.Person, Post: e.Post, Unit: e.Unit,
		Action: e.Action, Outcome: string(e.Outcome), Policy: e.Policy, Subjects: []Subject{}, Detail: e.Detail, Token: e.Token,
	}
	for _, s := range e.Subjects {
		out.Subjects = append(out.Subjects, Subject{Kind: s.Kind, ID: s.ID})
	}
	if out.Detail == nil {
		out.Detail = json.RawMessage("{}")
	}
	return out
}
