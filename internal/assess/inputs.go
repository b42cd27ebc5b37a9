package assess

import (
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// Inputs are all facts that one scorecard rests on, as they stood on AsOf.
// Their order does not matter. Happenings of kinds that the scheme does not
// record, and judgements of items that it does not have, are another scheme's or
// an earlier version's; they are left aside.
type Inputs struct {
	Subject     org.RegionCode       `json:"subject"` // the assessed government's region
	AsOf        calendar.Date        `json:"as_of"`
	Tasks       []TaskFigure         `json:"tasks,omitempty"`
	Reporting   ReportingRecord      `json:"reporting"`
	Occurrences []Occurrence         `json:"occurrences,omitempty"`
	Judged      map[string]Judgement `json:"judged,omitempty"` // by number of the item
}

// TaskFigure is what is known of one task on the day.
type TaskFigure struct {
	Task        task.ID       `json:"task"`
	Title       string        `json:"title"`
	Field       task.Field    `json:"field"`
	Unit        string        `json:"unit,omitempty"` // measure word: 个
	HasGoal     bool          `json:"has_goal"`       // false: words are the target
	Op          task.Op       `json:"op,omitempty"`   // of the target; "" counts as at least
	Goal        task.Quantity `json:"goal"`           // for a range its lower end
	Expected    task.Quantity `json:"expected"`       // of the course on the day; zero: nothing is due yet
	Claimed     task.Quantity `json:"claimed"`
	Verified    task.Quantity `json:"verified"`
	HasVerified bool          `json:"has_verified"` // at least one report is verified; a ceiling without one is not kept
	Finished    bool          `json:"finished"`
	Weight      task.Quantity `json:"weight"` // task.One unless the plan weighs its tasks; more than zero
	Light       task.Colour   `json:"light"`
	Evidence    []Proof       `json:"evidence,omitempty"` // files behind the verified figure
}

// Proof is an evidence file (凭据) by its fingerprint.
type Proof struct {
	ID   task.EvidenceID `json:"id"`
	Name string          `json:"name"`
}

// ReportingRecord counts the subject's reports whose periods are closed on the day.
// Each due report is in time, late or missed, so the three add up to Due at most.
type ReportingRecord struct {
	Due      int `json:"due"`
	OnTime   int `json:"on_time"`
	Late     int `json:"late"`
	Missed   int `json:"missed"`
	Returned int `json:"returned"`
	Verified int `json:"verified"`
	Disagree int `json:"disagree"` // of Verified: the verified figure differs from the claimed one
	// Refs name the reports that cost points; those that were in order need not be listed.
	Refs []ReportRef `json:"refs,omitempty"`
}

// ReportRef names one report and what was wrong with it: Late, Missed, Returned
// or Disagree. A missed report has the task and period as its ID.
type ReportRef struct {
	What  Reporting `json:"what"`
	ID    string    `json:"id"`
	Label string    `json:"label"`
}

// Occurrence is one happening of a kind of the scheme.
type Occurrence struct {
	ID    string        `json:"id"`
	Kind  string        `json:"kind"` // a key of Scheme.Occurrences
	On    calendar.Date `json:"on"`
	Words string        `json:"words"` // 督办单〔2010〕14号，迟答3个工作日
	Count int           `json:"count"` // more than zero
}

// Judgement is the points that a scorer gave by hand. For a deduction Points is
// the amount taken off, without a sign.
type Judgement struct {
	Points Points     `json:"points"`
	Reason string     `json:"reason"`
	By     org.PostID `json:"by"`
	At     time.Time  `json:"at"` // kept to the second, in UTC
	// Absent says that the subject has no such business; Points are then zero and
	// the item's rule for absent business holds.
	Absent bool `json:"absent,omitempty"`
}
