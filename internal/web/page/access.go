package page

// AccessPage says who can see and do what with one record, and by which policy.
type AccessPage struct {
	Head   HeadView
	Who    string // the reader's unit and post
	Own    []AccessSection
	Units  []AccessUnit
	Note   string // what the table leaves out
	Policy []PolicyText
}

// AccessSection is what the reader may do with one thing.
type AccessSection struct {
	Title string
	Rows  []AccessRow
}

// AccessRow is one action: allowed or not, and why.
type AccessRow struct {
	Action  string
	Allowed bool
	Word    string
	Why     []string     // sentences of the policies that decided, or that would be needed
	Text    []PolicyText // the policies themselves
}

// AccessUnit is one unit with those of its posts that may see or do something.
type AccessUnit struct {
	Name  string
	Part  string // how it takes part
	Href  string
	Posts []AccessPost
	Rest  string // how many of its posts may nothing
}

// AccessPost is one post.
type AccessPost struct {
	Title  string
	Holder string
	Vacant bool
	Sees   []AccessGrant
	Does   []AccessGrant
}

// AccessGrant is what one policy allows.
type AccessGrant struct {
	Actions string
	Policy  string // its sentence
	Href    string // to its text
}

// PolicyText is one policy in words and in Cedar.
type PolicyText struct {
	ID       string
	Sentence string
	Forbids  bool
	Text     string
}
