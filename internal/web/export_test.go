package web_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/paper"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/task"
	"gongjian/internal/web"
	"gongjian/testkit"
)

// exported says for every page which files its lists have. A page without a list
// says why it needs none. A new page fails the test below until it stands here.
var exported = map[string][]string{
	"/desk": {"/desk/tasks"}, "/memorandums": {"/memorandums"}, "/memorandums/{id}": {"/memorandums/{id}/commitments"}, "/memorandums/{id}/versions": {"/memorandums/{id}/versions"}, "/opinions": {"/opinions"}, "/plans": {"/plans"},
	"/plans/{id}": {"/plans/{id}/tasks"}, "/plans/{id}/import": {"/plans/{id}/imports"}, "/imports/{id}": {"/imports/{id}/rows", "/imports/{id}/doubts", "/imports/{id}/left-out"},
	"/periods": {"/periods"}, "/verify": {"/verify"}, "/tasks/{id}": {"/tasks/{id}/reports", "/tasks/{id}/parts"},
	"/ranking": {"/ranking"}, "/scorecards": {"/scorecards"}, "/scorecards/{run}/{region}": {"/scorecards/{run}/{region}/items"},
	"/scores": {"/scores/judgements", "/scores/occurrences", "/scores/runs", "/scores/items"}, "/scores/runs/{run}": {"/scores/runs/{run}/ranking"},
	"/units": {"/units"}, "/units/{id}": {"/units/{id}/tasks", "/units/{id}/posts"}, "/posts/{id}": {"/posts/{id}/holders"},
	"/journal": {"/journal"}, "/journal/checkpoints": {"/journal/checkpoints"}, "/access": {"/access"}, "/policies": {"/policies"},
	"/surveys": {"/surveys"}, "/surveys/{id}": {"/surveys/{id}/answers"}, "/surveys/{id}/findings": {"/surveys/{id}/findings"}, "/surveys/{id}/compare": {"/surveys/{id}/compare"},
	"/measures": {"/measures"}, "/memorandums/{id}/measures": {"/memorandums/{id}/measures"},
	"/memorandums/{id}/members": {"/memorandums/{id}/members"},
	"/memorandums/{id}/balance": {"/memorandums/{id}/balance"}, "/support": {"/support", "/support/sums", "/support/promises"},
	"/public": {"/public/tasks", "/public/memorandums", "/public/regions"}, "/documents": {"/documents"}, "/letters": {"/letters"},
}

// single are pages that show one record, a form or a file.
var single = []string{
	"/{$}", "/checkpoint", "/journal.pub", "/link/{token}", "/sign-in", "/receipts", "/evidence/{hash}", "/reports/{id}/evidence/{hash}", "/exports/{list}",
	"/journal/entries/{id}", "/journal/entries/{id}/bundle", "/scorecards/{run}/{region}/bundle", "/reports/{id}", "/reports/{id}/verify", "/verify/{id}", "/verify/next",
	"/imports/{id}/rows/{row}", "/plans/{id}/issue", "/plans/{id}/level", "/memorandums/new", "/memorandums/begin", "/memorandums/{id}/draft", "/memorandums/{id}/propose", "/versions/{id}", "/versions/{id}/redline", "/versions/{id}/file/{format}", "/opinions/{id}", "/memorandums/{id}/edit", "/scores/schemes",
	"/tasks/{id}/answer", "/tasks/{id}/change", "/tasks/{id}/excuse", "/tasks/{id}/refuse", "/tasks/{id}/report", "/tasks/{id}/split", "/tasks/{id}/withdraw",
	"/units/new", "/units/{id}/merge", "/units/{id}/move", "/units/{id}/rename", "/units/{id}/persons/new", "/units/{id}/posts/new",
	"/posts/{id}/change", "/posts/{id}/hold", "/posts/{id}/end",
	"/letters/new", "/letters/sign", "/letters/paper", "/errands/{id}", "/errands/{id}/file", "/letters/{id}", "/letters/{id}/file/{format}", "/letters/{id}/bundle", "/letters/{id}/scans/{signature}",
	"/surveys/new", "/surveys/{id}/compose", "/surveys/{id}/sections/{section}", "/surveys/{id}/files/{hash}", "/measures/new", "/measures/{id}",
	"/d/{code}", "/documents/new", "/documents/draft", "/documents/style", "/documents/{id}", "/documents/{id}/file/{format}", "/scores/rubrics/{id}", "/scores/rubrics/{id}/file",
	"/memorandums/{id}/sign", "/memorandums/{id}/scans/{signature}", "/memorandums/{id}/signed.json", "/memorandums/{id}/texts", "/memorandums/{id}/end", "/memorandums/{id}/settle",
	"/support/new", "/support/{id}", "/support/{id}/correct", "/support/{id}/files/{hash}", "/plans/{id}/propose", "/plans/{id}/approval", "/plans/{id}/implementation", "/tasks/{id}/confirm",
	// Work in hand: what is shown was read from a file that the reader has, and is gone
	// once it is taken over.
	"/imports/{id}/changes", "/rosters", "/rosters/{id}", "/rosters/template.xlsx", "/offline", "/offline/{id}", "/offline/{id}/receipts", "/offline/sheet.xlsx", "/offline/sheets.zip",
}

func TestEveryPageThatListsHasItsExport(t *testing.T) {
	w := testkit.NewTown(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/town.db", sqldb.Options{}))
	routes := map[string]bool{}
	for _, r := range web.New(web.Config{Desk: w.Desk, Text: loaded(t), Logger: slog.New(slog.DiscardHandler)}).Routes() {
		if path, ok := strings.CutPrefix(r.Pattern, "GET "); ok {
			routes[path] = true
		}
	}
	files := map[string]bool{}
	for page, lists := range exported {
		if !routes[page] {
			t.Errorf("%s is no page any more", page)
		}
		for _, list := range lists {
			for _, ending := range []string{".xlsx", ".csv"} {
				files[list+ending] = true
				if !routes[list+ending] {
					t.Errorf("the list of %s has no export %s%s", page, list, ending)
				}
			}
		}
	}
	for path := range routes {
		if _, ok := exported[path]; !ok && !files[path] && !slices.Contains(single, path) {
			t.Errorf("%s: say in export_test.go which export its list has, or that it shows no list", path)
		}
	}
}

// records are the lines of a csv file.
func records(t *testing.T, body string) [][]string {
	t.Helper()
	rest, marked := strings.CutPrefix(body, "\ufeff")
	if !marked {
		t.Fatalf("no byte-order mark: %.80q", body)
	}
	all, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whoever may not open a page may not have its export, and is answered alike.
func TestAnExportAnswersEverybodyAsItsPageDoes(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	for page, lists := range exported {
		shown := w.see("GET "+page, w.address("GET "+page))
		for _, list := range lists {
			for _, ending := range []string{".xlsx", ".csv"} {
				address := w.address("GET " + list + ending)
				if _, query, ok := strings.Cut(w.address("GET "+page), "?"); ok && !strings.Contains(address, "?") {
					address += "?" + query
				}
				for post, answer := range w.see("GET "+list+ending, address) {
					if answer != shown[post] {
						t.Errorf("%s%s as %s is answered %s, its page %s", list, ending, post, answer, shown[post])
					}
				}
			}
		}
	}
}

// What a post may not see never stands in its files: 凉山's plan, which 泸州 has no
// part in, and the other way round.
func TestAnExportHoldsWhatThePostSees(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		h := openExportHall(t, db)
		for _, c := range []struct {
			post      string
			sees, not []string
		}{
			{"bureau/office", []string{"新增四川名牌产品", "推广地理标志"}, nil},
			{"luzhou/clerk", []string{"新增四川名牌产品"}, []string{"推广地理标志"}},
			{"liangshan/clerk", []string{"推广地理标志"}, []string{"新增四川名牌产品"}},
			{"jiangyang/clerk", nil, []string{"新增四川名牌产品", "推广地理标志"}},
		} {
			v := h.as(t, c.post)
			for _, path := range []string{"/desk/tasks.csv", "/units/luzhou/tasks.csv", "/units/liangshan/tasks.csv", "/units/bureau/tasks.csv"} {
				code, body := v.get(path)
				if code != http.StatusOK {
					t.Fatalf("%s as %s: %d", path, c.post, code)
				}
				hasNot(t, body, c.not...)
			}
			var got []string
			for _, unit := range []string{"luzhou", "liangshan"} {
				_, body := v.get("/units/" + unit + "/tasks.csv")
				got = append(got, body)
			}
			has(t, strings.Join(got, "\n"), c.sees...)
			// The same rows as the View gives, no more and no fewer.
			caller := h.Caller(org.UnitID(strings.Split(c.post, "/")[0]), org.Role(strings.Split(c.post, "/")[1]))
			view := h.Store.View(caller)
			tasks, err := view.TasksOf(t.Context(), testkit.LuzhouBureau, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			_, body := v.get("/units/luzhou/tasks.csv")
			if n := len(records(t, body)) - 1; n != len(tasks) {
				t.Errorf("%s has %d tasks of 泸州 in the file, %d in the view", c.post, n, len(tasks))
			}
			plans, err := view.Plans(t.Context(), store.PlanKey{}, 100)
			if err != nil {
				t.Fatal(err)
			}
			_, body = v.get("/plans.csv")
			if n := len(records(t, body)) - 1; n != len(plans) {
				t.Errorf("%s has %d plans in the file, %d in the view", c.post, n, len(plans))
			}
		}
	})
}

// More rows than are read at once, with filters: the file has them all, in order.
func TestAnExportHasAllPagesWithTheFilters(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, db *sqldb.DB) {
		h := openExportHall(t, db)
		m := h.memorandum
		var rows []act.Row
		for i := range 1203 {
			r := testkit.Brands()
			r.No, r.Title = fmt.Sprint(i+1), fmt.Sprintf("任务%04d", i+1)
			if i%100 == 7 {
				r.Title = "推广" + r.Title
			}
			rows = append(rows, r)
		}
		_, plan, err := h.Desk.EnterPlan(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", m.ID, 2012, "泸州市2012年工作计划")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.EnterTasks(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", plan, rows); err != nil {
			t.Fatal(err)
		}
		v := h.as(t, "bureau/office")
		_, body := v.get("/plans/" + string(plan) + "/tasks.csv")
		all := records(t, body)
		if len(all) != 1204 || all[1][0] != "1" || all[1203][0] != "1203" {
			t.Fatalf("%d lines, from %v to %v", len(all), all[1], all[len(all)-1])
		}
		for i, r := range all[1:] {
			if r[0] != fmt.Sprint(i+1) {
				t.Fatalf("row %d has number %s", i+1, r[0])
			}
		}
		_, body = v.get("/plans/" + string(plan) + "/tasks.csv?" + url.Values{"words": {"推广"}}.Encode())
		if n := len(records(t, body)) - 1; n != 12 {
			t.Errorf("%d rows are called 推广…, want 12", n)
		}
	})
}

// The task table as a file is read by package paper to the same tasks.
func TestATaskTableGoesOutAndInAgainUnchanged(t *testing.T) {
	h := openExportHall(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/town.db", sqldb.Options{}))
	office := h.Caller(testkit.ProvinceBureau, org.Office)
	_, plan, err := h.Desk.EnterPlan(t.Context(), office, "", h.memorandum.ID, 2011, "泸州市质量兴市工作计划")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Desk.EnterTasks(t.Context(), office, "", plan, tableRows()); err != nil {
		t.Fatal(err)
	}
	body := h.file(t, "bureau/office", "/plans/"+string(plan)+"/tasks.xlsx")
	reading, err := paper.Read("任务表.xlsx", bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	got := reading.Result
	tasks := h.Tasks(plan)
	if got.Year != 2011 || len(got.Rows) != len(tasks) {
		for _, l := range got.LeftOut {
			t.Logf("left out: %s %q", l.Reason, l.Text)
		}
		t.Fatalf("the year %d and %d rows were read, want 2011 and %d", got.Year, len(got.Rows), len(tasks))
	}
	units, err := h.Store.View(office).Names(t.Context(), []org.UnitID{testkit.LuzhouBureau, testkit.LuzhouFarm, testkit.LuzhouGov})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range tasks {
		r := got.Rows[i]
		var lead, helps []string
		for _, u := range want.Leads {
			lead = append(lead, units[u].Name)
		}
		for _, u := range want.Cooperating {
			helps = append(helps, units[u].Name)
		}
		if want.LeadWords != "" {
			lead = paper.SplitUnits(want.LeadWords)
		}
		for _, c := range []struct{ field, got, want string }{
			{"no", r.No, want.No}, {"chapter", strings.Join(r.Chapter, "/"), strings.Join(want.Chapter, "/")}, {"task", r.Task, want.Title}, {"measures", r.Measures, paper.Tidy(want.Measures)},
			{"lead", strings.Join(r.Lead, "、"), strings.Join(lead, "、")}, {"cooperating", strings.Join(r.Cooperating, "、"), strings.Join(helps, "、")}, {"note", r.Note, want.Note},
			{"people", strings.Join(r.People, "、"), strings.Join(want.People, "、")}, {"deadline", r.Deadline.Text, want.Deadline.Text},
			{"deadline read", fmt.Sprint(r.Deadline), fmt.Sprint(want.Deadline)}, {"target", fmt.Sprint(bare(r.Target)), fmt.Sprint(bare(want.Target))},
		} {
			if c.got != c.want {
				t.Errorf("row %d, %s: %q was read, want %q", i+1, c.field, c.got, c.want)
			}
		}
	}
}

// bare is a target without its words: of one that had none, other words are written
// that mean the same.
func bare(t *task.Target) task.Target {
	if t == nil {
		return task.Target{}
	}
	b := *t
	b.Text = ""
	return b
}

func tableRows() []act.Row {
	row := func(no, title, measures, deadline, target string, chapter ...string) act.Row {
		return act.Row{No: no, Chapter: chapter, Title: title, Measures: measures, Leads: []org.UnitID{testkit.LuzhouBureau}, Cooperating: []org.UnitID{testkit.LuzhouFarm, testkit.LuzhouGov},
			Deadline: paper.ReadDeadline(deadline, 2011), Target: paper.ReadTarget(target, "")}
	}
	rows := []act.Row{
		row("1", "新增四川名牌产品", "建立培育库，逐户辅导", "2011年10月底前", "不少于20个", "一、名牌战略", "（一）工业"),
		row("2", "新增地理标志保护产品", "", "年底前", "力争2个", "一、名牌战略", "（二）农业"),
		row("3", "应检尽检", "=SUM(A1)不是公式", "长期坚持", "", "二、质量监管"),
		row("5", "特种设备定期检验率", "按月通报", "每季度", "不低于95%", "二、质量监管"),
		row("5-1", "开展专项检查", "第一阶段自查\n第二阶段抽查", "3月至11月", "3-5次", "二、质量监管"),
		row("7", "建设检验中心", "“十二五”期间完成", "汛期前", "", "三、能力建设"),
		row("8", "质量兴市示范县", "", "2011年6月", "", "三、能力建设"),
	}
	rows[1].LeadWords = "各区、县人民政府"
	rows[1].Note = "省级以上"
	rows[3].Target = &task.Target{Op: task.OpAtLeast, Value: 95 * task.One, Unit: "%"} // without words, as a split gives it
	rows[6].Target = &task.Target{Op: task.OpRange, Value: task.One, High: 3 * task.One, Unit: "个"}
	rows[4].Cooperating = nil
	rows[4].People = []string{"副局长"}
	return rows
}

// A column set that the office keeps gives the file its columns and order; it can
// be changed, clashes are told, and others cannot keep any.
func TestAnOfficeKeepsItsColumns(t *testing.T) {
	h := openExportHall(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/town.db", sqldb.Options{}))
	v := h.as(t, "bureau/office")
	code, body := v.get("/exports/plan-tasks")
	if code != http.StatusOK {
		t.Fatalf("the form: %d", code)
	}
	has(t, body, "任务表的导出列", "编号（勿改）")
	key := field(t, body, "key")
	form := url.Values{"key": {key}, "version": {"0"}, "name": {"季度上报表"}, "on": {"task", "light", "no"}, "at.light": {"3"}, "at.task": {"2"}, "at.no": {"1"}}
	if code, body = v.post("/exports/plan-tasks", form); code != http.StatusOK {
		t.Fatalf("saving: %d\n%s", code, body)
	}
	has(t, body, "已保存列方案“季度上报表”")
	_, body = v.get("/plans/" + string(h.plan) + "/tasks.csv?columns=" + url.QueryEscape("季度上报表"))
	if head := records(t, body)[0]; !slices.Equal(head, []string{"序号", "工作任务", "亮灯"}) {
		t.Errorf("the columns are %v", head)
	}
	_, body = v.get("/plans/" + string(h.plan))
	has(t, body, "季度上报表</a>", "tasks.xlsx")
	// Others of the plan have it, too; a set that nobody keeps is absent.
	if code, _ := h.as(t, "luzhou/office").get("/plans/" + string(h.plan) + "/tasks.csv?columns=" + url.QueryEscape("季度上报表")); code != http.StatusOK {
		t.Errorf("the plan's other readers: %d", code)
	}
	if code, _ := v.get("/plans/" + string(h.plan) + "/tasks.csv?columns=x"); code != http.StatusNotFound {
		t.Errorf("a set that is not there: %d", code)
	}
	for name, c := range map[string]struct {
		change url.Values
		code   int
		says   string
	}{
		"of an old version": {url.Values{"version": {"0"}}, http.StatusConflict, "现在保存的是：序号、工作任务、亮灯"},
		"without a name":    {url.Values{"name": {" "}}, http.StatusUnprocessableEntity, "请填写方案名称"},
		"without a column":  {url.Values{"on": nil, "version": {"1"}}, http.StatusUnprocessableEntity, "请至少勾选一列"},
	} {
		again := url.Values{}
		for k, x := range form {
			again[k] = x
		}
		again.Set("key", name)
		for k, x := range c.change {
			again[k] = x
		}
		if code, body = v.post("/exports/plan-tasks", again); code != c.code {
			t.Errorf("a set %s: %d, want %d", name, code, c.code)
		}
		has(t, body, c.says)
	}
	form.Set("key", "remove")
	form.Set("version", "1")
	form.Set("do", "remove")
	if code, body = v.post("/exports/plan-tasks", form); code != http.StatusOK {
		t.Fatalf("removing: %d\n%s", code, body)
	}
	if sets, err := h.Store.View(h.Caller(testkit.ProvinceBureau, org.Office)).ColumnSets(t.Context(), "plan-tasks"); err != nil || len(sets) != 0 {
		t.Errorf("%d sets are left (%v)", len(sets), err)
	}
	if code, _ := h.as(t, "luzhou/clerk").get("/exports/plan-tasks"); code != http.StatusForbidden {
		t.Errorf("a clerk before the form: %d", code)
	}
	form.Del("do")
	if code, _ := h.as(t, "luzhou/clerk").post("/exports/plan-tasks", form); code != http.StatusForbidden {
		t.Errorf("a clerk who saves: %d", code)
	}
}

func TestAFileOpensWithDatesAndNumbers(t *testing.T) {
	h := openExportHall(t, testkit.Open(t, "sqlite:"+t.TempDir()+"/town.db", sqldb.Options{}))
	for _, path := range []string{"/plans.xlsx", "/plans/" + string(h.plan) + "/tasks.xlsx", "/units.xlsx", "/desk/tasks.xlsx", "/verify.xlsx", "/memorandums.xlsx", "/policies.xlsx"} {
		for _, lang := range []string{"zh-CN", "en"} {
			body := h.file(t, "bureau/office", path+"?lang="+lang)
			f, err := excelize.OpenReader(bytes.NewReader(body))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			rows, err := f.GetRows(f.GetSheetName(0))
			if err != nil || len(rows) < 3 {
				t.Fatalf("%s has %d lines (%v)", path, len(rows), err)
			}
			if all := fmt.Sprint(rows); strings.Contains(all, "[export.") || strings.Contains(all, "[task.") {
				t.Errorf("%s in %s lacks words: %s", path, lang, all)
			}
			f.Close()
		}
	}
	body := h.file(t, "bureau/office", "/plans.xlsx")
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	issued, err := f.GetCellValue(f.GetSheetName(0), "E3", excelize.Options{RawCellValue: true})
	day := calendar.NewDate(2010, 1, 4).Sub(calendar.NewDate(1899, 12, 30))
	if err != nil || issued != fmt.Sprint(day) {
		t.Errorf("the day of issue is kept as %q (%v), want %d", issued, err, day)
	}
}
