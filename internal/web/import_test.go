package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/testkit"
)

// importHall is a town with its pages open and a plan for 泸州 that waits for its table.
type importHall struct {
	*testkit.Town
	base string
	plan memo.PlanID
}

func openImportHall(t *testing.T) *importHall {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})
	w := testkit.NewTown(t, db)
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	_, plan, err := w.Desk.EnterPlan(t.Context(), office, "", w.Memorandum().ID, 2010, "泸州市2010年度工作计划")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Store.SetSamplePosts(t.Context(), []org.PostID{"bureau/office", "luzhou/office"}); err != nil {
		t.Fatal(err)
	}
	server, _ := open(t, w, db)
	return &importHall{Town: w, base: server.URL, plan: plan}
}

// importer is somebody with a browser who has stepped into a post.
type importer struct {
	t    *testing.T
	base string
	http *http.Client
}

func (h *importHall) step(t *testing.T, post string) *importer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &importer{t, h.base, &http.Client{Jar: jar}}
	p.post("/sign-in/sample", url.Values{"post": {post}, "next": {"/plans"}})
	return p
}

func (p *importer) do(r *http.Request, err error) (int, string, string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "zh-CN")
	a, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return a.StatusCode, a.Request.URL.Path, string(b)
}

func (p *importer) get(path string) (int, string, string) {
	p.t.Helper()
	return p.do(http.NewRequestWithContext(context.Background(), http.MethodGet, p.base+path, nil))
}

func (p *importer) post(path string, v url.Values) (int, string, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, p.base+path, strings.NewReader(v.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return p.do(r, err)
}

func (p *importer) upload(plan memo.PlanID, name string, content []byte) (int, string, string) {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		p.t.Fatal(err)
	}
	if err := form.WriteField("key", rand.Text()); err != nil {
		p.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, p.base+"/plans/"+string(plan)+"/import", &body)
	if err == nil {
		r.Header.Set("Content-Type", form.FormDataContentType())
	}
	return p.do(r, err)
}

const importTable = "泸州市2010年任务分解表\n序号,工作任务,牵头单位,配合单位,完成时限\n" +
	"1,新增四川名牌产品不少于20个,市质监局,市农业局,10月底前\n2,规范小作坊标识,市工商质监局,,每季度\n3,开展汛期检查,市农业局,,汛期来临前\n备注：按季通报。\n"

func gbk(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// hidden returns the value of a hidden field in the form whose action ends so.
func hidden(t *testing.T, page, action, name string) string {
	t.Helper()
	_, form, ok := strings.Cut(page, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form %s", action)
	}
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(form)
	if m == nil {
		t.Fatalf("no field %s in form %s", name, action)
	}
	return m[1]
}

// wants looks for words on a page.
func wants(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func TestATableIsUploadedMendedAndImported(t *testing.T) {
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	code, at, page := p.upload(h.plan, "任务表.csv", gbk(t, importTable))
	if code != http.StatusOK || !strings.HasPrefix(at, "/imports/") {
		t.Fatalf("the upload answered %d at %s", code, at)
	}
	wants(t, page, "没有丢行", "待处理2", "已看懂1", "全部3", "未导入3", "市工商质监局", "<mark>汛期来临前</mark>", "disabled", "还有2行有疑问")
	answer := func(row int, v url.Values) (int, string) {
		t.Helper()
		path := fmt.Sprintf("%s/rows/%d", at, row)
		_, _, page := p.get(at)
		v.Set("key", rand.Text())
		v.Set("version", hidden(t, page, path, "version"))
		v.Set("question", hidden(t, page, path, "question"))
		code, _, page := p.post(path, v)
		return code, page
	}
	if code, page := answer(1, url.Values{"choice": {"units"}, "unit": {"市没有的局"}}); code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="市没有的局"`) {
		t.Errorf("an unknown unit answered %d, or what was typed is gone", code)
	}
	if code, page := answer(1, url.Values{"unit": {"市质监局、市农业局"}}); code != http.StatusOK || !strings.Contains(page, "已处理1") {
		t.Errorf("two units answered %d", code)
	}
	if code, page := answer(2, url.Values{"choice": {"date"}, "date": {"汛期"}}); code != http.StatusUnprocessableEntity || !strings.Contains(page, "看不出“汛期”是哪一天") {
		t.Errorf("an unreadable day answered %d", code)
	}
	if code, _ := answer(2, url.Values{"date": {"5-1"}}); code != http.StatusOK {
		t.Errorf("a day answered %d", code)
	}
	_, _, page = p.get(at)
	wants(t, page, "导入3行", "可以导入了")
	v := url.Values{"key": {"apply-1"}, "version": {hidden(t, page, at+"/apply", "version")}}
	if _, to, _ := p.post(at+"/apply", v); to != "/plans/"+string(h.plan) {
		t.Errorf("applying led to %s", to)
	}
	if n := len(h.Tasks(h.plan)); n != 3 {
		t.Fatalf("the plan has %d tasks", n)
	}
	p.post(at+"/apply", v)
	v.Set("key", "apply-2")
	code, _, page = p.post(at+"/apply", v)
	if code != http.StatusConflict || len(h.Tasks(h.plan)) != 3 {
		t.Errorf("a second click answered %d with %d tasks", code, len(h.Tasks(h.plan)))
	}
	wants(t, page, "已经导入过，没有再导入一次")
	_, _, page = p.get(at + "?show=mended")
	wants(t, page, "您选了", "2010-05-01")
}

func TestARowIsCorrectedLeftOutAndTakenBack(t *testing.T) {
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	_, at, _ := p.upload(h.plan, "任务表.csv", []byte(importTable))
	row := at + "/rows/2"
	send := func(v url.Values) (int, string) {
		t.Helper()
		_, _, page := p.get(row)
		v.Set("key", rand.Text())
		v.Set("version", hidden(t, page, row, "version"))
		code, _, page := p.post(row, v)
		return code, page
	}
	if code, _ := send(url.Values{"do": {"skip"}, "reason": {" "}}); code != http.StatusUnprocessableEntity {
		t.Errorf("leaving out without a reason answered %d", code)
	}
	send(url.Values{"do": {"skip"}, "reason": {"与第1行重复"}})
	_, _, page := p.get(at + "?show=out")
	wants(t, page, "您选了不导入：与第1行重复", "表头", "说明或落款", "未导入4")
	send(url.Values{"do": {"take"}})
	_, page = send(url.Values{"do": {"correct"}, "task": {"开展汛期检查"}, "lead": {"市质监局"}, "cooperating": {""}, "deadline": {"5月1日前"}, "target": {""}})
	wants(t, page, "2010-05-01")
	stale := url.Values{"key": {rand.Text()}, "version": {"1"}, "do": {"skip"}, "reason": {"重复"}}
	if code, _, page := p.post(row, stale); code != http.StatusConflict || !strings.Contains(page, `value="重复"`) {
		t.Errorf("an old version answered %d, or what was typed is gone", code)
	}
}

func TestAFileThatCannotBeReadIsExplainedAtTheField(t *testing.T) {
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	for name, c := range map[string]struct {
		content string
		code    int
		says    string
	}{
		"坏.docx": {"PK\x03\x04 broken", http.StatusUnsupportedMediaType, "文件打不开"},
		"旧.doc":  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), http.StatusUnsupportedMediaType, "文件打不开"},
		"空.csv":  {"", http.StatusUnprocessableEntity, "文件是空的"},
		"通知.txt": {"关于召开会议的通知\n请各单位参加。\n", http.StatusUnprocessableEntity, "没有找到任务表"},
	} {
		code, _, page := p.upload(h.plan, name, []byte(c.content))
		if code != c.code || !strings.Contains(page, `id="file-error"`) || !strings.Contains(page, c.says) {
			t.Errorf("%s answered %d, want %d and %q at the field", name, code, c.code, c.says)
		}
	}
}

func TestAStrangerFindsNoImport(t *testing.T) { // Rule O-13
	h := openImportHall(t)
	_, at, _ := h.step(t, "bureau/office").upload(h.plan, "任务表.csv", []byte(importTable))
	stranger := h.step(t, "luzhou/office")
	for _, path := range []string{at, at + "/rows/1", "/plans/" + string(h.plan) + "/import", "/imports/none"} {
		if code, _, _ := stranger.get(path); code != http.StatusNotFound {
			t.Errorf("%s answered %d to a stranger", path, code)
		}
	}
	for _, path := range []string{at + "/apply", at + "/accept", at + "/rows/1"} {
		if code, _, _ := stranger.post(path, url.Values{"version": {"1"}, "key": {rand.Text()}, "do": {"take"}}); code != http.StatusNotFound {
			t.Errorf("a stranger's %s answered %d", path, code)
		}
	}
	if code, _, _ := stranger.upload(h.plan, "x.csv", []byte(importTable)); code != http.StatusNotFound {
		t.Errorf("a stranger's upload answered %d", code)
	}
}

func TestALongTableIsShownAPageAtATime(t *testing.T) {
	h := openImportHall(t)
	var b strings.Builder
	b.WriteString("序号,工作任务,牵头单位,完成时限\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "%d,第%d件事,市质监局,年底前\n", i+1, i+1)
	}
	p := h.step(t, "bureau/office")
	_, at, page := p.upload(h.plan, "长表.csv", []byte(b.String()))
	wants(t, page, "全部1,000", at+"?after=99&amp;show=all")
	if n := strings.Count(page, `id="row-`); n != 100 {
		t.Errorf("%d rows on the first page", n)
	}
	_, _, page = p.get(at + "?after=899&show=all")
	if n := strings.Count(page, `id="row-`); n != 100 || strings.Contains(page, `rel="next"`) {
		t.Errorf("%d rows on the last page", n)
	}
}
