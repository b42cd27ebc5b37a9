package nation_test

import (
	"context"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/blob"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sample/nation"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"

	"golang.org/x/mod/sumdb/note"
)

// province is loaded data with what is needed to act in it.
type province struct {
	t     testing.TB
	db    *sqldb.DB
	store *store.Store
	key   note.Verifier
	posts []org.PostID
}

func load(t testing.TB, db *sqldb.DB, p nation.Plan) province {
	t.Helper()
	x := testkit.NewNation(t, db, p)
	return province{t: t, db: db, store: x.Store, key: x.Key, posts: x.Posts}
}

// root is the root of the journal, which stands for every row that entries tell of.
func (x province) root() string {
	x.t.Helper()
	r, err := journal.VerifyDatabase(x.t.Context(), x.db, x.key)
	if err != nil {
		x.t.Fatal(err)
	}
	if !r.OK() || r.Waiting > 0 || r.Entries == 0 {
		x.t.Errorf("the journal does not verify: %+v", r)
	}
	return r.Root.String()
}

func (x province) count(query string) (n int) {
	x.t.Helper()
	if err := x.db.Read().QueryRowContext(x.t.Context(), query).Scan(&n); err != nil {
		x.t.Fatal(err)
	}
	return n
}

func (x province) caller(post int) org.Caller {
	x.t.Helper()
	person, held, err := x.store.SampleHolder(x.t.Context(), x.posts[post])
	if err != nil {
		x.t.Fatal(err)
	}
	c, err := x.store.Caller(x.t.Context(), person, held, x.store.Today())
	if err != nil {
		x.t.Fatal(err)
	}
	return c
}

func TestLoadedDataVerifiesAndIsCountedAsActsCount(t *testing.T) {
	roots := map[string]string{}
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		x := load(t, db, nation.Plan{Tasks: 2000, Seed: 7})
		roots[db.Engine()] = x.root()
		if n := x.count(`select count(*) from task`); n != 2000 {
			t.Errorf("%d tasks", n)
		}
		for what, query := range map[string]string{
			"levels": `select max(depth) - 1 from task`, "lights": `select count(distinct light) - 3 from task`,
			"verified reports": `select count(*) from report where state = 'verified'`, "reports that wait": `select count(*) from report where state = 'submitted'`,
			"returned": `select count(*) from report where state = 'returned'`, "cards": `select count(*) - 600 from scorecard`,
		} {
			if x.count(query) < 1 {
				t.Errorf("there are too few %s", what)
			}
		}
		if n := x.count(`select count(*) from part p where not exists (select 1 from task k where k.id = p.task) or not exists (select 1 from unit u where u.id = p.unit)`); n != 0 {
			t.Errorf("%d parts hang in the air", n)
		}
		differences, err := x.store.Recheck(t.Context())
		if err != nil || len(differences) > 0 {
			t.Errorf("figures are not as counted: %v %v", differences, err)
		}
		read, err := x.store.Witness(t.Context(), func(id task.ReportID, what string) { t.Errorf("report %s: %s", id, what) })
		if err != nil || read == 0 {
			t.Errorf("%d reports were compared with the journal: %v", read, err)
		}
		x.cardsAreThoseOfAnAct()
		x.actsGoOn()
	})
	if len(roots) == 2 && roots[sqldb.SQLite] != roots[sqldb.Postgres] {
		t.Error("the two engines hold different journals")
	}
}

// cardsAreThoseOfAnAct computes the newest run again by the act.
func (x province) cardsAreThoseOfAnAct() {
	t := x.t
	t.Helper()
	digests := func(id store.AssessmentID) map[string]string {
		rows, err := x.db.Read().QueryContext(t.Context(), `select region, digest from scorecard where assessment = $1`, id)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		out := map[string]string{}
		for rows.Next() {
			var region, digest string
			if err := rows.Scan(&region, &digest); err != nil {
				t.Fatal(err)
			}
			out[region] = digest
		}
		return out
	}
	runs, err := x.store.View(x.caller(2)).PublishedRuns(t.Context(), "counties", x.store.Today(), 1)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs: %v", len(runs), err)
	}
	before := digests(runs[0].ID)
	_, id, err := x.desk().Compute(t.Context(), x.caller(2), "", runs[0].Scheme, "counties", 0, runs[0].AsOf)
	if err != nil {
		t.Fatal(err)
	}
	after := digests(id)
	for region, digest := range before {
		if after[region] != digest {
			t.Errorf("the card of %s is not the one that the act computes", region)
			return
		}
	}
	if len(after) != len(before) || len(before) == 0 {
		t.Errorf("%d cards, and %d by the act", len(before), len(after))
	}
}

func (x province) desk() *act.Desk {
	files, err := blob.Open(x.t.TempDir())
	if err != nil {
		x.t.Fatal(err)
	}
	return act.New(x.store, files)
}

// actsGoOn verifies a report that waits, and compares the policy that permits it with
// the one that the loaded entries name.
func (x province) actsGoOn() {
	t := x.t
	t.Helper()
	var id, verifier string
	err := x.db.Read().QueryRowContext(t.Context(), `select r.id, h.post || ' ' || h.person from report r join post o on o.unit = r.verifier and o.roles like '%verifier%'
		join holding h on h.post = o.id where r.state = 'submitted' order by r.id limit 1`).Scan(&id, &verifier)
	if err != nil {
		t.Fatal(err)
	}
	post, person, _ := strings.Cut(verifier, " ")
	c, err := x.store.Caller(t.Context(), org.PersonID(person), org.PostID(post), x.store.Today())
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := x.desk().Verify(t.Context(), c, "", task.ReportID(id), "")
	if err != nil {
		t.Fatal(err)
	}
	policy := x.policy(`e.id = '` + receipt.Entry + `'`)
	if loaded := x.policy(`e.action = 'report.verify' and e.sequence is not null`); loaded != policy {
		t.Errorf("loaded verdicts were permitted by %q, that of an act by %q", loaded, policy)
	}
	differences, err := x.store.Recheck(t.Context())
	if err != nil || len(differences) > 0 {
		t.Errorf("figures are not as counted after an act: %v %v", differences, err)
	}
}

func (x province) policy(where string) string {
	x.t.Helper()
	var b []byte
	if err := x.db.Read().QueryRowContext(context.Background(), `select e.bytes from journal_entry e where `+where+` order by e.id limit 1`).Scan(&b); err != nil {
		x.t.Fatal(err)
	}
	e, err := journal.ParseEntry(b)
	if err != nil {
		x.t.Fatal(err)
	}
	return e.Policy
}

func TestTheSameSeedMakesTheSameRows(t *testing.T) {
	a := load(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/a.db", sqldb.Options{}), nation.Plan{Tasks: 300, Seed: 1})
	b := load(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/b.db", sqldb.Options{}), nation.Plan{Tasks: 300, Seed: 1})
	c := load(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/c.db", sqldb.Options{}), nation.Plan{Tasks: 300, Seed: 2})
	if a.root() != b.root() {
		t.Error("one seed made two journals")
	}
	if a.root() == c.root() {
		t.Error("two seeds made one journal")
	}
}
