package journal_test

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/testkit"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// seed is a reader of bytes that are always the same.
type seed byte

func (s seed) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}

func keys(t testing.TB, s seed) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := journal.GenerateKey(s, "journal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.LoadSigner(journal.SaveKey(private))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := journal.LoadVerifier(journal.SaveKey(public))
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

// open migrates the database and returns its journal.
func open(t testing.TB, db *sqldb.DB) (*journal.Log, note.Verifier, *testkit.Clock) {
	t.Helper()
	migrate(t, db)
	signer, verifier := keys(t, 7)
	clock := testkit.NewClock(start)
	return journal.New(db, signer, clock.Now), verifier, clock
}

func fold(t testing.TB, log *journal.Log, want int) {
	t.Helper()
	if n, err := log.Fold(context.Background()); err != nil || n != want {
		t.Fatalf("folded %d (%v), want %d", n, err, want)
	}
}

// batches appends sizes[0] entries and folds them, then sizes[1] more, and so on.
func batches(t testing.TB, db *sqldb.DB, log *journal.Log, sizes ...int) {
	t.Helper()
	i := 0
	for _, size := range sizes {
		for range size {
			appendEntries(t, db, entry(i))
			i++
		}
		fold(t, log, size)
	}
}

func TestFoldingNumbersEntriesInTheOrderOfTheirInstants(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, _, clock := open(t, db)
		appendEntries(t, db, entry(2), entry(0), entry(1))
		fold(t, log, 3)
		clock.Advance(time.Minute)
		appendEntries(t, db, entry(4), entry(3))
		fold(t, log, 2)
		fold(t, log, 0)
		for i := range 5 {
			r, err := log.BySequence(t.Context(), int64(i))
			if err != nil || r.Entry.ID != entry(i).ID || !r.Folded() {
				t.Errorf("sequence %d: %v %v", i, r.Entry.ID, err)
			}
		}
		newest, err := log.Newest(t.Context())
		if err != nil || newest.Size != 5 || !newest.At.Equal(start.Add(time.Minute)) {
			t.Errorf("newest checkpoint %+v (%v)", newest, err)
		}
		kept, err := log.Checkpoints(t.Context(), -1, 10)
		if err != nil || len(kept) != 2 || kept[0].Note != newest.Note || kept[1].Size != 3 {
			t.Errorf("checkpoints %+v (%v)", kept, err)
		}
	})
}

func TestTwoServersFoldingAtOnceNeverNumberTwice(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			none := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
			db := testkit.Open(t, engine.Address, sqldb.Options{Attempts: 1000, Pause: none})
			one, verifier, clock := open(t, db)
			signer, _ := keys(t, 7)
			second := testkit.Open(t, engine.Address, sqldb.Options{Attempts: 1000, Pause: none})
			two := journal.New(second, signer, clock.Now)
			var all sync.WaitGroup
			for _, log := range []*journal.Log{one, two, one, two} {
				all.Go(func() {
					for range 10 {
						if _, err := log.Fold(context.Background()); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for i := range 30 {
				appendEntries(t, db, entry(i))
			}
			all.Wait()
			if _, err := one.Fold(t.Context()); err != nil {
				t.Fatal(err)
			}
			report, err := journal.VerifyDatabase(t.Context(), db, verifier)
			if err != nil || !report.OK() || report.Entries != 30 {
				t.Errorf("%+v %v", report, err)
			}
		})
	}
}

func TestMoreEntriesThanABatchAreFoldedInSeveral(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, verifier, _ := open(t, db)
		var entries []journal.Entry
		for i := range 1203 {
			entries = append(entries, entry(i))
		}
		appendEntries(t, db, entries...)
		fold(t, log, 1203)
		report, err := journal.VerifyDatabase(t.Context(), db, verifier)
		if err != nil || !report.OK() || report.Entries != 1203 || report.Checkpoints != 3 {
			t.Errorf("%+v %v", report, err)
		}
	})
}

func TestTheJournalRunsBehindAPooler(t *testing.T) {
	for _, mode := range []string{"exec", "simple_protocol"} {
		for _, engine := range testkit.Engines(t) {
			if engine.Name != sqldb.Postgres {
				continue
			}
			db := testkit.Open(t, engine.Address+"&default_query_exec_mode="+mode, sqldb.Options{})
			log, key, _ := open(t, db)
			batches(t, db, log, 3, 4)
			if _, _, err := log.InclusionProof(t.Context(), 2); err != nil {
				t.Errorf("%s: %v", mode, err)
			}
			found, err := log.List(t.Context(), -1, 9, journal.Filter{Subject: journal.Subject{Kind: "plan", ID: "plan-1"}})
			if report := verify(t, db, key); err != nil || len(found) != 7 || !report.OK() {
				t.Errorf("%s: %v %d %+v", mode, err, len(found), report)
			}
		}
	}
}

// Rules J-02 and J-04.
func TestProofsHoldForEverySizeAndEntry(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, verifier, _ := open(t, db)
		batches(t, db, log, 1, 2, 5, 3)
		kept, err := log.Checkpoints(t.Context(), -1, 10)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(kept)
		for i, c := range kept {
			opened, err := journal.OpenCheckpoint(c.Note, verifier)
			if err != nil || opened != c {
				t.Errorf("checkpoint %d: %+v (%v)", i, opened, err)
			}
			for _, later := range kept[i:] {
				proof, err := log.ConsistencyProof(t.Context(), c.Size, later.Size)
				if err != nil || tlog.CheckTree(proof, later.Size, later.Root, c.Size, c.Root) != nil {
					t.Errorf("%d does not continue %d: %v", later.Size, c.Size, err)
				}
			}
		}
		for sequence := range int64(11) {
			r, err := log.BySequence(t.Context(), sequence)
			if err != nil {
				t.Fatal(err)
			}
			proof, c, err := log.InclusionProof(t.Context(), sequence)
			if err != nil || tlog.CheckRecord(proof, c.Size, c.Root, sequence, r.Leaf) != nil {
				t.Errorf("entry %d is not proven: %v", sequence, err)
			}
		}
		if _, _, err := log.InclusionProof(t.Context(), 11); !fault.Is(err, "journal.absent") {
			t.Error(err)
		}
		for _, sizes := range [][2]int64{{0, 3}, {4, 3}, {3, 12}} {
			if _, err := log.ConsistencyProof(t.Context(), sizes[0], sizes[1]); !fault.Is(err, "journal.no-such-sizes") {
				t.Errorf("%v: %v", sizes, err)
			}
		}
	})
}

func TestAnEntryIsFoundByIdSequenceReceiptAndSubject(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, _, _ := open(t, db)
		if c, err := log.Newest(t.Context()); err != nil || c.Size != 0 {
			t.Errorf("an empty journal: %+v %v", c, err)
		}
		batches(t, db, log, 20)
		receipts := appendEntries(t, db, entry(20))
		want, _ := entry(20).Bytes()
		byID, err := log.ByID(t.Context(), entry(20).ID)
		if err != nil || byID.Folded() || !bytes.Equal(byID.Bytes, want) || byID.Leaf != tlog.RecordHash(want) {
			t.Errorf("%+v %v", byID, err)
		}
		typed := " " + receipts[0][:13] + "  " + receipts[0][14:]
		if found, err := log.ByReceipt(t.Context(), typed); err != nil || len(found) != 1 || found[0].Entry.ID != entry(20).ID {
			t.Errorf("%v %v", found, err)
		}
		if _, err := log.ByReceipt(t.Context(), "20100607-0000-0000"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if _, err := log.ByReceipt(t.Context(), "nonsense"); fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
		history, err := log.History(t.Context(), "task", "task-0", 3)
		if err != nil || !slices.Equal(ids(history), []string{entry(20).ID, entry(15).ID, entry(10).ID}) {
			t.Errorf("%v %v", ids(history), err)
		}
		wait, err := log.ListWaiting(t.Context(), 5, journal.Filter{Unit: "unit-2"})
		if err != nil || len(wait) != 1 {
			t.Errorf("%v %v", ids(wait), err)
		}
	})
}

func TestListsPageByKeyUnderEveryFilter(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, _, _ := open(t, db)
		batches(t, db, log, 10, 11)
		for name, test := range map[string]struct {
			filter journal.Filter
			fits   func(i int) bool
		}{
			"all":     {journal.Filter{}, func(int) bool { return true }},
			"unit":    {journal.Filter{Unit: "unit-1"}, func(i int) bool { return i%3 == 1 }},
			"post":    {journal.Filter{Post: "post-2"}, func(int) bool { return false }},
			"action":  {journal.Filter{Action: "task.report"}, func(int) bool { return true }},
			"outcome": {journal.Filter{Outcome: journal.Refused}, func(i int) bool { return i%7 == 3 }},
			"subject": {journal.Filter{Subject: journal.Subject{Kind: "task", ID: "task-2"}, Unit: "unit-0", Post: "post-1"},
				func(i int) bool { return i%5 == 2 && i%3 == 0 }},
		} {
			var want, got []string
			for i := 20; i >= 0; i-- {
				if test.fits(i) {
					want = append(want, entry(i).ID)
				}
			}
			for before := int64(-1); ; {
				page, err := log.List(t.Context(), before, 4, test.filter)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				got = append(got, ids(page)...)
				before = page[len(page)-1].Sequence
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
	})
}

func ids(records []journal.Record) (out []string) {
	for _, r := range records {
		out = append(out, r.Entry.ID)
	}
	return out
}

// Once its tables were looked at while nothing waited, SQLite finds what waits by its
// missing sequence and sorts all of it, whole, for each batch.
func TestWhatWaitsIsReadInItsOrderAndNotSorted(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		if db.Engine() == "sqlite" {
			readInOrder(t, db)
		}
	})
}

func readInOrder(t *testing.T, db *sqldb.DB) {
	log, _, _ := open(t, db)
	for i := range 3 {
		appendEntries(t, db, entry(i))
	}
	fold(t, log, 3)
	exec := func(query string) {
		t.Helper()
		if err := db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error { _, err := tx.ExecContext(ctx, query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	exec(`analyze`)
	appendEntries(t, db, entry(4), entry(5))
	rows, err := db.Read().QueryContext(t.Context(), `explain query plan `+journal.OldestWaiting(db), 20)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil || len(plan) != 1 || !strings.Contains(plan[0], "journal_entry_waiting") {
		t.Errorf("it is answered by %v %v", plan, err)
	}
}
