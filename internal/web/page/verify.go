package page

// VerifyView is the queue of a unit that verifies (待核实).
type VerifyView struct {
	Head   HeadView
	Count  string
	Rows   []VerifyRow
	Units  []Option
	All    Words // takes the filter off; empty when there is none
	Task   string
	Note   Words
	Pager  PagerView
	Begin  string // where going one by one begins; "" when the queue is empty
	Filter bool
}

// Option is one entry of a select.
type Option struct {
	Value   string
	Text    string
	Current bool
}

// CheckView is one report in front of its verifier.
type CheckView struct {
	Head    HeadView
	Claim   ClaimView
	Facts   []Fact
	Files   []FileRow
	NoFiles Words
	Rounds  []RoundRow
	Others  []Fact // other units of the task
	Left    string // how many wait
	Skip    string // address of the next without a verdict
	Verify  string // where the verdict is posted
	Return  string
	Key     string
	Key2    string
	Note    string
	Reason  string
	Faults  []FieldFault
	Open    bool  // the return is what somebody came for
	Gone    Words // somebody judged it meanwhile: what is there now
}

// ClaimView sets what is claimed beside what was verified before.
type ClaimView struct {
	Kind     string // 报数, 报文字, 无变化
	Numeric  bool
	Pair     PairView
	Claimed  string
	Verified string
	Change   string
	Target   string
	Words    string
	Why      string
	Complete Words
	Late     Words
}

// FileRow is a file of a report.
type FileRow struct {
	Name  string
	Href  string
	Meta  string
	Image bool
	Uses  []Words // where else it was handed in
	// For the form of a report:
	Kept string // what the form sends so that the file stays
	Bad  bool
}

// RoundRow is one round of a report: what was handed in and what became of it.
type RoundRow struct {
	Text    Words
	State   string
	Verdict string
	Meta    string
	Current bool
}
