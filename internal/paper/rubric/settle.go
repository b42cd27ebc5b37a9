package rubric

import (
	"regexp"
	"slices"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/paper"
)

// settlePoints gives every item its points. Rule R-03: the score cell; where that
// is merged over several items it belongs to the heading they share, and an item
// has the points that stand in its own words.
func (r *reader) settlePoints() {
	r.groupRepeated()
	for i := range r.items {
		it := &r.items[i]
		it.Label = it.at.label
		if it.at.cap && it.at.section != "" || len(it.at.items) > 1 {
			it.Label = nil // a common cap; the points of a heading with several rules
		}
		if m := closing.FindStringSubmatch(it.Method); m != nil && it.Label == nil {
			it.Label = readLabel(paper.Plain(m[1]))
		}
		if it.group == 0 {
			it.Cell = it.cell.points
		}
	}
	r.ownGroups()
	for i := range r.items {
		it := &r.items[i]
		switch {
		case it.Cell != nil:
			it.Points = it.Cell
		case it.Label != nil:
			it.Points = it.Label
		}
	}
}

// ownGroups hands a merged score cell to the node that its items share.
func (r *reader) ownGroups() {
	byGroup := map[int][]int{}
	for i, it := range r.items {
		if it.group > 0 {
			byGroup[it.group] = append(byGroup[it.group], i)
		}
	}
	for _, group := range byGroup {
		first := &r.items[group[0]]
		if len(group) == 1 {
			first.Cell = first.cell.points
			continue
		}
		if owner := r.shared(group); owner != nil && owner.cell == nil {
			owner.cell = first.cell.points
			continue
		}
		for _, i := range group { // nothing in common but the number: each has it
			r.items[i].Cell = r.items[i].cell.points
		}
	}
}

// shared is the deepest node above all items of a group, nil for none.
func (r *reader) shared(group []int) *node {
	for n := r.items[group[0]].at; n != nil && n.parent != nil; n = n.parent {
		if !slices.ContainsFunc(group, func(i int) bool { return !under(r.items[i].at, n) }) {
			return n
		}
	}
	return nil
}

// under reports whether n is top or stands below it.
func under(n, top *node) bool {
	for ; n != nil; n = n.parent {
		if n == top {
			return true
		}
	}
	return false
}

// groupRepeated finds merged score cells where the format has none: the number
// stands in the first row and the others are blank, or it is repeated in each.
func (r *reader) groupRepeated() {
	for i := 0; i < len(r.items); i++ {
		first := r.items[i]
		if first.group > 0 || first.cell.points == nil {
			continue
		}
		end, blanks, equals := i+1, 0, 0
		for ; end < len(r.items); end++ {
			next := r.items[end]
			if next.group > 0 || next.at.parent != first.at.parent || next.table != first.table || next.at.parent == r.root {
				break
			}
			if next.cell.blank && equals == 0 && (next.at.label != nil || blanks > 0 || first.at == next.at) {
				blanks++
			} else if blanks == 0 && next.cell.points != nil && next.cell.points.Equal(first.cell.points.Decimal) {
				equals++
			} else {
				break
			}
		}
		group := r.items[i:end]
		if blanks == 0 && (equals == 0 || !partsOf(group)) || len(group) == 1 {
			continue
		}
		for k := range group {
			group[k].group = i + 1
		}
		i = end - 1
	}
}

// partsOf reports whether all items print points of their own, fewer than the
// number beside each: then that number is the whole's.
func partsOf(group []item) bool {
	for _, it := range group {
		if it.at.label == nil || !it.at.label.Less(*it.cell.points) {
			return false
		}
	}
	return true
}

var (
	takes     = regexp.MustCompile(`[扣减](?:除|掉)?(?:总分)?` + figure + `分`)
	gives     = regexp.MustCompile(`(?:加|奖|奖励|增加)` + figure + `分`)
	rates     = regexp.MustCompile(`得\d|得满分|打分|占\d|评分|得分=|按.{0,12}得分|计\d+分`)
	vetoRule  = regexp.MustCompile(`一票否决`)
	startWord = regexp.MustCompile(`起评分|起始分|基础分(?:为)?100|基准分(?:为)?100|逐项扣|扣分制|倒扣制|扣减制|倒扣分制`)
)

// settleKinds says how each item counts. Rule R-05: what the item says of itself,
// then the heading above it, the sign of its cell, and last, where the document
// only takes points off, the words of its rule.
func (r *reader) settleKinds() {
	r.deduct = r.onlyDeducts()
	for i := range r.items {
		it := &r.items[i]
		it.Kind = r.kind(*it)
		it.Path = it.at.path()
		if it.Kind == Veto {
			it.Points = nil
		}
		if it.Points == nil && (it.Kind == Bonus || it.Kind == Deduction) && !it.cell.none {
			it.Points = amount(it.Kind, it.Method)
		}
	}
}

// amount is what a rule takes or gives, the first such number.
func amount(k Kind, method string) Points {
	words := takes
	if k == Bonus {
		words = gives
	}
	if m := words.FindStringSubmatch(paper.Plain(method)); m != nil {
		return parse(m[1])
	}
	return nil
}

func (r *reader) kind(it item) Kind {
	k := it.at.mark
	if words := sectionKind(it.kindWords); words != "" {
		k = words
	}
	if k == "" && wholeMark.MatchString(paper.Plain(leadingNumber.ReplaceAllString(it.at.text, ""))) {
		k = it.at.section
	}
	for n := it.at.parent; n != nil && k == ""; n = n.parent {
		k = n.section
		if n.mark != "" && k == "" {
			k = n.mark
		}
	}
	if k == "" {
		k = r.tables[it.table].kind
		if k == Deduction && !r.deduct {
			k = "" // 扣分标准 in a rubric of full marks: what its items can lose
		}
	}
	method := paper.Plain(it.Method)
	switch {
	case k == mixed || k == "" && r.deduct:
		return byRule(method, it.cell)
	case k != "":
		return k
	case it.cell.negative:
		return Deduction
	case it.Points == nil && vetoRule.MatchString(method+paper.Plain(it.at.text)):
		return Veto
	}
	return Score
}

// byRule reads the kind from the rule alone.
func byRule(method string, cell scoreCell) Kind {
	switch {
	case vetoRule.MatchString(method):
		return Veto
	case cell.negative:
		return Deduction
	case takes.MatchString(method) || strings.Contains(method, "扣") && !rates.MatchString(method):
		if rates.MatchString(method) && !strings.HasPrefix(method, "扣") && !strings.Contains(method, "每") {
			return Score
		}
		return Deduction
	case gives.MatchString(method) || strings.HasPrefix(method, "加"):
		return Bonus
	}
	return Score
}

// onlyDeducts reports whether everybody begins at full marks and the items take
// off: the text says so, or the rule column is headed by it and hardly a rule
// gives points.
func (r *reader) onlyDeducts() bool {
	if r.out.Starting {
		return true
	}
	takeOff, give, all := 0, 0, assess.Points{}
	for _, it := range r.items {
		if it.Points != nil {
			all = all.Plus(*it.Points)
		}
		if k := r.tables[it.table].kind; k != mixed && k != Deduction {
			continue
		}
		method := paper.Plain(it.Method)
		if takes.MatchString(method) {
			takeOff++
		} else if rates.MatchString(method) {
			give++
		}
	}
	return takeOff > 2 && takeOff > 3*give && (r.out.Total == nil || !r.out.Total.Equal(all.Decimal))
}
