package api

import (
	"context"
	"net/http"

	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// DeliveredTask is what was delivered under a commitment by one task, with what the
// parties said of it.
type DeliveredTask struct {
	Task       string   `json:"task"`
	Memorandum string   `json:"memorandum"`
	Commitment string   `json:"commitment"`
	Verified   string   `json:"verified" doc:"The verified figure that a word is said of, a decimal."`
	Said       []Saying `json:"said" nullable:"false" doc:"The oldest first."`
}

// Saying is what one party said of a delivery.
type Saying struct {
	Party    string `json:"party"`
	Say      string `json:"say" doc:"confirm, dispute, answer"`
	Verified string `json:"verified" doc:"The figure that it speaks of, a decimal."`
	Words    string `json:"words,omitempty"`
	On       string `json:"on" format:"date"`
}

func (s *Server) deliveryOperations() {
	handle(s, describe(http.MethodGet, "/tasks/{task}/delivery", "get-delivery", "tasks", "What a task delivered under its commitment, and what the parties said of it", org.TokenReads),
		func(ctx context.Context, q *asking, in *TaskAsked) (*Plain[DeliveredTask], error) {
			d, _, err := q.view.Delivered(ctx, task.ID(in.Task))
			if err != nil {
				return nil, err
			}
			out := DeliveredTask{Task: in.Task, Memorandum: string(d.Memorandum.ID), Commitment: string(d.Commitment.ID), Verified: d.Standing.Verified.String(), Said: []Saying{}}
			for _, c := range d.Said {
				out.Said = append(out.Said, Saying{Party: string(c.Party), Say: string(c.Kind), Verified: c.Verified.String(), Words: c.Words, On: c.On.String()})
			}
			return &Plain[DeliveredTask]{Body: out}, nil
		})
	do(s, post("/tasks/{task}/delivery", "confirm-delivery", "tasks", "Confirm for the other side what was delivered, dispute it, or answer a dispute (确认, 异议, 答复)", org.TokenVerifies),
		func(ctx context.Context, q *asking, in *struct {
			TaskAsked
			Body struct {
				Say      string `json:"say" enum:"confirm,dispute,answer"`
				Verified string `json:"verified" maxLength:"30" doc:"The verified figure as it was read: the word is said of it and of no other."`
				Words    string `json:"words,omitempty" maxLength:"2000" doc:"Needed to dispute or to answer."`
			}
		}) (store.Receipt, error) {
			shown, err := decimal(in.Body.Verified, "verified")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.Confirm(ctx, q.caller, q.key, task.ID(in.Task), task.ConfirmationKind(in.Body.Say), shown, in.Body.Words)
		})
}
