package page

// SignPage is the signing page of a version: the screen of a ceremony, the form of a
// party's leader, and, printed, the signing page (签署页).
type SignPage struct {
	Head    HeadView
	Acts    []PlanLink
	Empty   *EmptyView // nothing to sign yet
	EmptyDo []PlanLink
	Sheet   SignSheet
	Void    []SignLine // signatures that no longer hold
	Form    *SignForm
	Why     string // this reader does not sign here now, and why; "" says nothing
}

// SignSheet is the sheet itself.
type SignSheet struct {
	Title   string
	Kind    string
	Place   string
	Day     string
	Text    Words // exactly version N, with a link to it
	Digest  string
	State   string // how many have signed
	Parties []SignLine
}

// SignLine is one party's line.
type SignLine struct {
	Name   string
	Called string // 甲方
	Done   bool
	State  string
	Signer string
	Day    string
	Method string
	Print  string // short fingerprint of the signature; "" on paper
	Scan   string // address of the scanned copy
	Why    string // it is void
}

// SignForm is the form by which this reader's party signs.
type SignForm struct {
	Action   string
	Key      string
	Version  string
	Digest   string
	Values   map[string]string // place, day, public, statement, value, method
	Methods  []TaskChoice
	Paper    bool // the office records a signature on paper
	Password bool // the person has one and enters it again
	Outside  bool // the statement is given out and the value asked for
	Faults   []FieldFault
	Button   string
}

// TextsPage is the history of a memorandum's signed texts.
type TextsPage struct {
	Head  HeadView
	Rows  []TextRow
	Empty *EmptyView
}

// TextRow is one signed text.
type TextRow struct {
	Name    Words
	Purpose string
	Day     string
	Who     string
	Digest  string
	Links   []PlanLink
}
