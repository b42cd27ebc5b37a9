package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
)

// BoxKey is how many bytes the key of a Box has.
const BoxKey = 32

// Box keeps private keys closed with a key of the server's own (AES-256-GCM), so
// that a copy of the database alone cannot sign. Whoever has both can: a party that
// does not want that signs outside.
type Box struct {
	aead   cipher.AEAD
	random io.Reader
}

// NewBox makes a box. random must be cryptographic.
func NewBox(key []byte, random io.Reader) (*Box, error) {
	if len(key) != BoxKey {
		return nil, fmt.Errorf("seal: the key of a box has %d bytes, not %d", BoxKey, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: making a box: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: making a box: %w", err)
	}
	return &Box{aead: aead, random: random}, nil
}

// Close puts a private key away. about binds it to its owner: it opens for no other.
func (b *Box) Close(s Secret, about string) (string, error) {
	nonce := make([]byte, b.aead.NonceSize())
	if _, err := io.ReadFull(b.random, nonce); err != nil {
		return "", fmt.Errorf("seal: closing a key: %w", err)
	}
	return encoding.EncodeToString(b.aead.Seal(nonce, nonce, []byte(s.Text()), []byte(about))), nil
}

// Open takes a private key out.
func (b *Box) Open(closed, about string) (Secret, error) {
	raw, err := encoding.DecodeString(closed)
	if err != nil || len(raw) < b.aead.NonceSize() {
		return nil, errors.New("seal: not a closed key")
	}
	n := b.aead.NonceSize()
	text, err := b.aead.Open(nil, raw[:n], raw[n:], []byte(about))
	if err != nil {
		return nil, fmt.Errorf("seal: opening a key: %w", err)
	}
	return ParseSecret(string(text))
}

// New makes a key of a method, of the box's own randomness.
func (b *Box) New(m Method) (Secret, error) { return Generate(m, b.random) }
