package seal

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
)

var encoding = base64.RawStdEncoding

// PublicKey is a key that signatures are checked with.
type PublicKey struct {
	method Method
	raw    []byte // Ed25519: 32 bytes; SM2: the uncompressed point, 65 bytes
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
	case k.method == SM2 && len(raw) == 65 && raw[0] == 4:
		x, y := new(big.Int).SetBytes(raw[1:33]), new(big.Int).SetBytes(raw[33:])
		curve := sm2.P256()
		if !curve.IsOnCurve(x, y) {
			return PublicKey{}, errors.New("seal: the public key is no point of the curve")
		}
		k.point = &ecdsa.PublicKey{Curve: curve, X: x, Y: y}
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
	key    *sm2.PrivateKey
	random io.Reader
}

func newSM2(random io.Reader) (Secret, error) {
	key, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("seal: making a key: %w", err)
	}
	return sm2Key{key, random}, nil
}

func parseSM2(text string) (Secret, error) {
	raw, err := encoding.DecodeString(text)
	if err != nil || len(raw) != 32 {
		return nil, errors.New("seal: not an SM2 key")
	}
	curve := sm2.P256()
	d := new(big.Int).SetBytes(raw)
	// Of 1 … n-2, as GB/T 32918.1 wants it.
	if d.Sign() <= 0 || d.Cmp(new(big.Int).Sub(curve.Params().N, big.NewInt(1))) >= 0 {
		return nil, errors.New("seal: not an SM2 key")
	}
	key := new(sm2.PrivateKey)
	key.D, key.Curve = d, curve
	key.X, key.Y = curve.ScalarBaseMult(raw)
	return sm2Key{key, rand.Reader}, nil
}

func (k sm2Key) Public() PublicKey {
	raw := make([]byte, 65)
	raw[0] = 4
	k.key.X.FillBytes(raw[1:33])
	k.key.Y.FillBytes(raw[33:])
	return PublicKey{method: SM2, raw: raw, point: &k.key.PublicKey}
}

func (k sm2Key) Sign(statement []byte) ([]byte, error) {
	value, err := sm2.SignASN1(k.random, k.key, statement, sm2.NewSM2SignerOption(true, nil))
	if err != nil {
		return nil, fmt.Errorf("seal: signing: %w", err)
	}
	return value, nil
}

func (k sm2Key) Text() string {
	raw := make([]byte, 32)
	k.key.D.FillBytes(raw)
	return "sm2:" + encoding.EncodeToString(raw)
}
