package sample

import (
	"strings"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

// term writes one clause with what the two parties owe under it.
func term(no, text string, bureau, other org.UnitID, owes ...string) memo.Clause {
	c := memo.Clause{No: no, Text: text}
	obligor, confirms := bureau, other
	for _, words := range owes { // the bureau's first, then the other party's
		if words != "" {
			c.Commitments = append(c.Commitments, memo.Commitment{Obligor: obligor, Confirms: confirms, Text: words})
		}
		obligor, confirms = confirms, obligor
	}
	return c
}

// cityMemorandum is the memorandum with a city, in the measures that the article names.
func cityMemorandum(p *province, d *deal) memo.Memorandum {
	b, g, place := p.unit(sichuan, org.FunctionQuality).ID, d.other.ID, p.placeOf(d.region)
	m := memo.Memorandum{
		Title: "《四川省质监局 " + d.other.Name + "合作备忘录》", Kind: "合作备忘录", Region: d.region,
		Parties: []org.UnitID{b, g}, Signed: d.signed, Place: place, Stage: memo.InForce,
	}
	m.Title = strings.Replace(m.Title, "彝族自治州", "州", 1)
	if !d.signed.IsZero() {
		m.Until = calendar.NewDate(d.signed.Year+3, d.signed.Month, d.signed.Day).AddDays(-1)
	}
	m.Clauses = []memo.Clause{
		term("第一条", "共同实施名牌战略，培育"+place+"优势产业和重点企业。", b, g,
			"对"+place+"名牌培育企业在质量管理、标准、计量和检验方面给予帮扶，优先推荐四川名牌产品。",
			"把名牌培育列入年度工作目标，对获得四川名牌产品称号的企业给予奖励。"),
		term("第二条", "推进标准化和地理标志产品保护。", b, g,
			"支持创建国家级和省级农业标准化示范区，指导地理标志产品保护申报和地方标准制定。",
			"安排示范区配套资金，组织农业等部门和县（市、区）实施。"),
		term("第三条", "加强食品安全监管，保障监督抽查投入。", b, g,
			"加强食品生产加工环节监督抽查，结果及时通报市（州）政府。",
			"将食品监督抽查经费纳入同级地方财政列支。"),
		term("第四条", "加强质监技术机构建设。", b, g,
			"在检验项目、设备和人员培训上给予倾斜。",
			"为质监技术机构建设提供用地，安排建设资金。"),
		term("第五条", "维护市场秩序，打假扶优，保障计量和特种设备安全。", b, g,
			"组织执法打假和强制检定，开展特种设备安全监察。",
			"组织有关部门联合开展专项行动。"),
		term("第六条", "建立工作机制。", b, g,
			"成立合作备忘录领导小组办公室，每年会商一次。",
			"成立领导小组，建立由政府召集、质监牵头、相关部门参加的质量例会制度，落实情况纳入目标管理。"),
	}
	return m
}

// departmentMemorandum is a memorandum with a department of the province.
func departmentMemorandum(p *province, d *deal) memo.Memorandum {
	b := p.unit(sichuan, org.FunctionQuality).ID
	return memo.Memorandum{
		Title: "《四川省质监局 " + d.other.Name + "合作备忘录》", Kind: "合作备忘录", Region: sichuan,
		Parties: []org.UnitID{b, d.other.ID}, Signed: d.signed, Place: "成都", Stage: memo.InForce,
		Until: calendar.NewDate(d.signed.Year+3, d.signed.Month, d.signed.Day).AddDays(-1),
		Clauses: []memo.Clause{
			term("一", "双方建立会商机制，共享监督抽查和标准信息。", b, d.other.ID,
				"按季度提供监督抽查结果和标准信息。", "按季度提供本行业质量状况。"),
			term("二", "双方在标准、计量、检验方面协同推进行业质量提升。", b, d.other.ID,
				"对行业重点项目给予标准、计量和检验支持。", "组织行业单位参加试点和示范。"),
		},
	}
}

// panzhihua is the memorandum that is about to be signed: the article says that
// the city gave land and money first, and how much.
func panzhihua(p *province) *deal {
	d := &deal{region: "510400", other: p.unit("510400", government), entered: date("2010-04-06")}
	d.memo = cityMemorandum(p, d)
	d.memo.Stage, d.memo.Kind, d.memo.Place = memo.Preparing, "合作备忘录（送审稿）", ""
	b, g := p.unit(sichuan, org.FunctionQuality).ID, d.other.ID
	d.memo.Clauses[3] = term("第四条", "加强质监技术机构建设。签署前攀枝花市政府已为钒钛检测中心建设提供土地1.33公顷，支持建设资金6000余万元。", b, g,
		"把钒钛检测中心建设列入全省检验检测能力建设重点，在项目、设备和人员上给予支持。",
		"为钒钛检测中心提供土地1.33公顷，支持建设资金6000余万元。")
	c := &d.memo.Clauses[3]
	promise(c, g, b, "提供钒钛检测中心建设用地1.33公顷", "", "1.33公顷", memo.Support{Kind: memo.Land, Amount: 13_300, Unit: "公顷"})
	c.Commitments = append(c.Commitments[:1], c.Commitments[2:]...) // said piece by piece instead
	promise(c, g, b, "2009年安排建设资金2000万元", "2009年底前", "2000万元", memo.Support{Kind: memo.Money, Amount: 20_000_000 * yuan, Year: 2009})
	promise(c, g, b, "2010年安排建设资金4000万元", "2010年12月底前", "不少于4000万元", memo.Support{Kind: memo.Money, Amount: 40_000_000 * yuan, Year: 2010})
	promise(c, g, b, "核定钒钛检测中心事业编制12名", "2011年6月底前", "12名", memo.Support{Kind: memo.Posts, Amount: 12 * int64(task.One)})
	promise(c, b, g, "调剂检验仪器设备15台（套）", "2011年12月底前", "不少于15台（套）", memo.Support{Kind: memo.Equipment, Amount: 15 * int64(task.One), Unit: "台（套）"})
	return d
}
