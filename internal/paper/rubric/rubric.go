// Package rubric reads an assessment rubric (考核评分细则) as offices make it and
// works it out as a scheme (考核办法) of package assess.
//
// Words. A Rubric is the reading of one document. A Row is one item that is
// scored; its path (路径) is the headings above it and itself. A label (标注) is
// points printed in the words of an item or heading, （10分）; a cell (单元格) is
// the score cell beside it, which may be merged over several items and then
// belongs to the heading they share. A fault is a slip of the document itself:
// it is reported and not mended. A doubt is something that contradicts itself in
// the rules, or that we could not read; it is a question to a person. A choice
// is what a person decided about a fault.
//
// Laws.
//   - Nothing is dropped: every row of the tables is an item, a heading or left
//     out with the reason.
//   - No fault is invented: where the parts of a sum are not all known, nothing
//     is said of the sum.
//   - A rule that cannot be worked out becomes an item that a person scores,
//     with its words. What we make of clear words is a suggestion and says so.
//   - The reading is a pure function of the document: no clock, no files.
//
// The rules are numbered R-nn and described in docs/sources/rubric.md.
package rubric

import (
	"encoding/json"
	"fmt"
	"io"

	"gongjian/internal/assess"
	"gongjian/internal/office"
	"gongjian/internal/paper"
)

// Kind says how an item counts.
type Kind string

// The kinds.
const (
	Score     Kind = "score"     // 计分
	Bonus     Kind = "bonus"     // 加分
	Deduction Kind = "deduction" // 扣分
	Veto      Kind = "veto"      // 一票否决
	mixed     Kind = "mixed"     // 加减分: the rule of each item says which
)

// Points are points as printed, nil where none are.
type Points = *assess.Points

// Rubric is what a document says.
type Rubric struct {
	File     string
	Title    string
	Year     int    // 0 when none is printed
	Issuer   string // 发文机关, 制表单位
	Total    Points // full marks (满分) or starting marks (起评分)
	Starting bool   // Total is where everybody begins; items mostly deduct
	BonusCap Points // what all bonus items give together at most
	Rows     []Row
	Headings []Heading
	Faults   []Fault
	Doubts   []Doubt
	LeftOut  []paper.LeftOut
}

// Row is one item.
type Row struct {
	Kind     Kind
	No       string   // of an index column, as printed
	Path     []string // headings from the top down and the item, without closing （10分）
	Points   Points   // for a deduction the printed amount without sign; nil for a veto
	Label    Points   // printed in the item's words
	Cell     Points   // of the item's own score cell
	Method   string   // the rule, as printed
	Formula  string   // of a formula column or of the cell
	Scorer   string
	Evidence string
	Origin   office.Origin
}

// Heading is a heading with the points that it states.
type Heading struct {
	Path   []string
	Label  Points
	Cell   Points
	Origin office.Origin
}

// FaultType names a kind of slip.
type FaultType string

// The kinds of slip.
const (
	LabelCell  FaultType = "label-cell-mismatch" // （0.2分） beside a cell of 2
	Sum        FaultType = "sum-mismatch"        // neither labels nor cells of the parts add up to the whole
	TwiceIndex FaultType = "duplicate-index"     // one number used twice under one heading
	Sign       FaultType = "formula-sign"        // a formula that turns its deduction into an addition
)

// Fault is a slip of the document.
type Fault struct {
	Type    FaultType
	Where   string   // words of the heading or item
	Path    []string // of the heading or item
	Row     int      // in Rubric.Rows; −1 when it is about a heading
	Label   Points   // LabelCell
	Cell    Points
	Stated  Points // Sum
	Added   Points
	Index   string // TwiceIndex
	Formula string // Sign
	Origin  office.Origin
}

// Doubt is something that contradicts itself or could not be read. Rule R-09.
type Doubt struct {
	Code   string // text key below "rubric.doubt."
	Row    int    // in Rubric.Rows; −1 when it is about the whole
	Args   map[string]string
	Origin office.Origin
}

// The codes of doubts.
const (
	DoubtNoPoints  = "no-points"  // an item without points
	DoubtTakesMore = "takes-more" // one deduction takes more than the item holds
	DoubtGivesMore = "gives-more" // the rule gives more than the item holds
	DoubtOverlap   = "overlap"    // two steps of the rule hold for the same value
	DoubtCap       = "cap"        // the common cap is below what one item gives
	DoubtRange     = "range"      // the cell holds a span; its upper end was taken
	DoubtFormula   = "formula"    // a formula beside a rule that says nothing of its direction
)

// Open reads a file as a rubric. Its errors are those of office.Open. A file
// without a rubric gives one without rows.
func Open(name string, r io.ReaderAt, size int64) (Rubric, error) {
	doc, err := office.Open(name, r, size)
	if err != nil {
		return Rubric{}, err
	}
	return Read(doc), nil
}

// Keep writes the reading in the form that Restore reads.
func (r Rubric) Keep() (json.RawMessage, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("rubric: keeping a reading: %w", err)
	}
	return b, nil
}

// Restore reads what Keep wrote.
func Restore(raw json.RawMessage) (r Rubric, err error) {
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("rubric: reading a kept one: %w", err)
	}
	return r, nil
}

// Read reads a document. One without a rubric gives a Rubric without rows.
func Read(doc office.Document) Rubric {
	r := newReader(doc)
	r.findTables()
	r.readAbout()
	r.readBlocks()
	r.settlePoints()
	r.settleKinds()
	r.finish()
	return r.out
}

// Is reports whether a document is a rubric rather than a task table. Rule R-01.
func Is(doc office.Document) bool {
	r := newReader(doc)
	r.findTables()
	if len(r.tables) == 0 {
		return false
	}
	rows := 0
	for t, h := range r.tables {
		rows += len(t.Rows) - h.at
	}
	// A notice may bring both: the larger table says what it is.
	tasks := 0
	for _, row := range paper.ReadTaskTable(doc).Rows {
		if !r.inRubric(row.Origin) {
			tasks++
		}
	}
	return rows > tasks
}
