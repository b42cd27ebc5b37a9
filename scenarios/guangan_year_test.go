package scenarios

import (
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// delivered has the city report the land and the food money. The office verifies
// both, confirms the first and disputes the second, which the city answers.
func (g *guangan) delivered() {
	g.on(2016, time.May, 10)
	land := g.city.task(g.plan, "提供建设用地")
	g.city.submit("/sign", "", nil).see("已签收")
	food := g.city.task(g.plan, "将食品检验经费列入本级财政预算")
	g.city.submit("/sign", "", nil).see("已签收")
	g.on(2016, time.June, 3)
	g.city.report(land, "2016-05", fields{"kind": "words", "words": "30亩用地批准书已下达", "completes": "yes"})
	g.office.open(land + "/confirm").see("还没有核实过的填报，暂不能确认")
	g.office.open("/verify").see("提供建设用地")
	g.office.check("提供建设用地", "/verify", nil)
	g.office.open(land+"/confirm").submit("/confirm", "confirm", nil).see("已确认")

	g.city.report(food, "2016-05", fields{"kind": "value", "value": "500000"})
	g.office.check("将食品检验经费列入", "/verify", nil)
	g.office.open(food+"/confirm").submit("/confirm", "dispute", fields{"reason": "少"}).refused(422)
	g.office.submit("/confirm", "dispute", fields{"reason": "50万元中有20万元是去年结转，不是今年预算"}).see("异议已提出")
	g.balance("提出异议以后", map[string]string{
		// promised, settled, owed, disputed, in no plan, waiting for this party: the
		// office for its brands and to put the visits into a plan; the city to answer and to report the money
		bureau: "1 0 1 0 0 2", cityGov: "3 1 2 1 0 2", yuechi: "1 0 1 0 1 0",
	})
	g.city.open(food+"/confirm").submit("/confirm", "answer", fields{"reason": "追加预算20万元的文件本月内补上"}).see("已答复")
	// Disputed until it is confirmed; now the office has to say so.
	g.balance("答复以后", map[string]string{bureau: "1 0 1 0 0 3", cityGov: "3 1 2 1 0 1"})
}

// balance holds what the balance page says of the parties.
func (g *guangan) balance(when string, want map[string]string) {
	g.t.Helper()
	g.director.open(g.memorandum + "/balance").see("履约对账")
	for party, figures := range want {
		row := find(g.director.page, func(n *html.Node) bool {
			return n.Data == "tr" && strings.Contains(wordsOf(n), party)
		})
		if row == nil {
			g.t.Fatalf("%s: the balance has no row of %s:\n%s", when, party, g.director.text())
		}
		if said := strings.Join(strings.Fields(wordsOf(row)), " "); !strings.HasPrefix(said, party+" "+figures) {
			g.t.Fatalf("%s: the balance says %q, not %q", when, said, figures)
		}
	}
}

// supported enters what was given: 30 mu of land, verified; 100 of the 260 promised
// 10,000 yuan, verified; 60 more that are only entered. So 160 are still owed.
func (g *guangan) supported() {
	g.on(2016, time.June, 20)
	give := func(promise, kind, value, unit string) string {
		g.t.Helper()
		row := find(g.city.open("/support").page, func(n *html.Node) bool { return n.Data == "tr" && strings.Contains(wordsOf(n), promise) })
		enter := ""
		if row != nil {
			for _, a := range findAll(row, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "/support/new") }) {
				enter = attr(a, "href")
			}
		}
		if enter == "" {
			g.t.Fatalf("nothing can be entered under %q:\n%s", promise, g.city.text())
		}
		g.city.open(enter).submit("/support", "", fields{"kind": kind, "value": value, "unit": unit, "year": "2016", "on": "2016-06-15", "region": "511600", "taker": bureau}).see("等接受单位核实")
		return g.city.here()
	}
	for _, entry := range []string{give("提供建设用地", "land", "30", "亩"), give("安排建设资金", "money", "100", "万元")} {
		g.office.open(entry).submit("/verify", "verify", nil).see("已核实")
	}
	give("安排建设资金", "money", "60", "万元")
	g.office.open("/support?region=511600").see("土地", "30亩", "资金", "260万元", "100万元", "160万元")
}

// merged lets the county's bureau and its commerce bureau become one. The office of
// the successor takes the memorandum over; what was signed keeps the old name.
func (g *guangan) merged() {
	g.on(2016, time.August, 1)
	admin := g.admin
	admin.open("/units/new").submit("/units", "", fields{
		"name": successor, "short": "岳池县市场监管局", "kind": "agency", "level": "county", "region": "511621",
		"line": cityOffice, "block": "岳池县人民政府", "day": "2016-07-01",
	}).see(successor)
	for _, was := range []string{yuechi, commerce} {
		admin.open("/units?q="+url.QueryEscape(was)).follow(was).open(admin.here()+"/merge").
			submit("/merge", "", fields{"successor": successor, "day": "2016-08-01"}).see(successor)
	}
	g.county = appoint(admin, successor, "新局合作办", "county-office-2", "office", "clerk")
	g.head = appoint(admin, successor, "新局局长", "county-head-2", "leader")
	g.county.open(g.memorandum).see(successor+"承诺", yuechi+"并入"+successor+"，由后者承继")
	g.balance("合并以后", map[string]string{successor: "1 0 1 0 1 0"})

	g.old()
}

// old demands that what was signed before the merger still says the old name.
func (g *guangan) old() {
	g.t.Helper()
	// The text says the old name; only the line beside it says the new one.
	g.office.open(g.version).see("丙方："+yuechi, "原"+yuechi+"，现"+successor).miss("丙方："+successor, successor+"承诺")
	g.verified(g.signed, "party       "+yuechi)
	g.office.open(g.letter).see(yuechi)
	g.office.open(g.letter + "/file/docx").see()
	if words := wordsIn(g.t, g.office.body); !strings.Contains(words, yuechi) || strings.Contains(words, successor) {
		g.t.Fatalf("the letter of before the merger says: %s", words)
	}
}

// amended raises what the office owes from three brands to four. The successor
// accepts and signs in its own name; the commitments keep their identity.
func (g *guangan) amended() {
	g.on(2016, time.August, 8)
	first := g.version
	owed := "clause.1.owed.0."
	g.office.open(g.memorandum+"/draft").submit("/draft", "save", fields{owed + "target": "不少于4个"}).see("草稿已保存")
	g.office.open(g.memorandum+"/propose").see("甲方四川省质量技术监督局").changed([2]string{"3", "4"}).submit("/propose", "", fields{"words": "因机构合并变更丙方，并增加名牌一个"}).see("文稿已提出")
	g.version = g.office.here()
	g.agreedAndSigned("第4稿")
	g.office.open(g.memorandum+"/texts").see("签订", "变更", yuechi, successor)
	g.office.open(g.memorandum + "/signed.json?version=" + last(g.version)).see()
	g.verified(g.office.body, "party       "+successor, "signed      by all 3 parties, 2016-08-08")
	g.office.open(g.memorandum + "/signed.json?version=" + last(first)).see()
	g.verified(g.office.body, "party       "+yuechi, "signed      by all 3 parties, 2016-03-28")
	g.office.open(g.memorandum).see("变更生效", successor+"签署")
	g.office.open(g.version + "/redline?old=3&new=4").see("丙方").changed([2]string{"3", "4"})
	g.version = first
	g.old()
}

// agreedAndSigned lets the city and the county accept the version and all sign it.
func (g *guangan) agreedAndSigned(number string) {
	g.t.Helper()
	for _, v := range []*visitor{g.city, g.county} {
		v.open(g.version).submit("/answer", "accept", nil).see("已接受" + number)
	}
	for _, v := range []*visitor{g.director, g.mayor, g.head} {
		v.open(g.memorandum+"/sign").submit("/sign", "", fields{"place": "广安", "password": password}).see("已签署，并记入存证日志")
	}
	g.head.see("各方均已签署")
}
