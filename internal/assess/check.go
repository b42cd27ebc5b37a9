package assess

import (
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"gongjian/internal/fault"
	"gongjian/internal/org"
)

// Check reports every slip of the scheme at once, as a fault.List. A scheme
// without faults can be scored. Faults name the item in their field: items.2.1.
//
// Rule A-17 (faults of real rubrics: a label of 0.2 points beside a
// stored 2, one number used twice, sub-items that do not add up): a scheme with
// such a slip is not put in force.
func (s Scheme) Check() error {
	c := &checker{scheme: s, kinds: map[string]bool{}, seen: map[string]bool{}}
	c.head()
	c.bands()
	for _, o := range s.Occurrences {
		if o.Key == "" || c.kinds[o.Key] {
			c.add("occurrences", "assess.scheme.occurrence-key", "Key", o.Key)
		}
		c.kinds[o.Key] = true
	}
	walk(s.Items, 0, func(it Item, depth int) { c.item(it, depth) })
	c.sum(s.Items, s.Points, "points", "")
	c.rests()
	c.ties()
	c.groups()
	return c.faults.Err()
}

// maxDepth is how deep a scheme may be: three levels of indicators and one to spare.
const maxDepth = 6

type checker struct {
	scheme Scheme
	kinds  map[string]bool
	seen   map[string]bool
	faults fault.List
}

func (c *checker) add(field, key string, args ...any) {
	c.faults = append(c.faults, fault.New(fault.Invalid, key, args...).On(field))
}

func (c *checker) head() {
	s, r := c.scheme, c.scheme.Rounding
	if s.ID == "" || s.Name == "" {
		c.add("name", "assess.scheme.no-name")
	}
	if s.Version < 1 {
		c.add("version", "assess.scheme.version", "Version", s.Version)
	}
	if len(s.Items) == 0 {
		c.add("items", "assess.scheme.no-items")
	}
	if r.ItemPlaces < 0 || r.ItemPlaces > 6 || r.TotalPlaces < 0 || r.TotalPlaces > r.ItemPlaces {
		c.add("rounding", "assess.scheme.places", "Items", r.ItemPlaces, "Total", r.TotalPlaces)
	}
	if r.Mode != HalfUp && r.Mode != HalfEven && r.Mode != Down {
		c.add("rounding", "assess.scheme.mode", "Mode", string(r.Mode))
	}
}

// bands checks that every total has one grade, the better the more.
func (c *checker) bands() {
	s := c.scheme
	if len(s.Bands) == 0 {
		c.add("bands", "assess.scheme.no-bands")
		return
	}
	seen := map[string]bool{}
	for i, b := range s.Bands {
		if b.Grade == "" || seen[b.Grade] {
			c.add("bands", "assess.scheme.grade-twice", "Grade", b.Grade)
		}
		seen[b.Grade] = true
		if i > 0 && !b.From.Less(s.Bands[i-1].From) {
			c.add("bands", "assess.scheme.bands-order", "Grade", b.Grade)
		}
		// A band from 89.95 on would never begin where it says when totals have one decimal.
		if finer(b.From, s.Rounding.TotalPlaces) {
			c.add("bands", "assess.scheme.band-finer", "Grade", b.Grade, "From", b.From.String())
		}
	}
	if last := s.Bands[len(s.Bands)-1]; last.From.IsPositive() {
		c.add("bands", "assess.scheme.bands-gap", "Grade", last.Grade, "From", last.From.String())
	}
}

// finer reports whether p has more decimals than places, or is out of all bounds.
func finer(p Points, places int32) bool {
	if !inBounds(p) {
		return true
	}
	return !p.Truncate(places).Equal(p.Decimal)
}

// inBounds keeps numbers to what ParsePoints reads.
func inBounds(p Points) bool {
	if p.Exponent() < -64 || p.Exponent() > 9 { // before anything is written out in full
		return false
	}
	return p.Abs().LessThan(decimal.New(1, 9)) && p.Truncate(6).Equal(p.Decimal)
}

func (c *checker) item(it Item, depth int) {
	field := "items." + it.No
	if it.No == "" || c.seen[it.No] {
		c.add(field, "assess.item.number-twice", "No", it.No, "Title", it.Title)
	}
	c.seen[it.No] = true
	if depth >= maxDepth {
		c.add(field, "assess.item.too-deep", "No", it.No, "Depth", maxDepth)
	}
	if it.Title == "" {
		c.add(field, "assess.item.no-title", "No", it.No)
	}
	points := []Points{it.Points, it.Each, it.Base}
	for _, rung := range it.Ladder {
		points = append(points, rung.Points)
	}
	for _, p := range points {
		if p.IsNegative() || finer(p, c.scheme.Rounding.ItemPlaces) {
			c.add(field, "assess.item.points", "No", it.No, "Points", p.String(), "Places", c.scheme.Rounding.ItemPlaces)
		}
	}
	if len(it.Children) > 0 {
		c.heading(it, field)
		return
	}
	c.leaf(it, field)
}

func (c *checker) heading(it Item, field string) {
	if it.Kind != Heading || it.Method != "" || it.Source.Kind != "" {
		c.add(field, "assess.item.heading", "No", it.No)
	}
	if scoresBelow(it) {
		c.sum(it.Children, it.Points, field, it.No)
	}
}

// sum checks that score items and headings above them add up.
func (c *checker) sum(items []Item, want Points, field, no string) {
	got := Points{}
	for _, it := range items {
		if it.Kind == Plain || it.Kind == Heading && scoresBelow(it) {
			got = got.Plus(it.Points)
		}
	}
	if got.Equal(want.Decimal) {
		return
	}
	if no == "" {
		c.add(field, "assess.scheme.sum", "Want", want.String(), "Got", got.String())
		return
	}
	c.add(field, "assess.item.sum", "No", no, "Want", want.String(), "Got", got.String())
}

// methodsOf says which methods an item of a kind may have.
var methodsOf = map[Kind][]Method{
	Plain:     {Share, Value, Missing, PerEvent, Stepped, Rungs, Judged, GivenToAll},
	Bonus:     {PerBonus, Judged},
	Deduction: {PerEvent, Judged},
	Veto:      {CapsGrade},
}

// sourcesOf says which sources a method may have.
var sourcesOf = map[Method][]SourceKind{
	Share: {FromTasks, FromReporting}, Value: {FromTasks}, Missing: {FromTasks, FromReporting},
	PerEvent: {FromOccurrences, FromReporting}, PerBonus: {FromOccurrences, FromTasks},
	Stepped: {FromTasks, FromOccurrences}, Rungs: {FromTasks, FromOccurrences},
	CapsGrade: {FromOccurrences}, Judged: {FromJudgement}, GivenToAll: {""},
}

func (c *checker) leaf(it Item, field string) {
	if !slices.Contains(methodsOf[it.Kind], it.Method) {
		c.add(field, "assess.item.method", "No", it.No, "Kind", string(it.Kind), "Method", string(it.Method))
		return
	}
	if it.Kind == Plain && !it.Points.IsPositive() {
		c.add(field, "assess.item.no-points", "No", it.No)
	}
	if it.Absent != "" && (it.Kind != Plain || it.Absent != AbsentFull && it.Absent != AbsentScale) {
		c.add(field, "assess.item.absent", "No", it.No, "Absent", string(it.Absent))
	}
	c.parameters(it, field)
	if !slices.Contains(sourcesOf[it.Method], it.Source.Kind) {
		c.add(field, "assess.item.source", "No", it.No, "Method", string(it.Method), "Source", string(it.Source.Kind))
		return
	}
	c.source(it, field)
}

// parameters checks the numbers that a method needs.
func (c *checker) parameters(it Item, field string) {
	missing := func(what string) { c.add(field, "assess.item.parameter", "No", it.No, "Parameter", what) }
	switch it.Method {
	case Missing, PerEvent, PerBonus:
		if !it.Each.IsPositive() {
			missing("each")
		}
	case Stepped:
		if !it.Base.IsPositive() || it.Points.Less(it.Base) {
			missing("base")
		}
		if !it.Each.IsPositive() && !it.Base.Equal(it.Points.Decimal) {
			missing("each")
		}
	case Rungs:
		if len(it.Ladder) == 0 {
			missing("ladder")
		}
		for i, rung := range it.Ladder {
			if it.Points.Less(rung.Points) || i > 0 &&
				(rung.AtLeast >= it.Ladder[i-1].AtLeast || it.Ladder[i-1].Points.Less(rung.Points)) {
				missing("ladder")
				break
			}
		}
	case CapsGrade:
		if !slices.Contains(c.scheme.Grades(), it.CapGrade) {
			missing("cap_grade")
		}
	case Judged:
		// Without a limit a scorer's slip of the pen could give a thousand points.
		if !it.Points.IsPositive() {
			missing("points")
		}
	}
}

// source checks the selectors of a source against what the method can use.
func (c *checker) source(it Item, field string) {
	src := it.Source
	bad := func(what, got string) {
		c.add(field, "assess.item.selector", "No", it.No, "Selector", what, "Value", got)
	}
	switch src.Kind {
	case FromTasks:
		if src.Rest == (len(src.Fields) > 0) {
			bad("fields", "")
		}
		for i, f := range src.Fields {
			if !f.Known() || slices.Contains(src.Fields[:i], f) {
				bad("fields", string(f))
			}
		}
		measures := map[Method][]Measure{
			Share: {Completion, FinishedOf}, Value: {Figures}, Missing: {Figures, FinishedOf},
			PerBonus: {Figures, FinishedOf}, Stepped: {Figures, FinishedOf}, Rungs: {Figures, FinishedOf},
		}
		if !slices.Contains(measures[it.Method], src.Measure) {
			bad("measure", string(src.Measure))
		}
		needsOf := src.Measure == Completion || src.Measure == Figures && (it.Method == Value || it.Method == Missing)
		if needsOf && src.Of != OfCourse && src.Of != OfTarget {
			bad("of", string(src.Of))
		}
		if src.Measure == Completion && src.Bare != BareLight && src.Bare != BareFinished {
			bad("bare", string(src.Bare))
		}
	case FromReporting:
		shares := []Reporting{OnTime, Agree}
		counts := []Reporting{Late, Missed, Returned, Disagree}
		if it.Method == Share && !slices.Contains(shares, src.Reporting) ||
			it.Method != Share && !slices.Contains(counts, src.Reporting) {
			bad("reporting", string(src.Reporting))
		}
	case FromOccurrences:
		if !c.kinds[src.Occurrence] {
			bad("occurrence", src.Occurrence)
		}
	}
}

// rests allows one item to take the rest: two would count every such task twice
// without anybody having asked for it.
func (c *checker) rests() {
	first := ""
	for _, it := range c.scheme.Leaves() {
		if !it.Source.Rest {
			continue
		}
		if first != "" {
			c.add("items."+it.No, "assess.item.second-rest", "No", it.No, "First", first)
		}
		first = it.No
	}
}

func (c *checker) ties() {
	t := c.scheme.Ties
	switch {
	case t.Rule == TiesByItems && len(t.Items) == 0, t.Rule != TiesByItems && t.Rule != TiesShared:
		c.add("ties", "assess.scheme.ties", "Rule", string(t.Rule))
	case t.Rule == TiesByItems:
		for _, no := range t.Items {
			if !c.seen[no] {
				c.add("ties", "assess.scheme.ties-item", "No", no)
			}
		}
	}
}

// regionForm is the shape of a code of GB/T 2260.
var regionForm = regexp.MustCompile(`^[0-9]{6}$`)

func (c *checker) groups() {
	keys := map[string]bool{}
	listed := map[org.RegionCode]bool{}
	for _, g := range c.scheme.Groups {
		if g.Key == "" || keys[g.Key] || g.Label == "" {
			c.add("groups", "assess.scheme.group-key", "Key", g.Key)
		}
		keys[g.Key] = true
		if len(g.Subjects) == 0 && g.Level != org.Province && g.Level != org.City && g.Level != org.County {
			c.add("groups", "assess.scheme.group-empty", "Key", g.Key)
		}
		for _, code := range g.Subjects {
			if listed[code] || !regionForm.MatchString(string(code)) {
				c.add("groups", "assess.scheme.group-subject", "Key", g.Key, "Subject", string(code))
			}
			listed[code] = true
		}
	}
}
