package official

import (
	"slices"
	"strconv"
	"strings"

	"gongjian/internal/calendar"
)

// Commitment is one row of the table of commitments (承诺事项).
type Commitment struct {
	No       Text `json:"no"` // of its clause
	Obligor  Text `json:"obligor"`
	Text     Text `json:"text"`
	Confirms Text `json:"confirms,omitempty"`
}

// Clause is one clause (条款) of a memorandum.
type Clause struct {
	No   Text `json:"no"`
	Text Text `json:"text"`
}

// MemorandumData is the notice that hands out a memorandum, with its text as annex.
type MemorandumData struct {
	Frame
	Title       Text          `json:"title"`
	Parties     []Text        `json:"parties"`
	Signed      calendar.Date `json:"signed,omitzero"`
	Until       calendar.Date `json:"until,omitzero"`
	Place       Text          `json:"place,omitempty"`
	Clauses     []Clause      `json:"clauses"`
	Commitments []Commitment  `json:"commitments"`
}

// Kind is Memorandum.
func (*MemorandumData) Kind() Kind { return Memorandum }

// About is the frame.
func (d *MemorandumData) About() *Frame { return &d.Frame }

// stems number parties: 甲方, 乙方, 丙方 … as agreements do.
const stems = "甲乙丙丁戊己庚辛壬癸"

func (d *MemorandumData) prepare() any {
	type party struct{ Word, Name Text }
	var parties []party
	for i, name := range d.Parties {
		word := "第" + strconv.Itoa(i+1) + "方"
		if s := []rune(stems); i < len(s) {
			word = string(s[i]) + "方"
		}
		parties = append(parties, party{Text(word), name})
	}
	return struct {
		*MemorandumData
		Named   Text
		Parties []party
	}{d, named(d.Title), parties}
}

// named writes a title in 《》, once.
func named(t Text) Text { return "《" + Text(strings.Trim(string(t), "《》")) + "》" }

// TaskRow is one row of a task table, in the columns of the notice's annex.
type TaskRow struct {
	No          Text   `json:"no"`
	Chapter     []Text `json:"chapter,omitempty"` // headings from the top down
	Title       Text   `json:"title"`
	Measures    Text   `json:"measures,omitempty"`
	Leads       Text   `json:"leads"`
	Cooperating Text   `json:"cooperating,omitempty"`
	Target      Text   `json:"target,omitempty"`
	Deadline    Text   `json:"deadline,omitempty"`
	Note        Text   `json:"note,omitempty"`
	Role        Text   `json:"role,omitempty"` // of the unit, in a unit's own table: 牵头, 配合
}

// line is a row of a table as the template prints it: a chapter or a task.
type line struct {
	Heading Text
	TaskRow
}

// chaptered puts the headings between the rows: each heading where it begins.
func chaptered(rows []TaskRow) []line {
	var out []line
	var above []Text
	for _, r := range rows {
		same := 0
		for same < len(above) && same < len(r.Chapter) && above[same] == r.Chapter[same] {
			same++
		}
		if same < len(r.Chapter) {
			for _, h := range r.Chapter[same:] {
				out = append(out, line{Heading: h})
			}
		}
		above = r.Chapter
		out = append(out, line{TaskRow: r})
	}
	return out
}

// PlanData is the notice that hands out a year's plan, with its task table as annex.
//
// Rule D-03 (practice of notices with task tables, docs/sources/import.md): the
// columns of the annex are those that the importer knows, in their usual order,
// so that what was handed out can be taken in again.
type PlanData struct {
	Frame
	Title      Text      `json:"title"`
	Year       int       `json:"year"`
	Memorandum Text      `json:"memorandum"`
	Rows       []TaskRow `json:"rows"`
}

// Kind is Plan.
func (*PlanData) Kind() Kind { return Plan }

// About is the frame.
func (d *PlanData) About() *Frame { return &d.Frame }

func (d *PlanData) prepare() any {
	return struct {
		*PlanData
		Named, Under Text
		Lines        []line
		Count        int
	}{d, named(d.Title), named(d.Memorandum), chaptered(d.Rows), len(d.Rows)}
}

// UnitTasksData is the notice of one unit's tasks of a year.
type UnitTasksData struct {
	Frame
	Unit Text      `json:"unit"`
	Year int       `json:"year"`
	Own  bool      `json:"own"` // the unit issues it itself, to itself
	Rows []TaskRow `json:"rows"`
}

// Kind is UnitTasks.
func (*UnitTasksData) Kind() Kind { return UnitTasks }

// About is the frame.
func (d *UnitTasksData) About() *Frame { return &d.Frame }

func (d *UnitTasksData) prepare() any {
	leads := 0
	for _, r := range d.Rows {
		if r.Role == leading {
			leads++
		}
	}
	return struct {
		*UnitTasksData
		Count, Leads, Helps int
	}{d, len(d.Rows), leads, len(d.Rows) - leads}
}

// leading is the word for a lead unit's part in its own table.
const leading Text = "牵头"

// RoleWord is what a unit's table calls its part.
func RoleWord(leads bool) Text {
	if leads {
		return leading
	}
	return "配合"
}

// ScoreLine is one line of a scorecard.
type ScoreLine struct {
	No      Text `json:"no"`
	Title   Text `json:"title"`
	Points  Text `json:"points,omitempty"`
	Got     Text `json:"got,omitempty"`
	Why     Text `json:"why,omitempty"`
	Heading bool `json:"heading,omitempty"`
}

// ScorecardData is the notice of one unit's scorecard.
type ScorecardData struct {
	Frame
	Assessed Text          `json:"assessed"` // the unit
	Scheme   Text          `json:"scheme"`
	Period   Text          `json:"period"` // 2010年1至6月
	AsOf     calendar.Date `json:"as_of"`
	Total    Text          `json:"total"`
	Grade    Text          `json:"grade,omitempty"`
	Place    int           `json:"place"` // 0: none
	Of       int           `json:"of"`
	Median   Text          `json:"median,omitempty"`
	Lines    []ScoreLine   `json:"lines"`
	Digest   Text          `json:"digest"` // of the card's payload, as the journal keeps it
}

// Kind is Scorecard.
func (*ScorecardData) Kind() Kind { return Scorecard }

// About is the frame.
func (d *ScorecardData) About() *Frame { return &d.Frame }

func (d *ScorecardData) prepare() any {
	return struct {
		*ScorecardData
		Named Text
	}{d, named(d.Scheme)}
}

// Standing is one place of a ranking.
type Standing struct {
	Place  int    `json:"place"` // 0: not complete
	Name   Text   `json:"name"`
	Total  Text   `json:"total"`
	Grade  Text   `json:"grade,omitempty"`
	Before int    `json:"before,omitempty"` // place in the ranking before; 0: none
	Rise   Text   `json:"rise,omitempty"`   // points gained since then, without sign; "" for none
	Fell   bool   `json:"fell,omitempty"`   // Rise was lost, not gained
	Capped []Text `json:"capped,omitempty"` // items that capped the grade
}

// BulletinData is the bulletin (通报) of a ranking.
type BulletinData struct {
	Frame
	Scheme    Text          `json:"scheme"`
	Period    Text          `json:"period"`
	Group     Text          `json:"group"` // 各市（州）
	AsOf      calendar.Date `json:"as_of"`
	Median    Text          `json:"median,omitempty"`
	Standings []Standing    `json:"standings"` // by place
}

// Kind is Bulletin.
func (*BulletinData) Kind() Kind { return Bulletin }

// About is the frame.
func (d *BulletinData) About() *Frame { return &d.Frame }

// placed is a standing with its climb as the table prints it.
type placed struct {
	Standing
	Shown, Climb, Note Text
}

// mostNamed is how many units a sentence of the bulletin names.
const mostNamed = 3

// prepare finds what stands out: the first, the last, who climbed and fell most,
// and whom a veto capped.
func (d *BulletinData) prepare() any {
	out := struct {
		*BulletinData
		Named                             Text
		Count, Ranked                     int
		First, Climbed, Fallen, CappedAll Text
		Table                             []placed
	}{BulletinData: d, Named: named(d.Scheme), Count: len(d.Standings)}
	var first, capped []string
	var moved []Standing
	for _, s := range d.Standings {
		p := placed{Standing: s, Shown: "—", Climb: "—"}
		if s.Place > 0 {
			out.Ranked++
			p.Shown = Text(strconv.Itoa(s.Place))
			if len(first) < mostNamed {
				first = append(first, string(s.Name))
			}
			if s.Before > 0 {
				p.Climb = climb(s.Before - s.Place)
				moved = append(moved, s)
			}
		}
		if len(s.Capped) > 0 {
			capped = append(capped, string(s.Name))
			p.Note = "一票否决：" + joined(s.Capped)
		}
		out.Table = append(out.Table, p)
	}
	out.First, out.CappedAll = Text(strings.Join(first, "、")), Text(strings.Join(capped, "、"))
	out.Climbed, out.Fallen = movers(moved, 1), movers(moved, -1)
	return out
}

func climb(by int) Text {
	switch {
	case by > 0:
		return Text("升" + strconv.Itoa(by))
	case by < 0:
		return Text("降" + strconv.Itoa(-by))
	}
	return "持平"
}

// movers names those that moved most in one direction: 甲（升3位）、乙（升2位）.
func movers(all []Standing, way int) Text {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Standing) int { return way * ((b.Before - b.Place) - (a.Before - a.Place)) })
	var out []string
	for _, s := range sorted[:min(mostNamed, len(sorted))] {
		if by := s.Before - s.Place; by*way > 0 {
			out = append(out, string(s.Name)+"（"+string(climb(by))+"位）")
		}
	}
	return Text(strings.Join(out, "、"))
}

func joined(all []Text) Text {
	var out []string
	for _, t := range all {
		out = append(out, string(t))
	}
	return Text(strings.Join(out, "、"))
}

// Span writes the time that a run of scores covers: 2010年1至6月, 2010年度.
func Span(p calendar.Period) Text {
	last := int(p.Last().Month)
	switch {
	case p.Kind == calendar.Year || last == 12:
		return Text(strconv.Itoa(p.Year) + "年度")
	case last == 1:
		return Text(strconv.Itoa(p.Year) + "年1月")
	}
	return Text(strconv.Itoa(p.Year) + "年1至" + strconv.Itoa(last) + "月")
}

// Addressee proposes whom a document goes to (主送机关): the units named, or all
// concerned where none is.
func Addressee(names ...string) string {
	if len(names) == 0 {
		return "各有关单位"
	}
	return strings.Join(names, "，")
}
