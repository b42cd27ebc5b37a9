package paper

import (
	"encoding/json"
	"fmt"
	"io"

	"gongjian/internal/office"
)

// Reading is a Result as it is kept beside the uploaded document, so that a
// preview is shown, mended and applied without reading the document again. What
// is kept is what the office saw: a later release that reads better changes
// nothing under its hands.
type Reading struct {
	Version int // of this form
	Result  Result
	Places  int // rows and paragraphs of the document, counted before they were read
}

// The limits of what is read, for pages that say so beforehand.
const (
	MaxFile = office.MaxFile // bytes
	MaxRows = office.MaxRows // of a table
)

// readingVersion is raised when the form of Result changes so that older ones no
// longer mean the same.
const readingVersion = 1

// ReasonUnread is a row or paragraph that the reader passed over without saying
// why. There should be none; Read lists them so that they cannot hide.
const ReasonUnread Reason = "unread"

// Read reads a file as a task table, to be kept. Its errors are those of office.Open.
//
// Rule I-40 (ours; 逐行可对): every row and every paragraph of the document is a
// task, a heading, or left out with a reason; the places are counted before
// reading and compared afterwards.
func Read(name string, r io.ReaderAt, size int64) (Reading, error) {
	doc, err := office.Open(name, r, size)
	if err != nil {
		return Reading{}, err
	}
	out := Reading{Version: readingVersion, Result: ReadTaskTable(doc)}
	accounted := out.Result.places()
	seen := map[office.Origin]bool{}
	pass := func(o office.Origin, text string) {
		if seen[o] {
			return
		}
		seen[o] = true
		out.Places++
		if !accounted[o] {
			out.Result.LeftOut = append(out.Result.LeftOut, LeftOut{Reason: ReasonUnread, Text: text, Origin: o})
		}
	}
	for _, b := range doc.Blocks {
		if b.Paragraph != nil {
			pass(b.Paragraph.Origin, Tidy(b.Paragraph.Text))
			continue
		}
		for _, row := range b.Table.Rows {
			pass(row.Origin, rowText(row))
		}
	}
	return out, nil
}

// places are the rows and paragraphs that a result accounts for.
func (r Result) places() map[office.Origin]bool {
	out := map[office.Origin]bool{}
	for _, row := range r.Rows {
		out[row.Origin] = true
	}
	for _, h := range r.Headings {
		out[h.Origin] = true
	}
	for _, l := range r.LeftOut {
		out[l.Origin] = true
	}
	return out
}

// Account is where the places of a document went. A place from which both a
// heading and a task were read counts as a task.
type Account struct {
	Places, Tasks, Headings, LeftOut int
	Missing                          int // of Places, in none of the three; 0 unless a reading is broken
}

// Account counts where the places of the document went.
func (r Reading) Account() Account {
	tasks, headings, out := map[office.Origin]bool{}, map[office.Origin]bool{}, map[office.Origin]bool{}
	for _, row := range r.Result.Rows {
		if !row.Hidden {
			tasks[row.Origin] = true
		}
	}
	for _, h := range r.Result.Headings {
		if !tasks[h.Origin] {
			headings[h.Origin] = true
		}
	}
	for _, l := range r.Result.LeftOut {
		if !tasks[l.Origin] && !headings[l.Origin] {
			out[l.Origin] = true
		}
	}
	a := Account{Places: r.Places, Tasks: len(tasks), Headings: len(headings), LeftOut: len(out)}
	a.Missing = max(a.Places-a.Tasks-a.Headings-a.LeftOut, 0)
	return a
}

// Keep writes the reading in the form that Restore reads. It is not the form of
// Result.JSON, which is for other programs and leaves the cells out.
func (r Reading) Keep() (json.RawMessage, error) {
	r.Version = readingVersion
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("paper: keeping a reading: %w", err)
	}
	return b, nil
}

// Restore reads what Keep wrote. A form of another release is an error: the
// document is uploaded again then.
func Restore(b json.RawMessage) (Reading, error) {
	var r Reading
	if err := json.Unmarshal(b, &r); err != nil {
		return Reading{}, fmt.Errorf("paper: restoring a reading: %w", err)
	}
	if r.Version != readingVersion {
		return Reading{}, fmt.Errorf("paper: a reading of form %d, this release reads form %d", r.Version, readingVersion)
	}
	return r, nil
}
