package journal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/fault"
	"gongjian/internal/journal"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

var scorecard = []byte(`{"unit":"甲县", "points":"92.50"}`)

// scored is an entry that vouches for the scorecard.
func scored(i int, detail string) journal.Entry {
	e := entry(i)
	e.Outcome, e.Detail = journal.Done, json.RawMessage(detail)
	return e
}

// Rule J-06.
func TestABundleIsProvenWithNothingButFileAndKey(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, key, _ := open(t, db)
		batches(t, db, log, 5)
		digest := journal.Digest(scorecard)
		for i, detail := range []string{
			`{"digest":"` + digest + `"}`,
			`{"scorecard":{"digest":"` + digest + `"}}`,
			`{"digests":["x","` + strings.ToUpper(digest) + `"]}`,
			`[{"digests":{"scorecard":"` + digest + `"}}]`,
		} {
			e := scored(10+i, detail)
			appendEntries(t, db, e)
			fold(t, log, 1)
			chosen := []string{entry(3).ID, entry(0).ID, e.ID}
			var file bytes.Buffer
			if err := log.Bundle(t.Context(), &file, chosen, []journal.Attachment{{Name: "考核表", Document: scorecard}}); err != nil {
				t.Fatal(err)
			}
			report, err := journal.VerifyBundle(&file, key)
			if err != nil || !report.OK() || report.Checkpoint.Size != int64(6+i) || !slices.Equal(ids(report.Entries), chosen) {
				t.Fatalf("%s: %+v (%v)", detail, report, err)
			}
			if len(report.Attachments) != 1 || report.Attachments[0].Digest != digest || !bytes.Equal(report.Attachments[0].Document, scorecard) {
				t.Errorf("%s: %+v", detail, report.Attachments)
			}
		}
	})
}

func TestABundleOfWhatCannotBeProvenIsRefused(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, _, _ := open(t, db)
		digest := journal.Digest(scorecard)
		refused := scored(1, `{"digest":"`+digest+`"}`)
		refused.Outcome = journal.Refused
		appendEntries(t, db, entry(0), refused, scored(2, `{"note":"`+digest+`"}`))
		fold(t, log, 3)
		appendEntries(t, db, entry(3))
		for _, test := range []struct{ id, key string }{
			{entry(9).ID, "journal.absent"},
			{entry(3).ID, "journal.not-folded"},
			{entry(0).ID, "journal.attachment-unknown"},
			{entry(1).ID, "journal.attachment-unknown"}, // a refused act vouches for nothing
			{entry(2).ID, "journal.attachment-unknown"}, // nor does another field
		} {
			var file bytes.Buffer
			err := log.Bundle(t.Context(), &file, []string{test.id}, []journal.Attachment{{Name: "a", Document: scorecard}})
			if !fault.Is(err, test.key) || file.Len() > 0 {
				t.Errorf("%s: %v, want %s", test.id, err, test.key)
			}
		}
	})
}

func TestAChangedBundleIsNotProven(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		log, key, _ := open(t, db)
		batches(t, db, log, 6)
		e := scored(6, `{"digest":"`+journal.Digest(scorecard)+`"}`)
		appendEntries(t, db, e)
		fold(t, log, 1)
		var file bytes.Buffer
		if err := log.Bundle(t.Context(), &file, []string{entry(2).ID, e.ID}, []journal.Attachment{{Name: "a", Document: scorecard}}); err != nil {
			t.Fatal(err)
		}
		_, otherKey := keys(t, 9)
		if report, err := journal.VerifyBundle(bytes.NewReader(file.Bytes()), otherKey); err != nil || code(report) != journal.CheckpointSignature {
			t.Errorf("another key: %+v (%v)", report, err)
		}
		for name, test := range map[string]struct{ old, new, code string }{
			"value":      {"12.340", "99.999", journal.WrongProof},
			"spaces":     {`{\"id\"`, `{ \"id\"`, journal.EntryUnreadable},
			"sequence":   {`"sequence":2`, `"sequence":3`, journal.WrongProof},
			"beyond":     {`"sequence":2`, `"sequence":7`, journal.WrongProof},
			"below":      {`"sequence":2`, `"sequence":-2`, journal.WrongProof},
			"proof":      {`"proof":["`, `"proof":["AAAA`, journal.WrongProof},
			"attachment": {"92.50", "95.50", journal.AttachmentUnknown},
			"size":       {`org\n7\n`, `org\n8\n`, journal.CheckpointSignature},
		} {
			changed := strings.Replace(file.String(), test.old, test.new, 1)
			if changed == file.String() {
				t.Fatalf("%s: nothing to change in %s", name, changed)
			}
			report, err := journal.VerifyBundle(strings.NewReader(changed), key)
			if err != nil || code(report) != test.code {
				t.Errorf("%s: %+v (%v)", name, report.Problems, err)
			}
		}
		for name, other := range map[string]string{
			"empty": "", "another format": `{"format":"x"}`, "a field more": strings.Replace(file.String(), "{", `{"more":1,`, 1),
			"something after it": file.String() + "x",
		} {
			if _, err := journal.VerifyBundle(strings.NewReader(other), key); !errors.Is(err, journal.ErrNoBundle) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func code(r journal.BundleReport) string {
	if len(r.Problems) != 1 {
		return fmt.Sprint(r.Problems)
	}
	return r.Problems[0].Code
}

// FuzzVerifyBundle: no file makes the verifier panic or prove something that the
// key did not sign.
func FuzzVerifyBundle(f *testing.F) {
	_, key := keys(f, 7)
	f.Add(`{"format":"gongjian-journal-bundle-1","checkpoint":"","entries":[],"attachments":[]}`)
	f.Add(`{"format":"gongjian-journal-bundle-1","checkpoint":"a\n1\nb\n\n— a b\n","entries":[{"sequence":0,"entry":"{}","proof":["x"]}]}`)
	f.Fuzz(func(t *testing.T, file string) {
		if report, err := journal.VerifyBundle(strings.NewReader(file), key); err == nil && report.OK() {
			t.Errorf("%q is proven", file)
		}
	})
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	private, public, err := journal.GenerateKey(seed(1), "journal.example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.LoadSigner(public); err == nil {
		t.Error("a public key signs")
	}
	if _, err := journal.LoadVerifier(private); err == nil {
		t.Error("a private key passes as a public one")
	}
	for _, name := range []string{"", "two words", "a+b"} {
		if _, _, err := journal.GenerateKey(seed(1), name); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}
