package memo

import (
	"slices"
	"strings"

	"gongjian/internal/org"
)

// OwedColumn is a column of the table of commitments (承诺事项表), by the words at its head.
type OwedColumn string

// The columns, in their order on paper.
const (
	OwedClause   OwedColumn = "条款"
	OwedObligor  OwedColumn = "承诺方"
	OwedText     OwedColumn = "承诺事项"
	OwedTarget   OwedColumn = "目标"
	OwedDeadline OwedColumn = "期限"
	OwedSupport  OwedColumn = "支持"
	OwedConfirms OwedColumn = "确认方"
)

// OwedColumns returns the columns in the order in which they are printed.
func OwedColumns() []OwedColumn {
	return []OwedColumn{OwedClause, OwedObligor, OwedText, OwedTarget, OwedDeadline, OwedSupport, OwedConfirms}
}

// OwedRow is one line of that table: a commitment in words. A column that the table
// does not have is no key of it.
type OwedRow map[OwedColumn]string

// Wording says how what is no word in a text is written on paper.
type Wording struct {
	Name  func(org.UnitID) string        // of a unit that is no party
	Write func(Support) string           // promised support
	Read  func(string) (*Support, error) // the same again; nil for none; the error is a fault
}

// owedAt is a row with the places of its clause and commitment in a text.
type owedAt struct {
	clause, owed int
	row          OwedRow
}

// OwedRows writes what is owed under a text as the rows of its table.
func (t Text) OwedRows(w Wording) []OwedRow {
	out := []OwedRow{}
	for _, at := range t.owedRows(w) {
		out = append(out, at.row)
	}
	return out
}

func (t Text) owedRows(w Wording) (out []owedAt) {
	for i, c := range t.Clauses {
		for j, k := range c.Commitments {
			row := OwedRow{
				OwedClause: t.fullNumber(i), OwedObligor: t.owedBy(w, k.Obligors()...), OwedText: k.Text, OwedTarget: k.Target,
				OwedDeadline: k.Deadline, OwedSupport: "", OwedConfirms: t.owedBy(w, k.Confirms),
			}
			if k.Support != nil {
				row[OwedSupport] = w.Write(*k.Support)
			}
			out = append(out, owedAt{i, j, row})
		}
	}
	return out
}

// fullNumber is the number of a clause with those of the clauses that it stands
// under: 第一条（二）. Alone, （二） would be the number of several.
func (t Text) fullNumber(i int) string {
	no, level := t.Clauses[i].No, t.Clauses[i].Level
	for j := i - 1; j >= 0 && level > 1; j-- {
		if t.Clauses[j].Level < level {
			no, level = bareNumber(t.Clauses[j].No)+no, t.Clauses[j].Level
		}
	}
	return no
}

// owedBy are the names of units, as the text has them.
func (t Text) owedBy(w Wording, units ...org.UnitID) string {
	var names []string
	for _, u := range units {
		name := ""
		if i := slices.IndexFunc(t.Parties, func(p Party) bool { return p.Unit == u }); i >= 0 {
			name = t.Parties[i].Name
		} else if u != "" {
			name = w.Name(u)
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// sameBlanks reports whether two wordings differ in blanks only.
func sameBlanks(a, b string) bool {
	return unspaced(a) == unspaced(b)
}

// unspaced is a wording without its blanks.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
