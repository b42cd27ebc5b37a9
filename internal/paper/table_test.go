package paper

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb18030(t *testing.T, text string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

// Rules I-01, I-02, I-03, I-06, I-07, I-34.
func TestAWordTableWithChaptersAndFirstListedLeader(t *testing.T) {
	data := word(t, par("广安市人民政府")+par("关于印发2016年标准化工作任务清单的通知")+par("各区市县人民政府：")+
		par("一、各责任单位中排在首位的为牵头单位，下同。")+par("2016年1月8日")+par("附件")+par("广安市2016年标准化工作任务清单")+
		grid("序号|主要任务|推进措施|责任单位|完成时间|备注说明",
			">6一、农业标准化", ">6（一）种植业",
			"1*|发展柠檬标准化种植*|编制种植规程3项|市农业局、市质监局，武胜县人民政府|6月底前|",
			"^|^|建设示范基地不少于2个|武胜县人民政府|2016年11月30日|—",
			">6二、服务业标准化",
			"2.|开展景区服务标准试点|选择4-6家景区|市旅游局 市质监局|上半年|滚动推进",
			"合计|2项||||", ">6注：未列时限的按年度推进。"))
	r := openBytes(t, "清单.docx", data)
	same(t, about(r), "广安市2016年标准化工作任务清单 | 2016 | 广安市人民政府 | first-listed")
	same(t, lines(r), `
1 [一、农业标准化>（一）种植业] 发展柠檬标准化种植 / 编制种植规程3项 <市农业局> (市质监局、武胜县人民政府) {} by-date 2016-06-30; = 3 项; 
1 [一、农业标准化>（一）种植业] 发展柠檬标准化种植 / 建设示范基地不少于2个 <武胜县人民政府> () {} by-date 2016-11-30; >= 2 个; 
2 [二、服务业标准化] 开展景区服务标准试点 / 选择4-6家景区 <市旅游局> (市质监局) {} by-date 2016-06-30; range 4 6 家; 滚动推进`)
	everythingIsAccountedFor(t, "清单.docx", data, r)
}

// Rules I-02, I-05, I-25.
func TestAWorkbookWithSeveralSheetsAndATwoRowHeader(t *testing.T) {
	data := workbook(t,
		sheet{name: "填报说明", rows: []string{"填报说明", "一、每月28日前更新。"}},
		sheet{name: "任务", rows: []string{
			"巴中市2017年质量提升重点工作台账|||||||||", "填报单位：巴中市质量强市工作领导小组办公室|||||填报日期：2017年3月1日|||",
			"序号|项目类别|重点工作|责任分工|||量化指标||时间节点|2016年责任单位", "|||主办单位|协办单位|责任领导|数量|单位||",
			"1|产品质量|培育品牌企业|市质监局|市经信委、市商务局|分管副市长|12|家|9月底前|市工商局",
			"2||开展监督抽查|市质监局|同上|分管副市长|≥96|%|每季度|市工商局",
			"3||取消的任务|市质监局||分管副市长|1|个|年底前|",
			"4|工程质量|创建优质工程|市住建局||分管城建副市长、市政府秘书长|力争5000|万元|国庆节前|",
			"小计|||||||||", "", "填表人：王X||||审核人：李X|||||",
		}, merges: []string{"A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:H3", "I3:I4", "J3:J4", "B5:B7"}, hideRows: []int{7}, hideCols: []string{"J"}},
		sheet{name: "上年", hidden: true, rows: []string{"序号|重点工作|主办单位|时间节点", "1|旧任务|市质监局|6月底"}},
		sheet{name: "联络员", rows: []string{"单位|联络员|电话", "市质监局|王X|1"}},
	)
	r := openBytes(t, "台账.xlsx", data)
	same(t, about(r), "巴中市2017年质量提升重点工作台账 | 2017 | 巴中市质量强市工作领导小组办公室 | columns")
	same(t, lines(r), `
1 [产品质量] 培育品牌企业 /  <市质监局> (市经信委、市商务局) {分管副市长} by-date 2017-09-30; = 12 家; 
2 [产品质量] 开展监督抽查 /  <市质监局> (市经信委、市商务局) {分管副市长} recurring quarter; >= 96 %; 
3 [产品质量] 取消的任务 /  <市质监局> () {分管副市长} by-date 2017-12-31; = 1 个;  HIDDEN
4 [工程质量] 创建优质工程 /  <市住建局> () {分管城建副市长、市政府秘书长} unparsed; = 50000000 元 soft; `)
	everythingIsAccountedFor(t, "台账.xlsx", data, r)
}

// Rules I-04, I-34.
func TestDelimitedTextRepeatsTheCellAboveForABlank(t *testing.T) {
	text := "雅安市二〇一五年消费维权任务分解表,,,,,,\r\n类别,编号,工作内容,具体举措,责任部门,协助部门,时限,备注\r\n" +
		"商品,1,家电下乡质量检查,\"抽检批次, 不少于200批次\",市工商局、市质监局,市商务局,2015.10.31,\r\n" +
		",,,建立\"一店一档\",,,长期坚持,\r\n,2,农资打假,查办案件5件左右,市农业局,〃,汛期前,\r\n" +
		"服务,3,景区消费提示,发布提示,市旅游局,,第三季度末,重点景区\r\n备注：责任部门均为责任主体，不分主次。,,,,,,,\r\n"
	for name, data := range map[string][]byte{
		"gb18030.csv": gb18030(t, text), "utf8.csv": []byte(text), "bom.txt": []byte("\xEF\xBB\xBF" + text),
	} {
		r := openBytes(t, name, data)
		same(t, about(r), "雅安市二〇一五年消费维权任务分解表 | 2015 |  | equal")
		same(t, lines(r), `
1 [商品] 家电下乡质量检查 / 抽检批次,不少于200批次 <市工商局、市质监局> (市商务局) {} by-date 2015-10-31; >= 200 批次; 
1 [商品] 家电下乡质量检查 / 建立"一店一档" <市工商局、市质监局> () {} standing; nil; 
2 [商品] 农资打假 / 查办案件5件左右 <市农业局> () {} unparsed; ~ 5 件; 
3 [服务] 景区消费提示 / 发布提示 <市旅游局> () {} by-date 2015-09-30; nil; 重点景区`)
		everythingIsAccountedFor(t, name, data, r)
	}
}

// Rules I-06, I-34: one table per chapter, X、Y负责落实.
func TestOneTablePerChapterWithTheHeadingAboveIt(t *testing.T) {
	data := word(t, par("自贡市2018年大气污染防治任务分解表")+par("一、工业源治理")+
		grid("责任单位|工作任务|完成期限", "市经信委、市环保局负责落实|1．淘汰燃煤小锅炉|2018年10月底前", "市环保局负责落实；市财政局配合|2．安装在线监测设备|全年")+
		par("二、移动源治理")+
		grid("责任单位|工作任务|完成期限", "市公安局负责落实|3．淘汰老旧车辆500辆以上|年底前，并长期坚持")+par("注：本表由市环保局解释。"))
	r := openBytes(t, "分解表.docx", data)
	same(t, about(r), "自贡市2018年大气污染防治任务分解表 | 2018 |  | equal")
	same(t, lines(r), `
1 [一、工业源治理] 淘汰燃煤小锅炉 /  <市经信委、市环保局> () {} by-date 2018-10-31; nil; 
2 [一、工业源治理] 安装在线监测设备 /  <市环保局> (市财政局) {} range 2018-01-01 2018-12-31; nil; 
3 [二、移动源治理] 淘汰老旧车辆500辆以上 /  <市公安局> () {} by-date 2018-12-31 then-standing; >= 500 辆; `)
	everythingIsAccountedFor(t, "分解表.docx", data, r)
}

// Rule I-34: a single column of leaders.
func TestOneColumnOfLeadersIsCollective(t *testing.T) {
	data := workbook(t, sheet{name: "Sheet1", rows: []string{
		"序号|工作事项|牵头单位|办结时限", "一|责任落实||", "1|签订责任书|各县（市、区）人民政府、市级有关部门|2014年4月底前", "2|开展检查，每月不少于1次|市安监局|每月28日前",
		"二|应急保障||", "3|储备应急物资|各有关单位|"}})
	r := openBytes(t, "x.xlsx", data)
	same(t, about(r), " | 0 |  | collective")
	same(t, lines(r), `
1 [一、责任落实] 签订责任书 /  <各县（市、区）人民政府、市级有关部门> () {} by-date 2014-04-30; nil; 
2 [一、责任落实] 开展检查，每月不少于1次 /  <市安监局> () {} recurring month; >= 1 次; 
3 [二、应急保障] 储备应急物资 /  <各有关单位> () {} none; nil; `)
	everythingIsAccountedFor(t, "x.xlsx", data, r)
}

// Rule I-34.
func TestSeveralUnitsWithoutARuleAreDoubted(t *testing.T) {
	data := workbook(t, sheet{name: "任务", rows: []string{"2013年工作任务表|||", "序号|任务内容|责任单位|时间要求", "1|编制规划|市发改委、市质监局|3月", "2|建设平台|市质监局|视资金情况"}})
	r := openBytes(t, "x.xlsx", data)
	same(t, lines(r), `
1 [] 编制规划 /  <市发改委、市质监局> () {} by-date 2013-03-31; nil;  !units:leader-unclear
2 [] 建设平台 /  <市质监局> () {} unparsed; nil; `)
}

// Rule I-34: the words in the cell say who leads.
func TestLeadersMarkedInTheCell(t *testing.T) {
	data := []byte("编号\t事项名称\t责任分工\t时间安排\t目标值\n1\t建设检测中心\t市质监局牵头，市财政局、市发改委配合\t签署后3个月内\t1个\n2\t人才交流\t\"牵头单位：市人社局\n配合单位：省质监局、市质监局\"\t每半年\t—\n3\t联席会议\t市政府办公室牵头、市质监局协助\t每年\t至少1次\n")
	r := openBytes(t, "x.txt", data)
	same(t, about(r), " | 0 |  | columns")
	same(t, lines(r), `
1 [] 建设检测中心 /  <市质监局> (市财政局、市发改委) {} relative signing 0d 0wd 3m 0y; = 1 个; 
2 [] 人才交流 /  <市人社局> (省质监局、市质监局) {} recurring half-year; nil; 
3 [] 联席会议 /  <市政府办公室> (市质监局) {} recurring year; >= 1 次; `)
	everythingIsAccountedFor(t, "x.txt", data, r)
}

// Rule I-35.
func TestMeasuresOfRunningTextWithTheirUnitsInBrackets(t *testing.T) {
	data := word(t, par("达州市人民政府")+par("关于推进计量惠民的意见")+par("（2014年5月6日）")+par("为推进计量工作，提出如下意见。")+
		par("一、强化民生计量")+par("（一）集贸市场")+par("1．统一配置电子秤2000台，2014年10月底前完成。（牵头单位：市质监局，配合单位：市商务局、各县（市、区）政府）")+
		par("2．推行诚信公约（市工商局牵头，市质监局、市商务局等配合，长期坚持）。")+par("二、夯实基础")+par("3．建设计量标准15项以上（责任单位：市质监局）。")+par("达州市人民政府")+par("2014年5月6日"))
	r := openBytes(t, "意见.docx", data)
	same(t, about(r), "关于推进计量惠民的意见 | 2014 | 达州市人民政府 | bracketed")
	same(t, lines(r), `
1 [一、强化民生计量>（一）集贸市场] 统一配置电子秤2000台，2014年10月底前完成。 /  <市质监局> (市商务局、各县（市、区）政府) {} by-date 2014-10-31; = 2000 台; 
2 [一、强化民生计量>（一）集贸市场] 推行诚信公约 /  <市工商局> (市质监局、市商务局) {} standing; nil; 
3 [二、夯实基础] 建设计量标准15项以上 /  <市质监局> () {} none; >= 15 项; `)
	everythingIsAccountedFor(t, "意见.docx", data, r)
}

// Rule I-01.
func TestADocumentWithoutATaskTableIsLeftOutWhole(t *testing.T) {
	for name, data := range map[string][]byte{
		"notice.docx": word(t, par("关于召开会议的通知")+par("请各单位准时参加。")+grid("单位|姓名|电话", "市质监局|王X|1")),
		"notes.txt":   []byte("会议纪要\n第一项，听取汇报。\n"),
		"phones.xlsx": workbook(t, sheet{name: "通讯录", rows: []string{"单位|联络员|电话", "市质监局|王X|1"}}),
	} {
		r := openBytes(t, name, data)
		if len(r.Rows) != 0 || len(r.LeftOut) == 0 {
			t.Errorf("%s: %d rows, %d left out", name, len(r.Rows), len(r.LeftOut))
		}
		everythingIsAccountedFor(t, name, data, r)
	}
}

func TestAHeaderPrintedAgainAndCellsRepeatedInsteadOfMerged(t *testing.T) {
	data := workbook(t, sheet{name: "2019年分工", rows: []string{
		"2019年重点任务分工方案||||", "（市政府办公室  2019年2月1日）||||", "领域|序号|任务名称|落实措施|牵头部门|配合部门|完成日期",
		"质量|1|质量提升|开展诊断20家|市市场监管局|市经信局|2019/6/30", "质量|1|质量提升|树立标杆3-5个|市市场监管局|市经信局|12月",
		"领域|序号|任务名称|落实措施|牵头部门|配合部门|完成日期", "标准|2|标准引领|制定标准约10项|市市场监管局|市农业农村局|全年推进"}})
	r := openBytes(t, "x.xlsx", data)
	same(t, about(r), "2019年重点任务分工方案 | 2019 | 市政府办公室 | columns")
	same(t, lines(r), `
1 [质量] 质量提升 / 开展诊断20家 <市市场监管局> (市经信局) {} by-date 2019-06-30; = 20 家; 
1 [质量] 质量提升 / 树立标杆3-5个 <市市场监管局> (市经信局) {} by-date 2019-12-31; range 3 5 个; 
2 [标准] 标准引领 / 制定标准约10项 <市市场监管局> (市农业农村局) {} range 2019-01-01 2019-12-31; ~ 10 项; `)
	everythingIsAccountedFor(t, "x.xlsx", data, r)
}

// Rules I-01, I-02: a header of two rows in a format without merges.
func TestATwoRowHeaderInDelimitedText(t *testing.T) {
	data := []byte("2019年重点工作责任分解清单,,,,\n项号,主要任务,责任单位,,完成时限\n,,牵头,配合,\n1,推进标准化,市市场监管局,市财政局,2019.12\n2,品牌建设（新增名牌3个）,市经信局,〃,同上\n")
	r := openBytes(t, "x.csv", data)
	same(t, about(r), "2019年重点工作责任分解清单 | 2019 |  | columns")
	same(t, lines(r), `
1 [] 推进标准化 /  <市市场监管局> (市财政局) {} by-date 2019-12-31; nil; 
2 [] 品牌建设（新增名牌3个） /  <市经信局> (市财政局) {} by-date 2019-12-31; = 3 个; `)
	everythingIsAccountedFor(t, "x.csv", data, r)
}

// Rule I-08.
func TestATableWithoutAHeaderGoesOnUnderTheOneBefore(t *testing.T) {
	data := word(t, par("2018年任务分解表")+grid("序号|任务|牵头单位|配合单位|时限", "1|建平台|市质监局|市财政局|年底前")+par("")+
		grid("2|办培训|市人社局|市质监局等|上半年")+grid("姓名|电话|单位|职务|备注", "王X|1|市质监局|科长|"))
	r := openBytes(t, "x.docx", data)
	same(t, lines(r), `
1 [] 建平台 /  <市质监局> (市财政局) {} by-date 2018-12-31; nil; 
2 [] 办培训 /  <市人社局> (市质监局) {} by-date 2018-06-30; nil; `)
	everythingIsAccountedFor(t, "x.docx", data, r)
}

// Rule I-02.
func TestUnitsAndPersonsInOneColumnArePartedWithADoubt(t *testing.T) {
	data := []byte("任务名称;主要举措;责任单位及责任人;计划完成日期\n智慧平台;完成招标;市市场监管局 王X;2021/9/30\n服务窗口;设立8个以上;市行政审批局 李X;2021年底前\n")
	r := openBytes(t, "x.csv", data)
	same(t, lines(r), `
 [] 智慧平台 / 完成招标 <市市场监管局> () {王X} by-date 2021-09-30; nil;  !units:mixed-cell
 [] 服务窗口 / 设立8个以上 <市行政审批局> () {李X} by-date 2021-12-31; >= 8 个;  !units:mixed-cell`)
}
