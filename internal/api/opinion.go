package api

import (
	"context"
	"net/http"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// Remark is what a party says to a clause of a version, for all parties (意见).
type Remark struct {
	ID       string `json:"id"`
	Version  string `json:"version"`
	Number   int    `json:"number" doc:"Of the version that it was made on."`
	Clause   string `json:"clause,omitempty" doc:"Absent: the text as a whole."`
	Party    string `json:"party"`
	Words    string `json:"words"`
	On       string `json:"on" format:"date"`
	Answer   string `json:"answer,omitempty"`
	AnswerBy string `json:"answer_by,omitempty"`
	Closed   string `json:"closed,omitempty" format:"date"`
}

// Opinion is what one unit of a party says to a version, for that party alone (会签, 法制审核).
type Opinion struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Party   string `json:"party" doc:"That asks."`
	Asked   string `json:"asked" doc:"The unit that is asked."`
	Kind    string `json:"kind" doc:"department, legal"`
	Due     string `json:"due,omitempty" format:"date"`
	Result  string `json:"result,omitempty" doc:"agree, amend, object; absent: still asked for."`
	Words   string `json:"words,omitempty"`
	On      string `json:"on,omitempty" format:"date"`
}

func showOpinion(o memo.Opinion) Opinion {
	return Opinion{
		ID: string(o.ID), Version: string(o.Version), Party: string(o.Party), Asked: string(o.Asked), Kind: string(o.Kind), Due: o.Due.String(),
		Result: string(o.Result), Words: o.Words, On: o.On.String(),
	}
}

// Worded is the body of an act that needs nothing but words.
type Worded struct {
	Words string `json:"words" maxLength:"20000"`
}

// RemarkAsked names a remark in an address.
type RemarkAsked struct {
	Remark string `path:"remark" maxLength:"128"`
}

func (s *Server) opinionOperations() {
	handle(s, describe(http.MethodGet, "/versions/{version}/remarks", "list-remarks", "negotiation", "What was remarked on a version, and what is open of earlier ones; at most 500", org.TokenReads),
		func(ctx context.Context, q *asking, in *VersionAsked) (*Plain[[]Remark], error) {
			v, m, err := in.read(ctx, q)
			if err != nil {
				return nil, err
			}
			all, err := q.view.Remarks(ctx, v, m)
			out := &Plain[[]Remark]{Body: []Remark{}}
			for _, r := range all {
				out.Body = append(out.Body, Remark{
					ID: string(r.ID), Version: string(r.Version), Number: r.Number, Clause: string(r.Clause), Party: string(r.Party), Words: r.Words, On: r.On.String(),
					Answer: r.Answer, AnswerBy: string(r.AnswerBy), Closed: r.Closed.String(),
				})
			}
			return out, err
		})
	do(s, post("/versions/{version}/remarks", "remark-version", "negotiation", "Put a remark on a clause before all parties (意见)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			VersionAsked
			Body struct {
				Clause string `json:"clause,omitempty" maxLength:"128" doc:"Absent: the text as a whole."`
				Worded
			}
		}) (store.Receipt, error) {
			return s.desk.Remark(ctx, q.caller, q.key, memo.Remark{Version: memo.VersionID(in.Version), Clause: memo.ClauseID(in.Body.Clause), Words: in.Body.Words})
		})
	do(s, post("/remarks/{remark}/answer", "answer-remark", "negotiation", "Answer another party's remark (答复)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			RemarkAsked
			Body Worded
		}) (store.Receipt, error) {
			return s.desk.AnswerRemark(ctx, q.caller, q.key, memo.RemarkID(in.Remark), in.Body.Words)
		})
	do(s, post("/remarks/{remark}/closing", "close-remark", "negotiation", "Settle a remark of the token's unit (了结)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *RemarkAsked) (store.Receipt, error) {
			return s.desk.CloseRemark(ctx, q.caller, q.key, memo.RemarkID(in.Remark))
		})
	handle(s, describe(http.MethodGet, "/versions/{version}/opinions", "list-version-opinions", "negotiation", "What the token's unit asked its own units about a version", org.TokenReads),
		func(ctx context.Context, q *asking, in *VersionAsked) (*Plain[[]Opinion], error) {
			v, _, err := in.read(ctx, q)
			if err != nil {
				return nil, err
			}
			all, err := q.view.Opinions(ctx, v.ID)
			out := &Plain[[]Opinion]{Body: []Opinion{}}
			for _, o := range all {
				out.Body = append(out.Body, showOpinion(o))
			}
			return out, err
		})
	handle(s, describe(http.MethodGet, "/opinions", "list-opinions", "negotiation", "The opinions that the token's unit was asked for, the newest first", org.TokenReads),
		func(ctx context.Context, q *asking, in *struct {
			Page
			Open bool `query:"open" doc:"Only those that it has not given."`
		}) (*List[Opinion], error) {
			var after store.OpinionKey
			if err := cursor(in.After, &after); err != nil {
				return nil, err
			}
			rows, err := q.view.AskedOpinions(ctx, in.Open, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			return page(q, in.Page, rows, store.OpinionView.Key, func(o store.OpinionView) Opinion { return showOpinion(o.Opinion) }), nil
		})
	do(s, post("/versions/{version}/opinions", "ask-opinion", "negotiation", "Ask a unit of the token's party about a version (会签, 法制审核)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			VersionAsked
			Body struct {
				Unit string `json:"unit" maxLength:"128"`
				Kind string `json:"kind" enum:"department,legal"`
				Due  string `json:"due" format:"date"`
			}
		}) (store.Receipt, error) {
			due, err := day(in.Body.Due, "due")
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.AskOpinion(ctx, q.caller, q.key, memo.Opinion{
				Version: memo.VersionID(in.Version), Asked: org.UnitID(in.Body.Unit), Kind: memo.OpinionKind(in.Body.Kind), Due: due,
			})
		})
	do(s, post("/opinions/{opinion}/answer", "give-opinion", "negotiation", "Say what the token's unit was asked for", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			Opinion string `path:"opinion" maxLength:"128"`
			Body    struct {
				Result string `json:"result" enum:"agree,amend,object"`
				Words  string `json:"words,omitempty" maxLength:"20000"`
			}
		}) (store.Receipt, error) {
			return s.desk.GiveOpinion(ctx, q.caller, q.key, memo.OpinionID(in.Opinion), memo.OpinionResult(in.Body.Result), in.Body.Words)
		})
}
