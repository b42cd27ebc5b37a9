package sample

import (
	"fmt"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// prepare notes how a memorandum is entered and its plans follow.
func (w *world) prepare(d *deal) {
	w.note(someTime(d.entered, d.memo.Title), func() error {
		c, err := w.bureau(org.Office)
		if err != nil {
			return err
		}
		_, d.id, err = w.desk.EnterMemorandum(w.ctx, c, "", d.memo) // gives the clauses and commitments their ids
		return w.failed(err, d.memo.Title)
	})
	for i := range d.plans {
		l := &d.plans[i]
		w.note(someTime(l.entered, l.title), func() error { return w.enterPlan(d, l) })
	}
}

// failed says at what the sample stopped.
func (w *world) failed(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sample: %s, %s: %w", w.clock.at.Format("2006-01-02 15:04"), what, err)
}

// enterPlan enters a plan with its rows; it is issued on the next working day.
func (w *world) enterPlan(d *deal, l *plan) error {
	c, err := w.bureau(org.Office)
	if err != nil {
		return err
	}
	_, id, err := w.desk.EnterPlan(w.ctx, c, "", d.id, l.year, l.title)
	if err != nil {
		return w.failed(err, l.title)
	}
	w.clock.tick()
	var rows []act.Row
	chapter, inChapter := "", 0
	for _, r := range l.rows {
		if r.chapter != chapter {
			chapter, inChapter = r.chapter, 0
		}
		inChapter++
		rows = append(rows, w.printed(d, l, r, inChapter))
	}
	if _, err := w.desk.EnterTasks(w.ctx, c, "", id, rows); err != nil {
		return w.failed(err, l.title)
	}
	w.note(moment(workday(l.entered, 1), 9, 40), func() error { return w.issuePlan(d, l, id) })
	return nil
}

// printed is a row as an import would enter it: deadline and target are read from
// the document's words.
func (w *world) printed(d *deal, l *plan, r row, no int) act.Row {
	out := act.Row{
		No: fmt.Sprintf("%d", no), Chapter: []string{r.chapter}, Title: r.title, LeadWords: r.words, Field: r.field,
		Deadline: paper.ReadDeadline(r.deadline, l.year), Evidence: r.evidence, Rollup: r.rollup, Cadence: calendar.Month,
	}
	if l.year < 2010 {
		out.Cadence = calendar.Quarter // the first year was lighter
	}
	if r.target != "" {
		out.Target = paper.ReadTarget(r.target, "")
	}
	for _, u := range w.unitsOf(d.region, r.lead) {
		out.Leads = append(out.Leads, u.ID)
	}
	for _, u := range w.unitsOf(d.region, r.with) {
		out.Cooperating = append(out.Cooperating, u.ID)
	}
	if r.clause > 0 && r.clause <= len(d.memo.Clauses) {
		owed := d.memo.Clauses[r.clause-1].Commitments
		i := 1 // what departments lead is the government's
		if out.Leads[0] == w.unit(sichuan, org.FunctionQuality).ID || w.all[w.index(out.Leads[0])].Function == org.FunctionQuality {
			i = 0
		}
		if i < len(owed) {
			out.Commitment = owed[i].ID
		}
	}
	return out
}

// issuePlan issues a plan and notes what its units will do.
func (w *world) issuePlan(d *deal, l *plan, id memo.PlanID) error {
	c, err := w.bureau(org.Office)
	if err != nil {
		return err
	}
	if _, err := w.desk.IssuePlan(w.ctx, c, "", id); err != nil {
		return w.failed(err, l.title)
	}
	rows, err := w.desk.Store().View(c).PlanTasks(w.ctx, id)
	if err != nil {
		return err
	}
	for i, k := range rows {
		w.follow(d, l, l.rows[i], k)
	}
	return nil
}

// follow notes what becomes of one row: signatures, split, reports.
func (w *world) follow(d *deal, l *plan, r row, k store.TaskRow) {
	issued := calendar.DateOf(w.clock.at)
	var last calendar.Date
	for i, u := range append(k.Leads, k.Cooperating...) {
		day := workday(issued, 1+pick(2, string(u), k.Title))
		w.noteSign(k, u, day)
		if i < len(k.Leads) && day.After(last) {
			last = day
		}
	}
	pieces := w.piecesOf(d, l, r, k)
	if len(pieces) > 0 {
		w.note(someTime(workday(last, 1), k.Title, "split"), func() error { return w.split(d, l, r, k, pieces) })
	}
	for i, u := range k.Leads {
		s := script{deal: d, plan: l, row: r, story: r.story, task: k.Task, unit: u, after: last}
		switch {
		case len(pieces) > 0 && (i > 0 || len(k.Leads) == 1):
			continue // the parts report
		case i > 0:
			s.story = story{reached: "0"} // the second of two leads helps without a figure of its own
			if r.want == task.Yellow && r.silent > 0 {
				s.story.silent = r.silent
			}
		}
		w.noteReports(s)
	}
	w.giveLate(d, l, r, k)
	w.noteHelp(d, l, r, k, last)
}

// noteSign notes that a unit signs for a task on a day.
func (w *world) noteSign(k store.TaskRow, u org.UnitID, day calendar.Date) {
	w.note(someTime(day, string(u), "sign", k.Title), func() error {
		c, err := w.as(u, org.Clerk, org.Office)
		if err != nil {
			return err
		}
		_, err = w.desk.Sign(w.ctx, c, "", k.ID)
		return w.failed(err, "signing "+k.Title)
	})
}

// index finds a unit's place among all units.
func (p *province) index(id org.UnitID) int { return p.at[id] }
