package letter

import (
	"encoding/base64"
	"errors"
	"fmt"
)

// Bundle is a letter as a file that proves itself: the exact body, and what each
// side signed.
type Bundle struct {
	Kind       string      `json:"kind"`
	ID         ID          `json:"id"`
	Body       string      `json:"body"` // as text, so that laying out the file anew changes nothing
	Digest     string      `json:"digest"`
	Signatures []Signature `json:"signatures"`
}

// BundleKind is what a bundle says that it is.
const BundleKind = "gongjian-letter-bundle/1"

// Signature is the exact statement that was signed and the signature in base64,
// which is empty on paper.
type Signature struct {
	Statement string `json:"statement"`
	Value     string `json:"value,omitempty"`
}

// Seen is what a signature turned out to be.
type Seen struct {
	Kind, Subject, Digest, Party string // of the statement
	OnPaper                      bool   // nothing to compute
}

// Verified is what a bundle proves.
type Verified struct {
	Body                   Body
	Giver, Taker           bool // signed
	GiverPaper, TakerPaper bool // on paper, where computing proves nothing
}

// Verify checks a bundle: the body is written as we write it and has the digest,
// and every signature is one of the two sides' under this body. check examines one
// signature by itself (package seal does).
func (b Bundle) Verify(check func(statement, value []byte) (Seen, error)) (v Verified, err error) {
	if b.Kind != BundleKind {
		return v, errors.New("letter: this is no bundle of a responsibility letter")
	}
	if v.Body, err = ReadBody([]byte(b.Body)); err != nil {
		return v, err
	}
	if b.Digest != v.Body.Digest() {
		return v, errors.New("letter: the text is not the one that the digest names: it was changed")
	}
	for i, s := range b.Signatures {
		value, err := base64.StdEncoding.DecodeString(s.Value)
		if err != nil {
			return v, fmt.Errorf("letter: signature %d is not base64: %w", i+1, err)
		}
		x, err := check([]byte(s.Statement), value)
		if err != nil {
			return v, fmt.Errorf("letter: signature %d: %w", i+1, err)
		}
		if x.Kind != "letter" || x.Subject != string(b.ID) || x.Digest != b.Digest {
			return v, fmt.Errorf("letter: signature %d is under another text", i+1)
		}
		switch x.Party {
		case string(v.Body.Giver.Unit):
			v.Giver, v.GiverPaper = true, x.OnPaper
		case string(v.Body.Taker.Unit):
			v.Taker, v.TakerPaper = true, x.OnPaper
		default:
			return v, fmt.Errorf("letter: signature %d is of neither side", i+1)
		}
	}
	return v, nil
}
