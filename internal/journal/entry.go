package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Outcome says whether an act was done or refused.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Subject names a record that an entry is about.
type Subject struct {
	Kind string `json:"kind"` // "task", "memorandum"…
	ID   string `json:"id"`
}

// Entry is one act, or one refused attempt.
type Entry struct {
	ID       string          // UUIDv7 in lower case, given by the caller
	At       time.Time       // when it was done, kept to the microsecond in UTC
	Person   string          // id; "" when the program itself acted
	Post     string          // id
	Unit     string          // id of the unit that the post belongs to
	Action   string          // "task.report"
	Outcome  Outcome         // done, or refused
	Policy   string          // which policy allowed or refused it
	Subjects []Subject       // in the caller's order, none twice
	Detail   json.RawMessage // a JSON value: what was done, with exact values; nil means {}
	Token    string          // id of the token (令牌) by which a program acted; "" when none did
}

// instant is how a time stands in an entry and a checkpoint: UTC, always six
// decimals, so that equal instants are equal bytes.
const instant = "2006-01-02T15:04:05.000000Z"

// wire is the canonical JSON of an entry; the order of its fields is the order
// in the bytes and may never change, nor may a field go away. A field that comes
// later stands last and is left out where it is empty, so that the bytes of the
// entries before it stay what they were.
type wire struct {
	ID       string          `json:"id"`
	At       string          `json:"at"`
	Person   string          `json:"person"`
	Post     string          `json:"post"`
	Unit     string          `json:"unit"`
	Action   string          `json:"action"`
	Outcome  Outcome         `json:"outcome"`
	Policy   string          `json:"policy"`
	Subjects []Subject       `json:"subjects"`
	Detail   json.RawMessage `json:"detail"`
	Token    string          `json:"token,omitempty"`
}

// Bytes returns the canonical JSON of the entry: fixed order of fields, no
// spaces, no escapes that JSON does not need, all fields present, save the token
// where there is none. Within Detail the caller's order of fields stays. These exact bytes are stored and hashed.
func (e Entry) Bytes() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("journal: entry %s: %w", e.ID, err)
	}
	w := wire{
		ID: e.ID, At: e.At.UTC().Format(instant), Person: e.Person, Post: e.Post, Unit: e.Unit,
		Action: e.Action, Outcome: e.Outcome, Policy: e.Policy, Subjects: e.Subjects, Detail: e.Detail, Token: e.Token,
	}
	if w.Subjects == nil {
		w.Subjects = []Subject{}
	}
	if w.Detail == nil {
		w.Detail = json.RawMessage("{}")
	}
	text, err := plainJSON(w)
	if err != nil {
		return nil, fmt.Errorf("journal: entry %s: %w", e.ID, err)
	}
	return text, nil
}

// plainJSON is json.Marshal without the escapes meant for HTML.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// check refuses an entry that could not be read back as it was.
func (e Entry) check() error {
	id, err := uuid.Parse(e.ID)
	if err != nil || id.Version() != 7 || id.String() != e.ID {
		return errors.New("the id is not a UUIDv7 in lower case")
	}
	if year := e.At.UTC().Year(); year < 1970 || year > 9999 {
		return errors.New("the instant is missing or out of range")
	}
	if e.Action == "" || (e.Outcome != Done && e.Outcome != Refused) {
		return errors.New("it needs an action and an outcome")
	}
	seen := map[Subject]bool{}
	texts := []string{e.Person, e.Post, e.Unit, e.Action, e.Policy, e.Token}
	for _, s := range e.Subjects {
		if s.Kind == "" || s.ID == "" || seen[s] {
			return errors.New("a subject is empty or named twice")
		}
		seen[s] = true
		texts = append(texts, s.Kind, s.ID)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || bytes.IndexByte([]byte(text), 0) >= 0 {
			return errors.New("a text is not UTF-8 or holds a zero byte")
		}
	}
	if e.Detail != nil && (!utf8.Valid(e.Detail) || !json.Valid(e.Detail)) {
		return errors.New("the detail is not JSON in UTF-8")
	}
	return nil
}

// ParseEntry reads the bytes of an entry and refuses any that Bytes would not
// have written.
func ParseEntry(text []byte) (Entry, error) {
	var w wire
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&w); err != nil {
		return Entry{}, fmt.Errorf("journal: reading an entry: %w", err)
	}
	at, err := time.Parse(instant, w.At)
	if err != nil {
		return Entry{}, fmt.Errorf("journal: reading an entry: %w", err)
	}
	e := Entry{
		ID: w.ID, At: at, Person: w.Person, Post: w.Post, Unit: w.Unit, Action: w.Action,
		Outcome: w.Outcome, Policy: w.Policy, Subjects: w.Subjects, Detail: w.Detail, Token: w.Token,
	}
	again, err := e.Bytes()
	if err != nil {
		return Entry{}, err
	}
	// Rule J-01 (our choice): an entry is its bytes, and only canonical bytes are one.
	if !bytes.Equal(again, text) {
		return Entry{}, errors.New("journal: reading an entry: it is not in canonical form")
	}
	return e, nil
}
