package act_test

import (
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// The ranking as it stands is counted when it is asked for: what was verified in
// the act before is in it, and it is what a run of the same instant would say.
func TestTheStandingShowsTheReportThatWasJustVerified(t *testing.T) {
	scored(t, func(w *testkit.Town, plan memo.PlanID, scorer org.Caller) {
		ctx, must := t.Context(), must(t)
		id, clerk := w.Tasks(plan)[0].ID, w.Caller(testkit.LuzhouBureau, org.Clerk)
		must(w.Desk.Sign(ctx, clerk, "", id))
		w.On(2010, 6, 7)
		must(w.Desk.Report(ctx, clerk, "", id, value(may2010, 9), file(t, w, "九个")))
		verified := func() (q task.Quantity) {
			a, cards, err := w.Store.View(scorer).Standing(ctx, "memorandum", "cities")
			if err != nil || len(cards) != 1 || len(a.Ranking.Entries) != 1 || a.ID != "" || !a.Published.IsZero() {
				t.Fatalf("the standing is %+v of %d cards, %v", a, len(cards), err)
			}
			_, run, err := w.Desk.Compute(ctx, scorer, "", "memorandum", "cities", 0, w.Store.Today())
			if err != nil {
				t.Fatal(err)
			}
			c, err := w.Store.View(scorer).Scorecard(ctx, run, "510500")
			if err != nil || c.Digest != cards[0].Digest {
				t.Fatalf("a run of the same instant has the card %s, the standing %s (%v)", c.Digest, cards[0].Digest, err)
			}
			return c.Read.Inputs.Tasks[0].Verified
		}
		if q := verified(); q != 0 {
			t.Fatalf("before the verdict %s are verified", q)
		}
		must(w.Desk.Verify(ctx, w.Caller(testkit.ProvinceBureau, org.Verifier), "", w.Reports(id)[0].ID, "属实"))
		if q := verified(); q != task.Count(9) {
			t.Fatalf("after the verdict %s are verified, want 9", q)
		}
		_, _, err := w.Store.View(clerk).Standing(ctx, "memorandum", "cities")
		if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Denied {
			t.Errorf("a clerk who sees no unpublished score was told %v", err)
		}
	})
}
