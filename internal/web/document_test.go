package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/paper/official"
)

// From the preview to a copy that somebody who has not signed in compares.
func TestADocumentIsIssuedDownloadedAndCompared(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	const office = "bureau/office"
	preview := w.ask("GET", "/documents/new"+w.values["GET /documents/new"], office, nil).Body.String()
	facts := regexp.MustCompile(`name="facts" value="([0-9a-f]{64})"`).FindStringSubmatch(preview)
	if facts == nil || !strings.Contains(preview, "川质监合〔2010〕") {
		t.Fatal(preview)
	}
	plan, err := url.ParseQuery(strings.TrimPrefix(w.values["GET /documents/new"], "?"))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"key": {"k"}, "kind": {"plan"}, "subject": {plan.Get("subject")}, "facts": facts[1:], "closing": {"请认真落实。"}}
	issued := w.ask("POST", "/documents", office, form)
	to := issued.Header().Get("Location")
	if issued.Code != http.StatusSeeOther || w.ask("POST", "/documents", office, form).Header().Get("Location") != to {
		t.Fatalf("issuing answers %d, twice leads to another page", issued.Code)
	}
	page := w.ask("GET", to, office, nil).Body.String()
	code := regexp.MustCompile(`/d/([0-9A-Z-]{14})"`).FindStringSubmatch(page)
	if code == nil || !strings.Contains(page, "2号") || strings.Contains(page, "{{") {
		t.Fatal(page)
	}
	form.Set("facts", strings.Repeat("0", 64))
	form.Set("key", "k2")
	if again := w.ask("POST", "/documents", office, form); again.Code != http.StatusConflict || !strings.Contains(again.Body.String(), "请认真落实。") {
		t.Errorf("issuing what was not previewed answers %d", again.Code)
	}
	for _, format := range []string{"docx", "pdf"} {
		file := w.ask("GET", to+"/file/"+format, office, nil).Body.Bytes()
		bare, signed := official.Strip(file)
		if signed == "" || official.FormatOf(file) != official.Format(format) {
			t.Fatalf("%s: %d bytes without a statement", format, len(file))
		}
		changed := bytes.Clone(file)
		changed[len(bare)/2] ^= 1
		forged := bytes.Replace(file, []byte(code[1]), []byte("0000-0000-0000"), -1)
		for what, c := range map[string]struct {
			file []byte
			want string
		}{"as downloaded": {file, "未被改动"}, "without its statement": {bare, "未被改动"}, "changed": {changed, ""}, "with a forged statement": {forged, ""}} {
			answer := w.bring("/d/"+code[1], c.file)
			if answer.Code != http.StatusOK || c.want != "" && !strings.Contains(answer.Body.String(), c.want) || c.want == "" && strings.Contains(answer.Body.String(), "未被改动") {
				t.Errorf("%s %s is answered %d, want %s", format, what, answer.Code, c.want)
			}
		}
	}
	other := w.ask("GET", "/documents/draft"+w.values["GET /documents/draft"]+"&closing=另一段", office, nil).Body.Bytes()
	if answer := w.bring("/d/"+code[1], other); !strings.Contains(answer.Body.String(), "不一致") {
		t.Errorf("another document is answered %s", answer.Body)
	}
	if answer := w.bring("/d/"+code[1], []byte("no document")); answer.Code != http.StatusUnsupportedMediaType {
		t.Errorf("a text is answered %d", answer.Code)
	}
	check := w.ask("GET", "/d/"+strings.ToLower(code[1]), "public", nil).Body.String()
	if !strings.Contains(check, "川质监合〔2010〕2号") || strings.Contains(check, to) {
		t.Error("the check page lacks the number, or leads the public to the record")
	}
	if !strings.Contains(w.ask("GET", "/d/"+code[1], office, nil).Body.String(), to) {
		t.Error("the check page does not lead the office to the record")
	}
	w.withdraw(t, to, code[1])
}

func (w *walk) withdraw(t *testing.T, to, code string) {
	t.Helper()
	form := url.Values{"key": {"w"}, "version": {"1"}, "reason": {"数字有误，另行印发"}}
	if answer := w.ask("POST", to+"/withdraw", "bureau/office", form); answer.Code != http.StatusSeeOther {
		t.Fatalf("withdrawing answers %d: %s", answer.Code, answer.Body)
	}
	if !strings.Contains(w.ask("GET", "/d/"+code, "public", nil).Body.String(), "废止") {
		t.Error("the check page does not say that the document is withdrawn")
	}
}

func TestUnknownCodesAreNotFoundAndSlowedDown(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	for _, code := range []string{"0000-0000-0000", "nothing", "%00"} {
		if answer := w.ask("GET", "/d/"+code, "public", nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s is answered %d", code, answer.Code)
		}
	}
	last := 0
	for range 60 {
		last = w.ask("GET", "/d/0000-0000-0001", "public", nil).Code
	}
	if last != http.StatusServiceUnavailable {
		t.Errorf("after sixty guesses the answer is still %d", last)
	}
}

func TestAStyleThatCannotStandComesBackAsTyped(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	form := url.Values{"key": {"k"}, "version": {"0"}, "head": {"四川省质量技术监督局文件"}, "mark": {"A1"}, "top": {"x"}, "left": {"500"}}
	answer := w.ask("POST", "/documents/style", "bureau/office", form)
	if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), `value="A1"`) {
		t.Errorf("answered %d", answer.Code)
	}
	form = url.Values{"key": {"k"}, "version": {"0"}, "head": {"四川省质量技术监督局"}, "mark": {"川质监函"}, "top": {"30.5"}, "lines": {"20"}}
	if answer := w.ask("POST", "/documents/style", "bureau/office", form); answer.Code != http.StatusSeeOther {
		t.Errorf("answered %d: %s", answer.Code, answer.Body)
	}
	if preview := w.ask("GET", "/documents/new"+w.values["GET /documents/new"], "bureau/office", nil).Body.String(); !strings.Contains(preview, "川质监函〔2010〕") {
		t.Error("the preview does not follow the style")
	}
}

// bring hands in a copy as somebody who has not signed in.
func (w *walk) bring(path string, file []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "copy")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || m.Close() != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = "127.0.0.9:1"
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}
