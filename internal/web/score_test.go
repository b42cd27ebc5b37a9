package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gongjian/internal/assess"
	"gongjian/internal/calendar"
	"gongjian/internal/journal"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// scoreHall is the town with its pages open, a scheme in force and one run of
// the cities as of the end of May, not yet published.
type scoreHall struct {
	*testkit.Town
	server *httptest.Server
	key    note.Verifier
	run    store.AssessmentID
}

// threePosts are who steps in: the province's scorer and office, and a stranger.
var threePosts = []org.PostID{"bureau/scorer", "bureau/office", "liangshan/office"}

func openScoreHall(t *testing.T, s assess.Scheme) *scoreHall {
	t.Helper()
	db := testkit.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "town.db"), sqldb.Options{})
	w := testkit.NewTown(t, db)
	brands := testkit.Brands()
	brands.Title = "=新增四川名牌产品"
	w.Plan(w.Memorandum(), brands)
	scorer := w.Caller(testkit.ProvinceBureau, org.Scorer)
	if _, err := w.Desk.EnterScheme(t.Context(), scorer, "", s); err != nil {
		t.Fatal(err)
	}
	w.On(2010, 6, 7)
	h := &scoreHall{Town: w}
	var err error
	if _, h.run, err = w.Desk.Compute(t.Context(), scorer, "", s.ID, "cities", 0, calendar.NewDate(2010, 5, 31)); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.SetSamplePosts(t.Context(), threePosts); err != nil {
		t.Fatal(err)
	}
	h.server, h.key = open(t, w, db)
	return h
}

// as is a browser in which somebody has stepped into a post; "" is the public.
func (h *scoreHall) as(t *testing.T, post string) *deskVisitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &deskVisitor{t, &deskHall{Town: h.Town, server: h.server}, &http.Client{Jar: jar}}
	if post != "" {
		if code, _ := v.post("/sign-in/sample", url.Values{"post": {post}}); code != http.StatusOK {
			t.Fatalf("stepping into %s: %d", post, code)
		}
	}
	return v
}

func (h *scoreHall) card() string { return "/scorecards/" + string(h.run) + "/510500" }

// publish lets the office publish the run through its pages.
func (h *scoreHall) publish(t *testing.T) {
	t.Helper()
	office := h.as(t, "bureau/office")
	_, body := office.get("/scores/runs/" + string(h.run))
	key := field(t, body, "key")
	code, body := office.post("/scores/runs/"+string(h.run)+"/publish", url.Values{"key": {key}})
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("publishing without a tick: %d\n%s", code, body)
	}
	code, body = office.post("/scores/runs/"+string(h.run)+"/publish", url.Values{"key": {key}, "confirm": {"yes"}})
	if code != http.StatusOK {
		t.Fatalf("publishing: %d\n%s", code, body)
	}
	has(t, body, "的排名已公布", "1个市（州）里")
}

var keyWithoutText = regexp.MustCompile(`\[(ranking|score|scorecard|public|fault|assess)\.[a-z.-]+\]`)

func TestADraftIsNotThereForThePublicAndForStrangers(t *testing.T) {
	h := openScoreHall(t, assess.SampleScheme())
	for _, post := range []string{"", "liangshan/office"} {
		v := h.as(t, post)
		for _, path := range []string{h.card(), h.card() + "/bundle", "/ranking?run=" + string(h.run)} {
			if code, body := v.get(path); code != http.StatusNotFound {
				t.Errorf("%q reads %s: %d\n%s", post, path, code, body)
			}
		}
		if code, _ := v.post(h.card()+"/recompute", nil); code != http.StatusNotFound {
			t.Errorf("%q has %s worked out again: %d", post, h.card(), code)
		}
		_, body := v.get("/ranking")
		has(t, body, "还没有公布过排名")
		_, body = v.get("/public")
		has(t, body, "还没有公布过排名", "四川省质监局 泸州市人民政府合作备忘录")
	}
	if code, body := h.as(t, "bureau/scorer").get(h.card()); code != http.StatusOK {
		t.Errorf("the scorer reads the draft: %d\n%s", code, body)
	}
	if code, _ := h.as(t, "liangshan/office").get("/scores/runs/" + string(h.run)); code != http.StatusNotFound {
		t.Errorf("a stranger reads the run: %d", code)
	}
}

func TestAPublishedCardIsOpenToEverybodyAndProvesItself(t *testing.T) {
	h := openScoreHall(t, assess.SampleScheme())
	h.publish(t)
	public := h.as(t, "")
	_, body := public.get("/ranking?city=510500&by=score")
	has(t, body, "泸州市", h.card(), "这是第一次公布", "未签署不排名")
	hasNot(t, body, "/tasks/")
	_, body = public.get(h.card())
	has(t, body, "泸州市为什么是", "gongjian verify 泸州市-2010-05-核验包.json --key journal.pub")
	hasNot(t, body, `href="/tasks/`)
	_, body = public.post(h.card()+"/recompute", nil)
	has(t, body, "用存下的数据重算", "从现在的任务和填报重新取数")
	if strings.Count(body, "与考核表完全一致") != 2 {
		t.Errorf("the two calculations are not both equal:\n%s", body)
	}

	code, file := public.get(h.card() + "/bundle")
	if code != http.StatusOK {
		t.Fatalf("the bundle: %d\n%s", code, file)
	}
	report, err := journal.VerifyBundle(strings.NewReader(file), h.key)
	if err != nil || !report.OK() || len(report.Attachments) != 1 || len(report.Entries) != 1 || report.Entries[0].Entry.Action != string(org.PublishScores) {
		t.Fatalf("the bundle does not prove itself: %+v, %v", report, err)
	}
	payload, err := assess.ReadPayload(report.Attachments[0].Document)
	if err != nil {
		t.Fatal(err)
	}
	if err := payload.Verify(); err != nil || payload.Card.Subject != "510500" {
		t.Errorf("the card in the bundle is of %s: %v", payload.Card.Subject, err)
	}
}

func TestAnybodyTakesTheCheckpointTheKeyAndTheData(t *testing.T) {
	h := openScoreHall(t, assess.SampleScheme())
	public := h.as(t, "")
	if code, _ := public.get("/checkpoint"); code != http.StatusNotFound {
		t.Errorf("before the first checkpoint: %d", code)
	}
	h.publish(t)
	public.get(h.card() + "/bundle") // folds
	_, words := public.get("/checkpoint")
	if c, err := journal.OpenCheckpoint(words, h.key); err != nil || c.Size == 0 {
		t.Errorf("the checkpoint: %+v, %v", c, err)
	}
	_, key := public.get("/journal.pub")
	if v, err := journal.LoadVerifier(key); err != nil || v.KeyHash() != h.key.KeyHash() {
		t.Errorf("the key: %q, %v", key, err)
	}
	_, data := public.get("/public/tasks.csv")
	if !strings.HasPrefix(data, "\ufeff区划代码,") {
		t.Errorf("the file begins %q", data[:min(40, len(data))])
	}
	has(t, data, ",'=新增四川名牌产品,", "泸州市质量技术监督局", ",20,个,0,")
	hasNot(t, data, "clerk", "farm")
}

func TestThePagesOfScoresSpeakBothLanguages(t *testing.T) {
	h := openScoreHall(t, assess.SampleScheme())
	h.publish(t)
	for _, post := range []string{"", "bureau/scorer", "bureau/office"} {
		v := h.as(t, post)
		for _, path := range []string{"/ranking", "/ranking?group=counties&city=510500", "/public?show=behind&region=510500", h.card(), "/scores", "/scorecards", "/scores/runs/" + string(h.run)} {
			for _, lang := range []string{"zh-CN", "en"} {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				_, body := v.get(path + sep + "lang=" + lang)
				if words := keyWithoutText.FindString(body); words != "" {
					t.Errorf("%s in %s shows a key without text: %s", path, lang, words)
				}
				if n := strings.Count(body, "btn-primary"); n > 1 {
					t.Errorf("%s has %d filled buttons", path, n)
				}
			}
		}
	}
}

func TestAScorerGivesPointsAndTheOpenItemGoes(t *testing.T) {
	s := assess.SampleScheme()
	s.Points = assess.Whole(105)
	s.Items = append(s.Items, assess.Item{No: "7", Title: "工作创新", Kind: assess.Plain, Points: assess.Whole(5), Method: assess.Judged, Source: assess.Source{Kind: assess.FromJudgement}})
	h := openScoreHall(t, s)
	v := h.as(t, "bureau/scorer")
	_, body := v.get("/scores?item=memorandum+7&region=510500")
	has(t, body, "还有1处要由您评分", "工作创新")
	form := url.Values{"key": {field(t, body, "key")}, "item": {"memorandum 7"}, "region": {"510500"}, "points": {"6"}, "reason": {"三项新做法"}}
	code, body := v.post("/scores/judge", form)
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("six of five points: %d", code)
	}
	has(t, body, "应在0到5之间", `value="6"`, "三项新做法")
	form.Set("points", "4.5")
	_, body = v.post("/scores/judge", form)
	has(t, body, "已记下泸州市项目7的评分", "已评1个")
	hasNot(t, body, "处要由您评分")
	_, body = v.get("/scores/runs/" + string(h.run))
	has(t, body, "没有评完的考核表", "还差7")
	code, body = v.post("/scores/compute", url.Values{"key": {"c"}, "group": {"memorandum cities"}, "as_of": {"2010-06-30"}})
	if code != http.StatusUnprocessableEntity {
		t.Fatalf("a day to come: %d", code)
	}
	has(t, body, "不能晚于今天", `value="2010-06-30"`)
	code, body = v.post("/scores/occurrences", url.Values{"key": {"o"}, "kind": {assess.SampleLateSlip}, "where": {"510500"}, "on": {"2010-06-01"}, "count": {"1"}, "reason": {"督办单〔2010〕14号，迟答3个工作日"}})
	if code != http.StatusOK {
		t.Fatalf("recording: %d", code)
	}
	has(t, body, "督办单〔2010〕14号，迟答3个工作日", "督办单逾期答复")
}
