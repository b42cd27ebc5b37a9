package store_test

import (
	"strconv"
	"testing"
	"time"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

func TestALargeCountOfAMomentAgoIsShownWithItsTimeAndNotLonger(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w, _, _ := reported(t, db)
		office := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office))
		public := w.Store.View(org.Public())
		now := w.Store.Now()
		first := calendar.Of(calendar.Month, w.Store.Today()).Prev().Prev()
		for ago, kept := range map[time.Duration]bool{0: true, 59 * time.Second: true, time.Minute: false, -time.Second: false} {
			at := now.Add(-ago)
			w.Store.KeepPublic(2010, store.PublicCount{Commitments: 77, Counted: at})
			c, err := public.PublicCounts(t.Context(), 2010)
			if err != nil || (c.Commitments == 77) != kept || c.Counted.Equal(at) != kept {
				t.Errorf("what everybody sees, counted %s ago: %+v %v", ago, c, err)
			}
			w.Store.KeepDirectory(store.DirectoryCount{Posts: 66, Counted: at})
			n, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Admin)).CountDirectory(t.Context())
			if err != nil || (n.Posts == 66) != kept || n.Counted.Equal(at) != kept {
				t.Errorf("units and posts, counted %s ago: %+v %v", ago, n, err)
			}
			leader := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Leader))
			leader.KeepMonth(store.MonthView{AllEnding: 99, Counted: at})
			if m, err := leader.Month(t.Context()); err != nil || (m.AllEnding == 99) != kept || m.Counted.Equal(at) != kept {
				t.Errorf("a leader's month, counted %s ago: %+v %v", ago, m, err)
			}
			if m, err := w.Store.View(w.Caller(testkit.LuzhouBureau, org.Leader)).Month(t.Context()); err != nil || m.AllEnding == 99 {
				t.Errorf("another leader sees it: %+v %v", m, err)
			}
			w.Store.KeepPeriods(testkit.ProvinceBureau, first, may, 88, at)
			p, err := office.Periods(t.Context(), 2)
			if err != nil {
				t.Fatal(err)
			}
			i := 0
			for i < len(p.Rows)-1 && p.Rows[i].Period != may {
				i++
			}
			if want := map[bool]int{true: 88, false: 1}[kept]; p.Rows[i].Reports != want || p.Counted.Equal(at) != kept {
				t.Errorf("reports for May, counted %s ago: %+v at %s, want %d", ago, p.Rows[i], p.Counted, want)
			}
		}
		w.On(2011, 1, 1)
		if c, err := w.Store.View(org.Public()).PublicCounts(t.Context(), 2010); err != nil || c.Commitments == 77 {
			t.Errorf("the count of another day is shown: %+v %v", c, err)
		}
	})
}

func TestALeadersListsSayHowManyThereAreInAll(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		w := testkit.NewTown(t, db)
		rows := make([]act.Row, 53)
		for i := range rows {
			rows[i] = testkit.Brands()
			rows[i].No = strconv.Itoa(i + 1)
		}
		due := w.Tasks(w.Plan(w.Memorandum(), rows...))[0].Due
		w.On(due.Year, due.Month, 1)
		m, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Leader)).Month(t.Context())
		if err != nil || len(m.Ending) != 50 || m.AllEnding != 53 || m.AllFinished != 0 || !m.Counted.IsZero() {
			t.Errorf("%d of %d that end this month are listed, %d finished, counted %s: %v", len(m.Ending), m.AllEnding, m.AllFinished, m.Counted, err)
		}
	})
}
