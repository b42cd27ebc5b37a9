package memo

import (
	"fmt"
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/fault"
)

// Implementation is how a plan is carried out (实施方案): who leads, which office
// runs it from day to day, what safeguards it, and in which stages.
type Implementation struct {
	Plan       PlanID          `json:"-"`
	Version    int64           `json:"-"`                // 1, 2, 3 …; all are kept
	Aim        string          `json:"aim,omitempty"`    // 总体要求
	Group      []GroupSeat     `json:"group"`            // 领导小组
	Office     string          `json:"office,omitempty"` // where its office is (办公室设在…)
	OfficeHead string          `json:"office_head,omitempty"`
	Safeguards []string        `json:"safeguards"` // 保障措施
	Schedule   []ScheduleStage `json:"schedule"`   // 进度安排
}

// GroupSeat is a seat of the leading group. It names the post and not the person:
// who follows in the post takes the seat over without a new document.
type GroupSeat struct {
	Duty GroupDuty `json:"duty"`
	Unit string    `json:"unit"`
	Post string    `json:"post"`
}

// GroupDuty is what a member does in the leading group.
type GroupDuty string

// The duties.
const (
	GroupHead   GroupDuty = "head"   // 组长
	GroupDeputy GroupDuty = "deputy" // 副组长
	GroupMember GroupDuty = "member" // 成员
)

// GroupDuties returns the duties in the order of documents.
func GroupDuties() []GroupDuty { return []GroupDuty{GroupHead, GroupDeputy, GroupMember} }

// ScheduleStage is one stage of the work with its first and last day.
type ScheduleStage struct {
	Title string        `json:"title"`
	From  calendar.Date `json:"from"`
	To    calendar.Date `json:"to"`
	Words string        `json:"words,omitempty"`
}

// Check reports what is wrong, all at once, each at its field.
//
// Rule IF-02 (field.md §1.3, practice of 实施方案; mission row S3): one head leads the
// group; seats are posts of units; the stages follow one another within the plan's
// year and the one after, in which the work is summed up.
func (x Implementation) Check(p Plan) error {
	var l fault.List
	heads := 0
	for i, s := range x.Group {
		if strings.TrimSpace(s.Unit) == "" || strings.TrimSpace(s.Post) == "" {
			l = append(l, fault.New(fault.Invalid, "implementation.seat").On(fmt.Sprintf("group.%d.post", i)))
		}
		switch s.Duty {
		case GroupHead:
			heads++
		case GroupDeputy, GroupMember:
		default:
			l = append(l, fault.New(fault.Invalid, "implementation.duty").On(fmt.Sprintf("group.%d.duty", i)))
		}
	}
	if heads != 1 {
		l = append(l, fault.New(fault.Invalid, "implementation.one-head").On("group.0.duty"))
	}
	var last calendar.Date
	for i, s := range x.Schedule {
		at := func(field string) string { return fmt.Sprintf("schedule.%d.%s", i, field) }
		switch {
		case strings.TrimSpace(s.Title) == "":
			l = append(l, fault.New(fault.Invalid, "implementation.stage-title").On(at("title")))
		case s.From.IsZero() || s.To.IsZero() || s.To.Before(s.From):
			l = append(l, fault.New(fault.Invalid, "implementation.stage-days").On(at("from")))
		case s.From.Before(last):
			l = append(l, fault.New(fault.Invalid, "implementation.stage-order").On(at("from")))
		case s.From.Year < p.Year || s.To.Year > p.Year+1:
			l = append(l, fault.New(fault.Invalid, "implementation.stage-year", "Year", p.Year).On(at("from")))
		}
		last = s.From
	}
	return l.Err()
}
