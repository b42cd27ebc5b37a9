package seal

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestAClosedKeyOpensForItsOwnerInItsBoxAlone(t *testing.T) {
	box, err := NewBox(bytes.Repeat([]byte{1}, BoxKey), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewBox(bytes.Repeat([]byte{2}, BoxKey), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Method{Ed25519, SM2} {
		secret, err := Generate(m, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		closed, err := box.Close(secret, "post-1")
		if err != nil {
			t.Fatal(err)
		}
		open, err := box.Open(closed, "post-1")
		if err != nil || open.Text() != secret.Text() {
			t.Fatalf("%s: %v", m, err)
		}
		if _, err := box.Open(closed, "post-2"); err == nil {
			t.Error("opened for another post")
		}
		if _, err := other.Open(closed, "post-1"); err == nil {
			t.Error("opened by another box")
		}
		if _, err := box.Open(closed[:10], "post-1"); err == nil {
			t.Error("half a key opened")
		}
	}
	if _, err := NewBox([]byte("short"), rand.Reader); err == nil {
		t.Error("a short key makes a box")
	}
}
