package page

// RankingView is the ranking of one group on one day.
type RankingView struct {
	Head      HeadView
	Empty     *EmptyView // nothing is published yet; the rest is zero
	PrintHead string     // the heading of the printed notice (通报)
	By        []Choice   // how the map is coloured
	Periods   []Choice   // published runs, the newest first
	Groups    []Choice   // cities, counties
	Say       []Words    // what stands and what changed
	Waiting   *NextView  // a run that waits to be published, for who may
	WaitingTo string
	WaitingDo string
	Map       *MapView
	Outline   *Outline
	MapTitle  string
	Focus     *FocusView
	Table     RankTable
	Issue     []PlanLink // where the bulletin is made, for who may
}

// RankTable is the table of a ranking.
type RankTable struct {
	Title   string
	Meta    string
	Within  string // head of the rank among the city's counties; "" leaves the column out
	Place   string // head of the column of names
	Change  string // head of the change: 较4月; "" when there is nothing to compare with
	Trend   string // head of the course: 1–5月; "" for a single run
	Rows    []RankRow
	Foot    []Words
	Missing []Words // those that are not ranked, with the reason
}

// RankRow is one place.
type RankRow struct {
	Rank    string // in the whole ranking; "" while the card is open
	Within  string // among the city's counties
	Name    string
	City    string // the city around a county, where several cities are mixed; else ""
	Href    string
	Total   string
	Change  string // 升1.9
	Strong  bool   // the change is the greatest of all
	Light   LightView
	Counts  [3]string // green, yellow, red
	Trend   *TrendView
	Current bool
}

// FocusView is the one place that the reader chose on the map.
type FocusView struct {
	Title string
	Facts []Fact
	Links []Choice
}
