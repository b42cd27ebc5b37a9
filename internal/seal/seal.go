// Package seal makes and checks signatures (签署) that anybody can check with the
// statement and the public key alone, without asking us.
//
// Words. A statement is the exact bytes that were signed: who signs for which
// party what, by its digest, when and where. A method says how: with Ed25519, with
// SM2 over SM3 (GB/T 32918.2-2016), by an outside signer who keeps the key and
// hands in the signature, or on paper, where the record only says so and keeps
// the hash of the scanned copy.
//
// Laws. A statement that is read and written again has the same bytes. A changed
// byte of the statement, the key or the value is found. A signature on paper is
// never called checked: its scan can be compared, its ink cannot.
package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongjian/internal/calendar"
)

// Method is how something is signed.
type Method string

// The methods.
const (
	Ed25519 Method = "ed25519" // RFC 8032
	SM2     Method = "sm2"     // GB/T 32918.2-2016 with SM3 (GB/T 32905-2016) and the standard identifier
	Outside Method = "outside" // by a signer of the party's own; Key.Method says with which of the two above
	Paper   Method = "paper"
)

// Methods returns the methods in the order of pages.
func Methods() []Method { return []Method{Ed25519, SM2, Outside, Paper} }

// Statement is what a signature is put under.
type Statement struct {
	Log     string        `json:"log"`     // name of the journal that the act is entered in
	Kind    string        `json:"kind"`    // of what is signed: version, letter, pledge
	Subject string        `json:"subject"` // its id
	Title   string        `json:"title"`
	Digest  string        `json:"digest"` // SHA-256 of its canonical bytes, lower-case hexadecimal
	Party   string        `json:"party"`  // id of the unit that is bound
	Name    string        `json:"name"`   // of the unit, on the day
	Post    string        `json:"post"`   // id
	Signer  string        `json:"signer"` // title of the post and name of its holder, on the day
	Person  string        `json:"person"` // id
	Method  Method        `json:"method"`
	Key     string        `json:"key,omitempty"`  // public key as PublicKey.String writes it; "" on paper
	Scan    string        `json:"scan,omitempty"` // SHA-256 of the scanned paper
	Place   string        `json:"place,omitempty"`
	Day     calendar.Date `json:"day"`
	Nonce   string        `json:"nonce"` // of this signing, so that a statement cannot be used twice
}

// Bytes returns what is signed: JSON with the fields in the order above.
func (s Statement) Bytes() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("seal: a statement cannot be written: %v", err)) // strings and a day only
	}
	return b
}

// ReadStatement reads the bytes of a statement. Unknown fields are an error: what
// we cannot read, we do not vouch for.
func ReadStatement(b []byte) (Statement, error) {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	var s Statement
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("seal: reading a statement: %w", err)
	}
	if string(s.Bytes()) != string(b) {
		return s, errors.New("seal: a statement that is not written as we write it")
	}
	return s, nil
}

// What checking finds.
var (
	ErrForged  = errors.New("seal: the signature does not fit the statement and the key")
	ErrOnPaper = errors.New("seal: signed on paper, nothing to check by computation")
)

// Check verifies a signature: value under the statement's bytes with the
// statement's key. It answers ErrOnPaper for paper.
func Check(statement, value []byte) (Statement, error) {
	s, err := ReadStatement(statement)
	if err != nil {
		return s, err
	}
	if s.Method == Paper {
		return s, ErrOnPaper
	}
	key, err := ParsePublic(s.Key)
	if err != nil {
		return s, err
	}
	if s.Method != Outside && s.Method != key.Method() {
		return s, fmt.Errorf("seal: signed with %s by a key of %s", s.Method, key.Method())
	}
	if !key.verify(statement, value) {
		return s, ErrForged
	}
	return s, nil
}

// Signer signs with a key that stays where it is.
type Signer interface {
	Public() PublicKey
	Sign(statement []byte) (value []byte, err error)
}

// Generate makes a key of a method. random must be cryptographic.
func Generate(m Method, random io.Reader) (Secret, error) {
	switch m {
	case Ed25519:
		return newEd25519(random)
	case SM2:
		return newSM2(random)
	}
	return nil, fmt.Errorf("seal: no key is made for %q", m)
}

// Secret is a signer whose key can be kept.
type Secret interface {
	Signer
	// Text is the private key as ParseSecret reads it. It belongs in a sealed place.
	Text() string
}

// ParseSecret reads what Secret.Text wrote.
func ParseSecret(text string) (Secret, error) {
	method, rest, _ := strings.Cut(text, ":")
	switch Method(method) {
	case Ed25519:
		return parseEd25519(rest)
	case SM2:
		return parseSM2(rest)
	}
	return nil, errors.New("seal: not a private key of ours")
}
