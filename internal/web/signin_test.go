package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongjian/internal/org"
	"gongjian/testkit"
)

func TestANewPasswordEndsTheOtherSessionsOfThePerson(t *testing.T) {
	h := openDeskHall(t)
	elsewhere, other := h.enter(t, testkit.LuzhouBureau, org.Clerk), h.enter(t, testkit.LuzhouFarm, org.Clerk)
	token, err := h.Store.NewLink(t.Context(), "luzhou/clerk", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	here := &deskVisitor{t, h, &http.Client{Jar: jar}}
	if code, body := here.post("/link/"+token, url.Values{"password": {"一句只有自己知道的话"}, "again": {"一句只有自己知道的话"}}); code != http.StatusOK {
		t.Fatalf("choosing a password: %d\n%s", code, body)
	}
	const signInField = `name="password"`
	if _, body := here.get("/desk"); strings.Contains(body, signInField) {
		t.Error("whoever chose the password is signed out")
	}
	if _, body := elsewhere.get("/desk"); !strings.Contains(body, signInField) {
		t.Errorf("a session of the old password goes on:\n%s", body)
	}
	if _, body := other.get("/desk"); strings.Contains(body, signInField) {
		t.Error("somebody else is signed out")
	}
}
