package page

import "strings"

// ImportFormView is the form that takes a document in.
type ImportFormView struct {
	Head    HeadView
	Action  string
	Back    string // address of the plan
	Key     string // of the form
	About   []Words
	Earlier []ImportEntry
	Faults  []FieldFault
}

// ImportEntry is a document brought in before.
type ImportEntry struct {
	Name  string
	Href  string
	Unit  string
	At    string
	State string
}

// ImportView is the preview of one document.
type ImportView struct {
	Head    HeadView
	Again   string // address of the upload form
	Figs    []Fig
	Notes   []Words // what concerns the table as a whole
	Tabs    []Choice
	Rows    []ImportRow
	Out     []ImportOut // on the tab of what was left out
	ShowOut bool
	Empty   string
	Pager   PagerView
	Bar     ImportBar
	Faults  []FieldFault
}

// ImportBar is the bar at the bottom. Nothing of it is shown once the document is applied.
type ImportBar struct {
	Shown   bool
	Why     string // why it cannot be applied yet; "" when it can
	Ready   string // what applying does, when it can
	Accept  string // word on the button; "" for none
	Apply   string
	Compare string            // where it is held against the plan instead of being entered; "" where the plan is empty
	Actions map[string]string // accept, apply: where they are posted
	Version string
}

// ImportRow is a row of the original beside its reading.
type ImportRow struct {
	Anchor    string
	Place     string // where it stands in the original
	Cells     map[string][]ImportCell
	Questions []ImportQuestion
	Reading   []Fact
	Href      string // page of the row; "" once the document is applied
	Settled   bool
	Running   bool // running text: one cell across all columns
	Skipped   string
}

// ImportCell is an original cell, or the part of it that is in doubt.
type ImportCell struct {
	Header string // "" shows none
	Before string
	Mark   string
	After  string
}

// ImportQuestion is one doubt with its form.
type ImportQuestion struct {
	ID        string // of the form's fields on the page
	Action    string
	Key       string // of the form
	Version   string
	Name      string // which question
	Back      string
	Text      Words
	Note      string // in how many rows it stands
	Chosen    Words  // what was decided, when it was
	Choices   []ImportChoice
	Elsewhere string // says that the form stands in another row; then there are no choices
	Faults    []FieldFault
}

// ImportChoice is one way to answer, with the field that belongs to it.
type ImportChoice struct {
	Value     string
	Text      string
	Checked   bool
	Suggested bool
	Input     *ImportInput
}

// ImportInput is a field beside a choice.
type ImportInput struct {
	Name  string
	Label string // for readers of the screen
	Value string
	Hint  string
	List  []string // to choose from
}

// ImportOut is a place of the document that becomes no task.
type ImportOut struct {
	Place  string
	Reason string
	Text   string
	Href   string
}

// ImportRowView is the page of one row.
type ImportRowView struct {
	Head     HeadView
	Original []ImportCell
	Row      ImportRow
	Action   string
	Version  string
	Keys     [3]string // of its forms
	Fields   []ImportField
	Faults   []FieldFault
	Skip     string // the reason as typed
	List     string // address of the preview
	Previous string
	Next     string
}

// ImportField is a field of a row to be corrected.
type ImportField struct {
	ID    string
	Label string
	Value string
	Hint  string
	Long  bool
}

// Marked finds the words in doubt in a cell. Words that are not in it leave it as it is.
func Marked(header, text string, doubts []string) ImportCell {
	for _, w := range doubts {
		if w == "" {
			continue
		}
		if before, after, ok := strings.Cut(text, w); ok {
			return ImportCell{header, before, w, after}
		}
	}
	return ImportCell{Header: header, Before: text}
}

// importSlots are the columns of originals, in order.
var importSlots = []string{"no", "task", "units", "deadline", ""}
