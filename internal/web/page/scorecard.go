package page

// ScorecardView is one region's scorecard: why it is so many points.
type ScorecardView struct {
	Head     HeadView
	Next     *NextView // the line that lost most, and what would change it
	NextTo   string
	NextDo   string
	Figs     []Fig
	Lines    []ScoreLine
	Sum      string // 合计：14.00 + 43.75 …
	Total    string
	Median   string
	HasBars  bool // the run has medians
	Recount  *RecountView
	Run      string // address of the recount and the bundle
	Bundle   bool   // the journal can prove the card to others: it is published
	Entry    string // what stands in the journal, and where
	Command  string // how to check on one's own computer
	FileName string
	Bad      []FieldFault
	Issue    []PlanLink // where a document is made of it, for who may
}

// ScoreLine is one row of a scorecard.
type ScoreLine struct {
	No      string
	Title   string
	Words   string // the rule, in the document's words
	Heading bool
	Depth   int
	ID      string // anchor
	Calc    []string
	Data    ScoreRefs
	Proof   ScoreRefs
	Full    string // full marks, or what a bonus may give at most
	FullL   string // label of Full on the phone
	Got     string
	GotL    string
	Short   string // 10.50 / 15, for the phone
	Bar     *ScoreBar
	Median  string
	Why     string
	Strong  bool // lost most
}

// ScoreRefs are links to what a line rests on: some at once, the rest folded.
type ScoreRefs struct {
	Shown  []Choice
	Folded []Choice
	More   string // what the fold says
}

// RecountView is what a new calculation gave.
type RecountView struct {
	Parts []RecountPart
}

// RecountPart is one way of working the card out again.
type RecountPart struct {
	Text  string
	OK    bool
	Table []RecountRow
}

// RecountRow is one value that differs.
type RecountRow struct {
	What, Stored, Again string
}

// ScorecardsView lists scorecards by period.
type ScorecardsView struct {
	Head  HeadView
	Empty *EmptyView
	Desk  string // address of the scoring desk, for those who score
	Runs  []CardsOfRun
	Pager PagerView
}

// CardsOfRun are the cards of one run in the list.
type CardsOfRun struct {
	Title string
	Meta  string
	Rows  []CardRow
}

// CardRow is one card in the list.
type CardRow struct {
	Name  string
	City  string // the city around a county, whose name may not be the only one
	Href  string
	Total string
	Grade string
	Place string
}
