// Package task holds the rules of a task's life: who owes it, how it is split
// to the units below, how it is received, reported, verified and finished, and
// which light it shows on a day.
//
// Words. A task (任务) is owed by its lead units (牵头单位), helped by its
// cooperating units (配合单位) and set by a setter (下达单位), which verifies.
// A deadline (完成时限) and a target (目标值) keep the document's own words
// beside what they mean. A receipt (签收) is a unit's answer to being given a
// task. A report (填报) is claimed (填报数) until it is verified (核实数). A
// light (亮灯) is a colour with a word, a reason, and what would change it.
//
// Laws. Everything here is a value or a pure function of values: no clock, no
// storage. Whoever reports does not verify. The targets of the parts and the
// unassigned rest add up to the whole. The light of a past day never depends on
// what happened after it.
package task

import (
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
)

// ID names a task.
type ID string

// State is where a task stands as a whole.
type State string

// The states of a task.
const (
	Draft     State = "draft"     // in a plan that is not yet issued (未下达)
	Issued    State = "issued"    // given to its units, some receipts are open (待签收)
	InForce   State = "in-force"  // every lead has signed for it (在办)
	Refused   State = "refused"   // a lead has refused it; back with the setter (退签)
	Finished  State = "finished"  // completion verified (办结)
	Withdrawn State = "withdrawn" // taken back by the setter with a reason (撤销)
)

// Rollup says how a task with parts gets its figures.
type Rollup string

// The roll-ups.
const (
	RollupSum   Rollup = "sum"   // own reports plus the parts' figures; the parts' targets add up to the target
	RollupCount Rollup = "count" // the number of parts finished (17个县（市）)
	RollupShare Rollup = "share" // the parts finished per hundred (85%以上)
)

// Field is the field of work (领域) of a task, by which schemes select tasks.
type Field string

// Task is one row of a plan's task table, or a part of such a row given to a unit below.
type Task struct {
	ID             ID
	Plan           memo.PlanID
	Commitment     memo.CommitmentID // the commitment it serves; "" when none is named
	Parent         ID                // "" for a row of the plan
	Root           ID                // the plan's row at the top of its tree; itself for a row
	Depth          int               // 0 for a row of the plan
	Position       int               // order among its siblings, from 1
	No             string            // printed number: text, never identity
	Chapter        []string          // headings from the top down
	Title          string            // 工作任务, as printed
	Measures       string            // 具体措施
	Note           string            // 备注
	Field          Field
	Region         org.RegionCode // where the first lead works: city or county, by it scores are gathered
	Setter         org.UnitID     // 下达单位: verifies, hears refusals
	Leads          []org.UnitID   // 牵头单位, one or several equal
	Cooperating    []org.UnitID   // 配合单位
	Supervising    org.UnitID     // 督办单位, or ""
	Post           org.PostID     // 责任岗位, or ""
	People         []string       // 牵头领导, 责任人 as printed
	LeadWords      string         // lead units as printed, kept when they became a group or were corrected
	Deadline       Deadline
	Start          calendar.Date // first day of the course
	Due            calendar.Date // last day in time, worked out; zero when there is none
	Target         *Target
	Weight         Quantity // One unless the plan weighs its tasks
	EvidenceWanted string   // which evidence a report must bring; "" asks for none
	Cadence        calendar.PeriodKind
	Rollup         Rollup
	State          State
	Given          calendar.Date // day on which it was issued to its units; zero for a draft
	Withdrawn      calendar.Date // day on which it was taken back; zero: it was not
	Version        int64         // counts changes; two people changing one version conflict
}

// Role says how a unit takes part in a task.
type Role string

// The roles.
const (
	Lead        Role = "lead"        // 牵头
	Cooperating Role = "cooperating" // 配合
)

// Part is a unit's part in a task and its receipt (签收).
type Part struct {
	Task    ID
	Unit    org.UnitID
	Role    Role
	State   PartState
	Reason  string        // of a refusal or of being excused
	Due     calendar.Date // sign by this day
	Signed  calendar.Date // day of the receipt or refusal
	Excused bool          // the setter lets the task finish without this unit's report
}

// PartState is the answer of a unit to being given a task.
type PartState string

// The states of a part.
const (
	PartWaiting PartState = "waiting" // 待签收
	PartSigned  PartState = "signed"  // 已签收
	PartRefused PartState = "refused" // 退签, waiting for the setter
)
