package act

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"gongjian/internal/fault"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
	"gongjian/internal/store"
)

// Drawing is which letters are to be drawn from a plan.
type Drawing struct {
	Plan    memo.PlanID
	Giver   org.UnitID     // the plan's office, or a government (下达方)
	Within  org.RegionCode // of the takers' territory; "" is all
	Units   []org.UnitID   // only these; nil is all
	Changed bool           // also for units that have a letter which is not so any longer
	Batch   letter.BatchID // the batch that goes on with them; "" begins one
}

// MostLetters is how many letters one act, or one errand, is about.
const MostLetters = 3000

// DrawLetters draws the letters of a plan's units, one batch: for those without
// one the letter, with Changed for those whose tasks are others now a supplement.
func (d *Desk) DrawLetters(ctx context.Context, c org.Caller, key string, in Drawing) (store.Receipt, letter.BatchID, error) {
	var batch letter.BatchID
	r, err := d.store.Act(ctx, c, org.MakeLetter, key, func(tx *store.Tx) error {
		tx.About("plan", string(in.Plan))
		p, m, err := tx.Plan(in.Plan)
		if err != nil {
			return err
		}
		by, err := tx.LetterDrawer(p, m)
		if err != nil {
			return err
		}
		if by.Below != "" && !by.Gives(in.Giver) {
			by.Office = p.Office // in another's name: asked for as the plan's office, which it is not
		}
		if err := tx.Require(org.MakeLetter, org.LetterFacts{Office: by.Office, Giver: by.Office, Draft: true}); err != nil {
			return err
		}
		if p.Issued.IsZero() {
			return fault.New(fault.Conflict, "letter.plan-not-issued")
		}
		at := slices.IndexFunc(by.Givers, func(u org.Unit) bool { return u.ID == in.Giver })
		if at < 0 {
			return fault.New(fault.Invalid, "letter.no-giver").On("giver")
		}
		x := drawing{tx: tx, in: in, by: by, batch: store.LetterBatch{ID: cmp.Or(in.Batch, letter.BatchID(tx.NewID())), Plan: p.ID, Office: by.Office, Giver: in.Giver, Within: in.Within}}
		x.facts = letter.Facts{Plan: p, Memorandum: m.Title, Giver: letter.Party{Unit: in.Giver, Name: by.Givers[at].Name}, Today: tx.Today()}
		if err := x.gather(m); err != nil {
			return err
		}
		batch = x.batch.ID
		return x.write()
	})
	return made(ctx, d, r, err, "letter-batch", batch)
}

// drawing is one act of drawing.
type drawing struct {
	tx      *store.Tx
	in      Drawing
	by      store.LetterDrawer
	batch   store.LetterBatch
	facts   letter.Facts                // of the plan; each unit adds its own
	givers  map[org.UnitID]letter.Party // of the chains, by who gave the first
	rows    []store.LetterRow
	dropped []letter.Letter // with the state they come to
}

// gather reads everything at once and draws unit by unit.
func (x *drawing) gather(m memo.Memorandum) error {
	reach := store.LetterReach{Within: x.in.Within, Units: x.in.Units, Below: x.by.Below}
	units, err := x.tx.LetterUnits(x.in.Plan, m, reach)
	if err != nil {
		return err
	}
	chains, err := x.tx.LetterChains(x.in.Plan, reach)
	if err != nil {
		return err
	}
	if err := x.followGivers(chains); err != nil {
		return err
	}
	others := map[org.UnitID]bool{} // that have their letter from somebody else (Rule L-06)
	for unit, chain := range chains {
		if others[unit] = !x.by.Gives(x.givers[chain[0].Body.Giver.Unit].Unit); others[unit] {
			delete(chains, unit)
		}
	}
	for _, u := range units {
		if u.Unit == x.in.Giver || others[u.Unit] {
			continue // nobody gives itself a letter
		}
		f := x.facts
		f.Taker, f.Tasks = letter.Party{Unit: u.Unit, Name: u.Name}, u.Tasks
		x.draw(chains[u.Unit], f)
		delete(chains, u.Unit)
	}
	var gone []org.UnitID // have letters and no tasks any more
	for unit := range chains {
		gone = append(gone, unit)
	}
	slices.Sort(gone)
	for _, unit := range gone {
		f, chain := x.facts, chains[unit]
		f.Taker = chain[len(chain)-1].Body.Taker
		x.draw(chain, f)
	}
	return nil
}

// followGivers finds who gives the next letter of each chain: the one that gave the
// first, or the unit that it goes on in.
func (x *drawing) followGivers(chains map[org.UnitID][]letter.Letter) error {
	x.givers = map[org.UnitID]letter.Party{}
	for _, chain := range chains {
		first := chain[0].Body.Giver
		if _, known := x.givers[first.Unit]; known {
			continue
		}
		u, err := x.tx.SuccessorOf(first.Unit)
		if err != nil {
			return err
		}
		x.givers[first.Unit] = first
		if u.ID != first.Unit {
			x.givers[first.Unit] = letter.Party{Unit: u.ID, Name: u.Name}
		}
	}
	return nil
}

func (x *drawing) draw(chain []letter.Letter, f letter.Facts) {
	if len(chain) > 0 {
		f.Giver = x.givers[chain[0].Body.Giver.Unit] // a chain is between the same two
	}
	d := letter.Draw(chain, f)
	if len(chain) > 0 && !x.in.Changed {
		d = letter.Drawn{}
	}
	x.batch.Counts.Count(d.Step)
	if d.Instead != "" {
		last := chain[len(chain)-1]
		last.State = letter.Replaced
		if d.Step == letter.Drop {
			last.State = letter.Void
		}
		x.dropped = append(x.dropped, last)
	}
	if d.Step == letter.Nothing || d.Step == letter.Drop {
		return
	}
	x.rows = append(x.rows, store.LetterRow{
		Plan: x.batch.Plan, Office: x.batch.Office, Instead: d.Instead,
		Letter: letter.Letter{ID: letter.ID(x.tx.NewID()), Batch: x.batch.ID, Body: d.Body, Digest: d.Body.Digest(), Standing: d.Standing, State: letter.Drafted},
	})
}

// write keeps what was drawn.
func (x *drawing) write() error {
	switch {
	case len(x.rows)+len(x.dropped) == 0:
		return fault.New(fault.Conflict, "letter.nothing-to-draw")
	case len(x.rows) > MostLetters:
		return fault.New(fault.Invalid, "letter.too-many", "Count", len(x.rows), "Most", MostLetters).On("within")
	}
	x.tx.About("letter-batch", string(x.batch.ID))
	if err := x.tx.AddLetterBatch(x.batch); err != nil {
		return err
	}
	gone := make([]letter.ID, len(x.dropped))
	for i, l := range x.dropped {
		gone[i] = l.ID
		x.tx.About("letter", string(l.ID))
	}
	if err := x.tx.MoveLetters(x.dropped); err != nil {
		return err
	}
	if err := x.tx.VoidLetterSignatures(gone, "letter.replaced"); err != nil {
		return err
	}
	if err := x.tx.AddLetters(x.rows); err != nil {
		return err
	}
	digests := map[letter.ID]string{}
	for _, l := range x.rows {
		digests[l.ID] = l.Digest
		x.tx.About("letter", string(l.ID))
	}
	return x.tx.Record(map[string]any{"batch": x.batch.ID, "giver": x.in.Giver, "within": x.in.Within, "counts": x.batch.Counts, "letters": digests, "instead": gone})
}

// Letters are those that something is done to: all of a batch, or the named ones.
type Letters struct {
	Batch letter.BatchID
	IDs   []letter.ID
}

// onLetters is the frame of acts on many letters: it loads them and asks for the
// permission once for each pair of sides. What stands above the takers does not
// bear on these permissions, so it is not read for each. pick leaves out what does
// not concern the act when a whole batch is meant.
func (d *Desk) onLetters(ctx context.Context, c org.Caller, action org.Action, key string, of Letters, pick func(store.LetterRow) bool,
	f func(*store.Tx, []store.LetterRow) error,
) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("letter-batch", string(of.Batch))
		if len(of.IDs) > MostLetters {
			return fault.New(fault.Invalid, "letter.too-many", "Count", len(of.IDs), "Most", MostLetters)
		}
		all, err := tx.Letters(of.Batch, of.IDs)
		if err != nil {
			return err
		}
		if len(all) == 0 || of.Batch == "" && len(all) != len(of.IDs) {
			return fault.New(fault.NotFound, "absent")
		}
		asked := map[org.UnitID]bool{}
		for _, l := range all {
			facts := l.Facts()
			if c.Unit().ID != facts.Taker { // what a taker may do with its own says nothing of the others
				once := facts.Office + " " + facts.Giver
				if asked[once] {
					continue
				}
				asked[once] = true
			}
			if err := tx.Require(action, facts); err != nil {
				return err
			}
		}
		if of.Batch != "" {
			all = slices.DeleteFunc(all, func(l store.LetterRow) bool { return !pick(l) })
		}
		if len(all) == 0 {
			return fault.New(fault.Conflict, "letter.none-open")
		}
		for _, l := range all {
			tx.About("letter", string(l.ID))
		}
		return f(tx, all)
	})
}

// onLetter is the frame of acts on one letter.
func (d *Desk) onLetter(ctx context.Context, c org.Caller, action org.Action, key string, id letter.ID, f func(*store.Tx, store.LetterRow) error) (store.Receipt, error) {
	return d.store.Act(ctx, c, action, key, func(tx *store.Tx) error {
		tx.About("letter", string(id))
		l, err := tx.Letter(id)
		if err != nil {
			return err
		}
		facts, err := tx.LetterFacts(l)
		if err != nil {
			return err
		}
		if err := tx.Require(action, facts); err != nil {
			return err
		}
		return f(tx, l)
	})
}

// numberLetters gives issue numbers to the letters that have none, in the order of
// lists, and returns them by letter. A letter keeps its number when it is given out
// a second time.
//
// Rule L-07 (党政机关公文处理工作条例 art. 9(5), as Rule D-07 for documents): letters are
// numbered without gaps or doubles under a mark of their own, the office's with 责.
func numberLetters(tx *store.Tx, office org.UnitID, mark string, all []store.LetterRow) (map[letter.ID]string, error) {
	open := slices.DeleteFunc(slices.Clone(all), func(l store.LetterRow) bool { return l.Issue != "" })
	if len(open) == 0 {
		return nil, nil
	}
	year := tx.Today().Year
	last, err := tx.TakeNumbers(office, mark, year, len(open))
	if err != nil {
		return nil, err
	}
	out := map[letter.ID]string{}
	for i := range open {
		open[i].Issue = official.Number(mark, year, last-len(open)+1+i)
		out[open[i].ID] = open[i].Issue
	}
	return out, tx.NumberLetters(open)
}

// letterMark is the mark of the caller's office on its letters.
func (d *Desk) letterMark(ctx context.Context, c org.Caller) (string, error) {
	name := func(code org.RegionCode) string {
		all, err := org.StandardRegions()
		if err != nil {
			return "" // embedded: a test reads it; without it the mark lacks the place and Check refuses it
		}
		r, _ := all.By(code)
		return r.Name
	}
	style, _, err := d.style(ctx, d.store.View(c), c.Unit(), Wording{Region: name})
	if err == nil {
		err = style.Check()
	}
	return style.Mark + "责", err
}

// GiveLetters hands letters out (下发), each with its number; one that was refused a
// second time, with the number that it has.
func (d *Desk) GiveLetters(ctx context.Context, c org.Caller, key string, of Letters) (store.Receipt, error) {
	drafted := func(l store.LetterRow) bool { return l.State == letter.Drafted }
	mark, unfit := d.letterMark(ctx, c) // read before the act: it may not wait for another reader
	return d.onLetters(ctx, c, org.MakeLetter, key, of, drafted, func(tx *store.Tx, all []store.LetterRow) error {
		if unfit != nil {
			return unfit
		}
		given := make([]letter.Letter, len(all))
		for i, l := range all {
			var err error
			if given[i], err = letter.Give(l.Letter, tx.Today()); err != nil {
				return err
			}
		}
		if err := tx.MoveLetters(given); err != nil {
			return err
		}
		numbers, err := numberLetters(tx, c.Unit().ID, mark, all)
		if err != nil {
			return err
		}
		return tx.Record(map[string]any{"given": idsOf(all), "numbers": numbers})
	})
}

func idsOf(all []store.LetterRow) []letter.ID {
	out := make([]letter.ID, len(all))
	for i, l := range all {
		out[i] = l.ID
	}
	return out
}

// signedLetter is what the journal keeps of one signature of many.
type signedLetter struct {
	Letter    letter.ID `json:"letter"`
	Digest    string    `json:"digest"`
	Statement string    `json:"statement"`
	Value     string    `json:"value,omitempty"`
}

// SignLetters puts the caller's unit's signature under one letter, or as giver
// under all of a batch that wait for it (集中签订), each its own. shown is the
// digest of the letter that the signer was shown, or letter.Roll of many.
func (d *Desk) SignLetters(ctx context.Context, c org.Caller, key string, of Letters, shown string, how Signing) (store.Receipt, error) {
	me := c.Unit().ID
	waiting := func(l store.LetterRow) bool { return l.SideOf(me) != "" && l.Waits(l.SideOf(me)) }
	return d.onLetters(ctx, c, org.SignLetter, key, of, waiting, func(tx *store.Tx, all []store.LetterRow) error {
		if how.Method == seal.Paper {
			return fault.New(fault.Invalid, "letter.paper-by-office").On("method")
		}
		if shown != ShownLetters(all) {
			return fault.New(fault.Conflict, "letter.other-text")
		}
		signed, kept := make([]letter.Letter, len(all)), make([]signedLetter, len(all))
		for i, l := range all {
			var err error
			if signed[i], err = letter.Sign(l.Letter, l.Digest, me, how.Day, tx.Today()); err != nil {
				return err
			}
			s, err := d.sign(tx, c, letterSignable(l), how)
			if err != nil {
				return err
			}
			kept[i] = signedLetter{l.ID, l.Digest, s.Statement, s.Value}
		}
		if err := tx.MoveLetters(signed); err != nil {
			return err
		}
		return tx.Record(map[string]any{"shown": shown, "signed": kept})
	})
}

// ShownLetters is what stands for letters that somebody is shown before signing:
// the digest of a single one, or the roll of many.
func ShownLetters(all []store.LetterRow) string {
	digests := map[letter.ID]string{}
	for _, l := range all {
		digests[l.ID] = l.Digest
	}
	return shownDigests(digests)
}

func shownDigests(digests map[letter.ID]string) string {
	if len(digests) == 1 {
		for _, one := range digests {
			return one
		}
	}
	return letter.Roll(digests)
}

func letterSignable(l store.LetterRow) signable {
	return signable{Kind: "letter", Subject: string(l.ID), Title: official.LetterTitle(l.Body), Digest: l.Digest}
}

// LetterStatement returns the bytes that an outside signer of the caller's unit,
// called name today, signs under a letter with the key. Nothing is written.
func (d *Desk) LetterStatement(c org.Caller, l store.LetterRow, name string, how Signing, key, nonce string) (string, error) {
	return outsideStatement(c, name, letterSignable(l), how, key, nonce)
}

// EnterLetterSignatures records that letters were signed on paper, with one scan
// for all of them: by the giver, by the taker, or by both; a taker's own office
// records its own side's.
func (d *Desk) EnterLetterSignatures(ctx context.Context, c org.Caller, key string, of Letters, sides []letter.Side, how Signing) (store.Receipt, error) {
	how.Method = seal.Paper
	open := func(l store.LetterRow) bool {
		return slices.ContainsFunc(sides, l.Waits)
	}
	return d.onLetters(ctx, c, org.EnterLetter, key, of, open, func(tx *store.Tx, all []store.LetterRow) error {
		switch {
		case len(sides) == 0:
			return fault.New(fault.Invalid, "letter.no-side").On("side")
		case how.Scan == "":
			return fault.New(fault.Invalid, "sign.scan-missing").On("scan")
		}
		signed, kept := make([]letter.Letter, len(all)), []signedLetter{}
		for i, l := range all {
			signed[i] = l.Letter
			for _, side := range sides {
				if !l.Records(l.Office, c.Unit().ID, side) {
					return fault.New(fault.Denied, "letter.other-side").On("side")
				}
				if !l.Waits(side) && slices.ContainsFunc(sides, l.Waits) {
					continue // what is signed already stays
				}
				party := l.Body.Taker
				if side == letter.TheGiver {
					party = l.Body.Giver
				}
				var err error
				if signed[i], err = letter.Sign(signed[i], l.Digest, party.Unit, how.Day, tx.Today()); err != nil {
					return err
				}
				s := paperSignature(tx, c, party, l, how)
				if err := tx.AddSignature(s); err != nil {
					return err
				}
				kept = append(kept, signedLetter{Letter: l.ID, Digest: l.Digest, Statement: s.Statement})
			}
		}
		if err := tx.MoveLetters(signed); err != nil {
			return err
		}
		return tx.Record(map[string]any{"scan": how.Scan, "signed": kept})
	})
}

// paperSignature is what is kept of a signature on paper: for whom, and which post
// has recorded it.
func paperSignature(tx *store.Tx, c org.Caller, party letter.Party, l store.LetterRow, how Signing) store.Signature {
	id := tx.NewID()
	x := statement(c, party.Name, letterSignable(l), how, "", id)
	x.Party = string(party.Unit)
	return store.Signature{
		ID: id, Kind: "letter", Subject: string(l.ID), Digest: l.Digest, Party: party.Unit, Person: c.Person().ID, Post: c.Post().ID,
		Method: string(seal.Paper), Statement: string(x.Bytes()), Scan: how.Scan, Place: how.Place, On: how.Day,
	}
}

// RefuseLetter sends a letter back for the caller's unit, with the reason (退回).
func (d *Desk) RefuseLetter(ctx context.Context, c org.Caller, key string, id letter.ID, reason string) (store.Receipt, error) {
	return d.onLetter(ctx, c, org.RefuseLetter, key, id, func(tx *store.Tx, l store.LetterRow) error {
		next, err := letter.Refuse(l.Letter, c.Unit().ID, reason)
		if err != nil {
			return err
		}
		if err := tx.MoveLetters([]letter.Letter{next}); err != nil {
			return err
		}
		return tx.Record(map[string]any{"letter": id, "digest": l.Digest, "reason": next.Reason})
	})
}

// AnnulLetter makes a letter void that not both have signed (作废), with the reason.
func (d *Desk) AnnulLetter(ctx context.Context, c org.Caller, key string, id letter.ID, version int64, reason string) (store.Receipt, error) {
	return d.onLetter(ctx, c, org.MakeLetter, key, id, func(tx *store.Tx, l store.LetterRow) error {
		if l.Version != version {
			return fault.New(fault.Conflict, "changed-meanwhile")
		}
		next, err := letter.Annul(l.Letter, reason)
		if err != nil {
			return err
		}
		if err := tx.VoidLetterSignatures([]letter.ID{id}, "letter.void"); err != nil {
			return err
		}
		if err := tx.MoveLetters([]letter.Letter{next}); err != nil {
			return err
		}
		return tx.Record(map[string]any{"letter": id, "digest": l.Digest, "reason": next.Reason})
	})
}

// LetterBundle is a letter with the signatures that stand, as a file that proves itself.
func LetterBundle(l store.LetterRow, all []store.Signature) letter.Bundle {
	b := letter.Bundle{Kind: letter.BundleKind, ID: l.ID, Body: string(l.Body.Canonical()), Digest: l.Digest}
	for _, s := range store.Standing(all) {
		b.Signatures = append(b.Signatures, letter.Signature{Statement: s.Statement, Value: s.Value})
	}
	return b
}

// CheckLetterSignature examines one signature of a bundle.
func CheckLetterSignature(statement, value []byte) (letter.Seen, error) {
	x, err := seal.Check(statement, value)
	if errors.Is(err, seal.ErrOnPaper) {
		x, err = seal.ReadStatement(statement)
	}
	return letter.Seen{Kind: x.Kind, Subject: x.Subject, Digest: x.Digest, Party: x.Party, OnPaper: x.Method == seal.Paper}, err
}
