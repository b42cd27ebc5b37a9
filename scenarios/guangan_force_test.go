package scenarios

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// counties are the six of 广安, in the order of lists.
var counties = []string{"广安区", "前锋区", "岳池县", "武胜县", "邻水县", "华蓥市"}

// planned makes the plan of 2016: a row for each county's bureau from a table, and
// what the commitments ask for this year. Five are owed; four fall due in 2016 (the
// land in September, brands in October, money in November, food in December), the
// visits in June 2017. The other two parties approve before it is issued.
func (g *guangan) planned() {
	g.on(2016, time.April, 6)
	office := g.office
	office.open(g.memorandum).submit("/plans", "", fields{"year": "2016", "title": "广安市2016年度工作计划"}).see("广安市2016年度工作计划")
	if !strings.HasPrefix(office.path, "/plans/") {
		office.follow("广安市2016年度工作计划")
	}
	g.plan = office.here()
	table := "广安市2016年合作备忘录任务分解表\n序号,工作任务,牵头单位,配合单位,完成时限,目标\n"
	for i, c := range counties {
		table += fmt.Sprintf("%d,培育四川名牌产品,%s质监局,,2016年10月底前,不少于1个\n", i+1, c)
	}
	imported(office, g.plan, "广安市2016年任务分解表.csv", table)
	office.open(g.plan+"/propose").see("今年到期4", "以后年度到期1", "提供建设用地").submit("/propose", "", nil).see("已把4项承诺列为草稿")

	office.open(g.plan+"/issue").submit("/issue", "", nil).refused(409, "先提请审定")
	g.city.open(g.plan + "/approval").refused(404)
	office.open(g.plan+"/approval").submit("/approval", "", nil).see("已提请各方审定", "还有2方没有同意")
	g.city.open(g.plan+"/approval").submit("/answer", "approve", nil).see("已同意这份计划")
	g.county.open(g.plan+"/approval").submit("/answer", "return", nil).refused(422, "退回要写明理由")
	office.open(g.plan+"/issue").submit("/issue", "", nil).refused(409, "还有1方没有同意")
	g.county.submit("/answer", "approve", fields{"words": "同意"}).see("已同意这份计划")
	office.open(g.plan+"/issue").submit("/issue", "", nil).see("已下达")
	g.county.open(g.plan).see("10")
}

// lettered draws a letter for each county's bureau, given by the city's government.
// 岳池 signs its own, the conference signs the others; all six are signed by both.
func (g *guangan) lettered() {
	g.on(2016, time.April, 12)
	office := g.office
	office.open("/letters/new?plan=" + last(g.plan))
	giver := office.radio("giver", cityGov)
	ask := "/letters/new?plan=" + last(g.plan) + "&giver=" + giver + "&within=511600"
	office.open(ask).submit("/letters", "生成6份责任书", nil).see("责任书已生成")
	batch, err := url.Parse(office.path)
	if err != nil {
		g.t.Fatal(err)
	}
	g.batch = batch.Query().Get("batch")
	all := "/letters?batch=" + g.batch
	g.county.open("/letters").miss("广安市2016年度工作计划")
	office.open(all).submit("/give", "", nil).see("责任书已下发", "0/6")
	g.county.open("/letters")
	g.letter = regexp.MustCompile(`/letters/[0-9a-f-]{36}`).FindString(string(g.county.body))
	g.county.open(g.letter).see(yuechi, "培育四川名牌产品", cityGov)
	g.county.open("/letters/sign?id="+last(g.letter)).submit("/sign", "", fields{"password": password}).see("已签订")
	g.mayor.open("/letters/sign?batch="+g.batch).submit("/sign", "签订6份", fields{"password": password}).see("已签订")
	office.open(all).see("双方已签1/6", "下达方已签6/6")
	office.open("/letters/paper?batch="+g.batch).submit("/paper", "", fields{"side": []string{"taker"}, "file": upload{"签字页.txt", "六县区签字页（扫描）"}}).see("纸质签字已登记")
	office.open(all).see("双方已签6/6", "承担方已签6/6")

	g.county.open(g.letter + "/file/docx").see()
	if words := wordsIn(g.t, g.county.body); !strings.Contains(words, yuechi) || !strings.Contains(words, "培育四川名牌产品") {
		g.t.Fatalf("the letter says: %s", words)
	}
	g.county.open(g.letter + "/bundle").see()
	g.verified(g.county.body, "letter      "+yuechi+", 2016", "signed      "+cityGov, "signed      "+yuechi)
	forged := strings.Replace(string(g.county.body), "不少于1个", "不少于9个", 1)
	if out, ok := g.verify([]byte(forged)); ok || forged == string(g.county.body) {
		g.t.Fatalf("a letter with another target is taken: %s", out)
	}
}

// radio is the value of the button that says the words, among those of a name.
func (v *visitor) radio(name, words string) string {
	v.t.Helper()
	label := find(v.page, func(n *html.Node) bool {
		return n.Data == "label" && squeeze(wordsOf(n)) == squeeze(words) && find(n, func(i *html.Node) bool { return attr(i, "name") == name }) != nil
	})
	if label == nil {
		v.t.Fatalf("%s offers no %q:\n%s", v.path, words, v.text())
	}
	return attr(find(label, func(i *html.Node) bool { return attr(i, "name") == name }), "value")
}
