package scenarios

import (
	"net/http"
	"strings"
	"testing"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// Two servers on one PostgreSQL: who signed in at one is signed in at the other, acts
// go through both, a day's jobs are done by one of them, and the journal's tree grows
// in one line.
func TestTwoServersOfOneDatabaseAreOneSystem(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		if engine.Name != sqldb.Postgres {
			continue // a file has one server
		}
		a := found(t, engine, 6).serve(t)
		second := *a.world
		b := *a
		b.world = &second
		second.up() // the same data: one key signs for both
		t.Cleanup(second.stop)

		v := a.enter(t, "luzhou/office", "一个很长的口令-2010")
		v.world = b.world
		if v.open("/desk"); v.status != http.StatusOK || v.path != "/desk" {
			t.Errorf("who signed in at one server sees %s with %d at the other", v.path, v.status)
		}
		var all []*writer
		for n := range a.tasks {
			all = append(all, newWriter(a, n))
		}
		for range 8 { // each writer goes from server to server, between a step and the next
			a.underFire(t, all, 12, func() {})
			for i, w := range all {
				if w.site = a; (i+w.steps)%2 == 1 {
					w.site = &b
				}
			}
		}
		a.now = a.now.AddDate(0, 0, 1)
		a.set(a.now) // one clock file for both
		for range 100 {
			if strings.Contains(a.logged(), "job=lights day=2010-06-04") {
				break
			}
			a.pause()
		}
		for range 3 { // each has its turn at folding, and would have at the day's jobs
			if got, err := all[0].step(); err != nil || !got.done() {
				t.Fatal(got.status, err)
			}
			a.folded(t)
		}
		for _, job := range []string{"lights", "tidy"} {
			if n := strings.Count(a.logged(), "job="+job+" day=2010-06-04"); n != 1 {
				t.Errorf("the job %s of the day was done %d times", job, n)
			}
		}
		if again := a.number(t, `select count(*) - count(distinct size) from journal_checkpoint`); again != 0 {
			t.Errorf("%d checkpoints of a size that another has", again)
		}
		a.accounted(t, all)
	}
}
