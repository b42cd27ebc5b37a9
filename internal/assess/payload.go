package assess

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gongjian/internal/fault"
)

// PayloadFormat names the form of a payload; a change of the form or of the
// arithmetic is a new number, so that an old file is never judged by new rules.
const PayloadFormat = "gongjian-scorecard/1"

// PayloadLimit is the most bytes that ReadPayload looks at.
const PayloadLimit = 32 << 20

// Payload is all that is needed to work out a scorecard again, far from the
// server that published it (核验包).
type Payload struct {
	Format string    `json:"format"`
	Scheme Scheme    `json:"scheme"`
	Inputs Inputs    `json:"inputs"`
	Card   Scorecard `json:"card"`
}

// NewPayload scores and packs. It fails as Score does.
func NewPayload(s Scheme, in Inputs) (Payload, error) {
	c, err := NewScorer(s)
	if err != nil {
		return Payload{}, err
	}
	p, _, err := c.Payload(in)
	return p, err
}

// MarshalCanonical writes the bytes that go into the journal: sorted keys, no
// spaces, inputs in order. Equal payloads are equal bytes.
func (p Payload) MarshalCanonical() ([]byte, error) {
	p.Inputs = p.Inputs.ordered()
	return canonical(p)
}

// ReadPayload reads what MarshalCanonical wrote; a newline at the end is let
// pass. Anything else that is not byte for byte canonical is refused, so that no
// file carries a word that Verify does not look at.
func ReadPayload(b []byte) (Payload, error) {
	if len(b) > PayloadLimit {
		return Payload{}, fault.New(fault.TooLarge, "assess.payload.size", "Limit", PayloadLimit>>20)
	}
	b = bytes.TrimRight(b, "\r\n")
	var p Payload
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Payload{}, fault.New(fault.Invalid, "assess.payload.unreadable").Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Payload{}, fault.New(fault.Invalid, "assess.payload.unreadable").Because(errors.New("assess: more follows the payload"))
	}
	if p.Format != PayloadFormat {
		return Payload{}, fault.New(fault.Unsupported, "assess.payload.format", "Format", p.Format, "Known", PayloadFormat)
	}
	again, err := p.MarshalCanonical()
	if err != nil {
		return Payload{}, fmt.Errorf("assess: writing a payload again: %w", err)
	}
	if !bytes.Equal(again, b) {
		return Payload{}, fault.New(fault.Invalid, "assess.payload.not-canonical")
	}
	return p, nil
}

// Difference is one value that a new calculation gives otherwise.
type Difference struct {
	What       string // total, grade, digest, or a line and its part: 2.1 got
	Stored     string
	Recomputed string
	Words      bool // only the sentences that explain a line
}

// Mismatch says in what a stored card differs from the new calculation.
type Mismatch struct{ Differences []Difference }

// Error lists the differences.
func (m *Mismatch) Error() string {
	var parts []string
	for _, d := range m.Differences {
		parts = append(parts, fmt.Sprintf("%s is %q in the file and %q when worked out again", d.What, d.Stored, d.Recomputed))
	}
	return "assess: the scorecard does not follow from its scheme and inputs: " + strings.Join(parts, "; ")
}

// OnlyWords reports whether every figure agrees and the explanations alone differ,
// as they do when another version of this program tells them otherwise.
func (m *Mismatch) OnlyWords() bool {
	for _, d := range m.Differences {
		if !d.Words {
			return false
		}
	}
	return true
}

// Verify scores again and compares every value with the card (重算). It returns
// nil when they are equal, a *Mismatch when not, and the faults of Score when
// scheme or inputs are broken.
func (p Payload) Verify() error {
	card, err := Score(p.Scheme, p.Inputs)
	if err != nil {
		return err
	}
	if d := differences(p.Card, card); len(d) > 0 {
		return &Mismatch{d}
	}
	return nil
}

func differences(stored, again Scorecard) []Difference {
	var out []Difference
	say := func(what, a, b string) {
		if a != b {
			out = append(out, Difference{What: what, Stored: a, Recomputed: b})
		}
	}
	say("subject", string(stored.Subject), string(again.Subject))
	say("scheme", fmt.Sprintf("%s version %d", stored.Scheme, stored.Version), fmt.Sprintf("%s version %d", again.Scheme, again.Version))
	say("day", stored.AsOf.String(), again.AsOf.String())
	say("sum", stored.Exact.String(), again.Exact.String())
	say("total", stored.Total.String(), again.Total.String())
	say("grade", stored.Grade, again.Grade)
	say("vetoes", strings.Join(stored.Capped, " "), strings.Join(again.Capped, " "))
	say("open items", strings.Join(stored.Open, " "), strings.Join(again.Open, " "))
	say("number of lines", fmt.Sprint(len(stored.Lines)), fmt.Sprint(len(again.Lines)))
	for i := 0; i < min(len(stored.Lines), len(again.Lines)); i++ {
		a, b := stored.Lines[i], again.Lines[i]
		say(b.No+" points", a.Points.String(), b.Points.String())
		say(b.No+" got", a.Got.String(), b.Got.String())
		say(b.No+" lost", a.Lost.String(), b.Lost.String())
		say(b.No+" state", string(a.State), string(b.State))
		say(b.No+" item and sources", asText(a.silent()), asText(b.silent()))
		if x, y := asText([]any{a.Calc, a.Why}), asText([]any{b.Calc, b.Why}); x != y {
			out = append(out, Difference{What: b.No + " explanation", Stored: x, Recomputed: y, Words: true})
		}
	}
	say("digest", stored.Digest, again.Digest)
	return out
}

// asText is a value as JSON, to compare; what cannot be written differs from everything.
func asText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// silent is the line without its explanations.
func (l Line) silent() Line {
	l.Calc, l.Why = nil, nil
	return l
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
