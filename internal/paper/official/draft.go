package official

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"gongjian/internal/folio"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/support"
)

// draftClause is a clause as the template of a draft prints it: the number with the
// mark or the space that stands behind it.
type draftClause struct{ Words Text }

// Draft is the text of a version as a document without head and number, to be read
// and edited outside (稿). name says what a unit is called that is no party.
//
// Rule M-08: what is owed stands in a table at the end; of a file that comes back,
// clauses and table are read (memo.AdoptOwed).
func Draft(t memo.Text, name func(org.UnitID) string) (folio.Document, error) {
	type party struct{ Word, Name Text }
	data := struct {
		Title, Preamble, Closing Text
		Parties                  []party
		Before, After            []Text
		Clauses                  []draftClause
		Columns                  []memo.OwedColumn
		Commitments              [][]Text // a row each, in the order of the columns
	}{Title: Text(t.Title), Columns: memo.OwedColumns()}
	for i, p := range t.Parties {
		word := p.Called
		if word == "" {
			word = "第" + strconv.Itoa(i+1) + "方"
		}
		data.Parties = append(data.Parties, party{Text(word), Text(p.Name)})
	}
	data.Before, data.After = lines(t.Preamble), lines(t.Closing)
	for _, c := range t.Clauses {
		for i, line := range lines(c.Text) {
			if i == 0 {
				line = Text(numbered(c.No)) + line
			}
			data.Clauses = append(data.Clauses, draftClause{line})
		}
	}
	for _, row := range t.OwedRows(support.Wording(name)) {
		var cells []Text
		for _, c := range data.Columns {
			cells = append(cells, Text(row[c]))
		}
		data.Commitments = append(data.Commitments, cells)
	}
	all, err := templates()
	if err != nil {
		return folio.Document{}, fmt.Errorf("official: reading the templates: %w", err)
	}
	var b bytes.Buffer
	if err := all.ExecuteTemplate(&b, "draft.txt", data); err != nil {
		return folio.Document{}, fmt.Errorf("official: filling the template of a draft: %w", err)
	}
	doc, err := folio.Parse(b.String())
	if err != nil {
		return folio.Document{}, fmt.Errorf("official: reading the template of a draft: %w", err)
	}
	doc.Draft = true
	return doc, nil
}

// numbered is a printed number with what parts it from the words.
func numbered(no string) string {
	if no == "" || strings.HasSuffix(no, "、") || strings.HasSuffix(no, "）") || strings.HasSuffix(no, ")") {
		return no
	}
	if strings.HasSuffix(no, ".") || strings.HasSuffix(no, "．") {
		return no + " "
	}
	return no + "　"
}

func lines(s string) (out []Text) {
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, Text(line))
		}
	}
	if len(out) == 0 && s == "" {
		return []Text{""}
	}
	return out
}
