package rubric

import (
	"slices"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/paper"
)

// finish puts the rows in their order and looks for slips and doubts.
func (r *reader) finish() {
	for _, it := range r.items {
		r.out.Rows = append(r.out.Rows, it.Row)
	}
	if r.out.Total == nil {
		for _, t := range r.totals {
			if t.all && t.points != nil {
				r.out.Total = t.points
			}
		}
	}
	if r.out.Starting = r.deduct && r.out.Total != nil; r.out.BonusCap == nil {
		r.out.BonusCap = r.commonCap(r.root)
	}
	r.walk(r.root, r.headingOf)
	r.labelsAndCells()
	r.walk(r.root, r.sumOf)
	r.sumOfAll()
	r.walk(r.root, r.twice)
	r.twiceInColumn()
	r.signs()
	r.doubts()
}

// walk visits a node and all below it.
func (r *reader) walk(n *node, visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		r.walk(c, visit)
	}
}

func (r *reader) headingOf(n *node) {
	if len(n.children) > 0 && n.parent != nil || n.heading && len(n.items) == 0 {
		r.out.Headings = append(r.out.Headings, Heading{n.path(), n.label, n.cell, n.origin})
	}
}

// commonCap is the cap of a heading of bonus items: 加分项（最高5分）, or a score cell
// merged over all of them.
func (r *reader) commonCap(n *node) Points {
	if n.section == Bonus && (len(n.children) > 0 || len(n.items) > 1) {
		if n.label != nil {
			return n.label
		}
		return n.cell
	}
	for _, c := range n.children {
		if p := r.commonCap(c); p != nil {
			return p
		}
	}
	return nil
}

func (r *reader) fault(f Fault) { r.out.Faults = append(r.out.Faults, f) }

// labelsAndCells: Rule R-07a, the bracket says 0.2 and the cell 2.
func (r *reader) labelsAndCells() {
	for i, it := range r.items {
		label := it.Label
		if label == nil || it.Cell == nil || label.Abs().Equal(it.Cell.Abs()) || it.cell.span {
			continue
		}
		if it.at.label == nil && figuresIn(it.Method) > 1 {
			continue // 新获保护得6分；…（3分）: the bracket is one step of the rule
		}
		r.fault(Fault{Type: LabelCell, Where: it.at.text, Path: it.Path, Row: i, Label: label, Cell: it.Cell, Origin: it.Origin})
	}
	r.walk(r.root, func(n *node) {
		if n.label != nil && n.cell != nil && !n.cap && !n.label.Equal(n.cell.Decimal) {
			r.fault(Fault{Type: LabelCell, Where: n.text, Path: n.path(), Row: -1, Label: n.label, Cell: n.cell, Origin: n.origin})
		}
	})
}

func figuresIn(text string) int { return strings.Count(paper.Plain(text), "分") }

// worth is what a node is worth by its labels and by its cells, nil where a part
// is not known.
type worth struct{ byLabel, byCell Points }

func (r *reader) worthOf(n *node) worth {
	below := r.below(n)
	if len(n.children) == 0 { // an item: its cell is its own
		return worth{first(n.label, n.cell, below.byLabel), first(n.cell, below.byCell, n.label)}
	}
	return worth{first(n.label, n.cell, below.byLabel), first(n.cell, n.label, below.byCell)}
}

// below adds up the score items under a node; nil when there are none or one of
// them is not known.
func (r *reader) below(n *node) worth {
	labels, cells := assess.Points{}, assess.Points{}
	found, known := false, true
	add := func(w worth) {
		found = true
		if w.byLabel == nil || w.byCell == nil {
			known = false
			return
		}
		labels, cells = labels.Plus(*w.byLabel), cells.Plus(*w.byCell)
	}
	for _, i := range n.items {
		if it := r.items[i]; it.Kind == Score {
			add(worth{first(it.Label, it.Cell), first(it.Cell, it.Label)})
		}
	}
	for _, c := range n.children {
		if r.scores(c) {
			add(r.worthOf(c))
		}
	}
	if !found || !known {
		return worth{}
	}
	return worth{&labels, &cells}
}

// scores reports whether a score item stands at or under a node.
func (r *reader) scores(n *node) bool {
	return slices.ContainsFunc(n.items, func(i int) bool { return r.items[i].Kind == Score }) || slices.ContainsFunc(n.children, r.scores)
}

func first(of ...Points) Points {
	for _, p := range of {
		if p != nil {
			return p
		}
	}
	return nil
}

// sumOf: Rule R-07b, neither the labels nor the cells of the parts add up to what
// the heading states. Only score items are parts: a bonus comes on top.
func (r *reader) sumOf(n *node) {
	if n.parent == nil || n.cap || r.deduct || len(n.children) == 0 && len(n.items) < 2 {
		return
	}
	stated := first(n.label, n.cell)
	if stated == nil || !r.scores(n) {
		return
	}
	got := r.below(n)
	if got.byLabel == nil {
		return
	}
	for _, want := range []Points{n.label, n.cell} {
		if want != nil && (want.Equal(got.byLabel.Decimal) || want.Equal(got.byCell.Decimal)) {
			return
		}
	}
	r.fault(Fault{Type: Sum, Where: n.text, Path: n.path(), Row: -1, Stated: stated, Added: got.byLabel, Origin: n.origin})
}

// sumOfAll holds the full marks, and the row of the total, against the parts.
func (r *reader) sumOfAll() {
	if r.deduct || r.out.Starting || r.out.Total == nil {
		return
	}
	got := r.below(r.root)
	if got.byLabel == nil || slices.ContainsFunc(r.out.Faults, func(f Fault) bool { return f.Type == Sum }) {
		return // a slip further down explains this one
	}
	stated := r.out.Total
	if stated.Equal(got.byLabel.Decimal) || stated.Equal(got.byCell.Decimal) {
		return
	}
	r.fault(Fault{Type: Sum, Where: r.out.Title, Row: -1, Stated: stated, Added: got.byCell})
}

// twice: Rule R-07c, one number used twice under one heading.
func (r *reader) twice(n *node) {
	seen := map[string]*node{}
	for _, c := range n.children {
		index := printedIndex(c.text)
		if index == "" {
			continue
		}
		key := styleOf(c.text) + strings.TrimRight(index, "、.．")
		if before := seen[key]; before != nil && before.text != c.text {
			where := n.text
			if n.parent == nil {
				where = c.text
			}
			row := -1
			if len(c.items) > 0 {
				row = c.items[0]
			}
			r.fault(Fault{Type: TwiceIndex, Where: where, Path: c.path(), Row: row, Index: index, Origin: c.origin})
		}
		seen[key] = c
	}
}

// twiceInColumn finds a number of the index column that two items below one
// heading share without being merged.
func (r *reader) twiceInColumn() {
	type place struct {
		parent *node
		no     string
	}
	seen, repeats, found := map[place]int{}, 0, []Fault(nil)
	for i, it := range r.items {
		if it.No == "" {
			continue
		}
		key := place{it.at.parent, paper.Plain(it.No)}
		if len(r.tables[it.table].levels) > 1 && it.at.parent.parent != nil && len(it.at.items) == 0 {
			key.parent = it.at
		}
		before, again := seen[key]
		seen[key] = i
		if !again || r.items[before].at == it.at {
			continue
		}
		repeats++
		if before == i-1 && r.mergedNo(i) {
			continue
		}
		found = append(found, Fault{Type: TwiceIndex, Where: it.at.text, Path: it.Path, Row: i, Index: it.No, Origin: it.Origin})
	}
	// Where numbers repeat all over, they stand for something else (1 2 1 2, or a
	// merge that the format lost).
	if repeats <= max(1, len(r.items)/8) {
		r.out.Faults = append(r.out.Faults, found...)
	}
}

// mergedNo reports whether the number of an item is one cell with that above.
func (r *reader) mergedNo(i int) bool {
	it := r.items[i]
	c := r.tables[it.table].column(roleNo)
	for _, row := range it.table.Rows {
		if row.Origin == it.Origin {
			return row.Cells[c].FromAbove || paper.Plain(row.Cells[c].Text) == ""
		}
	}
	return false
}
