package page

import "gongjian/internal/redline"

// VersionsPage is the negotiation of one memorandum: its versions, the newest first.
type VersionsPage struct {
	Head    HeadView
	Acts    []PlanLink
	Next    *NextView
	NextDo  []PlanLink
	Rows    []VersionRow
	Compare *CompareForm
	Empty   *EmptyView
	EmptyDo []PlanLink
}

// VersionRow is one version in the list.
type VersionRow struct {
	Number   string
	Href     string
	Proposer string
	Day      string
	State    string
	Words    string
	Redline  string // address of the redline against the version before; "" has none
	Answers  []AnswerLine
}

// AnswerLine is what one party said to a version.
type AnswerLine struct {
	Who   string
	Words string
}

// CompareForm chooses two versions.
type CompareForm struct {
	Action   string
	Choices  []TaskChoice // numbers
	Old, New string
}

// NegotiationCard says on the memorandum's page where its negotiation stands.
type NegotiationCard struct {
	Turn  Words
	Text  Words // where the clauses stand that are negotiated; empty: nowhere
	Facts []Fact
	Links []PlanLink
}

// VersionPage is one version as a document, with what was said to it.
type VersionPage struct {
	Head      HeadView
	Acts      []PlanLink
	Next      *NextView
	Facts     []Fact
	Text      TextView
	Gone      []RemarkLine // on clauses that the version no longer has
	Remark    string       // where remarks are posted; "" may not remark
	Key       string
	Remarked  RemarkForm
	Answer    *AnswerForm
	TakeBack  string // where it is posted; "" is not offered
	Opinions  []OpinionLine
	OpinionsN string
	Ask       *AskForm
	Party     bool // sees the card of opinions
	Despite   string
	Faults    []FieldFault
}

// TextView is a text as a document.
type TextView struct {
	Title    string
	Parties  []Fact
	Preamble string
	Clauses  []TextClause
	Whole    []RemarkLine // on the text as a whole
	Closing  string
	Term     string
}

// TextClause is a clause of a document.
type TextClause struct {
	ID      string
	No      string
	Level   string // 1 to 3
	Text    string
	Owed    []TextOwed
	Remarks []RemarkLine
}

// TextOwed is a commitment under a clause.
type TextOwed struct {
	Who  string
	Text string
	More string // deadline, target, support
}

// RemarkLine is a remark with its answer.
type RemarkLine struct {
	ID       string
	Who      string
	Words    string
	Clause   string // of the version that it was made on, where this one no longer has it
	Answer   string
	Answerer string
	Closed   string
	AnswerTo string // where an answer is posted; "" is not offered
	CloseTo  string
	Key      string
}

// RemarkForm keeps what was typed in a remark that came back.
type RemarkForm struct {
	Clause string
	Words  string
	Faults []FieldFault
}

// AnswerForm accepts a version or asks for changes.
type AnswerForm struct {
	Action     string
	Key        string
	Words      string
	Misgivings []string // of the own units: accepting needs a reason
	Despite    string
	Ticked     bool
	Faults     []FieldFault
}

// OpinionLine is what one unit was asked and said.
type OpinionLine struct {
	Unit   string
	Kind   string
	Due    string
	Result string
	Words  string
	Href   string
}

// AskForm asks a unit for its opinion.
type AskForm struct {
	Action string
	Key    string
	Unit   TaskUnitField
	Kinds  []TaskChoice
	Kind   string
	Due    string
	Faults []FieldFault
}

// RedlinePage is the redline between two versions, or between a draft and its base.
type RedlinePage struct {
	Head    HeadView
	Compare *CompareForm
	Redline RedlineView
	Back    PlanLink
}

// RedlineView is what changed between two texts, unchanged clauses folded.
type RedlineView struct {
	Sum   string // 改3条、增1条、删1条
	Parts []RedPart
	None  string // said where nothing changed
}

// RedPart is a run of unchanged clauses, or one that changed.
type RedPart struct {
	Fold    string // 7条未改; "" is not folded
	Clauses []RedClause
}

// RedClause is a clause with its runs.
type RedClause struct {
	No    []redline.Run
	Level string
	Kind  string // same, changed, added, removed, moved
	Word  string // 修改, 新增 …
	Runs  []redline.Run
	Owed  []RedOwed
}

// RedOwed is a commitment under a clause, with its runs.
type RedOwed struct {
	Word string
	Runs []redline.Run
}

// DraftPage is the editor of the own party's draft.
type DraftPage struct {
	Head    HeadView
	Notes   []Words // what to know before editing
	Action  string
	Hidden  map[string]string
	Values  map[string]string // title, kind, preamble, closing, years, until
	Parties []DraftParty
	Joins   TaskUnitField // one more party
	Clauses []DraftClause
	Sides   []TaskChoice
	Kinds   []TaskChoice // of support
	Faults  []FieldFault
	Clash   *RedlineView // what was saved meanwhile against what was typed
	ClashBy string
	Saved   bool // there is a draft
	Propose string
	Drop    string
	Upload  string
	Key     string
	Back    string
}

// DraftParty is a party in the editor.
type DraftParty struct {
	Prefix, Unit, Name, Called, Order string
}

// DraftClause is a clause in the editor.
type DraftClause struct {
	Prefix, ID, No, Level, Text string
	Label                       string
	Stale                       string // the words changed and what is owed did not
	Owed                        []DraftOwed
}

// DraftOwed is a commitment in the editor.
type DraftOwed struct {
	Prefix, ID, Measure, Carried          string
	Obligor, Confirms                     string // places of parties
	Joint                                 map[string]bool
	Text, Deadline, Target                string
	Kind, Amount, Unit, Year, SupportWord string
	Ask                                   string // an open question: nobody owes it yet
	Who                                   string // in short, for the line that opens it
	Open                                  bool
}

// VersionProposePage shows what a draft changes before it is put before the others.
type VersionProposePage struct {
	Head    HeadView
	Redline RedlineView
	Action  string
	Key     string
	Version string
	Base    string
	Words   string
	Open    []FieldFault // what keeps it from being proposed
	Rebase  string       // a newer version lies there: said, with its redline shown
	Edit    string
}

// BeginPage is the form of a new memorandum.
type BeginPage struct {
	Head    HeadView
	Action  string
	Key     string
	Values  map[string]string // title, kind, region, form, under
	Forms   []Choice          // what kind of bond begins; the current one decides the fields
	About   string            // what that bond is
	Kinds   []TaskChoice
	Under   []TaskChoice // frameworks to choose from, for one that hangs under one
	Parties []TaskUnitField
	Faults  []FieldFault
	Entered string // address for one that is signed already

	PartiesTitle, PartiesAbout string
}

// OpinionsPage lists the opinions that the reader's unit was asked for.
type OpinionsPage struct {
	Head  HeadView
	Tabs  []Choice
	Rows  []OpinionRow
	Pager PagerView
	Empty *EmptyView
}

// OpinionRow is one opinion in the list.
type OpinionRow struct {
	Title, Href, Party, Kind, Due, Result string
}

// OpinionPage is one opinion with the text that it is about.
type OpinionPage struct {
	Head   HeadView
	Facts  []Fact
	Text   TextView
	Action string // "" is not to be given here
	Key    string
	Choice string
	Words  string
	Faults []FieldFault
	Given  string
	Said   string
}

// clauseName is a clause in a list of choices.
func clauseName(c TextClause) string {
	r := []rune(c.Text)
	if len(r) > 24 {
		r = append(r[:24], '…')
	}
	return c.No + " " + string(r)
}

// rowsFor is how many lines a field of words shows: what stands in it, and room to write.
func rowsFor(words string) string {
	switch n := len([]rune(words)); {
	case n == 0:
		return "3"
	case n < 30:
		return "1"
	case n < 90:
		return "2"
	}
	return "4"
}
