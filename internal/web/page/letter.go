package page

import "gongjian/internal/web/text"

// LetterRow is a responsibility letter (目标责任书) in a list.
type LetterRow struct {
	Taker   string
	Href    string
	Name    string // 责任书, 补充第1号
	Region  string
	Tasks   string
	State   string
	Class   string // of the state: ok, bad or ""
	Giver   string // day of the giver's signature
	Taken   string // day of the taker's
	Changed bool   // its plan says something else by now
	Reason  string
	Issue   string // number
	Value   string // of the box that chooses it
	Chosen  bool
}

// LettersView is the overview of who has signed and who has not.
type LettersView struct {
	Head    HeadView
	Acts    []PlanLink
	Batch   string // id, when one batch is shown
	Result  Words  // what drawing the batch came to
	Figs    []Fig
	Next    *NextView
	Give    string // how the button is called that gives the batch out; "" shows none
	Sign    PlanLink
	Key     string
	Plans   []Option
	Regions []Option
	Words   string
	Wait    string
	Tabs    []Choice
	Rows    []LetterRow
	Files   string // where an archive of the listed letters is asked for
	Errands []ErrandNote
	Empty   *EmptyView
	EmptyDo []PlanLink
	Pager   PagerView
}

// LetterNewView is the form that letters are drawn by.
type LetterNewView struct {
	Head    HeadView
	Key     string
	Faults  []FieldFault
	Plan    string
	Title   string // of the plan
	Givers  []Option
	Regions []Option
	Counts  []Fact
	First   string // the button that draws letters; "" when there are none to draw
	Changed string // the one that draws supplements too
	Filled  bool   // First is the filled button
}

// LetterTaskRow is a task in a letter.
type LetterTaskRow struct {
	No, Title, Href, Measures, Role, Target, Deadline, Clause string
	Change                                                    string // added, withdrawn, before or after, in words; "" in the letter itself
}

// LetterSignatureView is a signature under a letter.
type LetterSignatureView struct {
	Side, Name  string
	Signed      bool
	Facts       []Fact
	Void        string
	Fingerprint string
}

// LetterView is one letter.
type LetterView struct {
	Head     HeadView
	Key      string
	Version  string
	Faults   []FieldFault
	Note     string // what stands in the way, or what follows
	NoteBad  bool
	Facts    []Fact
	Tasks    []LetterTaskRow
	Changes  bool // the table shows changes
	Sides    []LetterSignatureView
	Earlier  []LetterSignatureView // void ones
	Chain    []LetterRow
	Files    []PlanLink
	Sign     string // where the signing page is
	Give     string // where giving it out is posted
	Refuse   string
	Annul    string
	Paper    string
	Redraw   string // where a supplement is drawn
	Reason   string
	ID       string
	TasksSum string
}

// LetterSignView asks for a signature under one letter or under many.
type LetterSignView struct {
	Head    HeadView
	Key     string
	Faults  []FieldFault
	Batch   string
	ID      string
	Shown   string // digest or roll
	Short   string
	Count   string
	Takers  []LetterRow
	Groups  []LetterGroup // to choose from
	More    string
	Paper   bool // a recording of paper: sides and a scan instead of a method
	Sides   []Option
	Methods []Option
	Outside bool              // with a tool of the unit's own: public key, statement, signature
	Values  map[string]string // of an outside signer
	Ask     bool              // for the password
	Place   string
	Day     string
	Action  string
	Do      string
	Back    string
	Closed  string // why nothing can be signed
}

func primary(yes bool) string {
	if yes {
		return "btn-primary"
	}
	return ""
}

func badIf(yes bool) string {
	if yes {
		return "bad"
	}
	return ""
}

// formEncoding is how a form is sent: with files, or as fields alone.
func formEncoding(files bool) string {
	if files {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func letterTableTitle(p *text.Printer, changes bool) string {
	if changes {
		return p.T("letter.changes-title")
	}
	return p.T("letter.tasks-title")
}
