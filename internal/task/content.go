package task

import (
	"encoding/json"
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// Content writes what a row of a plan says as one line, equal for equal content:
// what the other parties approve. Progress, numbering and words that bind nobody
// (notes) are not in it. A day that counts from the issue is not yet content; the
// words that it counts by are.
func Content(t Task) string {
	line := struct {
		Title       string        `json:"title"`
		Measures    string        `json:"measures"`
		Commitment  string        `json:"commitment"`
		Leads       []org.UnitID  `json:"leads"`
		Cooperating []org.UnitID  `json:"cooperating"`
		Supervising org.UnitID    `json:"supervising"`
		LeadWords   string        `json:"lead_words"`
		Deadline    Deadline      `json:"deadline"`
		Due         calendar.Date `json:"due"`
		Target      *Target       `json:"target"`
		Weight      Quantity      `json:"weight"`
		Evidence    string        `json:"evidence"`
	}{t.Title, t.Measures, string(t.Commitment), t.Leads, t.Cooperating, t.Supervising, t.LeadWords, t.Deadline, t.Due, t.Target, t.Weight, t.EvidenceWanted}
	if t.Deadline.CountsFrom("issue") || t.Deadline.CountsFrom("receipt") {
		line.Due = calendar.Date{}
	}
	b, err := json.Marshal(line)
	if err != nil {
		panic(fmt.Sprintf("task: a row cannot be written: %v", err)) // strings, numbers and days only: cannot happen
	}
	return string(b)
}
