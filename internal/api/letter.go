package api

import (
	"context"
	"net/http"

	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// Letter is a responsibility letter (目标责任书) in a list.
type Letter struct {
	ID      string `json:"id"`
	Batch   string `json:"batch"`
	Plan    string `json:"plan"`
	Year    int    `json:"year"`
	Giver   string `json:"giver"`
	Taker   string `json:"taker"`
	Region  string `json:"region"`
	Number  int    `json:"number" doc:"0: the letter itself; n: the nth supplement."`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty" doc:"Of a refusal or of being void."`
	Digest  string `json:"digest" doc:"SHA-256 of the text that is signed."`
	Made    string `json:"made,omitempty" format:"date"`
	Given   string `json:"given,omitempty" format:"date"`
	GiverOn string `json:"giver_on,omitempty" format:"date" doc:"The day on which the giver signed."`
	TakerOn string `json:"taker_on,omitempty" format:"date" doc:"The day on which the taker signed."`
}

// LetterWhole is a letter with the tasks that it stands for.
type LetterWhole struct {
	Letter
	Issue      string       `json:"issue,omitempty" doc:"Its number, once it is handed out."`
	Tasks      []LetterTask `json:"tasks" nullable:"false"`
	Signatures []Signature  `json:"signatures" nullable:"false" doc:"Void ones too, the oldest first."`
	Version    int64        `json:"version"`
}

// LetterTask is what a letter says of one task.
type LetterTask struct {
	ID       string `json:"id"`
	No       string `json:"no,omitempty"`
	Title    string `json:"title"`
	Target   string `json:"target,omitempty" doc:"In the plan's words."`
	Deadline string `json:"deadline,omitempty" doc:"In the plan's words."`
	Due      string `json:"due,omitempty" format:"date"`
	Role     string `json:"role"`
	Weight   string `json:"weight" doc:"A decimal."`
}

type lettersAsked struct {
	Page
	Plan   string `query:"plan" maxLength:"128"`
	Batch  string `query:"batch" maxLength:"128"`
	Taker  string `query:"taker" maxLength:"128"`
	Within string `query:"within" maxLength:"6" doc:"Only takers of this territory."`
	Words  string `query:"words" maxLength:"100" doc:"In the taker's name."`
	Wait   string `query:"wait" enum:"drafted,giver,taker,signed,refused"`
	All    bool   `query:"all" doc:"Also those that do not hold any longer."`
}

func (s *Server) letterOperations() {
	handle(s, describe(http.MethodGet, "/letters", "list-letters", "letters", "The responsibility letters in sight, by region and taker", org.TokenReads), listLetters)
	handle(s, describe(http.MethodGet, "/letters/{letter}", "get-letter", "letters", "One letter with its tasks", org.TokenReads),
		func(ctx context.Context, q *asking, in *LetterAsked) (*One[LetterWhole], error) {
			l, err := q.view.Letter(ctx, letter.ID(in.Letter))
			if err != nil {
				return nil, err
			}
			return one(l.Version, showLetter(l)), nil
		})
	s.letterActs()
}

func listLetters(ctx context.Context, q *asking, in *lettersAsked) (*List[Letter], error) {
	var after store.LetterKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	f := store.LetterFilter{
		Plan: memo.PlanID(in.Plan), Batch: letter.BatchID(in.Batch), Taker: org.UnitID(in.Taker), Within: org.RegionCode(in.Within), Words: in.Words, Wait: in.Wait, All: in.All,
	}
	rows, err := q.view.Letters(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return page(q, in.Page, rows, store.LetterEntry.Key, func(e store.LetterEntry) Letter {
		return Letter{
			ID: string(e.ID), Batch: string(e.Batch), Plan: string(e.Plan), Year: e.Year, Giver: string(e.Giver), Taker: string(e.Taker), Region: string(e.Region),
			Number: e.Number, State: string(e.State), Reason: e.Reason, Digest: e.Digest, Made: e.Made.String(), Given: e.Given.String(),
			GiverOn: e.GiverOn.String(), TakerOn: e.TakerOn.String(),
		}
	}), nil
}

func showLetter(l store.LetterView) LetterWhole {
	out := LetterWhole{
		Letter: Letter{
			ID: string(l.ID), Batch: string(l.Batch), Plan: string(l.Plan), Year: l.Body.Year, Giver: string(l.Body.Giver.Unit), Taker: string(l.Body.Taker.Unit),
			Region: string(l.Region), Number: l.Body.Number, State: string(l.State), Reason: l.Reason, Digest: l.Digest, Made: l.Body.Made.String(),
			Given: l.Given.String(), GiverOn: l.GiverOn.String(), TakerOn: l.TakerOn.String(),
		},
		Issue: l.Issue, Tasks: []LetterTask{}, Signatures: showSignatures(l.Signatures), Version: l.Version,
	}
	for _, t := range l.Standing {
		out.Tasks = append(out.Tasks, LetterTask{
			ID: string(t.ID), No: t.No, Title: t.Title, Target: t.Target, Deadline: t.Deadline, Due: t.Due.String(), Role: string(t.Role), Weight: t.Weight.String(),
		})
	}
	return out
}
