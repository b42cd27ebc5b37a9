package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// deskHall is the town with its pages open, on Monday 7 June 2010, and the task
// 新增四川名牌产品 signed for by 泸州's bureau and farm bureau.
type deskHall struct {
	*testkit.Town
	server *httptest.Server
	id     task.ID
	key    note.Verifier // of the journal
}

func openDeskHall(t *testing.T, more ...act.Row) *deskHall {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})
	w := testkit.NewTown(t, db)
	plan := w.Plan(w.Memorandum(), append([]act.Row{testkit.Brands()}, more...)...)
	h := &deskHall{Town: w, id: w.Tasks(plan)[0].ID}
	for _, k := range w.Tasks(plan)[:1] {
		for _, unit := range []org.UnitID{testkit.LuzhouBureau, testkit.LuzhouFarm} {
			if _, err := w.Desk.Sign(t.Context(), w.Caller(unit, org.Clerk), "", k.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.On(2010, 6, 7)
	if _, err := w.Store.Relight(t.Context()); err != nil {
		t.Fatal(err)
	}
	var posts []org.PostID
	for _, unit := range []org.UnitID{testkit.LuzhouBureau, testkit.LuzhouFarm, testkit.ProvinceBureau, testkit.MianningBureau, testkit.LiangshanGov} {
		for _, role := range []org.Role{org.Clerk, org.Office, org.Verifier, org.Leader, org.Scorer, org.Auditor, org.Admin} {
			posts = append(posts, org.PostID(string(unit)+"/"+string(role)))
		}
	}
	if err := w.Store.SetSamplePosts(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	w.KeepKeys()
	h.server, h.key = open(t, w, db)
	return h
}

// deskVisitor is somebody at a browser.
type deskVisitor struct {
	t      *testing.T
	hall   *deskHall
	client *http.Client
}

func (h *deskHall) enter(t *testing.T, unit org.UnitID, role org.Role) *deskVisitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &deskVisitor{t, h, &http.Client{Jar: jar}}
	if code, body := v.post("/sign-in/sample", url.Values{"post": {string(unit) + "/" + string(role)}}); code != http.StatusOK {
		t.Fatalf("stepping into %s/%s: %d\n%s", unit, role, code, body)
	}
	return v
}

func (v *deskVisitor) answer(r *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if words := regexp.MustCompile(`\[(desk|report|verify)\.[a-z.-]+\]`).FindString(string(b)); words != "" {
		v.t.Errorf("%s shows a key without text: %s", r.Request.URL, words)
	}
	return r.StatusCode, string(b)
}

func (v *deskVisitor) get(path string) (int, string) {
	v.t.Helper()
	return v.answer(v.client.Get(v.hall.server.URL + path))
}

func (v *deskVisitor) post(path string, form url.Values) (int, string) {
	v.t.Helper()
	return v.answer(v.client.PostForm(v.hall.server.URL+path, form))
}

// upload is a file in a form.
type upload struct{ name, content string }

func (v *deskVisitor) send(path string, form url.Values, files ...upload) (int, string) {
	v.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := m.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile("evidence", f.name)
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := io.WriteString(part, f.content); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		v.t.Fatal(err)
	}
	return v.answer(v.client.Post(v.hall.server.URL+path, m.FormDataContentType(), &body))
}

// field returns the value of the first input of a name.
func field(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no field %s:\n%s", name, body)
	}
	return m[1]
}

func has(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
	if t.Failed() {
		t.Fatalf("the page:\n%s", body)
	}
}

func hasNot(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Fatalf("the page has %q:\n%s", w, body)
		}
	}
}

var link = regexp.MustCompile(`href="(/tasks/[^"]*/report\?period=2010-05)"`)

// may is the form of May's report, filled in.
func (h *deskHall) may(key, value string) url.Values {
	return url.Values{"key": {key}, "period": {"2010-05"}, "kind": {"value"}, "value": {value}, "words": {"五月新增。"}}
}

func (h *deskHall) reportPath() string { return "/tasks/" + string(h.id) + "/report" }

var onePDF = upload{"推荐文件.pdf", "%PDF-1.4\nbrands"}

func TestAMonthlyReportTakesThreeClicksFromTheDesk(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	_, desk := clerk.get("/desk")
	has(t, desk, "待填报", "新增四川名牌产品", "6月10日·剩3个工作日", "先办这一件", "6月12日", "我的任务")
	to := link.FindStringSubmatch(desk)
	if to == nil {
		t.Fatalf("no link to May's report on the desk:\n%s", desk)
	}
	code, form := clerk.get(to[1]) // the first click
	if code != http.StatusOK {
		t.Fatalf("the form answers %d", code)
	}
	has(t, form, "截至5月31日，累计", "个", "推荐文件", "农业局还没有填报过", "四川省质量技术监督局核实")
	sent := h.may(field(t, form, "key"), "１１")
	code, desk = clerk.send(h.reportPath(), sent, onePDF) // the second, after typing
	if code != http.StatusOK {
		t.Fatalf("sending answers %d\n%s", code, desk)
	}
	has(t, desk, "已收到。回执 20100607-", "撤回", "近期回执")
	if r := h.Reports(h.id); len(r) != 1 || r[0].Value != task.Count(11) || r[0].State != task.ReportSubmitted || len(r[0].Evidence) != 1 {
		t.Fatalf("the report became %+v", r)
	}
}

func TestADoubleClickIsOneReportWithOneReceipt(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	receipt := regexp.MustCompile(`回执 (20100607-[0-9A-Z-]+)`)
	_, first := clerk.send(h.reportPath(), h.may("once", "11"), onePDF)
	_, again := clerk.send(h.reportPath(), h.may("once", "11"), onePDF)
	a, b := receipt.FindStringSubmatch(first), receipt.FindStringSubmatch(again)
	if a == nil || b == nil || a[1] != b[1] {
		t.Fatalf("the receipts are %v and %v", a, b)
	}
	has(t, again, "没有再记一次")
	if n := len(h.Reports(h.id)); n != 1 {
		t.Fatalf("two clicks made %d reports", n)
	}
}

func TestAReturnedReportComesBackWithItsReasonAndBecomesTheNextRound(t *testing.T) {
	h := openDeskHall(t)
	clerk, verifier := h.enter(t, testkit.LuzhouBureau, org.Clerk), h.enter(t, testkit.ProvinceBureau, org.Verifier)
	clerk.send(h.reportPath(), h.may("first", "11"), onePDF)
	id := string(h.Reports(h.id)[0].ID)
	_, desk := verifier.get("/desk")
	has(t, desk, "1件填报等核实", "新增四川名牌产品", "11 → 0", "/reports/"+id+"/verify")
	_, check := verifier.get("/reports/" + id + "/verify")
	has(t, check, "推荐文件.pdf", "五月新增。", "上次核实", "退回原因")
	code, page := verifier.post("/reports/"+id+"/return", url.Values{"key": {"r1"}, "reason": {"不清"}})
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("too short a reason answers %d", code)
	}
	has(t, page, "请写明原因", "不清")
	_, page = verifier.post("/reports/"+id+"/return", url.Values{"key": {"r2"}, "reason": {"第2页印章看不清，请换一张"}})
	has(t, page, "已退回", "没有等核实的填报")

	_, desk = clerk.get("/desk")
	has(t, desk, "的5月填报被退回", "第2页印章看不清", "重报")
	_, form := clerk.get(h.reportPath() + "?period=2010-05")
	has(t, form, "退回原因", "第2页印章看不清", `value="11"`, "推荐文件.pdf")
	sent := h.may(field(t, form, "key"), "11")
	sent.Set("kept", field(t, form, "kept"))
	clerk.send(h.reportPath(), sent, upload{"第2页.pdf", "%PDF-1.4\npage two"})
	r := h.Reports(h.id)
	if len(r) != 2 || r[1].Round != 2 || len(r[1].Evidence) != 2 {
		t.Fatalf("the second round is %+v", r)
	}
	_, page = clerk.get("/reports/" + string(r[1].ID))
	has(t, page, "第2次", "第1次", "已退回", "待核实")
	_, page = verifier.post("/reports/"+string(r[1].ID)+"/verify", url.Values{"key": {"v"}})
	has(t, page, "已核实")
	if r := h.Reports(h.id)[1]; r.State != task.ReportVerified {
		t.Fatalf("the second round is %s", r.State)
	}
}

func TestAFileThatIsNotTakenIsSaidAtItsFieldAndTheRestStays(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	code, form := clerk.send(h.reportPath(), h.may("k", "11"), onePDF, upload{"批复.pdf", "<!DOCTYPE html><script>alert(1)</script>"})
	if code != http.StatusUnsupportedMediaType {
		t.Fatalf("html that calls itself pdf answers %d", code)
	}
	has(t, form, "“批复.pdf”不是照片", `id="evidence-error"`, `value="11"`, "五月新增。", "推荐文件.pdf")
	sent := h.may(field(t, form, "key"), "11")
	sent.Set("kept", field(t, form, "kept"))
	if code, body := clerk.send(h.reportPath(), sent); code != http.StatusOK {
		t.Fatalf("sending again without the file answers %d\n%s", code, body)
	}
	if r := h.Reports(h.id); len(r) != 1 || len(r[0].Evidence) != 1 {
		t.Fatalf("the kept file is not with the report: %+v", r)
	}
}

func TestNoOneCanClaimAKeptFileByItsHash(t *testing.T) {
	h := openDeskHall(t)
	clerk, farm := h.enter(t, testkit.LuzhouBureau, org.Clerk), h.enter(t, testkit.LuzhouFarm, org.Clerk)
	_, form := clerk.send(h.reportPath(), h.may("k", "x"), onePDF)
	kept := field(t, form, "kept")
	sent := h.may("f", "1")
	sent.Set("kept", kept)
	code, body := farm.send(h.reportPath(), sent)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("another's file answers %d", code)
	}
	has(t, body, "没有保留下来")
}

func TestALesserTotalAsksWhyAndKeepsWhatWasTyped(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	april := h.may("a", "9")
	april.Set("period", "2010-04")
	clerk.send(h.reportPath(), april, onePDF)
	code, form := clerk.send(h.reportPath(), h.may("m", "7"), onePDF)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a lesser total answers %d", code)
	}
	has(t, form, "上期是9个", `name="why"`, `value="7"`, "上期（4月）")
	sent := h.may("m", "7")
	sent.Set("why", "四月多计了两个，已更正")
	sent.Set("kept", field(t, form, "kept"))
	if code, _ := clerk.send(h.reportPath(), sent); code != http.StatusOK {
		t.Fatalf("with the reason it answers %d", code)
	}
}

func TestNoChangeIsOneClickAndCanBeTakenBack(t *testing.T) {
	h := openDeskHall(t)
	farm := h.enter(t, testkit.LuzhouFarm, org.Clerk)
	_, desk := farm.get("/desk")
	has(t, desk, "配合·要一个数（个）", "/tasks/"+string(h.id)+"/no-change")
	code, desk := farm.post("/tasks/"+string(h.id)+"/no-change", url.Values{"key": {"n"}, "period": {"2010-05"}})
	if code != http.StatusOK {
		t.Fatalf("no change answers %d", code)
	}
	has(t, desk, "已收到。回执", "5月无变化", "已报“无变化”")
	r := h.Reports(h.id)
	if len(r) != 1 || r[0].Kind != task.ReportNoChange || r[0].State != task.ReportNoted {
		t.Fatalf("one click made %+v", r)
	}
	_, desk = farm.post("/reports/"+string(r[0].ID)+"/take-back", url.Values{"key": {"t"}})
	has(t, desk, "已撤回", "/no-change")
	if r := h.Reports(h.id)[0]; r.State != task.ReportTakenBack {
		t.Fatalf("after taking back it is %s", r.State)
	}
}

func TestAStrangerFindsNoReportNoEvidenceAndNothingToVerify(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	clerk.send(h.reportPath(), h.may("k", "11"), onePDF)
	r := h.Reports(h.id)[0]
	file := "/evidence/" + string(r.Evidence[0]) + "?report=" + string(r.ID)
	if code, body := clerk.get(file); code != http.StatusOK || body != onePDF.content {
		t.Fatalf("the unit's own file answers %d %q", code, body)
	}
	stranger := h.enter(t, testkit.MianningBureau, org.Office)
	for _, path := range []string{
		"/reports/" + string(r.ID), "/reports/" + string(r.ID) + "/verify", file, h.reportPath(),
		"/reports/" + string(r.ID) + "/evidence/" + string(r.Evidence[0]),
	} {
		if code, body := stranger.get(path); code != http.StatusNotFound || strings.Contains(body, "名牌") {
			t.Errorf("%s answers a stranger with %d", path, code)
		}
	}
	for _, path := range []string{"/verify", "/return", "/take-back"} {
		if code, _ := stranger.post("/reports/"+string(r.ID)+path, url.Values{"key": {"s"}, "reason": {"随便写的理由"}}); code != http.StatusNotFound {
			t.Errorf("POST %s answers a stranger with %d", path, code)
		}
	}
	if _, body := stranger.get("/verify"); strings.Contains(body, "名牌") {
		t.Error("the queue shows a stranger's report")
	}
	if code, _ := clerk.get("/reports/" + string(r.ID) + "/verify"); code != http.StatusForbidden {
		t.Errorf("the reporter is answered %d by the page of the verification", code)
	}
	if got := h.Reports(h.id)[0].State; got != task.ReportSubmitted {
		t.Errorf("after all that the report is %s", got)
	}
}

func TestEvidenceIsServedSoThatNothingRuns(t *testing.T) {
	h := openDeskHall(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	clerk.send(h.reportPath(), h.may("k", "11"), upload{"说明\"\r\n.html", "plain words\n<script>alert(1)</script>"})
	r := h.Reports(h.id)
	if len(r) != 1 {
		t.Fatalf("no report was made: %+v", r)
	}
	answer, err := clerk.client.Get(h.server.URL + "/evidence/" + string(r[0].Evidence[0]) + "?report=" + string(r[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'none'",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if d := answer.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; filename=\"") || !strings.HasSuffix(d, ".html.txt") {
		t.Errorf("Content-Disposition is %q", d)
	}
}

func TestEveryRoleHasItsDesk(t *testing.T) {
	second := testkit.Brands()
	second.No, second.Title = "2", "农业标准化示范区"
	h := openDeskHall(t, second)
	for role, words := range map[org.Role][]string{
		org.Clerk:    {"待填报", "待签收", "农业标准化示范区", "/sign"},
		org.Office:   {"工作台", "等我办的"},
		org.Verifier: {"等我办的", "没有等核实的填报"},
		org.Leader:   {"6月的变化", "看排名"},
		org.Scorer:   {"评分", "还没有计算过"},
		org.Auditor:  {"被拒的操作", "还没有签署过检查点"},
		org.Admin:    {"单位和人员", "维护单位"},
	} {
		code, body := h.enter(t, testkit.LuzhouBureau, role).get("/desk")
		if code != http.StatusOK {
			t.Errorf("%s: %d", role, code)
		}
		has(t, body, words...)
		if n := strings.Count(body, "btn-primary"); n > 1 {
			t.Errorf("%s: %d filled buttons", role, n)
		}
		if role == org.Admin {
			hasNot(t, body, "名牌")
		}
	}
	_, body := h.enter(t, testkit.ProvinceBureau, org.Office).get("/desk")
	has(t, body, "逾期未报，按单位", "泸州市质量技术监督局", "我们给基层的填报量")
	_, body = h.enter(t, testkit.LuzhouBureau, org.Clerk).get("/desk?lang=en")
	has(t, body, "My desk", "To report", "3 working days left", "Sign for it")
}

func TestTheQueueLeadsFromOneReportToTheNext(t *testing.T) {
	second := testkit.Brands()
	second.No, second.Title = "2", "农业标准化示范区"
	h := openDeskHall(t, second)
	clerk, verifier := h.enter(t, testkit.LuzhouBureau, org.Clerk), h.enter(t, testkit.ProvinceBureau, org.Verifier)
	clerk.send(h.reportPath(), h.may("k", "11"), onePDF)
	april := h.may("a", "9")
	april.Set("period", "2010-04")
	clerk.send(h.reportPath(), april, onePDF)
	r := h.Reports(h.id)
	if len(r) != 2 {
		t.Fatalf("%d reports", len(r))
	}
	_, queue := verifier.get("/verify?unit=" + string(testkit.LuzhouBureau))
	has(t, queue, "逐件核实", "去掉限定", "/reports/"+string(r[0].ID)+"/verify", "/reports/"+string(r[1].ID)+"/verify")
	// Both are due on the same day; the queue then goes by id, in the order of arrival.
	first, then := min(r[0].ID, r[1].ID), max(r[0].ID, r[1].ID)
	_, next := verifier.get("/verify/next?after=2010-06-12." + string(first))
	has(t, next, "/reports/"+string(then)+"/return")
	_, page := verifier.post("/reports/"+string(r[0].ID)+"/verify", url.Values{"key": {"v"}})
	has(t, page, "/reports/"+string(r[1].ID)+"/verify", "的填报已核实")
	code, page := verifier.post("/reports/"+string(r[0].ID)+"/return", url.Values{"key": {"w"}, "reason": {"第2页看不清楚"}})
	if code != http.StatusConflict {
		t.Fatalf("a second verdict answers %d", code)
	}
	has(t, page, "您的意见没有记入", "已核实")
}

// A period's own page names what is open: Rule T-17 gives a returned report a day of its own.
func TestTheFormOpensWithTheNewestPeriodThatIsOver(t *testing.T) {
	h := openDeskHall(t)
	_, form := h.enter(t, testkit.LuzhouBureau, org.Clerk).get(h.reportPath())
	if got := field(t, form, "period"); got != (calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}).String() {
		t.Fatalf("on 7 June the form opens with %s", got)
	}
	_, form = h.enter(t, testkit.LuzhouBureau, org.Clerk).get(h.reportPath() + "?period=2010-03")
	has(t, form, "现在提交算补报", "4月10日截止")
}
