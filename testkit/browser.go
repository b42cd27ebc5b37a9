package testkit

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is one tab of a real browser, Chromium without a window. Its methods fail
// the test on the spot when the browser refuses.
type Tab struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string
}

// browserPatience is how long one step of a browser may take before the test
// gives up. It is a bound, not a measure: a step takes milliseconds.
const browserPatience = 60 * time.Second

// Browser starts Chromium with a profile of its own and returns a tab. The
// browser ends with the test. Without Chromium the test fails, unless
// SKIP_BROWSER=1 says that this is meant; then one line says what was left out.
func Browser(t testing.TB) *Tab {
	t.Helper()
	if os.Getenv("SKIP_BROWSER") == "1" {
		fmt.Fprintf(os.Stderr, "testkit: %s needs a browser and is left out, because SKIP_BROWSER=1\n", t.Name())
		t.Skip("SKIP_BROWSER=1")
	}
	binary := chromium()
	if binary == "" {
		t.Fatal("testkit: this test needs Chromium, and none of chromium, chromium-browser, google-chrome is on the PATH. " +
			"Install Debian's packages chromium and fonts-noto-cjk, or set SKIP_BROWSER=1 to leave browser tests out.")
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(binary),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the process to end, so that its profile can be removed
		closeTab()
		stop()
	})
	tab := &Tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		t.Fatalf("testkit: starting %s: %v", binary, err)
	}
	return tab
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// hear keeps what the page complained about.
func (b *Tab) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			said = "console.error"
			for _, a := range e.Args {
				said += " " + string(a.Value) + a.Description
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			said = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if said != "" {
		b.mu.Lock()
		b.errors = append(b.errors, said)
		b.mu.Unlock()
	}
}

// ConsoleErrors returns what scripts, the network and the content security policy
// complained about since the last call.
func (b *Tab) ConsoleErrors() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.errors
	b.errors = nil
	return out
}

// do runs one step within browserPatience.
func do[T any](b *Tab, what string, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	out, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatalf("testkit: browser: %s: %v", what, err)
	}
	return out
}

// Open loads a page in a window of the given width: 1440 is the office, 375 the phone.
func (b *Tab) Open(url string, width int) {
	b.t.Helper()
	do(b, "setting the window's width", chromedp.EmulateViewport(int64(width), 900))
	do(b, "opening "+url, chromedp.Navigate(url))
}

// Printed shows pages as they are printed, or as on a screen again. A4 within our
// margins is about 660 pixels wide.
func (b *Tab) Printed(on bool) {
	b.t.Helper()
	media := ""
	if on {
		media = "print"
	}
	do(b, "showing the page as printed", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
		return err
	}))
}

// Screenshot writes the whole page as a PNG.
func (b *Tab) Screenshot(path string) {
	b.t.Helper()
	picture := do(b, "taking a picture", chromedp.FullScreenshot(100))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatalf("testkit: %v", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		b.t.Fatalf("testkit: %v", err)
	}
}

// Click presses the first element that the CSS selector finds, once it can be seen.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	do(b, "clicking "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Submit presses a button or link and waits for the page that follows.
func (b *Tab) Submit(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("testkit: browser: pressing %s and waiting for the next page: %v", selector, err)
	}
}

// Fill types a value into a field, in place of what stood there.
func (b *Tab) Fill(selector, value string) {
	b.t.Helper()
	do(b, "clearing "+selector, chromedp.Clear(chromedp.CSS(selector)))
	do(b, "filling "+selector, chromedp.SendKeys(chromedp.CSS(selector), value))
}

// Upload chooses files for a file field.
func (b *Tab) Upload(selector string, files ...string) {
	b.t.Helper()
	do(b, "choosing files for "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files, chromedp.NodeReady))
}

// Wait waits until the CSS selector finds something.
func (b *Tab) Wait(selector string) {
	b.t.Helper()
	do(b, "waiting for "+selector, chromedp.Poll[bool](fmt.Sprintf("document.querySelector(%q) !== null", selector)))
}

// Text returns the visible text of the first element that the CSS selector finds.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	return do(b, "reading "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Path returns the path and query of the page that is open.
func (b *Tab) Path() string {
	b.t.Helper()
	return do(b, "reading the address", chromedp.Evaluate[string]("location.pathname + location.search"))
}

// Count returns how many elements the CSS selector finds, seen or not.
func (b *Tab) Count(selector string) int {
	b.t.Helper()
	return do(b, "counting "+selector, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", selector)))
}

// Focused reports whether the element that has the focus matches the CSS selector.
func (b *Tab) Focused(selector string) bool {
	b.t.Helper()
	return do(b, "finding the focus", chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement.matches(%q)", selector)))
}

// SideScroll returns by how many pixels the page is wider than the window, and
// what sticks out. Nothing may, at any width.
func (b *Tab) SideScroll() (pixels int, culprits string) {
	b.t.Helper()
	pixels = do(b, "measuring the width", chromedp.Evaluate[int](
		"document.documentElement.scrollWidth - document.documentElement.clientWidth"))
	if pixels > 0 {
		culprits = do(b, "finding what sticks out", chromedp.Evaluate[string](`
			Array.from(document.querySelectorAll("body *"))
				.filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
				.slice(0, 8).map(e => e.tagName.toLowerCase() + "." + (e.getAttribute("class") || "")).join(", ")`))
	}
	return pixels, culprits
}

// Violation is one rule of axe-core that a page breaks.
type Violation struct {
	ID     string
	Help   string
	Impact string
	Nodes  []struct {
		HTML           string
		FailureSummary string
	}
}

// String names the rule and the first places.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s, %d places", v.ID, v.Impact, v.Help, len(v.Nodes))
	for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
		fmt.Fprintf(&b, "\n\t%s\n\t%s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n\t"))
	}
	return b.String()
}

// Axe checks the open page with axe-core, by all its rules but experimental
// ones. The script goes in through the devtools protocol, which the page's
// content security policy does not stop.
func (b *Tab) Axe() []Violation {
	b.t.Helper()
	path := filepath.Join(moduleRoot(b.t), "node_modules", "axe-core", "axe.min.js")
	script, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatalf("testkit: axe-core is not there, run `npm ci`: %v", err)
	}
	do(b, "loading axe-core", chromedp.Evaluate[chromedp.Void](string(script)+"\n;undefined"))
	return do(b, "running axe-core", chromedp.Evaluate[[]Violation](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({
			ID: v.id, Help: v.help, Impact: v.impact || "",
			Nodes: v.nodes.map(n => ({HTML: n.html.slice(0, 300), FailureSummary: n.failureSummary || ""}))})))`,
		chromedp.EvalAwaitPromise))
}

// moduleRoot is the folder of go.mod above the test's folder.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("testkit: no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// CheckPage is what every page must pass at this moment: no axe-core violation, no
// sideways scrolling, no complaint in the console.
func (b *Tab) CheckPage(name string) {
	b.t.Helper()
	for _, v := range b.Axe() {
		b.t.Errorf("%s: %s", name, v)
	}
	b.CheckLayout(name)
}

// CheckLayout is CheckPage without axe-core, which takes far longer than all the rest.
func (b *Tab) CheckLayout(name string) {
	b.t.Helper()
	if pixels, culprits := b.SideScroll(); pixels > 0 {
		b.t.Errorf("%s: scrolls sideways by %d px: %s", name, pixels, culprits)
	}
	for _, said := range b.ConsoleErrors() {
		b.t.Errorf("%s: the console says %s", name, said)
	}
}
