package page

// ProposePage is the commitments that are offered as rows of a year's plan.
type ProposePage struct {
	Head   HeadView
	Action string
	Key    string
	Faults []FieldFault
	Groups []ProposeGroup
	Empty  *EmptyView
	Back   string
}

// ProposeGroup are the offers with one reason.
type ProposeGroup struct {
	Title string
	Note  string
	Count string
	Rows  []ProposeRow
}

// ProposeRow is one commitment that is offered.
type ProposeRow struct {
	ID          string
	Clause      string
	Title       string
	Leads       string
	Supervising string
	Words       string // of the deadline, as printed
	Reading     string
	Target      string
	Ticked      bool
}

// ApprovalPage is a plan before the other parties.
type ApprovalPage struct {
	Head     HeadView
	Faults   []FieldFault
	State    Words
	Bad      bool
	Put      *ApprovalPut
	Answer   *ApprovalAnswer
	Parties  []ApprovalParty
	Rows     []ApprovalRow
	Count    string
	PlanHref string
	Empty    *EmptyView
}

// ApprovalPut is the button by which the office puts the plan before the parties.
type ApprovalPut struct{ Action, Key, Text, Note string }

// ApprovalAnswer is the form of a party.
type ApprovalAnswer struct{ Action, Key, Digest, Words string }

// ApprovalParty is where one party stands.
type ApprovalParty struct{ Name, State, On, Words string }

// ApprovalRow is a row of the plan as the parties read it.
type ApprovalRow struct{ No, Title, Leads, Deadline, Target string }

// ImplementationPage is a plan's implementation plan, to read or to write.
type ImplementationPage struct {
	Head       HeadView
	Acts       []PlanLink
	Edit       *ImplementationForm
	Version    string
	Empty      *EmptyView
	EmptyDo    []PlanLink
	Aim        string
	Group      []ImplementationSeat
	Office     string
	OfficeHead string
	Safeguards []string
	Schedule   []ImplementationStage
	Past       string // it is an earlier version: a sentence
}

// ImplementationSeat is a seat of the leading group.
type ImplementationSeat struct{ Duty, Unit, Post string }

// ImplementationStage is a stage of the schedule.
type ImplementationStage struct{ Title, From, To, Words string }

// ImplementationForm is the form; empty rows stand at the end for more.
type ImplementationForm struct {
	Action, Key, Version    string
	Back                    string
	Faults                  []FieldFault
	Aim, Office, OfficeHead string
	Group                   []ImplementationSeat
	Duties                  []TaskChoice
	Safeguards              string // one a line
	Schedule                []ImplementationStage
}

// BalancePage is what the parties of a memorandum promised, delivered and still owe.
type BalancePage struct {
	Head    HeadView
	Acts    []PlanLink
	Plans   []PlanLink // that lie before the reader's party
	Parties []BalanceParty
	Lines   []BalanceLine
	Count   string
	Empty   *EmptyView
}

// BalanceParty is one party's account.
type BalanceParty struct{ Name, Promised, Settled, Owed, Disputed, Unplanned, Here string }

// BalanceLine is one commitment.
type BalanceLine struct {
	ID       string
	Clause   string
	Href     string // to the clause
	Text     string
	Who      string
	Deadline string
	Side     string
	Units    string
	Open     bool // something waits
	Bad      bool // a dispute
	Do       []PlanLink
	Tasks    []BalanceTask
}

// BalanceTask is a task that serves it.
type BalanceTask struct {
	Title string
	Href  string
	Year  string
	Pair  *PairView
	Word  string // where the other side's word stands
	Said  string // its address
}

// ConfirmPage is the other side's word on what was verified of a task.
type ConfirmPage struct {
	Head   HeadView
	Faults []FieldFault
	Facts  []Fact
	TheWord
	Said []ConfirmSaid
}

// TheWord is where the other side's word on a task stands, with the form of the
// reader's party; nil forms are not offered.
type TheWord struct {
	State   Words
	Bad     bool // a dispute is open
	Confirm *ConfirmForm
	Answer  *ConfirmForm
	Figure  string // in place: what was verified, against the target
	All     string // in place: where all that was said stands
}

// ConfirmSaid is what a party said.
type ConfirmSaid struct{ Who, What, Words, On, Figure string }

// ConfirmForm is a form of one party.
type ConfirmForm struct{ Action, Key, Shown, Words, Hint, Next string }

// orDash keeps a cell from being empty: on a phone its name would stand alone.
func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
