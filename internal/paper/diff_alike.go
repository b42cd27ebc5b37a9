package paper

import (
	"cmp"
	"slices"
	"sort"
)

// likePair is two rows that may be one, and how alike they are.
type likePair struct {
	at, i int // in the plan, in the draft
	like  int // in thousandths
	far   int // by how many rows they stand apart, a tie-break
}

// alike joins what is left by likeness, the likest pair of the whole first; ties
// go to rows that stand near each other. Then rows that went away empty are
// given a place where their rival has another one to go to.
//
// Imperfect: this is not the best sum of all. A chain of three or more rows that
// would all have to change partners is not found. Nobody reading a difference
// has missed it, and the exact answer costs the cube of the number of rows.
func (m *matching) alike() {
	pairs := m.likePairs()
	slices.SortFunc(pairs, func(a, b likePair) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.far, b.far), cmp.Compare(a.i, b.i), cmp.Compare(a.at, b.at))
	})
	for _, p := range pairs {
		if m.of[p.i] < 0 && m.by[p.at] < 0 {
			m.join(p.at, p.i)
		}
	}
	m.makeRoom(pairs)
}

// makeRoom lets a row that found nobody take the partner of another that has a
// second choice still free. pairs stand likest first.
func (m *matching) makeRoom(pairs []likePair) {
	second := map[int][]int{} // of each draft row: its candidates, likest first
	for _, p := range pairs {
		second[p.i] = append(second[p.i], p.at)
	}
	for _, p := range pairs {
		if m.of[p.i] >= 0 || m.by[p.at] < 0 {
			continue
		}
		rival := m.by[p.at]
		for _, at := range second[rival] {
			if m.by[at] < 0 {
				m.join(at, rival)
				m.join(p.at, p.i)
				break
			}
		}
	}
}

// likePairs finds pairs of rows that are alike enough. Each row of the draft is
// compared with a bounded number of rows of the plan: those that share its rarest
// pairs of characters. The work grows with the rows, not with their square.
func (m *matching) likePairs() []likePair {
	s := search{matching: m, where: make([][]int32, m.pairs)}
	for at := range m.now {
		if m.by[at] >= 0 {
			continue
		}
		for k, pair := range m.now[at].pairs {
			if k == 0 || pair != m.now[at].pairs[k-1] {
				s.where[pair] = append(s.where[pair], int32(len(s.free)))
			}
		}
		s.free = append(s.free, at)
	}
	s.hits = make([]int8, len(s.free))
	var out []likePair
	for i := range m.draft {
		if m.of[i] >= 0 || len(s.free) == 0 {
			continue
		}
		near := sort.SearchInts(s.free, i*len(m.now)/len(m.draft)) // where the row would stand in the plan
		for _, k := range s.promising(i, near) {
			at := s.free[k]
			if like := likeness(&m.now[at], &m.draft[i]); like >= likeEnough {
				out = append(out, likePair{at: at, i: i, like: like, far: apart(at, i)})
			}
		}
	}
	return out
}

// search finds rows of the plan that may be alike.
type search struct {
	*matching
	free  []int     // rows of the plan not yet joined, in their order
	where [][]int32 // by pair of characters: the entries of free that have it
	hits  []int8    // by entry of free: how many of the row's rarest pairs it has
	rare  []int32
	found []int32
}

// promising are the entries of free to compare a draft row with: those that have
// the most of its rarest pairs of characters, near ones first.
func (s *search) promising(i, near int) []int32 {
	s.rare, s.found = s.rare[:0], s.found[:0]
	pairs := s.draft[i].pairs
	for k, pair := range pairs {
		if (k == 0 || pair != pairs[k-1]) && len(s.where[pair]) > 0 {
			s.rare = append(s.rare, pair)
		}
	}
	slices.SortFunc(s.rare, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(s.where[a]), len(s.where[b])), cmp.Compare(a, b))
	})
	for _, pair := range s.rare[:min(len(s.rare), rarestTried)] {
		for _, k := range nearest(s.where[pair], near) {
			if s.hits[k]++; s.hits[k] == 1 {
				s.found = append(s.found, k)
			}
		}
	}
	slices.SortFunc(s.found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.hits[b], s.hits[a]), cmp.Compare(apart(int(a), near), apart(int(b), near)), cmp.Compare(a, b))
	})
	for _, k := range s.found {
		s.hits[k] = 0
	}
	return s.found[:min(len(s.found), candidates)]
}

func apart(a, b int) int { return max(a-b, b-a) }

// nearest are the entries of an ascending list around a value.
func nearest(list []int32, value int) []int32 {
	if len(list) <= nearestTried {
		return list
	}
	at, _ := slices.BinarySearch(list, int32(value))
	from := min(max(at-nearestTried/2, 0), len(list)-nearestTried)
	return list[from : from+nearestTried]
}
