package paper

import (
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// compare holds a row of the plan against its row of the document.
//
// Rule I-61 (ours; docs/sources/reimport.md): a field is the same when its words are,
// or when they are read as the same. A document that has a column nowhere says
// nothing about it.
func (d *differing) compare(at, i int, moved bool) Change {
	now, r := d.now[at], d.draft[i]
	c := Change{Kind: Same, Now: at, Draft: i}
	if r.Skipped != "" {
		return c
	}
	differs := func(field string, same bool, was, is string) {
		if !same && d.has[field] {
			c.Fields = append(c.Fields, FieldChange{field, was, is})
		}
	}
	differs("title", sameWords(now.Title, r.Title), now.Title, r.Title)
	differs("measures", sameWords(now.Measures, r.Measures), now.Measures, r.Measures)
	differs("lead", d.sameLeads(now, r), d.leadWords(now), d.sideWords(r, "lead", r.Row.Lead, r.Leads))
	differs("cooperating", sameUnits(now.Cooperating, r.Cooperating) && !r.openOn("cooperating"), d.names(now.Cooperating),
		d.sideWords(r, "cooperating", r.Row.Cooperating, r.Cooperating))
	differs("people", sameNames(now.People, r.Row.People), joinNames(now.People), joinNames(r.Row.People))
	differs("deadline", sameDeadline(now.Deadline, r.Deadline), deadlineWords(now.Deadline), deadlineWords(r.Deadline))
	differs("target", sameTargets(now.Target, r), targetWords(now.Target), r.targetWords())
	differs("note", sameWords(now.Note, r.Note) || sameWords(now.Note, r.Row.Note), now.Note, r.Note)
	if len(c.Fields) > 0 {
		c.Kind = Changed
	}
	content := len(c.Fields)
	differs("chapter", sameChapter(now.Chapter, r.Row.Chapter), strings.Join(now.Chapter, "／"), strings.Join(r.Row.Chapter, "／"))
	differs("no", now.No == "" || r.Row.No == "" || sameWords(now.No, r.Row.No), now.No, r.Row.No)
	if moved {
		c.Fields = append(c.Fields, FieldChange{"position", strconv.Itoa(at + 1), strconv.Itoa(i + 1)})
	}
	if content == 0 && len(c.Fields) > 0 {
		c.Kind = Moved
	}
	return c
}

// columnsOf finds the fields that a document has: a column of its own, or words
// in some row.
func columnsOf(draft []DraftRow) map[string]bool {
	has := map[string]bool{"title": true, "lead": true}
	met := map[string]bool{} // headers
	there := func(field string, is bool) {
		if is && !has[field] {
			has[field] = true
		}
	}
	for _, r := range draft {
		for _, c := range r.Row.Cells {
			if !c.Hidden && !met[c.Header] {
				met[c.Header] = true
				has[string(classify(c.Header, 0))] = true
			}
		}
		there("measures", r.Measures != "")
		there("cooperating", len(r.Row.Cooperating) > 0)
		there("people", len(r.Row.People) > 0)
		there("deadline", r.Deadline.Text != "")
		there("target", r.Row.Target != nil)
		there("note", r.Note != "")
		there("chapter", len(r.Row.Chapter) > 0)
		there("no", r.Row.No != "")
	}
	return has
}

func sameWords(a, b string) bool { return a == b || foldWords(a) == foldWords(b) }

// sameNames compares lists of names whatever their order.
func sameNames(a, b []string) bool { return slices.Equal(foldedSet(a), foldedSet(b)) }

func foldedSet(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = foldWords(n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sameUnits(a, b []org.UnitID) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// sameLeads: the words that became a group or were mended are compared as words;
// what they mean was settled when they were first brought in.
func (d *differing) sameLeads(now Existing, r DraftRow) bool {
	if now.LeadWords != "" && sameNames(SplitUnits(now.LeadWords), r.Row.Lead) {
		return true
	}
	return !r.openOn("lead") && len(r.Each) == 0 && sameUnits(now.Leads, r.Leads)
}

// openOn reports whether a question about one side of the units is open.
func (r DraftRow) openOn(field string) bool {
	return slices.ContainsFunc(r.Questions, func(q Question) bool {
		return q.Answer == nil && (q.Field == field || q.Field == "units")
	})
}

// leadWords are the leads as the plan's table prints them.
func (d *differing) leadWords(now Existing) string {
	if now.LeadWords != "" {
		return now.LeadWords
	}
	return d.names(now.Leads)
}

// sideWords are the units of one side by name, or as printed while they are in doubt.
func (d *differing) sideWords(r DraftRow, field string, printed []string, units []org.UnitID) string {
	if r.openOn(field) || field == "lead" && len(r.Each) > 0 {
		return joinNames(printed)
	}
	return d.names(units)
}

func (d *differing) names(units []org.UnitID) string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = d.name(u)
	}
	return joinNames(out)
}

// sameDeadline: the words, or what was read from them. Of a deadline that sets no
// day only the words can tell.
func sameDeadline(a, b task.Deadline) bool {
	words := func(d task.Deadline) string {
		if s := plainText(d.Text); !blankCell.MatchString(s) {
			return s
		}
		return ""
	}
	if words(a) == words(b) && (words(a) != "" || a.Date == b.Date) {
		return true
	}
	if a.Kind != b.Kind || a.Kind == task.DeadlineNone || a.Kind == task.DeadlineUnparsed {
		return false
	}
	return a.Date == b.Date && a.From == b.From && a.Every == b.Every && a.StandingAfter == b.StandingAfter && sameTerm(a.Relative, b.Relative)
}

func sameTerm(a, b *task.Relative) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func deadlineWords(d task.Deadline) string {
	if d.Text == "" {
		return d.Date.String()
	}
	return d.Text
}

// sameTargets: the words, or the number that was read from them.
func sameTargets(now *task.Target, r DraftRow) bool {
	is := r.Row.Target
	if now == nil || is == nil {
		return targetWords(now) == "" && targetWords(is) == ""
	}
	if sameWords(targetWords(now), targetWords(is)) {
		return true
	}
	return now.Numeric() && r.EachTarget == nil && task.SameTarget(now, r.Target) && now.Soft == is.Soft
}

// targetWords are the words of a target, or its number where it has none.
func targetWords(t *task.Target) string {
	switch {
	case t == nil || blankCell.MatchString(plainText(t.Text)) && !t.Numeric():
		return ""
	case t.Text == "":
		return t.String()
	}
	return t.Text
}

func (r DraftRow) targetWords() string {
	if r.EachTarget == nil && r.Target != nil {
		return targetWords(r.Target)
	}
	return targetWords(r.Row.Target)
}

// chapterMarks stand between headings where a table prints them in one cell.
var chapterMarks = strings.NewReplacer("/", "", ">", "", "·", "", "\\", "", "|", "", "→", "", "-", "")

// sameChapter: a heading row does not say on which level it stands, so headings are
// compared from the innermost out, as far as both sides have them.
func sameChapter(a, b []string) bool {
	plain := func(s []string) string { return chapterMarks.Replace(foldWords(strings.Join(s, ""))) }
	was, is := plain(a), plain(b)
	if was == "" || is == "" {
		return was == is
	}
	return strings.HasSuffix(was, is) || strings.HasSuffix(is, was)
}
