package rubric

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/fault"
	"gongjian/internal/org"
	"gongjian/internal/paper"
)

// The answers to a fault and to the question of starting marks.
const (
	ByLabel  = "label"    // the points printed in the words hold
	ByCell   = "cell"     // the score cell holds
	BySum    = "sum"      // the parts hold; the whole is what they add up to
	ToRow    = "row:"     // the whole holds; the difference goes to the item with this index
	Renumber = "renumber" // the second one and those after it are counted on
	AsIs     = "keep"     // as printed
	ByWords  = "words"    // the rule holds, the formula is left out
	ByRule   = "formula"  // the formula holds beside the rule
)

// Choices are what a person decided about a rubric before a scheme is made of it.
type Choices struct {
	Faults map[int]string // by index in Rubric.Faults
	Points map[int]string // of rows without points, as typed, by index in Rubric.Rows
	Clear  map[int]bool   // rows whose suggestion is taken
	Grades map[int]string // of vetoes: the best grade that is left; "" leaves the veto out
}

// Answers lists how a fault can be answered.
func (r Rubric) Answers(f Fault) []string {
	switch f.Type {
	case LabelCell:
		return []string{ByLabel, ByCell}
	case TwiceIndex:
		return []string{Renumber, AsIs}
	case Sign:
		return []string{ByWords, ByRule}
	}
	out := []string{BySum}
	for i, row := range r.Rows {
		if row.Kind == Score && row.Points != nil && len(row.Path) >= len(f.Path) && slices.Equal(row.Path[:len(f.Path)], f.Path) {
			out = append(out, ToRow+strconv.Itoa(i))
		}
	}
	return out
}

// Setting is what a scheme needs that no rubric prints.
type Setting struct {
	ID       assess.SchemeID
	Name     string
	From     calendar.Date
	Level    org.Level // who is assessed
	Group    string    // the words for them: 市（州）
	Start    string    // the words for starting marks: 起评分
	Document assess.Document
}

// Scheme makes a scheme of a rubric by what was decided. Its errors name what is
// still open in a fault.List, with the fields fault-N, points-N and grade-N.
//
// Rule R-20 (ours): an item whose rule cannot be worked out is scored by a
// person, with its words; a suggestion is taken only where somebody chose it.
// Headings are what their items add up to.
func (r Rubric) Scheme(c Choices, s Setting) (assess.Scheme, error) {
	d := draft{r: r, c: c, points: make([]Points, len(r.Rows)), titles: map[string]string{}}
	d.settle()
	if err := d.open.Err(); err != nil {
		return assess.Scheme{}, err
	}
	out := assess.Scheme{
		ID: s.ID, Name: s.Name, Version: 1, From: s.From, Document: &s.Document,
		Rounding: assess.Rounding{ItemPlaces: d.places(), TotalPlaces: 2, Mode: assess.HalfUp}, Ties: assess.Ties{Rule: assess.TiesShared},
		Groups: []assess.Group{{Key: string(s.Level), Label: s.Group, Level: s.Level}},
	}
	full := assess.Points{}
	for i, row := range r.Rows {
		if row.Kind == Score {
			full = full.Plus(*d.points[i])
		}
	}
	// Rule R-21: starting marks are points that everybody gets; what the score
	// items hold is part of the printed full marks.
	if r.Starting && full.Less(*r.Total) {
		d.items = append(d.items, assess.Item{Title: s.Start, Kind: assess.Plain, Points: r.Total.Minus(full), Method: assess.GivenToAll})
		full = *r.Total
	}
	out.Points, out.Bands = full, Bands(full)
	for i := range r.Rows {
		d.place(i)
	}
	d.number(d.items, "")
	d.cap()
	out.Items, out.Occurrences = d.items, d.kinds
	return out, nil
}

// places is how many decimals the items need: two, or as many as are printed.
func (d *draft) places() int32 {
	places := int32(2)
	for _, p := range d.points {
		for p != nil && places < 6 && !p.Truncate(places).Equal(p.Decimal) {
			places++
		}
	}
	return places
}

// Bands are the grades of 国办《质量工作考核办法》, A from 90 of 100 on, B from 80, C
// from 60, in proportion to other full marks. Where nothing can be gained, only
// lost, they count what was lost of 100. They are a suggestion.
func Bands(full assess.Points) []assess.Band {
	var out []assess.Band
	for _, b := range []struct{ grade, share string }{{"A", "0.9"}, {"B", "0.8"}, {"C", "0.6"}, {"D", "0"}} {
		from := full.Mul(parse(b.share).Decimal).Round(2)
		if !full.IsPositive() {
			from = parse(b.share).Mul(parse("100").Decimal).Sub(parse("100").Decimal)
		}
		out = append(out, assess.Band{Grade: b.grade, From: assess.Points{Decimal: from}})
	}
	return out
}

// draft is a scheme in the making.
type draft struct {
	r      Rubric
	c      Choices
	points []Points
	titles map[string]string // other words for a path, where it was renumbered
	drop   map[int]bool      // rows whose formula is left out
	items  []assess.Item
	kinds  []assess.OccurrenceKind
	open   fault.List
}

func (d *draft) ask(field, key string, args ...any) {
	d.open = append(d.open, fault.New(fault.Invalid, key, args...).On(field))
}

// settle applies the answers and lists what is still open.
func (d *draft) settle() {
	d.drop = map[int]bool{}
	for i, row := range d.r.Rows {
		d.points[i] = row.Points
		if typed := strings.TrimSpace(d.c.Points[i]); row.Points == nil && row.Kind != Veto {
			p, err := assess.ParsePoints(paper.Plain(typed))
			if err != nil || !p.IsPositive() {
				d.ask("points-"+strconv.Itoa(i), "rubric.points-missing", "Item", row.name())
				continue
			}
			d.points[i] = &p
		}
		if grade := d.c.Grades[i]; row.Kind == Veto && grade != "" && !slices.ContainsFunc(Bands(assess.Whole(100)), func(b assess.Band) bool { return b.Grade == grade }) {
			d.ask("grade-"+strconv.Itoa(i), "rubric.grade-unknown", "Grade", grade)
		}
	}
	// Which points hold decides what a sum lacks.
	for _, sums := range []bool{false, true} {
		for i, f := range d.r.Faults {
			if (f.Type == Sum) != sums {
				continue
			}
			if answer := d.c.Faults[i]; !slices.Contains(d.r.Answers(f), answer) {
				d.ask("fault-"+strconv.Itoa(i), "rubric.fault-open", "Where", f.Where)
			} else {
				d.answer(i, f, answer)
			}
		}
	}
}

func (r Row) name() string { return r.Path[len(r.Path)-1] }

func (d *draft) answer(i int, f Fault, answer string) {
	switch {
	case f.Type == LabelCell && f.Row >= 0 && answer == ByLabel:
		d.points[f.Row] = f.Label
	case f.Type == LabelCell && f.Row >= 0:
		d.points[f.Row] = f.Cell
	case f.Type == Sign && answer == ByWords:
		d.drop[f.Row] = true
	case f.Type == TwiceIndex && answer == Renumber:
		d.renumber(f)
	case f.Type == Sum && answer != BySum:
		d.fill(i, f, strings.TrimPrefix(answer, ToRow))
	}
}

// fill gives what a sum lacks to one of its items.
func (d *draft) fill(i int, f Fault, row string) {
	at, err := strconv.Atoi(row)
	if err != nil {
		return // Answers lists whole numbers only
	}
	sum := assess.Points{}
	for k, other := range d.r.Rows {
		if other.Kind == Score && d.points[k] != nil && len(other.Path) >= len(f.Path) && slices.Equal(other.Path[:len(f.Path)], f.Path) {
			sum = sum.Plus(*d.points[k])
		}
	}
	p := d.points[at].Plus(f.Stated.Minus(sum))
	if !p.IsPositive() {
		d.ask("fault-"+strconv.Itoa(i), "rubric.sum-too-much", "Where", f.Where, "Item", d.r.Rows[at].name())
		return
	}
	d.points[at] = &p
}

var firstNumber = regexp.MustCompile(`\d+|[一二三四五六七八九十]+`)

// renumber counts the numbers of a heading's parts on from the second use.
func (d *draft) renumber(f Fault) {
	parent, style := f.Path[:len(f.Path)-1], styleOf(f.Path[len(f.Path)-1])
	last, from := "", false
	seen := map[string]bool{}
	var paths [][]string
	for _, row := range d.r.Rows {
		if len(row.Path) >= len(f.Path) && slices.Equal(row.Path[:len(parent)], parent) {
			paths = append(paths, row.Path[:len(f.Path)])
		}
	}
	for _, path := range paths {
		key, text := strings.Join(path, "\x00"), path[len(path)-1]
		if seen[key] || styleOf(text) != style {
			continue
		}
		seen[key] = true
		number := firstNumber.FindString(paper.Plain(text))
		from = from || slices.Equal(path, f.Path)
		if from && number != "" {
			next := countOn(last)
			text = strings.Replace(text, firstNumber.FindString(text), next, 1)
			d.titles[key], number = text, next
		}
		last = number
	}
}

// countOn is the number after one, in the same figures.
func countOn(number string) string {
	if n, err := strconv.Atoi(number); err == nil {
		return strconv.Itoa(n + 1)
	}
	n, err := strconv.Atoi(paper.ChineseNumber(number))
	if err != nil || n < 1 || n > 98 {
		return number
	}
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens := map[bool]string{true: digits[(n+1)/10] + "十"}[n+1 >= 20]
	if n+1 >= 10 && n+1 < 20 {
		tens = "十"
	}
	return tens + digits[(n+1)%10]
}
