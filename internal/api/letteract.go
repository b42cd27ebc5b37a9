package api

import (
	"context"
	"net/http"

	"gongjian/internal/act"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// LetterAsked names a letter in an address.
type LetterAsked struct {
	Letter string `path:"letter" maxLength:"128"`
}

func (a *LetterAsked) version(ctx context.Context, q *asking) (int64, error) {
	l, err := q.view.Letter(ctx, letter.ID(a.Letter))
	return l.Version, err
}

func (a *LetterAsked) letters() act.Letters {
	return act.Letters{IDs: []letter.ID{letter.ID(a.Letter)}}
}

// BatchAsked names all letters of a batch in an address.
type BatchAsked struct {
	Batch string `path:"batch" maxLength:"128"`
}

func (a *BatchAsked) letters() act.Letters { return act.Letters{Batch: letter.BatchID(a.Batch)} }

// LetterBatch is what one act of drawing has made (一批责任书).
type LetterBatch struct {
	ID     string   `json:"id"`
	Plan   string   `json:"plan"`
	Office string   `json:"office"`
	Giver  string   `json:"giver"`
	Within string   `json:"within,omitempty"`
	Made   string   `json:"made" format:"date-time"`
	ToSign []string `json:"to_sign" nullable:"false" doc:"The letters of it that wait for the giver."`
	Shown  string   `json:"shown,omitempty" doc:"Stands for the texts of all of to_sign: what the giver names to sign them at once."`
}

// mostSigned is how many letters one act signs.
const mostSigned = 3000

func getBatch(ctx context.Context, q *asking, in *BatchAsked) (*Plain[LetterBatch], error) {
	b, err := q.view.LetterBatch(ctx, letter.BatchID(in.Batch))
	if err != nil {
		return nil, err
	}
	wait, err := q.view.LetterTexts(ctx, store.LetterFilter{Batch: b.ID, Wait: "giver"}, store.LetterKey{}, mostSigned)
	if err != nil {
		return nil, err
	}
	out := LetterBatch{ID: string(b.ID), Plan: string(b.Plan), Office: string(b.Office), Giver: string(b.Giver), Within: string(b.Within), Made: instant(b.At), ToSign: []string{}}
	for _, l := range wait {
		out.ToSign = append(out.ToSign, string(l.ID))
	}
	if len(wait) > 0 {
		out.Shown = act.ShownLetters(wait)
	}
	return &Plain[LetterBatch]{Body: out}, nil
}

// NewLetters is which letters are to be drawn.
type NewLetters struct {
	Plan    string   `json:"plan" maxLength:"128"`
	Giver   string   `json:"giver" maxLength:"128" doc:"The plan's office, or a government that is a party."`
	Within  string   `json:"within,omitempty" maxLength:"6" doc:"Only takers of this territory."`
	Units   []string `json:"units,omitempty" maxItems:"3000" doc:"Only these takers; absent: all."`
	Changed bool     `json:"changed,omitempty" doc:"Also a supplement for each unit whose tasks are others than its letter says (补充责任书)."`
}

// onLetter and onBatch are the inputs of an act on one letter, and on all of a batch.
type (
	onLetter[B any] struct {
		LetterAsked
		Body B
	}
	onBatch[B any] struct {
		BatchAsked
		Body B
	}
)

// onLetters registers an act on one letter, and the same act on all of a batch that it
// concerns.
func onLetters[B any](s *Server, last, name, summary string, scope org.TokenScope, act func(context.Context, *asking, act.Letters, B) (store.Receipt, error)) {
	do(s, post("/letters/{letter}/"+last, name, "letters", summary, scope), func(ctx context.Context, q *asking, in *onLetter[B]) (store.Receipt, error) {
		return act(ctx, q, in.letters(), in.Body)
	})
	do(s, post("/letter-batches/{batch}/"+last, name+"s", "letters", summary+"; of a batch, all that wait for it", scope), func(ctx context.Context, q *asking, in *onBatch[B]) (store.Receipt, error) {
		return act(ctx, q, in.letters(), in.Body)
	})
}

// LetterSigning is a signature under letters.
type LetterSigning struct {
	Shown string `json:"shown" maxLength:"64" doc:"What the signer was shown: the digest of the letter, or shown of the batch."`
	Signing
}

// PaperSigning records that letters were signed on paper.
type PaperSigning struct {
	Sides []string `json:"sides" nullable:"false" minItems:"1" maxItems:"2" doc:"giver, taker"`
	Scan  string   `json:"scan" maxLength:"64" doc:"The id of the scanned copy, uploaded as evidence."`
	Day   string   `json:"day" format:"date"`
	Place string   `json:"place,omitempty" maxLength:"200"`
}

func (s *Server) letterActs() {
	handle(s, describe(http.MethodGet, "/letter-batches/{batch}", "get-letter-batch", "letters", "One batch, with what its giver signs at once", org.TokenReads), getBatch)
	enter(s, post("/letter-batches", "draw-letters", "letters", "Draw the letters of a plan's units, or their supplements (起草责任书)", org.TokenWrites), "/letter-batches/",
		func(ctx context.Context, q *asking, in *struct{ Body NewLetters }) (store.Receipt, letter.BatchID, error) {
			b := in.Body
			return s.desk.DrawLetters(ctx, q.caller, q.key, act.Drawing{
				Plan: memo.PlanID(b.Plan), Giver: org.UnitID(b.Giver), Within: org.RegionCode(b.Within), Units: ids[org.UnitID](b.Units), Changed: b.Changed,
			})
		})
	do(s, post("/letters/{letter}/issue", "give-letter", "letters", "Hand a drawn letter out to its taker (下发)", org.TokenWrites), func(ctx context.Context, q *asking, in *LetterAsked) (store.Receipt, error) {
		return s.desk.GiveLetters(ctx, q.caller, q.key, in.letters())
	})
	do(s, post("/letter-batches/{batch}/issue", "give-letters", "letters", "Hand all drawn letters of a batch out to their takers (下发)", org.TokenWrites), func(ctx context.Context, q *asking, in *BatchAsked) (store.Receipt, error) {
		return s.desk.GiveLetters(ctx, q.caller, q.key, in.letters())
	})
	onLetters(s, "signature", "sign-letter", "Sign for the token's unit (签订)", org.TokenSigns, func(ctx context.Context, q *asking, of act.Letters, b LetterSigning) (store.Receipt, error) {
		how, err := s.signing(q, b.Signing)
		if err != nil {
			return store.Receipt{}, err
		}
		return s.desk.SignLetters(ctx, q.caller, q.key, of, b.Shown, how)
	})
	onLetters(s, "paper-signature", "record-letter", "Record what was signed on paper, with its scan (登记纸质签字)", org.TokenWrites, func(ctx context.Context, q *asking, of act.Letters, b PaperSigning) (store.Receipt, error) {
		how, err := s.signing(q, Signing{Day: b.Day, Place: b.Place, Scan: b.Scan})
		if err != nil {
			return store.Receipt{}, err
		}
		return s.desk.EnterLetterSignatures(ctx, q.caller, q.key, of, ids[letter.Side](b.Sides), how)
	})
	do(s, post("/letters/{letter}/refusal", "refuse-letter", "letters", "Send a letter back for the token's unit, with the reason (退回)", org.TokenWrites), func(ctx context.Context, q *asking, in *onLetter[Reasoned]) (store.Receipt, error) {
		return s.desk.RefuseLetter(ctx, q.caller, q.key, letter.ID(in.Letter), in.Body.Reason)
	})
	change(s, post("/letters/{letter}/annulment", "annul-letter", "letters", "Make a letter void that not both have signed, with the reason (作废)", org.TokenWrites), func(ctx context.Context, q *asking, in *onLetter[Reasoned], version int64) (store.Receipt, error) {
		return s.desk.AnnulLetter(ctx, q.caller, q.key, letter.ID(in.Letter), version, in.Body.Reason)
	})
	handle(s, describe(http.MethodGet, "/letters/{letter}/statement", "get-letter-statement", "letters", "What somebody of the token's unit signs under a letter with a key of their own", org.TokenSigns),
		func(ctx context.Context, q *asking, in *struct {
			LetterAsked
			StatementAsked
		}) (*Plain[Statement], error) {
			l, err := q.view.Letter(ctx, letter.ID(in.Letter))
			if err != nil {
				return nil, err
			}
			return statement(in.StatementAsked, func(how act.Signing, key, nonce string) (string, error) {
				return s.desk.LetterStatement(q.caller, l.LetterRow, q.caller.Unit().Name, how, key, nonce)
			})
		})
}
