package bulk

import (
	"errors"
	"io"
	"slices"
	"strings"

	"gongjian/internal/fault"
	"gongjian/internal/task"
)

// Filled is a report sheet that came back: its rows as typed.
type Filled struct {
	Rows []FilledRow `json:"rows"`
}

// FilledRow is one row as it was typed. Nothing in it is believed yet.
type FilledRow struct {
	Row       int    `json:"row"` // of the worksheet
	Key       string `json:"key"`
	Title     string `json:"title"`
	Value     string `json:"value,omitempty"`
	Words     string `json:"words,omitempty"`
	NoChange  string `json:"no_change,omitempty"`
	Completes string `json:"completes,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// Blank reports whether nothing was filled in.
func (r FilledRow) Blank() bool {
	return r.Value == "" && r.Words == "" && r.Reason == "" && slices.Contains(no, fold(r.NoChange)) && slices.Contains(no, fold(r.Completes))
}

// ReadFilled reads a sheet that came back, whatever program saved it: columns may
// be moved, hidden or shown, rows sorted or deleted.
//
// Faults, beside those of reading the file at all: offline.no-sheet,
// bulk.column-missing, bulk.too-many-rows, offline.nothing-filled.
func ReadFilled(name string, r io.ReaderAt, size int64) (Filled, error) {
	g, err := sheetHeads.open(name, r, size, []column{colKey, colTask, colValue, colWords, colNoChange, colCompletes, colReason}, "offline.no-sheet")
	if err != nil {
		return Filled{}, err
	}
	var out Filled
	err = g.rows(MaxLines, func(number int, cell func(column) string) {
		f := FilledRow{
			Row: number, Key: cell(colKey), Title: cell(colTask), Value: cell(colValue), Words: cell(colWords),
			NoChange: cell(colNoChange), Completes: cell(colCompletes), Reason: cell(colReason),
		}
		if f.Key == "" && f.Blank() {
			return // a note below the table
		}
		out.Rows = append(out.Rows, f)
	})
	if err == nil && !slices.ContainsFunc(out.Rows, func(f FilledRow) bool { return !f.Blank() }) {
		err = fault.New(fault.Invalid, "offline.nothing-filled").On("file")
	}
	return out, err
}

// Entry is a row with its key read. A row that cannot be used has a fault.
type Entry struct {
	FilledRow
	Key   Key
	Fault *fault.Fault
}

// Entries reads the keys of a sheet's rows.
//
// Faults: offline.key-broken, offline.row-mixed, offline.row-twice. Rules OS-01 and OS-03.
func (f Filled) Entries(secret Secret) []Entry {
	out := make([]Entry, len(f.Rows))
	seen := map[string]int{}
	for i, row := range f.Rows {
		e := Entry{FilledRow: row}
		k, ok := secret.Read(row.Key)
		e.Key = k
		switch first, twice := seen[row.Key]; {
		case !ok:
			e.Fault = fault.New(fault.Invalid, "offline.key-broken").On("key")
		case !secret.titled(k, row.Title):
			// Rule OS-03 (ours): whoever sorts some columns and not the others puts figures
			// beside other tasks; the title that the key was made for tells it.
			e.Fault = fault.New(fault.Invalid, "offline.row-mixed").On("task")
		case twice:
			e.Fault = fault.New(fault.Invalid, "offline.row-twice", "Row", out[first].Row).On("key")
			if out[first].Fault == nil && !out[first].Blank() && !out[first].same(row) {
				out[first].Fault = fault.New(fault.Invalid, "offline.row-twice", "Row", row.Row).On("key")
			}
		default:
			seen[row.Key] = i
		}
		out[i] = e
	}
	return out
}

func (r FilledRow) same(o FilledRow) bool {
	r.Row, r.Title = o.Row, o.Title
	return r == o
}

// yes are the words that mean yes, no those that mean no.
var (
	yes = []string{"是", "有", "对", "√", "✓", "y", "yes", "true", "1"}
	no  = []string{"", "否", "无", "不", "×", "x", "n", "no", "false", "0", "-", "—"}
)

func agrees(s string) bool { return slices.Contains(yes, fold(s)) }

// choice reads a cell of yes and no.
func choice(s, field string, l *fault.List) bool {
	if !agrees(s) && !slices.Contains(no, fold(s)) {
		*l = append(*l, fault.New(fault.Invalid, "offline.not-yes-no", "Text", s).On(field))
	}
	return agrees(s)
}

// Input turns what was typed into what is handed in for a task. before is the
// unit's claim for the periods before; lateSaid begins the words that say why a
// report comes late ("迟报原因：").
func (r FilledRow) Input(t task.Task, before task.Quantity, lateSaid string) (in task.ReportInput, err error) {
	var l fault.List
	noChange := choice(r.NoChange, "no-change", &l)
	in.Completes = choice(r.Completes, "completes", &l)
	in.Words = r.Words
	switch {
	case r.Value != "":
		in.Kind = task.ReportValue
		var wrong *fault.Fault
		if in.Value, err = task.ParseReported(r.Value, t.Target); errors.As(err, &wrong) {
			l = append(l, wrong.On("value"))
		} else if err != nil {
			return in, err
		}
	case noChange:
		in.Kind = task.ReportNoChange
	default:
		in.Kind = task.ReportWords
	}
	// Rule OS-04 (ours): "no change" stands alone; with something else in the row it is asked back.
	if noChange && (r.Value != "" && in.Value != before || r.Words != "") {
		l = append(l, fault.New(fault.Invalid, "offline.no-change-and-more").On("no-change"))
	} else if noChange {
		in.Kind, in.Value = task.ReportNoChange, 0
	}
	if in.Kind == task.ReportValue && in.Value < before {
		in.Why = r.Reason
	} else if r.Reason != "" {
		in.Words = strings.TrimSpace(in.Words + "\n" + lateSaid + r.Reason)
	}
	return in, l.Err()
}
