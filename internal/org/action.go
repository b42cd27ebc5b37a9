package org

import "slices"

// Action is something that can be done to a resource. The text is what the
// policies and the journal write.
type Action string

// The actions. Those that begin with "see." change nothing.
const (
	SeeTask       Action = "see.task"       // read a task with its reports and evidence
	SeePlan       Action = "see.plan"       // read a plan's table as a whole
	SeeMemorandum Action = "see.memorandum" // read a memorandum
	SeeScores     Action = "see.scores"     // read scorecards and ranking
	SeeJournal    Action = "see.journal"    // read the journal
	SeeUnit       Action = "see.unit"       // read the directory of units and posts
	SeeDocument   Action = "see.document"   // read an issued official document
	SeeSupport    Action = "see.support"    // read entries of the ledger of support
	SeeOpinion    Action = "see.opinion"    // read what a party's own unit says to a version

	SeeLetter Action = "see.letter" // read a responsibility letter 目标责任书

	SeeSurvey   Action = "see.survey"   // read a survey's overview, and the sections of the own unit
	SeeFindings Action = "see.findings" // read all answers of a survey and what was found
	SeeMeasures Action = "see.measures" // read the catalogue of measures

	EnterSurvey   Action = "survey.enter"   // compose a questionnaire 编制
	SendSurvey    Action = "survey.send"    // 下发
	AnswerSurvey  Action = "survey.answer"  // fill in a section, and hand it in 提交
	ReturnSection Action = "survey.return"  // 退回
	CloseSurvey   Action = "survey.close"   // 办结
	DrawFinding   Action = "finding.draw"   // draw, change or drop a finding
	ChangeMeasure Action = "measure.change" // enter a measure of the catalogue, or a new version of it
	TakeMeasures  Action = "measure.take"   // take measures into the own draft of a memorandum

	EnterMemorandum  Action = "memorandum.enter"
	ChangeMemorandum Action = "memorandum.change"

	DraftMemorandum Action = "memorandum.draft" // write the own unit's draft of its text
	ProposeVersion  Action = "version.propose"  // 提出文稿, and take it back
	AnswerVersion   Action = "version.answer"   // accept it, or ask for changes
	RemarkVersion   Action = "version.remark"   // remark on a clause, answer and close remarks
	AskOpinion      Action = "opinion.ask"      // of the party's own units: 会签, 法制审核
	GiveOpinion     Action = "opinion.give"
	SignMemorandum  Action = "memorandum.sign" // 签署, by the post that is authorised
	EnterSignature  Action = "signature.enter" // record a signature that was given on paper

	RenewMemorandum  Action = "memorandum.renew"  // 续签: begin the memorandum that follows
	EndMemorandum    Action = "memorandum.end"    // 终止
	SettleMemorandum Action = "memorandum.settle" // decide on tasks whose commitment is gone
	InviteMember     Action = "member.invite"     // ask a unit into an alliance 联盟
	OpenAlliance     Action = "member.open"       // let units join that nobody asked, or no longer
	JoinAlliance     Action = "member.join"       // by signing its pledge
	LeaveAlliance    Action = "member.leave"

	EnterPlan          Action = "plan.enter"
	IssuePlan          Action = "plan.issue"          // 下达
	PutPlan            Action = "plan.put"            // 提请审定: put it before the other parties
	ApprovePlan        Action = "plan.approve"        // 审定, or return it
	SaveImplementation Action = "plan.implementation" // 实施方案
	ConfirmDelivery    Action = "commitment.confirm"  // 确认 or 异议, by the other side
	AnswerDispute      Action = "commitment.answer"   // 答复异议

	EnterSupport   Action = "support.enter"   // 登记到位的支持
	VerifySupport  Action = "support.verify"  // 核实 or 退回, by the receiving side
	CorrectSupport Action = "support.correct" // 更正: a new entry cancels an old one

	ClosePeriod Action = "period.close" // no report for the period is in time from now on
	SaveColumns Action = "columns.save" // keep the columns in which the office wants its lists as files

	MakeLetter   Action = "letter.make"   // draw letters from a plan, give them out, annul them
	SignLetter   Action = "letter.sign"   // as giver or as taker
	RefuseLetter Action = "letter.refuse" // 退回, by the taker
	EnterLetter  Action = "letter.enter"  // record signatures that were given on paper

	UploadImport Action = "import.upload"
	MendImport   Action = "import.mend"  // correct what was read
	ApplyImport  Action = "import.apply" // turn it into tasks

	SplitTask     Action = "task.split" // 分解 to units below
	ChangeTask    Action = "task.change"
	WithdrawTask  Action = "task.withdraw"       // 撤销
	SignTask      Action = "task.sign"           // 签收
	RefuseTask    Action = "task.refuse"         // 退签
	AnswerRefusal Action = "task.answer-refusal" // reassign, or insist
	ExcuseUnit    Action = "task.excuse"         // let the task finish without this unit's report

	SubmitReport   Action = "report.submit" // 填报
	TakeBackReport Action = "report.take-back"
	VerifyReport   Action = "report.verify" // 核实
	ReturnReport   Action = "report.return" // 退回

	EnterScheme     Action = "scheme.enter"
	UploadRubric    Action = "rubric.upload"    // take in a rubric 考核评分细则 to make a scheme of it
	JudgeScore      Action = "score.judge"      // an item that is scored by judgement
	EnterOccurrence Action = "score.occurrence" // something that costs or brings points
	ComputeScores   Action = "score.compute"
	PublishScores   Action = "score.publish"

	IssueDocument    Action = "document.issue"    // 印发
	WithdrawDocument Action = "document.withdraw" // 废止
	StyleDocuments   Action = "document.style"    // head, issue mark, margins of an office

	UploadSheet Action = "sheet.upload" // take in an offline report sheet of the own unit 离线填报表

	UploadRoster Action = "roster.upload" // take in a roster 名册
	MendRoster   Action = "roster.mend"
	ApplyRoster  Action = "roster.apply" // enter its units, posts and persons

	ChangeUnit   Action = "unit.change"
	ChangePost   Action = "post.change"
	ChangePerson Action = "person.change"

	KeepWebhook Action = "webhook.keep" // register or delete an address that is told of what the post sees 事件推送

	SignCheckpoint Action = "checkpoint.sign" // by the system alone
)

// on says which kind of resource each action is done to.
var on = []struct {
	Action Action
	Kind   string
}{
	{SeeTask, "Task"}, {SplitTask, "Task"}, {ChangeTask, "Task"}, {WithdrawTask, "Task"},
	{SignTask, "Task"}, {RefuseTask, "Task"}, {AnswerRefusal, "Task"}, {ExcuseUnit, "Task"},
	{SubmitReport, "Task"},
	{TakeBackReport, "Report"}, {VerifyReport, "Report"}, {ReturnReport, "Report"},
	{SeePlan, "Plan"}, {EnterPlan, "Plan"}, {IssuePlan, "Plan"}, {PutPlan, "Plan"}, {ApprovePlan, "Plan"}, {SaveImplementation, "Plan"}, {ClosePeriod, "Plan"}, {SaveColumns, "Plan"},
	{SeeMemorandum, "Memorandum"}, {EnterMemorandum, "Memorandum"}, {ChangeMemorandum, "Memorandum"},
	{DraftMemorandum, "Memorandum"}, {ProposeVersion, "Memorandum"}, {AnswerVersion, "Memorandum"}, {RemarkVersion, "Memorandum"},
	{SeeOpinion, "Opinion"}, {AskOpinion, "Opinion"}, {GiveOpinion, "Opinion"},
	{SignMemorandum, "Memorandum"}, {EnterSignature, "Memorandum"},
	{RenewMemorandum, "Memorandum"}, {EndMemorandum, "Memorandum"}, {SettleMemorandum, "Memorandum"},
	{InviteMember, "Memorandum"}, {OpenAlliance, "Memorandum"}, {JoinAlliance, "Memorandum"}, {LeaveAlliance, "Memorandum"},
	{SeeLetter, "Letter"}, {MakeLetter, "Letter"}, {SignLetter, "Letter"}, {RefuseLetter, "Letter"}, {EnterLetter, "Letter"},
	{UploadImport, "Import"}, {MendImport, "Import"}, {ApplyImport, "Import"},
	{SeeScores, "Scores"}, {EnterScheme, "Scores"}, {UploadRubric, "Scores"}, {JudgeScore, "Scores"},
	{EnterOccurrence, "Scores"}, {ComputeScores, "Scores"}, {PublishScores, "Scores"},
	{ConfirmDelivery, "Commitment"}, {AnswerDispute, "Commitment"},
	{SeeSupport, "Support"}, {EnterSupport, "Support"}, {VerifySupport, "Support"}, {CorrectSupport, "Support"},
	{SeeDocument, "Document"}, {IssueDocument, "Document"}, {WithdrawDocument, "Document"}, {StyleDocuments, "Document"},
	{SeeUnit, "Unit"}, {KeepWebhook, "Unit"}, {ChangeUnit, "Unit"}, {ChangePost, "Unit"}, {ChangePerson, "Unit"},
	{UploadSheet, "Unit"}, {UploadRoster, "Unit"}, {MendRoster, "Unit"}, {ApplyRoster, "Unit"},
	{SeeSurvey, "Survey"}, {SeeFindings, "Survey"}, {EnterSurvey, "Survey"}, {SendSurvey, "Survey"}, {AnswerSurvey, "Survey"},
	{ReturnSection, "Survey"}, {CloseSurvey, "Survey"}, {DrawFinding, "Survey"},
	{SeeMeasures, "Measure"}, {ChangeMeasure, "Measure"}, {TakeMeasures, "Memorandum"},
	{SeeJournal, "Journal"}, {SignCheckpoint, "Journal"},
}

// Actions returns every action, in the order of the pages that explain rights.
func Actions() []Action {
	out := make([]Action, len(on))
	for i, x := range on {
		out[i] = x.Action
	}
	return out
}

// ActionsOn returns what can be done to the resource at all.
func ActionsOn(r Resource) (out []Action) {
	for _, x := range on {
		if r != nil && x.Kind == r.kind() {
			out = append(out, x.Action)
		}
	}
	return out
}

// TextKey is the key of the action's name in words.
func (a Action) TextKey() string { return "org.action." + string(a) }

// TextKey is the key of the role's name.
func (r Role) TextKey() string { return "org.role." + string(r) }

// Known reports whether a is one of the actions.
func (a Action) Known() bool { return slices.Contains(Actions(), a) }

// Sees reports whether a only looks.
func (a Action) Sees() bool { return len(a) > 4 && a[:4] == "see." }
