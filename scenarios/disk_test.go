package scenarios

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gongjian/testkit"
)

// A disk that takes no more: the system refuses every write to a file, as a quota or
// a full disk does. Acts are refused with what to do, pages are still shown, and the
// same server goes on when there is room. How SQLite itself says that it is full is
// tested in sqldb.
func TestADiskThatTakesNoMoreIsAnsweredAndForgiven(t *testing.T) {
	s := found(t, testkit.Engines(t)[0], 3).serve(t)
	var all []*writer
	for n := range s.tasks {
		all = append(all, newWriter(s, n))
	}
	for round := range 3 {
		s.underFire(t, all, 6, func() { s.fileLimit(t, "1") })
		s.later() // past the lease of a request whose answer could not be kept either
		for _, w := range all {
			a, err := w.step()
			if err != nil || a.status != http.StatusServiceUnavailable || !strings.Contains(string(a.body), "database.") {
				t.Fatalf("round %d, an act without room: %d %s %v", round, a.status, a.body, err)
			}
		}
		if v := s.visitor().open("/public"); v.status != http.StatusOK {
			t.Errorf("a page, while nothing can be written: %d\n%s", v.status, v.text())
		}
		s.fileLimit(t, "unlimited")
		s.recovered(t, all)
	}
	s.accounted(t, all)
}

// fileLimit sets how long a file the server may write.
func (w *world) fileLimit(t *testing.T, bytes string) {
	t.Helper()
	out, err := exec.Command("prlimit", "--pid", strconv.Itoa(w.cmd.Process.Pid), "--fsize="+bytes+":unlimited").CombinedOutput()
	if err != nil {
		t.Fatalf("prlimit: %v: %s", err, out)
	}
}

// The folder of evidence cannot be written: the file is refused with what to do,
// acts without files go on, and so does everything when the folder is back.
func TestAnEvidenceFolderThatCannotBeWrittenIsAnsweredAndForgiven(t *testing.T) {
	s := found(t, testkit.Engines(t)[0], 1).serve(t)
	w := newWriter(s, 0)
	folder := filepath.Join(s.data, "evidence")
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	move(folder, folder+"-away")
	if err := os.WriteFile(folder, nil, 0o400); err != nil { // a file in its place stops even root
		t.Fatal(err)
	}
	if a := s.keep("evidence-1", "推荐文件"); a.status != http.StatusServiceUnavailable || !strings.Contains(string(a.body), "evidence.not-kept") {
		t.Errorf("a file that cannot be kept: %d %s", a.status, a.body)
	}
	if a, err := w.step(); err != nil || !a.done() {
		t.Errorf("an act without a file: %d %v", a.status, err)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	move(folder+"-away", folder)
	if a := s.keep("evidence-1", "推荐文件"); a.status != http.StatusCreated {
		t.Errorf("the same file with the folder back: %d %s", a.status, a.body)
	}
	s.accounted(t, []*writer{w})
}

// keep uploads a file.
func (s *site) keep(key, content string) answer {
	req, err := http.NewRequest(http.MethodPost, s.base+"/api/v1/evidence?name=a.txt", strings.NewReader(content))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Idempotency-Key", key)
	return answered(http.DefaultClient, req)
}
