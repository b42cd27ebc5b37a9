package backup_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/backup"
	"gongjian/internal/blob"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/testkit"

	"golang.org/x/mod/sumdb/note"
)

func TestMain(m *testing.M) { testkit.RunMain(m) }

// place is a town that works, with all that a backup takes.
type place struct {
	*testkit.Town
	db     *sqldb.DB
	files  *blob.Store
	log    *journal.Log
	signer note.Signer
	key    note.Verifier
	public []byte
	task   task.ID
	done   int
}

func newPlace(t *testing.T, address string) *place {
	t.Helper()
	p := &place{db: testkit.Open(t, address, sqldb.Options{})}
	p.Town = testkit.NewTown(t, p.db)
	private, public, err := journal.GenerateKey(rand.Reader, "town.example")
	if err != nil {
		t.Fatal(err)
	}
	p.public = []byte(journal.SaveKey(public))
	if p.signer, err = journal.LoadSigner(private); err != nil {
		t.Fatal(err)
	}
	if p.key, err = journal.LoadVerifier(public); err != nil {
		t.Fatal(err)
	}
	if p.files, err = blob.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	p.Desk = act.New(p.Store, p.files)
	p.log = journal.New(p.db, p.signer, p.Clock.Now)
	plan := p.Plan(p.Memorandum(), testkit.Brands())
	p.task = p.Tasks(plan)[0].ID
	if _, err := p.Desk.Sign(t.Context(), p.Caller(testkit.LuzhouBureau, org.Clerk), "", p.task); err != nil {
		t.Fatal(err)
	}
	p.On(2010, 6, 2)
	return p
}

// something does one act or another, or folds the journal.
func (p *place) something(random *mathrand.Rand) {
	p.T.Helper()
	p.done++
	ctx := p.T.Context()
	var err error
	switch random.IntN(4) {
	case 0:
		_, err = p.log.Fold(ctx)
	case 1:
		_, _, err = p.Desk.EnterMemorandum(ctx, p.Caller(testkit.ProvinceBureau, org.Office), "", memo.Memorandum{
			Title: fmt.Sprintf("备忘录 %d <&> \"引号\" \u2028", p.done), Region: "513400", Stage: memo.Preparing,
			Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov}})
	case 2:
		// Refused, which is an entry too.
		if _, err := p.Desk.Sign(ctx, p.Caller(testkit.MianningBureau, org.Clerk), "", p.task); err == nil {
			p.T.Error("a stranger signed")
		}
	default:
		clerk := p.Caller(testkit.LuzhouBureau, org.Clerk)
		var e task.Evidence
		if e, err = p.Desk.KeepEvidence(clerk, strings.NewReader(fmt.Sprint("推荐文件 ", p.done)), "推荐文件.txt"); err != nil {
			p.T.Fatal(err)
		}
		in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: task.Count(3)}
		_, err = p.Desk.Report(ctx, clerk, "", p.task, in, []task.Evidence{e})
		if err != nil { // reported already: it must be answered first, which is not this test's affair
			err = nil
		}
	}
	if err != nil {
		p.T.Fatal(err)
	}
}

func (p *place) backup(out io.Writer, keys map[string][]byte) backup.Manifest {
	p.T.Helper()
	m, err := backup.Write(p.T.Context(), out, backup.Source{DB: p.db, Files: p.files, Signer: p.signer, Public: p.public, Keys: keys, Program: "test", Now: p.Clock.Now})
	if err != nil {
		p.T.Fatal(err)
	}
	return m
}

// restored opens an empty place and restores the archive into it.
func restored(t *testing.T, archive []byte, address string, key note.Verifier) (*sqldb.DB, *blob.Store, backup.Restored, error) {
	t.Helper()
	db := testkit.Open(t, address, sqldb.Options{})
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err := backup.Open(t.Context(), bytes.NewReader(archive), int64(len(archive)), key)
	if err != nil {
		return db, files, backup.Restored{}, err
	}
	st := store.New(db, store.Config{Clock: testkit.NewClock(a.Made).Now, Random: rand.Reader, Workdays: calendar.Default(), Rules: task.DefaultRulebook()})
	out, err := a.Restore(t.Context(), backup.Target{DB: db, Store: st, Files: files})
	return db, files, out, err
}

// dump is every row of every table as text.
func dump(t *testing.T, db *sqldb.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := db.Snapshot(t.Context(), func(s *sqldb.Snapshot) error {
		tables, err := s.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			out[table.Name] = []string{}
			err := s.Rows(t.Context(), table, func(row []any) error {
				out[table.Name] = append(out[table.Name], fmt.Sprintf("%#v", row))
				return nil
			})
			if err != nil {
				return err
			}
			slices.Sort(out[table.Name])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// whileWriting calls f now and then as the archive grows.
type whileWriting struct {
	bytes.Buffer
	f func()
}

func (w *whileWriting) Write(b []byte) (int, error) {
	w.f()
	return w.Buffer.Write(b)
}

// Each engine's archive is restored into the other, and into its own kind.
func TestABackupMadeWhileActsRunIsTheDatabaseOfOneMomentOnEitherEngine(t *testing.T) {
	from, to, alike := testkit.Engines(t), testkit.Engines(t), testkit.Engines(t)
	slices.Reverse(to)
	for i := range from {
		t.Run(from[i].Name, func(t *testing.T) {
			random := mathrand.New(mathrand.NewPCG(1, 2))
			p := newPlace(t, from[i].Address)
			for range 25 {
				p.something(random)
			}
			before, done := dump(t, p.db), p.done
			archive := &whileWriting{f: func() { p.something(random) }}
			manifest := p.backup(archive, nil)
			if p.done < done+5 {
				t.Fatalf("only %d acts were done meanwhile", p.done-done)
			}
			if int(manifest.Entries) != len(before["journal_entry"]) || manifest.Checkpoint == "" {
				t.Errorf("the manifest tells of %d entries, there were %d; checkpoint %q", manifest.Entries, len(before["journal_entry"]), manifest.Checkpoint)
			}
			for _, target := range []testkit.Engine{to[i], alike[i]} {
				db, files, out, err := restored(t, archive.Bytes(), target.Address, p.key)
				if err != nil {
					t.Fatal(target.Name, err)
				}
				if len(out.Problems) > 0 || !out.Journal.OK() {
					t.Errorf("%s: %v", target.Name, out.Problems)
				}
				for table, rows := range dump(t, db) {
					if !slices.Equal(rows, before[table]) {
						t.Errorf("%s: %s differs:\n%v\n%v", target.Name, table, rows, before[table])
					}
				}
				for _, row := range before["evidence"] {
					id := strings.Trim(strings.SplitN(strings.TrimPrefix(row, "[]interface {}{"), ",", 2)[0], `"`)
					if err := files.Check(id); err != nil {
						t.Errorf("%s: evidence %s: %v", target.Name, id, err)
					}
				}
				// The copy works on: its keys and references hold.
				if _, err := journal.New(db, p.signer, p.Clock.Now).Fold(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestOnlyAnEmptyDatabaseIsFilled(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		p := newPlace(t, engine.Address)
		var archive bytes.Buffer
		p.backup(&archive, nil)
		before := dump(t, p.db)
		if _, _, _, err := restored(t, archive.Bytes(), engine.Address, p.key); !errors.Is(err, sqldb.ErrNotEmpty) {
			t.Errorf("%s: %v", engine.Name, err)
		}
		for table, rows := range dump(t, p.db) {
			if !slices.Equal(rows, before[table]) {
				t.Errorf("%s: %s was changed", engine.Name, table)
			}
		}
	}
}

func TestPrivateKeysTravelOnlyWhenAskedFor(t *testing.T) {
	p := newPlace(t, testkit.Engines(t)[0].Address)
	for _, keys := range []map[string][]byte{nil, {"journal.key": []byte("secret"), "seal.key": {0, 1, 2}}} {
		var archive bytes.Buffer
		p.backup(&archive, keys)
		a, err := backup.Open(t.Context(), bytes.NewReader(archive.Bytes()), int64(archive.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.Keys()
		if err != nil || len(got) != len(keys) {
			t.Fatalf("%v, %v", got, err)
		}
		for name, want := range keys {
			if !bytes.Equal(got[name], want) {
				t.Errorf("%s is %q", name, got[name])
			}
		}
	}
}

// member is a file of an archive under a tamperer's hands.
type member struct {
	name string
	body []byte
}

func members(t *testing.T, archive []byte) (out []member) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, member{f.Name, b})
	}
	return out
}

func zipped(t *testing.T, all []member) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range all {
		f, err := z.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(m.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnAlteredArchiveIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	p := newPlace(t, testkit.Engines(t)[0].Address)
	random := mathrand.New(mathrand.NewPCG(3, 4))
	for range 20 {
		p.something(random)
	}
	var archive bytes.Buffer
	p.backup(&archive, map[string][]byte{"journal.key": []byte("secret")})
	whole := members(t, archive.Bytes())
	if _, err := backup.Open(t.Context(), bytes.NewReader(zipped(t, whole)), int64(len(zipped(t, whole))), p.key); err != nil {
		t.Fatalf("packed anew it must do: %v", err)
	}
	refuse := func(what string, altered []byte) {
		t.Helper()
		if _, err := backup.Open(t.Context(), bytes.NewReader(altered), int64(len(altered)), p.key); !errors.Is(err, backup.ErrAltered) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i, m := range whole {
		changed := slices.Clone(whole)
		changed[i].body = append(bytes.Clone(m.body), '\n')
		refuse(m.name+" with a byte more", zipped(t, changed))
		if len(m.body) > 0 {
			changed[i].body = bytes.Clone(m.body)
			changed[i].body[len(m.body)/2] ^= 1
			refuse(m.name+" with a bit changed", zipped(t, changed))
			changed[i].body = m.body[:len(m.body)-1]
			refuse(m.name+" with a byte less", zipped(t, changed))
		}
		refuse(m.name+" left out", zipped(t, slices.Delete(slices.Clone(whole), i, i+1)))
		refuse(m.name+" twice", zipped(t, append(slices.Clone(whole), m)))
	}
	refuse("a file more", zipped(t, append(slices.Clone(whole), member{"table/more.jsonl", []byte("[]\n")})))
	refuse("cut short", archive.Bytes()[:archive.Len()/2])
	refuse("empty", nil)

	// Whoever mends the manifest to fit cannot sign it; with a key of their own they
	// are found out by whoever brings the right one.
	var manifest backup.Manifest
	at := slices.IndexFunc(whole, func(m member) bool { return m.name == "manifest.json" })
	if err := json.Unmarshal(whole[at].body, &manifest); err != nil {
		t.Fatal(err)
	}
	manifest.Entries++
	forged, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(whole)
	changed[at].body = append(forged, '\n')
	refuse("the manifest says more entries", zipped(t, changed))
	other := newPlace(t, testkit.Engines(t)[0].Address)
	var theirs bytes.Buffer
	other.backup(&theirs, nil)
	refuse("signed by somebody else", theirs.Bytes())
}

// Rows that the server's own key vouches for and that are wrong all the same: the
// tables were changed before the backup.
func TestARestoredCopyIsCheckedAgainstItsJournal(t *testing.T) {
	p := newPlace(t, testkit.Engines(t)[0].Address)
	clerk := p.Caller(testkit.LuzhouBureau, org.Clerk)
	e, err := p.Desk.KeepEvidence(clerk, strings.NewReader("推荐文件"), "推荐文件.txt")
	if err != nil {
		t.Fatal(err)
	}
	in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: task.Count(3)}
	if _, err := p.Desk.Report(t.Context(), clerk, "", p.task, in, []task.Evidence{e}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.log.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, forgery := range []string{
		`update report set value = 90000`,
		`update task set claimed = 90000`,
		`update journal_entry set unit = 'x' where sequence = 1`,
		`delete from journal_checkpoint`,
	} {
		var archive bytes.Buffer
		err := p.db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, forgery)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p.backup(&archive, nil)
		_, _, out, err := restored(t, archive.Bytes(), testkit.Engines(t)[0].Address, p.key)
		if err != nil || len(out.Problems) == 0 {
			t.Errorf("%s: %v, %v", forgery, out.Problems, err)
		}
	}
}
