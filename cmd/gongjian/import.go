package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/office"
	"gongjian/internal/paper"
	"gongjian/internal/paper/rubric"
	"gongjian/internal/task"
)

type importFile struct {
	File string `arg:"" type:"existingfile" help:"The document: a task table (任务分解表) or an assessment rubric (考核评分细则). Its content says which."`
	JSON bool   `name:"json" help:"Print what was understood as JSON instead of a short account."`
}

// Run reads the document and prints it. Nothing is written anywhere.
func (i importFile) Run() error {
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	doc, err := office.Open(f.Name(), f, info.Size())
	if err != nil {
		return err
	}
	return printDocument(os.Stdout, doc, i.JSON)
}

// printDocument writes what a document says, as JSON or as an account to read.
func printDocument(w io.Writer, doc office.Document, asJSON bool) error {
	if rubric.Is(doc) {
		r := rubric.Read(doc)
		if !asJSON {
			accountOfRubric(w, r)
			return nil
		}
		return printJSON(w, r.JSON)
	}
	t := paper.ReadTaskTable(doc)
	if !asJSON {
		accountOfTable(w, t)
		return nil
	}
	return printJSON(w, t.JSON)
}

func printJSON(w io.Writer, write func() ([]byte, error)) error {
	b, err := write()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, string(b))
	return err
}

// accountOfTable says in a screenful what was read of a task table.
func accountOfTable(w io.Writer, t paper.Result) {
	fmt.Fprintf(w, "task table: %s\n", known(t.Title))
	fmt.Fprintf(w, "  year %s, issued by %s, leads marked by: %s\n", year(t.Year), known(t.Issuer), known(string(t.Convention)))
	fmt.Fprintf(w, "  %d tasks, %d headings\n", len(t.Rows), len(t.Headings))
	for _, row := range t.Rows {
		for _, d := range row.Warnings {
			fmt.Fprintf(w, "  doubt, %s: %s (%s) %s\n", place(row.Origin), d.Field, d.Code, short(row.Task))
		}
		if row.Deadline.Kind == task.DeadlineUnparsed {
			fmt.Fprintf(w, "  not understood, %s: deadline %q\n", place(row.Origin), row.Deadline.Text)
		}
	}
	accountOfLeftOut(w, t.LeftOut)
}

// accountOfRubric says what was read of a rubric, the slips of the document first.
func accountOfRubric(w io.Writer, r rubric.Rubric) {
	fmt.Fprintf(w, "rubric: %s\n", known(r.Title))
	fmt.Fprintf(w, "  year %s, issued by %s, full marks %s, all bonuses together at most %s\n", year(r.Year), known(r.Issuer), printed(r.Total), printed(r.BonusCap))
	kinds := map[rubric.Kind]int{}
	for _, row := range r.Rows {
		kinds[row.Kind]++
	}
	fmt.Fprintf(w, "  %d items: %d scored, %d bonus, %d deduction, %d veto\n", len(r.Rows),
		kinds[rubric.Score], kinds[rubric.Bonus], kinds[rubric.Deduction], kinds[rubric.Veto])
	for _, f := range r.Faults {
		fmt.Fprintf(w, "  slip, %s: %s", place(f.Origin), short(f.Where))
		switch f.Type {
		case rubric.LabelCell:
			fmt.Fprintf(w, ": its words say %s, its cell %s\n", printed(f.Label), printed(f.Cell))
		case rubric.Sum:
			fmt.Fprintf(w, ": states %s, its parts add up to %s\n", printed(f.Stated), printed(f.Added))
		case rubric.TwiceIndex:
			fmt.Fprintf(w, ": the number %s is used twice\n", f.Index)
		case rubric.Sign:
			fmt.Fprintf(w, ": the formula %s adds what the rule takes off\n", f.Formula)
		}
	}
	for _, d := range r.Doubts {
		about := ""
		if d.Row >= 0 {
			about = short(strings.Join(r.Rows[d.Row].Path, " / "))
		}
		fmt.Fprintf(w, "  doubt, %s: %s %s\n", place(d.Origin), d.Code, about)
	}
	accountOfLeftOut(w, r.LeftOut)
}

// accountOfLeftOut counts what is no row, by reason.
func accountOfLeftOut(w io.Writer, all []paper.LeftOut) {
	count := map[paper.Reason]int{}
	for _, l := range all {
		count[l.Reason]++
	}
	for _, reason := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(w, "  left out: %d %s\n", count[reason], reason)
	}
}

func known(s string) string {
	if s == "" {
		return "(not printed)"
	}
	return s
}

func year(y int) string {
	if y == 0 {
		return known("")
	}
	return strconv.Itoa(y)
}

func printed(p rubric.Points) string {
	if p == nil {
		return known("")
	}
	return p.String()
}

// short cuts a text to what fits on a line.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// place says where something stands, in the numbers that its user sees there.
func place(o office.Origin) string {
	var parts []string
	if o.Sheet != "" {
		parts = append(parts, "sheet "+o.Sheet)
	}
	for _, n := range []struct {
		word   string
		number int
	}{{"table", o.Table}, {"row", o.Row}, {"paragraph", o.Paragraph}} {
		if n.number > 0 {
			parts = append(parts, n.word+" "+strconv.Itoa(n.number))
		}
	}
	if len(parts) == 0 {
		return "whole document"
	}
	return strings.Join(parts, ", ")
}
