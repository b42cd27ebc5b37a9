// Package measure holds the catalogue of measures (措施库): what an agency can offer
// to a place, and what it asks of the government there, each as a model wording with
// the findings that it answers.
//
// Words. A measure (措施) belongs to a field and to a side: it is offered or asked. A
// pattern (适用情形) says which findings it answers. A blank (空格) is a placeholder of
// the wording, in braces, that is filled when the measure is taken. A chosen measure
// (选用的措施) is a measure taken into the draft of a memorandum for a finding: the
// middle of the thread finding → measure → commitment. A proposal (建议) is a measure
// with the findings that speak for it.
//
// Laws. A measure that is switched off is not proposed. A chosen measure keeps the
// number of the version it was made from. No blank and no commitment without obligor
// comes into a text.
package measure

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/survey"
)

// ID names a measure.
type ID string

// ChosenID names a chosen measure.
type ChosenID string

// Side says who does what the measure says.
type Side string

// The sides.
const (
	Offers Side = "offers" // 机构提供: the agency does it for the place
	Asks   Side = "asks"   // 请政府支持: the government of the place does it
)

// Sides returns the sides in the order of pages.
func Sides() []Side { return []Side{Offers, Asks} }

// Measure is what an entry of the catalogue says, in one version.
type Measure struct {
	Field    survey.Field `json:"field"`
	Side     Side         `json:"side"`
	Title    string       `json:"title"`
	Wording  string       `json:"wording"`            // with blanks: 帮助{地方}培育名牌{目标}个
	Target   string       `json:"target,omitempty"`   // usual words: 不少于{目标}个
	Deadline string       `json:"deadline,omitempty"` // usual words: 每年12月底前
	Evidence string       `json:"evidence,omitempty"` // wanted as proof
	Answers  []Pattern    `json:"answers,omitempty"`
}

// Pattern is the findings that a measure answers. What is empty does not narrow.
type Pattern struct {
	Kind       survey.FindingKind `json:"kind,omitempty"`
	Field      survey.Field       `json:"field,omitempty"`      // another than the measure's own
	Words      []string           `json:"words,omitempty"`      // one of which stands in the finding
	Industries []string           `json:"industries,omitempty"` // divisions or sections of GB/T 4754
}

// Entry is a measure in the catalogue, as it is today.
type Entry struct {
	ID       ID
	Unit     org.UnitID // that keeps it
	Key      string     // of a standard measure; "" for the unit's own
	Position int        // within its field
	On       bool       // proposed and picked
	Number   int        // of the version that is shown
	From     calendar.Date
	Version  int64
	Measure
}

// Chosen is a measure taken into the draft of a memorandum.
type Chosen struct {
	ID         ChosenID
	Memorandum memo.ID
	Unit       org.UnitID // in whose draft
	Measure    ID
	Number     int
	Finding    survey.FindingID // "" when the office chose it without one
	Field      survey.Field
	Side       Side
	Obligor    org.UnitID
	Confirms   org.UnitID
	Wording    string
	Target     string
	Deadline   string
	At         time.Time
}

// Check reports what is wrong with a measure.
func (m Measure) Check() error {
	var l fault.List
	if strings.TrimSpace(m.Title) == "" {
		l = append(l, fault.New(fault.Invalid, "measure.title-missing").On("title"))
	}
	if strings.TrimSpace(m.Wording) == "" {
		l = append(l, fault.New(fault.Invalid, "measure.wording-missing").On("wording"))
	}
	if !slices.Contains(survey.Fields(), m.Field) {
		l = append(l, fault.New(fault.Invalid, "measure.field-unknown").On("field"))
	}
	if !slices.Contains(Sides(), m.Side) {
		l = append(l, fault.New(fault.Invalid, "measure.side-unknown").On("side"))
	}
	for name, words := range map[string]string{"wording": m.Wording, "target": m.Target, "deadline": m.Deadline} {
		if strings.Count(words, "{") != strings.Count(words, "}") {
			l = append(l, fault.New(fault.Invalid, "measure.brace-open").On(name))
		}
	}
	if len(m.Answers) == 0 {
		l = append(l, fault.New(fault.Invalid, "measure.answers-nothing").On("answers"))
	}
	for _, p := range m.Answers {
		if p.Kind != "" && !slices.Contains(survey.FindingKinds(), p.Kind) || p.Field != "" && !slices.Contains(survey.Fields(), p.Field) {
			l = append(l, fault.New(fault.Invalid, "measure.pattern-unknown").On("answers"))
		}
	}
	return l.Err()
}

// Same reports whether two measures say the same.
func (m Measure) Same(n Measure) bool {
	same := func(a, b Pattern) bool {
		return a.Kind == b.Kind && a.Field == b.Field && slices.Equal(a.Words, b.Words) && slices.Equal(a.Industries, b.Industries)
	}
	return m.Field == n.Field && m.Side == n.Side && m.Title == n.Title && m.Wording == n.Wording && m.Target == n.Target &&
		m.Deadline == n.Deadline && m.Evidence == n.Evidence && slices.EqualFunc(m.Answers, n.Answers, same)
}

// CheckFrom reports whether a new version may hold from a day.
//
// Rule MS-03 (ours): versions follow each other; none begins before the last one.
func (e Entry) CheckFrom(from calendar.Date) error {
	if from.IsZero() || from.Before(e.From) {
		return fault.New(fault.Invalid, "measure.from-before", "Day", e.From).On("from")
	}
	return nil
}

// Blanks returns the names of the placeholders that stand in words, each once.
func Blanks(words string) (out []string) {
	for {
		_, rest, open := strings.Cut(words, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			return out
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
		words = after
	}
}

// Fill puts values in the place of placeholders; one that has no value stays.
func Fill(words string, values map[string]string) string {
	for _, name := range Blanks(words) {
		if v := values[name]; v != "" {
			words = strings.ReplaceAll(words, "{"+name+"}", v)
		}
	}
	return words
}

// Names of the placeholders that are filled from a finding; others are filled by hand.
const (
	Place    = "地方"
	Year     = "年份"
	Value    = "数值"
	Industry = "产业"
	Firm     = "企业"
)

// Values returns what the placeholders of a measure are filled with for a finding.
func Values(place string, f survey.Finding, industries survey.Industries) map[string]string {
	out := map[string]string{Place: place}
	for _, g := range f.Rests {
		if g.Value != nil && out[Value] == "" {
			out[Value] = g.Value.String() + g.Unit
		}
		if g.Year != 0 && out[Year] == "" {
			out[Year] = strconv.Itoa(g.Year)
		}
		var names []string
		for _, code := range g.Codes {
			if i, ok := industries.Of(code); ok {
				names = append(names, i.Name)
			}
		}
		if len(names) > 0 && out[Industry] == "" {
			out[Industry] = strings.Join(names, "、")
		}
		if f.Kind == survey.Enterprise && g.Words != "" && out[Firm] == "" {
			out[Firm] = g.Words
		}
	}
	return out
}

// Check reports what keeps a chosen measure out of a text.
//
// Rule MS-02 (ours): no blank and no obligor from outside the parties goes into a text.
func (c Chosen) Check(parties []org.UnitID) error {
	var l fault.List
	at := string(c.ID)
	if strings.TrimSpace(c.Wording) == "" {
		l = append(l, fault.New(fault.Invalid, "measure.wording-missing").On(at+".wording"))
	}
	for field, words := range map[string]string{"wording": c.Wording, "target": c.Target, "deadline": c.Deadline} {
		if open := Blanks(words); len(open) > 0 {
			l = append(l, fault.New(fault.Invalid, "measure.blank-open", "Names", strings.Join(open, "、")).On(at+"."+field))
		}
	}
	if !slices.Contains(parties, c.Obligor) {
		l = append(l, fault.New(fault.Invalid, "measure.obligor-no-party").On(at+".obligor"))
	}
	if c.Confirms == c.Obligor || c.Confirms != "" && !slices.Contains(parties, c.Confirms) {
		l = append(l, fault.New(fault.Invalid, "measure.confirms-wrong").On(at+".confirms"))
	}
	return l.Err()
}
