// Package redline compares two wordings and says what was taken out and what was
// put in (花脸稿). It is made for Chinese: there are no spaces to go by, so it goes
// by characters, and keeps numbers and Latin words whole.
//
// Words. A run is a stretch of text that both wordings have, or that only one has.
//
// Laws. The runs that are the same or removed, one after the other, are the old
// wording; those that are the same or added are the new one. Equal wordings give
// one run, or none when they are empty. The comparison is a pure function.
package redline

import (
	"slices"
	"strings"
	"unicode"
)

// Kind says which wording has a run.
type Kind string

// The kinds.
const (
	Same    Kind = "same"
	Removed Kind = "removed" // only the old wording
	Added   Kind = "added"   // only the new one
)

// Run is a stretch of text.
type Run struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// most is the number of differing pieces past which no alignment is looked for
// within what differs: the work grows with its square, and nobody reads such a
// redline. What differs is then shown as taken out and put in as a whole.
const most = 1000

// Compare returns the runs that lead from old to new. What is removed stands
// before what is added in its place.
//
// Single pieces that two rewritten stretches happen to share (一 的 in a sentence
// that is new otherwise) are shown as rewritten too: a redline is for reading.
func Compare(old, new string) []Run {
	a, b := pieces(old), pieces(new)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var w writer
	w.add(Same, a[:start])
	w.between(a[start:len(a)-end], b[start:len(b)-end])
	w.add(Same, a[len(a)-end:])
	return w.done()
}

// Changed reports whether the runs say that anything differs.
func Changed(runs []Run) bool {
	for _, r := range runs {
		if r.Kind != Same {
			return true
		}
	}
	return false
}

// pieces cuts a text where a reader would: each Chinese character and mark alone,
// numbers and Latin words whole.
func pieces(s string) (out []string) {
	word := strings.Builder{}
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range s {
		if inWord(r) {
			word.WriteRune(r)
			continue
		}
		flush()
		out = append(out, string(r))
	}
	flush()
	return out
}

func inWord(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) || r == '.' || r == '%' || r == '％'
}

// step is one piece of the alignment.
type step struct {
	kind Kind
	text string
}

type writer struct{ steps []step }

func (w *writer) add(k Kind, pieces []string) {
	for _, p := range pieces {
		w.steps = append(w.steps, step{k, p})
	}
}

// between aligns what lies between the common beginning and end, by the shortest
// way from a to b (E. W. Myers, An O(ND) difference algorithm, 1986).
func (w *writer) between(a, b []string) {
	path := shortest(a, b)
	if path == nil {
		w.add(Removed, a)
		w.add(Added, b)
		return
	}
	w.steps = append(w.steps, path...)
}

// shortest returns the steps from a to b, or nil when they differ in more than
// most pieces.
func shortest(a, b []string) []step {
	limit := min(len(a)+len(b), most)
	zero := limit + 1                // where diagonal 0 stands in far
	far := make([]int, 2*limit+3)    // how far each diagonal k = x-y was followed
	trace := make([][]int, 0, limit) // far, around diagonal 0, as it was before each round
	for d := 0; d <= limit; d++ {
		trace = append(trace, append([]int(nil), far[zero-d-1:zero+d+2]...))
		for k := -d; k <= d; k += 2 {
			x := far[zero+from(k, d, far[zero+k-1], far[zero+k+1])]
			if from(k, d, far[zero+k-1], far[zero+k+1]) < k {
				x++
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			far[zero+k] = x
			if x >= len(a) && x-k >= len(b) {
				return back(a, b, trace)
			}
		}
	}
	return nil
}

// from is the diagonal that diagonal k is reached from in round d: the one above
// (a piece is put in) or the one below (one is taken out), whichever got further.
func from(k, d, below, above int) int {
	if k == -d || k != d && below < above {
		return k + 1
	}
	return k - 1
}

// back walks from the end to the beginning by the trace of the rounds.
func back(a, b []string, trace [][]int) []step {
	x, y := len(a), len(b)
	var out []step
	for d := len(trace) - 1; d >= 0; d-- {
		far := func(k int) int { return trace[d][k+d+1] }
		k := x - y
		before := from(k, d, far(k-1), far(k+1))
		px := far(before)
		py := px - before
		for x > px && y > py {
			out = append(out, step{Same, a[x-1]})
			x, y = x-1, y-1
		}
		switch {
		case d == 0:
		case before > k:
			out = append(out, step{Added, b[py]})
		default:
			out = append(out, step{Removed, a[px]})
		}
		x, y = px, py
	}
	slices.Reverse(out)
	return out
}

// done joins the steps into runs: islands go, and of what stands side by side the
// removed comes first.
func (w *writer) done() []Run {
	drown(w.steps)
	var out []Run
	for i := 0; i < len(w.steps); {
		j := i
		for j < len(w.steps) && (w.steps[j].kind == Same) == (w.steps[i].kind == Same) {
			j++
		}
		for _, k := range []Kind{Same, Removed, Added} {
			if text := join(w.steps[i:j], k); text != "" {
				out = append(out, Run{k, text})
			}
		}
		i = j
	}
	return out
}

func join(steps []step, k Kind) string {
	var b strings.Builder
	for _, s := range steps {
		if s.kind == k || s.kind == both && k != Same {
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// both marks a piece that both wordings have and that is shown as rewritten.
const both Kind = "both"

// drown marks as rewritten every single shared piece between two changes that are
// longer than it on each side.
func drown(steps []step) {
	for i := 1; i+1 < len(steps); i++ {
		if steps[i].kind == Same && steps[i-1].kind != Same && steps[i+1].kind != Same &&
			changed(steps[:i], -1) > 1 && changed(steps[i+1:], 1) > 1 {
			steps[i].kind = both
		}
	}
}

// changed counts the changed pieces at the end (-1) or the beginning (1) of steps.
func changed(steps []step, way int) (n int) {
	for n < len(steps) {
		s := steps[n]
		if way < 0 {
			s = steps[len(steps)-1-n]
		}
		if s.kind == Same {
			break
		}
		n++
	}
	return n
}
