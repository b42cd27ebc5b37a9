package sample

import "gongjian/internal/task"

// row is one row of a task table, in the words of the document, with what the
// sample lets become of it.
type row struct {
	chapter  string
	title    string
	lead     string // functions of the lead units, with 、 between them; a unit's region may stand before it: 513433/质监
	with     string // functions of the cooperating units
	deadline string
	target   string
	evidence string     // which evidence is asked for
	field    task.Field // "" is found by the words
	rollup   task.Rollup
	words    string  // lead units as printed, where they are a group
	clause   int     // number of the clause that it serves, from 1; 0 for none
	split    int     // among how many counties it is split
	scale    float64 // by how much the target grows with the city; 0 for not at all
	level    int     // rows of level 1 stand in every plan, those of 5 in the largest only
	story
}

// story is what becomes of a row: its light on the sample's last day, and how it got there.
type story struct {
	want    task.Colour // "" is green
	silent  int         // no report from this month on; 0: all reports come
	may     may         // "" is picked
	reached string      // verified by the end of April; "" is worked out from want
	claims  string      // claimed in May, for waiting and returned
	said    []string    // words of the reports, for rows that are reported in words
}

// may is what becomes of the report for May.
type may string

const (
	mayVerified may = "verified"
	mayWaiting  may = "waiting"
	mayFirst    may = "waiting since 1 June" // its time for verification ends tomorrow
	mayReturned may = "returned"
	mayNone     may = "no change"
	mayOpen     may = "not yet"
)

// The chapters of a city's plan.
const (
	chapterOrganisation = "一、组织领导与工作机制"
	chapterBrand        = "二、实施名牌战略"
	chapterStandard     = "三、推进标准化"
	chapterFood         = "四、保障食品安全投入"
	chapterLaboratory   = "五、检验检测能力建设"
	chapterMetrology    = "六、计量与特种设备"
	chapterEnforcement  = "七、打假扶优"
	chapterService      = "八、服务企业与人才培训"
)

// catalogue is what city plans are made of: the measures that the article names,
// and others usual then. Numbers are made up.
func catalogue() []row {
	return []row{
		{chapter: chapterOrganisation, title: "成立合作备忘录领导小组，设立办公室，明确分工", lead: "政府办公", deadline: "一季度内", target: "3项",
			level: 1, clause: 6, story: story{want: task.Blue}},
		{chapter: chapterOrganisation, title: "召开质量例会", lead: "政府办公", with: "质监", deadline: "每两月", target: "6次", level: 1, clause: 6},
		{chapter: chapterOrganisation, title: "与县（市、区）签订目标责任书", lead: "政府办公", with: "质监", deadline: "2010年6月30日前", target: "8份", level: 3, clause: 6},
		{chapter: chapterOrganisation, title: "建立质量信息通报制度", lead: "质监", with: "统计", deadline: "2010年9月30日前", level: 3, clause: 6,
			story: story{said: []string{"收集各部门意见，形成通报制度初稿", "征求县（市、区）意见", "修改稿报市政府办公室审核", "第一期质量信息通报已编印"}}},
		{chapter: chapterOrganisation, title: "备忘录落实情况纳入目标管理", lead: "目标督查", with: "质监", deadline: "2010年底前", level: 4, clause: 6,
			story: story{said: []string{"拟定考核细则", "考核细则征求意见", "列入全市目标管理", "完成一季度检查"}}},

		{chapter: chapterBrand, title: "新增四川名牌产品", lead: "质监", with: "经济信息化、农业", deadline: "2010年10月底前", target: "不少于16个",
			evidence: "推荐名单或认定文件", level: 1, clause: 1, split: 5, scale: 1},
		{chapter: chapterBrand, title: "开展名牌培育企业跟踪帮扶", lead: "经济信息化", with: "质监", deadline: "2010年底前", target: "30家以上", level: 3, clause: 1, scale: 1},
		{chapter: chapterBrand, title: "组织申报市级质量奖", lead: "质监", with: "政府办公", deadline: "2010年11月底前", target: "10家左右", level: 5, clause: 1},

		{chapter: chapterStandard, title: "创建农业标准化示范区", lead: "农业、质监", with: "财政", deadline: "2010年底前", target: "不少于6个",
			evidence: "验收意见或下达文件", level: 1, clause: 2},
		{chapter: chapterStandard, title: "制定并发布地方标准", lead: "质监", with: "农业", deadline: "2010年10月底前", target: "10项以上", level: 1, clause: 2, scale: 0.5},
		{chapter: chapterStandard, title: "地理标志产品保护申报", lead: "质监", with: "农业", deadline: "12月20日前", target: "1-3个", level: 2, clause: 2},
		{chapter: chapterStandard, title: "企业采用国际标准和国外先进标准", lead: "质监", with: "经济信息化", deadline: "2010年11月底前", target: "22项以上", level: 4, clause: 2, scale: 0.5},
		{chapter: chapterStandard, title: "开展服务业标准化试点", lead: "质监", with: "旅游", deadline: "2010年底前", target: "6个左右", level: 5, clause: 2},

		{chapter: chapterFood, title: "食品监督抽查经费列入同级财政", lead: "财政", with: "质监", deadline: "全年，并长期坚持", target: "8个县（市、区）",
			evidence: "预算批复", level: 1, clause: 3},
		{chapter: chapterFood, title: "规范食品加工小作坊", lead: "质监", with: "卫生", deadline: "2010年11月底前", target: "不少于110家", level: 2, clause: 3, split: 4, scale: 1},
		{chapter: chapterFood, title: "重点食品生产企业建立追溯制度", lead: "质监", with: "商务", deadline: "2010年底前", target: "24家", level: 4, clause: 3, scale: 0.5},

		{chapter: chapterLaboratory, title: "质检所检验检测能力建设资金", lead: "财政", with: "质监", deadline: "2010年11月底前", target: "1200万元", level: 2, clause: 4, scale: 0.5},
		{chapter: chapterLaboratory, title: "质检机构实验室用地", lead: "国土资源", with: "住房城乡建设", deadline: "2010年11月30日前", target: "1宗", field: task.FieldOther, level: 3, clause: 4},
		{chapter: chapterLaboratory, title: "新增检验检测项目", lead: "质监", with: "科学技术", deadline: "2010年底前", target: "36项以上", field: task.FieldOther, level: 4, clause: 4},
		{chapter: chapterLaboratory, title: "整合县级检验资源", lead: "机构编制", with: "质监", deadline: "2010年底前", level: 5, clause: 4,
			story: story{said: []string{"完成县级检验资源调查", "整合方案初稿", "方案征求县（市、区）意见", "方案报送市政府"}}},

		{chapter: chapterMetrology, title: "强制检定计量器具受检率", lead: "质监", with: "商务", deadline: "每季度", target: "95%以上", level: 3, clause: 5},
		{chapter: chapterMetrology, title: "特种设备普查登记", lead: "质监", with: "安全生产", deadline: "2010年9月底前", target: "不少于1800台", level: 2, clause: 5, split: 6, scale: 1},
		{chapter: chapterMetrology, title: "较大以上特种设备事故", lead: "质监", with: "安全生产", deadline: "全年", target: "零发生", level: 4, clause: 5},
		{chapter: chapterMetrology, title: "民用水、电、气表首次检定", lead: "质监", with: "住房城乡建设", deadline: "2010年11月底前", target: "不少于8800只", level: 5, clause: 5},
		{chapter: chapterMetrology, title: "重点用能单位能源计量审查", lead: "质监", with: "经济信息化", deadline: "2010年10月底前", target: "20家", level: 5, clause: 5},

		{chapter: chapterEnforcement, title: "农资打假专项行动", lead: "质监", with: "农业、工商", deadline: "3月至9月", target: "14次", level: 2, clause: 5},
		{chapter: chapterEnforcement, title: "查处质量违法案件", lead: "质监", with: "公安", deadline: "2010年底前", target: "不少于96件", level: 3, clause: 5, scale: 1},
		{chapter: chapterEnforcement, title: "扶优企业名单制度", lead: "质监", with: "经济信息化", deadline: "每季度", target: "4次", level: 4, clause: 5},
		{chapter: chapterEnforcement, title: "区域产品质量整治", lead: "质监", with: "工商", deadline: "长期坚持", level: 5, clause: 5,
			story: story{said: []string{"排查重点区域6个", "制定整治方案", "约谈企业12家", "复查整改情况"}}},

		{chapter: chapterService, title: "企业质量管理人员培训", lead: "质监", with: "人力资源社会保障", deadline: "2010年11月底前", target: "330人次以上", level: 2, clause: 1, scale: 1},
		{chapter: chapterService, title: "首席质量官试点", lead: "经济信息化", with: "质监", deadline: "2010年10月底前", target: "10家", level: 5, clause: 1},
		{chapter: chapterService, title: "送标准、送检验下乡", lead: "质监", with: "农业", deadline: "每月", target: "12次", level: 4, clause: 2},
		{chapter: chapterService, title: "重点企业质量技术服务", lead: "质监", with: "经济信息化", deadline: "2010年9月底前", target: "不少于18家", level: 3, clause: 1},
		{chapter: chapterService, title: "建立企业质量档案", lead: "质监", with: "统计", deadline: "2010年底前", target: "240家", level: 4, clause: 1, scale: 0.5},
		{chapter: chapterService, title: "特色产业质量状况调查", lead: "质监", with: "统计", deadline: "2010年8月底前", target: "8个左右", level: 5, clause: 1},
	}
}
