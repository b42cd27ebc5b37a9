package web_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/seal"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// lifeHall is the town with its pages open on 7 June 2010, and 泸州's memorandum in
// force with an issued task that serves its commitment.
func lifeHall(t *testing.T) (h *deskHall, id memo.ID, base string) {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})
	w := testkit.NewTown(t, db)
	v, err := w.Store.View(w.Caller(testkit.ProvinceBureau, org.Office)).Memorandum(t.Context(), w.Memorandum().ID)
	if err != nil {
		t.Fatal(err)
	}
	row := testkit.Brands()
	row.Commitment, row.Cooperating = v.Clauses[0].Commitments[0].ID, nil
	h = &deskHall{Town: w, id: w.Tasks(w.Plan(v.Memorandum, row))[0].ID}
	w.On(2010, 6, 7)
	w.KeepKeys()
	var posts []org.PostID
	for _, unit := range []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov, testkit.LuzhouBureau, testkit.MianningBureau} {
		for _, role := range []org.Role{org.Office, org.Leader, org.Clerk} {
			posts = append(posts, org.PostID(string(unit)+"/"+string(role)))
		}
	}
	if err := w.Store.SetSamplePosts(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	h.server, h.key = open(t, w, db)
	return h, v.ID, "/memorandums/" + string(v.ID)
}

// answers posts a form and looks for the status and for words on the page.
func (v *deskVisitor) answers(path string, form url.Values, want int, words ...string) string {
	v.t.Helper()
	code, body := v.post(path, form)
	if code != want {
		v.t.Fatalf("%s with %v answers %d, want %d\n%s", path, form, code, want, body)
	}
	has(v.t, body, words...)
	return body
}

// with is a form with further fields.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

const twice = "没有再记一次" // what the page says of a form that was sent before

func TestMembersComeAndGoOnThePage(t *testing.T) { // Rule M-24
	h, _, _ := lifeHall(t)
	office, county, clerk := h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.MianningBureau, org.Leader), h.enter(t, testkit.MianningBureau, org.Clerk)
	_, body := county.get("/memorandums")
	has(t, body, "还没有合作备忘录")
	_, id, err := h.Desk.EnterMemorandum(t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), "", memo.Memorandum{
		Title: "检验检测诚信联盟倡议书", Kind: "倡议书", Region: "510000", Stage: memo.InForce, Form: memo.Alliance, Signed: h.Store.Today(),
		Parties: []org.UnitID{testkit.ProvinceBureau, testkit.ProvinceGov}, Clauses: []memo.Clause{{No: "一", Text: "如实出具数据", Level: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	to := "/memorandums/" + string(id) + "/members"
	if code, _ := county.get(to); code != http.StatusNotFound {
		t.Fatalf("a closed list answers %d to a unit that was not asked", code)
	}
	_, body = office.get(to)
	has(t, body, "名单未开放", "还没有成员")
	opening := url.Values{"key": {"o1"}, "version": {field(t, body, "version")}, "open": {"1"}}
	office.answers(to+"/open", with(opening, "version", ""), http.StatusConflict, "名单未开放")
	office.answers(to+"/open", opening, http.StatusOK, "名单已开放", "关闭名单")
	office.answers(to+"/open", opening, http.StatusOK, twice)

	_, body = county.get("/memorandums")
	has(t, body, "检验检测诚信联盟倡议书")
	_, body = county.get(to)
	has(t, body, "名单开放", "签署承诺，加入联盟")
	hasNot(t, body, "开放名单", "邀请单位加入") // what is the office's
	joining := url.Values{"key": {"j1"}, "digest": {field(t, body, "digest")}, "day": {"6-7"}}
	_, body = clerk.get(to)
	hasNot(t, body, to+"/join")
	clerk.answers(to+"/join", joining, http.StatusForbidden)
	clerk.answers(to+"/open", opening, http.StatusForbidden)
	county.answers(to+"/join", with(joining, "digest", "00"), http.StatusConflict, "承诺文本刚有变动")
	county.answers(to+"/join", with(joining, "day", "不知道哪天"), http.StatusUnprocessableEntity, "不知道哪天")
	county.answers(to+"/join", joining, http.StatusOK, "已加入联盟", "自行加入")
	county.answers(to+"/join", joining, http.StatusOK, twice)
	county.answers(to+"/join", with(joining, "key", "j2"), http.StatusConflict, "已在名单上")

	office.answers(to, url.Values{"key": {"i1"}}, http.StatusUnprocessableEntity, "请写单位名称")
	asking := url.Values{"key": {"i2"}, "unit": {"泸州市质量技术监督局"}}
	office.answers(to, asking, http.StatusOK, "已邀请泸州市质量技术监督局")
	office.answers(to, with(asking, "key", "i3"), http.StatusConflict, "已在名单上")

	leaving := url.Values{"key": {"l1"}, "day": {"6-7"}}
	county.answers(to+"/leave", leaving, http.StatusUnprocessableEntity, "退出联盟")
	county.answers(to+"/leave", with(leaving, "why", "机构撤并"), http.StatusOK, "已退出联盟")
	_, body = office.get(to)
	has(t, body, "已退出", "机构撤并")
	office.answers(to+"/open", url.Values{"key": {"o2"}, "version": {field(t, body, "version")}}, http.StatusOK, "名单已关闭")
	if code, _ := county.get(to); code != http.StatusNotFound {
		t.Errorf("after leaving and closing the page answers %d", code)
	}
}

func TestAMemorandumIsEndedOnThePage(t *testing.T) { // Rule M-21
	h, _, base := lifeHall(t)
	office, city := h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.LuzhouGov, org.Office)
	_, body := office.get(base + "/end")
	has(t, body, "新增四川名牌产品", "终止备忘录")
	box := "task." + string(h.id)
	form := url.Values{"key": {"e1"}, "version": {field(t, body, "version")}, "day": {"6-7"}, "why": {"区划调整"}, box: {"run-on"}}
	city.answers(base+"/end", form, http.StatusForbidden)
	office.answers(base+"/end", with(form, "day", "某天"), http.StatusUnprocessableEntity, "某天", "区划调整")
	office.answers(base+"/end", with(form, "why", ""), http.StatusUnprocessableEntity, "新增四川名牌产品")
	office.answers(base+"/end", with(form, box, ""), http.StatusUnprocessableEntity, "区划调整")
	office.answers(base+"/end", with(form, "version", "99"), http.StatusConflict, "区划调整")
	office.answers(base+"/end", form, http.StatusOK, "任务已按决定处理", "区划调整")
	office.answers(base+"/end", form, http.StatusOK, twice)
	office.answers(base+"/end", with(form, "key", "e2"), http.StatusConflict)
}

func TestARenewalIsBegunOnceOnThePage(t *testing.T) { // Rule M-22
	h, _, base := lifeHall(t)
	office, city := h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.LuzhouGov, org.Office)
	_, body := city.get(base)
	hasNot(t, body, base+"/renew")
	city.answers(base+"/renew", url.Values{"key": {"r0"}}, http.StatusForbidden)
	_, body = office.get(base)
	has(t, body, base+"/renew", "发起续签")
	office.answers(base+"/renew", url.Values{"key": {"r1"}}, http.StatusOK, "已建续签的备忘录", "接续自")
	office.answers(base+"/renew", url.Values{"key": {"r1"}}, http.StatusOK, twice)
	office.answers(base+"/renew", url.Values{"key": {"r2"}}, http.StatusConflict)
	_, body = office.get(base)
	has(t, body, "续签为")
	hasNot(t, body, base+"/renew")
}

func TestTasksWithoutCommitmentAreSettledOnThePage(t *testing.T) { // Rule M-21
	h, id, base := lifeHall(t)
	ctx, bureau, gov := t.Context(), h.Caller(testkit.ProvinceBureau, org.Office), h.Caller(testkit.LuzhouGov, org.Office)
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	_, body := office.get(base + "/settle")
	has(t, body, "没有要处理的任务")
	m, err := h.Store.View(bureau).Memorandum(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	x := m.Text(func(u org.UnitID) string { return "名称" + string(u) })
	x.Clauses[0].Level, x.Clauses[0].Commitments, x.Term.Until = 1, nil, m.Until // the amendment drops what the task serves
	if _, err := h.Desk.SaveDraft(ctx, bureau, "", store.Draft{Memorandum: id, Text: x}); err != nil {
		t.Fatal(err)
	}
	_, version, err := h.Desk.Propose(ctx, bureau, "", id, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Desk.AnswerVersion(ctx, gov, "", id, version, true, ""); err != nil {
		t.Fatal(err)
	}
	v, _, err := h.Store.View(bureau).TextVersion(ctx, version)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []org.UnitID{testkit.ProvinceBureau, testkit.LuzhouGov} {
		if _, err := h.Desk.SignVersion(ctx, h.Caller(u, org.Leader), "", id, version, v.Digest, act.Signing{Method: seal.Ed25519, Place: "泸州", Day: h.Store.Today()}); err != nil {
			t.Fatal(err)
		}
	}
	_, body = office.get(base + "/settle")
	has(t, body, "新增四川名牌产品", "三年内新增四川名牌产品五十个以上")
	box := "task." + string(h.id)
	form := url.Values{"key": {"s1"}, box: {"withdraw"}, box + ".reason": {"承诺已取消"}}
	h.enter(t, testkit.LuzhouGov, org.Office).answers(base+"/settle", form, http.StatusForbidden)
	office.answers(base+"/settle", url.Values{"key": {"s0"}}, http.StatusUnprocessableEntity, "新增四川名牌产品")
	office.answers(base+"/settle", with(form, box+".reason", ""), http.StatusUnprocessableEntity)
	office.answers(base+"/settle", form, http.StatusOK, "已按决定处理")
	office.answers(base+"/settle", form, http.StatusOK, twice)
	office.answers(base+"/settle", with(form, "key", "s2"), http.StatusConflict)
}

func TestSupportIsEnteredAndVerifiedOnThePage(t *testing.T) { // Rules SL-01, SL-03
	h, _, _ := lifeHall(t)
	city, bureau := h.enter(t, testkit.LuzhouGov, org.Office), h.enter(t, testkit.ProvinceBureau, org.Office)
	_, body := city.get("/support")
	has(t, body, "没有到位记录")
	_, body = city.get("/support/new")
	form := with(inputs(t, body), "key", "p1", "kind", "money", "value", "很多", "unit", "万元", "year", "2010", "on", "6-1", "region", "510500", "taker", "四川省质量技术监督局")
	city.answers("/support", form, http.StatusUnprocessableEntity, "很多")
	form.Set("value", "70")
	city.answers("/support", with(form, "taker", "泸州市人民政府"), http.StatusUnprocessableEntity, "不能是给出单位自己")
	city.answers("/support", form, http.StatusOK, "等接受单位核实")
	city.answers("/support", form, http.StatusOK, twice)
	_, body = bureau.get("/support")
	to := regexp.MustCompile(`/support/[\w-]{12,}`).FindString(body)
	_, body = bureau.get(to)
	judging := url.Values{"key": {"v1"}, "version": {field(t, body, "version")}}
	city.answers(to+"/verify", judging, http.StatusForbidden)
	bureau.answers(to+"/verify", with(judging, "version", "9"), http.StatusConflict)
	bureau.answers(to+"/verify", judging, http.StatusOK, "已核实，计入合计")
	bureau.answers(to+"/verify", judging, http.StatusOK, twice)
	bureau.answers(to+"/verify", with(judging, "key", "v2"), http.StatusConflict)
}

// The balance leads to the task, and the task's page has the form of the other side's
// word in place.
func TestTheOtherSideGivesItsWordOnTheTaskPage(t *testing.T) { // Rules IF-05, IF-06
	h, _, base := lifeHall(t)
	ctx, lead := t.Context(), h.Caller(testkit.LuzhouBureau, org.Clerk)
	if _, err := h.Desk.Sign(ctx, lead, "", h.id); err != nil {
		t.Fatal(err)
	}
	file, err := h.Desk.KeepEvidence(lead, strings.NewReader("%PDF-1.4"), "推荐文件.pdf")
	if err != nil {
		t.Fatal(err)
	}
	in := task.ReportInput{Period: calendar.Period{Kind: calendar.Month, Year: 2010, Index: 5}, Kind: task.ReportValue, Value: 20 * task.One, Completes: true}
	if _, err := h.Desk.Report(ctx, lead, "", h.id, in, []task.Evidence{file}); err != nil {
		t.Fatal(err)
	}
	office, city := h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.LuzhouGov, org.Office)
	_, body := city.get(base + "/balance")
	has(t, body, "等核实填报")
	at := "/tasks/" + string(h.id)
	_, body = office.get(at)
	hasNot(t, body, "提出异议")
	if _, err := h.Desk.Verify(ctx, h.Caller(testkit.ProvinceBureau, org.Verifier), "", h.Reports(h.id)[0].ID, ""); err != nil {
		t.Fatal(err)
	}
	_, body = office.get(base + "/balance")
	has(t, body, "等确认", "去确认", at+"/confirm")
	_, body = city.get(base + "/balance")
	hasNot(t, body, "去确认")
	_, body = office.get(at)
	has(t, body, "对方确认", "提出异议", `action="`+at+`/confirm"`)
	form := url.Values{"key": {"c1"}, "shown": {field(t, body, "shown")}, "next": {at}, "do": {"dispute"}}
	city.answers(at+"/confirm", with(form, "do", "confirm"), http.StatusForbidden)
	h.enter(t, testkit.MianningBureau, org.Office).answers(at+"/confirm", form, http.StatusNotFound)
	office.answers(at+"/confirm", form, http.StatusUnprocessableEntity)
	office.answers(at+"/confirm", with(form, "shown", "3", "reason", "与现场核查情况不符"), http.StatusConflict, "与现场核查情况不符")
	office.answers(at+"/confirm", with(form, "reason", "与现场核查情况不符"), http.StatusOK, "异议已提出", "新增四川名牌产品")
	office.answers(at+"/confirm", with(form, "reason", "与现场核查情况不符"), http.StatusOK, twice)
	_, body = city.get(at)
	has(t, body, "有异议，等答复", `value="answer"`)
	city.answers(at+"/confirm", with(form, "key", "c2", "do", "answer", "reason", "证书已于五月补发"), http.StatusOK, "已答复")
	office.answers(at+"/confirm", with(form, "key", "c3", "do", "confirm"), http.StatusOK, "已确认")
	office.answers(at+"/confirm", with(form, "key", "c4", "do", "confirm"), http.StatusConflict, "已确认过现在的数")
	_, body = office.get(base + "/balance")
	has(t, body, "已兑现并确认")
}

func TestTheTimelineBeginsWithTheSurvey(t *testing.T) {
	h, id, base := lifeHall(t)
	ctx, bureau := t.Context(), h.Caller(testkit.ProvinceBureau, org.Office)
	_, s, err := h.Desk.EnterSurvey(ctx, bureau, "", survey.Survey{
		Title: "泸州市质量状况调研", Region: "510500", Year: 2010, Due: calendar.NewDate(2010, 6, 30), Memorandum: string(id),
		Sections: []survey.Section{{Title: "家底", Unit: testkit.LuzhouBureau, Questions: []survey.Question{{Key: "plan", Text: "部署", Kind: survey.Text}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	office := h.enter(t, testkit.ProvinceBureau, org.Office)
	_, body := office.get(base)
	hasNot(t, body, "组织调研") // a draft is no step
	if _, err := h.Desk.SendSurvey(ctx, bureau, "", s, 1); err != nil {
		t.Fatal(err)
	}
	_, body = office.get(base)
	has(t, body, "组织调研", "/surveys/"+string(s), "正在填答")
}

// Each of the three bonds begins on its own form, and the form of one under a
// framework asks for the framework.
func TestEachBondBeginsOnItsForm(t *testing.T) {
	h, id, _ := lifeHall(t)
	office, clerk := h.enter(t, testkit.ProvinceBureau, org.Office), h.enter(t, testkit.ProvinceBureau, org.Clerk)
	if code, _ := clerk.get("/memorandums/begin"); code != http.StatusForbidden {
		t.Errorf("a clerk's form answers %d", code)
	}
	begun := func(form, title, kind string, more ...string) url.Values {
		_, body := office.get("/memorandums/begin?form=" + form)
		has(t, body, kind)
		return with(inputs(t, body), append([]string{"key", form, "title", title, "kind", kind, "party.1", "泸州市人民政府", "do", "save"}, more...)...)
	}
	agreement := begun("agreement", "质量强市合作备忘录", "合作备忘录")
	office.answers("/memorandums/begin", with(agreement, "party.1", "不知道哪里的政府"), http.StatusUnprocessableEntity, "质量强市合作备忘录", "不知道哪里的政府")
	office.answers("/memorandums/begin", agreement, http.StatusOK, "已填入")
	office.answers("/memorandums/begin", agreement, http.StatusOK, twice)

	under := begun("under", "质量强市子备忘录", "合作备忘录")
	office.answers("/memorandums/begin", with(under, "under", ""), http.StatusUnprocessableEntity, "质量强市子备忘录")
	office.answers("/memorandums/begin", with(under, "under", string(id)), http.StatusOK, "已填入")

	_, body := office.get("/memorandums/begin?form=alliance")
	has(t, body, "联盟倡议", "可以受邀加入")
	pledge := with(inputs(t, body), "key", "alliance", "title", "质量诚信倡议书", "party.1", "泸州市人民政府", "do", "save")
	office.answers("/memorandums/begin", pledge, http.StatusOK, "已填入")
	_, body = office.get("/memorandums")
	has(t, body, "质量强市合作备忘录", "质量强市子备忘录", "质量诚信倡议书")
	_, body = office.get("/memorandums?words=" + url.QueryEscape("没有这份"))
	has(t, body, "没有查到“没有这份”")
}
