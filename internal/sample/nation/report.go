package nation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/task"
)

// made is a report as an act has left it: handed in, verified or returned.
type made struct {
	task.Report
	at time.Time
	by seat
}

// pace is how a unit does, in hundredths of the even course.
func (g *grower) pace() int {
	switch n := g.IntN(100); {
	case n < 12:
		return 0 // says nothing
	case n < 28:
		return g.from(30, 85)
	case n < 85:
		return 100
	}
	return g.from(110, 130)
}

// report lets the lead of a leaf report period by period, until the task is
// finished or the present has come.
func (g *grower) report(t *store.LoadedTask) error {
	pace := g.pace()
	if pace == 0 || task.VerifierOf(t.Task, t.Leads[0], "") == "" { // says nothing; or gave it to itself, and nobody could verify
		return nil
	}
	last := calendar.NewDate(g.plan.Year, 12, 31)
	if last.After(g.today) {
		last = g.today
	}
	var prior []task.Report
	for _, p := range calendar.Periods(t.Cadence, t.Start, last) {
		if t.State == task.Finished {
			return nil
		}
		on := g.reportDay(p)
		if on.IsZero() || !on.After(t.Parts[0].Signed) || !on.Before(g.today) || g.chance(4) {
			continue
		}
		var err error
		if prior, err = g.reportPeriod(t, p, on, prior, pace); err != nil {
			return err
		}
	}
	return nil
}

// reportDay is the day on which a period is reported: mostly in time after its end;
// one that has not ended is sometimes reported already.
func (g *grower) reportDay(p calendar.Period) calendar.Date {
	switch {
	case !p.Last().Before(g.today):
		if !g.chance(35) {
			return calendar.Date{}
		}
		on := g.workdays.Add(g.today.AddDays(-40), g.from(0, 24))
		if on.Before(p.First()) {
			return calendar.Date{}
		}
		return on
	case g.chance(6):
		return g.workdays.Add(g.rules.Reporting.DueOf(p), g.from(1, 5))
	}
	return g.workdays.Add(p.Last(), g.from(1, 5))
}

// input is what a unit hands in for a period.
func (g *grower) input(t *store.LoadedTask, p calendar.Period, on calendar.Date, prior []task.Report, pace int) task.ReportInput {
	who := g.people.desks[t.Leads[0]][org.Clerk]
	in := task.ReportInput{Period: p, Kind: task.ReportWords, Words: "已按计划推进，完成阶段性工作。", By: who.person, Post: who.post, Parts: t.Parts}
	months := int(p.Last().Month)
	if !p.Last().Before(g.today) {
		months = int(on.Month) - 1
	}
	ended := months >= int(t.Due.Month)
	if goal, ok := t.Target.Goal(); ok {
		share, _ := goal.Scale(int64(min(months, int(t.Due.Month))*pace), int64(int(t.Due.Month)*100))
		in.Kind, in.Words, in.Value = task.ReportValue, "", max(share/task.One*task.One, lastClaim(prior))
		if ended && pace >= 100 {
			in.Value = max(in.Value, goal)
		}
		in.Completes = in.Value >= goal
	} else {
		in.Completes = ended && pace >= 100
	}
	if in.Kind == task.ReportValue && !in.Completes && len(prior) > 0 && g.chance(6) {
		in.Kind, in.Value = task.ReportNoChange, 0
	}
	return in
}

func lastClaim(prior []task.Report) task.Quantity {
	if len(prior) == 0 {
		return 0
	}
	return prior[len(prior)-1].Value
}

// reportPeriod hands a report in and lets the setter answer; a returned one is
// handed in once more.
func (g *grower) reportPeriod(t *store.LoadedTask, p calendar.Period, on calendar.Date, prior []task.Report, pace int) ([]task.Report, error) {
	for range 2 {
		r, err := g.handIn(t, g.input(t, p, on, prior, pace), on, prior)
		if err != nil {
			return prior, err
		}
		prior = append(prior, r.Report)
		verdict := g.workdays.Add(on, g.from(1, 4))
		if r.State == task.ReportNoted || !verdict.Before(g.today) {
			g.tree.Reports = append(g.tree.Reports, r)
			return prior, nil
		}
		returned := r.Round == 1 && g.chance(4)
		if err := g.judge(t, &r, verdict, returned); err != nil {
			return prior, err
		}
		prior[len(prior)-1] = r.Report
		g.tree.Reports = append(g.tree.Reports, r)
		on = g.workdays.Add(verdict, g.from(1, 2))
		if !returned || !on.Before(g.today) {
			break
		}
	}
	return prior, nil
}

// handIn makes a report by the rule that acts use.
func (g *grower) handIn(t *store.LoadedTask, in task.ReportInput, on calendar.Date, prior []task.Report) (store.LoadedReport, error) {
	in.ID = task.ReportID(g.next())
	var files []task.Evidence
	if t.EvidenceWanted != "" && (in.Kind == task.ReportValue || in.Completes) {
		f := g.files[g.IntN(len(g.files))]
		f.Name = fmt.Sprintf("%s（%s）.txt", t.EvidenceWanted, in.Period)
		files, in.Evidence = []task.Evidence{f}, []task.EvidenceID{f.ID}
	}
	in.Due = g.rules.LastDay(t.Parts[0], in.Period, prior, g.workdays)
	at := moment(on, 9, g.IntN(440)).Add(time.Duration(g.IntN(60_000)) * time.Millisecond)
	r, err := task.NewReport(t.Task, t.Parts[0], prior, in, at, on)
	if err != nil {
		return store.LoadedReport{}, fmt.Errorf("nation: reporting %s for %s on %s: %w", t.Title, in.Period, on, err)
	}
	g.done = append(g.done, made{r, at, g.people.desks[r.Unit][org.Clerk]})
	return store.LoadedReport{Report: r, Verifier: task.VerifierOf(t.Task, r.Unit, ""), VerifyBy: g.rules.VerifyBy(on, g.workdays), Files: files}, nil
}

// judge verifies or returns a report by the rule that acts use.
func (g *grower) judge(t *store.LoadedTask, r *store.LoadedReport, on calendar.Date, returned bool) (err error) {
	who := g.people.desks[r.Verifier][org.Verifier]
	by := task.Verifier{Person: who.person, Unit: who.unit}
	at := moment(on, 9, g.IntN(440)).Add(time.Duration(g.IntN(60_000)) * time.Millisecond)
	if returned {
		r.Report, err = task.Return(t.Task, r.Report, by, "佐证材料不全，请补充后再报", at)
	} else {
		r.Report, err = task.Verify(t.Task, r.Report, by, "", at)
	}
	if err != nil {
		return fmt.Errorf("nation: answering a report of %s on %s: %w", t.Title, on, err)
	}
	r.Version++
	g.done = append(g.done, made{r.Report, at, who})
	if task.Finishes(t.Task, r.Report, task.Figure{Claimed: r.Value, Verified: r.Value}) {
		t.State, t.Finished = task.Finished, on
	}
	return nil
}

// enterAll writes the journal's entries of the tree in the order of time.
func (g *grower) enterAll() {
	slices.SortStableFunc(g.done, func(a, b made) int { return a.at.Compare(b.at) })
	entry := map[task.ReportID]string{}
	for _, d := range g.done {
		report, about := journal.Subject{Kind: "report", ID: string(d.ID)}, journal.Subject{Kind: "task", ID: string(d.Task)}
		detail := store.RecordOf(d.Report)
		switch d.State {
		case task.ReportVerified:
			g.enter(d.at, d.by, org.VerifyReport, byVerifier, detail, report, about)
		case task.ReportReturned:
			g.enter(d.at, d.by, org.ReturnReport, byVerifier, detail, report, about)
		default:
			entry[d.ID] = g.enter(d.at, d.by, org.SubmitReport, byPart, detail, about, report)
		}
	}
	for i := range g.tree.Reports {
		r := &g.tree.Reports[i]
		r.Entry = cmp.Or(entry[r.ID], r.Entry)
	}
}
