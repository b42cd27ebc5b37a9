package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/internal/letter"
	"gongjian/internal/memo"
	"gongjian/internal/org"
	"gongjian/internal/paper/official"
	"gongjian/internal/seal"
	"gongjian/internal/store"
	"gongjian/testkit"
)

// walkLetter draws the letters of a plan and gives them out; it returns the batch
// and the letter of 泸州's bureau.
func walkLetter(t *testing.T, w *testkit.Town, office org.Caller, plan memo.PlanID) (batch, one string) {
	t.Helper()
	_, b, err := w.Desk.DrawLetters(t.Context(), office, "", act.Drawing{Plan: plan, Giver: testkit.ProvinceBureau})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.GiveLetters(t.Context(), office, "", act.Letters{Batch: b}); err != nil {
		t.Fatal(err)
	}
	all, err := w.Store.View(office).Letters(t.Context(), store.LetterFilter{Batch: b, Taker: testkit.LuzhouBureau}, store.LetterKey{}, 10)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return string(b), string(all[0].ID)
}

var lettersLink = regexp.MustCompile(`/letters/[0-9a-f-]{36}`)

// From drawing to paper signatures and files, as the pages lead.
func TestLettersAreDrawnGivenOutAndRecordedThroughThePages(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	const office, taker = "bureau/office", "luzhou/leader"
	list := w.ask("GET", "/letters", office, nil).Body.String()
	one := "/letters/" + w.values["/letters/{id}"]
	if !strings.Contains(list, one) || !strings.Contains(list, "待双方签") || strings.Contains(list, "letter.") {
		t.Fatal(list)
	}
	form := url.Values{"key": {"k1"}, "plan": {strings.TrimPrefix(w.values["GET /letters/new"], "?plan=")}, "giver": {"bureau"}}
	again := w.ask("POST", "/letters", office, form)
	if again.Code != http.StatusConflict || !strings.Contains(again.Body.String(), "没有要生成的") {
		t.Errorf("drawing what is drawn answers %d", again.Code)
	}
	form.Set("giver", "liangshan-gov")
	if bad := w.ask("POST", "/letters", office, form); bad.Code != http.StatusUnprocessableEntity || !strings.Contains(bad.Body.String(), "请从列出的单位中选下达方") {
		t.Errorf("a wrong giver answers %d", bad.Code)
	}
	// The taker looks at it, sends it back; the office gives it out again.
	page := w.ask("GET", one, taker, nil).Body.String()
	if !strings.Contains(page, "不少于20个") || !strings.Contains(page, one+"/refuse") || strings.Contains(page, one+"/annul") {
		t.Fatal(page)
	}
	if r := w.ask("POST", one+"/refuse", taker, url.Values{"key": {"k2"}}); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("no reason answers %d", r.Code)
	}
	if r := w.ask("POST", one+"/refuse", taker, url.Values{"key": {"k2"}, "reason": {"指标过高"}}); r.Code != http.StatusSeeOther {
		t.Fatalf("refusing answers %d", r.Code)
	}
	if page := w.ask("GET", one, office, nil).Body.String(); !strings.Contains(page, "指标过高") {
		t.Error("the reason is not shown")
	}
	if r := w.ask("POST", "/letters/give", office, url.Values{"key": {"k3"}, "id": {w.values["/letters/{id}"]}}); r.Code != http.StatusSeeOther {
		t.Fatalf("giving again answers %d", r.Code)
	}
	// Signing shows the digest; a bad day comes back with what was typed.
	sign := w.ask("GET", "/letters/sign?id="+w.values["/letters/{id}"], taker, nil).Body.String()
	shown := regexp.MustCompile(`name="shown" value="([0-9a-f]{64})"`).FindStringSubmatch(sign)
	if shown == nil {
		t.Fatal(sign)
	}
	bad := w.ask("POST", "/letters/sign", taker, url.Values{"key": {"k4"}, "id": {w.values["/letters/{id}"]}, "shown": {shown[1]}, "method": {"sm2"}, "day": {"某日"}, "place": {"泸州"}})
	if bad.Code != http.StatusUnprocessableEntity || !strings.Contains(bad.Body.String(), "某日") || !strings.Contains(bad.Body.String(), "泸州") {
		t.Errorf("a bad day answers %d", bad.Code)
	}
	// A tool of one's own: the statement comes with the public key, nothing is signed yet.
	outside := url.Values{"key": {"k6"}, "id": {w.values["/letters/{id}"]}, "shown": {shown[1]}, "method": {"outside"}, "day": {"2010-06-02"}, "place": {"泸州"}}
	if r := w.ask("POST", "/letters/sign", taker, outside); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), `name="public"`) {
		t.Errorf("no public key answers %d", r.Code)
	}
	secret, err := seal.Generate(seal.Ed25519, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	outside.Set("public", secret.Public().String())
	if r := w.ask("POST", "/letters/sign", taker, outside); r.Code != http.StatusOK || !strings.Contains(r.Body.String(), `name="value"`) {
		t.Errorf("the statement answers %d", r.Code)
	}
	outside.Set("statement", "{}")
	outside.Set("value", "AAAA")
	if r := w.ask("POST", "/letters/sign", taker, outside); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("a forged signature answers %d", r.Code)
	}
	paper := w.ask("GET", "/letters/paper"+w.values["GET /letters/paper"], office, nil)
	if paper.Code != http.StatusOK || !strings.Contains(paper.Body.String(), "multipart/form-data") {
		t.Fatalf("the paper form answers %d", paper.Code)
	}
	fields := map[string]string{"key": "k5", "batch": strings.TrimPrefix(w.values["GET /letters/paper"], "?batch="), "side": "giver", "day": "2010-06-02", "place": "成都"}
	if r := w.scan(t, office, fields, false); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("no scan answers %d", r.Code)
	}
	if r := w.scan(t, office, fields, true); r.Code != http.StatusSeeOther {
		t.Fatalf("recording paper answers %d: %s", r.Code, r.Body)
	}
	signed := w.ask("GET", one, office, nil).Body.String()
	if !strings.Contains(signed, "待承担方签") || !strings.Contains(signed, "纸质签字") || !strings.Contains(signed, "责〔2010〕") {
		t.Error("the giver's signature or the number is not shown")
	}
	scan := regexp.MustCompile(one + `/scans/[0-9a-f-]+`).FindString(signed)
	if r := w.ask("GET", scan, taker, nil); scan == "" || r.Code != http.StatusOK || !strings.Contains(r.Body.String(), "%PDF-1.4 scan") {
		t.Errorf("the scan at %q answers the taker %d", scan, r.Code)
	}
	if r := w.ask("GET", scan, "liangshan/office", nil); r.Code != http.StatusNotFound {
		t.Errorf("the scan answers a stranger %d", r.Code)
	}
	// The taker's own office records its own side, and is offered no other (Rule L-08).
	own, at := "luzhou/office", "/letters/paper?id="+strings.TrimPrefix(one, "/letters/")
	if body := w.ask("GET", one, own, nil).Body.String(); !strings.Contains(body, at) {
		t.Error("the taker's office is not offered to record its paper")
	}
	if body := w.ask("GET", at, own, nil).Body.String(); !strings.Contains(body, `name="side" value="taker"`) || strings.Contains(body, `name="side" value="giver"`) {
		t.Error("the taker's form offers other sides than its own")
	}
	if r := w.ask("GET", at, "luzhou/clerk", nil); r.Code != http.StatusForbidden {
		t.Errorf("a city's clerk gets the form: %d", r.Code)
	}
	fields = map[string]string{"key": "k6", "id": strings.TrimPrefix(one, "/letters/"), "side": "giver", "day": "2010-06-02"}
	if r := w.scan(t, own, fields, true); r.Code != http.StatusForbidden {
		t.Errorf("the taker's office records the giver's side: %d", r.Code)
	}
	fields["key"], fields["side"] = "k7", "taker"
	if r := w.scan(t, own, fields, false); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("the taker's paper without a scan answers %d", r.Code)
	}
	if list := w.ask("GET", "/letters?wait=changed", office, nil).Body.String(); !strings.Contains(list, "没有符合条件") && !strings.Contains(list, "letters?plan") {
		t.Error("the list of changed letters is not shown")
	}
	w.letterFiles(t, one, office)
}

// scan sends the form of paper signatures.
func (w *walk) scan(t *testing.T, post string, fields map[string]string, file bool) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if file {
		f, err := m.CreateFormFile("file", "签字页.pdf")
		if err == nil {
			_, err = f.Write([]byte("%PDF-1.4 scan"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/letters/paper", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = "127.0.0.9:1"
	r.AddCookie(w.cookies[post])
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

// letterFiles takes a letter away in every form, and all of them.
func (w *walk) letterFiles(t *testing.T, one, post string) {
	t.Helper()
	for _, f := range []official.Format{official.DOCX, official.PDF} {
		if file := w.ask("GET", one+"/file/"+string(f), post, nil); official.FormatOf(file.Body.Bytes()) != f {
			t.Errorf("%s answers %d", f, file.Code)
		}
	}
	var b letter.Bundle
	if err := json.Unmarshal(w.ask("GET", one+"/bundle", post, nil).Body.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if v, err := b.Verify(act.CheckLetterSignature); err != nil || !v.Giver || !v.GiverPaper || v.Taker {
		t.Errorf("the bundle: %+v %v", v, err)
	}
	begun := w.ask("POST", "/letters/files?format=pdf", post, url.Values{"key": {"f1"}})
	errand := begun.Header().Get("Location")
	if again := w.ask("POST", "/letters/files?format=pdf", post, url.Values{"key": {"f1"}}).Header().Get("Location"); again != errand || !strings.HasPrefix(errand, "/errands/") {
		t.Errorf("a second click leads to %q and not to %q", again, errand)
	}
	if page := w.ask("GET", errand, post, nil).Body.String(); !strings.Contains(page, "已办2份，共2份") || !strings.Contains(page, errand+"/file") {
		t.Errorf("the errand's page: %s", page)
	}
	if list := w.ask("GET", "/letters", post, nil).Body.String(); !strings.Contains(list, errand) {
		t.Error("the list does not lead back to the errand")
	}
	for _, stranger := range []string{"bureau/leader", "luzhou/office"} {
		if r := w.ask("GET", errand+"/file", stranger, nil); r.Code != http.StatusNotFound {
			t.Errorf("%s is answered %d for another's archive", stranger, r.Code)
		}
	}
	all := w.ask("GET", errand+"/file", post, nil).Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(all), int64(len(all)))
	if err != nil || len(z.File) != 2 || !strings.Contains(z.File[0].Name, "年度目标责任书.pdf") {
		t.Fatalf("the archive: %v", err)
	}
	if n := len(lettersLink.FindAllString(w.ask("GET", "/letters?wait=signed", post, nil).Body.String(), -1)); n != 0 {
		t.Errorf("%d letters are signed by both", n)
	}
}

// cutErrand begins an errand of the office that its server never gets to.
func cutErrand(t *testing.T, w *testkit.Town, office org.Caller, one string) string {
	t.Helper()
	order := act.Order{Kind: act.ErrandDOCX, Items: []store.ErrandItem{{Subject: one}, {Subject: one}}}
	idle := act.NewErrands(act.ErrandConfig{Desk: w.Desk, Run: func(func(context.Context)) {}, Portion: 1})
	e, err := idle.Begin(t.Context(), office, "", order)
	if err == nil {
		err = w.Store.RestErrand(t.Context(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(e.ID)
}

// Rule O-30: a post signs for its own unit; whoever holds several posts signs for all of
// them in one form, and what cannot be signed is left out with its reason.
func TestChosenLettersAreSignedTogetherInAllPostsOfAPerson(t *testing.T) {
	w := newWalk(t)
	t.Cleanup(w.close)
	w.town.KeepKeys()
	w.again()
	const taker = "luzhou/leader"
	boxes := regexp.MustCompile(`name="letter" value="([^"]+)"`)
	page := w.ask("GET", "/letters/sign", taker, nil).Body.String()
	box := boxes.FindAllStringSubmatch(page, -1)
	if len(box) != 1 || strings.Contains(page, "letter.choose") {
		t.Fatalf("%d boxes: %s", len(box), page)
	}
	form := url.Values{"key": {"s1"}, "method": {"ed25519"}, "day": {"2010-06-02"}}
	if r := w.ask("POST", "/letters/sign", taker, form); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), "请至少勾选一份") {
		t.Errorf("none chosen is answered %d", r.Code)
	}
	// Another's letter in another's post, and a text that was not shown, are left out.
	others := boxes.FindAllStringSubmatch(w.ask("GET", "/letters/sign", "bureau/leader", nil).Body.String(), -1)
	if len(others) != 2 {
		t.Fatalf("the giver chooses from %d letters", len(others))
	}
	at := slices.IndexFunc(others, func(o []string) bool { return !strings.HasPrefix(o[1], box[0][1][:36]) })
	form["letter"] = []string{box[0][1], others[at][1]}
	r := w.ask("POST", "/letters/sign", taker, form)
	errand := r.Header().Get("Location")
	if r.Code != http.StatusSeeOther || !strings.HasPrefix(errand, "/errands/") {
		t.Fatalf("signing is answered %d: %s", r.Code, r.Body)
	}
	if page := w.ask("GET", errand, taker, nil).Body.String(); !strings.Contains(page, "已办1份，共2份") || !strings.Contains(page, "1份没有办成") {
		t.Errorf("the errand: %s", page)
	}
	if page := w.ask("GET", "/letters/sign", taker, nil).Body.String(); !strings.Contains(page, "没有待您签的") {
		t.Error("what was signed waits still")
	}
}
