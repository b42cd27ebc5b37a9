package official

import "gongjian/internal/calendar"

// ImplementationData is the notice that hands out a plan's implementation plan
// (实施方案), with its text as annex.
type ImplementationData struct {
	Frame
	Title      Text    `json:"title"` // of the plan
	Aim        Text    `json:"aim,omitempty"`
	Seats      []Seat  `json:"seats"`
	Office     Text    `json:"office,omitempty"`
	OfficeHead Text    `json:"office_head,omitempty"`
	Safeguards []Text  `json:"safeguards,omitempty"`
	Stages     []Stage `json:"stages,omitempty"`
}

// Seat is a seat of the leading group: the duty in words (组长), unit and post.
type Seat struct {
	Duty Text `json:"duty"`
	Unit Text `json:"unit"`
	Post Text `json:"post"`
}

// Stage is a stage of the schedule.
type Stage struct {
	Title Text          `json:"title"`
	From  calendar.Date `json:"from"`
	To    calendar.Date `json:"to"`
	Words Text          `json:"words,omitempty"`
}

// Kind is Implementation.
func (*ImplementationData) Kind() Kind { return Implementation }

// About is the frame.
func (d *ImplementationData) About() *Frame { return &d.Frame }

func (d *ImplementationData) prepare() any {
	return struct {
		*ImplementationData
		Named Text
	}{d, named(d.Title)}
}
