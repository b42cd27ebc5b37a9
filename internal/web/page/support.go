package page

// SupportPage is the ledger of support.
type SupportPage struct {
	Head         HeadView
	Acts         []PlanLink
	Action       string
	Place        string
	Places       []TaskChoice
	Years        []TaskChoice
	Kinds        []TaskChoice
	Figs         []Fig
	Trail        []Crumb // from the province down to the place chosen
	Sums         []SupportSum
	Promises     []SupportPromise
	MorePromises string
	Rows         []SupportRow
	Pager        PagerView
	Empty        *EmptyView
}

// SupportSum is one place, year and kind.
type SupportSum struct{ Place, Href, Year, Kind, Verified, Entered, Count string }

// SupportPromise is what a commitment promises, and what came of it.
type SupportPromise struct{ Text, Clause, Href, Who, Kind, Promised, Verified, Entered, Missing, Enter string }

// SupportRow is one entry.
type SupportRow struct{ What, Href, Words, Place, Year, On, Giver, Taker, State string }

// SupportForm enters or corrects an entry.
type SupportForm struct {
	Head        HeadView
	Action      string
	Hidden      map[string]string
	Faults      []FieldFault
	Kinds       []TaskChoice
	Units       []TaskChoice
	Commitments []TaskChoice
	Places      []TaskChoice
	Values      map[string]string // value, year, on, words, why
	Taker       TaskUnitField
	Giver       string
	Correcting  bool
	Button      string
	Back        string
}

// SupportOne is one entry.
type SupportOne struct {
	Head     HeadView
	Acts     []PlanLink
	State    string
	StateBad bool
	Facts    []Fact
	Files    []Download
	Verify   *SupportVerify
	Faults   []FieldFault
}

// SupportVerify is the form of the receiving side.
type SupportVerify struct{ Action, Key, Version, Words string }
