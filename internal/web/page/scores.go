package page

// ScoresView is the scoring desk: schemes, open items, happenings, runs.
type ScoresView struct {
	Head        HeadView
	Empty       *EmptyView
	Next        *NextView
	NextTo      string
	NextDo      string
	Open        []OpenItem
	Judge       *JudgeForm
	Compute     *ComputeForm
	Occur       *OccurrenceForm
	Occurrences []OccurrenceLine
	Runs        []RunLine
	Schemes     []SchemeView
}

// OpenItem is an item that is scored by hand, with the places that wait.
type OpenItem struct {
	Title      string
	Meta       string
	Text       string
	Places     []Choice
	GivenTitle string
	Given      []string
}

// JudgeForm gives the points of one item to one place.
type JudgeForm struct {
	Key     string
	About   string
	Items   []Option // scheme and number, with a space between
	Regions []Option
	Year    string
	Points  string
	Absent  bool
	Reason  string
	Faults  []FieldFault
}

// ComputeForm works out the cards of a group.
type ComputeForm struct {
	Key    string
	Groups []Option // scheme and group, with a space between
	Year   string
	AsOf   string
	Faults []FieldFault
}

// OccurrenceForm records something that costs or brings points.
type OccurrenceForm struct {
	Key     string
	Kinds   []Option
	Regions []Option
	On      string
	Count   string
	Words   string
	Faults  []FieldFault
}

// OccurrenceLine is a happening in the list.
type OccurrenceLine struct {
	Words, Kind, Place, On, Count string
}

// RunLine is a run in the list.
type RunLine struct {
	Title, Meta, Href string
}

// SchemeView is a scheme in force.
type SchemeView struct {
	Title   string
	Meta    string
	Summary string
	Open    bool
	Facts   []Fact
	Items   []SchemeItem
}

// SchemeItem is one row of a scheme.
type SchemeItem struct {
	No, Title, Words string
	Heading          bool
	Kind, Method     string
	Points, Scorer   string
	Place            string // in the document that the scheme was made from
}

// RunView is one run as those who score see it.
type RunView struct {
	Head    HeadView
	Publish *PublishForm
	Said    string
	Table   RankTable
	Open    []Words // cards that are not complete, with the items that wait
	Faults  []FieldFault
}

// PublishForm asks once more before a run is published.
type PublishForm struct {
	Action string
	Key    string
	Title  string
	About  string
	Faults []FieldFault
}
