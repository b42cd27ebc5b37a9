package paper

import "gongjian/internal/office"

// Place says where something stands in the original.
type Place = office.Origin

// Original is a cell of the original as a preview shows it beside the reading.
type Original struct {
	Header string
	Text   string
	Field  string // no, task, units, deadline, or "" for all other columns
}

// Originals returns the cells of a row that the original shows, by what they
// hold; blank ones only of the fields that are named. A row of running text is one cell.
func (row Row) Originals() []Original {
	if len(row.Cells) == 1 && row.Cells[0].Header == "" {
		return []Original{{Text: row.Cells[0].Text, Field: "task"}}
	}
	var out []Original
	for _, c := range row.Cells {
		o := Original{Header: c.Header, Text: c.Text}
		switch classify(c.Header, 0) {
		case fieldNo:
			o.Field = "no"
		case fieldTask, fieldMeasures:
			o.Field = "task"
		case fieldLead, fieldCooperating:
			o.Field = "units"
		case fieldDeadline:
			o.Field = "deadline"
		}
		if !c.Hidden && (o.Text != "" || o.Field != "") {
			out = append(out, o)
		}
	}
	return out
}
