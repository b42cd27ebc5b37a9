package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

var errChangedItsMind = errors.New("the act failed after it took its number")

// take issues one number in an act of its own; give makes the act fail behind it.
func take(t *testing.T, w *testkit.Town, c org.Caller, mark string, give bool) (int, error) {
	t.Helper()
	serial := 0
	_, err := w.Store.Act(t.Context(), c, org.IssueDocument, "", func(tx *store.Tx) (err error) {
		if err := tx.Require(org.IssueDocument, org.DocumentFacts{Office: c.Unit().ID}); err != nil {
			return err
		}
		if serial, err = tx.TakeNumber(c.Unit().ID, mark, 2010); err != nil {
			return err
		}
		if give {
			return errChangedItsMind
		}
		return tx.Record(map[string]any{"serial": serial})
	})
	return serial, err
}

// Rule D-07: sixteen issuers at once, fifty numbers each, acts that fail among
// them: 1 to 800, none missing, none twice.
func TestNumbersHaveNoGapsAndNoDoubles(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		c := w.Caller(testkit.ProvinceBureau, org.Office)
		const issuers, each = 16, 50
		var mu sync.Mutex
		var taken []int
		var all sync.WaitGroup
		for issuer := range issuers {
			all.Go(func() {
				for i := range each {
					if (issuer+i)%9 == 0 { // one that gives its number back
						if _, err := take(t, w, c, "川质监合", true); !errors.Is(err, errChangedItsMind) && fault.KindOf(err) != fault.Busy {
							t.Errorf("the failing act answered %v", err)
							return
						}
					}
					n, err := take(t, w, c, "川质监合", false)
					for fault.KindOf(err) == fault.Busy { // PostgreSQL gave way to another issuer: asked again, as a user would
						n, err = take(t, w, c, "川质监合", false)
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					taken = append(taken, n)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		slices.Sort(taken)
		for i, n := range taken {
			if n != i+1 {
				t.Fatalf("the %dth number is %d", i+1, n)
			}
		}
		if len(taken) != issuers*each {
			t.Errorf("%d numbers were taken, want %d", len(taken), issuers*each)
		}
	})
}

// Rule D-07: a mark belongs to the unit that first used it in the year.
func TestAMarkOfAnotherUnitIsRefused(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		if n, err := take(t, w, w.Caller(testkit.ProvinceBureau, org.Office), "质监合", false); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		luzhou := w.Caller(testkit.LuzhouBureau, org.Office)
		if _, err := take(t, w, luzhou, "质监合", false); !fault.Is(err, "document.mark-taken") {
			t.Errorf("the other unit is answered %v", err)
		}
		if n, err := take(t, w, luzhou, "泸质监合", false); n != 1 || err != nil {
			t.Error(n, err)
		}
	})
}

// entered writes a document's row as an act.
func entered(t *testing.T, w *testkit.Town, c org.Caller, d store.Document) store.DocumentID {
	t.Helper()
	_, err := w.Store.Act(t.Context(), c, org.IssueDocument, "", func(tx *store.Tx) error {
		d.ID, d.Unit = store.DocumentID(tx.NewID()), c.Unit().ID
		if err := tx.Require(org.IssueDocument, d.Access()); err != nil {
			return err
		}
		if err := tx.AddDocument(d); err != nil {
			return err
		}
		return tx.Record(map[string]any{"number": d.Number})
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func someDocument(i int) store.Document {
	return store.Document{
		Kind: []string{"plan", "bulletin"}[i%2], SubjectKind: "plan", Subject: fmt.Sprint("p", i/2), Number: fmt.Sprint("川质监合〔2010〕", i, "号"),
		Title: fmt.Sprint("通知", i), Code: fmt.Sprint("CODE-", i), DOCX: "d", PDF: "p", Words: "w", Facts: []byte(`{}`), Issued: calendar.NewDate(2010, 6, 7),
	}
}

// Guarantee 3 of the design, for documents: what SQL lists is what scope and
// policies mean, and a page by key leaves nothing out.
func TestDocumentsListedAreThoseThatScopeAndPoliciesAllow(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		var all []store.Document
		for i := range 24 {
			d := someDocument(i)
			d.About = []org.UnitID{"", testkit.LuzhouGov, testkit.MianningBureau}[i%3]
			d.Region = []org.RegionCode{"510000", "510500", "513433", "510502"}[i%4]
			issuer := []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouBureau}[i/12]
			d.ID = entered(t, w, w.Caller(issuer, org.Office), d)
			d.Unit = issuer
			all = append(all, d)
		}
		seen, hidden := 0, 0
		for _, unit := range townUnits {
			for _, role := range []org.Role{org.Office, org.Leader, org.Clerk, org.Verifier, org.Scorer, org.Auditor, org.Admin} {
				c := w.Caller(unit, role)
				listed := listed(t, w.Store.View(c), store.DocumentFilter{})
				for _, d := range all {
					in := c.Scope().SeesDocument(d.Access())
					if in != slices.Contains(listed, d.ID) {
						t.Errorf("%s %s: %s: the scope says %t, the list otherwise", unit, role, d.Number, in)
					}
					if _, err := w.Store.View(c).Document(t.Context(), d.ID); (err == nil) != in {
						t.Errorf("%s %s: %s: the scope says %t, opened with %v", unit, role, d.Number, in, err)
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
		office := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		if n := len(listed(t, office, store.DocumentFilter{Kind: "plan", Unit: testkit.LuzhouBureau})); n != 6 {
			t.Errorf("filtered by kind and unit there are %d, want 6", n)
		}
	})
}

// listed reads the whole list, five at a time.
func listed(t *testing.T, v *store.View, f store.DocumentFilter) (ids []store.DocumentID) {
	t.Helper()
	var after store.DocumentKey
	for {
		some, err := v.Documents(t.Context(), f, after, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range some {
			if slices.Contains(ids, e.ID) {
				t.Fatalf("%s is listed twice", e.Number)
			}
			ids = append(ids, e.ID)
			after = store.DocumentKey{At: e.At, ID: e.ID}
		}
		if len(some) < 5 {
			return ids
		}
	}
}

func TestAWithdrawnDocumentNamesTheLaterOne(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		c := w.Caller(testkit.ProvinceBureau, org.Office)
		w.On(2010, 6, 7)
		first := someDocument(0)
		first.ID = entered(t, w, c, first)
		w.On(2010, 6, 8)
		later := someDocument(0)
		later.Number, later.Code = "川质监合〔2010〕9号", "CODE-9"
		entered(t, w, c, later)
		if _, err := w.Desk.WithdrawDocument(t.Context(), c, "", first.ID, 1, "数字有误，另行印发"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.WithdrawDocument(t.Context(), c, "", first.ID, 1, "数字有误，另行印发"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("withdrawing twice is answered %v", err)
		}
		got, err := w.Store.ByCode(t.Context(), first.Code)
		if err != nil || got.Withdrawn != calendar.NewDate(2010, 6, 8) || got.Later != later.Number || got.Receipt == "" {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestTwoWhoChangeOneStyleConflict(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		c := w.Caller(testkit.ProvinceBureau, org.Office)
		save := func(version int64) error {
			_, err := w.Store.Act(t.Context(), c, org.StyleDocuments, "", func(tx *store.Tx) error {
				if err := tx.Require(org.StyleDocuments, org.DocumentFacts{Office: c.Unit().ID}); err != nil {
					return err
				}
				if err := tx.SaveStyle(c.Unit().ID, version, []byte(`{"mark":"川质监合"}`)); err != nil {
					return err
				}
				return tx.Record(map[string]any{})
			})
			return err
		}
		for _, x := range []struct {
			version int64
			want    fault.Kind
		}{{0, fault.Internal}, {0, fault.Conflict}, {1, fault.Internal}, {1, fault.Conflict}, {2, fault.Internal}} {
			if err := save(x.version); (err == nil) != (x.want == fault.Internal) || err != nil && fault.KindOf(err) != x.want {
				t.Errorf("version %d: %v", x.version, err)
			}
		}
	})
}
