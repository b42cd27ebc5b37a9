package paper

import (
	"slices"
	"sort"

	"gongjian/internal/task"
)

// outOfOrder tells which rows of a document were moved: of is, for each row, the
// row of the plan that it is, or -1.
//
// Rule I-62 (ours; docs/sources/reimport.md): as few rows as possible are called
// moved: the others are the longest run that kept its order.
func outOfOrder(of []int) []bool {
	var tails []int // row that ends the best run of each length
	before := make([]int, len(of))
	for i, at := range of {
		if at < 0 {
			continue
		}
		n := sort.Search(len(tails), func(k int) bool { return of[tails[k]] >= at })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	moved := make([]bool, len(of))
	for i, at := range of {
		moved[i] = at >= 0
	}
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			moved[i] = false
		}
	}
	return moved
}

// Seat is a row of the document that the plan has after the changes that were accepted.
type Seat struct {
	Task task.ID
	Set  bool // it was added, or its move was accepted: it stands behind the seat before it
}

// Arrange returns the order of a plan's rows after changes were accepted. now is
// the order before, without withdrawn rows and without added ones; seats come in
// the order of the document. Rows that are no seat (they are not in the document,
// or their move was not accepted) stay behind what they stood behind.
//
// Law: where every move is accepted, the seats come in the order of the document.
func Arrange(now []task.ID, seats []Seat) []task.ID {
	set := map[task.ID]bool{}
	for _, s := range seats {
		set[s.Task] = s.Set
	}
	behind := map[task.ID][]task.ID{} // rows that are set, by the standing one that they follow; "" is the top
	last := task.ID("")
	for _, s := range seats {
		if s.Set {
			behind[last] = append(behind[last], s.Task)
		} else {
			last = s.Task
		}
	}
	out := slices.Clone(behind[""])
	for _, id := range now {
		if set[id] {
			continue
		}
		out = append(append(out, id), behind[id]...)
	}
	return out
}
