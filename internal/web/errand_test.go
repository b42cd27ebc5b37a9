package web_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gongjian/internal/act"
	"gongjian/testkit"
)

// looks checks a page at both widths and, with PICTURES set to a folder, leaves
// pictures of it there.
func looks(tab *testkit.Tab, address, name string) {
	for _, width := range []int{375, 1440} {
		at := name + "-" + strconv.Itoa(width)
		tab.Open(address, width)
		tab.CheckPage(at)
		if folder := os.Getenv("PICTURES"); folder != "" {
			tab.Screenshot(filepath.Join(folder, at+".png"))
		}
	}
}

// The page of an errand shows how far it is, changes in place when it has ended, and
// says of one that was cut what to do. Letters are chosen by boxes, all of them by one.
func TestAnErrandsPageMovesOnInTheBrowser(t *testing.T) {
	tab := testkit.Browser(t)
	w := newWalk(t)
	t.Cleanup(w.close)
	var work func(context.Context)
	w.town.KeepKeys()
	w.errands = act.ErrandConfig{Portion: 1, Run: func(f func(context.Context)) { work = f }}
	w.again()
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	enter := func(post string) {
		tab.Open(server.URL+"/sign-in?next=/letters&lang=zh-CN", 1440)
		tab.Submit(`button[value="` + post + `"]`)
	}
	enter("bureau/office")
	looks(tab, server.URL+"/letters", "letters-zh")
	tab.Submit(`button[value="docx"]`)
	errand := tab.Path()
	if said := tab.Text("#errand"); !strings.Contains(said, "正在办理") || !strings.Contains(said, "已办0份，共2份") {
		t.Errorf("at the beginning: %s", said)
	}
	for _, lang := range []string{"en", "zh-CN"} {
		looks(tab, server.URL+errand+"?lang="+lang, "errand-runs-"+lang)
	}
	work(t.Context())
	tab.Wait(`#errand a[href="` + errand + `/file"]`)
	if said := tab.Text("#errand"); !strings.Contains(said, "已办完") || tab.Count("#errand[hx-get]") != 0 {
		t.Errorf("at the end: %s", said)
	}
	looks(tab, server.URL+errand, "errand-ended-zh-CN")
	cut := "/errands/" + w.values["/errands/{id}"]
	for _, lang := range []string{"en", "zh-CN"} {
		looks(tab, server.URL+cut+"?lang="+lang, "errand-cut-"+lang)
	}

	tab.Open(server.URL+"/letters", 1440)
	tab.Submit(`form[action="/sign-out"] button`)
	enter("bureau/leader")
	for _, lang := range []string{"en", "zh-CN"} {
		looks(tab, server.URL+"/letters/sign?lang="+lang, "letters-choose-"+lang)
	}
	if n := tab.Count(`input[name="letter"]:checked`); n != 2 {
		t.Errorf("%d boxes are ticked at first", n)
	}
	tab.Click("input[data-all]")
	if n := tab.Count(`input[name="letter"]:checked`); n != 0 {
		t.Errorf("%d boxes stay ticked", n)
	}
	tab.Click(`input[name="letter"]`)
	tab.Submit(`button.btn-primary`)
	if path := tab.Path(); path != "/letters" {
		t.Errorf("signing one leads to %s: %s", path, tab.Text("main"))
	}
	looks(tab, server.URL+"/letters/sign", "letters-choose-one-zh-CN")
}
