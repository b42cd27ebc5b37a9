// Package sheet writes a table as offices pass it on: as xlsx, with a head that
// stands still and is repeated on each printed page, real dates and real numbers;
// and as csv. Rows come one at a time and are not kept, so that a table of a
// hundred thousand rows needs no more memory than one of a hundred.
//
// Words. A table (表) has columns with heads (表头), a title line above and notes
// below. A protected table (受保护的表) is one to be filled in without a line to the
// server: all cells are locked but those of its editable columns, and a hidden
// column carries the key of each row.
//
// Laws.
//   - What is text stays text. A cell that begins with = + - @ is never a formula:
//     xlsx says of each cell what it is; csv, which cannot, gets an apostrophe
//     before it (the mark that spreadsheets themselves use). A number or a date is
//     written by us and gets none.
//   - A number is exact or text: what has more than 15 significant digits, which
//     is all that a spreadsheet's number holds, and what has leading zeros is text.
//   - Nothing is cut. What the format cannot hold (32,767 characters in a cell,
//     1,048,576 rows, 16,384 columns) is refused with a fault. Control characters,
//     which XML forbids, are shown as U+FFFD (�), one for one.
//   - The same table and rows give the same bytes, on any day: no clock is read.
//
// Imperfect: a date before 1 March 1900 is text, since spreadsheets count days
// from there in two ways; the height of rows is reckoned from the number of
// characters, and ends at what Excel allows (409 points, 28 lines).
package sheet

import (
	"time"

	"gongjian/internal/calendar"
)

// Kind says what the cells of a column are.
type Kind string

// The kinds of columns. A cell that has no value of its column's kind is written as
// its Text.
const (
	Text    Kind = "text"
	Number  Kind = "number"
	Day     Kind = "day"     // shown as 2010-06-30
	Instant Kind = "instant" // shown as 2010-06-30 14:05, in China's time
	Percent Kind = "percent" // Number is the share: 0.5 shows as 50%
)

// Column is one column of a table.
type Column struct {
	Key      string   // of the column, for who made the table; not written
	Head     string   // what stands above it
	Width    float64  // in characters of the sheet's Latin digits; 0: by kind
	Kind     Kind     // "" is Text
	Places   int      // decimals shown of a Number or Percent; the cell keeps all
	Hidden   bool     // in the file, and not shown until unhidden
	Editable bool     // unlocked in a protected table
	Choices  []string // a drop-down list; other values are refused by the spreadsheet
}

// Table is all of a table but its rows.
type Table struct {
	Name      string   // of the worksheet; what Excel forbids in it is left out
	Title     string   // a line above the head; "" for none
	Notes     []string // lines below the rows
	Columns   []Column
	Protected bool // locked but for editable columns
	Landscape bool // printed across
}

// Cell is one value. The first of None, Instant, Day, Number and Text that is set
// is written, as far as the column's kind takes it.
type Cell struct {
	Text    string
	Number  string // decimal text, exact: "-12.50"
	Day     calendar.Date
	Instant time.Time
	None    bool // an empty cell
}

// Row is the cells of one row, as many as the table has columns.
type Row []Cell
