// Package bulk reads and makes the tables that bring many things at once: rosters
// of units and people, and report sheets that a unit fills in without a line.
//
// Words. A roster (名册) lists units, their posts and who holds them, one post and
// person a row. An offline report sheet (离线填报表) is a workbook that we hand out:
// one row for each report that a unit owes, locked but for what is to be filled
// in, and a hidden key in every row. The key (行标识) names task, period and unit
// and is sealed with a secret of the server.
//
// Laws.
//   - A row of a report sheet is what its key says, never where it stands: rows may
//     be sorted, moved and deleted. A row whose key was damaged, copied or invented
//     is refused by name; nothing is guessed from its other cells.
//   - What a unit is called in a roster finds a unit or raises a doubt; no doubt is
//     settled but by a person.
//   - Nothing here asks a database or a clock: facts come as arguments, and the same
//     facts give the same answer.
//
// Imperfect: a cell with a formula is read as the value that it last showed. A
// program that saved it without that value gives an empty cell.
package bulk

import (
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gongjian/internal/fault"
	"gongjian/internal/office"
)

// The most rows that are taken. A unit owes some hundred reports at most; a
// province's roster is sent by city, some hundred units each.
const (
	MaxLines   = 2_000
	MaxPersons = 5_000
)

// headDepth is how far down the head of a table is looked for.
const headDepth = 40

// column names one column of a table by what it holds.
type column string

// heads are the words that may stand above a column; the first is written into
// Chinese tables, the second into English ones.
type heads map[column][]string

// fold writes a text in the one spelling that is compared: half width, small
// letters, no white space, no mark of a field that must be filled in.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		if !unicode.IsSpace(r) && !unicode.IsControl(r) && r != '*' && r != '\u200b' && r != '\ufeff' {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// of finds the column that a head names; a remark in brackets behind it does not count.
func (h heads) of(head string) (column, bool) {
	s := fold(head)
	bare, _, _ := strings.Cut(s, "(")
	for c, words := range h {
		for _, w := range words {
			if w = fold(w); w == s || w == bare {
				return c, true
			}
		}
	}
	return "", false
}

// grid is the table of a document that has the columns looked for.
type grid struct {
	table *office.Table
	head  int // index of its row
	at    map[column]int
}

// open reads a document and finds the table with most of the columns, which must
// have those of must. missing is the fault of a document without one.
func (h heads) open(name string, r io.ReaderAt, size int64, must []column, missing string) (grid, error) {
	doc, err := office.Open(name, r, size)
	if err != nil {
		return grid{}, err
	}
	var best grid
	for _, block := range doc.Blocks {
		if block.Table == nil {
			continue
		}
		for i, row := range block.Table.Rows[:min(len(block.Table.Rows), headDepth)] {
			g := grid{table: block.Table, head: i, at: map[column]int{}}
			for c, cell := range row.Cells {
				if found, ok := h.of(cell.Text); ok && !cell.Covered() {
					if _, twice := g.at[found]; !twice {
						g.at[found] = c
					}
				}
			}
			if len(g.at) > len(best.at) {
				best = g
			}
		}
	}
	var lacking []string
	for _, c := range must {
		if _, ok := best.at[c]; !ok {
			lacking = append(lacking, h[c][0])
		}
	}
	switch {
	case len(best.at) < 2 || len(lacking) == len(must):
		return best, fault.New(fault.Invalid, missing).On("file")
	case len(lacking) > 0:
		return best, fault.New(fault.Invalid, "bulk.column-missing", "Columns", lacking).On("file")
	}
	return best, nil
}

// rows calls f with each row below the head that holds something in a known column.
func (g grid) rows(most int, f func(number int, cell func(column) string)) error {
	n := 0
	for _, row := range g.table.Rows[g.head+1:] {
		cell := func(c column) string {
			if i, ok := g.at[c]; ok && i < len(row.Cells) && !row.Cells[i].FromLeft { // a note merged across says nothing of this column
				return strings.TrimSpace(row.Cells[i].Text)
			}
			return ""
		}
		if !slices.ContainsFunc(g.known(), func(c column) bool { return cell(c) != "" }) {
			continue
		}
		if n++; n > most {
			return fault.New(fault.TooLarge, "bulk.too-many-rows", "Limit", most).On("file")
		}
		f(row.Origin.Row, cell)
	}
	return nil
}

func (g grid) known() (out []column) {
	for c := range g.at {
		out = append(out, c)
	}
	return out
}
