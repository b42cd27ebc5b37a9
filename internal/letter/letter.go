// Package letter holds the rules of responsibility letters (目标责任书): what one
// says, how it follows the tasks when they change, and who signs it when.
//
// Words. A letter binds two sides to a unit's tasks of a year: the giver (下达方),
// who sets them, and the taker (承担方), who owes them. It is drawn from an issued
// plan, never typed: its body is frozen facts, its digest names exactly this body.
// Standing are the tasks as they stand by a letter and all before it. A supplement
// (补充责任书) has a number from 1 and says what was added, changed and withdrawn
// since the letter before it. The chain is a unit's letters of one plan that hold,
// by number. A batch is what one act has drawn. A bundle is a letter with its
// signatures as a file that anybody can check.
//
// Laws. The supplement of equal tasks is empty. What stood, with the supplement
// applied, is what stands. A body is never changed: of changed tasks another letter
// is drawn. What both sides have signed is never taken back, only supplemented.
// Nothing here knows a clock or a database.
package letter

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// ID names a letter.
type ID string

// BatchID names what one act has drawn.
type BatchID string

// Party is one of the two sides, called as on the day.
type Party struct {
	Unit org.UnitID `json:"unit"`
	Name string     `json:"name"`
}

// Task is what a letter says of one task.
type Task struct {
	ID         task.ID       `json:"id"`
	No         string        `json:"no,omitempty"` // printed number: a label
	Title      string        `json:"title"`
	Measures   string        `json:"measures,omitempty"`
	Target     string        `json:"target,omitempty"`   // in the plan's words
	Deadline   string        `json:"deadline,omitempty"` // in the plan's words
	Due        calendar.Date `json:"due,omitzero"`       // what they mean
	Role       task.Role     `json:"role"`
	Weight     task.Quantity `json:"weight"`
	Clause     string        `json:"clause,omitempty"`     // number of the clause served: a label
	Commitment string        `json:"commitment,omitempty"` // its words
}

// TaskOf takes down what a letter says of a task.
func TaskOf(k task.Task, role task.Role, clause, commitment string) Task {
	t := Task{
		ID: k.ID, No: k.No, Title: k.Title, Measures: k.Measures, Deadline: k.Deadline.Text, Due: k.Due,
		Role: role, Weight: k.Weight, Clause: clause, Commitment: commitment,
	}
	if k.Target != nil {
		if t.Target = k.Target.Text; t.Target == "" {
			t.Target = k.Target.String()
		}
	}
	return t
}

// Same reports whether two letters would bind to the same: the labels (printed
// number, clause) do not count, for a table that is numbered anew asks nothing new.
func (t Task) Same(o Task) bool {
	t.No, t.Clause, t.Commitment = o.No, o.Clause, o.Commitment
	return t == o
}

// Body is what is signed.
type Body struct {
	Form       string        `json:"form"`
	Plan       memo.PlanID   `json:"plan"`
	PlanTitle  string        `json:"plan_title"`
	Memorandum string        `json:"memorandum"` // its title
	Year       int           `json:"year"`
	Giver      Party         `json:"giver"`
	Taker      Party         `json:"taker"`
	Made       calendar.Date `json:"made"`
	Number     int           `json:"number"`          // 0: the letter itself; n: the nth supplement
	After      string        `json:"after,omitempty"` // digest of the signed letter before
	Tasks      []Task        `json:"tasks,omitempty"` // of the letter itself
	Changes    *Changes      `json:"changes,omitempty"`
}

// form names how a body is written.
const form = "gongjian-letter/1"

// Canonical writes the body: JSON with the fields in the order above and tasks in
// the order of the plan. Equal bodies have equal bytes.
func (b Body) Canonical() []byte {
	out, err := json.Marshal(b)
	if err != nil {
		panic(fmt.Sprintf("letter: a body cannot be written: %v", err)) // strings, numbers and days only
	}
	return out
}

// Digest is the SHA-256 of the canonical body in lower-case hexadecimal.
func (b Body) Digest() string { return digest(b.Canonical()) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ReadBody reads what Canonical wrote and nothing else: a body that would be
// written otherwise has another digest than it seems to have.
func ReadBody(b []byte) (Body, error) {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	var out Body
	if err := d.Decode(&out); err != nil {
		return out, fmt.Errorf("letter: reading a body: %w", err)
	}
	if out.Form != form || string(out.Canonical()) != string(b) {
		return out, fmt.Errorf("letter: a body that is not written as we write it")
	}
	return out, nil
}

// Changes is what a supplement says.
type Changes struct {
	Added     []Task   `json:"added,omitempty"`
	Changed   []Change `json:"changed,omitempty"`
	Withdrawn []Task   `json:"withdrawn,omitempty"`
}

// Change is one task before and after.
type Change struct {
	Old Task `json:"old"`
	New Task `json:"new"`
}

// Empty reports whether nothing has changed.
func (c Changes) Empty() bool { return c.Count() == 0 }

// Count is how many tasks are concerned.
func (c Changes) Count() int { return len(c.Added) + len(c.Changed) + len(c.Withdrawn) }

// Supplement returns what has changed from the tasks of a letter to those of now:
// nothing when they bind to the same, whatever their order.
//
// Rule L-02 (practice of 补充责任书; ours): a change of tasks after the letter is
// said in a supplement, old beside new, and never by changing the letter.
func Supplement(old, now []Task) (c Changes) {
	before := byID(old)
	for _, t := range now {
		was, there := before[t.ID]
		switch {
		case !there:
			c.Added = append(c.Added, t)
		case !was.Same(t):
			c.Changed = append(c.Changed, Change{was, t})
		}
	}
	after := byID(now)
	for _, t := range old {
		if _, there := after[t.ID]; !there {
			c.Withdrawn = append(c.Withdrawn, t)
		}
	}
	return c
}

// Apply returns the tasks that stand when a supplement is laid over those before
// it. It fails when the supplement does not belong to them.
func Apply(old []Task, c Changes) ([]Task, error) {
	out, at := slices.Clone(old), byID(old)
	for _, x := range c.Changed {
		was, there := at[x.Old.ID]
		if !there || !was.Same(x.Old) || x.New.ID != x.Old.ID {
			return nil, fmt.Errorf("letter: a supplement changes task %s, which did not stand so", x.Old.ID)
		}
		out[slices.IndexFunc(out, func(t Task) bool { return t.ID == x.New.ID })] = x.New
	}
	for _, x := range c.Withdrawn {
		if was, there := at[x.ID]; !there || !was.Same(x) {
			return nil, fmt.Errorf("letter: a supplement withdraws task %s, which did not stand so", x.ID)
		}
		out = slices.DeleteFunc(out, func(t Task) bool { return t.ID == x.ID })
	}
	for _, x := range c.Added {
		if _, there := at[x.ID]; there {
			return nil, fmt.Errorf("letter: a supplement adds task %s, which stood already", x.ID)
		}
		out = append(out, x)
	}
	return out, nil
}

func byID(all []Task) map[task.ID]Task {
	out := make(map[task.ID]Task, len(all))
	for _, t := range all {
		out[t.ID] = t
	}
	return out
}

// Roll is the digest of many letters together, whatever their order: what somebody
// is shown before signing all of them at once (集中签订).
func Roll(digests map[ID]string) string {
	type pair struct {
		id     ID
		digest string
	}
	var all []pair
	for id, d := range digests {
		all = append(all, pair{id, d})
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.id, b.id) })
	h := sha256.New()
	for _, p := range all {
		fmt.Fprintf(h, "%s %s\n", p.id, p.digest)
	}
	return hex.EncodeToString(h.Sum(nil))
}
