// Package office reads the files that offices send (docx, doc, xlsx, xls, csv, plain
// text) into one neutral value: a Document of paragraphs and tables. It knows
// the formats and nothing of what the words mean; package paper does that.
//
// Words. A Document is a list of Blocks in the order in which a reader meets
// them. A Block is a paragraph (段落) or a table (表格); a worksheet (工作表) and a
// csv file are one table each. A table is a grid: every row has the same number
// of cells, and a position that a merged cell (合并单元格) covers is a cell of its
// own, which repeats the text and says that it is covered.
//
// Laws.
//   - Rule I-73 (ours): the content of a file decides its format, never its name.
//   - Text is what a reader sees: tracked deletions are gone, insertions are
//     there, list numbers that Word counts by itself are computed, dates and
//     percentages are written as the cell shows them.
//   - What is hidden in the original is kept and marked, never dropped.
//   - Everything is bounded (see the limits). Rule I-72 (ours): nothing outside
//     the file is ever fetched; macros are not looked at, let alone run; the
//     text of a file with macros is read like any other.
//   - What a formula comes to is taken from the file, or marked as unknown.
package office

import "gongjian/internal/calendar"

// The limits. A file over one of them is refused with fault.TooLarge. They are
// far above any task table seen (the longest known has 243 tasks): rosters and
// exports of a province are what needs them. A hostile file stays below 1 GB.
const (
	MaxFile      = 40 << 20  // bytes as uploaded; tables with photographs in them reach 10 MB, 100,000 rows of text 20 MB
	MaxUnzipped  = 200 << 20 // bytes of all parts of a docx or xlsx that are read, together
	MaxRows      = 150_000   // rows of a table, paragraphs of a text
	MaxColumns   = 200       // columns of a table
	MaxCells     = 3_000_000 // grid positions of a document; one takes 64 bytes
	MaxDepth     = 200       // nesting of XML elements: a table in a table in a table needs about 40
	MaxFieldSize = 32_767    // runes in a quoted csv field: the most a spreadsheet cell can hold
)

// Format names what a file turned out to be.
type Format string

// The formats that are read.
const (
	DOCX Format = "docx"
	DOC  Format = "doc" // Word 97 to 2003
	XLSX Format = "xlsx"
	XLS  Format = "xls" // Excel 97 to 2003
	CSV  Format = "csv" // also tab-separated and other delimited text
	Text Format = "text"
)

// Document is the content of one file.
type Document struct {
	Name   string // the file's own name, without folders
	Format Format
	Blocks []Block
}

// CanMerge reports whether the format has merged cells. Where it has none, a
// blank cell may stand for the one above it.
func (d Document) CanMerge() bool {
	return d.Format == DOCX || d.Format == DOC || d.Format == XLSX || d.Format == XLS
}

// Block is a paragraph or a table: one of the two is set.
type Block struct {
	Paragraph *Paragraph
	Table     *Table
}

// Origin says where something stands in the original, in the numbers that its
// user sees there. Zero fields do not apply.
type Origin struct {
	Sheet     string `json:"sheet,omitempty"`     // name of the worksheet
	Table     int    `json:"table,omitempty"`     // first, second … table of a text document
	Row       int    `json:"row,omitempty"`       // row of the sheet or table; line of a csv or text file
	Column    int    `json:"column,omitempty"`    // 1 is A
	Paragraph int    `json:"paragraph,omitempty"` // paragraph of the body, tables not counted
}

// Paragraph is one paragraph outside tables.
type Paragraph struct {
	Text   string // with its automatic number in front, as shown
	Style  string // name of the paragraph style, or ""
	Origin Origin
}

// Table is one table, worksheet or delimited file.
type Table struct {
	Sheet         string // name of the worksheet, or ""
	Hidden        bool   // the worksheet is hidden
	Columns       int
	HiddenColumns []bool // one per column
	Rows          []Row
	Origin        Origin
}

// Row is one row of the grid.
type Row struct {
	Hidden bool
	Cells  []Cell
	Origin Origin
}

// Cell is one position of the grid.
type Cell struct {
	Text    string        // as shown; a covered cell repeats the text of its merge
	Date    calendar.Date // the day of a date cell, else zero
	ColSpan int           // of the merge's first cell: columns and rows that it takes; 1 otherwise
	RowSpan int
	// A covered cell belongs to a merge that begins further left, above, or both.
	FromLeft, FromAbove bool
	// Uncomputed is a formula whose value the file does not hold: the cell shows
	// something in a spreadsheet, and nobody here knows what. Text is empty.
	Uncomputed bool
}

// Covered reports whether the cell is the continuation of a merge.
func (c Cell) Covered() bool { return c.FromLeft || c.FromAbove }
