// Package paper turns documents into what the domain knows, and back. This part
// reads a task table (任务分解表) as offices make it: a docx, xlsx, csv or text
// goes in, rows with units, deadlines and targets come out.
//
// Words. A Result is the reading of one document. A Row is one line of measures
// (具体措施); a number or task merged over several lines belongs to each of them.
// A chapter (章节) is the path of headings above a row. The convention (牵头约定)
// says how the document marks who leads. A LeftOut is a row or paragraph that is
// no task, with the reason. A Doubt is a warning about one field.
//
// Laws.
//   - Nothing is dropped: every row of every table and every paragraph is a Row,
//     a Heading or a LeftOut, each with its place in the original.
//   - What is not understood keeps its words and is unparsed, or carries a Doubt
//     that names the field. A confident wrong value is the worst result.
//   - The reading is a pure function of the document: no clock, no files.
//
// The rules are numbered I-nn and described in docs/sources/import.md.
package paper

import (
	"io"

	"gongjian/internal/office"
	"gongjian/internal/task"
)

// Convention says how a document marks the unit that leads.
type Convention string

// The conventions, Rule I-34.
const (
	FirstListed Convention = "first-listed" // 责任单位 … 第一位为牵头单位
	Columns     Convention = "columns"      // 牵头单位 | 配合单位
	Equal       Convention = "equal"        // several equal 责任单位, or X、Y负责落实
	Bracketed   Convention = "bracketed"    // （牵头单位：…，配合单位：…） behind the sentence
	Collective  Convention = "collective"   // 牵头单位 alone: all of them lead
)

// Result is what a document says.
type Result struct {
	File       string
	Title      string
	Year       int    // the year of the plan, 0 when none is printed
	Issuer     string // 发文机关, 制表单位
	Convention Convention
	Rows       []Row
	Headings   []Heading
	LeftOut    []LeftOut
}

// Row is one line of the task table.
type Row struct {
	No          string   // as printed; it identifies nothing
	Chapter     []string // headings from the top down
	Task        string
	Measures    string
	Lead        []string // unit names as printed
	Cooperating []string
	People      []string
	Deadline    task.Deadline
	Target      *task.Target
	Note        string
	Warnings    []Doubt
	Hidden      bool // the original hides the row; it is on LeftOut as well
	Origin      office.Origin
	Cells       []Cell // the original cells, for showing beside the reading
}

// Cell is one original cell of a row.
type Cell struct {
	Header string
	Text   string
	Hidden bool // in a hidden column: shown, not read
}

// Heading is a row or paragraph that became part of a chapter.
type Heading struct {
	Text   string
	Origin office.Origin
}

// Doubt is a warning about one field of a row.
type Doubt struct {
	Field string // no, chapter, task, measures, lead, units (both sides), people, deadline, target, note
	Code  string // text key below "import.doubt."
	Args  map[string]any
}

// The codes of doubts.
const (
	DoubtSeveral   = "several-readings" // the words can be read in more than one way
	DoubtLeader    = "leader-unclear"   // several units and no rule who leads
	DoubtNoLeader  = "no-leader"        // the cell names no leading unit
	DoubtBrokenOff = "broken-name"      // a line break may have cut a unit's name
	DoubtFigure    = "figure"           // a figure that could not be read as a goal
	DoubtYear      = "other-year"       // the cell's own date is in another year than shown
	DoubtMixed     = "mixed-cell"       // the column holds units and persons together
	DoubtNoTask    = "no-task"          // the row has no words that say what to do
	DoubtFormula   = "formula"          // a cell holds a formula whose value the file does not have
)

// LeftOut is a row or paragraph that is no task.
type LeftOut struct {
	Reason Reason
	Text   string // its words, joined
	Origin office.Origin
}

// Reason says why something was left out.
type Reason string

// The reasons.
const (
	ReasonTitle       Reason = "title"
	ReasonHeader      Reason = "header"
	ReasonNote        Reason = "note"
	ReasonTotal       Reason = "total"
	ReasonHiddenRow   Reason = "hidden-row"
	ReasonHiddenSheet Reason = "hidden-sheet"
	ReasonOtherTable  Reason = "other-table"
	ReasonOtherYear   Reason = "other-year" // a task table of an earlier year beside this year's
	ReasonBlank       Reason = "blank"
	ReasonBodyText    Reason = "body-text"
)

// Open reads a file as a task table. Its errors are those of office.Open.
func Open(name string, r io.ReaderAt, size int64) (Result, error) {
	doc, err := office.Open(name, r, size)
	if err != nil {
		return Result{}, err
	}
	return ReadTaskTable(doc), nil
}

// ReadTaskTable reads a document. A document without a task table gives a
// Result without rows, with everything left out.
func ReadTaskTable(doc office.Document) Result {
	r := newReading(doc)
	r.findTables()
	r.readAbout()
	if len(r.sections) == 0 {
		r.readParagraphs()
	} else {
		r.readBlocks()
	}
	r.settleConvention()
	return r.result
}
