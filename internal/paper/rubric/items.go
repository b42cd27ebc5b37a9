package rubric

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/paper"
)

// place puts row i below its headings.
func (d *draft) place(i int) {
	row := d.r.Rows[i]
	if row.Kind == Veto && d.c.Grades[i] == "" {
		return // a veto that caps no grade cannot be counted; the page says so
	}
	items := &d.items
	depth := len(row.Path) - 1
	// Several rules for one item: the item is their heading.
	if d.sharesPath(i) {
		depth++
	}
	for k := range depth {
		items = &d.heading(items, row.Path[:k+1]).Children
	}
	it := d.item(i)
	if depth == len(row.Path) && row.Method != "" {
		it.Title, it.Words = row.Method, ""
	}
	*items = append(*items, it)
}

// sharesPath reports whether another row has the same path, or stands below it.
func (d *draft) sharesPath(i int) bool {
	path := d.r.Rows[i].Path
	for k, other := range d.r.Rows {
		if k != i && len(other.Path) >= len(path) && slices.Equal(other.Path[:len(path)], path) {
			return true
		}
	}
	return false
}

// heading finds or makes the heading of a path.
func (d *draft) heading(items *[]assess.Item, path []string) *assess.Item {
	title := d.title(path)
	for i := range *items {
		if it := &(*items)[i]; it.Kind == assess.Heading && it.Title == title {
			return it
		}
	}
	*items = append(*items, assess.Item{Title: title, Kind: assess.Heading})
	return &(*items)[len(*items)-1]
}

func (d *draft) title(path []string) string {
	if other := d.titles[strings.Join(path, "\x00")]; other != "" {
		return other
	}
	return path[len(path)-1]
}

// item makes the item of a row.
func (d *draft) item(i int) assess.Item {
	row := d.r.Rows[i]
	it := assess.Item{
		Title: d.title(row.Path), Words: row.Method, Kind: kindOf[row.Kind], Scorer: row.Scorer, Evidence: row.Evidence,
		Method: assess.Judged, Source: assess.Source{Kind: assess.FromJudgement},
		Place: &assess.Place{Sheet: row.Origin.Sheet, Table: row.Origin.Table, Row: row.Origin.Row},
	}
	if row.Formula != "" && !d.drop[i] {
		it.Words += "（" + row.Formula + "）"
	}
	if d.points[i] != nil {
		it.Points = *d.points[i]
	}
	clear := row.Suggest(d.points[i])
	switch {
	case row.Kind == Veto:
		it.Method, it.CapGrade = assess.CapsGrade, d.c.Grades[i]
	case clear != nil && d.c.Clear[i]:
		it.Method, it.Each = clear.Method, clear.Each
		if row.Kind != Score {
			it.Points = clear.Limit
		}
	default:
		return it
	}
	key := "r" + strconv.Itoa(i+1)
	d.kinds = append(d.kinds, assess.OccurrenceKind{Key: key, Label: row.name()})
	it.Source = assess.Source{Kind: assess.FromOccurrences, Occurrence: key}
	return it
}

var kindOf = map[Kind]assess.Kind{Score: assess.Plain, Bonus: assess.Bonus, Deduction: assess.Deduction, Veto: assess.Veto}

// number counts the items through and adds the headings up.
func (d *draft) number(items []assess.Item, above string) (sum assess.Points) {
	for i := range items {
		it := &items[i]
		it.No = above + strconv.Itoa(i+1)
		if it.Kind == assess.Heading {
			it.Points = d.number(it.Children, it.No+".")
		}
		if it.Kind == assess.Plain || it.Kind == assess.Heading {
			sum = sum.Plus(it.Points)
		}
	}
	return sum
}

// cap puts the common cap of the bonus items on the heading that holds them all
// and no score item. Where there is none the cap has no place: Capped says so.
func (d *draft) cap() {
	if d.r.BonusCap == nil {
		return
	}
	for i := range d.items {
		if it := &d.items[i]; holds(*it, assess.Bonus) && !holds(*it, assess.Plain) && it.Kind == assess.Heading {
			it.Points = *d.r.BonusCap
		}
	}
}

func holds(it assess.Item, kind assess.Kind) bool {
	return it.Kind == kind || slices.ContainsFunc(it.Children, func(c assess.Item) bool { return holds(c, kind) })
}

// Capped reports whether the common cap of a rubric has its place in a scheme: on
// one heading that holds all bonus items and no score item.
func (r Rubric) Capped(s assess.Scheme) bool {
	if r.BonusCap == nil {
		return true
	}
	n := 0
	for _, it := range s.Items {
		if holds(it, assess.Bonus) {
			if it.Kind != assess.Heading || holds(it, assess.Plain) {
				return false
			}
			n++
		}
	}
	return n <= 1
}

// Suggestion is what clear words of a rule amount to: so many points for each
// happening that is recorded.
type Suggestion struct {
	Method assess.Method
	Each   assess.Points
	Limit  assess.Points // of bonus and deduction; zero for none
}

var (
	eachTake = regexp.MustCompile(`^[^,。;]{0,24}?每[^,。;每]{1,16}[扣减]` + figure + `分(?:,?(?:扣完(?:` + figure + `分)?为止|最多扣` + figure + `分|不限))?[。;]?$`)
	eachGive = regexp.MustCompile(`^[^,。;]{0,24}?每[^,。;每]{1,16}加` + figure + `分(?:,?(?:最高|最多|累计不超过|不超过)(?:加)?` + figure + `分|,?(?:不限|无上限|上不封顶))[。;]?$`)
	perShare = regexp.MustCompile(`每[低高超少]?[^,。;]{0,8}(?:百分点|%)`)
	bounded  = regexp.MustCompile(`少于|低于|不足|超过|高于|达到|以上|以下`)
)

// Suggest reads what the words of a rule say clearly enough to be counted from
// recorded happenings, or nil. Rule R-22: one amount, for each thing, and nothing
// else in the sentence; a threshold or a share needs a figure that nobody records.
func (r Row) Suggest(points Points) *Suggestion {
	rule := paper.Plain(r.Method)
	if perShare.MatchString(rule) || bounded.MatchString(rule) {
		return nil
	}
	switch r.Kind {
	case Score, Deduction:
		m := eachTake.FindStringSubmatch(rule)
		if m == nil {
			return nil
		}
		s := &Suggestion{Method: assess.PerEvent, Each: *parse(m[1])}
		if limit := m[2] + m[3]; limit != "" {
			s.Limit = *parse(limit)
		} else if points != nil && s.Each.Less(*points) {
			s.Limit = *points
		}
		return s
	case Bonus:
		m := eachGive.FindStringSubmatch(rule)
		if m == nil {
			return nil
		}
		s := &Suggestion{Method: assess.PerBonus, Each: *parse(m[1])}
		if m[2] != "" {
			s.Limit = *parse(m[2])
		}
		return s
	}
	return nil
}

// SuggestGrade reads the best grade that a veto leaves, 定为D级, or "".
func (r Row) SuggestGrade() string {
	if m := namedGrade.FindStringSubmatch(paper.Plain(r.Method)); m != nil {
		return strings.ToUpper(m[1])
	}
	return ""
}

var namedGrade = regexp.MustCompile(`(?:定为|评为|降为|确定为|列为|直接为)"?([A-Da-d])(?:级|等|档)`)
