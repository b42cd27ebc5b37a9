package act_test

import (
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// negotiated gives a memorandum that is only prepared, and the offices of its two parties.
func negotiated(t *testing.T, f func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller)) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		bureau, city := w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.LiangshanGov, org.Office)
		_, id, err := w.Desk.EnterMemorandum(t.Context(), bureau, "", memo.Memorandum{
			Title: "合作备忘录（草拟）", Kind: "合作备忘录", Region: "513400", Stage: memo.Preparing,
			Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov},
		})
		if err != nil {
			t.Fatal(err)
		}
		f(t, w, id, bureau, city)
	})
}

func draftText(words ...string) memo.Text {
	t := memo.Text{
		Title: "关于实施以质取胜战略的合作备忘录", Kind: "合作备忘录", Term: memo.Term{Years: 3},
		Parties: []memo.Party{{Unit: testkit.ProvinceBureau, Name: "四川省质量技术监督局", Called: "甲方"}, {Unit: testkit.LiangshanGov, Name: "凉山彝族自治州人民政府", Called: "乙方"}},
	}
	for _, w := range words {
		t.Clauses = append(t.Clauses, memo.Clause{No: "第一条", Level: 1, Text: w, Commitments: []memo.Commitment{
			{Obligor: testkit.LiangshanGov, Confirms: testkit.ProvinceBureau, Text: w},
		}})
	}
	return t
}

// propose drafts and proposes in one go.
func propose(t *testing.T, w *testkit.Town, c org.Caller, id memo.ID, base int, x memo.Text) memo.VersionID {
	t.Helper()
	if _, err := w.Desk.SaveDraft(t.Context(), c, "", store.Draft{Memorandum: id, Base: base, Text: x}); err != nil {
		t.Fatal(err)
	}
	_, v, err := w.Desk.Propose(t.Context(), c, "", id, 1, "请研提意见")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTwoPartiesComeToAnAgreementByCounterProposal(t *testing.T) {
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		first := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		v, m, err := w.Store.View(city).TextVersion(ctx, first)
		if err != nil || m.Stage != memo.Negotiating || v.Number != 1 || m.Title != v.Text.Title {
			t.Fatalf("the city sees %+v of %+v, %v", v, m, err)
		}
		counter := v.Text
		counter.Clauses[0].Text = "三年培育名牌三十个"
		second := propose(t, w, city, id, 1, counter)
		n, err := w.Store.View(bureau).Negotiation(ctx, m)
		if err != nil || n.Newest.ID != second || n.Newest.Text.Clauses[0].ID != v.Text.Clauses[0].ID {
			t.Fatalf("the clause lost its identity: %+v, %v", n.Newest, err)
		}
		if _, err := w.Desk.AnswerVersion(ctx, bureau, "", id, first, true, ""); !fault.Is(err, "version.outdated") {
			t.Fatalf("an outdated version was accepted: %v", err)
		}
		if _, err := w.Desk.AnswerVersion(ctx, bureau, "", id, second, true, ""); err != nil {
			t.Fatal(err)
		}
		v, m, err = w.Store.View(bureau).TextVersion(ctx, second)
		if err != nil || v.State != memo.AgreedOn || m.Stage != memo.Agreed {
			t.Fatalf("not agreed: %+v, stage %s, %v", v.State, m.Stage, err)
		}
		// A change of one character after the agreement voids it.
		counter.Clauses[0].Text += "。"
		propose(t, w, city, id, 2, counter)
		v, m, err = w.Store.View(bureau).TextVersion(ctx, second)
		if err != nil || v.State != memo.VoidedByNext || m.Stage != memo.Negotiating {
			t.Fatalf("the agreement stands: %s, stage %s, %v", v.State, m.Stage, err)
		}
	})
}

// Rule O-22.
func TestADraftIsSeenByItsPartyAlone(t *testing.T) {
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		if _, err := w.Desk.SaveDraft(ctx, bureau, "", store.Draft{Memorandum: id, Text: draftText("三年培育名牌五十个")}); err != nil {
			t.Fatal(err)
		}
		m, err := w.Store.View(city).Memorandum(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := w.Store.View(city).Draft(ctx, m.Memorandum); err != nil || d.Version != 0 {
			t.Errorf("the city reads the bureau's draft: %+v, %v", d, err)
		}
		if d, err := w.Store.View(bureau).Draft(ctx, m.Memorandum); err != nil || d.Version != 1 || len(d.Text.Clauses) != 1 {
			t.Errorf("the bureau's draft: %+v, %v", d, err)
		}
		// Two people of one party at once: the second is told.
		if _, err := w.Desk.SaveDraft(ctx, bureau, "", store.Draft{Memorandum: id, Text: draftText("另一稿")}); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("overwritten: %v", err)
		}
		stranger := w.Caller(testkit.LuzhouBureau, org.Office)
		if _, err := w.Desk.SaveDraft(ctx, stranger, "", store.Draft{Memorandum: id, Text: draftText("混进来")}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger was answered %v", err)
		}
	})
}

func TestAnIdentityFromAnotherMemorandumIsReplaced(t *testing.T) {
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		x := draftText("三年培育名牌五十个", "落实经费")
		x.Clauses[0].ID, x.Clauses[1].Commitments[0].ID = "of-another", "of-another"
		v, _, err := w.Store.View(city).TextVersion(t.Context(), propose(t, w, bureau, id, 0, x))
		if err != nil {
			t.Fatal(err)
		}
		if c := v.Text.Clauses; c[0].ID == "of-another" || c[1].Commitments[0].ID == "of-another" || c[0].ID == c[1].ID || c[0].ID == "" {
			t.Errorf("identities %+v", c)
		}
	})
}
