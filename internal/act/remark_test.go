package act_test

import (
	"bytes"
	"strings"
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestARemarkIsAnsweredClosedAndSurvivesItsClause(t *testing.T) { // Rule M-05
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		first := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个", "落实检测中心建设用地"))
		v, m, err := w.Store.View(city).TextVersion(ctx, first)
		if err != nil {
			t.Fatal(err)
		}
		gone, stays := v.Text.Clauses[0].ID, v.Text.Clauses[1].ID
		for _, c := range []memo.ClauseID{gone, stays} {
			if _, err := w.Desk.Remark(ctx, city, "", memo.Remark{Version: first, Clause: c, Words: "请再斟酌"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Desk.Remark(ctx, city, "", memo.Remark{Version: first, Clause: "c-9", Words: "没有这一条"}); !fault.Is(err, "remark.no-such-clause") {
			t.Errorf("a remark on nothing: %v", err)
		}
		stranger := w.Caller(testkit.LuzhouBureau, org.Office)
		if _, err := w.Desk.Remark(ctx, stranger, "", memo.Remark{Version: first, Words: "混进来"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger was answered %v", err)
		}
		all, err := w.Store.View(bureau).Remarks(ctx, v, m)
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v, %v", all, err)
		}
		if _, err := w.Desk.AnswerRemark(ctx, bureau, "", all[1].ID, "已补充"); err != nil {
			t.Error(err)
		}
		if _, err := w.Desk.CloseRemark(ctx, bureau, "", all[1].ID); fault.KindOf(err) != fault.Denied {
			t.Errorf("another's remark was closed: %v", err)
		}
		if _, err := w.Desk.CloseRemark(ctx, city, "", all[1].ID); err != nil {
			t.Error(err)
		}
		// The next version drops the clause of the open remark: it is still there, and says so.
		counter := v.Text
		counter.Clauses = counter.Clauses[1:]
		second := propose(t, w, city, id, 1, counter)
		v, m, err = w.Store.View(bureau).TextVersion(ctx, second)
		if err != nil {
			t.Fatal(err)
		}
		all, err = w.Store.View(bureau).Remarks(ctx, v, m)
		if err != nil || len(all) != 1 || all[0].Clause != gone || all[0].Number != 1 || v.Text.Has(gone) || !v.Text.Has(stays) {
			t.Errorf("remarks on version 2: %+v, %v", all, err)
		}
	})
}

func TestOpinionsStayWithinTheirParty(t *testing.T) { // Rules M-06, O-24
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		v := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		due := w.Store.Today().AddDays(3)
		ask := memo.Opinion{Version: v, Asked: testkit.LiangshanBureau, Kind: memo.DepartmentOpinion, Due: due}
		if _, err := w.Desk.AskOpinion(ctx, city, "", ask); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.AskOpinion(ctx, city, "", ask); !fault.Is(err, "opinion.asked-already") {
			t.Errorf("asked twice: %v", err)
		}
		ask.Asked = testkit.LuzhouFarm
		if _, err := w.Desk.AskOpinion(ctx, city, "", ask); !fault.Is(err, "opinion.unit-not-yours") {
			t.Errorf("another's unit was asked: %v", err)
		}
		asked := w.Caller(testkit.LiangshanBureau, org.Clerk)
		mine, err := w.Store.View(asked).AskedOpinions(ctx, true, store.OpinionKey{}, 10)
		if err != nil || len(mine) != 1 || mine[0].Number != 1 {
			t.Fatalf("asked of the unit: %+v, %v", mine, err)
		}
		if next, err := w.Store.View(asked).AskedOpinions(ctx, true, mine[0].Key(), 10); err != nil || len(next) != 0 {
			t.Errorf("the next page: %+v, %v", next, err)
		}
		// The other party sees nothing of it.
		if _, _, err := w.Store.View(bureau).Opinion(ctx, mine[0].ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the bureau reads the city's opinions: %v", err)
		}
		if theirs, err := w.Store.View(bureau).Opinions(ctx, v); err != nil || len(theirs) != 0 {
			t.Errorf("the bureau lists %+v, %v", theirs, err)
		}
		if _, x, err := w.Store.View(asked).Opinion(ctx, mine[0].ID); err != nil || x.ID != v {
			t.Errorf("who was asked reads %v, %v", x.ID, err)
		}
		if _, err := w.Desk.GiveOpinion(ctx, bureau, "", mine[0].ID, memo.Agrees, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the other party gives it: %v", err)
		}
		if _, err := w.Desk.AnswerVersion(ctx, city, "", id, v, true, ""); !fault.Is(err, "opinion.open") {
			t.Errorf("accepted with an open opinion: %v", err)
		}
		if _, err := w.Desk.GiveOpinion(ctx, asked, "", mine[0].ID, memo.Agrees, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.AnswerVersion(ctx, city, "", id, v, true, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestTheLegalCheckIsOverruledWithAReasonOnly(t *testing.T) { // Rule M-07
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		v := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		ask := memo.Opinion{Version: v, Asked: testkit.LiangshanGov, Kind: memo.LegalOpinion, Due: w.Store.Today()}
		if _, err := w.Desk.AskOpinion(ctx, city, "", ask); err != nil {
			t.Fatal(err)
		}
		all, err := w.Store.View(city).Opinions(ctx, v)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		if _, err := w.Desk.GiveOpinion(ctx, city, "", all[0].ID, memo.Agrees, ""); !fault.Is(err, "opinion.asked-yourself") {
			t.Errorf("given by who asked: %v", err)
		}
		if _, err := w.Desk.GiveOpinion(ctx, w.Caller(testkit.LiangshanGov, org.Clerk), "", all[0].ID, memo.Objects, "违反预算法"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.AnswerVersion(ctx, city, "", id, v, true, ""); !fault.Is(err, "opinion.legal-objects") {
			t.Errorf("accepted against the legal check: %v", err)
		}
		if _, err := w.Desk.Answer(ctx, city, "", id, memo.Answer{Version: v, Accepts: true, Despite: "州长办公会议定"}); err != nil {
			t.Fatal(err)
		}
		if why, err := w.Store.View(city).Acceptance(ctx, v); err != nil || why != "州长办公会议定" {
			t.Errorf("kept: %q, %v", why, err)
		}
		if why, err := w.Store.View(bureau).Acceptance(ctx, v); err != nil || why != "" {
			t.Errorf("the other party reads %q, %v", why, err)
		}
	})
}

func TestItIsOurTurnUntilWeAnswer(t *testing.T) { // Rule M-02
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		turns := func(c org.Caller) int {
			all, err := w.Store.View(c).OurTurns(ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		v := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个"))
		if turns(city) != 1 || turns(bureau) != 0 || turns(w.Caller(testkit.LuzhouGov, org.Office)) != 0 {
			t.Error("after the proposal it is not the city's turn")
		}
		if _, err := w.Desk.AnswerVersion(ctx, city, "", id, v, false, "改为三十个"); err != nil {
			t.Fatal(err)
		}
		if turns(city) != 0 || turns(bureau) != 1 {
			t.Error("after the answer it is not the bureau's turn")
		}
	})
}

func TestTheOtherPartysFileBecomesOurDraft(t *testing.T) { // Rule M-08
	negotiated(t, func(t *testing.T, w *testkit.Town, id memo.ID, bureau, city org.Caller) {
		ctx := t.Context()
		first := propose(t, w, bureau, id, 0, draftText("三年培育名牌五十个以上", "落实检测中心建设用地"))
		v, m, err := w.Store.View(city).TextVersion(ctx, first)
		if err != nil {
			t.Fatal(err)
		}
		edited := v.Text
		edited.Clauses = append([]memo.Clause{}, v.Text.Clauses...)
		edited.Clauses[0].Text = strings.Replace(edited.Clauses[0].Text, "五十", "三十", 1)
		file, err := w.Desk.VersionFile(edited, func(u org.UnitID) string { return string(u) }, official.DOCX)
		if err != nil {
			t.Fatal(err)
		}
		take := func(c org.Caller, version int64, b []byte) error {
			_, err := w.Desk.TakeDraft(ctx, c, "", id, version, "改稿.docx", bytes.NewReader(b), int64(len(b)))
			return err
		}
		if err := take(city, 0, file); err != nil {
			t.Fatal(err)
		}
		if err := take(city, 0, file); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("a draft was overwritten: %v", err)
		}
		if err := take(city, 1, []byte("没有编号的文字")); !fault.Is(err, "version.no-clauses-read") {
			t.Errorf("a file without clauses: %v", err)
		}
		d, err := w.Store.View(city).Draft(ctx, m)
		if err != nil || d.Base != 1 || d.Source == "" || d.Text.Clauses[0].ID != v.Text.Clauses[0].ID || d.Text.Clauses[0].Commitments[0].Text != edited.Clauses[0].Text {
			t.Fatalf("the draft %+v, %v", d, err)
		}
		_, second, err := w.Desk.Propose(ctx, city, "", id, d.Version, "附我方修改稿")
		if err != nil {
			t.Fatal(err)
		}
		if x, _, err := w.Store.View(bureau).TextVersion(ctx, second); err != nil || x.Source != d.Source || x.Base != 1 {
			t.Errorf("version 2: %+v, %v", x, err)
		}
	})
}
