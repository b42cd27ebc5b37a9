package page

// UnitsPage is one level of the tree of units, or what a search found.
type UnitsPage struct {
	Head   HeadView
	Words  string // searched for
	Found  string // what the search says about its result; "" for the tree
	Axis   []Choice
	Trail  []Crumb // the way down the tree to this level
	Rows   []UnitRow
	Pager  PagerView
	New    string // address of the form for a new unit; "" for whoever may not
	Hidden []JournalHidden
}

// UnitRow is one unit of a level.
type UnitRow struct {
	Name  string
	Href  string
	About string // level, kind, what became of it
	Below string // address of the level below; "" when there is none
}

// UnitPage is one unit with its history, posts and tasks.
type UnitPage struct {
	Head    HeadView
	Acts    []PlanLink // what administrators can do
	Ended   Words      // what became of it; empty while it exists
	Facts   []Fact
	History []UnitPast
	Went    []UnitWent // what went over with mergers
	Posts   []UnitPost
	NoPost  string // said when it has none
	NewPost string
	Tasks   []UnitTask
	Pager   PagerView // of the tasks
	None    string    // said when the reader sees no task of it
}

// UnitPast is a name or place that held for a time.
type UnitPast struct {
	Time string
	What string
}

// UnitWent is what went over from one unit to another when they merged.
type UnitWent struct {
	Title string
	What  []string // how much of each kind
	Href  string   // of the journal's entry; "" for whoever may not read it
}

// UnitPost is one post of a unit with who holds it today.
type UnitPost struct {
	Title  string
	Href   string
	Roles  string
	Holder string
	Vacant bool
}

// UnitTask is one task that the unit takes part in.
type UnitTask struct {
	Title, Href, Role, Due string
	Light                  LightView
}

// PostPage is one post with everybody who has held it.
type PostPage struct {
	Head  HeadView
	Acts  []PlanLink
	Facts []Fact
	Held  []PostHeld
	Note  string // why the reader may not change it; "" when they may or need not know
}

// PostHeld is one person's time in a post.
type PostHeld struct {
	Name  string
	Login string // for administrators
	Time  string
	Now   bool
	End   string // address of the form that ends it; "" for whoever may not
	Link  string // where a new one-time link is asked for
	ID    string // of the person
	Key   string
}

// UnitForm is a form of the administrators.
type UnitForm struct {
	Head   HeadView
	Action string
	About  []string // what will happen
	Now    string   // what is there now, when somebody changed it meanwhile
	Hidden []JournalHidden
	Faults []FieldFault
	Fields []UnitFormField
	Submit string
	Back   string
}

// UnitFormField is one field: a line of text, or with Options a select, with Checks
// a row of boxes, with Unit a unit by name.
type UnitFormField struct {
	ID       string
	Label    string
	Hint     string
	Value    string
	Optional bool
	Options  []Option
	Checks   []Option
	Unit     *TaskUnitField
}

// NewLinkPage shows a one-time link, once.
type NewLinkPage struct {
	Head  HeadView
	Link  string // "" when the same form was sent twice: only the first answer had it
	About string
	Back  string
}
