package scenarios

import (
	"strings"
	"time"

	"golang.org/x/net/html"
)

// renewed follows the memorandum by another in its last quarter. Of five commitments
// the land is done; four are carried over. When the new one is in force the old one is
// ended. Of its ten rows the land is finished; the three that serve a carried
// commitment go over to the new plan, the six of the counties are withdrawn.
func (g *guangan) renewed() {
	g.on(2017, time.November, 20) // 41 days before 31 December
	old := g.memorandum
	g.county.open(old).see().cannot("/renew")
	g.office.open(old).see("还有41天到期").submit("/renew", "", nil).see("已建续签的备忘录")
	g.memorandum = g.office.here()
	g.office.open(old).see("在办").cannot("/renew")
	g.office.open(g.memorandum + "/draft").see("丙方·" + successor)
	carried := 0
	for name, value := range formValues(g.office.form("/draft")) {
		if strings.HasSuffix(name, ".carried") && value[0] != "" {
			carried++
		}
	}
	if carried != 4 {
		g.t.Fatalf("%d commitments are carried over, not 4", carried)
	}
	g.office.submit("/draft", "save", fields{"title": "质量强市合作备忘录（续签）", "until": "2019-12-31"}).see("草稿已保存")
	g.office.open(g.memorandum+"/propose").submit("/propose", "", nil).see("文稿已提出")
	g.version = g.office.here()
	g.office.open(old).see("在办")
	g.agreedAndSigned("第1稿")
	g.office.open(old).see("已终止", "由质量强市合作备忘录（续签）接续")
	g.office.open(g.memorandum).see("在办", "接续自质量强市合作备忘录", "2019-12-31", "9项任务失去依据")

	// 25 December 2017 is a Monday.
	g.on(2017, time.December, 25)
	settle := g.memorandum + "/settle"
	g.office.open(settle)
	g.office.submit("/settle", "", g.decisions()).refused(409, "还没有年度计划")
	g.office.open(g.memorandum).submit("/plans", "", fields{"year": "2018", "title": "广安市2018年度工作计划"}).see("广安市2018年度工作计划")
	if !strings.HasPrefix(g.office.path, "/plans/") {
		g.office.follow("广安市2018年度工作计划")
	}
	plan := g.office.here()
	g.office.open(settle).submit("/settle", "", g.decisions()).see("已按决定处理")
	g.office.open(settle).see("没有要处理的任务")
	g.office.open(plan).see("新增四川名牌产品", "安排建设资金").miss("培育四川名牌产品", "提供建设用地")
	// With their history: what was reported, verified and said in 2016.
	food := g.office.task(plan, "将食品检验经费列入本级财政预算")
	g.office.see("2016", "50").open(food + "/confirm").see("追加预算20万元的文件本月内补上")
	for _, m := range []string{old, g.memorandum} { // the thread to the finding goes on with the commitment
		g.office.open(m).see("来自措施名牌产品培育")
	}

	g.verifiedWhole()
}

// cannot demands that the page has no form with this action.
func (v *visitor) cannot(action string) *visitor {
	v.t.Helper()
	if find(v.page, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(v.resolveAction(n), action) }) != nil {
		v.t.Fatalf("%s has a form …%s:\n%s", v.path, action, v.text())
	}
	return v
}

// decisions are what the office decides on each row of the form: those that served a
// commitment are carried over, the others withdrawn.
func (g *guangan) decisions() fields {
	g.t.Helper()
	out, carried := fields{}, 0
	for _, n := range findAll(g.office.page, func(n *html.Node) bool { return attr(n, "type") == "radio" && attr(n, "value") == "withdraw" }) {
		row := n.Parent
		for row != nil && row.Data != "tr" && find(row, func(a *html.Node) bool { return strings.HasPrefix(attr(a, "href"), "/tasks/") }) == nil {
			row = row.Parent
		}
		name := attr(n, "name")
		if row != nil && strings.Contains(squeeze(wordsOf(row)), "培育四川名牌产品") {
			out[name], out[name+".reason"] = "withdraw", "2016年的任务，已另行考核"
			continue
		}
		out[name] = "carry"
		carried++
	}
	if carried != 3 || len(out) != 3+2*6 {
		g.t.Fatalf("%d rows to carry, %d answers in all, not 3 and 15:\n%s", carried, len(out), g.office.text())
	}
	return out
}

// verifiedWhole stops the server and verifies its journal and figures.
func (g *guangan) verifiedWhole() {
	g.t.Helper()
	g.stop()
	if out, ok := g.run("verify", "--db", g.db, "--key", g.data+"/journal.pub"); !ok || !strings.Contains(out, "everything fits") {
		g.t.Fatalf("the journal does not verify: %s", out)
	}
	if out, ok := g.run("check", "--db", g.db, "--data", g.data); !ok {
		g.t.Fatalf("figures are not as counted: %s", out)
	}
}
