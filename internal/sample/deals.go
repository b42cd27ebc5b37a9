package sample

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/task"
)

const (
	liangshan org.RegionCode = "513400"
	mianning  org.RegionCode = "513433"
)

// deal is one memorandum with its plans.
type deal struct {
	region  org.RegionCode
	other   org.Unit      // the party beside the province's bureau
	signed  calendar.Date // zero: about to be signed
	entered calendar.Date // when the system got it: never before it began
	care    int           // of how many reports one comes late or is returned
	memo    memo.Memorandum
	id      memo.ID
	plans   []plan
}

// plan is one year of a deal.
type plan struct {
	year    int
	title   string
	entered calendar.Date
	rows    []row
}

// city is how one city stands in the ranking of the reference pages: how many
// rows have which light on 7 June 2010.
type city struct {
	region             org.RegionCode
	signed             string
	green, yellow, red int
	care               int
	size               float64 // targets are in proportion to it
}

// cities are those with a memorandum, in the order of their signatures. Only
// that there are fifteen, and the seven that the article names, is from the article.
func cities() []city {
	return []city{
		{"510500", "2008-10-16", 22, 3, 0, 40, 1.1},
		{"510100", "2008-12-11", 31, 2, 0, 90, 2.4},
		{"510600", "2009-02-19", 24, 2, 0, 80, 1.4},
		{"510700", "2009-03-05", 26, 3, 0, 60, 1.5},
		{"511500", "2009-03-19", 23, 3, 1, 40, 1.3},
		{"510300", "2009-04-09", 16, 4, 0, 30, 0.8},
		{"511000", "2009-04-23", 18, 3, 0, 40, 0.9},
		{"512000", "2009-05-14", 19, 2, 0, 60, 0.8},
		{"511800", "2009-05-27", 15, 4, 1, 25, 0.6},
		{"511600", "2009-06-11", 14, 4, 0, 25, 0.8},
		{"511100", "2009-07-16", 20, 3, 1, 40, 1.0},
		{"511300", "2009-08-20", 21, 6, 1, 20, 1.1},
		{"510900", "2009-09-10", 12, 4, 3, 12, 0.7},
		{"510800", "2009-10-15", 11, 5, 4, 9, 0.8},
		{liangshan, "2010-02-26", 0, 0, 0, 25, 1.0}, // its rows stand in liangshan.go
	}
}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic("sample: " + err.Error())
	}
	return d
}

// workdays is read once: it is asked some ten thousand times.
var workdays = sync.OnceValue(calendar.Default)

// workday returns the n-th working day after a day, or the first on or after it for 0.
func workday(d calendar.Date, n int) calendar.Date {
	w := workdays()
	for !w.IsWorkday(d) {
		d = d.AddDays(1)
	}
	return w.Add(d, n)
}

// allDeals are all memorandums of the sample, those to come included.
func allDeals(p *province) []*deal {
	var out []*deal
	for i, c := range cities() {
		d := &deal{region: c.region, other: p.unit(c.region, government), signed: date(c.signed), care: c.care}
		d.entered = d.signed
		if d.entered.Before(begun) {
			d.entered = workday(begun, i)
		}
		d.memo = cityMemorandum(p, d)
		if d.region == "510500" {
			d.memo.Until = date("2010-08-31") // invented: the first to be signed comes up for renewal
		}
		if d.entered.Year == 2009 {
			d.plans = append(d.plans, plan{2009, p.placeOf(d.region) + "2009年度工作计划", workday(d.entered, 3), rowsOf2009(i)})
		}
		entered, rows := workday(calendar.NewDate(2010, 1, 8), i%3), cityRows(p, c)
		if d.region == liangshan {
			entered, rows = date("2010-03-01"), liangshanRows()
		}
		d.plans = append(d.plans, plan{2010, p.placeOf(d.region) + "2010年度工作计划", entered, rows})
		out = append(out, d)
	}
	out = append(out, departmentDeals(p)...)
	return append(out, panzhihua(p), dazhou(p))
}

// placeOf is what a territory is called in titles: 凉山州, 泸州市.
func (p *province) placeOf(region org.RegionCode) string {
	return strings.TrimSuffix(p.call(p.unit(region, org.FunctionQuality)), "质监局")
}

// cityRows picks the rows of a city's plan for 2010 and says what becomes of them,
// so that the lights come out as in the ranking.
func cityRows(p *province, c city) []row {
	rows := catalogue()
	blue := 1
	count := c.green + c.yellow + c.red + blue
	for level := 5; len(rows) > count; { // leave out the highest levels first, from the end
		i := lastOf(rows, level)
		if i < 0 {
			level--
			continue
		}
		rows = slices.Delete(rows, i, i+1)
	}
	for i := range rows {
		r := &rows[i]
		if r.scale > 0 {
			r.target = scaled(r.target, 1+(c.size-1)*r.scale)
		}
		if r.split > 0 {
			r.split = 3 + pick(6, string(c.region), r.title)
		}
	}
	countiesOf(p, c.region, rows)
	special(c.region, rows)
	spread(c, rows)
	return rows
}

func lastOf(rows []row, level int) int {
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].level == level {
			return i
		}
	}
	return -1
}

// spread gives the city's yellow and red lights to rows that are fit for them.
func spread(c city, rows []row) {
	yellow, red := c.yellow, c.red
	for _, r := range rows {
		switch r.want {
		case task.Yellow:
			yellow--
		case task.Red:
			red--
		}
	}
	for _, title := range []string{"质检机构实验室用地", "特种设备普查登记", "重点企业质量技术服务", "规范食品加工小作坊", "企业质量管理人员培训", "农资打假专项行动"} {
		if i := titled(rows, title); i >= 0 && red > 0 && rows[i].want == "" {
			overdue(&rows[i], c.region)
			red--
		}
	}
	fit := []string{"制定并发布地方标准", "企业质量管理人员培训", "新增四川名牌产品", "查处质量违法案件", "质检所检验检测能力建设资金",
		"规范食品加工小作坊", "农资打假专项行动", "特种设备普查登记", "开展名牌培育企业跟踪帮扶", "重点企业质量技术服务"}
	start := pick(len(fit), string(c.region))
	for k := range fit {
		if i := titled(rows, fit[(start+k)%len(fit)]); i >= 0 && yellow > 0 && rows[i].want == "" && rows[i].reached == "" {
			rows[i].want = task.Yellow
			yellow--
		}
	}
}

// overdue makes a row one whose last day is over without a verified figure.
func overdue(r *row, region org.RegionCode) {
	days := []string{"2010年5月20日前", "2010年5月24日前", "2010年5月25日前", "2010年5月27日前"}
	r.deadline = days[pick(len(days), string(region), r.title)]
	r.want, r.silent, r.split = task.Red, 4, 0
	if r.title == "质检机构实验室用地" {
		r.deadline, r.lead, r.with = days[0], "质监", "国土资源"
	}
}

func titled(rows []row, title string) int {
	return slices.IndexFunc(rows, func(r row) bool { return r.title == title })
}

// special lays the cases of the reference pages over the rows of some cities.
func special(region org.RegionCode, rows []row) {
	set := func(title string, f func(*row)) {
		if i := titled(rows, title); i >= 0 {
			f(&rows[i])
		}
	}
	switch region {
	case "511500": // 宜宾: 11 → 9, waiting since 1 June
		set("新增四川名牌产品", func(r *row) {
			r.target, r.split = "不少于18个", 0
			r.story = story{may: mayFirst, reached: "9", claims: "11"}
		})
		set("规范食品加工小作坊", func(r *row) { r.want, r.split = task.Red, 0 })
	case "510500": // 泸州: 3 → 2 zones; 酒类地方标准
		set("创建农业标准化示范区", func(r *row) { r.target, r.story = "不少于4个", story{may: mayFirst, reached: "2", claims: "3"} })
		set("制定并发布地方标准", func(r *row) {
			r.title, r.with, r.target = "制定酒类地方标准", "酒业", "3项以上"
			r.story = story{may: mayVerified, reached: "2"}
		})
	case "511800": // 雅安: 180 → 0
		set("食品监督抽查经费列入同级财政", func(r *row) {
			r.target, r.story = "180万元", story{want: task.Red, may: mayFirst, reached: "0", claims: "180"}
		})
		set("创建农业标准化示范区", func(r *row) { r.target, r.story = "2个", story{may: mayVerified, reached: "1"} })
		set("质检所检验检测能力建设资金", func(r *row) { r.story = story{want: task.Yellow, silent: 4} })
	case "511600": // 广安: 9 → 5
		set("制定并发布地方标准", func(r *row) { r.target, r.story = "10项以上", story{may: mayWaiting, reached: "5", claims: "9"} })
	case "512000": // 资阳: meetings 3 → 2
		set("召开质量例会", func(r *row) { r.story = story{may: mayWaiting, reached: "2", claims: "3"} })
	case "510300": // 自贡: 1800 → 1200
		set("质检所检验检测能力建设资金", func(r *row) {
			r.target, r.story = "2400万元", story{may: mayWaiting, reached: "1200", claims: "1800"}
		})
	case "510100", "510700":
		set("开展名牌培育企业跟踪帮扶", func(r *row) { r.story = story{may: mayFirst} })
	case "511300": // 南充: 市经委 two without reports
		set("开展名牌培育企业跟踪帮扶", func(r *row) { r.story = story{want: task.Yellow, silent: 4} })
		set("重点企业质量技术服务", func(r *row) {
			r.lead, r.with = "经济信息化", "质监"
			overdue(r, region)
		})
	}
}

// refusing are cities that give a row out in June, of whose counties one refuses.
var refusing = []org.RegionCode{"510500", "510600", "511000"}

const refusedRow = "重点企业质量技术服务"

// scaled multiplies the number in a target's words.
func scaled(words string, by float64) string {
	i := strings.IndexFunc(words, isDigit)
	j := strings.LastIndexFunc(words, isDigit) + 1
	if i < 0 {
		return words
	}
	n, err := strconv.Atoi(words[i:j])
	if err != nil {
		return words // a range
	}
	return words[:i] + strconv.Itoa(max(1, int(math.Round(float64(n)*by)))) + words[j:]
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// countiesOf puts the number of the city's counties into the rows that count them,
// and the row that is given out in June into its time.
func countiesOf(p *province, region org.RegionCode, rows []row) {
	n := strconv.Itoa(len(p.regions.Children(region)))
	for i := range rows {
		r := &rows[i]
		if strings.HasPrefix(r.target, "8个县") || strings.HasPrefix(r.target, "8份") {
			r.target = strings.Replace(r.target, "8", n, 1)
		}
		if r.title == refusedRow && slices.Contains(refusing, region) {
			r.deadline = "6月至11月"
			r.want = task.Green
		}
	}
}

// rowsOf2009 are the rows of a first, smaller plan: all with numbers, none split.
func rowsOf2009(turn int) []row {
	var out []row
	for _, r := range catalogue() {
		numeric := r.target != "" && r.title != "较大以上特种设备事故" && !strings.HasSuffix(r.target, "%以上")
		if !numeric || r.level > 2 && (r.level > 3 || pick(2, r.title, string(rune('a'+turn))) > 0) {
			continue
		}
		r.deadline = strings.NewReplacer("2010", "2009", "一季度内", "2009年12月20日前", "3月至9月", "2009年12月10日前", "9月底", "12月15日").Replace(r.deadline)
		leads := strings.Split(r.lead, "、")
		r.lead = leads[len(leads)-1] // one lead, so that one report finishes it
		r.with, r.split, r.story = "", 0, story{}
		out = append(out, r)
	}
	return out
}

// departmentDeals are the four memorandums with departments of the province.
// Which departments they are is made up.
func departmentDeals(p *province) (out []*deal) {
	for i, x := range []struct {
		function, signed string
		rows             []row
	}{
		{"农业", "2009-04-16", []row{
			{chapter: "一、农业标准化", title: "共建省级农业标准化示范区", lead: "农业、质监/标准化处", deadline: "2010年底前", target: "不少于12个", level: 1},
			{chapter: "一、农业标准化", title: "修订农业地方标准", lead: "质监/标准化处", with: "农业", deadline: "2010年10月底前", target: "20项以上", level: 1},
			{chapter: "二、农产品质量", title: "农资产品联合抽查", lead: "农业", with: "质监/监督处", deadline: "每季度", target: "4次", level: 1}}},
		{"卫生", "2009-06-25", []row{
			{chapter: "一、食品安全", title: "食品安全信息互通", lead: "卫生", with: "质监/监督处", deadline: "每季度", target: "4次", level: 1},
			{chapter: "二、医用计量", title: "医用计量器具检定", lead: "质监/计量处", with: "卫生", deadline: "2010年11月底前", target: "不少于3300台", level: 1}}},
		{"旅游", "2009-09-24", []row{
			{chapter: "一、服务标准化", title: "旅游服务标准化试点", lead: "旅游", with: "质监/标准化处", deadline: "2010年底前", target: "12个左右", level: 1},
			{chapter: "二、设备安全", title: "景区特种设备联合检查", lead: "质监/特种设备处", with: "旅游", deadline: "每季度", target: "4次", level: 1}}},
		{"商务", "2010-01-14", []row{
			{chapter: "一、诚信计量", title: "诚信计量示范商场", lead: "商务", with: "质监/计量处", deadline: "2010年11月底前", target: "22家以上", level: 1},
			{chapter: "二、质量提升", title: "出口产品质量提升", lead: "商务", with: "质监/质量处", deadline: "2010年10月底前", target: "30家", level: 1}}},
	} {
		d := &deal{region: sichuan, other: p.unit(sichuan, x.function), signed: date(x.signed), entered: date(x.signed), care: 60}
		d.memo = departmentMemorandum(p, d)
		name := strings.TrimPrefix(d.other.Name, "四川")
		if i < 3 {
			rows := slices.Clone(x.rows[:1])
			rows[0].deadline, rows[0].with, rows[0].split = "2009年12月20日前", "", 0
			rows[0].lead, _, _ = strings.Cut(rows[0].lead, "、")
			d.plans = append(d.plans, plan{2009, "与" + name + "2009年度工作计划", workday(d.entered, 4), rows})
		}
		entered := workday(calendar.NewDate(2010, 1, 11), 1)
		if entered.Before(d.signed) {
			entered = workday(d.signed, 1)
		}
		d.plans = append(d.plans, plan{2010, "与" + name + "2010年度工作计划", entered, x.rows})
		out = append(out, d)
	}
	return out
}

// partakers are all units that lead or cooperate in any plan.
func partakers(p *province, deals []*deal) (out []org.Unit) {
	for _, d := range deals {
		for _, l := range d.plans {
			for _, r := range l.rows {
				out = append(out, p.unitsOf(d.region, r.lead)...)
				out = append(out, p.unitsOf(d.region, r.with)...)
			}
		}
	}
	for _, county := range p.regions.Children(liangshan) {
		out = append(out, p.unit(county.Code, government))
	}
	return out
}

// unitsOf reads the functions of a row's lead or cooperating units.
func (p *province) unitsOf(region org.RegionCode, words string) (out []org.Unit) {
	if words == "" {
		return nil
	}
	for _, f := range strings.Split(words, "、") {
		at := region
		if code, rest, ok := strings.Cut(f, "/"); ok && len(code) == 6 && code[0] == '5' {
			at, f = org.RegionCode(code), rest
		}
		out = append(out, p.unit(at, f))
	}
	return out
}
