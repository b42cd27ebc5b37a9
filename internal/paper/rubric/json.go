package rubric

import (
	"bytes"
	"encoding/json"
	"fmt"

	"gongjian/internal/office"
)

type jsonRubric struct {
	File     string      `json:"file"`
	Title    string      `json:"title"`
	Year     *int        `json:"year"`
	Issuer   *string     `json:"issuer"`
	Total    number      `json:"total"`
	BonusCap number      `json:"bonus_cap"`
	Rows     []jsonRow   `json:"rows"`
	Faults   []jsonFault `json:"faults"`
	Doubts   []jsonDoubt `json:"doubts,omitempty"`
}

type jsonRow struct {
	Kind     Kind          `json:"kind"`
	No       string        `json:"no"`
	Path     []string      `json:"path"`
	Points   number        `json:"points"`
	Method   string        `json:"method_text"`
	Scorer   string        `json:"scorer"`
	Evidence string        `json:"evidence"`
	Formula  string        `json:"formula,omitempty"`
	Origin   office.Origin `json:"origin"`
}

type jsonFault struct {
	Type    FaultType `json:"type"`
	Where   string    `json:"where"`
	Label   *number   `json:"label,omitempty"`
	Cell    *number   `json:"cell,omitempty"`
	Stated  *number   `json:"stated,omitempty"`
	Sum     *number   `json:"sum,omitempty"`
	Index   string    `json:"index,omitempty"`
	Formula string    `json:"formula,omitempty"`
}

type jsonDoubt struct {
	Code string            `json:"code"`
	Row  int               `json:"row"` // 1 is the first item, 0 the whole
	Args map[string]string `json:"args,omitempty"`
}

// number writes points as a JSON number, exactly as decimal.
type number struct{ Points }

func (n number) MarshalJSON() ([]byte, error) {
	if n.Points == nil {
		return []byte("null"), nil
	}
	return []byte(n.Points.String()), nil
}

// JSON writes the rubric for other programs, indented. The schema is that of
// the task tables' for documents, with a row for each item.
func (r Rubric) JSON() ([]byte, error) {
	out := jsonRubric{
		File: r.File, Title: r.Title, Total: number{r.Total}, BonusCap: number{r.BonusCap},
		Rows: []jsonRow{}, Faults: []jsonFault{},
	}
	if r.Year != 0 {
		out.Year = &r.Year
	}
	if r.Issuer != "" {
		out.Issuer = &r.Issuer
	}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, jsonRow{row.Kind, row.No, row.Path, number{row.Points}, row.Method, row.Scorer, row.Evidence, row.Formula, row.Origin})
	}
	some := func(p Points) *number {
		if p == nil {
			return nil
		}
		return &number{p}
	}
	for _, f := range r.Faults {
		out.Faults = append(out.Faults, jsonFault{f.Type, f.Where, some(f.Label), some(f.Cell), some(f.Stated), some(f.Added), f.Index, f.Formula})
	}
	for _, d := range r.Doubts {
		out.Doubts = append(out.Doubts, jsonDoubt{d.Code, d.Row + 1, d.Args})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return nil, fmt.Errorf("rubric: writing JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
