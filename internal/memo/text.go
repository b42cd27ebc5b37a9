package memo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Text is what a memorandum says, as one version of it: everything that the
// parties agree on, and nothing of its administration. Two texts are the same
// when their canonical bytes are.
type Text struct {
	Title    string   `json:"title"`
	Kind     string   `json:"kind"` // as the document calls itself
	Parties  []Party  `json:"parties"`
	Preamble string   `json:"preamble,omitempty"` // 依据和原则
	Clauses  []Clause `json:"clauses"`            // in the order of the document; Level makes the tree
	Closing  string   `json:"closing,omitempty"`  // 份数, 未尽事宜
	Term     Term     `json:"term"`
}

// Party is one side (缔约方) as the text names it. The name is kept as printed:
// a unit that is renamed later keeps its old name in old documents.
type Party struct {
	Unit   org.UnitID `json:"unit"`
	Name   string     `json:"name"`
	Called string     `json:"called,omitempty"` // 甲方, 乙方
	Order  int        `json:"order,omitempty"`  // of signing; parties of the same number sign in any order
}

// Term says how long a memorandum holds (有效期). At most one of the fields is set;
// none means open-ended (长期).
type Term struct {
	Years int           `json:"years,omitempty"` // counted from the day of signing
	Until calendar.Date `json:"until,omitzero"`  // last day
}

// Last returns the last day of a term that begins with a signature, or the zero
// day for an open-ended one. Three years from 26 February 2010 end on 25 February 2013.
func (t Term) Last(signed calendar.Date) calendar.Date {
	if t.Years > 0 && !signed.IsZero() {
		return signed.AddYears(t.Years).AddDays(-1)
	}
	return t.Until
}

// SupportKind is the kind of support (支持): land, money, posts,
// equipment, or a policy.
type SupportKind string

// The kinds of support (mission, rows S11 and S12).
const (
	Land      SupportKind = "land"      // 土地; in square metres
	Money     SupportKind = "money"     // 资金; in fen
	Posts     SupportKind = "posts"     // 编制
	Equipment SupportKind = "equipment" // 设备; pieces
	Policy    SupportKind = "policy"    // 政策; counted in documents
)

// SupportKinds returns the kinds in the order of pages.
func SupportKinds() []SupportKind { return []SupportKind{Land, Money, Posts, Equipment, Policy} }

// Support is what a commitment promises beside deeds. Amount counts the kind's
// smallest unit: fen, square metres times ten thousand, posts, pieces.
type Support struct {
	Kind   SupportKind `json:"kind"`
	Amount int64       `json:"amount"`          // money in fen; everything else in ten-thousandths of Unit
	Unit   string      `json:"unit,omitempty"`  // of Amount where the kind has several: 公顷, 亩, 台（套）
	Year   int         `json:"year,omitempty"`  // budget year; 0 for once and for all
	Words  string      `json:"words,omitempty"` // as printed
}

// Canonical returns the bytes that are hashed and signed: JSON with the fields
// in the order of the types above and no white space. Equal texts have equal bytes.
func (t Text) Canonical() []byte {
	t.Parties, t.Clauses = slices.Clone(t.Parties), slices.Clone(t.Clauses)
	for i := range t.Clauses {
		t.Clauses[i].Position = i + 1
		t.Clauses[i].Commitments = slices.Clone(t.Clauses[i].Commitments)
		for j := range t.Clauses[i].Commitments {
			t.Clauses[i].Commitments[j].Clause = t.Clauses[i].ID
		}
	}
	b, err := json.Marshal(t)
	if err != nil {
		panic(fmt.Sprintf("memo: a text cannot be written: %v", err)) // strings, numbers and days only: cannot happen
	}
	return b
}

// ReadText reads canonical bytes again. Fields that it does not know are an
// error: a text of a later release must not lose words in silence.
func ReadText(b []byte) (Text, error) {
	var t Text
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return Text{}, fmt.Errorf("memo: reading a text: %w", err)
	}
	return t, nil
}

// Units returns the units of the parties in their order.
func (t Text) Units() []org.UnitID {
	out := make([]org.UnitID, len(t.Parties))
	for i, p := range t.Parties {
		out[i] = p.Unit
	}
	return out
}

// Check reports what keeps a text from being proposed, all at once.
func (t Text) Check() error {
	m := Memorandum{Title: t.Title, Kind: t.Kind, Parties: t.Units(), Clauses: t.Clauses, Until: t.Term.Until}
	l, _ := m.Check().(fault.List)
	if len(t.Clauses) == 0 {
		l = append(l, fault.New(fault.Invalid, "memo.no-clauses").On("clauses"))
	}
	level := 0
	for _, c := range t.Clauses {
		if c.Level < 1 || c.Level > level+1 {
			l = append(l, fault.New(fault.Invalid, "memo.clause-level", "No", c.No).On("clauses"))
		}
		level = max(c.Level, 1)
	}
	return l.Err()
}

// Text returns what a memorandum says, with the parties named as name says.
func (m Memorandum) Text(name func(org.UnitID) string) Text {
	t := Text{Title: m.Title, Kind: m.Kind, Preamble: m.Preamble, Clauses: m.Clauses, Closing: m.Closing, Term: m.Term}
	if t.Term == (Term{}) {
		t.Term.Until = m.Until
	}
	for _, p := range m.Parties {
		t.Parties = append(t.Parties, Party{Unit: p, Name: name(p)})
	}
	return t
}

// Says returns the memorandum with the words of a text in place of its own; the
// term is counted from the day of signing.
func (m Memorandum) Says(t Text) Memorandum {
	m.Title, m.Kind, m.Parties, m.Preamble, m.Closing, m.Term = t.Title, t.Kind, t.Units(), t.Preamble, t.Closing, t.Term
	m.Clauses, m.Until = t.Clauses, t.Term.Last(m.Signed)
	return m
}

// Mentions returns every unit that a text names, as a party or in what is owed, each
// once in the order of their ids.
func (t Text) Mentions() []org.UnitID {
	out := t.Units()
	for _, c := range t.Clauses {
		for _, k := range c.Commitments {
			out = append(append(out, k.Obligors()...), k.Confirms)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(u org.UnitID) bool { return u == "" })
}
