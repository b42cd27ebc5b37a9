package api

import (
	"bytes"
	"context"
	"net/http"

	"gongjian/internal/act"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// DraftAsked names the own draft of the token's unit in an address.
type DraftAsked struct{ MemorandumAsked }

func (a *DraftAsked) version(ctx context.Context, q *asking) (int64, error) {
	m, err := q.view.Memorandum(ctx, a.id())
	if err != nil {
		return 0, err
	}
	d, err := q.view.Draft(ctx, m.Memorandum)
	return d.Version, err
}

// Draft is the token's unit's own draft of a memorandum's text, which nobody else sees.
type Draft struct {
	Base int  `json:"base" minimum:"0" doc:"The number of the version that it goes on from; 0: none."`
	Text Text `json:"text"`
}

func (s *Server) draftOperations() {
	const path = "/memorandums/{memorandum}/draft"
	handle(s, describe(http.MethodGet, path, "get-draft", "negotiation", "The own draft of the token's unit; while there is none, version 0 with the text to begin from", org.TokenReads), s.getDraft)
	change(s, describe(http.MethodPut, path, "save-draft", "negotiation", "Keep a draft of the token's unit, which nobody else sees", org.TokenWrites),
		func(ctx context.Context, q *asking, in *struct {
			DraftAsked
			Body Draft
		}, version int64) (store.Receipt, error) {
			var f fields
			d := store.Draft{Memorandum: in.id(), Base: in.Body.Base, Text: readText(&f, in.Body.Text), Version: version}
			if err := f.err(); err != nil {
				return store.Receipt{}, err
			}
			m, err := q.view.Memorandum(ctx, in.id())
			if err != nil {
				return store.Receipt{}, err
			}
			old, err := q.view.Draft(ctx, m.Memorandum)
			d.Source = old.Source // the file that it was read from stays with it
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.SaveDraft(ctx, q.caller, q.key, d)
		})
	do(s, describe(http.MethodDelete, path, "drop-draft", "negotiation", "Throw the token's unit's draft away", org.TokenWrites),
		func(ctx context.Context, q *asking, in *MemorandumAsked) (store.Receipt, error) {
			return s.desk.DropDraft(ctx, q.caller, q.key, in.id())
		})
	document := post(path+"/document", "take-draft", "negotiation", "Take a document in as the draft: the other party's edited file, read clause by clause (docx, doc, wps)", org.TokenWrites)
	document.MaxBodyBytes = maxFile
	change(s, document, func(ctx context.Context, q *asking, in *struct {
		DraftAsked
		Name    string `query:"name" required:"true" minLength:"1" maxLength:"200" doc:"The file's name."`
		RawBody []byte `contentType:"application/octet-stream" required:"true"`
	}, version int64) (store.Receipt, error) {
		return s.desk.TakeDraft(ctx, q.caller, q.key, in.id(), version, in.Name, bytes.NewReader(in.RawBody), int64(len(in.RawBody)))
	})
	enter(s, matching(post("/memorandums/{memorandum}/versions", "propose-version", "negotiation", "Put the draft before the other parties as the next version; If-Match names the draft's (提交)", org.TokenWrites)), "/versions/",
		func(ctx context.Context, q *asking, in *struct {
			DraftAsked
			Body struct {
				Words string `json:"words,omitempty" maxLength:"20000" doc:"What the proposer says to it."`
			}
		}) (store.Receipt, memo.VersionID, error) {
			version, err := matched(ctx, q, in)
			if err != nil {
				return store.Receipt{}, "", err
			}
			return s.desk.Propose(ctx, q.caller, q.key, in.id(), version, in.Body.Words)
		})
}

func (s *Server) getDraft(ctx context.Context, q *asking, in *DraftAsked) (*One[Draft], error) {
	m, err := q.view.Memorandum(ctx, in.id())
	if err != nil {
		return nil, err
	}
	d, err := q.view.Draft(ctx, m.Memorandum)
	if err != nil {
		return nil, err
	}
	if d.Version > 0 {
		return one(d.Version, Draft{Base: d.Base, Text: showText(d.Text)}), nil
	}
	n, err := q.view.Negotiation(ctx, m.Memorandum)
	if err != nil {
		return nil, err
	}
	if n.Newest != nil {
		return one(0, Draft{Base: n.Newest.Number, Text: showText(n.Newest.Text)}), nil
	}
	units, err := q.view.Names(ctx, m.Parties)
	if err != nil {
		return nil, err
	}
	t, err := act.StartingText(n, func(u org.UnitID) string { return units[u].Name })
	return one(0, Draft{Text: showText(t)}), err
}
