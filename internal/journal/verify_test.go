package journal_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/testkit"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// forge is what somebody with the database in hand runs.
func forge(t testing.TB, db *sqldb.DB, statement string, args ...any) {
	t.Helper()
	err := db.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s changed nothing (%v)", statement, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, log *journal.Log, sequence int64) journal.Record {
	t.Helper()
	r, err := log.BySequence(t.Context(), sequence)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// altered are the bytes with one letter of the detail changed.
func altered(r journal.Record) []byte {
	return bytes.Replace(r.Bytes, []byte("12.340"), []byte("12.345"), 1)
}

const setBytes = `UPDATE journal_entry SET bytes = $1 WHERE sequence = $2`

// rehash makes all stored hashes and the head fit the bytes as they are now,
// receipts too: all that a forger without the private key can do.
func rehash(t testing.TB, db *sqldb.DB, log *journal.Log, size int64) {
	t.Helper()
	stored := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(positions []int64) (out []tlog.Hash, err error) {
		for _, p := range positions {
			out = append(out, stored[p])
		}
		return out, nil
	})
	for n := range size {
		r := read(t, log, n)
		forge(t, db, `UPDATE journal_entry SET receipt = $1 WHERE sequence = $2`, journal.Receipt(r.Bytes), n)
		hashes, err := tlog.StoredHashes(n, r.Bytes, reader)
		if err != nil {
			t.Fatal(err)
		}
		for i, hash := range hashes {
			position := tlog.StoredHashIndex(0, n) + int64(i)
			stored[position] = hash
			forge(t, db, `UPDATE journal_hash SET hash = $1 WHERE position = $2`, hash[:], position)
		}
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		t.Fatal(err)
	}
	forge(t, db, `UPDATE journal_head SET size = $1, root = $2`, size, root.String())
}

// cut removes entries, hashes and the head from the sequence on.
func cut(t testing.TB, db *sqldb.DB, log *journal.Log, from int64) {
	t.Helper()
	forge(t, db, `DELETE FROM journal_subject WHERE entry IN (SELECT id FROM journal_entry WHERE sequence >= $1)`, from)
	forge(t, db, `DELETE FROM journal_entry WHERE sequence >= $1`, from)
	forge(t, db, `DELETE FROM journal_hash WHERE position >= $1`, tlog.StoredHashCount(from))
	rehash(t, db, log, from)
}

// want is the first problem that a test expects.
type want struct {
	code     string
	sequence int64
	args     map[string]any
}

// Rule J-07.
func TestEveryChangeIsFoundAndItsEntryNamed(t *testing.T) {
	// The journal: entries 0–3 under the first checkpoint, 4–8 the second, 9–11 the third.
	for name, test := range map[string]struct {
		change func(t *testing.T, db *sqldb.DB, log *journal.Log)
		want   want
	}{
		"a byte of an entry": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, setBytes, altered(read(t, log, 5)), 5)
		}, want{journal.EntryChanged, 5, nil}},
		"a byte so that it is no entry any more": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, setBytes, read(t, log, 5).Bytes[1:], 5)
		}, want{journal.EntryChanged, 5, nil}},
		"an entry dropped": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `DELETE FROM journal_subject WHERE entry = $1`, entry(6).ID)
			forge(t, db, `DELETE FROM journal_entry WHERE sequence = 6`)
		}, want{journal.EntryMissing, 6, nil}},
		"an entry dropped and the next ones moved up": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `DELETE FROM journal_subject WHERE entry = $1`, entry(6).ID)
			forge(t, db, `DELETE FROM journal_entry WHERE sequence = 6`)
			for n := int64(7); n < 12; n++ {
				forge(t, db, `UPDATE journal_entry SET sequence = $1 WHERE sequence = $2`, n-1, n)
			}
		}, want{journal.EntryMoved, 6, map[string]any{"Belongs": int64(7)}}},
		"two entries swapped": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_entry SET sequence = 99 WHERE sequence = 2`)
			forge(t, db, `UPDATE journal_entry SET sequence = 2 WHERE sequence = 10`)
			forge(t, db, `UPDATE journal_entry SET sequence = 10 WHERE sequence = 99`)
		}, want{journal.EntrySwapped, 2, map[string]any{"With": int64(10), "Other": entry(2).ID}}},
		"the end cut off after a checkpoint": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			cut(t, db, log, 9)
		}, want{journal.CutOff, 9, map[string]any{"Signed": int64(12), "Found": int64(9)}}},
		"the end cut off between checkpoints": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			cut(t, db, log, 7)
		}, want{journal.CutOff, 7, map[string]any{"Signed": int64(12), "Found": int64(7)}}},
		"everything removed": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			cut(t, db, log, 0)
		}, want{journal.CutOff, 0, map[string]any{"Signed": int64(12), "Found": int64(0)}}},
		"a stored leaf hash": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_hash SET hash = $1 WHERE position = $2`, make([]byte, 32), tlog.StoredHashIndex(0, 5))
		}, want{journal.HashChanged, 5, map[string]any{"Level": 0}}},
		"a stored inner hash": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_hash SET hash = $1 WHERE position = $2`, make([]byte, 32), tlog.StoredHashIndex(2, 1))
		}, want{journal.HashChanged, 7, map[string]any{"Level": 2}}},
		"a stored hash dropped": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `DELETE FROM journal_hash WHERE position = $1`, tlog.StoredHashIndex(1, 3))
		}, want{journal.HashMissing, 7, map[string]any{"Level": 1}}},
		"a stored hash too many": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `INSERT INTO journal_hash (position, hash) VALUES (1000, $1)`, make([]byte, 32))
		}, want{journal.HashExtra, journal.Waiting, map[string]any{"Count": int64(1)}}},
		"an entry, and all hashes recomputed": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, setBytes, altered(read(t, log, 5)), 5)
			rehash(t, db, log, 12)
		}, want{journal.RootDiffers, 4, map[string]any{"From": int64(4), "To": int64(8), "Size": int64(9)}}},
		"an entry, all hashes, and the checkpoint's columns": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, setBytes, altered(read(t, log, 1)), 1)
			rehash(t, db, log, 12)
			forge(t, db, `UPDATE journal_checkpoint SET root = (SELECT root FROM journal_head)`)
		}, want{journal.RootDiffers, 0, map[string]any{"From": int64(0), "To": int64(3), "Size": int64(4)}}},
		"a checkpoint signed with another key": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			signer, _ := keys(t, 8)
			c, err := log.Newest(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			body, _, _ := bytes.Cut([]byte(c.Note), []byte("\n\n"))
			forged, err := note.Sign(&note.Note{Text: string(body) + "\n"}, signer)
			if err != nil {
				t.Fatal(err)
			}
			forge(t, db, `UPDATE journal_checkpoint SET note = $1 WHERE size = 12`, string(forged))
		}, want{journal.EntryNotSigned, 9, map[string]any{"From": int64(9), "To": int64(11)}}},
		"the newest checkpoint removed": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `DELETE FROM journal_checkpoint WHERE size = 12`)
		}, want{journal.EntryNotSigned, 9, map[string]any{"From": int64(9), "To": int64(11)}}},
		"an entry slipped in at the end": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			appendEntries(t, db, entry(12))
			forge(t, db, `UPDATE journal_entry SET sequence = 12 WHERE id = $1`, entry(12).ID)
		}, want{journal.HashMissing, 12, map[string]any{"Level": 0}}},
		"a sequence below zero": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			appendEntries(t, db, entry(12))
			forge(t, db, `UPDATE journal_entry SET sequence = -5 WHERE id = $1`, entry(12).ID)
		}, want{journal.EntryOutOfPlace, -5, nil}},
		"a sequence far beyond": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_entry SET sequence = $1 WHERE sequence = 11`, int64(1)<<50)
		}, want{journal.EntryMissing, 11, nil}},
		"a column": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_entry SET unit = 'another' WHERE sequence = 3`)
		}, want{journal.IndexDiffers, 3, map[string]any{"Column": "unit"}}},
		"a column of a waiting entry": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			appendEntries(t, db, entry(12))
			forge(t, db, `UPDATE journal_entry SET at = at + 1 WHERE id = $1`, entry(12).ID)
		}, want{journal.IndexDiffers, journal.Waiting, map[string]any{"Column": "at"}}},
		"a subject": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `DELETE FROM journal_subject WHERE kind = 'plan' AND entry = $1`, entry(3).ID)
		}, want{journal.SubjectDiffers, 3, nil}},
		"the head": {func(t *testing.T, db *sqldb.DB, log *journal.Log) {
			forge(t, db, `UPDATE journal_head SET size = 9`)
		}, want{journal.HeadChanged, journal.Waiting, map[string]any{"Size": int64(9)}}},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
				log, verifier, _ := open(t, db)
				batches(t, db, log, 4, 5, 3)
				report := verify(t, db, verifier)
				if !report.OK() || report.Entries != 12 || report.Checkpoints != 3 {
					t.Fatalf("an untouched journal: %+v", report)
				}
				test.change(t, db, log)
				expectFirst(t, verify(t, db, verifier), test.want)
			})
		})
	}
}

func verify(t testing.TB, db *sqldb.DB, key note.Verifier, outside ...string) journal.Report {
	t.Helper()
	report, err := journal.VerifyDatabase(context.Background(), db, key, outside...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func expectFirst(t testing.TB, report journal.Report, want want) {
	t.Helper()
	p, wrong := report.First()
	if !wrong || p.Code != want.code || p.Sequence != want.sequence {
		t.Fatalf("first problem %v of %v, want %v", p, report.Problems, want)
	}
	id := ""
	if p.Sequence >= 0 && p.Sequence < 12 {
		id = entry(int(p.Sequence)).ID
	}
	switch want.code { // where another entry stands in the place, that one is named
	case journal.EntrySwapped:
		id = entry(10).ID
	case journal.EntryMoved:
		id = entry(7).ID
	case journal.EntryMissing, journal.CutOff:
		id = ""
	case journal.HashMissing:
		id = entry(int(p.Sequence)).ID
	case journal.EntryOutOfPlace, journal.IndexDiffers, journal.HeadChanged, journal.HashExtra:
		id = p.ID
	}
	if p.ID != id {
		t.Errorf("names the entry %q, want %q", p.ID, id)
	}
	for name, value := range want.args {
		if p.Args[name] != value {
			t.Errorf("%s is %v, want %v", name, p.Args[name], value)
		}
	}
}

func TestACheckpointKeptElsewhereFindsACleanCut(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, verifier, _ := open(t, db)
		batches(t, db, log, 4, 5, 3)
		kept, err := log.Newest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report := verify(t, db, verifier, kept.Note); !report.OK() || report.Checkpoints != 4 {
			t.Errorf("untouched: %+v", report)
		}
		cut(t, db, log, 9)
		forge(t, db, `DELETE FROM journal_checkpoint WHERE size = 12`)
		if report := verify(t, db, verifier); !report.OK() {
			t.Errorf("a clean cut cannot be seen from inside: %v", report.Problems)
		}
		expectFirst(t, verify(t, db, verifier, kept.Note), want{journal.CutOff, 9, map[string]any{"Signed": int64(12)}})
		report := verify(t, db, verifier, "no checkpoint\n")
		if p, _ := report.First(); p.Code != journal.CheckpointSignature {
			t.Errorf("%v", report.Problems)
		}
	})
}

func TestOneChangeDoesNotHideTheNext(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, verifier, _ := open(t, db)
		batches(t, db, log, 4, 5, 3)
		forge(t, db, setBytes, altered(read(t, log, 1)), 1)
		forge(t, db, setBytes, altered(read(t, log, 10)), 10)
		changed := map[int64]bool{}
		for _, p := range verify(t, db, verifier).Problems {
			if p.Code == journal.EntryChanged {
				changed[p.Sequence] = true
			}
		}
		if len(changed) != 2 || !changed[1] || !changed[10] {
			t.Errorf("changed: %v", changed)
		}
	})
}

// Rule J-03.
func TestNothingIsSignedOverAChangedTree(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, _, _ := open(t, db)
		batches(t, db, log, 4)
		forge(t, db, `UPDATE journal_hash SET hash = $1 WHERE position = $2`, make([]byte, 32), tlog.StoredHashIndex(2, 0))
		appendEntries(t, db, entry(4))
		if n, err := log.Fold(t.Context()); err == nil {
			t.Errorf("folded %d", n)
		}
		if c, err := log.Newest(t.Context()); err != nil || c.Size != 4 {
			t.Errorf("%+v %v", c, err)
		}
	})
}

func TestTheListOfProblemsIsBoundedAndKeepsTheFirst(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, verifier, _ := open(t, db)
		var entries []journal.Entry
		for i := range 300 {
			entries = append(entries, entry(i))
		}
		appendEntries(t, db, entries...)
		fold(t, log, 300)
		forge(t, db, `UPDATE journal_entry SET unit = 'another'`)
		forge(t, db, setBytes, altered(read(t, log, 0)), 0)
		report := verify(t, db, verifier)
		if p, _ := report.First(); p.Code != journal.EntryChanged || p.Sequence != 0 || len(report.Problems) != 100 || report.More < 200 {
			t.Errorf("first %v, %d listed, %d more", p, len(report.Problems), report.More)
		}
	})
}

// Whatever the order of appends and folds, the journal verifies and every folded
// entry is proven.
func TestAnySequenceOfAppendsAndFoldsVerifies(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			db := testkit.Open(t, engine.Address, sqldb.Options{})
			log, verifier, clock := open(t, db)
			next, folded := 0, 0
			rapid.Check(t, func(r *rapid.T) {
				for _, step := range rapid.SliceOfN(rapid.IntRange(-1, 4), 1, 4).Draw(r, "steps, -1 folds") {
					if step < 0 {
						fold(t, log, next-folded)
						folded = next
						clock.Advance(time.Duration(next) * time.Second)
					}
					for range step {
						appendEntries(t, db, entry(next))
						next++
					}
				}
				if folded > 0 {
					sequence := rapid.Int64Range(0, int64(folded)-1).Draw(r, "sequence")
					proof, c, err := log.InclusionProof(context.Background(), sequence)
					if err != nil || tlog.CheckRecord(proof, c.Size, c.Root, sequence, read(t, log, sequence).Leaf) != nil {
						r.Fatalf("entry %d is not proven: %v", sequence, err)
					}
				}
				report := verify(t, db, verifier)
				if got := fmt.Sprint(report.Problems, report.Entries, report.Waiting); got != fmt.Sprint([]journal.Problem(nil), folded, next-folded) {
					r.Fatalf("%+v", report)
				}
			})
		})
	}
}
