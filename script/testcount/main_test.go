package main

import (
	"strings"
	"testing"
)

func TestTheCountIsOfLeavesAndFailuresKeepTheirOutput(t *testing.T) {
	tests := []struct {
		name, events string
		failed       int
		shows, hides []string
	}{
		{
			name: "a parent counts by its subtests",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/x"}
{"Action":"run","Package":"p","Test":"TestA/y"}
{"Action":"pass","Package":"p","Test":"TestA/x"}
{"Action":"pass","Package":"p","Test":"TestA/y"}
{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}`,
			shows: []string{"ok  \tp\t0.1s\n", "2 passed, 0 failed\n"},
			hides: []string{"chatter"},
		},
		{
			name: "a failed subtest counts once and is shown",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/x"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:3: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestA/x"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"FAIL\n"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}`,
			failed: 1,
			shows:  []string{"a_test.go:3: got 1", "FAIL\tp\t0.1s\n", "0 passed, 1 failed\n"},
		},
		{
			name: "a package that does not compile is a failure and says why",
			events: `{"Action":"build-output","ImportPath":"p [p.test]","Output":"a.go:1: undefined: b\n"}
{"Action":"build-fail","ImportPath":"p [p.test]"}
{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			failed: 1,
			shows:  []string{"a.go:1: undefined: b", "FAIL\tp [build failed]", "0 passed, 1 failed\n"},
		},
		{
			name: "a panic leaves a test without an end, and its words are shown",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: nil map\n"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}`,
			failed: 1,
			shows:  []string{"panic: nil map", "0 passed, 1 failed\n"},
		},
		{
			name:   "a line that is no event passes through",
			events: "go: something happened\n",
			shows:  []string{"go: something happened\n", "0 passed, 0 failed\n"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			failed, err := count(strings.NewReader(test.events), &out)
			if err != nil || failed != test.failed {
				t.Errorf("count = %d, %v; want %d failed", failed, err, test.failed)
			}
			for _, s := range test.shows {
				if !strings.Contains(out.String(), s) {
					t.Errorf("the output lacks %q:\n%s", s, &out)
				}
			}
			for _, s := range test.hides {
				if strings.Contains(out.String(), s) {
					t.Errorf("the output shows %q:\n%s", s, &out)
				}
			}
		})
	}
}
