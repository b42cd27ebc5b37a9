package page

// ReportFormView is the form of a report (填报).
type ReportFormView struct {
	Head      HeadView
	Action    string
	Key       string
	Period    string   // stored text
	Periods   []Option // the others that can be reported
	Returned  Words    // why it came back
	Late      Words    // said before it is sent
	Live      Words    // a report stands already: what to do about it
	Question  string   // 5月有没有进展
	Kind      string   // value, words, no-change
	ValueName string   // 截至5月31日，累计
	Value     string
	Unit      string
	LastSay   []Words
	Files     []FileRow
	FileHint  string
	Wanted    string // what the task asks for; "" makes evidence optional
	Words     string
	AskWhy    bool
	Why       string
	Complete  *CompleteView
	Follows   Words // who verifies, by when, and that twice is once
	Faults    []FieldFault
}

// CompleteView is the lead's claim that the task is done.
type CompleteView struct {
	Checked bool
	Closed  Words // why it cannot be claimed; empty: it can
}

// ReportPageView is one report with what became of it.
type ReportPageView struct {
	Head     HeadView
	State    string
	Verdict  Words
	Claim    ClaimView
	Facts    []Fact
	Files    []FileRow
	NoFiles  Words
	Rounds   []RoundRow
	TakeBack *PostButton
	Again    string // address of the form to hand it in again; "" offers none
	Check    string // address of the verification; "" offers none
}
