package testkit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongjian/testkit"
)

const plainPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plain</title><link rel="icon" href="data:,"></head>
<body><main><h1>Plain</h1><form method="post" action="/"><label for="a">Word</label><input id="a" name="a"><button>Send</button></form>%s</main></body></html>`

func serve(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
		extra := ""
		switch {
		case r.Method == http.MethodPost:
			extra = `<p id="got">` + r.FormValue("a") + `</p>`
		case r.URL.Path == "/bad":
			extra = `<img src="data:,"><table width="3000"><tr><td>wide</td></tr></table><script>alert(1)</script>`
		}
		fmt.Fprintf(w, plainPage, extra)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestTheBrowserFillsAFormAndReadsTheAnswer(t *testing.T) {
	tab := testkit.Browser(t)
	tab.Open(serve(t), 375)
	tab.CheckPage("plain")
	tab.Fill("#a", "四川")
	tab.Submit("button")
	if got := tab.Text("#got"); got != "四川" {
		t.Errorf("got %q", got)
	}
	picture := filepath.Join(t.TempDir(), "plain.png")
	tab.Screenshot(picture)
	if b, err := os.ReadFile(picture); err != nil || !strings.HasPrefix(string(b), "\x89PNG") {
		t.Errorf("no picture: %v", err)
	}
}

func TestTheBrowserSeesWhatIsWrongWithAPage(t *testing.T) {
	tab := testkit.Browser(t)
	tab.Open(serve(t)+"/bad", 375)
	rules := ""
	for _, v := range tab.Axe() {
		rules += v.ID + " "
	}
	if !strings.Contains(rules, "image-alt") {
		t.Errorf("axe did not miss the image's words, it found: %s", rules)
	}
	if pixels, culprits := tab.SideScroll(); pixels < 2000 || !strings.Contains(culprits, "table") {
		t.Errorf("a table of 3000 px sticks out by %d (%s)", pixels, culprits)
	}
	if said := strings.Join(tab.ConsoleErrors(), "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("the inline script was not complained about: %q", said)
	}
}
