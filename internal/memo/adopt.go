package memo

import (
	"regexp"
	"slices"
	"strings"

	"gongjian/internal/org"
)

// Adopt turns a text that was written outside (the other party's file, edited in an
// office program) into one that goes on from a version: clauses that are the same or
// rewritten keep their identity, their level and what is owed under them.
//
// Rule M-08 (ours, after M-03): what is owed under a new clause is owed by the party
// that the clause, or a heading above it, begins with. A new clause that speaks of
// duties and names no party gets a commitment without obligor, which keeps the text
// from being proposed until somebody has chosen. Parties, kind and term stay as they
// were: a reading of words does not decide them.
func Adopt(base, read Text) Text {
	out, _ := adopt(base, read)
	return out
}

// adopt is Adopt, and says for each clause which one of base it is, or -1.
func adopt(base, read Text) (Text, []int) {
	out := base
	if strings.TrimSpace(read.Title) != "" {
		out.Title = sameButBlanks(base.Title, read.Title)
	}
	out.Preamble, out.Closing = sameButBlanks(base.Preamble, read.Preamble), read.Closing
	out.Clauses = slices.Clone(read.Clauses)
	if base.Closing != "" {
		moveClosing(&out, base.Closing)
	}
	out.Closing = sameButBlanks(base.Closing, out.Closing)
	pair := pairClauses(base.Clauses, out.Clauses)
	for i := range out.Clauses {
		c := &out.Clauses[i]
		c.Position = i + 1
		if pair[i] < 0 {
			c.ID, c.Commitments = "", owedUnder(out.Clauses, i, base.Parties)
			continue
		}
		old := base.Clauses[pair[i]]
		c.ID, c.Text = old.ID, sameButBlanks(old.Text, c.Text)
		if bareNumber(old.No) == bareNumber(c.No) {
			c.No, c.Level = old.No, old.Level
		}
		c.Commitments = slices.Clone(old.Commitments)
		for j := range c.Commitments {
			if k := &c.Commitments[j]; k.Text == old.Text {
				k.Text = c.Text
			}
		}
	}
	mendLevels(out.Clauses)
	return out, pair
}

// sameButBlanks is the old wording where only blanks tell the two apart: office
// programs and readers of files do not keep them, and nobody meant to change them.
func sameButBlanks(old, read string) string {
	if sameBlanks(old, read) {
		return old
	}
	return read
}

// FirstText makes the first text between parties of a model text: what a clause says
// that a party owes is owed; what it leaves open stays words.
func FirstText(model Text, parties []Party) Text {
	out := Adopt(Text{Parties: parties, Kind: model.Kind, Title: model.Title, Term: model.Term}, model)
	for i := range out.Clauses {
		out.Clauses[i].Commitments = slices.DeleteFunc(out.Clauses[i].Commitments, func(k Commitment) bool { return k.Obligor == "" })
	}
	return out
}

// bareNumber is a printed number without the mark behind it: 一 of 一、.
func bareNumber(no string) string { return strings.Trim(no, "、.．） 　") }

// moveClosing takes the end of the last clause away that is the closing of the
// version before: on paper nothing parts the two.
func moveClosing(t *Text, closing string) {
	if t.Closing != "" || len(t.Clauses) == 0 {
		return
	}
	first, _, _ := strings.Cut(closing, "\n")
	last := &t.Clauses[len(t.Clauses)-1]
	lines := strings.Split(last.Text, "\n")
	for i := 1; i < len(lines); i++ {
		if likeness(first, lines[i]) >= likeEnough {
			t.Closing, last.Text = strings.Join(lines[i:], "\n"), strings.Join(lines[:i], "\n")
			return
		}
	}
}

// mendLevels pulls up a clause that stands more than one level below the one before.
func mendLevels(clauses []Clause) {
	level := 0
	for i := range clauses {
		clauses[i].Level = min(max(clauses[i].Level, 1), level+1)
		level = clauses[i].Level
	}
}

// duty are words of a clause under which somebody owes something.
var duty = regexp.MustCompile(`应当|负责|承担|给予|支持|安排|落实|建成|力争|确保|保证|提供|完成|设立|配套`)

// together are the words for all parties together.
var together = []string{"双方", "各方", "三方", "四方", "甲乙双方", "全体成员"}

// owedUnder is what is owed under a clause that nobody knew before.
func owedUnder(clauses []Clause, i int, parties []Party) []Commitment {
	c := clauses[i]
	if i+1 < len(clauses) && clauses[i+1].Level > c.Level {
		return nil // a heading, or the lead-in of what stands below it
	}
	if len([]rune(c.Text)) < 8 {
		return nil
	}
	who, all := namedAtStart(c.Text, parties)
	level := c.Level
	for j := i - 1; j >= 0 && who == "" && !all && level > 1; j-- {
		if clauses[j].Level < level {
			level = clauses[j].Level
			who, all = namedAtStart(clauses[j].Text, parties)
		}
	}
	k := Commitment{Text: c.Text}
	switch {
	case who != "":
		k.Obligor = who
		for _, p := range parties {
			if p.Unit != who && len(parties) == 2 {
				k.Confirms = p.Unit
			}
		}
	case all && len(parties) > 1 && duty.MatchString(c.Text):
		k.Obligor = parties[0].Unit
		for _, p := range parties[1:] {
			k.Joint = append(k.Joint, p.Unit)
		}
	case !all && duty.MatchString(c.Text):
	default:
		return nil
	}
	return []Commitment{k}
}

// namedAtStart is the party that a wording begins with, or all of them.
func namedAtStart(words string, parties []Party) (org.UnitID, bool) {
	words = strings.TrimLeft(words, "由请 　")
	for _, w := range together {
		if strings.HasPrefix(words, w) {
			return "", true
		}
	}
	for _, p := range parties {
		if p.Called != "" && strings.HasPrefix(words, p.Called) || p.Name != "" && strings.HasPrefix(words, p.Name) {
			return p.Unit, false
		}
	}
	return "", false
}

// Unowed returns the clauses under which something is owed and nobody said by whom.
func (t Text) Unowed() (out []Clause) {
	for _, c := range t.Clauses {
		if slices.ContainsFunc(c.Commitments, func(k Commitment) bool { return k.Obligor == "" }) {
			out = append(out, c)
		}
	}
	return out
}

// Stale returns the clauses whose words were changed while what is owed under them
// was not: somebody should look whether it still says the same.
func Stale(base, t Text) map[ClauseID]bool {
	out := map[ClauseID]bool{}
	for _, ch := range Compare(base, t) {
		if ch.Kind == ClauseChanged && ch.Old != nil && ch.New != nil && !ch.Owed && len(ch.New.Commitments) > 0 {
			out[ch.New.ID] = true
		}
	}
	return out
}
