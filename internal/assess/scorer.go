package assess

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Scorer scores subjects by one scheme, which it checks and writes once for all of
// them. Several goroutines may use it at once.
type Scorer struct {
	scheme  Scheme
	written []byte // the scheme as canonical JSON
}

// NewScorer returns a scorer for a scheme. It fails with the faults of Scheme.Check.
func NewScorer(s Scheme) (*Scorer, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	b, err := canonical(s)
	if err != nil {
		return nil, fmt.Errorf("assess: writing a scheme: %w", err)
	}
	return &Scorer{s, b}, nil
}

// Payload scores and packs one subject and returns with it what MarshalCanonical
// would write. It fails with the faults of Inputs.Check.
func (c *Scorer) Payload(in Inputs) (Payload, []byte, error) {
	card, in, inputs, err := c.score(in)
	if err != nil {
		return Payload{}, nil, err
	}
	b, err := canonical(card)
	if err != nil {
		return Payload{}, nil, fmt.Errorf("assess: writing a scorecard: %w", err)
	}
	return Payload{Format: PayloadFormat, Scheme: c.scheme, Inputs: in, Card: card}, bytes.Join(c.pieces(b, inputs), nil), nil
}

// pieces are the canonical bytes of a payload, whose members stand in the order of
// their names.
func (c *Scorer) pieces(card, inputs []byte) [][]byte {
	return [][]byte{
		[]byte(`{"card":`), card, []byte(`,"format":"` + PayloadFormat + `","inputs":`), inputs, []byte(`,"scheme":`), c.written, []byte(`}`),
	}
}

// score returns the card with the inputs in order, and these as canonical JSON.
func (c *Scorer) score(in Inputs) (Scorecard, Inputs, []byte, error) {
	in = in.ordered()
	if err := in.Check(c.scheme); err != nil {
		return Scorecard{}, in, nil, err
	}
	inputs, err := canonical(in)
	if err != nil {
		return Scorecard{}, in, nil, fmt.Errorf("assess: writing inputs: %w", err)
	}
	card := newScoring(c.scheme, in).card()
	card.Digest, err = c.digest(card, inputs)
	return card, in, inputs, err
}

// digest is the fingerprint of a card and all it rests on.
//
// Rule A-05 (our choice: scheme version, inputs, evidence, who scored and the
// rounding give the same number for ever): the digest covers scheme, inputs
// with the evidence's fingerprints, and every line. The sentences that explain a
// line are left out: they may be told better some day, and the figures stay.
func (c *Scorer) digest(card Scorecard, inputs []byte) (string, error) {
	card.Digest = ""
	lines := make([]Line, len(card.Lines))
	for i, l := range card.Lines {
		lines[i] = l.silent()
	}
	card.Lines = lines
	b, err := canonical(card)
	if err != nil {
		return "", fmt.Errorf("assess: digest of a scorecard: %w", err)
	}
	sum := sha256.New()
	for _, piece := range c.pieces(b, inputs) {
		sum.Write(piece)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
