package api

import (
	"context"
	"net/http"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/webhook"
)

// Proven is an entry with its bytes and the proof that it stands in the tree.
type Proven struct {
	webhook.Event
	Bytes      string     `json:"bytes" doc:"The exact text that is hashed."`
	Leaf       string     `json:"leaf" doc:"The hash of the bytes, base64."`
	Proof      []string   `json:"proof" nullable:"false" doc:"The inclusion proof in the newest checkpoint, hashes in base64; empty until the entry is folded."`
	Checkpoint Checkpoint `json:"checkpoint"`
}

// Checkpoint is a signed head of the tree.
type Checkpoint struct {
	Size int64  `json:"size" doc:"How many entries the tree has."`
	Root string `json:"root" doc:"Base64."`
	At   string `json:"at,omitempty" format:"date-time"`
	Note string `json:"note,omitempty" doc:"The signed text."`
}

func showCheckpoint(c journal.Checkpoint) Checkpoint {
	return Checkpoint{Size: c.Size, Root: c.Root.String(), At: instant(c.At), Note: c.Note}
}

type entriesAsked struct {
	Page
	Unit    string `query:"unit" maxLength:"128"`
	Post    string `query:"post" maxLength:"128"`
	Action  string `query:"action" maxLength:"100"`
	Outcome string `query:"outcome" enum:"done,refused"`
	Kind    string `query:"kind" maxLength:"40" doc:"With id: entries about one record."`
	ID      string `query:"id" maxLength:"128"`
}

func (s *Server) journalOperations() {
	handle(s, describe(http.MethodGet, "/journal/entries", "list-entries", "journal", "The whole journal, the newest first, for whoever may read it whole", org.TokenReads), s.listEntries)
	handle(s, describe(http.MethodGet, "/journal/entries/{entry}", "get-entry", "journal", "One entry with its proof", org.TokenReads), s.getEntry)
	handle(s, describe(http.MethodGet, "/receipts/{number}", "get-receipt", "journal", "The entry of a receipt number, for whoever may read it", org.TokenReads), s.getReceipt)
	handle(s, describe(http.MethodGet, "/journal/checkpoints", "list-checkpoints", "journal", "The signed heads of the tree, the newest first"), s.listCheckpoints)
}

func (s *Server) listEntries(ctx context.Context, q *asking, in *entriesAsked) (*List[webhook.Event], error) {
	if !q.view.May(org.SeeJournal, org.JournalFacts{}) {
		return nil, absent()
	}
	before := int64(-1)
	if err := cursor(in.After, &before); err != nil {
		return nil, err
	}
	f := journal.Filter{Unit: in.Unit, Post: in.Post, Action: in.Action, Outcome: journal.Outcome(in.Outcome)}
	if in.Kind != "" && in.ID != "" {
		f.Subject = journal.Subject{Kind: in.Kind, ID: in.ID}
	}
	rows, err := s.log.List(ctx, before, in.Limit+1, f)
	if err != nil {
		return nil, err
	}
	return page(q, in.Page, rows, func(r journal.Record) int64 { return r.Sequence }, webhook.Show), nil
}

// readable returns an entry that the token's post may read.
func (q *asking) readable(ctx context.Context, r journal.Record) error {
	may, err := q.view.MayReadEntry(ctx, r.Entry)
	if err == nil && !may {
		err = fault.New(fault.NotFound, "journal.absent")
	}
	return err
}

func (s *Server) getEntry(ctx context.Context, q *asking, in *struct {
	Entry string `path:"entry" maxLength:"128"`
}) (*Plain[Proven], error) {
	r, err := s.log.ByID(ctx, in.Entry)
	if err == nil {
		err = q.readable(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	return s.proven(ctx, r)
}

func (s *Server) proven(ctx context.Context, r journal.Record) (*Plain[Proven], error) {
	out := Proven{Event: webhook.Show(r), Bytes: string(r.Bytes), Leaf: r.Leaf.String(), Proof: []string{}}
	newest, err := s.log.Newest(ctx)
	if err != nil {
		return nil, err
	}
	if r.Folded() && r.Sequence < newest.Size {
		proof, at, err := s.log.InclusionProof(ctx, r.Sequence)
		if err != nil {
			return nil, err
		}
		for _, h := range proof {
			out.Proof = append(out.Proof, h.String())
		}
		newest = at
	}
	out.Checkpoint = showCheckpoint(newest)
	return &Plain[Proven]{Body: out}, nil
}

// getReceipt finds an entry by its receipt number. Where two entries share one,
// which is next to impossible, the first that may be read is answered.
func (s *Server) getReceipt(ctx context.Context, q *asking, in *struct {
	Number string `path:"number" maxLength:"40"`
}) (*Plain[Proven], error) {
	found, err := s.log.ByReceipt(ctx, strings.TrimSpace(in.Number))
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		err = q.readable(ctx, r)
		if err == nil {
			return s.proven(ctx, r)
		}
	}
	return nil, err
}

func (s *Server) listCheckpoints(ctx context.Context, q *asking, in *struct{ Page }) (*List[Checkpoint], error) {
	before := int64(-1)
	if err := cursor(in.After, &before); err != nil {
		return nil, err
	}
	rows, err := s.log.Checkpoints(ctx, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return page(q, in.Page, rows, func(c journal.Checkpoint) int64 { return c.Size }, showCheckpoint), nil
}
