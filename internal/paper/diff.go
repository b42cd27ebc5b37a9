package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Existing is a row of a plan as it stands, to be held against a later version of
// its table (再次导入). The rows come in the order of the plan, without withdrawn ones.
type Existing struct {
	ID          task.ID
	Version     int64
	No          string
	Chapter     []string
	Title       string
	Measures    string
	Note        string
	Leads       []org.UnitID
	Cooperating []org.UnitID
	LeadWords   string // as printed, when the units are not simply those names
	People      []string
	Deadline    task.Deadline
	Target      *task.Target
}

// ChangeKind says how a row of the plan and one of the document stand to each other.
type ChangeKind string

// The kinds of change. What stands in both with equal content is the same row,
// wherever it stands and whatever number it bears.
const (
	Added   ChangeKind = "added"   // in the document only (新增)
	Removed ChangeKind = "removed" // in the plan only (新表没有)
	Changed ChangeKind = "changed" // in both, with other content (更改)
	Moved   ChangeKind = "moved"   // in both, at another place, number or chapter only (移动)
	Same    ChangeKind = "same"    // in both, equal (一致)
)

// Change is one row of the difference between a plan and a document.
type Change struct {
	Kind   ChangeKind
	Now    int           // index in the plan's rows; -1 when Added
	Draft  int           // index in the draft; -1 when Removed
	Fields []FieldChange // what differs, in the order of the columns; of Changed and Moved
	seal   string
	key    string
}

// FieldChange is one field that differs.
type FieldChange struct {
	Field    string // title, measures, lead, cooperating, people, deadline, target, note; chapter, no, position
	Old, New string // as printed; a position is its number, from 1
}

// Key names the row of the difference, whatever differs in it: it outlives another
// look at the plan.
func (c Change) Key() string { return c.key }

// Seal is a digest of everything that accepting the change would do, with the
// version of the task that it was seen against. Whoever accepts a change accepts
// this seal; when it is another one by the time of the act, somebody changed the
// task or the reading meanwhile.
func (c Change) Seal() string { return c.seal }

// Has reports whether a field differs.
func (c Change) Has(field string) bool {
	for _, f := range c.Fields {
		if f.Field == field {
			return true
		}
	}
	return false
}

// Diff compares a plan's rows with a document drafted for it, and returns all rows
// of both in the order of the document; a row that is only in the plan stands
// behind the one that it follows there. name prints a unit.
//
// Laws. Every row of now and every row of draft is in exactly one Change, but for
// draft rows that the office leaves out and that the plan has not. Numbers and
// positions do not decide which rows belong together. A table differs from itself
// in nothing; a table in another order differs in moves only.
func Diff(now []Existing, draft []DraftRow, name func(org.UnitID) string) []Change {
	d := differing{now: now, draft: draft, name: name, has: columnsOf(draft)}
	pairs := d.pair() // of each draft row: the index in now, or -1
	moved := outOfOrder(pairs)
	taken := make([]bool, len(now))
	for _, at := range pairs {
		if at >= 0 {
			taken[at] = true
		}
	}
	var out []Change
	removedFrom := func(at int) {
		for ; at < len(now) && !taken[at]; at++ {
			out = append(out, d.sealed(Change{Kind: Removed, Now: at, Draft: -1}))
		}
	}
	removedFrom(0)
	for i, at := range pairs {
		if at >= 0 {
			out = append(out, d.sealed(d.compare(at, i, moved[i])))
			removedFrom(at + 1)
		} else if draft[i].Skipped == "" {
			out = append(out, d.sealed(Change{Kind: Added, Now: -1, Draft: i}))
		}
	}
	return out
}

// differing is the work on one comparison.
type differing struct {
	now   []Existing
	draft []DraftRow
	name  func(org.UnitID) string
	has   map[string]bool // fields that the document has at all
}

// sealed names and seals a change.
func (d *differing) sealed(c Change) Change {
	content := map[string]any{"kind": c.Kind, "fields": c.Fields}
	if c.Now >= 0 {
		c.key = "task-" + string(d.now[c.Now].ID)
		content["task"], content["version"] = d.now[c.Now].ID, d.now[c.Now].Version
	} else {
		c.key = "row-" + strconv.Itoa(d.draft[c.Draft].Index)
	}
	if c.Draft >= 0 {
		r := d.draft[c.Draft]
		content["row"] = []any{r.Title, r.Measures, r.Note, r.Leads, r.Cooperating, r.Each, r.LeadWords, r.Deadline, r.Due, r.Target, r.EachTarget, r.Rollup}
	}
	b, err := json.Marshal(content)
	if err != nil {
		panic(fmt.Sprintf("paper: a change cannot be written as JSON: %v", err)) // a mistake in our types
	}
	sum := sha256.Sum256(b)
	c.seal = hex.EncodeToString(sum[:8])
	return c
}

// Waits returns the open questions of a change: those of its row that are about
// something the change would write. A doubt about words that the plan already has
// was settled when they were first brought in.
func (c Change) Waits(row DraftRow) []Question {
	var out []Question
	for _, q := range row.Questions {
		if q.Answer == nil && (c.Kind == Added || c.Kind == Changed && c.touches(q.Field)) {
			out = append(out, q)
		}
	}
	return out
}

// touches reports whether a change writes the field that a question is about.
func (c Change) touches(field string) bool {
	switch field {
	case "task", "row":
		return c.Has("title") || c.Has("measures")
	case "units":
		return c.Has("lead") || c.Has("cooperating")
	}
	return c.Has(field)
}

// Tolls counts a difference by kind.
type Tolls map[ChangeKind]int

// CountChanges counts a difference by kind.
func CountChanges(all []Change) Tolls {
	out := Tolls{}
	for _, c := range all {
		out[c.Kind]++
	}
	return out
}

// Empty reports whether nothing differs.
func (t Tolls) Empty() bool { return t[Added]+t[Removed]+t[Changed]+t[Moved] == 0 }

// TaskIDHeader heads the hidden column of our own exports that carries a task's id.
const TaskIDHeader = "编号（勿改）"

// taskID is the id of a task that a row of one of our exports carries, or "".
func (row Row) taskID() task.ID {
	for _, c := range row.Cells {
		if plainText(c.Header) == plainText(TaskIDHeader) {
			return task.ID(Tidy(c.Text))
		}
	}
	return ""
}
