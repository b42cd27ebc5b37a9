package assess

import (
	"bytes"
	"encoding/json"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// SchemeID names a scheme; its versions share the name.
type SchemeID string

// Scheme is one version of an assessment scheme (考核办法). A published scheme is
// never changed; a change is a new version with a new day.
type Scheme struct {
	ID       SchemeID      `json:"id"`
	Name     string        `json:"name"` // 《合作备忘录落实情况考核办法》
	Version  int           `json:"version"`
	From     calendar.Date `json:"from"`   // first day of assessment that it is for
	Points   Points        `json:"points"` // full marks of all score items together, as printed
	Items    []Item        `json:"items,omitempty"`
	Bands    []Band        `json:"bands,omitempty"` // best first
	Rounding Rounding      `json:"rounding"`
	Ties     Ties          `json:"ties"`
	Groups   []Group       `json:"groups,omitempty"`
	// Occurrences are the kinds of happening that may be recorded under the scheme.
	Occurrences []OccurrenceKind `json:"occurrences,omitempty"`
	// Document is the rubric that the scheme was made from (考核评分细则); nil when it
	// was written by hand.
	Document *Document `json:"document,omitempty"`
}

// Document names the file that a scheme was made from.
type Document struct {
	Upload string `json:"upload"` // the rubric as it was taken in
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Place is where an item stands in the scheme's document. Zero fields do not apply.
type Place struct {
	Sheet string `json:"sheet,omitempty"`
	Table int    `json:"table,omitempty"`
	Row   int    `json:"row,omitempty"`
}

// Item is a heading with children or one thing that is scored (考核项目).
// Words of the document (Title, Words, Scorer) are kept as printed.
type Item struct {
	No     string `json:"no"`    // unique in the scheme: 2.1
	Title  string `json:"title"` // 新增四川名牌产品
	Words  string `json:"words,omitempty"`
	Kind   Kind   `json:"kind"`
	Scorer string `json:"scorer,omitempty"` // who scores it, as printed: 省标准化处
	// Points depends on Kind. score: full marks. bonus, deduction: the most it
	// gives or takes, zero for no limit (不限). veto: zero. heading above score
	// items: their sum; heading above bonus and deduction items only: what the
	// bonuses give together at most, zero for no limit.
	Points Points `json:"points"`
	Method Method `json:"method,omitempty"`
	Source Source `json:"source,omitzero"`
	Each   Points `json:"each"` // missing, occurrence, bonus, stepped: points for each one
	Base   Points `json:"base"` // stepped: points for the first one
	// Ladder is for the method ladder, highest first.
	Ladder   []Rung `json:"ladder,omitempty"`
	CapGrade string `json:"cap_grade,omitempty"` // veto: the best grade that is left
	Absent   Absent `json:"absent,omitempty"`    // score: what a subject without such business gets
	// Evidence is what has to be handed in for it, as printed (需提交材料).
	Evidence string `json:"evidence,omitempty"`
	Place    *Place `json:"place,omitempty"` // in Scheme.Document
	Children []Item `json:"children,omitempty"`
}

// Kind says how an item counts.
type Kind string

// The kinds of item.
const (
	Heading   Kind = "heading"
	Plain     Kind = "score"     // 计分
	Bonus     Kind = "bonus"     // 加分
	Deduction Kind = "deduction" // 减分
	Veto      Kind = "veto"      // 一票否决
)

// Method says how points come from the source.
type Method string

// The methods. Which kind of item takes which is in Scheme.Check.
const (
	Share      Method = "share"      // Points × share, at most 1
	Value      Method = "value"      // Points × Σ verified ÷ Σ target or expected, at most 1
	Missing    Method = "missing"    // Points − Each × number missing, not below zero (扣完为止)
	PerEvent   Method = "occurrence" // score: as missing; deduction: − Each × number, to −Points
	PerBonus   Method = "bonus"      // Each × number, to Points
	Stepped    Method = "stepped"    // Base for the first, Each for every further one, to Points (受理1个得8分，每多1个加1分)
	Rungs      Method = "ladder"     // the points of the highest rung reached (分档)
	CapsGrade  Method = "veto"       // one is enough to cap the grade
	Judged     Method = "judged"     // given by hand with a reason; the item is open until then
	GivenToAll Method = "given"      // 基础分: everybody gets Points
)

// Source says where the number of an item comes from.
type Source struct {
	Kind   SourceKind   `json:"kind,omitempty"`
	Fields []task.Field `json:"fields,omitempty"` // tasks: those of these fields
	// Rest takes the tasks whose field no other item names, so that no task falls
	// outside the scheme. Either Fields or Rest is set for tasks.
	Rest       bool      `json:"rest,omitempty"`
	Measure    Measure   `json:"measure,omitempty"`    // tasks
	Of         Of        `json:"of,omitempty"`         // tasks by completion or value
	Bare       Bare      `json:"bare,omitempty"`       // tasks by completion: those without a number
	Reporting  Reporting `json:"reporting,omitempty"`  // reporting
	Occurrence string    `json:"occurrence,omitempty"` // occurrences: a key of Scheme.Occurrences
}

// SourceKind is what an item looks at.
type SourceKind string

// The kinds of source.
const (
	FromTasks       SourceKind = "tasks"
	FromReporting   SourceKind = "reporting"
	FromOccurrences SourceKind = "occurrences"
	FromJudgement   SourceKind = "judged"
)

// Measure is what is taken from the selected tasks.
type Measure string

// The measures.
const (
	Completion Measure = "completion" // verified ÷ expected of each, at most 1 (完成度)
	Figures    Measure = "value"      // the verified figures
	FinishedOf Measure = "finished"   // how many are finished (办结)
)

// Of is what a verified figure is held against.
type Of string

// What a figure is held against.
const (
	OfCourse Of = "course" // where the course says it should be on the day (序时进度)
	OfTarget Of = "target" // the whole target
)

// Bare is how a task without a number counts for completion.
type Bare string

// How a task without a number counts.
const (
	BareLight    Bare = "light"    // by its light: green or blue 1, yellow ½, red 0, grey left out
	BareFinished Bare = "finished" // finished 1, else 0
)

// Reporting is what an item takes from the record of reports (填报质量).
type Reporting string

// What is counted of the reports.
const (
	OnTime   Reporting = "on-time"  // share: in time ÷ due
	Agree    Reporting = "agree"    // share: verified without correction ÷ verified
	Late     Reporting = "late"     // count
	Missed   Reporting = "missed"   // count
	Returned Reporting = "returned" // count
	Disagree Reporting = "disagree" // count: verified otherwise than claimed
)

// Absent is what a subject gets for an item when it has no such business.
type Absent string

// The rules for absent business. "" is AbsentFull.
const (
	AbsentFull  Absent = "full"  // full marks (均得基础分): the default
	AbsentScale Absent = "scale" // the item is taken out, all other score items are scaled up
)

// Rung is one step of a ladder: from this many on, these points.
type Rung struct {
	AtLeast task.Quantity `json:"at_least"`
	Points  Points        `json:"points"`
}

// Band is a grade (等次) from so many points on, up to the next better band.
// Written this way bands cannot overlap or leave gaps.
type Band struct {
	Grade string `json:"grade"` // A
	From  Points `json:"from"`
	Label string `json:"label,omitempty"` // 好
}

// TieRule says what becomes of equal totals.
type TieRule string

// The rules for equal totals.
const (
	TiesShared  TieRule = "shared" // 并列: 1, 1, 3
	TiesByItems TieRule = "items"  // the points of the named items decide in turn; still equal: shared
)

// Ties is the rule for equal totals with its items.
type Ties struct {
	Rule  TieRule  `json:"rule"`
	Items []string `json:"items,omitempty"` // numbers of items or headings
}

// Group is a set of subjects ranked among themselves (分类排名). A subject
// belongs to it by the list when there is one, else by its level.
type Group struct {
	Key      string           `json:"key"`
	Label    string           `json:"label"`
	Level    org.Level        `json:"level,omitempty"`
	Subjects []org.RegionCode `json:"subjects,omitempty"`
}

// OccurrenceKind is a kind of happening that is recorded by hand or by another
// part of the house: an award, a late answer to a slip, an incident.
type OccurrenceKind struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// Grades returns the grades of the scheme, best first.
func (s Scheme) Grades() []string {
	var out []string
	for _, b := range s.Bands {
		out = append(out, b.Grade)
	}
	return out
}

// GradeFor returns the grade of a published total.
//
// Rule A-02 (国办《质量工作考核办法》: A ≥90, B 80–89, C 60–79, D ≤59): the
// printed bands say nothing of 89.5. The grade is read from the rounded total,
// and a band reaches up to the next better one.
func (s Scheme) GradeFor(total Points) string {
	for _, b := range s.Bands {
		if !total.Less(b.From) {
			return b.Grade
		}
	}
	if n := len(s.Bands); n > 0 {
		return s.Bands[n-1].Grade // below zero after deductions: the last grade
	}
	return ""
}

// Leaves returns the items that are scored, in printed order.
func (s Scheme) Leaves() []Item {
	var out []Item
	walk(s.Items, 0, func(it Item, _ int) {
		if len(it.Children) == 0 {
			out = append(out, it)
		}
	})
	return out
}

// Item finds an item or heading by its number.
func (s Scheme) Item(no string) (Item, bool) {
	var found Item
	ok := false
	walk(s.Items, 0, func(it Item, _ int) {
		if it.No == no && !ok {
			found, ok = it, true
		}
	})
	return found, ok
}

// walk visits items in printed order, each with its depth from 0.
func walk(items []Item, depth int, visit func(Item, int)) {
	for _, it := range items {
		visit(it, depth)
		walk(it.Children, depth+1, visit)
	}
}

// GroupOf returns the group that ranks a subject: the first that lists it, else
// the first without a list that is for its level.
func (s Scheme) GroupOf(subject org.RegionCode) (Group, bool) {
	for _, g := range s.Groups {
		for _, code := range g.Subjects {
			if code == subject {
				return g, true
			}
		}
	}
	for _, g := range s.Groups {
		if len(g.Subjects) == 0 && g.Level == levelOf(subject) {
			return g, true
		}
	}
	return Group{}, false
}

// levelOf reads the level from the shape of a code of GB/T 2260: two digits for
// the province, two for the city, two for the county.
func levelOf(code org.RegionCode) org.Level {
	switch {
	case len(code) != 6:
		return ""
	case code[2:] == "0000":
		return org.Province
	case code[4:] == "00":
		return org.City
	default:
		return org.County
	}
}

// ReadScheme reads a scheme as it is kept: JSON, with no field that is not known.
//
// Faults: scheme.unreadable.
func ReadScheme(b []byte) (s Scheme, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fault.New(fault.Invalid, "scheme.unreadable", "Reason", err.Error()).Because(err)
	}
	return s, nil
}
