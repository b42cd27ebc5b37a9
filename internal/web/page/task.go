package page

// TaskPage is one task: its light and what changes it, the thread it hangs on, how
// its figures went, its parts, what was done, and what the reader may do.
type TaskPage struct {
	Head        HeadView
	Past        *TaskPast // the page shows a past day
	State       string    // a sentence for a task that is not out, refused or taken back
	StateBad    bool
	Next        NextView
	NextDo      []PlanLink
	Sign        *TaskSign // the one next thing is to sign for the task
	Steps       []Step
	Chart       *ChartView
	ChartKey    Words
	Reports     []TaskReportLine
	Parts       *TaskParts
	History     []TaskDone
	HistoryNote string
	Post        string // in whose name the reader acts
	Do          []PlanLink
	DoHint      string
	Refused     []TaskRefusal
	Word        *TheWord   // of the other side; nil: the task serves no commitment in sight
	Takers      []TaskUnit // lead units and where their receipts stand
	Helpers     []TaskUnit
	Evidence    []TaskEvidence
	On          string // the day that the page shows, for the form that asks for another
	OnAction    string
}

// TaskPast says that a past day is shown.
type TaskPast struct {
	Text string
	Now  string // address of the page as it is today
}

// TaskSign is the form by which a unit takes a task over (签收).
type TaskSign struct {
	Action string
	Key    string
	Refuse string // where the unit can refuse it instead
}

// TaskReportLine is one report of the task itself.
type TaskReportLine struct {
	Period  string
	Unit    string
	What    string
	State   string
	Verdict string
	Bad     bool // sent back, and the next round has not come
}

// TaskParts is how a task was split.
type TaskParts struct {
	Title string
	Meta  Words
	Unit  string
	Rows  []TaskPart
	Gap   *PlanGap
	More  string // address of the parts that follow
	First string
}

// TaskPart is one part of a split task.
type TaskPart struct {
	Name     string
	Unit     string
	Href     string
	Target   string
	Claimed  string
	Verified string
	Light    LightView
	Waits    string // what waits there; "" for nothing
}

// TaskDone is one act on the task.
type TaskDone struct {
	When     string
	Post     string
	What     string
	Receipt  string
	Href     string
	Sequence string
}

// TaskUnit is a unit that takes part, and where it stands.
type TaskUnit struct {
	Name string
	Text string // 待签收, 6月5日 报“无变化”
	Do   *PlanLink
}

// TaskRefusal is a refusal (退签) that the setter has not answered.
type TaskRefusal struct {
	Unit   string
	When   string
	Reason string
	Do     *PlanLink
}

// TaskEvidence is a file that the task's reports rest on.
type TaskEvidence struct {
	Name      string
	Href      string
	About     string
	Elsewhere []Words // where else the file was used
}

// TaskActPage is a small form of one act on a task: a reason, sometimes a choice.
type TaskActPage struct {
	Head    HeadView
	Title   string
	Facts   []Fact
	Note    string
	Action  string
	Hidden  map[string]string
	Choices []TaskChoice
	ToUnit  *TaskUnitField
	Reason  string
	Hint    string // below the reason
	Confirm string // a box to tick; "" asks for none
	Button  string
	Back    string
	Faults  []FieldFault
}

// TaskChoice is one way to answer.
type TaskChoice struct {
	Value   string
	Text    string
	Hint    string
	Current bool
}

// TaskUnitField asks for a unit by name. Candidates are asked back when the name
// does not say which.
type TaskUnitField struct {
	ID         string
	Label      string
	Hint       string
	Value      string
	Chosen     string // id of the unit chosen among the candidates
	Candidates []TaskCandidate
}

// TaskCandidate is a unit that a name may mean.
type TaskCandidate struct {
	ID   string
	Name string
}

// TaskChangePage is the form by which the setter changes a task.
type TaskChangePage struct {
	Head     HeadView
	Action   string
	Hidden   map[string]string
	Values   map[string]string
	Cadences []TaskChoice
	Rollups  []TaskChoice
	Posts    []TaskChoice
	Fields   []TaskChoice
	Unit     string
	Read     string // how the deadline is understood now
	Faults   []FieldFault
	Conflict *ConflictView
	Back     string
}

// TaskSplitPage is the form by which a task is split to the units below (分解).
type TaskSplitPage struct {
	Head     HeadView
	Action   string
	Key      string
	Version  string
	Numbers  bool   // the parts get numbers; otherwise they are ticked
	Goal     string // plain decimal, for the script
	Unit     string
	Rows     []TaskSplitRow
	Sum      string            // 合计18 / 目标20，差2未分配
	SumClass string            // gap, over, ""
	Says     map[string]string // sentences for the script: gap, over, even
	Words    string
	Found    string // what the search found
	Faults   []FieldFault
	Back     string
	Nobody   bool // no unit stands below
	MayDo    bool
	Conflict string
}

// TaskSplitRow is one unit that may get a part.
type TaskSplitRow struct {
	Unit  string // id
	Name  string
	Now   string // what it has already
	Value string
	On    bool // ticked
	Held  bool // it has a part already
	Fault string
}
