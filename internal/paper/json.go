package paper

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/office"
	"gongjian/internal/task"
)

// The view that `gongjian import FILE --json` prints. Names and shapes are those
// in which such tables are exchanged; numbers are JSON numbers, what is absent
// is null.
type resultView struct {
	File       string        `json:"file"`
	Title      string        `json:"title"`
	Year       *int          `json:"year"`
	Issuer     *string       `json:"issuer"`
	Convention Convention    `json:"convention"`
	Rows       []rowView     `json:"rows"`
	Headings   []placeView   `json:"headings"`
	LeftOut    []leftOutView `json:"left_out"`
}

type rowView struct {
	No          string        `json:"no"`
	Chapter     []string      `json:"chapter"`
	Task        string        `json:"task"`
	Measures    string        `json:"measures"`
	Lead        []string      `json:"lead"`
	Cooperating []string      `json:"cooperating"`
	People      []string      `json:"people"`
	Deadline    deadlineView  `json:"deadline"`
	Target      *targetView   `json:"target"`
	Note        string        `json:"note"`
	Warnings    []string      `json:"warnings,omitempty"`
	Doubts      []doubtView   `json:"doubts,omitempty"`
	Hidden      bool          `json:"hidden,omitempty"`
	Origin      office.Origin `json:"origin"`
}

type deadlineView struct {
	Text          string            `json:"text"`
	Kind          task.DeadlineKind `json:"kind"`
	Date          *calendar.Date    `json:"date"`
	From          *calendar.Date    `json:"from"`
	Every         *string           `json:"every"`
	StandingAfter bool              `json:"standing_after"`
	Relative      *task.Relative    `json:"relative"`
}

type targetView struct {
	Text  string       `json:"text"`
	Op    string       `json:"op"`
	Value *json.Number `json:"value"`
	High  *json.Number `json:"high"`
	Unit  string       `json:"unit"`
	Soft  bool         `json:"soft"`
}

type doubtView struct {
	Field string         `json:"field"`
	Code  string         `json:"code"`
	Args  map[string]any `json:"args,omitempty"`
}

type placeView struct {
	Text   string        `json:"text"`
	Origin office.Origin `json:"origin"`
}

type leftOutView struct {
	Reason Reason        `json:"reason"`
	Text   string        `json:"text"`
	Origin office.Origin `json:"origin"`
}

// JSON writes the result, indented, with a line end.
func (r Result) JSON() ([]byte, error) {
	v := resultView{
		File: r.File, Title: r.Title, Year: pointer(r.Year), Issuer: pointer(r.Issuer), Convention: r.Convention,
		Rows: []rowView{}, Headings: []placeView{}, LeftOut: []leftOutView{},
	}
	for _, row := range r.Rows {
		v.Rows = append(v.Rows, row.view())
	}
	for _, h := range r.Headings {
		v.Headings = append(v.Headings, placeView(h))
	}
	for _, l := range r.LeftOut {
		v.LeftOut = append(v.LeftOut, leftOutView(l))
	}
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("paper: writing the result: %w", err)
	}
	return append(out, '\n'), nil
}

func (row Row) view() rowView {
	v := rowView{
		No: row.No, Chapter: list(row.Chapter), Task: row.Task, Measures: row.Measures,
		Lead: list(row.Lead), Cooperating: list(row.Cooperating), People: list(row.People),
		Note: row.Note, Hidden: row.Hidden, Origin: row.Origin,
		Deadline: deadlineView{
			Text: row.Deadline.Text, Kind: row.Deadline.Kind, StandingAfter: row.Deadline.StandingAfter,
			Date: pointer(row.Deadline.Date), From: pointer(row.Deadline.From),
			Every: pointer(row.Deadline.Every), Relative: row.Deadline.Relative,
		},
	}
	for _, d := range row.Warnings {
		v.Warnings = append(v.Warnings, d.Field)
		v.Doubts = append(v.Doubts, doubtView(d))
	}
	if t := row.Target; t != nil {
		v.Target = &targetView{Text: t.Text, Op: string(t.Op), Unit: t.Unit, Soft: t.Soft}
		switch t.Op {
		case task.OpNone:
			v.Target.Op = "none"
		case task.OpFirst:
		case task.OpRange:
			v.Target.Value, v.Target.High = figure(t.Value), figure(t.High)
		default:
			v.Target.Value = figure(t.Value)
		}
	}
	return v
}

// figure writes a quantity as a JSON number without needless zeros.
func figure(q task.Quantity) *json.Number {
	whole, fraction := int64(q/task.One), int64(q%task.One)
	text := strconv.FormatInt(whole, 10)
	if fraction != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%04d", fraction), "0")
	}
	n := json.Number(text)
	return &n
}

// pointer turns a zero value into null.
func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// list turns nil into an empty list.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
