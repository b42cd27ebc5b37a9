package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/calendar"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/sqldb"
	"gongjian/internal/task"
	"gongjian/internal/web/text"
	"gongjian/testkit"
)

// exportHall is the town with two plans: 泸州's (新增四川名牌产品) and 凉山's
// (推广地理标志). Neither city has a part in the other's.
type exportHall struct {
	*testkit.Town
	server     *httptest.Server
	memorandum memo.Memorandum
	plan       memo.PlanID
}

func loaded(t *testing.T) *text.Bundle {
	t.Helper()
	return must[*text.Bundle](t)(text.Load())
}

func openExportHall(t *testing.T, db *sqldb.DB) *exportHall {
	t.Helper()
	w := testkit.NewTown(t, db)
	h := &exportHall{Town: w, memorandum: w.Memorandum()}
	h.plan = w.Plan(h.memorandum, testkit.Brands())
	office := w.Caller(testkit.ProvinceBureau, org.Office)
	other := memo.Memorandum{
		Title: "四川省质监局 凉山州人民政府合作备忘录", Kind: "合作备忘录", Region: "513400", Stage: memo.InForce,
		Parties: []org.UnitID{testkit.ProvinceBureau, testkit.LiangshanGov}, Signed: calendar.NewDate(2010, 1, 6),
	}
	_, id, err := w.Desk.EnterMemorandum(t.Context(), office, "", other)
	if err != nil {
		t.Fatal(err)
	}
	_, plan, err := w.Desk.EnterPlan(t.Context(), office, "", id, 2010, "凉山州2010年度工作计划")
	if err != nil {
		t.Fatal(err)
	}
	row := act.Row{No: "1", Title: "推广地理标志", Leads: []org.UnitID{testkit.LiangshanBureau}, Deadline: task.Deadline{Text: "年底前", Kind: task.DeadlineByDate, Date: calendar.NewDate(2010, 12, 31)}}
	if _, err := w.Desk.EnterTasks(t.Context(), office, "", plan, []act.Row{row}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.IssuePlan(t.Context(), office, "", plan); err != nil {
		t.Fatal(err)
	}
	var posts []org.PostID
	for _, post := range walkers[1:] {
		posts = append(posts, org.PostID(post))
	}
	if err := w.Store.SetSamplePosts(t.Context(), append(posts, "liangshan/clerk")); err != nil {
		t.Fatal(err)
	}
	h.server, _ = open(t, w, db)
	return h
}

// as is a browser in which somebody has stepped into a post.
func (h *exportHall) as(t *testing.T, post string) *deskVisitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &deskVisitor{t, &deskHall{Town: h.Town, server: h.server}, &http.Client{Jar: jar}}
	if code, body := v.post("/sign-in/sample", url.Values{"post": {post}}); code != http.StatusOK {
		t.Fatalf("stepping into %s: %d\n%s", post, code, body)
	}
	return v
}

// file is what a post gets from an address, as bytes.
func (h *exportHall) file(t *testing.T, post, path string) []byte {
	t.Helper()
	r, err := h.as(t, post).client.Get(h.server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s as %s: %d (%v)\n%.400s", path, post, r.StatusCode, err, b)
	}
	return b
}
