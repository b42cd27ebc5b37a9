package page

// ErrandView is an errand: how far it is and how it ended.
type ErrandView struct {
	Head    HeadView
	Key     string
	Faults  []FieldFault
	Here    string // its own address
	Runs    bool   // it is under way: the page looks again by itself
	State   string
	Class   string // of the state: ok, bad or ""
	Done    int    // items that something has happened to
	Items   int
	Count   string
	LeftOut string // how many were refused
	Why     string // it was stopped
	Note    string // what that means, and what to do
	Receipt Words  // of the last portion
	Left    []ErrandLeft
	Again   string // where going on is posted; "" when there is nothing to go on with
	Drop    string
	Ask     bool // for the password
	File    string
	Back    string
}

// ErrandLeft is a record that was refused.
type ErrandLeft struct {
	Name Words
	Why  string
}

// ErrandNote is an errand in a line.
type ErrandNote struct{ Text, Href, State, Class, Count string }

// LetterGroup are letters that wait for one side, to choose from.
type LetterGroup struct {
	Title, Meta, Count, More string
	Rows                     []LetterRow
}
