// Command testcount reads the events of `go test -json` on standard input and
// writes what a reader wants: one line per package as it ends, the whole output
// of every test that failed, and a last line "N passed, N failed".
//
// A test counts once, at its leaves: a test with subtests counts by those, so
// the numbers are of cases, not of functions. A package that fails outside its
// tests (it does not compile, it panics, it times out) counts as one failure.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	failed, err := count(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testcount:", err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// event is one line of `go test -json`; `go doc test2json` describes it.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output, which has no Package
	Test        string
	Output      string
	FailedBuild string
}

// tally is what has been seen so far.
type tally struct {
	out            io.Writer
	output         map[string][]string // by "package test": shown only when it fails
	parents        map[string]bool     // tests that have subtests
	failedIn       map[string]int      // failed tests by package
	passed, failed int
}

// count copies and counts the events and returns the number of failures. Lines
// that are no events (an older toolchain prints some) pass through.
func count(in io.Reader, out io.Writer) (failed int, err error) {
	t := &tally{out: out, output: map[string][]string{}, parents: map[string]bool{}, failedIn: map[string]int{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil {
				fmt.Fprint(out, line)
			} else {
				t.take(e)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t.failed, err
		}
	}
	fmt.Fprintf(out, "%d passed, %d failed\n", t.passed, t.failed)
	return t.failed, nil
}

func (t *tally) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "run":
		if parent, _, ok := cutLast(e.Test); ok {
			t.parents[e.Package+" "+parent] = true
		}
	case "build-output":
		t.output[e.ImportPath] = append(t.output[e.ImportPath], e.Output)
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e)
		} else {
			t.endTest(e, key)
		}
		delete(t.output, key)
	}
}

func (t *tally) endTest(e event, key string) {
	switch {
	case e.Action == "fail":
		for _, line := range t.output[key] {
			if !strings.HasPrefix(line, "=== ") {
				fmt.Fprint(t.out, line)
			}
		}
		// A parent fails with its subtests; it counts only when it failed alone.
		if !t.parents[key] || t.failedIn[key] == 0 {
			t.failed++
			t.failedIn[e.Package]++
		}
		for name := e.Test; ; {
			parent, _, ok := cutLast(name)
			if !ok {
				break
			}
			t.failedIn[e.Package+" "+parent]++
			name = parent
		}
	case e.Action == "pass" && !t.parents[key]:
		t.passed++
	}
}

// endPackage shows the package's own output: on success only its "ok" line.
func (t *tally) endPackage(e event) {
	if e.Action == "fail" {
		for _, line := range t.output[e.FailedBuild] {
			fmt.Fprint(t.out, line)
		}
		if t.failedIn[e.Package] == 0 {
			t.failed++
		}
		// A panic or a time-out leaves tests without an end: show what they said.
		for key, lines := range t.output {
			if pkg, test, _ := strings.Cut(key, " "); pkg == e.Package && test != "" {
				fmt.Fprint(t.out, strings.Join(lines, ""))
				delete(t.output, key)
			}
		}
	}
	for _, line := range t.output[e.Package+" "] {
		closing := strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "FAIL\t") || strings.HasPrefix(line, "?")
		if closing || e.Action == "fail" && line != "FAIL\n" {
			fmt.Fprint(t.out, line)
		}
	}
}

// cutLast splits "TestA/b/c" into "TestA/b" and "c".
func cutLast(name string) (parent, last string, ok bool) {
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}
