package testkit

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sample"
	"gongjian/internal/sample/nation"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// Nation is loaded data of any size: see package nation. Its clock stands at the
// sample's moment.
type Nation struct {
	Store  *store.Store
	Signer note.Signer
	Key    note.Verifier
	Public string       // the text of Key
	Posts  []org.PostID // that may be stepped into, in the order of the sign-in page
}

// NewNation loads an empty database. The files that reports name are kept nowhere.
func NewNation(t testing.TB, db *sqldb.DB, p nation.Plan) *Nation {
	t.Helper()
	x := &Nation{}
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	policies, err := org.StandardPolicies()
	if err != nil {
		t.Fatal(err)
	}
	x.Store = store.New(db, store.Config{Policies: policies, Clock: sample.Present, Random: rand.Reader, Workdays: calendar.Default(), Rules: task.DefaultRulebook()})
	private, public, err := journal.GenerateKey(rand.Reader, "test")
	if err != nil {
		t.Fatal(err)
	}
	x.Public = public
	if x.Signer, err = journal.LoadSigner(private); err != nil {
		t.Fatal(err)
	}
	if x.Key, err = journal.LoadVerifier(public); err != nil {
		t.Fatal(err)
	}
	for _, content := range nation.Files() {
		sum := sha256.Sum256(content)
		p.Files = append(p.Files, task.Evidence{ID: task.EvidenceID(hex.EncodeToString(sum[:])), Type: "text/plain", Size: int64(len(content))})
	}
	if x.Posts, err = nation.Load(t.Context(), x.Store, x.Signer, p); err != nil {
		t.Fatal(err)
	}
	if err := sample.MarkLoaded(t.Context(), x.Store, x.Posts, sample.Present()); err != nil {
		t.Fatal(err)
	}
	return x
}
