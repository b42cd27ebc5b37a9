package scenarios

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// The machine's clock goes back by a day, and forward again (Rule J-08).
func TestAClockThatGoesBackBreaksNothing(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			s := found(t, engine, 2).serve(t)
			all := []*writer{newWriter(s, 0), newWriter(s, 1)}
			v := s.enter(t, "luzhou/office", "一个很长的口令-2010")
			shift := func(to time.Time) {
				t.Helper()
				s.now = to
				s.set(to)
				for _, w := range all {
					if a, err := w.step(); err != nil || !a.done() {
						t.Fatalf("at %s: %d %s %v", to, a.status, a.body, err)
					}
				}
				if v.open("/desk"); v.status != http.StatusOK || v.path != "/desk" {
					t.Errorf("at %s whoever was signed in sees %s with %d", to, v.path, v.status)
				}
				s.folded(t)
				s.sound(t)
			}
			at := s.now
			shift(at.Add(time.Minute))
			shift(at.Add(-24 * time.Hour))
			shift(at.Add(-24*time.Hour + time.Minute))
			shift(at.Add(2 * time.Minute))
			for _, w := range all {
				for key, number := range w.given {
					day := "20100603"
					if strings.HasSuffix(key, "1") || strings.HasSuffix(key, "2") {
						day = "20100602"
					}
					if !strings.HasPrefix(number, day) {
						t.Errorf("receipt %s of %s, want one of the day that the clock showed, %s", number, key, day)
					}
				}
			}
			s.within(t, func(db *sqldb.DB) {
				var back int
				err := db.Read().QueryRowContext(t.Context(), `select count(*) from journal_entry a join journal_entry b on b.sequence = a.sequence + 1 where b.at < a.at`).Scan(&back)
				if err != nil || back == 0 {
					t.Errorf("%d entries follow one of a later instant (%v): they stand in the order of writing", back, err)
				}
			})
			s.accounted(t, all)
		})
	}
}

// enter signs somebody in by a one-time link and a password.
func (s *site) enter(t *testing.T, login, password string) *visitor {
	t.Helper()
	out, ok := s.run("link", "--db", s.engine.Address, "--data", s.data, login)
	if !ok {
		t.Fatal(out)
	}
	v := s.visitor()
	v.open(strings.Fields(out)[0]).see()
	v.submit("", "", fields{"password": password, "again": password})
	return v.see()
}

// folded waits until every entry of the journal has its place in the tree.
func (s *site) folded(t *testing.T) {
	t.Helper()
	for range 200 {
		if s.number(t, `select count(*) from journal_entry where sequence is null`) == 0 {
			return
		}
		s.pause()
	}
	t.Fatal("the journal is not folded")
}
