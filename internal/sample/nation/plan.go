package nation

import (
	"fmt"

	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// The policies that permit what the makers do.
const (
	byMemorandumOffice = "office-runs-memorandum"
	byPlanOffice       = "office-runs-plan"
	byPart             = "taking-part-signs-and-reports"
	byVerifier         = "verifier-verifies"
	byScorer           = "scorer-scores"
	byPublisher        = "province-publishes"
)

// office is who runs the memorandums and plans of a land: the province's bureau.
func (m *maker) office(l *land) seat { return m.people.desks[l.province().bureau().ID][org.Office] }

// signMemorandums enters the memorandums of a province and its cities, as many as
// their plans need.
func (m *maker) signMemorandums(p *land, year int, count func(*land) int) {
	for _, l := range p.planning() {
		for i := range count(l) {
			x := m.memorandum(l, year, i)
			m.try(x.Check())
			m.try(m.load.Memorandum(x))
			l.memorandums = append(l.memorandums, x)
			m.enter(moment(x.Signed, 10, 0), m.office(l), org.EnterMemorandum, byMemorandumOffice, x, journal.Subject{Kind: "memorandum", ID: string(x.ID)})
		}
	}
}

// memorandum is the i-th one of a land: between the province's bureau and the
// land's government.
func (m *maker) memorandum(l *land, year, i int) memo.Memorandum {
	bureau := l.province().bureau()
	x := memo.Memorandum{
		ID: memo.ID(m.next()), Kind: "合作备忘录", Form: memo.Agreement, Region: l.Code, Office: bureau.ID, Stage: memo.InForce,
		Title:   fmt.Sprintf("%s %s合作备忘录", bureau.Name, l.government.Name),
		Parties: []org.UnitID{bureau.ID, l.government.ID}, Place: l.Name,
		Signed: calendar.NewDate(year, 1, 6), Until: calendar.NewDate(year+3, 12, 31),
		Term: memo.Term{Until: calendar.NewDate(year+3, 12, 31)}, Version: 1,
	}
	if i > 0 {
		x.Title += fmt.Sprintf("（%d）", i+1)
	}
	for n, c := range []struct {
		words string
		owes  []bool // whether the government owes it, else the bureau
	}{
		{"双方共同推进质量兴市工作，实施名牌战略和标准化战略。", []bool{true, false}},
		{"双方共同保障民生质量安全，加强计量、特种设备和食品安全监管。", []bool{true, true}},
	} {
		k := memo.Clause{ID: memo.ClauseID(m.next()), No: fmt.Sprintf("第%s条", [...]string{"一", "二"}[n]), Level: 1, Text: c.words, Position: n + 1}
		for _, government := range c.owes {
			obligor, confirms := bureau, l.government
			if government {
				obligor, confirms = confirms, obligor
			}
			k.Commitments = append(k.Commitments, memo.Commitment{
				ID: memo.CommitmentID(m.next()), Clause: k.ID, Obligor: obligor.ID, Confirms: confirms.ID,
				Text: "每年制定工作计划，分解到有关单位并组织落实", Deadline: "长期",
			})
		}
		x.Clauses = append(x.Clauses, k)
	}
	return x
}

// plans enters a land's plans of a year and makes what stands in them.
func (m *maker) plans(l *land, year int, s share) {
	n := s.plans()
	for i := range n {
		of := l.memorandums[i]
		issued := m.workdays.Add(calendar.NewDate(year, 1, 31), 1+i%20)
		p := memo.Plan{
			ID: memo.PlanID(m.next()), Memorandum: of.ID, Year: year, Title: fmt.Sprintf("%s%d年度工作计划", l.Name, year),
			Region: l.Code, Office: of.Office, Issued: issued, Version: 2,
		}
		m.try(m.load.Plan(p))
		about := []journal.Subject{{Kind: "memorandum", ID: string(of.ID)}, {Kind: "plan", ID: string(p.ID)}}
		m.enter(moment(issued, 9, 10), m.office(l), org.EnterPlan, byPlanOffice, p, about...)
		signBy := m.rules.SignBy(issued, m.workdays)
		b := planning{maker: m, land: l, plan: p, of: of, signBy: signBy}
		for row := i; row < s.trees+s.rows; row += n {
			b.row(row < s.trees)
		}
		m.enter(moment(issued, 9, 40), m.office(l), org.IssuePlan, byPlanOffice,
			map[string]any{"plan": p.ID, "tasks": b.position, "sign_by": signBy}, about[1])
	}
}

// planning is the making of one plan.
type planning struct {
	*maker
	land     *land
	plan     memo.Plan
	of       memo.Memorandum
	signBy   calendar.Date
	position int // of the last row
}

// row makes the next row of the plan: a tree down to the counties, or a leaf.
func (b *planning) row(split bool) {
	if b.err != nil {
		return
	}
	b.position++
	g := &grower{planning: b, dice: b.maker.dice(b.maker.n)}
	g.kind = g.pick(!split || b.land.Level != org.Province)
	g.grow(b.land, nil, split)
	b.try(g.bear())
	b.scores.count(b.maker, g.tree)
}

// commitments of the memorandum, in order.
func (b *planning) commitment(n int) memo.CommitmentID {
	k := b.of.Clauses[n/2%2].Commitments
	return k[n%2].ID
}

// deadlineOf is a deadline on the last day of a month.
func deadlineOf(year, month int) task.Deadline {
	last := calendar.Period{Kind: calendar.Month, Year: year, Index: month}.Last()
	return task.Deadline{Text: fmt.Sprintf("%d年%d月底前", year, month), Kind: task.DeadlineByDate, Date: last}
}
