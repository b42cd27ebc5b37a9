package act_test

import (
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// promising enters a memorandum by which 泸州 promises 20 亩 of land and 6,000 万元.
func promising(t *testing.T, w *testkit.Town) (land, money memo.CommitmentID) {
	t.Helper()
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	_, id, err := w.Desk.EnterMemorandum(t.Context(), office, "", memo.Memorandum{
		Title: "四川省质监局 泸州市人民政府合作备忘录", Kind: "合作备忘录", Region: "510500", Stage: memo.InForce,
		Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov}, Signed: calendar.NewDate(2010, 1, 4),
		Clauses: []memo.Clause{{No: "第四条", Level: 1, Text: "支持检测中心建设。", Commitments: []memo.Commitment{
			{Obligor: testkit.LuzhouGov, Confirms: testkit.ProvinceBureau, Text: "划拨建设用地20亩", Support: &memo.Support{Kind: memo.Land, Amount: 20 * int64(task.One), Unit: "亩"}},
			{Obligor: testkit.LuzhouGov, Confirms: testkit.ProvinceBureau, Text: "安排资金6000万元", Support: &memo.Support{Kind: memo.Money, Amount: 6_000_000_000, Year: 2010}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := w.Store.View(office).Memorandum(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m.Clauses[0].Commitments[0].ID, m.Clauses[0].Commitments[1].ID
}

func money(value int, place org.RegionCode, giver org.UnitID, under memo.CommitmentID) support.Delivery {
	return support.Delivery{
		Kind: memo.Money, Value: task.Count(value), Unit: "万元", Year: 2010, On: calendar.NewDate(2010, 2, 1), Region: place,
		Giver: giver, Taker: testkit.ProvinceBureau, Commitment: under,
	}
}

func TestSupportIsEnteredVerifiedAndCorrected(t *testing.T) { // Rules SL-01 to SL-04
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, city, bureau := t.Context(), w.Caller(testkit.LuzhouGov, org.Clerk), w.Caller(testkit.ProvinceBureau, org.Office)
		_, promised := promising(t, w)
		w.On(2010, 3, 1)
		file, err := w.Desk.KeepEvidence(city, strings.NewReader("%PDF-1.4"), "拨款凭证.pdf")
		if err != nil {
			t.Fatal(err)
		}
		_, id, err := w.Desk.EnterSupport(ctx, city, "k1", money(1000, "510500", testkit.LuzhouGov, promised), []task.Evidence{file})
		if err != nil {
			t.Fatal(err)
		}
		if r, again, err := w.Desk.EnterSupport(ctx, city, "k1", money(1000, "510500", testkit.LuzhouGov, promised), nil); err != nil || !r.Again || again != id {
			t.Errorf("sent twice: %v %v %v", r, again, err)
		}
		if _, _, err := w.Desk.EnterSupport(ctx, bureau, "", money(1000, "510500", testkit.LuzhouGov, promised), nil); err == nil {
			t.Error("the receiver enters for the giver")
		}
		if _, _, err := w.Desk.EnterSupport(ctx, w.Caller(testkit.LiangshanGov, org.Clerk), "", money(5, "513400", testkit.LiangshanGov, promised), nil); !fault.Is(err, "support.commitment") {
			t.Errorf("under a commitment that it does not see: %v", err)
		}
		if _, err := w.Desk.VerifySupport(ctx, city, "", id, 1, true, ""); fault.KindOf(err) != fault.Denied {
			t.Errorf("the giver verifies: %v", err)
		}
		if _, err := w.Desk.VerifySupport(ctx, w.Caller(testkit.LiangshanGov, org.Office), "", id, 1, true, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger verifies: %v", err)
		}
		if _, err := w.Desk.VerifySupport(ctx, bureau, "", id, 1, true, "已到账"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.VerifySupport(ctx, bureau, "", id, 1, true, ""); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("twice: %v", err)
		}
		want := func(step string, entered, verified support.Amount) {
			t.Helper()
			p, err := w.Store.View(city).Promises(ctx, store.SupportFilter{Commitment: promised}, store.PromiseKey{}, 10)
			if err != nil || len(p) != 1 || p[0].Promised != 6_000_000_000 || p[0].Entered != entered || p[0].Verified != verified {
				t.Errorf("%s: %+v %v", step, p, err)
			}
		}
		want("verified", 0, 1_000_000_000)
		_, next, err := w.Desk.CorrectSupport(ctx, city, "", id, 2, money(900, "510500", testkit.LuzhouGov, promised), "其中一百万元为上年结转", nil)
		if err != nil {
			t.Fatal(err)
		}
		want("corrected", 900_000_000, 0)
		if _, _, err := w.Desk.CorrectSupport(ctx, city, "", id, 3, money(1, "510500", testkit.LuzhouGov, promised), "再更正一次试试", nil); !fault.Is(err, "support.cancelled-already") {
			t.Errorf("cancelled twice: %v", err)
		}
		s, err := w.Store.View(bureau).Support(ctx, id)
		if err != nil || s.State != support.Cancelled || s.CorrectedBy != next || len(s.Files) != 1 || s.Clause != "第四条" {
			t.Errorf("%+v %v", s, err)
		}
		nothing := money(0, "510500", testkit.LuzhouGov, promised)
		if _, _, err := w.Desk.CorrectSupport(ctx, city, "", next, 1, nothing, "该笔资金已全部收回", nil); err != nil {
			t.Fatal(err)
		}
		want("taken out", 0, 0)
		if _, err := w.Store.View(w.Caller(testkit.LiangshanGov, org.Office)).SupportFile(ctx, id, file.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger reads the evidence: %v", err)
		}
		e, err := w.Desk.OpenSupportFile(ctx, bureau, id, file.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.File.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestSupportSumsUpTheTreeAndShowsNobodyMore(t *testing.T) { // Rules SL-05, SL-06
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx := t.Context()
		land, promised := promising(t, w)
		w.On(2010, 3, 1)
		enter := func(d support.Delivery, role org.Role) support.ID {
			t.Helper()
			_, id, err := w.Desk.EnterSupport(ctx, w.Caller(d.Giver, role), "", d, nil)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		a := enter(money(1000, "510500", testkit.LuzhouGov, promised), org.Clerk)
		enter(money(70, "510502", testkit.JiangyangBureau, ""), org.Clerk)
		enter(money(5, "513400", testkit.LiangshanGov, ""), org.Clerk)
		plot := money(0, "510500", testkit.LuzhouGov, land)
		plot.Kind, plot.Value, plot.Unit = memo.Land, task.Quantity(13_300), "公顷"
		enter(plot, org.Clerk)
		if _, err := w.Desk.VerifySupport(ctx, w.Caller(testkit.ProvinceBureau, org.Verifier), "", a, 1, true, ""); err != nil {
			t.Fatal(err)
		}
		province := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		cells, err := province.SupportSums(ctx, store.SupportFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range support.Up(cells) {
			if c.Region == "510500" && c.Kind == memo.Money && (c.Verified != 1_000_000_000 || c.Entered != 70_000_000) {
				t.Errorf("泸州: %+v", c)
			}
			if c.Region == "510000" && c.Kind == memo.Money && (c.Entered != 75_000_000 || c.Count != 3) {
				t.Errorf("the province: %+v", c)
			}
			if c.Kind == memo.Land && c.Entered != 399_000_000 {
				t.Errorf("1.33 公顷 are %+v", c)
			}
		}
		public, err := w.Store.View(org.Public()).PublicSupport(ctx)
		if err != nil || len(public) != 1 || public[0].Verified != 1_000_000_000 {
			t.Errorf("the public sees %+v, %v", public, err)
		}
		// The list and single entries agree for everybody, and page by key.
		all, err := province.Supports(ctx, store.SupportFilter{}, store.SupportKey{}, 100)
		if err != nil || len(all) != 4 {
			t.Fatal(len(all), err)
		}
		for _, unit := range []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouBureau, testkit.LuzhouGov, testkit.LuzhouFarm, testkit.JiangyangBureau, testkit.LiangshanGov, testkit.MianningBureau} {
			for _, role := range []org.Role{org.Office, org.Clerk, org.Leader, org.Auditor, org.Admin} {
				v := w.Store.View(w.Caller(unit, role))
				listed := map[support.ID]bool{}
				var after store.SupportKey
				for {
					piece, err := v.Supports(ctx, store.SupportFilter{}, after, 2)
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range piece {
						if listed[e.ID] {
							t.Fatalf("%s is listed twice", e.ID)
						}
						listed[e.ID] = true
						after = store.SupportKey{On: e.On.String(), ID: e.ID}
					}
					if len(piece) < 2 {
						break
					}
				}
				for _, e := range all {
					if _, err := v.Support(ctx, e.ID); (err == nil) != listed[e.ID] {
						t.Errorf("%s/%s: listed %v, opened %v", unit, role, listed[e.ID], err)
					}
				}
			}
		}
		if _, err := w.Store.View(w.Caller(testkit.LiangshanGov, org.Office)).Promises(ctx, store.SupportFilter{}, store.PromiseKey{}, 10); err != nil {
			t.Error(err)
		}
		if p, _ := w.Store.View(w.Caller(testkit.LiangshanGov, org.Office)).Promises(ctx, store.SupportFilter{}, store.PromiseKey{}, 10); len(p) != 0 {
			t.Errorf("凉山 sees 泸州's promises: %+v", p)
		}
	})
}
