package scenarios

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gongjian/internal/calendar"
	"gongjian/testkit"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gongjian-scenarios")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "gongjian")
	build := exec.Command("go", "build", "-o", binary, "gongjian/cmd/gongjian")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "scenarios: the program does not build:", err)
		os.Exit(1)
	}
	defer os.RemoveAll(dir)
	testkit.RunMain(m)
}

// world is one running server.
type world struct {
	t     *testing.T
	base  string // http://127.0.0.1:port
	link  string // the first start's one-time link, when there was one
	data  string // folder of evidence and keys
	db    string // address of the database
	clock string // file with the present moment
	cmd   *exec.Cmd
}

// start runs `gongjian serve` on a free port with a clock that stands.
func start(t *testing.T, db string, now time.Time, flags ...string) *world {
	t.Helper()
	w := &world{t: t, data: t.TempDir(), db: db}
	w.clock = filepath.Join(w.data, "clock")
	w.set(now)
	w.up(flags...)
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			t.Logf("the server's log:\n%s", tail(w.logged(), 40))
		}
	})
	return w
}

// up starts the server, a new one after stop or kill, on the same data.
func (w *world) up(flags ...string) {
	w.t.Helper()
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--db", w.db, "--data", w.data, "--clock", w.clock}, flags...)
	w.base, w.cmd = "", exec.Command(binary, args...)
	log, err := os.OpenFile(filepath.Join(w.data, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	defer log.Close()
	w.cmd.Stderr = log
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), "Gongjian is open at "); ok {
			w.base = at
			break
		}
		if i := strings.Index(lines.Text(), "http://"); i >= 0 && strings.Contains(lines.Text(), "/link/") {
			w.link = strings.Fields(lines.Text()[i:])[0]
		}
	}
	if w.base == "" {
		w.t.Fatalf("the server did not say where it is open:\n%s", tail(w.logged(), 20))
	}
}

// logged is all that the servers on this data have logged.
func (w *world) logged() string {
	b, _ := os.ReadFile(filepath.Join(w.data, "log"))
	return string(b)
}

// kill ends the server as a failing machine does.
func (w *world) kill() {
	w.t.Helper()
	if err := w.cmd.Process.Kill(); err != nil {
		w.t.Fatal(err)
	}
	_ = w.cmd.Wait() // says that it was killed
}

// stop ends the server as an operator does.
func (w *world) stop() {
	if w.cmd.ProcessState == nil {
		_ = w.cmd.Process.Signal(syscall.SIGTERM)
		_ = w.cmd.Wait()
	}
}

// set moves the clock; the server reads it at every look.
func (w *world) set(now time.Time) {
	w.t.Helper()
	if err := os.WriteFile(w.clock+".new", []byte(now.Format(time.RFC3339Nano)), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(w.clock+".new", w.clock); err != nil {
		w.t.Fatal(err)
	}
}

// on moves the clock to ten in the morning of a day in China.
func (w *world) on(year int, month time.Month, day int) {
	w.t.Helper()
	w.set(time.Date(year, month, day, 10, 0, 0, 0, calendar.China))
}

// run runs another command of the program and returns its output and whether it
// ended well.
func (w *world) run(args ...string) (string, bool) {
	w.t.Helper()
	out, err := exec.Command(binary, args...).CombinedOutput()
	return string(out), err == nil
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// visitor returns somebody with an empty browser.
func (w *world) visitor() *visitor {
	return &visitor{t: w.t, world: w, client: &http.Client{Jar: newJar(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// pause lets the worker of the server have its second: lights of a new day are
// counted by it, not by whoever looks.
func (w *world) pause() { time.Sleep(100 * time.Millisecond) }
