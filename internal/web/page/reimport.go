package page

// ReimportView is a later version of a plan's table held against the plan.
type ReimportView struct {
	Head    HeadView
	Again   string // address of the upload form
	Reading string // address of the preview, where the whole reading stands
	Figs    []Fig
	Notes   []Words
	Faults  []FieldFault
	Tabs    []Choice
	Rows    []ChangeRow
	Equal   []ChangeRow // on the tab of rows that are the same
	All     []Choice    // what accepts all of a kind: Href is the value of the button
	Empty   Words       // nothing to show here
	Done    string      // address of the plan, when nothing differs at all
	Pager   PagerView
	Form    ReimportForm
}

// ReimportForm is the bar at the bottom with what is sent.
type ReimportForm struct {
	Shown   bool
	Action  string
	Key     string
	Version string
	Show    string   // the tab and the place to come back to
	After   string   //
	Stale   []string // keys of what was accepted and has changed since: sent back, they are dropped
	Says    string   // what is accepted
	Reason  string   // as typed
	Faults  []FieldFault
}

// ChangeRow is one row of the difference.
type ChangeRow struct {
	Key       string // anchor, and name of the row
	Tick      string // value of the box; "" when it cannot be accepted
	Ticked    bool
	Why       string // why it cannot be accepted, or that it changed since it was
	Kind      string // added, removed, changed, moved, same
	KindText  string
	Place     string // where it stands in the document
	Title     string
	Href      string // of the task
	State     string // what has come of the task
	Fields    []ChangeField
	Reading   []Fact // of an added or removed row
	Questions []ImportQuestion
	RowHref   string // page of the document's row
	Row       string // what that link says
}

// ChangeField is one field, now and in the document.
type ChangeField struct {
	Label string
	Old   []ChangeRun
	New   []ChangeRun
}

// ChangeRun is a piece of a text; what differs is marked.
type ChangeRun struct {
	Text string
	Same bool
}
