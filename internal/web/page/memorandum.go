package page

// MemorandumsPage is the list of memorandums, by region.
type MemorandumsPage struct {
	Head    HeadView
	Acts    []PlanLink
	Words   string
	Stages  []Choice // with their counts
	Places  []TaskChoice
	Place   string
	Stage   string
	Soon    bool
	Regions []MemorandumsOf
	Pager   PagerView
	Empty   *EmptyView
	EmptyDo []PlanLink
}

// MemorandumsOf are the memorandums of one region.
type MemorandumsOf struct {
	Region string
	Rows   []MemorandumLine
}

// MemorandumLine is one memorandum in a list.
type MemorandumLine struct {
	Title   string
	Href    string
	Parties string
	Stage   string
	Term    string
	Wait    string // what it waits for, of whom, how long
	Plans   []MemorandumPlan
}

// MemorandumPlan is one year of a memorandum.
type MemorandumPlan struct {
	Text   string
	Href   string
	Note   string
	Count  string
	Lights []PlanCount
}

// MemorandumPage is one memorandum: what its parties owe, and what became of it.
type MemorandumPage struct {
	Head    HeadView
	Acts    []PlanLink
	Next    *NextView
	NextDo  []PlanLink
	Facts   []Fact
	Clauses []MemorandumClause
	None    Words // in place of clauses
	Plans   []MemorandumPlan
	NewPlan *MemorandumNewPlan
	History []TaskDone
	WhoMay  string
	Life    []LifeStep
	Renew   *RenewForm
	Under   *UnderForm

	Negotiation *NegotiationCard // nil where nothing is negotiated
}

// MemorandumNewPlan is the form that begins the plan of a year.
type MemorandumNewPlan struct {
	Action string
	Key    string
	Year   string
	Title  string
	Faults []FieldFault
	First  bool // there is no plan yet: beginning one is the next thing
}

// MemorandumClause is a clause with what is owed under it.
type MemorandumClause struct {
	ID   string
	No   string
	Text string
	Owed []MemorandumOwed
}

// MemorandumOwed is a commitment with the tasks that serve it.
type MemorandumOwed struct {
	From  *MeasureThreadView // the measure that it was made from
	Who   string
	Text  string
	Tasks []MemorandumTask
}

// MemorandumTask is a task that serves a commitment.
type MemorandumTask struct {
	Year   string
	Title  string
	Href   string
	Target string
	Pair   PairView
	Light  LightView
}

// MemorandumForm is the form that enters a memorandum or changes one.
type MemorandumForm struct {
	Head     HeadView
	Action   string
	Hidden   map[string]string
	Values   map[string]string // title, kind, signed, until, place
	Parties  []TaskUnitField
	Clauses  []MemorandumFormClause
	Sides    []TaskChoice // the parties by their place: 0, 1, …
	Faults   []FieldFault
	Button   string
	Back     string
	Conflict *ConflictView
}

// MemorandumFormClause is a clause in the form.
type MemorandumFormClause struct {
	Prefix string // clause.0
	ID     string
	No     string
	Text   string
	Owed   []MemorandumFormOwed
}

// MemorandumFormOwed is a commitment in the form.
type MemorandumFormOwed struct {
	Prefix   string // clause.0.owed.0
	ID       string
	Obligor  string // place of a party; "" is not chosen
	Confirms string
	Text     string
}

// RenewForm begins the memorandum that follows.
type RenewForm struct {
	Action string
	Key    string
	About  string
	First  bool // the term soon ends: it is the one next thing
}
