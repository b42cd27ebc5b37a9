package page

// OfflineView is where a unit gets its report sheet to fill in without a line,
// and sends it back.
type OfflineView struct {
	Head    HeadView
	Sheets  []OfflineChoice
	Key     string
	Faults  []FieldFault
	About   []Words
	Earlier []ImportEntry
}

// OfflineChoice is one sheet that can be downloaded.
type OfflineChoice struct {
	Text string
	Note string
	Href string // "" when there is nothing in it
}

// OfflineSheetView is a sheet that came back, row by row.
type OfflineSheetView struct {
	Head     HeadView
	Action   string
	Key      string
	Figs     []Fig
	Groups   []OfflineGroup
	Submit   string // word on the button; "" when nothing can be handed in
	Ready    string // what it does
	Files    bool   // there are fields for files
	Receipts string // address of the list of receipts; "" when there is none yet
	Said     string
}

// OfflineGroup are the rows of one state.
type OfflineGroup struct {
	ID    string
	Title string
	Count string
	About string
	Rows  []OfflineRow
}

// OfflineRow is one row of a sheet.
type OfflineRow struct {
	Row    string // number in the sheet
	Title  string
	Href   string // page of the task
	Period string
	Said   []string // what was typed
	Now    Words    // what stands there already
	Faults []FieldFault
	Late   string
	File   string // name of the field for evidence; "" for none
	Wanted string
	Form   Words // link to the report's own form
}

// HandedView is the list of receipts for one sheet, to be printed.
type HandedView struct {
	Head HeadView
	Rows []HandedRow
	Back string
	Note string
}

// HandedRow is one report with its receipt.
type HandedRow struct {
	Title, Href string
	Period      string
	Said        string
	Number      string
	Entry       string
	At          string
	State       string
}

// BundleView offers the sheets of all units of a territory as one file.
type BundleView struct {
	Territories []Option
}
