package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/journal"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// agreedHere has a memorandum of the bureau and 凉山 that both have agreed on.
func agreedHere(t *testing.T, h *deskHall) (memo.ID, memo.Version) {
	t.Helper()
	ctx, bureau := t.Context(), h.Caller(testkit.ProvinceBureau, org.Office)
	_, id, err := h.Desk.EnterMemorandum(ctx, bureau, "", memo.Memorandum{
		Title: "草拟", Region: "513400", Stage: memo.Preparing, Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov}})
	if err != nil {
		t.Fatal(err)
	}
	x := memo.Text{Title: "共建质量强州合作备忘录", Kind: "合作备忘录", Term: memo.Term{Years: 3},
		Parties: []memo.Party{{Unit: testkit.ProvinceBureau, Name: "四川省质量技术监督局", Called: "甲方"}, {Unit: testkit.LiangshanGov, Name: "凉山彝族自治州人民政府", Called: "乙方"}},
		Clauses: []memo.Clause{{No: "第一条", Level: 1, Text: "三年培育名牌五十个"}}}
	if _, err := h.Desk.SaveDraft(ctx, bureau, "", store.Draft{Memorandum: id, Text: x}); err != nil {
		t.Fatal(err)
	}
	_, version, err := h.Desk.Propose(ctx, bureau, "", id, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Desk.AnswerVersion(ctx, h.Caller(testkit.LiangshanGov, org.Office), "", id, version, true, ""); err != nil {
		t.Fatal(err)
	}
	v, _, err := h.Store.View(bureau).TextVersion(ctx, version)
	if err != nil {
		t.Fatal(err)
	}
	return id, v
}

func TestBothLeadersSignOnThePageAndTheFileVerifies(t *testing.T) {
	h := openDeskHall(t)
	id, v := agreedHere(t, h)
	to := "/memorandums/" + string(id) + "/sign"
	form := func(body, digest string) url.Values {
		key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(body)
		if key == nil {
			t.Fatalf("no form:\n%s", body)
		}
		return url.Values{"key": {key[1]}, "version": {string(v.ID)}, "digest": {digest}, "method": {"sm2"}, "place": {"西昌"}, "day": {h.Store.Today().String()}}
	}
	bureau, city := h.enter(t, testkit.ProvinceBureau, org.Leader), h.enter(t, testkit.LiangshanGov, org.Leader)
	if code, body := bureau.get("/memorandums/" + string(id) + "/signed.json"); code != http.StatusNotFound {
		t.Errorf("a file before all signed: %d\n%s", code, body)
	}
	_, body := bureau.get(to)
	if !strings.Contains(body, v.Digest) || !strings.Contains(body, "待签署") {
		t.Fatalf("the page before:\n%s", body)
	}
	if code, body := bureau.post(to, form(body, "00")); code != http.StatusConflict || !strings.Contains(body, "不一致") {
		t.Errorf("another text: %d\n%s", code, body)
	}
	if code, body := bureau.post(to, form(body, v.Digest)); code != http.StatusOK || !strings.Contains(body, "共2方，已签1方") {
		t.Fatalf("after the first: %d\n%s", code, body)
	}
	_, body = city.get(to)
	if code, body := city.post(to, form(body, v.Digest)); code != http.StatusOK || !strings.Contains(body, "各方均已签署") {
		t.Fatalf("after the second: %d\n%s", code, body)
	}
	if _, body := city.get(to + "?show=1"); city.refreshes(to+"?show=1") != "" || !strings.Contains(body, "已签署") {
		t.Errorf("the screen when all is done:\n%s", body)
	}
	code, file := city.get("/memorandums/" + string(id) + "/signed.json")
	report, err := journal.VerifyBundle(strings.NewReader(file), h.key)
	if code != http.StatusOK || err != nil || !report.OK() || len(report.Attachments) != 1 || report.Attachments[0].Digest != v.Digest {
		t.Errorf("the file: %d, %+v, %v", code, report, err)
	}
	if _, body := city.get("/memorandums/" + string(id)); !strings.Contains(body, "生效") || !strings.Contains(body, "备忘录历程") {
		t.Errorf("the timeline:\n%s", body)
	}
	if code, body := h.enter(t, testkit.LuzhouBureau, org.Leader).get(to); code != http.StatusNotFound {
		t.Errorf("a stranger: %d\n%s", code, body)
	}
}

func TestTheScreenAsksAgainUntilAllHaveSigned(t *testing.T) {
	h := openDeskHall(t)
	id, v := agreedHere(t, h)
	leader := h.Caller(testkit.ProvinceBureau, org.Leader)
	if _, err := h.Desk.SignVersion(t.Context(), leader, "", id, v.ID, v.Digest, act.Signing{Method: seal.Ed25519, Day: h.Store.Today()}); err != nil {
		t.Fatal(err)
	}
	clerk := h.enter(t, testkit.ProvinceBureau, org.Clerk)
	_, body := clerk.get("/memorandums/" + string(id) + "/sign?show=1")
	if clerk.refreshes("/memorandums/"+string(id)+"/sign?show=1") != "5" || !strings.Contains(body, "签名指纹") || strings.Contains(body, "<form method=\"post\" action=\"/memorandums") {
		t.Errorf("the screen:\n%s", body)
	}
}

func TestAnOutsideSignerIsGivenTheStatement(t *testing.T) {
	h := openDeskHall(t)
	id, v := agreedHere(t, h)
	secret, err := seal.Generate(seal.SM2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	bureau, to := h.enter(t, testkit.ProvinceBureau, org.Leader), "/memorandums/"+string(id)+"/sign"
	values := url.Values{"key": {"k"}, "version": {string(v.ID)}, "digest": {v.Digest}, "method": {"outside"}, "day": {h.Store.Today().String()}, "public": {"x"}}
	if code, body := bureau.post(to, values); code != http.StatusUnprocessableEntity || !strings.Contains(body, "公钥无法识别") {
		t.Errorf("no key: %d\n%s", code, body)
	}
	values.Set("public", secret.Public().String())
	if code, body := bureau.post(to, values); code != http.StatusOK || !strings.Contains(body, v.Digest) || !strings.Contains(body, `name="value"`) {
		t.Errorf("the statement: %d\n%s", code, body)
	}
}

// refreshes is after how many seconds a page asks for itself again; "" never.
func (v *deskVisitor) refreshes(path string) string {
	v.t.Helper()
	answer, err := v.client.Get(v.hall.server.URL + path)
	if err != nil {
		v.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.Header.Get("Refresh")
}
