package page

// RubricForm takes a rubric in, on the page that a scheme is entered by.
type RubricForm struct {
	Key     string
	Hint    string
	First   bool          // it is the next thing to do here
	Earlier []ImportEntry // rubrics brought in before; only Name, Href and At are used
	Faults  []FieldFault
}

// RubricView is the preview of a rubric: its items with what is asked about them.
type RubricView struct {
	Head   HeadView
	File   string // address of the document
	Figs   []Fig
	Notes  []Words
	Action string
	Key    string
	Asks   []RubricAsk // about the whole
	Rows   []RubricRow
	Out    []ImportOut
	Levels []RubricChoice // who is assessed
	Faults []FieldFault
	Said   string // beside the button
}

// RubricRow is a heading or an item.
type RubricRow struct {
	Heading  bool
	Depth    int
	Place    string
	Title    string
	No       string
	Kind     string
	Points   string
	Words    string
	Formula  string
	Scorer   string
	Evidence string
	Asks     []RubricAsk
	Doubts   []string
	Must     bool // something has to be decided
}

// Indent is the class of a title by its depth.
func (r RubricRow) Indent() string {
	return [...]string{"", "d1", "d2", "d3"}[min(r.Depth, 3)]
}

// RubricAsk is a question about a row with the ways to answer it.
type RubricAsk struct {
	ID      string // of the control: fault-3, clear-7, grade-9, points-2
	Text    Words
	Note    string
	Choices []RubricChoice
	Typed   bool // answered by typing
	Value   string
	Label   string
	List    bool // choices as a drop-down list
}

// RubricChoice is one way to answer.
type RubricChoice struct {
	Value   string
	Text    string
	Note    string
	Checked bool
}
