package store_test

import (
	"slices"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/letter"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// Guarantee 3 of the design, for letters: what SQL lists is what scope and policies
// mean, drafts too, and a page by key leaves nothing out.
func TestLettersListedAreThoseThatScopeAndPoliciesAllow(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		county, far := testkit.Brands(), testkit.Brands()
		county.No, county.Leads, county.Cooperating = "2", []org.UnitID{testkit.JiangyangBureau}, []org.UnitID{testkit.LuzhouGov}
		far.No, far.Leads, far.Cooperating = "3", []org.UnitID{testkit.MianningBureau}, nil
		plan := w.Plan(w.Memorandum(), testkit.Brands(), county, far)
		office := w.Caller(testkit.ProvinceBureau, org.Office)
		_, given, err := w.Desk.DrawLetters(t.Context(), office, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau, Units: []org.UnitID{testkit.JiangyangBureau, testkit.LuzhouFarm, testkit.MianningBureau}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.GiveLetters(t.Context(), office, "", act.Letters{Batch: given}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.DrawLetters(t.Context(), office, "", act.Drawing{Plan: plan, Giver: testkit.LuzhouGov}); err != nil {
			t.Fatal(err)
		}
		all, err := w.Store.View(office).LetterTexts(t.Context(), store.LetterFilter{}, store.LetterKey{}, 100)
		if err != nil || len(all) != 4 { // 江阳, 农业局, 冕宁 given by the bureau, 泸州 drafted for the government
			t.Fatalf("%d letters, %v", len(all), err)
		}
		seen, hidden := 0, 0
		for _, unit := range townUnits {
			for _, role := range []org.Role{org.Office, org.Leader, org.Clerk, org.Verifier, org.Scorer, org.Auditor, org.Admin} {
				c := w.Caller(unit, role)
				v := w.Store.View(c)
				listed := listedLetters(t, v)
				for _, l := range all {
					f := l.Facts()
					f.LineAbove, f.BlockAbove = above(t, v, org.Line, f.Taker), above(t, v, org.Block, f.Taker)
					in := c.Scope().SeesLetter(f)
					if in != slices.Contains(listed, l.ID) {
						t.Errorf("%s %s: letter of %s: the scope says %t, the list otherwise", unit, role, f.Taker, in)
					}
					if _, err := v.Letter(t.Context(), l.ID); (err == nil) != in {
						t.Errorf("%s %s: letter of %s: the scope says %t, opened with %v", unit, role, f.Taker, in, err)
					}
					if in {
						seen++
					} else {
						hidden++
					}
				}
			}
		}
		if seen == 0 || hidden == 0 {
			t.Fatalf("seen %d, hidden %d: the comparison says nothing", seen, hidden)
		}
	})
}

// listedLetters reads the whole list, two at a time.
func listedLetters(t *testing.T, v *store.View) (ids []letter.ID) {
	t.Helper()
	var after store.LetterKey
	for {
		some, err := v.Letters(t.Context(), store.LetterFilter{}, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range some {
			if slices.Contains(ids, e.ID) {
				t.Fatalf("the letter of %s is listed twice", e.TakerName)
			}
			ids, after = append(ids, e.ID), e.Key()
		}
		if len(some) < 2 {
			return ids
		}
	}
}

func above(t *testing.T, v *store.View, axis org.Axis, unit org.UnitID) (out []org.UnitID) {
	t.Helper()
	all, err := v.AboveOn(t.Context(), axis, unit)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all {
		if u.ID != unit {
			out = append(out, u.ID)
		}
	}
	return out
}

// A page of changed letters goes through the list by key, past portions in which
// nothing has changed, and as files gives the same letters.
func TestChangedLettersPageByKey(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
		var rows []act.Row
		for _, unit := range []org.UnitID{testkit.LuzhouBureau, testkit.LuzhouFarm, testkit.JiangyangBureau, testkit.LiangshanBureau, testkit.MianningBureau, testkit.XichangBureau} {
			row := testkit.Brands()
			row.Leads, row.Cooperating = []org.UnitID{unit}, nil
			rows = append(rows, row)
		}
		plan := w.Plan(w.Memorandum(), rows...)
		if _, _, err := w.Desk.DrawLetters(ctx, office, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau}); err != nil {
			t.Fatal(err)
		}
		var want []letter.ID // in the order of the list: all but the first three and the last but one
		all := pages(t, w.Store.View(office), store.LetterFilter{})
		for i, e := range all {
			if i < 3 || i == len(all)-2 {
				continue
			}
			want = append(want, e.ID)
			for _, k := range w.Tasks(plan) {
				if k.Leads[0] != e.Taker {
					continue
				}
				change := act.Change{Version: k.Version, Title: k.Title + "（调整）", Measures: k.Measures, Deadline: k.Deadline, Due: k.Due, Target: k.Target,
					Evidence: k.EvidenceWanted, Cadence: k.Cadence, Field: k.Field, Reason: "年中调整"}
				if _, err := w.Desk.Change(ctx, office, "", k.ID, change); err != nil {
					t.Fatal(err)
				}
			}
		}
		changed := store.LetterFilter{Plan: plan, Wait: "changed"}
		var got []letter.ID
		for _, e := range pages(t, w.Store.View(office), changed) {
			got = append(got, e.ID)
		}
		if len(all) != 6 || !slices.Equal(got, want) {
			t.Errorf("of %d letters %v are listed as changed, want %v", len(all), got, want)
		}
		files, err := w.Store.View(office).LetterTexts(ctx, changed, store.LetterKey{}, 100)
		if err != nil || len(files) != len(want) || files[0].ID != want[0] || files[1].ID != want[1] {
			t.Errorf("%d files, %v", len(files), err)
		}
	})
}

// pages reads a list one letter at a time.
func pages(t *testing.T, v *store.View, f store.LetterFilter) (out []store.LetterEntry) {
	t.Helper()
	var after store.LetterKey
	for {
		some, err := v.Letters(t.Context(), f, after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			return out
		}
		out, after = append(out, some[0]), some[0].Key()
	}
}
