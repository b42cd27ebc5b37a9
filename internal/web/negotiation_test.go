package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// openNegotiation is the hall with the offices of two parties at their browsers, and a
// new memorandum between them.
func openNegotiation(t *testing.T) (h *deskHall, bureau, city *deskVisitor, id string) {
	t.Helper()
	h = openDeskHall(t)
	var posts []org.PostID
	for _, unit := range []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov, testkit.LiangshanBureau, testkit.LuzhouFarm} {
		for _, role := range []org.Role{org.Office, org.Clerk, org.Leader} {
			posts = append(posts, org.PostID(string(unit)+"/"+string(role)))
		}
	}
	if err := h.Store.SetSamplePosts(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	bureau, city = h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.LiangshanGov, org.Office)
	_, body := bureau.get("/memorandums/begin")
	form := inputs(t, body)
	form["kind"], form["do"] = []string{"合作备忘录"}, []string{"save"}
	form.Set("party.1", "不知道哪里的政府")
	if code, _ := bureau.post("/memorandums/begin", form); code != http.StatusUnprocessableEntity {
		t.Fatalf("a form with mistakes answers %d", code)
	}
	form.Set("party.1", "凉山彝族自治州人民政府")
	form.Set("title", "四川省质监局 凉山州人民政府合作备忘录")
	code, body := bureau.post("/memorandums/begin", form)
	if code != http.StatusOK {
		t.Fatalf("a new memorandum answers %d\n%s", code, body)
	}
	has(t, body, "已填入", "合作目标", "甲方的支持措施")
	id = regexp.MustCompile(`/memorandums/([\w-]+)/draft"`).FindStringSubmatch(body)[1]
	return h, bureau, city, id
}

// saved saves the draft with one field changed.
func saved(t *testing.T, v *deskVisitor, id string, change func(url.Values)) (int, string) {
	t.Helper()
	_, body := v.get("/memorandums/" + id + "/draft")
	form := draftInputs(t, body)
	if change != nil {
		change(form)
	}
	return v.post("/memorandums/"+id+"/draft", form)
}

// draftInputs are the fields of the editor alone, without those of the forms beside it.
func draftInputs(t *testing.T, body string) url.Values {
	t.Helper()
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "<aside")
	form := inputs(t, "<main"+body)
	for name := range form { // boxes that are not ticked
		if strings.HasSuffix(name, ".joint") {
			form.Del(name)
		}
	}
	form.Set("do", "save")
	return form
}

func proposed(t *testing.T, v *deskVisitor, id string) (path string) {
	t.Helper()
	_, body := v.get("/memorandums/" + id + "/propose")
	form := inputs(t, body)
	form.Set("words", "请研提意见")
	code, body := v.post("/memorandums/"+id+"/propose", form)
	if code != http.StatusOK {
		t.Fatalf("proposing answers %d\n%s", code, body)
	}
	return regexp.MustCompile(`/versions/[\w-]+`).FindString(body)
}

func TestAMemorandumIsNegotiatedOnThePages(t *testing.T) {
	_, bureau, city, id := openNegotiation(t)
	if code, body := saved(t, bureau, id, nil); code != http.StatusOK {
		t.Fatalf("saving answers %d\n%s", code, body)
	}
	_, body := city.get("/memorandums/" + id + "/draft")
	hasNot(t, body, "对照并提出") // the bureau's draft is the bureau's
	_, body = city.get("/memorandums/" + id + "/versions")
	has(t, body, "还没有文稿")
	first := proposed(t, bureau, id)
	_, body = city.get("/memorandums/" + id)
	has(t, body, "轮到我方", first)
	_, body = city.get("/desk")
	has(t, body, "磋商轮到我方")
	_, body = city.get(first)
	has(t, body, "接受这一稿", "乙方的工作任务")

	// A counter-proposal, with its redline.
	code, body := saved(t, city, id, func(f url.Values) {
		for name, v := range f {
			if strings.HasSuffix(name, ".text") && strings.Contains(v[0], "合作期限为三年") {
				f.Set(name, strings.Replace(v[0], "三年", "五年", 1))
			}
		}
	})
	if code != http.StatusOK {
		t.Fatalf("the counter draft answers %d\n%s", code, body)
	}
	_, body = city.get("/memorandums/" + id + "/propose")
	has(t, body, "<del>三</del>", "<ins>五</ins>", "没有改动")
	second := proposed(t, city, id)
	_, body = bureau.get(second + "/redline")
	has(t, body, "<del>三</del>", "<ins>五</ins>")
	// The bureau answers an old version: refused, and told which one is the newest.
	code, body = bureau.post(first+"/answer", url.Values{"key": {"x1"}, "choice": {"accept"}})
	if code != http.StatusConflict {
		t.Errorf("an outdated version answers %d", code)
	}
	has(t, body, "第2稿")
	code, body = bureau.post(second+"/answer", url.Values{"key": {"x2"}, "choice": {"changes"}})
	if code != http.StatusUnprocessableEntity {
		t.Errorf("changes without words answer %d", code)
	}
	has(t, body, "请写明希望改什么")
	_, body = bureau.post(second+"/answer", url.Values{"key": {"x3"}, "choice": {"accept"}})
	has(t, body, "已接受第2稿", "各方已接受")
	for _, format := range []string{"docx", "pdf"} {
		if code, body := bureau.get(second + "/file/" + format); code != http.StatusOK || len(body) < 2000 {
			t.Errorf("%s answers %d with %d bytes", format, code, len(body))
		}
	}
	if code, _ := bureau.get(second + "/file/source"); code != http.StatusNotFound {
		t.Errorf("a source that is not there answers %d", code)
	}
}

func TestTwoColleaguesAtOneDraftMeet(t *testing.T) {
	_, bureau, _, id := openNegotiation(t)
	saved(t, bureau, id, nil)
	_, body := bureau.get("/memorandums/" + id + "/draft")
	one, two := draftInputs(t, body), draftInputs(t, body)
	one.Set("title", "第一个人的名称")
	one.Set("key", "k1")
	two.Set("title", "第二个人的名称")
	two.Set("key", "k2")
	bureau.post("/memorandums/"+id+"/draft", one)
	code, body := bureau.post("/memorandums/"+id+"/draft", two)
	if code != http.StatusConflict {
		t.Fatalf("the second answers %d", code)
	}
	has(t, body, "您的改动还没有保存", "第二个人的名称", "<del>", "<ins>")
	_, now := bureau.get("/memorandums/" + id + "/draft")
	has(t, now, "第一个人的名称")
	again := draftInputs(t, body)
	again.Set("key", "k3")
	if code, body = bureau.post("/memorandums/"+id+"/draft", again); code != http.StatusOK {
		t.Fatalf("saving knowingly answers %d\n%s", code, body)
	}
	has(t, body, "第二个人的名称")
}

func TestTheEditorWorksByItsButtonsAndKeepsWhatWasTyped(t *testing.T) {
	_, bureau, _, id := openNegotiation(t)
	path := "/memorandums/" + id + "/draft"
	_, body := bureau.get(path)
	form := draftInputs(t, body)
	first := form.Get("clause.0.text")
	press := func(button string) url.Values {
		form.Set("do", button)
		code, body := bureau.post(path, form)
		if code != http.StatusOK {
			t.Fatalf("%s answers %d\n%s", button, code, body)
		}
		form = draftInputs(t, body)
		return form
	}
	if f := press("after-clause.0"); f.Get("clause.1.text") != "" || f.Get("clause.0.text") != first {
		t.Errorf("a clause below: %q", f.Get("clause.1.text"))
	}
	form.Set("clause.1.text", "新加的一条")
	if f := press("down-clause.0"); f.Get("clause.0.text") != "新加的一条" && f.Get("clause.1.text") != first {
		t.Errorf("moved down: %q, %q", f.Get("clause.0.text"), f.Get("clause.1.text"))
	}
	press("number")
	if f := press("owed-clause.0"); !f.Has("clause.0.owed.0.text") {
		t.Error("no commitment was added")
	}
	form.Set("clause.0.owed.0.text", "安排专项经费")
	form.Set("clause.0.owed.0.kind", "money")
	form.Set("clause.0.owed.0.amount", "三百万")
	form.Set("do", "save")
	code, body := bureau.post(path, form)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("an amount in words answers %d", code)
	}
	has(t, body, "读不懂", "三百万", "新加的一条")
	form.Set("clause.0.owed.0.amount", "300.5")
	form.Set("key", "again")
	code, body = bureau.post(path, form)
	if code != http.StatusOK {
		t.Fatalf("saving answers %d\n%s", code, body)
	}
	has(t, body, `value="300.5"`, `value="万元"`, "还没有承诺方")
	// A commitment without obligor is not proposed.
	_, body = bureau.get("/memorandums/" + id + "/propose")
	code, body = bureau.post("/memorandums/"+id+"/propose", inputs(t, body))
	if code != http.StatusUnprocessableEntity {
		t.Errorf("a commitment without obligor answers %d", code)
	}
	has(t, body, "承诺")
}

func TestRemarksAndOpinionsOnThePages(t *testing.T) { // Rules M-05, M-07, O-24
	h, bureau, city, id := openNegotiation(t)
	saved(t, bureau, id, nil)
	v := proposed(t, bureau, id)
	_, body := city.get(v)
	clause := regexp.MustCompile(`<option value="([\w-]+)">（一）`).FindStringSubmatch(body)[1]
	_, body = city.post(v+"/remarks", url.Values{"key": {"r1"}, "clause": {clause}, "words": {"目标过高"}})
	has(t, body, "意见已提出", "目标过高")
	code, _ := city.post(v+"/remarks", url.Values{"key": {"r2"}, "clause": {"no-such"}, "words": {"?"}})
	if code != http.StatusConflict {
		t.Errorf("a remark on a clause that is not there answers %d", code)
	}
	_, body = bureau.get(v)
	answer := regexp.MustCompile(`/remarks/[\w-]+/answer`).FindString(body)
	_, body = bureau.post(answer, url.Values{"key": {"r3"}, "words": {"可以调低"}})
	has(t, body, "可以调低")
	_, body = city.post(strings.Replace(answer, "/answer", "/close", 1), url.Values{"key": {"r4"}})
	has(t, body, "已了结")

	ask := url.Values{"key": {"o1"}, "asked": {"凉山彝族自治州质量技术监督局"}, "kind": {"legal"}, "due": {"2010-06-11"}}
	_, body = city.post(v+"/opinions", ask)
	has(t, body, "法制审核", "还有4个工作日")
	_, body = bureau.get(v)
	hasNot(t, body, "还有4个工作日")
	asked := h.enter(t, testkit.LiangshanBureau, org.Clerk)
	_, body = asked.get("/opinions")
	opinion := regexp.MustCompile(`/opinions/[\w-]+`).FindString(body)
	has(t, body, opinion)
	if code, _ := bureau.get(opinion); code != http.StatusNotFound {
		t.Errorf("the other party reads the opinion: %d", code)
	}
	code, body = asked.post(opinion, url.Values{"key": {"o2"}, "result": {"object"}})
	if code != http.StatusUnprocessableEntity {
		t.Errorf("an objection without words answers %d", code)
	}
	has(t, body, "请写理由")
	_, body = asked.post(opinion, url.Values{"key": {"o3"}, "result": {"object"}, "words": {"违反预算法"}})
	has(t, body, "不同意", "违反预算法")
	code, body = city.post(v+"/answer", url.Values{"key": {"a1"}, "choice": {"accept"}, "despite": {"州长办公会议定"}})
	if code != http.StatusConflict {
		t.Errorf("accepting against the legal check without the tick answers %d", code)
	}
	has(t, body, "法制审核不同意", "州长办公会议定")
	_, body = city.post(v+"/answer", url.Values{"key": {"a2"}, "choice": {"accept"}, "tick": {"yes"}, "despite": {"州长办公会议定"}})
	has(t, body, "已接受第1稿", "州长办公会议定")
	_, body = bureau.get(v)
	hasNot(t, body, "州长办公会议定")
}

func TestAnEditedFileBecomesTheDraftWithItsRedline(t *testing.T) { // Rule M-08
	h, bureau, city, id := openNegotiation(t)
	saved(t, bureau, id, nil)
	v := proposed(t, bureau, id)
	x, _, err := h.Store.View(h.Caller(testkit.ProvinceBureau, org.Office)).TextVersion(t.Context(), memo.VersionID(strings.TrimPrefix(v, "/versions/")))
	if err != nil {
		t.Fatal(err)
	}
	edited := x.Text
	edited.Clauses = append([]memo.Clause{}, x.Text.Clauses...)
	edited.Clauses[len(edited.Clauses)-1].Text += "一方要求的，应当在十五日内答复。"
	file, err := h.Desk.VersionFile(edited, func(u org.UnitID) string { return string(u) }, "docx")
	if err != nil {
		t.Fatal(err)
	}
	code, body := sendFile(city, "/memorandums/"+id+"/draft/file", url.Values{"key": {"f1"}, "version": {"0"}}, file)
	if code != http.StatusOK {
		t.Fatalf("the file answers %d\n%s", code, body)
	}
	has(t, body, "已读入", "<ins>一方要求的")
	code, body = sendFile(city, "/memorandums/"+id+"/draft/file", url.Values{"key": {"f2"}, "version": {"1"}}, []byte("没有编号"))
	if code != http.StatusUnprocessableEntity {
		t.Errorf("a file without clauses answers %d", code)
	}
	has(t, body, "没有读出带编号的条款")
	second := proposed(t, city, id)
	_, body = bureau.get(second)
	has(t, body, second+"/file/source")
	if code, body := bureau.get(second + "/file/source"); code != http.StatusOK || len(body) != len(file) {
		t.Errorf("the source answers %d with %d bytes", code, len(body))
	}
	if all, err := h.Store.View(h.Caller(testkit.LuzhouFarm, org.Office)).AskedOpinions(t.Context(), true, store.OpinionKey{}, 5); err != nil || len(all) != 0 {
		t.Errorf("a stranger's opinions: %v, %v", all, err)
	}
}

// sendFile uploads a file in the field file.
func sendFile(v *deskVisitor, path string, form url.Values, content []byte) (int, string) {
	v.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		if err := m.WriteField(name, values[0]); err != nil {
			v.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", "对方稿.docx")
	if err == nil {
		_, err = io.Copy(part, bytes.NewReader(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return v.answer(v.client.Post(v.hall.server.URL+path, m.FormDataContentType(), &body))
}

// negotiatedTown is a memorandum between the bureau and 泸州's government of which a
// version lies there, with a remark on it and an opinion that 泸州's bureau was asked for.
func negotiatedTown(t *testing.T, w *testkit.Town) (version, remark, opinion string) {
	t.Helper()
	ctx, office := t.Context(), w.Caller(testkit.ProvinceBureau, org.Office)
	parties := []memo.Party{{Unit: testkit.ProvinceBureau, Name: "四川省质量技术监督局"}, {Unit: testkit.LuzhouGov, Name: "泸州市人民政府"}}
	m := memo.Memorandum{Title: "磋商中的备忘录", Kind: "合作备忘录", Region: "510500", Stage: memo.Preparing, Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov}}
	_, id, err := w.Desk.EnterMemorandum(ctx, office, "", m)
	if err != nil {
		t.Fatal(err)
	}
	text := memo.Text{Title: m.Title, Kind: m.Kind, Parties: parties, Clauses: []memo.Clause{{No: "第一条", Level: 1, Text: "双方共同推进质量兴市。"}}}
	if _, err := w.Desk.SaveDraft(ctx, office, "", store.Draft{Memorandum: id, Text: text}); err != nil {
		t.Fatal(err)
	}
	_, v, err := w.Desk.Propose(ctx, office, "", id, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Remark(ctx, office, "", memo.Remark{Version: v, Words: "请尽快答复"}); err != nil {
		t.Fatal(err)
	}
	ask := memo.Opinion{Version: v, Asked: testkit.LuzhouBureau, Kind: memo.DepartmentOpinion, Due: w.Store.Today().AddDays(5)}
	if _, err := w.Desk.AskOpinion(ctx, office, "", ask); err != nil {
		t.Fatal(err)
	}
	view := w.Store.View(office)
	x, m, err := view.TextVersion(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	remarks, err := view.Remarks(ctx, x, m)
	if err != nil {
		t.Fatal(err)
	}
	opinions, err := view.Opinions(ctx, v)
	if err != nil || len(remarks) != 1 || len(opinions) != 1 {
		t.Fatalf("%+v, %+v, %v", remarks, opinions, err)
	}
	return string(v), string(remarks[0].ID), string(opinions[0].ID)
}
