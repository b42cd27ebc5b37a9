package page

// MeasuresView is the catalogue of measures.
type MeasuresView struct {
	Head    HeadView
	Acts    []PlanLink
	Words   string
	Fields  []Option
	Sides   []Option
	Off     bool
	Groups  []MeasureGroup
	Empty   *EmptyView
	EmptyDo []PlanLink
	Load    *SurveyPost // takes the standard measures over
	Pager   PagerView
}

// MeasureGroup are the measures of one field.
type MeasureGroup struct {
	Field string
	Rows  []MeasureRow
}

// MeasureRow is one measure in the catalogue.
type MeasureRow struct {
	Title    string
	Href     string
	Side     string
	Wording  string
	Target   string
	Deadline string
	Evidence string
	Meta     string
	Off      bool
}

// MeasureForm shows a measure, and changes it or enters a new one.
type MeasureForm struct {
	Head     HeadView
	Action   string
	Key      string
	Version  string
	Back     string
	New      bool
	May      bool
	Values   map[string]string // title, wording, target, deadline, evidence, from, answers
	Fields   []Option
	Sides    []Option
	On       bool
	Faults   []FieldFault
	Now      []string
	Facts    []Fact
	Versions []MeasureVersionRow
}

// MeasureVersionRow is one version of a measure.
type MeasureVersionRow struct {
	No      string
	From    string
	Wording string
	Target  string
}

// TakeView proposes measures for a memorandum and lets the office pick them.
type TakeView struct {
	Head      HeadView
	Action    string
	Key       string
	Draft     string // its version
	Faults    []FieldFault
	Reason    string // why nothing can be picked
	May       bool
	Tabs      []Choice
	Groups    []TakeGroup
	Parties   []Option
	Empty     *EmptyView
	EmptyDo   []PlanLink
	Taken     []TakenRow
	DraftHref string
}

// TakeGroup are the proposed measures of one field.
type TakeGroup struct {
	Field string
	Rows  []TakeRow
}

// TakeRow is one measure to be picked.
type TakeRow struct {
	ID       string // prefix of its fields
	Measure  string
	Title    string
	Side     string
	Href     string
	Reasons  []string
	Findings []Option
	Wording  string
	Target   string
	Deadline string
	Evidence string
	Obligor  string
	Confirms string
	Picked   bool
	Blanks   string
	Taken    string
}

// TakenRow is a measure that stands in the draft.
type TakenRow struct {
	Title   string
	Wording string
	Thread  MeasureThreadView
}

// MeasureThreadView is where a commitment comes from.
type MeasureThreadView struct {
	Measure string
	Href    string
	Finding string // "" when the reader may not see it, or there is none
	To      string
	Grounds []string
}
