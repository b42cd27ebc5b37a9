package sample

import (
	"strconv"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// shareOf is what one unit below gets of a row, and what becomes of it.
type shareOf struct {
	unit   org.Unit
	target *task.Target
	story
}

// piecesOf says among whom a row is split when its plan begins.
func (w *world) piecesOf(d *deal, l *plan, r row, k store.TaskRow) []shareOf {
	switch {
	case l.year < 2010:
		return nil
	case r.rollup == task.RollupShare:
		return w.everyCounty(d)
	case d.region == liangshan && len(liangshanPieces()[r.title]) > 0:
		return w.named(liangshanPieces()[r.title], k)
	case r.split > 0:
		return w.evenly(d, r, k)
	}
	return nil
}

// named are the pieces of the reference page.
func (w *world) named(pieces []piece, k store.TaskRow) (out []shareOf) {
	for _, x := range pieces {
		out = append(out, shareOf{w.unit(org.RegionCode(x.county), org.FunctionQuality), partTarget(k.Target, x.goal), x.story})
	}
	return out
}

// partTarget is a part's target: the number that it gets, in the parent's measure.
func partTarget(whole *task.Target, number string) *task.Target {
	n, err := strconv.Atoi(number)
	if whole == nil || err != nil {
		return nil
	}
	return &task.Target{Text: number + whole.Unit, Op: whole.Op, Value: task.Count(n), Unit: whole.Unit, Soft: whole.Soft}
}

// everyCounty gives a row to all county governments; thirteen of them finish.
func (w *world) everyCounty(d *deal) (out []shareOf) {
	for i, c := range w.regions.Children(d.region) {
		s := story{want: task.Blue}
		if i >= 13 {
			s = story{may: mayNone, said: []string{"制定活动方案", "召开动员会", "开展企业走访", "正在准备总结"}}
			if i == 13 {
				s.may = mayWaiting
			}
		}
		out = append(out, shareOf{unit: w.unit(c.Code, government), story: s})
	}
	return out
}

// evenly splits a row among the first counties, the first getting most, and shares
// out what is reached so that the parts add up to the figure that the light asks for.
func (w *world) evenly(d *deal, r row, k store.TaskRow) (out []shareOf) {
	goal, _ := k.Target.Goal()
	counties := w.regions.Children(d.region)
	n := min(r.split, len(counties), int(goal/task.One))
	total := int(goal / task.One)
	reached := int(w.reach(k.Task, r.story) / task.One)
	weights, sum := make([]int, n), 0
	for i := range weights {
		weights[i] = 2*n - i
		sum += weights[i]
	}
	given, done, before := 0, 0, 0
	for i := range weights {
		before += weights[i]
		part, did := total*before/sum-given, reached*before/sum-done
		given, done = given+part, done+did
		s := story{reached: strconv.Itoa(did)}
		out = append(out, shareOf{w.unit(counties[i].Code, org.FunctionQuality), partTarget(k.Target, strconv.Itoa(part)), s})
	}
	return out
}

// split gives the pieces out and notes what the units below will do.
func (w *world) split(d *deal, l *plan, r row, k store.TaskRow, pieces []shareOf) error {
	children, err := w.give(k, pieces)
	if err != nil {
		return err
	}
	today := calendar.DateOf(w.clock.at)
	for i, child := range children {
		u := child.FirstLead()
		day := workday(today, 1+pick(3, string(u), k.Title))
		w.noteSign(child, u, day)
		w.noteReports(script{deal: d, plan: l, row: r, story: pieces[i].story, task: child.Task, unit: u, after: day, part: true})
	}
	return nil
}

// give splits a task and returns its new parts in the order of the pieces.
func (w *world) give(k store.TaskRow, pieces []shareOf) ([]store.TaskRow, error) {
	lead := k.Leads[len(k.Leads)-1] // of 农业局、质监局 the bureau
	c, err := w.as(lead, org.Office)
	if err != nil {
		return nil, err
	}
	v := w.desk.Store().View(c)
	now, err := v.Task(w.ctx, k.ID)
	if err != nil {
		return nil, w.failed(err, "splitting "+k.Title)
	}
	var list []act.Piece
	for _, p := range pieces {
		list = append(list, act.Piece{Unit: p.unit.ID, Target: p.target})
	}
	if _, err := w.desk.Split(w.ctx, c, "", k.ID, now.Version, list); err != nil {
		return nil, w.failed(err, "splitting "+k.Title)
	}
	return v.PartsOf(w.ctx, k.ID)
}

// giveLate gives out the rows that begin in June, on 2 and 4 June; three counties
// refuse, others have not answered on the last day.
func (w *world) giveLate(d *deal, l *plan, r row, k store.TaskRow) {
	if pieces := latePieces()[r.title]; d.region == liangshan && len(pieces) > 0 {
		w.note(moment(date("2010-06-04"), 15, 20), func() error {
			_, err := w.give(k, w.named(pieces, k))
			return err
		})
	}
	for i, region := range refusing {
		if region != d.region || r.title != refusedRow || l.year < 2010 {
			continue
		}
		r.split = 3
		w.note(moment(date("2010-06-02"), 10, 10+i), func() error {
			children, err := w.give(k, w.evenly(d, r, k))
			if err != nil {
				return err
			}
			w.noteSign(children[0], children[0].FirstLead(), date("2010-06-03"))
			w.note(moment(date("2010-06-03").AddDays(i%2), 14, 30+i), func() error { return w.refuse(children[2]) })
			return nil
		})
	}
}

func (w *world) refuse(k store.TaskRow) error {
	c, err := w.as(k.FirstLead(), org.Clerk)
	if err != nil {
		return err
	}
	_, err = w.desk.Refuse(w.ctx, c, "", k.ID, "不属我单位职责：名单内没有注册地在本县（区）的企业，建议由所在地局承担。")
	return w.failed(err, "refusing "+k.Title)
}
