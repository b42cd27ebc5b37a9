package act_test

import (
	"crypto/rand"
	"encoding/base64"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/testkit"
)

// agreed brings a memorandum to the point where it can be signed, at a desk that
// keeps keys, and gives the leaders of both parties.
func agreed(t *testing.T, f func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller)) {
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		w.KeepKeys()
		first := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		if _, err := w.Desk.AnswerVersion(t.Context(), city, "", id, first, true, ""); err != nil {
			t.Fatal(err)
		}
		v, _, err := w.Store.View(bureau).TextVersion(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		f(t, w, v, w.Caller(testkit.ProvinceBureau, org.Leader), w.Caller(testkit.LiangshanGov, org.Leader))
	})
}

func TestTheLastSignaturePutsTheMemorandumInForce(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx, today := t.Context(), w.Store.Today()
		if _, err := w.Desk.SignVersion(ctx, bureau, "", v.Memorandum, v.ID, v.Digest, act.Signing{Method: seal.Ed25519, Place: "西昌", Day: today}); err != nil {
			t.Fatal(err)
		}
		if m, err := w.Store.View(city).Memorandum(ctx, v.Memorandum); err != nil || m.Stage != memo.Agreed {
			t.Fatalf("after one of two: %s, %v", m.Stage, err)
		}
		if _, err := w.Desk.SignVersion(ctx, city, "", v.Memorandum, v.ID, v.Digest, act.Signing{Method: seal.SM2, Place: "西昌", Day: today}); err != nil {
			t.Fatal(err)
		}
		m, err := w.Store.View(city).Memorandum(ctx, v.Memorandum)
		if err != nil || m.Stage != memo.InForce || m.Signed != today || m.Until != (memo.Term{Years: 3}).Last(today) || m.Place != "西昌" {
			t.Fatalf("in force: %+v, %v", m.Memorandum, err)
		}
		if len(m.Clauses) != 1 || m.Clauses[0].ID != v.Text.Clauses[0].ID || len(m.Clauses[0].Commitments) != 1 {
			t.Fatalf("clauses %+v", m.Clauses)
		}
		all, err := w.Store.View(city).VersionSignatures(ctx, m.Memorandum, v.ID)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d signatures, %v", len(all), err)
		}
		for _, s := range all {
			value, _ := base64.StdEncoding.DecodeString(s.Value)
			x, err := seal.Check([]byte(s.Statement), value)
			if err != nil || x.Digest != v.Digest || x.Party != string(s.Party) || x.Person != string(s.Person) {
				t.Errorf("a stored signature: %+v, %v", x, err)
			}
		}
	})
}

// Rule O-23.
func TestWhoMayNotSignAndWhatMayNotBeSigned(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx, how := t.Context(), act.Signing{Method: seal.Ed25519, Day: w.Store.Today()}
		sign := func(c org.Caller, digest string, how act.Signing) error {
			_, err := w.Desk.SignVersion(ctx, c, "", v.Memorandum, v.ID, digest, how)
			return err
		}
		if err := sign(w.Caller(testkit.ProvinceBureau, org.Office), v.Digest, how); fault.KindOf(err) != fault.Denied {
			t.Errorf("the office signs itself: %v", err)
		}
		if err := sign(w.Caller(testkit.LuzhouBureau, org.Leader), v.Digest, how); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger: %v", err)
		}
		if err := sign(bureau, "00", how); !fault.Is(err, "sign.other-text") {
			t.Errorf("another text: %v", err)
		}
		if err := sign(bureau, v.Digest, act.Signing{Method: "seal", Day: how.Day}); !fault.Is(err, "sign.method-unknown") {
			t.Errorf("an unknown method: %v", err)
		}
		if err := sign(bureau, v.Digest, how); err != nil {
			t.Fatal(err)
		}
		if err := sign(bureau, v.Digest, how); !fault.Is(err, "sign.already") {
			t.Errorf("signed twice: %v", err)
		}
		office := w.Caller(testkit.LiangshanGov, org.Office)
		if err := sign(office, v.Digest, act.Signing{Method: seal.Paper, Day: how.Day}); !fault.Is(err, "sign.scan-missing") {
			t.Errorf("paper without a scan: %v", err)
		}
		// A new version after the agreement voids the signature.
		x := v.Text
		x.Clauses[0].Text += "。"
		second := propose(t, w, office, v.Memorandum, 1, x)
		if err := sign(city, v.Digest, how); !fault.Is(err, "sign.outdated") {
			t.Errorf("an outdated version: %v", err)
		}
		m, err := w.Store.View(bureau).Memorandum(ctx, v.Memorandum)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := w.Store.View(bureau).VersionSignatures(ctx, m.Memorandum, v.ID); err != nil || len(all) != 1 || all[0].VoidAt.IsZero() {
			t.Errorf("the signature stands: %+v, %v", all, err)
		}
		if _, err := w.Desk.SignVersion(ctx, city, "", v.Memorandum, second, memo.Digest(x), how); !fault.Is(err, "sign.not-agreed") {
			t.Errorf("not agreed on: %v", err)
		}
	})
}

func TestAnOutsideSignatureMustBeUnderOurStatementAndFitItsKey(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx := t.Context()
		secret, err := seal.Generate(seal.SM2, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		how := act.Signing{Method: seal.Outside, Place: "成都", Day: w.Store.Today()}
		how.Statement, err = w.Desk.StatementFor(bureau, v, "四川省质量技术监督局", how, secret.Public().String()+"=", "nonce-1")
		if err != nil {
			t.Fatal(err)
		}
		value, err := secret.Sign([]byte(how.Statement))
		if err != nil {
			t.Fatal(err)
		}
		how.Value = base64.StdEncoding.EncodeToString(value)
		sign := func(c org.Caller, how act.Signing) error {
			_, err := w.Desk.SignVersion(ctx, c, "", v.Memorandum, v.ID, v.Digest, how)
			return err
		}
		if err := sign(city, how); !fault.Is(err, "sign.other-statement") {
			t.Errorf("another party's statement: %v", err)
		}
		forged := how
		value[8] ^= 1
		forged.Value = base64.StdEncoding.EncodeToString(value)
		if err := sign(bureau, forged); err == nil {
			t.Error("a forged signature was taken")
		}
		elsewhere := how
		elsewhere.Place = "北京"
		if err := sign(bureau, elsewhere); !fault.Is(err, "sign.other-statement") {
			t.Errorf("another place than was signed: %v", err)
		}
		if err := sign(bureau, how); err != nil {
			t.Fatal(err)
		}
	})
}

func TestASignatureCannotBeUsedAgainUnderTheNextVersion(t *testing.T) {
	agreed(t, func(t *testing.T, w *testkit.Town, v memo.Version, bureau, city org.Caller) {
		ctx := t.Context()
		secret, err := seal.Generate(seal.Ed25519, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		how := act.Signing{Method: seal.Outside, Day: w.Store.Today()}
		how.Statement, err = w.Desk.StatementFor(bureau, v, "四川省质量技术监督局", how, secret.Public().String(), "n")
		if err != nil {
			t.Fatal(err)
		}
		value, _ := secret.Sign([]byte(how.Statement))
		how.Value = base64.StdEncoding.EncodeToString(value)
		if _, err := w.Desk.SignVersion(ctx, bureau, "", v.Memorandum, v.ID, v.Digest, how); err != nil {
			t.Fatal(err)
		}
		x := v.Text
		x.Clauses[0].Text += "。"
		second := propose(t, w, w.Caller(testkit.LiangshanGov, org.Office), v.Memorandum, 1, x)
		if _, err := w.Desk.AnswerVersion(ctx, w.Caller(testkit.ProvinceBureau, org.Office), "", v.Memorandum, second, true, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.SignVersion(ctx, bureau, "", v.Memorandum, second, memo.Digest(x), how); !fault.Is(err, "sign.other-statement") {
			t.Errorf("an old signature under a new text: %v", err)
		}
	})
}
