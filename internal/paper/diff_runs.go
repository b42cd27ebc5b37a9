package paper

import (
	"strings"
	"unicode"
)

// Run is a piece of a text: in the other text, too, or in this one only.
type Run struct {
	Text string
	Same bool
}

// mostCells bounds the comparison of two texts: about 1,400 words each.
const mostCells = 2 << 20

// Runs parts an old and a new text into what they share and what they do not.
// A figure or a Latin word is never parted, a Han character stands for itself;
// a single shared character between two changes counts as changed, since it
// tells a reader nothing.
//
// Law: the runs of each side add up to its text.
func Runs(old, fresh string) (was, is []Run) {
	a, b := diffWords(old), diffWords(fresh)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	sameA, sameB := make([]bool, len(a)), make([]bool, len(b))
	for i := range head {
		sameA[i], sameB[i] = true, true
	}
	for i := range tail {
		sameA[len(a)-1-i], sameB[len(b)-1-i] = true, true
	}
	common(a[head:len(a)-tail], b[head:len(b)-tail], sameA[head:], sameB[head:])
	return runsOf(a, sameA), runsOf(b, sameB)
}

// common marks a longest common part of two lists of words. Lists too long for it
// are left unmarked: changed as a whole.
func common(a, b []string, sameA, sameB []bool) {
	if len(a)*len(b) > mostCells {
		return
	}
	width := len(b) + 1
	best := make([]int32, (len(a)+1)*width) // of a[i:], b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				best[i*width+j] = best[(i+1)*width+j+1] + 1
			} else {
				best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[(i+1)*width+j] >= best[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	for k, p := range pairs {
		follows := k > 0 && pairs[k-1] == [2]int{p[0] - 1, p[1] - 1}
		leads := k+1 < len(pairs) && pairs[k+1] == [2]int{p[0] + 1, p[1] + 1}
		edge := p == [2]int{} || p == [2]int{len(a) - 1, len(b) - 1}
		if follows || leads || edge || len([]rune(a[p[0]])) > 1 {
			sameA[p[0]], sameB[p[1]] = true, true
		}
	}
}

// diffWords parts a text into figures, Latin words and single other characters.
func diffWords(s string) []string {
	var out []string
	kind := func(r rune) int {
		switch {
		case unicode.IsDigit(r) || r == '.' || r == '%' || r == '％':
			return 1
		case unicode.IsLetter(r) && r < 0x2E80:
			return 2
		}
		return 0
	}
	last := 0
	for _, r := range s {
		k := kind(r)
		if k != 0 && k == last {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		last = k
	}
	return out
}

func runsOf(words []string, same []bool) []Run {
	var out []Run
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w)
		if i+1 == len(words) || same[i+1] != same[i] {
			out = append(out, Run{b.String(), same[i]})
			b.Reset()
		}
	}
	return out
}
