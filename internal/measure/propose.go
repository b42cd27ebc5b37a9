package measure

import (
	"slices"
	"strings"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/survey"
)

// Proposal is a measure that findings speak for.
type Proposal struct {
	Entry    Entry
	Because  []Reason // the first one is the most exact
	exact    int
	position int
}

// Reason is a finding that a measure answers, and what of the pattern stands in it.
type Reason struct {
	Finding survey.Finding
	Word    string // "" when kind and field alone decided
}

// Propose returns the measures that answer the findings.
//
// Rule MS-01 (mission, row S5; the order is ours): a measure that is on answers a
// finding when one of its patterns fits; those with a word or an industry that was
// found come before those that fit by kind and field alone, then by field and position.
func Propose(entries []Entry, findings []survey.Finding) (out []Proposal) {
	fields := survey.Fields()
	for _, e := range entries {
		if !e.On {
			continue
		}
		p := Proposal{Entry: e, position: slices.Index(fields, e.Field)*10_000 + e.Position}
		for _, f := range findings {
			if word, exact, fits := e.answers(f); fits {
				r := Reason{Finding: f, Word: word}
				if exact {
					p.Because = slices.Insert(p.Because, p.exact, r)
					p.exact++
				} else {
					p.Because = append(p.Because, r)
				}
			}
		}
		if len(p.Because) > 0 {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		if (a.exact > 0) != (b.exact > 0) {
			return b.exact - a.exact
		}
		return a.position - b.position
	})
	return out
}

// answers reports whether the measure answers a finding, and by which word.
func (m Measure) answers(f survey.Finding) (word string, exact, fits bool) {
	for _, p := range m.Answers {
		field := p.Field
		if field == "" {
			field = m.Field
		}
		if f.Field != field || p.Kind != "" && p.Kind != f.Kind {
			continue
		}
		if len(p.Words) == 0 && len(p.Industries) == 0 {
			fits = true
			continue
		}
		if word, ok := p.found(f); ok {
			return word, true, true
		}
	}
	return "", false, fits
}

// found looks for one of the pattern's words or industries in a finding.
func (p Pattern) found(f survey.Finding) (string, bool) {
	for _, w := range p.Words {
		if strings.Contains(f.Sentence, w) || slices.ContainsFunc(f.Rests, func(g survey.Ground) bool {
			return strings.Contains(g.Words, w) || strings.Contains(g.Text, w)
		}) {
			return w, true
		}
	}
	for _, g := range f.Rests {
		for _, code := range g.Codes {
			for _, want := range p.Industries {
				if strings.HasPrefix(code, want) {
					return code, true
				}
			}
		}
	}
	return "", false
}

// SidesOf guesses which parties offer and which are asked: the first agency among
// them, and the first that is a government or else any other. The office chooses.
func SidesOf(parties []org.Unit) (agency, government org.UnitID) {
	for _, u := range parties {
		if agency == "" && u.Kind == org.Agency {
			agency = u.ID
		}
		if government == "" && u.Kind == org.Government {
			government = u.ID
		}
	}
	for _, u := range parties {
		if agency == "" && u.ID != government {
			agency = u.ID
		}
		if government == "" && u.ID != agency {
			government = u.ID
		}
	}
	return agency, government
}

// Into puts chosen measures into a text: one clause of the first level for each
// field, found again by its words, and a commitment for each measure. The text
// that is given stays as it is.
func Into(t memo.Text, chosen []Chosen, titles map[survey.Field]string) memo.Text {
	t.Clauses = slices.Clone(t.Clauses)
	for _, field := range survey.Fields() {
		for _, c := range chosen {
			if c.Field != field {
				continue
			}
			i := slices.IndexFunc(t.Clauses, func(x memo.Clause) bool { return x.Level <= 1 && x.Text == titles[field] })
			if i < 0 {
				i = len(t.Clauses)
				t.Clauses = append(t.Clauses, memo.Clause{No: nextNumber(t.Clauses), Level: 1, Text: titles[field]})
			}
			x := &t.Clauses[i]
			x.Commitments = append(slices.Clip(x.Commitments), memo.Commitment{
				Obligor: c.Obligor, Confirms: c.Confirms, Text: c.Wording, Target: c.Target, Deadline: c.Deadline, Measure: string(c.ID),
			})
		}
	}
	return t
}

// nextNumber is the printed number of one more clause of the first level: 第三条. It
// is only a beginning; the office numbers its text as it likes.
func nextNumber(clauses []memo.Clause) string {
	n := 1
	for _, c := range clauses {
		if c.Level <= 1 {
			n++
		}
	}
	return "第" + numeral(n) + "条"
}

// numeral writes 1 to 99 in Chinese.
func numeral(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens, ones := n/10%10, n%10
	switch tens {
	case 0:
		return digits[ones]
	case 1:
		return "十" + digits[ones]
	}
	return digits[tens] + "十" + digits[ones]
}
