package scenarios

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// A server that is killed while many write: what it has acknowledged is there, what
// it has not is done once when it is asked again, and nothing is half done. On
// PostgreSQL every second time it is not the server that dies but its connections,
// in the soak by a crash of the database.
//
// A killed process loses what it held, not what the system holds for it: that
// commits outlive the power is what synchronous=FULL and fsync are for, and is not
// shown here.
func TestWhatWasAcknowledgedOutlivesAKilledServer(t *testing.T) {
	writers, kills, acts := 6, 3, 25
	if testkit.Soak() {
		writers, kills, acts = 16, 100, 100
	}
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			const name = "gongjian-to-be-killed"
			s := found(t, engine, writers)
			if engine.Name == sqldb.Postgres { // the server for tests need not keep what it commits; this one must
				engine.Address = with(t, with(t, engine.Address, "application_name", name), "synchronous_commit", "on")
				s.world = start(t, engine.Address, s.now)
			} else {
				s.serve(t)
			}
			var all []*writer
			for n := range writers {
				all = append(all, newWriter(s, n))
			}
			for round := range kills {
				fell := s.kill
				if engine.Name == sqldb.Postgres && round%2 == 1 {
					fell = func() { s.cutConnections(t, name) }
				}
				s.underFire(t, all, acts, fell)
				s.later()
				if s.cmd.ProcessState != nil {
					s.up()
				}
				s.sound(t)
			}
			s.later()
			for _, w := range all { // what was not answered is answered now
				if a, err := w.step(); err != nil || !a.done() {
					t.Fatalf("%s: %d %v %s", w.name, a.status, err, a.body)
				}
			}
			s.accounted(t, all)
		})
	}
}

// underFire lets all write until so many acts are acknowledged, then fells the
// server, and returns when nobody writes any more.
func (s *site) underFire(t *testing.T, all []*writer, acts int, fell func()) {
	t.Helper()
	var group sync.WaitGroup
	acknowledged, stop := make(chan struct{}), make(chan struct{})
	for _, w := range all {
		group.Go(func() {
			for {
				a, err := w.step()
				if err != nil {
					t.Error(err)
				}
				if err != nil || !a.done() {
					return
				}
				select {
				case acknowledged <- struct{}{}:
				case <-stop:
					return
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	for range acts {
		select {
		case <-acknowledged:
		case <-ended:
			t.Fatal("nobody can write, and nothing was felled yet")
		}
	}
	go func() { // the others go on while it falls
		for {
			select {
			case <-acknowledged:
			case <-stop:
				return
			}
		}
	}()
	fell()
	close(stop)
	<-ended
}

// cutConnections ends the server's connections to PostgreSQL in the middle of what
// they do; in the soak by a crash that makes the database recover from its log.
func (s *site) cutConnections(t *testing.T, name string) {
	t.Helper()
	if testkit.Soak() {
		pid := s.number(t, `select max(pid) from pg_stat_activity where application_name = $1`, name)
		if p, err := os.FindProcess(pid); err == nil && p.Signal(syscall.SIGKILL) == nil {
			s.databaseBack(t, pid)
			return
		}
	}
	if n := s.number(t, `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1`, name); n == 0 {
		t.Fatal("the server had no connections")
	}
}

// databaseBack waits until PostgreSQL, which lost the process pid, has read its log and
// lets people in again.
func (s *site) databaseBack(t *testing.T, pid int) {
	t.Helper()
	var err error
	for range 600 {
		var db *sqldb.DB
		if db, err = sqldb.Open(t.Context(), s.engine.Address, sqldb.Options{Readers: 1, Writers: 1}); err == nil {
			var left int
			err = db.Read().QueryRowContext(t.Context(), `select count(*) from pg_stat_activity where pid = $1`, pid).Scan(&left)
			db.Close()
			if err == nil && left == 0 {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the database did not come back in a minute: %v", err)
}

// accounted demands that every act that was acknowledged is there once and that
// there are no others.
func (s *site) accounted(t *testing.T, all []*writer) {
	t.Helper()
	acts := 0
	for _, w := range all {
		acts += w.steps
		var reports []struct {
			ID    string `json:"id"`
			Round int    `json:"round"`
		}
		a := s.ask(w.client, http.MethodGet, "/tasks/"+w.task+"/reports", "", nil)
		if err := json.Unmarshal(a.body, &reports); err != nil {
			t.Fatal(err, string(a.body))
		}
		if len(reports) != len(w.reports) {
			t.Errorf("%s: %d reports are there, %d were acknowledged", w.name, len(reports), len(w.reports))
		}
		rounds := map[int]bool{}
		for _, r := range reports {
			if w.reports[r.ID] == "" || r.Round < 1 || r.Round > len(reports) || rounds[r.Round] {
				t.Errorf("%s: report %s of round %d of %d is none of the acknowledged", w.name, r.ID, r.Round, len(reports))
			}
			rounds[r.Round] = true
		}
		s.within(t, func(db *sqldb.DB) {
			for key, number := range w.given {
				var n int
				err := db.Read().QueryRowContext(t.Context(), `select count(*) from journal_entry where receipt = $1 and outcome = 'done'`, number).Scan(&n)
				if err != nil || n != 1 {
					t.Errorf("%s with receipt %s stands %d times in the journal (%v)", key, number, n, err)
				}
			}
		})
	}
	if n := s.number(t, `select count(*) from journal_entry where action in ('report.submit', 'report.take-back') and outcome = 'done'`); n != acts {
		t.Errorf("the journal holds %d acts, %d were acknowledged", n, acts)
	}
	s.sound(t)
}
