package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// Memorandum is a cooperation memorandum (合作备忘录) without its text.
type Memorandum struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Kind    string   `json:"kind" doc:"As the document calls itself: 合作备忘录, 战略合作协议 …"`
	Region  string   `json:"region"`
	Parties []string `json:"parties" nullable:"false" doc:"Units, in the order of the document."`
	Office  string   `json:"office" doc:"The unit whose office runs it."`
	Stage   string   `json:"stage"`
	Signed  string   `json:"signed,omitempty" format:"date"`
	Until   string   `json:"until,omitempty" format:"date" doc:"The last day of the term; absent: open-ended."`
	Ended   string   `json:"ended,omitempty" format:"date"`
	Under   string   `json:"under,omitempty" doc:"The framework that it hangs under."`
	Renews  string   `json:"renews,omitempty" doc:"The memorandum that it follows."`
	Version int64    `json:"version"`
}

// MemorandumText is a memorandum with its clauses.
type MemorandumText struct {
	Memorandum
	Clauses []Clause `json:"clauses" nullable:"false"`
}

// Clause is a numbered piece of the text with what is owed under it.
type Clause struct {
	ID          string       `json:"id"`
	No          string       `json:"no" doc:"As printed."`
	Level       int          `json:"level"`
	Text        string       `json:"text"`
	Commitments []Commitment `json:"commitments,omitempty"`
}

// Commitment is what one party owes under a clause (承诺事项).
type Commitment struct {
	ID       string   `json:"id"`
	Obligor  string   `json:"obligor"`
	Joint    []string `json:"joint,omitempty" doc:"Further obligors."`
	Confirms string   `json:"confirms,omitempty" doc:"The party that confirms it; absent: each other's, for a joint one."`
	Text     string   `json:"text"`
	Deadline string   `json:"deadline,omitempty" doc:"As printed."`
	Target   string   `json:"target,omitempty" doc:"As printed."`
}

// Version is a text that one party proposed (文稿); it is never changed.
type Version struct {
	ID       string   `json:"id"`
	Number   int      `json:"number"`
	Base     int      `json:"base,omitempty" doc:"The number of the version that it was made from."`
	Purpose  string   `json:"purpose"`
	Proposer string   `json:"proposer"`
	Words    string   `json:"words,omitempty" doc:"What the proposer says to it."`
	State    string   `json:"state"`
	Digest   string   `json:"digest" doc:"SHA-256 of the canonical text: what is signed."`
	On       string   `json:"on,omitempty" format:"date"`
	Clauses  []Clause `json:"clauses" nullable:"false"`
}

func showMemorandum(m memo.Memorandum) Memorandum {
	return Memorandum{
		ID: string(m.ID), Title: m.Title, Kind: m.Kind, Region: string(m.Region), Parties: texts(m.Parties), Office: string(m.Office), Stage: string(m.Stage),
		Signed: m.Signed.String(), Until: m.Until.String(), Ended: m.Ended.String(), Under: string(m.Under), Renews: string(m.Renews), Version: m.Version,
	}
}

func showClauses(all []memo.Clause) []Clause {
	out := []Clause{}
	for _, c := range all {
		x := Clause{ID: string(c.ID), No: c.No, Level: c.Level, Text: c.Text}
		for _, k := range c.Commitments {
			x.Commitments = append(x.Commitments, Commitment{
				ID: string(k.ID), Obligor: string(k.Obligor), Joint: texts(k.Joint), Confirms: string(k.Confirms), Text: k.Text, Deadline: k.Deadline, Target: k.Target,
			})
		}
		out = append(out, x)
	}
	return out
}

func showVersion(v memo.Version) Version {
	return Version{
		ID: string(v.ID), Number: v.Number, Base: v.Base, Purpose: string(v.Purpose), Proposer: string(v.Proposer), Words: v.Words,
		State: string(v.State), Digest: v.Digest, On: v.On.String(), Clauses: showClauses(v.Text.Clauses),
	}
}

type memorandumsAsked struct {
	Page
	Words  string `query:"words" maxLength:"100" doc:"In the title, the place or the names of the parties."`
	Stage  string `query:"stage" maxLength:"40"`
	Region string `query:"region" maxLength:"6"`
	Soon   bool   `query:"soon" doc:"Only those whose term ends soon or has ended."`
}

// MemorandumAsked names a memorandum in an address.
type MemorandumAsked struct {
	Memorandum string `path:"memorandum" maxLength:"128"`
}

func (s *Server) memorandumOperations() {
	handle(s, describe(http.MethodGet, "/memorandums", "list-memorandums", "memorandums", "The memorandums in sight, by region", org.TokenReads), listMemorandums)
	handle(s, describe(http.MethodGet, "/memorandums/{memorandum}", "get-memorandum", "memorandums", "One memorandum with its clauses", org.TokenReads),
		func(ctx context.Context, q *asking, in *MemorandumAsked) (*One[MemorandumText], error) {
			m, err := q.view.Memorandum(ctx, memo.ID(in.Memorandum))
			if err != nil {
				return nil, err
			}
			return one(m.Version, MemorandumText{showMemorandum(m.Memorandum), showClauses(m.Clauses)}), nil
		})
	s.memorandumActs()
	s.draftOperations()
	s.versionOperations()
	s.opinionOperations()
	handle(s, describe(http.MethodGet, "/memorandums/{memorandum}/versions", "list-versions", "memorandums", "The texts that were proposed, the newest first", org.TokenReads), listVersions)
	handle(s, describe(http.MethodGet, "/memorandums/{memorandum}/signed", "get-signed", "memorandums",
		"The newest text that all parties signed, as a file that proves itself with the journal's public key", org.TokenReads), s.signed)
}

func listMemorandums(ctx context.Context, q *asking, in *memorandumsAsked) (*List[Memorandum], error) {
	var after store.MemorandumKey
	if err := cursor(in.After, &after); err != nil {
		return nil, err
	}
	f := store.MemorandumFilter{Words: in.Words, Stage: memo.Stage(in.Stage), Region: org.RegionCode(in.Region), Soon: in.Soon}
	rows, err := q.view.Overview(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	key := func(m store.OverviewEntry) store.MemorandumKey {
		return store.MemorandumKey{Region: m.Region, ID: m.ID}
	}
	return page(q, in.Page, rows, key, func(m store.OverviewEntry) Memorandum { return showMemorandum(m.Memorandum) }), nil
}

// listVersions gives all versions at once: a memorandum has some dozens.
func listVersions(ctx context.Context, q *asking, in *MemorandumAsked) (*Plain[[]Version], error) {
	m, err := q.view.Memorandum(ctx, memo.ID(in.Memorandum))
	if err != nil {
		return nil, err
	}
	all, err := q.view.TextVersions(ctx, m.Memorandum)
	if err != nil {
		return nil, err
	}
	out := &Plain[[]Version]{Body: []Version{}}
	for _, v := range all {
		out.Body = append(out.Body, showVersion(v))
	}
	return out, nil
}

// signed hands out the same file as the page does.
func (s *Server) signed(ctx context.Context, q *asking, in *MemorandumAsked) (*Plain[map[string]json.RawMessage], error) {
	m, err := q.view.Memorandum(ctx, memo.ID(in.Memorandum))
	if err != nil {
		return nil, err
	}
	all, err := q.view.TextVersions(ctx, m.Memorandum)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		if v.State != memo.SignedByAll {
			continue
		}
		entries, err := q.view.SigningEntries(ctx, m.Memorandum, v.ID)
		if err != nil {
			return nil, err
		}
		if _, err := s.log.Fold(ctx); err != nil {
			return nil, err
		}
		var file bytes.Buffer
		if err := s.log.Bundle(ctx, &file, entries, []journal.Attachment{{Name: memo.SignedName(v.Digest), Document: v.Text.Canonical()}}); err != nil {
			return nil, err
		}
		out := &Plain[map[string]json.RawMessage]{}
		return out, json.Unmarshal(file.Bytes(), &out.Body)
	}
	return nil, absent()
}
