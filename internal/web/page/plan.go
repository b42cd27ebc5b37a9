package page

import (
	"context"
	"io"
	"regexp"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"gongjian/internal/calendar"
	"gongjian/internal/task"
	"gongjian/internal/web/text"
)

// PlanLink is a link that looks like a button: at the head of a page or in its
// box of the one next thing.
type PlanLink struct {
	Text  string
	Href  string
	Class string // btn-primary, btn-go; "" is plain
}

// PlanCount is a light with how many there are.
type PlanCount struct {
	Colour string
	Word   string
	Count  string // empty where Word says it
}

func (c PlanCount) words() string {
	if c.Count == "" {
		return c.Word
	}
	return c.Word + " " + c.Count
}

// dateInWords is a date as it stands in a column.
var dateInWords = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// wholeDates writes words in which no date breaks over two lines: browsers break
// 2010-12-31 at its hyphens.
func wholeDates(words string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, dateInWords.ReplaceAllString(templ.EscapeString(words), `<span class="nb">$0</span>`))
		return err
	})
}

// PlansPage is the list of plans.
type PlansPage struct {
	Head  HeadView
	Acts  []PlanLink
	Years []PlansOfYear
	Pager PagerView
	Empty *EmptyView
}

// PlansOfYear are the plans of one year.
type PlansOfYear struct {
	Year  string
	Plans []PlanLine
}

// PlanLine is one plan in a list.
type PlanLine struct {
	Title  string
	Href   string
	About  string // its memorandum
	Count  string // 24件
	State  string // 未下达; "" once issued
	Lights []PlanCount
}

// PlanPage is one plan with its table.
type PlanPage struct {
	Head     HeadView
	Acts     []PlanLink
	Next     *NextView
	NextDo   []PlanLink
	Total    string
	Counts   []PlanCount
	Words    string   // searched for
	Show     string   // which rows: "", behind, short
	Action   string   // where the search is sent
	Filters  []Choice // which rows
	Chapters []PlanChapter
	Empty    *EmptyView
	EmptyDo  []PlanLink
}

// PlanChapter is one heading of the table with its rows.
type PlanChapter struct {
	Title  string // "" for rows without a heading
	Toggle string // address that opens or closes it
	Open   bool
	Count  string
	Lights []PlanCount
	Rows   []PlanTableRow
	More   string // address of the rows that follow; "" for none
	First  string // address of the first rows; "" when they are shown
}

// PlanTableRow is one task of the table, or the rest that a split task keeps.
type PlanTableRow struct {
	ID       string
	Depth    int // 0 for a row of the plan
	No       string
	Title    string
	Href     string // "" when the reader may not open it
	Toggle   string // address that opens or closes the parts; "" when there are none
	Fragment string // where a script gets the parts from
	Open     bool
	Lead     string
	LeadTag  string // 并列, 17个
	Helps    string // cooperating units
	Deadline PlanDeadline
	Target   string
	Note     string // 约束性, 预期性
	Pair     PairView
	HasPair  bool
	Light    LightView
	Gap      *PlanGap // the row is a rest that nobody below has been given
}

// PlanGap is the row of an unassigned rest, in its place below the parts.
type PlanGap struct {
	Text string // 分解18 / 目标20，差2未分配
	Rest string // 2个
	Do   *PlanLink
}

// PlanDeadline is a 完成时限 as a table shows it: the words, and what they mean.
type PlanDeadline struct {
	Same    bool   // 同上级
	Words   string // as printed
	Reading string
	Unread  bool   // not understood: the office is asked
	Ask     string // where the date can be filled in; "" when the reader may not
}

// class is the level of the row for the stylesheet.
func (r PlanTableRow) class() string {
	level := "lv2"
	switch {
	case r.Depth == 1:
		level = "lv3"
	case r.Depth > 1:
		level = "lv3 lv4"
	}
	if r.Gap != nil {
		return level + " gap"
	}
	return level
}

func (r PlanTableRow) depth() string { return strconv.Itoa(r.Depth) }

// DeadlineReading says what a deadline means: a day, a step, from when to when.
// due is its last day as worked out.
func DeadlineReading(p *text.Printer, d task.Deadline, due calendar.Date) string {
	switch d.Kind {
	case task.DeadlineByDate:
		if d.StandingAfter {
			return p.T("plan.deadline-standing-after", "date", due.String())
		}
		return due.String()
	case task.DeadlineRecurring:
		return deadlineStep(p, d.Every, due)
	case task.DeadlineStanding:
		return p.T("plan.deadline-standing")
	case task.DeadlineRange:
		span := p.T("plan.deadline-range", "from", d.From.String(), "to", due.String())
		if d.StandingAfter {
			return p.T("plan.deadline-standing-after", "date", span)
		}
		return span
	case task.DeadlineRelative:
		if due.IsZero() {
			return p.T("plan.deadline-waits")
		}
		return p.T("plan.deadline-counted", "date", due.String())
	case task.DeadlineNone:
		return p.T("plan.deadline-none")
	}
	if !due.IsZero() {
		return due.String()
	}
	return ""
}

// deadlineStep names a recurring deadline's step and the next time it falls due.
func deadlineStep(p *text.Printer, every string, due calendar.Date) string {
	months := map[string]int{"month": 1, "two-months": 2, "quarter": 3, "half-year": 6, "year": 12}[every]
	if months == 0 {
		return due.String()
	}
	today := p.Today()
	last := (int(today.Month)-1)/months*months + months // month that ends the present step
	next := calendar.NewDate(today.Year, time.Month(last+1), 1).AddDays(-1)
	if !due.IsZero() && next.After(due) {
		next = due
	}
	return p.T("plan.deadline-every-"+every, "next", next.String())
}
