package scenarios

import (
	"strings"

	"golang.org/x/net/html"
)

// Two enterprises that are not; the check characters are right.
const (
	mill     = "91511600MA6G000107"
	brewery  = "91511600MA6G000294"
	misTyped = "91511600MA6G000108"
)

// surveyed composes a questionnaire from nothing, sends it, has it answered by four
// people of three units, and draws findings:
//
//	brands     5 in 2015, 7 in 2014: fell, a gap
//	food money nought in 2016: a gap
//	industries 13 (农副食品加工业): an advantage
//	firms      two with credit codes: key enterprises
func (g *guangan) surveyed() {
	statistics := appoint(g.admin, "广安市统计局", "统计联络员", "statistics", "clerk")
	brands := appoint(g.admin, cityOffice, "质量科", "brands-clerk", "clerk")
	firms := appoint(g.admin, cityOffice, "企业科", "firms-clerk", "clerk")

	office := g.office
	office.open("/surveys/new").submit("/surveys", "", fields{
		"title": "广安市质量状况调研", "region": "511600", "year": "2016", "due": "2016-03-20", "from": "empty", "about": "拟与广安市签订合作备忘录",
	}).see("调研已建好")
	g.survey = strings.TrimSuffix(office.here(), "/compose")
	office.submit("/compose", "section", nil).see()
	section := func(title, unit string, questions ...fields) {
		g.t.Helper()
		typed := fields{"section-title": title, "section-unit": unit}
		for range questions {
			office.submit("/compose", "question", typed).see()
		}
		for i, q := range questions {
			for name, value := range q {
				typed["q."+string(rune('0'+i))+"."+name] = value
			}
		}
		office.submit("/compose", "save", typed).see("问卷已保存")
	}
	section("产业家底", "广安市统计局",
		fields{"text": "支柱产业", "kind": "industries", "field": "traditional", "required": "yes"})
	office.submit("/compose", "section", nil).see()
	section("名牌与企业", cityOffice,
		fields{"text": "省名牌产品数", "kind": "figure", "unit": "个", "ago": "1", "before": "yes", "better": "more", "field": "brands", "required": "yes"},
		fields{"text": "重点企业名单", "kind": "firms", "field": "enterprises", "required": "yes"})
	office.submit("/compose", "section", nil).see()
	section("经费保障", cityGov,
		fields{"text": "食品检验经费（本级财政预算）", "kind": "figure", "unit": "万元", "ago": "0", "better": "more", "field": "food", "required": "yes"})
	statistics.open(g.survey)
	if statistics.status != 404 {
		g.t.Fatalf("a survey that is still composed is open to those asked: %d", statistics.status)
	}
	office.open(g.survey).see("把问卷下发给3个单位").submit("/send", "", nil).see("问卷已下发")

	// A code of no industry and a credit code with a wrong check character come back.
	g.on(2016, 3, 8)
	statistics.open(g.survey + "/sections/1")
	pillars := statistics.question("支柱产业")
	statistics.submit("/sections/1", "hand-in", fields{pillars: "9901"}).refused(422, "“9901”不是行业代码")
	statistics.submit("/sections/1", "hand-in", fields{pillars: "C1310"}).see("已提交给调研单位")
	statistics.open(g.survey + "/sections/2").refused(404)
	brands.open(g.survey + "/sections/2")
	firms.open(g.survey + "/sections/2") // both at once
	count, list := brands.question("省名牌产品数"), brands.question("重点企业名单")
	brands.submit("/sections/2", "save", fields{count: "5", count + ".before": "7", count + ".source": "省名推委2015年公告"}).see("草稿已保存")
	typed := fields{list + ".0.name": "广安某米业有限公司", list + ".0.code": misTyped, list + ".1.name": "岳池某酒业有限公司", list + ".1.code": brewery}
	firms.submit("/sections/2", "hand-in", typed).refused(422, "“"+misTyped+"”的校验码不对")
	typed[list+".0.code"] = mill
	firms.submit("/sections/2", "save", typed).refused(409, "省名推委2015年公告") // the other saved meanwhile, and is shown
	firms.open(g.survey+"/sections/2").submit("/sections/2", "hand-in", typed).see("已提交给调研单位")
	g.city.open(g.survey + "/sections/3")
	money := g.city.question("食品检验经费")
	g.city.submit("/sections/3", "hand-in", fields{money: "0", money + ".source": "2016年市本级预算"}).see("已提交给调研单位")

	g.on(2016, 3, 21)
	office.open(g.survey).see("2/2", "1/1").submit("/close", "", nil).see("调研已办结")
	for _, sentence := range []string{"省名牌产品数由2014年的7个降到2015年的5个", "重点企业名单：广安某米业有限公司、岳池某酒业有限公司", "支柱产业：农副食品加工业", "2016年食品检验经费（本级财政预算）为零"} {
		office.open(g.survey+"/findings").submitWith(sentence, nil).see("调研发现已记录")
	}
	office.open(g.survey+"/findings").see("省名推委2015年公告", "农副食品加工业")
}

// question is the name of the fields that answer a question of a section.
func (v *visitor) question(words string) string {
	v.t.Helper()
	f := find(v.page, func(n *html.Node) bool {
		return n.Data == "fieldset" && strings.HasSuffix(attr(n, "id"), ".all") && strings.Contains(squeeze(wordsOf(n)), squeeze(words))
	})
	if f == nil {
		v.t.Fatalf("%s asks nothing like %q:\n%s", v.path, words, v.text())
	}
	return strings.TrimSuffix(attr(f, "id"), ".all")
}

// submitWith sends the form that says the words, by its first button.
func (v *visitor) submitWith(words string, typed fields) *visitor {
	v.t.Helper()
	form := find(v.page, func(n *html.Node) bool {
		return n.Data == "form" && strings.Contains(squeeze(wordsOf(n)), squeeze(words))
	})
	if form == nil {
		v.t.Fatalf("%s has no form that says %q:\n%s", v.path, words, v.text())
	}
	v.press(form, find(form, func(n *html.Node) bool { return n.Data == "button" }), typed)
	return v
}

// measured begins the memorandum and takes four measures that the findings speak for
// into the office's draft, one of them in wording of our own.
func (g *guangan) measured() {
	office := g.office
	office.open("/measures").submit("/standard", "", nil).see("标准措施")
	office.open("/memorandums/begin").submit("/memorandums/begin", "party", fields{
		"title": "质量强市合作备忘录", "kind": "合作备忘录", "region": "511600", "party.1": cityGov,
	}).submit("/memorandums/begin", "save", fields{"party.2": yuechi}).see("备忘录已立")
	g.memorandum = strings.TrimSuffix(office.here(), "/draft")
	office.open(g.memorandum + "/measures").see("因为发现：2016年食品检验经费（本级财政预算）为零（食品检验经费（本级财政预算）：2016年0万元（2016年市本级预算））")
	brands, food, visits := office.measure("名牌产品培育"), office.measure("食品检验经费列入预算"), office.measure("重点企业联系制度")
	office.submit("/measures", "", fields{
		"take":              []string{brands, food, visits},
		brands + ".wording": "建立名牌培育库，对广安市申报企业逐户辅导，新增四川名牌产品。", brands + ".target": "不少于3个", brands + ".deadline": "2016年10月底前",
		food + ".target": "不低于50万元", food + ".deadline": "2016年12月底前",
		visits + ".deadline": "2017年6月底前", visits + ".obligor": office.choice(visits+".obligor", yuechi), visits + ".confirms": office.choice(visits+".confirms", cityGov),
	}).see("3条措施已写进本方文稿，对方现在看不到", "文稿里已经有这条措施", "←调研发现省名牌产品数由2014年的7个降到2015年的5个")
	g.city.open(g.memorandum).miss("名牌培育库")
}

// measure is the name of the fields of a proposed measure.
func (v *visitor) measure(title string) string {
	v.t.Helper()
	row := find(v.page, func(n *html.Node) bool {
		b := find(n, func(b *html.Node) bool { return b.Data == "b" })
		return n.Data == "div" && attr(n, "class") == "clause" && b != nil && wordsOf(b) == title
	})
	if row == nil {
		v.t.Fatalf("%s does not propose %q:\n%s", v.path, title, v.text())
	}
	return attr(row, "id")
}

// choice is the value of the option that says the words, in a field.
func (v *visitor) choice(field, words string) string {
	v.t.Helper()
	list := find(v.page, func(n *html.Node) bool { return n.Data == "select" && attr(n, "name") == field })
	if list != nil {
		for _, o := range findAll(list, func(n *html.Node) bool { return n.Data == "option" }) {
			if strings.HasPrefix(squeeze(wordsOf(o)), squeeze(words)) {
				return optionValue(o)
			}
		}
	}
	v.t.Fatalf("%s: the field %s offers no %q:\n%s", v.path, field, words, v.text())
	return ""
}
