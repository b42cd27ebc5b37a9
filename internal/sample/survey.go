package sample

import (
	"gongjian/internal/measure"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
)

// The survey of 攀枝花 (mission, row S4) leads to the memorandum about to be signed;
// that of 凉山 is still being answered. Their figures are made up; that the city
// gives land and money for a centre of vanadium and titanium is from the article.

const statistics = "2009年统计公报"

// figure answers a question of figures for the survey's year and the one before.
func figure(question string, now, before int) survey.Answer {
	v, b := task.Count(now), task.Count(before)
	return survey.Answer{Question: question, Value: &v, Before: &b, Source: statistics}
}

func single(question string, now int) survey.Answer {
	v := task.Count(now)
	return survey.Answer{Question: question, Value: &v, Source: statistics}
}

func words(question, said string) survey.Answer {
	return survey.Answer{Question: question, Words: said}
}

func choice(question, chosen string) survey.Answer {
	return survey.Answer{Question: question, Choices: []string{chosen}}
}

// panzhihuaAnswers are the sections of the standard questionnaire, answered.
func panzhihuaAnswers() [][]survey.Answer {
	return [][]survey.Answer{
		{figure("gdp", 424, 428), figure("industry-output", 921, 968), figure("industry-firms", 342, 331), figure("food-firms", 86, 79),
			{Question: "pillars", Codes: []string{"B08", "C32"}}, words("plan", "以钒钛资源综合利用为重点，建设检验检测公共平台")},
		{figure("pass-rate", 91, 89), figure("food-pass-rate", 93, 94), figure("complaints", 128, 117), figure("cases", 64, 58), figure("accidents", 0, 1),
			figure("equipment-inspected", 96, 95), choice("quality-meeting", "未建立"), words("quality-problems", "钒钛制品检验项目不全，送外地检验周期长")},
		{{Question: "advantage", Codes: []string{"B08", "C32", "A01"}}, figure("brands", 9, 11), single("national-brands", 1), figure("standards", 14, 12),
			figure("local-standards", 3, 3), figure("zones", 5, 4), figure("geographic", 1, 1), words("geographic-candidates", "早市蔬菜、芒果")},
		{{Question: "key-firms", Firms: []survey.Firm{{Name: "示例钒钛材料有限公司"}, {Name: "示例钛业股份有限公司"}}}, figure("iso-firms", 71, 64),
			figure("measuring-firms", 18, 15), single("quality-officers", 40), words("firm-difficulties", "缺少钒钛产品检验能力和标准物质")},
		{figure("test-people", 46, 44), figure("test-assets", 2100, 1850), single("test-area", 3200), single("national-centres", 0),
			choice("test-need", "不能满足"), figure("measures-covered", 21, 20), words("test-missing", "钒钛合金成分、钛白粉粒度等项目")},
		{figure("food-budget", 120, 60), choice("brand-award", "已出台，未兑现"), words("wanted", "支持建设钒钛检测中心，在项目、设备和人员上给予帮助"),
			words("offered", "提供土地1.33公顷，安排建设资金6000余万元"), choice("fight-joint", "部门之间有协议")},
	}
}

// surveys notes the surveys of 攀枝花 and of 凉山.
func (w *world) surveys(city *deal) {
	w.note(moment(date("2010-04-07"), 10, 0), func() error { return w.failed(w.surveyLiangshan(), "the survey of 凉山") })
	var id survey.ID
	w.note(moment(date("2010-04-08"), 9, 30), func() error {
		sections := survey.Standard()
		for i := range sections {
			sections[i].Unit = w.unit(city.region, org.FunctionQuality).ID
		}
		sections[0].Unit, sections[5].Unit = city.other.ID, city.other.ID
		var err error
		id, err = w.send(survey.Survey{Title: "攀枝花市经济和质量状况调研", Region: city.region, Year: 2010, Memorandum: string(city.id), Due: date("2010-04-23"),
			About: "为商签合作备忘录做准备，请如实填写并注明数据来源。", Sections: sections})
		return w.failed(err, "the survey of 攀枝花")
	})
	for i, answers := range panzhihuaAnswers() {
		w.note(someTime(workday(date("2010-04-13"), i), "调研", answers[0].Question), func() error {
			unit := w.unit(city.region, org.FunctionQuality).ID
			if i == 0 || i == 5 {
				unit = city.other.ID
			}
			return w.failed(w.handIn(id, i+1, unit, answers), "answering the survey of 攀枝花")
		})
	}
	w.note(moment(date("2010-05-13"), 9, 40), func() error { return w.failed(w.conclude(id, city), "findings of 攀枝花") })
}

// send enters a survey and gives it to the units that answer it.
func (w *world) send(s survey.Survey) (survey.ID, error) {
	c, err := w.bureau(org.Office)
	if err != nil {
		return "", err
	}
	_, id, err := w.desk.EnterSurvey(w.ctx, c, "", s)
	if err != nil {
		return "", err
	}
	w.clock.tick()
	_, err = w.desk.SendSurvey(w.ctx, c, "", id, 1)
	return id, err
}

// handIn hands a section in that nobody has begun.
func (w *world) handIn(id survey.ID, section int, unit org.UnitID, answers []survey.Answer) error {
	c, err := w.as(unit, org.Clerk, org.Office)
	if err != nil {
		return err
	}
	_, err = w.desk.AnswerSection(w.ctx, c, "", id, section, 1, answers, true)
	return err
}

// surveyLiangshan sends the survey that is still being answered: the prefecture's
// bureau has handed in two sections, 冕宁 has one to fill in.
func (w *world) surveyLiangshan() error {
	bureau, county := w.unit(liangshan, org.FunctionQuality).ID, w.unit(mianning, org.FunctionQuality).ID
	sections := survey.Standard()[1:5]
	for i := range sections {
		sections[i].Unit = bureau
	}
	sections[2].Unit = county
	id, err := w.send(survey.Survey{Title: "凉山州特色产业质量调研", Region: liangshan, Year: 2010, Due: date("2010-06-18"),
		About: "补充了解县域特色产业和检验能力，供下半年调整措施参考。", Sections: sections})
	if err != nil {
		return err
	}
	w.liangshanSurvey = id
	for i, answers := range [][]survey.Answer{
		{figure("pass-rate", 88, 86), figure("food-pass-rate", 90, 88), figure("complaints", 96, 101), figure("cases", 72, 69), figure("accidents", 0, 0),
			figure("equipment-inspected", 92, 90), choice("quality-meeting", "已建立，按期召开")},
		{{Question: "advantage", Codes: []string{"A01", "C13"}}, figure("brands", 15, 12), figure("local-standards", 6, 4), figure("zones", 8, 6), figure("geographic", 3, 1)},
	} {
		w.note(someTime(workday(date("2010-04-20"), i), "凉山调研"), func() error {
			return w.failed(w.handIn(id, i+1, bureau, answers), "answering the survey of 凉山")
		})
	}
	return nil
}

// conclude closes a survey, draws its findings, one of them against another place,
// and puts the measures that answer them into the bureau's draft.
func (w *world) conclude(id survey.ID, city *deal) error {
	c, err := w.bureau(org.Office)
	if err != nil {
		return err
	}
	s, err := w.desk.Store().View(c).Survey(w.ctx, id)
	if err != nil {
		return err
	}
	if _, err := w.desk.CloseSurvey(w.ctx, c, "", id, s.Version); err != nil {
		return err
	}
	var chosen []measure.Chosen
	for i, x := range []struct {
		finding  survey.Finding
		rests    string
		with     survey.ID
		measure  string
		bureau   bool
		wording  string
		target   string
		deadline string
	}{
		{survey.Finding{Kind: survey.Gap, Field: survey.Testing, Sentence: "检验能力不能满足钒钛产业需要"}, "test-need", "", "testing-centre", true,
			"支持攀枝花市建设钒钛检测中心，指导资质认定，调剂仪器设备。", "通过资质认定的钒钛检验项目不少于60项", "2011年12月底前"},
		{survey.Finding{Kind: survey.Gap, Field: survey.Brands, Sentence: "省名牌产品由11个减到9个，少于凉山州的15个"}, "brands", w.liangshanSurvey, "brands-cultivate", true,
			"建立名牌培育库，对攀枝花市申报企业逐户辅导，争取新增省名牌产品。", "新增省名牌产品不少于5个", "2012年12月底前"},
		{survey.Finding{Kind: survey.Gap, Field: survey.QualityCity, Sentence: "质量工作例会制度尚未建立"}, "quality-meeting", "", "quality-meeting", false,
			"由政府分管领导召集，每半年召开一次质量工作例会，通报质量状况，议定事项列入督查。", "每年不少于2次", "长期坚持"},
	} {
		w.clock.tick()
		x.finding.Survey = id
		_, found, err := w.desk.DrawFinding(w.ctx, c, "", x.finding, []string{x.rests}, x.with)
		if err != nil {
			return err
		}
		k := measure.Chosen{ID: measure.ChosenID(rune('a' + i)), Finding: found, Wording: x.wording, Target: x.target, Deadline: x.deadline, Obligor: city.other.ID, Confirms: c.Unit().ID}
		if x.bureau {
			k.Obligor, k.Confirms = c.Unit().ID, city.other.ID
		}
		if k.Measure, err = w.measureOf(c, x.finding.Field, x.measure); err != nil {
			return err
		}
		chosen = append(chosen, k)
	}
	w.clock.tick()
	_, err = w.desk.TakeMeasures(w.ctx, c, "", city.id, 0, chosen)
	return err
}

// measureOf finds a standard measure in the caller's catalogue.
func (w *world) measureOf(c org.Caller, field survey.Field, key string) (measure.ID, error) {
	all, err := w.desk.Store().View(c).Measures(w.ctx, store.MeasureFilter{Field: field}, store.MeasureKey{}, 50)
	for _, e := range all {
		if e.Key == key {
			return e.ID, err
		}
	}
	return "", err
}

// opinions notes that 达州 asks its own units about the newest version: one agrees,
// the legal check is still open.
func (w *world) opinions(city *deal) {
	bureau := w.unit(city.region, org.FunctionQuality).ID
	w.note(moment(date("2010-06-01"), 14, 20), func() error {
		c, err := w.as(city.other.ID, org.Office)
		if err != nil {
			return err
		}
		m, err := w.desk.Store().View(c).Memorandum(w.ctx, city.id)
		if err != nil {
			return err
		}
		n, err := w.desk.Store().View(c).Negotiation(w.ctx, m.Memorandum)
		if err != nil {
			return err
		}
		for _, o := range []memo.Opinion{{Asked: bureau, Kind: memo.DepartmentOpinion}, {Asked: city.other.ID, Kind: memo.LegalOpinion}} {
			o.Version, o.Due = n.Newest.ID, date("2010-06-09")
			if _, err := w.desk.AskOpinion(w.ctx, c, "", o); err != nil {
				return w.failed(err, "asking for an opinion")
			}
			w.clock.tick()
		}
		return nil
	})
	w.note(moment(date("2010-06-03"), 10, 10), func() error {
		c, err := w.as(bureau, org.Office)
		if err != nil {
			return err
		}
		mine, err := w.desk.Store().View(c).AskedOpinions(w.ctx, true, store.OpinionKey{}, 1)
		if err != nil || len(mine) == 0 {
			return w.failed(err, "an opinion asked for")
		}
		_, err = w.desk.GiveOpinion(w.ctx, c, "", mine[0].ID, memo.Agrees, "第三条分级负担可行，同意。")
		return w.failed(err, "giving an opinion")
	})
}
