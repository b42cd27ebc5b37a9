package act

import (
	"context"
	"strconv"
	"strings"

	"gongjian/internal/assess"
	"gongjian/internal/fault"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

// gathering reads what a document says, as its issuer sees it.
type gathering struct {
	ctx  context.Context
	view *store.View
	in   *Issuing
}

// mostRows is how many rows of a unit's own table are read.
const mostRows = 5000

func (g gathering) source() (source, error) {
	switch g.in.Kind {
	case official.Memorandum:
		return g.memorandum(memo.ID(g.in.Subject))
	case official.Plan:
		return g.plan(memo.PlanID(g.in.Subject))
	case official.Implementation:
		return g.implementation(memo.PlanID(g.in.Subject))
	case official.UnitTasks:
		return g.unitTasks()
	case official.Scorecard:
		return g.scorecard()
	case official.Bulletin:
		return g.bulletin(store.AssessmentID(g.in.Subject))
	}
	return source{}, fault.New(fault.NotFound, "absent")
}

func (g gathering) memorandum(id memo.ID) (source, error) {
	m, err := g.view.Memorandum(g.ctx, id)
	if err != nil {
		return source{}, err
	}
	ids := append([]org.UnitID{}, m.Parties...)
	for _, c := range m.Clauses {
		for _, k := range c.Commitments {
			ids = append(append(ids, k.Obligors()...), k.Confirms)
		}
	}
	names, err := g.names(ids)
	if err != nil {
		return source{}, err
	}
	d := &official.MemorandumData{Title: official.Text(m.Title), Signed: m.Signed, Until: m.Until, Place: official.Text(m.Place)}
	for _, p := range m.Parties {
		d.Parties = append(d.Parties, names(p))
	}
	for _, c := range m.Clauses {
		d.Clauses = append(d.Clauses, official.Clause{No: official.Text(c.No), Text: official.Text(c.Text)})
		for _, k := range c.Commitments {
			row := official.Commitment{No: official.Text(c.No), Text: official.Text(k.Text), Confirms: names(k.Confirms)}
			var who []string
			for _, u := range k.Obligors() {
				who = append(who, string(names(u)))
			}
			row.Obligor = official.Text(strings.Join(who, "、"))
			if k.Support != nil {
				row.Text += official.Text("（" + support.Words(*k.Support) + "）")
			}
			d.Commitments = append(d.Commitments, row)
		}
	}
	d.To = official.Text(official.Addressee(texts(d.Parties, g.view.Caller().Unit().Name)...))
	s := source{data: d, subjectKind: "memorandum", subject: string(id), access: org.DocumentFacts{Office: m.Office, Region: m.Region}}
	if m.Signed.IsZero() {
		s.open = fault.New(fault.Conflict, "document.memorandum-unsigned")
	}
	return s, nil
}

// names reads the names of units and returns a look-up.
func (g gathering) names(ids []org.UnitID) (func(org.UnitID) official.Text, error) {
	seen := map[org.UnitID]bool{"": true}
	var wanted []org.UnitID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			wanted = append(wanted, id)
		}
	}
	all := map[org.UnitID]org.Unit{}
	for start := 0; start < len(wanted); start += 500 {
		some, err := g.view.Names(g.ctx, wanted[start:min(start+500, len(wanted))])
		if err != nil {
			return nil, err
		}
		for id, u := range some {
			all[id] = u
		}
	}
	return func(id org.UnitID) official.Text { return official.Text(all[id].Name) }, nil
}

// texts are names as plain text, without the one that writes.
func texts(all []official.Text, but string) (out []string) {
	for _, t := range all {
		if string(t) != but {
			out = append(out, string(t))
		}
	}
	return out
}

func (g gathering) plan(id memo.PlanID) (source, error) {
	p, err := g.view.Plan(g.ctx, id)
	if err != nil {
		return source{}, err
	}
	rows, err := g.view.PlanTable(g.ctx, id)
	if err != nil {
		return source{}, err
	}
	d := &official.PlanData{Title: official.Text(p.Title), Year: p.Year, Memorandum: official.Text(p.Memorandum.Title)}
	if d.Rows, err = g.rows(rows); err != nil {
		return source{}, err
	}
	d.To = official.Text(official.Addressee())
	s := source{data: d, subjectKind: "plan", subject: string(id), access: org.DocumentFacts{Office: p.Office, Region: p.Region}}
	if p.Issued.IsZero() {
		s.open = fault.New(fault.Conflict, "document.plan-not-issued")
	}
	return s, nil
}

// rows writes tasks as rows of a task table, with the documents' own words where
// they are kept.
func (g gathering) rows(tasks []store.TaskRow) ([]official.TaskRow, error) {
	var ids []org.UnitID
	for _, t := range tasks {
		ids = append(append(ids, t.Leads...), t.Cooperating...)
	}
	names, err := g.names(ids)
	if err != nil {
		return nil, err
	}
	list := func(units []org.UnitID) official.Text {
		var out []string
		for _, u := range units {
			out = append(out, string(names(u)))
		}
		return official.Text(strings.Join(out, "、"))
	}
	var out []official.TaskRow
	for _, t := range tasks {
		r := official.TaskRow{
			No: official.Text(t.No), Title: official.Text(t.Title), Measures: official.Text(t.Measures), Note: official.Text(t.Note),
			Leads: official.Text(t.LeadWords), Cooperating: list(t.Cooperating), Deadline: deadlineText(t.Task), Target: targetText(t.Target),
		}
		if t.LeadWords == "" {
			r.Leads = list(t.Leads)
		}
		for _, h := range t.Chapter {
			r.Chapter = append(r.Chapter, official.Text(h))
		}
		out = append(out, r)
	}
	return out, nil
}

// deadlineText is the deadline in the document's words, or the day that it means.
func deadlineText(t task.Task) official.Text {
	if t.Deadline.Text != "" {
		return official.Text(t.Deadline.Text)
	}
	return official.Text(official.Day(t.Due))
}

func targetText(t *task.Target) official.Text {
	switch {
	case t == nil:
		return ""
	case t.Text != "":
		return official.Text(t.Text)
	}
	return official.Text(t.String())
}

// unitTasks is a unit's tasks of a year: its own office writes all of them, an
// office that runs plans those of its plans.
func (g gathering) unitTasks() (source, error) {
	id, y, ok := strings.Cut(g.in.Subject, "/")
	year, err := strconv.Atoi(y)
	if !ok || err != nil {
		return source{}, fault.New(fault.NotFound, "absent")
	}
	me, unit := g.view.Caller().Unit(), org.UnitID(id)
	units, err := g.view.Names(g.ctx, []org.UnitID{unit})
	if err != nil {
		return source{}, err
	}
	u, ok := units[unit]
	if !ok {
		return source{}, fault.New(fault.NotFound, "absent")
	}
	office := me.ID
	if unit == me.ID {
		office = ""
	}
	all, err := g.view.NoticeTasks(g.ctx, unit, year, office, mostRows)
	if err != nil {
		return source{}, err
	}
	d := &official.UnitTasksData{Unit: official.Text(u.Name), Year: year, Own: unit == me.ID}
	tasks := make([]store.TaskRow, len(all))
	for i, t := range all {
		tasks[i] = t.TaskRow
	}
	if d.Rows, err = g.rows(tasks); err != nil {
		return source{}, err
	}
	for i, t := range all {
		d.Rows[i].No, d.Rows[i].Role, d.Rows[i].Chapter = official.Text(strconv.Itoa(i+1)), official.RoleWord(t.Leading), nil
	}
	d.To = official.Text(u.Name)
	s := source{data: d, subjectKind: "unit", subject: string(unit) + "/" + y, access: org.DocumentFacts{Office: me.ID, About: unit, Region: u.Region}}
	if len(all) == 0 {
		s.open = fault.New(fault.Conflict, "document.no-tasks")
	}
	return s, nil
}

func (g gathering) scorecard() (source, error) {
	run, region, ok := strings.Cut(g.in.Subject, "/")
	if !ok {
		return source{}, fault.New(fault.NotFound, "absent")
	}
	c, err := g.view.Scorecard(g.ctx, store.AssessmentID(run), org.RegionCode(region))
	if err != nil {
		return source{}, err
	}
	about, name, err := g.view.Government(g.ctx, c.Region)
	if err != nil {
		return source{}, err
	}
	if name == "" {
		name = g.in.Words.Region(c.Region)
	}
	card, by := c.Read.Card, c.Read.Scheme.Rounding
	d := &official.ScorecardData{
		Assessed: official.Text(name), Scheme: official.Text(c.Read.Scheme.Name), Period: official.Span(c.Run.Period), AsOf: c.Run.AsOf,
		Total: official.Text(card.Total.StringFixed(by.TotalPlaces)), Grade: official.Text(card.Grade), Place: c.Place, Of: ranked(c.Run.Ranking), Digest: official.Text(c.Digest),
	}
	if m := c.Run.Ranking.Median; m != nil {
		d.Median = official.Text(m.StringFixed(by.TotalPlaces))
	}
	for _, l := range card.Lines {
		d.Lines = append(d.Lines, g.scoreLine(l, by.ItemPlaces))
	}
	d.To = official.Text(name)
	s := source{data: d, subjectKind: "scorecard", subject: g.in.Subject, access: org.DocumentFacts{Office: c.Run.Office, About: about, Region: c.Region}}
	if c.Run.Published.IsZero() {
		s.open = fault.New(fault.Conflict, "document.not-published")
	}
	return s, nil
}

// ranked counts the complete cards of a ranking.
func ranked(r assess.Ranking) (n int) {
	for _, e := range r.Entries {
		if e.Rank > 0 {
			n++
		}
	}
	return n
}

func (g gathering) scoreLine(l assess.Line, places int32) official.ScoreLine {
	out := official.ScoreLine{No: official.Text(l.No), Title: official.Text(l.Title), Heading: l.Kind == assess.Heading}
	if l.Kind != assess.Veto {
		if l.Points.IsPositive() {
			out.Points = official.Text(l.Points.StringFixed(places))
		}
		out.Got = official.Text(l.Got.StringFixed(places))
	}
	if l.Why != nil && g.in.Words.Say != nil {
		out.Why = official.Text(g.in.Words.Say(*l.Why))
	}
	return out
}

func (g gathering) bulletin(id store.AssessmentID) (source, error) {
	run, err := g.view.Run(g.ctx, id)
	if err != nil {
		return source{}, err
	}
	scheme, err := g.view.Scheme(g.ctx, run.Scheme, run.Version)
	if err != nil {
		return source{}, err
	}
	places := scheme.Rounding.TotalPlaces
	d := &official.BulletinData{Scheme: official.Text(scheme.Name), Period: official.Span(run.Period), AsOf: run.AsOf}
	for _, x := range scheme.Groups {
		if x.Key == run.Group {
			d.Group = official.Text(x.Label)
		}
	}
	if m := run.Ranking.Median; m != nil {
		d.Median = official.Text(m.StringFixed(places))
	}
	var region org.RegionCode
	for _, e := range run.Ranking.Entries {
		if region == "" && len(e.Subject) == 6 {
			region = e.Subject[:2] + "0000"
		}
		s := official.Standing{Place: e.Rank, Name: official.Text(g.in.Words.Region(e.Subject)), Total: official.Text(e.Total.StringFixed(places)), Grade: official.Text(e.Grade)}
		for _, c := range e.Capped {
			s.Capped = append(s.Capped, official.Text(c))
		}
		if e.Previous != nil {
			s.Before = e.Previous.Rank
		}
		d.Standings = append(d.Standings, s)
	}
	d.To = official.Text(official.Addressee())
	s := source{data: d, subjectKind: "assessment", subject: string(id), access: org.DocumentFacts{Office: run.Office, Region: region}}
	if run.Published.IsZero() {
		s.open = fault.New(fault.Conflict, "document.not-published")
	}
	return s, nil
}
