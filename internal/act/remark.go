package act

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
)

// sealed is what the journal keeps of words that are a party's own: their SHA-256,
// so that they can be held against it, or "" of none.
func sealed(words string) string {
	if words == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:])
}

// Remark puts a remark on a clause of a version before all parties.
func (d *Desk) Remark(ctx context.Context, c org.Caller, key string, r memo.Remark) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.RemarkVersion, key, func(tx *store.Tx) error {
		tx.About("version", string(r.Version))
		v, m, err := tx.TextVersion(r.Version)
		if err != nil {
			return err
		}
		tx.About("memorandum", string(m.ID))
		if err := tx.Require(org.RemarkVersion, tx.MemorandumFacts(m)); err != nil {
			return err
		}
		r.ID, r.Party = memo.RemarkID(tx.NewID()), c.Unit().ID
		if err := memo.CheckRemark(v, r); err != nil {
			return err
		}
		if err := tx.AddRemark(r); err != nil {
			return err
		}
		return tx.Record(map[string]any{"remark": r.ID, "version": v.Number, "clause": r.Clause, "words": r.Words})
	})
}

// onRemark is the frame of the acts on a remark that stands.
func (d *Desk) onRemark(ctx context.Context, c org.Caller, key string, id memo.RemarkID, f func(*store.Tx, memo.Remark, memo.Version) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.RemarkVersion, key, func(tx *store.Tx) error {
		tx.About("remark", string(id))
		r, v, m, err := tx.Remark(id)
		if err != nil {
			return err
		}
		tx.About("memorandum", string(m.ID))
		if err := tx.Require(org.RemarkVersion, tx.MemorandumFacts(m)); err != nil {
			return err
		}
		return f(tx, r, v)
	})
}

// AnswerRemark is what another party says to a remark.
func (d *Desk) AnswerRemark(ctx context.Context, c org.Caller, key string, id memo.RemarkID, words string) (store.Receipt, error) {
	return d.onRemark(ctx, c, key, id, func(tx *store.Tx, r memo.Remark, v memo.Version) error {
		if err := r.CheckAnswer(v, c.Unit().ID, words); err != nil {
			return err
		}
		if err := tx.AnswerRemark(id, c.Unit().ID, words); err != nil {
			return err
		}
		return tx.Record(map[string]any{"remark": id, "version": v.Number, "answer": words})
	})
}

// CloseRemark settles a remark of the caller's unit.
func (d *Desk) CloseRemark(ctx context.Context, c org.Caller, key string, id memo.RemarkID) (store.Receipt, error) {
	return d.onRemark(ctx, c, key, id, func(tx *store.Tx, r memo.Remark, v memo.Version) error {
		if err := r.CheckClose(c.Unit().ID); err != nil {
			return err
		}
		if err := tx.CloseRemark(id); err != nil {
			return err
		}
		return tx.Record(map[string]any{"remark": id, "version": v.Number, "closed": true})
	})
}

// AskOpinion asks a unit of the caller's party about a version (会签, 法制审核).
func (d *Desk) AskOpinion(ctx context.Context, c org.Caller, key string, o memo.Opinion) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.AskOpinion, key, func(tx *store.Tx) error {
		tx.About("version", string(o.Version))
		v, m, err := tx.TextVersion(o.Version)
		if err != nil {
			return err
		}
		tx.About("memorandum", string(m.ID))
		if err := tx.Require(org.RemarkVersion, tx.MemorandumFacts(m)); err != nil { // a version out of scope is not there
			return err
		}
		o.ID, o.Party = memo.OpinionID(tx.NewID()), c.Unit().ID
		if err := tx.Require(org.AskOpinion, org.OpinionFacts{Party: o.Party, Asked: o.Asked}); err != nil {
			return err
		}
		below := o.Asked == o.Party
		if !below && o.Asked != "" {
			if below, err = tx.Below(o.Party, []org.UnitID{o.Asked}); err != nil {
				return err
			}
		}
		asked, err := tx.Opinions(o.Version)
		if err != nil {
			return err
		}
		if err := memo.CheckAsk(v, o, below, asked, tx.Today()); err != nil {
			return err
		}
		if err := tx.AddOpinion(o); err != nil {
			return err
		}
		tx.About("opinion", string(o.ID))
		return tx.Record(map[string]any{"opinion": o.ID, "version": v.Number, "asked": o.Asked, "kind": o.Kind, "due": o.Due})
	})
}

// GiveOpinion is what the unit that was asked says. The journal keeps the result and
// the digest of the words, which are for the party that asked alone.
func (d *Desk) GiveOpinion(ctx context.Context, c org.Caller, key string, id memo.OpinionID, result memo.OpinionResult, words string) (store.Receipt, error) {
	return d.store.Act(ctx, c, org.GiveOpinion, key, func(tx *store.Tx) error {
		tx.About("opinion", string(id))
		o, err := tx.Opinion(id)
		if err != nil {
			return err
		}
		if err := tx.Require(org.GiveOpinion, org.OpinionFacts{Party: o.Party, Asked: o.Asked}); err != nil {
			return err
		}
		if err := o.CheckGive(c.Person().ID, result, words); err != nil {
			return err
		}
		if err := tx.GiveOpinion(id, result, words); err != nil {
			return err
		}
		return tx.Record(map[string]any{"opinion": id, "version": o.Version, "result": result, "words": sealed(words)})
	})
}
