package page

// JournalPage is the journal (存证日志) as its auditor reads it.
type JournalPage struct {
	Head    HeadView
	Check   string // key of the form that checks everything; "" when this server cannot
	Unit    string // typed
	Actions []Option
	Outcome []Option
	Kept    []JournalHidden // what the form keeps of the other filters
	Active  []JournalChip
	Faults  []FieldFault
	Waiting []JournalRow
	Rows    []JournalRow
	Pager   PagerView
}

// JournalHidden is a hidden field of a form.
type JournalHidden struct{ Name, Value string }

// JournalChip is a filter at work, and the address without it.
type JournalChip struct{ Text, Href string }

// JournalRow is one entry of the journal in a list.
type JournalRow struct {
	At       string
	Who      Words
	Action   string
	About    []Words
	Outcome  string
	Refused  bool
	Receipt  string
	Href     string
	Sequence string // "" while it waits
}

// JournalEntryPage is one entry with all that proves it.
type JournalEntryPage struct {
	Head       HeadView
	Said       Words   // what was done, as a sentence
	Refusal    string  // why it was refused; "" when it was done
	About      []Words // the records
	Policy     string  // the sentence of the policy that decided
	Facts      []Fact
	Bytes      string
	Damaged    bool
	Leaf       string
	LeafHex    string
	Proof      []string
	Proven     bool   // it stands under a checkpoint
	Sequence   string // written
	Size       string // of the checkpoint, written
	Note       string // its signed text
	Root       string
	Bundle     string // address of the file
	BundleName string
	PublicKey  string
}

// ReceiptsPage finds entries by receipt number.
type ReceiptsPage struct {
	Number string
	Faults []FieldFault
	Found  []JournalRow // several of one number: rare
}

// CheckpointsPage lists signed heads of the tree.
type CheckpointsPage struct {
	Head      HeadView
	PublicKey string
	Said      Words // how the last two hang together
	Proof     []string
	Rows      []CheckpointRow
	Pager     PagerView
}

// CheckpointRow is one signed head.
type CheckpointRow struct {
	Size string
	At   string
	Root string
	Note string
}

// JournalCheckPage is what a check of the whole journal found.
type JournalCheckPage struct {
	OK       bool
	Said     Words
	Facts    []Fact
	Problems []ProblemRow
	More     string
}

// ProblemRow is one thing that does not fit.
type ProblemRow struct {
	Place string
	Text  string
	Href  string // to the entry; "" when there is none
}
