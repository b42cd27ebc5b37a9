package official

import (
	"bytes"
	"strings"
	"testing"

	"gongjian/internal/folio"
	"gongjian/internal/paper"
)

// Rule D-03: what was handed out is read back as the same tasks.
func TestTheImporterReadsAPlanBack(t *testing.T) {
	d := planData()
	doc, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	file, err := (&Press{}).DOCX(doc, folio.Standard())
	if err != nil {
		t.Fatal(err)
	}
	r, err := paper.Open("plan.docx", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if r.Title != string(d.Title) || r.Year != 2010 || r.Issuer != string(d.Issuer) || r.Convention != paper.Columns || len(r.Rows) != len(d.Rows) {
		t.Fatalf("read back as %q, %d, %q, %s, %d rows", r.Title, r.Year, r.Issuer, r.Convention, len(r.Rows))
	}
	for i, row := range r.Rows {
		want := d.Rows[i]
		target := ""
		if row.Target != nil {
			target = row.Target.Text
		}
		got := TaskRow{
			No: Text(row.No), Title: Text(row.Task), Leads: Text(strings.Join(row.Lead, "、")), Cooperating: Text(strings.Join(row.Cooperating, "、")),
			Deadline: Text(row.Deadline.Text), Target: Text(target), Note: Text(row.Note),
		}
		if got.No != want.No || got.Title != want.Title || got.Leads != want.Leads || got.Cooperating != want.Cooperating ||
			got.Deadline != want.Deadline || got.Target != want.Target || got.Note != want.Note || len(row.Chapter) != len(want.Chapter) {
			t.Errorf("row %d is read back as %+v %v, was %+v", i, got, row.Chapter, want)
		}
	}
}
