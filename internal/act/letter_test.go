package act_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// letterTown has an issued plan with one task led by 泸州's bureau with its farm
// bureau's help, and a desk that keeps keys.
func letterTown(t *testing.T, f func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.KeepKeys()
		id, office, row := w.Memorandum().ID, w.Caller(testkit.ProvinceBureau, org.Office), testkit.Brands()
		m, err := w.Store.View(office).Memorandum(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		row.Commitment = m.Clauses[0].Commitments[0].ID
		plan := w.Plan(m.Memorandum, row)
		w.On(2010, 3, 1)
		f(t, w, plan, office)
	})
}

func draw(t *testing.T, w *testkit.Town, c org.Caller, in act.Drawing) (letter.BatchID, []store.LetterEntry) {
	t.Helper()
	in.Giver = testkit.ProvinceBureau
	_, batch, err := w.Desk.DrawLetters(t.Context(), c, "", in)
	if err != nil {
		t.Fatal(err)
	}
	return batch, letters(t, w, c, store.LetterFilter{Batch: batch})
}

func letters(t *testing.T, w *testkit.Town, c org.Caller, f store.LetterFilter) []store.LetterEntry {
	t.Helper()
	all, err := w.Store.View(c).Letters(t.Context(), f, store.LetterKey{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Rules L-01 and L-04: drawn, given, signed by both, each signature checkable.
func TestLettersAreDrawnGivenAndSignedByBoth(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, all := draw(t, w, office, act.Drawing{Plan: plan})
		if len(all) != 2 || all[0].State != letter.Drafted || all[0].Tasks != 1 {
			t.Fatalf("%+v", all)
		}
		bureau, taker := w.Caller(testkit.ProvinceBureau, org.Leader), w.Caller(testkit.LuzhouBureau, org.Leader)
		if len(letters(t, w, taker, store.LetterFilter{})) != 0 {
			t.Error("a draft is seen by its taker")
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		mine := letters(t, w, taker, store.LetterFilter{Wait: "taker"})
		i := 0
		if len(mine) != 2 { // its own, and that of the department which it does not lead, by no line
			if len(mine) != 1 {
				t.Fatalf("the taker sees %+v", mine)
			}
		} else if mine[0].Taker != testkit.LuzhouBureau {
			i = 1
		}
		id := mine[i].ID
		ours, err := w.Store.View(taker).LettersToSign(ctx, 10)
		if err != nil || len(ours) != 1 || ours[0].ID != id {
			t.Errorf("for the taker to sign: %+v %v", ours, err)
		}
		if both, err := w.Store.View(bureau).LettersToSign(ctx, 10); err != nil || len(both) != 2 {
			t.Errorf("for the giver to sign: %+v %v", both, err)
		}
		v, err := w.Store.View(taker).Letter(ctx, id)
		if err != nil || v.Body.Tasks[0].Clause != "第三条（二）" || v.Body.Tasks[0].Target != "不少于20个" || v.Changed() {
			t.Fatalf("%+v %v", v.Body, err)
		}
		how := act.Signing{Method: seal.SM2, Place: "泸州", Day: w.Store.Today()}
		if _, err := w.Desk.SignLetters(ctx, taker, "", act.Letters{IDs: []letter.ID{id}}, v.Digest, how); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SignLetters(ctx, taker, "", act.Letters{IDs: []letter.ID{id}}, v.Digest, how); !fault.Is(err, "letter.signed-already") {
			t.Errorf("signed twice: %v", err)
		}
		open, err := w.Store.View(bureau).LetterTexts(ctx, store.LetterFilter{Batch: batch, Wait: "giver"}, store.LetterKey{}, 10)
		if err != nil || len(open) != 2 {
			t.Fatal(len(open), err)
		}
		how.Method = seal.Ed25519
		if _, err := w.Desk.SignLetters(ctx, bureau, "", act.Letters{Batch: batch}, "00", how); !fault.Is(err, "letter.other-text") {
			t.Errorf("another roll than was shown: %v", err)
		}
		r, err := w.Desk.SignLetters(ctx, bureau, "k", act.Letters{Batch: batch}, act.ShownLetters(open), how)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.Desk.SignLetters(ctx, bureau, "k", act.Letters{Batch: batch}, act.ShownLetters(open), how); err != nil || again.Number != r.Number {
			t.Errorf("sent twice: %v", err)
		}
		if _, err := w.Desk.SignLetters(ctx, bureau, "", act.Letters{Batch: batch}, act.ShownLetters(open), how); !fault.Is(err, "letter.none-open") {
			t.Errorf("all are signed by the giver: %v", err)
		}
		if v, err = w.Store.View(taker).Letter(ctx, id); err != nil || v.State != letter.Signed || len(v.Signatures) != 2 {
			t.Fatalf("%s with %d signatures, %v", v.State, len(v.Signatures), err)
		}
		b := act.LetterBundle(v.LetterRow, v.Signatures)
		if got, err := b.Verify(act.CheckLetterSignature); err != nil || !got.Giver || !got.Taker {
			t.Errorf("the bundle: %+v %v", got, err)
		}
		b.Body = strings.Replace(b.Body, "不少于20个", "不少于21个", 1)
		if _, err := b.Verify(act.CheckLetterSignature); err == nil {
			t.Error("a bundle with one character changed was taken")
		}
	})
}

// Rule O-30: who draws and who signs.
func TestWhoMayNotDrawSignOrRefuseLetters(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		for _, c := range []org.Caller{w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Auditor)} {
			if _, _, err := w.Desk.DrawLetters(ctx, c, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau}); fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Denied {
				t.Errorf("%s draws: %v", c.Post().ID, err)
			}
		}
		if _, _, err := w.Desk.DrawLetters(ctx, office, "", act.Drawing{Plan: plan, Giver: testkit.LiangshanGov}); !fault.Is(err, "letter.no-giver") {
			t.Errorf("a stranger gives: %v", err)
		}
		_, all := draw(t, w, office, act.Drawing{Plan: plan, Units: []org.UnitID{testkit.LuzhouBureau}})
		if len(all) != 1 {
			t.Fatalf("%+v", all)
		}
		one, how := act.Letters{IDs: []letter.ID{all[0].ID}}, act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}
		taker := w.Caller(testkit.LuzhouBureau, org.Leader)
		if _, err := w.Desk.SignLetters(ctx, taker, "", one, all[0].Digest, how); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a draft is signed: %v", err)
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", one); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			who  org.Caller
			want fault.Kind
		}{{w.Caller(testkit.LuzhouBureau, org.Clerk), fault.Denied}, {w.Caller(testkit.LiangshanBureau, org.Leader), fault.NotFound}, {office, fault.Denied}} {
			if _, err := w.Desk.SignLetters(ctx, x.who, "", one, all[0].Digest, how); fault.KindOf(err) != x.want {
				t.Errorf("%s signs: %v", x.who.Post().ID, err)
			}
		}
		if _, err := w.Desk.RefuseLetter(ctx, w.Caller(testkit.ProvinceBureau, org.Leader), "", all[0].ID, "x"); fault.KindOf(err) != fault.Denied {
			t.Errorf("the giver refuses: %v", err)
		}
		if _, err := w.Desk.RefuseLetter(ctx, taker, "", all[0].ID, "指标过高"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SignLetters(ctx, taker, "", one, all[0].Digest, how); !fault.Is(err, "letter.not-given") {
			t.Errorf("a refused one is signed: %v", err)
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", one); err != nil {
			t.Errorf("given again: %v", err)
		}
		if _, err := w.Desk.AnnulLetter(ctx, office, "", all[0].ID, 1, "重拟"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version is annulled: %v", err)
		}
		if _, err := w.Desk.AnnulLetter(ctx, office, "", all[0].ID, 4, "重拟"); err != nil {
			t.Error(err)
		}
	})
}

// Rule L-08: the taker's own office records what its own side signed on paper, of its
// own letters and never the giver's signature.
func TestATakerRecordsItsOwnSideOnPaperAndNoOther(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, all := draw(t, w, office, act.Drawing{Plan: plan})
		own, other := all[0], all[1]
		if own.Taker != testkit.LuzhouBureau {
			own, other = other, own
		}
		taker := w.Caller(testkit.LuzhouBureau, org.Office)
		scan, err := w.Desk.KeepEvidence(taker, strings.NewReader("%PDF-1.4 scan"), "签字页.pdf")
		if err != nil {
			t.Fatal(err)
		}
		how := act.Signing{Scan: string(scan.ID), Day: w.Store.Today(), Place: "泸州"}
		enter := func(c org.Caller, key string, how act.Signing, of act.Letters, sides ...letter.Side) (store.Receipt, error) {
			return w.Desk.EnterLetterSignatures(ctx, c, key, of, sides, how)
		}
		mine := act.Letters{IDs: []letter.ID{own.ID}}
		if _, err := enter(taker, "", how, mine, letter.TheTaker); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before it was given out: %v", err)
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			who   org.Caller
			of    act.Letters
			how   act.Signing
			sides []letter.Side
			kind  fault.Kind
		}{
			"the giver's side":      {taker, mine, how, []letter.Side{letter.TheGiver}, fault.Denied},
			"both sides":            {taker, mine, how, []letter.Side{letter.TheTaker, letter.TheGiver}, fault.Denied},
			"another unit's letter": {taker, act.Letters{IDs: []letter.ID{other.ID}}, how, []letter.Side{letter.TheTaker}, fault.NotFound},
			"its own and another's": {taker, act.Letters{IDs: []letter.ID{own.ID, other.ID}}, how, []letter.Side{letter.TheTaker}, fault.NotFound},
			"the batch":             {taker, act.Letters{Batch: batch}, how, []letter.Side{letter.TheTaker}, fault.NotFound},
			"by a city's clerk":     {w.Caller(testkit.LuzhouBureau, org.Clerk), mine, how, []letter.Side{letter.TheTaker}, fault.Denied},
			"without a scan":        {taker, mine, act.Signing{Day: how.Day}, []letter.Side{letter.TheTaker}, fault.Invalid},
			"signed tomorrow":       {taker, mine, act.Signing{Scan: how.Scan, Day: how.Day.AddDays(1)}, []letter.Side{letter.TheTaker}, fault.Invalid},
			"for no side":           {taker, mine, how, nil, fault.Invalid},
		} {
			if _, err := enter(c.who, "", c.how, c.of, c.sides...); fault.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		first, err := enter(taker, "once", how, mine, letter.TheTaker)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := enter(taker, "once", how, mine, letter.TheTaker); err != nil || again.Number != first.Number {
			t.Errorf("sent twice: %v, %v", again, err)
		}
		if _, err := enter(taker, "", how, mine, letter.TheTaker); fault.KindOf(err) != fault.Conflict {
			t.Errorf("recorded already: %v", err)
		}
		v, err := w.Store.View(office).Letter(ctx, own.ID)
		if err != nil || v.TakerOn != how.Day || !v.GiverOn.IsZero() || len(v.Signatures) != 1 || v.Signatures[0].Party != testkit.LuzhouBureau || v.Signatures[0].Place != "泸州" {
			t.Errorf("%+v, %v", v.Letter, err)
		}
	})
}

// Rules L-02 and L-03: a changed task makes a supplement of what both signed, and
// replaces what they have not.
func TestAChangedTaskMakesASupplementAndNeverASilentChange(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, _ := draw(t, w, office, act.Drawing{Plan: plan})
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		scan, err := w.Desk.KeepEvidence(office, strings.NewReader("%PDF-1.4 scan"), "签字页.pdf")
		if err != nil {
			t.Fatal(err)
		}
		// The bureau's is signed by both on paper; the farm bureau's by the taker alone.
		all := letters(t, w, office, store.LetterFilter{Batch: batch})
		bureau, farm := all[0], all[1]
		if bureau.Taker != testkit.LuzhouBureau {
			bureau, farm = farm, bureau
		}
		how := act.Signing{Scan: string(scan.ID), Day: w.Store.Today(), Place: "泸州"}
		paper := func(id letter.ID, how act.Signing, sides ...letter.Side) error {
			_, err := w.Desk.EnterLetterSignatures(ctx, office, "", act.Letters{IDs: []letter.ID{id}}, sides, how)
			return err
		}
		if err := paper(bureau.ID, act.Signing{Day: how.Day}, letter.TheGiver); !fault.Is(err, "sign.scan-missing") {
			t.Errorf("paper without a scan: %v", err)
		}
		if err := paper(bureau.ID, how); !fault.Is(err, "letter.no-side") {
			t.Errorf("no side: %v", err)
		}
		if err := paper(bureau.ID, how, letter.TheGiver, letter.TheTaker); err != nil {
			t.Fatal(err)
		}
		if err := paper(farm.ID, how, letter.TheTaker); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.DrawLetters(ctx, office, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau, Changed: true}); !fault.Is(err, "letter.nothing-to-draw") {
			t.Errorf("nothing has changed: %v", err)
		}
		k := w.Tasks(plan)[0]
		change := act.Change{Version: k.Version, Title: k.Title, Measures: k.Measures, Deadline: k.Deadline, Due: k.Due, Evidence: k.EvidenceWanted, Cadence: k.Cadence, Field: k.Field,
			Target: &task.Target{Text: "不少于25个", Op: task.OpAtLeast, Value: 25 * task.One, Unit: "个"}, Reason: "年中调整"}
		if _, err := w.Desk.Change(ctx, office, "", k.ID, change); err != nil {
			t.Fatal(err)
		}
		listed := letters(t, w, office, store.LetterFilter{Plan: plan})
		changed, err := w.Store.View(office).LettersChanged(ctx, listed)
		if err != nil || !changed[bureau.ID] || !changed[farm.ID] {
			t.Fatalf("%v %v", changed, err)
		}
		if n := len(letters(t, w, office, store.LetterFilter{Plan: plan, Wait: "changed"})); n != 2 {
			t.Errorf("%d of 2 letters are listed as changed", n)
		}
		second, more := draw(t, w, office, act.Drawing{Plan: plan, Changed: true})
		b, err := w.Store.View(office).LetterBatch(ctx, second)
		if err != nil || b.Counts.Further != 1 || b.Counts.Anew != 1 || len(more) != 2 {
			t.Fatalf("%+v %v", b, err)
		}
		v, err := w.Store.View(office).Letter(ctx, bureau.ID)
		if err != nil || v.State != letter.Signed || len(v.Chain) != 2 || v.Changed() {
			t.Fatalf("what both signed: %s with a chain of %d, %v", v.State, len(v.Chain), err)
		}
		if n := len(letters(t, w, office, store.LetterFilter{Wait: "changed"})); n != 0 {
			t.Errorf("after the supplement %d letters are listed as changed", n)
		}
		x, err := w.Store.View(office).Letter(ctx, v.Chain[1].ID)
		if err != nil || x.Body.Number != 1 || x.Body.After != v.Digest || x.Body.Changes.Changed[0].Old.Target != "不少于20个" || x.Standing[0].Target != "不少于25个" {
			t.Fatalf("the supplement: %+v %v", x.Body, err)
		}
		old, err := w.Store.View(office).Letter(ctx, farm.ID)
		if err != nil || old.State != letter.Replaced || old.Signatures[0].VoidAt.IsZero() || len(old.Chain) != 2 {
			t.Fatalf("what one signed: %+v %v", old.Letter, err)
		}
		if err := paper(farm.ID, how, letter.TheGiver); !fault.Is(err, "letter.replaced") {
			t.Errorf("a replaced one is signed: %v", err)
		}
	})
}

// An outside signer's signature goes under one letter and not under another.
func TestAnOutsideSignatureUnderALetter(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, all := draw(t, w, office, act.Drawing{Plan: plan, Units: []org.UnitID{testkit.LuzhouBureau}})
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		taker := w.Caller(testkit.LuzhouBureau, org.Leader)
		v, err := w.Store.View(taker).Letter(ctx, all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := seal.Generate(seal.Ed25519, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		how := act.Signing{Method: seal.Outside, Day: w.Store.Today()}
		if how.Statement, err = w.Desk.LetterStatement(taker, v.LetterRow, taker.Unit().Name, how, secret.Public().String(), "n"); err != nil {
			t.Fatal(err)
		}
		value, _ := secret.Sign([]byte(how.Statement))
		how.Value = base64.StdEncoding.EncodeToString(value)
		one := act.Letters{IDs: []letter.ID{v.ID}}
		other := how
		other.Place = "北京"
		if _, err := w.Desk.SignLetters(ctx, taker, "", one, v.Digest, other); !fault.Is(err, "sign.other-statement") {
			t.Errorf("another place than was signed: %v", err)
		}
		if _, err := w.Desk.SignLetters(ctx, taker, "", one, v.Digest, how); err != nil {
			t.Error(err)
		}
	})
}

// addCounties adds n county bureaus below 泸州's, each to lead a task.
func addCounties(t testing.TB, w *testkit.Town, n int) (rows []act.Row) {
	t.Helper()
	_, err := w.Store.Act(t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin), org.ChangeUnit, "", func(tx *store.Tx) error {
		if err := tx.Require(org.ChangeUnit, org.UnitFacts{}); err != nil {
			return err
		}
		for i := range n {
			id := org.UnitID(fmt.Sprintf("county-%04d", i))
			u := org.Unit{ID: id, Name: fmt.Sprintf("第%d县质监局", i+1), Kind: org.Agency, Level: org.County, Region: "510521", Function: "质监", Line: testkit.LuzhouBureau}
			if err := tx.AddUnit(u); err != nil {
				return err
			}
			k := testkit.Brands()
			k.No, k.Leads, k.Cooperating = fmt.Sprint(i+2), []org.UnitID{id}, nil
			rows = append(rows, k)
		}
		return tx.Record(n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTwoHundredLettersInABatchAreSignedInOneAct(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.KeepKeys()
		m := w.Memorandum()
		plan := w.Plan(m, append([]act.Row{testkit.Brands()}, addCounties(t, w, 200)...)...)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		batch, all := draw(t, w, office, act.Drawing{Plan: plan, Within: "510521"})
		if len(all) != 200 {
			t.Fatalf("%d letters of the county", len(all))
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		bureau := w.Caller(testkit.ProvinceBureau, org.Leader)
		open, err := w.Store.View(bureau).LetterTexts(ctx, store.LetterFilter{Batch: batch}, store.LetterKey{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.Desk.SignLetters(ctx, bureau, "", act.Letters{Batch: batch}, act.ShownLetters(open), act.Signing{Method: seal.Ed25519, Day: w.Store.Today()})
		if err != nil {
			t.Fatal(err)
		}
		signed, err := w.Store.View(bureau).SignedLetters(ctx, open)
		tally, wrong := store.LetterTally{}, 0
		if err == nil {
			tally, err = w.Store.View(bureau).LetterTally(ctx, store.LetterFilter{Batch: batch})
		}
		for _, l := range open {
			if len(signed[l.ID]) != 1 || signed[l.ID][0].Digest != l.Digest {
				wrong++
			}
		}
		if err != nil || wrong > 0 || tally.All != 200 || tally.WaitGiver != 0 || tally.WaitTaker != 200 {
			t.Errorf("%d without their own signature, %+v, %v", wrong, tally, err)
		}
		e, err := journal.New(db, nil, w.Clock.Now).ByID(ctx, r.Entry)
		for _, l := range open {
			if err != nil || !bytes.Contains(e.Bytes, []byte(l.ID)) || !bytes.Contains(e.Bytes, []byte(l.Digest)) {
				t.Fatalf("the entry does not keep letter %s: %v", l.ID, err)
			}
		}
		rest, _ := draw(t, w, office, act.Drawing{Plan: plan, Changed: true})
		if b, err := w.Store.View(office).LetterBatch(ctx, rest); err != nil || b.Counts.First != 2 || b.Counts.Unchanged != 200 {
			t.Errorf("the rest: %+v %v", b, err)
		}
	})
}

// Rules L-06, O-30: a city's office draws for its counties, in its own name, and nobody
// has letters of two givers.
func TestACityDrawsForItsCountiesInItsOwnName(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		county := testkit.Brands()
		county.Leads, county.Cooperating = []org.UnitID{testkit.JiangyangBureau}, nil
		plan := w.Plan(w.Memorandum(), testkit.Brands(), county)
		ctx, city, office := t.Context(), w.Caller(testkit.LuzhouBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Office)
		in := act.Drawing{Plan: plan, Giver: testkit.LuzhouBureau}
		if _, _, err := w.Desk.DrawLetters(ctx, w.Caller(testkit.LuzhouBureau, org.Clerk), "", in); fault.KindOf(err) != fault.Denied && fault.KindOf(err) != fault.NotFound {
			t.Errorf("a clerk draws: %v", err)
		}
		if _, _, err := w.Desk.DrawLetters(ctx, w.Caller(testkit.LiangshanBureau, org.Office), "", act.Drawing{Plan: plan, Giver: testkit.LiangshanBureau}); err == nil {
			t.Error("a city without a part in the plan draws")
		}
		if plans, err := w.Store.View(city).LetterPlans(ctx, 10); err != nil || len(plans) != 1 || !plans[0].Draws {
			t.Fatalf("the city may draw from %+v %v", plans, err)
		}
		if _, o, err := w.Store.View(city).LetterOutlook(ctx, plan, "", ""); err != nil || o.First != 1 || o.Givers[0].ID != testkit.LuzhouBureau {
			t.Fatalf("the city looks ahead to %+v %v", o, err)
		}
		_, batch, err := w.Desk.DrawLetters(ctx, city, "", in)
		if err != nil {
			t.Fatal(err)
		}
		all := letters(t, w, city, store.LetterFilter{Batch: batch})
		if len(all) != 1 || all[0].Taker != testkit.JiangyangBureau || all[0].Office != testkit.LuzhouBureau || all[0].Giver != testkit.LuzhouBureau {
			t.Fatalf("%+v", all)
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{Batch: batch}); fault.KindOf(err) != fault.Denied && fault.KindOf(err) != fault.NotFound {
			t.Errorf("the province gives out what the city drew: %v", err)
		}
		if _, err := w.Desk.GiveLetters(ctx, city, "", act.Letters{Batch: batch}); err != nil {
			t.Fatal(err)
		}
		if _, o, err := w.Store.View(office).LetterOutlook(ctx, plan, "", ""); err != nil || o.First != 2 {
			t.Errorf("the province looks ahead to %+v %v", o, err)
		}
		if _, rest := draw(t, w, office, act.Drawing{Plan: plan}); len(rest) != 2 {
			t.Errorf("the province draws %d letters beside those of the city", len(rest))
		}
	})
}

// Rule L-07.
func TestLettersAreNumberedInOrderWhenTheyAreGivenOutAndKeepTheirNumbers(t *testing.T) {
	letterTown(t, func(t *testing.T, w *testkit.Town, plan memo.PlanID, office org.Caller) {
		ctx := t.Context()
		batch, all := draw(t, w, office, act.Drawing{Plan: plan})
		if all[0].Issue != "" {
			t.Errorf("a draft has the number %s", all[0].Issue)
		}
		for range 2 { // the second time is the same act, answered again
			if _, err := w.Desk.GiveLetters(ctx, office, "k", act.Letters{Batch: batch}); err != nil {
				t.Fatal(err)
			}
		}
		numbers := func() (out []string) {
			for _, e := range letters(t, w, office, store.LetterFilter{Batch: batch}) {
				out = append(out, e.Issue)
			}
			return out
		}
		first := numbers()
		if len(first) != 2 || !strings.HasSuffix(first[0], "责〔2010〕1号") || !strings.HasSuffix(first[1], "责〔2010〕2号") {
			t.Fatalf("%q", first)
		}
		i := slices.IndexFunc(all, func(e store.LetterEntry) bool { return e.Taker == testkit.LuzhouBureau })
		if _, err := w.Desk.RefuseLetter(ctx, w.Caller(testkit.LuzhouBureau, org.Leader), "", all[i].ID, "指标过高"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.GiveLetters(ctx, office, "", act.Letters{IDs: []letter.ID{all[i].ID}}); err != nil {
			t.Fatal(err)
		}
		if again := numbers(); !slices.Equal(again, first) {
			t.Errorf("given again: %q, before %q", again, first)
		}
	})
}
