package org

import "slices"

// Resource is a thing that something is to be done with, reduced to the facts
// that permissions are judged by. The kinds are those of this file.
type Resource interface {
	// kind is the name of the resource's type in the policies.
	kind() string
}

// TaskFacts is a task (任务) as permissions see it.
type TaskFacts struct {
	Office      UnitID   // the plan's office
	Setter      UnitID   // 下达单位
	Verifier    UnitID   // verifies instead of the setter; "" means the setter
	Verifiers   []UnitID // of reports handed in: units above a setter that reports on its own task
	Leads       []UnitID // 牵头单位
	Cooperating []UnitID // 配合单位
	Supervising UnitID   // 督办单位, or ""
	LineAbove   []UnitID // every ancestor in the line of a lead or cooperating unit
	BlockAbove  []UnitID // every ancestor in the block of a lead or cooperating unit
	Draft       bool     // in a plan that is not yet issued
}

func (TaskFacts) kind() string { return "Task" }

// Verifies returns the unit that verifies reports of the task.
func (t TaskFacts) Verifies() UnitID {
	if t.Verifier != "" {
		return t.Verifier
	}
	return t.Setter
}

func (t TaskFacts) has(u UnitID) bool {
	return slices.Contains(t.Leads, u) || slices.Contains(t.Cooperating, u)
}

// PlanFacts is a yearly plan (年度工作计划) as permissions see it.
type PlanFacts struct {
	Office  UnitID
	Parties []UnitID // of its memorandum
	Region  RegionCode
	Draft   bool // not yet issued
}

func (PlanFacts) kind() string { return "Plan" }

// MemorandumFacts is a memorandum (合作备忘录) as permissions see it. For
// memorandum.enter it is the one that would come to be.
type MemorandumFacts struct {
	Office  UnitID
	Parties []UnitID
	Region  RegionCode
	Members []UnitID // of an alliance: those asked to join and those in
	Open    bool     // an alliance that any unit may join without being asked
}

func (MemorandumFacts) kind() string { return "Memorandum" }

// OpinionFacts is what one unit of a party says to a version (会签意见, 法制审核意见).
type OpinionFacts struct {
	Party UnitID // that asks
	Asked UnitID
}

func (OpinionFacts) kind() string { return "Opinion" }

// ReportFacts is a report (填报) as permissions see it.
type ReportFacts struct {
	Task  TaskFacts
	Unit  UnitID   // that reports
	By    PersonID // who handed it in
	Above []UnitID // every ancestor of the reporting unit, in line and block
}

func (ReportFacts) kind() string { return "Report" }

// ScoreFacts is a scheme (考核办法) with its scores, or one unit's scorecard.
type ScoreFacts struct {
	Office    UnitID // the unit that runs the assessment
	Unit      UnitID // the unit assessed; "" for a whole scheme
	Published bool
}

func (ScoreFacts) kind() string { return "Scores" }

// ImportFacts is a document being taken in as the table of a plan.
type ImportFacts struct {
	Office UnitID // the office of the plan it is for
}

func (ImportFacts) kind() string { return "Import" }

// DocumentFacts is an official document (公文) as permissions see it. For
// document.issue it is the one that would come to be.
type DocumentFacts struct {
	Office UnitID     // the unit that issues it
	About  UnitID     // the unit that it speaks of and goes to; "" when it is none in particular
	Region RegionCode // the territory that it is about
}

func (DocumentFacts) kind() string { return "Document" }

// LetterFacts is a responsibility letter (目标责任书) as permissions see it. For
// letter.make it is the one that would come to be.
type LetterFacts struct {
	Office     UnitID   // that runs the plan
	Giver      UnitID   // 下达方
	Taker      UnitID   // 承担方
	LineAbove  []UnitID // every ancestor of the taker in the line
	BlockAbove []UnitID // every ancestor of the taker in the block
	Draft      bool     // not yet given out
}

func (LetterFacts) kind() string { return "Letter" }

// UnitFacts is a unit with its posts and the persons in them.
type UnitFacts struct {
	Unit UnitID
}

func (UnitFacts) kind() string { return "Unit" }

// SurveyFacts is a survey (调研) as permissions see it. For survey.enter it is the
// one that would come to be.
type SurveyFacts struct {
	Office  UnitID   // the unit whose office surveys
	Asked   []UnitID // that answer sections of it
	Parties []UnitID // of the memorandum that it prepares
	Section UnitID   // the unit that answers the section in question; "" when none is
	Draft   bool     // not yet sent
}

func (SurveyFacts) kind() string { return "Survey" }

// MeasureFacts is a measure (措施) of the catalogue as permissions see it.
type MeasureFacts struct {
	Office UnitID // that keeps it
}

func (MeasureFacts) kind() string { return "Measure" }

// JournalFacts is the journal (存证日志) as a whole.
type JournalFacts struct{}

func (JournalFacts) kind() string { return "Journal" }
