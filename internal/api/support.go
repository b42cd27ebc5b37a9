package api

import (
	"context"
	"net/http"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

// Support is one entry of the ledger of support (到位记录).
type Support struct {
	ID         string `json:"id"`
	Kind       string `json:"kind" doc:"land, money, posts, equipment, policy"`
	Value      string `json:"value" doc:"A decimal, in unit."`
	Unit       string `json:"unit"`
	Year       int    `json:"year" doc:"The budget year."`
	On         string `json:"on" format:"date" doc:"The day of delivery."`
	Region     string `json:"region"`
	Giver      string `json:"giver"`
	Taker      string `json:"taker"`
	Memorandum string `json:"memorandum,omitempty"`
	Commitment string `json:"commitment,omitempty" doc:"Absent: nobody had promised it."`
	Words      string `json:"words,omitempty"`
	Cancels    string `json:"cancels,omitempty" doc:"The entry that this one corrects."`
	State      string `json:"state" doc:"entered, verified, returned, cancelled"`
	Verdict    string `json:"verdict,omitempty"`
	Version    int64  `json:"version"`
}

func showSupport(d support.Delivery) Support {
	return Support{
		ID: string(d.ID), Kind: string(d.Kind), Value: d.Value.String(), Unit: d.Unit, Year: d.Year, On: d.On.String(), Region: string(d.Region),
		Giver: string(d.Giver), Taker: string(d.Taker), Memorandum: string(d.Memorandum), Commitment: string(d.Commitment), Words: d.Words,
		Cancels: string(d.Cancels), State: string(d.State), Verdict: d.Verdict, Version: d.Version,
	}
}

type supportsAsked struct {
	Page
	Place      string `query:"place" maxLength:"6" doc:"A territory with all that lies in it."`
	Year       int    `query:"year" minimum:"0" maximum:"2200"`
	Kind       string `query:"kind" maxLength:"40"`
	State      string `query:"state" maxLength:"40"`
	Commitment string `query:"commitment" maxLength:"128"`
}

// NewSupport is what the token's unit gave.
type NewSupport struct {
	Kind       string `json:"kind" maxLength:"40"`
	Value      string `json:"value" maxLength:"30" doc:"A decimal, in unit."`
	Unit       string `json:"unit,omitempty" maxLength:"20"`
	Year       int    `json:"year" minimum:"1949" maximum:"2200"`
	On         string `json:"on" format:"date"`
	Region     string `json:"region" maxLength:"6"`
	Taker      string `json:"taker" maxLength:"128"`
	Memorandum string `json:"memorandum,omitempty" maxLength:"128"`
	Commitment string `json:"commitment,omitempty" maxLength:"128"`
	Words      string `json:"words,omitempty" maxLength:"2000"`
	Evidence   []Kept `json:"evidence,omitempty" maxItems:"20"`
}

// SupportAsked names an entry of the ledger in an address.
type SupportAsked struct {
	Support string `path:"support" maxLength:"128"`
}

func (a *SupportAsked) version(ctx context.Context, q *asking) (int64, error) {
	v, err := q.view.Support(ctx, support.ID(a.Support))
	return v.Version, err
}

func (s *Server) supportOperations() {
	handle(s, describe(http.MethodGet, "/support", "list-support", "support", "The entries of the ledger of support in sight, the newest day first", org.TokenReads), listSupport)
	handle(s, describe(http.MethodGet, "/support/{support}", "get-support", "support", "One entry of the ledger", org.TokenReads),
		func(ctx context.Context, q *asking, in *SupportAsked) (*One[Support], error) {
			v, err := q.view.Support(ctx, support.ID(in.Support))
			if err != nil {
				return nil, err
			}
			return one(v.Version, showSupport(v.Delivery)), nil
		})
	enter(s, post("/support", "enter-support", "support", "Enter what the token's unit gave (登记)", org.TokenWrites), "/support/",
		func(ctx context.Context, q *asking, in *struct{ Body NewSupport }) (store.Receipt, support.ID, error) {
			given, files, err := s.delivery(q, in.Body)
			if err != nil {
				return store.Receipt{}, "", err
			}
			return s.desk.EnterSupport(ctx, q.caller, q.key, given, files)
		})
	enter(s, matching(post("/support/{support}/correction", "correct-support", "support", "Cancel an entry by a new one, with the reason; of nought, take it out (更正)", org.TokenWrites)), "/support/", s.correctSupport)
	change(s, post("/support/{support}/verdict", "judge-support", "support", "Verify an entry for the receiving side, or return it (核实, 退回)", org.TokenVerifies),
		func(ctx context.Context, q *asking, in *struct {
			SupportAsked
			Body struct {
				Verdict string `json:"verdict" enum:"verify,return"`
				Words   string `json:"words,omitempty" maxLength:"2000"`
			}
		}, version int64) (store.Receipt, error) {
			return s.desk.VerifySupport(ctx, q.caller, q.key, support.ID(in.Support), version, in.Body.Verdict == "verify", in.Body.Words)
		})
}

func listSupport(ctx context.Context, q *asking, in *supportsAsked) (*List[Support], error) {
	var after store.SupportKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	f := store.SupportFilter{
		Place: org.RegionCode(in.Place), Year: in.Year, Kind: memo.SupportKind(in.Kind), State: support.State(in.State), Commitment: memo.CommitmentID(in.Commitment),
	}
	rows, err := q.view.Supports(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(e store.SupportEntry) store.SupportKey { return store.SupportKey{On: e.On.String(), ID: e.ID} }
	return page(q, in.Page, rows, key, func(e store.SupportEntry) Support { return showSupport(e.Delivery) }), nil
}

func (s *Server) correctSupport(ctx context.Context, q *asking, in *struct {
	SupportAsked
	Body struct {
		NewSupport
		Reasoned
	}
}) (store.Receipt, support.ID, error) {
	version, err := matched(ctx, q, in)
	if err != nil {
		return store.Receipt{}, "", err
	}
	next, files, err := s.delivery(q, in.Body.NewSupport)
	if err != nil {
		return store.Receipt{}, "", err
	}
	return s.desk.CorrectSupport(ctx, q.caller, q.key, support.ID(in.Support), version, next, in.Body.Reason, files)
}

// delivery reads what the token's unit gave, with the files that prove it.
func (s *Server) delivery(q *asking, b NewSupport) (support.Delivery, []task.Evidence, error) {
	var f fields
	out := support.Delivery{
		Kind: memo.SupportKind(b.Kind), Value: f.decimal(b.Value, "value"), Unit: b.Unit, Year: b.Year, On: f.day(b.On, "on"), Region: org.RegionCode(b.Region),
		Giver: q.caller.Unit().ID, Taker: org.UnitID(b.Taker), Memorandum: memo.ID(b.Memorandum), Commitment: memo.CommitmentID(b.Commitment), Words: b.Words,
	}
	if err := f.err(); err != nil {
		return out, nil, err
	}
	files, err := s.kept(q, b.Evidence)
	return out, files, err
}
