package sample

import (
	"strings"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/support"
	"gongjian/internal/task"
)

// promise adds to a clause what one side gives beside deeds.
func promise(c *memo.Clause, obligor, confirms org.UnitID, text, deadline, target string, s memo.Support) {
	s.Words = text
	c.Commitments = append(c.Commitments, memo.Commitment{Obligor: obligor, Confirms: confirms, Text: text, Deadline: deadline, Target: target, Support: &s})
}

const yuan = 100 // fen

// gift is one entry of the ledger of support, and whether the receiver verified it.
type gift struct {
	on       calendar.Date
	place    int // of the commitment in the fourth clause
	delivery support.Delivery
	file     string
	verified bool
}

// supports notes what 攀枝花 has given for the centre: land and part of the money
// (mission, row S11; how it falls on years is made up).
func (w *world) supports(city *deal) {
	for _, g := range []gift{
		{date("2010-05-26"), 1, support.Delivery{Kind: memo.Land, Value: task.Quantity(1.33 * float64(task.One)), Unit: "公顷", Year: 2009, On: date("2009-11-20"), Words: "钒钛检测中心建设用地"}, "建设用地划拨决定书", true},
		{date("2010-05-27"), 2, support.Delivery{Kind: memo.Money, Value: task.Count(2000), Unit: "万元", Year: 2009, On: date("2009-12-15"), Words: "第一期建设资金"}, "资金下达文件", true},
		{date("2010-06-02"), 3, support.Delivery{Kind: memo.Money, Value: task.Count(1500), Unit: "万元", Year: 2010, On: date("2010-05-28"), Words: "第二期建设资金，部分到位"}, "拨款凭证", false},
		{date("2010-06-03"), 4, support.Delivery{Kind: memo.Posts, Value: task.Count(6), Unit: "名", Year: 2010, On: date("2010-05-20"), Words: "首批事业编制"}, "编制批复", true},
	} {
		w.note(someTime(g.on, g.file), func() error { return w.failed(w.grant(city, g), g.file) })
	}
}

// grant enters a gift with its evidence and lets the receiver verify it.
func (w *world) grant(city *deal, g gift) error {
	giver, err := w.as(city.other.ID, org.Office)
	if err != nil {
		return err
	}
	taker := w.unit(city.region, org.FunctionQuality).ID
	f, err := w.keep(g.file+".txt", strings.NewReader("示例数据\n"+g.file+"\n"+g.delivery.Words+"\n"))
	if err != nil {
		return err
	}
	m, err := w.desk.Store().View(giver).Memorandum(w.ctx, city.id)
	if err != nil {
		return err
	}
	d := g.delivery
	d.Region, d.Giver, d.Taker, d.Commitment = city.region, city.other.ID, taker, m.Clauses[3].Commitments[g.place].ID
	_, id, err := w.desk.EnterSupport(w.ctx, giver, "", d, []task.Evidence{f})
	if err != nil || !g.verified {
		return err
	}
	c, err := w.as(taker, org.Verifier)
	if err != nil {
		return err
	}
	w.clock.tick()
	_, err = w.desk.VerifySupport(w.ctx, c, "", id, 1, true, "")
	return err
}

// carryOut notes the implementation plan of 凉山 and its responsibility letters
// (mission, rows S6 and S10): signed on paper at a conference, one not yet, and one
// whose task changed after it, so that it needs a supplement.
func (w *world) carryOut(d *deal) {
	plan := func(c org.Caller) (memo.PlanID, error) {
		all, err := w.desk.Store().View(c).LetterPlans(w.ctx, 100)
		for _, p := range all {
			if p.Title == d.plans[0].title {
				return p.ID, err
			}
		}
		return "", err
	}
	as := func(f func(c org.Caller, id memo.PlanID) error) func() error {
		return func() error {
			c, err := w.bureau(org.Office)
			if err != nil {
				return err
			}
			id, err := plan(c)
			if err != nil {
				return err
			}
			return w.failed(f(c, id), d.plans[0].title)
		}
	}
	w.note(moment(date("2010-03-09"), 9, 30), as(func(c org.Caller, id memo.PlanID) error {
		_, err := w.desk.SaveImplementation(w.ctx, c, "", implementation(id))
		return err
	}))
	w.note(moment(date("2010-03-25"), 15, 0), as(w.signLetters))
	w.note(moment(date("2010-04-12"), 10, 30), as(w.changePublicity))
}

func implementation(id memo.PlanID) memo.Implementation {
	return memo.Implementation{
		Plan: id, Aim: "以质取胜，把合作备忘录的承诺落实到县（市）和部门，按月对账、按季通报。",
		Group: []memo.GroupSeat{
			{Duty: memo.GroupHead, Unit: "凉山州人民政府", Post: "分管副州长"},
			{Duty: memo.GroupDeputy, Unit: "凉山州人民政府", Post: "分管副秘书长"},
			{Duty: memo.GroupDeputy, Unit: "凉山州质监局", Post: "局长"},
			{Duty: memo.GroupMember, Unit: "凉山州财政局", Post: "分管副局长"},
			{Duty: memo.GroupMember, Unit: "凉山州农业局", Post: "分管副局长"},
		},
		Office: "凉山州质监局", OfficeHead: "凉山州质监局局长",
		Safeguards: []string{"组织领导：领导小组每季度听取一次汇报", "经费保障：抽查和培训经费列入州级预算", "督促检查：每两月召开一次质量例会，年底考核"},
		Schedule: []memo.ScheduleStage{
			{Title: "动员部署", From: date("2010-03-01"), To: date("2010-03-31"), Words: "印发方案，分解任务，签订目标责任书"},
			{Title: "组织实施", From: date("2010-04-01"), To: date("2010-10-31"), Words: "按月填报，按季通报"},
			{Title: "检查总结", From: date("2010-11-01"), To: date("2010-12-31"), Words: "核实结果，考核评比"},
		},
	}
}

// signLetters draws the letters of a plan, gives them out and records what was
// signed on paper at the conference.
func (w *world) signLetters(c org.Caller, id memo.PlanID) error {
	_, batch, err := w.desk.DrawLetters(w.ctx, c, "", act.Drawing{Plan: id, Giver: w.unit(liangshan, government).ID})
	if err != nil {
		return err
	}
	w.clock.tick()
	if _, err := w.desk.GiveLetters(w.ctx, c, "", act.Letters{Batch: batch}); err != nil {
		return err
	}
	all, err := w.desk.Store().View(c).Letters(w.ctx, store.LetterFilter{Batch: batch}, store.LetterKey{}, 200)
	if err != nil {
		return err
	}
	f, err := w.keep("目标责任书签字页.txt", strings.NewReader("示例数据\n目标责任书集中签订，签字页扫描件\n"))
	if err != nil {
		return err
	}
	var signed act.Letters
	for i, l := range all {
		if i != len(all)/2 { // one was not at the conference
			signed.IDs = append(signed.IDs, l.ID)
		}
	}
	w.clock.tick()
	how := act.Signing{Place: "西昌", Day: date("2010-03-25"), Scan: string(f.ID)}
	_, err = w.desk.EnterLetterSignatures(w.ctx, c, "", signed, []letter.Side{letter.TheGiver, letter.TheTaker}, how)
	return err
}

// changePublicity changes what a task asks after its letter was signed.
func (w *world) changePublicity(c org.Caller, id memo.PlanID) error {
	rows, err := w.desk.Store().View(c).PlanTasks(w.ctx, id)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.Title != "质量兴州宣传" {
			continue
		}
		_, err := w.desk.Change(w.ctx, c, "", k.ID, act.Change{Version: k.Version, Title: k.Title, Measures: "增加彝汉双语宣传资料，覆盖17个县（市）", Deadline: k.Deadline, Due: k.Due,
			Target: k.Target, Evidence: k.EvidenceWanted, Cadence: k.Cadence, Field: k.Field, Reason: "州领导小组第一次会议要求"})
		return err
	}
	return nil
}

// ahead notes what comes next: 泸州's memorandum is renewed before its term ends, and
// 广安's plan for 2011 is proposed from its commitments and lies before the city.
func (w *world) ahead(luzhou, guangan *deal) {
	w.note(moment(date("2010-06-03"), 15, 30), func() error {
		c, err := w.bureau(org.Office)
		if err == nil {
			_, _, err = w.desk.RenewMemorandum(w.ctx, c, "", luzhou.id)
		}
		return w.failed(err, "renewing "+luzhou.memo.Title)
	})
	w.note(moment(date("2010-06-04"), 10, 0), func() error { return w.failed(w.offer(guangan), "the next plan of "+guangan.memo.Title) })
}

// offer proposes a plan for the next year from what both sides owe.
func (w *world) offer(d *deal) error {
	c, err := w.bureau(org.Office)
	if err != nil {
		return err
	}
	m, err := w.desk.Store().View(c).Memorandum(w.ctx, d.id)
	if err != nil {
		return err
	}
	_, id, err := w.desk.EnterPlan(w.ctx, c, "", d.id, 2011, w.placeOf(d.region)+"2011年度工作计划（送审）")
	if err != nil {
		return err
	}
	var taken []memo.CommitmentID
	for _, k := range m.Clauses {
		for _, owed := range k.Commitments {
			taken = append(taken, owed.ID)
		}
	}
	w.clock.tick()
	if _, _, err := w.desk.TakeOffers(w.ctx, c, "", id, taken); err != nil {
		return err
	}
	w.clock.tick()
	_, err = w.desk.PutPlan(w.ctx, c, "", id)
	return err
}
