package paper

import (
	"slices"
	"strings"
	"unicode"

	"gongjian/internal/task"
)

// The thresholds of likeness, in thousandths. They were set on task tables with
// edits made to them; docs/sources/reimport.md, Rule I-60, gives the reasons.
const (
	likeEnough   = 600 // from here two rows are one row with edited words
	likeWithID   = 250 // … where our own hidden id says so as well
	likeNamesake = 250 // … where no other row of either side has the same title
	wordsShare   = 800 // what is left of a likeness where no lead is the same
)

// The bounds of the search. Rows that are alike share most of their pairs of
// characters, so some of the rarest are among them.
const (
	rarestTried  = 8    // pairs of characters by which candidates are looked up
	nearestTried = 64   // rows looked up by one of them: those nearest in place
	candidates   = 16   // compared in full
	pairsKept    = 2000 // of one row; longer texts are compared by their beginning
)

// rowWords is one row as it is matched.
type rowWords struct {
	full  string  // all content, number and place left out
	core  string  // title, measures, leads
	words string  // title and measures
	title string  // title alone
	pairs []int32 // pairs of characters of title and measures, ascending, repeated as they occur
	leads []int32 // … of the leads' names
	id    task.ID // that the document claims, or the row's own
}

// pair finds, for each row of the draft, the row of the plan that it is, or -1.
//
// Rule I-60 (ours; docs/sources/reimport.md): rows belong together by content.
// First those that are equal, in order; then those that our id and likeness join;
// then the only two of one title; then the likest.
func (d *differing) pair() []int {
	k := charPairs{}
	now, draft := make([]rowWords, len(d.now)), make([]rowWords, len(d.draft))
	for i, n := range d.now {
		now[i] = k.wordsOf(n.Title, n.Measures, d.leadWords(n), n.Chapter, n.Deadline.Text, targetWords(n.Target), n.Note)
		now[i].id = n.ID
	}
	for i, r := range d.draft {
		leads := d.sideWords(r, "lead", r.Row.Lead, r.Leads)
		draft[i] = k.wordsOf(r.Title, r.Measures, leads, r.Row.Chapter, r.Deadline.Text, r.targetWords(), r.Note)
		draft[i].id = r.Row.taskID()
	}
	m := newMatching(now, draft, len(k))
	m.equal(func(r *rowWords) string { return r.full })
	m.equal(func(r *rowWords) string { return r.core })
	m.claimed(true)
	m.equal(func(r *rowWords) string { return r.words })
	m.claimed(false)
	m.namesakes()
	m.alike()
	return m.of
}

func (k charPairs) wordsOf(title, measures, leads string, chapter []string, rest ...string) rowWords {
	r := rowWords{title: foldWords(title)}
	r.words = r.title + "\x00" + foldWords(measures)
	r.core = r.words + "\x00" + strings.Join(foldedSet(SplitUnits(leads)), "、")
	r.full = r.core + "\x00" + foldWords(strings.Join(chapter, "")+"\x00"+strings.Join(rest, "\x00"))
	r.pairs, r.leads = k.of(r.words), k.of(leads)
	return r
}

// foldWords is plainText without the account of where each byte came from.
func foldWords(s string) string { return strings.Map(foldRune, s) }

// charPairs numbers the pairs of characters (bigrams) that were met.
type charPairs map[[2]rune]int32

// of are the pairs of a text by number, ascending and repeated as they occur: of
// its letters, figures and Han characters only, with its two ends.
func (k charPairs) of(s string) []int32 {
	out := make([]int32, 0, len(s)/3+1)
	last := rune(0)
	add := func(c rune) {
		pair := [2]rune{last, c}
		n, known := k[pair]
		if !known {
			n = int32(len(k))
			k[pair] = n
		}
		out, last = append(out, n), c
	}
	for _, c := range s {
		if (unicode.IsLetter(c) || unicode.IsDigit(c)) && len(out) < pairsKept {
			add(c)
		}
	}
	if last != 0 {
		add(0)
	}
	slices.Sort(out)
	return out
}

// shared is Dice's measure of two lists of pairs, in thousandths.
func shared(a, b []int32) int {
	if len(a)+len(b) == 0 {
		return 0
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common, i, j = common+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2000 * common / (len(a) + len(b))
}

// likeness of two rows, in thousandths: by their words, and a fifth less where
// others lead. The same lead makes nothing alike: it leads most of the table.
func likeness(a, b *rowWords) int {
	words := shared(a.pairs, b.pairs)
	if len(a.leads) == 0 || len(b.leads) == 0 {
		return words
	}
	return words * (wordsShare + (1000-wordsShare)*shared(a.leads, b.leads)/1000) / 1000
}

// matching joins rows of the plan and of the document, one to one.
type matching struct {
	now, draft []rowWords
	of         []int           // of each draft row
	by         []int           // of each row of the plan
	claim      map[task.ID]int // rows of the plan by an id that one row of the document claims
	pairs      int             // how many pairs of characters there are
}

func newMatching(now, draft []rowWords, pairs int) *matching {
	m := &matching{now: now, draft: draft, pairs: pairs, of: make([]int, len(draft)), by: make([]int, len(now)), claim: map[task.ID]int{}}
	for i := range m.of {
		m.of[i] = -1
	}
	for i := range m.by {
		m.by[i] = -1
	}
	times := map[task.ID]int{}
	for _, r := range draft {
		times[r.id]++
	}
	for i, n := range now {
		if times[n.id] == 1 { // an id that was copied with its row says nothing
			m.claim[n.id] = i
		}
	}
	return m
}

func (m *matching) join(at, i int) { m.of[i], m.by[at] = at, i }

// equal joins rows of one key, the first with the first.
func (m *matching) equal(key func(*rowWords) string) {
	free := map[string][]int{}
	for at := range m.now {
		if m.by[at] < 0 {
			k := key(&m.now[at])
			free[k] = append(free[k], at)
		}
	}
	for i := range m.draft {
		if m.of[i] >= 0 {
			continue
		}
		k := key(&m.draft[i])
		if rows := free[k]; len(rows) > 0 {
			m.join(rows[0], i)
			free[k] = rows[1:]
		}
	}
}

// claimed joins rows by the id that one of our exports gave them. exact asks for
// the same words: of rows with equal words the id tells which is which.
//
// Rule I-63 (ours; docs/sources/reimport.md): an id is believed only where it stands
// once, is of this plan, and the words do not speak against it.
func (m *matching) claimed(exact bool) {
	for i := range m.draft {
		at, ok := m.claim[m.draft[i].id]
		if !ok || m.of[i] >= 0 || m.by[at] >= 0 {
			continue
		}
		if a, b := &m.now[at], &m.draft[i]; exact && a.words == b.words || !exact && likeness(a, b) >= likeWithID {
			m.join(at, i)
		}
	}
}

// namesakes joins the only two rows of a title, even when most of the measures
// were written anew.
func (m *matching) namesakes() {
	now, draft := onlyOnes(m.now, m.by), onlyOnes(m.draft, m.of)
	for i := range m.draft {
		title := m.draft[i].title
		at, ok := now[title]
		if _, alone := draft[title]; !ok || !alone || m.of[i] >= 0 {
			continue
		}
		if likeness(&m.now[at], &m.draft[i]) >= likeNamesake {
			m.join(at, i)
		}
	}
}

// onlyOnes are the rows not yet joined that share their title with no other of them.
func onlyOnes(rows []rowWords, joined []int) map[string]int {
	out, times := map[string]int{}, map[string]int{}
	for i, r := range rows {
		if joined[i] < 0 {
			times[r.title]++
			out[r.title] = i
		}
	}
	for title, n := range times {
		if n > 1 || title == "" {
			delete(out, title)
		}
	}
	return out
}
