package page

import (
	"os"
	"path/filepath"
	"testing"

	"gongjian/testkit"

	"github.com/a-h/templ"
)

// TestPagesPassInARealBrowser looks at the sample pages at the office's and the
// phone's width in both languages: axe-core, sideways scrolling, console. With
// PICTURES set to a folder it leaves pictures there.
func TestPagesPassInARealBrowser(t *testing.T) {
	tab := testkit.Browser(t)
	pages := map[string]templ.Component{}
	for lang, s := range samples(t) {
		pages["/states."+lang] = statesPage(s)
		pages["/ranking."+lang] = rankingPage(s, false)
		pages["/score."+lang] = rankingPage(s, true)
	}
	address := servePages(t, pages)
	for name := range pages {
		for _, width := range []int{1440, 375} {
			tab.Open(address+name, width)
			tab.CheckPage(name + map[int]string{1440: " in the office", 375: " on the phone"}[width])
			if folder := os.Getenv("PICTURES"); folder != "" {
				tab.Screenshot(filepath.Join(folder, name[1:]+map[int]string{1440: "-1440.png", 375: "-375.png"}[width]))
			}
		}
	}
}

func TestAFormThatCameBackStartsAtItsList(t *testing.T) {
	tab := testkit.Browser(t)
	tab.Open(servePages(t, map[string]templ.Component{"/states": statesPage(samples(t)["zh"])})+"/states", 1440)
	if !tab.Focused("[data-mend]") {
		t.Error("the list of things to mend has no focus")
	}
	tab.Click(`[data-mend] a[href="#value"]`)
	tab.Wait("#value:target")
}

func TestThePostSwitchOpensWithoutScrollingThePhoneSideways(t *testing.T) {
	tab := testkit.Browser(t)
	tab.Open(servePages(t, map[string]templ.Component{"/states": statesPage(samples(t)["en"])})+"/states", 375)
	tab.Click(".switch summary")
	tab.Wait(".switch[open]")
	tab.CheckPage("the open post switch")
}

func TestAPrintedPageFitsThePaper(t *testing.T) {
	tab := testkit.Browser(t)
	s := samples(t)["zh"]
	address := servePages(t, map[string]templ.Component{"/states": statesPage(s), "/ranking": rankingPage(s, false)})
	for _, name := range []string{"/states", "/ranking"} {
		tab.Open(address+name, 660)
		tab.Printed(true)
		if pixels, culprits := tab.SideScroll(); pixels > 0 {
			t.Errorf("%s: %d px wider than the paper: %s", name, pixels, culprits)
		}
		if folder := os.Getenv("PICTURES"); folder != "" {
			tab.Screenshot(filepath.Join(folder, name[1:]+"-print.png"))
		}
		tab.Printed(false)
	}
}
