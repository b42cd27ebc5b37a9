package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// MonthView is what a leader's desk says of the month.
type MonthView struct {
	Lights   map[task.Colour]int // of the rows of this year's plans in sight, as counted last
	Finished []TaskBrief         // this month, the newest first
	Red      []TaskBrief
	Ending   []TaskBrief // due this month and not finished, by day
	// How many there are of each; the lists hold the first of them.
	AllFinished, AllEnding int
	Counted                time.Time // when, where it is not of this moment
}

// AllRed is how many are red; the list holds the first of them.
func (m MonthView) AllRed() int { return m.Lights[task.Red] }

// monthOf is what a leader sees of the month on a day. What is in sight is a part of it:
// a scope that changes ends what was kept at once.
type monthOf struct {
	post  org.PostID
	on    calendar.Date
	scope string
}

// TaskBrief is a task in one line.
type TaskBrief struct {
	ID       task.ID
	Title    string
	Unit     string // name of the first lead
	Due      calendar.Date
	Finished calendar.Date
	Light    task.Light
}

// maxBrief bounds the lists of a leader's desk.
const maxBrief = 50

// Month looks at the rows of this year's issued plans that the caller sees. A
// unit that sees none, as a county bureau, looks at the tasks it takes part in. Of
// many rows it may be a minute old.
func (v *View) Month(ctx context.Context) (m MonthView, err error) {
	if v.scope.Nothing() {
		return m, nil
	}
	m, at, err := v.store.held.months.count(v.monthOf(), v.store.Now(), func() (m MonthView, whole int, err error) {
		m, err = v.month(ctx)
		for _, n := range m.Lights {
			whole += n
		}
		return m, whole, err
	})
	m.Counted = at
	return m, err
}

func (v *View) monthOf() monthOf {
	scope, args := plansInScope(v.scope, 2)
	return monthOf{v.caller.Post().ID, v.today, fmt.Sprint(scope, args)}
}

func (v *View) month(ctx context.Context) (m MonthView, err error) {
	scope, args := plansInScope(v.scope, 2)
	plans := `l.year = $1 and l.issued is not null and ` + scope
	args = append([]any{v.today.Year}, args...)
	if m.Lights, err = v.lightsOf(ctx, `select y.light, cast(sum(y.given + y.drafts) as bigint) from plan l join tally y on y.plan = l.id where `+plans+` group by y.light`, args); err != nil {
		return m, err
	}
	where := `t.plan in (select l.id from plan l where ` + plans + `) and t.depth = 0`
	if len(m.Lights) == 0 {
		where, args = `t.id in (select p.task from part p where p.unit = $1) and t.state <> 'draft'`, []any{v.caller.Unit().ID}
		if m.Lights, err = v.lightsOf(ctx, `select t.light, count(*) from task t where `+where+` and t.state <> 'withdrawn' group by t.light`, args); err != nil {
			return m, err
		}
	}
	first, last := calendar.Of(calendar.Month, v.today).First(), calendar.Of(calendar.Month, v.today).Last()
	n := fmt.Sprint(len(args) + 1)
	if m.Red, err = v.briefs(ctx, where+` and t.light = 'red' order by t.due_day, t.id`, args); err != nil {
		return m, err
	}
	finished, since := where+` and t.finished >= $`+n, append(args[:len(args):len(args)], first)
	if m.Finished, err = v.briefs(ctx, finished+` order by t.finished desc, t.id`, since); err != nil {
		return m, err
	}
	if m.AllFinished, err = v.countBriefs(ctx, m.Finished, finished, since); err != nil {
		return m, err
	}
	ending := where + ` and t.finished is null and t.state <> 'withdrawn' and t.due_day >= $` + n + ` and t.due_day <= $` + fmt.Sprint(len(args)+2)
	within := append(args[:len(args):len(args)], first, last)
	if m.Ending, err = v.briefs(ctx, ending+` order by t.due_day, t.id`, within); err != nil {
		return m, err
	}
	m.AllEnding, err = v.countBriefs(ctx, m.Ending, ending, within)
	return m, err
}

// countBriefs counts what a list holds the first of; one that is not full holds all.
func (v *View) countBriefs(ctx context.Context, listed []TaskBrief, where string, args []any) (n int, err error) {
	if len(listed) < maxBrief {
		return len(listed), nil
	}
	if err = v.q.QueryRowContext(ctx, `select count(*) from task t where `+where, args...).Scan(&n); err != nil {
		err = fmt.Errorf("store: counting the tasks of a month: %w", err)
	}
	return n, err
}

func (v *View) lightsOf(ctx context.Context, query string, args []any) (map[task.Colour]int, error) {
	type count struct {
		light task.Colour
		n     int
	}
	rows, err := v.q.QueryContext(ctx, query, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (c count, err error) { return c, r.Scan(&c.light, &c.n) })
	out := map[task.Colour]int{}
	for _, c := range all {
		out[c.light] = c.n
	}
	return out, err
}

// briefs lists the first of the tasks that a condition with an order finds. Indexes
// hold what is asked and ordered by, so that only those listed are read.
func (v *View) briefs(ctx context.Context, where string, args []any) ([]TaskBrief, error) {
	ids, err := rowsOf[task.ID](v.q.QueryContext(ctx, `select t.id from task t where `+where+fmt.Sprintf(` limit %d`, maxBrief), args...))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	marks, args := list(1, ids)
	rows, err := v.q.QueryContext(ctx, `select t.id, t.title, coalesce((select u.name from part p join unit u on u.id = p.unit
			where p.task = t.id and p.role = 'lead' order by p.position limit 1), ''), t.due_day, t.finished, t.light_body
		from task t where t.id in (`+marks+`)`, args...)
	out, err := collect(rows, err, func(r *sql.Rows) (b TaskBrief, err error) {
		err = r.Scan(&b.ID, &b.Title, &b.Unit, &b.Due, &b.Finished, kept{&b.Light})
		b.Light = b.Light.Seen(v.store.workdays, v.today)
		return b, err
	})
	slices.SortFunc(out, func(a, b TaskBrief) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return out, err
}

// ScoringView is what a scorer's desk says.
type ScoringView struct {
	Last Assessment // the newest run that the caller sees; no ID: none
	Open int        // items without points, over all assessed regions
}

// Scoring looks at the newest assessment and at what it leaves open.
func (v *View) Scoring(ctx context.Context) (s ScoringView, err error) {
	s.Last, err = v.store.read.scanAssessment(v.q.QueryRowContext(ctx, `select `+assessmentColumns+` from assessment a order by a.as_of desc, a.computed desc limit 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return ScoringView{}, nil
	}
	if err != nil {
		return s, fmt.Errorf("store: reading the newest assessment: %w", err)
	}
	if !v.May(org.SeeScores, org.ScoreFacts{Office: s.Last.Office, Published: !s.Last.Published.IsZero()}) {
		return ScoringView{}, nil
	}
	for _, e := range s.Last.Ranking.Entries {
		s.Open += len(e.Open)
	}
	return s, nil
}

// DirectoryCount is how many units, posts and persons there are today.
type DirectoryCount struct {
	Units, Posts, Persons int
	Empty                 int       // posts that nobody holds
	Counted               time.Time // zero: now
}

// CountDirectory counts units, posts and persons; of a country it may be a minute old.
func (v *View) CountDirectory(ctx context.Context) (n DirectoryCount, err error) {
	if err := v.see(org.SeeUnit, org.UnitFacts{Unit: v.caller.Unit().ID}); err != nil {
		return n, err
	}
	n, at, err := v.store.held.people.count(v.today, v.store.Now(), func() (DirectoryCount, int, error) {
		n, err := v.countDirectory(ctx)
		return n, n.Units + n.Posts + n.Persons, err
	})
	n.Counted = at
	return n, err
}

func (v *View) countDirectory(ctx context.Context) (n DirectoryCount, err error) {
	err = v.q.QueryRowContext(ctx, `select (select count(*) from unit where to_day is null), (select count(*) from post),
		(select count(*) from person where retired is null or retired > $1),
		(select count(*) from post o where not exists (select 1 from holding h where h.post = o.id and h.from_day <= $1
			and (h.to_day is null or h.to_day >= $1)))`, v.today).Scan(&n.Units, &n.Posts, &n.Persons, &n.Empty)
	return n, err
}
