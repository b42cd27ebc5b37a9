package sample

import "gongjian/internal/task"

// returnedBrand is why 冕宁's report for May came back.
const returnedBrand = "附件《推荐名单》第2页印章看不清。重新拍照或扫描第2页，再提交即可"

// liangshanRows is the plan of 凉山 for 2010 as the reference page shows it; the
// fifteen rows that it keeps closed are made up.
func liangshanRows() []row {
	const (
		brand       = "一、实施名牌战略"
		farming     = "二、推进农业标准化"
		food        = "三、保障食品安全投入"
		laboratory  = "四、检验检测能力建设"
		mechanism   = "五、工作机制"
		enforcement = "六、质量监管与打假扶优"
		service     = "七、服务企业与人才培训"
	)
	silent := story{want: task.Red, silent: 1}
	return []row{
		{chapter: brand, title: "新增四川名牌产品", lead: "质监", with: "经济信息化、农业", deadline: "2010年10月底前", target: "不少于20个",
			evidence: "推荐名单或认定文件", clause: 1, story: story{want: task.Yellow}},
		{chapter: brand, title: "县（市）质量兴县活动覆盖率", lead: government, with: "质监", deadline: "每季度", target: "85%以上",
			words: "各县（市）政府", rollup: task.RollupShare, clause: 6},
		{chapter: farming, title: "创建农业标准化示范区", lead: "农业、质监", with: "财政", deadline: "2010年底前", target: "不少于6个",
			evidence: "验收意见或下达文件", clause: 2, story: story{reached: "1", may: mayNone}},
		{chapter: farming, title: "地理标志产品保护申报", lead: "质监", with: "农业", deadline: "12月20日前", target: "1-3个",
			field: task.FieldGeographic, clause: 2, story: story{want: task.Blue, reached: "2"}},
		{chapter: food, title: "食品监督抽查经费列入同级财政", lead: "财政", with: government, deadline: "全年，并长期坚持", target: "17个县（市）",
			words: "州财政局（各县（市）政府配合）", clause: 3, story: story{want: task.Yellow, reached: "15", may: mayReturned, claims: "16"}},
		{chapter: laboratory, title: "州质检所实验室用地划拨", lead: "国土资源", with: "住房城乡建设", deadline: "签署之日起90日内", target: "1宗",
			field: task.FieldLaboratory, clause: 4, story: silent},
		{chapter: mechanism, title: "质量例会", lead: "政府办公", with: "质监", deadline: "每两月", target: "6次", clause: 6,
			story: story{want: task.Yellow, reached: "1", may: mayNone}},
		{chapter: mechanism, title: "与县（市）签订目标责任书", lead: "政府办公", with: "质监", deadline: "一季度内", target: "17份", clause: 6,
			story: story{want: task.Blue, reached: "17"}},
		{chapter: mechanism, title: "汛期食品安全检查", lead: "质监", with: "卫生", deadline: "汛期前", target: "1轮", field: task.FieldEnforcement, clause: 5,
			story: story{want: task.Grey, reached: "0"}},

		{chapter: enforcement, title: "县级质量例会", lead: "质监", with: "政府办公", deadline: "2010年10月底前", target: "不少于30次", field: task.FieldMechanism, clause: 6},
		{chapter: enforcement, title: "食品监督抽查经费列入县级预算", lead: "513433/" + government, with: "513433/质监", deadline: "2010年10月底前", target: "60万元",
			words: "冕宁县政府（试点）", field: task.FieldOther, clause: 3, story: story{reached: "32", may: mayNone}},
		{chapter: enforcement, title: "农资打假专项行动", lead: "质监", with: "农业、工商", deadline: "3月至9月", target: "14次", clause: 5},
		{chapter: enforcement, title: "特种设备普查登记", lead: "质监", with: "安全生产", deadline: "2010年9月底前", target: "不少于1080台", clause: 5, split: 5},
		{chapter: enforcement, title: "强制检定计量器具登记造册", lead: "质监", with: "商务", deadline: "6月至12月", clause: 5},
		{chapter: enforcement, title: "规范食品加工小作坊", lead: "质监", with: "卫生", deadline: "2010年11月底前", target: "不少于88家", field: task.FieldEnforcement, clause: 3, split: 4},
		{chapter: enforcement, title: "查处质量违法案件", lead: "质监", with: "公安", deadline: "2010年底前", target: "不少于72件", clause: 5},
		{chapter: enforcement, title: "区域产品质量整治", lead: "质监", with: "工商", deadline: "长期坚持", clause: 5,
			story: story{said: []string{"排查重点区域4个", "制定整治方案", "约谈企业9家", "复查整改情况"}}},

		{chapter: service, title: "无公害蔬菜标准化示范区", lead: "513433/质监", deadline: "2010年底前", field: task.FieldTraining, clause: 2,
			story: story{may: mayOpen, said: []string{"选定核心区地块", "与3个合作社签订协议", "编印种植规程200册", "核心区420亩完成测土"}}},
		{chapter: service, title: "地理标志产品保护申报材料", lead: "质监", with: "农业", deadline: "6月至9月", target: "2件", field: task.FieldTraining, clause: 2},
		{chapter: service, title: "企业质量管理人员培训", lead: "质监", with: "人力资源社会保障", deadline: "2010年11月底前", target: "330人次以上", clause: 1,
			story: story{want: task.Yellow}},
		{chapter: service, title: "质量兴州宣传", lead: "质量兴市", deadline: "2010年底前", field: task.FieldTraining, clause: 6,
			story: story{said: []string{"制定宣传方案", "州电视台播出专题2期", "编印手册3000册", "到5个县巡回宣讲"}}},
		{chapter: service, title: "重点企业质量技术服务", lead: "质监", with: "经济信息化", deadline: "2010年9月底前", target: "不少于18家", clause: 1},
		{chapter: service, title: "企业采用国际标准和国外先进标准", lead: "质监", with: "经济信息化", deadline: "2010年11月底前", target: "11项以上", field: task.FieldTraining, clause: 2},
		{chapter: service, title: "送标准、送检验下乡", lead: "质监", with: "农业", deadline: "每月", target: "12次", field: task.FieldTraining, clause: 2},
	}
}

// piece is what one county gets of a row that is split as the reference page has it.
type piece struct {
	county string // its code
	goal   string
	story
}

// liangshanPieces are the splits of the reference page and those that put
// 冕宁's desk in order, by title of the row.
func liangshanPieces() map[string][]piece {
	return map[string][]piece{
		"新增四川名牌产品": {
			{"513401", "6", story{reached: "3", may: mayWaiting, claims: "4"}},
			{"513402", "4", story{reached: "2", may: mayNone}},
			{"513426", "3", story{want: task.Yellow, reached: "1", may: mayNone}},
			{"513433", "3", story{want: task.Red, reached: "0", may: mayReturned, claims: "1"}},
			{"513424", "2", story{reached: "1", may: mayNone}},
		},
		"创建农业标准化示范区": {
			{"513401", "3", story{reached: "2", may: mayNone}},
			{"513426", "3", story{reached: "1", may: mayNone}},
		},
		"县级质量例会": {
			{"513401", "6", story{reached: "4", may: mayNone}},
			{"513402", "6", story{reached: "3", may: mayNone}},
			{"513426", "6", story{reached: "3", may: mayOpen}},
			{"513433", "6", story{want: task.Yellow, reached: "2", may: mayNone}},
			{"513424", "6", story{reached: "3", may: mayNone}},
		},
		"农资打假专项行动": {
			{"513401", "4", story{reached: "2", may: mayNone}},
			{"513402", "3", story{reached: "2", may: mayOpen}},
			{"513433", "3", story{reached: "2", may: mayNone}},
			{"513426", "2", story{reached: "1", may: mayNone}},
			{"513424", "2", story{reached: "1", may: mayNone}},
		},
	}
}

// latePieces are given out in June and not answered on the last day.
func latePieces() map[string][]piece {
	return map[string][]piece{
		"地理标志产品保护申报材料": {{"513433", "1", story{}}, {"513423", "1", story{}}},
		"强制检定计量器具登记造册": {{"513433", "", story{}}, {"513401", "", story{}}},
	}
}
