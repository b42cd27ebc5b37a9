package journal_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"gongjian/internal/journal"
)

// A statement is opened by its key and kind only, and never passes for a checkpoint.
func TestAStatementIsOpenedByItsKeyAndKindOnly(t *testing.T) {
	private, public, err := journal.GenerateKey(rand.Reader, "town.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := journal.LoadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := journal.LoadVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	log := journal.New(nil, signer, time.Now)
	signed, err := log.SignStatement("gongjian-document/1", []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := journal.OpenStatement(signed, "gongjian-document/1", key); err != nil || string(body) != `{"a":1}` {
		t.Errorf("%s %v", body, err)
	}
	for what, text := range map[string]string{"another kind": "gongjian-document/2", "no kind": ""} {
		if _, err := journal.OpenStatement(signed, text, key); !errors.Is(err, journal.ErrNoStatement) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := journal.OpenStatement(strings.Replace(signed, "1}", "2}", 1), "gongjian-document/1", key); !errors.Is(err, journal.ErrNoStatement) {
		t.Errorf("changed: %v", err)
	}
	if _, err := journal.OpenCheckpoint(signed, key); err == nil {
		t.Error("a statement passes for a checkpoint")
	}
	for _, bad := range [][2]string{{"town.example", "{}"}, {"a/1", "x\ny"}, {"a/1\nb", "{}"}} {
		if _, err := log.SignStatement(bad[0], []byte(bad[1])); err == nil {
			t.Errorf("%q was signed", bad)
		}
	}
}
