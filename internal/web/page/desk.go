package page

// DeskView is what waits for a post (工作台). Sections of roles that the post does
// not have are nil.
type DeskView struct {
	Head    HeadView
	Right   Words    // when the open period closes
	Acts    []Choice // buttons at the head
	Next    *NextJob
	Queues  []QueueLine // of the unit, where no office's queues stand that take them in
	Own     *OwnDeskView
	Office  *OfficeDeskView
	Leader  *LeaderDeskView
	Notices []NoticeView // scorer, auditor, administrator
	Idle    Words        // nothing waits and no section says so itself
}

// NextJob is the one thing to do first, with its button.
type NextJob struct {
	NextView
	Do   string
	Href string
}

// PostButton is a button that does something by itself: one click, one act.
type PostButton struct {
	Text   string
	Action string
	Key    string // of the form: sent twice it is one act
	Period string // "" sends none
	Next   string // where to go on; "" sends none
	Class  string
	About  string // what it is done to, for those who hear the page
}

// OwnDeskView is the desk of a unit that takes part in tasks (联络员).
type OwnDeskView struct {
	Asked     []AskedRow
	AskedOpen string // how many of them are open
	AskedMeta Words
	LastHead  string
	NoneAsked Words
	ToSign    []SignRow
	SignOpen  string
	Tasks     []LightRow
	TaskCount string
	AllTasks  Words
	Receipts  []ReceiptRow
	Small     []Words // how working days are counted; that there is more
}

// AskedRow is one report that is asked for, or has just been handed in.
type AskedRow struct {
	Task    Words
	What    string // 牵头·要一个数（万元）
	Last    string
	Due     Words
	Late    bool
	Note    Words
	Buttons []PostButton
	Report  string // address of the form; "" offers none
	Again   bool   // came back
	Title   string
}

// SignRow is a task to be signed for.
type SignRow struct {
	Task   Words
	Title  string
	What   Words // who gave it, as what, and the document's words of its deadline
	Target string
	Due    Words
	Late   bool
	Refuse string // address
	Sign   PostButton
}

// LightRow is a task with its light, or a number of tasks of one light.
type LightRow struct {
	Light LightView
	Text  Words
	Why   string
}

// ReceiptRow is a receipt of the last days.
type ReceiptRow struct {
	Text Words
	Meta Words
}

// OfficeDeskView is the desk of those who run tasks and verify (合作办).
type OfficeDeskView struct {
	Queues      []QueueLine
	QueuesMeta  Words
	Verify      []VerifyRow
	VerifyCount string
	VerifyAll   Words
	Refused     []RefusedRow
	Overdue     []OverdueRow
	Load        []LoadRow
	OverdueMeta Words // when it was counted, where it is not of this moment
	LoadMeta    Words
	LoadFoot    Words
}

// QueueLine is one queue with how much stands in it.
type QueueLine struct {
	Name  string
	Count string
	State string
	Wait  string
	Open  Words
	Some  bool
}

// VerifyRow is one report to verify.
type VerifyRow struct {
	Task   Words
	Unit   string
	Says   string
	Pair   string // 填报 → 核实
	Files  Words
	Due    Words
	Urgent bool
	Late   bool
	Return string // address
	Check  string // address
	Title  string
}

// RefusedRow is a refusal that waits for an answer.
type RefusedRow struct {
	Task Words
	Unit string
	Why  string
	On   string
}

// OverdueRow is a unit that owes reports.
type OverdueRow struct{ Unit, Count, Longest string }

// LoadRow is how much a unit is asked to report.
type LoadRow struct{ Unit, Tasks, NoChange string }

// LeaderDeskView is what changed this month, in sentences.
type LeaderDeskView struct {
	Title   string
	Counted string // when, where it is not of this moment
	Says    []Words
	Lights  []LightRow // how many of each, with words
	Red     []LightRow
	Ending  []LightRow
	Links   []Choice
	// How many there are of each, where not all are listed.
	RedCount    string
	EndingCount string
}

// NoticeView is a small section of facts and where they lead.
type NoticeView struct {
	Title string
	Facts []Fact
	Rows  []LightRow
	Empty Words
	Links []Choice
}
