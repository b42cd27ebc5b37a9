package act_test

import (
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestARepeatedRequestReturnsTheRecordThatTheFirstMade(t *testing.T) {
	scored(t, func(w *testkit.Town, _ memo.PlanID, scorer org.Caller) {
		ctx, office, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.ProvinceBureau, org.Admin)
		m := memo.Memorandum{
			Title: "第二份合作备忘录", Kind: "合作备忘录", Region: "513400", Stage: memo.InForce, Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov},
			Signed: calendar.NewDate(2010, 1, 6), Until: calendar.NewDate(2012, 12, 31),
		}
		var of memo.ID
		acts := []struct {
			name string
			do   func() (store.Receipt, string, error)
		}{
			{"a memorandum", func() (store.Receipt, string, error) {
				r, id, err := w.Desk.EnterMemorandum(ctx, office, "k", m)
				of = id
				return r, string(id), err
			}},
			{"a plan", func() (store.Receipt, string, error) {
				r, id, err := w.Desk.EnterPlan(ctx, office, "k", of, 2010, "凉山州2010年度工作计划")
				return r, string(id), err
			}},
			{"a run", func() (store.Receipt, string, error) {
				r, id, err := w.Desk.Compute(ctx, scorer, "k", "memorandum", "cities", 0, w.Store.Today())
				return r, string(id), err
			}},
			{"a post", func() (store.Receipt, string, error) {
				r, id, err := w.Desk.AddPost(ctx, admin, "k", org.Post{Unit: testkit.ProvinceBureau, Title: "备忘录岗", Roles: []org.Role{org.Clerk}})
				return r, string(id), err
			}},
		}
		for _, a := range acts {
			_, first, err := a.do()
			if err != nil || first == "" {
				t.Fatalf("%s: %q, %v", a.name, first, err)
			}
			if r, again, err := a.do(); err != nil || !r.Again || again != first {
				t.Errorf("%s, sent twice: %q and then %q, again %t, %v", a.name, first, again, r.Again, err)
			}
		}
	})
}
