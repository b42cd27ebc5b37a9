package seal

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

var encoding = base64.RawStdEncoding

// PublicKey is a key that signatures are checked with.
type PublicKey struct {
	method Method
	raw    []byte // Ed25519: 32 bytes; SM2: the SubjectPublicKeyInfo in DER, as other tools write it
	point  *ecdsa.PublicKey
}

// Method is Ed25519 or SM2.
func (k PublicKey) Method() Method { return k.method }

// String writes the key as method:base64.
func (k PublicKey) String() string { return string(k.method) + ":" + encoding.EncodeToString(k.raw) }

// ParsePublic reads what PublicKey.String wrote.
func ParsePublic(text string) (PublicKey, error) {
	method, rest, _ := strings.Cut(text, ":")
	raw, err := encoding.DecodeString(rest)
	if err != nil {
		return PublicKey{}, fmt.Errorf("seal: reading a public key: %w", err)
	}
	k := PublicKey{method: Method(method), raw: raw}
	switch {
	case k.method == Ed25519 && len(raw) == ed25519.PublicKeySize:
		return k, nil
	case k.method == SM2:
		key, err := smx509.ParsePKIXPublicKey(raw)
		if err != nil {
			return PublicKey{}, fmt.Errorf("seal: reading a public key: %w", err)
		}
		// Written again it must be the same: one key, one text.
		again, err := smx509.MarshalPKIXPublicKey(key)
		point, ok := key.(*ecdsa.PublicKey)
		if err != nil || !ok || !sm2.IsSM2PublicKey(point) || !slices.Equal(raw, again) {
			return PublicKey{}, errors.New("seal: not an SM2 key")
		}
		k.point = point
		return k, nil
	}
	return PublicKey{}, errors.New("seal: not a public key of ours")
}

func (k PublicKey) verify(statement, value []byte) bool {
	switch k.method {
	case Ed25519:
		return ed25519.Verify(k.raw, statement, value)
	case SM2:
		return sm2.VerifyASN1WithSM2(k.point, nil, statement, value)
	}
	return false
}

type ed25519Key struct{ key ed25519.PrivateKey }

func newEd25519(random io.Reader) (Secret, error) {
	_, key, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("seal: making a key: %w", err)
	}
	return ed25519Key{key}, nil
}

func parseEd25519(text string) (Secret, error) {
	seed, err := encoding.DecodeString(text)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("seal: not an Ed25519 key")
	}
	return ed25519Key{ed25519.NewKeyFromSeed(seed)}, nil
}

func (k ed25519Key) Public() PublicKey {
	return PublicKey{method: Ed25519, raw: k.key.Public().(ed25519.PublicKey)}
}

func (k ed25519Key) Sign(statement []byte) ([]byte, error) {
	return ed25519.Sign(k.key, statement), nil
}

func (k ed25519Key) Text() string { return "ed25519:" + encoding.EncodeToString(k.key.Seed()) }

// sm2Key signs with SM2. random is what a signature needs anew each time.
type sm2Key struct {
	key             *sm2.PrivateKey
	random          io.Reader
	public, private []byte // SubjectPublicKeyInfo and PKCS #8, in DER
}

func newSM2(random io.Reader) (Secret, error) {
	key, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("seal: making a key: %w", err)
	}
	return sm2Signer(key, random)
}

// sm2Signer writes both halves of a key once: Public and Text cannot fail.
func sm2Signer(key *sm2.PrivateKey, random io.Reader) (Secret, error) {
	public, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("seal: writing a public key: %w", err)
	}
	private, err := smx509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("seal: writing a private key: %w", err)
	}
	return sm2Key{key, random, public, private}, nil
}

func parseSM2(text string) (Secret, error) {
	raw, err := encoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("seal: not an SM2 key")
	}
	parsed, err := smx509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("seal: reading an SM2 key: %w", err)
	}
	key, ok := parsed.(*sm2.PrivateKey)
	if !ok {
		return nil, errors.New("seal: not an SM2 key")
	}
	return sm2Signer(key, rand.Reader)
}

func (k sm2Key) Public() PublicKey {
	return PublicKey{method: SM2, raw: k.public, point: &k.key.PublicKey}
}

func (k sm2Key) Sign(statement []byte) ([]byte, error) {
	value, err := sm2.SignASN1(k.random, k.key, statement, sm2.NewSM2SignerOption(true, nil))
	if err != nil {
		return nil, fmt.Errorf("seal: signing: %w", err)
	}
	return value, nil
}

func (k sm2Key) Text() string { return "sm2:" + encoding.EncodeToString(k.private) }
