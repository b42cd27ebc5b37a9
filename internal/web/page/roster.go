package page

// RostersView takes rosters in.
type RostersView struct {
	Head    HeadView
	Key     string
	Faults  []FieldFault
	About   []Words
	Earlier []ImportEntry
}

// RosterView is a roster and what it would do.
type RosterView struct {
	Head    HeadView
	Faults  []FieldFault // of the act just tried
	Figs    []Fig
	Doubts  []RosterDoubt
	Wrong   []RosterFault
	Notes   []RosterFault
	Changed []RosterFault
	Rows    []RosterLine
	Pager   PagerView
	Version string
	Applied string // says that it was entered; "" while it was not
	Answers string // where answers are posted
	Apply   string // where it is entered
	Keys    [2]string
	Submit  string
	Why     string // why it cannot be entered; "" when it can
	Ready   string
}

// RosterDoubt is a question with its choices.
type RosterDoubt struct {
	ID      string
	Name    string // of the answer
	Row     string
	Text    string
	Chosen  string
	Choices []Option
}

// RosterFault is something said of one cell.
type RosterFault struct {
	Row    string
	Column string
	Text   string
}

// RosterLine is one row with what it brings.
type RosterLine struct {
	Row    string
	Unit   string
	Post   string
	Person string
	Brings string
	New    bool
}

// AccessList shows the one-time links of new persons, once.
type AccessList struct {
	Head  HeadView
	About string
	Rows  []AccessLine
	Back  string
}

// AccessLine is one person's link.
type AccessLine struct {
	Unit, Post, Name, Login, Link string
}
