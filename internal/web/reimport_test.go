package web_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/org"
	"gongjian/internal/task"
	"gongjian/testkit"
)

const settledTable = "泸州市2010年任务分解表\n序号,工作任务,牵头单位,配合单位,完成时限,目标值\n" +
	"1,新增四川名牌产品,市质监局,市农业局,10月底前,不少于20个\n" +
	"2,签订质量目标责任书,市质监局,,3月底前,\n" +
	"3,开展汛期检查,市农业局,,5月1日前,\n"

// planned is an import hall whose plan came from settledTable.
func planned(t *testing.T) (*importHall, *importer) {
	t.Helper()
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	_, at, page := p.upload(h.plan, "任务表.csv", []byte(settledTable))
	p.post(at+"/apply", url.Values{"key": {rand.Text()}, "version": {hidden(t, page, at+"/apply", "version")}})
	if n := len(h.Tasks(h.plan)); n != 3 {
		t.Fatalf("the plan has %d tasks", n)
	}
	return h, p
}

var tickBox = regexp.MustCompile(`name="tick" value="([^"]+)"( checked)?`)

// boxes are the values of the boxes on a page; ticked only those that are ticked.
func boxes(page string, ticked bool) (out []string) {
	for _, m := range tickBox.FindAllStringSubmatch(page, -1) {
		if !ticked || m[2] != "" {
			out = append(out, m[1])
		}
	}
	return out
}

func (p *importer) take(at, do string, more url.Values) (int, string, string) {
	p.t.Helper()
	_, _, page := p.get(at)
	v := url.Values{"key": {rand.Text()}, "version": {hidden(p.t, page, at, "version")}, "do": {do}}
	for _, m := range regexp.MustCompile(`name="shown" value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		v.Add("shown", m[1])
	}
	for k, values := range more {
		v[k] = values
	}
	return p.post(at, v)
}

func TestALaterTableIsHeldAgainstThePlan(t *testing.T) { // Rules I-60, I-61, I-64, I-67
	h, p := planned(t)
	later := strings.NewReplacer("不少于20个", "不少于25个", "3,开展汛期检查,市农业局,,5月1日前,\n", "3,建立企业质量档案,市质监局,,年底前,\n").Replace(settledTable)
	code, at, page := p.upload(h.plan, "任务表（调整）.csv", []byte(later))
	if code != http.StatusOK || !strings.HasSuffix(at, "/changes") {
		t.Fatalf("the upload answered %d at %s", code, at)
	}
	wants(t, page, "差异3", "更改1", "新增1", "新表没有1", "一致1", "不少于<del>20</del>个", "不少于<ins>25</ins>个", "建立企业质量档案", "计划不变")
	if len(boxes(page, false)) != 3 || len(boxes(page, true)) != 0 {
		t.Fatalf("boxes %v, ticked %v", boxes(page, false), boxes(page, true))
	}
	_, _, page = p.take(at, "all-added", nil)
	wants(t, page, "共接受1处", "已接受：更改0、新增1、撤销0")
	if len(boxes(page, true)) != 1 {
		t.Fatalf("ticked %v", boxes(page, true))
	}
	code, _, page = p.take(at, "apply", url.Values{"tick": boxes(page, false), "reason": {"会"}})
	if code != http.StatusUnprocessableEntity || len(boxes(page, true)) != 3 || !strings.Contains(page, ">会</textarea>") {
		t.Errorf("a short reason answered %d with %d ticks", code, len(boxes(page, true)))
	}
	code, to, page := p.take(at, "apply", url.Values{"tick": boxes(page, false), "reason": {"按市政府会议调整"}})
	if code != http.StatusOK || to != "/plans/"+string(h.plan) {
		t.Fatalf("taking over answered %d at %s", code, to)
	}
	wants(t, page, "更改1件，新增1件，撤销1件，移动0件")
	if n := len(h.Tasks(h.plan)); n != 4 {
		t.Errorf("the plan has %d tasks, one of them withdrawn", n)
	}
	if _, to, page = p.get(at); !strings.HasPrefix(to, "/imports/") || strings.HasSuffix(to, "/changes") || !strings.Contains(page, "接受了3处差异") {
		t.Errorf("what was taken over leads to %s", to)
	}
	_, _, page = p.upload(h.plan, "任务表（调整）.csv", []byte(later))
	wants(t, page, "与现有任务一致，无需更改。共核对3行。")
	if len(boxes(page, false)) != 0 || strings.Contains(page, `value="apply"`) {
		t.Error("an empty difference offers something to accept")
	}
}

func TestAPlanWithTasksTakesNoTableInBeside(t *testing.T) { // Rule I-67
	h, p := planned(t)
	_, at, _ := p.upload(h.plan, "任务表.csv", []byte(settledTable))
	base := strings.TrimSuffix(at, "/changes")
	_, _, page := p.get(base)
	wants(t, page, "与现有任务核对", `href="`+at+`"`)
	if strings.Contains(page, `action="`+base+`/apply"`) {
		t.Error("the preview still offers to enter the rows")
	}
	code, _, _ := p.post(base+"/apply", url.Values{"key": {rand.Text()}, "version": {"1"}})
	if code != http.StatusConflict || len(h.Tasks(h.plan)) != 3 {
		t.Errorf("entering the table twice answered %d, %d tasks", code, len(h.Tasks(h.plan)))
	}
}

func TestARowThatChangedMeanwhileIsNamedOnThePage(t *testing.T) { // Rule I-64
	h, p := planned(t)
	_, at, page := p.upload(h.plan, "任务表.csv", []byte(strings.Replace(settledTable, "不少于20个", "不少于25个", 1)))
	seen := boxes(page, false)
	k := h.Tasks(h.plan)[0]
	if _, err := h.Desk.Withdraw(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", h.Tasks(h.plan)[2].ID, "不再列入计划"); err != nil {
		t.Fatal(err)
	}
	change := act.Change{
		Version: k.Version, Title: "新增四川省名牌产品", Deadline: k.Deadline, Due: k.Due, Target: k.Target, Cadence: k.Cadence, Field: k.Field, Reason: "按会议纪要调整",
	}
	if _, err := h.Desk.Change(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", k.ID, change); err != nil {
		t.Fatal(err)
	}
	code, _, page := p.take(at, "apply", url.Values{"tick": seen, "reason": {"按市政府会议调整"}})
	if code != http.StatusConflict {
		t.Errorf("a stale acceptance answered %d", code)
	}
	wants(t, page, "这一行被人改过", `href="#task-`+string(k.ID)+`"`)
	if got := h.Tasks(h.plan)[0].Target.Value; got != task.Count(20) {
		t.Errorf("the target is %s", got)
	}
}

func TestDoubtsOfALaterTableAreSettledWhereTheyStand(t *testing.T) {
	h, p := planned(t)
	_, at, page := p.upload(h.plan, "任务表.csv", []byte(settledTable+"4,规范小作坊标识,市工商质监局,,每季度,\n"))
	wants(t, page, "没有找到单位", "先处理下面的疑问，才能接受")
	if len(boxes(page, false)) != 0 {
		t.Fatal("a row in doubt can be accepted")
	}
	row := strings.TrimSuffix(at, "/changes") + "/rows/3"
	_, to, page := p.post(row, url.Values{
		"key": {rand.Text()}, "version": {hidden(t, page, row, "version")}, "question": {hidden(t, page, row, "question")}, "back": {hidden(t, page, row, "back")},
		"choice": {"units"}, "unit": {"市质监局"},
	})
	if to != at || len(boxes(page, false)) != 1 {
		t.Errorf("after the answer %s has %d boxes", to, len(boxes(page, false)))
	}
}

func TestALongDifferenceIsShownAPageAtATime(t *testing.T) {
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	table := func(edit string) []byte {
		var b strings.Builder
		b.WriteString("序号,工作任务,牵头单位,完成时限\n")
		for i := range 250 {
			fmt.Fprintf(&b, "%d,第%d件事%s,市质监局,年底前\n", i+1, i+1, edit)
		}
		return []byte(b.String())
	}
	_, at, page := p.upload(h.plan, "长表.csv", table(""))
	p.post(at+"/apply", url.Values{"key": {rand.Text()}, "version": {hidden(t, page, at+"/apply", "version")}})
	_, at, page = p.upload(h.plan, "长表.csv", table("的落实"))
	wants(t, page, "更改250", `rel="next"`)
	if n := len(boxes(page, false)); n != 100 {
		t.Errorf("%d rows on the first page", n)
	}
	next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(strings.ReplaceAll(page, `class="btn" `, ""))
	if next == nil {
		t.Fatal("no next page")
	}
	_, _, second := p.get(strings.ReplaceAll(next[1], "&amp;", "&"))
	if a, b := boxes(page, false), boxes(second, false); len(b) != 100 || a[99] == b[0] {
		t.Errorf("%d rows on the second page", len(b))
	}
	_, _, page = p.take(at, "all-changed", nil)
	wants(t, page, "共接受250处")
}

func TestAStrangerFindsNoDifference(t *testing.T) { // Rule O-13
	h, p := planned(t)
	_, at, _ := p.upload(h.plan, "任务表.csv", []byte(settledTable))
	stranger := h.step(t, "luzhou/office")
	if code, _, _ := stranger.get(at); code != http.StatusNotFound {
		t.Errorf("a stranger's look answered %d", code)
	}
	if code, _, _ := stranger.post(at, url.Values{"version": {"1"}, "key": {rand.Text()}, "do": {"apply"}}); code != http.StatusNotFound {
		t.Errorf("a stranger's acceptance answered %d", code)
	}
}

// roundTable has a row of every kind that an export must bring back: merged lines
// of measures, a group, words without a number, a day that is none, two leads.
const roundTable = "泸州市2010年度工作计划\n序号,工作任务,具体措施,牵头单位,配合单位,完成时限,目标值,备注\n一、实施名牌战略,,,,,,,\n" +
	"1,新增四川名牌产品,推荐白酒、机械类企业申报,市质监局,市农业局,10月底前,不少于20个,按季通报\n" +
	"1,新增四川名牌产品,组织专家到企业辅导,市质监局,,年底前，并长期坚持,,\n" +
	"二、夯实基础,,,,,,,\n" +
	"2,签订目标责任书,,各区县质监局,,3月底前,,\n" +
	"3,开展“质量月”活动,举办现场咨询,市质监局、市农业局,,9月,85%以上,\n" +
	"4,建立企业质量档案,,市农业局,市质监局,适时,应建尽建,\n"

// resaved is a docx as LibreOffice saves it.
func resaved(t *testing.T, docx string) []byte {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("this test needs LibreOffice (soffice) on the PATH")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "计划.docx"), []byte(docx), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", "docx:MS Word 2007 XML", "--outdir", out, filepath.Join(dir, "计划.docx"))
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v: %s", err, said)
	}
	b, err := os.ReadFile(filepath.Join(out, "计划.docx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatWeWriteOutComesBackWithoutADifference(t *testing.T) { // Rules I-60, I-61, I-63
	h := openImportHall(t)
	p := h.step(t, "bureau/office")
	_, at, page := p.upload(h.plan, "任务表.csv", []byte(roundTable))
	if strings.Contains(page, `action="`+at+`/accept"`) {
		_, _, page = p.post(at+"/accept", url.Values{"key": {rand.Text()}, "version": {hidden(t, page, at+"/accept", "version")}})
	}
	p.post(at+"/apply", url.Values{"key": {rand.Text()}, "version": {hidden(t, page, at+"/apply", "version")}})
	if n := len(h.Tasks(h.plan)); n != 7 {
		t.Fatalf("the plan has %d tasks, want five rows and two parts", n)
	}
	if _, err := h.Desk.IssuePlan(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", h.plan); err != nil {
		t.Fatal(err)
	}
	again := func(name string, content []byte) {
		t.Helper()
		code, _, page := p.upload(h.plan, name, content)
		if code != http.StatusOK || !strings.Contains(page, "与现有任务一致，无需更改。共核对5行。") {
			t.Errorf("%s differs (%d):\n%s", name, code, regexp.MustCompile(`(?s)<dl class="dff">.*?</dl>`).FindAllString(page, -1))
		}
	}
	again("任务表.csv", []byte(roundTable))
	for _, ext := range []string{"xlsx", "csv"} {
		code, _, file := p.get("/plans/" + string(h.plan) + "/tasks." + ext)
		if code != http.StatusOK {
			t.Fatalf("the export as %s answered %d", ext, code)
		}
		again("导出."+ext, []byte(file))
	}
	code, _, docx := p.get("/documents/draft?format=docx&kind=plan&subject=" + string(h.plan))
	if code != http.StatusOK {
		t.Fatalf("the plan as a document answered %d", code)
	}
	again("计划.docx", []byte(docx))
	again("存过.docx", resaved(t, docx))
}
