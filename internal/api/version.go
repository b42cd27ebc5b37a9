package api

import (
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"gongjian/internal/act"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// VersionAsked names a version of a text in an address.
type VersionAsked struct {
	Version string `path:"version" maxLength:"128"`
}

func (a *VersionAsked) read(ctx context.Context, q *asking) (memo.Version, memo.Memorandum, error) {
	return q.view.TextVersion(ctx, memo.VersionID(a.Version))
}

// VersionWhole is a version with its whole text and its signatures.
type VersionWhole struct {
	Version
	Memorandum string      `json:"memorandum"`
	Text       Text        `json:"text"`
	Signatures []Signature `json:"signatures" nullable:"false" doc:"Void ones too."`
}

// onVersion is the input of an act on a version.
type onVersion[B any] struct {
	VersionAsked
	Body B
}

// versionAct registers an act on a version, which needs to know its memorandum.
func versionAct[B any](s *Server, last, name, summary string, scope org.TokenScope, act func(context.Context, *asking, memo.ID, memo.VersionID, B) (store.Receipt, error)) {
	do(s, post("/versions/{version}/"+last, name, "negotiation", summary, scope), func(ctx context.Context, q *asking, in *onVersion[B]) (store.Receipt, error) {
		v, m, err := in.read(ctx, q)
		if err != nil {
			return store.Receipt{}, err
		}
		return act(ctx, q, m.ID, v.ID, in.Body)
	})
}

// VersionAnswer is what a party says to a version.
type VersionAnswer struct {
	Accepts bool   `json:"accepts"`
	Words   string `json:"words,omitempty" maxLength:"20000" doc:"Needed to ask for changes."`
	Despite string `json:"despite,omitempty" maxLength:"2000" doc:"Why it is accepted against the misgivings of the party's own units; for the party alone."`
}

// VersionSigning is a signature under a version.
type VersionSigning struct {
	Digest string `json:"digest" maxLength:"64" doc:"Of the text that the signer was shown."`
	Signing
}

func (s *Server) versionOperations() {
	handle(s, describe(http.MethodGet, "/versions/{version}", "get-version", "negotiation", "One version of a text, with its signatures", org.TokenReads),
		func(ctx context.Context, q *asking, in *VersionAsked) (*Plain[VersionWhole], error) {
			v, m, err := in.read(ctx, q)
			if err != nil {
				return nil, err
			}
			all, err := q.view.VersionSignatures(ctx, m, v.ID)
			return &Plain[VersionWhole]{Body: VersionWhole{showVersion(v), string(m.ID), showText(v.Text), showSignatures(all)}}, err
		})
	file := describe(http.MethodGet, "/versions/{version}/document", "download-version", "negotiation", "A version as a document (docx), to be read and edited outside", org.TokenReads)
	file.Responses = fileAnswer("The document.")
	handle(s, file, s.versionDocument)
	versionAct(s, "answer", "answer-version", "Accept for the token's party the version that lies before it, or ask for changes (同意, 提出修改)", org.TokenSigns,
		func(ctx context.Context, q *asking, m memo.ID, v memo.VersionID, b VersionAnswer) (store.Receipt, error) {
			return s.desk.Answer(ctx, q.caller, q.key, m, memo.Answer{Version: v, Accepts: b.Accepts, Words: b.Words, Despite: b.Despite})
		})
	do(s, post("/versions/{version}/withdrawal", "take-version-back", "negotiation", "Take back an open version of the token's unit (撤回)", org.TokenWrites),
		func(ctx context.Context, q *asking, in *VersionAsked) (store.Receipt, error) {
			v, m, err := in.read(ctx, q)
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.TakeVersionBack(ctx, q.caller, q.key, m.ID, v.ID)
		})
	versionAct(s, "signature", "sign-version", "Sign the agreed version for the token's unit, or record its signature on paper; the last one puts it in force (签署)", org.TokenSigns,
		func(ctx context.Context, q *asking, m memo.ID, v memo.VersionID, b VersionSigning) (store.Receipt, error) {
			how, err := s.signing(q, b.Signing)
			if err != nil {
				return store.Receipt{}, err
			}
			return s.desk.SignVersion(ctx, q.caller, q.key, m, v, b.Digest, how)
		})
	handle(s, describe(http.MethodGet, "/versions/{version}/statement", "get-version-statement", "negotiation", "What somebody of the token's unit signs under a version with a key of their own", org.TokenSigns),
		func(ctx context.Context, q *asking, in *struct {
			VersionAsked
			StatementAsked
		}) (*Plain[Statement], error) {
			v, _, err := in.read(ctx, q)
			if err != nil {
				return nil, err
			}
			return statement(in.StatementAsked, func(how act.Signing, key, nonce string) (string, error) {
				return s.desk.StatementFor(q.caller, v, q.caller.Unit().Name, how, key, nonce)
			})
		})
}

func (s *Server) versionDocument(ctx context.Context, q *asking, in *VersionAsked) (*huma.StreamResponse, error) {
	v, _, err := in.read(ctx, q)
	if err != nil {
		return nil, err
	}
	units, err := q.view.Names(ctx, v.Text.Mentions())
	if err != nil {
		return nil, err
	}
	file, err := s.desk.VersionFile(v.Text, func(u org.UnitID) string { return units[u].Name }, "docx")
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
		c.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": v.Text.Title + ".docx"}))
		c.SetStatus(http.StatusOK)
		if _, err := c.BodyWriter().Write(file); err != nil {
			s.logger.Debug("sending a file", "error", err)
		}
	}}, nil
}
