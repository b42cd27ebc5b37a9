package journal

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// GenerateKey makes an Ed25519 key pair with the name, which becomes the origin
// of every checkpoint and so should be the host name of the service, without
// spaces or plus signs. Both keys are one line of text in the format of
// golang.org/x/mod/sumdb/note. The private one must stay secret; the public one
// belongs on a page, in a printed document, in other hands.
func GenerateKey(random io.Reader, name string) (private, public string, err error) {
	private, public, err = note.GenerateKey(random, name)
	if err != nil {
		return "", "", fmt.Errorf("journal: making a key: %w", err)
	}
	// The same tests that loading will make, so that a bad name fails here.
	if _, err := LoadSigner(private); err != nil {
		return "", "", err
	}
	return private, public, nil
}

// LoadSigner reads the private key from the content of its file.
func LoadSigner(file string) (note.Signer, error) {
	signer, err := note.NewSigner(strings.TrimSpace(file))
	if err != nil {
		return nil, fmt.Errorf("journal: reading the private key: %w", err)
	}
	return signer, nil
}

// LoadVerifier reads a public key from the content of its file.
func LoadVerifier(file string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(file))
	if err != nil {
		return nil, fmt.Errorf("journal: reading the public key: %w", err)
	}
	return verifier, nil
}

// SaveKey returns the content of a key's file: the key and the end of its line.
func SaveKey(key string) string { return key + "\n" }
