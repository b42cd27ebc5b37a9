package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// signedFile has a memorandum signed by both parties and returns its file, with the key.
func signedFile(t *testing.T) (file []byte, v memo.Version, key string) {
	t.Helper()
	ctx := t.Context()
	db := testkit.Open(t, testkit.Engines(t)[0].Address, sqldb.Options{})
	w := testkit.NewTown(t, db)
	w.KeepKeys()
	bureau, city := w.Caller(testkit.ProvinceBureau, org.Office), w.Caller(testkit.LiangshanGov, org.Office)
	_, id, err := w.Desk.EnterMemorandum(ctx, bureau, "", memo.Memorandum{
		Title: "草拟", Region: "513400", Stage: memo.Preparing, Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov}})
	if err != nil {
		t.Fatal(err)
	}
	text := memo.Text{
		Title: "关于实施以质取胜战略的合作备忘录", Kind: "合作备忘录", Term: memo.Term{Years: 3},
		Parties: []memo.Party{{Unit: testkit.ProvinceBureau, Name: "四川省质量技术监督局"}, {Unit: testkit.LiangshanGov, Name: "凉山彝族自治州人民政府"}},
		Clauses: []memo.Clause{{No: "第一条", Level: 1, Text: "三年培育名牌五十个"}},
	}
	if _, err := w.Desk.SaveDraft(ctx, bureau, "", store.Draft{Memorandum: id, Text: text}); err != nil {
		t.Fatal(err)
	}
	_, version, err := w.Desk.Propose(ctx, bureau, "", id, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.AnswerVersion(ctx, city, "", id, version, true, ""); err != nil {
		t.Fatal(err)
	}
	v, m, err := w.Store.View(bureau).TextVersion(ctx, version)
	if err != nil {
		t.Fatal(err)
	}
	for unit, method := range map[org.UnitID]seal.Method{testkit.ProvinceBureau: seal.Ed25519, testkit.LiangshanGov: seal.SM2} {
		how := act.Signing{Method: method, Place: "西昌", Day: w.Store.Today()}
		if _, err := w.Desk.SignVersion(ctx, w.Caller(unit, org.Leader), "", id, version, v.Digest, how); err != nil {
			t.Fatal(err)
		}
	}
	log, public := w.Journal(db)
	if _, err := log.Fold(ctx); err != nil {
		t.Fatal(err)
	}
	entries, err := w.Store.View(bureau).SigningEntries(ctx, m, version)
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	var out bytes.Buffer
	if err := log.Bundle(ctx, &out, entries, []journal.Attachment{{Name: memo.SignedName(v.Digest), Document: v.Text.Canonical()}}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), v, public
}

// accepted reports whether `gongjian verify` takes a file.
func accepted(t *testing.T, file []byte, public string) error {
	t.Helper()
	key, err := journal.LoadVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return verify{}.bundle(bytes.NewReader(file), key)
}

// Rules M-04 and J-06.
func TestASignedMemorandumIsVerifiedWithoutTheServer(t *testing.T) {
	file, v, public := signedFile(t)
	if err := accepted(t, file, public); err != nil {
		t.Fatalf("as it was signed: %v", err)
	}
	var say strings.Builder
	key, _ := journal.LoadVerifier(public)
	report, err := journal.VerifyBundle(bytes.NewReader(file), key)
	if err != nil || len(report.Attachments) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	if n := printSigned(&say, checkSigned(v.Text, report.Attachments[0], report)); n != 0 {
		t.Error(say.String())
	}
	for _, want := range []string{"四川省质量技术监督局", "凉山彝族自治州人民政府", "ed25519", "sm2", "2010-01-04", "by all 2 parties"} {
		if !strings.Contains(say.String(), want) {
			t.Errorf("does not say %s:\n%s", want, &say)
		}
	}
}

func TestOneChangedCharacterAnywhereThatMattersIsRefused(t *testing.T) {
	file, _, public := signedFile(t)
	for _, c := range []struct{ name, old, new string }{
		{"a number of the text", "五十个", "六十个"},
		{"a party's name in the text", "凉山彝族自治州人民政府", "凉山彝族自治州人民政俯"},
		{"the place of signing", "西昌", "西冒"},
		{"the method", "ed25519", "ed25518"},
		{"the outcome of an act", `\"outcome\":\"done\"`, `\"outcome\":\"d0ne\"`},
		{"the file's format", "gongjian-journal-bundle-1", "gongjian-journal-bundle-2"},
		{"the text's name", "memorandum-", "memorandun-"},
	} {
		changed := bytes.Replace(file, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(changed, file) {
			t.Errorf("%s: %q does not stand in the file", c.name, c.old)
			continue
		}
		if err := accepted(t, changed, public); err == nil {
			t.Errorf("%s: accepted", c.name)
		}
	}
	// Every fiftieth byte in turn: what is accepted all the same proves the same.
	for i := 0; i < len(file); i += 50 {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		if accepted(t, changed, public) == nil && !sameProof(t, file, changed, public) {
			t.Errorf("byte %d, %q: accepted", i, file[max(0, i-20):min(len(file), i+20)])
		}
	}
}

// sameProof reports whether two files prove the same entries and texts: bits of
// base64 that decode to nothing may differ.
func sameProof(t *testing.T, a, b []byte, public string) bool {
	t.Helper()
	key, err := journal.LoadVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	var told [2]string
	for i, file := range [][]byte{a, b} {
		r, err := journal.VerifyBundle(bytes.NewReader(file), key)
		if err != nil {
			return false
		}
		r.Checkpoint.Note = ""
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		told[i] = string(out)
	}
	return told[0] == told[1]
}

func TestAFileWithoutOnePartysSignatureIsRefused(t *testing.T) {
	file, _, public := signedFile(t)
	var f struct {
		Format      json.RawMessage   `json:"format"`
		Checkpoint  json.RawMessage   `json:"checkpoint"`
		Entries     []json.RawMessage `json:"entries"`
		Attachments json.RawMessage   `json:"attachments"`
	}
	if err := json.Unmarshal(file, &f); err != nil {
		t.Fatal(err)
	}
	f.Entries = f.Entries[:len(f.Entries)-1]
	less, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := accepted(t, less, public); !errors.Is(err, errNotVerified) {
		t.Errorf("accepted: %v", err)
	}
}

func TestTheKeyOfTheSigningKeysIsMadeOnceAndForTheServerAlone(t *testing.T) {
	d := database{Data: filepath.Join(t.TempDir(), "data")}
	if _, err := d.box(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.Data, "seal.key")
	first, err := os.ReadFile(path)
	if err != nil || len(first) != seal.BoxKey {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if is, err := os.Stat(path); err != nil || is.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", is.Mode(), err)
	}
	if _, err := d.box(); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(again, first) {
		t.Error("made anew")
	}
}
