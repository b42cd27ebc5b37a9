package memo

import (
	"cmp"
	"slices"

	"gongjian/internal/redline"
)

// ClauseChange is what happened to one clause between two texts.
type ClauseChange struct {
	Kind ClauseChangeKind
	Old  *Clause // nil when the clause is new
	New  *Clause // nil when it was taken out
	Runs []redline.Run
	// No and Owed say what else changed: its printed number, and what is owed under it.
	No, Owed bool
}

// ClauseChangeKind says what happened to a clause.
type ClauseChangeKind string

// The kinds of change.
const (
	ClauseSame    ClauseChangeKind = "same"
	ClauseChanged ClauseChangeKind = "changed"
	ClauseAdded   ClauseChangeKind = "added"
	ClauseRemoved ClauseChangeKind = "removed"
	ClauseMoved   ClauseChangeKind = "moved" // the words are the same, the place is another
)

// Compare returns the redline between two texts, clause by clause in the order of
// the new one, what was taken out where it stood.
//
// Rule M-03 (花脸稿): clauses are paired by their identity where both sides know it,
// and by likeness of their words where one was written outside; never by number,
// which moves when a clause is put in.
func Compare(old, new Text) []ClauseChange {
	pair := pairClauses(old.Clauses, new.Clauses)
	var out []ClauseChange
	next := 0 // of the old clauses, the first not yet spoken of
	gone := func(until int) {
		for ; next < until; next++ {
			if !slices.Contains(pair, next) {
				out = append(out, ClauseChange{Kind: ClauseRemoved, Old: &old.Clauses[next], Runs: redline.Compare(old.Clauses[next].Text, "")})
			}
		}
	}
	order := inOrder(pair)
	for i := range new.Clauses {
		if pair[i] < 0 {
			out = append(out, ClauseChange{Kind: ClauseAdded, New: &new.Clauses[i], Runs: redline.Compare("", new.Clauses[i].Text)})
			continue
		}
		if order[i] {
			gone(pair[i])
			next = pair[i] + 1
		}
		out = append(out, changeOf(&old.Clauses[pair[i]], &new.Clauses[i], !order[i]))
	}
	gone(len(old.Clauses))
	return out
}

func changeOf(a, b *Clause, moved bool) ClauseChange {
	c := ClauseChange{Kind: ClauseSame, Old: a, New: b, Runs: redline.Compare(a.Text, b.Text), No: a.No != b.No || a.Level != b.Level, Owed: !sameOwed(a.Commitments, b.Commitments)}
	switch {
	case redline.Changed(c.Runs) || c.Owed:
		c.Kind = ClauseChanged
	case moved:
		c.Kind = ClauseMoved
	}
	return c
}

func sameOwed(a, b []Commitment) bool {
	return slices.EqualFunc(a, b, func(x, y Commitment) bool {
		return x.Obligor == y.Obligor && x.Confirms == y.Confirms && slices.Equal(x.Joint, y.Joint) && x.Text == y.Text &&
			x.Deadline == y.Deadline && x.Target == y.Target && sameSupport(x.Support, y.Support)
	})
}

func sameSupport(a, b *Support) bool { return a == b || a != nil && b != nil && *a == *b }

// likeEnough is the share of common pairs of characters from which a clause written
// outside counts as the old one rewritten. Below a half, readers see two clauses.
const likeEnough = 0.5

// pairClauses says for each new clause which old one it is, or -1.
func pairClauses(old, new []Clause) []int {
	pair := make([]int, len(new))
	taken := map[int]bool{}
	byID := map[ClauseID]int{}
	for j, c := range old {
		if c.ID != "" {
			byID[c.ID] = j
		}
	}
	for i, c := range new {
		pair[i] = -1
		if j, ok := byID[c.ID]; ok && c.ID != "" && !taken[j] {
			pair[i], taken[j] = j, true
		}
	}
	type candidate struct {
		like float64
		i, j int
	}
	var all []candidate
	for i, c := range new {
		if pair[i] >= 0 {
			continue
		}
		for j, d := range old {
			if taken[j] {
				continue
			}
			if l := likeness(d.Text, c.Text); l >= likeEnough {
				all = append(all, candidate{l, i, j})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(abs(a.i-a.j), abs(b.i-b.j)))
	})
	for _, c := range all {
		if pair[c.i] < 0 && !taken[c.j] {
			pair[c.i], taken[c.j] = c.j, true
		}
	}
	return pair
}

func abs(n int) int { return max(n, -n) }

// likeness is the share of pairs of neighbouring characters that two texts have in
// common (Dice's coefficient): 1 for equal ones.
func likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	count := map[string]int{}
	na, nb, both := 0, 0, 0
	for p := range bigrams(a) {
		count[p]++
		na++
	}
	for p := range bigrams(b) {
		nb++
		if count[p] > 0 {
			count[p]--
			both++
		}
	}
	if na+nb == 0 {
		return 0
	}
	return 2 * float64(both) / float64(na+nb)
}

func bigrams(s string) func(func(string) bool) {
	r := []rune(unspaced(s))
	return func(yield func(string) bool) {
		for i := 0; i+1 < len(r); i++ {
			if !yield(string(r[i : i+2])) {
				return
			}
		}
	}
}

// inOrder marks the pairs of a longest run that kept its order; the others moved.
func inOrder(pair []int) []bool {
	best, from := make([]int, len(pair)), make([]int, len(pair))
	last := -1
	for i, p := range pair {
		from[i] = -1
		if p < 0 {
			continue
		}
		best[i] = 1
		for j := range i {
			if pair[j] >= 0 && pair[j] < p && best[j]+1 > best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
		if last < 0 || best[i] > best[last] {
			last = i
		}
	}
	out := make([]bool, len(pair))
	for ; last >= 0; last = from[last] {
		out[last] = true
	}
	return out
}
