package scenarios

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongjian/internal/calendar"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

const password = "一句只有自己知道的话"

// chief is the administrator, who comes in by the link of the first start.
func (w *world) chief() *visitor {
	v := w.visitor()
	v.open(strings.TrimPrefix(w.link, w.base)).submit("", "", fields{"password": password, "again": password})
	return v.see()
}

// appoint lets the administrator make a post and a person in a unit, and returns
// that person, who has come in by a one-time link.
func appoint(admin *visitor, unit, title, login string, roles ...string) *visitor {
	admin.t.Helper()
	admin.open("/units?q=" + url.QueryEscape(unit)).follow(unit)
	home, _, _ := strings.Cut(admin.path, "?")
	admin.open(home+"/posts/new").submit("/posts", "", fields{"title": title, "roles": roles}).see()
	admin.open(home+"/persons/new").submit("/persons", "", fields{"name": title, "login": login}).see()
	admin.open(home).follow(title)
	post, _, _ := strings.Cut(admin.path, "?")
	admin.open(post+"/hold").submit("/hold", "", fields{"login": login, "day": "2010-01-01"}).see()
	admin.open(post).submit("/link", "", nil).see()
	link := regexp.MustCompile(`/link/[A-Za-z0-9_-]+`).FindString(admin.text())
	if link == "" {
		admin.t.Fatalf("no link for %s:\n%s", login, admin.text())
	}
	v := admin.world.visitor()
	v.open(link).submit("", "", fields{"password": password, "again": password})
	return v.see(title)
}

// entered enters a memorandum with one clause that both sides owe under, and its
// plan of 2010, and returns the address of the plan.
func entered(office *visitor, government, signed string) string {
	office.t.Helper()
	office.open("/memorandums/new")
	office.submit("/memorandums", "save", fields{
		"title": "四川省质监局 " + government + "合作备忘录", "kind": "合作备忘录", "signed": signed, "until": "2012-12-31",
		"party.0": "四川省质量技术监督局", "party.1": government,
		"clause.0.no": "第三条（二）", "clause.0.text": "实施名牌战略，三年内新增四川名牌产品五十个以上。",
		"clause.0.owed.0.obligor": "1", "clause.0.owed.0.confirms": "0", "clause.0.owed.0.text": "新增四川名牌产品五十个以上",
	}).see(government)
	if !strings.HasPrefix(office.path, "/memorandums/") {
		office.follow(government)
	}
	office.submit("/plans", "", fields{"year": "2010", "title": government + "2010年度工作计划"}).see("2010")
	if !strings.HasPrefix(office.path, "/plans/") {
		office.follow("2010年度工作计划")
	}
	path, _, _ := strings.Cut(office.path, "?")
	return path
}

// imported uploads a task table to a plan, takes the suggestions for every doubt,
// and applies it.
func imported(office *visitor, plan, name, content string) {
	office.t.Helper()
	office.open(plan+"/import").submit("/import", "", fields{"file": upload{name, content}}).see()
	if !strings.HasPrefix(office.path, "/imports/") {
		office.t.Fatalf("after the upload we are at %s:\n%s", office.path, office.text())
	}
	preview, _, _ := strings.Cut(office.path, "?")
	for range 3 { // a suggestion may raise another question
		if find(office.open(preview).page, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(attr(n, "action"), "/accept") }) == nil {
			break
		}
		office.submit("/accept", "", nil).see()
	}
	office.open(preview).submit("/apply", "", nil).see()
}

// liangshanTable is a table of the kind that 凉山 hands out: two rows to be worked by hand.
const liangshanTable = "凉山州2010年合作备忘录任务分解表\n" +
	"序号,工作任务,牵头单位,配合单位,完成时限,目标\n" +
	"1,新增四川名牌产品,州质监局,州农业局,2010年12月底前,不少于16个\n" +
	"2,召开全州贯彻合作备忘录工作会议,州质监局,,2010年12月底前,\n"

// scheme is the one that the story is scored by, worked out below.
func scheme(t *testing.T) string {
	t.Helper()
	s := map[string]any{
		"id": "story", "name": "合作备忘录落实情况考核办法", "version": 1, "from": "2010-01-01", "points": "100",
		"items": []any{
			map[string]any{"no": "1", "title": "名牌产品", "kind": "score", "points": "60", "method": "share", "each": "0", "base": "0",
				"source": map[string]any{"kind": "tasks", "fields": []string{"brand"}, "measure": "completion", "of": "course", "bare": "light"}, "absent": "full"},
			map[string]any{"no": "2", "title": "按时填报", "kind": "score", "points": "30", "method": "share", "each": "0", "base": "0",
				"source": map[string]any{"kind": "reporting", "reporting": "on-time"}, "absent": "full"},
			map[string]any{"no": "3", "title": "组织领导", "kind": "score", "points": "10", "method": "judged", "each": "0", "base": "0",
				"source": map[string]any{"kind": "judged"}, "scorer": "省局合作办"},
		},
		"bands": []any{
			map[string]any{"grade": "A", "from": "90"}, map[string]any{"grade": "B", "from": "80"},
			map[string]any{"grade": "C", "from": "60"}, map[string]any{"grade": "D", "from": "0"},
		},
		"rounding": map[string]any{"item_places": 2, "total_places": 1, "mode": "half-up"},
		"ties":     map[string]any{"rule": "shared"},
		"groups":   []any{map[string]any{"key": "cities", "label": "市（州）", "level": "city"}, map[string]any{"key": "counties", "label": "县（市、区）", "level": "county"}},
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The article: bureaus and city governments sign memorandums, break them into
// tables, split them to counties, and are scored by what was verified.
func TestTheArticleFromTheTableToTheRanking(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { article(t, engine.Address) })
	}
}

func article(t *testing.T, db string) {
	table, err := os.ReadFile(filepath.Join("testdata", "luzhou-2010.docx"))
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, db, time.Date(2010, 1, 11, 10, 0, 0, 0, calendar.China))
	admin := w.chief()
	office := appoint(admin, "四川省质量技术监督局", "备忘录岗", "province-office", "office", "verifier")
	scorer := appoint(admin, "四川省质量技术监督局", "考核岗", "province-scorer", "scorer")
	luzhou := appoint(admin, "泸州市质量技术监督局", "合作办", "luzhou-office", "office", "clerk")
	liangshan := appoint(admin, "凉山彝族自治州质量技术监督局", "合作办", "liangshan-office", "office", "clerk")
	xichang := appoint(admin, "西昌市质量技术监督局", "联络员", "xichang-clerk", "clerk")
	mianning := appoint(admin, "冕宁县质量技术监督局", "联络员", "mianning-clerk", "clerk")
	jiangyang := appoint(admin, "江阳区质量技术监督局", "联络员", "jiangyang-clerk", "clerk")

	// Two memorandums, two plans, two tables: 泸州's is the real one with its 43 rows.
	luzhouPlan := entered(office, "泸州市人民政府", "2010-01-06")
	imported(office, luzhouPlan, "泸州市2010年任务分解表.docx", string(table))
	office.open(luzhouPlan).see("43")
	liangshanPlan := entered(office, "凉山彝族自治州人民政府", "2010-01-08")
	imported(office, liangshanPlan, "凉山州2010年任务分解表.csv", liangshanTable)
	for _, plan := range []string{luzhouPlan, liangshanPlan} {
		office.open(plan+"/issue").submit("/issue", "", nil).see("已下达")
	}
	if !strings.Contains(luzhou.open(luzhouPlan).text(), "泸州") {
		t.Fatal("泸州's bureau does not see its own plan")
	}
	jiangyang.open(liangshanPlan)
	if jiangyang.status != 404 {
		t.Fatalf("a county of 泸州 opens 凉山's plan: %d", jiangyang.status)
	}

	quarter(w, cascade(liangshan, liangshanPlan, xichang, mianning), liangshan, xichang, mianning)
	office.open("/periods").submit("/periods", "2010-Q1", nil).see("已关闭")
	run := scores(w, office, scorer)
	published(w, run)
	tampered(w)
}

// cascade splits 凉山's brands: 16 wanted, 西昌 gets 6, 冕宁 gets 8, 2 stay with the
// bureau and are shown. 冕宁 refuses, is told why it stays, and signs.
func cascade(liangshan *visitor, plan string, xichang, mianning *visitor) (k tasks) {
	liangshan.t.Helper()
	k.brands = liangshan.task(plan, "新增四川名牌产品")
	liangshan.submit("/sign", "", nil).see("已签收")
	k.meeting = liangshan.task(plan, "召开全州贯彻合作备忘录工作会议")
	liangshan.submit("/sign", "", nil).see("已签收")
	liangshan.open(k.brands + "/split")
	liangshan.submit("/split", "split", fields{liangshan.field("西昌市"): "6", liangshan.field("冕宁县"): "8"}).see("2个")
	liangshan.open(plan).see("分解14", "目标16", "差2")

	k.mianning = mianning.task("/desk", "新增四川名牌产品")
	mianning.open(k.mianning+"/refuse").submit("/refuse", "", fields{"reason": "本县没有在册企业，建议由州局承担"}).see()
	liangshan.open("/desk").see("本县没有在册企业")
	liangshan.open(k.mianning).follow("答复").submit("/answer", "", fields{"choice": "insist", "reason": "苦荞茶企业已列入培育名单"}).see()
	mianning.open(k.mianning).submit("/sign", "", nil).see("已签收")
	k.xichang = xichang.task("/desk", "新增四川名牌产品")
	xichang.submit("/sign", "", nil).see("已签收")
	return k
}

// tasks are the addresses of the tasks that the story follows.
type tasks struct{ brands, meeting, xichang, mianning string }

// task opens a task by its title from a page and returns its address.
func (v *visitor) task(from, title string) string {
	v.t.Helper()
	v.open(from)
	a := find(v.page, func(n *html.Node) bool {
		return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/tasks/") && strings.Contains(squeeze(wordsOf(n)), squeeze(title))
	})
	if a == nil {
		v.t.Fatalf("%s has no task %q:\n%s", v.path, title, v.text())
	}
	path := strings.SplitN(attr(a, "href"), "?", 2)[0]
	path = "/tasks/" + strings.SplitN(strings.TrimPrefix(path, "/tasks/"), "/", 2)[0]
	v.open(path).see(title)
	return path
}

// field finds the name of the control whose label or row holds the words.
func (v *visitor) field(words string) string {
	v.t.Helper()
	holds := func(n *html.Node) bool { return strings.Contains(squeeze(wordsOf(n)), squeeze(words)) }
	if l := find(v.page, func(n *html.Node) bool { return n.Data == "label" && has(n, "for") && holds(n) }); l != nil {
		if c := find(v.page, func(n *html.Node) bool { return attr(n, "id") == attr(l, "for") }); c != nil {
			return attr(c, "name")
		}
	}
	if r := find(v.page, func(n *html.Node) bool { return n.Data == "tr" && holds(n) }); r != nil {
		if c := find(r, func(n *html.Node) bool {
			return n.Data == "input" && attr(n, "type") != "hidden" && attr(n, "name") != ""
		}); c != nil {
			return attr(c, "name")
		}
	}
	v.t.Fatalf("%s has no field %q:\n%s", v.path, words, v.text())
	return ""
}

// report hands in a report from the task's form.
func (v *visitor) report(task, period string, f fields) *visitor {
	v.t.Helper()
	v.open(task + "/report?period=" + period)
	return v.submit("/report", "", f).see("回执")
}

// check judges the report of a unit that waits for the visitor's unit.
func (v *visitor) check(unit, action string, f fields) *visitor {
	v.t.Helper()
	v.open("/verify").see(unit)
	row := find(v.page, func(n *html.Node) bool { return n.Data == "tr" && strings.Contains(squeeze(wordsOf(n)), squeeze(unit)) })
	if row == nil {
		v.t.Fatalf("%s has no row of %s:\n%s", v.path, unit, v.text())
	}
	id := regexp.MustCompile(`/reports/([0-9a-f-]{36})`)
	link := find(row, func(n *html.Node) bool {
		return id.MatchString(attr(n, "href")) || id.MatchString(attr(n, "action"))
	})
	if link == nil {
		v.t.Fatalf("%s: the row of %s leads to no report", v.path, unit)
	}
	report := id.FindStringSubmatch(attr(link, "href") + attr(link, "action"))[1]
	return v.open("/reports/"+report+"/verify").submit(action, "", f).see()
}

const seal = "附件：推荐名单（盖章）"

// quarter is January to April 2010 in 凉山.
//
//	3 Feb   西昌 reports 1 and 冕宁 reports 1 for January, in time. 冕宁's comes back
//	        once and is handed in again. Both are verified: the whole has 2.
//	        Expected by the end of January: 16 × 1/12 = 1.3: green.
//	12 Mar  February was due on 10 March and nobody reported: the parts turn yellow.
//	        The whole: 16 × 2/12 = 2.7 expected, 2 verified, 75 %: yellow.
//	12 Apr  March was due on 10 April: two missed, the parts are red.
//	        The whole: 16 × 3/12 = 4 expected, 2 verified, 50 %: red.
//	13 Apr  西昌 makes up February (no change) and reports 2 for March, both late;
//	        verified. It turns yellow, not green: made up. The whole: 3 of 4, 75 %: yellow.
func quarter(w *world, k tasks, liangshan, xichang, mianning *visitor) {
	liangshan.t.Helper()
	brands, meeting, theirs, mine := k.brands, k.meeting, k.xichang, k.mianning
	w.on(2010, time.February, 3)
	xichang.report(theirs, "2010-01", fields{"kind": "value", "value": "1", "evidence": upload{"推荐名单.txt", seal}})
	mianning.report(mine, "2010-01", fields{"kind": "value", "value": "1"})
	liangshan.report(meeting, "2010-01", fields{"kind": "words", "words": "会议方案已报州政府"})
	liangshan.open("/verify").see("西昌市", "冕宁县")
	xichang.open("/verify/next").miss("新增四川名牌产品") // nobody verifies their own
	liangshan.check("西昌市", "/verify", fields{"note": ""})
	liangshan.check("冕宁县", "/return", fields{"reason": "附件看不清，请补一份"})
	mianning.open("/desk").see("附件看不清，请补一份")
	mianning.report(mine, "2010-01", fields{"kind": "value", "value": "1", "evidence": upload{"推荐名单2.txt", seal + "重新扫描"}})
	liangshan.check("冕宁县", "/verify", nil)
	liangshan.open(brands).see("正常", "核实2")

	w.on(2010, time.March, 9)
	liangshan.report(meeting, "2010-02", fields{"kind": "no-change"})
	w.on(2010, time.March, 12)
	xichang.relit(theirs, "偏慢", "2010-02")
	liangshan.relit(brands, "偏慢", "应有2.7")
	w.on(2010, time.April, 12)
	xichang.relit(theirs, "滞后", "连续2期")
	liangshan.relit(brands, "滞后", "应有4")
	liangshan.open(brands+"?on=2010-03-12").see("偏慢", "2.7") // a past day, worked out again

	w.on(2010, time.April, 13)
	xichang.report(theirs, "2010-02", fields{"kind": "no-change"})
	xichang.report(theirs, "2010-03", fields{"kind": "value", "value": "2", "evidence": upload{"名单3.txt", "第二个"}})
	liangshan.check("西昌市", "/verify", nil)
	xichang.relit(theirs, "偏慢", "补报")
	liangshan.relit(brands, "偏慢", "核实3")
	w.on(2010, time.April, 15)
}

// relit opens a task until the day's count of lights has come round.
func (v *visitor) relit(task, light, why string) {
	v.t.Helper()
	for range 40 {
		if text := squeeze(v.open(task).text()); strings.Contains(text, light) && strings.Contains(text, squeeze(why)) {
			return
		}
		v.world.pause()
	}
	v.t.Fatalf("%s does not turn %s (%s):\n%s", task, light, why, v.text())
}

// scores works out the cities as of 15 April and returns the address of the run.
//
//	凉山   brands: 3 ÷ 4 = 0.75 × 60                                     = 45.00
//	       in time: the meeting's January and February of January to March,
//	       2 ÷ 3 × 30 (the brands are reported by their parts)           = 20.00
//	       judged                                                        =  9.00
//	                                                              total    74.0  C
//	西昌   brands: 2 ÷ 1.5, at most 1, × 60                              = 60.00
//	       in time: January of January to March, 1 ÷ 3 × 30             = 10.00
//	       judged                                                        =  8.00
//	                                                              total    78.0  C
//	冕宁   brands: 1 ÷ 2 × 60                                            = 30.00
//	       in time: 1 ÷ 3 × 30                                           = 10.00
//	       judged                                                        =  5.00
//	                                                              total    45.0  D
func scores(w *world, office, scorer *visitor) (run string) {
	scorer.t.Helper()
	scorer.open("/scores/schemes").submit("/schemes", "", fields{"words": scheme(scorer.t)}).see("第1版已录入")
	for region, points := range map[string]string{"513400": "9", "510500": "6", "513401": "8", "513433": "5"} {
		scorer.open("/scores").submit("/judge", "", fields{"item": "story 3", "region": region, "points": points, "reason": "听取汇报，查看文件"}).see("回执")
	}
	scorer.open("/scores").submit("/compute", "", fields{"group": "story counties", "as_of": "2010-04-15"}).see("西昌市", "78.0", "冕宁县", "45.0")
	scorer.open("/scores").submit("/compute", "", fields{"group": "story cities", "as_of": "2010-04-15"}).see("凉山", "74.0")
	run, _, _ = strings.Cut(scorer.path, "?")
	public := w.visitor()
	public.open("/ranking").miss("74.0")
	office.open(run).submit("/publish", "", fields{"confirm": "yes"}).see()
	public.open("/ranking").see("凉山", "74.0")
	return strings.TrimPrefix(run, "/scores/runs/")
}

// published checks the scorecard as anybody can: opened to its reasons, worked
// out again, and proven from a file without the server.
func published(w *world, run string) {
	w.t.Helper()
	public := w.visitor()
	card := "/scorecards/" + run + "/513400"
	public.open(card).see("74.0", "45.00", "20.00", "9.00", "名牌产品")
	public.submit("/recompute", "", nil).see("一致")
	public.open(card + "/bundle")
	if public.status != 200 {
		w.t.Fatalf("the bundle answers %d:\n%s", public.status, public.text())
	}
	file := filepath.Join(w.data, "bundle.json")
	if err := os.WriteFile(file, public.body, 0o600); err != nil {
		w.t.Fatal(err)
	}
	key := filepath.Join(w.data, "journal.pub")
	if out, ok := w.run("verify", file, "--key", key); !ok || !strings.Contains(out, "total 74") {
		w.t.Fatalf("the bundle does not verify: %s", out)
	}
	forged := strings.Replace(string(public.body), "74", "94", 1)
	if err := os.WriteFile(file, []byte(forged), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if out, ok := w.run("verify", file, "--key", key); ok {
		w.t.Fatalf("a forged bundle verifies: %s", out)
	}
}

// tampered stops the server, verifies its journal, changes one byte of one entry
// in the database, and verifies again.
func tampered(w *world) {
	w.t.Helper()
	w.stop()
	key := filepath.Join(w.data, "journal.pub")
	if out, ok := w.run("verify", "--db", w.db, "--key", key); !ok || !strings.Contains(out, "everything fits") {
		w.t.Fatalf("the journal does not verify: %s", out)
	}
	if out, ok := w.run("check", "--db", w.db, "--data", w.data); !ok {
		w.t.Fatalf("figures are not as counted: %s", out)
	}
	db := testkit.Open(w.t, w.db, sqldb.Options{})
	err := db.Write(w.t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		var id string
		var text []byte
		if err := tx.QueryRowContext(ctx, `select id, bytes from journal_entry where sequence = 20`).Scan(&id, &text); err != nil {
			return err
		}
		text[len(text)/2] ^= 1
		_, err := tx.ExecContext(ctx, `update journal_entry set bytes = $2 where id = $1`, id, text)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if out, ok := w.run("verify", "--db", w.db, "--key", key); ok || !strings.Contains(out, "sequence 20") {
		w.t.Fatalf("one changed byte of entry 20 is not named: %s", out)
	}
}
