package page

import "gongjian/internal/task"

// PublicView is what anybody may see.
type PublicView struct {
	Head         HeadView
	Say          []Words
	Figs         []Fig
	Regions      []PublicRegion
	Filter       PublicFilter
	Tasks        []PublicRow
	TasksMeta    string
	Pager        PagerView
	Memorandums  []PublicMemo
	MoreMemos    string // address of the next ones; "" when these are all
	Rankings     []Choice
	Support      []SupportSum // verified, by year and kind
	Downloads    []Download
	Checkpoint   string // how far the journal is signed
	Root         string
	Command      string
	NothingFound bool // the filter lets nothing through
	Empty        *EmptyView
}

// PublicRegion is one region's row: promised and verified.
type PublicRegion struct {
	Name     string
	Href     string
	Promised string
	Verified string
	Finished string
	Lights   []LightTally
}

// LightTally is a light with how many there are.
type LightTally struct {
	Colour, Word, Count string
}

// PublicFilter is how the rows are narrowed.
type PublicFilter struct {
	Regions []Option
	Show    string
	Seg     []Choice
}

// PublicRow is one promise: who, how much, by when, what is verified.
type PublicRow struct {
	Title    string
	Place    string
	Who      string
	Target   string
	Pair     *PublicPair
	Verified string
	Deadline string
	Light    LightView
}

// PublicPair is the verified figure against the target, for the bar.
type PublicPair struct {
	Verified, Target task.Quantity
	Says             string
}

func (b PublicPair) geometry() bar {
	return PairView{Claimed: b.Verified, Verified: b.Verified, Target: b.Target}.geometry()
}

// PublicMemo is a memorandum in force.
type PublicMemo struct {
	Title, Parties, Signed, Until string
}

// Download is a file that anybody may take.
type Download struct {
	Text, Href, About string
}
