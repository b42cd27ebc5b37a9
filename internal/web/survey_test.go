package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongjian/internal/calendar"
	"gongjian/internal/measure"
	"gongjian/internal/org"
	"gongjian/internal/store"
	"gongjian/internal/survey"
	"gongjian/internal/task"
	"gongjian/testkit"
)

// surveyAndMeasure gives the town a survey of 泸州 with one section answered and a
// finding, and one measure of the catalogue.
func surveyAndMeasure(t *testing.T, town *testkit.Town, office, clerk org.Caller) (id, finding, catalogued string) {
	t.Helper()
	ctx := t.Context()
	_, s, err := town.Desk.EnterSurvey(ctx, office, "", survey.Survey{
		Title: "泸州市质量状况调研", Region: "510500", Year: 2010, Due: calendar.NewDate(2010, 6, 30),
		Sections: []survey.Section{
			{Title: "家底", Unit: testkit.LuzhouBureau, Questions: []survey.Question{
				{Key: "brands", Text: "省名牌产品数", Kind: survey.Figure, Unit: "个", Ago: 1, Before: true, Better: survey.More, Field: survey.Brands, Required: true},
				{Key: "key-firms", Text: "重点企业", Kind: survey.Firms, Field: survey.Enterprises},
				{Key: "pillars", Text: "支柱产业", Kind: survey.IndustryCodes, Field: survey.Traditional},
			}},
			{Title: "质量", Unit: testkit.LuzhouBureau, Questions: []survey.Question{{Key: "plan", Text: "部署", Kind: survey.Text}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	receipt := must[store.Receipt](t)
	receipt(town.Desk.SendSurvey(ctx, office, "", s, 1))
	now, before := task.Count(8), task.Count(10)
	receipt(town.Desk.AnswerSection(ctx, clerk, "", s, 1, 1, []survey.Answer{
		{Question: "brands", Value: &now, Before: &before, Source: "名推委公告"}, {Question: "pillars", Codes: []string{"15"}},
		{Question: "key-firms", Firms: []survey.Firm{{Name: "泸州某酒业公司", Code: "91440300708461136T"}}},
	}, true))
	_, f, err := town.Desk.DrawFinding(ctx, office, "", survey.Finding{Survey: s, Kind: survey.Gap, Field: survey.Brands, Sentence: "省名牌由10个降到8个", Rule: "fell"}, []string{"brands"}, "")
	if err != nil {
		t.Fatal(err)
	}
	_, m, err := town.Desk.EnterMeasure(ctx, office, "", measure.Measure{Field: survey.Brands, Side: measure.Offers, Title: "名牌培育", Wording: "帮助{地方}培育名牌，新增{目标}个", Target: "新增{目标}个", Answers: []measure.Pattern{{Kind: survey.Gap}}}, calendar.Date{})
	if err != nil {
		t.Fatal(err)
	}
	return string(s), string(f), string(m)
}

var hiddenVersion = regexp.MustCompile(`name="version" value="(\d+)"`)

func TestAnAnswerIsMendedInItsFieldAndKept(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	base := "/surveys/" + w.values["/surveys/{id}"]
	clerk, office := "luzhou/clerk", "bureau/office"
	if page := w.ask("GET", base+"/sections/1", clerk, nil); page.Code != http.StatusOK || strings.Contains(page.Body.String(), "<textarea") {
		t.Fatalf("a section that was handed in can be written: %d", page.Code)
	}
	page := w.ask("GET", base+"/sections/1", office, nil)
	version := hiddenVersion.FindStringSubmatch(page.Body.String())
	if version == nil {
		t.Fatalf("the office cannot return the section: %d", page.Code)
	}
	if back := w.ask("POST", base+"/sections/1/return", office, url.Values{"version": {version[1]}}); back.Code != http.StatusUnprocessableEntity {
		t.Errorf("returned without a reason: %d", back.Code)
	}
	if back := w.ask("POST", base+"/sections/1/return", office, url.Values{"version": {version[1]}, "reason": {"出处不清"}}); back.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", back.Code, back.Body)
	}
	form := url.Values{"version": {"3"}, "do": {"hand-in"}, "a.brands": {"九"}, "a.brands.source": {"公告"}, "a.pillars": {"C15"}, "a.key-firms.0.name": {"某公司"}, "a.key-firms.0.code": {"91440300708461136X"}}
	answer := w.ask("POST", base+"/sections/1", clerk, form)
	if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), `value="九"`) || !strings.Contains(answer.Body.String(), "出处不清") {
		t.Fatalf("%d: what was typed is gone", answer.Code)
	}
	form.Set("a.brands", "9")
	if answer = w.ask("POST", base+"/sections/1", clerk, form); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "91440300708461136X") {
		t.Fatalf("%d: a wrong check character was taken", answer.Code)
	}
	form.Set("a.key-firms.0.code", "91440300708461136t")
	form.Set("version", "2")
	if answer = w.ask("POST", base+"/sections/1", clerk, form); answer.Code != http.StatusConflict || !strings.Contains(answer.Body.String(), `name="version" value="3"`) {
		t.Fatalf("%d: an update would have been lost", answer.Code)
	}
	form.Set("version", "3")
	if answer = w.ask("POST", base+"/sections/1", clerk, form); answer.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	if w.errors.Len() > 0 {
		t.Error(w.errors.String())
	}
}

func TestAQuestionnaireIsComposedSectionBySection(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	office := "luzhou/office"
	made := w.ask("POST", "/surveys", office, url.Values{"title": {"江阳调研"}, "region": {"510502"}, "year": {"2010"}, "due": {"7月1日"}, "from": {"empty"}, "key": {"k"}})
	to, _, _ := strings.Cut(made.Header().Get("Location"), "?")
	if made.Code != http.StatusSeeOther || !strings.HasSuffix(to, "/compose") {
		t.Fatalf("%d %s", made.Code, made.Body)
	}
	head := func(version string, more url.Values) url.Values {
		form := url.Values{"title": {"江阳调研"}, "region": {"510502"}, "year": {"2010"}, "due": {"2010-07-01"}, "version": {version}}
		for k, v := range more {
			form[k] = v
		}
		return form
	}
	if x := w.ask("POST", to, office, head("1", url.Values{"do": {"section"}})); x.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", x.Code, x.Body)
	}
	section := url.Values{"section": {"1"}, "section-title": {"基本情况"}, "section-unit": {"江阳区质量技术监督局"}, "q.0.text": {"例会"}, "q.0.kind": {"choice"}, "q.0.choices": {"有\n*没有"}, "q.0.field": {"quality"}, "q.0.required": {"yes"}}
	grown := w.ask("POST", to, office, head("2", url.Values{"do": {"question"}, "section": {"1"}, "section-title": {"基本情况"}}))
	if grown.Code != http.StatusOK || !strings.Contains(grown.Body.String(), `name="q.0.text"`) {
		t.Fatalf("%d", grown.Code)
	}
	if x := w.ask("POST", to, office, head("2", section)); x.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", x.Code, x.Body)
	}
	if x := w.ask("POST", to, office, head("2", section)); x.Code != http.StatusConflict {
		t.Errorf("%d: an update would have been lost", x.Code)
	}
	base := strings.TrimSuffix(to, "/compose")
	if x := w.ask("POST", base+"/send", office, url.Values{"version": {"3"}}); x.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", x.Code, x.Body)
	}
	if x := w.ask("GET", base+"/sections/1", "jiangyang/clerk", nil); x.Code != http.StatusOK || !strings.Contains(x.Body.String(), "没有") {
		t.Errorf("%d", x.Code)
	}
	if x := w.ask("GET", base, "liangshan/office", nil); x.Code != http.StatusNotFound {
		t.Errorf("a stranger sees it: %d", x.Code)
	}
}

func TestMeasuresAreProposedPickedAndLeadBackToTheFinding(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	office, path := "bureau/office", "/memorandums/"+w.values["/memorandums/{id}"]+"/measures"
	page := w.ask("GET", path, office, nil)
	id := "m" + w.values["/measures/{id}"]
	if body := page.Body.String(); page.Code != http.StatusOK || !strings.Contains(body, "因为发现：省名牌由10个降到8个") || !strings.Contains(body, "名推委公告") || !strings.Contains(body, "帮助泸州市培育名牌") {
		t.Fatalf("%d %s", page.Code, body)
	}
	form := url.Values{"draft": {"0"}, "take": {id}, id + ".measure": {w.values["/measures/{id}"]}, id + ".finding": {w.values["{finding}"]}, id + ".wording": {"培育名牌{目标}个"}, id + ".obligor": {"bureau"}, id + ".confirms": {"luzhou-gov"}}
	if x := w.ask("POST", path, office, form); x.Code != http.StatusUnprocessableEntity || !strings.Contains(x.Body.String(), "目标") {
		t.Fatalf("%d: a blank went into the text", x.Code)
	}
	form.Set(id+".wording", "培育名牌五个")
	if x := w.ask("POST", path, office, form); x.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", x.Code, x.Body)
	}
	if body := w.ask("GET", path, office, nil).Body.String(); !strings.Contains(body, "来自措施") || !strings.Contains(body, "培育名牌五个") {
		t.Error("the thread is not shown")
	}
	if body := w.ask("GET", path, "luzhou/leader", nil).Body.String(); strings.Contains(body, "培育名牌五个") {
		t.Error("the other side reads the draft")
	}
}
