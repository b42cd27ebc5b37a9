package web_test

import (
	"bytes"
	"crypto/rand"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/org"
)

const ownRubric = `泸州市2010年区县质量工作考核评分细则
考核项目,分值,评分办法,考评单位
一、管理（9分）,,,
1.制度（0.2分）,2,每缺1项扣0.1分,市质监局
1.经费（5分）,5,按完成比例得分,市财政局
二、一票否决,,,
发生重大事故,,考核等次直接定为D级,市安监局
注：满分9分,,,
`

// sendFile posts a file as field of a form.
func (p *importer) sendFile(path, field, name string, content []byte) (int, string, string) {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.WriteField("key", rand.Text())
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.base+path, &body)
	if err == nil {
		r.Header.Set("Content-Type", form.FormDataContentType())
	}
	return p.do(r, err)
}

func TestARubricBecomesASchemeOnceItsSlipsAreDecided(t *testing.T) {
	h := openImportHall(t)
	if err := h.Store.SetSamplePosts(t.Context(), []org.PostID{"bureau/scorer", "bureau/office", "luzhou/clerk"}); err != nil {
		t.Fatal(err)
	}
	scorer := h.step(t, "bureau/scorer")
	code, at, body := scorer.sendFile("/scores/rubrics", "rubric", "细则.csv", []byte(ownRubric))
	if code != http.StatusOK || !strings.HasPrefix(at, "/scores/rubrics/") {
		t.Fatalf("uploading: %d at %s", code, at)
	}
	for _, want := range []string{"标注0.2分，单元格2分：以哪个为准？", "写9分，各项加起来", "序号1.用了两次", "发生后最高只能评几等？"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	code, _, body = scorer.post(at, url.Values{"level": {"county"}, "fault-0": {"cell"}})
	if code != http.StatusUnprocessableEntity || !strings.Contains(body, "还没有定，请选一个") || !regexp.MustCompile(`name="fault-0" value="cell" checked`).MatchString(body) {
		t.Errorf("with a slip open: %d, and what was chosen has to stay", code)
	}
	code, _, body = scorer.post(at, url.Values{"level": {"county"}, "fault-0": {"cell"}, "fault-1": {"sum"}, "fault-2": {"renumber"}, "grade-2": {"D"}})
	words := regexp.MustCompile(`(?s)<textarea[^>]*>(.*?)</textarea>`).FindStringSubmatch(body)
	if code != http.StatusOK || words == nil {
		t.Fatalf("making the draft: %d", code)
	}
	draft := html.UnescapeString(words[1])
	code, to, body := scorer.post("/scores/schemes", url.Values{"words": {draft}, "key": {rand.Text()}})
	if code != http.StatusOK || to != "/scores" || !strings.Contains(body, at+"/file") || !strings.Contains(body, "2.经费") {
		t.Errorf("entering the draft: %d at %s, or the scheme does not lead to its document", code, to)
	}
	if code, _, body = scorer.get(at + "/file"); code != http.StatusOK || body != ownRubric {
		t.Errorf("the document comes back as %d, %d bytes", code, len(body))
	}
	forged := regexp.MustCompile(`"sha256": "[0-9a-f]+"`).ReplaceAllString(strings.Replace(draft, `"version": 1`, `"version": 2`, 1), `"sha256": "00"`)
	if code, _, body = scorer.post("/scores/schemes", url.Values{"words": {forged}, "key": {rand.Text()}}); code != http.StatusUnprocessableEntity || !strings.Contains(body, "不是本单位上传的那份细则") {
		t.Errorf("a scheme that names another document: %d", code)
	}
	if code, _, _ = h.step(t, "luzhou/clerk").get(at); code != http.StatusNotFound {
		t.Errorf("a clerk sees the rubric: %d", code)
	}
}

func TestWhatIsNoRubricIsRefusedAtItsField(t *testing.T) {
	h := openImportHall(t)
	if err := h.Store.SetSamplePosts(t.Context(), []org.PostID{"bureau/scorer", "luzhou/clerk"}); err != nil {
		t.Fatal(err)
	}
	scorer := h.step(t, "bureau/scorer")
	code, _, body := scorer.sendFile("/scores/rubrics", "rubric", "表.csv", []byte("单位,电话\n甲局,1234\n"))
	if code != http.StatusUnprocessableEntity || !strings.Contains(body, "没有认出评分细则") {
		t.Errorf("a list of telephone numbers: %d", code)
	}
	if code, _, _ = h.step(t, "luzhou/clerk").sendFile("/scores/rubrics", "rubric", "细则.csv", []byte(ownRubric)); code != http.StatusNotFound {
		t.Errorf("a clerk uploads a rubric: %d", code)
	}
}
