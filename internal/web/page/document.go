package page

// DocumentRow is an issued document in a list.
type DocumentRow struct {
	Number   string
	Title    string
	Href     string
	Unit     string
	UnitHref string
	Kind     string
	Issued   string
	State    string // "" while in force
}

// DocumentsView lists issued documents.
type DocumentsView struct {
	Head  HeadView
	Kinds []Choice
	Style string // where the office's style is set; "" for those who may not
	Rows  []DocumentRow
	Empty *EmptyView
	Pager PagerView
}

// DocumentFormView is a document as it would be issued, with what its office fills in.
type DocumentFormView struct {
	Head       HeadView
	Kind       string
	Subject    string
	To         string
	CopyTo     string
	Signer     string
	Closing    string
	Facts      string // digest of what is shown
	Key        string
	Faults     []FieldFault
	HeadWords  string
	Number     string
	Title      string
	Paragraphs []string
	Annexes    []string
	Rows       string // how many rows the tables have
	Open       string // why it cannot be issued yet
	StyleWrong string
	Style      string
	Earlier    []DocumentRow // issued before from the same record
	Back       string
}

// DocumentView is one issued document.
type DocumentView struct {
	Head      HeadView
	Facts     []Fact
	DOCX, PDF string
	Code      string
	Check     string
	Withdrawn string // when and why; "" while in force
	Later     string
	Withdraw  string // where the withdrawal is posted; "" for those who may not
	Key       string
	Version   string
	Reason    string
	Faults    []FieldFault
}

// DocumentField is a field of the style's form.
type DocumentField struct {
	ID     string
	Label  string
	Value  string
	Hint   string
	Number bool
}

// DocumentStyleView is how an office's documents look.
type DocumentStyleView struct {
	Head    HeadView
	Key     string
	Version string
	New     bool // nothing was set yet: what is shown is proposed
	Words   []DocumentField
	Page    []DocumentField
	Fonts   []DocumentField
	Faults  []FieldFault
}

// DocumentVerdict is what became of a copy that was compared.
type DocumentVerdict struct {
	Class string // ok, bad, or "" in between
	Text  string
	Note  string
}

// DocumentCheckView is what anybody who holds a document's code may know.
type DocumentCheckView struct {
	Head    HeadView
	Facts   []Fact
	State   string
	InForce bool
	Later   string
	Action  string
	Verdict *DocumentVerdict
	Faults  []FieldFault
	Record  string // the document's own page, for those who may see it
}
