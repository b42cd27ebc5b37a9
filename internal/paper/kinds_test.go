package paper

import (
	"strings"
	"testing"
)

// kind is a made-up document of one kind with the reading worked out by hand:
// title | year | issuer | convention, then one line per row.
type kind struct {
	name, file string
	data       func(t *testing.T) []byte
	about      string
	rows       string
}

func checkKinds(t *testing.T, kinds []kind) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			data := k.data(t)
			r := openBytes(t, k.file, data)
			same(t, about(r), k.about)
			same(t, lines(r), k.rows)
			everythingIsAccountedFor(t, k.file, data, r)
		})
	}
}

func text(lines ...string) func(*testing.T) []byte {
	return func(*testing.T) []byte { return []byte(strings.Join(lines, "\n") + "\n") }
}

func inGB18030(lines ...string) func(*testing.T) []byte {
	return func(t *testing.T) []byte { return gb18030(t, strings.Join(lines, "\r\n")+"\r\n") }
}

func inWord(parts ...string) func(*testing.T) []byte {
	return func(t *testing.T) []byte { return word(t, strings.Join(parts, "")) }
}

func inExcel(sheets ...sheet) func(*testing.T) []byte {
	return func(t *testing.T) []byte { return workbook(t, sheets...) }
}

// Rules I-02, I-50, I-51, I-52, I-56, I-59.
func TestTablesAsOfficesMakeThem(t *testing.T) {
	checkKinds(t, []kind{
		{"header of three rows with last year's column (I-50)", "a.xlsx", inExcel(sheet{name: "任务分解", rows: []string{
			"德阳市2015年质量强市目标任务分解表|||||||||||", "填报部门：德阳市质量强市办公室|||||||||填报时间：2015年2月|",
			"序号|工作类别|目标任务|工作举措|目标|||责任分工|||完成时限|备注", "||||2014年完成值|2015年目标||牵头||配合||", "|||||数值|计量单位|单位|责任人|单位||",
			"1|品牌建设|新增四川名牌|组织申报|20|22|个|市质监局|局长|市经信委|11月底前|", "2||培育地理标志|编制技术规范|1|≥2|个|市质监局|局长|市农业局、绵竹市政府|12月20日前|滚动实施",
			"3|技术基础|检验能力提升|扩项|95|力争100|项参数|市检测中心|主任||第三季度|",
		}, merges: []string{"A1:L1", "A3:A5", "B3:B5", "C3:C5", "D3:D5", "E3:G3", "E4:E5", "F4:G4", "H3:J3", "H4:I4", "K3:K5", "L3:L5", "B6:B7"}}),
			"德阳市2015年质量强市目标任务分解表 | 2015 | 德阳市质量强市办公室 | columns", `
1 [品牌建设] 新增四川名牌 / 组织申报 <市质监局> (市经信委) {局长} by-date 2015-11-30; = 22 个; 
2 [品牌建设] 培育地理标志 / 编制技术规范 <市质监局> (市农业局、绵竹市政府) {局长} by-date 2015-12-20; >= 2 个; 滚动实施
3 [技术基础] 检验能力提升 / 扩项 <市检测中心> () {主任} by-date 2015-09-30; = 100 项参数 soft; `},
		{"group header in csv, persons, total and notes", "b.csv", inGB18030("遂宁市二〇一三年重点项目推进任务台帐,,,,,,,,", "制表单位：遂宁市重点项目推进工作领导小组办公室　　2013年3月5日,,,,,,,,",
			"项次,项目名称,主要工作内容,责任分工,,,联系人及电话,进度要求,备 注", ",,,主办单位,协办单位,责任领导,,,",
			"1,城南污水处理厂扩建,完成初设批复,市住建局,市环保局、市发改委,副市长李X,王X 2222222,3月底前,", "1,城南污水处理厂扩建,主体工程封顶,市住建局,,副市长李X,,11月20日前,力争提前",
			"2,渠河整治,整治河道4.5公里,市水务局,船山区政府；安居区政府,副市长张X,,二季度末,-", "小计：2项,,,,,,,", "3,客运中心站,启动前期工作,市交通运输局,市规划局等部门,副市长张X,,视前期工作进度,",
			"总计,3项,,,,,,,", "说明：1.主办单位对项目进度负总责。,,,,,,,,", "2.协办单位按职责配合。,,,,,,,,"),
			"遂宁市二〇一三年重点项目推进任务台帐 | 2013 | 遂宁市重点项目推进工作领导小组办公室 | columns", `
1 [] 城南污水处理厂扩建 / 完成初设批复 <市住建局> (市环保局、市发改委) {副市长李X} by-date 2013-03-31; nil; 
1 [] 城南污水处理厂扩建 / 主体工程封顶 <市住建局> () {副市长李X} by-date 2013-11-20; nil; 力争提前
2 [] 渠河整治 / 整治河道4.5公里 <市水务局> (船山区政府、安居区政府) {副市长张X} by-date 2013-06-30; = 4.5 公里; 
3 [] 客运中心站 / 启动前期工作 <市交通运输局> (市规划局) {副市长张X} unparsed; nil; `},
		{"a category whose header says nothing known (I-51)", "c.docx", inWord(par("广元市人民政府办公室"), par("关于分解落实2017年民生实事的通知"), par("广府办函〔2017〕15号"), par("各县区人民政府，市级各部门："),
			par("现将民生实事分解如下，请认真落实。"), par("广元市人民政府办公室"), par("2017年2月13日"), par("附件1"), par("2017年民生实事任务分解表"),
			grid("民生工程*|编号*|实施内容*|目标值*|办结时限*|>2责任分工", "^|^|^|^|^|牵头单位|协同单位", "就业促进*|1|开发公益性岗位|2000个|10月底前|市人社局|各县区人民政府", "^|2|开展职业培训|1.2万人次|同上|〃|市教育局、市农业局",
				"教育助学|3|发放助学金|应助尽助|春季开学前|市教育局|市财政局等"), par("附件2"), par("联络员名单"), grid("单位|姓名|职务|办公电话|手机", "||||")),
			"2017年民生实事任务分解表 | 2017 | 广元市人民政府办公室 | columns", `
1 [就业促进] 开发公益性岗位 /  <市人社局> (各县区人民政府) {} by-date 2017-10-31; = 2000 个; 
2 [就业促进] 开展职业培训 /  <市人社局> (市教育局、市农业局) {} by-date 2017-10-31; = 12000 人次; 
3 [教育助学] 发放助学金 /  <市教育局> (市财政局) {} unparsed; none; `},
		{"merges taken out of a workbook (I-52)", "d.xlsx", inExcel(sheet{name: "任务", rows: []string{"2016年质量工作任务分解表||||||", "类别|序号|工作任务|具体措施|责任单位|配合单位|完成时限",
			"名牌|1|培育名牌|申报省名牌5个|市质监局|市经信委|6月底", "|||建立梯队|||年底前", "|2|推广标杆|评选标杆3家|市经信委||9月", "标准||制定标准|发布标准2项|市质监局|市农业局|10月"}}),
			"2016年质量工作任务分解表 | 2016 |  | columns", `
1 [名牌] 培育名牌 / 申报省名牌5个 <市质监局> (市经信委) {} by-date 2016-06-30; = 5 个; 
1 [名牌] 培育名牌 / 建立梯队 <市质监局> () {} by-date 2016-12-31; nil; 
2 [名牌] 推广标杆 / 评选标杆3家 <市经信委> () {} by-date 2016-09-30; = 3 家; 
2 [标准] 制定标准 / 发布标准2项 <市质监局> (市农业局) {} by-date 2016-10-31; = 2 项;  !no:several-readings`},
		{"a rubric and a list of persons beside the tasks (I-56)", "e.docx", inWord(par("遂宁市质量强市工作领导小组"), par("关于印发《质量强市工作要点》的通知"), par("遂质强〔2012〕3号"), par("各成员单位："), par("附件1"), par("质量强市工作任务分解表"),
			grid("牵头领导|牵头单位|责任单位|重点任务|完成时限", "李X|市质监局|市经信委、市农业局|培育名牌产品6个|10月底前", "王X|市住建局|市质监局等|创建优质工程|次年1月底前", ">5注：每季度末报送进展。"),
			par("附件2"), par("质量强市工作考核评分表"), grid("序号|考核内容|分值|评分标准|责任单位", "1|组织领导|10|未成立机构扣5分|各成员单位"), par("附件3"), par("联系人名单"), grid("单位|联系人|职务|电话", "市质监局|王X|科长|1")),
			"质量强市工作任务分解表 | 2012 | 遂宁市质量强市工作领导小组 | columns", `
 [] 培育名牌产品6个 /  <市质监局> (市经信委、市农业局) {李X} by-date 2012-10-31; = 6 个; 
 [] 创建优质工程 /  <市住建局> (市质监局) {王X} by-date 2013-01-31; nil; `},
		{"title behind 附件：, year in the date of issue, signature above (I-59)", "f.docx", inWord(par("关于做好迎检工作的通知"), par("各股室："), par("攀枝花市质量技术监督局"), par("二〇一二年四月六日"), par("附件：迎检任务分解表"),
			grid("项次|目标任务|工作标准|承办单位|协作单位|办结期限|责任人", "1|准备台账|齐全规范|办公室|各科室|4月20日|王X", "2|整改问题|整改率100%|质量科||4月底|李X、张X")),
			"迎检任务分解表 | 2012 | 攀枝花市质量技术监督局 | columns", `
1 [] 准备台账 / 齐全规范 <办公室> (各科室) {王X} by-date 2012-04-20; nil; 
2 [] 整改问题 / 整改率100% <质量科> () {李X、张X} by-date 2012-04-30; = 100 %; `},
		{"signature below the table without a date, year in the number (I-59)", "g.docx", inWord(par("眉市质函〔2011〕8号"), par("关于报送检验检测机构整合工作任务表的函"), par("省质监局："),
			grid("序号|工作任务|责任科室|完成时限", "1|清理机构|认证科|5月15日前", "2|制定方案|办公室|6月"), par("眉山市质量技术监督局")),
			"关于报送检验检测机构整合工作任务表的函 | 2011 | 眉山市质量技术监督局 | equal", `
1 [] 清理机构 /  <认证科> () {} by-date 2011-05-15; nil; 
2 [] 制定方案 /  <办公室> () {} by-date 2011-06-30; nil; `},
		{"cover letter on the same sheet, headings above the title", "h.xlsx", inExcel(sheet{name: "Sheet1", rows: []string{"攀枝花市人民政府办公室", "关于分解下达2014年目标任务的通知", "各县（区）人民政府：", "一、各单位要高度重视", "攀枝花市人民政府办公室", "2014年3月5日",
			"攀枝花市2014年打假治劣目标任务分解表", "一、打击假冒", "序号|责任单位|目标任务|年度目标|完成时限", "1|市质监局\n市公安局负责落实；协助单位：东区\n西区人民政府|农资打假|90%以上|5月底前"}}),
			"攀枝花市2014年打假治劣目标任务分解表 | 2014 | 攀枝花市人民政府办公室 | equal", `
1 [一、打击假冒] 农资打假 /  <市质监局、市公安局> (东区、西区人民政府) {} by-date 2014-05-31; >= 90 %; `},
		{"note says that the first leads, numbers in brackets", "i.xlsx", inExcel(sheet{name: "Sheet1", rows: []string{"达州市2015年重点民生实事责任分解表|||||", "类别|序号|工作内容|责任单位|完成时间|量化指标",
			"教育|（一）|新建幼儿园|市教育局、市财政局，各县（市、区）人民政府|8月31日前|12所", "|（二）|改扩建校舍|市教育局、市住建局|年底|5.6万平方米", "说明：责任单位栏第一个单位为牵头单位，其他为配合单位|||||"}, merges: []string{"A1:F1", "A3:A4", "A5:F5"}}),
			"达州市2015年重点民生实事责任分解表 | 2015 |  | first-listed", `
（一） [教育] 新建幼儿园 /  <市教育局> (市财政局、各县（市、区）人民政府) {} by-date 2015-08-31; = 12 所; 
（二） [教育] 改扩建校舍 /  <市教育局> (市住建局) {} by-date 2015-12-31; = 56000 平方米; `},
		{"any order of columns, semicolons, 单位： is no issuer", "j.csv", text("\xEF\xBB\xBF2020年乡村振兴重点任务清单;;;;;;", "单位：个、万元;;;;;;", "牵头单位;责任单位;序号;任务名称;量化目标;时间安排;其他",
			"市农业农村局;市财政局、各区县政府;(一);高标准农田建设;20万亩;2020年9月底前;", "市农业农村局;;(二);新型经营主体培育;新增500个（家）;12月上旬;备注一", "市乡村振兴局;\"市民政局\n市残联\";(三);防返贫监测;不漏一户;每周;", ";市卫生健康委;(四);健康扶贫;100%;“十四五”末;", "合计;;;4项;;;"),
			"2020年乡村振兴重点任务清单 | 2020 |  | columns", `
(一) [] 高标准农田建设 /  <市农业农村局> (市财政局、各区县政府) {} by-date 2020-09-30; = 200000 亩; 
(二) [] 新型经营主体培育 /  <市农业农村局> () {} by-date 2020-12-10; = 500 个（家）; 备注一
(三) [] 防返贫监测 /  <市乡村振兴局> (市民政局、市残联) {} unparsed; none; 
(四) [] 健康扶贫 /  <市乡村振兴局> (市卫生健康委) {} by-date 2025-12-31; = 100 %; `},
	})
}

// Rules I-35, I-53, I-54, I-57, I-58.
func TestMeasuresWithoutATable(t *testing.T) {
	checkKinds(t, []kind{
		{"brackets of every kind, on their own line, with deadline and persons", "a.txt", inGB18030("中共达州市委办公室　达州市人民政府办公室", "关于推进质量强市的实施方案", "为深入推进质量强市，制定本方案。", "一、工作目标", "到2018年，合格率稳定在95%以上。", "二、主要任务", "（一）提升产品质量。",
			"1.实施名牌战略。培育四川名牌15个。", "（牵头单位：市质监局；责任单位：市经信委、市农业局；完成时限：2016年底前）", "2.开展质量比对提升行动，选择5—8家企业。〔责任单位：市质监局、市经信委〕", "（二）提升服务质量",
			"3.推行服务标准化。[市旅游局牵头，市商务局、市质监局配合，每年]", "4.健全服务体系", "（1）制定服务标准3项。（市旅游局负责）", "（2）开展服务质量测评（市质监局负责，市统计局协助）。", "三、保障措施",
			"5、强化经费保障。(责任领导：副市长李X;责任单位：市财政局)（完成时限：每年3月底前）", "6）加强督查【市政府督查室牵头,各县(市、区)政府等配合】", "达州市人民政府办公室", "2016年3月8日"),
			"关于推进质量强市的实施方案 | 2016 | 中共达州市委办公室、达州市人民政府办公室 | bracketed", `
1 [二、主要任务>（一）提升产品质量。] 实施名牌战略。培育四川名牌15个。 /  <市质监局> (市经信委、市农业局) {} by-date 2016-12-31; = 15 个; 
2 [二、主要任务>（一）提升产品质量。] 开展质量比对提升行动，选择5—8家企业。 /  <市质监局、市经信委> () {} none; range 5 8 家; 
3 [二、主要任务>（二）提升服务质量] 推行服务标准化。 /  <市旅游局> (市商务局、市质监局) {} recurring year; nil; 
（1） [二、主要任务>（二）提升服务质量>4.健全服务体系] 制定服务标准3项。 /  <市旅游局> () {} none; = 3 项; 
（2） [二、主要任务>（二）提升服务质量>4.健全服务体系] 开展服务质量测评 /  <市质监局> (市统计局) {} none; nil; 
5 [三、保障措施] 强化经费保障。 /  <市财政局> () {副市长李X} recurring year; nil; 
6 [三、保障措施] 加强督查 /  <市政府督查室> (各县(市、区)政府) {} none; nil; `},
		{"lines that only name units and deadline (I-54), issuer below the title (I-59)", "b.txt", text("凉山州2018年脱贫攻坚工作要点", "（州脱贫攻坚领导小组办公室　2018年2月）", "一、聚焦精准", "1.退出贫困村500个、减贫10万人。", "牵头单位：州扶贫移民局", "责任单位：各县市人民政府", "完成时限：12月底前",
			"2.建设安全住房2.7万套。", "牵头单位：州住建局；配合单位：州发改委、州财政局", "二、强化保障", "3.落实驻村帮扶，春节前完成轮换。", "牵头单位：州委组织部", "完成时限：长期坚持"),
			"凉山州2018年脱贫攻坚工作要点 | 2018 | 州脱贫攻坚领导小组办公室 | bracketed", `
1 [一、聚焦精准] 退出贫困村500个、减贫10万人。 /  <州扶贫移民局> (各县市人民政府) {} by-date 2018-12-31; = 500 个; 
2 [一、聚焦精准] 建设安全住房2.7万套。 /  <州住建局> (州发改委、州财政局) {} none; = 27000 套; 
3 [二、强化保障] 落实驻村帮扶，春节前完成轮换。 /  <州委组织部> () {} standing; nil; `},
		{"two issuers above the title, lead-ins between the measures (I-59)", "d.docx", inWord(par("中共内江市委"), par("内江市人民政府"), par("关于加快推进品牌建设的实施意见"), par("（2013年3月15日）"), par("为加快品牌建设，提出如下意见。"), par("一、主要目标"), par("到2015年，四川名牌达到50个。"), par("二、重点工作"), par("（一）工业品牌"), par("全市工业品牌要做大做强。"),
			par("1.建立品牌梯队，每年培育不少于10家。（市质监局牵头，市经信委、市国资委配合）"), par("2.发展地理标志产品，力争新增2个（市农业局牵头，市质监局、各县（区）政府配合，2015年6月30日前完成）。"), par("三、保障措施"), par("3.安排专项资金500万元。（市财政局负责，市质监局协助，每年6月底前）")),
			"关于加快推进品牌建设的实施意见 | 2013 | 中共内江市委、内江市人民政府 | bracketed", `
1 [二、重点工作>（一）工业品牌] 建立品牌梯队，每年培育不少于10家。 /  <市质监局> (市经信委、市国资委) {} recurring year; >= 10 家; 
2 [二、重点工作>（一）工业品牌] 发展地理标志产品，力争新增2个 /  <市农业局> (市质监局、各县（区）政府) {} by-date 2015-06-30; = 2 个 soft; 
3 [三、保障措施] 安排专项资金500万元。 /  <市财政局> (市质监局) {} recurring year; = 5000000 元; `},
		{"several units inside one paragraph are doubted (I-58)", "c.txt", text("关于加强标准化工作的意见", "川质监发〔2014〕号", "一、完善标准体系", "（一）健全农业标准。一是制修订地方标准20项（省农业厅负责）；二是建设示范区5个（省质监局牵头，2014年12月底前完成）。", "（二）健全工业标准，适时发布白皮书。（省经济和信息化委、省质监局负责）", "四川省质量技术监督局", "2014年4月2日"),
			"关于加强标准化工作的意见 | 2014 | 四川省质量技术监督局 | bracketed", `
（一） [一、完善标准体系] 健全农业标准。一是制修订地方标准20项（省农业厅负责）；二是建设示范区5个 /  <省质监局> () {} by-date 2014-12-31; = 20 项;  !units:several-readings !row:several-readings
（二） [一、完善标准体系] 健全工业标准，适时发布白皮书。 /  <省经济和信息化委、省质监局> () {} unparsed; nil; `},
	})
}

// Rules I-11, I-13, I-14, I-15, I-16, I-55.
func TestPhrasesThatLookLikeADeadline(t *testing.T) {
	for text, want := range map[string]string{
		"项目批复后一年半内": "relative approval 0d 0wd 18m 0y", "获批后6个月内": "relative approval 0d 0wd 6m 0y", "一年半": "relative issue 0d 0wd 18m 0y", "一季度一次": "recurring quarter", "一年一次": "recurring year",
		"每年年底前": "recurring year", "逐年推进": "unparsed", "10月3l日": "unparsed", "10月15前": "by-date 2016-10-15", "20160630": "by-date 2016-06-30", "20161340": "unparsed", "2016-2018": "range 2016-01-01 2018-12-31",
	} {
		if got := show(ReadDeadline(text, 2016)); got != want {
			t.Errorf("cell %q: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"审批时限压缩至3个工作日以内": "none", "申请材料齐全的30日内办结": "none", "制定2016—2020年发展规划": "none", "2016年春节前完成清欠": "unparsed", "汛期来临前完成排查": "unparsed", "适时召开现场会": "unparsed",
		"汛期前启动，6月底前完成": "by-date 2016-06-30", "逐年提高补助标准": "none",
	} {
		if d, _ := findDeadline(text, 2016); show(d) != want {
			t.Errorf("sentence %q: got %s, want %s", text, show(d), want)
		}
	}
	if _, doubtful := findDeadline("按月调度、按季通报", 2016); !doubtful {
		t.Error("two rhythms in one sentence are not doubted")
	}
}

// Rules I-20, I-23, I-24.
func TestFiguresThatLookLikeATarget(t *testing.T) {
	for text, want := range map[string]string{
		"两到三个": "range 2 3 个", "500个（家）": "= 500 个（家）", "3台（套）以上": ">= 3 台（套）", "4个（新建）": "= 4 个", "5个工作日内": "<= 5 个工作日", "实现“零”突破": "first ", "零投诉": "= 0 ", "50亿斤以上": ">= 5000000000 斤", "5000㎡": "= 5000 ㎡",
	} {
		if got := goalLine(ReadTarget(text, "")); got != want {
			t.Errorf("cell %q: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"支持年产值超过1亿元企业上市": "nil", "支持年产值超过1亿元的企业上市3家": "= 3 家", "建设占地200亩的物流园2个": "= 2 个", "完成投资超过5亿元": ">= 500000000 元",
	} {
		if got := goalLine(findTarget(text)); got != want {
			t.Errorf("sentence %q: got %s, want %s", text, got, want)
		}
	}
}

// Rule I-04: what a reading keeps of repeated cells is never shared between rows.
func TestRowsWithTheSameCellsShareNothing(t *testing.T) {
	r := openBytes(t, "a.csv", []byte("序号,任务,牵头单位,配合单位,时限,目标值\n1,建平台,甲局,乙局、丙局,签署后3个月内,3个\n2,办培训,甲局,乙局、丙局,签署后3个月内,3个\n"))
	first, second := &r.Rows[0], &r.Rows[1]
	first.Lead[0], first.Cooperating[0] = "改", "改"
	first.Deadline.Relative.Months, first.Target.Value = 9, 0
	same(t, lines(Result{Rows: []Row{*second}}), "2 [] 办培训 /  <甲局> (乙局、丙局) {} relative signing 0d 0wd 3m 0y; = 3 个;")
}

// Rules I-30, I-31, I-32, I-33.
func TestUnitsInOddForms(t *testing.T) {
	for text, want := range map[string]string{
		"市质监局、市财政局（配合）": "市质监局 / 市财政局", "市质监局(牵头单位)、市工商局(配合单位)": "市质监局 / 市工商局", "由市质监局牵头会同市财政局办理": "市质监局 / 市财政局",
		"1.市质监局 2.市工商局": "市质监局|市工商局 / ", "市质监局等12个部门": "市质监局 / ", "市农业局、市水务局按职责分工": "市农业局|市水务局 / ",
		"各县(市)、区人民政府": "各县(市)、区人民政府 / ", "各市、县（区）政府": "各市、县（区）政府 / ", "市质监局等有关部门、各区县政府": "市质监局|各区县政府 / ",
		"市环保局\n市发改委负责落实；协助单位：市财政局\n东区": "市环保局|市发改委 / 市财政局|东区", "责任单位：市质监局；责任人：王X": "市质监局 / ",
	} {
		r := readRoles(text)
		if got := strings.Join(r.lead, "|") + " / " + strings.Join(r.cooperating, "|"); got != want || r.doubtful {
			t.Errorf("%q: got %q (doubtful %v), want %q", text, got, r.doubtful, want)
		}
	}
	if r := readRoles("市质监局，市财政局配合"); !r.doubtful || strings.Join(r.lead, "") != "市质监局" {
		t.Errorf("a cell that names helpers only is not doubted: %+v", r)
	}
	if r := readRoles("责任单位：市质监局；责任人：王X"); strings.Join(r.people, "") != "王X" {
		t.Errorf("the person beside the unit is lost: %+v", r)
	}
	same(t, strings.Join(splitPeople("王X 13900000000、李X（0830-2222222）"), "|"), "王X|李X")
}

// Rules I-53, I-54.
func TestTheEndOfAMeasure(t *testing.T) {
	for text, want := range map[string]string{
		"开展活动（市质监局牵头，2014年底前完成）。":             "开展活动 <市质监局> by-date 2014-12-31",
		"开展活动。（2014年6月底前，市质监局牵头）":             "开展活动。 <市质监局> by-date 2014-06-30",
		"开展活动。（完成时限：6月底前，并长期坚持；责任单位：市质监局）":    "开展活动。 <市质监局> by-date 2014-06-30 then-standing",
		"开展活动（市质监局负责，持续推进）":                   "开展活动 <市质监局> standing",
		"开展活动。（牵头单位：市质监局）（2014年底前完成）":         "开展活动。 <市质监局> by-date 2014-12-31",
		"开展活动。——责任单位：市质监局、市工商局":               "开展活动。 <市质监局|市工商局> none",
		"开展活动。牵头单位：市质监局；完成时限：2014年底前。":        "开展活动。 <市质监局> by-date 2014-12-31",
		"开展研究（含配合比设计）":                        "开展研究（含配合比设计） <> none",
		"开展活动（2014年）":                         "开展活动（2014年） <> none",
		"建立（含新建）平台3个（市经信委）":                   "建立（含新建）平台3个 <市经信委> none",
		"开展活动。（责任部门：市质监局 配合部门：市财政局 时限：按上级要求）": "开展活动。 <市质监局> unparsed",
	} {
		body, end := splitClosing(text)
		d, _ := end.deadlineOf(2014)
		if got := body + " <" + strings.Join(readRoles(end.units).lead, "|") + "> " + show(d); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Rule I-02: headers by their words, whatever their place.
func TestHeadersAreKnownByTheirWords(t *testing.T) {
	for want, headers := range map[field]string{
		fieldNo:          "序号 编号 项次 № 任务编号 条目号 顺序号 项目序号",
		fieldTask:        "工作任务 目标任务 重点工作 主要任务 任务名称 工作内容 事项 合作事项 建设内容 整改任务 三级指标",
		fieldMeasures:    "具体措施 工作措施 主要措施 落实举措 推进措施 具体内容 实施步骤",
		fieldLead:        "牵头单位 主办单位 牵头部门 责任部门 责任单位 承办单位 实施主体 落实单位 责任股室 责任县区 承接单位 牵头（责任）单位",
		fieldCooperating: "配合单位 协办单位 协同单位 参与单位 协助单位 会办单位 协作单位 其他责任单位 联合单位 相关单位",
		fieldPeople:      "责任人 责任领导 分管领导 牵头领导 市领导 负责同志 责任人及联系电话",
		fieldDeadline:    "完成时限 完成时间 时间节点 办结时限 进度安排 时限 完成期限 起止年限 计划进度 进度",
		fieldTarget:      "目标值 量化指标 年度目标 工作目标 考核指标 任务指标值 2012年目标 完成标准",
		fieldUnit:        "计量单位 量纲", fieldNote: "备注 说明 其他",
		fieldChapter: "类别 重点领域 对应条款 承诺方 一级指标 工作领域",
		fieldOther:   "联系电话 完成情况 进展情况 2011年责任单位 分值 任务来源 督查单位 联系人电话",
	} {
		for _, h := range strings.Fields(headers) {
			if got := classify(h, 2012); got != want {
				t.Errorf("%s: got %q, want %q", h, got, want)
			}
		}
	}
}
