package task

import (
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
)

// ReportID names a report.
type ReportID string

// ReportKind says what a report brings.
type ReportKind string

// The kinds of report.
const (
	ReportValue    ReportKind = "value"     // 报数: the cumulative value at the end of the period
	ReportWords    ReportKind = "words"     // 报文字
	ReportNoChange ReportKind = "no-change" // 无变化: one click, claims nothing new
)

// ReportState is where a report stands.
type ReportState string

// The states of a report.
const (
	ReportSubmitted ReportState = "submitted"  // 待核实
	ReportVerified  ReportState = "verified"   // 已核实
	ReportReturned  ReportState = "returned"   // 已退回
	ReportNoted     ReportState = "noted"      // 已记入: "no change" claims nothing, so there is nothing to verify
	ReportTakenBack ReportState = "taken-back" // 已撤回 by the reporter before anybody verified it
)

// Report is what one unit says of one task for one period. There is at most one
// live report per task, unit and period; a returned one is replaced by the next round.
type Report struct {
	ID        ReportID
	Task      ID
	Unit      org.UnitID // whose figures it is one of
	Filed     org.UnitID // that handed it in, when Unit has taken its place since; "" for Unit itself
	Role      Role
	Period    calendar.Period
	Round     int // 1, and one more each time it is handed in again
	Kind      ReportKind
	Value     Quantity // cumulative claim; for words and no-change the previous claim goes on
	Words     string
	Evidence  []EvidenceID
	Completes bool   // the lead claims that the task is done
	Why       string // why a value is less than the one before
	State     ReportState
	Late      bool // handed in after the period closed
	By        org.PersonID
	Post      org.PostID
	At        time.Time
	// The verdict; empty until verified or returned.
	Verdict   string // reason of a return, or the verifier's note
	VerdictBy org.PersonID
	VerdictAt time.Time
	Version   int64
}

// Author is the unit that handed the report in: the name that old documents keep (Rule O-43).
func (r Report) Author() org.UnitID {
	if r.Filed != "" {
		return r.Filed
	}
	return r.Unit
}

// EvidenceID names an evidence file: the SHA-256 of its bytes, in lower-case hex.
type EvidenceID string

// Evidence is a file that supports a report.
type Evidence struct {
	ID   EvidenceID
	Name string // as uploaded
	Type string // media type, decided from the content
	Size int64  // bytes
	By   org.PersonID
	At   time.Time
}
