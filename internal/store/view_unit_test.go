package store_test

import (
	"slices"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestTheTreeOfUnitsLoadsALevelAtATime(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		v := w.Store.View(w.Caller(testkit.MianningBureau, org.Clerk))
		ids := func(axis org.Axis, under org.UnitID, after store.UnitKey, limit int) (out []org.UnitID) {
			t.Helper()
			units, err := v.Units(t.Context(), axis, under, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range units {
				out = append(out, u.ID)
			}
			return out
		}
		for _, c := range []struct {
			axis  org.Axis
			under org.UnitID
			want  []org.UnitID
		}{
			{org.Line, "", []org.UnitID{testkit.ProvinceBureau}},
			{org.Line, testkit.ProvinceBureau, []org.UnitID{testkit.LuzhouBureau, testkit.LiangshanBureau}},
			{org.Line, testkit.LuzhouBureau, []org.UnitID{testkit.JiangyangBureau, testkit.NaxiBureau}},
			{org.Line, testkit.NaxiBureau, nil},
			{org.Block, "", []org.UnitID{testkit.ProvinceGov}},
			{org.Block, testkit.LuzhouGov, []org.UnitID{testkit.LuzhouBureau, testkit.LuzhouFarm}},
		} {
			if got := ids(c.axis, c.under, store.UnitKey{}, 10); !slices.Equal(got, c.want) {
				t.Errorf("below %q in the %s: %v, want %v", c.under, c.axis, got, c.want)
			}
		}
		first := ids(org.Line, testkit.LuzhouBureau, store.UnitKey{}, 1)
		if next := ids(org.Line, testkit.LuzhouBureau, store.UnitKey{Region: "510502", ID: first[0]}, 10); !slices.Equal(next, []org.UnitID{testkit.NaxiBureau}) {
			t.Errorf("the page after %v is %v", first, next)
		}
	})
}

func TestSomebodyNotSignedInFindsNoUnit(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		v := w.Store.View(org.Public())
		if _, err := v.Units(t.Context(), org.Line, "", store.UnitKey{}, 10); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the tree: %v", err)
		}
		if _, err := v.FindUnits(t.Context(), "泸州", store.UnitKey{}, 10); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a search: %v", err)
		}
		if _, err := v.Unit(t.Context(), testkit.LuzhouBureau); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a unit: %v", err)
		}
		if _, err := v.PostByID(t.Context(), "luzhou/clerk", 10); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a post: %v", err)
		}
		if posts, _ := v.PostsIn(t.Context(), []org.UnitID{testkit.LuzhouBureau}, 10); len(posts) > 0 {
			t.Errorf("posts: %v", posts)
		}
	})
}

// Rule O-02.
func TestAMergedUnitIsFoundByTheNamesThatItHad(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.On(2010, 6, 7)
		ctx, admin := t.Context(), w.Caller(testkit.LuzhouBureau, org.Admin)
		if _, err := w.Desk.ChangeUnit(ctx, admin, "", testkit.LuzhouFarm, act.UnitChange{Version: 1, Rename: true, Name: "泸州市农业农村局", Day: calendar.NewDate(2010, 5, 1)}); err != nil {
			t.Fatal(err)
		}
		_, next, err := w.Desk.AddUnit(ctx, admin, "", org.Unit{Name: "泸州市农业委员会", Kind: org.Department, Level: org.City, Region: "510500", Block: testkit.LuzhouGov, From: calendar.NewDate(2010, 6, 1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Merge(ctx, admin, "", testkit.LuzhouFarm, 1, next, calendar.NewDate(2010, 6, 7)); !fault.Is(err, "changed-meanwhile") {
			t.Errorf("merged at an old version: %v", err)
		}
		if _, err := w.Desk.Merge(ctx, admin, "", testkit.LuzhouFarm, 2, next, calendar.NewDate(2010, 6, 7)); err != nil {
			t.Fatal(err)
		}
		v := w.Store.View(w.Caller(testkit.MianningBureau, org.Clerk))
		found, err := v.FindUnits(ctx, "泸州市农业局", store.UnitKey{}, 10)
		if err != nil || len(found) != 1 || found[0].Successor != next {
			t.Fatalf("by its former name: %v, %v", found, err)
		}
		u, err := v.Unit(ctx, testkit.LuzhouFarm)
		if err != nil || u.Around[next] != "泸州市农业委员会" || len(u.Names) != 1 || u.To != calendar.NewDate(2010, 6, 6) {
			t.Errorf("the merged unit is %+v, %v", u, err)
		}
		if into, err := v.Unit(ctx, next); err != nil || len(into.Merged) != 1 || into.Around[testkit.LuzhouGov] == "" {
			t.Errorf("the successor is %+v, %v", into, err)
		}
	})
}

// Rule O-12.
func TestAnAdministratorGivesPostsToOthersOnlyAndTheJournalKeepsNoName(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, admin, today := t.Context(), w.Caller(testkit.LuzhouBureau, org.Admin), w.Store.Today()
		if _, _, err := w.Desk.AddPost(ctx, w.Caller(testkit.LuzhouBureau, org.Office), "", org.Post{Unit: testkit.LuzhouBureau, Title: "x", Roles: []org.Role{org.Clerk}}); fault.KindOf(err) != fault.Denied {
			t.Errorf("the office made a post: %v", err)
		}
		_, post, err := w.Desk.AddPost(ctx, admin, "", org.Post{Unit: testkit.LuzhouBureau, Title: "质量科", Roles: []org.Role{org.Clerk}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.Hold(ctx, admin, "", post, string(admin.Person().ID), today); !fault.Is(err, "person.own-holding") {
			t.Errorf("took the post: %v", err)
		}
		if _, err := w.Desk.ChangePost(ctx, admin, "", org.Post{ID: admin.Post().ID, Title: "x", Roles: []org.Role{org.Office}}, []org.Role{org.Admin}); !fault.Is(err, "person.own-holding") {
			t.Errorf("changed the own post: %v", err)
		}
		_, person, err := w.Desk.AddPerson(ctx, admin, "", testkit.LuzhouBureau, org.Person{Name: "王某", Login: "Quality-Clerk"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Desk.AddPerson(ctx, admin, "", testkit.LuzhouBureau, org.Person{Name: "李某", Login: "quality-clerk"}); !fault.Is(err, "person.login-taken") {
			t.Errorf("the same login twice: %v", err)
		}
		if _, err := w.Desk.Hold(ctx, admin, "", post, "quality-clerk", today); err != nil {
			t.Fatal(err)
		}
		key := "the same form"
		_, token, err := w.Desk.NewLink(ctx, admin, key, post, person)
		if err != nil {
			t.Fatal(err)
		}
		if whose, err := w.Store.Link(ctx, token); err != nil || whose != person {
			t.Errorf("the link is %s's, %v", whose, err)
		}
		if again, none, err := w.Desk.NewLink(ctx, admin, key, post, person); err != nil || none != "" || !again.Again {
			t.Errorf("sent twice it made %q, %v", none, err)
		}
		if c, err := w.Store.Caller(ctx, person, post, today); err != nil || !c.Has(org.Clerk) {
			t.Errorf("the new holder acts as %v, %v", c.Roles(), err)
		}
		if _, err := w.Desk.EndHolding(ctx, admin, "", post, person, today); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Store.Caller(ctx, person, post, today.AddDays(1)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the day after they still act: %v", err)
		}
		rows, err := db.Read().QueryContext(ctx, `select bytes from journal_entry`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var entry []byte
			if err := rows.Scan(&entry); err != nil || strings.Contains(string(entry), "王某") {
				t.Errorf("an entry holds the person's name: %s, %v", entry, err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestTheTasksOfAUnitAreThoseThatTheReaderSees(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		w.Plan(w.Memorandum(), testkit.Brands())
		for _, c := range []struct {
			unit org.UnitID
			role org.Role
			want int
		}{
			{testkit.LuzhouFarm, org.Clerk, 1}, {testkit.ProvinceBureau, org.Office, 1}, {testkit.ProvinceBureau, org.Auditor, 1},
			{testkit.LiangshanBureau, org.Office, 0}, {testkit.LuzhouBureau, org.Admin, 0},
		} {
			tasks, err := w.Store.View(w.Caller(c.unit, c.role)).TasksOf(t.Context(), testkit.LuzhouBureau, "", 10)
			if err != nil || len(tasks) != c.want {
				t.Errorf("%s %s sees %d tasks of the bureau, want %d: %v", c.unit, c.role, len(tasks), c.want, err)
			}
		}
	})
}

func TestADirectoryIsReadAgainWhenAUnitComesOrIsRenamed(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		ctx, admin := t.Context(), w.Caller(testkit.ProvinceBureau, org.Admin)
		means := func(name string) org.UnitID {
			t.Helper()
			_, index, err := w.Store.View(admin).Directory(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return index.Match(name, "510500").Unit
		}
		_, first, err := w.Store.View(admin).Directory(ctx)
		if err != nil || means("泸州市质检所") != "" {
			t.Fatalf("before it is there: %v", err)
		}
		if _, again, err := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Clerk)).Directory(ctx); err != nil || again != first {
			t.Errorf("nothing has changed and all units are read again: %v", err)
		}
		_, unit, err := w.Desk.AddUnit(ctx, admin, "", org.Unit{Name: "泸州市质检所", Kind: org.Institution, Level: org.City, Region: "510500", Line: testkit.LuzhouBureau})
		if err != nil {
			t.Fatal(err)
		}
		if got := means("泸州市质检所"); got != unit {
			t.Errorf("the new unit is %q, want %q", got, unit)
		}
		u, err := w.Store.View(admin).Unit(ctx, unit)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Desk.ChangeUnit(ctx, admin, "", unit, act.UnitChange{Version: u.Unit.Version, Rename: true, Name: "泸州市检验检测中心", Day: w.Store.Today()})
		if got := means("泸州市检验检测中心"); err != nil || got != unit {
			t.Errorf("under its new name it is %q: %v", got, err)
		}
	})
}
