package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// lit is a town with three tasks in force on 7 June 2010: one with a course, one
// that is overdue, and one with words and a last day in the far future.
func lit(t *testing.T, db *sqldb.DB) (w *testkit.Town, course, overdue, words task.ID) {
	t.Helper()
	w = testkit.NewTown(t, db)
	row := func(no string, due calendar.Date, target *task.Target) act.Row {
		r := testkit.Brands()
		r.No, r.Title, r.Cooperating, r.Evidence, r.Target = no, "第"+no+"项", nil, "", target
		r.Deadline = task.Deadline{Text: due.String(), Kind: task.DeadlineByDate, Date: due}
		return r
	}
	plan := w.Plan(w.Memorandum(), row("1", calendar.NewDate(2010, 10, 31), testkit.Brands().Target),
		row("2", calendar.NewDate(2010, 5, 27), nil), row("3", calendar.NewDate(2010, 12, 20), nil))
	ids := map[string]task.ID{}
	for _, k := range w.Tasks(plan) {
		ids[k.No] = k.ID
	}
	w.On(2010, 6, 7)
	change(t, db, `update task set cadence = '', light_until = null`) // nobody asks for reports
	morning(t, w.Store)
	return w, ids["1"], ids["2"], ids["3"]
}

// change changes a row behind the store's back.
func change(t *testing.T, db *sqldb.DB, statement string, args ...any) {
	t.Helper()
	if err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func morning(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.Relight(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	return n
}

func agrees(t *testing.T, s *store.Store) {
	t.Helper()
	if found, err := s.Recheck(t.Context()); err != nil || len(found) > 0 {
		t.Fatalf("%v\n%s", err, strings.Join(found, "\n"))
	}
}

// light is a task's light as its office sees it.
func light(t *testing.T, w *testkit.Town, s *store.Store, id task.ID) task.Light {
	t.Helper()
	k, err := s.View(w.Caller(testkit.ProvinceBureau, org.Office)).Task(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return k.Light
}

func TestAMorningTouchesOnlyTheTasksWhoseLightMayHaveChanged(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, course, overdue, _ := lit(t, db)
		for _, c := range []struct{ month, day, want, since int }{{6, 8, 0, 8}, {6, 29, 0, 22}, {6, 30, 1, 23}, {7, 1, 0, 24}} {
			w.On(2010, 6, c.day)
			if c.month == 7 {
				w.On(2010, 7, c.day)
			}
			if n := morning(t, w.Store); n != c.want {
				t.Errorf("on %s %d tasks were counted, want %d", w.Store.Today(), n, c.want)
			}
			// The days of a delay are counted all the same.
			l := light(t, w, w.Store, overdue)
			if l.On != w.Store.Today() || l.Why[0].Count["n"] != c.since {
				t.Errorf("as of %s: overdue by %v, want %d working days", l.On, l.Why[0].Count, c.since)
			}
		}
		if l := light(t, w, w.Store, course); l.By != calendar.NewDate(2010, 6, 30) {
			t.Errorf("the course was expected by %s", l.By)
		}
	})
}

// A light that is kept is worthless under other rules, by another calendar, and when
// the clock goes back: the next morning counts it again.
func TestOtherRulesHolidaysOrAClockThatGoesBackCountAllAgain(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, _, overdue, words := lit(t, db)
		with := func(days calendar.Workdays, rules task.Rulebook) *store.Store {
			return store.New(db, store.Config{Policies: w.Store.Policies(), Clock: w.Clock.Now, Random: rand.Reader, Workdays: days, Rules: rules})
		}
		strict := slices.Clone(task.DefaultRulebook())
		strict[0].Light.Version, strict[0].Light.NearDays = 2, 200
		s := with(calendar.Default(), strict)
		if morning(t, s); light(t, w, s, words).Colour != task.Yellow || s.Morning() == w.Store.Morning() {
			t.Errorf("within 200 working days of its end it is %s", light(t, w, s, words).Colour)
		}
		later := append(task.DefaultRulebook(), strict[0])
		later[1].Light.From = calendar.NewDate(2010, 6, 10)
		s = with(calendar.Default(), later)
		if morning(t, s); light(t, w, s, words).Colour != task.Green {
			t.Error("the strict rule has not begun")
		}
		w.On(2010, 6, 10)
		if morning(t, s); light(t, w, s, words).Colour != task.Yellow {
			t.Error("the strict rule has begun")
		}
		s = with(calendar.Workdays{}, task.DefaultRulebook())
		morning(t, s)
		if why := light(t, w, s, overdue).Why; why[len(why)-1].Key != "light.no-holidays" {
			t.Errorf("without a notice: %v", why)
		}
		w.On(2010, 4, 1)
		agrees(t, s) // as of the last morning
		if morning(t, s); light(t, w, s, overdue).Colour != task.Green {
			t.Error("on 1 April it is not overdue")
		}
	})
}

// A morning under other rules that is cut leaves some lights by the new and some by the
// old: whichever rules come next, all are looked at again.
func TestAMorningThatIsCutIsMadeGoodByTheNextUnderEitherRules(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, _, _, words := lit(t, db)
		strict := slices.Clone(task.DefaultRulebook())
		strict[0].Light.Version, strict[0].Light.NearDays = 2, 200
		s := store.New(db, store.Config{Policies: w.Store.Policies(), Clock: w.Clock.Now, Random: rand.Reader, Workdays: calendar.Default(), Rules: strict})
		change(t, db, `alter table tally rename to away`)
		if _, err := s.Relight(t.Context()); err == nil {
			t.Fatal("it was not cut")
		}
		change(t, db, `alter table away rename to tally`)
		change(t, db, `update task set light = 'yellow' where id = $1`, words) // what it had come to
		morning(t, w.Store)
		if l := light(t, w, w.Store, words); l.Colour != task.Green {
			t.Errorf("by the old rules it is %s", l.Colour)
		}
	})
}

func TestALightThatIsKeptForTooLongIsFound(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, course, _, _ := lit(t, db)
		change(t, db, `update task set light_until = '2010-07-15' where id = $1`, course)
		if found, err := w.Store.Recheck(t.Context()); err != nil || len(found) != 1 {
			t.Errorf("found %v, error %v", found, err)
		}
	})
}
