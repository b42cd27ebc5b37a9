package survey

import (
	"slices"
	"strings"
	"time"

	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// FindingID names a finding.
type FindingID string

// FindingKind is what sort of finding it is.
type FindingKind string

// The kinds of findings (mission, row S4).
const (
	Situation  FindingKind = "situation"  // 质量状况
	Advantage  FindingKind = "advantage"  // 特色优势产业
	Enterprise FindingKind = "enterprise" // 重点企业
	Strength   FindingKind = "strength"   // 优势
	Gap        FindingKind = "gap"        // 短板
	Need       FindingKind = "need"       // 需求
)

// FindingKinds returns the kinds in the order of pages.
func FindingKinds() []FindingKind {
	return []FindingKind{Situation, Advantage, Enterprise, Strength, Gap, Need}
}

// Finding is a sentence that the office draws from a survey.
type Finding struct {
	ID       FindingID
	Survey   ID
	Kind     FindingKind
	Field    Field
	Sentence string
	Rests    []Ground // what it rests on, as it was when the finding was drawn
	Rule     string   // that proposed it; "" when the office wrote it itself
	Person   org.PersonID
	At       time.Time
	Version  int64
}

// Ground is one thing that a finding rests on (依据): a figure with year and source,
// or the codes, firms or words of an answer.
type Ground struct {
	Survey   ID             `json:"survey"`
	Question string         `json:"question"`
	Text     string         `json:"text"` // of the question
	Value    *task.Quantity `json:"value,omitempty"`
	Unit     string         `json:"unit,omitempty"`
	Year     int            `json:"year,omitempty"`
	Source   string         `json:"source,omitempty"`
	Words    string         `json:"words,omitempty"`
	Codes    []string       `json:"codes,omitempty"`
}

// GroundOf returns what an answer gives a finding to rest on; ok is false when it
// says nothing.
func (f Full) GroundOf(key string) (g Ground, ok bool) {
	q, _, asked := f.Question(key)
	a, answered := f.Answers[key]
	if !asked || !answered || a.None || !q.answered(a) {
		return g, false
	}
	g = Ground{Survey: f.ID, Question: key, Text: q.Text, Source: a.Source, Year: q.YearIn(f.Year)}
	switch q.Kind {
	case Figure:
		g.Value, g.Unit = a.Value, q.Unit
	case Choice:
		g.Words = strings.Join(a.Choices, "、")
	case IndustryCodes:
		g.Codes = a.Codes
	case Firms:
		for i, x := range a.Firms {
			if i > 0 {
				g.Words += "、"
			}
			g.Words += x.Name
		}
	default:
		g.Words = a.Words
	}
	return g, true
}

// Check reports what is wrong with a finding.
//
// Rule SV-07 (mission, row S4): a finding rests on at least one answer.
func (f Finding) Check() error {
	var l fault.List
	if strings.TrimSpace(f.Sentence) == "" {
		l = append(l, fault.New(fault.Invalid, "survey.sentence-missing").On("sentence"))
	}
	if !slices.Contains(FindingKinds(), f.Kind) {
		l = append(l, fault.New(fault.Invalid, "survey.finding-kind").On("kind"))
	}
	if !slices.Contains(Fields(), f.Field) {
		l = append(l, fault.New(fault.Invalid, "survey.finding-field").On("field"))
	}
	if len(f.Rests) == 0 {
		l = append(l, fault.New(fault.Invalid, "survey.finding-rests").On("rests"))
	}
	return l.Err()
}

// Proposal is a finding that the figures suggest. Words are chosen by whoever shows
// it: the rule names the sentence, Now and Then are its figures.
type Proposal struct {
	Rule     string // "fell", "rose", "below", "above", "nought", "lacking", "industry", "firms"
	Kind     FindingKind
	Field    Field
	Question Question
	Now      *task.Quantity
	Then     *task.Quantity // of the year before, or of the place compared with
	Year     int
	ThenYear int
	Names    []string // choices, codes or firms
	Rests    []Ground
}

// Propose suggests findings by stated rules, in the order of the questions. with is
// the survey to compare with, nil for none.
//
// Rule SV-08 (ours; the office decides): a figure of which more is better that fell
// against the year before, or is below that of the place compared with, or is nought,
// is a gap; one that rose or is above is a strength; of which less is better, the
// other way round. A choice that says something is lacking is a gap. Industries and
// enterprises that were named are findings of their kind.
func Propose(f Full, with *Full) (out []Proposal) {
	for _, x := range f.Sections {
		for _, q := range x.Questions {
			a, ok := f.Answers[q.Key]
			if !ok || a.None || !q.answered(a) {
				continue
			}
			g, _ := f.GroundOf(q.Key)
			p := Proposal{Question: q, Field: q.Field, Rests: []Ground{g}, Year: q.YearIn(f.Year)}
			switch q.Kind {
			case Figure:
				out = append(out, figures(p, a, with)...)
			case Choice:
				if p.Names = common(a.Choices, q.Gaps); len(p.Names) > 0 {
					p.Rule, p.Kind = "lacking", Gap
					out = append(out, p)
				}
			case IndustryCodes:
				p.Rule, p.Kind, p.Names = "industry", Advantage, a.Codes
				out = append(out, p)
			case Firms:
				p.Rule, p.Kind = "firms", Enterprise
				for _, x := range a.Firms {
					p.Names = append(p.Names, x.Name)
				}
				out = append(out, p)
			}
		}
	}
	return out
}

// figures are the proposals from one figure.
func figures(p Proposal, a Answer, with *Full) (out []Proposal) {
	q := p.Question
	if q.Better == "" {
		return nil
	}
	p.Now = a.Value
	if *a.Value == 0 && q.Better == More {
		n := p
		n.Rule, n.Kind = "nought", Gap
		return []Proposal{n}
	}
	if a.Before != nil && *a.Before != *a.Value {
		n := p
		n.Then, n.ThenYear = a.Before, p.Year-1
		n.Rule, n.Kind = judged(*a.Value-*a.Before, q.Better, "rose", "fell")
		out = append(out, n)
	}
	if with == nil {
		return out
	}
	other, of, ok := with.figure(q.Key)
	if ok && other != nil && of.Unit == q.Unit && *other != *a.Value {
		n := p
		n.Then, n.ThenYear = other, of.YearIn(with.Year)
		n.Rule, n.Kind = judged(*a.Value-*other, q.Better, "above", "below")
		if g, ok := with.GroundOf(q.Key); ok {
			n.Rests = append(slices.Clone(n.Rests), g)
		}
		out = append(out, n)
	}
	return out
}

// judged names the rule by the direction and the kind by whether it is the better one.
func judged(difference task.Quantity, better Better, up, down string) (string, FindingKind) {
	rule := up
	if difference < 0 {
		rule = down
	}
	if (difference > 0) == (better == More) {
		return rule, Strength
	}
	return rule, Gap
}

// common returns those of a that stand in b.
func common(a, b []string) (out []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
