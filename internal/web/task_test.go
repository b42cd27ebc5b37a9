package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongjian/internal/org"
	"gongjian/testkit"
)

// openUnsigned is the hall with a second task, which nobody has signed for.
func openUnsigned(t *testing.T) (h *deskHall, path string) {
	t.Helper()
	row := testkit.Brands()
	row.No, row.Title = "2", "农业标准化示范区"
	h = openDeskHall(t, row)
	own, err := h.Store.View(h.Caller(testkit.LuzhouBureau, org.Clerk)).OwnDesk(t.Context())
	if err != nil || len(own.ToSign) != 1 {
		t.Fatalf("to be signed for: %+v, %v", own.ToSign, err)
	}
	return h, "/tasks/" + string(own.ToSign[0].ID)
}

func TestATaskIsSignedForOnce(t *testing.T) {
	h, path := openUnsigned(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	_, body := clerk.get(path)
	key := url.Values{"key": {field(t, body, "key")}}
	code, body := clerk.post(path+"/sign", key)
	if code != http.StatusOK {
		t.Fatalf("signing answers %d", code)
	}
	has(t, body, "已签收", "回执 20100607-")
	_, body = clerk.post(path+"/sign", key)
	has(t, body, "没有再记一次")
}

func TestARefusalNeedsItsReasonAndIsAnswered(t *testing.T) {
	h, path := openUnsigned(t)
	clerk := h.enter(t, testkit.LuzhouBureau, org.Clerk)
	code, body := clerk.post(path+"/refuse", url.Values{"key": {"r1"}, "reason": {"不"}})
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a refusal without a reason answers %d", code)
	}
	has(t, body, "还有1处要改", ">不</textarea>")
	_, body = clerk.post(path+"/refuse", url.Values{"key": {"r2"}, "reason": {"示范区归农业局管"}})
	has(t, body, "已退签", "示范区归农业局管")

	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	answer := path + "/answer?unit=" + string(testkit.LuzhouBureau)
	_, body = office.get(answer)
	has(t, body, "示范区归农业局管", "维持", "交给别的单位")
	hasNot(t, body, "同意退出") // the only lead cannot go
	form := url.Values{"key": {"a1"}, "unit": {string(testkit.LuzhouBureau)}}
	if code, _ = office.post(path+"/answer", form); code != http.StatusUnprocessableEntity {
		t.Fatalf("an answer without a choice answers %d", code)
	}
	form.Set("choice", "insist")
	form.Set("reason", "示范区由质监部门牵头")
	_, body = office.post(path+"/answer", form)
	has(t, body, "已维持", "示范区由质监部门牵头")
	_, body = clerk.get("/desk")
	has(t, body, "农业标准化示范区", path+"/refuse")
}

func TestACooperatingUnitIsExcusedWithAReason(t *testing.T) {
	h := openDeskHall(t)
	path := "/tasks/" + string(h.id)
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	form := url.Values{"key": {"e1"}, "unit": {string(testkit.LuzhouFarm)}}
	if code, _ := office.post(path+"/excuse", form); code != http.StatusUnprocessableEntity {
		t.Fatalf("an excuse without a reason answers %d", code)
	}
	form.Set("reason", "今年没有农产品申报")
	_, body := office.post(path+"/excuse", form)
	has(t, body, "已准予免报", "今年没有农产品申报")
}

// Two people change one task: the second sees what the first saved and chooses.
func TestTwoChangesOfOneTaskMeetAndNothingIsOverwritten(t *testing.T) {
	h := openDeskHall(t)
	path := "/tasks/" + string(h.id) + "/change"
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	_, first := office.get(path)
	_, second := office.get(path)
	fill := func(body, key, evidence string) url.Values {
		form := inputs(t, body)
		form.Set("key", key)
		form.Set("evidence", evidence)
		form.Set("reason", "按会议纪要调整")
		return form
	}
	_, body := office.post(path, fill(first, "c1", "认定文件"))
	has(t, body, "已修改")
	code, body := office.post(path, fill(second, "c2", "获奖证书"))
	if code != http.StatusConflict {
		t.Fatalf("the second change answers %d\n%s", code, body)
	}
	has(t, body, "认定文件", "获奖证书", "您的改动还没有保存")
	_, body = office.get(path)
	has(t, body, "认定文件")
}

func TestATaskIsWithdrawnOnlyWhenConfirmed(t *testing.T) {
	h := openDeskHall(t)
	path := "/tasks/" + string(h.id)
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	form := url.Values{"key": {"w1"}, "reason": {"与另一件重复"}}
	code, body := office.post(path+"/withdraw", form)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a withdrawal without the tick answers %d", code)
	}
	has(t, body, "请勾选确认", "与另一件重复")
	form.Set("confirm", "yes")
	_, body = office.post(path+"/withdraw", form)
	has(t, body, "已撤销")
}

func TestASplitSaysWhatIsLeftAndKeepsWhatIsNoNumber(t *testing.T) {
	h := openDeskHall(t)
	path := "/tasks/" + string(h.id) + "/split"
	office := h.enter(t, testkit.LuzhouBureau, org.Office)
	code, body := office.get(path)
	if code != http.StatusOK {
		t.Fatalf("the form of the split answers %d", code)
	}
	has(t, body, "江阳区", "纳溪区", "未分配")
	form := url.Values{"key": {"s1"}, "version": {field(t, body, "version")}, "do": {"split"},
		"unit": {string(testkit.JiangyangBureau), string(testkit.NaxiBureau)}, "n." + string(testkit.JiangyangBureau): {"八"}}
	code, body = office.post(path, form)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a part that is no number answers %d", code)
	}
	has(t, body, "不是数", `value="八"`)
	form.Set("n."+string(testkit.JiangyangBureau), "8")
	_, body = office.post(path, form)
	has(t, body, "已分给1个单位，合计8", "未分配")
}

func TestAMemorandumGrowsByClausesAndIsSaved(t *testing.T) {
	h := openDeskHall(t)
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	_, body := office.get("/memorandums/new")
	form := inputs(t, body)
	form.Set("title", "《四川省质监局 凉山州人民政府合作备忘录》")
	form.Set("party.1", "凉山彝族自治州人民政府")
	form.Set("clause.0.no", "第一条")
	form.Set("clause.0.text", "共同推进质量兴州。")
	form.Set("do", "clause")
	_, body = office.post("/memorandums", form)
	has(t, body, "clause.1.text", "共同推进质量兴州。")
	form.Set("do", "save")
	form.Set("title", "")
	code, body := office.post("/memorandums", form)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a memorandum without a title answers %d", code)
	}
	has(t, body, "还有1处要改", "共同推进质量兴州。")
	form.Set("title", "《四川省质监局 凉山州人民政府合作备忘录》")
	code, body = office.post("/memorandums", form)
	if code != http.StatusOK {
		t.Fatalf("saving answers %d\n%s", code, body)
	}
	has(t, body, "回执 20100607-", "第一条", "共同推进质量兴州。")
}

// inputs returns what the forms in the page's main part would send unchanged.
func inputs(t *testing.T, body string) url.Values {
	t.Helper()
	_, body, _ = strings.Cut(body, "<main")
	root, err := html.Parse(strings.NewReader("<main" + body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for n := range root.Descendants() {
		name, value, chosen := "", "", false
		for _, a := range n.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "value":
				value = a.Val
			case "selected":
				chosen = true
			}
		}
		switch {
		case n.Data == "input" && name != "":
			form.Add(name, value)
		case n.Data == "textarea":
			if n.FirstChild != nil {
				value = n.FirstChild.Data
			}
			form.Add(name, value)
		case n.Data == "option" && chosen:
			for _, a := range n.Parent.Attr {
				if a.Key == "name" {
					form.Add(a.Val, value)
				}
			}
		}
	}
	return form
}
